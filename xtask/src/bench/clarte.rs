//! The command that is measured: as built for daily use (ADR 0003), not with
//! another profile than users have.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::measure::{self, Taken};

/// A built `clarte`.
#[derive(Debug)]
pub(super) struct Clarte {
    binary: PathBuf,
}

/// What an investigation took.
#[derive(Debug)]
pub(super) struct Investigated {
    /// Of the whole command, its start included.
    pub(super) seconds: f64,
    pub(super) peak_bytes: Option<u64>,
    /// What `--verbose` said.
    said: String,
}

impl Investigated {
    /// Seconds of a step, which the command tells to the hundredth.
    pub(super) fn step(&self, name: &str) -> Option<f64> {
        self.said.lines().find_map(|line| {
            let rest = line.strip_prefix(name)?.strip_prefix(' ')?;
            rest.trim().strip_suffix(" s")?.parse().ok()
        })
    }
}

impl Clarte {
    /// The named command, or the workspace's.
    pub(super) fn find(root: &Path, named: Option<&Path>) -> anyhow::Result<Self> {
        let built = || target(root).join("debug").join("clarte");
        let binary = named.map_or_else(built, Path::to_owned);
        ensure!(
            binary.is_file(),
            "there is no {}: `cargo build --workspace` first",
            binary.display()
        );
        Ok(Self { binary })
    }

    fn command(&self, cores: &str, name: &str, case: &Path) -> Command {
        let mut command = measure::on_cores(cores, &self.binary.to_string_lossy());
        command.arg(name).arg("--case").arg(case);
        command
    }

    /// The command that investigates: evidence first, then `--intel` if any.
    pub(super) fn investigation(
        &self,
        cores: &str,
        case: &Path,
        evidence: &[&Path],
        intel: Option<&Path>,
    ) -> Command {
        let mut command = self.command(cores, "investigate", case);
        command.arg("--verbose").args(evidence);
        if let Some(intel) = intel {
            command.arg("--intel").arg(intel);
        }
        command
    }

    /// The command that asks a case, with JSON lines as its answer.
    pub(super) fn question(&self, cores: &str, case: &Path, sql: &str) -> Command {
        let mut command = self.command(cores, "query", case);
        command.arg("--json").arg(sql);
        command
    }

    /// The command that makes evidence for so many people and days.
    pub(super) fn demo(&self, cores: &str, case: &Path, people: u64, days: u64) -> Command {
        let mut command = self.command(cores, "demo", case);
        command.args(["--people", &people.to_string(), "--days", &days.to_string()]);
        command
    }

    /// How many records a table of a case holds.
    pub(super) fn count(&self, case: &Path, table: &str) -> anyhow::Result<u64> {
        let sql = format!("select count(*) as n from {table}");
        let taken = measure::run(&mut self.question("0", case, &sql))?;
        let rows = rows(&taken)?;
        rows.first().and_then(|row| row["n"].as_u64()).context("a query counted nothing")
    }
}

/// Runs an investigation.
pub(super) fn investigate(mut command: Command) -> anyhow::Result<Investigated> {
    let Taken { seconds, peak_bytes, stderr, .. } = measure::run(&mut command)?;
    Ok(Investigated { seconds, peak_bytes, said: stderr })
}

/// The rows that a query answered.
pub(super) fn rows(taken: &Taken) -> anyhow::Result<Vec<Value>> {
    let rows = taken.stdout.lines().map(serde_json::from_str);
    rows.collect::<Result<_, _>>().context("a query answered no JSON lines")
}

/// Where cargo puts what it builds.
fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |at| root.join(at))
}

#[cfg(test)]
mod tests {
    use super::Investigated;

    #[test]
    fn finds_the_time_of_a_step() {
        let said = "reading           1.23 s\ncomparing         0.00 s\n".to_owned();
        let investigated = Investigated { seconds: 2.0, peak_bytes: None, said };
        assert_eq!(investigated.step("reading"), Some(1.23));
        assert_eq!(investigated.step("comparing"), Some(0.0));
        assert_eq!(investigated.step("read"), None);
    }
}
