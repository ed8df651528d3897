//! Did the beacon fire, was the link followed, and by whom: contacts with the
//! campaign's hosts joined to the references in its lures.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use clarte_model::{Finding, Timestamp};

use crate::campaign::Lure;
use crate::cite::{Findings, RecordRef};
use crate::contacts::{Contact, Sight};
use crate::hosts::{HostUse, Hosts};
use crate::identity::{Identity, Who};
use crate::individual::{Comparison, Individual};
use crate::ladder::{Rung, Victims};
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

/// What a contact proves.
struct Verdict {
    person: String,
    rung: Rung,
    confidence: f64,
    reasons: Vec<String>,
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

/// Since when each victim is known to be addressed, by mail servers' logs too.
type Addressed = BTreeMap<String, Option<Timestamp>>;

fn addressed(victims: &Victims) -> Addressed {
    let targeted = victims.iter().filter(|(_, progress)| progress.proven(Rung::Targeted));
    targeted.map(|(email, progress)| (email.clone(), progress.time(Rung::Targeted))).collect()
}

/// What a contact proves, if it proves anything.
fn verdict(joins: &Joins<'_>, joined: &Joined<'_, '_>, addressed: &Addressed) -> Option<Verdict> {
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
    if who.candidates.contains(*recipient) {
        let reasons = vec![token, format!("the client is theirs: {}", who.how)];
        return Some(((*recipient).to_owned(), base * who.confidence, reasons));
    }
    if let Some(other) = who.one() {
        let reasons = vec![
            format!("{token}, but another known person fetched it"),
            format!("the client is that of {other}: {}", who.how),
        ];
        return Some((other.to_owned(), 0.9 * base * who.confidence, reasons));
    }
    if !who.candidates.is_empty() {
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
    let was_sent = |person: &&String| {
        joined.placed.iter().any(|placed| emails(joins, *placed).any(|email| email == *person))
    };
    let mut own = who.candidates.iter().filter(was_sent);
    if let Some(person) = own.next().filter(|_| own.next().is_none()) {
        let sole = if who.candidates.len() == 1 { 1.0 } else { 0.8 };
        return Some((person.clone(), base * sole * who.confidence, reasons));
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

fn prove(
    joins: &Joins<'_>,
    joined: &Joined<'_, '_>,
    verdict: &Verdict,
    victims: &mut Victims,
    findings: &mut Findings,
) {
    let contact = joined.contact;
    let (detector, verb, techniques): (_, _, &[&str]) = match verdict.rung {
        Rung::Interacted => ("link.followed", "followed a link to", &["T1204.001"]),
        _ => ("beacon.fetched", "opened a lure: its beacon was fetched from", &["T1598", "T1592"]),
    };
    let person = &verdict.person;
    let subject = format!("{person} {}", contact.host);
    let mut spans = vec![contact.at.span()];
    spans.extend(joined.who.shown_by.iter().map(RecordRef::span));
    let theirs = joined.placed.iter().filter(|placed| {
        joined.placed.len() == 1 || emails(joins, **placed).any(|email| email == person)
    });
    spans.extend(theirs.map(|placed| placed.lure.mail.at.span()));
    let mut reasons = verdict.reasons.clone();
    reasons.push(format!("seen by {}", contact.source.as_str()));
    let id = findings.add(
        Finding {
            id: Finding::id(detector, &subject, contact.source.as_str()),
            detector: detector.to_owned(),
            title: format!("{person} {verb} {}", contact.host),
            time: contact.time,
            confidence: verdict.confidence,
            techniques: techniques.iter().map(|id| (*id).to_owned()).collect(),
            reasons,
            lead: false,
            spans,
        },
        None,
    );
    let progress = victims.entry(person.clone()).or_default();
    progress.attributable = true;
    progress.prove(verdict.rung, contact.time, verdict.confidence, &id);
    // Where another known person fetched a recipient's token, that person
    // opened, and the recipient stays undetermined.
    for recipient in joined.recipients.iter().filter(|_| joined.individual > Individual::No) {
        if recipient != person {
            let entry = victims.entry((*recipient).to_owned()).or_default();
            entry.note(verdict.rung, format!("the reference sent to them was fetched by {person}"));
        }
    }
}

fn note_attempt(joined: &Joined<'_, '_>, victims: &mut Victims) {
    let contact = joined.contact;
    if contact.sight <= Sight::Flow {
        return;
    }
    let people: BTreeSet<&str> = match joined.individual > Individual::No {
        true => joined.recipients.clone(),
        false => joined.who.one().into_iter().collect(),
    };
    let rung = match joined.placed.iter().any(Placed::on_opening) {
        true => Rung::Opened,
        false => Rung::Interacted,
    };
    for person in people {
        if let Some(progress) = victims.get_mut(person) {
            let source = contact.source.as_str();
            progress.note(
                rung,
                format!(
                    "a request to {} was attempted, but {source} shows it refused or unanswered",
                    contact.host
                ),
            );
        }
    }
}

/// A contact that is the campaign's, but nobody's in particular.
fn note_unattributed(joined: &Joined<'_, '_>, victims: &mut Victims, findings: &mut Findings) {
    let contact = joined.contact;
    if contact.sight <= Sight::Flow {
        return;
    }
    let id = Finding::id("contact.unattributed", &contact.host, &contact.client());
    findings.add(
        Finding {
            id,
            detector: "contact.unattributed".to_owned(),
            title: format!(
                "{} contacted {}, and nothing proves who that was",
                contact.client(),
                contact.host
            ),
            time: contact.time,
            confidence: 0.5,
            techniques: Vec::new(),
            reasons: vec![format!("seen by {}", contact.source.as_str())],
            lead: false,
            spans: vec![contact.at.span()],
        },
        None,
    );
    if joined.individual > Individual::No {
        for recipient in &joined.recipients {
            let entry = victims.entry((*recipient).to_owned()).or_default();
            entry.note(Rung::Opened, "their reference was fetched, but by whom cannot be told (a scanner is not excluded)");
        }
    }
}

fn add_scan(joined: &Joined<'_, '_>, findings: &mut Findings) {
    let contact = joined.contact;
    findings.add(
        Finding {
            id: Finding::id("contact.scanner", &contact.client(), &contact.host),
            detector: "contact.scanner".to_owned(),
            title: format!("{} fetches from {} for everyone within seconds: a scanner or gateway, not a reader", contact.client(), contact.host),
            time: contact.time,
            confidence: 0.9,
            techniques: Vec::new(),
            reasons: vec![format!("seen by {}", contact.source.as_str())],
            lead: false,
            spans: vec![contact.at.span()],
        },
        None,
    );
}
