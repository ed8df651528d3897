//! Many messages in one file, each behind a `From ` line: mbox in all its
//! dialects (mboxo, mboxrd, mboxcl, mboxcl2).
//! Spec: RFC 4155 appendix A; <https://qmail.org/qmail-manual-html/man5/mbox.html>.
//!
//! A separator is a `From ` line with a date, at the beginning or after a
//! blank line, with a header below it; so unquoted `From ` in bodies is told
//! from it. `Content-Length` is believed only where it leads exactly to a
//! separator or the end. One message is in memory at a time, or a block of
//! them. Quoted `>From `
//! stays as it is: spans lead to raw bytes.

mod window;

use std::sync::Arc;

use clarte_model::{Fault, FaultKind, Sink, Skipped};
use jiff::tz::TimeZone;

use crate::block::ReadPiece;
use crate::mail::{self, Outside};
use crate::{About, Context, Format, Input, MESSAGE_CAP, Output};
use window::Window;

/// Wrong Content-Length fields after which none is believed: looking far ahead
/// for nothing is what a hostile file would have us do.
const LIES: usize = 8;

/// How much of a message is searched for Content-Length.
const HEADER_CAP: usize = 1 << 18;

pub(crate) struct Mbox;

impl Format for Mbox {
    fn about(&self) -> About {
        About {
            what: "mailboxes in one file (mbox)",
            feeds: "the lures, who got them, the campaign's other mails",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        let blank = leading_blank(head);
        if separator(&head[blank..]).is_some() {
            return true;
        }
        // Something else first, but not a mail that quotes an mbox.
        !mail::begins_like_mail(head) && first_separator(head).is_some()
    }

    fn read(&self, input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> &'static str {
        let messages = Messages { zone: context.zones.get("mbox"), bounds: Vec::new() };
        let mut cutting = Cutting { window: Window::new(input), messages, lies: 0, out };
        cutting.beginning();
        while cutting.message() {}
        "mbox"
    }

    fn version(&self) -> u32 {
        mail::VERSION
    }

    fn is_local(&self) -> bool {
        true
    }
}

/// Whole messages, one behind the other.
struct Messages {
    zone: TimeZone,
    bounds: Vec<Bounds>,
}

/// Where a message lies, from its separator on.
struct Bounds {
    /// Length of the separator line.
    separator: usize,
    /// Length of what follows it, the final blank line included.
    length: usize,
    /// Whether that is all of the message.
    complete: bool,
}

impl ReadPiece for Messages {
    fn read(&self, piece: &[u8], offset: u64, sink: &mut dyn Sink) -> Option<&'static str> {
        let mut at = 0;
        for bounds in &self.bounds {
            let end = at + bounds.separator + bounds.length;
            self.message(&piece[at..end], bounds, offset + at as u64, sink);
            at = end;
        }
        None
    }
}

impl Messages {
    /// Reads the separator and message that are `bytes`.
    fn message(&self, bytes: &[u8], bounds: &Bounds, offset: u64, sink: &mut dyn Sink) {
        let (line, message) = bytes.split_at(bounds.separator);
        let text = String::from_utf8_lossy(line.strip_prefix(b"From ").unwrap_or_default());
        let separator = mail::separator_date(text.trim_end(), &self.zone);
        sink.skip(offset, line.len() as u64, Skipped::Separator);
        let blank = if bounds.complete { trailing_blank(message) } else { 0 };
        let message = &message[..message.len() - blank];
        let start = offset + line.len() as u64;
        if message.is_empty() {
            let detail = "a separator without a message".to_owned();
            let (length, kind) = (line.len() as u64, FaultKind::Truncated);
            sink.fault(Fault { offset, length, lost: false, kind, detail });
        } else {
            let outside = Outside { offset: start, separator, zone: self.zone.clone() };
            mail::read(message, &outside, sink);
        }
        if blank > 0 {
            sink.skip(start + message.len() as u64, blank as u64, Skipped::Separator);
        }
    }
}

/// Finds where messages begin and end, and hands them on.
struct Cutting<'c, 'i, 'o> {
    window: Window<'c, 'i>,
    /// The run of messages at hand; the window keeps their bytes.
    messages: Messages,
    lies: usize,
    out: &'c mut Output<'o>,
}

impl Cutting<'_, '_, '_> {
    /// Passes over what stands before the first separator.
    fn beginning(&mut self) {
        let blank = leading_blank(self.window.peek(1 << 16));
        if blank > 0 {
            self.out.sink().skip(self.window.offset(), blank as u64, Skipped::Separator);
            self.window.consume(blank);
        }
        let head = self.window.peek(1 << 16);
        if separator(head).is_some() {
            return;
        }
        let length = first_separator(head).unwrap_or(head.len());
        let detail = "bytes before the first separator".to_owned();
        self.lose(length, FaultKind::Malformed, detail);
    }

    /// Finds the separator and message that come next; `false` at the end.
    fn message(&mut self) -> bool {
        let head = self.window.peek(LOOK);
        if head.is_empty() {
            self.hand_on();
            return false;
        }
        let separator = line_length(head);
        self.window.keep(separator);
        let (length, complete) = self.length();
        self.window.keep(length);
        self.messages.bounds.push(Bounds { separator, length, complete });
        if !complete || self.window.kept().len() >= self.out.size_of_block() {
            self.hand_on();
        }
        if !complete {
            self.pass_over_rest();
        }
        true
    }

    /// Hands on the messages at hand.
    fn hand_on(&mut self) {
        let zone = self.messages.zone.clone();
        let messages = Messages { zone, bounds: Vec::new() };
        let messages = Arc::new(std::mem::replace(&mut self.messages, messages));
        let run = self.window.kept();
        self.out.piece(&messages, run, self.window.offset() - run.len() as u64);
        self.window.consume(0);
    }

    /// The length of the message that begins here, its final blank line
    /// included, and whether it is within the cap.
    fn length(&mut self) -> (usize, bool) {
        if let Some(length) = self.told_length() {
            return (length, true);
        }
        let mut searched = 0;
        loop {
            let bytes = self.window.bytes(usize::MAX);
            let ended = self.window.ended();
            // A separator needs the line below it, so the last bytes wait.
            let safe = if ended { bytes.len() } else { bytes.len().saturating_sub(LOOK) };
            if let Some(at) = next_separator(bytes, searched, safe) {
                return (at.min(MESSAGE_CAP), at <= MESSAGE_CAP);
            }
            if ended {
                return (bytes.len().min(MESSAGE_CAP), bytes.len() <= MESSAGE_CAP);
            }
            if safe > MESSAGE_CAP {
                return (MESSAGE_CAP, false);
            }
            searched = safe.saturating_sub(4).max(searched);
            self.window.more();
        }
    }

    /// The length by Content-Length, if it leads to a separator or the end.
    fn told_length(&mut self) -> Option<usize> {
        if self.lies >= LIES {
            return None;
        }
        let (body, length) = content_length(self.window.peek(HEADER_CAP))?;
        let end = body.checked_add(length).filter(|end| *end <= MESSAGE_CAP)?;
        let bytes = self.window.peek(end + LOOK);
        let lands = bytes.get(end..).and_then(|rest| {
            // Further blank lines stay with the message.
            let blank = leading_blank(rest);
            let at_end = rest.len() == blank && rest.len() < LOOK;
            let begins_line = bytes[..end + blank].ends_with(b"\n");
            let at_separator = begins_line && separator(&rest[blank..]).is_some();
            (at_end || at_separator).then_some(end + blank)
        });
        if lands.is_none() {
            self.lies += 1;
        }
        lands
    }

    /// Passes over what a message over the cap has left.
    fn pass_over_rest(&mut self) {
        let offset = self.window.offset();
        loop {
            self.window.peek(1 << 20);
            let bytes = self.window.bytes(usize::MAX);
            let ended = self.window.ended();
            let safe = if ended { bytes.len() } else { bytes.len().saturating_sub(LOOK) };
            let found = next_separator(bytes, 0, safe);
            let length = found.unwrap_or(if ended { bytes.len() } else { safe.saturating_sub(4) });
            self.window.consume(length);
            if found.is_some() || ended {
                break;
            }
        }
        let length = self.window.offset() - offset;
        let detail = "a message over 64 MiB; its end is not read".to_owned();
        self.out.sink().fault(Fault {
            offset,
            length,
            lost: true,
            kind: FaultKind::TooLarge,
            detail,
        });
    }

    fn lose(&mut self, length: usize, kind: FaultKind, detail: String) {
        let offset = self.window.offset();
        self.out.sink().fault(Fault { offset, length: length as u64, lost: true, kind, detail });
        self.window.consume(length);
    }
}

/// Bytes that suffice to judge a separator and the line below it.
const LOOK: usize = 4 << 10;

/// The next separator after a blank line in `bytes`, from `searched` up to
/// `safe`.
fn next_separator(bytes: &[u8], searched: usize, safe: usize) -> Option<usize> {
    let mut from = searched;
    while let Some(found) = memchr::memmem::find(bytes.get(from..safe)?, b"\nFrom ") {
        let at = from + found + 1;
        let before = &bytes[..from + found];
        let blank = before.ends_with(b"\n")
            || before.ends_with(b"\n\r")
            || before == b"\r"
            || before.is_empty();
        if blank && separator(&bytes[at..]).is_some() {
            return Some(at);
        }
        from = at;
    }
    None
}

/// The first separator of a file that begins with something else.
fn first_separator(head: &[u8]) -> Option<usize> {
    next_separator(head, 0, head.len())
}

/// The length of the separator line with which `bytes` begins: one with a date
/// and with a header line, or nothing at all, below it.
fn separator(bytes: &[u8]) -> Option<usize> {
    let line = &bytes[..line_length(&bytes[..bytes.len().min(LOOK)])];
    let text = std::str::from_utf8(line.strip_prefix(b"From ")?);
    let text = text.unwrap_or_default().trim_end();
    mail::separator_date(text, &TimeZone::UTC)?;
    let below = &bytes[line.len()..];
    let below = &below[..line_length(&below[..below.len().min(LOOK)])];
    let fits = below.is_empty()
        || mail::is_header_line(below)
        || below.starts_with(b">From ")
        || below.starts_with(b"From ");
    fits.then_some(line.len())
}

/// Where the body begins and how long Content-Length says it is.
fn content_length(head: &[u8]) -> Option<(usize, usize)> {
    let mut at = 0;
    let mut length = None;
    while at < head.len() {
        let end = at + line_length(&head[at..]);
        let line = &head[at..end];
        at = end;
        if line.trim_ascii().is_empty() {
            return Some((at, length?));
        }
        let name = b"content-length:";
        if line.len() > name.len() && line[..name.len()].eq_ignore_ascii_case(name) {
            length = std::str::from_utf8(&line[name.len()..])
                .ok()
                .and_then(|text| text.trim().parse().ok());
        }
    }
    None
}

fn line_length(bytes: &[u8]) -> usize {
    memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1)
}

fn leading_blank(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
}

/// The length of the blank line at the end.
fn trailing_blank(bytes: &[u8]) -> usize {
    let Some(rest) = bytes.strip_suffix(b"\n") else { return 0 };
    let rest = rest.strip_suffix(b"\r").unwrap_or(rest);
    if rest.is_empty() || rest.ends_with(b"\n") { bytes.len() - rest.len() } else { 0 }
}
