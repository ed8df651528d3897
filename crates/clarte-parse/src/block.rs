//! Blocks: pieces of a stream that can be read on their own, so that one large
//! file is read by all cores.
//!
//! A format cuts its stream where what follows can be read without what came
//! before, and puts each piece into an [`Output`]. That reads it in place, or
//! makes a [`Block`] of it for whoever has a core to spare; either way one
//! function reads it, so that both give the same.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use clarte_model::account::{Account, Accounting};
use clarte_model::{Fault, Record, Sink, Skipped};

/// Bytes of a block; what cannot be cut may be longer.
pub(crate) const BLOCK: usize = 1 << 20;

/// Bytes of a piece that is read in place: little enough to stay in the
/// processor's cache.
const PIECE: usize = 1 << 18;

/// A piece of a stream that can be read on its own, on any thread.
pub struct Block {
    bytes: Vec<u8>,
    offset: u64,
    reader: Arc<dyn ReadPiece>,
    origin: Origin,
}

/// The stream from which a block comes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origin {
    /// The how manieth of its file.
    pub(crate) number: usize,
    pub(crate) member: Option<Arc<str>>,
}

/// What became of one block; in which order parts are added makes no
/// difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The how manieth stream of its file it belongs to.
    pub(crate) stream: usize,
    /// The format's name, where the block told it.
    pub(crate) name: Option<&'static str>,
    pub(crate) account: Account,
}

/// How the pieces of a stream are read, with all that must be known of what
/// came before them.
pub(crate) trait ReadPiece: Send + Sync {
    /// Reads the piece that begins at `offset` of the stream. Returns the
    /// format's name where the piece tells it.
    fn read(&self, piece: &[u8], offset: u64, sink: &mut dyn Sink) -> Option<&'static str>;
}

impl Block {
    /// Bytes it holds.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether it holds none; no format makes such a block.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The archive's member it comes from; `None` where the file is no archive.
    pub fn member(&self) -> Option<&Arc<str>> {
        self.origin.member.as_ref()
    }

    /// Reads it: records, faults and skipped spans go to `sink`.
    pub fn read(&self, sink: &mut dyn Sink) -> Part {
        let mut accounting = Accounting::new(Forward(sink));
        let name = self.reader.read(&self.bytes, self.offset, &mut accounting);
        Part { stream: self.origin.number, name, account: accounting.finish() }
    }
}

/// Where a format puts what it reads.
pub struct Output<'o> {
    sink: &'o mut dyn Sink,
    spread: Option<&'o mut dyn FnMut(Block)>,
    /// Bytes of a piece.
    size: usize,
    name: Option<&'static str>,
    origin: Origin,
}

impl<'o> Output<'o> {
    /// Reads everything in place, into `sink`.
    pub fn new(sink: &'o mut dyn Sink) -> Self {
        Self { sink, spread: None, size: PIECE, name: None, origin: Origin::default() }
    }

    /// Hands out blocks of about `size` bytes, which come from `origin`, to
    /// `spread`; what cannot be cut goes to `sink`.
    pub(crate) fn in_blocks(
        sink: &'o mut dyn Sink,
        spread: &'o mut dyn FnMut(Block),
        size: usize,
        origin: Origin,
    ) -> Self {
        Self { sink, spread: Some(spread), size, name: None, origin }
    }

    /// Where what is read at once goes.
    pub fn sink(&mut self) -> &mut dyn Sink {
        self.sink
    }

    /// How large a piece should be.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// How large a piece should be of what is not copied together for nothing:
    /// none if it is read in place.
    pub(crate) fn size_of_block(&self) -> usize {
        if self.spread.is_some() { self.size } else { 0 }
    }

    /// Takes the piece that begins at `offset`. Pieces too small to be worth
    /// another thread are read in place.
    pub(crate) fn piece<R: ReadPiece + 'static>(
        &mut self,
        reader: &Arc<R>,
        piece: &[u8],
        offset: u64,
    ) {
        match &mut self.spread {
            Some(spread) if piece.len() >= self.size / 4 => {
                let reader = Arc::clone(reader) as Arc<dyn ReadPiece>;
                let origin = self.origin.clone();
                spread(Block { bytes: piece.to_vec(), offset, reader, origin });
            }
            _ => {
                let name = reader.read(piece, offset, self.sink);
                self.name = join(self.name, name);
            }
        }
    }

    /// The format's name, as far as pieces read in place told it.
    pub(crate) fn name(&self) -> Option<&'static str> {
        self.name
    }
}

/// The name of a stream of which one piece says `a` and another `b`: the
/// family's where they do not agree (`zeek` for `zeek.dns` and `zeek.conn`).
pub(crate) fn join(a: Option<&'static str>, b: Option<&'static str>) -> Option<&'static str> {
    match (a, b) {
        (Some(a), Some(b)) if a != b => a.split('.').next(),
        _ => a.or(b),
    }
}

/// A sized sink in front of an unsized one.
pub(crate) struct Forward<'s>(pub(crate) &'s mut dyn Sink);

impl Sink for Forward<'_> {
    fn record(&mut self, record: &Record<'_>) {
        self.0.record(record);
    }
    fn fault(&mut self, fault: Fault) {
        self.0.fault(fault);
    }
    fn skip(&mut self, offset: u64, length: u64, why: Skipped) {
        self.0.skip(offset, length, why);
    }
    fn message(&mut self, raw: &[u8], offset: u64) -> bool {
        self.0.message(raw, offset)
    }
}
