//! Simple scorers, to compare with: each sees the same base and the same case.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::knowledge::Knowledge;

use super::cases::{Case, Setting, setting};
use super::figures::{Outcome, Random};

/// A way to score all actors.
pub(crate) struct Baseline {
    pub(crate) name: &'static str,
    score: fn(&Scene<'_>, usize) -> f64,
}

/// All of them, the simplest first.
pub(crate) const BASELINES: &[Baseline] = &[
    Baseline { name: "random", score: |scene, actor| scene.random[actor] },
    Baseline { name: "prevalence", score: |scene, actor| scene.profiles[actor].len() as f64 },
    Baseline { name: "Jaccard", score: jaccard },
    Baseline { name: "TF-IDF cosine", score: cosine },
    Baseline { name: "naive Bayes", score: bayes },
    Baseline { name: "IDF overlap", score: overlap },
    Baseline { name: "kNN over reports", score: nearest },
];

/// A base and a case, made ready.
struct Scene<'k> {
    profiles: Vec<BTreeSet<&'k str>>,
    /// By actor: what each report says of it.
    reports: Vec<Vec<BTreeSet<&'k str>>>,
    /// By thing: how many actors have it, and its rarity.
    having: BTreeMap<&'k str, f64>,
    rarity: BTreeMap<&'k str, f64>,
    seen: BTreeSet<&'k str>,
    random: Vec<f64>,
}

/// What a baseline makes of a case.
pub(crate) fn outcome(
    base: &Knowledge,
    case: &Case,
    has_software: bool,
    baseline: &Baseline,
) -> Outcome {
    let Some(knowledge) = setting(base, case, Setting::WithoutReport) else {
        return Outcome::default();
    };
    let scene = Scene::of(&knowledge, case, has_software);
    let scores: Vec<(String, f64)> = knowledge
        .actors
        .iter()
        .enumerate()
        .map(|(at, actor)| (actor.id.clone(), (baseline.score)(&scene, at)))
        .collect();
    Outcome::of(&base.actors[case.actor].id, case.actor, &scores)
}

impl<'k> Scene<'k> {
    fn of(knowledge: &'k Knowledge, case: &'k Case, has_software: bool) -> Self {
        let asked = |what: &str| has_software || what.starts_with('T');
        let mut profiles = Vec::new();
        let mut reports = Vec::new();
        for actor in &knowledge.actors {
            let uses = || actor.uses.iter().filter(|used| asked(&used.what));
            profiles.push(uses().map(|used| used.what.as_str()).collect());
            let mut by_report: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
            for used in uses() {
                for report in &used.reports {
                    by_report.entry(*report).or_default().insert(&used.what);
                }
            }
            reports.push(by_report.into_values().collect());
        }
        let mut having: BTreeMap<&str, f64> = BTreeMap::new();
        for what in profiles.iter().flat_map(|profile: &BTreeSet<&str>| profile) {
            *having.entry(what).or_default() += 1.0;
        }
        let actors = profiles.len() as f64;
        let rarity = having
            .iter()
            .map(|(what, with)| (*what, ((actors + 1.0) / (with + 1.0)).ln()))
            .collect();
        let software = case.software.iter().filter(|_| has_software);
        let seen = case.techniques.iter().chain(software).map(String::as_str).collect();
        let mut random = Random((case.actor as u64) << 32 | u64::from(case.report));
        let random = profiles.iter().map(|_| random.unit()).collect();
        Self { profiles, reports, having, rarity, seen, random }
    }

    fn rarity(&self, what: &str) -> f64 {
        self.rarity.get(what).copied().unwrap_or_default()
    }

    fn shared<'s>(&'s self, with: &'s BTreeSet<&str>) -> impl Iterator<Item = &'s str> {
        self.seen.iter().copied().filter(|what| with.contains(what))
    }

    fn alike(&self, with: &BTreeSet<&str>) -> f64 {
        let length = |of: &BTreeSet<&str>| -> f64 {
            of.iter().map(|what| self.rarity(what).powi(2)).sum::<f64>().sqrt()
        };
        let dot: f64 = self.shared(with).map(|what| self.rarity(what).powi(2)).sum();
        dot / (length(with) * length(&self.seen)).max(1e-9)
    }
}

fn jaccard(scene: &Scene<'_>, actor: usize) -> f64 {
    let profile = &scene.profiles[actor];
    let shared = scene.shared(profile).count() as f64;
    shared / (profile.len() as f64 + scene.seen.len() as f64 - shared).max(1.0)
}

fn cosine(scene: &Scene<'_>, actor: usize) -> f64 {
    scene.alike(&scene.profiles[actor])
}

/// A mixture of *as the profile* and *as everybody*, presences alone.
fn bayes(scene: &Scene<'_>, actor: usize) -> f64 {
    let actors = scene.profiles.len() as f64;
    let one = |what: &&str| {
        let everybody =
            (scene.having.get(what).copied().unwrap_or_default() + 0.5) / (actors + 1.0);
        let own = f64::from(u8::from(scene.profiles[actor].contains(what)));
        ((0.35 * own + 0.3 * everybody) / everybody).ln()
    };
    scene.seen.iter().map(one).sum()
}

/// The rarities of what is shared, by the fourth root of the profile's size.
fn overlap(scene: &Scene<'_>, actor: usize) -> f64 {
    let profile = &scene.profiles[actor];
    let shared: f64 = scene.shared(profile).map(|what| scene.rarity(what)).sum();
    shared / (profile.len().max(5) as f64).powf(0.25)
}

/// The most alike report.
fn nearest(scene: &Scene<'_>, actor: usize) -> f64 {
    scene.reports[actor].iter().map(|report| scene.alike(report)).fold(0.0, f64::max)
}
