//! Scans of those records alone that can matter.
//!
//! The index of values says, before any record is read, which of them a step
//! is after. A narrowed scan may still give more than was asked for, so that
//! whoever scans looks at every record all the same: narrowing saves time and
//! decides nothing.

use std::collections::BTreeSet;

use clarte_model::Class;
use clarte_model::Field;
use clarte_model::lake::{ObservableKind, Only, ReadError, Records, Stored};

/// How many values a scan is narrowed by at most: with more, most records
/// would match, and the set would no longer be small.
pub(crate) const MANY: usize = 100_000;

/// Scans the records of `class` that match one of `wanted`: none where nothing
/// is wanted, all where too much is.
pub(crate) fn scan(
    records: &dyn Records,
    class: Class,
    fields: &[Field],
    wanted: &[Only<'_>],
    visit: &mut dyn FnMut(Stored<'_>),
) -> Result<(), ReadError> {
    let wanted: Vec<Only<'_>> =
        wanted.iter().filter(|only| !only.values.is_empty()).copied().collect();
    match wanted.iter().map(|only| only.values.len()).sum::<usize>() {
        0 => Ok(()),
        1..=MANY => records.scan(class, fields, &wanted, visit),
        _ => records.scan(class, fields, &[], visit),
    }
}

/// The values of `kinds` that are wanted. Of too many to narrow a scan by, no
/// more are kept than show that.
pub(crate) fn values(
    records: &dyn Records,
    kinds: &[ObservableKind],
    wanted: &dyn Fn(&str) -> bool,
) -> Result<BTreeSet<String>, ReadError> {
    let mut found = BTreeSet::new();
    for kind in kinds {
        records.values(*kind, &mut |seen| {
            if found.len() <= MANY && wanted(seen.value) {
                found.insert(seen.value.to_owned());
            }
        })?;
    }
    Ok(found)
}
