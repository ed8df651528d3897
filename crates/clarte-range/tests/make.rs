//! Making: the same plan gives the same bytes, any size works, and the
//! evidence holds what the truth says can be proven.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod common;

use std::collections::BTreeSet;

use clarte_range::{Plan, RangeError, make};
use common::{Evidence, made, truth_of};

#[test]
fn the_same_plan_gives_the_same_bytes_and_another_seed_others() {
    let plan = Plan { people: 30, days: 14, seed: 6 };
    let (first, second) = (made(&plan), made(&plan));
    let other = made(&Plan { seed: 7, ..plan });
    assert_eq!(common::fingerprints(first.path()), common::fingerprints(second.path()));
    assert_ne!(common::fingerprints(first.path()), common::fingerprints(other.path()));
}

#[test]
fn small_sizes_work_and_impossible_ones_are_refused() {
    for (people, days) in [(3, 1), (5, 10), (5, 1), (9, 3), (12, 7)] {
        for seed in [1, 2, 3] {
            let folder = made(&Plan { people, days, seed });
            let truth = truth_of(folder.path());
            assert!(!truth.victims.is_empty(), "{people} people, {days} days");
            assert!(truth.first_activity <= truth.last_activity);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    for (people, days) in [(2, 10), (10, 0), (u32::MAX, 1)] {
        let plan = Plan { people, days, seed: 1 };
        assert!(matches!(make(&plan, folder.path(), &mut |_, _| {}), Err(RangeError::Plan)));
    }
}

#[test]
fn what_is_there_is_never_written_over() {
    let plan = Plan { people: 5, days: 2, seed: 1 };
    let folder = made(&plan);
    let again = make(&plan, folder.path(), &mut |_, _| {});
    assert!(matches!(again, Err(RangeError::Occupied { .. })));
}

#[test]
fn progress_is_told_day_by_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut heard = Vec::new();
    let plan = Plan { people: 5, days: 3, seed: 1 };
    let made = make(&plan, folder.path(), &mut |done, all| heard.push((done, all))).unwrap();
    assert_eq!(heard, [(0, 3), (1, 3), (2, 3), (3, 3)]);
    assert!(made.files > 5 && made.bytes > 1000);
}

/// Twenty seeds at a modest size: the truth is sane, every provable act stands
/// in a log, every unlogged one in none.
#[test]
fn twenty_seeds_hold_what_their_truth_says() {
    let mut why_not = BTreeSet::new();
    let mut rungs = BTreeSet::new();
    for seed in 1..=20 {
        let folder = made(&Plan { people: 60, days: 20, seed });
        let truth = truth_of(folder.path());
        let evidence = Evidence::read(folder.path());
        for victim in &truth.victims {
            for rung in &victim.rungs {
                why_not.extend(rung.why_not.clone());
                rungs.insert((rung.rung.clone(), rung.provable));
                let found = evidence.showing(victim, rung);
                if rung.provable {
                    assert!(found.is_some(), "seed {seed}: {} {rung:?}", victim.identity);
                }
                let why_not = rung.why_not.as_deref();
                if matches!(why_not, Some("opened from home" | "the proxy wrote no log then")) {
                    assert!(found.is_none(), "seed {seed}: {} {found:?}", victim.identity);
                }
            }
        }
        let unseen = |why: &str| {
            let mut rungs = truth.victims.iter().flat_map(|victim| &victim.rungs);
            rungs.any(|rung| rung.why_not.as_deref() == Some(why))
        };
        assert!(unseen("opened from home"), "seed {seed}");
        assert!(unseen("the proxy wrote no log then"), "seed {seed}");
        assert_eq!(truth.gaps.len(), 1);
        assert!(truth.waves.len() >= 2);
        assert!(!truth.given.is_empty());
        for innocent in &truth.not_victims {
            assert!(truth.victims.iter().all(|victim| victim.identity != innocent.identity));
        }
    }
    for rung in
        ["targeted", "delivered", "opened", "interacted", "compromised", "accessed", "exfiltrated"]
    {
        assert!(rungs.contains(&(rung.to_owned(), true)), "{rung}");
    }
    for why in [
        "opened from home",
        "the proxy wrote no log then",
        "only a DNS query",
        "the host carries beacon and page alike",
        "no token shows which mail they opened",
        "the rejecting line has no year and no message id",
        "the token tells, but nothing tells whose machine",
        "nothing tells whose machine or account it was",
        "the host serves innocent pages too",
        "nothing ties the address to the campaign",
        "a forwarding rule alone leaves it undetermined",
        "the machine sends, and nothing shows who made it",
    ] {
        assert!(why_not.contains(why), "{why} in {why_not:#?}");
    }
}
