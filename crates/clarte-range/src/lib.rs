//! Openly synthetic evidence with known truth, and a score for answers to it.
//!
//! [`make`] writes mailboxes, logs, a list of people and a partner's short
//! indicator list, as an institution would hand them in after a campaign of
//! fake journalists, and beside them `truth.json`: what happened, and what of
//! it the evidence can prove. [`score`] compares an `extent.json` with that
//! truth and reads the cited bytes back.
//!
//! [`lures`], [`plant`] and [`innocents`] make single letters, to measure what
//! judges one message at a time.
//!
//! The crate shares no parsing or joining code with what it tests. Every name
//! is reserved (RFC 2606), every address for documentation (RFC 5737) or
//! private. The same plan gives the same bytes on every machine.

mod calendar;
mod campaign;
mod embed;
mod innocents;
mod intel;
mod letters;
mod lures;
mod mail;
mod outside;
mod packing;
mod proof;
mod rng;
mod run;
mod score;
mod story;
mod streams;
mod takeover;
mod texts;
mod tokens;
mod traffic;
mod truth;
mod variety;
mod world;
mod writers;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use embed::Embed;
pub use lures::{
    Innocent, PlantedBeacon, PlantedInnocent, PlantedLure, Trick, innocents, lures, outlets_csv,
    plant,
};
pub use score::{
    Amount, Citations, Exfiltration, Infrastructure, RungScore, Score, TimeError, Victims, score,
};
pub use truth::{
    NotVictim, TrueAmount, TrueCoverage, TrueDestination, TrueExfiltration, TrueGap,
    TrueInfrastructure, TrueRung, TrueVictim, Truth,
};

use run::Run;
use variety::Variety;
use world::World;
use writers::whole_file;

/// What to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How many people work at the institution.
    pub people: u32,
    /// How many days the evidence covers.
    pub days: u32,
    /// Decides everything else.
    pub seed: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self { people: 60, days: 45, seed: 1 }
    }
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The folder to investigate.
    pub evidence: PathBuf,
    /// The folder with the partner's indicators.
    pub intel: PathBuf,
    /// The truth.
    pub truth: PathBuf,
    /// Number of evidence files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The formats that wrote local time without saying so, and their zone:
    /// what whoever hands in evidence must tell with it.
    pub zones: BTreeMap<String, String>,
}

/// Why a range could not be made or scored.
#[derive(Debug, thiserror::Error)]
pub enum RangeError {
    /// The plan is out of bounds.
    #[error("a range needs 3 to 200000 people and 1 to 3650 days")]
    Plan,
    /// Something is there already, and evidence is never written over.
    #[error("{} exists already", .path.display())]
    Occupied {
        /// What is there.
        path: PathBuf,
    },
    /// A file could not be written.
    #[error("cannot write {}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file could not be read.
    #[error("cannot read {}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file is not the JSON that was expected.
    #[error("{} is not what it should be", .path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: serde_json::Error,
    },
}

impl RangeError {
    fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Write { path: path.to_owned(), source }
    }

    fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Read { path: path.to_owned(), source }
    }
}

/// Writes `folder/evidence`, `folder/intel`, `folder/truth.json` and a
/// `folder/README.txt`, and calls `progress(done_days, all_days)` as it goes.
///
/// ```no_run
/// let plan = clarte_range::Plan { people: 20, days: 10, seed: 7 };
/// let made = clarte_range::make(&plan, "range".as_ref(), &mut |_, _| {})?;
/// assert!(made.files > 0);
/// # Ok::<(), clarte_range::RangeError>(())
/// ```
pub fn make(
    plan: &Plan,
    folder: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Made, RangeError> {
    if !(3..=200_000).contains(&plan.people) || !(1..=3650).contains(&plan.days) {
        return Err(RangeError::Plan);
    }
    let (evidence, intel) = (folder.join("evidence"), folder.join("intel"));
    let truth = folder.join("truth.json");
    if let Some(path) = [&evidence, &intel, &truth].into_iter().find(|path| path.exists()) {
        return Err(RangeError::Occupied { path: path.clone() });
    }
    let world = World::new(plan);
    let variety = Variety::of(plan.seed);
    let campaign = story::tell(&world, &variety);
    let takeover = takeover::tell(&world, &variety, &campaign);
    let innocents = innocents::choose(&world, &campaign);

    whole_file(&folder.join("README.txt"), README.as_bytes())?;
    whole_file(&evidence.join("people.csv"), writers::people::csv(&world).as_bytes())?;
    let (name, list) = intel::file(&world, &variety, &campaign, &takeover);
    whole_file(&intel.join(name), list.as_bytes())?;
    let run = Run::new(&world, &variety, &campaign, &takeover, &innocents, &evidence)?;
    let written = run.write(progress)?;
    let told = truth::tell(plan, &world, &variety, &campaign, &takeover, &innocents, written);
    let json = serde_json::to_string_pretty(&told)
        .map_err(|source| RangeError::Json { path: truth.clone(), source })?;
    whole_file(&truth, json.as_bytes())?;

    for (part, form) in &variety.bundles {
        packing::bundle(&evidence.join(part), *form)?;
    }

    let (files, bytes) = measure(&evidence)?;
    let zones = told.zones;
    Ok(Made { evidence, intel, truth, files, bytes, zones })
}

/// The zones that a range made before needs, from its `truth.json`.
pub fn zones(truth: &Path) -> Result<BTreeMap<String, String>, RangeError> {
    let bytes = fs::read(truth).map_err(RangeError::reading(truth))?;
    let truth: Truth = serde_json::from_slice(&bytes)
        .map_err(|source| RangeError::Json { path: truth.to_owned(), source })?;
    Ok(truth.zones)
}

/// A stream of a file: the member of an archive that it is, and its bytes.
pub type Stream = (Option<String>, Vec<u8>);

/// Every stream of a file of a range: compressions undone, archives opened.
/// A member of an archive is named as citations name it.
pub fn streams(path: &Path) -> Result<Vec<Stream>, RangeError> {
    let mut all = Vec::new();
    streams::walk(path, &mut |member, stream| {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        all.push((member.map(str::to_owned), bytes));
        Ok(())
    })
    .map_err(RangeError::reading(path))?;
    Ok(all)
}

const README: &str = "This evidence is openly synthetic: every person, mail, address and log line in \
it is made up by clarte-range, to test and to show what Clarte does. truth.json says what happened.\n";

/// Counts the files below a folder and their bytes.
fn measure(folder: &Path) -> Result<(u64, u64), RangeError> {
    let mut folders = vec![folder.to_owned()];
    let (mut files, mut bytes) = (0, 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(RangeError::reading(&folder))? {
            let entry = entry.map_err(RangeError::reading(&folder))?;
            let facts = entry.metadata().map_err(RangeError::reading(&folder))?;
            if facts.is_dir() {
                folders.push(entry.path());
            } else {
                files += 1;
                bytes += facts.len();
            }
        }
    }
    Ok((files, bytes))
}
