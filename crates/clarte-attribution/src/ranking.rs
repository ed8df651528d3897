//! From evidence to probabilities: what resembles, what items say, and the two
//! hypotheses that are always alive, *unknown actor* and *false flag*.
//!
//! The odds of an actor are those of its resemblance, calibrated where they are
//! made (`weights.rs`), times the likelihood ratios of the items, each voice once
//! and each channel capped (`dependence.rs`).

use crate::Forgery;
use crate::prepared::Prepared;
use crate::resemblance::{Seen, traits};
use crate::weights::Weights;

/// How often somebody who wants to be taken for another is at work: one campaign
/// in fifty. Documented cases are a handful among hundreds.
const FALSE_FLAG_PRIOR: f64 = 0.02;

/// The share of an unknown actor's weight that goes to actors of whom no use is
/// known, if all were such: nothing tells them from one whom nobody knows.
const WITHOUT_PROFILE: f64 = 0.1;

/// The evidence, or some of it: how often each part counts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Heard {
    pub(crate) seen: Seen,
    /// By item.
    pub(crate) items: Vec<f64>,
}

/// Probabilities, summing to 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Posterior {
    /// By candidate, in the order of [`Prepared::candidates`].
    pub(crate) candidates: Vec<f64>,
    /// An actor that is not in the base.
    pub(crate) unknown: f64,
    /// Somebody who wants to be taken for another.
    pub(crate) false_flag: f64,
    /// The candidate to whom what is cheap to forge points most, where it points
    /// to anybody.
    pub(crate) imitated: Option<usize>,
    /// By candidate, then unknown: the probabilities if what is cheap to forge
    /// says next to nothing.
    pub(crate) forged: Vec<f64>,
}

/// Resemblance was fitted on observations of at least this many techniques: fewer
/// say less, by the root of their share, which `cargo xtask evaluate attribution`
/// finds calibrated.
const ENOUGH: f64 = 5.0;

/// What is left of the resemblance if somebody imitates another.
const RESEMBLANCE_KEPT: Forgery = Forgery::Cheap;

/// The probabilities, given what is `heard`.
pub(crate) fn posterior(case: &Prepared<'_>, heard: &Heard) -> Posterior {
    let (prior, resembling) = resemblance(case, &heard.seen);
    let count = case.candidates.len();
    let mut full = resembling.clone();
    let mut kept: Vec<f64> = prior
        .iter()
        .zip(&resembling)
        .map(|(prior, resembling)| match prior.is_finite() {
            true => prior + RESEMBLANCE_KEPT.kept() * (resembling - prior),
            false => *prior,
        })
        .collect();
    for named in &case.named {
        let said = |left: &dyn Fn(usize) -> f64| {
            case.weighed(*named, |item, ratio| ratio * heard.items[item] * left(item)).total
        };
        full[*named] += said(&|_| 1.0);
        kept[*named] += said(&|item| case.items[item].forgery.kept());
    }
    let full = normalised(&full);
    let forged = normalised(&kept);
    // Who plants the evidence chooses whom to imitate; what cannot be forged
    // speaks for whoever it was, but not for the imitated.
    let listed = || (0..count).filter(|at| case.is_listed(*at));
    let choice = FALSE_FLAG_PRIOR / (listed().count().max(1) as f64);
    let (mut odds, mut imitated) = (0.0, None::<(usize, f64)>);
    for at in listed() {
        let cheap = full[at].max(f64::MIN_POSITIVE).ln() - forged[at].max(f64::MIN_POSITIVE).ln();
        let this = choice * cheap.min(MOST_IMITATED).exp() * (1.0 - forged[at]);
        odds += this;
        // Whom nothing cheap points to nobody imitates.
        if cheap > LEAST_IMITATED && imitated.is_none_or(|(_, most)| this > most) {
            imitated = Some((at, this));
        }
    }
    let left = 1.0 / (1.0 + odds);
    Posterior {
        candidates: full[..count].iter().map(|share| share * left).collect(),
        unknown: full[count] * left,
        false_flag: odds * left,
        imitated: imitated.map(|(at, _)| at),
        forged,
    }
}

/// However many cheap signs somebody plants, and however little speaks for whom
/// they point to: a false flag never gains more odds than this logarithm.
const MOST_IMITATED: f64 = 9.21;

/// What is cheap to forge points to an actor from this logarithm of odds on: a
/// ratio of 1.05.
const LEAST_IMITATED: f64 = 0.05;

/// By candidate, then unknown: the logarithm of the prior, and of what
/// resemblance makes of it.
fn resemblance(case: &Prepared<'_>, seen: &Seen) -> (Vec<f64>, Vec<f64>) {
    let profiles = &case.profiles;
    let count = case.candidates.len();
    let has_profile = |at: &usize| *at < profiles.actors && profiles.has_profile(*at);
    let listed: Vec<usize> = (0..count).filter(|at| case.is_listed(*at)).collect();
    let with: Vec<usize> = listed.iter().copied().filter(has_profile).collect();
    let prior = case.unknown_prior;
    let even = (1.0 - prior).ln() - (with.len().max(1) as f64).ln();
    let spread = |unknown: f64, known: &dyn Fn(usize) -> f64| -> Vec<f64> {
        // All in logarithms.
        let without = listed.len() - with.len();
        let to_them = WITHOUT_PROFILE * without as f64 / listed.len().max(1) as f64;
        let each = unknown + to_them.ln() - (without.max(1) as f64).ln();
        // Those that are part of another's hypothesis keep nothing.
        let mut all = vec![f64::NEG_INFINITY; count + 1];
        listed.iter().for_each(|at| all[*at] = each);
        // Whom an item names is as likely beforehand as any other, and resembles
        // what was seen as little as an unknown actor does.
        let named = case.named.iter().filter(|at| **at < count && case.is_listed(**at));
        named.for_each(|at| all[*at] = even + unknown - prior.ln());
        all[count] = unknown + (1.0 - to_them).ln();
        with.iter().enumerate().for_each(|(rank, at)| all[*at] = known(rank));
        all
    };
    let before = spread(prior.ln(), &|_| even);
    let amount = |things: &[(u32, f64)]| things.iter().map(|(_, times)| times).sum::<f64>();
    let (techniques, software) = (amount(&seen.techniques), amount(&seen.software));
    if with.is_empty() || techniques + software == 0.0 {
        return (before.clone(), before);
    }
    let all = traits(profiles, seen);
    let traits: Vec<_> = with.iter().map(|at| all[*at]).collect();
    let weights = Weights::of(software > 0.0);
    let sums = weights.sums(&traits);
    let total = log_sum(&sums);
    let odds = weights.unknown(total, prior);
    let unknown = -(-odds).exp().ln_1p();
    let known = -odds.exp().ln_1p();
    let after = spread(unknown, &|rank| known + sums[rank] - total);
    let share = ((techniques + software) / ENOUGH).min(1.0).sqrt();
    let less = |(before, after): (&f64, f64)| match before.is_finite() {
        true => before + share * (after - before),
        false => *before,
    };
    let after = before.iter().zip(after).map(less).collect();
    (before, after)
}

/// Probabilities of logarithms of odds.
fn normalised(logs: &[f64]) -> Vec<f64> {
    let total = log_sum(logs);
    logs.iter().map(|log| (log - total).exp()).collect()
}

fn log_sum(logs: &[f64]) -> f64 {
    let greatest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    greatest + logs.iter().map(|log| (log - greatest).exp()).sum::<f64>().ln()
}

impl Posterior {
    /// The probability of a hypothesis: candidates, then unknown, then false flag.
    pub(crate) fn of(&self, hypothesis: usize) -> f64 {
        match hypothesis.checked_sub(self.candidates.len()) {
            None => self.candidates[hypothesis],
            Some(0) => self.unknown,
            Some(_) => self.false_flag,
        }
    }

    /// How many hypotheses there are.
    pub(crate) fn hypotheses(&self) -> usize {
        self.candidates.len() + 2
    }

    /// All hypotheses, the likeliest first; of equals the first.
    pub(crate) fn ranked(&self, case: &Prepared<'_>) -> Vec<usize> {
        let mut ranked: Vec<usize> =
            (0..self.hypotheses()).filter(|hypothesis| case.is_listed(*hypothesis)).collect();
        ranked.sort_by(|left, right| self.of(*right).total_cmp(&self.of(*left)));
        ranked
    }

    /// The logarithm of a hypothesis' odds against all others.
    pub(crate) fn log_odds(&self, hypothesis: usize) -> f64 {
        let all = (0..self.hypotheses()).filter(|other| *other != hypothesis);
        let others: f64 = all.map(|other| self.of(other)).sum();
        let least = f64::MIN_POSITIVE;
        self.of(hypothesis).max(least).ln() - others.max(least).ln()
    }
}
