//! Which further evidence would decide between the first two.
//!
//! What the two are said to have used and the other is not can be computed: it
//! is tried out. What other channels would bring cannot, and is named.

use std::collections::BTreeSet;

use crate::Channel;
use crate::answer::Wanted;
use crate::prepared::Prepared;
use crate::profiles::Kind;
use crate::ranking::{Posterior, posterior};

/// How many techniques and pieces of software are tried out, the rarest first,
/// and how many of each are named.
const TRIED: usize = 60;
const NAMED: usize = 3;

/// What moves less decides nothing: a likelihood ratio of 1.05.
const LEAST: f64 = 0.05;

/// The most telling first; channels in which nobody looked before those that
/// would only bring more.
pub(crate) fn would_decide(
    case: &Prepared<'_>,
    now: &Posterior,
    looked_at: &BTreeSet<Channel>,
) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Channel::ALL
        .iter()
        .filter(|channel| !looked_at.contains(channel))
        .filter_map(|channel| {
            let what = looking_for(*channel)?.to_owned();
            Some(Wanted { channel: *channel, what, moves: None })
        })
        .collect();
    let count = case.candidates.len();
    let ranked = now.ranked(case);
    let mut known = ranked.iter().copied().filter(|at| *at < count);
    let (Some(first), Some(second)) = (known.next(), known.next()) else { return wanted };
    let apart = |posterior: &Posterior| {
        let least = f64::MIN_POSITIVE;
        posterior.of(first).max(least).ln() - posterior.of(second).max(least).ln()
    };
    let mut tried = Vec::new();
    for channel in [Channel::Software, Channel::Techniques] {
        let kind = kind(case, channel);
        for thing in telling(kind, case, first, second) {
            let mut heard = case.all();
            match channel {
                Channel::Software => heard.seen.software.push((thing, 1.0)),
                _ => heard.seen.techniques.push((thing, 1.0)),
            }
            let moves = apart(&posterior(case, &heard)) - apart(now);
            tried.push((channel, thing, moves));
        }
    }
    tried.sort_by(|left, right| right.2.abs().total_cmp(&left.2.abs()));
    for channel in [Channel::Software, Channel::Techniques] {
        let telling = tried.iter().filter(|tried| tried.0 == channel && tried.2.abs() >= LEAST);
        for (_, thing, moves) in telling.take(NAMED) {
            let (to, other) = if *moves > 0.0 { (first, second) } else { (second, first) };
            let name = |at: usize| case.candidates[at].name.as_str();
            let id = kind(case, channel).id_of(*thing);
            let what =
                format!("{id}, if seen, would speak for {} against {}", name(to), name(other));
            wanted.push(Wanted { channel, what, moves: Some(*moves) });
        }
    }
    wanted
}

fn kind<'p>(case: &'p Prepared<'_>, channel: Channel) -> &'p Kind {
    match channel {
        Channel::Software => &case.profiles.software,
        _ => &case.profiles.techniques,
    }
}

/// What one of the two is said to have used and the other not, and was not seen:
/// the rarest.
fn telling(kind: &Kind, case: &Prepared<'_>, first: usize, second: usize) -> Vec<u32> {
    let asked = case.techniques.iter().chain(&case.software);
    let seen: BTreeSet<u32> = asked.filter_map(|(_, id)| kind.index_of(id)).collect();
    let mut telling: Vec<u32> = (0u32..)
        .take(kind.actors.len())
        .filter(|thing| kind.is_used_by(*thing, first) != kind.is_used_by(*thing, second))
        .filter(|thing| !seen.contains(thing))
        .collect();
    telling.sort_by_key(|thing| (kind.actors[*thing as usize].len(), *thing));
    telling.truncate(TRIED);
    telling
}

/// What to look for in a channel in which nobody looked.
fn looking_for(channel: Channel) -> Option<&'static str> {
    Some(match channel {
        Channel::Infrastructure => {
            "infrastructure of the campaign that an actor is known to have held at the time: \
             passive DNS, certificates, hosting records"
        }
        Channel::Code => "samples or fragments of code: hashes, keys, build traces, YARA matches",
        Channel::Accounts => {
            "accounts that the campaign registered, paid for or signed in with: \
             the provider's records, by legal request"
        }
        Channel::Victimology => {
            "who was chosen, against who could have been: a list of people with roles"
        }
        Channel::Rhythm => "the times of what was done by hand",
        Channel::Language => "templates, documents and file metadata in the sender's own words",
        Channel::Statements => {
            "what authorities state: a partner's notification, an indictment, a government's \
             attribution, each with its source graded"
        }
        // Those are always asked for by name, above.
        Channel::Techniques | Channel::Software => return None,
    })
}
