//! The lake of one case: opened, read, added to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use clarte_model::lake::{Hour, ObservableKind, Only, ReadError, Records, Seen, Stored};
use clarte_model::{Class, EvidenceId, Field};

use crate::catalogue::{self, Catalogue, Index, Run, RunFile, RunFileKind, Trust};
use crate::reader::{self, Hours, Wish};
use crate::writer::{self, OBSERVABLES, RECORDS};
use crate::{LakeError, index, merge};

/// The lake of one case.
///
/// One process at a time may open it for writing; whoever opens it so sees to
/// that (a case does, by the lock on its custody log).
pub struct Lake {
    folder: PathBuf,
    catalogue: Catalogue,
    files: Vec<RunFile>,
    numbers: BTreeMap<u64, EvidenceId>,
    withdrawn: BTreeSet<u64>,
    found: Found,
}

/// What opening a lake for writing found to mend.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The catalogue was broken, or missing beside records: it began anew, and
    /// all that was there now lies in this folder.
    pub set_aside: Option<PathBuf>,
    /// Files that the catalogue names but that were missing or cut short.
    pub lost: u64,
}

impl Lake {
    /// Opens the lake in `folder` for writing; makes it where there is none.
    /// Files of interrupted runs are left to [`Lake::sweep`]. Evidence whose
    /// records are gone is marked in the catalogue as to be read again;
    /// [`Lake::settle`] mends the index.
    ///
    /// # Errors
    /// Where the folder or its catalogue cannot be used.
    pub fn open(folder: &Path) -> Result<Self, LakeError> {
        Self::open_as(folder, Trust::Its)
    }

    /// The same, with a look at the whole catalogue first.
    ///
    /// # Errors
    /// As [`Lake::open`].
    pub fn open_suspect(folder: &Path) -> Result<Self, LakeError> {
        Self::open_as(folder, Trust::Nothing)
    }

    fn open_as(folder: &Path, trust: Trust) -> Result<Self, LakeError> {
        fs::create_dir_all(folder).map_err(LakeError::io(folder))?;
        let (mut catalogue, set_aside) = Catalogue::open(folder, trust)?;
        let is_whole = |file: &&RunFile| {
            fs::metadata(folder.join(&file.path)).is_ok_and(|found| found.len() == file.bytes)
        };
        let lost: Vec<RunFile> =
            catalogue.files()?.into_iter().filter(|file| !is_whole(&file)).collect();
        if !lost.is_empty() {
            catalogue.give_up(&lost)?;
        }
        let mut lake = Self::of(folder, catalogue)?;
        lake.found = Found { set_aside, lost: lost.len() as u64 };
        Ok(lake)
    }

    /// Removes what no run accounts for: files of runs that were interrupted.
    /// Returns how many.
    ///
    /// # Errors
    /// Where it cannot be removed.
    pub fn sweep(&self) -> Result<u64, LakeError> {
        let strays = self.strays()?;
        for path in &strays {
            fs::remove_file(path).map_err(LakeError::io(path))?;
        }
        Ok(strays.len() as u64)
    }

    /// Moves what no run accounts for out of the way, where it may be all that
    /// is left of something. Returns the folder, if there was anything.
    ///
    /// # Errors
    /// Where it cannot be moved.
    pub fn set_strays_aside(&self) -> Result<Option<PathBuf>, LakeError> {
        let strays = self.strays()?;
        if strays.is_empty() {
            return Ok(None);
        }
        let aside = catalogue::new_aside(&self.folder)?;
        for from in &strays {
            let below = from.strip_prefix(&self.folder).unwrap_or(from);
            let to = aside.join(below);
            let home = to.parent().unwrap_or(&aside);
            fs::create_dir_all(home).map_err(LakeError::io(home))?;
            fs::rename(from, &to).map_err(LakeError::io(from))?;
        }
        Ok(Some(aside))
    }

    /// Takes out the files whose bytes are not those that were written.
    /// Evidence whose records they held has to be read again; the index is
    /// made anew by [`Lake::settle`]. Returns how many they were.
    ///
    /// # Errors
    /// Where the lake cannot be read or written.
    pub fn give_up_changed(&mut self) -> Result<u64, LakeError> {
        let changed: BTreeSet<String> = self.changed_files()?.into_iter().collect();
        let changed: Vec<RunFile> =
            self.files.iter().filter(|file| changed.contains(&file.path)).cloned().collect();
        if !changed.is_empty() {
            self.give_up(&changed)?;
        }
        Ok(changed.len() as u64)
    }

    /// Goes on without the evidence that has to be read again: it is forgotten,
    /// with all that it gave. [`Lake::settle`] takes its records out.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn accept_loss(&mut self) -> Result<(), LakeError> {
        self.catalogue.accept_loss()?;
        self.refresh()
    }

    /// Takes out files that cannot be used.
    pub(crate) fn give_up(&mut self, files: &[RunFile]) -> Result<(), LakeError> {
        self.catalogue.give_up(files)?;
        self.refresh()
    }

    /// Opens the lake in `folder` for reading alone, beside a process that
    /// writes to it or on media that cannot be written to.
    ///
    /// # Errors
    /// Where there is no case or it cannot be read.
    pub fn open_read_only(folder: &Path) -> Result<Self, LakeError> {
        Self::of(folder, Catalogue::open_read_only(folder)?)
    }

    fn of(folder: &Path, catalogue: Catalogue) -> Result<Self, LakeError> {
        let mut lake = Self {
            folder: folder.to_owned(),
            catalogue,
            files: Vec::new(),
            numbers: BTreeMap::new(),
            withdrawn: BTreeSet::new(),
            found: Found::default(),
        };
        lake.refresh()?;
        Ok(lake)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the case consists of.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The catalogue, to note an answer in.
    pub fn catalogue_mut(&mut self) -> &mut Catalogue {
        &mut self.catalogue
    }

    /// What opening found to mend.
    pub fn found(&self) -> &Found {
        &self.found
    }

    /// Makes a run visible, whole or not at all: its files outlive a power cut
    /// before the catalogue names them.
    ///
    /// # Errors
    /// Where it cannot be written; the lake stays as it was.
    pub fn commit(&mut self, run: &Run) -> Result<(), LakeError> {
        writer::sync(&self.folder, &run.files)?;
        let id = self.catalogue.next_run()?;
        self.catalogue.commit(id, run)?;
        self.refresh()
    }

    /// Merges runs where they have become many, takes out records that nobody
    /// may see any more, and makes the index agree with the records. Cheap
    /// where there is nothing to do. Before it was called, the index may name
    /// too much or too little.
    ///
    /// # Errors
    /// Where the lake cannot be read or written; it stays as it was.
    pub fn settle(&mut self) -> Result<(), LakeError> {
        merge::settle(self)
    }

    /// Whether records and index agree; if not, [`Lake::settle`] makes them.
    ///
    /// # Errors
    /// Where the catalogue cannot be read.
    pub fn is_settled(&self) -> Result<bool, LakeError> {
        Ok(self.withdrawn.is_empty() && !self.catalogue.is_index_stale()?)
    }

    /// Puts `merged` in the place of `parts`, whole or not at all.
    pub(crate) fn replace(
        &mut self,
        parts: &[RunFile],
        merged: &[RunFile],
        index: Index,
    ) -> Result<(), LakeError> {
        writer::sync(&self.folder, merged)?;
        let id = self.catalogue.next_run()?;
        self.catalogue.replace(parts, merged, id.saturating_sub(1), index)?;
        self.refresh()?;
        for part in parts {
            // What stays is swept the next time.
            let _ = fs::remove_file(self.folder.join(&part.path));
        }
        Ok(())
    }

    fn refresh(&mut self) -> Result<(), LakeError> {
        self.files = self.catalogue.files()?;
        self.numbers = self.catalogue.numbers()?;
        self.withdrawn = self.catalogue.withdrawn()?;
        Ok(())
    }

    /// The visible files.
    pub(crate) fn files(&self) -> &[RunFile] {
        &self.files
    }

    /// The visible evidence.
    pub(crate) fn numbers(&self) -> &BTreeMap<u64, EvidenceId> {
        &self.numbers
    }

    /// Numbers that evidence bears no more, while files may hold records with
    /// them.
    pub(crate) fn withdrawn(&self) -> &BTreeSet<u64> {
        &self.withdrawn
    }

    /// Forgets numbers that no file holds any more.
    pub(crate) fn forget_withdrawn(&mut self) -> Result<(), LakeError> {
        self.withdrawn.clear();
        self.catalogue.forget_withdrawn()
    }

    /// The files of a class.
    pub(crate) fn record_files(&self, class: Class) -> impl Iterator<Item = &RunFile> {
        self.files.iter().filter(
            move |file| matches!(&file.kind, RunFileKind::Records(name) if name == class.as_str()),
        )
    }

    /// The files of the index.
    pub(crate) fn index_files(&self) -> Vec<PathBuf> {
        let index = self.files.iter().filter(|file| file.kind == RunFileKind::Observables);
        index.map(|file| self.folder.join(&file.path)).collect()
    }

    /// The files whose bytes are not those that were written, by path.
    ///
    /// # Errors
    /// Where a file is there and cannot be read.
    pub fn changed_files(&self) -> Result<Vec<String>, LakeError> {
        let mut changed = Vec::new();
        for file in &self.files {
            if !self.is_as_written(file)? {
                changed.push(file.path.clone());
            }
        }
        Ok(changed)
    }

    /// Whether a file has the bytes that were written.
    pub(crate) fn is_as_written(&self, file: &RunFile) -> Result<bool, LakeError> {
        let path = self.folder.join(&file.path);
        match fs::File::open(&path) {
            Ok(found) => Ok(writer::hash(found).map_err(LakeError::io(&path))? == file.sha256),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(LakeError::Io { path, source }),
        }
    }

    /// Which of `wanted` the index has at all, reading as little of it as
    /// possible.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn present(
        &self,
        kind: ObservableKind,
        wanted: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, LakeError> {
        index::present(&self.index_files(), kind, wanted)
    }
}

impl Records for Lake {
    fn scan(
        &self,
        class: Class,
        fields: &[Field],
        only: &[Only<'_>],
        visit: &mut dyn FnMut(Stored<'_>),
    ) -> Result<(), ReadError> {
        let wish = Wish { class, fields, only, numbers: &self.numbers };
        for file in self.record_files(class) {
            reader::scan_file(&self.folder.join(&file.path), &wish, visit).map_err(read_error)?;
        }
        Ok(())
    }

    fn values(
        &self,
        kind: ObservableKind,
        visit: &mut dyn FnMut(Seen<'_>),
    ) -> Result<(), ReadError> {
        index::values(&self.index_files(), kind, visit).map_err(read_error)
    }

    fn hours(&self) -> Result<Vec<Hour>, ReadError> {
        let (hours, _) = self.count_hours().map_err(read_error)?;
        let hours = hours.into_iter().map(|((source, hour), found)| Hour {
            source,
            bounds: hour.map(|_| (found.first, found.last)),
            records: found.records,
        });
        Ok(hours.collect())
    }

    fn local_times(&self) -> Result<BTreeSet<EvidenceId>, ReadError> {
        self.count_hours().map(|(_, local)| local).map_err(read_error)
    }
}

impl Lake {
    /// Files that no run accounts for.
    pub(crate) fn strays(&self) -> Result<Vec<PathBuf>, LakeError> {
        let named: BTreeSet<PathBuf> =
            self.files.iter().map(|file| self.folder.join(&file.path)).collect();
        let mut strays = Vec::new();
        let mut folders = vec![self.folder.join(RECORDS), self.folder.join(OBSERVABLES)];
        while let Some(inside) = folders.pop() {
            let entries = match fs::read_dir(&inside) {
                Ok(entries) => entries,
                Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => continue,
                Err(source) => return Err(LakeError::Io { path: inside, source }),
            };
            for entry in entries {
                let path = entry.map_err(LakeError::io(&inside))?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if !named.contains(&path) {
                    strays.push(path);
                }
            }
        }
        Ok(strays)
    }

    fn count_hours(&self) -> Result<(Hours, BTreeSet<EvidenceId>), LakeError> {
        let (mut hours, mut local) = (Hours::new(), BTreeSet::new());
        for file in self.files.iter().filter(|file| file.kind != RunFileKind::Observables) {
            let path = self.folder.join(&file.path);
            reader::count_hours(&path, &self.numbers, &mut hours, &mut local)?;
        }
        Ok((hours, local))
    }
}

fn read_error(cause: LakeError) -> ReadError {
    ReadError(Box::new(cause))
}
