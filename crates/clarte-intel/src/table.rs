//! Tables: CSV with a header, and JSON rows with the same names as keys.
//! Spec: RFC 4180, loosely; the columns are found by name in many dialects.
//!
//! Left out: tables without a header (they are lists), and every column whose
//! name says nothing about an indicator.

use clarte_model::{FaultKind, Timestamp};
use csv::ByteRecord;

use crate::column::{Column, column, is_list, names_a_value};
use crate::loaded::{Claim, Loaded, MAX_NAMES, Place, Places, label, quote};
use crate::stix;
use crate::value::{self, Hint};
use crate::{moment, tlp};

/// Reads a CSV file; `None` if its first line is no header we know.
pub(crate) fn read(name: &str, text: &[u8], base: u64) -> Option<Loaded> {
    let (delimiter, columns) = header(text)?;
    let mut loaded = Loaded::new("csv");
    let mut places = Places::new(text, base);
    let mut rows = reader(text, delimiter);
    let mut record = ByteRecord::new();
    let mut is_header = true;
    let mut start = 0;
    loop {
        let read = rows.read_byte_record(&mut record);
        let end = usize::try_from(rows.position().byte()).unwrap_or(text.len());
        let begin = first_row(text, record.position().map_or(start, |at| at.byte() as usize));
        let place = places.at(begin, end.saturating_sub(begin));
        start = end;
        match read {
            Ok(false) => return Some(loaded),
            Ok(true) if std::mem::take(&mut is_header) => {}
            Ok(true) => fields(&mut loaded, name, place, &columns, &record),
            Err(error) => {
                loaded.lost(place, FaultKind::Malformed, &error.to_string());
                return Some(loaded);
            }
        }
    }
}

/// The first byte from `at` on that the reader does not pass over: blank lines
/// and comments.
fn first_row(text: &[u8], mut at: usize) -> usize {
    while let Some(rest) = text.get(at..) {
        at += match rest.first() {
            Some(b'\r' | b'\n') => 1,
            Some(b'#') => rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()),
            _ => break,
        };
    }
    at.min(text.len())
}

fn fields(loaded: &mut Loaded, name: &str, place: Place, columns: &[Column], record: &ByteRecord) {
    if record.iter().all(|field| field.trim_ascii().is_empty()) {
        return;
    }
    if record.len() > columns.len() {
        let found = format!("{} fields under {} headings", record.len(), columns.len());
        loaded.repaired(place, FaultKind::FieldCount, &found);
    }
    let texts: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
    let cells: Vec<(Column, &str)> =
        columns.iter().copied().zip(texts.iter().map(|text| text.trim())).collect();
    row(loaded, name, place, &cells);
}

fn reader(text: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .from_reader(text)
}

/// The delimiter and columns of a header line that names a value.
fn header(text: &[u8]) -> Option<(u8, Vec<Column>)> {
    [b',', b';', b'\t', b'|'].into_iter().find_map(|delimiter| {
        let mut record = ByteRecord::new();
        if !reader(text, delimiter).read_byte_record(&mut record).ok()? {
            return None;
        }
        let names = record.iter().map(String::from_utf8_lossy);
        let columns: Vec<Column> = names.map(|name| column(&name)).collect();
        let is_table = names_a_value(&columns) && !is_list(&columns);
        is_table.then_some((delimiter, columns))
    })
}

/// Takes one row: its values, with everything else said about them.
pub(crate) fn row(loaded: &mut Loaded, name: &str, place: Place, cells: &[(Column, &str)]) {
    let get = |wanted: Column| {
        cells
            .iter()
            .find(|(column, text)| *column == wanted && !text.is_empty())
            .map(|(_, text)| *text)
    };
    let claim = claim(loaded, name, place, cells, &get);
    let reference = claim.reference.as_deref();
    if let Some(text) = get(Column::Pattern) {
        match get(Column::PatternType) {
            None | Some("stix") => stix::take_pattern(loaded, place, &claim, text),
            Some(other) => {
                let why = format!("a pattern of type {}", quote(other));
                loaded.unused(place, reference, text, &why);
            }
        }
        return;
    }
    let values = chosen(cells);
    if values.is_empty() {
        return loaded.lost(place, FaultKind::BadValue, "the row has no value");
    }
    let for_detection = !matches!(get(Column::ToIds), Some("0" | "false" | "False" | "FALSE"));
    for (hint, text) in values {
        if for_detection {
            one(loaded, place, &claim, (hint, text), get(Column::Type));
        } else {
            loaded.unused(
                place,
                reference,
                text,
                "its source does not use it for detection (to_ids)",
            );
        }
    }
}

/// The values of a row: its value column, else every column that names a kind.
fn chosen<'c>(cells: &[(Column, &'c str)]) -> Vec<(Hint, &'c str)> {
    let values = cells.iter().filter_map(|(column, text)| match column {
        Column::Value(hint) if !text.is_empty() => Some((*hint, *text)),
        _ => None,
    });
    let values: Vec<_> = values.collect();
    match values.iter().any(|(hint, _)| *hint == Hint::Any) {
        true => values.into_iter().filter(|(hint, _)| *hint == Hint::Any).collect(),
        false => values,
    }
}

/// One value, of the type that its row or its column gives it.
fn one(
    loaded: &mut Loaded,
    place: Place,
    claim: &Claim,
    (hint, text): (Hint, &str),
    word: Option<&str>,
) {
    let parts = match (hint, word) {
        (Hint::Any, Some(word)) => value::typed_parts(word, text),
        _ => Some(vec![(hint, text)]),
    };
    let Some(parts) = parts else {
        let why = format!("type {} is not one that is looked for", quote(word.unwrap_or_default()));
        return loaded.unused(place, claim.reference.as_deref(), text, &why);
    };
    for (hint, text) in parts {
        match value::read(hint, text) {
            Ok(value) => loaded.indicator(place, claim, value),
            Err(why) => loaded.lost(place, FaultKind::BadValue, &why),
        }
    }
}

fn claim<'c>(
    loaded: &mut Loaded,
    name: &str,
    place: Place,
    cells: &[(Column, &'c str)],
    get: &impl Fn(Column) -> Option<&'c str>,
) -> Claim {
    let from = get(Column::ValidFrom).or_else(|| get(Column::FirstSeen));
    let from = from.and_then(|text| time(loaded, place, text, false));
    let until = get(Column::Until).and_then(|text| time(loaded, place, text, true));
    let names = cells.iter().filter(|(column, text)| *column == Column::Name && !text.is_empty());
    let mut claim = Claim {
        source: label(get(Column::Source).or_else(|| get(Column::Reference)).unwrap_or(name)),
        reference: Some(get(Column::Id).map_or_else(|| format!("line {}", place.line), label)),
        confidence: get(Column::Confidence).and_then(confidence),
        tlp: get(Column::Tlp).and_then(tlp::read),
        names: names.map(|(_, text)| label(text)).take(MAX_NAMES).collect(),
        ..Claim::default()
    };
    if get(Column::Tlp).is_some_and(|text| tlp::read(text).is_none()) {
        loaded.repaired(place, FaultKind::BadValue, "its TLP level is not one of FIRST's");
    }
    if let Err(why) = claim.set_window(from, until) {
        loaded.repaired(place, FaultKind::BadTime, why);
    }
    claim
}

/// A time that a bad one does not cost the indicator.
pub(crate) fn time(loaded: &mut Loaded, place: Place, text: &str, end: bool) -> Option<Timestamp> {
    match moment::read(text, end) {
        Ok(at) => Some(at),
        Err(kind) => {
            loaded.repaired(place, kind, &format!("{} is not used as a date", quote(text)));
            None
        }
    }
}

/// A confidence on STIX's scale: a number up to 100, a share of 1, or a word
/// (None, Low, Med and High of STIX 2.1 appendix A).
pub(crate) fn confidence(text: &str) -> Option<u8> {
    let text = text.trim().trim_end_matches('%').trim().to_ascii_lowercase();
    match text.as_str() {
        "none" => return Some(0),
        "low" => return Some(15),
        "medium" | "med" | "moderate" => return Some(50),
        "high" => return Some(85),
        _ => {}
    }
    let number: f64 = text.parse().ok()?;
    let number = if text.contains('.') && number <= 1.0 { number * 100.0 } else { number };
    (0.0..=100.0).contains(&number).then(|| number.round() as u8)
}

#[cfg(test)]
mod tests {
    use clarte_model::{IndicatorKind, Tlp};

    use super::*;

    fn table(text: &str) -> Loaded {
        read("feed.csv", text.as_bytes(), 0).expect("a table")
    }

    #[test]
    fn everything_said_of_a_value_is_kept() {
        let loaded = table(
            "Type;Value;Valid_From;Valid_Until;Last_Seen;Author;TLP;Confidence;Actor;ID\n\
             domain;evil[.]example;2021-01-01;2022-01-01;2021-05-05;CERT;amber;80%;APT0;x-1\n",
        );
        let found = &loaded.indicators[0];
        assert_eq!((found.kind, found.value.as_str()), (IndicatorKind::Domain, "evil.example"));
        assert_eq!(found.validity.from.expect("from").to_string(), "2021-01-01T00:00:00Z");
        assert_eq!(found.validity.until.expect("until").to_string(), "2022-01-02T00:00:00Z");
        assert_eq!((found.source.as_str(), found.tlp), ("CERT", Some(Tlp::Amber)));
        assert_eq!(
            (found.confidence, found.names.as_slice()),
            (Some(80), &["APT0".to_owned()][..])
        );
        assert_eq!(found.reference.as_deref(), Some("x-1"));
        assert_eq!(loaded.faults, []);
    }

    #[test]
    fn what_is_not_used_is_said() {
        let loaded = table(
            "type,value,to_ids,pattern,pattern_type\n\
             mutex,abc,1,,\n\
             domain,fine.example,0,,\n\
             domain,,1,,\n\
             ,,,rule x {},yara\n\
             domain,not a domain,1,,\n",
        );
        assert_eq!(loaded.indicators, []);
        let said: Vec<_> =
            loaded.not_evaluated.iter().map(|item| (item.line, item.why.as_str())).collect();
        assert_eq!(
            said,
            [
                (2, "type `mutex` is not one that is looked for"),
                (3, "its source does not use it for detection (to_ids)"),
                (5, "a pattern of type `yara`"),
            ]
        );
        let faults: Vec<_> = loaded.faults.iter().map(|fault| fault.detail.as_str()).collect();
        assert_eq!(
            faults,
            ["line 4: the row has no value", "line 6: `not a domain` is no host name"]
        );
    }

    #[test]
    fn a_row_may_hold_several_kinds() {
        let loaded = table("domain,ip,md5\nevil.example,203.0.113.7,\n");
        assert_eq!(loaded.indicators.len(), 2);
        assert_eq!(loaded.indicators[1].reference.as_deref(), Some("line 2"));
    }

    #[test]
    fn one_column_is_a_list_unless_only_its_heading_tells() {
        assert!(read("x", b"domain\nevil.example\n", 0).is_none());
        let loaded = table("subject\nYour invitation\n");
        assert_eq!(loaded.indicators[0].kind, IndicatorKind::Subject);
    }

    #[test]
    fn a_bad_date_costs_only_the_date() {
        let loaded = table("value,expires\nevil.example,01/02/2021\nb.example,soon\n");
        assert_eq!(loaded.indicators.len(), 2);
        let kinds: Vec<_> = loaded.faults.iter().map(|fault| (fault.kind, fault.lost)).collect();
        assert_eq!(kinds, [(FaultKind::AmbiguousTime, false), (FaultKind::BadTime, false)]);
    }

    #[test]
    fn a_pattern_column_is_read_as_stix() {
        let loaded = table(
            "type,name,pattern,pattern_type\n\
             indicator,x,[domain-name:value = 'evil.example'],stix\n",
        );
        assert_eq!(loaded.indicators[0].value, "evil.example");
    }

    #[test]
    fn confidence_has_one_scale() {
        for (text, expected) in [
            ("80", Some(80)),
            ("0.5", Some(50)),
            ("High", Some(85)),
            ("1", Some(1)),
            ("101", None),
            ("nan", None),
        ] {
            assert_eq!(confidence(text), expected, "{text}");
        }
    }
}
