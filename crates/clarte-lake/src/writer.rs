//! Writes the records of one run, a Parquet file per class and set of columns:
//! a column costs memory while a file is written, so a file has only those that
//! its records use. When a further one appears, the next file begins.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_schema::SchemaRef;
use clarte_model::{Class, Record};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde::{Deserialize, Serialize};

use crate::LakeError;
use crate::columns::Columns;

/// Rows and bytes after which a batch is handed to Parquet.
const BATCH_ROWS: usize = 4_096;
const BATCH_BYTES: usize = 1 << 20;

/// Bytes of memory after which a row group is written out: what keeps memory
/// flat.
const GROUP_BYTES: usize = 8 << 20;

/// One Parquet file of a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunFile {
    /// The class of its records, by name.
    pub class: String,
    /// Its path inside the lake's folder, with `/`.
    pub path: String,
    /// Its records.
    pub records: u64,
}

/// Takes records and writes them, in bounded memory. One per thread.
///
/// What it wrote becomes visible only when the catalogue lists the files that
/// [`RunWriter::finish`] returns.
pub struct RunWriter {
    folder: PathBuf,
    name: String,
    classes: BTreeMap<Class, ClassWriter>,
    failed: Option<LakeError>,
}

struct ClassWriter {
    folder: PathBuf,
    /// Class and run, such as `dns/000001-0`.
    name: String,
    class: Class,
    columns: Columns,
    open: Option<OpenFile>,
    finished: Vec<RunFile>,
}

struct OpenFile {
    path: PathBuf,
    shown: String,
    schema: SchemaRef,
    records: u64,
    writer: ArrowWriter<File>,
}

impl RunWriter {
    /// A writer into the lake's `folder`; `name` must be its own in the lake.
    pub fn new(folder: &Path, name: &str) -> Self {
        Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
            classes: BTreeMap::new(),
            failed: None,
        }
    }

    /// Adds a record of evidence number `evidence`. A failure is kept and
    /// returned by [`RunWriter::finish`]; nothing is written after it.
    pub fn push(&mut self, evidence: u64, member: Option<&str>, record: &Record<'_>) {
        if self.failed.is_none()
            && let Err(failure) = self.try_push(evidence, member, record)
        {
            self.failed = Some(failure);
        }
    }

    fn try_push(
        &mut self,
        evidence: u64,
        member: Option<&str>,
        record: &Record<'_>,
    ) -> Result<(), LakeError> {
        use std::collections::btree_map::Entry;
        let class = match self.classes.entry(record.class) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                new.insert(ClassWriter::new(&self.folder, record.class, &self.name)?)
            }
        };
        class.columns.push(evidence, member, record);
        if class.columns.rows() >= BATCH_ROWS || class.columns.bytes() >= BATCH_BYTES {
            class.write_batch()?;
        }
        Ok(())
    }

    /// Completes the files and returns them.
    ///
    /// # Errors
    /// The first failure of this writer's life.
    pub fn finish(self) -> Result<Vec<RunFile>, LakeError> {
        if let Some(failure) = self.failed {
            return Err(failure);
        }
        let files = self.classes.into_values().map(ClassWriter::finish);
        Ok(files.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }
}

impl ClassWriter {
    fn new(folder: &Path, class: Class, run: &str) -> Result<Self, LakeError> {
        let home = folder.join(class.as_str());
        fs::create_dir_all(&home).map_err(LakeError::io(&home))?;
        Ok(Self {
            folder: folder.to_owned(),
            name: format!("{}/{run}", class.as_str()),
            class,
            columns: Columns::default(),
            open: None,
            finished: Vec::new(),
        })
    }

    fn write_batch(&mut self) -> Result<(), LakeError> {
        let place = self.folder.join(&self.name);
        let batch =
            self.columns.finish().map_err(|cause| LakeError::parquet(&place)(cause.into()))?;
        if self.open.as_ref().is_none_or(|open| open.schema != batch.schema()) {
            self.close()?;
            self.open = Some(self.begin(batch.schema())?);
        }
        let Some(open) = &mut self.open else { return Ok(()) };
        open.records += batch.num_rows() as u64;
        open.writer
            .write(&batch)
            .and_then(|()| match open.writer.memory_size() {
                GROUP_BYTES.. => open.writer.flush(),
                _ => Ok(()),
            })
            .map_err(LakeError::parquet(&open.path))
    }

    fn begin(&self, schema: SchemaRef) -> Result<OpenFile, LakeError> {
        let shown = format!("{}-{}.parquet", self.name, self.finished.len());
        let path = self.folder.join(&shown);
        let file = File::create(&path).map_err(LakeError::io(&path))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(1 << 17))
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))
            .map_err(LakeError::parquet(&path))?;
        Ok(OpenFile { path, shown, schema, records: 0, writer })
    }

    fn close(&mut self) -> Result<(), LakeError> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let file = open.writer.into_inner().map_err(LakeError::parquet(&open.path))?;
        file.sync_all().map_err(LakeError::io(&open.path))?;
        let class = self.class.as_str().to_owned();
        self.finished.push(RunFile { class, path: open.shown, records: open.records });
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<RunFile>, LakeError> {
        if self.columns.rows() > 0 {
            self.write_batch()?;
        }
        self.close()?;
        Ok(self.finished)
    }
}
