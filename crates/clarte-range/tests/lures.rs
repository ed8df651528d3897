//! Lures, planted lures and innocents: the same seed gives the same bytes,
//! every combination comes round, and each mail holds what its truth says.
//! Read back here by plain means, not by any parser.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod mail;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use clarte_range::{Embed, Innocent, PlantedLure, Trick, innocents, lures, outlets_csv, plant};
use mail::Mail;

/// The providers of free mailboxes, as the table names them.
fn freemails() -> Vec<String> {
    let table = outlets_csv();
    let rows = table.lines().filter_map(|row| row.split_once(",freemail,"));
    rows.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let bytes = |seed| lures(seed, 96).into_iter().map(|lure| lure.bytes).collect::<Vec<_>>();
    assert_eq!(bytes(3), bytes(3));
    assert_ne!(bytes(3), bytes(4));
    let bytes = |seed| innocents(seed, 32).into_iter().map(|mail| mail.bytes).collect::<Vec<_>>();
    assert_eq!(bytes(3), bytes(3));
    assert_ne!(bytes(3), bytes(4));
    // Every institution has people of every language.
    for seed in 0..100 {
        assert_eq!(lures(seed, 8).len(), 8);
    }
    // More of them change nothing about the first.
    assert_eq!(lures(3, 10)[9].bytes, lures(3, 60)[9].bytes);
}

#[test]
fn languages_tricks_and_beacons_are_filled_equally() {
    let mut counts: BTreeMap<(&str, Trick, bool), usize> = BTreeMap::new();
    let mut forms = BTreeSet::new();
    for lure in lures(1, 480) {
        *counts.entry((lure.language, lure.trick, lure.beacon.is_some())).or_default() += 1;
        forms.extend(lure.beacon.map(|beacon| beacon.how));
    }
    assert_eq!(counts.len(), 4 * 6 * 2);
    assert!(counts.values().all(|&count| count == 10), "{counts:?}");
    assert_eq!(forms.len(), Embed::ALL.len());

    let mut counts: BTreeMap<(&str, Innocent), usize> = BTreeMap::new();
    for mail in innocents(1, 160) {
        *counts.entry((mail.language, mail.kind)).or_default() += 1;
    }
    assert_eq!(counts.len(), 16);
    assert!(counts.values().all(|&count| count == 10), "{counts:?}");
}

#[test]
fn every_lure_holds_its_beacon_and_none_other() {
    for seed in 1..=3 {
        for lure in lures(seed, 480) {
            expect_beacon(&lure);
        }
    }
}

/// The decoded page holds the beacon and its token; a lure without one has
/// nothing that a mail program would fetch.
fn expect_beacon(lure: &PlantedLure) {
    let mail = Mail::read(&lure.bytes);
    let html = mail.part("text/html").unwrap_or_default();
    let html = html.replace("&amp;", "&").replace("&#46;", ".");
    if let Some(page) = &lure.page {
        assert!(html.contains(page) || mail.part("text/plain").unwrap().contains(page), "{page}");
    }
    match &lure.beacon {
        Some(beacon) => {
            assert_eq!(html.matches(&beacon.url).count(), 1, "{} in {html}", beacon.url);
            assert!(beacon.url.contains(&beacon.token), "{beacon:?}");
        }
        None => {
            for fetched in ["src=", "srcset", "url(", "background", "<link", "poster", "data="] {
                assert!(!html.contains(fetched), "{fetched} in {html}");
            }
        }
    }
}

#[test]
fn tokens_are_the_recipients_own() {
    let all: Vec<String> =
        lures(1, 960).into_iter().filter_map(|lure| Some(lure.beacon?.url)).collect();
    let distinct: BTreeSet<&String> = all.iter().collect();
    // Someone who gets two lures may get one token of their address twice.
    assert!(distinct.len() * 100 >= all.len() * 99, "{} of {}", distinct.len(), all.len());
}

/// The outlets by name, with their domains.
fn outlets() -> BTreeMap<String, Vec<String>> {
    let table = outlets_csv();
    let rows = table.lines().skip(1).filter(|row| !row.contains(",freemail,"));
    let rows = rows.map(|row| {
        let cells: Vec<&str> = row.split(',').collect();
        (cells[0].to_owned(), cells[3].split(';').map(str::to_owned).collect())
    });
    rows.collect()
}

#[test]
fn the_table_of_outlets_is_whole() {
    let table = outlets_csv();
    assert!(table.starts_with("name,kind,aliases,domains,country\n"));
    let rows = table.lines().skip(1).filter(|row| !row.contains(",freemail,"));
    let rows: Vec<Vec<&str>> = rows.map(|row| row.split(',').collect()).collect();
    assert_eq!(rows.len(), 16);
    let kinds: BTreeSet<&str> = rows.iter().map(|row| row[1]).collect();
    assert_eq!(kinds, ["ngo", "parliament", "press"].into());
    for row in &rows {
        assert_eq!(row.len(), 5, "{row:?}");
        assert!(row[3].split(';').all(is_reserved), "{row:?}");
    }
    let domains: Vec<String> = outlets().into_values().flatten().collect();
    assert_eq!(domains.iter().collect::<BTreeSet<_>>().len(), domains.len());
    assert!(freemails().iter().all(|domain| is_reserved(domain)));
}

#[test]
fn only_the_forged_sender_has_an_outlets_own_domain() {
    let outlets = outlets();
    for lure in lures(2, 960) {
        let mail = Mail::read(&lure.bytes);
        let domain = |field: &str| {
            let value = mail.field(field)?;
            Some(value.rsplit('@').next()?.trim_end_matches('>').to_owned())
        };
        let from = domain("From").unwrap();
        let is_own = outlets.values().flatten().any(|own| *own == from);
        assert_eq!(is_own, lure.trick == Trick::ReplyTo, "{from}");
        assert_eq!(domain("Reply-To").is_some(), lure.trick == Trick::ReplyTo);
        if let Some(elsewhere) = domain("Reply-To") {
            assert!(!outlets[lure.outlet].contains(&elsewhere), "{elsewhere}");
        }
        if lure.trick == Trick::Freemail {
            assert!(freemails().iter().any(|domain| domain == &from), "{from}");
        }
        // Somewhere the reader is told who this is.
        let name = mail.decoded_field("From").contains(lure.outlet);
        let body = mail.parts.iter().any(|(_, text)| text.contains(lure.outlet));
        assert!(name || body || lure.trick == Trick::Homoglyph, "{lure:?}");
    }
}

#[test]
fn every_name_and_address_is_reserved() {
    let made = lures(5, 480).into_iter().map(|lure| lure.bytes);
    let made = made.chain(innocents(5, 160).into_iter().map(|mail| mail.bytes));
    for bytes in made {
        let mail = Mail::read(&bytes);
        let mut text = String::from_utf8_lossy(mail.head).into_owned();
        for (_, part) in &mail.parts {
            text.push_str(&part.replace("&#46;", "."));
        }
        let mut hosts = 0;
        for after in text.split("://").skip(1).chain(text.split('@').skip(1)) {
            let end = after.find(|c: char| !(c.is_alphanumeric() || ".-".contains(c)));
            let host = &after[..end.unwrap_or(after.len())];
            // `@import` and `@font-face` are no addresses.
            if ["import", "font-face"].contains(&host) {
                continue;
            }
            assert!(is_reserved(host), "{host} in {text}");
            hosts += 1;
        }
        assert!(hosts >= 3, "{text}");
    }
}

fn is_reserved(host: &str) -> bool {
    let host = host.to_lowercase();
    let names = ["example", "test", "example.com", "example.net", "example.org"];
    names.iter().any(|name| host.ends_with(&format!(".{name}")))
        || ["192.0.2.", "198.51.100.", "203.0.113.", "10."].iter().any(|net| host.starts_with(net))
}

#[test]
fn innocents_pass_where_a_host_verified_them() {
    for mail in innocents(1, 160) {
        let read = Mail::read(&mail.bytes);
        let verdict = read.field("Authentication-Results");
        match mail.kind {
            Innocent::Forward => assert!(verdict.is_none()),
            _ => assert!(verdict.is_some_and(|v| v.contains("dmarc=pass")), "{mail:?}"),
        }
        if mail.kind == Innocent::KnownThread {
            assert!(read.field("In-Reply-To").is_some());
        }
        if let Some(pixel) = &mail.pixel {
            let html = read.part("text/html").unwrap().replace("&amp;", "&");
            assert!(html.contains(pixel), "{pixel} in {html}");
        }
        assert!(mail.pixel.is_some() || mail.kind != Innocent::Newsletter);
    }
}

/// An innocent mail by its content fields and its body.
fn ham(content: &str) -> Vec<u8> {
    format!(
        "From sender@list.example Thu Aug 22 12:36:23 2002\n\
         Return-Path: <bounce@list.example>\n\
         Delivered-To: reader@office.example\n\
         Received: from list.example (list.example [192.0.2.7])\n\
         \tby mx.office.example (Postfix) with ESMTP id 0123ABCD\n\
         \tfor <reader@office.example>; Thu, 22 Aug 2002 12:36:20 +0100\n\
         Received: from pc7 by list.example; Thu, 22 Aug 2002 12:36:18 +0100\n\
         DKIM-Signature: v=1; d=list.example; b=abc\n\
         Message-Id: <1@list.example>\n\
         Date: Thu, 22 Aug 2002 12:36:17 +0100\n\
         From: \"A B\" <sender@list.example>\n\
         To: Reader <reader@office.example>\n\
         Subject: Minutes\n\
         In-Reply-To: <0@office.example>\n\
         References: <0@office.example>\n\
         List-Id: <talk.list.example>\n\
         X-Mailer: Pigeon 4.01\n\
         {content}"
    )
    .into_bytes()
}

const HAMS: [&str; 5] = [
    "Content-Type: text/plain; charset=us-ascii\n\nHello.\n",
    "MIME-Version: 1.0\nContent-Type: text/html;\n\tcharset=\"iso-8859-1\"\n\
     Content-Transfer-Encoding: quoted-printable\n\n<p>Hello</p>\n",
    "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\
     Content-Transfer-Encoding: base64\n\nPHA+SGVsbG88L3A+\n",
    "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\
     Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nHello\n--b\n\
     Content-Type: text/html\n\n<p>Hello</p>\n--b--\n",
    "\nNo fields, only text.\n",
];

#[test]
fn planting_keeps_the_way_and_the_recipient_and_changes_the_sender() {
    let lures = lures(1, 96);
    let mut verdicts = 0;
    for (at, lure) in lures.iter().enumerate() {
        for crlf in [false, true] {
            let mut ham = ham(HAMS[at % HAMS.len()]);
            if crlf {
                ham = String::from_utf8(ham).unwrap().replace('\n', "\r\n").into_bytes();
            }
            let planted = plant(&ham, lure).unwrap();
            expect_planted(&ham, &planted);
            let mail = Mail::read(&planted.bytes);
            let text = String::from_utf8_lossy(mail.head);
            assert_eq!(text.matches("\r\n").count(), if crlf { text.lines().count() } else { 0 });
            assert_eq!(mail.field("X-Mailer").as_deref(), Some("Pigeon 4.01"));
            for gone in ["List-Id", "In-Reply-To", "References", "DKIM-Signature"] {
                assert!(mail.field(gone).is_none(), "{gone} in {text}");
            }
            if let Some(verdict) = mail.field("Authentication-Results") {
                assert!(verdict.starts_with("mx.office.example;"), "{verdict}");
                verdicts += 1;
            }
            assert_eq!(planted.recipient, "reader@office.example");
        }
    }
    assert!((60..132).contains(&verdicts), "{verdicts} of 192 say what was verified");
}

/// What holds for any mail that a lure was planted into.
fn expect_planted(ham: &[u8], planted: &PlantedLure) {
    let (before, after) = (Mail::read(ham), Mail::read(&planted.bytes));
    assert_eq!(before.fields("Received"), after.fields("Received"));
    assert_eq!(before.fields("Delivered-To"), after.fields("Delivered-To"));
    assert_eq!(before.field("Date"), after.field("Date"));
    for one in ["From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type"] {
        let count = after.fields(one).len();
        assert!(count == 1 || (one == "To" && before.fields(one).len() == count), "{one}: {count}");
    }
    let to = after.fields("To").join(" ")
        + &after.fields("Delivered-To").join(" ")
        + &after.fields("X-Original-To").join(" ")
        + &after.fields("Envelope-To").join(" ");
    assert!(to.contains(&planted.recipient), "{} in {to}", planted.recipient);
    assert_ne!(before.field("From"), after.field("From"));
    let kind = |mail: &Mail| mail.field("Content-Type").unwrap_or_default().to_lowercase();
    if kind(&before).starts_with("text/html") {
        assert!(kind(&after).starts_with("text/html"), "{}", kind(&after));
    }
    assert!(!after.parts.is_empty());
    expect_beacon(planted);
    assert!(after.parts.iter().all(|(_, text)| !text.contains("Hello")));
}

#[test]
fn a_token_is_made_for_whom_it_is_planted() {
    let lure = lures(1, 480)
        .into_iter()
        .find(|lure| lure.beacon.as_ref().is_some_and(|beacon| beacon.token.contains("%40")));
    let planted = plant(&ham(HAMS[0]), &lure.unwrap()).unwrap();
    assert!(planted.beacon.unwrap().token.contains("reader%40office"));
}

/// Real mail, where the data folder is at hand.
#[test]
fn real_ham_takes_a_lure() {
    let Some(data) = std::env::var_os("CLARTE_DATA").map(PathBuf::from) else {
        return;
    };
    let mut files: Vec<PathBuf> =
        fs::read_dir(data.join("mail/ham")).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let lures = lures(1, 48);
    let mut planted = 0;
    for (at, file) in files.iter().enumerate() {
        let ham = fs::read(file).unwrap();
        if let Some(lure) = plant(&ham, &lures[at % lures.len()]) {
            expect_planted(&ham, &lure);
            planted += 1;
        }
    }
    println!("planted into {planted} of {}", files.len());
    assert!(planted * 10 >= files.len() * 9, "planted into {planted} of {}", files.len());
}
