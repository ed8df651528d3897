//! Suricata's EVE log: an event a line, as JSON.
//!
//! dns (versions 1 to 3), http, tls, quic, flow and dhcp fill columns; of every
//! other event (alert, fileinfo, smtp, …) the whole line goes into `unmapped`. In
//! files or by way of syslog. Spec:
//! <https://docs.suricata.io/en/latest/output/eve/eve-json-format.html>. Left
//! out: EVE inside other envelopes (Filebeat, Redis dumps), and `netflow`, whose
//! two halves do not say who asked.
//!
//! A query and its answer are two events and stay two records; the side that
//! asked is the same in both. A flow's time is its start.
//!
//! # Bytes of a flow
//!
//! Suricata counts packets with their headers, our columns count payload.
//! `traffic_bytes_out` and `_in` are what is left when every packet has the
//! longest headers that it can have: never more than was sent. The sensor's own
//! numbers, which are never less, are in `unmapped`.

mod body;
mod event;

use std::sync::Arc;

use clarte_model::{Class, Fault, FaultKind, Field, Record, Sink, Skipped, Source};

use crate::block::{self, ReadPiece};
use crate::json::Object;
use crate::lines::{Line, Piece};
use crate::scan::{DEPTH_CAP, is_too_deep};
use crate::syslog::{self, Program};
use crate::{About, Context, Format, Input, Output};
use event::{Event, Kind, Log};

pub(crate) struct Suricata;

impl Format for Suricata {
    fn about(&self) -> About {
        About {
            what: "Suricata's EVE log",
            feeds: "look-ups, requests, TLS and flows to the campaign's hosts; what left",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        let ends = memchr::memrchr(b'\n', head).map_or(head.len(), |end| end + 1);
        let lines = head[..ends].split(|byte| *byte == b'\n');
        let (mut seen, mut ours) = (0, 0);
        for line in lines.filter(|line| !line.trim_ascii().is_empty()).take(16) {
            seen += 1;
            let text = without_mark(std::str::from_utf8(line).unwrap_or_default());
            ours += usize::from(text.starts_with('{') && is_event(text));
        }
        ours * 2 > seen || syslog::is_only(&PROGRAM, head)
    }

    fn read(&self, input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> &'static str {
        // An event begins with a brace, and no line of syslog does.
        let is_object = input.head().trim_ascii_start().first() == Some(&b'{');
        if !is_object && syslog::is_only(&PROGRAM, input.head()) {
            return syslog::read(PROGRAM.name, input, context, out);
        }
        let events = Arc::new(Events);
        input.for_each_run(out, |run, offset, out| out.piece(&events, run, offset));
        "suricata"
    }

    /// 2: quic; events that syslog carries.
    fn version(&self) -> u32 {
        2
    }
}

/// Events where syslog carries them.
pub(crate) const PROGRAM: Program = Program {
    name: "suricata",
    wrote: |entry| entry.program.starts_with("suricata"),
    split: syslog::no_split,
    read: read_carried,
};

/// An event's own time is finer than that of syslog.
fn read_carried<'a>(
    carrier: &syslog::line::Entry<'a>,
    carried: &mut syslog::Draft<'_, 'a>,
) -> bool {
    let text = carrier.message.strip_prefix("@cee:").unwrap_or(carrier.message).trim_ascii();
    if !text.starts_with('{') {
        return false;
    }
    let Ok(event) = Event::read(text) else { return false };
    let Some(log) = event.log() else { return false };
    (carried.record.class, carried.record.source) = log.class();
    let mut draft =
        Draft { record: &mut *carried.record, unmapped: Object::default(), bad: Vec::new() };
    match log.kind {
        Kind::Other if is_too_deep(text) => return false,
        Kind::Other => _ = draft.unmapped.raw("event", text),
        _ => body::fill(&mut draft, &event, log.kind),
    }
    draft.envelope(&event, log.kind);
    draft.record.time = event.time(log.kind).ok();
    carried.unmapped = draft.unmapped;
    true
}

/// Without what editors leave on top, and space.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text).trim_ascii()
}

/// Whether the line is an event as only Suricata writes it.
fn is_event(text: &str) -> bool {
    Event::read(text).is_ok_and(|event| {
        let is_placed = event.src_ip.is_some() || event.flow_id.is_some();
        let is_known = event.log().is_some_and(|log| log != Log::OTHER);
        event.timestamp.is_some() && event.kind.is_some() && (is_placed || is_known)
    })
}

/// Every line stands for itself.
struct Events;

impl ReadPiece for Events {
    fn read(&self, piece: &[u8], offset: u64, sink: &mut dyn Sink) -> Option<&'static str> {
        let piece = Piece::new(piece, offset);
        let mut record = Record::new(Class::Other, Source::Other, offset, 0);
        let mut name = None;
        for line in piece.lines() {
            name = block::join(name, read_line(&line, &mut record, sink));
        }
        name
    }
}

/// Reads a line; returns what its log is called.
fn read_line<'a>(
    line: &Line<'a>,
    record: &mut Record<'a>,
    sink: &mut dyn Sink,
) -> Option<&'static str> {
    let (offset, length) = (line.offset, line.length);
    let text = without_mark(line.text);
    if text.is_empty() {
        sink.skip(offset, length, Skipped::Blank);
        return None;
    }
    let mut fault = |lost, kind, detail| sink.fault(Fault { offset, length, lost, kind, detail });
    let event = match Event::read(text) {
        Ok(event) => event,
        Err(detail) => {
            fault(true, FaultKind::Malformed, detail);
            return None;
        }
    };
    let Some(log) = event.log() else {
        fault(true, FaultKind::Malformed, "an object without event_type".to_owned());
        return None;
    };
    if log.kind == Kind::Other && is_too_deep(text) {
        fault(true, FaultKind::TooDeep, format!("values nested deeper than {DEPTH_CAP}"));
        return None;
    }
    record.renew(offset, length);
    (record.class, record.source) = log.class();
    record.text(Field::LogName, log.name);
    let mut draft = Draft { record, unmapped: Object::default(), bad: Vec::new() };
    match log.kind {
        Kind::Other => _ = draft.record.text(Field::Unmapped, text),
        _ => body::fill(&mut draft, &event, log.kind),
    }
    draft.envelope(&event, log.kind);
    if line.invalid {
        fault(false, FaultKind::Encoding, "the line is not UTF-8".to_owned());
    }
    match event.time(log.kind) {
        Ok(moment) => draft.record.time = Some(moment),
        Err(kind) => fault(false, kind, "the event's time cannot be its time".to_owned()),
    }
    if !draft.bad.is_empty() {
        let names: Vec<_> = draft.bad.iter().map(|field| field.as_str()).collect();
        fault(false, FaultKind::BadValue, format!("unreadable {}", names.join(", ")));
    }
    if log.kind != Kind::Other {
        draft.record.text(Field::Unmapped, std::mem::take(&mut draft.unmapped).finish());
    }
    sink.record(draft.record);
    Some(log.name)
}

/// A record while its members come in.
struct Draft<'r, 'a> {
    record: &'r mut Record<'a>,
    unmapped: Object,
    /// Columns whose value could not be read.
    bad: Vec<Field>,
}
