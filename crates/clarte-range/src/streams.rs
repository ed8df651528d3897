//! Files read back: compressions undone, archives opened, member by member.
//! Reads what the range writes and owes nothing to the parsers it checks.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

use bzip2::read::MultiBzDecoder;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use lzma_rust2::XzReader;

/// Hears of each innermost stream: which member of an archive it is, and its
/// decompressed bytes.
pub(crate) type Visit<'v> = dyn FnMut(Option<&str>, &mut dyn Read) -> io::Result<()> + 'v;

/// No range nests deeper.
const DEEPEST: u8 = 6;

/// Shows every stream of a file.
pub(crate) fn walk(path: &Path, visit: &mut Visit<'_>) -> io::Result<()> {
    let mut file = BufReader::new(File::open(path)?);
    open(&mut file, None, DEEPEST, visit)
}

fn open(
    stream: &mut dyn Read,
    member: Option<&str>,
    depth: u8,
    visit: &mut Visit<'_>,
) -> io::Result<()> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(io::Error::other("nested too deeply"));
    };
    let mut head = Vec::new();
    (&mut *stream).take(512).read_to_end(&mut head)?;
    let starts = |magic: &[u8]| head.starts_with(magic);
    let is_tar = head.get(257..262) == Some(b"ustar");
    let (gz, zst) = (starts(b"\x1f\x8b"), starts(b"\x28\xb5\x2f\xfd"));
    let (bz2, xz) = (starts(b"BZh"), starts(b"\xfd7zXZ\0"));
    let is_zip = starts(b"PK\x03\x04");
    let mut whole = Cursor::new(head).chain(stream);
    if gz {
        open(&mut MultiGzDecoder::new(whole), member, depth, visit)
    } else if zst {
        open(&mut zstd::Decoder::new(whole)?, member, depth, visit)
    } else if bz2 {
        open(&mut MultiBzDecoder::new(whole), member, depth, visit)
    } else if xz {
        open(&mut XzReader::new(whole, true), member, depth, visit)
    } else if is_zip {
        zip(&mut whole, member, depth, visit)
    } else if is_tar {
        tar(&mut whole, member, depth, visit)
    } else {
        visit(member, &mut whole)
    }
}

/// The range's zips say the sizes before their members.
fn zip(
    stream: &mut dyn Read,
    outer: Option<&str>,
    depth: u8,
    visit: &mut Visit<'_>,
) -> io::Result<()> {
    loop {
        let mut head = [0; 30];
        stream.read_exact(&mut head)?;
        if !head.starts_with(b"PK\x03\x04") {
            return Ok(());
        }
        let half = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
        let packed = u32::from(half(18)) | u32::from(half(20)) << 16;
        let mut name = vec![0; usize::from(half(26))];
        stream.read_exact(&mut name)?;
        let name = within(outer, &String::from_utf8_lossy(&name));
        io::copy(&mut (&mut *stream).take(u64::from(half(28))), &mut io::sink())?;
        let mut bytes = (&mut *stream).take(u64::from(packed));
        if half(8) == 8 {
            open(&mut DeflateDecoder::new(&mut bytes), Some(&name), depth, visit)?;
        } else {
            open(&mut bytes, Some(&name), depth, visit)?;
        }
        io::copy(&mut bytes, &mut io::sink())?;
    }
}

fn tar(
    stream: &mut dyn Read,
    outer: Option<&str>,
    depth: u8,
    visit: &mut Visit<'_>,
) -> io::Result<()> {
    loop {
        let mut head = [0; 512];
        stream.read_exact(&mut head)?;
        if head[0] == 0 {
            return Ok(());
        }
        let text = |from: usize, to: usize| {
            let field = &head[from..to];
            let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
            String::from_utf8_lossy(&field[..end]).into_owned()
        };
        let size = u64::from_str_radix(text(124, 136).trim(), 8).map_err(io::Error::other)?;
        let name = within(outer, &text(0, 100));
        let mut bytes = (&mut *stream).take(size);
        open(&mut bytes, Some(&name), depth, visit)?;
        io::copy(&mut bytes, &mut io::sink())?;
        io::copy(&mut (&mut *stream).take(size.next_multiple_of(512) - size), &mut io::sink())?;
    }
}

fn within(outer: Option<&str>, name: &str) -> String {
    outer.map_or_else(|| name.to_owned(), |outer| format!("{outer}!/{name}"))
}
