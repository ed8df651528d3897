//! What the mail servers say of the campaign's mails: who was addressed, what
//! was delivered, what was turned away.
//!
//! A delivery is several lines of a mail server's log, joined over the whole
//! case by machine and queue id (Postfix reuses short queue ids: a `removed`
//! line ends a life), or one row of a message trace.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{ObservableKind, Only, ReadError, Records};
use clarte_model::{Class, Field, Indicator, Lookup, Observable, Timestamp, address};

use crate::cite::{RecordRef, earliest};
use crate::narrow;

/// What became of one message for one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Turned away before or instead of delivery.
    Rejected,
    /// Quarantined or discarded by a filter.
    Filtered,
    /// Not known: pending, deferred, or the log ends.
    Unknown,
    /// Handed to a next hop whose word we do not have.
    Relayed,
    /// In the mailbox.
    Delivered,
}

/// What the mail servers say of one message to one recipient.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) recipient: String,
    pub(crate) outcome: Outcome,
    /// When it was accepted or refused first.
    pub(crate) begun: Option<Timestamp>,
    /// When the outcome was reached.
    pub(crate) ended: Option<Timestamp>,
    pub(crate) message_id: Option<String>,
    /// Why it is the campaign's, in words.
    pub(crate) why: String,
    pub(crate) confidence: f64,
    pub(crate) lines: Vec<RecordRef>,
    /// The queue that it went through, and the one that took it over.
    queue: Option<String>,
    next: Option<String>,
}

/// What makes a delivery the campaign's.
pub(crate) struct Marks<'m> {
    pub(crate) lookup: &'m dyn Lookup,
    /// Message-IDs of lures, with their confidence.
    pub(crate) message_ids: BTreeMap<&'m str, f64>,
    /// Addresses from which the campaign sends, with their confidence.
    pub(crate) senders: BTreeMap<&'m str, f64>,
    /// Registrable domains from which it sends.
    pub(crate) domains: &'m BTreeSet<String>,
    /// Whether an address is of the office.
    pub(crate) is_own: &'m dyn Fn(&str) -> bool,
}

const FIELDS: &[Field] = &[
    Field::SrcIp,
    Field::MailMessageId,
    Field::MailEnvelopeFrom,
    Field::MailFrom,
    Field::MailTo,
    Field::MailSubject,
    Field::QueueId,
    Field::Reporter,
    Field::Status,
    Field::StatusDetail,
    Field::NextQueueId,
    Field::Unmapped,
];

/// One line or row.
#[derive(Debug, Clone)]
struct Line {
    at: RecordRef,
    time: Option<Timestamp>,
    recipients: Vec<String>,
    status: String,
    detail: String,
    message_id: Option<String>,
    queue: Option<String>,
    next: Option<String>,
    /// Whether a client connects here: the beginning of a life.
    begins: bool,
    /// Why this line alone makes the message the campaign's.
    mark: Option<(String, f64)>,
}

type Queue = (String, String);

/// Every delivery of the campaign, by recipient and time. Memory grows with
/// the campaign, not with the logs.
pub(crate) fn read(records: &dyn Records, marks: &Marks<'_>) -> Result<Vec<Delivery>, ReadError> {
    let mut queues: BTreeMap<Queue, Vec<Line>> = BTreeMap::new();
    let mut rows = Vec::new();
    let marked = Marked::read(records, marks)?;
    narrow::scan(records, Class::Delivery, FIELDS, &marked.only(), &mut |stored| {
        let line = line(&stored, marks);
        if line.mark.is_none() {
            return;
        }
        match queue(stored.record) {
            Some(queue) => drop(queues.entry(queue).or_default()),
            None => rows.push(line),
        }
    })?;
    let ids = queues.keys().map(|(_, id)| id.clone()).collect();
    let only = [Only { field: Field::QueueId, values: &ids }];
    narrow::scan(records, Class::Delivery, FIELDS, &only, &mut |stored| {
        let known = queue(stored.record).and_then(|queue| queues.get_mut(&queue));
        if let Some(lines) = known {
            lines.push(line(&stored, marks));
        }
    })?;
    let lives = queues.into_values().flat_map(lives);
    let rows = rows.into_iter().map(|row| vec![row]);
    let mut all: Vec<_> = lives.chain(rows).flat_map(|life| deliveries(&life)).collect();
    follow_queues(&mut all);
    all.sort_by(|a, b| (&a.recipient, a.begun, &a.lines).cmp(&(&b.recipient, b.begun, &b.lines)));
    Ok(all)
}

/// The values in evidence by one of which a line can be marked: what [`mark`]
/// looks at, asked of the index.
struct Marked {
    message_ids: BTreeSet<String>,
    senders: BTreeSet<String>,
    ips: BTreeSet<String>,
    subjects: BTreeSet<String>,
}

impl Marked {
    fn read(records: &dyn Records, marks: &Marks<'_>) -> Result<Self, ReadError> {
        let named = |what: Observable<'_>| !marks.lookup.find(what).is_empty();
        let values = |kind, wanted: &dyn Fn(&str) -> bool| narrow::values(records, &[kind], wanted);
        Ok(Self {
            message_ids: values(ObservableKind::MessageId, &|id| {
                marks.message_ids.contains_key(id) || named(Observable::MessageId(id))
            })?,
            senders: values(ObservableKind::Email, &|sender| {
                let domain = address::domain(sender).unwrap_or_default();
                marks.senders.contains_key(sender)
                    || marks.domains.contains(clarte_model::host::registrable(domain))
                    || named(Observable::Email(sender))
                    || named(Observable::Host(domain))
            })?,
            ips: values(ObservableKind::Ip, &|ip| {
                ip.parse().is_ok_and(|ip| named(Observable::Ip(ip)))
            })?,
            subjects: values(ObservableKind::Subject, &|subject| {
                named(Observable::Subject(subject))
            })?,
        })
    }

    fn only(&self) -> [Only<'_>; 5] {
        [
            Only { field: Field::MailMessageId, values: &self.message_ids },
            Only { field: Field::MailEnvelopeFrom, values: &self.senders },
            Only { field: Field::MailFrom, values: &self.senders },
            Only { field: Field::SrcIp, values: &self.ips },
            Only { field: Field::MailSubject, values: &self.subjects },
        ]
    }
}

/// `NOQUEUE` is no queue: such a line stands alone.
fn queue(record: &clarte_model::Record<'_>) -> Option<Queue> {
    let id = record.get_text(Field::QueueId).filter(|id| *id != "NOQUEUE")?;
    Some((record.get_text(Field::Reporter).unwrap_or_default().to_owned(), id.to_owned()))
}

fn line(stored: &clarte_model::lake::Stored<'_>, marks: &Marks<'_>) -> Line {
    let record = stored.record;
    let text = |field| record.get_text(field).unwrap_or_default().to_owned();
    let time = record.time.map(|time| time.at);
    let known = |field| record.get_text(field).map(str::to_owned);
    let status = record.get_text(Field::Status);
    Line {
        at: RecordRef::of(stored),
        time,
        queue: known(Field::QueueId),
        next: known(Field::NextQueueId),
        begins: record.get_text(Field::SrcIp).is_some()
            && record.get_text(Field::MailMessageId).is_none()
            && status.is_none(),
        recipients: recipients(record, marks),
        status: text(Field::Status),
        detail: text(Field::StatusDetail),
        message_id: record.get_text(Field::MailMessageId).map(str::to_owned),
        mark: mark(record, time, marks),
    }
}

/// The recipients of a line. Where an alias of the office sends a message on to
/// a stranger, the alias was addressed, not the stranger.
fn recipients(record: &clarte_model::Record<'_>, marks: &Marks<'_>) -> Vec<String> {
    let original = record.get_text(Field::Unmapped).and_then(|unmapped| {
        let value: serde_json::Value = serde_json::from_str(unmapped).ok()?;
        address::normalise(value.get("orig_to")?.as_str()?)
    });
    let original = original.filter(|email| (marks.is_own)(email));
    let all = record.get_texts(Field::MailTo);
    all.map(|to| match &original {
        Some(original) if !(marks.is_own)(to) => original.clone(),
        _ => to.to_owned(),
    })
    .collect()
}

/// Why a line belongs to the campaign, and how certainly.
fn mark(
    record: &clarte_model::Record<'_>,
    time: Option<Timestamp>,
    marks: &Marks<'_>,
) -> Option<(String, f64)> {
    let mut found: Vec<(String, f64)> = Vec::new();
    if let Some(id) = record.get_text(Field::MailMessageId) {
        if let Some(confidence) = marks.message_ids.get(id) {
            found.push((format!("it has the Message-ID of a lure, {id}"), *confidence));
        }
        found.extend(named(marks, Observable::MessageId(id), id, time));
    }
    for sender in [Field::MailEnvelopeFrom, Field::MailFrom].map(|field| record.get_text(field)) {
        let Some(sender) = sender else { continue };
        if let Some(confidence) = marks.senders.get(sender) {
            found
                .push((format!("it comes from {sender}, an address of the campaign"), *confidence));
        }
        found.extend(named(marks, Observable::Email(sender), sender, time));
        let Some(domain) = address::domain(sender) else { continue };
        found.extend(named(marks, Observable::Host(domain), domain, time));
        let registrable = clarte_model::host::registrable(domain);
        if marks.domains.contains(registrable) {
            found.push((format!("it comes from {registrable}, a domain of the campaign"), 0.8));
        }
    }
    if let Some(ip) = record.get_text(Field::SrcIp)
        && let Ok(parsed) = ip.parse()
    {
        found.extend(named(marks, Observable::Ip(parsed), ip, time));
    }
    if let Some(subject) = record.get_text(Field::MailSubject) {
        found.extend(named(marks, Observable::Subject(subject), subject, time));
    }
    found.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)))
}

/// The reason for a value that an indicator names and whose validity is not
/// over.
fn named(
    marks: &Marks<'_>,
    what: Observable<'_>,
    value: &str,
    time: Option<Timestamp>,
) -> Option<(String, f64)> {
    let valid = |indicator: &&Indicator| !indicator.validity.is_over(time);
    let indicator = marks.lookup.find(what).into_iter().find(valid)?;
    Some((format!("it shows {value}, named by {}", indicator.source), 0.95))
}

/// Where a message was handed from queue to queue, the last queue has the last
/// word.
fn follow_queues(all: &mut [Delivery]) {
    let last: BTreeMap<(String, String), (Outcome, Option<Timestamp>)> = all
        .iter()
        .filter_map(|delivery| {
            let key = (delivery.queue.clone()?, delivery.recipient.clone());
            Some((key, (delivery.outcome, delivery.ended)))
        })
        .collect();
    // Each pass carries the word one queue back; chains are short.
    for _ in 0..4 {
        for delivery in all.iter_mut() {
            let Some(next) = delivery.next.clone() else { continue };
            if let Some((outcome, ended)) = last.get(&(next, delivery.recipient.clone())) {
                (delivery.outcome, delivery.ended) = (*outcome, *ended);
            }
        }
    }
}

/// Cuts the lines of one queue id into the lives of messages. A life ends with
/// `removed`; where that line is missing, the next begins with a client or with
/// another Message-ID.
fn lives(mut lines: Vec<Line>) -> Vec<Vec<Line>> {
    lines.sort_by(|a, b| (a.time, &a.at).cmp(&(b.time, &b.at)));
    let mut lives: Vec<Vec<Line>> = vec![Vec::new()];
    for line in lines {
        let life = lives.last().map(Vec::as_slice).unwrap_or_default();
        let other_message = life.iter().any(|known| {
            known.message_id.is_some()
                && line.message_id.is_some()
                && known.message_id != line.message_id
        });
        let used = life.iter().any(|known| !known.begins);
        if other_message || line.begins && used {
            lives.push(Vec::new());
        }
        let ends = line.status == "removed";
        if let Some(life) = lives.last_mut() {
            life.push(line);
        }
        if ends {
            lives.push(Vec::new());
        }
    }
    lives.retain(|life| life.iter().any(|line| line.mark.is_some()));
    lives
}

/// What one message's lines say for each of its recipients.
fn deliveries(life: &[Line]) -> Vec<Delivery> {
    let mark = life.iter().filter_map(|line| line.mark.clone());
    let Some((why, confidence)) =
        mark.max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)))
    else {
        return Vec::new();
    };
    let begun = life.iter().map(|line| line.time).fold(None, earliest);
    let message_id = life.iter().find_map(|line| line.message_id.clone());
    // Lines that name no recipient concern the message as a whole.
    let common: Vec<_> =
        life.iter().filter(|line| line.recipients.is_empty()).map(|line| line.at.clone()).collect();
    let mut by_recipient: BTreeMap<String, Delivery> = BTreeMap::new();
    for line in life {
        for recipient in &line.recipients {
            let outcome = outcome(line);
            let entry = by_recipient.entry(recipient.clone()).or_insert_with(|| Delivery {
                recipient: recipient.clone(),
                outcome,
                begun,
                ended: line.time,
                message_id: message_id.clone(),
                why: why.clone(),
                confidence,
                lines: common.clone(),
                queue: line.queue.clone(),
                next: line.next.clone(),
            });
            entry.next = entry.next.take().or_else(|| line.next.clone());
            if outcome > entry.outcome || entry.outcome == Outcome::Unknown {
                (entry.outcome, entry.ended) = (outcome, line.time);
            }
            entry.lines.push(line.at.clone());
        }
    }
    by_recipient.into_values().collect()
}

fn outcome(line: &Line) -> Outcome {
    let detail = line.detail.to_ascii_lowercase();
    if detail.contains("discarded") || detail.contains("quarantine") {
        return Outcome::Filtered;
    }
    if detail == "expanded" || detail.starts_with("expanded ") {
        // A list was unfolded: its members' outcomes have lines of their own.
        return Outcome::Unknown;
    }
    match line.status.as_str() {
        "delivered" => Outcome::Delivered,
        "relayed" => Outcome::Relayed,
        "rejected" | "bounced" | "expired" => Outcome::Rejected,
        "filtered" => Outcome::Filtered,
        _ => Outcome::Unknown,
    }
}
