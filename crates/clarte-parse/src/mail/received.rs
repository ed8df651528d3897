//! Received headers: who handed the message over, and when.
//! Spec: RFC 5321 §4.4; the forms in use are looser.

use std::net::IpAddr;

use clarte_model::Moment;
use jiff::tz::TimeZone;

use super::date;

/// The address from which the hop's receiver took the message over: what the
/// receiver itself saw (in parentheses) before what the sender claimed.
pub(super) fn address(value: &str) -> Option<IpAddr> {
    let part = from_part(value)?;
    let mut seen = None;
    let mut claimed = None;
    let mut depth = 0usize;
    let mut at = 0;
    let bytes = part.as_bytes();
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|byte| is_of_token(**byte)).count();
        if length == 0 {
            match bytes[at] {
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
            continue;
        }
        // Only where an address is expected, so that no version number is
        // taken for one: at the beginning, or behind a bracket or `@`.
        let expected = at == 0 || matches!(bytes[at - 1], b'(' | b'[' | b'@');
        if let Some(ip) = part.get(at..at + length).filter(|_| expected).and_then(ip) {
            let kept =
                if depth == 0 || follows_greeting(&bytes[..at]) { &mut claimed } else { &mut seen };
            *kept = kept.or(Some(ip));
        }
        at += length;
    }
    seen.or(claimed)
}

/// When the hop's receiver took the message over.
pub(super) fn time(value: &str, assumed: &TimeZone) -> Option<Moment> {
    date::read(value.rsplit_once(';')?.1, assumed)
}

/// An address as headers write it: bare, in brackets, with `IPv6:` before or a
/// port behind it.
pub(super) fn ip(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_start_matches('[').trim_end_matches(']');
    let text = match text.get(..5) {
        Some(tag) if tag.eq_ignore_ascii_case("ipv6:") => &text[5..],
        _ => text,
    };
    let bare = match text.split_once(':') {
        Some((address, port)) if address.contains('.') && !port.contains(':') => address,
        _ => text,
    };
    bare.parse().ok()
}

/// The host that wrote the field, normalised.
pub(super) fn by(value: &str) -> Option<String> {
    let rest = match from_part(value) {
        Some(part) => &value[value.find(part)? + part.len()..],
        None => value,
    };
    let rest = rest.trim_start();
    let word = rest.get(..3).filter(|word| word.eq_ignore_ascii_case("by "))?.len();
    let host =
        rest[word..].split([' ', '\t', '\r', '\n', ';', '(']).find(|word| !word.is_empty())?;
    clarte_model::host::normalise(host)
}

/// What lies between `from` and `by`.
fn from_part(value: &str) -> Option<&str> {
    let value = value.trim_start();
    let start = value.get(..5).filter(|word| word.eq_ignore_ascii_case("from "))?.len();
    let value = value[start..].trim_start();
    let mut depth = 0usize;
    let mut inside = None;
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b';' if depth == 0 => return Some(&value[..at]),
            b' ' if value.get(at..at + 4).is_some_and(|word| word.eq_ignore_ascii_case(" by ")) => {
                if depth == 0 {
                    return Some(&value[..at]);
                }
                inside = inside.or(Some(at));
            }
            _ => {}
        }
    }
    // A parenthesis that never closes hides the `by`.
    Some(inside.filter(|_| depth > 0).map_or(value, |at| &value[..at]))
}

/// Whether what follows is how the sender introduced itself.
fn follows_greeting(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let before = before.strip_suffix(b"[").unwrap_or(before).trim_ascii_end();
    let before = before.strip_suffix(b"=").unwrap_or(before);
    before.len() >= 4
        && [&b"helo"[..], b"ehlo"]
            .iter()
            .any(|word| before[before.len() - 4..].eq_ignore_ascii_case(word))
}

fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'-' | b'_' | b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_one_the_receiver_saw() {
        for (value, expected) in [
            ("from x (helo [192.0.2.1]) by y", "192.0.2.1"),
            ("from [192.0.2.1] by y with esmtp (Exim 4.92.3.1)", "192.0.2.1"),
            ("from x (rdns.example [192.0.2.1]:2525) by y (Postfix) with ESMTP", "192.0.2.1"),
            ("from x (HELO y) (192.0.2.1) by z with SMTP", "192.0.2.1"),
            ("from x ([IPv6:2001:db8::1]) by y", "2001:db8::1"),
            ("from A (10.1.2.3) by B (10.9.9.9) with Microsoft SMTP Server", "10.1.2.3"),
            ("from A (2001:db8:0:1::8) by B (2001:db8::9)", "2001:db8:0:1::8"),
            ("from unknown (HELO x) (user@192.0.2.1 with plain) by y", "192.0.2.1"),
            ("from [203.0.113.9] (real.example [192.0.2.1]) by y", "192.0.2.1"),
            ("from 192.0.2.1 (EHLO x) by y", "192.0.2.1"),
            ("from x ([192.0.2.1] helo=[203.0.113.9]) by y", "192.0.2.1"),
        ] {
            assert_eq!(
                address(value).map(|ip| ip.to_string()).as_deref(),
                Some(expected),
                "{value}"
            );
        }
        for value in [
            "by 192.0.2.1 with SMTP id x",
            "from x (smtpd 4.5.6.7) by y",
            "from x by y ([192.0.2.1])",
            "(qmail 1 invoked by uid 2)",
            "from 1-2-3-4.example by y",
        ] {
            assert_eq!(address(value), None, "{value}");
        }
    }
}
