//! Who answers for it, end to end: on knowledge and evidence made here, and on
//! ATT&CK's bundle where it is at hand.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A folder with two bases of knowledge.
struct Bench(tempfile::TempDir);

/// A group, its id, its techniques and software, and the reports that say so.
type Group = (&'static str, &'static str, &'static [&'static str]);

const GROUPS: &[Group] = &[
    ("G9001", "Blue Heron", &["T1566.002", "T1598.003", "T1114.003", "S9001"]),
    ("G9002", "Red Heron", &["T1190", "T1505.003", "T1059.001", "S9002"]),
    ("G9003", "Grey Heron", &["T1566.001", "T1204.002", "T1059.001", "S9001"]),
];

const OTHERS: &[Group] = &[("G9004", "White Heron", &["T1195.002", "T1027", "S9002"])];

const SEEN: &str =
    r#"{"techniques": ["T1566.002", "T1598.003"], "software": ["S9001"], "when": "2021-01"}"#;

/// A bundle as ATT&CK publishes them.
fn bundle(groups: &[Group]) -> String {
    let reference = |id: &str| json!([{"source_name": "mitre-attack", "external_id": id}]);
    let mut objects = Vec::new();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for (id, name, uses) in groups {
        let group = format!("intrusion-set--{id}");
        objects.push(json!({"type": "intrusion-set", "id": group, "name": name,
            "aliases": [name, format!("{name} Team")], "external_references": reference(id)}));
        for (at, what) in uses.iter().enumerate() {
            used.insert(what);
            let kind = if what.starts_with('S') { "malware" } else { "attack-pattern" };
            objects.push(json!({"type": "relationship", "relationship_type": "uses",
                "id": format!("relationship--{id}-{what}"), "source_ref": group,
                "target_ref": format!("{kind}--{what}"),
                "external_references": [
                    {"source_name": format!("{name} Report {} {}", at % 2, 2019 + at % 2)}]}));
        }
    }
    for what in used {
        let kind = if what.starts_with('S') { "malware" } else { "attack-pattern" };
        objects.push(json!({"type": kind, "id": format!("{kind}--{what}"),
            "name": format!("Name of {what}"), "external_references": reference(what)}));
    }
    json!({"type": "bundle", "id": "bundle--1", "objects": objects}).to_string()
}

impl Bench {
    fn new() -> Self {
        let bench = Self(tempfile::tempdir().expect("a temporary folder"));
        bench.write("kb.json", bundle(GROUPS));
        bench.write("more.json", bundle(OTHERS));
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clarte"));
        command.args(arguments).current_dir(self.0.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the command starts")
    }

    /// Runs `attribute`, which has to succeed; what it printed and said.
    fn attribute(&self, arguments: &[&str]) -> (String, String) {
        let output = self.run(&[&["attribute"], arguments].concat());
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
        (String::from_utf8(output.stdout).expect("UTF-8"), said)
    }

    fn answer(&self, arguments: &[&str]) -> Value {
        let (printed, _) = self.attribute(&[arguments, &["--json"]].concat());
        serde_json::from_str(&printed).expect("JSON alone")
    }

    /// The status and what was said.
    fn fails(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.run(&[&["attribute"], arguments].concat());
        assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
        (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
    }
}

fn hypotheses(answer: &Value) -> &[Value] {
    answer["hypotheses"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn of<'a>(answer: &'a Value, id: &str) -> &'a Value {
    hypotheses(answer).iter().find(|one| one["id"] == id).unwrap_or(&Value::Null)
}

fn ids(answer: &Value) -> BTreeSet<&str> {
    hypotheses(answer).iter().filter_map(|one| one["id"].as_str()).collect()
}

fn probability(one: &Value) -> f64 {
    one["probability"].as_f64().expect("a number")
}

const BANDS: &[&str] = &[
    "almost no chance",
    "very unlikely",
    "unlikely",
    "roughly even chance",
    "likely",
    "very likely",
    "almost certain",
];

fn rank(band: &Value) -> usize {
    BANDS.iter().position(|one| band == one).expect("a band")
}

#[test]
fn every_known_actor_is_ranked_and_probabilities_sum_to_one() {
    let bench = Bench::new();
    let answer = bench.answer(&["--observed", SEEN, "--kb", "kb.json"]);
    assert_eq!(answer["schema"], "clarte/attribution/1");
    assert_eq!(ids(&answer), BTreeSet::from(["G9001", "G9002", "G9003", "unknown", "false-flag"]));
    let all: Vec<f64> = hypotheses(&answer).iter().map(probability).collect();
    assert!((all.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{all:?}");
    assert!(all.is_sorted_by(|a, b| a >= b), "{all:?}");
    assert_eq!(hypotheses(&answer)[0]["id"], "G9001");
    assert_eq!(of(&answer, "G9001")["kind"], "actor");
    assert!(hypotheses(&answer).iter().all(|one| rank(&one["band"]) <= 3));
    for key in ["probability", "band", "confidence", "for", "against", "name"] {
        assert!(!of(&answer, "unknown")[key].is_null(), "{key}");
    }
    assert!(answer["states"].is_array());
}

#[test]
fn observations_come_from_a_file_standard_input_or_the_line_itself() {
    let bench = Bench::new();
    bench.write("seen.json", SEEN);
    let line = bench.answer(&["--observed", SEEN, "--kb", "kb.json"]);
    assert_eq!(line, bench.answer(&["--observed", "seen.json", "--kb", "kb.json"]));
    let mut child = bench
        .command(&["attribute", "--observed", "-", "--kb", "kb.json", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command starts");
    child.stdin.take().expect("a pipe").write_all(SEEN.as_bytes()).expect("a pipe");
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!(line, serde_json::from_slice::<Value>(&output.stdout).expect("JSON alone"));
}

#[test]
fn knowledge_is_replaced_or_extended_and_is_built_in() {
    let bench = Bench::new();
    let seen = r#"{"techniques": ["T1566.002", "T1027"]}"#;
    let replaced = bench.answer(&["--observed", seen, "--kb", "kb.json"]);
    assert!(!ids(&replaced).contains("G0128") && !ids(&replaced).contains("G9004"));
    let both = bench.answer(&["--observed", seen, "--kb", "kb.json", "more.json"]);
    assert_eq!(ids(&both), &ids(&replaced) | &BTreeSet::from(["G9004"]));
    let added = bench.answer(&["--observed", seen, "--kb", "kb.json", "--kb-add", "more.json"]);
    assert_eq!(added, both);
    let built_in = bench.answer(&["--observed", seen, "--kb-add", "more.json"]);
    assert!(ids(&built_in).is_superset(&BTreeSet::from(["G0128", "G0007", "G9004"])));
    assert!(built_in["knowledge"].as_array().is_some_and(|all| all.len() >= 2));
}

#[test]
fn compressed_knowledge_is_opened() {
    let bench = Bench::new();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bundle(GROUPS).as_bytes()).expect("memory");
    bench.write("kb.json.gz", packed.finish().expect("memory"));
    let plain = bench.answer(&["--observed", SEEN, "--kb", "kb.json"]);
    let opened = bench.answer(&["--observed", SEEN, "--kb", "kb.json.gz"]);
    assert_eq!(hypotheses(&plain), hypotheses(&opened));
}

fn item(channel: &str, says: &str, more: &str) -> String {
    format!(
        "[[item]]\nchannel = \"{channel}\"\nsays = \"{says}\"\nsource = \"Somebody\"\n{more}\n\
         for = [{{ actor = \"Blue Heron\", strength = \"conclusive\" }}]\n\n"
    )
}

#[test]
fn without_a_tangible_link_no_band_rises_above_even() {
    let bench = Bench::new();
    let channels = ["infrastructure", "code", "accounts", "statements", "victimology", "language"];
    let ungraded: Vec<_> =
        channels.iter().map(|channel| item(channel, &format!("A {channel} thing"), "")).collect();
    bench.write("ungraded.toml", ungraded.concat());
    let base = ["--observed", SEEN, "--kb", "kb.json", "--items"];
    let answer = bench.answer(&[&base[..], &["ungraded.toml"]].concat());
    assert!(hypotheses(&answer).iter().all(|one| rank(&one["band"]) <= 3), "{answer:#}");

    let held = |from: &str| {
        let more = format!(
            "date = \"2021-01-06\"\nheld = {{ from = \"{from}\", until = \"2021-02\" }}\ngrade = \"B2\""
        );
        item("infrastructure", "198.51.100.7 was its server", &more)
    };
    bench.write("held.toml", held("2020-11"));
    let answer = bench.answer(&[&base[..], &["held.toml"]].concat());
    let heron = of(&answer, "G9001");
    assert!(rank(&heron["band"]) > 3 && heron["is_tangible"] == true, "{heron:#}");
    // What is left out can be seen to matter, by its source as by its id.
    let id = answer["items"].as_array().and_then(|items| {
        items.iter().find(|item| item["channel"] == "infrastructure")?["id"].as_str()
    });
    for what in ["Somebody", "source: somebody", id.expect("an item")] {
        let less = bench.answer(&[&base[..], &["held.toml", "--without", what]].concat());
        assert!(rank(&of(&less, "G9001")["band"]) <= 3, "{what}");
    }
    bench.write("later.toml", held("2021-02"));
    let answer = bench.answer(&[&base[..], &["later.toml"]].concat());
    assert!(rank(&of(&answer, "G9001")["band"]) <= 3, "it was not its server yet");
}

#[test]
fn the_screen_says_what_may_be_published_why_and_that_likeness_is_a_lead() {
    let bench = Bench::new();
    bench.write("evil.toml", item("language", "A word \\u001b[31m in red", ""));
    let arguments = ["--observed", SEEN, "--kb", "kb.json", "--items", "evil.toml", "--top", "2"];
    let (printed, said) = bench.attribute(&arguments);
    for expected in [
        "Who answers for it: Blue Heron (G9001)",
        "no tangible link",
        "Resemblance of techniques is a lead, not proof.",
        "T1566.002",
        "×",
        "If it were a false flag",
        "What changes it",
        "What this cannot say",
        "The MITRE Corporation",
    ] {
        assert!(printed.contains(expected), "{expected}: {printed}");
    }
    assert!(!printed.contains('\u{1b}') && said.is_empty(), "{said}");
    assert!(printed.lines().all(|line| line.chars().count() <= 110), "{printed}");
    let (_, said) = bench.attribute(&["--observed", SEEN, "--kb", "kb.json", "--lang", "fr"]);
    assert!(said.contains("English"), "{said}");
}

#[test]
fn wrong_input_has_its_status_and_says_what_to_do() {
    let bench = Bench::new();
    bench.write("folder/x", "");
    bench.write("empty", "");
    bench.write("no.json", "{\"type\": ");
    bench.write("list.json", "[]");
    let kb = ["--kb", "kb.json"];
    for (arguments, status, says) in [
        (&["--json"][..], 2, "--observed"),
        (&["--observed", "{x", kb[0], kb[1]], 2, "no JSON"),
        (&["--observed", SEEN, "--case", "c"], 2, "cannot be used"),
        (&["--observed", SEEN, "--unknown", "1.5"], 2, "between 0 and 1"),
        (&["--case", "c", "--grade", "CERT=H9"], 2, "SOURCE=B2"),
        (&["--observed", "nowhere.json"], 3, "does not exist"),
        (&["--observed", "no.json", kb[0], kb[1]], 3, "no JSON object"),
        (&["--observed", "list.json", kb[0], kb[1]], 3, "no JSON object"),
        (&["--observed", "folder", kb[0], kb[1]], 3, "folder"),
        (&["--observed", SEEN, "--kb", "nowhere.json"], 3, "does not exist"),
        (&["--observed", SEEN, "--kb", "folder"], 3, "folder"),
        (&["--observed", SEEN, "--kb", "empty"], 3, "no actor could be read"),
        (&["--observed", SEEN, "--kb", "no.json"], 3, "no.json:1: "),
        (&["--observed", SEEN, kb[0], kb[1], "--items", "nowhere.toml"], 3, "does not exist"),
        (&["--observed", "{}", kb[0], kb[1]], 3, "nothing to attribute"),
        (&["--observed", r#"{"techniques": ["T0000"]}"#, kb[0], kb[1]], 3, "nothing to attribute"),
        (&["--case", "nowhere"], 3, "does not exist"),
        (&["--case", "folder"], 3, "clarte investigate"),
    ] {
        let (found, said) = bench.fails(arguments);
        assert_eq!(found, Some(status), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
}

#[test]
fn hostile_knowledge_is_survived_and_told_a_line_each() {
    let bench = Bench::new();
    let relation = |n: usize, from: &str, to: &str| {
        json!({"type": "relationship", "id": format!("relationship--{n}"),
            "relationship_type": "attributed-to", "source_ref": from, "target_ref": to})
    };
    let set = |id: &str, seen: &str| {
        json!({"type": "intrusion-set", "id": format!("intrusion-set--{id}"), "name": "A",
            "first_seen": seen})
    };
    let mut objects = vec![
        set("1", "99999-01-01T00:00:00Z"),
        set("1", "2021-01-01T00:00:00Z"),
        set("2", "-1"),
        relation(1, "intrusion-set--1", "intrusion-set--2"),
        relation(2, "intrusion-set--2", "intrusion-set--1"),
        relation(3, "intrusion-set--1", "intrusion-set--1"),
    ];
    objects.extend((10..60).map(|n| relation(n, "intrusion-set--1", "threat-actor--gone")));
    objects.extend((0..30).map(|n| json!({"type": 7, "id": n})));
    let text = json!({"type": "bundle", "id": "bundle--1", "objects": objects}).to_string();
    bench.write("hostile.json", text.replace("},{", "},\n{"));
    let arguments = ["--observed", SEEN, "--kb", "kb.json", "hostile.json"];
    let (printed, said) = bench.attribute(&[&arguments[..], &["--json"]].concat());
    let answer: Value = serde_json::from_str(&printed).expect("JSON alone");
    let sum: f64 = hypotheses(&answer).iter().map(probability).sum();
    assert!((sum - 1.0).abs() < 1e-9 && hypotheses(&answer)[0]["id"] == "G9001");
    let lines: Vec<_> = said.lines().collect();
    assert!(!lines.is_empty() && lines.len() <= 11, "{said}");
    assert!(lines.iter().any(|line| line.starts_with("clarte: hostile.json:")), "{said}");
    assert!(lines.last().is_some_and(|line| line.contains("more")), "{said}");

    bench.write("broken.toml", "[[item]]\nchannel = \"magic\"\nsays = \"x\"\nsource = \"y\"\n");
    let arguments = ["--observed", SEEN, "--kb", "kb.json", "--items", "broken.toml"];
    let (_, said) = bench.attribute(&arguments);
    assert!(said.starts_with("clarte: broken.toml:"), "{said}");
    let arguments = ["--observed", r#"{"techniques": ["T1566.002", 7], "when": "never"}"#];
    let (_, said) = bench.attribute(&[&arguments[..], &["--kb", "kb.json"]].concat());
    assert_eq!(said.lines().count(), 2, "{said}");
}

/// A mail of the campaign, and what a partner says of its server.
fn investigated(bench: &Bench, case: &str, intel: &str) {
    bench.write(
        "evidence/anne@office.example.mbox",
        "From x@y Tue Jan  5 09:00:00 2021\n\
         Received: from mail.fake-press.example ([203.0.113.77]) by mx.office.example;\n\
         \tTue, 5 Jan 2021 09:00:00 +0000\n\
         From: Claire <claire@fake-press.example>\nTo: anne@office.example\nSubject: Interview\n\
         Date: Mon, 4 Jan 2021 01:00:00 +0000\nMessage-ID: <1@fake-press.example>\n\
         MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n\
         <p>Would you agree to a short telephone interview?</p>\n\
         <img src=\"http://img.fake-press.example/v/a1b2c3d4e5f60718.png\" width=1 height=1>\n\n",
    );
    bench.write("intel.csv", intel);
    let output = bench.run(&["investigate", "evidence", "--intel", "intel.csv", "--case", case]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

const NAMED: &str = "value,actor,valid_from,valid_until,confidence,source\n\
     fake-press.example,Blue Heron,2020-11-01T00:00:00Z,2021-06-01T00:00:00Z,75,Partner CERT\n";

#[test]
fn a_case_ties_to_an_actor_by_what_a_graded_source_says_of_its_servers() {
    let bench = Bench::new();
    investigated(&bench, "case", NAMED);
    let base = ["--case", "case", "--kb", "kb.json"];
    let answer = bench.answer(&base);
    let items = answer["items"].as_array().expect("a list");
    let item = items.iter().find(|item| item["channel"] == "infrastructure").expect("derived");
    assert_eq!((&item["source"], &item["grade"]), (&json!("Partner CERT"), &json!("F2")));
    assert_eq!(item["date"], "2021-01-05");
    let extent: Value =
        serde_json::from_slice(&fs::read(bench.path("case/out/extent.json")).expect("an answer"))
            .expect("JSON");
    let findings = extent["findings"].as_array().expect("findings");
    let cited = item["findings"].as_array().expect("ids");
    assert!(!cited.is_empty());
    assert!(cited.iter().all(|id| findings.iter().any(|finding| finding["id"] == *id)));
    assert!(hypotheses(&answer).iter().all(|one| rank(&one["band"]) <= 3), "nobody graded it");

    let graded = bench.answer(&[&base[..], &["--grade", "Partner CERT=B"]].concat());
    let heron = of(&graded, "G9001");
    assert_eq!(heron["is_tangible"], true, "{heron:#}");
    assert!(probability(heron) > probability(of(&answer, "G9001")));
    assert_eq!(hypotheses(&graded)[0]["id"], "G9001");
}

#[test]
fn the_answer_of_a_case_is_written_whole_logged_and_the_same_twice() {
    let bench = Bench::new();
    investigated(&bench, "case", NAMED);
    let arguments = ["--case", "case", "--kb", "kb.json"];
    let (printed, _) = bench.attribute(&arguments);
    assert!(printed.contains("attribution.json"), "{printed}");
    let path = bench.path("case/out/attribution.json");
    let first = fs::read(&path).expect("written");
    let log = fs::read(bench.path("case/custody/log.jsonl")).expect("a log");
    assert!(String::from_utf8_lossy(&log).contains("attribution.json"));
    assert_eq!(bench.answer(&arguments), serde_json::from_slice::<Value>(&first).expect("JSON"));
    assert_eq!(fs::read(&path).expect("written"), first);
    assert_eq!(fs::read(bench.path("case/custody/log.jsonl")).expect("a log"), log);
    // To look at it without something changes nothing.
    bench.answer(&[&arguments[..], &["--without", "Partner CERT"]].concat());
    assert_eq!(fs::read(&path).expect("written"), first);
    let output = bench.run(&["schema", "attribution"]);
    let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let answer: Value = serde_json::from_slice(&first).expect("JSON");
    for key in schema["required"].as_array().expect("keys").iter().filter_map(Value::as_str) {
        assert!(!answer[key].is_null() || key == "false_flag", "{key}");
    }
    let verified = bench.run(&["verify", "case"]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stderr));
    assert!(String::from_utf8_lossy(&verified.stdout).contains("attribution.json"));
    fs::write(&path, b"{}").expect("a file");
    assert_eq!(bench.run(&["verify", "case"]).status.code(), Some(4));
    // The case goes on as before.
    investigated(&bench, "case", NAMED);
    assert_eq!(bench.answer(&arguments), answer);
}

#[test]
fn a_case_that_has_moved_on_says_so() {
    let bench = Bench::new();
    investigated(&bench, "case", NAMED);
    let path = bench.path("case/out/extent.json");
    let mut bytes = fs::read(&path).expect("an answer");
    bytes.push(b' ');
    fs::write(&path, bytes).expect("a file");
    let (status, said) = bench.fails(&["--case", "case", "--kb", "kb.json"]);
    assert!(status == Some(3) && said.contains("clarte investigate"), "{said}");
}

#[test]
fn a_closed_campaign_is_found_again_by_another_case() {
    let bench = Bench::new();
    investigated(&bench, "spring", NAMED);
    let (printed, _) = bench.attribute(&["--case", "spring", "--close", "Spring 2021"]);
    assert!(printed.contains("campaign.knowledge.json"), "{printed}");
    let campaign = "spring/out/campaign.knowledge.json";
    investigated(&bench, "autumn", "value\nimg.fake-press.example\n");
    let answer = bench.answer(&["--case", "autumn", "--kb", "kb.json", "--kb-add", campaign]);
    let cluster = of(&answer, "case:spring-2021");
    assert_eq!(cluster["kind"], "cluster", "{answer:#}");
    let items = answer["items"].as_array().expect("a list");
    assert!(items.iter().any(|item| item["channel"] == "infrastructure"), "{items:#?}");
}

#[test]
fn attacks_whole_bundle_is_answered_from_in_seconds() {
    let data = std::env::var_os("CLARTE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = data.join("attack/enterprise-attack-18.1.json.gz");
    if !path.exists() {
        eprintln!("skipped: no {}", path.display());
        return;
    }
    let bench = Bench::new();
    let path = path.to_str().expect("UTF-8");
    let began = Instant::now();
    let seen =
        r#"{"techniques": ["T1598.003", "T1566.002"], "software": ["S0154"], "when": "2021-01"}"#;
    let answer = bench.answer(&["--observed", seen, "--kb", path]);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert!(ids(&answer).contains("G0128") && hypotheses(&answer).len() > 170);
    // The bundle names no state: those that are claimed for its groups are kept.
    assert!(answer["states"].as_array().is_some_and(|states| states.len() > 3));
}
