//! Tar: the old one, POSIX ustar and pax, and GNU's.
//!
//! Spec: <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html>,
//! <https://www.gnu.org/software/tar/manual/html_node/Standard.html>. Archives
//! behind one another are read as one, as `tar -i` does; after a damaged
//! header reading goes on at the next. Left out: sparse files, of which the
//! archive holds pieces only; links, which hold nothing.

mod header;

use clarte_model::FaultKind;

use super::names::shown;
use super::{Archive, Exactly, Members};
use crate::Input;
use header::{BLOCK, Extended, Header};

/// Bytes looked at of a name or of attributes that stand in a member of their
/// own.
const EXTENDED: usize = 1 << 16;

pub(super) struct Tar;

impl Archive for Tar {
    /// By the checksum of the first header; if that is damaged, by its magic
    /// and another header soon after.
    fn recognises(&self, head: &[u8]) -> bool {
        let Some((first, rest)) = head.split_first_chunk::<BLOCK>() else { return false };
        match Header::parse(first) {
            Some(header) => header.is_sure(),
            None => {
                let mut blocks = rest.as_chunks::<BLOCK>().0.iter();
                first[257..].starts_with(b"ustar")
                    && blocks.any(|block| Header::parse(block).is_some_and(|next| next.is_sure()))
            }
        }
    }

    fn read(&self, input: &mut Input<'_>, members: &mut Members<'_, '_>) {
        let mut extended = Extended::default();
        let mut has_ended = false;
        loop {
            let offset = input.offset();
            let bytes = input.peek(BLOCK);
            let rest = bytes.len();
            let Some(block) = bytes.first_chunk::<BLOCK>() else {
                if bytes.iter().any(|byte| *byte != 0) {
                    has_ended = true;
                    input.drain();
                    members.lose(offset, rest as u64, FaultKind::Truncated, "half a header");
                }
                break;
            };
            if block.iter().all(|byte| *byte == 0) {
                has_ended = true;
                input.skip(BLOCK as u64);
            } else if members.is_full().is_some() {
                return;
            } else if let Some(header) = Header::parse(block) {
                has_ended = false;
                input.skip(BLOCK as u64);
                read_entry(&header, &mut extended, input, members);
            } else {
                skip_damage(input, members);
            }
        }
        if !has_ended && input.broken().is_none() {
            let what = "the archive ends without its end mark";
            members.lose(input.offset(), 0, FaultKind::Truncated, what);
        }
    }
}

/// Reads what follows a header, which is behind `input`.
fn read_entry(
    header: &Header,
    extended: &mut Extended,
    input: &mut Input<'_>,
    members: &mut Members<'_, '_>,
) {
    let size = extended.size.unwrap_or(header.size);
    match header.kind {
        // They say something of the entry that follows.
        b'L' => {
            let name = peek_data(input, header.size);
            extended.name = Some(text(name.split(|byte| *byte == 0).next().unwrap_or(name)));
            return skip_data(input, header.size);
        }
        b'x' | b'X' => {
            extended.read(peek_data(input, header.size));
            return skip_data(input, header.size);
        }
        b'K' | b'g' => return skip_data(input, header.size),
        // Links have no data, whatever size they give.
        b'1' => {}
        // Links, devices, folders, labels of volumes.
        b'2'..=b'6' | b'D' | b'V' | b'N' => skip_data(input, size),
        b'S' => skip_sparse(header, extended, input, members),
        _ => {
            let name = extended.name.take().unwrap_or_else(|| header.name());
            if extended.is_sparse {
                let offset = input.offset() - BLOCK as u64;
                skip_data(input, size);
                lose_sparse(&name, offset, input, members);
            } else if name.ends_with('/') {
                // So the oldest archives say that it is a folder.
                skip_data(input, size);
            } else {
                let mut data = Exactly::new(input, size);
                members.read(&name, &mut data);
                let unread = data.left();
                input.skip(unread);
                input.skip(padding(size));
            }
        }
    }
    *extended = Extended::default();
}

/// Passes over a sparse file in GNU's old way, whose map may go on in blocks
/// after the header.
fn skip_sparse(
    header: &Header,
    extended: &mut Extended,
    input: &mut Input<'_>,
    members: &mut Members<'_, '_>,
) {
    let offset = input.offset() - BLOCK as u64;
    let mut goes_on = header.map_goes_on;
    while goes_on {
        goes_on = input.peek(BLOCK).get(504).is_some_and(|flag| *flag != 0);
        input.skip(BLOCK as u64);
    }
    skip_data(input, extended.size.unwrap_or(header.size));
    let name = extended.name.take().unwrap_or_else(|| header.name());
    lose_sparse(&name, offset, input, members);
}

fn lose_sparse(name: &str, offset: u64, input: &Input<'_>, members: &mut Members<'_, '_>) {
    let length = input.offset() - offset;
    let what = format!("a sparse file: {}", shown(name));
    members.lose(offset, length, FaultKind::Unsupported, &what);
}

/// Passes over blocks that are no header, up to the next that is or to zeros.
fn skip_damage(input: &mut Input<'_>, members: &mut Members<'_, '_>) {
    let offset = input.offset();
    loop {
        input.skip(BLOCK as u64);
        let Some(block) = input.peek(BLOCK).first_chunk::<BLOCK>() else { break };
        if Header::parse(block).is_some() || block.iter().all(|byte| *byte == 0) {
            break;
        }
    }
    let length = input.offset() - offset;
    members.lose(offset, length, FaultKind::Malformed, "no header where one must be");
}

/// The first bytes of an entry's data.
fn peek_data<'i>(input: &'i mut Input<'_>, size: u64) -> &'i [u8] {
    input.peek(usize::try_from(size).unwrap_or(EXTENDED).min(EXTENDED))
}

fn skip_data(input: &mut Input<'_>, size: u64) {
    input.skip(size);
    input.skip(padding(size));
}

/// Zeros between an entry's data and the next header.
fn padding(size: u64) -> u64 {
    size.wrapping_neg() % BLOCK as u64
}

/// A name's text: UTF-8, or else what old Western systems wrote.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}
