//! Notes of what a run has done, so that one that was interrupted goes on.
//!
//! A file of JSON lines: what the notes are for, then one line per unit of
//! work, written and flushed when the unit is done. A line that was cut off is
//! done again.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::files::Files;
use crate::{CheckError, Line, Request};

/// What the notes say; raise it when lines change.
const VERSION: u32 = 1;

/// Notes of a run; of none, where no file was named.
pub(crate) struct Notes {
    file: Option<(PathBuf, File)>,
    done: u64,
}

#[derive(Serialize, Deserialize, PartialEq, Eq)]
struct Head {
    version: u32,
    /// Of the paths and sizes that are gone through.
    files: String,
}

#[derive(Serialize, Deserialize)]
struct Unit {
    unit: u64,
    lines: Vec<Line>,
}

impl Notes {
    /// Opens the notes, or begins them.
    pub(crate) fn open(request: &Request, files: &Files) -> Result<Self, CheckError> {
        let Some(path) = &request.resume else { return Ok(Self { file: None, done: 0 }) };
        let failed = |source| CheckError::Notes { path: path.clone(), source };
        let mut options = OpenOptions::new();
        let opened = options.read(true).write(true).create(true).truncate(false).open(path);
        let mut file = opened.map_err(failed)?;
        let head = Head { version: VERSION, files: fingerprint(request, files) };
        let (mut done, mut end) = (0, 0);
        let mut reader = BufReader::new(&mut file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line).map_err(failed)?;
            if !line.ends_with(b"\n") {
                break;
            }
            if end == 0 {
                let found: Option<Head> = serde_json::from_slice(&line).ok();
                if found.is_none_or(|found| found != head) {
                    return Err(CheckError::OtherNotes { path: path.clone() });
                }
            } else {
                let Ok(unit) = serde_json::from_slice::<Unit>(&line) else { break };
                done = unit.unit + 1;
            }
            end += length as u64;
        }
        if end == 0 && file.metadata().map_err(failed)?.len() > 0 {
            return Err(CheckError::OtherNotes { path: path.clone() });
        }
        file.set_len(end).map_err(failed)?;
        file.seek(SeekFrom::Start(end)).map_err(failed)?;
        let mut notes = Self { file: Some((path.clone(), file)), done };
        if end == 0 {
            notes.write(&head)?;
        }
        Ok(notes)
    }

    /// Units that are done.
    pub(crate) fn done(&self) -> u64 {
        self.done
    }

    /// What was said of the messages of the units that are done.
    pub(crate) fn lines(
        &self,
    ) -> Result<impl Iterator<Item = Result<Line, CheckError>> + use<>, CheckError> {
        let reader = match &self.file {
            Some((path, _)) if self.done > 0 => {
                let failed = |source| CheckError::Notes { path: path.clone(), source };
                Some(BufReader::new(File::open(path).map_err(failed)?))
            }
            _ => None,
        };
        let path = self.file.as_ref().map(|(path, _)| path.clone()).unwrap_or_default();
        let units = reader.into_iter().flat_map(|reader| reader.lines().skip(1));
        Ok(units.flat_map(move |text| {
            let failed = |source| CheckError::Notes { path: path.clone(), source };
            let unit = text.and_then(|text| Ok(serde_json::from_str::<Unit>(&text)?));
            match unit.map_err(failed) {
                Ok(unit) => unit.lines.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            }
        }))
    }

    /// Notes that a unit is done.
    pub(crate) fn add(&mut self, unit: u64, lines: &[Line]) -> Result<(), CheckError> {
        if self.file.is_none() {
            return Ok(());
        }
        self.write(&Unit { unit, lines: lines.to_vec() })
    }

    fn write(&mut self, what: &impl Serialize) -> Result<(), CheckError> {
        let Some((path, file)) = &mut self.file else { return Ok(()) };
        let failed = |source| CheckError::Notes { path: path.clone(), source };
        let mut text = serde_json::to_string(what).map_err(|cause| failed(cause.into()))?;
        text.push('\n');
        file.write_all(text.as_bytes()).map_err(failed)
    }
}

/// Equal where the same is judged in the same way.
fn fingerprint(request: &Request, files: &Files) -> String {
    let mut hash = Sha256::new();
    for file in &files.found {
        hash.update(format!("{}\0{}\0", file.path.display(), file.bytes));
    }
    let Request { context, owners, alone, tables, .. } = request;
    hash.update(format!("{context:?}\0{owners:?}\0{alone}\0{tables}"));
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
