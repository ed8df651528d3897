//! What is known of actors, read from what others publish: names, what they
//! are said to use, whom they are said to work for. All of it is claims with a
//! source ([`clarte_model::knowledge`]); a name is a claim too, never a key.
//!
//! [`read`] takes the bytes of one file and tells its format by content: STIX
//! 2.0 and 2.1 as ATT&CK and others publish them, MISP galaxies of actors, and
//! our own file. [`built_in`] is what every machine knows. [`merge`]
//! puts several bases side by side, and [`compare_names`] says who of them may
//! be the same.
//!
//! Left out: prose, and whatever a source does not say as an object or a
//! relation.

mod aliases;
mod built_in;
mod citation;
mod compact;
mod country;
mod documents;
mod galaxy;
mod ours;
mod stix;
mod unite;

use std::collections::BTreeMap;

use clarte_model::knowledge::Knowledge;
use clarte_model::{Fault, FaultKind};

use crate::formats::{MAX_BYTES, decode};
use crate::loaded::{Loaded, Places, cut};
use documents::Document;

pub use aliases::compare_names;
pub use built_in::built_in;
pub use compact::compact;
pub use ours::{SCHEMA, write};
pub use unite::merge;

/// How much it weighs that a source refers to ATT&CK's page of a group: it may
/// be the same, and may only be compared with.
const PAGE_AMONG_REFERENCES: f64 = 0.5;

/// What one file says of actors, and what of it could not be used.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Read {
    /// `stix`, `galaxy`, `clarte-knowledge` or `unknown`.
    pub format: &'static str,
    /// What it says.
    pub knowledge: Knowledge,
    /// What could not be read, or only with a repair.
    pub faults: Vec<Fault>,
    /// How many there were; more than `faults` holds if they were very many.
    pub faults_total: u64,
    /// What is sound and not used, by its type.
    pub ignored: BTreeMap<String, u64>,
}

/// Reads one file of knowledge. `name` is the origin of actors for which the
/// file names none.
///
/// ```
/// let bundle = br#"{"type": "bundle", "objects": [
///     {"type": "intrusion-set", "id": "intrusion-set--1", "name": "Sleepy Otter"},
///     {"type": "attack-pattern", "id": "attack-pattern--1", "name": "Phishing",
///      "external_references": [{"source_name": "mitre-attack", "external_id": "T1566"}]},
///     {"type": "relationship", "id": "relationship--1", "relationship_type": "uses",
///      "source_ref": "intrusion-set--1", "target_ref": "attack-pattern--1",
///      "external_references": [{"source_name": "Example March 2021"}]}]}"#;
/// let read = clarte_intel::knowledge::read("partner.json", bundle);
/// let actor = &read.knowledge.actors[0];
/// assert_eq!((actor.name.as_str(), actor.uses[0].what.as_str()), ("Sleepy Otter", "T1566"));
/// assert_eq!(read.knowledge.reports[0].date.map(|at| at.to_string()).as_deref(), Some("2021-03"));
/// ```
pub fn read(name: &str, bytes: &[u8]) -> Read {
    let mut loaded = Loaded::new("unknown");
    if bytes.len() > MAX_BYTES {
        let why = format!("{} bytes; files above {MAX_BYTES} are not read", bytes.len());
        loaded.lost(Places::new(bytes, 0).at(0, bytes.len()), FaultKind::TooLarge, &why);
        return finish(loaded, Knowledge::default());
    }
    let (text, base) = decode(bytes);
    let mut places = Places::new(&text, base);
    let document = documents::open(&mut loaded, &mut places, &text);
    let knowledge = match document {
        Document::Ours(text) => ours::take(&mut loaded, &mut places, text),
        Document::Galaxy(galaxy) => galaxy::take(&mut loaded, &mut places, &galaxy),
        Document::Objects(raws) => stix::take(&mut loaded, &mut places, name, &raws),
        Document::Unknown => Knowledge::default(),
    };
    finish(loaded, knowledge)
}

fn finish(loaded: Loaded, knowledge: Knowledge) -> Read {
    let Loaded { format, faults, faults_total, ignored, .. } = loaded;
    Read { format, knowledge, faults, faults_total, ignored }
}

/// A name, key or id: trimmed, and not longer than a line.
fn label(text: &str) -> String {
    cut(text.trim(), 200).trim_end().to_owned()
}

/// An ISO 3166-1 alpha-2 code by its shape.
fn country_code(text: &str) -> Option<String> {
    let code = text.trim();
    let fits = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    fits.then(|| code.to_ascii_uppercase())
}

/// Whether a text is an id of ATT&CK's, such as `G0128` or `T1566.002`: one or
/// two capitals, four digits, and perhaps three of a sub-technique.
fn is_attack_id(id: &str) -> bool {
    let (whole, sub) = id.split_once('.').map_or((id, None), |(whole, sub)| (whole, Some(sub)));
    let digits = whole.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    matches!(whole.len() - digits.len(), 1 | 2)
        && digits.len() == 4
        && are_digits(digits)
        && sub.is_none_or(|sub| sub.len() == 3 && are_digits(sub))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_by_their_shape() {
        for id in ["G0128", "S0154", "T1566", "T1566.002", "C0012", "DC0001"] {
            assert!(is_attack_id(id), "{id}");
        }
        for id in
            ["", "G", "G012", "g0128", "T1566.", "T1566.02", "T1566.002.1", "TAX0001", "T15é6"]
        {
            assert!(!is_attack_id(id), "{id}");
        }
    }
}
