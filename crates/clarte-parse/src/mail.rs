//! A mail, from bytes to records: one for the message and one for each
//! message attached to it.
//! Spec: RFC 5322 (messages), RFC 2045–2049 (MIME).
//!
//! `mail-parser` reads the values of header fields and decodes character sets;
//! the splitting into parts and the transfer decoding are our own, because
//! spans, repairs and caps depend on them. Leaves out signatures, encryption,
//! TNEF and the content of attachments: those are hashed, not opened.

mod body;
mod charset;
mod concealed;
mod content;
mod css;
mod date;
mod element;
mod entities;
mod envelope;
mod header;
mod html;
mod mime;
mod opened;
mod received;
mod recognise;
mod references;
mod second;
mod signed;
mod template;
mod text;
mod tokens;
mod transfer;
mod words;

use std::ops::Range;

use clarte_model::{Class, Fault, FaultKind, Moment, Record, Sink, Source};
use jiff::tz::TimeZone;

pub(crate) use opened::{open, open_quickly};
pub(crate) use recognise::{begins_like_mail, is_header_line};

/// Of the formats made of mails. Raise it when a mail is read differently.
pub(crate) const VERSION: u32 = 3;

/// What is known of a message from outside it.
pub(crate) struct Outside {
    /// Offset of its first byte in the stream.
    pub(crate) offset: u64,
    /// The date of the mbox separator before it.
    pub(crate) separator: Option<Moment>,
    /// The zone of dates that name none.
    pub(crate) zone: TimeZone,
}

/// Reads one message and hands its records, then its faults, to `sink`.
/// A message without any header field is a lost fault.
pub(crate) fn read(raw: &[u8], outside: &Outside, sink: &mut dyn Sink) {
    if sink.message(raw, outside.offset) {
        let length = raw.len() as u64;
        return sink.record(&Record::new(Class::Email, Source::Mail, outside.offset, length));
    }
    let mut reading = Reading { outside, sink, index: 0 };
    reading.message(raw, Place::At(outside.offset), 0);
}

/// The date of an mbox separator (the text behind `From `), if it has one.
pub(crate) fn separator_date(text: &str, zone: &TimeZone) -> Option<Moment> {
    date::of_separator(text, zone)
}

/// Something that had to be repaired, by its place in the message.
#[derive(Debug, Clone)]
struct Damage {
    range: Range<usize>,
    kind: FaultKind,
    detail: String,
}

/// Where the bytes of a message lie in the stream.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// As they are, from this offset on.
    At(u64),
    /// Transfer-encoded, somewhere in this span.
    Within { offset: u64, length: u64 },
}

impl Place {
    fn span(self, range: &Range<usize>) -> (u64, u64) {
        match self {
            Self::At(offset) => (offset + range.start as u64, range.len() as u64),
            Self::Within { offset, length } => (offset, length),
        }
    }
}

struct Reading<'o> {
    outside: &'o Outside,
    sink: &'o mut dyn Sink,
    /// Of the next record.
    index: u32,
}

impl Reading<'_> {
    /// Reads a message `depth` levels inside the outermost one, at most
    /// [`mime::MESSAGE_DEPTH`].
    fn message(&mut self, raw: &[u8], place: Place, depth: usize) {
        let mut tree = mime::split(raw, depth);
        let nothing = tree.parts.first().is_none_or(|part| part.header.fields.is_empty());
        if nothing && depth == 0 {
            let detail = "a message without any header field".to_owned();
            let fault = Damage { range: 0..raw.len(), kind: FaultKind::Malformed, detail };
            return self.fault(fault, place, true);
        }
        let mut damage = std::mem::take(&mut tree.damage);
        note_truncation(raw, &tree, &mut damage);
        let mut encoded = Vec::new();
        for (number, parts) in tree.parts_by_message().into_iter().enumerate() {
            let message = &tree.messages[number];
            let Some(root) =
                tree.parts.get(message.root).filter(|root| !root.header.fields.is_empty())
            else {
                let detail = "an attached message without any header field".to_owned();
                damage.push(Damage {
                    range: message.range.clone(),
                    kind: FaultKind::Header,
                    detail,
                });
                continue;
            };
            let (offset, length) = place.span(&message.range);
            let mut record = Record::new(Class::Email, Source::Mail, offset, length);
            record.index = self.index;
            self.index += 1;
            let separator = self.outside.separator.filter(|_| message.depth == 0);
            envelope::fill(&mut record, &root.header, separator, &self.outside.zone, &mut damage);
            record.integer(clarte_model::Field::MailDepth, message.depth as i64);
            let body = body::read(raw, &tree, &parts, &mut damage);
            let attached = body.fill(&mut record);
            encoded
                .extend(attached.into_iter().map(|(part, bytes)| (part, bytes, message.depth + 1)));
            self.sink.record(&record);
        }
        for (part, bytes, depth) in encoded {
            self.attached(&tree.parts[part], &bytes, place, depth, &mut damage);
        }
        for damage in damage {
            self.fault(damage, place, false);
        }
    }

    /// Reads a message that came transfer-encoded.
    fn attached(
        &mut self,
        part: &mime::Part<'_>,
        bytes: &[u8],
        place: Place,
        depth: usize,
        damage: &mut Vec<Damage>,
    ) {
        let range = part.header.range.start..part.body.end;
        if depth > mime::MESSAGE_DEPTH {
            let detail = "parts nested too deep are not looked into".to_owned();
            damage.push(Damage { range, kind: FaultKind::TooDeep, detail });
            return;
        }
        let (offset, length) = place.span(&range);
        self.message(bytes, Place::Within { offset, length }, depth);
    }

    fn fault(&mut self, damage: Damage, place: Place, lost: bool) {
        let (offset, length) = place.span(&damage.range);
        self.sink.fault(Fault { offset, length, lost, kind: damage.kind, detail: damage.detail });
    }
}

/// A message that ends in the middle of a header line was cut.
fn note_truncation(raw: &[u8], tree: &mime::Tree<'_>, damage: &mut Vec<Damage>) {
    let Some(root) = tree.parts.first() else { return };
    if root.header.range.end == raw.len() && !raw.ends_with(b"\n") {
        let detail = "the message ends inside its header".to_owned();
        damage.push(Damage {
            range: root.header.range.clone(),
            kind: FaultKind::Truncated,
            detail,
        });
    }
}
