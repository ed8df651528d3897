//! Fuzzes every parser in turn.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

/// Runs each fuzz target, or those named, for `seconds` each, beginning with
/// the golden samples of its format. Fails at the end if any found something:
/// the find is in `fuzz/artifacts/`.
pub(crate) fn run(root: &Path, seconds: u32, named: &[&str]) -> anyhow::Result<()> {
    let mut targets = targets(root)?;
    ensure!(
        named.iter().all(|name| targets.iter().any(|known| known == name)),
        "no such target; there are {}",
        targets.join(", ")
    );
    if !named.is_empty() {
        targets.retain(|target| named.contains(&target.as_str()));
    }
    let mut broken = Vec::new();
    for target in targets {
        crate::say(&format!("cargo fuzz run {target}, {seconds} s"));
        if !fuzz(root, &target, seconds)? {
            broken.push(target);
        }
    }
    ensure!(broken.is_empty(), "found something: {}", broken.join(", "));
    Ok(())
}

/// The names of all targets, sorted.
fn targets(root: &Path) -> anyhow::Result<Vec<String>> {
    let folder = root.join("fuzz").join("fuzz_targets");
    let files = fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))?;
    let names = files.map(|file| Ok(file?.path().file_stem().map(|s| s.to_os_string())));
    let names: Vec<_> = names.collect::<std::io::Result<_>>()?;
    let names = names.into_iter().flatten().filter_map(|name| name.into_string().ok());
    // What all targets share is no target.
    let mut names: Vec<_> = names.filter(|name| name != "property").collect();
    names.sort();
    Ok(names)
}

/// Whether nothing was found.
fn fuzz(root: &Path, target: &str, seconds: u32) -> anyhow::Result<bool> {
    let corpus = root.join("fuzz").join("corpus").join(target);
    fs::create_dir_all(&corpus)?;
    let of = |name: &str| root.join("crates").join(name).join("samples");
    let samples = match target {
        // Mapping files lie beside the logs that they read; containers hold any.
        "mapping" => of("clarte-parse").join("mapped"),
        "items" => root.join("docs").join("guides").join("examples"),
        "knowledge" => of("clarte-intel").join(target),
        _ => of("clarte-parse").join(target),
    };
    let samples = samples.is_dir().then_some(samples);
    let status = Command::new("cargo")
        .args(["fuzz", "run", target])
        .arg(&corpus)
        .args(samples)
        .arg("--")
        .args([format!("-max_total_time={seconds}"), "-rss_limit_mb=2048".to_owned()])
        .args(["-timeout=20", "-print_final_stats=1", "-verbosity=0"])
        // cargo-fuzz wants a nightly compiler's flags.
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(root)
        .status()
        .context("cannot run cargo fuzz: `cargo install cargo-fuzz` first")?;
    Ok(status.success())
}
