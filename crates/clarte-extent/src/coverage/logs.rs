//! Several logs of one source, each held against its own rhythm: of two proxies
//! one may stop while the other goes on.
//!
//! A log is what one machine wrote, where its lines say which (syslog); else the
//! files of one folder whose names differ in nothing but numbers, as rotation
//! leaves them, unless their times overlap: then each is a log of its own.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{self, ReadError, Records, Stored};
use clarte_model::{Class, Field, Source, Timestamp};

use super::{IMPROBABLE, Timeline, hour_of};
use crate::answer::{Coverage, Gap};
use crate::cite::Places;

/// The classes of logs that several machines of one kind write.
const CLASSES: &[Class] =
    &[Class::Http, Class::Dns, Class::Tls, Class::Network, Class::Dhcp, Class::Delivery];

/// How many hours of all logs are remembered.
const HOURS: usize = 1 << 19;

/// How many logs of one source are told apart.
const LOGS: usize = 64;

/// The hours, two weeks of them, after which a log has a rhythm by which its end
/// can be called a silence.
const RHYTHM: i64 = 14 * 24;

/// Of each source with several logs those that fell silent.
pub(crate) fn silent(records: &dyn Records, places: &Places) -> Result<Vec<Coverage>, ReadError> {
    let mut all = Vec::new();
    for (source, files) in files(records, places)? {
        let logs = logs(files);
        if !(2..=LOGS).contains(&logs.len()) {
            continue;
        }
        let end = logs.values().filter_map(Timeline::bounds).map(|(_, end)| end).max();
        for (name, log) in &logs {
            let mut gaps = log.gaps();
            gaps.extend(end.and_then(|end| log.stopped(end)));
            let (Some((from, to)), false) = (log.bounds(), gaps.is_empty()) else { continue };
            all.push(Coverage {
                source: source.as_str(),
                entity: name.clone(),
                state: "partial",
                from: Some(from),
                to: Some(to),
                records: log.records,
                gaps,
            });
        }
    }
    Ok(all)
}

/// A file's or a machine's records, by hour.
type Files = BTreeMap<Log, Timeline>;

/// What tells logs apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Log {
    Machine(String),
    File(String),
}

fn files(records: &dyn Records, places: &Places) -> Result<BTreeMap<Source, Files>, ReadError> {
    let mut all: BTreeMap<Source, Files> = BTreeMap::new();
    let mut hours = 0;
    for class in CLASSES {
        // Most lines are of the same file and hour as the one before.
        let mut current: Option<Run> = None;
        records.scan(*class, &[Field::Reporter], &[], &mut |stored| {
            let record = stored.record;
            let Some(time) = record.time.filter(|_| hours < HOURS) else { return };
            match &mut current {
                Some(run) if run.is_of(&stored, time.at) => run.add(time.at),
                _ => {
                    let next = Run::new(&stored, time.at, places);
                    hours += current.replace(next).map_or(0, |run| run.keep(&mut all));
                }
            }
        })?;
        hours += current.map_or(0, |run| run.keep(&mut all));
    }
    // Which were left out would depend on the order of records.
    Ok(if hours < HOURS { all } else { BTreeMap::new() })
}

/// Records of one log and hour.
struct Run {
    source: Source,
    evidence: clarte_model::EvidenceId,
    member: Option<String>,
    reporter: Option<String>,
    log: Log,
    first: Timestamp,
    last: Timestamp,
    records: u64,
}

impl Run {
    fn new(stored: &Stored<'_>, at: Timestamp, places: &Places) -> Self {
        let reporter = stored.record.get_text(Field::Reporter).map(str::to_owned);
        let log = match &reporter {
            Some(machine) => Log::Machine(machine.clone()),
            None => {
                let path = places.get(&stored.evidence).and_then(|paths| paths.first());
                let path = path.map_or("", String::as_str);
                Log::File(match stored.member {
                    Some(member) => format!("{path}!/{member}"),
                    None => path.to_owned(),
                })
            }
        };
        Self {
            source: stored.record.source,
            evidence: stored.evidence,
            member: stored.member.map(str::to_owned),
            reporter,
            log,
            first: at,
            last: at,
            records: 1,
        }
    }

    fn is_of(&self, stored: &Stored<'_>, at: Timestamp) -> bool {
        self.source == stored.record.source
            && self.evidence == stored.evidence
            && self.member.as_deref() == stored.member
            && self.reporter.as_deref() == stored.record.get_text(Field::Reporter)
            && hour_of(self.first) == hour_of(at)
    }

    fn add(&mut self, at: Timestamp) {
        (self.first, self.last) = (self.first.min(at), self.last.max(at));
        self.records += 1;
    }

    /// How many hours are remembered more than before.
    fn keep(self, all: &mut BTreeMap<Source, Files>) -> usize {
        let timeline = all.entry(self.source).or_default().entry(self.log).or_default();
        let before = timeline.hours.len();
        let bounds = Some((self.first, self.last));
        timeline.add(&lake::Hour { source: self.source, bounds, records: self.records });
        timeline.hours.len() - before
    }
}

/// The logs that files are pieces of.
fn logs(files: Files) -> BTreeMap<String, Timeline> {
    let mut pieces: BTreeMap<Log, Files> = BTreeMap::new();
    for (log, timeline) in files {
        let whole = match &log {
            Log::Machine(_) => log.clone(),
            Log::File(path) => Log::File(without_numbers(path)),
        };
        pieces.entry(whole).or_default().insert(log, timeline);
    }
    let mut logs = BTreeMap::new();
    for (_, pieces) in pieces {
        if follow_each_other(&pieces) {
            let more = if pieces.len() > 1 { ", …" } else { "" };
            let name = pieces.keys().next().map(|log| format!("{}{more}", log.name()));
            let mut whole = Timeline::default();
            pieces.into_values().for_each(|piece| whole.join(piece));
            logs.extend(name.map(|name| (name, whole)));
        } else {
            logs.extend(pieces.into_iter().map(|(log, piece)| (log.name().to_owned(), piece)));
        }
    }
    logs
}

impl Log {
    fn name(&self) -> &str {
        match self {
            Self::Machine(name) | Self::File(name) => name,
        }
    }
}

/// The folder, and the file's name without numbers and what packing adds to it.
fn without_numbers(path: &str) -> String {
    const PACKED: &[&str] = &[".gz", ".zst", ".bz2", ".xz", ".zip"];
    let at = path.rfind('/').map_or(0, |at| at + 1);
    let (folder, name) = path.split_at(at);
    let name = PACKED.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let parts = name.split(|c: char| c.is_ascii_digit() || "-_.:".contains(c));
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    format!("{folder}{}", parts.join("."))
}

/// Whether hardly any hour is in two of the pieces.
fn follow_each_other(pieces: &Files) -> bool {
    let mut hours: BTreeSet<i64> = BTreeSet::new();
    let (mut all, mut least) = (0, usize::MAX);
    for piece in pieces.values() {
        hours.extend(piece.hours.keys());
        all += piece.hours.len();
        least = least.min(piece.hours.len());
    }
    // Rotation happens within an hour.
    pieces.len() < 2 || all - hours.len() < pieces.len() && least > 0
}

impl Timeline {
    fn join(&mut self, other: Self) {
        self.records += other.records;
        for (hour, more) in other.hours {
            let known = self.hours.entry(hour).or_insert(more);
            known.first = known.first.min(more.first);
            known.last = known.last.max(more.last);
        }
    }

    /// The silence after the last record, where the source goes on.
    fn stopped(&self, end: Timestamp) -> Option<Gap> {
        let (first, last) = self.bounds()?;
        let (from, to) = (hour_of(last) + 1, hour_of(end));
        if from - hour_of(first) < RHYTHM || to - from < super::SHORTEST {
            return None;
        }
        let chance = self.surprise(from, to);
        (chance >= IMPROBABLE).then(|| Gap {
            from: last,
            to: end,
            reason: "no record any more, while other logs of this source go on".to_owned(),
        })
    }

    /// How improbable it is by the rhythm so far that these hours, which follow
    /// it, are empty.
    fn surprise(&self, from: i64, to: i64) -> f64 {
        let slots = self.slots();
        let chance = |hour: i64| {
            let (all, empty) = slots.get(&super::slot_of(hour)).copied().unwrap_or_default();
            let each = -((f64::from(empty) + 0.5) / (f64::from(all) + 1.0)).ln();
            if each > 0.7 { each } else { 0.0 }
        };
        // No need to count the years after a log that ended long ago.
        (from..to.min(from + RHYTHM)).map(chance).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotated_files_have_one_name() {
        for (path, name) in [
            ("logs/a/access.log", "logs/a/access.log"),
            ("logs/a/access.log.12.gz", "logs/a/access.log"),
            ("logs/a/access-2021-01-06.log.zst", "logs/a/access.log"),
            ("logs/2/conn.00:00:00-01:00:00.log", "logs/2/conn.log"),
        ] {
            assert_eq!(without_numbers(path), name);
        }
    }
}
