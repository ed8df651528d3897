//! How a member is packed.

use std::io::{self, Read};

use deflate64::Deflate64Decoder;
use flate2::{Decompress, FlushDecompress, Status};

use lzma_rust2::{LzmaReader, lzma_get_memory_usage_by_props};

use crate::container::{Compression, Limits, Packed, bzip2, xz, zstd};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Stored,
    Deflated,
    /// What Windows makes of files over 2 GB.
    Deflated64,
    Bzip2,
    Lzma,
    Zstd,
    Xz,
    Encrypted,
    /// Another method, by number.
    Other(u16),
}

impl Packing {
    pub(super) fn of(method: u16) -> Self {
        match method {
            0 => Self::Stored,
            8 => Self::Deflated,
            9 => Self::Deflated64,
            12 => Self::Bzip2,
            14 => Self::Lzma,
            20 | 93 => Self::Zstd,
            95 => Self::Xz,
            99 => Self::Encrypted,
            other => Self::Other(other),
        }
    }

    /// What comes out of `packed`; of what is not packed, itself.
    pub(super) fn open<'r>(self, packed: Packed<'r>, limits: &Limits) -> Box<dyn Read + 'r> {
        match self {
            Self::Deflated => Box::new(Inflate::new(packed)),
            Self::Deflated64 => Box::new(Deflate64Decoder::with_buffer(packed)),
            Self::Bzip2 => bzip2::Bzip2.open(packed, limits),
            Self::Lzma => match lzma(packed, limits) {
                Ok(reader) => Box::new(reader),
                Err(cause) => Box::new(Refused(Some(cause))),
            },
            Self::Zstd => zstd::Zstd.open(packed, limits),
            Self::Xz => xz::Xz.open(packed, limits),
            Self::Stored | Self::Encrypted | Self::Other(_) => Box::new(packed),
        }
    }
}

/// What comes out of LZMA: two bytes of version, the length of the properties,
/// these, then the data (APPNOTE 5.8.8). Whoever reads knows how much it is.
fn lzma<'r>(packed: Packed<'r>, limits: &Limits) -> io::Result<LzmaReader<Packed<'r>>> {
    let mut head = [0; 9];
    packed.read_exact(&mut head)?;
    let [_, _, 5, 0, props, window @ ..] = head else {
        let what = "LZMA with properties of another length";
        return Err(io::Error::new(io::ErrorKind::InvalidData, what));
    };
    let window = u32::from_le_bytes(window);
    // What the decoder needs beside the window is counted too.
    let needed = lzma_get_memory_usage_by_props(window, props)?;
    if u64::from(needed) > limits.window / 1024 + 1024 {
        let what = "a larger window than our cap";
        return Err(io::Error::new(io::ErrorKind::OutOfMemory, what));
    }
    LzmaReader::new_with_props(packed, u64::MAX, props, window, None)
}

/// Of what nothing comes, and why.
struct Refused(Option<io::Error>);

impl Read for Refused {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// What comes out of deflated bytes (RFC 1951). Unlike the library's own
/// reader it tells the end of the data from a stream that breaks off, and it
/// consumes no byte behind the former.
struct Inflate<'r> {
    packed: Packed<'r>,
    state: Decompress,
    has_ended: bool,
}

impl<'r> Inflate<'r> {
    fn new(packed: Packed<'r>) -> Self {
        Self { packed, state: Decompress::new(false), has_ended: false }
    }
}

impl Read for Inflate<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while !self.has_ended && !into.is_empty() {
            let bytes = self.packed.fill_buf()?;
            let is_last = bytes.is_empty();
            let (read, given) = (self.state.total_in(), self.state.total_out());
            let status = self
                .state
                .decompress(bytes, into, FlushDecompress::None)
                .map_err(|cause| io::Error::new(io::ErrorKind::InvalidData, cause))?;
            let consumed = (self.state.total_in() - read) as usize;
            self.packed.consume(consumed);
            self.has_ended = status == Status::StreamEnd;
            let length = (self.state.total_out() - given) as usize;
            if length > 0 {
                return Ok(length);
            }
            if !self.has_ended && consumed == 0 {
                let kind = match is_last {
                    true => io::ErrorKind::UnexpectedEof,
                    false => io::ErrorKind::InvalidData,
                };
                return Err(io::Error::new(kind, "the deflated bytes have no end"));
            }
        }
        Ok(0)
    }
}
