//! What is handed out to the people of a case, end to end: what each letter
//! says is held against the answer, and what it must not say against everybody
//! else's answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use clarte_language::{Lang, Language};
use serde_json::Value;

/// A folder with room for cases.
struct Bench(tempfile::TempDir);

impl Bench {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_clarte"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .expect("the command starts")
    }

    fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn dossier(&self, more: &[&str]) -> String {
        self.succeeds(&[&["dossier", "--case", "case", "--for", "victim"], more].concat())
    }

    fn extent(&self) -> Value {
        let bytes = fs::read(self.path("case/out/extent.json")).expect("an answer");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    /// Files of a folder by name.
    fn files(&self, folder: &str) -> BTreeMap<String, String> {
        let entries = fs::read_dir(self.path(folder)).expect("a folder");
        let files = entries.map(|entry| {
            let entry = entry.expect("an entry");
            let text = fs::read_to_string(entry.path()).expect("text");
            (entry.file_name().into_string().expect("UTF-8"), text)
        });
        files.collect()
    }
}

/// The text of a page or letter, its words alone.
fn words(text: &str) -> String {
    text.split([' ', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn texts(value: &Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one.as_str().map(str::to_owned))
        .collect()
}

/// Every person in the demo's list, by address: the name.
fn everyone(list: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(list).expect("a list");
    let rows = text.lines().skip(1).map(|row| {
        let mut cells = row.split(',').map(str::to_owned);
        (cells.next().expect("an address"), cells.next().expect("a name"))
    });
    rows.collect()
}

const RUNGS: &[&str] =
    &["targeted", "delivered", "opened", "interacted", "compromised", "accessed", "exfiltrated"];

#[test]
fn each_letter_says_what_the_answer_says_of_its_reader_and_nothing_of_anybody_else() {
    for seed in ["2", "3"] {
        let bench = Bench::new();
        let plan = ["--people", "20", "--days", "25", "--seed", seed];
        bench.succeeds(&[&["demo", "--case", "case"], plan.as_slice()].concat());
        let extent = bench.extent();
        let victims = extent["victims"].as_array().expect("victims");
        let people = everyone(&bench.path("case/demo/evidence/people.csv"));
        for lang in Lang::ALL {
            let text = bench.dossier(&["--lang", lang.code()]);
            let listed: Value =
                serde_json::from_str(&bench.dossier(&["--lang", lang.code(), "--format", "json"]))
                    .expect("JSON");
            let mut pages = text.split('\u{c}');
            let list = words(pages.next().expect("a list"));
            let letters: Vec<String> = pages.map(words).collect();
            let listed = listed["people"].as_array().expect("people");
            assert_eq!(listed.len(), victims.len());
            let written = listed.iter().filter(|entry| !entry["letter"].is_null());
            assert_eq!(written.clone().count(), letters.len());
            for (entry, letter) in written.zip(&letters) {
                let identity = entry["identity"].as_str().expect("an identity");
                let victim = victims.iter().find(|victim| victim["identity"] == identity);
                let victim = victim.expect("a victim");
                let lang = Lang::from_tag(entry["lang"].as_str().expect("a language"));
                let language = Language::new(lang.expect("one that is spoken"));
                says_its_rungs(letter, victim, &language);
                names_nobody_else(letter, identity, victims, &people);
                leaks_nothing(letter, &extent);
                warns(entry, victim, &list);
            }
        }
        let top = |entry: &Value| RUNGS.iter().position(|rung| entry["rung"] == *rung);
        let listed: Value =
            serde_json::from_str(&bench.dossier(&["--format", "json"])).expect("JSON");
        let ranks: Vec<_> = listed["people"].as_array().expect("people").iter().map(top).collect();
        assert!(ranks.is_sorted_by(|a, b| a >= b), "{ranks:?}");
        assert!(ranks[0] > Some(3), "a demo in which somebody got in");
    }
}

/// The wording of each rung is there exactly where the answer proves it, and
/// that of each open rung likewise.
fn says_its_rungs(letter: &str, victim: &Value, language: &Language) {
    let of = |key: &str| -> BTreeSet<String> {
        let all = victim[key].as_array().expect("rungs").iter();
        all.map(|rung| rung["rung"].as_str().expect("a word").to_owned()).collect()
    };
    let (proven, open) = (of("rungs"), of("undetermined"));
    for rung in RUNGS {
        let says = |key: String| letter.contains(&language.text(&key, &[]));
        let who = &victim["identity"];
        assert_eq!(says(format!("letter-rung-{rung}")), proven.contains(*rung), "{who} {rung}");
        if *rung != "targeted" {
            assert_eq!(says(format!("letter-open-{rung}")), open.contains(*rung), "{who} {rung}");
        }
    }
    for proof in victim["rungs"].as_array().expect("rungs") {
        let level = match proof["confidence"].as_f64().expect("a number") {
            0.95.. => "almost-certain",
            0.80.. => "very-likely",
            0.55.. => "likely",
            0.45.. => "even",
            _ => "possible",
        };
        let grade = language.text("letter-grade", &[("level", level.into())]);
        let rung = proof["rung"].as_str().expect("a word");
        let what = language.text(&format!("letter-rung-{rung}"), &[]);
        assert!(letter.contains(&format!("- {grade} {what}")), "{rung} {level}: {letter}");
    }
    assert!(!letter.contains(&language.text("letter-doubt-unsettled", &[])), "{letter}");
    assert!(!letter.contains('{'), "a text is missing: {letter}");
}

fn names_nobody_else(
    letter: &str,
    identity: &str,
    victims: &[Value],
    people: &BTreeMap<String, String>,
) {
    let addresses = victims.iter().filter_map(|victim| victim["identity"].as_str());
    let addresses: BTreeSet<&str> = addresses.chain(people.keys().map(String::as_str)).collect();
    for other in addresses.into_iter().filter(|other| *other != identity) {
        let shown = other.replace('.', "[.]");
        assert!(!letter.contains(other) && !letter.contains(&shown), "{other} in {letter}");
        let local = other.split('@').next().expect("a local part");
        assert!(!letter.contains(&format!("{local}@")), "{local} in {letter}");
    }
    let own = people.get(identity);
    for name in people.values().filter(|name| Some(*name) != own) {
        assert!(!letter.contains(name.as_str()), "{name} in {letter}");
    }
}

/// Nothing that can be followed, no token, and no path of the evidence.
fn leaks_nothing(letter: &str, extent: &Value) {
    for item in extent["infrastructure"].as_array().expect("infrastructure") {
        let value = item["value"].as_str().expect("a value");
        assert!(!letter.contains(value), "{value} in {letter}");
    }
    for row in extent["intake"].as_array().expect("intake") {
        let path = row["path"].as_str().expect("a path");
        assert!(!letter.contains(path) && !letter.contains("sha256"), "{path} in {letter}");
    }
    let links = letter.split_whitespace().filter(|word| word.contains("://"));
    let helplines: Vec<_> =
        clarte_language::helplines(Lang::En).into_iter().map(|one| one.web).collect();
    links.for_each(|link| assert!(helplines.iter().any(|web| web == link), "{link}"));
    assert!(!letter.contains("http://"), "{letter}");
}

/// Whoever's mail may be read is never to be told by mail.
fn warns(entry: &Value, victim: &Value, list: &str) {
    let inside = ["compromised", "accessed", "exfiltrated"];
    let rungs = victim["rungs"].as_array().expect("rungs").iter();
    let is_inside = rungs.into_iter().any(|rung| inside.iter().any(|one| rung["rung"] == *one));
    let reasons = victim["undetermined"].as_array().expect("rungs").iter();
    let forwards = reasons.into_iter().any(|open| {
        open["reason"].as_str().is_some_and(|reason| reason.starts_with("a rule forwards"))
    });
    let is_never = entry["by_email"] == "never";
    assert_eq!(is_never, is_inside || forwards, "{entry}");
    // The list says so where it speaks of them.
    let from = list.find(entry["identity"].as_str().expect("an identity")).expect("an entry");
    let until = list[from..].find("letter-").expect("a letter");
    let told = &list[from..from + until];
    let is_told = ["NOT", "PAS", "NIET", "NICHT"].iter().any(|not| told.contains(not));
    assert_eq!(is_told, is_never, "{told}");
}

#[test]
fn the_same_case_gives_the_same_bytes_and_every_page_stands_alone() {
    let bench = Bench::new();
    bench.succeeds(&["demo", "--people", "12", "--days", "20", "--case", "case"]);
    let html = |out: &str| {
        let said = bench.dossier(&["--format", "html", "--out", out]);
        assert!(said.is_empty());
        bench.files(out)
    };
    bench.write("pages/letter-0123456789abcdef.html", "an earlier letter");
    bench.write("pages/letter-to-keep.html", "not ours");
    let (first, mut second) = (html("again"), html("pages"));
    assert!(second.remove("letter-to-keep.html").is_some());
    assert_eq!(first, second);
    assert_eq!(bench.dossier(&[]), bench.dossier(&[]));

    let listed: Value = serde_json::from_str(&bench.dossier(&["--format", "json"])).expect("JSON");
    let entries = listed["people"].as_array().expect("people");
    let mut names: BTreeSet<&str> =
        entries.iter().filter_map(|entry| entry["letter"].as_str()).collect();
    names.insert("notify.html");
    assert!(first.keys().map(String::as_str).eq(names));
    assert_eq!(listed["tlp"], "TLP:AMBER");
    assert!(first["notify.html"].contains("TLP:AMBER"));
    for page in first.values() {
        for forbidden in ["<script", "<img", "<a ", "<link", "href", " src", "url(", "@import"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'"));
        assert!(page.contains("@media print") && page.contains(" dir=\"ltr\">"));
    }
    for entry in entries {
        let page = &first[entry["letter"].as_str().expect("a letter")];
        let lang = entry["lang"].as_str().expect("a language");
        assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{lang}");
        let identity = entry["identity"].as_str().expect("an identity");
        assert!(page.contains(&format!("<bdi dir=\"auto\">{identity}</bdi>")));
    }
}

#[test]
fn evidence_in_a_letter_is_shown_and_not_obeyed_and_others_stay_out_of_it() {
    let bench = Bench::new();
    let mail = |to: &str, from: &str, number: u32| {
        format!(
            "From x@y Tue Jan  5 09:00:00 2021\n\
             Received: from mail.fake-press.example ([203.0.113.77]) by mx.office.example;\n\
             \tTue, 5 Jan 2021 09:0{number}:00 +0000\n\
             From: Claire <{from}>\nTo: {to}\nSubject: Interview\n\
             Message-ID: <{number}@fake-press.example>\nContent-Type: text/html\n\n\
             <img src=\"http://img.fake-press.example/v/a1b2c3d4e5f6071{number}.png\">\n\n"
        )
    };
    let (anne, bart) = ("anne@office.example", "bart@office.example");
    let own = mail(anne, "claire@fake-press.example", 1) + &mail(anne, bart, 2);
    bench.write(&format!("evidence/{anne}.mbox"), &own);
    bench.write(&format!("evidence/{bart}.mbox"), &mail(bart, "claire@fake-press.example", 3));
    bench.write(
        "evidence/people.csv",
        "email,name,roles,accounts,host,lang,phone\n\
         anne@office.example,<b>An\u{202e}ne</b>,press,aw,ws1,de-BE,+32 2 555 01 00\n\
         bart@office.example,Bart Claes,,bc,ws2,ug,\n",
    );
    bench.write("intel.txt", "fake-press[.]example\n203.0.113.77\n");
    bench.succeeds(&["investigate", "evidence", "--intel", "intel.txt", "--case", "case"]);
    bench.dossier(&["--lang", "fr", "--format", "html", "--out", "out"]);
    let listed = bench.dossier(&["--lang", "fr", "--format", "json"]);
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    let entry = |who: &str| {
        let mut all = listed["people"].as_array().expect("people").iter();
        all.find(|entry| entry["identity"] == who).expect("an entry")
    };
    let pages = bench.files("out");
    let page = |who: &str| &pages[entry(who)["letter"].as_str().expect("a letter")];

    let (annes, barts) = (page(anne), page(bart));
    assert!(annes.contains("<bdi dir=\"auto\">&lt;b&gt;An\\u{202e}ne&lt;/b&gt;</bdi>"), "{annes}");
    assert!(annes.contains("claire@fake-press[.]example") && !annes.contains("Bart"), "{annes}");
    assert!(!annes.contains("bart@") && !barts.contains("anne@"));
    let german = Language::new(Lang::De);
    let withheld = german.text("letter-mail-withheld", &[("time", "2021-01-05 09:02 UTC".into())]);
    assert!(annes.contains(&withheld), "{annes}");
    assert!(annes.contains("<html lang=\"de\"") && barts.contains("<html lang=\"fr\""));
    for page in pages.values() {
        assert!(!page.contains('\u{202e}') && !page.contains("a1b2c3d4"), "{page}");
        assert!(!page.contains("fake-press.example"), "{page}");
    }

    assert_eq!(entry(anne)["ways"][0]["value"], "+32 2 555 01 00");
    assert_eq!(texts(&entry(anne)["roles"]), ["press"]);
    let list = &pages["notify.html"];
    let french = Language::new(Lang::Fr);
    let instead = french.text("notify-language-instead", &[("lang", "fr".into())]);
    assert!(list.contains("+32 2 555 01 00") && list.contains(&instead), "{list}");
    assert!(list.contains(&french.text("notify-mailbox-undetermined", &[])), "{list}");
}

#[test]
fn what_cannot_be_written_is_refused_with_what_to_do() {
    let bench = Bench::new();
    bench.write(
        "evidence/anne@office.example.mbox",
        "From x@y Tue Jan  5 09:00:00 2021\nTo: a\n\nb\n",
    );
    bench.write("intel.txt", "fake-press.example\n");
    bench.succeeds(&["investigate", "evidence", "--intel", "intel.txt", "--case", "case"]);
    let refused = |arguments: &[&str], status: i32, says: &str| {
        let output = bench.run(&[&["dossier"], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
        assert!(said.contains(says) && output.stdout.is_empty(), "{arguments:?}: {said}");
    };
    let of = |reader, format| ["--case", "case", "--for", reader, "--format", format];
    refused(&of("prosecutor", "pdf"), 2, "--for prosecutor comes later");
    refused(&of("ministry", "html"), 2, "--for ministry comes later");
    refused(&of("eu", "json"), 2, "--for eu comes later");
    refused(&of("victim", "pdf"), 2, "--format pdf comes later");
    refused(&of("victim", "stix"), 2, "--format stix comes later");
    refused(&of("victim", "html"), 2, "--out");
    refused(&["--case", "case"], 2, "--for");
    refused(&["--case", "nowhere", "--for", "victim"], 3, "nowhere");

    // Nobody was hit: that is said, and that it proves nothing.
    let text = bench.dossier(&[]);
    assert!(text.contains("no proof") && !text.contains('\u{c}'), "{text}");
    let answer = bench.path("case/out/extent.json");
    let mut bytes = fs::read(&answer).expect("an answer");
    bytes.push(b'\n');
    fs::write(&answer, bytes).expect("a file");
    refused(&["--case", "case", "--for", "victim"], 3, "not the answer that this case wrote");
}

#[test]
fn no_letter_promises_and_the_help_shows_how() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../clarte-language/locales");
    for (lang, promises) in [
        ("en", &["safe", "secure", "harmless", "don’t worry"][..]),
        ("fr", &["sécuri", "sûr ", "inoffensi", "rassur"]),
        ("nl", &["veilig", "onschuldig", "gerust"]),
        ("de", &["sicher", "harmlos", "beruhig", "unbedenklich"]),
    ] {
        let text = fs::read_to_string(folder.join(lang).join("letter.ftl")).expect("texts");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let lower = line.to_lowercase();
            assert!(!promises.iter().any(|word| lower.contains(word)), "{lang}: {line}");
        }
    }
    let help = Bench::new().succeeds(&["dossier", "--help"]);
    assert!(help.contains("--for victim --format html --out letters/"), "{help}");
}
