//! A picture of a disk is attached, or lies in an attached archive.
//!
//! Why: files in it lose the mark that they came from the internet, and with it
//! the warning before they run.
//! Reason: names the file.
//! False alarms: people who mail firmware or installation disks.
//! Technique: T1553.005.

use crate::file::Kind;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    super::of_file(reading, "payload.disk-image", |file| file.kind == Kind::DiskImage)
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};
    use crate::file::samples::{disk_image, mail_with};

    #[test]
    fn disk_images_are_seen() {
        let mail = |name, bytes: &[u8]| mail_with(name, "application/octet-stream", bytes, "");
        finds("payload.disk-image", &mail("a.iso", b""));
        finds("payload.disk-image", &mail("a.img", &disk_image()));
        finds("payload.disk-image", &mail("a", &[&[0; 512][..], b"conectix", &[0; 504]].concat()));
        spares("payload.disk-image", &mail("a.img", b"a picture of no disk"));
    }
}
