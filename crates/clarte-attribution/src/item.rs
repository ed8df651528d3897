//! An item of evidence: what somebody says or found, graded, dated, and for or
//! against actors.
//!
//! What an item says of an actor is a likelihood ratio: how much better it fits
//! if that actor did it than if another did ([`log_likelihood_ratio`]), from
//! its strength by the verbal scale of `strength.rs`.
//!
//! Left out: the caps of channels, and what items have in common
//! ([`dependence`](crate::dependence)).

use std::collections::BTreeMap;

use clarte_model::Dated;
use clarte_model::record::Hasher;
use serde::{Deserialize, Serialize};

use crate::grade::discount;
use crate::{Channel, Forgery, Grade, Link, Responsibility, Strength};

/// An item of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its stable name: see [`Item::id_of`], or as given.
    pub id: String,
    /// Where it comes from.
    pub channel: Channel,
    /// What it says, in one English sentence without a final dot.
    pub says: String,
    /// Who says it here.
    pub source: String,
    /// Who said it first, if that is somebody else.
    pub origin: Option<String>,
    /// Whose product or sensors it comes from.
    pub vendor: Option<String>,
    /// What it rests on, such as a certificate's hash: two items that rest on the
    /// same are one.
    pub mechanism: Option<String>,
    /// When what it says took place.
    pub date: Option<Dated>,
    /// When the link that it rests on held.
    pub held: Option<Held>,
    /// The reports that it cites.
    pub citations: Vec<String>,
    /// How reliable the source and how credible what it says.
    pub grade: Grade,
    /// What it would cost to forge.
    pub forgery: Forgery,
    /// The share of actors of whom the same would be seen, from 0 to 1.
    pub prevalence: Option<f64>,
    /// What kind of shared infrastructure it is about.
    pub shared: Option<SharedUse>,
    /// The actors that it speaks for, by id or name.
    pub supports: Vec<Standing>,
    /// The actors that it speaks against.
    pub opposes: Vec<Standing>,
    /// What it says of an entity or a state.
    pub states: Vec<StateAssertion>,
    /// Ids of the findings that it comes from.
    pub findings: Vec<String>,
}

/// Whom an item speaks for or against, and how strongly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The actor's id in the base of knowledge, or a name; `unknown` for an
    /// actor that is not in the base.
    pub actor: String,
    /// How strongly, before anything is taken off.
    pub strength: Strength,
}

/// From when to when a link held, both ends included as far as they are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// `None`: since ever.
    pub from: Option<Dated>,
    /// `None`: until now.
    pub until: Option<Dated>,
}

/// Infrastructure that many use, so that meeting an actor there says little.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SharedUse {
    /// A provider's server with many customers.
    Hosting,
    /// A relay: somebody else's router, a proxy, an exit.
    Relay,
    /// A parked domain.
    Parked,
    /// A content delivery network.
    Cdn,
    /// Taken over by defenders.
    Sinkhole,
}

/// What an item says of who is behind a group. Which of group, entity and state
/// are named says which joint of the chain it speaks to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateAssertion {
    /// The group, by id or name.
    pub group: Option<String>,
    /// The unit or contractor.
    pub entity: Option<String>,
    /// Which of both the entity is.
    pub entity_kind: Option<EntityKind>,
    /// The state: ISO 3166-1 alpha-2 code.
    pub state: Option<String>,
    /// The step of the spectrum that it shows.
    pub step: Option<Responsibility>,
    /// The link in law that it shows.
    pub link: Option<Link>,
    /// Whether it says that this is not so.
    #[serde(default)]
    pub denies: bool,
}

/// What kind of entity stands between a group and a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    /// Part of the state: a service, a bureau, a unit.
    Unit,
    /// A company or person that works for it.
    Contractor,
}

/// What `item` says of `actor` (an id or a name, compared without regard to
/// case): the natural logarithm of its likelihood ratio, positive if it speaks
/// for the actor, zero if it says nothing of it.
///
/// In this order: the strength by the verbal scale; in support, no more than
/// one over the prevalence, as what every second actor shows cannot do more than
/// double the odds; then what the grade leaves, and, of the link it rests on,
/// shared use and whether it held at the time. Strengths for and against the same
/// actor cancel each other.
pub fn log_likelihood_ratio(item: &Item, actor: &str) -> f64 {
    ratio(item, strongest(&item.supports, actor), strongest(&item.opposes, actor))
}

/// The same of everybody whom the item names, where names are ids that need no
/// folding.
pub(crate) fn ratios(item: &Item) -> BTreeMap<&str, f64> {
    let mut strengths: BTreeMap<&str, [Strength; 2]> = BTreeMap::new();
    for (side, standings) in [&item.supports, &item.opposes].into_iter().enumerate() {
        for standing in standings {
            let known = strengths.entry(&standing.actor).or_insert([Strength::NONE; 2]);
            known[side] = known[side].larger(standing.strength);
        }
    }
    strengths
        .into_iter()
        .map(|(actor, [supports, opposes])| (actor, ratio(item, supports, opposes)))
        .collect()
}

fn ratio(item: &Item, supports: Strength, opposes: Strength) -> f64 {
    let bound = item.prevalence.filter(|share| *share > 0.0).map(|share| -share.min(1.0).ln());
    let supports = supports.ln().min(bound.unwrap_or(f64::INFINITY));
    (supports - opposes.ln()) * item.kept()
}

/// The greatest strength that the list gives an actor.
fn strongest(standings: &[Standing], actor: &str) -> Strength {
    let named = standings.iter().filter(|standing| same_name(&standing.actor, actor));
    named.fold(Strength::NONE, |most, standing| most.larger(standing.strength))
}

/// Whether two names are written alike, but for case and space.
pub(crate) fn same_name(left: &str, right: &str) -> bool {
    let is_plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain(left) && is_plain(right) {
        return left.eq_ignore_ascii_case(right);
    }
    letters(left).eq(letters(right))
}

/// A name as it is compared.
pub(crate) fn folded(name: &str) -> String {
    letters(name).collect()
}

/// A name in small letters, with one space between words.
fn letters(name: &str) -> impl Iterator<Item = char> {
    let spaced = |(at, word)| (at > 0).then_some(' ').into_iter().chain(str::chars(word));
    name.split_whitespace().enumerate().flat_map(spaced).flat_map(char::to_lowercase)
}

impl Item {
    /// An item of which nothing more is known: ungraded, undated, for nobody.
    pub fn new(channel: Channel, says: &str, source: &str) -> Self {
        Self {
            id: Self::id_of(channel, says, source),
            channel,
            says: says.to_owned(),
            source: source.to_owned(),
            origin: None,
            vendor: None,
            mechanism: None,
            date: None,
            held: None,
            citations: Vec::new(),
            grade: Grade::UNGRADED,
            forgery: channel.forgery(),
            prevalence: None,
            shared: None,
            supports: Vec::new(),
            opposes: Vec::new(),
            states: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The id of what `source` says in a channel. It depends neither on grades
    /// nor on strengths, so that a decision about an item survives a new grade.
    pub fn id_of(channel: Channel, says: &str, source: &str) -> String {
        let mut hash = Hasher::default();
        for part in [channel.as_str(), &folded(says), &folded(source)] {
            hash.write(part.as_bytes());
            hash.write(&[0]);
        }
        format!("i-{:032x}", hash.finish())
    }

    /// Whether it is something that somebody had to hold: infrastructure, code or
    /// an account, not shared with strangers, held at the time as far as that is
    /// known (of infrastructure it has to be), graded C3 or better; or a statement
    /// at first hand graded A or B and 1 or 2.
    pub fn is_tangible(&self) -> bool {
        match self.channel {
            Channel::Statements => self.grade.is_good() && self.repeats().is_none(),
            channel => {
                let is_own = self.shared.is_none() && self.timeliness() > UNDATED;
                channel.is_tangible() && is_own && self.grade.is_fair()
            }
        }
    }

    /// Whom it repeats: its origin, if that is somebody else than its source. A
    /// good name does not make better what it repeats.
    pub fn repeats(&self) -> Option<&str> {
        let origin = self.origin.as_deref().filter(|name| !name.trim().is_empty())?;
        (!same_name(origin, &self.source)).then_some(origin)
    }

    /// Whether it is a tangible link to `actor` that, after everything is taken
    /// off, still says at least as much as a plain *weak* item: what may lift a
    /// published band above *roughly even chance*.
    pub fn is_tangible_for(&self, actor: &str) -> bool {
        self.is_tangible() && log_likelihood_ratio(self, actor) >= Strength::WEAK.ln()
    }

    /// What grade, shared use and time leave of its weight, from 0 to 1.
    pub fn kept(&self) -> f64 {
        let shared = self.shared.map_or(1.0, SharedUse::kept);
        discount(self.grade) * shared * self.timeliness()
    }

    /// What is kept by when it took place and when the link held.
    fn timeliness(&self) -> f64 {
        // A time without ends says no more than none.
        let held = self.held.filter(|held| held.from.is_some() || held.until.is_some());
        match (self.date, held) {
            (Some(date), Some(held)) => {
                if held.contains(date) {
                    1.0
                } else {
                    OUTSIDE
                }
            }
            // An address says whose it was only with a time.
            _ if self.channel == Channel::Infrastructure => UNDATED,
            _ => 1.0,
        }
    }
}

/// What is kept of a link outside the time when it held: somebody else may have
/// it now. Not nothing, as the ends of such times are when somebody looked.
const OUTSIDE: f64 = 0.1;

/// What is kept of infrastructure where nobody says when it was whose.
const UNDATED: f64 = 0.5;

impl Held {
    /// Whether `date` may lie inside, as far as all three are known: a year is
    /// inside if any day of it is.
    pub fn contains(self, date: Dated) -> bool {
        let is_before = |left: Dated, right: Dated| {
            // Only what both know can be compared.
            let (left, right) = (left.to_string(), right.to_string());
            let known = left.len().min(right.len());
            left.get(..known) < right.get(..known)
        };
        !self.from.is_some_and(|from| is_before(date, from))
            && !self.until.is_some_and(|until| is_before(until, date))
    }
}

impl SharedUse {
    /// What is kept of the weight of meeting an actor there, from 0 to 1: less
    /// the more strangers can be met, and nothing where the owner is a defender.
    pub fn kept(self) -> f64 {
        match self {
            Self::Hosting | Self::Relay => 0.25,
            Self::Parked | Self::Cdn => 0.1,
            Self::Sinkhole => 0.0,
        }
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hosting => "hosting",
            Self::Relay => "relay",
            Self::Parked => "parked",
            Self::Cdn => "cdn",
            Self::Sinkhole => "sinkhole",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn item(grade: &str, strength: Strength) -> Item {
        let actor = "Blue Heron".to_owned();
        Item {
            grade: grade.parse().unwrap(),
            supports: vec![Standing { actor, strength }],
            ..Item::new(Channel::Code, "The key is the same", "Lab")
        }
    }

    fn ratio(item: &Item) -> f64 {
        log_likelihood_ratio(item, " blue  heron").exp()
    }

    fn at(date: &str) -> Option<Dated> {
        Some(Dated::parse(date).unwrap())
    }

    #[test]
    fn words_are_decades() {
        let close = |left: f64, right: f64| (left / right - 1.0).abs() < 1e-9;
        for ((word, strength), least) in Strength::WORDS.iter().zip([1.0, 10.0, 100.0, 1000.0]) {
            let found = ratio(&item("A1", *strength));
            assert!(least < found && found < least * 10.0, "{word}: {found}");
            assert_eq!((strength.as_str(), Strength::word(word)), (*word, Some(*strength)));
        }
        assert!(close(ratio(&item("A1", Strength::new(1.0).unwrap())), 10_000.0));
        // Whatever an ungraded item claims, it weighs at most a plain weak one.
        let most = ratio(&item("F6", Strength::new(1.0).unwrap()));
        assert!(close(most, ratio(&item("A1", Strength::WEAK))), "{most}");
        assert_eq!(ratio(&item("E5", Strength::CONCLUSIVE)), 1.0);
    }

    #[test]
    fn says_nothing_of_others_and_the_contrary_of_whom_it_opposes() {
        let supports = item("B2", Strength::STRONG);
        assert_eq!(log_likelihood_ratio(&supports, "Red Heron"), 0.0);
        let opposes = Item {
            supports: vec![],
            opposes: supports.supports.clone(),
            ..item("B2", Strength::WEAK)
        };
        let sum = log_likelihood_ratio(&opposes, "Blue Heron") + ratio(&supports).ln();
        assert!(sum.abs() < 1e-9);
    }

    #[test]
    fn what_many_show_says_little() {
        let common = Item { prevalence: Some(0.5), ..item("A1", Strength::CONCLUSIVE) };
        assert!((ratio(&common) - 2.0).abs() < 1e-9);
        let all = Item { prevalence: Some(1.0), ..item("A1", Strength::CONCLUSIVE) };
        assert_eq!(ratio(&all), 1.0);
    }

    #[test]
    fn infrastructure_counts_at_the_time_it_was_held() {
        let held = |from, until| Some(Held { from: at(from), until: at(until) });
        let server = |date: Option<Dated>, held| {
            let channel = Channel::Infrastructure;
            Item { channel, date, held, ..item("A1", Strength::STRONG) }
        };
        let inside = server(at("2021-01-06"), held("2020-11", "2021"));
        let outside = server(at("2022-01"), held("2020-11", "2021"));
        let undated = server(None, held("2020-11", "2021"));
        assert!(ratio(&inside) > ratio(&undated) && ratio(&undated) > ratio(&outside));
        assert!(inside.is_tangible() && !undated.is_tangible() && !outside.is_tangible());
        let cdn = Item { shared: Some(SharedUse::Cdn), ..inside.clone() };
        assert!(ratio(&cdn) < ratio(&undated) && !cdn.is_tangible_for("Blue Heron"));
        assert!(inside.is_tangible_for("Blue Heron") && !inside.is_tangible_for("Red Heron"));
    }

    #[test]
    fn dates_are_compared_as_far_as_they_are_known() {
        let held = Held { from: at("2020-06"), until: at("2021-03-04") };
        for (date, expected) in [
            ("2020", true),
            ("2020-05", false),
            ("2020-06-01", true),
            ("2021-03", true),
            ("2021-03-05", false),
            ("2022", false),
        ] {
            assert_eq!(held.contains(at(date).unwrap()), expected, "{date}");
        }
        assert!(Held::default().contains(at("1999").unwrap()));
    }

    #[test]
    fn statements_are_tangible_by_their_grade() {
        let statement =
            |grade| Item { channel: Channel::Statements, ..item(grade, Strength::STRONG) };
        assert!(statement("B2").is_tangible() && statement("A1").is_tangible());
        assert!(!statement("B3").is_tangible() && !statement("C1").is_tangible());
        assert!(!statement("A6").is_tangible() && !statement("F1").is_tangible());
        let repeated = |origin: &str| Item { origin: Some(origin.into()), ..statement("A1") };
        assert!(!repeated("Service").is_tangible() && repeated("lab").is_tangible());
        let habit = Item { channel: Channel::Techniques, ..item("A1", Strength::STRONG) };
        assert!(!habit.is_tangible());
    }

    proptest! {
        #[test]
        fn nothing_taken_off_ever_adds(
            strength in 0.0..=1.0,
            prevalence in proptest::option::of(0.0..=1.0),
            letter in 0usize..6,
            digit in 1u8..=6,
        ) {
            let grade = format!("{}{digit}", ["A", "B", "C", "D", "E", "F"][letter]);
            let strength = Strength::new(strength).unwrap();
            let found = log_likelihood_ratio(&Item { prevalence, ..item(&grade, strength) }, "blue heron");
            prop_assert!((0.0..=strength.ln()).contains(&found));
        }
    }
}
