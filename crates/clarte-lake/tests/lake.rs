//! What goes into the lake comes out of it, and only what is catalogued.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clarte_lake::{Engine, EvidenceRow, Form, Lake, Place, Run, RunWriter, StreamRow};
use clarte_model::lake::{ObservableKind, Only, Records};
use clarte_model::{
    Class, EvidenceId, Field, Moment, Precision, Record, Source, Timestamp, ZoneBasis,
};
use proptest::prelude::*;

fn dns(offset: u64, query: &str) -> Record<'_> {
    let mut record = Record::new(Class::Dns, Source::Dns, offset, 10);
    record.time = Some(Moment {
        at: Timestamp(offset as i64),
        precision: Precision::Subsecond,
        basis: ZoneBasis::Utc,
    });
    record.text(Field::DnsQuery, query);
    record
}

fn row(number: u64) -> EvidenceRow {
    let stream = StreamRow { format: "test".to_owned(), records: 1, ..StreamRow::default() };
    EvidenceRow {
        id: EvidenceId([number as u8; 32]),
        number,
        file_bytes: 0,
        places: Vec::new(),
        streams: vec![stream],
    }
}

/// Adds a run with `records`, all of evidence `number`, in files of about
/// `budget` bytes.
fn add(lake: &mut Lake, number: u64, records: &[Record<'_>], budget: usize) {
    let name = format!("{:06}-0", lake.catalogue().next_run().expect("the lake works"));
    let mut writer = RunWriter::new(lake.folder(), &name, budget);
    records.iter().for_each(|record| writer.push(number, None, record));
    let files = writer.finish().expect("the lake works");
    lake.commit(&Run { evidence: vec![row(number)], files, ..Run::default() })
        .expect("the lake works");
}

/// Every visible DNS query with its offset, sorted.
fn queries(lake: &Lake, only: &[Only<'_>]) -> Vec<(u64, String)> {
    let mut found = Vec::new();
    lake.scan(Class::Dns, &[Field::DnsQuery], only, &mut |stored| {
        let query = stored.record.get_text(Field::DnsQuery).unwrap_or("-");
        found.push((stored.record.offset, query.to_owned()));
    })
    .expect("the lake can be read");
    found.sort();
    found
}

fn values(lake: &Lake, kind: ObservableKind) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    lake.values(kind, &mut |seen| found.push((seen.value.to_owned(), seen.count)))
        .expect("the lake works");
    found
}

fn sql(lake: &Lake, query: &str) -> Vec<String> {
    let mut out = Vec::new();
    let engine = Engine::open(lake, None).expect("the lake works");
    engine.query(query, Form::Csv, &mut out).expect("it is SQL");
    String::from_utf8(out).expect("text").lines().skip(1).map(str::to_owned).collect()
}

fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        for entry in std::fs::read_dir(inside).expect("the lake works") {
            let path = entry.expect("the lake works").path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    _ = found.insert(
                        path.strip_prefix(folder).expect("the lake works").display().to_string(),
                    )
                }
            }
        }
    }
    found
}

#[test]
fn records_return_as_they_went_in_and_only_what_is_catalogued() {
    let folder = tempfile::tempdir().expect("the lake works");
    let mut lake = Lake::open(folder.path()).expect("the lake works");
    let mut odd = dns(7, "b.example");
    odd.texts(Field::DnsAnswers, ["192.0.2.1", "192.0.2.2"]);
    odd.integer(Field::SrcPort, 53);
    let mut writer = RunWriter::new(lake.folder(), "1-0", 0);
    for offset in 0..10_000 {
        let plain = dns(offset, "a.example");
        writer.push(4, None, if offset == 7 { &odd } else { &plain });
    }
    writer.push(5, None, &dns(1, "withdrawn.example"));
    let files = writer.finish().expect("the lake works");
    assert!(queries(&lake, &[]).is_empty(), "nothing is visible before the commit");
    lake.commit(&Run { evidence: vec![row(4)], files, ..Run::default() }).expect("the lake works");
    drop(lake);

    let lake = Lake::open(folder.path()).expect("the lake works");
    let found = queries(&lake, &[]);
    assert_eq!(found.len(), 10_000);
    assert_eq!(found[7], (7, "b.example".to_owned()));
    let fields = [Field::DnsAnswers, Field::SrcPort, Field::DnsQuery];
    let mut seen = 0;
    lake.scan(Class::Dns, &fields, &[], &mut |stored| {
        if stored.record.offset == 7 {
            seen += 1;
            assert_eq!(stored.evidence, EvidenceId([4; 32]));
            assert_eq!(stored.record.time, odd.time);
            for (field, value) in odd.fields() {
                assert_eq!(stored.record.get(*field), Some(value), "{field:?}");
            }
        }
    })
    .expect("the lake works");
    assert_eq!(seen, 1);
}

#[test]
fn files_without_a_run_are_swept_and_files_of_a_run_are_missed() {
    let folder = tempfile::tempdir().expect("the lake works");
    let mut lake = Lake::open(folder.path()).expect("the lake works");
    add(&mut lake, 1, &[dns(1, "a.example")], 0);
    let whole = files(folder.path());
    let mut writer = RunWriter::new(lake.folder(), "000009-0", 0);
    writer.push(9, None, &dns(1, "interrupted.example"));
    let orphans = writer.finish().expect("the lake works");
    assert_eq!(files(folder.path()).len(), whole.len() + orphans.len());
    drop(lake);
    let lake = Lake::open(folder.path()).expect("the lake works");
    assert_eq!(lake.sweep().expect("the lake works"), orphans.len() as u64);
    assert_eq!(queries(&lake, &[]), [(1, "a.example".to_owned())]);
    drop(lake);

    let lost =
        files(folder.path()).into_iter().find(|path| path.contains("dns")).expect("the lake works");
    std::fs::write(folder.path().join(&lost), "cut short").expect("the lake works");
    let mut lake = Lake::open(folder.path()).expect("the lake works");
    assert_eq!(lake.found().lost, 1);
    let known = lake.catalogue().known().expect("the lake works");
    let (_, reading) = &known[&EvidenceId([1; 32])].readings[0];
    assert!(reading.is_empty(), "the evidence is to be read again");
    add(&mut lake, 2, &[dns(1, "a.example")], 0);
    assert_eq!(queries(&lake, &[]).len(), 1);
}

#[test]
fn a_catalogue_that_is_none_is_set_aside() {
    let folder = tempfile::tempdir().expect("the lake works");
    let mut lake = Lake::open(folder.path()).expect("the lake works");
    add(&mut lake, 1, &[dns(1, "a.example")], 0);
    drop(lake);
    std::fs::write(folder.path().join("catalogue.sqlite"), "no database at all, but text")
        .expect("the lake works");
    let lake = Lake::open(folder.path()).expect("the lake works");
    let aside = lake.found().set_aside.clone().expect("it says where");
    assert!(queries(&lake, &[]).is_empty());
    assert!(aside.join("catalogue.sqlite").exists() && aside.join("records").exists());
    drop(lake);

    std::fs::remove_file(folder.path().join("catalogue.sqlite")).expect("the lake works");
    let lake = Lake::open(folder.path()).expect("the lake works");
    assert_eq!(lake.found().set_aside, None, "nothing is lost with an empty catalogue");
    drop(lake);
    assert!(aside.join("records").exists());
}

#[test]
fn records_without_a_catalogue_are_set_aside_not_swept() {
    let folder = tempfile::tempdir().expect("the lake works");
    for time in 1..3 {
        let mut lake = Lake::open(folder.path()).expect("the lake works");
        add(&mut lake, 1, &[dns(time, "a.example")], 0);
        let place = |path: &str| Place { path: path.to_owned(), at: path.to_owned(), stamp: None };
        let logged = [(1, "a.log"), (9, "b.log")]
            .map(|(id, path)| (EvidenceId([id; 32]), BTreeSet::from([place(path)])));
        lake.catalogue_mut().expect(&BTreeMap::from(logged)).expect("the lake works");
        assert_eq!(lake.catalogue().unread().expect("the lake works"), ["b.log"]);
        drop(lake);
        for end in ["", "-wal", "-shm"] {
            let name = format!("catalogue.sqlite{end}");
            let _ = std::fs::remove_file(folder.path().join(name));
        }
        let parquet = || {
            let all = files(folder.path()).into_iter();
            all.filter(|path| path.ends_with("parquet")).count()
        };
        let before = parquet();
        let lake = Lake::open(folder.path()).expect("the lake works");
        let aside = lake.found().set_aside.clone().expect("it says where");
        assert_eq!(lake.sweep().expect("the lake works"), 0);
        assert_eq!(lake.catalogue().compared().expect("the lake works"), 0);
        assert!(aside.ends_with(format!("damaged-{time}")), "each has a folder of its own");
        assert_eq!(parquet(), before, "all files are somewhere");
    }
}

#[test]
fn a_mistake_of_the_disk_is_not_merged_into_a_new_file() {
    let folder = tempfile::tempdir().expect("the lake works");
    let mut lake = Lake::open(folder.path()).expect("the lake works");
    for number in 1..=80 {
        add(&mut lake, number, &[dns(number, "a.example")], 0);
    }
    let records =
        files(folder.path()).into_iter().find(|path| path.starts_with("records/dns/0000"));
    let path = folder.path().join(records.expect("records"));
    let mut bytes = std::fs::read(&path).expect("there");
    bytes[20] ^= 1;
    std::fs::write(&path, bytes).expect("ours");
    lake.settle().expect("the lake works");
    assert_eq!(queries(&lake, &[]).len(), 79, "it is given up");
    assert_eq!(values(&lake, ObservableKind::Hostname), [("a.example".to_owned(), 79)]);
    assert!(lake.changed_files().expect("the lake works").is_empty());
}

#[test]
fn a_lost_file_of_the_index_is_made_anew_whenever_the_lake_settles() {
    let folder = tempfile::tempdir().expect("the lake works");
    let mut lake = Lake::open(folder.path()).expect("the lake works");
    add(&mut lake, 1, &[dns(1, "a.example")], 0);
    drop(lake);
    let lost = files(folder.path()).into_iter().find(|path| path.contains("observables"));
    std::fs::remove_file(folder.path().join(lost.expect("an index"))).expect("the lake works");
    // Whoever opened it first was killed before the index was made.
    drop(Lake::open(folder.path()).expect("the lake works"));
    let mut lake = Lake::open(folder.path()).expect("the lake works");
    assert!(!lake.is_settled().expect("the lake works"));
    lake.settle().expect("the lake works");
    assert!(lake.is_settled().expect("the lake works"));
    assert_eq!(values(&lake, ObservableKind::Hostname), [("a.example".to_owned(), 1)]);
}

#[test]
fn a_case_with_a_write_ahead_log_can_be_read_where_nothing_can_be_written() {
    let folder = tempfile::tempdir().expect("the lake works");
    let mut lake = Lake::open(folder.path()).expect("the lake works");
    add(&mut lake, 1, &[dns(1, "a.example")], 0);
    // Copied while in use: the log is not folded in yet.
    let copy = tempfile::tempdir().expect("the lake works");
    for end in ["", "-wal"] {
        let name = format!("catalogue.sqlite{end}");
        std::fs::copy(folder.path().join(&name), copy.path().join(&name)).expect("copied");
    }
    for path in files(folder.path()).iter().filter(|path| path.ends_with("parquet")) {
        let to = copy.path().join(path);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        std::fs::copy(folder.path().join(path), to).expect("copied");
    }
    let set = |is_readonly| {
        let mut permissions = std::fs::metadata(copy.path()).expect("there").permissions();
        permissions.set_readonly(is_readonly);
        std::fs::set_permissions(copy.path(), permissions).expect("ours");
    };
    // Some users write all the same: then this is any other case.
    set(true);
    let found = Lake::open_read_only(copy.path()).map(|lake| queries(&lake, &[]).len());
    set(false);
    assert_eq!(found.expect("it can be read"), 1);
}

#[test]
fn many_runs_are_merged_into_few_and_nothing_is_lost() {
    // A name that looks like a pattern is a name.
    let folder = tempfile::Builder::new().prefix("a[b]*?").tempdir().expect("the lake works");
    let mut lake = Lake::open(folder.path()).expect("the lake works");
    for number in 1..=100 {
        let mut record = dns(1_000 - number, "a.example");
        // Not every file has every column.
        if number % 7 == 0 {
            record.texts(Field::DnsAnswers, ["192.0.2.1"]);
        }
        add(&mut lake, number, &[record], 0);
    }
    let before = (queries(&lake, &[]), values(&lake, ObservableKind::Hostname));
    assert_eq!(before.1, [("a.example".to_owned(), 100)]);
    let many = files(folder.path()).len();
    assert_eq!(sql(&lake, "select count(*) from dns"), ["100"]);
    lake.settle().expect("the lake works");
    assert_eq!(sql(&lake, "select count(*) from dns"), ["100"]);
    assert!(files(folder.path()).len() < many / 2, "{:?}", files(folder.path()));
    assert_eq!((queries(&lake, &[]), values(&lake, ObservableKind::Hostname)), before);
    let mut times = Vec::new();
    lake.scan(Class::Dns, &[], &[], &mut |stored| times.push(stored.record.time))
        .expect("the lake works");
    assert_eq!(times.len(), 100);
    let few = files(folder.path());
    lake.settle().expect("the lake works");
    assert_eq!(files(folder.path()), few, "what is settled stays");
}

#[test]
fn evidence_read_anew_replaces_its_records() {
    let folder = tempfile::tempdir().expect("the lake works");
    let mut lake = Lake::open(folder.path()).expect("the lake works");
    add(&mut lake, 1, &[dns(1, "old.example")], 0);
    let mut writer = RunWriter::new(lake.folder(), "000002-0", 0);
    writer.push(2, None, &dns(1, "new.example"));
    let again = EvidenceRow { number: 2, ..row(1) };
    let files = writer.finish().expect("the lake works");
    lake.commit(&Run { evidence: vec![again], files, ..Run::default() }).expect("the lake works");
    assert_eq!(queries(&lake, &[]), [(1, "new.example".to_owned())]);
    assert_eq!(sql(&lake, "select query_hostname from dns"), ["new.example"]);
    assert_eq!(sql(&lake, "select count(*) from event"), ["1"]);
    lake.settle().expect("the lake works");
    assert_eq!(sql(&lake, "select query_hostname from dns"), ["new.example"]);
    assert_eq!(queries(&lake, &[]), [(1, "new.example".to_owned())]);
    assert_eq!(values(&lake, ObservableKind::Hostname), [("new.example".to_owned(), 1)]);
}

#[test]
fn whoever_reads_needs_no_right_to_write() {
    let folder = tempfile::tempdir().expect("the lake works");
    assert!(Lake::open_read_only(folder.path()).is_err(), "there is no case yet");
    let mut lake = Lake::open(folder.path()).expect("the lake works");
    add(&mut lake, 1, &[dns(1, "a.example")], 0);
    let beside = Lake::open_read_only(folder.path()).expect("the lake works");
    assert_eq!(queries(&beside, &[]).len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn filters_and_the_index_agree_with_a_plain_scan(
        names in prop::collection::vec(0_u8..40, 1..400),
        wanted in prop::collection::btree_set(0_u8..60, 0..8),
        runs in 1_usize..4,
    ) {
        let folder = tempfile::tempdir().expect("the lake works");
        let mut lake = Lake::open(folder.path()).expect("the lake works");
        let name = |n: &u8| format!("h{n}.d{}.example.org", n % 5);
        for (number, part) in (1..).zip(names.chunks(names.len().div_ceil(runs))) {
            let names: Vec<_> = part.iter().map(name).collect();
            let records: Vec<_> =
                names.iter().enumerate().map(|(at, name)| dns(at as u64, name)).collect();
            add(&mut lake, number, &records, 0);
        }
        let values_wanted: BTreeSet<String> = wanted.iter().map(name).collect();
        let only = [Only { field: Field::DnsQuery, values: &values_wanted }];
        let mut expected = queries(&lake, &[]);
        expected.retain(|(_, query)| values_wanted.contains(query));
        prop_assert_eq!(queries(&lake, &only), expected);

        let mut counts = std::collections::BTreeMap::new();
        for n in &names {
            *counts.entry(name(n)).or_insert(0) += 1;
        }
        let counts: Vec<(String, u64)> = counts.into_iter().collect();
        prop_assert_eq!(&values(&lake, ObservableKind::Hostname), &counts);
        let present = lake.present(ObservableKind::Hostname, &values_wanted).expect("the lake works");
        let there: BTreeSet<String> =
            counts.into_iter().map(|(name, _)| name).filter(|n| values_wanted.contains(n)).collect();
        prop_assert_eq!(present, there);
    }
}
