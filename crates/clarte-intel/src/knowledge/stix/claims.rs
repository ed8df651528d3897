//! From relations to claims about actors.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clarte_model::knowledge::{
    Actor, ActorKind, AliasClaim, Indicates, Knowledge, NameClaim, Origin, Report, StateClaim, Use,
};
use clarte_model::{FaultKind, Indicator};
use serde_json::value::RawValue;

use super::super::{PAGE_AMONG_REFERENCES, label, merge};
use super::graph::{Draft, Graph, Relation, Says, What};
use super::object::Object;
use crate::loaded::{self, Loaded, Place, Places};
use crate::stix;

/// How many claims one file makes. ATT&CK makes some 25,000.
const MAX_CLAIMS: usize = 2_000_000;

/// How many indicators of one file point to actors.
const MAX_INDICATES: usize = 200_000;

/// To how many actors one campaign is attributed.
const MAX_ATTRIBUTED: usize = 20;

/// In how many countries one identity is.
const MAX_COUNTRIES: usize = 20;

/// How much an explicit relation of sameness weighs: its author had both
/// objects before him, but does not answer for the other source.
const SAME_AS: f64 = 0.9;

/// The name under which ATT&CK's own objects are filed.
pub(super) const ATTACK: &str = "MITRE ATT&CK";

/// What ATT&CK's terms of use ask to repeat.
pub(super) const NOTICE: &str = "© The MITRE Corporation. This work is reproduced and distributed \
     with the permission of The MITRE Corporation. \
     https://attack.mitre.org/resources/legal-and-branding/terms-of-use/";

/// A use without a report.
const NO_REPORT: u32 = u32::MAX;

/// Every claim that the graph bears out.
pub(super) fn knowledge<'t>(
    loaded: &mut Loaded,
    places: &mut Places<'_>,
    file: &str,
    objects: &'t [Object<'t>],
    mut graph: Graph<'t>,
) -> Knowledge {
    let attributed = attributed(&graph);
    let pages = pages(&mut graph, &attributed);
    let reports = std::mem::take(&mut graph.reports).finish();
    let (origins, of) = origins(file, objects, &graph);
    let mut claims = Claims {
        actors: graph.drafts.iter().zip(of).map(|(draft, of)| actor(draft, of)).collect(),
        countries: countries(&graph),
        graph: &graph,
        attributed,
        pages,
        uses: Vec::new(),
        does: Vec::new(),
        aliases: Vec::new(),
        indicates: Vec::new(),
        made: 0,
        unused: 0,
    };
    let indicators = indicators(loaded, places, file, objects, &graph);
    for relation in &graph.relations {
        claims.relation(relation, objects, &origins, &indicators);
    }
    claims.seen();
    claims.pages_of_groups(&origins);
    claims.limits(loaded, places.at(0, 0));
    claims.finish(reports, origins)
}

/// Claims in the making.
struct Claims<'g, 't> {
    graph: &'g Graph<'t>,
    actors: Vec<Actor>,
    /// Countries of locations and identities.
    countries: Vec<BTreeSet<String>>,
    /// To whom a campaign is attributed, by the campaign.
    attributed: BTreeMap<u32, BTreeSet<u32>>,
    /// A campaign's own page, as a report.
    pages: BTreeMap<u32, u32>,
    /// (user, what, report) of actors and of software.
    uses: Vec<Triple>,
    does: Vec<Triple>,
    aliases: Vec<AliasClaim>,
    indicates: Vec<Indicates>,
    made: usize,
    /// Relations between objects of kinds that make no claim.
    unused: u64,
}

type Triple = (u32, u32, u32);

impl Claims<'_, '_> {
    fn relation(
        &mut self,
        relation: &Relation,
        objects: &[Object<'_>],
        origins: &[Origin],
        indicators: &Indicators,
    ) {
        let (from, to) = (self.graph.now(relation.from), self.graph.now(relation.to));
        match (relation.says, from, to) {
            (Says::Uses, What::Actor(by), _) if used(to).is_some() => {
                self.uses(relation, by, used(to).unwrap_or_default());
            }
            (Says::Uses, What::Software(by), What::Technique(_)) => {
                let what = used(to).unwrap_or_default();
                push(&mut self.does, &mut self.made, by, what, &relation.reports);
            }
            (Says::AttributedTo | Says::OriginatesFrom, What::Actor(of), What::Party(to)) => {
                self.states(relation, of, to, origins);
            }
            // A campaign's actor; see `attributed`.
            (Says::AttributedTo, What::Actor(_), What::Actor(_)) => {}
            (Says::LocatedAt, What::Party(_), What::Party(_)) => {}
            (Says::Targets, What::Actor(by), What::Party(whom)) => self.targets(by, whom),
            (Says::SameAs, What::Actor(one), What::Actor(other)) => self.same(one, other, origins),
            (Says::Indicates, What::Indicator, What::Actor(whom)) => {
                let id = loaded::label(&objects[relation.from as usize].head.id);
                self.indicates(indicators.get(&id).map(Vec::as_slice).unwrap_or_default(), whom);
            }
            _ => self.unused += 1,
        }
    }

    /// Whose claims those of an actor or campaign are, with the page that they
    /// then rest on as well.
    fn subjects(&self, of: u32) -> Vec<(u32, Option<u32>)> {
        match self.attributed.get(&of) {
            None => vec![(of, None)],
            Some(actors) => {
                let page = self.pages.get(&of).copied();
                actors.iter().map(|actor| (*actor, page)).collect()
            }
        }
    }

    /// Whether one more claim may be made.
    fn may(&mut self) -> bool {
        self.made += 1;
        self.made <= MAX_CLAIMS
    }

    fn uses(&mut self, relation: &Relation, by: u32, what: u32) {
        for (actor, page) in self.subjects(by) {
            let reports = cited(relation, page);
            push(&mut self.uses, &mut self.made, actor, what, &reports);
        }
    }

    fn states(&mut self, relation: &Relation, of: u32, to: u32, origins: &[Origin]) {
        let countries = self.countries[to as usize].clone();
        for (actor, page) in self.subjects(of) {
            for country in &countries {
                if !self.may() {
                    return;
                }
                let actor = &mut self.actors[actor as usize];
                let origin = origins.get(actor.origin as usize).map(|origin| origin.name.clone());
                let origin = origin.unwrap_or_default();
                // Where somebody comes from is less than for whom he works.
                let source = match relation.says {
                    Says::OriginatesFrom => format!("{origin} (originates from)"),
                    _ => origin,
                };
                actor.states.push(StateClaim {
                    country: country.clone(),
                    source,
                    date: relation.created,
                    confidence: relation.confidence,
                    reports: cited(relation, page),
                });
            }
        }
    }

    fn targets(&mut self, by: u32, whom: u32) {
        let countries = self.countries[whom as usize].clone();
        let sectors = &self.graph.parties[whom as usize].sectors;
        for (actor, _) in self.subjects(by) {
            if self.made + countries.len() + sectors.len() > MAX_CLAIMS {
                self.made = MAX_CLAIMS + 1;
                return;
            }
            self.made += countries.len() + sectors.len();
            let actor = &mut self.actors[actor as usize];
            actor.target_countries.extend(countries.iter().cloned());
            actor.target_sectors.extend(sectors.iter().cloned());
        }
    }

    fn same(&mut self, one: u32, other: u32, origins: &[Origin]) {
        if !self.may() {
            return;
        }
        let (one, other) = (&self.actors[one as usize], &self.actors[other as usize]);
        let source = origins.get(one.origin as usize).map(|origin| origin.name.clone());
        self.aliases.push(AliasClaim {
            left: one.id.clone(),
            right: other.id.clone(),
            weight: SAME_AS,
            source: source.unwrap_or_default(),
            why: format!("it says that {} and {} are the same", one.name, other.name),
        });
    }

    /// Another source's actor refers to ATT&CK's page of a group.
    fn pages_of_groups(&mut self, origins: &[Origin]) {
        let drafts = self.graph.drafts.iter().zip(&self.actors);
        for (draft, actor) in drafts.filter(|(draft, _)| !draft.is_attack) {
            let source = origins.get(actor.origin as usize).map(|origin| origin.name.as_str());
            for group in &draft.like {
                self.aliases.push(AliasClaim {
                    left: group.clone(),
                    right: draft.id.clone(),
                    // Of several at most one is the same.
                    weight: PAGE_AMONG_REFERENCES / draft.like.len() as f64,
                    source: source.unwrap_or_default().to_owned(),
                    why: format!("{group} is among the references of {}", draft.name),
                });
            }
        }
    }

    fn indicates(&mut self, indicators: &[Indicator], whom: u32) {
        for (actor, _) in self.subjects(whom) {
            for indicator in indicators {
                if self.indicates.len() >= MAX_INDICATES {
                    self.made = MAX_CLAIMS + 1;
                    return;
                }
                self.indicates.push(Indicates { indicator: indicator.clone(), actor });
            }
        }
    }

    /// A campaign was seen when its actor was.
    fn seen(&mut self) {
        for (campaign, actors) in &self.attributed {
            let Draft { first_seen, last_seen, .. } = &self.graph.drafts[*campaign as usize];
            for actor in actors {
                let actor = &mut self.actors[*actor as usize];
                actor.first_seen = actor.first_seen.into_iter().chain(*first_seen).min();
                actor.last_seen = actor.last_seen.max(*last_seen);
            }
        }
    }

    fn limits(&self, loaded: &mut Loaded, start: Place) {
        if self.made > MAX_CLAIMS {
            let why = format!(
                "more than {MAX_CLAIMS} claims or {MAX_INDICATES} indicators; the rest is not used"
            );
            loaded.lost(start, FaultKind::TooLarge, &why);
        }
        loaded.ignore_many("relationship between objects that make no claim", self.unused);
    }

    /// The base: claims at their actors, without the attributed campaigns,
    /// whose claims are their actors'.
    fn finish(self, reports: Vec<Report>, origins: Vec<Origin>) -> Knowledge {
        let Self { graph, mut actors, attributed, uses, does, aliases, mut indicates, .. } = self;
        let mut software = graph.software.clone();
        give(graph, uses, |by, used| actors[by].uses.push(used));
        give(graph, does, |by, used| software[by].uses.push(used));
        let mut places = Vec::with_capacity(actors.len());
        let mut next = 0;
        for at in (0..).take(actors.len()) {
            places.push(next);
            next += u32::from(!attributed.contains_key(&at));
        }
        indicates.iter_mut().for_each(|points| points.actor = places[points.actor as usize]);
        let mut at = 0..;
        actors.retain(|_| at.next().is_some_and(|at| !attributed.contains_key(&at)));
        let techniques = graph.techniques.clone();
        merge(vec![Knowledge {
            actors,
            software,
            techniques,
            reports,
            aliases,
            indicates,
            origins,
        }])
    }
}

/// What was used, as one number for software and techniques.
fn used(what: What) -> Option<u32> {
    match what {
        What::Software(at) => Some(2 * at),
        What::Technique(at) => Some(2 * at + 1),
        _ => None,
    }
}

fn used_id(graph: &Graph<'_>, used: u32) -> String {
    let at = (used / 2) as usize;
    let software = || graph.software.get(at).map(|software| software.id.clone());
    let technique = || graph.techniques.get(at).map(|technique| technique.id.clone());
    (if used.is_multiple_of(2) { software() } else { technique() }).unwrap_or_default()
}

fn push(list: &mut Vec<Triple>, made: &mut usize, by: u32, what: u32, reports: &[u32]) {
    let alone = [NO_REPORT];
    let reports = if reports.is_empty() { &alone } else { reports };
    *made += reports.len();
    if *made <= MAX_CLAIMS {
        list.extend(reports.iter().map(|report| (by, what, *report)));
    }
}

/// Gives every user its claims.
fn give(graph: &Graph<'_>, mut triples: Vec<Triple>, mut to: impl FnMut(usize, Use)) {
    triples.sort_unstable();
    triples.dedup();
    for group in triples.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (by, what, _) = group[0];
        let reports = group.iter().map(|triple| triple.2).filter(|at| *at != NO_REPORT);
        to(by as usize, Use { what: used_id(graph, what), reports: reports.collect() });
    }
}

/// To whom campaigns are attributed. Whom an actor is attributed to is left
/// alone: he is another actor.
fn attributed(graph: &Graph<'_>) -> BTreeMap<u32, BTreeSet<u32>> {
    let kind = |at: u32| graph.drafts[at as usize].kind;
    let mut attributed: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for relation in graph.relations.iter().filter(|one| one.says == Says::AttributedTo) {
        if let (What::Actor(campaign), What::Actor(actor)) =
            (graph.now(relation.from), graph.now(relation.to))
            && (kind(campaign), kind(actor)) == (ActorKind::Cluster, ActorKind::Actor)
        {
            let actors = attributed.entry(campaign).or_default();
            if actors.len() < MAX_ATTRIBUTED {
                actors.insert(actor);
            }
        }
    }
    attributed
}

/// What a claim cites: what its relation does, else the campaign's page. Not both,
/// as one voice would count twice.
fn cited(relation: &Relation, page: Option<u32>) -> Vec<u32> {
    let page = page.filter(|_| relation.reports.is_empty());
    relation.reports.iter().copied().chain(page).collect()
}

/// The campaigns' own pages, as reports.
fn pages(graph: &mut Graph<'_>, attributed: &BTreeMap<u32, BTreeSet<u32>>) -> BTreeMap<u32, u32> {
    let mut pages = BTreeMap::new();
    for campaign in attributed.keys() {
        let Draft { id, page, .. } = &graph.drafts[*campaign as usize];
        if let Some(report) = graph.reports.of(id, page.as_deref()) {
            pages.insert(*campaign, report);
        }
    }
    pages
}

/// The countries of locations, and of identities by their locations.
fn countries(graph: &Graph<'_>) -> Vec<BTreeSet<String>> {
    let own = |at: usize| graph.parties[at].country.clone();
    let mut countries: Vec<BTreeSet<String>> =
        (0..graph.parties.len()).map(|at| own(at).into_iter().collect()).collect();
    for relation in graph.relations.iter().filter(|one| one.says == Says::LocatedAt) {
        if let (What::Party(who), What::Party(place)) =
            (graph.now(relation.from), graph.now(relation.to))
            && countries[who as usize].len() < MAX_COUNTRIES
        {
            countries[who as usize].extend(own(place as usize));
        }
    }
    countries
}

fn actor(draft: &Draft<'_>, origin: u32) -> Actor {
    let names = draft.names.iter().cloned();
    Actor {
        id: draft.id.clone(),
        kind: draft.kind,
        name: draft.name.clone(),
        origin,
        names: names.map(|(name, reports)| NameClaim { name, reports }).collect(),
        uses: Vec::new(),
        states: Vec::new(),
        target_countries: Vec::new(),
        target_sectors: Vec::new(),
        first_seen: draft.first_seen,
        last_seen: draft.last_seen,
    }
}

/// The origins, and the place of each draft's: ATT&CK for what bears its ids,
/// else the author, else the file.
fn origins(file: &str, objects: &[Object<'_>], graph: &Graph<'_>) -> (Vec<Origin>, Vec<u32>) {
    let mut authors: HashMap<&str, &str> = HashMap::new();
    for (object, what) in objects.iter().zip(&graph.what) {
        if let What::Party(at) = what {
            authors.insert(&object.head.id, &graph.parties[*at as usize].name);
        }
    }
    let name = |draft: &Draft<'_>| {
        let author = draft.author.as_deref().and_then(|id| authors.get(id).copied());
        if draft.is_attack { ATTACK.to_owned() } else { label(author.unwrap_or(file)) }
    };
    let names: Vec<String> = graph.drafts.iter().map(name).collect();
    let all: BTreeSet<&String> = names.iter().collect();
    let places: BTreeMap<&String, u32> = all.iter().copied().zip(0..).collect();
    let of = names.iter().map(|name| places.get(name).copied().unwrap_or(0)).collect();
    let origin = |name: &&String| {
        let is_attack = name.as_str() == ATTACK;
        Origin {
            name: (*name).clone(),
            version: graph.version.clone().filter(|_| is_attack),
            notice: is_attack.then(|| NOTICE.to_owned()),
        }
    };
    (all.iter().map(origin).collect(), of)
}

/// What each indicator that points to somebody asks for, by its id.
type Indicators = HashMap<String, Vec<Indicator>>;

fn indicators<'t>(
    loaded: &mut Loaded,
    places: &mut Places<'_>,
    file: &str,
    objects: &[Object<'t>],
    graph: &Graph<'_>,
) -> Indicators {
    let mut wanted = vec![false; objects.len()];
    for relation in &graph.relations {
        match relation.says {
            Says::Indicates => {
                wanted[relation.object as usize] = true;
                wanted[relation.from as usize] = true;
                wanted[relation.to as usize] = true;
            }
            Says::AttributedTo => wanted[relation.object as usize] = true,
            _ => {}
        }
    }
    let is_context = |kind: &str| {
        matches!(kind, "identity" | "marking-definition" | "intrusion-set" | "threat-actor")
    };
    let all = objects.iter().zip(&wanted).zip(&graph.what);
    let raws: Vec<&'t RawValue> = all
        .filter(|((object, wanted), what)| {
            **what != What::Gone && (**wanted || is_context(&object.head.kind))
        })
        .map(|((object, _), _)| object.raw)
        .collect();
    let mut by_id = Indicators::new();
    if !graph.relations.iter().any(|relation| relation.says == Says::Indicates) {
        return by_id;
    }
    let mut found = Loaded::new("stix");
    stix::take(&mut found, places, file, &raws);
    let many = found.conjunctions.len() as u64 + found.not_evaluated_total;
    loaded.ignore_many("indicator of more than one value", many);
    for indicator in std::mem::take(&mut found.indicators) {
        let id = indicator.reference.clone().unwrap_or_default();
        by_id.entry(id).or_default().push(indicator);
    }
    loaded.take_faults(found);
    by_id
}
