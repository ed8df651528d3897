//! Scoring: a perfect answer is told to be perfect, and each kind of mistake
//! is told for what it is.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod common;

use std::fs;
use std::path::Path;

use clarte_range::{Plan, Score, TrueVictim, Truth, score};
use common::{Evidence, made, truth_of};
use serde_json::{Value, json};

/// The answer of a careful analyst who knows the truth.
fn perfect(truth: &Truth, evidence: &Evidence) -> Value {
    let (mut victims, mut findings) = (Vec::new(), Vec::new());
    for victim in &truth.victims {
        let (mut rungs, mut undetermined) = (Vec::new(), Vec::new());
        for rung in &victim.rungs {
            if !rung.provable {
                undetermined.push(json!({"rung": rung.rung}));
                continue;
            }
            let place = evidence.showing(victim, rung).expect("evidence that shows it");
            let id = format!("f-{}", findings.len());
            rungs.push(json!({"rung": rung.rung, "time": rung.time, "findings": [id]}));
            let span = json!({"path": place.path, "offset": place.offset, "length": place.length, "member": place.member});
            findings.push(json!({"id": id, "spans": [span]}));
        }
        let extra = victim.expect_undetermined.iter().map(|rung| json!({"rung": rung}));
        undetermined.extend(extra);
        victims.push(
            json!({"identity": victim.identity, "kind": "person", "rungs": rungs, "undetermined": undetermined}),
        );
    }
    let infrastructure: Vec<Value> = truth
        .infrastructure
        .iter()
        .map(|item| json!({"type": item.kind, "value": item.value}))
        .collect();
    let gaps: Vec<Value> =
        truth.gaps.iter().map(|gap| json!({"from": gap.from, "to": gap.to})).collect();
    let mut coverage = vec![json!({"source": "proxy", "gaps": gaps})];
    coverage.extend(truth.coverage.iter().map(|row| {
        let entity = row.entities.first().map_or("*", String::as_str);
        json!({"source": row.source, "entity": entity, "state": row.states[0]})
    }));
    let left = &truth.exfiltration;
    let destinations: Vec<Value> = left
        .destinations
        .iter()
        .map(|to| json!({"value": to.values[0], "bytes": to.bytes}))
        .collect();
    json!({
        "exfiltration": {
            "verdict": left.verdicts[0],
            "bytes": {"floor": left.bytes.shown, "ceiling": null},
            "items": {"floor": left.items.shown, "ceiling": null},
            "destinations": destinations,
        },
        "schema": "clarte/extent/1",
        "duration": {"first_activity": truth.first_activity, "last_activity": truth.last_activity},
        "victims": victims,
        "infrastructure": infrastructure,
        "coverage": coverage,
        "findings": findings,
    })
}

fn scored(folder: &Path, answer: &Value) -> Score {
    let path = folder.join("extent.json");
    fs::write(&path, answer.to_string()).expect("a temporary file can be used");
    score(&folder.join("truth.json"), &path, folder).expect("a temporary file can be used")
}

#[test]
fn a_perfect_answer_is_perfect() {
    for seed in [1, 2, 3, 4, 5, 6] {
        let folder = made(&Plan { people: 40, days: 24, seed });
        let truth = truth_of(folder.path());
        let answer = perfect(&truth, &Evidence::read(folder.path()));
        let score = scored(folder.path(), &answer);
        assert!(score.is_sound() && score.is_complete(), "seed {seed}: {score:#?}");
        assert_eq!(score.rungs["opened"].silent, Vec::<String>::new());
        assert_eq!(score.citations.spans, score.citations.spans_holding);
        assert_eq!(score.citations.rungs, score.citations.rungs_shown);
        assert_eq!((score.first_activity_off, score.last_activity_off), (Some(0), Some(0)));
        assert_eq!(score.gaps_found, 1);
        assert!(score.summary().lines().count() <= 20);
    }
}

#[test]
fn an_empty_answer_misses_everything_and_claims_nothing() {
    let folder = made(&Plan { people: 30, days: 20, seed: 2 });
    let truth = truth_of(folder.path());
    let score = scored(folder.path(), &json!({"schema": "clarte/extent/1"}));
    assert!(score.is_sound() && !score.is_complete());
    assert_eq!(score.victims.found, 0);
    let missed = score.victims.missed.len() + score.victims.missed_beyond_proof.len();
    assert_eq!(missed, truth.victims.len());
    assert_eq!(score.first_activity_off, None);
    assert_eq!(score.gaps_missed, 1);
}

#[test]
fn each_mistake_is_told_for_what_it_is() {
    let folder = made(&Plan { people: 60, days: 30, seed: 3 });
    let truth = truth_of(folder.path());
    let mut answer = perfect(&truth, &Evidence::read(folder.path()));
    let never_opened = truth
        .victims
        .iter()
        .position(|victim| victim.rungs.iter().all(|rung| rung.rung != "opened"))
        .unwrap();
    let claim = json!({"rung": "opened", "time": truth.first_activity, "findings": []});
    answer["victims"][never_opened]["rungs"].as_array_mut().unwrap().push(claim);
    let stolen = json!({"rung": "exfiltrated", "findings": []});
    let kept = |victim: &TrueVictim| victim.rungs.iter().all(|rung| rung.rung != "exfiltrated");
    let robbed = truth.victims.iter().position(kept).unwrap();
    assert_eq!(robbed, 0, "the second is dropped below");
    answer["victims"][robbed]["rungs"].as_array_mut().unwrap().push(stolen);
    let invented = json!({"identity": "nobody@x.example", "rungs": [{"rung": "targeted"}]});
    answer["victims"].as_array_mut().unwrap().push(invented);
    let dropped = answer["victims"].as_array_mut().unwrap().remove(1);
    let spot = json!({"type": "domain", "value": "dailyplanet.example"});
    answer["infrastructure"].as_array_mut().unwrap().push(spot);

    let score = scored(folder.path(), &answer);
    assert!(!score.is_sound());
    assert_eq!(score.victims.invented, ["nobody@x.example"]);
    assert_eq!(score.rungs["exfiltrated"].overclaimed, [truth.victims[0].identity.clone()]);
    assert_eq!(score.infrastructure.invented, ["dailyplanet.example"]);
    let lost = dropped["identity"].as_str().unwrap().to_owned();
    assert!(
        score.victims.missed.contains(&lost) || score.victims.missed_beyond_proof.contains(&lost)
    );
    if never_opened != 1 {
        let who = &truth.victims[never_opened].identity;
        assert_eq!(score.rungs["opened"].overclaimed, std::slice::from_ref(who));
    }
    assert!(score.summary().contains("nobody@x.example"));
}

#[test]
fn what_is_true_but_beyond_proof_is_counted_apart() {
    let folder = made(&Plan { people: 60, days: 30, seed: 1 });
    let truth = truth_of(folder.path());
    let at_home = truth
        .victims
        .iter()
        .position(|victim| {
            victim.rungs.iter().any(|r| r.rung == "opened" && !r.provable && !r.debatable)
        })
        .unwrap();
    let mut answer = perfect(&truth, &Evidence::read(folder.path()));
    let rung = json!({"rung": "opened", "time": truth.first_activity, "findings": []});
    answer["victims"][at_home]["rungs"].as_array_mut().unwrap().push(rung);
    let score = scored(folder.path(), &answer);
    assert_eq!(score.rungs["opened"].beyond_proof, [truth.victims[at_home].identity.clone()]);
    assert!(score.rungs["opened"].overclaimed.is_empty());
}

#[test]
fn citations_that_lead_nowhere_are_noticed() {
    let folder = made(&Plan { people: 30, days: 20, seed: 5 });
    let truth = truth_of(folder.path());
    let mut answer = perfect(&truth, &Evidence::read(folder.path()));
    let span = |path: &str, offset: u64, length: u64| {
        json!({"spans": [{"path": path, "offset": offset, "length": length}]})["spans"].clone()
    };
    answer["findings"][0]["spans"] = span("evidence/people.csv", 0, 20);
    answer["findings"][1]["spans"] = span("../truth.json", 0, 20);
    answer["findings"][2]["spans"] = span("evidence/people.csv", 1 << 40, 20);
    let score = scored(folder.path(), &answer);
    assert!(!score.is_sound());
    assert_eq!(score.citations.rungs_unshown.len(), 3);
    assert_eq!(score.citations.unreadable.len(), 2);
}

#[test]
fn what_left_is_bracketed_and_coverage_is_not_invented() {
    let folder = made(&Plan { people: 60, days: 30, seed: 1 });
    let truth = truth_of(folder.path());
    let left = &truth.exfiltration;
    assert!(left.bytes.shown > 0 && left.items.shown > 0, "{left:?}");
    let right = perfect(&truth, &Evidence::read(folder.path()));

    let mut too_much = right.clone();
    too_much["exfiltration"]["bytes"]["floor"] = (left.bytes.all + 1).into();
    assert!(!scored(folder.path(), &too_much).exfiltration.bytes.is_bracketed);

    let mut too_little = right.clone();
    too_little["exfiltration"]["items"]["ceiling"] = (left.items.tied - 1).into();
    assert!(!scored(folder.path(), &too_little).exfiltration.items.is_bracketed);

    let mut mistaken = right;
    mistaken["exfiltration"]["verdict"] = "not_seen".into();
    mistaken["exfiltration"]["destinations"] = json!([{"value": "192.0.2.9", "bytes": 7}]);
    let row = json!({"source": "host", "entity": "pc-99999", "state": "cleared"});
    mistaken["coverage"].as_array_mut().unwrap().push(row);
    let score = scored(folder.path(), &mistaken);
    assert!(!score.is_sound() && !score.exfiltration.verdict_is_right);
    assert_eq!(score.exfiltration.destinations_invented, ["192.0.2.9 (7 bytes)"]);
    assert_eq!(score.coverage_invented, ["host cleared pc-99999"]);
    assert_eq!(score.exfiltration.destinations_missed.len(), left.destinations.len());
}
