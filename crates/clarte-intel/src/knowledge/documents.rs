//! What kind of knowledge a file holds, and its objects, each with its own
//! place in the file, so that a broken one costs nothing but itself.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use clarte_model::FaultKind;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::ours;
use crate::json::is_one_document;
use crate::loaded::{Loaded, Place, Places};

/// How many objects of one file are read. ATT&CK has some 25,000.
const MAX_OBJECTS: usize = 1_000_000;

/// How many parts of one list of an object are read.
const MAX_PARTS: usize = 100_000;

/// A file, told by content.
pub(super) enum Document<'t> {
    /// Our own file.
    Ours(&'t [u8]),
    /// A MISP galaxy of actors.
    Galaxy(Galaxy<'t>),
    /// STIX objects.
    Objects(Vec<&'t RawValue>),
    /// Nothing that we know; the fault is said.
    Unknown,
}

/// Tells what a file is; its format is set, and what is damaged is said.
pub(super) fn open<'t>(
    loaded: &mut Loaded,
    places: &mut Places<'_>,
    text: &'t [u8],
) -> Document<'t> {
    let whole = places.at(0, text.len());
    let document = match text.trim_ascii_start().first() {
        Some(b'{' | b'[') => sort(loaded, places, text),
        _ => None,
    };
    match &document {
        Some(Document::Objects(raws)) if !raws.is_empty() => loaded.format = "stix",
        Some(Document::Galaxy(_)) => loaded.format = "galaxy",
        Some(Document::Ours(_)) => loaded.format = "clarte-knowledge",
        _ if loaded.faults_total > 0 => {}
        _ => loaded.lost(whole, FaultKind::Malformed, "no knowledge of a kind that we know"),
    }
    document.unwrap_or(Document::Unknown)
}

fn sort<'t>(loaded: &mut Loaded, places: &mut Places<'_>, text: &'t [u8]) -> Option<Document<'t>> {
    let whole = places.at(0, text.len());
    if text.trim_ascii_start().starts_with(b"[") {
        let objects = serde_json::from_slice::<Objects<'t>>(text);
        return objects.map_err(|why| damaged(loaded, whole, &why)).ok().map(|objects| {
            objects.warn(loaded, whole);
            Document::Objects(objects.kept)
        });
    }
    match serde_json::from_slice::<Outer<'t>>(text) {
        Ok(outer) if outer.schema.as_deref() == Some(ours::SCHEMA) => Some(Document::Ours(text)),
        Ok(Outer { values: Some(_), category: Some(category), .. })
            if category.get() == "\"actor\"" =>
        {
            let galaxy = serde_json::from_slice::<Galaxy<'t>>(text);
            galaxy.map_err(|why| damaged(loaded, whole, &why)).ok().map(Document::Galaxy)
        }
        Ok(Outer { objects: Some(objects), .. }) => {
            objects.warn(loaded, whole);
            Some(Document::Objects(objects.kept))
        }
        Ok(Outer { kind: Some(_), id: Some(_), .. }) => {
            serde_json::from_slice::<&RawValue>(text).ok().map(|raw| Document::Objects(vec![raw]))
        }
        Ok(_) => None,
        Err(why) if is_one_document(text) => {
            damaged(loaded, whole, &why);
            None
        }
        Err(_) => Some(Document::Objects(lines(loaded, places, text))),
    }
}

fn damaged(loaded: &mut Loaded, whole: Place, why: &serde_json::Error) {
    loaded.lost(whole, FaultKind::Malformed, &format!("the JSON is damaged: {why}"));
}

/// One object a line.
fn lines<'t>(loaded: &mut Loaded, places: &mut Places<'_>, text: &'t [u8]) -> Vec<&'t RawValue> {
    let mut raws = Vec::new();
    for line in text.split(|byte| *byte == b'\n') {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<&RawValue>(line) {
            Ok(raw) if raws.len() < MAX_OBJECTS => raws.push(raw),
            Ok(_) => {
                let why = format!("more than {MAX_OBJECTS} objects; the rest is not read");
                loaded.lost(places.of(line), FaultKind::TooLarge, &why);
                break;
            }
            Err(why) => {
                let detail = format!("the line is no JSON: {why}");
                loaded.lost(places.of(line), FaultKind::Malformed, &detail);
            }
        }
    }
    raws
}

/// The keys by which a document is told. A wrong type under one of them makes
/// it a document of another kind, not a damaged one.
#[derive(Deserialize)]
struct Outer<'t> {
    #[serde(borrow, default)]
    schema: Option<Text<'t>>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<&'t RawValue>,
    #[serde(borrow, default)]
    id: Option<&'t RawValue>,
    #[serde(borrow, default)]
    objects: Option<Objects<'t>>,
    #[serde(borrow, default)]
    category: Option<&'t RawValue>,
    #[serde(borrow, default)]
    values: Option<&'t RawValue>,
}

/// A MISP galaxy.
#[derive(Deserialize)]
pub(super) struct Galaxy<'t> {
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Option<Text<'t>>,
    #[serde(borrow, default)]
    pub(super) version: Option<&'t RawValue>,
    #[serde(borrow)]
    pub(super) values: Objects<'t>,
}

/// The objects of a bundle.
type Objects<'t> = List<&'t RawValue, MAX_OBJECTS>;

/// A list inside an object.
pub(super) type Few<T> = List<T, MAX_PARTS>;

/// The first so many parts of a list, and how many more there are: a file
/// decides how long its lists are, not how much memory we take.
pub(super) struct List<T, const MOST: usize> {
    pub(super) kept: Vec<T>,
    pub(super) beyond: u64,
}

impl<T, const MOST: usize> List<T, MOST> {
    /// Says what was left out.
    pub(super) fn warn(&self, loaded: &mut Loaded, place: Place) {
        if self.beyond > 0 {
            let why = format!("a list of more than {MOST}; {} are not read", self.beyond);
            loaded.repaired(place, FaultKind::TooLarge, &why);
        }
    }
}

impl<T, const MOST: usize> Default for List<T, MOST> {
    fn default() -> Self {
        Self { kept: Vec::new(), beyond: 0 }
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for List<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for ListVisitor<T, MOST> {
    type Value = List<T, MOST>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(List::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let mut list = List::default();
        while list.kept.len() < MOST {
            let Some(part) = parts.next_element()? else { return Ok(list) };
            list.kept.push(part);
        }
        while parts.next_element::<IgnoredAny>()?.is_some() {
            list.beyond += 1;
        }
        Ok(list)
    }
}

/// A text that borrows from the file where it has no escapes, also inside an
/// `Option` (where `Cow` alone would copy).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Text<'t>(pub(super) Cow<'t, str>);

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 't, 't> Deserialize<'de> for Text<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}
