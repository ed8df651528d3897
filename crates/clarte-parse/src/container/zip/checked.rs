//! What must come out of a member.

use std::io::{self, Read};

use flate2::Crc;

/// The checksum and the length of what comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) crc: u32,
    pub(super) size: u64,
}

impl Sum {
    /// Whether `found` is what was told, if need be in 32 bits.
    pub(super) fn fits(&self, found: &Self) -> bool {
        self.crc == found.crc && (self.size == found.size || self.size == found.size & 0xffff_ffff)
    }
}

/// Sums up what a reader gives, and fails at its end where that is not as
/// expected.
pub(super) struct Checked<R> {
    reader: R,
    crc: Crc,
    size: u64,
    expected: Option<Sum>,
    has_ended: bool,
}

impl<R: Read> Checked<R> {
    pub(super) fn new(reader: R, expected: Option<Sum>) -> Self {
        Self { reader, crc: Crc::new(), size: 0, expected, has_ended: false }
    }

    /// What came out, if it came to its end.
    pub(super) fn finish(self) -> Option<Sum> {
        self.has_ended.then(|| self.sum())
    }

    fn sum(&self) -> Sum {
        Sum { crc: self.crc.sum(), size: self.size }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(into)?;
        self.crc.update(&into[..length]);
        self.size += length as u64;
        if length == 0 && !into.is_empty() {
            self.has_ended = true;
            match self.expected {
                Some(expected) if self.size < expected.size => {
                    let what = "less comes out of the member than it says";
                    return Err(io::Error::new(io::ErrorKind::UnexpectedEof, what));
                }
                Some(expected) if !expected.fits(&self.sum()) => {
                    let what = "the member's checksum does not fit";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, what));
                }
                _ => {}
            }
        }
        Ok(length)
    }
}
