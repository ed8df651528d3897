//! A stream read once, front to back, in bounded memory.

use std::io::{self, BufRead, Read};

use clarte_model::{Fault, FaultKind};

use crate::ReadAt;
use crate::block::Output;

/// The longest line that is read as one: longer ones are a fault.
pub const LINE_CAP: usize = 1 << 20;

/// The longest message that is read as one: of longer ones the rest is a fault.
pub const MESSAGE_CAP: usize = 64 << 20;

const BLOCK: usize = 1 << 18;
const HEAD: usize = 1 << 16;

/// Bytes of the buffer at first: most mails fit.
const FIRST: usize = 1 << 14;

/// A stream with a look at its head, its lines and the position in it.
///
/// A reader that fails ends the stream early; [`Input::broken`] says why.
pub struct Input<'r> {
    reader: &'r mut dyn Read,
    at: Option<&'r dyn ReadAt>,
    buffer: Vec<u8>,
    /// The unread part of `buffer`.
    start: usize,
    end: usize,
    /// Offset in the stream of `buffer[start]`.
    offset: u64,
    ended: bool,
    broken: Option<io::Error>,
}

/// One line.
#[derive(Debug, Clone, Copy)]
pub struct Line<'i> {
    /// Offset of its first byte.
    pub offset: u64,
    /// Its length, terminator included.
    pub length: u64,
    /// Its bytes without terminator (`\n` or `\r\n`); of a line over the cap
    /// none.
    pub bytes: &'i [u8],
    /// Whether it is longer than the cap.
    pub too_long: bool,
    /// Whether the stream broke off inside it.
    pub cut: bool,
}

/// What comes next in a stream of lines.
enum Run<'i> {
    /// Whole lines, and their offset.
    Lines(&'i [u8], u64),
    /// A line that is not read.
    Lost(Fault),
}

fn lost_line(offset: u64, length: u64, too_long: bool) -> Fault {
    let (kind, detail) = if too_long {
        (FaultKind::TooLarge, "line over 1 MiB")
    } else {
        (FaultKind::Truncated, "the stream breaks off inside this line")
    };
    Fault { offset, length, lost: true, kind, detail: detail.to_owned() }
}

/// How wide a stream's characters are, as far as line ends are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    /// One byte: ASCII, UTF-8 and the 8-bit sets.
    Bytes,
    /// Two bytes, the lower one first.
    Utf16Le,
    /// Two bytes, the higher one first.
    Utf16Be,
}

impl Units {
    /// How wide the characters of a stream are that begins so: by its byte order
    /// mark or, without one, by the zeros that ASCII has in two bytes.
    pub(crate) fn of(head: &[u8]) -> Self {
        let is_ascii = |byte: u8| matches!(byte, b'\t' | b'\r' | b'\n' | b' '..=b'~');
        let beginning = head.get(..8).unwrap_or_default();
        let has_zeros = |at: usize| {
            let mut pairs = beginning.chunks_exact(2);
            !beginning.is_empty() && pairs.all(|pair| pair[at] == 0 && is_ascii(pair[1 - at]))
        };
        match head {
            [0xff, 0xfe, ..] => Self::Utf16Le,
            [0xfe, 0xff, ..] => Self::Utf16Be,
            _ if has_zeros(1) => Self::Utf16Le,
            _ if has_zeros(0) => Self::Utf16Be,
            _ => Self::Bytes,
        }
    }

    fn newline(self) -> &'static [u8] {
        match self {
            Self::Bytes => b"\n",
            Self::Utf16Le => b"\n\0",
            Self::Utf16Be => b"\0\n",
        }
    }

    fn carriage_return(self) -> &'static [u8] {
        match self {
            Self::Bytes => b"\r",
            Self::Utf16Le => b"\r\0",
            Self::Utf16Be => b"\0\r",
        }
    }

    /// Where in `bytes`, which begin with a whole character, the first newline
    /// stands; the first `searched` bytes hold none.
    fn find_newline(self, bytes: &[u8], searched: usize) -> Option<usize> {
        let width = self.newline().len();
        if width == 1 {
            return memchr::memchr(b'\n', &bytes[searched..]).map(|at| searched + at);
        }
        let from = searched / width * width;
        let pair = bytes[from..].chunks_exact(width).position(|pair| pair == self.newline());
        pair.map(|pair| from + pair * width)
    }
}

impl<'r> Input<'r> {
    /// A stream at its beginning.
    pub fn new(reader: &'r mut dyn Read) -> Self {
        Self::of_file(reader, None)
    }

    /// A stream that is a whole file, whose bytes are also found `at` any
    /// place.
    pub(crate) fn of_file(reader: &'r mut dyn Read, at: Option<&'r dyn ReadAt>) -> Self {
        let buffer = Vec::new();
        Self { reader, at, buffer, start: 0, end: 0, offset: 0, ended: false, broken: None }
    }

    /// The same bytes in any order, if the stream is a file that can be read so.
    pub(crate) fn at(&self) -> Option<&'r dyn ReadAt> {
        self.at
    }

    /// The offset of the next unread byte.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Why the reader failed, if it did.
    pub fn broken(&self) -> Option<&io::Error> {
        self.broken.as_ref()
    }

    /// The next bytes, up to 64 KiB, without consuming them.
    pub fn head(&mut self) -> &[u8] {
        self.fill(HEAD);
        &self.buffer[self.start..self.end.min(self.start + HEAD)]
    }

    /// The next `wanted` bytes, or as many as there are, without consuming them.
    pub(crate) fn peek(&mut self, wanted: usize) -> &[u8] {
        self.fill(wanted);
        &self.buffer[self.start..self.end.min(self.start + wanted)]
    }

    /// Consumes up to `length` bytes and returns how many there were.
    pub(crate) fn skip(&mut self, length: u64) -> u64 {
        let from = self.offset;
        loop {
            let left = length - (self.offset - from);
            let unread = (self.end - self.start) as u64;
            self.consume(unread.min(left) as usize);
            if left <= unread || !self.fill(1) {
                return self.offset - from;
            }
        }
    }

    /// The next line, or `None` at the end of the stream. Memory stays within
    /// `cap` whatever the line's length.
    pub fn next_line(&mut self, cap: usize) -> Option<Line<'_>> {
        self.next_line_in(Units::Bytes, cap)
    }

    /// The next line of a stream whose characters are of `units`.
    pub fn next_line_in(&mut self, units: Units, cap: usize) -> Option<Line<'_>> {
        let width = units.newline().len();
        let mut searched = 0;
        let newline = loop {
            let unread = &self.buffer[self.start..self.end];
            if let Some(at) = units.find_newline(unread, searched) {
                break Some(at);
            }
            searched = unread.len();
            if searched >= cap + width || !self.fill(searched + 1) {
                break None;
            }
        };
        let offset = self.offset;
        let begin = self.start;
        match newline {
            Some(at) if at <= cap => {
                self.consume(at + width);
                let bytes = &self.buffer[begin..begin + at];
                let bytes = bytes.strip_suffix(units.carriage_return()).unwrap_or(bytes);
                let length = (at + width) as u64;
                Some(Line { offset, length, bytes, too_long: false, cut: false })
            }
            None if searched == 0 => None,
            None if searched <= cap => {
                self.consume(searched);
                let cut = self.broken.is_some();
                let bytes = &self.buffer[begin..begin + searched];
                Some(Line { offset, length: searched as u64, bytes, too_long: false, cut })
            }
            _ => {
                self.skip_line(units);
                let length = self.offset - offset;
                Some(Line { offset, length, bytes: &[], too_long: true, cut: false })
            }
        }
    }

    /// Hands what remains to `each` in runs of whole lines, each with its
    /// offset; lines over the cap or cut off are lost faults and do not reach
    /// it.
    pub(crate) fn for_each_run(
        &mut self,
        out: &mut Output<'_>,
        mut each: impl FnMut(&[u8], u64, &mut Output<'_>),
    ) {
        while let Some(run) = self.next_run(out.size()) {
            match run {
                Run::Lines(bytes, offset) => each(bytes, offset, out),
                Run::Lost(fault) => out.sink().fault(fault),
            }
        }
    }

    /// The next lines that fit into `size` bytes, at least one.
    fn next_run(&mut self, size: usize) -> Option<Run<'_>> {
        let size = size.clamp(1, LINE_CAP + 1);
        self.fill(size);
        let first = &self.buffer[self.start..self.end.min(self.start + size)];
        let length = match memchr::memrchr(b'\n', first) {
            Some(newline) => {
                self.consume(newline + 1);
                newline + 1
            }
            // A line longer than that, or the end of the stream.
            None => {
                let Line { offset, length, too_long, cut, .. } = self.next_line(LINE_CAP)?;
                if too_long || cut {
                    return Some(Run::Lost(lost_line(offset, length, too_long)));
                }
                length as usize
            }
        };
        let offset = self.offset - length as u64;
        Some(Run::Lines(&self.buffer[self.start - length..self.start], offset))
    }

    /// Consumes the rest of the stream, up to `cap` bytes.
    pub fn take(&mut self, cap: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < cap {
            if self.start == self.end && !self.fill(1) {
                break;
            }
            let length = (self.end - self.start).min(cap - bytes.len());
            bytes.extend_from_slice(&self.buffer[self.start..self.start + length]);
            self.consume(length);
        }
        bytes
    }

    /// Consumes bytes that [`Input::head`] showed.
    pub(crate) fn pass(&mut self, length: usize) {
        self.consume(length.min(self.end - self.start));
    }

    /// Consumes the rest of the stream and returns its length.
    pub fn drain(&mut self) -> u64 {
        self.skip(u64::MAX)
    }

    fn skip_line(&mut self, units: Units) {
        let width = units.newline().len();
        loop {
            let unread = &self.buffer[self.start..self.end];
            if let Some(at) = units.find_newline(unread, 0) {
                return self.consume(at + width);
            }
            // Half a character stays, so that the next look begins with one.
            self.consume(unread.len() / width * width);
            if !self.fill(width) {
                return self.consume(self.end - self.start);
            }
        }
    }

    fn consume(&mut self, length: usize) {
        self.start += length;
        self.offset += length as u64;
    }

    /// Reads until `wanted` bytes are unread; `false` if the stream has fewer.
    fn fill(&mut self, wanted: usize) -> bool {
        while self.end - self.start < wanted {
            if self.ended {
                return false;
            }
            if self.start > 0 && self.buffer.len() - self.start < wanted.max(BLOCK / 2) {
                self.buffer.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            }
            if self.end == self.buffer.len() {
                // Of a stream that fills the first buffer, all that is wanted
                // is likely to be there.
                let size = match self.buffer.len() {
                    0 => FIRST,
                    length => (length * 2).max(wanted),
                };
                self.buffer.resize(size, 0);
            }
            match self.reader.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.ended = true,
                Ok(length) => self.end += length,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => {
                    self.ended = true;
                    self.broken = Some(cause);
                }
            }
        }
        true
    }
}

/// For what opens a stream inside this one. Where the reader failed, so do
/// these, for the same reason: a stream that is cut has not ended.
impl Read for Input<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let unread = self.fill_buf()?;
        let length = unread.len().min(into.len());
        into[..length].copy_from_slice(&unread[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Input<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.fill(1);
        match &self.broken {
            Some(cause) if self.start == self.end => {
                Err(io::Error::new(cause.kind(), cause.to_string()))
            }
            _ => Ok(&self.buffer[self.start..self.end]),
        }
    }

    fn consume(&mut self, length: usize) {
        Input::consume(self, length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, then fails if told so.
    struct Drip<'b>(&'b [u8], bool);

    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            match self.0.split_first() {
                Some((byte, rest)) => {
                    into[0] = *byte;
                    self.0 = rest;
                    Ok(1)
                }
                None if self.1 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "cut")),
                None => Ok(0),
            }
        }
    }

    fn lines(bytes: &[u8], cap: usize) -> Vec<(u64, u64, Vec<u8>, bool)> {
        let mut reader = Drip(bytes, false);
        let mut input = Input::new(&mut reader);
        let mut all = Vec::new();
        while let Some(line) = input.next_line(cap) {
            all.push((line.offset, line.length, line.bytes.to_vec(), line.too_long));
        }
        all
    }

    #[test]
    fn lines_cover_the_stream_whatever_ends_them() {
        let expected = [
            (0, 2, b"a".to_vec(), false),
            (2, 3, b"b".to_vec(), false),
            (5, 1, vec![], false),
            (6, 1, b"c".to_vec(), false),
        ];
        assert_eq!(lines(b"a\nb\r\n\nc", 10), expected);
    }

    #[test]
    fn a_line_over_the_cap_is_passed_over_whole() {
        let mut bytes = vec![b'x'; 3 * BLOCK];
        bytes.extend_from_slice(b"\nshort\n");
        let all = lines(&bytes, 1000);
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].0, all[0].1, all[0].3), (0, 3 * BLOCK as u64 + 1, true));
        assert_eq!(all[1].2, b"short");
    }

    #[test]
    fn lines_of_utf_16_end_at_whole_characters() {
        let text = "\u{10a}a\u{a0a}\r\nb\n";
        for units in [Units::Utf16Le, Units::Utf16Be] {
            let swap = |unit: u16| {
                if units == Units::Utf16Le { unit.to_le_bytes() } else { unit.to_be_bytes() }
            };
            let bytes: Vec<u8> = text.encode_utf16().flat_map(swap).chain([0]).collect();
            for cap in [2, 100] {
                let mut reader = Drip(&bytes, false);
                let mut input = Input::new(&mut reader);
                let mut lengths = Vec::new();
                while let Some(line) = input.next_line_in(units, cap) {
                    lengths.push((line.length, line.too_long));
                }
                assert_eq!(lengths, [(10, cap == 2), (4, false), (1, false)], "{units:?} {cap}");
            }
        }
    }

    #[test]
    fn what_is_inside_fails_where_the_reader_does() {
        let mut reader = Drip(b"abc", true);
        let mut input = Input::new(&mut reader);
        assert_eq!(input.peek(2), b"ab");
        assert_eq!(input.skip(1), 1);
        let mut rest = Vec::new();
        let cause = input.read_to_end(&mut rest).expect_err("a reader that fails");
        assert_eq!((rest.as_slice(), cause.kind()), (&b"bc"[..], io::ErrorKind::UnexpectedEof));
        assert_eq!((input.skip(5), input.drain(), input.offset()), (0, 0, 3));
    }

    #[test]
    fn a_reader_that_fails_cuts_the_last_line() {
        let mut reader = Drip(b"a\nb", true);
        let mut input = Input::new(&mut reader);
        assert!(!input.next_line(10).expect("a line").cut);
        assert!(input.next_line(10).expect("a line").cut);
        assert!(input.broken().is_some());
    }
}
