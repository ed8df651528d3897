//! The command end to end, on small evidence made here by hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A folder with evidence, intelligence and room for cases.
struct Bench(tempfile::TempDir);

const ANNE: &str = "anne.dupont@office.example";
const BART: &str = "bart.claes@office.example";
const CARLA: &str = "carla.rossi@office.example";

impl Bench {
    fn new() -> Self {
        let bench = Self(tempfile::tempdir().expect("a temporary folder"));
        let token = ["a1b2c3d4e5f60718", "0f9e8d7c6b5a4938", "77aa66bb55cc44dd"];
        for (at, owner) in [ANNE, BART, CARLA].into_iter().enumerate() {
            bench.write(&format!("evidence/mail/{owner}.mbox"), mailbox(owner, at, token[at]));
        }
        bench.write("evidence/people.csv", people());
        bench.write("evidence/access.log", proxy_log(&token));
        bench.write("intel.txt", "# a partner's letter\nfake-press[.]example\n");
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

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_clarte"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .expect("the command starts")
    }

    /// Investigates and returns the bytes of the answer.
    fn answer(&self, case: &str, evidence: &[&str]) -> Vec<u8> {
        let mut arguments = vec!["investigate"];
        arguments.extend(evidence);
        arguments.extend(["--intel", "intel.txt", "--case", case]);
        let output = self.run(&arguments);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        fs::read(self.path(case).join("out/extent.json")).expect("an answer")
    }

    fn extent(&self, case: &str, evidence: &[&str]) -> Value {
        serde_json::from_slice(&self.answer(case, evidence)).expect("JSON")
    }
}

fn mailbox(owner: &str, at: usize, token: &str) -> String {
    let image = format!("http://img.fake-press.example/v/{token}.png?s=1");
    format!(
        "From x@y Tue Jan  5 09:00:00 2021\n\
         Received: from mail.fake-press.example ([203.0.113.77]) by mx.office.example;\n\
         \tTue, 5 Jan 2021 09:0{at}:00 +0000\n\
         From: Claire <claire@fake-press.example>\nTo: {owner}\nSubject: Interview\n\
         Date: Mon, 4 Jan 2021 01:00:00 +0000\nMessage-ID: <{at}@fake-press.example>\n\
         MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n\
         <p>Would you agree to a short telephone interview about your committee?</p>\n\
         <img src=\"{image}\" width=1 height=1>\n\n\
         From a@b Tue Jan  5 10:00:00 2021\n\
         Received: from out.shop.example ([198.51.100.4]) by mx.office.example;\n\
         \tTue, 5 Jan 2021 10:00:00 +0000\n\
         From: Shop <news@shop.example>\nTo: {owner}\nSubject: Sale\nList-Id: <sale.shop.example>\n\
         Message-ID: <s{at}@shop.example>\nContent-Type: text/html\n\n\
         <p>Everything must go.</p><img src=\"http://t.shop.example/o/{token}ff.gif\">\n\n"
    )
}

fn people() -> String {
    format!(
        "email,name,accounts,host\n{ANNE},Anne Dupont,adupont,ws1\n{BART},Bart Claes,bclaes,ws2\n{CARLA},Carla Rossi,crossi,ws3\n"
    )
}

/// Anne opened; the scanner fetched everyone's within seconds; Carla fetched
/// Bart's; and everybody read the news.
fn proxy_log(token: &[&str; 3]) -> String {
    let line = |seconds: u64, ip: &str, user: &str, url: &str| {
        format!(
            "{}.000     45 {ip} TCP_MISS/200 512 GET {url} {user} HIER_DIRECT/203.0.113.80 image/png\n",
            1_609_837_200 + seconds
        )
    };
    let beacon = |at: usize| format!("http://img.fake-press.example/v/{}.png?", token[at]);
    let mut log = String::new();
    for at in 0..3 {
        log += &line(60 * at as u64 + 2, "10.0.0.250", "-", &beacon(at));
    }
    log += &line(2_520, "10.0.0.1", "adupont", &beacon(0));
    log += &line(3_000, "10.0.0.3", "OFFICE\\crossi", &beacon(1));
    log += &line(3_100, "10.0.0.2", "bclaes", "http://www.news.example/");
    log
}

/// A victim's proven rungs.
fn rungs(extent: &Value, identity: &str) -> Vec<String> {
    let victims = extent["victims"].as_array().expect("victims");
    let victim = victims.iter().find(|victim| victim["identity"] == identity);
    let rungs = victim.and_then(|victim| victim["rungs"].as_array()).cloned().unwrap_or_default();
    rungs.iter().filter_map(|rung| rung["rung"].as_str().map(str::to_owned)).collect()
}

#[test]
fn who_opened_is_told_from_who_was_scanned_and_whose_token_another_fetched() {
    let bench = Bench::new();
    let extent = bench.extent("case", &["evidence"]);
    assert_eq!(rungs(&extent, ANNE), ["targeted", "delivered", "opened"]);
    assert_eq!(rungs(&extent, BART), ["targeted", "delivered"]);
    assert_eq!(rungs(&extent, CARLA), ["targeted", "delivered", "opened"]);
    let bart = &extent["victims"][1]["undetermined"];
    assert!(bart[0]["reason"].as_str().is_some_and(|reason| reason.contains(CARLA)), "{bart}");
    assert_eq!(extent["duration"]["first_activity"], "2021-01-05T09:00:00Z");
    assert_eq!(extent["duration"]["last_activity"], "2021-01-05T09:50:00Z");
    let shop = extent["infrastructure"].as_array().expect("a list").iter();
    assert!(!shop.clone().any(|item| item["value"].as_str().is_some_and(|v| v.contains("shop"))));
}

#[test]
fn every_rung_leads_to_bytes_that_show_it() {
    let bench = Bench::new();
    let extent = bench.extent("case", &["evidence"]);
    let findings = extent["findings"].as_array().expect("findings");
    for victim in extent["victims"].as_array().expect("victims") {
        for rung in victim["rungs"].as_array().expect("rungs") {
            for id in rung["findings"].as_array().expect("ids") {
                let finding = findings.iter().find(|finding| finding["id"] == *id).expect("cited");
                let spans = finding["spans"].as_array().expect("spans");
                assert!(!spans.is_empty());
                for span in spans {
                    let bytes =
                        fs::read(bench.path(span["path"].as_str().expect("a path"))).unwrap();
                    let number = |key: &str| span[key].as_u64().expect("a number") as usize;
                    let cited = &bytes[number("offset")..number("offset") + number("length")];
                    assert!(String::from_utf8_lossy(cited).contains("fake-press.example"));
                }
            }
        }
    }
}

#[test]
fn the_order_of_intake_does_not_show_and_adding_nothing_changes_nothing() {
    let bench = Bench::new();
    let whole =
        bench.answer("whole", &["evidence/mail", "evidence/access.log", "evidence/people.csv"]);
    bench.answer("forward", &["evidence/mail"]);
    let forward = bench.answer("forward", &["evidence/access.log", "evidence/people.csv"]);
    bench.answer("backward", &["evidence/people.csv", "evidence/access.log"]);
    let backward = bench.answer("backward", &["evidence/mail"]);
    assert!(whole == forward && whole == backward);
    assert!(bench.answer("forward", &["evidence/access.log"]) == whole);
}

#[test]
fn a_mailbox_of_outlook_is_read_where_it_lies_and_belongs_to_whom_it_is_named_for() {
    let bench = Bench::new();
    let mailbox = include_bytes!("../../clarte-parse/samples/pst/whole.in");
    bench.write("outlook/jan@example.org.pst", mailbox);
    bench.write("intel.txt", "img.example.net\n");
    let extent = bench.extent("case", &["outlook"]);
    assert_eq!(rungs(&extent, "jan@example.org"), ["targeted", "delivered"]);
    let rows = extent["intake"].as_array().expect("rows");
    let members: Vec<_> = rows.iter().filter_map(|row| row["member"].as_str()).collect();
    assert_eq!(members, ["Top/Inbox", "Top/Inbox/a\u{2215}b", "Top/Sent Items"]);
    assert!(rows.iter().all(|row| row["format"] == "mbox" && row["faulted"] == 0), "{rows:?}");
    assert_eq!(bench.run(&["verify", "case"]).status.code(), Some(0));
}

/// Every file below a folder with its bytes.
fn bytes(folder: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut all = std::collections::BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(inside).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false => _ = all.insert(path.clone(), fs::read(path).expect("a file")),
            }
        }
    }
    all
}

#[test]
fn adding_nothing_and_asking_write_nothing() {
    let bench = Bench::new();
    bench.answer("case", &["evidence"]);
    let before = bytes(&bench.path("case"));
    bench.answer("case", &["evidence"]);
    assert_eq!(bytes(&bench.path("case")), before);
    assert_eq!(bench.run(&["query", "sources", "--case", "case"]).status.code(), Some(0));
    assert_eq!(bench.run(&["verify", "case"]).status.code(), Some(0));
    assert_eq!(bytes(&bench.path("case")), before);
}

#[test]
fn new_intelligence_needs_no_evidence_and_answers_as_if_it_had_always_been_there() {
    let bench = Bench::new();
    bench.write("other.txt", "shop.example\n192.0.2.200\n");
    bench.write("nothing.txt", "absent.example\n203.0.113.200\nhttp://absent.example/x\n");
    for new in ["other.txt", "nothing.txt"] {
        let (grown, fresh) = (format!("grown-{new}"), format!("fresh-{new}"));
        let whole = ["investigate", "evidence", "--case", &fresh, "--intel", "intel.txt", new];
        assert_eq!(bench.run(&whole).status.code(), Some(0));
        bench.answer(&grown, &["evidence"]);
        fs::rename(bench.path("evidence"), bench.path("away")).expect("moved");
        let output = bench.run(&["investigate", "--case", &grown, "--intel", new]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        fs::rename(bench.path("away"), bench.path("evidence")).expect("moved");
        let answer = |case: &str| fs::read(bench.path(case).join("out/extent.json")).expect("one");
        assert_eq!(answer(&grown), answer(&fresh), "{new}");
    }
    let empty = bench.run(&["investigate", "--case", "none", "--intel", "intel.txt"]);
    assert_eq!(empty.status.code(), Some(2), "a case without evidence says so");
}

#[test]
fn what_would_be_read_otherwise_today_is_read_again_and_nothing_else() {
    let bench = Bench::new();
    bench.write(
        "evidence/mail.log",
        "Jan  5 09:00:01 mx postfix/qmgr[1]: 4F1A2B3C4D: from=<a@fake-press.example>, size=1, nrcpt=1 (queue active)\n\
         Jan  5 09:00:02 mx postfix/smtp[2]: 4F1A2B3C4D: to=<anne.dupont@office.example>, relay=mail[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)\n\
         Jan  5 09:00:02 mx postfix/qmgr[1]: 4F1A2B3C4D: removed\n",
    );
    let zoned = |case: &str, zone: &str| {
        let arguments =
            ["investigate", "evidence", "--intel", "intel.txt", "--case", case, "--zone", zone];
        assert_eq!(bench.run(&arguments).status.code(), Some(0));
        fs::read(bench.path(case).join("out/extent.json")).expect("an answer")
    };
    let fresh = zoned("fresh", "postfix=Asia/Tokyo");
    let before = bench.answer("case", &["evidence"]);
    let runs = |case: &str| {
        let rows = bench.run(&["query", "select evidence from run", "--csv", "--case", case]);
        String::from_utf8(rows.stdout).expect("text")
    };
    assert_eq!(runs("case"), "evidence\n6\n");
    assert_eq!(zoned("case", "postfix=Asia/Tokyo"), fresh);
    assert_eq!(runs("case"), "evidence\n6\n1\n", "one file alone was read again");
    assert_eq!(bench.answer("case", &["evidence"]), fresh, "the case remembers the zone");
    assert_eq!(zoned("case", "postfix=UTC"), before, "and back");
}

#[test]
fn a_case_can_be_asked_in_sql_and_only_asked() {
    let bench = Bench::new();
    bench.answer("case", &["evidence"]);
    let ask = |arguments: &[&str]| {
        let mut all = vec!["query", "--case", "case"];
        all.extend(arguments);
        let output = bench.run(&all);
        (output.status.code(), String::from_utf8(output.stdout).expect("text"))
    };
    let count = "select count(*) as n from email";
    assert_eq!(ask(&[count, "--json"]), (Some(0), "{\"n\":6}\n".to_owned()));
    assert_eq!(ask(&[count, "--csv"]), (Some(0), "n\n6\n".to_owned()));
    assert!(ask(&[count]).1.contains("| 6 |"));
    assert!(ask(&["sources"]).1.contains("proxy"));
    let closed = Command::new("sh")
        .args(["-c", "\"$0\" query 'select * from email' --json --case case | true"])
        .arg(env!("CARGO_BIN_EXE_clarte"))
        .current_dir(bench.0.path())
        .output()
        .expect("a shell");
    assert!(closed.stderr.is_empty(), "{}", String::from_utf8_lossy(&closed.stderr));
    assert_eq!(ask(&["select nonsense from email"]).0, Some(2));
    assert_eq!(ask(&["drop table email"]).0, Some(2));
    let absent = bench.run(&["query", "sources", "--case", "absent"]);
    assert_eq!(absent.status.code(), Some(3));
    let tables = bench.run(&["tables"]);
    let tables = String::from_utf8(tables.stdout).expect("text");
    assert!(tables.contains("email_from ") && tables.contains("[email.from]"));
}

#[test]
fn a_zone_without_the_evidence_is_refused_until_it_is_named() {
    let bench = Bench::new();
    bench.write("evidence/mail.log", "Jan  5 09:00:02 mx postfix/qmgr[1]: 4F1A2B3C4D: removed\n");
    bench.answer("case", &["evidence"]);
    let zone = ["--case", "case", "--intel", "intel.txt", "--zone", "postfix=Asia/Tokyo"];
    let alone = bench.run(&[&["investigate"][..], &zone].concat());
    assert_eq!(alone.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&alone.stderr).contains("evidence/mail.log"));
    let named = bench.run(&[&["investigate", "evidence"][..], &zone].concat());
    assert_eq!(named.status.code(), Some(0));
    let none = bench.run(&["investigate", "evidence", "--zone", "zeek=Asia/Tokyo"]);
    assert_eq!(none.status.code(), Some(2), "Zeek writes UTC");
}

#[test]
fn a_case_that_lost_its_catalogue_forgets_no_evidence() {
    let bench = Bench::new();
    let whole = bench.answer("case", &["evidence"]);
    for name in ["catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm"] {
        let _ = fs::remove_file(bench.path("case/lake").join(name));
    }
    for name in ["people.csv", "access.log"] {
        fs::rename(bench.path("evidence").join(name), bench.path(name)).expect("moved");
    }
    let some = bench.run(&["investigate", "evidence", "--case", "case"]);
    for name in ["people.csv", "access.log"] {
        fs::rename(bench.path(name), bench.path("evidence").join(name)).expect("moved");
    }
    assert_eq!(some.status.code(), Some(3));
    let said = String::from_utf8_lossy(&some.stderr).into_owned();
    assert!(said.contains("2 piece(s) of evidence are gone"), "{said}");
    let none = bench.run(&["investigate", "--case", "case"]);
    assert_eq!(none.status.code(), Some(3), "and it is not forgotten by the next run");
    let verified = bench.run(&["verify", "case"]);
    assert_eq!(verified.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&verified.stderr).contains("people.csv"));
    assert!(bench.answer("case", &["evidence"]) == whole);
    assert_eq!(bench.run(&["verify", "case"]).status.code(), Some(0));
    let aside = bytes(&bench.path("case/lake/damaged-1"));
    assert!(aside.keys().any(|path| path.extension().is_some_and(|end| end == "parquet")));
}

/// Replaces the catalogue of a case, with all that belongs to it.
fn catalogue(bench: &Bench, from: &str, to: &str) {
    for end in ["", "-wal", "-shm"] {
        let name = format!("lake/catalogue.sqlite{end}");
        let (from, to) = (bench.path(from).join(&name), bench.path(to).join(&name));
        let _ = fs::remove_file(&to);
        if from.exists() {
            fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            fs::copy(from, to).expect("copied");
        }
    }
}

#[test]
fn an_older_catalogue_loses_nothing_that_the_log_names() {
    let bench = Bench::new();
    bench.answer("case", &["evidence/mail", "evidence/people.csv"]);
    catalogue(&bench, "case", "older");
    let whole = bench.answer("case", &["evidence/access.log"]);
    catalogue(&bench, "older", "case");
    let alone = bench.run(&["investigate", "--case", "case"]);
    assert_eq!(alone.status.code(), Some(3));
    let said = String::from_utf8_lossy(&alone.stderr).into_owned();
    assert!(said.contains("1 piece(s)") && said.contains("access.log"), "{said}");
    assert!(bench.path("case/lake/damaged-1/records").exists(), "nothing is swept");
    assert!(bench.answer("case", &["evidence/access.log"]) == whole);
}

#[test]
fn a_catalogue_that_broke_where_it_lay_is_mended_by_naming_the_evidence() {
    let bench = Bench::new();
    let whole = bench.answer("case", &["evidence"]);
    let path = bench.path("case/lake/catalogue.sqlite");
    let sound = fs::read(&path).expect("a catalogue");
    for page in 1..sound.len() / 4_096 {
        let mut broken = sound.clone();
        broken[page * 4_096..(page + 1) * 4_096].fill(0);
        let _ = fs::remove_dir_all(bench.path("copy"));
        fs::create_dir(bench.path("copy")).expect("a folder");
        for (from, content) in bytes(&bench.path("case")) {
            let to = from.strip_prefix(bench.path("case")).expect("below");
            bench.write(&format!("copy/{}", to.display()), content);
        }
        // It settles where it lies, and breaks then.
        assert_eq!(bench.run(&["investigate", "--case", "copy"]).status.code(), Some(0));
        fs::write(bench.path("copy/lake/catalogue.sqlite"), broken).expect("ours");
        assert!(bench.answer("copy", &["evidence"]) == whole, "page {page}");
        assert_eq!(bench.run(&["verify", "copy"]).status.code(), Some(0), "page {page}");
    }
}

#[test]
fn a_custody_log_that_was_lost_is_said_for_ever() {
    let bench = Bench::new();
    bench.answer("case", &["evidence"]);
    fs::remove_dir_all(bench.path("case/custody")).expect("ours");
    assert_eq!(bench.run(&["investigate", "--case", "case"]).status.code(), Some(0));
    let verified = bench.run(&["verify", "case"]);
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert_eq!(verified.status.code(), Some(0));
    assert!(said.contains("entries are gone"), "{said}");
    assert!(!said.contains("0 bytes were set aside"), "{said}");
}

#[test]
fn with_its_catalogue_a_case_gets_back_its_zones_and_places() {
    let bench = Bench::new();
    bench.write("evidence/mail.log", "Jan  5 09:00:02 mx postfix/qmgr[1]: 4F1A2B3C4D: removed\n");
    let zone = ["--case", "case", "--intel", "intel.txt", "--zone", "postfix=Asia/Tokyo"];
    let both = [&["investigate", "evidence", "evidence/mail"][..], &zone].concat();
    assert_eq!(bench.run(&both).status.code(), Some(0));
    let before = fs::read(bench.path("case/out/extent.json")).expect("an answer");
    catalogue(&bench, "none", "case");
    assert!(bench.answer("case", &["evidence"]) == before);
    let zones = bench.run(&["verify", "case"]);
    assert_eq!(zones.status.code(), Some(0));
}

#[test]
fn what_cannot_be_had_any_more_is_given_up_only_when_told_to_and_stays_said() {
    let bench = Bench::new();
    bench.answer("case", &["evidence"]);
    catalogue(&bench, "none", "case");
    fs::remove_file(bench.path("evidence/access.log")).expect("ours");
    assert_eq!(bench.run(&["investigate", "evidence", "--case", "case"]).status.code(), Some(3));
    let accepted = bench.run(&["investigate", "evidence", "--case", "case", "--accept-loss"]);
    assert_eq!(accepted.status.code(), Some(0));
    let answer = fs::read(bench.path("case/out/extent.json")).expect("an answer");
    let extent: Value = serde_json::from_slice(&answer).expect("JSON");
    assert_eq!(extent["unreadable"][0]["path"], "evidence/access.log");
    assert_eq!(rungs(&extent, ANNE), ["targeted", "delivered"]);
    assert_eq!(bench.run(&["investigate", "--case", "case"]).status.code(), Some(0));
    assert_eq!(bench.run(&["verify", "case"]).status.code(), Some(0));
    catalogue(&bench, "none", "case");
    assert_eq!(bench.run(&["investigate", "evidence", "--case", "case"]).status.code(), Some(0));
}

#[test]
fn intelligence_that_was_damaged_is_refused_and_mended_by_naming_it_again() {
    let bench = Bench::new();
    let whole = bench.answer("case", &["evidence"]);
    let copy = bytes(&bench.path("case/intel")).into_keys();
    let copy = copy.into_iter().find(|path| path.to_string_lossy().contains("sha256")).unwrap();
    for damage in ["", "another[.]example\n"] {
        fs::write(&copy, damage).expect("ours");
        assert_eq!(bench.run(&["verify", "case"]).status.code(), Some(4));
        let refused = bench.run(&["investigate", "--case", "case"]);
        assert_eq!(refused.status.code(), Some(3));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("--intel"));
        assert!(bench.answer("case", &["evidence"]) == whole);
    }
    for list in [None, Some("{")] {
        match list {
            None => fs::remove_file(bench.path("case/intel/names.json")).expect("ours"),
            Some(text) => fs::write(bench.path("case/intel/names.json"), text).expect("ours"),
        }
        assert_eq!(bench.run(&["investigate", "--case", "case"]).status.code(), Some(0));
        assert!(fs::read(bench.path("case/out/extent.json")).expect("an answer") == whole);
    }
    fs::remove_file(copy).expect("ours");
    assert!(bench.answer("case", &["evidence"]) == whole);
}

#[test]
fn no_answer_is_drawn_from_bytes_that_were_not_written() {
    let bench = Bench::new();
    let whole = bench.answer("case", &["evidence"]);
    // An index that was made anew may be damaged as well.
    for (class, end) in [("records/email", 3), ("observables", 0), ("observables", 0)] {
        let files = bytes(&bench.path("case/lake").join(class));
        let (path, mut content) = files.into_iter().next().expect("a file");
        let middle = content.len() / 2;
        content[middle] ^= 4;
        fs::write(&path, content).expect("ours");
        fs::remove_file(bench.path("case/out/extent.json")).expect("ours");
        let alone = bench.run(&["investigate", "--case", "case"]);
        assert_eq!(
            alone.status.code(),
            Some(end),
            "{class}: {}",
            String::from_utf8_lossy(&alone.stderr)
        );
        assert!(bench.answer("case", &["evidence"]) == whole);
        assert_eq!(bench.run(&["verify", "case"]).status.code(), Some(0));
    }
}

#[test]
fn a_case_does_not_slip_into_the_evidence_nor_into_the_intelligence() {
    let bench = Bench::new();
    let inside = ["investigate", "evidence", "--case", "nope/../evidence/case"];
    assert_ne!(bench.run(&inside).status.code(), Some(0));
    assert!(!bench.path("evidence/case").exists());
    bench.write("lists/intel.txt", "fake-press[.]example\n");
    let arguments = ["investigate", "evidence", "--intel", "lists", "--case", "lists/case"];
    let answer = || {
        assert_eq!(bench.run(&arguments).status.code(), Some(0));
        fs::read(bench.path("lists/case/out/extent.json")).expect("an answer")
    };
    assert!(answer() == answer());
}

#[test]
#[cfg(unix)]
fn what_could_not_be_looked_at_is_forgotten_when_it_can() {
    let bench = Bench::new();
    bench.answer("whole", &["evidence"]);
    let outside = bench.path("evidence/link");
    std::os::unix::fs::symlink(bench.path("intel.txt"), &outside).expect("a link");
    let refused = bench.extent("case", &["evidence"]);
    assert_eq!(refused["unreadable"][0]["path"], "evidence/link");
    let before = bytes(&bench.path("case"));
    bench.answer("case", &["evidence"]);
    assert!(bytes(&bench.path("case")) == before, "a refusal that is known is no news");
    bench.write("other/people.csv", people());
    let other = bench.extent("case", &["other"]);
    assert_eq!(other["unreadable"][0]["path"], "evidence/link", "nobody looked there again");
    fs::remove_file(outside).expect("ours");
    assert_eq!(bench.extent("case", &["evidence"])["unreadable"], serde_json::json!([]));
    bench.extent("whole", &["other"]);
    assert!(bench.answer("case", &["evidence"]) == bench.answer("whole", &["evidence"]));
}

#[test]
fn places_that_are_shown_alike_do_not_disturb_each_other() {
    let bench = Bench::new();
    for place in ["one/mail.log", "two/mail.log"] {
        bench.write(place, proxy_log(&["a", "b", "c"]));
    }
    bench.answer("case", &["one/mail.log", "two/mail.log"]);
    let before = bytes(&bench.path("case"));
    bench.answer("case", &["two/mail.log", "one/mail.log"]);
    bench.answer("case", &["one/mail.log"]);
    assert_eq!(bytes(&bench.path("case")), before);
    bench.write("one/mail.log", proxy_log(&["a", "b", "cc"]));
    let grown = bench.run(&["investigate", "one/mail.log", "--case", "case"]);
    let said = String::from_utf8_lossy(&grown.stdout).into_owned();
    assert!(said.contains("counts twice: mail.log"), "{said}");
}

#[test]
fn a_lake_that_lost_a_file_says_what_to_name_again() {
    let bench = Bench::new();
    let whole = bench.answer("case", &["evidence"]);
    let lost = |path: &PathBuf| path.components().any(|part| part.as_os_str() == "email");
    let file = bytes(&bench.path("case")).into_keys().find(lost).expect("mails in the lake");
    fs::write(&file, "overwritten").expect("written");
    assert_eq!(bench.run(&["verify", "case"]).status.code(), Some(4));
    let output = bench.run(&["investigate", "--case", "case", "--intel", "intel.txt"]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("name the evidence again"), "{said}");
    assert_eq!(bench.answer("case", &["evidence"]), whole);
    assert_eq!(bench.run(&["verify", "case"]).status.code(), Some(0));
}

#[test]
fn the_same_bytes_in_two_places_are_one_evidence_with_two_paths() {
    let bench = Bench::new();
    fs::copy(bench.path("evidence/access.log"), bench.path("evidence/zz-copy.log")).unwrap();
    let extent = bench.extent("case", &["evidence"]);
    let rows = extent["intake"].as_array().expect("rows");
    let logs: Vec<_> = rows.iter().filter(|row| row["format"] == "squid").collect();
    assert_eq!(logs.len(), 1);
    assert_eq!(logs[0]["path"], "evidence/access.log");
    assert_eq!(logs[0]["paths"][0], "evidence/zz-copy.log");
}

/// An act in Anne's mailbox, as the audit log tells it.
fn act(number: u32) -> String {
    format!(
        r#"{{"CreationTime":"2021-01-06T08:{number:02}:00","Id":"7c1e0000-0000-4000-8000-{number:012}","Operation":"MailItemsAccessed","RecordType":50,"Workload":"Exchange","UserId":"{ANNE}","ClientIPAddress":"203.0.113.66","OperationProperties":[{{"Name":"MailAccessType","Value":"Bind"}}],"Folders":[{{"FolderItems":[{{"InternetMessageId":"<{number}@office.example>"}}],"Path":"\\Inbox"}}]}}"#
    )
}

/// A search's rows as CSV, as PowerShell writes them.
fn search(acts: impl Iterator<Item = u32>, found: u32) -> String {
    let mut csv = "\"RecordType\",\"CreationDate\",\"UserIds\",\"Operations\",\"AuditData\",\"ResultIndex\",\"ResultCount\",\"Identity\"\n".to_owned();
    for number in acts {
        let data = act(number).replace('"', "\"\"");
        csv += &format!(
            "\"ExchangeItemAggregated\",\"1/6/2021 8:{number:02}:00 AM\",\"{ANNE}\",\"MailItemsAccessed\",\"{data}\",\"{}\",\"{found}\",\"7c1e0000-0000-4000-8000-{number:012}\"\n",
            number + 1
        );
    }
    csv
}

#[test]
fn what_overlapping_exports_hold_counts_once_and_is_cited_from_both() {
    let bench = Bench::new();
    bench.write("intel.txt", "203.0.113.66\n");
    bench.write("logs/search.csv", search(0..4, 4));
    let lines: Vec<_> = (2..6).map(act).collect();
    bench.write("logs/export.json", format!("[{}]", lines.join(",")));
    let together = bench.answer("together", &["logs/search.csv", "logs/export.json"]);
    let extent: Value = serde_json::from_slice(&together).expect("JSON");
    assert_eq!(rungs(&extent, ANNE), ["compromised", "accessed"]);
    assert_eq!(extent["exfiltration"]["items"]["floor"], 6);
    let read = extent["findings"].as_array().expect("findings");
    let read = read.iter().find(|finding| finding["detector"] == "account.act").expect("an act");
    assert_eq!(read["spans"].as_array().map(Vec::len), Some(8), "two acts are in both");
    let audit = extent["coverage"].as_array().expect("coverage");
    let audit: Vec<_> = audit.iter().filter(|entry| entry["source"] == "audit").collect();
    assert_eq!(audit.len(), 1, "the search is whole: {audit:?}");
    assert_eq!((&audit[0]["records"], &audit[0]["state"]), (&6.into(), &"covered".into()));
    let counted = bench.run(&["query", "--csv", "--case", "together", "select count(*) from api"]);
    assert_eq!(String::from_utf8_lossy(&counted.stdout), "count(*)\n6\n");
    for (case, first, second) in [
        ("ab", "logs/search.csv", "logs/export.json"),
        ("ba", "logs/export.json", "logs/search.csv"),
    ] {
        bench.answer(case, &[first]);
        assert_eq!(bench.answer(case, &[second]), together);
    }
}

#[test]
fn rows_that_a_search_lacks_are_said_in_the_answer_and_the_summary() {
    let bench = Bench::new();
    bench.write("intel.txt", "203.0.113.66\n");
    bench.write("logs/search.csv", search((0..9).filter(|number| *number != 4), 12));
    let extent = bench.extent("case", &["logs"]);
    let torn = extent["coverage"].as_array().expect("coverage").iter();
    let torn: Vec<_> = torn.filter(|entry| entry["source"] == "audit").collect();
    assert_eq!(torn.len(), 2, "the source and the export");
    assert!(torn.iter().all(|entry| entry["state"] == "partial"));
    assert!(torn[0]["gaps"][0]["reason"].as_str().is_some_and(|why| why.contains("4 of them")));
    let shown = bench.run(&["investigate", "logs", "--intel", "intel.txt", "--case", "case"]);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("found 12 rows and 4 of them"));
}

#[test]
fn bad_input_is_a_fault_or_a_clear_line_and_the_rest_goes_on() {
    let bench = Bench::new();
    bench.write("evidence/empty", "");
    bench.write("evidence/noise.bin", [0xff, 0x00, 0x13, 0x37].repeat(500));
    bench.write("evidence/cut.log.gz", [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0x4c]);
    bench.write("evidence/1970.log", "0.000 45 10.0.0.1 TCP_MISS/200 512 GET http://img.fake-press.example/ - HIER_DIRECT/203.0.113.80 -\n");
    bench.write("evidence/deep.eml", "Content-Type: message/rfc822\n\n".repeat(1_000));
    #[cfg(unix)]
    std::os::unix::fs::symlink(bench.path("evidence"), bench.path("evidence/loop")).unwrap();
    let extent = bench.extent("case", &["evidence"]);
    assert_eq!(rungs(&extent, ANNE), ["targeted", "delivered", "opened"]);
    for row in extent["intake"].as_array().expect("rows") {
        let number = |key: &str| row[key].as_u64().expect("a number");
        let sum = number("parsed") + number("faulted") + number("skipped");
        assert_eq!(sum, number("bytes"), "{row}");
    }
    let format = |name: &str| {
        let rows = extent["intake"].as_array().expect("rows");
        let row =
            rows.iter().find(|row| row["path"].as_str().is_some_and(|path| path.ends_with(name)));
        row.map(|row| (row["format"].clone(), row["faults"].as_u64().unwrap_or(0)))
    };
    assert_eq!(format("noise.bin").expect("listed").0, "unknown");
    assert_eq!(format("empty").expect("listed").0, "empty");
    assert!(format("cut.log.gz").expect("listed").1 > 0);
    assert!(format("1970.log").expect("listed").1 > 0);
    assert!(format("deep.eml").expect("listed").1 > 0);
    #[cfg(unix)]
    assert_eq!(extent["unreadable"].as_array().expect("a list").len(), 1);
}

#[test]
fn evidence_is_never_written_to() {
    let bench = Bench::new();
    let path = bench.path("evidence/access.log");
    let before = (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
    let mut read_only = fs::metadata(&path).unwrap().permissions();
    read_only.set_readonly(true);
    fs::set_permissions(&path, read_only).unwrap();
    bench.answer("case", &["evidence"]);
    assert_eq!(
        before,
        (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap())
    );
}

#[test]
fn exit_statuses_are_as_documented() {
    let bench = Bench::new();
    let status = |arguments: &[&str]| bench.run(arguments).status.code();
    assert_eq!(status(&["schema", "extent"]), Some(0));
    assert_eq!(status(&["investigate"]), Some(2));
    assert_eq!(status(&["investigate", "evidence", "--zone", "postfix"]), Some(2));
    assert_eq!(status(&["investigate", "evidence", "--zone", "postfx=Europe/Brussels"]), Some(2));
    assert_eq!(status(&["investigate", "evidence", "--case", "evidence/case"]), Some(3));
    assert_eq!(status(&["investigate", "nowhere"]), Some(3));
    assert_eq!(status(&["investigate", "evidence", "--intel", "nowhere"]), Some(3));
    fs::create_dir(bench.path("nothing")).unwrap();
    assert_eq!(status(&["investigate", "nothing", "--case", "c0"]), Some(3));
}

#[test]
fn verification_notices_a_changed_answer_log_or_evidence() {
    let bench = Bench::new();
    bench.answer("case", &["evidence"]);
    let verify = || bench.run(&["verify", "case", "--evidence", "."]).status.code();
    assert_eq!(verify(), Some(0));
    let notices = |name: &str| {
        let path: &Path = &bench.path(name);
        let before = fs::read(path).unwrap();
        let mut changed = before.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        fs::write(path, changed).unwrap();
        assert_eq!(verify(), Some(4), "{name}");
        fs::write(path, before).unwrap();
    };
    notices("case/out/extent.json");
    notices("case/custody/log.jsonl");
    notices("evidence/access.log");
    assert_eq!(verify(), Some(0));
}

#[test]
fn the_summary_speaks_four_languages_and_pipes_get_no_colours() {
    let bench = Bench::new();
    let text = |lang: &str| {
        let output =
            bench.run(&["investigate", "evidence", "--intel", "intel.txt", "--lang", lang]);
        assert!(output.stderr.is_empty());
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    for (lang, opened) in
        [("en", "2 opened"), ("fr", "2 a ouvert"), ("nl", "2 geopend"), ("de", "2 geöffnet")]
    {
        let text = text(lang);
        assert!(text.contains(opened), "{lang}: {text}");
        assert!(!text.contains('\x1b') && !text.contains('{'), "{lang}: {text}");
    }
}

#[test]
fn a_small_demo_scores_without_inventing_anybody() {
    let bench = Bench::new();
    let output = bench.run(&["demo", "--people", "12", "--days", "20", "--case", "demo"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("no person invented") && text.contains("no rung overclaimed"), "{text}");
}
