//! The custody log: who did what with which evidence, when, from where, and
//! what came of it. One line of JSON an entry; the exact bytes of the line are
//! a leaf of the log's Merkle tree.
//!
//! Order of writing: entries, then their `fsync`, then the checkpoint. After a
//! crash the log may therefore be longer than its checkpoint says, never
//! shorter. What lies beyond the checkpoint and is no whole entry is moved to
//! `log.torn`, and said.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use clarte_model::{EvidenceId, Timestamp};
use serde::Serialize;

use crate::checkpoint::{self, Checkpoint};
use crate::lines::{self, Line};
use crate::tree::Frontier;
use crate::{CustodyError, Root};

/// The file's name in the custody folder.
pub(crate) const FILE: &str = "log.jsonl";
const TORN: &str = "log.torn";

/// Who writes entries, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The person who answers for it, as given.
    pub operator: String,
    /// The program and its version, such as `clarte 0.1.0`.
    pub tool: String,
    /// The machine: its name and operating system.
    pub system: String,
}

/// What kind of act an entry tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// The case was made.
    Created,
    /// A file was taken in as evidence.
    Intake,
    /// A file of intelligence was taken in.
    Intel,
    /// The evidence was investigated.
    Run,
    /// An analyst decided on a finding.
    Decision,
    /// Something was handed out: a dossier, an export.
    Export,
    /// The log was repaired after a crash.
    Recovered,
}

/// One act, as its author tells it. Number, operator, tool and system are
/// added by the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<'e> {
    /// When; the log never asks the clock.
    pub when: Timestamp,
    /// What kind of act.
    pub what: Operation,
    /// The path as given, where there is one.
    pub from: Option<&'e str>,
    /// Which evidence, where there is one.
    pub evidence: Option<EvidenceId>,
    /// What came of it.
    pub result: serde_json::Value,
}

/// What a crash left behind and [`Log::open`] set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovered {
    /// Bytes moved to `log.torn`.
    pub bytes: u64,
}

/// A custody log, open for appending by this process alone.
#[derive(Debug)]
pub struct Log {
    folder: PathBuf,
    witness: Witness,
    file: BufWriter<File>,
    tree: Frontier,
    sealed: u64,
    recovered: Option<Recovered>,
}

impl Log {
    /// Opens the log of a custody folder, which is made where it is missing.
    ///
    /// Fails if what was sealed is not there unchanged, or if another process
    /// has the log open.
    pub fn open(folder: &Path, witness: Witness) -> Result<Self, CustodyError> {
        fs::create_dir_all(folder).map_err(CustodyError::io("create", folder))?;
        let path = folder.join(FILE);
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(&path)
            .map_err(CustodyError::io("open", &path))?;
        lock(&file, &path)?;
        let checkpoint = checkpoint::read(folder)?;
        let kept = replay(&file, &path, checkpoint.as_ref())?;
        let recovered = set_aside(&mut file, folder, kept.bytes)?;
        let sealed = checkpoint.map_or(0, |checkpoint| checkpoint.size);
        let file = BufWriter::new(file);
        Ok(Self { folder: folder.to_owned(), witness, file, tree: kept.tree, sealed, recovered })
    }

    /// Appends an entry and returns its number. It is safe from a crash only
    /// after [`Log::commit`].
    pub fn append(&mut self, entry: &Entry<'_>) -> Result<u64, CustodyError> {
        let n = self.tree.size();
        let mut line = self.line(n, entry);
        if line.len() > lines::MAX_LINE {
            return Err(CustodyError::TooLong { length: line.len(), cap: lines::MAX_LINE });
        }
        self.tree.push(&line);
        line.push(b'\n');
        self.file.write_all(&line).map_err(CustodyError::io("write", &self.folder.join(FILE)))?;
        Ok(n)
    }

    /// Makes every entry so far outlive a crash and seals them in the
    /// checkpoint.
    pub fn commit(&mut self) -> Result<Root, CustodyError> {
        let path = self.folder.join(FILE);
        self.file.flush().map_err(CustodyError::io("write", &path))?;
        self.file.get_ref().sync_all().map_err(CustodyError::io("save", &path))?;
        let root = self.tree.root();
        checkpoint::write(&self.folder, &Checkpoint::from(root))?;
        self.sealed = root.size;
        Ok(root)
    }

    /// The root over all entries, sealed or not.
    pub fn root(&self) -> Root {
        self.tree.root()
    }

    /// How many entries the checkpoint on disk seals.
    pub fn sealed(&self) -> u64 {
        self.sealed
    }

    /// What a crash left behind, if anything; worth an entry of its own.
    pub fn recovered(&self) -> Option<Recovered> {
        self.recovered
    }

    fn line(&self, n: u64, entry: &Entry<'_>) -> Vec<u8> {
        let Witness { operator, tool, system } = &self.witness;
        let Entry { when, what, from, evidence, result } = entry;
        let written = Written {
            n,
            when: *when,
            operator,
            what: *what,
            tool,
            system,
            from: *from,
            evidence: *evidence,
            result,
        };
        serde_json::to_vec(&written).expect("plain strings and JSON values always serialise")
    }
}

/// An entry as it stands in the log; the order of the fields is the order in
/// the line.
#[derive(Serialize)]
struct Written<'e> {
    n: u64,
    when: Timestamp,
    operator: &'e str,
    what: Operation,
    tool: &'e str,
    system: &'e str,
    from: Option<&'e str>,
    evidence: Option<EvidenceId>,
    result: &'e serde_json::Value,
}

fn lock(file: &File, path: &Path) -> Result<(), CustodyError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(CustodyError::Busy { path: path.to_owned() }),
        // Some network file systems have no locks; the log is not less true.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(CustodyError::io("lock", path)(error)),
    }
}

/// The whole entries at the start of a log.
struct Kept {
    tree: Frontier,
    bytes: u64,
}

/// Rebuilds the tree from the file and compares it with the checkpoint.
fn replay(file: &File, path: &Path, checkpoint: Option<&Checkpoint>) -> Result<Kept, CustodyError> {
    let sealed = checkpoint.map_or(0, |checkpoint| checkpoint.size);
    let mut reader = BufReader::new(file);
    let mut kept = Kept { tree: Frontier::default(), bytes: 0 };
    let mut line = Vec::new();
    loop {
        let n = kept.tree.size();
        if let Some(checkpoint) = checkpoint.filter(|checkpoint| checkpoint.size == n) {
            checkpoint.check(&kept.tree.root())?;
        }
        let found = lines::next(&mut reader, &mut line).map_err(CustodyError::io("read", path))?;
        let objection = match found {
            Line::Whole => lines::objection(&line, n),
            Line::Torn | Line::End => break,
        };
        match objection {
            Some(why) if n < sealed => return Err(CustodyError::BadEntry { n, why }),
            Some(_) => break,
            None => {}
        }
        kept.bytes += line.len() as u64 + 1;
        kept.tree.push(&line);
    }
    if kept.tree.size() < sealed {
        return Err(CustodyError::Shortened { found: kept.tree.size(), sealed });
    }
    Ok(kept)
}

/// Moves what lies beyond the whole entries to `log.torn`, and only then cuts
/// it off the log.
fn set_aside(file: &mut File, folder: &Path, kept: u64) -> Result<Option<Recovered>, CustodyError> {
    let path = folder.join(FILE);
    let length = file.metadata().map_err(CustodyError::io("look at", &path))?.len();
    let bytes = length.saturating_sub(kept);
    if bytes == 0 {
        return Ok(None);
    }
    let torn = folder.join(TORN);
    let mut aside = OpenOptions::new()
        .append(true)
        .create(true)
        .open(&torn)
        .map_err(CustodyError::io("open", &torn))?;
    file.seek(SeekFrom::Start(kept)).map_err(CustodyError::io("read", &path))?;
    io::copy(&mut Read::take(&mut *file, bytes), &mut aside)
        .and_then(|_| aside.write_all(b"\n"))
        .and_then(|()| aside.sync_all())
        .map_err(CustodyError::io("write", &torn))?;
    checkpoint::sync_folder(folder)?;
    file.set_len(kept).map_err(CustodyError::io("cut", &path))?;
    file.sync_all().map_err(CustodyError::io("save", &path))?;
    Ok(Some(Recovered { bytes }))
}
