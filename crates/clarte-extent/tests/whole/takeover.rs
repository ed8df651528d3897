//! The upper rungs: what the campaign did in accounts, and what left.

use clarte_extent::Extent;
use clarte_model::{Class, Field, IndicatorKind, Source};

use crate::case::{LOGS, Made, answer, records_and};
use crate::intelligence::Given;

/// An address that intelligence names, and one that nobody knows.
const THEIRS: &str = "203.0.113.66";
const OTHER: &str = "192.0.2.200";

fn given() -> Given {
    Given::of(&[(IndicatorKind::Domain, "evil.example"), (IndicatorKind::Ip, THEIRS)])
}

fn asked(more: impl FnOnce(&mut Made)) -> Extent {
    answer(&records_and(more), &given())
}

fn sign_in(made: &mut Made, second: i64, who: &str, ip: &str, status: &str) {
    let email = format!("{who}@parl.example");
    let texts = [
        (Field::UserEmail, email.as_str()),
        (Field::SrcIp, ip),
        (Field::Status, status),
        (Field::SessionUid, "session-1"),
    ];
    let kind = (Class::Authentication, Source::Signin);
    made.push(LOGS + 7, kind, Some(second), &texts, |_| {});
}

fn act(made: &mut Made, second: i64, who: &str, ip: Option<&str>, what: (&str, &[&str], &str)) {
    let (email, (operation, ids, unmapped)) = (format!("{who}@parl.example"), what);
    let mut texts = vec![
        (Field::UserEmail, email.as_str()),
        (Field::ApiOperation, operation),
        (Field::SessionUid, "session-1"),
        (Field::Status, "success"),
        (Field::Unmapped, unmapped),
    ];
    texts.extend(ip.map(|ip| (Field::SrcIp, ip)));
    made.push(LOGS + 7, (Class::Api, Source::Audit), Some(second), &texts, |record| {
        record.texts(Field::ResourceUids, ids.iter().map(|id| (*id).to_owned()));
    });
}

fn rungs(extent: &Extent, who: &str) -> Vec<&'static str> {
    let email = format!("{who}@parl.example");
    let victim = extent.victims.iter().find(|victim| victim.identity == email);
    let rungs = victim.map(|victim| victim.rungs.as_slice()).unwrap_or_default();
    rungs.iter().map(|rung| rung.rung).collect()
}

fn open(extent: &Extent, who: &str, rung: &str) -> String {
    let email = format!("{who}@parl.example");
    let victim = extent.victims.iter().find(|victim| victim.identity == email);
    let open = victim.and_then(|victim| victim.undetermined.iter().find(|open| open.rung == rung));
    open.map(|open| open.reason.clone()).unwrap_or_default()
}

#[test]
fn a_sign_in_from_a_named_address_proves_compromise_and_one_that_failed_an_attempt() {
    let extent = asked(|made| {
        sign_in(made, 300_000, "an", THEIRS, "success");
        sign_in(made, 300_000, "bo", THEIRS, "failure");
        sign_in(made, 300_000, "cy", OTHER, "success");
    });
    assert!(rungs(&extent, "an").contains(&"compromised"));
    assert!(!rungs(&extent, "bo").contains(&"compromised"));
    assert!(open(&extent, "bo", "compromised").contains("did not succeed"));
    assert!(!rungs(&extent, "cy").contains(&"compromised"));
    assert!(open(&extent, "cy", "compromised").contains("addresses that nobody knows"));
    let sign_in = extent.infrastructure.iter().find(|item| item.role == "sign_in").unwrap();
    assert_eq!((sign_in.value.as_str(), sign_in.origin), (THEIRS, "given"));
    assert_eq!(extent.nature.category, "credential_theft");
}

#[test]
fn what_was_read_is_counted_once_and_bounded_only_by_what_the_log_names() {
    let bind = |made: &mut Made, second, ids: &[&str]| {
        act(made, second, "an", Some(THEIRS), ("MailItemsAccessed", ids, "{}"));
    };
    // The log begins before the campaign does, and ends after it.
    let ordinary = |made: &mut Made, second| {
        act(made, second, "cy", Some(OTHER), ("MailItemsAccessed", &["9@x"], "{}"));
    };
    let extent = asked(|made| {
        ordinary(made, 0);
        bind(made, 300_000, &["1@x", "2@x"]);
        bind(made, 300_060, &["2@x", "3@x"]);
        ordinary(made, 400_000);
    });
    assert!(rungs(&extent, "an").ends_with(&["compromised", "accessed"]));
    assert_eq!((extent.exfiltration.items.floor, extent.exfiltration.items.ceiling), (3, Some(3)));
    assert_eq!(extent.nature.category, "espionage");
    // A whole folder was synchronised: nobody knows how much that was.
    let extent = asked(|made| {
        bind(made, 300_000, &["1@x"]);
        bind(made, 300_060, &[]);
    });
    assert_eq!((extent.exfiltration.items.floor, extent.exfiltration.items.ceiling), (1, None));
}

#[test]
fn acts_without_an_address_in_a_session_of_the_campaign_are_its_own() {
    let read = |ip| {
        move |made: &mut Made| {
            sign_in(made, 300_000, "an", THEIRS, "success");
            act(made, 300_100, "an", ip, ("MailItemsAccessed", &["1@x"], "{}"));
        }
    };
    assert!(rungs(&asked(read(None)), "an").contains(&"accessed"));
    // The owner may act in the same session, which was stolen.
    assert!(!rungs(&asked(read(Some(OTHER))), "an").contains(&"accessed"));
}

#[test]
fn a_rule_that_forwards_proves_nothing_left_until_something_is_seen_to_leave() {
    let rule = r#"{"Parameters":[{"Name":"ForwardTo","Value":"drop@outside.example"}]}"#;
    let forward = |made: &mut Made| {
        act(made, 300_000, "an", Some(THEIRS), ("New-InboxRule", &[], rule));
    };
    let extent = asked(forward);
    assert!(rungs(&extent, "an").contains(&"compromised"));
    assert!(!rungs(&extent, "an").contains(&"exfiltrated"));
    assert!(open(&extent, "an", "exfiltrated").contains("drop@outside.example"));
    assert_eq!(extent.exfiltration.verdict, "logs_insufficient");

    let extent = asked(|made| {
        forward(made);
        let texts = [
            (Field::MailEnvelopeFrom, "an@parl.example"),
            (Field::Status, "delivered"),
            (Field::Unmapped, r#"{"size":"4096"}"#),
        ];
        made.push(LOGS + 4, (Class::Delivery, Source::Mta), Some(310_000), &texts, |record| {
            record.texts(Field::MailTo, ["drop@outside.example".to_owned()]);
        });
    });
    assert!(rungs(&extent, "an").contains(&"exfiltrated"));
    assert_eq!(extent.exfiltration.verdict, "proved");
    assert_eq!(extent.exfiltration.bytes.floor, 4_096);
    assert_eq!(extent.exfiltration.destinations[0].value, "drop@outside.example");
}

/// A connection from a member's machine to the campaign's address.
fn flow(made: &mut Made, second: i64, member: usize, state: &str, out: i64, back: i64) {
    let ip = format!("10.0.0.{member}");
    connection(made, second, &ip, (state, out, back));
}

/// A transfer to it from a machine.
fn flow_from(made: &mut Made, second: i64, ip: &str) {
    connection(made, second, ip, ("SF", 5_000_000, 900));
}

fn connection(made: &mut Made, second: i64, ip: &str, (state, out, back): (&str, i64, i64)) {
    let texts = [(Field::SrcIp, ip), (Field::DstIp, THEIRS), (Field::ConnectionState, state)];
    made.push(LOGS + 2, (Class::Network, Source::Flow), Some(second), &texts, |record| {
        record.integer(Field::SrcPort, 51_000);
        record.integer(Field::DstPort, 8_022);
        record.integer(Field::BytesOut, out);
        record.integer(Field::BytesIn, back);
    });
}

#[test]
fn more_bytes_than_a_request_takes_are_a_transfer_and_refused_ones_an_attempt() {
    let extent = asked(|made| {
        flow(made, 40_000, 0, "SF", 5_000_000, 900);
        flow(made, 40_100, 0, "SF", 700, 90_000);
        flow(made, 40_200, 1, "REJ", 0, 0);
    });
    assert!(rungs(&extent, "an").contains(&"exfiltrated"));
    assert!(!rungs(&extent, "bo").contains(&"exfiltrated"));
    assert!(open(&extent, "bo", "exfiltrated").contains("refused"));
    assert_eq!(extent.exfiltration.verdict, "proved");
    assert_eq!(extent.exfiltration.bytes.floor, 5_000_000);
    let to: Vec<_> = extent.exfiltration.destinations.iter().map(|to| to.value.as_str()).collect();
    assert_eq!(to, [THEIRS]);

    let extent = asked(|made| flow(made, 40_200, 1, "REJ", 0, 0));
    assert_eq!(extent.exfiltration.verdict, "attempted");
    let extent = asked(|made| flow(made, 40_200, 1, "SF", 700, 90_000));
    assert_eq!(extent.exfiltration.verdict, "logs_insufficient");
}

#[test]
fn what_two_sensors_saw_was_sent_once() {
    let extent = asked(|made| {
        flow(made, 40_000, 0, "SF", 5_000_000, 900);
        // Another sensor, whose clock differs, and which counts headers.
        flow(made, 40_003, 0, "SF", 5_100_000, 900);
        // The same port again, a minute later.
        flow(made, 40_063, 0, "SF", 1_000_000, 900);
    });
    assert_eq!(extent.exfiltration.bytes.floor, 6_100_000);
    assert!(extent.exfiltration.reason.starts_with("2 transfers"));
    let sent = extent.findings.iter().find(|finding| finding.detector == "transfer.sent");
    let spans = sent.map(|finding| finding.spans.len());
    assert_eq!(spans, Some(4), "three records and the lease");
}

#[test]
fn a_proxy_and_the_wire_behind_it_tell_the_same_bytes() {
    let upload = |made: &mut Made| {
        let texts = [
            (Field::SrcIp, "10.0.0.0"),
            (Field::DstHostname, THEIRS),
            (Field::HttpMethod, "POST"),
            (Field::HttpUrl, "/up"),
        ];
        made.push(LOGS, (Class::Http, Source::Proxy), Some(40_000), &texts, |record| {
            record.integer(Field::BytesOut, 5_000_000).integer(Field::HttpStatus, 200);
        });
    };
    let both = asked(|made| {
        upload(made);
        flow_from(made, 40_000, "10.0.0.250");
    });
    assert_eq!(asked(upload).exfiltration.bytes.floor, 5_000_000);
    assert_eq!(both.exfiltration.bytes.floor, 5_000_000);
}

/// The coverage of part of a source.
fn part<'e>(extent: &'e Extent, entity: &str) -> Option<&'e clarte_extent::Coverage> {
    extent.coverage.iter().find(|entry| entry.entity == entity)
}

#[test]
fn a_log_that_was_cleared_is_said_with_the_time_and_the_machine() {
    let extent = asked(|made| {
        let texts = [
            (Field::DeviceHostname, "ws-0"),
            (Field::Channel, "Security"),
            (Field::EventCode, "1102"),
            (Field::UserName, "admin"),
        ];
        made.push(LOGS + 7, (Class::EventLog, Source::Host), Some(40_000), &texts, |_| {});
        let started = [(Field::DeviceHostname, "ws-1"), (Field::EventCode, "6005")];
        made.push(LOGS + 7, (Class::EventLog, Source::Host), Some(40_000), &started, |_| {});
    });
    let cleared = part(&extent, "ws-0").expect("it is said");
    assert_eq!((cleared.source, cleared.state, cleared.gaps.len()), ("host", "cleared", 1));
    assert!(cleared.gaps[0].reason.contains("Security was cleared by admin"));
    assert_eq!(part(&extent, "ws-1"), None);
}

#[test]
fn more_accesses_than_the_log_notes_are_unknown_and_not_zero() {
    let accesses = |count: i64, apart: i64| {
        asked(|made| {
            for at in 0..count {
                act(made, at * apart, "bo", Some(OTHER), ("MailItemsAccessed", &["1@x"], "{}"));
            }
        })
    };
    let throttled = accesses(1_001, 60);
    assert_eq!(part(&throttled, "bo@parl.example").map(|entry| entry.state), Some("throttled"));
    assert!(open(&throttled, "bo", "accessed").contains("audit records are throttled"));
    assert!(!open(&throttled, "an", "accessed").contains("throttled"));
    assert_eq!(part(&accesses(1_001, 600), "bo@parl.example"), None, "over a week");
    assert_eq!(part(&accesses(1_000, 60), "bo@parl.example"), None);
}

#[test]
fn kinds_of_sign_in_that_were_not_exported_are_absent() {
    let extent = asked(|made| {
        let texts = [(Field::UserEmail, "an@parl.example"), (Field::LogonType, "interactive")];
        let kind = (Class::Authentication, Source::Signin);
        made.push(LOGS + 7, kind, Some(40_000), &texts, |_| {});
    });
    let missing = part(&extent, "non-interactive sign-ins").expect("it is said");
    assert_eq!((missing.source, missing.state), ("signin", "absent"));
    assert_eq!(part(&extent, "interactive sign-ins"), None);
    assert_eq!(part(&asked(|_| {}), "non-interactive sign-ins"), None);
}

#[test]
fn whoever_sat_down_at_a_machine_is_behind_it() {
    let lease = |made: &mut Made| {
        let texts = [(Field::LeasedIp, "10.0.0.50"), (Field::SrcHostname, "meeting-room")];
        made.push(LOGS + 3, (Class::Dhcp, Source::Dhcp), Some(30_000), &texts, |_| {});
        flow_from(made, 40_000, "10.0.0.50");
    };
    let logon = |made: &mut Made, second, user: &str| {
        let texts = [
            (Field::DeviceHostname, "MEETING-ROOM.parl.example"),
            (Field::TargetUser, user),
            (Field::LogonType, "interactive"),
            (Field::Status, "success"),
        ];
        let kind = (Class::Authentication, Source::Host);
        made.push(LOGS + 7, kind, Some(second), &texts, |_| {});
    };
    let one = asked(|made| {
        lease(made);
        logon(made, 39_000, "an");
        logon(made, -90_000, "bo");
    });
    assert!(rungs(&one, "an").contains(&"exfiltrated"));
    // A machine that several people use in a day tells nobody.
    let shared = asked(|made| {
        lease(made);
        logon(made, 39_000, "an");
        logon(made, 38_000, "bo");
    });
    assert!(!rungs(&shared, "an").contains(&"exfiltrated"));
    assert_eq!(shared.exfiltration.verdict, "proved");
}
