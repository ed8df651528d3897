//! Members whose length was not known when they were begun, and what tells it
//! behind them.

use std::io::{self, Read};

use flate2::Crc;

use super::{CENTRAL, DESCRIPTOR, END, END_64, EXTRA_DATA, LOCAL, Sum, WINDOW, long, word};
use crate::Input;

/// What follows a member whose length was not known when it was begun.
pub(super) struct Descriptor {
    pub(super) sum: Sum,
    /// Bytes of the member's data.
    pub(super) packed: u64,
    /// Its own length.
    pub(super) length: u64,
    pub(super) has_mark: bool,
}

impl Descriptor {
    /// The descriptor that begins here. It may have a mark or none, and
    /// numbers of 32 or 64 bits; what it is shows in its being right, or else
    /// in what follows it.
    pub(super) fn peek(input: &mut Input<'_>, right: Option<Sum>) -> Option<Self> {
        let bytes = input.peek(28);
        let has_mark = bytes.starts_with(DESCRIPTOR);
        let fields = if has_mark { &bytes[DESCRIPTOR.len()..] } else { bytes };
        let read = |width: usize| {
            let after = fields.get(4 + 2 * width..)?;
            let (packed, size) = match width {
                4 => (u64::from(word(fields, 4)), u64::from(word(fields, 8))),
                _ => (long(fields, 4), long(fields, 12)),
            };
            let sum = Sum { crc: word(fields, 0), size };
            let length = (bytes.len() - after.len()) as u64;
            let follows = [LOCAL, CENTRAL, END_64, END, EXTRA_DATA];
            let is_followed =
                after.is_empty() || follows.iter().any(|mark| after.starts_with(mark));
            Some((Self { sum, packed, length, has_mark }, is_followed))
        };
        let all = [read(4), read(8)];
        let is_right = |told: &Self| right.is_some_and(|right| told.sum.fits(&right));
        let fitting = all.iter().flatten().position(|(told, _)| is_right(told));
        let followed = || all.iter().flatten().position(|(_, is_followed)| *is_followed);
        let found = fitting.or_else(followed)?;
        all.into_iter().flatten().nth(found).map(|(told, _)| told)
    }
}

/// A stored member up to a descriptor that is right: nothing else says where it
/// ends, and it may itself be a zip.
pub(super) struct Described<'r, 'i> {
    input: &'r mut Input<'i>,
    crc: Crc,
    size: u64,
    has_ended: bool,
}

impl<'r, 'i> Described<'r, 'i> {
    pub(super) fn new(input: &'r mut Input<'i>) -> Self {
        Self { input, crc: Crc::new(), size: 0, has_ended: false }
    }

    /// What it came to, if its descriptor was found.
    pub(super) fn finish(self) -> Option<Sum> {
        self.has_ended.then(|| self.sum())
    }

    fn sum(&self) -> Sum {
        Sum { crc: self.crc.sum(), size: self.size }
    }

    fn is_at_end(&mut self) -> bool {
        let sum = self.sum();
        let told = Descriptor::peek(self.input, Some(sum));
        told.is_some_and(|told| {
            told.has_mark && told.sum.fits(&sum) && (told.packed == told.sum.size)
        })
    }
}

impl Read for Described<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.has_ended |= self.is_at_end();
        if self.has_ended || into.is_empty() {
            return Ok(0);
        }
        let bytes = self.input.peek(WINDOW);
        // What begins with the mark was no descriptor: the next may be one.
        let next = bytes.get(1..).and_then(|rest| memchr::memmem::find(rest, DESCRIPTOR));
        let sure = match next {
            Some(at) => at + 1,
            // The last bytes may be half a mark.
            None if bytes.len() == WINDOW => WINDOW - DESCRIPTOR.len(),
            None => bytes.len(),
        };
        let length = sure.min(into.len());
        into[..length].copy_from_slice(&bytes[..length]);
        if length == 0 {
            let what = "nothing says where the member ends";
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, what));
        }
        self.crc.update(&into[..length]);
        self.size += length as u64;
        self.input.skip(length as u64);
        Ok(length)
    }
}
