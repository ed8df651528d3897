//! Measures answers against known truth.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

/// Runs the demo with seeds 1 to `seeds` and prints each score and their sum.
/// Fails if anybody was invented or anything overclaimed.
pub(crate) fn extent(root: &Path, seeds: u32) -> anyhow::Result<()> {
    let mut wrong = 0;
    for seed in 1..=seeds {
        let folder = tempfile::tempdir()?;
        let score = score(root, seed, &folder.path().join("case"))?;
        crate::say(&format!("seed {seed}: {}", serde_json::to_string(&score)?));
        let length = |list: &Value| list.as_array().map_or(0, Vec::len);
        wrong += length(&score["victims"]["invented"]);
        let rungs = score["rungs"].as_object().context("a score has rungs")?;
        wrong += rungs.values().map(|rung| length(&rung["overclaimed"])).sum::<usize>();
    }
    ensure!(wrong == 0, "{wrong} victims invented or rungs overclaimed");
    Ok(())
}

fn score(root: &Path, seed: u32, case: &Path) -> anyhow::Result<Value> {
    let binary = root.join("target").join("debug").join("clarte");
    let output = Command::new(&binary)
        .args(["demo", "--json", "--seed", &seed.to_string(), "--case"])
        .arg(case)
        .output()
        .with_context(|| {
            format!("cannot run {}: `cargo build --workspace` first", binary.display())
        })?;
    let text = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "seed {seed}: {text}");
    let start = text.find('{').context("no score")?;
    Ok(serde_json::from_str(&text[start..])?)
}
