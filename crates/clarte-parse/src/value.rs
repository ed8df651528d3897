//! Single values as logs write them, made comparable. What is in its final
//! form already is borrowed.

use std::borrow::Cow;
use std::net::IpAddr;

/// An IP address in its canonical form.
pub(crate) fn ip(text: &str) -> Option<Cow<'_, str>> {
    if is_ipv4(text.as_bytes()) {
        return Some(Cow::Borrowed(text));
    }
    let ip = text.parse::<IpAddr>().ok()?.to_string();
    Some(if ip == text { Cow::Borrowed(text) } else { Cow::Owned(ip) })
}

/// The same, with an IPv4 address that is written as one of IPv6 as what it is.
pub(crate) fn address(text: &str) -> Option<Cow<'_, str>> {
    let ip = ip(text)?;
    if !ip.starts_with("::ffff:") {
        return Some(ip);
    }
    Some(ip.parse::<IpAddr>().ok()?.to_canonical().to_string().into())
}

/// Whether the text is an IPv4 address as the standard library reads and writes
/// it; told without building one, because most cells of most logs are.
fn is_ipv4(text: &[u8]) -> bool {
    let (mut dots, mut digits, mut octet) = (0, 0, 0_u32);
    for &byte in text {
        if byte == b'.' {
            if digits == 0 {
                return false;
            }
            (dots, digits, octet) = (dots + 1, 0, 0);
            continue;
        }
        let digit = u32::from(byte.wrapping_sub(b'0'));
        // No zero leads another digit.
        if digit > 9 || (digits > 0 && octet == 0) {
            return false;
        }
        octet = octet * 10 + digit;
        digits += 1;
        if octet > 255 {
            return false;
        }
    }
    dots == 3 && digits > 0
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

/// A name looked up, which need not be a host's.
pub(crate) fn query(name: &str) -> Cow<'_, str> {
    host(Cow::Borrowed(name)).unwrap_or_else(|| name.to_lowercase().into())
}

/// Whether `normalise` would hand the name back as it is.
fn is_normal(name: &[u8]) -> bool {
    // Dots may stand between labels only. Every byte is looked at, since what
    // nearly always fits is read faster without a way out.
    let (mut wrong, mut before) = (0, DOT);
    for &byte in name {
        let class = OF_HOSTS[usize::from(byte)];
        wrong |= (class & ALIEN) | (class & before & DOT);
        before = class;
    }
    (wrong | (before & DOT)) == 0 && name.len() <= 253
}

const DOT: u8 = 1;
const ALIEN: u8 = 2;

/// What each byte is in a normalised host name.
const OF_HOSTS: [u8; 256] = {
    let mut table = [ALIEN; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => 0,
            b'.' => DOT,
            _ => ALIEN,
        };
        byte += 1;
    }
    table
};

/// A hardware address as lower-case pairs with colons.
pub(crate) fn mac(text: &str) -> Option<String> {
    let pairs: Vec<&str> = text.split([':', '-']).collect();
    let fits = pairs.len() == 6
        && pairs.iter().all(|pair| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit()));
    fits.then(|| pairs.join(":").to_ascii_lowercase())
}

/// What precedes the first such byte, which is ASCII, and what follows it. As
/// `split_once`, which looks for it more slowly.
pub(crate) fn split_first(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = memchr::memchr(byte, text.as_bytes())?;
    Some((&text[..at], &text[at + 1..]))
}

/// What precedes the last such byte, which is ASCII, and what follows it.
pub(crate) fn split_last(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = memchr::memrchr(byte, text.as_bytes())?;
    Some((&text[..at], &text[at + 1..]))
}

/// Splits `host:port`, with or without port and brackets, as in a CONNECT
/// request or a Host header.
pub(crate) fn host_and_port(text: &str) -> (&str, Option<u16>) {
    let (host, port) = match split_last(text, b':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port),
        _ => (text, ""),
    };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    (host, port.parse().ok())
}

/// The `host:port` part of an absolute URL, without user name and password.
pub(crate) fn authority(url: &str) -> Option<&str> {
    // A scheme holds no colon, so that the first one tells.
    let (scheme, rest) = split_first(url, b':')?;
    let rest = rest.strip_prefix("//")?;
    let is_scheme = !scheme.is_empty()
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    let ends = |byte| matches!(byte, b'/' | b'?' | b'#' | b'\\');
    let authority = &rest[..rest.bytes().position(ends).unwrap_or(rest.len())];
    let authority = split_last(authority, b'@').map_or(authority, |(_, host)| host);
    (is_scheme && !authority.is_empty()).then_some(authority)
}

/// The URL of a request on plain HTTP that names only a path.
pub(crate) fn absolute(host: &str, port: Option<i64>, target: &str) -> String {
    let (name, named_port) = host_and_port(host);
    let (open, close) = if name.contains(':') { ("[", "]") } else { ("", "") };
    let port = named_port.map(i64::from).or(port).filter(|port| *port != 80);
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let slash = if target.starts_with('/') { "" } else { "/" };
    format!("http://{open}{name}{close}{port}{slash}{target}")
}

/// Decodes `%41`; what does not come out as UTF-8 stays as it was.
pub(crate) fn percent_decoded(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
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

const HEX: &[u8; 16] = b"0123456789ABCDEF";

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
            let digits = [byte >> 4, byte & 15].map(|digit| HEX[usize::from(digit)]);
            out.extend(['%', digits[0].into(), digits[1].into()]);
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
    fn ipv4_addresses_are_those_of_the_standard_library() {
        for text in [
            "1.2.3.4",
            "0.0.0.0",
            "255.255.255.255",
            "256.1.1.1",
            "1.2.3",
            "1.2.3.4.5",
            "01.2.3.4",
            "00.2.3.4",
            "1..3.4",
            ".1.2.3",
            "1.2.3.",
            "1.2.3.4 ",
            "1.2.3.a",
            "",
            "1.2.3.1111",
            "::1",
        ] {
            assert_eq!(
                is_ipv4(text.as_bytes()),
                text.parse::<std::net::Ipv4Addr>().is_ok(),
                "{text}"
            );
        }
    }

    #[test]
    fn addresses_of_ipv4_are_seen_in_those_of_ipv6() {
        for (text, expected) in [
            ("::FFFF:192.0.2.1", Some("192.0.2.1")),
            ("192.0.2.1", Some("192.0.2.1")),
            ("2001:DB8::1", Some("2001:db8::1")),
            ("-", None),
        ] {
            assert_eq!(address(text).as_deref(), expected, "{text}");
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
