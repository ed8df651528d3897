//! Access logs of web servers and proxies in the NCSA layouts: common, combined
//! and those with the virtual host in front.
//!
//! `[vhost[:port]] client ident user [06/Jan/2021:03:19:31 +0100] "request"
//! status bytes ["referrer" "agent"]`, as Apache, nginx, Squid, HAProxy and
//! Traefik write them, in files or by way of syslog; with addresses of
//! `X-Forwarded-For` in the client's place, fractions of seconds or ISO times.
//! What follows goes into `unmapped`. Spec:
//! <https://httpd.apache.org/docs/2.4/logs.html#accesslog>,
//! <https://wiki.squid-cache.org/Features/LogFormat>. Left out: custom layouts in
//! which these columns stand in another order, and times without an offset.
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
use crate::syslog::{self, Draft, Program};
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
        ours * 2 > seen || syslog::is_only(&PROGRAM, head)
    }

    fn read(&self, input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> &'static str {
        let Requests { seen, ours, to_proxy } = Requests::of(input.head());
        if ours * 2 <= seen && syslog::is_only(&PROGRAM, input.head()) {
            return syslog::read(PROGRAM.name, input, context, out);
        }
        let source = if to_proxy * 2 > ours { Source::Proxy } else { Source::Http };
        let lines = Arc::new(Lines { source });
        input.for_each_run(out, |run, offset, out| out.piece(&lines, run, offset));
        "access"
    }

    /// 2: clients behind other proxies, names with escapes, sizes below zero;
    /// lines that syslog carries.
    fn version(&self) -> u32 {
        2
    }
}

/// Lines that syslog carries, told by themselves: everybody calls the program
/// otherwise.
pub(crate) const PROGRAM: Program = Program {
    name: "access",
    wrote: |entry| split(entry.message).is_some(),
    split: syslog::no_split,
    read: read_carried,
};

/// A line's own time is that of the request, and says its offset.
fn read_carried<'a>(carrier: &syslog::line::Entry<'a>, draft: &mut Draft<'_, 'a>) -> bool {
    let Some(entry) = split(carrier.message) else { return false };
    let is_to_proxy = request(entry.request).is_some_and(|request| request.names_host());
    draft.record.class = Class::Http;
    draft.record.source = if is_to_proxy { Source::Proxy } else { Source::Http };
    draft.record.time = time::plausible(stamp(entry.stamp)).ok();
    fill(draft.record, &mut draft.unmapped, &entry);
    true
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
            let text = without_mark(&text);
            // What syslog puts in front would pass for a client and a name.
            let entry = split(text).filter(|_| !syslog::is_carried(text));
            if let Some(request) = entry.and_then(|entry| request(entry.request)) {
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
    let mut unmapped = Object::default();
    fill(record, &mut unmapped, &entry);
    record.text(Field::Unmapped, unmapped.finish());
    sink.record(record);
}

/// The fields of a line; quoted ones without quotes, escapes as written.
struct Entry<'a> {
    who: Who<'a>,
    stamp: &'a str,
    request: &'a str,
    status: &'a str,
    bytes: &'a str,
    referrer: &'a str,
    agent: &'a str,
    /// What no layout names.
    rest: &'a str,
}

/// What precedes the time.
#[derive(Debug, PartialEq)]
struct Who<'a> {
    vhost: Option<&'a str>,
    client: &'a str,
    user: &'a str,
    /// Addresses that the request passed behind the client, as logged.
    via: Option<&'a str>,
}

/// Splits a line; `None` if it is not of this format.
fn split(text: &str) -> Option<Entry<'_>> {
    let (before, stamp, rest) = around_stamp(text)?;
    let who = who(before.trim_ascii())?;
    let (request, rest) = up_to_quote(rest, |rest| numbers(rest).is_some())?;
    let (status, bytes, rest) = numbers(rest)?;
    let (referrer, agent, rest) = headers(rest);
    Some(Entry { who, stamp, request, status, bytes, referrer, agent, rest })
}

/// What precedes ` [06/Jan/2021:03:19:31 +0100] "`, the time, and what follows;
/// a user's name may hold brackets as well.
fn around_stamp(text: &str) -> Option<(&str, &str, &str)> {
    memchr::memchr_iter(b'[', text.as_bytes()).take(16).find_map(|at| {
        let inner = &text[at + 1..];
        let end = memchr::memchr(b']', &inner.as_bytes()[..inner.len().min(40)])?;
        let stamp = &inner[..end];
        let rest = inner[end..].strip_prefix("] \"")?;
        (is_ncsa(stamp) || is_iso(stamp)).then_some((&text[..at], stamp, rest))
    })
}

/// `06/Jan/2021:03:19:31 +0100`, perhaps with a fraction of the second.
pub(crate) fn is_ncsa(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is = |place: usize, byte: u8| bytes.get(place) == Some(&byte);
    let zone = bytes.len().wrapping_sub(6);
    is(2, b'/') && is(6, b'/') && is(11, b':') && zone >= 20 && is(zone, b' ')
}

/// `2021-01-06T03:19:31+01:00`.
fn is_iso(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is = |place: usize, byte: u8| bytes.get(place) == Some(&byte);
    is(4, b'-') && is(7, b'-') && is(10, b'T') && is(13, b':') && bytes.len() >= 20
}

/// Reads `[vhost] client ident user`.
fn who(text: &str) -> Option<Who<'_>> {
    let (first, rest) = next_word(text)?;
    if first.ends_with(',') {
        return forwarded(text);
    }
    let (second, rest) = next_word(rest)?;
    // With one column more, the user follows another word.
    let three = next_word(rest).map(|(_, user)| user);
    let (vhost, client, user, via) = match (kind(first), kind(second), three) {
        // A name, or a place with a port, before a client is a virtual host; a
        // dash what was not asked for; an address whom the other asked for.
        (
            Kind::Name | Kind::NameAndPort | Kind::IpAndPort,
            Kind::Ip | Kind::IpAndPort,
            Some(user),
        ) => (Some(first), second, user, None),
        (Kind::NameAndPort | Kind::IpAndPort, Kind::Name, Some(user)) => {
            (Some(first), second, user, None)
        }
        (Kind::IpAndPort, Kind::NameAndPort, Some(user)) => (Some(second), first, user, None),
        (Kind::Nothing, Kind::Ip | Kind::IpAndPort, Some(user)) => (None, second, user, None),
        (Kind::Ip, Kind::Ip | Kind::IpAndPort, Some(user)) => (None, first, user, Some(second)),
        // What `identd` says, which is mostly nothing.
        _ => (None, first, rest, None),
    };
    Some(Who { vhost, client, user: user.trim_ascii(), via })
}

/// `client, proxy, proxy [peer] ident user`, where `X-Forwarded-For` stands for
/// the client: each proxy names the one before it behind those named before.
fn forwarded(text: &str) -> Option<Who<'_>> {
    let (mut word, mut rest) = next_word(text)?;
    while word.ends_with(',') {
        (word, rest) = next_word(rest)?;
    }
    // The proxy that asked may stand behind those that it names.
    if let Some((peer, after)) = next_word(rest)
        && matches!(kind(peer), Kind::Ip)
        && next_word(after).is_some()
    {
        rest = after;
    }
    let (client, via) = value::split_first(&text[..text.len() - rest.len()], b',')?;
    let (_ident, user) = next_word(rest)?;
    Some(Who { vhost: None, client, user: user.trim_ascii(), via: Some(via.trim_ascii()) })
}

fn next_word(text: &str) -> Option<(&str, &str)> {
    value::split_first(text.trim_ascii_start(), b' ')
}

/// What a word before the time can be.
enum Kind {
    Nothing,
    Ip,
    IpAndPort,
    Name,
    NameAndPort,
}

fn kind(word: &str) -> Kind {
    let (host, port) = value::host_and_port(word);
    match (value::ip(without_zone(word)).is_some(), value::ip(host).is_some(), port) {
        _ if word == "-" => Kind::Nothing,
        (true, ..) => Kind::Ip,
        (_, true, _) => Kind::IpAndPort,
        (_, _, Some(_)) => Kind::NameAndPort,
        _ => Kind::Name,
    }
}

/// An address without the interface that link-local ones bear.
fn without_zone(text: &str) -> &str {
    value::split_first(text, b'%').map_or(text, |(address, _)| address)
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
    // What nobody counted is a dash, to some writers a number below zero.
    let is_number = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        text == "-"
            || (!digits.is_empty() && text.len() < 19 && digits.bytes().all(|b| b.is_ascii_digit()))
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
        && method.starts_with(|first: char| first.is_ascii_uppercase())
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

fn fill<'a>(record: &mut Record<'a>, unmapped: &mut Object, entry: &Entry<'a>) {
    record.text(Field::LogName, "access");
    let Who { vhost, client, user, via } = entry.who;
    fill_client(record, client);
    if !matches!(user, "-" | "\"\"") {
        let user = unescaped(user);
        let decoded = value::percent_decoded(&user).into_owned();
        record.text(Field::UserName, if decoded == *user { user } else { decoded.into() });
    }
    if let Some(via) = via {
        unmapped.text("via", via);
    }
    match request(entry.request) {
        Some(request) => fill_request(record, &request, vhost),
        None if !matches!(entry.request, "" | "-") => _ = unmapped.text("request", entry.request),
        None => {}
    }
    if let Ok(status) = entry.status.parse() {
        record.integer(Field::HttpStatus, status);
    }
    if let Ok(bytes @ 0..) = entry.bytes.parse() {
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
}

fn fill_client<'a>(record: &mut Record<'a>, client: &'a str) {
    let (host, port) = value::host_and_port(client);
    if let Some(ip) = value::ip(without_zone(client)) {
        record.text(Field::SrcIp, ip);
    } else if let (Some(ip), Some(port)) = (value::ip(host), port) {
        record.text(Field::SrcIp, ip).integer(Field::SrcPort, port.into());
    } else if client != "-" {
        record.text(Field::SrcHostname, client);
    }
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

/// Reads `06/Jan/2021:03:19:31 +0100` or an ISO time.
pub(crate) fn stamp(text: &str) -> Option<Moment> {
    if is_iso(text) {
        return time::iso(text, ZoneBasis::Offset, None);
    }
    let number = |from: usize, to: usize| time::digits(text.get(from..to)?);
    let month = time::month(text.get(3..6)?)?;
    let (clock, zone) = value::split_first(text.get(12..)?, b' ')?;
    let fraction = match clock.get(8..)? {
        "" => None,
        digits => Some(time::digits(digits.strip_prefix('.')?).map(|number| (number, digits))?),
    };
    let nanoseconds = match fraction {
        Some((number, digits)) => number * 10_i64.pow(10 - digits.len() as u32),
        None => 0,
    };
    let sign = match zone.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let of_zone = |from: usize, to: usize| time::digits(zone.get(from..to)?);
    let offset = sign * (of_zone(1, 3)? * 3600 + of_zone(3, 5)? * 60);
    let civil = DateTime::new(
        number(7, 11)? as i16,
        month,
        number(0, 2)? as i8,
        number(12, 14)? as i8,
        number(15, 17)? as i8,
        // A leap second.
        number(18, 20)?.min(59) as i8,
        nanoseconds as i32,
    );
    let at = Offset::from_seconds(offset as i32).ok()?.to_timestamp(civil.ok()?).ok()?;
    let precision = if fraction.is_some() { Precision::Subsecond } else { Precision::Second };
    Some(Moment { at: at.into(), precision, basis: ZoneBasis::Offset })
}

/// Undoes the escapes of Apache (`\"`, `\x09`, `\t`) and nginx (`\x22`); what
/// does not come out as UTF-8 stays as it was.
pub(crate) fn unescaped(text: &str) -> Cow<'_, str> {
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
        for (text, vhost, client, user, via) in [
            ("192.0.2.1 - -", None, "192.0.2.1", "-", None),
            ("192.0.2.1 - Jan Peeters", None, "192.0.2.1", "Jan Peeters", None),
            ("www.example:443 192.0.2.1 - jan", Some("www.example:443"), "192.0.2.1", "jan", None),
            ("www.example 2001:db8::1 - -", Some("www.example"), "2001:db8::1", "-", None),
            ("2001:db8::1 - a b", None, "2001:db8::1", "a b", None),
            ("lt-0042.example.org - -", None, "lt-0042.example.org", "-", None),
            ("- 192.0.2.1 - jan", None, "192.0.2.1", "jan", None),
            ("- - -", None, "-", "-", None),
            ("192.0.2.1 198.51.100.1 - jan", None, "192.0.2.1", "jan", Some("198.51.100.1")),
            ("192.0.2.1, 192.0.2.2 - a b", None, "192.0.2.1", "a b", Some("192.0.2.2")),
            ("192.0.2.1, a, ::1 ::2 - -", None, "192.0.2.1", "-", Some("a, ::1 ::2")),
            ("192.0.2.1:4000 - -", None, "192.0.2.1:4000", "-", None),
            ("192.0.2.1:4000 a.example:80 - -", Some("a.example:80"), "192.0.2.1:4000", "-", None),
            ("192.0.2.1:80 ::1 - -", Some("192.0.2.1:80"), "::1", "-", None),
            ("a.example:80 lt-0042 - jan", Some("a.example:80"), "lt-0042", "jan", None),
        ] {
            assert_eq!(who(text), Some(Who { vhost, client, user, via }), "{text}");
        }
        assert_eq!(who("192.0.2.1 -"), None);
        assert_eq!(who("192.0.2.1, "), None);
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
        let finer = read("06/Jan/2021:03:19:31.25 -0130");
        assert_eq!(finer.as_deref(), Some("2021-01-06T04:49:31.25Z"));
        let iso = read("2021-01-06T03:19:31-01:30");
        assert_eq!(iso.as_deref(), Some("2021-01-06T04:49:31Z"));
        assert_eq!(read("06/Jan/2021:03:19:31.1234567890 +0000"), None);
        assert_eq!(read("30/Feb/2021:03:19:31 +0000"), None);
        assert_eq!(read("06/Foo/2021:03:19:31 +0000"), None);
        assert_eq!(read("06/Jan/2021:03:19:31 +9900"), None);
    }
}
