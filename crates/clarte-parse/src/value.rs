//! Single values as logs write them, made comparable. What is in its final
//! form already is borrowed.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};

/// An IP address in its canonical form.
pub(crate) fn ip(text: &str) -> Option<Cow<'_, str>> {
    if text.parse::<Ipv4Addr>().is_ok() {
        return Some(Cow::Borrowed(text));
    }
    let ip = text.parse::<IpAddr>().ok()?.to_string();
    Some(if ip == text { Cow::Borrowed(text) } else { Cow::Owned(ip) })
}

/// A host name or address as [`clarte_model::host::normalise`] has it.
pub(crate) fn host(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if is_normal(text.as_bytes()) {
        return Some(text);
    }
    let lower = text.to_ascii_lowercase();
    if is_normal(lower.as_bytes()) {
        return Some(Cow::Owned(lower));
    }
    clarte_model::host::normalise(&text).map(Cow::Owned)
}

/// Whether `normalise` would hand the name back as it is.
fn is_normal(name: &[u8]) -> bool {
    let mut before = b'.';
    let fits = name.iter().all(|&byte| {
        let fits = matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_')
            || (byte == b'.' && before != b'.');
        before = byte;
        fits
    });
    fits && before != b'.' && name.len() <= 253
}

/// A hardware address as lower-case pairs with colons.
pub(crate) fn mac(text: &str) -> Option<String> {
    let pairs: Vec<&str> = text.split([':', '-']).collect();
    let fits = pairs.len() == 6
        && pairs.iter().all(|pair| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit()));
    fits.then(|| pairs.join(":").to_ascii_lowercase())
}

/// Splits `host:port`, with or without port and brackets, as in a CONNECT
/// request or a Host header.
pub(crate) fn host_and_port(text: &str) -> (&str, Option<u16>) {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port),
        _ => (text, ""),
    };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    (host, port.parse().ok())
}

/// The `host:port` part of an absolute URL, without user name and password.
pub(crate) fn authority(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let is_scheme = !scheme.is_empty()
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let authority = &rest[..end];
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    (is_scheme && !authority.is_empty()).then_some(authority)
}

/// Decodes `%41`; what does not come out as UTF-8 stays as it was.
pub(crate) fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte == b'%').then(|| hex_pair(bytes.get(at + 1..at + 3))).flatten() {
            Some(decoded) => {
                out.push(decoded);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The byte that two hexadecimal digits stand for.
pub(crate) fn hex_pair(digits: Option<&[u8]>) -> Option<u8> {
    let &[high, low] = digits? else { return None };
    let digit = |byte: u8| (byte as char).to_digit(16);
    Some((digit(high)? * 16 + digit(low)?) as u8)
}

/// The bytes as text, invalid ones written as `%FF`; and whether there were
/// any. No byte is lost.
pub(crate) fn text(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), false);
    }
    let mut out = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    (Cow::Owned(out), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_come_out_as_the_model_has_them() {
        for name in [
            "a.b",
            "A.b",
            "a..b",
            ".",
            "",
            "a.b.",
            "[::1]",
            "_x._tcp.local",
            "b\u{fc}cher.example",
            "1.2.3.4",
        ] {
            let expected = clarte_model::host::normalise(name);
            assert_eq!(host(name.into()).map(Cow::into_owned), expected, "{name}");
        }
    }

    #[test]
    fn authorities_are_found_and_split() {
        for (url, expected) in [
            ("http://a.b/c?d@e", Some(("a.b", None))),
            ("https://u:p@a.b:8443/", Some(("a.b", Some(8443)))),
            ("http://[2001:db8::1]:80/x", Some(("2001:db8::1", Some(80)))),
            ("http://a.b?x", Some(("a.b", None))),
            ("error:invalid-request", None),
            ("://x", None),
        ] {
            assert_eq!(authority(url).map(host_and_port), expected, "{url}");
        }
        assert_eq!(host_and_port("2001:db8::1"), ("2001:db8::1", None));
        assert_eq!(host_and_port("a.b:443"), ("a.b", Some(443)));
    }

    #[test]
    fn no_byte_is_lost_in_text() {
        assert_eq!(text(b"a\xffb"), ("a%FFb".into(), true));
        assert_eq!(percent_decoded("EX%5Cjan%e9"), "EX%5Cjan%e9");
        assert_eq!(percent_decoded("EX%5Cjan%"), "EX\\jan%");
    }
}
