//! Zeek's tab-separated logs: a header that names separators, columns and
//! types, then a row a line. A header again (rotated files joined) is read
//! again.

use std::borrow::Cow;

use clarte_model::{Fault, FaultKind, Sink, Skipped};
use memchr::{memchr, memchr_iter};

use super::columns::{Column, column};
use super::names::{Kind, Log};
use super::row::{Cell, Row};
use crate::{Input, Line, json, value};

/// More columns than any log has: beyond it the header lies.
const COLUMNS_CAP: usize = 1_000;

/// Whether the stream begins like a Zeek header.
pub(super) fn recognises(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    [&b"#separator "[..], b"#fields\t", b"#path\t", b"#set_separator\t"]
        .iter()
        .any(|start| head.starts_with(start))
}

/// Reads the stream; its name is that of its first header.
pub(super) fn read(input: &mut Input<'_>, sink: &mut dyn Sink) -> &'static str {
    let mut layout = Layout::default();
    let mut name = None;
    input.for_each_line(sink, |line, sink| {
        let bytes = line.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line.bytes);
        if bytes.is_empty() {
            sink.skip(line.offset, line.length, Skipped::Blank);
        } else if bytes[0] == b'#' {
            header(&mut layout, bytes, &line, sink);
            name = name.or(layout.path);
        } else {
            row(&layout, &line, sink);
        }
    });
    name.unwrap_or(Log::OTHER).name
}

/// What the header says so far.
struct Layout {
    separator: u8,
    set_separator: String,
    empty: String,
    unset: String,
    path: Option<Log>,
    slots: Vec<Slot>,
}

/// One column.
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
}

/// Reads a header line, and says where it lies.
fn header(layout: &mut Layout, bytes: &[u8], line: &Line<'_>, sink: &mut dyn Sink) {
    let (text, invalid) = value::text(bytes);
    let ends = [' ', char::from(layout.separator)];
    let (directive, rest) = text.split_once(ends).unwrap_or((&text, ""));
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
    let complaint = complaint.or(invalid.then_some("the header is not UTF-8"));
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
fn row(layout: &Layout, line: &Line<'_>, sink: &mut dyn Sink) {
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
    let (text, invalid) = value::text(line.bytes);
    match cells(layout, &text, line) {
        Ok(row) => {
            if invalid {
                fault(false, FaultKind::Encoding, "the row is not UTF-8".into());
            }
            row.finish(sink);
        }
        Err(found) => {
            let expected = layout.slots.len();
            fault(
                true,
                FaultKind::FieldCount,
                format!("{found} fields where the header names {expected}"),
            );
        }
    }
}

/// The row's cells in their places, or how many there are if they do not fit.
fn cells<'a>(layout: &'a Layout, text: &'a str, line: &Line<'_>) -> Result<Row<'a>, usize> {
    let log = layout.log();
    let mut row = Row::new(log, line.offset, line.length);
    let mut slots = layout.slots.iter();
    let mut start = 0;
    let bytes = text.as_bytes();
    for end in memchr_iter(layout.separator, bytes).chain([bytes.len()]) {
        let Some(slot) = slots.next() else {
            return Err(memchr_iter(layout.separator, bytes).count() + 1);
        };
        let wanted = slot.column != Column::Drop || log.kind == Kind::Other;
        let cell = &text[start..end];
        if wanted && !cell.is_empty() && cell != layout.unset && cell != layout.empty {
            let cell = Tsv { text: cell, layout, form: slot.form };
            row.take(slot.column, &slot.name, cell);
            if log.kind == Kind::Other {
                row.keep(&slot.name, cell);
            }
        }
        start = end + 1;
    }
    let missing = slots.len();
    if missing == 0 { Ok(row) } else { Err(layout.slots.len() - missing) }
}

/// A cell of a row.
#[derive(Clone, Copy)]
struct Tsv<'a> {
    text: &'a str,
    layout: &'a Layout,
    form: Form,
}

impl<'a> Cell<'a> for Tsv<'a> {
    fn plain(self) -> &'a str {
        self.text
    }

    fn text(self) -> Cow<'a, str> {
        unescape(self.text)
    }

    fn list(self) -> Vec<Cow<'a, str>> {
        let members = self.text.split(self.layout.set_separator.as_str());
        members.filter(|member| *member != self.layout.unset).map(unescape).collect()
    }

    fn json(self, into: &mut String) {
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
    fn numbers_are_those_of_json() {
        for text in ["0", "-1", "10.5", "0.000000"] {
            assert!(is_json_number(text), "{text}");
        }
        for text in ["", "-", "01", "1.", ".5", "1e5", "nan", "1.2.3"] {
            assert!(!is_json_number(text), "{text}");
        }
    }
}
