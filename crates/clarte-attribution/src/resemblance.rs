//! How much what was observed resembles what each actor is said to have used.
//!
//! A resemblance is a handful of numbers per actor ([`Trait`]), each a sum or a
//! best match that can be followed by hand; `weights.rs` adds them up. Nothing
//! here knows names, countries or fame, or how many reports there are of an
//! actor.

use crate::profiles::{Profiles, rarity};

/// What was observed, as numbers of [`Profiles`], each with how often it counts:
/// once, or as a resampling has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Seen {
    pub(crate) techniques: Vec<(u32, f64)>,
    pub(crate) software: Vec<(u32, f64)>,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trait {
    /// The rarities of the shared techniques, added.
    Shared,
    /// The same without the two rarest, and without the four rarest: what is left
    /// if those were planted.
    SharedButTwo,
    SharedButFour,
    /// The share of the observed techniques that is shared beyond four.
    Breadth,
    /// The rarities of techniques that only the actor's software is known to do.
    Implied,
    /// The logarithm of how many techniques the actor has: who has many shares
    /// some with everybody. And the same, by how much was observed.
    Size,
    SizeByObserved,
    /// How much likelier the shared and the missing are than by chance, for a
    /// profile of this size.
    BeyondChance,
    /// The cosine with the most alike of its reports, rare techniques weighing
    /// more.
    BestReport,
    /// The length of the vector of the cosines with all its reports, with rarity
    /// capped.
    Reports,
    /// By how much it grows if rarity is not capped: likeness that rests on the
    /// rarest techniques alone.
    RestsOnRarest,
    /// The rarities of the shared software, added.
    SoftwareShared,
    /// Whether any is shared.
    AnySoftware,
    /// How many of the observed are known of this actor alone.
    OwnSoftware,
    /// The cosine of the software with that of the most alike report.
    BestReportSoftware,
    /// The rarities of the actor's techniques that the observed software does, by
    /// the root of how many it does.
    DoneBySoftware,
    /// The cosine of techniques and software together with the most alike report.
    BestReportBoth,
}

/// How many traits there are.
pub(crate) const TRAITS: usize = Trait::BestReportBoth as usize + 1;

/// How many of them are of techniques; the others, which come after, are of
/// software.
pub(crate) const OF_TECHNIQUES: usize = Trait::RestsOnRarest as usize + 1;

/// One actor's traits.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Traits([f64; TRAITS]);

impl Traits {
    /// All of them, in the order of [`Trait`].
    pub(crate) fn all(&self) -> [f64; TRAITS] {
        self.0
    }
}

impl std::ops::Index<Trait> for Traits {
    type Output = f64;

    fn index(&self, which: Trait) -> &f64 {
        &self.0[which as usize]
    }
}

impl std::ops::IndexMut<Trait> for Traits {
    fn index_mut(&mut self, which: Trait) -> &mut f64 {
        &mut self.0[which as usize]
    }
}

/// Chances below this count as this.
const LEAST_CHANCE: f64 = 1e-3;

/// The traits of every actor.
pub(crate) fn traits(profiles: &Profiles, seen: &Seen) -> Vec<Traits> {
    let mut traits = vec![Traits::default(); profiles.actors];
    let observed: f64 = seen.techniques.iter().map(|(_, times)| times).sum();
    let observed = observed.max(1.0);
    by_technique(profiles, seen, observed, &mut traits);
    by_software(profiles, seen, &mut traits);
    by_report(profiles, seen, &mut traits);
    for (actor, traits) in traits.iter_mut().enumerate() {
        let size = f64::from(profiles.techniques.used_by[actor]).ln_1p();
        traits[Trait::Size] = size;
        traits[Trait::SizeByObserved] = size * observed.ln();
    }
    traits
}

/// What is shared technique by technique, the rarest first.
fn by_technique(profiles: &Profiles, seen: &Seen, observed: f64, traits: &mut [Traits]) {
    let kind = &profiles.techniques;
    let all: usize = kind.actors.iter().map(Vec::len).sum();
    let mut rarest_first: Vec<(u32, f64)> =
        seen.techniques.iter().copied().filter(|(_, times)| *times > 0.0).collect();
    rarest_first.sort_by_key(|(technique, _)| (kind.actors[*technique as usize].len(), *technique));
    let mut passed = vec![0.0; profiles.actors];
    for (technique, times) in rarest_first {
        let who = &kind.actors[technique as usize];
        let rare = rarity(who.len(), profiles.profiled);
        let share = who.len() as f64 / all.max(1) as f64;
        let mut sharing = who.iter().peekable();
        for (actor, traits) in traits.iter_mut().enumerate() {
            let shares = sharing.next_if(|sharing| **sharing as usize == actor).is_some();
            // As if the profile were drawn at random from everybody's.
            let chance = -(-f64::from(kind.used_by[actor]) * share).exp_m1();
            let odds = if shares { -chance.max(LEAST_CHANCE).ln() } else { (-chance).ln_1p() };
            traits[Trait::BeyondChance] += times * odds.max(LEAST_CHANCE.ln());
            if shares {
                let after = |skipped: f64| times - (skipped - passed[actor]).clamp(0.0, times);
                traits[Trait::Shared] += times * rare;
                traits[Trait::SharedButTwo] += after(2.0) * rare;
                traits[Trait::SharedButFour] += after(4.0) * rare;
                traits[Trait::Breadth] += after(4.0) / observed;
                passed[actor] += times;
            }
        }
        let implied = &profiles.implied[technique as usize];
        let rare = rarity(implied.len(), profiles.profiled);
        for actor in implied.iter().filter(|actor| who.binary_search(actor).is_err()) {
            traits[*actor as usize][Trait::Implied] += times * rare;
        }
    }
}

/// What is shared tool by tool.
fn by_software(profiles: &Profiles, seen: &Seen, traits: &mut [Traits]) {
    let mut done = vec![false; profiles.techniques.actors.len()];
    for &(tool, times) in seen.software.iter().filter(|(_, times)| *times > 0.0) {
        let who = &profiles.software.actors[tool as usize];
        for actor in who {
            let traits = &mut traits[*actor as usize];
            traits[Trait::SoftwareShared] += times * rarity(who.len(), profiles.profiled);
            traits[Trait::AnySoftware] = 1.0;
            if who.len() == 1 {
                traits[Trait::OwnSoftware] += times;
            }
        }
        for technique in &profiles.done_by[tool as usize] {
            done[*technique as usize] = true;
        }
    }
    let done: Vec<usize> = (0..done.len()).filter(|technique| done[*technique]).collect();
    for technique in &done {
        let who = &profiles.techniques.actors[*technique];
        let rare = rarity(who.len(), profiles.profiled) / (done.len() as f64).sqrt();
        who.iter().for_each(|actor| traits[*actor as usize][Trait::DoneBySoftware] += rare);
    }
}

/// What is shared report by report.
fn by_report(profiles: &Profiles, seen: &Seen, traits: &mut [Traits]) {
    let (techniques, software) = (&profiles.techniques, &profiles.software);
    let squared = techniques.compare(&techniques.squared, &seen.techniques);
    let capped = techniques.compare(&techniques.capped, &seen.techniques);
    let tools = software.compare(&software.plain, &seen.software);
    let tools_squared = software.compare(&software.squared, &seen.software);
    let mut uncapped = vec![0.0; traits.len()];
    let best = |best: &mut f64, cosine: f64| *best = best.max(cosine);
    for (view, actor) in profiles.actor_of.iter().enumerate() {
        let actor = *actor as usize;
        let traits = &mut traits[actor];
        traits[Trait::Reports] += capped.cosine(view).powi(2);
        uncapped[actor] += squared.cosine(view).powi(2);
        best(&mut traits[Trait::BestReport], squared.cosine(view));
        best(&mut traits[Trait::BestReportSoftware], tools.cosine(view));
        best(&mut traits[Trait::BestReportBoth], squared.cosine_with(&tools_squared, view));
    }
    for (traits, uncapped) in traits.iter_mut().zip(uncapped) {
        let length = traits[Trait::Reports].sqrt();
        traits[Trait::Reports] = length;
        traits[Trait::RestsOnRarest] = uncapped.sqrt() - length;
    }
}
