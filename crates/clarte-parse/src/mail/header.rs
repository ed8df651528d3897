//! The header block of a message or MIME part.
//! Spec: RFC 5322 §2.2 and §4.5.
//!
//! Lines that are neither a field nor a continuation are damage. If a field
//! follows such a line it is passed over, otherwise the body begins with it.
//! What values mean is read elsewhere.

use std::borrow::Cow;
use std::ops::Range;

use clarte_model::FaultKind;
use mail_parser::HeaderValue;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::parsers::MessageStream;

use super::Damage;

/// Fields kept of one block; the rest is damage.
const FIELDS_KEPT: usize = 4_000;

/// Bytes of a value that are decoded; the rest is damage.
const VALUE_CAP: usize = 1 << 20;

/// A header block.
#[derive(Debug, Default)]
pub(super) struct Header<'m> {
    pub(super) fields: Vec<Field<'m>>,
    /// From the first byte to the one before the body.
    pub(super) range: Range<usize>,
}

/// A field, still folded and encoded.
#[derive(Debug, Clone)]
pub(super) struct Field<'m> {
    pub(super) name: &'m [u8],
    pub(super) value: &'m [u8],
    pub(super) range: Range<usize>,
}

/// Reads the block that begins at `start`. `stops` tells whether a line that
/// begins at an offset cannot belong to it (a MIME boundary).
pub(super) fn read<'m>(
    raw: &'m [u8],
    start: usize,
    stops: impl Fn(usize) -> bool,
    damage: &mut Vec<Damage>,
) -> Header<'m> {
    let mut block = Block { raw, header: Header::default(), junk: None, left_out: 0 };
    let mut at = start;
    let body = loop {
        let end = line_end(raw, at);
        let line = &raw[at..end];
        if at == raw.len() || (line.starts_with(b"--") && stops(at)) {
            break at;
        }
        if is_blank(line) {
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                // Only white space: part of a folded field if more follows.
                let next = &raw[end..line_end(raw, end)];
                if !block.header.fields.is_empty() && is_line_of_header(next) && !is_blank(next) {
                    block.extend(end);
                    at = end;
                    continue;
                }
            }
            break end;
        }
        if !block.take(at, end) {
            break at;
        }
        at = end;
    };
    block.header.range = start..body;
    block.report(body, damage);
    block.header
}

struct Block<'m> {
    raw: &'m [u8],
    header: Header<'m>,
    /// First damaged line and their number.
    junk: Option<(Range<usize>, usize)>,
    left_out: usize,
}

impl<'m> Block<'m> {
    /// Adds the line; `false` if the body begins with it.
    fn take(&mut self, at: usize, end: usize) -> bool {
        let line = &self.raw[at..end];
        if let Some(name) = field_name(line) {
            if self.header.fields.len() < FIELDS_KEPT {
                let value =
                    &line[memchr::memchr(b':', line).map_or(line.len(), |colon| colon + 1)..];
                self.header.fields.push(Field { name, value, range: at..end });
            } else {
                self.left_out += 1;
            }
            return true;
        }
        if matches!(line[0], b' ' | b'\t') && !self.header.fields.is_empty() {
            if self.left_out == 0 {
                self.extend(end);
            }
            return true;
        }
        let next = &self.raw[end..line_end(self.raw, end)];
        let passes = is_line_of_header(next) && !is_blank(next);
        match &mut self.junk {
            Some((_, count)) => *count += 1,
            None => self.junk = Some((at..end, 1)),
        }
        passes
    }

    /// Makes the last field reach to `end`.
    fn extend(&mut self, end: usize) {
        if let Some(field) = self.header.fields.last_mut() {
            let value = field.range.end - field.value.len();
            field.value = &self.raw[value..end];
            field.range.end = end;
        }
    }

    fn report(&self, body: usize, damage: &mut Vec<Damage>) {
        if let Some((range, count)) = &self.junk {
            let detail = match count {
                1 => "a header line is neither a field nor a continuation".to_owned(),
                _ => format!("{count} header lines are neither fields nor continuations"),
            };
            damage.push(Damage { range: range.clone(), kind: FaultKind::Header, detail });
        }
        if self.left_out > 0 {
            let detail = format!("{} header fields over the cap left out", self.left_out);
            damage.push(Damage {
                range: self.header.range.start..body,
                kind: FaultKind::TooLarge,
                detail,
            });
        }
        if let Some(field) = self.header.fields.iter().find(|field| field.value.len() > VALUE_CAP) {
            let detail =
                format!("a header field over {VALUE_CAP} bytes, of which the rest is not read");
            damage.push(Damage { range: field.range.clone(), kind: FaultKind::TooLarge, detail });
        }
        let foreign = |field: &&Field<'_>| {
            !field.value.is_ascii() && std::str::from_utf8(field.value).is_err()
        };
        if let Some(field) = self.header.fields.iter().find(foreign) {
            let detail = "a header holds 8-bit bytes that are not UTF-8".to_owned();
            damage.push(Damage { range: field.range.clone(), kind: FaultKind::Encoding, detail });
        }
    }
}

impl<'m> Header<'m> {
    /// The fields called `name`, topmost first.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &Field<'m>> {
        self.fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// The topmost field called `name`.
    pub(super) fn first(&self, name: &str) -> Option<&Field<'m>> {
        self.all(name).next()
    }

    /// The topmost field called `name`, unfolded and decoded (RFC 2047).
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.first(name).map(Field::text)
    }
}

impl Field<'_> {
    /// The value unfolded and decoded (RFC 2047), without surrounding space.
    pub(super) fn text(&self) -> String {
        let bytes = self.bytes();
        if memchr::memmem::find(&bytes, b"=?").is_none() {
            return self.plain();
        }
        match MessageStream::new(&bytes).parse_unstructured() {
            HeaderValue::Text(text) => text.trim().to_owned(),
            _ => String::new(),
        }
    }

    /// The value unfolded, without decoding of encoded words.
    pub(super) fn plain(&self) -> String {
        let bytes = self.bytes();
        // `bytes` are UTF-8 unless the cap cut a character.
        let text = String::from_utf8_lossy(&bytes);
        let lines = text.trim().split('\n').map(|line| line.trim_end_matches('\r'));
        lines.collect::<String>().replace('\t', " ")
    }

    /// The value as `mail-parser` wants it: UTF-8, capped, ended by a newline.
    pub(super) fn bytes(&self) -> Cow<'_, [u8]> {
        let value = &self.value[..self.value.len().min(VALUE_CAP)];
        let mut bytes = match std::str::from_utf8(value) {
            Ok(_) => Cow::Borrowed(value),
            Err(_) => Cow::Owned(latin(value).into_bytes()),
        };
        if !bytes.ends_with(b"\n") {
            bytes.to_mut().push(b'\n');
        }
        bytes
    }
}

/// Bytes of no known character set, read as Windows-1252.
pub(super) fn latin(bytes: &[u8]) -> String {
    match charset_decoder(b"windows-1252") {
        Some(decode) => decode(bytes),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The name, if the line begins a field.
pub(super) fn field_name(line: &[u8]) -> Option<&[u8]> {
    let colon = memchr::memchr(b':', line)?;
    let name = line[..colon].trim_ascii_end();
    let fits = !name.is_empty() && name.len() <= 256 && name.iter().all(|b| (33..=126).contains(b));
    fits.then_some(name)
}

/// The offset behind the line that begins at `at`.
pub(super) fn line_end(raw: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &raw[at..]).map_or(raw.len(), |newline| at + newline + 1)
}

/// Whether a line holds nothing but white space.
pub(super) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

fn is_line_of_header(line: &[u8]) -> bool {
    field_name(line).is_some() || matches!(line.first(), Some(b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(raw: &[u8]) -> (Vec<(String, String)>, &[u8], Vec<FaultKind>) {
        let mut damage = Vec::new();
        let header = read(raw, 0, |_| false, &mut damage);
        let name = |field: &Field<'_>| String::from_utf8_lossy(field.name).into_owned();
        let fields = header.fields.iter().map(|field| (name(field), field.text())).collect();
        (fields, &raw[header.range.end..], damage.iter().map(|damage| damage.kind).collect())
    }

    fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_value_over_the_cap_is_said_to_be_cut() {
        let raw = [b"To: ".as_slice(), &vec![b'a'; VALUE_CAP], b"\n\n"].concat();
        let (_, _, damage) = parsed(&raw);
        assert_eq!(damage, [FaultKind::TooLarge]);
    }

    #[test]
    fn fields_are_unfolded_and_decoded() {
        let raw = b"Subject: a\r\n b\r\nX :=?utf-8?q?=C3=A9?= =?utf-8?q?t=C3=A9?=\r\n\r\nbody";
        let expected = pairs(&[("Subject", "a b"), ("X", "\u{e9}t\u{e9}")]);
        assert_eq!(parsed(raw), (expected, &b"body"[..], vec![]));
    }

    #[test]
    fn a_stray_line_is_passed_over_and_a_missing_blank_line_is_seen() {
        let (fields, body, damage) = parsed(b"A: 1\nstray line\nB: 2\nbody text\nmore");
        assert_eq!(fields, pairs(&[("A", "1"), ("B", "2")]));
        assert_eq!((body, damage), (&b"body text\nmore"[..], vec![FaultKind::Header]));
    }

    #[test]
    fn latin_1_bytes_are_kept_and_told() {
        let (fields, _, damage) = parsed(b"Subject: M\xfcller\n\n");
        assert_eq!(fields, pairs(&[("Subject", "M\u{fc}ller")]));
        assert_eq!(damage, [FaultKind::Encoding]);
    }
}
