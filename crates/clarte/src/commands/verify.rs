//! `clarte verify`: does the case still say what was sealed?

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use clarte_custody::HashingReader;

use crate::arguments::Verify;
use crate::commands;

pub(crate) fn run(arguments: &Verify) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(arguments.case.exists(), "{} does not exist", arguments.case.display());
    let mut failures = Vec::new();
    match clarte_custody::verify(&arguments.case.join("custody")) {
        Ok(verified) => {
            let size = verified.sealed.size;
            commands::print(&format!("custody log: {size} entries, as sealed\n"))?;
        }
        Err(cause) => failures.push(format!("custody log: {:#}", anyhow::Error::from(cause))),
    }
    let answer = arguments.case.join("out").join("extent.json");
    let log = arguments.case.join("custody").join("log.jsonl");
    match answer_as_logged(&answer, &log) {
        Ok(true) => commands::print("extent.json: the answer that the log names last\n")?,
        Ok(false) => {
            failures.push("extent.json: not the answer that the log names last".to_owned())
        }
        Err(cause) => failures.push(format!("extent.json: {cause:#}")),
    }
    if let Some(parent) = &arguments.evidence {
        let checked = check_evidence(&answer, parent, &mut failures)?;
        commands::print(&format!("evidence: {checked} files hashed again\n"))?;
    }
    for failure in &failures {
        commands::say(&format!("clarte: {failure}"));
    }
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(4) })
}

fn hash(path: &Path) -> anyhow::Result<String> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let (id, _) = HashingReader::new(file).finish()?;
    Ok(id.to_string())
}

/// Whether the answer has the hash that the log's last run gives it.
fn answer_as_logged(answer: &Path, log: &Path) -> anyhow::Result<bool> {
    let found = hash(answer)?;
    let mut text = String::new();
    File::open(log)?.read_to_string(&mut text)?;
    let last = text.lines().rev().find_map(|line| {
        let entry: serde_json::Value = serde_json::from_str(line).ok()?;
        entry["result"]["extent.json"].as_str().map(str::to_owned)
    });
    Ok(last.context("the log names no answer")? == found)
}

/// Hashes every piece of evidence again, wherever it was found.
fn check_evidence(
    answer: &Path,
    parent: &Path,
    failures: &mut Vec<String>,
) -> anyhow::Result<usize> {
    let file = File::open(answer)?;
    let extent: serde_json::Value = serde_json::from_reader(std::io::BufReader::new(file))?;
    let rows = extent["intake"].as_array().map(Vec::as_slice).unwrap_or_default();
    for row in rows {
        let (path, expected) = (row["path"].as_str().unwrap_or(""), row["evidence"].as_str());
        match hash(&parent.join(path)) {
            Ok(found) if Some(found.as_str()) == expected => {}
            Ok(_) => failures.push(format!("{path}: its bytes have changed")),
            Err(cause) => failures.push(format!("{path}: {cause:#}")),
        }
    }
    Ok(rows.len())
}
