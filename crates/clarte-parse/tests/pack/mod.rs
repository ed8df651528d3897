//! Makes containers of every kind, as small as they can be.

// Not every test makes all of them.
#![allow(dead_code, reason = "each test target uses a part")]

pub(crate) mod msg;
pub(crate) mod pst;

use std::io::{Read, Write};

use bzip2::read::BzEncoder;
use flate2::read::{DeflateEncoder, GzEncoder};
use lzma_rust2::{LzmaOptions, LzmaWriter, XzOptions, XzWriter};

fn all(mut reader: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).expect("reading from memory");
    bytes
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    all(GzEncoder::new(bytes, flate2::Compression::best()))
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("writing to memory")
}

pub(crate) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    all(BzEncoder::new(bytes, bzip2::Compression::best()))
}

pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = XzWriter::new(Vec::new(), XzOptions::with_preset(1)).expect("sound options");
    writer.write_all(bytes).expect("writing to memory");
    writer.finish().expect("writing to memory")
}

/// As a zip has it, without a mark at the end.
pub(crate) fn lzma(bytes: &[u8]) -> Vec<u8> {
    let options = LzmaOptions::with_preset(1);
    let mut packed = vec![9, 20, 5, 0, options.get_props()];
    packed.extend(options.dict_size.to_le_bytes());
    let mut writer = LzmaWriter::new_no_header(packed, &options, false).expect("sound options");
    writer.write_all(bytes).expect("writing to memory");
    writer.finish().expect("writing to memory")
}

pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    all(DeflateEncoder::new(bytes, flate2::Compression::best()))
}

/// How bytes are compressed.
type Pack = fn(&[u8]) -> Vec<u8>;

/// Every compression by name.
pub(crate) const COMPRESSIONS: &[(&str, Pack)] =
    &[("gzip", gzip), ("zstd", zstd), ("bzip2", bzip2), ("xz", xz)];

/// A member of a zip.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) name: Vec<u8>,
    pub(crate) method: u16,
    pub(crate) flags: u16,
    /// What stands in the archive.
    pub(crate) packed: Vec<u8>,
    pub(crate) crc: u32,
    pub(crate) size: u64,
    /// Sizes in 64 bits.
    pub(crate) wide: bool,
}

impl Member {
    pub(crate) fn stored(name: &str, bytes: &[u8]) -> Self {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        Self {
            name: name.as_bytes().to_vec(),
            method: 0,
            flags: 0,
            packed: bytes.to_vec(),
            crc: crc.sum(),
            size: bytes.len() as u64,
            wide: false,
        }
    }

    pub(crate) fn packed(name: &str, bytes: &[u8], method: u16) -> Self {
        let packed = match method {
            8 => deflate(bytes),
            12 => bzip2(bytes),
            14 => lzma(bytes),
            93 => zstd(bytes),
            95 => xz(bytes),
            _ => bytes.to_vec(),
        };
        Self { method, packed, ..Self::stored(name, bytes) }
    }

    pub(crate) fn deflated(name: &str, bytes: &[u8]) -> Self {
        Self::packed(name, bytes, 8)
    }

    /// The same with its sizes behind it.
    pub(crate) fn streamed(self) -> Self {
        Self { flags: self.flags | 8, ..self }
    }

    pub(crate) fn wide(self) -> Self {
        Self { wide: true, ..self }
    }

    pub(crate) fn encrypted(self) -> Self {
        Self { flags: self.flags | 1, ..self }
    }

    fn is_streamed(&self) -> bool {
        self.flags & 8 != 0
    }

    /// Checksum, sizes, lengths of name and extra data, name, extra data.
    fn fields(&self, zip: &mut Vec<u8>, in_directory: bool) {
        let known = in_directory || !self.is_streamed();
        let (crc, packed, size) =
            if known { (self.crc, self.packed.len() as u64, self.size) } else { (0, 0, 0) };
        zip.extend(crc.to_le_bytes());
        let mut extra = Vec::new();
        if self.wide && known {
            zip.extend([0xff; 8]);
            extra.extend([1, 0, 16, 0]);
            extra.extend(size.to_le_bytes());
            extra.extend(packed.to_le_bytes());
        } else {
            zip.extend((packed as u32).to_le_bytes());
            zip.extend((size as u32).to_le_bytes());
        }
        zip.extend((self.name.len() as u16).to_le_bytes());
        zip.extend((extra.len() as u16).to_le_bytes());
        if in_directory {
            zip.extend([0; 14]);
        }
        zip.extend(&self.name);
        zip.extend(&extra);
    }

    fn head(&self, zip: &mut Vec<u8>) {
        for field in [45, self.flags, self.method, 0, 33] {
            zip.extend(u16::to_le_bytes(field));
        }
    }

    fn descriptor(&self, zip: &mut Vec<u8>) {
        zip.extend(b"PK\x07\x08");
        zip.extend(self.crc.to_le_bytes());
        let sizes = [self.packed.len() as u64, self.size];
        for size in sizes {
            let width = if self.wide { 8 } else { 4 };
            zip.extend(&size.to_le_bytes()[..width]);
        }
    }
}

pub(crate) fn zip(members: &[Member]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        directory.extend(b"PK\x01\x02\x14\0");
        member.head(&mut directory);
        member.fields(&mut directory, true);
        zip.extend(b"PK\x03\x04");
        member.head(&mut zip);
        member.fields(&mut zip, false);
        zip.extend(&member.packed);
        if member.is_streamed() {
            member.descriptor(&mut zip);
        }
    }
    let begin = zip.len() as u32;
    zip.extend(&directory);
    zip.extend(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        zip.extend((members.len() as u16).to_le_bytes());
    }
    zip.extend((directory.len() as u32).to_le_bytes());
    zip.extend(begin.to_le_bytes());
    zip.extend([0; 2]);
    zip
}

/// An entry of a tar: its header, its data and their padding.
pub(crate) fn entry(name: &[u8], kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut tar = header(name, kind, bytes.len() as u64).to_vec();
    tar.extend(bytes);
    tar.resize(tar.len().next_multiple_of(512), 0);
    tar
}

pub(crate) fn header(name: &[u8], kind: u8, size: u64) -> [u8; 512] {
    let mut block = [0; 512];
    let length = name.len().min(100);
    block[..length].copy_from_slice(&name[..length]);
    block[100..108].copy_from_slice(b"0000644\0");
    block[124..136].copy_from_slice(format!("{size:011o} ").as_bytes());
    block[136..148].copy_from_slice(b"13773425343\0");
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar\x0000");
    sum(&mut block);
    block
}

/// Puts the right checksum into a header.
pub(crate) fn sum(block: &mut [u8; 512]) {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

pub(crate) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let entries = members.iter().map(|(name, bytes)| entry(name.as_bytes(), b'0', bytes));
    let mut tar = entries.collect::<Vec<_>>().concat();
    tar.extend([0; 1024]);
    tar
}

/// A pax record.
pub(crate) fn record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let length = (1..).find(|length| length.to_string().len() + rest.len() == *length);
    format!("{}{rest}", length.expect("some length fits"))
}
