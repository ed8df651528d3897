//! Microsoft 365 message traces: one row or object a message or recipient.
//!
//! As CSV the reports of `Start-HistoricalSearch` (short and extended) and the
//! exports of `Get-MessageTrace` and `Get-MessageTraceV2`; as JSON what those
//! return by way of `ConvertTo-Json`, and Graph's `messageTraces`. Times are UTC by
//! documentation; a date with slashes or dashes whose day and month could
//! change places is read as the others of the file are meant, as far as its first
//! rows tell; else it is a fault, and its record has no time (AM or PM says nothing
//! about the order). Spec:
//! <https://learn.microsoft.com/exchange/monitoring/trace-an-email-message/message-trace-faq>.
//! <https://learn.microsoft.com/graph/api/resources/exchangemessagetrace>.
//! Left out: `Get-MessageTraceDetail`. On-premises tracking logs are a format of
//! their own, with the same columns.

pub(crate) mod date;
mod json;

use clarte_model::{Class, Fault, FaultKind, Field, Record, Sink, Source, address};

use self::date::Style;
use crate::rows::{Header, Row};
use crate::{About, Context, Format, Input, Output, json::Object, value};

pub(crate) struct MessageTrace;

impl Format for MessageTrace {
    fn about(&self) -> About {
        About {
            what: "Microsoft 365 message traces",
            feeds: "who was sent what, and what became of it",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        json::recognises(head)
            || Header::of(head)
                .is_some_and(|header| Columns::of(|name| header.column(name)).is_some())
    }

    fn read(&self, input: &mut Input<'_>, _: &Context, out: &mut Output<'_>) -> &'static str {
        if json::recognises(input.head()) {
            json::read(input, out);
        } else if let Some(header) = Header::of(input.head())
            && let Some(columns) = Columns::of(|name| header.column(name))
        {
            read_rows(&header, &columns, Style::utc(), input, out.sink());
        }
        "message_trace"
    }

    fn version(&self) -> u32 {
        2
    }
}

/// Reads the rows below a header; of the style of their dates this much is known.
pub(crate) fn read_rows(
    header: &Header,
    columns: &Columns,
    style: Style,
    input: &mut Input<'_>,
    sink: &mut dyn Sink,
) {
    // Traces repeat the days that were asked for, in the style of all dates.
    let more = ["startdate", "enddate"].iter().filter_map(|name| header.column(name));
    let dates: Vec<_> = std::iter::once(columns.time).chain(more).collect();
    let dates = header.cells(input.head(), &dates);
    let style = style.learn(dates.iter().map(String::as_str));
    let mut rows = header.rows(input, sink);
    while let Some(row) = rows.next(header.names.len(), sink) {
        read_row(&row, columns, &style, sink);
    }
}

/// Which column holds what.
pub(crate) struct Columns {
    /// The format's name.
    name: &'static str,
    report: Report,
    time: usize,
    sender: usize,
    recipient: usize,
    /// The envelope's sender, where `sender` is that of the header.
    return_path: Option<usize>,
    status: Option<usize>,
    subject: Option<usize>,
    message_id: Option<usize>,
    from_ip: Option<usize>,
    to_ip: Option<usize>,
    from_host: Option<usize>,
    to_host: Option<usize>,
    /// The status in the server's words, where the status is only a keyword.
    words: Option<usize>,
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
    /// A row an event, as the servers themselves log it.
    Tracking,
    /// The same, as the shell shows it.
    Shell,
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

/// The same for what only tracking logs have.
const KEPT_OF_TRACKING: &[(&str, &str)] = &[
    ("internal_message_id", "internal_id"),
    ("source", "source"),
    ("related_recipient_address", "related"),
    ("reference", "reference"),
    ("message_info", "message_info"),
];

/// The same for what the shell makes of tracking logs.
const KEPT_OF_SHELL: &[(&str, &str)] = &[
    ("totalbytes", "size"),
    ("networkmessageid", "trace_id"),
    ("directionality", "direction"),
    ("connectorid", "connector"),
    ("eventdata", "custom_data"),
    ("internalmessageid", "internal_id"),
    ("source", "source"),
    ("relatedrecipientaddress", "related"),
    ("reference", "reference"),
    ("messageinfo", "message_info"),
];

impl Columns {
    /// Those of a trace, whose columns `column` finds by name.
    fn of(column: impl Fn(&str) -> Option<usize>) -> Option<Self> {
        let first = |wanted: &[&str]| wanted.iter().find_map(|name| column(name));
        let (report, time, recipient) = if let Some(time) = first(&["origin_timestamp_utc"]) {
            (Report::Historical, time, first(&["recipient_status"])?)
        } else if let (Some(time), Some(_)) =
            (first(&["date_time_utc", "date_time"]), first(&["event_id"]))
        {
            (Report::Extended, time, first(&["recipient_address"])?)
        } else {
            (Report::Trace, first(&["received"])?, first(&["recipientaddress"])?)
        };
        let kept = KEPT.iter().filter_map(|(name, ours)| Some((*ours, column(name)?)));
        Some(Self {
            name: "message_trace",
            report,
            time,
            sender: first(&["sender_address", "senderaddress"])?,
            recipient,
            return_path: first(&["return_path"]),
            status: first(&["event_id", "status"]),
            subject: first(&["message_subject", "subject"]),
            message_id: first(&["message_id", "messageid"]),
            from_ip: first(&["original_client_ip", "fromip", "client_ip"]),
            to_ip: first(&["toip", "server_ip"]),
            from_host: None,
            to_host: None,
            words: None,
            kept: kept.collect(),
        })
    }

    /// Those of a tracking log, which has the columns of an extended report and
    /// more.
    pub(crate) fn of_tracking(header: &Header) -> Option<Self> {
        let column = |name: &str| header.column(name);
        let common = Self::of(column).filter(|columns| columns.report == Report::Extended)?;
        let more = KEPT_OF_TRACKING.iter();
        let more = more.filter_map(|(name, ours)| Some((*ours, column(name)?)));
        Some(Self {
            name: "exchange",
            report: Report::Tracking,
            from_host: column("client_hostname"),
            to_host: column("server_hostname"),
            words: column("recipient_status"),
            kept: common.kept.iter().copied().chain(more).collect(),
            ..common
        })
    }

    /// Those of `Get-MessageTrackingLog`, which `column` finds by name.
    pub(crate) fn of_shell(column: impl Fn(&str) -> Option<usize>) -> Option<Self> {
        let kept = KEPT_OF_SHELL.iter().filter_map(|(name, ours)| Some((*ours, column(name)?)));
        Some(Self {
            name: "exchange",
            report: Report::Shell,
            time: column("timestamp")?,
            sender: column("sender")?,
            recipient: column("recipients")?,
            return_path: column("returnpath"),
            status: Some(column("eventid")?),
            subject: column("messagesubject"),
            message_id: column("messageid"),
            from_ip: column("originalclientip").or_else(|| column("clientip")),
            to_ip: column("serverip"),
            from_host: column("clienthostname"),
            to_host: column("serverhostname"),
            words: column("recipientstatus"),
            kept: kept.collect(),
        })
    }
}

/// What the shell writes in place of a list, unless told how to join it.
const NO_LIST: &str = "System.String[]";

pub(crate) fn read_row(row: &Row, columns: &Columns, style: &Style, sink: &mut dyn Sink) {
    let (offset, length) = (row.offset, row.length);
    let repair = |kind, detail: String| Fault { offset, length, lost: false, kind, detail };
    let cell = |column: usize| row.fields[column].trim();
    let time = match style.read(cell(columns.time)) {
        Ok(moment) => Some(moment),
        Err(kind) => {
            let shown: String = cell(columns.time).chars().take(40).collect();
            sink.fault(repair(kind, format!("the time {shown:?} gives no moment")));
            None
        }
    };
    let recipients = match columns.report {
        Report::Historical => by_status(cell(columns.recipient)),
        report => {
            let status = columns.status.map(cell).unwrap_or_default();
            let all = cell(columns.recipient);
            let all = match report {
                Report::Shell if all == NO_LIST => Vec::new(),
                Report::Shell => all.split([';', ',', ' ', '{', '}']).collect(),
                _ => all.split(';').collect(),
            };
            vec![(status, all)]
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
        record.text(Field::Status, status(columns.report, words));
        let more = columns.words.map(|words| cell(words).trim_matches([';', ' ', '{', '}']));
        let more = more.filter(|more| !more.is_empty() && *more != NO_LIST);
        match more {
            Some(more) => record.text(Field::StatusDetail, [words, " ", more].concat()),
            None => record.text(Field::StatusDetail, words),
        };
        record.text(Field::Unmapped, unmapped.finish());
        sink.record(&record);
    }
}

/// What all recipients of a row share.
fn fill<'a>(record: &mut Record<'a>, row: &'a Row, columns: &Columns) -> Object {
    let cell = |column: usize| row.fields[column].trim();
    let mut unmapped = Object::default();
    record.text(Field::LogName, columns.name);
    let sender = (cell(columns.sender), address::normalise(cell(columns.sender)));
    let envelope = columns.return_path.map(cell).filter(|path| !path.is_empty());
    let envelope = envelope.map(|path| (path, address::normalise(path)));
    // Servers log the header's sender beside the envelope's; traces only one.
    let (header, envelope) = match envelope {
        Some(envelope) => (Some(sender), envelope),
        None => (None, sender),
    };
    for (field, name, (text, address)) in [
        header.map(|header| (Field::MailFrom, "sender", header)),
        Some((Field::MailEnvelopeFrom, "envelope_sender", envelope)),
    ]
    .into_iter()
    .flatten()
    {
        match (text, address) {
            (_, Some(address)) => _ = record.text(field, address),
            ("" | "<>", None) => {}
            (other, None) => _ = unmapped.text(name, other),
        }
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
    if let Some(host) = columns.from_host {
        record.text(Field::SrcHostname, cell(host));
    }
    if let Some(host) = columns.to_host.and_then(|host| value::host(cell(host).into())) {
        record.text(Field::DstHostname, host);
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
    match report {
        Report::Tracking | Report::Shell => return status_of_event(words),
        Report::Extended => match status_of_event(words) {
            "unknown" if words.starts_with("HA") => return "unknown",
            "unknown" => {}
            known => return known,
        },
        _ => {}
    }
    let words = words.to_lowercase().replace(' ', "");
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

/// The same for a server's event. Events about shadow copies (`HA…`), reports and
/// moderation's mails say nothing about what became of the message itself.
fn status_of_event(event: &str) -> &'static str {
    match event {
        "DELIVER" | "DUPLICATEDELIVER" => "delivered",
        "SEND" | "SENDEXTERNAL" | "TRANSFER" | "EXPAND" | "DUPLICATEEXPAND" | "REDIRECT"
        | "DUPLICATEREDIRECT" | "RESOLVE" => "relayed",
        "RECEIVE" | "SUBMIT" | "RESUBMIT" | "LOAD" => "queued",
        "DEFER" | "SUBMITDEFER" => "deferred",
        "FAIL" | "SUBMITFAIL" | "BADMAIL" | "DROP" | "POISONMESSAGE" | "MODERATORREJECT" => {
            "rejected"
        }
        _ => "unknown",
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
            ("Getting Status", "pending"),
            ("Filtered as spam", "filtered"),
            ("Resolved", "relayed"),
            ("None", "unknown"),
        ] {
            assert_eq!(status(Report::Trace, words), expected, "{words}");
        }
        assert_eq!(status(Report::Extended, "RECEIVE"), "queued");
        assert_eq!(status(Report::Extended, "HAREDIRECT"), "unknown");
        assert_eq!(status(Report::Tracking, "FAIL"), "rejected");
        assert_eq!(status(Report::Shell, "DELIVER"), "delivered");
        assert_eq!(status(Report::Tracking, "HAREDIRECTFAIL"), "unknown");
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
