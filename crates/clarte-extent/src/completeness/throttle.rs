//! Mailboxes of which more was read than the log still wrote down.
//!
//! Once a mailbox's log has more than a thousand accesses by message (`Bind`)
//! within 24 hours, none is written for the next 24 hours; accesses by folder
//! (`Sync`) still are, and some records say themselves that they were throttled
//! (`IsThrottled`). Spec:
//! <https://learn.microsoft.com/purview/audit-log-investigate-accounts>.
//! What was read in that time is unknown, not nothing.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{Only, ReadError, Records, Stored};
use clarte_model::time::SECOND;
use clarte_model::{Class, Field, Source, Timestamp, address};

use super::{HOUR, searches};
use crate::answer::{Coverage, Gap};
use crate::people::People;

/// Accesses within 24 hours beyond which a mailbox's log is throttled.
const THROTTLE: usize = 1_000;

/// For how long nothing is written then, and within how long they count.
const DAY: i64 = 24 * 3_600;

/// How many accesses of busy mailboxes are looked at one by one at a time.
const LOOKED_AT: u64 = 1 << 22;

const OPERATION: &str = "MailItemsAccessed";

const FIELDS: &[Field] =
    &[Field::ApiOperation, Field::UserEmail, Field::TargetUser, Field::EventUid, Field::Unmapped];

/// The accesses of one mailbox while they are counted.
#[derive(Default)]
struct Mailbox {
    days: BTreeMap<i64, u64>,
    /// When a record says that it was throttled.
    said: BTreeSet<Timestamp>,
}

/// Every such mailbox, under the name by which its owner is known.
pub(super) fn read(records: &dyn Records, people: &People) -> Result<Vec<Coverage>, ReadError> {
    let mut mailboxes: BTreeMap<String, Mailbox> = BTreeMap::new();
    scan(records, people, &mut |owner, time, access, _| {
        if !access.is_bind && !access.is_throttled {
            return;
        }
        let known = match mailboxes.get_mut(owner) {
            Some(known) => known,
            None => mailboxes.entry(owner.to_owned()).or_default(),
        };
        if access.is_bind {
            *known.days.entry(time.seconds().div_euclid(DAY)).or_default() += 1;
        }
        if access.is_throttled {
            known.said.insert(Timestamp(time.0.div_euclid(HOUR) * HOUR));
        }
    })?;
    // Two exports may hold the same access: only of those that may be too many
    // is every one looked at, of so many mailboxes at a time as memory allows.
    let mut exact: BTreeMap<&str, (u64, Vec<Stretch>)> = BTreeMap::new();
    for owners in portions(&mailboxes) {
        let mut accesses: BTreeMap<&str, Vec<(Timestamp, u64)>> = BTreeMap::new();
        scan(records, people, &mut |owner, time, access, event| {
            if let Some(owner) = owners.get(owner).filter(|_| access.is_bind) {
                accesses.entry(owner).or_default().push((time, event));
            }
        })?;
        for (owner, mut all) in accesses {
            all.sort_unstable();
            all.dedup();
            exact.insert(owner, (all.len() as u64, joined(exceeded(&all))));
        }
    }
    let mut all = Vec::new();
    for (owner, mailbox) in &mailboxes {
        let raw = || (mailbox.days.values().sum(), Vec::new());
        let (records, mut gaps) = exact.remove(owner.as_str()).unwrap_or_else(raw);
        gaps.extend(mailbox.said.iter().map(|hour| (*hour, hour.plus_seconds(DAY))));
        let gaps = joined(gaps);
        let (Some((from, _)), Some((_, to))) = (gaps.first(), gaps.last()) else { continue };
        let (from, to) = (*from, *to);
        let gap = |(from, to)| {
            let reason = "more was read than the log writes down within 24 hours \
                          (MailItemsAccessed is throttled): what was read then is unknown";
            Gap { from, to, reason: reason.to_owned() }
        };
        let gaps = gaps.into_iter().map(gap).collect();
        let entry = super::entry(Source::Audit, owner, "throttled");
        all.push(Coverage { from: Some(from), to: Some(to), records, gaps, ..entry });
    }
    Ok(all)
}

impl Mailbox {
    /// Whether any 24 hours may have too many: they lie in two days.
    fn may_exceed(&self) -> bool {
        let next = |day: &i64| self.days.get(&(day + 1)).copied().unwrap_or_default();
        self.days.iter().any(|(day, count)| count + next(day) > THROTTLE as u64)
    }
}

/// The mailboxes that may be throttled, in portions whose accesses can be held.
fn portions(mailboxes: &BTreeMap<String, Mailbox>) -> Vec<BTreeSet<&str>> {
    let (mut portions, mut held) = (Vec::new(), LOOKED_AT);
    for (owner, mailbox) in mailboxes.iter().filter(|(_, mailbox)| mailbox.may_exceed()) {
        let accesses: u64 = mailbox.days.values().sum();
        if held.saturating_add(accesses) > LOOKED_AT {
            portions.push(BTreeSet::new());
            held = 0;
        }
        held = held.saturating_add(accesses);
        if let Some(portion) = portions.last_mut() {
            portion.insert(owner.as_str());
        }
    }
    portions
}

/// From when on nothing was written, and until when.
type Stretch = (Timestamp, Timestamp);

fn exceeded(accesses: &[(Timestamp, u64)]) -> Vec<Stretch> {
    let mut all = Vec::new();
    for (first, last) in accesses.iter().zip(accesses.iter().skip(THROTTLE)) {
        if last.0.0 - first.0.0 < DAY * SECOND {
            all.push((last.0, last.0.plus_seconds(DAY)));
        }
    }
    all
}

/// Stretches that touch, as one.
fn joined(mut all: Vec<Stretch>) -> Vec<Stretch> {
    all.sort_unstable();
    let mut joined: Vec<Stretch> = Vec::new();
    for (from, to) in all {
        match joined.last_mut() {
            Some((_, end)) if *end >= from => *end = to.max(*end),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// What one record says of how mail was accessed.
struct Access {
    is_bind: bool,
    is_throttled: bool,
}

fn scan(
    records: &dyn Records,
    people: &People,
    visit: &mut dyn FnMut(&str, Timestamp, Access, u64),
) -> Result<(), ReadError> {
    let operation = BTreeSet::from([OPERATION.to_owned()]);
    let only = [Only { field: Field::ApiOperation, values: &operation }];
    // Most records are of a few mailboxes.
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    records.scan(Class::Api, FIELDS, &only, &mut |stored| {
        if stored.record.get_text(Field::ApiOperation) != Some(OPERATION) {
            return;
        }
        let Some(time) = stored.record.time else { return };
        let Some(written) = owner(&stored) else { return };
        if !owners.contains_key(written) {
            let email = address::normalise(written).unwrap_or_else(|| written.to_owned());
            owners.insert(written.to_owned(), people.canonical(&email));
        }
        let Some(owner) = owners.get(written) else { return };
        visit(owner, time.at, access(&stored), searches::event(&stored));
    })
}

/// Whose mailbox it was, as the record writes it.
fn owner<'r>(stored: &'r Stored<'_>) -> Option<&'r str> {
    let target = stored.record.get_text(Field::TargetUser).filter(|name| name.contains('@'));
    target.or_else(|| stored.record.get_text(Field::UserEmail))
}

fn access(stored: &Stored<'_>) -> Access {
    let unmapped = stored.record.get_text(Field::Unmapped).unwrap_or_default();
    // Most say just this. Within a text its quotes would be escaped.
    if unmapped.contains(r#""IsThrottled":"False""#) {
        for (words, is_bind) in
            [(r#""MailAccessType":"Bind""#, true), (r#""MailAccessType":"Sync""#, false)]
        {
            if unmapped.contains(words) {
                return Access { is_bind, is_throttled: false };
            }
        }
    }
    let parsed: Option<serde_json::Value> = serde_json::from_str(unmapped).ok();
    let says = |name: &str, word: &str| match parsed.as_ref().and_then(|all| all.get(name)) {
        Some(serde_json::Value::String(text)) => text.eq_ignore_ascii_case(word),
        Some(serde_json::Value::Bool(yes)) => yes.to_string() == word,
        _ => false,
    };
    // What does not say how it accessed mail may have been by message.
    Access { is_bind: !says("MailAccessType", "Sync"), is_throttled: says("IsThrottled", "true") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thousand_and_first_access_within_a_day_throttles_for_a_day() {
        let accesses = |count: i64, apart: i64| -> Vec<_> {
            (0..count).map(|at| (Timestamp(at * apart * SECOND), at as u64)).collect()
        };
        assert_eq!(joined(exceeded(&accesses(1_000, 1))), []);
        let once = joined(exceeded(&accesses(1_001, 1)));
        let second = |second: i64| Timestamp(second * SECOND);
        assert_eq!(once, [(second(1_000), second(1_000 + DAY))]);
        // One every 87 seconds is just fewer than a thousand and one a day.
        assert_eq!(joined(exceeded(&accesses(5_000, 87))), []);
        assert_eq!(joined(exceeded(&accesses(5_000, 86))).len(), 1);
    }
}
