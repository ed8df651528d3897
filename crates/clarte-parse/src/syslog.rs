//! Syslog as the carrier of other logs: its lines are read by whoever knows the
//! program that wrote them.
//!
//! A file of one program's lines bears that program's name in `intake`, whether
//! syslog carried them or the program wrote the file itself (each then has its
//! own zone, `--zone dnsmasq=…`); a mixed one, or one of other programs alone, is
//! `syslog`. Whatever the name, every known program's lines become records, and
//! those of others are skipped, as are indented lines, which go on with the one
//! before. What a relay wrote in front of a whole line is not looked at. Spec:
//! RFC 3164, RFC 5424. Left out: octet counts (RFC 6587), journald's own files.
//!
//! # Lines without a year
//!
//! Classic syslog writes neither year nor zone, and the year does not follow
//! from one file. The record of such a line has no time; its `unmapped` holds
//! `{"yearless":"01-06T03:19:31","zone":"Europe/Brussels","turn":0}`: the local
//! time, the zone given with `--zone` for the format's name (else UTC), and how
//! often the year had turned since the beginning of the file. Who resolves the
//! year reads all lines of one turn together. An earlier date is a turn if it
//! lies back by more than a week (lines of several processes may overtake each
//! other); a December line that comes late in January belongs to the turn
//! before, so that `turn` can be -1.

pub(crate) mod line;

use std::sync::Arc;

use clarte_model::{
    Class, Fault, FaultKind, Field, Moment, Precision, Record, Sink, Skipped, Source, ZoneBasis,
};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::block::ReadPiece;
use crate::json::Object;
use crate::lines::{Line, Piece};
use crate::{
    About, Context, Format, Input, Output, access, bind, dhcp, dnsmasq, exim, postfix, squid,
    suricata, time, unbound, value,
};
use line::{Entry, Stamp, Turns};

/// A program whose lines are read.
pub(crate) struct Program {
    /// The format's name, as in `intake`.
    pub(crate) name: &'static str,
    /// Whether it wrote the line.
    pub(crate) wrote: fn(&Entry<'_>) -> bool,
    /// Splits a line of its own log, where that is no syslog. Of a line that
    /// might as well be another's the program is empty.
    pub(crate) split: fn(&str) -> Option<Entry<'_>>,
    /// Puts what the line says into the draft; `false` where that is of no class
    /// we keep.
    pub(crate) read: for<'a> fn(&Entry<'a>, &mut Draft<'_, 'a>) -> bool,
}

/// Every such program.
const PROGRAMS: &[&Program] = &[
    &postfix::PROGRAM,
    &dnsmasq::PROGRAM,
    &bind::PROGRAM,
    &unbound::PROGRAM,
    &dhcp::PROGRAM,
    &exim::PROGRAM,
    &suricata::PROGRAM,
    &access::PROGRAM,
    &squid::PROGRAM,
];

/// No log of its own.
pub(crate) fn no_split(_: &str) -> Option<Entry<'_>> {
    None
}

/// A format that is the log of one program and nothing else.
pub(crate) struct Log {
    pub(crate) program: &'static Program,
    pub(crate) about: About,
    pub(crate) version: u32,
}

impl Format for Log {
    fn about(&self) -> About {
        self.about
    }

    fn recognises(&self, head: &[u8]) -> bool {
        is_only(self.program, head)
    }

    fn read(&self, input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> &'static str {
        read(self.program.name, input, context, out)
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn is_local(&self) -> bool {
        true
    }
}

/// A record while a program's line is read.
pub(crate) struct Draft<'r, 'a> {
    pub(crate) record: &'r mut Record<'a>,
    /// What has no column.
    pub(crate) unmapped: Object,
}

pub(crate) struct Syslog;

impl Format for Syslog {
    fn about(&self) -> About {
        About {
            what: "syslog of several programs (RFC 3164, RFC 5424)",
            feeds: "whatever the programs in it feed",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        let census = Census::of(head);
        census.is_syslog() && census.only().is_none()
    }

    fn read(&self, input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> &'static str {
        read("syslog", input, context, out)
    }

    /// 2: relayed lines, Suricata's and access logs.
    fn version(&self) -> u32 {
        2
    }

    fn is_local(&self) -> bool {
        true
    }
}

/// Whether the line is one of syslog.
pub(crate) fn is_carried(text: &str) -> bool {
    line::split(text).is_some()
}

/// Whether the stream is a log of `program` and of no other that we know.
pub(crate) fn is_only(program: &Program, head: &[u8]) -> bool {
    let census = Census::of(head);
    census.is_syslog() && census.only() == Some(program.name)
}

/// Whose lines there are at a stream's beginning.
#[derive(Default)]
struct Census {
    foreign: usize,
    /// Lines of syslog, or of a program's own log.
    entries: usize,
    /// Those that can be of nothing but syslog.
    sure: usize,
    /// Lines of each program.
    of: [usize; PROGRAMS.len()],
}

impl Census {
    /// Lines of which one at least must be an entry.
    const FIRST: usize = 24;

    fn of(head: &[u8]) -> Self {
        let whole = memchr::memrchr(b'\n', head).map_or(head.len(), |end| end + 1);
        let head = &head[..whole];
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let most = memchr::memchr_iter(b'\n', head).count() + 1;
        let mut census = Self::default();
        for line in head.split(|byte| *byte == b'\n') {
            let is_indented = line.starts_with(b" ") || line.starts_with(b"\t");
            let line = line.trim_ascii();
            if line.is_empty() || line.starts_with(b"-- ") {
                continue;
            }
            let text = line::may_begin(line).then(|| value::text(line).0);
            match text.as_deref().and_then(split) {
                None if is_indented => {}
                Some((entry, program)) => {
                    census.entries += 1;
                    census.sure += usize::from(is_sure(&entry));
                    let is_it = |known: &&Program| program.is_some_and(|p| p.name == known.name);
                    if let Some(at) = PROGRAMS.iter().position(is_it) {
                        census.of[at] += 1;
                    }
                }
                None => census.foreign += 1,
            }
            let hopeless = census.entries == 0 && census.foreign >= Self::FIRST;
            if hopeless || census.foreign * 2 > most {
                // The others can be no majority any more.
                break;
            }
        }
        census
    }

    fn is_syslog(&self) -> bool {
        let known: usize = self.of.iter().sum();
        // A line or two that only look like it are not enough.
        (known > 0 && self.entries > self.foreign) || (self.sure > 2 && self.sure > self.foreign)
    }

    /// The one program that we know, if it is one.
    fn only(&self) -> Option<&'static str> {
        let mut found = PROGRAMS.iter().zip(self.of).filter(|(_, count)| *count > 0);
        let (program, _) = found.next()?;
        found.next().is_none().then_some(program.name)
    }
}

/// Whether a line of no program that we know is syslog all the same, and not one
/// of the many logs that begin with a time.
fn is_sure(entry: &Entry<'_>) -> bool {
    let is_usual = match entry.stamp {
        Stamp::Iso(text) => text.contains('T'),
        _ => true,
    };
    is_usual && !entry.host.is_empty()
}

/// Splits a line and tells who wrote it.
fn split(text: &str) -> Option<(Entry<'_>, Option<&'static Program>)> {
    let mut programs = PROGRAMS.iter().copied();
    if let Some(mut entry) = line::split(text) {
        let program = programs.find(|program| (program.wrote)(&entry));
        // A program that dates its lines itself does so better.
        if let Some(own) = program.and_then(|program| (program.split)(entry.message)) {
            (entry.stamp, entry.message) = (own.stamp, own.message);
        }
        return Some((entry, program));
    }
    programs.find_map(|program| {
        let entry = (program.split)(text)?;
        let is_sure = (program.wrote)(&entry);
        Some((entry, is_sure.then_some(program)))
    })
}

/// Reads the stream as the format `name`.
pub(crate) fn read(
    name: &'static str,
    input: &mut Input<'_>,
    context: &Context,
    out: &mut Output<'_>,
) -> &'static str {
    let mut lines = Arc::new(Lines { zone: context.zones.get(name), turns: Turns::default() });
    input.for_each_run(out, |run, offset, out| {
        out.piece(&lines, run, offset);
        // The turns of the year follow from line to line.
        let mut turns = lines.turns.clone();
        turns.pass(run);
        lines = Arc::new(Lines { zone: lines.zone.clone(), turns });
    });
    name
}

/// Every line stands for itself, once it is known how often the year turned.
struct Lines {
    zone: TimeZone,
    turns: Turns,
}

impl ReadPiece for Lines {
    fn read(&self, piece: &[u8], offset: u64, sink: &mut dyn Sink) -> Option<&'static str> {
        let text = Piece::new(piece, offset);
        let mut record = Record::new(Class::Other, Source::Other, offset, 0);
        let mut turns = self.turns.clone();
        for line in text.lines() {
            record.renew(line.offset, line.length);
            read_line(&line, &self.zone, &mut turns, &mut record, sink);
        }
        None
    }
}

fn read_line<'a>(
    line: &Line<'a>,
    zone: &TimeZone,
    turns: &mut Turns,
    record: &mut Record<'a>,
    sink: &mut dyn Sink,
) {
    let (offset, length) = (line.offset, line.length);
    let text = line::without_mark(line.text);
    if text.trim_ascii().is_empty() {
        return sink.skip(offset, length, Skipped::Blank);
    }
    if text.starts_with("-- ") {
        // Where journalctl tells boots and days apart.
        return sink.skip(offset, length, Skipped::Comment);
    }
    let mut fault = |lost, kind, detail: &str| {
        sink.fault(Fault { offset, length, lost, kind, detail: detail.to_owned() });
    };
    let turn = line::yearless(text).map_or(0, |at| turns.at(&at));
    let Some((entry, program)) = split(text) else {
        if text.starts_with([' ', '\t']) {
            return sink.skip(offset, length, Skipped::Irrelevant);
        }
        return fault(true, FaultKind::Malformed, "not a line of a syslog");
    };
    let mut draft = Draft { record, unmapped: Object::default() };
    let Some(program) = program else {
        return sink.skip(offset, length, Skipped::Irrelevant);
    };
    draft.record.text(Field::LogName, program.name).text(Field::Reporter, entry.host);
    if !(program.read)(&entry, &mut draft) {
        // What breaks off may have been about to say something.
        let is_cut = !line.invalid && length == line.text.len() as u64;
        return match is_cut {
            true => fault(true, FaultKind::Truncated, "the last line breaks off"),
            false => sink.skip(offset, length, Skipped::Irrelevant),
        };
    }
    if line.invalid {
        fault(false, FaultKind::Encoding, "the line is not UTF-8");
    }
    if draft.record.time.is_none() {
        match moment(&entry.stamp, zone) {
            Some(Ok(moment)) => draft.record.time = Some(moment),
            Some(Err(kind)) => fault(false, kind, "the line's time cannot be its time"),
            None => {}
        }
    }
    if let Stamp::Yearless(at) = &entry.stamp
        && draft.record.time.is_none()
    {
        let zone = zone.iana_name().unwrap_or("UTC");
        draft.unmapped.text("yearless", &at.to_string()).text("zone", zone).integer("turn", turn);
    }
    draft.record.text(Field::Unmapped, draft.unmapped.finish());
    sink.record(draft.record);
}

/// When that is; `None` where the year is not known.
fn moment(stamp: &Stamp<'_>, zone: &TimeZone) -> Option<Result<Moment, FaultKind>> {
    let moment = match stamp {
        Stamp::Yearless(_) | Stamp::Unknown => return None,
        Stamp::Iso(text) => time::iso(text, ZoneBasis::Offset, Some(zone)),
        Stamp::Unix(text) => time::unix(text),
        Stamp::Local(at) => civil(*at, zone.to_timestamp(*at).ok(), ZoneBasis::LocalAssumed),
        Stamp::Offset(at, offset) => civil(*at, offset.to_timestamp(*at).ok(), ZoneBasis::Offset),
    };
    Some(time::plausible(moment))
}

/// The moment `at`, where a clock showed `civil`.
fn civil(civil: DateTime, at: Option<jiff::Timestamp>, basis: ZoneBasis) -> Option<Moment> {
    let precision = match civil.subsec_nanosecond() {
        0 => Precision::Second,
        _ => Precision::Subsecond,
    };
    at.map(|at| Moment { at: at.into(), precision, basis })
}
