//! Entra's sign-in logs: of people, interactive or not, of service principals and
//! of managed identities.
//!
//! As Graph answers them (objects, arrays, `{"value":[…]}`, one a line), as Azure
//! Monitor exports them (`category`, `properties`), as Log Analytics does, and as
//! CSV from the portal or PowerShell. Specs:
//! <https://learn.microsoft.com/graph/api/resources/signin>,
//! <https://learn.microsoft.com/azure/azure-monitor/reference/tables/signinlogs>.
//! Names are compared without case, space and punctuation, and what has no column
//! is kept under one name whichever way it was written. Left out: the portal's
//! `AuthDetails` tables; its tables of people do not say whether their sign-ins
//! were interactive, so that `logon_type` is unknown there.

mod fields;

use std::sync::Arc;

use clarte_model::{Fault, FaultKind, Sink};

use self::fields::{Place, Seen, SignIn};
use crate::json::objects::{self, ReadObject, Span};
use crate::json::{Kind, Tape, Value};
use crate::message_trace::date::Style;
use crate::rows::Header;
use crate::{About, Context, Format, Input, Output};

pub(crate) struct Signin;

impl Format for Signin {
    fn about(&self) -> About {
        About {
            what: "Entra's sign-in logs",
            feeds: "sign-ins to people's accounts, and from where",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        objects::recognises(head, &SignIns) || header(head).is_some()
    }

    fn read(&self, input: &mut Input<'_>, _: &Context, out: &mut Output<'_>) -> &'static str {
        match header(input.head()) {
            Some(header) => read_rows(&header, input, out.sink()),
            None => objects::read(input, &Arc::new(SignIns), out),
        }
        "signin"
    }

    fn version(&self) -> u32 {
        2
    }
}

/// The header of a table of sign-ins.
fn header(head: &[u8]) -> Option<Header> {
    let header = Header::of(head)?;
    let mut seen = Seen::default();
    header.names.iter().for_each(|name| seen.note(Place::of(name)));
    seen.is_sign_in().then_some(header)
}

fn read_rows(header: &Header, input: &mut Input<'_>, sink: &mut dyn Sink) {
    // The portal names a column twice; the first counts.
    let place = |(at, name): (usize, &String)| {
        if header.names[..at].contains(name) { Place::Drop } else { Place::of(name) }
    };
    let places: Vec<Place> = header.names.iter().enumerate().map(place).collect();
    let is_time = |place: &Place| matches!(place, Place::Time | Place::Logged);
    let times: Vec<_> = (0..places.len()).filter(|at| is_time(&places[*at])).collect();
    let dates = header.cells(input.head(), &times);
    let style = Style::utc().learn(dates.iter().map(String::as_str));
    let mut tape = Tape::default();
    let mut rows = header.rows(input, sink);
    while let Some(row) = rows.next(header.names.len(), sink) {
        let mut sign_in = SignIn::new(row.offset, row.length, style.clone());
        for ((place, name), cell) in places.iter().zip(&header.names).zip(&row.fields) {
            let cell = cell.trim();
            if cell.is_empty() {
                continue;
            }
            match nested(cell, &mut tape) {
                Some(inner) => take_nested(&mut sign_in, *place, name, inner),
                None if sign_in.take(*place, cell.into()) => {}
                None => sign_in.keep_text(*place, name, cell),
            }
        }
        sign_in.finish(sink);
    }
}

/// Every object stands for itself.
struct SignIns;

impl ReadObject for SignIns {
    fn is_ours(&self, object: Value<'_, '_>) -> bool {
        let mut seen = Seen::default();
        let inner = properties(object).unwrap_or(object);
        inner.members().for_each(|(name, _)| seen.note(Place::of(name.plain())));
        seen.is_sign_in()
    }

    fn read(&self, object: Value<'_, '_>, Span { offset, length }: Span, sink: &mut dyn Sink) {
        let mut sign_in = SignIn::new(offset, length, Style::utc());
        let inner = properties(object);
        if inner.is_some() {
            // Around what Azure Monitor exports stands little that is not in it.
            for (name, value) in object.members() {
                let place = Place::of(name.plain());
                if matches!(place, Place::Logged | Place::Category | Place::Ip | Place::Code) {
                    sign_in.take(place, value.text());
                }
            }
        }
        let mut seen = Seen::default();
        for (name, value) in inner.unwrap_or(object).members() {
            let place = Place::of(name.plain());
            seen.note(place);
            take(&mut sign_in, place, name, value);
        }
        if seen.is_sign_in() {
            sign_in.finish(sink);
        } else {
            let (kind, detail) = (FaultKind::Malformed, "an object that is no sign-in".to_owned());
            sink.fault(Fault { offset, length, lost: true, kind, detail });
        }
    }
}

fn properties<'a, 't>(object: Value<'a, 't>) -> Option<Value<'a, 't>> {
    object.get("properties").filter(|inner| inner.is_object())
}

/// Puts a member where it belongs.
fn take<'a>(sign_in: &mut SignIn<'a>, place: Place, name: Value<'a, '_>, value: Value<'a, '_>) {
    if value.is_nothing() {
        return;
    }
    match (place, value.kind()) {
        (Place::Status | Place::Inside, Kind::Object) => take_inner(sign_in, value),
        (_, Kind::Escaped) if looks_nested(&value.text()) => {
            let (text, mut tape) = (value.text(), Tape::default());
            match nested(&text, &mut tape) {
                Some(inner) => take_nested(sign_in, place, &name.text(), inner),
                None if sign_in.take(place, value.text()) => {}
                None => sign_in.keep_json(place, name, value),
            }
        }
        (Place::EventTypes, Kind::Array) => {
            for kind in value.elements() {
                sign_in.take(place, kind.text());
            }
        }
        (_, Kind::Array | Kind::Object) => sign_in.keep_json(place, name, value),
        _ => {
            if !sign_in.take(place, value.text()) {
                sign_in.keep_json(place, name, value);
            }
        }
    }
}

/// Takes what is in a status, a device, a managed identity.
fn take_inner(sign_in: &mut SignIn<'_>, object: Value<'_, '_>) {
    for (name, value) in object.members().filter(|(_, value)| !value.is_nothing()) {
        let place = Place::of_inner(name.plain());
        if !sign_in.take(place, value.text().into_owned().into()) {
            sign_in.keep_json(place, name, value);
        }
    }
}

/// Takes an object or array that stood in a text.
fn take_nested(sign_in: &mut SignIn<'_>, place: Place, name: &str, value: Value<'_, '_>) {
    match place {
        _ if value.is_nothing() => {}
        Place::Status | Place::Inside => take_inner(sign_in, value),
        _ => sign_in.keep_raw(place, name, value),
    }
}

/// The object or array that a text is: tables have room for nothing else.
fn nested<'a, 't>(text: &'a str, tape: &'t mut Tape) -> Option<Value<'a, 't>> {
    let value = looks_nested(text).then(|| tape.read(text).ok()).flatten()?;
    matches!(value.kind(), Kind::Object | Kind::Array).then_some(value)
}

fn looks_nested(text: &str) -> bool {
    matches!(
        (text.bytes().next(), text.bytes().last()),
        (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']'))
    )
}
