//! Events as EvtxECmd writes them: a row or object each, the data as JSON in a
//! column. Its other columns repeat what is in there, as far as it has a map for
//! the event; times are UTC. Spec:
//! <https://github.com/EricZimmerman/evtx>.

use std::borrow::Cow;

use clarte_model::{FaultKind, Sink, ZoneBasis};
use jiff::tz::TimeZone;

use super::event::{Event, lost};
use crate::json::objects::Span;
use crate::json::{Kind, Tape, Value};
use crate::rows::Header;
use crate::{Input, time};

/// The columns that are read; members of objects are called the same.
const NAMES: [&str; 8] = [
    "EventRecordId",
    "TimeCreated",
    "EventId",
    "Provider",
    "Channel",
    "Computer",
    "UserId",
    "Payload",
];

/// A table's columns, in that order.
pub(super) struct Columns([usize; NAMES.len()]);

/// The header and the columns of a table of events.
pub(super) fn table(head: &[u8]) -> Option<(Header, Columns)> {
    let header = Header::of(head)?;
    let mut columns = [0; NAMES.len()];
    for (column, name) in columns.iter_mut().zip(NAMES) {
        *column = header.names.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    }
    Some((header, Columns(columns)))
}

/// Reads the rows below a header.
pub(super) fn read_rows(
    header: &Header,
    columns: &Columns,
    input: &mut Input<'_>,
    sink: &mut dyn Sink,
) {
    let mut rows = header.rows(input, sink);
    while let Some(row) = rows.next(header.names.len(), sink) {
        let span = Span { offset: row.offset, length: row.length };
        read(columns.0.map(|column| row.fields[column].trim()), span, sink);
    }
}

/// Whether the object is one of these.
pub(super) fn is_event(object: Value<'_, '_>) -> bool {
    NAMES.iter().all(|name| *name == "UserId" || object.get(name).is_some())
}

/// Reads an object.
pub(super) fn read_object(object: Value<'_, '_>, span: Span, sink: &mut dyn Sink) {
    let texts: [Cow<'_, str>; NAMES.len()] = NAMES.map(|name| {
        let value = object.get(name).filter(|value| !value.is_nothing());
        value.map(Value::text).unwrap_or_default()
    });
    read(texts.each_ref().map(|text| &**text), span, sink);
}

fn read(texts: [&str; NAMES.len()], Span { offset, length }: Span, sink: &mut dyn Sink) {
    let [number, created, code, provider, channel, computer, user, payload] = texts;
    let (mut tape, mut of_user) = (Tape::default(), Tape::default());
    let mut event = Event::new();
    (event.provider, event.channel) = (provider.into(), channel.into());
    event.computer = computer.into();
    (event.code, event.number) = (code.parse().ok(), number.parse().ok());
    event.time = time::iso(created, ZoneBasis::Utc, Some(&TimeZone::UTC));
    let user = format!("\"{user}\"");
    if let Ok(user) = of_user.read(&user) {
        event.kept.push(("user_sid", user));
    }
    match tape.read(payload) {
        _ if payload.is_empty() => {}
        Ok(payload) => event.data.extend(data(payload)),
        Err((_, detail)) => {
            let mut fault =
                lost(offset, length, FaultKind::Malformed, format!("the payload is {detail}"));
            fault.lost = false;
            sink.fault(fault);
        }
    }
    let record = event.record("windows", offset, length, sink);
    sink.record(&record);
}

/// The data of `{"EventData":{"Data":[{"@Name":…,"#text":…}]}}`, or of the one
/// element that `UserData` holds.
fn data<'a, 't>(payload: Value<'a, 't>) -> Vec<(&'a str, Value<'a, 't>)> {
    let mut found = Vec::new();
    if let Some(inner) = payload.get("UserData") {
        for (_, element) in inner.members() {
            let members = element.members().filter(|(name, _)| !name.plain().starts_with('@'));
            found.extend(members.map(|(name, value)| (name.raw(), value)));
        }
    }
    for (name, value) in payload.get("EventData").into_iter().flat_map(Value::members) {
        match value.kind() {
            Kind::Array => found.extend(value.elements().filter_map(named)),
            Kind::Object => found.extend(named(value)),
            _ => found.push((name.raw(), value)),
        }
    }
    found
}

fn named<'a, 't>(datum: Value<'a, 't>) -> Option<(&'a str, Value<'a, 't>)> {
    Some((datum.get("@Name").filter(|name| name.is_text())?.raw(), datum.get("#text")?))
}
