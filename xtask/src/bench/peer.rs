//! DuckDB from PyPI, in a Python environment that is thrown away with the rest.
//!
//! A script measures its own statement alone: neither the start of the
//! interpreter nor the import of the library counts against DuckDB, while all of
//! a command's start counts against us.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::measure::{self, Taken};

/// What DuckDB is asked to do, a file each.
#[derive(Debug, Clone, Copy)]
pub(super) enum Task {
    /// `INPUT OUTPUT THREADS`: a Zeek TSV log, sorted, into Parquet.
    CopyTsv,
    /// The same with JSON lines.
    CopyJson,
    /// `records|index LAKE LIST THREADS`: which values a lake shows.
    Indicators,
}

impl Task {
    const ALL: [Self; 3] = [Self::CopyTsv, Self::CopyJson, Self::Indicators];

    fn file(self) -> (&'static str, &'static str) {
        match self {
            Self::CopyTsv => ("copy_tsv.py", include_str!("copy_tsv.py")),
            Self::CopyJson => ("copy_json.py", include_str!("copy_json.py")),
            Self::Indicators => ("indicators.py", include_str!("indicators.py")),
        }
    }
}

/// An environment with DuckDB.
#[derive(Debug)]
pub(super) struct Peer {
    folder: PathBuf,
    /// Of DuckDB.
    pub(super) version: String,
}

/// What DuckDB did.
#[derive(Debug)]
pub(super) struct Done {
    /// Of its statement alone.
    pub(super) seconds: f64,
    pub(super) peak_bytes: Option<u64>,
    /// All that the script printed.
    pub(super) said: Value,
}

/// Installs DuckDB below `folder`, or says why our side runs alone.
pub(super) fn install_or_say(folder: &Path) -> Option<Peer> {
    match install(folder) {
        Ok(peer) => {
            crate::say(&format!("bench-peers: DuckDB {} from PyPI", peer.version));
            Some(peer)
        }
        Err(why) => {
            crate::say(&format!(
                "bench-peers: no DuckDB, so only our side is measured and nothing compared: {why:#}"
            ));
            None
        }
    }
}

fn install(folder: &Path) -> anyhow::Result<Peer> {
    let folder = folder.join("peer");
    measure::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut peer = Peer { folder, version: String::new() };
    let mut pip = Command::new(peer.python());
    measure::run(pip.args(["-m", "pip", "install", "--quiet", "duckdb"]))?;
    for (name, text) in Task::ALL.map(Task::file) {
        fs::write(peer.folder.join(name), text)?;
    }
    let mut version = Command::new(peer.python());
    let version = measure::run(version.args(["-c", "import duckdb; print(duckdb.__version__)"]))?;
    version.stdout.trim().clone_into(&mut peer.version);
    Ok(peer)
}

impl Peer {
    fn python(&self) -> PathBuf {
        self.folder.join("bin").join("python")
    }

    /// The command that runs a task on some cores.
    pub(super) fn command(&self, cores: &str, task: Task, arguments: &[&str]) -> Command {
        let mut command = measure::on_cores(cores, &self.python().to_string_lossy());
        command.arg(self.folder.join(task.file().0)).args(arguments);
        command
    }

    /// Runs a task; the scripts print one JSON object.
    pub(super) fn run(&self, cores: &str, task: Task, arguments: &[&str]) -> anyhow::Result<Done> {
        let Taken { stdout, peak_bytes, .. } =
            measure::run(&mut self.command(cores, task, arguments))?;
        let said: Value = serde_json::from_str(&stdout).context("the script printed no JSON")?;
        let seconds = said["seconds"].as_f64().context("the script took no time")?;
        ensure!(seconds > 0.0, "the script took no time");
        Ok(Done { seconds, peak_bytes, said })
    }
}
