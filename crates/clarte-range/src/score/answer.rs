//! The parts of `extent.json` that are scored, read leniently: what is absent
//! counts as not said. Shape: `DESIGN.md`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// An answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Extent {
    pub(super) duration: Duration,
    pub(super) victims: Vec<Victim>,
    pub(super) infrastructure: Vec<Item>,
    pub(super) coverage: Vec<Coverage>,
    pub(super) findings: Vec<Finding>,
    pub(super) exfiltration: Exfiltration,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Exfiltration {
    pub(super) verdict: Option<String>,
    pub(super) bytes: Bounds,
    pub(super) items: Bounds,
    pub(super) destinations: Vec<Destination>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Bounds {
    pub(super) floor: u64,
    pub(super) ceiling: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Destination {
    pub(super) value: String,
    pub(super) bytes: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Duration {
    pub(super) first_activity: Option<String>,
    pub(super) last_activity: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Victim {
    pub(super) identity: String,
    pub(super) rungs: Vec<Rung>,
    pub(super) undetermined: Vec<Undetermined>,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Rung {
    pub(super) rung: String,
    pub(super) time: Option<String>,
    pub(super) findings: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Undetermined {
    pub(super) rung: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Item {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) value: String,
    pub(super) third_party: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Coverage {
    pub(super) source: String,
    pub(super) entity: String,
    pub(super) state: String,
    pub(super) gaps: Vec<Gap>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Gap {
    pub(super) from: String,
    pub(super) to: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Finding {
    pub(super) id: String,
    pub(super) spans: Vec<Span>,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Span {
    pub(super) path: String,
    pub(super) member: Option<String>,
    pub(super) offset: u64,
    pub(super) length: u64,
}

impl Extent {
    /// The spans of each finding.
    pub(super) fn spans_by_finding(&self) -> BTreeMap<&str, &[Span]> {
        self.findings.iter().map(|finding| (finding.id.as_str(), &finding.spans[..])).collect()
    }
}
