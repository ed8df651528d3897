//! Finds the files behind the arguments.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use clarte_lake::{RefusalRow, Stamp};

/// Folders deeper than this are not entered.
const DEEPEST: usize = 256;

/// A file of evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// Relative to the parent of the argument that brought it in, with `/`.
    pub(crate) shown: String,
    /// Where to open it.
    pub(crate) path: PathBuf,
    /// Its whole path on this machine.
    pub(crate) at: String,
    /// Bytes on disk, as far as the folder knows.
    pub(crate) bytes: u64,
    /// How the file system describes it.
    pub(crate) stamp: Option<Stamp>,
}

/// How the file system describes a file; `None` where it tells too little to
/// notice every change.
#[cfg(unix)]
pub(crate) fn stamp(metadata: &Metadata) -> Option<Stamp> {
    use std::os::unix::fs::MetadataExt;
    let time = |seconds: i64, rest: i64| seconds.checked_mul(1_000_000_000)?.checked_add(rest);
    Some(Stamp {
        device: metadata.dev(),
        inode: metadata.ino(),
        modified: time(metadata.mtime(), metadata.mtime_nsec())?,
        changed: time(metadata.ctime(), metadata.ctime_nsec())?,
    })
}

/// Elsewhere every file is hashed again.
#[cfg(not(unix))]
pub(crate) fn stamp(_: &Metadata) -> Option<Stamp> {
    None
}

/// Something that is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Refused {
    pub(crate) row: RefusalRow,
    /// Where it leads, if it is a link out of what was named.
    pub(crate) leads_to: Option<PathBuf>,
}

impl Refused {
    /// Whether it is a link to one of the files at these whole paths, or to a
    /// folder above one.
    pub(crate) fn leads_to_any<'a>(&self, mut ats: impl Iterator<Item = &'a String>) -> bool {
        let leads_to = |target| ats.any(|at| Path::new(at).starts_with(target));
        self.leads_to.as_ref().is_some_and(leads_to)
    }
}

/// What the arguments hold.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// Sorted by shown path.
    pub(crate) found: Vec<Found>,
    /// What could not be entered or opened, and why.
    pub(crate) unreadable: Vec<Refused>,
    /// The whole paths of the arguments.
    roots: Vec<PathBuf>,
}

/// Every file behind `arguments`, the case's own folder left out. Links are
/// followed, but neither out of the argument nor back into a folder that leads
/// to them.
pub(crate) fn find(arguments: &[PathBuf], case: &Path) -> Files {
    let mut files = Files::default();
    let case = fs::canonicalize(case).ok();
    for argument in arguments {
        let whole = fs::canonicalize(argument).unwrap_or_else(|_| argument.clone());
        // A path such as `.` takes the name of the folder that it is.
        let name = argument.file_name().or(whole.file_name()).unwrap_or_default();
        let mut walk = Walk { root: &whole, case: case.as_deref(), above: BTreeSet::new() };
        files.enter(argument, &text(name), &mut walk);
        files.roots.push(whole);
    }
    files.found.sort();
    // Two arguments may lead to the same place.
    files.found.dedup_by(|a, b| (&a.shown, &a.at) == (&b.shown, &b.at));
    files.unreadable.sort();
    files.unreadable.dedup();
    files
}

/// One argument being walked.
struct Walk<'w> {
    /// The argument's own place, which no link may lead out of.
    root: &'w Path,
    case: Option<&'w Path>,
    /// The folders above, where links could lead back to.
    above: BTreeSet<PathBuf>,
}

impl Files {
    /// Whether a whole path lies at or below one of the arguments, so that it
    /// was looked at if it is there.
    pub(crate) fn cover(&self, at: &str) -> bool {
        self.roots.iter().any(|root| Path::new(at).starts_with(root))
    }

    /// Whether a refused link leads to what was found by another way.
    pub(crate) fn holds(&self, refused: &Refused) -> bool {
        refused.leads_to_any(self.found.iter().map(|found| &found.at))
    }

    fn enter(&mut self, path: &Path, shown: &str, walk: &mut Walk<'_>) {
        let whole = match fs::canonicalize(path) {
            Ok(whole) => whole,
            Err(cause) => return self.refuse(&unfollowed(path), shown, &cause.to_string()),
        };
        if !whole.starts_with(walk.root) {
            let why = "a link leads out of the named folder";
            let row = refusal(&unfollowed(path), shown, why);
            return self.unreadable.push(Refused { row, leads_to: Some(whole) });
        }
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(cause) => return self.refuse(&whole, shown, &cause.to_string()),
        };
        if !metadata.is_dir() {
            let (shown, path) = (shown.to_owned(), path.to_owned());
            let at = text(whole.as_os_str());
            let (bytes, stamp) = (metadata.len(), stamp(&metadata));
            return self.found.push(Found { shown, path, at, bytes, stamp });
        }
        if Some(whole.as_path()) == walk.case {
            return;
        }
        if walk.above.len() >= DEEPEST {
            return self.refuse(&whole, shown, "folders are nested too deep");
        }
        if walk.above.contains(&whole) {
            let why = "a link leads back into a folder above it";
            return self.refuse(&unfollowed(path), shown, why);
        }
        walk.above.insert(whole.clone());
        if let Err(cause) = self.enter_all(path, shown, walk) {
            self.refuse(&whole, shown, &cause.to_string());
        }
        walk.above.remove(&whole);
    }

    fn enter_all(&mut self, folder: &Path, shown: &str, walk: &mut Walk<'_>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let below = format!("{shown}/{}", text(&entry.file_name()));
            self.enter(&entry.path(), &below, walk);
        }
        Ok(())
    }

    fn refuse(&mut self, at: &Path, shown: &str, why: &str) {
        self.unreadable.push(Refused { row: refusal(at, shown, why), leads_to: None });
    }
}

fn refusal(at: &Path, shown: &str, why: &str) -> RefusalRow {
    RefusalRow { path: shown.to_owned(), at: text(at.as_os_str()), reason: why.to_owned() }
}

/// A name as text. What is no UTF-8 in it is written as `\\xNN`, so that two
/// names stay two.
fn text(name: &OsStr) -> String {
    let mut out = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        out.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
    }
    out
}

/// The whole path of what may be a link, which is not followed.
fn unfollowed(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let above = whole.parent().and_then(|above| above.canonicalize().ok());
    match (above, whole.file_name()) {
        (Some(above), Some(name)) => above.join(name),
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_loop_of_links_is_said_and_not_walked() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = folder.path().join("evidence");
        fs::create_dir_all(evidence.join("a")).unwrap();
        fs::write(evidence.join("a/1.eml"), "x").unwrap();
        std::os::unix::fs::symlink(&evidence, evidence.join("a/back")).unwrap();
        let files = find(&[evidence], &folder.path().join("case"));
        let shown: Vec<_> = files.found.iter().map(|found| found.shown.as_str()).collect();
        assert_eq!(shown, ["evidence/a/1.eml"]);
        assert_eq!(files.unreadable.len(), 1);
        assert!(files.unreadable[0].row.path.ends_with("a/back"));
    }

    #[test]
    #[cfg(unix)]
    fn a_link_does_not_lead_out_of_the_evidence() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("evidence")).unwrap();
        fs::write(folder.path().join("diary"), "x").unwrap();
        let link = folder.path().join("evidence/link");
        std::os::unix::fs::symlink(folder.path().join("diary"), link).unwrap();
        let files = find(&[folder.path().join("evidence")], &folder.path().join("case"));
        assert_eq!((files.found.len(), files.unreadable.len()), (0, 1));
    }

    #[test]
    fn the_case_s_own_folder_is_no_evidence() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("case")).unwrap();
        fs::write(folder.path().join("case/out"), "x").unwrap();
        fs::write(folder.path().join("mail.eml"), "x").unwrap();
        let files = find(&[folder.path().to_owned()], &folder.path().join("case"));
        assert_eq!(files.found.len(), 1);
    }
}
