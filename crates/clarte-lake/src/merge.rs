//! Merges runs where they have become many.
//!
//! A run is as large as the memory it was sorted in; a case that grows by
//! small steps has many small ones. Of each class small files are merged when
//! there are more than a few dozen; what has grown large stays, so that every
//! record is rewritten a few times at most. Memory is that of some pages of
//! each part.

use clarte_model::Class;

use crate::catalogue::{Index, RunFile, RunFileKind};
use crate::engine::Engine;
use crate::lake::Lake;
use crate::observables::Observables;
use crate::writer::{OBSERVABLES, ObservablesFile, OpenFile, RECORDS, record_properties};
use crate::{LakeError, index};

/// Smaller files are worth merging.
const SMALL: u64 = 1 << 20;

/// More small files than this of one class are too many.
const MANY: usize = 64;

/// How many of them become one.
const TOGETHER: usize = 16;

/// More files of the index than this are too many: each look-up opens all.
const MANY_OF_INDEX: usize = 12;

/// Bytes of values held while the index is made anew.
const REBUILD_BYTES: usize = 64 << 20;

/// Merges what has become many, rewrites files that hold records which nobody
/// may see any more, and makes the index anew where it does not agree.
pub(crate) fn settle(lake: &mut Lake) -> Result<(), LakeError> {
    for class in Class::ALL {
        for part in stale(lake, *class)? {
            if are_as_written(lake, std::slice::from_ref(&part))? {
                merge_records(lake, *class, &[part], Index::Stale)?;
            }
        }
        loop {
            let small = lake.record_files(*class).filter(|file| file.bytes < SMALL);
            let small: Vec<RunFile> = small.cloned().collect();
            if small.len() <= MANY {
                break;
            }
            let parts = smallest(small);
            if are_as_written(lake, &parts)? {
                merge_records(lake, *class, &parts, Index::AsBefore)?;
            }
        }
    }
    if lake.catalogue().is_index_stale()? {
        return rebuild_index(lake);
    }
    if !lake.withdrawn().is_empty() {
        lake.forget_withdrawn()?;
    }
    loop {
        let parts = index_files(lake);
        if parts.len() <= MANY_OF_INDEX {
            return Ok(());
        }
        let parts = smallest(parts);
        if !are_as_written(lake, &parts)? {
            return rebuild_index(lake);
        }
        let merged = merge_index(lake, &parts)?;
        lake.replace(&parts, &merged, Index::AsBefore)?;
    }
}

/// Whether files have the bytes that were written; those that have not are
/// given up, so that no mistake of a disk is copied into a new file.
fn are_as_written(lake: &mut Lake, parts: &[RunFile]) -> Result<bool, LakeError> {
    let mut changed = Vec::new();
    for part in parts {
        if !lake.is_as_written(part)? {
            changed.push(part.clone());
        }
    }
    if !changed.is_empty() {
        lake.give_up(&changed)?;
    }
    Ok(changed.is_empty())
}

fn index_files(lake: &Lake) -> Vec<RunFile> {
    let index = lake.files().iter().filter(|file| file.kind == RunFileKind::Observables);
    index.cloned().collect()
}

fn smallest(mut files: Vec<RunFile>) -> Vec<RunFile> {
    files.sort_by_key(|file| file.bytes);
    files.truncate(TOGETHER);
    files
}

/// The files of a class that hold records whose number was withdrawn.
fn stale(lake: &Lake, class: Class) -> Result<Vec<RunFile>, LakeError> {
    let mut stale = Vec::new();
    for file in lake.record_files(class) {
        let may_hold = lake.withdrawn().range(file.lowest..=file.highest).next().is_some();
        if may_hold && holds_withdrawn(lake, file)? {
            stale.push(file.clone());
        }
    }
    Ok(stale)
}

fn holds_withdrawn(lake: &Lake, file: &RunFile) -> Result<bool, LakeError> {
    let numbers = crate::reader::evidence_numbers(&lake.folder().join(&file.path))?;
    Ok(numbers.iter().any(|number| lake.withdrawn().contains(number)))
}

/// Merges record files of one class into one, without what nobody may see.
fn merge_records(
    lake: &mut Lake,
    class: Class,
    parts: &[RunFile],
    index: Index,
) -> Result<(), LakeError> {
    let shown = format!("{RECORDS}/{}/{}.parquet", class.as_str(), next_name(lake)?);
    let engine = Engine::bare()?;
    let mut open: Option<OpenFile> = None;
    engine.merged(lake, parts, &mut |batch| {
        let file = match &mut open {
            Some(file) => file,
            None => open.insert(OpenFile::create(
                lake.folder(),
                &shown,
                batch.schema(),
                record_properties,
            )?),
        };
        file.write(batch)
    })?;
    let kind = RunFileKind::Records(class.as_str().to_owned());
    let merged = open.map(|open| open.close(kind)).transpose()?;
    lake.replace(parts, merged.as_slice(), index)
}

fn merge_index(lake: &Lake, parts: &[RunFile]) -> Result<Vec<RunFile>, LakeError> {
    let paths: Vec<_> = parts.iter().map(|part| lake.folder().join(&part.path)).collect();
    let shown = format!("{OBSERVABLES}/{}.parquet", next_name(lake)?);
    let mut open = ObservablesFile::create(lake.folder(), &shown)?;
    index::visit(&paths, None, &mut |kind, value, sight| open.push(kind, value, sight))?;
    Ok(vec![open.close()?])
}

/// A name for a merged file that no run has, nor what was given up and is not
/// swept yet.
fn next_name(lake: &Lake) -> Result<String, LakeError> {
    let run = lake.catalogue().next_run()?;
    let strays = lake.strays()?;
    let is_left = |name: &str| strays.iter().any(|path| path.to_string_lossy().contains(name));
    let is_taken =
        |name: &String| is_left(name) || lake.files().iter().any(|file| file.path.contains(name));
    let mut names = (0..).map(|step| format!("{run:06}-merged-{step}"));
    Ok(names.find(|name| !is_taken(name)).unwrap_or_default())
}

/// Makes the index anew from the records, which are all visible.
fn rebuild_index(lake: &mut Lake) -> Result<(), LakeError> {
    let is_record = |file: &&RunFile| file.kind != RunFileKind::Observables;
    let records: Vec<RunFile> = lake.files().iter().filter(is_record).cloned().collect();
    are_as_written(lake, &records)?;
    let mut observables = Observables::default();
    let mut made: Vec<RunFile> = Vec::new();
    let name = next_name(lake)?;
    let write = |observables: &mut Observables, made: &mut Vec<RunFile>| {
        let shown = format!("{OBSERVABLES}/{name}-{}.parquet", made.len());
        let mut open = ObservablesFile::create(lake.folder(), &shown)?;
        for (kind, value, sight) in &observables.take_sorted() {
            open.push(*kind, value, *sight)?;
        }
        made.push(open.close()?);
        Ok::<_, LakeError>(())
    };
    for file in lake.files().iter().filter(|file| file.kind != RunFileKind::Observables) {
        let path = lake.folder().join(&file.path);
        let mut found = 0;
        crate::reader::batches(&path, &mut |batch| {
            found += batch.num_rows() as u64;
            observables.count(batch);
            if observables.bytes() > REBUILD_BYTES {
                write(&mut observables, &mut made)
            } else {
                Ok(())
            }
        })?;
        if found != file.rows {
            return Err(LakeError::Short { path, found, counted: file.rows });
        }
    }
    write(&mut observables, &mut made)?;
    lake.replace(&index_files(lake), &made, Index::Fresh)
}
