//! One column per field of the model, built only where a record has a value.
//!
//! The columns that every record has come first, in fixed order; then those of
//! the fields that at least one record of the batch uses.

use std::hash::BuildHasher;
use std::sync::Arc;

use arrow_array::builder::{ArrayBuilder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::types::{Int8Type, Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Int8Array, Int64Array, PrimitiveArray, RecordBatch,
    StringArray, UInt32Array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field as Column, Schema, TimeUnit};
use clarte_model::record::FieldType;
use clarte_model::{Field, Record, Value};
use hashbrown::{DefaultHashBuilder, HashTable};

/// The columns that every record has, before those of its fields.
pub(crate) mod fixed {
    /// The evidence's number in the catalogue.
    pub(crate) const EVIDENCE: usize = 0;
    /// First byte, in the innermost decompressed stream.
    pub(crate) const OFFSET: usize = 1;
    /// Number of bytes.
    pub(crate) const LENGTH: usize = 2;
    /// Tells apart records with one offset.
    pub(crate) const INDEX: usize = 3;
    /// The source's place in `Source::ALL`.
    pub(crate) const SOURCE: usize = 4;
    /// When it happened.
    pub(crate) const TIME: usize = 5;
    /// How precisely that is known.
    pub(crate) const PRECISION: usize = 6;
    /// On what basis its zone is known.
    pub(crate) const BASIS: usize = 7;
    /// The path inside an archive.
    pub(crate) const MEMBER: usize = 8;
    /// The first column that is a field of the model.
    pub(crate) const END: usize = 9;
}

/// The zone of every time in the lake.
const UTC: &str = "UTC";

/// The type of a time column: nanoseconds of UTC.
pub(crate) fn time_type() -> DataType {
    DataType::Timestamp(TimeUnit::Nanosecond, Some(UTC.into()))
}

/// The columns that every record has.
pub(crate) fn fixed_columns() -> [Column; fixed::END] {
    [
        Column::new("evidence_number", DataType::Int64, false),
        Column::new("offset", DataType::Int64, false),
        Column::new("length", DataType::Int64, false),
        Column::new("index", DataType::Int64, false),
        Column::new("source", DataType::Int8, false),
        Column::new("time", time_type(), true),
        Column::new("time_precision", DataType::Int8, true),
        Column::new("time_basis", DataType::Int8, true),
        Column::new("member", DataType::Utf8, true),
    ]
}

/// The column of a field.
pub(crate) fn field_column(field: Field) -> Column {
    let kind = match field.field_type() {
        FieldType::Text => DataType::Utf8,
        FieldType::Integer => DataType::Int64,
        FieldType::Texts => DataType::List(Arc::new(Column::new("item", DataType::Utf8, true))),
    };
    Column::new(field.as_str(), kind, true)
}

/// Rows on their way into a record batch.
#[derive(Default)]
pub(crate) struct Columns {
    rows: usize,
    bytes: usize,
    evidence: Vec<i64>,
    offset: Vec<i64>,
    length: Vec<i64>,
    index: Vec<i64>,
    source: Vec<i8>,
    /// The lowest number stands for no time.
    time: Vec<i64>,
    precision: Vec<i8>,
    basis: Vec<i8>,
    member: StringBuilder,
    /// By the field's place in `Field::ALL`.
    fields: Vec<Option<Builder>>,
}

/// Stands for no time while rows are collected, and sorts before every time.
const NO_TIME: i64 = i64::MIN;

/// Bytes that a row takes before its fields.
const FIXED_BYTES: usize = 5 * 8 + 3 + 4;

enum Builder {
    Text(StringBuilder),
    Repeating(Dictionary),
    Integer(Int64Builder),
    Texts(ListBuilder<StringBuilder>),
}

impl Columns {
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// About how many bytes of values are held.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn push(&mut self, evidence: u64, member: Option<&str>, record: &Record<'_>) {
        self.evidence.push(evidence as i64);
        self.offset.push(record.offset as i64);
        self.length.push(record.length as i64);
        self.index.push(i64::from(record.index));
        self.source.push(record.source as i8);
        let (time, precision, basis) = match record.time {
            Some(time) => (time.at.0, time.precision as i8, time.basis as i8),
            None => (NO_TIME, 0, 0),
        };
        self.time.push(time);
        self.precision.push(precision);
        self.basis.push(basis);
        self.member.append_option(member);
        if self.fields.is_empty() {
            self.fields.resize_with(Field::ALL.len(), || None);
        }
        for (field, value) in record.fields() {
            let builder = self.fields[*field as usize].get_or_insert_with(|| Builder::new(*field));
            builder.pad(self.rows);
            self.bytes += builder.append(value);
        }
        self.rows += 1;
        self.bytes += FIXED_BYTES + member.map_or(0, str::len);
    }

    /// All rows as one batch, sorted by time (rows of one time in the order in
    /// which they came, those without a time first), with the columns of every
    /// field that has a value; empty afterwards.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let rows = std::mem::take(self);
        let order = rows.order();
        let nothing = |time: &[i64]| -> arrow_buffer::NullBuffer {
            time.iter().map(|time| *time != NO_TIME).collect::<Vec<bool>>().into()
        };
        let times = nothing(&rows.time);
        let time = PrimitiveArray::<arrow_array::types::TimestampNanosecondType>::new(
            rows.time.into(),
            Some(times.clone()),
        );
        let coded = |codes: Vec<i8>| -> ArrayRef {
            Arc::new(PrimitiveArray::<Int8Type>::new(codes.into(), Some(times.clone())))
        };
        let plain = |numbers: Vec<i64>| -> ArrayRef {
            Arc::new(PrimitiveArray::<Int64Type>::new(numbers.into(), None))
        };
        let mut member = rows.member;
        let mut schema: Vec<Column> = fixed_columns().into();
        let mut arrays: Vec<ArrayRef> = vec![
            plain(rows.evidence),
            plain(rows.offset),
            plain(rows.length),
            plain(rows.index),
            Arc::new(Int8Array::from(rows.source)),
            Arc::new(time.with_timezone(UTC)),
            coded(rows.precision),
            coded(rows.basis),
            Arc::new(member.finish()),
        ];
        for (field, builder) in Field::ALL.iter().zip(rows.fields) {
            let Some(mut builder) = builder else { continue };
            builder.pad(rows.rows);
            let array = builder.finish();
            schema.push(Column::new(field.as_str(), array.data_type().clone(), true));
            arrays.push(array);
        }
        if let Some(order) = order {
            for array in &mut arrays {
                *array = arrow_select::take::take(array, &order, None)?;
            }
        }
        RecordBatch::try_new(Arc::new(Schema::new(schema)), arrays)
    }

    /// Which row goes where, if they are not sorted by time already.
    fn order(&self) -> Option<UInt32Array> {
        if self.time.is_sorted() {
            return None;
        }
        let mut order: Vec<(i64, u32)> = self.time.iter().copied().zip(0..).collect();
        // Logs are almost sorted, which a stable sort takes advantage of.
        order.sort();
        Some(order.into_iter().map(|(_, row)| row).collect::<Vec<_>>().into())
    }
}

impl Builder {
    fn new(field: Field) -> Self {
        match field.field_type() {
            FieldType::Text if repeats(field) => Self::Repeating(Dictionary::default()),
            FieldType::Text => Self::Text(StringBuilder::new()),
            FieldType::Integer => Self::Integer(Int64Builder::new()),
            FieldType::Texts => Self::Texts(ListBuilder::new(StringBuilder::new())),
        }
    }

    /// Adds nulls for the rows before `row` that had no value.
    fn pad(&mut self, row: usize) {
        match self {
            Self::Text(builder) => {
                if builder.len() < row {
                    builder.append_nulls(row - builder.len());
                }
            }
            Self::Repeating(builder) => builder.keys.resize(row, NO_KEY),
            Self::Integer(builder) => {
                if builder.len() < row {
                    builder.append_nulls(row - builder.len());
                }
            }
            Self::Texts(builder) => (builder.len()..row).for_each(|_| builder.append_null()),
        }
    }

    /// Adds a value and returns about how many bytes it takes.
    fn append(&mut self, value: &Value<'_>) -> usize {
        match (self, value) {
            (Self::Text(builder), Value::Text(text)) => {
                builder.append_value(text);
                text.len() + 5
            }
            (Self::Repeating(builder), Value::Text(text)) => builder.append(text),
            (Self::Integer(builder), Value::Integer(number)) => {
                builder.append_value(*number);
                9
            }
            (Self::Texts(builder), Value::Texts(texts)) => {
                texts.iter().for_each(|text| builder.values().append_value(text));
                builder.append(true);
                5 + texts.iter().map(|text| text.len() + 5).sum::<usize>()
            }
            // The record's setters tie each field to its type.
            (builder, _) => {
                debug_assert!(false, "a field holds a value of another type");
                builder.append_null();
                0
            }
        }
    }

    fn append_null(&mut self) {
        match self {
            Self::Text(builder) => builder.append_null(),
            Self::Repeating(builder) => builder.keys.push(NO_KEY),
            Self::Integer(builder) => builder.append_null(),
            Self::Texts(builder) => builder.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Repeating(builder) => std::mem::take(builder).finish(),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Texts(builder) => Arc::new(builder.finish()),
        }
    }
}

/// Whether many records share a value of a text field, so that sorting,
/// counting and storing work on the distinct ones.
pub(crate) fn repeats(field: Field) -> bool {
    use Field::*;
    !matches!(
        field,
        ConnectionUid
            | HttpUrl
            | HttpReferrer
            | MailSubject
            | MailMessageId
            | QueueId
            | NextQueueId
            | StatusDetail
            | Unmapped
    )
}

/// Texts of which many are equal: each distinct one once, and a key per row.
#[derive(Default)]
struct Dictionary {
    keys: Vec<i32>,
    values: Vec<u8>,
    /// Where each value ends.
    ends: Vec<i32>,
    places: HashTable<i32>,
    hasher: DefaultHashBuilder,
}

/// Stands for no value.
const NO_KEY: i32 = -1;

impl Dictionary {
    /// Adds a row and returns about how many bytes it takes.
    fn append(&mut self, text: &str) -> usize {
        let Self { keys, values, ends, places, hasher } = self;
        if let Some(last) = keys.last().filter(|last| **last != NO_KEY)
            && value(values, ends, *last) == text.as_bytes()
        {
            let last = *last;
            keys.push(last);
            return 4;
        }
        let hash = hasher.hash_one(text);
        let same = |key: &i32| value(values, ends, *key) == text.as_bytes();
        if let Some(key) = places.find(hash, same) {
            keys.push(*key);
            return 4;
        }
        let key = ends.len() as i32;
        values.extend_from_slice(text.as_bytes());
        ends.push(values.len() as i32);
        let again = |key: &i32| {
            // The bytes came from a `str`.
            hasher.hash_one(std::str::from_utf8(value(values, ends, *key)).unwrap_or_default())
        };
        places.insert_unique(hash, key, again);
        keys.push(key);
        text.len() + 24
    }

    fn finish(self) -> ArrayRef {
        let valid: Vec<bool> = self.keys.iter().map(|key| *key != NO_KEY).collect();
        let keys = PrimitiveArray::<Int32Type>::new(self.keys.into(), Some(valid.into()));
        let offsets: Vec<i32> = std::iter::once(0).chain(self.ends).collect();
        let offsets = OffsetBuffer::new(offsets.into());
        let values = StringArray::new(offsets, self.values.into(), None);
        Arc::new(DictionaryArray::new(keys, Arc::new(values)))
    }
}

/// The value behind a key.
fn value<'d>(values: &'d [u8], ends: &[i32], key: i32) -> &'d [u8] {
    let key = key as usize;
    let start = if key == 0 { 0 } else { ends[key - 1] as usize };
    &values[start..ends[key] as usize]
}

/// The numbers of a fixed column.
pub(crate) fn numbers(batch: &RecordBatch, column: usize) -> &Int64Array {
    use arrow_array::cast::AsArray;
    batch.column(column).as_primitive::<Int64Type>()
}
