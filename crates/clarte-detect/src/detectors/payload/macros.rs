//! An attached document carries macros, fetches a template from a server, or
//! runs something else on opening.
//!
//! Why: whoever allows it, or has an old program, runs the sender's code.
//! Reason: names the file.
//! False alarms: spreadsheets with macros are everyday in some offices.
//! Technique: T1566.001, T1204.002, T1221 (template injection).

use crate::file::Sign;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    super::of_file(reading, "payload.macro", |file| file.shows(Sign::Macro))
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};
    use crate::file::samples::{compound, deflated, mail_with, zip};

    #[test]
    fn documents_that_run_something_are_seen_in_archives_too() {
        let document = deflated(&[("word/vbaProject.bin", b"x")]);
        let mail = |name, bytes: &[u8]| mail_with(name, "application/octet-stream", bytes, "");
        finds("payload.macro", &mail("a.docm", &document));
        finds("payload.macro", &mail("a.zip", &zip(&[("a.docm", &document)])));
        finds("payload.macro", &mail("a.xls", &compound(&["_VBA_PROJECT_CUR"])));
        spares("payload.macro", &mail("a.doc", &compound(&["WordDocument"])));
        spares("payload.macro", &mail("a.docx", &deflated(&[("word/document.xml", b"x")])));
    }
}
