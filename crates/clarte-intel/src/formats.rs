//! Which format a file of intelligence is in, by its content.

use std::borrow::Cow;

use clarte_model::FaultKind;

use crate::loaded::{Loaded, Places};
use crate::{json, list, table};

/// The largest file read: indicators are held in memory.
pub const MAX_BYTES: usize = 512 * 1024 * 1024;

/// Reads one file of intelligence. `name` is the source of indicators for
/// which the file names none.
///
/// ```
/// let loaded = clarte_intel::read("partner.txt", b"# seen in March\nevil[.]example\n");
/// assert_eq!(loaded.format, "list");
/// assert_eq!(loaded.indicators[0].value, "evil.example");
/// assert_eq!(loaded.indicators[0].source, "partner.txt");
/// ```
pub fn read(name: &str, bytes: &[u8]) -> Loaded {
    if bytes.len() > MAX_BYTES {
        let why = format!("{} bytes; files above {MAX_BYTES} are not read", bytes.len());
        return unknown(bytes, FaultKind::TooLarge, &why);
    }
    let (text, base) = decode(bytes);
    if text.iter().all(u8::is_ascii_whitespace) {
        return unknown(bytes, FaultKind::Malformed, "the file is empty");
    }
    if let Some(what) = foreign(&text) {
        return unknown(bytes, FaultKind::Malformed, &format!("{what}; not evaluated"));
    }
    if matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
        // A list may begin with a bracket too: `[.]evil.example`.
        if let Some(loaded) = json::read(name, &text, base) {
            return loaded;
        }
    }
    if let Some(loaded) = table::read(name, &text, base) {
        return loaded;
    }
    let loaded = list::read(name, &text, base);
    if loaded.indicators.is_empty() && loaded.faults_total > 0 {
        return unknown(bytes, FaultKind::Malformed, &nothing_found(&loaded));
    }
    loaded
}

/// A file that is read not at all, with the reason.
fn unknown(bytes: &[u8], kind: FaultKind, why: &str) -> Loaded {
    let mut loaded = Loaded::new("unknown");
    loaded.lost(Places::new(bytes, 0).at(0, bytes.len()), kind, why);
    loaded
}

fn nothing_found(loaded: &Loaded) -> String {
    let first = loaded.faults.first().map(|fault| fault.detail.as_str()).unwrap_or_default();
    let lines = loaded.faults_total;
    format!(
        "no known format, and none of its first {lines} lines is a value; text is not mined ({first})"
    )
}

/// UTF-8 without its byte order mark, and how many bytes that took away.
/// UTF-16, as some spreadsheets export, is decoded; offsets then count in the
/// decoded text.
pub(crate) fn decode(bytes: &[u8]) -> (Cow<'_, [u8]>, u64) {
    let units = |from_bytes: fn([u8; 2]) -> u16| {
        let pairs = bytes[2..].chunks_exact(2).map(move |pair| from_bytes([pair[0], pair[1]]));
        let chars = char::decode_utf16(pairs).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
        Cow::Owned(chars.collect::<String>().into_bytes())
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => (Cow::Borrowed(rest), 3),
        [0xff, 0xfe, ..] => (units(u16::from_le_bytes), 0),
        [0xfe, 0xff, ..] => (units(u16::from_be_bytes), 0),
        _ => (Cow::Borrowed(bytes), 0),
    }
}

/// What a file is that we know of and do not read.
fn foreign(text: &[u8]) -> Option<&'static str> {
    const HEAD: usize = 16 * 1024;
    let start = text.trim_ascii_start();
    let head = String::from_utf8_lossy(&start[..start.len().min(HEAD)]);
    let lines = || head.lines().map(str::trim);
    let any = |test: fn(&str) -> bool| lines().any(test);
    if start.starts_with(b"%PDF") {
        return Some("a PDF");
    }
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"\x1f\x8b") || text.contains(&0) {
        return Some("a binary file");
    }
    if start.starts_with(b"<") {
        return Some(xml(&head));
    }
    let is_yara = |line: &str| {
        let mut words = line.split([' ', '\t', ':', '{']);
        let first = words.find(|word| !matches!(*word, "private" | "global"));
        first == Some("rule") && words.next().is_some_and(|word| !word.is_empty())
    };
    if any(is_yara) && any(|line| line.starts_with("condition:")) {
        return Some("a YARA rule file");
    }
    if any(|line| line.starts_with("detection:")) && any(|line| line.starts_with("logsource:")) {
        return Some("a Sigma rule");
    }
    let is_snort = |line: &str| line.starts_with("alert ") && line.contains("->");
    if any(is_snort) {
        return Some("a file of Snort or Suricata rules");
    }
    None
}

fn xml(head: &str) -> &'static str {
    if head.contains("openioc") || head.contains("<ioc") || head.contains("OpenIOC") {
        "an OpenIOC file"
    } else if head.contains("STIX_Package") {
        "a STIX 1 package"
    } else if head.contains("<html") || head.contains("<HTML") {
        "an HTML page"
    } else {
        "an XML file"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(bytes: &[u8]) -> String {
        let loaded = read("x", bytes);
        assert_eq!((loaded.format, loaded.indicators.len()), ("unknown", 0));
        assert_eq!(loaded.faults[0].length, bytes.len() as u64);
        loaded.faults[0].detail.clone()
    }

    #[test]
    fn foreign_formats_are_named() {
        for (bytes, expected) in [
            (&b"%PDF-1.7 ..."[..], "line 1: a PDF; not evaluated"),
            (b"rule a : b {\n condition:\n true }", "line 1: a YARA rule file; not evaluated"),
            (b"<?xml?><ioc id='1'/>", "line 1: an OpenIOC file; not evaluated"),
            (b"title: a\nlogsource:\ndetection:\n", "line 1: a Sigma rule; not evaluated"),
            (b"a\0b", "line 1: a binary file; not evaluated"),
            (b"", "line 1: the file is empty"),
            (b"\n \n", "line 1: the file is empty"),
        ] {
            assert_eq!(why(bytes), expected);
        }
        assert!(why(b"Dear colleagues,\nplease look into this.\n").contains("text is not mined"));
    }

    #[test]
    fn spreadsheets_write_marks_and_utf_16() {
        let text = "value,type\r\nevil.example,domain\r\n";
        let mut marked = vec![0xef, 0xbb, 0xbf];
        marked.extend(text.bytes());
        let mut wide = vec![0xff, 0xfe];
        wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        for bytes in [marked, wide] {
            let loaded = read("x", &bytes);
            assert_eq!((loaded.format, loaded.indicators.len()), ("csv", 1));
        }
    }
}
