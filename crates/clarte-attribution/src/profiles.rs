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
pub struct Profiles {
    pub techniques: Kind,
    pub software: Kind,
    /// By technique: what software does it; by software: techniques, sorted.
    pub done_by: Vec<Vec<u32>>,
    /// By technique: the actors one of whose software does it, sorted.
    pub implied: Vec<Vec<u32>>,
    /// By view: whose it is.
    pub actor_of: Vec<u32>,
    /// By actor: how many views there are of it.
    pub views_of: Vec<u32>,
}

/// Techniques, or software: who is said to have used which.
#[derive(Debug, Clone, Default)]
pub struct Kind {
    index: BTreeMap<String, u32>,
    /// By thing: the actors that used it, sorted.
    pub actors: Vec<Vec<u32>>,
    /// By thing: the views that name it, sorted.
    pub views: Vec<Vec<u32>>,
    /// By actor: how many things it used.
    pub used_by: Vec<u32>,
    /// By view: the things that it names, sorted.
    pub named_in: Vec<Vec<u32>>,
}

/// How rare something is that `with` of `all` have: the natural logarithm of
/// how many times rarer than what all have.
pub fn rarity(with: usize, all: usize) -> f64 {
    ((all as f64 + 1.0) / (with as f64 + 1.0)).ln()
}

impl Profiles {
    /// The profiles of `knowledge`; `is_left_out` says which views are left out,
    /// by actor and report (`None` for claims that cite none), as a test of the
    /// method needs.
    pub fn without(
        knowledge: &Knowledge,
        is_left_out: impl Fn(u32, Option<u32>) -> bool,
    ) -> Self {
        let mut techniques = Kind::of(knowledge.techniques.iter().map(|it| it.id.as_str()));
        let mut software = Kind::of(knowledge.software.iter().map(|it| it.id.as_str()));
        let mut actor_of = Vec::new();
        let mut views_of = vec![0; knowledge.actors.len()];
        for (number, actor) in (0..).zip(&knowledge.actors) {
            for (report, used) in views(actor) {
                let of_techniques = techniques.known(&used);
                let of_software = software.known(&used);
                if is_left_out(number, report) || of_techniques.is_empty() && of_software.is_empty() {
                    continue;
                }
                actor_of.push(number);
                views_of[number as usize] += 1;
                techniques.named_in.push(of_techniques);
                software.named_in.push(of_software);
            }
        }
        techniques.count(&actor_of, views_of.len());
        software.count(&actor_of, views_of.len());
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
        Self { techniques, software, done_by, implied, actor_of, views_of }
    }

    /// The profiles of all that `knowledge` says.
    pub fn new(knowledge: &Knowledge) -> Self {
        Self::without(knowledge, |_, _| false)
    }

    /// How many actors there are.
    pub fn actors(&self) -> usize {
        self.views_of.len()
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
    pub fn index_of(&self, id: &str) -> Option<u32> {
        self.index.get(id).copied()
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
    }
}

/// How much a set of things resembles each view, as the parts of a cosine.
pub struct Cosines {
    /// By view: the weights of what is shared.
    shared: Vec<f64>,
    /// By view: the weights of what the view names.
    mass: Vec<f64>,
    /// The weights of what was seen.
    seen: f64,
    /// By view: how many of the seen it names.
    pub times: Vec<f64>,
}

impl Kind {
    /// Compares what was `seen` with all views; `weight` makes a weight of a
    /// rarity among them.
    pub fn cosines(
        &self,
        seen: &[(u32, f64)],
        views: usize,
        weight: impl Fn(f64) -> f64,
    ) -> Cosines {
        let weights: Vec<f64> =
            self.views.iter().map(|naming| weight(rarity(naming.len(), views))).collect();
        let mut mass = vec![0.0; views];
        for (view, things) in self.named_in.iter().enumerate() {
            mass[view] = things.iter().map(|thing| weights[*thing as usize]).sum();
        }
        let mut cosines = Cosines { shared: vec![0.0; views], mass, seen: 0.0, times: vec![0.0; views] };
        for &(thing, times) in seen {
            let weight = weights[thing as usize];
            cosines.seen += times * weight;
            for view in &self.views[thing as usize] {
                cosines.shared[*view as usize] += times * weight;
                cosines.times[*view as usize] += times;
            }
        }
        cosines
    }
}

impl Cosines {
    /// The cosine with one view, from 0 to 1.
    pub fn cosine(&self, view: usize) -> f64 {
        ratio(self.shared[view], self.mass[view], self.seen)
    }

    /// The cosine with one view, where what both name is one vector.
    pub fn cosine_with(&self, other: &Self, view: usize) -> f64 {
        ratio(
            self.shared[view] + other.shared[view],
            self.mass[view] + other.mass[view],
            self.seen + other.seen,
        )
    }
}

fn ratio(shared: f64, mass: f64, seen: f64) -> f64 {
    if shared > 0.0 { shared / (mass * seen).sqrt() } else { 0.0 }
}
