//! Gzip in passing: whole, in several members, and damaged.

use std::io::Write as _;

use clarte_model::{Fault, FaultKind, Record, Sink, Skipped};
use clarte_parse::{Context, Outcome, read};
use flate2::Compression;
use flate2::write::GzEncoder;

const LOG: &str =
    "1609903171.250    154 192.0.2.10 TCP_MISS/200 4512 GET http://a.example/ - HIER_NONE/- -\n";

struct Nowhere;

impl Sink for Nowhere {
    fn record(&mut self, _: &Record<'_>) {}
    fn fault(&mut self, _: Fault) {}
    fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}

fn outcome(bytes: &[u8]) -> Outcome {
    let outcome = read(&mut &*bytes, &Context::default(), &mut Nowhere);
    assert!(outcome.account.is_exact(outcome.bytes), "{outcome:?}");
    outcome
}

fn kinds(outcome: &Outcome) -> Vec<FaultKind> {
    outcome.account.faults.keys().copied().collect()
}

#[test]
fn members_are_joined_and_padding_is_nothing() {
    let mut bytes = packed(&LOG.as_bytes()[..40]);
    bytes.extend(packed(&LOG.as_bytes()[40..]));
    bytes.extend([0; 700]);
    let outcome = outcome(&bytes);
    assert_eq!((outcome.format, outcome.bytes), ("squid", LOG.len() as u64));
    assert_eq!((outcome.account.records, kinds(&outcome)), (1, vec![]));
}

#[test]
fn garbage_behind_the_last_member_is_a_fault_and_costs_no_record() {
    let mut bytes = packed(LOG.as_bytes());
    bytes.extend(b"not gzip");
    let outcome = outcome(&bytes);
    assert_eq!((outcome.account.records, kinds(&outcome)), (1, vec![FaultKind::Decompression]));
}

#[test]
fn a_truncated_stream_gives_what_came_out() {
    let log = (0..5_000).map(|at| LOG.replace("4512", &at.to_string())).collect::<String>();
    let whole = packed(log.as_bytes());
    let outcome = outcome(&whole[..whole.len() / 2]);
    assert!(outcome.account.records > 1_000, "{}", outcome.account.records);
    assert_eq!(kinds(&outcome), [FaultKind::Truncated]);
}

#[test]
fn a_corrupt_stream_gives_what_came_out_before() {
    let log = (0..5_000).map(|at| LOG.replace("4512", &at.to_string())).collect::<String>();
    let mut bytes = packed(log.as_bytes());
    let middle = bytes.len() / 2;
    bytes[middle..middle + 64].fill(0xff);
    let outcome = outcome(&bytes);
    assert!(outcome.account.records > 1_000, "{}", outcome.account.records);
    assert!(kinds(&outcome).contains(&FaultKind::Decompression), "{:?}", outcome.account.faults);
}

#[test]
fn nothing_packed_is_empty_and_a_bare_header_is_cut() {
    let empty = outcome(&packed(b""));
    assert_eq!((empty.format, empty.bytes, kinds(&empty)), ("empty", 0, vec![]));
    let bare = outcome(&packed(b"")[..10]);
    assert_eq!((bare.bytes, kinds(&bare)), (0, vec![FaultKind::Truncated]));
}

#[test]
fn a_bomb_is_read_through_and_counted() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(LOG.as_bytes()).expect("writing to memory");
    for _ in 0..256 {
        encoder.write_all(&[b'x'; 1 << 20]).expect("writing to memory");
    }
    let outcome = outcome(&encoder.finish().expect("writing to memory"));
    assert_eq!(outcome.bytes, LOG.len() as u64 + (256 << 20));
    assert_eq!((outcome.account.records, kinds(&outcome)), (1, vec![FaultKind::TooLarge]));
}
