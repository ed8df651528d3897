//! Golden samples: `samples/*.in` read, and shown as in `samples/*.out`.
//! `UPDATE=1` rewrites the latter; read the difference.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use clarte_intel::{Loaded, knowledge, read};
use clarte_model::Indicator;

#[test]
fn samples_are_read_as_written_down() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut seen = 0;
    for entry in fs::read_dir(folder).expect("samples") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "in") {
            continue;
        }
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let found = shown(&read(&name, &fs::read(&path).expect("readable")));
        let golden = path.with_extension("out");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&golden, &found).expect("writable");
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(found, expected, "{name}");
        seen += 1;
    }
    assert!(seen >= 6);
}

/// Cut anywhere, a file is still read without falling over, and something is
/// said about it.
#[test]
fn a_cut_sample_says_something() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for entry in fs::read_dir(folder).expect("samples") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            continue;
        }
        let bytes = fs::read(path).expect("readable");
        for end in 0..bytes.len() {
            let loaded = read("cut", &bytes[..end]);
            let end = end as u64;
            assert!(loaded.faults.iter().all(|fault| fault.offset + fault.length <= end));
            let only_comments = bytes.starts_with(b"#") || loaded.format == "list";
            let empty = loaded.indicators.is_empty() && loaded.not_evaluated.is_empty();
            assert!(!empty || loaded.faults_total > 0 || only_comments, "{end}");
        }
    }
}

/// Of knowledge, whatever is left of a sample points nowhere else and is read
/// again as it was written.
#[test]
fn a_cut_sample_of_knowledge_is_whole_in_itself() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/knowledge");
    let mut seen = 0;
    for entry in fs::read_dir(folder).expect("samples") {
        let bytes = fs::read(entry.expect("an entry").path()).expect("readable");
        let read = knowledge::read("whole", &bytes);
        assert!(read.format != "unknown" && !read.knowledge.actors.is_empty());
        seen += 1;
        for at in 0..bytes.len() {
            let cut = knowledge::read("cut", &bytes[..at]);
            assert!(cut.faults_total > 0 || bytes[at..].trim_ascii().is_empty(), "{at}");
            let mut bent = bytes.clone();
            bent[at] = if at % 2 == 0 { b'0' } else { b'"' };
            let base = knowledge::read("bent", &bent).knowledge;
            let again = knowledge::read("again", knowledge::write(&base).as_bytes());
            assert_eq!((again.faults_total, again.knowledge), (0, base), "{at}");
        }
    }
    assert!(seen >= 3);
}

fn shown(loaded: &Loaded) -> String {
    let mut text = format!("format {}\n", loaded.format);
    for indicator in &loaded.indicators {
        writeln!(text, "{}", one(indicator)).expect("memory");
    }
    for group in &loaded.conjunctions {
        writeln!(text, "all of").expect("memory");
        for indicator in group {
            writeln!(text, "    {}", one(indicator)).expect("memory");
        }
    }
    for item in &loaded.not_evaluated {
        let reference = item.reference.as_deref().unwrap_or("-");
        writeln!(text, "unused line {} {reference} {}: {}", item.line, item.pattern, item.why)
            .expect("memory");
    }
    for fault in &loaded.faults {
        let lost = if fault.lost { "lost" } else { "kept" };
        writeln!(
            text,
            "fault {} {lost} {}+{} {}",
            fault.kind, fault.offset, fault.length, fault.detail
        )
        .expect("memory");
    }
    writeln!(text, "names {:?}\nignored {:?}", loaded.names, loaded.ignored).expect("memory");
    text
}

fn one(indicator: &Indicator) -> String {
    serde_json::to_string(indicator).expect("serialises")
}
