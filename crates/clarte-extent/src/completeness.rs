//! Where a source itself says that it is not whole: logs that were cleared or
//! in which numbers are missing, searches and exports of which rows are missing,
//! mailboxes whose accesses were no longer written down, kinds of sign-in that
//! were not exported, sensors that lost packets.
//!
//! What concerns a part of a source (a mailbox, a machine, an export) is an entry
//! of its own; what may have hidden anything from the whole source stands with
//! its `*` too, since nobody knows whom it hides.

mod exports;
mod losses;
mod numbers;
mod searches;
mod throttle;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clarte_model::lake::{Only, ReadError, Records};
use clarte_model::time::SECOND;
use clarte_model::{Class, Field, Source};

use self::numbers::Numbers;
use crate::answer::{Coverage, Gap, Intake};
use crate::cite::Places;
use crate::coverage;
use crate::people::People;

/// What Windows writes when a log is cleared: of Security, and of any other.
const CLEARED: &[&str] = &["1102", "104", "517"];

/// The kinds of sign-in that Entra logs apart, each an export of its own.
const SIGN_INS: &[&str] =
    &["interactive", "non-interactive", "service-principal", "managed-identity"];

const HOUR: i64 = 3_600 * SECOND;

/// What the case knows of its evidence.
pub(crate) struct Known<'k> {
    pub(crate) intake: &'k [Intake],
    pub(crate) people: &'k People,
    pub(crate) places: &'k Places,
}

/// Adds every such statement to the coverage by time.
pub(crate) fn complete(
    coverage: &mut Vec<Coverage>,
    records: &dyn Records,
    known: &Known<'_>,
) -> Result<(), ReadError> {
    let mut cut = searches::read(records, known.places)?;
    cut.extend(exports::read(records, known.intake)?);
    for entry in &cut {
        tear(coverage, &[entry.source], &entry.gaps);
    }
    let silent = coverage::silent(records, known.places)?;
    for entry in &silent {
        let gaps = named(entry, coverage);
        tear(coverage, &[entry.source], &gaps);
    }
    for (_, gaps) in losses::read(records)? {
        let sources = losses::ON_THE_WIRE.iter().map(|source| source.as_str());
        tear(coverage, &sources.collect::<Vec<_>>(), &gaps);
    }
    for (source, copies) in copies(records)? {
        let of = |entry: &&mut Coverage| entry.source == source.as_str() && entry.entity == "*";
        if let Some(entry) = coverage.iter_mut().find(of) {
            entry.records = entry.records.saturating_sub(copies);
        }
    }
    let mut all = cut;
    all.extend(silent);
    all.extend(cleared(records)?);
    all.extend(throttle::read(records, known.people)?);
    all.extend(missing_sign_ins(records, coverage)?);
    all.extend(missing_numbers(records)?);
    coverage.extend(all);
    // The sources themselves first, in their own order; then their parts.
    let parts = coverage.iter().take_while(|entry| entry.entity == "*").count();
    coverage[parts..].sort_by(|a, b| {
        (a.source, &a.entity, a.from, a.to).cmp(&(b.source, &b.entity, b.from, b.to))
    });
    Ok(())
}

/// The silences of one log among several that are not everybody's.
fn named(entry: &Coverage, coverage: &[Coverage]) -> Vec<Gap> {
    let all = coverage.iter().filter(|all| all.source == entry.source && all.entity == "*");
    let known: Vec<&Gap> = all.flat_map(|all| &all.gaps).collect();
    let is_known = |gap: &&Gap| known.iter().any(|all| all.from <= gap.from && all.to >= gap.to);
    let of = |gap: &Gap| {
        let reason = format!("{}: {}", entry.entity, gap.reason);
        Gap { reason, ..gap.clone() }
    };
    entry.gaps.iter().filter(|gap| !is_known(gap)).map(of).collect()
}

/// Gaps of whole sources: what is there is there only in part.
fn tear(coverage: &mut [Coverage], sources: &[&str], gaps: &[Gap]) {
    let of = |entry: &&mut Coverage| {
        entry.entity == "*" && entry.state != "absent" && sources.contains(&entry.source)
    };
    for entry in coverage.iter_mut().filter(of).filter(|_| !gaps.is_empty()) {
        entry.state = "partial";
        entry.gaps.extend_from_slice(gaps);
        entry.gaps.sort_by(|a, b| (a.from, a.to, &a.reason).cmp(&(b.from, b.to, &b.reason)));
        entry.gaps.dedup();
    }
}

fn entry(source: Source, entity: &str, state: &'static str) -> Coverage {
    Coverage {
        source: source.as_str(),
        entity: entity.to_owned(),
        state,
        from: None,
        to: None,
        records: 0,
        gaps: Vec::new(),
    }
}

/// Logs of machines that somebody emptied: what they held before is gone.
fn cleared(records: &dyn Records) -> Result<Vec<Coverage>, ReadError> {
    let mut machines: BTreeMap<String, Vec<Gap>> = BTreeMap::new();
    let fields = [Field::DeviceHostname, Field::Channel, Field::EventCode, Field::UserName];
    let codes = CLEARED.iter().map(|code| (*code).to_owned()).collect();
    let only = [Only { field: Field::EventCode, values: &codes }];
    records.scan(Class::EventLog, &fields, &only, &mut |stored| {
        let record = stored.record;
        let text = |field| record.get_text(field).unwrap_or_default();
        let Some(time) = record.time.map(|time| time.at) else { return };
        if !CLEARED.contains(&text(Field::EventCode)) {
            return;
        }
        let by = match text(Field::UserName) {
            "" => String::new(),
            name => format!(" by {name}"),
        };
        let reason = format!(
            "the log {} was cleared{by}: what it held until then is gone",
            text(Field::Channel)
        );
        let gaps = machines.entry(text(Field::DeviceHostname).to_owned()).or_default();
        gaps.push(Gap { from: time, to: time, reason });
    })?;
    let entries = machines.into_iter().map(|(machine, mut gaps)| {
        gaps.sort_by(|a, b| (a.from, &a.reason).cmp(&(b.from, &b.reason)));
        gaps.dedup();
        Coverage {
            to: gaps.last().map(|gap| gap.to),
            records: gaps.len() as u64,
            gaps,
            ..entry(Source::Host, &machine, "cleared")
        }
    });
    Ok(entries.collect())
}

/// Where some kinds of sign-in are in evidence: those that are not.
fn missing_sign_ins(
    records: &dyn Records,
    coverage: &[Coverage],
) -> Result<Vec<Coverage>, ReadError> {
    let mut seen = BTreeSet::new();
    let fields = [Field::LogonType, Field::LogName];
    records.scan(Class::Authentication, &fields, &[], &mut |stored| {
        // Other logs of sign-ins do not come in kinds.
        let is_entra = stored.record.get_text(Field::LogName) == Some("signin");
        if let Some(kind) = stored.record.get_text(Field::LogonType).filter(|_| is_entra)
            && let Some(known) = SIGN_INS.iter().find(|known| **known == kind)
        {
            seen.insert(*known);
        }
    })?;
    if seen.is_empty() {
        return Ok(Vec::new());
    }
    let whole = coverage.iter().find(|entry| entry.source == "signin" && entry.entity == "*");
    let (from, to) = whole.map_or((None, None), |whole| (whole.from, whole.to));
    let missing = SIGN_INS.iter().filter(|kind| !seen.contains(*kind));
    let absent = |kind: &&str| Coverage {
        from,
        to,
        ..entry(Source::Signin, &format!("{kind} sign-ins"), "absent")
    };
    Ok(missing.map(absent).collect())
}

/// How many records of each source are of an event that another record holds
/// already: exports overlap.
fn copies(records: &dyn Records) -> Result<BTreeMap<Source, u64>, ReadError> {
    /// Of more events no copy is counted.
    const EVENTS: usize = 1 << 23;
    let mut all: HashMap<Source, Vec<u64>> = HashMap::new();
    for class in [Class::Api, Class::Authentication] {
        records.scan(class, &[Field::EventUid], &[], &mut |stored| {
            if stored.record.get_text(Field::EventUid).is_some() {
                let events = all.entry(stored.record.source).or_default();
                if events.len() <= EVENTS {
                    events.push(searches::event(&stored));
                }
            }
        })?;
    }
    let copies = all.into_iter().filter_map(|(source, mut events)| {
        if events.len() > EVENTS {
            return None;
        }
        let before = events.len();
        events.sort_unstable();
        events.dedup();
        Some((source, (before - events.len()) as u64))
    });
    Ok(copies.collect())
}

/// The classes that records of machines' own logs can be of.
const NUMBERED: &[Class] = &[
    Class::Authentication,
    Class::Api,
    Class::Process,
    Class::Service,
    Class::Job,
    Class::EventLog,
    Class::Network,
    Class::Dns,
    Class::Other,
];

/// Logs of machines in which numbers are missing: events were deleted, filtered
/// out of an export, or lie in a file that is not in evidence.
fn missing_numbers(records: &dyn Records) -> Result<Vec<Coverage>, ReadError> {
    let mut logs: BTreeMap<(String, String), Numbers> = BTreeMap::new();
    let fields = [Field::DeviceHostname, Field::Channel, Field::Sequence];
    for class in NUMBERED {
        records.scan(*class, &fields, &[], &mut |stored| {
            let record = stored.record;
            let text = |field| record.get_text(field).unwrap_or_default();
            let number = record.get_integer(Field::Sequence);
            let (Some(number), Source::Host) = (number, record.source) else { return };
            // Most records are of a log that is known.
            let key = (text(Field::DeviceHostname), text(Field::Channel));
            let key = (key.0.to_owned(), key.1.to_owned());
            logs.entry(key).or_default().add(number, record.time.map(|time| time.at));
        })?;
    }
    let mut machines: BTreeMap<String, Coverage> = BTreeMap::new();
    for ((machine, channel), numbers) in logs {
        let missing = numbers.missing();
        let Some((from, to)) = numbers.first.zip(numbers.last).filter(|_| missing > 0) else {
            continue;
        };
        let at_least = if numbers.is_floor { "at least " } else { "" };
        let reason = format!(
            "{at_least}{missing} event numbers of the log {channel} are missing: deleted, filtered \
             out, or in a file that is not in evidence"
        );
        let new = || entry(Source::Host, &machine, "partial");
        let known = machines.entry(machine.clone()).or_insert_with(new);
        known.from = crate::cite::earliest(known.from, Some(from));
        known.to = known.to.max(Some(to));
        known.records += numbers.seen;
        known.gaps.push(Gap { from, to, reason });
    }
    Ok(machines.into_values().collect())
}
