//! Writers, one per format. Each takes finished facts and knows only how its
//! format writes them down.

pub(crate) mod mailbox;
pub(crate) mod people;
pub(crate) mod postfix;
pub(crate) mod squid;
pub(crate) mod trace;
pub(crate) mod zeek;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::RangeError;
use crate::calendar::At;

/// A file written from front to back, compressed or not.
pub(crate) enum LineFile {
    Plain(PathBuf, BufWriter<File>),
    Gz(PathBuf, Box<GzEncoder<BufWriter<File>>>),
}

impl LineFile {
    /// Creates the file and the folders above it; `.gz` is added where asked.
    pub(crate) fn create(path: &Path, gz: bool) -> Result<Self, RangeError> {
        let mut path = path.to_owned();
        if gz {
            let mut name = path.into_os_string();
            name.push(".gz");
            path = name.into();
        }
        make_folder_of(&path)?;
        let file = File::create_new(&path).map_err(RangeError::writing(&path))?;
        let file = BufWriter::new(file);
        // No time of writing in the header: same plan, same bytes.
        Ok(if gz {
            Self::Gz(path, Box::new(GzEncoder::new(file, Compression::fast())))
        } else {
            Self::Plain(path, file)
        })
    }

    /// Appends bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), RangeError> {
        match self {
            Self::Plain(path, file) => file.write_all(bytes).map_err(RangeError::writing(path)),
            Self::Gz(path, file) => file.write_all(bytes).map_err(RangeError::writing(path)),
        }
    }

    /// Appends a line.
    pub(crate) fn line(&mut self, line: &str) -> Result<(), RangeError> {
        self.write(line.as_bytes())?;
        self.write(b"\n")
    }

    /// Writes out what is held back.
    pub(crate) fn finish(self) -> Result<(), RangeError> {
        let (path, result) = match self {
            Self::Plain(path, mut file) => (path, file.flush()),
            Self::Gz(path, file) => (path, file.finish().and_then(|mut file| file.flush())),
        };
        result.map_err(RangeError::writing(&path))
    }
}

/// Lines that wait for their hour: filled in any order, taken in order of time.
pub(crate) struct Waiting<T> {
    items: Vec<(At, T)>,
}

impl<T> Waiting<T> {
    pub(crate) fn new() -> Self {
        Self { items: Vec::new() }
    }

    pub(crate) fn push(&mut self, at: At, item: T) {
        self.items.push((at, item));
    }

    /// Everything before a moment, by time; equal times keep their order.
    pub(crate) fn take_before(&mut self, moment: At) -> Vec<(At, T)> {
        self.items.sort_by_key(|(at, _)| *at);
        let ready = self.items.partition_point(|(at, _)| *at < moment);
        let rest = self.items.split_off(ready);
        std::mem::replace(&mut self.items, rest)
    }
}

/// Writes a whole small file.
pub(crate) fn whole_file(path: &Path, bytes: &[u8]) -> Result<(), RangeError> {
    make_folder_of(path)?;
    fs::write(path, bytes).map_err(RangeError::writing(path))
}

/// Appends to a file that may not exist yet.
pub(crate) fn append(path: &Path, bytes: &[u8]) -> Result<(), RangeError> {
    make_folder_of(path)?;
    let open = || -> io::Result<()> {
        let mut file = File::options().create(true).append(true).open(path)?;
        file.write_all(bytes)
    };
    open().map_err(RangeError::writing(path))
}

fn make_folder_of(path: &Path) -> Result<(), RangeError> {
    match path.parent() {
        Some(folder) => fs::create_dir_all(folder).map_err(RangeError::writing(folder)),
        None => Ok(()),
    }
}
