//! Evidence bytes to records and faults.
//!
//! A format is one file and one line in [`FORMATS`]; it is recognised by
//! content. Formats are pure functions over bytes: no disk, clock, network or
//! environment. [`read`] finds the format of a stream, opens gzip in passing
//! and accounts for every byte. How to add one: `docs/guides/add-a-format.md`.

mod block;
mod eml;
mod format;
mod gzip;
mod input;
mod json;
mod lines;
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

use block::Forward;
use clarte_model::account::{Account, Accounting};
use clarte_model::{Fault, FaultKind, Sink, Skipped};

pub use block::{Block, Output, Part};
pub use format::{Context, FORMATS, Format, Outdated, Zones, outdated, reading};
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
    /// Whether a piece of the stream told `format`; if not, it is what the
    /// format is called where no piece does.
    told: bool,
}

impl Outcome {
    /// Adds what became of a block of the stream, in any order.
    pub fn add(&mut self, part: Part) {
        if let Some(name) = block::join(self.told.then_some(self.format), part.name) {
            (self.format, self.told) = (name, self.told || part.name.is_some());
        }
        self.account.add(part.account);
    }
}

/// Reads one stream to its end, whatever it holds, and hands its records,
/// faults and skipped spans to `sink`.
///
/// Never fails: what cannot be read is a fault in the outcome. The reader is
/// always read to its end (unless it fails itself), so that a hash taken on
/// the way covers every byte.
pub fn read(reader: &mut dyn Read, context: &Context, sink: &mut dyn Sink) -> Outcome {
    account(sink, |sink| read_into(reader, context, &mut Output::new(sink)))
}

/// Reads one stream as [`read`] does, but hands every piece that can be read
/// on its own to `spread` instead of reading it. What cannot be cut is read
/// here, into `sink`.
///
/// The outcome is that of the whole once [`Outcome::add`] was given what
/// became of every block. `spread` should wait while too many are unread:
/// nothing else bounds their number.
pub fn read_in_blocks(
    reader: &mut dyn Read,
    context: &Context,
    sink: &mut dyn Sink,
    spread: &mut dyn FnMut(Block),
) -> Outcome {
    account(sink, |sink| read_into(reader, context, &mut Output::in_blocks(sink, spread)))
}

/// Reads one stream as `format`, whether or not it looks like it; gzip is not
/// opened. What [`read`] does once it has recognised a stream.
pub fn read_as(
    format: &dyn Format,
    reader: &mut dyn Read,
    context: &Context,
    sink: &mut dyn Sink,
) -> Outcome {
    account(sink, |sink| {
        let mut input = Input::new(reader);
        read_stream_as(Some(format), &mut input, context, &mut Output::new(sink))
    })
}

/// What is found out about a stream besides its account.
struct Found {
    format: &'static str,
    told: bool,
    bytes: u64,
}

/// Keeps the account of what `read` hands to `sink`.
fn account(sink: &mut dyn Sink, read: impl FnOnce(&mut dyn Sink) -> Found) -> Outcome {
    let mut accounting = Accounting::new(Forward(sink));
    let Found { format, told, bytes } = read(&mut accounting);
    Outcome { format, bytes, account: accounting.finish(), told }
}

/// Recognises a stream, opening gzip, and reads it.
fn read_into(reader: &mut dyn Read, context: &Context, out: &mut Output<'_>) -> Found {
    let mut raw = Input::new(reader);
    if !gzip::recognises(raw.head()) {
        return read_stream(&mut raw, context, out);
    }
    let mut stream = gzip::Decoder::new(&mut raw);
    let found = read_stream(&mut Input::new(&mut stream), context, out);
    drop(stream);
    raw.drain();
    if let Some(cause) = raw.broken() {
        // The file itself could not be read to its end; what came out of
        // the decoder has been accounted for.
        out.sink().fault(broken_fault(cause, found.bytes));
    }
    found
}

fn read_stream(input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> Found {
    let head = input.head();
    let format = FORMATS.iter().find(|(_, format)| format.recognises(head));
    read_stream_as(format.map(|(_, format)| *format), input, context, out)
}

/// Reads a stream as `format` and accounts for what that leaves unread.
fn read_stream_as(
    format: Option<&dyn Format>,
    input: &mut Input<'_>,
    context: &Context,
    out: &mut Output<'_>,
) -> Found {
    let usual = match format {
        Some(format) => format.read(input, context, out),
        None if input.head().is_empty() => "empty",
        None => "unknown",
    };
    let offset = input.offset();
    let left = input.drain();
    if left > 0 {
        out.sink().skip(offset, left, Skipped::UnknownFormat);
    }
    if let Some(cause) = input.broken() {
        out.sink().fault(broken_fault(cause, input.offset()));
    }
    let name = out.name();
    Found { format: name.unwrap_or(usual), told: name.is_some(), bytes: input.offset() }
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
