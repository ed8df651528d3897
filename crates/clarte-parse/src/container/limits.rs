//! What unpacking may cost, whatever the evidence says.

use std::cell::Cell;
use std::io::{self, Read};

/// Caps on the unpacking of one file. What lies beyond one is a fault, and
/// what came before it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Containers inside one another, compressions included.
    pub depth: u8,
    /// Streams and damaged places in all archives of one file.
    pub members: usize,
    /// Bytes that may come out of all compressions of one file.
    pub bytes: u64,
    /// Bytes that may come out for each byte of the file, once `free` bytes
    /// did. Logs reach 50; only the same bytes over and over reach more.
    pub ratio: u64,
    /// Bytes that may come out at any ratio.
    pub free: u64,
    /// Bytes of window that one xz, zstd or bzip2 stream may ask for. Only
    /// what is used of it is ever touched.
    pub window: u64,
    /// Bytes of a member's path; longer ones are cut.
    pub path: usize,
    /// Bytes that may be held of a file that must be searched, and lies where
    /// it cannot be: in another container.
    pub held: u64,
    /// Messages in one mailbox that is a database.
    pub messages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 8,
            members: 100_000,
            bytes: 1 << 40,
            ratio: 1_000,
            free: 1 << 30,
            window: 128 << 20,
            path: 1_024,
            held: 256 << 20,
            messages: 8_000_000,
        }
    }
}

/// How much of its limits one file has used.
#[derive(Debug)]
pub(super) struct Budget {
    pub(super) limits: Limits,
    /// Bytes read from the file.
    read: Cell<u64>,
    /// Bytes that came out of its compressions.
    unpacked: Cell<u64>,
    /// Members begun, and damaged places.
    members: Cell<usize>,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, read: Cell::default(), unpacked: Cell::default(), members: Cell::default() }
    }

    /// Counts a member, or a damaged place, of which there may be as many.
    pub(super) fn count_member(&self) {
        self.members.set(self.members.get() + 1);
    }

    /// Why no further member may be opened, if none may.
    pub(super) fn is_spent(&self) -> Option<&'static str> {
        if self.members.get() >= self.limits.members {
            return Some("the file holds more members than our cap");
        }
        self.is_blown_up()
    }

    /// Why nothing more may come out of a compression, if nothing may.
    fn is_blown_up(&self) -> Option<&'static str> {
        let Limits { bytes, ratio, free, .. } = self.limits;
        let unpacked = self.unpacked.get();
        if unpacked > bytes {
            Some("more comes out of the file than our cap")
        } else if unpacked > free && unpacked / ratio.max(1) > self.read.get() {
            Some("far more comes out of the file than honest content gives")
        } else {
            None
        }
    }

    /// Counts what is read from the file.
    pub(super) fn file<'b, R: Read>(&'b self, reader: R) -> Counted<'b, R> {
        Counted { reader, count: &self.read }
    }

    /// Counts what comes out of a compression, and fails once it is too much.
    pub(super) fn capped<'b, R: Read>(&'b self, reader: R) -> Capped<'b, R> {
        Capped { reader, budget: self }
    }
}

pub(super) struct Counted<'b, R> {
    reader: R,
    count: &'b Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(into)?;
        self.count.set(self.count.get() + length as u64);
        Ok(length)
    }
}

pub(super) struct Capped<'b, R> {
    reader: R,
    budget: &'b Budget,
}

impl<R: Read> Read for Capped<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if let Some(why) = self.budget.is_blown_up() {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
        }
        let unpacked = &self.budget.unpacked;
        let length = self.reader.read(into)?;
        unpacked.set(unpacked.get() + length as u64);
        Ok(length)
    }
}
