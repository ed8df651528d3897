//! Windows event logs (EVTX): a header, then chunks of 64 KiB, each readable on
//! its own.
//!
//! The crate `evtx` reads binary XML; chunks, their order and what lies between
//! records are found here, so that every byte is accounted for and a damaged
//! chunk costs itself. What events mean is in `windows/kinds.rs`. Spec:
//! <https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc>.
//! Left out: older records that may still stand in the free space of a chunk, and
//! the messages, which are not in the file.

use std::sync::Arc;

use clarte_model::{Fault, FaultKind, Sink, Skipped};
use evtx::{ChunkFlags, EvtxChunk, EvtxChunkHeader, EvtxRecord, ParserSettings};
use memchr::memmem;

use crate::block::ReadPiece;
use crate::json::Tape;
use crate::windows::{dialects, event};
use crate::{About, Context, Format, Input, Output};

pub(crate) struct Evtx;

const FILE_MAGIC: &[u8] = b"ElfFile\0";
const CHUNK_MAGIC: &[u8] = b"ElfChnk\0";

/// Bytes of the file's header, of a chunk, and of a chunk's header.
const FILE_HEADER: usize = 4096;
const CHUNK: usize = 1 << 16;
const CHUNK_HEADER: usize = 512;

/// Bytes of a record before its content, and behind it.
const RECORD_HEADER: u64 = 24;
const RECORD_END: u64 = 4;

impl Format for Evtx {
    fn about(&self) -> About {
        About {
            what: "Windows event logs (EVTX)",
            feeds: "sign-ins, processes, services, tasks, cleared logs; who sat where",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        head.starts_with(FILE_MAGIC)
            || head.starts_with(CHUNK_MAGIC)
            || head.get(FILE_HEADER..).is_some_and(|chunk| chunk.starts_with(CHUNK_MAGIC))
    }

    fn read(&self, input: &mut Input<'_>, _: &Context, out: &mut Output<'_>) -> &'static str {
        let chunks = Arc::new(Chunks::default());
        if !input.head().starts_with(CHUNK_MAGIC) {
            file_header(input, out.sink());
        }
        let mut pending = Vec::new();
        let mut start = input.offset();
        loop {
            let offset = input.offset();
            let head = input.head();
            let next = next(head);
            let is_chunk = matches!(next, Next::Chunk);
            if !pending.is_empty() && (!is_chunk || pending.len() >= out.size_of_block()) {
                out.piece(&chunks, &pending, start);
                pending.clear();
            }
            match next {
                Next::Chunk => {
                    let length = head.len();
                    if out.size_of_block() == 0 {
                        out.piece(&chunks, head, offset);
                    } else {
                        start = if pending.is_empty() { offset } else { start };
                        pending.extend_from_slice(head);
                    }
                    input.pass(length);
                }
                Next::Unused(length) => {
                    input.pass(length);
                    out.sink().skip(offset, length as u64, Skipped::Blank);
                }
                Next::Foreign(length) => {
                    input.pass(length);
                    out.sink().fault(lost(offset, length, "no chunk begins here"));
                }
                Next::End => return "evtx",
            }
        }
    }

    fn version(&self) -> u32 {
        2
    }
}

fn lost(offset: u64, length: usize, detail: &str) -> Fault {
    event::lost(offset, length as u64, FaultKind::Malformed, detail.to_owned())
}

/// Steps over the file's header. A damaged one says nothing that is needed.
fn file_header(input: &mut Input<'_>, sink: &mut dyn Sink) {
    let head = input.head();
    let length = head.len().min(FILE_HEADER) as u64;
    let (kind, detail) = if !head.starts_with(FILE_MAGIC) {
        (FaultKind::Header, "the file's header is damaged")
    } else if head.len() < FILE_HEADER {
        (FaultKind::Truncated, "the stream ends inside the file's header")
    } else {
        input.pass(FILE_HEADER);
        return sink.skip(0, length, Skipped::Header);
    };
    input.pass(FILE_HEADER);
    sink.fault(Fault { offset: 0, length, lost: true, kind, detail: detail.to_owned() });
}

/// What comes next in a file.
enum Next {
    /// A chunk, cut short only by the end of the stream.
    Chunk,
    /// A chunk that was never written.
    Unused(usize),
    /// What is no chunk, up to the next.
    Foreign(usize),
    End,
}

/// What a stream goes on with that begins with these bytes, as many as a chunk
/// has if there are.
fn next(head: &[u8]) -> Next {
    static ZEROS: [u8; CHUNK] = [0; CHUNK];
    let head = &head[..head.len().min(CHUNK)];
    if head.is_empty() {
        Next::End
    } else if head.starts_with(CHUNK_MAGIC) {
        Next::Chunk
    } else if *head == ZEROS[..head.len()] {
        Next::Unused(head.len())
    } else {
        // Half of the next chunk's magic may stand at the end.
        let found = memmem::find(head, CHUNK_MAGIC);
        let whole = if head.len() == CHUNK { CHUNK - CHUNK_MAGIC.len() + 1 } else { head.len() };
        Next::Foreign(found.unwrap_or(whole))
    }
}

/// Reads pieces of one chunk or several.
struct Chunks {
    settings: Arc<ParserSettings>,
}

impl Default for Chunks {
    fn default() -> Self {
        Self { settings: Arc::new(ParserSettings::default().indent(false)) }
    }
}

impl ReadPiece for Chunks {
    fn read(&self, piece: &[u8], mut offset: u64, sink: &mut dyn Sink) -> Option<&'static str> {
        let mut tape = Tape::default();
        for bytes in piece.chunks(CHUNK) {
            match EvtxChunkHeader::from_bytes(bytes) {
                Ok(header) => {
                    let chunk = Chunk { bytes, offset, header };
                    chunk.read(&self.settings, &mut tape, sink);
                }
                Err(_) => sink.fault(lost(offset, bytes.len(), "the chunk's header is cut off")),
            }
            offset += bytes.len() as u64;
        }
        None
    }
}

/// A chunk of the stream.
struct Chunk<'c> {
    bytes: &'c [u8],
    offset: u64,
    header: EvtxChunkHeader,
}

impl Chunk<'_> {
    fn read(&self, settings: &Arc<ParserSettings>, tape: &mut Tape, sink: &mut dyn Sink) {
        let mut chunk = match EvtxChunk::new(self.bytes, &self.header, Arc::clone(settings)) {
            Ok(chunk) => chunk,
            Err(cause) => {
                let detail = format!("the chunk cannot be read: {cause}");
                return sink.fault(lost(self.offset, self.bytes.len(), &detail));
            }
        };
        sink.skip(self.offset, CHUNK_HEADER as u64, Skipped::Header);
        if let Some(detail) = self.complaint() {
            let (kind, length) = (FaultKind::Malformed, CHUNK_HEADER as u64);
            let (offset, detail) = (self.offset, detail.to_owned());
            sink.fault(Fault { offset, length, lost: false, kind, detail });
        }
        let mut at = CHUNK_HEADER as u64;
        // Why the bytes from `at` on could not be read.
        let mut why = None;
        for record in chunk.iter() {
            match record {
                Ok(record) => {
                    let start = record.binxml_offset.saturating_sub(RECORD_HEADER);
                    let end = record.binxml_offset + u64::from(record.binxml_size) + RECORD_END;
                    let end = end.min(self.bytes.len() as u64);
                    if start < at || end <= start {
                        continue;
                    }
                    self.unread(at, start, why.take(), sink);
                    self.record(record, start, end, tape, sink);
                    at = end;
                }
                Err(cause) => why = why.or(Some(cause.to_string())),
            }
        }
        self.free(at, why, sink);
    }

    /// What is wrong with the checksums. Logs copied while they were written to
    /// have outdated ones, so that the records are read all the same.
    fn complaint(&self) -> Option<&'static str> {
        let header = &self.header;
        if self.is_cut() || header.flags.contains(ChunkFlags::NO_CRC32) {
            return None;
        }
        let parts = [self.bytes.get(..120)?, self.bytes.get(128..CHUNK_HEADER)?];
        if evtx::checksum_ieee(&parts.concat()) != header.header_chunk_checksum {
            return Some("the checksum of the chunk's header is wrong");
        }
        let records = self.bytes.get(CHUNK_HEADER..header.free_space_offset as usize);
        let is_right =
            records.is_some_and(|all| evtx::checksum_ieee(all) == header.events_checksum);
        (!is_right).then_some("the checksum of the chunk's records is wrong")
    }

    /// Reads the record between these places of the chunk.
    fn record(
        &self,
        record: EvtxRecord<'_>,
        start: u64,
        end: u64,
        tape: &mut Tape,
        sink: &mut dyn Sink,
    ) {
        let (offset, length) = (self.offset + start, end - start);
        let number = record.event_record_id;
        let lost = |kind, detail| event::lost(offset, length, kind, detail);
        let text = match record.into_json() {
            Ok(rendered) => rendered.data,
            Err(cause) => return sink.fault(lost(FaultKind::Malformed, cause.to_string())),
        };
        match tape.read(&text) {
            Ok(root) => match root.get("Event").and_then(dialects::rendered) {
                Some(mut event) => {
                    event.number = event.number.or(i64::try_from(number).ok());
                    let record = event.record("evtx", offset, length, sink);
                    sink.record(&record);
                }
                None => {
                    let detail = "a record that holds no event".to_owned();
                    sink.fault(lost(FaultKind::Malformed, detail));
                }
            },
            Err((kind, detail)) => sink.fault(lost(kind, detail)),
        }
    }

    /// Bytes between two records, where none should be.
    fn unread(&self, from: u64, to: u64, why: Option<String>, sink: &mut dyn Sink) {
        if to > from {
            let detail = why.unwrap_or_else(|| "no record begins here".to_owned());
            let (offset, length) = (self.offset + from, to - from);
            sink.fault(event::lost(offset, length, FaultKind::Malformed, detail));
        }
    }

    /// What follows the last record that was read: records that could not be,
    /// and free space.
    fn free(&self, at: u64, why: Option<String>, sink: &mut dyn Sink) {
        let end = self.bytes.len() as u64;
        if self.is_cut() {
            let (offset, kind) = (self.offset + at, FaultKind::Truncated);
            let detail = "the stream ends inside this chunk".to_owned();
            return sink.fault(event::lost(offset, end - at, kind, detail));
        }
        let free = match why {
            Some(_) => u64::from(self.header.free_space_offset).clamp(at, end),
            None => at,
        };
        self.unread(at, free, why, sink);
        if end > free {
            sink.skip(self.offset + free, end - free, Skipped::Blank);
        }
    }

    fn is_cut(&self) -> bool {
        self.bytes.len() < CHUNK
    }
}
