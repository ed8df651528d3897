//! Access logs of web servers and proxies in the NCSA layouts: common, combined
//! and those with the virtual host in front.
//!
//! `[vhost[:port]] client ident user [06/Jan/2021:03:19:31 +0100] "request"
//! status bytes ["referrer" "agent"]`, as Apache, nginx and Squid write them;
//! what follows goes into `unmapped`. Spec:
//! <https://httpd.apache.org/docs/2.4/logs.html#accesslog>,
//! <https://wiki.squid-cache.org/Features/LogFormat>. Left out: custom layouts in
//! which these columns stand in another order.
//!
//! A log is a proxy's if most requests name a host themselves (an absolute URL,
//! or CONNECT). In a web server's own log a request names none: the host is then
//! known only where the virtual host is logged, and is the server's word.

use std::borrow::Cow;
use std::sync::Arc;

use clarte_model::{
    Class, Fault, FaultKind, Field, Moment, Precision, Record, Sink, Skipped, Source, ZoneBasis,
};
use jiff::civil::DateTime;
use jiff::tz::Offset;

use crate::block::ReadPiece;
use crate::lines::{Line, Piece};
use crate::{About, Context, Format, Input, Output, json::Object, time, value};

pub(crate) struct Access;

impl Format for Access {
    fn about(&self) -> About {
        About {
            what: "access logs, common and combined, of proxies and web servers",
            feeds: "openings and followed links, by account or address",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        let Requests { seen, ours, .. } = Requests::of(head);
        ours * 2 > seen
    }

    fn read(&self, input: &mut Input<'_>, _: &Context, out: &mut Output<'_>) -> &'static str {
        let Requests { ours, to_proxy, .. } = Requests::of(input.head());
        let source = if to_proxy * 2 > ours { Source::Proxy } else { Source::Http };
        let lines = Arc::new(Lines { source });
        input.for_each_run(out, |run, offset, out| out.piece(&lines, run, offset));
        "access"
    }
}

/// What the first lines are.
struct Requests {
    seen: usize,
    /// Lines of this format that hold a request.
    ours: usize,
    /// Those of them that ask a proxy.
    to_proxy: usize,
}

impl Requests {
    fn of(head: &[u8]) -> Self {
        // A log of one line need not end with it.
        let whole = memchr::memrchr(b'\n', head).map_or(head.len(), |end| end + 1);
        let lines = head[..whole].split(|byte| *byte == b'\n');
        let mut found = Self { seen: 0, ours: 0, to_proxy: 0 };
        for line in lines.filter(|line| !line.trim_ascii().is_empty()).take(64) {
            if found.seen == 16 && found.ours == 0 {
                break;
            }
            found.seen += 1;
            let (text, _) = value::text(line.trim_ascii_end());
            if let Some(request) =
                split(without_mark(&text)).and_then(|entry| request(entry.request))
            {
                found.ours += 1;
                found.to_proxy += usize::from(request.names_host());
            }
        }
        found
    }
}

fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Every line stands for itself, once it is known whose log it is.
struct Lines {
    source: Source,
}

impl ReadPiece for Lines {
    fn read(&self, piece: &[u8], offset: u64, sink: &mut dyn Sink) -> Option<&'static str> {
        let text = Piece::new(piece, offset);
        let mut record = Record::new(Class::Http, self.source, offset, 0);
        for line in text.lines() {
            record.renew(line.offset, line.length);
            read_line(&line, &mut record, sink);
        }
        None
    }
}

fn read_line<'a>(line: &Line<'a>, record: &mut Record<'a>, sink: &mut dyn Sink) {
    let (offset, length) = (line.offset, line.length);
    let text = without_mark(line.text);
    if text.trim_ascii().is_empty() {
        return sink.skip(offset, length, Skipped::Blank);
    }
    let mut fault = |lost, kind, detail: &str| {
        sink.fault(Fault { offset, length, lost, kind, detail: detail.to_owned() });
    };
    let Some(entry) = split(text) else {
        return fault(true, FaultKind::Malformed, "not a line of an access log");
    };
    if line.invalid {
        fault(false, FaultKind::Encoding, "the line is not UTF-8");
    }
    match time::plausible(stamp(entry.stamp)) {
        Ok(moment) => record.time = Some(moment),
        Err(kind) => fault(false, kind, "the line's time cannot be its time"),
    }
    fill(record, &entry);
    sink.record(record);
}

/// The fields of a line; quoted ones without quotes, escapes as written.
struct Entry<'a> {
    vhost: Option<&'a str>,
    client: &'a str,
    user: &'a str,
    stamp: &'a str,
    request: &'a str,
    status: &'a str,
    bytes: &'a str,
    referrer: &'a str,
    agent: &'a str,
    /// What no layout names.
    rest: &'a str,
}

/// Bytes of `06/Jan/2021:03:19:31 +0100`.
const STAMP: usize = 26;

/// Splits a line; `None` if it is not of this format.
fn split(text: &str) -> Option<Entry<'_>> {
    let at = find_stamp(text)?;
    let stamp = text.get(at + 1..at + 1 + STAMP)?;
    let (vhost, client, user) = who(text[..at].trim_ascii())?;
    let quoted = text.get(at + STAMP + 3..)?.strip_prefix('"')?;
    let (request, rest) = up_to_quote(quoted, |rest| numbers(rest).is_some())?;
    let (status, bytes, rest) = numbers(rest)?;
    let (referrer, agent, rest) = headers(rest);
    Some(Entry { vhost, client, user, stamp, request, status, bytes, referrer, agent, rest })
}

/// Where ` [06/Jan/2021:03:19:31 +0100] "` begins; a user's name may hold
/// brackets as well.
fn find_stamp(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'[', bytes).take(16).find(|at| {
        let is = |place: usize, byte: u8| bytes.get(at + 1 + place) == Some(&byte);
        is(2, b'/') && is(6, b'/') && is(11, b':') && is(20, b' ') && is(STAMP, b']')
    })
}

/// Virtual host, client and user.
fn who(text: &str) -> Option<(Option<&str>, &str, &str)> {
    let (first, rest) = value::split_first(text, b' ')?;
    let (second, rest) = value::split_first(rest.trim_ascii_start(), b' ')?;
    if is_vhost(first, second)
        && let Some((_, user)) = value::split_first(rest.trim_ascii_start(), b' ')
    {
        return Some((Some(first), second, user.trim_ascii()));
    }
    Some((None, first, rest.trim_ascii()))
}

/// Whether the first of two words is a virtual host and the second a client,
/// rather than a client and what `identd` says.
fn is_vhost(first: &str, second: &str) -> bool {
    let is_ip = |text: &str| value::ip(text).is_some();
    let has_port = value::split_last(first, b':')
        .is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
    !is_ip(first) && (is_ip(second) || (has_port && second != "-"))
}

/// What precedes the closing quote and what follows it. Not every writer escapes
/// quotes, so that the one counts behind which the line goes on as it should.
fn up_to_quote(text: &str, goes_on: impl Fn(&str) -> bool) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let ends = memchr::memchr_iter(b'"', bytes).filter(|at| {
        let escapes = bytes[..*at].iter().rev().take_while(|byte| **byte == b'\\').count();
        escapes.is_multiple_of(2)
    });
    let mut ends = ends.map(|at| (&text[..at], &text[at + 1..]));
    ends.find(|(_, rest)| goes_on(rest))
}

/// ` 200 4512` and what follows.
fn numbers(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.strip_prefix(' ')?;
    let (status, rest) = value::split_first(text, b' ')?;
    let (bytes, rest) = value::split_first(rest, b' ').unwrap_or((rest, ""));
    let is_number = |text: &str| {
        text == "-"
            || (!text.is_empty() && text.len() < 19 && text.bytes().all(|b| b.is_ascii_digit()))
    };
    (status.len() <= 3 && is_number(status) && is_number(bytes)).then_some((status, bytes, rest))
}

/// The referrer and the agent, where both are there, and what follows.
fn headers(text: &str) -> (&str, &str, &str) {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let both = || {
        let (referrer, rest) =
            up_to_quote(text.strip_prefix('"')?, |rest| rest.starts_with(" \""))?;
        let (agent, rest) = up_to_quote(rest.get(2..)?, ends)?;
        Some((referrer, agent, rest.trim_ascii()))
    };
    both().unwrap_or(("", "", text.trim_ascii()))
}

/// What was asked for.
struct Request<'a> {
    method: &'a str,
    target: &'a str,
}

/// Reads a request line; `None` for what is none, as scanners send it.
fn request(text: &str) -> Option<Request<'_>> {
    let (method, rest) = value::split_first(text, b' ')?;
    let target = match rest.rfind(" HTTP/") {
        Some(at) => &rest[..at],
        None => rest,
    };
    let is_method = (1..=24).contains(&method.len())
        && method.bytes().all(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b'-'));
    (is_method && !target.is_empty()).then_some(Request { method, target })
}

impl<'a> Request<'a> {
    fn names_host(&self) -> bool {
        self.authority().is_some()
    }

    /// The host and port that the request itself names.
    fn authority(&self) -> Option<&'a str> {
        match self.method {
            "CONNECT" => Some(self.target),
            _ => value::authority(self.target),
        }
    }
}

fn fill<'a>(record: &mut Record<'a>, entry: &Entry<'a>) {
    let mut unmapped = Object::default();
    record.text(Field::LogName, "access");
    match (entry.client, value::ip(entry.client)) {
        (_, Some(ip)) => _ = record.text(Field::SrcIp, ip),
        ("-", _) => {}
        (name, _) => _ = record.text(Field::SrcHostname, name),
    }
    if !matches!(entry.user, "-" | "\"\"") {
        record.text(Field::UserName, value::percent_decoded(entry.user));
    }
    match request(entry.request) {
        Some(request) => fill_request(record, &request, entry.vhost),
        None if entry.request != "-" => _ = unmapped.text("request", entry.request),
        None => {}
    }
    if let Ok(status) = entry.status.parse() {
        record.integer(Field::HttpStatus, status);
    }
    if let Ok(bytes) = entry.bytes.parse() {
        record.integer(Field::BytesIn, bytes);
    }
    for (field, text) in
        [(Field::HttpReferrer, entry.referrer), (Field::HttpUserAgent, entry.agent)]
    {
        if text != "-" {
            record.text(field, unescaped(text));
        }
    }
    match squid_result(entry.rest) {
        Some((result, hierarchy)) => {
            record.text(Field::StatusDetail, [result, " ", hierarchy].concat());
        }
        None if !entry.rest.is_empty() => _ = unmapped.text("rest", entry.rest),
        None => {}
    }
    record.text(Field::Unmapped, unmapped.finish());
}

fn fill_request<'a>(record: &mut Record<'a>, request: &Request<'a>, vhost: Option<&'a str>) {
    record.text(Field::HttpMethod, request.method);
    let host_and_port = match (request.authority(), vhost) {
        (Some(authority), _) => {
            record.text(Field::HttpUrl, unescaped(request.target));
            Some(value::host_and_port(authority))
        }
        (None, Some(vhost)) => {
            let (host, port) = value::host_and_port(vhost);
            let target = unescaped(request.target);
            record.text(Field::HttpUrl, url_on(vhost, port, &target));
            Some((host, port))
        }
        (None, None) => {
            record.text(Field::HttpUrl, unescaped(request.target));
            None
        }
    };
    let Some((host, port)) = host_and_port else { return };
    if let Some(host) = value::host(Cow::Borrowed(host)) {
        record.text(Field::DstHostname, host);
        if let Some(port) = port {
            record.integer(Field::DstPort, port.into());
        }
    }
}

/// The URL of a path on a virtual host, whose port alone tells the scheme.
fn url_on(vhost: &str, port: Option<u16>, target: &str) -> String {
    match port {
        Some(443) => {
            let host = vhost.strip_suffix(":443").unwrap_or(vhost);
            format!("https://{host}{target}")
        }
        port => value::absolute(vhost, port.map(i64::from), target),
    }
}

/// Squid's `TCP_MISS:HIER_DIRECT`, which it appends to both layouts.
fn squid_result(text: &str) -> Option<(&str, &str)> {
    let (result, hierarchy) = value::split_first(text, b':')?;
    let is_code = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    (is_code(result) && is_code(hierarchy)).then_some((result, hierarchy))
}

/// Reads `06/Jan/2021:03:19:31 +0100`.
fn stamp(text: &str) -> Option<Moment> {
    let number = |from: usize, to: usize| time::digits(text.get(from..to)?);
    let month = time::month(text.get(3..6)?)?;
    let sign = match text.get(21..22)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let offset = sign * (number(22, 24)? * 3600 + number(24, 26)? * 60);
    let civil = DateTime::new(
        number(7, 11)? as i16,
        month,
        number(0, 2)? as i8,
        number(12, 14)? as i8,
        number(15, 17)? as i8,
        // A leap second.
        number(18, 20)?.min(59) as i8,
        0,
    );
    let at = Offset::from_seconds(offset as i32).ok()?.to_timestamp(civil.ok()?).ok()?;
    Some(Moment { at: at.into(), precision: Precision::Second, basis: ZoneBasis::Offset })
}

/// Undoes the escapes of Apache (`\"`, `\x09`, `\t`) and nginx (`\x22`); what
/// does not come out as UTF-8 stays as it was.
fn unescaped(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = if byte == b'\\' { bytes.get(at + 1) } else { None };
        let (decoded, width) = match next {
            Some(b'"' | b'\\') => (bytes[at + 1], 2),
            Some(b't') => (b'\t', 2),
            Some(b'n') => (b'\n', 2),
            Some(b'r') => (b'\r', 2),
            Some(b'x') => match value::hex_pair(bytes.get(at + 2..at + 4)) {
                Some(decoded) => (decoded, 4),
                None => (byte, 1),
            },
            _ => (byte, 1),
        };
        out.push(decoded);
        at += width;
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_before_the_time_are_told_apart() {
        for (text, expected) in [
            ("192.0.2.1 - -", (None, "192.0.2.1", "-")),
            ("192.0.2.1 - Jan Peeters", (None, "192.0.2.1", "Jan Peeters")),
            ("www.example:443 192.0.2.1 - jan", (Some("www.example:443"), "192.0.2.1", "jan")),
            ("www.example 2001:db8::1 - -", (Some("www.example"), "2001:db8::1", "-")),
            ("2001:db8::1 - a b", (None, "2001:db8::1", "a b")),
            ("lt-0042.example.org - -", (None, "lt-0042.example.org", "-")),
        ] {
            assert_eq!(who(text), Some(expected), "{text}");
        }
        assert_eq!(who("192.0.2.1 -"), None);
    }

    #[test]
    fn quotes_end_where_the_line_goes_on() {
        let line = r#"192.0.2.1 - - [06/Jan/2021:03:19:31 +0100] "GET /a"b HTTP/1.1" 200 5 "-" "X \"y\" "z"" 0.1"#;
        let entry = split(line).expect("a line");
        assert_eq!(
            (entry.request, entry.agent, entry.rest),
            ("GET /a\"b HTTP/1.1", r#"X \"y\" "z""#, "0.1")
        );
        assert_eq!(unescaped(r"a\x22\\\t\xff"), r"a\x22\\\t\xff");
        assert_eq!(unescaped(r#"a\x22\\\"\xc3\xa9\q"#), "a\"\\\"é\\q");
    }

    #[test]
    fn times_carry_their_offset() {
        let read = |text| stamp(text).map(|moment| moment.at.to_string());
        assert_eq!(read("06/Jan/2021:03:19:31 -0130").as_deref(), Some("2021-01-06T04:49:31Z"));
        assert_eq!(read("30/Feb/2021:03:19:31 +0000"), None);
        assert_eq!(read("06/Foo/2021:03:19:31 +0000"), None);
        assert_eq!(read("06/Jan/2021:03:19:31 +9900"), None);
    }
}
