//! ISC dhcpd's database of leases: a block a lease, appended each time one
//! changes, so that a file holds the history since it was last written anew.
//!
//! `lease 192.0.2.10 { starts 3 2021/01/06 03:19:31; … }`. Times are UTC, or
//! Unix times under `db-time-format local`. A record's time is the lease's start.

use clarte_model::time::SECOND;
use clarte_model::{
    Class, Fault, FaultKind, Field, Moment, Precision, Record, Sink, Skipped, Source, ZoneBasis,
};

use crate::input::LINE_CAP;
use crate::{Input, Output, json::Object, time, value};

const NAME: &str = "dhcp.leases";

/// More lines than any block has.
const LINES_CAP: u64 = 200;

/// Whether there is a lease with a start among the first lines, and nothing but
/// what the file may hold before it.
pub(super) fn recognises(head: &[u8]) -> bool {
    let mut in_lease = false;
    for (at, line) in head.split(|byte| *byte == b'\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        let Ok(line) = std::str::from_utf8(line) else { return false };
        if opens(line).is_some() {
            in_lease = true;
        } else if in_lease && line.starts_with("starts ") && line.contains(';') {
            return true;
        } else if at > 0 && !in_lease && !line.ends_with([';', '{', '}']) {
            // A file may begin in the middle of a line, of a lease even.
            return false;
        }
    }
    false
}

/// The address of the lease that the line begins.
fn opens(line: &str) -> Option<&str> {
    line.strip_prefix("lease ")?.strip_suffix('{').map(str::trim_ascii)
}

/// A block while its lines come in.
struct Block {
    offset: u64,
    length: u64,
    lines: u64,
    lease: Lease,
}

/// What a block says.
#[derive(Default)]
struct Lease {
    ip: String,
    starts: Option<String>,
    ends: Option<String>,
    state: String,
    mac: Option<String>,
    name: String,
    /// Whether some of it is not UTF-8.
    invalid: bool,
}

pub(super) fn read(input: &mut Input<'_>, out: &mut Output<'_>) -> &'static str {
    let sink = out.sink();
    let mut block: Option<Block> = None;
    while let Some(line) = input.next_line(LINE_CAP) {
        let (offset, length) = (line.offset, line.length);
        let (text, invalid) = value::text(line.bytes.trim_ascii());
        let broken = line.too_long || line.cut;
        if broken || opens(&text).is_some() || block.as_ref().is_some_and(|b| b.lines > LINES_CAP) {
            // The block before was never closed.
            lose(&mut block, sink);
        }
        if broken {
            let detail = "a line over 1 MiB or cut off".to_owned();
            let kind = FaultKind::Truncated;
            sink.fault(Fault { offset, length, lost: true, kind, detail });
            continue;
        }
        if let Some(ip) = opens(&text) {
            let lease = Lease { ip: ip.to_owned(), ..Lease::default() };
            block = Some(Block { offset, length: 0, lines: 0, lease });
        }
        match &mut block {
            Some(open) => {
                open.length += length;
                open.lines += 1;
                open.lease.invalid |= invalid;
                if text != "}" {
                    open.lease.take(&text);
                } else if let Some(done) = block.take() {
                    finish(&done, sink);
                }
            }
            None if text.is_empty() => sink.skip(offset, length, Skipped::Blank),
            None if text.starts_with('#') => sink.skip(offset, length, Skipped::Comment),
            None => sink.skip(offset, length, Skipped::Irrelevant),
        }
    }
    lose(&mut block, sink);
    NAME
}

/// Gives up a block that was never closed, if there is one.
fn lose(block: &mut Option<Block>, sink: &mut dyn Sink) {
    if let Some(Block { offset, length, .. }) = block.take() {
        let detail = "a lease that is never closed".to_owned();
        let kind = FaultKind::Truncated;
        sink.fault(Fault { offset, length, lost: true, kind, detail });
    }
}

impl Lease {
    /// Takes a statement.
    fn take(&mut self, line: &str) {
        // Unix times are followed by a comment that says the same.
        let Some(statement) = line.split(';').next().filter(|_| line.contains(';')) else { return };
        if let Some(time) = statement.strip_prefix("starts ") {
            self.starts = Some(time.to_owned());
        } else if let Some(time) = statement.strip_prefix("ends ") {
            self.ends = Some(time.to_owned());
        } else if let Some(state) = statement.strip_prefix("binding state ") {
            self.state = state.to_owned();
        } else if let Some(mac) = statement.strip_prefix("hardware ethernet ") {
            self.mac = value::mac(mac);
        } else if let Some(name) = statement.strip_prefix("client-hostname ") {
            self.name = name.trim_matches('"').to_owned();
        }
    }
}

fn finish(block: &Block, sink: &mut dyn Sink) {
    let (offset, length, lease) = (block.offset, block.length, &block.lease);
    let fault =
        |lost, kind, detail: &str| Fault { offset, length, lost, kind, detail: detail.to_owned() };
    let Some(ip) = value::ip(&lease.ip) else {
        return sink.fault(fault(true, FaultKind::BadValue, "a lease of no address"));
    };
    if lease.invalid {
        sink.fault(fault(false, FaultKind::Encoding, "the lease is not UTF-8"));
    }
    let mut record = Record::new(Class::Dhcp, Source::Dhcp, offset, length);
    let mut unmapped = Object::default();
    record.text(Field::LogName, NAME).text(Field::StatusDetail, lease.state.as_str());
    let starts = lease.starts.as_deref().and_then(moment);
    match time::plausible(starts) {
        Ok(moment) => record.time = Some(moment),
        Err(kind) => sink.fault(fault(false, kind, "the lease's start cannot be its time")),
    }
    let ends = lease.ends.as_deref().and_then(moment);
    if let (Some(starts), Some(ends)) = (record.time, ends)
        && let Some(seconds @ 0..) = ends.at.0.checked_sub(starts.at.0)
    {
        record.integer(Field::LeaseDuration, seconds / SECOND);
    }
    record.text(Field::SrcHostname, lease.name.as_str());
    // Of a lease that is over the block still tells whose it was; without a
    // client there never was one.
    match &lease.mac {
        Some(mac) if lease.state != "abandoned" => {
            record.text(Field::SrcMac, mac.as_str()).text(Field::LeasedIp, ip);
        }
        _ => _ = unmapped.text("ip", &ip),
    }
    record.text(Field::Unmapped, unmapped.finish());
    sink.record(&record);
}

/// `3 2021/01/06 03:19:31`, `epoch 1609903171`, or `never`.
fn moment(text: &str) -> Option<Moment> {
    if let Some(seconds) = text.strip_prefix("epoch ") {
        return time::unix(seconds.trim_ascii());
    }
    let (_weekday, rest) = text.split_once(' ')?;
    let (date, clock) = rest.trim_ascii().split_once(' ')?;
    let iso = format!("{}T{clock}Z", date.replace('/', "-"));
    let found = time::iso(&iso, ZoneBasis::Utc, None)?;
    Some(Moment { precision: Precision::Second, ..found })
}
