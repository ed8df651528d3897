//! Who answers for it: the question that a case puts, its answer, and where it
//! is written.
//!
//! A case gives what was observed (techniques, software), what its intelligence
//! and the base say of the campaign's infrastructure and files (`links.rs`), and
//! its habits (`habits.rs`). Analysts' items come from files. Nothing is derived
//! from resemblance but by the comparison of profiles itself, and statements are
//! never derived: they have an author.

mod campaign;
mod habits;
mod knowledge;
mod links;
mod names;
mod observed;
mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use clarte_attribution::question::UNKNOWN_PRIOR;
use clarte_attribution::{
    Answer, Credibility, Grade, Item, Observed, Question, Reliability, attribute, items_file,
};
use clarte_custody::{HashingReader, Operation, Witness};
use clarte_model::{Knowledge, Tlp};

use crate::{CaseError, gate, note, open_log, whole};

pub use observed::{OBSERVED_CAP, read_observed};

use knowledge::{Lines, read_file};
use standing::Standing;

/// Who says what is derived from the case itself.
const OWN_CASE: &str = "own case";

/// The answer's file in `out/`, and its name in the custody log.
const NAME: &str = "attribution.json";

/// The file of a closed campaign in `out/`.
const CAMPAIGN: &str = "campaign.knowledge.json";

/// What to answer from, besides the case or what was observed.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Knowledge in place of what is built in.
    pub kb: Vec<PathBuf>,
    /// Knowledge beside it.
    pub kb_add: Vec<PathBuf>,
    /// Files of items.
    pub items: Vec<PathBuf>,
    /// How probable an unknown actor is before anything is seen.
    pub unknown: Option<f64>,
    /// Items and sources to leave out, by id or name.
    pub without: Vec<String>,
    /// How reliable sources of intelligence are, by name.
    pub grades: Vec<(String, SourceGrade)>,
}

/// What an analyst says of a source: how reliable it is, and perhaps how credible
/// all that it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceGrade {
    reliability: Reliability,
    credibility: Option<Credibility>,
}

impl SourceGrade {
    /// Reads `B` or `B2`.
    ///
    /// ```
    /// assert!(clarte_case::SourceGrade::parse("B").is_some());
    /// assert!(clarte_case::SourceGrade::parse("B7").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_letter_alone = text.len() == 1;
        let whole = if is_letter_alone { format!("{text}6") } else { text.to_owned() };
        let Grade { reliability, credibility } = whole.parse().ok()?;
        Some(Self { reliability, credibility: (!is_letter_alone).then_some(credibility) })
    }
}

/// Something in a file that could not be used, or that whoever asked should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The file, or what the remark is about.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u64>,
    /// What it is, and what to do.
    pub what: String,
}

/// `FILE:LINE: WHAT`; the texts are as they were found.
impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, what } = self;
        match line {
            Some(line) => write!(f, "{file}:{line}: {what}"),
            None => write!(f, "{file}: {what}"),
        }
    }
}

/// An answer and how it came about.
#[derive(Debug)]
pub struct Attributed {
    /// The answer.
    pub answer: Answer,
    /// What of the files could not be used.
    pub remarks: Vec<Remark>,
    /// Where it was written; an answer without something is not.
    pub path: Option<PathBuf>,
    /// Whether the case's evidence or intelligence is another than its extent was
    /// drawn from.
    pub is_stale: bool,
}

/// A closed campaign.
#[derive(Debug)]
pub struct Closed {
    /// Where it was written.
    pub path: PathBuf,
    /// How many techniques, pieces of software and indicators it has.
    pub counts: [usize; 3],
    /// How far the strictest of it may be passed on.
    pub tlp: Option<Tlp>,
    /// See [`Attributed::is_stale`].
    pub is_stale: bool,
    /// See [`Attributed::remarks`].
    pub remarks: Vec<Remark>,
}

/// A file that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Input {
    name: String,
    sha256: String,
}

/// The JSON Schema of the answer, members in the order of their names.
pub fn attribution_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Answer).to_value();
    // Another crate of a build may have serde_json keep the order of insertion.
    schema.sort_all_objects();
    schema
}

/// Answers from what was observed alone.
///
/// # Errors
/// Where a named file cannot be read, or nothing that was observed is known.
pub fn attribute_observed(observed: Observed, asked: &Asked) -> Result<Attributed, CaseError> {
    let (mut remarks, mut inputs) = (Vec::new(), Vec::new());
    let base = knowledge::load(&asked.kb, &asked.kb_add, &mut remarks, &mut inputs)?;
    let question = Question::of(observed);
    let answer = answer_to(question, &base, asked, &mut remarks, &mut inputs)?;
    Ok(Attributed { answer, remarks, path: None, is_stale: false })
}

/// Answers for the campaign of the case in `case` and writes that to
/// `out/attribution.json`, unless something was left out.
///
/// # Errors
/// Where the case has no answer of `investigate`, a named file cannot be read,
/// or nothing that the case shows is known.
pub fn attribute_case(
    case: &Path,
    asked: &Asked,
    witness: Witness,
) -> Result<Attributed, CaseError> {
    let (mut remarks, mut inputs) = (Vec::new(), Vec::new());
    let standing = Standing::of(case)?;
    inputs.push(standing.input.clone());
    let base = knowledge::load(&asked.kb, &asked.kb_add, &mut remarks, &mut inputs)?;
    let question = standing.question(&base, asked, &mut remarks)?;
    let answer = answer_to(question, &base, asked, &mut remarks, &mut inputs)?;
    let path = case.join("out").join(NAME);
    let is_whole = asked.without.is_empty();
    if is_whole {
        let mut bytes = serde_json::to_vec_pretty(&answer).map_err(CaseError::json(&path))?;
        bytes.push(b'\n');
        write(case, NAME, &bytes, &inputs, witness)?;
    }
    let path = is_whole.then_some(path);
    Ok(Attributed { answer, remarks, path, is_stale: standing.is_stale })
}

/// Writes the campaign of the case in `case` as knowledge for other cases, under
/// a name.
///
/// # Errors
/// As [`attribute_case`].
pub fn close_campaign(
    case: &Path,
    name: &str,
    asked: &Asked,
    witness: Witness,
) -> Result<Closed, CaseError> {
    let (mut remarks, mut inputs) = (Vec::new(), Vec::new());
    let standing = Standing::of(case)?;
    inputs.push(standing.input.clone());
    let base = knowledge::load(&asked.kb, &asked.kb_add, &mut remarks, &mut inputs)?;
    let links = standing.links(&base, &mut remarks)?;
    let campaign = campaign::knowledge(&standing.extent, name, &links.software, &base);
    let uses = campaign.actors.iter().map(|actor| actor.uses.len()).sum::<usize>();
    let counts = [uses - links.software.len(), links.software.len(), campaign.indicates.len()];
    if uses + campaign.indicates.len() == 0 {
        return Err(CaseError::NothingToAttribute);
    }
    let text = clarte_intel::knowledge::write(&campaign);
    write(case, CAMPAIGN, format!("{text}\n").as_bytes(), &inputs, witness)?;
    let (path, tlp) = (case.join("out").join(CAMPAIGN), campaign::marking(&campaign));
    Ok(Closed { path, counts, tlp, is_stale: standing.is_stale, remarks })
}

/// Puts the analysts' items into the question, leaves out what is to be left out,
/// and answers it.
fn answer_to(
    mut question: Question,
    base: &Knowledge,
    asked: &Asked,
    remarks: &mut Vec<Remark>,
    inputs: &mut Vec<Input>,
) -> Result<Answer, CaseError> {
    question.unknown_prior = asked.unknown.unwrap_or(UNKNOWN_PRIOR);
    for path in &asked.items {
        question.items.extend(read_items(path, remarks, inputs)?);
    }
    let mut seen = BTreeSet::new();
    question.items.retain(|item| {
        let is_new = seen.insert(item.id.clone());
        if !is_new {
            let what = "another item has the same id: this one is not used";
            remarks.push(Remark { file: item.id.clone(), line: None, what: what.to_owned() });
        }
        is_new
    });
    if question.items.is_empty() && !knows_any(base, &question.observed) {
        return Err(CaseError::NothingToAttribute);
    }
    for what in &asked.without {
        leave_out(&mut question, what, remarks);
    }
    Ok(attribute(base, &question))
}

fn read_items(
    path: &Path,
    remarks: &mut Vec<Remark>,
    inputs: &mut Vec<Input>,
) -> Result<Vec<Item>, CaseError> {
    let (file, bytes) = read_file(path, items_file::MAX_BYTES, inputs)?;
    let found = items_file::read(&bytes);
    let lines = Lines::of(&bytes, found.faults.iter().map(|fault| fault.offset));
    for fault in &found.faults {
        let line = Some(lines.of_offset(fault.offset));
        remarks.push(Remark { file: file.clone(), line, what: fault.detail.clone() });
    }
    Ok(found.items)
}

/// Leaves out an item, a technique or software by its id, or all of a source.
fn leave_out(question: &mut Question, what: &str, remarks: &mut Vec<Remark>) {
    let name = what.strip_prefix("source:").unwrap_or(what).trim();
    let observed = &mut question.observed;
    let before = observed.techniques.len() + observed.software.len() + question.items.len();
    question.items.retain(|item| item.id != name && !same(&item.source, name));
    observed.techniques.retain(|id| !same(id, name));
    observed.software.retain(|id| !same(id, name));
    let after = observed.techniques.len() + observed.software.len() + question.items.len();
    if before == after {
        let what = "no item, source, technique or software is called so: nothing was left out";
        let file = format!("--without {name}");
        remarks.push(Remark { file, line: None, what: what.to_owned() });
    }
}

/// Whether two names are the same but for case and outer space.
fn same(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
}

/// Whether the base has anything that was observed.
fn knows_any(base: &Knowledge, observed: &Observed) -> bool {
    let wanted: BTreeSet<String> =
        observed.techniques.iter().chain(&observed.software).map(|id| id.to_lowercase()).collect();
    let software = base.software.iter();
    let software = software.flat_map(|one| one.names.iter().chain([&one.id, &one.name]));
    let uses = base.actors.iter().flat_map(|actor| &actor.uses).map(|used| &used.what);
    let techniques = base.techniques.iter().map(|technique| &technique.id);
    let mut known = software.chain(uses).chain(techniques);
    known.any(|known| wanted.contains(&known.to_lowercase()))
}

/// Writes a file of `out/` whole or not at all, and tells the custody log where
/// that does not name these bytes yet.
fn write(
    case: &Path,
    name: &str,
    bytes: &[u8],
    inputs: &[Input],
    witness: Witness,
) -> Result<(), CaseError> {
    let path = case.join("out").join(name);
    whole::sweep(&path);
    let (hash, _) = HashingReader::new(bytes).finish().map_err(CaseError::io(&path))?;
    let sha256 = hash.to_string();
    if !gate::is_unchanged(&path, &sha256).unwrap_or(false) {
        whole::write(&path, bytes)?;
    }
    let mut logged = None;
    clarte_custody::entries(&case.join("custody"), |_, entry| {
        logged = entry.result[name].as_str().map(str::to_owned).or(logged.take());
    })?;
    if logged.as_deref() == Some(sha256.as_str()) {
        return Ok(());
    }
    let from: BTreeMap<&str, &str> =
        inputs.iter().map(|input| (input.name.as_str(), input.sha256.as_str())).collect();
    let mut log = open_log(case, witness)?;
    note(&mut log, Operation::Run, serde_json::json!({ name: sha256, "from": from }))
}

#[cfg(test)]
mod tests;
