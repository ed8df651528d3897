//! For finding the weights anew (`cargo xtask fit attribution`); nobody else needs
//! it.
//!
//! Gives the traits of every actor as bare numbers, in one order, and the weights
//! in use in the same order. How the numbers add up is what `weights.rs` does, so
//! that what is fitted is what is used. How the weights are found is left to the
//! one who fits.

use clarte_model::knowledge::Knowledge;

use crate::prepared::Prepared;
use crate::weights::{Weights, capped};
use crate::{Observed, Question, resemblance};

/// How many traits there are.
pub const TRAITS: usize = resemblance::TRAITS;

/// How many of them, the first ones, are of techniques: these alone count where no
/// software was observed.
pub const OF_TECHNIQUES: usize = resemblance::OF_TECHNIQUES;

/// A set of weights: one by trait, 0 for traits that do not count, and the line
/// that speaks against an unknown actor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// By trait.
    pub weights: [f64; TRAITS],
    /// Where `total` is the logarithm of the sum of the known actors' odds, the
    /// logarithm of the odds of an unknown one is that of its prior, plus the
    /// first, minus the second times `total`.
    pub known: (f64, f64),
}

/// The traits' names, in their order.
pub fn names() -> Vec<String> {
    Weights::of(true).by_trait().iter().map(|(which, _)| format!("{which:?}")).collect()
}

/// The weights in use.
pub fn in_use(has_software: bool) -> Fitted {
    let used = Weights::of(has_software);
    let mut weights = [0.0; TRAITS];
    used.by_trait().iter().for_each(|(which, weight)| weights[*which as usize] = *weight);
    Fitted { weights, known: used.known }
}

/// The traits of every actor of the base, in its order; `None` for those of whom no
/// use is known, or who are part of another's hypothesis.
pub fn traits(knowledge: &Knowledge, observed: Observed) -> Vec<Option<[f64; TRAITS]>> {
    let case = Prepared::new(knowledge, &Question::of(observed));
    let traits = resemblance::traits(&case.profiles, &case.all().seen);
    let is_compared = |at: usize| case.is_listed(at) && case.profiles.has_profile(at);
    traits.iter().enumerate().map(|(at, it)| is_compared(at).then(|| it.all())).collect()
}

/// The sum of each actor's traits, capped as in use: the logarithm of its odds among
/// them, but for a constant.
pub fn sums(weights: &[f64; TRAITS], traits: &[[f64; TRAITS]]) -> Vec<f64> {
    let part = |from: usize, to: usize| -> Vec<f64> {
        let sum = |of: &[f64; TRAITS]| (from..to).map(|at| of[at] * weights[at]).sum();
        traits.iter().map(sum).collect()
    };
    capped(part(0, OF_TECHNIQUES), part(OF_TECHNIQUES, TRAITS))
}

#[cfg(test)]
mod tests {
    use clarte_model::knowledge::{Actor, ActorKind, Software, Technique, Use};

    use super::*;

    /// As many as make the answer say all that resemblance does.
    const TECHNIQUES: [&str; 5] = ["T1001", "T1002", "T1003", "T1004", "T1005"];

    fn base() -> Knowledge {
        let used = |what: &str| Use { what: what.to_owned(), reports: Vec::new() };
        let actor = |id: &str, uses: &[&str]| Actor {
            id: id.to_owned(),
            kind: ActorKind::Actor,
            name: id.to_owned(),
            origin: 0,
            names: Vec::new(),
            uses: uses.iter().map(|what| used(what)).collect(),
            states: Vec::new(),
            target_countries: Vec::new(),
            target_sectors: Vec::new(),
            first_seen: None,
            last_seen: None,
        };
        let technique =
            |id: &str| Technique { id: id.to_owned(), name: id.to_owned(), tactics: Vec::new() };
        Knowledge {
            actors: vec![
                actor("G1", &["T1001", "T1002", "S1"]),
                actor("G2", &["T1002", "T1003"]),
                actor("G3", &[]),
            ],
            software: vec![Software {
                id: "S1".to_owned(),
                name: "tool".to_owned(),
                names: Vec::new(),
                is_tool: true,
                uses: vec![used("T1003")],
            }],
            techniques: TECHNIQUES.map(technique).to_vec(),
            ..Knowledge::default()
        }
    }

    fn observed(software: &[&str]) -> Observed {
        Observed {
            techniques: TECHNIQUES.map(str::to_owned).to_vec(),
            software: software.iter().map(|id| (*id).to_owned()).collect(),
            ..Observed::default()
        }
    }

    #[test]
    fn every_trait_has_its_name_and_its_place() {
        let by_trait = Weights::of(true).by_trait();
        let places: Vec<usize> = by_trait.iter().map(|(which, _)| *which as usize).collect();
        assert_eq!(places, (0..TRAITS).collect::<Vec<_>>());
        assert_eq!(names()[OF_TECHNIQUES], "SoftwareShared");
        assert!(in_use(false).weights[OF_TECHNIQUES..].iter().all(|weight| *weight == 0.0));
    }

    #[test]
    fn bare_numbers_rank_as_the_answer_does() {
        let knowledge = base();
        for software in [&[][..], &["S1"]] {
            let traits = traits(&knowledge, observed(software));
            assert!(traits[2].is_none(), "nothing is known of the third");
            let traits: Vec<[f64; TRAITS]> = traits.into_iter().flatten().collect();
            let sums = sums(&in_use(!software.is_empty()).weights, &traits);
            let said = crate::probabilities(&knowledge, &Question::of(observed(software)));
            let apart = (said.actors[0].1 / said.actors[1].1).ln();
            // The false flag takes its share; where nothing else speaks it takes it evenly.
            assert!((sums[0] - sums[1] - apart).abs() < 0.1, "{sums:?} {said:?}");
        }
    }

    #[test]
    fn techniques_say_the_same_whatever_software_was_observed() {
        let knowledge = base();
        let without = traits(&knowledge, observed(&[]));
        let with = traits(&knowledge, observed(&["S1"]));
        for (without, with) in without.iter().zip(&with).filter_map(|(a, b)| a.zip(*b)) {
            assert_eq!(without[..OF_TECHNIQUES], with[..OF_TECHNIQUES]);
        }
    }
}
