//! The remote references of one mail, each once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use clarte_model::{How, Reference};

/// References kept of one mail.
const REFERENCES_CAP: usize = 10_000;

/// The longest URL kept.
const URL_CAP: usize = 8 << 10;

/// Collects references, in the order of the mail.
#[derive(Debug, Default)]
pub(super) struct References {
    known: HashMap<(How, String), usize>,
    all: Vec<Reference>,
    left_out: usize,
}

impl References {
    /// Adds `text` if it is an absolute `http` or `https` URL or begins with
    /// `//`; white space that browsers ignore is removed.
    pub(super) fn add(&mut self, how: How, text: &str, hidden: bool) {
        self.add_cleaned(how, cleaned(text), hidden);
    }

    /// The same for a URL that went through [`cleaned`].
    pub(super) fn add_cleaned(&mut self, how: How, url: String, hidden: bool) {
        if !is_remote(&url) {
            return;
        }
        if url.len() > URL_CAP || self.all.len() >= REFERENCES_CAP {
            self.left_out += 1;
            return;
        }
        match self.known.entry((how, url)) {
            Entry::Occupied(known) => self.all[*known.get()].hidden |= hidden,
            Entry::Vacant(new) => {
                let url = new.key().1.clone();
                new.insert(self.all.len());
                self.all.push(Reference { how, url, hidden });
            }
        }
    }

    /// How many were left out for our caps.
    pub(super) fn left_out(&self) -> usize {
        self.left_out
    }

    /// The references and how many were left out for our caps.
    pub(super) fn finish(self) -> (Vec<Reference>, usize) {
        (self.all, self.left_out)
    }
}

/// As the URL standard begins: without surrounding control characters and
/// space, without tabs and line ends anywhere.
pub(super) fn cleaned(text: &str) -> String {
    let text = text.trim_matches(|c: char| c <= ' ' || c == '\u{a0}');
    if !text.bytes().any(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | 0)) {
        return text.to_owned();
    }
    text.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r' | '\0')).collect()
}

/// Whether a cleaned URL leads to a web server by itself.
pub(super) fn is_remote(url: &str) -> bool {
    let is_slash = |c: char| c == '/' || c == '\\';
    let rest = match scheme(url) {
        Some(scheme)
            if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") =>
        {
            &url[scheme.len() + 1..]
        }
        Some(_) => return false,
        None if url.len() > 2 && url.chars().take(2).all(is_slash) => url,
        None => return false,
    };
    let host = rest.trim_start_matches(is_slash);
    host.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '[' | '%' | '_' | '-'))
}

/// The scheme, if the URL has one.
pub(super) fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    fits.then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leads_to_a_web_server_is_kept() {
        let mut references = References::default();
        for url in [
            "cid:a@b",
            "mailto:a@b.example",
            "/a",
            "http://",
            "data:image/png;base64,AA",
            "//",
            "javascript:x",
        ] {
            references.add(How::Image, url, false);
        }
        references.add(How::Image, " ht\ntp://a.example/\tb ", false);
        references.add(How::Image, "http://a.example/b", true);
        references.add(How::Image, "\\\\b.example/c", false);
        let (all, left_out) = references.finish();
        let urls: Vec<_> =
            all.iter().map(|reference| (reference.url.as_str(), reference.hidden)).collect();
        assert_eq!(urls, [("http://a.example/b", true), ("\\\\b.example/c", false)]);
        assert_eq!(left_out, 0);
    }
}
