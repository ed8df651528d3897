//! What goes into the lake comes out of it, and only what is catalogued.

use std::collections::BTreeSet;

use clarte_lake::{EvidenceRow, Lake, RunWriter};
use clarte_model::lake::Records;
use clarte_model::{
    Class, EvidenceId, Field, Moment, Precision, Record, Source, Timestamp, ZoneBasis,
};

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
    EvidenceRow { number, file_bytes: 0, paths: BTreeSet::new(), streams: Vec::new() }
}

/// Every visible DNS query with its offset, sorted.
fn queries(lake: &Lake) -> Vec<(u64, String)> {
    let mut found = Vec::new();
    lake.scan(Class::Dns, &[Field::DnsQuery], &mut |stored| {
        let query = stored.record.get_text(Field::DnsQuery).unwrap_or("-");
        found.push((stored.record.offset, query.to_owned()));
    })
    .expect("the lake can be read");
    found.sort();
    found
}

#[test]
fn records_return_as_they_went_in_and_duplicates_stay_invisible() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = Lake::open(folder.path()).unwrap();
    let mut writer = RunWriter::new(lake.folder(), "1-0");
    for offset in 0..10_000 {
        let mut record = dns(offset, "a.example");
        if offset == 7 {
            record = dns(offset, "b.example");
            record.texts(Field::DnsAnswers, ["192.0.2.1", "192.0.2.2"]);
            record.integer(Field::SrcPort, 53);
        }
        writer.push(4, None, &record);
    }
    writer.push(5, None, &dns(1, "duplicate.example"));
    let mut catalogue = lake.catalogue().clone();
    catalogue.files.extend(writer.finish().unwrap());
    catalogue.evidence.insert(EvidenceId([1; 32]), row(4));
    assert!(queries(&lake).is_empty(), "nothing is visible before the commit");
    lake.commit(catalogue).unwrap();

    let lake = Lake::open(folder.path()).unwrap();
    let found = queries(&lake);
    assert_eq!(found.len(), 10_000);
    assert_eq!(found[7], (7, "b.example".to_owned()));
    let fields = [Field::DnsAnswers, Field::SrcPort, Field::DnsQuery];
    let mut seen = 0;
    lake.scan(Class::Dns, &fields, &mut |stored| {
        if stored.record.offset == 7 {
            seen += 1;
            let mut expected = dns(7, "b.example");
            expected.texts(Field::DnsAnswers, ["192.0.2.1", "192.0.2.2"]);
            expected.integer(Field::SrcPort, 53);
            assert_eq!(stored.evidence, EvidenceId([1; 32]));
            assert_eq!(stored.record.time, expected.time);
            for (field, value) in expected.fields() {
                assert_eq!(stored.record.get(*field), Some(value), "{field:?}");
            }
        }
    })
    .unwrap();
    assert_eq!(seen, 1);
}
