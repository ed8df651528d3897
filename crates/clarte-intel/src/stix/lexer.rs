//! STIX patterns: text to tokens.

use jiff::civil::DateTime;

use super::pattern::{BadPattern, Literal};

/// A token and the byte where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'p> {
    pub(super) at: usize,
    pub(super) kind: Kind<'p>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind<'p> {
    /// A name or keyword.
    Word(&'p str),
    /// An operator or bracket.
    Sign(&'p str),
    /// An unquoted number.
    Number(&'p str),
    /// A quoted constant.
    Literal(Literal),
}

/// Longest first: `<=` is not `<` and `=`.
const SIGNS: [&str; 17] =
    ["==", "!=", "<>", "<=", ">=", "=", "<", ">", "[", "]", "(", ")", ":", ".", ",", "*", "!"];

/// Every token of a pattern.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, BadPattern> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at = skip_blanks(text, at)?;
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let quoted = match first {
            '\'' => Some(0),
            't' | 'h' | 'b' if rest[1..].starts_with('\'') => Some(1),
            _ => None,
        };
        let (kind, length) = if let Some(prefix) = quoted {
            quote(rest, prefix).map_err(|why| BadPattern { at, why })?
        } else if first.is_ascii_alphabetic() || first == '_' {
            let word = leading(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
            (Kind::Word(word), word.len())
        } else if let Some(number) = number(rest) {
            (Kind::Number(number), number.len())
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Kind::Sign(sign), sign.len())
        } else {
            return Err(BadPattern { at, why: "unexpected character" });
        };
        tokens.push(Token { at, kind });
        at += length;
    }
}

/// The first byte from `at` on that is neither white space nor in a comment.
fn skip_blanks(text: &str, mut at: usize) -> Result<usize, BadPattern> {
    loop {
        let rest = &text[at..];
        let bare = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        at += rest.len() - bare.len();
        if let Some(comment) = bare.strip_prefix("/*") {
            let end = comment.find("*/").ok_or(BadPattern { at, why: "a comment never ends" })?;
            at += end + 4;
        } else if let Some(comment) = bare.strip_prefix("//") {
            at += 2 + comment.find('\n').unwrap_or(comment.len());
        } else {
            return Ok(at);
        }
    }
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !belongs(c)).unwrap_or(text.len())]
}

fn number(text: &str) -> Option<&str> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = leading(unsigned, |c| c.is_ascii_digit());
    let fraction = unsigned[whole.len()..].strip_prefix('.');
    let decimals = fraction.map_or("", |rest| leading(rest, |c| c.is_ascii_digit()));
    if whole.is_empty() && decimals.is_empty() {
        return None;
    }
    let point = if decimals.is_empty() { 0 } else { 1 + decimals.len() };
    Some(&text[..text.len() - unsigned.len() + whole.len() + point])
}

/// A quoted constant after a prefix of so many bytes; its token and length.
fn quote(text: &str, prefix: usize) -> Result<(Kind<'_>, usize), &'static str> {
    let body = &text[prefix + 1..];
    let mut plain = String::new();
    let mut chars = body.char_indices();
    let end = loop {
        match chars.next() {
            None => return Err("a quoted constant never ends"),
            Some((at, '\'')) => break at,
            Some((_, '\\')) => match chars.next() {
                Some((_, c @ ('\'' | '\\'))) if prefix == 0 => plain.push(c),
                _ => return Err("only `\\'` and `\\\\` may be escaped"),
            },
            Some((_, c)) => plain.push(c),
        }
    };
    let literal = match &text[..prefix] {
        "t" if is_timestamp(&plain) => Literal::Timestamp(plain),
        "h" if plain.len().is_multiple_of(2) && plain.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Literal::Hex(plain)
        }
        "b" if is_base64(&plain) => Literal::Base64(plain),
        "" => Literal::Text(plain),
        "t" => return Err("this is no timestamp"),
        "h" => return Err("this is no hexadecimal constant"),
        _ => return Err("this is no base64 constant"),
    };
    Ok((Kind::Literal(literal), prefix + 1 + end + 1))
}

/// `2024-01-15T12:30:45.123Z`, checked as the grammar checks it: every field
/// in its range, the day up to 31 in every month.
fn is_timestamp(text: &str) -> bool {
    let Some(rest) = text.strip_suffix('Z') else { return false };
    let (seconds, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
    let shape = seconds.len() == 19
        && seconds.as_bytes()[10] == b'T'
        && !fraction.is_empty()
        && fraction.bytes().all(|b| b.is_ascii_digit());
    // The 31st of April passes the grammar; the 28th stands for its range.
    let day = seconds.get(8..10).and_then(|day| day.parse::<u8>().ok());
    let day_fits = day.is_some_and(|day| (1..=31).contains(&day));
    shape
        && day_fits
        && seconds
            .get(..8)
            .zip(seconds.get(10..))
            .is_some_and(|(month, time)| format!("{month}28{time}").parse::<DateTime>().is_ok())
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}
