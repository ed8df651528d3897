//! The catalogue: which evidence and which runs a case consists of.
//!
//! SQLite, with a write-ahead log that is folded into the database only when
//! the case is closed: whoever copies the folder meanwhile copies an unchanged
//! database and a log of which a beginning is as good as the whole.

mod rows;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use clarte_model::EvidenceId;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params};

pub use rows::{
    EvidenceRow, FaultRow, FindingRow, PersonRow, Place, RunFile, RunFileKind, Stamp, StreamRow,
};

use crate::LakeError;

/// The layout of the tables; another one is not opened.
const VERSION: i64 = 1;

/// The database's name in the lake's folder.
const FILE: &str = "catalogue.sqlite";

/// The evidence and the runs of a case.
pub struct Catalogue {
    connection: Connection,
    path: PathBuf,
}

/// What is known of a piece of evidence before it is read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its number in the lake's files.
    pub number: u64,
    /// Bytes of the file as received.
    pub bytes: u64,
    /// Format and reading of each of its streams.
    pub readings: Vec<(String, String)>,
}

/// What one run adds.
#[derive(Debug, Default)]
pub struct Run {
    /// Evidence that was read; known evidence is replaced.
    pub evidence: Vec<EvidenceRow>,
    /// Further places of evidence, whether new or known.
    pub places: Vec<(EvidenceId, Place)>,
    /// Paths that could not be read, with the reason.
    pub unreadable: Vec<(String, String)>,
    /// The Parquet files that it wrote.
    pub files: Vec<RunFile>,
}

impl Catalogue {
    /// Opens the catalogue in `folder` for writing; makes an empty one where
    /// there is none. One that is damaged beyond use is set aside (`true`).
    pub(crate) fn open(folder: &Path) -> Result<(Self, bool), LakeError> {
        let path = folder.join(FILE);
        let sound = Self::open_sound(&path);
        let damage = match sound {
            Ok(catalogue) => return Ok((catalogue, false)),
            Err(failure) => failure,
        };
        if !is_damage(&damage) {
            return Err(damage);
        }
        set_aside(&path)?;
        Ok((Self::open_sound(&path)?, true))
    }

    fn open_sound(path: &Path) -> Result<Self, LakeError> {
        let at = LakeError::catalogue(path);
        if has_write_ahead_log(path) {
            drop_journal(path)?;
        }
        let connection = Connection::open(path).map_err(&at)?;
        let catalogue = Self { connection, path: path.to_owned() };
        let of = |name, value: &str| catalogue.connection.pragma_update(None, name, value);
        of("journal_mode", "wal")
            .and_then(|()| of("synchronous", "full"))
            .and_then(|()| of("wal_autocheckpoint", "0"))
            .and_then(|()| of("foreign_keys", "on"))
            .map_err(&at)?;
        drop_journal(path)?;
        if catalogue.version()? == 0 {
            let schema = include_str!("catalogue/schema.sql");
            let all = format!("begin;\n{schema}\npragma user_version = {VERSION};\ncommit;");
            catalogue.connection.execute_batch(&all).map_err(&at)?;
        }
        catalogue.check_version()?;
        catalogue.check_home()?;
        Ok(catalogue)
    }

    /// Opens the catalogue in `folder` without any right to write to it, on
    /// media that cannot be written to as well.
    pub(crate) fn open_read_only(folder: &Path) -> Result<Self, LakeError> {
        let path = folder.join(FILE);
        if !path.exists() {
            return Err(LakeError::NoCase { path: folder.to_owned() });
        }
        let plain = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        // Without a write-ahead log nobody is writing, and nothing need be
        // made beside the database to read it; on read-only media nothing can.
        let log = PathBuf::from(format!("{}-wal", path.display()));
        let is_written = fs::metadata(log).is_ok_and(|log| log.len() > 0);
        let beside = || -> rusqlite::Result<Connection> {
            let connection = Connection::open_with_flags(&path, plain)?;
            connection.query_row("select count(*) from meta", [], |_| Ok(()))?;
            Ok(connection)
        };
        let alone = || {
            let uri = format!("file:{}?immutable=1", percent_encoded(&path));
            Connection::open_with_flags(uri, plain | OpenFlags::SQLITE_OPEN_URI)
        };
        let connection = if is_written { beside().or_else(|_| alone()) } else { alone() };
        let connection = connection.map_err(LakeError::catalogue(&path))?;
        let catalogue = Self { connection, path };
        catalogue.check_version()?;
        Ok(catalogue)
    }

    fn version(&self) -> Result<i64, LakeError> {
        self.get("pragma user_version")
    }

    fn check_version(&self) -> Result<(), LakeError> {
        match self.version()? {
            VERSION => Ok(()),
            found => Err(LakeError::Version { path: self.path.clone(), found, expected: VERSION }),
        }
    }

    /// A catalogue that lies elsewhere than when it was last written to was
    /// copied, perhaps while in use: it is looked at as a whole.
    fn check_home(&self) -> Result<(), LakeError> {
        let home = home(&self.path);
        if self.meta("home")?.as_deref() == Some(&home) {
            return Ok(());
        }
        let verdict: String = self.get("pragma integrity_check(1)")?;
        if verdict != "ok" {
            return Err(LakeError::Damaged { path: self.path.clone(), what: verdict });
        }
        self.set_meta("home", &home)
    }

    fn get<T: rusqlite::types::FromSql>(&self, sql: &str) -> Result<T, LakeError> {
        self.connection.query_row(sql, [], |row| row.get(0)).map_err(self.at())
    }

    fn at(&self) -> impl Fn(rusqlite::Error) -> LakeError + use<> {
        LakeError::catalogue(&self.path)
    }

    fn meta(&self, key: &str) -> Result<Option<String>, LakeError> {
        self.connection
            .query_row("select value from meta where key = ?1", [key], |row| row.get(0))
            .optional()
            .map_err(self.at())
    }

    fn set_meta(&self, key: &str, value: &str) -> Result<(), LakeError> {
        self.connection
            .execute("insert or replace into meta values (?1, ?2)", [key, value])
            .map(|_| ())
            .map_err(self.at())
    }

    /// The zones in which sources are known to write, by format.
    ///
    /// # Errors
    /// Like all that ask the catalogue: where it cannot be read.
    pub fn zones(&self) -> Result<BTreeMap<String, String>, LakeError> {
        self.all("select source, zone from zone", |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Notes the zone in which a source writes, for later runs too.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn set_zone(&self, source: &str, zone: &str) -> Result<(), LakeError> {
        self.connection
            .execute("insert or replace into zone values (?1, ?2)", [source, zone])
            .map(|_| ())
            .map_err(self.at())
    }

    /// The number of the next run.
    ///
    /// # Errors
    /// Like all that ask the catalogue: where it cannot be read.
    pub fn next_run(&self) -> Result<u64, LakeError> {
        self.get("select coalesce(max(id), 0) + 1 from run")
    }

    /// The number that the next piece of evidence gets.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn next_number(&self) -> Result<u64, LakeError> {
        // Numbers of swept or replaced evidence must not come back while files
        // with their records may still lie about.
        self.get(
            "select max(coalesce((select max(number) from evidence), 0), \
             coalesce((select max(highest) from file), 0)) + 1",
        )
    }

    /// How many records the case has.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn records(&self) -> Result<u64, LakeError> {
        self.get("select coalesce(sum(records), 0) from stream")
    }

    /// The evidence behind each number.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn numbers(&self) -> Result<BTreeMap<u64, EvidenceId>, LakeError> {
        self.all("select number, sha256 from evidence", |row| Ok((row.get(0)?, rows::id(row, 1)?)))
    }

    /// What is known of all evidence.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn known(&self) -> Result<HashMap<EvidenceId, Known>, LakeError> {
        let mut known: HashMap<EvidenceId, Known> =
            self.all("select sha256, number, bytes from evidence", |row| {
                let (number, bytes) = (row.get(1)?, row.get(2)?);
                Ok((rows::id(row, 0)?, Known { number, bytes, readings: Vec::new() }))
            })?;
        let readings: Vec<_> = self.all("select sha256, format, reading from stream", |row| {
            Ok((rows::id(row, 0)?, row.get(1)?, row.get(2)?))
        })?;
        for (id, format, reading) in readings {
            known.entry(id).and_modify(|known| known.readings.push((format, reading)));
        }
        Ok(known)
    }

    /// Every place with a description of its file.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn places(&self) -> Result<Vec<(EvidenceId, Place)>, LakeError> {
        self.all(
            "select sha256, path, device, inode, modified, changed from place order by path, sha256",
            |row| Ok((rows::id(row, 0)?, Place { path: row.get(1)?, stamp: rows::stamp(row, 2)? })),
        )
    }

    /// All evidence with its places and streams, by hash.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn evidence(&self) -> Result<BTreeMap<EvidenceId, EvidenceRow>, LakeError> {
        rows::evidence(&self.connection).map_err(self.at())
    }

    /// Paths that could not be read, with the reason.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn unreadable(&self) -> Result<BTreeMap<String, String>, LakeError> {
        self.all("select path, reason from unreadable", |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// The visible files, by path.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn files(&self) -> Result<Vec<RunFile>, LakeError> {
        self.all("select * from file order by path", rows::file)
    }

    fn all<T, C: FromIterator<T>>(
        &self,
        sql: &str,
        of: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<C, LakeError> {
        self.connection
            .prepare(sql)
            .and_then(|mut statement| statement.query_map([], of)?.collect())
            .map_err(self.at())
    }

    /// Makes a run visible, whole or not at all.
    pub(crate) fn commit(&mut self, id: u64, run: &Run) -> Result<(), LakeError> {
        let at = self.at();
        self.transaction(|transaction| {
            let records: u64 =
                run.evidence.iter().flat_map(|row| &row.streams).map(|s| s.records).sum();
            transaction.execute(
                "insert into run values (?1, ?2, ?3)",
                params![id, run.evidence.len() as u64, records],
            )?;
            run.evidence.iter().try_for_each(|row| rows::insert_evidence(transaction, id, row))?;
            for (evidence, place) in &run.places {
                rows::insert_place(transaction, evidence, place)?;
            }
            for (path, reason) in &run.unreadable {
                transaction
                    .execute("insert or replace into unreadable values (?1, ?2)", [path, reason])?;
            }
            let read = run.places.iter().map(|(_, place)| place);
            for place in read.chain(run.evidence.iter().flat_map(|row| &row.places)) {
                transaction.execute("delete from unreadable where path = ?1", [&place.path])?;
            }
            run.files.iter().try_for_each(|file| rows::insert_file(transaction, id, file))
        })
        .map_err(at)
    }

    /// Puts `merged` in the place of `parts`, whole or not at all.
    pub(crate) fn replace(
        &mut self,
        parts: &[RunFile],
        merged: &[RunFile],
        run: u64,
    ) -> Result<(), LakeError> {
        let at = self.at();
        self.transaction(|transaction| {
            for part in parts {
                transaction.execute("delete from file where path = ?1", [&part.path])?;
            }
            merged.iter().try_for_each(|file| rows::insert_file(transaction, run, file))
        })
        .map_err(at)
    }

    /// Takes files out whose bytes are gone, and marks the evidence whose
    /// records they may have held as to be read again. Returns its paths.
    pub(crate) fn give_up(&mut self, lost: &[RunFile]) -> Result<BTreeSet<String>, LakeError> {
        let at = self.at();
        self.transaction(|transaction| {
            let mut paths = BTreeSet::new();
            for file in lost {
                transaction.execute("delete from file where path = ?1", [&file.path])?;
                let numbers = params![file.lowest, file.highest];
                transaction.execute(
                    "update stream set reading = '' where sha256 in \
                     (select sha256 from evidence where number between ?1 and ?2)",
                    numbers,
                )?;
                let mut named = transaction.prepare(
                    "select path from place natural join evidence where number between ?1 and ?2",
                )?;
                for path in named.query_map(numbers, |row| row.get(0))? {
                    paths.insert(path?);
                }
            }
            Ok(paths)
        })
        .map_err(at)
    }

    /// Paths of evidence that was marked as to be read again.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn unread(&self) -> Result<Vec<String>, LakeError> {
        self.all(
            "select min(path) from place natural join stream where reading = '' group by sha256 \
             order by 1",
            |row| row.get(0),
        )
    }

    /// What the answer `name` was drawn from, and its SHA-256.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn answer(&self, name: &str) -> Result<Option<(String, String)>, LakeError> {
        self.connection
            .query_row("select drawn_from, sha256 from answer where name = ?1", [name], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .map_err(self.at())
    }

    /// Notes an answer with its findings and people, in one step.
    ///
    /// # Errors
    /// Where it cannot be written; the old one stays in force.
    pub fn set_answer(
        &mut self,
        name: &str,
        drawn_from: &str,
        sha256: &str,
        findings: &[FindingRow],
        people: &[PersonRow],
    ) -> Result<(), LakeError> {
        let at = self.at();
        self.transaction(|transaction| {
            transaction.execute(
                "insert or replace into answer values (?1, ?2, ?3)",
                [name, drawn_from, sha256],
            )?;
            transaction.execute_batch("delete from finding; delete from person;")?;
            findings.iter().try_for_each(|row| rows::insert_finding(transaction, row))?;
            people.iter().try_for_each(|row| rows::insert_person(transaction, row))
        })
        .map_err(at)
    }

    fn transaction<T>(
        &mut self,
        act: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let transaction = self.connection.transaction()?;
        let done = act(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// Whether a database says that it keeps a write-ahead log, in which case it
/// has no rollback journal.
/// Spec: <https://www.sqlite.org/fileformat.html#file_format_version_numbers>
fn has_write_ahead_log(path: &Path) -> bool {
    use std::io::Read;
    let mut head = [0; 20];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head[18] == 2
}

/// Removes a rollback journal. One beside a database with a write-ahead log is
/// of the moment when the database was made, copied later than the database:
/// SQLite would roll back what it does not belong to.
fn drop_journal(path: &Path) -> Result<(), LakeError> {
    remove(&PathBuf::from(format!("{}-journal", path.display())))
}

fn remove(path: &Path) -> Result<(), LakeError> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(LakeError::Io { path: path.to_owned(), source: cause })
        }
        _ => Ok(()),
    }
}

/// Where a file lies, as far as the file system tells; a copy lies elsewhere.
fn home(path: &Path) -> String {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if let Ok(metadata) = fs::metadata(path) {
            return format!("{}:{}", metadata.dev(), metadata.ino());
        }
    }
    path.canonicalize().unwrap_or_default().display().to_string()
}

/// Whether a failure says that the database itself is broken.
fn is_damage(failure: &LakeError) -> bool {
    match failure {
        LakeError::Damaged { .. } => true,
        LakeError::Catalogue { source, .. } => matches!(
            source.sqlite_error_code(),
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
        ),
        _ => false,
    }
}

/// Moves a broken database out of the way, with what belongs to it.
fn set_aside(path: &Path) -> Result<(), LakeError> {
    let name = |end: &str| PathBuf::from(format!("{}{end}", path.display()));
    for end in ["", "-wal"] {
        let (from, to) = (name(end), name(&format!(".damaged{end}")));
        match fs::rename(&from, &to) {
            Ok(()) => {}
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(LakeError::Io { path: from, source }),
        }
    }
    remove(&name("-shm"))
}

/// A path as SQLite's URIs want it.
fn percent_encoded(path: &Path) -> String {
    let mut out = String::new();
    for character in path.to_string_lossy().chars() {
        match character {
            '?' | '#' | '%' => out.push_str(&format!("%{:02x}", character as u32)),
            _ => out.push(character),
        }
    }
    out
}
