//! Writers, one per format. Each takes finished facts and knows only how its
//! format writes them down, by its public documentation.

pub(crate) mod audit;
pub(crate) mod eve;
pub(crate) mod exchange;
pub(crate) mod exim;
pub(crate) mod hosts;
pub(crate) mod json_array;
pub(crate) mod leases;
pub(crate) mod mailbox;
pub(crate) mod mta;
pub(crate) mod names;
pub(crate) mod people;
pub(crate) mod postfix;
pub(crate) mod proxy;
pub(crate) mod sensor;
pub(crate) mod series;
pub(crate) mod signin;
pub(crate) mod syslog;
pub(crate) mod trace;
pub(crate) mod zeek;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use bzip2::write::BzEncoder;
use flate2::write::GzEncoder;
use lzma_rust2::{XzOptions, XzWriter};

use crate::RangeError;
use crate::calendar::At;
use crate::variety::Pack;

/// A file written from front to back, compressed or not.
pub(crate) struct LineFile {
    path: PathBuf,
    sink: Box<dyn Sink>,
}

/// Where bytes go; what is held back is written at the end.
trait Sink: Write {
    fn end(self: Box<Self>) -> io::Result<()>;
}

impl Sink for BufWriter<File> {
    fn end(mut self: Box<Self>) -> io::Result<()> {
        self.flush()
    }
}

impl Sink for GzEncoder<BufWriter<File>> {
    fn end(self: Box<Self>) -> io::Result<()> {
        self.finish()?.flush()
    }
}

impl Sink for BzEncoder<BufWriter<File>> {
    fn end(self: Box<Self>) -> io::Result<()> {
        self.finish()?.flush()
    }
}

impl Sink for XzWriter<BufWriter<File>> {
    fn end(self: Box<Self>) -> io::Result<()> {
        self.finish()?.flush()
    }
}

impl Sink for zstd::Encoder<'static, BufWriter<File>> {
    fn end(self: Box<Self>) -> io::Result<()> {
        self.finish()?.flush()
    }
}

impl LineFile {
    /// Creates the file and the folders above it; the packing's ending is
    /// added to its name.
    pub(crate) fn create(path: &Path, pack: Pack) -> Result<Self, RangeError> {
        let mut name = path.as_os_str().to_owned();
        name.push(pack.ending());
        let path = PathBuf::from(name);
        make_folder_of(&path)?;
        let file = File::create_new(&path).map_err(RangeError::writing(&path))?;
        let sink = packed(BufWriter::new(file), pack).map_err(RangeError::writing(&path))?;
        Ok(Self { path, sink })
    }

    /// Appends bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), RangeError> {
        self.sink.write_all(bytes).map_err(RangeError::writing(&self.path))
    }

    /// Writes out what is held back.
    pub(crate) fn finish(self) -> Result<(), RangeError> {
        self.sink.end().map_err(RangeError::writing(&self.path))
    }
}

/// No time of writing in any header: same plan, same bytes.
fn packed(file: BufWriter<File>, pack: Pack) -> io::Result<Box<dyn Sink>> {
    Ok(match pack {
        Pack::Plain => Box::new(file),
        Pack::Gz => Box::new(GzEncoder::new(file, flate2::Compression::fast())),
        Pack::Bz2 => Box::new(BzEncoder::new(file, bzip2::Compression::fast())),
        Pack::Xz => Box::new(XzWriter::new(file, XzOptions::with_preset(0))?),
        Pack::Zst => Box::new(zstd::Encoder::new(file, 1)?),
    })
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

/// A JSON string with its quotes.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn make_folder_of(path: &Path) -> Result<(), RangeError> {
    match path.parent() {
        Some(folder) => fs::create_dir_all(folder).map_err(RangeError::writing(folder)),
        None => Ok(()),
    }
}
