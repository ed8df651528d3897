//! What lies behind an image proxy: the host that learns of the opening is the
//! one that the proxy asks.

use clarte_model::url::HttpUrl;

use crate::tables::Tables;

/// The URL that the proxy at `url` fetches, if it is one and tells; `written`
/// is the same URL as it stands, with what follows `#`.
pub(super) fn behind(url: &HttpUrl, written: &str, tables: &Tables) -> Option<HttpUrl> {
    if let Some(at) = url.path.find("/cdn-cgi/image/") {
        return in_path(&url.path[at..]);
    }
    if !tables.is_proxy(&url.host) {
        return None;
    }
    if let Some(inner) = written.split_once('#').and_then(|(_, rest)| inner(rest)) {
        return Some(inner);
    }
    let query = url.query.as_deref().unwrap_or_default();
    let named = query.split('&').filter_map(|pair| pair.split_once('='));
    let named = named.filter(|(key, _)| ["url", "u", "src", "image", "img"].contains(key));
    let mut told = named.filter_map(|(_, value)| inner(value));
    told.next().or_else(|| in_path(&url.path))
}

/// An address inside a path: behind its scheme, or as hexadecimal digits.
fn in_path(path: &str) -> Option<HttpUrl> {
    if let Some(at) = ["http:/", "https:/", "http%3A", "https%3A"]
        .iter()
        .filter_map(|scheme| path.find(scheme))
        .min()
    {
        return inner(&path[at..]);
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_hex = last.len() > 20 && last.len().is_multiple_of(2);
    let bytes: Option<Vec<u8>> = is_hex
        .then(|| {
            let digits = last.as_bytes().chunks(2);
            digits.map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok()).collect()
        })
        .flatten();
    inner(&String::from_utf8(bytes?).ok()?)
}

fn inner(text: &str) -> Option<HttpUrl> {
    let text = text.replace("%3A", ":").replace("%2F", "/").replace("%3F", "?");
    let text = text.replace("%3D", "=").replace("%26", "&");
    HttpUrl::parse(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_behind_a_proxy_is_found() {
        let tables = Tables::shipped();
        for url in [
            "https://images.weserv.nl/?url=https%3A%2F%2Fa.example%2Fp%3Fu%3D1&w=2",
            "https://ci3.googleusercontent.com/proxy/AbCd=s0-d-e1-ft#https://a.example/p?u=1",
            "https://camo.githubusercontent.com/abc/68747470733a2f2f612e6578616d706c652f703f753d31",
        ] {
            let inner = behind(&HttpUrl::parse(url).expect("a URL"), url, &tables);
            assert_eq!(inner.map(|inner| inner.key()).as_deref(), Some("a.example/p?u=1"), "{url}");
        }
        let plain = "https://a.example/?url=https://b.example/";
        assert_eq!(behind(&HttpUrl::parse(plain).expect("a URL"), plain, &tables), None);
    }
}
