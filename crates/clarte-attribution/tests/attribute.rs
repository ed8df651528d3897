//! What an answer may and may not say.

use clarte_attribution::answer::{Hypothesis, HypothesisKind};
use clarte_attribution::{
    Answer, Band, Channel, FALSE_FLAG, Forgery, Held, Item, Observed, Question, Standing,
    StateAssertion, Strength, attribute,
};
use clarte_model::Dated;
use clarte_model::knowledge::{
    Actor, ActorKind, AliasClaim, Knowledge, NameClaim, Origin, Report, Software, StateClaim,
    Technique, Use,
};
use proptest::prelude::*;

/// An actor that used `uses`, all by report `report`.
fn actor(id: &str, name: &str, uses: &[&str], report: u32) -> Actor {
    let uses =
        uses.iter().map(|what| Use { what: (*what).to_owned(), reports: vec![report] }).collect();
    Actor {
        id: id.to_owned(),
        kind: ActorKind::Actor,
        name: name.to_owned(),
        origin: 0,
        names: Vec::new(),
        uses,
        states: Vec::new(),
        target_countries: Vec::new(),
        target_sectors: Vec::new(),
        first_seen: None,
        last_seen: None,
    }
}

fn knowledge() -> Knowledge {
    let technique = |number: u32| Technique {
        id: format!("T{number}"),
        name: format!("Way {number}"),
        tactics: Vec::new(),
    };
    let report = |number: u32| Report {
        key: format!("Report {number}"),
        url: None,
        publisher: None,
        date: Dated::new(2020, None, None),
    };
    let mut heron =
        actor("G1", "Blue Heron", &["T1001", "T1002", "T1003", "T1004", "T1005", "S1"], 0);
    heron.states = vec![said("XA", "Lab", 80)];
    let mut finch = actor("G2", "Grey Finch", &["T1003", "T1011", "T1012", "T1013", "S2"], 1);
    finch.states = vec![said("XB", "Lab", 80), said("XA", "Other lab", 20)];
    let others = (3..12).map(|number| {
        let own = format!("T10{}", 20 + number);
        actor(&format!("G{number}"), &format!("Bird {number}"), &["T1001", "T1003", &own], number)
    });
    let mut cluster = actor("C1", "Unnamed", &["T1002", "T1013", "T1014"], 2);
    cluster.kind = ActorKind::Cluster;
    let mut actors: Vec<Actor> = others.chain([heron, finch, cluster]).collect();
    actors.push(actor("G99", "Nobody Knows", &[], 0));
    actors.sort_by(|left, right| left.id.cmp(&right.id));
    let software = ["S1", "S2", "S3"].map(|id| Software {
        id: id.to_owned(),
        name: format!("Tool {id}"),
        names: vec![format!("Alias of {id}")],
        is_tool: false,
        uses: vec![Use { what: "T1004".to_owned(), reports: Vec::new() }],
    });
    Knowledge {
        actors,
        software: software.to_vec(),
        techniques: (1001..1040).map(technique).collect(),
        reports: (0..12).map(report).collect(),
        aliases: Vec::new(),
        indicates: Vec::new(),
        origins: vec![Origin { name: "Test".to_owned(), version: None, notice: None }],
    }
}

fn said(country: &str, source: &str, confidence: u8) -> StateClaim {
    StateClaim {
        country: country.to_owned(),
        source: source.to_owned(),
        date: None,
        confidence: Some(confidence),
        reports: Vec::new(),
    }
}

fn observed(techniques: &[&str], software: &[&str]) -> Question {
    let own = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    Question::of(Observed {
        techniques: own(techniques),
        software: own(software),
        ..Observed::default()
    })
}

fn item(channel: Channel, says: &str, actor: &str, strength: Strength, grade: &str) -> Item {
    let date = Dated::new(2021, Some(1), None);
    Item {
        grade: grade.parse().expect("a grade"),
        date,
        held: Some(Held { from: date, until: date }),
        mechanism: Some(says.to_owned()),
        supports: vec![Standing { actor: actor.to_owned(), strength }],
        ..Item::new(channel, says, "own case")
    }
}

fn find<'a>(answer: &'a Answer, id: &str) -> &'a Hypothesis {
    answer.hypotheses.iter().find(|it| it.id == id).expect("every hypothesis is there")
}

const HERON: &[&str] = &["T1001", "T1002", "T1003", "T1004", "T1005"];

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
    let left = contradicted.false_flag.expect("somebody is imitated").remains;
    assert_eq!(left[0].0, "G2");
}

#[test]
fn contradicting_states_stand_side_by_side_and_prove_nothing() {
    let answer = attribute(&knowledge(), &observed(&["T1003", "T1011", "T1012", "T1013"], &["S2"]));
    assert_eq!(answer.hypotheses[0].id, "G2");
    assert_eq!(answer.states[0].state, "XB");
    assert_eq!(answer.states[0].contradicted_by, ["XA"]);
    assert!(answer.states.iter().all(|it| it.band <= Band::RoughlyEven));
    let chain = answer.states[0].chain.as_ref().expect("a claim makes a chain");
    assert!(chain.step.is_none() && chain.links.is_empty());
}

#[test]
fn a_statement_makes_entity_and_state_answers_of_their_own() {
    let mut question = observed(HERON, &[]);
    let mut indictment = item(Channel::Statements, "an indictment", "G1", Strength::STRONG, "A2");
    indictment.states = vec![StateAssertion {
        group: Some("Blue Heron".to_owned()),
        entity: Some("Example Company".to_owned()),
        state: Some("XA".to_owned()),
        ..StateAssertion::default()
    }];
    question.items = vec![indictment];
    let answer = attribute(&knowledge(), &question);
    assert_eq!(answer.entities[0].name, "Example Company");
    assert_eq!(answer.entities[0].groups, ["G1"]);
    assert_eq!(answer.states[0].state, "XA");
    assert!(!answer.states[0].chain.as_ref().expect("named").weakest.closes.is_empty());
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
