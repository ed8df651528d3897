//! A small base of birds, and questions about it.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part")]

use clarte_attribution::answer::Hypothesis;
use clarte_attribution::{Answer, Channel, Held, Item, Observed, Question, Standing, Strength};
use clarte_model::Dated;
use clarte_model::knowledge::{
    Actor, ActorKind, Knowledge, Origin, Report, Software, StateClaim, Technique, Use,
};

/// An actor that used `uses`, all by report `report`.
pub fn actor(id: &str, name: &str, uses: &[&str], report: u32) -> Actor {
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

pub fn knowledge() -> Knowledge {
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

pub fn said(country: &str, source: &str, confidence: u8) -> StateClaim {
    StateClaim {
        country: country.to_owned(),
        source: source.to_owned(),
        date: None,
        confidence: Some(confidence),
        reports: Vec::new(),
    }
}

pub fn observed(techniques: &[&str], software: &[&str]) -> Question {
    let own = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    Question::of(Observed {
        techniques: own(techniques),
        software: own(software),
        ..Observed::default()
    })
}

pub fn item(channel: Channel, says: &str, actor: &str, strength: Strength, grade: &str) -> Item {
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

pub fn find<'a>(answer: &'a Answer, id: &str) -> &'a Hypothesis {
    answer.hypotheses.iter().find(|it| it.id == id).expect("every hypothesis is there")
}

pub const HERON: &[&str] = &["T1001", "T1002", "T1003", "T1004", "T1005"];
