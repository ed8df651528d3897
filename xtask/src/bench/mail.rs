//! Mails into records, beside `mail-parser` alone on the same mails.
//!
//! The numbers are criterion's, of the bench `formats` of `clarte-parse`, on one
//! thread: mails in memory, without files, hashing and lake. Ours does what
//! `mail-parser` does, because it uses it, and then finds references, owners,
//! templates and all else that joins need: 1x is out of reach.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::cell::{Cell, Goal};
use super::measure::{self, shown};
use super::report::{Report, Row};
use super::{Bench, inputs};

/// What of ours has something beside it.
const PAIRS: &str = "/(clarte|mail_parser)$";

/// Runs the bench and reads criterion's estimates.
pub(super) fn mail(bench: &Bench) -> anyhow::Result<Report> {
    let mut report = Report::new(
        "mail",
        "Mails into records with all features that joins need, beside mail-parser alone.\n\
         Criterion's mean on one thread.",
    );
    let estimates = bench.fresh("criterion")?;
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // The workspace's set of features, not the crate's own: what users run.
    command.args(["bench", "--workspace", "--bench", "formats", "--", PAIRS]);
    command.current_dir(&bench.root).env("CRITERION_HOME", &estimates);
    let data = inputs::data(&bench.root);
    if data.join("mail").is_dir() {
        command.env("CLARTE_DATA", data);
    }
    report.commands.push(shown(&command));
    measure::run(&mut command)?;
    report.rows = rows(&estimates)?;
    ensure!(!report.rows.is_empty(), "the bench `formats` compares nothing with mail-parser");
    Ok(report)
}

/// A row for every group that has both sides.
fn rows(estimates: &Path) -> anyhow::Result<Vec<Row>> {
    let entries = fs::read_dir(estimates).context("criterion left no estimates")?;
    let mut groups: Vec<_> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    groups.sort();
    groups.retain(|group| group.join("clarte").is_dir() && group.join("mail_parser").is_dir());
    groups.iter().map(|group| row(group)).collect()
}

fn row(group: &Path) -> anyhow::Result<Row> {
    let (ours, theirs) = (seconds(&group.join("clarte"))?, seconds(&group.join("mail_parser"))?);
    let benchmark = json(&group.join("clarte").join("new").join("benchmark.json"))?;
    let bytes = benchmark["throughput"]["Bytes"].as_u64().context("no throughput in bytes")?;
    let speed = Some(theirs / ours);
    Ok(vec![
        ("mails", Cell::text(group.file_name().unwrap_or_default().to_string_lossy())),
        ("bytes", Cell::Count(bytes)),
        ("clarte", Cell::Seconds(ours)),
        ("clarte at", Cell::rate(bytes, Some(ours))),
        ("mail-parser", Cell::Seconds(theirs)),
        ("mail-parser at", Cell::rate(bytes, Some(theirs))),
        ("its speed", Cell::Times(speed)),
        ("goal", Goal::AtLeast(0.5).cell(speed)),
    ])
}

/// Criterion's mean of one benchmark.
fn seconds(benchmark: &Path) -> anyhow::Result<f64> {
    let estimates = json(&benchmark.join("new").join("estimates.json"))?;
    let nanoseconds = estimates["mean"]["point_estimate"].as_f64();
    Ok(nanoseconds.context("an estimate without a mean")? / 1e9)
}

fn json(path: &Path) -> anyhow::Result<Value> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(serde_json::from_slice(&bytes)?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Cell, rows};

    #[test]
    fn reads_criterions_estimates_of_groups_with_both_sides() {
        let folder = tempfile::tempdir().unwrap();
        for (benchmark, nanoseconds) in
            [("mail/clarte", 4e6), ("mail/mail_parser", 3e6), ("logs/squid", 1e6)]
        {
            let new = folder.path().join(benchmark).join("new");
            fs::create_dir_all(&new).unwrap();
            let estimates = format!("{{\"mean\":{{\"point_estimate\":{nanoseconds}}}}}");
            fs::write(new.join("estimates.json"), estimates).unwrap();
            fs::write(new.join("benchmark.json"), "{\"throughput\":{\"Bytes\":400000}}").unwrap();
        }
        let rows = rows(folder.path()).unwrap();
        assert_eq!(rows.len(), 1);
        assert!(rows[0].contains(&("clarte at", Cell::MegabytesPerSecond(100.0))));
        assert!(rows[0].contains(&("its speed", Cell::Times(Some(0.75)))));
    }
}
