//! What an answer may say of states and entities.

mod common;

use clarte_attribution::{
    Band, Channel, Item, Link, Responsibility, Standing, StateAssertion, Strength, attribute,
};
use common::{HERON, find, item, knowledge, observed};

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
fn a_state_is_published_no_further_than_group_and_chain_are_carried() {
    let chain = |step, link| StateAssertion {
        group: Some("G1".to_owned()),
        entity: Some("Example Company".to_owned()),
        state: Some("XA".to_owned()),
        step,
        link,
        ..StateAssertion::default()
    };
    let of_group = |actor: &str, states| Item {
        supports: vec![Standing { actor: actor.to_owned(), strength: Strength::STRONG }],
        states,
        ..item(Channel::Statements, "an indictment", actor, Strength::NONE, "A2")
    };
    let asked = |item: Item| {
        let mut question = observed(HERON, &["S1"]);
        question.items = vec![item];
        let answer = attribute(&knowledge(), &question);
        let state = answer.states.iter().find(|it| it.state == "XA").cloned();
        (state.expect("it is named"), answer)
    };
    let act = || vec![chain(Some(Responsibility::StateOrdered), Some(Link::Instructions))];
    // The group by a tangible link, the state by a chain that holds: it may be said.
    let (state, answer) = asked(of_group("G1", act()));
    assert!(find(&answer, "G1").is_tangible);
    assert!(state.probability > 0.55 && state.band == state.raw_band, "{state:?}");
    // A chain over a group that the campaign merely resembles lifts nothing.
    let mut nobody = of_group("G1", act());
    nobody.supports.clear();
    let (state, answer) = asked(nobody);
    assert!(!find(&answer, "G1").is_tangible && state.probability > 0.55);
    assert_eq!(state.chain.as_ref().map(|chain| chain.links.len()), Some(1));
    assert_eq!(state.band, Band::RoughlyEven);
    assert!(
        answer.limits.iter().any(|it| it.contains("XA") && it.contains("G1")),
        "{:?}",
        answer.limits
    );
    // That a state looked away, or would have helped, is no act of it.
    let passive = [
        (Some(Responsibility::StateProhibited), None),
        (Some(Responsibility::StateIgnored), Some(Link::DueDiligence)),
    ];
    for (step, link) in passive {
        let (state, _) = asked(of_group("G1", vec![chain(step, link)]));
        assert!(state.chain.as_ref().is_some_and(|chain| chain.step.is_some()));
        assert!(state.band <= Band::RoughlyEven, "{step:?} {state:?}");
    }
}

#[test]
fn what_a_state_does_against_a_group_is_no_claim_that_it_is_behind_it() {
    let mut knowledge = knowledge();
    knowledge.actors.iter_mut().for_each(|actor| actor.states.clear());
    let about = |step, denies| StateAssertion {
        group: Some("G1".to_owned()),
        state: Some("XA".to_owned()),
        step,
        denies,
        ..StateAssertion::default()
    };
    let probability = |says: &[(StateAssertion, &str, Option<&str>)]| {
        let mut question = observed(HERON, &["S1"]);
        question.items = says
            .iter()
            .map(|(states, source, origin)| {
                let says = format!("{source} says so");
                let said = item(Channel::Statements, &says, "G1", Strength::NONE, "C3");
                let origin = origin.map(str::to_owned);
                Item { source: (*source).to_owned(), states: vec![states.clone()], origin, ..said }
            })
            .collect();
        let answer = attribute(&knowledge, &question);
        answer.states.iter().find(|it| it.state == "XA").map_or(0.0, |it| it.probability)
    };
    let prohibited = about(Some(Responsibility::StateProhibited), false);
    assert_eq!(probability(&[(prohibited, "Envoy", None)]), 0.0);
    // One voice, however often repeated, is one.
    let once = probability(&[(about(None, false), "Lab", None)]);
    let repeated = [("Lab", None), ("Paper", Some("Lab")), ("Blog", Some("Paper"))]
        .map(|(source, origin)| (about(None, false), source, origin));
    assert!(once > 0.0);
    assert_eq!(probability(&repeated), once);
}

#[test]
fn a_chain_of_several_items_is_believed() {
    let mut question = observed(HERON, &["S1"]);
    let part = |says: &str, group: Option<&str>, state: Option<&str>| {
        let said = item(Channel::Statements, says, "G1", Strength::STRONG, "A2");
        let states = vec![StateAssertion {
            group: group.map(str::to_owned),
            entity: Some("Example Company".to_owned()),
            state: state.map(str::to_owned),
            ..StateAssertion::default()
        }];
        Item { states, source: says.to_owned(), ..said }
    };
    question.items = vec![part("Court", Some("G1"), None), part("Registry", None, Some("XC"))];
    let answer = attribute(&knowledge(), &question);
    let state = answer.states.iter().find(|it| it.state == "XC").expect("it is named");
    assert!(state.probability > 0.1, "{state:?}");
    assert_eq!(state.contradicted_by, ["XA"]);
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
