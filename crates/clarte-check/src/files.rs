//! The files behind the paths, in an order that does not depend on the disk.

use std::fs;
use std::path::{Path, PathBuf};

use crate::CheckError;

/// Folders deeper than this are not entered.
const DEEPEST: usize = 64;

/// Files larger than this may hold a mailbox.
const LARGE: u64 = 1 << 20;

/// A file to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    /// Relative to the parent of the argument that brought it in.
    pub(crate) shown: String,
    pub(crate) bytes: u64,
    /// Whether it was named itself.
    pub(crate) named: bool,
    /// Whether it is read once and has no known length: a pipe, a device.
    stream: bool,
}

impl Found {
    /// Whether it is standard input.
    pub(crate) fn is_input(&self) -> bool {
        self.path == Path::new("-")
    }

    /// Whether it can be read only once, from front to back.
    pub(crate) fn is_stream(&self) -> bool {
        self.stream
    }

    /// Whether it is better read in pieces.
    pub(crate) fn is_large(&self) -> bool {
        self.bytes > LARGE
    }
}

/// What the paths hold.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) found: Vec<Found>,
    /// What could not be entered, and why.
    pub(crate) refused: Vec<(String, String)>,
}

impl Files {
    /// Whether there may be more than one message.
    pub(crate) fn may_be_mailbox(&self) -> bool {
        let mut rereadable = self.found.iter().filter(|file| !file.stream);
        // What can be read only once cannot be learnt from first.
        self.found.iter().all(|file| !file.stream)
            && (self.found.len() > 1
                || rereadable.any(|file| file.is_large() || is_mbox(&file.path)))
    }

    /// Bytes of all files.
    pub(crate) fn bytes(&self) -> u64 {
        self.found.iter().map(|file| file.bytes).sum()
    }
}

/// Whether a small file begins as an mbox does.
fn is_mbox(path: &Path) -> bool {
    use std::io::Read;
    let mut head = [0; 5];
    fs::File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok()
        && &head == b"From "
}

/// Every file behind `paths` but `notes`, which are a run's own; links are not
/// followed below them.
pub(crate) fn find(paths: &[PathBuf], notes: Option<&Path>) -> Result<Files, CheckError> {
    let mut files = Files::default();
    for path in paths {
        if path == Path::new("-") {
            let (shown, bytes) = ("-".to_owned(), 0);
            files.found.push(Found { path: path.clone(), shown, bytes, named: true, stream: true });
            continue;
        }
        let failed = |source| CheckError::Open { path: path.clone(), source };
        let metadata = fs::metadata(path).map_err(failed)?;
        // A path such as `.` takes the name of the folder that it is.
        let whole = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        let name = path.file_name().or(whole.file_name()).unwrap_or_default();
        let shown = name.to_string_lossy().into_owned();
        if metadata.is_dir() {
            fs::read_dir(path).map_err(failed)?;
            files.enter(path, &shown, 0);
        } else {
            let (bytes, stream) = (metadata.len(), !metadata.is_file());
            files.found.push(Found { path: path.clone(), shown, bytes, named: true, stream });
        }
    }
    let notes = notes.and_then(|notes| fs::canonicalize(notes).ok());
    files
        .found
        .retain(|file| file.named || notes.is_none() || fs::canonicalize(&file.path).ok() != notes);
    Ok(files)
}

impl Files {
    fn enter(&mut self, folder: &Path, shown: &str, depth: usize) {
        let refuse = |why: String| (shown.to_owned(), why);
        if depth >= DEEPEST {
            return self.refused.push(refuse("folders are nested too deep".to_owned()));
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(cause) => return self.refused.push(refuse(cause.to_string())),
        };
        let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let below = format!("{shown}/{}", entry.file_name().to_string_lossy());
            match entry.file_type() {
                // A Maildir's tmp holds messages that are not whole yet.
                Ok(kind) if kind.is_dir() && entry.file_name() != "tmp" => {
                    self.enter(&entry.path(), &below, depth + 1);
                }
                Ok(kind) if kind.is_file() => {
                    let bytes = entry.metadata().map_or(0, |metadata| metadata.len());
                    let path = entry.path();
                    self.found.push(Found {
                        path,
                        shown: below,
                        bytes,
                        named: false,
                        stream: false,
                    });
                }
                _ => {}
            }
        }
    }
}
