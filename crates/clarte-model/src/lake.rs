//! How the parts ask the lake for records, without knowing the lake.

use std::collections::BTreeSet;

use crate::{Class, EvidenceId, Field, Record, Source, Timestamp};

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

/// Which records a scan gives: those of which `field` holds one of `values`
/// (of a list: one member does).
#[derive(Debug, Clone, Copy)]
pub struct Only<'a> {
    /// A text or list field.
    pub field: Field,
    /// The values wanted, in the form in which records have them.
    pub values: &'a BTreeSet<String>,
}

/// The kinds of values that the lake keeps an index of: each distinct value
/// with its first and last sight and how many records show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObservableKind {
    /// A registrable domain or a name between it and a host name: a parent of
    /// names seen, not necessarily seen itself.
    Domain,
    /// An e-mail address, normalised.
    Email,
    /// A file's hash, `algorithm:hex`.
    FileHash,
    /// A host name, normalised.
    Hostname,
    /// An IP address.
    Ip,
    /// A hardware address.
    Mac,
    /// A Message-ID without brackets.
    MessageId,
    /// A mail's subject.
    Subject,
    /// A URL, as the record has it.
    Url,
    /// An account name.
    User,
    /// A User-Agent.
    UserAgent,
}

impl ObservableKind {
    /// Every kind, sorted by name.
    pub const ALL: &[Self] = &[
        Self::Domain,
        Self::Email,
        Self::FileHash,
        Self::Hostname,
        Self::Ip,
        Self::Mac,
        Self::MessageId,
        Self::Subject,
        Self::Url,
        Self::User,
        Self::UserAgent,
    ];

    /// The kind's stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Email => "email",
            Self::FileHash => "file_hash",
            Self::Hostname => "hostname",
            Self::Ip => "ip",
            Self::Mac => "mac",
            Self::MessageId => "message_id",
            Self::Subject => "subject",
            Self::Url => "url",
            Self::User => "user",
            Self::UserAgent => "user_agent",
        }
    }

    /// OCSF's `observable.type_id`; 99 (other) where it has none.
    pub fn type_id(self) -> u32 {
        match self {
            Self::Hostname => 1,
            Self::Ip => 2,
            Self::Mac => 3,
            Self::User => 4,
            Self::Email => 5,
            Self::Url => 6,
            Self::FileHash => 8,
            Self::UserAgent => 16,
            Self::Domain | Self::MessageId | Self::Subject => 99,
        }
    }
}

/// One distinct value in the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen<'a> {
    /// The value.
    pub value: &'a str,
    /// The first record with a time that shows it.
    pub first: Option<Timestamp>,
    /// The last.
    pub last: Option<Timestamp>,
    /// How many records show it.
    pub count: u64,
}

/// The records of one source within one hour of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    /// The source.
    pub source: Source,
    /// The first and last record, or `None` for all records without a time.
    pub bounds: Option<(Timestamp, Timestamp)>,
    /// How many.
    pub records: u64,
}

/// A place that keeps records. `clarte-lake` implements it; tests use a `Vec`.
pub trait Records {
    /// Visits every record of `class` once, or those that match one of `only`
    /// where there are any, giving `fields` (and always time, source and
    /// span). The order is not specified: whoever needs one sorts. Memory does
    /// not grow with the number of records.
    fn scan(
        &self,
        class: Class,
        fields: &[Field],
        only: &[Only<'_>],
        visit: &mut dyn FnMut(Stored<'_>),
    ) -> Result<(), ReadError>;

    /// Visits every distinct value of `kind`, from the index alone. Sorted by
    /// value.
    fn values(
        &self,
        kind: ObservableKind,
        visit: &mut dyn FnMut(Seen<'_>),
    ) -> Result<(), ReadError>;

    /// How many records each source has in each hour in which it has any.
    fn hours(&self) -> Result<Vec<Hour>, ReadError>;

    /// The evidence with records whose time was written without a zone.
    fn local_times(&self) -> Result<BTreeSet<EvidenceId>, ReadError>;
}
