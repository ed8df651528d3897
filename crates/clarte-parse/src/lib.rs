//! Evidence bytes to records and faults.
//!
//! A format is one file and one line in [`FORMATS`]; it is recognised by
//! content. Formats are pure functions over bytes: no disk, clock, network or
//! environment. [`read`] opens the containers in which streams lie, finds the
//! format of each and accounts for every byte. How to add one:
//! `docs/guides/add-a-format.md`.

mod access;
mod anywhere;
mod audit;
mod bind;
mod block;
mod container;
mod dhcp;
mod directory;
mod dnsmasq;
mod eml;
mod evtx;
mod exchange;
mod exim;
mod format;
mod input;
mod json;
mod lines;
mod mail;
mod mapping;
mod mbox;
mod message_trace;
mod outcome;
mod people;
mod postfix;
mod rows;
mod scan;
mod signin;
mod squid;
mod suricata;
mod syslog;
mod time;
mod unbound;
mod value;
mod whole;
mod windows;
mod zeek;

use std::io::Read;

use block::Forward;
use clarte_model::account::Accounting;
use clarte_model::{Fault, FaultKind, Sink, Skipped, Streams};
use container::Opener;
use outcome::Stream;

pub use anywhere::Anywhere;
pub use block::{Block, Output, Part};
pub use container::{Limits, unpacked};
pub use format::{About, Context, FORMATS, Format, Outdated, Zones, outdated, reading};
pub use input::{Input, LINE_CAP, Line, MESSAGE_CAP, Units};
pub use mapping::{Allowed, MAPPING_CAP, Mapped, Mapping, MappingError, Mappings, Mistake};
pub use outcome::{Outcome, Outcomes};
pub use whole::{ReadAt, Whole};

/// Reads one file to its end, whatever it holds, and hands the records, faults
/// and skipped spans of each of its streams to `streams`.
///
/// Never fails: what cannot be read is a fault in the outcome. The reader is
/// always read to its end (unless it fails itself), so that a hash taken on
/// the way covers every byte.
pub fn read<'f>(
    file: impl Into<Whole<'f>>,
    context: &Context,
    streams: &mut dyn Streams,
) -> Outcomes {
    Opener::new(context, streams, None).read(file.into())
}

/// Reads one file as [`read`] does, but hands every piece that can be read on
/// its own to `spread` instead of reading it. What cannot be cut is read here,
/// into `streams`.
///
/// The outcome is that of the whole once [`Outcomes::add`] was given what
/// became of every block. `spread` should wait while too many are unread:
/// nothing else bounds their number.
pub fn read_in_blocks<'f>(
    file: impl Into<Whole<'f>>,
    context: &Context,
    streams: &mut dyn Streams,
    spread: &mut dyn FnMut(Block),
) -> Outcomes {
    Opener::new(context, streams, Some((spread, block::BLOCK))).read(file.into())
}

/// Reads one stream as `format`, whether or not it looks like it; no container
/// is opened. What [`read`] does once it has recognised a stream.
pub fn read_as(
    format: &dyn Format,
    reader: &mut dyn Read,
    context: &Context,
    sink: &mut dyn Sink,
) -> Outcome {
    let mut accounting = Accounting::new(Forward(sink));
    let mut out = Output::new(&mut accounting);
    let mut input = Input::new(reader);
    let read = read_stream_as(Some(format), &mut input, context, &mut out);
    Outcome::new(0, None, read, accounting.finish())
}

/// Opens one message: itself, then the messages attached to it. What has no
/// header field at all is none. `zone` is that of dates that name none.
///
/// For whoever judges mails; [`read`] makes records of them, and hands the
/// bytes of each to [`clarte_model::Sink::message`] first.
pub fn open_mail(raw: &[u8], zone: &jiff::tz::TimeZone) -> Vec<clarte_model::Mail> {
    mail::open(raw, zone)
}

/// The same without asking other parsers what they make of it.
pub fn open_mail_quickly(raw: &[u8], zone: &jiff::tz::TimeZone) -> Vec<clarte_model::Mail> {
    mail::open_quickly(raw, zone)
}

/// Recognises a stream that is no container, and reads it.
fn read_stream(input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> Stream {
    let head = input.head();
    let format = FORMATS.iter().find(|(_, format)| format.recognises(head));
    if let Some(mapping) = context.mappings.find(head, format.map(|(name, _)| *name)) {
        let read = read_stream_as(Some(mapping), input, context, out);
        return Stream { mapping: Some(mapping.format().into()), ..read };
    }
    read_stream_as(format.map(|(_, format)| *format), input, context, out)
}

/// Reads a stream as `format` and accounts for what that leaves unread.
fn read_stream_as(
    format: Option<&dyn Format>,
    input: &mut Input<'_>,
    context: &Context,
    out: &mut Output<'_>,
) -> Stream {
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
    Stream {
        format: name.unwrap_or(usual),
        mapping: None,
        told: name.is_some(),
        bytes: input.offset(),
    }
}

/// The fault for a stream that broke off at `offset`.
fn broken_fault(cause: &std::io::Error, offset: u64) -> Fault {
    let kind = match cause.kind() {
        std::io::ErrorKind::UnexpectedEof => FaultKind::Truncated,
        std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput => {
            FaultKind::Decompression
        }
        std::io::ErrorKind::FileTooLarge | std::io::ErrorKind::OutOfMemory => FaultKind::TooLarge,
        std::io::ErrorKind::Unsupported => FaultKind::Unsupported,
        _ => FaultKind::Unreadable,
    };
    Fault { offset, length: 0, lost: true, kind, detail: cause.to_string() }
}
