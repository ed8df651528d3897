//! A merge program's leftovers: a placeholder that was not filled in.
//!
//! Why: the letter was meant for many and made to look personal.
//! False alarms: mails about templates; so code is left out where it stands in a
//! quotation.

use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let text = reading.mail.text();
    let text = &text[..text.floor_char_boundary(20_000)];
    let spots = [reading.mail.subject.as_str(), text];
    spots
        .iter()
        .any(|spot| PLACEHOLDERS.iter().any(|(open, close)| has_placeholder(spot, open, close)))
        .then(|| Observation::new("approach.merge"))
}

/// How merge programs write the fields that they fill in.
const PLACEHOLDERS: [(&str, &str); 6] =
    [("{{", "}}"), ("[[", "]]"), ("*|", "|*"), ("%%", "%%"), ("${", "}"), ("\u{ab}", "\u{bb}")];

/// Words that stand in such fields.
const FIELDS: [&str; 20] = [
    "name",
    "firstname",
    "fname",
    "lastname",
    "lname",
    "email",
    "mail",
    "victim",
    "target",
    "recipient",
    "company",
    "domain",
    "user",
    "username",
    "login",
    "nom",
    "prenom",
    "naam",
    "voornaam",
    "vorname",
];

fn has_placeholder(text: &str, open: &str, close: &str) -> bool {
    text.match_indices(open).take(50).any(|(at, _)| {
        let rest = &text[at + open.len()..];
        let rest = &rest[..rest.floor_char_boundary(40)];
        rest.split_once(close).is_some_and(|(field, _)| {
            let bare: String = field.chars().filter(|c| c.is_alphanumeric()).collect();
            FIELDS.contains(&bare.to_lowercase().as_str())
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};

    #[test]
    fn a_field_that_was_not_filled_is_seen() {
        finds("approach.merge", "From: a@b.example\nSubject: x\n\nDear {{ First_Name }},\n");
        spares("approach.merge", "From: a@b.example\nSubject: x\n\nuse {{ block }} here\n");
    }
}
