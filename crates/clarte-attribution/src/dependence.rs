//! What items have in common, so that one voice counts once.
//!
//! Items that rest on the same mechanism, cite the same report, lead back to the
//! same origin, come from the same vendor in the same channel, or say the same
//! are one group ([`groups`]), transitively. Of a group only the strongest item
//! for an actor and the strongest against it count ([`weigh`]). A share of the
//! rest would be the better guess where items overlap in part; but then whoever
//! repeats himself gains, and a repetition is what is cheapest to make. Here a
//! duplicate changes nothing, exactly.
//!
//! Of sources that nobody could judge (F) nobody knows either that they are
//! several: in each channel, their strongest item for an actor and their strongest
//! against it count ([`weigh`]). Else ten thousand anonymous posts would say as much
//! as a channel can.
//!
//! Circular reporting ([`circles`]): several sources behind whom stands one
//! origin, or who cite each other in a ring.
//!
//! Left out: partial dependence; items whose texts are alike but not the same.

mod origins;
mod union;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::grade::discount;
use crate::item::folded;
use crate::{Channel, Item, Reliability, log_likelihood_ratio};

pub use origins::{Circle, circles};
use origins::{Origin, Origins};
use union::Union;

/// Items that are one voice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The smallest id of its items.
    pub id: String,
    /// Indices of its items, by id.
    pub items: Vec<usize>,
    /// For each of them the share of its weight that counts: less than 1 where it
    /// repeats what is graded worse.
    pub shares: Vec<f64>,
    /// What they have in common, sorted; empty for an item alone.
    pub why: Vec<String>,
}

/// What can tie two items together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    /// A name that somebody gave.
    Id(String),
    Says(Channel, String),
    Mechanism(String),
    Report(String),
    Vendor(Channel, String),
    Origin(Origin),
    /// What an origin says itself, and who repeats it in the same channel.
    Repeated(Channel, Origin),
}

/// The groups of the items, sorted by id: each item is in exactly one. The order
/// of the items never shows but in their indices.
pub fn groups(items: &[Item]) -> Vec<Group> {
    let origins = Origins::of(items);
    let mut tied: BTreeMap<Tie, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        for tie in ties(item, &origins) {
            tied.entry(tie).or_default().push(at);
        }
    }
    let mut union = Union::new(items.len());
    for members in tied.values() {
        members.windows(2).for_each(|pair| union.join(pair[0], pair[1]));
    }
    let mut why: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (tie, members) in tied.iter().filter(|(_, members)| members.len() > 1) {
        let reasons = why.entry(union.root(members[0])).or_default();
        reasons.extend(tie.reason(&origins));
    }
    let mut gathered: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..items.len() {
        gathered.entry(union.root(at)).or_default().push(at);
    }
    let heard = FirstHand::of(items, &origins);
    let mut groups = Vec::with_capacity(gathered.len());
    for (root, mut members) in gathered {
        members.sort_by(|left, right| items[*left].id.cmp(&items[*right].id));
        let id = members.first().map(|at| items[*at].id.clone()).unwrap_or_default();
        let mut why = why.remove(&root).unwrap_or_default();
        why.sort();
        why.dedup();
        let shares = members.iter().map(|at| heard.share(&items[*at], &origins)).collect();
        groups.push(Group { id, items: members, shares, why });
    }
    groups.sort_by(|left, right| left.id.cmp(&right.id));
    groups
}

/// Everything that can tie an item to another.
fn ties(item: &Item, origins: &Origins) -> Vec<Tie> {
    let mut ties = vec![Tie::Id(item.id.clone()), Tie::Says(item.channel, folded(&item.says))];
    ties.extend(item.mechanism.as_deref().map(|what| Tie::Mechanism(folded(what))));
    ties.extend(item.citations.iter().map(|report| Tie::Report(folded(report))));
    ties.extend(item.vendor.as_deref().map(|who| Tie::Vendor(item.channel, folded(who))));
    match origins.behind(item) {
        Some(origin) => {
            ties.push(Tie::Origin(origin));
            ties.push(Tie::Repeated(item.channel, origin));
        }
        None => {
            let own = origins.named(&item.source);
            ties.extend(own.map(|origin| Tie::Repeated(item.channel, origin)));
        }
    }
    ties
}

impl Tie {
    /// Why those whom it ties are one voice, in an English sentence.
    fn reason(&self, origins: &Origins) -> Option<String> {
        match self {
            // Two copies of one item need no reason but the next.
            Self::Id(_) => None,
            Self::Says(channel, _) => Some(format!("they say the same ({})", channel.as_str())),
            Self::Mechanism(what) => Some(format!("they rest on the same mechanism: {what}")),
            Self::Report(report) => Some(format!("they cite the same report: {report}")),
            Self::Vendor(channel, who) => Some(format!(
                "they come from one vendor in one channel: {who}, {}",
                channel.as_str()
            )),
            Self::Origin(origin) | Self::Repeated(_, origin) => {
                Some(format!("they lead back to the same origin: {}", origins.name(*origin)))
            }
        }
    }
}

/// How good is what each origin says itself, by channel.
struct FirstHand(BTreeMap<(Channel, Origin), f64>);

impl FirstHand {
    fn of(items: &[Item], origins: &Origins) -> Self {
        let mut best: BTreeMap<(Channel, Origin), f64> = BTreeMap::new();
        for item in items.iter().filter(|item| item.repeats().is_none()) {
            if let Some(origin) = origins.named(&item.source) {
                let kept = best.entry((item.channel, origin)).or_default();
                *kept = kept.max(discount(item.grade));
            }
        }
        Self(best)
    }

    /// What counts of an item: a repetition is no better than what it repeats,
    /// where that is known.
    fn share(&self, item: &Item, origins: &Origins) -> f64 {
        let origin = origins.behind(item).map(|origin| (item.channel, origin));
        let first = origin.and_then(|origin| self.0.get(&origin));
        let kept = discount(item.grade);
        match first {
            Some(first) if *first < kept => first / kept,
            _ => 1.0,
        }
    }
}

/// What all items together say, each voice once and each channel capped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weighed {
    /// The sum of the channels: a natural logarithm of a likelihood ratio.
    pub total: f64,
    /// What each channel says, after its cap.
    pub channels: BTreeMap<Channel, f64>,
    /// What each group says, those that say nothing left out, before the caps.
    pub voices: Vec<Voice>,
}

/// What one group says, by its strongest item.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Voice {
    /// Index of the group.
    pub group: usize,
    /// Index of the item that speaks for it; one for and one against may.
    pub item: usize,
    /// The natural logarithm of its likelihood ratio.
    pub ratio: f64,
}

/// What `items` say of `actor` together; see [`weigh`].
pub fn combined(items: &[Item], groups: &[Group], actor: &str) -> Weighed {
    weigh(items, groups, |item| log_likelihood_ratio(item, actor))
}

/// Weighs groups of items, where `ratio` gives the natural logarithm of an item's
/// likelihood ratio: that of an actor, or what is left of it under another
/// hypothesis.
///
/// Of each group the strongest item for and the strongest against count, in the
/// channel of that item, a repetition no further than what it repeats is good for;
/// of sources graded F only the strongest group on each side of a channel;
/// then each channel is capped on both sides. Some of the
/// groups alone can be given, to see what the others change.
pub fn weigh(items: &[Item], groups: &[Group], ratio: impl Fn(&Item) -> f64) -> Weighed {
    let mut all = Vec::new();
    for (group, members) in groups.iter().enumerate() {
        for (at, share) in members.items.iter().zip(&members.shares) {
            let Some(item) = items.get(*at) else { continue };
            all.push(Heard { group, item: *at, ratio: share * ratio(item) });
        }
    }
    weigh_heard(items, all.into_iter())
}

/// What one item of a group says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Heard {
    pub(crate) group: usize,
    pub(crate) item: usize,
    pub(crate) ratio: f64,
}

/// The same as [`weigh`], of what is `heard`, by group and in its order.
pub(crate) fn weigh_heard(items: &[Item], heard: impl Iterator<Item = Heard>) -> Weighed {
    let mut voices: Vec<Voice> = Vec::new();
    let mut begins = 0;
    for Heard { group, item, ratio } in heard.filter(|heard| heard.ratio != 0.0) {
        if voices.last().is_none_or(|voice| voice.group != group) {
            begins = voices.len();
        }
        let voice = Voice { group, item, ratio };
        let is_same_side = |voice: &&mut Voice| (voice.ratio > 0.0) == (ratio > 0.0);
        match voices[begins..].iter_mut().find(is_same_side) {
            // Members are sorted by id: of equals the first stays.
            Some(known) if ratio.abs() > known.ratio.abs() => *known = voice,
            Some(_) => {}
            None => voices.push(voice),
        }
    }
    let mut said: BTreeMap<Channel, Vec<f64>> = BTreeMap::new();
    for voice in counted(&voices, items) {
        said.entry(items[voice.item].channel).or_default().push(voice.ratio);
    }
    let channels: BTreeMap<_, _> =
        said.into_iter().map(|(channel, ratios)| (channel, capped(channel, ratios))).collect();
    let total = channels.values().fold(0.0, |sum, ratio| sum + ratio);
    Weighed { total, channels, voices }
}

/// The voices that count: of those whom nobody can judge the strongest of each
/// channel and side, see the module.
pub(crate) fn counted(voices: &[Voice], items: &[Item]) -> Vec<Voice> {
    let mut counted = Vec::new();
    let mut unjudged: BTreeMap<(Channel, bool), Voice> = BTreeMap::new();
    for voice in voices {
        let item = &items[voice.item];
        if item.grade.reliability != Reliability::F {
            counted.push(*voice);
            continue;
        }
        let known = unjudged.entry((item.channel, voice.ratio > 0.0)).or_insert(*voice);
        if voice.ratio.abs() > known.ratio.abs() {
            *known = *voice;
        }
    }
    counted.extend(unjudged.into_values());
    counted
}

/// The sum of a channel's ratios, no further than its cap. Added by size, so that
/// the last bit depends on no order.
fn capped(channel: Channel, mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    let sum: f64 = ratios.iter().sum();
    sum.clamp(-channel.cap(), channel.cap())
}

#[cfg(test)]
mod tests;
