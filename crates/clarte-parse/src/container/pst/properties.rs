//! The middle layer of a PST: properties and tables, in heaps in nodes.
//! Spec: MS-PST §2.3; the properties themselves: MS-OXPROPS.

use std::collections::BTreeMap;

use clarte_model::FaultKind;
use jiff::Timestamp;

use super::charset;
use super::database::{Damage, Database, Node, Nodes};
use super::layout::{u16_at, u32_at, u64_at};

/// Bytes of a heap: properties of ordinary size lie in it, others outside.
const HEAP: usize = 16 << 20;

/// Levels of a tree in a heap.
const LEVELS: u8 = 8;

/// Entries of a tree in a heap: there are no more properties.
const ENTRIES: usize = 1 << 16;

/// Rows of a table that are read.
const ROWS: usize = 10_000;

/// Bytes of a text in a table.
const CELL: usize = 1 << 16;

/// Types of properties.
pub(in crate::container) mod kind {
    pub(in crate::container) const SHORT: u16 = 0x0002;
    pub(in crate::container) const LONG: u16 = 0x0003;
    pub(in crate::container) const BOOLEAN: u16 = 0x000b;
    pub(in crate::container) const OBJECT: u16 = 0x000d;
    pub(in crate::container) const TEXT_8: u16 = 0x001e;
    pub(in crate::container) const TEXT: u16 = 0x001f;
    pub(in crate::container) const TIME: u16 = 0x0040;
}

/// Allocations in a node's data.
struct Heap {
    blocks: Vec<Vec<u8>>,
}

impl Heap {
    /// The heap in a node, which must be of `kind`, and the id of its root.
    fn read(db: &mut Database<'_>, node: Node, kind: u8) -> Result<(Self, u32), Damage> {
        let mut blocks = Vec::new();
        let mut size = 0;
        for id in db.leaves(node.data, HEAP)? {
            let block = db.block(id)?;
            size += block.len();
            if size > HEAP {
                return Err(Damage::new(FaultKind::TooLarge, "a heap over our cap"));
            }
            blocks.push(block);
        }
        let head = blocks.first().map(Vec::as_slice).unwrap_or_default();
        if head.get(2) != Some(&0xec) || head.get(3) != Some(&kind) {
            return Err(Damage::malformed("its data are not what they must be"));
        }
        let root = u32_at(head, 4);
        Ok((Self { blocks }, root))
    }

    /// The allocation `id`.
    fn get(&self, id: u32) -> Option<&[u8]> {
        let block = self.blocks.get((id >> 16) as usize)?;
        let number = ((id >> 5) & 0x7ff) as usize;
        let map = block.get(usize::from(u16_at(block, 0))..)?;
        if id & 0x1f != 0 || number == 0 || number > usize::from(u16_at(map, 0)) {
            return None;
        }
        let [begin, end] = [2 + 2 * number, 4 + 2 * number].map(|at| usize::from(u16_at(map, at)));
        block.get(begin..end)
    }

    /// The entries of the tree whose header is the allocation `id`; each has a
    /// key of `key` bytes and data of `data`.
    fn tree(&self, id: u32, key: usize, data: usize) -> Result<Vec<&[u8]>, Damage> {
        let damage = || Damage::malformed("a tree in its heap is damaged");
        let head = self.get(id).ok_or_else(damage)?;
        let [mark, keys, datas, levels] = *head.first_chunk().ok_or_else(damage)?;
        let fits = usize::from(keys) == key && usize::from(datas) == data;
        if mark != 0xb5 || !fits || levels > LEVELS {
            return Err(damage());
        }
        let mut ids = vec![u32_at(head, 4)];
        for _ in 0..levels {
            let mut lower = Vec::new();
            for id in ids {
                let entries = self.get(id).ok_or_else(damage)?.chunks_exact(key + 4);
                lower.extend(entries.map(|entry| u32_at(entry, key)));
                if lower.len() > ENTRIES {
                    return Err(damage());
                }
            }
            ids = lower;
        }
        let mut all = Vec::new();
        for id in ids.into_iter().filter(|id| *id != 0) {
            all.extend(self.get(id).ok_or_else(damage)?.chunks_exact(key + data));
            if all.len() > ENTRIES {
                return Err(damage());
            }
        }
        Ok(all)
    }
}

/// A node's properties.
pub(super) struct Properties {
    heap: Heap,
    /// By id: the type, and the value or where it is.
    values: BTreeMap<u16, (u16, u32)>,
    pub(super) inside: Nodes,
}

impl Properties {
    /// Reads which properties a node has; their values when asked for.
    pub(super) fn read(db: &mut Database<'_>, node: Node) -> Result<Self, Damage> {
        let (heap, root) = Heap::read(db, node, 0xbc)?;
        let entries = heap.tree(root, 2, 6)?.into_iter();
        let entries = entries.map(|entry| (u16_at(entry, 0), (u16_at(entry, 2), u32_at(entry, 4))));
        let values = entries.collect();
        let inside = db.nodes_inside(node.inside)?;
        Ok(Self { heap, values, inside })
    }

    /// A number, or a flag as one.
    pub(super) fn number(&self, id: u16) -> Option<u32> {
        match *self.values.get(&id)? {
            (kind::LONG, value) => Some(value),
            (kind::SHORT, value) => Some(value & 0xffff),
            (kind::BOOLEAN, value) => Some(value & 0xff),
            _ => None,
        }
    }

    pub(super) fn time(&self, id: u16) -> Option<Timestamp> {
        let (kind::TIME, at) = *self.values.get(&id)? else { return None };
        moment(u64_at(self.heap.get(at)?, 0))
    }

    /// A value's bytes, up to `cap`.
    pub(super) fn bytes(
        &self,
        db: &mut Database<'_>,
        id: u16,
        cap: usize,
    ) -> Result<Option<Vec<u8>>, Damage> {
        match self.values.get(&id) {
            Some((kind::OBJECT, _)) => {
                let node = self.object(id);
                let node = node.ok_or_else(|| Damage::malformed("an object is not in its node"))?;
                db.data(node.data, cap).map(Some)
            }
            Some((_, at)) => value(db, &self.heap, &self.inside, *at, cap).map(Some),
            None => Ok(None),
        }
    }

    /// A text, up to `cap` bytes of it.
    pub(super) fn text(
        &self,
        db: &mut Database<'_>,
        id: u16,
        cap: usize,
    ) -> Result<Option<String>, Damage> {
        let Some((kind, _)) = self.values.get(&id).filter(|(kind, _)| is_text(*kind)) else {
            return Ok(None);
        };
        let bytes = self.bytes(db, id, cap)?.unwrap_or_default();
        Ok(Some(text(*kind, &bytes, self.page())))
    }

    /// Whether a property is there, and is a text.
    pub(super) fn is_text(&self, id: u16) -> bool {
        self.values.get(&id).is_some_and(|(kind, _)| is_text(*kind))
    }

    /// The node in which an object lies.
    pub(super) fn object(&self, id: u16) -> Option<Node> {
        let (kind::OBJECT, at) = *self.values.get(&id)? else { return None };
        self.inside.get(&u32_at(self.heap.get(at)?, 0)).copied()
    }

    /// The code page of texts that are not UTF-16.
    pub(super) fn page(&self) -> u32 {
        self.number(0x3ffd).or_else(|| self.number(0x3fde)).unwrap_or_default()
    }
}

/// A table's rows: of each, the values of `columns` that are texts or numbers.
///
/// Left out: the order of the rows' index, and rows that it does not list.
pub(super) fn rows(
    db: &mut Database<'_>,
    node: Node,
    columns: &[u16],
    page: u32,
) -> Result<Vec<Vec<Option<String>>>, Damage> {
    let (heap, root) = Heap::read(db, node, 0x7c)?;
    let inside = db.nodes_inside(node.inside)?;
    let info = heap.get(root).ok_or_else(|| Damage::malformed("a table without a header"))?;
    let count = usize::from(info.get(1).copied().unwrap_or_default());
    let (bits, width) = (usize::from(u16_at(info, 6)), usize::from(u16_at(info, 8)));
    let all = info.get(22..).unwrap_or_default().chunks_exact(8).take(count);
    let columns: Vec<_> =
        columns.iter().map(|id| all.clone().find(|column| u16_at(column, 2) == *id)).collect();
    let (mut rows, mut size) = (Vec::new(), 0);
    if width == 0 {
        return Ok(rows);
    }
    for block in row_blocks(db, &heap, &inside, u32_at(info, 14))? {
        for row in block.chunks_exact(width) {
            if rows.len() >= ROWS {
                return Ok(rows);
            }
            let mut cells = Vec::new();
            for column in &columns {
                let cell = column.filter(|column| has(row, bits, column[7]));
                let text = match cell {
                    Some(column) => cell_text(db, &heap, &inside, column, row, page)?,
                    None => None,
                };
                size += text.as_ref().map_or(0, String::len);
                cells.push(text);
            }
            if size > HEAP {
                return Err(Damage::new(FaultKind::TooLarge, "a table over our cap"));
            }
            rows.push(cells);
        }
    }
    Ok(rows)
}

/// Whether a row has a value in the column of number `bit`.
fn has(row: &[u8], bits: usize, bit: u8) -> bool {
    row.get(bits + usize::from(bit / 8)).is_some_and(|byte| byte & (0x80 >> (bit % 8)) != 0)
}

fn cell_text(
    db: &mut Database<'_>,
    heap: &Heap,
    inside: &Nodes,
    column: &[u8],
    row: &[u8],
    page: u32,
) -> Result<Option<String>, Damage> {
    let (kind, at) = (u16_at(column, 0), usize::from(u16_at(column, 4)));
    if kind == kind::LONG {
        return Ok(Some(u32_at(row, at).to_string()));
    }
    if !is_text(kind) {
        return Ok(None);
    }
    let bytes = value(db, heap, inside, u32_at(row, at), CELL)?;
    Ok(Some(text(kind, &bytes, page)))
}

/// The blocks of rows; none goes on in the next.
fn row_blocks(
    db: &mut Database<'_>,
    heap: &Heap,
    inside: &Nodes,
    at: u32,
) -> Result<Vec<Vec<u8>>, Damage> {
    match inside.get(&at) {
        Some(node) => {
            let mut blocks = Vec::new();
            let mut size = 0;
            for id in db.leaves(node.data, HEAP)? {
                let block = db.block(id)?;
                size += block.len();
                if size > HEAP {
                    return Err(Damage::new(FaultKind::TooLarge, "a table over our cap"));
                }
                blocks.push(block);
            }
            Ok(blocks)
        }
        None => Ok(vec![value(db, heap, inside, at, HEAP)?]),
    }
}

/// The value at `at`: in the heap, in a node of its own, or empty.
fn value(
    db: &mut Database<'_>,
    heap: &Heap,
    inside: &Nodes,
    at: u32,
    cap: usize,
) -> Result<Vec<u8>, Damage> {
    if at == 0 {
        return Ok(Vec::new());
    }
    if at & 0x1f == 0 {
        let bytes = heap.get(at).ok_or_else(|| Damage::malformed("a value is not in its heap"))?;
        return Ok(bytes.to_vec());
    }
    match inside.get(&at) {
        Some(node) => db.data(node.data, cap),
        None => Err(Damage::malformed("a value is not in its node")),
    }
}

/// Whether values of that type are texts.
pub(in crate::container) fn is_text(kind: u16) -> bool {
    matches!(kind, kind::TEXT | kind::TEXT_8)
}

/// A text of that type; `page` is the code page of those that are not UTF-16.
pub(in crate::container) fn text(kind: u16, bytes: &[u8], page: u32) -> String {
    if kind == kind::TEXT {
        let units = bytes.chunks_exact(2).map(|unit| u16_at(unit, 0));
        return char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect();
    }
    charset::decode(bytes, page)
}

/// The moment that many tenths of a microsecond after 1601.
pub(in crate::container) fn moment(ticks: u64) -> Option<Timestamp> {
    let seconds = i64::try_from(ticks / 10_000_000).ok()? - 11_644_473_600;
    Timestamp::from_second(seconds).ok()
}
