//! Rows of character-separated values (RFC 4180), with the exact bytes of each.
//!
//! Commas, semicolons or tabs, or what a [`Dialect`] says; UTF-8, UTF-16 or else
//! Windows-1252. A row may hold line ends between quotes. One stray quote must
//! not swallow the file: a row that does not end within [`ROW_CAP`] gives up its
//! first line only, as far as that can be done reading nothing more than twice.

use std::collections::VecDeque;

use clarte_model::{Fault, FaultKind, Record, Sink, Skipped};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use crate::input::{Input, LINE_CAP, Units};

/// The longest row, in bytes of decoded text.
const ROW_CAP: usize = 1 << 18;

const TOO_LARGE: &str = "a row over 256 KiB or 1,000 fields";

/// The most fields of a row.
const FIELDS_CAP: usize = 1_000;

/// How many lines down a header may stand below titles.
const TITLES: usize = 32;

/// One row.
pub(crate) struct Row {
    pub(crate) offset: u64,
    pub(crate) length: u64,
    pub(crate) fields: Vec<String>,
}

/// The rows of a stream after its header.
pub(crate) struct Rows<'i, 'r> {
    input: &'i mut Input<'r>,
    encoding: Encoding,
    parser: Reader,
    /// Lines read but not yet part of a row.
    ahead: VecDeque<DecodedLine>,
    /// End of what a row that failed has looked at.
    looked_at: u64,
    has_directives: bool,
    comment: Option<u8>,
}

/// How a table is written, as far as somebody said so.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Dialect {
    /// What stands between cells; else what the header uses most.
    pub(crate) delimiter: Option<u8>,
    /// What stands around cells that hold it; else `"`.
    pub(crate) quote: Option<u8>,
    /// What lines begin with that are no rows.
    pub(crate) comment: Option<u8>,
}

impl Dialect {
    fn is_comment(self, line: &str) -> bool {
        self.comment.is_some_and(|sign| line.as_bytes().first() == Some(&sign))
    }
}

/// What a stream's first row says, and how it is written.
pub(crate) struct Header {
    /// The names, trimmed, in lower case.
    pub(crate) names: Vec<String>,
    pub(crate) delimiter: u8,
    encoding: Encoding,
    /// Lines down to the row and with it; none where names were given.
    lines: usize,
    /// Whether lines that begin with `#` are no rows.
    has_directives: bool,
    quote: Option<u8>,
    comment: Option<u8>,
}

#[derive(Debug, Clone, Copy)]
enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

/// A line, or one that could not be read.
struct DecodedLine {
    offset: u64,
    length: u64,
    text: String,
    /// Whether it is in the file's encoding.
    valid: bool,
    lost: Option<(FaultKind, &'static str)>,
}

impl Header {
    /// The header of a stream that begins with `head`, if it may have one.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        let encoding = Encoding::of(head);
        let mut input_bytes = head;
        let mut input = Input::new(&mut input_bytes);
        let mut lines_before = 0;
        while let Some(line) = input.next_line_in(encoding.units(), 1 << 14) {
            if line.too_long {
                return None;
            }
            let (text, _) = encoding.decode(line.bytes);
            let text = text.trim_start_matches('\u{feff}').trim();
            if text.is_empty() || text.starts_with("#TYPE") || is_separator(text) {
                lines_before += 1;
                continue;
            }
            let delimiter = delimiter(text);
            let names = split(delimiter, None, text)?;
            return Some(Self::new(names, delimiter, encoding, lines_before + 1));
        }
        None
    }

    /// The header of a stream that begins with `head`: the first of its lines, up
    /// to [`TITLES`] down, that is one in the eyes of `is_header`.
    pub(crate) fn find(
        head: &[u8],
        dialect: Dialect,
        is_header: &dyn Fn(&[String]) -> bool,
    ) -> Option<Self> {
        let encoding = Encoding::of(head);
        let mut input_bytes = head;
        let mut input = Input::new(&mut input_bytes);
        for lines in 1..=TITLES {
            let line = input.next_line_in(encoding.units(), 1 << 14)?;
            let (text, _) = encoding.decode(line.bytes);
            let text = text.trim_start_matches('\u{feff}').trim_ascii_end();
            let delimiter = dialect.delimiter.unwrap_or_else(|| delimiter(text));
            // A comment may be what names the columns, as in `#Fields: date time …`.
            let named = if dialect.is_comment(text) { &text[1..] } else { text };
            let named = named.trim_ascii_start();
            let named = named.strip_prefix("Fields:").map_or(named, str::trim_ascii_start);
            if let Some(names) = split(delimiter, dialect.quote, named).filter(|n| is_header(n)) {
                return Some(Self::new(names, delimiter, encoding, lines).written(dialect));
            }
        }
        None
    }

    /// The header of a stream that has none, with the names that its columns
    /// have.
    pub(crate) fn given(head: &[u8], dialect: Dialect, names: &[String]) -> Self {
        let delimiter = dialect.delimiter.unwrap_or(b',');
        Self::new(names.to_vec(), delimiter, Encoding::of(head), 0).written(dialect)
    }

    fn new(names: Vec<String>, delimiter: u8, encoding: Encoding, lines: usize) -> Self {
        let (has_directives, quote, comment) = (false, None, None);
        Self { names, delimiter, encoding, lines, has_directives, quote, comment }
    }

    fn written(self, dialect: Dialect) -> Self {
        Self { quote: dialect.quote, comment: dialect.comment, ..self }
    }

    /// The header of a stream that begins with directives, one of which names the
    /// columns: `#Fields: date-time,client-ip,…`, with `_` for `-`. The others, and
    /// their repetition where files were joined, are header as well.
    pub(crate) fn of_directives(head: &[u8]) -> Option<Self> {
        let encoding = Encoding::of(head);
        let mut input_bytes = head;
        let mut input = Input::new(&mut input_bytes);
        let mut lines_before = 0;
        while let Some(line) = input.next_line_in(encoding.units(), 1 << 14) {
            let (text, _) = encoding.decode(line.bytes);
            let text = text.trim_start_matches('\u{feff}').trim();
            if line.too_long || !(text.is_empty() || text.starts_with('#')) {
                return None;
            }
            if let Some(fields) = text.strip_prefix("#Fields:") {
                let names = split(b',', None, &fields.replace('-', "_"))?;
                let header = Self::new(names, b',', encoding, lines_before + 1);
                return Some(Self { has_directives: true, ..header });
            }
            lines_before += 1;
        }
        None
    }

    /// The column of that name.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// What stands in these columns of the rows that a head holds.
    pub(crate) fn cells(&self, head: &[u8], columns: &[usize]) -> Vec<String> {
        let (mut bytes, mut cells) = (head, Vec::new());
        let mut input = Input::new(&mut bytes);
        let mut rows = self.rows(&mut input, &mut Deaf);
        while let Some(mut row) = rows.next(self.names.len(), &mut Deaf) {
            cells.extend(columns.iter().map(|at| std::mem::take(&mut row.fields[*at])));
        }
        cells
    }

    /// Steps over the header and gives the rows.
    pub(crate) fn rows<'i, 'r>(
        &self,
        input: &'i mut Input<'r>,
        sink: &mut dyn Sink,
    ) -> Rows<'i, 'r> {
        for _ in 0..self.lines {
            let Some(line) = input.next_line_in(self.encoding.units(), LINE_CAP) else { break };
            sink.skip(line.offset, line.length, Skipped::Header);
        }
        Rows {
            input,
            encoding: self.encoding,
            parser: parser(self.delimiter, self.quote),
            ahead: VecDeque::new(),
            looked_at: 0,
            has_directives: self.has_directives,
            comment: self.comment,
        }
    }
}

impl Rows<'_, '_> {
    /// The next row of `width` fields; faults on the way go to `sink`.
    pub(crate) fn next(&mut self, width: usize, sink: &mut dyn Sink) -> Option<Row> {
        let has_directives = self.has_directives;
        let written = Dialect { comment: self.comment, ..Dialect::default() };
        loop {
            let first = self.line(0)?;
            if let Some((kind, detail)) = first.lost {
                self.lose(1, kind, detail.to_owned(), sink);
                continue;
            }
            let is_directive = first.text.trim_start_matches('\u{feff}').starts_with('#');
            if first.text.trim().is_empty() || (is_directive && has_directives) {
                let why = if is_directive { Skipped::Header } else { Skipped::Blank };
                sink.skip(first.offset, first.length, why);
                self.ahead.pop_front();
                continue;
            }
            if written.is_comment(&first.text) {
                sink.skip(first.offset, first.length, Skipped::Comment);
                self.ahead.pop_front();
                continue;
            }
            match self.assemble() {
                Ok((lines, fields)) if fields.len() == width => {
                    let valid = self.ahead.iter().take(lines).all(|line| line.valid);
                    let (offset, length) = self.drop_lines(lines);
                    if !valid {
                        let detail = "the row is not in the file's encoding".to_owned();
                        let kind = FaultKind::Encoding;
                        sink.fault(Fault { offset, length, lost: false, kind, detail });
                    }
                    return Some(Row { offset, length, fields });
                }
                Ok((lines, fields)) => {
                    let detail = format!("{} fields where the header names {width}", fields.len());
                    self.lose(lines, FaultKind::FieldCount, detail, sink);
                }
                Err((lines, kind, detail)) => self.lose(lines, kind, detail.to_owned(), sink),
            }
        }
    }

    /// The fields of the row that begins with the next line, and how many lines
    /// it takes.
    fn assemble(&mut self) -> Result<(usize, Vec<String>), (usize, FaultKind, &'static str)> {
        self.parser.reset();
        let mut output = Output::default();
        for at in 0.. {
            let text = match self.line(at) {
                Some(line) if line.lost.is_none() => std::mem::take(&mut line.text),
                _ => return Err((at, FaultKind::Truncated, "a quote is never closed")),
            };
            let ended = output.feed(&mut self.parser, &text);
            self.ahead[at].text = text;
            match ended {
                Some(true) => return Ok((at + 1, output.fields())),
                Some(false) => {}
                None => return Err((at + 1, FaultKind::TooLarge, TOO_LARGE)),
            }
        }
        Err((1, FaultKind::TooLarge, TOO_LARGE))
    }

    /// Gives up the first line of a bad row of several, and reads the others
    /// again; but not what was read twice already.
    fn lose(&mut self, lines: usize, kind: FaultKind, detail: String, sink: &mut dyn Sink) {
        let start = self.ahead.front().map_or(0, |line| line.offset);
        let last = lines.saturating_sub(1);
        let end = self.ahead.get(last).map_or(start, |line| line.offset + line.length);
        let again = start >= self.looked_at;
        self.looked_at = self.looked_at.max(end);
        let (offset, length) = self.drop_lines(if again { 1 } else { lines });
        sink.fault(Fault { offset, length, lost: true, kind, detail });
    }

    fn drop_lines(&mut self, lines: usize) -> (u64, u64) {
        let dropped = self.ahead.drain(..lines.min(self.ahead.len()));
        dropped.fold((u64::MAX, 0), |(offset, length), line| {
            (offset.min(line.offset), length + line.length)
        })
    }

    /// The line `at` lines ahead, `None` at the end of the stream.
    fn line(&mut self, at: usize) -> Option<&mut DecodedLine> {
        while self.ahead.len() <= at {
            let line = self.input.next_line_in(self.encoding.units(), LINE_CAP)?;
            let lost = match (line.too_long, line.cut) {
                (true, _) => Some((FaultKind::TooLarge, "line over 1 MiB")),
                (_, true) => Some((FaultKind::Truncated, "the stream breaks off inside this line")),
                _ => None,
            };
            let (mut text, valid) = self.encoding.decode(line.bytes);
            let (offset, length) = (line.offset, line.length);
            if offset == 0 && text.starts_with('\u{feff}') {
                text.remove(0);
            }
            self.ahead.push_back(DecodedLine { offset, length, text, valid, lost });
        }
        self.ahead.get_mut(at)
    }
}

/// For rows that are read a second time.
struct Deaf;

impl Sink for Deaf {
    fn record(&mut self, _: &Record<'_>) {}
    fn fault(&mut self, _: Fault) {}
    fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
}

/// A row's fields while its lines come in.
#[derive(Default)]
struct Output {
    text: Vec<u8>,
    length: usize,
    ends: Vec<usize>,
    count: usize,
}

impl Output {
    /// Adds a line; whether the row ends with it, `None` if it grows too large.
    fn feed(&mut self, parser: &mut Reader, line: &str) -> Option<bool> {
        for mut part in [line.as_bytes(), b"\n"] {
            while !part.is_empty() {
                let (text, ends) = (&mut self.text[self.length..], &mut self.ends[self.count..]);
                let (result, read, written, ended) = parser.read_record(part, text, ends);
                part = &part[read..];
                self.length += written;
                self.count += ended;
                match result {
                    ReadRecordResult::InputEmpty => {}
                    ReadRecordResult::OutputFull if self.text.len() < ROW_CAP => {
                        self.text.resize((self.text.len() * 2).max(1 << 10), 0);
                    }
                    ReadRecordResult::OutputEndsFull if self.ends.len() < FIELDS_CAP => {
                        self.ends.resize((self.ends.len() * 2).max(32), 0);
                    }
                    ReadRecordResult::Record | ReadRecordResult::End => return Some(true),
                    _ => return None,
                }
            }
        }
        Some(false)
    }

    fn fields(&self) -> Vec<String> {
        let mut start = 0;
        let ends = self.ends[..self.count].iter();
        ends.map(|&end| {
            let field = &self.text[start..end];
            start = end;
            // Lines are text and delimiters ASCII, so that nothing is lost.
            match std::str::from_utf8(field) {
                Ok(field) => field.to_owned(),
                Err(_) => String::from_utf8_lossy(field).into_owned(),
            }
        })
        .collect()
    }
}

fn parser(delimiter: u8, quote: Option<u8>) -> Reader {
    let mut parser = ReaderBuilder::new();
    parser.delimiter(delimiter).terminator(Terminator::Any(b'\n')).quote(quote.unwrap_or(b'"'));
    parser.build()
}

/// The names that a header of one line holds.
fn split(delimiter: u8, quote: Option<u8>, line: &str) -> Option<Vec<String>> {
    let name = |name: &str| name.trim().to_lowercase();
    if !line.contains(char::from(quote.unwrap_or(b'"'))) {
        // Every file of an unknown format comes by here, and a reader of quotes
        // takes long to make.
        let names: Vec<_> = line.split(char::from(delimiter)).map(name).collect();
        return (names.len() <= FIELDS_CAP).then_some(names);
    }
    let mut output = Output::default();
    let whole = output.feed(&mut parser(delimiter, quote), line)? && output.count > 0;
    whole.then(|| output.fields().iter().map(|field| name(field)).collect())
}

/// Whether the line tells spreadsheets the delimiter: `sep=;`.
fn is_separator(line: &str) -> bool {
    line.len() <= 5 && line.get(..4).is_some_and(|sep| sep.eq_ignore_ascii_case("sep="))
}

/// The delimiter that a header uses most.
fn delimiter(header: &str) -> u8 {
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    let mut best = b',';
    for other in [b';', b'\t'] {
        if count(other) > count(best) {
            best = other;
        }
    }
    best
}

impl Encoding {
    fn of(head: &[u8]) -> Self {
        match Units::of(head) {
            Units::Bytes => Self::Utf8,
            Units::Utf16Le => Self::Utf16Le,
            Units::Utf16Be => Self::Utf16Be,
        }
    }

    fn units(self) -> Units {
        match self {
            Self::Utf8 => Units::Bytes,
            Self::Utf16Le => Units::Utf16Le,
            Self::Utf16Be => Units::Utf16Be,
        }
    }

    /// The bytes as text, and whether they were in this encoding.
    fn decode(self, bytes: &[u8]) -> (String, bool) {
        let encoding = match self {
            Self::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => return (text.to_owned(), true),
                Err(_) => return (encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(), false),
            },
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
        };
        let (text, damaged) = encoding.decode_without_bom_handling(bytes);
        (text.into_owned(), !damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Faults(Vec<(u64, u64, FaultKind)>);

    impl Sink for Faults {
        fn record(&mut self, _: &Record<'_>) {}
        fn fault(&mut self, fault: Fault) {
            self.0.push((fault.offset, fault.length, fault.kind));
        }
        fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
    }

    type Read = (Vec<(u64, u64, Vec<String>)>, Vec<(u64, u64, FaultKind)>);

    fn read(bytes: &[u8]) -> Read {
        let header = Header::of(bytes).expect("a header");
        let (mut stream, mut faults) = (bytes, Faults::default());
        let mut input = Input::new(&mut stream);
        let mut rows = header.rows(&mut input, &mut faults);
        let mut all = Vec::new();
        while let Some(row) = rows.next(header.names.len(), &mut faults) {
            all.push((row.offset, row.length, row.fields));
        }
        (all, faults.0)
    }

    fn fields(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_row_may_take_several_lines() {
        let (rows, faults) = read(b"a,b\r\n1,\"x\r\n\r\ny \"\"z\"\r\n2,\n");
        let expected = [(5, 16, fields(&["1", "x\n\ny \"z"])), (21, 3, fields(&["2", ""]))];
        assert_eq!(rows, expected);
        assert_eq!(faults, []);
    }

    #[test]
    fn a_stray_quote_costs_one_line() {
        let (rows, faults) = read(b"a;b\n1;\"x\n2;y\n3;z\n");
        assert_eq!(rows, [(9, 4, fields(&["2", "y"])), (13, 4, fields(&["3", "z"]))]);
        assert_eq!(faults, [(4, 5, FaultKind::Truncated)]);
    }

    #[test]
    fn quotes_that_never_close_are_not_read_over_and_over() {
        let mut bytes = b"a,b\n".to_vec();
        bytes.extend(b"x\"y,\"z\n".repeat(200_000));
        let (rows, faults) = read(&bytes);
        assert_eq!(rows, []);
        let lost: u64 = faults.iter().map(|fault| fault.1).sum();
        assert_eq!(lost, bytes.len() as u64 - 4);
    }

    #[test]
    fn utf_16_and_windows_1252_are_read_with_their_own_spans() {
        let text = "\u{feff}a\tb\r\n\u{10a}\té\r\n";
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&bytes), (vec![(12, 10, fields(&["\u{10a}", "é"]))], vec![]));
        assert_eq!(read(&bytes[2..]), (vec![(10, 10, fields(&["\u{10a}", "é"]))], vec![]));
        let (rows, faults) = read(b"a,b\nAndr\xe9,x\n");
        assert_eq!(rows, [(4, 8, fields(&["André", "x"]))]);
        assert_eq!(faults, [(4, 8, FaultKind::Encoding)]);
    }
}
