//! Who repeats whom: a directed graph from sources to the origins that they name.
//!
//! An origin that names an origin itself leads on to it. Where a source repeats
//! two origins and is repeated, nobody can say which of them is meant: they count
//! as one. Names are compared as they are written, but for case and space.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::union::Union;
use crate::Item;
use crate::grade::discount;
use crate::item::folded;

/// Claims that look like several and are one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circle {
    /// Who said it first; of a ring its names, as nobody did.
    pub origin: String,
    /// Indices of the items that lead there, by id.
    pub items: Vec<usize>,
    /// What was found, an English sentence each.
    pub why: Vec<String>,
}

/// The circles among items, sorted by origin: two or more sources that lead back
/// to one origin, and sources that name each other as their origin.
pub fn circles(items: &[Item]) -> Vec<Circle> {
    let origins = Origins::of(items);
    let mut behind: BTreeMap<Origin, Vec<usize>> = BTreeMap::new();
    let repeated: BTreeSet<_> =
        items.iter().filter_map(|item| Some((origins.behind(item)?, item.channel))).collect();
    for (at, item) in items.iter().enumerate() {
        // What an origin says itself is repeated in that channel alone.
        let own =
            || origins.named(&item.source).filter(|own| repeated.contains(&(*own, item.channel)));
        if let Some(origin) = origins.behind(item).or_else(own) {
            behind.entry(origin).or_default().push(at);
        }
    }
    let mut circles = Vec::new();
    for (origin, mut members) in behind {
        members.sort_by(|left, right| items[*left].id.cmp(&items[*right].id));
        let repeated = members.iter().map(|at| &items[*at]);
        let repeating: BTreeSet<_> = repeated
            .filter(|item| origins.behind(item).is_some())
            .map(|item| item.source.trim().to_owned())
            .collect();
        let name = origins.name(origin);
        let ring = origins.ring(origin);
        let mut why = Vec::new();
        if !ring.is_empty() {
            why.push(format!("{} name each other as their origin", listed(&ring)));
        }
        let voices: BTreeSet<_> = members.iter().map(|at| folded(&items[*at].source)).collect();
        if voices.len() > 1 {
            let sources: Vec<_> = repeating.into_iter().collect();
            let verb = if sources.len() == 1 { "repeats" } else { "repeat" };
            why.push(format!("{} {verb} what leads back to {name}", listed(&sources)));
        }
        why.extend(laundered(&members, items));
        if !why.is_empty() {
            circles.push(Circle { origin: name.to_owned(), items: members, why });
        }
    }
    circles.sort_by(|left, right| left.origin.cmp(&right.origin));
    circles
}

/// That somebody is graded better than what he repeats, where that is among the
/// items.
fn laundered(members: &[usize], items: &[Item]) -> Option<String> {
    let kept = |item: &Item| discount(item.grade);
    let best = |repeats: bool| {
        let found = members.iter().map(|at| &items[*at]);
        let found = found.filter(|item| item.repeats().is_some() == repeats);
        // Of equals the first by id, in whose order they come.
        found.reduce(|best, item| if kept(item) > kept(best) { item } else { best })
    };
    let (first, again) = (best(false)?, best(true)?);
    let (name, grade) = (again.source.trim(), again.grade);
    let why = format!("{name} is graded {grade} and repeats what is graded {}", first.grade);
    (kept(again) > kept(first)).then_some(why)
}

/// Names in a sentence; of many the first and how many more.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 5;
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if names.len() <= SHOWN => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", names[..SHOWN].join(", "), names.len() - SHOWN),
    }
}

/// An origin, or several that nobody can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin(usize);

/// The origins that items name.
pub(super) struct Origins {
    /// Each name that is an origin, folded, and which origin it is.
    names: BTreeMap<String, Origin>,
    /// What each origin is called.
    called: BTreeMap<Origin, String>,
    /// The names that lead round in each.
    rings: BTreeMap<Origin, Vec<String>>,
}

impl Origins {
    pub(super) fn of(items: &[Item]) -> Self {
        // The smallest way to write a name is shown, so that order never is.
        let mut written: BTreeMap<String, &str> = BTreeMap::new();
        for name in items.iter().filter_map(Item::repeats) {
            let shown = written.entry(folded(name)).or_insert(name.trim());
            *shown = name.trim().min(shown);
        }
        let index: BTreeMap<&str, usize> =
            written.keys().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let mut leads = vec![BTreeSet::new(); index.len()];
        let mut union = Union::new(index.len());
        for item in items {
            let Some(origin) = item.repeats().and_then(|name| index.get(&*folded(name))) else {
                continue;
            };
            // Only who is repeated leads anybody on.
            if let Some(source) = index.get(&*folded(&item.source)) {
                leads[*source].insert(*origin);
                union.join(*source, *origin);
            }
        }
        let shown: Vec<&str> = written.values().copied().collect();
        let round = round(&leads);
        let (mut called, mut rings) = (BTreeMap::new(), BTreeMap::new());
        let mut together: BTreeMap<Origin, Vec<usize>> = BTreeMap::new();
        for at in 0..shown.len() {
            together.entry(Origin(union.root(at))).or_default().push(at);
        }
        for (origin, members) in together {
            let named = |keep: &dyn Fn(usize) -> bool| -> Vec<String> {
                let kept = members.iter().filter(|at| keep(**at));
                kept.map(|at| shown[*at].to_owned()).collect()
            };
            let ring = named(&|at| round[at]);
            let first = named(&|at| leads[at].is_empty());
            called.insert(origin, listed(if first.is_empty() { &ring } else { &first }));
            rings.insert(origin, ring);
        }
        let names = index.iter().map(|(name, at)| ((*name).to_owned(), Origin(union.root(*at))));
        Self { names: names.collect(), called, rings }
    }

    /// The origin behind an item that repeats somebody.
    pub(super) fn behind(&self, item: &Item) -> Option<Origin> {
        item.repeats().and_then(|name| self.named(name))
    }

    /// The origin of that name, if items name it as one.
    pub(super) fn named(&self, name: &str) -> Option<Origin> {
        self.names.get(&folded(name)).copied()
    }

    /// What it is called.
    pub(super) fn name(&self, origin: Origin) -> &str {
        self.called.get(&origin).map_or("", String::as_str)
    }

    fn ring(&self, origin: Origin) -> Vec<String> {
        self.rings.get(&origin).cloned().unwrap_or_default()
    }
}

/// Which nodes lie on a ring or between two: what is left when nodes that lead
/// nowhere, and those that nothing leads to, are taken away again and again.
fn round(leads: &[BTreeSet<usize>]) -> Vec<bool> {
    let mut back = vec![BTreeSet::new(); leads.len()];
    for (from, to) in leads.iter().enumerate() {
        to.iter().for_each(|to| {
            back[*to].insert(from);
        });
    }
    let mut left = vec![true; leads.len()];
    for (there, here) in [(leads, back.as_slice()), (back.as_slice(), leads)] {
        let mut open: Vec<usize> =
            (0..leads.len()).map(|at| there[at].iter().filter(|to| left[**to]).count()).collect();
        let mut done: Vec<usize> =
            (0..leads.len()).filter(|at| left[*at] && open[*at] == 0).collect();
        while let Some(at) = done.pop() {
            left[at] = false;
            for before in here[at].iter().filter(|before| left[**before]) {
                open[*before] -= 1;
                if open[*before] == 0 {
                    done.push(*before);
                }
            }
        }
    }
    left
}
