//! Which sources exist, over which time, and where they fall silent against
//! their own rhythm.
//!
//! Records are counted by hour. An empty run of hours is a gap if such a run
//! would hardly happen by chance: each hour weighs by how rarely the same hour
//! of the day was empty on other days of its kind (working day, weekend), the
//! run itself left out. Sources too sparse for that are judged by their own
//! longest ordinary silences.

mod logs;

use std::collections::BTreeMap;

use clarte_model::lake::{self, ReadError, Records};
use clarte_model::time::SECOND;
use clarte_model::{Source, Timestamp};

pub(crate) use self::logs::silent;
use crate::answer::{Coverage, Gap};

/// How improbable a silence must be: the negative logarithm of its chance.
const IMPROBABLE: f64 = 9.0;

/// Hours below which a silence is never called a gap.
const SHORTEST: i64 = 2;

/// Sources in whose silence a case is interested even if they are absent.
const EXPECTED: &[Source] = &[
    Source::Mail,
    Source::Mta,
    Source::Proxy,
    Source::Http,
    Source::Dns,
    Source::Tls,
    Source::Flow,
    Source::Dhcp,
    Source::Signin,
    Source::Audit,
    Source::Host,
];

/// The records of one source by hour.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    records: u64,
    hours: BTreeMap<i64, Hour>,
}

#[derive(Debug, Clone, Copy)]
struct Hour {
    first: Timestamp,
    last: Timestamp,
}

/// All sources' timelines. Memory grows with hours, not with records.
pub(crate) fn read(records: &dyn Records) -> Result<BTreeMap<Source, Timeline>, ReadError> {
    let mut timelines: BTreeMap<Source, Timeline> = BTreeMap::new();
    for hour in records.hours()? {
        if !matches!(hour.source, Source::People | Source::Other) {
            timelines.entry(hour.source).or_default().add(&hour);
        }
    }
    Ok(timelines)
}

impl Timeline {
    fn add(&mut self, hour: &lake::Hour) {
        self.records += hour.records;
        if let Some((first, last)) = hour.bounds {
            let known = self.hours.entry(hour_of(first)).or_insert(Hour { first, last });
            known.first = known.first.min(first);
            known.last = known.last.max(last);
        }
    }

    fn bounds(&self) -> Option<(Timestamp, Timestamp)> {
        let first = self.hours.values().next()?;
        let last = self.hours.values().next_back()?;
        Some((first.first, last.last))
    }

    /// Every silence between two hours with records, and how many hours long.
    fn silences(&self) -> impl Iterator<Item = (i64, i64)> {
        self.hours
            .keys()
            .zip(self.hours.keys().skip(1))
            .filter(|(a, b)| *b - *a > 1)
            .map(|(a, b)| (a + 1, *b))
    }

    fn gaps(&self) -> Vec<Gap> {
        let slots = self.slots();
        let ordinary = self.ordinary_silence();
        let gaps = self.silences().filter_map(|(from, to)| {
            let hours = to - from;
            let improbable =
                hours >= SHORTEST && self.improbability(from, to, &slots) >= IMPROBABLE;
            let reason = if improbable {
                format!("no record for {hours} hours in which this source is hardly ever silent")
            } else if hours > ordinary {
                format!("no record for {hours} hours, far longer than this source's other silences")
            } else {
                return None;
            };
            let (before, after) = (self.hours.get(&(from - 1))?, self.hours.get(&to)?);
            Some(Gap { from: before.last, to: after.first, reason })
        });
        gaps.collect()
    }

    /// For each kind of hour: how many there were, and how many of them empty.
    fn slots(&self) -> BTreeMap<i64, (u32, u32)> {
        let mut slots: BTreeMap<i64, (u32, u32)> = BTreeMap::new();
        let (Some(first), Some(last)) = (self.hours.keys().next(), self.hours.keys().next_back())
        else {
            return slots;
        };
        for hour in *first..=*last {
            let slot = slots.entry(slot_of(hour)).or_default();
            slot.0 += 1;
            slot.1 += u32::from(!self.hours.contains_key(&hour));
        }
        slots
    }

    fn improbability(&self, from: i64, to: i64, slots: &BTreeMap<i64, (u32, u32)>) -> f64 {
        let mut own: BTreeMap<i64, u32> = BTreeMap::new();
        (from..to).for_each(|hour| *own.entry(slot_of(hour)).or_default() += 1);
        let chance = |(slot, here): (&i64, &u32)| {
            let (all, empty) = slots.get(slot).copied().unwrap_or_default();
            let (others, silent) = (f64::from(all - here), f64::from(empty - here));
            // With nothing to compare with, an even chance; and an hour that is
            // empty as often as not says nothing.
            let each = -((silent + 0.5) / (others + 1.0)).ln();
            if each > 0.7 { f64::from(*here) * each } else { 0.0 }
        };
        own.iter().map(chance).sum()
    }

    /// The longest silence, in hours, that is ordinary for a sparse source:
    /// four times its 99th percentile, and never less than a long weekend.
    fn ordinary_silence(&self) -> i64 {
        let mut lengths: Vec<i64> = self.silences().map(|(from, to)| to - from).collect();
        lengths.sort_unstable();
        lengths.pop();
        let at = lengths.len().saturating_sub(1) * 99 / 100;
        let usual = lengths.get(at).copied().unwrap_or(1);
        (usual * 4).max(96)
    }
}

fn hour_of(time: Timestamp) -> i64 {
    time.0.div_euclid(3_600 * SECOND)
}

/// The hour of the day, on a working day or on a weekend. 1970-01-01 was a
/// Thursday.
fn slot_of(hour: i64) -> i64 {
    let weekday = (hour.div_euclid(24) + 3).rem_euclid(7);
    hour.rem_euclid(24) + if weekday >= 5 { 24 } else { 0 }
}

/// The answer's coverage; absent sources are said to be absent over the
/// campaign's `duration`.
pub(crate) fn answer(
    timelines: &BTreeMap<Source, Timeline>,
    duration: (Option<Timestamp>, Option<Timestamp>),
) -> Vec<Coverage> {
    let mut all = Vec::new();
    for source in EXPECTED {
        let timeline = timelines.get(source);
        let bounds = timeline.and_then(Timeline::bounds);
        let gaps = timeline.map(Timeline::gaps).unwrap_or_default();
        let state = match (timeline, gaps.is_empty(), bounds) {
            (None, ..) => "absent",
            (Some(_), true, Some(_)) => "covered",
            (Some(_), ..) => "partial",
        };
        let absent = timeline.is_none();
        all.push(Coverage {
            source: source.as_str(),
            entity: "*".to_owned(),
            state,
            from: if absent { duration.0 } else { bounds.map(|(from, _)| from) },
            to: if absent { duration.1 } else { bounds.map(|(_, to)| to) },
            records: timeline.map_or(0, |timeline| timeline.records),
            gaps,
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source with a record in each of these hours, from a Monday on.
    fn timeline(hours: impl Iterator<Item = i64>) -> Timeline {
        let monday = 4 * 24;
        let mut timeline = Timeline::default();
        hours.for_each(|hour| {
            let at = Timestamp::from_seconds((monday + hour) * 3_600 + 60);
            timeline.add(&lake::Hour { source: Source::Dns, bounds: at.zip(at), records: 1 });
        });
        timeline
    }

    /// Office hours on working days, for `days` days.
    fn office(days: i64) -> impl Iterator<Item = i64> {
        (0..days * 24).filter(|hour| (hour / 24) % 7 < 5 && (8..18).contains(&(hour % 24)))
    }

    #[test]
    fn nights_and_weekends_are_no_gaps_for_an_office() {
        assert_eq!(timeline(office(28)).gaps(), []);
        assert_eq!(timeline(office(10)).gaps(), []);
    }

    #[test]
    fn a_working_day_without_records_is_a_gap_with_exact_ends() {
        let day = 9 * 24..10 * 24;
        let gaps = timeline(office(28).filter(|hour| !day.contains(hour))).gaps();
        assert_eq!(gaps.len(), 1);
        let hour = |seconds: i64| seconds / 3_600 - 4 * 24;
        assert_eq!(hour(gaps[0].from.seconds()), 8 * 24 + 17);
        assert_eq!(hour(gaps[0].to.seconds()), 10 * 24 + 8);
    }

    #[test]
    fn two_captures_years_apart_do_not_cover_the_years_between() {
        let gaps = timeline((0..10).chain(17_520..17_530)).gaps();
        assert_eq!(gaps.len(), 1);
    }
}
