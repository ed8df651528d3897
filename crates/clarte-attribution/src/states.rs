//! States and entities, as answers of their own.
//!
//! How likely a state is said to be behind it is the groups' probability by what
//! sources claim of each; what is *proved* of the chain to a state is
//! `state.rs`'s answer, from items alone, and stands beside it.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::{EntityHypothesis, Said, StateHypothesis};
use crate::band::{band, published};
use crate::grade::discount;
use crate::prepared::Prepared;
use crate::ranking::Posterior;
use crate::{Item, SaidBehind, StateAnswer, ladder};

/// A claim whose source does not say how sure it is counts as this.
const UNSAID: f64 = 0.5;

/// Groups less likely than this are not asked for the chain to a state.
const LEAST: f64 = 0.01;

/// How many claims each state shows.
const SHOWN: usize = 20;

/// One source's claim of a state behind a candidate.
struct Claimed {
    candidate: usize,
    state: String,
    source: String,
    confidence: Option<u8>,
    weight: f64,
}

/// Every state that is claimed for a group or named by an item, the likeliest
/// first.
pub(crate) fn states(case: &Prepared<'_>, now: &Posterior) -> Vec<StateHypothesis> {
    let claims = claims(case);
    let mut probability: BTreeMap<&str, f64> = BTreeMap::new();
    let mut said: BTreeMap<&str, Vec<(f64, Said)>> = BTreeMap::new();
    let mut of_group: BTreeMap<usize, BTreeMap<&str, f64>> = BTreeMap::new();
    for claim in &claims {
        let group = &case.candidates[claim.candidate].id;
        let (source, confidence) = (claim.source.clone(), claim.confidence);
        let shown = Said { group: group.clone(), source, confidence };
        said.entry(&claim.state).or_default().push((now.of(claim.candidate), shown));
        let group = of_group.entry(claim.candidate).or_default();
        // Sources that agree: at least one of them is right.
        let belief = group.entry(&claim.state).or_default();
        *belief = 1.0 - (1.0 - *belief) * (1.0 - claim.weight);
    }
    for (candidate, states) in &of_group {
        let sum: f64 = states.values().sum();
        for (state, belief) in states {
            *probability.entry(state).or_default() += now.of(*candidate) * belief / sum.max(1.0);
        }
    }
    let mut chains: BTreeMap<String, StateAnswer> = ladder(&case.items, &behind(case, now))
        .into_iter()
        .map(|it| (it.state.clone(), it))
        .collect();
    let named: BTreeSet<String> =
        chains.keys().cloned().chain(probability.keys().map(|state| (*state).to_owned())).collect();
    let mut answers = Vec::new();
    for state in named {
        let chain = chains.remove(&state);
        let probability = probability.get(state.as_str()).copied().unwrap_or_default();
        let reached = chain.as_ref().is_some_and(|it| it.step.is_some() || !it.links.is_empty());
        let mut shown = said.remove(state.as_str()).unwrap_or_default();
        shown.sort_by(|left, right| right.0.total_cmp(&left.0));
        let others = of_group.values().filter(|states| states.contains_key(state.as_str()));
        let others: BTreeSet<&str> = others.flat_map(|states| states.keys().copied()).collect();
        answers.push(StateHypothesis {
            probability,
            band: published(probability, reached),
            raw_band: band(probability),
            said: shown.into_iter().map(|(_, said)| said).take(SHOWN).collect(),
            chain,
            contradicted_by: others
                .into_iter()
                .filter(|other| *other != state)
                .map(str::to_owned)
                .collect(),
            state,
        });
    }
    answers.sort_by(|left, right| {
        right.probability.total_cmp(&left.probability).then_with(|| left.state.cmp(&right.state))
    });
    answers
}

/// All claims, those of a linked actor weaker by the link, each source once. A
/// source that names several states behind one group says of each the less.
fn claims(case: &Prepared<'_>) -> Vec<Claimed> {
    let mut strongest: BTreeMap<(usize, String, String), (f64, Option<u8>)> = BTreeMap::new();
    let mut add = |candidate, state: &str, source: &str, confidence, weight: f64| {
        let state = state.trim().to_ascii_uppercase();
        let known = strongest.entry((candidate, state, source.to_owned())).or_insert((0.0, None));
        if weight > known.0 {
            *known = (weight, confidence);
        }
    };
    for ((at, actor), owner) in case.knowledge.actors.iter().enumerate().zip(&case.owners) {
        let owner = *owner as usize;
        let link = if owner == at { 1.0 } else { alias(case, owner, at) };
        for claim in &actor.states {
            let sure = claim
                .confidence
                .map_or(UNSAID, |confidence| f64::from(confidence.min(100)) / 100.0);
            add(owner, &claim.country, &claim.source, claim.confidence, link * sure);
        }
    }
    let by_id: BTreeMap<&str, usize> =
        case.candidates.iter().enumerate().map(|(at, who)| (who.id.as_str(), at)).collect();
    for item in &case.items {
        for claim in item.states.iter().filter(|claim| !claim.denies) {
            let group = claim.group.as_deref().and_then(|group| by_id.get(group));
            if let (Some(candidate), Some(state)) = (group, &claim.state) {
                add(*candidate, state, &item.source, None, discount(item.grade));
            }
        }
    }
    let mut named: BTreeMap<(usize, &str), f64> = BTreeMap::new();
    for (candidate, _, source) in strongest.keys() {
        *named.entry((*candidate, source)).or_default() += 1.0;
    }
    let voices: Vec<f64> = strongest
        .keys()
        .map(|(candidate, _, source)| named[&(*candidate, source.as_str())])
        .collect();
    strongest
        .into_iter()
        .zip(voices)
        .map(|((key, (weight, confidence)), states)| (key, (weight / states, confidence)))
        .filter(|(_, (weight, _))| *weight > 0.0)
        .map(|((candidate, state, source), (weight, confidence))| Claimed {
            candidate,
            state,
            source,
            confidence,
            weight,
        })
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

/// Units and contractors that items name, by name.
pub(crate) fn entities(items: &[Item]) -> Vec<EntityHypothesis> {
    let mut found: BTreeMap<&str, [BTreeSet<&str>; 3]> = BTreeMap::new();
    for item in items {
        for claim in item.states.iter().filter(|claim| !claim.denies) {
            let Some(entity) = claim.entity.as_deref() else { continue };
            let [states, groups, ids] = found.entry(entity).or_default();
            states.extend(claim.state.as_deref());
            groups.extend(claim.group.as_deref());
            ids.insert(&item.id);
        }
    }
    let owned = |set: BTreeSet<&str>| set.into_iter().map(str::to_owned).collect();
    let entity = |(name, [states, groups, items]): (&str, [BTreeSet<&str>; 3])| EntityHypothesis {
        name: name.to_owned(),
        states: owned(states),
        groups: owned(groups),
        items: owned(items),
    };
    found.into_iter().map(entity).collect()
}
