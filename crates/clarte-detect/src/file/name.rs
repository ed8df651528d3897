//! File names and the tricks played with them.

use std::fmt::Write;

/// The ending by which the system chooses what opens a file, in lower case;
/// Windows drops dots and spaces behind it.
pub(crate) fn extension(name: &str) -> String {
    let name = name.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    match last_part(name).rsplit_once('.') {
        Some((_, ending)) if ending.len() <= 20 => ending.to_ascii_lowercase(),
        _ => String::new(),
    }
}

/// The name without folders.
pub(super) fn last_part(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Endings that a reader takes for harmless.
const HARMLESS: [&str; 24] = [
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "rtf", "txt", "csv", "jpg",
    "jpeg", "png", "gif", "bmp", "mp3", "mp4", "wav", "mov", "avi", "eml", "msg",
];

/// Whether a harmless ending stands before the real one, or the real one is
/// pushed out of sight. Of use where the real one is not harmless.
pub(crate) fn has_false_ending(name: &str) -> bool {
    let ending = extension(name);
    let name = name.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let stem = &name[..name.len() - ending.len()];
    let stem = stem.trim_end_matches('.');
    let blank = |c: char| c.is_whitespace() || matches!(c, '_' | '\u{2800}' | '\u{3164}');
    let bare = stem.trim_end_matches(blank);
    let pushed = stem[bare.len()..].chars().count() >= 8;
    !ending.is_empty() && (pushed || HARMLESS.contains(&extension(bare).as_str()))
}

/// Whether the name holds characters that make it read otherwise than it is
/// written (UAX #9): overrides always, embeddings where there is nothing
/// written from right to left.
pub(crate) fn reverses(name: &str) -> bool {
    let right_to_left = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fefc}');
    name.contains(['\u{202d}', '\u{202e}'])
        || name.contains(['\u{202b}', '\u{2067}']) && !name.contains(right_to_left)
}

/// The name with such characters, and other control characters, spelt out, so
/// that whoever shows it is not fooled.
pub(crate) fn shown(name: &str) -> String {
    let mut shown = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            write!(shown, "[U+{:04X}]", u32::from(c)).expect("strings take what is written");
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_those_that_count() {
        for (name, ending) in [
            ("a.PDF", "pdf"),
            ("folder.d/b", ""),
            ("a.pdf.exe. ", "exe"),
            ("noname", ""),
            ("c:\\x\\y.lnk", "lnk"),
        ] {
            assert_eq!(extension(name), ending, "{name}");
        }
    }

    #[test]
    fn false_endings_and_reversed_names_are_seen() {
        for (name, expected) in [
            ("report.pdf.exe", true),
            ("report.pdf .exe", true),
            ("report            .exe", true),
            ("report.exe", false),
            ("v1.2.exe", false),
            ("report.pdf", false),
            ("pdf.exe", false),
            ("", false),
        ] {
            assert_eq!(has_false_ending(name), expected, "{name}");
        }
        assert!(reverses("report\u{202e}fdp.exe"));
        assert!(reverses("a\u{202b}fdp.exe"));
        assert!(!reverses("\u{202b}\u{5e9}\u{5dc}\u{202c}.pdf"));
        assert!(!reverses("\u{2068}Anna\u{2069}"));
        assert_eq!(shown("a\u{202e}b"), "a[U+202E]b");
    }
}
