//! One column per field of the model, built only where a record has a value.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field as Column, Schema};
use clarte_model::record::FieldType;
use clarte_model::{Field, Record, Value};

/// The columns that every record has, before those of its fields.
pub(crate) const FIXED: &[(&str, bool)] = &[
    ("evidence_number", false),
    ("offset", false),
    ("length", false),
    ("index", false),
    ("source", false),
    ("time", true),
    ("time_precision", true),
    ("time_basis", true),
];

/// The member path, the only text among the columns that every record has.
pub(crate) const MEMBER: usize = FIXED.len();

/// The first column that is a field of the model.
pub(crate) const FIELDS: usize = FIXED.len() + 1;

fn data_type(kind: FieldType) -> DataType {
    match kind {
        FieldType::Text => DataType::Utf8,
        FieldType::Integer => DataType::Int64,
        FieldType::Texts => DataType::List(Arc::new(Column::new("item", DataType::Utf8, true))),
    }
}

/// Rows on their way into a record batch.
#[derive(Default)]
pub(crate) struct Columns {
    rows: usize,
    bytes: usize,
    fixed: [Int64Builder; FIXED.len()],
    member: StringBuilder,
    fields: BTreeMap<Field, Builder>,
}

enum Builder {
    Text(StringBuilder),
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
        let fixed = [
            Some(evidence as i64),
            Some(record.offset as i64),
            Some(record.length as i64),
            Some(i64::from(record.index)),
            Some(record.source as i64),
            record.time.map(|time| time.at.0),
            record.time.map(|time| time.precision as i64),
            record.time.map(|time| time.basis as i64),
        ];
        for (builder, value) in self.fixed.iter_mut().zip(fixed) {
            builder.append_option(value);
        }
        self.member.append_option(member);
        for (field, value) in record.fields() {
            let builder = self.fields.entry(*field).or_insert_with(|| Builder::new(*field));
            builder.pad(self.rows);
            self.bytes += builder.append(value);
        }
        self.rows += 1;
        self.bytes += 8 * FIXED.len();
    }

    /// All rows as one batch, with the columns of every field seen so far; the
    /// columns are empty afterwards.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let fixed = FIXED.iter().map(|(name, null)| Column::new(*name, DataType::Int64, *null));
        let mut schema: Vec<Column> = fixed.collect();
        schema.push(Column::new("member", DataType::Utf8, true));
        let mut arrays: Vec<ArrayRef> =
            self.fixed.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef).collect();
        arrays.push(Arc::new(self.member.finish()));
        for (field, builder) in &mut self.fields {
            builder.pad(self.rows);
            schema.push(Column::new(field.as_str(), data_type(field.field_type()), true));
            arrays.push(builder.finish());
        }
        (self.rows, self.bytes) = (0, 0);
        RecordBatch::try_new(Arc::new(Schema::new(schema)), arrays)
    }
}

impl Builder {
    fn new(field: Field) -> Self {
        match field.field_type() {
            FieldType::Text => Self::Text(StringBuilder::new()),
            FieldType::Integer => Self::Integer(Int64Builder::new()),
            FieldType::Texts => Self::Texts(ListBuilder::new(StringBuilder::new())),
        }
    }

    /// Adds nulls for the rows before `row` that had no value.
    fn pad(&mut self, row: usize) {
        use arrow_array::builder::ArrayBuilder;
        match self {
            Self::Text(builder) => (builder.len()..row).for_each(|_| builder.append_null()),
            Self::Integer(builder) => (builder.len()..row).for_each(|_| builder.append_null()),
            Self::Texts(builder) => (builder.len()..row).for_each(|_| builder.append_null()),
        }
    }

    /// Adds a value and returns about how many bytes it takes.
    fn append(&mut self, value: &Value<'_>) -> usize {
        match (self, value) {
            (Self::Text(builder), Value::Text(text)) => {
                builder.append_value(text);
                text.len() + 8
            }
            (Self::Integer(builder), Value::Integer(number)) => {
                builder.append_value(*number);
                8
            }
            (Self::Texts(builder), Value::Texts(texts)) => {
                texts.iter().for_each(|text| builder.values().append_value(text));
                builder.append(true);
                texts.iter().map(|text| text.len() + 8).sum()
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
            Self::Integer(builder) => builder.append_null(),
            Self::Texts(builder) => builder.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Texts(builder) => Arc::new(builder.finish()),
        }
    }
}
