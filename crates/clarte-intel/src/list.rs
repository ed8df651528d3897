//! Plain lists: one value a line, as people send them.
//!
//! Comments (`#`, `;`, `//`), bullets, numbering, a trailing comment or a
//! second column are understood, a heading on top, and defanged values. A line of several
//! words is not mined for values; it is a fault.

use clarte_model::FaultKind;

use crate::column::{self, Column};
use crate::loaded::{Claim, Loaded, Place, Places, quote};
use crate::value::{self, Hint, Value};

/// After so many lines without one value a file is no list.
const PATIENCE: u64 = 10_000;

/// Reads a list. Every line is a value, a comment, blank or a fault; a file
/// that is no list is given up early.
pub(crate) fn read(name: &str, text: &[u8], base: u64) -> Loaded {
    let mut loaded = Loaded::new("list");
    let mut places = Places::new(text, base);
    let mut claim = Claim { source: name.to_owned(), ..Claim::default() };
    for line in text.split(|byte| *byte == b'\n') {
        if loaded.indicators.is_empty() && loaded.faults_total >= PATIENCE {
            break;
        }
        let place = places.of(line);
        match std::str::from_utf8(line) {
            Ok(line) => one(&mut loaded, place, &mut claim, line),
            Err(_) => loaded.lost(place, FaultKind::Encoding, "the line is not UTF-8"),
        }
    }
    loaded
}

fn one(loaded: &mut Loaded, place: Place, claim: &mut Claim, line: &str) {
    let text = without_bullet(line.trim());
    if text.is_empty() || ["#", ";", "//"].iter().any(|mark| text.starts_with(mark)) {
        return;
    }
    let on_top = loaded.indicators.is_empty() && loaded.faults_total == 0;
    if on_top && matches!(column::column(text.trim_end_matches(':')), Column::Value(_)) {
        return;
    }
    match value(text) {
        Ok(value) => {
            claim.reference = Some(format!("line {}", place.line));
            loaded.indicator(place, claim, value);
        }
        Err(why) => loaded.lost(place, FaultKind::BadValue, &why),
    }
}

/// The value of a line: the whole line, or what stands before a comment.
fn value(text: &str) -> Result<Value, String> {
    let bare = undressed(text);
    let whole = value::read(Hint::Any, bare);
    if whole.is_ok() {
        return whole;
    }
    if let Some((word, rest)) = bare.split_once([':', '='])
        && let Some(hint) = value::hint(word).filter(|hint| *hint != Hint::Any)
        && let Ok(value) = value::read(hint, undressed(before_comment(rest)))
    {
        return Ok(value);
    }
    let first = undressed(before_comment(bare));
    match value::read(Hint::Any, first) {
        Ok(value) => Ok(value),
        Err(_) if first.contains(char::is_whitespace) => {
            Err(format!("{} is several words; text is not mined", quote(bare)))
        }
        Err(why) => Err(why),
    }
}

/// What stands before a trailing comment or a second column.
fn before_comment(text: &str) -> &str {
    const MARKS: [&str; 12] =
        [" #", "\t", " //", " - ", " – ", " — ", ", ", ",", "; ", ";", " | ", "|"];
    let end = MARKS.iter().filter_map(|mark| text.find(mark)).min();
    text[..end.unwrap_or(text.len())].trim()
}

/// A line without its bullet or number.
fn without_bullet(text: &str) -> &str {
    let bullets = ["- ", "* ", "• ", "– ", "> ", "·"];
    if let Some(rest) = bullets.iter().find_map(|bullet| text.strip_prefix(bullet)) {
        return rest.trim_start();
    }
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = rest.len() < text.len() && (rest.starts_with(". ") || rest.starts_with(") "));
    if numbered { rest[2..].trim_start() } else { text }
}

/// A value without quotes, brackets and punctuation around it.
fn undressed(text: &str) -> &str {
    let text = text.trim().trim_end_matches([',', ';']).trim();
    for (open, close) in [('"', '"'), ('\'', '\''), ('`', '`'), ('<', '>')] {
        if let Some(inner) = text.strip_prefix(open).and_then(|text| text.strip_suffix(close)) {
            return inner.trim();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use clarte_model::IndicatorKind;
    use proptest::prelude::*;

    use super::*;

    fn values(text: &str) -> Vec<String> {
        read("x", text.as_bytes(), 0).indicators.into_iter().map(|found| found.value).collect()
    }

    #[test]
    fn a_line_may_be_dressed() {
        for line in [
            "evil.example",
            "- evil[.]example",
            "* evil.example,",
            "12) evil.example",
            "3. evil.example",
            "\"evil.example\"",
            "`evil.example`",
            "<evil.example>",
            "evil.example # seen twice",
            "evil.example // seen twice",
            "evil.example - the second stage, seen in May",
            "evil.example, seen twice",
            "evil.example;2021;domain",
            "evil.example\tC2",
            "domain: evil[.]example",
            "Domain = evil.example # seen",
            "evil [.] example",
            "  evil.example  \r",
        ] {
            assert_eq!(values(line), ["evil.example"], "{line}");
        }
    }

    #[test]
    fn comments_and_blank_lines_are_no_faults() {
        let loaded = read("x", b"# a\n; b\n// c\n\n   \n#\n", 0);
        assert_eq!((loaded.indicators.len(), loaded.faults_total), (0, 0));
        let loaded = read("x", b"Malicious domains:\nevil.example\n", 0);
        assert_eq!((loaded.indicators.len(), loaded.faults_total), (1, 0));
    }

    #[test]
    fn prose_is_not_mined_and_said_with_its_line() {
        let loaded =
            read("x", b"evil.example\nWe saw traffic to bad.example in May.\ncom\n\xff\n", 0);
        assert_eq!(loaded.indicators.len(), 1);
        assert_eq!(loaded.indicators[0].reference.as_deref(), Some("line 1"));
        let faults: Vec<_> = loaded.faults.iter().map(|f| (f.offset, f.detail.as_str())).collect();
        assert_eq!(
            faults,
            [
                (
                    13,
                    "line 2: `We saw traffic to bad.example in May.` is several words; text is not mined"
                ),
                (51, "line 3: `com` is a single label, no full host name"),
                (55, "line 4: the line is not UTF-8"),
            ]
        );
    }

    #[test]
    fn a_url_keeps_its_commas_and_marks() {
        let url = "http://evil.example/a,b;c?d=1#e";
        let loaded = read("x", url.as_bytes(), 0);
        assert_eq!(loaded.indicators[0].kind, IndicatorKind::Url);
        assert_eq!(loaded.indicators[0].value, url);
    }

    #[test]
    fn a_heading_below_a_value_is_a_line_like_any_other() {
        let loaded = read("x", b"a\nIp", 0);
        assert_eq!((loaded.indicators.len(), loaded.faults.len()), (0, 2));
    }

    proptest! {
        #[test]
        fn every_line_is_accounted_for(lines in prop::collection::vec("([ -~é]{0,30}|[a-c]{1,3}(\\.|\\[\\.\\])com)", 0..20)) {
            let loaded = read("x", lines.join("\n").as_bytes(), 0);
            let said = loaded.indicators.len() as u64
                + loaded.faults.iter().filter(|fault| fault.lost).count() as u64;
            let spoken = lines.iter().map(|line| without_bullet(line.trim())).filter(|line| {
                !line.is_empty() && !line.starts_with(['#', ';']) && !line.starts_with("//")
            });
            // A heading is one only above everything else.
            let heading = |line: &&str| {
                matches!(column::column(line.trim_end_matches(':')), Column::Value(_))
            };
            prop_assert_eq!(said, spoken.skip_while(heading).count() as u64);
        }
    }
}
