//! `people.csv`: who belongs to the institution, one person a row.
//!
//! At least a column `email`; `name`, `roles`, `accounts`, `host` and `lang`
//! where known, in any order, separated by commas, semicolons or tabs. Lists
//! inside a column are separated by `;` or `|` (by `,` as well where `;`
//! separates the columns). Other columns go into `unmapped`.

use clarte_model::{Class, Fault, FaultKind, Field, Record, Sink, Source, address};

use crate::rows::{Header, Row};
use crate::{About, Context, Format, Input, Output, json::Object, value};

pub(crate) struct People;

impl Format for People {
    fn about(&self) -> About {
        About { what: "lists of people (CSV)", feeds: "who has which address, account and machine" }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        let Some(header) = Header::of(head) else { return false };
        let columns = columns(&header);
        let known = columns.iter().filter(|column| column.is_some()).count();
        let has_email = columns.contains(&Some(Field::UserEmail));
        match columns.len() {
            1 => has_email && second_line_is_address(head, &header),
            all => has_email && known * 2 > all,
        }
    }

    fn read(&self, input: &mut Input<'_>, _: &Context, out: &mut Output<'_>) -> &'static str {
        let sink = out.sink();
        if let Some(header) = Header::of(input.head()) {
            let columns = columns(&header);
            let mut rows = header.rows(input, sink);
            while let Some(row) = rows.next(columns.len(), sink) {
                read_row(&row, &header, &columns, sink);
            }
        }
        "people"
    }
}

/// What each column holds, as far as we know it.
fn columns(header: &Header) -> Vec<Option<Field>> {
    let field = |name: &String| match name.as_str() {
        "email" | "e-mail" => Some(Field::UserEmail),
        "name" => Some(Field::UserFullName),
        "roles" | "role" => Some(Field::UserRoles),
        "accounts" | "account" => Some(Field::UserAccounts),
        "host" | "hosts" => Some(Field::UserHosts),
        "lang" | "language" => Some(Field::UserLang),
        _ => None,
    };
    header.names.iter().map(field).collect()
}

/// A single column called `email` could be anything's first line.
fn second_line_is_address(mut head: &[u8], header: &Header) -> bool {
    let mut nothing = Nothing;
    let mut input = Input::new(&mut head);
    let row = header.rows(&mut input, &mut nothing).next(1, &mut nothing);
    row.is_some_and(|row| address::normalise(&row.fields[0]).is_some())
}

/// A sink for a first look.
struct Nothing;

impl Sink for Nothing {
    fn record(&mut self, _: &Record<'_>) {}
    fn fault(&mut self, _: Fault) {}
    fn skip(&mut self, _: u64, _: u64, _: clarte_model::Skipped) {}
}

fn read_row(row: &Row, header: &Header, columns: &[Option<Field>], sink: &mut dyn Sink) {
    let (offset, length) = (row.offset, row.length);
    let mut record = Record::new(Class::Person, Source::People, offset, length);
    let mut unmapped = Object::default();
    record.text(Field::LogName, "people");
    for ((cell, column), name) in row.fields.iter().zip(columns).zip(&header.names) {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        match column {
            Some(Field::UserEmail) => match address::normalise(cell) {
                Some(email) => _ = record.text(Field::UserEmail, email),
                None => break,
            },
            Some(Field::UserLang) => _ = record.text(Field::UserLang, cell.replace('_', "-")),
            Some(Field::UserHosts) => {
                let hosts = list(cell, header.delimiter).map(|name| {
                    value::host(name.into()).unwrap_or_else(|| name.to_lowercase().into())
                });
                record.texts(Field::UserHosts, hosts);
            }
            Some(field @ (Field::UserRoles | Field::UserAccounts)) => {
                record.texts(*field, list(cell, header.delimiter));
            }
            Some(field) => _ = record.text(*field, cell),
            None => _ = unmapped.text(name, cell),
        }
    }
    if record.get(Field::UserEmail).is_none() {
        let detail = "a person without a readable e-mail address".to_owned();
        return sink.fault(Fault { offset, length, lost: true, kind: FaultKind::BadValue, detail });
    }
    record.text(Field::Unmapped, unmapped.finish());
    sink.record(&record);
}

/// The members of a list inside a column.
fn list(cell: &str, delimiter: u8) -> impl Iterator<Item = &str> {
    let commas = delimiter == b';' && !cell.contains([';', '|']);
    let members = cell.split(move |c| matches!(c, ';' | '|') || (commas && c == ','));
    members.map(str::trim).filter(|member| !member.is_empty())
}
