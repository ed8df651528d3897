//! The answer survives being written and read.

use clarte_extent::{Destination, Extent, Intake, Rhythm, Targeting, Undetermined};
use clarte_model::{EvidenceId, IndicatorKind, Timestamp};

use crate::case::{answer, records};
use crate::intelligence::Given;

/// An answer with something in every list.
fn full() -> Extent {
    let mut extent = answer(&records(), &Given::of(&[(IndicatorKind::Domain, "evil.example")]));
    let time = Timestamp::from_seconds(1_609_920_000);
    extent.victims[0].name = Some("An \u{202e} Exemple".to_owned());
    extent.victims[0].undetermined.push(Undetermined {
        rung: "exfiltrated",
        reason: String::new(),
        from: time,
        to: None,
        settled_by: String::new(),
    });
    extent.exfiltration.destinations.push(Destination {
        value: "198.51.100.7".to_owned(),
        bytes: u64::MAX,
        first: time,
        last: None,
    });
    extent.targeting.push(Targeting {
        role: "member".to_owned(),
        targeted: 9,
        population: 10,
        expected: 1.6,
        p_value: 7.038_531_069_198_305e-5,
        p_adjusted: 0.1 + 0.2,
        direction: "more",
    });
    extent.rhythm = Rhythm {
        utc_offset_hours: Some(5.75),
        interval_hours: Some([1.0 / 3.0, 1e-310]),
        acts: 41,
        findings: Vec::new(),
    };
    extent.findings[0].lead = true;
    extent.findings[0].tlp = Some("TLP:RED".to_owned());
    for (time_basis, paths) in [(Some("local-assumed"), vec!["b".to_owned()]), (None, Vec::new())] {
        extent.intake.push(Intake {
            evidence: EvidenceId([7; 32]),
            path: "a".to_owned(),
            paths,
            member: None,
            format: "eml".to_owned(),
            bytes: 1,
            parsed: 1,
            faulted: 0,
            skipped: 0,
            skipped_as: [("blank".to_owned(), 0)].into(),
            time_basis,
            records: 1,
            faults: 0,
            faults_as: Default::default(),
        });
    }
    extent
}

#[test]
fn an_answer_that_was_read_is_written_as_the_same_bytes() {
    let extent = full();
    let written = serde_json::to_string_pretty(&extent).unwrap();
    let read: Extent = serde_json::from_str(&written).unwrap();
    assert_eq!(read, extent);
    assert_eq!(serde_json::to_string_pretty(&read).unwrap(), written);
}

#[test]
fn a_word_that_no_version_has_is_refused() {
    let written = serde_json::to_string(&full()).unwrap();
    for (word, other) in [("clarte/extent/1", "clarte/extent/9"), ("\"opened\"", "\"ajar\"")] {
        let changed = written.replace(word, other);
        assert_ne!(changed, written);
        let cause = serde_json::from_str::<Extent>(&changed).unwrap_err().to_string();
        assert!(cause.contains("unknown word"), "{cause}");
    }
}

/// Rewritten with `UPDATE=1`; read the difference before you commit it.
#[test]
fn the_schema_is_what_it_was() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/whole/extent.schema.json");
    let schema = serde_json::to_string_pretty(&clarte_extent::schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &schema).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), schema);
}
