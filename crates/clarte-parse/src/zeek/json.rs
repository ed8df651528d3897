//! Zeek's JSON logs: an object a line, unset columns left out. Where no `_path`
//! says which log it is, its columns do.

use std::borrow::Cow;
use std::sync::Arc;

use clarte_model::{Fault, FaultKind, Sink, Skipped};

use super::columns::{Column, column};
use super::names::{Kind, Log};
use super::row::{Cell, Row};
use crate::block::{self, ReadPiece};
use crate::json::Cursor;
use crate::lines::{Line, Piece};
use crate::scan::{DEPTH_CAP, Json, complaint, is_too_deep};
use crate::{Input, Output};

/// Whether most of the first lines are Zeek's.
pub(super) fn recognises(head: &[u8]) -> bool {
    let ends = memchr::memrchr(b'\n', head).map_or(head.len(), |end| end + 1);
    let lines = head[..ends].split(|byte| *byte == b'\n');
    let mut seen = 0;
    let mut ours = 0;
    for line in lines.filter(|line| !line.trim_ascii().is_empty()).take(8) {
        seen += 1;
        let text = std::str::from_utf8(line.trim_ascii()).unwrap_or_default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        ours += usize::from(text.starts_with('{') && first_look(text).is_some());
    }
    ours * 2 > seen
}

/// Reads the stream; its name is that of its log, `zeek` where it mixes
/// several.
pub(super) fn read(input: &mut Input<'_>, out: &mut Output<'_>) -> &'static str {
    let objects = Arc::new(Objects);
    input.for_each_run(out, |run, offset, out| out.piece(&objects, run, offset));
    Log::OTHER.name
}

/// Every line stands for itself.
struct Objects;

impl ReadPiece for Objects {
    fn read(&self, piece: &[u8], offset: u64, sink: &mut dyn Sink) -> Option<&'static str> {
        let piece = Piece::new(piece, offset);
        let mut reading = Reading::new(Log::OTHER);
        let mut name = None;
        for line in piece.lines() {
            let text = line.text.strip_prefix('\u{feff}').unwrap_or(line.text).trim_ascii();
            if text.is_empty() {
                sink.skip(line.offset, line.length, Skipped::Blank);
            } else if let Err((kind, detail)) = reading.parse(text, &line) {
                sink.fault(fault(&line, true, kind, detail));
            } else {
                name = block::join(name, Some(reading.log.name));
                if line.invalid {
                    let detail = "the line is not UTF-8".to_owned();
                    sink.fault(fault(&line, false, FaultKind::Encoding, detail));
                }
                reading.row.finish(sink);
            }
        }
        name
    }
}

fn fault(line: &Line<'_>, lost: bool, kind: FaultKind, detail: String) -> Fault {
    Fault { offset: line.offset, length: line.length, lost, kind, detail }
}

/// A row at a time, of the log that the line before was of until a line turns
/// out to be of another. What is remembered from line to line spares work and
/// changes nothing.
struct Reading<'a> {
    log: Log,
    row: Row<'a>,
    /// What becomes of the members, in the order in which they came.
    known: Vec<Known>,
    /// Which of them is likely to come next.
    next: usize,
}

/// What becomes of members of one name.
struct Known {
    name: String,
    column: Column,
    flag: u16,
}

/// Members remembered; logs have about twenty.
const KNOWN_CAP: usize = 64;

impl<'a> Reading<'a> {
    fn new(log: Log) -> Self {
        Self { log, row: Row::new(log), known: Vec::new(), next: 0 }
    }

    /// Reads a line into the row; where the line turns out to be of another log
    /// than the one before, reads it again as that.
    fn parse(&mut self, text: &'a str, line: &Line<'_>) -> Result<(), (FaultKind, String)> {
        let seen = self.take(text, line)?;
        if !seen.has(Seen::TS) {
            return Err((FaultKind::Malformed, "an object without ts".to_owned()));
        }
        let log = seen.log();
        if log.name != self.log.name {
            *self = Self::new(log);
            self.take(text, line)?;
        }
        if log.kind == Kind::Other {
            if is_too_deep(text) {
                let detail = format!("values nested deeper than {DEPTH_CAP}");
                return Err((FaultKind::TooDeep, detail));
            }
            self.row.keep_whole(text);
        }
        Ok(())
    }

    /// Puts the members into the row while noting which there are.
    fn take(&mut self, text: &'a str, line: &Line<'_>) -> Result<Seen, (FaultKind, String)> {
        let mut seen = Seen::default();
        self.row.begin(line.offset, line.length);
        self.next = 0;
        let whole = Cursor::new(text).object(|name, value| {
            let (column, flag) = self.look_up(name);
            seen.flags |= flag;
            if flag == Seen::PATH {
                seen.path = Some(Log::of(&value.text()));
            } else if column != Column::Drop
                && !matches!(value.raw, "null" | "\"\"" | "[]" | "\"-\"")
            {
                self.row.take(column, name, &value);
            }
        });
        whole.map(|()| seen).ok_or_else(|| (FaultKind::Malformed, complaint(text)))
    }

    /// What becomes of members called `name`.
    fn look_up(&mut self, name: &str) -> (Column, u16) {
        let count = self.known.len();
        for at in (self.next..count).chain(0..self.next.min(count)) {
            let known = &self.known[at];
            if known.name == name {
                self.next = at + 1;
                return (known.column, known.flag);
            }
        }
        let (column, flag) = (column(self.log.kind, name), Seen::flag(name));
        if self.known.len() < KNOWN_CAP {
            self.known.push(Known { name: name.to_owned(), column, flag });
        }
        (column, flag)
    }
}

/// The log that a line is of, if it is Zeek's.
fn first_look(text: &str) -> Option<Log> {
    let mut seen = Seen::default();
    Cursor::new(text).object(|name, value| {
        let flag = Seen::flag(name);
        seen.flags |= flag;
        if flag == Seen::PATH {
            seen.path = Some(Log::of(&value.text()));
        }
    })?;
    let known = seen.path.is_some() || seen.has(Seen::UID) || seen.log() != Log::OTHER;
    (seen.has(Seen::TS) && known).then(|| seen.log())
}

/// Which telling columns an object has.
#[derive(Default)]
struct Seen {
    flags: u16,
    path: Option<Log>,
}

impl Seen {
    const TS: u16 = 1;
    const UID: u16 = 1 << 1;
    const CONN: u16 = 1 << 2;
    const DNS: u16 = 1 << 3;
    const HTTP: u16 = 1 << 4;
    const SSL: u16 = 1 << 5;
    const DHCP: u16 = 1 << 6;
    /// SIP shares the telling columns of HTTP.
    const SIP: u16 = 1 << 7;
    const PATH: u16 = 1 << 8;
    const QUIC: u16 = 1 << 9;

    fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    /// What a member called `name` tells.
    fn flag(name: &str) -> u16 {
        match name {
            "_path" => Self::PATH,
            "ts" => Self::TS,
            "uid" | "fuid" | "uids" | "id.orig_h" | "id_orig_h" => Self::UID,
            "conn_state" => Self::CONN,
            "qtype" | "qclass" | "qtype_name" | "rcode" => Self::DNS,
            "method" | "uri" | "status_code" | "request_body_len" => Self::HTTP,
            "established" => Self::SSL,
            "client_initial_dcid" => Self::QUIC,
            "msg_types" | "assigned_addr" | "assigned_ip" | "lease_time" => Self::DHCP,
            "call_id" | "seq" | "request_path" | "response_path" => Self::SIP,
            _ => 0,
        }
    }

    fn log(&self) -> Log {
        match self.path {
            Some(log) => log,
            None if self.has(Self::SIP) => Log::OTHER,
            None if self.has(Self::CONN) => Log::CONN,
            None if self.has(Self::DNS) => Log::DNS,
            None if self.has(Self::DHCP) => Log::DHCP,
            None if self.has(Self::HTTP) => Log::HTTP,
            None if self.has(Self::SSL) => Log::SSL,
            None if self.has(Self::QUIC) => Log::QUIC,
            None => Log::OTHER,
        }
    }
}

impl<'a> Cell<'a> for Json<'a> {
    fn plain(&self) -> &'a str {
        Json::plain(*self)
    }

    fn text(&self) -> Cow<'a, str> {
        Json::text(*self)
    }

    fn list(&self) -> Vec<Cow<'a, str>> {
        self.members().into_iter().map(Json::text).collect()
    }

    fn json(&self, into: &mut String) {
        into.push_str(if is_too_deep(self.raw) { "null" } else { self.raw });
    }
}
