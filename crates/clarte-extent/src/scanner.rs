//! Tells scanners and gateways from readers.
//!
//! A scanner fetches for everyone within seconds of delivery. A client is one
//! if most of its contacts follow a delivery that fast and concern several
//! recipients. All that it does is then set aside, the late contacts too.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::Timestamp;

/// Seconds after delivery within which a person hardly ever opens a mail, but
/// a scanner does.
const FAST: i64 = 60;

/// Seconds by which a queue's delays differ.
const STEADY: i64 = 180;

/// Seconds within which nobody reads several people's mail.
const BURST: i64 = 90;

/// Seconds after which a scanner's queue has passed on a mail.
const QUEUE: i64 = 900;

/// The part of all deliveries that a client must have followed to be taken for
/// a scanner where tokens do not show which ones it followed.
const SHARE: f64 = 0.3;

/// One contact, and the deliveries that it may follow.
pub(crate) struct Fetch<'a> {
    pub(crate) client: &'a str,
    pub(crate) time: Option<Timestamp>,
    /// Whether it shows an individual token, so that it follows one delivery
    /// for certain.
    pub(crate) individual: bool,
    /// The recipients of the mails with that reference, with their delivery.
    pub(crate) mails: Vec<(&'a str, Option<Timestamp>)>,
    /// How many mails refer to the host.
    pub(crate) all_mails: usize,
    /// Whether the client is known to be one person's.
    pub(crate) known_person: bool,
}

/// What a client did.
#[derive(Default)]
struct Habit<'a> {
    fetches: u32,
    fast: u32,
    /// Recipients whose token it fetched right after delivery.
    exact: BTreeSet<&'a str>,
    /// Of each recipient whose token it fetched, the shortest delay in seconds.
    delays: BTreeMap<&'a str, i64>,
    /// Recipients after whose delivery it contacted the host, at most one for
    /// each contact: in a wave of many mails every contact follows some.
    likely: BTreeSet<&'a str>,
    /// Every fetch of an individual reference: second and recipient.
    bursts: BTreeSet<(i64, &'a str)>,
    all_mails: usize,
    known_person: bool,
}

impl Habit<'_> {
    fn is_scanner(&self) -> bool {
        let most = self.fast * 2 >= self.fetches;
        let all = self.fast == self.fetches;
        let everyone = self.likely.len() as f64 >= SHARE * self.all_mails as f64;
        most && self.exact.len() >= 3
            // Of a known person it can be said that it was them.
            || !self.known_person && (self.is_steady() || self.is_burst())
            || all && self.exact.len() == 2
            || most && self.likely.len() >= 3 && everyone
    }

    /// Whether it fetches those of several recipients in one go: an analyst's
    /// sandbox or a late scan, not readers.
    fn is_burst(&self) -> bool {
        let all: Vec<_> = self.bursts.iter().collect();
        all.iter().enumerate().any(|(at, (begin, _))| {
            let near = all[at..].iter().take_while(|(second, _)| second - begin <= BURST);
            near.take(64).map(|(_, who)| who).collect::<BTreeSet<_>>().len() >= 3
        })
    }

    /// Whether it fetches everyone's after nearly the same delay: a queue, not
    /// people.
    fn is_steady(&self) -> bool {
        let (Some(least), Some(most)) = (self.delays.values().min(), self.delays.values().max())
        else {
            return false;
        };
        self.delays.len() >= 3 && *least >= -30 && *most <= QUEUE && most - least <= STEADY
    }
}

/// The clients that are scanners.
pub(crate) fn find<'a>(fetches: impl Iterator<Item = Fetch<'a>>) -> BTreeSet<String> {
    let mut habits: BTreeMap<&str, Habit<'_>> = BTreeMap::new();
    for fetch in fetches {
        let habit = habits.entry(fetch.client).or_default();
        habit.fetches += 1;
        habit.all_mails = habit.all_mails.max(fetch.all_mails);
        habit.known_person |= fetch.known_person;
        let latest = fetch.mails.iter().max_by_key(|(_, delivered)| *delivered);
        if fetch.individual
            && let (Some((recipient, Some(delivered))), Some(time)) = (latest, fetch.time)
        {
            let delay = time.seconds() - delivered.seconds();
            habit.bursts.insert((time.seconds(), recipient));
            let known = habit.delays.entry(recipient).or_insert(delay);
            *known = delay.min(*known);
        }
        let followed = fetch.mails.iter().filter(|(_, delivered)| is_fast(*delivered, fetch.time));
        let Some((recipient, _)) = followed.max_by_key(|(_, delivered)| *delivered) else {
            continue;
        };
        habit.fast += 1;
        let kind = if fetch.individual { &mut habit.exact } else { &mut habit.likely };
        kind.insert(recipient);
    }
    let scanners =
        habits.into_iter().filter(|(client, habit)| !client.is_empty() && habit.is_scanner());
    scanners.map(|(client, _)| client.to_owned()).collect()
}

/// Whether a contact follows a delivery faster than people do. Clocks may
/// disagree by some seconds.
pub(crate) fn is_fast(delivered: Option<Timestamp>, time: Option<Timestamp>) -> bool {
    let (Some(delivered), Some(time)) = (delivered, time) else { return false };
    delivered.plus_seconds(-30) <= time && time <= delivered.plus_seconds(FAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Option<Timestamp> {
        Timestamp::from_seconds(1_700_000_000 + seconds)
    }

    fn fetch<'a>(client: &'a str, seconds: i64, recipient: &'a str, delivered: i64) -> Fetch<'a> {
        let mails = vec![(recipient, at(delivered))];
        Fetch {
            client,
            time: at(seconds),
            individual: true,
            mails,
            all_mails: 3,
            known_person: false,
        }
    }

    #[test]
    fn a_reader_who_is_quick_within_a_great_wave_is_no_scanner() {
        let names: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        let wave: Vec<_> = (0..100).map(|n| (names[n].as_str(), at(n as i64 * 5))).collect();
        let seen = |client, seconds| Fetch {
            client,
            time: at(seconds),
            individual: false,
            mails: wave
                .iter()
                .filter(|(_, delivered)| *delivered <= at(seconds))
                .copied()
                .collect(),
            all_mails: 100,
            known_person: false,
        };
        let reader = [60, 61, 200, 400].map(|seconds| seen("reader", seconds));
        let gateway = (0..100).map(|n| seen("gateway", n * 5 + 2));
        assert_eq!(find(gateway.chain(reader)), BTreeSet::from(["gateway".to_owned()]));
    }

    #[test]
    fn who_fetches_for_everyone_at_once_is_a_scanner_and_a_quick_reader_is_not() {
        let fetches = [
            fetch("gateway", 2, "a", 0),
            fetch("gateway", 12, "b", 10),
            fetch("gateway", 25, "c", 20),
            fetch("gateway", 9_000, "c", 20),
            fetch("ws-a", 30, "a", 0),
            fetch("ws-a", 4_000, "a", 0),
            fetch("sandbox", 90_000, "a", 0),
            fetch("sandbox", 90_009, "b", 10),
            fetch("sandbox", 90_018, "c", 20),
            fetch("queue", 300, "a", 0),
            fetch("queue", 340, "b", 10),
            fetch("queue", 420, "c", 20),
            fetch("nat", 3_000, "a", 0),
            fetch("nat", 5_000, "b", 10),
            fetch("nat", 7_000, "c", 20),
        ];
        let scanners = ["gateway", "queue", "sandbox"].map(str::to_owned);
        assert_eq!(find(fetches.into_iter()), BTreeSet::from(scanners));
    }
}
