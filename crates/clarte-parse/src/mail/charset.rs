//! Bytes of a text part to text.

use std::borrow::Cow;

use clarte_model::FaultKind;
use mail_parser::decoders::charsets::map::charset_decoder;

use super::header::latin;

/// What was wrong with a text's encoding.
pub(super) type Wrong = Option<(FaultKind, String)>;

/// Decodes `bytes`, which claim to be in `label`. Text that claims nothing is
/// UTF-8 if it can be, else what its HTML says, else Windows-1252.
pub(super) fn decode<'b>(
    bytes: &'b [u8],
    label: Option<&str>,
    is_html: bool,
) -> (Cow<'b, str>, Wrong) {
    let label = label.map(|label| label.trim().trim_matches(['"', '\'']).to_ascii_lowercase());
    let label = label.filter(|label| !label.is_empty());
    let means_itself = |label: &str| {
        !is_stateful(label) && !label.starts_with("utf-16") && !label.starts_with("utf-32")
    };
    if label.as_deref().is_none_or(means_itself) && bytes.is_ascii() {
        return (guess(bytes), unknown(label.as_deref()));
    }
    match label.as_deref() {
        None => undeclared(bytes, is_html),
        Some("utf-8" | "utf8") => utf8(bytes),
        Some("us-ascii" | "ascii" | "ansi_x3.4-1968") => {
            let wrong =
                (FaultKind::Encoding, "8-bit bytes in text that claims to be ASCII".to_owned());
            (guess(bytes), Some(wrong))
        }
        Some(label) => match charset_decoder(label.as_bytes()) {
            Some(decode) => (Cow::Owned(decode(bytes)), None),
            None => (guess(bytes), unknown(Some(label))),
        },
    }
}

fn utf8(bytes: &[u8]) -> (Cow<'_, str>, Wrong) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(at) => {
            let detail = format!(
                "text that claims to be UTF-8 is not, from byte {} of the part on",
                at.valid_up_to()
            );
            (String::from_utf8_lossy(bytes), Some((FaultKind::Encoding, detail)))
        }
    }
}

fn undeclared(bytes: &[u8], is_html: bool) -> (Cow<'_, str>, Wrong) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), None);
    }
    if let Some(decode) =
        meta(bytes).filter(|_| is_html).and_then(|label| charset_decoder(label.as_bytes()))
    {
        return (Cow::Owned(decode(bytes)), None);
    }
    let wrong = (FaultKind::Encoding, "8-bit bytes in text that names no character set".to_owned());
    (guess(bytes), Some(wrong))
}

fn guess(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(latin(bytes)),
    }
}

/// The fault of a label that nobody knows.
fn unknown(label: Option<&str>) -> Wrong {
    let is_known = |label: &str| {
        matches!(label, "us-ascii" | "ascii" | "utf-8" | "utf8" | "7bit" | "8bit" | "binary")
            || charset_decoder(label.as_bytes()).is_some()
    };
    let label = label.filter(|label| !is_known(label))?;
    let label: String = label.chars().take(40).collect();
    Some((FaultKind::Charset, format!("unknown character set `{label}`")))
}

/// Character sets in which ASCII bytes may mean something else.
fn is_stateful(label: &str) -> bool {
    label.starts_with("utf-7")
        || label.starts_with("utf7")
        || label.starts_with("iso-2022")
        || label.starts_with("hz")
}

/// The label of `<meta … charset=…>`.
fn meta(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let at = head.find("charset=")? + "charset=".len();
    let rest = head[at..].trim_start_matches(['"', '\'', ' ']);
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded_and_its_damage_told() {
        for (bytes, label, text, wrong) in [
            (&b"a"[..], None, "a", None),
            (b"\xe9", Some("ISO-8859-1"), "\u{e9}", None),
            (b"\xc3\xa9", Some("\"utf-8\""), "\u{e9}", None),
            (b"\xe9", Some("utf-8"), "\u{fffd}", Some(FaultKind::Encoding)),
            (b"\xe9", None, "\u{e9}", Some(FaultKind::Encoding)),
            (b"a", Some("x-nobody"), "a", Some(FaultKind::Charset)),
            (b"+AOk-", Some("utf-7"), "\u{e9}", None),
            (b"<meta charset=koi8-r>\xc1", None, "<meta charset=koi8-r>\u{430}", None),
        ] {
            let (found, cause) = decode(bytes, label, true);
            assert_eq!(
                (&*found, cause.map(|(kind, _)| kind)),
                (text, wrong),
                "{}",
                bytes.escape_ascii()
            );
        }
    }
}
