//! What was observed: as somebody writes it, and as a case's answer has it.

use std::collections::{BTreeMap, BTreeSet};

use clarte_attribution::Observed;
use clarte_extent::Extent;
use clarte_model::Dated;
use serde_json::Value;

use super::Remark;

/// The largest text of observations that is read, in bytes.
pub const OBSERVED_CAP: usize = 16 << 20;

/// How many techniques, and how much software, are taken: more than there are.
const MOST: usize = 10_000;

/// Reads `{"techniques": ["T1566.002"], "software": ["S0154"], "when":
/// "2021-01"}`; each may be missing. What is of no use is told, the rest is kept.
///
/// ```
/// let text = r#"{"techniques": ["t1566.002", 7], "when": "9999"}"#;
/// let (observed, remarks) = clarte_case::read_observed("observed", text.as_bytes())?;
/// assert_eq!(observed.techniques, ["T1566.002"]);
/// assert_eq!((observed.when, remarks.len()), (None, 2));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// Where it is no JSON object.
pub fn read_observed(
    name: &str,
    text: &[u8],
) -> Result<(Observed, Vec<Remark>), serde_json::Error> {
    let object: serde_json::Map<String, Value> = serde_json::from_slice(text)?;
    let mut remarks = Vec::new();
    let mut remark = |what: String| {
        remarks.push(Remark { file: name.to_owned(), line: None, what });
    };
    let mut observed = Observed::default();
    for (key, value) in object {
        match (key.as_str(), value) {
            ("techniques", Value::Array(all)) => {
                let ids = texts("techniques", all, &mut remark);
                observed.techniques = ids.into_iter().map(|id| id.to_uppercase()).collect();
            }
            ("software", Value::Array(all)) => {
                observed.software = texts("software", all, &mut remark);
            }
            ("techniques" | "software", _) => remark(format!("`{key}` is no list: write [\"…\"]")),
            ("when", Value::String(when)) if Dated::parse(&when).is_some() => {
                observed.when = Dated::parse(&when);
            }
            ("when", Value::Null) => {}
            ("when", _) => remark("`when` is no date from 1990 to 2099: write 2021-01".to_owned()),
            ("findings", Value::Object(all)) => {
                for (what, findings) in all.into_iter().take(MOST) {
                    let ids = match findings {
                        Value::Array(ids) => texts("findings", ids, &mut remark),
                        _ => Vec::new(),
                    };
                    observed.findings.insert(what, ids);
                }
            }
            _ => remark(format!("`{key}` is not known: not used")),
        }
    }
    Ok((observed, remarks))
}

/// The texts of a list, trimmed, each once, in order.
fn texts(key: &str, all: Vec<Value>, remark: &mut impl FnMut(String)) -> Vec<String> {
    let count = all.len();
    let texts = all.into_iter().take(MOST).filter_map(|value| match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    });
    let texts: Vec<String> = texts.collect();
    if texts.len() < count {
        let left = count - texts.len();
        remark(format!("{left} entries of `{key}` are no texts, or too many: not used"));
    }
    let mut seen = BTreeSet::new();
    texts.into_iter().filter(|text| seen.insert(text.clone())).collect()
}

/// What a case's answer shows; `software` with the findings that show it.
pub(super) fn of(extent: &Extent, software: BTreeMap<String, BTreeSet<String>>) -> Observed {
    let mut observed = Observed {
        techniques: extent.nature.techniques.iter().map(|one| one.id.clone()).collect(),
        software: software.keys().cloned().collect(),
        when: extent.duration.first_activity.and_then(|at| Dated::parse(&at.to_string())),
        findings: BTreeMap::new(),
    };
    for one in &extent.nature.techniques {
        observed.findings.insert(one.id.clone(), one.findings.clone());
    }
    fold(&mut observed);
    for (id, findings) in software {
        observed.findings.insert(id, findings.into_iter().collect());
    }
    observed
}

/// Leaves out techniques of which a sub-technique was found: detectors name the one
/// and the other for the same act. Their findings show the sub-techniques.
fn fold(observed: &mut Observed) {
    let parent_of = |id: &str| id.split_once('.').map(|(parent, _)| parent.to_owned());
    let subs: Vec<(String, String)> =
        observed.techniques.iter().filter_map(|id| Some((parent_of(id)?, id.clone()))).collect();
    let parents: BTreeSet<&String> = subs.iter().map(|(parent, _)| parent).collect();
    observed.techniques.retain(|id| !parents.contains(id));
    let mut shown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for parent in parents {
        shown.extend(observed.findings.remove_entry(parent));
    }
    for (parent, id) in &subs {
        let known = observed.findings.entry(id.clone()).or_default();
        let more = shown.get(parent).into_iter().flatten();
        let all: BTreeSet<String> = known.drain(..).chain(more.cloned()).collect();
        known.extend(all);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_technique_beside_its_own_sub_technique_is_one_act() {
        let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let mut observed = Observed {
            techniques: own(&["T1598", "T1598.003", "T1041"]),
            findings: [("T1598", "f-1"), ("T1598.003", "f-2"), ("T1041", "f-3")]
                .map(|(id, finding)| (id.to_owned(), vec![finding.to_owned()]))
                .into(),
            ..Observed::default()
        };
        fold(&mut observed);
        assert_eq!(observed.techniques, ["T1598.003", "T1041"]);
        assert_eq!(observed.findings["T1598.003"], ["f-1", "f-2"]);
        assert_eq!(observed.findings.len(), 2);
    }
}
