//! The mapping files that were named, read and checked.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clarte_case::{CaseError, MAPPING_CAP, Mapping, Mappings};

use crate::commands;

/// Why a mapping file cannot be used.
pub(crate) enum Wrong {
    /// It cannot be read.
    Access(CaseError),
    /// What it says cannot be meant.
    Usage(String),
}

impl Wrong {
    /// Says so, and gives the exit status.
    pub(crate) fn say(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Access(cause) => Err(cause.into()),
            Self::Usage(message) => {
                commands::say(&format!("clarte: {message}"));
                Ok(ExitCode::from(2))
            }
        }
    }
}

/// Reads and checks all of them, before any evidence is looked at.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Mappings, Wrong> {
    let mut mappings = Mappings::default();
    for path in paths {
        let mapping = read_one(path)?;
        let known = mappings.get(mapping.name());
        if known.is_some_and(|known| known.text() != mapping.text()) {
            let (path, name) = (path.display(), mapping.name());
            let message = format!("{path}: another mapping is named {name} too");
            return Err(Wrong::Usage(message));
        }
        mappings.insert(mapping);
    }
    Ok(mappings)
}

fn read_one(path: &Path) -> Result<Mapping, Wrong> {
    use std::io::Read;
    if !path.exists() {
        return Err(Wrong::Access(CaseError::Missing(path.to_owned())));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path);
    // One byte more than there may be tells that there are too many.
    let read = file.and_then(|file| file.take(MAPPING_CAP as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|source| Wrong::Access(CaseError::Io { path: path.to_owned(), source }))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Wrong::Usage(format!("{}: it is not UTF-8", path.display())))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    clarte_case::mapping(text).map_err(|cause| Wrong::Usage(format!("{}: {cause}", path.display())))
}
