//! What the letters say, in four languages. Only characters of ISO 8859-1; no
//! sentence stands in two letters. No letter names an outlet: the From line,
//! the signature or a sentence of introduction does.

mod de;
mod en;
mod fr;
mod nl;

/// A subject and a body; a bar stands between paragraphs.
pub(super) type Text = (&'static str, &'static str);

/// The letters of one language, by request: for an interview, a statement, a
/// check of facts, a talk at a conference, a look at a draft, an expert's
/// answers, a podcast, and a reminder. Of the eight for each request three are
/// formal and three are not; the last two, one of either kind, are written by
/// those who print nothing.
pub(super) type Requests = [[Text; 8]; 8];

/// The letters, by language.
pub(super) const LETTERS: [&Requests; 4] = [&en::LETTERS, &fr::LETTERS, &nl::LETTERS, &de::LETTERS];

/// The sentences that introduce a writer.
pub(super) const INTRODUCTIONS: [[&str; 4]; 4] = [
    [
        "My name is {name} and I write for {outlet}.",
        "I am contacting you on behalf of {outlet}.",
        "{name} here, from {outlet}.",
        "As you may know, I have been with {outlet} for some years.",
    ],
    [
        "Je m'appelle {name} et je travaille pour {outlet}.",
        "Je vous écris pour {outlet}.",
        "Ici {name}, {outlet}.",
        "Vous le savez peut-être, je collabore depuis quelques années avec {outlet}.",
    ],
    [
        "Mijn naam is {name} en ik werk voor {outlet}.",
        "Ik schrijf u namens {outlet}.",
        "{name} hier, van {outlet}.",
        "Zoals u misschien weet, werk ik al enkele jaren bij {outlet}.",
    ],
    [
        "Mein Name ist {name}, ich arbeite für {outlet}.",
        "Ich schreibe Ihnen im Auftrag von {outlet}.",
        "Hier ist {name} von {outlet}.",
        "Wie Sie vielleicht wissen, bin ich seit einigen Jahren bei {outlet}.",
    ],
];

/// The greeting, with the name where it is known.
pub(super) fn greeting(lang: usize, formal: bool, name: &str) -> String {
    const FORMAL: [&str; 4] = ["Dear", "Bonjour", "Geachte", "Guten Tag"];
    const FORMAL_UNNAMED: [&str; 4] = [
        "Dear Sir or Madam",
        "Madame, Monsieur",
        "Geachte heer, geachte mevrouw",
        "Sehr geehrte Damen und Herren",
    ];
    const INFORMAL: [&str; 4] = ["Hi", "Bonjour", "Dag", "Hallo"];
    let given = name.split(' ').next().unwrap_or_default();
    match (formal, name.is_empty()) {
        (true, true) => format!("{},", FORMAL_UNNAMED[lang]),
        (true, false) => format!("{} {name},", FORMAL[lang]),
        (false, true) => format!("{},", INFORMAL[lang]),
        (false, false) => format!("{} {given},", INFORMAL[lang]),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn all() -> impl Iterator<Item = Text> {
        LETTERS.into_iter().flatten().flatten().copied()
    }

    #[test]
    fn every_text_fits_iso_8859_1_and_names_no_outlet() {
        for (subject, body) in all() {
            let text = format!("{subject} {body}");
            assert!(text.chars().all(|c| (c as u32) < 256), "{text}");
            for outlet in &crate::outside::OUTLETS {
                assert!(!text.contains(outlet.name), "{text}");
            }
        }
        assert!(INTRODUCTIONS.as_flattened().iter().all(|s| s.chars().all(|c| (c as u32) < 256)));
    }

    #[test]
    fn no_sentence_stands_in_two_letters() {
        let mut seen = BTreeSet::new();
        for (subject, body) in all() {
            assert!(seen.insert(subject.to_owned()), "{subject}");
            for sentence in body.split_inclusive(['.', '?', '!', '|']) {
                let sentence = sentence.trim_matches(['|', ' ']);
                if !sentence.is_empty() {
                    assert!(seen.insert(sentence.to_owned()), "{sentence}");
                }
            }
        }
    }

    #[test]
    fn letters_are_short_and_long() {
        for letters in LETTERS {
            let sizes: Vec<usize> =
                letters.as_flattened().iter().map(|text| text.1.len()).collect();
            assert!(sizes.iter().any(|&size| size < 110), "{sizes:?}");
            assert!(sizes.iter().any(|&size| size > 350), "{sizes:?}");
        }
    }
}
