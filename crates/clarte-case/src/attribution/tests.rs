//! What is derived from a case, on answers made here.

use clarte_attribution::{Channel, SharedUse, Strength};
use clarte_extent::{
    Bounds, Duration, Exfiltration, Extent, Finding, Infrastructure, Nature, Rhythm, Targeting,
    Technique,
};
use clarte_intel::Matcher;
use clarte_model::knowledge::{Actor, ActorKind, Indicates, NameClaim, Origin, StateClaim};
use clarte_model::{Dated, Indicator, IndicatorKind, Lookup, Observable, Timestamp, Validity};

use super::links::Links;
use super::*;

fn at(text: &str) -> Option<Timestamp> {
    Some(Timestamp::from(text.parse::<jiff::Timestamp>().expect("a time")))
}

fn extent(infrastructure: Vec<Infrastructure>) -> Extent {
    let finding = |id: &str, reason: &str| Finding {
        id: id.to_owned(),
        detector: "intel.indicator".to_owned(),
        title: "Lure".to_owned(),
        time: at("2021-01-06T03:19:31Z"),
        confidence: 0.9,
        techniques: Vec::new(),
        reasons: vec![reason.to_owned()],
        lead: false,
        tlp: Some("TLP:AMBER".to_owned()),
        spans: Vec::new(),
    };
    Extent {
        schema: "clarte/extent/1",
        duration: Duration {
            first_activity: at("2021-01-06T03:19:31Z"),
            last_activity: at("2021-01-09T03:19:31Z"),
        },
        nature: Nature {
            category: "espionage",
            techniques: vec![Technique {
                id: "T1566.002".to_owned(),
                findings: vec!["f-1".into()],
            }],
        },
        victims: Vec::new(),
        exfiltration: Exfiltration {
            verdict: "not_seen",
            reason: String::new(),
            bytes: Bounds::default(),
            items: Bounds::default(),
            destinations: Vec::new(),
        },
        infrastructure,
        targeting: Vec::new(),
        rhythm: Rhythm::default(),
        coverage: Vec::new(),
        clock_skew: Vec::new(),
        identities: Vec::new(),
        findings: vec![
            finding("f-1", "its link is named by Partner"),
            finding("f-2", "its attachment sha256:00ff is named by Partner"),
        ],
        intake: Vec::new(),
        unreadable: Vec::new(),
        intelligence: clarte_extent::Intelligence::default(),
    }
}

fn row(kind: &'static str, value: &str, role: &'static str) -> Infrastructure {
    Infrastructure {
        r#type: kind,
        value: value.to_owned(),
        role,
        origin: "given",
        third_party: role == "relay",
        confidence: 0.9,
        findings: vec!["f-1".to_owned()],
    }
}

fn actor(id: &str, name: &str, also: &str) -> Actor {
    Actor {
        id: id.to_owned(),
        kind: ActorKind::Actor,
        name: name.to_owned(),
        origin: 0,
        names: vec![NameClaim { name: also.to_owned(), reports: Vec::new() }],
        uses: Vec::new(),
        states: Vec::new(),
        target_countries: Vec::new(),
        target_sectors: Vec::new(),
        first_seen: None,
        last_seen: None,
    }
}

fn base() -> Knowledge {
    let origin = Origin { name: "Made".to_owned(), version: None, notice: None };
    Knowledge {
        actors: vec![actor("X0001", "Blue Heron", "APT-X"), actor("X0002", "Red Heron", "APT-Y")],
        origins: vec![origin],
        ..Knowledge::default()
    }
}

fn indicator(kind: IndicatorKind, value: &str, name: &str) -> Indicator {
    Indicator {
        kind,
        value: value.to_owned(),
        validity: Validity::default(),
        source: "Partner".to_owned(),
        reference: None,
        confidence: None,
        tlp: None,
        names: vec![name.to_owned()],
    }
}

fn links(extent: &Extent, given: &[Indicator], hashes: &[Indicator], base: &Knowledge) -> Links {
    let matcher = Matcher::new(given);
    let lookup = |what: Observable<'_>| -> Vec<Indicator> {
        matcher.find(what).into_iter().cloned().collect()
    };
    links::of(extent, &lookup, hashes, base)
}

#[test]
fn how_a_value_is_named_says_how_strongly_it_ties() {
    for (kind, value, row, strength) in [
        (
            IndicatorKind::Domain,
            "img.evil.example",
            ("hostname", "img.evil.example"),
            Strength::STRONG,
        ),
        (
            IndicatorKind::Domain,
            "evil.example",
            ("hostname", "img.evil.example"),
            Strength::MODERATE,
        ),
        (IndicatorKind::Ip, "198.51.100.7", ("ip", "198.51.100.7"), Strength::STRONG),
        (IndicatorKind::Network, "198.51.100.0/24", ("ip", "198.51.100.7"), Strength::WEAK),
        (IndicatorKind::Email, "a@evil.example", ("email", "a@evil.example"), Strength::STRONG),
    ] {
        let extent = extent(vec![self::row(row.0, row.1, "beacon")]);
        let found = links(&extent, &[indicator(kind, value, "apt x")], &[], &base());
        let [item] = found.items.as_slice() else { panic!("{value}: {found:?}") };
        let [support] = item.supports.as_slice() else { panic!("{value}: {item:?}") };
        assert_eq!((support.actor.as_str(), support.strength), ("X0001", strength), "{value}");
        assert_eq!(
            (item.findings.as_slice(), item.channel),
            (&["f-1".to_owned()][..], Channel::Infrastructure)
        );
        assert!(!item.is_tangible(), "nobody graded it, and nobody says since when");
    }
}

#[test]
fn a_graded_claim_that_held_at_the_time_is_tangible() {
    let extent = extent(vec![row("ip", "198.51.100.7", "c2")]);
    let tangible = |from: Option<&str>, until: Option<&str>, confidence, grade: Option<&str>| {
        let given = Indicator {
            validity: Validity { from: from.and_then(at), until: until.and_then(at) },
            confidence,
            ..indicator(IndicatorKind::Ip, "198.51.100.7", "Blue Heron")
        };
        let mut item = links(&extent, &[given], &[], &base()).items.remove(0);
        if let Some(grade) = grade.and_then(SourceGrade::parse) {
            item.grade.reliability = grade.reliability;
            item.grade.credibility = grade.credibility.unwrap_or(item.grade.credibility);
        }
        item.is_tangible_for("X0001")
    };
    let (before, after) = (Some("2020-11-01T00:00:00Z"), Some("2021-06-01T00:00:00Z"));
    assert!(tangible(before, after, Some(75), Some("B")));
    assert!(tangible(before, None, None, Some("B2")));
    assert!(!tangible(before, after, Some(75), None), "how reliable the source is nobody said");
    assert!(!tangible(before, after, None, Some("B")), "how credible it is nobody said");
    assert!(!tangible(before, after, Some(30), Some("A")));
    // The warning was written later: since when the address was the actor's is not said.
    assert!(!tangible(after, None, Some(90), Some("A")));
    assert!(!tangible(None, Some("2020-12-01T00:00:00Z"), Some(90), Some("A")));
}

#[test]
fn relays_tie_to_nobody_in_particular() {
    let extent = extent(vec![row("ip", "192.0.2.9", "relay")]);
    let found = links(&extent, &[indicator(IndicatorKind::Ip, "192.0.2.9", "X0001")], &[], &base());
    assert_eq!(found.items[0].shared, Some(SharedUse::Relay));
}

#[test]
fn a_file_ties_by_the_finding_that_holds_its_hash() {
    let hash = indicator(IndicatorKind::FileHash, "sha256:00ff", "APT-Y");
    let other = indicator(IndicatorKind::FileHash, "sha256:00fe", "APT-Y");
    let found = links(&extent(Vec::new()), &[], &[hash, other], &base());
    let [item] = found.items.as_slice() else { panic!("{found:?}") };
    assert_eq!((item.channel, item.findings.as_slice()), (Channel::Code, &["f-2".to_owned()][..]));
    assert_eq!(item.supports[0].actor, "X0002");
}

#[test]
fn the_base_itself_may_know_whose_a_value_is() {
    let mut base = base();
    base.indicates
        .push(Indicates { indicator: indicator(IndicatorKind::Ip, "192.0.2.1", "x"), actor: 1 });
    let named = links::indicators(&base);
    let found = links(&extent(vec![row("ip", "192.0.2.1", "c2")]), &named, &[], &base);
    assert_eq!(found.items[0].supports[0].actor, "X0002");
}

#[test]
fn names_that_nobody_bears_are_told_and_prove_nothing() {
    let extent = extent(vec![row("ip", "192.0.2.1", "c2")]);
    let found =
        links(&extent, &[indicator(IndicatorKind::Ip, "192.0.2.1", "Grey Heron")], &[], &base());
    assert!(found.items.is_empty() && found.unknown.contains("Grey Heron"));
}

#[test]
fn habits_speak_weakly_and_never_of_a_country_by_a_role() {
    let mut base = base();
    base.actors[0].target_sectors = vec!["Journalists".to_owned()];
    base.actors[1].target_sectors = vec!["Energy".to_owned()];
    base.actors[1].states = vec![StateClaim {
        country: "CN".to_owned(),
        source: "Made".to_owned(),
        date: None,
        confidence: None,
        reports: Vec::new(),
    }];
    let mut extent = extent(Vec::new());
    let chosen = |role: &str, p_adjusted, direction| Targeting {
        role: role.to_owned(),
        targeted: 9,
        population: 10,
        expected: 1.6,
        p_value: p_adjusted,
        p_adjusted,
        direction,
    };
    extent.targeting = vec![
        chosen("journalist", 0.001, "more"),
        chosen("energy", 0.2, "more"),
        chosen("energy", 0.001, "less"),
        chosen("China desk", 0.001, "more"),
    ];
    let items = habits::victimology(&extent, &base);
    let whom: Vec<Vec<&str>> = items
        .iter()
        .map(|item| item.supports.iter().map(|support| support.actor.as_str()).collect())
        .collect();
    assert_eq!(whom, [vec!["X0001"], vec![]]);
    extent.rhythm.utc_offset_hours = Some(8.0);
    extent.rhythm.interval_hours = Some([7.0, 9.0]);
    let item = habits::rhythm(&extent, &base).expect("an offset");
    assert_eq!(item.supports.len(), 1);
    assert!(!item.is_tangible() && item.supports[0].strength == Strength::WEAK);
}

#[test]
fn a_closed_campaign_is_a_cluster_without_other_peoples_relays() {
    let rows = vec![row("ip", "192.0.2.9", "relay"), row("ip", "198.51.100.7", "c2")];
    let extent = extent(rows);
    let campaign = campaign::knowledge(&extent, "Spring", &BTreeMap::new(), &base());
    let read = clarte_intel::knowledge::read(
        "any.json",
        clarte_intel::knowledge::write(&campaign).as_bytes(),
    );
    assert_eq!((read.faults.len(), &read.knowledge), (0, &campaign));
    let [points] = campaign.indicates.as_slice() else { panic!("{campaign:?}") };
    assert_eq!(points.indicator.value, "198.51.100.7");
    assert_eq!(campaign::marking(&campaign), Some(Tlp::Amber));
    assert_eq!(campaign.actors[0].uses[0].what, "T1566.002");
    assert_eq!(campaign.actors[0].first_seen, Dated::parse("2021-01-06"));
}
