//! Victims and rungs: who was named, and what was said of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::{At, SECOND};
use crate::truth::{RUNGS, TrueRung, TrueVictim, Truth};

use super::answer::{Extent, Rung};
use super::{RungScore, Victims};

/// What an answer says of one true victim, under whichever of their names.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) claims: Vec<Rung>,
    undetermined: BTreeSet<String>,
}

/// Matches the answer's victims with the true ones, by index into the truth.
pub(super) fn name(
    truth: &Truth,
    extent: &Extent,
    victims: &mut Victims,
) -> BTreeMap<usize, Named> {
    let index = by_name(truth);
    let mut named: BTreeMap<usize, Named> = BTreeMap::new();
    for victim in &extent.victims {
        match index.get(&victim.identity.to_lowercase()) {
            Some(&who) => {
                let entry = named.entry(who).or_default();
                entry.claims.extend(victim.rungs.iter().cloned());
                entry.undetermined.extend(victim.undetermined.iter().map(|u| u.rung.clone()));
            }
            // Listed without any rung is a doubt, not a statement.
            None if victim.rungs.is_empty() => {}
            None => victims.invented.push(victim.identity.clone()),
        }
    }
    for (who, victim) in truth.victims.iter().enumerate() {
        if named.get(&who).is_some_and(|named| !named.claims.is_empty()) {
            victims.found += 1;
        } else if victim.rungs.iter().any(|rung| rung.provable) {
            victims.missed.push(victim.identity.clone());
        } else {
            victims.missed_beyond_proof.push(victim.identity.clone());
        }
    }
    named
}

/// Addresses come first: an account or a machine may have two users.
fn by_name(truth: &Truth) -> BTreeMap<String, usize> {
    let mut index = BTreeMap::new();
    for (who, victim) in truth.victims.iter().enumerate() {
        index.insert(victim.identity.to_lowercase(), who);
    }
    for (who, victim) in truth.victims.iter().enumerate() {
        for alias in &victim.aliases {
            index.entry(alias.to_lowercase()).or_insert(who);
        }
    }
    index
}

/// Compares every rung of every true victim.
pub(super) fn compare(
    truth: &Truth,
    named: &BTreeMap<usize, Named>,
    scores: &mut BTreeMap<String, RungScore>,
) {
    for rung in RUNGS {
        scores.insert(rung.to_owned(), RungScore::default());
    }
    let nothing = Named::default();
    for (who, victim) in truth.victims.iter().enumerate() {
        let named = named.get(&who).unwrap_or(&nothing);
        for rung in RUNGS {
            let score = scores.entry(rung.to_owned()).or_default();
            compare_one(victim, rung, named, score);
        }
        for claim in named.claims.iter().filter(|claim| !RUNGS.contains(&claim.rung.as_str())) {
            let score = scores.entry(claim.rung.clone()).or_default();
            score.overclaimed.push(victim.identity.clone());
        }
    }
}

fn compare_one(victim: &TrueVictim, rung: &str, named: &Named, score: &mut RungScore) {
    let who = || victim.identity.clone();
    let claim = named.claims.iter().filter(|claim| claim.rung == rung).min_by_key(|c| &c.time);
    let doubted = named.undetermined.contains(rung);
    // Of whom nothing can be shown, nothing can be said.
    let is_hidden = victim.rungs.iter().all(|rung| !rung.provable && !rung.debatable);
    let Some(truly) = victim.rungs.iter().find(|truly| truly.rung == rung) else {
        let expected = victim.expect_undetermined.iter().any(|name| name == rung);
        match claim {
            Some(_) if victim.tolerated.iter().any(|name| name == rung) => score.debatable += 1,
            Some(_) => score.overclaimed.push(who()),
            None if expected && doubted => score.undetermined += 1,
            None if expected => score.silent.push(who()),
            None => {}
        }
        return;
    };
    match claim {
        Some(claim) => {
            compare_time(truly, claim, victim, score);
            if truly.provable {
                score.provable_found += 1;
            } else if truly.debatable {
                score.debatable += 1;
            } else {
                score.beyond_proof.push(who());
            }
        }
        None if truly.provable => score.provable_missed.push(who()),
        None if doubted => score.undetermined += 1,
        None if is_hidden => {}
        None => score.silent.push(who()),
    }
}

fn compare_time(truly: &TrueRung, claim: &Rung, victim: &TrueVictim, score: &mut RungScore) {
    let Some(said) = claim.time.as_deref().and_then(At::parse) else {
        return;
    };
    let times = std::iter::once(&truly.time).chain(&truly.other_times);
    let off = times.filter_map(|time| At::parse(time)).map(|at| (at.0 - said.0).abs()).min();
    let Some(off) = off.map(|micros| micros / SECOND) else {
        return;
    };
    score.times.compared += 1;
    score.times.worst_seconds = score.times.worst_seconds.max(off);
    if off <= 60 {
        score.times.within_a_minute += 1;
    } else {
        score.times.off.push((victim.identity.clone(), off));
    }
}
