//! Takes evidence in: one pass that hashes, recognises, parses and stores.
//!
//! What the file system describes as it did when it was last read is not read
//! again; what has a known hash is not parsed again. The rest is read in
//! steps, each made visible by itself: whoever is interrupted goes on with the
//! step that was not complete.

mod account;
mod pool;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Read};
use std::sync::Mutex;

use clarte_custody::{CustodyError, Entry, HashingReader, Log, Operation, open_read_only};
use clarte_lake::{EvidenceRow, Known, Lake, Place, RefusalRow, Run, RunWriter, Stamp};
use clarte_model::EvidenceId;
use clarte_parse::{Anywhere, Context, Outcomes, Whole};

use crate::files::{Files, Found, Refused, stamp};
use crate::{CaseError, Event, now};
use pool::Worker;

/// Bytes and files after which a step is complete: what an interruption costs.
const STEP_BYTES: u64 = 512 << 20;
const STEP_FILES: usize = 8_192;

/// How many pieces of evidence were new, and how many known.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) added: u64,
    pub(crate) known: u64,
}

/// How an intake is done.
pub(crate) struct Means<'m> {
    pub(crate) context: &'m Context,
    /// Bytes of memory for records on their way into the lake.
    pub(crate) memory: usize,
    pub(crate) watch: &'m (dyn Fn(Event) + Sync),
}

/// One file, read.
struct Done {
    id: EvidenceId,
    bytes: u64,
    /// The file's description, unless it changed meanwhile.
    stamp: Option<Stamp>,
    /// `None` where the bytes were known, so that nothing had to be parsed.
    outcomes: Option<Outcomes>,
}

/// Takes in every file that was found; a file that cannot be read is noted and
/// stops nothing.
pub(crate) fn take_in(
    files: &Files,
    means: &Means<'_>,
    lake: &mut Lake,
    log: &mut Log,
) -> Result<Taken, CaseError> {
    let mut intake = Intake::new(lake, means.context)?;
    let (untouched, mut todo): (Vec<&Found>, Vec<&Found>) =
        files.found.iter().partition(|found| intake.is_untouched(found));
    let mut taken = Taken { known: untouched.len() as u64, added: 0 };
    let bytes = todo.iter().map(|found| found.bytes).sum();
    (means.watch)(Event::Reading { files: todo.len() as u64, bytes });
    intake.count_sizes(&todo);
    let mut run = Run::default();
    for refusal in &files.unreadable {
        // What a refused link leads to may be evidence all the same.
        if !files.holds(refusal) && !intake.holds(refusal) {
            intake.refuse(refusal.row.clone(), &mut run);
        }
    }
    loop {
        let rest = todo.split_off(step(&todo));
        let results = intake.read(&todo, lake, means)?;
        let again = intake.assemble(&todo, results, log, &mut run, &mut taken)?;
        if !run.is_empty() {
            log.commit()?;
            lake.commit(&std::mem::take(&mut run))?;
        }
        todo = again;
        todo.extend(rest);
        if todo.is_empty() {
            break;
        }
    }
    let looked_at = |row: &RefusalRow| files.cover(&row.at) && !intake.refused.contains(row);
    let readable: Vec<_> = intake.refused_before.iter().filter(|row| looked_at(row)).collect();
    if !readable.is_empty() {
        lake.catalogue_mut().forgive(&readable)?;
    }
    Ok(taken)
}

/// How many files make the next step.
fn step(todo: &[&Found]) -> usize {
    let mut bytes = 0;
    let within = todo.iter().take(STEP_FILES).take_while(|found| {
        let fits = bytes < STEP_BYTES;
        bytes += found.bytes;
        fits
    });
    within.count()
}

/// What is known of all evidence while an intake goes on.
struct Intake {
    known: HashMap<EvidenceId, Known>,
    /// The evidence that a path and a description stand for.
    places: HashMap<(String, Stamp), EvidenceId>,
    /// The whole paths of all places.
    ats: BTreeSet<String>,
    /// How many files, known or to be read, have a size.
    sizes: HashMap<u64, u64>,
    /// What the reading of each format depends on now.
    readings: Mutex<HashMap<String, String>>,
    context: Context,
    /// What could not be looked at before, and now.
    refused_before: BTreeSet<RefusalRow>,
    refused: BTreeSet<RefusalRow>,
}

/// What a step's reading gave: a result for each file, and the files written.
struct Results {
    first_number: u64,
    files: Vec<clarte_lake::RunFile>,
    done: BTreeMap<usize, io::Result<Done>>,
}

impl Intake {
    fn new(lake: &Lake, context: &Context) -> Result<Self, CaseError> {
        let known = lake.catalogue().known()?;
        let places = lake.catalogue().places()?;
        let ats = places.iter().map(|(_, place)| place.at.clone()).collect();
        let places = places.into_iter();
        let places = places.filter_map(|(id, place)| Some(((place.path, place.stamp?), id)));
        let mut sizes = HashMap::new();
        for known in known.values() {
            *sizes.entry(known.bytes).or_default() += 1;
        }
        Ok(Self {
            places: places.collect(),
            ats,
            known,
            sizes,
            readings: Mutex::default(),
            context: context.clone(),
            refused_before: lake.catalogue().unreadable()?.into_iter().collect(),
            refused: BTreeSet::new(),
        })
    }

    /// Whether a refused link leads to what is known.
    fn holds(&self, refused: &Refused) -> bool {
        refused.leads_to_any(self.ats.iter())
    }

    /// Notes what cannot be looked at; returns whether that is news.
    fn refuse(&mut self, refusal: RefusalRow, run: &mut Run) -> bool {
        let is_new = !self.refused_before.contains(&refusal);
        if is_new {
            run.unreadable.push(refusal.clone());
        }
        self.refused.insert(refusal);
        is_new
    }

    fn count_sizes(&mut self, todo: &[&Found]) {
        for found in todo {
            *self.sizes.entry(found.bytes).or_default() += 1;
        }
    }

    /// Whether a file is as it was when it was last read, and would be read no
    /// differently today.
    fn is_untouched(&self, found: &Found) -> bool {
        let Some(stamp) = found.stamp else { return false };
        let Some(id) = self.places.get(&(found.shown.clone(), stamp)) else { return false };
        let has_its_size = self.known.get(id).is_some_and(|known| known.bytes == found.bytes);
        has_its_size && self.is_read(id)
    }

    /// Whether evidence is known, and would be read no differently today.
    fn is_read(&self, id: &EvidenceId) -> bool {
        let Some(known) = self.known.get(id) else { return false };
        known.readings.iter().all(|(format, reading)| *reading == self.reading(format))
    }

    fn reading(&self, format: &str) -> String {
        let mut readings = self.readings.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(reading) = readings.get(format) {
            return reading.clone();
        }
        let reading = clarte_parse::reading(format, &self.context);
        readings.insert(format.to_owned(), reading.clone());
        reading
    }

    /// Reads the files of one step, on every core.
    fn read(&self, todo: &[&Found], lake: &Lake, means: &Means<'_>) -> Result<Results, CaseError> {
        let run = lake.catalogue().next_run()?;
        let first_number = lake.catalogue().next_number()?;
        let (done, claims) = (Mutex::new(BTreeMap::new()), Mutex::new(HashMap::new()));
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = threads.min(means.memory / RunWriter::LEAST_BUDGET).max(1);
        let folder = lake.folder();
        let writer = |thread: usize| {
            RunWriter::new(folder, &format!("{run:06}-{thread}"), means.memory / threads)
        };
        let job = |at: usize, worker: &mut Worker<'_>| {
            let found = todo[at];
            let shared = self.sizes.get(&found.bytes).is_some_and(|count| *count > 1);
            let claim = |id: EvidenceId| {
                let mut claims = claims.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                self.is_read(&id) || *claims.entry(id).or_insert(at) != at
            };
            let number = first_number + at as u64;
            let reading = Reading { found, number, context: &self.context, means };
            let result =
                if shared { reading.unless(&claim, worker) } else { reading.whole(worker) };
            let mut done = done.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            done.insert(at, result);
        };
        let files = pool::run(todo.len(), threads, &writer, &job)?;
        let done = done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        Ok(Results { first_number, files, done })
    }

    /// Turns results into what the catalogue and the custody log keep. Returns
    /// the files that have to be read after all, because the one with the same
    /// bytes that was to be read in their stead failed.
    fn assemble<'f>(
        &mut self,
        todo: &[&'f Found],
        results: Results,
        log: &mut Log,
        run: &mut Run,
        taken: &mut Taken,
    ) -> Result<Vec<&'f Found>, CaseError> {
        run.files = results.files;
        let read = results.done.values().flatten().filter(|done| done.outcomes.is_some());
        let read: BTreeSet<EvidenceId> = read.map(|done| done.id).collect();
        let mut again = Vec::new();
        for (at, result) in results.done {
            let (found, number) = (todo[at], results.first_number + at as u64);
            match result {
                Ok(done) if !read.contains(&done.id) && !self.is_read(&done.id) => {
                    again.push(found);
                }
                Ok(done) => {
                    log.append(&intake_entry(found, &done))?;
                    self.add(found, number, &done, run, taken);
                }
                Err(cause) => {
                    // Some of it may have been read already.
                    run.withdrawn.push(number);
                    let (path, at) = (found.shown.clone(), found.at.clone());
                    let refusal = RefusalRow { path, at, reason: cause.to_string() };
                    let result = serde_json::json!({ "unreadable": refusal.reason });
                    if self.refuse(refusal, run) {
                        log.append(&entry(found, None, result))?;
                    }
                }
            }
        }
        Ok(again)
    }

    /// Adds a file that was read, or whose bytes are known, to a run.
    fn add(&mut self, found: &Found, number: u64, done: &Done, run: &mut Run, taken: &mut Taken) {
        let (path, at) = (found.shown.clone(), found.at.clone());
        let place = Place { path, at, stamp: done.stamp };
        let Some(outcomes) = &done.outcomes else {
            taken.known += 1;
            return run.places.push((done.id, place));
        };
        let streams: Vec<_> =
            outcomes.iter().map(|one| account::stream(one, &self.context)).collect();
        let readings = streams.iter().map(|one| (one.format.clone(), one.reading.clone()));
        let readings: BTreeSet<_> = readings.collect();
        let readings = readings.into_iter().collect();
        let known = Known { number, bytes: done.bytes, readings };
        match self.known.insert(done.id, known) {
            None => taken.added += 1,
            Some(_) => taken.known += 1,
        }
        run.evidence.push(EvidenceRow {
            id: done.id,
            number,
            file_bytes: done.bytes,
            places: vec![place],
            streams,
        });
    }
}

/// One file on its way in.
struct Reading<'r> {
    found: &'r Found,
    number: u64,
    context: &'r Context,
    means: &'r Means<'r>,
}

impl Reading<'_> {
    /// Hashes the file first, and reads it only if nobody else has or does.
    fn unless(
        &self,
        claimed: &dyn Fn(EvidenceId) -> bool,
        worker: &mut Worker<'_>,
    ) -> io::Result<Done> {
        let file = open(self.found)?;
        let (id, bytes) = HashingReader::new(&file).finish()?;
        if claimed(id) {
            (self.means.watch)(Event::Read(bytes));
            return Ok(Done { id, bytes, stamp: self.stamp(&file), outcomes: None });
        }
        self.whole(worker)
    }

    /// Reads the file in one pass: hash, format, records, account. What must be
    /// searched is looked up beside it in the same open file.
    fn whole(&self, worker: &mut Worker<'_>) -> io::Result<Done> {
        let file = open(self.found)?;
        let watched = Watched { reader: &file, watch: self.means.watch };
        let mut hashing = HashingReader::new(watched);
        let anywhere = Anywhere(&file);
        let whole = Whole::new(&mut hashing, anywhere.at());
        let outcomes = worker.read(whole, self.number, self.context);
        let (id, bytes) = hashing.finish()?;
        Ok(Done { id, bytes, stamp: self.stamp(&file), outcomes: Some(outcomes) })
    }

    /// The file's description, if it is still the one with which it was found;
    /// a file that changes while it is read is read again the next time.
    fn stamp(&self, file: &std::fs::File) -> Option<Stamp> {
        let after = file.metadata().ok().and_then(|metadata| stamp(&metadata));
        after.filter(|after| self.found.stamp == Some(*after))
    }
}

/// Opens a file, and says why not without repeating its path, which the answer
/// must not depend on.
fn open(file: &Found) -> io::Result<std::fs::File> {
    open_read_only(&file.path).map_err(|cause| match cause {
        CustodyError::Io { source, .. } => source,
        CustodyError::NotAFile { found, .. } => {
            io::Error::other(format!("it is {found}, not a file"))
        }
        other => io::Error::other(other),
    })
}

/// Tells whoever watches how far the reading got.
struct Watched<'w, R> {
    reader: R,
    watch: &'w (dyn Fn(Event) + Sync),
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        (self.watch)(Event::Read(length as u64));
        Ok(length)
    }
}

fn intake_entry<'f>(found: &'f Found, done: &Done) -> Entry<'f> {
    let result = match &done.outcomes {
        Some(outcomes) => {
            let formats: BTreeSet<_> = outcomes.iter().map(|outcome| outcome.name()).collect();
            let records: u64 = outcomes.iter().map(|outcome| outcome.account.records).sum();
            let faults: u64 = outcomes.iter().map(|outcome| outcome.account.fault_count()).sum();
            let mut result = serde_json::json!({
                "path": found.shown,
                "bytes": done.bytes,
                "format": formats.into_iter().collect::<Vec<_>>().join(", "),
                "records": records,
                "faults": faults,
            });
            if outcomes.len() > 1 {
                result["streams"] = outcomes.len().into();
            }
            result
        }
        None => serde_json::json!({ "path": found.shown, "bytes": done.bytes, "known": true }),
    };
    entry(found, Some(done.id), result)
}

fn entry(found: &Found, evidence: Option<EvidenceId>, result: serde_json::Value) -> Entry<'_> {
    Entry { when: now(), what: Operation::Intake, from: Some(&found.at), evidence, result }
}
