//! What an answer may and may not say.

mod common;

use clarte_attribution::answer::HypothesisKind;
use clarte_attribution::{Answer, Band, Channel, FALSE_FLAG, Forgery, Item, Strength, attribute};
use clarte_model::knowledge::{AliasClaim, Knowledge, NameClaim, Origin};
use common::{HERON, actor, find, item, knowledge, observed, said};
use proptest::prelude::*;

#[test]
fn every_actor_is_ranked_beside_the_two_that_are_always_alive() {
    let answer = attribute(&knowledge(), &observed(HERON, &[]));
    assert_eq!(answer.hypotheses.len(), knowledge().actors.len() + 2);
    assert_eq!(answer.hypotheses[0].id, "G1");
    let sum: f64 = answer.hypotheses.iter().map(|it| it.probability).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    assert!(answer.hypotheses.windows(2).all(|pair| pair[0].probability >= pair[1].probability));
    assert!(find(&answer, "unknown").probability > 0.0);
    assert!(find(&answer, FALSE_FLAG).probability > 0.0);
    assert_eq!(find(&answer, "C1").kind, HypothesisKind::Cluster);
    for it in &answer.hypotheses {
        assert!(it.interval[0] <= it.probability && it.probability <= it.interval[1], "{it:?}");
    }
    // Evidence is needed for reasons, and reasons are told.
    assert!(answer.hypotheses[0].r#for.iter().any(|reason| reason.item == "T1005"));
    assert_eq!(answer.matrix.rows.len(), HERON.len());
}

#[test]
fn nothing_seen_says_nothing() {
    let answer = attribute(&knowledge(), &observed(&[], &[]));
    let actors = answer.hypotheses.iter().filter(|it| it.kind == HypothesisKind::Actor);
    let with: Vec<f64> = actors.filter(|it| it.id != "G99").map(|it| it.probability).collect();
    assert!(with.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 1e-12), "{with:?}");
    let unknown = find(&answer, "unknown").probability;
    assert!((0.08..0.1).contains(&unknown), "{unknown}");
}

#[test]
fn likeness_alone_is_never_published_above_even() {
    let mut question = observed(HERON, &["S1"]);
    question.items = vec![
        // Ungraded, or graded but a habit, or a statement nobody can judge.
        item(Channel::Code, "a key", "G1", Strength::CONCLUSIVE, "F6"),
        item(Channel::Language, "a word", "G1", Strength::CONCLUSIVE, "A1"),
        item(Channel::Victimology, "a list", "G1", Strength::CONCLUSIVE, "A1"),
        item(Channel::Statements, "a post", "G1", Strength::CONCLUSIVE, "C3"),
    ];
    let answer = attribute(&knowledge(), &question);
    let first = &answer.hypotheses[0];
    assert!(first.id == "G1" && first.probability > 0.9, "{first:?}");
    assert!(first.band <= Band::RoughlyEven && first.raw_band > Band::RoughlyEven);
    assert!(answer.limits.iter().any(|limit| limit.contains("nothing tangible")));
    // One tangible link that holds, and the band may say what is found.
    question.items.push(item(
        Channel::Infrastructure,
        "a server",
        "blue heron",
        Strength::STRONG,
        "B2",
    ));
    let answer = attribute(&knowledge(), &question);
    assert!(answer.hypotheses[0].is_tangible && answer.hypotheses[0].band > Band::RoughlyEven);
    // For nobody else.
    assert!(answer.hypotheses[1..].iter().all(|it| it.band <= Band::RoughlyEven));
}

#[test]
fn what_cannot_be_forged_outweighs_what_can() {
    let decoy = observed(HERON, &["S1"]);
    let mut question = decoy.clone();
    question.items = vec![Item {
        forgery: Forgery::VeryCostly,
        ..item(Channel::Accounts, "a payment", "G2", Strength::CONCLUSIVE, "A1")
    }];
    let (cheap, contradicted) =
        (attribute(&knowledge(), &decoy), attribute(&knowledge(), &question));
    let flag = |answer: &Answer| find(answer, FALSE_FLAG).probability;
    assert!(flag(&contradicted) > flag(&cheap), "{} {}", flag(&contradicted), flag(&cheap));
    let found = contradicted.false_flag.expect("somebody is imitated");
    assert_eq!(found.remains[0].0, "G2");
    // Whom the costly evidence points to is not whom somebody imitates.
    question.observed.techniques.truncate(3);
    question.observed.software.clear();
    let contradicted = attribute(&knowledge(), &question);
    let found = contradicted.false_flag.expect("somebody is imitated");
    assert_eq!(contradicted.hypotheses[0].id, "G2");
    assert_eq!(found.imitated, "Blue Heron");
    let said: Vec<f64> = found.says.split(' ').filter_map(|word| word.parse().ok()).collect();
    assert!(said[0] < said[1], "{}", found.says);
    // And where nothing cheap was seen, nobody is.
    assert_eq!(attribute(&knowledge(), &observed(&[], &[])).false_flag, None);
}

#[test]
fn names_are_found_and_what_is_not_known_is_told() {
    let mut knowledge = knowledge();
    let shared = NameClaim { name: "Wader".to_owned(), reports: Vec::new() };
    for actor in &mut knowledge.actors[..2] {
        actor.names.push(shared.clone());
    }
    let mut question = observed(&["t1001", "T9999"], &["alias of s1", "S77"]);
    question.items = vec![
        item(Channel::Code, "one", "Wader", Strength::STRONG, "A1"),
        item(Channel::Code, "two", "Somebody New", Strength::STRONG, "A1"),
    ];
    let answer = attribute(&knowledge, &question);
    let told: Vec<&str> = answer.not_used.iter().map(|it| it.what.as_str()).collect();
    assert_eq!(told, ["S77", "T9999", "Wader"]);
    assert!(
        answer.items.iter().any(|it| it.id == "S1")
            && answer.items.iter().any(|it| it.id == "T1001")
    );
    assert!(find(&answer, "Somebody New").probability > find(&answer, "G99").probability);
}

#[test]
fn who_is_said_to_be_one_is_one_hypothesis_until_the_claim_falls() {
    let mut knowledge = knowledge();
    let before = attribute(&knowledge, &observed(HERON, &[]));
    let mut other = actor("X-1", "Azure Heron", &[], 0);
    other.origin = 1;
    other.states = vec![said("XC", "Galaxy", 100)];
    knowledge.origins.push(Origin { name: "Other".to_owned(), version: None, notice: None });
    knowledge.actors.push(other);
    let apart = attribute(&knowledge, &observed(HERON, &[]));
    assert_eq!(apart.hypotheses.len(), before.hypotheses.len() + 1);
    knowledge.aliases = vec![AliasClaim {
        left: "G1".to_owned(),
        right: "X-1".to_owned(),
        weight: 0.9,
        source: "names".to_owned(),
        why: "the same name".to_owned(),
    }];
    let linked = attribute(&knowledge, &observed(HERON, &[]));
    assert_eq!(linked.hypotheses.len(), before.hypotheses.len());
    assert_eq!(find(&linked, "G1").linked[0].id, "X-1");
    assert!(linked.states.iter().any(|it| it.state == "XC" && it.probability > 0.0));
    knowledge.aliases.clear();
    assert_eq!(attribute(&knowledge, &observed(HERON, &[])), apart);
}

#[test]
fn sensitivity_names_what_the_answer_hangs_on() {
    let mut question = observed(&["T1003"], &[]);
    question.items = vec![item(Channel::Infrastructure, "a server", "G2", Strength::STRONG, "B2")];
    let answer = attribute(&knowledge(), &question);
    assert_eq!(answer.hypotheses[0].id, "G2");
    let server = answer.items.iter().find(|it| it.says == "a server").expect("listed");
    let change = answer.sensitivity.iter().find(|it| it.without == server.id).expect("it matters");
    assert!(change.changes_band);
    assert!(answer.sensitivity.iter().any(|it| it.without == "source: own case"));
    assert!(answer.would_decide.iter().any(|it| it.channel == Channel::Statements));
    assert!(answer.would_decide.iter().any(|it| it.moves.is_some_and(|moves| moves.abs() > 0.1)));
}

#[test]
fn a_single_piece_of_evidence_is_no_certainty() {
    let mut question = observed(&[], &[]);
    question.items = vec![item(Channel::Code, "a key", "G2", Strength::STRONG, "A1")];
    let first = &attribute(&knowledge(), &question).hypotheses[0];
    assert!(first.id == "G2" && first.interval[1] - first.interval[0] > 0.1, "{first:?}");
}

#[test]
fn a_base_of_nobody_is_answered_too() {
    let answer = attribute(&Knowledge::default(), &observed(HERON, &[]));
    assert_eq!(answer.hypotheses[0].id, "unknown");
    assert!(answer.hypotheses.iter().all(|it| it.probability.is_finite()));
    assert_eq!(answer.not_used.len(), HERON.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn order_and_repetition_never_show(
        seed in any::<u64>(),
        techniques in proptest::collection::vec(1001u32..1040, 0..12),
    ) {
        let mut ids: Vec<String> = techniques.iter().map(|number| format!("T{number}")).collect();
        let mut question = observed(&[], &["S1"]);
        question.items = vec![
            item(Channel::Code, "one", "G1", Strength::MODERATE, "B2"),
            item(Channel::Rhythm, "two", "G2", Strength::WEAK, "C3"),
            item(Channel::Statements, "three", "G2", Strength::STRONG, "B3"),
        ];
        question.observed.techniques = ids.clone();
        let answer = attribute(&knowledge(), &question);
        let by = (seed as usize) % ids.len().max(1);
        ids.rotate_left(by);
        ids.extend(ids.clone());
        question.observed.techniques = ids;
        question.items.rotate_left((seed % 3) as usize);
        let again = attribute(&knowledge(), &question);
        prop_assert_eq!(&again.hypotheses, &answer.hypotheses);
        prop_assert_eq!(&again.sensitivity, &answer.sensitivity);
        let sum: f64 = answer.hypotheses.iter().map(|it| it.probability).sum();
        prop_assert!((sum - 1.0).abs() < 1e-9);
    }
}
