//! Where a source itself says that it is not whole: logs that were cleared or
//! in which numbers are missing, mailboxes whose accesses were no longer written
//! down, kinds of sign-in that were not exported, exports cut at their limit.
//!
//! Microsoft's audit log stops noting which mails were read once a mailbox was
//! bound to more than a thousand times in 24 hours
//! (<https://learn.microsoft.com/purview/audit-log-investigate-accounts>), and
//! `Search-UnifiedAuditLog` gives at most 50,000 rows of one search
//! (<https://learn.microsoft.com/powershell/module/exchange/search-unifiedauditlog>).

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{Only, ReadError, Records};
use clarte_model::time::SECOND;
use clarte_model::{Class, Field, Source, Timestamp, address};

use crate::answer::{Coverage, Gap, Intake};

/// Accesses within 24 hours beyond which a mailbox's log is throttled.
const THROTTLE: u64 = 1_000;

/// The most rows that one search of the audit log gives.
const MOST_ROWS: u64 = 50_000;

/// What Windows writes when a log is cleared: of Security, and of any other.
const CLEARED: &[&str] = &["1102", "104", "517"];

/// The kinds of sign-in that Entra logs apart, each an export of its own.
const SIGN_INS: &[&str] =
    &["interactive", "non-interactive", "service-principal", "managed-identity"];

const HOUR: i64 = 3_600 * SECOND;

/// Every such statement, sorted.
pub(crate) fn read(records: &dyn Records, intake: &[Intake]) -> Result<Vec<Coverage>, ReadError> {
    let mut all = cleared(records)?;
    all.extend(throttled(records)?);
    all.extend(missing_sign_ins(records)?);
    all.extend(missing_numbers(records)?);
    all.extend(cut_exports(intake));
    all.sort_by(|a, b| {
        (a.source, &a.entity, a.from, a.to).cmp(&(b.source, &b.entity, b.from, b.to))
    });
    Ok(all)
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

/// Mailboxes of which more was read than the log still wrote down.
fn throttled(records: &dyn Records) -> Result<Vec<Coverage>, ReadError> {
    let mut mailboxes: BTreeMap<String, BTreeMap<i64, u64>> = BTreeMap::new();
    let operation = BTreeSet::from(["MailItemsAccessed".to_owned()]);
    let only = [Only { field: Field::ApiOperation, values: &operation }];
    let fields = [Field::ApiOperation, Field::UserEmail, Field::TargetUser];
    records.scan(Class::Api, &fields, &only, &mut |stored| {
        let record = stored.record;
        if record.get_text(Field::ApiOperation) != Some("MailItemsAccessed") {
            return;
        }
        let owner = record.get_text(Field::TargetUser).and_then(address::normalise);
        let owner = owner.or_else(|| record.get_text(Field::UserEmail).map(str::to_owned));
        if let (Some(owner), Some(time)) = (owner, record.time) {
            let hours = mailboxes.entry(owner).or_default();
            *hours.entry(time.at.0.div_euclid(HOUR)).or_default() += 1;
        }
    })?;
    let entries = mailboxes.into_iter().filter_map(|(mailbox, hours)| {
        let busy = |from: &i64| -> bool {
            hours.range(*from..from + 24).map(|(_, count)| count).sum::<u64>() > THROTTLE
        };
        let busy: Vec<i64> = hours.keys().copied().filter(busy).collect();
        let (first, last) = (*busy.first()?, *busy.last()?);
        Some(Coverage {
            from: Some(Timestamp(first * HOUR)),
            to: Some(Timestamp((last + 24) * HOUR)),
            records: hours.values().sum(),
            ..entry(Source::Audit, &mailbox, "throttled")
        })
    });
    Ok(entries.collect())
}

/// Where some kinds of sign-in are in evidence: those that are not.
fn missing_sign_ins(records: &dyn Records) -> Result<Vec<Coverage>, ReadError> {
    let mut seen = BTreeSet::new();
    records.scan(Class::Authentication, &[Field::LogonType], &[], &mut |stored| {
        let kind = stored.record.get_text(Field::LogonType);
        if let Some(kind) = kind.filter(|_| stored.record.source == Source::Signin)
            && let Some(known) = SIGN_INS.iter().find(|known| **known == kind)
        {
            seen.insert(*known);
        }
    })?;
    if seen.is_empty() {
        return Ok(Vec::new());
    }
    let missing = SIGN_INS.iter().filter(|kind| !seen.contains(*kind));
    Ok(missing.map(|kind| entry(Source::Signin, &format!("{kind} sign-ins"), "absent")).collect())
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
    let entries = logs.into_iter().filter_map(|((machine, channel), numbers)| {
        let missing = numbers.missing();
        if missing == 0 {
            return None;
        }
        let (from, to) = (numbers.first?, numbers.last?);
        let at_least = if numbers.is_floor { "at least " } else { "" };
        let reason = format!(
            "{at_least}{missing} event numbers of the log {channel} are missing: deleted, filtered \
             out, or in a file that is not in evidence"
        );
        Some(Coverage {
            from: Some(from),
            to: Some(to),
            records: numbers.seen,
            gaps: vec![Gap { from, to, reason }],
            ..entry(Source::Host, &machine, "partial")
        })
    });
    Ok(entries.collect())
}

/// How many stretches of numbers are told apart in one log.
const STRETCHES: usize = 1 << 16;

/// The numbers seen of one log.
#[derive(Debug, Default)]
struct Numbers {
    /// Stretches without a hole: the first number and the one after the last.
    stretches: BTreeMap<i64, i64>,
    seen: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    /// There were too many stretches, so that some holes were forgotten.
    is_floor: bool,
}

impl Numbers {
    fn add(&mut self, number: i64, time: Option<Timestamp>) {
        self.seen += 1;
        self.first = crate::cite::earliest(self.first, time);
        self.last = self.last.max(time);
        let Some(after) = number.checked_add(1) else { return };
        let before = self.stretches.range(..=number).next_back().map(|(from, to)| (*from, *to));
        let from = match before {
            Some((_, to)) if to > number => return,
            Some((from, to)) if to == number => from,
            _ => number,
        };
        let to = self.stretches.remove(&after).unwrap_or(after);
        self.stretches.insert(from, to);
        if self.stretches.len() > STRETCHES {
            self.is_floor = true;
            // The first hole is forgotten.
            if let (Some((from, _)), Some((_, to))) =
                (self.stretches.pop_first(), self.stretches.pop_first())
            {
                self.stretches.insert(from, to);
            }
        }
    }

    fn missing(&self) -> u64 {
        let ends = self.stretches.values();
        let begins = self.stretches.keys().skip(1);
        ends.zip(begins).map(|(end, begin)| begin.abs_diff(*end)).sum()
    }
}

/// Exports of exactly as many rows as one search can give.
fn cut_exports(intake: &[Intake]) -> impl Iterator<Item = Coverage> {
    let cut = intake
        .iter()
        .filter(|row| row.format.split('.').next() == Some("audit") && row.records == MOST_ROWS);
    cut.map(|row| Coverage { records: row.records, ..entry(Source::Audit, &row.path, "truncated") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_any_order_and_twice_have_the_same_holes() {
        for order in [[1, 2, 3, 7, 8, 12], [12, 8, 1, 7, 3, 2], [2, 12, 1, 8, 3, 7]] {
            let mut numbers = Numbers::default();
            order.iter().chain(&order).for_each(|number| numbers.add(*number, None));
            assert_eq!((numbers.missing(), numbers.seen), (6, 12));
        }
        let mut whole = Numbers::default();
        (5..500).rev().for_each(|number| whole.add(number, None));
        assert_eq!(whole.missing(), 0);
        let mut odd = Numbers::default();
        (0..200_000).for_each(|number| odd.add(2 * number, None));
        odd.add(i64::MAX, None);
        assert!(odd.is_floor && odd.missing() > 0 && odd.stretches.len() <= STRETCHES);
    }
}
