//! A question made ready to be answered: ids and names found in the base, items
//! grouped by what they share, hypotheses listed.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::knowledge::{ActorKind, AliasClaim, Knowledge, linked};

use crate::answer::NotUsed;
use crate::dependence::{Heard, Weighed, weigh_heard};
use crate::item::folded;
use crate::profiles::Profiles;
use crate::question::UNKNOWN_PRIOR;
use crate::ranking;
use crate::resemblance::Seen;
use crate::{FALSE_FLAG, Group, Item, Observed, Question, Strength, groups, item};

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
    /// By folded name or id of software: its id, where one is meant.
    software_named: BTreeMap<String, Option<String>>,
    pub(crate) unknown_prior: f64,
    /// The actors of the base, in its order, then those that items alone name.
    pub(crate) candidates: Vec<Candidate>,
    /// Techniques and software that the base knows, each once, by id.
    pub(crate) techniques: Vec<(u32, String)>,
    pub(crate) software: Vec<(u32, String)>,
    /// The items, with ids of the base where names stood.
    pub(crate) items: Vec<Item>,
    pub(crate) groups: Vec<Group>,
    /// Candidates of whom an item says anything; the number after the last one
    /// stands for an unknown actor.
    pub(crate) named: Vec<usize>,
    /// By place in `named`: what each item says of that candidate.
    said_of: Vec<Vec<Heard>>,
    by_id: BTreeMap<String, Vec<usize>>,
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
        let software_named = software_names(knowledge);
        let software = known(&asked.software, "software", &mut not_used, |name| {
            let id = software_named.get(&folded(name))?.clone()?;
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
        settle(&mut items, Directory::of(knowledge, &owners), &mut candidates, &mut not_used);
        let groups = groups(&items);
        let by_id = by_id(&candidates, &owners);
        let standings = items.iter().flat_map(|item| item.supports.iter().chain(&item.opposes));
        let named: BTreeSet<usize> = standings
            .flat_map(|standing| match standing.actor.as_str() {
                UNKNOWN => vec![candidates.len()],
                actor => by_id.get(actor).cloned().unwrap_or_default(),
            })
            .collect();
        not_used.sort_by(|left, right| left.what.cmp(&right.what));
        not_used.dedup();
        let techniques_named =
            knowledge.techniques.iter().map(|it| (it.id.as_str(), it.name.as_str()));
        let software_ids = knowledge.software.iter().map(|it| (it.id.as_str(), it.name.as_str()));
        let prior = match question.unknown_prior {
            prior if prior.is_nan() => UNKNOWN_PRIOR,
            prior => prior.clamp(LEAST_PRIOR, 1.0 - LEAST_PRIOR),
        };
        let named: Vec<usize> = named.into_iter().collect();
        let said_of = said_of(&items, &groups, &named, candidates.len(), &by_id);
        Self {
            knowledge,
            profiles,
            others: others(&owners),
            owners,
            aliases: aliases(knowledge),
            software_named,
            names: techniques_named.chain(software_ids).collect(),
            unknown_prior: prior,
            candidates,
            techniques,
            software,
            items,
            groups,
            named,
            said_of,
            by_id,
            not_used,
        }
    }

    /// The hypotheses that an id means: several where origins use the same id for
    /// actors that nobody says are one.
    pub(crate) fn with_id(&self, id: &str) -> &[usize] {
        self.by_id.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// What the items say of a hypothesis, each by its logarithm of a likelihood
    /// ratio as `left` leaves it.
    pub(crate) fn weighed(&self, hypothesis: usize, left: impl Fn(usize, f64) -> f64) -> Weighed {
        let place = self.named.binary_search(&hypothesis);
        let said = place.map_or(&[][..], |place| &*self.said_of[place]);
        let said = said.iter().map(|it| Heard { ratio: left(it.item, it.ratio), ..*it });
        weigh_heard(&self.items, said)
    }

    /// The groups that say anything of a hypothesis.
    pub(crate) fn groups_about(&self, hypothesis: usize) -> Vec<Group> {
        let place = self.named.binary_search(&hypothesis);
        let said = place.map_or(&[][..], |place| &*self.said_of[place]);
        let about: BTreeSet<usize> = said.iter().map(|it| it.group).collect();
        about.into_iter().map(|group| self.groups[group].clone()).collect()
    }

    /// Whether an item that is `kept` is a tangible link to whom a hypothesis is
    /// about, no better than what it repeats.
    pub(crate) fn is_tangible(&self, hypothesis: usize, kept: &dyn Fn(&Item) -> bool) -> bool {
        let Ok(place) = self.named.binary_search(&hypothesis) else { return false };
        self.said_of[place].iter().any(|said| {
            let item = &self.items[said.item];
            said.ratio >= Strength::WEAK.ln() && item.is_tangible() && kept(item)
        })
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

    /// How many parts the evidence has.
    pub(crate) fn parts(&self) -> usize {
        self.techniques.len() + self.software.len() + self.groups.len()
    }

    /// The findings that show what was observed, by id, however it was written.
    pub(crate) fn findings(&self, observed: &Observed) -> BTreeMap<String, Vec<String>> {
        let mut findings: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, found) in &observed.findings {
            let software = self.software_named.get(&folded(name)).cloned().flatten();
            let id = software.unwrap_or_else(|| name.trim().to_ascii_uppercase());
            findings.entry(id).or_default().extend(found.iter().cloned());
        }
        findings.values_mut().for_each(|found| {
            found.sort();
            found.dedup();
        });
        findings
    }

    /// About how many comparisons one run of the ranking takes: of every actor with
    /// what was seen, and of items with whom they name.
    pub(crate) fn work(&self) -> usize {
        let seen = self.techniques.len() + self.software.len();
        // What an item says of somebody costs about as much as ten numbers.
        let said: usize = self.said_of.iter().map(Vec::len).sum();
        1 + self.candidates.len() * (seen + 1) + (self.items.len() + said) * 10
    }

    /// All the evidence, each part once.
    pub(crate) fn all(&self) -> ranking::Heard {
        let once = |things: &[(u32, String)]| things.iter().map(|(at, _)| (*at, 1.0)).collect();
        let seen = Seen { techniques: once(&self.techniques), software: once(&self.software) };
        ranking::Heard { seen, items: vec![1.0; self.items.len()] }
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

/// By place in `named`: what each item says of whom it names, its repetitions no
/// further than what they repeat.
fn said_of(
    items: &[Item],
    groups: &[Group],
    named: &[usize],
    unknown: usize,
    by_id: &BTreeMap<String, Vec<usize>>,
) -> Vec<Vec<Heard>> {
    let mut said_of = vec![Vec::new(); named.len()];
    for (group, members) in groups.iter().enumerate() {
        for (item, share) in members.items.iter().zip(&members.shares) {
            for (actor, ratio) in item::ratios(&items[*item]) {
                let heard = Heard { group, item: *item, ratio: share * ratio };
                let whom = match actor {
                    UNKNOWN => &[unknown][..],
                    id => by_id.get(id).map(Vec::as_slice).unwrap_or_default(),
                };
                let places = whom.iter().filter_map(|whom| named.binary_search(whom).ok());
                places.for_each(|place| said_of[place].push(heard));
            }
        }
    }
    said_of
}

/// By id: the candidates that are hypotheses of their own.
fn by_id(candidates: &[Candidate], owners: &[u32]) -> BTreeMap<String, Vec<usize>> {
    let mut by_id: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, who) in candidates.iter().enumerate() {
        if owners.get(at).is_none_or(|owner| *owner as usize == at) {
            by_id.entry(who.id.clone()).or_default().push(at);
        }
    }
    by_id
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

/// Puts ids where the items have names, and the items in an order of their own. A
/// name that the base does not know becomes a candidate; one that it knows of
/// several is not used.
fn settle(
    items: &mut [Item],
    mut directory: Directory,
    candidates: &mut Vec<Candidate>,
    not_used: &mut Vec<NotUsed>,
) {
    // The smallest way to write a new name is its id, so that order never shows.
    let mut new: BTreeMap<String, &str> = BTreeMap::new();
    for item in &*items {
        for standing in item.supports.iter().chain(&item.opposes) {
            let name = standing.actor.trim();
            match directory.find(name) {
                Found::New => {
                    let written = new.entry(folded(name)).or_insert(name);
                    *written = name.min(written);
                }
                Found::NotUsed(why) => {
                    not_used.push(NotUsed { what: name.chars().take(80).collect(), why })
                }
                Found::Id(_) => {}
            }
        }
    }
    let new: Vec<String> = new.into_values().map(str::to_owned).collect();
    for name in new {
        directory.add(&name);
        candidates.push(Candidate { id: name.clone(), name, kind: ActorKind::Actor });
    }
    for item in &mut *items {
        let standings = item.supports.iter_mut().chain(&mut item.opposes);
        let names = standings.map(|standing| &mut standing.actor);
        let groups = item.states.iter_mut().filter_map(|claim| claim.group.as_mut());
        for name in names.chain(groups) {
            if let Found::Id(id) = directory.find(name) {
                *name = id;
            }
        }
    }
    // Two with one id are told apart by all they say.
    items.sort_by(|left, right| {
        let all = || format!("{left:?}").cmp(&format!("{right:?}"));
        left.id.cmp(&right.id).then_with(all)
    });
}

/// Actors by id and name.
struct Directory {
    /// As they are written, and folded: whose hypothesis each is part of.
    ids: BTreeMap<String, BTreeSet<String>>,
    folded: BTreeMap<String, BTreeSet<String>>,
    names: BTreeMap<String, BTreeSet<String>>,
}

/// What a name in an item stands for.
enum Found {
    Id(String),
    New,
    NotUsed(String),
}

impl Directory {
    fn of(knowledge: &Knowledge, owners: &[u32]) -> Self {
        let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut small: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut main: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (actor, owner) in knowledge.actors.iter().zip(owners) {
            let id = &knowledge.actors[*owner as usize].id;
            ids.entry(actor.id.clone()).or_default().insert(id.clone());
            small.entry(folded(&actor.id)).or_default().insert(id.clone());
            main.entry(folded(&actor.name)).or_default().insert(id.clone());
            for name in &actor.names {
                names.entry(folded(&name.name)).or_default().insert(id.clone());
            }
        }
        // Who is filed under a name comes before those who are also called so.
        names.extend(main);
        Self { ids, folded: small, names }
    }

    /// Makes a new name an id.
    fn add(&mut self, name: &str) {
        self.folded.entry(folded(name)).or_default().insert(name.to_owned());
    }

    /// Who is meant: by an id as it is written, else however it is written, else by
    /// a name.
    fn find(&self, name: &str) -> Found {
        let small = folded(name);
        if small == UNKNOWN {
            return Found::Id(UNKNOWN.to_owned());
        }
        if small == FALSE_FLAG || small == FALSE_FLAG.replace('-', " ") {
            let why = "a false flag is no actor: write whom the item speaks for or against";
            return Found::NotUsed(why.to_owned());
        }
        if self.ids.get(name.trim()).is_some_and(|ids| ids.contains(name.trim())) {
            return Found::Id(name.trim().to_owned());
        }
        let known = self.ids.get(name.trim()).or_else(|| self.folded.get(&small));
        let Some(ids) = known.or_else(|| self.names.get(&small)) else { return Found::New };
        match (ids.first(), ids.len()) {
            (Some(id), 1) => Found::Id(id.clone()),
            _ => {
                let several: Vec<&str> = ids.iter().take(5).map(String::as_str).collect();
                let several = several.join(", ");
                Found::NotUsed(format!("this name is claimed for several; write an id: {several}"))
            }
        }
    }
}
