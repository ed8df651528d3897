//! Microsoft 365 message traces as CSV: one row a message or recipient.
//!
//! The reports of `Start-HistoricalSearch` (short and extended) and the exports
//! of `Get-MessageTrace` and `Get-MessageTraceV2`. Times are UTC by
//! documentation; a date with slashes or dashes whose day and month could
//! change places is a fault, and its record has no time (AM or PM says nothing
//! about the order). Spec:
//! <https://learn.microsoft.com/exchange/monitoring/trace-an-email-message/message-trace-faq>.
//! Left out: `Get-MessageTraceDetail`, on-premises tracking logs.

mod date;

use clarte_model::{Class, Fault, FaultKind, Field, Record, Sink, Source, address};

use crate::rows::{Header, Row};
use crate::{Context, Format, Input, Output, json::Object, value};

pub(crate) struct MessageTrace;

impl Format for MessageTrace {
    fn recognises(&self, head: &[u8]) -> bool {
        Header::of(head).is_some_and(|header| Columns::of(&header).is_some())
    }

    fn read(&self, input: &mut Input<'_>, _: &Context, out: &mut Output<'_>) -> &'static str {
        let sink = out.sink();
        let header = Header::of(input.head());
        let columns = header.as_ref().and_then(Columns::of);
        if let (Some(header), Some(columns)) = (header, columns) {
            let mut rows = header.rows(input, sink);
            while let Some(row) = rows.next(header.names.len(), sink) {
                read_row(&row, &columns, sink);
            }
        }
        "message_trace"
    }
}

/// Which column holds what.
struct Columns {
    report: Report,
    time: usize,
    sender: usize,
    recipient: usize,
    status: Option<usize>,
    subject: Option<usize>,
    message_id: Option<usize>,
    from_ip: Option<usize>,
    to_ip: Option<usize>,
    /// Columns that go into `unmapped`, with our names for them.
    kept: Vec<(&'static str, usize)>,
}

/// Which of the exports it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Report {
    /// All recipients with their statuses in one column.
    Historical,
    /// A row an event.
    Extended,
    /// A row a recipient.
    Trace,
}

/// Column names on the left, our names on the right.
const KEPT: &[(&str, &str)] = &[
    ("total_bytes", "size"),
    ("size", "size"),
    ("network_message_id", "trace_id"),
    ("messagetraceid", "trace_id"),
    ("directionality", "direction"),
    ("connector_id", "connector"),
    ("custom_data", "custom_data"),
];

impl Columns {
    fn of(header: &Header) -> Option<Self> {
        let first = |names: &[&str]| names.iter().find_map(|name| header.column(name));
        let (report, time, recipient) = if let Some(time) = first(&["origin_timestamp_utc"]) {
            (Report::Historical, time, first(&["recipient_status"])?)
        } else if let (Some(time), Some(_)) =
            (first(&["date_time_utc", "date_time"]), first(&["event_id"]))
        {
            (Report::Extended, time, first(&["recipient_address"])?)
        } else {
            (Report::Trace, first(&["received"])?, first(&["recipientaddress"])?)
        };
        let kept = KEPT.iter().filter_map(|(name, ours)| Some((*ours, header.column(name)?)));
        Some(Self {
            report,
            time,
            sender: first(&["sender_address", "senderaddress"])?,
            recipient,
            status: first(&["event_id", "status"]),
            subject: first(&["message_subject", "subject"]),
            message_id: first(&["message_id", "messageid"]),
            from_ip: first(&["original_client_ip", "fromip", "client_ip"]),
            to_ip: first(&["toip", "server_ip"]),
            kept: kept.collect(),
        })
    }
}

fn read_row(row: &Row, columns: &Columns, sink: &mut dyn Sink) {
    let (offset, length) = (row.offset, row.length);
    let repair = |kind, detail: String| Fault { offset, length, lost: false, kind, detail };
    let cell = |column: usize| row.fields[column].trim();
    let time = match date::read(cell(columns.time)) {
        Ok(moment) => Some(moment),
        Err(kind) => {
            let shown: String = cell(columns.time).chars().take(40).collect();
            sink.fault(repair(kind, format!("the time {shown:?} gives no moment")));
            None
        }
    };
    let recipients = match columns.report {
        Report::Historical => by_status(cell(columns.recipient)),
        _ => {
            let status = columns.status.map(cell).unwrap_or_default();
            vec![(status, cell(columns.recipient).split(';').collect())]
        }
    };
    for (index, (words, addresses)) in recipients.into_iter().enumerate() {
        let mut record = Record::new(Class::Delivery, Source::Mta, offset, length);
        record.time = time;
        record.index = index as u32;
        let mut unmapped = fill(&mut record, row, columns);
        let known: Vec<_> = addresses.iter().filter_map(|to| address::normalise(to)).collect();
        let unknown = addresses.iter().filter(|to| !to.trim().is_empty()).count() - known.len();
        if unknown > 0 {
            unmapped.text("recipients", &addresses.join(";"));
            let detail = format!("{unknown} recipients are no addresses");
            sink.fault(repair(FaultKind::BadValue, detail));
        }
        record.texts(Field::MailTo, known);
        record.text(Field::Status, status(columns.report, words)).text(Field::StatusDetail, words);
        record.text(Field::Unmapped, unmapped.finish());
        sink.record(&record);
    }
}

/// What all recipients of a row share.
fn fill<'a>(record: &mut Record<'a>, row: &'a Row, columns: &Columns) -> Object {
    let cell = |column: usize| row.fields[column].trim();
    let mut unmapped = Object::default();
    record.text(Field::LogName, "message_trace");
    match (cell(columns.sender), address::normalise(cell(columns.sender))) {
        (_, Some(sender)) => _ = record.text(Field::MailEnvelopeFrom, sender),
        ("" | "<>", None) => {}
        (other, None) => _ = unmapped.text("sender", other),
    }
    if let Some(subject) = columns.subject {
        record.text(Field::MailSubject, cell(subject));
    }
    if let Some(id) = columns.message_id {
        record.text(Field::MailMessageId, cell(id).trim_matches(['<', '>']));
    }
    for (column, field) in [(columns.from_ip, Field::SrcIp), (columns.to_ip, Field::DstIp)] {
        if let Some(ip) = column.and_then(|column| value::ip(cell(column))) {
            record.text(field, ip);
        }
    }
    for (name, column) in &columns.kept {
        if !cell(*column).is_empty() {
            unmapped.text(name, cell(*column));
        }
    }
    unmapped
}

/// `a@b##Receive, Deliver;c@d##Receive, Fail`: recipients of equal status
/// together, in the order of their first.
fn by_status(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for entry in text.split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
        let (recipient, words) = entry.split_once("##").unwrap_or((entry, ""));
        let words = words.trim();
        // Hostile rows aside there are a handful of statuses.
        let recent = groups.len().saturating_sub(16);
        match groups[recent..].iter_mut().find(|(known, _)| *known == words) {
            Some((_, recipients)) => recipients.push(recipient),
            None => groups.push((words, vec![recipient])),
        }
    }
    if groups.is_empty() {
        groups.push(("", Vec::new()));
    }
    groups
}

/// Our word for what became of a message.
fn status(report: Report, words: &str) -> &'static str {
    let words = words.to_lowercase();
    let says = |any: &[&str]| any.iter().any(|word| words.contains(word));
    if says(&["fail", "drop", "reject"]) {
        "rejected"
    } else if says(&["spam", "quarantine", "filtered"]) {
        "filtered"
    } else if says(&["pending", "gettingstatus"]) {
        "pending"
    } else if says(&["defer"]) {
        "deferred"
    } else if says(&["deliver"]) {
        "delivered"
    } else if says(&["send", "expand", "redirect", "transfer", "resolve"]) {
        "relayed"
    } else if report != Report::Trace && says(&["receive", "submit"]) {
        "queued"
    } else {
        "unknown"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_of_all_reports_have_one_vocabulary() {
        for (words, expected) in [
            ("Delivered", "delivered"),
            ("Receive, Deliver", "delivered"),
            ("Receive, Fail", "rejected"),
            ("FilteredAsSpam", "filtered"),
            ("Quarantined", "filtered"),
            ("Expanded", "relayed"),
            ("GettingStatus", "pending"),
            ("None", "unknown"),
        ] {
            assert_eq!(status(Report::Trace, words), expected, "{words}");
        }
        assert_eq!(status(Report::Extended, "RECEIVE"), "queued");
    }

    #[test]
    fn recipients_are_grouped_by_what_became_of_them() {
        let groups = by_status("a@b##Receive, Deliver;c@d##Receive, Fail;e@f##Receive, Deliver;");
        assert_eq!(
            groups,
            [("Receive, Deliver", vec!["a@b", "e@f"]), ("Receive, Fail", vec!["c@d"])]
        );
    }
}
