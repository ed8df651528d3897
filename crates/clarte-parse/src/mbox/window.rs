//! The bytes of a stream from the message at hand on.

use std::io::Read;

use crate::Input;

const BLOCK: usize = 1 << 18;

/// A growing view of the stream; only what is consumed is forgotten.
pub(super) struct Window<'r, 'i> {
    input: &'r mut Input<'i>,
    buffer: Vec<u8>,
    /// First byte of `buffer` that is not forgotten.
    kept: usize,
    /// First unread byte of `buffer`.
    start: usize,
    /// Offset of that byte in the stream.
    offset: u64,
    ended: bool,
}

impl<'r, 'i> Window<'r, 'i> {
    pub(super) fn new(input: &'r mut Input<'i>) -> Self {
        let offset = input.offset();
        Self { input, buffer: Vec::new(), kept: 0, start: 0, offset, ended: false }
    }

    /// Offset in the stream of the first unread byte.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether everything to the end of the stream is in view.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// The bytes in view, at most `length`.
    pub(super) fn bytes(&self, length: usize) -> &[u8] {
        let unread = &self.buffer[self.start..];
        &unread[..length.min(unread.len())]
    }

    /// The next `length` bytes, fewer only at the end of the stream.
    pub(super) fn peek(&mut self, length: usize) -> &[u8] {
        while self.buffer.len() - self.start < length && !self.ended {
            self.more();
        }
        self.bytes(length)
    }

    /// Reads further.
    pub(super) fn more(&mut self) {
        if self.kept > 0 && self.kept >= self.buffer.len() / 2 {
            self.buffer.drain(..self.kept);
            self.start -= self.kept;
            self.kept = 0;
        }
        let wanted = BLOCK as u64;
        match Read::take(self.input.by_ref(), wanted).read_to_end(&mut self.buffer) {
            Ok(length) if length as u64 == wanted => {}
            // The end, or a reader that failed: `Input` remembers why.
            _ => self.ended = true,
        }
    }

    /// Steps over the next `length` bytes, which are in view.
    pub(super) fn keep(&mut self, length: usize) {
        let length = length.min(self.buffer.len() - self.start);
        self.start += length;
        self.offset += length as u64;
    }

    /// The bytes stepped over and not forgotten.
    pub(super) fn kept(&self) -> &[u8] {
        &self.buffer[self.kept..self.start]
    }

    /// Forgets the next `length` bytes, which are in view, and all before.
    pub(super) fn consume(&mut self, length: usize) {
        self.keep(length);
        self.kept = self.start;
    }
}
