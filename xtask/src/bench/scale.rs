//! Ten times the evidence: does memory stay and time grow no faster?
//!
//! `clarte demo` makes the evidence, about as much as asked for, with people and
//! days grown alike; it is then investigated alone in a fresh case, indicators
//! included, once: it takes minutes, in which noise evens out. What the evidence
//! holds does not grow alike in every respect (the campaign does not), so this
//! says how the work grows with evidence, not with victims.

use std::fs;
use std::path::Path;

use super::Bench;
use super::cell::{Cell, Goal};
use super::clarte;
use super::measure::{self, shown};
use super::report::{Report, Row};

/// Bytes of evidence that the demo makes for a person and day.
const BYTES_A_DAY: f64 = 11_700.0;

/// Bytes of memory that must do.
const MEMORY: u64 = 300_000_000;

/// One size.
struct Measured {
    bytes: u64,
    people: u64,
    days: u64,
    seconds: f64,
    reading: Option<f64>,
    peak_bytes: Option<u64>,
}

/// Investigates evidence of every size asked for, the first as the measure of
/// the others.
pub(super) fn scale(bench: &Bench) -> anyhow::Result<Report> {
    let mut report = Report::new(
        "scale",
        "All of `clarte investigate` with indicators over a demo's evidence, one run each.\n\
         Grown: compared with the first row. Time may grow 1.1 times as much as the evidence.",
    );
    let mut all: Vec<Measured> = Vec::new();
    for gigabytes in &bench.options.scale {
        let measured = measure(bench, &mut report, *gigabytes)?;
        report.rows.push(row(&measured, all.first()));
        all.push(measured);
    }
    Ok(report)
}

fn measure(bench: &Bench, report: &mut Report, gigabytes: f64) -> anyhow::Result<Measured> {
    let cores = bench.most_cores();
    let (people, days) = people_and_days(gigabytes);
    let made = bench.fresh("scale")?;
    let mut demo = bench.clarte.demo(cores, &made, people, days);
    crate::say(&format!("bench-peers: {}", shown(&demo)));
    report.commands.push(shown(&demo));
    measure::run(&mut demo)?;
    let evidence = made.join("demo").join("evidence");
    let intel = made.join("demo").join("intel");
    let case = bench.fresh("case")?;
    let command = bench.clarte.investigation(cores, &case, &[&evidence], Some(&intel));
    report.commands.push(shown(&command));
    let taken = clarte::investigate(command)?;
    let bytes = bytes_in(&evidence)?;
    bench.fresh("case")?;
    bench.fresh("scale")?;
    Ok(Measured {
        bytes,
        people,
        days,
        seconds: taken.seconds,
        reading: taken.step("reading"),
        peak_bytes: taken.peak_bytes,
    })
}

/// A demo of about so many gigabytes.
fn people_and_days(gigabytes: f64) -> (u64, u64) {
    let people = (300.0 * gigabytes.sqrt()).round().max(3.0);
    let days = (gigabytes * 1e9 / BYTES_A_DAY / people).round().max(1.0);
    (people as u64, days as u64)
}

fn bytes_in(folder: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { bytes_in(&entry.path())? } else { metadata.len() };
    }
    Ok(bytes)
}

fn row(measured: &Measured, first: Option<&Measured>) -> Row {
    let peak = measured.peak_bytes;
    let grown = first.map(|first| measured.bytes as f64 / first.bytes as f64);
    let longer = first.map(|first| measured.seconds / first.seconds);
    let heavier = first.and_then(|first| Some(peak? as f64 / first.peak_bytes? as f64));
    // To a tenth, so that ten times the evidence has 11 as its goal.
    let most = grown.map(|grown| (grown * 11.0).round() / 10.0);
    vec![
        ("people", Cell::Count(measured.people)),
        ("days", Cell::Count(measured.days)),
        ("MB", Cell::Count(measured.bytes / 1_000_000)),
        ("whole", Cell::Seconds(measured.seconds)),
        ("whole at", Cell::rate(measured.bytes, Some(measured.seconds))),
        ("reading", Cell::seconds(measured.reading)),
        ("peak", Cell::Memory(peak)),
        ("goal (MB)", Goal::AtMost(MEMORY as f64 / 1e6).cell(peak.map(|peak| peak as f64 / 1e6))),
        ("evidence grown", Cell::Times(grown)),
        ("time grown", Cell::Times(longer)),
        ("goal (time)", most.map_or(Cell::None, |most| Goal::AtMost(most).cell(longer))),
        ("peak grown", Cell::Times(heavier)),
        ("goal (peak)", first.map_or(Cell::None, |_| Goal::AtMost(1.2).cell(heavier))),
    ]
}

#[cfg(test)]
mod tests {
    use super::{BYTES_A_DAY, Cell, Measured, people_and_days, row};

    #[test]
    fn a_demo_is_as_large_as_asked_for() {
        for gigabytes in [0.01, 1.0, 10.0] {
            let (people, days) = people_and_days(gigabytes);
            let bytes = people as f64 * days as f64 * BYTES_A_DAY;
            assert!((bytes / gigabytes / 1e9 - 1.0).abs() < 0.05, "{gigabytes}: {bytes}");
        }
    }

    #[test]
    fn a_size_is_held_against_the_first() {
        let of = |bytes, seconds, peak| Measured {
            bytes,
            people: 1,
            days: 1,
            seconds,
            reading: None,
            peak_bytes: Some(peak),
        };
        let first = of(1_000_000_000, 10.0, 250_000_000);
        let ten = row(&of(10_000_000_000, 112.0, 290_000_000), Some(&first));
        assert!(ten.contains(&("goal (time)", Cell::text("<= 11: missed"))));
        assert!(ten.contains(&("goal (peak)", Cell::text("<= 1.2: reached"))));
        assert!(ten.contains(&("goal (MB)", Cell::text("<= 300: reached"))));
        assert!(row(&first, None).contains(&("goal (time)", Cell::None)));
    }
}
