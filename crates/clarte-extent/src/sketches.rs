//! What the links of each mail hold, in a hundred bytes or two.
//!
//! Several steps ask every mail whether its links show one of the campaign's
//! domains, tokens or URL shapes, and taking links apart is most of what
//! reading a mail costs. So when a mail's links are read first, hashes of
//! everything that they may be asked for are kept; afterwards they are read
//! again only where a hash is asked for. These hashes are short, and may stand
//! for another text too: then the links are read for nothing, and no answer
//! rests on it.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hasher};

use clarte_model::lake::Stored;
use clarte_model::{Field, host};

use crate::mails::{Mail, links};
use crate::token;

/// Bytes that all sketches may take. Mails for which none is left are read
/// again each time.
const ROOM: usize = 48 << 20;

/// What a sketch takes besides its hashes, with its place in the table.
const SKETCH: usize = 64;

/// The sketches of the mails whose links were read.
#[derive(Debug, Default)]
pub(crate) struct Sketches {
    of: HashMap<u128, Sketch>,
    hashes: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Sketch {
    /// Where in `hashes` its own begin and end.
    from: u32,
    to: u32,
    has_token: bool,
    loaded: Option<u64>,
}

/// A mail, its links left out where none of them can be what was asked for.
pub(crate) struct Glimpse {
    pub(crate) mail: Mail,
    /// Whether any of its links, left out or not, looks individual.
    pub(crate) has_token: bool,
    /// The first thing that is fetched on opening, hashed: long enough to tell
    /// one from another.
    pub(crate) loaded: Option<u64>,
}

/// Domains, tokens and URL shapes for which links are asked.
#[derive(Debug, Default)]
pub(crate) struct Asked(HashSet<u32>);

impl<'t> FromIterator<&'t str> for Asked {
    fn from_iter<I: IntoIterator<Item = &'t str>>(texts: I) -> Self {
        Self(texts.into_iter().map(short).collect())
    }
}

impl Sketches {
    /// Reads a mail, with its links if one of them may be what is asked for.
    pub(crate) fn read(&mut self, stored: &Stored<'_>, asked: &Asked) -> Glimpse {
        let mut mail = Mail::without_links(stored);
        if stored.record.get(Field::MailReferences).is_none() {
            return Glimpse { mail, has_token: false, loaded: None };
        }
        let known = self.of.get(&mail.at.id()).copied();
        if known.is_none_or(|sketch| self.may_show(sketch, asked)) {
            mail.links = links(stored);
        }
        let Sketch { has_token, loaded, .. } = known.unwrap_or_else(|| self.note(&mail));
        Glimpse { mail, has_token, loaded }
    }

    /// Reads a whole mail.
    pub(crate) fn read_whole(&mut self, stored: &Stored<'_>) -> Mail {
        let mail = Mail::of(stored);
        if !mail.links.is_empty() && !self.of.contains_key(&mail.at.id()) {
            self.note(&mail);
        }
        mail
    }

    fn may_show(&self, sketch: Sketch, asked: &Asked) -> bool {
        let own = &self.hashes[sketch.from as usize..sketch.to as usize];
        own.iter().any(|hash| asked.0.contains(hash))
    }

    /// The sketch of a mail with its links; kept if there is room for it.
    fn note(&mut self, mail: &Mail) -> Sketch {
        let mut hashes = Vec::new();
        let mut has_token = false;
        for url in mail.links.iter().map(|link| &link.url) {
            let shape = token::shape(url);
            has_token |= shape.is_some() || token::in_host(url);
            hashes.push(short(host::registrable(&url.host)));
            hashes.extend(shape.iter().flat_map(|s| [short(&s.exact), short(&s.loose)]));
            token::each_piece(url, &mut |piece| hashes.push(short(piece)));
        }
        hashes.sort_unstable();
        hashes.dedup();
        let mut loads = mail.links.iter().filter(|link| link.reference.how.loads_on_opening());
        let loaded = loads.next().map(|link| hash(&link.url.key()));
        // The room bounds both far below what 32 bits can count.
        let (from, to) = (self.hashes.len(), self.hashes.len() + hashes.len());
        let sketch = Sketch { from: from as u32, to: to as u32, has_token, loaded };
        if to * size_of::<u32>() + self.of.len() * SKETCH < ROOM {
            self.hashes.extend(hashes);
            self.of.insert(mail.at.id(), sketch);
        }
        sketch
    }
}

/// A text in 64 bits; the same in every run.
pub(crate) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

fn short(text: &str) -> u32 {
    hash(text) as u32
}

#[cfg(test)]
mod tests {
    use clarte_model::{Class, EvidenceId, How, Record, Reference, Source};

    use super::*;

    fn mail(offset: u64, urls: &[&str]) -> Record<'static> {
        let mut record = Record::new(Class::Email, Source::Mail, offset, 1);
        let json = |url: &&str| {
            Reference { how: How::Image, url: (*url).to_owned(), hidden: false }.to_json()
        };
        record.texts(Field::MailReferences, urls.iter().map(json));
        record
    }

    fn read(sketches: &mut Sketches, record: &Record<'_>, asked: &[&str]) -> Glimpse {
        let stored = Stored { evidence: EvidenceId([1; 32]), member: None, record };
        sketches.read(&stored, &asked.iter().copied().collect())
    }

    #[test]
    fn links_are_read_once_and_again_only_where_they_may_be_what_is_asked_for() {
        let mut sketches = Sketches::default();
        let record = mail(0, &["https://img.x.example/p/0f9e8d7c6b5a4938.gif"]);
        let first = read(&mut sketches, &record, &[]);
        assert_eq!(first.mail.links.len(), 1);
        for (asked, links) in [
            (&["y.example"][..], 0),
            (&["x.example"], 1),
            (&["0f9e8d7c6b5a4938"], 1),
            (&["/p/<hex 16>.gif"], 1),
            (&["/p/<hex>.gif"], 1),
            (&[], 0),
        ] {
            let again = read(&mut sketches, &record, asked);
            assert_eq!(again.mail.links.len(), links, "{asked:?}");
            assert_eq!((again.has_token, again.loaded), (true, first.loaded), "{asked:?}");
        }
    }

    #[test]
    fn a_mail_without_links_has_nothing_to_be_remembered() {
        let mut sketches = Sketches::default();
        let glimpse = read(&mut sketches, &mail(0, &[]), &["x.example"]);
        assert!(glimpse.mail.links.is_empty() && !glimpse.has_token && sketches.of.is_empty());
    }

    #[test]
    fn where_there_is_no_room_links_are_read_each_time() {
        let mut sketches = Sketches { hashes: vec![0; ROOM / 4], ..Sketches::default() };
        let record = mail(0, &["https://x.example/a"]);
        for _ in 0..2 {
            assert_eq!(read(&mut sketches, &record, &["y.example"]).mail.links.len(), 1);
        }
        assert!(sketches.of.is_empty() && sketches.hashes.len() == ROOM / 4);
    }
}
