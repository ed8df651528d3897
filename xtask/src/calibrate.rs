//! What `clarte check` says of real mail: the whole confusion, and what each
//! detector contributes to it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

/// Points from which on a message is `act_now`; `score.rs` of clarte-detect
/// says so.
const ACT_NOW: i64 = 8;

const VERDICTS: [&str; 4] = ["act_now", "be_careful", "nothing_found", "unreadable"];

/// The sets of messages, by folder and the beginning of their file names.
const SETS: [(&str, &str, &str); 4] = [
    ("ham, easy", "ham", "easy"),
    ("ham, hard", "ham", "hard"),
    ("spam", "spam", ""),
    ("phish", "phish", ""),
];

/// What one message was judged to be.
struct Judged {
    verdict: String,
    points: i64,
    reasons: Vec<(String, i64)>,
}

/// Judges every message of the data's mail folders by itself, and lures that
/// are planted into its ham, and prints what was said.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    let data = std::env::var_os("CLARTE_DATA")
        .map_or_else(|| root.join("../shared/data"), PathBuf::from)
        .join("mail");
    ensure!(data.is_dir(), "no mail at {}: name the data with CLARTE_DATA", data.display());
    let clarte = root.join("target/debug/clarte");
    ensure!(clarte.is_file(), "no {}: run `cargo build --workspace` first", clarte.display());
    let mut sets = Vec::new();
    for (name, folder, beginning) in SETS {
        sets.push((name, judged(&clarte, &data.join(folder), beginning)?));
    }
    println(&format!(
        "{:12}{:>6}{:>18}{:>18}{:>18}{:>12}",
        "", "all", "act_now", "be_careful", "nothing_found", "unreadable"
    ));
    for (name, messages) in &sets {
        let mut line = format!("{name:12}{:6}", messages.len());
        for verdict in VERDICTS {
            let count = messages.iter().filter(|one| one.verdict == verdict).count();
            let share = 100.0 * count as f64 / messages.len().max(1) as f64;
            line.push_str(&format!("{count:8} ({share:5.1} %)"));
        }
        println(&line);
    }
    println(
        "\nMessages in which each detector speaks; behind the stroke, those that are act_now\nand would not be without its points",
    );
    by_detector(&sets);
    println("\nMade lures, planted into the ham (clarte demo --lures)");
    lures(&clarte, &data.join("ham"))
}

/// Every message of `folder` whose file name begins so, judged by itself.
fn judged(clarte: &Path, folder: &Path, beginning: &str) -> anyhow::Result<Vec<Judged>> {
    let output = Command::new(clarte)
        .args(["check", "--alone", "--json"])
        .arg(folder)
        .output()
        .context("cannot run clarte")?;
    ensure!(
        matches!(output.status.code(), Some(0 | 1)),
        "`clarte check` failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout)?;
    let lines = text.lines().map(serde_json::from_str::<Value>);
    let mut all = Vec::new();
    for line in lines {
        let line = line?;
        let path = line["path"].as_str().unwrap_or_default();
        if !path.rsplit('/').next().unwrap_or_default().starts_with(beginning) {
            continue;
        }
        let reason = |reason: &Value| {
            (
                reason["detector"].as_str().unwrap_or_default().to_owned(),
                reason["points"].as_i64().unwrap_or(0),
            )
        };
        all.push(Judged {
            verdict: line["verdict"].as_str().unwrap_or_default().to_owned(),
            points: line["points"].as_i64().unwrap_or(0),
            reasons: line["reasons"].as_array().into_iter().flatten().map(reason).collect(),
        });
    }
    Ok(all)
}

/// A detector's points, and for each set how often it speaks and decides.
type Row = (i64, Vec<(usize, usize)>);

fn by_detector(sets: &[(&str, Vec<Judged>)]) {
    let mut counts: BTreeMap<&str, Row> = BTreeMap::new();
    for (at, (_, messages)) in sets.iter().enumerate() {
        for message in messages {
            for (detector, points) in &message.reasons {
                let row = counts.entry(detector).or_insert((*points, vec![(0, 0); sets.len()]));
                row.1[at].0 += 1;
                let decides = message.verdict == "act_now" && message.points - points < ACT_NOW;
                row.1[at].1 += usize::from(decides);
            }
        }
    }
    for (detector, (points, row)) in counts {
        let mut line = format!("{detector:30}{points:+3}");
        sets.iter().zip(row).for_each(|((name, _), (speaks, decides))| {
            line.push_str(&format!("  {name} {speaks:4}/{decides:<4}"));
        });
        println(&line);
    }
}

fn lures(clarte: &Path, ham: &Path) -> anyhow::Result<()> {
    let folder = std::env::temp_dir().join(format!("clarte-lures-{}", std::process::id()));
    let done = Command::new(clarte)
        .args(["demo", "--lures", "480", "--case"])
        .arg(&folder)
        .arg("--ham")
        .arg(ham)
        .status();
    // What is made of real ham is not left behind.
    let removed = std::fs::remove_dir_all(&folder);
    ensure!(done?.success(), "`clarte demo --lures` failed");
    Ok(removed?)
}

fn println(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}
