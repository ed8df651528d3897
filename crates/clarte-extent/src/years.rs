//! The year of log lines that write none (classic syslog).
//!
//! A year comes from the same Message-ID in a dated record, and from there, by
//! the order within the file, to the rest of that file. A line whose year
//! cannot be found has no time. The clock is never asked.

use std::collections::BTreeMap;

use clarte_model::lake::{Hour, Only, ReadError, Records};
use clarte_model::{Class, EvidenceId, Field, Source, Timestamp};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::cite::RecordRef;
use crate::narrow;

/// How many Message-IDs of one turn of one file are compared with dated
/// records: enough to be sure, few enough to stay small.
const SAMPLED: usize = 512;

/// Days by which a server's stamp and a mail's may differ.
const NEAR: i64 = 3;

/// The year of the first turn of each file that has lines without one.
#[derive(Debug, Default)]
pub(crate) struct Years(BTreeMap<EvidenceId, i64>);

/// A local time without its year, as the parser left it.
struct Yearless {
    text: String,
    zone: TimeZone,
    /// How often the month jumped back since the file's beginning.
    turn: i64,
}

impl Yearless {
    fn read(unmapped: Option<&str>) -> Option<Self> {
        let value: serde_json::Value = serde_json::from_str(unmapped?).ok()?;
        let zone = value.get("zone").and_then(|zone| zone.as_str()).unwrap_or("UTC");
        Some(Self {
            text: value.get("yearless")?.as_str()?.to_owned(),
            zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
            turn: value.get("turn").and_then(|turn| turn.as_i64()).unwrap_or(0),
        })
    }

    fn in_year(&self, year: i64) -> Option<Timestamp> {
        let local: DateTime = format!("{year:04}-{}", self.text).parse().ok()?;
        Some(self.zone.to_timestamp(local).ok()?.into())
    }
}

impl Years {
    /// Finds the years of every file that needs one.
    pub(crate) fn read(records: &dyn Records) -> Result<Self, ReadError> {
        let waiting = sample(records)?;
        let ids = waiting.keys().cloned().collect();
        let only = [Only { field: Field::MailMessageId, values: &ids }];
        let mut votes: BTreeMap<EvidenceId, BTreeMap<i64, u32>> = BTreeMap::new();
        for class in [Class::Email, Class::Delivery] {
            narrow::scan(records, class, &[Field::MailMessageId], &only, &mut |stored| {
                let Some(dated) = stored.record.time else { return };
                let id = stored.record.get_text(Field::MailMessageId).unwrap_or_default();
                for (evidence, yearless) in waiting.get(id).into_iter().flatten() {
                    if let Some(year) = nearest(yearless, dated.at) {
                        let first = year - yearless.turn;
                        *votes.entry(*evidence).or_default().entry(first).or_default() += 1;
                    }
                }
            })?;
        }
        let most = |votes: BTreeMap<i64, u32>| votes.into_iter().max_by_key(|(_, count)| *count);
        let years = votes.into_iter().filter_map(|(file, votes)| Some((file, most(votes)?.0)));
        Ok(Self(years.collect()))
    }

    /// The files whose years were found.
    pub(crate) fn files(&self) -> impl Iterator<Item = &EvidenceId> {
        self.0.keys()
    }

    /// The moment of a line without a year; `None` if the year of its file is
    /// unknown or it is no such line.
    pub(crate) fn resolve(
        &self,
        evidence: &EvidenceId,
        unmapped: Option<&str>,
    ) -> Option<Timestamp> {
        let first = self.0.get(evidence)?;
        let yearless = Yearless::read(unmapped)?;
        yearless.in_year(first + yearless.turn)
    }
}

/// Lines without a year that may be found in dated records, by Message-ID: of
/// each turn of each file those with the smallest ids, so that the order of
/// records is moot.
fn sample(
    records: &dyn Records,
) -> Result<BTreeMap<String, Vec<(EvidenceId, Yearless)>>, ReadError> {
    let untimed = |hour: &Hour| hour.bounds.is_none() && hour.source != Source::Mail;
    if !records.hours()?.iter().any(untimed) {
        return Ok(BTreeMap::new());
    }
    let fields = [Field::MailMessageId, Field::Unmapped];
    let mut sampled: BTreeMap<(EvidenceId, i64), BTreeMap<(String, RecordRef), Yearless>> =
        BTreeMap::new();
    records.scan(Class::Delivery, &fields, &[], &mut |stored| {
        let record = stored.record;
        let Some(id) = record.get_text(Field::MailMessageId) else { return };
        if record.time.is_some() {
            return;
        }
        let Some(yearless) = Yearless::read(record.get_text(Field::Unmapped)) else { return };
        let lines = sampled.entry((stored.evidence, yearless.turn)).or_default();
        lines.insert((id.to_owned(), RecordRef::of(&stored)), yearless);
        if lines.len() > SAMPLED {
            lines.pop_last();
        }
    })?;
    let mut waiting: BTreeMap<String, Vec<(EvidenceId, Yearless)>> = BTreeMap::new();
    for ((evidence, _), lines) in sampled {
        for ((id, _), yearless) in lines {
            waiting.entry(id).or_default().push((evidence, yearless));
        }
    }
    Ok(waiting)
}

/// The year in which a yearless time lies near a dated one.
fn nearest(yearless: &Yearless, dated: Timestamp) -> Option<i64> {
    let around = jiff::Timestamp::from_nanosecond(dated.0.into()).ok()?;
    let year = i64::from(TimeZone::UTC.to_datetime(around).year());
    (year - 1..=year + 1).find(|year| {
        yearless
            .in_year(*year)
            .is_some_and(|at| (at.seconds() - dated.seconds()).abs() <= NEAR * 86_400)
    })
}
