//! What a mail merge leaves alike: hashes of a text's sentences without the
//! names, numbers and addresses that it fills in.
//!
//! Two mails of one template share nearly all hashes, unrelated mails none.
//! Footers and legal notices are hashed as well: how rare a hash is, is
//! weighed where all mails are known.

/// Sentences hashed per mail.
const SENTENCES: usize = 64;

/// Letters of one sentence that count.
const LETTERS_CAP: usize = 4_000;

/// The hashes of the first sentences of `text`, sorted. Paragraphs are
/// separated by empty lines; single line ends are mere spaces.
pub(super) fn hashes(text: &str) -> Vec<String> {
    let mut sentences = Sentences::default();
    let mut at = 0;
    while at < text.len() && sentences.hashes.len() < SENTENCES {
        let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end);
        let line = trimmed(&text[at..end]);
        at = end + 1;
        if line.is_empty() || line.starts_with('>') {
            sentences.end();
            continue;
        }
        sentences.line(line);
        // A greeting ("Dear X,") stands apart from the text it introduces.
        if line.ends_with([',', ':']) && line.len() < 60 && line.split_whitespace().count() <= 5 {
            sentences.end();
        }
    }
    sentences.end();
    let mut hashes = sentences.hashes;
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// Without white space around it; most have none but ASCII's.
fn trimmed(line: &str) -> &str {
    let line = line.trim_ascii();
    match line.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => line,
        _ => line.trim(),
    }
}

#[derive(Default)]
struct Sentences {
    hashes: Vec<String>,
    /// Of the words of the sentence at hand.
    hash: u64,
    words: usize,
    letters: usize,
    ideographs: usize,
}

impl Sentences {
    fn line(&mut self, line: &str) {
        let bytes = line.as_bytes();
        let kind_at = |at: usize| bytes.get(at).map_or(SPACE, |byte| KINDS[usize::from(*byte)]);
        let mut at = 0;
        while at < bytes.len() {
            let (hash, length) = letters(&bytes[at..]);
            let behind = at + length;
            if kind_at(behind) == SPACE {
                // Letters alone, as most are.
                if length > 0 {
                    self.plain_word(hash, length);
                }
                at = behind + 1;
                continue;
            }
            if length > 0 && kind_at(behind) == OTHER && kind_at(behind + 1) == SPACE {
                // A word and one mark behind it.
                self.plain_word(hash, length);
                if matches!(bytes[behind], b'.' | b'!' | b'?') {
                    self.end();
                }
                at = behind + 2;
                continue;
            }
            let (mut end, mut kinds) = (behind, if length > 0 { LETTER } else { 0 });
            while kind_at(end) != SPACE {
                kinds |= kind_at(end);
                end += 1;
            }
            let token = &line[at..end];
            if kinds & WIDE == 0 {
                self.token(token, kinds);
            } else {
                // There is white space beyond ASCII.
                token.split_whitespace().for_each(|token| self.token(token, kinds_of(token)));
            }
            at = end + 1;
        }
    }

    /// Takes what stands between white space, made of bytes of these `kinds`.
    fn token(&mut self, token: &str, kinds: u8) {
        let filled_in = kinds & FILLED_IN != 0 || token.starts_with("www.");
        if !filled_in && self.letters < LETTERS_CAP {
            self.letters_of(token);
        }
        if ends_sentence(token) {
            self.end();
        }
    }

    fn plain_word(&mut self, hash: u64, length: usize) {
        if self.letters < LETTERS_CAP {
            self.hash = fold(self.hash, hash);
            self.words += 1;
            self.letters += length;
        }
    }

    /// Takes the words of a token, whatever it is made of.
    fn letters_of(&mut self, token: &str) {
        let mut word = String::new();
        for c in token.chars() {
            if matches!(c, '\u{3002}' | '\u{ff01}' | '\u{ff1f}') {
                self.word(&mut word);
                self.end();
            } else if c.is_alphabetic() && self.letters < LETTERS_CAP {
                self.letters += 1;
                self.ideographs += usize::from(is_unspaced(c));
                word.extend(c.to_lowercase());
            } else if !matches!(c, '\'' | '\u{2019}' | '\u{ad}' | '\u{200b}'..='\u{200d}') {
                self.word(&mut word);
            }
        }
        self.word(&mut word);
    }

    /// Takes a word in lower case, if it is one.
    fn word(&mut self, word: &mut String) {
        if !word.is_empty() {
            let hash = word.as_bytes().chunks(8).fold(0, |hash, chunk| fold(hash, eight(chunk)));
            self.hash = fold(self.hash, hash);
            self.words += 1;
            word.clear();
        }
    }

    fn end(&mut self) {
        let enough = (self.words >= 5 && self.letters >= 24) || self.ideographs >= 8;
        if enough && self.hashes.len() < SENTENCES {
            self.hashes.push(format!("{:016x}", self.hash));
        }
        (self.hash, self.words, self.letters, self.ideographs) = (0, 0, 0, 0);
    }
}

/// Mixes the next 64 bits into a hash: both halves of a product, so that every
/// bit depends on every other. No secret: who wants a mail to share another's
/// hash can write the same sentence.
fn fold(hash: u64, next: u64) -> u64 {
    let product =
        u128::from(hash ^ 0x9e37_79b9_7f4a_7c15) * u128::from(next ^ 0xe703_7ed1_a0b4_28db);
    (product >> 64) as u64 ^ product as u64
}

/// The ASCII letters with which `bytes` begin: their hash in lower case and
/// their number. Eight at a time: most words have fewer.
fn letters(bytes: &[u8]) -> (u64, usize) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let (mut hash, mut length) = (0, 0);
    loop {
        let eight = eight(&bytes[length..]);
        let lower = eight | (0x20 * EACH);
        // In each byte the highest bit tells: not below `a`, not above `z`.
        let seven = lower & (0x7f * EACH);
        let letters = (seven + (0x80 - 0x61) * EACH) & !(seven + (0x7f - 0x7a) * EACH) & !eight;
        let run = ((!letters & (0x80 * EACH)).trailing_zeros() / 8) as usize;
        if run == 8 {
            hash = fold(hash, lower);
            length += 8;
            continue;
        }
        if run > 0 {
            hash = fold(hash, lower & ((1 << (8 * run)) - 1));
        }
        return (hash, length + run);
    }
}

/// The first eight bytes as a number, zeros for those that are not there.
fn eight(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

const LETTER: u8 = 1;
/// What a mail merge fills in: numbers, addresses.
const FILLED_IN: u8 = 2;
const WIDE: u8 = 4;
const OTHER: u8 = 8;
const SPACE: u8 = 16;

/// What each byte says of the token that holds it.
const KINDS: [u8; 256] = {
    let mut table = [WIDE; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' | b'@' | b'/' | b'\\' | b'_' | b'=' => FILLED_IN,
            b'\t'..=b'\r' | b' ' => SPACE,
            _ => OTHER,
        };
        byte += 1;
    }
    table
};

fn kinds_of(token: &str) -> u8 {
    token.bytes().fold(0, |kinds, byte| kinds | KINDS[usize::from(byte)])
}

/// Whether a sentence ends with the token.
fn ends_sentence(token: &str) -> bool {
    match token.as_bytes().last() {
        Some(b'.' | b'!' | b'?') => true,
        Some(byte) if !byte.is_ascii() || b"\"')]".contains(byte) => token
            .trim_end_matches(['"', '\'', ')', ']', '\u{201d}', '\u{bb}'])
            .ends_with(['.', '!', '?']),
        _ => false,
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
    fn words_are_hashed_alike_however_they_are_read() {
        for word in ["a", "Rights", "eightlet", "PARLIAMENTARY", "sixteenletterday"] {
            let alone = letters(word.as_bytes());
            let (mut sentences, mut lower) = (Sentences::default(), word.to_ascii_lowercase());
            sentences.word(&mut lower);
            assert_eq!((fold(0, alone.0), alone.1), (sentences.hash, word.len()), "{word}");
            for after in ["", ".", "-x", "1", "@", "`", "[", "{", "\u{e9}"] {
                assert_eq!(letters(format!("{word}{after} y").as_bytes()), alone, "{word}{after}");
            }
        }
        assert_ne!(letters(b"rights"), letters(b"rites"));
    }

    #[test]
    fn sentences_without_spaces_count_by_character() {
        assert_eq!(hashes("请您在星期五之前查看我们的文章草稿。谢谢。").len(), 1);
        assert!(hashes("Hi. Thanks a lot. Bye now.").is_empty());
    }
}
