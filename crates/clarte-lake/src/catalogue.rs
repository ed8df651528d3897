//! The catalogue: which evidence and which runs a case consists of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use clarte_model::EvidenceId;
use serde::{Deserialize, Serialize};

use crate::{LakeError, RunFile};

/// The evidence and the runs of a case. Kept as one JSON file, replaced by a
/// rename.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// The number that the next piece of evidence gets.
    pub next_number: u64,
    /// How many runs there were.
    pub runs: u64,
    /// The evidence, by hash.
    pub evidence: BTreeMap<EvidenceId, EvidenceRow>,
    /// Paths that could not be read, with the reason.
    pub unreadable: BTreeMap<String, String>,
    /// The Parquet files that are visible.
    pub files: BTreeSet<RunFile>,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvidenceRow {
    /// Its number in the lake's files.
    pub number: u64,
    /// Bytes of the file as received.
    pub file_bytes: u64,
    /// Where it was found, relative to the parent of the argument that named
    /// it, with `/`.
    pub paths: BTreeSet<String>,
    /// Its stream, or the streams of its members.
    pub streams: Vec<StreamRow>,
}

/// The account of one stream.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StreamRow {
    /// The path inside an archive.
    pub member: Option<String>,
    /// The format's name.
    pub format: String,
    /// Bytes that came out of it.
    pub bytes: u64,
    /// Bytes inside at least one record.
    pub parsed: u64,
    /// Bytes that could not be read.
    pub faulted: u64,
    /// Bytes that carry no record, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Records.
    pub records: u64,
    /// Faults by kind, repairs included.
    pub faults: BTreeMap<String, u64>,
    /// The first faults, with their spans.
    pub first_faults: Vec<FaultRow>,
}

/// A fault as the catalogue keeps it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FaultRow {
    /// First byte.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
    /// The kind's name.
    pub kind: String,
    /// What was found.
    pub detail: String,
}

impl Catalogue {
    /// Reads the catalogue in `path`; an empty one where there is none yet.
    pub(crate) fn read(path: &Path) -> Result<Self, LakeError> {
        match File::open(path) {
            Ok(file) => serde_json::from_reader(BufReader::new(file))
                .map_err(|source| LakeError::Catalogue { path: path.to_owned(), source }),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(LakeError::Io { path: path.to_owned(), source }),
        }
    }

    /// Replaces the catalogue in `path` in one step.
    pub(crate) fn write(&self, path: &Path) -> Result<(), LakeError> {
        let beside = path.with_extension("json.new");
        let file = File::create(&beside).map_err(LakeError::io(&beside))?;
        let mut writer = BufWriter::new(file);
        serde_json::to_writer(&mut writer, self)
            .map_err(|source| LakeError::Catalogue { path: beside.clone(), source })?;
        writer.flush().map_err(LakeError::io(&beside))?;
        writer.get_ref().sync_all().map_err(LakeError::io(&beside))?;
        fs::rename(&beside, path).map_err(LakeError::io(path))
    }

    /// The evidence behind each number.
    pub(crate) fn numbers(&self) -> BTreeMap<u64, EvidenceId> {
        self.evidence.iter().map(|(id, row)| (row.number, *id)).collect()
    }
}
