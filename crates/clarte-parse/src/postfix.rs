//! Postfix's lines in a mail server's syslog, each a record of its own; the
//! lines of one message are joined by queue id over the whole case, elsewhere.
//!
//! Spec: `postlog(1)`, RFC 3164, RFC 5424. Left out: lines that say nothing
//! about a message (connects, warnings, statistics, bounces' own ids) and other
//! programs' lines, which are skipped.
//!
//! # Lines without a year
//!
//! Classic syslog writes neither year nor zone, and the year does not follow
//! from one file. The record of such a line has no time; its `unmapped` holds
//! `{"yearless":"01-06T03:19:31","zone":"Europe/Brussels","turn":0}`: the local
//! time, the zone given with `--zone postfix=…` (else UTC), and how often the
//! year had turned since the beginning of the file. Who resolves the year reads
//! all lines of one turn together. An earlier date is a turn if it lies back by
//! more than a week (lines of several processes may overtake each other); a
//! December line that comes late in January belongs to the turn before, so that
//! `turn` can be -1.

mod facts;
mod syslog;

use clarte_model::{Class, Fault, FaultKind, Field, Record, Sink, Skipped, Source};

use crate::lines::{Line, Piece};
use crate::{Context, Format, Input, Output, time, value};
use syslog::{Stamp, Turns};

pub(crate) struct Postfix;

impl Format for Postfix {
    fn recognises(&self, head: &[u8]) -> bool {
        let whole = memchr::memrchr(b'\n', head).map_or(head.len(), |end| end + 1);
        let head = &head[..whole];
        let most = memchr::memchr_iter(b'\n', head).count() + 1;
        let lines = head.split(|byte| *byte == b'\n');
        let (mut foreign, mut syslog, mut ours) = (0, 0, 0);
        for line in lines.filter(|line| !line.trim_ascii().is_empty()) {
            let text = syslog::may_begin(line).then(|| value::text(line.trim_ascii_end()).0);
            match text.as_deref().and_then(syslog::split) {
                Some(entry) => {
                    syslog += 1;
                    ours += usize::from(entry.daemon().is_some());
                }
                None => foreign += 1,
            }
            if foreign * 2 > most {
                // The others can be no majority any more.
                return false;
            }
        }
        ours > 0 && syslog > foreign
    }

    fn read(&self, input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> &'static str {
        let mut clock = Clock { zone: context.zones.get("postfix"), turns: Turns::default() };
        // The turns of the year follow from line to line: nothing can be cut.
        input.for_each_run(out, |run, offset, out| {
            let text = Piece::new(run, offset);
            text.lines().for_each(|line| read_line(&line, &mut clock, out.sink()));
        });
        "postfix"
    }

    fn is_local(&self) -> bool {
        true
    }
}

/// What is needed to place a line in time.
struct Clock {
    zone: jiff::tz::TimeZone,
    turns: Turns,
}

fn read_line(line: &Line<'_>, clock: &mut Clock, sink: &mut dyn Sink) {
    let (offset, length) = (line.offset, line.length);
    if line.text.trim_ascii().is_empty() {
        return sink.skip(offset, length, Skipped::Blank);
    }
    let mut fault = |lost, kind, detail: &str| {
        sink.fault(Fault { offset, length, lost, kind, detail: detail.to_owned() });
    };
    let Some(entry) = syslog::split(line.text) else {
        return fault(true, FaultKind::Malformed, "not a line of a syslog");
    };
    let turn = match &entry.stamp {
        Stamp::Yearless(at) => clock.turns.at(at),
        Stamp::Iso(_) => 0,
    };
    let said = entry.daemon().and_then(|daemon| facts::read(daemon, entry.message));
    let Some(mut facts) = said else {
        return sink.skip(offset, length, Skipped::Irrelevant);
    };
    if line.invalid {
        fault(false, FaultKind::Encoding, "the line is not UTF-8");
    }
    let mut record = Record::new(Class::Delivery, Source::Mta, offset, length);
    match &entry.stamp {
        Stamp::Yearless(at) => {
            let zone = clock.zone.iana_name().unwrap_or("UTC");
            facts.unmapped.text("yearless", &at.to_string()).text("zone", zone);
            facts.unmapped.integer("turn", turn);
        }
        Stamp::Iso(text) => {
            let basis = clarte_model::ZoneBasis::Offset;
            match time::plausible(time::iso(text, basis, Some(&clock.zone))) {
                Ok(moment) => record.time = Some(moment),
                Err(kind) => fault(false, kind, "the line's time cannot be its time"),
            }
        }
    }
    record.text(Field::LogName, "postfix").text(Field::Reporter, entry.host);
    fill(&mut record, facts);
    sink.record(&record);
}

fn fill<'a>(record: &mut Record<'a>, facts: facts::Facts<'a>) {
    let facts::Facts { fields, recipient, mut unmapped } = facts;
    for (field, text) in fields {
        match field {
            Field::MailEnvelopeFrom => match clarte_model::address::normalise(text) {
                Some(address) => _ = record.text(field, address),
                None => _ = unmapped.text("from", text),
            },
            Field::SrcIp | Field::DstIp => {
                if let Some(ip) = value::ip(text) {
                    record.text(field, ip);
                }
            }
            Field::DstHostname => {
                if let Some(host) = value::host(text.into()) {
                    record.text(field, host);
                }
            }
            _ => _ = record.text(field, text),
        }
    }
    match recipient.map(|text| (text, clarte_model::address::normalise(text))) {
        Some((_, Some(address))) => _ = record.texts(Field::MailTo, [address]),
        Some((text, None)) => _ = unmapped.text("to", text),
        None => {}
    }
    record.text(Field::Unmapped, unmapped.finish());
}
