//! The custody log: who did what with which evidence, when, from where, and
//! what came of it. One line of JSON an entry; the exact bytes of the line are
//! a leaf of the log's Merkle tree.
//!
//! # What a crash or a copy leaves
//!
//! Order of writing: entries, then their `fsync`, then the checkpoint. After a
//! crash the log may therefore be longer than its checkpoint says, never
//! shorter, and end in a torn line.
//!
//! A copy of a case in use holds files of different moments. Its log may be
//! shorter than its checkpoint says, and its checkpoint absent or cut. To
//! refuse such a case would make copies worthless; to go on in silence would
//! let anybody cut the log. So [`Log::open`] goes on with what is there, and
//! the next entry says what is missing, for ever and under the next seal:
//!
//! | Found | What happens |
//! |---|---|
//! | whole entries after the checkpoint | they are kept |
//! | a torn last line, or lines after the checkpoint that are no entries | moved to `log.torn` and said |
//! | fewer entries than are sealed, agreeing with every earlier checkpoint that they reach | kept; said: how many are missing, how many no checkpoint proves |
//! | no checkpoint, or one that cannot be read | kept; said: all are unproved |
//! | entries that contradict a checkpoint, present or earlier | refused: someone changed them |
//!
//! Who cuts the log at a checkpoint is thus not stopped, only told of: a
//! checkpoint without a signature stops nobody who can write to the folder.
//!
//! A recovery is first noted in the checkpoint file, in the same replacement
//! that makes it agree with the log, and leaves it when the entry that tells
//! it is sealed. So no crash in between makes it forgotten.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use clarte_model::{EvidenceId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::lines::{self, Line};
use crate::seals::{self, Comparison, Seals};
use crate::tree::Frontier;
use crate::{CustodyError, Recovered, Root};

/// The file's name in the custody folder.
pub(crate) const FILE: &str = "log.jsonl";
const TORN: &str = "log.torn";

/// How much of a log is read at once.
const BLOCK: usize = 64 * 1024;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The log goes on after a crash or in a copy; the log writes it itself.
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

/// An entry as it is read back, as far as others need it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Logged {
    /// What kind of act.
    pub what: Operation,
    /// The path as given, where there is one.
    #[serde(default)]
    pub from: Option<String>,
    /// Which evidence, where there is one.
    #[serde(default)]
    pub evidence: Option<EvidenceId>,
    /// What came of it.
    pub result: serde_json::Value,
}

/// A custody log, open for appending by this process alone.
#[derive(Debug)]
pub struct Log {
    folder: PathBuf,
    witness: Witness,
    file: BufWriter<File>,
    tree: Frontier,
    seals: Seals,
    recovered: Option<Recovered>,
    /// Whether an entry tells of `recovered`.
    is_told: bool,
}

impl Log {
    /// Opens the log of a custody folder, which is made where it is missing.
    ///
    /// Fails if an entry contradicts what was sealed, or if another process
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
        seals::sweep(folder)?;
        let found = seals::read(folder);
        let is_damaged = matches!(found, Err(CustodyError::BadCheckpoint { .. }));
        let found = if is_damaged { None } else { found? };
        if is_damaged {
            seals::set_aside(folder)?;
        }
        let (tree, seals, recovered) = recover(&mut file, folder, found, is_damaged)?;
        let (folder, file) = (folder.to_owned(), BufWriter::new(file));
        Ok(Self { folder, witness, file, tree, seals, recovered, is_told: false })
    }

    /// Appends an entry and returns its number. It is safe from a crash only
    /// after [`Log::commit`].
    ///
    /// If something was recovered, an entry that tells it comes first.
    pub fn append(&mut self, entry: &Entry<'_>) -> Result<u64, CustodyError> {
        if let (Some(recovered), false) = (&self.recovered, self.is_told) {
            let result = serde_json::to_value(recovered).expect("numbers and strings serialise");
            let (what, when) = (Operation::Recovered, entry.when);
            self.write(&Entry { when, what, from: None, evidence: None, result })?;
            self.is_told = true;
        }
        self.write(entry)
    }

    fn write(&mut self, entry: &Entry<'_>) -> Result<u64, CustodyError> {
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
        let root = self.tree.root();
        if root.size == self.seals.now.size {
            return Ok(root);
        }
        let path = self.folder.join(FILE);
        self.file.flush().map_err(CustodyError::io("write", &path))?;
        self.file.get_ref().sync_all().map_err(CustodyError::io("save", &path))?;
        let seals = self.seals.then(root);
        seals::write(&self.folder, &seals)?;
        self.seals = seals;
        Ok(root)
    }

    /// The root over all entries, sealed or not.
    pub fn root(&self) -> Root {
        self.tree.root()
    }

    /// How many entries the checkpoint on disk seals.
    pub fn sealed(&self) -> u64 {
        self.seals.now.size
    }

    /// What was found broken when the log was opened, if anything.
    pub fn recovered(&self) -> Option<&Recovered> {
        self.recovered.as_ref()
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

/// Replays a log, sets aside what cannot stay, and brings its checkpoint file
/// in line. Returns what no entry tells yet.
fn recover(
    file: &mut File,
    folder: &Path,
    found: Option<Seals>,
    is_damaged: bool,
) -> Result<(Frontier, Seals, Option<Recovered>), CustodyError> {
    let path = folder.join(FILE);
    let is_without = found.is_none();
    let seals = found.unwrap_or_else(Seals::new);
    let length = file.metadata().map_err(CustodyError::io("look at", &path))?.len();
    let kept = replay(file, &path, &seals)?;
    let size = kept.compared.tree().size();
    let missing = kept.compared.missing();
    let broken = Recovered {
        bytes: length.saturating_sub(kept.bytes),
        missing,
        unproved: if missing > 0 || is_without { size - kept.compared.proved() } else { 0 },
        // A new log has neither.
        without_checkpoint: is_damaged || (is_without && length > 0),
        overruled: (missing > 0).then(|| seals.now.clone()),
    };
    let tree = kept.compared.into_tree();
    // The first entry after a checkpoint tells what the checkpoint file notes.
    let untold = seals.untold.clone().filter(|_| size <= seals.now.size);
    if broken.is_nothing() {
        if is_without {
            seals::write(folder, &seals)?;
        }
        return Ok((tree, seals, untold));
    }
    let untold = match untold {
        Some(before) => before.and(broken),
        None => broken,
    };
    if length > kept.bytes {
        set_aside(file, folder, kept.bytes)?;
    }
    file.sync_all().map_err(CustodyError::io("save", &path))?;
    let seals = seals.recovered(tree.root(), untold.clone());
    seals::write(folder, &seals)?;
    cut(file, &path, kept.bytes)?;
    Ok((tree, seals, Some(untold)))
}

/// The whole entries at the start of a log.
struct Kept<'s> {
    compared: Comparison<'s>,
    bytes: u64,
}

/// Rebuilds the tree from the file and compares it with the checkpoints.
fn replay<'s>(file: &File, path: &Path, seals: &'s Seals) -> Result<Kept<'s>, CustodyError> {
    let mut reader = BufReader::with_capacity(BLOCK, file);
    let mut kept = Kept { compared: seals.compare(), bytes: 0 };
    kept.compared.check()?;
    let mut line = Vec::new();
    loop {
        let found = lines::next(&mut reader, &mut line).map_err(CustodyError::io("read", path))?;
        let n = kept.compared.tree().size();
        let objection = match found {
            Line::Whole => lines::objection(&line, n),
            Line::Torn | Line::End => return Ok(kept),
        };
        match objection {
            Some(why) if n < seals.now.size => return Err(CustodyError::BadEntry { n, why }),
            Some(_) => return Ok(kept),
            None => kept.compared.push(&line)?,
        }
        kept.bytes += line.len() as u64 + 1;
    }
}

/// Copies what follows the whole entries to `log.torn`.
fn set_aside(file: &mut File, folder: &Path, kept: u64) -> Result<(), CustodyError> {
    let torn = folder.join(TORN);
    let mut aside = OpenOptions::new()
        .append(true)
        .create(true)
        .open(&torn)
        .map_err(CustodyError::io("open", &torn))?;
    file.seek(SeekFrom::Start(kept)).map_err(CustodyError::io("read", &folder.join(FILE)))?;
    io::copy(file, &mut aside)
        .and_then(|_| aside.write_all(b"\n"))
        .and_then(|()| aside.sync_all())
        .map_err(CustodyError::io("write", &torn))?;
    seals::sync_folder(folder)
}

/// Cuts off what was set aside.
fn cut(file: &File, path: &Path, kept: u64) -> Result<(), CustodyError> {
    file.set_len(kept).map_err(CustodyError::io("cut", path))?;
    file.sync_all().map_err(CustodyError::io("save", path))
}
