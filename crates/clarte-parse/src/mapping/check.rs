//! From what a mapping file says to what it means, or to what is wrong with it.

use std::ops::Range;

use clarte_model::record::FieldType;
use clarte_model::{Class, Field, Record, Source};
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use toml::Spanned;

use super::clock::{Clock, Form};
use super::error::{MappingError, Mistake};
use super::file::{self, File, Names};
use super::objects::{Branch, STEPS_CAP};
use super::rules::{self, COLUMNS_CAP, Choice, From, Rule};
use super::table::Table;
use super::{Allowed, Checked, Container, FAMILY, Kind, MAPPING_CAP, words};
use crate::format::FORMATS;
use crate::rows::Dialect;

/// The most kinds of records in one log.
const KINDS_CAP: usize = 32;

/// Texts that stand for no value, if nobody says otherwise.
const NOTHING: &[&str] = &["-"];

/// Units of durations, each with its nanoseconds.
const UNITS: &[(&str, i64)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

pub(super) fn read(text: &str, allowed: Allowed) -> Result<Checked, MappingError> {
    let start = Range::default();
    if text.len() > MAPPING_CAP {
        return Err(MappingError::at(text, &start, Mistake::TooLarge));
    }
    let file: File = toml::from_str(text).map_err(|cause| {
        let span = cause.span().unwrap_or_default();
        MappingError::at(text, &span, Mistake::Toml(cause.message().to_owned()))
    })?;
    let (names, is_csv) = (Vec::new(), file.container == file::Container::Csv);
    let mut check = Check { allowed, names, is_csv, given: None };
    check.file(file, text).map_err(|(span, mistake)| MappingError::at(text, &span, mistake))
}

/// A mistake and where it stands.
type Wrong = (Range<usize>, Mistake);

/// What is gathered on the way.
struct Check {
    allowed: Allowed,
    /// The names of columns, each once.
    names: Vec<String>,
    is_csv: bool,
    /// The names of a table without header.
    given: Option<Vec<String>>,
}

impl Check {
    fn file(&mut self, file: File, text: &str) -> Result<Checked, Wrong> {
        let name = file.name.get_ref();
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b);
        if !(1..=32).contains(&name.len()) || !name.bytes().all(is_plain) {
            return Err((file.name.span(), Mistake::Name(name.clone())));
        }
        if file.record.is_empty() {
            return Err((file.name.span(), Mistake::NoRecord));
        }
        if let Some(beyond) = file.record.get(KINDS_CAP) {
            let what = "kinds of records";
            return Err((beyond.span(), Mistake::TooMany { what, most: KINDS_CAP }));
        }
        let table = self.table(file.csv)?;
        let records = self.wrapper(file.json)?;
        let before = file.before.iter().map(builtin).collect::<Result<Vec<_>, _>>()?;
        let clock = file.time.map(|time| self.clock(time)).transpose()?;
        let mut kinds = Vec::new();
        for record in file.record {
            let span = record.span();
            let kind = self.kind(record.into_inner())?;
            if clock.is_none() && kind.class != Class::Person {
                return Err((span, Mistake::NoTime));
            }
            kinds.push(kind);
        }
        let recognise = match file.recognise {
            Some(names) if names.get_ref().is_empty() => {
                return Err((names.span(), Mistake::Empty("recognise")));
            }
            Some(names) => self.columns(names.get_ref(), &names.span())?,
            None => Vec::new(),
        };
        let container = match self.is_csv {
            true => Container::Csv(table),
            false => {
                let mut branch = Branch::default();
                self.names.iter().enumerate().for_each(|(at, path)| branch.add(path, at));
                Container::Json(branch, records)
            }
        };
        let hash = Sha256::digest(text.as_bytes());
        let nothing = file
            .nothing
            .unwrap_or_else(|| NOTHING.iter().map(|nothing| (*nothing).to_owned()).collect());
        Ok(Checked {
            format: format!("{FAMILY}.{name}"),
            text: text.to_owned(),
            hash: hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
            before,
            container,
            columns: std::mem::take(&mut self.names),
            recognise,
            nothing,
            clock,
            kinds,
        })
    }

    fn table(&mut self, csv: Option<Spanned<file::Csv>>) -> Result<Table, Wrong> {
        let Some(csv) = csv else {
            return Ok(Table { dialect: Dialect::default(), names: None });
        };
        if !self.is_csv {
            return Err((csv.span(), Mistake::Container("csv")));
        }
        let file::Csv { separator, quote, comment, columns } = csv.into_inner();
        let dialect = Dialect {
            delimiter: separator.map(|text| character("separator", &text)).transpose()?,
            quote: quote.map(|text| character("quote", &text)).transpose()?,
            comment: comment.map(|text| character("comment", &text)).transpose()?,
        };
        if let Some(columns) = columns {
            let names: Vec<_> = columns.get_ref().iter().map(|name| self.key(name)).collect();
            for (at, name) in names.iter().enumerate() {
                if !name.is_empty() && names[..at].contains(name) {
                    return Err((columns.span(), Mistake::Twice(name.clone())));
                }
            }
            if names.iter().all(String::is_empty) {
                return Err((columns.span(), Mistake::Empty("columns")));
            }
            self.given = Some(names);
        }
        Ok(Table { dialect, names: self.given.clone() })
    }

    fn wrapper(&self, json: Option<Spanned<file::Json>>) -> Result<Option<String>, Wrong> {
        match json {
            Some(json) if self.is_csv => Err((json.span(), Mistake::Container("json"))),
            Some(json) => Ok(json.into_inner().records.map(Spanned::into_inner)),
            None => Ok(None),
        }
    }

    /// A column's name as it is compared: a header's has no case.
    fn key(&self, name: &str) -> String {
        if self.is_csv { name.trim().to_lowercase() } else { name.to_owned() }
    }

    fn columns(&mut self, names: &[String], span: &Range<usize>) -> Result<Vec<usize>, Wrong> {
        names.iter().map(|name| self.column(name, span)).collect()
    }

    fn column(&mut self, name: &str, span: &Range<usize>) -> Result<usize, Wrong> {
        let key = self.key(name);
        let wrong = |mistake| Err((span.clone(), mistake));
        if key.is_empty() {
            return wrong(Mistake::Empty("column"));
        }
        if self.given.as_ref().is_some_and(|given| !given.contains(&key)) {
            return wrong(Mistake::NoColumn(name.to_owned()));
        }
        if !self.is_csv && key.split('.').count() > STEPS_CAP {
            return wrong(Mistake::TooMany { what: "steps in a path", most: STEPS_CAP });
        }
        if let Some(known) = self.names.iter().position(|known| *known == key) {
            return Ok(known);
        }
        if self.names.len() == COLUMNS_CAP {
            return wrong(Mistake::TooMany { what: "columns", most: COLUMNS_CAP });
        }
        self.names.push(key);
        Ok(self.names.len() - 1)
    }

    fn clock(&mut self, time: file::Time) -> Result<Clock, Wrong> {
        let span = time.column.span();
        let Names(names) = time.column.into_inner();
        if names.is_empty() {
            return Err((span, Mistake::Empty("column")));
        }
        let columns = self.columns(&names, &span)?;
        let pattern = time.format.get_ref();
        let form = Form::of(pattern).map_err(|why| {
            (time.format.span(), Mistake::Pattern { pattern: pattern.clone(), why })
        })?;
        let zone = match time.zone {
            Some(zone) if form.is_zoned() => {
                return Err((zone.span(), Mistake::ZoneInVain(pattern.clone())));
            }
            Some(zone) => Some(
                TimeZone::get(zone.get_ref())
                    .map_err(|_| (zone.span(), Mistake::Zone(zone.get_ref().clone())))?,
            ),
            None => None,
        };
        if zone.is_none() && matches!(&form, Form::Pattern { is_zoned: false, .. }) {
            return Err((time.format.span(), Mistake::NoZone(pattern.clone())));
        }
        Ok(Clock { columns, form, zone })
    }

    fn kind(&mut self, record: file::Record) -> Result<Kind, Wrong> {
        let class = class(&record.class)?;
        let source = source(class, record.source)?;
        let mut when = Vec::new();
        for (name, texts) in record.when {
            let span = texts.span();
            let Names(texts) = texts.into_inner();
            if texts.is_empty() {
                return Err((span, Mistake::Empty("when")));
            }
            when.push((self.column(&name, &span)?, texts));
        }
        let mut rules: Vec<Rule> = Vec::new();
        for (name, from) in record.fields {
            let field = self.field(class, &name)?;
            if rules.iter().any(|rule| rule.field == field) {
                return Err((name.span(), Mistake::Twice(field.as_str().to_owned())));
            }
            let span = from.span();
            let from = self.from(class, field, from.into_inner(), &span)?;
            rules.push(Rule { field, from });
        }
        if rules.is_empty() {
            return Err((record.class.span(), Mistake::Empty("fields")));
        }
        // Addresses before names: what a column's name may still complete.
        rules.sort_by_key(|rule| rule.field);
        Ok(Kind { class, source, when, rules })
    }

    fn field(&self, class: Class, name: &Spanned<String>) -> Result<Field, Wrong> {
        let found = name.get_ref();
        let wrong = |mistake| Err((name.span(), mistake));
        let is_named = |field: &&Field| field.as_str() == found || field.ocsf() == found;
        let own = [Field::LogName, Field::Unmapped];
        let allowed: Vec<Field> =
            (self.allowed)(class).iter().copied().filter(|field| !own.contains(field)).collect();
        let nearest = || words::nearest(found, &allowed);
        let class = class.as_str();
        match Field::ALL.iter().find(is_named) {
            Some(field) if own.contains(field) => wrong(Mistake::Own(found.clone())),
            Some(field) if allowed.contains(field) => Ok(*field),
            Some(_) => {
                let nearest = nearest();
                wrong(Mistake::NotInClass { found: found.clone(), class, nearest })
            }
            None => wrong(Mistake::Field { found: found.clone(), class, nearest: nearest() }),
        }
    }

    fn from(
        &mut self,
        class: Class,
        field: Field,
        from: file::From,
        span: &Range<usize>,
    ) -> Result<From, Wrong> {
        let name = field.as_str();
        let wrong = |mistake| Err((span.clone(), mistake));
        let fits = |value: &String| {
            check_value(class, field, value).map_err(|mistake| (span.clone(), mistake))
        };
        let file::From { columns, value, map, otherwise, absent, separator, unit } = from;
        if columns.is_empty() == value.is_none() {
            return wrong(Mistake::From(name.to_owned()));
        }
        let option = |option, why| (span.clone(), Mistake::Option { option, field: name, why });
        if let Some(value) = value {
            let options = [otherwise, absent, separator, unit];
            if !map.is_empty() || options.iter().any(Option::is_some) {
                return Err(option("value", "it is fixed, whatever the log says"));
            }
            fits(&value)?;
            return Ok(From::Fixed(value));
        }
        if separator.is_some() && field.field_type() != FieldType::Texts {
            return Err(option("separator", "it holds one value, not a list"));
        }
        if separator.as_deref() == Some("") {
            return wrong(Mistake::Empty("separator"));
        }
        let is_length = matches!(field, Field::Duration | Field::LeaseDuration);
        let unit = match unit.as_deref() {
            Some(_) if !is_length => return Err(option("unit", "it is no length of time")),
            unit => unit_of(unit.unwrap_or("s")).map_err(|mistake| (span.clone(), mistake))?,
        };
        if field == Field::Status && map.is_empty() && otherwise.is_none() {
            return wrong(Mistake::Outcome);
        }
        map.values().chain(&otherwise).chain(&absent).try_for_each(fits)?;
        let columns = self.columns(&columns, span)?;
        Ok(From::Cells(Choice { columns, map, otherwise, absent, separator, unit }))
    }
}

/// Whether a field can have a value that stands in the mapping itself.
fn check_value(class: Class, field: Field, value: &str) -> Result<(), Mistake> {
    let expected = if field == Field::Status {
        let outcomes = words::outcomes(class);
        (!outcomes.contains(&value)).then(|| format!("it can be {}", outcomes.join(", ")))
    } else {
        let mut record = Record::new(class, Source::Other, 0, 0);
        let fits = !value.is_empty() && rules::put(&mut record, field, value.into(), 1);
        (!fits).then(|| field.meaning().to_owned())
    };
    match expected {
        Some(expected) => {
            Err(Mistake::Value { field: field.as_str(), value: value.to_owned(), expected })
        }
        None => Ok(()),
    }
}

fn unit_of(name: &str) -> Result<i64, Mistake> {
    let unit = UNITS.iter().find(|(known, _)| *known == name);
    unit.map(|(_, nanoseconds)| *nanoseconds).ok_or_else(|| Mistake::Unknown {
        what: "unit",
        found: name.to_owned(),
        known: UNITS.iter().map(|(name, _)| (*name).to_owned()).collect(),
    })
}

fn class(name: &Spanned<String>) -> Result<Class, Wrong> {
    let found = name.get_ref();
    match Class::ALL.iter().find(|class| class.as_str() == found) {
        Some(Class::Email) => Err((name.span(), Mistake::Email)),
        Some(class) => Ok(*class),
        None => {
            let known = Class::ALL.iter().filter(|class| **class != Class::Email);
            let known = known.map(|class| class.as_str().to_owned()).collect();
            Err((name.span(), Mistake::Unknown { what: "class", found: found.clone(), known }))
        }
    }
}

fn source(class: Class, name: Option<Spanned<String>>) -> Result<Source, Wrong> {
    let sources = words::sources(class);
    let Some(name) = name else { return Ok(sources[0]) };
    let known = sources.iter().find(|source| source.as_str() == name.get_ref());
    known.copied().ok_or_else(|| {
        let known = sources.iter().map(|source| source.as_str()).collect();
        let found = name.get_ref().clone();
        (name.span(), Mistake::Source { class: class.as_str(), found, known })
    })
}

/// The format of that name, of those that come with Clarté.
fn builtin(name: &Spanned<String>) -> Result<&'static str, Wrong> {
    let found = name.get_ref();
    let known = FORMATS.iter().find(|(known, _)| known == found);
    known.map(|(known, _)| *known).ok_or_else(|| {
        let known = FORMATS.iter().map(|(name, _)| (*name).to_owned()).collect();
        (name.span(), Mistake::Unknown { what: "format", found: found.clone(), known })
    })
}

fn character(what: &'static str, text: &Spanned<String>) -> Result<u8, Wrong> {
    match text.get_ref().as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r') => Ok(*byte),
        _ => Err((text.span(), Mistake::Character(what))),
    }
}
