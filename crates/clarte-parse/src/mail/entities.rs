//! Character references, `&eacute;` and `&#233;`.
//! Spec: HTML standard §13.2.5.72 to §13.2.5.80; the names of §13.5 are in
//! `entities.txt`, each with its code points.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Every name, without `&` and with its `;` if it has one.
static NAMED: LazyLock<HashMap<&str, (char, Option<char>)>> =
    LazyLock::new(|| include_str!("entities.txt").lines().filter_map(named).collect());

/// The longest name, and the longest of those that need no `;`.
const LONGEST: usize = 32;
const LONGEST_BARE: usize = 6;

fn named(line: &'static str) -> Option<(&'static str, (char, Option<char>))> {
    let mut words = line.split(' ');
    let name = words.next()?;
    let mut character = || u32::from_str_radix(words.next()?, 16).ok().and_then(char::from_u32);
    Some((name, (character()?, character())))
}

/// Writes what the reference at the beginning of `text` (its `&`) stands for;
/// returns the reference's length. `None` if it is no reference.
pub(super) fn resolve(text: &str, in_attribute: bool, into: &mut String) -> Option<usize> {
    if text.as_bytes().get(1) == Some(&b'#') {
        let (character, length) = numeric(&text[2..])?;
        into.push(character);
        return Some(2 + length);
    }
    let rest = &text[1..];
    let letters = rest.bytes().take(LONGEST).take_while(u8::is_ascii_alphanumeric).count();
    let whole = rest.as_bytes().get(letters) == Some(&b';');
    let with_semicolon = NAMED.get(&rest[..letters + usize::from(whole)]).filter(|_| whole);
    let (length, (first, second)) = match with_semicolon {
        Some(found) => (letters + 1, found),
        None => {
            let bare = |length: usize| Some((length, NAMED.get(&rest[..length])?));
            let found = (2..=letters.min(LONGEST_BARE)).rev().find_map(bare)?;
            // `?a=b&copy=c` in an attribute holds no copyright sign.
            let next = rest.as_bytes().get(found.0);
            let goes_on = next.is_some_and(|byte| *byte == b'=' || byte.is_ascii_alphanumeric());
            if in_attribute && goes_on {
                return None;
            }
            found
        }
    };
    into.push(*first);
    into.extend(second);
    Some(1 + length)
}

/// The character whose number stands behind `&#`, and the length of what says
/// so.
fn numeric(text: &str) -> Option<(char, usize)> {
    let (radix, start) = if text.starts_with(['x', 'X']) { (16, 1) } else { (10, 0) };
    let is_digit = |byte: &u8| char::from(*byte).is_digit(radix);
    let digits = text[start..].bytes().take_while(is_digit).count();
    let end = start + digits;
    let code = text[start..end].bytes().fold(0u32, |code, byte| {
        let digit = char::from(byte).to_digit(radix).unwrap_or(0);
        code.saturating_mul(radix).saturating_add(digit)
    });
    let semicolon = usize::from(text.as_bytes().get(end) == Some(&b';'));
    (digits > 0).then_some((character(code), end + semicolon))
}

fn character(code: u32) -> char {
    /// What Windows-1252 has where Unicode has control characters.
    const CONTROLS: [u32; 32] = [
        0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8d, 0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
        0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
    ];
    let code = match code {
        0 => 0xfffd,
        0x80..=0x9f => CONTROLS[code as usize - 0x80],
        code => code,
    };
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str, in_attribute: bool) -> Option<(String, &str)> {
        let mut into = String::new();
        let length = resolve(text, in_attribute, &mut into)?;
        Some((into, &text[length..]))
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(NAMED.len(), include_str!("entities.txt").lines().count());
        assert_eq!(NAMED.len(), 2_231);
        let longest = |bare: bool| {
            let names = NAMED.keys().filter(|name| name.ends_with(';') != bare);
            names.map(|name| name.len()).max()
        };
        assert_eq!((longest(false), longest(true)), (Some(LONGEST), Some(LONGEST_BARE)));
    }

    #[test]
    fn references_stand_for_characters() {
        for (text, expected) in [
            ("&amp;x", Some(("&", "x"))),
            ("&eacute", Some(("\u{e9}", ""))),
            ("&notit;", Some(("\u{ac}", "it;"))),
            ("&notin;", Some(("\u{2209}", ""))),
            ("&NotEqualTilde;", Some(("\u{2242}\u{338}", ""))),
            ("&CounterClockwiseContourIntegral;", Some(("\u{2233}", ""))),
            ("&#233;", Some(("\u{e9}", ""))),
            ("&#Xe9z", Some(("\u{e9}", "z"))),
            ("&#146;", Some(("\u{2019}", ""))),
            ("&#0;", Some(("\u{fffd}", ""))),
            ("&#xd800;", Some(("\u{fffd}", ""))),
            ("&#99999999999;", Some(("\u{fffd}", ""))),
            ("&", None),
            ("& x", None),
            ("&nobody;", None),
            ("&Amp;", None),
            ("&#;", None),
            ("&#x;", None),
            ("&\u{e9};", None),
        ] {
            let expected = expected.map(|(into, rest)| (into.to_owned(), rest));
            assert_eq!(resolved(text, false), expected, "{text}");
        }
    }

    #[test]
    fn in_an_attribute_a_name_without_semicolon_ends_the_word() {
        assert_eq!(resolved("&copy=1", true), None);
        assert_eq!(resolved("&copyx", true), None);
        assert_eq!(resolved("&copy;=1", true), Some(("\u{a9}".to_owned(), "=1")));
        assert_eq!(resolved("&copy ", true), Some(("\u{a9}".to_owned(), " ")));
        assert_eq!(resolved("&copy=1", false), Some(("\u{a9}".to_owned(), "=1")));
    }
}
