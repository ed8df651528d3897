//! What items do to an answer, whoever wrote them.

mod common;

use clarte_attribution::{
    Answer, Band, Channel, FALSE_FLAG, Held, Item, StateAssertion, Strength, attribute,
};
use clarte_model::knowledge::{AliasClaim, Origin, Technique};
use common::{HERON, actor, find, item, knowledge, observed};

#[test]
fn a_repetition_is_no_better_a_link_than_what_it_repeats() {
    let mut question = observed(HERON, &["S1"]);
    let first = item(Channel::Code, "a key", "G1", Strength::CONCLUSIVE, "E5");
    let mut again = item(Channel::Code, "the same key", "G1", Strength::CONCLUSIVE, "A1");
    (again.source, again.origin) = ("Paper".to_owned(), Some("own case".to_owned()));
    question.items = vec![first, again];
    let answer = attribute(&knowledge(), &question);
    assert!(!find(&answer, "G1").is_tangible);
    // Nor is a time without ends a time.
    let mut server = item(Channel::Infrastructure, "a server", "G1", Strength::STRONG, "B2");
    server.held = Some(Held::default());
    assert!(!server.is_tangible());
}

#[test]
fn evidence_for_an_id_that_two_origins_share_is_heard() {
    // A partner's base has G1 too, said to be the same or not.
    for aliases in [
        vec![],
        vec![AliasClaim {
            left: "G1".to_owned(),
            right: "G1".to_owned(),
            weight: 0.9,
            source: "names".to_owned(),
            why: "the same name".to_owned(),
        }],
    ] {
        let mut knowledge = knowledge();
        let at = knowledge.actors.iter().position(|actor| actor.id == "G1").expect("it is there");
        let mut other = actor("G1", "Blue Heron", &[], 0);
        other.origin = 1;
        knowledge.origins.push(Origin { name: "Partner".to_owned(), version: None, notice: None });
        knowledge.actors.insert(at + 1, other);
        knowledge.aliases = aliases;
        let mut question = observed(&["T1003"], &[]);
        let before = find(&attribute(&knowledge, &question), "G1").probability;
        question.items = vec![item(Channel::Code, "a key", "G1", Strength::CONCLUSIVE, "A1")];
        let answer = attribute(&knowledge, &question);
        let after = find(&answer, "G1");
        assert!(after.probability > 5.0 * before && after.is_tangible, "{before} {after:?}");
    }
}

#[test]
fn a_channel_that_is_full_still_has_reasons() {
    let mut question = observed(&["T1003"], &[]);
    let key = |says: &str| item(Channel::Code, says, "G2", Strength::CONCLUSIVE, "A1");
    question.items = vec![key("one key"), key("another key")];
    let answer = attribute(&knowledge(), &question);
    let first = &answer.hypotheses[0];
    assert!(first.id == "G2" && first.band > Band::RoughlyEven);
    // Either would do, so that nothing hangs on one; both are why.
    let weights: Vec<f64> = first.r#for.iter().map(|reason| reason.weight).collect();
    assert_eq!(weights.len(), 2, "{:?}", first.r#for);
    assert!((weights.iter().sum::<f64>() - Channel::Code.cap()).abs() < 1e-9, "{weights:?}");
    let rows = answer.matrix.rows.iter().filter(|row| row.item.starts_with("i-"));
    assert!(rows.into_iter().all(|row| row.cells[0] == "++"));
}

#[test]
fn a_flood_that_nobody_can_judge_is_one_voice_in_interval_and_reasons() {
    let post = |at: usize| {
        let said = item(Channel::Code, &format!("post {at}"), "G2", Strength::CONCLUSIVE, "F6");
        Item { source: format!("Somebody {at}"), ..said }
    };
    let mut question = observed(&["T1003"], &[]);
    question.items = vec![post(0)];
    let one = attribute(&knowledge(), &question);
    question.items.extend((1..1000).map(post));
    let many = attribute(&knowledge(), &question);
    assert_eq!(find(&many, "G2").probability, find(&one, "G2").probability);
    assert!(find(&many, "G2").interval[1] < 0.9, "{:?}", find(&many, "G2").interval);
    let reasons = |answer: &Answer| {
        let posts = find(answer, "G2").r#for.iter().filter(|it| it.channel == Channel::Code);
        posts.map(|reason| reason.weight).collect::<Vec<_>>()
    };
    assert_eq!(reasons(&many).len(), 1);
    assert!((reasons(&many)[0] - reasons(&one)[0]).abs() < 1e-9);
}

#[test]
fn few_techniques_are_told_to_be_few_and_nothing_is_certain() {
    let mut question = observed(&["T1003"], &[]);
    question.items = vec![item(Channel::Accounts, "a", "G1", Strength::CONCLUSIVE, "A1")];
    question.items.push(item(Channel::Code, "b", "G1", Strength::CONCLUSIVE, "A1"));
    question.items.push(item(Channel::Infrastructure, "c", "G1", Strength::CONCLUSIVE, "A1"));
    let few =
        |answer: &Answer| answer.limits.iter().any(|it| it.contains("too sure of themselves"));
    let answer = attribute(&knowledge(), &question);
    assert!(few(&answer) && find(&answer, "G1").probability > 0.9);
    let says = answer.false_flag.as_ref().map(|it| it.says.as_str()).unwrap_or_default();
    assert!(!says.contains("100") && !says.contains(" 0.0"), "{says}");
    assert!(!few(&attribute(&knowledge(), &observed(HERON, &[]))));
}

#[test]
fn a_reason_shows_the_item_that_carries_it() {
    let mut question = observed(&["T1003"], &[]);
    let weak = Item {
        id: "a".to_owned(),
        ..item(Channel::Language, "a word", "G1", Strength::WEAK, "F6")
    };
    let mut key = item(Channel::Code, "a key", "G2", Strength::CONCLUSIVE, "A1");
    (key.id, key.mechanism) = ("b".to_owned(), weak.mechanism.clone());
    question.items = vec![weak, key];
    let answer = attribute(&knowledge(), &question);
    let reason = &answer.hypotheses[0].r#for[0];
    assert_eq!((reason.item.as_str(), reason.channel), ("b", Channel::Code));
    assert_eq!(reason.says, "a key (and 1 more that are one voice with it)");
}

#[test]
fn a_flood_hides_no_item() {
    let mut knowledge = knowledge();
    let many = (2000..2600).map(|number| Technique {
        id: format!("T{number}"),
        name: String::new(),
        tactics: Vec::new(),
    });
    knowledge.techniques.extend(many);
    let ids: Vec<String> = (2000..2600).map(|number| format!("T{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut question = observed(&ids, &[]);
    question.items = vec![item(Channel::Code, "a key", "G2", Strength::CONCLUSIVE, "A1")];
    let answer = attribute(&knowledge, &question);
    let id = question.items[0].id.as_str();
    assert!(answer.matrix.rows.iter().any(|row| row.item == id));
    assert!(answer.hypotheses[0].r#for.iter().any(|reason| reason.item == id));
    assert!(
        answer.limits.iter().any(|limit| limit.contains("of 601 parts")),
        "{:?}",
        answer.limits
    );
}

#[test]
fn a_source_falls_with_all_ways_to_write_it_and_all_who_repeat_it() {
    let mut question = observed(&["T1003"], &[]);
    let by = |channel, says: &str, source: &str, origin: Option<&str>| {
        let item = item(channel, says, "G2", Strength::STRONG, "A1");
        Item { source: source.to_owned(), origin: origin.map(str::to_owned), ..item }
    };
    question.items = vec![
        by(Channel::Code, "a key", "Lab", None),
        by(Channel::Accounts, "an account", " lab", None),
        by(Channel::Infrastructure, "a server", "Paper", Some("LAB")),
    ];
    let answer = attribute(&knowledge(), &question);
    let without: Vec<_> =
        answer.sensitivity.iter().filter(|it| it.without.to_lowercase().contains("lab")).collect();
    assert_eq!(without.len(), 1, "{without:?}");
    let nothing = attribute(&knowledge(), &observed(&["T1003"], &[]));
    let left = find(&nothing, "G2").probability;
    assert!((without[0].probability - left).abs() < 1e-12, "{} {left}", without[0].probability);
}

#[test]
fn nobody_is_called_a_false_flag() {
    let mut question = observed(HERON, &[]);
    question.items = vec![item(Channel::Code, "a key", "False-Flag", Strength::CONCLUSIVE, "A1")];
    let answer = attribute(&knowledge(), &question);
    assert_eq!(answer.hypotheses.iter().filter(|it| it.id == FALSE_FLAG).count(), 1);
    assert_eq!(answer.hypotheses.len(), knowledge().actors.len() + 2);
    assert_eq!(answer.not_used[0].what, "False-Flag");
}

#[test]
fn order_of_items_never_shows() {
    let mut question = observed(HERON, &["S1"]);
    let other = |says: &str, actor: &str| {
        let mut said = item(Channel::Code, says, actor, Strength::STRONG, "B2");
        said.states = vec![StateAssertion {
            group: Some(actor.to_uppercase()),
            state: Some("XA".to_owned()),
            ..StateAssertion::default()
        }];
        said
    };
    question.items = vec![
        other("one", "somebody new"),
        other("two", "Somebody  New"),
        other("three", "Another"),
        Item { id: "same".to_owned(), ..other("four", "G1") },
        Item { id: "same".to_owned(), ..other("five", "G2") },
    ];
    let answer = attribute(&knowledge(), &question);
    assert!(answer.hypotheses.iter().any(|it| it.id == "Somebody  New"));
    for by in 1..question.items.len() {
        question.items.rotate_left(by);
        assert_eq!(attribute(&knowledge(), &question), answer);
    }
}

#[test]
fn numbers_of_items_are_places_in_the_answer() {
    let mut question = observed(HERON, &["S1"]);
    let mut court = item(Channel::Statements, "an indictment", "G1", Strength::STRONG, "A2");
    court.states = vec![StateAssertion {
        group: Some("G1".to_owned()),
        state: Some("XA".to_owned()),
        ..StateAssertion::default()
    }];
    let mut paper = item(Channel::Statements, "a paper", "G1", Strength::STRONG, "C3");
    (paper.source, paper.origin) = ("Paper".to_owned(), Some("own case".to_owned()));
    question.items = vec![court.clone(), paper];
    let answer = attribute(&knowledge(), &question);
    let chain = answer.states[0].chain.as_ref().expect("an item names it");
    let backing = chain.chains.iter().flat_map(|chain| &chain.joints).map(|joint| &joint.backing);
    let places: Vec<usize> = backing.flat_map(|backing| backing.items.iter().copied()).collect();
    assert!(!places.is_empty() && places.iter().all(|at| answer.items[*at].id == court.id));
    let circle: Vec<&str> =
        answer.circular[0].items.iter().map(|at| answer.items[*at].source.as_str()).collect();
    assert!(circle.contains(&"Paper") && circle.contains(&"own case"), "{circle:?}");
}

#[test]
fn findings_are_cited_however_an_id_is_written() {
    let mut question = observed(&[" t1001"], &["alias of s1"]);
    for (name, finding) in [(" t1001", "f-1"), ("alias of s1", "f-2"), ("S1", "f-3")] {
        question.observed.findings.insert(name.to_owned(), vec![finding.to_owned()]);
    }
    let answer = attribute(&knowledge(), &question);
    let cited =
        |id: &str| answer.items.iter().find(|it| it.id == id).map(|it| it.findings.join(" "));
    assert_eq!(cited("T1001").as_deref(), Some("f-1"));
    assert_eq!(cited("S1").as_deref(), Some("f-2 f-3"));
}

#[test]
fn whatever_the_numbers_probabilities_stay_probabilities() {
    let mut question = observed(HERON, &["S1"]);
    for channel in Channel::ALL {
        for (at, actor) in ["G1", "G2", "unknown", "New"].iter().enumerate() {
            let mut said = item(*channel, &format!("{at}"), actor, Strength::CONCLUSIVE, "A1");
            said.prevalence = [None, Some(f64::NAN), Some(-1.0), Some(0.0)][at];
            question.items.push(said);
        }
    }
    for prior in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, 1.0, 1e-300] {
        question.unknown_prior = prior;
        let answer = attribute(&knowledge(), &question);
        let sum: f64 = answer.hypotheses.iter().map(|it| it.probability).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{prior}: {sum}");
        for it in &answer.hypotheses {
            let [low, high] = it.interval;
            assert!(0.0 <= low && low <= it.probability && it.probability <= high && high <= 1.0);
            let reasons = it.r#for.iter().chain(&it.against);
            assert!(reasons.into_iter().all(|reason| reason.weight.is_finite()));
        }
    }
}

#[test]
fn many_items_about_many_actors_are_answered_soon() {
    let mut question = observed(HERON, &[]);
    question.items = (0..5000)
        .map(|at| {
            item(Channel::Code, &format!("{at}"), &format!("Name {at}"), Strength::WEAK, "C3")
        })
        .collect();
    let start = std::time::Instant::now();
    let answer = attribute(&knowledge(), &question);
    assert!(answer.hypotheses.len() > 5000);
    assert!(start.elapsed() < std::time::Duration::from_secs(30), "{:?}", start.elapsed());
}
