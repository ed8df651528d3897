//! A text as words that can be compared: lower case, without diacritics,
//! apostrophes and hyphens taken as spaces.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Bytes of a text that are looked at: what a person reads of a mail.
const TEXT_CAP: usize = 48 << 10;

/// A folded text, cut into words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    text: String,
    words: Vec<Word>,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    start: u32,
    end: u32,
    /// The line it stands in.
    line: u32,
    /// Whether it is written in capitals alone.
    capitals: bool,
    /// Whether it begins with one.
    capital: bool,
}

impl Words {
    /// The words of `text`, of its beginning where it is long.
    pub(crate) fn of(text: &str) -> Self {
        let text = &text[..text.floor_char_boundary(TEXT_CAP)];
        let mut words = Self { text: String::with_capacity(text.len()), words: Vec::new() };
        let mut line = 0;
        let mut start = 0;
        let mut capitals = true;
        let mut capital = false;
        for c in text.chars() {
            if words.text.len() == start {
                capital = c.is_uppercase() || c.is_numeric();
            }
            if c.is_ascii_alphanumeric() {
                capitals &= !c.is_ascii_lowercase();
                words.text.push(c.to_ascii_lowercase());
                continue;
            }
            if !c.is_ascii() && (c.is_alphanumeric() || is_combining_mark(c)) {
                capitals &= !c.is_lowercase();
                fold(c, &mut words.text);
                continue;
            }
            // Soft hyphens and joiners stand inside words and are not seen.
            if matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}') {
                continue;
            }
            words.end(&mut start, line, &mut capitals, capital);
            line += u32::from(c == '\n');
        }
        words.end(&mut start, line, &mut capitals, capital);
        words
    }

    fn end(&mut self, start: &mut usize, line: u32, capitals: &mut bool, capital: bool) {
        let end = self.text.len();
        if end > *start {
            let (from, to) = (*start as u32, end as u32);
            self.words.push(Word { start: from, end: to, line, capitals: *capitals, capital });
            self.text.push(' ');
        }
        *start = self.text.len();
        *capitals = true;
    }

    /// How many words.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// The word at `at`; empty behind the end.
    pub(crate) fn get(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &self.text[word.start as usize..word.end as usize])
    }

    /// The line in which the word at `at` stands, from 0.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.words.get(at).map_or(0, |word| word.line as usize)
    }

    /// Whether the word at `at` is written in capitals alone.
    pub(crate) fn is_capitals(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.capitals)
    }

    /// Whether the word at `at` begins with a capital or a digit.
    pub(crate) fn is_capital(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.capital)
    }

    /// All of them, a space between two.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// Appends `c` in lower case, without what decorates it.
fn fold(c: char, out: &mut String) {
    match c {
        'ß' => return out.push_str("ss"),
        'ø' | 'Ø' => return out.push('o'),
        'æ' | 'Æ' => return out.push_str("ae"),
        'œ' | 'Œ' => return out.push_str("oe"),
        'ł' | 'Ł' => return out.push('l'),
        'đ' | 'Đ' => return out.push('d'),
        'ı' => return out.push('i'),
        _ => {}
    }
    decompose_compatible(c, |part| {
        if !is_combining_mark(part) {
            out.extend(part.to_lowercase());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        let words =
            Words::of("L'Écho d\u{2019}Anvers, Groß-Gerau\nBBC \u{130}stanbul soft\u{ad}ly");
        let all: Vec<_> = (0..words.len()).map(|at| words.get(at)).collect();
        assert_eq!(
            all,
            ["l", "echo", "d", "anvers", "gross", "gerau", "bbc", "istanbul", "softly"]
        );
        assert!(words.is_capitals(6) && !words.is_capitals(1));
        assert_eq!((words.line(5), words.line(6)), (0, 1));
    }
}
