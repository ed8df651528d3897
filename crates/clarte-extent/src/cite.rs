//! Pointers from the reasoning back to stored records.

use std::collections::BTreeMap;

use clarte_model::lake::Stored;
use clarte_model::{EvidenceId, Finding, Span, Timestamp, Tlp};

use crate::answer::{self, CitedSpan};

/// One stored record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RecordRef {
    pub(crate) evidence: EvidenceId,
    pub(crate) member: Option<String>,
    pub(crate) offset: u64,
    pub(crate) index: u32,
    pub(crate) length: u64,
}

impl RecordRef {
    pub(crate) fn of(stored: &Stored<'_>) -> Self {
        Self {
            evidence: stored.evidence,
            member: stored.member.map(str::to_owned),
            offset: stored.record.offset,
            index: stored.record.index,
            length: stored.record.length,
        }
    }

    pub(crate) fn span(&self) -> Span {
        Span {
            evidence: self.evidence,
            member: self.member.clone(),
            offset: self.offset,
            length: self.length,
        }
    }

    /// A number that is this record's own.
    pub(crate) fn id(&self) -> u128 {
        let member = self.member.as_deref();
        clarte_model::record::record_id(&self.evidence, member, self.offset, self.index)
    }

    /// A text that is this record's own, for finding ids.
    pub(crate) fn key(&self) -> String {
        format!("{:032x}", self.id())
    }
}

/// Where each evidence was found: paths in byte order, never empty.
pub type Places = BTreeMap<EvidenceId, Vec<String>>;

/// How many spans one finding cites; more of the same prove nothing more.
const SPANS_CITED: usize = 24;

/// The findings made so far, by id.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    made: BTreeMap<String, Made>,
    /// The strictest marking of what named any lure: that of all findings that
    /// rest on the campaign as a whole and not on one indicator.
    pub(crate) marking: Option<Tlp>,
}

#[derive(Debug)]
struct Made {
    finding: Finding,
    tlp: Option<Tlp>,
}

impl Findings {
    /// Adds a finding, or joins it to the one with its id: the earliest time
    /// and its title, the highest confidence, all reasons and spans. Returns the id.
    pub(crate) fn add(&mut self, new: Finding, tlp: Option<Tlp>) -> String {
        let id = new.id.clone();
        let made = match self.made.entry(id.clone()) {
            std::collections::btree_map::Entry::Vacant(slot) => {
                slot.insert(Made { finding: new, tlp });
                return id;
            }
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
        };
        let known = &mut made.finding;
        // The title is the earliest record's, whichever came first.
        let order = |one: &Finding| (one.time.is_none(), one.time);
        if (order(&new), &new.title) < (order(known), &known.title) {
            known.title.clone_from(&new.title);
        }
        known.time = earliest(known.time, new.time);
        known.confidence = known.confidence.max(new.confidence);
        known.lead &= new.lead;
        known.reasons.extend(new.reasons);
        known.techniques.extend(new.techniques);
        known.spans.extend(new.spans);
        made.tlp = made.tlp.max(tlp);
        made.compact();
        id
    }

    /// Adds a technique to a finding that is known by now.
    pub(crate) fn show(&mut self, id: &str, technique: &str) {
        if let Some(made) = self.made.get_mut(id) {
            made.finding.techniques.push(technique.to_owned());
        }
    }

    /// How far a finding may be passed on.
    pub(crate) fn tlp(&self, id: &str) -> Option<Tlp> {
        self.made.get(id).and_then(|made| made.tlp)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.made.values().map(|made| &made.finding)
    }

    /// All findings as the answer holds them, by time and id.
    pub(crate) fn finish(self, places: &Places) -> Vec<answer::Finding> {
        let mut all: Vec<_> = self.made.into_values().map(|made| made.cited(places)).collect();
        all.sort_by(|a, b| (a.time, &a.id).cmp(&(b.time, &b.id)));
        all
    }
}

/// How many spans and reasons a finding gathers before those that it will not
/// cite are dropped: a campaign that acts a million times makes no finding large.
const GATHERED: usize = 64 * SPANS_CITED;

impl Made {
    /// Keeps what will be cited.
    fn compact(&mut self) {
        let Finding { techniques, reasons, spans, .. } = &mut self.finding;
        if spans.len() > GATHERED {
            sort_unique(spans);
            spans.truncate(SPANS_CITED);
        }
        if reasons.len() > GATHERED {
            sort_unique(reasons);
        }
        if techniques.len() > GATHERED {
            sort_unique(techniques);
        }
    }

    fn cited(self, places: &Places) -> answer::Finding {
        let Finding { id, detector, title, time, confidence, techniques, reasons, lead, spans } =
            self.finding;
        let mut spans: Vec<_> = spans.into_iter().map(|span| cite(span, places)).collect();
        sort_unique(&mut spans);
        spans.truncate(SPANS_CITED);
        let (mut techniques, mut reasons) = (techniques, reasons);
        sort_unique(&mut techniques);
        sort_unique(&mut reasons);
        let confidence = round(confidence);
        let tlp = self.tlp.map(|tlp| tlp.label().to_owned());
        answer::Finding {
            id,
            detector,
            title,
            time,
            confidence,
            techniques,
            reasons,
            lead,
            tlp,
            spans,
        }
    }
}

/// A span with a path where to find it.
pub(crate) fn cite(span: Span, places: &Places) -> CitedSpan {
    let path = places.get(&span.evidence).and_then(|paths| paths.first());
    CitedSpan {
        evidence: span.evidence,
        path: path.cloned().unwrap_or_default(),
        member: span.member,
        offset: span.offset,
        length: span.length,
    }
}

/// Sorts and removes repetitions.
pub(crate) fn sort_unique<T: Ord>(all: &mut Vec<T>) {
    all.sort();
    all.dedup();
}

/// The earlier of two times, where one may be unknown.
pub(crate) fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.into_iter().chain(b).min()
}

/// Confidences are written with two decimals: more would pretend to know more.
pub(crate) fn round(confidence: f64) -> f64 {
    (confidence.clamp(0.0, 1.0) * 100.0).round() / 100.0
}
