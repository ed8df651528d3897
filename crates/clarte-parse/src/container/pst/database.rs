//! The lower layer of a PST: pages that list nodes and blocks, and the blocks.
//! Spec: MS-PST §2.2.
//!
//! Everything is looked up when it is needed and nothing kept but a few pages.
//! Trees are descended level by level, so that none is deeper than it says and
//! none leads back into itself; what is read in all is bounded.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use clarte_model::{Fault, FaultKind};

use super::cipher::Cipher;
use super::layout::{Layout, u16_at, u32_at};
use crate::ReadAt;

/// Pages that are kept.
const PAGES: usize = 256;
const PAGE: u64 = 512;

/// Levels of a tree of pages: eight hold more than any disk.
const LEVELS: u8 = 8;

const NODE_PAGE: u8 = 0x81;
const BLOCK_PAGE: u8 = 0x80;

/// The largest block, its trailer included.
const BLOCK: usize = 8192;

/// Nodes inside one node.
const SUBNODES: usize = 100_000;

/// Bytes read of a file for each of its bytes, once `FREE` were, pages counted
/// each time they are looked at: honest reading takes a few.
const AGAIN: u64 = 64;
const FREE: u64 = 1 << 30;

/// Why something could not be read, and where it stands as far as is known.
#[derive(Debug, Clone)]
pub(in crate::container) struct Damage {
    pub(in crate::container) offset: u64,
    pub(in crate::container) length: u64,
    pub(in crate::container) kind: FaultKind,
    pub(in crate::container) detail: String,
}

impl Damage {
    /// Damage of something whose place is not known.
    pub(in crate::container) fn new(kind: FaultKind, detail: impl Into<String>) -> Self {
        Self { offset: 0, length: 0, kind, detail: detail.into() }
    }

    pub(in crate::container) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(FaultKind::Malformed, detail)
    }

    /// The same, standing at `offset` if no better place is known.
    pub(in crate::container) fn at(self, offset: u64) -> Self {
        if self.offset == 0 { Self { offset, ..self } } else { self }
    }
}

/// What a folder, a message or a part of one consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) id: u32,
    /// The folder in which it is, where the file says so.
    pub(super) parent: u32,
    /// Where its entry stands.
    pub(super) offset: u64,
    /// Its data, and the nodes inside it.
    pub(super) data: u64,
    pub(super) inside: u64,
}

/// The nodes inside a node, by id.
pub(super) type Nodes = BTreeMap<u32, Node>;

/// A file, opened.
pub(super) struct Database<'f> {
    bytes: &'f dyn ReadAt,
    length: u64,
    layout: Layout,
    cipher: Cipher,
    /// Where the trees' topmost pages stand.
    nodes: u64,
    blocks: u64,
    pages: HashMap<u64, Rc<Page>>,
    /// Bytes that may still be read.
    left: u64,
    /// What was wrong so far.
    pub(super) faults: Faults,
}

/// What was wrong in a file, up to a cap.
#[derive(Debug)]
pub(in crate::container) struct Faults {
    /// By offset, length, whether it is lost, kind and detail: each once, in
    /// the order of the file.
    kept: BTreeSet<(u64, u64, bool, FaultKind, String)>,
    cap: usize,
}

impl Faults {
    pub(in crate::container) fn new(cap: usize) -> Self {
        Self { kept: BTreeSet::new(), cap }
    }

    /// Notes what is lost: `what`, because of `damage`.
    pub(in crate::container) fn lose(&mut self, what: &str, damage: Damage) {
        let Damage { offset, length, kind, detail } = damage;
        let detail = if what.is_empty() { detail } else { format!("{what}: {detail}") };
        self.note((offset, length, true, kind, detail));
    }

    fn note(&mut self, fault: (u64, u64, bool, FaultKind, String)) {
        if !self.is_full() {
            self.kept.insert(fault);
        }
    }

    /// All of them, in the order of the file.
    pub(in crate::container) fn take(&mut self) -> impl Iterator<Item = Fault> + use<> {
        let all = std::mem::take(&mut self.kept).into_iter();
        all.map(|(offset, length, lost, kind, detail)| Fault { offset, length, lost, kind, detail })
    }

    fn is_full(&self) -> bool {
        self.kept.len() >= self.cap
    }
}

/// A page of a tree.
struct Page {
    bytes: [u8; PAGE as usize],
    level: u8,
    count: usize,
    /// Bytes of an entry.
    size: usize,
}

impl Page {
    fn entries(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks_exact(self.size).take(self.count)
    }
}

impl<'f> Database<'f> {
    /// Opens a file of `length` bytes; keeps up to `faults` faults.
    pub(super) fn open(bytes: &'f dyn ReadAt, length: u64, faults: usize) -> Result<Self, Damage> {
        let mut head = [0; 564];
        let room = usize::try_from(length).unwrap_or(head.len()).min(head.len());
        if bytes.read_exact_at(&mut head[..room], 0).is_err() || room < head.len() {
            return Err(Damage::new(FaultKind::Truncated, "the file ends inside its header"));
        }
        let layout = Layout::of_version(u16_at(&head, 10)).ok_or_else(|| {
            let version = u16_at(&head, 10);
            let what = format!("version {version} of the format (an OST of Outlook 2013 or later)");
            Damage::new(FaultKind::Unsupported, what)
        })?;
        let cipher = match head[layout.cipher()] {
            0 => Cipher::None,
            1 => Cipher::Permute,
            2 => Cipher::Cyclic,
            0x10 => return Err(Damage::new(FaultKind::Encrypted, "encrypted for one user")),
            other => {
                let what = format!("blocks are encoded in an unknown way ({other})");
                return Err(Damage::new(FaultKind::Unsupported, what));
            }
        };
        let root = layout.root();
        let mut faults = Faults::new(faults);
        let told = layout.id(&head, root.file_end);
        if told > length {
            let what = format!("the file ends {} bytes before its header says", told - length);
            faults.lose("", Damage::new(FaultKind::Truncated, what).at(length));
        }
        Ok(Self {
            bytes,
            length,
            layout,
            cipher,
            nodes: layout.id(&head, root.nodes),
            blocks: layout.id(&head, root.blocks),
            pages: HashMap::new(),
            left: length.saturating_mul(AGAIN).saturating_add(FREE),
            faults,
        })
    }

    /// Hands every node to `each`, in the order of their ids; a page that
    /// cannot be read is a fault, and costs what it lists.
    pub(super) fn for_each_node(&mut self, each: &mut dyn FnMut(Node)) {
        let mut open = vec![(self.nodes, LEVELS)];
        // In a tree each page is met once.
        let mut pages = self.length / PAGE;
        while let Some((offset, below)) = open.pop() {
            let page = match self.page(offset, NODE_PAGE, below) {
                Ok(page) if pages > 0 => page,
                Ok(_) => {
                    let what = "the list of nodes leads back into itself";
                    return self.faults.lose("", Damage::malformed(what).at(offset));
                }
                Err(damage) => {
                    self.faults.lose("a page of the list of nodes", damage);
                    continue;
                }
            };
            pages -= 1;
            if page.level > 0 {
                let lower = page.entries().map(|entry| (self.layout.lower(entry), page.level));
                let lower: Vec<_> = lower.collect();
                open.extend(lower.into_iter().rev());
                continue;
            }
            for (number, entry) in page.entries().enumerate() {
                each(self.layout.node(entry, offset + (number * page.size) as u64));
            }
        }
    }

    /// The node `id`, if there is one.
    pub(super) fn node(&mut self, id: u32) -> Result<Option<Node>, Damage> {
        let found = self.find(self.nodes, NODE_PAGE, u64::from(id), 0xffff_ffff)?;
        Ok(found.map(|(page, at)| {
            let (number, size) = (at.number, page.size);
            let entry = &page.bytes[number * size..][..size];
            self.layout.node(entry, at.page + (number * size) as u64)
        }))
    }

    /// The entry for `key` in a tree, keys compared in the bits of `mask`.
    fn find(
        &mut self,
        root: u64,
        kind: u8,
        key: u64,
        mask: u64,
    ) -> Result<Option<(Rc<Page>, At)>, Damage> {
        let (mut offset, mut below) = (root, LEVELS);
        loop {
            let page = self.page(offset, kind, below)?;
            let key_of = |entry: &[u8]| self.layout.id(entry, 0) & mask;
            let number = page.entries().take_while(|entry| key_of(entry) <= key & mask).count();
            let Some(number) = number.checked_sub(1) else { return Ok(None) };
            let entry = &page.bytes[number * page.size..][..page.size];
            if page.level == 0 {
                let is_it = key_of(entry) == key & mask;
                return Ok(is_it.then_some((page, At { page: offset, number })));
            }
            below = page.level;
            offset = self.layout.lower(entry);
        }
    }

    /// The page at `offset`, whose level must lie below `below`.
    fn page(&mut self, offset: u64, kind: u8, below: u8) -> Result<Rc<Page>, Damage> {
        self.spend(PAGE)?;
        let page = match self.pages.get(&offset) {
            Some(page) => Rc::clone(page),
            None => {
                let page = Rc::new(self.read_page(offset)?);
                if self.pages.len() >= PAGES {
                    self.pages.clear();
                }
                self.pages.insert(offset, Rc::clone(&page));
                page
            }
        };
        let damage = |detail: &str| Damage { offset, length: PAGE, ..Damage::malformed(detail) };
        let [is, is_again] = [0, 1].map(|at| page.bytes[self.layout.page_trailer() + at]);
        if is != kind || is_again != kind {
            return Err(damage("it is of another kind"));
        }
        let least = self.layout.entry_size(kind == NODE_PAGE, page.level);
        if page.size < least || page.count * page.size > self.layout.page_room() {
            return Err(damage("its entries do not fit"));
        }
        if page.level >= below {
            return Err(damage("it stands at the wrong level"));
        }
        Ok(page)
    }

    fn read_page(&mut self, offset: u64) -> Result<Page, Damage> {
        let mut bytes = [0; PAGE as usize];
        self.fill(&mut bytes, offset)?;
        let [count, _, size, level] = [0, 1, 2, 3].map(|at| bytes[self.layout.page_counts() + at]);
        let told = u32_at(&bytes, self.layout.page_sum());
        self.check_sum(&bytes[..self.layout.page_trailer()], told, offset, PAGE, "page");
        Ok(Page { bytes, level, count: usize::from(count), size: usize::from(size).max(1) })
    }

    /// The content of the data tree `id`, up to `cap` bytes.
    pub(super) fn data(&mut self, id: u64, cap: usize) -> Result<Vec<u8>, Damage> {
        let mut all = Vec::new();
        for block in self.leaves(id, cap)? {
            let bytes = self.block(block)?;
            if bytes.len() > cap - all.len() {
                return Err(too_large(cap));
            }
            all.extend_from_slice(&bytes);
        }
        Ok(all)
    }

    /// The blocks of which the data tree `id` consists, in order.
    pub(super) fn leaves(&mut self, id: u64, cap: usize) -> Result<Vec<u64>, Damage> {
        let mut ids = vec![id];
        // Two levels lie above the blocks at most.
        for _ in 0..2 {
            if !ids.first().copied().is_some_and(is_internal) {
                break;
            }
            let mut lower = Vec::new();
            for id in ids {
                let block = self.block(id)?;
                if block.first() != Some(&1) {
                    return Err(self.block_damage(id, "a list of blocks is none"));
                }
                let count = usize::from(u16_at(&block, 2));
                let entries = block.get(8..).unwrap_or_default();
                let entries = entries.chunks_exact(self.layout.id_size()).take(count);
                lower.extend(entries.map(|entry| self.layout.id(entry, 0)));
                // Blocks but the last are nearly full.
                if lower.len() > cap / (BLOCK / 2) + SUBNODES {
                    return Err(too_large(cap));
                }
            }
            ids = lower;
        }
        if let Some(id) = ids.iter().copied().find(|id| is_internal(*id)) {
            return Err(self.block_damage(id, "lists of blocks are nested too deep"));
        }
        ids.retain(|id| *id != 0);
        Ok(ids)
    }

    /// The nodes inside a node.
    pub(super) fn nodes_inside(&mut self, id: u64) -> Result<Nodes, Damage> {
        let mut nodes = Nodes::new();
        if id == 0 {
            return Ok(nodes);
        }
        let top = self.block(id)?;
        let lists = match self.list_level(&top, id)? {
            0 => return self.add_nodes(&top, id, &mut nodes).map(|()| nodes),
            _ => self.layout.subnode_lists(&top),
        };
        for id in lists {
            let list = self.block(id)?;
            if self.list_level(&list, id)? != 0 {
                return Err(self.block_damage(id, "lists of nodes are nested too deep"));
            }
            self.add_nodes(&list, id, &mut nodes)?;
        }
        Ok(nodes)
    }

    fn list_level(&mut self, block: &[u8], id: u64) -> Result<u8, Damage> {
        match block.get(..8) {
            Some([2, level @ 0..=1, ..]) => Ok(*level),
            _ => Err(self.block_damage(id, "a list of nodes is none")),
        }
    }

    fn add_nodes(&mut self, list: &[u8], id: u64, nodes: &mut Nodes) -> Result<(), Damage> {
        let offset = self.entry(id)?.offset;
        nodes.extend(self.layout.subnodes(list, offset).map(|node| (node.id, node)));
        if nodes.len() > SUBNODES {
            return Err(self.block_damage(id, "more nodes inside one node than our cap"));
        }
        Ok(())
    }

    /// The decoded content of a block.
    pub(super) fn block(&mut self, id: u64) -> Result<Vec<u8>, Damage> {
        let entry = self.entry(id)?;
        let size = usize::from(entry.size);
        let whole = (size + self.layout.block_trailer_size()).next_multiple_of(64);
        let damage = |kind: FaultKind, detail: &str| {
            let left = self.length.saturating_sub(entry.offset);
            let length = (whole as u64).min(left);
            let detail = format!("block {id:#x} {detail}");
            Damage { offset: entry.offset.min(self.length), length, kind, detail }
        };
        if size == 0 || whole > BLOCK {
            return Err(damage(FaultKind::Malformed, "has an impossible size"));
        }
        if entry.offset.saturating_add(whole as u64) > self.length {
            return Err(damage(FaultKind::Truncated, "lies behind the end of the file"));
        }
        let mut bytes = vec![0; whole];
        self.fill(&mut bytes, entry.offset)?;
        let trailer = self.layout.block_trailer(&bytes);
        if trailer.size != entry.size || bare(trailer.id) != bare(id) {
            let length = whole as u64;
            let detail = format!("block {id:#x} is not where the list of blocks says");
            return Err(Damage { length, ..Damage::malformed(detail).at(entry.offset) });
        }
        bytes.truncate(size);
        self.check_sum(&bytes, trailer.sum, entry.offset, whole as u64, "block");
        if !is_internal(id) {
            self.cipher.decode(&mut bytes, trailer.id);
        }
        Ok(bytes)
    }

    /// What the list of blocks says of one.
    fn entry(&mut self, id: u64) -> Result<Entry, Damage> {
        match self.find(self.blocks, BLOCK_PAGE, id, !1)? {
            Some((page, at)) => {
                Ok(self.layout.block(&page.bytes[at.number * page.size..][..page.size]))
            }
            None => Err(Damage::malformed(format!("block {id:#x} is not in the list of blocks"))),
        }
    }

    fn block_damage(&mut self, id: u64, detail: &str) -> Damage {
        let offset = self.entry(id).map(|entry| entry.offset).unwrap_or_default();
        Damage::malformed(format!("block {id:#x}: {detail}")).at(offset)
    }

    /// Notes a wrong checksum: a repair, for what it protects is read all the
    /// same.
    fn check_sum(&mut self, bytes: &[u8], told: u32, offset: u64, length: u64, what: &str) {
        if checksum(bytes) != told {
            let detail = format!("the checksum of a {what} is wrong");
            self.faults.note((offset, length, false, FaultKind::Malformed, detail));
        }
    }

    fn spend(&mut self, bytes: u64) -> Result<(), Damage> {
        let left = self.left.checked_sub(bytes);
        self.left = left.unwrap_or_default();
        let what = "the file refers to the same bytes over and over";
        left.map(drop).ok_or_else(|| Damage::new(FaultKind::TooLarge, what))
    }

    /// Whether nothing more may be read: too much was, or was wrong.
    pub(super) fn is_spent(&self) -> bool {
        self.left < PAGE || self.faults.is_full()
    }

    fn fill(&mut self, into: &mut [u8], offset: u64) -> Result<(), Damage> {
        let length = into.len() as u64;
        if offset.saturating_add(length) > self.length {
            let what = "it lies behind the end of the file";
            return Err(Damage::new(FaultKind::Truncated, what).at(self.length));
        }
        self.spend(length)?;
        self.bytes.read_exact_at(into, offset).map_err(|cause| {
            let (kind, detail) = (FaultKind::Unreadable, cause.to_string());
            Damage { offset, length, kind, detail }
        })
    }
}

/// Where an entry stands.
struct At {
    page: u64,
    number: usize,
}

/// What the list of blocks says of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) offset: u64,
    pub(super) size: u16,
}

fn too_large(cap: usize) -> Damage {
    Damage::new(FaultKind::TooLarge, format!("over our cap of {cap} bytes"))
}

/// Whether a block lists others, instead of holding content.
fn is_internal(id: u64) -> bool {
    id & 2 != 0
}

/// An id without the bit that readers ignore.
fn bare(id: u64) -> u64 {
    id & !1
}

/// The checksum of pages and blocks: CRC-32, neither begun nor ended with ones.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| TABLE[((sum ^ u32::from(*byte)) & 0xff) as usize] ^ (sum >> 8))
}

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let (mut sum, mut bit) = (at as u32, 0);
        while bit < 8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
            bit += 1;
        }
        table[at] = sum;
        at += 1;
    }
    table
};
