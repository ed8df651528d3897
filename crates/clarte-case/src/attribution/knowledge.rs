//! What is known of actors, from files or built in.
//!
//! Without files it is what every machine knows. `replace` puts files in its
//! place, `add` puts more beside it. Files that say nothing of who is behind a
//! group that the built-in base knows leave that as it is ([`keep_states`]): they
//! replace what groups are said to have done.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use clarte_custody::{HashingReader, open_read_only};
use clarte_intel::knowledge::{built_in, compare_names, merge, read};
use clarte_model::knowledge::{Actor, Knowledge, NameClaim, Origin, StateClaim, linked};

use super::{Input, Remark};
use crate::CaseError;

/// From which weight on alias claims put two actors together here: as where an
/// answer takes them for one.
const SAME: f64 = 0.5;

/// How many reasons an error repeats.
const TOLD: usize = 3;

/// Puts the base together, and tells what of the files could not be used.
///
/// # Errors
/// Where a file is missing or cannot be read, or no file knows an actor.
pub(super) fn load(
    replace: &[PathBuf],
    add: &[PathBuf],
    remarks: &mut Vec<Remark>,
    inputs: &mut Vec<Input>,
) -> Result<Knowledge, CaseError> {
    let mut bases = Vec::new();
    for path in replace {
        bases.push(load_file(path, remarks, inputs)?);
    }
    if !replace.is_empty() && bases.iter().all(|base| base.actors.is_empty()) {
        let files = replace.to_vec();
        let why = remarks.iter().take(TOLD).map(ToString::to_string).collect();
        return Err(CaseError::NoKnowledge { files, why });
    }
    let mut base = if replace.is_empty() {
        built_in()
    } else {
        let mut base = merge(bases);
        keep_states(&mut base);
        base
    };
    if !add.is_empty() {
        let mut bases = vec![base];
        for path in add {
            bases.push(load_file(path, remarks, inputs)?);
        }
        base = merge(bases);
    }
    let claims = compare_names(&base);
    base.aliases.extend(claims);
    Ok(merge(vec![base]))
}

fn load_file(
    path: &Path,
    remarks: &mut Vec<Remark>,
    inputs: &mut Vec<Input>,
) -> Result<Knowledge, CaseError> {
    let (shown, bytes) = read_file(path, clarte_intel::MAX_BYTES, inputs)?;
    let bytes = clarte_parse::unpacked(&bytes, clarte_intel::MAX_BYTES)
        .map_err(|source| CaseError::Io { path: path.to_owned(), source })?;
    let found = read(&shown, &bytes);
    let lines = Lines::of(&bytes, found.faults.iter().map(|fault| fault.offset));
    for fault in &found.faults {
        let (line, what) = match numbered(&fault.detail) {
            Some((line, what)) => (line, what),
            None => (lines.of_offset(fault.offset), fault.detail.as_str()),
        };
        remarks.push(Remark { file: shown.clone(), line: Some(line), what: what.to_owned() });
    }
    let left = found.faults_total.saturating_sub(found.faults.len() as u64);
    if left > 0 {
        let what = format!("{left} more of the kind could not be used");
        remarks.push(Remark { file: shown.clone(), line: None, what });
    }
    if found.format == "unknown" {
        let what = "it is no STIX 2 bundle, MISP galaxy or base of Clarté: give one of these";
        remarks.push(Remark { file: shown, line: None, what: what.to_owned() });
    } else if found.knowledge.actors.is_empty() {
        let what = "it names no actor: give a file with intrusion sets, threat actors or campaigns";
        remarks.push(Remark { file: shown, line: None, what: what.to_owned() });
    }
    Ok(found.knowledge)
}

/// What a fault tells that begins with its line: `line 7: …`.
fn numbered(detail: &str) -> Option<(u64, &str)> {
    let (line, what) = detail.strip_prefix("line ")?.split_once(": ")?;
    Some((line.parse().ok()?, what))
}

/// The bytes of a file of at most `cap`, and its name.
pub(super) fn read_file(
    path: &Path,
    cap: usize,
    inputs: &mut Vec<Input>,
) -> Result<(String, Vec<u8>), CaseError> {
    if !path.exists() {
        return Err(CaseError::Missing(path.to_owned()));
    }
    let mut hashing = HashingReader::new(open_read_only(path)?.take(cap as u64 + 1));
    let mut bytes = Vec::new();
    hashing.read_to_end(&mut bytes).map_err(CaseError::io(path))?;
    if bytes.len() > cap {
        let what = format!("it has more than {cap} bytes; such files are not read");
        let source = std::io::Error::new(std::io::ErrorKind::FileTooLarge, what);
        return Err(CaseError::Io { path: path.to_owned(), source });
    }
    let (sha256, _) = hashing.finish().map_err(CaseError::io(path))?;
    let shown = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    inputs.push(Input { name: shown.clone(), sha256: sha256.to_string() });
    Ok((shown, bytes))
}

/// On which lines offsets lie, counted in one pass.
pub(super) struct Lines(BTreeMap<u64, u64>);

impl Lines {
    pub(super) fn of(bytes: &[u8], offsets: impl Iterator<Item = u64>) -> Self {
        let offsets: BTreeSet<u64> = offsets.collect();
        let (mut at, mut line) = (0, 1);
        let lines = offsets.into_iter().map(|offset| {
            let to = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
            let passed = bytes.get(at..to).unwrap_or_default();
            line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
            at = to;
            (offset, line)
        });
        Self(lines.collect())
    }

    pub(super) fn of_offset(&self, offset: u64) -> u64 {
        self.0.get(&offset).copied().unwrap_or(1)
    }
}

/// Gives every group that the files know by an id of the built-in base, and of
/// which they name no state, the states that the built-in base has for it: its own,
/// and those of the actors of other sources that are said to be the same. Each
/// claim keeps its source, and their origins are named. Names are taken from the
/// group of that id alone: another source's names are no part of it.
fn keep_states(base: &mut Knowledge) {
    let mut known = built_in();
    let claims = compare_names(&known);
    known.aliases.extend(claims);
    let groups = linked(&known, SAME);
    let mut of_id: BTreeMap<&str, &[u32]> = BTreeMap::new();
    for group in &groups {
        for at in group {
            of_id.insert(&known.actors[*at as usize].id, group);
        }
    }
    let mut used: BTreeSet<u32> = BTreeSet::new();
    for actor in base.actors.iter_mut().filter(|actor| actor.states.is_empty()) {
        let group = of_id.get(actor.id.as_str()).copied().unwrap_or_default();
        for same in group.iter().filter_map(|at| known.actors.get(*at as usize)) {
            if keep(actor, same) {
                used.insert(same.origin);
            }
        }
    }
    for origin in used.iter().filter_map(|at| known.origins.get(*at as usize)) {
        let name = format!("{} (built in: states and names alone)", origin.name);
        base.origins.push(Origin { name, ..origin.clone() });
    }
}

/// Whether anything was kept.
fn keep(actor: &mut Actor, same: &Actor) -> bool {
    let states =
        same.states.iter().map(|claim| StateClaim { reports: Vec::new(), ..claim.clone() });
    let states: Vec<_> = states.collect();
    let names = std::iter::once(&same.name).chain(same.names.iter().map(|claim| &claim.name));
    let names = names.filter(|_| same.id == actor.id);
    let known: BTreeSet<&str> = std::iter::once(actor.name.as_str())
        .chain(actor.names.iter().map(|claim| claim.name.as_str()))
        .collect();
    let names: BTreeSet<&String> = names.filter(|name| !known.contains(name.as_str())).collect();
    let names: Vec<_> = names
        .into_iter()
        .map(|name| NameClaim { name: name.clone(), reports: Vec::new() })
        .collect();
    let is_any = !states.is_empty() || !names.is_empty();
    actor.states.extend(states);
    actor.names.extend(names);
    is_any
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(id: &str) -> Knowledge {
        let text = format!(
            r#"{{"type": "bundle", "objects": [
                {{"type": "intrusion-set", "id": "intrusion-set--1", "name": "Somebody",
                  "external_references": [
                    {{"source_name": "mitre-attack", "external_id": "{id}"}}]}}]}}"#
        );
        read("kb.json", text.as_bytes()).knowledge
    }

    #[test]
    fn who_is_behind_a_known_group_is_kept_and_what_it_did_is_not() {
        let mut base = bundle("G0128");
        keep_states(&mut base);
        let actor = &base.actors[0];
        assert!(actor.states.iter().any(|claim| claim.country == "CN"), "{:?}", actor.states);
        assert!(actor.names.iter().any(|claim| claim.name == "APT31"));
        assert!(actor.uses.is_empty() && base.techniques.is_empty());
        assert!(base.origins.iter().any(|origin| origin.name.contains("built in")));
        let mut unknown = bundle("G9999");
        let before = unknown.clone();
        keep_states(&mut unknown);
        assert_eq!(unknown, before);
    }

    #[test]
    fn a_fault_tells_its_line_once() {
        assert_eq!(numbered("line 7: no list: x"), Some((7, "no list: x")));
        assert_eq!(numbered("line of text"), None);
    }

    #[test]
    fn offsets_are_told_by_their_lines() {
        let lines = Lines::of(b"a\nb\n\nc", [5, 0, 2, 99].into_iter());
        let told: Vec<_> = [0, 2, 5, 99].iter().map(|at| lines.of_offset(*at)).collect();
        assert_eq!(told, [1, 2, 4, 4]);
    }
}
