//! Input made to hurt: deep nesting, endless repetition, arbitrary damage.

use std::io::Read;

use clarte_model::account::{Account, Accounting};
use clarte_model::{Fault, FaultKind, Record, Sink, Skipped, Streams};
use clarte_parse::{Context, FORMATS, Input, MESSAGE_CAP, Outcome, Output, read};
use proptest::prelude::*;

struct Nowhere;

impl Sink for Nowhere {
    fn record(&mut self, _: &Record<'_>) {}
    fn fault(&mut self, _: Fault) {}
    fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
}

impl Streams for Nowhere {}

fn account(bytes: &[u8]) -> Account {
    let outcomes = read(&mut &*bytes, &Context::default(), &mut Nowhere);
    let outcome = outcomes.only().expect("one stream");
    assert!(outcome.account.is_exact(bytes.len() as u64), "{:?}", outcome.account);
    outcome.account
}

/// Has `format` read the bytes whether it recognises them or not.
fn forced(format: &str, bytes: &[u8]) {
    let (_, format) =
        FORMATS.iter().find(|(name, _)| *name == format).expect("a format of that name");
    let mut accounting = Accounting::new(Nowhere);
    let mut reader = bytes;
    let mut out = Output::new(&mut accounting);
    format.read(&mut Input::new(&mut reader), &Context::default(), &mut out);
    assert!(accounting.finish().is_exact(bytes.len() as u64), "{}", bytes.escape_ascii());
}

#[test]
fn nesting_of_any_depth_is_survived() {
    for depth in [1_000, 100_000] {
        let messages = "Content-Type: message/rfc822\n\n".repeat(depth);
        let found = account(format!("From: a@b.example\n{messages}Subject: x\n\nhi\n").as_bytes());
        assert_eq!((found.records, found.faults[&FaultKind::TooDeep]), (17, 1));
        let open: String = (0..depth)
            .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
            .collect();
        let found = account(format!("From: a@b.example\n{open}\nhi\n").as_bytes());
        assert_eq!((found.records, found.faults[&FaultKind::TooDeep]), (1, 1));
    }
}

#[test]
fn messages_encoded_in_messages_are_followed_to_a_cap() {
    let mut mail = b"Subject: innermost\n\nhi\n".to_vec();
    for _ in 0..20 {
        let mut outer =
            b"From: a@b.example\nContent-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n".to_vec();
        for byte in mail {
            match byte {
                b'=' => outer.extend_from_slice(b"=3D"),
                byte => outer.push(byte),
            }
        }
        mail = outer;
    }
    let found = account(&mail);
    assert_eq!((found.records, found.faults.get(&FaultKind::TooDeep)), (17, Some(&1)));
}

#[test]
fn endless_repetition_is_survived() {
    let header = "From: a@b.example\nContent-Type: text/html\n\n";
    for piece in [
        "<",
        "&",
        "<a ",
        "<a href=",
        "<!--[if",
        "<!--[if x]>",
        "\"",
        "<img srcset=',",
        "x=y ",
        "&#",
        "<svg><style>",
    ] {
        account(format!("{header}{}", piece.repeat(300_000)).as_bytes());
    }
    let plain = "From: a@b.example\n\n";
    for piece in ["http://", "www.", "(", "http://a)", "=?utf-8?q?", ". ", "\n>"] {
        account(format!("{plain}{}", piece.repeat(300_000)).as_bytes());
        account(
            format!("From: {}\nSubject: {}\n\n", piece.repeat(300_000), piece.repeat(300_000))
                .as_bytes(),
        );
        account(
            format!("Received: from {}\nFrom: a@b.example\n\n", piece.repeat(300_000)).as_bytes(),
        );
    }
    let parts = "--b\nContent-Type: multipart/mixed; boundary=never\n\n".repeat(30_000);
    account(
        format!("From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n{parts}")
            .as_bytes(),
    );
    account("a:\n".repeat(500_000).as_bytes());
    let lying =
        "From a@b.example Wed Jan  6 03:19:31 2021\nContent-Length: 9000000\n\n\n".repeat(100_000);
    assert_eq!(account(lying.as_bytes()).records, 100_000);
}

/// A stream of `head`, then `filler` bytes of a line without end, then `tail`.
fn long_stream(head: &str, filler: u64, tail: &str) -> Outcome {
    let mut stream =
        head.as_bytes().chain(std::io::repeat(b'x').take(filler)).chain(tail.as_bytes());
    let outcomes = read(&mut stream, &Context::default(), &mut Nowhere);
    let outcome = outcomes.only().expect("one stream");
    assert_eq!(outcome.bytes, head.len() as u64 + filler + tail.len() as u64);
    assert!(outcome.account.is_exact(outcome.bytes), "{:?}", outcome.account);
    outcome
}

#[test]
fn of_a_message_over_the_cap_the_head_is_read() {
    let filler = MESSAGE_CAP as u64 + 3_000_000;
    let alone = long_stream("From: a@b.example\n\n", filler, "\n");
    assert_eq!((alone.account.records, alone.account.faults[&FaultKind::TooLarge]), (1, 1));
    assert_eq!(alone.account.parsed, MESSAGE_CAP as u64);
    let separator = "From a@b.example Wed Jan  6 03:19:31 2021\n";
    let head = format!("{separator}From: a@b.example\n\n");
    let tail = format!("\n\n{separator}From: c@d.example\n\nbody\n");
    let first = long_stream(&head, filler, &tail);
    assert_eq!((first.account.records, first.account.faults[&FaultKind::TooLarge]), (2, 1));
}

const MAIL: &str = "Received: from x (y [192.0.2.1]) by z; Wed, 6 Jan 2021 03:19:31 +0000\r\nFrom: \"A, B\" <a@b.example>\r\n\
    To: c@d.example\r\nSubject: =?utf-8?q?caf=C3=A9?= =?iso-8859-1?b?6Q==?=\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
    --b\r\nContent-Type: text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    <style>p{background:url(http://a.example/x)}</style><img srcset=3D\"http://a.example/y 2x\" style=3D'width:1px'>=\r\n\
    <a href=3Dhttp://b.example>\u{e9}</a>\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nhttp://c.example\r\n\
    --b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogY29kZWQKClgK\r\n--b--\r\n";

fn mbox() -> String {
    let separator = "From a@b.example Wed Jan  6 03:19:31 2021\r\n";
    format!("{separator}{MAIL}\r\n{separator}Content-Length: 4\r\n{MAIL}\r\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damaged_samples_are_accounted_for(
        cut in 0usize..3_000,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        splice in any::<(prop::sample::Index, prop::sample::Index, prop::sample::Index)>(),
        several in any::<bool>(),
    ) {
        let mut bytes = if several { mbox().into_bytes() } else { MAIL.as_bytes().to_vec() };
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let (from, to, into) = (splice.0.index(bytes.len()), splice.1.index(bytes.len()), splice.2.index(bytes.len()));
        let piece = bytes[from.min(to)..from.max(to)].to_vec();
        bytes.splice(into..into, piece);
        bytes.truncate(bytes.len() - cut.min(bytes.len()));
        account(&bytes);
        forced("eml", &bytes);
        forced("mbox", &bytes);
    }

    #[test]
    fn arbitrary_bytes_are_accounted_for(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        forced("eml", &bytes);
        forced("mbox", &bytes);
    }

    #[test]
    fn arbitrary_markup_is_survived(markup in "[<>/a-c =\"'&;:#@!\\[\\]()\\-,.\\\\\\n0-9uirlhtp]{0,400}") {
        account(format!("From: a@b.example\nContent-Type: text/html\n\n{markup}").as_bytes());
        account(format!("From: {markup}\nReceived: from {markup}\n\n{markup}").as_bytes());
    }
}
