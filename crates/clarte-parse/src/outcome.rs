//! What became of one file: a row for each of its streams.

use std::sync::Arc;

use clarte_model::account::Account;

use crate::block::{Part, join};

/// What became of one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The archive's member that it is; `None` where the file is no archive,
    /// and for the archive itself.
    pub member: Option<Arc<str>>,
    /// The format's name, as in `intake`; `unknown` or `empty` where none fits.
    /// Of an archive, the container's; of what a mapping read, the family's.
    pub format: &'static str,
    /// The whole name of the format where a mapping defines it: `mapped.NAME`.
    pub mapping: Option<Arc<str>>,
    /// Bytes of the stream, after decompression.
    pub bytes: u64,
    /// Parsed, faulted and skipped bytes, records and faults.
    pub account: Account,
    /// Whether a piece of the stream told `format`; if not, it is what the
    /// format is called where no piece does.
    told: bool,
    /// How many faults are kept with their spans.
    faults_kept: usize,
}

/// What is found out about a stream besides its account.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    pub(crate) format: &'static str,
    pub(crate) mapping: Option<Arc<str>>,
    /// Whether a piece of it told so.
    pub(crate) told: bool,
    pub(crate) bytes: u64,
}

/// What became of every stream of one file, in the order in which they ended.
///
/// A file that is no archive is one stream. Of an archive every member is one;
/// the archive itself has a row only where something of it was lost, or where
/// it holds nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcomes(Vec<Outcome>);

impl Outcome {
    /// The outcome of the file's stream `number`. The further back it stands,
    /// the fewer of its faults are kept, so that an archive of many damaged
    /// members is no larger than others.
    pub(crate) fn new(
        number: usize,
        member: Option<Arc<str>>,
        read: Stream,
        account: Account,
    ) -> Self {
        let faults_kept = match number {
            0..100 => usize::MAX,
            100..10_000 => 10,
            _ => 1,
        };
        let Stream { format, mapping, told, bytes } = read;
        let mut outcome = Self { member, format, mapping, bytes, account, told, faults_kept };
        outcome.forget_faults();
        outcome
    }

    /// The format's name, as in `intake`.
    pub fn name(&self) -> &str {
        self.mapping.as_deref().unwrap_or(self.format)
    }

    fn add(&mut self, part: Part) {
        if let Some(name) = join(self.told.then_some(self.format), part.name) {
            (self.format, self.told) = (name, self.told || part.name.is_some());
        }
        self.account.add(part.account);
        self.forget_faults();
    }

    /// Keeps the first: which those are does not depend on the order in which
    /// parts are added.
    fn forget_faults(&mut self) {
        self.account.first_faults.truncate(self.faults_kept);
    }
}

impl Outcomes {
    /// Adds what became of a block of one of the streams, in any order.
    pub fn add(&mut self, part: Part) {
        if let Some(outcome) = self.0.get_mut(part.stream) {
            outcome.add(part);
        }
    }

    /// Every stream's.
    pub fn iter(&self) -> std::slice::Iter<'_, Outcome> {
        self.0.iter()
    }

    /// How many streams there are; at least one.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none; no file is without.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The outcome of a file that is one stream; `None` of an archive with
    /// several.
    pub fn only(self) -> Option<Outcome> {
        <[Outcome; 1]>::try_from(self.0).ok().map(|[outcome]| outcome)
    }

    /// Adds the outcome of a further stream.
    pub(crate) fn push(&mut self, outcome: Outcome) {
        self.0.push(outcome);
    }
}

impl IntoIterator for Outcomes {
    type Item = Outcome;
    type IntoIter = std::vec::IntoIter<Outcome>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'o> IntoIterator for &'o Outcomes {
    type Item = &'o Outcome;
    type IntoIter = std::slice::Iter<'o, Outcome>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
