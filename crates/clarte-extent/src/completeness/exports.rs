//! Exports of exactly as many rows as their tool gives at most.
//!
//! Purview's audit search and a session of `Search-UnifiedAuditLog` end at
//! 50,000 rows
//! (<https://learn.microsoft.com/powershell/module/exchange/search-unifiedauditlog>),
//! a query of `Get-MessageTraceV2` at 5,000 and, unless told otherwise, at 1,000
//! (<https://learn.microsoft.com/powershell/module/exchange/get-messagetracev2>).
//! That an export has just as many may be chance; that it has them all is then
//! not to be believed. Left out: limits that vary with what was selected, such
//! as those of the sign-in log's downloads.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{ReadError, Records};
use clarte_model::{Class, EvidenceId, Source, Timestamp};

use crate::answer::{Coverage, Gap, Intake};
use crate::cite::earliest;

/// The limits, by the first word of a format's name.
const LIMITS: &[(&str, &[u64], Source)] =
    &[("audit", &[50_000], Source::Audit), ("message_trace", &[1_000, 5_000], Source::Mta)];

/// The share of rows that may have been unreadable without hiding that the
/// export had as many as it can have.
const UNREADABLE: u64 = 100;

/// Every export that was probably cut.
pub(super) fn read(records: &dyn Records, intake: &[Intake]) -> Result<Vec<Coverage>, ReadError> {
    let cut: Vec<_> = intake.iter().filter_map(|row| Some((row, limit(row)?))).collect();
    let streams: BTreeSet<_> =
        cut.iter().map(|(row, _)| (row.evidence, row.member.clone())).collect();
    let times = times(records, &streams)?;
    let entry = |(row, (limit, source)): (&Intake, (u64, Source))| {
        let path = match &row.member {
            Some(member) => format!("{}!/{member}", row.path),
            None => row.path.clone(),
        };
        let bounds = times.get(&(row.evidence, row.member.clone())).copied();
        let (from, to) = bounds.unwrap_or_default();
        let reason = format!(
            "the export {path} has exactly {limit} rows, the most that one gives: what else there \
             was is missing"
        );
        let gap = from.zip(to).map(|(from, to)| Gap { from, to, reason });
        Coverage {
            from,
            to,
            records: row.records,
            gaps: gap.into_iter().collect(),
            ..super::entry(source, &path, "truncated")
        }
    };
    Ok(cut.into_iter().map(entry).collect())
}

/// The limit at which an export ended.
fn limit(row: &Intake) -> Option<(u64, Source)> {
    let family = row.format.split('.').next()?;
    let (_, limits, source) = LIMITS.iter().find(|(name, ..)| *name == family)?;
    // A row that could not be read is one all the same.
    let reaches = |limit: &&u64| {
        let unread = limit.saturating_sub(row.records);
        row.records <= **limit && unread <= row.faults && unread <= **limit / UNREADABLE
    };
    limits.iter().find(reaches).map(|limit| (*limit, *source))
}

type Stream = (EvidenceId, Option<String>);

/// When something begins and ends.
type Span = (Option<Timestamp>, Option<Timestamp>);

/// The first and last record of each stream.
fn times(
    records: &dyn Records,
    streams: &BTreeSet<Stream>,
) -> Result<BTreeMap<Stream, Span>, ReadError> {
    let mut times = BTreeMap::new();
    if streams.is_empty() {
        return Ok(times);
    }
    for class in [Class::Api, Class::Authentication, Class::Delivery] {
        records.scan(class, &[], &[], &mut |stored| {
            let is_it = |(evidence, member): &&Stream| {
                *evidence == stored.evidence && member.as_deref() == stored.member
            };
            let (Some(time), Some(stream)) = (stored.record.time, streams.iter().find(is_it))
            else {
                return;
            };
            let (first, last) = times.entry(stream.clone()).or_insert((None, None));
            *first = earliest(*first, Some(time.at));
            *last = (*last).max(Some(time.at));
        })?;
    }
    Ok(times)
}
