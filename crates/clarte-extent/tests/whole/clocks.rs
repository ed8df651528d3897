//! Clocks that differ, told from what two of them saw.

use clarte_extent::{ClockSkew, Extent};
use clarte_model::{Class, Field, IndicatorKind, Source, ZoneBasis};

use crate::case::{LOGS, Made, answer, records_and};
use crate::intelligence::Given;

fn asked(more: impl FnOnce(&mut Made)) -> Extent {
    let given = Given::of(&[(IndicatorKind::Domain, "evil.example")]);
    answer(&records_and(more), &given)
}

/// A request as a proxy and a sensor tell it, `apart` seconds apart.
fn both(made: &mut Made, number: i64, apart: i64) {
    both_in(made, number, apart, ZoneBasis::Utc);
}

fn both_in(made: &mut Made, number: i64, apart: i64, basis: ZoneBasis) {
    let url = format!("http://shop.example/item/{number}");
    let second = 50_000 + number * 977;
    for (log, source, second) in
        [("squid", Source::Proxy, second + apart), ("zeek.http", Source::Http, second)]
    {
        let texts =
            [(Field::HttpUrl, url.as_str()), (Field::LogName, log), (Field::SrcIp, "10.0.0.9")];
        made.push(LOGS + 9, (Class::Http, source), Some(second), &texts, |record| {
            if log == "squid"
                && let Some(time) = &mut record.time
            {
                time.basis = basis;
            }
        });
    }
}

fn skew<'e>(extent: &'e Extent, source: &str) -> Option<&'e ClockSkew> {
    extent.clock_skew.iter().find(|skew| skew.source == source)
}

#[test]
fn a_clock_that_is_fast_is_told_by_requests_that_both_saw() {
    let extent = asked(|made| (0..20).for_each(|number| both(made, number, 47 + number % 3)));
    let skew = skew(&extent, "squid").expect("it is told");
    assert_eq!((skew.against.as_str(), skew.seconds, skew.pairs), ("zeek.http", 48.0, 20));
    assert!(skew.spread <= 2.0);
    assert!(!skew.reason.contains("--zone"));
}

#[test]
fn a_whole_hour_is_probably_a_zone() {
    let by = |basis| {
        let extent = asked(|made| (0..20).for_each(|number| both_in(made, number, 7_200, basis)));
        skew(&extent, "squid").expect("it is told").clone()
    };
    let assumed = by(ZoneBasis::LocalAssumed);
    assert_eq!(assumed.seconds, 7_200.0);
    assert!(assumed.reason.ends_with("see --zone squid=…"));
    // Where the log says its zone, the option would change nothing.
    assert!(by(ZoneBasis::Utc).reason.ends_with("local time written as if it were UTC"));
}

#[test]
fn few_pairs_and_differences_without_a_centre_tell_nothing() {
    assert_eq!(asked(|made| (0..4).for_each(|number| both(made, number, 47))).clock_skew, []);
    // A scanner fetches what a person fetches much later.
    let scanner =
        asked(|made| (0..20).for_each(|number| both(made, number, number * number * 311 % 40_000)));
    assert_eq!(scanner.clock_skew, []);
}

#[test]
fn a_few_wrong_pairs_do_not_move_the_estimate() {
    let extent = asked(|made| {
        (0..20).for_each(|number| both(made, number, if number < 4 { 50_000 } else { -120 }));
    });
    assert_eq!(skew(&extent, "squid").map(|skew| skew.seconds), Some(-120.0));
}

#[test]
fn servers_and_mailboxes_are_compared_by_message() {
    let extent = asked(|made| {
        for number in 0..12 {
            let (id, second) = (format!("m{number}@paper.example"), 60_000 + number * 500);
            for (log, class, source, second) in [
                ("exim", Class::Delivery, Source::Mta, second - 3_600),
                ("eml", Class::Email, Source::Mail, second),
            ] {
                let texts = [(Field::MailMessageId, id.as_str()), (Field::LogName, log)];
                made.push(LOGS + 9, (class, source), Some(second), &texts, |_| {});
            }
        }
    });
    let skew = extent.clock_skew.iter().find(|skew| skew.pairs == 12).expect("it is told");
    assert_eq!((skew.source.as_str(), skew.against.as_str()), ("exim", "eml"));
    assert_eq!(skew.seconds, -3_600.0);
}

#[test]
fn a_lease_that_server_and_sensor_saw_tells_their_clocks() {
    let extent = asked(|made| {
        // Three machines, which ask anew every day, and again in the evening.
        for number in 0..90 {
            let (machine, day) = (number % 3, number / 3);
            let (mac, ip) = (format!("02:00:00:00:01:0{machine}"), format!("10.0.1.{machine}"));
            let second = day * 86_400 + 1_000 * machine;
            for (log, second) in [
                ("dhcp", second + 30),
                ("zeek.dhcp", second),
                ("zeek.dhcp", second + 30_000),
                ("dhcp", second + 30_030),
            ] {
                let texts = [
                    (Field::LeasedIp, ip.as_str()),
                    (Field::SrcMac, mac.as_str()),
                    (Field::LogName, log),
                ];
                let kind = (Class::Dhcp, Source::Dhcp);
                made.push(LOGS + 9, kind, Some(second), &texts, |_| {});
            }
        }
    });
    let skew = skew(&extent, "dhcp").expect("it is told");
    assert_eq!((skew.against.as_str(), skew.seconds, skew.pairs), ("zeek.dhcp", 30.0, 90));
}
