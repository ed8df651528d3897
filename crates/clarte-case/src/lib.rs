//! The workflow of a case: evidence and intelligence in, an answer out.
//!
//! A case is a folder:
//!
//! ```text
//! CASE/custody/   the log of what was done, a Merkle tree
//! CASE/lake/      records in Parquet, their index, and the catalogue of evidence
//! CASE/intel/     copies of the intelligence files, by hash
//! CASE/out/       the answers
//! ```
//!
//! This crate knows all the parts and wires them; the parts do not know each
//! other. [`investigate`] reads like the table of contents of a case.

mod answer;
mod attribution;
mod files;
mod gate;
mod intake;
mod intelligence;
mod logged;
mod look;
mod told;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, Instant};

use clarte_custody::{CustodyError, Entry, Log, Operation, Witness};
use clarte_extent::Extent;
use clarte_lake::{Engine, Lake, LakeError, ReadingRow};
use clarte_model::Timestamp;
use clarte_model::lake::ReadError;

use clarte_parse::{About, Outdated};
pub use clarte_parse::{MAPPING_CAP, Mapped, Mapping, MappingError, Mappings, Zones};

use crate::answer::Answer;
use crate::logged::Logged;

pub use crate::attribution::{
    Asked, Attributed, Closed, OBSERVED_CAP, Remark, SourceGrade, attribute_case,
    attribute_observed, attribution_schema, close_campaign, read_observed,
};
pub use crate::look::{Looked, look};
pub use crate::told::told;
pub use clarte_lake::{Form, NAMED, Table, tables};

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownFormat {
    /// Its name, as in `intake`; a family such as Zeek has one for each log.
    pub name: &'static str,
    /// What it is.
    pub what: &'static str,
    /// What its records tell.
    pub feeds: &'static str,
    /// Whether it may write local time without a zone (`--zone NAME=…`).
    pub is_local: bool,
}

/// Every format that can be read.
pub fn formats() -> Vec<KnownFormat> {
    let all = clarte_parse::FORMATS.iter().map(|(name, format)| {
        let About { what, feeds } = format.about();
        KnownFormat { name, what, feeds, is_local: format.is_local() }
    });
    all.collect()
}

/// Reads and checks the text of a mapping file.
///
/// # Errors
/// Where it cannot be used, with the line and what to do.
pub fn mapping(text: &str) -> Result<Mapping, MappingError> {
    Mapping::read(text, clarte_lake::fields)
}

/// The mappings that the case in `case` remembers.
///
/// # Errors
/// Where there is no case, or one of its mappings cannot be used any more.
pub fn known_mappings(case: &Path) -> Result<Mappings, CaseError> {
    remembered(&Lake::open_read_only(&case.join("lake"))?, &Mappings::default())
}

/// The names of the formats that may write local time, as `--zone` takes them.
pub fn local_formats() -> Vec<&'static str> {
    formats().into_iter().filter(|format| format.is_local).map(|format| format.name).collect()
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
    /// Zones of sources that write local time; the case remembers them.
    pub zones: Zones,
    /// How to read logs that no format knows; the case remembers them.
    pub mappings: Mappings,
    /// Bytes of memory for records on their way into the lake; the default
    /// where there is none.
    pub memory: Option<usize>,
    /// Go on without evidence whose records were lost and that cannot be read
    /// again. The custody log and the answer name it.
    pub accept_loss: bool,
}

/// Bytes of memory for records on their way into the lake, if nobody says
/// otherwise: with everything else, less than 300 MB.
pub const DEFAULT_MEMORY: usize = 128 << 20;

/// The least that can be asked for.
pub const LEAST_MEMORY: usize = 32 << 20;

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
    /// Whether the answer is another than the one before.
    pub is_new: bool,
    /// Where all that the lake held was set aside, because its catalogue was
    /// broken or gone.
    pub set_aside: Option<PathBuf>,
    /// Evidence that would be read otherwise today, by a newer parser or a new
    /// mapping: how many pieces, and the path of one.
    pub read_otherwise: Option<(u64, String)>,
    /// Paths at which evidence of different bytes was found at different times:
    /// logs that grew, say. All of it is in the case.
    pub changed_places: Vec<String>,
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
    /// No evidence was named and the case has none.
    #[error("{} holds no evidence yet: name some", .0.display())]
    Empty(PathBuf),
    /// Records were lost with a damaged or half-copied lake, and the evidence
    /// that they came from was not named.
    #[error(
        "the records of {} piece(s) of evidence are gone (a damaged, half-copied or interrupted \
         case): name the evidence again, such as {}; if it cannot be had any more, --accept-loss \
         goes on without it and says so",
        .0.len(), .0.first().map_or("", String::as_str)
    )]
    Unread(Vec<String>),
    /// Evidence was read in another zone than was given now, and not named.
    #[error(
        "{count} piece(s) of evidence of format {format} were read in another zone ({before}) than \
         is known now: name them again, such as {path}, or give that zone with --zone"
    )]
    OtherZone {
        /// Which format.
        format: String,
        /// How many pieces of evidence.
        count: u64,
        /// The path of one.
        path: String,
        /// The zone in which they were read.
        before: String,
    },
    /// Evidence was read by an older text of a mapping, and not named.
    #[error(
        "{count} piece(s) of evidence were read by another text of the mapping {name}: name them \
         again, such as {path}, or give that text with --mapping"
    )]
    OtherMapping {
        /// Which mapping.
        name: String,
        /// How many pieces of evidence.
        count: u64,
        /// The path of one.
        path: String,
    },
    /// A mapping that the case remembers cannot be used by this version.
    #[error("the case's mapping {name} cannot be used any more; give it anew with --mapping")]
    Mapping {
        /// Which mapping.
        name: String,
        /// What is wrong with it.
        source: MappingError,
    },
    /// SQL and merging need to write the path as text.
    #[error("the case's path {} is no UTF-8: name another with --case", .0.display())]
    NotText(PathBuf),
    /// The answer is not the one that the case wrote.
    #[error(
        "{} is not the answer that this case wrote: draw it again with `clarte investigate --case`",
        .0.display()
    )]
    OtherAnswer(PathBuf),
    /// The case has not been investigated.
    #[error("{} has no answer yet: run `clarte investigate --case` first", .0.display())]
    NoAnswer(PathBuf),
    /// No file of knowledge names an actor.
    #[error(
        "no actor could be read from {}: give STIX 2, a MISP galaxy or a base of Clarté ({})",
        .files.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
        .why.join("; ")
    )]
    NoKnowledge {
        /// The files.
        files: Vec<PathBuf>,
        /// What was found in them instead.
        why: Vec<String>,
    },
    /// Nothing that was observed is known, and there is no item.
    #[error(
        "nothing to attribute: the base knows none of the techniques and software, and there is \
         no item of evidence"
    )]
    NothingToAttribute,
    /// Intelligence that was named could not be read.
    #[error("cannot read the intelligence {path}: {reason}")]
    Intelligence {
        /// Its path as shown.
        path: String,
        /// Why.
        reason: String,
    },
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
    // Where there is evidence to mend it with, the catalogue is looked at as a
    // whole, and where it turns out to be broken: what is lost has to be found.
    let is_alone = request.evidence.is_empty();
    let open = if is_alone { Lake::open } else { Lake::open_suspect };
    match investigate_in(request, witness.clone(), watch, open) {
        Err(CaseError::Lake(cause)) if is_alone && cause.is_damage() => {
            investigate_in(request, witness, watch, Lake::open_suspect)
        }
        done => done,
    }
}

fn investigate_in(
    request: &Request,
    witness: Witness,
    watch: &(dyn Fn(Event) + Sync),
    open: fn(&Path) -> Result<Lake, LakeError>,
) -> Result<Report, CaseError> {
    let started = Instant::now();
    let mut steps = Vec::new();
    let case = &request.case;
    let named = request.evidence.iter().chain(&request.intel).chain(&request.people);
    if let Some(missing) = named.clone().find(|path| !path.exists()) {
        return Err(CaseError::Missing(missing.clone()));
    }
    let evidence: Vec<_> = request.evidence.iter().chain(&request.people).cloned().collect();
    refuse_inside(case, &evidence)?;
    let found = files::find(&evidence, case);

    let has = |folder: &str| case.join(folder).exists();
    if evidence.is_empty() && !has("lake") && !has("custody") {
        return Err(CaseError::Empty(case.clone()));
    }
    let mut log = open_log(case, witness)?;
    let mut lake = open(&case.join("lake"))?;
    let compared = compare(case, &mut lake, &mut log)?;
    let intelligence = intelligence::add(case, &request.intel, compared.logged.as_ref(), &mut log)?;
    let memory = request.memory.unwrap_or(DEFAULT_MEMORY);
    let zones = zones(&lake, &request.zones, &mut log)?;
    let mappings = mappings(&lake, &request.mappings, &mut log)?;
    let context = clarte_parse::Context { zones, mappings, ..Default::default() };
    let means = intake::Means { context: &context, memory, watch };
    let taken = intake::take_in(&found, &means, &mut lake, &mut log)?;
    if request.accept_loss {
        accept_loss(&mut lake, &mut log)?;
    }
    lake.settle()?;
    let read_otherwise = must_be_read(&lake, &context)?;
    if lake.catalogue().records()? == 0 {
        return Err(match evidence.is_empty() {
            true => CaseError::Empty(case.clone()),
            false => CaseError::Nothing,
        });
    }
    steps.push(("reading", started.elapsed()));

    let path = case.join("out").join(answer::NAME);
    whole::sweep(&path);
    let began = Instant::now();
    let mut state = answer::state(&lake, &intelligence);
    let standing = match &state {
        // One that cannot be read back is drawn anew, as is the index below.
        Ok(state) => answer::standing(&lake, &intelligence, &path, state).unwrap_or_default(),
        Err(_) => None,
    };
    steps.push(("comparing", began.elapsed()));
    let answer = match standing {
        Some(answer) => answer,
        // Nothing is drawn from bytes that are not those that were written.
        None => {
            if lake.give_up_changed()? > 0 {
                lake.settle()?;
                must_be_read(&lake, &context)?;
                state = answer::state(&lake, &intelligence);
            }
            answer::new(&lake, &intelligence, &path, state?, watch, &mut steps)?
        }
    };
    if answer.is_new || compared.entries_missing > 0 {
        let findings = answer.extent.findings.len();
        let result = serde_json::json!({ answer::NAME: answer.sha256, "findings": findings });
        note(&mut log, Operation::Run, result)?;
    }
    if answer.is_new {
        let (findings, people) = answer::rows(&answer.extent);
        let Answer { state, sha256, .. } = &answer;
        lake.catalogue_mut().set_answer(answer::NAME, state, sha256, &findings, &people)?;
    }
    if lake.catalogue().compared()? != log.root().size {
        log.commit()?;
        lake.catalogue().set_compared(log.root().size)?;
    }
    Ok(Report {
        extent: answer.extent,
        path,
        added: taken.added,
        known: taken.known,
        is_new: answer.is_new,
        set_aside: compared.set_aside,
        read_otherwise,
        changed_places: lake.catalogue().changed_places()?,
        steps,
    })
}

/// The zones that were given, now or before; those given now are kept, and
/// told in the log.
fn zones(lake: &Lake, given: &Zones, log: &mut Log) -> Result<Zones, CaseError> {
    let mut zones = given.clone();
    let known = lake.catalogue().zones()?;
    for (source, zone) in &known {
        if given.names().all(|(name, _)| name != source) {
            // A name that this machine does not know is as good as none.
            let _ = zones.set(source, zone);
        }
    }
    let news = given.names().filter(|(source, zone)| known.get(*source).is_none_or(|b| b != zone));
    let news: BTreeMap<&str, &str> = news.collect();
    if !news.is_empty() {
        note(log, Operation::Decision, serde_json::json!({ logged::ZONES: news }))?;
    }
    for (source, zone) in news {
        lake.catalogue().set_zone(source, zone)?;
    }
    Ok(zones)
}

/// The mappings that were given, now or before; those given now are kept, and
/// told in the log with their whole text.
fn mappings(lake: &Lake, given: &Mappings, log: &mut Log) -> Result<Mappings, CaseError> {
    let all = remembered(lake, given)?;
    let known = lake.catalogue().mappings()?;
    let is_new =
        |mapping: &&Mapping| known.get(mapping.name()).is_none_or(|text| text != mapping.text());
    let news: BTreeMap<&str, &str> =
        given.iter().filter(is_new).map(|new| (new.name(), new.text())).collect();
    if !news.is_empty() {
        let told = news.iter().map(|(name, text)| {
            let sha256 = clarte_custody::HashingReader::new(text.as_bytes()).finish();
            let sha256 = sha256.map(|(id, _)| id.to_string()).map_err(CaseError::io(*name))?;
            Ok(((*name).to_owned(), serde_json::json!({ "sha256": sha256, "text": text })))
        });
        let told = told.collect::<Result<serde_json::Map<_, _>, CaseError>>()?;
        note(log, Operation::Decision, serde_json::json!({ logged::MAPPINGS: told }))?;
    }
    for (name, text) in news {
        lake.catalogue().set_mapping(name, text)?;
    }
    Ok(all)
}

/// The mappings that were given, and those that the case remembers besides.
fn remembered(lake: &Lake, given: &Mappings) -> Result<Mappings, CaseError> {
    let mut all = given.clone();
    for (name, text) in lake.catalogue().mappings()? {
        if given.get(&name).is_none() {
            let read = mapping(&text);
            all.insert(read.map_err(|source| CaseError::Mapping { name, source })?);
        }
    }
    Ok(all)
}

/// Notes in the log what was done or decided about the case as a whole.
fn note(log: &mut Log, what: Operation, result: serde_json::Value) -> Result<(), CaseError> {
    log.append(&Entry { when: now(), what, from: None, evidence: None, result })?;
    log.commit()?;
    Ok(())
}

/// What comparing a lake with the custody log showed.
struct Compared {
    /// What the log names, where it had to be read.
    logged: Option<Logged>,
    /// Where the lake's files were set aside.
    set_aside: Option<PathBuf>,
    /// How many entries the log once had and has no more.
    entries_missing: u64,
}

/// Compares the lake with the custody log, unless they are known to agree.
/// What the log names and the lake does not hold has to be read again; what was
/// mended or is missing is told in the log.
fn compare(case: &Path, lake: &mut Lake, log: &mut Log) -> Result<Compared, CaseError> {
    let (size, before) = (log.root().size, lake.catalogue().compared()?);
    let mut set_aside = lake.found().set_aside.clone();
    let (mut logged, mut missing) = (None, 0);
    if size != before {
        log.commit()?;
        let found = Logged::read(case)?;
        missing = lake.catalogue_mut().expect(&found.evidence)?;
        let known = lake.catalogue().zones()?;
        for (source, zone) in found.zones.iter().filter(|(source, _)| !known.contains_key(*source))
        {
            lake.catalogue().set_zone(source, zone)?;
        }
        let known = lake.catalogue().mappings()?;
        for (name, text) in found.mappings.iter().filter(|(name, _)| !known.contains_key(*name)) {
            lake.catalogue().set_mapping(name, text)?;
        }
        logged = Some(found);
    }
    // Files that no run accounts for may be all that is left of what is missing.
    if missing > 0 {
        set_aside = lake.set_strays_aside()?.or(set_aside);
    } else {
        lake.sweep()?;
    }
    let (lost, entries_missing) = (lake.found().lost, before.saturating_sub(size));
    if set_aside.is_some() || lost > 0 || missing > 0 || entries_missing > 0 {
        let result = serde_json::json!({
            "set_aside": set_aside,
            "files_lost": lost,
            "evidence_missing": missing,
            "entries_missing": entries_missing,
        });
        note(log, Operation::Recovered, result)?;
    }
    if size != before {
        lake.catalogue().set_compared(log.root().size)?;
    }
    Ok(Compared { logged, set_aside, entries_missing })
}

/// Goes on without the evidence that has to be read again.
fn accept_loss(lake: &mut Lake, log: &mut Log) -> Result<(), CaseError> {
    let lost = lake.catalogue().lost()?;
    if lost.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = lost.iter().map(ToString::to_string).collect();
    note(log, Operation::Decision, serde_json::json!({ logged::GIVEN_UP: ids }))?;
    lake.accept_loss()?;
    Ok(())
}

/// Refuses to go on while evidence has to be read that was not named. Returns
/// what an older parser read, or none that a new mapping might: its records
/// stand, though today's might differ.
fn must_be_read(
    lake: &Lake,
    context: &clarte_parse::Context,
) -> Result<Option<(u64, String)>, CaseError> {
    let unread = lake.catalogue().unread()?;
    if !unread.is_empty() {
        return Err(CaseError::Unread(unread));
    }
    let mut read_otherwise: Option<(u64, String)> = None;
    for row in lake.catalogue().readings()? {
        let ReadingRow { format, reading, evidence: count, path } = row;
        match clarte_parse::outdated(&format, &reading, context) {
            Some(Outdated::Zone) => {
                let before = reading.split(' ').nth(2).unwrap_or("UTC").to_owned();
                return Err(CaseError::OtherZone { format, count, path, before });
            }
            Some(Outdated::Mapping) => {
                let name = format.split_once('.').map_or("", |(_, name)| name).to_owned();
                return Err(CaseError::OtherMapping { name, count, path });
            }
            Some(Outdated::Parser) => {
                read_otherwise.get_or_insert((0, path)).0 += count;
            }
            None => {}
        }
    }
    Ok(read_otherwise)
}

/// An answer to a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// How many rows it has.
    pub rows: u64,
    /// Whether the index agrees with the records; if not, because a run was
    /// interrupted, it may name too much or too little until the next.
    pub is_settled: bool,
    /// Pieces of evidence whose records are gone.
    pub unread: u64,
}

/// How often a query is begun anew when files were merged under it.
const TRIES: usize = 3;

/// Answers `sql` (one `select`, or the name of a named query) from the case in
/// `case`, and writes the rows to `out`. Nothing is changed, and an
/// investigation may be going on.
///
/// # Errors
/// Where there is no case, or the query is wrong or cannot be answered.
pub fn query(
    case: &Path,
    sql: &str,
    memory: Option<usize>,
    form: Form,
    out: &mut dyn io::Write,
) -> Result<Answered, LakeError> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let lake = Lake::open_read_only(&case.join("lake"))?;
        let (is_settled, unread) = (lake.is_settled()?, lake.catalogue().unread()?.len() as u64);
        let mut counted = Counted { out, bytes: 0 };
        let engine = Engine::open(&lake, memory);
        match engine.and_then(|engine| engine.query(sql, form, &mut counted)) {
            // Files were merged meanwhile, and nobody has seen a row yet.
            Err(failure)
                if failure.io_kind().is_some() && counted.bytes == 0 && attempt < TRIES => {}
            Err(failure) => return Err(failure),
            Ok(rows) => return Ok(Answered { rows, is_settled, unread }),
        }
    }
}

/// Counts what is written.
struct Counted<'o> {
    out: &'o mut dyn io::Write,
    bytes: usize,
}

impl io::Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes += written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Where a case is not what its custody log and its catalogue say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// Files that are not as they were written: of the lake, and copies of
    /// intelligence.
    pub changed: Vec<String>,
    /// Evidence that the log names and the lake does not hold, or whose records
    /// are gone, by path.
    pub missing: Vec<String>,
}

/// Compares the case in `case` with its custody log and its catalogue.
///
/// # Errors
/// Where there is no case or it cannot be read.
pub fn differences(case: &Path) -> Result<Differences, CaseError> {
    let logged = Logged::read(case)?;
    let lake = Lake::open_read_only(&case.join("lake"))?;
    lake.catalogue().check()?;
    let files = lake.changed_files()?.into_iter().map(|path| format!("lake/{path}"));
    let copies = intelligence::damaged(case, &logged)?.into_iter();
    let copies = copies.map(|name| format!("the copy of {name}"));
    let held: BTreeSet<_> = lake.catalogue().numbers()?.into_values().collect();
    let missing = logged.evidence.into_iter().filter(|(id, _)| !held.contains(id));
    let mut missing: BTreeSet<String> =
        missing.filter_map(|(_, places)| Some(places.into_iter().next()?.path)).collect();
    missing.extend(lake.catalogue().unread()?);
    Ok(Differences {
        changed: files.chain(copies).collect(),
        missing: missing.into_iter().collect(),
    })
}

/// Refuses a case folder that lies in a folder of evidence.
fn refuse_inside(case: &Path, evidence: &[PathBuf]) -> Result<(), CaseError> {
    if case.to_str().is_none() {
        return Err(CaseError::NotText(case.to_owned()));
    }
    // The case may not exist yet; the nearest folder above it that does will.
    let whole = std::path::absolute(case).map_err(CaseError::io(case))?;
    let near = whole.ancestors().find_map(|above| {
        let rest = whole.strip_prefix(above).ok()?;
        let mut near = above.canonicalize().ok()?;
        // What is not there yet holds no links: `..` is the folder above.
        for part in rest.components() {
            match part {
                Component::ParentDir => _ = near.pop(),
                part => near.push(part),
            }
        }
        Some(near)
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
    let mut log = Log::open(&case.join("custody"), witness)?;
    if log.root().size == 0 {
        let (when, what, result) = (now(), Operation::Created, serde_json::Value::Null);
        log.append(&Entry { when, what, from: None, evidence: None, result })?;
    }
    Ok(log)
}

/// The only place where the clock is asked: for the custody log.
fn now() -> Timestamp {
    jiff::Timestamp::now().into()
}
