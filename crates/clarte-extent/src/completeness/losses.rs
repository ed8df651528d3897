//! What sensors say that they did not see.
//!
//! Zeek measures how much of the connections it follows never reached it
//! (`capture_loss.log`: of `acks`, `gaps` were for bytes that it had not seen,
//! `percent_lost`, in the `ts_delta` before `ts`), and Suricata counts the
//! packets that the kernel dropped (`stats`). Specs:
//! <https://docs.zeek.org/en/master/scripts/policy/misc/capture-loss.zeek.html>,
//! <https://docs.suricata.io/en/latest/performance/statistics.html>.
//!
//! Where a hundredth and more is missing, whatever only the lost part showed is
//! missing too; less than that is of no account beside what a sensor misreads.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{Only, ReadError, Records};
use clarte_model::{Class, Field, Source, Timestamp};
use serde_json::Value;

use super::HOUR;
use crate::answer::Gap;
use crate::narrow;

/// The per cent of loss that counts.
const LOSS: f64 = 1.0;

/// How many stretches of loss are told apart.
const STRETCHES: usize = 256;

/// The longest interval that a measurement can speak for, in seconds.
const LONGEST: f64 = 7.0 * 86_400.0;

/// The sources that a sensor on the wire feeds.
pub(super) const ON_THE_WIRE: &[Source] = &[Source::Http, Source::Dns, Source::Tls, Source::Flow];

/// A time in which a sensor lost something.
#[derive(Debug, Clone, PartialEq)]
struct Loss {
    from: Timestamp,
    to: Timestamp,
    sensor: String,
    lost: f64,
    of: f64,
    percent: f64,
}

/// When sensors lost what they should have seen, and how much: for Zeek's logs
/// and for Suricata's.
pub(super) fn read(records: &dyn Records) -> Result<[(&'static str, Vec<Gap>); 2], ReadError> {
    Ok([("zeek", gaps("Zeek", zeek(records)?)), ("suricata", gaps("Suricata", suricata(records)?))])
}

fn zeek(records: &dyn Records) -> Result<Vec<Loss>, ReadError> {
    let mut all = Vec::new();
    scan(records, "zeek.capture_loss", &mut |to, row| {
        let number = |name| number(row.get(name));
        let Some(percent) = number("percent_lost").filter(|percent| *percent >= LOSS) else {
            return;
        };
        let Some(seconds) = number("ts_delta").filter(|delta| (0.0..=LONGEST).contains(delta))
        else {
            return;
        };
        all.push(Loss {
            from: to.plus_seconds(-(seconds.ceil() as i64)),
            to,
            sensor: row.get("peer").and_then(Value::as_str).unwrap_or_default().to_owned(),
            lost: number("gaps").unwrap_or_default(),
            of: number("acks").unwrap_or_default(),
            percent,
        });
    })?;
    Ok(all)
}

/// Suricata's counters grow until it starts anew: what was dropped within an
/// hour is what they grew by.
fn suricata(records: &dyn Records) -> Result<Vec<Loss>, ReadError> {
    let mut hours: BTreeMap<(String, i64), (Timestamp, [f64; 2])> = BTreeMap::new();
    scan(records, "suricata.stats", &mut |at, row| {
        let capture = row.get("stats").and_then(|stats| stats.get("capture"));
        let count = |name| number(capture?.get(name));
        let (Some(packets), Some(drops)) = (count("kernel_packets"), count("kernel_drops")) else {
            return;
        };
        let sensor = row.get("host").and_then(Value::as_str).unwrap_or_default().to_owned();
        let last = hours.entry((sensor, at.0.div_euclid(HOUR))).or_insert((at, [0.0; 2]));
        if last.0 <= at {
            *last = (at, [packets, drops]);
        }
    })?;
    let mut all = Vec::new();
    let mut before: Option<(&str, Timestamp, [f64; 2])> = None;
    for ((sensor, _), (at, [packets, drops])) in &hours {
        let known = before.filter(|(name, _, counts)| {
            name == sensor && counts[0] <= *packets && counts[1] <= *drops
        });
        before = Some((sensor, *at, [*packets, *drops]));
        // Of the first hour, and after a start anew, all that was counted.
        let (from, [seen, lost]) =
            known.map_or((at.plus_seconds(-3_600), [0.0; 2]), |(_, from, counts)| (from, counts));
        let (of, lost) = (packets - seen, drops - lost);
        // `kernel_packets` counts what was dropped too.
        let percent = if of > 0.0 { 100.0 * lost / of } else { 0.0 };
        if percent >= LOSS {
            let (sensor, to) = (sensor.clone(), *at);
            all.push(Loss { from, to, sensor, lost, of, percent: percent.min(100.0) });
        }
    }
    Ok(all)
}

fn scan(
    records: &dyn Records,
    log: &str,
    visit: &mut dyn FnMut(Timestamp, &serde_json::Map<String, Value>),
) -> Result<(), ReadError> {
    let logs = BTreeSet::from([log.to_owned()]);
    let only = [Only { field: Field::LogName, values: &logs }];
    narrow::scan(records, Class::Other, &[Field::LogName, Field::Unmapped], &only, &mut |stored| {
        let record = stored.record;
        if record.get_text(Field::LogName) != Some(log) {
            return;
        }
        let row = record.get_text(Field::Unmapped).and_then(|text| serde_json::from_str(text).ok());
        if let (Some(time), Some(Value::Object(row))) = (record.time, row) {
            visit(time.at, &row);
        }
    })
}

fn number(value: Option<&Value>) -> Option<f64> {
    let number = match value? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().trim_end_matches('%').parse().ok(),
        _ => None,
    };
    number.filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

/// Losses of one sensor that follow each other, as one.
fn gaps(whose: &str, mut all: Vec<Loss>) -> Vec<Gap> {
    all.sort_by(|a, b| {
        (&a.sensor, a.from, a.to)
            .cmp(&(&b.sensor, b.from, b.to))
            .then(a.percent.total_cmp(&b.percent))
    });
    all.dedup();
    // Of too many stretches those are joined that lie next to each other.
    let mut apart = 60;
    let mut joined = join(all, apart);
    while joined.len() > STRETCHES && apart < 1 << 32 {
        apart *= 4;
        joined = join(joined, apart);
    }
    let mut gaps: Vec<_> = joined
        .into_iter()
        .map(|loss| {
            let named = if loss.sensor.is_empty() { "sensor" } else { "sensor " };
            let reason = format!(
                "{whose}'s {named}{} lost up to {:.1} % of what it should have seen ({:.0} of \
                 {:.0}): what only that showed is missing",
                loss.sensor, loss.percent, loss.lost, loss.of
            );
            Gap { from: loss.from, to: loss.to, reason }
        })
        .collect();
    gaps.sort_by(|a, b| (a.from, a.to, &a.reason).cmp(&(b.from, b.to, &b.reason)));
    gaps
}

fn join(all: Vec<Loss>, apart: i64) -> Vec<Loss> {
    let mut joined: Vec<Loss> = Vec::new();
    for loss in all {
        match joined.last_mut() {
            Some(last)
                if last.sensor == loss.sensor && last.to.plus_seconds(apart) >= loss.from =>
            {
                last.to = last.to.max(loss.to);
                last.lost += loss.lost;
                last.of += loss.of;
                last.percent = last.percent.max(loss.percent);
            }
            _ => joined.push(loss),
        }
    }
    joined
}
