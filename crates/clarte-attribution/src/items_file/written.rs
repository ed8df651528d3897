//! One item as it is written, and what it means or what is wrong with it.

use std::fmt;
use std::ops::Range;

use clarte_model::{Dated, FaultKind};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use toml::Spanned;

use super::MAX_TEXT;
use crate::item::{folded, same_name};
use crate::{Channel, Forgery, Grade, Held, Item, SharedUse, Standing, StateAssertion};

/// What is wrong with an item, where, and what to do.
pub(super) struct Wrong {
    pub(super) range: Range<usize>,
    pub(super) kind: FaultKind,
    pub(super) what: String,
}

/// The item that a text of one `[[item]]` says.
pub(super) fn read(text: &str) -> Result<Item, Wrong> {
    let file: File = toml::from_str(text).map_err(|cause| {
        let all = 0..text.trim_end().len();
        let range = cause.span().map_or(all.clone(), |span| span.start..span.end.min(all.end));
        let range = if range.is_empty() { line(text, range.start) } else { range };
        let (kind, what) = explain(cause.message());
        Wrong { range, kind, what }
    })?;
    let [written] = file.item;
    written.check()
}

/// The line in which `at` lies, as what is missing has no bytes of its own.
fn line(text: &str, at: usize) -> Range<usize> {
    let at = at.min(text.trim_end().len());
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let rest = text.get(start..).unwrap_or_default();
    start..start + rest.find('\n').unwrap_or(rest.len())
}

/// What to do about what the reader of TOML says.
fn explain(message: &str) -> (FaultKind, String) {
    let message = message.lines().next().unwrap_or_default();
    let (kind, advice) = if message.starts_with("missing field") {
        (FaultKind::BadValue, "add it to the item")
    } else if message.starts_with("unknown field") {
        (FaultKind::BadValue, "correct its name or remove it")
    } else if message.starts_with("invalid date") {
        (FaultKind::BadValue, "put a date without a day between quotation marks")
    } else if ["unknown variant", "invalid type", "invalid value"]
        .iter()
        .any(|wrong| message.starts_with(wrong))
    {
        (FaultKind::BadValue, "write one of what is expected")
    } else if message.contains(" is no ") {
        (FaultKind::BadValue, "correct it")
    } else {
        (FaultKind::Malformed, "write `name = \"text\"`, one to a line")
    };
    (kind, format!("{message}: {advice}"))
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    item: [Written; 1],
}

type Text = Spanned<String>;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: Option<Text>,
    channel: Channel,
    says: Text,
    source: Text,
    origin: Option<Text>,
    vendor: Option<Text>,
    mechanism: Option<Text>,
    date: Option<Day>,
    held: Option<Spanned<WrittenHeld>>,
    #[serde(default)]
    citations: Vec<Text>,
    grade: Option<Grade>,
    forgery: Option<Forgery>,
    prevalence: Option<Spanned<f64>>,
    shared: Option<SharedUse>,
    #[serde(default, rename = "for")]
    supports: Vec<Spanned<Standing>>,
    #[serde(default, rename = "against")]
    opposes: Vec<Spanned<Standing>>,
    #[serde(default)]
    states: Vec<Spanned<StateAssertion>>,
    #[serde(default)]
    findings: Vec<Text>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenHeld {
    from: Option<Day>,
    until: Option<Day>,
}

impl Written {
    fn check(self) -> Result<Item, Wrong> {
        let (says, source) = (text(self.says)?, text(self.source)?);
        let mut item = Item::new(self.channel, &says, &source);
        if let Some(id) = self.id {
            item.id = text(id)?;
        }
        item.origin = self.origin.map(text).transpose()?;
        item.vendor = self.vendor.map(text).transpose()?;
        item.mechanism = self.mechanism.map(text).transpose()?;
        item.date = self.date.map(|day| day.0);
        item.held = self.held.map(held).transpose()?;
        item.citations = self.citations.into_iter().map(text).collect::<Result<_, _>>()?;
        item.findings = self.findings.into_iter().map(text).collect::<Result<_, _>>()?;
        item.grade = self.grade.unwrap_or_default();
        item.forgery = self.forgery.unwrap_or(item.forgery);
        item.prevalence = self.prevalence.as_ref().map(share).transpose()?;
        item.shared = self.shared;
        item.supports = standings(self.supports, &[])?;
        item.opposes = standings(self.opposes, &item.supports)?;
        item.states = self.states.into_iter().map(assertion).collect::<Result<_, _>>()?;
        Ok(item)
    }
}

/// A text that says something and is not too long.
fn text(text: Text) -> Result<String, Wrong> {
    let range = text.span();
    let text = text.into_inner();
    check_text(&text, &range)?;
    Ok(text)
}

fn check_text(text: &str, range: &Range<usize>) -> Result<(), Wrong> {
    if text.trim().is_empty() {
        return Err(bad(range, "the text is empty: write it, or remove the line"));
    }
    if text.len() > MAX_TEXT {
        let what = format!("the text is longer than {MAX_TEXT} bytes: shorten it");
        return Err(Wrong { range: range.clone(), kind: FaultKind::TooLarge, what });
    }
    Ok(())
}

fn share(share: &Spanned<f64>) -> Result<f64, Wrong> {
    let value = *share.get_ref();
    if value > 0.0 && value <= 1.0 {
        return Ok(value);
    }
    Err(bad(&share.span(), "a prevalence is a share of actors: write more than 0 and at most 1"))
}

fn held(written: Spanned<WrittenHeld>) -> Result<Held, Wrong> {
    let range = written.span();
    let written = written.into_inner();
    let held = Held { from: written.from.map(|day| day.0), until: written.until.map(|day| day.0) };
    // What ends before it begins holds the end of no time that begins so.
    if let (Some(from), until @ Some(_)) = (held.from, held.until)
        && !(Held { from: None, until }).contains(from)
    {
        return Err(bad(&range, "`until` lies before `from`: exchange or correct them"));
    }
    Ok(held)
}

/// Whom an item is for or against, each once and on one side.
fn standings(written: Vec<Spanned<Standing>>, other: &[Standing]) -> Result<Vec<Standing>, Wrong> {
    let mut all: Vec<Standing> = Vec::with_capacity(written.len());
    let mut named = std::collections::BTreeSet::new();
    for standing in written {
        let range = standing.span();
        let standing = standing.into_inner();
        check_text(&standing.actor, &range)?;
        if !named.insert(folded(&standing.actor)) {
            return Err(bad(&range, "the actor stands here twice: keep one"));
        }
        all.push(standing);
        if named.len() > MAX_ACTORS {
            return Err(bad(&range, "more than 1,000 actors: what fits so many says little"));
        }
    }
    let others: std::collections::BTreeSet<_> =
        other.iter().map(|standing| folded(&standing.actor)).collect();
    if let Some(both) = named.intersection(&others).next() {
        let what = format!("the item is for and against {both}: make two items of it");
        return Err(Wrong { range: 0.."[[item]]".len(), kind: FaultKind::BadValue, what });
    }
    Ok(all)
}

/// The most actors that one item is for, or against.
const MAX_ACTORS: usize = 1000;

/// What is said of a state, if it says what it needs.
fn assertion(written: Spanned<StateAssertion>) -> Result<StateAssertion, Wrong> {
    let range = written.span();
    let mut said = written.into_inner();
    for text in [&said.group, &said.entity].into_iter().flatten() {
        check_text(text, &range)?;
    }
    if let Some(state) = &mut said.state {
        if state.len() != 2 || !state.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(bad(&range, "not two letters: write the state's ISO 3166-1 alpha-2 code"));
        }
        state.make_ascii_uppercase();
    }
    let named = [&said.group, &said.entity, &said.state].into_iter().flatten().count();
    if named < 2 {
        return Err(bad(&range, "who is behind whom: name two of `group`, `entity` and `state`"));
    }
    if said.state.is_none() && (said.step.is_some() || said.link.is_some()) {
        return Err(bad(&range, "a `step` or a `link` is a state's: name the `state`"));
    }
    if said.entity.is_none() && said.entity_kind.is_some() {
        return Err(bad(&range, "an `entity_kind` is an entity's: name the `entity`"));
    }
    let same = |left: &Option<String>, right: &Option<String>| match (left, right) {
        (Some(left), Some(right)) => same_name(left, right),
        _ => false,
    };
    if same(&said.group, &said.entity) {
        return Err(bad(&range, "the group is its own `entity`: name the unit or contractor"));
    }
    Ok(said)
}

fn bad(range: &Range<usize>, what: &str) -> Wrong {
    Wrong { range: range.clone(), kind: FaultKind::BadValue, what: what.to_owned() }
}

/// A date, as a text, a date of TOML or a year.
struct Day(Dated);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Day;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date such as 2021-01-06, \"2021-01\" or 2021")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Day, E> {
                Dated::try_from(text.to_owned()).map(Day).map_err(E::custom)
            }
            fn visit_i64<E: Error>(self, year: i64) -> Result<Day, E> {
                self.visit_str(&year.to_string())
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Day, A::Error> {
                let date = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
                self.visit_str(&date.to_string())
            }
        }
        deserializer.deserialize_any(Any)
    }
}
