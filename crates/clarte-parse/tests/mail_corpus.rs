//! Every mail of the shared data: recognised, read without panic, accounted
//! for to the byte; and nothing that is no mail taken for one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clarte_model::{Fault, Field, Record, Sink, Skipped, Streams};
use clarte_parse::{Context, Outcome, read};

#[derive(Default)]
struct Tally {
    records: u64,
    timed: u64,
    owned: u64,
    with_ip: u64,
    references: u64,
    hidden: u64,
    templates: u64,
    faults: BTreeMap<String, u64>,
}

impl Sink for Tally {
    fn record(&mut self, record: &Record<'_>) {
        self.records += 1;
        self.timed += u64::from(record.time.is_some());
        self.owned += u64::from(record.get_text(Field::MailOwner).is_some());
        self.with_ip += u64::from(record.get_texts(Field::MailIps).next().is_some());
        self.references += record.get_texts(Field::MailReferences).count() as u64;
        self.hidden +=
            record.get_texts(Field::MailReferences).filter(|json| json.contains("hidden")).count()
                as u64;
        self.templates += u64::from(record.get_texts(Field::MailTemplate).next().is_some());
    }
    fn fault(&mut self, fault: Fault) {
        *self.faults.entry(format!("{}: {}", fault.kind, fault.detail)).or_default() += 1;
    }
    fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
}

impl Streams for Tally {}

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn files(folder: &str) -> Option<Vec<PathBuf>> {
    let data = std::env::var_os("CLARTE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let root = data.join(folder);
    if !root.is_dir() {
        println!("skipped: no shared data at {}", root.display());
        return None;
    }
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is readable") {
            let path = entry.expect("the entry is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Some(found)
}

fn outcome(mut bytes: &[u8], tally: &mut Tally) -> Outcome {
    read(&mut bytes, &Context::default(), tally).only().expect("one stream")
}

/// The folder below `mail/`, for the printed table.
fn group(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let at = parts.iter().rposition(|part| part == "mail").map_or(0, |at| at + 1);
    parts[at].clone()
}

#[test]
fn all_mail_is_recognised_and_accounted_for() {
    let Some(files) = files("mail") else { return };
    let mut groups: BTreeMap<String, Tally> = BTreeMap::new();
    for path in files {
        let bytes = std::fs::read(&path).expect("the file is readable");
        let tally = groups.entry(group(&path)).or_default();
        let outcome = outcome(&bytes, tally);
        assert!(
            outcome.account.is_exact(bytes.len() as u64),
            "{}: {:?}",
            path.display(),
            outcome.account
        );
        // The Maildir samples of one letter are no mail.
        let expected = bytes.len() < 4 || matches!(outcome.format, "eml" | "mbox");
        assert!(expected, "{} taken for {}", path.display(), outcome.format);
        assert_eq!(outcome.account.faulted, 0, "{}", path.display());
    }
    for (name, tally) in groups {
        println!(
            "{name}: {} records, {} timed, {} owned, {} with IP, {} references ({} hidden), {} with template",
            tally.records,
            tally.timed,
            tally.owned,
            tally.with_ip,
            tally.references,
            tally.hidden,
            tally.templates
        );
        for (fault, count) in tally.faults {
            println!("  {count} {fault}");
        }
    }
}

#[test]
fn mutated_mail_is_accounted_for() {
    let Some(files) = files("mail") else { return };
    for (number, path) in files.iter().enumerate() {
        let mut bytes = std::fs::read(path).expect("the file is readable");
        // Deterministic damage: cut, flip, repeat a piece.
        let place = |salt: usize, len: usize| (number * 7919 + salt * 104_729) % len.max(1);
        match number % 3 {
            0 => bytes.truncate(place(1, bytes.len())),
            1 => {
                for salt in 0..32 {
                    let at = place(salt, bytes.len());
                    bytes[at] ^= 1 << (salt % 8);
                }
            }
            _ => {
                let at = place(2, bytes.len());
                let piece = bytes[at..(at + 2_000).min(bytes.len())].to_vec();
                let to = place(3, bytes.len());
                bytes.splice(to..to, piece);
            }
        }
        let outcome = outcome(&bytes, &mut Tally::default());
        assert!(
            outcome.account.is_exact(bytes.len() as u64),
            "{}: {:?}",
            path.display(),
            outcome.account
        );
    }
}

#[test]
fn nothing_else_is_taken_for_mail() {
    for folder in ["logs", "intel", "sigma", "stix", "attack"] {
        let Some(files) = files(folder) else { return };
        for path in files {
            let bytes = std::fs::read(&path).expect("the file is readable");
            let outcome = outcome(&bytes, &mut Tally::default());
            assert!(
                !matches!(outcome.format, "eml" | "mbox"),
                "{} taken for {}",
                path.display(),
                outcome.format
            );
        }
    }
}
