//! States and entities, as answers of their own.
//!
//! How likely a state is said to be behind it is the groups' probability by what
//! sources claim of each; what is *proved* of the chain to a state is
//! `state.rs`'s answer, from items alone, and stands beside it.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::{EntityHypothesis, Said, StateHypothesis};
use crate::band::{band, published};
use crate::grade::discount;
use crate::item::{folded, same_name};
use crate::prepared::Prepared;
use crate::ranking::Posterior;
use crate::state::{Chain, Claim, Joint};
use crate::{Item, SaidBehind, StateAnswer, ladder};

/// A claim whose source does not say how sure it is counts as this.
const UNSAID: f64 = 0.5;

/// Groups less likely than this are not asked for the chain to a state.
const LEAST: f64 = 0.01;

/// How many claims each state shows.
const SHOWN: usize = 20;

/// One voice's claim of a state behind a candidate.
struct Claimed {
    candidate: usize,
    state: String,
    source: String,
    confidence: Option<u8>,
    weight: f64,
}

/// Who says so: a source of knowledge, or items that are one voice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Voice<'k> {
    Base(&'k str),
    Items(usize),
}

/// Every state that is claimed for a group or named by an item, the likeliest
/// first.
pub(crate) fn states(case: &Prepared<'_>, now: &Posterior) -> Vec<StateHypothesis> {
    let claims = claims(case);
    let chains: BTreeMap<String, StateAnswer> = ladder(&case.items, &behind(case, now))
        .into_iter()
        .map(|it| (it.state.clone(), it))
        .collect();
    let mut said: BTreeMap<&str, Vec<(f64, Said)>> = BTreeMap::new();
    for claim in &claims {
        let group = case.candidates[claim.candidate].id.clone();
        let shown = Said { group, source: claim.source.clone(), confidence: claim.confidence };
        said.entry(&claim.state).or_default().push((now.of(claim.candidate), shown));
    }
    let of_group = beliefs(case, &claims, &chains);
    let mut probability: BTreeMap<&str, f64> = BTreeMap::new();
    let mut carried: BTreeMap<&str, f64> = BTreeMap::new();
    for (candidate, states) in &of_group {
        let sum: f64 = states.values().sum();
        for (state, belief) in states {
            let share = now.of(*candidate) * belief / sum.max(1.0);
            *probability.entry(state).or_default() += share;
            if is_carried(case, *candidate, chains.get(*state)) {
                *carried.entry(state).or_default() += share;
            }
        }
    }
    let named: BTreeSet<&str> =
        chains.keys().map(String::as_str).chain(probability.keys().copied()).collect();
    let mut answers = Vec::new();
    for state in named {
        let share = |of: &BTreeMap<&str, f64>| of.get(state).copied().unwrap_or_default();
        let probability = share(&probability);
        let mut shown = said.remove(state).unwrap_or_default();
        shown.sort_by(|left, right| right.0.total_cmp(&left.0));
        let others = of_group.values().filter(|states| states.contains_key(state));
        let others: BTreeSet<&str> = others.flat_map(|states| states.keys().copied()).collect();
        answers.push(StateHypothesis {
            probability,
            // Beyond even no further than what is carried goes.
            band: published(probability, false).max(band(share(&carried))),
            raw_band: band(probability),
            said: shown.into_iter().map(|(_, said)| said).take(SHOWN).collect(),
            chain: chains.get(state).cloned(),
            contradicted_by: others
                .into_iter()
                .filter(|other| *other != state)
                .map(str::to_owned)
                .collect(),
            state: state.to_owned(),
        });
    }
    answers.sort_by(|left, right| {
        right.probability.total_cmp(&left.probability).then_with(|| left.state.cmp(&right.state))
    });
    answers
}

/// By candidate: how far each state is believed to be behind it, by the claims
/// and by chains that hold over several items.
fn beliefs<'a>(
    case: &Prepared<'_>,
    claims: &'a [Claimed],
    chains: &'a BTreeMap<String, StateAnswer>,
) -> BTreeMap<usize, BTreeMap<&'a str, f64>> {
    let mut of_group: BTreeMap<usize, BTreeMap<&str, f64>> = BTreeMap::new();
    for claim in claims {
        let belief = of_group.entry(claim.candidate).or_default().entry(&claim.state).or_default();
        // Voices that agree: at least one of them is right.
        *belief = 1.0 - (1.0 - *belief) * (1.0 - claim.weight);
    }
    let best = |joint: &Joint| {
        let items = joint.backing.items.iter().filter_map(|at| case.items.get(*at));
        items.map(|item| discount(item.grade)).fold(0.0, f64::max)
    };
    for (state, answer) in chains {
        for chain in answer.chains.iter().filter(|chain| chain.holds()) {
            let weight = chain.joints.iter().map(best).fold(1.0, f64::min);
            for candidate in chain.group.iter().flat_map(|group| case.with_id(group)) {
                let states = of_group.entry(*candidate).or_default();
                let belief = states.entry(state.as_str()).or_default();
                *belief = belief.max(weight);
            }
        }
    }
    of_group
}

/// Whether more than resemblance ties the campaign to a group, and more than a
/// name in a list the group to the state: a chain that holds, on which a step or
/// a link that makes the act the state's is reached. That a state looked away is
/// no such link.
fn is_carried(case: &Prepared<'_>, candidate: usize, answer: Option<&StateAnswer>) -> bool {
    let Some(answer) = answer else { return false };
    let id = case.candidates[candidate].id.as_str();
    let is_act = |claim: &&Claim| claim.is_reached && claim.what.is_attribution();
    let mut subjects = answer.claims.iter().filter(is_act).map(|claim| claim.subject.as_str());
    let is_reached = subjects.any(|subject| {
        let of_group = |chain: &&Chain| chain.group.as_deref() == Some(id) && chain.holds();
        let mut names = answer.chains.iter().filter(of_group).flat_map(Chain::names);
        same_name(subject, id) || names.any(|name| same_name(name, subject))
    });
    is_reached && case.is_tangible(candidate, &|_| true)
}

/// By candidate, state and voice: the weight, how sure the source says it is, and
/// who says so.
type Strongest<'k> = BTreeMap<(usize, String, Voice<'k>), (f64, Option<u8>, &'k str)>;

/// All claims, those of a linked actor weaker by the link, each voice once. One
/// that names several states behind one group says of each the less.
fn claims(case: &Prepared<'_>) -> Vec<Claimed> {
    let mut strongest: Strongest<'_> = BTreeMap::new();
    let mut add = |candidate, state: &str, voice, source, confidence, weight: f64| {
        let state = state.trim().to_ascii_uppercase();
        let known = strongest.entry((candidate, state, voice)).or_insert((0.0, None, source));
        if weight > known.0 {
            *known = (weight, confidence, source);
        }
    };
    for ((at, actor), owner) in case.knowledge.actors.iter().enumerate().zip(&case.owners) {
        let owner = *owner as usize;
        let link = if owner == at { 1.0 } else { alias(case, owner, at) };
        for claim in &actor.states {
            let sure = claim
                .confidence
                .map_or(UNSAID, |confidence| f64::from(confidence.min(100)) / 100.0);
            let voice = Voice::Base(&claim.source);
            add(owner, &claim.country, voice, &claim.source, claim.confidence, link * sure);
        }
    }
    for (voice, group) in case.groups.iter().enumerate() {
        for (at, share) in group.items.iter().zip(&group.shares) {
            let item = &case.items[*at];
            for claim in item.states.iter().filter(|claim| claim.about_joints() == Some(false)) {
                let (Some(named), Some(state)) = (&claim.group, &claim.state) else { continue };
                let weight = share * discount(item.grade);
                for candidate in case.with_id(named) {
                    add(*candidate, state, Voice::Items(voice), &item.source, None, weight);
                }
            }
        }
    }
    let mut named: BTreeMap<(usize, Voice<'_>), f64> = BTreeMap::new();
    for (candidate, _, voice) in strongest.keys() {
        *named.entry((*candidate, *voice)).or_default() += 1.0;
    }
    strongest
        .into_iter()
        .map(|((candidate, state, voice), (weight, confidence, source))| Claimed {
            weight: weight / named[&(candidate, voice)],
            candidate,
            state,
            source: source.to_owned(),
            confidence,
        })
        .filter(|claim| claim.weight > 0.0)
        .collect()
}

/// The weight of the heaviest claim that two actors of the base are one.
pub(crate) fn alias(case: &Prepared<'_>, one: usize, other: usize) -> f64 {
    case.said_to_be_one(one, other).iter().map(|claim| claim.weight).fold(0.0, f64::max)
}

/// What sources say of the likely groups, for the chain.
fn behind(case: &Prepared<'_>, now: &Posterior) -> Vec<SaidBehind> {
    let mut behind = Vec::new();
    for (actor, owner) in case.knowledge.actors.iter().zip(&case.owners) {
        if now.of(*owner as usize) < LEAST {
            continue;
        }
        let group = &case.candidates[*owner as usize].id;
        behind.extend(
            actor
                .states
                .iter()
                .map(|claim| SaidBehind { group: group.clone(), claim: claim.clone() }),
        );
    }
    behind
}

/// Units and contractors that items name, by name, however it is written.
pub(crate) fn entities(items: &[Item]) -> Vec<EntityHypothesis> {
    let mut found: BTreeMap<String, (&str, [BTreeSet<&str>; 3])> = BTreeMap::new();
    for item in items {
        for claim in item.states.iter().filter(|claim| !claim.denies) {
            let Some(entity) = claim.entity.as_deref().map(str::trim) else { continue };
            let known = found.entry(folded(entity));
            let (shown, [states, groups, ids]) =
                known.or_insert_with(|| (entity, Default::default()));
            *shown = entity.min(shown);
            states.extend(claim.state.as_deref());
            groups.extend(claim.group.as_deref());
            ids.insert(&item.id);
        }
    }
    let owned = |set: BTreeSet<&str>| set.into_iter().map(str::to_owned).collect();
    let mut entities = Vec::with_capacity(found.len());
    for (name, [states, groups, items]) in found.into_values() {
        let (states, groups, items) = (owned(states), owned(groups), owned(items));
        entities.push(EntityHypothesis { name: name.to_owned(), states, groups, items });
    }
    entities
}
