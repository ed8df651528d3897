//! Which actors of different origins the claims put together.
//!
//! Alias claims are never chained: that A is said to be B and B to be C says
//! nothing of A and C. Two actors go together if each is the other's best in
//! its origin, and a group holds only actors each two of whom are said to be
//! the same. So a name that many share puts nobody together, and a group is a
//! function of the claims alone: without a claim it is what it was before.

use std::collections::{BTreeMap, HashMap};

use super::Knowledge;

/// How many actors of one id, of different origins, a claim is taken to mean.
const MAX_SAME_ID: usize = 16;

/// Groups of actors that the alias claims put together with at least this
/// weight, as sorted indices; an actor that none is the same as is alone. A
/// weight of one half asks that it be more likely than not.
///
/// Claims of different sources about the same two actors count as independent
/// voices; of one source the heaviest counts.
///
/// ```
/// use clarte_model::knowledge::{Knowledge, linked};
/// assert!(linked(&Knowledge::default(), 0.5).is_empty());
/// ```
pub fn linked(knowledge: &Knowledge, least: f64) -> Vec<Vec<u32>> {
    let weights = weights(knowledge, least);
    let best = best(knowledge, &weights);
    let mut edges: Vec<(f64, u32, u32)> = weights
        .iter()
        .map(|((left, right), weight)| (*weight, *left, *right))
        .filter(|(_, left, right)| {
            let is_best = |one: u32, other: u32| {
                best.get(&(one, origin(knowledge, other))) == Some(&Some(other))
            };
            is_best(*left, *right) && is_best(*right, *left)
        })
        .collect();
    edges.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    // Each actor begins alone; heavier claims put groups together first.
    let mut group: Vec<u32> = (0..).take(knowledge.actors.len()).collect();
    let mut members: Vec<Vec<u32>> = group.iter().map(|actor| vec![*actor]).collect();
    for (_, left, right) in edges {
        let (to, from) = (group[left as usize] as usize, group[right as usize] as usize);
        let together = to != from
            && members[to].iter().all(|one| {
                members[from].iter().all(|other| weights.contains_key(&pair(*one, *other)))
            });
        if together {
            let moved = std::mem::take(&mut members[from]);
            moved.iter().for_each(|actor| group[*actor as usize] = group[left as usize]);
            members[to].extend(moved);
        }
    }
    members.retain(|members| !members.is_empty());
    members.iter_mut().for_each(|members| members.sort_unstable());
    members.sort_unstable();
    members
}

fn pair(one: u32, other: u32) -> (u32, u32) {
    (one.min(other), one.max(other))
}

fn origin(knowledge: &Knowledge, actor: u32) -> u32 {
    knowledge.actors.get(actor as usize).map_or(u32::MAX, |actor| actor.origin)
}

/// How much all claims about two actors of different origins weigh, where
/// that is enough.
fn weights(knowledge: &Knowledge, least: f64) -> BTreeMap<(u32, u32), f64> {
    let mut by_id: HashMap<&str, Vec<u32>> = HashMap::new();
    for (at, actor) in (0..).zip(&knowledge.actors) {
        let same = by_id.entry(actor.id.as_str()).or_default();
        if same.len() < MAX_SAME_ID {
            same.push(at);
        }
    }
    let mut claims: BTreeMap<(u32, u32), BTreeMap<&str, f64>> = BTreeMap::new();
    for claim in knowledge.aliases.iter().filter(|claim| claim.weight > 0.0) {
        let (Some(lefts), Some(rights)) =
            (by_id.get(claim.left.as_str()), by_id.get(claim.right.as_str()))
        else {
            continue;
        };
        for left in lefts {
            for right in rights.iter().filter(|right| *right != left) {
                if origin(knowledge, *left) != origin(knowledge, *right) {
                    let by_source = claims.entry(pair(*left, *right)).or_default();
                    let weight = by_source.entry(&claim.source).or_default();
                    *weight = weight.max(claim.weight.min(1.0));
                }
            }
        }
    }
    let any = |voices: BTreeMap<&str, f64>| {
        1.0 - voices.values().fold(1.0, |none, weight| none * (1.0 - weight))
    };
    let weights = claims.into_iter().map(|(pair, voices)| (pair, any(voices)));
    weights.filter(|(_, weight)| *weight >= least).collect()
}

/// Each actor's best in each other origin; none where two weigh the same.
fn best(
    knowledge: &Knowledge,
    weights: &BTreeMap<(u32, u32), f64>,
) -> HashMap<(u32, u32), Option<u32>> {
    let mut best: HashMap<(u32, u32), (f64, Option<u32>)> = HashMap::new();
    for ((left, right), weight) in weights {
        for (one, other) in [(*left, *right), (*right, *left)] {
            let known = best.entry((one, origin(knowledge, other))).or_insert((0.0, None));
            if *weight > known.0 {
                *known = (*weight, Some(other));
            } else if *weight == known.0 {
                known.1 = None;
            }
        }
    }
    best.into_iter().map(|(key, (_, other))| (key, other)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::knowledge::{Actor, ActorKind, AliasClaim};

    /// Three origins of four actors each: 0 to 3, 4 to 7, 8 to 11.
    fn base(claims: &[(u32, u32, f64, &str)]) -> Knowledge {
        let actor = |at: u32| Actor {
            id: format!("{at:02}"),
            kind: ActorKind::Actor,
            name: String::new(),
            origin: at / 4,
            names: Vec::new(),
            uses: Vec::new(),
            states: Vec::new(),
            target_countries: Vec::new(),
            target_sectors: Vec::new(),
            first_seen: None,
            last_seen: None,
        };
        let claim = |(left, right, weight, source): &(u32, u32, f64, &str)| AliasClaim {
            left: format!("{left:02}"),
            right: format!("{right:02}"),
            weight: *weight,
            source: (*source).to_owned(),
            why: String::new(),
        };
        Knowledge {
            actors: (0..12).map(actor).collect(),
            aliases: claims.iter().map(claim).collect(),
            ..Knowledge::default()
        }
    }

    fn groups(claims: &[(u32, u32, f64, &str)]) -> Vec<Vec<u32>> {
        let mut groups = linked(&base(claims), 0.5);
        assert_eq!(groups.iter().map(Vec::len).sum::<usize>(), 12);
        groups.retain(|group| group.len() > 1);
        groups
    }

    #[test]
    fn each_is_the_others_best() {
        assert_eq!(groups(&[(0, 4, 0.6, "a")]), [[0, 4]]);
        // Too light; two voices together; one voice twice.
        assert_eq!(groups(&[(0, 4, 0.4, "a")]), [[0; 0]; 0]);
        assert_eq!(groups(&[(0, 4, 0.4, "a"), (0, 4, 0.4, "b")]), [[0, 4]]);
        assert_eq!(groups(&[(0, 4, 0.4, "a"), (0, 4, 0.4, "a")]), [[0; 0]; 0]);
        // 5 has a better one than 0, who is left alone.
        assert_eq!(groups(&[(0, 5, 0.6, "a"), (1, 5, 0.7, "a")]), [[1, 5]]);
        // A tie decides nothing.
        assert_eq!(groups(&[(0, 5, 0.6, "a"), (1, 5, 0.6, "a")]), [[0; 0]; 0]);
        // Within one origin, and of nobody.
        assert_eq!(groups(&[(0, 1, 0.9, "a"), (0, 77, 0.9, "a")]), [[0; 0]; 0]);
    }

    #[test]
    fn claims_are_never_chained() {
        let chain = [(0, 4, 0.9, "a"), (4, 8, 0.8, "a")];
        assert_eq!(groups(&chain), [[0, 4]]);
        assert_eq!(groups(&[chain[0], chain[1], (0, 8, 0.6, "a")]), [[0, 4, 8]]);
        // Two of one origin are never one, whatever others say.
        let ring = [(0, 4, 0.9, "a"), (4, 8, 0.8, "a"), (1, 8, 0.7, "a"), (1, 4, 0.6, "a")];
        assert_eq!(groups(&ring), [[0, 4], [1, 8]]);
    }

    proptest! {
        #[test]
        fn a_claim_is_taken_back_exactly(
            claims in prop::collection::vec((0_u32..12, 0_u32..12, 1_u32..10, "[ab]"), 0..20),
            more in (0_u32..12, 0_u32..12, 1_u32..10, "[ab]"),
            at in 0_usize..20,
        ) {
            let tenths = |(l, r, w, s): &(u32, u32, u32, String)| (*l, *r, f64::from(*w) / 10.0, s.clone());
            let mut all: Vec<_> = claims.iter().map(tenths).collect();
            let own = |all: &[(u32, u32, f64, String)]| {
                let all: Vec<_> = all.iter().map(|(l, r, w, s)| (*l, *r, *w, s.as_str())).collect();
                linked(&base(&all), 0.5)
            };
            let before = own(&all);
            let at = at.min(all.len());
            all.insert(at, tenths(&more));
            let with = own(&all);
            let mut other_way: Vec<_> = all.clone();
            other_way.reverse();
            prop_assert_eq!(&with, &own(&other_way));
            all.remove(at);
            prop_assert_eq!(&before, &own(&all));
            for group in &with {
                let mut origins: Vec<u32> = group.iter().map(|at| at / 4).collect();
                origins.dedup();
                prop_assert_eq!(origins.len(), group.len());
            }
        }
    }
}
