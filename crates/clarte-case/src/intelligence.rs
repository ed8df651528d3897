//! Intelligence: copied into the case by hash, read anew for every answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use clarte_custody::{Entry, HashingReader, Log, Operation, open_read_only};
use clarte_extent::NotEvaluated;
use clarte_intel::Matcher;
use clarte_lake::RefusalRow;
use clarte_model::EvidenceId;

use crate::logged::Logged;
use crate::{CaseError, files, gate, now, whole};

/// Where a case keeps its intelligence, and the list of its names there.
const FOLDER: &str = "intel";
const LIST: &str = "names.json";

/// How many unevaluated items the answer lists.
const LISTED: usize = 500;

/// All intelligence of the case.
pub(crate) struct Intelligence {
    indicators: u64,
    not_evaluated: Vec<NotEvaluated>,
    pub(crate) matcher: Matcher,
}

impl Intelligence {
    /// What was given, as the answer tells it before anything matched.
    pub(crate) fn given(&self) -> clarte_extent::Intelligence {
        clarte_extent::Intelligence {
            indicators: self.indicators,
            matched: 0,
            not_evaluated: self.not_evaluated.clone(),
        }
    }
}

/// The names under which each intelligence file was given, by hash.
pub(crate) type Names = BTreeMap<EvidenceId, BTreeSet<String>>;

/// Adds the files behind `arguments` to the case in `case` and reads everything
/// that it has. `logged` is what the custody log names, where it was read.
pub(crate) fn add(
    case: &Path,
    arguments: &[PathBuf],
    logged: Option<&Logged>,
    log: &mut Log,
) -> Result<Intelligence, CaseError> {
    let folder = case.join(FOLDER);
    fs::create_dir_all(&folder).map_err(CaseError::io(&folder))?;
    let list = folder.join(LIST);
    whole::sweep(&list);
    let mut names = names(case, logged)?;
    let before = names.clone();
    let files = files::find(arguments, case);
    if let Some(refused) = files.unreadable.into_iter().next() {
        let RefusalRow { path, reason, .. } = refused.row;
        return Err(CaseError::Intelligence { path, reason });
    }
    for found in files.found {
        let reader = open_read_only(&found.path)?.take(clarte_intel::MAX_BYTES as u64 + 1);
        let mut hashing = HashingReader::new(reader);
        let mut bytes = Vec::new();
        hashing.read_to_end(&mut bytes).map_err(CaseError::io(&found.path))?;
        let (id, _) = hashing.finish().map_err(CaseError::io(&found.path))?;
        let copy = folder.join(copy_name(&id));
        if !is_whole(&copy, &id) {
            whole::write(&copy, &bytes)?;
        }
        if !names.entry(id).or_default().insert(found.shown.clone()) {
            continue;
        }
        log.append(&Entry {
            when: now(),
            what: Operation::Intel,
            from: Some(&found.at),
            evidence: Some(id),
            result: serde_json::json!({ "bytes": bytes.len(), "name": found.shown }),
        })?;
    }
    if names != before || !list.exists() {
        log.commit()?;
        let text = serde_json::to_vec(&names).map_err(CaseError::json(&list))?;
        whole::write(&list, &text)?;
    }
    load(&folder, &names)
}

/// Everything that the case in `case` has, read anew; nothing is changed.
pub(crate) fn known(case: &Path) -> Result<Intelligence, CaseError> {
    load(&case.join(FOLDER), &names(case, None)?)
}

/// The intelligence that a case has: by its list, and by its custody log where
/// that had to be read or the list cannot be.
fn names(case: &Path, logged: Option<&Logged>) -> Result<Names, CaseError> {
    let listed = read_names(&case.join(FOLDER).join(LIST));
    let mut names = match (listed, logged) {
        (Ok(Some(names)), None) => return Ok(names),
        (listed, Some(logged)) => {
            let mut names = listed.ok().flatten().unwrap_or_default();
            for (id, more) in &logged.intelligence {
                names.entry(*id).or_default().extend(more.iter().cloned());
            }
            return Ok(names);
        }
        (_, None) => Names::new(),
    };
    names.extend(Logged::read(case)?.intelligence);
    Ok(names)
}

/// The intelligence of a case whose copy is not what was taken in, by name.
pub(crate) fn damaged(case: &Path, logged: &Logged) -> Result<Vec<String>, CaseError> {
    let folder = case.join(FOLDER);
    let names = names(case, Some(logged))?;
    let broken = names.into_iter().filter(|(id, _)| !is_whole(&folder.join(copy_name(id)), id));
    Ok(broken.filter_map(|(_, names)| names.into_iter().next()).collect())
}

/// Whether a copy has the bytes that its name says.
fn is_whole(copy: &Path, id: &EvidenceId) -> bool {
    gate::is_unchanged(copy, &id.to_string()).unwrap_or(false)
}

fn read_names(list: &Path) -> Result<Option<Names>, CaseError> {
    match fs::read(list) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(CaseError::json(list)),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(CaseError::Io { path: list.to_owned(), source }),
    }
}

fn copy_name(id: &EvidenceId) -> String {
    id.to_string().replace(':', "-")
}

fn load(folder: &Path, names: &Names) -> Result<Intelligence, CaseError> {
    let mut indicators = Vec::new();
    let mut groups = Vec::new();
    let mut not_evaluated = Vec::new();
    for (id, names) in names {
        let path = folder.join(copy_name(id));
        let name = names.first().map_or("intelligence", String::as_str);
        let bytes = fs::read(&path).unwrap_or_default();
        let hashed = HashingReader::new(bytes.as_slice()).finish();
        if hashed.map_err(CaseError::io(&path))?.0 != *id {
            let (path, reason) = (name.to_owned(), "its copy in the case is not whole");
            let reason = format!("{reason}: name it again with --intel");
            return Err(CaseError::Intelligence { path, reason });
        }
        let loaded = clarte_intel::read(name, &bytes);
        let mut note = |what: &str, why: &str| {
            let source = name.to_owned();
            not_evaluated.push(NotEvaluated { source, what: what.to_owned(), why: why.to_owned() });
        };
        for item in &loaded.not_evaluated {
            note(item.reference.as_deref().unwrap_or(&item.pattern), &item.why);
        }
        for fault in loaded.faults.iter().filter(|fault| fault.lost) {
            note(&format!("byte {}", fault.offset), &fault.detail);
        }
        if loaded.format == "unknown" {
            note("the whole file", "its format is not known");
        }
        indicators.extend(loaded.indicators);
        groups.extend(loaded.conjunctions);
    }
    not_evaluated.sort();
    not_evaluated.dedup();
    not_evaluated.truncate(LISTED);
    Ok(Intelligence {
        indicators: (indicators.len() + groups.len()) as u64,
        not_evaluated,
        matcher: Matcher::with_groups(&indicators, &groups),
    })
}
