//! The catalogue's rows, and how they become SQL.

use std::collections::BTreeMap;

use clarte_model::EvidenceId;
use rusqlite::{Connection, Row, Transaction, params};

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceRow {
    /// Its name.
    pub id: EvidenceId,
    /// Its number in the lake's files.
    pub number: u64,
    /// Bytes of the file as received.
    pub file_bytes: u64,
    /// Where it was found, sorted by path.
    pub places: Vec<Place>,
    /// Its stream, or the streams of its members.
    pub streams: Vec<StreamRow>,
}

/// Where evidence was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Relative to the parent of the argument that named it, with `/`.
    pub path: String,
    /// Its whole path on the machine that read it: two places may be shown
    /// alike.
    pub at: String,
    /// How the file system described it.
    pub stamp: Option<Stamp>,
}

/// Something that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RefusalRow {
    /// Relative to the parent of the argument that named it, with `/`.
    pub path: String,
    /// Its whole path on the machine that tried.
    pub at: String,
    /// Why, in the system's word.
    pub reason: String,
}

/// How some evidence was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingRow {
    /// The format's name.
    pub format: String,
    /// What the reading depended on besides the bytes.
    pub reading: String,
    /// How many pieces of evidence were read so.
    pub evidence: u64,
    /// The path of one of them.
    pub path: String,
}

/// How a file system describes a file; it changes when the file does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// The device.
    pub device: u64,
    /// The file's number on it.
    pub inode: u64,
    /// When its content last changed, in nanoseconds since 1970.
    pub modified: i64,
    /// When anything about it last changed.
    pub changed: i64,
}

/// The account of one stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StreamRow {
    /// The path inside an archive.
    pub member: Option<String>,
    /// The format's name.
    pub format: String,
    /// What the reading depended on besides the bytes; empty where it has to
    /// be repeated.
    pub reading: String,
    /// Bytes that came out of it.
    pub bytes: u64,
    /// Bytes inside at least one record.
    pub parsed: u64,
    /// Bytes that could not be read.
    pub faulted: u64,
    /// Bytes that carry no record, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Records.
    pub records: u64,
    /// Faults by kind, repairs included.
    pub faults: BTreeMap<String, u64>,
    /// The first faults, with their spans; not read back with the evidence.
    pub first_faults: Vec<FaultRow>,
}

/// A fault as the catalogue keeps it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FaultRow {
    /// First byte.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
    /// The kind's name.
    pub kind: String,
    /// What was found.
    pub detail: String,
}

/// One Parquet file of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFile {
    /// What it holds.
    pub kind: RunFileKind,
    /// Its path inside the lake's folder, with `/`.
    pub path: String,
    /// Its rows.
    pub rows: u64,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of it, in hexadecimal.
    pub sha256: String,
    /// The lowest number of evidence in it.
    pub lowest: u64,
    /// The highest.
    pub highest: u64,
}

/// What a Parquet file of a run holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunFileKind {
    /// Records of one class, by its name.
    Records(String),
    /// The distinct values of records.
    Observables,
}

/// A finding, as the catalogue keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingRow {
    /// Its id.
    pub id: String,
    /// Which detector made it.
    pub detector: String,
    /// What it says.
    pub title: String,
    /// When, in nanoseconds since 1970.
    pub time: Option<i64>,
    /// How sure.
    pub confidence: f64,
    /// Whether it is only a lead.
    pub lead: bool,
    /// Why, a line each.
    pub reasons: String,
}

/// A person of the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonRow {
    /// The address by which the answer names them.
    pub identity: String,
    /// Their name.
    pub name: Option<String>,
    /// Person, mailbox or machine.
    pub kind: String,
    /// The highest proven rung.
    pub rung: String,
}

pub(super) fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<EvidenceId> {
    let text: String = row.get(column)?;
    text.parse().map_err(|cause| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(cause))
    })
}

/// A place, and the evidence that lies there.
pub(super) fn place(row: &Row<'_>) -> rusqlite::Result<(EvidenceId, Place)> {
    let place = Place { path: row.get("path")?, at: row.get("at")?, stamp: stamp(row)? };
    Ok((id(row, 1)?, place))
}

/// The file system's description, if all of it is there.
fn stamp(row: &Row<'_>) -> rusqlite::Result<Option<Stamp>> {
    let get = |column: &str| row.get::<_, Option<i64>>(column);
    let stamp = (get("device")?, get("inode")?, get("modified")?, get("changed")?);
    let (Some(device), Some(inode), Some(modified), Some(changed)) = stamp else {
        return Ok(None);
    };
    // Devices and inodes use all 64 bits; SQLite's numbers have a sign.
    Ok(Some(Stamp { device: device as u64, inode: inode as u64, modified, changed }))
}

pub(super) fn file(row: &Row<'_>) -> rusqlite::Result<RunFile> {
    let class: String = row.get("class")?;
    let kind = match row.get::<_, String>("kind")?.as_str() {
        "observables" => RunFileKind::Observables,
        _ => RunFileKind::Records(class),
    };
    Ok(RunFile {
        kind,
        path: row.get("path")?,
        rows: row.get("rows")?,
        bytes: row.get("bytes")?,
        sha256: row.get("sha256")?,
        lowest: row.get("lowest")?,
        highest: row.get("highest")?,
    })
}

/// All evidence, by hash.
pub(super) fn evidence(
    connection: &Connection,
) -> rusqlite::Result<BTreeMap<EvidenceId, EvidenceRow>> {
    let mut all = BTreeMap::new();
    let mut statement = connection.prepare("select sha256, number, bytes from evidence")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = id(row, 0)?;
        let (number, file_bytes) = (row.get(1)?, row.get(2)?);
        let (places, streams) = (Vec::new(), Vec::new());
        all.insert(id, EvidenceRow { id, number, file_bytes, places, streams });
    }
    let mut statement = connection.prepare("select * from place order by path, at")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, place) = place(row)?;
        if let Some(evidence) = all.get_mut(&id) {
            evidence.places.push(place);
        }
    }
    let mut statement = connection.prepare("select * from stream order by sha256, member")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(evidence) = all.get_mut(&id(row, 0)?) {
            evidence.streams.push(stream(row)?);
        }
    }
    let mut add = |sql: &str, to: fn(&mut StreamRow) -> &mut BTreeMap<String, u64>| {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let member: String = row.get(1)?;
            let Some(evidence) = all.get_mut(&id(row, 0)?) else { continue };
            // They are in this order already; an archive may hold many.
            let by_member = |stream: &StreamRow| {
                stream.member.as_deref().unwrap_or_default().cmp(member.as_str())
            };
            if let Ok(at) = evidence.streams.binary_search_by(by_member) {
                to(&mut evidence.streams[at]).insert(row.get(2)?, row.get(3)?);
            }
        }
        Ok::<_, rusqlite::Error>(())
    };
    add("select * from skipped", |stream| &mut stream.skipped)?;
    add("select * from fault_count", |stream| &mut stream.faults)?;
    Ok(all)
}

fn stream(row: &Row<'_>) -> rusqlite::Result<StreamRow> {
    let member: String = row.get("member")?;
    Ok(StreamRow {
        member: Some(member).filter(|member| !member.is_empty()),
        format: row.get("format")?,
        reading: row.get("reading")?,
        bytes: row.get("bytes")?,
        parsed: row.get("parsed")?,
        faulted: row.get("faulted")?,
        records: row.get("records")?,
        ..StreamRow::default()
    })
}

/// Adds evidence; what was known of the same bytes is replaced, places apart,
/// and records under their former number are withdrawn.
pub(super) fn insert_evidence(
    transaction: &Transaction<'_>,
    run: u64,
    row: &EvidenceRow,
) -> rusqlite::Result<()> {
    let sha256 = row.id.to_string();
    for table in ["stream", "skipped", "fault_count", "fault"] {
        let sql = format!("delete from {table} where sha256 = ?1");
        transaction.prepare_cached(&sql)?.execute([&sha256])?;
    }
    transaction
        .prepare_cached(
            "insert or ignore into withdrawn select number from evidence where sha256 = ?1 and number <> ?2",
        )?
        .execute(params![sha256, row.number])?;
    transaction
        .prepare_cached(
            "insert into evidence values (?1, ?2, ?3, ?4) \
             on conflict (sha256) do update set number = excluded.number, run = excluded.run",
        )?
        .execute(params![sha256, row.number, row.file_bytes, run])?;
    // What the log knew of its places holds again.
    transaction
        .prepare_cached(
            "insert or ignore into place \
             select path, sha256, at, null, null, null, null from missing where sha256 = ?1",
        )?
        .execute([&sha256])?;
    transaction.prepare_cached("delete from missing where sha256 = ?1")?.execute([&sha256])?;
    row.places.iter().try_for_each(|place| insert_place(transaction, &row.id, place))?;
    row.streams.iter().try_for_each(|stream| insert_stream(transaction, &sha256, stream))
}

fn insert_stream(
    transaction: &Transaction<'_>,
    sha256: &str,
    row: &StreamRow,
) -> rusqlite::Result<()> {
    let member = row.member.as_deref().unwrap_or_default();
    transaction
        .prepare_cached("insert into stream values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
        .execute(params![
            sha256,
            member,
            row.format,
            row.reading,
            row.bytes,
            row.parsed,
            row.faulted,
            row.records
        ])?;
    let counts = [
        ("insert into skipped values (?1, ?2, ?3, ?4)", &row.skipped),
        ("insert into fault_count values (?1, ?2, ?3, ?4)", &row.faults),
    ];
    for (sql, counts) in counts {
        for (name, count) in counts {
            transaction.prepare_cached(sql)?.execute(params![sha256, member, name, count])?;
        }
    }
    let sql = "insert into fault values (?1, ?2, ?3, ?4, ?5, ?6)";
    for FaultRow { offset, length, kind, detail } in &row.first_faults {
        let row = params![sha256, member, offset, length, kind, detail];
        transaction.prepare_cached(sql)?.execute(row)?;
    }
    Ok(())
}

/// Adds a place, or its newer description.
pub(super) fn insert_place(
    transaction: &Transaction<'_>,
    id: &EvidenceId,
    place: &Place,
) -> rusqlite::Result<()> {
    let stamp = place.stamp;
    transaction
        .prepare_cached("insert or replace into place values (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute(params![
            place.path,
            id.to_string(),
            place.at,
            stamp.map(|stamp| stamp.device as i64),
            stamp.map(|stamp| stamp.inode as i64),
            stamp.map(|stamp| stamp.modified),
            stamp.map(|stamp| stamp.changed),
        ])
        .map(|_| ())
}

pub(super) fn insert_file(
    transaction: &Transaction<'_>,
    run: u64,
    file: &RunFile,
) -> rusqlite::Result<()> {
    let (kind, class) = match &file.kind {
        RunFileKind::Records(class) => ("records", class.as_str()),
        RunFileKind::Observables => ("observables", ""),
    };
    transaction
        .prepare_cached("insert into file values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
        .execute(params![
            file.path,
            kind,
            class,
            run,
            file.rows,
            file.bytes,
            file.sha256,
            file.lowest,
            file.highest
        ])
        .map(|_| ())
}

pub(super) fn insert_finding(
    transaction: &Transaction<'_>,
    row: &FindingRow,
) -> rusqlite::Result<()> {
    let FindingRow { id, detector, title, time, confidence, lead, reasons } = row;
    transaction
        .prepare_cached("insert or replace into finding values (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute(params![id, detector, title, time, confidence, lead, reasons])
        .map(|_| ())
}

pub(super) fn insert_person(
    transaction: &Transaction<'_>,
    row: &PersonRow,
) -> rusqlite::Result<()> {
    let PersonRow { identity, name, kind, rung } = row;
    transaction
        .prepare_cached("insert or replace into person values (?1, ?2, ?3, ?4)")?
        .execute(params![identity, name, kind, rung])
        .map(|_| ())
}
