//! Who was hit, when, how far, and what cannot be known.
//!
//! The order of the reasoning is the order of [`extent`]: people and
//! mailboxes; the mails that a given indicator touches; the mails that share
//! their rare traits; what mail servers say of them; the hosts that they refer
//! to; the contacts with those hosts and who was behind each; what remains
//! undetermined. Every step asks the lake's index which values concern it, scans
//! the records that show them, and keeps only what concerns the campaign, so
//! that memory follows the campaign and not the evidence.

mod answer;
mod campaign;
mod cite;
mod completeness;
mod contacts;
mod coverage;
mod delivery;
mod forwarded;
mod gate;
mod hosts;
mod identity;
mod individual;
mod infrastructure;
mod joins;
mod ladder;
mod mailbox;
mod mailed;
mod mails;
mod narrow;
mod operations;
mod origins;
mod people;
mod pivot;
mod recipients;
mod scanner;
mod shared_services;
mod sketches;
mod skew;
mod takeover;
mod token;
mod transfers;
mod undetermined;
mod years;

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{ReadError, Records};
use clarte_model::{EvidenceId, Indicator, Lookup, Timestamp};

pub use answer::*;
pub use cite::Places;
pub use gate::{Naming, VERSION, ask, matched};

use crate::campaign::{Lure, Office};
use crate::cite::{Findings, RecordRef};
use crate::individual::Comparison;
use crate::ladder::Victims;
use crate::people::People;
use crate::recipients::Recipient;
use crate::sketches::Sketches;
use crate::years::Dated;

/// What the answer is drawn from.
pub struct Question<'q> {
    /// The records of the case.
    pub records: &'q dyn Records,
    /// The intelligence.
    pub lookup: &'q dyn Lookup,
    /// The same intelligence, as [`matched`] asks it: a value that it knows
    /// nothing about is not looked at.
    pub naming: &'q Naming<'q>,
    /// Where each evidence was found.
    pub places: &'q Places,
    /// Evidence that is a whole mailbox in one file.
    pub whole_mailboxes: &'q BTreeSet<EvidenceId>,
    /// The account of every stream, copied into the answer.
    pub intake: Vec<Intake>,
    /// What could not be read, copied into the answer.
    pub unreadable: Vec<Unreadable>,
    /// What was given, copied into the answer; `matched` is counted here.
    pub intelligence: Intelligence,
    /// Called with the name of each step as it begins.
    pub progress: &'q dyn Fn(&'static str),
}

/// Draws the answer.
///
/// # Errors
/// Where the records cannot be read.
pub fn extent(question: Question<'_>) -> Result<Extent, ReadError> {
    let Question { records, lookup, naming, places, progress, .. } = question;
    let mut findings = Findings::default();
    let mut victims = Victims::new();

    progress("people");
    let records = &Dated::read(records)?;
    let mut people = People::read(records)?;
    let office = Office::new(records, places, question.whole_mailboxes, &people)?;
    office.addresses.iter().for_each(|owner| people.know(owner));

    progress("indicators");
    let mut sketches = Sketches::default();
    let mut seeds = campaign::seeds(records, lookup, naming, &office, &mut sketches)?;
    mailed::leads(&seeds, &mut findings);
    let mut lures = std::mem::take(&mut seeds.lures);

    progress("pivot");
    pivot::expand(records, &office, &mut sketches, &mut lures, &seeds.expired())?;
    let touches = lures.values().flat_map(|lure| &lure.touches);
    findings.marking = touches.filter_map(|touch| touch.indicator.tlp).max();
    let recipients = find_recipients(&lures, &office, &people);
    let comparison = compare(&lures, &recipients);

    progress("hosts");
    let hosts = hosts::Hosts::find(records, lookup, &office, &mut sketches, &lures, &comparison)?;
    drop(sketches);

    progress("deliveries");
    let is_own = |email: &str| office.is_own(email);
    let marks = marks(&lures, &hosts, lookup, &is_own);
    let mut deliveries = delivery::read(records, &marks)?;
    for delivery in &mut deliveries {
        delivery.recipient = people.canonical(&delivery.recipient);
    }
    let dated = mailed::dated(&deliveries);
    for lure in lures.values_mut() {
        lure.mail.time =
            lure.mail.time.or_else(|| dated.get(lure.mail.message_id.as_ref()?).copied());
    }
    let lure_findings = mailed::lures(&lures, &recipients, &hosts, &mut victims, &mut findings);
    mailed::deliveries(&deliveries, &mut victims, &mut findings);

    suppose_alike(&mut victims);

    progress("contacts");
    let contacts = contacts::read(records, &hosts)?;

    progress("accounts");
    let known = origins::Known { lookup, lures: &lures, hosts: &hosts, contacts: &contacts };
    let origins = origins::Origins::find(records, naming, &known)?;
    let accounts =
        takeover::Accounts { origins: &origins, lookup, people: &people, office: &office };
    let takeover = takeover::read(records, &accounts, &mut victims, &mut findings)?;

    progress("transfers");
    let sinks = transfers::Sinks {
        hosts: &hosts,
        addresses: &contacts.addresses,
        origins: &origins,
        takeover: &takeover,
    };
    let transfers = transfers::read(records, &sinks, &findings)?;
    let mut acts = identity::Acts::new();
    let clients = contacts.all.iter().map(|contact| (&contact.ip, contact.time));
    let senders = transfers.iter().map(|transfer| (&transfer.ip, transfer.time));
    for (ip, time) in clients.chain(senders) {
        if let Some(ip) = ip {
            acts.entry(ip.clone()).or_default().extend(time);
        }
    }
    let identity = identity::Identity::read(records, &people, &acts)?;
    let identities = identity.told(&acts, places);
    let joins = joins::Joins {
        lures: &lures,
        recipients: &recipients,
        hosts: &hosts,
        comparison: &comparison,
        identity: &identity,
        contacts: &contacts.all,
        first_contacts: joins::first_contacts(&contacts.all),
    };
    let mut acts = joins::run(&joins, &mut victims, &mut findings);
    acts.extend(&takeover.times);
    let proven = transfers::prove(&transfers, &identity, &origins, &mut victims, &mut findings);
    acts.extend(&proven.times);
    given_contacts(&contacts, &hosts, &mut findings);

    progress("coverage");
    let duration = duration(&lures, &deliveries, &acts);
    let timelines = coverage::read(records)?;
    let local = records.local_times()?;
    let campaign = (duration.first_activity, duration.last_activity);
    let mut coverage = coverage::answer(&timelines, campaign);
    let clock_skew = skew::read(records, &timelines.keys().copied().collect())?;
    let known = completeness::Known { intake: &question.intake, people: &people, places };
    completeness::complete(&mut coverage, records, &known)?;
    let whole = coverage.iter().filter(|entry| entry.entity == "*" && entry.state != "absent");
    let end = whole.filter_map(|entry| entry.to).max();

    let mut infrastructure =
        infrastructure::of(&lures, &hosts, &office, &lure_findings, &joins.first_contacts);
    infrastructure.extend(infrastructure::of_acts(&takeover, &proven.sinks, &origins));
    infrastructure.sort_by(|a, b| (a.r#type, &a.value, a.role).cmp(&(b.r#type, &b.value, b.role)));
    let victims = answer_victims(&victims, &people, &coverage, campaign, end);
    let mut intake = question.intake;
    for row in intake.iter_mut().filter(|row| local.contains(&row.evidence)) {
        row.time_basis = Some(clarte_model::ZoneBasis::LocalAssumed.as_str());
    }
    let mut intelligence = question.intelligence;
    intelligence.matched = {
        let contacted = contacts.named.keys().flat_map(|(host, _)| hosts.given(host));
        count_indicators(&lures, origins.indicators().chain(contacted))
    };
    Ok(Extent {
        schema: "clarte/extent/1",
        nature: nature(&findings, &lures, &victims, &takeover),
        exfiltration: transfers::verdict(&transfers, &takeover, &coverage, &duration),
        duration,
        victims,
        infrastructure,
        targeting: Vec::new(),
        rhythm: Rhythm::default(),
        coverage,
        clock_skew,
        identities,
        findings: findings.finish(places),
        intake,
        unreadable: question.unreadable,
        intelligence,
    })
}

/// The recipients of every lure.
fn find_recipients(
    lures: &BTreeMap<RecordRef, Lure>,
    office: &Office<'_>,
    people: &People,
) -> BTreeMap<RecordRef, Vec<Recipient>> {
    let senders: BTreeSet<&str> = lures
        .values()
        .flat_map(|lure| lure.mail.senders())
        .filter(|sender| !office.is_own(sender))
        .collect();
    let of = |lure: &Lure| recipients::of(lure, office, people, &senders);
    lures.iter().map(|(at, lure)| (at.clone(), of(lure))).collect()
}

/// All references of all lures side by side, by recipient.
fn compare(
    lures: &BTreeMap<RecordRef, Lure>,
    recipients: &BTreeMap<RecordRef, Vec<Recipient>>,
) -> Comparison {
    let mut comparison = Comparison::default();
    for (at, lure) in lures {
        let known = recipients.get(at).map(Vec::as_slice).unwrap_or_default();
        let names: Vec<String> = match known {
            [] => vec![at.key()],
            known => known.iter().map(|recipient| recipient.email.clone()).collect(),
        };
        for link in &lure.mail.links {
            let on_opening = link.reference.how.loads_on_opening();
            names.iter().for_each(|name| comparison.add(name, &link.url, on_opening));
        }
    }
    comparison
}

/// By what mail servers' lines are recognised as the campaign's.
fn marks<'m>(
    lures: &'m BTreeMap<RecordRef, Lure>,
    hosts: &'m hosts::Hosts<'_>,
    lookup: &'m dyn Lookup,
    is_own: &'m dyn Fn(&str) -> bool,
) -> delivery::Marks<'m> {
    let mut message_ids: BTreeMap<&str, f64> = BTreeMap::new();
    let mut senders: BTreeMap<&str, f64> = BTreeMap::new();
    let raise = |map: &mut BTreeMap<&'m str, f64>, key: &'m str, confidence: f64| {
        let entry = map.entry(key).or_default();
        *entry = entry.max(confidence);
    };
    for lure in lures.values() {
        if let Some(id) = &lure.mail.message_id {
            raise(&mut message_ids, id, lure.confidence);
        }
        // Only From and the envelope show in a mail server's log, and only an
        // address that is the campaign's own marks a line.
        for sender in [&lure.mail.from, &lure.mail.envelope_from].into_iter().flatten() {
            if hosts.owns_sender(sender) {
                raise(&mut senders, sender, 0.9 * lure.confidence);
            }
        }
    }
    delivery::Marks { lookup, message_ids, senders, domains: &hosts.sending, is_own }
}

/// Contacts with hosts that intelligence names but no lure refers to: worth
/// knowing, but no rung of anybody's ladder.
fn given_contacts(
    contacts: &contacts::Contacts,
    hosts: &hosts::Hosts<'_>,
    findings: &mut Findings,
) {
    for ((host, client), contact) in &contacts.named {
        let named = hosts.given(host);
        let Some(indicator) = named.first() else { continue };
        let first = &contact.first;
        let lead = named.iter().all(|indicator| indicator.validity.is_over(first.time));
        findings.add(
            clarte_model::Finding {
                id: clarte_model::Finding::id("intel.contact", host, client),
                detector: "intel.contact".to_owned(),
                title: format!("{client} contacted {host}, which {} names", indicator.source),
                time: first.time,
                confidence: if lead { 0.2 } else { 0.5 },
                techniques: Vec::new(),
                reasons: vec![
                    format!(
                        "first seen by {}, {} times in all",
                        first.source.as_str(),
                        contact.count
                    ),
                    "no lure in evidence refers to it".to_owned(),
                ],
                lead,
                spans: vec![first.at.span()],
            },
            named.iter().filter_map(|indicator| indicator.tlp).max(),
        );
    }
}

/// Of whom no lure is in evidence, it is supposed that theirs was like the
/// others': nothing says that it could not be opened or followed.
fn suppose_alike(victims: &mut Victims) {
    let beacon = victims.values().any(|progress| progress.has_beacon);
    let link = victims.values().any(|progress| progress.has_link);
    for progress in victims.values_mut().filter(|progress| !progress.has_lure) {
        (progress.has_beacon, progress.has_link) = (beacon, link);
    }
}

fn duration(
    lures: &BTreeMap<RecordRef, Lure>,
    deliveries: &[delivery::Delivery],
    acts: &[Timestamp],
) -> Duration {
    let mails = lures.values().filter_map(|lure| lure.mail.time);
    let servers = deliveries.iter().flat_map(|delivery| [delivery.begun, delivery.ended]).flatten();
    let times: Vec<_> = mails.chain(servers).chain(acts.iter().copied()).collect();
    Duration {
        first_activity: times.iter().min().copied(),
        last_activity: times.iter().max().copied(),
    }
}

/// Techniques by the findings that show them, and the kind of operation by how
/// far it went.
fn nature(
    findings: &Findings,
    lures: &BTreeMap<RecordRef, Lure>,
    victims: &[Victim],
    takeover: &takeover::Takeover,
) -> Nature {
    let mut techniques: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| !finding.lead) {
        for technique in &finding.techniques {
            let of = techniques.entry(technique.clone()).or_default();
            of.push(finding.id.clone());
        }
    }
    techniques.values_mut().for_each(cite::sort_unique);
    let went_to = |rungs: &[&str]| {
        let all = victims.iter().flat_map(|victim| &victim.rungs);
        all.into_iter().any(|rung| rungs.contains(&rung.rung))
    };
    // Beacons and links tell who reads, where and with what: reconnaissance.
    let category = if went_to(&["accessed", "exfiltrated"]) {
        "espionage"
    } else if went_to(&["compromised"]) || takeover.seeks_passwords {
        "credential_theft"
    } else if lures.is_empty() || techniques.is_empty() {
        "undetermined"
    } else {
        "reconnaissance"
    };
    let techniques = techniques.into_iter().map(|(id, findings)| Technique { id, findings });
    Nature { category, techniques: techniques.collect() }
}

/// How many indicators name something that the answer rests on.
fn count_indicators<'i>(
    lures: &'i BTreeMap<RecordRef, Lure>,
    others: impl Iterator<Item = &'i Indicator>,
) -> u64 {
    let touches = lures.values().flat_map(|lure| &lure.touches);
    let touched = touches.map(|touch| &touch.indicator);
    let distinct: BTreeSet<_> = touched.chain(others).map(|one| (one.kind, &one.value)).collect();
    distinct.len() as u64
}

fn answer_victims(
    victims: &Victims,
    people: &People,
    coverage: &[Coverage],
    campaign: (Option<Timestamp>, Option<Timestamp>),
    end: Option<Timestamp>,
) -> Vec<Victim> {
    let mut all = Vec::new();
    for (identity, progress) in victims {
        let Some(rung) = progress.highest() else { continue };
        let person = people.get(identity);
        let is_person = person.is_some() || progress.attributable || progress.has_account;
        let is_theirs =
            |machine: &str| machine == identity || people.by_host(machine).contains(identity);
        all.push(Victim {
            identity: identity.clone(),
            name: person.and_then(|person| person.name.clone()),
            aliases: person
                .map(|person| person.accounts.iter().cloned().collect())
                .unwrap_or_default(),
            kind: match () {
                () if is_person => "person",
                () if progress.is_machine => "machine",
                () => "mailbox",
            },
            rung: rung.as_str(),
            rungs: progress.rungs(),
            undetermined: undetermined::of(
                (identity, &is_theirs),
                progress,
                coverage,
                campaign,
                end,
            ),
        });
    }
    all
}

/// The JSON Schema of the answer, members in the order of their names.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Extent).to_value();
    // Another crate of a build may have serde_json keep the order of insertion.
    schema.sort_all_objects();
    schema
}
