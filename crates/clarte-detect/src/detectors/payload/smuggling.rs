//! An attached web page or picture builds a file, or another page, by script.
//!
//! Why: what it builds went through no filter: it did not exist before.
//! Reason: names the page.
//! False alarms: pages by which companies send encrypted mail unpack themselves
//! in the same way.
//! Technique: T1027.006.

use crate::file::Sign;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    super::of_file(reading, "payload.smuggling", |file| file.shows(Sign::BuildsFile))
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};
    use crate::file::samples::mail_with;

    #[test]
    fn pages_that_build_files_are_seen() {
        let page = b"<script>var b = new Blob([atob(data)]); navigator.msSaveBlob(b)</script>";
        finds("payload.smuggling", &mail_with("a.html", "text/html", page, ""));
        finds("payload.smuggling", &mail_with("a.svg", "image/svg+xml", page, ""));
        spares("payload.smuggling", &mail_with("a.txt", "text/plain", page, ""));
        spares("payload.smuggling", &mail_with("a.html", "text/html", b"<p>x</p>", ""));
    }
}
