//! A file as it is given to be read.

use std::io::{self, Read};

/// A file: read front to back, and where whoever gives it can, at any place.
///
/// Every byte comes through `reader` once, so that it can be hashed on the
/// way. The few containers whose parts lie in no order look things up `at` any
/// place of the same bytes; without it they hold the file in memory.
pub struct Whole<'f> {
    pub(crate) reader: &'f mut dyn Read,
    pub(crate) at: Option<&'f dyn ReadAt>,
}

/// The bytes of a file, in any order.
pub trait ReadAt {
    /// Fills `into` with what stands at `offset`, or fails.
    fn read_exact_at(&self, into: &mut [u8], offset: u64) -> io::Result<()>;
}

impl<'f> Whole<'f> {
    /// A file that is read by `reader`, whose bytes are also found `at` any
    /// place.
    pub fn new(reader: &'f mut dyn Read, at: Option<&'f dyn ReadAt>) -> Self {
        Self { reader, at }
    }
}

impl<'f, R: Read> From<&'f mut R> for Whole<'f> {
    fn from(reader: &'f mut R) -> Self {
        Self::new(reader, None)
    }
}

impl ReadAt for Vec<u8> {
    fn read_exact_at(&self, into: &mut [u8], offset: u64) -> io::Result<()> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = self.get(from..).and_then(|rest| rest.get(..into.len()));
        into.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}
