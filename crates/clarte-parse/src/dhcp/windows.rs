//! The audit log of Windows' DHCP server: some lines of explanation, then a row
//! an event, `ID,Date,Time,Description,IP Address,Host Name,MAC Address,…`.
//!
//! The explanation is in the server's language; the rows are told by their shape.
//! Dates are month first whatever the language, times local. The log of DHCPv6
//! (`DhcpV6SrvLog-Mon.log`) has other columns behind the name; of its rows those
//! of granted and returned leases are read.

use std::sync::Arc;

use clarte_model::{
    Class, Fault, FaultKind, Field, Moment, Precision, Record, Sink, Skipped, Source, ZoneBasis,
};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::block::ReadPiece;
use crate::lines::{self, Line, Piece};
use crate::{Input, Output, json::Object, time, value};

const NAME: &str = "dhcp.windows";

/// Whether rows of an audit log follow a header, at once or after explanations,
/// or nothing is there but such rows.
pub(super) fn recognises(head: &[u8]) -> bool {
    let mut has_header = false;
    if is_rows(head) {
        return true;
    }
    for line in lines::of_head(head).take(128) {
        let line = line.trim_ascii();
        if has_header && !line.is_empty() {
            return Row::of(&value::text(line).0).is_some();
        }
        has_header |= is_header(line);
    }
    false
}

/// Whether the first lines are rows, and one of them at least of a lease; where
/// the log was cut, the first may be anything.
fn is_rows(head: &[u8]) -> bool {
    let lines = lines::of_head(head).filter(|line| !line.trim_ascii().is_empty()).take(16);
    let mut leases = 0;
    for (at, line) in lines.enumerate() {
        let text = value::text(line.trim_ascii()).0;
        match Row::of(&text) {
            Some(row) => {
                leases += usize::from(row.kind().is_some() && value::ip(row.ip).is_some());
            }
            None if at == 0 => {}
            None => return false,
        }
    }
    leases > 0
}

/// `ID,Date,Time,…`, in whatever language: the first column alone is always so.
fn is_header(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    line.get(..3).is_some_and(|id| id.eq_ignore_ascii_case(b"id,"))
        && line.iter().filter(|byte| **byte == b',').count() >= 6
}

pub(super) fn read(input: &mut Input<'_>, zone: &TimeZone, out: &mut Output<'_>) -> &'static str {
    let rows = Arc::new(Rows { zone: zone.clone() });
    input.for_each_run(out, |run, offset, out| out.piece(&rows, run, offset));
    NAME
}

/// Every row stands for itself.
struct Rows {
    zone: TimeZone,
}

impl ReadPiece for Rows {
    fn read(&self, piece: &[u8], offset: u64, sink: &mut dyn Sink) -> Option<&'static str> {
        let text = Piece::new(piece, offset);
        let mut record = Record::new(Class::Dhcp, Source::Dhcp, offset, 0);
        for line in text.lines() {
            record.renew(line.offset, line.length);
            read_line(&line, &self.zone, &mut record, sink);
        }
        None
    }
}

/// A row's first columns; later servers add more.
struct Row<'a> {
    id: &'a str,
    stamp: Option<DateTime>,
    description: &'a str,
    ip: &'a str,
    name: &'a str,
    mac: &'a str,
    user: &'a str,
    /// DHCPv6: the client's id.
    duid: &'a str,
}

impl<'a> Row<'a> {
    /// The row, if the line has the shape of one.
    fn of(text: &'a str) -> Option<Self> {
        let mut cells = text.split(',').map(str::trim_ascii);
        let mut next = || cells.next();
        let (id, date, clock) = (next()?, next()?, next()?);
        let is_of = |text: &str, separator| {
            text.len() >= 6
                && text.split(separator).count() == 3
                && text.split(separator).all(|part| time::digits(part).is_some())
        };
        let fits =
            id.len() <= 5 && time::digits(id).is_some() && is_of(date, '/') && is_of(clock, ':');
        if !fits {
            return None;
        }
        let row = Self {
            id,
            stamp: stamp(date, clock),
            description: next()?,
            ip: next()?,
            name: next()?,
            mac: next()?,
            user: next().unwrap_or_default(),
            duid: "",
        };
        Some(match row.is_v6() {
            true => Self { user: "", duid: next().unwrap_or_default(), ..row },
            false => row,
        })
    }

    /// Whether the row is of the log of DHCPv6, where an error stands in the
    /// place of the hardware address, and the id's length in that of the user.
    fn is_v6(&self) -> bool {
        self.id.len() == 5
    }

    /// What the row says in DHCP's own words; `None` for events about the
    /// server, DNS and failover, and for what was only asked for.
    fn kind(&self) -> Option<&'static str> {
        if !self.is_v6() {
            return kind(self.id);
        }
        // What answers a request is logged as the request, with an error if any.
        let what = self.description.get(7..).unwrap_or_default();
        match what {
            "Request" | "Renew" | "Rebind" if matches!(self.mac, "" | "0") => Some("ACK"),
            "Release" => Some("RELEASE"),
            "Decline" => Some("DECLINE"),
            "Expired" | "Client deleted" => Some("EXPIRE"),
            _ => None,
        }
    }
}

/// `01/06/21` and `03:19:31`.
fn stamp(date: &str, clock: &str) -> Option<DateTime> {
    let numbers = |text: &str, separator| {
        let mut parts = text.split(separator).map(time::digits);
        Some([parts.next()??, parts.next()??, parts.next()??])
    };
    let [month, day, year] = numbers(date, '/')?;
    let [hour, minute, second] = numbers(clock, ':')?;
    let year = if year < 100 { 2000 + year } else { year };
    let small = |number: i64| i8::try_from(number).ok();
    DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        0,
    )
    .ok()
}

fn read_line<'a>(line: &Line<'a>, zone: &TimeZone, record: &mut Record<'a>, sink: &mut dyn Sink) {
    let (offset, length) = (line.offset, line.length);
    let text = line.text.trim_ascii();
    if text.is_empty() {
        return sink.skip(offset, length, Skipped::Blank);
    }
    let mut fault = |lost, kind, detail: &str| {
        sink.fault(Fault { offset, length, lost, kind, detail: detail.to_owned() });
    };
    let Some(row) = Row::of(text) else {
        // A row that is cut begins like one; anything else explains.
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let is_row = (1..=5).contains(&digits) && text[digits..].starts_with(',');
        return match is_row {
            true => fault(true, FaultKind::Malformed, "not a row of an audit log"),
            false => sink.skip(offset, length, Skipped::Header),
        };
    };
    let Some(kind) = row.kind() else {
        return sink.skip(offset, length, Skipped::Irrelevant);
    };
    if line.invalid {
        fault(false, FaultKind::Encoding, "the row is not UTF-8");
    }
    let moment = row.stamp.and_then(|at| zone.to_timestamp(at).ok()).map(|at| Moment {
        at: at.into(),
        precision: Precision::Second,
        basis: ZoneBasis::LocalAssumed,
    });
    match time::plausible(moment) {
        Ok(moment) => record.time = Some(moment),
        Err(kind) => fault(false, kind, "the row's time cannot be its time"),
    }
    let mut unmapped = Object::default();
    unmapped.text("id", row.id).text("description", row.description);
    if !row.user.is_empty() {
        unmapped.text("user", row.user);
    }
    record.text(Field::LogName, NAME).text(Field::StatusDetail, kind);
    // So Windows calls an address that answers for nobody.
    if row.name != "BAD_ADDRESS" {
        record.text(Field::SrcHostname, row.name);
    }
    if !row.duid.is_empty() {
        unmapped.text("duid", row.duid);
    }
    match mac(row.mac) {
        _ if row.is_v6() => {}
        Some(mac) => _ = record.text(Field::SrcMac, mac),
        // Remote access and tunnels have ids of their own.
        None if !row.mac.is_empty() => _ = unmapped.text("client", row.mac),
        None => {}
    }
    match value::ip(row.ip) {
        Some(ip) if kind == "ACK" => _ = record.text(Field::LeasedIp, ip),
        Some(ip) => _ = unmapped.text("ip", &ip),
        None if row.ip.is_empty() => {}
        None => fault(false, FaultKind::BadValue, "the address is none"),
    }
    record.text(Field::Unmapped, unmapped.finish());
    sink.record(record);
}

/// The same by a row's number.
fn kind(id: &str) -> Option<&'static str> {
    match id {
        // New, renewed; the same for BOOTP.
        "10" | "11" | "20" | "21" => Some("ACK"),
        "12" => Some("RELEASE"),
        "13" => Some("DECLINE"),
        "14" | "15" | "22" => Some("NAK"),
        // Deleted, expired and deleted.
        "16" | "17" | "18" | "23" => Some("EXPIRE"),
        _ => None,
    }
}

/// A hardware address, which Windows writes without separators.
fn mac(text: &str) -> Option<String> {
    if text.len() != 12 || !text.is_ascii() {
        return value::mac(text);
    }
    let pairs: Vec<&str> = (0..6).filter_map(|at| text.get(at * 2..at * 2 + 2)).collect();
    value::mac(&pairs.join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_told_by_their_shape() {
        let row =
            Row::of("10,01/06/21,03:19:31,Assign,192.0.2.10,lt-0042.example.org,00005E005301,,1,0");
        let row = row.expect("a row");
        assert_eq!((row.ip, mac(row.mac).as_deref()), ("192.0.2.10", Some("00:00:5e:00:53:01")));
        assert_eq!(row.stamp.map(|at| at.to_string()).as_deref(), Some("2021-01-06T03:19:31"));
        for other in ["10,01/06/21,03:19:31", "10\tA lease was renewed.", "a,b,c,d,e,f,g"] {
            assert!(Row::of(other).is_none(), "{other}");
        }
        let french = "ID,Date,Heure,Description,Adresse IP,Nom d'hôte,Adresse MAC";
        assert!(is_header(french.as_bytes()));
    }
}
