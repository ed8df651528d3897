//! Writes the records of one run.
//!
//! Records gather in memory, by class, until the writer's budget is used up;
//! then the largest class is sorted by time and written as one Parquet file
//! with the columns that its records use. Their distinct values gather beside
//! them and are written as files of the index. Every file is complete before
//! the catalogue names it, and never changed afterwards.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{Int64Builder, StringBuilder, TimestampNanosecondBuilder};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field as Column, Schema, SchemaRef};
use clarte_model::lake::ObservableKind;
use clarte_model::record::FieldType;
use clarte_model::{Class, Field, Record};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;
use sha2::{Digest, Sha256};

use crate::columns::{Columns, fixed, numbers, time_type};
use crate::observables::{Observables, Sight};
use crate::{LakeError, RunFile, RunFileKind};

/// The folder of record files, one folder per class below it.
pub(crate) const RECORDS: &str = "records";

/// The folder of the index.
pub(crate) const OBSERVABLES: &str = "observables";

/// Rows of a row group: what a reader skips or reads as one.
pub(crate) const GROUP_ROWS: usize = 1 << 16;

/// Rows handed to Parquet at once.
const SLICE_ROWS: usize = 1 << 13;

/// The most bytes of records of one class at a time: columns count them in 31
/// bits.
const MOST_RECORDS: usize = 1 << 30;

/// Of the budget, the share of the records; the rest is for their values and
/// for sorting and compressing.
const RECORDS_SHARE: f64 = 0.35;
const VALUES_SHARE: f64 = 0.15;

/// Takes records and writes them, in bounded memory. One per thread.
///
/// What it wrote becomes visible only when the catalogue lists the files that
/// [`RunWriter::finish`] returns.
pub struct RunWriter {
    folder: PathBuf,
    name: String,
    records_budget: usize,
    values_budget: usize,
    held: usize,
    classes: [Columns; Class::ALL.len()],
    observables: Observables,
    files: Vec<RunFile>,
    failed: Option<LakeError>,
}

impl RunWriter {
    /// The least budget with which a writer does not write tiny files.
    pub const LEAST_BUDGET: usize = 4 << 20;

    /// A writer into the lake's `folder`, using about `budget` bytes of
    /// memory; `name` must be its own in the lake.
    pub fn new(folder: &Path, name: &str, budget: usize) -> Self {
        let budget = budget.max(Self::LEAST_BUDGET) as f64;
        Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
            records_budget: ((budget * RECORDS_SHARE) as usize).min(MOST_RECORDS),
            values_budget: (budget * VALUES_SHARE) as usize,
            held: 0,
            classes: Default::default(),
            observables: Observables::default(),
            files: Vec::new(),
            failed: None,
        }
    }

    /// Adds a record of evidence number `evidence`. A failure is kept and
    /// returned by [`RunWriter::finish`]; nothing is written after it.
    pub fn push(&mut self, evidence: u64, member: Option<&str>, record: &Record<'_>) {
        if self.failed.is_some() {
            return;
        }
        let columns = &mut self.classes[record.class as usize];
        let before = columns.bytes();
        columns.push(evidence, member, record);
        self.held += columns.bytes() - before;
        if self.held > self.records_budget
            && let Err(failure) = self.write_largest()
        {
            self.failed = Some(failure);
        }
    }

    /// Whether writing failed, so that further work is in vain.
    pub fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    fn write_largest(&mut self) -> Result<(), LakeError> {
        let largest = Class::ALL.iter().max_by_key(|class| self.classes[**class as usize].bytes());
        largest.map_or(Ok(()), |class| self.write(*class))
    }

    fn write(&mut self, class: Class) -> Result<(), LakeError> {
        let columns = &mut self.classes[class as usize];
        if columns.rows() == 0 {
            return Ok(());
        }
        self.held -= columns.bytes();
        let place = self.folder.join(RECORDS);
        let batch = columns.finish().map_err(|cause| LakeError::parquet(place)(cause.into()))?;
        self.observables.count(&batch);
        let file = self.next_path(&format!("{RECORDS}/{}", class.as_str()));
        let mut open = OpenFile::create(&self.folder, &file, batch.schema(), record_properties)?;
        open.write(&batch)?;
        let kind = RunFileKind::Records(class.as_str().to_owned());
        self.files.push(open.close(kind)?);
        if self.observables.bytes() > self.values_budget {
            self.write_observables()?;
        }
        Ok(())
    }

    fn write_observables(&mut self) -> Result<(), LakeError> {
        let all = self.observables.take_sorted();
        if all.is_empty() {
            return Ok(());
        }
        let file = self.next_path(OBSERVABLES);
        let mut open = ObservablesFile::create(&self.folder, &file)?;
        for (kind, value, sight) in &all {
            open.push(*kind, value, *sight)?;
        }
        self.files.push(open.close()?);
        Ok(())
    }

    fn next_path(&self, folder: &str) -> String {
        format!("{folder}/{}-{}.parquet", self.name, self.files.len())
    }

    /// Writes what is still held and returns all files.
    ///
    /// # Errors
    /// The first failure of this writer's life.
    pub fn finish(mut self) -> Result<Vec<RunFile>, LakeError> {
        if let Some(failure) = self.failed.take() {
            return Err(failure);
        }
        Class::ALL.iter().try_for_each(|class| self.write(*class))?;
        self.write_observables()?;
        Ok(self.files)
    }
}

/// A Parquet file while it is written.
pub(crate) struct OpenFile {
    path: PathBuf,
    shown: String,
    rows: u64,
    lowest: u64,
    highest: u64,
    writer: ArrowWriter<Hashed>,
}

impl OpenFile {
    /// Makes `shown` in the lake's `folder`.
    pub(crate) fn create(
        folder: &Path,
        shown: &str,
        schema: SchemaRef,
        properties: fn(&Schema) -> WriterProperties,
    ) -> Result<Self, LakeError> {
        let path = folder.join(shown);
        let home = path.parent().unwrap_or(folder);
        fs::create_dir_all(home).map_err(LakeError::io(home))?;
        let file = File::create_new(&path).map_err(LakeError::io(&path))?;
        let properties = properties(&schema);
        // How columns are held in memory while they are written is nobody
        // else's business: readers go by Parquet's own types.
        let options =
            ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(Hashed::new(file), schema, options)
            .map_err(LakeError::parquet(&path))?;
        Ok(Self { path, shown: shown.to_owned(), rows: 0, lowest: u64::MAX, highest: 0, writer })
    }

    /// Adds rows. A batch of records widens the range of evidence numbers.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        if batch.schema_ref().field(0).name() == "evidence_number" {
            for number in numbers(batch, fixed::EVIDENCE).values() {
                self.lowest = self.lowest.min(*number as u64);
                self.highest = self.highest.max(*number as u64);
            }
        }
        for from in (0..batch.num_rows()).step_by(SLICE_ROWS) {
            let slice = batch.slice(from, SLICE_ROWS.min(batch.num_rows() - from));
            self.writer.write(&slice).map_err(LakeError::parquet(&self.path))?;
        }
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// Completes the file. It is safe from a power cut only after [`sync`].
    pub(crate) fn close(self, kind: RunFileKind) -> Result<RunFile, LakeError> {
        let hashed = self.writer.into_inner().map_err(LakeError::parquet(&self.path))?;
        let (bytes, sha256) = hashed.finish().map_err(LakeError::io(&self.path))?;
        Ok(RunFile {
            kind,
            path: self.shown,
            rows: self.rows,
            bytes,
            sha256,
            lowest: self.lowest.min(self.highest),
            highest: self.highest,
        })
    }
}

/// Makes the files of a run outlive a power cut, names included.
pub(crate) fn sync(folder: &Path, files: &[RunFile]) -> Result<(), LakeError> {
    let mut folders = std::collections::BTreeSet::from([folder.to_owned()]);
    for file in files {
        let path = folder.join(&file.path);
        File::open(&path).and_then(|file| file.sync_all()).map_err(LakeError::io(&path))?;
        let inside = path.ancestors().skip(1).take_while(|above| *above != folder);
        folders.extend(inside.map(Path::to_owned));
    }
    if cfg!(unix) {
        for path in &folders {
            File::open(path).and_then(|file| file.sync_all()).map_err(LakeError::io(path))?;
        }
    }
    Ok(())
}

/// A file that is hashed while it is written, front to back.
struct Hashed {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl Hashed {
    fn new(file: File) -> Self {
        Self { file: BufWriter::with_capacity(1 << 17, file), hash: Sha256::new(), bytes: 0 }
    }

    fn finish(mut self) -> io::Result<(u64, String)> {
        self.file.flush()?;
        Ok((self.bytes, hexadecimal(self.hash)))
    }
}

fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of what a reader gives, in hexadecimal.
pub(crate) fn hash(mut reader: impl io::Read) -> io::Result<String> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 17]);
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(hexadecimal(hash)),
            read => hash.update(&buffer[..read]),
        }
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn common_properties() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        // Whoever merges many files holds some pages and dictionaries of each.
        .set_data_page_size_limit(1 << 17)
        .set_dictionary_page_size_limit(1 << 18)
        .set_created_by("clarte".to_owned())
        .set_statistics_truncate_length(Some(32))
        .set_column_index_truncate_length(Some(32))
}

/// How records are stored: numbers that hardly change as differences, texts
/// that never repeat without a dictionary, a bloom filter for what is searched
/// by value. Bounds are kept of numbers alone: in records sorted by time every
/// row group has names from `a` to `z`, and finding the bounds costs two
/// comparisons a value.
pub(crate) fn record_properties(schema: &Schema) -> WriterProperties {
    let mut properties = common_properties()
        .set_statistics_enabled(EnabledStatistics::None)
        .set_bloom_filter_fpp(0.01)
        .set_bloom_filter_enabled(false)
        .set_sorting_columns(Some(vec![SortingColumn {
            column_idx: fixed::TIME as i32,
            descending: false,
            nulls_first: true,
        }]));
    for name in ["evidence_number", "offset", "length", "index", "time"] {
        properties = differences(properties, name);
    }
    properties =
        properties.set_column_statistics_enabled(ColumnPath::from("time"), EnabledStatistics::Page);
    let has = |field: Field| schema.index_of(field.as_str()).is_ok();
    for field in Field::ALL.iter().filter(|field| has(**field)) {
        if field.field_type() == FieldType::Integer {
            properties = differences(properties, field.as_str());
        }
        let path = path_of(*field);
        if never_repeats(*field) {
            properties = properties.set_column_dictionary_enabled(path.clone(), false);
        }
        // Look-ups go to the same few servers: looking for one spares nothing.
        let is_resolver = *field == Field::DstIp && has(Field::DnsQuery);
        if is_searched(*field) && !is_resolver {
            properties = properties
                .set_column_bloom_filter_enabled(path.clone(), true)
                .set_column_bloom_filter_max_ndv(path, GROUP_ROWS as u64);
        }
    }
    properties.build()
}

fn differences(properties: WriterPropertiesBuilder, column: &str) -> WriterPropertiesBuilder {
    let path = ColumnPath::from(column);
    properties
        .set_column_dictionary_enabled(path.clone(), false)
        .set_column_encoding(path.clone(), Encoding::DELTA_BINARY_PACKED)
        .set_column_statistics_enabled(path, EnabledStatistics::Chunk)
}

/// Whether scans ask for single values of a field, and most row groups lack
/// most values of it.
fn is_searched(field: Field) -> bool {
    use Field::*;
    matches!(
        field,
        DstIp
            | DstHostname
            | DnsQuery
            | DnsAnswers
            | LeasedIp
            | MailFrom
            | MailEnvelopeFrom
            | MailMessageId
            | QueueId
            | NextQueueId
            | UserName
    )
}

/// Whether nearly every record has a value of its own.
fn never_repeats(field: Field) -> bool {
    matches!(field, Field::ConnectionUid | Field::MailMessageId | Field::Unmapped)
}

/// Where Parquet keeps a field's values.
pub(crate) fn path_of(field: Field) -> ColumnPath {
    let name = field.as_str().to_owned();
    match field.field_type() {
        FieldType::Texts => ColumnPath::new(vec![name, "list".to_owned(), "item".to_owned()]),
        _ => ColumnPath::new(vec![name]),
    }
}

/// The columns of the index.
pub(crate) fn observables_schema() -> Schema {
    Schema::new(vec![
        Column::new("type", DataType::Utf8, false),
        Column::new("value", DataType::Utf8, false),
        Column::new("first", time_type(), true),
        Column::new("last", time_type(), true),
        Column::new("count", DataType::Int64, false),
    ])
}

fn observables_properties(_: &Schema) -> WriterProperties {
    let sorted = |column_idx| SortingColumn { column_idx, descending: false, nulls_first: false };
    common_properties()
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_data_page_row_count_limit(4_096)
        .set_column_dictionary_enabled(ColumnPath::from("value"), false)
        .set_column_encoding(ColumnPath::from("value"), Encoding::DELTA_BYTE_ARRAY)
        .set_column_bloom_filter_enabled(ColumnPath::from("value"), true)
        .set_column_bloom_filter_fpp(ColumnPath::from("value"), 0.001)
        .set_column_bloom_filter_max_ndv(ColumnPath::from("value"), GROUP_ROWS as u64)
        .set_sorting_columns(Some(vec![sorted(0), sorted(1)]))
        .build()
}

/// A file of the index while it is written.
pub(crate) struct ObservablesFile {
    open: OpenFile,
    schema: SchemaRef,
    kinds: StringBuilder,
    values: StringBuilder,
    first: TimestampNanosecondBuilder,
    last: TimestampNanosecondBuilder,
    counts: Int64Builder,
}

impl ObservablesFile {
    /// Makes `shown` in the lake's `folder`.
    pub(crate) fn create(folder: &Path, shown: &str) -> Result<Self, LakeError> {
        let schema = Arc::new(observables_schema());
        let open = OpenFile::create(folder, shown, Arc::clone(&schema), observables_properties)?;
        let time = || TimestampNanosecondBuilder::new().with_data_type(time_type());
        Ok(Self {
            open,
            schema,
            kinds: StringBuilder::new(),
            values: StringBuilder::new(),
            first: time(),
            last: time(),
            counts: Int64Builder::new(),
        })
    }

    /// Adds a value, which must not be less than the one before.
    pub(crate) fn push(
        &mut self,
        kind: ObservableKind,
        value: &str,
        sight: Sight,
    ) -> Result<(), LakeError> {
        use arrow_array::builder::ArrayBuilder;
        self.kinds.append_value(kind.as_str());
        self.values.append_value(value);
        self.first.append_option(sight.first.map(|time| time.0));
        self.last.append_option(sight.last.map(|time| time.0));
        self.counts.append_value(sight.count as i64);
        if self.kinds.len() >= SLICE_ROWS { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), LakeError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.kinds.finish()),
            Arc::new(self.values.finish()),
            Arc::new(self.first.finish()),
            Arc::new(self.last.finish()),
            Arc::new(self.counts.finish()),
        ];
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)
            .map_err(|cause| LakeError::parquet(&self.open.path)(cause.into()))?;
        if batch.column(0).is_empty() { Ok(()) } else { self.open.write(&batch) }
    }

    /// Completes the file.
    pub(crate) fn close(mut self) -> Result<RunFile, LakeError> {
        self.flush()?;
        self.open.close(RunFileKind::Observables)
    }
}
