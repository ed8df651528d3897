//! Objects and relations with their ends found: what each object is, which
//! reports a relation rests on.

use std::collections::HashMap;

use clarte_model::FaultKind;
use clarte_model::knowledge::{ActorKind, Dated, Report, Software, Technique};

use super::super::documents::Text;
use super::super::{citation, country_code, label};
use super::object::{Body, Link, Object, Reference};
use crate::loaded::{Loaded, Place, Places, quote};

/// How many `revoked-by` are followed.
const MAX_HOPS: usize = 16;

/// How many reports one object is listed in.
const MAX_REPORTS: usize = 100;

/// What an object is, with its place in the list of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// Damaged, or of a kind that is no end of our relations.
    Nothing,
    /// Revoked or deprecated.
    Gone,
    Actor(u32),
    Software(u32),
    Technique(u32),
    /// A location or identity.
    Party(u32),
    Indicator,
    Relation(u32),
}

/// An actor or campaign as its object tells it.
pub(super) struct Draft<'t> {
    pub(super) id: String,
    pub(super) kind: ActorKind,
    pub(super) name: String,
    pub(super) is_attack: bool,
    pub(super) author: Option<Text<'t>>,
    pub(super) names: Vec<(String, Vec<u32>)>,
    pub(super) first_seen: Option<Dated>,
    pub(super) last_seen: Option<Dated>,
    /// A campaign's own page, which its claims cite.
    pub(super) page: Option<String>,
    /// ATT&CK's groups that another source's actor refers to.
    pub(super) like: Vec<String>,
}

/// A location or identity.
#[derive(Default)]
pub(super) struct Party {
    pub(super) name: String,
    pub(super) country: Option<String>,
    pub(super) sectors: Vec<String>,
}

/// The relations that say something of actors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Uses,
    AttributedTo,
    OriginatesFrom,
    LocatedAt,
    Targets,
    Indicates,
    RevokedBy,
    SameAs,
}

/// A relation between two objects of the file.
pub(super) struct Relation {
    pub(super) says: Says,
    pub(super) object: u32,
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) reports: Vec<u32>,
    pub(super) created: Option<Dated>,
    pub(super) confidence: Option<u8>,
}

/// Everything that the file says, by kind.
#[derive(Default)]
pub(super) struct Graph<'t> {
    pub(super) what: Vec<What>,
    pub(super) drafts: Vec<Draft<'t>>,
    pub(super) software: Vec<Software>,
    pub(super) techniques: Vec<Technique>,
    pub(super) parties: Vec<Party>,
    pub(super) relations: Vec<Relation>,
    pub(super) reports: Reports,
    /// ATT&CK's version, where the file says it.
    pub(super) version: Option<String>,
    /// Reports by the objects they list.
    listed: HashMap<u32, Vec<u32>>,
    /// By the revoked object, its successor; of several the first in byte order.
    revoked_by: HashMap<u32, (Text<'t>, u32)>,
}

impl<'t> Graph<'t> {
    /// Reads every object, then every relation, then what reports list.
    pub(super) fn read(
        loaded: &mut Loaded,
        places: &mut Places<'_>,
        objects: &'t [Object<'t>],
    ) -> Self {
        let mut graph = Self { what: vec![What::Nothing; objects.len()], ..Self::default() };
        let ids: HashMap<&str, u32> =
            objects.iter().map(|object| &*object.head.id).zip(0..).collect();
        for (object, at) in objects.iter().zip(0..) {
            if let Some(why) = object.head.gone() {
                loaded.ignore(why);
                graph.what[at as usize] = What::Gone;
            }
        }
        for (object, at) in objects.iter().zip(0..) {
            let kind = &*object.head.kind;
            if graph.is(at, What::Nothing) && !matches!(kind, "relationship" | "report") {
                let place = || places.of(object.raw.get().as_bytes());
                graph.object(loaded, place, object, at);
            }
        }
        for (object, at) in objects.iter().zip(0..) {
            if graph.is(at, What::Nothing) && *object.head.kind == *"relationship" {
                let place = places.of(object.raw.get().as_bytes());
                graph.relation(loaded, place, object, at, &ids);
            }
        }
        for object in objects.iter().filter(|object| *object.head.kind == *"report") {
            if object.head.gone().is_none() {
                let place = places.of(object.raw.get().as_bytes());
                graph.report(loaded, place, object, &ids);
            }
        }
        graph.cite_reports();
        graph
    }

    fn is(&self, at: u32, what: What) -> bool {
        self.what[at as usize] == what
    }

    fn object(
        &mut self,
        loaded: &mut Loaded,
        place: impl FnOnce() -> Place,
        object: &'t Object<'t>,
        at: u32,
    ) {
        let kind = &*object.head.kind;
        if matches!(kind, "indicator" | "marking-definition") {
            self.what[at as usize] =
                if kind == "indicator" { What::Indicator } else { What::Nothing };
            return;
        }
        let body = match serde_json::from_str::<Body<'t>>(object.raw.get()) {
            Ok(body) => body,
            Err(why) => return damaged(loaded, place(), &why),
        };
        let attack_id = body.attack_id().map(str::to_owned);
        let id = attack_id.clone().or_else(|| only_page(&body, kind));
        let id = id.unwrap_or_else(|| label(&object.head.id));
        let name = label(body.name.as_deref().unwrap_or(&id));
        self.what[at as usize] = match kind {
            "intrusion-set" | "threat-actor" | "campaign" => {
                let place = place();
                body.aliases.warn(loaded, place);
                body.external_references.warn(loaded, place);
                let kind = if kind == "campaign" { ActorKind::Cluster } else { ActorKind::Actor };
                let draft = self.draft(loaded, place, body, kind, (id, name));
                self.drafts.push(Draft { is_attack: attack_id.is_some(), ..draft });
                What::Actor(last(&self.drafts))
            }
            "malware" | "tool" => {
                let aliases = body.aliases.kept.iter().chain(&body.x_mitre_aliases.kept);
                let names = aliases.map(|name| label(name)).collect();
                let is_tool = kind == "tool";
                self.software.push(Software { id, name, names, is_tool, uses: Vec::new() });
                What::Software(last(&self.software))
            }
            "attack-pattern" => {
                let phases = body.kill_chain_phases.kept.iter();
                let tactics = phases.map(|phase| label(&phase.phase_name)).collect();
                self.techniques.push(Technique { id, name, tactics });
                What::Technique(last(&self.techniques))
            }
            "x-mitre-collection" => {
                self.version = self.version.take().max(body.x_mitre_version.as_deref().map(label));
                What::Nothing
            }
            _ => {
                let country = body.country.as_deref().and_then(country_code);
                let sectors = body.sectors.kept.iter().map(|sector| label(sector)).collect();
                self.parties.push(Party { name, country, sectors });
                What::Party(last(&self.parties))
            }
        };
    }

    fn draft(
        &mut self,
        loaded: &mut Loaded,
        place: Place,
        body: Body<'t>,
        kind: ActorKind,
        (id, name): (String, String),
    ) -> Draft<'t> {
        let mut date = |text: &Option<Text<'t>>| {
            let text = text.as_deref()?;
            let at = Dated::parse(text);
            if at.is_none() {
                let why = format!("{} is no date from 1990 to 2099; not used", quote(text));
                loaded.repaired(place, FaultKind::ImplausibleTime, &why);
            }
            at
        };
        let (first_seen, last_seen) = (date(&body.first_seen), date(&body.last_seen));
        let names = self.names(&body);
        let own = body.external_references.kept.iter().find(|reference| reference.is_attack());
        let page = own.and_then(|own| own.url.as_deref()).map(str::to_owned);
        let like = match kind {
            ActorKind::Actor => body.attack_pages("groups").into_iter().collect(),
            ActorKind::Cluster => Vec::new(),
        };
        let author = body.created_by_ref;
        Draft { id, kind, name, is_attack: false, author, names, first_seen, last_seen, page, like }
    }

    /// Other names, each with the reports that ATT&CK's reference of that name
    /// cites: `(Citation: KEY)`.
    fn names(&mut self, body: &Body<'_>) -> Vec<(String, Vec<u32>)> {
        let references = &body.external_references.kept;
        let by_key: HashMap<&str, &Reference<'_>> =
            references.iter().map(|reference| (reference.key(), reference)).collect();
        let mut names = Vec::new();
        for alias in &body.aliases.kept {
            let prose = by_key.get(&**alias).and_then(|reference| reference.description.as_deref());
            let mut reports = Vec::new();
            for part in prose.unwrap_or_default().split("(Citation: ").skip(1).take(MAX_REPORTS) {
                let key = part.split(')').next().unwrap_or_default();
                if let Some(reference) = by_key.get(key) {
                    reports.extend(self.reports.of(key, reference.url.as_deref()));
                }
            }
            names.push((label(alias), reports));
        }
        names
    }

    fn relation(
        &mut self,
        loaded: &mut Loaded,
        place: Place,
        object: &'t Object<'t>,
        at: u32,
        ids: &HashMap<&str, u32>,
    ) {
        let link = match serde_json::from_str::<Link<'t>>(object.raw.get()) {
            Ok(link) => link,
            Err(why) => return damaged(loaded, place, &why),
        };
        let Some(says) = says(&link.relationship_type) else {
            return loaded.ignore(&format!("relationship {}", &*link.relationship_type));
        };
        let end = |id: &str| ids.get(id).copied();
        let (from, to) = match (end(&link.source_ref), end(&link.target_ref)) {
            (Some(from), Some(to)) => (from, to),
            (from, _) => {
                let lacks = if from.is_none() { &link.source_ref } else { &link.target_ref };
                let why = format!("it points to {}, which is not in the file", quote(lacks));
                return loaded.lost(place, FaultKind::Malformed, &why);
            }
        };
        if says == Says::RevokedBy {
            let successor = (link.target_ref, to);
            let first = self.revoked_by.entry(from).or_insert_with(|| successor.clone());
            if successor < *first {
                *first = successor;
            }
            return;
        }
        link.external_references.warn(loaded, place);
        let references = link.external_references.kept.iter();
        let cited = references.filter(|reference| !reference.is_attack());
        let mut reports: Vec<u32> = cited
            .filter_map(|reference| self.reports.of(reference.key(), reference.url.as_deref()))
            .collect();
        reports.sort_unstable();
        reports.dedup();
        let confidence = link.confidence.filter(|percent| *percent <= 100);
        self.what[at as usize] = What::Relation(u32::try_from(self.relations.len()).unwrap_or(0));
        self.relations.push(Relation {
            says,
            object: at,
            from,
            to,
            reports,
            created: link.created.as_deref().and_then(Dated::parse),
            confidence: confidence.and_then(|percent| u8::try_from(percent).ok()),
        });
    }

    /// A report and what it lists.
    fn report(
        &mut self,
        loaded: &mut Loaded,
        place: Place,
        object: &'t Object<'t>,
        ids: &HashMap<&str, u32>,
    ) {
        let body = match serde_json::from_str::<Body<'t>>(object.raw.get()) {
            Ok(body) => body,
            Err(why) => return damaged(loaded, place, &why),
        };
        body.object_refs.warn(loaded, place);
        let key = label(body.name.as_deref().unwrap_or(&object.head.id));
        let references = body.external_references.kept.iter();
        let url = references.filter_map(|reference| reference.url.as_deref()).min();
        let Some(report) = self.reports.of(&key, url) else { return };
        let published = body.published.as_deref().and_then(Dated::parse);
        self.reports.published(report, published);
        let mut lacking = 0_u64;
        for id in &body.object_refs.kept {
            let Some(at) = ids.get(&**id) else {
                lacking += 1;
                continue;
            };
            let reports = self.listed.entry(*at).or_default();
            if reports.len() < MAX_REPORTS {
                reports.push(report);
            }
        }
        if lacking > 0 {
            let why = format!("{lacking} of the objects that it lists are not in the file");
            loaded.repaired(place, FaultKind::Malformed, &why);
        }
    }

    /// A relation rests on the reports that list it; one that rests on
    /// nothing, on those that list both its ends.
    fn cite_reports(&mut self) {
        self.listed.values_mut().for_each(|reports| reports.sort_unstable());
        let listed = |at: u32| self.listed.get(&at).map(Vec::as_slice).unwrap_or_default();
        for relation in &mut self.relations {
            relation.reports.extend(listed(relation.object));
            if relation.reports.is_empty() {
                let to = listed(relation.to);
                let both = listed(relation.from).iter().filter(|at| to.binary_search(at).is_ok());
                relation.reports.extend(both);
            }
            relation.reports.sort_unstable();
            relation.reports.dedup();
        }
    }

    /// What an object is, or its successor if it was revoked.
    pub(super) fn now(&self, mut at: u32) -> What {
        for _ in 0..MAX_HOPS {
            match (self.what[at as usize], self.revoked_by.get(&at)) {
                (What::Gone, Some((_, successor))) => at = *successor,
                (what, _) => return what,
            }
        }
        What::Gone
    }
}

/// The last place of a list that is not empty; there are at most as many
/// objects as `MAX_OBJECTS`.
fn last<T>(list: &[T]) -> u32 {
    u32::try_from(list.len().saturating_sub(1)).unwrap_or(0)
}

fn damaged(loaded: &mut Loaded, place: Place, why: &serde_json::Error) {
    loaded.lost(place, FaultKind::Malformed, &format!("the object is damaged: {why}"));
}

/// Who refers to one page of ATT&CK's means that software or technique. With
/// actors it is less clear; see [`Draft::like`].
fn only_page(body: &Body<'_>, kind: &str) -> Option<String> {
    let folder = match kind {
        "malware" | "tool" => "software",
        "attack-pattern" => "techniques",
        _ => return None,
    };
    let pages = body.attack_pages(folder);
    pages.first().filter(|_| pages.len() == 1).cloned()
}

fn says(kind: &str) -> Option<Says> {
    Some(match kind {
        "uses" => Says::Uses,
        "attributed-to" => Says::AttributedTo,
        "originates-from" => Says::OriginatesFrom,
        "located-at" => Says::LocatedAt,
        "targets" => Says::Targets,
        "indicates" => Says::Indicates,
        "revoked-by" => Says::RevokedBy,
        "same-as" | "duplicate-of" | "alias" | "alias-of" => Says::SameAs,
        _ => return None,
    })
}

/// The publications that are cited, each once.
#[derive(Default)]
pub(super) struct Reports {
    places: HashMap<String, u32>,
    all: Vec<(String, Option<String>, Option<Dated>)>,
}

impl Reports {
    /// The place of a report; none without key and address.
    pub(super) fn of(&mut self, key: &str, url: Option<&str>) -> Option<u32> {
        let key = label(if key.trim().is_empty() { url.unwrap_or_default() } else { key });
        if key.is_empty() {
            return None;
        }
        let next = u32::try_from(self.all.len()).ok()?;
        let at = *self.places.entry(key).or_insert_with_key(|key| {
            self.all.push((key.clone(), None, None));
            next
        });
        let known = &mut self.all[at as usize].1;
        if let Some(url) = url
            && known.as_deref().is_none_or(|known| url < known)
        {
            *known = Some(url.to_owned());
        }
        Some(at)
    }

    fn published(&mut self, at: u32, date: Option<Dated>) {
        let known = &mut self.all[at as usize].2;
        *known = (*known).into_iter().chain(date).min();
    }

    /// The reports, with what their keys and addresses tell.
    pub(super) fn finish(self) -> Vec<Report> {
        let tell = |(key, url, date): (String, Option<String>, Option<Dated>)| {
            let report = citation::report(&key, url.as_deref());
            Report { date: date.or(report.date), ..report }
        };
        self.all.into_iter().map(tell).collect()
    }
}
