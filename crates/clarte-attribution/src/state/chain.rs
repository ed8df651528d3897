//! Chains from a group over an entity to a state.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::backing::{Backing, Gathered, Support, Voices};
use super::{SaidBehind, code};
use crate::item::{EntityKind, folded};
use crate::{Item, StateAssertion};

/// The most chains that are shown for one state.
const MAX_CHAINS: usize = 100;
/// The most groups that are followed from one entity.
const MAX_GROUPS: usize = 20;

/// Which two ends a joint ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JointKind {
    /// That a unit or contractor is the group.
    GroupEntity,
    /// That the entity acts for the state.
    EntityState,
    /// That the group acts for the state, nobody says through whom.
    GroupState,
}

/// One joint of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joint {
    /// Which ends it ties.
    pub kind: JointKind,
    /// What carries it.
    pub backing: Backing,
}

/// A chain from a group to a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// The group; `None` if only the entity is named.
    pub group: Option<String>,
    /// The unit or contractor; `None` if nobody names one.
    pub entity: Option<String>,
    /// Which of both it is said to be; `None` if nobody says, or both are said.
    pub entity_kind: Option<EntityKind>,
    /// Its joints, from the group to the state.
    pub joints: Vec<Joint>,
}

impl Chain {
    /// Whether something may be built on every joint of it.
    pub fn holds(&self) -> bool {
        self.group.is_some() && self.joints.iter().all(|joint| joint.backing.holds())
    }

    /// How well its weakest joint is supported.
    pub fn support(&self) -> Support {
        self.joints.iter().map(|joint| joint.backing.standing()).min().unwrap_or_default()
    }

    /// By what chains are compared: of two that hold as well, the one that names
    /// an entity, then the better other joint.
    pub(super) fn rank(&self) -> (Support, bool, Support) {
        let best = self.joints.iter().map(|joint| joint.backing.standing()).max();
        (self.support(), self.entity.is_some(), best.unwrap_or_default())
    }

    /// The group and the entity.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        [self.group.as_deref(), self.entity.as_deref()].into_iter().flatten()
    }
}

/// The chains to one state.
#[derive(Default)]
pub(super) struct Found {
    pub(super) chains: Vec<Chain>,
    pub(super) omitted: usize,
    /// The groups and entities, folded, on chains that hold.
    pub(super) holding: BTreeSet<String>,
    /// The same on chains over an entity.
    pub(super) holding_over_entity: BTreeSet<String>,
}

impl Found {
    /// Sorts the chains, the strongest first, and keeps what is shown.
    fn settle(&mut self) {
        for chain in self.chains.iter().filter(|chain| chain.holds()) {
            self.holding.extend(chain.names().map(folded));
            if chain.entity.is_some() {
                self.holding_over_entity.extend(chain.names().map(folded));
            }
        }
        self.chains.sort_by(|left, right| {
            let names = |chain: &Chain| (chain.group.clone(), chain.entity.clone());
            right.rank().cmp(&left.rank()).then_with(|| names(left).cmp(&names(right)))
        });
        self.omitted += self.chains.len().saturating_sub(MAX_CHAINS);
        self.chains.truncate(MAX_CHAINS);
    }
}

/// The chains to each state.
pub(super) fn all(
    items: &[Item],
    voices: &Voices<'_>,
    said: &[SaidBehind],
) -> BTreeMap<String, Found> {
    let mut book = Book::default();
    for (at, item) in items.iter().enumerate() {
        item.states.iter().for_each(|assertion| book.add(at, assertion));
    }
    for said in said {
        let key = (code(&said.claim.country), folded(&said.group));
        book.write(&said.group);
        book.direct.entry(key).or_default().is_said = true;
    }
    book.chains(voices)
}

/// Every joint that anybody speaks of.
#[derive(Default)]
struct Book {
    /// How each name is shown.
    shown: BTreeMap<String, String>,
    kinds: BTreeMap<String, Vec<EntityKind>>,
    /// By entity and group.
    groups: BTreeMap<String, BTreeMap<String, Gathered>>,
    /// By state and entity.
    entities: BTreeMap<(String, String), Gathered>,
    /// By state and group.
    direct: BTreeMap<(String, String), Gathered>,
}

impl Book {
    fn add(&mut self, at: usize, assertion: &StateAssertion) {
        let Some(denies) = assertion.about_joints() else { return };
        let (group, entity) = (assertion.group.as_deref(), assertion.entity.as_deref());
        for name in [group, entity].into_iter().flatten() {
            self.write(name);
        }
        if let (Some(entity), Some(kind), false) = (entity, assertion.entity_kind, denies) {
            self.kinds.entry(folded(entity)).or_default().push(kind);
        }
        let state = assertion.state.as_deref().map(code);
        // A denial of the whole chain does not say which joint is wrong: it stands
        // against the last.
        let is_whole = group.is_some() && entity.is_some() && state.is_some();
        if let (Some(group), Some(entity)) = (group, entity)
            && !(denies && is_whole)
        {
            let groups = self.groups.entry(folded(entity)).or_default();
            groups.entry(folded(group)).or_default().add(at, denies);
        }
        match (state, entity, group) {
            (Some(state), Some(entity), _) => {
                self.entities.entry((state, folded(entity))).or_default().add(at, denies);
            }
            (Some(state), None, Some(group)) => {
                self.direct.entry((state, folded(group))).or_default().add(at, denies);
            }
            _ => {}
        }
    }

    /// Keeps the smallest way to write a name, so that order never shows.
    fn write(&mut self, name: &str) {
        let shown = self.shown.entry(folded(name)).or_insert_with(|| name.trim().to_owned());
        if name.trim() < shown.as_str() {
            *shown = name.trim().to_owned();
        }
    }

    fn chains(&self, voices: &Voices<'_>) -> BTreeMap<String, Found> {
        let mut followed: BTreeMap<&str, Vec<(&str, Backing)>> = BTreeMap::new();
        for (entity, groups) in &self.groups {
            let mut all: Vec<_> = groups
                .iter()
                .map(|(group, gathered)| (group.as_str(), voices.backing(gathered)))
                .collect();
            all.sort_by_key(|(_, backing)| Reverse(backing.standing()));
            followed.insert(entity, all);
        }
        let mut found: BTreeMap<String, Found> = BTreeMap::new();
        for ((state, group), gathered) in &self.direct {
            let joint = Joint { kind: JointKind::GroupState, backing: voices.backing(gathered) };
            let chains = &mut found.entry(state.clone()).or_default().chains;
            chains.push(self.chain(Some(group), None, vec![joint]));
        }
        for ((state, entity), gathered) in &self.entities {
            let found = found.entry(state.clone()).or_default();
            let last = Joint { kind: JointKind::EntityState, backing: voices.backing(gathered) };
            let groups = followed.get(entity.as_str()).map_or(&[][..], Vec::as_slice);
            if groups.is_empty() {
                let backing = Backing::default();
                let first = Joint { kind: JointKind::GroupEntity, backing };
                found.chains.push(self.chain(None, Some(entity), vec![first, last.clone()]));
            }
            found.omitted += groups.len().saturating_sub(MAX_GROUPS);
            for (group, backing) in groups.iter().take(MAX_GROUPS) {
                let first = Joint { kind: JointKind::GroupEntity, backing: backing.clone() };
                found.chains.push(self.chain(Some(group), Some(entity), vec![first, last.clone()]));
            }
        }
        found.values_mut().for_each(Found::settle);
        found
    }

    fn chain(&self, group: Option<&str>, entity: Option<&str>, joints: Vec<Joint>) -> Chain {
        let shown = |name: &str| self.shown.get(name).cloned();
        let kind = entity.and_then(|entity| self.kinds.get(entity)).and_then(|kinds| {
            let first = *kinds.first()?;
            kinds.iter().all(|kind| *kind == first).then_some(first)
        });
        Chain {
            group: group.and_then(shown),
            entity: entity.and_then(shown),
            entity_kind: kind,
            joints,
        }
    }
}

impl StateAssertion {
    /// Whether it speaks of the joints of a chain, and then whether it denies
    /// them. What a state does not do against a group, and the denial of a step
    /// or link alone, say nothing of them.
    pub(crate) fn about_joints(&self) -> Option<bool> {
        let is_specific = self.step.is_some() || self.link.is_some();
        let is_passive = self.step.is_some_and(|step| !step.needs_chain())
            || self.link.is_some_and(|link| !link.needs_chain());
        let says_nothing = is_passive || self.denies && is_specific;
        (!says_nothing).then_some(self.denies)
    }
}
