//! The header before a member.

use super::name;
use super::packing::Packing;
use super::{LOCAL, Sum, long, short, word};
use crate::Input;

/// Bytes of a header before its name.
const FIXED: usize = 30;

/// The longest name that is looked at.
const LONGEST_NAME: usize = 1 << 14;

/// Sizes that stand in a field of 64 bits instead.
const ELSEWHERE: u32 = u32::MAX;

/// The header before a member.
#[derive(Debug)]
pub(super) struct Local {
    /// Its own length.
    pub(super) length: u64,
    pub(super) packing: Packing,
    pub(super) data: Length,
    /// What the member must come to, if it is known beforehand.
    pub(super) sum: Option<Sum>,
    /// Whether a descriptor follows the data.
    pub(super) has_descriptor: bool,
    is_utf8: bool,
    name: Vec<u8>,
    extra: Vec<u8>,
}

/// The length of a member's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    Known(u64),
    /// It stands behind them.
    Follows,
}

impl Local {
    /// The header that begins here, if one does that can be one.
    pub(super) fn peek(input: &mut Input<'_>) -> Option<Self> {
        let fixed = input.peek(FIXED);
        let whole = FIXED + usize::from(short(fixed, 26)) + usize::from(short(fixed, 28));
        Self::parse(input.peek(whole))
    }

    /// Reads the header that `bytes` begin with.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (fixed, rest) = bytes.split_at_checked(FIXED)?;
        let (needed, flags, method) = (short(fixed, 4), short(fixed, 6), short(fixed, 8));
        let (name, rest) = rest.split_at_checked(usize::from(short(fixed, 26)))?;
        let extra = rest.get(..usize::from(short(fixed, 28)))?;
        let is_sound = needed & 0xff <= 63 && method < 100 && name.len() <= LONGEST_NAME;
        if !fixed.starts_with(LOCAL) || !is_sound {
            return None;
        }
        let (packed, size) = sizes(word(fixed, 18), word(fixed, 22), extra);
        let has_descriptor = flags & 8 != 0;
        let data = match packed {
            0 if has_descriptor => Length::Follows,
            packed => Length::Known(packed),
        };
        Some(Self {
            length: (FIXED + name.len() + extra.len()) as u64,
            // Encrypted, strongly encrypted, or with masked headers.
            packing: if flags & 0x2041 != 0 { Packing::Encrypted } else { Packing::of(method) },
            data,
            sum: (!has_descriptor).then(|| Sum { crc: word(fixed, 14), size }),
            has_descriptor,
            is_utf8: flags & 0x800 != 0,
            name: name.to_vec(),
            extra: extra.to_vec(),
        })
    }

    /// The member's name, folders divided by `/`.
    pub(super) fn name(&self) -> String {
        name::decode(&self.name, self.is_utf8, &self.extra).replace('\\', "/")
    }
}

/// Packed and unpacked size, from the field of 64 bits where they stand there.
fn sizes(packed: u32, size: u32, extra: &[u8]) -> (u64, u64) {
    let wide = name::fields(extra).find_map(|(id, field)| (id == 1).then_some(field));
    match wide {
        // In this order, and each only if it stands nowhere else.
        Some(wide) => {
            let first = (size == ELSEWHERE).then(|| long(wide, 0));
            let at = if first.is_some() { 8 } else { 0 };
            let second = (packed == ELSEWHERE).then(|| long(wide, at));
            (second.unwrap_or(packed.into()), first.unwrap_or(size.into()))
        }
        None => (packed.into(), size.into()),
    }
}
