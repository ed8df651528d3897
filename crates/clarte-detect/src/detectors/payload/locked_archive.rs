//! A locked archive or document is attached, or linked to, and the mail gives its
//! password.
//!
//! Why: no filter looks inside, and the reader is asked to undo that by hand.
//! Reason: names the file, or the host that it lies at.
//! False alarms: banks and doctors lock what they send and say how to open it.
//! Technique: T1027.013.

use crate::file::{Kind, Sign, shown};
use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;
use crate::tables::ShareKind;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    if !reading.says(Category::Password) || reading.is_bulk() {
        return None;
    }
    let locked = reading.files.iter().find(|file| file.shows(Sign::Locked));
    let locked = locked.map(|file| shown(&file.name));
    let shared = || {
        // What is attached is what the password is for.
        let is_file = |kind| matches!(kind, Kind::Archive | Kind::Office | Kind::Pdf);
        let attached = reading.files.iter().any(|file| is_file(file.kind));
        let link = reading
            .links
            .iter()
            .find(|link| reading.around.tables.share(&link.url) == Some(ShareKind::Share))?;
        (!attached && !reading.knows_sender()).then(|| link.url.host.clone())
    };
    let name = locked.or_else(shared)?;
    Some(Observation::new("payload.locked-archive").with("name", name))
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};
    use crate::file::samples::{locked_zip, mail_with, zip};

    #[test]
    fn locked_files_need_their_password_in_the_mail() {
        let told = "Please find it attached. The password is 1234.";
        let (locked, open) = (locked_zip(&[("a.txt", b"x")]), zip(&[("a.txt", b"x")]));
        let mail = |bytes: &[u8], text| mail_with("a.zip", "application/zip", bytes, text);
        finds("payload.locked-archive", &mail(&locked, told));
        spares("payload.locked-archive", &mail(&locked, "Please find it attached."));
        spares("payload.locked-archive", &mail(&open, told));
        let pdf = b"%PDF-1.7 trailer<</Encrypt 1 0 R>>";
        finds("payload.locked-archive", &mail_with("a.pdf", "application/pdf", pdf, told));
        let linked = "From: a@b.example\n\nSee https://wetransfer.com/downloads/x . ";
        finds("payload.locked-archive", &format!("{linked}{told}"));
        spares("payload.locked-archive", linked);
    }
}
