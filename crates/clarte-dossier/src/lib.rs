//! From what is known to what is handed out.
//!
//! For the victims: a list of whom to tell first, for those who do the telling,
//! and a letter to each person in that person's language. Facts in, documents
//! out: no disk, no clock; the same facts give the same bytes.
//!
//! A letter speaks of one person alone. It is made from that person's facts and
//! never sees another's; sentences of the answer, which may name others, are no
//! facts here, only the [`Doubt`]s that they come down to. Whatever comes from
//! evidence is shown harmless ([`harmless`]).
//!
//! Left out: dossiers for a prosecutor, a ministry or the EU, and PDF.

mod facts;
pub mod harmless;
mod html;
mod letter;
mod list;
mod order;
pub mod page;
mod text;

use clarte_language::{Lang, Language};

pub use crate::facts::{Doubt, Facts, Kind, Mail, Open, Person, Rung, Step, Way, WayKind};
pub use crate::html::{POLICY, STYLE};

/// A file to be handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its name, which tells nothing of whom it concerns.
    pub name: String,
    /// What it holds.
    pub content: String,
}

/// The list in `lang` followed by the letters, each on a page of its own.
pub fn text(facts: &Facts, lang: Lang) -> String {
    let language = |lang| Language::new(lang);
    let pages = pages(facts, lang, &language);
    pages.iter().map(|(_, page)| text::page(page)).collect::<Vec<_>>().join("\u{c}")
}

/// The list in `lang`, `notify.html`, and a page for each letter.
pub fn html(facts: &Facts, lang: Lang) -> Vec<Document> {
    let language = |lang| Language::for_page(lang);
    let pages = pages(facts, lang, &language).into_iter();
    pages.map(|(name, page)| Document { name, content: html::page(&page) }).collect()
}

/// The list for a program. Its words are those of the answer, whatever the
/// reader's language.
pub fn json(facts: &Facts, lang: Lang) -> serde_json::Value {
    list::json(facts, lang)
}

/// The list and then the letters in its order, each with its file's name.
fn pages(
    facts: &Facts,
    lang: Lang,
    language: &dyn Fn(Lang) -> Language,
) -> Vec<(String, page::Page)> {
    let ordered = order::ordered(facts);
    let mut pages = vec![("notify.html".to_owned(), list::page(facts, &ordered, &language(lang)))];
    for person in ordered {
        if let Some(name) = person.letter_name() {
            let language = language(person.letter_lang(lang));
            pages.push((name, letter::page(person, &facts.addresses, &language)));
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::tests::person;

    #[test]
    fn a_machine_of_nobody_is_listed_and_gets_no_letter() {
        let mut machine = person("pc-7", &[Rung::Exfiltrated], &[]);
        machine.kind = Kind::Machine;
        let mut elsewhere = person("b@o.example", &[Rung::Opened], &[]);
        elsewhere.lang = Some("ug".to_owned());
        let facts = Facts { people: vec![elsewhere, machine], ..Facts::default() };
        let text = text(&facts, Lang::Nl);
        let pages: Vec<_> = text.split('\u{c}').collect();
        assert_eq!(pages.len(), 2);
        assert!(pages[0].contains("1. pc-7") && pages[0].contains("gebruiker niet bekend"));
        assert!(pages[1].starts_with("Over sporen") && !pages[1].contains("pc-7"));
        let listed = json(&facts, Lang::Nl);
        assert!(listed["people"][0]["letter"].is_null());
        assert_eq!(listed["people"][1]["lang"], "nl");
    }

    #[test]
    fn the_name_of_a_letter_needs_the_case_to_be_guessed() {
        let one = person("a@o.example", &[Rung::Opened], &[]);
        let mut other = one.clone();
        "another case".clone_into(&mut other.secret);
        assert_ne!(one.letter_name(), other.letter_name());
        assert_eq!(one.letter_name().map(|name| name.len()), Some("letter-.html".len() + 16));
    }
}
