//! `cargo xtask bench-peers`: our work beside that of others on the same files.
//!
//! ```text
//! zeek-tsv      Zeek's tab-separated logs into the lake; DuckDB into Parquet
//! zeek-json     Zeek's JSON lines, the same way
//! mail          mails into records; mail-parser alone
//! indicators    1,000 new indicators over a case; DuckDB over its Parquet
//! scale         ten times the evidence; ourselves (only if asked for: it takes long)
//! ```
//!
//! Options, each with a value:
//!
//! ```text
//! --only NAME,NAME      these comparisons
//! --megabytes N         of each made log; 500
//! --runs N              of each side, of which the best counts; 3
//! --scale N,N           gigabytes of evidence to compare with each other; 1,10
//! --keep DIR            work there, and use the logs and the peer that lie there
//! --binary PATH         the command to measure; target/debug/clarte
//! --json FILE           the reports for programs
//! ```
//!
//! Everything happens in a throwaway folder: logs made from a seed, cases, and a
//! Python environment with DuckDB from PyPI. Where that cannot be installed, our
//! side is measured alone. Both sides run in turn, so that what else the machine
//! does hits both, and the best of several runs counts, because nothing makes a
//! run faster than it is. What is left are ratios: compare those, not seconds of
//! two machines.
//!
//! Linux only: cores are given out by `taskset`, memory is read from `/proc`.
//!
//! A ratio that misses its goal is a report, not a failure; two answers that
//! should be equal and are not is one.

mod cell;
mod clarte;
mod indicators;
mod inputs;
mod mail;
mod measure;
mod options;
mod peer;
mod report;
mod scale;
mod zeek;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use clarte::Clarte;
use options::Options;
use peer::Peer;
use report::Report;

/// One line of the table of issue 3.
struct Comparison {
    name: &'static str,
    /// Whether it says little without DuckDB.
    needs_peer: bool,
    run: fn(&Bench) -> anyhow::Result<Report>,
}

const COMPARISONS: &[Comparison] = &[
    Comparison { name: "zeek-tsv", needs_peer: true, run: zeek::tsv },
    Comparison { name: "zeek-json", needs_peer: true, run: zeek::json },
    Comparison { name: "mail", needs_peer: false, run: mail::mail },
    Comparison { name: "indicators", needs_peer: true, run: indicators::indicators },
    Comparison { name: SCALE, needs_peer: false, run: scale::scale },
];

/// Runs only if asked for.
const SCALE: &str = "scale";

/// What every comparison works with.
struct Bench {
    root: PathBuf,
    /// Where inputs, cases and the peer lie.
    folder: PathBuf,
    clarte: Clarte,
    peer: Option<Peer>,
    options: Options,
}

impl Bench {
    /// Sets of cores to run on, as `taskset` takes them: one, and two if there
    /// are two.
    fn cores(&self) -> &'static [&'static str] {
        let available = std::thread::available_parallelism().map_or(1, usize::from);
        if available < 2 { &["0"] } else { &["0", "0,1"] }
    }

    /// The most cores that a comparison uses.
    fn most_cores(&self) -> &'static str {
        self.cores().last().copied().unwrap_or("0")
    }

    /// A folder that does not exist, for a case.
    fn fresh(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.folder.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        Ok(folder)
    }
}

/// Runs the comparisons that are asked for and prints what came of them.
pub(crate) fn peers(root: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let options = Options::parse(arguments)?;
    let chosen: Vec<_> =
        COMPARISONS.iter().filter(|comparison| options.wants(comparison.name)).collect();
    let throwaway = tempfile::tempdir()?;
    let folder = options.keep.clone().unwrap_or_else(|| throwaway.path().to_owned());
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let needs_peer = chosen.iter().any(|comparison| comparison.needs_peer);
    let bench = Bench {
        root: root.to_owned(),
        clarte: Clarte::find(root, options.binary.as_deref())?,
        peer: if needs_peer { peer::install_or_say(&folder) } else { None },
        folder,
        options,
    };
    let mut reports = Vec::new();
    for comparison in chosen {
        crate::say(&format!("bench-peers: {}", comparison.name));
        let report = (comparison.run)(&bench).with_context(|| comparison.name.to_owned())?;
        std::io::stdout().write_all(report.to_string().as_bytes())?;
        reports.push(report);
    }
    if let Some(path) = &bench.options.json {
        let all: Vec<_> = reports.iter().map(Report::json).collect();
        fs::write(path, serde_json::to_vec_pretty(&all)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let unequal: Vec<_> = reports.iter().flat_map(|report| &report.unequal).collect();
    ensure!(unequal.is_empty(), "answers differ that should be equal: {unequal:?}");
    Ok(())
}
