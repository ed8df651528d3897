//! The weakest joint of an answer, and what would close it.

use serde::{Deserialize, Serialize};

use super::backing::{Backing, Support};
use super::chain::{Chain, JointKind};
use super::claim::{Claim, Claimed};
use crate::Link;
use crate::item::EntityKind;

/// What an answer hangs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weakest {
    /// Which joint, or the link in law, in English.
    pub what: String,
    /// How well it is supported; *said to be* where it is denied as well.
    pub support: Support,
    /// Whether it is denied as well as it is claimed.
    pub is_contested: bool,
    /// Which evidence would close it.
    pub closes: String,
}

/// The weakest part of the best chain and of the best link that items claim. Of
/// parts that are equally weak the one nearest to the state, where proof is
/// rarest.
pub(super) fn of(state: &str, chains: &[Chain], claims: &[Claim]) -> Weakest {
    let chain = chains.first();
    let mut weakest = law(state, chain, claims);
    let Some(chain) = chain else { return weakest };
    for joint in chain.joints.iter().rev() {
        let is_weaker = joint.backing.standing() < weakest.support;
        // That nobody names an entity is a gap of its own.
        let is_leap =
            joint.kind == JointKind::GroupState && joint.backing.standing() == weakest.support;
        if is_weaker || is_leap {
            weakest = of_joint(state, chain, joint.kind, &joint.backing);
        }
    }
    weakest
}

fn of_joint(state: &str, chain: &Chain, kind: JointKind, backing: &Backing) -> Weakest {
    let group = chain.group.as_deref().unwrap_or("the group");
    let entity = chain.entity.as_deref().unwrap_or("the entity");
    let (what, needs) = match kind {
        JointKind::GroupEntity if chain.group.is_none() => (
            format!("which group {entity} is"),
            format!(
                "accounts, keys or servers of a group that lead to people or premises of {entity}"
            ),
        ),
        JointKind::GroupEntity => (
            format!("that {entity} is behind {group}"),
            format!(
                "accounts, keys or servers of {group} that lead to people or premises of {entity}"
            ),
        ),
        JointKind::EntityState => (
            format!("that {entity} acts for {state}"),
            format!("{} ({entity}, {state})", tie(chain)),
        ),
        JointKind::GroupState => (
            format!("that {group} acts for {state}"),
            format!(
                "which unit or contractor stands between {group} and {state}, and what ties it to both"
            ),
        ),
    };
    told(what, backing, &needs)
}

/// What would tie the chain's entity to the state.
fn tie(chain: &Chain) -> &'static str {
    match chain.entity_kind {
        Some(EntityKind::Unit) => Link::Organ.needs(),
        Some(EntityKind::Contractor) | None => Link::Instructions.needs(),
    }
}

/// The best supported link in law, or that there is none.
fn law(state: &str, chain: Option<&Chain>, claims: &[Claim]) -> Weakest {
    let mut best: Option<(Link, &Claim)> = None;
    for claim in claims {
        let Claimed::Link(link) = claim.what else { continue };
        let rank = |claim: &Claim| (claim.is_reached, claim.backing.standing());
        if best.is_none_or(|(_, other)| rank(claim) > rank(other)) {
            best = Some((link, claim));
        }
    }
    match best {
        Some((link, claim)) => {
            let what =
                format!("what ties {} to {state} in law ({})", claim.subject, link.meaning());
            told(what, &claim.backing, link.needs())
        }
        None => {
            let what = format!("what ties those who acted to {state} in law");
            let needs = chain.map_or(Link::Instructions.needs(), tie);
            told(what, &Backing::default(), needs)
        }
    }
}

fn told(what: String, backing: &Backing, needs: &str) -> Weakest {
    let support = backing.standing();
    let is_contested = backing.is_contested();
    let closes = match support {
        _ if is_contested => format!("what settles the contradiction: {needs}"),
        Support::Missing => needs.to_owned(),
        Support::SaidToBe => format!("an item that can carry it: {needs}"),
        Support::Supported => format!("a second, independent item: {needs}"),
        Support::Corroborated => format!("it is corroborated; more of the same: {needs}"),
    };
    Weakest { what, support, is_contested, closes }
}
