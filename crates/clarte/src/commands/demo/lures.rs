//! `clarte demo --lures`: lures with known truth, each checked by itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clarte_detect::Verdict;
use clarte_detect::tables::Tables;
use clarte_range::PlantedLure;
use serde_json::json;

use crate::arguments::Demo;
use crate::commands;

/// How many of a kind were recognised.
#[derive(Default)]
struct Count {
    act_now: usize,
    be_careful: usize,
    all: usize,
}

impl Count {
    fn add(&mut self, verdict: Verdict) {
        self.all += 1;
        self.act_now += usize::from(verdict == Verdict::ActNow);
        self.be_careful += usize::from(verdict == Verdict::BeCareful);
    }

    fn text(&self) -> String {
        let share = 100.0 * self.act_now as f64 / self.all.max(1) as f64;
        format!(
            "{} of {} act_now ({share:.1} %), {} be_careful",
            self.act_now, self.all, self.be_careful
        )
    }

    fn json(&self) -> serde_json::Value {
        json!({ "act_now": self.act_now, "be_careful": self.be_careful, "all": self.all })
    }
}

pub(super) fn run(arguments: &Demo, count: usize) -> anyhow::Result<ExitCode> {
    let seed = arguments.seed;
    let folder = arguments.case.clone();
    let folder = folder.unwrap_or_else(|| PathBuf::from(format!("clarte-demo-lures-{seed}")));
    anyhow::ensure!(
        !folder.exists(),
        "{} exists: remove it or name another folder with --case",
        folder.display()
    );
    let letters = folder.join("lures");
    let others = folder.join("innocents");
    for folder in [&letters, &others] {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let outlets = clarte_range::outlets_csv();
    fs::write(folder.join("outlets.csv"), &outlets)?;
    let mut tables = Tables::shipped();
    tables.add_organisations(&outlets);
    let around = clarte_detect::Surroundings::new(tables);
    let lures = planted(clarte_range::lures(seed, count), &arguments.ham)?;
    let mut by: BTreeMap<String, Count> = BTreeMap::new();
    let mut truth = "file,language,trick,beacon,verdict,points\n".to_owned();
    for (number, lure) in lures.iter().enumerate() {
        let name = format!("{number:05}.eml");
        fs::write(letters.join(&name), &lure.bytes)?;
        let line = clarte_check::judge(&lure.bytes, &name, &around);
        let beacon = lure.beacon.as_ref().map(|beacon| format!("{:?}", beacon.how));
        let has_beacon = if beacon.is_some() { "with beacon" } else { "without beacon" };
        let trick = format!("trick {:?}", lure.trick);
        let kinds = ["all".to_owned(), format!("language {}", lure.language), trick];
        for kind in kinds.into_iter().chain([has_beacon.to_owned()]) {
            by.entry(kind).or_default().add(line.verdict());
        }
        truth.push_str(&format!(
            "{name},{},{:?},{},{},{}\n",
            lure.language,
            lure.trick,
            beacon.unwrap_or_default(),
            line.verdict,
            line.points
        ));
    }
    let mut innocents: BTreeMap<String, Count> = BTreeMap::new();
    for (number, innocent) in clarte_range::innocents(seed, count).iter().enumerate() {
        let name = format!("{number:05}.eml");
        fs::write(others.join(&name), &innocent.bytes)?;
        let line = clarte_check::judge(&innocent.bytes, &name, &around);
        innocents.entry(format!("{:?}", innocent.kind)).or_default().add(line.verdict());
    }
    fs::write(folder.join("truth.csv"), truth)?;
    if arguments.output.json {
        let all = |counts: &BTreeMap<String, Count>| {
            counts
                .iter()
                .map(|(kind, count)| (kind.clone(), count.json()))
                .collect::<serde_json::Map<_, _>>()
        };
        let score = json!({ "lures": all(&by), "innocents": all(&innocents) });
        commands::print(&format!("{score}\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    commands::print(&report(&by, &innocents, &folder))?;
    Ok(ExitCode::SUCCESS)
}

fn report(
    by: &BTreeMap<String, Count>,
    innocents: &BTreeMap<String, Count>,
    folder: &Path,
) -> String {
    let mut text = "Lures of fake journalists, each judged by itself\n".to_owned();
    by.iter().for_each(|(kind, count)| text.push_str(&format!("  {kind:20} {}\n", count.text())));
    text.push_str("\nInnocent letters beside them\n");
    innocents
        .iter()
        .for_each(|(kind, count)| text.push_str(&format!("  {kind:20} {}\n", count.text())));
    text.push_str(&format!(
        "\nTruth: {}\nTry:   clarte check --outlets {} {}\n",
        folder.join("truth.csv").display(),
        folder.join("outlets.csv").display(),
        folder.join("lures").join("00000.eml").display()
    ));
    text
}

/// The lures, planted into innocent mail where there is any: each into the
/// next message that takes it.
fn planted(lures: Vec<PlantedLure>, ham: &[PathBuf]) -> anyhow::Result<Vec<PlantedLure>> {
    let files = files(ham)?;
    if files.is_empty() {
        return Ok(lures);
    }
    let mut next = files.iter().cycle();
    let mut planted = Vec::with_capacity(lures.len());
    for lure in lures {
        // A message that takes no lure is passed over.
        for path in next.by_ref().take(files.len()) {
            let bytes =
                fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            if let Some(lure) = clarte_range::plant(&bytes, &lure) {
                planted.push(lure);
                break;
            }
        }
    }
    anyhow::ensure!(!planted.is_empty(), "no message takes a lure: name files of single messages");
    Ok(planted)
}

/// The files named, and those in the folders named.
fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        let failed = || format!("cannot read {}", path.display());
        if path.is_dir() {
            for entry in fs::read_dir(path).with_context(failed)? {
                let path = entry.with_context(failed)?.path();
                files.extend(path.is_file().then_some(path));
            }
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    Ok(files)
}
