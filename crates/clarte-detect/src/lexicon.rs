//! What people write who ask, invite, press or frighten, language by language.
//!
//! `lexicons/LANG.txt` holds phrases under `[category]` headings: `*` behind a
//! word stands for any ending, `…` for up to four words. A lexicon whose first
//! line is `# substring` is of a language that puts no spaces between words.

use std::collections::HashMap;

use crate::words::Words;

/// The lexicons: language and text.
const LEXICONS: &[(&str, &str)] = &[
    ("de", include_str!("../lexicons/de.txt")),
    ("en", include_str!("../lexicons/en.txt")),
    ("es", include_str!("../lexicons/es.txt")),
    ("fr", include_str!("../lexicons/fr.txt")),
    ("it", include_str!("../lexicons/it.txt")),
    ("ja", include_str!("../lexicons/ja.txt")),
    ("nl", include_str!("../lexicons/nl.txt")),
    ("pl", include_str!("../lexicons/pl.txt")),
    ("pt", include_str!("../lexicons/pt.txt")),
    ("zh", include_str!("../lexicons/zh.txt")),
];

/// Words that `…` may stand for.
const GAP: usize = 4;

/// Letters of a word by which phrases are found.
const KEY: usize = 3;

macro_rules! categories {
    ($($(#[$doc:meta])* $name:ident $text:literal,)+) => {
        /// What a phrase says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Category { $($(#[$doc])* $name,)+ }

        impl Category {
            const ALL: &[(Self, &'static str)] = &[$((Self::$name, $text),)+];
        }
    };
}

categories! {
    /// The sender is of the press.
    Journalist "journalist",
    /// … of a parliament, ministry, embassy.
    Institution "institution",
    /// … of an NGO, foundation, university.
    Ngo "ngo",
    /// Asks for an interview, a statement.
    Interview "interview",
    /// Invites to an event.
    Conference "conference",
    /// Asks to read or open something.
    Document "document",
    /// Presses for time.
    Urgency "urgency",
    /// Something is wrong with an account, a delivery, a payment.
    Account "account",
    /// Promises money, prizes, company.
    Reward "reward",
    /// Themes of the people at risk.
    Rights "rights",
    /// Asks for discretion or another channel.
    Secrecy "secrecy",
    /// Gives the password of a file.
    Password "password",
    /// Asks to enter a code at a sign-in page.
    DeviceCode "device-code",
    /// Asks to let an application in.
    Consent "consent",
    /// Introduces quoted text.
    Quoting "quoting",
    /// Closes a letter.
    Closing "closing",
    /// Opens a letter.
    Greeting "greeting",
    /// Opens one that is addressed to nobody.
    Nobody "nobody",
}

/// A phrase that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) category: Category,
    /// Its first word's place; 0 in languages without spaces.
    pub(crate) at: usize,
    /// Words of the phrase.
    pub(crate) length: usize,
}

/// Every phrase, by how it begins.
#[derive(Debug)]
pub(crate) struct Lexicon {
    by_key: HashMap<[u8; KEY], Vec<Phrase>>,
    /// Phrases of languages without spaces.
    substrings: Vec<(Category, String)>,
}

#[derive(Debug)]
struct Phrase {
    category: Category,
    pieces: Vec<Piece>,
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Word(String),
    Beginning(String),
    Gap,
}

impl Lexicon {
    /// The lexicons that are shipped.
    pub(crate) fn shipped() -> Self {
        let mut lexicon = Self { by_key: HashMap::new(), substrings: Vec::new() };
        LEXICONS.iter().for_each(|(_, text)| lexicon.add(text));
        lexicon
    }

    fn add(&mut self, text: &str) {
        let mut category = None;
        let by_substring = text.starts_with("# substring");
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                category = Category::ALL.iter().find(|(_, known)| *known == name);
                debug_assert!(category.is_some(), "a lexicon has an unknown category {name}");
                continue;
            }
            let Some((category, _)) = category else { continue };
            if by_substring {
                let folded: String = Words::of(line).text().split(' ').collect();
                self.substrings.push((*category, folded));
            } else {
                self.add_phrase(*category, line);
            }
        }
    }

    fn add_phrase(&mut self, category: Category, line: &str) {
        let piece = |word: &str| match word.strip_suffix('*') {
            _ if word == "…" => Piece::Gap,
            Some(beginning) => Piece::Beginning(beginning.to_owned()),
            None => Piece::Word(word.to_owned()),
        };
        let pieces: Vec<_> = line.split_whitespace().map(piece).collect();
        let (Piece::Word(first) | Piece::Beginning(first)) = &pieces[0] else { return };
        // A beginning shorter than the key would have many keys.
        debug_assert!(matches!(pieces[0], Piece::Word(_)) || first.len() >= KEY, "{line}");
        self.by_key.entry(key(first)).or_default().push(Phrase { category, pieces });
    }

    /// Every phrase in `words`, in order.
    pub(crate) fn find(&self, words: &Words) -> Vec<Said> {
        let mut found = Vec::new();
        for at in 0..words.len() {
            let Some(phrases) = self.by_key.get(&key(words.get(at))) else { continue };
            for phrase in phrases {
                if matches(&phrase.pieces, words, at) {
                    let length = phrase.pieces.len();
                    found.push(Said { category: phrase.category, at, length });
                }
            }
        }
        if !self.substrings.is_empty() && !words.text().is_ascii() {
            let text: String = words.text().split(' ').collect();
            let said = self.substrings.iter().filter(|(_, phrase)| text.contains(phrase));
            found.extend(said.map(|(category, _)| Said { category: *category, at: 0, length: 0 }));
        }
        found
    }
}

/// The first letters of a word, zeros behind a shorter one.
fn key(word: &str) -> [u8; KEY] {
    let mut key = [0; KEY];
    key.iter_mut().zip(word.bytes()).for_each(|(to, byte)| *to = byte);
    key
}

/// Whether the pieces stand in `words` from `at` on.
fn matches(pieces: &[Piece], words: &Words, at: usize) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return true };
    match first {
        Piece::Gap => (0..=GAP).any(|skipped| matches(rest, words, at + skipped)),
        _ if at >= words.len() => false,
        Piece::Word(word) => words.get(at) == word && matches(rest, words, at + 1),
        Piece::Beginning(word) => {
            words.get(at).starts_with(word.as_str()) && matches(rest, words, at + 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(lines: &str, text: &str) -> usize {
        let mut lexicon = Lexicon { by_key: HashMap::new(), substrings: Vec::new() };
        lexicon.add(lines);
        lexicon.find(&Words::of(text)).len()
    }

    #[test]
    fn phrases_stand_for_what_people_write() {
        let lines = "# x\n[interview]\nwould you … comment*\njournalist*\n";
        assert_eq!(said(lines, "Would you be willing to comment, as Journalistin?"), 2);
        assert_eq!(said(lines, "Would you be so very kind and to comment"), 0);
        assert_eq!(said(lines, "would you"), 0);
        assert_eq!(said("# substring\n[interview]\n采访\n", "我们想采访您"), 1);
    }

    #[test]
    fn every_lexicon_is_readable_and_folded() {
        let lexicon = Lexicon::shipped();
        for (language, text) in LEXICONS {
            let phrases = text.lines().filter(|line| !line.starts_with(['#', '[']));
            for phrase in phrases.filter(|_| !text.starts_with("# substring")) {
                let bare = phrase.replace(['*', '…'], "");
                let words = Words::of(&bare);
                let folded: Vec<_> = (0..words.len()).map(|at| words.get(at)).collect();
                let written: Vec<_> = bare.split_whitespace().collect();
                assert_eq!(folded, written, "{language}: {phrase}");
            }
        }
        for (category, name) in Category::ALL {
            let all = lexicon.by_key.values().flatten();
            assert!(all.into_iter().any(|phrase| phrase.category == *category), "{name}");
        }
    }
}
