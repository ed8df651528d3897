//! How far weights carry: on actors that they were not fitted to.
//!
//! Probabilities are those of the ranking without what no weight changes: the
//! share of a false flag, and that of actors of whom no use is known.

use clarte_attribution::UNKNOWN_PRIOR;
use clarte_attribution::fitting::{Fitted, OF_TECHNIQUES, sums};
use clarte_model::knowledge::Knowledge;

use super::super::figures::{Outcome, auroc, calibration, figures, gain, share};
use super::logit::log_sum;
use super::scenes::Scene;
use super::{Data, Model};

/// The two models.
pub(crate) struct Pair {
    pub(crate) techniques: Model,
    pub(crate) both: Model,
}

impl Pair {
    fn of(&self, scene: &Scene, has_software: bool) -> &Model {
        if has_software && scene.has_software { &self.both } else { &self.techniques }
    }
}

/// Who weighs, and on what.
struct Weigher<'a> {
    base: &'a Knowledge,
    data: &'a Data,
    pair: &'a Pair,
    /// With the weights that do not know the case's actor.
    is_held_out: bool,
    has_software: bool,
}

impl Weigher<'_> {
    fn outcomes(&self, scenes: &[Scene]) -> Vec<Outcome> {
        scenes.iter().map(|scene| self.outcome(scene)).collect()
    }

    fn outcome(&self, scene: &Scene) -> Outcome {
        let model = self.pair.of(scene, self.has_software);
        let fitted: &Fitted = match self.is_held_out {
            true => &model.by_fold[self.data.fold[scene.actor]],
            false => &model.all,
        };
        let mut weights = fitted.weights;
        if !self.has_software {
            // Cases have their software with them, whether it is asked for or not.
            weights[OF_TECHNIQUES..].fill(0.0);
        }
        let sums = sums(&weights, &scene.rows);
        let total = log_sum(&sums);
        let prior = (UNKNOWN_PRIOR / (1.0 - UNKNOWN_PRIOR)).ln();
        let odds = prior + fitted.known.0 - fitted.known.1 * total;
        let unknown = 1.0 / (1.0 + (-odds).exp());
        let id = |actor: usize| self.base.actors[actor].id.clone();
        let scores: Vec<(String, f64)> = scene
            .who
            .iter()
            .zip(sums)
            .map(|(who, sum)| (id(*who), (1.0 - unknown) * (sum - total).exp()))
            .collect();
        let mut outcome = Outcome::of(&id(scene.actor), scene.actor, &scores);
        outcome.unknown = unknown;
        outcome.decoy_first = scene.decoy.map(|decoy| outcome.first == id(decoy));
        outcome
    }

    /// Prints every figure, and gives what came out of the plain cases.
    fn say(&self, what: &str) -> Vec<Outcome> {
        let plain = self.outcomes(&self.data.plain);
        crate::say(&format!("{what}: {}", figures(&plain)));
        crate::say(&format!("  ECE: {}", calibration(&plain)));
        for (count, planted) in &self.data.planted {
            let asked = planted.iter().filter(|scene| !self.has_software || scene.has_software);
            let outcomes: Vec<Outcome> = asked.map(|scene| self.outcome(scene)).collect();
            let first = share(&outcomes, |outcome| outcome.decoy_first);
            crate::say(&format!("  {count} techniques planted, the decoy is first: {first}"));
        }
        let unknown = |outcomes: &[Outcome]| -> Vec<f64> {
            outcomes.iter().map(|outcome| outcome.unknown).collect()
        };
        let absent = self.outcomes(&self.data.absent);
        let auroc = auroc(&unknown(&plain), &unknown(&absent));
        crate::say(&format!("  actor not in the base, AUROC: {auroc}"));
        plain
    }
}

/// The weights found beside those in use.
pub(crate) fn report(base: &Knowledge, data: &Data, found: &Pair, used: &Pair, has_software: bool) {
    let weigher = |pair, is_held_out| Weigher { base, data, pair, is_held_out, has_software };
    let channels = if has_software {
        "techniques and software (planted: of the cases with software)"
    } else {
        "techniques alone"
    };
    crate::say(&format!("\n== {channels} =="));
    let held_out = weigher(found, true).say("found, actors held out");
    weigher(found, false).say("found, on the cases of the fit");
    let used = weigher(used, false).say("in use, on all cases");
    let apart = gain(&held_out, &used);
    crate::say(&format!("found with actors held out, above those in use: {apart}"));
}

/// Weights fitted otherwise beside those found, actors held out: on cases where the
/// true actor alone lacks a report, on cases where every profile ends before the
/// report's year, and where four techniques are planted.
pub(crate) fn compare(base: &Knowledge, data: &Data, fair: &Pair, others: &[(&str, Pair)]) {
    for has_software in [false, true] {
        let channels = if has_software { "with software" } else { "techniques alone" };
        crate::say(&format!("\n== fitted otherwise, actors held out, {channels} =="));
        let weigher = |pair| Weigher { base, data, pair, is_held_out: true, has_software };
        let decoys = |pair| {
            let (_, planted) = &data.planted[0];
            let asked = planted.iter().filter(|scene| !has_software || scene.has_software);
            let outcomes: Vec<_> = asked.map(|scene| weigher(pair).outcome(scene)).collect();
            share(&outcomes, |outcome| outcome.decoy_first)
        };
        for (what, scenes) in [("plain cases", &data.plain), ("profiles end before", &data.before)]
        {
            let found = weigher(fair).outcomes(scenes);
            crate::say(&format!("{what}, as found: {}", figures(&found)));
            for (name, pair) in others {
                let outcomes = weigher(pair).outcomes(scenes);
                crate::say(&format!("{what}, {name}: {}", figures(&outcomes)));
                crate::say(&format!("  as found is above it by {}", gain(&found, &outcomes)));
            }
        }
        crate::say(&format!(
            "4 techniques planted, the decoy is first, as found: {}",
            decoys(fair)
        ));
        for (name, pair) in others {
            crate::say(&format!("  {name}: {}", decoys(pair)));
        }
    }
}
