//! Findings: a detector's statements about records.

use serde::{Deserialize, Serialize};

use crate::{Span, Timestamp};

/// A detector's statement about records, with its proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable name: a hash of detector, subject and key (see [`Finding::id`]).
    pub id: String,
    /// The detector, such as `lure.remote-beacon`.
    pub detector: String,
    /// One English sentence, without a final dot.
    pub title: String,
    /// When it happened, where that is known.
    pub time: Option<Timestamp>,
    /// From 0 to 1.
    pub confidence: f64,
    /// ATT&CK technique ids, such as `T1598.003`.
    pub techniques: Vec<String>,
    /// Why, each a short English sentence.
    pub reasons: Vec<String>,
    /// Whether this is only a lead: it makes no victim, rung or duration.
    pub lead: bool,
    /// The bytes that show it; never empty.
    pub spans: Vec<Span>,
}

impl Finding {
    /// The id of what `detector` says about `subject` with `key`.
    ///
    /// It depends neither on scores nor on versions, so that an analyst's
    /// decision about a finding survives a new run.
    pub fn id(detector: &str, subject: &str, key: &str) -> String {
        let mut hash = crate::record::Hasher::default();
        for part in [detector, subject, key] {
            hash.write(part.as_bytes());
            hash.write(&[0]);
        }
        format!("f-{:032x}", hash.finish())
    }
}
