//! Takes evidence in: one pass that hashes, recognises, parses and stores.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use clarte_custody::{CustodyError, Entry, HashingReader, Log, Operation, open_read_only};
use clarte_lake::{
    Catalogue, EvidenceRow, FaultRow, Lake, LakeError, RunFile, RunWriter, StreamRow,
};
use clarte_model::{EvidenceId, Fault, Record, Sink, Skipped};
use clarte_parse::{Context, Outcome, Zones};

use crate::files::{Files, Found};
use crate::{CaseError, Event, now};

/// How many faults of one stream the catalogue keeps with their spans.
const FAULTS_KEPT: usize = 100;

/// How many pieces of evidence were new, and how many known.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) added: u64,
    pub(crate) known: u64,
}

/// One file, read.
struct Done {
    id: EvidenceId,
    bytes: u64,
    /// `None` where the hash was known, so that nothing had to be parsed.
    outcome: Option<Outcome>,
}

/// Takes in every file that was found. What is known by its hash is not parsed
/// again; a file that cannot be read is noted and stops nothing.
pub(crate) fn take_in(
    files: &Files,
    zones: &Zones,
    lake: &mut Lake,
    log: &mut Log,
    watch: &(dyn Fn(Event) + Sync),
) -> Result<Taken, CaseError> {
    let bytes = files.found.iter().map(|found| found.bytes).sum();
    watch(Event::Reading { files: files.found.len() as u64, bytes });
    let (results, written) = read_all(&files.found, zones, lake, watch)?;

    let mut catalogue = lake.catalogue().clone();
    let first_number = catalogue.next_number;
    let mut taken = Taken::default();
    for (at, found) in files.found.iter().enumerate() {
        let number = first_number + at as u64;
        match results.get(&at) {
            Some(Ok(done)) => {
                catalogue.unreadable.remove(&found.shown);
                let new = enter(&mut catalogue, number, found, done);
                *(if new { &mut taken.added } else { &mut taken.known }) += 1;
                log.append(&intake_entry(found, done, new))?;
            }
            Some(Err(cause)) => {
                catalogue.unreadable.insert(found.shown.clone(), cause.to_string());
                let result = serde_json::json!({ "unreadable": cause.to_string() });
                log.append(&entry(found, None, result))?;
            }
            None => {}
        }
    }
    catalogue.unreadable.extend(files.unreadable.iter().cloned());
    catalogue.next_number += files.found.len() as u64;
    catalogue.runs += 1;
    catalogue.files.extend(written);
    log.commit()?;
    lake.commit(catalogue)?;
    Ok(taken)
}

type Results = BTreeMap<usize, io::Result<Done>>;

/// Reads all files, on every core; each thread writes its own Parquet files.
fn read_all(
    found: &[Found],
    zones: &Zones,
    lake: &Lake,
    watch: &(dyn Fn(Event) + Sync),
) -> Result<(Results, Vec<RunFile>), CaseError> {
    let catalogue = lake.catalogue();
    let sizes: BTreeSet<u64> = catalogue.evidence.values().map(|row| row.file_bytes).collect();
    let context = Context { zones: zones.clone() };
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Results::new()));
    let threads =
        std::thread::available_parallelism().map_or(1, usize::from).min(found.len().max(1));
    let work = |thread: usize| -> Result<Vec<RunFile>, LakeError> {
        let name = format!("{:06}-{thread}", catalogue.runs);
        let mut writer = RunWriter::new(lake.folder(), &name);
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = found.get(at) else { return writer.finish() };
            let number = catalogue.next_number + at as u64;
            let known = |id: &EvidenceId| catalogue.evidence.contains_key(id);
            let result = if sizes.contains(&file.bytes) {
                read_unless_known(file, number, &context, &mut writer, &known, watch)
            } else {
                read_one(file, number, &context, &mut writer, watch)
            };
            let mut results = results.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            results.insert(at, result);
        }
    };
    let written = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        let joined = threads.into_iter().map(|thread| match thread.join() {
            Ok(written) => written,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect::<Result<Vec<_>, _>>()
    })?;
    let results = results.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    Ok((results, written.into_iter().flatten().collect()))
}

/// Reads a file of the same size as a known one: hashed first, parsed only if
/// it is new.
fn read_unless_known(
    file: &Found,
    number: u64,
    context: &Context,
    writer: &mut RunWriter,
    known: &dyn Fn(&EvidenceId) -> bool,
    watch: &(dyn Fn(Event) + Sync),
) -> io::Result<Done> {
    let reader = open(file)?;
    let (id, bytes) = HashingReader::new(reader).finish()?;
    if known(&id) {
        watch(Event::Read(bytes));
        return Ok(Done { id, bytes, outcome: None });
    }
    read_one(file, number, context, writer, watch)
}

/// Reads a file in one pass: hash, format, records, account.
fn read_one(
    file: &Found,
    number: u64,
    context: &Context,
    writer: &mut RunWriter,
    watch: &(dyn Fn(Event) + Sync),
) -> io::Result<Done> {
    let reader = open(file)?;
    let mut hashing = HashingReader::new(Watched { reader, watch });
    let outcome = clarte_parse::read(&mut hashing, context, &mut ToLake { number, writer });
    let (id, bytes) = hashing.finish()?;
    Ok(Done { id, bytes, outcome: Some(outcome) })
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

/// Hands records to the lake; faults and skipped spans are in the account.
struct ToLake<'l> {
    number: u64,
    writer: &'l mut RunWriter,
}

impl Sink for ToLake<'_> {
    fn record(&mut self, record: &Record<'_>) {
        self.writer.push(self.number, None, record);
    }
    fn fault(&mut self, _: Fault) {}
    fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
}

/// Notes a file in the catalogue; `false` if its bytes were known.
fn enter(catalogue: &mut Catalogue, number: u64, found: &Found, done: &Done) -> bool {
    if let Some(row) = catalogue.evidence.get_mut(&done.id) {
        row.paths.insert(found.shown.clone());
        return false;
    }
    let Some(outcome) = &done.outcome else { return false };
    let row = EvidenceRow {
        number,
        file_bytes: done.bytes,
        paths: BTreeSet::from([found.shown.clone()]),
        streams: vec![stream(outcome)],
    };
    catalogue.evidence.insert(done.id, row);
    true
}

fn stream(outcome: &Outcome) -> StreamRow {
    let account = &outcome.account;
    let faults = account.first_faults.iter().take(FAULTS_KEPT).map(|fault| FaultRow {
        offset: fault.offset,
        length: fault.length,
        kind: fault.kind.as_str().to_owned(),
        detail: fault.detail.clone(),
    });
    StreamRow {
        member: None,
        format: outcome.format.to_owned(),
        bytes: outcome.bytes,
        parsed: account.parsed,
        faulted: account.faulted,
        skipped: account
            .skipped
            .iter()
            .map(|(why, bytes)| (why.as_str().to_owned(), *bytes))
            .collect(),
        records: account.records,
        faults: account
            .faults
            .iter()
            .map(|(kind, count)| (kind.as_str().to_owned(), *count))
            .collect(),
        first_faults: faults.collect(),
    }
}

fn intake_entry<'f>(found: &'f Found, done: &Done, new: bool) -> Entry<'f> {
    let result = match &done.outcome {
        Some(outcome) if new => serde_json::json!({
            "bytes": done.bytes,
            "format": outcome.format,
            "records": outcome.account.records,
            "faults": outcome.account.fault_count(),
        }),
        _ => serde_json::json!({ "bytes": done.bytes, "known": true }),
    };
    entry(found, Some(done.id), result)
}

fn entry(found: &Found, evidence: Option<EvidenceId>, result: serde_json::Value) -> Entry<'_> {
    Entry {
        when: now(),
        what: Operation::Intake,
        from: found.path.to_str().or(Some(&found.shown)),
        evidence,
        result,
    }
}
