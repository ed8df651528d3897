//! What a contact proves: which rung, of whom, how certainly.

use std::collections::BTreeMap;

use clarte_model::Timestamp;

use super::{Joined, Joins, Match, Placed, emails};
use crate::contacts::{Contact, Sight};
use crate::hosts::HostUse;
use crate::individual::Individual;
use crate::ladder::{Rung, Victims};
use crate::scanner;

/// What a contact proves.
pub(super) struct Verdict {
    pub(super) person: String,
    pub(super) rung: Rung,
    pub(super) confidence: f64,
    pub(super) reasons: Vec<String>,
}

/// Since when each victim is known to be addressed, by mail servers' logs too.
pub(super) type Addressed = BTreeMap<String, Option<Timestamp>>;

pub(super) fn addressed(victims: &Victims) -> Addressed {
    let targeted = victims.iter().filter(|(_, progress)| progress.proven(Rung::Targeted));
    targeted.map(|(email, progress)| (email.clone(), progress.time(Rung::Targeted))).collect()
}

/// What a contact proves, if it proves anything.
pub(super) fn verdict(
    joins: &Joins<'_>,
    joined: &Joined<'_, '_>,
    addressed: &Addressed,
) -> Option<Verdict> {
    let usage = joins.hosts.uses.get(&joined.contact.host)?;
    let rung = rung(joined, usage)?;
    let certainty = joined.placed.iter().map(|placed| placed.lure.confidence).fold(0.0, f64::max);
    let (person, sure, mut reasons) = if joined.individual > Individual::No {
        by_token(joined)?
    } else {
        by_identity(joins, joined, usage, addressed)?
    };
    if joined.individual == Individual::Presumed {
        reasons.push(
            "the token looks individual, but there is no other recipient's to compare it with"
                .to_owned(),
        );
    }
    Some(Verdict { person, rung, confidence: sure * certainty, reasons })
}

/// Which rung a contact can prove: a reference that both loads and links, or a
/// host that carries both, proves no click; a look-up never does.
fn rung(joined: &Joined<'_, '_>, usage: &HostUse) -> Option<Rung> {
    let loads = match joined.how {
        Match::Host => usage.beacon,
        _ => joined.placed.iter().any(Placed::on_opening),
    };
    match (loads, joined.contact.sight) {
        (true, _) => Some(Rung::Opened),
        (false, Sight::Tunnel | Sight::Url) => Some(Rung::Interacted),
        (false, Sight::Lookup | Sight::Flow) => None,
    }
}

/// Who fetched an individual reference: its recipient, unless another known
/// person did.
fn by_token(joined: &Joined<'_, '_>) -> Option<(String, f64, Vec<String>)> {
    let mut recipients = joined.recipients.iter();
    let recipient = recipients.next().filter(|_| recipients.next().is_none())?;
    let contact = joined.contact;
    let base: f64 = match (joined.how, contact.sight) {
        (Match::Url, _) => 0.97,
        (Match::Path | Match::Slot, _) => 0.95,
        (Match::Host, Sight::Lookup) => 0.75,
        (Match::Host, Sight::Flow) => 0.7,
        (Match::Host, _) => 0.9,
    };
    let token = format!(
        "only {recipient} was sent this {}",
        match joined.how {
            Match::Url => "URL",
            Match::Path => "path (the log cuts URLs at `?`)",
            Match::Host => "host name",
            Match::Slot => "kind of URL",
        }
    );
    let who = &joined.who;
    if who.may_be(recipient) {
        let mut reasons = vec![token, format!("the client is theirs: {}", who.how)];
        reasons.extend(who.doubt());
        return Some(((*recipient).to_owned(), base * who.confidence, reasons));
    }
    if let Some(other) = who.one() {
        let reasons = vec![
            format!("{token}, but another known person fetched it"),
            format!("the client is that of {other}: {}", who.how),
        ];
        return Some((other.to_owned(), 0.9 * base * who.confidence, reasons));
    }
    if who.known().next().is_some() {
        return None;
    }
    // A message to a list has one token for everyone on it.
    let to_list = |placed: &Placed<'_>| {
        let to = &placed.lure.mail.to;
        !to.is_empty() && !to.iter().any(|to| to == recipient)
    };
    if joined.individual == Individual::Presumed && joined.placed.iter().all(to_list) {
        return None;
    }
    let delivered =
        joined.placed.iter().map(|placed| placed.lure.mail.time).fold(None, crate::cite::earliest);
    if scanner::is_fast(delivered, contact.time) {
        return None;
    }
    let reasons = vec![token, "nothing tells whose client it was".to_owned()];
    Some(((*recipient).to_owned(), 0.87 * base, reasons))
}

/// Who fetched a reference that several recipients share, or that the log
/// hides: only a known client tells.
fn by_identity(
    joins: &Joins<'_>,
    joined: &Joined<'_, '_>,
    usage: &HostUse,
    addressed: &Addressed,
) -> Option<(String, f64, Vec<String>)> {
    let contact = joined.contact;
    // Less than the URL itself only tells on a host that serves nothing else.
    let own_host = || usage.dedicated && is_quiet_before(joins, contact, usage);
    if joined.how != Match::Url && !own_host() {
        return None;
    }
    let base: f64 = match (joined.how, contact.sight) {
        (Match::Url, _) => 0.85,
        (Match::Path, _) => 0.75,
        (Match::Slot, _) => 0.7,
        (Match::Host, Sight::Tunnel | Sight::Url) => 0.65,
        (Match::Host, Sight::Flow) => 0.6,
        (Match::Host, Sight::Lookup) => 0.55,
    };
    let who = &joined.who;
    let seen = match (joined.how, contact.sight) {
        (Match::Url, _) => "the log shows the URL, which several recipients were sent",
        (Match::Path, _) => {
            "the log cuts URLs at `?`: host and path agree, the token is not visible"
        }
        (Match::Slot, _) => {
            "the URL is made like those of the lures, with a token that no lure in evidence carries"
        }
        (Match::Host, Sight::Lookup) => "only the look-up of the host's name is visible",
        (Match::Host, Sight::Flow) => "only a connection to the host's address is visible",
        (Match::Host, _) => "only the host is visible, which serves nothing but the campaign",
    };
    let mut reasons = vec![seen.to_owned(), format!("the client is known: {}", who.how)];
    let was_sent = |person: &&str| {
        joined.placed.iter().any(|placed| emails(joins, *placed).any(|email| email == *person))
    };
    let mut own = who.known().filter(was_sent);
    if let Some(person) = own.next().filter(|_| own.next().is_none()) {
        let sole = if who.one().is_some() { 1.0 } else { 0.8 };
        reasons.extend(who.doubt());
        return Some((person.to_owned(), base * sole * who.confidence, reasons));
    }
    let other = who.one()?;
    // Somebody to whom no lure is known to have been sent may have been curious
    // about the host: only a URL of the lures tells more.
    let was_addressed = addressed.get(other).is_some_and(|since| *since <= contact.time);
    if joined.how == Match::Host && !was_addressed {
        return None;
    }
    reasons.push(format!("no lure to {other} is in evidence"));
    Some((other.to_owned(), 0.8 * base * who.confidence, reasons))
}

/// Whether nobody contacted the host before its first lure arrived.
fn is_quiet_before(joins: &Joins<'_>, contact: &Contact, usage: &HostUse) -> bool {
    let Some(since) = usage.since else { return true };
    let first = joins.first_contacts.get(contact.host.as_str());
    first.is_none_or(|first| *first >= since.plus_seconds(-3_600))
}

/// The first contact with each host.
pub(crate) fn first_contacts(contacts: &[Contact]) -> BTreeMap<&str, Timestamp> {
    let mut first = BTreeMap::new();
    for contact in contacts {
        if let Some(time) = contact.time {
            let entry = first.entry(contact.host.as_str()).or_insert(time);
            *entry = time.min(*entry);
        }
    }
    first
}
