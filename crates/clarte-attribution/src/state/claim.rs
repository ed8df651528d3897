//! Steps of the spectrum and links in law, as items claim them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::backing::{Backing, Gathered, Voices};
use super::chain::Found;
use super::code;
use crate::item::folded;
use crate::{Item, Link, Responsibility};

/// What is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Claimed {
    /// A step of the spectrum.
    Step(Responsibility),
    /// A link in law.
    Link(Link),
}

impl Claimed {
    /// The step, if it is one.
    pub fn step(self) -> Option<Responsibility> {
        match self {
            Self::Step(step) => Some(step),
            Self::Link(_) => None,
        }
    }

    /// The link, if it is one.
    pub fn link(self) -> Option<Link> {
        match self {
            Self::Step(_) => None,
            Self::Link(link) => Some(link),
        }
    }

    /// Whether it makes the act the state's own: not what the state failed to do,
    /// and not that it only applauds.
    pub(crate) fn is_attribution(self) -> bool {
        self.needs_chain() || self == Self::Link(Link::Adopted)
    }

    fn needs_chain(self) -> bool {
        match self {
            Self::Step(step) => step.needs_chain(),
            Self::Link(link) => link.needs_chain(),
        }
    }
}

/// A step or link that items claim of a state, and of whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What is claimed.
    pub what: Claimed,
    /// Of which entity; of which group where no entity is named.
    pub subject: String,
    /// What carries it.
    pub backing: Backing,
    /// Whether it may be built upon: it is carried, and so is the chain that it
    /// needs.
    pub is_reached: bool,
    /// What keeps it from that, in one English sentence without a final dot.
    pub lacks: Option<String>,
}

/// The claims on each state, by what and of whom; none is settled yet.
pub(super) fn all(items: &[Item], voices: &Voices<'_>) -> BTreeMap<String, Vec<Claim>> {
    let mut gathered: BTreeMap<(String, Claimed, String), (String, Gathered)> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        for assertion in &item.states {
            let subject = assertion.entity.as_deref().or(assertion.group.as_deref());
            let (Some(state), Some(subject)) = (assertion.state.as_deref(), subject) else {
                continue;
            };
            let step = assertion.step.map(Claimed::Step);
            for what in [step, assertion.link.map(Claimed::Link)].into_iter().flatten() {
                let key = (code(state), what, folded(subject));
                let (shown, of) = gathered
                    .entry(key)
                    .or_insert_with(|| (subject.trim().to_owned(), Gathered::default()));
                if subject.trim() < shown.as_str() {
                    *shown = subject.trim().to_owned();
                }
                of.add(at, assertion.denies);
            }
        }
    }
    let mut claims: BTreeMap<String, Vec<Claim>> = BTreeMap::new();
    for ((state, what, _), (subject, of)) in gathered {
        let backing = voices.backing(&of);
        let claim = Claim { what, subject, backing, is_reached: false, lacks: None };
        claims.entry(state).or_default().push(claim);
    }
    claims
}

/// Settles which claims are reached by what was found.
pub(super) fn settle(claims: &mut [Claim], found: &Found) {
    for claim in claims {
        claim.lacks = lacks(claim, found).map(str::to_owned);
        claim.is_reached = claim.lacks.is_none();
    }
}

fn lacks(claim: &Claim, found: &Found) -> Option<&'static str> {
    let subject = folded(&claim.subject);
    let needs_entity = matches!(claim.what, Claimed::Link(Link::Organ | Link::Authority));
    if claim.backing.is_contested() {
        Some("it is denied as well as it is claimed")
    } else if !claim.backing.holds() {
        Some("no item that claims it can carry it")
    } else if !claim.what.needs_chain() {
        None
    } else if needs_entity && !found.holding_over_entity.contains(&subject) {
        Some("no chain over an entity holds, which it needs")
    } else if !found.holding.contains(&subject) {
        Some("no chain from the group to the state holds")
    } else {
        None
    }
}
