//! Sets of ASCII words, known by their enum: names of header fields, elements,
//! attributes. One look tells which it is, in upper or lower case.

/// Declares an enum of words and `of`, which finds the word that a text is.
macro_rules! words {
    ($(#[$doc:meta])* enum $name:ident { $($word:ident $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $name { $($word,)+ }

        impl $name {
            /// Every word.
            #[allow(dead_code, reason = "not every set is gone through")]
            pub(super) const ALL: &[Self] = &[$(Self::$word,)+];

            /// The word that `text` is, in upper or lower case.
            #[expect(non_upper_case_globals, reason = "a key is called like its word")]
            pub(super) fn of(text: &[u8]) -> Option<Self> {
                $(const $word: u64 = $crate::mail::words::key($text.as_bytes());)+
                let (word, spelt) = match $crate::mail::words::key(text) {
                    $($word => (Self::$word, $text),)+
                    _ => return None,
                };
                text.eq_ignore_ascii_case(spelt.as_bytes()).then_some(word)
            }

            /// The word's own bit in a set of words.
            #[allow(dead_code, reason = "not every word is kept in a set")]
            pub(super) fn bit(self) -> u64 {
                const { assert!(Self::ALL.len() <= u64::BITS as usize) };
                1 << self as u64
            }
        }
    };
}
pub(super) use words;

/// A number that is the same in upper and lower case. Two words of a set that
/// shared one would be an unreachable pattern, which the compiler tells.
pub(super) const fn key(text: &[u8]) -> u64 {
    let mut key = text.len() as u64;
    let mut at = 0;
    while at < text.len() {
        key = (key ^ (text[at] | 0x20) as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    key
}

#[cfg(test)]
mod tests {
    words! {
        /// Words to try.
        enum Word {
            A "a",
            HttpEquiv "http-equiv",
        }
    }

    #[test]
    fn every_word_has_a_bit_of_its_own() {
        assert_eq!(Word::ALL.iter().fold(0, |bits, word| bits | word.bit()), 0b11);
    }

    #[test]
    fn words_are_known_in_any_case_and_nothing_else_is() {
        assert_eq!(Word::of(b"A"), Some(Word::A));
        assert_eq!(Word::of(b"Http-Equiv"), Some(Word::HttpEquiv));
        // `\r` and `-` differ in the bit that tells upper from lower case.
        for text in [&b""[..], b"aa", b"b", b"http\requiv"] {
            assert_eq!(Word::of(text), None, "{}", text.escape_ascii());
        }
    }
}
