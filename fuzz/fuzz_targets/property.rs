//! What holds for every format whatever the bytes: no panic, every byte
//! accounted for once, no span behind the end of the stream.

use clarte_model::{Fault, Record, Sink, Skipped};
use clarte_parse::{Context, FORMATS, Outcome, read, read_as};

/// Reads `bytes` as the format of that name, whether they look like it or not.
pub fn one_format(name: &str, bytes: &[u8]) {
    let known = FORMATS.iter().find(|(known, _)| *known == name);
    let (_, format) = known.expect("targets are named for formats");
    let mut reach = Reach::default();
    let outcome = read_as(*format, &mut &*bytes, &Context::default(), &mut reach);
    check(&outcome, &reach);
    assert_eq!(outcome.bytes, bytes.len() as u64);
}

/// Reads `bytes` as whatever they look like.
pub fn any_format(bytes: &[u8]) {
    let mut reach = Reach::default();
    let outcome = read(&mut &*bytes, &Context::default(), &mut reach);
    check(&outcome, &reach);
}

fn check(outcome: &Outcome, reach: &Reach) {
    assert!(outcome.account.is_exact(outcome.bytes), "{outcome:?}");
    assert!(reach.end <= outcome.bytes, "a span ends behind the stream");
}

/// Notes how far spans reach.
#[derive(Default)]
struct Reach {
    end: u64,
}

impl Sink for Reach {
    fn record(&mut self, record: &Record<'_>) {
        self.end = self.end.max(record.offset + record.length);
    }
    fn fault(&mut self, fault: Fault) {
        self.end = self.end.max(fault.offset + fault.length);
    }
    fn skip(&mut self, offset: u64, length: u64, _: Skipped) {
        self.end = self.end.max(offset + length);
    }
}
