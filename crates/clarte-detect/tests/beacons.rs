//! The beacons of 300 real mails against labels made by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clarte_detect::{Surroundings, judge};
use sha2::{Digest, Sha256};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The labelled URLs of each message, and which of them are beacons.
fn labels() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut labels: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let lines = include_str!("../labels/beacons.tsv").lines();
    for line in lines.filter(|line| !line.starts_with('#')).skip(1) {
        let columns: Vec<_> = line.split('\t').collect();
        let of_message = labels.entry(columns[0]).or_default();
        if columns[2] == "beacon" {
            of_message.insert(columns[1]);
        }
    }
    labels
}

#[test]
fn beacons_are_those_that_a_person_sees() {
    let labels = labels();
    assert_eq!(labels.len(), 300);
    let data = std::env::var_os("CLARTE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let folders = ["mail/phish", "mail/ham", "mail/spam"].map(|folder| data.join(folder));
    if !folders[0].is_dir() {
        eprintln!("skipped: no mails at {}", data.display());
        return;
    }
    let around = Surroundings::default();
    let (mut right, mut missed, mut invented, mut messages) = (0, 0, 0, 0);
    for entry in folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()) {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let Some(truth) = labels.get(hex(&Sha256::digest(&bytes)).as_str()) else { continue };
        messages += 1;
        let mails = clarte_parse::open_mail(&bytes, &jiff::tz::TimeZone::UTC);
        let judged = judge(&mails, &around);
        let found: BTreeSet<_> = judged
            .beacons
            .iter()
            .map(|beacon| hex(&Sha256::digest(beacon.url.trim()))[..16].to_owned())
            .collect();
        right += found.iter().filter(|url| truth.contains(url.as_str())).count();
        invented += found.iter().filter(|url| !truth.contains(url.as_str())).count();
        missed += truth.iter().filter(|url| !found.contains(**url)).count();
    }
    assert_eq!(messages, 300);
    println!("{right} right, {missed} missed, {invented} invented, of {messages} messages");
    let share = |part: usize, rest: usize| part as f64 / (part + rest) as f64;
    assert!(share(right, missed) >= 0.99, "{missed} of {} missed", right + missed);
    assert!(share(right, invented) >= 0.99, "{invented} of {} invented", right + invented);
}
