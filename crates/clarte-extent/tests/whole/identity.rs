//! Who was behind a client at a moment.

use clarte_extent::{Extent, Identity};
use clarte_model::{Class, Field, IndicatorKind, Source};

use crate::case::{LOGS, Made, answer, records_and};
use crate::intelligence::Given;

/// An address that intelligence names; whoever sends content there is looked
/// for.
const THEIRS: &str = "203.0.113.66";

/// The client in question.
const CLIENT: &str = "10.0.0.50";

fn asked(more: impl FnOnce(&mut Made)) -> Extent {
    let given = Given::of(&[(IndicatorKind::Domain, "evil.example"), (IndicatorKind::Ip, THEIRS)]);
    answer(&records_and(more), &given)
}

/// Content leaves from the client.
fn sends(made: &mut Made, second: i64, ip: &str) {
    let texts = [(Field::SrcIp, ip), (Field::DstIp, THEIRS), (Field::ConnectionState, "SF")];
    made.push(LOGS + 2, (Class::Network, Source::Flow), Some(second), &texts, |record| {
        record.integer(Field::DstPort, 8_022);
        record.integer(Field::BytesOut, 5_000_000).integer(Field::BytesIn, 900);
    });
}

fn lease(made: &mut Made, second: i64, ip: &str, mac: &str, machine: &str) {
    let texts = [(Field::LeasedIp, ip), (Field::SrcMac, mac), (Field::SrcHostname, machine)];
    made.push(LOGS + 3, (Class::Dhcp, Source::Dhcp), Some(second), &texts, |_| {});
}

const MAC: &str = "02:00:00:00:00:50";

/// A sign-in that Windows wrote: of what kind, who, where, from where.
fn logon(made: &mut Made, second: i64, kind: &str, user: &str, machine: &str, ip: Option<&str>) {
    let mut texts = vec![
        (Field::DeviceHostname, machine),
        (Field::TargetUser, user),
        (Field::LogonType, kind),
        (Field::Status, "success"),
    ];
    texts.extend(ip.map(|ip| (Field::SrcIp, ip)));
    made.push(LOGS + 7, (Class::Authentication, Source::Host), Some(second), &texts, |_| {});
}

fn logoff(made: &mut Made, second: i64, user: &str, machine: &str) {
    let texts = [
        (Field::DeviceHostname, machine),
        (Field::TargetUser, user),
        (Field::LogonType, "interactive"),
        (Field::EventCode, "4634"),
    ];
    made.push(LOGS + 7, (Class::Authentication, Source::Host), Some(second), &texts, |_| {});
}

fn senders(extent: &Extent) -> Vec<&str> {
    let people = extent.victims.iter().filter(|victim| victim.kind == "person");
    let sent = people.filter(|victim| victim.rung == "exfiltrated");
    sent.map(|victim| victim.identity.split('@').next().expect("a first part")).collect()
}

/// What is known of the client at a moment.
fn known<'e>(extent: &'e Extent, ip: &str) -> &'e Identity {
    extent.identities.iter().find(|known| known.address == ip).expect("the client is spoken of")
}

fn weights(known: &Identity) -> Vec<(&str, f64)> {
    known.people.iter().map(|one| (one.identity.as_str(), one.weight)).collect()
}

#[test]
fn of_two_who_alternate_at_a_machine_it_is_the_one_who_sat_there_then() {
    let at = |second| {
        asked(move |made| {
            lease(made, 30_000, CLIENT, MAC, "meeting-room");
            logon(made, 35_000, "interactive", "an", "meeting-room", None);
            logoff(made, 36_000, "an", "meeting-room");
            logon(made, 37_000, "interactive", "bo", "meeting-room", None);
            logoff(made, 38_000, "bo", "meeting-room");
            logon(made, 39_000, "interactive", "an", "meeting-room", None);
            sends(made, second, CLIENT);
        })
    };
    assert_eq!(senders(&at(35_500)), ["an"]);
    assert_eq!(senders(&at(37_500)), ["bo"]);
    assert_eq!(senders(&at(40_000)), ["an"]);
    // Between two people nobody sat there.
    assert_eq!(senders(&at(36_500)), Vec::<&str>::new());
}

#[test]
fn two_who_are_signed_in_at_once_are_candidates_and_neither_is_proven() {
    let extent = asked(|made| {
        lease(made, 30_000, CLIENT, MAC, "meeting-room");
        logon(made, 35_000, "interactive", "an", "meeting-room", None);
        logon(made, 37_000, "interactive", "bo", "meeting-room", None);
        sends(made, 40_000, CLIENT);
    });
    assert_eq!(senders(&extent), Vec::<&str>::new());
    let known = known(&extent, CLIENT);
    let people: Vec<_> = weights(known);
    assert_eq!(
        people.iter().map(|(who, _)| *who).collect::<Vec<_>>(),
        ["bo@parl.example", "an@parl.example"]
    );
    assert!(people[0].1 > people[1].1, "who sat down last is the likelier");
    assert!((people.iter().map(|(_, weight)| weight).sum::<f64>() - 1.0).abs() < 0.011);
    assert_eq!(known.machine.as_deref(), Some("meeting-room"));
    assert!(known.shared);
}

#[test]
fn whoever_is_named_is_named_by_records_that_the_finding_cites() {
    let extent = asked(|made| {
        lease(made, 30_000, CLIENT, MAC, "meeting-room");
        logon(made, 35_000, "interactive", "an", "meeting-room", None);
        sends(made, 40_000, CLIENT);
    });
    let sent = extent.findings.iter().find(|finding| finding.detector == "transfer.sent").unwrap();
    let paths: Vec<_> = sent.spans.iter().map(|span| span.path.as_str()).collect();
    assert!(paths.contains(&"logs/103"), "the lease: {paths:?}");
    assert!(paths.contains(&"logs/107"), "the sign-in: {paths:?}");
    assert_eq!(known(&extent, CLIENT).spans.len(), 2);
}

#[test]
fn a_network_sign_in_and_a_ticket_tie_an_account_to_an_address() {
    let by = |kind: &'static str| {
        asked(move |made| {
            logon(made, 39_500, kind, "cy", "dc-1", Some(CLIENT));
            // The machine's own account is nobody's.
            logon(made, 39_500, kind, "WS-9$", "dc-1", Some(CLIENT));
            sends(made, 40_000, CLIENT);
        })
    };
    assert_eq!(senders(&by("network")), ["cy"]);
    assert_eq!(senders(&by("remote-interactive")), ["cy"]);
    let ticket = asked(|made| {
        let texts = [
            (Field::TargetUser, "cy@PARL.EXAMPLE"),
            (Field::SrcIp, CLIENT),
            (Field::EventCode, "4768"),
            (Field::Status, "success"),
        ];
        let kind = (Class::Authentication, Source::Host);
        made.push(LOGS + 7, kind, Some(39_500), &texts, |_| {});
        sends(made, 40_000, CLIENT);
    });
    assert_eq!(senders(&ticket), ["cy"]);
}

#[test]
fn a_sign_in_that_failed_names_nobody() {
    let extent = asked(|made| {
        let texts = [(Field::TargetUser, "cy"), (Field::SrcIp, CLIENT), (Field::Status, "failure")];
        let kind = (Class::Authentication, Source::Host);
        made.push(LOGS + 7, kind, Some(39_500), &texts, |_| {});
        sends(made, 40_000, CLIENT);
    });
    assert_eq!(senders(&extent), Vec::<&str>::new());
}

/// Somebody asks for a page by way of the proxy.
fn browses(made: &mut Made, second: i64, user: &str, ip: &str) {
    let texts = [
        (Field::SrcIp, ip),
        (Field::UserName, user),
        (Field::DstHostname, "paper.example"),
        (Field::HttpUrl, "http://paper.example/"),
    ];
    made.push(LOGS, (Class::Http, Source::Proxy), Some(second), &texts, |record| {
        record.integer(Field::HttpStatus, 200);
    });
}

#[test]
fn an_address_that_several_use_at_once_is_shared_and_names_nobody() {
    let extent = asked(|made| {
        (0..3).for_each(|at| browses(made, 39_600 + at, "an", CLIENT));
        browses(made, 39_700, "bo", CLIENT);
        sends(made, 40_000, CLIENT);
    });
    assert_eq!(senders(&extent), Vec::<&str>::new());
    let shared = known(&extent, CLIENT);
    assert!(shared.shared);
    assert_eq!(weights(shared), [("an@parl.example", 0.75), ("bo@parl.example", 0.25)]);
}

#[test]
fn an_address_known_to_be_shared_names_nobody_in_an_hour_with_one() {
    // Four hours later only one of them is at work behind the same address.
    let extent = asked(|made| {
        (0..3).for_each(|at| browses(made, 25_000 + at, "an", CLIENT));
        browses(made, 25_100, "bo", CLIENT);
        browses(made, 39_900, "an", CLIENT);
        sends(made, 40_000, CLIENT);
    });
    assert_eq!(senders(&extent), Vec::<&str>::new());
    assert!(known(&extent, CLIENT).shared);
}

/// A sign-in to the cloud.
fn cloud(made: &mut Made, second: i64, who: &str, ip: &str) {
    let email = format!("{who}@parl.example");
    let texts =
        [(Field::UserEmail, email.as_str()), (Field::SrcIp, ip), (Field::Status, "success")];
    made.push(LOGS + 7, (Class::Authentication, Source::Signin), Some(second), &texts, |_| {});
}

#[test]
fn sign_ins_from_the_office_s_address_say_nothing_and_from_home_they_do() {
    let home = "192.0.2.210";
    let extent = asked(|made| {
        cloud(made, 39_000, "cy", home);
        sends(made, 40_000, home);
    });
    assert_eq!(senders(&extent), ["cy"]);
    let office = asked(|made| {
        cloud(made, 39_000, "cy", home);
        // In the morning colleagues came from there as well.
        cloud(made, 20_000, "an", home);
        cloud(made, 20_100, "bo", home);
        sends(made, 40_000, home);
    });
    assert_eq!(senders(&office), Vec::<&str>::new());
}

#[test]
fn a_machine_that_no_list_names_may_be_known_by_another_name() {
    // The phone of a member, which gave its other name a day before.
    let extent = asked(|made| {
        lease(made, -80_000, "10.0.0.61", MAC, "ws-2");
        lease(made, 30_000, CLIENT, MAC, "android-4711");
        sends(made, 40_000, CLIENT);
    });
    assert_eq!(senders(&extent), ["cy"]);
    assert!(known(&extent, CLIENT).how.contains("ws-2"));
    // Two machines with one hardware address: a dock, or a forgery.
    let extent = asked(|made| {
        lease(made, -80_000, "10.0.0.61", MAC, "ws-2");
        lease(made, -70_000, "10.0.0.61", MAC, "ws-3");
        lease(made, 30_000, CLIENT, MAC, "android-4711");
        sends(made, 40_000, CLIENT);
    });
    assert_eq!(senders(&extent), Vec::<&str>::new());
    assert_eq!(weights(known(&extent, CLIENT)).len(), 2);
}

#[test]
fn somebody_else_s_sign_in_at_a_member_s_machine_outweighs_the_list() {
    let at = |second| {
        asked(move |made| {
            logon(made, 35_000, "interactive", "di", "ws-0", None);
            logoff(made, 38_000, "di", "ws-0");
            sends(made, second, "10.0.0.0");
        })
    };
    let extent = at(37_000);
    assert_eq!(senders(&extent), ["di"]);
    assert!(known(&extent, "10.0.0.0").how.contains("an@parl.example"), "whose machine it is");
    assert_eq!(senders(&at(40_000)), ["an"]);
}

#[test]
fn what_is_known_of_a_client_is_told_as_intervals() {
    let extent = asked(|made| {
        lease(made, 30_000, CLIENT, MAC, "ws-2");
        lease(made, 50_000, CLIENT, "02:00:00:00:00:51", "ws-3");
        [40_000, 41_000, 51_000].iter().for_each(|second| sends(made, *second, CLIENT));
    });
    let known: Vec<_> = extent.identities.iter().filter(|known| known.address == CLIENT).collect();
    assert_eq!(known.len(), 2);
    assert_eq!(known[0].people[0].identity, "cy@parl.example");
    assert_eq!(known[0].to.unwrap().seconds() - known[0].from.unwrap().seconds(), 1_000);
    assert_eq!(known[0].mac.as_deref(), Some(MAC));
    assert_eq!(known[1].people[0].identity, "di@parl.example");
}
