//! Why custody could not do its work.

use std::io;
use std::path::PathBuf;

/// Why a file could not be taken in, or a log not be trusted.
#[derive(Debug, thiserror::Error)]
pub enum CustodyError {
    /// The operating system refused.
    #[error("cannot {act} {}", .path.display())]
    Io {
        /// What was tried, such as `open`.
        act: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// Evidence must be an ordinary file: a pipe could block for ever, a
    /// device has no end, a folder no bytes.
    #[error("{} is {found}, not an ordinary file", .path.display())]
    NotAFile {
        /// Which path.
        path: PathBuf,
        /// What it is instead.
        found: &'static str,
    },
    /// Another process writes to the same log.
    #[error(
        "the case is in use: another process holds its custody log {}; \
         wait until that one ends, then try again",
        .path.display()
    )]
    Busy {
        /// The log's file.
        path: PathBuf,
    },
    /// A line of the log is not the entry that belongs there.
    #[error("entry {n} of the custody log is damaged: {why}")]
    BadEntry {
        /// Which entry, from 0.
        n: u64,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The log ends before the last sealed entry: it was cut, or copied while
    /// it grew and before its checkpoint.
    #[error(
        "the custody log has {found} entries, its checkpoint seals {sealed}; \
         the first {proved} are as they were sealed"
    )]
    Shortened {
        /// Whole entries found.
        found: u64,
        /// Entries the checkpoint speaks of.
        sealed: u64,
        /// Entries that an earlier checkpoint proves.
        proved: u64,
    },
    /// An entry was changed after it was sealed.
    #[error(
        "the first {sealed} entries of the custody log have root {found}, their checkpoint says {expected}"
    )]
    Changed {
        /// Entries the checkpoint speaks of.
        sealed: u64,
        /// Root of the log as it is, in base64.
        found: String,
        /// Root in the checkpoint, in base64.
        expected: String,
    },
    /// The checkpoint itself cannot be read.
    #[error("the checkpoint of the custody log is damaged: {why}")]
    BadCheckpoint {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The log has sealed entries and no checkpoint, or no log at all.
    #[error("{} is missing", .path.display())]
    Missing {
        /// The file that should be there.
        path: PathBuf,
    },
    /// There is no entry of that number.
    #[error("the custody log has {size} entries, there is no entry {n}")]
    NoSuchEntry {
        /// Which entry was asked for.
        n: u64,
        /// How many there are.
        size: u64,
    },
    /// An entry longer than a line may be.
    #[error("an entry of {length} bytes exceeds the cap of {cap} bytes")]
    TooLong {
        /// Length of the entry's line.
        length: usize,
        /// The longest line allowed.
        cap: usize,
    },
}

impl CustodyError {
    /// An error of the operating system, for use with `map_err`.
    pub(crate) fn io(act: &'static str, path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { act, path, source }
    }
}
