//! Several bases as one, in an order that does not depend on theirs.
//!
//! Actors of different origins stay apart, whatever their names. What one
//! origin says twice is one actor with the claims of both; where its versions
//! name it differently, the greatest version's name is its name and the others
//! are names it is also called.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use clarte_model::knowledge::{
    Actor, ActorKind, AliasClaim, Dated, Indicates, Knowledge, NameClaim, Origin, Report, Software,
    StateClaim, Technique, Use,
};

/// Several bases as one.
///
/// ```
/// use clarte_intel::knowledge::{merge, read};
/// let one = |id: &str| format!(r#"{{"type": "intrusion-set", "id": "{id}", "name": "Otter"}}"#);
/// let a = read("a.json", one("intrusion-set--1").as_bytes()).knowledge;
/// let b = read("b.json", one("intrusion-set--1").as_bytes()).knowledge;
/// let both = merge(vec![a.clone(), b.clone()]);
/// assert_eq!(both.actors.len(), 2);
/// assert_eq!(both, merge(vec![b, a]));
/// ```
pub fn merge(bases: Vec<Knowledge>) -> Knowledge {
    let mut united = Knowledge::default();
    let reports = Union::of(bases.iter().map(|base| &base.reports), |r| r.key.as_str(), one_report);
    let origins =
        Union::of(bases.iter().map(|base| &base.origins), |o| o.name.as_str(), one_origin);
    // An origin of each base and its place among all.
    let mut actors: BTreeMap<(String, u32), Vec<(Version, Actor)>> = BTreeMap::new();
    let mut software: BTreeMap<String, Vec<Software>> = BTreeMap::new();
    let mut techniques: BTreeMap<String, Vec<Technique>> = BTreeMap::new();
    let mut indicates: Vec<(Indicates, (String, u32))> = Vec::new();
    for (base, (reports, origins)) in
        bases.into_iter().zip(reports.places.iter().zip(&origins.places))
    {
        let keys: Vec<(String, u32)> = base
            .actors
            .iter()
            .map(|actor| (actor.id.clone(), place(origins, actor.origin)))
            .collect();
        for points in base.indicates {
            if let Some(key) = keys.get(points.actor as usize) {
                indicates.push((points, key.clone()));
            }
        }
        for (mut actor, key) in base.actors.into_iter().zip(keys) {
            let version = base.origins.get(actor.origin as usize).and_then(|o| o.version.clone());
            move_reports(&mut actor, reports);
            actor.origin = key.1;
            actors.entry(key).or_default().push((Reverse(version), actor));
        }
        for mut one in base.software {
            one.uses.iter_mut().for_each(|used| move_all(&mut used.reports, reports));
            software.entry(one.id.clone()).or_default().push(one);
        }
        for one in base.techniques {
            techniques.entry(one.id.clone()).or_default().push(one);
        }
        united.aliases.extend(base.aliases);
    }
    let places: BTreeMap<&(String, u32), u32> = actors.keys().zip(0..).collect();
    united.indicates = one_list(indicates, &places);
    drop(places);
    united.actors = actors.into_values().filter_map(one_actor).collect();
    united.software = software.into_values().filter_map(one_software).collect();
    united.techniques = techniques.into_values().filter_map(one_technique).collect();
    united.aliases = one_alias_list(united.aliases);
    united.reports = reports.all;
    united.origins = origins.all;
    cited_only(united)
}

/// The greatest first.
type Version = Reverse<Option<String>>;

/// A list that all bases share, and where each base's items are in it.
struct Union<T> {
    all: Vec<T>,
    places: Vec<Vec<u32>>,
}

impl<T: Clone> Union<T> {
    fn of<'b>(
        lists: impl Iterator<Item = &'b Vec<T>> + Clone,
        key: impl Fn(&T) -> &str,
        unite: impl Fn(&mut T, &T),
    ) -> Self
    where
        T: 'b,
    {
        let mut all: BTreeMap<&str, T> = BTreeMap::new();
        for item in lists.clone().flatten() {
            all.entry(key(item)).and_modify(|one| unite(one, item)).or_insert_with(|| item.clone());
        }
        let at: BTreeMap<&str, u32> = all.keys().copied().zip(0..).collect();
        let places = lists.map(|list| {
            list.iter().filter_map(|item| at.get(key(item)).copied()).collect::<Vec<u32>>()
        });
        let places = places.collect();
        Self { places, all: all.into_values().collect() }
    }
}

/// Where an index of one base points among all; an index that a caller made
/// up points to the first.
fn place(places: &[u32], index: u32) -> u32 {
    places.get(index as usize).copied().unwrap_or(0)
}

fn one_report(one: &mut Report, other: &Report) {
    one.url = least(one.url.take(), other.url.clone());
    one.publisher = least(one.publisher.take(), other.publisher.clone());
    one.date = most_precise(one.date, other.date);
}

fn one_origin(one: &mut Origin, other: &Origin) {
    one.version = one.version.take().max(other.version.clone());
    one.notice = least(one.notice.take(), other.notice.clone());
}

/// The smaller of those there are.
fn least<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    one.into_iter().chain(other).min()
}

fn most_precise(one: Option<Dated>, other: Option<Dated>) -> Option<Dated> {
    one.into_iter().chain(other).max_by_key(|at| (at.to_string().len(), Reverse(*at)))
}

fn move_all(indices: &mut Vec<u32>, places: &[u32]) {
    *indices = indices.iter().filter_map(|at| places.get(*at as usize).copied()).collect();
    indices.sort_unstable();
    indices.dedup();
}

fn move_reports(actor: &mut Actor, places: &[u32]) {
    actor.names.iter_mut().for_each(|claim| move_all(&mut claim.reports, places));
    actor.uses.iter_mut().for_each(|claim| move_all(&mut claim.reports, places));
    actor.states.iter_mut().for_each(|claim| move_all(&mut claim.reports, places));
}

fn one_actor(mut versions: Vec<(Version, Actor)>) -> Option<Actor> {
    versions.sort_by(|a, b| (&a.0, &a.1.name).cmp(&(&b.0, &b.1.name)));
    let mut versions = versions.into_iter().map(|(_, actor)| actor);
    let mut one = versions.next()?;
    for other in versions {
        one.kind = if other.kind == ActorKind::Actor { other.kind } else { one.kind };
        one.names.push(NameClaim { name: other.name, reports: Vec::new() });
        one.names.extend(other.names);
        one.uses.extend(other.uses);
        one.states.extend(other.states);
        one.target_countries.extend(other.target_countries);
        one.target_sectors.extend(other.target_sectors);
        one.first_seen = least(one.first_seen, other.first_seen);
        one.last_seen = one.last_seen.max(other.last_seen);
    }
    let names = claims(one.names.into_iter().map(|claim| (claim.name, claim.reports)));
    let others = names.into_iter().filter(|(name, _)| *name != one.name && !name.is_empty());
    one.names = others.map(|(name, reports)| NameClaim { name, reports }).collect();
    one.uses = one_use_list(one.uses);
    one.states = one_state_list(one.states);
    sorted(&mut one.target_countries);
    sorted(&mut one.target_sectors);
    Some(one)
}

fn sorted<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
}

/// One claim of each kind, with the reports of all that say the same.
fn claims<K: Ord>(all: impl Iterator<Item = (K, Vec<u32>)>) -> Vec<(K, Vec<u32>)> {
    let mut by_kind: BTreeMap<K, BTreeSet<u32>> = BTreeMap::new();
    for (kind, reports) in all {
        by_kind.entry(kind).or_default().extend(reports);
    }
    by_kind.into_iter().map(|(kind, reports)| (kind, reports.into_iter().collect())).collect()
}

fn one_use_list(uses: Vec<Use>) -> Vec<Use> {
    let all = claims(uses.into_iter().map(|used| (used.what, used.reports)));
    all.into_iter().map(|(what, reports)| Use { what, reports }).collect()
}

fn one_state_list(states: Vec<StateClaim>) -> Vec<StateClaim> {
    let all =
        claims(states.into_iter().map(|claim| {
            ((claim.country, claim.source, claim.date, claim.confidence), claim.reports)
        }));
    all.into_iter()
        .map(|((country, source, date, confidence), reports)| StateClaim {
            country,
            source,
            date,
            confidence,
            reports,
        })
        .collect()
}

fn one_software(mut versions: Vec<Software>) -> Option<Software> {
    versions.sort_by(|a, b| a.name.cmp(&b.name));
    let mut versions = versions.into_iter();
    let mut one = versions.next()?;
    for other in versions {
        one.names.push(other.name);
        one.names.extend(other.names);
        one.is_tool |= other.is_tool;
        one.uses.extend(other.uses);
    }
    one.names.retain(|name| *name != one.name && !name.is_empty());
    sorted(&mut one.names);
    one.uses = one_use_list(one.uses);
    Some(one)
}

fn one_technique(mut versions: Vec<Technique>) -> Option<Technique> {
    versions.sort_by(|a, b| a.name.cmp(&b.name));
    let mut versions = versions.into_iter();
    let mut one = versions.next()?;
    one.tactics.extend(versions.flat_map(|other| other.tactics));
    sorted(&mut one.tactics);
    Some(one)
}

/// Alias claims the right way round, each once.
fn one_alias_list(mut aliases: Vec<AliasClaim>) -> Vec<AliasClaim> {
    for claim in &mut aliases {
        if claim.left > claim.right {
            std::mem::swap(&mut claim.left, &mut claim.right);
        }
    }
    aliases.retain(|claim| claim.left != claim.right);
    let text = |a: &AliasClaim, b: &AliasClaim| {
        (&a.left, &a.right, &a.source, &a.why).cmp(&(&b.left, &b.right, &b.source, &b.why))
    };
    aliases.sort_by(|a, b| text(a, b).then(a.weight.total_cmp(&b.weight)));
    aliases.dedup();
    aliases
}

/// What points to actors, each once, in the order of the actors.
fn one_list(
    indicates: Vec<(Indicates, (String, u32))>,
    places: &BTreeMap<&(String, u32), u32>,
) -> Vec<Indicates> {
    let moved = indicates
        .into_iter()
        .filter_map(|(points, key)| Some(Indicates { actor: *places.get(&key)?, ..points }));
    let mut all: Vec<Indicates> = moved.collect();
    all.sort_by(|a, b| order(a).cmp(&order(b)));
    all.dedup();
    all
}

/// Every property, so that equal ones stand together.
fn order(points: &Indicates) -> impl Ord + '_ {
    let Indicates { indicator: i, actor } = points;
    let value = (actor, i.kind, i.value.as_str(), i.source.as_str(), i.reference.as_deref());
    (value, i.validity.from, i.validity.until, i.confidence, i.tlp, i.names.as_slice())
}

/// Leaves out the reports that no claim cites.
fn cited_only(mut base: Knowledge) -> Knowledge {
    let mut cited = vec![false; base.reports.len()];
    each_citation(&mut base, |indices| {
        indices.iter().for_each(|at| cited[*at as usize] = true);
    });
    let mut next = 0;
    let places: Vec<u32> = cited
        .iter()
        .map(|cited| {
            let place = next;
            next += u32::from(*cited);
            place
        })
        .collect();
    each_citation(&mut base, |indices| {
        indices.iter_mut().for_each(|at| *at = places[*at as usize]);
    });
    let mut cited = cited.into_iter();
    base.reports.retain(|_| cited.next() == Some(true));
    base
}

/// Every list of reports; all its indices are in range by then.
fn each_citation(base: &mut Knowledge, mut each: impl FnMut(&mut Vec<u32>)) {
    for actor in &mut base.actors {
        actor.names.iter_mut().for_each(|claim| each(&mut claim.reports));
        actor.uses.iter_mut().for_each(|claim| each(&mut claim.reports));
        actor.states.iter_mut().for_each(|claim| each(&mut claim.reports));
    }
    for software in &mut base.software {
        software.uses.iter_mut().for_each(|claim| each(&mut claim.reports));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn origin(name: &str, version: Option<&str>) -> Origin {
        Origin { name: name.to_owned(), version: version.map(str::to_owned), notice: None }
    }

    /// A base of one origin with one actor, who uses something by a report.
    fn base(origin: Origin, id: &str, name: &str, report: &str) -> Knowledge {
        let report = Report { key: report.to_owned(), url: None, publisher: None, date: None };
        Knowledge {
            actors: vec![Actor {
                id: id.to_owned(),
                kind: ActorKind::Cluster,
                name: name.to_owned(),
                origin: 0,
                names: Vec::new(),
                uses: vec![Use { what: "T1566".to_owned(), reports: vec![0] }],
                states: Vec::new(),
                target_countries: Vec::new(),
                target_sectors: Vec::new(),
                first_seen: None,
                last_seen: None,
            }],
            reports: vec![report],
            origins: vec![origin],
            ..Knowledge::default()
        }
    }

    #[test]
    fn one_origin_is_united_and_two_stay_apart() {
        let both = merge(vec![
            base(origin("x", Some("1")), "1", "Old Otter", "b"),
            base(origin("y", None), "1", "Otter", "a"),
            base(origin("x", Some("2")), "1", "Otter", "a"),
        ]);
        let names: Vec<&str> = both.actors.iter().map(|actor| actor.name.as_str()).collect();
        assert_eq!(names, ["Otter", "Otter"]);
        assert_eq!(both.actors[0].names[0].name, "Old Otter");
        assert_eq!(both.actors[0].uses[0].reports, [0, 1]);
        assert_eq!(both.actors[1].uses[0].reports, [0]);
        assert_eq!(both.origins[0].version.as_deref(), Some("2"));
    }

    #[test]
    fn indices_that_a_caller_made_up_are_survived() {
        let mut wild = base(origin("x", None), "1", "Otter", "a");
        wild.actors[0].origin = 7;
        wild.actors[0].uses[0].reports = vec![9];
        assert_eq!(merge(vec![wild]).actors[0].uses[0].reports, [0_u32; 0]);
        let mut nowhere = base(origin("x", None), "1", "Otter", "a");
        nowhere.origins.clear();
        merge(vec![nowhere]);
    }

    proptest! {
        #[test]
        fn the_order_of_bases_never_shows(
            parts in prop::collection::vec(("[xy]", prop::option::of("[12]"), "[ab]", "[AB]", "[rs]"), 0..8),
        ) {
            let bases: Vec<Knowledge> = parts
                .iter()
                .map(|(of, version, id, name, report)| {
                    base(origin(of, version.as_deref()), id, name, report)
                })
                .collect();
            let forwards = merge(bases.clone());
            prop_assert_eq!(&forwards, &merge(bases.into_iter().rev().collect()));
            prop_assert_eq!(&forwards, &merge(vec![forwards.clone()]));
        }
    }
}
