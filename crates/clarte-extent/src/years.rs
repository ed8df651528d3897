//! The year of log lines that write none (classic syslog).
//!
//! A year comes from the same Message-ID in a dated record, and from there, by
//! the order within the file, to the rest of that file. Where nothing of a file
//! has such a mail, its days are held against those of other evidence: if they
//! fit in one year and touch no other, it is that one. A line whose year cannot
//! be found has no time. The clock is never asked.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{Hour, ObservableKind, Only, ReadError, Records, Seen, Stored};
use clarte_model::time::SECOND;
use clarte_model::{Class, EvidenceId, Field, Moment, Precision, Source, Timestamp, ZoneBasis};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::cite::RecordRef;
use crate::narrow;

/// How many Message-IDs of one turn of one file are compared with dated
/// records: enough to be sure, few enough to stay small.
const SAMPLED: usize = 512;

/// Days by which a server's stamp and a mail's may differ.
const NEAR: i64 = 3;

/// More turns of the year than this no log has.
const TURNS: i64 = 100;

const DAY: i64 = 86_400 * SECOND;

/// The classes of which lines come by syslog, with what they are sources of.
const CARRIED: &[(Class, Source)] =
    &[(Class::Delivery, Source::Mta), (Class::Dns, Source::Dns), (Class::Dhcp, Source::Dhcp)];

/// A file, or a member of an archive.
type File = (EvidenceId, Option<String>);

/// The records of a case, those without a year in the year that was found for
/// them.
pub(crate) struct Dated<'r> {
    records: &'r dyn Records,
    /// The year of the first turn of each file that has lines without one.
    years: BTreeMap<File, i64>,
    /// The classes of those lines.
    classes: BTreeSet<Class>,
    /// Each source's records by hour, with those lines.
    hours: Vec<Hour>,
}

/// A local time without its year, as the parser left it.
#[derive(Clone)]
struct Yearless {
    text: String,
    zone: TimeZone,
    /// How often the month jumped back since the file's beginning.
    turn: i64,
}

impl Yearless {
    fn read(unmapped: Option<&str>) -> Option<Self> {
        let unmapped = unmapped.filter(|text| text.contains("\"yearless\""))?;
        let value: serde_json::Value = serde_json::from_str(unmapped).ok()?;
        let zone = value.get("zone").and_then(|zone| zone.as_str()).unwrap_or("UTC");
        Some(Self {
            text: value.get("yearless")?.as_str()?.to_owned(),
            zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
            turn: value
                .get("turn")
                .and_then(|turn| turn.as_i64())
                .unwrap_or(0)
                .clamp(-TURNS, TURNS),
        })
    }

    /// Its moment, if the file's first turn was in that year.
    fn since(&self, first: i64) -> Option<Timestamp> {
        let year = first + self.turn;
        let local: DateTime = format!("{year:04}-{}", self.text).parse().ok()?;
        Some(self.zone.to_timestamp(local).ok()?.into())
    }
}

impl<'r> Dated<'r> {
    /// Finds the years of every file that needs one.
    pub(crate) fn read(records: &'r dyn Records) -> Result<Self, ReadError> {
        let mut dated = Self {
            records,
            years: BTreeMap::new(),
            classes: BTreeSet::new(),
            hours: records.hours()?,
        };
        let lines = Lines::read(records, &dated.hours)?;
        if lines.files.is_empty() {
            return Ok(dated);
        }
        dated.years = lines.by_mail(records)?;
        let days = days(&dated.hours);
        for (file, lines) in &lines.files {
            if !dated.years.contains_key(file)
                && let Some(year) = by_days(lines, &days)
            {
                dated.years.insert(file.clone(), year);
            }
        }
        dated.count(&lines);
        Ok(dated)
    }

    /// Counts lines in the hours that were found for them, and no longer among
    /// those without a time.
    fn count(&mut self, lines: &Lines) {
        let mut moved: BTreeMap<Source, u64> = BTreeMap::new();
        for (file, buckets) in &lines.files {
            let Some(year) = self.years.get(file) else { continue };
            for ((class, source, _), bucket) in buckets {
                let bounds = bucket.first.since(*year).zip(bucket.last.since(*year));
                let Some(bounds) = bounds else { continue };
                let records = bucket.records;
                self.classes.insert(*class);
                self.hours.push(Hour { source: *source, bounds: Some(bounds), records });
                *moved.entry(*source).or_default() += records;
            }
        }
        for hour in self.hours.iter_mut().filter(|hour| hour.bounds.is_none()) {
            hour.records -= moved.get(&hour.source).copied().unwrap_or(0).min(hour.records);
        }
        self.hours.retain(|hour| hour.records > 0);
    }

    fn resolve(&self, stored: &Stored<'_>) -> Option<Moment> {
        let file = (stored.evidence, stored.member.map(str::to_owned));
        let first = self.years.get(&file)?;
        let yearless = Yearless::read(stored.record.get_text(Field::Unmapped))?;
        let at = yearless.since(*first)?;
        Some(Moment { at, precision: Precision::Second, basis: ZoneBasis::LocalAssumed })
    }
}

impl Records for Dated<'_> {
    fn scan(
        &self,
        class: Class,
        fields: &[Field],
        only: &[Only<'_>],
        visit: &mut dyn FnMut(Stored<'_>),
    ) -> Result<(), ReadError> {
        if !self.classes.contains(&class) {
            return self.records.scan(class, fields, only, visit);
        }
        let fields = [fields, &[Field::Unmapped]].concat();
        self.records.scan(class, &fields, only, &mut |stored| {
            let time = if stored.record.time.is_none() { self.resolve(&stored) } else { None };
            if time.is_none() {
                return visit(stored);
            }
            let mut record = stored.record.clone();
            record.time = time;
            visit(Stored { record: &record, ..stored });
        })
    }

    fn values(
        &self,
        kind: ObservableKind,
        visit: &mut dyn FnMut(Seen<'_>),
    ) -> Result<(), ReadError> {
        self.records.values(kind, visit)
    }

    fn hours(&self) -> Result<Vec<Hour>, ReadError> {
        Ok(self.hours.clone())
    }

    fn local_times(&self) -> Result<BTreeSet<EvidenceId>, ReadError> {
        let mut local = self.records.local_times()?;
        local.extend(self.years.keys().map(|(evidence, _)| *evidence));
        Ok(local)
    }
}

/// The lines without a year of one file, by class, source and hour.
type Buckets = BTreeMap<(Class, Source, (i64, String)), Bucket>;

/// The first and last of the lines of one hour, and how many they are.
struct Bucket {
    first: Yearless,
    last: Yearless,
    records: u64,
}

impl Bucket {
    fn add(&mut self, line: Yearless) {
        self.records += 1;
        if line.text < self.first.text {
            self.first = line;
        } else if line.text > self.last.text {
            self.last = line;
        }
    }
}

/// Every line without a year. Memory grows with the hours of such files.
#[derive(Default)]
struct Lines {
    files: BTreeMap<File, Buckets>,
    /// Those that may be found in dated records, by Message-ID: of each turn of
    /// each file those with the smallest ids, so that the order of records is
    /// moot.
    mails: BTreeMap<(File, i64), BTreeMap<(String, RecordRef), Yearless>>,
}

impl Lines {
    fn read(records: &dyn Records, hours: &[Hour]) -> Result<Self, ReadError> {
        let mut lines = Self::default();
        for (class, source) in CARRIED {
            if !hours.iter().any(|hour| hour.source == *source && hour.bounds.is_none()) {
                continue;
            }
            let fields = [Field::MailMessageId, Field::Unmapped];
            records.scan(*class, &fields, &[], &mut |stored| lines.add(*class, &stored))?;
        }
        Ok(lines)
    }

    fn add(&mut self, class: Class, stored: &Stored<'_>) {
        let record = stored.record;
        if record.time.is_some() {
            return;
        }
        let Some(yearless) = Yearless::read(record.get_text(Field::Unmapped)) else { return };
        let file = (stored.evidence, stored.member.map(str::to_owned));
        if let Some(id) = record.get_text(Field::MailMessageId) {
            let lines = self.mails.entry((file.clone(), yearless.turn)).or_default();
            lines.insert((id.to_owned(), RecordRef::of(stored)), yearless.clone());
            if lines.len() > SAMPLED {
                lines.pop_last();
            }
        }
        // `01-06T03`
        let hour = yearless.text.get(..8).unwrap_or_default().to_owned();
        let key = (class, record.source, (yearless.turn, hour));
        match self.files.entry(file).or_default().entry(key) {
            Entry::Occupied(mut known) => known.get_mut().add(yearless),
            Entry::Vacant(free) => {
                free.insert(Bucket { first: yearless.clone(), last: yearless, records: 1 });
            }
        }
    }

    /// The years that dated records of the same mails tell, by majority.
    fn by_mail(&self, records: &dyn Records) -> Result<BTreeMap<File, i64>, ReadError> {
        let mut waiting: BTreeMap<&str, Vec<(&File, &Yearless)>> = BTreeMap::new();
        for ((file, _), lines) in &self.mails {
            for ((id, _), yearless) in lines {
                waiting.entry(id).or_default().push((file, yearless));
            }
        }
        let ids = waiting.keys().map(|id| (*id).to_owned()).collect();
        let only = [Only { field: Field::MailMessageId, values: &ids }];
        let mut votes: BTreeMap<&File, BTreeMap<i64, u32>> = BTreeMap::new();
        for class in [Class::Email, Class::Delivery] {
            narrow::scan(records, class, &[Field::MailMessageId], &only, &mut |stored| {
                let Some(dated) = stored.record.time else { return };
                let id = stored.record.get_text(Field::MailMessageId).unwrap_or_default();
                for (file, yearless) in waiting.get(id).into_iter().flatten() {
                    if let Some(first) = nearest(yearless, dated.at) {
                        *votes.entry(file).or_default().entry(first).or_default() += 1;
                    }
                }
            })?;
        }
        let most = |votes: BTreeMap<i64, u32>| votes.into_iter().max_by_key(|(_, count)| *count);
        let years = votes.into_iter().filter_map(|(file, votes)| Some((file, most(votes)?.0)));
        Ok(years.map(|(file, year)| (file.clone(), year)).collect())
    }
}

/// The year of a file's first turn in which a line lies near a dated record of
/// its mail.
fn nearest(yearless: &Yearless, dated: Timestamp) -> Option<i64> {
    let first = year_of(dated)? - yearless.turn;
    (first - 1..=first + 1).find(|first| {
        yearless
            .since(*first)
            .is_some_and(|at| at.0.abs_diff(dated.0) <= (NEAR * DAY).unsigned_abs())
    })
}

fn year_of(time: Timestamp) -> Option<i64> {
    let at = jiff::Timestamp::from_nanosecond(time.0.into()).ok()?;
    Some(TimeZone::UTC.to_datetime(at).year().into())
}

/// The days of which there are dated records. Mail is left out: mailboxes go
/// back for years.
fn days(hours: &[Hour]) -> BTreeSet<i64> {
    let others = hours.iter().filter(|hour| !matches!(hour.source, Source::Mail | Source::People));
    let bounds = others.filter_map(|hour| hour.bounds);
    bounds.flat_map(|(first, last)| [first, last].map(|at| at.0.div_euclid(DAY))).collect()
}

/// The one year in which most of a file's days have other records, where no
/// day has any in another year.
fn by_days(lines: &Buckets, days: &BTreeSet<i64>) -> Option<i64> {
    let first = year_of(Timestamp(days.first()? * DAY))?;
    let last = year_of(Timestamp(days.last()? * DAY))?;
    let mut own: BTreeMap<(i64, &str), &Yearless> = BTreeMap::new();
    for ((_, _, (turn, hour)), bucket) in lines {
        own.entry((*turn, hour.get(..5).unwrap_or_default())).or_insert(&bucket.first);
    }
    let turns = own.values().map(|line| line.turn);
    let (least, most) = (turns.clone().min()?, turns.max()?);
    let mut fits = (first - most..=last - least).filter_map(|year| {
        let seen = own
            .values()
            .filter(|line| line.since(year).is_some_and(|at| days.contains(&at.0.div_euclid(DAY))));
        let seen = seen.count();
        (seen > 0).then_some((year, seen))
    });
    let (year, seen) = fits.next()?;
    (fits.next().is_none() && seen * 2 > own.len()).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(turn: i64, text: &str) -> Yearless {
        Yearless { text: text.to_owned(), zone: TimeZone::UTC, turn }
    }

    fn year(lines: &[(i64, &str)], dated: &[&str]) -> Option<i64> {
        let mut buckets = Buckets::new();
        for (turn, text) in lines {
            let key = (Class::Dhcp, Source::Dhcp, (*turn, text[..8].to_owned()));
            let (first, last) = (line(*turn, text), line(*turn, text));
            buckets.insert(key, Bucket { first, last, records: 1 });
        }
        let day = |day: &&str| line(0, &day[5..]).since(day[..4].parse().expect("a year"));
        let days = dated.iter().map(|at| day(at).expect("a day").0.div_euclid(DAY)).collect();
        by_days(&buckets, &days)
    }

    #[test]
    fn days_tell_the_year_if_they_fit_in_one_alone() {
        let (december, january) = ((0, "12-31T08:00:00"), (1, "01-01T08:00:00"));
        let dated = ["2020-12-31T10:00:00", "2021-01-01T10:00:00"];
        assert_eq!(year(&[december, january], &dated), Some(2020));
        assert_eq!(year(&[(0, "01-01T08:00:00")], &dated), Some(2021));
        // Nothing of that day, or of most of its days.
        assert_eq!(year(&[(0, "03-01T08:00:00")], &dated), None);
        let more = [december, january, (1, "01-02T08:00:00"), (1, "01-03T08:00:00")];
        assert_eq!(year(&more, &dated[..1]), None);
        // Two years have that day.
        let twice = ["2020-12-31T10:00:00", "2019-12-31T10:00:00"];
        assert_eq!(year(&[december], &twice), None);
        assert_eq!(year(&[december], &[]), None);
    }
}
