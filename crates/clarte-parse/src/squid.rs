//! Squid's native access log, with or without logged headers.
//!
//! `time elapsed client code/status bytes method URL user hierarchy/peer type`,
//! then `[request headers] [reply headers]` where `log_mime_hdrs` is on; with
//! fields appended where it is plain which they are, with the time as people
//! write it (`%tl`), and by way of syslog. Spec:
//! <https://wiki.squid-cache.org/Features/LogFormat>. Left out: Squid's referrer
//! and other custom formats; common and combined are access logs like others.

use std::borrow::Cow;
use std::sync::Arc;

use clarte_model::{Class, Fault, FaultKind, Field, Moment, Record, Sink, Skipped, Source};

use crate::block::ReadPiece;
use crate::lines::{Line, Piece};
use crate::syslog::{self, Draft, Program};
use crate::{About, Context, Format, Input, Output, access, json::Object, time, value};

pub(crate) struct Squid;

impl Format for Squid {
    fn about(&self) -> About {
        About {
            what: "Squid's native access log",
            feeds: "openings and followed links, by account or address",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        let whole = memchr::memrchr(b'\n', head).map_or(head.len(), |end| end + 1);
        let lines = head[..whole].split(|byte| *byte == b'\n');
        let (mut seen, mut ours) = (0, 0);
        for line in lines.filter(|line| !line.trim_ascii().is_empty()).take(16) {
            seen += 1;
            ours += usize::from(split(&value::text(line.trim_ascii_end()).0).is_some());
        }
        ours * 2 > seen || syslog::is_only(&PROGRAM, head)
    }

    fn read(&self, input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> &'static str {
        if syslog::is_only(&PROGRAM, input.head()) {
            return syslog::read(PROGRAM.name, input, context, out);
        }
        let lines = Arc::new(Lines);
        input.for_each_run(out, |run, offset, out| out.piece(&lines, run, offset));
        "squid"
    }

    /// 2: appended fields; lines that syslog carries. 3: names with spaces and
    /// backslashes; what is no request; other times.
    fn version(&self) -> u32 {
        3
    }
}

/// Squid's lines where syslog carries them.
pub(crate) const PROGRAM: Program = Program {
    name: "squid",
    wrote: |entry| entry.program.trim_start_matches('(').starts_with("squid"),
    split: syslog::no_split,
    read: read_carried,
};

/// A line's own time is finer than that of syslog.
fn read_carried<'a>(carrier: &syslog::line::Entry<'a>, draft: &mut Draft<'_, 'a>) -> bool {
    let Some(entry) = split(carrier.message) else { return false };
    (draft.record.class, draft.record.source) = (Class::Http, Source::Proxy);
    draft.record.time = time::plausible(entry.moment()).ok();
    fill(draft.record, &mut draft.unmapped, &entry);
    true
}

/// Every line stands for itself.
struct Lines;

impl ReadPiece for Lines {
    fn read(&self, piece: &[u8], offset: u64, sink: &mut dyn Sink) -> Option<&'static str> {
        let text = Piece::new(piece, offset);
        let mut record = Record::new(Class::Http, Source::Proxy, offset, 0);
        for line in text.lines() {
            record.renew(line.offset, line.length);
            read_line(&line, &mut record, sink);
        }
        None
    }
}

fn read_line<'a>(line: &Line<'a>, record: &mut Record<'a>, sink: &mut dyn Sink) {
    let (offset, length) = (line.offset, line.length);
    if line.text.trim_ascii().is_empty() {
        return sink.skip(offset, length, Skipped::Blank);
    }
    let mut fault = |lost, kind, detail: &str| {
        sink.fault(Fault { offset, length, lost, kind, detail: detail.to_owned() });
    };
    let Some(entry) = split(line.text) else {
        return fault(true, FaultKind::Malformed, "not a line of a native access log");
    };
    if line.invalid {
        fault(false, FaultKind::Encoding, "the line is not UTF-8");
    }
    match time::plausible(entry.moment()) {
        Ok(moment) => record.time = Some(moment),
        Err(kind) => fault(false, kind, "the line's time cannot be its time"),
    }
    let mut unmapped = Object::default();
    fill(record, &mut unmapped, &entry);
    record.text(Field::Unmapped, unmapped.finish());
    sink.record(record);
}

/// The fields of a line.
struct Entry<'a> {
    time: &'a str,
    elapsed: &'a str,
    client: &'a str,
    result: &'a str,
    status: &'a str,
    bytes: &'a str,
    method: &'a str,
    url: &'a str,
    user: &'a str,
    hierarchy: &'a str,
    peer: &'a str,
    content_type: &'a str,
    /// Fields that no layout names.
    more: &'a str,
    headers: &'a str,
}

impl Entry<'_> {
    fn moment(&self) -> Option<Moment> {
        if access::is_ncsa(self.time) { access::stamp(self.time) } else { time::unix(self.time) }
    }
}

/// Splits a line; `None` if it is not of this format. URL and user are what is
/// left in the middle, because they alone may hold spaces.
fn split(text: &str) -> Option<Entry<'_>> {
    let (time, rest) = match text.split_at_checked(STAMP) {
        Some((stamp, rest)) if access::is_ncsa(stamp) => (stamp, rest),
        _ => word(text)?,
    };
    let (elapsed, rest) = word(rest)?;
    let (client, rest) = word(rest)?;
    let (code, rest) = word(rest)?;
    let (bytes, rest) = word(rest)?;
    let (method, rest) = word(rest)?;
    let (result, status) = value::split_last(code, b'/')?;
    let is_unix = || {
        value::split_first(time, b'.')
            .is_some_and(|(whole, fraction)| is_number(whole) && is_number(fraction))
    };
    let fits = (access::is_ncsa(time) || is_unix())
        && is_number(status)
        && is_number(elapsed.strip_prefix('-').unwrap_or(elapsed))
        && is_number(bytes.strip_prefix('-').unwrap_or(bytes))
        && !result.is_empty()
        && result.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    if !fits {
        return None;
    }
    let (rest, headers) = without_headers(rest.trim());
    let Tail { url, user, hierarchy, peer, content_type, more } =
        tail(rest).or_else(|| longer_tail(rest))?;
    (!url.is_empty()).then_some(Entry {
        time,
        elapsed,
        client,
        result,
        status,
        bytes,
        method,
        url,
        user,
        hierarchy,
        peer,
        content_type,
        more,
        headers,
    })
}

/// Bytes of `06/Jan/2021:03:19:31 +0100`.
const STAMP: usize = 26;

/// What follows the method.
struct Tail<'a> {
    url: &'a str,
    user: &'a str,
    hierarchy: &'a str,
    peer: &'a str,
    content_type: &'a str,
    more: &'a str,
}

/// `URL user hierarchy/peer type`.
fn tail(text: &str) -> Option<Tail<'_>> {
    let (rest, content_type) = last_word(text)?;
    let (rest, word) = last_word(rest)?;
    let (url, user) = url_and_user(rest)?;
    let (hierarchy, peer) = value::split_first(word, b'/')?;
    let known = !hierarchy.is_empty()
        && hierarchy.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    known.then_some(Tail { url, user, hierarchy, peer, content_type, more: "" })
}

/// The same with fields that somebody appended, if one word alone can be the
/// hierarchy: URLs and agents may hold anything, such words too.
fn longer_tail(text: &str) -> Option<Tail<'_>> {
    let mut hierarchies = memchr::memmem::find_iter(text.as_bytes(), b" HIER_");
    let at = hierarchies.next()?;
    if hierarchies.next().is_some() {
        return None;
    }
    let (url, user) = url_and_user(text[..at].trim_ascii_end())?;
    let (word, rest) = value::split_first(&text[at + 1..], b' ')?;
    let (hierarchy, peer) = value::split_first(word, b'/')?;
    let (content_type, more) = value::split_first(rest, b' ')?;
    let is_peer = peer == "-" || value::host(Cow::Borrowed(peer)).is_some();
    is_peer.then_some(Tail { url, user, hierarchy, peer, content_type, more: more.trim_ascii() })
}

/// Squid leaves no space in a URL unless told so (`uri_whitespace`), but does in
/// names of users: what might be of a URL stays with it.
fn url_and_user(text: &str) -> Option<(&str, &str)> {
    let (url, more) = value::split_first(text, b' ')?;
    let (url_with_spaces, last) = last_word(text)?;
    let middle = url_with_spaces.get(url.len()..).unwrap_or_default();
    match last == "-" || middle.contains(['/', '?', '=', '&', '%', ';', ':']) {
        true => Some((url_with_spaces, last)),
        false => Some((url, more.trim_ascii())),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 19 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first word and what follows it.
fn word(text: &str) -> Option<(&str, &str)> {
    let spaces = text.bytes().take_while(|byte| *byte == b' ').count();
    value::split_first(&text[spaces..], b' ')
}

/// What precedes the last word, and the last word.
fn last_word(text: &str) -> Option<(&str, &str)> {
    let (before, last) = value::split_last(text, b' ')?;
    let spaces = before.bytes().rev().take_while(|byte| *byte == b' ').count();
    Some((&before[..before.len() - spaces], last))
}

/// Takes `[request headers] [reply headers]` off the end.
fn without_headers(text: &str) -> (&str, &str) {
    match text.ends_with(']').then(|| text.find(" [")).flatten() {
        Some(at) => (text[..at].trim_end(), &text[at + 1..]),
        None => (text, ""),
    }
}

fn fill<'a>(record: &mut Record<'a>, unmapped: &mut Object, entry: &Entry<'a>) {
    record.text(Field::LogName, "squid");
    match (entry.client, value::ip(entry.client)) {
        (_, Some(ip)) => _ = record.text(Field::SrcIp, ip),
        ("-", _) => {}
        (name, _) => _ = record.text(Field::SrcHostname, name),
    }
    if entry.user != "-" {
        let user = access::unescaped(entry.user);
        let decoded = value::percent_decoded(&user).into_owned();
        record.text(Field::UserName, decoded);
    }
    // What came was no request, or none came.
    if entry.method != "-" {
        record.text(Field::HttpMethod, entry.method);
    }
    // Whether the request left the proxy is in the hierarchy code.
    record.text(Field::StatusDetail, [entry.result, " ", entry.hierarchy].concat());
    if let Ok(status) = entry.status.parse() {
        record.integer(Field::HttpStatus, status);
    }
    if let Ok(bytes @ 0..) = entry.bytes.parse() {
        record.integer(Field::BytesIn, bytes);
    }
    if let Some(elapsed @ 0..) =
        entry.elapsed.parse::<i64>().ok().and_then(|ms| ms.checked_mul(1_000_000))
    {
        record.integer(Field::Duration, elapsed);
    }
    match entry.url.strip_prefix("error:") {
        Some(error) => _ = unmapped.text("error", error),
        None => fill_url(record, entry),
    }
    // A parent proxy is not whom the client asked.
    if (entry.hierarchy.ends_with("DIRECT") || entry.hierarchy.ends_with("ORIGINAL_DST"))
        && let Some(ip) = value::ip(entry.peer)
    {
        record.text(Field::DstIp, ip);
    }
    for (name, field) in [("user-agent", Field::HttpUserAgent), ("referer", Field::HttpReferrer)] {
        if let Some(value) = header(entry.headers, name) {
            record.text(field, value);
        }
    }
    if entry.content_type != "-" {
        unmapped.text("content_type", entry.content_type);
    }
    if !entry.more.is_empty() {
        unmapped.text("rest", entry.more);
    }
}

fn fill_url<'a>(record: &mut Record<'a>, entry: &Entry<'a>) {
    if entry.url == "-" {
        return;
    }
    record.text(Field::HttpUrl, entry.url);
    let authority = match entry.method {
        "CONNECT" => Some(entry.url),
        _ => value::authority(entry.url),
    };
    let Some((host, port)) = authority.map(value::host_and_port) else { return };
    if let Some(host) = value::host(Cow::Borrowed(host)) {
        record.text(Field::DstHostname, host);
        if let Some(port) = port {
            record.integer(Field::DstPort, port.into());
        }
    }
}

/// A header's value. Squid writes line ends as `%0D%0A`, older ones as `\r\n`.
fn header<'a>(headers: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let request = headers.strip_prefix('[')?.split("] [").next()?;
    let request = request.strip_suffix(']').unwrap_or(request);
    let lines = request.split("%0D%0A").flat_map(|line| line.split("\\r\\n"));
    let value = lines.into_iter().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then_some(value)
    })?;
    let value = value.trim_start_matches("%20").trim();
    Some(value::percent_decoded(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_may_hold_spaces_and_so_may_a_user() {
        let line = "1609903171.250    154 192.0.2.9 TCP_MISS/200 4512 GET http://a.example/b c?d jan HIER_DIRECT/198.51.100.7 image/gif";
        let entry = split(line).expect("a line");
        assert_eq!(
            (entry.url, entry.user, entry.peer),
            ("http://a.example/b c?d", "jan", "198.51.100.7")
        );
        let line = "06/Jan/2021:03:19:31 +0100      4 192.0.2.9 TCP_MISS/200 4512 GET http://a.example/ Jan Peeters HIER_DIRECT/198.51.100.7 -";
        let entry = split(line).expect("a line");
        assert_eq!(
            (entry.url, entry.user, entry.elapsed),
            ("http://a.example/", "Jan Peeters", "4")
        );
        for other in [
            "",
            "1609903171 154 192.0.2.9 TCP_MISS/200 4512 GET http://a/ - HIER_NONE/- -",
            "1609903171.250 154 192.0.2.9 TCP_MISS/200 4512 GET http://a/ -",
            "1609903171.250 154 192.0.2.9 TCP_MISS/200 4512 GET http://a/ HIER_NONE/- b - HIER_DIRECT/192.0.2.1 - c d",
            "1609903171.250 154 192.0.2.9 tcp/200 4512 GET http://a/ - HIER_NONE/- -",
            "1609903171.250 x 192.0.2.9 TCP_MISS/200 4512 GET http://a/ - HIER_NONE/- -",
        ] {
            assert!(split(other).is_none(), "{other}");
        }
    }

    #[test]
    fn appended_fields_are_told_from_the_usual_ones() {
        let line = "1609903171.250 154 192.0.2.9 TCP_MISS/200 4512 GET http://a.example/b c?d jan HIER_DIRECT/198.51.100.7 image/gif \"Test 1\" 77";
        let entry = split(line).expect("a line");
        assert_eq!(
            (entry.url, entry.user, entry.peer, entry.content_type, entry.more),
            ("http://a.example/b c?d", "jan", "198.51.100.7", "image/gif", "\"Test 1\" 77")
        );
    }

    #[test]
    fn logged_headers_name_the_browser() {
        let new =
            "[Host:%20a.example%0D%0AUser-Agent:%20Test%201%0D%0A] [HTTP/1.1%20200%20OK%0D%0A]";
        assert_eq!(header(new, "user-agent").as_deref(), Some("Test 1"));
        let old = "[Host: a.example\\r\\nUser-Agent: Test 1\\r\\n] [HTTP/1.1 200 OK\\r\\n]";
        assert_eq!(header(old, "user-agent").as_deref(), Some("Test 1"));
        assert_eq!(header(old, "referer"), None);
    }
}
