//! One header of a tar archive, and the attributes that pax puts before it.

use super::text;

/// Bytes of a header; data is padded to as many.
pub(super) const BLOCK: usize = 512;

/// A header whose checksum fits.
#[derive(Debug)]
pub(super) struct Header {
    name: Vec<u8>,
    prefix: Vec<u8>,
    pub(super) size: u64,
    pub(super) kind: u8,
    /// Whether the map of a sparse file goes on in the next block.
    pub(super) map_goes_on: bool,
    has_magic: bool,
}

impl Header {
    /// Reads a header; `None` where its checksum does not fit.
    pub(super) fn parse(block: &[u8; BLOCK]) -> Option<Self> {
        let has_magic = block[257..].starts_with(b"ustar");
        let is_posix = block[257..].starts_with(b"ustar\0");
        if number(&block[148..156])? != checksum(block) && !fits_signed(block) {
            return None;
        }
        Some(Self {
            name: until_zero(&block[..100]).to_vec(),
            prefix: if is_posix { until_zero(&block[345..500]).to_vec() } else { Vec::new() },
            size: number(&block[124..136])?,
            kind: block[156],
            map_goes_on: block[482] != 0,
            has_magic,
        })
    }

    /// Whether it is a header beyond doubt. Those without the magic have little
    /// but a checksum; so their name must look like one.
    pub(super) fn is_sure(&self) -> bool {
        let is_printable = |byte: &u8| !byte.is_ascii_control();
        self.has_magic
            || (matches!(self.kind, 0 | b'0'..=b'7')
                && !self.name.is_empty()
                && self.name.iter().all(is_printable))
    }

    /// The path that it gives itself.
    pub(super) fn name(&self) -> String {
        match self.prefix.is_empty() {
            true => text(&self.name),
            false => format!("{}/{}", text(&self.prefix), text(&self.name)),
        }
    }
}

/// What other entries say of the one that follows them.
#[derive(Debug, Default)]
pub(super) struct Extended {
    pub(super) name: Option<String>,
    pub(super) size: Option<u64>,
    pub(super) is_sparse: bool,
}

impl Extended {
    /// Reads pax records, `LENGTH KEY=VALUE\n`, as far as they are sound.
    pub(super) fn read(&mut self, mut records: &[u8]) {
        while let Some((key, value, rest)) = record(records) {
            match key {
                b"path" => self.name = Some(text(value)),
                b"size" => self.size = decimal(value).or(self.size),
                _ if key.starts_with(b"GNU.sparse.") => {
                    self.is_sparse = true;
                    if key == b"GNU.sparse.name" {
                        self.name = Some(text(value));
                    }
                }
                _ => {}
            }
            records = rest;
        }
    }
}

/// The first record's key and value, and what follows it.
fn record(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = memchr::memchr(b' ', bytes)?;
    let length = usize::try_from(decimal(&bytes[..space])?).ok()?;
    let (record, rest) = bytes.split_at_checked(length)?;
    let record = record.get(space + 1..)?.strip_suffix(b"\n")?;
    let equals = memchr::memchr(b'=', record)?;
    Some((&record[..equals], &record[equals + 1..], rest))
}

fn decimal(bytes: &[u8]) -> Option<u64> {
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

/// A number of a header: octal digits between blanks, or where the first bit
/// is set, binary, the highest byte first (GNU). Negative ones are none.
fn number(field: &[u8]) -> Option<u64> {
    let (first, rest) = field.split_first()?;
    if first & 0x80 != 0 {
        let start = u64::from(first & 0x7f);
        return rest
            .iter()
            .try_fold(start, |sum, byte| sum.checked_mul(256).map(|sum| sum | u64::from(*byte)));
    }
    let text = until_zero(field).trim_ascii();
    text.iter().try_fold(0_u64, |sum, byte| match byte {
        b'0'..=b'7' => sum.checked_mul(8).map(|sum| sum | u64::from(byte - b'0')),
        _ => None,
    })
}

/// The sum of all bytes, those of the checksum itself taken as blanks.
fn checksum(block: &[u8; BLOCK]) -> u64 {
    summed(block).map(u64::from).sum()
}

/// Whether the checksum is the one of old systems whose bytes had a sign.
fn fits_signed(block: &[u8; BLOCK]) -> bool {
    let signed: i64 = summed(block).map(|byte| i64::from(byte as i8)).sum();
    number(&block[148..156]).is_some_and(|sum| i64::try_from(sum) == Ok(signed))
}

fn summed(block: &[u8; BLOCK]) -> impl Iterator<Item = u8> {
    let bytes = block.iter().enumerate();
    bytes.map(|(at, byte)| if (148..156).contains(&at) { b' ' } else { *byte })
}

fn until_zero(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or(field)
}
