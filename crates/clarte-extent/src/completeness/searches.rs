//! Searches of the audit log of which rows are missing.
//!
//! `Search-UnifiedAuditLog` numbers the rows of a search from one page to the
//! next (`ResultIndex`) and says with each how many the search found
//! (`ResultCount`); a row numbered -1 of 0 is what it gives when the search
//! timed out on the server. Spec:
//! <https://learn.microsoft.com/powershell/module/exchange/search-unifiedauditlog>.
//!
//! Rows do not say of which search they are. Those that name the same total are
//! taken as one, wherever they lie, since a search is often saved page by page;
//! a number that two different events have tells that there were several. Left
//! out: two searches with one total that complete each other by chance.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};

use clarte_model::lake::{ReadError, Records, Stored};
use clarte_model::{Class, Field, Source, Timestamp};

use super::numbers::Numbers;
use crate::answer::{Coverage, Gap};
use crate::cite::{Places, earliest};

/// How many totals are told apart.
const TOTALS: usize = 1 << 14;

/// How many holes are remembered over all searches.
const HOLES: usize = 1 << 18;

/// How many rows are compared event by event.
const COMPARED: usize = 1 << 22;

/// The classes that an export's rows become.
const CLASSES: &[Class] = &[Class::Api, Class::Authentication];

const FIELDS: &[Field] = &[Field::Sequence, Field::SequenceOf, Field::EventUid];

/// The rows that name one total.
#[derive(Default)]
struct Rows {
    numbers: Numbers,
    /// A number occurs twice: the row, or another search.
    has_again: bool,
    highest: i64,
    paths: BTreeSet<String>,
    more_paths: bool,
}

/// How many files one statement names.
const PATHS: usize = 3;

impl Rows {
    fn note(&mut self, path: &str, number: i64, time: Option<Timestamp>) {
        self.has_again |= !self.numbers.add(number, time);
        self.highest = self.highest.max(number);
        if !self.paths.contains(path) {
            if self.paths.len() < PATHS {
                self.paths.insert(path.to_owned());
            } else {
                // Which are named does not depend on the order of rows.
                self.more_paths = true;
                self.paths.insert(path.to_owned());
                self.paths.pop_last();
            }
        }
    }

    fn entity(&self) -> String {
        let paths: Vec<_> = self.paths.iter().map(String::as_str).collect();
        let more = if self.more_paths { ", …" } else { "" };
        format!("{}{more}", paths.join(", "))
    }
}

/// What the searches in evidence say of what they do not hold, as entries for
/// their exports.
pub(super) fn read(records: &dyn Records, places: &Places) -> Result<Vec<Coverage>, ReadError> {
    let mut totals: BTreeMap<i64, Rows> = BTreeMap::new();
    let mut failed: BTreeMap<String, Failed> = BTreeMap::new();
    let mut holes = 0;
    for class in CLASSES {
        records.scan(*class, FIELDS, &[], &mut |stored| {
            let Some((number, total)) = row(&stored) else { return };
            let time = stored.record.time.map(|time| time.at);
            let path = path(&stored, places);
            if number < 1 || total < 1 {
                failed.entry(path).or_default().add(time);
                return;
            }
            if holes >= HOLES {
                return;
            }
            let rows = totals.entry(total).or_default();
            let before = rows.numbers.stretches();
            rows.note(&path, number, time);
            holes = holes + rows.numbers.stretches() - before;
            // Which are left does not depend on the order of rows.
            if totals.len() > TOTALS
                && let Some((_, rows)) = totals.pop_last()
            {
                holes -= rows.numbers.stretches();
            }
        })?;
    }
    let several = several(records, &totals)?;
    let mut all: Vec<Coverage> =
        failed.into_iter().map(|(path, failed)| failed.entry(&path)).collect();
    for (total, rows) in &totals {
        let missing = match several.get(total) {
            Some(missing) => *missing,
            None => rows.numbers.missing_of(1, *total),
        };
        all.extend((missing > 0).then(|| entry(*total, rows, missing)));
    }
    Ok(all)
}

fn entry(total: i64, rows: &Rows, missing: u64) -> Coverage {
    let seen = rows.numbers.seen;
    // Nothing is missing before the last row that came: the rest did not.
    let is_cut = rows.numbers.missing_of(1, rows.highest.min(total)) == 0;
    let which = if is_cut { "its end is" } else { "rows in between are" };
    let reason = format!(
        "a search of the audit log found {total} rows and {missing} of them are not in what was \
         exported of it (ResultIndex, ResultCount): {which} missing"
    );
    let (from, to) = (rows.numbers.first, rows.numbers.last);
    let gap = from.zip(to).map(|(from, to)| Gap { from, to, reason });
    Coverage {
        from,
        to,
        records: seen,
        gaps: gap.into_iter().collect(),
        ..super::entry(Source::Audit, &rows.entity(), if is_cut { "truncated" } else { "partial" })
    }
}

/// Searches that failed on the server.
#[derive(Default)]
struct Failed {
    rows: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

impl Failed {
    fn add(&mut self, time: Option<Timestamp>) {
        self.rows += 1;
        self.first = earliest(self.first, time);
        self.last = self.last.max(time);
    }

    fn entry(self, path: &str) -> Coverage {
        let reason = "a search of the audit log failed on the server (ResultIndex -1, ResultCount \
                      0): what else it would have found was not exported";
        let gap = self.first.zip(self.last);
        let gap = gap.map(|(from, to)| Gap { from, to, reason: reason.to_owned() });
        Coverage {
            from: self.first,
            to: self.last,
            records: self.rows,
            gaps: gap.into_iter().collect(),
            ..super::entry(Source::Audit, path, "truncated")
        }
    }
}

/// The row's number in its search and how many the search found.
fn row(stored: &Stored<'_>) -> Option<(i64, i64)> {
    let record = stored.record;
    Some((record.get_integer(Field::Sequence)?, record.get_integer(Field::SequenceOf)?))
}

/// Where a stream was found.
pub(super) fn path(stored: &Stored<'_>, places: &Places) -> String {
    let path = places.get(&stored.evidence).and_then(|paths| paths.first());
    let path = path.map_or("", String::as_str);
    match stored.member {
        Some(member) => format!("{path}!/{member}"),
        None => path.to_owned(),
    }
}

type Quick = BuildHasherDefault<DefaultHasher>;

/// How many rows are missing of totals that occur with one number twice: each
/// number counts as often as different events have it.
fn several(
    records: &dyn Records,
    totals: &BTreeMap<i64, Rows>,
) -> Result<HashMap<i64, u64, Quick>, ReadError> {
    let again: BTreeSet<i64> =
        totals.iter().filter(|(_, rows)| rows.has_again).map(|(total, _)| *total).collect();
    let mut events: HashSet<(i64, i64, u64), Quick> = HashSet::default();
    if again.is_empty() {
        return Ok(HashMap::default());
    }
    for class in CLASSES {
        records.scan(*class, FIELDS, &[], &mut |stored| {
            let Some((number, total)) = row(&stored) else { return };
            if number > 0 && again.contains(&total) && events.len() < COMPARED {
                events.insert((total, number, event(&stored)));
            }
        })?;
    }
    if events.len() >= COMPARED {
        return Ok(HashMap::default());
    }
    let mut of_number: HashMap<(i64, i64), u64, Quick> = HashMap::default();
    for (total, number, _) in events {
        *of_number.entry((total, number)).or_default() += 1;
    }
    // As many searches as one number has events; each ought to have them all.
    let mut searches: HashMap<i64, (u64, u64), Quick> = HashMap::default();
    for ((total, number), count) in of_number {
        if number <= total {
            let (most, all) = searches.entry(total).or_default();
            (*most, *all) = ((*most).max(count), *all + count);
        }
    }
    let missing = |(total, (most, all)): (i64, (u64, u64))| {
        (total, most.saturating_mul(total.unsigned_abs()).saturating_sub(all))
    };
    Ok(searches.into_iter().map(missing).collect())
}

/// Which event a record is: by its source's own id, else by its time.
pub(super) fn event(stored: &Stored<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    match stored.record.get_text(Field::EventUid) {
        Some(uid) => uid.hash(&mut hasher),
        None => stored.record.time.map(|time| time.at.0).hash(&mut hasher),
    }
    hasher.finish()
}
