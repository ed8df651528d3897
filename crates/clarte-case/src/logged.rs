//! What the custody log says that a case holds, to be compared with what it
//! does hold.
//!
//! The log is read only where it cannot agree: its length is not the one that
//! the catalogue noted last, because a run was interrupted, the case was
//! copied, or part of it was lost.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clarte_custody::Operation;
use clarte_lake::Place;
use clarte_model::EvidenceId;

use crate::CaseError;
use crate::intelligence::Names;

/// What the log names.
#[derive(Debug, Default)]
pub(crate) struct Logged {
    /// Evidence with every place that it was found at, but what was given up.
    pub(crate) evidence: BTreeMap<EvidenceId, BTreeSet<Place>>,
    /// Intelligence by hash, with its names.
    pub(crate) intelligence: Names,
    /// The zones given last, by source.
    pub(crate) zones: BTreeMap<String, String>,
    /// The texts of the mappings given last, by name.
    pub(crate) mappings: BTreeMap<String, String>,
}

impl Logged {
    /// Reads the log of the case in `case`.
    pub(crate) fn read(case: &Path) -> Result<Self, CaseError> {
        let mut logged = Self::default();
        clarte_custody::entries(&case.join("custody"), |_, entry| {
            let result = &entry.result;
            let text = |key: &str| result[key].as_str().map(str::to_owned);
            match (entry.what, entry.evidence) {
                (Operation::Intake, Some(id)) => {
                    let at = entry.from.unwrap_or_default();
                    let path = text("path").unwrap_or_else(|| at.clone());
                    let place = Place { path, at, stamp: None };
                    logged.evidence.entry(id).or_default().insert(place);
                }
                (Operation::Intel, Some(id)) => {
                    let name = text("name").or(entry.from).unwrap_or_default();
                    logged.intelligence.entry(id).or_default().insert(name);
                }
                (Operation::Decision, _) => logged.decided(result),
                _ => {}
            }
        })?;
        Ok(logged)
    }

    fn decided(&mut self, result: &serde_json::Value) {
        for (source, zone) in result[ZONES].as_object().into_iter().flatten() {
            let zone = zone.as_str().unwrap_or_default();
            self.zones.insert(source.clone(), zone.to_owned());
        }
        for (name, mapping) in result[MAPPINGS].as_object().into_iter().flatten() {
            let text = mapping["text"].as_str().unwrap_or_default();
            self.mappings.insert(name.clone(), text.to_owned());
        }
        let given_up = result[GIVEN_UP].as_array().into_iter().flatten();
        let given_up = given_up.filter_map(|id| id.as_str()?.parse::<EvidenceId>().ok());
        for id in given_up {
            self.evidence.remove(&id);
        }
    }
}

/// What decisions are called in the log's results.
pub(crate) const ZONES: &str = "zones";
pub(crate) const MAPPINGS: &str = "mappings";
pub(crate) const GIVEN_UP: &str = "given_up";
