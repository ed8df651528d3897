//! Reads records back, projected to the fields asked for.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch};
use clarte_model::lake::{ReadError, Records, Stored};
use clarte_model::record::FieldType;
use clarte_model::{
    Class, EvidenceId, Field, Moment, Precision, Record, Source, Timestamp, ZoneBasis,
};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::columns::{FIELDS, FIXED, MEMBER};
use crate::{Catalogue, LakeError};

/// The lake of one case.
pub struct Lake {
    folder: PathBuf,
    catalogue: Catalogue,
}

impl Lake {
    /// Opens the lake in `folder`, which is made if it does not exist.
    ///
    /// # Errors
    /// Where the folder or its catalogue cannot be read.
    pub fn open(folder: &Path) -> Result<Self, LakeError> {
        fs::create_dir_all(folder).map_err(LakeError::io(folder))?;
        let catalogue = Catalogue::read(&folder.join("catalogue.json"))?;
        Ok(Self { folder: folder.to_owned(), catalogue })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the case consists of.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Makes `catalogue` the truth, in one step.
    ///
    /// # Errors
    /// Where it cannot be written; the old one stays in force.
    pub fn commit(&mut self, catalogue: Catalogue) -> Result<(), LakeError> {
        catalogue.write(&self.folder.join("catalogue.json"))?;
        self.catalogue = catalogue;
        Ok(())
    }

    fn scan_file(
        &self,
        path: &Path,
        fields: &[Field],
        numbers: &BTreeMap<u64, EvidenceId>,
        class: Class,
        visit: &mut dyn FnMut(Stored<'_>),
    ) -> Result<(), LakeError> {
        let file = File::open(path).map_err(LakeError::io(path))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file)
            .map_err(LakeError::parquet(path))?
            .with_batch_size(4096);
        // A file has only the columns that its records use.
        let schema = builder.schema();
        let place = |field: &&Field| schema.index_of(field.as_str()).ok();
        let mut fields: Vec<Field> =
            fields.iter().filter(|field| place(field).is_some()).copied().collect();
        fields.sort_unstable();
        fields.dedup();
        let roots = (0..FIELDS).chain(fields.iter().filter_map(|field| place(&field)));
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
        let reader = builder.with_projection(mask).build().map_err(LakeError::parquet(path))?;
        for batch in reader {
            let batch = batch.map_err(|cause| LakeError::parquet(path)(cause.into()))?;
            visit_batch(&batch, &fields, numbers, class, visit);
        }
        Ok(())
    }
}

impl Records for Lake {
    fn scan(
        &self,
        class: Class,
        fields: &[Field],
        visit: &mut dyn FnMut(Stored<'_>),
    ) -> Result<(), ReadError> {
        let numbers = self.catalogue.numbers();
        for file in self.catalogue.files.iter().filter(|file| file.class == class.as_str()) {
            let path = self.folder.join(&file.path);
            self.scan_file(&path, fields, &numbers, class, visit)
                .map_err(|cause| ReadError(Box::new(cause)))?;
        }
        Ok(())
    }
}

/// Visits the visible rows of one batch, whose columns are the fixed ones and
/// then `fields`, in the order of the schema.
fn visit_batch(
    batch: &RecordBatch,
    fields: &[Field],
    numbers: &BTreeMap<u64, EvidenceId>,
    class: Class,
    visit: &mut dyn FnMut(Stored<'_>),
) {
    let fixed: Vec<_> =
        (0..FIXED.len()).map(|at| batch.column(at).as_primitive::<Int64Type>()).collect();
    let member = batch.column(MEMBER).as_string::<i32>();
    let columns: Vec<_> =
        fields.iter().enumerate().map(|(at, field)| (*field, batch.column(FIELDS + at))).collect();
    for row in 0..batch.num_rows() {
        let number = |at: usize| (!fixed[at].is_null(row)).then(|| fixed[at].value(row));
        let Some(evidence) = numbers.get(&(fixed[0].value(row) as u64)) else { continue };
        let source = Source::ALL[(fixed[4].value(row) as usize).min(Source::ALL.len() - 1)];
        let mut record =
            Record::new(class, source, fixed[1].value(row) as u64, fixed[2].value(row) as u64);
        record.index = fixed[3].value(row) as u32;
        record.time = number(5).map(|at| Moment {
            at: Timestamp(at),
            precision: precision(number(6)),
            basis: basis(number(7)),
        });
        for (field, column) in &columns {
            if column.is_null(row) {
                continue;
            }
            match field.field_type() {
                FieldType::Text => {
                    record.text(*field, column.as_string::<i32>().value(row));
                }
                FieldType::Integer => {
                    record.integer(*field, column.as_primitive::<Int64Type>().value(row));
                }
                FieldType::Texts => {
                    let list = column.as_list::<i32>();
                    let values = list.values().as_string::<i32>();
                    let bounds = list.value_offsets();
                    let range = bounds[row] as usize..bounds[row + 1] as usize;
                    record.texts(*field, range.map(|at| values.value(at)));
                }
            }
        }
        let member = (!member.is_null(row)).then(|| member.value(row));
        visit(Stored { evidence: *evidence, member, record: &record });
    }
}

fn precision(code: Option<i64>) -> Precision {
    const ALL: [Precision; 4] =
        [Precision::Day, Precision::Minute, Precision::Second, Precision::Subsecond];
    let known = ALL.into_iter().find(|precision| Some(*precision as i64) == code);
    known.unwrap_or(Precision::Second)
}

fn basis(code: Option<i64>) -> ZoneBasis {
    const ALL: [ZoneBasis; 3] = [ZoneBasis::Utc, ZoneBasis::Offset, ZoneBasis::LocalAssumed];
    let known = ALL.into_iter().find(|basis| Some(*basis as i64) == code);
    known.unwrap_or(ZoneBasis::LocalAssumed)
}
