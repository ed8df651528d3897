//! What holds for every format whatever the bytes: no panic, every byte
//! accounted for once, no span behind the end of the stream.

use std::collections::BTreeMap;
use std::sync::Arc;

use clarte_model::{Fault, Field, Record, Sink, Skipped, Streams};
use clarte_parse::{Context, FORMATS, Format, Limits, Mapping, Outcome, Whole, read, read_as};

/// Reads `bytes` as the format of that name, whether they look like it or not.
pub fn one_format(name: &str, bytes: &[u8]) {
    let known = FORMATS.iter().find(|(known, _)| *known == name);
    let (_, format) = known.expect("targets are named for formats");
    as_format(*format, bytes);
}

/// Reads `bytes` by mappings of both containers, whether they fit or not.
pub fn mapped(bytes: &[u8]) {
    for text in [
        include_str!("../../crates/clarte-parse/samples/mapped/firewall.toml"),
        include_str!("../../crates/clarte-parse/samples/mapped/leases.toml"),
        include_str!("../../crates/clarte-parse/samples/mapped/nested.toml"),
        include_str!("../../crates/clarte-parse/samples/mapped/cloudtrail.toml"),
    ] {
        as_format(&Mapping::read(text, |_| Field::ALL).expect("a sample's mapping"), bytes);
    }
}

/// Takes `bytes` for a mapping file; where it is one, reads it by itself.
pub fn mapping(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(mapping) = Mapping::read(text, |_| Field::ALL)
    {
        assert!(!mapping.kinds().is_empty() && !mapping.format().is_empty());
        as_format(&mapping, bytes);
    }
}

/// Takes `bytes` for a file of evidence items, and asks all that is asked of items.
pub fn items(bytes: &[u8]) {
    let file = clarte_attribution::items_file::read(bytes);
    for fault in &file.faults {
        assert!(fault.offset + fault.length <= bytes.len() as u64, "{fault:?}");
    }
    let items = &file.items;
    let groups = clarte_attribution::groups(items);
    let grouped: usize = groups.iter().map(|group| group.items.len()).sum();
    assert_eq!(grouped, items.len(), "an item in no group, or in two");
    let actors = items.iter().flat_map(|item| item.supports.iter().chain(&item.opposes));
    for actor in actors.take(20) {
        let weighed = clarte_attribution::combined(items, &groups, &actor.actor);
        let is_capped =
            |(channel, ratio): (&clarte_attribution::Channel, &f64)| ratio.abs() <= channel.cap();
        assert!(weighed.total.is_finite() && weighed.channels.iter().all(is_capped));
    }
    clarte_attribution::circles(items);
    clarte_attribution::ladder(items, &[]);
    clarte_attribution::confidence(items, &groups, 1.0, |_| true);
}

fn as_format(format: &dyn Format, bytes: &[u8]) {
    let mut reach = Reach::default();
    let outcome = read_as(format, &mut &*bytes, &Context::default(), &mut reach);
    check(&outcome, &reach);
    assert_eq!(outcome.bytes, bytes.len() as u64);
}

/// Reads `bytes` as whatever they look like, containers opened.
pub fn any_format(bytes: &[u8]) {
    whole((&mut &*bytes).into());
}

/// The same of a file that is also read at any place.
pub fn any_format_at(bytes: &[u8]) {
    whole(Whole::new(&mut &*bytes, Some(&bytes.to_vec())));
}

fn whole(file: Whole<'_>) {
    // Small ones, so that they are reached, and time is not lost on bombs.
    let limits = Limits { free: 1 << 20, members: 100, window: 1 << 20, ..Limits::default() };
    let context = Context { limits, ..Context::default() };
    let mut reaches = Reaches::default();
    let outcomes = read(file, &context, &mut reaches);
    assert_eq!(outcomes.len(), reaches.streams.len(), "a stream without an outcome");
    for outcome in &outcomes {
        let member = outcome.member.as_deref().unwrap_or_default();
        check(outcome, &reaches.streams[member]);
    }
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

/// The same of every stream, by member.
#[derive(Default)]
struct Reaches {
    streams: BTreeMap<String, Reach>,
    member: String,
}

impl Reaches {
    fn reach(&mut self) -> &mut Reach {
        self.streams.get_mut(&self.member).expect("a stream has begun")
    }
}

impl Sink for Reaches {
    fn record(&mut self, record: &Record<'_>) {
        self.reach().record(record);
    }
    fn fault(&mut self, fault: Fault) {
        self.reach().fault(fault);
    }
    fn skip(&mut self, offset: u64, length: u64, why: Skipped) {
        self.reach().skip(offset, length, why);
    }
}

impl Streams for Reaches {
    fn begin(&mut self, member: Option<&Arc<str>>) {
        self.member = member.map(ToString::to_string).unwrap_or_default();
        let before = self.streams.insert(self.member.clone(), Reach::default());
        assert!(before.is_none(), "two streams of one name");
    }
}
