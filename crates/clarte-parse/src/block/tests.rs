//! However a stream is cut, and in whatever order its pieces are read, the same
//! comes of it.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::container::Opener;
use crate::{Context, Outcomes, read};
use clarte_model::Streams;

/// Everything that comes of a file, in no particular order, and the member
/// that is being read.
#[derive(Default)]
struct Events(Vec<String>, String);

impl Events {
    fn push(&mut self, event: &dyn std::fmt::Debug) {
        self.0.push(format!("{} {event:?}", self.1));
    }
}

impl Sink for Events {
    fn record(&mut self, record: &Record<'_>) {
        self.push(record);
    }
    fn fault(&mut self, fault: Fault) {
        self.push(&fault);
    }
    fn skip(&mut self, offset: u64, length: u64, why: Skipped) {
        self.push(&(offset, length, why));
    }
}

impl Streams for Events {
    fn begin(&mut self, member: Option<&Arc<str>>) {
        self.1 = member.map(ToString::to_string).unwrap_or_default();
    }
}

/// What comes of `bytes` in pieces of about `size` bytes, the last read first.
fn in_blocks(bytes: &[u8], size: usize, context: &Context) -> (Outcomes, Events) {
    let (mut events, mut blocks) = (Events::default(), Vec::new());
    let mut spread = |block: Block| blocks.push(block);
    let mut outcomes =
        Opener::new(context, &mut events, Some((&mut spread, size))).read((&mut &*bytes).into());
    for block in blocks.iter().rev() {
        events.begin(block.member());
        outcomes.add(block.read(&mut events));
    }
    (outcomes, events)
}

fn check(bytes: &[u8], size: usize) {
    let mut context = Context::default();
    context.zones.set("postfix", "Europe/Brussels").expect("a known zone");
    let mut whole = Events::default();
    let outcome = read(&mut &*bytes, &context, &mut whole);
    let (sum, mut parts) = in_blocks(bytes, size, &context);
    whole.0.sort();
    parts.0.sort();
    assert_eq!(parts.0, whole.0, "pieces of {size}: {}", bytes.escape_ascii());
    assert_eq!(sum, outcome, "pieces of {size}: {}", bytes.escape_ascii());
}

/// Every sample of every format.
fn samples() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut paths: Vec<_> = fs::read_dir(root)
        .expect("a folder of samples")
        .flat_map(|folder| fs::read_dir(folder.expect("an entry").path()).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "in"))
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a readable sample")).collect()
}

#[test]
fn every_sample_is_read_alike_in_pieces_of_any_size() {
    for sample in samples() {
        for size in (1..40).chain([100, 300, 1_000, 4_000, 1 << 20]) {
            check(&sample, size);
        }
    }
}

#[test]
fn blocks_know_the_member_they_come_from() {
    let log = samples().into_iter().max_by_key(Vec::len).expect("a sample");
    let archive = stored_zip(&[("a.log", &log), ("b/a.log", &log), ("a.log", b"?")]);
    for size in [1, 50, 4_000] {
        check(&archive, size);
    }
}

/// A zip whose members are as they were.
fn stored_zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = Vec::new();
    for (name, bytes) in members {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let length = bytes.len() as u32;
        zip.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0");
        [crc.sum(), length, length].iter().for_each(|field| zip.extend(field.to_le_bytes()));
        zip.extend([name.len() as u8, 0, 0, 0]);
        zip.extend(name.as_bytes());
        zip.extend(*bytes);
    }
    zip
}

#[test]
fn a_large_stream_is_spread_and_a_small_one_is_not() {
    let line = "1609903171.250    154 192.0.2.10 TCP_MISS/200 4512 GET http://a.example/ - HIER_NONE/- -\n";
    for (lines, expected) in [(10, 0), (50_000, 4)] {
        let mut blocks = 0;
        let mut events = Events::default();
        let text = line.repeat(lines);
        let mut spread = |block: Block| {
            assert!(block.len() <= BLOCK && !block.is_empty());
            blocks += 1;
        };
        crate::read_in_blocks(&mut text.as_bytes(), &Context::default(), &mut events, &mut spread);
        assert_eq!(blocks, expected);
    }
}

#[test]
fn a_message_without_end_is_cut_at_the_cap_and_bounds_its_block() {
    use std::io::Read as _;

    let separator = "From a@b.example Wed Jan  6 03:19:31 2021\n";
    let head = format!("{separator}From: a@b.example\n\nbody\n\n{separator}From: c@d.example\n\n");
    let filler = crate::MESSAGE_CAP as u64 + 5_000_000;
    let tail = format!("\n\n{separator}From: e@f.example\n\nbody\n");
    let mut stream =
        head.as_bytes().chain(std::io::repeat(b'x').take(filler)).chain(tail.as_bytes());
    let (mut events, mut parts) = (Events::default(), Vec::new());
    let mut spread = |block: Block| {
        assert!(block.len() <= crate::MESSAGE_CAP + 2 * BLOCK);
        parts.push(block.read(&mut Events::default()));
    };
    let mut outcomes =
        crate::read_in_blocks(&mut stream, &Context::default(), &mut events, &mut spread);
    parts.into_iter().for_each(|part| outcomes.add(part));
    let outcome = outcomes.only().expect("one stream");
    assert!(outcome.account.is_exact(outcome.bytes), "{outcome:?}");
    assert_eq!((outcome.account.records, outcome.account.fault_count()), (3, 1));
}

#[test]
fn logs_of_several_kinds_are_called_by_their_family_in_any_order() {
    let mut lines = String::new();
    for path in ["dns", "conn", "dns", "other"] {
        lines.push_str(&format!("{{\"_path\":\"{path}\",\"ts\":1609903171.5,\"uid\":\"C1\"}}\n"));
    }
    check(lines.as_bytes(), 1);
    let outcome = in_blocks(lines.as_bytes(), 1, &Context::default()).0.only();
    assert_eq!(outcome.expect("one stream").format, "zeek");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn damaged_and_mixed_samples_are_read_alike(
        first in any::<Index>(),
        second in any::<Index>(),
        inserts in prop::collection::vec((any::<Index>(), prop::sample::select(vec![
            &b"\n"[..], b"\n\n", b"\r", b"\n#", b"#path\tconn\n", b"\xef\xbb\xbf", b"\xff", b"{",
            b"\n\nFrom a@b Wed Jan  6 03:19:31 2021\nX: 1\n", b"Content-Length: 7\n", b"From ",
        ])), 0..6),
        cut in any::<Index>(),
        size in prop_oneof![1..200_usize, 200..5_000_usize],
    ) {
        let samples = samples();
        let mut bytes = samples[first.index(samples.len())].clone();
        bytes.extend_from_slice(&samples[second.index(samples.len())]);
        for (at, piece) in inserts {
            let at = at.index(bytes.len());
            bytes.splice(at..at, piece.iter().copied());
        }
        bytes.truncate(bytes.len() - cut.index(200).min(bytes.len()));
        check(&bytes, size);
    }
}
