//! `cargo xtask fit attribution`: finds the weights of clarte-attribution anew,
//! and says how far they carry on actors that they were not fitted to.
//!
//! A conditional logit over actors on the cases of `cases.rs`. In the setting that
//! is fitted to *every* actor lacks one of its reports, not the true one alone:
//! else a profile's emptiness would give the true one away, which it does in the
//! test only. Some cases have techniques of another actor planted. Then two
//! numbers more for each model: how sure the sums make us, and how much they speak
//! against an unknown actor. docs/adr/0016 has the reasons.
//!
//! Changes nothing: weights are taken over by hand, after a look.

mod logit;
mod measure;
mod scenes;

use clarte_attribution::UNKNOWN_PRIOR;
use clarte_attribution::fitting::{Fitted, OF_TECHNIQUES, TRAITS, in_use, names, sums};
use clarte_model::knowledge::Knowledge;

use super::cases::{self, Case, Setting, cases};
use super::figures::Random;
use logit::{Choice, log_sum, lowest, weights};
use measure::{Pair, compare, report};
use scenes::{How, Scene, scales, scenes};

/// Actors are held out in this many parts, with all their cases.
const FOLDS: usize = 10;

/// On the square of the standardised weights, beside the mean loss of a case.
const PENALTY: f64 = 1e-3;

/// Planted among the cases of the fit.
const PLANTED: usize = 4;

/// How much a case with planted techniques counts beside one without: where
/// software was observed it is meant to hold against them, techniques alone can't.
const PLANTED_COUNT: f64 = 0.2;
const PLANTED_COUNT_WITH_SOFTWARE: f64 = 6.0;

/// The temperature is looked for between these.
const TEMPERATURES: (f64, f64) = (0.5, 3.0);

/// All cases in every setting.
struct Data {
    /// By actor of the base: its part.
    fold: Vec<usize>,
    scales: [f64; TRAITS],
    plain: Vec<Scene>,
    before: Vec<Scene>,
    absent: Vec<Scene>,
    planted: [(usize, Vec<Scene>); 2],
    /// Two draws of the setting that is fitted to, and one with planted techniques.
    fair: [Vec<Scene>; 2],
    fair_planted: Vec<Scene>,
    plain_planted: Vec<Scene>,
}

/// Weights with all that makes probabilities of them.
#[derive(Clone)]
struct Model {
    /// From all cases.
    all: Fitted,
    /// By part: from the cases of all other actors.
    by_fold: Vec<Fitted>,
    temperature: f64,
}

/// Finds the weights and prints them and their figures.
pub(crate) fn fit() -> anyhow::Result<()> {
    let base = cases::base();
    let cases = cases(&base);
    let say = |line: String| crate::say(&line);
    let data = Data::of(&base, &cases);
    say(format!("{} cases of {} actors", cases.len(), base.actors.len()));
    say_empty(&base, "where the true actor alone lacks a report", &data.plain);
    say_empty(&base, "where every actor lacks one", &data.fair[0]);
    let [one, other] = &data.fair;
    let fair = Pair::fitted(&data, [one, other], &data.fair_planted);
    let used = Pair { techniques: Model::in_use(false), both: Model::in_use(true) };
    say("\n== weights, techniques alone ==".to_owned());
    print(&fair.techniques, &used.techniques.all, &data.scales, false);
    say("\n== weights, techniques and software ==".to_owned());
    print(&fair.both, &used.both.all, &data.scales, true);
    say("\nFigures are followed by 95 % intervals, resampled by actor.".to_owned());
    for has_software in [false, true] {
        report(&base, &data, &fair, &used, has_software);
    }
    let others = [
        (
            "fitted to the plain setting",
            Pair::fitted(&data, [&data.plain, &data.plain], &data.plain_planted),
        ),
        ("fitted with nothing planted", Pair::fitted(&data, [one, other], &[])),
        (
            "the model with software for all",
            Pair { techniques: fair.both.clone(), both: fair.both.clone() },
        ),
    ];
    compare(&base, &data, &fair, &others);
    Ok(())
}

/// In how many cases nothing is left of the true actor's profile, and of how many
/// others' then.
fn say_empty(base: &Knowledge, setting: &str, scenes: &[Scene]) {
    let empty: Vec<&Scene> = scenes.iter().filter(|scene| scene.own.is_none()).collect();
    let others = empty.iter().map(|scene| base.actors.len() - scene.rows.len() - 1).sum::<usize>();
    crate::say(&format!(
        "{setting}: in {} cases nothing is left of its profile, and of {:.1} others' on average",
        empty.len(),
        others as f64 / empty.len().max(1) as f64
    ));
}

impl Pair {
    /// Both models, fitted to two draws of a setting and to one with planted
    /// techniques.
    fn fitted(data: &Data, [one, other]: [&[Scene]; 2], planted: &[Scene]) -> Self {
        let model = |has_software: bool| {
            let count = if has_software { PLANTED_COUNT_WITH_SOFTWARE } else { PLANTED_COUNT };
            let counted: Vec<(&Scene, f64)> = [(one, 1.0), (other, 1.0), (planted, count)]
                .iter()
                .flat_map(|(scenes, count)| scenes.iter().map(|scene| (scene, *count)))
                .filter(|(scene, _)| !has_software || scene.has_software)
                .collect();
            Model::of(data, &counted, has_software)
        };
        Self { techniques: model(false), both: model(true) }
    }
}

impl Data {
    fn of(base: &Knowledge, cases: &[Case]) -> Self {
        let count = cases.len();
        let make = |how: How| scenes(base, cases, how);
        let plain = How::plain(Setting::WithoutReport);
        let fair = |seed: u64| How { fair: Some(seed), ..plain };
        let planted = |how: How, planted: usize, moved: usize| {
            make(How { planted: Some((planted, moved)), ..how })
        };
        let without_report = make(plain);
        Self {
            fold: folds(base, cases),
            scales: scales(&without_report),
            plain: without_report,
            before: make(How::plain(Setting::Before)),
            absent: make(How::plain(Setting::WithoutActor)),
            planted: [4, 8].map(|many| (many, planted(plain, many, 0))),
            fair: [make(fair(1)), make(fair(2))],
            fair_planted: planted(fair(3), PLANTED, count),
            plain_planted: planted(plain, PLANTED, count),
        }
    }
}

/// Which part each actor is held out with, drawn so that actors with cases are
/// spread evenly.
fn folds(base: &Knowledge, cases: &[Case]) -> Vec<usize> {
    let mut actors: Vec<usize> = cases.iter().map(|case| case.actor).collect();
    actors.dedup();
    let mut random = Random(5);
    for at in (1..actors.len()).rev() {
        actors.swap(at, random.below(at + 1));
    }
    let mut folds = vec![0; base.actors.len()];
    actors.iter().enumerate().for_each(|(at, actor)| folds[*actor] = at % FOLDS);
    folds
}

impl Model {
    /// Fits everything to scenes that count as often as they say.
    fn of(data: &Data, counted: &[(&Scene, f64)], has_software: bool) -> Self {
        let columns = if has_software { TRAITS } else { OF_TECHNIQUES };
        let fit = |held_out: Option<usize>| -> [f64; TRAITS] {
            let is_kept = |scene: &Scene| Some(data.fold[scene.actor]) != held_out;
            let choices: Vec<_> = counted
                .iter()
                .filter(|(scene, _)| is_kept(scene))
                .filter_map(|(scene, counts)| {
                    let chosen = scene.own?;
                    Some(Choice { rows: &scene.rows, chosen, counts: *counts })
                })
                .collect();
            let mut found = [0.0; TRAITS];
            found[..columns].copy_from_slice(&weights(&choices, &data.scales[..columns], PENALTY));
            found
        };
        let by_fold: Vec<[f64; TRAITS]> = (0..FOLDS).map(|fold| fit(Some(fold))).collect();
        let is_asked = |scene: &&Scene| !has_software || scene.has_software;
        let plain: Vec<&Scene> = data.plain.iter().filter(is_asked).collect();
        let absent: Vec<&Scene> = data.absent.iter().filter(is_asked).collect();
        let warm = |weights: &[f64; TRAITS], by: f64| weights.map(|weight| weight * by);
        let not_seen =
            |scene: &Scene, by: f64| sums(&warm(&by_fold[data.fold[scene.actor]], by), &scene.rows);
        let (from, to) = TEMPERATURES;
        let temperature = lowest(from, to, |by| first_right(&plain, |scene| not_seen(scene, by)));
        let total = |scene: &&Scene| log_sum(&not_seen(scene, temperature));
        let known = line(
            &plain.iter().map(total).collect::<Vec<_>>(),
            &absent.iter().map(total).collect::<Vec<_>>(),
        );
        let fitted =
            |weights: &[f64; TRAITS]| Fitted { weights: warm(weights, temperature), known };
        Self { all: fitted(&fit(None)), by_fold: by_fold.iter().map(fitted).collect(), temperature }
    }

    /// The one in use.
    fn in_use(has_software: bool) -> Self {
        let all = in_use(has_software);
        Self { all, by_fold: vec![all; FOLDS], temperature: 1.0 }
    }
}

/// The loss of the first actor's probability, whether it is right or not.
fn first_right(scenes: &[&Scene], sums: impl Fn(&Scene) -> Vec<f64>) -> f64 {
    let one = |scene: &&Scene| {
        let sums = sums(scene);
        let mut first = 0;
        for (at, sum) in sums.iter().enumerate() {
            if *sum > sums[first] {
                first = at;
            }
        }
        let log = sums[first] - log_sum(&sums);
        // The probability of all others, never quite none.
        let wrong = (-log.exp_m1()).max(1e-12);
        if scene.own == Some(first) { -log } else { -wrong.ln() }
    };
    scenes.iter().map(one).sum::<f64>() / scenes.len().max(1) as f64
}

/// How the logarithm of the sum of all odds tells cases of actors that are in the
/// base from those of actors that are not, which weigh as much as the prior says: a
/// choice between two.
fn line(known: &[f64], absent: &[f64]) -> (f64, f64) {
    let counts = |of: &[f64], share: f64| share / of.len().max(1) as f64;
    let row = |total: &f64| [[1.0, *total], [0.0, 0.0]];
    let rows: Vec<[[f64; 2]; 2]> = absent.iter().chain(known).map(row).collect();
    let choices: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(at, rows)| {
            let (chosen, counts) = match at < absent.len() {
                true => (0, counts(absent, UNKNOWN_PRIOR)),
                false => (1, counts(known, 1.0 - UNKNOWN_PRIOR)),
            };
            Choice { rows, chosen, counts }
        })
        .collect();
    let found = weights(&choices, &[1.0; 2], 0.0);
    (found[0] - (UNKNOWN_PRIOR / (1.0 - UNKNOWN_PRIOR)).ln(), -found[1])
}

/// From here on, in standard deviations' worth of log odds, a weight is large.
const LARGE: f64 = 0.25;

/// Every weight found beside the one in use.
fn print(found: &Model, used: &Fitted, scales: &[f64; TRAITS], has_software: bool) {
    let columns = if has_software { TRAITS } else { OF_TECHNIQUES };
    let say = |line: String| crate::say(&line);
    say(format!("{:<20}{:>10}{:>10}{:>10}", "trait", "found", "in use", "spread"));
    for (at, name) in names().iter().enumerate().take(columns) {
        let (new, old) = (found.all.weights[at], used.weights[at]);
        let is_large = |weight: f64| weight.abs() * scales[at] >= LARGE;
        let is_turned = new * old < 0.0 && is_large(new) && is_large(old);
        let remark = if is_turned { "  large, with another sign" } else { "" };
        let [new, old, spread] = [new, old, scales[at]].map(significant);
        say(format!("{name:<20}{new:>10}{old:>10}{spread:>10}{remark}"));
    }
    say(format!("temperature, in the weights already: {}", significant(found.temperature)));
    let known = |of: &Fitted| format!("({}, {})", significant(of.known.0), significant(of.known.1));
    say(format!("against an unknown actor: {}, in use {}", known(&found.all), known(used)));
}

/// A number with three significant digits.
fn significant(value: f64) -> String {
    let digits = if value == 0.0 { 0.0 } else { value.abs().log10().floor() };
    let after = (2.0 - digits).clamp(0.0, 9.0) as usize;
    format!("{value:.after$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_that_tell() {
        let shown = [0.361, -7.5312, 0.002_91, 123.4, 0.0, 13.68].map(significant);
        assert_eq!(shown, ["0.361", "-7.53", "0.00291", "123", "0.00", "13.7"]);
    }

    #[test]
    fn the_line_gives_the_prior_back_where_nothing_tells() {
        let totals: Vec<f64> = (0..50).map(f64::from).collect();
        let (base, slope) = line(&totals, &totals);
        assert!(base.abs() < 1e-6 && slope.abs() < 1e-6, "{base} {slope}");
        let higher: Vec<f64> = totals.iter().map(|total| total + 20.0).collect();
        assert!(line(&higher, &totals).1 > 0.0, "high sums speak for a known actor");
    }
}
