//! From lures and deliveries to the rungs `targeted` and `delivered`.

use std::collections::BTreeMap;

use clarte_model::{Finding, Timestamp, Tlp};

use crate::campaign::{Lure, Seeds, Touch};
use crate::cite::{Findings, RecordRef};
use crate::delivery::{Delivery, Outcome};
use crate::hosts::Hosts;
use crate::ladder::{Rung, Victims};
use crate::recipients::Recipient;

/// Adds the finding of each lure and what it proves for its recipients.
/// Returns the finding of each lure.
pub(crate) fn lures(
    lures: &BTreeMap<RecordRef, Lure>,
    recipients: &BTreeMap<RecordRef, Vec<Recipient>>,
    hosts: &Hosts<'_>,
    victims: &mut Victims,
    findings: &mut Findings,
) -> BTreeMap<RecordRef, String> {
    let mut made = BTreeMap::new();
    for (at, lure) in lures {
        let mail = &lure.mail;
        let time = mail.time;
        let own = mail.links.iter().filter(|link| hosts.uses.contains_key(&link.url.host));
        let loads: Vec<bool> = own.map(|link| link.reference.how.loads_on_opening()).collect();
        let (beacon, link) = (loads.contains(&true), loads.contains(&false));
        let theirs = recipients.get(at).map(Vec::as_slice).unwrap_or_default();
        let id = findings.add(
            lure_finding(lure, time, theirs, beacon, link),
            tlp(&lure.touches).or(findings.marking),
        );
        for recipient in theirs {
            let progress = victims.entry(recipient.email.clone()).or_default();
            progress.has_lure = true;
            progress.has_beacon |= beacon;
            progress.has_link |= link;
            let sure = if recipient.delivered { 0.98 } else { 0.75 };
            progress.prove(Rung::Targeted, time, sure * lure.confidence, &id);
            if recipient.delivered {
                progress.prove(Rung::Delivered, time, sure * lure.confidence, &id);
            }
        }
        made.insert(at.clone(), id);
    }
    made
}

fn lure_finding(
    lure: &Lure,
    time: Option<Timestamp>,
    recipients: &[Recipient],
    beacon: bool,
    link: bool,
) -> Finding {
    let mail = &lure.mail;
    let from = mail.from.as_deref().unwrap_or("an unknown sender");
    let to: Vec<_> = recipients.iter().map(|recipient| recipient.email.as_str()).collect();
    let to =
        if to.is_empty() { "a recipient that cannot be told".to_owned() } else { to.join(", ") };
    let mut reasons: Vec<_> = lure.touches.iter().map(touch_reason).collect();
    reasons.extend(lure.why.iter().cloned());
    if lure.hop > 0 {
        reasons.push(format!("joined in round {} of the pivot", lure.hop));
    }
    reasons.extend(
        recipients.iter().map(|recipient| format!("{}: {}", recipient.email, recipient.how)),
    );
    let detector = if lure.touches.is_empty() { "campaign.pivot" } else { "intel.indicator" };
    let technique = match (beacon, link) {
        (_, true) => Some("T1598.003"),
        (true, false) => Some("T1598"),
        (false, false) => None,
    };
    Finding {
        id: Finding::id(
            "campaign.lure",
            &mail.at.key(),
            mail.message_id.as_deref().unwrap_or_default(),
        ),
        detector: detector.to_owned(),
        title: format!("Lure from {from} to {to}"),
        time,
        confidence: lure.confidence,
        techniques: technique.into_iter().map(str::to_owned).collect(),
        reasons,
        lead: false,
        spans: vec![mail.at.span()],
    }
}

fn touch_reason(touch: &Touch) -> String {
    format!("its {} {} is named by {}", touch.part, touch.value, touch.indicator.source)
}

/// The strictest marking of the indicators that were used.
pub(crate) fn tlp(touches: &[Touch]) -> Option<Tlp> {
    touches.iter().filter_map(|touch| touch.indicator.tlp).max()
}

/// Adds what mails show that came only after an indicator's validity: leads.
pub(crate) fn leads(seeds: &Seeds, findings: &mut Findings) {
    for (mail, touches) in &seeds.leads {
        let from = mail.from.as_deref().unwrap_or("an unknown sender");
        findings.add(
            Finding {
                id: Finding::id("intel.expired", &mail.at.key(), ""),
                detector: "intel.expired".to_owned(),
                title: format!("Mail from {from} shows an indicator after its validity"),
                time: mail.time,
                confidence: 0.2,
                techniques: Vec::new(),
                reasons: touches.iter().map(touch_reason).collect(),
                lead: true,
                spans: vec![mail.at.span()],
            },
            tlp(touches),
        );
    }
}

/// Adds the finding of each delivery and what it proves for its recipient.
pub(crate) fn deliveries(deliveries: &[Delivery], victims: &mut Victims, findings: &mut Findings) {
    for delivery in deliveries {
        let (what, rung) = match delivery.outcome {
            Outcome::Delivered => ("delivered", Some(0.97)),
            Outcome::Relayed => ("handed on", Some(0.85)),
            Outcome::Rejected => ("turned away", None),
            Outcome::Filtered => ("kept back by a filter", None),
            Outcome::Unknown => ("accepted; its outcome is not in the log", None),
        };
        let first = delivery.lines.iter().min();
        let mut reasons = vec![delivery.why.clone()];
        reasons.extend(delivery.message_id.iter().map(|id| format!("Message-ID {id}")));
        let id = findings.add(
            Finding {
                id: Finding::id(
                    "mail.delivery",
                    &delivery.recipient,
                    &first.map(RecordRef::key).unwrap_or_default(),
                ),
                detector: "mail.delivery".to_owned(),
                title: format!("A mail of the campaign to {} was {what}", delivery.recipient),
                time: delivery.begun,
                confidence: delivery.confidence,
                techniques: Vec::new(),
                reasons,
                lead: false,
                spans: delivery.lines.iter().map(RecordRef::span).collect(),
            },
            findings.marking,
        );
        // A line whose time is unknown proves no rung.
        if delivery.begun.is_none() {
            continue;
        }
        let progress = victims.entry(delivery.recipient.clone()).or_default();
        progress.prove(Rung::Targeted, delivery.begun, 0.98 * delivery.confidence, &id);
        match (rung, delivery.outcome) {
            (Some(sure), _) => {
                progress.prove(Rung::Delivered, delivery.ended, sure * delivery.confidence, &id);
            }
            (None, Outcome::Rejected) => progress.turned_away = true,
            (None, Outcome::Filtered) => {
                progress.turned_away = true;
                progress.unknown_delivery = true;
                progress.note(
                    Rung::Delivered,
                    "a filter kept the message back; whether it was released is not in the log",
                );
            }
            (None, _) => {
                progress.unknown_delivery = true;
                progress.note(
                    Rung::Delivered,
                    "the mail server accepted the message; its log does not say what became of it",
                );
            }
        }
    }
}

/// Times by Message-ID, from deliveries that have one.
pub(crate) fn dated(deliveries: &[Delivery]) -> BTreeMap<String, Timestamp> {
    let mut dated: BTreeMap<String, Timestamp> = BTreeMap::new();
    for delivery in deliveries {
        let time = delivery.ended.or(delivery.begun);
        if let (Some(id), Some(time)) = (&delivery.message_id, time) {
            let entry = dated.entry(id.clone()).or_insert(time);
            *entry = (*entry).min(time);
        }
    }
    dated
}
