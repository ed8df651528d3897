use proptest::prelude::*;

use super::*;
use crate::{Standing, Strength};

/// What `source` says of Heron, with this strength.
fn item(channel: Channel, says: &str, source: &str, strength: f64) -> Item {
    let actor = "Heron".to_owned();
    let strength = Strength::new(strength).unwrap();
    Item {
        grade: "A1".parse().unwrap(),
        supports: vec![Standing { actor, strength }],
        ..Item::new(channel, says, source)
    }
}

fn repeats(source: &str, origin: &str) -> Item {
    let says = format!("{source} says so");
    Item { origin: Some(origin.to_owned()), ..item(Channel::Statements, &says, source, 0.3) }
}

fn total(items: &[Item]) -> f64 {
    combined(items, &groups(items), "Heron").total
}

fn sizes(items: &[Item]) -> Vec<usize> {
    let mut sizes: Vec<_> = groups(items).iter().map(|group| group.items.len()).collect();
    sizes.sort_unstable();
    sizes
}

#[test]
fn what_is_shared_makes_one_voice() {
    let base = || item(Channel::Code, "One", "A", 0.3);
    let other = || item(Channel::Code, "Two", "B", 0.3);
    assert_eq!(sizes(&[base(), other()]), [1, 1]);
    let with = |change: fn(&mut Item)| {
        let mut both = [base(), other()];
        both.iter_mut().for_each(change);
        both
    };
    for (both, reason) in [
        (with(|item| item.mechanism = Some("KEY".into())), "mechanism: key"),
        (with(|item| item.citations = vec!["r/1".into()]), "report: r/1"),
        (with(|item| item.origin = Some("Wire".into())), "origin: Wire"),
        (with(|item| item.vendor = Some("V".into())), "one vendor in one channel: v, code"),
        (with(|item| item.says = "Same ".into()), "say the same"),
    ] {
        let groups = groups(&both);
        assert_eq!(groups.len(), 1, "{reason}");
        assert!(groups[0].why.iter().any(|why| why.contains(reason)), "{:?}", groups[0].why);
        assert_eq!(total(&both), total(&both[..1]), "{reason}");
    }
    // A vendor that looks into two channels has two looks.
    let mut both = with(|item| item.vendor = Some("V".into()));
    both[1].channel = Channel::Accounts;
    assert_eq!(sizes(&both), [1, 1]);
}

#[test]
fn independent_items_add_up_to_the_cap_of_their_channel() {
    let items: Vec<_> =
        (0..10).map(|at| item(Channel::Code, &format!("Trait {at}"), "own case", 0.25)).collect();
    assert!((total(&items[..2]) - 100_f64.ln()).abs() < 1e-9);
    assert_eq!(total(&items), Channel::Code.cap());
}

#[test]
fn many_whom_nobody_can_judge_say_no_more_than_one() {
    let post = |at: usize, strength| Item {
        grade: "F6".parse().unwrap(),
        ..item(Channel::Statements, &format!("Post {at}"), &format!("Somebody {at}"), strength)
    };
    let mut posts: Vec<_> = (0..10_000).map(|at| post(at, 1.0)).collect();
    assert_eq!(total(&posts), total(&posts[..1]));
    assert!(total(&posts) <= 10_f64.sqrt().ln() + 1e-9);
    // Beside somebody who is known they count once more.
    posts.truncate(3);
    let lab = item(Channel::Statements, "Heron", "Lab", 0.3);
    let (few, known) = (total(&posts), total(std::slice::from_ref(&lab)));
    posts.push(lab);
    assert!((total(&posts) - few - known).abs() < 1e-9);
}

#[test]
fn both_sides_of_one_voice_are_heard() {
    let mut against = item(Channel::Code, "Two", "B", 0.25);
    against.opposes = std::mem::take(&mut against.supports);
    let mut items = vec![item(Channel::Code, "One", "A", 0.5), against];
    items.iter_mut().for_each(|item| item.mechanism = Some("key".into()));
    let weighed = combined(&items, &groups(&items), "Heron");
    assert_eq!(weighed.voices.len(), 2);
    assert!((weighed.total - 10_f64.ln()).abs() < 1e-9);
}

#[test]
fn repetitions_lead_back_to_one_origin() {
    let first = item(Channel::Statements, "Heron did it", "Service", 0.6);
    let items =
        [first, repeats("Paper", "service"), repeats("Blog", "Paper"), repeats("Wire", "Blog")];
    assert_eq!(sizes(&items), [4]);
    assert_eq!(total(&items), total(&items[..1]));
    let [circle] = circles(&items).try_into().unwrap();
    assert_eq!((circle.origin.as_str(), circle.items.len()), ("service", 4));
    assert_eq!(circle.why, ["Blog, Paper and Wire repeat what leads back to service"]);
}

#[test]
fn a_good_name_that_repeats_a_bad_one_is_told() {
    let post =
        Item { grade: "F6".parse().unwrap(), ..item(Channel::Statements, "Heron", "Post", 0.6) };
    let items = [post, repeats("Paper", "Post")];
    // The paper is A1, but weighs no more than the post is good for.
    let paper = 0.125 * Strength::new(0.3).unwrap().ln();
    let post = log_likelihood_ratio(&items[0], "Heron");
    assert!((total(&items) - post.max(paper)).abs() < 1e-9);
    assert!(groups(&items)[0].shares.contains(&0.125));
    let [circle] = circles(&items).try_into().unwrap();
    assert_eq!(circle.why[1], "Paper is graded A1 and repeats what is graded F6");
}

#[test]
fn rings_are_found_and_survived() {
    let ring = [repeats("A", "B"), repeats("B", "A"), repeats("C", "A")];
    let [circle] = circles(&ring).try_into().unwrap();
    assert_eq!((circle.origin.as_str(), circle.items.len()), ("A and B", 3));
    assert_eq!(circle.why[0], "A and B name each other as their origin");
    assert_eq!(sizes(&ring), [3]);
    // Who names himself repeats nobody.
    assert_eq!(circles(&[repeats("A", "a")]), []);
    // A long way round.
    let long: Vec<_> =
        (0..5000).map(|at| repeats(&format!("S{at}"), &format!("S{}", (at + 1) % 5000))).collect();
    assert_eq!(sizes(&long), [5000]);
    assert_eq!(circles(&long).len(), 1);
}

#[test]
fn what_an_origin_says_elsewhere_stays_its_own() {
    let items = [
        item(Channel::Statements, "Heron did it", "Service", 0.4),
        item(Channel::Code, "The key is the same", "Service", 0.4),
        repeats("Paper", "Service"),
    ];
    assert_eq!(sizes(&items), [1, 2]);
    let [circle] = circles(&items).try_into().unwrap();
    assert_eq!(circle.items.len(), 2);
    assert_eq!(circle.why, ["Paper repeats what leads back to Service"]);
}

fn any_item() -> impl Strategy<Value = Item> {
    let name = || proptest::option::of(prop_oneof![Just("a"), Just("b"), Just("C"), Just("d")]);
    let fields = (name(), name(), name(), name(), 0..8u8);
    (fields, 0..Channel::ALL.len(), -1.0..=1.0, proptest::collection::vec(0..4u8, 0..2)).prop_map(
        |((source, origin, vendor, mechanism, says), channel, strength, citations)| {
            let owned = |name: Option<&str>| name.map(str::to_owned);
            let source = source.unwrap_or("own case");
            let mut item =
                item(Channel::ALL[channel], &format!("s{says}"), source, f64::abs(strength));
            if strength < 0.0 {
                item.opposes = std::mem::take(&mut item.supports);
            }
            item.origin = owned(origin);
            (item.vendor, item.mechanism) = (owned(vendor), owned(mechanism));
            item.citations = citations.iter().map(|report| format!("r{report}")).collect();
            item
        },
    )
}

/// Groups by what they hold, not by index.
fn told(items: &[Item]) -> Vec<(String, Vec<String>, Vec<String>)> {
    let ids = |group: &Group| group.items.iter().map(|at| items[*at].id.clone()).collect();
    groups(items).iter().map(|group| (group.id.clone(), ids(group), group.why.clone())).collect()
}

proptest! {
    #[test]
    fn a_duplicate_changes_nothing(
        items in proptest::collection::vec(any_item(), 1..12),
        which in any::<proptest::sample::Index>(),
        renamed in any::<bool>(),
    ) {
        let mut more = items.clone();
        let mut copy = items[which.index(items.len())].clone();
        if renamed {
            copy.id = "another".to_owned();
        }
        more.push(copy);
        prop_assert_eq!(total(&more), total(&items));
        prop_assert_eq!(groups(&more).len(), groups(&items).len());
    }

    #[test]
    fn order_never_shows(
        (items, shuffled) in proptest::collection::vec(any_item(), 0..12)
            .prop_flat_map(|items| (Just(items.clone()), Just(items).prop_shuffle())),
    ) {
        prop_assert_eq!(total(&items), total(&shuffled));
        prop_assert_eq!(told(&items), told(&shuffled));
        let shown = |items: &[Item]| -> Vec<_> {
            circles(items).into_iter().map(|circle| (circle.origin, circle.why)).collect()
        };
        prop_assert_eq!(shown(&items), shown(&shuffled));
    }

    #[test]
    fn each_item_is_in_one_group_and_no_channel_beyond_its_cap(
        items in proptest::collection::vec(any_item(), 0..12),
    ) {
        let mut seen: Vec<_> = groups(&items).into_iter().flat_map(|group| group.items).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..items.len()).collect::<Vec<_>>());
        for (channel, ratio) in combined(&items, &groups(&items), "heron").channels {
            prop_assert!(ratio.abs() <= channel.cap());
        }
    }
}
