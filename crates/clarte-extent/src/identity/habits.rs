//! Which accounts were used at an address, hour by hour: named by proxies, in
//! sign-ins to clouds, machines and directories.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{Only, ReadError, Records};
use clarte_model::{Class, Field, Timestamp};

use super::{Acts, Who, account, hour_of};
use crate::cite::RecordRef;
use crate::narrow;
use crate::people::People;

/// How far, in hours, account names seen at an address speak for it.
const NEAR: i64 = 1;

/// How far, in hours, people who use an address at once make it a shared one.
const AROUND: i64 = 12;

/// How many people of one hour are told apart; so many share an address anyway.
const MANY: usize = 64;

/// The people of one hour: how many records name each, and the first.
type Hour = BTreeMap<String, (u32, RecordRef)>;

/// People seen at addresses by account name, in the hours around the acts.
#[derive(Debug, Default)]
pub(super) struct Habits(BTreeMap<String, BTreeMap<i64, Hour>>);

const FIELDS: &[Field] = &[
    Field::SrcIp,
    Field::UserName,
    Field::TargetUser,
    Field::UserEmail,
    Field::Status,
    Field::HttpStatus,
];

impl Habits {
    pub(super) fn read(
        records: &dyn Records,
        people: &People,
        acts: &Acts,
        ips: &BTreeSet<String>,
    ) -> Result<Self, ReadError> {
        let mut all: BTreeMap<String, BTreeMap<i64, Hour>> = BTreeMap::new();
        for (ip, times) in acts {
            let hours = times.iter().flat_map(|time| around(*time, AROUND));
            let hours = hours.map(|hour| (hour, Hour::new())).collect();
            all.insert(ip.clone(), hours);
        }
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let only = [Only { field: Field::SrcIp, values: ips }];
        for class in [Class::Http, Class::Authentication] {
            narrow::scan(records, class, FIELDS, &only, &mut |stored| {
                let record = stored.record;
                let (Some(ip), Some(user), Some(time)) =
                    (record.get_text(Field::SrcIp), account(record), record.time)
                else {
                    return;
                };
                // Whoever is refused may be anybody.
                let is_refused = record.get_text(Field::Status) == Some("failure")
                    || record.get_integer(Field::HttpStatus) == Some(407);
                let hours = all.get_mut(ip).filter(|_| !is_refused);
                let Some(seen) = hours.and_then(|hours| hours.get_mut(&hour_of(time.at))) else {
                    return;
                };
                if !names.contains_key(user) {
                    names.insert(user.to_owned(), people.by_account(user));
                }
                for person in names.get(user).into_iter().flatten() {
                    note(seen, person, RecordRef::of(&stored));
                }
            })?;
        }
        Ok(Self(all))
    }

    /// Who was at the address around that time.
    pub(super) fn who(&self, ip: &str, time: Timestamp) -> Who {
        let Some(hours) = self.0.get(ip) else { return Who::default() };
        let mut people: BTreeMap<&str, (u32, &RecordRef)> = BTreeMap::new();
        for (person, (count, at)) in around(time, NEAR).filter_map(|h| hours.get(&h)).flatten() {
            let known = people.entry(person).or_insert((0, at));
            *known = (known.0.saturating_add(*count), known.1.min(at));
        }
        // Several people at one time: a proxy, a gateway, an office's own
        // address. Whoever else is behind it may have no account.
        let crowded = |hour: i64| hours.get(&hour).is_some_and(|people| people.len() > 1);
        let is_shared = around(time, AROUND).any(crowded);
        let all: f64 = people.values().map(|(count, _)| f64::from(*count)).sum();
        let shown_by = people.values().map(|(_, at)| (*at).clone()).take(SHOWN).collect();
        let weigh = |(person, (count, _)): (&&str, &(u32, &RecordRef))| {
            ((*person).to_owned(), f64::from(*count) / all)
        };
        let candidates: BTreeMap<String, f64> = people.iter().map(weigh).collect();
        let is_open = is_shared || candidates.len() > 1;
        let how = match candidates.len() {
            0 => return Who { shared: is_shared, ..Who::default() },
            1 if !is_open => format!("the only account name seen at {ip} around that time"),
            _ => format!("account names seen at {ip} around that time, which several people use"),
        };
        let confidence = if is_open { 0.0 } else { 0.85 };
        Who { candidates, is_open, shared: is_shared, how, confidence, shown_by, ..Who::default() }
    }
}

/// How many records show who was at an address.
const SHOWN: usize = 4;

fn note(seen: &mut Hour, person: &str, at: RecordRef) {
    match seen.get_mut(person) {
        Some((count, first)) => {
            *count = count.saturating_add(1);
            if at < *first {
                *first = at;
            }
        }
        None => {
            seen.insert(person.to_owned(), (1, at));
            // Who is left does not depend on the order of records.
            if seen.len() > MANY {
                seen.pop_last();
            }
        }
    }
}

fn around(time: Timestamp, hours: i64) -> std::ops::RangeInclusive<i64> {
    hour_of(time) - hours..=hour_of(time) + hours
}
