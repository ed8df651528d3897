//! A thousand new indicators over a case that has been read.
//!
//! Ours is all of `clarte investigate --intel LIST`: the list is read and noted
//! in the custody log, compared with the index, and, where it names what the
//! case shows, the answer drawn anew. Two lists are given: of one, 50 are
//! there; of the other, none. `clarte query` on the index gives the bare sights,
//! which are checked against DuckDB's.
//!
//! DuckDB asks for the same sights, first of our records, as one would without
//! an index, then of our index. Its interpreter's start does not count; our
//! command's does. It draws no answer.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::Value;

use super::Bench;
use super::cell::{Cell, Goal};
use super::clarte;
use super::inputs::{self, Dice, Input, Office};
use super::measure::{self, best, shown};
use super::peer::Task;
use super::report::{Report, Row};

/// A value with its first and last time and count.
type Sight = (String, i64, i64, u64);

/// A list to look for.
struct Listed {
    name: &'static str,
    path: PathBuf,
    values: Vec<String>,
}

/// Seconds of every run, by way of asking.
#[derive(Default)]
struct Runs {
    investigate: Vec<f64>,
    comparing: Vec<f64>,
    query: Vec<f64>,
    records: Vec<f64>,
    index: Vec<f64>,
}

/// What the ways found.
#[derive(Default)]
struct Found {
    query: BTreeSet<Sight>,
    records: Option<BTreeSet<Sight>>,
    index: Option<BTreeSet<Sight>>,
}

/// Makes a case of the made logs and asks it for both lists.
pub(super) fn indicators(bench: &Bench) -> anyhow::Result<Report> {
    let cores = bench.most_cores();
    let (folder, megabytes) = (&bench.folder, bench.options.megabytes);
    let logs = [
        inputs::dns_tsv(folder, megabytes)?,
        inputs::conn_tsv(folder, megabytes)?,
        inputs::dns_json(folder, megabytes)?,
    ];
    let case = bench.fresh("asked")?;
    let evidence: Vec<&Path> = logs.iter().map(|log| log.path.as_path()).collect();
    clarte::investigate(bench.clarte.investigation(cores, &case, &evidence, None))?;
    let mut report = Report::new("indicators", measured(&logs));
    for list in lists(folder)? {
        let (runs, found) = in_turn(bench, &mut report, &case, &list, cores)?;
        check(&mut report, &list, &found);
        report.rows.extend(rows(&list, &runs, found.query.len()));
    }
    bench.fresh("asked")?;
    Ok(report)
}

fn measured(logs: &[Input]) -> String {
    let rows: u64 = logs.iter().map(|log| log.rows).sum();
    let bytes: u64 = logs.iter().map(|log| log.bytes).sum();
    format!(
        "1,000 indicators that a case of {rows} records ({} MB of logs) has not met.\n\
         investigate: all of the command, a new answer included; comparing: its step.\n\
         DuckDB: its query alone, on our records, and on our index.",
        bytes / 1_000_000
    )
}

/// Both lists, the same in every run.
fn lists(folder: &Path) -> anyhow::Result<[Listed; 2]> {
    let office = Office::new();
    let mut dice = Dice::new(4);
    let mut missing = |number: usize| -> Vec<String> {
        let name = |at: usize| format!("host{at}.unseen{:x}.example", dice.any() >> 32);
        let mut values: Vec<String> = (0..number * 2 / 3).map(name).collect();
        let addresses: BTreeSet<_> =
            std::iter::repeat_with(|| inputs::unused_address(&mut dice)).take(number).collect();
        let rest = number - values.len();
        values.extend(addresses.into_iter().take(rest));
        values
    };
    let (none, mut some) = (missing(1000), missing(950));
    some.extend(known(&office));
    let listed = |name, values: Vec<String>| -> anyhow::Result<Listed> {
        let path = folder.join(format!("{name}.txt"));
        fs::write(&path, values.join("\n") + "\n")?;
        Ok(Listed { name, path, values })
    };
    Ok([listed("some-are-there", some)?, listed("none-is-there", none)?])
}

/// Fifty values that the logs show: names, registrable domains, addresses; from
/// the known ones to the rare.
fn known(office: &Office) -> BTreeSet<String> {
    let of_labels = |labels: usize| {
        let names = office.names.iter().map(|name| name.host.as_str());
        names.filter(move |host| host.split('.').count() == labels).step_by(150)
    };
    let hosts = of_labels(3).take(20).chain(of_labels(2).take(20)).map(str::to_owned);
    let addresses = office.names.iter().step_by(500).filter_map(|name| name.addresses.first());
    hosts.chain(addresses.take(10).cloned()).collect()
}

/// Asks in every way in turn.
fn in_turn(
    bench: &Bench,
    report: &mut Report,
    case: &Path,
    list: &Listed,
    cores: &str,
) -> anyhow::Result<(Runs, Found)> {
    let (mut runs, mut found) = (Runs::default(), Found::default());
    let lake = case.join("lake").to_string_lossy().into_owned();
    let path = list.path.to_string_lossy().into_owned();
    let threads = cores.split(',').count().to_string();
    for run in 0..bench.options.runs {
        let copy = bench.fresh("case")?;
        link(case, &copy)?;
        let investigation = bench.clarte.investigation(cores, &copy, &[], Some(&list.path));
        let mut question = bench.clarte.question(cores, case, &sights_of(&list.values));
        if run == 0 {
            report.commands.extend([shown(&investigation), shown(&question)]);
        }
        let investigated = clarte::investigate(investigation)?;
        runs.comparing.extend(investigated.step("comparing"));
        runs.investigate.push(investigated.seconds);
        let asked = measure::run(&mut question)?;
        found.query = clarte::rows(&asked)?
            .iter()
            .map(sight)
            .collect::<Option<_>>()
            .context("a query answered something else")?;
        runs.query.push(asked.seconds);
        let Some(peer) = &bench.peer else { continue };
        for (way, seconds, seen) in [
            ("records", &mut runs.records, &mut found.records),
            ("index", &mut runs.index, &mut found.index),
        ] {
            let arguments = [way, &lake, &path, &threads];
            if run == 0 {
                report.commands.push(shown(&peer.command(cores, Task::Indicators, &arguments)));
            }
            let done = peer.run(cores, Task::Indicators, &arguments)?;
            seconds.push(done.seconds);
            let said = done.said["seen"].as_array().context("the script saw nothing")?;
            let sights = said.iter().map(sight_in_a_list).collect::<Option<_>>();
            *seen = Some(sights.context("the script saw something else")?);
        }
    }
    bench.fresh("case")?;
    Ok((runs, found))
}

/// First and last sight of each value, as a partner would be answered. A name
/// of two labels is counted in `domain` with all below it, itself included, so
/// the larger count is the whole.
fn sights_of(values: &[String]) -> String {
    format!(
        "select value, cast(min(first) as bigint) as first, cast(max(last) as bigint) as last, \
         max(count) as count from observable \
         where type in ('domain', 'hostname', 'ip') and value in ('{}') group by value",
        values.join("', '")
    )
}

fn sight(row: &Value) -> Option<Sight> {
    Some((
        row["value"].as_str()?.to_owned(),
        row["first"].as_i64()?,
        row["last"].as_i64()?,
        row["count"].as_u64()?,
    ))
}

fn sight_in_a_list(row: &Value) -> Option<Sight> {
    Some((row[0].as_str()?.to_owned(), row[1].as_i64()?, row[2].as_i64()?, row[3].as_u64()?))
}

fn check(report: &mut Report, list: &Listed, found: &Found) {
    for (who, theirs) in [("records", &found.records), ("index", &found.index)] {
        let Some(theirs) = theirs else { continue };
        let differ: Vec<_> = found.query.symmetric_difference(theirs).take(3).collect();
        if !differ.is_empty() {
            report.unequal.push(format!("{}: DuckDB on {who} and clarte: {differ:?}", list.name));
        }
    }
}

fn rows(list: &Listed, runs: &Runs, found: usize) -> Vec<Row> {
    let least = |seconds: &[f64]| (!seconds.is_empty()).then(|| best(seconds.iter().copied()));
    let (records, index) = (least(&runs.records), least(&runs.index));
    let row = |way: &'static str, seconds: &[f64], goal: bool| -> Row {
        let seconds = least(seconds);
        // A step of no hundredth of a second has no ratio.
        let faster = |theirs: Option<f64>| Some(theirs? / seconds.filter(|time| *time > 0.0)?);
        let goal = goal.then(|| Goal::AtLeast(5.0).cell(faster(records)));
        vec![
            ("list", Cell::text(list.name)),
            ("found", Cell::Count(found as u64)),
            ("way", Cell::text(way)),
            ("time", Cell::seconds(seconds)),
            ("faster than DuckDB on records", Cell::Times(faster(records))),
            ("than DuckDB on index", Cell::Times(faster(index))),
            ("goal", goal.unwrap_or(Cell::None)),
        ]
    };
    vec![
        row("clarte investigate", &runs.investigate, true),
        row("  of it, comparing", &runs.comparing, false),
        row("clarte query, index", &runs.query, true),
        row("DuckDB, records", &runs.records, false),
        row("DuckDB, index", &runs.index, false),
    ]
}

/// A copy of a case whose Parquet files are the same files: they are never
/// changed, only replaced.
fn link(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (source, target) = {
            let entry = entry?;
            (entry.path(), to.join(entry.file_name()))
        };
        if source.is_dir() {
            link(&source, &target)?;
        } else if source.extension().is_some_and(|kind| kind == "parquet") {
            fs::hard_link(&source, &target)?;
        } else {
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::{Found, Listed, Report, check, lists, sight, sight_in_a_list};

    #[test]
    fn lists_hold_a_thousand_values_each_and_fifty_in_common_with_the_logs() {
        let folder = tempfile::tempdir().unwrap();
        let [some, none] = lists(folder.path()).unwrap();
        for list in [&some, &none] {
            assert_eq!(list.values.iter().collect::<BTreeSet<_>>().len(), 1000, "{}", list.name);
        }
        let unseen = |value: &&String| value.contains(".unseen") || value.starts_with("198.19.");
        assert_eq!(some.values.iter().filter(unseen).count(), 950);
        assert_eq!(none.values.iter().filter(unseen).count(), 1000);
    }

    #[test]
    fn answers_that_differ_are_told() {
        let ours = sight(&json!({"value": "a.example", "first": 1, "last": 2, "count": 3}));
        let theirs = sight_in_a_list(&json!(["a.example", 1, 2, 3]));
        assert_eq!(ours, theirs);
        let list = Listed { name: "list", path: "list.txt".into(), values: Vec::new() };
        let mut found = Found { query: ours.into_iter().collect(), ..Found::default() };
        let mut report = Report::new("indicators", "");
        found.records = Some(theirs.into_iter().collect());
        check(&mut report, &list, &found);
        assert!(report.unequal.is_empty());
        found.index = Some(BTreeSet::new());
        check(&mut report, &list, &found);
        assert_eq!(report.unequal.len(), 1);
    }
}
