//! Measures answers against known truth.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

/// Runs the demo with seeds 1 to `seeds` and prints each score and their sum.
/// Fails if anybody was invented, anything overclaimed or bracketed wrongly.
pub(crate) fn extent(root: &Path, seeds: u32) -> anyhow::Result<()> {
    let mut sum = Sum::default();
    for seed in 1..=seeds {
        let folder = tempfile::tempdir()?;
        let score = score(root, seed, &folder.path().join("case"))?;
        crate::say(&format!("seed {seed}: {}", serde_json::to_string(&score)?));
        sum.add(seed, &score);
    }
    for (what, count) in &sum.counts {
        crate::say(&format!("{what}: {count}"));
    }
    for line in &sum.wrong {
        crate::say(line);
    }
    ensure!(sum.wrong.is_empty(), "{} statements that must be right are wrong", sum.wrong.len());
    Ok(())
}

/// What the scores of several seeds come to.
#[derive(Default)]
struct Sum {
    counts: BTreeMap<String, u64>,
    /// What must never be: one line each.
    wrong: Vec<String>,
}

impl Sum {
    fn add(&mut self, seed: u32, score: &Value) {
        self.count("victims found", number(&score["victims"]["found"]));
        self.count("victims missed", length(&score["victims"]["missed"]));
        self.must_be_empty(seed, "invented", &score["victims"]["invented"]);
        for (rung, told) in score["rungs"].as_object().into_iter().flatten() {
            self.count(&format!("{rung} found"), number(&told["provable_found"]));
            self.count(&format!("{rung} missed"), length(&told["provable_missed"]));
            self.count(&format!("{rung} beyond proof"), length(&told["beyond_proof"]));
            self.must_be_empty(seed, &format!("{rung} overclaimed"), &told["overclaimed"]);
        }
        for part in ["found", "missed"] {
            let told = &score["infrastructure"][part];
            self.count(&format!("infrastructure {part}"), number(told) + length(told));
        }
        self.must_be_empty(seed, "infrastructure invented", &score["infrastructure"]["invented"]);
        self.count("coverage found", number(&score["coverage_found"]));
        self.count("coverage missed", length(&score["coverage_missed"]));
        self.must_be_empty(seed, "coverage invented", &score["coverage_invented"]);
        let left = &score["exfiltration"];
        let verdict = if left["verdict_is_right"] == true { "right" } else { "wrong" };
        self.count(&format!("verdicts {verdict}"), 1);
        for amount in ["bytes", "items"] {
            if left[amount]["is_bracketed"] == false {
                self.wrong.push(format!("seed {seed}: {amount} not bracketed: {}", left[amount]));
            }
        }
        self.must_be_empty(seed, "destinations invented", &left["destinations_invented"]);
        self.must_be_empty(seed, "citations unshown", &score["citations"]["rungs_unshown"]);
        self.must_be_empty(seed, "citations unreadable", &score["citations"]["unreadable"]);
    }

    fn count(&mut self, what: &str, more: u64) {
        *self.counts.entry(what.to_owned()).or_default() += more;
    }

    fn must_be_empty(&mut self, seed: u32, what: &str, list: &Value) {
        if length(list) > 0 {
            self.wrong.push(format!("seed {seed}: {what}: {list}"));
        }
    }
}

fn length(list: &Value) -> u64 {
    list.as_array().map_or(0, |list| list.len() as u64)
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
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
