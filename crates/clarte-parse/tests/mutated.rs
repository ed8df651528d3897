//! Evidence as it is, and copies of it that are cut, flipped and spliced: no
//! panic, no hang, and every byte accounted for.
//!
//! The shared data and every sample of ours, plain and packed. A plain run takes
//! few copies of each file, `CLARTE_MUTATIONS=200` as many as that; which ones
//! follows from the file's place in the list and the copy's number. What was read
//! slowest is printed (`--nocapture`), for whoever looks for a hang.

#![expect(clippy::print_stdout, reason = "what was read, and how fast, is for people")]

mod pack;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clarte_model::{Fault, Record, Sink, Skipped, Streams};
use clarte_parse::{Context, read};
use pack::{COMPRESSIONS, Member};

/// Larger files are read, but not mutated.
const CAP: usize = 256 << 10;

#[test]
fn mutated_data_is_accounted_for() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("CLARTE_DATA").map_or(beside, PathBuf::from).join("logs");
    if !data.is_dir() {
        println!("skipped: no data in {}", data.display());
        return;
    }
    let files = files(&data).into_iter().map(|path| {
        let bytes = fs::read(&path).expect("a readable file");
        (path.strip_prefix(&data).unwrap_or(&path).display().to_string(), bytes)
    });
    mutate("data", &files.collect::<Vec<_>>(), 1);
}

#[test]
fn mutated_samples_are_accounted_for() {
    let samples = samples();
    let packed: Vec<_> = samples.iter().flat_map(packed).collect();
    mutate("samples", &samples, 4);
    mutate("packed samples", &packed, 1);
}

/// Reads every file, and copies of those that are small enough: as many as the
/// environment says, else `few`.
fn mutate(what: &str, files: &[(String, Vec<u8>)], few: u64) {
    let count = std::env::var("CLARTE_MUTATIONS").ok().and_then(|text| text.parse().ok());
    let count = count.unwrap_or(few);
    let mut tally = Tally::default();
    for (at, (name, bytes)) in files.iter().enumerate() {
        tally.read(name, bytes);
        if bytes.len() > CAP {
            continue;
        }
        for number in 0..count {
            let mut dice = Dice::new(at as u64 * 1_000_003 + number);
            let other = &files[dice.below(files.len())].1;
            tally.read(&format!("{name}, copy {number}"), &mutated(bytes, other, &mut dice));
        }
    }
    println!("{what}: {} files, {count} copies each, {tally:?}", files.len());
}

/// A copy that is cut, flipped or spliced with another file, or all of these.
fn mutated(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut copy = bytes.to_vec();
    for _ in 0..=dice.below(3) {
        let (from, to) = dice.range(copy.len(), copy.len());
        match dice.below(6) {
            0 => copy.truncate(from),
            1 => drop(copy.drain(..from)),
            2 => drop(copy.drain(from..to)),
            3 => {
                for _ in 0..=dice.below(16) {
                    let at = dice.below(copy.len());
                    if let Some(byte) = copy.get_mut(at) {
                        *byte ^= 1 << dice.below(8);
                    }
                }
            }
            4 => {
                let (first, last) = dice.range(other.len(), 4 << 10);
                copy.splice(from..from, other[first..last].iter().copied());
            }
            _ => {
                // Its own bytes in another place.
                let (first, last) = dice.range(copy.len(), 4 << 10);
                let again = copy[first..last].to_vec();
                copy.splice(from..to.min(from + again.len()), again);
            }
        }
    }
    copy
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`; 0 if there is none.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ (word >> 31)) % (end.max(1) as u64)) as usize
    }

    /// A range below `end`, of at most `most`.
    fn range(&mut self, end: usize, most: usize) -> (usize, usize) {
        let from = self.below(end + 1);
        let length = self.below((end - from).min(most) + 1);
        (from, from + length)
    }
}

/// What was read, and what was read slowest.
#[derive(Default, Debug)]
struct Tally {
    read: u64,
    bytes: u64,
    /// What came out of containers, and what was in none.
    unpacked: u64,
    records: u64,
    faults: u64,
    took: Duration,
    slowest: (Duration, String),
}

impl Tally {
    fn read(&mut self, name: &str, bytes: &[u8]) {
        let before = self.unpacked;
        let took = self.take(name, bytes);
        self.took += took;
        self.read += 1;
        self.bytes += bytes.len() as u64;
        // A few bytes may come to many, and then take as long as many.
        let length = (self.unpacked - before).max(bytes.len() as u64);
        let pace = |took: Duration| took / u32::try_from(length >> 16).unwrap_or(u32::MAX).max(1);
        if pace(took) > self.slowest.0 {
            // The machine may have been busy with something else.
            let again = took.min(Self::default().take(name, bytes));
            let what = format!("{name}: {again:?} for {length} bytes");
            self.slowest = self.slowest.clone().max((pace(again), what));
        }
    }

    /// Reads the bytes; how long that took.
    fn take(&mut self, name: &str, bytes: &[u8]) -> Duration {
        let begun = Instant::now();
        let mut ends = Ends::default();
        let outcomes = read(&mut &*bytes, &Context::default(), &mut ends);
        let took = begun.elapsed();
        for (outcome, end) in outcomes.iter().zip(ends.0) {
            assert!(outcome.account.is_exact(outcome.bytes), "{name}: {outcome:?}");
            assert!(end <= outcome.bytes, "{name}: {outcome:?}");
            self.unpacked += outcome.bytes;
            self.records += outcome.account.records;
            self.faults += outcome.account.fault_count();
        }
        took
    }
}

/// How far the spans of each stream reach.
#[derive(Default)]
struct Ends(Vec<u64>);

impl Ends {
    fn pass(&mut self, offset: u64, length: u64) {
        let end = self.0.last_mut().expect("a stream has begun");
        *end = (*end).max(offset + length);
    }
}

impl Sink for Ends {
    fn record(&mut self, record: &Record<'_>) {
        self.pass(record.offset, record.length);
    }
    fn fault(&mut self, fault: Fault) {
        self.pass(fault.offset, fault.length);
    }
    fn skip(&mut self, offset: u64, length: u64, _: Skipped) {
        self.pass(offset, length);
    }
}

impl Streams for Ends {
    fn begin(&mut self, _: Option<&Arc<str>>) {
        self.0.push(0);
    }
}

/// Every sample of every format.
fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let is_sample = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "in");
    let paths = files(&folder).into_iter().filter(is_sample);
    paths
        .map(|path| {
            let name = path.strip_prefix(&folder).unwrap_or(&path).display().to_string();
            (name, fs::read(&path).expect("a readable sample"))
        })
        .collect()
}

/// The same in one compression and one archive each, in turn.
fn packed((name, bytes): &(String, Vec<u8>)) -> Vec<(String, Vec<u8>)> {
    let (method, pack) = COMPRESSIONS[bytes.len() % COMPRESSIONS.len()];
    let archive = match bytes.len() % 3 {
        0 => pack::zip(&[Member::stored("a", bytes), Member::deflated("b", bytes)]),
        1 => pack::zip(&[Member::deflated(name, &pack(bytes))]),
        _ => pack::tar(&[(name, bytes)]),
    };
    vec![(format!("{name}.{method}"), pack(bytes)), (format!("{name}, archived"), archive)]
}

/// Every file below the folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
