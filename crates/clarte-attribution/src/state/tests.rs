use proptest::prelude::*;

use super::*;
use crate::{Channel, StateAssertion};

/// A statement of `source`, with this grade and what it says of a state.
fn says(source: &str, grade: &str, states: Vec<StateAssertion>) -> Item {
    Item {
        grade: grade.parse().unwrap(),
        states,
        ..Item::new(Channel::Statements, &format!("{source} says so"), source)
    }
}

fn assertion(group: &str, entity: &str, state: &str) -> StateAssertion {
    let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    StateAssertion {
        group: named(group),
        entity: named(entity),
        state: named(state),
        ..StateAssertion::default()
    }
}

fn linked(entity: &str, state: &str, link: Link) -> StateAssertion {
    StateAssertion { link: Some(link), ..assertion("", entity, state) }
}

fn filed(group: &str, country: &str) -> SaidBehind {
    let claim = StateClaim {
        country: country.to_owned(),
        source: "A galaxy".to_owned(),
        date: None,
        confidence: Some(50),
        reports: vec![],
    };
    SaidBehind { group: group.to_owned(), claim }
}

fn only(items: &[Item], said: &[SaidBehind]) -> StateAnswer {
    let [answer] = ladder(items, said).try_into().unwrap();
    answer
}

#[test]
fn what_a_base_files_under_a_country_is_only_said() {
    let answer = only(&[], &[filed("Heron", "xa")]);
    assert_eq!((answer.state.as_str(), answer.step, answer.links.len()), ("XA", None, 0));
    assert_eq!(answer.chains[0].support(), Support::SaidToBe);
    assert_eq!(answer.said.len(), 1);
    // In law there is nothing at all, which is weaker still.
    assert_eq!(answer.weakest.support, Support::Missing);
    assert_eq!(answer.weakest.what, "what ties those who acted to XA in law");
    // A hundred bases that file it so make it no more.
    let many: Vec<_> = (0..100).map(|_| filed("Heron", "XA")).collect();
    assert_eq!(only(&[], &many).chains[0].support(), Support::SaidToBe);
}

#[test]
fn a_chain_that_holds_reaches_the_link_that_is_claimed_and_no_other() {
    let items = [
        says("Court", "B2", vec![assertion("Heron", "Lantern", "")]),
        says("Service", "A2", vec![linked("lantern", "XA", Link::Instructions)]),
    ];
    let answer = only(&items, &[]);
    assert_eq!(answer.links, [Link::Instructions]);
    assert_eq!(answer.step, None);
    assert!(answer.chains[0].holds());
    assert_eq!(answer.weakest.support, Support::Supported);
    assert!(answer.weakest.closes.starts_with("a second, independent item"));
}

#[test]
fn a_missing_joint_keeps_the_link_out_of_reach_and_is_named() {
    let items = [says("Service", "A1", vec![linked("Lantern", "XA", Link::Organ)])];
    let answer = only(&items, &[]);
    assert_eq!(answer.links, []);
    assert_eq!(
        answer.claims[0].lacks.as_deref(),
        Some("no chain over an entity holds, which it needs")
    );
    assert_eq!(answer.weakest.what, "which group Lantern is");
    let poor = [
        says("Blog", "C3", vec![assertion("Heron", "Lantern", "")]),
        says("Service", "A1", vec![linked("Lantern", "XA", Link::Organ)]),
    ];
    let answer = only(&poor, &[]);
    assert_eq!((answer.links.len(), answer.weakest.support), (0, Support::SaidToBe));
    assert_eq!(answer.weakest.what, "that Lantern is behind Heron");
    assert!(answer.weakest.closes.starts_with("an item that can carry it: accounts"));
}

#[test]
fn a_chain_without_an_entity_says_that_it_lacks_one() {
    let direct = StateAssertion { link: Some(Link::Instructions), ..assertion("Heron", "", "XA") };
    let organ = StateAssertion { link: Some(Link::Organ), ..direct.clone() };
    let answer = only(&[says("Service", "A1", vec![direct, organ])], &[]);
    // Whoever is an organ is somebody with a name.
    assert_eq!(answer.links, [Link::Instructions]);
    assert_eq!(answer.weakest.what, "that Heron acts for XA");
    assert!(answer.weakest.closes.contains("which unit or contractor stands between"));
}

#[test]
fn resemblance_never_makes_a_joint() {
    for channel in [Channel::Techniques, Channel::Victimology, Channel::Rhythm, Channel::Language] {
        let claim = StateAssertion {
            step: Some(Responsibility::StateExecuted),
            link: Some(Link::Organ),
            ..assertion("Heron", "Bureau", "XA")
        };
        let items = [Item { channel, ..says("Lab", "A1", vec![claim]) }];
        let answer = only(&items, &[]);
        assert_eq!((answer.step, answer.links.len()), (None, 0), "{channel:?}");
        assert_eq!(answer.chains[0].support(), Support::SaidToBe);
    }
}

#[test]
fn one_voice_repeated_is_no_second() {
    let whole = || vec![assertion("Heron", "Bureau", "XA")];
    let repeated = Item { origin: Some("Court".into()), ..says("Paper", "A1", whole()) };
    let circular = [says("Court", "B2", whole()), repeated];
    assert_eq!(only(&circular, &[]).chains[0].support(), Support::Supported);
    let independent = [says("Court", "B2", whole()), says("Service", "B2", whole())];
    assert_eq!(only(&independent, &[]).chains[0].support(), Support::Corroborated);
}

#[test]
fn contradictions_stand_side_by_side() {
    let denies = StateAssertion { denies: true, ..assertion("", "Bureau", "XA") };
    let items = [
        says("Court", "B2", vec![assertion("Heron", "Bureau", "XA")]),
        says("Auditor", "A1", vec![denies]),
        says("Other service", "B2", vec![assertion("Heron", "", "XB")]),
    ];
    let answers = ladder(&items, &[]);
    assert_eq!(answers.iter().map(|a| a.state.as_str()).collect::<Vec<_>>(), ["XB", "XA"]);
    assert_eq!(
        (answers[0].others.as_slice(), answers[1].others.as_slice()),
        (&["XA".to_owned()][..], &["XB".to_owned()][..])
    );
    let joint = &answers[1].chains[0].joints[1];
    assert!(joint.backing.is_contested() && joint.backing.against == [1]);
    assert!(!answers[1].chains[0].holds());
}

#[test]
fn the_highest_step_that_is_carried_is_reached() {
    let step = |source: &str, grade: &str, step| {
        let of = assertion("Heron", "Bureau", "XA");
        says(source, grade, vec![StateAssertion { step: Some(step), ..of }])
    };
    let items = [
        step("Court", "B2", Responsibility::StateOrdered),
        step("Blog", "F6", Responsibility::StateIntegrated),
        step("Envoy", "A1", Responsibility::StateIgnored),
    ];
    let answer = only(&items, &[]);
    assert_eq!(answer.step, Some(Responsibility::StateOrdered));
    assert_eq!(answer.claims.len(), 3);
    // That a state looked away says nothing of who works for it.
    assert!(only(&items[2..], &[]).chains.is_empty());
    assert_eq!(only(&items[2..], &[]).step, Some(Responsibility::StateIgnored));
    // Due diligence needs no chain either, and is no attribution.
    let failed = StateAssertion { link: Some(Link::DueDiligence), ..assertion("Heron", "", "XA") };
    let answer = only(&[says("Ministry", "A1", vec![failed])], &[]);
    assert_eq!((answer.links.as_slice(), answer.chains.len()), (&[Link::DueDiligence][..], 0));
}

#[test]
fn the_example_of_the_guide_reaches_article_8_by_one_voice() {
    let bytes = include_bytes!("../../../../docs/guides/examples/items.toml");
    let answer = only(&crate::items_file::read(bytes).items, &[]);
    assert_eq!((answer.state.as_str(), answer.links.as_slice()), ("XA", &[Link::Instructions][..]));
    assert_eq!(answer.step, Some(Responsibility::StateOrdered));
    assert_eq!(answer.weakest.support, Support::Supported);
}

#[test]
fn many_claims_stay_few_chains() {
    let groups = (0..2000).map(|at| assertion(&format!("G{at}"), "Bureau", ""));
    let states = (0..200u8).map(|at| {
        let code = [b'A' + at / 26, b'A' + at % 26];
        assertion("", "Bureau", &String::from_utf8_lossy(&code))
    });
    let items = [says("Court", "B2", groups.chain(states).collect())];
    let answers = ladder(&items, &[]);
    assert_eq!(answers.len(), 200);
    assert!(answers.iter().all(|answer| answer.chains.len() == 20 && answer.omitted == 1980));
}

proptest! {
    #[test]
    fn order_never_shows(
        (items, shuffled) in proptest::collection::vec((0..3u8, 0..3u8, 0..3u8, 0..4u8, any::<bool>()), 0..8)
            .prop_map(|all| all.into_iter().enumerate().map(|(at, (group, entity, state, kind, denies))| {
                let name = |prefix: &str, at: u8| if at == 0 { String::new() } else { format!("{prefix}{at}") };
                let mut of = assertion(&name("g", group), &name("e", entity), &name("X", state).replace('1', "A").replace('2', "B"));
                of.link = (kind == 1 && of.state.is_some()).then_some(Link::Instructions);
                of.step = (kind == 2 && of.state.is_some()).then_some(Responsibility::StateShaped);
                of.denies = denies;
                says(&format!("S{at}"), if kind == 3 { "F6" } else { "B2" }, vec![of])
            }).collect::<Vec<_>>())
            .prop_flat_map(|items| (Just(items.clone()), Just(items).prop_shuffle())),
    ) {
        let told = |items: &[Item]| -> Vec<_> {
            ladder(items, &[]).into_iter().map(|answer| {
                let chains: Vec<_> = answer.chains.iter()
                    .map(|chain| (chain.group.clone(), chain.entity.clone(), chain.support()))
                    .collect();
                (answer.state, answer.step, answer.links, answer.weakest, chains, answer.others)
            }).collect()
        };
        prop_assert_eq!(told(&items), told(&shuffled));
    }
}
