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
use tempfile::TempDir;

pub use rows::{
    EvidenceRow, FaultRow, FindingRow, PersonRow, Place, ReadingRow, RefusalRow, RunFile,
    RunFileKind, Stamp, StreamRow,
};

use crate::LakeError;
use crate::writer::{OBSERVABLES, RECORDS};

/// The layout of the tables; another one is not opened.
const VERSION: i64 = 3;

/// The database's name in the lake's folder.
const FILE: &str = "catalogue.sqlite";

/// What is noted in `meta`: where the catalogue lies, that the custody log was
/// compared with it, and that the index does not agree with the records.
const HOME: &str = "home";
const COMPARED: &str = "compared";
const STALE_INDEX: &str = "stale index";

/// The evidence and the runs of a case.
pub struct Catalogue {
    connection: Connection,
    path: PathBuf,
    /// The copy that is read in the place of a database on read-only media.
    _copy: Option<TempDir>,
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

/// Evidence whose records are gone with a file.
const LOST: &str = "select sha256 from stream where reading = ''";

/// How far a catalogue is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// As long as it lies where it lay.
    Its,
    /// It is looked at as a whole first.
    Nothing,
}

/// What one run adds.
#[derive(Debug, Default)]
pub struct Run {
    /// Evidence that was read; known evidence is replaced.
    pub evidence: Vec<EvidenceRow>,
    /// Further places of evidence, whether new or known.
    pub places: Vec<(EvidenceId, Place)>,
    /// What could not be looked at.
    pub unreadable: Vec<RefusalRow>,
    /// Numbers under which records may have been written in vain.
    pub withdrawn: Vec<u64>,
    /// The Parquet files that it wrote.
    pub files: Vec<RunFile>,
}

impl Run {
    /// Whether there is nothing to make visible.
    pub fn is_empty(&self) -> bool {
        let Self { evidence, places, unreadable, withdrawn, files } = self;
        let rows = evidence.len() + places.len() + unreadable.len() + withdrawn.len();
        rows + files.len() == 0
    }
}

/// What putting files in the place of others means for the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Index {
    /// It agrees with the records as much as it did.
    AsBefore,
    /// Records went that it counts: it has to be made anew.
    Stale,
    /// It was made anew.
    Fresh,
}

impl Catalogue {
    /// Opens the catalogue in `folder` for writing; makes an empty one where
    /// there is none.
    ///
    /// One that is damaged beyond use, or missing beside records, is set aside
    /// with all that the folder holds; the folder where it now lies is
    /// returned.
    pub(crate) fn open(folder: &Path, trust: Trust) -> Result<(Self, Option<PathBuf>), LakeError> {
        let opened = Self::open_sound(folder).and_then(|catalogue| {
            if trust == Trust::Nothing {
                catalogue.check()?;
            }
            Ok(catalogue)
        });
        match opened {
            Err(failure) if failure.is_damage() => {
                let aside = set_aside(folder)?;
                Ok((Self::open_sound(folder)?, Some(aside)))
            }
            done => Ok((done?, None)),
        }
    }

    fn open_sound(folder: &Path) -> Result<Self, LakeError> {
        let path = folder.join(FILE);
        let at = LakeError::catalogue(&path);
        if has_write_ahead_log(&path) {
            drop_journal(&path)?;
        } else if !path.exists() && beside(&path, "-wal").exists() {
            // SQLite would throw it away.
            let what = "it is gone, and its log is not".to_owned();
            return Err(LakeError::Damaged { path, what });
        }
        let connection = Connection::open(&path).map_err(&at)?;
        let catalogue = Self { connection, path: path.clone(), _copy: None };
        let of = |name, value: &str| catalogue.connection.pragma_update(None, name, value);
        of("journal_mode", "wal")
            .and_then(|()| of("synchronous", "full"))
            .and_then(|()| of("wal_autocheckpoint", "0"))
            .and_then(|()| of("foreign_keys", "on"))
            .map_err(&at)?;
        drop_journal(&path)?;
        if catalogue.version()? == 0 {
            if has_records(folder)? {
                let what = "it is empty, and there are records".to_owned();
                return Err(LakeError::Damaged { path, what });
            }
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
        let log = beside(&path, "-wal");
        // Without a write-ahead log nobody is writing, and nothing need be
        // made beside the database to read it. With one, the database alone
        // would be an older state.
        let is_alone = !fs::metadata(log).is_ok_and(|log| log.len() > 0);
        let (connection, copy) = if is_alone {
            (open_alone(&path)?, None)
        } else {
            match open_beside(&path) {
                Ok(connection) => (connection, None),
                Err(_) => {
                    let copy = copy_to_read(&path)?;
                    (open_beside(&copy.path().join(FILE))?, Some(copy))
                }
            }
        };
        let catalogue = Self { connection, path, _copy: copy };
        // All that is read from now on is of one moment.
        catalogue.connection.execute_batch("begin").map_err(catalogue.at())?;
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
        if self.meta(HOME)?.as_deref() == Some(&home) {
            return Ok(());
        }
        self.check()?;
        self.set_meta(HOME, &home)
    }

    /// Looks at the whole database.
    ///
    /// # Errors
    /// Where it is broken.
    pub fn check(&self) -> Result<(), LakeError> {
        let verdict: String = self.get("pragma integrity_check(1)")?;
        match verdict.as_str() {
            "ok" => Ok(()),
            _ => Err(LakeError::Damaged { path: self.path.clone(), what: verdict }),
        }
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

    /// The mapping files by which logs are read that no format knows, by name.
    ///
    /// # Errors
    /// Like all that ask the catalogue: where it cannot be read.
    pub fn mappings(&self) -> Result<BTreeMap<String, String>, LakeError> {
        self.all("select name, text from mapping", |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Notes the text of a mapping file, for later runs too.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn set_mapping(&self, name: &str, text: &str) -> Result<(), LakeError> {
        self.connection
            .execute("insert or replace into mapping values (?1, ?2)", [name, text])
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
             coalesce((select max(number) from withdrawn), 0), \
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
        let readings: Vec<_> = self
            .all("select distinct sha256, format, reading from stream", |row| {
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
        self.all("select * from place order by path, sha256, at", rows::place)
    }

    /// All evidence with its places and streams, by hash.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn evidence(&self) -> Result<BTreeMap<EvidenceId, EvidenceRow>, LakeError> {
        rows::evidence(&self.connection).map_err(self.at())
    }

    /// What could not be looked at when it last was tried.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn unreadable(&self) -> Result<Vec<RefusalRow>, LakeError> {
        self.all("select path, at, reason from unreadable order by path, at", |row| {
            Ok(RefusalRow { path: row.get(0)?, at: row.get(1)?, reason: row.get(2)? })
        })
    }

    /// Forgets what could be looked at after all.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn forgive(&mut self, readable: &[&RefusalRow]) -> Result<(), LakeError> {
        let at = self.at();
        let sql = "delete from unreadable where path = ?1 and at = ?2";
        self.transaction(|transaction| {
            for row in readable {
                transaction.execute(sql, [&row.path, &row.at])?;
            }
            Ok(())
        })
        .map_err(at)
    }

    /// How all evidence was read, what has to be read again apart.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn readings(&self) -> Result<Vec<ReadingRow>, LakeError> {
        self.all(
            "select format, reading, count(distinct sha256), min(path) \
             from stream natural join place where reading <> '' group by format, reading",
            |row| {
                let (format, reading) = (row.get(0)?, row.get(1)?);
                Ok(ReadingRow { format, reading, evidence: row.get(2)?, path: row.get(3)? })
            },
        )
    }

    /// Paths at which evidence of different bytes was found at different
    /// times: files that grew or were replaced.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn changed_places(&self) -> Result<Vec<String>, LakeError> {
        self.all(
            "select path from place group by path, at having count(*) > 1 order by path",
            |row| row.get(0),
        )
    }

    /// Numbers that evidence bears no more, while files may hold records with
    /// them.
    pub(crate) fn withdrawn(&self) -> Result<BTreeSet<u64>, LakeError> {
        self.all("select number from withdrawn", |row| row.get(0))
    }

    /// Forgets numbers that no file holds any more.
    pub(crate) fn forget_withdrawn(&self) -> Result<(), LakeError> {
        self.connection.execute("delete from withdrawn", []).map(|_| ()).map_err(self.at())
    }

    /// Whether the index has to be made anew from the records.
    pub(crate) fn is_index_stale(&self) -> Result<bool, LakeError> {
        Ok(self.meta(STALE_INDEX)?.is_some())
    }

    /// How many entries of the custody log the catalogue agrees with.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn compared(&self) -> Result<u64, LakeError> {
        Ok(self.meta(COMPARED)?.and_then(|size| size.parse().ok()).unwrap_or(0))
    }

    /// Notes that the catalogue agrees with the first `size` entries of the
    /// custody log.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn set_compared(&self, size: u64) -> Result<(), LakeError> {
        self.set_meta(COMPARED, &size.to_string())
    }

    /// Notes the evidence that the custody log names, with every place: of what
    /// is not here the records are gone, and have to be read again before an
    /// answer is drawn. Returns how many pieces that are.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn expect(
        &mut self,
        logged: &BTreeMap<EvidenceId, BTreeSet<Place>>,
    ) -> Result<u64, LakeError> {
        let held: BTreeSet<EvidenceId> = self.numbers()?.into_values().collect();
        let missing: Vec<_> = logged.iter().filter(|(id, _)| !held.contains(id)).collect();
        let at = self.at();
        self.transaction(|transaction| {
            for (id, places) in &missing {
                for place in *places {
                    transaction
                        .prepare_cached("insert or ignore into missing values (?1, ?2, ?3)")?
                        .execute([&id.to_string(), &place.path, &place.at])?;
                }
            }
            Ok(missing.len() as u64)
        })
        .map_err(at)
    }

    /// Evidence that has to be read again.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn lost(&self) -> Result<Vec<EvidenceId>, LakeError> {
        self.all(&format!("{LOST} union select sha256 from missing order by 1"), |row| {
            rows::id(row, 0)
        })
    }

    /// Forgets that evidence, with all that it gave; its places are noted as
    /// not to be looked at.
    pub(crate) fn accept_loss(&mut self) -> Result<(), LakeError> {
        let at = self.at();
        let places = format!(
            "select path, at from place where sha256 in ({LOST}) \
             union select path, at from missing"
        );
        let numbers = format!("select number from evidence where sha256 in ({LOST})");
        self.transaction(|transaction| {
            let reason = "lost with a damaged case, and not at hand to be read again";
            let refuse =
                format!("insert or replace into unreadable select path, at, ?1 from ({places})");
            transaction.execute(&refuse, [reason])?;
            transaction.execute(&format!("insert or ignore into withdrawn {numbers}"), [])?;
            transaction.execute(&format!("delete from evidence where sha256 in ({LOST})"), [])?;
            transaction.execute("delete from missing", []).map(|_| ())
        })
        .map_err(at)
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
            for RefusalRow { path, at, reason } in &run.unreadable {
                let sql = "insert or replace into unreadable values (?1, ?2, ?3)";
                transaction.execute(sql, [path, at, reason])?;
            }
            for number in &run.withdrawn {
                transaction.execute("insert or ignore into withdrawn values (?1)", [number])?;
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
        index: Index,
    ) -> Result<(), LakeError> {
        let at = self.at();
        self.transaction(|transaction| {
            for part in parts {
                transaction.execute("delete from file where path = ?1", [&part.path])?;
            }
            match index {
                Index::AsBefore => {}
                Index::Stale => note(transaction, STALE_INDEX)?,
                Index::Fresh => {
                    transaction.execute("delete from meta where key = ?1", [STALE_INDEX])?;
                    transaction.execute("delete from withdrawn", [])?;
                }
            }
            merged.iter().try_for_each(|file| rows::insert_file(transaction, run, file))
        })
        .map_err(at)
    }

    /// Takes files out whose bytes are gone. Evidence whose records they may
    /// have held is marked as to be read again, and the index as to be made
    /// anew.
    pub(crate) fn give_up(&mut self, lost: &[RunFile]) -> Result<(), LakeError> {
        let at = self.at();
        self.transaction(|transaction| {
            for file in lost {
                transaction.execute("delete from file where path = ?1", [&file.path])?;
                transaction.execute(
                    "update stream set reading = '' where sha256 in \
                     (select sha256 from evidence where number between ?1 and ?2)",
                    params![file.lowest, file.highest],
                )?;
            }
            note(transaction, STALE_INDEX)
        })
        .map_err(at)
    }

    /// Paths of evidence that has to be read again.
    ///
    /// # Errors
    /// See [`Catalogue::next_run`].
    pub fn unread(&self) -> Result<Vec<String>, LakeError> {
        self.all(
            "select min(path) from place natural join stream where reading = '' group by sha256 \
             union all select min(path) from missing group by sha256 order by 1",
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
    remove(&beside(path, "-journal"))
}

/// A file that SQLite keeps beside a database.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn note(transaction: &Transaction<'_>, key: &str) -> rusqlite::Result<()> {
    transaction.execute("insert or replace into meta values (?1, 'yes')", [key]).map(|_| ())
}

const READ_ONLY: OpenFlags =
    OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// Opens a database with its write-ahead log, beside which SQLite keeps files.
fn open_beside(path: &Path) -> Result<Connection, LakeError> {
    let open = || {
        let connection = Connection::open_with_flags(path, READ_ONLY)?;
        connection.query_row("select count(*) from meta", [], |_| Ok(()))?;
        Ok(connection)
    };
    open().map_err(LakeError::catalogue(path))
}

/// Opens a database that nobody writes to, touching nothing beside it.
fn open_alone(path: &Path) -> Result<Connection, LakeError> {
    let whole = path.canonicalize().map_err(LakeError::io(path))?;
    let uri = url::Url::from_file_path(&whole).map_err(|()| LakeError::Damaged {
        path: whole.clone(),
        what: "its path is no path".to_owned(),
    })?;
    let flags = READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(format!("{uri}?immutable=1"), flags)
        .map_err(LakeError::catalogue(path))
}

/// Copies a database and its write-ahead log to where SQLite can keep files
/// beside them. A database with a log is never changed, and of the log any
/// beginning is a state that was.
fn copy_to_read(path: &Path) -> Result<TempDir, LakeError> {
    let folder = TempDir::new().map_err(LakeError::io(std::env::temp_dir()))?;
    for end in ["", "-wal"] {
        let (from, to) = (beside(path, end), beside(&folder.path().join(FILE), end));
        fs::copy(&from, &to).map_err(LakeError::io(&from))?;
        let writable = fs::metadata(&to).and_then(|found| {
            let mut permissions = found.permissions();
            #[expect(clippy::permissions_set_readonly_false, reason = "its folder is private")]
            permissions.set_readonly(false);
            fs::set_permissions(&to, permissions)
        });
        writable.map_err(LakeError::io(&to))?;
    }
    Ok(folder)
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

/// Whether the lake has files of records or of the index.
fn has_records(folder: &Path) -> Result<bool, LakeError> {
    for name in [RECORDS, OBSERVABLES] {
        let inside = folder.join(name);
        match fs::read_dir(&inside).map(|mut entries| entries.next().is_some()) {
            Ok(true) => return Ok(true),
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                return Err(LakeError::Io { path: inside, source: cause });
            }
            _ => {}
        }
    }
    Ok(false)
}

/// A new folder for what is set aside.
pub(crate) fn new_aside(folder: &Path) -> Result<PathBuf, LakeError> {
    let mut names = (1..).map(|n| folder.join(format!("damaged-{n}")));
    let aside = names.find(|name| !name.exists()).unwrap_or_default();
    fs::create_dir(&aside).map_err(LakeError::io(&aside))?;
    Ok(aside)
}

/// Moves a broken database out of the way, with what belongs to it and with
/// the records that it named. Nothing is thrown away. Returns the new folder.
fn set_aside(folder: &Path) -> Result<PathBuf, LakeError> {
    let aside = new_aside(folder)?;
    let database = [FILE.to_owned(), format!("{FILE}-wal"), format!("{FILE}-shm")];
    for name in [RECORDS, OBSERVABLES].into_iter().chain(database.iter().map(String::as_str)) {
        let from = folder.join(name);
        match fs::rename(&from, aside.join(name)) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                return Err(LakeError::Io { path: from, source: cause });
            }
            _ => {}
        }
    }
    Ok(aside)
}
