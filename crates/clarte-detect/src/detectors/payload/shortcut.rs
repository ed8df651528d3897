//! A shortcut is attached, or lies in an attached archive: a file that points to
//! what shall be run or opened.
//!
//! Why: it bears any picture and runs any command, and nobody mails shortcuts.
//! Reason: names the file.
//! False alarms: links to pages that somebody saved and sent (`.url`, `.webloc`).
//! Technique: T1204.002 (LNK), T1566.001.

use crate::file::Kind;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    super::of_file(reading, "payload.shortcut", |file| file.kind == Kind::Shortcut)
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};
    use crate::file::samples::{mail_with, shortcut, zip};

    #[test]
    fn shortcuts_are_seen() {
        for (name, bytes) in [
            ("a.lnk", shortcut()),
            ("a.pdf", shortcut()),
            ("a.url", b"[InternetShortcut]\nURL=file://192.0.2.1/x".to_vec()),
            ("a.rdp", b"full address:s:a.example".to_vec()),
            ("a.zip", zip(&[("a.pdf.lnk", &shortcut())])),
        ] {
            finds("payload.shortcut", &mail_with(name, "application/octet-stream", &bytes, ""));
        }
        spares("payload.shortcut", &mail_with("a.txt", "text/plain", b"a.lnk", ""));
    }
}
