//! What each trait of a resemblance weighs, and how sure the sum makes us.
//!
//! Fitted as a conditional logit (McFadden 1974) on leave-one-report-out cases of
//! ATT&CK 18.1, *every* actor without one of its reports, not the true one alone:
//! else a trait that sees what a profile lacks would give the true one away. Cases
//! with four planted techniques of another actor are among them, so that rarity
//! alone does not win. Where software was observed techniques weigh less, so there
//! are two sets. `cargo xtask evaluate attribution` says how far they carry, `cargo
//! xtask fit attribution` finds them anew, docs/adr/0016 says why so.

use crate::resemblance::{Trait, Traits};

/// One set of weights.
pub(crate) struct Weights {
    techniques: &'static [(Trait, f64)],
    software: &'static [(Trait, f64)],
    /// By how much the sum of all actors' resemblances speaks against an unknown
    /// one, as a line through its logarithm.
    pub(crate) known: (f64, f64),
}

/// For techniques alone.
pub(crate) const TECHNIQUES: Weights = Weights {
    techniques: &[
        (Trait::Shared, 0.361),
        (Trait::SharedButTwo, -0.190),
        (Trait::SharedButFour, -0.159),
        (Trait::Breadth, 5.83),
        (Trait::Implied, 0.125),
        (Trait::Size, 0.856),
        (Trait::SizeByObserved, -0.728),
        (Trait::BeyondChance, 0.143),
        (Trait::BestReport, 4.58),
        (Trait::Reports, 1.62),
        (Trait::RestsOnRarest, -7.53),
    ],
    software: &[],
    known: (3.39, 0.453),
};

/// Where software was observed too.
pub(crate) const BOTH: Weights = Weights {
    techniques: &[
        (Trait::Shared, 0.0942),
        (Trait::SharedButTwo, -0.0238),
        (Trait::SharedButFour, -0.156),
        (Trait::Breadth, 4.45),
        (Trait::Implied, 0.0029),
        (Trait::Size, 0.0346),
        (Trait::SizeByObserved, -0.247),
        (Trait::BeyondChance, 0.146),
        (Trait::BestReport, -3.53),
        (Trait::Reports, 1.10),
        (Trait::RestsOnRarest, -13.7),
    ],
    software: &[
        (Trait::SoftwareShared, 0.164),
        (Trait::AnySoftware, -0.700),
        (Trait::OwnSoftware, 2.67),
        (Trait::BestReportSoftware, 2.93),
        (Trait::DoneBySoftware, 0.0552),
        (Trait::BestReportBoth, 8.08),
    ],
    known: (4.67, 0.655),
};

/// The most by which what techniques say, and what software says, sets two actors
/// apart: a likelihood ratio of 10,000, the top of the verbal scale. What is
/// fitted needs no cap to be calibrated; this bounds what a freak or a hostile
/// profile can do.
const CAP: f64 = 9.21;

/// What is left of a distance beyond the cap, so that the order stays.
const BEYOND_CAP: f64 = 0.01;

impl Weights {
    /// The set for what was observed.
    pub(crate) fn of(has_software: bool) -> &'static Self {
        if has_software { &BOTH } else { &TECHNIQUES }
    }

    /// The sum of each actor's traits: the logarithm of its odds among actors,
    /// but for a constant.
    pub(crate) fn sums(&self, traits: &[Traits]) -> Vec<f64> {
        let sums = |weights: &[(Trait, f64)]| -> Vec<f64> {
            let sum = |of: &Traits| weights.iter().map(|(which, weight)| of[*which] * weight).sum();
            traits.iter().map(sum).collect()
        };
        capped(sums(self.techniques), sums(self.software))
    }

    /// The traits that count with their weights, in the order of [`Trait`].
    pub(crate) fn by_trait(&self) -> Vec<(Trait, f64)> {
        self.techniques.iter().chain(self.software).copied().collect()
    }

    /// The logarithm of the odds that the actor is an unknown one, where `total`
    /// is the logarithm of the sum of the known actors' odds.
    pub(crate) fn unknown(&self, total: f64, prior: f64) -> f64 {
        let (base, slope) = self.known;
        (prior / (1.0 - prior)).ln() + base - slope * total
    }
}

/// What techniques say and what software says of each actor, each capped, added.
pub(crate) fn capped(mut techniques: Vec<f64>, mut software: Vec<f64>) -> Vec<f64> {
    cap(&mut techniques);
    cap(&mut software);
    techniques.iter_mut().zip(software).for_each(|(sum, more)| *sum += more);
    techniques
}

fn cap(sums: &mut [f64]) {
    let greatest = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for sum in sums {
        let beyond = greatest - *sum - CAP;
        if beyond > 0.0 {
            *sum += beyond * (1.0 - BEYOND_CAP);
        }
    }
}
