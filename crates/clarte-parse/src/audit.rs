//! Microsoft 365's unified audit log, however it was exported.
//!
//! `Search-UnifiedAuditLog` and Purview as CSV with the event as JSON in a column,
//! Graph's audit log queries as JSON and CSV, arrays of either one after another
//! (Extractor Suite), and the events themselves, one a line. Specs:
//! <https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema>,
//! <https://learn.microsoft.com/graph/api/resources/security-auditlogrecord>.
//! Times are UTC by documentation. An event that lost its JSON (spreadsheets cut
//! cells) is read from its row's other columns. Left out: what several records
//! tell together, such as throttling; a row's number in its search and how many
//! rows that found are kept, so that holes can be found.

mod event;
mod items;

use std::sync::Arc;

use clarte_model::{Fault, FaultKind, Sink};

use self::event::Envelope;
use crate::json::objects::{self, ReadObject, Span};
use crate::json::{Tape, Value};
use crate::rows::{Header, Row};
use crate::{About, Context, Format, Input, Output};

pub(crate) struct Audit;

impl Format for Audit {
    fn about(&self) -> About {
        About {
            what: "Microsoft 365's unified audit log",
            feeds: "what was done and read from people's accounts",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        objects::recognises(head, &Events)
            || Header::of(head).is_some_and(|header| Columns::of(&header).is_some())
    }

    fn read(&self, input: &mut Input<'_>, _: &Context, out: &mut Output<'_>) -> &'static str {
        let header = Header::of(input.head());
        let columns = header.as_ref().and_then(Columns::of);
        if let (Some(header), Some(columns)) = (header, columns) {
            read_rows(&header, &columns, input, out.sink());
        } else {
            objects::read(input, &Arc::new(Events), out);
        }
        "audit"
    }

    fn version(&self) -> u32 {
        2
    }
}

fn read_rows(header: &Header, columns: &Columns, input: &mut Input<'_>, sink: &mut dyn Sink) {
    let mut rows = header.rows(input, sink);
    let mut tape = Tape::default();
    while let Some(row) = rows.next(header.names.len(), sink) {
        let span = Span { offset: row.offset, length: row.length };
        read_text(columns.data(&row), &columns.envelope(&row), &mut tape, span, sink);
    }
}

/// Reads an event from its JSON or, where that is damaged, from what stands
/// around it.
fn read_text(
    data: &str,
    envelope: &Envelope<'_>,
    tape: &mut Tape,
    span: Span,
    sink: &mut dyn Sink,
) {
    let detail = match tape.read(data) {
        Ok(data) if data.is_object() => return event::read(Some(data), envelope, span, sink),
        Ok(_) => "the event's data is no object".to_owned(),
        Err((_, detail)) => format!("the event's data is {detail}"),
    };
    if envelope.is_empty() {
        return sink.fault(fault(span, true, detail));
    }
    sink.fault(fault(span, false, detail));
    event::read(None, envelope, span, sink);
}

fn fault(Span { offset, length }: Span, lost: bool, detail: String) -> Fault {
    Fault { offset, length, lost, kind: FaultKind::Malformed, detail }
}

/// Which column holds what.
struct Columns {
    data: Option<usize>,
    uid: Option<usize>,
    time: Option<usize>,
    operation: Option<usize>,
    user: Option<usize>,
    ip: Option<usize>,
    kind: Option<usize>,
    service: Option<usize>,
    object: Option<usize>,
    index: Option<usize>,
    count: Option<usize>,
}

impl Columns {
    fn of(header: &Header) -> Option<Self> {
        let first = |names: &[&str]| names.iter().find_map(|name| header.column(name));
        let columns = Self {
            data: first(&["auditdata"]),
            uid: first(&["recordid", "identity", "id"]),
            time: first(&["creationdate", "createddatetime"]),
            operation: first(&["operations", "operation"]),
            user: first(&["userprincipalname", "userids", "userid"]),
            ip: first(&["clientip"]),
            kind: first(&["auditlogrecordtype", "recordtype"]),
            service: first(&["service"]),
            object: first(&["objectid"]),
            index: first(&["resultindex"]),
            count: first(&["resultcount"]),
        };
        // Without the event's data only Graph's columns are telling enough.
        let of_graph = header.column("auditlogrecordtype").is_some()
            && columns.time.is_some()
            && columns.operation.is_some();
        (columns.data.is_some() || of_graph).then_some(columns)
    }

    fn data<'r>(&self, row: &'r Row) -> &'r str {
        cell(row, self.data)
    }

    fn envelope<'r>(&self, row: &'r Row) -> Envelope<'r> {
        Envelope {
            uid: cell(row, self.uid).into(),
            time: cell(row, self.time).into(),
            operation: cell(row, self.operation).into(),
            user: cell(row, self.user).into(),
            ip: cell(row, self.ip).into(),
            kind: cell(row, self.kind).into(),
            service: cell(row, self.service).into(),
            object: cell(row, self.object).into(),
            result_index: cell(row, self.index).parse().ok(),
            result_count: cell(row, self.count).parse().ok(),
        }
    }
}

fn cell(row: &Row, column: Option<usize>) -> &str {
    column.and_then(|column| row.fields.get(column)).map_or("", |cell| cell.trim())
}

/// Events as JSON, each by itself or in a row's object.
struct Events;

impl ReadObject for Events {
    fn is_ours(&self, object: Value<'_, '_>) -> bool {
        match data(object) {
            Some(data) => event::is_event(data) || Envelope::of(object).is_full(),
            None => event::is_event(object) || is_of_graph(object),
        }
    }

    fn read(&self, object: Value<'_, '_>, span: Span, sink: &mut dyn Sink) {
        match data(object) {
            Some(data) if data.is_text() => {
                let mut tape = Tape::default();
                read_text(&data.text(), &Envelope::of(object), &mut tape, span, sink);
            }
            Some(data) => event::read(Some(data), &Envelope::of(object), span, sink),
            None if is_of_graph(object) => event::read(None, &Envelope::of(object), span, sink),
            None if event::is_event(object) => {
                event::read(Some(object), &Envelope::default(), span, sink);
            }
            None => sink.fault(fault(span, true, "an object that is no audit event".to_owned())),
        }
    }
}

/// The event inside a row's object: an object, or its text.
fn data<'a, 't>(object: Value<'a, 't>) -> Option<Value<'a, 't>> {
    let data = object.get("AuditData").or_else(|| object.get("auditData"))?;
    // What Graph has no type for it puts one level deeper.
    let inner = data.get("dynamicProperties").filter(|inner| inner.is_object());
    let data = inner.unwrap_or(data);
    (data.is_object() || data.is_text()).then_some(data)
}

/// Whether the object is one of Graph's records, be it without the event's data.
fn is_of_graph(object: Value<'_, '_>) -> bool {
    object.get("auditLogRecordType").is_some() && Envelope::of(object).is_full()
}
