//! Zeek's JSON logs: an object a line, unset columns left out. Where no `_path`
//! says which log it is, its columns do.

use std::borrow::Cow;
use std::fmt;

use clarte_model::{Fault, FaultKind, Sink, Skipped};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::columns::{Column, column};
use super::names::{Kind, Log};
use super::row::{Cell, Row};
use crate::{Input, Line, value};

/// Deeper objects are not read: whoever reads `unmapped` must be able to.
const DEPTH_CAP: usize = 64;

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
pub(super) fn read(input: &mut Input<'_>, sink: &mut dyn Sink) -> &'static str {
    let mut log = None;
    let mut name = None;
    input.for_each_line(sink, |line, sink| {
        let bytes = line.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line.bytes).trim_ascii();
        if bytes.is_empty() {
            return sink.skip(line.offset, line.length, Skipped::Blank);
        }
        let (text, invalid) = value::text(bytes);
        match parse(&text, &line, log.unwrap_or(Log::OTHER)) {
            Ok((row, found)) => {
                name = Some(match name {
                    Some(name) if name != found.name => "zeek",
                    _ => found.name,
                });
                log = Some(found);
                if invalid {
                    let detail = "the line is not UTF-8".to_owned();
                    sink.fault(fault(&line, false, FaultKind::Encoding, detail));
                }
                row.finish(sink);
            }
            Err((kind, detail)) => sink.fault(fault(&line, true, kind, detail)),
        }
    });
    name.unwrap_or(Log::OTHER.name)
}

fn fault(line: &Line<'_>, lost: bool, kind: FaultKind, detail: String) -> Fault {
    Fault { offset: line.offset, length: line.length, lost, kind, detail }
}

/// Reads a line as a row of `guess`; where the line turns out to be of another
/// log, reads it again as that.
fn parse<'a>(
    text: &'a str,
    line: &Line<'_>,
    guess: Log,
) -> Result<(Row<'a>, Log), (FaultKind, String)> {
    let (row, seen) = row(text, line, guess)?;
    if !seen.has(Seen::TS) {
        return Err((FaultKind::Malformed, "an object without ts".to_owned()));
    }
    let log = seen.log();
    let (mut row, log) =
        if log.name == guess.name { (row, guess) } else { (self::row(text, line, log)?.0, log) };
    if log.kind == Kind::Other {
        if depth(text) > DEPTH_CAP {
            return Err((FaultKind::TooDeep, format!("values nested deeper than {DEPTH_CAP}")));
        }
        row.keep_whole(text);
    }
    Ok((row, log))
}

fn row<'a>(
    text: &'a str,
    line: &Line<'_>,
    log: Log,
) -> Result<(Row<'a>, Seen), (FaultKind, String)> {
    let mut row = Row::new(log, line.offset, line.length);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seen = Object { row: Some(&mut row), kind: log.kind }
        .deserialize(&mut deserializer)
        .and_then(|seen| deserializer.end().map(|()| seen))
        .map_err(|cause| (FaultKind::Malformed, format!("not a JSON object: {cause}")))?;
    Ok((row, seen))
}

/// The log that a line is of, if it is Zeek's.
fn first_look(text: &str) -> Option<Log> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seen = Object { row: None, kind: Kind::Other }.deserialize(&mut deserializer).ok()?;
    let known = seen.path.is_some() || seen.has(Seen::UID) || seen.log() != Log::OTHER;
    (seen.has(Seen::TS) && known).then(|| seen.log())
}

/// How deep objects and arrays are nested.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
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

    fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    fn note(&mut self, name: &str) {
        self.flags |= match name {
            "ts" => Self::TS,
            "uid" | "fuid" | "uids" | "id.orig_h" | "id_orig_h" => Self::UID,
            "conn_state" => Self::CONN,
            "qtype" | "qclass" | "qtype_name" | "rcode" => Self::DNS,
            "method" | "uri" | "status_code" | "request_body_len" => Self::HTTP,
            "established" => Self::SSL,
            "msg_types" | "assigned_addr" | "assigned_ip" | "lease_time" => Self::DHCP,
            "call_id" | "seq" | "request_path" | "response_path" => Self::SIP,
            _ => 0,
        };
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
            None => Log::OTHER,
        }
    }
}

/// Puts the members of an object into a row while noting which there are.
struct Object<'r, 'a> {
    row: Option<&'r mut Row<'a>>,
    kind: Kind,
}

impl<'a> DeserializeSeed<'a> for Object<'_, 'a> {
    type Value = Seen;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Seen, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a> Visitor<'a> for Object<'_, 'a> {
    type Value = Seen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(mut self, mut map: M) -> Result<Seen, M::Error> {
        let mut seen = Seen::default();
        while let Some(Text(name)) = map.next_key()? {
            seen.note(&name);
            let column = column(self.kind, &name);
            if name == "_path" {
                let raw: &RawValue = map.next_value()?;
                seen.path = Some(Log::of(&Json(raw.get()).text()));
            } else if let (Some(row), true) = (&mut self.row, column != Column::Drop) {
                let raw: &RawValue = map.next_value()?;
                if !matches!(raw.get(), "null" | "\"\"" | "[]" | "\"-\"") {
                    row.take(column, &name, Json(raw.get()));
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(seen)
    }
}

/// A JSON string, borrowed where it holds no escape.
struct Text<'a>(Cow<'a, str>);

impl<'a> Deserialize<'a> for Text<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct Take;
        impl<'a> Visitor<'a> for Take {
            type Value = Text<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Text<'a>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'a>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Take)
    }
}

/// A value of an object, as written.
#[derive(Clone, Copy)]
struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// What stands between the quotes of a string without escapes.
    fn bare(self) -> Option<&'a str> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        memchr::memchr(b'\\', inner.as_bytes()).is_none().then_some(inner)
    }
}

impl<'a> Cell<'a> for Json<'a> {
    fn plain(self) -> &'a str {
        self.bare().unwrap_or(self.0)
    }

    fn text(self) -> Cow<'a, str> {
        match self.bare() {
            Some(bare) => Cow::Borrowed(bare),
            None => serde_json::from_str(self.0).map_or(Cow::Borrowed(self.0), |Text(text)| text),
        }
    }

    fn list(self) -> Vec<Cow<'a, str>> {
        match serde_json::from_str::<Vec<&RawValue>>(self.0) {
            Ok(members) => members.into_iter().map(|member| Json(member.get()).text()).collect(),
            Err(_) => vec![self.text()],
        }
    }

    fn json(self, into: &mut String) {
        if depth(self.0) <= DEPTH_CAP {
            into.push_str(self.0);
        } else {
            into.push_str("null");
        }
    }
}
