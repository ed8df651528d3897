//! Compares an answer (`extent.json`) with the truth, and says how it did.
//!
//! Two things must be right whatever else is missing: nobody is invented and
//! nothing is overclaimed. What is true but beyond proof is counted apart.
//! Leaves out: nature, targeting and rhythm.

mod answer;
mod citations;
mod decode;
mod exfiltration;
mod infrastructure;
mod rungs;
mod summary;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::RangeError;
use crate::calendar::{At, SECOND};
use crate::truth::{TrueCoverage, Truth};

use answer::{Coverage, Extent};
#[cfg(test)]
pub(crate) use decode::readable;

/// How an answer compares with the truth.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Who was named.
    pub victims: Victims,
    /// How far it was said to have gone, by rung.
    pub rungs: BTreeMap<String, RungScore>,
    /// What the campaign was said to work with.
    pub infrastructure: Infrastructure,
    /// Seconds by which the first activity is off; `None` if not given.
    pub first_activity_off: Option<i64>,
    /// Seconds by which the last activity is off.
    pub last_activity_off: Option<i64>,
    /// Gaps of the truth that the coverage reports.
    pub gaps_found: usize,
    /// Gaps that it does not.
    pub gaps_missed: usize,
    /// What the evidence says it does not hold, and the coverage reports.
    pub coverage_found: usize,
    /// What it does not report: source and state.
    pub coverage_missed: Vec<String>,
    /// Reported and not so. Must be empty.
    pub coverage_invented: Vec<String>,
    /// What was said to have left, and to have been read.
    pub exfiltration: Exfiltration,
    /// Whether the cited bytes hold what is claimed.
    pub citations: Citations,
}

/// What was said to have left, and to have been read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Exfiltration {
    /// The verdict given.
    pub verdict: Option<String>,
    /// Whether it is right.
    pub verdict_is_right: bool,
    /// The right one, or two where analysts could differ.
    pub right: Vec<String>,
    /// Bytes that left.
    pub bytes: Amount,
    /// Items that were read.
    pub items: Amount,
    /// True destinations that were named.
    pub destinations_found: usize,
    /// Those that were not.
    pub destinations_missed: Vec<String>,
    /// Named and not the campaign's, or with more bytes than went there.
    /// Must be empty.
    pub destinations_invented: Vec<String>,
}

/// A floor and a ceiling beside what they should bracket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// What was said to be the least.
    pub floor: u64,
    /// What was said to be the most; `None` where nothing bounds it.
    pub ceiling: Option<u64>,
    /// What the evidence shows.
    pub shown: u64,
    /// What can be tied to the campaign.
    pub tied: u64,
    /// All there was.
    pub all: u64,
    /// Whether floor and ceiling bracket it.
    pub is_bracketed: bool,
}

/// Who was named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Victims {
    /// Victims that were named.
    pub found: usize,
    /// Victims with something provable that were not.
    pub missed: Vec<String>,
    /// Victims of whom nothing is provable for certain, and who were not named.
    pub missed_beyond_proof: Vec<String>,
    /// Others that were. Must be empty.
    pub invented: Vec<String>,
}

/// How one rung was told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RungScore {
    /// Provable and claimed.
    pub provable_found: usize,
    /// Provable and not claimed.
    pub provable_missed: Vec<String>,
    /// Claimed and not true. Must be empty.
    pub overclaimed: Vec<String>,
    /// Claimed and true, though the evidence cannot show it.
    pub beyond_proof: Vec<String>,
    /// Claimed and true where careful analysts could differ.
    pub debatable: usize,
    /// Not provable, and listed as undetermined: as it should be.
    pub undetermined: usize,
    /// Not provable, and not a word about it.
    pub silent: Vec<String>,
    /// How well the claimed times agree.
    pub times: TimeError,
}

/// How far claimed times are from the true ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TimeError {
    /// Times compared.
    pub compared: usize,
    /// Within a minute.
    pub within_a_minute: usize,
    /// The worst, in seconds.
    pub worst_seconds: i64,
    /// Those further off than a minute: who, by how many seconds.
    pub off: Vec<(String, i64)>,
}

/// What the campaign was said to work with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Infrastructure {
    /// True and listed.
    pub found: usize,
    /// True and not listed.
    pub missed: Vec<String>,
    /// Listed and not the campaign's. Must be empty.
    pub invented: Vec<String>,
}

/// Whether the cited bytes hold what is claimed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Citations {
    /// True rungs claimed, whose citations were followed.
    pub rungs: usize,
    /// Of those, how many a cited span shows.
    pub rungs_shown: usize,
    /// Those that no cited span shows: who and which rung.
    pub rungs_unshown: Vec<String>,
    /// Spans read back.
    pub spans: usize,
    /// Of those, how many hold a token, host, message id, address or alias.
    pub spans_holding: usize,
    /// Spans that could not be read: path and why.
    pub unreadable: Vec<String>,
}

impl Score {
    /// Whether what must be right is right: nobody and nothing invented,
    /// nothing overclaimed, every claimed rung shown by its citations.
    pub fn is_sound(&self) -> bool {
        self.victims.invented.is_empty()
            && self.rungs.values().all(|rung| rung.overclaimed.is_empty())
            && self.infrastructure.invented.is_empty()
            && self.citations.rungs_unshown.is_empty()
            && self.citations.unreadable.is_empty()
            && self.exfiltration.is_sound()
            && self.coverage_invented.is_empty()
    }

    /// Whether nothing provable was missed.
    pub fn is_complete(&self) -> bool {
        self.victims.missed.is_empty()
            && self.rungs.values().all(|rung| rung.provable_missed.is_empty())
            && self.infrastructure.missed.is_empty()
            && self.gaps_missed == 0
            && self.coverage_missed.is_empty()
            && self.exfiltration.destinations_missed.is_empty()
    }

    /// The score in plain English, at most twenty lines.
    pub fn summary(&self) -> String {
        summary::of(self)
    }
}

/// Compares `extent` with `truth`, both JSON files, and reads the cited bytes
/// below `evidence_parent`, the folder that the answer's paths are relative to.
pub fn score(truth: &Path, extent: &Path, evidence_parent: &Path) -> Result<Score, RangeError> {
    let truth: Truth = read_json(truth)?;
    let extent: Extent = read_json(extent)?;
    let mut score = Score::default();
    let named = rungs::name(&truth, &extent, &mut score.victims);
    rungs::compare(&truth, &named, &mut score.rungs);
    infrastructure::compare(&truth, &extent, &mut score.infrastructure);
    duration(&truth, &extent, &mut score);
    gaps(&truth, &extent, &mut score);
    coverage(&truth, &extent, &mut score);
    exfiltration::compare(&truth.exfiltration, &extent.exfiltration, &mut score.exfiltration);
    citations::check(&truth, &extent, &named, evidence_parent, &mut score.citations);
    Ok(score)
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, RangeError> {
    let bytes = fs::read(path).map_err(RangeError::reading(path))?;
    serde_json::from_slice(&bytes)
        .map_err(|source| RangeError::Json { path: path.to_owned(), source })
}

fn duration(truth: &Truth, extent: &Extent, score: &mut Score) {
    let time = |text: &Option<String>| text.as_deref().and_then(At::parse);
    let truly = |text: &str| At::parse(text);
    if let (Some(said), Some(first)) =
        (time(&extent.duration.first_activity), truly(&truth.first_activity))
    {
        score.first_activity_off = Some(seconds_outside(said, first, first));
    }
    // The scanner's visit just after the last mail may count or not.
    let last = truly(&truth.last_activity);
    let logged = truly(&truth.last_logged).map(|at| at.plus(15 * SECOND));
    if let (Some(said), Some(last), Some(logged)) =
        (time(&extent.duration.last_activity), last, logged)
    {
        score.last_activity_off = Some(seconds_outside(said, last, logged));
    }
}

/// Seconds by which a moment lies outside a window; times are written to the
/// second, so a second is nothing.
fn seconds_outside(moment: At, from: At, to: At) -> i64 {
    let off = (from.0 - moment.0).max(moment.0 - to.0).max(0) / SECOND;
    if off <= 1 { 0 } else { off }
}

fn gaps(truth: &Truth, extent: &Extent, score: &mut Score) {
    for gap in &truth.gaps {
        let (Some(from), Some(to)) = (At::parse(&gap.from), At::parse(&gap.to)) else {
            continue;
        };
        let reported = extent.coverage.iter().filter(|row| row.source == gap.source);
        let covered: i64 = reported
            .flat_map(|row| row.gaps.iter())
            .filter_map(|gap| Some((At::parse(&gap.from)?, At::parse(&gap.to)?)))
            .map(|(begin, end)| (end.0.min(to.0) - begin.0.max(from.0)).max(0))
            .max()
            .unwrap_or(0);
        // A log is silent at night too: half the window is plain enough.
        if covered * 2 >= to.0 - from.0 {
            score.gaps_found += 1;
        } else {
            score.gaps_missed += 1;
        }
    }
}

/// States that say what evidence says of itself; the others are inferred.
const SAID: [&str; 3] = ["throttled", "truncated", "cleared"];

fn coverage(truth: &Truth, extent: &Extent, score: &mut Score) {
    let says = |row: &Coverage, truly: &TrueCoverage| {
        let entity = row.entity.to_lowercase();
        row.source == truly.source
            && truly.states.contains(&row.state)
            && (truly.entities.is_empty()
                || truly.entities.iter().any(|name| entity == name.to_lowercase()))
    };
    for truly in &truth.coverage {
        if extent.coverage.iter().any(|row| says(row, truly)) {
            score.coverage_found += 1;
        } else {
            let whose = truly.entities.first().map_or("*", String::as_str);
            score.coverage_missed.push(format!("{} {} {whose}", truly.source, truly.states[0]));
        }
    }
    for row in extent.coverage.iter().filter(|row| SAID.contains(&row.state.as_str())) {
        if !truth.coverage.iter().any(|truly| says(row, truly)) {
            score.coverage_invented.push(format!("{} {} {}", row.source, row.state, row.entity));
        }
    }
}
