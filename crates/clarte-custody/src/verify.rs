//! Reading a log back: is it what was sealed?

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::lines::{self, Line};
use crate::tree::{self, Frontier};
use crate::{CustodyError, Hash, Inclusion, Root, checkpoint, log};

/// A log that agrees with its checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The root over the sealed entries.
    pub sealed: Root,
    /// Whole entries that no checkpoint covers: written, and then a crash.
    pub unsealed: u64,
    /// Bytes after the last whole entry: a line torn by a crash, or one that
    /// is being written at this moment.
    pub torn: u64,
}

/// Recomputes a custody folder's tree and compares it with its checkpoint.
/// Changes nothing. The error says the first difference.
pub fn verify(folder: &Path) -> Result<Verified, CustodyError> {
    // The checkpoint first: entries that arrive meanwhile are merely unsealed.
    let sealed = checkpoint::read(folder)?
        .ok_or_else(|| CustodyError::Missing { path: folder.join(checkpoint::FILE) })?;
    let mut frontier = Frontier::default();
    let mut at_checkpoint = (sealed.size == 0).then(|| frontier.root());
    let torn = each_line(folder, |line| {
        frontier.push(line);
        if frontier.size() == sealed.size {
            at_checkpoint = Some(frontier.root());
        }
    })?;
    let found = frontier.size();
    let root = at_checkpoint.ok_or(CustodyError::Shortened { found, sealed: sealed.size })?;
    sealed.check(&root)?;
    Ok(Verified { sealed: root, unsealed: found - sealed.size, torn })
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
    })?;
    let path = usize::try_from(n).ok().and_then(|n| tree::path(&leaves, n));
    match (wanted, path) {
        (Some(line), Some(path)) => Ok((sealed, Inclusion { n, line, path })),
        _ => Err(CustodyError::NoSuchEntry { n, size: sealed.size }),
    }
}

/// Calls `visit` with every whole line, in order; returns the bytes that
/// follow the last one.
fn each_line(folder: &Path, mut visit: impl FnMut(&[u8])) -> Result<u64, CustodyError> {
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
        visit(&line);
    }
    Ok(0)
}
