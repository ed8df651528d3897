//! Real logs, where they are at hand: every row a record, every byte accounted
//! for, and no format claims another's files.

#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use clarte_model::{Fault, Record, Sink, Skipped, Streams};
use clarte_parse::{Context, FORMATS, Outcome, read};

#[test]
fn clean_zeek_logs_are_read_whole() {
    let Some(data) = data() else { return };
    for folder in ["logs/zeek-tsv", "logs/zeek-json"] {
        for path in files(&data.join(folder)) {
            let mut bytes = fs::read(&path).expect("a readable file");
            if bytes.starts_with(&[0x1f, 0x8b]) {
                let compressed = std::mem::take(&mut bytes);
                let mut decoder = flate2::read::MultiGzDecoder::new(compressed.as_slice());
                decoder.read_to_end(&mut bytes).expect("sound gzip");
            }
            let rows: Vec<_> = bytes
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_empty() && !line.starts_with(b"#"))
                .collect();
            let row_bytes: usize = rows.iter().map(|row| row.len() + 1).sum();
            let outcome = read_file(&path);
            assert!(outcome.format.starts_with("zeek."), "{}: {}", path.display(), outcome.format);
            assert_eq!(outcome.bytes, bytes.len() as u64, "{}", path.display());
            assert_eq!(outcome.account.records, rows.len() as u64, "{}", path.display());
            let parsed = outcome.account.parsed as f64 / row_bytes as f64;
            assert!(parsed >= 0.98, "{}: {parsed}", path.display());
            assert_eq!(outcome.account.first_faults, [], "{}", path.display());
        }
    }
}

#[test]
fn clean_event_logs_are_read_whole() {
    let Some(data) = data() else { return };
    for path in files(&data.join("logs/evtx")) {
        let outcome = read_file(&path);
        assert_eq!(outcome.format, "evtx", "{}", path.display());
        assert!(outcome.account.is_exact(outcome.bytes), "{}", path.display());
        assert_eq!(outcome.account.first_faults, [], "{}", path.display());
        let bytes = fs::read(&path).expect("a readable file");
        let mut parser = evtx::EvtxParser::from_buffer(bytes).expect("an event log");
        let expected = parser.records_json_bytes().filter(Result::is_ok).count();
        assert_eq!(outcome.account.records, expected as u64, "{}", path.display());
    }
}

#[test]
fn log_formats_claim_nothing_foreign() {
    let Some(data) = data() else { return };
    let home = |format: &str| match format {
        "zeek" => Some(["logs/zeek-tsv", "logs/zeek-json"].as_slice()),
        "suricata" => Some(["logs/suricata"].as_slice()),
        "evtx" => Some(["logs/evtx"].as_slice()),
        "windows" => Some(["logs/windows-json"].as_slice()),
        "mbox" | "eml" => None,
        _ => FORMATS.iter().any(|(name, _)| *name == format).then_some([].as_slice()),
    };
    for path in files(&data) {
        let outcome = read_file(&path);
        let family = outcome.format.split('.').next().unwrap_or_default();
        if let Some(folders) = home(family) {
            let is_home = folders.iter().any(|folder| path.starts_with(data.join(folder)));
            assert!(is_home, "{} taken for {}", path.display(), outcome.format);
        }
        assert!(outcome.account.is_exact(outcome.bytes), "{}", path.display());
    }
}

#[test]
fn clean_suricata_events_are_read_whole() {
    let Some(data) = data() else { return };
    for path in files(&data.join("logs/suricata")) {
        let outcome = read_file(&path);
        let lines = fs::read(&path).expect("a readable file");
        let lines = lines.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(outcome.format, "suricata", "{}", path.display());
        assert_eq!(outcome.account.records, lines as u64, "{}", path.display());
        assert_eq!(outcome.account.parsed, outcome.bytes, "{}", path.display());
        assert_eq!(outcome.account.first_faults, [], "{}", path.display());
    }
}

/// The folder of real data: `CLARTE_DATA`, else beside the project.
fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("CLARTE_DATA").map_or(beside, PathBuf::from);
    if !data.is_dir() {
        println!("skipped: no data in {}", data.display());
        return None;
    }
    Some(data)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

struct Nowhere;

impl Sink for Nowhere {
    fn record(&mut self, _: &Record<'_>) {}
    fn fault(&mut self, _: Fault) {}
    fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
}

impl Streams for Nowhere {}

fn read_file(path: &Path) -> Outcome {
    let mut file = File::open(path).expect("a readable file");
    read(&mut file, &Context::default(), &mut Nowhere).only().expect("one stream")
}
