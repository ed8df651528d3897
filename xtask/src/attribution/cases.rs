//! Cases, and the base without what a case must not know.

use std::collections::BTreeMap;

use clarte_intel::knowledge::{built_in, compare_names};
use clarte_model::knowledge::{Knowledge, Use, linked};

use super::figures::Random;

/// What one report says of one actor.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// Index of the actor.
    pub(crate) actor: usize,
    pub(crate) report: u32,
    pub(crate) techniques: Vec<String>,
    pub(crate) software: Vec<String>,
}

impl Case {
    /// The same with fewer techniques, spread over all of them, and at most one
    /// piece of software.
    pub(crate) fn few(&self, most: usize) -> Self {
        let step = (self.techniques.len() / most.max(1)).max(1);
        let techniques = self.techniques.iter().step_by(step).take(most).cloned().collect();
        let software = self.software.iter().take(1).cloned().collect();
        Self { techniques, software, ..self.clone() }
    }
}

/// What is left out of the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// The case's report; of the actor what only it supports.
    WithoutReport,
    /// Of all actors what no report from before its year supports.
    Before,
    /// The actor.
    WithoutActor,
}

/// Fewer techniques are no case.
const LEAST: usize = 5;

/// ATT&CK's actors as built in, with the states that linked actors of MISP's
/// galaxy are said to belong to.
pub(crate) fn base() -> Knowledge {
    let mut knowledge = built_in();
    let found = compare_names(&knowledge);
    knowledge.aliases.extend(found);
    for group in linked(&knowledge, 0.5) {
        let Some(owner) =
            group.iter().copied().find(|actor| !knowledge.actors[*actor as usize].uses.is_empty())
        else {
            continue;
        };
        for other in group.into_iter().filter(|other| *other != owner) {
            let states = knowledge.actors[other as usize].states.clone();
            knowledge.actors[owner as usize].states.extend(states);
        }
    }
    knowledge.actors.retain(|actor| actor.id.starts_with('G'));
    knowledge.aliases.clear();
    knowledge
}

/// The state that most is claimed for an actor, or none.
pub(crate) fn country(base: &Knowledge, actor: usize) -> Option<String> {
    let mut weights: BTreeMap<&str, u32> = BTreeMap::new();
    for claim in &base.actors[actor].states {
        *weights.entry(&claim.country).or_default() +=
            u32::from(claim.confidence.unwrap_or(50)) + 1;
    }
    let most = weights.values().max()?;
    weights.iter().find(|(_, weight)| *weight == most).map(|(state, _)| (*state).to_owned())
}

/// The share of the cases with a country whose country is the most frequent one.
pub(crate) fn commonest(base: &Knowledge, cases: &[Case]) -> f64 {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for country in cases.iter().filter_map(|case| country(base, case.actor)) {
        *counts.entry(country).or_default() += 1;
    }
    let most = counts.values().max().copied().unwrap_or_default();
    most as f64 / counts.values().sum::<usize>().max(1) as f64
}

/// Every case, by actor and report.
pub(crate) fn cases(base: &Knowledge) -> Vec<Case> {
    let mut cases = Vec::new();
    for (actor, known) in base.actors.iter().enumerate() {
        let mut reports: BTreeMap<u32, (Vec<String>, Vec<String>)> = BTreeMap::new();
        for used in &known.uses {
            for report in &used.reports {
                let (techniques, software) = reports.entry(*report).or_default();
                let is_technique = used.what.starts_with('T');
                (if is_technique { techniques } else { software }).push(used.what.clone());
            }
        }
        for (report, (techniques, software)) in reports {
            if techniques.len() >= LEAST {
                cases.push(Case { actor, report, techniques, software });
            }
        }
    }
    cases
}

/// The base for a case; `None` where the setting needs a date that the report
/// has not.
pub(crate) fn setting(base: &Knowledge, case: &Case, how: Setting) -> Option<Knowledge> {
    let year = |report: u32| base.reports[report as usize].date.map(|date| date.year());
    let own_year = year(case.report);
    if how == Setting::Before && own_year.is_none() {
        return None;
    }
    let is_left_out = |actor: usize, report: u32| match how {
        _ if report == case.report => true,
        Setting::WithoutReport => false,
        Setting::Before => year(report).is_none_or(|year| Some(year) >= own_year),
        Setting::WithoutActor => actor == case.actor,
    };
    let mut knowledge = base.clone();
    for (at, actor) in knowledge.actors.iter_mut().enumerate() {
        let keep = |used: &mut Use| {
            let cited = !used.reports.is_empty();
            used.reports.retain(|report| !is_left_out(at, *report));
            !used.reports.is_empty() || !cited && (how != Setting::WithoutActor || at != case.actor)
        };
        // Of other actors the report is forgotten, what they used is not.
        let others = |used: &mut Use| {
            used.reports.retain(|report| *report != case.report);
            true
        };
        let is_other = at != case.actor && how != Setting::Before;
        actor.uses.retain_mut(|used| if is_other { others(used) } else { keep(used) });
    }
    if how == Setting::WithoutActor {
        knowledge.actors.remove(case.actor);
    }
    Some(knowledge)
}

/// By actor: its case reports.
pub(crate) fn case_reports(cases: &[Case]) -> BTreeMap<usize, Vec<u32>> {
    let mut reports: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for case in cases {
        reports.entry(case.actor).or_default().push(case.report);
    }
    reports
}

/// The base where every actor but the case's lacks one of its case reports too, with
/// the claims that it alone supports: so that lacking one gives nobody away.
pub(crate) fn fair(
    base: &Knowledge,
    reports: &BTreeMap<usize, Vec<u32>>,
    case: &Case,
    seed: u64,
) -> Knowledge {
    let mut random = Random(seed);
    let mut knowledge = base.clone();
    for (actor, reports) in reports {
        // Drawn for all, so that the others' do not hang on whose case it is.
        let dropped = reports[random.below(reports.len())];
        if *actor == case.actor {
            continue;
        }
        knowledge.actors[*actor].uses.retain_mut(|used| {
            let cited = !used.reports.is_empty();
            used.reports.retain(|report| *report != dropped);
            !cited || !used.reports.is_empty()
        });
    }
    knowledge
}

/// Another actor and its rarest techniques that the case does not show; which
/// actor goes by the case's number, so that it is the same in every run.
pub(crate) fn planted(
    knowledge: &Knowledge,
    case: &Case,
    number: usize,
    count: usize,
) -> (usize, Vec<String>) {
    let mut used_by: BTreeMap<&str, usize> = BTreeMap::new();
    for used in knowledge.actors.iter().flat_map(|actor| &actor.uses) {
        *used_by.entry(&used.what).or_default() += 1;
    }
    let new = |actor: usize| -> Vec<&str> {
        let uses = knowledge.actors[actor].uses.iter().map(|used| used.what.as_str());
        let is_new = |what: &&str| !case.techniques.iter().any(|seen| seen == what);
        uses.filter(|what| what.starts_with('T')).filter(is_new).collect()
    };
    let others: Vec<usize> = (0..knowledge.actors.len())
        .filter(|actor| *actor != case.actor && new(*actor).len() >= count)
        .collect();
    // A prime, so that neighbouring cases of one actor get different decoys.
    let decoy = others[(number * 7919 + count) % others.len()];
    let mut techniques = new(decoy);
    techniques.sort_by_key(|what| (used_by[what], *what));
    (decoy, techniques.into_iter().take(count).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_it_is_fair_every_other_actor_lacks_one_report() {
        let base = base();
        let cases = cases(&base);
        let reports = case_reports(&cases);
        let case = &cases[cases.len() / 2];
        let fair_base = fair(&base, &reports, case, 5);
        assert_eq!(fair_base, fair(&base, &reports, case, 5));
        assert_ne!(fair_base, fair(&base, &reports, case, 6));
        let cited = |knowledge: &Knowledge, actor: usize, report: u32| {
            knowledge.actors[actor].uses.iter().any(|used| used.reports.contains(&report))
        };
        for (actor, reports) in &reports {
            let left = reports.iter().filter(|report| cited(&fair_base, *actor, **report)).count();
            assert_eq!(left, reports.len() - usize::from(*actor != case.actor));
        }
        let uncited = |knowledge: &Knowledge| {
            knowledge
                .actors
                .iter()
                .flat_map(|it| &it.uses)
                .filter(|it| it.reports.is_empty())
                .count()
        };
        assert_eq!(uncited(&fair_base), uncited(&base), "what only it supports goes with it");
    }
}
