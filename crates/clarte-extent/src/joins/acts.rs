//! What the joins leave behind: findings, proofs of rungs, and notes on what
//! stays undetermined.

use std::collections::BTreeSet;

use clarte_model::Finding;

use super::verdict::Verdict;
use super::{Joined, Joins, Placed, emails};
use crate::cite::{Findings, RecordRef};
use crate::contacts::Sight;
use crate::individual::Individual;
use crate::ladder::{Rung, Victims};

pub(super) fn prove(
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
        findings.marking,
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

pub(super) fn note_attempt(joined: &Joined<'_, '_>, victims: &mut Victims) {
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
pub(super) fn note_unattributed(
    joined: &Joined<'_, '_>,
    victims: &mut Victims,
    findings: &mut Findings,
) {
    let contact = joined.contact;
    if contact.sight <= Sight::Flow {
        return;
    }
    let id = Finding::id("contact.unattributed", &contact.host, &contact.client());
    let who = &joined.who;
    let mut reasons = vec![format!("seen by {}", contact.source.as_str())];
    reasons.extend(who.doubt());
    let mut spans = vec![contact.at.span()];
    spans.extend(who.shown_by.iter().map(RecordRef::span));
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
            reasons,
            lead: false,
            spans,
        },
        findings.marking,
    );
    if let Some(doubt) = who.doubt() {
        let rung = match joined.placed.iter().any(Placed::on_opening) {
            true => Rung::Opened,
            false => Rung::Interacted,
        };
        let note = format!("a client contacted {}, and {doubt}", contact.host);
        for person in who.candidates.keys() {
            if let Some(progress) = victims.get_mut(person) {
                progress.note(rung, note.clone());
            }
        }
    }
    if joined.individual > Individual::No {
        for recipient in &joined.recipients {
            let entry = victims.entry((*recipient).to_owned()).or_default();
            entry.note(Rung::Opened, "their reference was fetched, but by whom cannot be told (a scanner is not excluded)");
        }
    }
}

pub(super) fn add_scan(joined: &Joined<'_, '_>, findings: &mut Findings) {
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
        findings.marking,
    );
}
