//! `clarte verify`: does the case still say what was sealed?

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use clarte_custody::{HashingReader, Recovered};
use serde_json::Value;

use crate::arguments::Verify;
use crate::commands;

pub(crate) fn run(arguments: &Verify) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(arguments.case.exists(), "{} does not exist", arguments.case.display());
    let (mut failures, mut sealed) = (Vec::new(), 0);
    match clarte_custody::verify(&arguments.case.join("custody")) {
        Ok(verified) => {
            sealed = verified.sealed.size;
            commands::print(&format!("custody log: {sealed} entries, as sealed\n"))?;
            if verified.unsealed > 0 || verified.torn > 0 {
                let (entries, bytes) = (verified.unsealed, verified.torn);
                commands::print(&format!(
                    "custody log: {entries} entries and {bytes} bytes after them are not sealed, \
                     and count for nothing (a run goes on, or was interrupted)\n"
                ))?;
            }
            for lost in &verified.recovered {
                commands::print(&format!("custody log: {}\n", losses(lost)))?;
            }
        }
        Err(cause) => failures.push(format!("custody log: {:#}", anyhow::Error::from(cause))),
    }
    let told = told(&arguments.case.join("custody"), sealed);
    if let Ok(Told { missing: missing @ 1.., .. }) = told {
        commands::print(&format!(
            "custody log: {missing} entries are gone that it once had: cut off, or lost with it\n"
        ))?;
    }
    match clarte_case::differences(&arguments.case) {
        Ok(found) => {
            let bad = "not as it was written: name what it came from again";
            none_of(&found.changed, "every file as it was written", bad, &mut failures)?;
            let good = "all evidence that the custody log names";
            let bad = "its records are not in the lake: name it again";
            none_of(&found.missing, good, bad, &mut failures)?;
        }
        Err(cause) => failures.push(format!("lake: {:#}", anyhow::Error::from(cause))),
    }
    let answer = arguments.case.join("out").join("extent.json");
    if let Ok(Told { attribution: Some(named), .. }) = &told {
        let path = arguments.case.join("out").join("attribution.json");
        match hash(&path) {
            Ok(found) if found == *named => {
                commands::print("attribution.json: the answer that the log names last\n")?;
            }
            Ok(_) => {
                failures.push("attribution.json: not the answer that the log names last".to_owned())
            }
            Err(cause) => failures.push(format!("attribution.json: {cause:#}")),
        }
    }
    match told
        .and_then(|told| Ok(told.answer.context("the log names no answer")? == hash(&answer)?))
    {
        Ok(true) => commands::print("extent.json: the answer that the log names last\n")?,
        Ok(false) => {
            failures.push("extent.json: not the answer that the log names last".to_owned())
        }
        Err(cause) => failures.push(format!("extent.json: {cause:#}")),
    }
    let extent = read(&answer);
    match &extent {
        Ok(extent) => check_citations(extent, &mut failures),
        Err(cause) => failures.push(format!("extent.json: {cause:#}")),
    }
    if let (Some(parent), Ok(extent)) = (&arguments.evidence, &extent) {
        let checked = check_evidence(extent, parent, &mut failures);
        commands::print(&format!("evidence: {checked} files hashed again\n"))?;
    }
    for failure in &failures {
        commands::say(&format!("clarte: {failure}"));
    }
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(4) })
}

/// What was missing when the log was opened after a crash or in a copy.
fn losses(lost: &Recovered) -> String {
    format!(
        "{} bytes were set aside, {} sealed entries are missing, {} are not proved by a checkpoint \
         (cut off, or copied while in use)",
        lost.bytes, lost.missing, lost.unproved
    )
}

fn hash(path: &Path) -> anyhow::Result<String> {
    let (id, _) = HashingReader::new(clarte_custody::open_read_only(path)?).finish()?;
    Ok(id.to_string())
}

/// Tells that the lake has nothing of a kind, or all that it has.
fn none_of(
    found: &[String],
    good: &str,
    bad: &str,
    failures: &mut Vec<String>,
) -> anyhow::Result<()> {
    if found.is_empty() {
        return commands::print(&format!("lake: {good}\n"));
    }
    failures.extend(found.iter().map(|path| format!("{path}: {bad}")));
    Ok(())
}

/// What the custody log tells of the case.
#[derive(Default)]
struct Told {
    /// The answer's hash by the last sealed run.
    answer: Option<String>,
    /// The same of who answers for it, where that was asked.
    attribution: Option<String>,
    /// How many entries the log lacked when the lake was compared with it.
    missing: u64,
}

fn told(custody: &Path, sealed: u64) -> anyhow::Result<Told> {
    let mut told = Told::default();
    clarte_custody::entries(custody, |n, entry| {
        let named = |name: &str| {
            let sha256 = entry.result[name].as_str().filter(|_| n < sealed);
            sha256.map(str::to_owned)
        };
        told.answer = named("extent.json").or(told.answer.take());
        told.attribution = named("attribution.json").or(told.attribution.take());
        told.missing += entry.result["entries_missing"].as_u64().unwrap_or(0);
    })?;
    Ok(told)
}

fn read(answer: &Path) -> anyhow::Result<Value> {
    let file = clarte_custody::open_read_only(answer)?;
    serde_json::from_reader(BufReader::new(file)).context("it is no JSON")
}

fn rows<'v>(extent: &'v Value, key: &str) -> &'v [Value] {
    extent[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Every finding that a victim's rung names must be there, and every span must
/// lie inside the evidence that it names.
fn check_citations(extent: &Value, failures: &mut Vec<String>) {
    let bytes: BTreeMap<_, _> = rows(extent, "intake")
        .iter()
        .map(|row| (stream(row), row["bytes"].as_u64().unwrap_or(0)))
        .collect();
    let findings: BTreeSet<_> = rows(extent, "findings").iter().map(|f| f["id"].as_str()).collect();
    let rungs = rows(extent, "victims").iter().flat_map(|victim| rows(victim, "rungs"));
    for cited in rungs.flat_map(|rung| rows(rung, "findings")) {
        if !findings.contains(&cited.as_str()) {
            failures.push(format!("extent.json: finding {cited} is cited and not there"));
        }
    }
    for span in rows(extent, "findings").iter().flat_map(|finding| rows(finding, "spans")) {
        let number = |key: &str| span[key].as_u64().unwrap_or(u64::MAX);
        let end = number("offset").saturating_add(number("length"));
        if bytes.get(&stream(span)).is_none_or(|bytes| end > *bytes) {
            failures.push(format!("extent.json: a span lies outside its evidence: {span}"));
        }
    }
}

/// The evidence and the member that a row or a span is of.
fn stream(value: &Value) -> (Option<&str>, Option<&str>) {
    (value["evidence"].as_str(), value["member"].as_str())
}

/// Hashes every piece of evidence again, wherever it was found.
fn check_evidence(extent: &Value, parent: &Path, failures: &mut Vec<String>) -> usize {
    let mut checked = BTreeSet::new();
    for row in rows(extent, "intake") {
        let paths = rows(row, "paths").iter().chain([&row["path"]]);
        for path in paths.filter_map(|path| path.as_str()) {
            // An archive has a row for each of its members.
            if !checked.insert(path) {
                continue;
            }
            match hash(&parent.join(path)) {
                Ok(found) if Some(found.as_str()) == row["evidence"].as_str() => {}
                Ok(_) => failures.push(format!("{path}: its bytes have changed")),
                Err(cause) => failures.push(format!("{path}: {cause:#}")),
            }
        }
    }
    checked.len()
}
