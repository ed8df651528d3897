//! Writes what is built in of actors: facts from ATT&CK's bundle, from the
//! countries that its text names, and from MISP's galaxy, as text that can be
//! compared line by line.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clarte_intel::knowledge::{self, compact, merge};
use clarte_model::knowledge::{Knowledge, StateClaim};
use serde_json::Value;

/// Who says which countries ATT&CK's text names; it may name victims as well.
const TEXT: &str = "MITRE ATT&CK (text)";

/// Reads the data and writes the parts that are built in.
pub(crate) fn write(root: &Path) -> anyhow::Result<()> {
    let data =
        std::env::var_os("CLARTE_DATA").map_or_else(|| root.join("../shared/data"), PathBuf::from);
    ensure!(data.is_dir(), "no data at {}: name it with CLARTE_DATA", data.display());
    part(root, "attack", &attack(&data)?)?;
    part(root, "galaxy", &merge(galaxies(&data)?))
}

fn attack(data: &Path) -> anyhow::Result<Knowledge> {
    let mut bases = Vec::new();
    for path in files(&data.join("attack"), ".json.gz")? {
        let mut bytes = Vec::new();
        flate2::read::MultiGzDecoder::new(fs::File::open(&path)?).read_to_end(&mut bytes)?;
        let mut base = read(&path, &bytes)?;
        let version =
            name(&path).trim_end_matches(".json.gz").rsplit('-').next().map(str::to_owned);
        for origin in &mut base.origins {
            origin.version = origin.version.take().or(version.clone());
        }
        bases.push(base);
    }
    let mut base = merge(bases);
    let path = data.join("attack/country-claims.json");
    let claims: Value = serde_json::from_slice(&fs::read(&path)?)?;
    for actor in &mut base.actors {
        for country in claims[&actor.id]["attack"].as_array().into_iter().flatten() {
            actor.states.push(StateClaim {
                country: country.as_str().context("a country is a text")?.to_owned(),
                source: TEXT.to_owned(),
                date: None,
                confidence: None,
                reports: Vec::new(),
            });
        }
    }
    Ok(merge(vec![base]))
}

fn galaxies(data: &Path) -> anyhow::Result<Vec<Knowledge>> {
    let paths = files(&data.join("intel/galaxy"), ".json")?;
    paths.iter().map(|path| read(path, &fs::read(path)?)).collect()
}

fn read(path: &Path, bytes: &[u8]) -> anyhow::Result<Knowledge> {
    let read = knowledge::read(&name(path), bytes);
    ensure!(read.format != "unknown", "{} holds no knowledge", path.display());
    for fault in &read.faults {
        crate::say(&format!("{}: {}", path.display(), fault.detail));
    }
    Ok(read.knowledge)
}

fn part(root: &Path, name: &str, base: &Knowledge) -> anyhow::Result<()> {
    let path = root.join(format!("crates/clarte-intel/src/knowledge/built-in/{name}.txt"));
    let mut text = String::from(
        "# Written by `cargo xtask knowledge`. Facts only: ids, names, keys of publications.\n",
    );
    for notice in base.origins.iter().filter_map(|origin| origin.notice.as_deref()) {
        text.push_str(&format!("# {notice}\n"));
    }
    text.push_str(&compact(base));
    fs::write(&path, &text)?;
    let (actors, bytes) = (base.actors.len(), text.len());
    crate::say(&format!("{}: {actors} actors, {bytes} bytes", path.display()));
    Ok(())
}

fn files(folder: &Path, end: &str) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if name(&path).ends_with(end) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
