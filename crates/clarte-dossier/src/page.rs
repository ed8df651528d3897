//! A page before it is written as text or HTML.

use clarte_language::{Argument, Direction, Language};
use clarte_model::Timestamp;

use crate::facts::{Rung, Step};
use crate::harmless::{defanged, harmless};

/// A page in one language.
#[derive(Debug)]
pub struct Page {
    /// The language's code.
    pub lang: &'static str,
    /// Which way it runs.
    pub direction: Direction,
    /// What it is about.
    pub title: String,
    /// Its parts, in their order.
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Debug)]
pub enum Block {
    /// What stands below it.
    Heading(Line),
    /// A paragraph.
    Text(String),
    /// What must not be overlooked.
    Warning(String),
    /// What explains the rest.
    Small(String),
    /// Labels with what stands beside them.
    Fields(Vec<(String, Line)>),
    /// Items in no order.
    Items(Vec<Line>),
    /// Items in an order.
    Steps(Vec<String>),
}

/// A line of our words and others'.
pub type Line = Vec<Run>;

/// A part of a line.
#[derive(Debug)]
pub enum Run {
    /// Our words, in the page's language.
    Own(String),
    /// Somebody else's, whichever way they run; made harmless.
    Foreign(Harmless),
}

/// Text that was made harmless.
#[derive(Debug)]
pub struct Harmless(String);

impl Run {
    /// Somebody else's words.
    pub fn foreign(text: &str) -> Self {
        Self::Foreign(Harmless(harmless(text)))
    }

    /// An address or host that must not be followed.
    pub fn hostile(address: &str) -> Self {
        Self::Foreign(Harmless(defanged(address)))
    }

    /// As it is shown.
    pub fn text(&self) -> &str {
        match self {
            Self::Own(text) | Self::Foreign(Harmless(text)) => text,
        }
    }
}

impl Page {
    /// An empty page in a language; `title` is the text's key.
    pub fn new(language: &Language, title: &str) -> Self {
        let lang = language.lang();
        Self {
            lang: lang.code(),
            direction: lang.direction(),
            title: language.text(title, &[]),
            blocks: Vec::new(),
        }
    }

    /// The page as HTML: self-contained, without script or anything to follow.
    pub fn to_html(&self) -> String {
        crate::html::page(self)
    }

    /// The page as plain text.
    pub fn to_text(&self) -> String {
        crate::text::page(self)
    }

    /// The page as plain text that fits on a screen.
    pub fn to_screen(&self) -> String {
        crate::text::screen(self)
    }

    /// Adds a part.
    pub fn add(&mut self, block: Block) {
        self.blocks.push(block);
    }
}

/// One line of our words.
pub fn own(text: String) -> Line {
    vec![Run::Own(text)]
}

/// How sure a statement is, in words that mean a number (ICD 203, D.6.e.(2)).
pub(crate) fn level(language: &Language, confidence: f64) -> String {
    language.text("letter-level", &[("level", word(confidence))])
}

/// The same as the head of a sentence.
pub(crate) fn grade(language: &Language, confidence: f64) -> String {
    language.text("letter-grade", &[("level", word(confidence))])
}

fn word(confidence: f64) -> Argument<'static> {
    let word = match confidence {
        0.95.. => "almost-certain",
        0.80.. => "very-likely",
        0.55.. => "likely",
        0.45.. => "even",
        _ => "possible",
    };
    word.into()
}

/// From which confidence on something counts as shown, and not only as likely:
/// where ICD 203 says "very likely".
const SHOWN: f64 = 0.80;

pub(crate) fn is_shown(step: &Step) -> bool {
    step.confidence >= SHOWN
}

/// The word for a rung.
pub(crate) fn rung(language: &Language, rung: Rung) -> String {
    language.text(rung.as_str(), &[])
}

/// A time to the minute.
pub(crate) fn minute(at: Timestamp) -> String {
    let text = at.to_string();
    match text.get(..16) {
        Some(text) => format!("{} UTC", text.replace('T', " ")),
        None => text,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::facts::{Doubt, Kind, Open, Person};
    use clarte_language::Lang;

    pub(crate) fn person(identity: &str, steps: &[Rung], open: &[Rung]) -> Person {
        let time = Timestamp::from_seconds(1_609_837_200);
        let steps = steps.iter().map(|rung| Step { rung: *rung, time, confidence: 0.9 });
        let doubts = BTreeSet::from([Doubt::Missing]);
        Person {
            identity: identity.to_owned(),
            name: None,
            kind: Kind::Person,
            roles: BTreeSet::new(),
            lang: None,
            ways: Vec::new(),
            steps: steps.collect(),
            open: open.iter().map(|rung| Open { rung: *rung, doubts: doubts.clone() }).collect(),
            mails: Vec::new(),
            hosts: BTreeSet::new(),
            last_act: time,
            forwards: false,
            because: String::new(),
            secret: "secret".to_owned(),
        }
    }

    #[test]
    fn words_of_likelihood_stand_for_the_numbers_that_the_letter_gives() {
        let language = Language::new(Lang::En);
        for (confidence, word) in [
            (0.99, "almost certain"),
            (0.95, "almost certain"),
            (0.94, "very likely"),
            (0.80, "very likely"),
            (0.79, "likely"),
            (0.54, "about as likely as not"),
            (0.44, "possible"),
        ] {
            assert_eq!(level(&language, confidence), word, "{confidence}");
        }
    }
}
