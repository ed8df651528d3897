//! A file that holds one JSON array, written element by element.

use std::path::Path;

use crate::RangeError;
use crate::variety::Pack;
use crate::writers::LineFile;

/// An array that is being written.
pub(crate) struct JsonArray {
    file: LineFile,
    count: u64,
}

impl JsonArray {
    pub(crate) fn create(path: &Path, pack: Pack) -> Result<Self, RangeError> {
        Ok(Self { file: LineFile::create(path, pack)?, count: 0 })
    }

    pub(crate) fn push(&mut self, element: &str) -> Result<(), RangeError> {
        self.file.write(if self.count == 0 { b"[\r\n  " } else { b",\r\n  " })?;
        self.count += 1;
        self.file.write(element.as_bytes())
    }

    /// Ends this array and begins another in the same file, as tools do that
    /// append to one file page by page.
    pub(crate) fn next_array(&mut self) -> Result<(), RangeError> {
        if self.count > 0 {
            self.file.write(b"\r\n]\r\n")?;
        }
        self.count = 0;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<(), RangeError> {
        self.file.write(if self.count == 0 { b"[]\r\n" } else { b"\r\n]\r\n" })?;
        self.file.finish()
    }
}
