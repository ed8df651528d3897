//! What ties the campaign to an actor: infrastructure and files that somebody
//! says are that actor's.
//!
//! A value that the campaign used is looked up in the case's own intelligence and
//! in what the base says `indicates` an actor. What ties is the claim that the
//! value is the actor's, so the item is graded as that claim is; that it occurs
//! in the evidence is proved by the findings.
//!
//! Strength, by the scale of `clarte-attribution`: a host, address, URL or mail
//! address named as it was used, or a file's hash, is *strong*. A host below a
//! domain that is named is *moderate*: domains have owners, but what lies below
//! may be rented out. An address in a network that is named is *weak*: providers
//! have many customers.
//!
//! Left out: certificates and registrations, which no source here has; lists of
//! shared hosting, parked domains and networks of delivery, so that of shared use
//! only relays are known.

use std::collections::{BTreeMap, BTreeSet};

use clarte_attribution::{
    Channel, Credibility, Grade, Held, Item, Reliability, SharedUse, Standing, Strength,
};
use clarte_extent::{Extent, Finding};
use clarte_model::knowledge::Knowledge;
use clarte_model::url::HttpUrl;
use clarte_model::{Dated, Indicator, IndicatorKind, Observable, Timestamp, Tlp};

use super::names::Names;

/// What a source says of a value, as far as it makes one item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    kind: IndicatorKind,
    value: String,
    source: String,
    validity: (Option<Timestamp>, Option<Timestamp>),
    confidence: Option<u8>,
}

/// What was seen of a value that a source names.
#[derive(Debug, Default)]
struct Sighting {
    names: BTreeSet<String>,
    tlp: Option<Tlp>,
    /// The values that the campaign used, with their roles.
    used: BTreeMap<String, BTreeSet<&'static str>>,
    is_relay: bool,
    findings: BTreeSet<String>,
    first: Option<Timestamp>,
}

/// What ties the campaign to actors and software.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// An item for each claim that names an actor of the base.
    pub(super) items: Vec<Item>,
    /// Software of the base that claims name which name no actor, with the
    /// findings.
    pub(super) software: BTreeMap<String, BTreeSet<String>>,
    /// Names in the intelligence that the base does not know.
    pub(super) unknown: BTreeSet<String>,
}

/// Finds what `lookup` says of the campaign's infrastructure and files. `hashes`
/// are the file hashes that the intelligence names and the evidence holds.
pub(super) fn of(
    extent: &Extent,
    lookup: &dyn Fn(Observable<'_>) -> Vec<Indicator>,
    hashes: &[Indicator],
    base: &Knowledge,
) -> Links {
    let findings: BTreeMap<&str, &Finding> =
        extent.findings.iter().map(|finding| (finding.id.as_str(), finding)).collect();
    let mut seen: BTreeMap<Claim, Sighting> = BTreeMap::new();
    for row in &extent.infrastructure {
        for indicator in ask(row.r#type, &row.value, lookup) {
            let sighting = seen.entry(claim(&indicator)).or_default();
            sighting.named(&indicator);
            sighting.used.entry(row.value.clone()).or_default().insert(row.role);
            sighting.is_relay |= row.third_party || row.role == "relay";
            let shown = row.findings.iter().filter_map(|id| findings.get(id.as_str()));
            shown.for_each(|finding| sighting.shown_by(finding));
        }
    }
    for indicator in hashes {
        let shows = |finding: &&Finding| !finding.lead && names_value(finding, &indicator.value);
        let shown: Vec<_> = extent.findings.iter().filter(shows).collect();
        if !shown.is_empty() {
            let sighting = seen.entry(claim(indicator)).or_default();
            sighting.named(indicator);
            sighting.used.entry(indicator.value.clone()).or_default().insert("file");
            shown.into_iter().for_each(|finding| sighting.shown_by(finding));
        }
    }
    let names = Names::of(base);
    let mut links = Links::default();
    for (claim, sighting) in seen {
        links.take(&claim, &sighting, &names);
    }
    links.finish()
}

/// What the intelligence says of a value of the answer.
fn ask(
    kind: &str,
    value: &str,
    lookup: &dyn Fn(Observable<'_>) -> Vec<Indicator>,
) -> Vec<Indicator> {
    match kind {
        "email" => lookup(Observable::Email(value)),
        "url" => match HttpUrl::parse(value) {
            Some(url) => lookup(Observable::Url(&url)),
            None => Vec::new(),
        },
        _ => match value.parse() {
            Ok(ip) => lookup(Observable::Ip(ip)),
            Err(_) => lookup(Observable::Host(value)),
        },
    }
}

/// Whether one of a finding's reasons holds the value as a word.
fn names_value(finding: &Finding, value: &str) -> bool {
    let texts = finding.reasons.iter().chain([&finding.title]);
    texts.into_iter().any(|text| text.split_whitespace().any(|word| word == value))
}

fn claim(indicator: &Indicator) -> Claim {
    Claim {
        kind: indicator.kind,
        value: indicator.value.clone(),
        source: indicator.source.clone(),
        validity: (indicator.validity.from, indicator.validity.until),
        confidence: indicator.confidence,
    }
}

impl Sighting {
    fn named(&mut self, indicator: &Indicator) {
        self.names.extend(indicator.names.iter().cloned());
        self.tlp = self.tlp.max(indicator.tlp);
    }

    fn shown_by(&mut self, finding: &Finding) {
        self.findings.insert(finding.id.clone());
        self.first = self.first.into_iter().chain(finding.time).min();
    }
}

impl Links {
    fn take(&mut self, claim: &Claim, sighting: &Sighting, names: &Names) {
        let (mut actors, mut called) = (BTreeSet::new(), BTreeSet::new());
        let mut software = BTreeSet::new();
        for name in &sighting.names {
            let found = names.actors(name);
            if !found.is_empty() {
                actors.extend(found.iter().cloned());
                called.insert(name.as_str());
            } else if let Some(id) = names.software(name) {
                software.insert(id.to_owned());
            } else {
                self.unknown.insert(name.clone());
            }
        }
        // A claim that names an actor is one voice; as software it would be heard
        // again, by way of everybody who has that software.
        if actors.is_empty() {
            for id in software {
                self.software.entry(id).or_default().extend(sighting.findings.iter().cloned());
            }
        }
        if actors.is_empty() || claim.channel().is_none() || sighting.findings.is_empty() {
            return;
        }
        self.items.extend(item(claim, sighting, &called, actors));
    }

    /// Of items with one id, as of a claim made twice with other dates, the one
    /// that keeps the most.
    fn finish(mut self) -> Self {
        self.items.sort_by(|a, b| a.id.cmp(&b.id).then(b.kept().total_cmp(&a.kept())));
        self.items.dedup_by(|a, b| a.id == b.id);
        self
    }
}

impl Claim {
    /// Where a claim about such a value belongs; `None` if nobody has to hold it.
    fn channel(&self) -> Option<Channel> {
        match self.kind {
            IndicatorKind::Domain
            | IndicatorKind::Ip
            | IndicatorKind::Network
            | IndicatorKind::Url
            | IndicatorKind::Email => Some(Channel::Infrastructure),
            IndicatorKind::FileHash => Some(Channel::Code),
            IndicatorKind::Subject | IndicatorKind::MessageId | IndicatorKind::UserAgent => None,
        }
    }

    /// See the module's head.
    fn strength(&self, sighting: &Sighting) -> Strength {
        match self.kind {
            IndicatorKind::Network => Strength::WEAK,
            IndicatorKind::Domain if !sighting.used.contains_key(&self.value) => Strength::MODERATE,
            _ => Strength::STRONG,
        }
    }

    /// When the link held, as far as the claim says it. An act before its
    /// beginning counts, as warnings are written after the fact; but since when
    /// the value was the actor's is then not said, and neither where no end of it
    /// is known.
    fn held(&self, first: Option<Timestamp>) -> Option<Held> {
        let (from, until) = self.validity;
        if from.is_none() && until.is_none() {
            return None;
        }
        if matches!((from, first), (Some(from), Some(first)) if first < from) {
            return None;
        }
        Some(Held { from: from.and_then(dated), until: until.and_then(dated) })
    }
}

fn item(
    claim: &Claim,
    sighting: &Sighting,
    called: &BTreeSet<&str>,
    actors: BTreeSet<String>,
) -> Option<Item> {
    let channel = claim.channel()?;
    let used = sighting.used.iter().map(|(value, roles)| {
        let roles: Vec<_> = roles.iter().copied().collect();
        format!("{value} ({})", roles.join(", "))
    });
    let used: Vec<_> = used.take(SHOWN).collect();
    let called: Vec<_> = called.iter().copied().take(SHOWN).collect();
    let tlp = sighting.tlp.filter(|tlp| *tlp > Tlp::Clear).map(|tlp| format!(" [{}]", tlp.label()));
    let says = format!(
        "The campaign used {}; {} says that {} is of {}{}",
        used.join(", "),
        claim.source,
        claim.value,
        called.join(", "),
        tlp.unwrap_or_default()
    );
    let strength = claim.strength(sighting);
    Some(Item {
        mechanism: Some(format!("{} {}", kind(claim.kind), claim.value)),
        date: sighting.first.and_then(dated),
        held: claim.held(sighting.first),
        grade: grade(claim.confidence),
        shared: sighting.is_relay.then_some(SharedUse::Relay),
        supports: actors.into_iter().map(|actor| Standing { actor, strength }).collect(),
        findings: sighting.findings.iter().cloned().collect(),
        ..Item::new(channel, &says, &claim.source)
    })
}

/// How many values and names a sentence repeats.
const SHOWN: usize = 5;

/// A source's confidence as credibility, by STIX 2.1's table (appendix A,
/// "Admiralty Credibility"); 0 and none say that it was not judged. How reliable a
/// source is nobody can read from what it says of itself: that stays F until an
/// analyst says it (`--grade`).
fn grade(confidence: Option<u8>) -> Grade {
    let credibility = match confidence {
        None | Some(0) => Credibility::Unknown,
        Some(1..=19) => Credibility::Improbable,
        Some(20..=39) => Credibility::Doubtful,
        Some(40..=59) => Credibility::Possible,
        Some(60..=79) => Credibility::Probable,
        Some(80..) => Credibility::Confirmed,
    };
    Grade { reliability: Reliability::F, credibility }
}

/// The day of a time.
pub(super) fn dated(at: Timestamp) -> Option<Dated> {
    Dated::parse(&at.to_string())
}

fn kind(kind: IndicatorKind) -> &'static str {
    match kind {
        IndicatorKind::Domain => "domain",
        IndicatorKind::Ip => "ip",
        IndicatorKind::Network => "network",
        IndicatorKind::Url => "url",
        IndicatorKind::Email => "email",
        IndicatorKind::FileHash => "file",
        IndicatorKind::Subject => "subject",
        IndicatorKind::MessageId => "message",
        IndicatorKind::UserAgent => "agent",
    }
}

/// What the base says of its actors' indicators, each named by its actor alone.
pub(super) fn indicators(base: &Knowledge) -> Vec<Indicator> {
    let named = base.indicates.iter().filter_map(|points| {
        let actor = base.actors.get(points.actor as usize)?;
        Some(Indicator { names: vec![actor.id.clone()], ..points.indicator.clone() })
    });
    named.collect()
}
