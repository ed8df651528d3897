//! What tables there are, and what each column holds: the documentation and
//! the catalogue's own tables as the engine sees them.

use std::sync::Arc;

use arrow_array::builder::{
    Float64Builder, Int64Builder, StringBuilder, TimestampNanosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field as Column, Schema};
use clarte_model::record::FieldType;
use clarte_model::{Class, Field};
use datafusion::error::DataFusionError;

use crate::Catalogue;
use crate::columns::time_type;

/// A table that SQL can ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What its rows are.
    pub meaning: String,
    /// Its columns, in order.
    pub columns: Vec<TableColumn>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Its name.
    pub name: &'static str,
    /// `text`, `integer`, `number`, `time` or `texts`.
    pub kind: &'static str,
    /// Its OCSF 1.8 path, or `clarte:…` where OCSF has none; empty where it is
    /// about the case and not about an event.
    pub ocsf: &'static str,
    /// What it holds and in which unit.
    pub meaning: &'static str,
}

/// Columns that every table of records has.
pub(crate) const COMMON: &[(&str, &str, &str, &str)] = &[
    (
        "evidence_number",
        "integer",
        "clarte:evidence_number",
        "Which evidence: `number` in table `evidence`.",
    ),
    (
        "offset",
        "integer",
        "clarte:span.offset",
        "First byte in the innermost decompressed stream; quote it: \"offset\" is a word of SQL.",
    ),
    ("length", "integer", "clarte:span.length", "Number of bytes."),
    ("index", "integer", "clarte:span.index", "Tells apart records with one offset."),
    (
        "source",
        "text",
        "clarte:source",
        "Kind of source: mail, mta, proxy, http, dns, tls, flow, dhcp, …",
    ),
    (
        "time",
        "time",
        "time",
        "When it happened, UTC, to the nanosecond; null where the source does not say.",
    ),
    (
        "time_precision",
        "text",
        "clarte:time.precision",
        "How precisely: day, minute, second, subsecond.",
    ),
    (
        "time_basis",
        "text",
        "clarte:time.basis",
        "Where its zone comes from: utc, offset, local-assumed.",
    ),
    ("member", "text", "clarte:span.member", "Path inside an archive."),
];

/// The column of classes whose events several exports may hold.
const COPIES: (&str, &str, &str, &str) = (
    "copies",
    "texts",
    "clarte:copies",
    "Every place of an event that several exports hold, EVIDENCE_NUMBER:OFFSET+LENGTH#INDEX, of an archive with !/MEMBER.",
);

/// The columns of the index.
const OBSERVABLE: &[(&str, &str, &str, &str)] = &[
    (
        "type",
        "text",
        "observables.type",
        "domain, email, file_hash, hostname, ip, mac, message_id, subject, url, user, user_agent.",
    ),
    ("value", "text", "observables.value", "The value, normalised as in the records."),
    ("first", "time", "clarte:first_seen", "The first record with a time that shows it."),
    ("last", "time", "clarte:last_seen", "The last."),
    ("count", "integer", "clarte:count", "How many times records show it."),
];

/// A table of the catalogue as SQL sees it.
struct OfCatalogue {
    name: &'static str,
    meaning: &'static str,
    /// SQLite's query for it, columns in order.
    sql: &'static str,
    columns: &'static [(&'static str, &'static str, &'static str)],
}

const CATALOGUE: &[OfCatalogue] = &[
    OfCatalogue {
        name: "evidence",
        meaning: "Evidence: a file as received, with the account of its bytes (parsed + faulted + skipped).",
        sql: include_str!("catalogue/evidence.sql"),
        columns: &[
            ("number", "integer", "What records carry as evidence_number."),
            ("sha256", "text", "Its name: `sha256:` and the hash of its bytes."),
            ("path", "text", "Where it was found; the first of several places."),
            ("places", "integer", "In how many places."),
            ("format", "text", "As what it was read; several where it is an archive."),
            ("bytes", "integer", "Bytes as received."),
            ("stream_bytes", "integer", "Bytes after decompression."),
            ("parsed", "integer", "Of these, bytes in at least one record."),
            ("faulted", "integer", "Bytes that could not be read."),
            ("skipped", "integer", "Bytes that carry no record."),
            ("records", "integer", "Records."),
        ],
    },
    OfCatalogue {
        name: "fault",
        meaning: "Faults with their spans: the first hundred of each stream.",
        sql: include_str!("catalogue/fault.sql"),
        columns: &[
            ("sha256", "text", "Which evidence."),
            ("path", "text", "Where it was found."),
            ("member", "text", "Path inside an archive."),
            ("offset", "integer", "First byte."),
            ("length", "integer", "Number of bytes."),
            ("kind", "text", "What kind of fault."),
            ("detail", "text", "What was found."),
        ],
    },
    OfCatalogue {
        name: "fault_count",
        meaning: "All faults, counted by stream and kind.",
        sql: include_str!("catalogue/fault_count.sql"),
        columns: &[
            ("sha256", "text", "Which evidence."),
            ("path", "text", "Where it was found."),
            ("member", "text", "Path inside an archive."),
            ("kind", "text", "What kind of fault."),
            ("count", "integer", "How many."),
        ],
    },
    OfCatalogue {
        name: "finding",
        meaning: "The findings of the last answer.",
        sql: include_str!("catalogue/finding.sql"),
        columns: &[
            ("id", "text", "Its id, stable over runs."),
            ("detector", "text", "Which detector."),
            ("title", "text", "What it says."),
            ("time", "time", "When."),
            ("confidence", "number", "How sure, 0 to 1."),
            ("lead", "integer", "1 if it is only a lead."),
            ("reasons", "text", "Why, a line each."),
        ],
    },
    OfCatalogue {
        name: "victim",
        meaning: "The people of the last answer.",
        sql: include_str!("catalogue/victim.sql"),
        columns: &[
            ("identity", "text", "The address by which the answer names them."),
            ("name", "text", "Their name."),
            ("kind", "text", "person, mailbox or machine."),
            ("rung", "text", "The highest proven rung."),
        ],
    },
    OfCatalogue {
        name: "run",
        meaning: "What each step of an intake added.",
        sql: include_str!("catalogue/run.sql"),
        columns: &[
            ("id", "integer", "Its number."),
            ("evidence", "integer", "Pieces of evidence read."),
            ("records", "integer", "Records read."),
        ],
    },
];

/// The fields that a class's records can have. A field that a record has all
/// the same is a column too.
pub fn fields(class: Class) -> &'static [Field] {
    use Field::*;
    match class {
        Class::Email => &[
            MailFrom,
            MailFromName,
            MailReplyTo,
            MailTo,
            MailSubject,
            MailMessageId,
            MailEnvelopeFrom,
            MailOwner,
            MailIps,
            MailMailer,
            MailBulk,
            MailReply,
            MailDepth,
            MailReferences,
            MailTemplate,
            MailAttachments,
            MailAttachmentNames,
            MailReceived,
            LogName,
            Unmapped,
        ],
        Class::Delivery => &[
            SrcIp,
            SrcHostname,
            DstIp,
            DstHostname,
            MailFrom,
            MailTo,
            MailSubject,
            MailMessageId,
            MailEnvelopeFrom,
            QueueId,
            NextQueueId,
            Reporter,
            Status,
            StatusDetail,
            LogName,
            Unmapped,
        ],
        Class::Http => &[
            SrcIp,
            SrcPort,
            SrcHostname,
            DstIp,
            DstPort,
            DstHostname,
            UserName,
            ConnectionUid,
            BytesOut,
            BytesIn,
            Duration,
            HttpMethod,
            HttpUrl,
            HttpUserAgent,
            HttpReferrer,
            HttpStatus,
            StatusDetail,
            LogName,
            Unmapped,
        ],
        Class::Dns => &[
            SrcIp,
            SrcPort,
            DstIp,
            DstPort,
            ConnectionUid,
            Protocol,
            DnsQuery,
            DnsType,
            DnsRcode,
            DnsAnswers,
            LogName,
            Unmapped,
        ],
        Class::Tls => &[
            SrcIp,
            SrcPort,
            DstIp,
            DstPort,
            DstHostname,
            ConnectionUid,
            TlsVersion,
            TlsEstablished,
            LogName,
            Unmapped,
        ],
        Class::Network => &[
            SrcIp,
            SrcPort,
            DstIp,
            DstPort,
            UserName,
            ConnectionUid,
            Protocol,
            ConnectionState,
            BytesOut,
            BytesIn,
            Duration,
            LogName,
            Unmapped,
        ],
        Class::Dhcp => &[
            SrcIp,
            SrcHostname,
            SrcMac,
            DstIp,
            ConnectionUid,
            Duration,
            LeaseDuration,
            LeasedIp,
            StatusDetail,
            LogName,
            Unmapped,
        ],
        Class::Person => &[
            UserEmail,
            UserFullName,
            UserRoles,
            UserAccounts,
            UserHosts,
            UserLang,
            LogName,
            Unmapped,
        ],
        Class::Authentication => &[
            SrcIp,
            SrcPort,
            SrcHostname,
            DstIp,
            DstHostname,
            UserName,
            UserDomain,
            UserEmail,
            TargetUser,
            TargetDomain,
            DeviceHostname,
            SessionUid,
            LogonType,
            ServiceName,
            AppName,
            AppUid,
            HttpUserAgent,
            Status,
            StatusDetail,
            EventCode,
            EventUid,
            Sequence,
            SequenceOf,
            Channel,
            LogName,
            Unmapped,
        ],
        Class::Api => &[
            SrcIp,
            SrcPort,
            UserName,
            UserEmail,
            TargetUser,
            DeviceHostname,
            SessionUid,
            ServiceName,
            AppName,
            AppUid,
            ApiOperation,
            ResourceNames,
            ResourceUids,
            HttpUserAgent,
            Status,
            StatusDetail,
            EventCode,
            EventUid,
            Sequence,
            SequenceOf,
            Channel,
            LogName,
            Unmapped,
        ],
        Class::Process => &[
            UserName,
            UserDomain,
            DeviceHostname,
            SessionUid,
            ProcessPath,
            ProcessCommandLine,
            ProcessHashes,
            ProcessParentPath,
            EventCode,
            EventUid,
            Sequence,
            Channel,
            LogName,
            Unmapped,
        ],
        Class::Service => &[
            UserName,
            UserDomain,
            DeviceHostname,
            SessionUid,
            ServiceName,
            ProcessPath,
            ProcessCommandLine,
            EventCode,
            EventUid,
            Sequence,
            Channel,
            LogName,
            Unmapped,
        ],
        Class::Job => &[
            UserName,
            UserDomain,
            DeviceHostname,
            SessionUid,
            JobName,
            ApiOperation,
            ProcessPath,
            ProcessCommandLine,
            EventCode,
            EventUid,
            Sequence,
            Channel,
            LogName,
            Unmapped,
        ],
        Class::EventLog => &[
            UserName,
            UserDomain,
            DeviceHostname,
            SessionUid,
            ApiOperation,
            EventCode,
            EventUid,
            Sequence,
            Channel,
            LogName,
            Unmapped,
        ],
        Class::Other => &[SrcIp, SrcPort, DstIp, DstPort, ConnectionUid, LogName, Unmapped],
    }
}

/// Every table with its columns.
pub fn tables() -> Vec<Table> {
    let classes = Class::ALL.iter().map(|class| Table {
        name: class.as_str(),
        meaning: format!("{} (OCSF class_uid {}).", meaning(*class), class.uid()),
        columns: COMMON
            .iter()
            .map(documented)
            .chain(fields(*class).iter().map(field))
            .chain(has_copies(*class).then(|| documented(&COPIES)))
            .collect(),
    });
    let class = ("class", "text", "class_name", "Which table has all of the record.");
    let event = Table {
        name: "event",
        meaning: "Every record of every class.".to_owned(),
        columns: [documented(&class)].into_iter().chain(COMMON.iter().map(documented)).collect(),
    };
    let index = Table {
        name: "observable",
        meaning: "The index: each distinct value in the records, once.".to_owned(),
        columns: OBSERVABLE.iter().map(documented).collect(),
    };
    let catalogue = CATALOGUE.iter().map(|table| Table {
        name: table.name,
        meaning: table.meaning.to_owned(),
        columns: table
            .columns
            .iter()
            .map(|(name, kind, meaning)| TableColumn { name, kind, ocsf: "", meaning })
            .collect(),
    });
    classes.chain([event, index]).chain(catalogue).collect()
}

/// Whether exports that overlap may hold an event of this class twice, so that
/// it has a column for its copies.
pub(crate) fn has_copies(class: Class) -> bool {
    matches!(class, Class::Authentication | Class::Api)
}

fn meaning(class: Class) -> &'static str {
    match class {
        Class::Email => "Messages in mailboxes",
        Class::Delivery => "Mail servers' acts on messages",
        Class::Http => "HTTP requests, seen by a proxy or on the wire",
        Class::Dns => "Name look-ups",
        Class::Tls => "TLS handshakes",
        Class::Network => "Connections and flows",
        Class::Dhcp => "Address leases",
        Class::Person => "People in lists of people",
        Class::Authentication => "Sign-ins to machines and services, and attempts",
        Class::Api => "Acts in services, from their audit logs",
        Class::Process => "Processes started or ended",
        Class::Service => "Services of machines, installed, changed or started",
        Class::Job => "Scheduled tasks, made, changed or run",
        Class::EventLog => "Logs that were cleared or stopped",
        Class::Other => "Anything else, kept whole in `unmapped`",
    }
}

fn documented(
    (name, kind, ocsf, meaning): &(&'static str, &'static str, &'static str, &'static str),
) -> TableColumn {
    TableColumn { name, kind, ocsf, meaning }
}

fn field(field: &Field) -> TableColumn {
    let kind = match field.field_type() {
        FieldType::Text => "text",
        FieldType::Integer => "integer",
        FieldType::Texts => "texts",
    };
    TableColumn { name: field.as_str(), kind, ocsf: field.ocsf(), meaning: field.meaning() }
}

/// The catalogue's tables, read whole: they grow with files, not with records.
pub(crate) fn of_catalogue(
    catalogue: &Catalogue,
) -> Result<Vec<(&'static str, RecordBatch)>, DataFusionError> {
    let read = |table: &'static OfCatalogue| {
        let batch = read(catalogue.connection(), table);
        batch.map(|batch| (table.name, batch)).map_err(DataFusionError::External)
    };
    CATALOGUE.iter().map(read).collect()
}

fn read(
    connection: &rusqlite::Connection,
    table: &OfCatalogue,
) -> Result<RecordBatch, Box<dyn std::error::Error + Send + Sync>> {
    let mut builders: Vec<Builder> =
        table.columns.iter().map(|(_, kind, _)| Builder::new(kind)).collect();
    let mut statement = connection.prepare(table.sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for (at, builder) in builders.iter_mut().enumerate() {
            builder.append(row, at)?;
        }
    }
    let schema = table.columns.iter().zip(&builders);
    let schema = schema.map(|((name, ..), builder)| Column::new(*name, builder.data_type(), true));
    let schema = Schema::new(schema.collect::<Vec<_>>());
    let columns = builders.iter_mut().map(Builder::finish).collect();
    Ok(RecordBatch::try_new(Arc::new(schema), columns)?)
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Time(TimestampNanosecondBuilder),
}

impl Builder {
    fn new(kind: &str) -> Self {
        match kind {
            "integer" => Self::Integer(Int64Builder::new()),
            "number" => Self::Number(Float64Builder::new()),
            "time" => Self::Time(TimestampNanosecondBuilder::new().with_data_type(time_type())),
            _ => Self::Text(StringBuilder::new()),
        }
    }

    fn data_type(&self) -> DataType {
        match self {
            Self::Text(_) => DataType::Utf8,
            Self::Integer(_) => DataType::Int64,
            Self::Number(_) => DataType::Float64,
            Self::Time(_) => time_type(),
        }
    }

    fn append(&mut self, row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<()> {
        match self {
            Self::Text(builder) => builder.append_option(row.get::<_, Option<String>>(at)?),
            Self::Integer(builder) => builder.append_option(row.get(at)?),
            Self::Number(builder) => builder.append_option(row.get(at)?),
            Self::Time(builder) => builder.append_option(row.get(at)?),
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Number(builder) => Arc::new(builder.finish()),
            Self::Time(builder) => Arc::new(builder.finish()),
        }
    }
}
