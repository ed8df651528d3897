//! Logs that no format knows, read by mapping files, end to end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const ANNE: &str = "anne.dupont@office.example";

/// A folder with the guide's examples and room for cases.
struct Bench(tempfile::TempDir);

impl Bench {
    fn new() -> Self {
        let bench = Self(tempfile::tempdir().expect("a temporary folder"));
        for example in ["vpn.toml", "vpn.csv", "vpn-people.csv", "vpn-intel.txt"] {
            fs::copy(guides().join("examples").join(example), bench.path(example)).expect("copied");
        }
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_clarte"))
            .args(arguments.split_whitespace())
            .current_dir(self.0.path())
            .output()
            .expect("the command starts")
    }

    /// Runs what has to succeed and returns the answer's bytes.
    fn answer(&self, case: &str, arguments: &str) -> Vec<u8> {
        let output = self.run(&format!("investigate {arguments} --case {case}"));
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        fs::read(self.path(case).join("out/extent.json")).expect("an answer")
    }

    fn replace(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).expect("a text");
        assert!(text.contains(from), "{name} has no {from}");
        fs::write(self.path(name), text.replace(from, to)).expect("written");
    }
}

fn guides() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

/// A victim's proven rungs, each with its time.
fn rungs(extent: &Value, identity: &str) -> Vec<(String, String)> {
    let victims = extent["victims"].as_array().expect("victims");
    let victim = victims.iter().find(|victim| victim["identity"] == identity);
    let rungs = victim.and_then(|victim| victim["rungs"].as_array()).cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    rungs.iter().map(|rung| (text(&rung["rung"]), text(&rung["time"]))).collect()
}

fn format_of(extent: &Value, path: &str) -> String {
    let rows = extent["intake"].as_array().expect("intake");
    let row = rows.iter().find(|row| row["path"] == path).expect("a row");
    row["format"].as_str().expect("a format").to_owned()
}

const REST: &str = "vpn-people.csv --intel vpn-intel.txt";

#[test]
fn the_guide_s_example_does_what_the_guide_says() {
    let guide = fs::read_to_string(guides().join("read-another-log.md")).expect("the guide");
    for example in ["vpn.csv", "vpn.toml"] {
        let text = fs::read_to_string(guides().join("examples").join(example)).expect("a file");
        assert!(guide.contains(&format!("\n{text}```")), "the guide shows another {example}");
    }
    let bench = Bench::new();
    let command = guide.lines().find_map(|line| line.strip_prefix("clarte investigate "));
    let output = bench.run(&format!("investigate {}", command.expect("a command")));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let extent = json(&fs::read(bench.path("vpn-case/out/extent.json")).expect("an answer"));
    let rungs = rungs(&extent, ANNE);
    let (rung, time) = rungs.last().expect("she is a victim");
    assert_eq!(rung, "compromised");
    assert!(guide.contains(&format!("{ANNE} is `{rung}`, at\n{time}")), "{rung} {time}");
    assert_eq!(format_of(&extent, "vpn.csv"), "mapped.vpn");
    let tried = bench.run("formats --mapping vpn.toml vpn.csv");
    let tried = String::from_utf8(tried.stdout).expect("text");
    for part in ["status ", "\"Connected\" is success", "vpn.csv: mapped.vpn, 6 records, 0 faults"]
    {
        assert!(tried.contains(part), "{tried}");
    }
}

#[test]
fn a_log_that_a_mapping_does_not_fit_is_told_why() {
    let bench = Bench::new();
    bench.replace("vpn.csv", "Client", "Peer");
    let tried = bench.run("formats --mapping vpn.toml vpn.csv");
    let tried = String::from_utf8(tried.stdout).expect("text");
    assert!(tried.contains("not read by mapped.vpn, for it lacks: client\n"), "{tried}");
}

#[test]
fn what_was_unknown_proves_a_rung_by_its_mapping_in_any_order() {
    let bench = Bench::new();
    let whole = bench.answer("whole", &format!("vpn.csv {REST} --mapping vpn.toml"));
    let before = json(&bench.answer("grown", &format!("vpn.csv {REST}")));
    assert_eq!(format_of(&before, "vpn.csv"), "unknown");
    assert_eq!(rungs(&before, ANNE), []);
    // Without the log the new mapping is only told of.
    let told = bench.run("investigate --mapping vpn.toml --case grown");
    assert_eq!(told.status.code(), Some(0), "{}", said(&told));
    let told = String::from_utf8(told.stdout).expect("text");
    assert!(told.contains("vpn.csv"), "{told}");
    assert!(bench.answer("grown", "vpn.csv") == whole, "the case remembers the mapping");
    bench.answer("backward", &format!("{REST} --mapping vpn.toml"));
    assert!(bench.answer("backward", "vpn.csv") == whole, "the log came after its mapping");
    let known = bench.run("formats --case grown");
    assert!(String::from_utf8_lossy(&known.stdout).contains("mapped.vpn"));
    let log = fs::read_to_string(bench.path("grown/custody/log.jsonl")).expect("the log");
    assert!(log.contains("\"mappings\":{\"vpn\":{") && log.contains("sha256"), "{log}");
}

#[test]
fn a_changed_mapping_reads_its_logs_again_and_nothing_else() {
    let bench = Bench::new();
    let arguments = format!("vpn.csv {REST} --mapping vpn.toml");
    let before = bench.answer("case", &arguments);
    bench.replace("vpn.toml", "Europe/Brussels", "Asia/Tokyo");
    let alone = bench.run("investigate --mapping vpn.toml --case case");
    assert_eq!(alone.status.code(), Some(3));
    assert!(said(&alone).contains("mapping vpn") && said(&alone).contains("vpn.csv"));
    let after = bench.answer("case", "vpn.csv vpn-people.csv --mapping vpn.toml");
    assert!(after != before && after == bench.answer("fresh", &arguments));
    let mut query = Command::new(env!("CARGO_BIN_EXE_clarte"));
    query.args(["query", "select evidence from run", "--csv", "--case", "case"]);
    let rows = query.current_dir(bench.0.path()).output().expect("the command starts");
    assert_eq!(rows.stdout, b"evidence\n2\n1\n", "one file alone was read again");
    bench.replace("vpn.toml", "Asia/Tokyo", "Europe/Brussels");
    assert!(bench.answer("case", "vpn.csv --mapping vpn.toml") == before, "and back");
}

#[test]
fn a_case_that_lost_its_catalogue_remembers_its_mappings() {
    let bench = Bench::new();
    let whole = bench.answer("case", &format!("vpn.csv {REST} --mapping vpn.toml"));
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(bench.path(&format!("case/lake/catalogue.sqlite{end}")));
    }
    assert!(bench.answer("case", "vpn.csv vpn-people.csv") == whole);
}

#[test]
fn a_mapping_that_cannot_be_meant_is_told_before_anything_is_read() {
    for (from, to, expected) in [
        (
            "src_endpoint_ip",
            "src_ip",
            "line 16, column 1: there is no field `src_ip`; do you mean src_endpoint_ip",
        ),
        (
            "src_endpoint_ip",
            "query_hostname",
            "records of class authentication have no `query_hostname`",
        ),
        (
            "Europe/Brussels",
            "Europe/Brussel",
            "line 8, column 8: there is no time zone `Europe/Brussel`",
        ),
        ("%d/%m/%Y %H", "%d/%m %H", "times cannot be read by"),
        ("zone = \"Europe/Brussels\"", "", "has no offset"),
        ("\"authentication\"", "\"login\"", "there is no class `login`"),
        ("= \"success\"", "= \"yes\"", "`status` cannot be `yes`"),
        ("name = \"vpn\"", "name = \"My VPN\"", "cannot be a name"),
        ("container", "kontainer", "unknown field `kontainer`"),
        ("container = \"csv\"", "container = \"xml\"", "unknown variant `xml`"),
        ("\"User\"", "\"User", "line 15"),
    ] {
        let bench = Bench::new();
        bench.replace("vpn.toml", from, to);
        let output = bench.run(&format!("investigate vpn.csv {REST} --mapping vpn.toml"));
        assert_eq!(output.status.code(), Some(2), "{from} as {to}: {}", said(&output));
        assert!(said(&output).contains(expected), "{from} as {to}: {}", said(&output));
        assert!(said(&output).contains("vpn.toml"));
        assert!(!bench.path("clarte-case").exists(), "nothing was begun");
        assert_eq!(bench.run("formats --mapping vpn.toml").status.code(), Some(2));
    }
    let bench = Bench::new();
    assert_eq!(bench.run("investigate vpn.csv --mapping none.toml").status.code(), Some(3));
}

#[test]
fn a_mapping_among_the_evidence_is_not_used() {
    let bench = Bench::new();
    let extent = json(&bench.answer("case", &format!("vpn.toml vpn.csv {REST}")));
    assert_eq!(format_of(&extent, "vpn.csv"), "unknown");
    assert_eq!(format_of(&extent, "vpn.toml"), "unknown");
}

#[test]
fn flows_and_look_ups_of_mapped_logs_join_as_others_do() {
    let bench = Bench::new();
    fs::write(
        bench.path("fw.toml"),
        "name = \"fw\"\ncontainer = \"json-lines\"\n[time]\ncolumn = \"ts\"\nformat = \"unix\"\n\
         [[record]]\nclass = \"network\"\n[record.fields]\nsrc_endpoint_ip = \"src.ip\"\n\
         src_endpoint_port = \"src.port\"\ndst_endpoint_ip = \"dst.ip\"\n\
         dst_endpoint_port = \"dst.port\"\ntraffic_bytes_out = \"sent\"\n\
         traffic_bytes_in = \"received\"\nactor_user_name = \"user\"\n",
    )
    .expect("written");
    fs::write(
        bench.path("fw.json"),
        "{\"ts\":1609903271,\"src\":{\"ip\":\"10.0.0.1\",\"port\":50000},\"dst\":{\"ip\":\"198.51.100.7\",\"port\":443},\"sent\":5242880,\"received\":2000,\"user\":\"adupont\"}\n",
    )
    .expect("written");
    let whole = json(&bench.answer("case", &format!("fw.json {REST} --mapping fw.toml")));
    assert_eq!(format_of(&whole, "fw.json"), "mapped.fw");
    assert_eq!(whole["exfiltration"]["verdict"], "proved", "{}", whole["exfiltration"]);
    assert_eq!(whole["exfiltration"]["destinations"][0]["value"], "198.51.100.7");
    assert!(rungs(&whole, ANNE).iter().any(|(rung, _)| rung == "exfiltrated"), "{whole}");
}
