//! The name of a file or of the sender holds characters that reverse how it
//! reads.
//!
//! Why: `report[U+202E]fdp.exe` is shown as `reportexe.pdf`.
//! Reason: gives the name, such characters spelt out.
//! Spec: UAX #9.
//! False alarms: names in Arabic or Hebrew are set in such characters by some
//! programs; these are left out, overrides are not.
//! Technique: T1036.002.

use crate::file::{reverses, shown};
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let files = reading.files.iter().map(|file| file.name.as_str());
    let name = files.chain(reading.shown_names()).find(|name| reverses(name))?;
    Some(Observation::new("payload.direction").with("name", shown(name)))
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};

    #[test]
    fn reversed_names_are_seen() {
        // "a\u{202e}b"
        finds("payload.direction", "From: =?utf-8?B?YeKArmI=?= <a@b.example>\n\nx");
        let file = "From: a@b.example\nContent-Type: application/pdf\n\
                    Content-Disposition: attachment; filename*=utf-8''a%E2%80%AEfdp.exe\n\nx";
        finds("payload.direction", file);
        spares("payload.direction", "From: =?utf-8?B?16nXnNeV150=?= <a@b.example>\n\nx");
    }
}
