//! Gzip: RFC 1952, <https://www.rfc-editor.org/rfc/rfc1952>. Names and comments
//! in its headers are not kept.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;

use super::joined::{Joined, Member};
use super::{Compression, Limits, Packed};

pub(super) struct Gzip;

impl Compression for Gzip {
    /// By the magic number and the only method there is.
    fn recognises(&self, head: &[u8]) -> bool {
        head.starts_with(&[0x1f, 0x8b, 0x08])
    }

    fn open<'r>(&self, packed: Packed<'r>, limits: &Limits) -> Box<dyn Read + 'r> {
        Box::new(Joined::<GzDecoder<_>>::new(packed, limits))
    }
}

impl<'r> Member<'r> for GzDecoder<Packed<'r>> {
    const NAME: &'static str = "gzip";

    fn begins_with(byte: u8) -> bool {
        byte == 0x1f
    }

    fn begin(packed: Packed<'r>, _: &Limits) -> io::Result<Self> {
        Ok(Self::new(packed))
    }

    fn end(self) -> Packed<'r> {
        self.into_inner()
    }
}
