//! Zstandard: RFC 8878, <https://www.rfc-editor.org/rfc/rfc8878>, skippable
//! frames included. Left out: dictionaries, which frames name but do not hold.

use std::io::{self, Read};

use zstd::stream::read::Decoder;

use super::joined::{Joined, Member};
use super::{Compression, Limits, Packed};

pub(super) struct Zstd;

impl Compression for Zstd {
    /// By the magic number of a frame, or of skippable ones with a frame after
    /// them.
    fn recognises(&self, head: &[u8]) -> bool {
        let mut rest = head;
        while let [0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d, after @ ..] = rest {
            let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
            match after.get(length..) {
                Some(after) => rest = after,
                // It reaches beyond what is seen: the magic number must do.
                None => return true,
            }
        }
        rest.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
    }

    fn open<'r>(&self, packed: Packed<'r>, limits: &Limits) -> Box<dyn Read + 'r> {
        Box::new(Joined::<Frame<'r>>::new(packed, limits))
    }
}

/// One frame.
pub(super) struct Frame<'r>(Decoder<'static, Packed<'r>>);

impl<'r> Member<'r> for Frame<'r> {
    const NAME: &'static str = "zstd";

    fn begins_with(byte: u8) -> bool {
        matches!(byte, 0x28 | 0x50..=0x5f)
    }

    fn begin(packed: Packed<'r>, limits: &Limits) -> io::Result<Self> {
        let mut decoder = Decoder::with_buffer(packed)?.single_frame();
        decoder.window_log_max(limits.window.max(1).ilog2())?;
        Ok(Self(decoder))
    }

    fn end(self) -> Packed<'r> {
        self.0.finish()
    }
}

impl Read for Frame<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into).map_err(|cause| match cause.to_string() {
            why if why.contains("too much memory") => {
                io::Error::new(io::ErrorKind::OutOfMemory, "a larger window than our cap")
            }
            _ => cause,
        })
    }
}
