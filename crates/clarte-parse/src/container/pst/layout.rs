//! Where things stand: in files of Outlook 2003 and later ("Unicode") ids and
//! offsets take eight bytes, in older ones ("ANSI") four.
//! Spec: MS-PST §2.2.2.

use super::database::{Entry, Node};

/// One of the two layouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Ansi,
    Unicode,
}

/// Where the header tells of the rest.
pub(super) struct Root {
    pub(super) file_end: usize,
    pub(super) nodes: usize,
    pub(super) blocks: usize,
}

/// What stands behind a block.
pub(super) struct BlockTrailer {
    pub(super) size: u16,
    pub(super) sum: u32,
    pub(super) id: u64,
}

impl Layout {
    pub(super) fn of_version(version: u16) -> Option<Self> {
        match version {
            14 | 15 => Some(Self::Ansi),
            21 | 23 => Some(Self::Unicode),
            _ => None,
        }
    }

    fn pick<T>(self, ansi: T, unicode: T) -> T {
        match self {
            Self::Ansi => ansi,
            Self::Unicode => unicode,
        }
    }

    /// Bytes of an id or offset.
    pub(super) fn id_size(self) -> usize {
        self.pick(4, 8)
    }

    /// The id or offset at a place.
    pub(super) fn id(self, bytes: &[u8], at: usize) -> u64 {
        self.pick(u64::from(u32_at(bytes, at)), u64_at(bytes, at))
    }

    pub(super) fn root(self) -> Root {
        self.pick(
            Root { file_end: 168, nodes: 188, blocks: 196 },
            Root { file_end: 184, nodes: 224, blocks: 240 },
        )
    }

    pub(super) fn cipher(self) -> usize {
        self.pick(461, 513)
    }

    /// Bytes of a page that entries may take.
    pub(super) fn page_room(self) -> usize {
        self.pick(496, 488)
    }

    /// Where a page counts its entries.
    pub(super) fn page_counts(self) -> usize {
        self.page_room()
    }

    pub(super) fn page_trailer(self) -> usize {
        self.pick(500, 496)
    }

    pub(super) fn page_sum(self) -> usize {
        self.pick(508, 500)
    }

    /// Bytes that an entry has at least.
    pub(super) fn entry_size(self, is_node: bool, level: u8) -> usize {
        match (level, is_node) {
            (0, true) => self.pick(16, 32),
            (0, false) => self.pick(10, 20),
            _ => self.pick(12, 24),
        }
    }

    /// Where the page stands that an entry of a higher level leads to.
    pub(super) fn lower(self, entry: &[u8]) -> u64 {
        self.id(entry, self.pick(8, 16))
    }

    /// The node that an entry, which stands at `offset`, describes.
    pub(super) fn node(self, entry: &[u8], offset: u64) -> Node {
        Node {
            id: u32_at(entry, 0),
            parent: u32_at(entry, self.pick(12, 24)),
            offset,
            data: self.id(entry, self.pick(4, 8)),
            inside: self.id(entry, self.pick(8, 16)),
        }
    }

    pub(super) fn block(self, entry: &[u8]) -> Entry {
        Entry { offset: self.id(entry, self.pick(4, 8)), size: u16_at(entry, self.pick(8, 16)) }
    }

    pub(super) fn block_trailer_size(self) -> usize {
        self.pick(12, 16)
    }

    /// The trailer at the end of a block.
    pub(super) fn block_trailer(self, block: &[u8]) -> BlockTrailer {
        let at = block.len().saturating_sub(self.block_trailer_size());
        BlockTrailer {
            size: u16_at(block, at),
            sum: u32_at(block, at + self.pick(8, 4)),
            id: self.id(block, at + self.pick(4, 8)),
        }
    }

    /// The lists that a list of lists of nodes names.
    pub(super) fn subnode_lists(self, block: &[u8]) -> Vec<u64> {
        let size = self.pick(8, 16);
        let entries = self.list_entries(block, size);
        entries.map(|(_, entry)| self.id(entry, size / 2)).collect()
    }

    /// The nodes in a list, which stands at `offset`.
    pub(super) fn subnodes(self, block: &[u8], offset: u64) -> impl Iterator<Item = Node> {
        self.list_entries(block, self.pick(12, 24)).map(move |(at, entry)| Node {
            id: u32_at(entry, 0),
            parent: 0,
            offset: offset + at as u64,
            data: self.id(entry, self.pick(4, 8)),
            inside: self.id(entry, self.pick(8, 16)),
        })
    }

    fn list_entries(self, block: &[u8], size: usize) -> impl Iterator<Item = (usize, &[u8])> {
        let begin = self.pick(4, 8);
        let count = usize::from(u16_at(block, 2));
        let entries = block.get(begin..).unwrap_or_default().chunks_exact(size).take(count);
        entries.enumerate().map(move |(number, entry)| (begin + number * size, entry))
    }
}

/// The number at a place, or 0 behind the end.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk());
    found.map_or(0, |bytes| u16::from_le_bytes(*bytes))
}

/// The same of four bytes.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk());
    found.map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// The same of eight bytes.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk());
    found.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
