//! What a mail merge leaves alike: hashes of a text's sentences without the
//! names, numbers and addresses that it fills in.
//!
//! Two mails of one template share nearly all hashes, unrelated mails none.
//! Footers and legal notices are hashed as well: how rare a hash is, is
//! weighed where all mails are known.

use clarte_model::record::Hasher;

/// Sentences hashed per mail.
const SENTENCES: usize = 64;

/// Letters of one sentence that count.
const LETTERS_CAP: usize = 4_000;

/// The hashes of the first sentences of `text`, sorted. Paragraphs are
/// separated by empty lines; single line ends are mere spaces.
pub(super) fn hashes(text: &str) -> Vec<String> {
    let mut sentences = Sentences::default();
    let mut blank = true;
    for line in text.split('\n') {
        let line = line.trim();
        if line.is_empty() || line.starts_with('>') {
            if !blank {
                sentences.end();
            }
            blank = true;
            continue;
        }
        blank = false;
        if line.is_ascii() {
            line.split_ascii_whitespace().for_each(|word| sentences.word(word));
        } else {
            line.split_whitespace().for_each(|word| sentences.word(word));
        }
        // A greeting ("Dear X,") stands apart from the text it introduces.
        if line.ends_with([',', ':']) && line.len() < 60 && line.split_whitespace().count() <= 5 {
            sentences.end();
        }
        if sentences.hashes.len() >= SENTENCES {
            break;
        }
    }
    sentences.end();
    let mut hashes = sentences.hashes;
    hashes.truncate(SENTENCES);
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

#[derive(Default)]
struct Sentences {
    hashes: Vec<String>,
    current: String,
    words: usize,
    letters: usize,
    ideographs: usize,
}

impl Sentences {
    fn word(&mut self, token: &str) {
        let ends = token
            .trim_end_matches(['"', '\'', ')', ']', '\u{201d}', '\u{bb}'])
            .ends_with(['.', '!', '?']);
        let filled_in = token.starts_with("www.")
            || token
                .bytes()
                .any(|b| b.is_ascii_digit() || matches!(b, b'@' | b'/' | b'\\' | b'_' | b'='));
        if !filled_in {
            self.letters_of(token);
        }
        if ends {
            self.end();
        }
    }

    fn letters_of(&mut self, token: &str) {
        if self.letters >= LETTERS_CAP {
            return;
        }
        if token.is_ascii() {
            return self.ascii_letters_of(token);
        }
        let mut inside = false;
        for c in token.chars() {
            if matches!(c, '\u{3002}' | '\u{ff01}' | '\u{ff1f}') {
                self.end();
                inside = false;
            } else if c.is_alphabetic() && self.letters < LETTERS_CAP {
                self.begin_word(inside);
                self.letters += 1;
                self.ideographs += usize::from(is_unspaced(c));
                self.current.extend(c.to_lowercase());
                inside = true;
            } else if !matches!(c, '\'' | '\u{2019}' | '\u{ad}' | '\u{200b}'..='\u{200d}') {
                inside = false;
            }
        }
    }

    fn ascii_letters_of(&mut self, token: &str) {
        let mut inside = false;
        for byte in token.bytes() {
            if byte.is_ascii_alphabetic() {
                self.begin_word(inside);
                self.letters += 1;
                self.current.push(char::from(byte.to_ascii_lowercase()));
                inside = true;
            } else if byte != b'\'' {
                inside = false;
            }
        }
    }

    fn begin_word(&mut self, inside: bool) {
        if !inside {
            if !self.current.is_empty() {
                self.current.push(' ');
            }
            self.words += 1;
        }
    }

    fn end(&mut self) {
        let enough = (self.words >= 5 && self.letters >= 24) || self.ideographs >= 8;
        if enough && self.hashes.len() < SENTENCES {
            let mut hash = Hasher::default();
            hash.write(self.current.as_bytes());
            self.hashes.push(format!("{:016x}", hash.finish() >> 64));
        }
        self.current.clear();
        (self.words, self.letters, self.ideographs) = (0, 0, 0);
    }
}

/// Scripts written without spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1780}'..='\u{17ff}' | '\u{1000}'..='\u{109f}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "Dear NAME,\nI follow your work on human rights with great interest.\n\
        Could you look at the draft of our article at https://x.example/TOKEN before Friday?\n\n\
        > I wrote this before and it is long enough to count.\nKind regards, Ann";

    #[test]
    fn mails_of_one_merge_share_their_hashes() {
        let first = hashes(&LETTER.replace("NAME", "Jan").replace("TOKEN", "a1b2"));
        let second = hashes(&LETTER.replace("NAME", "Anna Maria").replace("TOKEN", "zz9"));
        assert_eq!(first.len(), 2);
        assert_eq!(first, second);
    }

    #[test]
    fn sentences_without_spaces_count_by_character() {
        assert_eq!(hashes("请您在星期五之前查看我们的文章草稿。谢谢。").len(), 1);
        assert!(hashes("Hi. Thanks a lot. Bye now.").is_empty());
    }
}
