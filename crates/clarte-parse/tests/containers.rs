//! Containers in passing: whole, nested, damaged and hostile.

mod pack;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use clarte_model::{Fault, FaultKind, Record, Sink, Skipped, Streams};
use clarte_parse::{Context, Limits, Outcome, Outcomes, read};
use pack::{COMPRESSIONS, Member};
use proptest::prelude::*;
use proptest::sample::{Index, select};

const LOG: &str =
    "1609903171.250    154 192.0.2.10 TCP_MISS/200 4512 GET http://a.example/ - HIER_NONE/- -\n";

/// A log that does not compress too well.
fn log(lines: u64) -> Vec<u8> {
    let line = |at: u64| LOG.replace("4512", &(at * 7_919 % 90_001).to_string());
    (0..lines).map(line).collect::<String>().into_bytes()
}

/// What comes of a file, by member: where records lie, and how far spans reach.
#[derive(Default)]
struct Seen {
    streams: BTreeMap<String, Stream>,
    member: String,
}

#[derive(Default)]
struct Stream {
    records: Vec<(u64, u64)>,
    end: u64,
    last: u64,
}

impl Seen {
    fn span(&mut self, offset: u64, length: u64) -> &mut Stream {
        let stream = self.streams.get_mut(&self.member).expect("a stream has begun");
        assert!(stream.last <= offset, "out of order");
        stream.last = offset;
        stream.end = stream.end.max(offset + length);
        stream
    }
}

impl Sink for Seen {
    fn record(&mut self, record: &Record<'_>) {
        let (offset, length) = (record.offset, record.length);
        self.span(offset, length).records.push((offset, length));
    }
    fn fault(&mut self, fault: Fault) {
        self.span(fault.offset, fault.length);
    }
    fn skip(&mut self, offset: u64, length: u64, _: Skipped) {
        self.span(offset, length);
    }
}

impl Streams for Seen {
    fn begin(&mut self, member: Option<&Arc<str>>) {
        self.member = member.map(ToString::to_string).unwrap_or_default();
        let before = self.streams.insert(self.member.clone(), Stream::default());
        assert!(before.is_none(), "two streams are called {}", self.member);
    }
}

/// Reads a file, and checks what holds for every one.
fn read_within(mut file: impl Read, limits: Limits) -> (Outcomes, Seen) {
    let context = Context { limits, ..Context::default() };
    let mut seen = Seen::default();
    let outcomes = read(&mut file, &context, &mut seen);
    assert!(!outcomes.is_empty());
    assert_eq!(outcomes.len(), seen.streams.len());
    for outcome in &outcomes {
        assert!(outcome.account.is_exact(outcome.bytes), "{outcome:?}");
        let stream = &seen.streams[outcome.member.as_deref().unwrap_or_default()];
        assert!(stream.end <= outcome.bytes, "{outcome:?}");
    }
    assert_eq!(file.read(&mut [0]).ok(), Some(0), "not read to its end");
    (outcomes, seen)
}

fn outcomes(file: &[u8]) -> Outcomes {
    read_within(file, Limits::default()).0
}

fn outcome(file: &[u8]) -> Outcome {
    outcomes(file).only().expect("one stream")
}

fn kinds(outcome: &Outcome) -> Vec<FaultKind> {
    outcome.account.faults.keys().copied().collect()
}

/// A line for each stream: its member, format, records and faults.
fn told(outcomes: &Outcomes) -> Vec<String> {
    let line = |outcome: &Outcome| {
        let member = outcome.member.as_deref().unwrap_or_default();
        let faults = outcome
            .account
            .first_faults
            .iter()
            .map(|fault| format!(" {}@{}+{}", fault.kind, fault.offset, fault.length));
        let faults: String = faults.collect();
        format!("{member} {} {}{faults}", outcome.format, outcome.account.records)
    };
    outcomes.iter().map(line).collect()
}

#[test]
fn streams_behind_one_another_are_one_and_padding_is_nothing() {
    for (name, pack) in COMPRESSIONS {
        let mut bytes = pack(&LOG.as_bytes()[..40]);
        bytes.extend(pack(&LOG.as_bytes()[40..]));
        bytes.extend([0; 701]);
        let outcome = outcome(&bytes);
        assert_eq!((outcome.format, outcome.bytes), ("squid", LOG.len() as u64), "{name}");
        assert_eq!((outcome.account.records, kinds(&outcome)), (1, vec![]), "{name}");
        assert_eq!(outcome.member, None);
    }
}

#[test]
fn garbage_behind_the_last_stream_is_a_fault_and_costs_no_record() {
    for (name, pack) in COMPRESSIONS {
        let mut bytes = pack(LOG.as_bytes());
        bytes.extend(b"no container");
        let outcome = outcome(&bytes);
        let expected = (1, vec![FaultKind::Decompression]);
        assert_eq!((outcome.account.records, kinds(&outcome)), expected, "{name}");
    }
}

#[test]
fn of_a_truncated_stream_what_came_out_is_read() {
    for (name, pack) in COMPRESSIONS {
        // Bzip2 and xz give nothing of a block or chunk that is not whole.
        let whole = pack(&log(100_000));
        let outcome = outcome(&whole[..whole.len() * 3 / 4]);
        assert!(outcome.account.records > 1_000, "{name}: {}", outcome.account.records);
        assert_eq!(kinds(&outcome), [FaultKind::Truncated], "{name}");
    }
}

#[test]
fn of_a_corrupt_stream_what_came_out_before_is_read() {
    for (name, pack) in COMPRESSIONS {
        let mut bytes = pack(&log(40_000));
        let middle = bytes.len() / 2;
        bytes[middle..middle + 64].fill(0xff);
        let outcome = outcome(&bytes);
        assert!(outcome.account.records > 1_000, "{name}: {}", outcome.account.records);
        assert!(kinds(&outcome).contains(&FaultKind::Decompression), "{name}: {outcome:?}");
    }
}

#[test]
fn nothing_packed_is_empty_and_a_bare_header_is_cut() {
    for (name, pack) in COMPRESSIONS {
        let empty = outcome(&pack(b""));
        assert_eq!((empty.format, empty.bytes, kinds(&empty)), ("empty", 0, vec![]), "{name}");
        let bytes = pack(b"");
        let bare = outcome(&bytes[..bytes.len() - 1]);
        assert_eq!((bare.bytes, kinds(&bare)), (0, vec![FaultKind::Truncated]), "{name}");
    }
}

#[test]
fn skippable_frames_are_nothing() {
    let mut bytes = b"\x50\x2a\x4d\x18\x03\0\0\0abc\x5f\x2a\x4d\x18\0\0\0\0".to_vec();
    bytes.extend(pack::zstd(LOG.as_bytes()));
    bytes.extend(b"\x51\x2a\x4d\x18\x01\0\0\0x");
    let outcome = outcome(&bytes);
    assert_eq!((outcome.format, outcome.account.records, kinds(&outcome)), ("squid", 1, vec![]));
}

#[test]
fn a_window_beyond_the_cap_is_refused() {
    let limits = Limits { window: 1 << 20, ..Limits::default() };
    let text = log(40_000);
    let mut encoder = zstd::Encoder::new(Vec::new(), 19).expect("a known level");
    io::copy(&mut text.as_slice(), &mut encoder).expect("writing to memory");
    let large = encoder.finish().expect("writing to memory");
    let options = lzma_rust2::XzOptions::with_preset(9);
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), options).expect("sound options");
    io::copy(&mut text.as_slice(), &mut writer).expect("writing to memory");
    for bytes in [large, writer.finish().expect("writing to memory")] {
        let (outcomes, _) = read_within(bytes.as_slice(), limits);
        let refused = outcomes.only().expect("one stream");
        assert_eq!((refused.bytes, kinds(&refused)), (0, vec![FaultKind::TooLarge]));
        assert_eq!(outcome(&bytes).account.records, 40_000);
    }
}

#[test]
fn members_of_zips_are_read_however_they_are_packed() {
    let text = log(50);
    let inside = [Member::stored("x", &text).streamed(), Member::stored("y", b"").streamed()];
    let mut members = vec![
        Member::stored("stored.log", &text),
        Member::deflated("streamed.log", &text).streamed(),
        Member::deflated("wide.log", &text).wide(),
        Member::deflated("wide, streamed.log", &text).wide().streamed(),
        Member::stored("folder/", b""),
        Member::deflated("deflated folder/", b"").streamed(),
        Member::stored("streamed folder/", b"").streamed(),
        Member::stored("empty, streamed", b"").streamed(),
        Member::stored("stored, streamed.log", &text).streamed(),
        Member::stored("streamed.zip", &pack::zip(&inside)).streamed(),
        Member::stored("empty", b""),
    ];
    for method in [8, 12, 14, 93, 95] {
        members.push(Member::packed(&format!("{method}.log"), &text, method));
    }
    let mut zip = pack::zip(&members);
    zip.extend([0; 30]);
    zip.extend(pack::zip(&[Member::deflated("behind.log", &text)]));
    let expected = [
        "stored.log squid 50",
        "streamed.log squid 50",
        "wide.log squid 50",
        "wide, streamed.log squid 50",
        "empty, streamed empty 0",
        "stored, streamed.log squid 50",
        "streamed.zip!/x squid 50",
        "streamed.zip!/y empty 0",
        "empty empty 0",
        "8.log squid 50",
        "12.log squid 50",
        "14.log squid 50",
        "93.log squid 50",
        "95.log squid 50",
        "behind.log squid 50",
    ];
    assert_eq!(told(&outcomes(&zip)), expected);
}

#[test]
fn what_cannot_be_read_of_a_zip_is_a_fault_and_the_rest_is_read() {
    let text = log(2);
    let length = text.len() as u64;
    let zip = pack::zip(&[
        Member::deflated("a", &text),
        Member::stored("b", &text).encrypted(),
        Member::stored("c", &text).encrypted().streamed(),
        Member::packed("d", &text, 12).streamed(),
        Member { method: 98, ..Member::stored("e", &text) },
        Member { method: 14, ..Member::stored("lying", &text) },
        Member { crc: 7, ..Member::deflated("f", &text) },
        Member { crc: 7, ..Member::deflated("g", &text).streamed() },
        Member { size: 9_999, ..Member::stored("h", &text) },
        Member::deflated("i", &text),
    ]);
    let read = told(&outcomes(&zip));
    let (archive, members) = read.split_last().expect("some streams");
    assert_eq!(
        members,
        [
            "a squid 2".to_owned(),
            "lying empty 0 decompression@0+0".to_owned(),
            format!("f squid 2 decompression@{length}+0"),
            "g squid 2".to_owned(),
            format!("h squid 2 truncated@{length}+0"),
            "i squid 2".to_owned(),
        ]
    );
    let kinds: Vec<_> = archive.split(' ').filter_map(|word| word.split_once('@')).collect();
    let kinds: Vec<_> = kinds.into_iter().map(|(kind, _)| kind).collect();
    assert!(archive.starts_with(" zip 0 "), "{archive}");
    assert_eq!(
        kinds,
        ["encrypted", "encrypted", "unsupported", "unsupported", "decompression"],
        "{archive}"
    );
}

#[test]
fn a_damaged_zip_is_read_on_at_the_next_member() {
    let text = log(200);
    let members = ["a", "b", "c"].map(|name| Member::deflated(name, &text).streamed());
    let zip = pack::zip(&members);
    let second = zip.len() / 3;
    let mut header = zip.clone();
    let at = (second - 200..second + 200).find(|at| zip[*at..].starts_with(b"PK\x03\x04"));
    header[at.expect("the second header")] = b'X';
    let read = told(&outcomes(&header));
    assert_eq!(read.len(), 3, "{read:?}");
    assert!(read[2].starts_with(" zip 0 malformed@"), "{read:?}");
    let mut data = zip;
    data[second + 50..second + 80].fill(0xff);
    let read = told(&outcomes(&data));
    assert!(read[2] == "c squid 200" && read[3].starts_with(" zip 0 decompression@"), "{read:?}");
}

#[test]
fn office_documents_stay_closed() {
    for name in ["[Content_Types].xml", "mimetype", "_rels/.rels"] {
        let document = pack::zip(&[Member::deflated(name, b"<x/>"), Member::stored("y", b"y")]);
        assert_eq!(outcome(&document).format, "unknown");
        let inside = pack::zip(&[Member::stored("a.docx", &document)]);
        assert_eq!(told(&outcomes(&inside)), ["a.docx unknown 0"]);
    }
}

#[test]
fn an_archive_of_nothing_has_a_row_of_its_own() {
    assert_eq!(told(&outcomes(&pack::zip(&[]))), [" zip 0"]);
    let folder = [pack::entry(b"folder/", b'5', b""), vec![0; 1024]].concat();
    assert_eq!(told(&outcomes(&folder)), [" tar 0"]);
    assert_eq!(told(&outcomes(&pack::gzip(&folder))), [" tar 0"]);
}

#[test]
fn members_of_tars_are_read_in_every_dialect() {
    let text = log(20);
    let long = format!("{}/long.log", "d".repeat(180));
    let mut prefixed = pack::header(b"short.log", b'0', text.len() as u64);
    prefixed[345..348].copy_from_slice(b"far");
    pack::sum(&mut prefixed);
    let mut binary = pack::header(b"binary.log", b'0', 0);
    binary[124..136].fill(0);
    binary[124] = 0x80;
    binary[132..136].copy_from_slice(&(text.len() as u32).to_be_bytes());
    pack::sum(&mut binary);
    let mut old = pack::header(b"old.log", 0, text.len() as u64);
    old[257..265].fill(0);
    pack::sum(&mut old);
    let padded = |header: [u8; 512]| {
        let mut entry = header.to_vec();
        entry.extend(&text);
        entry.resize(entry.len().next_multiple_of(512), 0);
        entry
    };
    let sized = [pack::record("size", &text.len().to_string()), pack::record("path", "é")];
    let tar = [
        padded(old),
        pack::entry(b"./folder/", b'5', b""),
        pack::entry(b"link", b'2', b""),
        padded(pack::header(b"hard", b'1', 9_999))[..512].to_vec(),
        pack::entry(b"././@LongLink", b'L', format!("{long}\0").as_bytes()),
        pack::entry(b"cut", b'0', &text),
        pack::entry(b"x", b'x', sized.concat().as_bytes()),
        padded(pack::header(b"e", b'0', 0)),
        padded(prefixed),
        padded(binary),
        vec![0; 1024],
        pack::entry(b"behind.log", b'0', &text),
        vec![0; 1024],
    ]
    .concat();
    let expected = [
        "old.log squid 20".to_owned(),
        format!("{long} squid 20"),
        "é squid 20".to_owned(),
        "far/short.log squid 20".to_owned(),
        "binary.log squid 20".to_owned(),
        "behind.log squid 20".to_owned(),
    ];
    assert_eq!(told(&outcomes(&tar)), expected);
}

#[test]
fn a_damaged_tar_is_read_on_at_the_next_header() {
    let text = log(20);
    let names: [(&str, &[u8]); 3] = [("a", &text), ("b", &text), ("c", &text)];
    let whole = pack::tar(&names);
    let entry = 512 + text.len().next_multiple_of(512);
    for damaged in 0..3 {
        let mut tar = whole.clone();
        tar[damaged * entry] ^= 1;
        let read = told(&outcomes(&tar));
        assert_eq!(read.len(), 3, "{read:?}");
        assert_eq!(read[2], format!(" tar 0 malformed@{}+{entry}", damaged * entry));
    }
    let cut = told(&outcomes(&whole[..entry + 700]));
    assert_eq!(cut[0], "a squid 20");
    assert_eq!(cut[1], "b squid 2 truncated@175+13 truncated@188+0", "{cut:?}");
    assert_eq!(cut[2], format!(" tar 0 truncated@{}+0", entry + 700));
    let sparse = [pack::entry(b"s", b'S', b"abc"), pack::tar(&names[..1])].concat();
    assert_eq!(told(&outcomes(&sparse)), ["a squid 20", " tar 0 unsupported@0+1024"]);
}

#[test]
fn a_path_says_where_a_member_lies_and_is_harmless() {
    let text = log(1);
    let inner = pack::tar(&[("../x\n", &text), ("x", &text), ("x", &text), ("/", b"?")]);
    let zip = pack::zip(&[
        Member::deflated("mail\\ann@b.example.tar.gz", &pack::gzip(&inner)),
        Member::stored("a!/b", &text),
        Member { name: b"\x81.log".to_vec(), ..Member::stored("", &text) },
        Member::stored("", &text),
        Member::stored("", &text),
    ]);
    let read = outcomes(&zip);
    let paths: Vec<_> = read.iter().map(|o| o.member.as_deref().unwrap_or_default()).collect();
    let expected = [
        "mail/ann@b.example.tar.gz!/../x␊",
        "mail/ann@b.example.tar.gz!/x",
        "mail/ann@b.example.tar.gz!/x#2",
        "a！/b",
        "ü.log",
        "unnamed",
        "unnamed#2",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn nesting_ends_at_the_cap() {
    for (name, pack) in COMPRESSIONS {
        let mut bytes = LOG.as_bytes().to_vec();
        for depth in 1..=12 {
            bytes = pack(&bytes);
            let outcome = outcome(&bytes);
            match depth {
                0..=8 => assert_eq!((outcome.format, outcome.account.records), ("squid", 1)),
                _ => {
                    assert_eq!((outcome.format, kinds(&outcome)), (*name, vec![FaultKind::TooDeep]))
                }
            }
        }
    }
    let mut zip = LOG.as_bytes().to_vec();
    for _ in 0..9 {
        zip = pack::zip(&[Member::deflated("a.zip", &zip), Member::deflated("b.zip", &zip)]);
    }
    let read = outcomes(&zip);
    assert_eq!(read.len(), 256);
    assert!(read.iter().all(|outcome| outcome.format == "zip"));
    assert!(read.iter().all(|outcome| kinds(outcome) == [FaultKind::TooDeep]));
}

#[test]
fn bombs_stop_at_the_cap() {
    let zeros = vec![0; 16 << 20];
    for (name, pack) in COMPRESSIONS {
        // 10 GiB of zeros behind a line.
        let mut bomb = pack(LOG.as_bytes());
        let part = pack(&zeros);
        (0..640).for_each(|_| bomb.extend(&part));
        let limits = Limits { free: 128 << 20, ..Limits::default() };
        let outcome = read_within(bomb.as_slice(), limits).0.only().expect("one stream");
        assert_eq!(outcome.account.records, 1, "{name}");
        assert!(outcome.bytes < 256 << 20, "{name}: {}", outcome.bytes);
        assert!(kinds(&outcome).contains(&FaultKind::TooLarge), "{name}");
    }
}

#[test]
fn a_bomb_of_nested_zips_stops_at_the_cap() {
    let mut zip = pack::zstd(&vec![0; 256 << 20]);
    for depth in 0..5 {
        let members: Vec<_> = (0..16).map(|at| format!("{depth}{at}")).collect();
        let members: Vec<_> = members.iter().map(|name| Member::deflated(name, &zip)).collect();
        zip = pack::zip(&members);
    }
    let read = outcomes(&zip);
    let bytes: u64 = read.iter().map(|outcome| outcome.bytes).sum();
    assert!(bytes < 3 << 30, "{bytes}");
    let archive = read.iter().last().expect("the archive itself");
    assert_eq!((archive.format, kinds(archive)), ("zip", vec![FaultKind::TooLarge]));
}

#[test]
fn members_without_number_stop_at_the_cap() {
    let entry = pack::header(b"a", b'0', 0);
    let mut tar = io::Cursor::new(entry).chain(Repeated { block: entry, left: 1_000_000 });
    let (read, _) = read_within(&mut tar, Limits::default());
    assert_eq!(read.len(), 100_001);
    let archive = read.iter().last().expect("the archive itself");
    assert_eq!(told(&read).last().map(String::as_str), Some(" tar 0 too-large@51200000+460800512"));
    assert_eq!(archive.bytes, 512 * 1_000_001);
    let limits = Limits { members: 2, ..Limits::default() };
    let two = pack::zip(&[Member::stored("a", b""), Member::stored("b", b"")]);
    assert_eq!(told(&read_within(two.as_slice(), limits).0), ["a empty 0", "b empty 0"]);
}

/// The same block many times.
struct Repeated {
    block: [u8; 512],
    left: u64,
}

impl Read for Repeated {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let blocks = (into.len() / 512).min(self.left as usize);
        into[..blocks * 512].as_chunks_mut::<512>().0.fill(self.block);
        self.left -= blocks as u64;
        Ok(blocks * 512)
    }
}

#[test]
fn many_damaged_members_keep_few_faults() {
    let bad = [log(20).as_slice(), &b"?\n".repeat(20)].concat();
    let members: Vec<_> = (0..200).map(|at| Member::deflated(&at.to_string(), &bad)).collect();
    let read = outcomes(&pack::zip(&members));
    let kept: Vec<_> = read.iter().map(|outcome| outcome.account.first_faults.len()).collect();
    assert_eq!((kept[0], kept[199]), (20, 10));
    assert!(read.iter().all(|outcome| outcome.account.fault_count() == 20));
}

/// One of each container, small, with a log inside.
fn small() -> Vec<Vec<u8>> {
    let text = log(3);
    let zip = pack::zip(&[
        Member::stored("a", &text),
        Member::deflated("b", &text).streamed(),
        Member::stored("c", &text).wide(),
        Member::stored("d", &text).encrypted(),
        Member::packed("e", &text, 93),
    ]);
    let tar = [
        pack::entry(b"x", b'x', pack::record("path", "p").as_bytes()),
        pack::entry(b"x", b'L', b"long\0"),
        pack::tar(&[("a", &text), ("b", b"")]),
    ]
    .concat();
    let mut all: Vec<_> = COMPRESSIONS.iter().map(|(_, pack)| pack(&text)).collect();
    all.push(pack::gzip(&tar));
    all.push(pack::zip(&[Member::deflated("t.tar", &tar), Member::stored("z.zip", &zip)]));
    all.extend([zip, tar]);
    all
}

#[test]
fn truncated_anywhere_all_is_accounted_for() {
    for container in small() {
        for length in 0..container.len() {
            outcomes(&container[..length]);
        }
    }
}

/// A kind of container around something.
fn around(kind: usize, bytes: &[u8]) -> Vec<u8> {
    match kind {
        0..=3 => COMPRESSIONS[kind].1(bytes),
        4 => pack::tar(&[("inner", bytes)]),
        5 => pack::zip(&[Member::stored("inner", bytes)]),
        6 => pack::zip(&[Member::stored("inner", bytes).streamed()]),
        7 => pack::zip(&[Member::deflated("inner", bytes).streamed()]),
        _ => pack::zip(&[Member::packed("inner", bytes, 93).wide()]),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn in_any_nesting_the_same_records_are_found(
        kinds in prop::collection::vec(0..9_usize, 1..5),
        lines in select(vec![1, 2, 50, 3_000]),
    ) {
        let text = log(lines);
        let plain = read_within(text.as_slice(), Limits::default()).1;
        let packed = kinds.iter().fold(text, |bytes, kind| around(*kind, &bytes));
        let (read, seen) = read_within(packed.as_slice(), Limits::default());
        let archives = kinds.iter().filter(|kind| **kind > 3).count();
        let path = vec!["inner"; archives].join("!/");
        let found = read.only().expect("one stream");
        prop_assert_eq!(found.member.as_deref().unwrap_or_default(), &path);
        prop_assert_eq!(found.account.fault_count(), 0);
        prop_assert_eq!(&seen.streams[&path].records, &plain.streams[""].records);
    }

    #[test]
    fn damaged_containers_are_accounted_for(
        which in any::<Index>(),
        flips in prop::collection::vec((any::<Index>(), any::<u8>()), 0..8),
        splice in prop::option::of((any::<Index>(), any::<Index>(), 0..300_usize)),
    ) {
        let all = small();
        let mut bytes = all[which.index(all.len())].clone();
        for (at, bits) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= bits;
        }
        if let Some((at, from, length)) = splice {
            let (at, from) = (at.index(bytes.len()), from.index(bytes.len()));
            let again = bytes[from..(from + length).min(bytes.len())].to_vec();
            bytes.splice(at..at, again);
        }
        let limits = Limits { free: 1 << 24, ..Limits::default() };
        read_within(bytes.as_slice(), limits);
    }
}
