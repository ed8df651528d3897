//! What is asked: what was seen, what else speaks for or against whom, and where
//! anybody looked at all.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::Dated;
use serde::{Deserialize, Serialize};

use crate::{Channel, Item};

/// How often unknown actors are at work, before anything is seen: one campaign
/// in ten. A judgement, which `--unknown` changes; a base of knowledge cannot
/// say what it lacks.
pub const UNKNOWN_PRIOR: f64 = 0.1;

/// What is asked of a base of knowledge.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Techniques and software.
    pub observed: Observed,
    /// Evidence in every other channel, and what others say.
    pub items: Vec<Item>,
    /// The channels in which anybody looked, whatever they found. Those of
    /// `observed` and `items` are among them.
    pub looked_at: BTreeSet<Channel>,
    /// The probability, before anything is seen, that the actor is not in the
    /// base.
    pub unknown_prior: f64,
}

/// Techniques and software that were observed: the shape of `--observed`.
///
/// ```
/// use clarte_attribution::Observed;
/// let text = r#"{"techniques": ["T1566.002"], "software": ["S0154"], "when": "2021-01"}"#;
/// let observed: Observed = serde_json::from_str(text)?;
/// assert_eq!(observed.when.map(|when| when.year()), Some(2021));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    /// ATT&CK technique ids.
    #[serde(default)]
    pub techniques: Vec<String>,
    /// Ids of software, or its names.
    #[serde(default)]
    pub software: Vec<String>,
    /// When the campaign began.
    #[serde(default)]
    pub when: Option<Dated>,
    /// The findings that show each technique or piece of software.
    #[serde(default)]
    pub findings: BTreeMap<String, Vec<String>>,
}

impl Question {
    /// What was observed, and nothing else.
    pub fn of(observed: Observed) -> Self {
        let looked_at = BTreeSet::new();
        Self { observed, items: Vec::new(), looked_at, unknown_prior: UNKNOWN_PRIOR }
    }
}
