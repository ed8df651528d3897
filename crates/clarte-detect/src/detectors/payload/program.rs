//! A program, installer or script is attached, or lies in an attached archive.
//!
//! Why: opening it is all that has to happen.
//! Reason: names the file.
//! False alarms: developers who mail programs; scripts of Unix, which nothing
//! runs on opening, are left out, and so are web scripts in collections of files.
//! Technique: T1566.001, T1204.002.

use crate::file::Kind;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    super::of_file(reading, "payload.program", |file| file.kind == Kind::Program)
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};
    use crate::file::samples::{mail_with, program, zip};

    #[test]
    fn programs_are_seen_under_any_name_and_in_archives() {
        for (name, bytes) in [
            ("a.exe", program()),
            ("a.pdf", program()),
            ("a.vbs", b"MsgBox 1".to_vec()),
            ("a.zip", zip(&[("b/c.js", b"x")])),
        ] {
            finds("payload.program", &mail_with(name, "application/octet-stream", &bytes, ""));
        }
        for (name, bytes) in [
            ("a.pdf", b"%PDF-1.7".to_vec()),
            ("a.sh", b"#!/bin/sh".to_vec()),
            ("a.zip", zip(&[("b/c.txt", b"x")])),
        ] {
            spares("payload.program", &mail_with(name, "application/octet-stream", &bytes, ""));
        }
    }
}
