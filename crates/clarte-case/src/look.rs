//! A look at a file without a case: as what it would be read, and its first
//! records. For whoever writes a mapping.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use clarte_custody::open_read_only;
use clarte_model::{Fault, Record, Sink, Skipped, Streams, Value};
use clarte_parse::{Context, Mappings};

use crate::CaseError;

/// What a stream is read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The file, and inside an archive the member.
    pub path: String,
    /// The format's name, as in `intake`.
    pub format: String,
    /// Bytes of the stream.
    pub bytes: u64,
    /// Of these, bytes in a record.
    pub parsed: u64,
    /// Records.
    pub records: u64,
    /// Faults.
    pub faults: u64,
    /// The first faults: place, kind and what was found.
    pub first_faults: Vec<String>,
    /// The first records: class, source, time and fields.
    pub first_records: Vec<serde_json::Value>,
    /// Where no format knows it: what it lacks to be read by each mapping.
    pub lacks: Vec<(String, Vec<String>)>,
}

/// Reads the file at `path` with `mappings`; of each stream `shown` records and
/// faults are told. Nothing is written.
///
/// # Errors
/// Where the file is missing or cannot be opened.
pub fn look(path: &Path, mappings: &Mappings, shown: usize) -> Result<Vec<Looked>, CaseError> {
    if !path.exists() {
        return Err(CaseError::Missing(path.to_owned()));
    }
    let mut file = open_read_only(path)?;
    let context = Context { mappings: mappings.clone(), ..Context::default() };
    let mut first = First { shown, records: Vec::new() };
    let outcomes = clarte_parse::read(&mut file, &context, &mut first);
    let streams = outcomes.iter().zip(first.records).map(|(outcome, first_records)| {
        let member = outcome.member.as_ref().map(|member| format!("!/{member}"));
        let faults = outcome.account.first_faults.iter().take(shown);
        let faults = faults.map(|fault| {
            let Fault { offset, length, kind, detail, .. } = fault;
            format!("{offset}+{length} {kind}: {detail}")
        });
        Looked {
            path: format!("{}{}", path.display(), member.unwrap_or_default()),
            format: outcome.name().to_owned(),
            bytes: outcome.bytes,
            parsed: outcome.account.parsed,
            records: outcome.account.records,
            faults: outcome.account.fault_count(),
            first_faults: faults.collect(),
            first_records,
            lacks: Vec::new(),
        }
    });
    let mut streams: Vec<_> = streams.collect();
    if let [Looked { format, lacks, .. }] = streams.as_mut_slice()
        && format == "unknown"
    {
        let mut head = Vec::new();
        let read = open_read_only(path)?.take(HEAD).read_to_end(&mut head);
        read.map_err(CaseError::io(path))?;
        lacks.extend(mappings.iter().map(|m| (m.format().to_owned(), m.lacks(&head))));
    }
    Ok(streams)
}

/// As much of a stream as tells of which format it is.
const HEAD: u64 = 64 << 10;

/// Keeps the first records of each stream.
struct First {
    shown: usize,
    records: Vec<Vec<serde_json::Value>>,
}

impl Sink for First {
    fn record(&mut self, record: &Record<'_>) {
        let shown = self.shown;
        let Some(stream) = self.records.last_mut().filter(|stream| stream.len() < shown) else {
            return;
        };
        let mut all = serde_json::json!({
            "class": record.class.as_str(),
            "source": record.source.as_str(),
            "time": record.time.map(|time| time.at.to_string()),
        });
        for (field, value) in record.fields() {
            all[field.as_str()] = match value {
                Value::Text(text) => text.as_ref().into(),
                Value::Integer(number) => (*number).into(),
                Value::Texts(texts) => texts.iter().map(AsRef::as_ref).collect(),
            };
        }
        stream.push(all);
    }

    fn fault(&mut self, _: Fault) {}
    fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
}

impl Streams for First {
    fn begin(&mut self, _: Option<&Arc<str>>) {
        self.records.push(Vec::new());
    }
}
