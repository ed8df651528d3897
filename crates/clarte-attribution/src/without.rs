//! What each part of the evidence does: the same question without it.
//!
//! Reasons, the matrix and the sensitivity are all read from these runs, so that
//! they cannot disagree with the probabilities. Where several parts fill a channel
//! to its cap none changes anything alone; then each is given its share of what
//! the channel says.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::{Change, Matrix, MatrixRow, Reason};
use crate::band::published;
use crate::dependence::counted;
use crate::item::{folded, same_name};
use crate::prepared::Prepared;
use crate::ranking::{Heard, Posterior, posterior};
use crate::{Channel, Group, Item, Reliability};

/// A part of the evidence that can fall away.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    /// A technique's or software's id, or that of the item that says most in its
    /// group.
    pub(crate) id: String,
    pub(crate) channel: Channel,
    pub(crate) says: String,
    which: Which,
    /// The probabilities without it.
    pub(crate) without: Posterior,
    /// By hypothesis: its part of a channel that says all it can, and would without
    /// it.
    of_full: BTreeMap<usize, f64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Which {
    Technique(usize),
    Software(usize),
    Group(usize),
}

/// Moves below this are no reason: a likelihood ratio of 1.05.
const LEAST_MOVE: f64 = 0.05;

/// From here on a row of the matrix is `+` or `-`, and `++` or `--`: ratios of
/// 1.5 and of 10.
const CONSISTENT: f64 = 0.405;
const VERY: f64 = std::f64::consts::LN_10;

/// How many hypotheses the matrix shows.
const COLUMNS: usize = 7;

/// How many reasons on each side, and how many changes, are shown.
const REASONS: usize = 25;
const CHANGES: usize = 25;

/// At most, and where the base is very large at least, this many parts are taken
/// away one by one, the weightiest items before all else, and as many sources.
const MOST_PARTS: usize = 400;
const LEAST_PARTS: usize = 20;

/// About how many comparisons that may take.
const WORK: usize = 20_000_000;

/// Every part of the evidence, with what is left without it. Techniques first,
/// then software, then groups of items.
pub(crate) fn parts(case: &Prepared<'_>) -> Vec<Part> {
    let all = case.all();
    let name = |id: &str| case.names.get(id).copied().unwrap_or_default();
    let mut parts: Vec<NewPart> = Vec::new();
    for (at, (_, id)) in case.techniques.iter().enumerate() {
        let says = format!("{id} {} was used", name(id));
        parts.push((id.clone(), Channel::Techniques, says, Which::Technique(at)));
    }
    for (at, (_, id)) in case.software.iter().enumerate() {
        let says = format!("{id} {} was used", name(id));
        parts.push((id.clone(), Channel::Software, says, Which::Software(at)));
    }
    for (at, group) in case.groups.iter().enumerate() {
        let Some(item) = strongest(case, group) else { continue };
        let says = match group.items.len() {
            1 => item.says.clone(),
            more => format!("{} (and {} more that are one voice with it)", item.says, more - 1),
        };
        parts.push((item.id.clone(), item.channel, says, Which::Group(at)));
    }
    shorten(&mut parts, most(case), |which| match which {
        Which::Group(at) => strongest(case, &case.groups[*at]).map_or(0.0, weight),
        // Likeness is many small things, none of which the answer hangs on.
        Which::Technique(_) | Which::Software(_) => 0.0,
    });
    let without = |which: Which| {
        let mut heard = all.clone();
        match which {
            Which::Technique(at) => heard.seen.techniques[at].1 = 0.0,
            Which::Software(at) => heard.seen.software[at].1 = 0.0,
            Which::Group(at) => {
                case.groups[at].items.iter().for_each(|item| heard.items[*item] = 0.0);
            }
        }
        posterior(case, &heard)
    };
    let mut full = of_full_channels(case);
    let make = |(id, channel, says, which)| {
        let of_full = match which {
            Which::Group(at) => full.remove(&at).unwrap_or_default(),
            _ => BTreeMap::new(),
        };
        Part { id, channel, says, which, without: without(which), of_full }
    };
    parts.into_iter().map(make).collect()
}

/// By group and hypothesis: the group's part of what a channel says that is at
/// its cap. Taken away alone none of its groups would change anything, and the
/// answer would have no reasons.
fn of_full_channels(case: &Prepared<'_>) -> BTreeMap<usize, BTreeMap<usize, f64>> {
    let mut parts: BTreeMap<usize, BTreeMap<usize, f64>> = BTreeMap::new();
    for hypothesis in &case.named {
        let weighed = case.weighed(*hypothesis, |_, ratio| ratio);
        let counted = counted(&weighed.voices, &case.items);
        let mut sums: BTreeMap<Channel, f64> = BTreeMap::new();
        for voice in &counted {
            *sums.entry(case.items[voice.item].channel).or_default() += voice.ratio;
        }
        for voice in &counted {
            let item = &case.items[voice.item];
            let (sum, capped) = (sums[&item.channel], weighed.channels[&item.channel]);
            let is_full = sum.abs() > capped.abs();
            // Another whom nobody can judge would stand in for it.
            if is_full || item.grade.reliability == Reliability::F {
                let share = if is_full { capped / sum } else { 1.0 };
                let of_group = parts.entry(voice.group).or_default();
                *of_group.entry(*hypothesis).or_default() += voice.ratio * share;
            }
        }
    }
    parts
}

/// How many parts are taken away, one by one.
pub(crate) fn most(case: &Prepared<'_>) -> usize {
    (WORK / case.work()).clamp(LEAST_PARTS, MOST_PARTS)
}

/// Keeps the weightiest, in their order.
fn shorten(parts: &mut Vec<NewPart>, most: usize, weight: impl Fn(&Which) -> f64) {
    if parts.len() <= most {
        return;
    }
    let weights: Vec<f64> = parts.iter().map(|part| weight(&part.3)).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|left, right| weights[*right].total_cmp(&weights[*left]));
    let kept: BTreeSet<usize> = order.into_iter().take(most).collect();
    let mut at = 0..;
    parts.retain(|_| at.next().is_some_and(|at| kept.contains(&at)));
}

/// Id, channel, what it says, and which part it is.
type NewPart = (String, Channel, String, Which);

/// The item of a group that says most of anybody; of equals the first.
fn strongest<'a>(case: &'a Prepared<'_>, group: &Group) -> Option<&'a Item> {
    let members = group.items.iter().zip(&group.shares);
    let members = members.filter_map(|(at, share)| Some((case.items.get(*at)?, *share)));
    let most = members.reduce(|most, next| {
        let says = |(item, share): (&Item, f64)| share * weight(item);
        if says(next) > says(most) { next } else { most }
    });
    most.map(|(item, _)| item)
}

/// The most that an item says of anybody.
fn weight(item: &Item) -> f64 {
    let standings = item.supports.iter().chain(&item.opposes);
    standings.map(|standing| standing.strength.ln()).fold(0.0, f64::max) * item.kept()
}

impl Part {
    /// By how much it moves the odds of a hypothesis: positive if it is for it.
    pub(crate) fn moves(&self, now: &Posterior, hypothesis: usize) -> f64 {
        let alone = now.log_odds(hypothesis) - self.without.log_odds(hypothesis);
        let of_full = self.of_full.get(&hypothesis).copied().unwrap_or_default();
        if of_full.abs() > alone.abs() { of_full } else { alone }
    }
}

/// What speaks for a hypothesis and what against, the strongest first.
pub(crate) fn reasons(
    parts: &[Part],
    now: &Posterior,
    hypothesis: usize,
) -> (Vec<Reason>, Vec<Reason>) {
    let (mut supports, mut opposes) = (Vec::new(), Vec::new());
    for part in parts {
        let weight = part.moves(now, hypothesis);
        if weight.abs() >= LEAST_MOVE {
            let (item, channel, says) = (part.id.clone(), part.channel, part.says.clone());
            let side = if weight > 0.0 { &mut supports } else { &mut opposes };
            side.push(Reason { item, channel, says, weight });
        }
    }
    for side in [&mut supports, &mut opposes] {
        side.sort_by(|left, right| right.weight.abs().total_cmp(&left.weight.abs()));
        side.truncate(REASONS);
    }
    (supports, opposes)
}

/// Items by hypotheses.
pub(crate) fn matrix(parts: &[Part], now: &Posterior, ids: &[(usize, String)]) -> Matrix {
    let shown = &ids[..ids.len().min(COLUMNS)];
    let mut inconsistency = vec![0.0; shown.len()];
    let mut rows = Vec::new();
    for part in parts {
        let moves: Vec<f64> = shown.iter().map(|(at, _)| part.moves(now, *at)).collect();
        for (sum, moved) in inconsistency.iter_mut().zip(&moves) {
            *sum += (-moved).max(0.0);
        }
        let cells: Vec<String> = moves.iter().map(|moved| cell(*moved).to_owned()).collect();
        let tells = cells.windows(2).any(|pair| pair[0] != pair[1]);
        rows.push(MatrixRow { item: part.id.clone(), cells, tells });
    }
    Matrix { hypotheses: shown.iter().map(|(_, id)| id.clone()).collect(), rows, inconsistency }
}

fn cell(moved: f64) -> &'static str {
    match moved {
        m if m >= VERY => "++",
        m if m >= CONSISTENT => "+",
        m if m <= -VERY => "--",
        m if m <= -CONSISTENT => "-",
        _ => "0",
    }
}

/// What happens to the first hypothesis if something falls away: a part, or a
/// source with all it says. What changes most comes first.
pub(crate) fn sensitivity(
    case: &Prepared<'_>,
    parts: &[Part],
    now: &Posterior,
    name: impl Fn(usize) -> String,
) -> Vec<Change> {
    let first = now.ranked(case)[0];
    let before = published(now.of(first), case.is_tangible(first, &|_| true));
    let change = |without: String, says: String, left: &Posterior, kept: &dyn Fn(&Item) -> bool| {
        let then = left.ranked(case)[0];
        let band = published(left.of(first), case.is_tangible(first, kept));
        Change {
            without,
            says,
            first: name(then),
            probability: left.of(first),
            band,
            changes_order: then != first,
            changes_band: band != before,
        }
    };
    let mut changes = Vec::new();
    for part in parts {
        let falls = |item: &Item| match part.which {
            Which::Group(at) => {
                !case.groups[at].items.iter().any(|member| case.items[*member].id == item.id)
            }
            _ => true,
        };
        changes.push(change(part.id.clone(), part.says.clone(), &part.without, &falls));
    }
    let mut sources: BTreeMap<String, &str> = BTreeMap::new();
    for item in &case.items {
        let shown = sources.entry(folded(&item.source)).or_insert(&item.source);
        *shown = item.source.as_str().min(shown);
    }
    for source in sources.into_values().take(most(case)) {
        let speaks = |item: &Item| !rests_on(item, source);
        let left = posterior(case, &without_source(case, source));
        let says = format!("everything that {source} says, and what repeats it");
        changes.push(change(format!("source: {source}"), says, &left, &speaks));
    }
    let size = |change: &Change| {
        let (now, then) = (now.of(first), change.probability);
        (change.changes_order, change.changes_band, (now - then).abs())
    };
    changes.sort_by(|left, right| {
        let (left, right) = (size(left), size(right));
        (right.0, right.1).cmp(&(left.0, left.1)).then(right.2.total_cmp(&left.2))
    });
    let matters =
        |change: &Change| size(change).0 || size(change).1 || size(change).2 >= LEAST_CHANGE;
    changes.retain(matters);
    changes.truncate(CHANGES);
    changes
}

/// Changes of probability below this are not told.
const LEAST_CHANGE: f64 = 0.01;

/// Whether a source says it, here or first.
fn rests_on(item: &Item, source: &str) -> bool {
    same_name(&item.source, source) || item.repeats().is_some_and(|who| same_name(who, source))
}

/// All evidence but what one source says, and what repeats it.
fn without_source(case: &Prepared<'_>, source: &str) -> Heard {
    let mut heard = case.all();
    for (item, times) in case.items.iter().zip(&mut heard.items) {
        if rests_on(item, source) {
            *times = 0.0;
        }
    }
    heard
}
