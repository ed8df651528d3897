//! Lines that write no year.

use clarte_model::{Class, Field, IndicatorKind, Source};

use crate::case::{LOGS, answer, records_and};
use crate::intelligence::Given;

/// Whether the answer rests on a lease at `stamp`, by which alone a request for
/// somebody's beacon is known to be theirs.
fn is_used(stamp: &str, turn: i64) -> bool {
    let records = records_and(|made| {
        let unmapped = format!(r#"{{"yearless":"{stamp}","turn":{turn}}}"#);
        let lease = [
            (Field::LeasedIp, "10.0.0.50"),
            (Field::SrcHostname, "ws-1"),
            (Field::Unmapped, &unmapped),
        ];
        made.push(LOGS + 11, (Class::Dhcp, Source::Dhcp), None, &lease, |_| {});
        let request = [
            (Field::SrcIp, "10.0.0.50"),
            (Field::DstHostname, "img.track.example"),
            (Field::HttpMethod, "GET"),
            (Field::HttpUrl, "http://img.track.example/p/bb22cc33dd44ee55.gif"),
        ];
        let second = Some(2 * 86_400 + 3_600);
        made.push(LOGS, (Class::Http, Source::Proxy), second, &request, |record| {
            record.integer(Field::HttpStatus, 200);
        });
    });
    let answer = answer(&records, &Given::of(&[(IndicatorKind::Domain, "evil.example")]));
    let path = format!("logs/{}", LOGS + 11);
    answer.findings.iter().flat_map(|finding| &finding.spans).any(|span| span.path == path)
}

#[test]
fn a_lease_is_of_the_year_in_which_its_days_have_other_records() {
    assert!(is_used("01-08T08:30:00", 0));
    // The second turn of a log that began the year before.
    assert!(is_used("01-08T08:30:00", 1));
}

#[test]
fn a_lease_of_days_without_other_records_names_nobody() {
    assert!(!is_used("07-08T08:30:00", 0));
}
