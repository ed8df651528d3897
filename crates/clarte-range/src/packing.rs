//! Archives: a folder of finished files becomes one zip or tar.
//! Spec: <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT> (without
//! Zip64), <https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html> (ustar)

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::RangeError;
use crate::variety::{Bundle, Pack};
use crate::writers::LineFile;

/// Larger folders stay folders: sizes in these formats have 32 bits.
const LARGEST: u64 = 1 << 30;

/// Puts the files of a folder into an archive beside it, named like it, and
/// removes the folder.
pub(crate) fn bundle(folder: &Path, form: Bundle) -> Result<(), RangeError> {
    if form == Bundle::Folder || !folder.is_dir() {
        return Ok(());
    }
    let files = files(folder)?;
    if files.iter().map(|(_, bytes)| bytes).sum::<u64>() > LARGEST {
        return Ok(());
    }
    let root = folder.parent().unwrap_or(folder);
    let members: Vec<(PathBuf, String)> = files
        .into_iter()
        .map(|(path, _)| {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            (path, name.replace('\\', "/"))
        })
        .collect();
    match form {
        Bundle::Zip => zip(&folder.with_extension("zip"), &members)?,
        Bundle::Tar => tar(&folder.with_extension("tar"), Pack::Plain, &members)?,
        Bundle::TarGz => tar(&folder.with_extension("tar"), Pack::Gz, &members)?,
        Bundle::TarZst => tar(&folder.with_extension("tar"), Pack::Zst, &members)?,
        Bundle::Folder => {}
    }
    fs::remove_dir_all(folder).map_err(RangeError::writing(folder))
}

/// The files below a folder and their sizes, by path.
fn files(folder: &Path) -> Result<Vec<(PathBuf, u64)>, RangeError> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(RangeError::reading(&folder))? {
            let entry = entry.map_err(RangeError::reading(&folder))?;
            let facts = entry.metadata().map_err(RangeError::reading(&folder))?;
            if facts.is_dir() {
                folders.push(entry.path());
            } else {
                files.push((entry.path(), facts.len()));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The first of January 1980, the earliest date a zip knows.
const DATE: u16 = 0x21;

fn zip(path: &Path, members: &[(PathBuf, String)]) -> Result<(), RangeError> {
    let mut file = LineFile::create(path, Pack::Plain)?;
    let (mut directory, mut at) = (Vec::new(), 0_u32);
    for (source, name) in members {
        let bytes = fs::read(source).map_err(RangeError::reading(source))?;
        let mut crc = Crc::new();
        crc.update(&bytes);
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::fast());
        deflated.write_all(&bytes).map_err(RangeError::writing(path))?;
        let deflated = deflated.finish().map_err(RangeError::writing(path))?;
        // What is packed already is stored.
        let is_smaller = deflated.len() < bytes.len();
        let (method, packed) = if is_smaller { (8_u16, &deflated) } else { (0, &bytes) };
        // Version, flags (names are UTF-8), method, time, date, sum, sizes.
        let mut facts = Vec::with_capacity(30);
        for half in [20_u16, 0x800, method, 0, DATE] {
            facts.extend(half.to_le_bytes());
        }
        for word in [crc.sum(), packed.len() as u32, bytes.len() as u32] {
            facts.extend(word.to_le_bytes());
        }
        facts.extend((name.len() as u16).to_le_bytes());
        facts.extend(0_u16.to_le_bytes());
        let local = [&b"PK\x03\x04"[..], &facts, name.as_bytes(), packed].concat();
        file.write(&local)?;
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&facts);
        // No comment, first disk, no attributes, where the member begins.
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
        at += local.len() as u32;
    }
    file.write(&directory)?;
    let count = (members.len() as u16).to_le_bytes();
    let (size, begin) = ((directory.len() as u32).to_le_bytes(), at.to_le_bytes());
    file.write(&[&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size, &begin, &[0, 0]].concat())?;
    file.finish()
}

fn tar(path: &Path, pack: Pack, members: &[(PathBuf, String)]) -> Result<(), RangeError> {
    let mut file = LineFile::create(path, pack)?;
    for (source, name) in members {
        let bytes = fs::read(source).map_err(RangeError::reading(source))?;
        file.write(&header(name, bytes.len()))?;
        file.write(&bytes)?;
        file.write(&vec![0; bytes.len().next_multiple_of(512) - bytes.len()])?;
    }
    // Two empty blocks end it.
    file.write(&[0; 1024])?;
    file.finish()
}

fn header(name: &str, size: usize) -> [u8; 512] {
    let mut block = [0_u8; 512];
    let mut put = |at: usize, text: &str| {
        block[at..at + text.len()].copy_from_slice(text.as_bytes());
    };
    // Names of a range are far shorter than a hundred characters.
    put(0, &name[..name.len().min(100)]);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{size:011o}\0"));
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams;

    #[test]
    fn what_was_bundled_can_be_read_member_by_member() {
        for (form, name) in [
            (Bundle::Zip, "logs.zip"),
            (Bundle::Tar, "logs.tar"),
            (Bundle::TarGz, "logs.tar.gz"),
            (Bundle::TarZst, "logs.tar.zst"),
        ] {
            let root = tempfile::tempdir().expect("a temporary folder can be used");
            let folder = root.path().join("logs");
            for (name, pack) in [
                ("a.log", Pack::Plain),
                ("b.log", Pack::Gz),
                ("c.log", Pack::Zst),
                ("sub/d.log", Pack::Bz2),
                ("sub/e.log", Pack::Xz),
            ] {
                let mut file = LineFile::create(&folder.join(name), pack).expect("it can be made");
                file.write(name.repeat(200).as_bytes()).expect("it can be written");
                file.finish().expect("it can be written");
            }
            bundle(&folder, form).expect("it can be bundled");
            assert!(!folder.exists());
            let mut seen = Vec::new();
            streams::walk(&root.path().join(name), &mut |member, stream| {
                let mut text = String::new();
                stream.read_to_string(&mut text)?;
                seen.push((member.unwrap_or_default().to_owned(), text));
                Ok(())
            })
            .expect("it can be read");
            let expected = [
                ("logs/a.log", "a.log"),
                ("logs/b.log.gz", "b.log"),
                ("logs/c.log.zst", "c.log"),
                ("logs/sub/d.log.bz2", "sub/d.log"),
                ("logs/sub/e.log.xz", "sub/e.log"),
            ]
            .map(|(member, text)| (member.to_owned(), text.repeat(200)));
            assert_eq!(seen, expected, "{name}");
        }
    }
}
