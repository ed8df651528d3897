//! How far a probability hangs on which evidence happened to be found: its
//! interval over resampled evidence.
//!
//! A multiplier bootstrap in the manner of the Bayesian one (Rubin 1981): every
//! independent part of the evidence (a technique, a piece of software, a group of
//! items that are one voice) counts a random number of times, exponential with
//! mean 1. Unlike drawing with replacement it never leaves out half of a handful,
//! and as the sum is free to vary, a single part has an interval too. Seeded: the
//! same evidence gives the same interval.

use std::collections::BTreeMap;

use crate::Reliability;
use crate::prepared::Prepared;
use crate::ranking::{Heard, Posterior, posterior};

/// Draws at most, and at least where there are very many items.
const MOST_DRAWS: usize = 200;
const LEAST_DRAWS: usize = 20;

/// About how many comparisons are made before draws are saved.
const WORK: usize = 20_000_000;

/// By hypothesis: the 5th and 95th percentile, widened to hold the probability
/// itself.
pub(crate) fn intervals(case: &Prepared<'_>, now: &Posterior) -> Vec<[f64; 2]> {
    let draws = (WORK / case.work()).clamp(LEAST_DRAWS, MOST_DRAWS);
    let mut random = SplitMix(0x1cd2_0320_2600_c1a7);
    let mut drawn: Vec<Vec<f64>> = vec![Vec::with_capacity(draws); now.hypotheses()];
    for _ in 0..draws {
        let posterior = posterior(case, &draw(case, &mut random));
        for (hypothesis, drawn) in drawn.iter_mut().enumerate() {
            drawn.push(posterior.of(hypothesis));
        }
    }
    let interval = |(hypothesis, mut drawn): (usize, Vec<f64>)| {
        drawn.sort_by(f64::total_cmp);
        let at = |share: f64| drawn[((drawn.len() - 1) as f64 * share).round() as usize];
        let probability = now.of(hypothesis);
        [at(0.05).min(probability), at(0.95).max(probability)]
    };
    drawn.into_iter().enumerate().map(interval).collect()
}

fn draw(case: &Prepared<'_>, random: &mut SplitMix) -> Heard {
    let mut heard = case.all();
    let seen = &mut heard.seen;
    reweigh(seen.techniques.iter_mut().map(|(_, times)| times), random);
    reweigh(seen.software.iter_mut().map(|(_, times)| times), random);
    let mut voices = vec![1.0; case.groups.len()];
    reweigh(voices.iter_mut(), random);
    // Whom nobody can judge is one in each channel: else the luckiest of a thousand
    // would be heard.
    let mut unjudged = BTreeMap::new();
    for (group, times) in case.groups.iter().zip(voices) {
        for at in &group.items {
            let item = &case.items[*at];
            heard.items[*at] = match item.grade.reliability {
                Reliability::F => *unjudged.entry(item.channel).or_insert(times),
                _ => times,
            };
        }
    }
    heard
}

fn reweigh<'t>(times: impl Iterator<Item = &'t mut f64>, random: &mut SplitMix) {
    times.for_each(|times| *times = -random.unit().ln());
}

/// SplitMix64 (Steele, Lea & Flood 2014).
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Above 0, at most 1.
    fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 1.0) / (1u64 << 53) as f64
    }
}
