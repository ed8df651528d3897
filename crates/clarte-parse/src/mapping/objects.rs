//! Mapped JSON: an object a line, or arrays of objects.
//!
//! Members of members are named by a path with dots; a member whose own name has
//! dots is found under it as well. A path goes through arrays: of a field with
//! one value the first counts, and the whole array stays in `unmapped`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use clarte_model::{Field, Sink};

use super::rules::Cells;
use super::{Checked, Container, Kind};
use crate::json::objects::{ReadObject, Span};
use crate::json::{Kind as Json, Object, Value};

/// The most steps of a path: every way to set its dots is a branch.
pub(super) const STEPS_CAP: usize = 8;

/// The members that are referred to, as a tree.
#[derive(Debug, Default)]
pub(super) struct Branch {
    column: Option<usize>,
    inside: BTreeMap<String, Branch>,
}

impl Branch {
    /// Adds the path of a column, of at most [`STEPS_CAP`] steps.
    pub(super) fn add(&mut self, path: &str, column: usize) {
        self.inside.entry(path.to_owned()).or_default().column.get_or_insert(column);
        for (at, _) in path.match_indices('.') {
            self.inside.entry(path[..at].to_owned()).or_default().add(&path[at + 1..], column);
        }
    }
}

/// An object's values, as far as they are referred to, and all others.
#[derive(Default)]
struct Found<'a, 't> {
    values: Vec<(usize, Value<'a, 't>)>,
    rest: Vec<(Cow<'a, str>, Value<'a, 't>)>,
}

impl<'a, 't> Found<'a, 't> {
    /// Goes no deeper than the tree.
    fn walk(&mut self, branch: &Branch, object: Value<'a, 't>, path: &str, keep: bool) {
        for (name, value) in object.members() {
            let name = name.text();
            match branch.inside.get(&*name) {
                Some(child) => self.take(child, value, (path, name), keep),
                None if keep => self.rest.push((joined(path, name), value)),
                None => {}
            }
        }
    }

    fn take(
        &mut self,
        branch: &Branch,
        value: Value<'a, 't>,
        (path, name): (&str, Cow<'a, str>),
        keep: bool,
    ) {
        let is_list = value.kind() == Json::Array && !value.is_nothing();
        if let Some(column) = branch.column {
            match is_list {
                true => self.values.extend(value.elements().map(|element| (column, element))),
                false => self.values.push((column, value)),
            }
        }
        if branch.inside.is_empty() {
            return;
        }
        let path = joined(path, name);
        if value.is_object() {
            self.walk(branch, value, &path, keep);
            return;
        }
        for element in value.elements().filter(|element| element.is_object()) {
            self.walk(branch, element, &path, false);
        }
        if keep && branch.column.is_none() {
            self.rest.push((path, value));
        }
    }

    fn cells(&self, mapping: &Checked) -> Cells<'a> {
        let mut cells = Cells::default();
        for (column, value) in self.values.iter().filter(|(_, value)| !value.is_nothing()) {
            let text = match value.kind() {
                Json::Array | Json::Object => value.json(),
                _ => value.text(),
            };
            let text = match text {
                Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
                Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
            };
            if !mapping.is_nothing(&text) {
                cells.push(*column, text);
            }
        }
        cells
    }

    fn has(&self, column: usize) -> bool {
        self.values.iter().any(|(known, _)| *known == column)
    }

    /// What no field holds, as JSON.
    fn left(&self, mapping: &Checked, cells: &Cells<'_>) -> String {
        let mut unmapped = Object::default();
        for (name, value) in self.rest.iter().filter(|(_, value)| !value.is_nothing()) {
            unmapped.raw(name, &value.json());
        }
        for (at, (column, value)) in self.values.iter().enumerate() {
            let mut same = self.values[at + 1..].iter().filter(|(other, _)| other == column);
            let is_first = self.values[..at].iter().all(|(other, _)| other != column);
            if cells.is_taken(*column) || !is_first {
                continue;
            }
            let name = &mapping.columns[*column];
            match same.next() {
                None if value.is_nothing() => {}
                None => _ = unmapped.raw(name, &value.json()),
                Some((_, next)) => {
                    let rest = same.map(|(_, value)| value);
                    let all = [value, next].into_iter().chain(rest);
                    let all: Vec<_> = all.map(|value| value.json()).collect();
                    unmapped.raw(name, &format!("[{}]", all.join(",")));
                }
            }
        }
        unmapped.finish()
    }
}

/// The path of a member.
fn joined<'a>(path: &str, name: Cow<'a, str>) -> Cow<'a, str> {
    if path.is_empty() { name } else { format!("{path}.{name}").into() }
}

impl Checked {
    /// The members that an object lacks of those that are needed; of several
    /// kinds of record those of the one that lacks least.
    pub(super) fn object_lacks(&self, object: Value<'_, '_>) -> Vec<String> {
        let found = self.found(object);
        let lacks = |columns: &&[usize]| !columns.iter().any(|column| found.has(*column));
        let shown = |columns: &[usize]| self.shown(columns);
        if !self.recognise.is_empty() {
            let needed = self.recognise.iter().map(std::slice::from_ref);
            return needed.filter(lacks).map(shown).collect();
        }
        let clock = self.clock.iter().flat_map(|clock| &clock.columns).map(std::slice::from_ref);
        let kinds = self.kinds.iter().map(|kind| kind.needed().filter(lacks).collect::<Vec<_>>());
        let kind = kinds.min_by_key(Vec::len).unwrap_or_default();
        clock.filter(lacks).chain(kind).map(shown).collect()
    }

    fn found<'a, 't>(&self, object: Value<'a, 't>) -> Found<'a, 't> {
        let mut found = Found::default();
        if let Container::Json(branch, _) = &self.container {
            found.walk(branch, object, "", true);
        }
        found
    }
}

impl ReadObject for Checked {
    fn is_ours(&self, object: Value<'_, '_>) -> bool {
        if !object.is_object() {
            return false;
        }
        let found = self.found(object);
        let has = |column: &usize| found.has(*column);
        if !self.recognise.is_empty() {
            return self.recognise.iter().all(has);
        }
        let cells = found.cells(self);
        let is_of = |kind: &Kind| kind.needed().all(|columns| columns.iter().any(has));
        self.clock.iter().all(|clock| clock.columns.iter().all(has))
            && self.kinds.iter().any(|kind| kind.fits(&cells) && is_of(kind))
    }

    fn read(&self, object: Value<'_, '_>, span: Span, sink: &mut dyn Sink) {
        let found = self.found(object);
        let mut cells = found.cells(self);
        let place = (span.offset, span.length);
        let Some((mut record, faults)) = self.record(&mut cells, place, sink) else { return };
        record.text(Field::Unmapped, found.left(self, &cells));
        faults.into_iter().for_each(|fault| sink.fault(fault));
        sink.record(&record);
    }

    fn wraps(&self, name: &[u8]) -> bool {
        match &self.container {
            Container::Json(_, Some(records)) => records.as_bytes() == name,
            _ => matches!(name, b"value" | b"records" | b"Records"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Tape;

    #[test]
    fn members_are_found_however_their_names_are_set() {
        let mut branch = Branch::default();
        ["a.b.c", "list.id"].iter().enumerate().for_each(|(at, path)| branch.add(path, at));
        for (text, values, rest) in [
            (r#"{"a":{"b":{"c":1,"d":2}}}"#, vec!["1"], vec!["a.b.d"]),
            (r#"{"a.b":{"c":1},"x":2}"#, vec!["1"], vec!["x"]),
            (r#"{"a.b.c":1}"#, vec!["1"], vec![]),
            (r#"{"a":{"b":3}}"#, vec![], vec!["a.b"]),
            (r#"{"list":[{"id":1,"x":0},{"id":2}]}"#, vec!["1", "2"], vec!["list"]),
            (r#"{"list":{"id":[1,2]}}"#, vec!["1", "2"], vec![]),
        ] {
            let mut tape = Tape::default();
            let mut found = Found::default();
            found.walk(&branch, tape.read(text).expect("JSON"), "", true);
            let plain: Vec<_> = found.values.iter().map(|(_, value)| value.plain()).collect();
            let names: Vec<_> = found.rest.iter().map(|(name, _)| name.as_ref()).collect();
            assert_eq!((plain, names), (values, rest), "{text}");
        }
    }
}
