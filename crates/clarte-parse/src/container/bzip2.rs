//! Bzip2. It has no specification; <https://sourceware.org/bzip2/> is the
//! program and <https://github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf>
//! describes what it writes.

use std::io::{self, Read};

use bzip2::bufread::BzDecoder;

use super::joined::{Joined, Member};
use super::{Compression, Limits, Packed};

pub(super) struct Bzip2;

/// What a block begins with, and what a stream ends with.
const BLOCK: [u8; 6] = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const END: [u8; 6] = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];

impl Compression for Bzip2 {
    /// By the magic number, a size of blocks and what follows it: the first
    /// three bytes alone are text.
    fn recognises(&self, head: &[u8]) -> bool {
        match head.strip_prefix(b"BZh") {
            Some([b'1'..=b'9', rest @ ..]) => rest.starts_with(&BLOCK) || rest.starts_with(&END),
            _ => false,
        }
    }

    fn open<'r>(&self, packed: Packed<'r>, limits: &Limits) -> Box<dyn Read + 'r> {
        Box::new(Joined::<BzDecoder<_>>::new(packed, limits))
    }
}

impl<'r> Member<'r> for BzDecoder<Packed<'r>> {
    const NAME: &'static str = "bzip2";

    fn begins_with(byte: u8) -> bool {
        byte == b'B'
    }

    /// Asks for no more than 4 MB, whatever the stream says.
    fn begin(packed: Packed<'r>, _: &Limits) -> io::Result<Self> {
        Ok(Self::new(packed))
    }

    fn end(self) -> Packed<'r> {
        self.into_inner()
    }
}
