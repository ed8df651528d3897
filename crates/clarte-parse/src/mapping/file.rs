//! A mapping file as it is written.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) name: Spanned<String>,
    pub(super) container: Container,
    #[serde(default)]
    pub(super) before: Vec<Spanned<String>>,
    pub(super) recognise: Option<Spanned<Vec<String>>>,
    pub(super) nothing: Option<Vec<String>>,
    pub(super) csv: Option<Spanned<Csv>>,
    pub(super) json: Option<Spanned<Json>>,
    pub(super) time: Option<Time>,
    #[serde(default)]
    pub(super) record: Vec<Spanned<Record>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Container {
    #[serde(rename = "csv")]
    Csv,
    #[serde(rename = "json", alias = "json-lines")]
    Json,
}

/// How a table is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Csv {
    pub(super) separator: Option<Spanned<String>>,
    pub(super) quote: Option<Spanned<String>>,
    pub(super) comment: Option<Spanned<String>>,
    pub(super) columns: Option<Spanned<Vec<String>>>,
}

/// How objects lie in a document.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Json {
    pub(super) records: Option<Spanned<String>>,
}

/// Where the time is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Time {
    #[serde(alias = "columns")]
    pub(super) column: Spanned<Names>,
    pub(super) format: Spanned<String>,
    pub(super) zone: Option<Spanned<String>>,
}

/// One kind of record.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) class: Spanned<String>,
    pub(super) source: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) when: BTreeMap<String, Spanned<Names>>,
    pub(super) fields: BTreeMap<Spanned<String>, Spanned<From>>,
}

/// One text or several.
#[derive(Debug, Default)]
pub(super) struct Names(pub(super) Vec<String>);

/// Where a field comes from: a column, columns of which the first with a value
/// counts, or a table that says more.
#[derive(Debug, Default)]
pub(super) struct From {
    pub(super) columns: Vec<String>,
    pub(super) value: Option<String>,
    pub(super) map: BTreeMap<String, String>,
    pub(super) otherwise: Option<String>,
    pub(super) absent: Option<String>,
    pub(super) separator: Option<String>,
    pub(super) unit: Option<String>,
}

/// The table that says more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Detailed {
    #[serde(default, alias = "columns")]
    column: Names,
    value: Option<Scalar>,
    #[serde(default)]
    map: BTreeMap<String, Scalar>,
    otherwise: Option<Scalar>,
    absent: Option<Scalar>,
    separator: Option<String>,
    unit: Option<String>,
}

/// A text, or a number as text.
#[derive(Debug)]
struct Scalar(String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Scalar;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a whole number")
            }
            fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar(text.to_owned()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
                Ok(Scalar(number.to_string()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Names;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }
            fn visit_str<E>(self, text: &str) -> Result<Names, E> {
                Ok(Names(vec![text.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Names, A::Error> {
                texts(seq).map(Names)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl<'de> Deserialize<'de> for From {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = From;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column's name, a list of names, or a table")
            }
            fn visit_str<E>(self, text: &str) -> Result<From, E> {
                Ok(From { columns: vec![text.to_owned()], ..From::default() })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<From, A::Error> {
                Ok(From { columns: texts(seq)?, ..From::default() })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<From, A::Error> {
                let table = Detailed::deserialize(MapAccessDeserializer::new(map))?;
                let map = table.map.into_iter().map(|(from, to)| (from, to.0));
                Ok(From {
                    columns: table.column.0,
                    value: table.value.map(|value| value.0),
                    map: map.collect(),
                    otherwise: table.otherwise.map(|otherwise| otherwise.0),
                    absent: table.absent.map(|absent| absent.0),
                    separator: table.separator,
                    unit: table.unit,
                })
            }
        }
        deserializer.deserialize_any(Any)
    }
}

fn texts<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Vec<String>, A::Error> {
    let mut all = Vec::new();
    while let Some(text) = seq.next_element()? {
        all.push(text);
    }
    Ok(all)
}
