//! Zeek's logs into the lake, beside DuckDB's `COPY … ORDER BY ts` into Parquet.
//!
//! Ours hashes the file, keeps every line's place, sorts, indexes observables,
//! makes the run durable and draws an answer (without indicators: there is
//! little to draw). DuckDB's reads, sorts and writes. Both compress with zstd at
//! their default level. `reading` is the step that does what `COPY` does, and
//! what the goal is held against; `whole` is all of the command. The files have
//! been read once before, so both read them from memory: neither number says
//! anything about disks.

use std::path::Path;

use anyhow::Context;

use super::Bench;
use super::cell::{Cell, Goal};
use super::clarte::{self, Investigated};
use super::inputs::{self, Input};
use super::measure::{best, shown};
use super::peer::{Done, Task};
use super::report::{Report, Row};

/// Tab-separated logs: made ones, and real ones where there are any.
pub(super) fn tsv(bench: &Bench) -> anyhow::Result<Report> {
    let (folder, megabytes) = (&bench.folder, bench.options.megabytes);
    let mut inputs =
        vec![inputs::dns_tsv(folder, megabytes)?, inputs::conn_tsv(folder, megabytes)?];
    inputs.extend(inputs::real_dns_tsv(&bench.root, folder, megabytes)?);
    compare(bench, "zeek-tsv", &inputs, Task::CopyTsv, Goal::AtLeast(2.0))
}

/// JSON lines.
pub(super) fn json(bench: &Bench) -> anyhow::Result<Report> {
    let inputs = [inputs::dns_json(&bench.folder, bench.options.megabytes)?];
    compare(bench, "zeek-json", &inputs, Task::CopyJson, Goal::AtLeast(1.5))
}

fn compare(
    bench: &Bench,
    name: &'static str,
    inputs: &[Input],
    task: Task,
    goal: Goal,
) -> anyhow::Result<Report> {
    let peer = bench.peer.as_ref().map_or("not there".to_owned(), |peer| peer.version.clone());
    let mut report = Report::new(
        name,
        format!(
            "A log into columns, sorted by time. reading: into the lake, hashed and indexed. \
             whole: all of `clarte investigate`. DuckDB ({peer}): COPY alone.\n\
             Best of {} runs of each side, in turn; peaks are the highest of all runs. \
             Commands as for the first log.",
            bench.options.runs
        ),
    );
    if let Some(input) = inputs.first() {
        report.commands = commands(bench, input, task);
    }
    for input in inputs {
        for cores in bench.cores() {
            let (ours, theirs) = in_turn(bench, &mut report, input, cores, task)?;
            report.rows.push(row(input, cores, &ours, &theirs, goal));
        }
    }
    Ok(report)
}

/// The commands of one run on the most cores; the others differ in file and
/// cores.
fn commands(bench: &Bench, input: &Input, task: Task) -> Vec<String> {
    let cores = bench.most_cores();
    let case = bench.folder.join("case");
    let ours = shown(&bench.clarte.investigation(cores, &case, &[&input.path], None));
    let theirs = bench.peer.as_ref().map(|peer| {
        let arguments = arguments(bench, input, cores);
        shown(&peer.command(cores, task, &arguments.each_ref().map(String::as_str)))
    });
    std::iter::once(ours).chain(theirs).collect()
}

/// What a copying script takes: what to read, where to write, with how many
/// threads.
fn arguments(bench: &Bench, input: &Input, cores: &str) -> [String; 3] {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let threads = cores.split(',').count();
    [text(&input.path), text(&bench.folder.join("peer.parquet")), threads.to_string()]
}

/// Runs both sides in turn and checks that both have every row.
fn in_turn(
    bench: &Bench,
    report: &mut Report,
    input: &Input,
    cores: &str,
    task: Task,
) -> anyhow::Result<(Vec<Investigated>, Vec<Done>)> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let arguments = arguments(bench, input, cores);
    for _ in 0..bench.options.runs {
        let case = bench.fresh("case")?;
        let command = bench.clarte.investigation(cores, &case, &[&input.path], None);
        ours.push(clarte::investigate(command)?);
        let rows = bench.clarte.count(&case, input.table)?;
        check_rows(report, input, "clarte", rows);
        let Some(peer) = &bench.peer else { continue };
        let done = peer.run(cores, task, &arguments.each_ref().map(String::as_str))?;
        let rows = done.said["rows"].as_u64().context("the script counted no rows")?;
        check_rows(report, input, "DuckDB", rows);
        theirs.push(done);
    }
    bench.fresh("case")?;
    Ok((ours, theirs))
}

fn check_rows(report: &mut Report, input: &Input, who: &str, rows: u64) {
    if rows != input.rows {
        let name = input.name();
        report.unequal.push(format!("{name} has {} rows, {who} {rows}", input.rows));
    }
}

fn row(input: &Input, cores: &str, ours: &[Investigated], theirs: &[Done], goal: Goal) -> Row {
    let steps: Option<Vec<f64>> = ours.iter().map(|run| run.step("reading")).collect();
    let reading = steps.map(best);
    let whole = best(ours.iter().map(|run| run.seconds));
    let peer = (!theirs.is_empty()).then(|| best(theirs.iter().map(|run| run.seconds)));
    let faster = |ours: Option<f64>| Some(peer? / ours?);
    vec![
        ("log", Cell::text(input.name())),
        ("MB", Cell::Count(input.bytes / 1_000_000)),
        ("rows", Cell::Count(input.rows)),
        ("cores", Cell::text(cores)),
        ("reading", Cell::seconds(reading)),
        ("reading at", Cell::rate(input.bytes, reading)),
        ("whole", Cell::Seconds(whole)),
        ("whole at", Cell::rate(input.bytes, Some(whole))),
        ("DuckDB", Cell::seconds(peer)),
        ("DuckDB at", Cell::rate(input.bytes, peer)),
        ("reading faster", Cell::Times(faster(reading))),
        ("whole faster", Cell::Times(faster(Some(whole)))),
        ("goal (reading)", goal.cell(faster(reading))),
        ("peak", Cell::Memory(ours.iter().filter_map(|run| run.peak_bytes).max())),
        ("DuckDB's peak", Cell::Memory(theirs.iter().filter_map(|run| run.peak_bytes).max())),
    ]
}
