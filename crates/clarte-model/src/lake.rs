//! How the parts ask the lake for records, without knowing the lake.

use crate::{Class, EvidenceId, Field, Record};

/// A failure to read records back. The cause is the storage's own error.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the case's records")]
pub struct ReadError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// One stored record with the evidence that it comes from.
pub struct Stored<'a> {
    /// The evidence, by hash.
    pub evidence: EvidenceId,
    /// The path inside an archive.
    pub member: Option<&'a str>,
    /// The record, with the asked-for fields that have a value.
    pub record: &'a Record<'a>,
}

/// A place that keeps records. `clarte-lake` implements it; tests use a `Vec`.
pub trait Records {
    /// Visits every record of `class` once, giving `fields` (and always time,
    /// source and span). The order is not specified: whoever needs one sorts.
    /// Memory does not grow with the number of records.
    fn scan(
        &self,
        class: Class,
        fields: &[Field],
        visit: &mut dyn FnMut(Stored<'_>),
    ) -> Result<(), ReadError>;
}
