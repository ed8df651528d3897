//! By how much the clocks of two logs differ, told from events that both saw:
//! a request that a proxy and a sensor noted, a message in a server's log and in
//! a mailbox, a lease that the server and the wire show.
//!
//! Of each event the earliest record of each log counts. The estimate is the
//! middle of the shortest interval that holds half of all differences: neither
//! what was fetched twice nor what was delivered late moves it. Where no such
//! interval is short, or the pairs are few, nothing is said. Times are never
//! corrected: whoever investigates gives `--zone`, or knows.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use clarte_model::lake::{ObservableKind, Only, ReadError, Records};
use clarte_model::time::SECOND;
use clarte_model::{Class, Field, Source, Timestamp, ZoneBasis};

use crate::answer::ClockSkew;
use crate::narrow;

/// How many events are compared of each kind, and how many values that show
/// every day.
const EVENTS: usize = 4_096;
const DAILY: usize = 128;

/// The least pairs that tell anything: of as many, half do not agree by chance.
const PAIRS: usize = 8;

/// Seconds within which half of the differences lie where there is a centre:
/// what servers take to hand a message on.
const CENTRE: f64 = 120.0;

/// The least difference that a wrong zone makes, and what zones are multiples
/// of, in seconds.
const ZONE: f64 = 900.0;
const LEAST_ZONE: f64 = 1_800.0;

/// Something that several logs tell of.
struct Kind {
    classes: &'static [Class],
    key: Field,
    index: ObservableKind,
    /// How many records of one event there may be.
    most: u64,
    /// What else must be equal; then it happens anew every day.
    also: Option<Field>,
    /// Logs of sources that must both be in evidence.
    sources: [Source; 2],
}

const KINDS: &[Kind] = &[
    Kind {
        classes: &[Class::Http],
        key: Field::HttpUrl,
        index: ObservableKind::Url,
        most: 4,
        also: None,
        sources: [Source::Proxy, Source::Http],
    },
    Kind {
        classes: &[Class::Email, Class::Delivery],
        key: Field::MailMessageId,
        index: ObservableKind::MessageId,
        most: 16,
        also: None,
        sources: [Source::Mta, Source::Mail],
    },
    Kind {
        classes: &[Class::Dhcp],
        key: Field::SrcMac,
        index: ObservableKind::Mac,
        most: u64::MAX,
        also: Some(Field::LeasedIp),
        sources: [Source::Dhcp, Source::Dhcp],
    },
];

/// A log, by its format's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Log {
    /// Whether its zone was assumed, and then whether it is a server's: such
    /// clocks are held against the others.
    is_sure: bool,
    is_witness: bool,
    name: String,
    source: Source,
}

/// Every two logs whose clocks can be compared.
pub(crate) fn read(
    records: &dyn Records,
    sources: &BTreeSet<Source>,
) -> Result<Vec<ClockSkew>, ReadError> {
    let mut all = Vec::new();
    for kind in KINDS.iter().filter(|kind| kind.sources.iter().all(|one| sources.contains(one))) {
        let mut differences: BTreeMap<(Log, Log), Vec<i64>> = BTreeMap::new();
        for (_, logs) in sightings(records, kind)? {
            for (at, (a, first)) in logs.iter().enumerate() {
                for (b, second) in logs.iter().skip(at + 1) {
                    let is_pair = a.source != b.source || kind.sources[0] == kind.sources[1];
                    if is_pair && a.name != b.name {
                        let apart = first.0.saturating_sub(second.0);
                        differences.entry((a.clone(), b.clone())).or_default().push(apart);
                    }
                }
            }
        }
        let told = |((a, b), apart): ((Log, Log), Vec<i64>)| estimate(&a, &b, apart);
        all.extend(differences.into_iter().filter_map(told));
    }
    all.sort_by(|a, b| (&a.source, &a.against).cmp(&(&b.source, &b.against)));
    Ok(all)
}

type Sightings = BTreeMap<(String, String), Vec<(Log, Timestamp)>>;

/// The earliest record of each event in each log, logs in order.
fn sightings(records: &dyn Records, kind: &Kind) -> Result<Sightings, ReadError> {
    let keys = sample(records, kind)?;
    let only = [Only { field: kind.key, values: &keys }];
    let mut fields = vec![kind.key, Field::LogName];
    fields.extend(kind.also);
    let mut events: BTreeMap<(String, String), BTreeMap<Log, Timestamp>> = BTreeMap::new();
    for class in kind.classes {
        narrow::scan(records, *class, &fields, &only, &mut |stored| {
            let record = stored.record;
            let (Some(key), Some(time)) = (record.get_text(kind.key), record.time) else { return };
            if !keys.contains(key) {
                return;
            }
            let also = match kind.also.map(|field| record.get_text(field)) {
                Some(None) => return,
                Some(Some(text)) => format!("{text} {}", time.at.seconds().div_euclid(86_400)),
                None => String::new(),
            };
            let source = record.source;
            let log = Log {
                is_sure: time.basis != ZoneBasis::LocalAssumed,
                is_witness: !matches!(source, Source::Proxy | Source::Mta | Source::Dhcp),
                name: record.get_text(Field::LogName).unwrap_or(source.as_str()).to_owned(),
                source,
            };
            let logs = events.entry((key.to_owned(), also)).or_default();
            let earliest = logs.entry(log).or_insert(time.at);
            *earliest = time.at.min(*earliest);
        })?;
    }
    Ok(events.into_iter().map(|(key, logs)| (key, logs.into_iter().collect())).collect())
}

/// Values that few records show; of too many those that a hash picks, so that
/// neither order nor spelling does.
fn sample(records: &dyn Records, kind: &Kind) -> Result<BTreeSet<String>, ReadError> {
    let mut sample: BTreeSet<(u64, String)> = BTreeSet::new();
    let most = if kind.also.is_some() { DAILY } else { EVENTS };
    records.values(kind.index, &mut |seen| {
        if !(2..=kind.most).contains(&seen.count) {
            return;
        }
        let mut hasher = DefaultHasher::new();
        seen.value.hash(&mut hasher);
        let hash = hasher.finish();
        if sample.len() < most || sample.last().is_some_and(|(last, _)| hash < *last) {
            sample.insert((hash, seen.value.to_owned()));
        }
        if sample.len() > most {
            sample.pop_last();
        }
    })?;
    Ok(sample.into_iter().map(|(_, value)| value).collect())
}

/// By how much the first log is ahead of the second.
fn estimate(a: &Log, b: &Log, mut apart: Vec<i64>) -> Option<ClockSkew> {
    let pairs = apart.len();
    if pairs < PAIRS {
        return None;
    }
    apart.sort_unstable();
    let half = pairs / 2 + 1;
    let width =
        |half: &[i64]| half.last().zip(half.first()).map_or(0, |(b, a)| b.saturating_sub(*a));
    let shortest = apart.windows(half).min_by_key(|half| width(half))?;
    let in_seconds = |nanoseconds: i64| (nanoseconds as f64 / SECOND as f64 * 10.0).round() / 10.0;
    let spread = in_seconds(width(shortest));
    if spread > CENTRE {
        return None;
    }
    // All that lies near the centre counts, not only its narrowest half.
    let middle = *shortest.get(half / 2)?;
    let near = (CENTRE * SECOND as f64) as u64;
    let near: Vec<i64> = apart.iter().copied().filter(|at| at.abs_diff(middle) <= near).collect();
    let seconds = in_seconds(*near.get(near.len() / 2)?);
    let to_zone = (seconds.abs() / ZONE).round() * ZONE;
    let is_zone = seconds.abs() >= LEAST_ZONE && (seconds.abs() - to_zone).abs() <= CENTRE;
    let ahead = match seconds {
        0.0 => "agrees with that of".to_owned(),
        seconds if seconds > 0.0 => format!("is {seconds} s ahead of that of"),
        seconds => format!("is {} s behind that of", -seconds),
    };
    let assumed: Vec<_> = [a, b]
        .into_iter()
        .filter(|log| !log.is_sure)
        .map(|log| format!("--zone {}=…", log.name))
        .collect();
    let zone = match (is_zone, assumed.is_empty()) {
        (true, false) => format!(": probably a wrong zone, see {}", assumed.join(" and ")),
        (true, true) => ": probably local time written as if it were UTC".to_owned(),
        (false, _) => String::new(),
    };
    let reason = format!(
        "by {pairs} events that both saw, half of them within {spread} s, the clock of {} {ahead} \
         {}{zone}",
        a.name, b.name
    );
    Some(ClockSkew {
        source: a.name.clone(),
        against: b.name.clone(),
        seconds,
        pairs: pairs as u64,
        spread,
        reason,
    })
}
