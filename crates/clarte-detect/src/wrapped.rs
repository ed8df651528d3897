//! What lies behind a link that a mail filter rewrote to pass through itself.
//!
//! Of the forms in `tables/proxies.csv`. Where the original is hidden in a code
//! it stays so.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use clarte_model::url::HttpUrl;

use crate::tables::Tables;

/// Filters around filters.
const DEPTH: usize = 3;

/// Where `url` leads: what it wraps, else itself.
pub(crate) fn unwrapped(url: HttpUrl, tables: &Tables) -> HttpUrl {
    let mut url = url;
    for _ in 0..DEPTH {
        match original(&url, tables) {
            Some(inner) => url = inner,
            None => break,
        }
    }
    url
}

fn original(url: &HttpUrl, tables: &Tables) -> Option<HttpUrl> {
    if !tables.is_link_proxy(&url.host) {
        return None;
    }
    let query = url.query.as_deref().unwrap_or_default();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let named = pairs.filter(|(key, _)| ["url", "u", "a", "q"].contains(key));
    named.into_iter().find_map(|(_, value)| spelt(value)).or_else(|| in_path(&url.path))
}

/// An address in a value: percent-encoded, Proofpoint's way, or in base64.
fn spelt(value: &str) -> Option<HttpUrl> {
    let plain = percent_decoded(value);
    if let Some(url) = HttpUrl::parse(&plain) {
        return Some(url);
    }
    if plain.starts_with("http-3A") || plain.starts_with("https-3A") {
        return HttpUrl::parse(&percent_decoded(&plain.replace('-', "%").replace('_', "/")));
    }
    let bare = plain.trim_end_matches('=');
    let bytes = STANDARD_NO_PAD.decode(bare).or_else(|_| URL_SAFE_NO_PAD.decode(bare)).ok()?;
    HttpUrl::parse(&String::from_utf8(bytes).ok()?)
}

/// An address in a path, between underscores or to its end.
fn in_path(path: &str) -> Option<HttpUrl> {
    let path = percent_decoded(path);
    let at = path.find("http:").or_else(|| path.find("https:"))?;
    let rest = &path[at..];
    let rest = rest.split("__").next().unwrap_or(rest);
    // Two slashes become one on the way.
    let rest = match rest.split_once(":/") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.trim_start_matches('/')),
        None => rest.to_owned(),
    };
    HttpUrl::parse(&rest)
}

/// The text with its percent-encoding removed.
pub(crate) fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (bytes[at], digit(at + 1).zip(digit(at + 2))) {
            (b'%', Some((high, low))) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_original_of_a_rewritten_link_is_found() {
        let tables = Tables::shipped();
        for url in [
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fp%3Fu%3D1&data=x",
            "https://urldefense.proofpoint.com/v2/url?u=https-3A__a.example_p-3Fu-3D1&d=x",
            "https://urldefense.com/v3/__https://a.example/p?u=1__;!!x",
            "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fa.example%2fp%3fu%3d1&c=E",
            "https://secure-web.cisco.com/1abc/https%3A%2F%2Fa.example%2Fp%3Fu%3D1",
            "https://protect.checkpoint.com/v2/___https://a.example/p?u=1___.abc",
        ] {
            let inner = unwrapped(HttpUrl::parse(url).expect("a URL"), &tables);
            assert_eq!(inner.host, "a.example", "{url}");
            assert!(inner.path.starts_with("/p"), "{url}");
        }
        let hidden = "https://url.uk.m.mimecastprotect.com/s/abc?domain=a.example";
        let url = HttpUrl::parse(hidden).expect("a URL");
        assert_eq!(unwrapped(url.clone(), &tables), url);
    }
}
