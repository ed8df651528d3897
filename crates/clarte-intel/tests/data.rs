//! Real intelligence, read where it lies: set `CLARTE_DATA`, or put it into
//! `../shared/data` beside the project. Skipped, and said so, without it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clarte_intel::{Loaded, pattern, read};

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn data(part: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("CLARTE_DATA") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    let found = folder.join(part);
    if !found.exists() {
        println!("skipped: no {part} here");
        return None;
    }
    Some(found)
}

fn load(path: &Path) -> Loaded {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    read(&name, &fs::read(path).expect("readable"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

fn shown(loaded: &Loaded) -> String {
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    let conjunct = loaded.conjunctions.iter().flatten();
    for indicator in loaded.indicators.iter().chain(conjunct) {
        *kinds.entry(format!("{:?}", indicator.kind)).or_default() += 1;
    }
    let mut reasons: BTreeMap<&str, u32> = BTreeMap::new();
    for item in &loaded.not_evaluated {
        *reasons.entry(&item.why).or_default() += 1;
    }
    let faults: Vec<_> = loaded.faults.iter().take(5).map(|fault| &fault.detail).collect();
    format!(
        "{} {kinds:?} conjunctions={} unused={reasons:?} faults={} {faults:?} ignored={:?} names={}",
        loaded.format,
        loaded.conjunctions.len(),
        loaded.faults_total,
        loaded.ignored,
        loaded.names.len()
    )
}

/// `--nocapture` shows what was read of each.
#[test]
fn every_collection_is_read_or_named() {
    let Some(folder) = data("intel") else { return };
    for path in files(&folder) {
        let loaded = load(&path);
        println!("{}: {}", path.strip_prefix(&folder).unwrap_or(&path).display(), shown(&loaded));
        let said =
            loaded.indicators.len() as u64 + loaded.not_evaluated_total + loaded.faults_total;
        assert!(said > 0, "{} is silently dropped", path.display());
        assert_eq!(loaded, load(&path), "{} is read in one way", path.display());
    }
}

#[test]
fn the_sound_and_the_broken_patterns_of_oasis_are_told_apart() {
    let Some(path) = data("stix/validator_cases.json") else { return };
    let text = fs::read_to_string(path).expect("readable");
    let cases: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for case in cases["cases"].as_array().expect("cases") {
        let pattern = case["pattern"].as_str().expect("a pattern");
        let indicator = serde_json::json!({
            "type": "indicator", "id": "indicator--1", "pattern": pattern, "pattern_type": "stix",
        });
        let loaded = read("case", indicator.to_string().as_bytes());
        assert_eq!(
            loaded.faults_total == 0,
            case["valid"] == true,
            "{pattern}: {:?}",
            loaded.faults
        );
    }
}

#[test]
fn the_patterns_of_the_matcher_cases_are_patterns() {
    let Some(path) = data("stix/matcher_cases.json") else { return };
    let text = fs::read_to_string(path).expect("readable");
    let cases: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let (mut read, mut wrong) = (0, Vec::new());
    for case in cases["cases"].as_array().expect("cases") {
        let Some(text) = case["pattern"].as_str() else { continue };
        let must_fail = case["error"] == "ParseException";
        let may_fail = case["expect"] == "error";
        match pattern::parse(text) {
            Ok(_) if must_fail => wrong.push(format!("{text}: is no pattern")),
            Ok(_) => read += 1,
            Err(why) if !may_fail => wrong.push(format!("{text}: {why}")),
            Err(_) => {}
        }
    }
    println!("{read} patterns read");
    assert_eq!(wrong, Vec::<String>::new());
}
