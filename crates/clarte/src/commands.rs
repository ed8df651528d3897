//! One module per command.

pub(crate) mod attribute;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod dossier;
pub(crate) mod formats;
pub(crate) mod investigate;
pub(crate) mod query;
pub(crate) mod schema;
pub(crate) mod tables;
pub(crate) mod verify;

use std::io::Write;

/// Writes a line to standard error.
pub(crate) fn say(line: &str) {
    // Nobody is left to be told if standard error itself is gone.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Writes text to standard output; a closed pipe is no failure.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(cause) if cause.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}
