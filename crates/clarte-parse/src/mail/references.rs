//! The remote references of one mail, each once.

use std::borrow::Cow;
use std::collections::HashMap;

use clarte_model::{How, Reference};

/// References kept of one mail.
const REFERENCES_CAP: usize = 10_000;

/// The longest URL kept.
const URL_CAP: usize = 8 << 10;

/// The longest label kept, in bytes.
const LABEL_CAP: usize = 512;

/// References that are looked through one by one, before it pays to hash.
const FEW: usize = 64;

/// Collects references, in the order of the mail.
#[derive(Debug, Default)]
pub(super) struct References {
    all: Vec<Reference>,
    /// Where they stand in `all`, once they are more than a few.
    places: HashMap<(How, String), usize>,
    left_out: usize,
    /// What is noted of each in `all`, where that is asked for.
    notes: Option<Vec<Note>>,
}

/// What only a reader of the mail needs to know of a reference.
#[derive(Debug, Clone, Default)]
pub(super) struct Note {
    /// The text of the links that lead there, one a line.
    pub(super) label: String,
    /// How often the mail refers to it.
    pub(super) times: usize,
}

impl References {
    /// Collects them with their notes.
    pub(super) fn noted() -> Self {
        Self { notes: Some(Vec::new()), ..Self::default() }
    }

    /// Adds `text` if it is an absolute `http` or `https` URL or begins with
    /// `//`; white space that browsers ignore is removed. Returns its place.
    pub(super) fn add(&mut self, how: How, text: &str, hidden: bool) -> Option<usize> {
        self.add_cleaned(how, cleaned(text), hidden)
    }

    /// The same for a URL that went through [`cleaned`].
    pub(super) fn add_cleaned(
        &mut self,
        how: How,
        url: Cow<'_, str>,
        hidden: bool,
    ) -> Option<usize> {
        if !is_remote(&url) {
            return None;
        }
        if url.len() > URL_CAP || self.all.len() >= REFERENCES_CAP {
            self.left_out += 1;
            return None;
        }
        let place = self.place(how, url);
        self.all[place].hidden |= hidden;
        if let Some(notes) = &mut self.notes {
            notes.resize_with(self.all.len(), Note::default);
            notes[place].times += 1;
        }
        Some(place)
    }

    /// Where the reference stands, added if it is new.
    fn place(&mut self, how: How, url: Cow<'_, str>) -> usize {
        if self.all.len() <= FEW {
            let same = |known: &Reference| known.how == how && *known.url == *url;
            return self.all.iter().position(same).unwrap_or_else(|| {
                self.all.push(Reference { how, url: url.into_owned(), hidden: false });
                self.all.len() - 1
            });
        }
        if self.places.is_empty() {
            let all = self.all.iter().enumerate();
            self.places.extend(all.map(|(at, known)| ((known.how, known.url.clone()), at)));
        }
        *self.places.entry((how, url.into_owned())).or_insert_with_key(|(_, url)| {
            self.all.push(Reference { how, url: url.clone(), hidden: false });
            self.all.len() - 1
        })
    }

    /// Adds to what is shown for the link at `place`.
    pub(super) fn label(&mut self, place: usize, text: &str) {
        let Some(note) = self.notes.as_mut().and_then(|notes| notes.get_mut(place)) else { return };
        let room = LABEL_CAP.saturating_sub(note.label.len());
        note.label.push_str(&text[..text.floor_char_boundary(room)]);
    }

    /// How many were left out for our caps.
    pub(super) fn left_out(&self) -> usize {
        self.left_out
    }

    /// The references and how many were left out for our caps.
    pub(super) fn finish(self) -> (Vec<Reference>, usize) {
        (self.all, self.left_out)
    }

    /// The references with what was noted of them.
    pub(super) fn into_noted(self) -> impl Iterator<Item = (Reference, Note)> {
        self.all.into_iter().zip(self.notes.unwrap_or_default())
    }
}

/// As the URL standard begins: without surrounding control characters and
/// space, without tabs and line ends anywhere.
pub(super) fn cleaned(text: &str) -> Cow<'_, str> {
    let text = match text.as_bytes() {
        // As most stand.
        [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim_matches(|c: char| c <= ' ' || c == '\u{a0}'),
    };
    let bytes = text.as_bytes();
    if memchr::memchr3(b'\t', b'\n', b'\r', bytes).is_none() && memchr::memchr(0, bytes).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(['\t', '\n', '\r', '\0'], ""))
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
    let is_of_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    let length = url.bytes().take_while(is_of_scheme).count();
    let fits = url.starts_with(|c: char| c.is_ascii_alphabetic())
        && url.as_bytes().get(length) == Some(&b':');
    fits.then_some(&url[..length])
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

    #[test]
    fn however_many_there_are_each_is_kept_once() {
        let mut references = References::default();
        for hidden in [false, true] {
            for number in 0..3 * FEW {
                references.add(How::Link, &format!("http://a.example/{number}"), hidden);
                references.add(How::Image, &format!("http://a.example/{number}"), false);
            }
        }
        let (all, _) = references.finish();
        let expected = (0..6 * FEW).map(|at| (format!("http://a.example/{}", at / 2), at % 2 == 0));
        let found: Vec<_> =
            all.into_iter().map(|reference| (reference.url, reference.hidden)).collect();
        assert_eq!(found, expected.collect::<Vec<_>>());
    }
}
