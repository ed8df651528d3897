//! Who is behind a group: the chain from group to entity to state, what carries
//! each joint of it, and what it reaches.
//!
//! Three questions, each answered from the items that speak to it
//! ([`StateAssertion`](crate::StateAssertion)). A step of the spectrum or a link
//! in law ([`responsibility`](crate::responsibility)) is reached only where an
//! item claims it, an item that can carry it, and the chain below it holds. That
//! techniques, victims, hours or words resemble never makes a joint, and that a
//! base of knowledge files a group under a country is *said to be*.
//!
//! The weakest joint is always named, with what would close it: an answer is as
//! good as that one. Claims for other states stand beside each other.
//!
//! Left out: whether the campaign is the group's at all, which is the ranking's
//! question; whether an act was wrongful, which is nobody's here.

mod backing;
mod chain;
mod claim;
mod weakest;

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::knowledge::StateClaim;
use serde::{Deserialize, Serialize};

use crate::item::folded;
use crate::{Item, Link, Responsibility, groups};

use backing::Voices;
pub use backing::{Backing, Support};
pub use chain::{Chain, Joint, JointKind};
pub use claim::{Claim, Claimed};
pub use weakest::Weakest;

/// What a source of knowledge says of the state behind a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaidBehind {
    /// The group, by id or name.
    pub group: String,
    /// What is said.
    pub claim: StateClaim,
}

/// What can be said of one state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StateAnswer {
    /// ISO 3166-1 alpha-2 code.
    pub state: String,
    /// The highest step of the spectrum that the items reach.
    pub step: Option<Responsibility>,
    /// The links in law that the items reach; none is a proof.
    pub links: Vec<Link>,
    /// Every step and link that items claim, reached or not.
    pub claims: Vec<Claim>,
    /// The chains that lead to the state, the strongest first.
    pub chains: Vec<Chain>,
    /// How many weaker chains were left out.
    pub omitted: usize,
    /// What the answer hangs on.
    pub weakest: Weakest,
    /// What sources of knowledge say, without proof.
    pub said: Vec<SaidBehind>,
    /// Other states that stand behind the same groups or entities by other
    /// claims.
    pub others: Vec<String>,
}

impl StateAnswer {
    /// Numbers its items from `before` on.
    pub(crate) fn renumber(&mut self, before: usize) {
        let joints = self.chains.iter_mut().flat_map(|chain| &mut chain.joints);
        let of_joints = joints.map(|joint| &mut joint.backing);
        let of_claims = self.claims.iter_mut().map(|claim| &mut claim.backing);
        for backing in of_joints.chain(of_claims) {
            let items = backing.items.iter_mut().chain(&mut backing.against);
            items.for_each(|item| *item += before);
        }
    }
}

/// What items and sources of knowledge say of each state that they name, the
/// best supported first. The order of the items never shows but in indices.
pub fn ladder(items: &[Item], said: &[SaidBehind]) -> Vec<StateAnswer> {
    let groups = groups(items);
    let voices = Voices::new(items, &groups);
    let mut chains = chain::all(items, &voices, said);
    let mut claims = claim::all(items, &voices);
    let named: BTreeSet<String> = chains.keys().chain(claims.keys()).cloned().collect();
    let behind = behind(&chains);
    let mut answers = Vec::with_capacity(named.len());
    for state in named {
        let found = chains.remove(&state).unwrap_or_default();
        let mut claims = claims.remove(&state).unwrap_or_default();
        claim::settle(&mut claims, &found);
        let reached = || claims.iter().filter(|claim| claim.is_reached).map(|claim| claim.what);
        answers.push(StateAnswer {
            step: reached().filter_map(Claimed::step).max(),
            links: reached()
                .filter_map(Claimed::link)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            weakest: weakest::of(&state, &found.chains, &claims),
            said: said_of(&state, said),
            others: others(&state, &found.chains, &behind),
            claims,
            chains: found.chains,
            omitted: found.omitted,
            state,
        });
    }
    let rank = |answer: &StateAnswer| {
        let chain = answer.chains.first().map(Chain::rank);
        (answer.step, answer.links.len(), chain)
    };
    answers.sort_by(|left, right| {
        rank(right).cmp(&rank(left)).then_with(|| left.state.cmp(&right.state))
    });
    answers
}

/// A state's code as it is compared.
fn code(state: &str) -> String {
    state.trim().to_ascii_uppercase()
}

/// What is said of a state, sorted.
fn said_of(state: &str, said: &[SaidBehind]) -> Vec<SaidBehind> {
    let mut all: Vec<_> =
        said.iter().filter(|said| code(&said.claim.country) == state).cloned().collect();
    all.sort_by(|left, right| {
        let key = |said: &SaidBehind| {
            let claim = &said.claim;
            (said.group.clone(), claim.source.clone(), claim.date, claim.confidence)
        };
        key(left).cmp(&key(right)).then_with(|| left.claim.reports.cmp(&right.claim.reports))
    });
    all
}

/// Which states stand behind each group or entity.
fn behind(chains: &BTreeMap<String, chain::Found>) -> BTreeMap<String, BTreeSet<String>> {
    let mut behind: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (state, found) in chains {
        for name in found.chains.iter().flat_map(Chain::names) {
            behind.entry(folded(name)).or_default().insert(state.clone());
        }
    }
    behind
}

fn others(
    state: &str,
    chains: &[Chain],
    behind: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<String> {
    let names = chains.iter().flat_map(Chain::names);
    let states = names.filter_map(|name| behind.get(&folded(name))).flatten();
    let others: BTreeSet<_> = states.filter(|other| *other != state).cloned().collect();
    others.into_iter().collect()
}

#[cfg(test)]
mod tests;
