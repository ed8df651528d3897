//! Zip, read front to back by the headers before each member; the directory at
//! the end is only counted.
//!
//! Spec: <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>. Read are
//! stored, deflated, deflated (64), bzip2, LZMA, zstd and xz members, Zip64, and
//! stored and deflated ones whose length follows them. A member that is
//! encrypted or packed otherwise is passed over as a fault. Office
//! documents (OOXML, OpenDocument, EPUB) are zips too, and left closed: their
//! parts are no evidence by themselves.

mod checked;
mod described;
mod local;
mod name;
mod packing;

use std::io::Read;

use clarte_model::{Fault, FaultKind};

use super::names::shown;
use super::{Archive, Exactly, Members};
use crate::Input;
use checked::{Checked, Sum};
use described::{Described, Descriptor};
use local::{Length, Local};
use packing::Packing;

pub(super) struct Zip;

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const SIGNATURE: &[u8] = b"PK\x05\x05";
const EXTRA_DATA: &[u8] = b"PK\x06\x08";
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
/// Bytes searched at once.
const WINDOW: usize = 1 << 16;

/// What archives begin with that were, or could have been, split.
const SPLIT: [&[u8]; 2] = [DESCRIPTOR, b"PK00"];

impl Archive for Zip {
    /// By the first member's header, or the end of an archive of none.
    fn recognises(&self, head: &[u8]) -> bool {
        let split = SPLIT.iter().find_map(|mark| head.strip_prefix(*mark));
        let head = split.filter(|rest| rest.starts_with(LOCAL)).unwrap_or(head);
        if head.starts_with(END) {
            // Neither members nor a directory, on no disk but the first.
            return head.get(4..20).is_some_and(|rest| rest.iter().all(|byte| *byte == 0));
        }
        Local::parse(head).is_some_and(|first| !is_document(&first.name()))
    }

    fn read(&self, input: &mut Input<'_>, members: &mut Members<'_, '_>) {
        let mut reader = Reader { input, members, found: 0, listed: 0, has_ended: false };
        if SPLIT.contains(&reader.input.peek(4)) {
            reader.input.skip(4);
        }
        while reader.next() {}
    }
}

/// Whether a zip whose first member has this name is an office document.
fn is_document(name: &str) -> bool {
    matches!(name, "[Content_Types].xml" | "_rels/.rels" | "mimetype")
}

struct Reader<'r, 'i, 'm, 'o> {
    input: &'r mut Input<'i>,
    members: &'r mut Members<'m, 'o>,
    /// Members met, and members that the directory names.
    found: u64,
    listed: u64,
    has_ended: bool,
}

impl Reader<'_, '_, '_, '_> {
    /// Reads what comes next; `false` at the end.
    fn next(&mut self) -> bool {
        let mark: Vec<u8> = self.input.peek(4).to_vec();
        match mark.as_slice() {
            [] => {
                if !self.has_ended && self.input.broken().is_none() {
                    let what = "the archive ends without its end mark";
                    self.members.lose(self.input.offset(), 0, FaultKind::Truncated, what);
                }
                return false;
            }
            LOCAL => {
                if self.members.is_full().is_some() {
                    return false;
                }
                self.has_ended = false;
                self.read_member();
            }
            CENTRAL => {
                self.listed += 1;
                self.skip_record(46, |fixed| {
                    [28, 30, 32].map(|at| u64::from(short(fixed, at))).iter().sum()
                });
            }
            END => self.read_end(),
            END_64 => self.skip_record(12, |fixed| long(fixed, 4)),
            LOCATOR_64 => self.skip_record(20, |_| 0),
            SIGNATURE => self.skip_record(6, |fixed| u64::from(short(fixed, 4))),
            EXTRA_DATA => self.skip_record(8, |fixed| u64::from(word(fixed, 4))),
            _ if self.members.is_full().is_some() => return false,
            _ => self.skip_damage(),
        }
        true
    }

    /// Passes over a record of `fixed` bytes and as many as those say follow.
    fn skip_record(&mut self, fixed: usize, more: impl Fn(&[u8]) -> u64) {
        let bytes = self.input.peek(fixed);
        let more = if bytes.len() == fixed { more(bytes) } else { 0 };
        self.input.skip((fixed as u64).saturating_add(more));
    }

    fn read_end(&mut self) {
        if self.listed != self.found {
            let (listed, found) = (self.listed, self.found);
            let what = format!("the directory names {listed} members, {found} were met");
            self.members.lose(self.input.offset(), 0, FaultKind::Malformed, &what);
        }
        (self.listed, self.found) = (0, 0);
        self.has_ended = true;
        self.skip_record(22, |fixed| u64::from(short(fixed, 20)));
    }

    fn read_member(&mut self) {
        let offset = self.input.offset();
        let Some(local) = Local::peek(self.input) else { return self.skip_damage() };
        self.found += 1;
        self.input.skip(local.length);
        let name = local.name();
        let read = match (local.packing, local.data) {
            (Packing::Encrypted, _) => Err((FaultKind::Encrypted, "encrypted".to_owned())),
            (Packing::Other(method), _) => {
                Err((FaultKind::Unsupported, format!("packed by method {method}")))
            }
            (Packing::Stored, Length::Known(0) | Length::Follows) if name.ends_with('/') => {
                Ok(None)
            }
            (Packing::Stored, Length::Known(length)) => Ok(self.read_stored(&local, &name, length)),
            (Packing::Stored, Length::Follows) => Ok(self.read_described(&name)),
            (Packing::Deflated, Length::Follows) => Ok(self.read_unmeasured(&name)),
            (_, Length::Known(length)) => Ok(self.read_packed(&local, &name, length)),
            (_, Length::Follows) => {
                Err((FaultKind::Unsupported, "its length is not told".to_owned()))
            }
        };
        if let Err((kind, why)) = &read {
            self.skip_data(local.data);
            let (length, what) = (self.input.offset() - offset, format!("{why}: {}", shown(&name)));
            self.members.lose(offset, length, *kind, &what);
        }
        if local.has_descriptor {
            self.check_descriptor(read.ok().flatten(), &name);
        }
    }

    /// Reads a member; what came out of it, if it came to its end.
    fn read_stored(&mut self, local: &Local, name: &str, length: u64) -> Option<Sum> {
        let mut data = Exactly::new(self.input, length);
        let mut checked = Checked::new(&mut data, local.sum);
        self.members.read(name, &mut checked);
        let sum = checked.finish();
        let unread = data.left();
        self.input.skip(unread);
        sum
    }

    fn read_packed(&mut self, local: &Local, name: &str, length: u64) -> Option<Sum> {
        let mut packed = Read::take(&mut *self.input, length);
        let unpacked = local.packing.open(&mut packed, self.members.limits());
        // LZMA need not tell where it ends.
        let most = match (local.packing, local.sum) {
            (Packing::Lzma, Some(sum)) => sum.size,
            _ => u64::MAX,
        };
        let unpacked = unpacked.take(most);
        let mut checked = Checked::new(unpacked, local.sum);
        self.members.read_unpacked(name, &mut checked);
        let sum = checked.finish();
        let unread = packed.limit();
        self.input.skip(unread);
        sum
    }

    /// Reads a stored member that ends where its descriptor says so.
    fn read_described(&mut self, name: &str) -> Option<Sum> {
        let mut data = Described::new(self.input);
        self.members.read(name, &mut data);
        data.finish()
    }

    /// Reads a deflated member that must be unpacked to find its end.
    fn read_unmeasured(&mut self, name: &str) -> Option<Sum> {
        let begin = self.input.offset();
        // So folders are deflated.
        if name.ends_with('/') && self.input.peek(2) == [3, 0] {
            self.input.skip(2);
            return None;
        }
        let unpacked = Packing::Deflated.open(self.input, self.members.limits());
        let mut checked = Checked::new(unpacked, None);
        self.members.read_unpacked(name, &mut checked);
        let sum = checked.finish();
        if sum.is_none() && self.members.is_full().is_none() {
            let offset = self.input.offset();
            self.find_end(begin, true);
            let length = self.input.offset() - offset;
            let what = format!("the rest of a damaged member: {}", shown(name));
            self.members.lose(offset, length, FaultKind::Decompression, &what);
        }
        sum
    }

    /// Passes over the descriptor that follows a member, if one does, and
    /// compares it with what came out.
    fn check_descriptor(&mut self, found: Option<Sum>, name: &str) {
        let offset = self.input.offset();
        let Some(told) = Descriptor::peek(self.input, found) else { return };
        self.input.skip(told.length);
        if found.is_some_and(|found| !told.sum.fits(&found)) {
            self.members.note(Fault {
                offset,
                length: told.length,
                lost: false,
                kind: FaultKind::Decompression,
                detail: format!("the checksum does not fit: {}", shown(name)),
            });
        }
    }

    /// Passes over a member's data.
    fn skip_data(&mut self, length: Length) {
        match length {
            Length::Known(length) => {
                self.input.skip(length);
            }
            Length::Follows => self.find_end(self.input.offset(), false),
        }
    }

    /// Goes to the end of data that began at `begin`: to the descriptor that
    /// gives their length, or where a header cannot be part of them, to one.
    fn find_end(&mut self, begin: u64, or_header: bool) {
        while self.seek() {
            let length = self.input.offset() - begin;
            let told = Descriptor::peek(self.input, None);
            if told.is_some_and(|told| told.has_mark && told.packed == length)
                || or_header && self.is_at_record()
            {
                return;
            }
            self.input.skip(2);
        }
    }

    /// Passes over bytes that are no record, up to one that is. Zeros are
    /// padding.
    fn skip_damage(&mut self) {
        let offset = self.input.offset();
        let mut is_padding = self.skip_zeros();
        if self.input.peek(1).is_empty() && is_padding {
            return;
        }
        loop {
            if self.is_at_record() && self.input.offset() > offset {
                break;
            }
            is_padding = false;
            self.input.skip(1);
            if !self.seek() {
                break;
            }
        }
        if !is_padding {
            let length = self.input.offset() - offset;
            let what = "no header where one must be";
            self.members.lose(offset, length, FaultKind::Malformed, what);
        }
    }

    /// Passes over zeros; whether there were any.
    fn skip_zeros(&mut self) -> bool {
        let begin = self.input.offset();
        loop {
            let bytes = self.input.peek(WINDOW);
            let zeros = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
            let goes_on = zeros == bytes.len() && zeros > 0;
            self.input.skip(zeros as u64);
            if !goes_on {
                return self.input.offset() > begin;
            }
        }
    }

    /// Goes to the next `PK`; `false` at the end.
    fn seek(&mut self) -> bool {
        loop {
            let bytes = self.input.peek(WINDOW);
            match memchr::memmem::find(bytes, b"PK") {
                Some(at) => {
                    self.input.skip(at as u64);
                    return true;
                }
                None if bytes.len() < WINDOW => {
                    self.input.drain();
                    return false;
                }
                // The last byte may be a `P`.
                None => {
                    self.input.skip(WINDOW as u64 - 1);
                }
            }
        }
    }

    /// Whether a record begins here that reading can go on with.
    fn is_at_record(&mut self) -> bool {
        match self.input.peek(4) {
            LOCAL => Local::peek(self.input).is_some(),
            mark => [CENTRAL, END, END_64].contains(&mark),
        }
    }
}

/// The number at `at`, the lower byte first; 0 where there is none.
fn short(bytes: &[u8], at: usize) -> u16 {
    number(bytes, at).map_or(0, u16::from_le_bytes)
}

fn word(bytes: &[u8], at: usize) -> u32 {
    number(bytes, at).map_or(0, u32::from_le_bytes)
}

fn long(bytes: &[u8], at: usize) -> u64 {
    number(bytes, at).map_or(0, u64::from_le_bytes)
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}
