//! An attached picture (SVG) holds script, a page or links.
//!
//! Why: it opens in a browser and does what a page does, and passes for a
//! picture.
//! Reason: names the file.
//! False alarms: diagrams that link to what they show.
//! Technique: T1027.017.

use crate::file::Sign;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    super::of_file(reading, "payload.svg", |file| file.shows(Sign::Active))
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};
    use crate::file::samples::mail_with;

    #[test]
    fn active_pictures_are_seen() {
        let mail = |bytes: &[u8]| mail_with("a.svg", "image/svg+xml", bytes, "");
        finds("payload.svg", &mail(b"<svg><script>location='https://a.example/'</script></svg>"));
        spares("payload.svg", &mail(b"<svg><path d='M0 0'/></svg>"));
    }
}
