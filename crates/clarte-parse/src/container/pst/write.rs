//! Writes what a mail consists of: header fields, parts and their encodings.
//! Spec: RFC 5322, RFC 2045 to 2047, RFC 2231.
//!
//! Whatever the values hold, the outcome is what it was meant to be: no value
//! begins a field, a part or a mail of its own.

use std::fmt::Write as _;

use jiff::Timestamp;

/// Bytes of one encoded word's text.
const WORD: usize = 45;

/// Characters of an encoded line.
const LINE: usize = 76;

/// The line before a mail in an mbox; `at` is when it came in.
pub(super) fn separator(out: &mut Vec<u8>, at: Timestamp) {
    let date = at.strftime("%a %b %d %H:%M:%S +0000 %Y");
    out.extend_from_slice(format!("From - {date}\n").as_bytes());
}

pub(super) fn date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

pub(super) fn field(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend_from_slice(format!("{name}: {value}\n").as_bytes());
}

/// A field whose value is any text.
pub(super) fn text_field(out: &mut Vec<u8>, name: &str, value: &str) {
    field(out, name, &words(value));
}

/// A field whose value is addresses, each on a line of its own.
pub(super) fn address_field(out: &mut Vec<u8>, name: &str, addresses: &[String]) {
    if !addresses.is_empty() {
        field(out, name, &addresses.join(",\n "));
    }
}

/// An address with the name of whom it belongs to.
pub(super) fn address(name: &str, address: Option<&str>) -> Option<String> {
    let address = address.map(str::trim).filter(|address| is_address(address));
    let name = name.trim();
    let is_plain = |character: char| matches!(character, ' '..='~');
    let shown = match name {
        "" => String::new(),
        name if name.chars().all(is_plain) && !name.contains("=?") => {
            format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
        }
        name => words(name),
    };
    match address {
        Some(address) if shown.is_empty() => Some(format!("<{address}>")),
        Some(address) => Some(format!("{shown} <{address}>")),
        None if shown.is_empty() => None,
        None => Some(shown),
    }
}

/// Whether it looks like an address of the internet.
pub(super) fn is_address(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"<>\"(),;:\\".contains(&byte);
    let domain = text.rsplit_once('@').map(|(_, domain)| domain);
    domain.is_some_and(|domain| !domain.is_empty()) && text.bytes().all(is_plain)
}

/// A text as a header can hold it: as it is, or in encoded words.
fn words(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    let text = text.trim();
    if text.is_ascii() && !text.contains("=?") && text.len() < 900 {
        return text.to_owned();
    }
    let mut all = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = (0..=WORD.min(rest.len())).rev().find(|at| rest.is_char_boundary(*at));
        let (word, after) = rest.split_at(end.filter(|at| *at > 0).unwrap_or(rest.len()));
        if !all.is_empty() {
            all.push_str("\n ");
        }
        let mut encoded = Vec::new();
        push_base64(&mut encoded, word.as_bytes());
        let _ = write!(all, "=?utf-8?B?{}?=", String::from_utf8_lossy(&encoded));
        rest = after;
    }
    all
}

/// A parameter of a field, such as a file's name, with what stands before it.
pub(super) fn parameter(name: &str, value: &str) -> String {
    let is_plain = |character: char| matches!(character, ' '..='~') && !"\"\\%".contains(character);
    if value.chars().all(is_plain) && value.len() < 200 {
        return format!("; {name}=\"{value}\"");
    }
    let mut text = format!("; {name}*=utf-8''");
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// Content as text that stays readable, up to the end of a line; line ends
/// become the mail's.
pub(super) fn quoted_printable(out: &mut Vec<u8>, content: &[u8]) {
    let mut width = 0;
    let mut at = 0;
    while let Some(byte) = content.get(at).copied() {
        let next = content.get(at + 1).copied();
        if byte == b'\n' || (byte == b'\r' && next == Some(b'\n')) {
            out.push(b'\n');
            width = 0;
            at += if byte == b'\r' { 2 } else { 1 };
            continue;
        }
        let at_end = matches!(next, None | Some(b'\r' | b'\n'));
        // No line begins like a separator of an mbox, or a boundary.
        let is_plain = match byte {
            b'=' => false,
            b'F' | b'-' | b'.' => width > 0,
            b' ' | b'\t' => !at_end,
            other => other.is_ascii_graphic(),
        };
        let needed = if is_plain { 1 } else { 3 };
        if width + needed >= LINE {
            out.extend_from_slice(b"=\n");
            width = 0;
            // A byte that begins a line is judged anew.
            continue;
        }
        if is_plain {
            out.push(byte);
        } else {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            let [high, low] = [byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]);
            out.extend_from_slice(&[b'=', high, low]);
        }
        width += needed;
        at += 1;
    }
    if width > 0 {
        out.extend_from_slice(b"=\n");
    }
}

/// Content of any kind.
pub(super) fn base64(out: &mut Vec<u8>, content: &[u8]) {
    for line in content.chunks(LINE / 4 * 3) {
        push_base64(out, line);
        out.push(b'\n');
    }
}

fn push_base64(out: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for group in bytes.chunks(3) {
        let [first, second, third] =
            [0, 1, 2].map(|at| u32::from(group.get(at).copied().unwrap_or_default()));
        let bits = first << 16 | second << 8 | third;
        let digit = |shift: u32| DIGITS[(bits >> shift & 63) as usize];
        let mut four = [digit(18), digit(12), digit(6), digit(0)];
        four[group.len() + 1..].fill(b'=');
        out.extend_from_slice(&four);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_what_they_say_and_nothing_else() {
        for (name, at, expected) in [
            ("Jan", Some("jan@example.org"), Some("\"Jan\" <jan@example.org>")),
            ("", Some("jan@example.org"), Some("<jan@example.org>")),
            ("A \"B\" <x@y.example>", None, Some("\"A \\\"B\\\" <x@y.example>\"")),
            ("Jan", Some("/o=Example/cn=Jan"), Some("\"Jan\"")),
            ("Jan", Some("a@b.example>, <c@d.example"), Some("\"Jan\"")),
            ("Ján", Some("jan@example.org"), Some("=?utf-8?B?SsOhbg==?= <jan@example.org>")),
            ("a\nBcc: b", None, Some("a Bcc: b")),
            (" ", None, None),
        ] {
            assert_eq!(address(name, at).as_deref(), expected, "{name:?}");
        }
    }

    #[test]
    fn no_line_of_a_body_begins_a_mail_or_a_part() {
        let mut out = Vec::new();
        quoted_printable(&mut out, b"From a\r\n--b\n.\nx=1 \n\xe9");
        assert_eq!(out, b"=46rom a\n=2D-b\n=2E\nx=3D1=20\n=E9=\n");
        let mut out = Vec::new();
        quoted_printable(&mut out, "x".repeat(75).as_bytes());
        assert_eq!(out, [&b"x".repeat(75)[..], b"=\n"].concat());
    }

    #[test]
    fn long_texts_are_encoded_in_pieces() {
        let text = "é".repeat(50);
        assert_eq!(words(&text).lines().count(), 3);
        assert_eq!(words("a\r\nb"), "a  b");
        assert_eq!(parameter("name", "a.txt"), "; name=\"a.txt\"");
        assert_eq!(parameter("name", "é\".txt"), "; name*=utf-8''%C3%A9%22.txt");
    }
}
