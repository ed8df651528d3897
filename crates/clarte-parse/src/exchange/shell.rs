//! Tracked events as objects of the shell, by way of `ConvertTo-Json`.

use std::sync::{Arc, LazyLock};

use clarte_model::Sink;
use jiff::tz::TimeZone;

use crate::json::objects::{self, ReadObject, Span};
use crate::json::{Kind, Value};
use crate::message_trace::date::Style;
use crate::message_trace::{Columns, read_row};
use crate::rows::Row;
use crate::{Input, Output};

pub(super) fn recognises(head: &[u8]) -> bool {
    objects::recognises(head, &Events { style: Style::utc() })
}

pub(super) fn read(input: &mut Input<'_>, zone: TimeZone, out: &mut Output<'_>) {
    objects::read(input, &Arc::new(Events { style: Style::local(zone) }), out);
}

/// The columns of a row made of an object.
static COLUMNS: LazyLock<Option<Columns>> =
    LazyLock::new(|| Columns::of_shell(|name| NAMES.iter().position(|known| *known == name)));

/// Their names, in order: those of the members, in lower case.
const NAMES: [&str; 23] = [
    "timestamp",
    "eventid",
    "source",
    "sender",
    "recipients",
    "recipientstatus",
    "relatedrecipientaddress",
    "returnpath",
    "messagesubject",
    "messageid",
    "messageinfo",
    "internalmessageid",
    "networkmessageid",
    "clientip",
    "clienthostname",
    "originalclientip",
    "serverip",
    "serverhostname",
    "connectorid",
    "directionality",
    "reference",
    "totalbytes",
    "eventdata",
];

struct Events {
    style: Style,
}

impl ReadObject for Events {
    fn is_ours(&self, object: Value<'_, '_>) -> bool {
        ["Timestamp", "EventId", "Sender", "Recipients"]
            .iter()
            .all(|name| object.get(name).is_some())
    }

    fn read(&self, object: Value<'_, '_>, span: Span, sink: &mut dyn Sink) {
        let mut fields = vec![String::new(); NAMES.len()];
        for (name, value) in object.members().filter(|(_, value)| !value.is_nothing()) {
            let name = name.plain();
            if let Some(at) = NAMES.iter().position(|known| known.eq_ignore_ascii_case(name)) {
                fields[at] = text(value);
            }
        }
        let row = Row { offset: span.offset, length: span.length, fields };
        // The names hold what a tracked event needs.
        if let Some(columns) = &*COLUMNS {
            read_row(&row, columns, &self.style, sink);
        }
    }
}

/// A list's texts are joined as the log itself joins them.
fn text(value: Value<'_, '_>) -> String {
    if value.kind() != Kind::Array || value.elements().any(|element| !element.is_text()) {
        return if value.is_text() { value.text() } else { value.json() }.into_owned();
    }
    value.elements().map(Value::text).collect::<Vec<_>>().join(";")
}
