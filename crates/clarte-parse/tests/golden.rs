//! Every sample of every format, read and compared with what was read before.
//!
//! `samples/<format>/<name>.in` is evidence made for the purpose, `<name>.out`
//! what comes of it; `UPDATE=1` writes the latter anew, to be read in the diff.
//! A sample named `….gz.in` is compressed on the way. Beside what a mapping reads
//! lies the mapping, `<name>.toml`.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clarte_model::{Fault, Field, Record, Sink, Skipped, Streams, Value};
use clarte_parse::{Context, FORMATS, Mapping, read};

#[test]
fn formats_match_their_golden_samples() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for folder in sorted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")) {
        let mut has_malformed = false;
        for sample in
            sorted(&folder).iter().filter(|path| path.extension().is_some_and(|e| e == "in"))
        {
            let (text, malformed) = render(sample);
            has_malformed |= malformed;
            let golden = sample.with_extension("out");
            if update {
                fs::write(&golden, &text).expect("the sample's folder is writable");
            } else if fs::read_to_string(&golden).unwrap_or_default() != text {
                wrong.push(golden.display().to_string());
            }
        }
        if !has_malformed {
            wrong.push(format!("{} without a malformed sample", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "other than expected, see `UPDATE=1` and the diff: {wrong:#?}");
}

#[test]
fn every_format_has_samples() {
    for (name, _) in FORMATS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name);
        assert!(folder.is_dir(), "{name} has no samples");
    }
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of samples");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// What comes of a sample, as text, and whether that includes a fault.
fn render(sample: &Path) -> (String, bool) {
    let mut bytes = fs::read(sample).expect("a readable sample");
    if sample.to_string_lossy().ends_with(".gz.in") {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&bytes).expect("writing to memory");
        bytes = encoder.finish().expect("writing to memory");
    }
    let mut context = Context::default();
    for source in ["postfix", "bind", "dhcp", "exim", "exchange", "windows"] {
        context.zones.set(source, "Europe/Brussels").expect("a known zone");
    }
    if let Ok(mapping) = fs::read_to_string(sample.with_extension("toml")) {
        let mapping = Mapping::read(&mapping, |_| Field::ALL);
        context.mappings.insert(mapping.expect("a mapping"));
    }
    let mut text = Text::default();
    let outcomes = read(&mut bytes.as_slice(), &context, &mut text);
    let mut head = String::new();
    for outcome in &outcomes {
        let account = &outcome.account;
        assert!(account.is_exact(outcome.bytes), "{}: {outcome:?}", sample.display());
        if let Some(member) = &outcome.member {
            write!(head, "{member}: ").expect("writing to memory");
        }
        writeln!(
            head,
            "{} bytes {} parsed {} faulted {} skipped {} records {} faults {}",
            outcome.name(),
            outcome.bytes,
            account.parsed,
            account.faulted,
            account.skipped_bytes(),
            account.records,
            account.fault_count(),
        )
        .expect("writing to memory");
    }
    (head + &text.0, outcomes.iter().any(|outcome| outcome.account.fault_count() > 0))
}

/// Writes everything down, in order.
#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.0, "{line}").expect("writing to memory");
    }
}

impl Sink for Text {
    fn record(&mut self, record: &Record<'_>) {
        let time = match &record.time {
            Some(moment) => {
                format!("{} {:?} {}", moment.at, moment.precision, moment.basis.as_str())
            }
            None => "no time".to_owned(),
        };
        let (class, source) = (record.class.as_str(), record.source.as_str());
        let (offset, length, index) = (record.offset, record.length, record.index);
        self.line(format_args!("\nrecord {offset}+{length}.{index} {class} {source} {time}"));
        for (field, value) in record.fields() {
            let name = field.as_str();
            match value {
                Value::Text(text) => self.line(format_args!("  {name} {text:?}")),
                Value::Integer(number) => self.line(format_args!("  {name} {number}")),
                Value::Texts(texts) => self.line(format_args!("  {name} {texts:?}")),
            }
        }
    }

    fn fault(&mut self, fault: Fault) {
        let Fault { offset, length, lost, kind, detail } = fault;
        let lost = if lost { "lost" } else { "repaired" };
        self.line(format_args!("\nfault {offset}+{length} {kind} {lost}: {detail}"));
    }

    fn skip(&mut self, offset: u64, length: u64, why: Skipped) {
        self.line(format_args!("\nskip {offset}+{length} {}", why.as_str()));
    }
}

impl Streams for Text {
    fn begin(&mut self, member: Option<&Arc<str>>) {
        if let Some(member) = member {
            self.line(format_args!("\nmember {member}"));
        }
    }
}
