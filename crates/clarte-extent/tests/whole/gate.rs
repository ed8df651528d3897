//! What intelligence can say about a case, from the index alone.

use clarte_extent::matched;
use clarte_model::IndicatorKind::{
    self, Domain, Email, FileHash, Ip, MessageId, Network, Subject, Url, UserAgent,
};

use crate::case::{bytes, records};
use crate::intelligence::{Given, indicator};

fn values(given: &Given) -> Vec<Vec<String>> {
    let found = matched(&records(), &|what| given.naming(what)).expect("memory can always be read");
    let values = |group: Vec<clarte_model::Indicator>| {
        group.into_iter().map(|indicator| indicator.value).collect()
    };
    found.into_iter().map(values).collect()
}

#[test]
fn every_kind_of_indicator_is_found_and_each_once() {
    let shown: &[(IndicatorKind, &str)] = &[
        (Domain, "evil.example"),
        (Domain, "img.track.example"),
        (Domain, "parl.example"),
        (Ip, "198.51.100.7"),
        (Network, "203.0.113.0/24"),
        (Url, "https://img.track.example/p/bb22cc33dd44ee55.gif"),
        (Email, "desk@evil.example"),
        (Subject, "Lunch"),
        (MessageId, "missing@evil.example"),
    ];
    let hidden: &[(IndicatorKind, &str)] = &[
        (Domain, "nowhere.example"),
        (Domain, "track.example.org"),
        (Ip, "198.51.100.8"),
        (Network, "198.18.0.0/24"),
        (Url, "https://img.track.example/p/bb22cc33dd44ee55"),
        (Email, "nobody@evil.example"),
        (Subject, "lunch"),
        (FileHash, "md5:00"),
        (UserAgent, "curl"),
    ];
    let twice = [shown, shown, hidden].concat();
    let expected: Vec<Vec<String>> =
        shown.iter().map(|(_, value)| vec![(*value).to_owned()]).collect();
    assert_eq!(values(&Given::of(&twice)), expected);
}

#[test]
fn the_order_of_the_intelligence_is_moot() {
    let mut given = Given::of(&[(Domain, "evil.example"), (Subject, "Lunch"), (Ip, "10.0.0.1")]);
    let found = values(&given);
    given.indicators.reverse();
    assert_eq!((values(&given), found.len()), (found, 3));
}

#[test]
fn a_group_is_found_by_any_of_its_members() {
    let member = |kind, value| indicator(kind, value);
    let groups = vec![
        vec![member(Domain, "evil.example"), member(Subject, "nothing")],
        vec![member(Domain, "nowhere.example"), member(Subject, "nothing")],
    ];
    let mut given = Given::of(&[(Domain, "evil.example")]);
    given.groups = groups;
    assert_eq!(values(&given), [vec!["evil.example"], vec!["evil.example", "nothing"]]);
}

#[test]
fn what_an_indicator_says_besides_its_value_counts_too() {
    let mut given = Given::of(&[(Domain, "evil.example"), (Domain, "evil.example")]);
    given.indicators[1].source = "another".to_owned();
    assert_eq!(values(&given).len(), 2);
}

#[test]
fn intelligence_that_names_nothing_leaves_the_answer() {
    let records = records();
    let known = Given::of(&[(Domain, "evil.example")]);
    let more = Given::of(&[
        (Domain, "evil.example"),
        (Domain, "nowhere.example"),
        (Url, "https://track.example/"),
        (Network, "198.18.0.0/24"),
    ]);
    assert_eq!(values(&known), values(&more));
    assert_eq!(bytes(&records, &known), bytes(&records, &more));
}
