//! `cargo xtask evaluate attribution`: how often the ranking is right, how well it
//! is calibrated, and how it stands against simple scorers, on reports that it
//! has not seen.
//!
//! A case is what one report says of one actor, at least five techniques; the
//! base is ATT&CK without that report: what only it supports is dropped. Harder
//! settings: profiles that end before the report's year; actors held out whole;
//! rare techniques of another actor planted.

mod baselines;
mod cases;
mod figures;
mod fit;

use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

use anyhow::ensure;
use clarte_attribution::{Observed, Question, attribute, probabilities};
use clarte_model::knowledge::Knowledge;

pub(crate) use fit::fit;

use baselines::BASELINES;
use cases::{Case, Setting, cases, planted, setting};
use figures::{Outcome, auroc, calibration, figures, gain, reliability, share};

/// Prints every figure. Nothing is random but the resampling, which is seeded.
pub(crate) fn evaluate() -> anyhow::Result<()> {
    let base = cases::base();
    let cases = cases(&base);
    let say = |line: String| crate::say(&line);
    say(format!(
        "{} cases: a report with at least 5 techniques of one of {} actors",
        cases.len(),
        base.actors.len()
    ));
    say("Figures are followed by 95 % intervals, resampled by actor.".to_owned());
    for has_software in [false, true] {
        let channels = if has_software { "techniques and software" } else { "techniques alone" };
        say(format!("\n== {channels} =="));
        let known = run(&base, &cases, Setting::WithoutReport, has_software, None);
        say(format!("Clarté             {}", figures(&known)));
        for baseline in BASELINES {
            let outcomes: Vec<Outcome> = cases
                .iter()
                .map(|case| baselines::outcome(&base, case, has_software, baseline))
                .collect();
            say(format!("{:<18} {}", baseline.name, figures(&outcomes)));
            say(format!("{:<18} {}", "  we gain on it", gain(&known, &outcomes)));
        }
        say(format!("ECE of the raw posterior: {}", calibration(&known)));
        say(reliability(&known));
        let before = run(&base, &cases, Setting::Before, has_software, None);
        say(format!("profiles end before the report's year: {}", figures(&before)));
        for most in [1, 2, 3] {
            let few: Vec<Case> = cases.iter().map(|case| case.few(most)).collect();
            let few = run(&base, &few, Setting::WithoutReport, has_software, None);
            let probability = few.iter().map(|outcome| outcome.probability).sum::<f64>();
            say(format!(
                "{most} of the techniques seen: said {:.2} on average, right {}",
                probability / few.len() as f64,
                share(&few, |outcome| Some(outcome.is_first()))
            ));
        }
        let absent = run(&base, &cases, Setting::WithoutActor, has_software, None);
        let unknown = |outcomes: &[Outcome]| -> Vec<f64> {
            outcomes.iter().map(|outcome| outcome.unknown).collect()
        };
        say(format!(
            "actor not in the base, AUROC: {}",
            auroc(&unknown(&known), &unknown(&absent))
        ));
        say(format!("country first: {}", share(&known, |outcome| outcome.country_first)));
        say(format!(
            "  by always naming the most frequent: {:.3}",
            cases::commonest(&base, &cases)
        ));
        for count in [4, 8] {
            let decoyed = run(&base, &cases, Setting::WithoutReport, has_software, Some(count));
            say(format!(
                "{count} rare techniques of another actor planted, it comes first: {}",
                share(&decoyed, |outcome| outcome.decoy_first)
            ));
            if has_software {
                let with: Vec<Outcome> = cases
                    .iter()
                    .zip(decoyed)
                    .filter(|(case, _)| !case.software.is_empty())
                    .map(|(_, outcome)| outcome)
                    .collect();
                say(format!(
                    "  where any software was observed: {}",
                    share(&with, |outcome| outcome.decoy_first)
                ));
            }
        }
    }
    Ok(())
}

/// Prints how long loading ATT&CK's bundle and one whole answer take.
pub(crate) fn time(bundle: &Path) -> anyhow::Result<()> {
    const RUNS: usize = 15;
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(fs::File::open(bundle)?).read_to_end(&mut text)?;
    let load = || clarte_intel::knowledge::read("attack", &text).knowledge;
    let knowledge = load();
    let cases = cases(&knowledge);
    ensure!(!cases.is_empty(), "{} holds no actor with a report", bundle.display());
    let median = |what: &dyn Fn(usize)| {
        let mut times: Vec<f64> = (0..RUNS)
            .map(|run| {
                let begin = Instant::now();
                what(run);
                begin.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        times[RUNS / 2]
    };
    let loading = median(&|_| {
        std::hint::black_box(load());
    });
    let answering = median(&|run| {
        let case = &cases[run * cases.len() / RUNS];
        let (techniques, software) = (case.techniques.clone(), case.software.clone());
        let observed = Observed { techniques, software, ..Observed::default() };
        std::hint::black_box(attribute(&knowledge, &Question::of(observed)));
    });
    crate::say(&format!(
        "medians of {RUNS}: loading {} MB of JSON {loading:.0} ms, one whole answer {answering:.0} ms",
        text.len() / 1_000_000
    ));
    Ok(())
}

/// Every case in one setting.
fn run(
    base: &Knowledge,
    cases: &[Case],
    how: Setting,
    has_software: bool,
    decoys: Option<usize>,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let Some(knowledge) = setting(base, case, how) else { continue };
        let mut techniques = case.techniques.clone();
        let decoy = decoys.map(|count| planted(&knowledge, case, number, count));
        if let Some((_, planted)) = &decoy {
            techniques.extend(planted.iter().cloned());
        }
        let software = if has_software { case.software.clone() } else { Vec::new() };
        let observed = Observed { techniques, software, ..Observed::default() };
        let found = probabilities(&knowledge, &Question::of(observed));
        let own = &base.actors[case.actor];
        let mut outcome = Outcome::of(own.id.as_str(), case.actor, &found.actors);
        outcome.unknown = found.unknown;
        outcome.country_first = cases::country(base, case.actor)
            .map(|country| found.states.first().is_some_and(|(state, _)| *state == country));
        let decoy = decoy.map(|(actor, _)| base.actors[actor].id.clone());
        outcome.decoy_first = decoy.map(|decoy| outcome.first == decoy);
        outcomes.push(outcome);
    }
    outcomes
}
