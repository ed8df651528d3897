//! Draws the answer from the case and writes it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use clarte_custody::HashingReader;
use clarte_extent::{Extent, Intake, Places, Question, Unreadable};
use clarte_lake::{Catalogue, Lake};

use crate::intelligence::{self, Intelligence};
use crate::{CaseError, Event};

/// Draws the answer and notes how long each step took.
pub(crate) fn draw(
    lake: &Lake,
    intelligence: &Intelligence,
    watch: &(dyn Fn(Event) + Sync),
    steps: &mut Vec<(&'static str, Duration)>,
) -> Result<Extent, CaseError> {
    let catalogue = lake.catalogue();
    let places: Places = catalogue
        .evidence
        .iter()
        .map(|(id, row)| (*id, row.paths.iter().cloned().collect()))
        .collect();
    let whole_mailboxes: BTreeSet<_> = catalogue
        .evidence
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
        places: &places,
        whole_mailboxes: &whole_mailboxes,
        intake: intake(catalogue),
        unreadable: unreadable(catalogue),
        intelligence: clarte_extent::Intelligence {
            indicators: intelligence.indicators,
            matched: 0,
            not_evaluated: intelligence.not_evaluated.clone(),
        },
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

fn unreadable(catalogue: &Catalogue) -> Vec<Unreadable> {
    let rows = catalogue.unreadable.iter();
    rows.map(|(path, reason)| Unreadable { path: path.clone(), reason: reason.clone() }).collect()
}

/// The account of every stream, sorted by path.
fn intake(catalogue: &Catalogue) -> Vec<Intake> {
    let mut rows = Vec::new();
    for (evidence, row) in &catalogue.evidence {
        for stream in &row.streams {
            let mut paths = row.paths.iter().cloned();
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
pub(crate) fn write(extent: &Extent, path: &Path) -> Result<String, CaseError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(CaseError::io(folder))?;
    }
    let mut bytes = serde_json::to_vec_pretty(extent).map_err(CaseError::json(path))?;
    bytes.push(b'\n');
    intelligence::write_whole(path, &bytes)?;
    let (hash, _) = HashingReader::new(bytes.as_slice()).finish().map_err(CaseError::io(path))?;
    Ok(hash.to_string())
}
