//! Reads the index: distinct values in order, over all of its files.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampNanosecondType};
use arrow_array::{Array, RecordBatch};
use clarte_model::Timestamp;
use clarte_model::lake::{ObservableKind as Kind, Seen};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::bloom_filter::Sbbf;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::page_index::column_index::ColumnIndexMetaData;

use crate::LakeError;
use crate::observables::Sight;

/// Rows read at once from each file.
const BATCH_ROWS: usize = 2_048;

/// The columns of the index.
const TYPE: usize = 0;
const VALUE: usize = 1;

/// One file of the index while it is read, standing at a row.
struct Cursor {
    path: PathBuf,
    reader: ParquetRecordBatchReader,
    batch: RecordBatch,
    row: usize,
}

impl Cursor {
    /// Opens a file at its first row of `kind`, or at its first row; `None`
    /// if it has none.
    fn open(path: &Path, kind: Option<Kind>) -> Result<Option<Self>, LakeError> {
        let (file, metadata) = open(path)?;
        let parquet = metadata.metadata();
        let groups = (0..parquet.num_row_groups())
            .filter(|group| kind.is_none_or(|kind| may_hold(parquet, *group, kind)));
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone())
            .with_row_groups(groups.collect())
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(LakeError::parquet(path))?;
        let batch = RecordBatch::new_empty(Arc::clone(metadata.schema()));
        let mut cursor = Self { path: path.to_owned(), reader, batch, row: 0 };
        let mut found = cursor.fill()?;
        while found && kind.is_some_and(|kind| cursor.kind() < Some(kind)) {
            found = cursor.advance()?;
        }
        Ok(found.then_some(cursor))
    }

    /// The kind; `None`, which is less than all, for one that is not known.
    fn kind(&self) -> Option<Kind> {
        let name = self.batch.column(TYPE).as_string::<i32>().value(self.row);
        Kind::ALL.iter().find(|kind| kind.as_str() == name).copied()
    }

    fn key(&self) -> (Option<Kind>, String) {
        (self.kind(), self.value().to_owned())
    }

    fn value(&self) -> &str {
        self.batch.column(VALUE).as_string::<i32>().value(self.row)
    }

    fn sight(&self) -> Sight {
        sight(&self.batch, self.row)
    }

    /// Goes to the next row; `false` at the end.
    fn advance(&mut self) -> Result<bool, LakeError> {
        self.row += 1;
        if self.row < self.batch.num_rows() { Ok(true) } else { self.fill() }
    }

    fn fill(&mut self) -> Result<bool, LakeError> {
        for batch in &mut self.reader {
            let batch = batch.map_err(|cause| LakeError::parquet(&self.path)(cause.into()))?;
            if batch.num_rows() > 0 {
                (self.batch, self.row) = (batch, 0);
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn sight(batch: &RecordBatch, row: usize) -> Sight {
    let time = |column: usize| {
        let times = batch.column(column).as_primitive::<TimestampNanosecondType>();
        (!times.is_null(row)).then(|| Timestamp(times.value(row)))
    };
    let count = batch.column(4).as_primitive::<Int64Type>().value(row);
    Sight { first: time(2), last: time(3), count: count as u64 }
}

fn open(path: &Path) -> Result<(File, ArrowReaderMetadata), LakeError> {
    let file = File::open(path).map_err(LakeError::io(path))?;
    let options = ArrowReaderOptions::new();
    let metadata = ArrowReaderMetadata::load(&file, options).map_err(LakeError::parquet(path))?;
    Ok((file, metadata))
}

/// Whether a row group can hold values of `kind`, by its statistics.
fn may_hold(parquet: &ParquetMetaData, group: usize, kind: Kind) -> bool {
    let Some(statistics) = parquet.row_group(group).column(TYPE).statistics() else { return true };
    let name = kind.as_str().as_bytes();
    statistics.min_bytes_opt().is_none_or(|least| least <= name)
        && statistics.max_bytes_opt().is_none_or(|most| most >= name)
}

/// Visits every distinct value of the files, or those of `kind`, in order of
/// kind and value. Memory grows with the number of files alone.
pub(crate) fn visit(
    paths: &[PathBuf],
    kind: Option<Kind>,
    visit: &mut dyn FnMut(Kind, &str, Sight) -> Result<(), LakeError>,
) -> Result<(), LakeError> {
    let mut cursors = Vec::new();
    for path in paths {
        cursors.extend(Cursor::open(path, kind)?);
    }
    let mut heap: BinaryHeap<_> =
        cursors.iter().enumerate().map(|(at, cursor)| Reverse((cursor.key(), at))).collect();
    let mut current: Option<(Kind, String, Sight)> = None;
    while let Some(Reverse(((found, value), at))) = heap.pop() {
        // A file has no more of the kind once it stands at another.
        let Some(found) = found.filter(|found| kind.is_none_or(|kind| kind == *found)) else {
            continue;
        };
        let cursor = &mut cursors[at];
        let sight = cursor.sight();
        match &mut current {
            Some((kind, known, total)) if *kind == found && *known == value => {
                *total = total.and(sight);
            }
            current => {
                if let Some((kind, value, total)) = current.replace((found, value, sight)) {
                    visit(kind, &value, total)?;
                }
            }
        }
        if cursor.advance()? {
            heap.push(Reverse((cursor.key(), at)));
        }
    }
    match current {
        Some((kind, value, total)) => visit(kind, &value, total),
        None => Ok(()),
    }
}

/// As [`visit`], for whoever needs no failure of their own.
pub(crate) fn values(
    paths: &[PathBuf],
    kind: Kind,
    each: &mut dyn FnMut(Seen<'_>),
) -> Result<(), LakeError> {
    visit(paths, Some(kind), &mut |_, value, Sight { first, last, count }| {
        each(Seen { value, first, last, count });
        Ok(())
    })
}

/// Which of `wanted` stand in the index at all. Row groups are passed over by
/// their bloom filters and pages by their bounds, so that looking for a
/// thousand values reads little of the index.
pub(crate) fn present(
    paths: &[PathBuf],
    kind: Kind,
    wanted: &BTreeSet<String>,
) -> Result<BTreeSet<String>, LakeError> {
    let mut found = BTreeSet::new();
    for path in paths {
        present_in(path, kind, wanted, &mut found)?;
    }
    Ok(found)
}

fn present_in(
    path: &Path,
    kind: Kind,
    wanted: &BTreeSet<String>,
    found: &mut BTreeSet<String>,
) -> Result<(), LakeError> {
    let file = File::open(path).map_err(LakeError::io(path))?;
    let metadata = ArrowReaderMetadata::load(
        &file,
        ArrowReaderOptions::new()
            .with_page_index_policy(parquet::file::metadata::PageIndexPolicy::Optional),
    )
    .map_err(LakeError::parquet(path))?;
    let parquet = Arc::clone(metadata.metadata());
    for group in 0..parquet.num_row_groups() {
        if !may_hold(&parquet, group, kind) {
            continue;
        }
        let open = || file.try_clone().map_err(LakeError::io(path));
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(open()?, metadata.clone());
        let filter = builder
            .get_row_group_column_bloom_filter(group, VALUE)
            .map_err(LakeError::parquet(path))?;
        let maybe: Vec<&str> = wanted
            .iter()
            .filter(|value| !found.contains(*value) && passes(filter.as_ref(), value))
            .map(String::as_str)
            .collect();
        if maybe.is_empty() {
            continue;
        }
        let mut builder = builder.with_row_groups(vec![group]).with_batch_size(BATCH_ROWS);
        if let Some(selection) = pages(&parquet, group, &maybe) {
            builder = builder.with_row_selection(selection);
        }
        for batch in builder.build().map_err(LakeError::parquet(path))? {
            let batch = batch.map_err(|cause| LakeError::parquet(path)(cause.into()))?;
            let kinds = batch.column(TYPE).as_string::<i32>();
            let values = batch.column(VALUE).as_string::<i32>();
            for row in 0..batch.num_rows() {
                let value = values.value(row);
                if kinds.value(row) == kind.as_str() && maybe.binary_search(&value).is_ok() {
                    found.insert(value.to_owned());
                }
            }
        }
    }
    Ok(())
}

fn passes(filter: Option<&Sbbf>, value: &str) -> bool {
    filter.is_none_or(|filter| filter.check(&value))
}

/// The pages of a row group whose bounds leave room for one of `wanted`
/// (sorted).
fn pages(parquet: &ParquetMetaData, group: usize, wanted: &[&str]) -> Option<RowSelection> {
    let index = parquet.column_index()?.get(group)?;
    let locations = parquet.offset_index()?.get(group)?.get(VALUE)?.page_locations();
    let ColumnIndexMetaData::BYTE_ARRAY(values) = index.get(VALUE)? else { return None };
    let rows = parquet.row_group(group).num_rows() as usize;
    let mut selectors = Vec::new();
    for (page, location) in locations.iter().enumerate() {
        let from = location.first_row_index as usize;
        let to = locations.get(page + 1).map_or(rows, |next| next.first_row_index as usize);
        // Bounds may be cut short: the upper one is then rounded up.
        let least = values.min_value(page)?;
        let most = values.max_value(page)?;
        let place = wanted.partition_point(|value| value.as_bytes() < least);
        let inside = wanted.get(place).is_some_and(|value| value.as_bytes() <= most);
        let rows = to - from;
        let selector = if inside { RowSelector::select } else { RowSelector::skip };
        selectors.push(selector(rows));
    }
    Some(selectors.into())
}
