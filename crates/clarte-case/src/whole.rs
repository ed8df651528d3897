//! Files that are replaced whole or not at all, whatever happens meanwhile.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::CaseError;

/// Replaces `path` in one step, and makes that outlive a power cut.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), CaseError> {
    let draft = draft(path);
    let mut file = File::create(&draft).map_err(CaseError::io(&draft))?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(source) = written {
        // A draft that stays is overwritten by the next.
        let _ = fs::remove_file(&draft);
        return Err(CaseError::Io { path: draft, source });
    }
    fs::rename(&draft, path).map_err(CaseError::io(path))?;
    if cfg!(unix)
        && let Some(folder) = path.parent()
    {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(CaseError::io(folder))?;
    }
    Ok(())
}

/// Removes what an interrupted [`write`] of `path` may have left.
pub(crate) fn sweep(path: &Path) {
    let _ = fs::remove_file(draft(path));
}

fn draft(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}
