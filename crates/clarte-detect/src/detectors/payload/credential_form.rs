//! The mail, or a page attached to it, asks for a password.
//!
//! Why: nobody honest asks for a password in a mail, and a page from the mail has
//! no address by which it could be told from the real one.
//! False alarms: newsletters of old with a form to sign in.
//! Technique: T1598.002 (in an attachment), T1056.003.

use crate::file::Sign;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let asks = reading.mail.asks_password
        || reading.files.iter().any(|file| file.shows(Sign::AsksPassword));
    asks.then(|| Observation::new("payload.credential-form"))
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};
    use crate::file::samples::mail_with;

    #[test]
    fn forms_are_seen_in_the_mail_and_in_attached_pages() {
        let form = "<form action=https://a.example/><input type=password name=p></form>";
        let mail = format!("From: a@b.example\nContent-Type: text/html\n\n{form}");
        finds("payload.credential-form", &mail);
        finds("payload.credential-form", &mail_with("a.htm", "text/html", form.as_bytes(), ""));
        spares("payload.credential-form", &mail_with("a.txt", "text/plain", form.as_bytes(), ""));
        spares("payload.credential-form", "From: a@b.example\nContent-Type: text/html\n\n<input>");
    }
}
