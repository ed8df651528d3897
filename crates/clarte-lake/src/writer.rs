//! Writes the records of one run, a Parquet file per class.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clarte_model::{Class, Record};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde::{Deserialize, Serialize};

use crate::LakeError;
use crate::columns::{Columns, SCHEMA};

/// Rows and bytes after which a batch is handed to Parquet.
const BATCH_ROWS: usize = 4_096;
const BATCH_BYTES: usize = 1 << 20;

/// Encoded bytes after which a row group is written out: what keeps memory
/// flat.
const GROUP_BYTES: usize = 4 << 20;

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
    path: PathBuf,
    shown: String,
    columns: Columns,
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
                new.insert(ClassWriter::create(&self.folder, record.class, &self.name)?)
            }
        };
        class.columns.push(evidence, member, record);
        class.records += 1;
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
        self.classes.into_iter().map(|(class, writer)| writer.finish(class)).collect()
    }
}

impl ClassWriter {
    fn create(folder: &Path, class: Class, name: &str) -> Result<Self, LakeError> {
        let shown = format!("{}/{name}.parquet", class.as_str());
        let path = folder.join(&shown);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(LakeError::io(parent))?;
        }
        let file = File::create(&path).map_err(LakeError::io(&path))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(1 << 17))
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(&SCHEMA), Some(properties))
            .map_err(LakeError::parquet(&path))?;
        Ok(Self { path, shown, columns: Columns::default(), records: 0, writer })
    }

    fn write_batch(&mut self) -> Result<(), LakeError> {
        let batch = self.columns.finish().map_err(|cause| cause.into());
        batch
            .and_then(|batch| self.writer.write(&batch))
            .and_then(|()| match self.writer.in_progress_size() {
                GROUP_BYTES.. => self.writer.flush(),
                _ => Ok(()),
            })
            .map_err(LakeError::parquet(&self.path))
    }

    fn finish(mut self, class: Class) -> Result<RunFile, LakeError> {
        if self.columns.rows() > 0 {
            self.write_batch()?;
        }
        let mut file = self.writer.into_inner().map_err(LakeError::parquet(&self.path))?;
        std::io::Write::flush(&mut file).map_err(LakeError::io(&self.path))?;
        file.sync_all().map_err(LakeError::io(&self.path))?;
        Ok(RunFile { class: class.as_str().to_owned(), path: self.shown, records: self.records })
    }
}
