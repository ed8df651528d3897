//! Cases to be broken, and what must hold of every one afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::evidence;
use crate::inject::{self, Fault, Injector};

/// What a run is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The first evidence and intelligence.
    First,
    /// What comes later, to a case that has the first.
    Second,
    /// Many small files.
    Many,
}

impl Stage {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::First => &["evidence/first", "--intel", "intel/first.txt"],
            Self::Second => &["evidence/second", "--intel", "intel/second.csv"],
            Self::Many => &["evidence/first", "evidence/many", "--intel", "intel/first.txt"],
        }
    }
}

/// Evidence, and what comes out of it when nothing goes wrong.
pub(crate) struct Bench {
    root: tempfile::TempDir,
    cases: AtomicUsize,
}

/// How the folders are named in which a lake without a catalogue is set aside.
const SET_ASIDE: &str = "lake/damaged-";

/// How much evidence of many small files there is.
const MANY: usize = 300;

impl Bench {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        evidence::write(root.path());
        evidence::write_many(&root.path().join("evidence/many"), MANY);
        Self { root, cases: AtomicUsize::new(0) }
    }

    /// The library that injects faults; `None`, saying why, where it cannot be.
    pub(crate) fn injector(&self) -> Option<Injector> {
        Injector::new(self.root.path())
    }

    /// A case that does not exist yet.
    pub(crate) fn case(&self) -> Case<'_> {
        let number = self.cases.fetch_add(1, Ordering::Relaxed);
        let root = self.root.path().canonicalize().expect("it exists");
        Case { bench: self, folder: root.join(format!("case-{number}")) }
    }

    /// A case that was made without trouble.
    pub(crate) fn good(&self, stages: &[Stage]) -> Good<'_> {
        let case = self.case();
        for stage in stages {
            case.must_run(*stage).expect("nothing is wrong");
        }
        case.good()
    }
}

/// A case without flaw, to compare others with.
pub(crate) struct Good<'b> {
    pub(crate) case: Case<'b>,
    pub(crate) answer: Vec<u8>,
    kinds: BTreeSet<String>,
}

/// A case's folder, removed in the end.
pub(crate) struct Case<'b> {
    bench: &'b Bench,
    pub(crate) folder: PathBuf,
}

impl Drop for Case<'_> {
    fn drop(&mut self) {
        // What cannot be removed goes with the bench's folder.
        let _ = fs::remove_dir_all(&self.folder);
        let _ = fs::remove_file(self.folder.with_extension("trace"));
    }
}

impl<'b> Case<'b> {
    /// It, as one to compare others with.
    pub(crate) fn good(self) -> Good<'b> {
        let (answer, kinds) = (self.answer().expect("an answer"), self.kinds());
        Good { case: self, answer, kinds }
    }
}

impl Case<'_> {
    /// The command that investigates, to be run or to be killed.
    pub(crate) fn command(&self, stage: Stage) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clarte"));
        command
            .arg("investigate")
            .args(stage.arguments())
            .arg("--case")
            .arg(&self.folder)
            .current_dir(self.bench.root.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn start(&self, stage: Stage) -> Child {
        self.command(stage).spawn().expect("the command starts")
    }

    /// Runs under a fault.
    pub(crate) fn run(&self, stage: Stage, injector: &Injector, fault: Option<Fault>) -> Output {
        let mut command = self.command(stage);
        injector.arm(&mut command, &self.folder, fault);
        command.output().expect("the command starts")
    }

    /// Runs with nothing in its way.
    pub(crate) fn must_run(&self, stage: Stage) -> Result<(), String> {
        let output = self.command(stage).output().expect("the command starts");
        succeeded("the run without a fault", &output)
    }

    pub(crate) fn answer(&self) -> Option<Vec<u8>> {
        fs::read(self.folder.join("out/extent.json")).ok()
    }

    /// What must hold of a case after a run that nothing disturbed, whatever
    /// happened before: the good case's answer, in order, nothing left over.
    pub(crate) fn must_equal(&self, good: &Good<'_>) -> Result<(), String> {
        if self.answer().as_ref() != Some(&good.answer) {
            return Err("the answer differs".to_owned());
        }
        let verified = Command::new(env!("CARGO_BIN_EXE_clarte"))
            .arg("verify")
            .arg(&self.folder)
            .output()
            .expect("the command starts");
        succeeded("the verification", &verified)?;
        self.must_have_no_leftovers(good)
    }

    /// Nothing but what a good case has in kind, and every Parquet file whole
    /// and in the catalogue.
    fn must_have_no_leftovers(&self, good: &Good<'_>) -> Result<(), String> {
        let strange: Vec<_> = self.kinds().difference(&good.kinds).cloned().collect();
        if !strange.is_empty() {
            return Err(format!("left over: {}", strange.join(", ")));
        }
        let catalogue = self.catalogue();
        for path in files(&self.folder.join("lake")) {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let below = path.strip_prefix(&self.folder).unwrap_or(&path);
            let is_set_aside = below.to_string_lossy().starts_with(SET_ASIDE);
            if !name.ends_with(".parquet") || is_set_aside {
                continue;
            }
            if !fs::read(&path).unwrap_or_default().ends_with(b"PAR1") {
                return Err(format!("torn: {}", path.display()));
            }
            if !contains(&catalogue, name.as_bytes()) {
                return Err(format!("orphaned: {}", path.display()));
            }
        }
        Ok(())
    }

    /// The bytes of the catalogue, in which names of files stand as text
    /// whether it is JSON or SQLite.
    fn catalogue(&self) -> Vec<u8> {
        let lake = files(&self.folder.join("lake"));
        let parts = lake.iter().filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("catalogue"))
        });
        parts.flat_map(|path| fs::read(path).unwrap_or_default()).collect()
    }

    /// The case's files with what varies in their names left out. What was
    /// set aside by a recovery is meant to stay.
    fn kinds(&self) -> BTreeSet<String> {
        let kinds = files(&self.folder).into_iter().filter_map(|path| {
            let below = path.strip_prefix(&self.folder).ok()?.to_str()?.to_owned();
            let is_set_aside = ["custody/log.torn", "custody/checkpoint.damaged"]
                .contains(&below.as_str())
                || below.starts_with(SET_ASIDE);
            (!is_set_aside).then(|| kind(&below))
        });
        kinds.collect()
    }

    /// Takes the index of the lake away.
    pub(crate) fn lose_index(&self) {
        let index = self.folder.join("lake/observables");
        fs::remove_dir_all(index).expect("there is an index");
    }

    /// A case that does not exist yet, of the same bench.
    pub(crate) fn beside(&self) -> Self {
        self.bench.case()
    }

    /// A copy of it as it is.
    pub(crate) fn copy(&self) -> Self {
        let copy = self.beside();
        for path in files(&self.folder) {
            copy.take_over(self, &path);
        }
        copy
    }

    /// Copies one file of another case; one that is gone by now is passed over,
    /// as copying programs do.
    pub(crate) fn take_over(&self, other: &Self, path: &Path) {
        let below = path.strip_prefix(&other.folder).expect("a file of that case");
        let to = self.folder.join(below);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        let done = fs::copy(path, to).map_err(|cause| cause.kind());
        assert!(matches!(done, Ok(_) | Err(ErrorKind::NotFound)), "{}: {done:?}", path.display());
    }

    /// Every file and its bytes.
    pub(crate) fn contents(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let read = |path: PathBuf| {
            let bytes = fs::read(&path).unwrap_or_default();
            (path, bytes)
        };
        files(&self.folder).into_iter().map(read).collect()
    }

    /// The operation that a fault hit.
    pub(crate) fn operation_hit(&self, fault: Fault) -> String {
        inject::trace(&self.folder).get(fault.at - 1).cloned().unwrap_or_default()
    }
}

/// Every file below a folder, in order; none where there is no folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                _ => found.push(entry.path()),
            }
        }
    }
    found.sort();
    found
}

/// A name with `#` for every word that has a digit: numbers and hashes.
pub(crate) fn kind(name: &str) -> String {
    let is_word = |c: &char| c.is_ascii_alphanumeric();
    let words = name.split_inclusive(|c| !is_word(&c)).map(|word| {
        if !word.contains(|c: char| c.is_ascii_digit()) {
            return word.to_owned();
        }
        let end = word.chars().last().filter(|c| !is_word(c));
        end.into_iter().fold("#".to_owned(), |kind, end| kind + &end.to_string())
    });
    words.collect()
}

fn contains(whole: &[u8], part: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}

/// An error that says what went wrong, unless all went well.
pub(crate) fn succeeded(what: &str, output: &Output) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{what} ended with {}: {}", output.status, said.trim()))
}

/// Checks every item, on all cores, and fails with all that went wrong.
pub(crate) fn check_all<T: Sync>(items: &[T], check: impl Fn(&T) -> Result<(), String> + Sync) {
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(failure) = check(item) {
                failures.lock().expect("no check panics holding it").push(failure);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let failures = failures.into_inner().expect("no check panics holding it");
    assert!(
        failures.is_empty(),
        "{} of {} went wrong:\n{}",
        failures.len(),
        items.len(),
        failures.join("\n")
    );
}
