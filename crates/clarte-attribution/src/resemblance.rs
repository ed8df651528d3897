//! How much what was observed resembles what each actor is said to have used.
//!
//! A resemblance is a handful of numbers per actor ([`Traits`]), each a sum or a
//! best match that can be followed by hand, and a weighted sum of them
//! ([`crate::weights`]). Nothing here knows names, countries or fame.

use crate::profiles::{Profiles, rarity};

/// What was observed, as numbers of a [`Profiles`], each with how often it
/// counts: once, or as a resampling has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    pub techniques: Vec<(u32, f64)>,
    pub software: Vec<(u32, f64)>,
}

/// How many traits there are.
pub const TRAITS: usize = 20;

/// One actor's traits, in the order of [`NAMES`].
pub type Traits = [f64; TRAITS];

/// What each trait is called, and so which weight is whose. Those from
/// `software shared` on concern software.
pub const NAMES: [&str; TRAITS] = [
    // The rarities of the shared techniques, added.
    "techniques shared",
    // The same of techniques that only the actor's software is known to do.
    "techniques of its software",
    // The logarithm of how many techniques the actor has: who has many shares
    // some with everybody.
    "size of profile",
    // The same, by how much was observed.
    "size of profile, by observation",
    // The logarithm of how many reports there are.
    "reports",
    // The cosine with the most alike of its reports, rare techniques weighing
    // more.
    "most alike report",
    // The root of the sum of the squares over all its reports, rarity capped so
    // that a few planted rarities do not carry it.
    "alike reports",
    // How much likelier the shared and the missing are than by chance, for a
    // profile of this size.
    "beyond chance",
    // The greatest share of the observed techniques in one report.
    "share in one report",
    // The rarities of the shared software, added.
    "software shared",
    // Whether any software is shared.
    "any software shared",
    // How many of the observed are known of this actor alone.
    "software of its own",
    // The cosine of the software with the most alike report.
    "most alike report, software",
    // Techniques of the actor that the observed software does.
    "techniques of the software",
    // The cosine of techniques and software together with the most alike report.
    "most alike report, both",
    "knss","trim2","trim4","fam","frac4",
];

/// Rarities above this count no more in "alike reports".
const RARITY_CAP: f64 = 4.0;

/// Chances below this count as this.
const LEAST_CHANCE: f64 = 1e-3;

/// The traits of every actor.
pub fn traits(profiles: &Profiles, seen: &Seen) -> Vec<Traits> {
    let mut traits = vec![[0.0; TRAITS]; profiles.actors()];
    by_technique(profiles, seen, &mut traits);
    by_software(profiles, seen, &mut traits);
    by_report(profiles, seen, &mut traits);
    {
        let kind = &profiles.techniques;
        for (actor, traits) in traits.iter_mut().enumerate() {
            let mut rar: Vec<f64> = seen.techniques.iter().filter(|(t, _)| kind.actors[*t as usize].binary_search(&(actor as u32)).is_ok())
                .map(|(t, _)| rarity(kind.actors[*t as usize].len(), profiles.actors())).collect();
            rar.sort_by(|a, b| b.total_cmp(a));
            traits[16] = rar.iter().skip(2).sum();
            traits[17] = rar.iter().skip(4).sum();
            traits[19] = (rar.len() as f64 - 4.0).max(0.0) / count(&seen.techniques).max(1.0);
        }
    }
    let observed: f64 = count(&seen.techniques);
    for (actor, traits) in traits.iter_mut().enumerate() {
        traits[2] = f64::from(profiles.techniques.used_by[actor]).ln_1p();
        traits[3] = traits[2] * observed.max(1.0).ln();
        traits[4] = f64::from(profiles.views_of[actor]).ln_1p();
    }
    traits
}

fn count(things: &[(u32, f64)]) -> f64 {
    things.iter().map(|(_, times)| times).sum()
}

/// What is shared technique by technique.
fn by_technique(profiles: &Profiles, seen: &Seen, traits: &mut [Traits]) {
    let kind = &profiles.techniques;
    let all: usize = kind.actors.iter().map(Vec::len).sum();
    for &(technique, times) in &seen.techniques {
        let who = &kind.actors[technique as usize];
        let rare = rarity(who.len(), profiles.actors());
        let share = who.len() as f64 / all.max(1) as f64;
        let mut sharing = who.iter().peekable();
        for (actor, traits) in traits.iter_mut().enumerate() {
            let shares = sharing.next_if(|sharing| **sharing as usize == actor).is_some();
            // As if the profile were drawn at random from everybody's.
            let chance = -(-f64::from(kind.used_by[actor]) * share).exp_m1();
            traits[7] += times * match shares {
                true => -chance.max(LEAST_CHANCE).ln(),
                false => (1.0 - chance).max(LEAST_CHANCE).ln(),
            };
            if shares {
                traits[0] += times * rare;
            }
        }
        let implied = &profiles.implied[technique as usize];
        let rare = rarity(implied.len(), profiles.actors());
        for actor in implied.iter().filter(|actor| who.binary_search(actor).is_err()) {
            traits[*actor as usize][1] += times * rare;
        }
    }
}

/// What is shared tool by tool.
fn by_software(profiles: &Profiles, seen: &Seen, traits: &mut [Traits]) {
    let mut done = vec![false; profiles.techniques.actors.len()];
    for &(tool, times) in &seen.software {
        let who = &profiles.software.actors[tool as usize];
        for actor in who {
            let traits = &mut traits[*actor as usize];
            traits[9] += times * rarity(who.len(), profiles.actors());
            if times > 0.0 {
                traits[10] = 1.0;
            }
            if who.len() == 1 {
                traits[11] += times;
            }
        }
        let does = profiles.done_by[tool as usize].iter().filter(|_| times > 0.0);
        does.for_each(|technique| done[*technique as usize] = true);
    }
    let done: Vec<usize> = (0..done.len()).filter(|at| done[*at]).collect();
    for technique in &done {
        let who = &profiles.techniques.actors[*technique];
        let rare = rarity(who.len(), profiles.actors()) / (done.len() as f64).sqrt();
        who.iter().for_each(|actor| traits[*actor as usize][13] += rare);
    }
}

/// What is shared report by report.
fn by_report(profiles: &Profiles, seen: &Seen, traits: &mut [Traits]) {
    let views = profiles.actor_of.len();
    let squared = |rare: f64| rare * rare;
    let capped = |rare: f64| squared(rare.min(RARITY_CAP));
    let alike = profiles.techniques.cosines(&seen.techniques, views, squared);
    let robust = profiles.techniques.cosines(&seen.techniques, views, capped);
    let tools = profiles.software.cosines(&seen.software, views, |rare| rare);
    let tools_squared = profiles.software.cosines(&seen.software, views, squared);
    let observed = count(&seen.techniques).max(1.0);
    let any_software = count(&seen.software) > 0.0;
    for view in 0..views {
        let traits = &mut traits[profiles.actor_of[view] as usize];
        traits[5] = traits[5].max(alike.cosine(view));
        traits[6] += squared(robust.cosine(view));
        traits[15] += squared(alike.cosine(view));
        traits[8] = traits[8].max(alike.times[view] / observed);
        traits[12] = traits[12].max(tools.cosine(view));
        if any_software {
            traits[14] = traits[14].max(alike.cosine_with(&tools_squared, view));
        }
    }
    for traits in traits {
        traits[6] = traits[6].sqrt();
        traits[15] = traits[15].sqrt();
    }
}
