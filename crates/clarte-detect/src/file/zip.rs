//! ZIP archives by their central directory (APPNOTE.TXT §4.3), with what stands
//! before it left out of account, so that an archive behind a program is read.
//!
//! Left out: ZIP64, several volumes, other methods than deflate.

use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// Entries told apart in one archive.
const ENTRIES_CAP: usize = 1_000;

/// A file in the archive.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(super) name: String,
    pub(super) locked: bool,
    method: usize,
    compressed: usize,
    /// Where its local header begins.
    header: usize,
}

/// Whether the file begins like a ZIP.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// What the central directory lists; where there is none, what the local
/// headers say, one after the other.
pub(super) fn entries(bytes: &[u8]) -> Vec<Entry> {
    let mut all = central(bytes).unwrap_or_default();
    if all.is_empty() {
        all = local(bytes);
    }
    all
}

fn central(bytes: &[u8]) -> Option<Vec<Entry>> {
    const END: usize = 22;
    let from = bytes.len().saturating_sub(END + 0xffff);
    let end = from + memchr::memmem::rfind(&bytes[from..], b"PK\x05\x06")?;
    let (size, offset) = (number(bytes, end + 12, 4)?, number(bytes, end + 16, 4)?);
    let start = end.checked_sub(size)?;
    // Offsets count from where the archive begins.
    let base = start.saturating_sub(offset);
    let mut all = Vec::new();
    let mut at = start;
    while let Some((entry, next)) = central_entry(bytes, at, base) {
        all.push(entry);
        if all.len() >= ENTRIES_CAP {
            break;
        }
        at = next;
    }
    Some(all)
}

fn central_entry(bytes: &[u8], at: usize, base: usize) -> Option<(Entry, usize)> {
    if !bytes.get(at..)?.starts_with(b"PK\x01\x02") {
        return None;
    }
    let field = |offset, length| number(bytes, at + offset, length);
    let named = bytes.get(at + 46..)?.get(..field(28, 2)?)?;
    let entry = Entry {
        name: String::from_utf8_lossy(named).into_owned(),
        locked: field(8, 2)? & 1 == 1,
        method: field(10, 2)?,
        compressed: field(20, 4)?,
        header: base + field(42, 4)?,
    };
    Some((entry, at + 46 + field(28, 2)? + field(30, 2)? + field(32, 2)?))
}

fn local(bytes: &[u8]) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some((entry, next)) = local_entry(bytes, at) {
        all.push(entry);
        if all.len() >= ENTRIES_CAP {
            break;
        }
        at = next;
    }
    all
}

fn local_entry(bytes: &[u8], at: usize) -> Option<(Entry, usize)> {
    if !bytes.get(at..)?.starts_with(b"PK\x03\x04") {
        return None;
    }
    let field = |offset, length| number(bytes, at + offset, length);
    let named = bytes.get(at + 30..)?.get(..field(26, 2)?)?;
    let entry = Entry {
        name: String::from_utf8_lossy(named).into_owned(),
        locked: field(6, 2)? & 1 == 1,
        method: field(8, 2)?,
        compressed: field(18, 4)?,
        header: at,
    };
    let next = at + 30 + field(26, 2)? + field(28, 2)? + entry.compressed;
    Some((entry, next))
}

impl Entry {
    /// Its content, no more than `cap` bytes of it; `None` if it cannot be had.
    pub(super) fn content(&self, bytes: &[u8], cap: usize) -> Option<Vec<u8>> {
        let field = |offset, length| number(bytes, self.header.checked_add(offset)?, length);
        if !bytes.get(self.header..)?.starts_with(b"PK\x03\x04") || cap == 0 {
            return None;
        }
        let start = self.header + 30 + field(26, 2)? + field(28, 2)?;
        let packed = bytes.get(start..)?;
        let packed = &packed[..self.compressed.min(packed.len())];
        match self.method {
            0 => Some(packed[..packed.len().min(cap)].to_vec()),
            8 => match decompress_to_vec_with_limit(packed, cap) {
                Ok(content) => Some(content),
                // As far as it went.
                Err(cut) => Some(cut.output).filter(|content| !content.is_empty()),
            },
            _ => None,
        }
    }
}

/// A little-endian number.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.get(..length)?;
    Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::samples;

    #[test]
    fn names_and_contents_are_found_behind_whatever_stands_before() {
        let archive = samples::deflated(&[("a/b.txt", b"hello"), ("c", b"")]);
        for before in [&b""[..], b"MZ a program that unpacks itself"] {
            let bytes = [before, &archive].concat();
            let all = entries(&bytes);
            assert_eq!(all.iter().map(|entry| &*entry.name).collect::<Vec<_>>(), ["a/b.txt", "c"]);
            assert_eq!(all[0].content(&bytes, 100).as_deref(), Some(&b"hello"[..]));
            assert_eq!(all[0].content(&bytes, 0), None);
        }
        // Cut, it is read from its beginning.
        let cut = &archive[..archive.len() - 30];
        assert_eq!(entries(cut)[0].content(cut, 3).as_deref(), Some(&b"hel"[..]));
    }
}
