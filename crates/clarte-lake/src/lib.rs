//! Records in Parquet, under their OCSF names, and the catalogue of evidence.
//!
//! The only crate that names Arrow and Parquet. A *run* is what one intake
//! added: some Parquet files and some rows of the catalogue. The catalogue is
//! replaced in one rename, and only what it lists is visible, so a run appears
//! whole or not at all.
//!
//! Records are written before the hash of their evidence is known (it is taken
//! in the same pass), so they carry the evidence's number in the catalogue; a
//! number that the catalogue does not list, such as that of a duplicate, is
//! invisible.

mod catalogue;
mod columns;
mod reader;
mod writer;

use std::io;
use std::path::PathBuf;

pub use catalogue::{Catalogue, EvidenceRow, FaultRow, StreamRow};
pub use reader::Lake;
pub use writer::{RunFile, RunWriter};

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
    #[error("the catalogue {} is damaged", .path.display())]
    Catalogue {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl LakeError {
    fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    fn parquet(path: impl Into<PathBuf>) -> impl FnOnce(parquet::errors::ParquetError) -> Self {
        let path = path.into();
        move |source| Self::Parquet { path, source }
    }
}
