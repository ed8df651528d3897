//! The workflow of a case: evidence and intelligence in, an answer out.
//!
//! A case is a folder:
//!
//! ```text
//! CASE/custody/   the log of what was done, a Merkle tree
//! CASE/lake/      records in Parquet, and the catalogue of evidence
//! CASE/intel/     copies of the intelligence files, by hash
//! CASE/out/       the answers
//! ```
//!
//! This crate knows all the parts and wires them; the parts do not know each
//! other. [`investigate`] reads like the table of contents of a case.

mod answer;
mod files;
mod intake;
mod intelligence;

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clarte_custody::{CustodyError, Entry, Log, Operation, Witness};
use clarte_extent::Extent;
use clarte_lake::{Lake, LakeError};
use clarte_model::Timestamp;
use clarte_model::lake::ReadError;
pub use clarte_parse::Zones;

/// The names of the formats that can be read, as `--zone` takes them.
pub fn format_names() -> Vec<&'static str> {
    clarte_parse::FORMATS.iter().map(|(name, _)| *name).collect()
}

/// What to investigate.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Files and folders of evidence.
    pub evidence: Vec<PathBuf>,
    /// Files and folders of intelligence.
    pub intel: Vec<PathBuf>,
    /// A list of people that may lie elsewhere.
    pub people: Option<PathBuf>,
    /// The case's folder; made where it is missing.
    pub case: PathBuf,
    /// Zones of sources that write local time.
    pub zones: Zones,
}

/// What an investigation did.
#[derive(Debug)]
pub struct Report {
    /// The answer.
    pub extent: Extent,
    /// Where it was written.
    pub path: PathBuf,
    /// Evidence that was not known before.
    pub added: u64,
    /// Evidence that was known.
    pub known: u64,
    /// How long each step took.
    pub steps: Vec<(&'static str, Duration)>,
}

/// What is going on, for whoever watches.
#[derive(Debug, Clone, Copy)]
pub enum Event {
    /// So many files and bytes of evidence are about to be read.
    Reading {
        /// Files.
        files: u64,
        /// Bytes on disk.
        bytes: u64,
    },
    /// So many more bytes of evidence were read.
    Read(u64),
    /// A step of the reasoning begins.
    Step(&'static str),
}

/// Why an investigation could not be done.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// A path that was named does not exist.
    #[error("{} does not exist", .0.display())]
    Missing(PathBuf),
    /// The case would be written into the evidence.
    #[error(
        "the case {} lies inside the evidence {}, which is never written to: \
         name another folder with --case",
        .case.display(), .evidence.display()
    )]
    Inside {
        /// The case's folder.
        case: PathBuf,
        /// The evidence's.
        evidence: PathBuf,
    },
    /// There is nothing to read.
    #[error("nothing could be read: no file among the evidence is of a known format and readable")]
    Nothing,
    /// A file or folder of the case.
    #[error("cannot access {}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// The custody log.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// The lake.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The records could not be read back.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file of the case is not what it should be.
    #[error("{} is damaged", .path.display())]
    Json {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl CaseError {
    fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    fn json(path: impl Into<PathBuf>) -> impl FnOnce(serde_json::Error) -> Self {
        let path = path.into();
        move |source| Self::Json { path, source }
    }
}

/// Adds what is new to the case and draws its answer.
///
/// # Errors
/// Where a named path is missing, nothing can be read, or the case's folder
/// cannot be used. Damaged evidence is no error: it is in the answer.
pub fn investigate(
    request: &Request,
    witness: Witness,
    watch: &(dyn Fn(Event) + Sync),
) -> Result<Report, CaseError> {
    let started = Instant::now();
    let mut steps = Vec::new();
    let named = request.evidence.iter().chain(&request.intel).chain(&request.people);
    if let Some(missing) = named.clone().find(|path| !path.exists()) {
        return Err(CaseError::Missing(missing.clone()));
    }
    let evidence: Vec<_> = request.evidence.iter().chain(&request.people).cloned().collect();
    refuse_inside(&request.case, &evidence)?;
    let found = files::find(&evidence, &request.case);

    let mut log = open_log(&request.case, witness)?;
    let intelligence = intelligence::add(&request.case.join("intel"), &request.intel, &mut log)?;
    let mut lake = Lake::open(&request.case.join("lake"))?;
    let taken = intake::take_in(&found, &request.zones, &mut lake, &mut log, watch)?;
    let streams = lake.catalogue().evidence.values().flat_map(|row| &row.streams);
    if streams.map(|stream| stream.records).sum::<u64>() == 0 {
        return Err(CaseError::Nothing);
    }
    steps.push(("reading", started.elapsed()));

    let extent = answer::draw(&lake, &intelligence, watch, &mut steps)?;
    let path = request.case.join("out").join("extent.json");
    let hash = answer::write(&extent, &path)?;
    log.append(&Entry {
        when: now(),
        what: Operation::Run,
        from: None,
        evidence: None,
        result: serde_json::json!({ "extent.json": hash, "findings": extent.findings.len() }),
    })?;
    log.commit()?;
    Ok(Report { extent, path, added: taken.added, known: taken.known, steps })
}

/// Refuses a case folder that lies in a folder of evidence.
fn refuse_inside(case: &Path, evidence: &[PathBuf]) -> Result<(), CaseError> {
    // The case may not exist yet; the nearest folder above it that does will.
    let whole = std::path::absolute(case).map_err(CaseError::io(case))?;
    let near = whole.ancestors().find_map(|above| {
        let rest = whole.strip_prefix(above).ok()?;
        Some(above.canonicalize().ok()?.join(rest))
    });
    let near = near.unwrap_or(whole);
    let around = evidence.iter().find(|folder| {
        folder.canonicalize().is_ok_and(|folder| folder.is_dir() && near.starts_with(folder))
    });
    match around {
        Some(folder) => Err(CaseError::Inside { case: case.to_owned(), evidence: folder.clone() }),
        None => Ok(()),
    }
}

fn open_log(case: &Path, witness: Witness) -> Result<Log, CaseError> {
    let folder = case.join("custody");
    let is_new = !folder.exists();
    let mut log = Log::open(&folder, witness)?;
    if is_new {
        let result = serde_json::Value::Null;
        log.append(&Entry {
            when: now(),
            what: Operation::Created,
            from: None,
            evidence: None,
            result,
        })?;
    }
    if let Some(recovered) = log.recovered() {
        let result = serde_json::json!({ "set_aside_bytes": recovered.bytes });
        log.append(&Entry {
            when: now(),
            what: Operation::Recovered,
            from: None,
            evidence: None,
            result,
        })?;
    }
    Ok(log)
}

/// The only place where the clock is asked: for the custody log.
fn now() -> Timestamp {
    jiff::Timestamp::now().into()
}
