//! How much an assessment can be relied on: low, moderate or high, apart from
//! how likely it is (ICD 203 asks that both are never mixed in one phrase).
//!
//! Likelihood says how probable a hypothesis is on what is known; confidence how
//! good and how complete that is. The rule counts three things, each on its own:
//!
//! 1. **Independent channels** in which an item of at least C3 speaks for or
//!    against the hypothesis: as many as can each have a voice of their own.
//! 2. **Sources**: the same with items of sources graded A or B. Reliability alone
//!    is asked beyond C3: what is credible is in the item's weight.
//! 3. **Coverage**: the share of channels that were looked at at all.
//!
//! | | Channels | with A or B | tangible | Coverage |
//! |---|---|---|---|---|
//! | high | 3 or more | 2 or more | 1 or more | ⅔ or more |
//! | moderate | 2 or more | 1 or more | – | ⅓ or more |
//! | low | otherwise | | | |
//!
//! Every count can only grow with another good item, so that none ever lowers
//! confidence. One channel alone is never more than low: what comes through it can
//! be wrong, or made, all at once. The thresholds are the smallest numbers that
//! let one channel, and for *high* also one source, fail without the assessment
//! standing on nothing.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Channel, Group, Item, Reliability};

/// How much an assessment can be relied on, ascending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Thin, unreliable or one-sided information.
    Low,
    /// Plausible and sourced, but not enough to bear a failure.
    Moderate,
    /// Several independent channels of good quality.
    High,
}

/// A confidence with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessed {
    /// How much the assessment can be relied on.
    pub confidence: Confidence,
    /// Channels with a fairly graded item.
    pub channels: Vec<Channel>,
    /// How many of them can each have a voice of their own.
    pub independent: usize,
    /// The same with sources graded A or B alone.
    pub reliable: usize,
    /// The same with tangible items alone.
    pub tangible: usize,
    /// Why, each an English sentence without a final dot.
    pub reasons: Vec<String>,
}

/// What a level of confidence asks for.
struct Asked {
    confidence: Confidence,
    channels: usize,
    reliable: usize,
    tangible: usize,
    coverage: f64,
}

/// The rule; see the table above. The highest level that is met counts.
const RULE: &[Asked] = &[
    Asked {
        confidence: Confidence::High,
        channels: 3,
        reliable: 2,
        tangible: 1,
        coverage: 2.0 / 3.0,
    },
    Asked {
        confidence: Confidence::Moderate,
        channels: 2,
        reliable: 1,
        tangible: 0,
        coverage: 1.0 / 3.0,
    },
];

/// The confidence that items give, of which `speaks` says whether they are for or
/// against the hypothesis at all. `coverage` is the share of channels that were
/// looked at, from 0 to 1; what is no number counts as nothing.
///
/// Items of one group are one voice: a group that reaches into several channels
/// stands for one of them.
pub fn confidence(
    items: &[Item],
    groups: &[Group],
    coverage: f64,
    speaks: impl Fn(&Item) -> bool,
) -> Assessed {
    let mut counted: BTreeSet<Channel> = BTreeSet::new();
    let mut reach = Reach::default();
    for group in groups {
        let mut voice = [0; 3];
        let members = group.items.iter().filter_map(|at| items.get(*at));
        for item in members.filter(|item| item.grade.is_fair() && speaks(item)) {
            counted.insert(item.channel);
            let bit = 1 << item.channel as u16;
            voice[0] |= bit;
            voice[1] |= if item.grade.reliability <= Reliability::B { bit } else { 0 };
            voice[2] |= if item.is_tangible() { bit } else { 0 };
        }
        let [any, reliable, tangible] = voice;
        if any == 0 {
            continue;
        }
        reach.any.push(any);
        reach.reliable.push(reliable);
        reach.tangible.push(tangible);
    }
    let coverage = if coverage.is_finite() { coverage.clamp(0.0, 1.0) } else { 0.0 };
    let mut assessed = Assessed {
        confidence: Confidence::Low,
        channels: counted.into_iter().collect(),
        independent: independent(&reach.any),
        reliable: independent(&reach.reliable),
        tangible: independent(&reach.tangible),
        reasons: Vec::new(),
    };
    let met = RULE.iter().find(|asked| asked.lacks(&assessed, coverage).is_empty());
    assessed.confidence = met.map_or(Confidence::Low, |asked| asked.confidence);
    assessed.reasons = reasons(&assessed, coverage);
    assessed
}

/// Into which channels each group reaches, a bit for each.
#[derive(Default)]
struct Reach {
    any: Vec<u16>,
    reliable: Vec<u16>,
    tangible: Vec<u16>,
}

/// The most channels that can each have a group of their own: the largest
/// matching of channels and groups. By Kőnig's and Hall's theorems it is the
/// smallest, over all sets of channels, of the groups that reach the set and the
/// channels outside it; with nine channels there are 512 sets.
fn independent(reach: &[u16]) -> usize {
    let all = Channel::ALL.len();
    let bound = |set: u16| {
        let groups = reach.iter().filter(|channels| **channels & set != 0).count();
        groups + all - set.count_ones() as usize
    };
    (0..1 << all).map(bound).min().unwrap_or_default()
}

impl Asked {
    /// What is lacking for it.
    fn lacks(&self, found: &Assessed, coverage: f64) -> Vec<String> {
        let mut lacks = Vec::new();
        for (is, asked, what) in [
            (found.independent, self.channels, "independent channels"),
            (found.reliable, self.reliable, "channels with a source graded A or B"),
            (found.tangible, self.tangible, "tangible channels"),
        ] {
            if is < asked {
                lacks.push(format!("{asked} {what} instead of {is}"));
            }
        }
        if coverage < self.coverage {
            let (asked, is) = (percent(self.coverage), percent(coverage));
            lacks.push(format!("{asked} % of channels looked at instead of {is}"));
        }
        lacks
    }
}

fn percent(share: f64) -> u8 {
    // A share: from 0 to 1.
    (share * 100.0).round() as u8
}

fn reasons(found: &Assessed, coverage: f64) -> Vec<String> {
    let names: Vec<_> = found.channels.iter().map(|channel| channel.as_str()).collect();
    let mut reasons = vec![
        match names.as_slice() {
            [] => "no channel has an item graded C3 or better".to_owned(),
            names => format!(
                "independent channels with items graded C3 or better: {} ({})",
                found.independent,
                names.join(", ")
            ),
        },
        format!(
            "of them with a source graded A or B: {}; tangible: {}",
            found.reliable, found.tangible
        ),
        format!("{} % of channels were looked at", percent(coverage)),
    ];
    // The next level up, which the last of the rule is for `low`.
    let next = RULE.iter().rev().find(|asked| asked.confidence > found.confidence);
    if let Some(next) = next {
        let lacks = next.lacks(found, coverage).join(", ");
        reasons.push(format!("{} would need {lacks}", next.confidence));
    }
    reasons
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::groups;

    fn item(channel: Channel, grade: &str, at: usize) -> Item {
        let grade = grade.parse().unwrap();
        Item { grade, ..Item::new(channel, &format!("Says {at}"), &format!("Source {at}")) }
    }

    fn assess(items: &[Item], coverage: f64) -> Assessed {
        confidence(items, &groups(items), coverage, |_| true)
    }

    fn level(items: &[(Channel, &str)], coverage: f64) -> Confidence {
        let items: Vec<_> = items
            .iter()
            .enumerate()
            .map(|(at, (channel, grade))| item(*channel, grade, at))
            .collect();
        assess(&items, coverage).confidence
    }

    #[test]
    fn follows_the_rule() {
        use Channel::{Accounts, Code, Language, Rhythm, Statements, Techniques};
        let three = [(Code, "B2"), (Accounts, "C3"), (Statements, "A1")];
        assert_eq!(level(&three, 0.7), Confidence::High);
        assert_eq!(level(&three, 0.5), Confidence::Moderate);
        assert_eq!(level(&three, 0.1), Confidence::Low);
        assert_eq!(level(&three, f64::NAN), Confidence::Low);
        // What is not tangible never makes it high, one channel never moderate.
        assert_eq!(
            level(&[(Techniques, "A1"), (Language, "A1"), (Rhythm, "A1")], 1.0),
            Confidence::Moderate
        );
        assert_eq!(level(&[(Code, "A1"), (Code, "A1"), (Code, "A1")], 1.0), Confidence::Low);
        // Nobody's word is no channel, and so many C are no B.
        assert_eq!(
            level(&[(Code, "F6"), (Accounts, "A6"), (Statements, "F1")], 1.0),
            Confidence::Low
        );
        assert_eq!(level(&[(Code, "C1"), (Accounts, "C1"), (Rhythm, "C1")], 1.0), Confidence::Low);
    }

    #[test]
    fn one_voice_in_three_channels_is_one() {
        let channels = [Channel::Code, Channel::Accounts, Channel::Statements];
        let mut items: Vec<_> =
            channels.iter().enumerate().map(|(at, channel)| item(*channel, "A1", at)).collect();
        items.iter_mut().for_each(|item| item.citations = vec!["one report".to_owned()]);
        let found = assess(&items, 1.0);
        assert_eq!((found.independent, found.channels.len()), (1, 3));
        assert_eq!(found.confidence, Confidence::Low);
        // It stands for the channel that nobody else speaks in.
        items.push(item(Channel::Code, "A1", 9));
        assert_eq!(assess(&items, 1.0).independent, 2);
    }

    #[test]
    fn tells_what_the_next_level_needs() {
        let found = assess(&[item(Channel::Code, "B2", 0)], 0.5);
        assert_eq!(
            found.reasons,
            [
                "independent channels with items graded C3 or better: 1 (code)",
                "of them with a source graded A or B: 1; tangible: 1",
                "50 % of channels were looked at",
                "moderate would need 2 independent channels instead of 1",
            ]
        );
    }

    proptest! {
        #[test]
        fn another_good_item_never_lowers_it(
            drawn in proptest::collection::vec((0..9usize, 0..6usize, 1..=6u8, 0..3u8), 0..10),
            (channel, reliability, credibility) in (0..9usize, 0..3usize, 1..=3u8),
            (coverage, gained) in (0.0..=1.0, 0.0..=1.0),
        ) {
            let grade = |letter: usize, digit: u8| format!("{}{digit}", ["A", "B", "C", "D", "E", "F"][letter]);
            let mut items: Vec<_> = drawn.iter().enumerate().map(|(at, (channel, letter, digit, report))| {
                let mut item = item(Channel::ALL[*channel], &grade(*letter, *digit), at);
                item.citations = if *report > 0 { vec![format!("r{report}")] } else { vec![] };
                item
            }).collect();
            let before = assess(&items, coverage);
            items.push(item(Channel::ALL[channel], &grade(reliability, credibility), 99));
            let after = assess(&items, f64::max(coverage, gained));
            prop_assert!(after.confidence >= before.confidence);
            prop_assert!(after.independent >= before.independent && after.reliable >= before.reliable);
        }

        #[test]
        fn order_never_shows((items, shuffled) in proptest::collection::vec((0..9usize, 0..3u8), 0..8)
            .prop_map(|drawn| drawn.iter().enumerate().map(|(at, (channel, report))| {
                let item = item(Channel::ALL[*channel], "B2", at);
                Item { citations: vec![format!("r{report}")], ..item }
            }).collect::<Vec<_>>())
            .prop_flat_map(|items| (Just(items.clone()), Just(items).prop_shuffle())))
        {
            prop_assert_eq!(assess(&items, 0.7), assess(&shuffled, 0.7));
        }
    }
}
