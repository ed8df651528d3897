//! Compound files: storages and streams in one file. Spec: MS-CFB.
//!
//! By our own hands: the crate `cfb` reads the whole table of sectors first, and
//! a file that lists the same part of it over and over makes it 128 times as
//! large as itself. Here sectors are looked up when they are needed; no chain is
//! longer than the file has sectors, and what is read in all is bounded.

use std::collections::BTreeMap;

use clarte_model::FaultKind;

use crate::container::pst::database::Damage;

/// How every compound file begins.
pub(super) const MARK: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Entries of a directory.
const ENTRIES: usize = 1 << 20;

/// Bytes of one.
const ENTRY: usize = 128;

/// From here on numbers are no sectors.
const LAST: u32 = 0xffff_fffa;

/// Sectors of the small stream.
const SMALL: usize = 64;

/// Bytes of a stream from which on it is not in the small one.
const CUTOFF: u64 = 4096;

/// Bytes read of a file for each of its bytes, and at least: honest reading
/// takes each once.
const AGAIN: usize = 8;
const FREE: usize = 64 << 20;

/// A compound file, opened.
pub(super) struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    /// Sectors of the table of sectors.
    table: Vec<u32>,
    directory: Vec<Entry>,
    /// Sectors of the table of small sectors, and of the small stream.
    small_table: Vec<u32>,
    small: Vec<u32>,
    /// Bytes that may still be read.
    left: usize,
}

/// An entry of the directory.
#[derive(Debug, Clone)]
struct Entry {
    /// In capitals, as names are compared.
    name: String,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    size: u64,
}

impl<'b> Compound<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Damage> {
        let shift = number(bytes, 30, 2)?;
        if shift != 9 && shift != 12 {
            return Err(Damage::malformed("sectors of a size that there is not"));
        }
        let mut file = Self {
            bytes,
            sector: 1 << shift,
            table: Vec::new(),
            directory: Vec::new(),
            small_table: Vec::new(),
            small: Vec::new(),
            left: bytes.len().saturating_mul(AGAIN).max(FREE),
        };
        file.table = file.table()?;
        let directory = file.chain(number(bytes, 48, 4)?, usize::MAX)?;
        for sector in directory {
            let sector = file.sector(sector)?;
            let room = ENTRIES.saturating_sub(file.directory.len());
            file.directory.extend(sector.chunks_exact(ENTRY).take(room).map(Entry::read));
        }
        file.small_table = file.chain(number(bytes, 60, 4)?, usize::MAX)?;
        let root = file.directory.first();
        let start = root.ok_or_else(|| Damage::malformed("a directory without entries"))?.start;
        file.small = file.chain(start, usize::MAX)?;
        Ok(file)
    }

    /// The sectors of the table of sectors; no more than the file needs.
    fn table(&self) -> Result<Vec<u32>, Damage> {
        let needed = self.sectors().div_ceil(self.sector / 4);
        let mut all: Vec<u32> = Vec::new();
        let mut take = |bytes: &[u8]| {
            let numbers = bytes.chunks_exact(4).map(four).filter(|sector| *sector < LAST);
            all.extend(numbers.take(needed.saturating_sub(all.len())));
            all.len() >= needed
        };
        let head = self.bytes.get(76..512);
        let head = head.ok_or_else(|| Damage::malformed("the file ends inside its header"))?;
        let mut is_full = take(head);
        let mut next = number(self.bytes, 68, 4)?;
        for _ in 0..self.sectors() {
            if is_full || next >= LAST {
                break;
            }
            let sector = self.sector(next)?;
            let (numbers, last) = sector.split_at(sector.len() - 4);
            is_full = take(numbers);
            next = four(last);
        }
        Ok(all)
    }

    fn sectors(&self) -> usize {
        (self.bytes.len() / self.sector).saturating_sub(1)
    }

    fn sector(&self, number: u32) -> Result<&'b [u8], Damage> {
        let at = (number as usize).checked_add(1).and_then(|at| at.checked_mul(self.sector));
        let rest = at.and_then(|at| self.bytes.get(at..));
        // The last one may be cut.
        let sector = rest.filter(|rest| !rest.is_empty());
        let sector = sector.map(|rest| &rest[..rest.len().min(self.sector)]);
        let sector = sector.filter(|sector| sector.len() >= ENTRY);
        sector.ok_or_else(|| Damage::new(FaultKind::Truncated, "a sector is not in the file"))
    }

    /// The sectors from `start` on, as many as `wanted` where there are more.
    fn chain(&self, start: u32, wanted: usize) -> Result<Vec<u32>, Damage> {
        let per = self.sector / 4;
        let mut all = Vec::new();
        let mut next = start;
        while next < LAST && all.len() < wanted {
            if all.len() > self.sectors() {
                return Err(Damage::malformed("a chain of sectors leads back into itself"));
            }
            all.push(next);
            let table = self.table.get(next as usize / per);
            let table = *table.ok_or_else(|| Damage::malformed("a sector is in no table"))?;
            next = number(self.sector(table)?, next as usize % per * 4, 4)?;
        }
        Ok(all)
    }

    /// The entries inside a storage, by name.
    pub(super) fn inside(&mut self, storage: usize) -> Result<BTreeMap<String, usize>, Damage> {
        let damage = || Damage::malformed("the directory is damaged");
        let mut found = BTreeMap::new();
        let mut open = vec![self.directory.get(storage).ok_or_else(damage)?.child];
        while let Some(number) = open.pop() {
            let Some(entry) = self.directory.get(number as usize).filter(|_| number < LAST) else {
                continue;
            };
            // A tree that leads back into itself names what it named before.
            if found.insert(entry.name.clone(), number as usize) == Some(number as usize) {
                return Err(damage());
            }
            open.extend([entry.left, entry.right]);
            self.left = self.left.checked_sub(ENTRY).ok_or_else(spent)?;
        }
        Ok(found)
    }

    /// A stream's bytes, up to `cap`.
    pub(super) fn stream(&mut self, entry: usize, cap: usize) -> Result<Vec<u8>, Damage> {
        let entry = self.directory.get(entry).cloned();
        let entry = entry.ok_or_else(|| Damage::malformed("the directory is damaged"))?;
        let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
        if size > cap {
            return Err(Damage::new(FaultKind::TooLarge, "a value over our cap"));
        }
        self.left = self.left.checked_sub(size).ok_or_else(spent)?;
        let mut bytes = Vec::new();
        if entry.size < CUTOFF {
            self.small_stream(entry.start, size, &mut bytes)?;
        } else {
            for sector in self.chain(entry.start, size.div_ceil(self.sector))? {
                bytes.extend_from_slice(self.sector(sector)?);
            }
        }
        if bytes.len() < size {
            return Err(Damage::new(FaultKind::Truncated, "a value ends before its end"));
        }
        bytes.truncate(size);
        Ok(bytes)
    }

    /// No stream of those is longer than [`CUTOFF`], which bounds its chain.
    fn small_stream(&self, start: u32, size: usize, out: &mut Vec<u8>) -> Result<(), Damage> {
        let damage = || Damage::malformed("a small sector is not in the file");
        let (per, held) = (self.sector / 4, self.sector / SMALL);
        let mut next = start;
        while out.len() < size && next < LAST {
            let holder = *self.small.get(next as usize / held).ok_or_else(damage)?;
            let at = next as usize % held * SMALL;
            let sector = self.sector(holder)?.get(at..).ok_or_else(damage)?;
            out.extend_from_slice(&sector[..sector.len().min(SMALL)]);
            let table = *self.small_table.get(next as usize / per).ok_or_else(damage)?;
            next = number(self.sector(table)?, next as usize % per * 4, 4)?;
        }
        Ok(())
    }
}

impl Entry {
    /// Reads the bytes of one.
    fn read(bytes: &[u8]) -> Self {
        let length = usize::from(u16::from_le_bytes([bytes[64], bytes[65]])).min(64);
        let units = bytes[..length].chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]]));
        let name = char::decode_utf16(units.take_while(|unit| *unit != 0));
        let name: String = name.map(|unit| unit.unwrap_or('\u{fffd}')).collect();
        Self {
            name: name.to_uppercase(),
            left: four(&bytes[68..72]),
            right: four(&bytes[72..76]),
            child: four(&bytes[76..80]),
            start: four(&bytes[116..120]),
            // Files with small sectors leave rubbish in the upper half.
            size: u64::from(four(&bytes[120..124])),
        }
    }
}

/// Why reading ends that would not end by itself.
fn spent() -> Damage {
    Damage::new(FaultKind::TooLarge, "the file is read over and over")
}

fn four(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// A little-endian number of up to four bytes.
fn number(bytes: &[u8], at: usize, length: usize) -> Result<u32, Damage> {
    let bytes = bytes.get(at..).and_then(|rest| rest.get(..length));
    let bytes =
        bytes.ok_or_else(|| Damage::new(FaultKind::Truncated, "the file ends too early"))?;
    Ok(four(bytes))
}
