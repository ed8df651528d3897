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

use crate::{CaseError, files, now, whole};

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
type Names = BTreeMap<EvidenceId, BTreeSet<String>>;

/// Adds the files behind `arguments` and reads everything that the case has.
pub(crate) fn add(
    folder: &Path,
    arguments: &[PathBuf],
    log: &mut Log,
) -> Result<Intelligence, CaseError> {
    fs::create_dir_all(folder).map_err(CaseError::io(folder))?;
    let list = folder.join("names.json");
    whole::sweep(&list);
    let mut names = read_names(&list)?;
    let mut is_new = false;
    let files = files::find(arguments, folder);
    if let Some(RefusalRow { path, reason, .. }) = files.unreadable.into_iter().next() {
        return Err(CaseError::Intelligence { path, reason });
    }
    for found in files.found {
        let reader = open_read_only(&found.path)?.take(clarte_intel::MAX_BYTES as u64 + 1);
        let mut hashing = HashingReader::new(reader);
        let mut bytes = Vec::new();
        hashing.read_to_end(&mut bytes).map_err(CaseError::io(&found.path))?;
        let (id, _) = hashing.finish().map_err(CaseError::io(&found.path))?;
        let copy = folder.join(copy_name(&id));
        if !names.contains_key(&id) {
            whole::write(&copy, &bytes)?;
        }
        if !names.entry(id).or_default().insert(found.shown.clone()) {
            continue;
        }
        is_new = true;
        log.append(&Entry {
            when: now(),
            what: Operation::Intel,
            from: found.path.to_str(),
            evidence: Some(id),
            result: serde_json::json!({ "bytes": bytes.len() }),
        })?;
    }
    if is_new {
        log.commit()?;
        let text = serde_json::to_vec(&names).map_err(CaseError::json(&list))?;
        whole::write(&list, &text)?;
    }
    load(folder, &names)
}

fn read_names(list: &Path) -> Result<Names, CaseError> {
    match fs::read(list) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(CaseError::json(list)),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(Names::new()),
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
        let bytes = fs::read(&path).map_err(CaseError::io(&path))?;
        let name = names.first().map_or("intelligence", String::as_str);
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
