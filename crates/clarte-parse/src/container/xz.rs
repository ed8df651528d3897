//! Xz: <https://tukaani.org/xz/xz-file-format.txt>. Of its index only the length
//! is checked. Of a chunk (up to 64 KiB packed) that is cut nothing comes out.
//! Left out: the older `.lzma`, which nothing recognises surely.
//!
//! The decoder is written in Rust without `unsafe` and keeps nothing but its
//! window; the same library's `XzStream` would give half a chunk, but remembers
//! every block.

use std::io::{self, Read};

use lzma_rust2::XzReader;

use super::joined::{Joined, Member};
use super::{Compression, Limits, Packed};

pub(super) struct Xz;

impl Compression for Xz {
    fn recognises(&self, head: &[u8]) -> bool {
        head.starts_with(&[0xfd, b'7', b'z', b'X', b'Z', 0])
    }

    fn open<'r>(&self, packed: Packed<'r>, limits: &Limits) -> Box<dyn Read + 'r> {
        Box::new(Joined::<XzReader<_>>::new(packed, limits))
    }
}

impl<'r> Member<'r> for XzReader<Packed<'r>> {
    const NAME: &'static str = "xz";

    fn begins_with(byte: u8) -> bool {
        byte == 0xfd
    }

    fn begin(packed: Packed<'r>, limits: &Limits) -> io::Result<Self> {
        // What the decoder needs beside the window is counted too.
        let kibibytes = limits.window / 1024 + 1024;
        Ok(Self::new_mem_limit(packed, false, u32::try_from(kibibytes).unwrap_or(u32::MAX)))
    }

    fn end(self) -> Packed<'r> {
        self.into_inner()
    }
}
