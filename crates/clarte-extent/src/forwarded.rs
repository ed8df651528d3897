//! Mail that went to an address to which the campaign has mail sent on, by what
//! mail servers and message traces say of it.
//!
//! The rule tells whose mail it was, and from when on: what is redirected keeps
//! the name of whoever wrote it. Servers that write a line for each step name
//! the message and its size beside the queue's id. One message that several
//! logs or lines tell of went once.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{Only, ReadError, Records};
use clarte_model::{Class, Field, Timestamp};

use crate::cite::Findings;
use crate::narrow;
use crate::takeover::{Forward, Takeover};
use crate::transfers::{Kind, Transfer, transfer};

/// How far a message to such an address is one that was sent on.
const SENT_ON: f64 = 0.9;

/// Seconds by which the clocks of an audit log and a mail server may differ.
const CLOCKS: i64 = 300;

/// Seconds after which a server may give a queue's id anew.
const QUEUE_REUSED: i64 = 86_400;

/// A message in one server's queue.
type Queue = (String, String);

/// A message on its way out, as one record tells it.
struct Leaving {
    transfer: Transfer,
    id: Option<String>,
    sender: Option<String>,
    queue: Option<Queue>,
}

/// Every such message, once.
pub(crate) fn read(
    records: &dyn Records,
    takeover: &Takeover,
    findings: &Findings,
) -> Result<Vec<Transfer>, ReadError> {
    let mut leaving = leaving(records, takeover, findings)?;
    complete(records, &mut leaving)?;
    leaving.sort_by(|a, b| {
        let place = |one: &Leaving| (one.transfer.time, one.transfer.at.clone());
        (place(a), &a.id, &a.sender).cmp(&(place(b), &b.id, &b.sender))
    });
    let mut once: BTreeMap<(String, String), Transfer> = BTreeMap::new();
    for mut message in leaving {
        let Some(forward) = takeover.forwards.get(&message.transfer.to) else { continue };
        message.transfer.owner = owner(forward, message.sender.as_deref());
        let key = message
            .id
            .unwrap_or_else(|| format!("{:?} {:?}", message.transfer.time, message.sender));
        let key = (key, message.transfer.to.clone());
        match once.get_mut(&key) {
            None => drop(once.insert(key, message.transfer)),
            Some(known) => {
                known.at.extend(message.transfer.at);
                known.at.sort();
                known.bytes = known.bytes.max(message.transfer.bytes);
                known.kind = known.kind.min(message.transfer.kind);
                known.time = crate::cite::earliest(known.time, message.transfer.time);
            }
        }
    }
    Ok(once.into_values().collect())
}

fn leaving(
    records: &dyn Records,
    takeover: &Takeover,
    findings: &Findings,
) -> Result<Vec<Leaving>, ReadError> {
    let to: BTreeSet<String> = takeover.forwards.keys().cloned().collect();
    let only = [Only { field: Field::MailTo, values: &to }];
    let fields = [
        Field::MailTo,
        Field::MailFrom,
        Field::MailEnvelopeFrom,
        Field::MailMessageId,
        Field::QueueId,
        Field::Reporter,
        Field::Status,
        Field::Unmapped,
    ];
    let mut all = Vec::new();
    narrow::scan(records, Class::Delivery, &fields, &only, &mut |stored| {
        let record = stored.record;
        let kind = match record.get_text(Field::Status) {
            Some("delivered" | "relayed") => Kind::Sent,
            Some("rejected" | "bounced" | "filtered" | "expired") => Kind::Attempt,
            _ => return,
        };
        // A line whose time is unknown proves no rung.
        let Some(time) = record.time.map(|time| time.at) else { return };
        let text = |field| record.get_text(field).map(str::to_owned);
        for address in record.get_texts(Field::MailTo) {
            let Some(forward) = takeover.forwards.get(address) else { continue };
            if forward.since.is_some_and(|since| time.plus_seconds(CLOCKS) < since) {
                continue;
            }
            let size = record.get_text(Field::Unmapped).and_then(size);
            let sure = SENT_ON * forward.confidence;
            let mut transfer = transfer(&stored, address, kind, size, sure);
            transfer.tlp = forward.findings.iter().filter_map(|id| findings.tlp(id)).max();
            all.push(Leaving {
                transfer,
                id: text(Field::MailMessageId),
                sender: text(Field::MailFrom).or(text(Field::MailEnvelopeFrom)),
                queue: text(Field::Reporter).zip(text(Field::QueueId)),
            });
        }
    })?;
    Ok(all)
}

/// What other lines of the same queue's id say of a message.
struct Line {
    time: Timestamp,
    id: Option<String>,
    sender: Option<String>,
    size: Option<i64>,
}

/// Takes sender, size and Message-ID from other lines of the same queue.
fn complete(records: &dyn Records, leaving: &mut [Leaving]) -> Result<(), ReadError> {
    let queues: BTreeSet<Queue> = leaving.iter().filter_map(|one| one.queue.clone()).collect();
    let ids = queues.iter().map(|(_, id)| id.clone()).collect();
    let only = [Only { field: Field::QueueId, values: &ids }];
    let fields = [
        Field::MailFrom,
        Field::MailEnvelopeFrom,
        Field::MailMessageId,
        Field::QueueId,
        Field::Reporter,
        Field::Unmapped,
    ];
    let mut lines: BTreeMap<Queue, Vec<Line>> = BTreeMap::new();
    narrow::scan(records, Class::Delivery, &fields, &only, &mut |stored| {
        let record = stored.record;
        let text = |field| record.get_text(field).map(str::to_owned);
        let queue = text(Field::Reporter).zip(text(Field::QueueId));
        let (Some(queue), Some(time)) = (queue, record.time.map(|time| time.at)) else { return };
        if !queues.contains(&queue) {
            return;
        }
        let line = Line {
            time,
            id: text(Field::MailMessageId),
            sender: text(Field::MailFrom).or(text(Field::MailEnvelopeFrom)),
            size: record.get_text(Field::Unmapped).and_then(size),
        };
        if line.id.is_some() || line.sender.is_some() || line.size.is_some() {
            lines.entry(queue).or_default().push(line);
        }
    })?;
    for one in leaving {
        let Some(time) = one.transfer.time else { continue };
        let of = one.queue.as_ref().and_then(|queue| lines.get(queue));
        let apart = |line: &Line| line.time.0.abs_diff(time.0);
        let near = |line: &&Line| {
            line.time <= time.plus_seconds(QUEUE_REUSED)
                && time <= line.time.plus_seconds(QUEUE_REUSED)
        };
        let mut near: Vec<&Line> = of.into_iter().flatten().filter(near).collect();
        near.sort_by_key(|line| (apart(line), line.time, &line.id, &line.sender, line.size));
        for line in near {
            one.id = one.id.take().or_else(|| line.id.clone());
            one.sender = one.sender.take().or_else(|| line.sender.clone());
            let size = line.size.and_then(|size| u64::try_from(size).ok());
            one.transfer.bytes = one.transfer.bytes.or(size);
        }
    }
    Ok(())
}

/// Whose mail it was: that of the one mailbox with such a rule, else of the one
/// that wrote it.
fn owner(forward: &Forward, sender: Option<&str>) -> Option<String> {
    let mut owners = forward.owners.iter();
    match (owners.next(), owners.next()) {
        (Some(one), None) => Some(one.clone()),
        _ => forward.owners.iter().find(|owner| Some(owner.as_str()) == sender).cloned(),
    }
}

/// The size that a mail server's line keeps beside its columns.
fn size(json: &str) -> Option<i64> {
    let all: serde_json::Value = serde_json::from_str(json).ok()?;
    match all.get("size")? {
        serde_json::Value::Number(number) => number.as_i64(),
        serde_json::Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}
