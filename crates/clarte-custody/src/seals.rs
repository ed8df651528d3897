//! The file `checkpoint` of a custody folder: what is sealed now, what was
//! sealed before, and what the next entry has to tell.
//!
//! Three lines are the checkpoint. Extension lines follow:
//!
//! ```text
//! clarte/custody
//! 12
//! fHZ9…=
//! untold {"set_aside_bytes":0,"missing":3,"unproved":0,"overruled":{…}}
//! earlier 10 kU2w…=
//! earlier 4 3bTq…=
//! ```
//!
//! Earlier checkpoints prove a log that was copied while it grew, or cut: it
//! has to agree with each of them that it reaches. Their distances from the
//! end about double, so that a few dozen serve a log of any length.
//!
//! All stands in one file, because one file is replaced at once.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use crate::tree::Frontier;
use crate::{Checkpoint, CustodyError, Recovered, Root};

/// What the file may measure at most; ours have some dozen lines.
const MAX_BYTES: u64 = 64 * 1024;

/// The file's name in the custody folder.
pub(crate) const FILE: &str = "checkpoint";
const DAMAGED: &str = "checkpoint.damaged";
/// A checkpoint that is being written.
const DRAFT: &str = "checkpoint.new";

const UNTOLD: &str = "untold ";
const EARLIER: &str = "earlier ";

/// What a checkpoint file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seals {
    /// The checkpoint.
    pub(crate) now: Checkpoint,
    /// Some of those before it, the latest first.
    earlier: Vec<Checkpoint>,
    /// What was recovered and is not yet told by a sealed entry. If there are
    /// entries after `now`, the first of them tells it.
    pub(crate) untold: Option<Recovered>,
}

impl Seals {
    /// Of a log without entries.
    pub(crate) fn new() -> Self {
        Self { now: Frontier::default().root().into(), earlier: Vec::new(), untold: None }
    }

    /// After a further checkpoint, which seals more than the present one.
    pub(crate) fn then(&self, root: Root) -> Self {
        Self { now: root.into(), earlier: self.before(root.size), untold: None }
    }

    /// After a recovery that left a log of this root: checkpoints of longer
    /// logs no longer hold.
    pub(crate) fn recovered(&self, root: Root, untold: Recovered) -> Self {
        Self { now: root.into(), earlier: self.before(root.size), untold: Some(untold) }
    }

    /// The checkpoints worth keeping beside one of this size.
    fn before(&self, size: u64) -> Vec<Checkpoint> {
        let all = std::iter::once(&self.now).chain(&self.earlier);
        let before = all.filter(|checkpoint| (1..size).contains(&checkpoint.size));
        thinned(size, before.cloned().collect())
    }

    /// Compares a log with these, entry by entry.
    pub(crate) fn compare(&self) -> Comparison<'_> {
        let due = self.earlier.iter().rev().chain(std::iter::once(&self.now));
        Comparison { due: due.collect(), met: 0, tree: Frontier::default() }
    }

    fn to_text(&self) -> String {
        let mut text = self.now.to_text();
        if let Some(untold) = &self.untold {
            let json = serde_json::to_string(untold).expect("numbers and strings serialise");
            text += &format!("{UNTOLD}{json}\n");
        }
        for Checkpoint { size, root } in &self.earlier {
            text += &format!("{EARLIER}{size} {root}\n");
        }
        text
    }

    fn parse(text: &str) -> Result<Self, CustodyError> {
        let bad = |why| CustodyError::BadCheckpoint { why };
        let mut seals = Self { now: Checkpoint::parse(text)?, earlier: Vec::new(), untold: None };
        // An empty line ends the body of a signed note.
        for line in text.lines().skip(3).take_while(|line| !line.is_empty()) {
            if let Some(json) = line.strip_prefix(UNTOLD) {
                let untold = serde_json::from_str(json);
                seals.untold = Some(untold.map_err(|_| bad("what it has to tell is no JSON"))?);
            } else if let Some(earlier) = line.strip_prefix(EARLIER) {
                let (size, root) = earlier.split_once(' ').ok_or(bad("an earlier one is cut"))?;
                let earlier = Checkpoint::from_parts(size, root)?;
                let after = seals.earlier.last().unwrap_or(&seals.now);
                if earlier.size >= after.size {
                    return Err(bad("its earlier ones are not in order"));
                }
                seals.earlier.push(earlier);
            }
        }
        Ok(seals)
    }
}

/// Leaves out earlier checkpoints, given latest first, whose neighbours stand
/// for them: whose older neighbour is at most twice as far from the end as the
/// newer one. So a log cut anywhere never has more entries that no checkpoint
/// proves than it lacks, unless they were all sealed at once.
fn thinned(end: u64, earlier: Vec<Checkpoint>) -> Vec<Checkpoint> {
    let mut kept: Vec<Checkpoint> = Vec::new();
    let mut rest = earlier.into_iter().peekable();
    while let Some(checkpoint) = rest.next() {
        let is_stood_for = match (kept.last(), rest.peek()) {
            (Some(newer), Some(older)) => {
                end.saturating_sub(older.size) / 2 <= end.saturating_sub(newer.size)
            }
            _ => false,
        };
        if !is_stood_for {
            kept.push(checkpoint);
        }
    }
    kept
}

/// A log's tree as it grows, compared with every checkpoint that it reaches.
#[derive(Debug)]
pub(crate) struct Comparison<'s> {
    due: Vec<&'s Checkpoint>,
    /// How many of those agreed.
    met: usize,
    tree: Frontier,
}

impl Comparison<'_> {
    /// Takes the next entry's line.
    pub(crate) fn push(&mut self, line: &[u8]) -> Result<(), CustodyError> {
        self.tree.push(line);
        self.check()
    }

    /// Compares the tree as it is.
    pub(crate) fn check(&mut self) -> Result<(), CustodyError> {
        if let Some(due) = self.due.get(self.met).filter(|due| due.size == self.tree.size()) {
            due.check(&self.tree.root())?;
            self.met += 1;
        }
        Ok(())
    }

    /// How many entries are as they were sealed.
    pub(crate) fn proved(&self) -> u64 {
        self.due[..self.met].last().map_or(0, |checkpoint| checkpoint.size)
    }

    /// How many sealed entries have not come yet.
    pub(crate) fn missing(&self) -> u64 {
        let sealed = self.due.last().map_or(0, |checkpoint| checkpoint.size);
        sealed.saturating_sub(self.tree.size())
    }

    /// The tree of all entries so far.
    pub(crate) fn tree(&self) -> &Frontier {
        &self.tree
    }

    /// The tree, for further entries.
    pub(crate) fn into_tree(self) -> Frontier {
        self.tree
    }
}

/// Reads a custody folder's checkpoint file, if there is one.
pub(crate) fn read(folder: &Path) -> Result<Option<Seals>, CustodyError> {
    let path = folder.join(FILE);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(CustodyError::io("open", &path)(cause)),
    };
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(CustodyError::io("read", &path))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(CustodyError::BadCheckpoint { why: "it is too long" });
    }
    let text = std::str::from_utf8(&bytes);
    let text = text.map_err(|_| CustodyError::BadCheckpoint { why: "it is no UTF-8" })?;
    Seals::parse(text).map(Some)
}

/// Puts a checkpoint file that cannot be read out of the way, as
/// `checkpoint.damaged`.
pub(crate) fn set_aside(folder: &Path) -> Result<(), CustodyError> {
    let path = folder.join(FILE);
    fs::rename(&path, folder.join(DAMAGED)).map_err(CustodyError::io("set aside", &path))
}

/// Removes a draft that was never finished: of a run that was killed, or a copy
/// that was made of a folder in use.
pub(crate) fn sweep(folder: &Path) -> Result<(), CustodyError> {
    let draft = folder.join(DRAFT);
    match fs::remove_file(&draft) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => {
            Err(CustodyError::io("remove", &draft)(cause))
        }
        _ => Ok(()),
    }
}

/// Replaces the file at once: whoever reads sees the old or the new one.
pub(crate) fn write(folder: &Path, seals: &Seals) -> Result<(), CustodyError> {
    let path = folder.join(FILE);
    let draft = folder.join(DRAFT);
    let mut file = File::create(&draft).map_err(CustodyError::io("create", &draft))?;
    file.write_all(seals.to_text().as_bytes()).map_err(CustodyError::io("write", &draft))?;
    file.sync_all().map_err(CustodyError::io("save", &draft))?;
    fs::rename(&draft, &path).map_err(CustodyError::io("replace", &path))?;
    sync_folder(folder)
}

/// Makes the names in a folder outlive a power cut, where the system can.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), CustodyError> {
    if cfg!(unix) {
        let handle = File::open(folder).map_err(CustodyError::io("open", folder))?;
        handle.sync_all().map_err(CustodyError::io("save", folder))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn root(size: u64) -> Root {
        Root { size, hash: [size as u8; 32] }
    }

    fn sealed_at(sizes: &[u64]) -> Seals {
        sizes.iter().fold(Seals::new(), |seals, size| seals.then(root(*size)))
    }

    #[test]
    fn the_file_survives_its_own_text() {
        let loss =
            Recovered { missing: 2, overruled: Some(root(9).into()), ..Recovered::default() };
        let recovered = sealed_at(&[4, 5, 9]).recovered(root(7), loss);
        assert_eq!(recovered.to_text().lines().count(), 3 + 1 + 2);
        for seals in [Seals::new(), sealed_at(&[1, 2, 3]), recovered] {
            assert_eq!(Seals::parse(&seals.to_text()).expect("reads"), seals);
            let signed = format!("{}\n— name c2lnbmF0dXJl\n", seals.to_text());
            assert_eq!(Seals::parse(&signed).expect("reads"), seals);
        }
    }

    #[test]
    fn a_file_cut_short_says_less_or_is_refused() {
        let good = sealed_at(&[4, 5, 9]);
        let text = good.to_text();
        for end in 0..text.len() {
            if let Ok(seals) = Seals::parse(&text[..end]) {
                assert!(seals.now == good.now && good.earlier.starts_with(&seals.earlier));
            }
        }
        for bad in ["earlier 10 AAAA", "earlier 9 x", "earlier 1", "untold", "untold 1"] {
            assert!(Seals::parse(&format!("{}{bad} \n", good.now.to_text())).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn few_checkpoints_stay_and_prove_as_much_as_is_missing(
            steps in prop::collection::vec(1..2_000u64, 1..600)
        ) {
            let sizes: Vec<u64> =
                steps.iter().scan(0, |at, step| { *at += step; Some(*at) }).collect();
            let seals = sealed_at(&sizes);
            let end = seals.now.size;
            prop_assert!(seals.earlier.len() as u32 <= 2 * (end.ilog2() + 2));
            prop_assert!(seals.earlier.iter().all(|earlier| sizes.contains(&earlier.size)));
            prop_assert_eq!(&Seals::parse(&seals.to_text()).expect("reads"), &seals);
            // A log cut just before a checkpoint that was left out:
            for size in sizes.iter().filter(|size| **size < end) {
                let proved = seals.earlier.iter().find(|earlier| earlier.size <= *size);
                let unproved = size - proved.map_or(0, |earlier| earlier.size);
                prop_assert!(unproved <= end - size, "{unproved} of {size} unproved");
            }
        }
    }
}
