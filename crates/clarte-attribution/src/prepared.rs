//! A question made ready to be answered: ids and names found in the base, items
//! grouped by what they share, hypotheses listed.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::knowledge::{ActorKind, AliasClaim, Knowledge, linked};

use crate::answer::NotUsed;
use crate::item::folded;
use crate::profiles::Profiles;
use crate::ranking::Heard;
use crate::resemblance::Seen;
use crate::{Group, Item, Question, Standing, groups};

/// A question, ready to be answered as often as one likes with less evidence.
#[derive(Debug)]
pub(crate) struct Prepared<'k> {
    pub(crate) knowledge: &'k Knowledge,
    pub(crate) profiles: Profiles,
    /// By actor of the base: whose hypothesis it is part of, itself or the one
    /// that it is said to be.
    pub(crate) owners: Vec<u32>,
    /// By owner: the others of its hypothesis.
    pub(crate) others: BTreeMap<usize, Vec<usize>>,
    /// By two ids, the smaller first: who says that they are one.
    pub(crate) aliases: BTreeMap<(&'k str, &'k str), Vec<&'k AliasClaim>>,
    /// By id of a technique or of software: its name.
    pub(crate) names: BTreeMap<&'k str, &'k str>,
    pub(crate) unknown_prior: f64,
    /// The actors of the base, in its order, then those that items alone name.
    pub(crate) candidates: Vec<Candidate>,
    /// Techniques and software that the base knows, each once, by id.
    pub(crate) techniques: Vec<(u32, String)>,
    pub(crate) software: Vec<(u32, String)>,
    /// The items, with ids of the base where names stood.
    pub(crate) items: Vec<Item>,
    pub(crate) groups: Vec<Group>,
    /// By item id: its place among the items.
    pub(crate) item_at: BTreeMap<String, usize>,
    /// Candidates of whom an item says anything; the number after the last one
    /// stands for an unknown actor.
    pub(crate) named: Vec<usize>,
    pub(crate) not_used: Vec<NotUsed>,
}

/// Whom a hypothesis is about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: ActorKind,
}

/// The id by which items speak for or against an actor outside the base.
pub(crate) const UNKNOWN: &str = "unknown";

impl<'k> Prepared<'k> {
    pub(crate) fn new(knowledge: &'k Knowledge, question: &Question) -> Self {
        let owners = owners(knowledge);
        let profiles = Profiles::new(knowledge, &owners);
        let mut not_used = Vec::new();
        let asked = &question.observed;
        let techniques = known(&asked.techniques, "technique", &mut not_used, |id| {
            let id = id.trim().to_ascii_uppercase();
            profiles.techniques.index_of(&id).map(|at| (at, id))
        });
        let names = software_names(knowledge);
        let software = known(&asked.software, "software", &mut not_used, |name| {
            let id = names.get(&folded(name))?.clone()?;
            profiles.software.index_of(&id).map(|at| (at, id))
        });
        let mut candidates: Vec<Candidate> = knowledge
            .actors
            .iter()
            .map(|actor| Candidate {
                id: actor.id.clone(),
                name: actor.name.clone(),
                kind: actor.kind,
            })
            .collect();
        let mut items = question.items.clone();
        let mut directory = Directory::of(knowledge, &owners);
        for item in &mut items {
            let standings = item.supports.iter_mut().chain(&mut item.opposes);
            standings
                .for_each(|standing| directory.settle(standing, &mut candidates, &mut not_used));
            for claim in &mut item.states {
                if let Some(id) = claim.group.as_deref().and_then(|group| directory.id(group)) {
                    claim.group = Some(id);
                }
            }
        }
        let groups = groups(&items);
        let item_at = items.iter().enumerate().map(|(at, item)| (item.id.clone(), at)).collect();
        let at: BTreeMap<&str, usize> =
            candidates.iter().enumerate().map(|(at, who)| (who.id.as_str(), at)).collect();
        let named: BTreeSet<usize> = items
            .iter()
            .flat_map(|item| item.supports.iter().chain(&item.opposes))
            .filter_map(|standing| match standing.actor.as_str() {
                UNKNOWN => Some(candidates.len()),
                actor => at.get(actor).copied(),
            })
            .collect();
        not_used.sort_by(|left, right| left.what.cmp(&right.what));
        not_used.dedup();
        let techniques_named =
            knowledge.techniques.iter().map(|it| (it.id.as_str(), it.name.as_str()));
        let software_named = knowledge.software.iter().map(|it| (it.id.as_str(), it.name.as_str()));
        let prior = question.unknown_prior.clamp(LEAST_PRIOR, 1.0 - LEAST_PRIOR);
        let named = named.into_iter().collect();
        Self {
            knowledge,
            profiles,
            others: others(&owners),
            owners,
            aliases: aliases(knowledge),
            names: techniques_named.chain(software_named).collect(),
            unknown_prior: prior,
            candidates,
            techniques,
            software,
            items,
            groups,
            item_at,
            named,
            not_used,
        }
    }

    /// The claims that two actors of the base are one.
    pub(crate) fn said_to_be_one(&self, one: usize, other: usize) -> &[&'k AliasClaim] {
        let id = |at: usize| self.knowledge.actors[at].id.as_str();
        let pair = (id(one).min(id(other)), id(one).max(id(other)));
        self.aliases.get(&pair).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a candidate is a hypothesis of its own.
    pub(crate) fn is_listed(&self, candidate: usize) -> bool {
        self.owners.get(candidate).is_none_or(|owner| *owner as usize == candidate)
    }

    /// About how many comparisons one run of the ranking takes: of every actor with
    /// what was seen, and of items with whom they name.
    pub(crate) fn work(&self) -> usize {
        let seen = self.techniques.len() + self.software.len();
        // An item costs about as much as ten numbers.
        1 + self.candidates.len() * (seen + 1) + self.items.len() * self.named.len() * 10
    }

    /// All the evidence, each part once.
    pub(crate) fn all(&self) -> Heard {
        let once = |things: &[(u32, String)]| things.iter().map(|(at, _)| (*at, 1.0)).collect();
        let seen = Seen { techniques: once(&self.techniques), software: once(&self.software) };
        Heard { seen, items: vec![1.0; self.items.len()] }
    }
}

/// Alias claims below this weight make no one hypothesis of two actors.
const LEAST_ALIAS: f64 = 0.5;

/// By actor: itself, or of those that are said to be one the actor of whom most
/// is known.
fn owners(knowledge: &Knowledge) -> Vec<u32> {
    let mut owners: Vec<u32> = (0..).take(knowledge.actors.len()).collect();
    for group in linked(knowledge, LEAST_ALIAS) {
        let uses = |actor: &u32| knowledge.actors[*actor as usize].uses.len();
        let Some(owner) = group.iter().rev().max_by_key(|actor| uses(actor)) else { continue };
        group.iter().for_each(|actor| owners[*actor as usize] = *owner);
    }
    owners
}

/// By owner: whom it stands for beside itself.
fn others(owners: &[u32]) -> BTreeMap<usize, Vec<usize>> {
    let mut others: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, owner) in owners.iter().enumerate().filter(|(at, owner)| **owner as usize != *at) {
        others.entry(*owner as usize).or_default().push(at);
    }
    others
}

/// Alias claims by whom they are about.
fn aliases(knowledge: &Knowledge) -> BTreeMap<(&str, &str), Vec<&AliasClaim>> {
    let mut aliases: BTreeMap<(&str, &str), Vec<&AliasClaim>> = BTreeMap::new();
    for claim in &knowledge.aliases {
        let (one, other) = (claim.left.as_str(), claim.right.as_str());
        aliases.entry((one.min(other), one.max(other))).or_default().push(claim);
    }
    aliases
}

/// An unknown actor is never impossible, and never certain.
const LEAST_PRIOR: f64 = 0.001;

/// Those of `ids` that the base knows, each once, sorted.
fn known(
    ids: &[String],
    what: &str,
    not_used: &mut Vec<NotUsed>,
    find: impl Fn(&str) -> Option<(u32, String)>,
) -> Vec<(u32, String)> {
    let mut known = BTreeSet::new();
    for id in ids {
        match find(id) {
            Some(found) => {
                known.insert(found);
            }
            None => not_used.push(NotUsed {
                what: id.chars().take(80).collect(),
                why: format!("the base of knowledge has no such {what}"),
            }),
        }
    }
    known.into_iter().collect()
}

/// Software by id and by every name; `None` where a name is that of several.
fn software_names(knowledge: &Knowledge) -> BTreeMap<String, Option<String>> {
    let mut names: BTreeMap<String, Option<String>> = BTreeMap::new();
    for software in &knowledge.software {
        for name in software.names.iter().chain([&software.name]) {
            let id = Some(software.id.clone());
            names
                .entry(folded(name))
                .and_modify(|known| *known = known.take().filter(|known| *known == software.id))
                .or_insert(id);
        }
    }
    let ids = knowledge.software.iter().map(|it| (folded(&it.id), Some(it.id.clone())));
    names.extend(ids);
    names
}

/// Actors by id and name.
struct Directory {
    ids: BTreeMap<String, String>,
    names: BTreeMap<String, BTreeSet<String>>,
}

impl Directory {
    fn of(knowledge: &Knowledge, owners: &[u32]) -> Self {
        let mut ids = BTreeMap::new();
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut main: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (actor, owner) in knowledge.actors.iter().zip(owners) {
            let id = &knowledge.actors[*owner as usize].id;
            ids.insert(folded(&actor.id), id.clone());
            main.entry(folded(&actor.name)).or_default().insert(id.clone());
            for name in &actor.names {
                names.entry(folded(&name.name)).or_default().insert(id.clone());
            }
        }
        // Who is filed under a name comes before those who are also called so.
        names.extend(main);
        Self { ids, names }
    }

    /// The id of the one actor that is meant.
    fn id(&self, name: &str) -> Option<String> {
        let name = folded(name);
        let by_name = || self.names.get(&name).filter(|ids| ids.len() == 1)?.first();
        self.ids.get(&name).or_else(by_name).cloned()
    }

    /// Puts the id where a name stands. A name that the base does not know becomes
    /// a candidate of its own; one that it knows of several is not used.
    fn settle(
        &mut self,
        standing: &mut Standing,
        candidates: &mut Vec<Candidate>,
        not_used: &mut Vec<NotUsed>,
    ) {
        let name = folded(&standing.actor);
        if name == UNKNOWN {
            standing.actor = UNKNOWN.to_owned();
            return;
        }
        if let Some(id) = self.id(&standing.actor) {
            standing.actor = id;
            return;
        }
        if let Some(several) = self.names.get(&name) {
            let several: Vec<&str> = several.iter().take(5).map(String::as_str).collect();
            let why =
                format!("this name is claimed for several; write an id: {}", several.join(", "));
            not_used.push(NotUsed { what: standing.actor.clone(), why });
            return;
        }
        self.ids.insert(name, standing.actor.clone());
        candidates.push(Candidate {
            id: standing.actor.clone(),
            name: standing.actor.clone(),
            kind: ActorKind::Actor,
        });
    }
}
