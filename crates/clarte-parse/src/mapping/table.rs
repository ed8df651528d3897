//! Mapped tables: character-separated values, with or without a header.

use std::borrow::Cow;
use std::cell::RefCell;

use clarte_model::{Class, Fault, FaultKind, Field, Record, Sink, Skipped, Source};

use super::rules::{self, Cells};
use super::{Checked, Kind};
use crate::Input;
use crate::json::Object;
use crate::rows::{Dialect, Header, Row};

/// How the table is written.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) dialect: Dialect,
    /// The columns' names, in lower case, of a table without header.
    pub(super) names: Option<Vec<String>>,
}

impl Table {
    /// The header of a stream that begins with `head`, if it is the table.
    pub(super) fn header(&self, head: &[u8], mapping: &Checked) -> Option<Header> {
        let Some(names) = &self.names else {
            return Header::find(head, self.dialect, &|names| mapping.has_columns(names));
        };
        let header = Header::given(head, self.dialect, names);
        is_of_header(&header, head, mapping).then_some(header)
    }

    /// The columns that a stream lacks of those that are needed, by the line that
    /// comes nearest to a header.
    pub(super) fn lacks(&self, head: &[u8], mapping: &Checked) -> Vec<String> {
        let least = RefCell::new(None::<Vec<String>>);
        Header::find(head, self.dialect, &|names| {
            let lacking = mapping.lacking(names);
            let mut least = least.borrow_mut();
            if least.as_ref().is_none_or(|least| lacking.len() < least.len()) {
                *least = Some(lacking);
            }
            false
        });
        least.into_inner().unwrap_or_default()
    }

    /// Reads the table to its end.
    pub(super) fn read(&self, mapping: &Checked, input: &mut Input<'_>, sink: &mut dyn Sink) {
        let Some(header) = self.header(input.head(), mapping) else { return };
        let places = places(&header.names, mapping);
        let names = shown(&header.names);
        let mut rows = header.rows(input, sink);
        while let Some(row) = rows.next(header.names.len(), sink) {
            Reading { mapping, places: &places, names: &names }.row(&row, sink);
        }
    }
}

impl Checked {
    /// Whether a header has every column that is needed.
    fn has_columns(&self, names: &[String]) -> bool {
        self.lacking(names).is_empty()
    }

    fn lacking(&self, names: &[String]) -> Vec<String> {
        let lacks = |columns: &&[usize]| {
            !columns.iter().any(|column| names.contains(&self.columns[*column]))
        };
        let shown = |columns: &[usize]| self.shown(columns);
        match self.recognise.as_slice() {
            [] => self.needed().filter(lacks).map(shown).collect(),
            needed => needed.iter().map(std::slice::from_ref).filter(lacks).map(shown).collect(),
        }
    }

    /// Columns of which one will do, for people.
    pub(super) fn shown(&self, columns: &[usize]) -> String {
        let names: Vec<_> = columns.iter().map(|column| self.columns[*column].as_str()).collect();
        names.join(" | ")
    }
}

/// Whether the first row of a table without header is as the mapping says: as
/// wide, and with a time.
fn is_of_header(header: &Header, head: &[u8], mapping: &Checked) -> bool {
    let mut nothing = Nothing(false);
    let mut bytes = head;
    let mut input = Input::new(&mut bytes);
    let row = header.rows(&mut input, &mut nothing).next(header.names.len(), &mut nothing);
    let Some(row) = row.filter(|_| !nothing.0) else { return false };
    let places = places(&header.names, mapping);
    let cells = cells(&row, &places, mapping);
    mapping.clock.as_ref().is_none_or(|clock| clock.read(&cells).is_ok())
}

/// A sink for a first look, which tells whether there was a fault.
struct Nothing(bool);

impl Sink for Nothing {
    fn record(&mut self, _: &Record<'_>) {}
    fn fault(&mut self, fault: Fault) {
        self.0 |= fault.lost;
    }
    fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
}

/// The column of the mapping at each place of a row; of two of one name the
/// first counts.
fn places(names: &[String], mapping: &Checked) -> Vec<Option<usize>> {
    let place = |(at, name): (usize, &String)| {
        let column = mapping.columns.iter().position(|column| column == name)?;
        (!names[..at].contains(name)).then_some(column)
    };
    names.iter().enumerate().map(place).collect()
}

/// The names under which columns are kept: each its own.
fn shown(names: &[String]) -> Vec<String> {
    let shown = |(at, name): (usize, &String)| match name.as_str() {
        "" => format!("column {}", at + 1),
        _ if names[..at].contains(name) => format!("{name} (column {})", at + 1),
        _ => name.clone(),
    };
    names.iter().enumerate().map(shown).collect()
}

fn cells<'a>(row: &'a Row, places: &[Option<usize>], mapping: &Checked) -> Cells<'a> {
    let mut cells = Cells::default();
    for (cell, place) in row.fields.iter().zip(places) {
        let cell = cell.trim();
        if let Some(column) = place.filter(|_| !mapping.is_nothing(cell)) {
            cells.push(column, Cow::Borrowed(cell));
        }
    }
    cells
}

/// What reading a row takes.
struct Reading<'r> {
    mapping: &'r Checked,
    places: &'r [Option<usize>],
    names: &'r [String],
}

impl Reading<'_> {
    fn row(&self, row: &Row, sink: &mut dyn Sink) {
        let mut cells = cells(row, self.places, self.mapping);
        let Some((mut record, faults)) =
            self.mapping.record(&mut cells, (row.offset, row.length), sink)
        else {
            return;
        };
        let mut unmapped = Object::default();
        for ((cell, place), name) in row.fields.iter().zip(self.places).zip(self.names) {
            let cell = cell.trim();
            let is_left = place.is_none_or(|column| !cells.is_taken(column));
            if is_left && !self.mapping.is_nothing(cell) {
                unmapped.text(name, cell);
            }
        }
        record.text(Field::Unmapped, unmapped.finish());
        faults.into_iter().for_each(|fault| sink.fault(fault));
        sink.record(&record);
    }
}

impl Checked {
    /// The record of an event, but for what is left over, and what is wrong with
    /// it; of an event that gives none, the fault goes to `sink`.
    pub(super) fn record<'a>(
        &'a self,
        cells: &mut Cells<'a>,
        (offset, length): (u64, u64),
        sink: &mut dyn Sink,
    ) -> Option<(Record<'a>, Vec<Fault>)> {
        let kind = self.kind(cells);
        let other = (Class::Other, Source::Other, &[][..]);
        let (class, source, rules) =
            kind.map_or(other, |Kind { class, source, rules, .. }| (*class, *source, rules));
        let mut record = Record::new(class, source, offset, length);
        let mut faults = Vec::new();
        let mut repair = |kind, detail| {
            faults.push(Fault { offset, length, lost: false, kind, detail });
        };
        record.text(Field::LogName, self.format.as_str());
        match self.clock.as_ref().map(|clock| (clock, clock.read(cells))) {
            Some((clock, Ok(moment))) => {
                record.time = Some(moment);
                clock.columns.iter().for_each(|column| cells.take(*column));
            }
            Some((_, Err((kind, detail)))) => repair(kind, detail),
            None => {}
        }
        let bad = rules::fill(rules, cells, &mut record);
        if !bad.is_empty() {
            let names: Vec<_> = bad.iter().map(|field| field.as_str()).collect();
            repair(FaultKind::BadValue, format!("unreadable {}", names.join(", ")));
        }
        if class == Class::Person && record.get(Field::UserEmail).is_none() {
            let detail = "a person without a readable e-mail address".to_owned();
            sink.fault(Fault { offset, length, lost: true, kind: FaultKind::BadValue, detail });
            return None;
        }
        Some((record, faults))
    }
}
