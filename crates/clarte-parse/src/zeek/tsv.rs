//! Zeek's tab-separated logs: a header that names separators, columns and
//! types, then a row a line. A header again (rotated files joined) is read
//! again.

use std::borrow::Cow;
use std::sync::Arc;

use clarte_model::{Fault, FaultKind, Sink, Skipped};
use memchr::{memchr, memchr_iter, memmem};

use super::columns::{Column, column};
use super::names::{Kind, Log};
use super::row::{Cell, Row};
use crate::block::ReadPiece;
use crate::lines::{Line, Piece, line_length};
use crate::{Input, Output, json, value};

/// More columns than any log has: beyond it the header lies.
const COLUMNS_CAP: usize = 1_000;

/// Whether the stream begins like a Zeek header, or has one further on: what
/// precedes it is the rest of another log, of which no header is left, or it is
/// cut itself.
pub(super) fn recognises(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins = [&b"#separator "[..], b"#fields\t", b"#path\t", b"#set_separator\t"]
        .iter()
        .any(|start| head.starts_with(start));
    begins || is_header_further_on(head)
}

/// Whether rows precede a header: lines with tabs, the first of them perhaps cut.
/// A mail may quote a log as well.
fn is_header_further_on(head: &[u8]) -> bool {
    let find = |line: &[u8]| memmem::find(head, line);
    let (Some(path), Some(fields), Some(_)) =
        (find(b"\n#path\t"), find(b"\n#fields\t"), find(b"\n#types\t"))
    else {
        return false;
    };
    let before = &head[..path.min(fields)];
    let mut lines = before.split(|byte| *byte == b'\n').skip(1);
    lines.all(|line| line.is_empty() || line.starts_with(b"#") || line.contains(&b'\t'))
}

/// Reads the stream; its name is that of its first header.
///
/// Header lines are read here; the rows between two of them are a piece.
pub(super) fn read(input: &mut Input<'_>, out: &mut Output<'_>) -> &'static str {
    let mut layout = Arc::new(Layout::default());
    let mut name = None;
    input.for_each_run(out, |run, offset, out| {
        let mut at = 0;
        while at < run.len() {
            let rows = before_header(&run[at..]);
            if rows > 0 {
                out.piece(&layout, &run[at..at + rows], offset + at as u64);
                at += rows;
            }
            let length = line_length(&run[at..]);
            for line in Piece::new(&run[at..at + length], offset + at as u64).lines() {
                header(Arc::make_mut(&mut layout), &line, out.sink());
                name = name.or(layout.path);
            }
            at += length;
        }
    });
    name.unwrap_or(Log::OTHER).name
}

/// Bytes before the first header line.
fn before_header(lines: &[u8]) -> usize {
    let starts = memchr_iter(b'#', lines).map(|at| {
        let before = &lines[..at];
        before.strip_suffix(BOM.as_bytes()).unwrap_or(before)
    });
    let mut starts = starts.filter(|before| before.is_empty() || before.ends_with(b"\n"));
    starts.next().map_or(lines.len(), <[u8]>::len)
}

/// Editors leave it on top, and who joins files in the middle.
const BOM: &str = "\u{feff}";

/// What the header says so far.
#[derive(Clone)]
struct Layout {
    separator: u8,
    set_separator: String,
    empty: String,
    unset: String,
    path: Option<Log>,
    slots: Vec<Slot>,
}

/// One column.
#[derive(Clone)]
struct Slot {
    name: String,
    column: Column,
    form: Form,
}

/// How the values of a column are written as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Number,
    Flag,
    List,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            separator: b'\t',
            set_separator: ",".into(),
            empty: "(empty)".into(),
            unset: "-".into(),
            path: None,
            slots: Vec::new(),
        }
    }
}

impl Layout {
    fn log(&self) -> Log {
        self.path.unwrap_or(Log::OTHER)
    }

    /// Whether the cell, which is not empty, says that nothing is in it.
    fn is_unset(&self, cell: &str) -> bool {
        // Comparing a byte first spares nearly every cell a comparison of texts.
        let is =
            |marker: &str| marker.as_bytes().first() == cell.as_bytes().first() && marker == cell;
        is(&self.unset) || is(&self.empty)
    }
}

impl ReadPiece for Layout {
    fn read(&self, piece: &[u8], offset: u64, sink: &mut dyn Sink) -> Option<&'static str> {
        let piece = Piece::new(piece, offset);
        let mut row = Row::new(self.log());
        for line in piece.lines() {
            if line.text.is_empty() || line.text == BOM {
                sink.skip(line.offset, line.length, Skipped::Blank);
            } else {
                read_row(self, &line, &mut row, sink);
            }
        }
        None
    }
}

/// Reads a header line, and says where it lies.
fn header(layout: &mut Layout, line: &Line<'_>, sink: &mut dyn Sink) {
    let text = line.text.strip_prefix(BOM).unwrap_or(line.text);
    let ends = [' ', char::from(layout.separator)];
    let (directive, rest) = text.split_once(ends).unwrap_or((text, ""));
    let mut why = Skipped::Header;
    let complaint = match directive {
        "#separator" => separator(layout, rest),
        "#set_separator" => set(&mut layout.set_separator, rest),
        "#empty_field" => set(&mut layout.empty, rest),
        "#unset_field" => set(&mut layout.unset, rest),
        "#path" => {
            layout.path = Some(Log::of(rest));
            layout.slots.clear();
            None
        }
        "#fields" => fields(layout, rest),
        "#types" => types(layout, rest),
        _ => {
            why = Skipped::Comment;
            None
        }
    };
    sink.skip(line.offset, line.length, why);
    let complaint = complaint.or(line.invalid.then_some("the header is not UTF-8"));
    if let Some(detail) = complaint {
        let (offset, length) = (line.offset, line.length);
        let detail = detail.to_owned();
        sink.fault(Fault { offset, length, lost: false, kind: FaultKind::Header, detail });
    }
}

/// A new header begins.
fn separator(layout: &mut Layout, text: &str) -> Option<&'static str> {
    *layout = Layout::default();
    match unescape(text).as_bytes() {
        [byte] if byte.is_ascii() && *byte != b'\\' => {
            layout.separator = *byte;
            None
        }
        _ => Some("the separator is not one ASCII character; taken as a tab"),
    }
}

fn set(value: &mut String, text: &str) -> Option<&'static str> {
    if text.is_empty() || text.len() > 64 {
        return Some("the header names a marker that cannot be one");
    }
    *value = unescape(text).into_owned();
    None
}

fn fields(layout: &mut Layout, text: &str) -> Option<&'static str> {
    let kind = layout.log().kind;
    let mut slots: Vec<Slot> = Vec::new();
    let mut complaint = Some("the header names no ts column");
    let mut repeated = None;
    layout.slots.clear();
    if memchr_iter(layout.separator, text.as_bytes()).count() >= COLUMNS_CAP {
        return Some("the header names more columns than a log can have");
    }
    for name in text.split(char::from(layout.separator)) {
        let mut column = column(kind, name);
        if column == Column::Time {
            complaint = None;
        }
        let mut name = name.to_owned();
        if slots.iter().any(|slot| slot.name == name) {
            repeated = Some("the header names a column twice; the first counts");
            column = Column::Drop;
            name = format!("{name}#{}", slots.len() + 1);
        }
        slots.push(Slot { name, column, form: Form::Text });
    }
    layout.slots = slots;
    repeated.or(complaint)
}

fn types(layout: &mut Layout, text: &str) -> Option<&'static str> {
    let mut count = 0;
    for name in text.split(char::from(layout.separator)) {
        if let Some(slot) = layout.slots.get_mut(count) {
            slot.form = match name {
                "count" | "int" | "port" | "double" | "time" | "interval" => Form::Number,
                "bool" => Form::Flag,
                _ if name.starts_with("set[") || name.starts_with("vector[") => Form::List,
                _ => Form::Text,
            };
        }
        count += 1;
    }
    (count != layout.slots.len())
        .then_some("the header names another number of types than of columns")
}

/// Reads a row and says what became of it.
fn read_row<'a>(layout: &'a Layout, line: &Line<'a>, row: &mut Row<'a>, sink: &mut dyn Sink) {
    let (offset, length) = (line.offset, line.length);
    let mut fault = |lost, kind, detail: String| {
        sink.fault(Fault { offset, length, lost, kind, detail });
    };
    if layout.slots.is_empty() {
        return fault(
            true,
            FaultKind::Malformed,
            "a row before the header named its columns".into(),
        );
    }
    row.begin(offset, length);
    let (found, expected) = (take_cells(layout, line.text, row), layout.slots.len());
    if found != expected {
        let detail = format!("{found} fields where the header names {expected}");
        return fault(true, FaultKind::FieldCount, detail);
    }
    if line.invalid {
        fault(false, FaultKind::Encoding, "the row is not UTF-8".into());
    }
    row.finish(sink);
}

/// Puts the cells in their places; returns how many there are.
fn take_cells<'a>(layout: &'a Layout, text: &'a str, row: &mut Row<'a>) -> usize {
    let keeps_all = layout.log().kind == Kind::Other;
    let escaped = memchr(b'\\', text.as_bytes()).is_some();
    let mut ends = Positions::new(layout.separator, text.as_bytes()).chain([text.len()]);
    let (mut start, mut count) = (0, 0);
    for slot in &layout.slots {
        let Some(end) = ends.next() else { break };
        count += 1;
        if (slot.column != Column::Drop || keeps_all) && start < end {
            let cell = Tsv { text: &text[start..end], layout, form: slot.form, escaped };
            if !layout.is_unset(cell.text) {
                row.take(slot.column, &slot.name, &cell);
                if keeps_all {
                    row.keep(&slot.name, &cell);
                }
            }
        }
        start = end + 1;
    }
    count + ends.count()
}

/// Where a byte occurs. Quicker than `memchr` where it does every few bytes.
struct Positions<'b> {
    words: std::slice::ChunksExact<'b, u8>,
    /// The last bytes, fewer than a word; none once they were looked at.
    rest: &'b [u8],
    /// The byte wanted, in every byte of a word.
    wanted: u64,
    /// The top bit of every byte of the word at hand that is still to be told.
    hits: u64,
    /// Where the word at hand, and the one behind it, begin.
    at: usize,
    next: usize,
}

impl<'b> Positions<'b> {
    fn new(wanted: u8, bytes: &'b [u8]) -> Self {
        let words = bytes.chunks_exact(8);
        let rest = words.remainder();
        let wanted = u64::from_le_bytes([wanted; 8]);
        Self { words, rest, wanted, hits: 0, at: 0, next: 0 }
    }

    /// The top bit of every byte of `word` that is the one wanted.
    fn hits(&self, word: u64) -> u64 {
        const LOW: u64 = u64::from_le_bytes([0x7f; 8]);
        let zeros = word ^ self.wanted;
        !(((zeros & LOW) + LOW) | zeros | LOW)
    }
}

impl Iterator for Positions<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.hits == 0 {
            let word = match self.words.next() {
                Some(word) => u64::from_le_bytes(word.try_into().unwrap_or_default()),
                None if self.rest.is_empty() => return None,
                None => {
                    // Filled up with what is certainly not wanted.
                    let mut word = (!self.wanted).to_le_bytes();
                    word[..self.rest.len()].copy_from_slice(std::mem::take(&mut self.rest));
                    u64::from_le_bytes(word)
                }
            };
            self.hits = self.hits(word);
            (self.at, self.next) = (self.next, self.next + 8);
        }
        let first = self.hits.trailing_zeros() as usize / 8;
        self.hits &= self.hits - 1;
        Some(self.at + first)
    }
}

/// A cell of a row.
struct Tsv<'a> {
    text: &'a str,
    layout: &'a Layout,
    form: Form,
    /// Whether its row holds an escape.
    escaped: bool,
}

impl<'a> Tsv<'a> {
    fn unescaped(&self, text: &'a str) -> Cow<'a, str> {
        if self.escaped { unescape(text) } else { Cow::Borrowed(text) }
    }
}

impl<'a> Cell<'a> for Tsv<'a> {
    fn plain(&self) -> &'a str {
        self.text
    }

    fn text(&self) -> Cow<'a, str> {
        self.unescaped(self.text)
    }

    fn list(&self) -> Vec<Cow<'a, str>> {
        let set = |member: &&str| *member != self.layout.unset;
        let unescaped = |member| self.unescaped(member);
        match self.layout.set_separator.as_bytes() {
            // Looking for a byte is quicker than looking for a string.
            [byte] if byte.is_ascii() => {
                self.text.split(char::from(*byte)).filter(set).map(unescaped).collect()
            }
            _ => {
                let separator = self.layout.set_separator.as_str();
                self.text.split(separator).filter(set).map(unescaped).collect()
            }
        }
    }

    fn json(&self, into: &mut String) {
        match self.form {
            Form::Number if is_json_number(self.text) => into.push_str(self.text),
            Form::Flag if self.text == "T" => into.push_str("true"),
            Form::Flag if self.text == "F" => into.push_str("false"),
            Form::List => {
                into.push('[');
                for (at, member) in self.list().iter().enumerate() {
                    into.push_str(if at > 0 { "," } else { "" });
                    json::quote(into, member);
                }
                into.push(']');
            }
            _ => json::quote(into, &self.text()),
        }
    }
}

/// Digits with at most one point, no leading zero: what JSON takes as well.
fn is_json_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(fraction) && (whole == "0" || !whole.starts_with('0'))
}

/// Undoes Zeek's `\x09` and `\\`; what does not come out as UTF-8 stays as it
/// was written.
fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr(b'\\', text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let bytes = text.as_bytes();
    let mut out = bytes[..first].to_vec();
    let mut at = first;
    while let Some(&byte) = bytes.get(at) {
        let (decoded, width) = match bytes.get(at + 1) {
            Some(b'x') if byte == b'\\' => match value::hex_pair(bytes.get(at + 2..at + 4)) {
                Some(decoded) => (decoded, 4),
                None => (byte, 1),
            },
            Some(b'\\') if byte == b'\\' => (byte, 2),
            _ => (byte, 1),
        };
        out.push(decoded);
        at += width;
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_where_text_comes_out() {
        for (written, expected) in [
            ("plain", "plain"),
            (r"a\x09b", "a\tb"),
            (r"\xc3\xa9t\xc3\xa9", "été"),
            (r"\xff\xfe", r"\xff\xfe"),
            (r"O\\x41", r"O\x41"),
            (r"\x2", r"\x2"),
            (r"\", r"\"),
        ] {
            assert_eq!(unescape(written), expected, "{written}");
        }
    }

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for length in 0..40 {
            for every in 1..10 {
                let byte = |at: usize| {
                    if at.is_multiple_of(every) { b'\t' } else { b'\t' ^ (1 << (at % 8)) }
                };
                let bytes: Vec<u8> = (0..length).map(byte).collect();
                let expected: Vec<_> = memchr_iter(b'\t', &bytes).collect();
                assert_eq!(Positions::new(b'\t', &bytes).collect::<Vec<_>>(), expected);
            }
        }
    }

    #[test]
    fn numbers_are_those_of_json() {
        for text in ["0", "-1", "10.5", "0.000000"] {
            assert!(is_json_number(text), "{text}");
        }
        for text in ["", "-", "01", "1.", ".5", "1e5", "nan", "1.2.3"] {
            assert!(!is_json_number(text), "{text}");
        }
    }
}
