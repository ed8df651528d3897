//! Records in Parquet, under their OCSF names, and the catalogue of evidence.
//!
//! The only crate that names Arrow, Parquet, DataFusion and SQLite.
//!
//! ```text
//! LAKE/catalogue.sqlite     evidence, runs, faults, findings, people
//! LAKE/records/CLASS/…      runs of records, sorted by time
//! LAKE/observables/…        the index: distinct values, sorted, with first, last, count
//! ```
//!
//! A *run* is what one step of an intake added: some Parquet files and some
//! rows of the catalogue. One transaction of the catalogue makes it visible;
//! files that the catalogue does not name are swept when the lake is next
//! opened for writing. Files are never changed once they are complete.
//!
//! Records are written before the hash of their evidence is known (it is taken
//! in the same pass), so they carry the evidence's number in the catalogue; a
//! number that the catalogue does not list is invisible.

mod catalogue;
mod columns;
mod engine;
mod index;
mod lake;
mod merge;
mod observables;
mod reader;
mod tables;
mod writer;

use std::io;
use std::path::{Path, PathBuf};

pub use catalogue::{
    Catalogue, EvidenceRow, FaultRow, FindingRow, Known, PersonRow, Place, ReadingRow, RefusalRow,
    Run, RunFile, RunFileKind, Stamp, StreamRow,
};
pub use engine::{Engine, Form, NAMED};
pub use lake::{Found, Lake};
pub use tables::{Table, TableColumn, fields, tables};
pub use writer::RunWriter;

/// Why the lake could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// A file or folder of the lake.
    #[error("cannot access {}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// A Parquet file of the lake.
    #[error("cannot use {}", .path.display())]
    Parquet {
        /// Which.
        path: PathBuf,
        /// Parquet's word.
        source: parquet::errors::ParquetError,
    },
    /// The catalogue.
    #[error("cannot use the catalogue {}", .path.display())]
    Catalogue {
        /// Which.
        path: PathBuf,
        /// SQLite's word.
        source: rusqlite::Error,
    },
    /// The catalogue's own check found it broken.
    #[error("the catalogue {} is damaged: {what}", .path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What the check found.
        what: String,
    },
    /// The catalogue was made by another version.
    #[error(
        "the catalogue {} is of version {found}, not {expected}: use the version of clarte that \
         made it, or name another case and take the evidence in again",
        .path.display()
    )]
    Version {
        /// Which.
        path: PathBuf,
        /// The version found.
        found: i64,
        /// The version that can be used.
        expected: i64,
    },
    /// There is no case.
    #[error("{} holds no case", .path.display())]
    NoCase {
        /// Where none was found.
        path: PathBuf,
    },
    /// A query could not be planned or run.
    #[error("{message}")]
    Query {
        /// The engine's word.
        message: String,
    },
    /// Rows could not be read, or not be written out.
    #[error("{what}")]
    Rows {
        /// What was being done.
        what: &'static str,
        /// The system's word.
        source: io::Error,
    },
    /// Records are missing that the catalogue counts.
    #[error("{found} of {counted} records could be read of {}", .path.display())]
    Short {
        /// Where.
        path: PathBuf,
        /// Records that could be read.
        found: u64,
        /// Records that the catalogue counts.
        counted: u64,
    },
}

impl LakeError {
    /// Whether the question was wrong, not the lake.
    pub fn is_about_the_query(&self) -> bool {
        matches!(self, Self::Query { .. })
    }

    /// Whether the catalogue itself is broken.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Damaged { .. } => true,
            Self::Catalogue { source, .. } => matches!(
                source.sqlite_error_code(),
                Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
            ),
            _ => false,
        }
    }

    /// What the system said, where it was the system that failed.
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        match self {
            Self::Io { source, .. } | Self::Rows { source, .. } => Some(source.kind()),
            _ => None,
        }
    }

    fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    fn parquet(path: impl Into<PathBuf>) -> impl FnOnce(parquet::errors::ParquetError) -> Self {
        let path = path.into();
        move |source| Self::Parquet { path, source }
    }

    fn catalogue(path: &Path) -> impl Fn(rusqlite::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Catalogue { path: path.clone(), source }
    }
}
