//! Why a run could not be done.

use std::io;
use std::path::PathBuf;

/// Why messages could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// A path that was named is not there or cannot be entered.
    #[error("cannot open {}", .path.display())]
    Open {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The notes of an earlier run cannot be read or written.
    #[error("cannot use the notes in {}", .path.display())]
    Notes {
        /// The file of notes.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The notes are of other messages, or of another version.
    #[error("{} was made for other messages or by another version; name a new file", .path.display())]
    OtherNotes {
        /// The file of notes.
        path: PathBuf,
    },
    /// What was found could not be handed on.
    #[error("cannot write what was found")]
    Write(#[source] io::Error),
}
