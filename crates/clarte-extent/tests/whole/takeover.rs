//! The upper rungs: what the campaign did in accounts, and what left.

use clarte_extent::Extent;
use clarte_model::{Class, Field, Indicator, IndicatorKind, Source, Timestamp, Tlp};

use crate::case::{LOGS, Made, answer, records_and};
use crate::intelligence::{Given, indicator};

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

/// A rule that sends mail on.
const FORWARD: &str = r#"{"Parameters":[{"Name":"ForwardTo","Value":"drop@outside.example"}]}"#;

#[test]
fn a_rule_that_forwards_proves_nothing_left_until_something_is_seen_to_leave() {
    let forward = |made: &mut Made| {
        act(made, 300_000, "an", Some(THEIRS), ("New-InboxRule", &[], FORWARD));
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

/// What a mail server says of a message to the campaign's mailbox.
fn sent_on(made: &mut Made, second: i64, from: &str, size: &str, status: &str) {
    let unmapped = format!(r#"{{"size":"{size}"}}"#);
    let texts = [
        (Field::MailEnvelopeFrom, from),
        (Field::MailMessageId, "1@outside.example"),
        (Field::Status, status),
        (Field::Unmapped, unmapped.as_str()),
    ];
    made.push(LOGS + 4, (Class::Delivery, Source::Mta), Some(second), &texts, |record| {
        record.texts(Field::MailTo, ["drop@outside.example".to_owned()]);
    });
}

#[test]
fn what_a_rule_sends_on_is_the_mailboxs_whoever_wrote_it_and_leaves_once() {
    let rule = |made: &mut Made| {
        act(made, 300_000, "an", Some(THEIRS), ("New-InboxRule", &[], FORWARD));
    };
    let extent = asked(|made| {
        rule(made);
        // Redirected mail keeps its writer; two logs tell of it.
        sent_on(made, 310_000, "somebody@else.example", "4000", "relayed");
        sent_on(made, 310_001, "somebody@else.example", "4096", "delivered");
    });
    assert!(rungs(&extent, "an").contains(&"exfiltrated"));
    assert_eq!(extent.exfiltration.bytes.floor, 4_096);
    assert_eq!(extent.exfiltration.destinations[0].bytes, 4_096);
    // Before there was a rule, whoever wrote there wrote himself.
    let extent = asked(|made| {
        rule(made);
        sent_on(made, 200_000, "an@parl.example", "4096", "delivered");
    });
    assert!(!rungs(&extent, "an").contains(&"exfiltrated"));
    assert_eq!(extent.exfiltration.verdict, "logs_insufficient");
    let extent = asked(|made| {
        rule(made);
        sent_on(made, 310_000, "an@parl.example", "4096", "rejected");
    });
    assert_eq!(extent.exfiltration.verdict, "attempted");
    assert_eq!(extent.exfiltration.bytes.floor, 0);
}

#[test]
fn a_servers_lines_tell_size_and_sender_beside_the_queues_id() {
    let extent = asked(|made| {
        act(made, 300_000, "an", Some(THEIRS), ("New-InboxRule", &[], FORWARD));
        let line = |made: &mut Made, second, texts: &[(Field, &str)], to: Option<&str>| {
            let own = [(Field::QueueId, "4ZZZ"), (Field::Reporter, "mx")];
            let texts: Vec<_> = own.iter().chain(texts).copied().collect();
            let kind = (Class::Delivery, Source::Mta);
            made.push(LOGS + 4, kind, Some(second), &texts, |record| {
                record.texts(Field::MailTo, to.map(str::to_owned));
            });
        };
        let sender = (Field::MailEnvelopeFrom, "somebody@else.example");
        line(made, 310_000, &[sender, (Field::Unmapped, r#"{"size":"7000"}"#)], None);
        let delivered = [(Field::Status, "delivered")];
        line(made, 310_002, &delivered, Some("drop@outside.example"));
        // The id was given anew, a week later.
        line(made, 910_000, &[sender, (Field::Unmapped, r#"{"size":"9000"}"#)], None);
    });
    assert_eq!(extent.exfiltration.bytes.floor, 7_000);
    assert!(rungs(&extent, "an").contains(&"exfiltrated"));
}

#[test]
fn a_rule_to_a_mailbox_that_intelligence_names_is_the_campaigns_wherever_it_was_made() {
    let records = records_and(|made| {
        act(made, 300_000, "an", Some(OTHER), ("New-InboxRule", &[], FORWARD));
        act(
            made,
            300_000,
            "bo",
            Some(OTHER),
            (
                "New-InboxRule",
                &[],
                r#"{"Parameters":[{"Name":"ForwardTo","Value":"bo@home.example"}]}"#,
            ),
        );
    });
    let mut given = given();
    given.indicators.push(indicator(IndicatorKind::Email, "drop@outside.example"));
    let extent = answer(&records, &given);
    assert!(rungs(&extent, "an").contains(&"compromised"));
    assert!(!rungs(&extent, "bo").contains(&"compromised"));
    assert!(open(&extent, "an", "exfiltrated").contains("forwards mail to drop@outside.example"));
    let mailbox = extent.infrastructure.iter().find(|item| item.role == "mailbox").unwrap();
    assert_eq!((mailbox.value.as_str(), mailbox.origin), ("drop@outside.example", "given"));
    assert!(!extent.infrastructure.iter().any(|item| item.role == "sign_in"));
}

#[test]
fn an_administrators_setting_concerns_the_mailbox_that_it_names() {
    let extent = asked(|made| {
        let setting = r#"{"Parameters":{"Identity":"an@parl.example","ForwardingSmtpAddress":"smtp:drop@outside.example"}}"#;
        act(made, 300_000, "bo", Some(THEIRS), ("Set-Mailbox", &[], setting));
    });
    assert!(rungs(&extent, "bo").contains(&"compromised"));
    assert!(open(&extent, "an", "exfiltrated").contains("forwards mail"));
    assert!(!open(&extent, "bo", "exfiltrated").contains("forwards mail"));
}

#[test]
fn an_application_that_the_campaign_let_in_acts_for_it_unless_others_used_it_before() {
    let app = |made: &mut Made, second, who: &str, operation: &str, ip: &str| {
        let email = format!("{who}@parl.example");
        let texts = [
            (Field::UserEmail, email.as_str()),
            (Field::ApiOperation, operation),
            (Field::SrcIp, ip),
            (Field::AppUid, if ip == THEIRS { "portal" } else { "app-1" }),
            (Field::Status, "success"),
        ];
        made.push(LOGS + 7, (Class::Api, Source::Audit), Some(second), &texts, |record| {
            record.texts(Field::ResourceNames, ["app-1".to_owned()]);
            record.texts(Field::ResourceUids, ["1@x".to_owned()]);
        });
    };
    let both = |made: &mut Made| {
        app(made, 300_000, "an", "Consent to application.", THEIRS);
        app(made, 310_000, "an", "MailItemsAccessed", OTHER);
        // Somebody else let it in himself.
        app(made, 320_000, "cy", "MailItemsAccessed", OTHER);
    };
    let extent = asked(both);
    assert!(rungs(&extent, "an").ends_with(&["compromised", "accessed"]));
    assert!(extent.nature.techniques.iter().any(|technique| technique.id == "T1671"));
    assert!(!extent.infrastructure.iter().any(|item| item.value == OTHER));
    assert!(!rungs(&extent, "cy").contains(&"accessed"));
    let extent = asked(|made| {
        both(made);
        app(made, 200_000, "bo", "MailItemsAccessed", OTHER);
    });
    assert!(!rungs(&extent, "an").contains(&"accessed"));
    assert!(!rungs(&extent, "bo").contains(&"compromised"));
}

/// A sign-in that failed with one of Entra's codes.
fn refused(made: &mut Made, second: i64, who: &str, code: &str) {
    let email = format!("{who}@parl.example");
    let texts = [
        (Field::UserEmail, email.as_str()),
        (Field::SrcIp, THEIRS),
        (Field::Status, "failure"),
        (Field::StatusDetail, code),
    ];
    made.push(LOGS + 7, (Class::Authentication, Source::Signin), Some(second), &texts, |_| {});
}

#[test]
fn one_failure_is_an_attempt_many_are_guesses_and_some_knew_the_password() {
    let techniques = |extent: &Extent| -> Vec<String> {
        let all = extent.nature.techniques.iter().map(|technique| technique.id.clone());
        all.filter(|id| id.starts_with("T1110") || id.starts_with("T1078")).collect()
    };
    let one = asked(|made| refused(made, 300_000, "bo", "50126"));
    assert!(rungs(&one, "bo").contains(&"targeted"));
    assert_eq!(techniques(&one), [""; 0]);
    let many = asked(|made| {
        (0..12).for_each(|at| refused(made, 300_000 + at, "bo", "50126"));
    });
    assert_eq!(techniques(&many), ["T1110.001"]);
    assert_eq!(many.nature.category, "credential_theft");
    let knew = asked(|made| refused(made, 300_000, "bo", "50074 strong authentication"));
    assert!(open(&knew, "bo", "compromised").contains("knew the password"));
    assert!(!rungs(&knew, "bo").contains(&"compromised"));
    assert_eq!(knew.nature.category, "credential_theft");
}

#[test]
fn a_machine_that_nobody_is_known_to_own_is_a_victim_itself() {
    let logon = |made: &mut Made, user: &str| {
        let texts = [
            (Field::DeviceHostname, "SRV-9.parl.example"),
            (Field::TargetUser, user),
            (Field::LogonType, "remote-interactive"),
            (Field::SrcIp, THEIRS),
            (Field::Status, "success"),
        ];
        let kind = (Class::Authentication, Source::Host);
        made.push(LOGS + 7, kind, Some(40_000), &texts, |_| {});
    };
    let extent = asked(|made| {
        logon(made, "svc-scan");
        flow_from(made, 40_000, "10.9.9.9");
    });
    let machine = |name: &str| {
        let found = extent.victims.iter().find(|victim| victim.identity == name);
        found.map(|victim| (victim.kind, victim.rung))
    };
    assert_eq!(machine("srv-9.parl.example"), Some(("machine", "compromised")));
    assert_eq!(machine("10.9.9.9"), Some(("machine", "exfiltrated")));
    assert!(extent.nature.techniques.iter().any(|technique| technique.id == "T1021.001"));
    // A session of nobody's account is no way in.
    let extent = asked(|made| logon(made, "ANONYMOUS LOGON"));
    assert!(!extent.victims.iter().any(|victim| victim.rung == "compromised"));
}

#[test]
fn what_is_derived_from_intelligence_keeps_its_strictest_marking() {
    let mut given = given();
    let marked = |tlp| Indicator { tlp: Some(tlp), ..indicator(IndicatorKind::Ip, THEIRS) };
    given.indicators.retain(|one| one.kind != IndicatorKind::Ip);
    given.indicators.extend([marked(Tlp::Clear), marked(Tlp::Amber), marked(Tlp::Green)]);
    given.indicators.iter_mut().for_each(|one| one.tlp = one.tlp.or(Some(Tlp::Red)));
    let records = records_and(|made| {
        sign_in(made, 300_000, "an", THEIRS, "success");
        act(made, 300_010, "an", Some(THEIRS), ("New-InboxRule", &[], FORWARD));
        sent_on(made, 310_000, "an@parl.example", "4096", "delivered");
        flow(made, 40_000, 0, "SF", 5_000_000, 900);
    });
    for finding in answer(&records, &given).findings {
        let is_act = ["account", "transfer"].contains(&finding.detector.split('.').next().unwrap());
        let expected = if is_act { "TLP:AMBER" } else { "TLP:RED" };
        assert_eq!(finding.tlp.as_deref(), Some(expected), "{}", finding.detector);
    }
}

#[test]
fn nothing_was_seen_to_leave_only_where_every_way_out_is_logged() {
    let watched = |made: &mut Made| {
        for second in (0..10).map(|half_day| half_day * 43_200) {
            act(made, second, "cy", Some(OTHER), ("MailItemsAccessed", &["9@x"], "{}"));
        }
    };
    let quiet = asked(watched);
    assert_eq!(quiet.exfiltration.verdict, "not_seen", "{}", quiet.exfiltration.reason);
    assert!(quiet.exfiltration.bytes.ceiling.is_some());
    let doubtful: [&dyn Fn(&mut Made); 5] = [
        &|made| act(made, 300_000, "an", Some(THEIRS), ("MailItemsAccessed", &["1@x"], "{}")),
        &|made| act(made, 300_000, "an", Some(THEIRS), ("New-InboxRule", &[], FORWARD)),
        // More came back than went out.
        &|made| flow(made, 40_000, 0, "SF", 5_000_000, 9_000_000),
        // A little at a time.
        &|made| (0..100).for_each(|at| flow(made, 40_000 + 60 * at, 0, "SF", 15_000, 300)),
        &|made| {
            let texts = [
                (Field::SrcIp, "10.0.0.0"),
                (Field::DstHostname, THEIRS),
                (Field::HttpMethod, "CONNECT"),
                (Field::HttpUrl, "203.0.113.66:443"),
            ];
            made.push(LOGS, (Class::Http, Source::Proxy), Some(40_000), &texts, |record| {
                record.integer(Field::HttpStatus, 200);
            });
        },
    ];
    for (number, doubt) in doubtful.iter().enumerate() {
        let extent = asked(|made| {
            watched(made);
            doubt(made);
        });
        assert_eq!(extent.exfiltration.verdict, "logs_insufficient", "{number}");
        assert_eq!(extent.exfiltration.bytes.floor, 0, "{number}");
        assert!(!rungs(&extent, "an").contains(&"exfiltrated"), "{number}");
    }
}

#[test]
fn what_its_addresses_take_left_unless_anybody_may_have_it() {
    let taken = |made: &mut Made| {
        let texts = [(Field::SrcIp, THEIRS), (Field::DstIp, "10.0.0.0")];
        made.push(LOGS + 2, (Class::Network, Source::Flow), Some(40_000), &texts, |record| {
            record.integer(Field::SrcPort, 51_000).integer(Field::DstPort, 22);
            record.integer(Field::BytesOut, 9_000).integer(Field::BytesIn, 5_000_000);
        });
    };
    let extent = asked(taken);
    assert!(rungs(&extent, "an").contains(&"exfiltrated"));
    assert_eq!(extent.exfiltration.bytes.floor, 5_000_000);
    let extent = asked(|made| {
        taken(made);
        let texts = [(Field::SrcIp, "192.0.2.77"), (Field::DstIp, "10.0.0.0")];
        made.push(LOGS + 2, (Class::Network, Source::Flow), Some(41_000), &texts, |record| {
            record.integer(Field::SrcPort, 51_001).integer(Field::DstPort, 22);
        });
    });
    assert!(!rungs(&extent, "an").contains(&"exfiltrated"));
    assert_eq!(extent.exfiltration.verdict, "logs_insufficient");
}

#[test]
fn an_answer_does_not_depend_on_which_of_two_records_came_first() {
    let made = |services: [&'static str; 2]| {
        asked(|made| {
            for service in services {
                let texts = [
                    (Field::UserEmail, "an@parl.example"),
                    (Field::SrcIp, THEIRS),
                    (Field::Status, "success"),
                    (Field::ServiceName, service),
                ];
                let kind = (Class::Authentication, Source::Signin);
                made.push(LOGS + 7, kind, Some(300_000), &texts, |_| {});
            }
        })
    };
    let titles = |extent: &Extent| -> Vec<String> {
        extent.findings.iter().map(|finding| finding.title.clone()).collect()
    };
    assert_eq!(titles(&made(["Exchange", "Files"])), titles(&made(["Files", "Exchange"])));
}

#[test]
fn a_relay_is_somebody_elses_machine() {
    let mut given = given();
    let made = |made: &mut Made| sign_in(made, 300_000, "an", THEIRS, "success");
    let is_marked = |given: &Given| {
        let extent = answer(&records_and(made), given);
        let marked = extent.infrastructure.iter().filter(|item| item.third_party);
        marked.map(|item| item.value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(is_marked(&given), [""; 0]);
    given.indicators[1].names.push("APT31: compromised routers".to_owned());
    assert_eq!(is_marked(&given), [THEIRS]);
}

#[test]
fn a_handshake_that_names_a_host_tells_whose_connection_it_was() {
    let extent = asked(|made| {
        let uid = (Field::ConnectionUid, "C1");
        let texts = [uid, (Field::SrcIp, "10.0.0.0"), (Field::DstHostname, "up.evil.example")];
        made.push(LOGS + 6, (Class::Tls, Source::Tls), Some(40_000), &texts, |_| {});
        let texts = [uid, (Field::SrcIp, "10.0.0.0"), (Field::DstIp, "198.51.100.201")];
        made.push(LOGS + 2, (Class::Network, Source::Flow), Some(40_000), &texts, |record| {
            record.integer(Field::BytesOut, 5_000_000).integer(Field::BytesIn, 900);
        });
    });
    assert!(rungs(&extent, "an").contains(&"exfiltrated"));
    assert_eq!(extent.exfiltration.destinations[0].value, "198.51.100.201");
}

#[test]
fn a_connection_after_the_end_of_an_indicator_is_a_lead() {
    let mut given = given();
    for one in given.indicators.iter_mut().filter(|one| one.kind == IndicatorKind::Ip) {
        one.validity.until = Timestamp::from_seconds(1_609_920_000 + 30_000);
    }
    let extent = answer(&records_and(|made| flow(made, 40_000, 0, "SF", 5_000_000, 900)), &given);
    assert!(!rungs(&extent, "an").contains(&"exfiltrated"));
    assert_eq!(extent.exfiltration.bytes.floor, 0);
    let lead = extent.findings.iter().find(|finding| finding.detector == "transfer.expired");
    assert_eq!(lead.map(|finding| finding.lead), Some(true));
    assert!(!extent.infrastructure.iter().any(|item| item.value == THEIRS));
}

#[test]
fn an_address_at_which_a_lures_host_alone_lies_signs_in_for_the_campaign() {
    let extent = asked(|made| sign_in(made, 300_000, "cy", "203.0.113.9", "success"));
    assert!(rungs(&extent, "cy").contains(&"compromised"));
    // Others' names resolve to this one.
    let extent = asked(|made| sign_in(made, 300_000, "cy", "203.0.113.10", "success"));
    assert!(!rungs(&extent, "cy").contains(&"compromised"));
    // Somebody worked from there before.
    let extent = asked(|made| {
        sign_in(made, 300_000, "cy", "203.0.113.9", "success");
        sign_in(made, -300_000, "di", "203.0.113.9", "success");
    });
    assert!(!rungs(&extent, "cy").contains(&"compromised"));
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
    assert_eq!(spans, Some(5), "three records, the lease and the list of people");
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
        let texts = [
            (Field::UserEmail, "an@parl.example"),
            (Field::LogonType, "interactive"),
            (Field::LogName, "signin"),
        ];
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
