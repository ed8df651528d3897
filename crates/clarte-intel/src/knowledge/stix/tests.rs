use std::time::Instant;

use clarte_model::knowledge::{Actor, ActorKind, Knowledge};

use super::super::{Read, read};

/// Objects by their properties; every one gets its type's id of that number.
fn bundle(objects: &[&str]) -> String {
    format!(r#"{{"type": "bundle", "id": "bundle--1", "objects": [{}]}}"#, objects.join(","))
}

fn object(kind: &str, number: u32, more: &str) -> String {
    format!(r#"{{"type": "{kind}", "id": "{kind}--{number}", "name": "{kind} {number}"{more}}}"#)
}

fn attack(kind: &str, number: u32, id: &str) -> String {
    let own = format!(
        r#", "external_references": [{{"source_name": "mitre-attack", "external_id": "{id}"}}]"#
    );
    object(kind, number, &own)
}

fn link(number: u32, from: &str, says: &str, to: &str, report: &str) -> String {
    let more = format!(
        r#", "source_ref": "{from}", "relationship_type": "{says}", "target_ref": "{to}",
        "external_references": [{{"source_name": "{report}"}}]"#
    );
    object("relationship", number, &more)
}

fn take(objects: &[String]) -> Read {
    let objects: Vec<&str> = objects.iter().map(String::as_str).collect();
    let forwards = read("file", bundle(&objects).as_bytes());
    let backwards: Vec<&str> = objects.iter().rev().copied().collect();
    let backwards = read("file", bundle(&backwards).as_bytes());
    assert_eq!(forwards.knowledge, backwards.knowledge);
    assert_eq!(forwards.faults_total, backwards.faults_total);
    assert_eq!(forwards.ignored, backwards.ignored);
    forwards
}

/// What an actor uses, with the keys of the reports that say so.
fn uses(base: &Knowledge, id: &str) -> Vec<String> {
    let actor = actor(base, id);
    let key = |at: &u32| base.reports[*at as usize].key.as_str();
    let line = |used: &clarte_model::knowledge::Use| {
        let keys: Vec<&str> = used.reports.iter().map(key).collect();
        format!("{}: {}", used.what, keys.join(", "))
    };
    actor.uses.iter().map(line).collect()
}

fn actor<'k>(base: &'k Knowledge, id: &str) -> &'k Actor {
    base.actors.iter().find(|actor| actor.id == id).expect("the actor")
}

#[test]
fn a_group_uses_what_reports_say() {
    let read = take(&[
        attack("intrusion-set", 1, "G0001"),
        attack("malware", 1, "S0001"),
        attack("attack-pattern", 1, "T1566.002"),
        link(1, "intrusion-set--1", "uses", "malware--1", "Example A"),
        link(2, "intrusion-set--1", "uses", "attack-pattern--1", "Example A"),
        link(3, "intrusion-set--1", "uses", "attack-pattern--1", "Example B"),
        link(4, "malware--1", "uses", "attack-pattern--1", ""),
    ]);
    let base = &read.knowledge;
    assert_eq!(uses(base, "G0001"), ["S0001: Example A", "T1566.002: Example A, Example B"]);
    assert_eq!(base.software[0].uses[0].what, "T1566.002");
    assert_eq!(base.origins[0].name, "MITRE ATT&CK");
    assert!(base.origins[0].notice.as_deref().is_some_and(|notice| notice.contains("MITRE")));
    assert_eq!((read.faults_total, read.ignored.len()), (0, 0));
}

#[test]
fn a_campaign_is_its_actors_or_a_cluster() {
    let read = take(&[
        attack("intrusion-set", 1, "G0001"),
        attack("intrusion-set", 2, "G0002"),
        attack("attack-pattern", 1, "T1566"),
        object("campaign", 1, r#", "first_seen": "2020-03-01T04:00:00Z""#),
        attack("campaign", 2, "C0002"),
        link(1, "campaign--1", "uses", "attack-pattern--1", "Example A"),
        link(2, "campaign--2", "uses", "attack-pattern--1", "Example B"),
        link(3, "campaign--1", "attributed-to", "intrusion-set--1", "Example C"),
        link(4, "campaign--1", "attributed-to", "intrusion-set--2", "Example C"),
        // Who cites nothing cites the campaign.
        attack("attack-pattern", 2, "T1078"),
        link(5, "campaign--1", "uses", "attack-pattern--2", ""),
    ]);
    let base = &read.knowledge;
    for id in ["G0001", "G0002"] {
        assert_eq!(uses(base, id), ["T1078: campaign--1", "T1566: Example A"]);
        let seen = actor(base, id).first_seen.map(|at| at.to_string());
        assert_eq!(seen.as_deref(), Some("2020-03-01"));
    }
    assert_eq!(uses(base, "C0002"), ["T1566: Example B"]);
    assert_eq!(actor(base, "C0002").kind, ActorKind::Cluster);
    assert_eq!(base.actors.len(), 3);
}

#[test]
fn what_is_revoked_is_its_successor() {
    let gone = |number: u32| object("attack-pattern", number, r#", "revoked": true"#);
    let read = take(&[
        attack("intrusion-set", 1, "G0001"),
        gone(1),
        gone(2),
        attack("attack-pattern", 3, "T1003"),
        // Two that name each other, one deprecated, one without successor.
        gone(4),
        gone(5),
        object("attack-pattern", 6, r#", "x_mitre_deprecated": true"#),
        link(1, "attack-pattern--1", "revoked-by", "attack-pattern--2", ""),
        link(2, "attack-pattern--2", "revoked-by", "attack-pattern--3", ""),
        link(3, "attack-pattern--4", "revoked-by", "attack-pattern--5", ""),
        link(4, "attack-pattern--5", "revoked-by", "attack-pattern--4", ""),
        link(5, "intrusion-set--1", "uses", "attack-pattern--1", "Example A"),
        link(6, "intrusion-set--1", "uses", "attack-pattern--4", "Example B"),
        link(7, "intrusion-set--1", "uses", "attack-pattern--6", "Example C"),
    ]);
    assert_eq!(uses(&read.knowledge, "G0001"), ["T1003: Example A"]);
    assert_eq!(read.knowledge.techniques.len(), 1);
    assert_eq!(read.ignored["revoked"], 4);
    assert_eq!(read.ignored["deprecated"], 1);
    assert_eq!(read.ignored["relationship between objects that make no claim"], 2);
}

#[test]
fn states_and_targets_come_from_relations() {
    let place =
        |number: u32, code: &str| object("location", number, &format!(r#", "country": "{code}""#));
    let read = take(&[
        object("intrusion-set", 1, ""),
        place(1, "cn"),
        place(2, "BE"),
        place(3, "Belgium"),
        object("identity", 1, r#", "sectors": ["government"]"#),
        link(1, "intrusion-set--1", "attributed-to", "location--1", "Example A"),
        link(2, "intrusion-set--1", "originates-from", "location--1", "Example A"),
        link(3, "intrusion-set--1", "targets", "location--3", ""),
        link(4, "intrusion-set--1", "targets", "identity--1", ""),
        link(5, "identity--1", "located-at", "location--2", ""),
    ]);
    let actor = actor(&read.knowledge, "intrusion-set--1");
    let sources: Vec<&str> = actor.states.iter().map(|claim| claim.source.as_str()).collect();
    assert_eq!(sources, ["file", "file (originates from)"]);
    assert!(actor.states.iter().all(|claim| claim.country == "CN" && claim.reports == [0]));
    assert_eq!(actor.target_countries, ["BE"]);
    assert_eq!(actor.target_sectors, ["government"]);
}

#[test]
fn reports_are_cited_by_what_they_list() {
    let lists = |number: u32, refs: &str| {
        object(
            "report",
            number,
            &format!(r#", "object_refs": [{refs}], "published": "2021-05-06T00:00:00Z""#),
        )
    };
    let read = take(&[
        object("intrusion-set", 1, ""),
        object("malware", 1, ""),
        object("malware", 2, ""),
        link(1, "intrusion-set--1", "uses", "malware--1", "Example A"),
        link(2, "intrusion-set--1", "uses", "malware--2", ""),
        lists(1, r#""relationship--1", "malware--9""#),
        lists(2, r#""intrusion-set--1", "malware--1", "malware--2""#),
    ]);
    let base = &read.knowledge;
    assert_eq!(
        uses(base, "intrusion-set--1"),
        ["malware--1: Example A, report 1", "malware--2: report 2"]
    );
    assert_eq!(base.reports[1].date.map(|at| at.to_string()).as_deref(), Some("2021-05-06"));
    assert_eq!(read.faults_total, 1);
}

#[test]
fn indicators_point_to_actors() {
    let indicator = |number: u32, pattern: &str| {
        let more = format!(
            r#", "pattern": "{pattern}", "pattern_type": "stix", "valid_from": "2021-01-01T00:00:00Z""#
        );
        object("indicator", number, &more)
    };
    let read = take(&[
        object("intrusion-set", 1, ""),
        object("campaign", 1, ""),
        indicator(1, "[domain-name:value = 'a.example']"),
        indicator(2, "[domain-name:value = 'b.example' AND url:value = 'http://b.example/x']"),
        indicator(3, "[domain-name:value = 'c.example']"),
        indicator(4, "[broken"),
        indicator(5, "[domain-name:value = 'nobody.example']"),
        link(1, "indicator--1", "indicates", "intrusion-set--1", ""),
        link(2, "indicator--2", "indicates", "intrusion-set--1", ""),
        link(3, "indicator--3", "indicates", "campaign--1", ""),
        link(4, "indicator--4", "indicates", "intrusion-set--1", ""),
        link(5, "campaign--1", "attributed-to", "intrusion-set--1", ""),
    ]);
    let base = &read.knowledge;
    let values: Vec<&str> = base.indicates.iter().map(|one| one.indicator.value.as_str()).collect();
    assert_eq!(values, ["a.example", "c.example"]);
    assert!(
        base.indicates.iter().all(|one| one.actor == 0 && one.indicator.validity.from.is_some())
    );
    assert_eq!(base.actors.len(), 1);
    assert_eq!((read.faults_total, read.ignored["indicator of more than one value"]), (1, 1));
}

#[test]
fn names_are_claims_with_their_citations() {
    let read = take(&[object(
        "intrusion-set",
        1,
        r#", "aliases": ["intrusion-set 1", "Sleepy Otter", "Tired Otter"],
        "external_references": [
            {"source_name": "mitre-attack", "external_id": "G0001", "url": "https://attack.mitre.org/groups/G0001"},
            {"source_name": "Sleepy Otter", "description": "(Citation: Example May 2020)(Citation: Nothing)"},
            {"source_name": "Example May 2020", "url": "https://www.example.org/a"},
            {"source_name": "Example Never Cited", "url": "https://www.example.org/b"}]"#,
    )]);
    let base = &read.knowledge;
    let names: Vec<(&str, &[u32])> =
        base.actors[0].names.iter().map(|claim| (&*claim.name, &*claim.reports)).collect();
    assert_eq!(names, [("Sleepy Otter", &[0][..]), ("Tired Otter", &[])]);
    assert_eq!(base.reports.len(), 1);
    assert_eq!(base.reports[0].publisher.as_deref(), Some("example.org"));
}

#[test]
fn who_refers_to_a_page_of_attack_means_it() {
    let refers = |kind: &str, number: u32, pages: &[&str]| {
        let urls: Vec<String> = pages
            .iter()
            .map(|page| {
                format!(r#"{{"source_name": "x", "url": "https://attack.mitre.org/{page}"}}"#)
            })
            .collect();
        object(kind, number, &format!(r#", "external_references": [{}]"#, urls.join(",")))
    };
    let read = take(&[
        refers("malware", 1, &["software/S0001/"]),
        refers("malware", 2, &["software/S0001", "software/S0002"]),
        refers("intrusion-set", 1, &["groups/G0001/", "software/S0001"]),
        refers("intrusion-set", 2, &["groups/G0001", "groups/G0002"]),
        link(1, "intrusion-set--1", "uses", "malware--1", ""),
    ]);
    let base = &read.knowledge;
    assert_eq!(uses(base, "intrusion-set--1"), ["S0001: "]);
    assert_eq!(base.software[1].id, "malware--2");
    let claims: Vec<(&str, &str, f64)> =
        base.aliases.iter().map(|claim| (&*claim.left, &*claim.right, claim.weight)).collect();
    let (one, two) = ("intrusion-set--1", "intrusion-set--2");
    assert_eq!(claims, [("G0001", one, 0.5), ("G0001", two, 0.25), ("G0002", two, 0.25)]);
}

#[test]
fn of_two_versions_the_latest_counts() {
    let version = |name: &str, modified: &str| {
        format!(
            r#"{{"type": "intrusion-set", "id": "intrusion-set--1", "name": "{name}", "modified": "{modified}"}}"#
        )
    };
    let read = take(&[
        version("new", "2021-01-01T00:00:00.5Z"),
        version("old", "2021-01-01T00:00:00Z"),
        version("b", "never"),
        version("new, too", "2021-01-01T00:00:00.50Z"),
    ]);
    // Equal to the instant: the first in byte order.
    assert_eq!(read.knowledge.actors[0].name, "new");
    assert_eq!(read.ignored["superseded version"], 3);
}

#[test]
fn a_broken_object_costs_only_itself() {
    let read = take(&[
        object("intrusion-set", 1, ""),
        object("malware", 1, ""),
        link(1, "intrusion-set--1", "uses", "malware--1", "Example A"),
        // Nothing, wrong types, absurd dates, dangling ends, itself.
        "17".to_owned(),
        "{}".to_owned(),
        r#"{"type": 3, "id": "x--1"}"#.to_owned(),
        r#"{"type": "malware", "id": "malware--2", "name": {}}"#.to_owned(),
        r#"{"type": "malware", "id": "malware--3", "aliases": "x"}"#.to_owned(),
        object("campaign", 1, r#", "first_seen": "9999-12-31T00:00:00Z", "last_seen": "soon""#),
        link(2, "intrusion-set--1", "uses", "malware--9", ""),
        link(3, "intrusion-set--1", "uses", "intrusion-set--1", ""),
        link(4, "campaign--1", "attributed-to", "campaign--1", ""),
        object("x-new", 1, ""),
    ]);
    let base = &read.knowledge;
    assert_eq!(uses(base, "intrusion-set--1"), ["malware--1: Example A"]);
    assert_eq!(actor(base, "campaign--1").first_seen, None);
    assert_eq!(read.faults_total, 8);
    assert_eq!(read.ignored["x-new"], 1);
}

#[test]
fn arrays_and_lines_are_read_too() {
    let objects = [object("intrusion-set", 1, ""), object("intrusion-set", 2, "")];
    let array = read("file", format!("[{}]", objects.join(",")).as_bytes());
    let lines = read("file", format!("{}\n\nbroken\n{}\n", objects[0], objects[1]).as_bytes());
    let one = read("file", objects[0].as_bytes());
    assert_eq!(array.knowledge, lines.knowledge);
    assert_eq!(array.knowledge.actors.len(), 2);
    assert_eq!((lines.faults_total, lines.faults[0].detail.starts_with("line 3: ")), (1, true));
    assert_eq!((one.format, one.knowledge.actors.len()), ("stix", 1));
}

#[test]
fn what_is_no_knowledge_is_said() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for text in
        ["", "x", "{", "{}", "[]", r#"{"objects": 3}"#, r#"{"schema": "other"}"#, "[{}]", &deep]
    {
        let read = read("file", text.as_bytes());
        assert_eq!((read.format, read.faults_total > 0), ("unknown", true), "{text:.20}");
        assert_eq!(read.knowledge, Knowledge::default());
    }
}

#[test]
fn a_long_chain_and_a_great_fan_take_linear_time() {
    let start = Instant::now();
    let mut objects: Vec<String> = vec![object("intrusion-set", 1, "")];
    for number in 0..20_000 {
        objects.push(object("attack-pattern", number, r#", "revoked": true"#));
        let (this, next) =
            (format!("attack-pattern--{number}"), format!("attack-pattern--{}", number + 1));
        objects.push(link(2 * number, &this, "revoked-by", &next, ""));
        objects.push(link(2 * number + 1, "intrusion-set--1", "uses", &this, "a"));
    }
    for number in 0..2_000 {
        objects.push(object("campaign", number, ""));
        objects.push(link(50_000 + number, "campaign--1", "attributed-to", "intrusion-set--1", ""));
        let many: String = (0..200).map(|at| format!(r#""attack-pattern--{at}","#)).collect();
        let refs = format!(r#", "object_refs": [{many} "intrusion-set--1"]"#);
        objects.push(object("report", number, &refs));
    }
    let read = take(&objects);
    assert_eq!(read.knowledge.actors.len(), 2_000);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn giant_names_are_cut() {
    let long = "é".repeat(100_000);
    let more = format!(r#", "aliases": ["{long}"]"#);
    let read = take(&[object("intrusion-set", 1, &more)]);
    assert_eq!(read.knowledge.actors[0].names[0].name.len(), 200);
}
