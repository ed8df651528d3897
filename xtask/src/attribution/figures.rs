//! Figures with their intervals.

use std::collections::BTreeMap;

/// What came out for one case.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcome {
    /// Index of the true actor: cases of one actor are resampled together.
    pub(crate) actor: usize,
    /// Where the true actor stands, from 1; the middle of those that are equal.
    pub(crate) rank: f64,
    /// Who is first, and with which probability.
    pub(crate) first: String,
    pub(crate) probability: f64,
    pub(crate) unknown: f64,
    /// `None` where no country is claimed for the actor.
    pub(crate) country_first: Option<bool>,
    /// `None` where nothing was planted.
    pub(crate) decoy_first: Option<bool>,
}

impl Outcome {
    /// Where `own` stands among `scores`.
    pub(crate) fn of(own: &str, actor: usize, scores: &[(String, f64)]) -> Self {
        let score = scores.iter().find(|(id, _)| id == own).map_or(f64::NEG_INFINITY, |it| it.1);
        let above = scores.iter().filter(|it| it.1 > score).count();
        let equal = scores.iter().filter(|it| it.1 == score).count().max(1);
        let first = scores.iter().max_by(|left, right| left.1.total_cmp(&right.1));
        let (first, probability) = first.cloned().unwrap_or_default();
        let rank = above as f64 + (equal as f64 + 1.0) / 2.0;
        Self { actor, rank, first, probability, ..Self::default() }
    }

    /// Whether the true actor comes first.
    pub(crate) fn is_first(&self) -> bool {
        self.rank <= 1.0
    }
}

/// How often the cases are resampled.
const DRAWS: usize = 1000;

/// Top-1, top-3 and mean reciprocal rank.
pub(crate) fn figures(outcomes: &[Outcome]) -> String {
    let mean = |of: &dyn Fn(&Outcome) -> f64| interval(outcomes, &|drawn| average(drawn, of));
    let bool = |is: bool| f64::from(u8::from(is));
    format!(
        "top-1 {}  top-3 {}  MRR {}  ({} cases)",
        mean(&|outcome| bool(outcome.is_first())),
        mean(&|outcome| bool(outcome.rank <= 3.0)),
        mean(&|outcome| 1.0 / outcome.rank),
        outcomes.len()
    )
}

/// By how much top-1 and top-3 of the first are above those of the second, case by
/// case.
pub(crate) fn gain(first: &[Outcome], second: &[Outcome]) -> String {
    let by = |most: f64| {
        let is_in = |outcome: &Outcome| f64::from(u8::from(outcome.rank <= most));
        let pairs = first.iter().zip(second);
        let apart: Vec<Outcome> = pairs
            .map(|(left, right)| Outcome {
                probability: is_in(left) - is_in(right),
                ..left.clone()
            })
            .collect();
        interval(&apart, &|drawn| average(drawn, &|outcome| outcome.probability))
    };
    format!("top-1 {}  top-3 {}", by(1.0), by(3.0))
}

/// The share of the cases to which a question applies where it is answered yes.
pub(crate) fn share(outcomes: &[Outcome], of: impl Fn(&Outcome) -> Option<bool>) -> String {
    let asked: Vec<Outcome> = outcomes.iter().filter(|it| of(it).is_some()).cloned().collect();
    let yes = |outcome: &Outcome| f64::from(u8::from(of(outcome) == Some(true)));
    format!("{} ({} cases)", interval(&asked, &|drawn| average(drawn, &yes)), asked.len())
}

fn average(outcomes: &[&Outcome], of: &dyn Fn(&Outcome) -> f64) -> f64 {
    outcomes.iter().map(|outcome| of(outcome)).sum::<f64>() / outcomes.len().max(1) as f64
}

/// Expected calibration error of the first actor's probability, ten bins, and
/// what a perfectly calibrated one would show by chance.
pub(crate) fn calibration(outcomes: &[Outcome]) -> String {
    let right = |drawn: &[&Outcome]| error(drawn.iter().map(|it| (it.probability, it.is_first())));
    let mut random = Random(11);
    let mut perfect: Vec<f64> = (0..DRAWS)
        .map(|_| error(outcomes.iter().map(|it| (it.probability, random.unit() < it.probability))))
        .collect();
    perfect.sort_by(f64::total_cmp);
    let chance = perfect.iter().sum::<f64>() / perfect.len() as f64;
    let most = perfect[perfect.len() * 95 / 100];
    format!(
        "{} (a perfectly calibrated one: {chance:.3} on average, up to {most:.3} in 95 of 100 draws)",
        interval(outcomes, &right)
    )
}

fn error(of: impl Iterator<Item = (f64, bool)>) -> f64 {
    let mut bins = [(0usize, 0.0, 0.0); 10];
    let mut all = 0;
    for (probability, is_right) in of {
        let bin = &mut bins[((probability * 10.0) as usize).min(9)];
        *bin = (bin.0 + 1, bin.1 + probability, bin.2 + f64::from(u8::from(is_right)));
        all += 1;
    }
    bins.iter().map(|bin| (bin.1 - bin.2).abs()).sum::<f64>() / f64::from(all.max(1))
}

/// The reliability table: by bin of probability, how many, said and right.
pub(crate) fn reliability(outcomes: &[Outcome]) -> String {
    let mut bins: BTreeMap<usize, Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        bins.entry(((outcome.probability * 10.0) as usize).min(9)).or_default().push(outcome);
    }
    let line = |(bin, of): (usize, Vec<&Outcome>)| {
        let said = average(&of, &|outcome| outcome.probability);
        let right = average(&of, &|outcome| f64::from(u8::from(outcome.is_first())));
        format!("  0.{bin}: {:>4} cases, said {said:.2}, right {right:.2}", of.len())
    };
    bins.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// How well a number tells the second set from the first: the chance that it is
/// greater for one of the second than for one of the first.
pub(crate) fn auroc(first: &[f64], second: &[f64]) -> String {
    let area = |first: &[f64], second: &[f64]| {
        let mut sorted = first.to_vec();
        sorted.sort_by(f64::total_cmp);
        let below = |value: &f64| {
            let less = sorted.partition_point(|other| other < value);
            let equal = sorted.partition_point(|other| other <= value) - less;
            less as f64 + equal as f64 / 2.0
        };
        second.iter().map(below).sum::<f64>() / (first.len() * second.len()).max(1) as f64
    };
    let mut random = Random(7);
    let mut drawn: Vec<f64> = (0..200)
        .map(|_| {
            let mut draw = |of: &[f64]| -> Vec<f64> {
                of.iter().map(|_| of[random.below(of.len())]).collect()
            };
            let (first, second) = (draw(first), draw(second));
            area(&first, &second)
        })
        .collect();
    drawn.sort_by(f64::total_cmp);
    format!("{:.3} [{:.3}, {:.3}]", area(first, second), drawn[5], drawn[194])
}

/// A figure with its 95 % interval, actors resampled with all their cases.
fn interval(outcomes: &[Outcome], figure: &dyn Fn(&[&Outcome]) -> f64) -> String {
    let all: Vec<&Outcome> = outcomes.iter().collect();
    let mut actors: BTreeMap<usize, Vec<&Outcome>> = BTreeMap::new();
    all.iter().for_each(|outcome| actors.entry(outcome.actor).or_default().push(outcome));
    let actors: Vec<Vec<&Outcome>> = actors.into_values().collect();
    if actors.is_empty() {
        return "no cases".to_owned();
    }
    let mut random = Random(3);
    let mut drawn: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let drawn = (0..actors.len()).flat_map(|_| &actors[random.below(actors.len())]);
            figure(&drawn.copied().collect::<Vec<_>>())
        })
        .collect();
    drawn.sort_by(f64::total_cmp);
    format!("{:.3} [{:.3}, {:.3}]", figure(&all), drawn[DRAWS / 40], drawn[DRAWS * 39 / 40])
}

/// SplitMix64: the same draws in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}
