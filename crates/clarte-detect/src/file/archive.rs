//! What archives tell without being opened: names, and whether they are locked.
//!
//! Spec: RAR 5.0 archive format (rarlab.com/technote.htm), RAR 4 (technote of
//! that version), 7-Zip's `7zFormat.txt`, APPNOTE.TXT.
//! Left out: names in 7z and in archives whose headers are encrypted. The header
//! of a 7z is nearly always compressed; whether its files are locked then cannot
//! be seen, and it counts as locked.

use super::zip::Entry;

/// Headers read of one archive.
const HEADERS_CAP: usize = 1_000;

/// What an archive tells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Listing {
    pub(super) names: Vec<String>,
    pub(super) locked: bool,
}

/// What the archive tells; `entries` are those of a ZIP, whose names it leaves
/// out.
pub(super) fn listing(bytes: &[u8], entries: &[Entry]) -> Listing {
    let mut listing = Listing::default();
    if let Some(rest) = bytes.strip_prefix(b"Rar!\x1a\x07\x01\x00") {
        rar5(rest, &mut listing);
    } else if let Some(rest) = bytes.strip_prefix(b"Rar!\x1a\x07\x00") {
        rar4(rest, &mut listing);
    } else if bytes.starts_with(b"7z\xbc\xaf\x27\x1c") {
        listing.locked = is_locked_7z(bytes).unwrap_or(false);
    } else {
        listing.locked = entries.iter().any(|entry| entry.locked);
    }
    listing
}

fn rar5(mut rest: &[u8], listing: &mut Listing) {
    for _ in 0..HEADERS_CAP {
        let Some(next) = rar5_header(rest, listing) else { return };
        rest = next;
    }
}

/// Reads a header; returns what follows it and its data.
fn rar5_header<'b>(bytes: &'b [u8], listing: &mut Listing) -> Option<&'b [u8]> {
    let mut at = bytes.get(4..)?; // behind the checksum
    let size = usize::try_from(vint(&mut at)?).ok()?;
    let header = at.get(..size)?;
    let behind = &at[size..];
    let mut at = header;
    let (kind, flags) = (vint(&mut at)?, vint(&mut at)?);
    let extra = if flags & 1 == 0 { 0 } else { vint(&mut at)? };
    let data = if flags & 2 == 0 { 0 } else { vint(&mut at)? };
    match kind {
        // What follows is encrypted.
        4 => {
            listing.locked = true;
            return None;
        }
        2 => {
            listing.names.extend(rar5_name(at));
            let records = header.len().checked_sub(usize::try_from(extra).ok()?)?;
            listing.locked |= has_encryption(&header[records..]);
        }
        _ => {}
    }
    behind.get(usize::try_from(data).ok()?..)
}

fn rar5_name(mut at: &[u8]) -> Option<String> {
    let flags = vint(&mut at)?;
    let (_size, _attributes) = (vint(&mut at)?, vint(&mut at)?);
    let fixed = [2, 4].iter().filter(|flag| flags & **flag != 0).count() * 4;
    at = at.get(fixed..)?;
    let (_compression, _system) = (vint(&mut at)?, vint(&mut at)?);
    let length = usize::try_from(vint(&mut at)?).ok()?;
    Some(String::from_utf8_lossy(at.get(..length)?).into_owned())
}

/// Whether a record of the extra area says that the file is encrypted.
fn has_encryption(mut records: &[u8]) -> bool {
    while let Some(size) = vint(&mut records).and_then(|size| usize::try_from(size).ok()) {
        let Some(mut record) = records.get(..size).filter(|record| !record.is_empty()) else {
            return false;
        };
        records = &records[size..];
        if vint(&mut record) == Some(1) {
            return true;
        }
    }
    false
}

/// A number of seven bits a byte.
fn vint(at: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = at.split_first()?;
        *at = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn rar4(mut rest: &[u8], listing: &mut Listing) {
    for _ in 0..HEADERS_CAP {
        let Some(next) = rar4_header(rest, listing) else { return };
        rest = next;
    }
}

fn rar4_header<'b>(bytes: &'b [u8], listing: &mut Listing) -> Option<&'b [u8]> {
    let two = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let four = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let (kind, flags, size) = (*bytes.get(2)?, two(3)?, usize::from(two(5)?));
    let mut data = 0;
    match kind {
        // Main header: all others are encrypted.
        0x73 if flags & 0x80 != 0 => {
            listing.locked = true;
            return None;
        }
        0x74 => {
            data = four(7)? as usize;
            let name = 32 + if flags & 0x100 == 0 { 0 } else { 8 };
            let named = bytes.get(name..)?.get(..usize::from(two(26)?))?;
            // A second, compressed form may follow the first.
            let named = named.split(|byte| *byte == 0).next().unwrap_or_default();
            listing.names.push(String::from_utf8_lossy(named).into_owned());
            listing.locked |= flags & 4 != 0;
        }
        _ if flags & 0x8000 != 0 => data = four(7)? as usize,
        _ => {}
    }
    bytes.get(size.max(7).checked_add(data)?..)
}

/// Whether the header names AES, or is compressed so that it cannot be seen.
fn is_locked_7z(bytes: &[u8]) -> Option<bool> {
    const AES: [u8; 4] = [0x06, 0xf1, 0x07, 0x01];
    let eight = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
    let start = usize::try_from(eight(12)?).ok()?.checked_add(32)?;
    let header = bytes.get(start..)?;
    let header = &header[..header.len().min(usize::try_from(eight(20)?).ok()?)];
    Some(header.first() == Some(&0x17) || memchr::memmem::find(header, &AES).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::samples;

    #[test]
    fn names_and_locks_are_told() {
        let listed = |bytes: &[u8]| listing(bytes, &[]);
        for (bytes, name, locked) in [
            (samples::rar5(b"a.exe", false), Some("a.exe"), false),
            (samples::rar5(b"a.exe", true), Some("a.exe"), true),
            (samples::rar4(b"b.txt", 0), Some("b.txt"), false),
            (samples::rar4(b"b.txt", 4), Some("b.txt"), true),
            (b"Rar!\x1a\x07\x00\0\0\x73\x80\0\x0d\0\0\0\0\0\0\0".to_vec(), None, true),
            (samples::seven_zip(&[1, 4, 6, 0]), None, false),
            (samples::seven_zip(&[1, 4, 0x24, 0x06, 0xf1, 0x07, 0x01]), None, true),
            (samples::seven_zip(&[0x17, 6]), None, true),
        ] {
            let found = listed(&bytes);
            assert_eq!(found.names.first().map(String::as_str), name);
            assert_eq!(found.locked, locked, "{bytes:?}");
        }
    }
}
