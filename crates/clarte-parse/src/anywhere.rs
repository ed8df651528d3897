//! An open file, read at any place: for whoever gives one to be read.

use std::fs::File;
use std::io;

use crate::ReadAt;

/// The file that is being read front to back: where a reader looks things up,
/// it must neither move nor be opened again by a name that may lead elsewhere
/// by now.
pub struct Anywhere<'f>(pub &'f File);

impl Anywhere<'_> {
    /// Itself, where the system can read so without moving the file's position;
    /// elsewhere what must be searched is held in memory.
    pub fn at(&self) -> Option<&dyn ReadAt> {
        cfg!(unix).then_some(self)
    }
}

impl ReadAt for Anywhere<'_> {
    #[cfg(unix)]
    fn read_exact_at(&self, into: &mut [u8], offset: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(self.0, into, offset)
    }

    #[cfg(not(unix))]
    fn read_exact_at(&self, _: &mut [u8], _: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
