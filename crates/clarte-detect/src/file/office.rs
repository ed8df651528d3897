//! Office documents that run something or fetch what runs.
//!
//! Spec: MS-CFB (directory entries), MS-OVBA §2.2 (`_VBA_PROJECT`), MS-OFFCRYPTO
//! §2.3 (`EncryptedPackage`), ECMA-376-2 §9 (relationships), RTF 1.9.1, MS-ONESTORE.
//! Left out: macros of Excel 4 in binary workbooks, pictures and links that a
//! document fetches without running them, exploits.

use memchr::memmem;

use super::Sign;
use super::kind::{self, Kind};
use super::zip::Entry;

/// Bytes read of one part that lists relationships.
const PART_CAP: usize = 256 << 10;

/// Parts that list relationships, looked at in one document.
const PARTS_CAP: usize = 64;

/// Templates that a document names; it has one.
const TEMPLATES_CAP: usize = 64;

/// Files embedded in a notebook that are looked at.
const EMBEDDED_CAP: usize = 256;

/// Adds what the document shows.
pub(super) fn signs(bytes: &[u8], entries: &[Entry], signs: &mut Vec<Sign>) {
    let runs = if bytes.starts_with(&kind::COMPOUND) {
        signs.extend(has_entry(bytes, "EncryptedPackage").then_some(Sign::Locked));
        ["_VBA_PROJECT", "_VBA_PROJECT_CUR"].iter().any(|name| has_entry(bytes, name))
    } else if bytes.starts_with(b"{\\rt") {
        rich_text_runs(bytes)
    } else if bytes.starts_with(&kind::ONENOTE) {
        notebook_runs(bytes)
    } else {
        package_runs(bytes, entries)
    };
    signs.extend(runs.then_some(Sign::Macro));
}

/// Whether a compound file has a directory entry of that name: UTF-16, at the
/// beginning of an entry of 128 bytes.
fn has_entry(bytes: &[u8], name: &str) -> bool {
    let wide: Vec<_> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    memmem::find_iter(bytes, &wide).any(|at| at % 128 == 0)
}

fn package_runs(bytes: &[u8], entries: &[Entry]) -> bool {
    let named = |entry: &Entry| {
        let name = entry.name.to_ascii_lowercase();
        name.ends_with("vbaproject.bin") || name.contains("/macrosheets/")
    };
    let lists = |entry: &&Entry| entry.name.to_ascii_lowercase().ends_with(".rels");
    entries.iter().any(named)
        || entries.iter().filter(lists).take(PARTS_CAP).any(|entry| {
            entry.content(bytes, PART_CAP).is_some_and(|part| fetches_what_runs(&part))
        })
}

/// Whether a part names a template or an object that lies on a server.
fn fetches_what_runs(part: &[u8]) -> bool {
    const KINDS: [&str; 4] = ["/attachedtemplate", "/oleobject", "/frame", "/subdocument"];
    // UTF-16, too, without its zeros.
    let part: Vec<_> = part.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&part).to_ascii_lowercase();
    text.split('<').any(|tag| {
        let value = |name: &str| {
            let behind = &tag[tag.find(name)? + name.len()..];
            let behind = behind.trim_start().strip_prefix('=')?.trim_start();
            behind.get(1..)?.split(['"', '\'']).next()
        };
        value("targetmode") == Some("external")
            && KINDS.iter().any(|kind| value(" type").is_some_and(|text| text.ends_with(kind)))
            && value(" target").is_some_and(is_on_a_server)
    })
}

/// Templates on the author's own disk, or a share of the house, are everyday.
fn is_on_a_server(target: &str) -> bool {
    let target = target.trim();
    ["http:", "https:", "ftp:", "mhtml:", "ms-"].iter().any(|scheme| target.starts_with(scheme))
        || (target.contains('\\') || target.starts_with("file:"))
            && ["@ssl", "@80", "@443", "davwwwroot"].iter().any(|mark| target.contains(mark))
}

/// A template from a server, or an object that is run on opening.
fn rich_text_runs(bytes: &[u8]) -> bool {
    let from_server = memmem::find_iter(bytes, b"\\*\\template").take(TEMPLATES_CAP).any(|at| {
        let rest = &bytes[at..bytes.len().min(at + 2_000)];
        let group = rest.split(|byte| *byte == b'}').next().unwrap_or_default();
        let target: String =
            group.iter().map(|byte| char::from(byte.to_ascii_lowercase())).collect();
        // An address may be written in numbers of characters.
        target.contains("http") || target.contains("\\u-") || target.matches("\\u").count() > 3
    });
    from_server || memmem::find(bytes, b"\\objupdate").is_some()
}

/// A file in the notebook that runs, by its content or by its name.
fn notebook_runs(bytes: &[u8]) -> bool {
    /// FileDataStoreObject, MS-ONESTORE §2.6.13.
    const EMBEDDED: [u8; 16] = [
        0xe7, 0x16, 0xe3, 0xbd, 0x65, 0x26, 0x11, 0x45, 0xa4, 0xc4, 0x8d, 0x4d, 0x0b, 0x7a, 0x9e,
        0xac,
    ];
    let runs = |kind: Kind| matches!(kind, Kind::Program | Kind::Shortcut | Kind::Page);
    let mut embedded = memmem::find_iter(bytes, &EMBEDDED).take(EMBEDDED_CAP).peekable();
    if embedded.peek().is_none() {
        return false;
    }
    embedded.any(|at| runs(kind::of("", "", bytes.get(at + 36..).unwrap_or_default(), &[])))
        || [".bat", ".cmd", ".hta", ".js", ".jse", ".lnk", ".ps1", ".vbs", ".wsf", ".exe", ".scr"]
            .iter()
            .any(|ending| {
                let wide: Vec<_> =
                    ending.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
                memmem::find(bytes, &wide).is_some()
            })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::{samples, zip};

    fn seen(bytes: &[u8]) -> Vec<Sign> {
        let mut found = Vec::new();
        let entries = if zip::is_one(bytes) { zip::entries(bytes) } else { Vec::new() };
        signs(bytes, &entries, &mut found);
        found
    }

    fn with_relationship(kind: &str, target: &str) -> Vec<u8> {
        let part = format!(
            "<?xml version=\"1.0\"?><Relationships><Relationship Id=\"a\" \
             Type=\"http://schemas.example/relationships/{kind}\" Target=\"{target}\" \
             TargetMode=\"External\"/></Relationships>"
        );
        samples::deflated(&[("word/_rels/settings.xml.rels", part.as_bytes())])
    }

    #[test]
    fn what_runs_is_seen_and_what_does_not_is_spared() {
        let runs = [
            samples::compound(&["Root Entry", "_VBA_PROJECT"]),
            samples::zip(&[("word/vbaProject.bin", b"x")]),
            samples::zip(&[("xl/macrosheets/sheet1.xml", b"x")]),
            with_relationship("attachedTemplate", "https://a.example/t.dotm"),
            with_relationship("attachedTemplate", "\\\\a.example@SSL\\t.dotm"),
            with_relationship("oleObject", "mhtml:http://a.example/x!http://a.example/x"),
            b"{\\rtf1{\\*\\template http://a.example/t}".to_vec(),
            b"{\\rt{\\*\\template \\u104?\\u116?\\u116?\\u112?}".to_vec(),
            b"{\\rtf1{\\object\\objautlink\\objupdate}}".to_vec(),
            samples::notebook(b"MZ\0\0 program"),
            samples::notebook(b"x\0.\0h\0t\0a\0\0\0"),
        ];
        for bytes in &runs {
            assert_eq!(seen(bytes), [Sign::Macro], "{}", String::from_utf8_lossy(bytes));
        }
        let rests = [
            samples::compound(&["Root Entry", "WordDocument"]),
            samples::zip(&[("word/document.xml", b"x")]),
            with_relationship("hyperlink", "https://a.example/"),
            with_relationship("attachedTemplate", "file:///C:\\Templates\\t.dotm"),
            b"{\\rtf1 {\\*\\template C:\\\\t.dot} http://a.example".to_vec(),
            samples::notebook(b"\x89PNG\r\n"),
        ];
        for bytes in &rests {
            assert_eq!(seen(bytes), [], "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(seen(&samples::compound(&["EncryptedPackage"])), [Sign::Locked]);
    }
}
