//! How far the campaign got with each victim: proven rungs, and what stands
//! against or beside them.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::Timestamp;

use crate::answer;
use crate::cite::{earliest, round};

/// How far the campaign got, in the order of the ladder. Each rung stands on
/// its own proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rung {
    Targeted,
    Delivered,
    Opened,
    Interacted,
    Compromised,
    Accessed,
    Exfiltrated,
}

impl Rung {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Targeted => "targeted",
            Self::Delivered => "delivered",
            Self::Opened => "opened",
            Self::Interacted => "interacted",
            Self::Compromised => "compromised",
            Self::Accessed => "accessed",
            Self::Exfiltrated => "exfiltrated",
        }
    }
}

/// What is known of one victim.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    proofs: BTreeMap<Rung, Proof>,
    /// What stands against or beside a rung, each a sentence.
    pub(crate) notes: BTreeMap<Rung, BTreeSet<String>>,
    /// A mail server turned the message away or a filter kept it.
    pub(crate) turned_away: bool,
    /// Nobody knows what became of a message.
    pub(crate) unknown_delivery: bool,
    /// A lure sent to them is in evidence.
    pub(crate) has_lure: bool,
    /// The lures sent to them refer to something fetched on opening, or to
    /// something to click.
    pub(crate) has_beacon: bool,
    pub(crate) has_link: bool,
    /// Network records show them as a reader of their own.
    pub(crate) attributable: bool,
    /// It is a machine of which nobody is known to be the owner.
    pub(crate) is_machine: bool,
    /// An account of theirs shows in sign-ins or audit records.
    pub(crate) has_account: bool,
    /// Where rules of the campaign send their mail on to.
    pub(crate) forwarding: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct Proof {
    time: Option<Timestamp>,
    confidence: f64,
    findings: BTreeSet<String>,
}

impl Progress {
    /// Notes a proof: the earliest time and the highest confidence hold.
    pub(crate) fn prove(
        &mut self,
        rung: Rung,
        time: Option<Timestamp>,
        confidence: f64,
        finding: &str,
    ) {
        let proof = self.proofs.entry(rung).or_default();
        proof.time = earliest(proof.time, time);
        proof.confidence = proof.confidence.max(confidence);
        proof.findings.insert(finding.to_owned());
    }

    pub(crate) fn note(&mut self, rung: Rung, text: impl Into<String>) {
        self.notes.entry(rung).or_default().insert(text.into());
    }

    pub(crate) fn proven(&self, rung: Rung) -> bool {
        self.proofs.contains_key(&rung)
    }

    pub(crate) fn time(&self, rung: Rung) -> Option<Timestamp> {
        self.proofs.get(&rung).and_then(|proof| proof.time)
    }

    /// The first time of any rung.
    pub(crate) fn first(&self) -> Option<Timestamp> {
        self.proofs.values().filter_map(|proof| proof.time).min()
    }

    /// Whether any message of the campaign to them is known.
    pub(crate) fn is_mailed(&self) -> bool {
        let mail = [Rung::Delivered, Rung::Opened, Rung::Interacted];
        self.has_lure
            || self.turned_away
            || self.unknown_delivery
            || mail.into_iter().any(|rung| self.proven(rung))
    }

    pub(crate) fn highest(&self) -> Option<Rung> {
        self.proofs.keys().next_back().copied()
    }

    pub(crate) fn rungs(&self) -> Vec<answer::Rung> {
        let rungs = self.proofs.iter().map(|(rung, proof)| answer::Rung {
            rung: rung.as_str(),
            time: proof.time,
            confidence: round(proof.confidence),
            findings: proof.findings.iter().cloned().collect(),
        });
        rungs.collect()
    }
}

/// All victims, by address.
pub(crate) type Victims = BTreeMap<String, Progress>;
