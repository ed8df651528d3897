//! Whom a lure was addressed to, and in whose mailbox it lay.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{Lure, Office};
use crate::people::People;

/// Someone to whom a lure was addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recipient {
    /// The address by which the case knows them.
    pub(crate) email: String,
    /// Whether the lure lay in their mailbox.
    pub(crate) delivered: bool,
    /// How we know, in words.
    pub(crate) how: String,
}

/// The recipients of one lure; `senders` are the campaign's own addresses,
/// which are nobody's victims.
pub(crate) fn of(
    lure: &Lure,
    office: &Office<'_>,
    people: &People,
    senders: &BTreeSet<&str>,
) -> Vec<Recipient> {
    let mail = &lure.mail;
    let mut found: BTreeMap<String, Recipient> = BTreeMap::new();
    let mut add = |email: &str, delivered: bool, how: String| {
        let email = people.canonical(email);
        if senders.contains(email.as_str()) {
            return;
        }
        let known = found.entry(email.clone());
        let known = known.or_insert(Recipient { email, delivered, how: how.clone() });
        if delivered && !known.delivered {
            (known.delivered, known.how) = (delivered, how);
        }
    };
    if mail.depth > 0 {
        // Attached to another mail: it concerns its own recipient, who had it.
        if let Some(owner) = &mail.owner {
            add(owner, true, "the attached message names its recipient".to_owned());
        }
    } else {
        for place in office.mailboxes(mail).iter().filter(|place| !place.sent) {
            match (&place.owner, &mail.owner) {
                (Some(owner), _) => add(owner, true, format!("it lay in the mailbox of {owner}")),
                (None, Some(owner)) => {
                    add(owner, true, "the message names its recipient".to_owned())
                }
                (None, None) => {}
            }
        }
    }
    // A sole addressee other than the owner is an alias of theirs; of several,
    // each was addressed.
    let listed: BTreeSet<&String> = mail.to.iter().collect();
    let owner_is_listed = listed.iter().any(|to| found.contains_key(&people.canonical(to)));
    if found.is_empty() || listed.len() > 1 && owner_is_listed {
        let mut add = |email: &str| {
            let email = people.canonical(email);
            if !senders.contains(email.as_str()) {
                let how = "the message is addressed to it".to_owned();
                found.entry(email.clone()).or_insert(Recipient { email, delivered: false, how });
            }
        };
        listed.iter().for_each(|to| add(to));
    }
    found.into_values().collect()
}
