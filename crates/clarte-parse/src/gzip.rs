//! Gzip (RFC 1952) in passing, members joined.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// Whether the bytes begin like a gzip member with the only method there is.
pub(crate) fn recognises(head: &[u8]) -> bool {
    head.starts_with(&[0x1f, 0x8b, 0x08])
}

/// What comes out of a gzip stream. Memory is bounded: nothing is kept but the
/// decoder's window, so there is no ratio to cap.
pub(crate) struct Decoder<R>(MultiGzDecoder<BufReader<R>>);

impl<R: Read> Decoder<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self(MultiGzDecoder::new(BufReader::with_capacity(1 << 16, reader)))
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}
