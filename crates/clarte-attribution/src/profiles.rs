//! Actors' profiles: what each is said to have used, report by report, in a
//! shape that compares quickly.
//!
//! The unit is the *view*: what one report says of one actor. A report tells of
//! an operation, and operations resemble operations more than they resemble the
//! sum of ten years. Claims that cite no report are one view of their actor.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::knowledge::{Actor, Knowledge};

/// The profiles of a base of knowledge. Actors are numbered as there.
#[derive(Debug, Clone)]
pub(crate) struct Profiles {
    pub(crate) techniques: Kind,
    pub(crate) software: Kind,
    /// By software: its techniques, sorted.
    pub(crate) done_by: Vec<Vec<u32>>,
    /// By technique: the actors one of whose software does it, sorted.
    pub(crate) implied: Vec<Vec<u32>>,
    /// By view: whose it is.
    pub(crate) actor_of: Vec<u32>,
    /// How many actors there are, and how many of whom anything is said.
    pub(crate) actors: usize,
    pub(crate) profiled: usize,
}

/// Techniques, or software: who is said to have used which.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kind {
    index: BTreeMap<String, u32>,
    /// By thing: the actors that used it, sorted.
    pub(crate) actors: Vec<Vec<u32>>,
    /// By thing: the views that name it, sorted.
    views: Vec<Vec<u32>>,
    /// By actor: how many things it used.
    pub(crate) used_by: Vec<u32>,
    /// By view: the things that it names, sorted.
    named_in: Vec<Vec<u32>>,
    /// With rarity as weight, its square, and the square of a capped rarity.
    pub(crate) plain: Weights,
    pub(crate) squared: Weights,
    pub(crate) capped: Weights,
}

/// Weights of things, and what they add up to in each view.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weights {
    of_thing: Vec<f64>,
    of_view: Vec<f64>,
}

/// Rarities above this count no more where they are capped: as rare as what
/// one view in 55 names.
const RARITY_CAP: f64 = 4.0;

/// How rare something is that `with` of `all` have: the natural logarithm of
/// how many times rarer than what all have.
pub(crate) fn rarity(with: usize, all: usize) -> f64 {
    ((all as f64 + 1.0) / (with as f64 + 1.0)).ln()
}

impl Profiles {
    /// The profiles of all that `knowledge` says, where what is said of an actor
    /// counts for its owner: itself, or the one that it is said to be.
    pub(crate) fn new(knowledge: &Knowledge, owners: &[u32]) -> Self {
        let actors = knowledge.actors.len();
        let mut techniques = Kind::of(knowledge.techniques.iter().map(|it| it.id.as_str()));
        let mut software = Kind::of(knowledge.software.iter().map(|it| it.id.as_str()));
        let mut actor_of = Vec::new();
        for (owner, actor) in owners.iter().zip(&knowledge.actors) {
            for used in views(actor).values() {
                let (did, had) = (techniques.known(used), software.known(used));
                if did.is_empty() && had.is_empty() {
                    continue;
                }
                actor_of.push(*owner);
                techniques.named_in.push(did);
                software.named_in.push(had);
            }
        }
        techniques.count(&actor_of, actors);
        software.count(&actor_of, actors);
        let mut done_by = vec![Vec::new(); software.views.len()];
        let mut implied = vec![BTreeSet::new(); techniques.views.len()];
        for tool in &knowledge.software {
            let Some(at) = software.index_of(&tool.id) else { continue };
            let used: Vec<&str> = tool.uses.iter().map(|used| used.what.as_str()).collect();
            let does = techniques.known(&used);
            for technique in &does {
                implied[*technique as usize].extend(&software.actors[at as usize]);
            }
            done_by[at as usize] = does;
        }
        let implied = implied.into_iter().map(|actors| actors.into_iter().collect()).collect();
        let profiled = actor_of.iter().collect::<BTreeSet<_>>().len();
        Self { techniques, software, done_by, implied, actor_of, actors, profiled }
    }

    /// Whether anything is known of what an actor used.
    pub(crate) fn has_profile(&self, actor: usize) -> bool {
        self.techniques.used_by[actor] + self.software.used_by[actor] > 0
    }
}

/// What each report says that `actor` used, by report.
fn views(actor: &Actor) -> BTreeMap<Option<u32>, Vec<&str>> {
    let mut views: BTreeMap<Option<u32>, Vec<&str>> = BTreeMap::new();
    for used in &actor.uses {
        if used.reports.is_empty() {
            views.entry(None).or_default().push(&used.what);
        }
        for report in &used.reports {
            views.entry(Some(*report)).or_default().push(&used.what);
        }
    }
    views
}

impl Kind {
    fn of<'k>(ids: impl Iterator<Item = &'k str>) -> Self {
        let ids: BTreeSet<&str> = ids.collect();
        let index = ids.into_iter().zip(0..).map(|(id, at)| (id.to_owned(), at)).collect();
        Self { index, ..Self::default() }
    }

    /// The number of a thing.
    pub(crate) fn index_of(&self, id: &str) -> Option<u32> {
        self.index.get(id).copied()
    }

    /// The id of a thing.
    pub(crate) fn id_of(&self, thing: u32) -> &str {
        let mut ids = self.index.iter().filter(|(_, at)| **at == thing);
        ids.next().map_or("", |(id, _)| id.as_str())
    }

    /// Whether an actor is said to have used a thing.
    pub(crate) fn is_used_by(&self, thing: u32, actor: usize) -> bool {
        let actors = &self.actors[thing as usize];
        u32::try_from(actor).is_ok_and(|actor| actors.binary_search(&actor).is_ok())
    }

    /// The numbers of those things that are known, sorted, each once.
    fn known(&self, ids: &[&str]) -> Vec<u32> {
        let known: BTreeSet<u32> = ids.iter().filter_map(|id| self.index_of(id)).collect();
        known.into_iter().collect()
    }

    /// Fills the lists by thing and by actor from those by view.
    fn count(&mut self, actor_of: &[u32], actors: usize) {
        let mut sets = vec![BTreeSet::new(); self.index.len()];
        self.views = vec![Vec::new(); self.index.len()];
        self.used_by = vec![0; actors];
        for ((view, things), actor) in (0..).zip(&self.named_in).zip(actor_of) {
            for thing in things {
                self.views[*thing as usize].push(view);
                if sets[*thing as usize].insert(*actor) {
                    self.used_by[*actor as usize] += 1;
                }
            }
        }
        self.actors = sets.into_iter().map(|set| set.into_iter().collect()).collect();
        self.plain = self.weights(|rarity| rarity);
        self.squared = self.weights(|rarity| rarity * rarity);
        self.capped = self.weights(|rarity| rarity.min(RARITY_CAP).powi(2));
    }

    fn weights(&self, of_rarity: impl Fn(f64) -> f64) -> Weights {
        let all = self.named_in.len();
        let of_thing: Vec<f64> =
            self.views.iter().map(|views| of_rarity(rarity(views.len(), all))).collect();
        let sum = |things: &Vec<u32>| things.iter().map(|thing| of_thing[*thing as usize]).sum();
        let of_view = self.named_in.iter().map(sum).collect();
        Weights { of_thing, of_view }
    }

    /// Compares what was `seen`, each thing with how often it counts, with every
    /// view, by `weights` of this kind.
    pub(crate) fn compare<'k>(&self, weights: &'k Weights, seen: &[(u32, f64)]) -> Comparison<'k> {
        let mut shared = vec![0.0; self.named_in.len()];
        let mut mass = 0.0;
        for &(thing, times) in seen {
            let weight = times * weights.of_thing[thing as usize];
            mass += weight;
            for view in &self.views[thing as usize] {
                shared[*view as usize] += weight;
            }
        }
        Comparison { shared, mass, views: &weights.of_view }
    }
}

/// What was seen beside every view, as the parts of a cosine.
pub(crate) struct Comparison<'k> {
    shared: Vec<f64>,
    mass: f64,
    views: &'k [f64],
}

impl Comparison<'_> {
    /// The cosine with a view, from 0 to 1.
    pub(crate) fn cosine(&self, view: usize) -> f64 {
        cosine(self.shared[view], self.mass, self.views[view])
    }

    /// The cosine with a view, where what both compare is one vector.
    pub(crate) fn cosine_with(&self, other: &Self, view: usize) -> f64 {
        cosine(
            self.shared[view] + other.shared[view],
            self.mass + other.mass,
            self.views[view] + other.views[view],
        )
    }
}

fn cosine(shared: f64, left: f64, right: f64) -> f64 {
    if shared > 0.0 { shared / (left * right).sqrt() } else { 0.0 }
}
