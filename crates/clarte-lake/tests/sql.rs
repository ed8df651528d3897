//! Every query of `tests/sql/*.slt` gives the rows that stand below it.
//!
//! ```text
//! -- what it shows
//! select …
//! ----
//! one row a line, columns with |
//! ```
//!
//! Blocks are parted by blank lines. `UPDATE=1 cargo test` writes the rows
//! anew, to be read in the difference.

use std::path::Path;

use clarte_lake::{
    Engine, EvidenceRow, FaultRow, FindingRow, Form, Lake, NAMED, PersonRow, Place, Run, RunWriter,
    StreamRow, tables,
};
use clarte_model::{
    Class, EvidenceId, Field, Moment, Precision, Record, Source, Timestamp, ZoneBasis,
};

const HOUR: i64 = 3_600_000_000_000;

fn record(class: Class, source: Source, offset: u64, hour: i64) -> Record<'static> {
    let mut record = Record::new(class, source, offset, 10);
    let at = Timestamp(1_600_000_000_000_000_000 + hour * HOUR);
    record.time = Some(Moment { at, precision: Precision::Second, basis: ZoneBasis::Utc });
    record
}

/// A small case: look-ups in two runs, requests, mails, a person, faults.
fn make(folder: &Path) -> Lake {
    let mut lake = Lake::open(folder).expect("the lake works");
    let mut first = RunWriter::new(folder, "000001-0", 0);
    for (offset, name) in ["a.example.org", "b.example.org", "a.example.org"].iter().enumerate() {
        let mut dns = record(Class::Dns, Source::Dns, offset as u64, offset as i64);
        dns.text(Field::DnsQuery, *name).text(Field::SrcIp, "192.0.2.7");
        first.push(1, None, &dns);
    }
    let mut mail = record(Class::Email, Source::Mail, 0, 1);
    mail.text(Field::MailFrom, "x@news.example.net").text(Field::MailOwner, "jan@example.org");
    mail.texts(Field::MailTo, ["jan@example.org", "an@example.org"]);
    first.push(2, None, &mail);
    let mut person = Record::new(Class::Person, Source::People, 0, 9);
    person.text(Field::UserEmail, "jan@example.org");
    first.push(3, None, &person);
    let mut files = first.finish().expect("the lake works");
    let mut second = RunWriter::new(folder, "000001-1", 0);
    let mut dns = record(Class::Dns, Source::Dns, 9, 30);
    dns.text(Field::DnsQuery, "a.example.org").texts(Field::DnsAnswers, ["192.0.2.1", "192.0.2.2"]);
    second.push(1, None, &dns);
    let mut http = record(Class::Http, Source::Proxy, 5, 2);
    http.text(Field::DstHostname, "a.example.org").integer(Field::HttpStatus, 200);
    second.push(4, None, &http);
    // Two exports of one audit log overlap in an act, one has an act without id.
    for (number, offset, uid) in [(1, 20, Some("a-1")), (4, 0, Some("a-1")), (4, 10, Some("a-2"))] {
        let mut act = record(Class::Api, Source::Audit, offset, 3);
        act.text(Field::ApiOperation, "Send");
        uid.into_iter().for_each(|uid| _ = act.text(Field::EventUid, uid));
        second.push(number, None, &act);
    }
    // Two files of one archive hold the same act at the same place.
    let mut act = record(Class::Api, Source::Audit, 30, 3);
    act.text(Field::ApiOperation, "Send").text(Field::EventUid, "a-3");
    ["a.csv", "b.csv"].into_iter().for_each(|member| second.push(3, Some(member), &act));
    let act = record(Class::Api, Source::Audit, 20, 3);
    [1, 4].into_iter().for_each(|number| second.push(number, None, &act));
    files.extend(second.finish().expect("the lake works"));
    let evidence = (1..=4).map(evidence).collect();
    lake.commit(&Run { evidence, files, ..Run::default() }).expect("the lake works");
    let finding = FindingRow {
        id: "f-1".to_owned(),
        detector: "lure.test".to_owned(),
        title: "a lure".to_owned(),
        time: Some(1_600_000_000_000_000_000),
        confidence: 0.5,
        lead: false,
        reasons: "because".to_owned(),
    };
    let person = PersonRow {
        identity: "jan@example.org".to_owned(),
        name: None,
        kind: "person".to_owned(),
        rung: "opened".to_owned(),
    };
    lake.catalogue_mut()
        .set_answer("extent.json", "x", "y", &[finding], &[person])
        .expect("the lake works");
    lake
}

fn evidence(number: u64) -> EvidenceRow {
    let fault =
        FaultRow { offset: 3, length: 4, kind: "malformed".to_owned(), detail: "d".to_owned() };
    let stream = StreamRow {
        format: "test".to_owned(),
        bytes: 100,
        parsed: 90,
        faulted: number,
        records: 1,
        faults: [("malformed".to_owned(), number)].into(),
        first_faults: vec![fault],
        ..StreamRow::default()
    };
    EvidenceRow {
        id: EvidenceId([number as u8; 32]),
        number,
        file_bytes: 100,
        places: vec![Place {
            path: format!("evidence/{number}.log"),
            at: format!("/{number}.log"),
            stamp: None,
        }],
        streams: vec![stream],
    }
}

fn rows(engine: &Engine, sql: &str) -> String {
    let mut out = Vec::new();
    match engine.query(sql, Form::Csv, &mut out) {
        Ok(_) => {
            let text = String::from_utf8(out).expect("the lake works");
            text.lines().skip(1).map(|line| format!("{}\n", line.replace(',', "|"))).collect()
        }
        Err(failure) => {
            format!("error: {}\n", failure.to_string().lines().next().expect("the lake works"))
        }
    }
}

#[test]
fn queries_give_the_rows_below_them() {
    let folder = tempfile::tempdir().expect("the lake works");
    let engine = Engine::open(&make(folder.path()), None).expect("the lake works");
    let sql = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sql");
    let mut seen = 0;
    for entry in std::fs::read_dir(sql).expect("the lake works") {
        let path = entry.expect("the lake works").path();
        let text = std::fs::read_to_string(&path).expect("the lake works");
        let mut found = Vec::new();
        for block in text.trim_end().split("\n\n") {
            let sql = block.split("\n----").next().expect("the lake works");
            found.push(format!("{sql}\n----\n{}", rows(&engine, sql)));
            seen += 1;
        }
        let found = found.join("\n");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, found).expect("the lake works");
        } else {
            assert_eq!(text, found, "{}", path.display());
        }
    }
    assert!(seen > 10, "the files are there");
}

#[test]
fn every_named_query_and_every_documented_column_can_be_asked() {
    let folder = tempfile::tempdir().expect("the lake works");
    for lake in [Lake::open(folder.path()).expect("the lake works"), make(folder.path())] {
        let engine = Engine::open(&lake, None).expect("the lake works");
        for (name, ..) in NAMED {
            let answer = rows(&engine, name);
            assert!(!answer.starts_with("error"), "{name}: {answer}");
        }
        for table in tables() {
            let columns: Vec<_> =
                table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
            let answer =
                rows(&engine, &format!("select {} from {}", columns.join(", "), table.name));
            assert!(!answer.starts_with("error"), "{}: {answer}", table.name);
        }
    }
}
