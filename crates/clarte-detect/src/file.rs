//! The files that a mail carries, looked into: attachments, and what lies in
//! the archives among them.
//!
//! What a file is follows from its ending where that decides what opens it,
//! else from its content. Everything is bounded: how deep archives are opened,
//! how much is inflated, how many files are told apart. What is locked or
//! compressed otherwise than ZIP does it stays closed; names that an archive
//! tells are judged all the same.

mod archive;
mod kind;
mod name;
mod office;
mod page;
mod pdf;
#[cfg(test)]
pub(crate) mod samples;
mod zip;

use clarte_model::Mail;

pub(crate) use kind::Kind;
pub(crate) use name::{extension, has_false_ending, reverses, shown};

/// Files told apart in one mail.
const FILES_CAP: usize = 1_000;

/// Bytes inflated of one mail.
const INFLATED_CAP: usize = 16 << 20;

/// Bytes inflated of one file: what is dangerous shows at its beginning, or is
/// small.
const FILE_CAP: usize = 2 << 20;

/// Archives in archives that are opened.
const DEPTH: usize = 2;

/// Files of an archive that is a collection: scripts are at home in there.
const COLLECTION: usize = 6;

/// A file that the mail carries.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its own name; where it has none, the type that the mail calls it.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    signs: Vec<Sign>,
}

impl File {
    pub(crate) fn shows(&self, sign: Sign) -> bool {
        self.signs.contains(&sign)
    }
}

/// Something in a file's content that a detector speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// It cannot be read without a password.
    Locked,
    /// It runs something, or fetches what runs, when it is opened.
    Macro,
    /// It builds another file or page by script.
    BuildsFile,
    /// It asks for a password.
    AsksPassword,
    /// A picture that holds script or links.
    Active,
}

/// What the mail carries, in its order, an archive before what lies in it.
pub(crate) fn carried(mail: &Mail) -> Vec<File> {
    let mut look = Look { files: Vec::new(), budget: INFLATED_CAP };
    for attachment in &mail.attachments {
        look.at(&attachment.name, &attachment.mime, &attachment.bytes, 0);
    }
    look.files
}

struct Look {
    files: Vec<File>,
    /// What may still be inflated.
    budget: usize,
}

impl Look {
    fn at(&mut self, name: &str, mime: &str, bytes: &[u8], depth: usize) {
        if self.files.len() >= FILES_CAP {
            return;
        }
        let entries = if zip::is_one(bytes) { zip::entries(bytes) } else { Vec::new() };
        let kind = kind::of(name, mime, bytes, &entries);
        let mut signs = Vec::new();
        match kind {
            Kind::Office => office::signs(bytes, &entries, &mut signs),
            Kind::Pdf => pdf::signs(bytes, &mut signs),
            Kind::Page | Kind::Svg => page::signs(kind, bytes, &mut signs),
            _ => {}
        }
        let listing = (kind == Kind::Archive).then(|| archive::listing(bytes, &entries));
        signs.extend(listing.iter().filter(|listing| listing.locked).map(|_| Sign::Locked));
        let name = if name.is_empty() { mime } else { name };
        self.files.push(File { name: name.to_owned(), kind, signs });
        let Some(listing) = listing else { return };
        for name in &listing.names {
            self.named(name, listing.names.len() >= COLLECTION);
        }
        for entry in entries.iter().filter(|_| kind == Kind::Archive) {
            self.entry(bytes, entry, entries.len() >= COLLECTION, depth);
        }
    }

    /// A file of which only the name is known.
    fn named(&mut self, name: &str, in_collection: bool) {
        let name = name::last_part(name);
        if let Some(kind) =
            kind::by_name(name).filter(|kind| is_strange(*kind, name, in_collection))
            && self.files.len() < FILES_CAP
        {
            self.files.push(File { name: name.to_owned(), kind, signs: Vec::new() });
        }
    }

    fn entry(&mut self, bytes: &[u8], entry: &zip::Entry, in_collection: bool, depth: usize) {
        let name = name::last_part(&entry.name);
        let content = (depth < DEPTH && !entry.locked)
            .then(|| entry.content(bytes, FILE_CAP.min(self.budget)))
            .flatten();
        let Some(content) = content else { return self.named(name, in_collection) };
        self.budget -= content.len().min(self.budget);
        let before = self.files.len();
        self.at(name, "", &content, depth + 1);
        if let Some(file) = self.files.get(before)
            && !is_strange(file.kind, name, in_collection)
        {
            self.files.remove(before);
        }
    }
}

/// Whether a file of that kind says something where it lies: web scripts and
/// pages are at home in collections of files.
fn is_strange(kind: Kind, name: &str, in_collection: bool) -> bool {
    let at_home = matches!(kind, Kind::Page | Kind::Svg) || extension(name) == "js";
    !(in_collection && at_home)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn look(name: &str, bytes: &[u8]) -> Vec<File> {
        let mut look = Look { files: Vec::new(), budget: INFLATED_CAP };
        look.at(name, "", bytes, 0);
        look.files
    }

    #[test]
    fn files_are_what_they_are_and_not_what_they_are_called() {
        for (name, bytes, kind) in [
            ("a.txt", samples::program(), Kind::Program),
            ("a.js", b"WScript.Echo(1)".to_vec(), Kind::Program),
            ("mail@host.com", b"text".to_vec(), Kind::Other),
            ("a.com", samples::program(), Kind::Program),
            ("a.pdf", samples::shortcut(), Kind::Shortcut),
            ("a.bin", samples::disk_image(), Kind::DiskImage),
            ("a.doc", samples::compound(&["_VBA_PROJECT"]), Kind::Office),
            ("a.docx", samples::zip(&[("word/document.xml", b"x")]), Kind::Office),
            ("a.docx", samples::zip(&[("readme.txt", b"x")]), Kind::Archive),
            ("a", b"<!DOCTYPE html><p>".to_vec(), Kind::Page),
            ("a.txt", b"<!DOCTYPE html><p>".to_vec(), Kind::Other),
            ("a", b"<?xml version='1.0'?><svg>".to_vec(), Kind::Svg),
            ("a.pdf", b"%PDF-1.7 ".to_vec(), Kind::Pdf),
            ("a.dat", b"\x89PNG\r\n\x1a\n".to_vec(), Kind::Picture),
        ] {
            assert_eq!(look(name, &bytes)[0].kind, kind, "{name}");
        }
    }

    #[test]
    fn archives_are_opened_twice_and_no_deeper() {
        let mut bytes = samples::program();
        let mut found = Vec::new();
        for name in ["a.txt", "1.zip", "2.zip", "3.zip"] {
            bytes = samples::zip(&[(name, &bytes)]);
            let files = look("0.zip", &bytes);
            found.push(files.iter().any(|file| file.kind == Kind::Program));
        }
        assert_eq!(found, [true, true, false, false]);
    }

    #[test]
    fn web_pages_are_at_home_in_collections() {
        let names: Vec<_> = (0..8).map(|number| format!("{number}.js")).collect();
        let entries: Vec<_> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
        assert_eq!(look("site.zip", &samples::zip(&entries)).len(), 1);
        assert_eq!(look("one.zip", &samples::zip(&entries[..1])).len(), 2);
    }

    #[test]
    fn what_inflates_without_end_is_cut() {
        let zeros = vec![b'<'; 3 * FILE_CAP];
        let names: Vec<_> = (0..20).map(|number| format!("{number}.txt")).collect();
        let entries: Vec<_> = names.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
        let opened = look("a.zip", &samples::deflated(&entries)).len() - 1;
        assert_eq!(opened, INFLATED_CAP / FILE_CAP);
    }

    proptest! {
        #[test]
        fn nothing_makes_the_look_into_a_file_panic(
            sample in 0..samples::all().len(),
            changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 0..24),
            cut in any::<usize>(),
        ) {
            let (name, mut bytes) = samples::all().swap_remove(sample);
            bytes.truncate(bytes.len() - cut % (bytes.len() / 2 + 1));
            for (at, byte) in changes {
                let at = at % bytes.len().max(1);
                bytes.get_mut(at).into_iter().for_each(|place| *place = byte);
            }
            look(name, &bytes);
        }

        #[test]
        fn nor_do_arbitrary_bytes(
            head in 0..samples::MARKS.len(),
            name in "[a-z]{0,3}\\.(zip|rar|7z|doc|docx|pdf|html|svg|one|iso|)",
            rest in proptest::collection::vec(any::<u8>(), 0..2_000),
        ) {
            let bytes = [samples::MARKS[head], &rest].concat();
            look(&name, &bytes);
        }
    }
}
