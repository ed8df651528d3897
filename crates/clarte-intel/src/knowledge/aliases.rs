//! Who of two origins may be the same, by their names.
//!
//! A name in common is a claim of a certain weight about two actors, and of no
//! others: nothing is chained. It weighs less the more actors of either origin
//! bear it, and least where it says little: a malware's name, a short one, a
//! word that many call themselves by. Several names in common, each its own
//! hint, weigh more together. Where each side names states and none is named
//! by both, all of it weighs half.
//!
//! Spelling aside (case, blanks, hyphens: `APT-31` is `APT31`), names must be
//! equal, but for `Group` or `Team` at the end.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::knowledge::{Actor, AliasClaim, Knowledge};

/// Both sources file their actor under it: hardly ever two actors.
const MAIN_AND_MAIN: f64 = 0.85;

/// One files its actor under it, the other has heard it called so.
const MAIN_AND_ALSO: f64 = 0.7;

/// Both have only heard it: names overlap, and sources copy each other.
const ALSO_AND_ALSO: f64 = 0.5;

/// Equal but for `Group` or `Team`.
const BUT_FOR_SUFFIX: f64 = 0.85;

/// It is a malware's too, or generic: it may be said of whoever uses it.
const SAYS_LITTLE: f64 = 0.5;

/// The states that both sides name differ.
const STATES_DIFFER: f64 = 0.5;

/// Names alone never make certain.
const MOST: f64 = 0.95;

/// Below this a claim is not made: it could not be told from chance.
const LEAST: f64 = 0.05;

/// A name shared by more says nothing at all.
const MAX_BEARERS: usize = 16;

/// How many pairs are compared, by their names in order: far more than all
/// vendors' actors make, and few enough for any machine.
const MAX_PAIRS: usize = 200_000;

/// Letters and digits that a name needs to be telling.
const MIN_LENGTH: usize = 4;

/// How many names a claim's reason repeats.
const MAX_REASONS: usize = 5;

/// Who says so.
const SOURCE: &str = "comparison of names";

/// Words that actors of all kinds are called by, or that say what they are.
const GENERIC: [&str; 22] = [
    "actor",
    "activity",
    "army",
    "campaign",
    "crew",
    "cyber",
    "gang",
    "group",
    "hacker",
    "hackers",
    "hacking",
    "intrusion",
    "operation",
    "ransomware",
    "spy",
    "team",
    "the",
    "threat",
    "unattributed",
    "unit",
    "unknown",
    "unnamed",
];

/// Alias claims found by comparing names across origins, each about two
/// actors of different origins. They are claims like any others: to use them,
/// put them beside those of [`Knowledge::aliases`].
///
/// ```
/// use clarte_intel::knowledge::{built_in, compare_names};
/// let base = built_in();
/// let claims = compare_names(&base);
/// let apt31 = claims.iter().find(|claim| claim.right == "G0128" && claim.weight > 0.5).unwrap();
/// assert!(apt31.why.contains("APT31"));
/// ```
pub fn compare_names(knowledge: &Knowledge) -> Vec<AliasClaim> {
    let names: Vec<Names> = knowledge.actors.iter().map(names).collect();
    let mut bearers: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (at, names) in (0..).zip(&names) {
        names.keys().for_each(|core| bearers.entry(core).or_default().push(at));
    }
    let malware = malware(knowledge);
    let mut hints: BTreeMap<(u32, u32), Hints<'_>> = BTreeMap::new();
    for (core, bearers) in &bearers {
        if bearers.len() < 2 || bearers.len() > MAX_BEARERS {
            continue;
        }
        let little = if says_little(core, &names, bearers, &malware) { SAYS_LITTLE } else { 1.0 };
        let borne = Borne { core, bearers, names: &names, knowledge };
        for (at, left) in bearers.iter().enumerate() {
            for right in &bearers[at + 1..] {
                if hints.len() >= MAX_PAIRS {
                    break;
                }
                if let Some(weight) = borne.weight(*left, *right) {
                    let written = borne.name(*left).map_or("", |name| name.written.as_str());
                    hints.entry((*left, *right)).or_default().push((little * weight, written));
                }
            }
        }
    }
    let claims = hints.into_iter().filter_map(|((left, right), hints)| {
        claim(&knowledge.actors[left as usize], &knowledge.actors[right as usize], &hints)
    });
    let mut claims: Vec<AliasClaim> = claims.collect();
    claims.sort_by(|a, b| (&a.left, &a.right, &a.why).cmp(&(&b.left, &b.right, &b.why)));
    claims
}

/// An actor's names by what they are compared by.
type Names = BTreeMap<String, Name>;

#[derive(Default)]
struct Name {
    /// The first way it is written, for the reason.
    written: String,
    /// With `Group` or `Team`, where it has it.
    exact: BTreeSet<String>,
    is_main: bool,
    generic: bool,
}

fn names(actor: &Actor) -> Names {
    let mut names = Names::new();
    let also = actor.names.iter().map(|claim| (claim.name.as_str(), false));
    for (written, is_main) in std::iter::once((actor.name.as_str(), true)).chain(also) {
        let exact = normal(written);
        if exact.is_empty() {
            continue;
        }
        let name = names.entry(core(written, &exact)).or_default();
        if name.written.is_empty() {
            name.written = written.to_owned();
        }
        name.exact.insert(exact);
        name.is_main |= is_main;
        name.generic |= generic(written);
    }
    names
}

/// A name without case, blanks and signs.
fn normal(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A name without `Group` or `Team` at the end, if what is left is telling.
fn core(written: &str, exact: &str) -> String {
    let mut words = written.split_whitespace();
    let last = words.next_back().map(normal).unwrap_or_default();
    let rest = exact.strip_suffix(last.as_str()).unwrap_or_default();
    let is_suffix = matches!(last.as_str(), "group" | "team");
    let telling = rest.chars().filter(|c| c.is_alphabetic()).count() > MIN_LENGTH
        && !words.all(|word| GENERIC.contains(&normal(word).as_str()));
    if is_suffix && telling { rest.to_owned() } else { exact.to_owned() }
}

/// Whether a name has no word or number of its own: `Group 3` has neither,
/// since small numbers count something.
fn generic(written: &str) -> bool {
    let words = written.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words = words.map(str::to_lowercase);
    words.all(|word| {
        let is_number = word.len() < MIN_LENGTH && word.bytes().all(|byte| byte.is_ascii_digit());
        is_number || GENERIC.contains(&word.as_str())
    })
}

/// Names of malware and tools, normalised.
fn malware(knowledge: &Knowledge) -> BTreeSet<String> {
    let all = knowledge.software.iter();
    let names = all.flat_map(|one| std::iter::once(&one.name).chain(&one.names));
    names.map(|name| normal(name)).filter(|name| !name.is_empty()).collect()
}

fn says_little(core: &str, names: &[Names], bearers: &[u32], malware: &BTreeSet<String>) -> bool {
    let generic = |at: &u32| names[*at as usize].get(core).is_some_and(|name| name.generic);
    core.chars().count() < MIN_LENGTH || malware.contains(core) || bearers.iter().any(generic)
}

/// A name and who bears it.
struct Borne<'k> {
    core: &'k str,
    bearers: &'k [u32],
    names: &'k [Names],
    knowledge: &'k Knowledge,
}

impl<'k> Borne<'k> {
    /// What it says about two who bear it; nothing about two of one origin.
    fn weight(&self, left: u32, right: u32) -> Option<f64> {
        if self.origin(left) == self.origin(right) {
            return None;
        }
        let (one, other) = (self.name(left)?, self.name(right)?);
        let by_role = match (one.is_main, other.is_main) {
            (true, true) => MAIN_AND_MAIN,
            (false, false) => ALSO_AND_ALSO,
            _ => MAIN_AND_ALSO,
        };
        let spelt = if one.exact.is_disjoint(&other.exact) { BUT_FOR_SUFFIX } else { 1.0 };
        Some(by_role * spelt * self.share(left)? * self.share(right)?)
    }

    /// How much of the name is this actor's within its origin: all of it, if
    /// no other bears it; who is filed under it counts twice.
    fn share(&self, actor: u32) -> Option<f64> {
        let count = |name: &Name| if name.is_main { 2.0 } else { 1.0 };
        let rivals = self.bearers.iter().filter(|rival| self.origin(**rival) == self.origin(actor));
        let all: f64 = rivals.filter_map(|rival| self.name(*rival)).map(count).sum();
        Some(count(self.name(actor)?) / all)
    }

    fn name(&self, actor: u32) -> Option<&'k Name> {
        self.names.get(actor as usize)?.get(self.core)
    }

    fn origin(&self, actor: u32) -> u32 {
        self.knowledge.actors[actor as usize].origin
    }
}

/// What the names in common say about two actors: each its weight and how the
/// left one writes it.
type Hints<'k> = Vec<(f64, &'k str)>;

fn claim(left: &Actor, right: &Actor, hints: &Hints<'_>) -> Option<AliasClaim> {
    let none: f64 = hints.iter().map(|(weight, _)| 1.0 - weight).product();
    let differ = states_differ(left, right);
    // Scaled, not cut: two candidates with many names in common stay apart.
    let weight = MOST * (1.0 - none) * if differ { STATES_DIFFER } else { 1.0 };
    if weight < LEAST || left.id == right.id {
        return None;
    }
    let mut hints = hints.clone();
    hints.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let shown: Vec<&str> = hints.iter().take(MAX_REASONS).map(|(_, written)| *written).collect();
    let more = match hints.len().saturating_sub(MAX_REASONS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let but = if differ { ", but the states named differ" } else { "" };
    let why = format!("both are called {}{more}{but}", shown.join(", "));
    let (left, right) =
        (left.id.clone().min(right.id.clone()), left.id.clone().max(right.id.clone()));
    Some(AliasClaim { left, right, weight, source: SOURCE.to_owned(), why })
}

/// Whether both sides name states, and none in common.
fn states_differ(left: &Actor, right: &Actor) -> bool {
    let states = |actor: &Actor| -> BTreeSet<String> {
        actor.states.iter().map(|claim| claim.country.clone()).collect()
    };
    let (left, right) = (states(left), states(right));
    !left.is_empty() && !right.is_empty() && left.is_disjoint(&right)
}

#[cfg(test)]
mod tests {
    use clarte_model::knowledge::{ActorKind, NameClaim, Origin, Software, StateClaim};

    use super::*;

    /// An actor of an origin: its names, the first its main one, and a state.
    fn base(actors: &[(&str, &[&str], &str)]) -> Knowledge {
        let mut base = Knowledge::default();
        for (id, names, state) in actors {
            let origin = id.chars().next().filter(|c| *c == 'a').map_or(1, |_| 0);
            let claim = |name: &&str| NameClaim { name: (*name).to_owned(), reports: Vec::new() };
            let state = (!state.is_empty()).then(|| StateClaim {
                country: (*state).to_owned(),
                source: String::new(),
                date: None,
                confidence: None,
                reports: Vec::new(),
            });
            base.actors.push(Actor {
                id: (*id).to_owned(),
                kind: ActorKind::Actor,
                name: names[0].to_owned(),
                origin,
                names: names[1..].iter().map(claim).collect(),
                uses: Vec::new(),
                states: state.into_iter().collect(),
                target_countries: Vec::new(),
                target_sectors: Vec::new(),
                first_seen: None,
                last_seen: None,
            });
        }
        for name in ["a", "b"] {
            base.origins.push(Origin { name: name.to_owned(), version: None, notice: None });
        }
        base.software.push(Software {
            id: "S0001".to_owned(),
            name: "OTTERBOT".to_owned(),
            names: Vec::new(),
            is_tool: false,
            uses: Vec::new(),
        });
        base
    }

    /// The weight of the only claim about two actors with these names.
    fn weight(left: &[&str], right: &[&str]) -> f64 {
        let claims = compare_names(&base(&[("a1", left, ""), ("b1", right, "")]));
        assert!(claims.len() < 2);
        claims.first().map_or(0.0, |claim| claim.weight)
    }

    #[test]
    fn spelling_is_no_difference() {
        for (left, right) in [
            ("APT-31", "APT31"),
            ("apt 31", "APT31"),
            ("Sleepy  Otter", "SLEEPY_OTTER"),
            ("\u{c9}toile Noire", "\u{e9}toile noire"),
        ] {
            assert!(weight(&[left], &[right]) > 0.8, "{left}");
        }
        for (left, right) in [("APT31", "APT3"), ("Otter", "Otters"), ("", ""), ("!", "?")] {
            assert!(weight(&[left], &[right]) == 0.0, "{left}");
        }
    }

    #[test]
    fn suffixes_are_left_out_where_the_rest_is_telling() {
        let close = weight(&["Otterish Group"], &["Otterish"]);
        assert!(close > 0.6 && close < weight(&["Otterish Group"], &["Otterish group"]));
        assert!(close == weight(&["Otterish Group"], &["Otterish Team"]));
        for name in ["Cyber Group", "The Team", "X Team"] {
            let rest = name.rsplit_once(' ').unwrap().0;
            assert!(weight(&[name], &[rest]) == 0.0, "{name}");
        }
    }

    #[test]
    fn a_name_weighs_what_it_carries() {
        let main = weight(&["Otterish"], &["Otterish"]);
        let mixed = weight(&["Otterish"], &["Other", "Otterish"]);
        let also = weight(&["One", "Otterish"], &["Other", "Otterish"]);
        assert!(main > mixed && mixed > also && also > 0.4);
        let two = weight(&["One", "Otterish", "Sleepy"], &["Other", "Otterish", "Sleepy"]);
        assert!(two > also && two < MOST);
        for little in ["Otterbot", "Oto", "Group 3", "Unknown Actor"] {
            assert!(weight(&[little], &[little]) < main * 0.6, "{little}");
        }
    }

    #[test]
    fn a_name_of_many_says_little_of_each() {
        let claims = compare_names(&base(&[
            ("a1", &["Otterish"], ""),
            ("a2", &["One", "Otterish"], ""),
            ("b1", &["Otterish"], ""),
            ("b2", &["Other", "Otterish"], ""),
        ]));
        let weights: Vec<f64> = claims.iter().map(|claim| claim.weight).collect();
        assert_eq!(claims.len(), 4);
        assert!(weights[0] < 0.4 && weights[1..].iter().all(|weight| *weight < weights[0] * 0.6));
    }

    #[test]
    fn states_that_differ_lower_it() {
        let of = |one: &str, other: &str| {
            compare_names(&base(&[("a1", &["Otterish"], one), ("b1", &["Otterish"], other)]))
                .remove(0)
        };
        assert!(of("BE", "FR").weight < 0.5 && of("BE", "BE").weight > 0.8);
        assert!(of("", "FR").weight > 0.8);
        assert!(of("BE", "FR").why.ends_with("but the states named differ"));
    }

    #[test]
    fn many_actors_cost_little() {
        let ids: Vec<String> = (0..100_000)
            .map(|at| format!("{}{at:05}", if at % 2 == 0 { 'a' } else { 'b' }))
            .collect();
        for (bearers, claims) in [(100_000, 0), (10, MAX_PAIRS)] {
            let names: Vec<String> =
                (0..ids.len()).map(|at| format!("Otter{}", at / bearers)).collect();
            let names: Vec<[&str; 1]> = names.iter().map(|name| [name.as_str()]).collect();
            let actors: Vec<(&str, &[&str], &str)> =
                ids.iter().zip(&names).map(|(id, names)| (id.as_str(), &names[..], "")).collect();
            let base = base(&actors);
            let found = compare_names(&base);
            assert!(found.len() <= claims, "{}", found.len());
            assert_eq!(found, compare_names(&base));
        }
    }
}
