//! SQL over the lake: DataFusion in this process, reading through
//! `object_store`.
//!
//! One function hands out the session; nothing else knows which engine
//! answers. All SQL of Clarté is in `queries/`, one file a query. Whoever asks
//! with SQL of their own may only read.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::csv::WriterBuilder;
use arrow::json::LineDelimitedWriter;
use arrow::util::pretty::pretty_format_batches;
use arrow_array::{BooleanArray, RecordBatch};
use arrow_schema::Schema;
use arrow_select::filter::filter_record_batch;
use clarte_model::{Class, Field, Precision, Source, ZoneBasis};
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext, col};
use futures_util::StreamExt;
use tokio::runtime::Runtime;

use crate::catalogue::{RunFile, RunFileKind};
use crate::columns::{field_column, fixed, fixed_columns, numbers};
use crate::writer::observables_schema;
use crate::{Lake, LakeError, reader, tables};

/// Bytes that a query may use before it spills to disk or fails.
const DEFAULT_MEMORY: usize = 512 << 20;

/// A table longer than this is not drawn whole: its widths need all rows.
const DRAWN_ROWS: usize = 10_000;

/// The named queries: name, what each answers, SQL.
pub const NAMED: &[(&str, &str, &str)] = &[
    (
        "sources",
        "Records, first and last time of every kind of source",
        include_str!("queries/sources.sql"),
    ),
    ("hours", "Records of every source by hour", include_str!("queries/hours.sql")),
    ("faults", "Faults by file and kind, the most first", include_str!("queries/faults.sql")),
    (
        "destinations",
        "Hosts asked for, the rarest first, with who asked",
        include_str!("queries/destinations.sql"),
    ),
    (
        "senders",
        "Domains that mail came from, with how many addressees",
        include_str!("queries/senders.sql"),
    ),
];

/// How rows are written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A drawn table.
    Table,
    /// One JSON object a line; columns without a value are left out.
    Json,
    /// CSV with a header (RFC 4180).
    Csv,
}

/// Answers SQL from one lake.
pub struct Engine {
    runtime: Runtime,
    context: SessionContext,
}

impl Engine {
    /// A session that knows every table of the lake ([`crate::tables`]);
    /// `memory` bytes bound what a query holds, beyond which it spills.
    ///
    /// # Errors
    /// Where the lake's files cannot be read.
    pub fn open(lake: &Lake, memory: Option<usize>) -> Result<Self, LakeError> {
        let engine = Self::new(memory.unwrap_or(DEFAULT_MEMORY), None)?;
        engine.runtime.block_on(engine.register(lake)).map_err(query_error)?;
        Ok(engine)
    }

    /// A session without tables.
    pub(crate) fn bare() -> Result<Self, LakeError> {
        Self::new(DEFAULT_MEMORY, Some(1_024))
    }

    fn new(memory: usize, batch_rows: Option<usize>) -> Result<Self, LakeError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .build()
            .map_err(|source| LakeError::Query { message: source.to_string() })?;
        let context = session(memory, batch_rows).map_err(query_error)?;
        Ok(Self { runtime, context })
    }

    /// Runs one `select` and writes its rows to `out`; returns how many.
    ///
    /// # Errors
    /// Where the SQL is wrong, would change anything, or cannot be answered,
    /// and where the rows cannot be written out.
    pub fn query(&self, sql: &str, form: Form, out: &mut dyn Write) -> Result<u64, LakeError> {
        let sql = NAMED.iter().find(|(name, ..)| *name == sql.trim()).map_or(sql, |(.., sql)| sql);
        let mut out = Watched { out, failed: None };
        let done = self.runtime.block_on(self.write(sql, form, &mut out));
        match out.failed {
            Some(kind) => {
                Err(LakeError::Rows { what: "cannot write the rows", source: kind.into() })
            }
            None => done,
        }
    }

    async fn write(&self, sql: &str, form: Form, out: &mut Watched<'_>) -> Result<u64, LakeError> {
        let frame = self.context.sql_with_options(sql, reading_only()).await;
        let stream = frame.map_err(query_error)?.execute_stream().await.map_err(query_error)?;
        match form {
            Form::Table => draw(stream, out).await,
            Form::Json => {
                let mut writer = LineDelimitedWriter::new(out);
                let rows = each(stream, &mut |batch| writer.write(batch)).await?;
                writer.finish().map_err(arrow_error)?;
                Ok(rows)
            }
            Form::Csv => {
                let schema = stream.schema();
                let mut writer = WriterBuilder::new().with_header(true).build(out);
                let header = flat(&RecordBatch::new_empty(schema)).map_err(arrow_error)?;
                writer.write(&header).map_err(arrow_error)?;
                each(stream, &mut |batch| writer.write(&flat(batch)?)).await
            }
        }
    }

    /// Hands the records of sorted files to `each`, as one sorted stream,
    /// without those of evidence that the catalogue does not list.
    pub(crate) fn merged(
        &self,
        lake: &Lake,
        parts: &[RunFile],
        each: &mut dyn FnMut(&RecordBatch) -> Result<(), LakeError>,
    ) -> Result<(), LakeError> {
        let visible = |batch: &RecordBatch| -> BooleanArray {
            let evidence = numbers(batch, fixed::EVIDENCE).values().iter();
            evidence.map(|number| Some(lake.numbers().contains_key(&(*number as u64)))).collect()
        };
        self.runtime.block_on(async {
            let mut stream = async {
                let part = sorted_files(lake.folder(), parts, &self.context)?;
                self.context.register_table("part", part)?;
                self.context.sql(include_str!("queries/merge.sql")).await?.execute_stream().await
            }
            .await
            .map_err(query_error)?;
            let mut read = 0;
            while let Some(batch) = stream.next().await {
                let batch = batch.map_err(query_error)?;
                read += batch.num_rows() as u64;
                let batch = filter_record_batch(&batch, &visible(&batch)).map_err(arrow_error)?;
                if batch.num_rows() > 0 {
                    each(&batch)?;
                }
            }
            // Whoever merges deletes the parts: nothing may be missing.
            let counted: u64 = parts.iter().map(|part| part.rows).sum();
            if read != counted {
                let path = lake.folder().to_owned();
                return Err(LakeError::Short { path, found: read, counted });
            }
            Ok(())
        })
    }

    async fn register(&self, lake: &Lake) -> Result<(), DataFusionError> {
        for (name, batch) in tables::of_catalogue(lake.catalogue())? {
            let table = MemTable::try_new(batch.schema(), vec![vec![batch]])?;
            self.context.register_table(name, Arc::new(table))?;
        }
        for class in Class::ALL {
            let name = class.as_str();
            let known = fixed_columns().into_iter();
            let known = known.chain(tables::fields(*class).iter().map(|f| field_column(*f)));
            let known = Schema::new(known.collect::<Vec<_>>());
            let raw = files(lake.folder(), lake.record_files(*class), known)?;
            let schema = raw.schema();
            self.context.register_table(format!("raw_{name}"), raw)?;
            for view in views(*class, &schema, !lake.withdrawn().is_empty()) {
                self.context.sql(&view).await?;
            }
        }
        self.context.sql(&events()).await?;
        let index = lake.files().iter().filter(|file| file.kind == RunFileKind::Observables);
        let raw = files(lake.folder(), index, observables_schema())?;
        self.context.register_table("raw_observable", raw)?;
        self.context.sql(include_str!("queries/observable.sql")).await?;
        Ok(())
    }
}

/// Rows on their way out. Whoever formats them loses what kind of failure the
/// system told, and whether anybody is still reading.
struct Watched<'o> {
    out: &'o mut dyn Write,
    failed: Option<std::io::ErrorKind>,
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.out.write(bytes).inspect_err(|cause| self.failed = Some(cause.kind()))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush().inspect_err(|cause| self.failed = Some(cause.kind()))
    }
}

/// The one place where the engine is chosen and configured.
fn session(memory: usize, batch_rows: Option<usize>) -> Result<SessionContext, DataFusionError> {
    let runtime = RuntimeEnvBuilder::new().with_memory_limit(memory, 1.0).build_arc()?;
    let config = SessionConfig::new()
        .with_information_schema(true)
        .with_batch_size(batch_rows.unwrap_or(8_192))
        .set_bool("datafusion.execution.parquet.pushdown_filters", true)
        .set_bool("datafusion.execution.parquet.reorder_filters", true)
        .set_bool("datafusion.execution.parquet.bloom_filter_on_read", true);
    Ok(SessionContext::new_with_config_rt(config, runtime))
}

/// What SQL from outside may do: select.
fn reading_only() -> SQLOptions {
    SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false)
}

/// Parquet files as one table with the columns of `known` and whatever else
/// the files have.
fn files<'f>(
    folder: &Path,
    files: impl Iterator<Item = &'f RunFile>,
    known: Schema,
) -> Result<Arc<dyn TableProvider>, DataFusionError> {
    let (urls, found) = look_at(folder, files)?;
    let schema = Arc::new(Schema::try_merge([known, found])?);
    if urls.is_empty() {
        return Ok(Arc::new(MemTable::try_new(schema, vec![vec![]])?));
    }
    let config = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(ListingOptions::new(Arc::new(ParquetFormat::default())))
        .with_schema(schema);
    Ok(Arc::new(ListingTable::try_new(config)?))
}

/// Sorted files of one class as one table, each read on its own.
fn sorted_files(
    folder: &Path,
    files: &[RunFile],
    context: &SessionContext,
) -> Result<Arc<dyn TableProvider>, DataFusionError> {
    let (urls, found) = look_at(folder, files.iter())?;
    let columns = fixed_columns().into_iter().chain(Field::ALL.iter().map(|f| field_column(*f)));
    let in_order = columns.filter(|column| found.index_of(column.name()).is_ok());
    let schema = Arc::new(Schema::new(in_order.collect::<Vec<_>>()));
    let state = context.state_ref();
    state.write().config_mut().options_mut().execution.target_partitions = files.len();
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()))
        .with_file_sort_order(vec![vec![col("time").sort(true, true)]]);
    let config = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(options)
        .with_schema(schema);
    Ok(Arc::new(ListingTable::try_new(config)?))
}

/// Where files lie, and the columns of all.
fn look_at<'f>(
    folder: &Path,
    files: impl Iterator<Item = &'f RunFile>,
) -> Result<(Vec<ListingTableUrl>, Schema), DataFusionError> {
    let (mut urls, mut columns) = (Vec::new(), Schema::empty());
    for file in files {
        let path = folder.join(&file.path);
        let found = reader::schema(&path).map_err(own)?;
        let path = path.canonicalize().map_err(LakeError::io(&path)).map_err(own)?;
        columns = Schema::try_merge([columns, found])?;
        // Not parsed as text: that would take `[`, `*` and `?` for a pattern,
        // match no file and say nothing.
        let url = url::Url::from_file_path(&path).map_err(|()| {
            DataFusionError::Execution(format!("{} cannot be a URL", path.display()))
        })?;
        urls.push(ListingTableUrl::try_new(url, None)?);
    }
    Ok((urls, columns))
}

/// A class's table as it is asked: codes spelled out, records left out that
/// nobody may see, where there may be any, and each event once, however many
/// exports hold it.
fn views(class: Class, schema: &Schema, has_withdrawn: bool) -> Vec<String> {
    let spelled = |column: &str, names: &[(i8, &str)]| {
        let cases = names.iter().map(|(code, name)| format!(" when {code} then '{name}'"));
        format!("case {column}{} end as {column}", cases.collect::<String>())
    };
    let sources: Vec<_> =
        Source::ALL.iter().map(|source| (*source as i8, source.as_str())).collect();
    let precisions = [
        (Precision::Day as i8, "day"),
        (Precision::Minute as i8, "minute"),
        (Precision::Second as i8, "second"),
        (Precision::Subsecond as i8, "subsecond"),
    ];
    let bases = [ZoneBasis::Utc, ZoneBasis::Offset, ZoneBasis::LocalAssumed]
        .map(|basis| (basis as i8, basis.as_str()));
    let columns = schema.fields().iter().map(|field| match field.name().as_str() {
        "source" => spelled("source", &sources),
        "time_precision" => spelled("time_precision", &precisions),
        "time_basis" => spelled("time_basis", &bases),
        name => format!("\"{name}\""),
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let visible = match has_withdrawn {
        true => " where evidence_number in (select number from evidence)",
        false => "",
    };
    let name = class.as_str();
    let all = format!("select {columns} from raw_{name}{visible}");
    if tables::has_copies(class) {
        let once = include_str!("queries/once.sql").replace("CLASS", name);
        vec![format!("create view all_{name} as {all}"), once]
    } else {
        vec![format!("create view {name} as {all}")]
    }
}

/// All classes as one table, with the columns that every record has.
fn events() -> String {
    let columns: Vec<_> = tables::COMMON.iter().map(|(name, ..)| format!("\"{name}\"")).collect();
    let columns = columns.join(", ");
    let classes = Class::ALL.iter().map(|class| {
        let class = class.as_str();
        format!("select '{class}' as class, {columns} from {class}")
    });
    format!("create view event as {}", classes.collect::<Vec<_>>().join(" union all "))
}

async fn draw(
    mut stream: SendableRecordBatchStream,
    out: &mut Watched<'_>,
) -> Result<u64, LakeError> {
    let (mut batches, mut rows) = (vec![RecordBatch::new_empty(stream.schema())], 0);
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(query_error)?;
        rows += batch.num_rows();
        batches.push(batch);
        if rows > DRAWN_ROWS {
            break;
        }
    }
    let table = pretty_format_batches(&batches).map_err(arrow_error)?;
    let more = if rows > DRAWN_ROWS { "and more rows: ask with --csv or --json\n" } else { "" };
    let written = write!(out, "{table}\n{more}");
    written.map_err(|source| LakeError::Rows { what: "cannot write the rows", source })?;
    Ok(rows as u64)
}

/// Hands every batch to `write` and counts rows.
async fn each(
    mut stream: SendableRecordBatchStream,
    write: &mut dyn FnMut(&RecordBatch) -> Result<(), arrow_schema::ArrowError>,
) -> Result<u64, LakeError> {
    let mut rows = 0;
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(query_error)?;
        write(&batch).map_err(arrow_error)?;
        rows += batch.num_rows() as u64;
    }
    Ok(rows)
}

/// Lists as JSON text: CSV has no other way to hold them.
fn flat(batch: &RecordBatch) -> Result<RecordBatch, arrow_schema::ArrowError> {
    use arrow_array::cast::AsArray;
    let mut columns = Vec::new();
    let mut schema = Vec::new();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let texts = column
            .as_list_opt::<i32>()
            .filter(|list| list.values().as_string_opt::<i32>().is_some());
        let Some(lists) = texts else {
            schema.push(field.as_ref().clone());
            columns.push(Arc::clone(column));
            continue;
        };
        let joined = lists.iter().map(|list| {
            let list = list?;
            let texts: Vec<_> = list.as_string::<i32>().iter().collect();
            serde_json::to_string(&texts).ok()
        });
        let joined: arrow_array::StringArray = joined.collect();
        schema.push(arrow_schema::Field::new(field.name(), arrow_schema::DataType::Utf8, true));
        columns.push(Arc::new(joined));
    }
    RecordBatch::try_new(Arc::new(Schema::new(schema)), columns)
}

/// A failure of ours on its way through the engine.
fn own(cause: LakeError) -> DataFusionError {
    DataFusionError::External(Box::new(cause))
}

/// What failed: a question that is wrong, or a lake that cannot be read.
fn query_error(cause: DataFusionError) -> LakeError {
    if let DataFusionError::External(inner) = cause {
        return match inner.downcast::<LakeError>() {
            Ok(own) => *own,
            Err(other) => LakeError::Query { message: other.to_string() },
        };
    }
    let is_about_files = matches!(
        cause.find_root(),
        DataFusionError::ObjectStore(_)
            | DataFusionError::ParquetError(_)
            | DataFusionError::IoError(_)
    );
    let message = cause.strip_backtrace();
    if is_about_files {
        let source = std::io::Error::other(message);
        return LakeError::Rows { what: "the lake cannot be read", source };
    }
    LakeError::Query { message }
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
fn arrow_error(cause: arrow_schema::ArrowError) -> LakeError {
    LakeError::Query { message: cause.to_string() }
}
