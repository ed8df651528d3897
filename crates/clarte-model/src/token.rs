//! What looks like a token: a value that a program made up, not a person.
//!
//! A look is only a look: that a token is somebody's own is decided by
//! comparison, or by what it spells.

/// The class of something that looks like a token, such as `hex`.
pub fn class(text: &str) -> Option<&'static str> {
    let length = text.chars().count();
    if !(5..=2048).contains(&length) {
        return None;
    }
    if text.contains('@') || text.contains("%40") {
        return Some("address");
    }
    if is_uuid(text) {
        return Some("uuid");
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    if digits == length {
        // Six to eight digits may be a date; what is longer than that is none.
        return (length >= 6 && !is_date(text)).then_some("digits");
    }
    let hex = text.bytes().all(|b| b.is_ascii_hexdigit());
    if hex && length >= 8 && (digits > 0 || length >= 16) {
        return Some("hex");
    }
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=~.+%!*".contains(&b));
    // An encoding mixes cases inside words, or digits among letters.
    let mixed = case_switches(text) >= 3;
    let interleaved = digits >= 2 && letters >= 2 && digit_switches(text) >= 2;
    (plain && length >= 7 && (mixed || interleaved)).then_some("encoded")
}

fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let mut parts = text.split('-');
    lengths.iter().all(|length| {
        parts.next().is_some_and(|part| {
            part.len() == *length && part.bytes().all(|b| b.is_ascii_hexdigit())
        })
    }) && parts.next().is_none()
}

/// `YYYYMM` or `YYYYMMDD` of 1990 to 2099.
fn is_date(digits: &str) -> bool {
    let number = |range| digits.get(range).and_then(|part: &str| part.parse::<u32>().ok());
    let (Some(year), Some(month)) = (number(0..4), number(4..6)) else { return false };
    let day = match digits.len() {
        6 => Some(1),
        8 => number(6..8),
        _ => None,
    };
    (1990..2100).contains(&year)
        && (1..=12).contains(&month)
        && day.is_some_and(|day| (1..=31).contains(&day))
}

/// How often upper and lower case follow each other, the capital at the
/// beginning of a word aside.
fn case_switches(text: &str) -> usize {
    let bytes = text.as_bytes();
    bytes
        .windows(2)
        .filter(|pair| {
            pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase()
                || pair[0].is_ascii_uppercase() && pair[1].is_ascii_lowercase()
        })
        .count()
}

/// How often letters and digits follow each other.
fn digit_switches(text: &str) -> usize {
    let bytes = text.as_bytes();
    bytes
        .windows(2)
        .filter(|pair| {
            pair[0].is_ascii_alphabetic() && pair[1].is_ascii_digit()
                || pair[0].is_ascii_digit() && pair[1].is_ascii_alphabetic()
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_encodings_look_like_tokens_and_words_do_not() {
        for token in [
            "0f9e8d7c6b5a4938",
            "f47ac10b-58cc-4372-a567-0e02b2c3d479",
            "amFuQHBhcmwuZXhhbXBsZQ",
            "83920174",
            "jan%40parl.example",
            "9F86D081884C7D65",
            "x7Kd92LmQp",
        ] {
            assert!(class(token).is_some(), "{token}");
        }
        for word in
            ["images", "logo", "2021", "20210106", "newsletter", "press-release", "Brussels", "v2"]
        {
            assert!(class(word).is_none(), "{word}");
        }
    }
}
