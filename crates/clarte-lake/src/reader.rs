//! Reads records back: the fields asked for, of the records asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::BooleanBufferBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int64Type, TimestampNanosecondType};
use arrow_array::{Array, BooleanArray, RecordBatch};
use arrow_schema::{ArrowError, SchemaRef};
use clarte_model::lake::{Only, Stored};
use clarte_model::record::FieldType;
use clarte_model::{
    Class, EvidenceId, Field, Moment, Precision, Record, Source, Timestamp, ZoneBasis,
};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowPredicate, ArrowPredicateFn, ArrowReaderMetadata, ArrowReaderOptions,
    ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowFilter,
};
use parquet::file::metadata::ParquetMetaData;

use crate::LakeError;
use crate::columns::{fixed, numbers};
use crate::writer::path_of;

/// Rows read at once.
const BATCH_ROWS: usize = 4_096;

/// Of more values, looking each up in a row group's bloom filter costs more
/// than it spares.
const VALUES_LOOKED_UP: usize = 2_000;

/// What a scan gives.
pub(crate) struct Wish<'w> {
    pub(crate) class: Class,
    pub(crate) fields: &'w [Field],
    pub(crate) only: &'w [Only<'w>],
    /// The visible evidence.
    pub(crate) numbers: &'w BTreeMap<u64, EvidenceId>,
}

/// Visits the records of one file.
pub(crate) fn scan_file(
    path: &Path,
    wish: &Wish<'_>,
    visit: &mut dyn FnMut(Stored<'_>),
) -> Result<(), LakeError> {
    let file = File::open(path).map_err(LakeError::io(path))?;
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
        .map_err(LakeError::parquet(path))?;
    // A file has only the columns that its records use.
    let schema = Arc::clone(metadata.schema());
    let has = |field: &Field| schema.index_of(field.as_str()).is_ok();
    let only: Vec<_> = wish.only.iter().filter(|only| has(&only.field)).collect();
    if only.is_empty() && !wish.only.is_empty() {
        return Ok(());
    }
    let mut fields: Vec<Field> = wish.fields.iter().filter(|field| has(field)).copied().collect();
    fields.sort_unstable();
    fields.dedup();
    let reader = reader(file, &metadata, &fields, &only).map_err(LakeError::parquet(path))?;
    let Some(reader) = reader else { return Ok(()) };
    for batch in reader {
        let batch = batch.map_err(|cause| LakeError::parquet(path)(cause.into()))?;
        visit_batch(&batch, &fields, wish, visit);
    }
    Ok(())
}

/// A reader of the columns and rows asked for; `None` where no row group can
/// have any.
fn reader(
    file: File,
    metadata: &ArrowReaderMetadata,
    fields: &[Field],
    only: &[&Only<'_>],
) -> parquet::errors::Result<Option<ParquetRecordBatchReader>> {
    let schema = metadata.schema();
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone());
    let parquet = Arc::clone(metadata.metadata());
    let mut groups = Vec::new();
    for group in 0..parquet.num_row_groups() {
        if only.is_empty() || may_match(&builder, &parquet, group, only)? {
            groups.push(group);
        }
    }
    if groups.is_empty() {
        return Ok(None);
    }
    let place = |field: &Field| schema.index_of(field.as_str()).ok();
    let roots = (0..fixed::END).chain(fields.iter().filter_map(place));
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
    let mut builder =
        builder.with_row_groups(groups).with_projection(mask).with_batch_size(BATCH_ROWS);
    if !only.is_empty() {
        builder = builder.with_row_filter(filter(schema, &parquet, only));
    }
    builder.build().map(Some)
}

/// Whether a row group can have a record that matches, by the bounds and
/// bloom filters of its columns.
fn may_match(
    builder: &ParquetRecordBatchReaderBuilder<File>,
    parquet: &ParquetMetaData,
    group: usize,
    only: &[&Only<'_>],
) -> parquet::errors::Result<bool> {
    for only in only {
        let path = path_of(only.field);
        let columns = parquet.row_group(group).columns();
        let Some(column) = columns.iter().position(|column| *column.column_path() == path) else {
            return Ok(true);
        };
        if only.values.len() > VALUES_LOOKED_UP {
            return Ok(true);
        }
        let statistics = columns[column].statistics();
        let least = statistics.and_then(|statistics| statistics.min_bytes_opt());
        let most = statistics.and_then(|statistics| statistics.max_bytes_opt());
        let mut within = only.values.iter().filter(|value| {
            least.is_none_or(|least| least <= value.as_bytes())
                && most.is_none_or(|most| most >= value.as_bytes())
        });
        let filter = builder.get_row_group_column_bloom_filter(group, column)?;
        let found = match &filter {
            Some(filter) => within.any(|value| filter.check(&value.as_str())),
            None => within.next().is_some(),
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Keeps the rows that match one of `only`.
fn filter(schema: &SchemaRef, parquet: &ParquetMetaData, only: &[&Only<'_>]) -> RowFilter {
    let keys: Vec<(Field, hashbrown::HashSet<String>)> =
        only.iter().map(|only| (only.field, only.values.iter().cloned().collect())).collect();
    let roots = only.iter().filter_map(|only| schema.index_of(only.field.as_str()).ok());
    let mask = ProjectionMask::roots(parquet.file_metadata().schema_descr(), roots);
    let predicate = ArrowPredicateFn::new(mask, move |batch| matches(&batch, &keys));
    RowFilter::new(vec![Box::new(predicate) as Box<dyn ArrowPredicate>])
}

fn matches(
    batch: &RecordBatch,
    keys: &[(Field, hashbrown::HashSet<String>)],
) -> Result<BooleanArray, ArrowError> {
    let mut kept = BooleanBufferBuilder::new(batch.num_rows());
    kept.append_n(batch.num_rows(), false);
    for (field, values) in keys {
        let Some(column) = batch.column_by_name(field.as_str()) else { continue };
        if let Some(texts) = column.as_string_opt::<i32>() {
            for row in 0..texts.len() {
                if !texts.is_null(row) && values.contains(texts.value(row)) {
                    kept.set_bit(row, true);
                }
            }
        } else if let Some(lists) = column.as_list_opt::<i32>() {
            let texts = lists.values().as_string::<i32>();
            for (row, bounds) in lists.value_offsets().windows(2).enumerate() {
                let mut range = bounds[0] as usize..bounds[1] as usize;
                if range.any(|at| values.contains(texts.value(at))) {
                    kept.set_bit(row, true);
                }
            }
        }
    }
    Ok(BooleanArray::new(kept.finish(), None))
}

/// Visits the visible rows of one batch, whose columns are the fixed ones and
/// then `fields`, in the order of the schema.
fn visit_batch(
    batch: &RecordBatch,
    fields: &[Field],
    wish: &Wish<'_>,
    visit: &mut dyn FnMut(Stored<'_>),
) {
    let evidence = numbers(batch, fixed::EVIDENCE).values();
    let offset = numbers(batch, fixed::OFFSET).values();
    let length = numbers(batch, fixed::LENGTH).values();
    let index = numbers(batch, fixed::INDEX).values();
    let code = |column: usize| batch.column(column).as_primitive::<Int8Type>().values();
    let (sources, precisions, bases) =
        (code(fixed::SOURCE), code(fixed::PRECISION), code(fixed::BASIS));
    let times = batch.column(fixed::TIME).as_primitive::<TimestampNanosecondType>();
    let member = batch.column(fixed::MEMBER).as_string::<i32>();
    let columns: Vec<_> =
        fields.iter().enumerate().map(|(at, f)| (*f, batch.column(fixed::END + at))).collect();
    let mut known = None;
    for row in 0..batch.num_rows() {
        let number = evidence[row] as u64;
        let id = match known {
            Some((last, id)) if last == number => id,
            _ => match wish.numbers.get(&number) {
                Some(id) => *id,
                None => continue,
            },
        };
        known = Some((number, id));
        let source = Source::ALL[(sources[row] as usize).min(Source::ALL.len() - 1)];
        let (offset, length) = (offset[row] as u64, length[row] as u64);
        let mut record = Record::new(wish.class, source, offset, length);
        record.index = index[row] as u32;
        record.time = (!times.is_null(row)).then(|| Moment {
            at: Timestamp(times.value(row)),
            precision: precision(precisions[row]),
            basis: basis(bases[row]),
        });
        for (field, column) in &columns {
            if !column.is_null(row) {
                set(&mut record, *field, column.as_ref(), row);
            }
        }
        let member = (!member.is_null(row)).then(|| member.value(row));
        visit(Stored { evidence: id, member, record: &record });
    }
}

fn set<'b>(record: &mut Record<'b>, field: Field, column: &'b dyn Array, row: usize) {
    match field.field_type() {
        FieldType::Text => {
            record.text(field, column.as_string::<i32>().value(row));
        }
        FieldType::Integer => {
            record.integer(field, column.as_primitive::<Int64Type>().value(row));
        }
        FieldType::Texts => {
            let list = column.as_list::<i32>();
            let values = list.values().as_string::<i32>();
            let bounds = list.value_offsets();
            let range = bounds[row] as usize..bounds[row + 1] as usize;
            record.texts(field, range.map(|at| values.value(at)));
        }
    }
}

fn precision(code: i8) -> Precision {
    const ALL: [Precision; 4] =
        [Precision::Day, Precision::Minute, Precision::Second, Precision::Subsecond];
    let known = ALL.into_iter().find(|precision| *precision as i8 == code);
    known.unwrap_or(Precision::Second)
}

fn basis(code: i8) -> ZoneBasis {
    const ALL: [ZoneBasis; 3] = [ZoneBasis::Utc, ZoneBasis::Offset, ZoneBasis::LocalAssumed];
    let known = ALL.into_iter().find(|basis| *basis as i8 == code);
    known.unwrap_or(ZoneBasis::LocalAssumed)
}

/// Adds the hours and the local times of one file to those of the others.
pub(crate) fn count_hours(
    path: &Path,
    numbers_known: &BTreeMap<u64, EvidenceId>,
    hours: &mut Hours,
    local: &mut BTreeSet<EvidenceId>,
) -> Result<(), LakeError> {
    const HOUR: i64 = 3_600 * clarte_model::time::SECOND;
    let mut known: Option<(u64, EvidenceId)> = None;
    let mut current: Option<((Source, Option<i64>), Bounds)> = None;
    let wanted = [fixed::EVIDENCE, fixed::SOURCE, fixed::TIME, fixed::BASIS];
    project(path, Some(&wanted), &mut |batch| {
        let evidence = numbers(batch, 0).values();
        let sources = batch.column(1).as_primitive::<Int8Type>().values();
        let times = batch.column(2).as_primitive::<TimestampNanosecondType>();
        let bases = batch.column(3).as_primitive::<Int8Type>().values();
        for row in 0..batch.num_rows() {
            let number = evidence[row] as u64;
            if known.is_none_or(|(last, _)| last != number) {
                known = numbers_known.get(&number).map(|id| (number, *id));
            }
            let Some((_, id)) = known.filter(|(known, _)| *known == number) else { continue };
            let source = Source::ALL[(sources[row] as usize).min(Source::ALL.len() - 1)];
            let time = (!times.is_null(row)).then(|| times.value(row));
            if time.is_some() && bases[row] == ZoneBasis::LocalAssumed as i8 {
                local.insert(id);
            }
            let at = Timestamp(time.unwrap_or_default());
            let key = (source, time.map(|time| time.div_euclid(HOUR)));
            // Records are sorted by time: the next is mostly of the same hour.
            match &mut current {
                Some((known, hour)) if *known == key => hour.add(at),
                current => {
                    let done = current.replace((key, Bounds::of(at)));
                    done.into_iter().for_each(|(key, hour)| merge(hours, key, hour));
                }
            }
        }
        Ok(())
    })?;
    current.into_iter().for_each(|(key, hour)| merge(hours, key, hour));
    Ok(())
}

/// Records by source and hour since 1970; `None` for those without a time.
pub(crate) type Hours = BTreeMap<(Source, Option<i64>), Bounds>;

/// The first and last of some records, and how many they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) first: Timestamp,
    pub(crate) last: Timestamp,
    pub(crate) records: u64,
}

impl Bounds {
    fn of(at: Timestamp) -> Self {
        Self { first: at, last: at, records: 1 }
    }

    fn add(&mut self, at: Timestamp) {
        self.first = self.first.min(at);
        self.last = self.last.max(at);
        self.records += 1;
    }
}

fn merge(hours: &mut Hours, key: (Source, Option<i64>), more: Bounds) {
    let hour = hours.entry(key).or_insert(Bounds { records: 0, ..more });
    hour.first = hour.first.min(more.first);
    hour.last = hour.last.max(more.last);
    hour.records += more.records;
}

/// The numbers of the evidence whose records a file holds.
pub(crate) fn evidence_numbers(path: &Path) -> Result<BTreeSet<u64>, LakeError> {
    let mut found = BTreeSet::new();
    project(path, Some(&[fixed::EVIDENCE]), &mut |batch| {
        found.extend(numbers(batch, 0).values().iter().map(|number| *number as u64));
        Ok(())
    })?;
    Ok(found)
}

/// Every batch of a file, all columns.
pub(crate) fn batches(
    path: &Path,
    each: &mut dyn FnMut(&RecordBatch) -> Result<(), LakeError>,
) -> Result<(), LakeError> {
    project(path, None, each)
}

/// Every batch of a file, with these of the columns, or all.
fn project(
    path: &Path,
    columns: Option<&[usize]>,
    each: &mut dyn FnMut(&RecordBatch) -> Result<(), LakeError>,
) -> Result<(), LakeError> {
    let file = File::open(path).map_err(LakeError::io(path))?;
    let mut builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(LakeError::parquet(path))?;
    if let Some(columns) = columns {
        let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
        builder = builder.with_projection(mask);
    }
    let reader = builder.with_batch_size(BATCH_ROWS).build().map_err(LakeError::parquet(path))?;
    for batch in reader {
        each(&batch.map_err(|cause| LakeError::parquet(path)(cause.into()))?)?;
    }
    Ok(())
}

/// The columns of a file.
pub(crate) fn schema(path: &Path) -> Result<arrow_schema::Schema, LakeError> {
    let file = File::open(path).map_err(LakeError::io(path))?;
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
        .map_err(LakeError::parquet(path))?;
    Ok(metadata.schema().as_ref().clone())
}
