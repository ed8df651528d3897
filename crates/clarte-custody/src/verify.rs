//! Reading a log back: is it what was sealed?

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::lines::{self, Line};
use crate::{CustodyError, Hash, Inclusion, Logged, Recovered, Root, log, seals, tree};

/// A log that agrees with its checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The root over the sealed entries.
    pub sealed: Root,
    /// Whole entries that no checkpoint covers: written, and then a crash.
    pub unsealed: u64,
    /// Bytes after the last whole entry: a line torn by a crash, or one that
    /// is being written at this moment.
    pub torn: u64,
    /// What the log went on without, each time that it was broken: a log that
    /// misses entries is in order, but not whole, and whoever relies on it
    /// ought to be told.
    pub recovered: Vec<Recovered>,
}

/// Recomputes a custody folder's tree and compares it with its checkpoints.
/// Changes nothing. The error says the first difference.
pub fn verify(folder: &Path) -> Result<Verified, CustodyError> {
    // The checkpoint first: entries that arrive meanwhile are merely unsealed.
    let seals = seals::read(folder)?
        .ok_or_else(|| CustodyError::Missing { path: folder.join(seals::FILE) })?;
    let mut compared = seals.compare();
    compared.check()?;
    let mut sealed = compared.tree().root();
    let mut recovered = Vec::new();
    let torn = each_line(folder, |line| {
        compared.push(line)?;
        if compared.tree().size() == seals.now.size {
            sealed = compared.tree().root();
        }
        // A case notes in the same kind of entry what became of its lake.
        recovered.extend(lines::recovered(line).filter(|lost| !lost.is_nothing()));
        Ok(())
    })?;
    let found = compared.tree().size();
    if compared.missing() > 0 {
        let proved = compared.proved();
        return Err(CustodyError::Shortened { found, sealed: seals.now.size, proved });
    }
    if found == seals.now.size {
        recovered.extend(seals.untold);
    }
    Ok(Verified { sealed, unsealed: found - sealed.size, torn, recovered })
}

/// Proves that entry `n` stands in the log, over the entries sealed. Takes 32
/// bytes of memory an entry. Whoever doubts the proof calls
/// [`Inclusion::holds`] with a root that they trust.
pub fn prove(folder: &Path, n: u64) -> Result<(Root, Inclusion), CustodyError> {
    let sealed = verify(folder)?.sealed;
    let mut leaves: Vec<Hash> = Vec::new();
    let mut wanted = None;
    each_line(folder, |line| {
        let at = leaves.len() as u64;
        if at < sealed.size {
            leaves.push(tree::leaf_hash(line));
            if at == n {
                wanted = Some(line.to_vec());
            }
        }
        Ok(())
    })?;
    let path = usize::try_from(n).ok().and_then(|n| tree::path(&leaves, n));
    match (wanted, path) {
        (Some(line), Some(path)) => Ok((sealed, Inclusion { n, line, path })),
        _ => Err(CustodyError::NoSuchEntry { n, size: sealed.size }),
    }
}

/// Reads every whole entry of a custody folder's log, in order and with its
/// number, without comparing it with its checkpoints.
///
/// # Errors
/// Where the log cannot be read, or a line is no entry.
pub fn entries(folder: &Path, mut visit: impl FnMut(u64, Logged)) -> Result<(), CustodyError> {
    let mut n = 0;
    each_line(folder, |line| {
        let entry = serde_json::from_slice(line);
        let bad = |_| CustodyError::BadEntry { n, why: "it lacks what entries have" };
        visit(n, entry.map_err(bad)?);
        n += 1;
        Ok(())
    })?;
    Ok(())
}

/// Calls `visit` with every whole line, in order; returns the bytes that
/// follow the last one.
fn each_line(
    folder: &Path,
    mut visit: impl FnMut(&[u8]) -> Result<(), CustodyError>,
) -> Result<u64, CustodyError> {
    let path = folder.join(log::FILE);
    let file = File::open(&path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => CustodyError::Missing { path: path.clone() },
        _ => CustodyError::io("open", &path)(source),
    })?;
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    for n in 0.. {
        match lines::next(&mut reader, &mut line).map_err(CustodyError::io("read", &path))? {
            Line::End => break,
            Line::Torn => return Ok(line.len() as u64),
            Line::Whole => {}
        }
        if let Some(why) = lines::objection(&line, n) {
            return Err(CustodyError::BadEntry { n, why });
        }
        visit(&line)?;
    }
    Ok(0)
}
