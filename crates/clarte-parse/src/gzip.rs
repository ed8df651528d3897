//! Gzip (RFC 1952) in passing, members joined. Zeros after the last member (as
//! tapes leave them) are padding; anything else there is damage.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;

/// Whether the bytes begin like a gzip member with the only method there is.
pub(crate) fn recognises(head: &[u8]) -> bool {
    head.starts_with(&[0x1f, 0x8b, 0x08])
}

/// What comes out of a gzip stream. Memory is bounded: nothing is kept but the
/// decoder's window, so there is no ratio to cap.
pub(crate) struct Decoder<R>(State<R>);

enum State<R> {
    Member(Box<GzDecoder<BufReader<R>>>),
    Ended,
}

impl<R: Read> Decoder<R> {
    pub(crate) fn new(reader: R) -> Self {
        let reader = BufReader::with_capacity(1 << 16, reader);
        Self(State::Member(Box::new(GzDecoder::new(reader))))
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let State::Member(member) = &mut self.0 else { return Ok(0) };
            let length = member.read(buffer)?;
            if length > 0 {
                return Ok(length);
            }
            let State::Member(member) = std::mem::replace(&mut self.0, State::Ended) else {
                return Ok(0);
            };
            let mut rest = member.into_inner();
            match next_byte(&mut rest)? {
                None => return Ok(0),
                Some(0x1f) => self.0 = State::Member(Box::new(GzDecoder::new(rest))),
                Some(_) => {
                    return Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        "bytes that are no gzip follow the last member",
                    ));
                }
            }
        }
    }
}

/// The next byte that is no padding, not consumed.
fn next_byte(reader: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(None);
        }
        match bytes.iter().position(|byte| *byte != 0) {
            Some(at) => {
                let byte = bytes[at];
                reader.consume(at);
                return Ok(Some(byte));
            }
            None => {
                let length = bytes.len();
                reader.consume(length);
            }
        }
    }
}
