//! Asking the lake for less changes nothing in the answer.

use clarte_extent::Extent;
use clarte_model::IndicatorKind::{Domain, Email, FileHash, Ip, MessageId, Subject, Url};

use crate::case::{answer, bytes, records};
use crate::intelligence::{Given, indicator};

/// Intelligence by which the seeds are found each in another way.
fn all() -> Vec<Given> {
    let together = vec![indicator(Domain, "evil.example"), indicator(Subject, "A report for you")];
    let group = Given { groups: vec![together], ..Given::default() };
    let mut all = vec![Given::default(), group];
    let kinds = [
        (Domain, "evil.example"),
        (Domain, "track.example"),
        (Domain, "paper.example"),
        (Domain, "nowhere.example"),
        (Ip, "198.51.100.7"),
        (Ip, "203.0.113.9"),
        (Email, "desk@evil.example"),
        (Subject, "A report for you"),
        (MessageId, "wave-1@evil.example"),
        (MessageId, "missing@evil.example"),
        (FileHash, "md5:00"),
        (Url, "https://img.track.example/p/aa11bb22cc33dd44.gif"),
    ];
    all.extend(kinds.iter().map(|kind| Given::of(&[*kind])));
    all
}

fn rungs(answer: &Extent) -> Vec<(&str, &str)> {
    answer.victims.iter().map(|victim| (victim.identity.as_str(), victim.rung)).collect()
}

#[test]
fn a_whole_case_is_answered() {
    let answer = answer(&records(), &Given::of(&[(Domain, "evil.example")]));
    assert_eq!(
        rungs(&answer),
        [
            ("an@parl.example", "opened"),
            ("bo@parl.example", "opened"),
            ("cy@parl.example", "opened"),
            ("di@parl.example", "delivered"),
            ("eva@parl.example", "delivered"),
        ]
    );
    let joined = answer.findings.iter().filter(|finding| finding.detector == "campaign.pivot");
    let why: Vec<_> = joined.map(|finding| finding.reasons.join("; ")).collect();
    assert_eq!(why.len(), 3, "{why:?}");
    assert!(why.iter().any(|why| why.contains("sender address office@other.example")), "{why:?}");
    let eva = &answer.victims[4];
    let time = eva.rungs[0].time.map(|time| time.to_string());
    assert_eq!(time.as_deref(), Some("2021-01-07T09:11:01Z"), "the year comes from the lure");
}

#[test]
fn a_scan_that_gives_more_than_it_was_asked_for_changes_nothing() {
    let (narrow, mut generous) = (records(), records());
    generous.generous = true;
    for given in all() {
        assert_eq!(bytes(&narrow, &given), bytes(&generous, &given), "{:?}", given.indicators);
    }
}

#[test]
fn the_order_of_records_changes_nothing() {
    let (forwards, mut backwards) = (records(), records());
    backwards.backwards = true;
    for given in all() {
        assert_eq!(bytes(&forwards, &given), bytes(&backwards, &given), "{:?}", given.indicators);
    }
}

#[test]
fn seeds_are_found_by_whatever_names_them() {
    let records = records();
    let lures = |given: &Given| {
        let answer = answer(&records, given);
        answer.findings.iter().filter(|finding| finding.detector == "intel.indicator").count()
    };
    let found: Vec<usize> = all().iter().map(lures).collect();
    assert_eq!(found, [0, 2, 2, 2, 20, 0, 5, 0, 2, 4, 1, 0, 0, 1]);
}
