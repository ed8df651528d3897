//! The account of each stream, as the catalogue keeps it.

use clarte_lake::{FaultRow, StreamRow};
use clarte_parse::{Context, Outcome};

/// How many faults of one stream the catalogue keeps with their spans.
const FAULTS_KEPT: usize = 100;

/// The row of a stream that was read.
pub(super) fn stream(outcome: &Outcome, context: &Context) -> StreamRow {
    let account = &outcome.account;
    let faults = account.first_faults.iter().take(FAULTS_KEPT).map(|fault| FaultRow {
        offset: fault.offset,
        length: fault.length,
        kind: fault.kind.as_str().to_owned(),
        detail: fault.detail.clone(),
    });
    let skipped = account.skipped.iter();
    let counts = account.faults.iter();
    StreamRow {
        member: outcome.member.as_deref().map(str::to_owned),
        format: outcome.name().to_owned(),
        reading: clarte_parse::reading(outcome.name(), context),
        bytes: outcome.bytes,
        parsed: account.parsed,
        faulted: account.faulted,
        skipped: skipped.map(|(why, bytes)| (why.as_str().to_owned(), *bytes)).collect(),
        records: account.records,
        faults: counts.map(|(kind, count)| (kind.as_str().to_owned(), *count)).collect(),
        first_faults: faults.collect(),
    }
}
