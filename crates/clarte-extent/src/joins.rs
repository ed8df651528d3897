//! Did the beacon fire, was the link followed, and by whom: contacts with the
//! campaign's hosts joined to the references in its lures.

mod acts;
mod verdict;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use clarte_model::Timestamp;

use self::acts::{add_scan, note_attempt, note_unattributed, prove};
pub(crate) use self::verdict::first_contacts;
use self::verdict::{addressed, verdict};
use crate::campaign::Lure;
use crate::cite::{Findings, RecordRef};
use crate::contacts::{Contact, Sight};
use crate::hosts::Hosts;
use crate::identity::{Identity, Who};
use crate::individual::{Comparison, Individual};
use crate::ladder::Victims;
use crate::mails::Link;
use crate::recipients::Recipient;
use crate::scanner::{self, Fetch};

/// Seconds by which a contact may precede the delivery it answers, since
/// clocks disagree.
const SKEW: i64 = 120;

/// What the joins need to know.
pub(crate) struct Joins<'a> {
    pub(crate) lures: &'a BTreeMap<RecordRef, Lure>,
    pub(crate) recipients: &'a BTreeMap<RecordRef, Vec<Recipient>>,
    pub(crate) hosts: &'a Hosts<'a>,
    pub(crate) comparison: &'a Comparison,
    pub(crate) identity: &'a Identity<'a>,
    pub(crate) contacts: &'a [Contact],
    pub(crate) first_contacts: BTreeMap<&'a str, Timestamp>,
}

/// A reference in a lure on a host of the campaign.
#[derive(Clone, Copy)]
struct Placed<'a> {
    lure: &'a Lure,
    link: &'a Link,
}

impl Placed<'_> {
    fn on_opening(&self) -> bool {
        self.link.reference.how.loads_on_opening()
    }
}

/// References by URL, by URL without query, and by host.
#[derive(Default)]
struct Index<'a> {
    urls: BTreeMap<String, Vec<Placed<'a>>>,
    paths: BTreeMap<String, Vec<Placed<'a>>>,
    hosts: BTreeMap<&'a str, Vec<Placed<'a>>>,
}

/// How much of a reference a contact shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    /// The whole URL.
    Url,
    /// The URL without its query, which the log cut off.
    Path,
    /// A URL that no lure in evidence carries, but made like those that do:
    /// somebody's whose mailbox is missing.
    Slot,
    /// The host alone.
    Host,
}

/// A contact with the references that it may answer.
struct Joined<'i, 'a> {
    contact: &'a Contact,
    how: Match,
    /// By delivery.
    placed: Cow<'i, [Placed<'a>]>,
    individual: Individual,
    /// Of individual references, whose they are.
    recipients: BTreeSet<&'a str>,
    who: Who,
}

/// Joins every contact; adds findings and proofs, and returns the times of the
/// acts that count for the campaign's duration.
pub(crate) fn run(
    joins: &Joins<'_>,
    victims: &mut Victims,
    findings: &mut Findings,
) -> Vec<Timestamp> {
    let index = index(joins);
    let joined: Vec<_> =
        joins.contacts.iter().filter_map(|contact| join(joins, &index, contact)).collect();
    let scanners = scanners(joins, &joined);
    let seen_better = seen_better(&joined);
    let addressed = addressed(victims);
    let mut acts = Vec::new();
    for joined in &joined {
        let contact = joined.contact;
        if scanners.contains(&contact.client()) || is_image_proxy(contact) {
            add_scan(joined, findings);
            continue;
        }
        if contact.attempt {
            note_attempt(joined, victims);
            continue;
        }
        // A look-up proves nothing that a closer record of the same client
        // does not prove better, or disproves.
        let ip = contact.ip.as_deref().unwrap_or_default();
        if contact.sight <= Sight::Flow && seen_better.contains(&(ip, contact.host.as_str())) {
            continue;
        }
        match verdict(joins, joined, &addressed) {
            Some(verdict) => {
                acts.extend(contact.time);
                prove(joins, joined, &verdict, victims, findings);
            }
            None => {
                // Whoever it was, the campaign's URL was asked for.
                let theirs = joined.how == Match::Url || joined.individual > Individual::No;
                acts.extend(contact.time.filter(|_| theirs));
                note_unattributed(joined, victims, findings);
            }
        }
    }
    acts
}

fn index<'a>(joins: &Joins<'a>) -> Index<'a> {
    let mut index = Index::default();
    let mut by_delivery: Vec<&Lure> = joins.lures.values().collect();
    by_delivery.sort_by_key(|lure| (lure.mail.time, &lure.mail.at));
    for lure in by_delivery {
        for link in &lure.mail.links {
            if !joins.hosts.uses.contains_key(&link.url.host) {
                continue;
            }
            let placed = Placed { lure, link };
            index.urls.entry(link.url.key()).or_default().push(placed);
            index.paths.entry(link.url.path_key()).or_default().push(placed);
            index.hosts.entry(&link.url.host).or_default().push(placed);
        }
    }
    index
}

fn join<'i, 'a>(
    joins: &Joins<'a>,
    index: &'i Index<'a>,
    contact: &'a Contact,
) -> Option<Joined<'i, 'a>> {
    let on_host = || index.hosts.get(contact.host.as_str()).map(Vec::as_slice);
    let (how, all) = match &contact.url {
        None => (Match::Host, Cow::Borrowed(arrived(on_host()?, contact.time))),
        Some(url) => {
            let cut = url.query.as_deref().is_none_or(str::is_empty);
            let by_path = || index.paths.get(&url.path_key()).filter(|_| cut);
            match (index.urls.get(&url.key()), by_path()) {
                (Some(all), _) => (Match::Url, Cow::Borrowed(arrived(all, contact.time))),
                (None, Some(all)) => (Match::Path, Cow::Borrowed(arrived(all, contact.time))),
                (None, None) => {
                    let alike = |placed: &&Placed<'_>| {
                        joins.comparison.alike(url, &placed.link.url, placed.on_opening())
                    };
                    let all = arrived(on_host()?, contact.time);
                    (Match::Slot, all.iter().filter(alike).copied().collect())
                }
            }
        }
    };
    let individual = individual(joins, how, &all)?;
    let mut recipients = BTreeSet::new();
    if individual > Individual::No {
        recipients.extend(all.iter().flat_map(|placed| emails(joins, *placed)));
    }
    let who = joins.identity.who(contact.user.as_deref(), contact.ip.as_deref(), contact.time);
    Some(Joined { contact, how, placed: all, individual, recipients, who })
}

/// The references that had been delivered: a lure that had not arrived cannot
/// have been opened.
fn arrived<'i, 'a>(all: &'i [Placed<'a>], time: Option<Timestamp>) -> &'i [Placed<'a>] {
    let Some(time) = time else { return all };
    let latest = time.plus_seconds(SKEW);
    &all[..all.partition_point(|placed| placed.lure.mail.time <= Some(latest))]
}

/// The recipients of a reference's lure.
fn emails<'a>(joins: &Joins<'a>, placed: Placed<'a>) -> impl Iterator<Item = &'a str> {
    let recipients = joins.recipients.get(&placed.lure.mail.at).into_iter().flatten();
    recipients.map(|recipient| recipient.email.as_str())
}

/// How far the references are one recipient's own; `None` if there are none.
fn individual(joins: &Joins<'_>, how: Match, all: &[Placed<'_>]) -> Option<Individual> {
    // One recipient may have got a reference several times, not dozens.
    const MANY: usize = 32;
    let one = |placed: &Placed<'_>| {
        let (url, on_opening) = (&placed.link.url, placed.on_opening());
        match how {
            Match::Url => joins.comparison.url(url, on_opening),
            Match::Path => joins.comparison.path(url, on_opening),
            Match::Host => joins.comparison.host(url, on_opening),
            Match::Slot => Individual::No,
        }
    };
    match all.len() {
        0 => None,
        1..=MANY => all.iter().map(one).min(),
        _ => Some(Individual::No),
    }
}

fn scanners(joins: &Joins<'_>, joined: &[Joined<'_, '_>]) -> BTreeSet<String> {
    let clients: Vec<String> = joined.iter().map(|joined| joined.contact.client()).collect();
    let fetches = joined.iter().zip(&clients).map(|(joined, client)| {
        let followed = match joined.individual {
            Individual::No => just_delivered(&joined.placed, joined.contact.time),
            _ => &joined.placed,
        };
        let mails = followed
            .iter()
            .flat_map(|placed| emails(joins, *placed).map(|email| (email, placed.lure.mail.time)));
        let usage = joins.hosts.uses.get(&joined.contact.host);
        Fetch {
            client,
            time: joined.contact.time,
            individual: joined.individual > Individual::No,
            mails: mails.collect(),
            all_mails: usage.map_or(0, |usage| usage.lures.len()),
            known_person: joined.who.one().is_some(),
        }
    });
    scanner::find(fetches)
}

/// The references delivered so shortly before `time` that a contact with them
/// would be fast.
fn just_delivered<'i, 'a>(all: &'i [Placed<'a>], time: Option<Timestamp>) -> &'i [Placed<'a>] {
    let Some(time) = time else { return &[] };
    let earliest = Some(time.plus_seconds(-SKEW));
    &all[all.partition_point(|placed| placed.lure.mail.time < earliest)..]
}

/// Services that fetch images on behalf of mail programs: nobody has opened
/// anything on the person's side.
fn is_image_proxy(contact: &Contact) -> bool {
    const AGENTS: &[&str] = &["GoogleImageProxy", "YahooMailProxy", "ggpht.com"];
    contact.agent.as_deref().is_some_and(|agent| AGENTS.iter().any(|name| agent.contains(name)))
}

/// Clients (by account and by address) and hosts of which there is more than a
/// look-up or flow.
fn seen_better<'a>(joined: &[Joined<'_, 'a>]) -> BTreeSet<(&'a str, &'a str)> {
    let better = joined.iter().map(|joined| joined.contact);
    let better = better.filter(|contact| contact.sight >= Sight::Tunnel);
    let names = better.flat_map(|contact| {
        let names = [&contact.user, &contact.ip].into_iter().flatten();
        names.map(|name| (name.as_str(), contact.host.as_str()))
    });
    names.collect()
}
