//! Every case beside every actor, in one setting: what is fitted to, and measured
//! on.

use std::collections::BTreeMap;
use std::thread;

use clarte_attribution::Observed;
use clarte_attribution::fitting::{TRAITS, traits};
use clarte_model::knowledge::Knowledge;

use super::super::cases::{Case, Setting, case_reports, fair, planted, setting};

/// A case beside the actors of whom anything is known in its setting.
pub(crate) struct Scene {
    /// Index of the true actor in the base.
    pub(crate) actor: usize,
    pub(crate) has_software: bool,
    pub(crate) rows: Vec<[f64; TRAITS]>,
    /// By row: the actor's index in the base.
    pub(crate) who: Vec<usize>,
    /// The row of the true actor; `None` if nothing is left of its profile.
    pub(crate) own: Option<usize>,
    /// Whose techniques were planted.
    pub(crate) decoy: Option<usize>,
}

/// What is left out, and what is planted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How {
    pub(crate) setting: Setting,
    /// Whether every other actor lacks a report too, and which draw of them.
    pub(crate) fair: Option<u64>,
    /// How many techniques are planted, and by how much the choice of their actor is
    /// moved, so that those of the fit are not those of the measurement.
    pub(crate) planted: Option<(usize, usize)>,
}

impl How {
    /// Nothing but the setting.
    pub(crate) fn plain(setting: Setting) -> Self {
        Self { setting, fair: None, planted: None }
    }
}

/// Every case in one setting; those that the setting does not admit are left out.
pub(crate) fn scenes(base: &Knowledge, cases: &[Case], how: How) -> Vec<Scene> {
    let reports = case_reports(cases);
    let index: BTreeMap<&str, usize> =
        base.actors.iter().enumerate().map(|(at, actor)| (actor.id.as_str(), at)).collect();
    let numbered: Vec<(usize, &Case)> = cases.iter().enumerate().collect();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut all = Vec::new();
    thread::scope(|scope| {
        let work = |part: &[(usize, &Case)]| -> Vec<Scene> {
            let one =
                |(number, case): &(usize, &Case)| scene(base, &index, &reports, *number, case, how);
            part.iter().filter_map(one).collect()
        };
        let running: Vec<_> = numbered
            .chunks(cases.len().div_ceil(threads).max(1))
            .map(|part| scope.spawn(move || work(part)))
            .collect();
        for part in running {
            all.extend(part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
    });
    all
}

fn scene(
    base: &Knowledge,
    index: &BTreeMap<&str, usize>,
    reports: &BTreeMap<usize, Vec<u32>>,
    number: usize,
    case: &Case,
    how: How,
) -> Option<Scene> {
    let knowledge = match how.fair {
        Some(seed) => {
            let fair = fair(base, reports, case, seed << 32 | number as u64);
            setting(&fair, case, how.setting)?
        }
        None => setting(base, case, how.setting)?,
    };
    let mut techniques = case.techniques.clone();
    let mut decoy = None;
    if let Some((count, moved)) = how.planted {
        let (actor, planted) = planted(&knowledge, case, number + moved, count);
        techniques.extend(planted);
        decoy = Some(index[knowledge.actors[actor].id.as_str()]);
    }
    let software = case.software.clone();
    let has_software = !software.is_empty();
    let found = traits(&knowledge, Observed { techniques, software, ..Observed::default() });
    let (mut rows, mut who) = (Vec::new(), Vec::new());
    for (actor, traits) in knowledge.actors.iter().zip(found) {
        if let Some(traits) = traits {
            rows.push(traits);
            who.push(index[actor.id.as_str()]);
        }
    }
    let own = who.iter().position(|who| *who == case.actor);
    Some(Scene { actor: case.actor, has_software, rows, who, own, decoy })
}

/// By trait: how far it spreads over all cases and actors.
pub(crate) fn scales(scenes: &[Scene]) -> [f64; TRAITS] {
    let rows = || scenes.iter().flat_map(|scene| &scene.rows);
    let count = rows().count().max(1) as f64;
    let mut scales = [1.0; TRAITS];
    for (at, scale) in scales.iter_mut().enumerate() {
        let mean = rows().map(|row| row[at]).sum::<f64>() / count;
        let spread = (rows().map(|row| (row[at] - mean).powi(2)).sum::<f64>() / count).sqrt();
        if spread > 0.0 {
            *scale = spread;
        }
    }
    scales
}
