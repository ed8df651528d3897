//! Links in plain text, as mail programs make them clickable.

use clarte_model::How;

use super::references::References;

/// Adds the `http(s)://` and `www.` links of `text`.
pub(super) fn links(text: &str, references: &mut References) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = next_start(bytes, at) {
        let (start, bare) = found;
        let rest = &text[start..];
        let end = end_of_url(rest);
        let url = trimmed(&rest[..end]);
        if bare {
            references.add(How::Link, &format!("http://{url}"), false);
        } else {
            references.add(How::Link, url, false);
        }
        at = start + end.max(1);
    }
}

/// The length of the URL with which `text` begins, with the punctuation behind.
fn end_of_url(text: &str) -> usize {
    let is_plain = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"');
    let plain = text.bytes().take_while(is_plain).count();
    let ends = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '\u{3000}'..='\u{3002}' | '\u{ff0c}')
    };
    text[plain..].find(ends).map_or(text.len(), |end| plain + end)
}

/// The next `http://`, `https://` or `www.`, and whether it has no scheme.
fn next_start(bytes: &[u8], from: usize) -> Option<(usize, bool)> {
    let mut at = from;
    loop {
        // Both end in a byte rare enough to look for.
        at += memchr::memchr2(b':', b'.', &bytes[at..])?;
        let before = &bytes[from..at];
        let start = if bytes[at] == b'.' {
            ends_with(before, b"www").then(|| (at - 3, true))
        } else if bytes[at..].starts_with(b"://") {
            let length = [&b"https"[..], b"http"]
                .into_iter()
                .find(|scheme| ends_with(before, scheme))
                .map(<[u8]>::len);
            length.map(|length| (at - length, false))
        } else {
            None
        };
        match start {
            Some((start, true)) if start > from && bytes[start - 1].is_ascii_alphanumeric() => {}
            Some(found) => return Some(found),
            None => {}
        }
        at += 1;
    }
}

fn ends_with(bytes: &[u8], end: &[u8]) -> bool {
    bytes.len() >= end.len() && bytes[bytes.len() - end.len()..].eq_ignore_ascii_case(end)
}

/// Without the punctuation of the sentence around it; a closing bracket stays
/// if the URL opened it.
fn trimmed(url: &str) -> &str {
    let mut url = url;
    for _ in 0..16 {
        let Some(last) = url.chars().next_back() else { break };
        let open = match last {
            ')' => Some('('),
            ']' => Some('['),
            '}' => Some('{'),
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '|' | '\u{201d}' | '\u{2019}'
            | '\u{bb}' => None,
            _ => break,
        };
        if open.is_some_and(|open| url.matches(open).count() >= url.matches(last).count()) {
            break;
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_end_where_the_sentence_goes_on() {
        for (text, expected) in [
            ("see http://a.example/b?c=d.", &["http://a.example/b?c=d"][..]),
            (
                "(HTTPS://a.example/x_(y)), www.b.example!",
                &["HTTPS://a.example/x_(y)", "http://www.b.example"],
            ),
            ("<http://a.example/>http://b.example", &["http://a.example/", "http://b.example"]),
            ("xhttp:// ftp://a.example awww.b.example http", &[]),
        ] {
            let mut references = References::default();
            links(text, &mut references);
            let found: Vec<_> =
                references.finish().0.into_iter().map(|reference| reference.url).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
