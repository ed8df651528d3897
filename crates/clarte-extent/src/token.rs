//! What in a URL looks like a token, and what is left when tokens are blanked:
//! the URL's *shape*, which two mails of one campaign share across hosts.
//!
//! A look is only a look: whether a token is individual is decided by comparing
//! the mails of a campaign (see `individual`), whatever its shape or encoding.

use clarte_model::url::HttpUrl;

/// A URL with its tokens blanked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Path and query keys, tokens replaced by their class; no host.
    pub(crate) text: String,
    /// How many letters of it are this campaign's own choice rather than words
    /// that everybody uses in such URLs.
    pub(crate) own_letters: usize,
    /// The tokens, as written.
    pub(crate) tokens: Vec<String>,
}

/// The shape of a URL; `None` if nothing in it looks like a token.
pub(crate) fn shape(url: &HttpUrl) -> Option<Shape> {
    let mut shape = Shape { text: String::new(), own_letters: 0, tokens: Vec::new() };
    for segment in url.path.split('/').skip(1) {
        shape.text.push('/');
        shape.push(segment);
    }
    let mut pairs: Vec<_> = url.query.iter().flat_map(|query| query.split('&')).collect();
    pairs.sort_unstable();
    for pair in pairs {
        shape.text.push('?');
        match pair.split_once('=') {
            Some((key, value)) => {
                shape.push_literal(key);
                shape.text.push('=');
                match class(value) {
                    Some(class) => shape.push_token(value, &class),
                    None => shape.text.push('…'),
                }
            }
            None => shape.push(pair),
        }
    }
    (!shape.tokens.is_empty()).then_some(shape)
}

impl Shape {
    /// A path segment: a literal, a token, or a token with an extension.
    fn push(&mut self, segment: &str) {
        let (stem, extension) = match segment.rsplit_once('.') {
            Some((stem, ext)) if (1..=5).contains(&ext.len()) && !stem.is_empty() => {
                (stem, Some(ext))
            }
            _ => (segment, None),
        };
        match class(segment).filter(|_| extension.is_none()).or_else(|| class(stem)) {
            Some(class) => {
                self.push_token(stem, &class);
                if let Some(extension) = extension {
                    self.text.push('.');
                    self.push_literal(extension);
                }
            }
            None => self.push_literal(segment),
        }
    }

    fn push_token(&mut self, token: &str, class: &str) {
        self.text.push_str(class);
        self.tokens.push(token.to_owned());
    }

    fn push_literal(&mut self, literal: &str) {
        self.text.push_str(literal);
        let words = literal.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        self.own_letters += words
            .filter(|word| !COMMON.contains(&word.to_ascii_lowercase().as_str()))
            .map(str::len)
            .sum::<usize>();
    }
}

/// Words that stand in anybody's image and tracking URLs.
const COMMON: &[&str] = &[
    "a",
    "action",
    "api",
    "article",
    "asp",
    "aspx",
    "assets",
    "beacon",
    "c",
    "campaign",
    "cgi",
    "cid",
    "click",
    "clk",
    "css",
    "d",
    "e",
    "email",
    "en",
    "fr",
    "gif",
    "go",
    "h",
    "html",
    "i",
    "id",
    "image",
    "images",
    "img",
    "index",
    "jpeg",
    "jpg",
    "k",
    "key",
    "l",
    "link",
    "logo",
    "ls",
    "m",
    "mail",
    "media",
    "mid",
    "n",
    "news",
    "nl",
    "o",
    "open",
    "p",
    "php",
    "pic",
    "pix",
    "pixel",
    "pixels",
    "png",
    "px",
    "q",
    "r",
    "read",
    "redirect",
    "ref",
    "rid",
    "s",
    "spacer",
    "src",
    "static",
    "t",
    "tag",
    "token",
    "track",
    "tracking",
    "u",
    "uid",
    "unsubscribe",
    "url",
    "user",
    "utm",
    "v",
    "view",
    "w",
    "webp",
    "wf",
    "x",
    "y",
    "z",
];

/// The class of something that looks like a token, such as `<hex32>`.
pub(crate) fn class(text: &str) -> Option<String> {
    let length = text.chars().count();
    if !(5..=2048).contains(&length) {
        return None;
    }
    if text.contains('@') || text.contains("%40") {
        return Some("<address>".to_owned());
    }
    if is_uuid(text) {
        return Some("<uuid>".to_owned());
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_ascii_alphabetic()).count();
    if digits == length {
        // Six to eight digits may be a date; what is longer than that is none.
        return (length >= 6 && !is_date(text)).then(|| format!("<digits{length}>"));
    }
    let hex = text.bytes().all(|b| b.is_ascii_hexdigit());
    if hex && length >= 8 && (digits > 0 || length >= 16) {
        return Some(format!("<hex{length}>"));
    }
    let plain = text.chars().all(|c| {
        c.is_ascii_alphanumeric()
            || matches!(c, '-' | '_' | '=' | '~' | '.' | '+' | '%' | '!' | '*')
    });
    let upper = text.chars().filter(char::is_ascii_uppercase).count();
    let lower = text.chars().filter(char::is_ascii_lowercase).count();
    // An encoding mixes cases inside words, or digits among letters.
    let switches = case_switches(text);
    let mixed = upper > 0 && lower > 0 && switches >= 3;
    let interleaved = digits >= 2 && letters >= 2 && digit_switches(text) >= 2;
    (plain && length >= 8 && (mixed || interleaved)).then(|| "<encoded>".to_owned())
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

    fn text(url: &str) -> Option<String> {
        shape(&HttpUrl::parse(url).expect("a web URL")).map(|shape| shape.text)
    }

    #[test]
    fn tokens_are_blanked_and_the_host_is_not_part_of_the_shape() {
        let a = text("https://a.example/press/0f9e8d7c6b5a4938.gif?v=2");
        assert_eq!(a, text("https://b.example/press/1111aaaa2222bbbb.gif?v=3"));
        assert_eq!(a.as_deref(), Some("/press/<hex16>.gif?v=…"));
        assert_ne!(a, text("https://b.example/radio/1111aaaa2222bbbb.gif?v=3"));
    }

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
