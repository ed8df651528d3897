//! What carries a claim: how many voices that can, and who denies it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Group, Item};

/// How well a claim is supported, ascending.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Support {
    /// Nobody says so.
    #[default]
    Missing,
    /// It is said to be so, by nobody who can carry it: a base of knowledge,
    /// an ungraded or doubtful claim, a resemblance.
    SaidToBe,
    /// One voice can carry it: a tangible item, or a statement graded A or B and
    /// 1 or 2.
    Supported,
    /// Two independent voices or more can.
    Corroborated,
}

impl Support {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "not shown",
            Self::SaidToBe => "said to be",
            Self::Supported => "supported",
            Self::Corroborated => "corroborated",
        }
    }
}

/// The items for and against a claim.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backing {
    /// How well those for it support it.
    pub support: Support,
    /// How well those against it support that it is not so.
    pub denial: Support,
    /// Indices of the items that claim it, by id.
    pub items: Vec<usize>,
    /// Indices of the items that deny it, by id.
    pub against: Vec<usize>,
}

impl Backing {
    /// Whether voices that can carry it are denied by as many or more that can.
    pub fn is_contested(&self) -> bool {
        self.denial >= Support::Supported && self.denial >= self.support
    }

    /// Whether something may be built on it.
    pub fn holds(&self) -> bool {
        self.support >= Support::Supported && !self.is_contested()
    }

    /// By what backings are compared: a contested one is only said.
    pub fn standing(&self) -> Support {
        if self.is_contested() { self.support.min(Support::SaidToBe) } else { self.support }
    }
}

/// The items, and which of them are one voice.
pub(super) struct Voices<'a> {
    items: &'a [Item],
    /// For each item its group.
    group: Vec<usize>,
}

impl<'a> Voices<'a> {
    pub(super) fn new(items: &'a [Item], groups: &[Group]) -> Self {
        let mut group = vec![0; items.len()];
        for (at, members) in groups.iter().enumerate() {
            members.items.iter().for_each(|item| group[*item] = at);
        }
        Self { items, group }
    }

    /// The backing of a claim by the items that make and deny it, and by whether
    /// a source of knowledge says it.
    pub(super) fn backing(&self, gathered: &Gathered) -> Backing {
        let said = if gathered.is_said { Support::SaidToBe } else { Support::Missing };
        Backing {
            support: self.support(&gathered.claimed).max(said),
            denial: self.support(&gathered.denied),
            items: self.by_id(&gathered.claimed),
            against: self.by_id(&gathered.denied),
        }
    }

    fn support(&self, items: &BTreeSet<usize>) -> Support {
        let carrying = items.iter().filter(|at| self.items[**at].is_tangible());
        let voices: BTreeSet<_> = carrying.map(|at| self.group[*at]).collect();
        match voices.len() {
            0 if items.is_empty() => Support::Missing,
            0 => Support::SaidToBe,
            1 => Support::Supported,
            _ => Support::Corroborated,
        }
    }

    fn by_id(&self, items: &BTreeSet<usize>) -> Vec<usize> {
        let mut items: Vec<_> = items.iter().copied().collect();
        items.sort_by(|left, right| self.items[*left].id.cmp(&self.items[*right].id));
        items
    }
}

/// Which items make a claim and which deny it.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) claimed: BTreeSet<usize>,
    pub(super) denied: BTreeSet<usize>,
    pub(super) is_said: bool,
}

impl Gathered {
    pub(super) fn add(&mut self, item: usize, denies: bool) {
        if denies {
            self.denied.insert(item)
        } else {
            self.claimed.insert(item)
        };
    }
}
