//! JSON of every kind: one document, or one a line. Each object is told apart
//! by its keys and handed to the format that knows it, with its own place in
//! the file, so that a broken one costs nothing but itself.

use std::collections::BTreeMap;

use clarte_model::FaultKind;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::column::{self, Column};
use crate::loaded::{Loaded, Places, quote};
use crate::table;
use crate::{misp, stix};

/// Arrays and bundles inside each other are followed this deep.
const MAX_DEPTH: usize = 4;

/// Reads JSON; `None` if neither the text nor its first line is JSON.
pub(crate) fn read(name: &str, text: &[u8], base: u64) -> Option<Loaded> {
    let mut loaded = Loaded::new("unknown");
    let mut places = Places::new(text, base);
    let mut found = Found::default();
    match serde_json::from_slice::<&RawValue>(text) {
        Ok(document) => found.sort(document, 0),
        Err(why) if is_one_document(text) => {
            // A bracket may also begin a list, such as `[.]evil.example`.
            let is_json = text.trim_ascii_start().get(1..).is_some_and(|rest| {
                matches!(rest.trim_ascii_start().first(), Some(b'"' | b'{' | b'[' | b'}'))
            });
            if !is_json {
                return None;
            }
            let detail = format!("the JSON is damaged: {why}");
            loaded.lost(places.at(0, text.len()), FaultKind::Malformed, &detail);
            return Some(loaded);
        }
        Err(_) => lines(&mut loaded, &mut places, &mut found, text),
    }
    loaded.format = found.format();
    stix::take(&mut loaded, &mut places, name, &found.stix);
    found.misp.iter().for_each(|event| misp::take(&mut loaded, &mut places, name, event));
    found.rows.iter().for_each(|row| take_row(&mut loaded, &mut places, name, row));
    for (raw, why) in &found.others {
        let place = places.of(raw.get().as_bytes());
        loaded.unused(place, None, raw.get(), why);
    }
    if found.is_empty() {
        let place = places.at(0, text.len());
        loaded.lost(place, FaultKind::Malformed, "JSON of no kind that we know");
    }
    Some(loaded)
}

/// Whether broken JSON is one document rather than one a line: if so, its
/// first line is no document of its own.
pub(crate) fn is_one_document(text: &[u8]) -> bool {
    let first = text.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    first.is_none_or(|line| serde_json::from_slice::<&RawValue>(line).is_err())
}

fn lines<'t>(loaded: &mut Loaded, places: &mut Places<'_>, found: &mut Found<'t>, text: &'t [u8]) {
    for line in text.split(|byte| *byte == b'\n') {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<&RawValue>(line) {
            Ok(document) => found.sort(document, 0),
            Err(why) => {
                let detail = format!("the line is no JSON: {why}");
                loaded.lost(places.of(line), FaultKind::Malformed, &detail);
            }
        }
    }
}

/// Objects by the format that knows them.
#[derive(Default)]
struct Found<'t> {
    stix: Vec<&'t RawValue>,
    misp: Vec<&'t RawValue>,
    rows: Vec<&'t RawValue>,
    others: Vec<(&'t RawValue, &'static str)>,
    other_format: Option<&'static str>,
}

impl<'t> Found<'t> {
    fn is_empty(&self) -> bool {
        self.stix.is_empty()
            && self.misp.is_empty()
            && self.rows.is_empty()
            && self.others.is_empty()
    }

    fn format(&self) -> &'static str {
        match (self.stix.is_empty(), self.misp.is_empty(), self.rows.is_empty()) {
            (false, _, _) => "stix",
            (_, false, _) => "misp",
            (_, _, false) => "json-rows",
            _ => self.other_format.unwrap_or("unknown"),
        }
    }

    /// Puts a document, or what it contains, where it belongs.
    fn sort(&mut self, raw: &'t RawValue, depth: usize) {
        if depth > MAX_DEPTH {
            return self.others.push((raw, "nested deeper than any format we know"));
        }
        if raw.get().starts_with('[') {
            match serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
                Ok(parts) => parts.into_iter().for_each(|part| self.sort(part, depth + 1)),
                Err(_) => self.others.push((raw, "a damaged array")),
            }
            return;
        }
        let Ok(keys) = serde_json::from_str::<BTreeMap<String, &RawValue>>(raw.get()) else {
            return self.others.push((raw, "not an object"));
        };
        let text = |key: &str| {
            keys.get(key).and_then(|raw| serde_json::from_str::<String>(raw.get()).ok())
        };
        let is_stix = text("id").is_some_and(|id| id.contains("--"));
        if let Some(objects) = keys.get("objects").filter(|raw| raw.get().starts_with('[')) {
            self.sort(objects, depth + 1);
        } else if let Some(event) = keys.get("Event") {
            self.misp.push(event);
        } else if let Some(response) = keys.get("response") {
            self.sort(response, depth + 1);
        } else if keys.contains_key("Attribute") || keys.contains_key("Orgc") {
            self.misp.push(raw);
        } else if is_stix && keys.contains_key("type") {
            self.stix.push(raw);
        } else if keys.contains_key("list") && keys.contains_key("type") {
            self.other(raw, "warninglist", "a list of well-known values, not of indicators");
        } else if keys.contains_key("values") && keys.contains_key("authors") {
            self.other(raw, "galaxy", "a MISP galaxy, not indicators");
        } else if is_row(&keys) {
            self.rows.push(raw);
        } else {
            self.others.push((raw, "an object of no kind that we know"));
        }
    }

    fn other(&mut self, raw: &'t RawValue, format: &'static str, why: &'static str) {
        self.other_format = Some(format);
        self.others.push((raw, why));
    }
}

fn is_row(keys: &BTreeMap<String, &RawValue>) -> bool {
    let columns: Vec<Column> = keys.keys().map(|key| column::column(key)).collect();
    column::names_a_value(&columns)
}

/// A flat object whose keys are the headings of a table.
fn take_row(loaded: &mut Loaded, places: &mut Places<'_>, name: &str, raw: &RawValue) {
    let place = places.of(raw.get().as_bytes());
    let fields = match serde_json::from_str::<BTreeMap<String, Json>>(raw.get()) {
        Ok(fields) => fields,
        Err(why) => {
            let detail = format!("{} is damaged: {why}", quote(raw.get()));
            return loaded.lost(place, FaultKind::Malformed, &detail);
        }
    };
    let texts: Vec<(Column, String)> = fields
        .iter()
        .flat_map(|(key, field)| scalars(field).into_iter().map(|text| (column::column(key), text)))
        .collect();
    let cells: Vec<(Column, &str)> =
        texts.iter().map(|(column, text)| (*column, text.trim())).collect();
    table::row(loaded, name, place, &cells);
}

/// A field as texts: a number or text is one, an array of them several.
fn scalars(field: &Json) -> Vec<String> {
    let scalar = |field: &Json| match field {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(truth) => Some(truth.to_string()),
        _ => None,
    };
    match field {
        Json::Array(fields) => fields.iter().filter_map(scalar).collect(),
        field => scalar(field).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Loaded {
        read("x", text.as_bytes(), 0).expect("JSON")
    }

    #[test]
    fn rows_are_read_like_a_table() {
        for text in [
            "{\"type\": \"ip_address\", \"ioc\": \"203.0.113.7\", \"family\": \"A\"}\n{\"ioc\": \"evil.example\"}\n",
            "[{\"type\": \"ip\", \"ioc\": \"203.0.113.7\"}, {\"domain\": \"evil.example\"}]",
        ] {
            let loaded = json(text);
            assert_eq!((loaded.format, loaded.indicators.len()), ("json-rows", 2));
        }
    }

    #[test]
    fn an_array_of_values_is_several() {
        let loaded = json("{\"type\": \"domain\", \"value\": [\"a.example\", \"b.example\"]}");
        assert_eq!(loaded.indicators.len(), 2);
    }

    #[test]
    fn a_broken_line_costs_only_itself() {
        let loaded = json("{\"ioc\": \"a.example\"}\n{\"ioc\": \"b.ex\n\n{\"ioc\": \"c.example\"}");
        assert_eq!(loaded.indicators.len(), 2);
        assert!(loaded.faults[0].detail.starts_with("line 2: the line is no JSON"));
        assert_eq!(loaded.faults[0].offset, 21);
    }

    #[test]
    fn a_damaged_document_is_one_fault() {
        let loaded = json("{\"type\": \"bundle\",\n \"objects\": [\n");
        assert_eq!((loaded.format, loaded.faults_total), ("unknown", 1));
    }

    #[test]
    fn lists_of_well_known_values_are_no_indicators() {
        let loaded = json("{\"name\": \"a\", \"type\": \"cidr\", \"list\": [\"10.0.0.0/8\"]}");
        assert_eq!((loaded.format, loaded.indicators.len()), ("warninglist", 0));
        assert_eq!(loaded.not_evaluated.len(), 1);
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(json(&deep).not_evaluated_total, 1);
        let deep = format!("{{\"ioc\": {}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(json(&deep).faults_total, 1);
    }
}
