//! The lines of a piece of a stream.

use std::borrow::Cow;

use memchr::memchr;

use crate::value;

/// A piece as text: invalid bytes written as `%FF`, so that none is lost. What
/// is UTF-8 already, as nearly everything is, is looked at once and borrowed.
pub(crate) struct Piece<'p> {
    raw: &'p [u8],
    offset: u64,
    text: Cow<'p, str>,
    invalid: bool,
}

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'t> {
    /// Offset in the stream of its first byte.
    pub(crate) offset: u64,
    /// Its length in the stream, terminator included.
    pub(crate) length: u64,
    /// Its text without terminator (`\n` or `\r\n`).
    pub(crate) text: &'t str,
    /// Whether it is not UTF-8.
    pub(crate) invalid: bool,
}

impl<'p> Piece<'p> {
    /// The piece `raw`, which begins at `offset` of the stream.
    pub(crate) fn new(raw: &'p [u8], offset: u64) -> Self {
        let (text, invalid) = value::text(raw);
        Self { raw, offset, text, invalid }
    }

    /// Its lines, in order.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let (mut text, mut raw, mut offset) = (&*self.text, self.raw, self.offset);
        std::iter::from_fn(move || {
            if text.is_empty() {
                return None;
            }
            let (line, rest) = text.split_at(line_length(text.as_bytes()));
            // A replaced byte makes a line longer.
            let length = if self.invalid { line_length(raw) } else { line.len() };
            let invalid = length != line.len();
            let found = Line { offset, length: length as u64, text: without_end(line), invalid };
            (text, raw, offset) = (rest, &raw[length..], offset + length as u64);
            Some(found)
        })
    }
}

/// The whole lines of a stream's head.
pub(crate) fn of_head(mut head: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let end = memchr(b'\n', head)?;
        let line = &head[..end];
        head = &head[end + 1..];
        Some(line)
    })
}

/// The length of the first line, terminator included.
pub(crate) fn line_length(bytes: &[u8]) -> usize {
    memchr(b'\n', bytes).map_or(bytes.len(), |newline| newline + 1)
}

fn without_end(line: &str) -> &str {
    let Some(line) = line.strip_suffix('\n') else { return line };
    line.strip_suffix('\r').unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_place_whatever_was_replaced() {
        let text = Piece::new(b"a\r\n\xff\xe9b\n\nc\r", 100);
        let line = |offset, length, text, invalid| Line { offset, length, text, invalid };
        let expected = [
            line(100, 3, "a", false),
            line(103, 4, "%FF%E9b", true),
            line(107, 1, "", false),
            line(108, 2, "c\r", false),
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    }
}
