//! Whatever a file of items holds: it is read, and everything that is asked of
//! items answers, soon.

use std::time::{Duration, Instant};

use clarte_attribution::{circles, combined, confidence, groups, items_file, ladder};
use proptest::prelude::*;

const EXAMPLE: &[u8] = include_bytes!("../../../docs/guides/examples/items.toml");

/// Asks everything, and checks what holds for all answers.
fn ask(bytes: &[u8]) {
    let file = items_file::read(bytes);
    for fault in &file.faults {
        assert!(fault.offset + fault.length <= bytes.len() as u64, "{fault:?}");
    }
    let items = &file.items;
    let groups = groups(items);
    let grouped: usize = groups.iter().map(|group| group.items.len()).sum();
    assert_eq!(grouped, items.len(), "an item in no group, or in two");
    let actors = items.iter().flat_map(|item| item.supports.iter().chain(&item.opposes));
    for actor in actors.take(200) {
        let weighed = combined(items, &groups, &actor.actor);
        assert!(weighed.total.is_finite());
        assert!(weighed.channels.iter().all(|(channel, ratio)| ratio.abs() <= channel.cap()));
    }
    circles(items);
    ladder(items, &[]);
    confidence(items, &groups, 1.0, |_| true);
}

/// The same of what must not take long.
fn ask_soon(what: &str, text: &str) {
    let start = Instant::now();
    ask(text.as_bytes());
    let taken = start.elapsed();
    assert!(taken < Duration::from_secs(60), "{what}: {taken:?}");
}

#[test]
fn large_files_answer_soon() {
    let head = |at: usize| {
        format!("[[item]]\nchannel = 'code'\nsays = 's{at}'\nsource = 'S{at}'\ngrade = 'B2'\n")
    };
    let list = |count: usize, one: &dyn Fn(usize) -> String| -> String {
        (0..count).map(one).collect::<Vec<_>>().join(", ")
    };
    let ring: String =
        (0..10_000).map(|at| format!("{}origin = 'S{}'\n", head(at), (at + 1) % 10_000)).collect();
    ask_soon("a ring of sources", &ring);
    let actor = |at: usize| format!("{{ actor = 'A{at}', strength = 'weak' }}");
    let actors: String =
        (0..400).map(|at| format!("{}for = [{}]\n", head(at), list(1000, &actor))).collect();
    ask_soon("a thousand actors an item", &actors);
    let report = |at: usize| format!("'r{at}'");
    let reports: String = (0..60)
        .map(|at| format!("{}citations = [{}]\n", head(at), list(20_000, &report)))
        .collect();
    ask_soon("thousands of citations", &reports);
    let state = |at: usize| {
        let state = [b'A' + (at / 26 % 26) as u8, b'A' + (at % 26) as u8];
        let state = String::from_utf8_lossy(&state);
        format!("{{ group = 'G{}', entity = 'E', state = '{state}', link = '8' }}", at / 10)
    };
    let states: String =
        (0..60).map(|at| format!("{}states = [{}]\n", head(at), list(3500, &state))).collect();
    ask_soon("thousands of claims on states", &states);
    ask_soon("one broken header after another", &"[[item]]\n".repeat(1 << 20));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_damaged_example_answers(
        cuts in proptest::collection::vec(
            (any::<proptest::sample::Index>(), any::<proptest::sample::Index>(), 0..64usize), 0..6),
        bytes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut damaged = EXAMPLE.to_vec();
        for (from, to, length) in cuts {
            let from = from.index(damaged.len());
            let piece = damaged[from..(from + length).min(damaged.len())].to_vec();
            let to = to.index(damaged.len());
            damaged.splice(to..to, piece);
        }
        for (at, byte) in bytes {
            let at = at.index(damaged.len());
            damaged[at] = byte;
        }
        ask(&damaged);
    }
}
