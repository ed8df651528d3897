//! Compressions whose streams may follow one another, and then are one.
//!
//! Zeros after the last member (as tapes leave them) are padding; anything else
//! there is damage.

use std::io::{self, Read};

use super::{Limits, Packed};

/// What decodes one member and then gives back the rest.
pub(super) trait Member<'r>: Read + Sized {
    /// What the compression is called.
    const NAME: &'static str;

    /// Whether a member may begin with this byte.
    fn begins_with(byte: u8) -> bool;

    fn begin(packed: Packed<'r>, limits: &Limits) -> io::Result<Self>;

    /// What follows the member, which was read to its end.
    fn end(self) -> Packed<'r>;
}

/// What comes out of all members.
pub(super) struct Joined<'r, M> {
    state: State<'r, M>,
    limits: Limits,
}

enum State<'r, M> {
    Between(Packed<'r>),
    Inside(M),
    Ended,
}

impl<'r, M: Member<'r>> Joined<'r, M> {
    pub(super) fn new(packed: Packed<'r>, limits: &Limits) -> Self {
        Self { state: State::Between(packed), limits: *limits }
    }

    /// Begins the member that follows, if one does.
    fn next(&self, packed: Packed<'r>) -> io::Result<State<'r, M>> {
        match next_byte(packed)? {
            None => Ok(State::Ended),
            Some(byte) if M::begins_with(byte) => {
                Ok(State::Inside(M::begin(packed, &self.limits)?))
            }
            Some(_) => {
                let what = format!("bytes that are no {} follow the last member", M::NAME);
                Err(io::Error::new(io::ErrorKind::InvalidData, what))
            }
        }
    }
}

impl<'r, M: Member<'r>> Read for Joined<'r, M> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            // Whoever failed has ended.
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Ok(0),
                State::Between(packed) => self.state = self.next(packed)?,
                State::Inside(mut member) => match member.read(into).map_err(damage)? {
                    0 => self.state = State::Between(member.end()),
                    length => {
                        self.state = State::Inside(member);
                        return Ok(length);
                    }
                },
            }
        }
    }
}

/// Some decoders give their own failures no kind; whatever reads files does.
fn damage(cause: io::Error) -> io::Error {
    match cause.kind() {
        io::ErrorKind::Other => io::Error::new(io::ErrorKind::InvalidData, cause),
        _ => cause,
    }
}

/// The next byte that is no padding, not consumed.
fn next_byte(packed: Packed<'_>) -> io::Result<Option<u8>> {
    loop {
        let bytes = packed.fill_buf()?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let zeros = bytes.iter().position(|byte| *byte != 0);
        let found = zeros.map(|at| bytes[at]);
        let length = zeros.unwrap_or(bytes.len());
        packed.consume(length);
        if found.is_some() {
            return Ok(found);
        }
    }
}
