//! What a log went on without: the result of a `recovered` entry.

use serde::{Deserialize, Serialize};

use crate::Checkpoint;

/// What [`crate::Log::open`] found broken and went on without.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recovered {
    /// Bytes of torn entries, moved to `log.torn`.
    #[serde(rename = "set_aside_bytes")]
    pub bytes: u64,
    /// Entries that were sealed and that the log does not have.
    pub missing: u64,
    /// Entries that the log has and no checkpoint proves, though they were
    /// sealed: what is in the folder cannot tell whether they were changed.
    pub unproved: u64,
    /// Whether the checkpoint itself was absent or could not be read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub without_checkpoint: bool,
    /// The checkpoint of the longer log. Whoever finds that log can show by it
    /// that it is the one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overruled: Option<Checkpoint>,
}

impl Recovered {
    /// Whether nothing was broken.
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// This, and what was found broken after it.
    pub(crate) fn and(self, later: Self) -> Self {
        Self {
            bytes: self.bytes.saturating_add(later.bytes),
            missing: self.missing.saturating_add(later.missing),
            unproved: self.unproved.saturating_add(later.unproved),
            without_checkpoint: self.without_checkpoint || later.without_checkpoint,
            overruled: self.overruled.or(later.overruled),
        }
    }
}
