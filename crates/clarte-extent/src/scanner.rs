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

/// One contact, and whose mails it may concern, with their delivery.
pub(crate) struct Fetch<'a> {
    pub(crate) client: &'a str,
    pub(crate) time: Option<Timestamp>,
    pub(crate) mails: Vec<(&'a str, Option<Timestamp>)>,
}

/// The clients that are scanners.
pub(crate) fn find<'a>(fetches: impl Iterator<Item = Fetch<'a>>) -> BTreeSet<String> {
    #[derive(Default)]
    struct Habit<'a> {
        fetches: u32,
        fast: u32,
        recipients: BTreeSet<&'a str>,
    }
    let mut habits: BTreeMap<&str, Habit<'_>> = BTreeMap::new();
    for fetch in fetches {
        let habit = habits.entry(fetch.client).or_default();
        habit.fetches += 1;
        let quick = fetch.mails.iter().filter(|(_, delivered)| is_fast(*delivered, fetch.time));
        let mut any = false;
        for (recipient, _) in quick {
            habit.recipients.insert(recipient);
            any = true;
        }
        habit.fast += u32::from(any);
    }
    let scanners = habits.into_iter().filter(|(client, habit)| {
        let most = habit.fast * 2 >= habit.fetches;
        let all = habit.fast == habit.fetches;
        !client.is_empty()
            && (habit.recipients.len() >= 3 && most || habit.recipients.len() == 2 && all)
    });
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
        Fetch { client, time: at(seconds), mails: vec![(recipient, at(delivered))] }
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
            fetch("nat", 3_000, "a", 0),
            fetch("nat", 5_000, "b", 10),
            fetch("nat", 7_000, "c", 20),
        ];
        assert_eq!(find(fetches.into_iter()), BTreeSet::from(["gateway".to_owned()]));
    }
}
