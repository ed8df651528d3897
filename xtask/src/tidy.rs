//! House rules that the compiler does not check: which crate may know which,
//! and that every guide and decision is where the documents say.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

/// What each crate may depend on, of ours. `ARCHITECTURE.md` draws it.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("clarte-model", &[]),
    ("clarte-custody", &["clarte-model"]),
    ("clarte-parse", &["clarte-model"]),
    ("clarte-intel", &["clarte-model"]),
    ("clarte-lake", &["clarte-model"]),
    ("clarte-extent", &["clarte-model"]),
    ("clarte-attribution", &["clarte-model"]),
    ("clarte-detect", &["clarte-model"]),
    // The workflow for one person, as clarte-case is for an investigation.
    ("clarte-check", &["clarte-model", "clarte-parse", "clarte-detect"]),
    ("clarte-language", &[]),
    ("clarte-dossier", &["clarte-model", "clarte-language"]),
    // Shares no code with what it tests.
    ("clarte-range", &[]),
    (
        "clarte-case",
        &[
            "clarte-model",
            "clarte-custody",
            "clarte-parse",
            "clarte-intel",
            "clarte-lake",
            "clarte-extent",
            "clarte-attribution",
            "clarte-dossier",
        ],
    ),
    (
        "clarte",
        &[
            "clarte-model",
            "clarte-custody",
            "clarte-extent",
            // The answer's type alone, as of clarte-extent.
            "clarte-attribution",
            "clarte-detect",
            "clarte-check",
            "clarte-dossier",
            "clarte-language",
            "clarte-case",
            "clarte-range",
        ],
    ),
    // Writes what clarte-intel has built in, measures attribution on real data.
    ("xtask", &["clarte-model", "clarte-intel", "clarte-attribution"]),
];

/// Crates of others that only one of ours may name, or a few.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("arrow-array", &["clarte-lake"]),
    ("arrow-schema", &["clarte-lake"]),
    ("arrow", &["clarte-lake"]),
    ("arrow-buffer", &["clarte-lake"]),
    ("arrow-select", &["clarte-lake"]),
    ("parquet", &["clarte-lake"]),
    ("datafusion", &["clarte-lake"]),
    ("rusqlite", &["clarte-lake"]),
    ("mail-parser", &["clarte-parse"]),
    ("mailparse", &["clarte-parse"]),
    ("seccompiler", &["clarte"]),
    ("flate2", &["clarte-parse", "xtask"]),
    ("toml", &["clarte-parse", "clarte-attribution"]),
    ("zstd", &["clarte-parse"]),
    ("bzip2", &["clarte-parse"]),
    ("lzma-rust2", &["clarte-parse"]),
    ("ct-merkle", &["clarte-custody"]),
    ("clap", &["clarte"]),
    ("indicatif", &["clarte"]),
    ("fluent-bundle", &["clarte-language"]),
    ("fluent-syntax", &["clarte-language"]),
    ("unic-langid", &["clarte-language"]),
];

/// Fails on the first broken rule.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    let metadata = metadata(root)?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let (_, allowed) = MAY_KNOW
            .iter()
            .find(|(known, _)| *known == name)
            .with_context(|| format!("{name} is not in xtask's MAY_KNOW: say what it may know"))?;
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            check_dependency(name, allowed, dependency)?;
        }
    }
    Ok(())
}

fn check_dependency(name: &str, allowed: &[&str], dependency: &Value) -> anyhow::Result<()> {
    let other = dependency["name"].as_str().unwrap_or_default();
    let for_tests = dependency["kind"] == "dev";
    let ours = MAY_KNOW.iter().any(|(known, _)| *known == other);
    ensure!(
        !ours
            || allowed.contains(&other)
            || for_tests && (name == "clarte" || name == "clarte-detect"),
        "{name} must not depend on {other}: see ARCHITECTURE.md, \"Direction\""
    );
    if let Some((_, homes)) = ONLY_IN.iter().find(|(library, _)| *library == other) {
        ensure!(
            homes.contains(&name) || for_tests || name == "clarte-range",
            "only {} may name {other}, not {name}",
            homes.join(" and ")
        );
    }
    Ok(())
}

fn metadata(root: &Path) -> anyhow::Result<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(root)
        .output()?;
    ensure!(output.status.success(), "`cargo metadata` failed");
    Ok(serde_json::from_slice(&output.stdout)?)
}
