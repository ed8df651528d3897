//! So many bytes of a stream, no fewer.

use std::io::{self, Read};

use crate::Input;

/// The next bytes of a container: it fails where there are fewer.
pub(super) struct Exactly<'r, 'i> {
    input: &'r mut Input<'i>,
    left: u64,
}

impl<'r, 'i> Exactly<'r, 'i> {
    pub(super) fn new(input: &'r mut Input<'i>, length: u64) -> Self {
        Self { input, left: length }
    }

    /// Bytes not yet read.
    pub(super) fn left(&self) -> u64 {
        self.left
    }
}

impl Read for Exactly<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(into.len());
        let length = self.input.read(&mut into[..wanted])?;
        if length == 0 && wanted > 0 {
            let what = "the archive breaks off inside this member";
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, what));
        }
        self.left -= length as u64;
        Ok(length)
    }
}
