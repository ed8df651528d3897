//! Evidence bytes to records and faults.
//!
//! A format is one file and one line in [`FORMATS`]; it is recognised by
//! content. Formats are pure functions over bytes: no disk, clock, network or
//! environment. [`read`] finds the format of a stream, opens gzip in passing
//! and accounts for every byte. How to add one: `docs/guides/add-a-format.md`.

mod eml;
mod format;
mod gzip;
mod input;
mod json;
mod mail;
mod mbox;
mod message_trace;
mod people;
mod postfix;
mod rows;
mod squid;
mod time;
mod value;
mod zeek;

use std::io::Read;

use clarte_model::account::{Account, Accounting};
use clarte_model::{Fault, FaultKind, Record, Sink, Skipped};

pub use format::{Context, FORMATS, Format, Zones};
pub use input::{Input, LINE_CAP, Line, MESSAGE_CAP, Units};

/// What became of one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The format's name, as in `intake`; `unknown` or `empty` where none fits.
    pub format: &'static str,
    /// Bytes of the stream, after decompression.
    pub bytes: u64,
    /// Parsed, faulted and skipped bytes, records and faults.
    pub account: Account,
}

/// Reads one stream to its end, whatever it holds, and hands its records,
/// faults and skipped spans to `sink`.
///
/// Never fails: what cannot be read is a fault in the outcome. The reader is
/// always read to its end (unless it fails itself), so that a hash taken on
/// the way covers every byte.
pub fn read(reader: &mut dyn Read, context: &Context, sink: &mut dyn Sink) -> Outcome {
    let mut accounting = Accounting::new(Forward(sink));
    let mut raw = Input::new(reader);
    let (format, bytes) = if gzip::recognises(raw.head()) {
        let mut stream = gzip::Decoder::new(&mut raw);
        let outcome = read_stream(&mut Input::new(&mut stream), context, &mut accounting);
        drop(stream);
        raw.drain();
        if let Some(cause) = raw.broken() {
            // The file itself could not be read to its end; what came out of
            // the decoder has been accounted for.
            accounting.fault(broken_fault(cause, outcome.1));
        }
        outcome
    } else {
        read_stream(&mut raw, context, &mut accounting)
    };
    Outcome { format, bytes, account: accounting.finish() }
}

/// Reads one stream as `format`, whether or not it looks like it; gzip is not
/// opened. What [`read`] does once it has recognised a stream.
pub fn read_as(
    format: &dyn Format,
    reader: &mut dyn Read,
    context: &Context,
    sink: &mut dyn Sink,
) -> Outcome {
    let mut accounting = Accounting::new(Forward(sink));
    let mut input = Input::new(reader);
    let name = format.read(&mut input, context, &mut accounting);
    let (format, bytes) = finish_stream(name, &mut input, &mut accounting);
    Outcome { format, bytes, account: accounting.finish() }
}

fn read_stream(
    input: &mut Input<'_>,
    context: &Context,
    sink: &mut dyn Sink,
) -> (&'static str, u64) {
    let head = input.head();
    let name = match FORMATS.iter().find(|(_, format)| format.recognises(head)) {
        Some((_, format)) => format.read(input, context, sink),
        None if head.is_empty() => "empty",
        None => "unknown",
    };
    finish_stream(name, input, sink)
}

/// Accounts for what a format left unread.
fn finish_stream(
    name: &'static str,
    input: &mut Input<'_>,
    sink: &mut dyn Sink,
) -> (&'static str, u64) {
    let offset = input.offset();
    let left = input.drain();
    if left > 0 {
        sink.skip(offset, left, Skipped::UnknownFormat);
    }
    if let Some(cause) = input.broken() {
        sink.fault(broken_fault(cause, input.offset()));
    }
    (name, input.offset())
}

/// The fault for a stream that broke off at `offset`.
fn broken_fault(cause: &std::io::Error, offset: u64) -> Fault {
    let kind = match cause.kind() {
        std::io::ErrorKind::UnexpectedEof => FaultKind::Truncated,
        std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput => {
            FaultKind::Decompression
        }
        _ => FaultKind::Unreadable,
    };
    Fault { offset, length: 0, lost: true, kind, detail: cause.to_string() }
}

/// A sized sink in front of an unsized one.
struct Forward<'s>(&'s mut dyn Sink);

impl Sink for Forward<'_> {
    fn record(&mut self, record: &Record<'_>) {
        self.0.record(record);
    }
    fn fault(&mut self, fault: Fault) {
        self.0.fault(fault);
    }
    fn skip(&mut self, offset: u64, length: u64, why: Skipped) {
        self.0.skip(offset, length, why);
    }
}
