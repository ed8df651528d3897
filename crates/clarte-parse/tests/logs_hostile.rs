//! Damaged and hostile logs: whatever the bytes, every one of them is accounted
//! for, nothing panics, and how they come in makes no difference.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use clarte_model::{Fault, Field, Record, Sink, Skipped, Streams};
use clarte_parse::{Context, FORMATS, Format, Mapping, Outcome, read, read_as, read_in_blocks};
use proptest::prelude::*;
use proptest::sample::Index;

/// The formats of logs: all but those of mail, which have tests of their own.
fn logs() -> impl Iterator<Item = (&'static str, &'static dyn Format)> {
    FORMATS.iter().copied().filter(|(name, _)| !matches!(*name, "mbox" | "eml"))
}

/// The mappings of the samples.
fn mappings() -> &'static [Mapping] {
    static MAPPINGS: std::sync::LazyLock<Vec<Mapping>> = std::sync::LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/mapped");
        let paths = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("one").path());
        let mappings = paths.filter(|path| path.extension().is_some_and(|end| end == "toml"));
        let read = |path| Mapping::read(&fs::read_to_string(path).expect("text"), |_| Field::ALL);
        mappings.map(|path| read(path).expect("a mapping")).collect()
    });
    &MAPPINGS
}

/// Every sample of a log, as bytes.
fn samples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut all = Vec::new();
    for log in logs().map(|(name, _)| name).chain(["mapped"]) {
        let mut paths: Vec<_> = fs::read_dir(folder.join(log))
            .expect("a folder of samples")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "in"))
            .collect();
        paths.sort();
        all.extend(paths.iter().map(|path| fs::read(path).expect("a readable sample")));
    }
    all
}

/// One way to damage bytes.
#[derive(Debug, Clone)]
enum Damage {
    Cut(Index),
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let telling = prop::sample::select(
        [
            &b"\n"[..],
            b"\t",
            b"\"",
            b",",
            b";",
            b"#fields\t",
            b"\\x",
            b"\0",
            b"\xff",
            b"[",
            b"=<",
            b": ",
            b"lease 192.0.2.1 {\n",
            b"}\n",
            b"] ",
            b"#Fields: date-time,event-id\n",
            b"{\"value\":[",
            b"Jan  1 00:00:00 ",
            b"{\"ts\":1",
            b"{\"event_type\":\"dns\",\"dns\":[",
            b"{",
            b"},{",
            b"]",
            b"ElfChnk\0",
            b"**\0\0",
        ]
        .map(<[u8]>::to_vec)
        .to_vec(),
    );
    prop_oneof![
        any::<Index>().prop_map(Damage::Cut),
        (any::<Index>(), any::<u8>()).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        (any::<Index>(), telling).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        (any::<Index>(), 1..200_usize).prop_map(|(at, length)| Damage::Remove(at, length)),
        (any::<Index>(), 1..200_usize).prop_map(|(at, length)| Damage::Repeat(at, length)),
    ]
}

fn damaged(mut bytes: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages {
        if bytes.is_empty() {
            break;
        }
        match damage {
            Damage::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Damage::Flip(at, bits) => {
                let at = at.index(bytes.len());
                bytes[at] ^= bits;
            }
            Damage::Insert(at, new) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, new.iter().copied());
            }
            Damage::Remove(at, length) => {
                let at = at.index(bytes.len());
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Damage::Repeat(at, length) => {
                let at = at.index(bytes.len());
                let again = bytes[at..(at + length).min(bytes.len())].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
    bytes
}

/// Notes every span, and that none starts before the one before.
#[derive(Default, PartialEq, Debug)]
struct Spans(Vec<(u64, u64, &'static str)>);

impl Sink for Spans {
    fn record(&mut self, record: &Record<'_>) {
        self.0.push((record.offset, record.length, "record"));
    }
    fn fault(&mut self, fault: Fault) {
        self.0.push((fault.offset, fault.length, fault.kind.as_str()));
    }
    fn skip(&mut self, offset: u64, length: u64, why: Skipped) {
        self.0.push((offset, length, why.as_str()));
    }
}

impl Streams for Spans {}

fn check(outcome: &Outcome, spans: &Spans) {
    assert!(outcome.account.is_exact(outcome.bytes), "{outcome:?}");
    assert!(spans.0.windows(2).all(|pair| pair[0].0 <= pair[1].0), "out of order");
}

fn read_every_way(bytes: &[u8]) {
    let mut context = Context::default();
    mappings().iter().for_each(|mapping| context.mappings.insert(mapping.clone()));
    let mut spans = Spans::default();
    let outcome = read(&mut &*bytes, &context, &mut spans).only().expect("one stream");
    check(&outcome, &spans);
    let mut blocks = Vec::new();
    let mut rest = Spans::default();
    let spread = &mut |block| blocks.push(block);
    let mut in_blocks = read_in_blocks(&mut &*bytes, &context, &mut rest, spread);
    blocks.iter().for_each(|block| in_blocks.add(block.read(&mut Spans::default())));
    assert_eq!(in_blocks.only(), Some(outcome), "in blocks");
    let formats = logs().map(|(_, format)| format);
    for format in formats.chain(mappings().iter().map(|mapping| mapping as &dyn Format)) {
        let (mut whole, mut drop_by_drop) = (Spans::default(), Spans::default());
        let outcome = read_as(format, &mut &*bytes, &context, &mut whole);
        check(&outcome, &whole);
        assert_eq!(outcome.bytes, bytes.len() as u64);
        read_as(format, &mut Drip(bytes), &context, &mut drop_by_drop);
        assert_eq!(whole, drop_by_drop);
    }
}

/// Gives a few bytes at a time.
struct Drip<'b>(&'b [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.0.len().min(into.len()).min(3);
        into[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn damaged_logs_are_accounted_for(
        which in any::<Index>(),
        damages in prop::collection::vec(damage(), 1..8),
    ) {
        let samples = samples();
        read_every_way(&damaged(samples[which.index(samples.len())].clone(), &damages));
    }

    #[test]
    fn a_damaged_mapping_is_refused_or_reads_what_it_finds(
        which in any::<Index>(),
        log in any::<Index>(),
        damages in prop::collection::vec(damage(), 1..4),
    ) {
        let (mapping, samples) = (which.get(mappings()), samples());
        let text = damaged(mapping.text().as_bytes().to_vec(), &damages);
        if let Ok(mapping) = Mapping::read(&String::from_utf8_lossy(&text), |_| Field::ALL) {
            let mut spans = Spans::default();
            let bytes = samples[log.index(samples.len())].as_slice();
            check(&read_as(&mapping, &mut &*bytes, &Context::default(), &mut spans), &spans);
        }
    }

    #[test]
    fn arbitrary_bytes_are_accounted_for(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
        read_every_way(&bytes);
    }

    #[test]
    fn arbitrary_lines_are_accounted_for(text in "([#a-z{\"=<>:,;\\[\\]0-9 \t.é]{0,40}\r?\n){0,12}") {
        read_every_way(text.as_bytes());
    }
}

#[test]
fn a_repair_in_a_later_line_of_a_row_stays_in_order() {
    read_every_way(b"email,name,lang\n\"\n\",\xff,x\n");
}

#[test]
fn long_lines_that_invite_rereading_end_in_time() {
    let wide = ["#fields".to_owned(), "\tts".repeat(300_000), "\n1".into()].concat();
    let pairs =
        ["Jan  1 00:00:00 m postfix/qmgr[1]: 4F9D1A0B2C: ".to_owned(), "a=<, ".repeat(200_000)]
            .concat();
    let escapes = ["#fields\tquery\n".to_owned(), "\\".repeat(1_000_000)].concat();
    let nested = ["{\"ts\":1,\"uid\":".to_owned(), "[".repeat(900_000)].concat();
    let quotes = ["email,name\n".to_owned(), "a\"b,\"c\n".repeat(200_000)].concat();
    let words = ["2021-01-06 03:19:31 1kx2Ab-0001Xy-Qz <= a@b ".to_owned(), "H= (".repeat(250_000)];
    let addresses =
        ["2021-01-06 03:19:31 1kx2Ab-0001Xy-Qz => a ".to_owned(), "<a> ".repeat(250_000)];
    let quoted =
        ["192.0.2.1 - - [06/Jan/2021:03:19:31 +0000] \"".to_owned(), "\\\" 1 ".repeat(200_000)];
    let deep = [
        "{\"timestamp\":\"\",\"event_type\":\"dns\",\"dns\":".to_owned(),
        "[{\"a\":".repeat(140_000),
    ];
    let lease = ["lease 192.0.2.1 {\n".to_owned(), "starts 1;\n".repeat(100_000)];
    let [words, addresses, quoted, deep, lease] =
        [words, addresses, quoted, deep, lease].map(|parts| parts.concat());
    let unclosed = "{\"winlog\":[{},".repeat(100_000);
    let chunks = "ElfChnk\0".repeat(200_000);
    let broken = [words, addresses, quoted, deep, lease, unclosed, chunks];
    for text in [wide, pairs, escapes, nested, quotes].into_iter().chain(broken) {
        let mapped = mappings().iter().map(|mapping| (mapping.name(), mapping as &dyn Format));
        for (name, format) in logs().chain(mapped) {
            let mut spans = Spans::default();
            let outcome = read_as(format, &mut text.as_bytes(), &Context::default(), &mut spans);
            assert!(outcome.account.is_exact(outcome.bytes), "{name}");
        }
    }
}

#[test]
fn a_line_of_200_megabytes_costs_itself_alone() {
    let mut stream = io::Cursor::new(b"#fields\tts\tuid\n1609903171.5\tC1\n".to_vec())
        .chain(io::repeat(b'x').take(200 << 20))
        .chain(io::Cursor::new(b"\n1609903172.5\tC2\n".to_vec()));
    let outcomes = read(&mut stream, &Context::default(), &mut Spans::default());
    let outcome = outcomes.only().expect("one stream");
    assert!(outcome.account.is_exact(outcome.bytes));
    assert_eq!((outcome.account.records, outcome.account.fault_count()), (2, 1));
    assert_eq!(outcome.account.faulted, (200 << 20) + 1);
}
