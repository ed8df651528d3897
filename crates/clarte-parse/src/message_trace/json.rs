//! Traces as JSON: an object a message and recipient, in lines or arrays, or in
//! the pages that Graph answers with.

use std::sync::{Arc, LazyLock};

use clarte_model::Sink;

use super::date::Style;
use super::{Columns, read_row};
use crate::json::Value;
use crate::json::objects::{self, ReadObject, Span};
use crate::rows::Row;
use crate::{Input, Output};

pub(super) fn recognises(head: &[u8]) -> bool {
    objects::recognises(head, &Traces)
}

pub(super) fn read(input: &mut Input<'_>, out: &mut Output<'_>) {
    objects::read(input, &Arc::new(Traces), out);
}

/// What members are called on the left, in PowerShell and in Graph, and the column
/// of the CSV export that holds the same on the right.
const MEMBERS: &[(&str, &str)] = &[
    ("Received", "received"),
    ("receivedDateTime", "received"),
    ("SenderAddress", "senderaddress"),
    ("senderAddress", "senderaddress"),
    ("RecipientAddress", "recipientaddress"),
    ("recipientAddress", "recipientaddress"),
    ("Status", "status"),
    ("status", "status"),
    ("Subject", "subject"),
    ("subject", "subject"),
    ("MessageId", "messageid"),
    ("messageId", "messageid"),
    ("FromIP", "fromip"),
    ("fromIP", "fromip"),
    ("ToIP", "toip"),
    ("toIP", "toip"),
    ("Size", "size"),
    ("size", "size"),
    ("MessageTraceId", "messagetraceid"),
    ("id", "messagetraceid"),
];

/// The columns of a row made of an object.
static COLUMNS: LazyLock<Option<Columns>> =
    LazyLock::new(|| Columns::of(|name| NAMES.iter().position(|known| *known == name)));

/// Their names, in order.
const NAMES: [&str; 10] = [
    "received",
    "senderaddress",
    "recipientaddress",
    "status",
    "subject",
    "messageid",
    "fromip",
    "toip",
    "size",
    "messagetraceid",
];

struct Traces;

impl ReadObject for Traces {
    fn is_ours(&self, object: Value<'_, '_>) -> bool {
        let has = |one: &str, other: &str| object.get(one).or_else(|| object.get(other)).is_some();
        has("Received", "receivedDateTime")
            && has("SenderAddress", "senderAddress")
            && has("RecipientAddress", "recipientAddress")
    }

    fn read(&self, object: Value<'_, '_>, span: Span, sink: &mut dyn Sink) {
        let mut fields = vec![String::new(); NAMES.len()];
        for (name, value) in object.members() {
            let column = MEMBERS.iter().find(|(member, _)| *member == name.plain());
            let place = column.and_then(|(_, column)| NAMES.iter().position(|n| n == column));
            if let Some(place) = place.filter(|_| !value.is_nothing()) {
                fields[place] = value.text().into_owned();
            }
        }
        let row = Row { offset: span.offset, length: span.length, fields };
        // The names hold what a trace needs.
        if let Some(columns) = &*COLUMNS {
            read_row(&row, columns, &Style::utc(), sink);
        }
    }
}
