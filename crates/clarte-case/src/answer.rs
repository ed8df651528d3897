//! Draws the answer from the case and writes it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use clarte_custody::HashingReader;
use clarte_extent::{Extent, Intake, Places, Question, Unreadable};
use clarte_lake::{EvidenceRow, FindingRow, Lake, PersonRow};
use clarte_model::EvidenceId;

use crate::intelligence::Intelligence;
use crate::{CaseError, Event, gate, whole};

/// The answer's name in the catalogue and its file's in `out/`.
pub(crate) const NAME: &str = "extent.json";

/// An answer and how it came about.
pub(crate) struct Answer {
    pub(crate) extent: Extent,
    /// What it was drawn from, and the SHA-256 of its file.
    pub(crate) state: String,
    pub(crate) sha256: String,
    /// Whether the file is another than before.
    pub(crate) is_new: bool,
}

/// All that an answer is drawn from, in one hash.
pub(crate) fn state(lake: &Lake, intelligence: &Intelligence) -> Result<String, CaseError> {
    gate::state(lake, &gate::matched(lake, &intelligence.matcher)?)
}

/// The answer on disk, if it is the one that was drawn from `state`; with other
/// numbers of what was given, where those have changed.
pub(crate) fn standing(
    lake: &Lake,
    intelligence: &Intelligence,
    path: &Path,
    state: &str,
) -> Result<Option<Answer>, CaseError> {
    let standing = drawn_from(lake, state, path)?;
    let Some((mut extent, sha256)) = standing else { return Ok(None) };
    let state = state.to_owned();
    let matched = extent.intelligence.matched;
    let given = clarte_extent::Intelligence { matched, ..intelligence.given() };
    if extent.intelligence == given {
        return Ok(Some(Answer { extent, state, sha256, is_new: false }));
    }
    // The new intelligence names nothing in the case.
    extent.intelligence = given;
    let sha256 = write(&extent, path)?;
    Ok(Some(Answer { extent, state, sha256, is_new: true }))
}

/// A new answer, drawn from `state` and written whole or not at all.
pub(crate) fn new(
    lake: &Lake,
    intelligence: &Intelligence,
    path: &Path,
    state: String,
    watch: &(dyn Fn(Event) + Sync),
    steps: &mut Vec<(&'static str, Duration)>,
) -> Result<Answer, CaseError> {
    let extent = draw(lake, intelligence, watch, steps)?;
    let sha256 = write(&extent, path)?;
    Ok(Answer { extent, state, sha256, is_new: true })
}

/// The answer on disk, if it is the one that was drawn from `state`.
fn drawn_from(
    lake: &Lake,
    state: &str,
    path: &Path,
) -> Result<Option<(Extent, String)>, CaseError> {
    let Some((drawn_from, sha256)) = lake.catalogue().answer(NAME)? else { return Ok(None) };
    if drawn_from != state || !gate::is_unchanged(path, &sha256).unwrap_or(false) {
        return Ok(None);
    }
    let bytes = fs::read(path).map_err(CaseError::io(path))?;
    // What cannot be read back is drawn anew.
    Ok(serde_json::from_slice(&bytes).ok().map(|extent| (extent, sha256)))
}

/// What the catalogue keeps of an answer.
pub(crate) fn rows(extent: &Extent) -> (Vec<FindingRow>, Vec<PersonRow>) {
    let findings = extent.findings.iter().map(|finding| FindingRow {
        id: finding.id.clone(),
        detector: finding.detector.clone(),
        title: finding.title.clone(),
        time: finding.time.map(|time| time.0),
        confidence: finding.confidence,
        lead: finding.lead,
        reasons: finding.reasons.join("\n"),
    });
    let people = extent.victims.iter().map(|victim| PersonRow {
        identity: victim.identity.clone(),
        name: victim.name.clone(),
        kind: victim.kind.to_string(),
        rung: victim.rung.to_string(),
    });
    (findings.collect(), people.collect())
}

/// Draws the answer and notes how long each step took.
fn draw(
    lake: &Lake,
    intelligence: &Intelligence,
    watch: &(dyn Fn(Event) + Sync),
    steps: &mut Vec<(&'static str, Duration)>,
) -> Result<Extent, CaseError> {
    let evidence = lake.catalogue().evidence()?;
    let places: Places = evidence.iter().map(|(id, row)| (*id, paths(row))).collect();
    let whole_mailboxes: BTreeSet<_> = evidence
        .iter()
        .filter(|(_, row)| row.streams.iter().any(|stream| stream.format == "mbox"))
        .map(|(id, _)| *id)
        .collect();
    let taken = RefCell::new(Steps { all: steps, current: None });
    let progress = |step| {
        watch(Event::Step(step));
        taken.borrow_mut().begin(Some(step));
    };
    let extent = clarte_extent::extent(Question {
        records: lake,
        lookup: &intelligence.matcher,
        naming: &|what| intelligence.matcher.naming(what),
        places: &places,
        whole_mailboxes: &whole_mailboxes,
        intake: intake(&evidence),
        unreadable: unreadable(lake)?,
        intelligence: intelligence.given(),
        progress: &progress,
    })?;
    taken.borrow_mut().begin(None);
    Ok(extent)
}

/// Steps with their durations.
struct Steps<'s> {
    all: &'s mut Vec<(&'static str, Duration)>,
    current: Option<(&'static str, Instant)>,
}

impl Steps<'_> {
    fn begin(&mut self, step: Option<&'static str>) {
        if let Some((name, began)) = self.current.take() {
            self.all.push((name, began.elapsed()));
        }
        self.current = step.map(|name| (name, Instant::now()));
    }
}

/// The paths of evidence as shown, each once, sorted.
fn paths(row: &EvidenceRow) -> Vec<String> {
    let mut paths: Vec<_> = row.places.iter().map(|place| place.path.clone()).collect();
    paths.dedup();
    paths
}

/// What could not be looked at, as the answer tells it: nothing of the machine.
pub(crate) fn unreadable(lake: &Lake) -> Result<Vec<Unreadable>, CaseError> {
    let mut all: Vec<_> = lake.catalogue().unreadable()?;
    all.sort_by(|a, b| (&a.path, &a.reason).cmp(&(&b.path, &b.reason)));
    all.dedup_by(|a, b| (&a.path, &a.reason) == (&b.path, &b.reason));
    Ok(all.into_iter().map(|row| Unreadable { path: row.path, reason: row.reason }).collect())
}

/// The account of every stream, sorted by path.
fn intake(evidence: &BTreeMap<EvidenceId, EvidenceRow>) -> Vec<Intake> {
    let mut rows = Vec::new();
    for (evidence, row) in evidence {
        for stream in &row.streams {
            let mut paths = paths(row).into_iter();
            rows.push(Intake {
                evidence: *evidence,
                path: paths.next().unwrap_or_default(),
                paths: paths.collect(),
                member: stream.member.clone(),
                format: stream.format.clone(),
                time_basis: None,
                bytes: stream.bytes,
                parsed: stream.parsed,
                faulted: stream.faulted,
                skipped: stream.skipped.values().sum(),
                skipped_as: stream.skipped.clone(),
                records: stream.records,
                faults: stream.faults.values().sum(),
                faults_as: stream.faults.clone(),
            });
        }
    }
    rows.sort_by(|a, b| (&a.path, &a.member, a.evidence).cmp(&(&b.path, &b.member, b.evidence)));
    rows
}

/// Writes the answer whole or not at all, and returns its SHA-256.
fn write(extent: &Extent, path: &Path) -> Result<String, CaseError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(CaseError::io(folder))?;
    }
    let mut bytes = serde_json::to_vec_pretty(extent).map_err(CaseError::json(path))?;
    bytes.push(b'\n');
    whole::write(path, &bytes)?;
    let (hash, _) = HashingReader::new(bytes.as_slice()).finish().map_err(CaseError::io(path))?;
    Ok(hash.to_string())
}
