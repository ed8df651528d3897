//! Where parsers put what they read.

use std::sync::Arc;

use crate::{Fault, Record};

/// Takes what a parser reads from one stream, in the order of the stream.
///
/// A parser accounts for every byte of its stream exactly once: each byte lies
/// in a record's span, in a lost fault, or in a skipped span. Records may lie
/// inside earlier ones (a mail attached to a mail); apart from that spans start
/// no earlier than the one before.
pub trait Sink {
    /// One event.
    fn record(&mut self, record: &Record<'_>);
    /// Bytes that could not be read, or were repaired.
    fn fault(&mut self, fault: Fault);
    /// Bytes that carry no record by the format's own rules.
    fn skip(&mut self, offset: u64, length: u64, why: Skipped);
    /// A whole message before its records, beginning at `offset`. Returns
    /// whether it is enough: then its record carries nothing but its span.
    fn message(&mut self, raw: &[u8], offset: u64) -> bool {
        let _ = (raw, offset);
        false
    }
}

/// Takes what is read from the streams of one file, one stream after the other.
pub trait Streams: Sink {
    /// What comes from now on is of the archive's member `member`; of the file
    /// itself where it is `None`. Called before anything of a stream is handed
    /// over, once for each.
    fn begin(&mut self, member: Option<&Arc<str>>) {
        let _ = member;
    }
}

/// Why bytes carry no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skipped {
    /// A header line, such as Zeek's `#fields` or a CSV header.
    Header,
    /// A comment or metadata line.
    Comment,
    /// A blank line.
    Blank,
    /// A separator between records, such as an mbox `From ` line.
    Separator,
    /// A line of a known format that is of no class we keep.
    Irrelevant,
    /// The whole stream is of a format that Clarté does not know.
    UnknownFormat,
    /// Bytes of an archive that was opened: what it holds has accounts of its
    /// own.
    Opened,
}

impl Skipped {
    /// The reason's stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Comment => "comment",
            Self::Blank => "blank",
            Self::Separator => "separator",
            Self::Irrelevant => "irrelevant",
            Self::UnknownFormat => "unknown-format",
            Self::Opened => "opened",
        }
    }
}
