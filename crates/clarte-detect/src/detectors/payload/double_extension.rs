//! The name of an attached file ends in a harmless ending before the real one, or
//! pushes the real one out of sight.
//!
//! Why: systems hide the last ending, people read the one before.
//! Reason: names the file.
//! False alarms: pages that a program named after the document they came from.
//! Technique: T1036.007.

use crate::file::{Kind, has_false_ending};
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    super::of_file(reading, "payload.double-extension", |file| {
        let does_something = matches!(
            file.kind,
            Kind::Program | Kind::Shortcut | Kind::DiskImage | Kind::Page | Kind::Svg
        );
        does_something && has_false_ending(&file.name)
    })
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};
    use crate::file::samples::{mail_with, zip};

    #[test]
    fn false_endings_are_seen() {
        let mail = |name| mail_with(name, "application/octet-stream", b"x", "");
        for name in ["a.pdf.exe", "a.docx.html", "a.jpg.svg", "a                 .lnk"] {
            finds("payload.double-extension", &mail(name));
        }
        let archive = zip(&[("x/report.pdf.lnk", b"")]);
        finds("payload.double-extension", &mail_with("a.zip", "", &archive, ""));
        for name in ["a.pdf", "a.exe", "a.tar.gz", "a.pdf.zip", "v1.2.html", "a.pdf.p7s"] {
            spares("payload.double-extension", &mail(name));
        }
    }
}
