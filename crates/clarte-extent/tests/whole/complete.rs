//! Whether each source is whole, as the sources themselves let us know.

use std::collections::BTreeMap;

use clarte_extent::{Coverage, Extent, Intake};
use clarte_model::{Class, Field, IndicatorKind, Source};

use crate::case::{LOGS, Made, answer, answer_of, evidence, records_and};
use crate::intelligence::Given;

const AUDIT: (Class, Source) = (Class::Api, Source::Audit);

fn given() -> Given {
    Given::of(&[(IndicatorKind::Domain, "evil.example")])
}

fn asked(more: impl FnOnce(&mut Made)) -> Extent {
    answer(&records_and(more), &given())
}

/// The entries of a source that are not whole, those for everybody left out.
fn torn<'e>(extent: &'e Extent, source: &str) -> Vec<&'e Coverage> {
    let of = |entry: &&Coverage| entry.source == source && entry.entity != "*";
    extent.coverage.iter().filter(of).collect()
}

fn whole<'e>(extent: &'e Extent, source: &str) -> &'e Coverage {
    let of = |entry: &&Coverage| entry.source == source && entry.entity == "*";
    extent.coverage.iter().find(of).expect("every source is spoken of")
}

/// A row of a search: in which file, its number, of how many, which event.
fn row(made: &mut Made, file: u8, number: i64, of: i64, uid: &str) {
    let texts = [
        (Field::UserEmail, "an@parl.example"),
        (Field::ApiOperation, "FileAccessed"),
        (Field::EventUid, uid),
    ];
    made.push(LOGS + file, AUDIT, Some(1_000 + number * 60), &texts, |record| {
        record.integer(Field::Sequence, number).integer(Field::SequenceOf, of);
    });
}

#[test]
fn rows_that_a_search_found_and_an_export_lacks_are_said_and_counted() {
    let extent = asked(|made| {
        (1..=20).filter(|number| ![7, 8, 15].contains(number)).rev().for_each(|number| {
            row(made, 7, number, 20, &format!("event-{number}"));
        });
    });
    let torn = torn(&extent, "audit");
    assert_eq!(torn.len(), 1);
    assert_eq!((torn[0].state, torn[0].entity.as_str()), ("partial", "logs/107"));
    assert!(torn[0].gaps[0].reason.contains("found 20 rows and 3 of them"));
    // Nobody knows whom they would have concerned.
    assert_eq!((whole(&extent, "audit").state, whole(&extent, "audit").gaps.len()), ("partial", 1));
}

#[test]
fn an_export_that_stops_before_its_search_did_is_truncated() {
    let extent = asked(|made| {
        (1..=12).for_each(|number| row(made, 7, number, 20, &format!("event-{number}")));
    });
    assert_eq!(torn(&extent, "audit")[0].state, "truncated");
    assert!(torn(&extent, "audit")[0].gaps[0].reason.contains("its end is missing"));
}

#[test]
fn a_search_may_lie_in_several_files_and_a_file_may_hold_several_searches() {
    let extent = asked(|made| {
        // Page by page, in two files, with a row in both.
        (1..=10).for_each(|number| row(made, 7, number, 20, &format!("event-{number}")));
        (10..=20).for_each(|number| row(made, 8, number, 20, &format!("event-{number}")));
        // Two searches that happened to find as many, and another.
        (1..=5).for_each(|number| row(made, 9, number, 5, &format!("a-{number}")));
        (1..=5).for_each(|number| row(made, 9, number, 5, &format!("b-{number}")));
        (1..=3).for_each(|number| row(made, 9, number, 3, &format!("c-{number}")));
    });
    assert_eq!(torn(&extent, "audit"), Vec::<&Coverage>::new());
    let extent = asked(|made| {
        (1..=5).for_each(|number| row(made, 9, number, 5, &format!("a-{number}")));
        [1, 2, 5].iter().for_each(|number| row(made, 9, *number, 5, &format!("b-{number}")));
    });
    assert!(torn(&extent, "audit")[0].gaps[0].reason.contains("2 of them"));
}

#[test]
fn the_same_export_twice_lacks_no_row_and_counts_once() {
    let twice = asked(|made| {
        for file in [7, 8] {
            (1..=20).for_each(|number| row(made, file, number, 20, &format!("event-{number}")));
        }
    });
    assert_eq!(torn(&twice, "audit"), Vec::<&Coverage>::new());
    assert_eq!(whole(&twice, "audit").records, 20);
    assert_eq!(whole(&twice, "audit").state, "covered");
}

#[test]
fn a_search_that_failed_on_the_server_is_said_to_have_failed() {
    let extent = asked(|made| {
        row(made, 7, -1, 0, "event-1");
        row(made, 7, -1, 0, "event-2");
    });
    let torn = torn(&extent, "audit");
    assert_eq!((torn[0].state, torn[0].records), ("truncated", 2));
    assert!(torn[0].gaps[0].reason.contains("failed on the server"));
}

#[test]
fn absurd_row_numbers_do_no_harm() {
    let extent = asked(|made| {
        for (number, of) in [(i64::MAX, i64::MAX), (1, i64::MAX), (i64::MIN, 5), (9, 3), (3, -7)] {
            let texts = [(Field::ApiOperation, "FileAccessed")];
            made.push(LOGS + 7, AUDIT, Some(1_000), &texts, |record| {
                record.integer(Field::Sequence, number).integer(Field::SequenceOf, of);
            });
        }
    });
    assert!(!torn(&extent, "audit").is_empty());
}

/// The account of an audit export of `records` rows.
fn export(member: Option<&str>, format: &str, records: u64, faults: u64) -> Intake {
    Intake {
        evidence: evidence(LOGS + 7),
        path: "logs/107".to_owned(),
        paths: Vec::new(),
        member: member.map(str::to_owned),
        format: format.to_owned(),
        bytes: 1,
        parsed: 1,
        faulted: 0,
        skipped: 0,
        skipped_as: BTreeMap::new(),
        time_basis: None,
        records,
        faults,
        faults_as: BTreeMap::new(),
    }
}

#[test]
fn an_export_of_exactly_as_many_rows_as_one_gives_is_truncated() {
    let with = |intake| {
        let records = records_and(|made| {
            row(made, 7, 1, 1, "event-1");
        });
        answer_of(&records, &given(), intake)
    };
    let extent = with(vec![
        export(Some("a.csv"), "audit", 50_000, 0),
        export(Some("b.csv"), "audit", 49_999, 0),
        export(Some("c.csv"), "audit", 49_990, 10),
        export(Some("d.csv"), "zeek.dns", 50_000, 0),
    ]);
    let paths: Vec<_> = torn(&extent, "audit").iter().map(|entry| entry.entity.clone()).collect();
    assert_eq!(paths, ["logs/107!/a.csv", "logs/107!/c.csv"]);
    assert!(torn(&extent, "audit").iter().all(|entry| entry.state == "truncated"));
    let extent = with(vec![export(None, "audit", 50_000, 0)]);
    assert_eq!(torn(&extent, "audit")[0].records, 50_000);
    assert_eq!(whole(&extent, "audit").state, "partial");
}

/// An access to mail: whose, when, how, which event.
fn access(made: &mut Made, owner: &str, second: i64, unmapped: &str, uid: &str) {
    let texts = [
        (Field::UserEmail, owner),
        (Field::ApiOperation, "MailItemsAccessed"),
        (Field::Unmapped, unmapped),
        (Field::EventUid, uid),
    ];
    made.push(LOGS + 7, AUDIT, Some(second), &texts, |_| {});
}

const BIND: &str = r#"{"MailAccessType":"Bind","IsThrottled":"False"}"#;
const SYNC: &str = r#"{"MailAccessType":"Sync","IsThrottled":"False"}"#;

#[test]
fn only_accesses_by_message_throttle_and_what_two_exports_hold_counts_once() {
    let many = |count: i64, unmapped: &'static str, events: i64| {
        asked(move |made| {
            for at in 0..count {
                let event = format!("event-{}", at % events);
                access(made, "an@parl.example", at % events * 60, unmapped, &event);
            }
        })
    };
    let throttled = many(1_001, BIND, 5_000);
    let mailbox = torn(&throttled, "audit");
    assert_eq!((mailbox[0].state, mailbox[0].records), ("throttled", 1_001));
    assert_eq!(mailbox[0].entity, "an@parl.example");
    // For a day after the thousand and first nothing was written.
    let gap = &mailbox[0].gaps[0];
    assert_eq!(gap.to.seconds() - gap.from.seconds(), 86_400);
    assert_eq!(torn(&many(3_000, SYNC, 5_000), "audit"), Vec::<&Coverage>::new());
    assert_eq!(torn(&many(1_400, BIND, 700), "audit"), Vec::<&Coverage>::new());
}

#[test]
fn a_record_that_says_it_was_throttled_is_believed_under_the_owner_s_own_name() {
    let extent = asked(|made| {
        let said = r#"{"MailAccessType":"Bind","IsThrottled":"True"}"#;
        access(made, "an+press@parl.example", 3_000, said, "event-1");
    });
    let mailbox = torn(&extent, "audit");
    assert_eq!((mailbox[0].state, mailbox[0].entity.as_str()), ("throttled", "an@parl.example"));
    let victim = extent.victims.iter().find(|victim| victim.identity == "an@parl.example");
    let open = victim.unwrap().undetermined.iter().find(|open| open.rung == "accessed");
    assert!(open.unwrap().reason.contains("throttled"));
}

/// A measurement of Zeek's: when, of whom, how much was lost in the quarter of
/// an hour before.
fn capture_loss(made: &mut Made, second: i64, peer: &str, percent: f64) {
    let row = format!(
        r#"{{"ts_delta":900.0,"peer":"{peer}","gaps":{},"acks":1000,"percent_lost":{percent}}}"#,
        (percent * 10.0) as u64
    );
    let texts = [(Field::LogName, "zeek.capture_loss"), (Field::Unmapped, row.as_str())];
    made.push(LOGS + 8, (Class::Other, Source::Other), Some(second), &texts, |_| {});
}

#[test]
fn what_a_sensor_lost_is_a_gap_of_what_the_wire_shows() {
    let extent = asked(|made| {
        capture_loss(made, 10_000, "worker-1", 0.0);
        capture_loss(made, 10_900, "worker-1", 12.5);
        capture_loss(made, 11_800, "worker-1", 40.0);
        capture_loss(made, 12_700, "worker-1", 0.002);
        capture_loss(made, 11_800, "worker-2", 3.0);
    });
    let flow = whole(&extent, "flow");
    assert_eq!((flow.state, flow.gaps.len()), ("partial", 2));
    let gap = flow.gaps.iter().find(|gap| gap.reason.contains("worker-1")).unwrap();
    assert!(gap.reason.contains("40.0 %") && gap.reason.contains("525 of 2000"));
    assert_eq!(gap.to.seconds() - gap.from.seconds(), 1_800);
    assert_eq!(whole(&extent, "dns").state, "partial");
    assert_eq!(whole(&extent, "proxy").state, "covered");
    assert_eq!(extent.exfiltration.verdict, "logs_insufficient");
    let whole_capture = asked(|made| capture_loss(made, 10_000, "worker-1", 0.0));
    assert_eq!(whole(&whole_capture, "flow").state, "covered");
}

#[test]
fn absurd_measurements_do_no_harm() {
    let extent = asked(|made| {
        for row in [
            r#"{"ts_delta":1e300,"peer":"a","percent_lost":50}"#,
            r#"{"ts_delta":-5,"peer":"a","percent_lost":50}"#,
            r#"{"ts_delta":900,"peer":"a","percent_lost":"NaN"}"#,
            r#"{"ts_delta":900,"peer":7,"percent_lost":-3}"#,
            r#"{"percent_lost":50}"#,
            r#"[1]"#,
            "no JSON",
        ] {
            let texts = [(Field::LogName, "zeek.capture_loss"), (Field::Unmapped, row)];
            made.push(LOGS + 8, (Class::Other, Source::Other), Some(10_000), &texts, |_| {});
        }
        // More stretches than anybody reads are told as fewer.
        (0..2_000).for_each(|at| capture_loss(made, 20_000 + at * 2_000, "a", 5.0));
    });
    let gaps = whole(&extent, "flow").gaps.len();
    assert!((1..=256).contains(&gaps), "{gaps}");
}

#[test]
fn packets_that_the_kernel_dropped_are_a_gap_too() {
    let stats = |made: &mut Made, second, packets: u64, drops: u64| {
        let row = format!(
            r#"{{"host":"ids","stats":{{"capture":{{"kernel_packets":{packets},"kernel_drops":{drops}}}}}}}"#
        );
        let texts = [(Field::LogName, "suricata.stats"), (Field::Unmapped, row.as_str())];
        made.push(LOGS + 8, (Class::Other, Source::Other), Some(second), &texts, |_| {});
    };
    let extent = asked(|made| {
        stats(made, 0, 1_000, 0);
        stats(made, 3_600, 2_000, 0);
        stats(made, 7_200, 3_000, 250);
        stats(made, 10_800, 4_000, 250);
        // It was started anew.
        stats(made, 14_400, 100, 0);
    });
    let gaps = &whole(&extent, "flow").gaps;
    assert_eq!(gaps.len(), 1);
    assert!(gaps[0].reason.contains("25.0 %") && gaps[0].reason.contains("ids"));
    assert_eq!(gaps[0].to.seconds() - gaps[0].from.seconds(), 3_600);
}

#[test]
fn event_numbers_are_counted_by_machine_and_log() {
    let event = |made: &mut Made, machine: &str, channel: &str, number: i64| {
        let texts = [(Field::DeviceHostname, machine), (Field::Channel, channel)];
        made.push(LOGS + 7, (Class::Process, Source::Host), Some(number), &texts, |record| {
            record.integer(Field::Sequence, number);
        });
    };
    let extent = asked(|made| {
        [1, 2, 5].iter().for_each(|number| event(made, "ws-0", "Security", *number));
        [1, 3].iter().for_each(|number| event(made, "ws-0", "System", *number));
        [4, 5, 6].iter().for_each(|number| event(made, "ws-1", "Security", *number));
    });
    let host = torn(&extent, "host");
    assert_eq!(host.len(), 1, "of each machine one");
    assert_eq!((host[0].state, host[0].entity.as_str()), ("partial", "ws-0"));
    let reasons: Vec<_> = host[0].gaps.iter().map(|gap| gap.reason.as_str()).collect();
    assert!(reasons[0].contains("2 event numbers of the log Security"));
    assert!(reasons[1].contains("1 event numbers of the log System"));
    assert!(reasons[0].contains("filtered out"), "exports are filtered on purpose, too");
}

#[test]
fn one_proxy_of_two_that_stops_is_not_hidden_by_the_other() {
    // Both on working days for four weeks; one misses three of them.
    let extent = asked(|made| {
        for day in (0..28).filter(|day| (day + 2) % 7 < 5) {
            for hour in 0..9 {
                let at = day * 86_400 + hour * 3_600;
                made.line_of("proxy-a", at);
                if !(14..19).contains(&day) {
                    made.line_of("proxy-b", at);
                }
            }
        }
    });
    let gaps = &whole(&extent, "proxy").gaps;
    assert_eq!(gaps.len(), 1);
    assert!(gaps[0].reason.starts_with("proxy-b: no record"));
    let torn = torn(&extent, "proxy");
    assert_eq!(torn.len(), 1);
    assert_eq!((torn[0].state, torn[0].entity.as_str()), ("partial", "proxy-b"));
    assert_eq!(torn[0].gaps.len(), 1);
}
