//! BIND's logs of queries and responses, in a file of its own or by way of syslog.
//!
//! `06-Jan-2021 03:19:31.123 queries: info: client @0x7f53 192.0.2.10#53211
//! (www.example): view internal: query: www.example IN A +E(0)K (192.0.2.53)`,
//! with and without category, severity, view, and all that newer versions added;
//! refused and failed queries (categories `security` and `query-errors`) and
//! responses (`responselog`, and those of Infoblox) as well. A response is a
//! record of its own. Times are local unless `print-time` writes UTC. Spec: the
//! `logging` section of <https://bind9.readthedocs.io/en/latest/reference.html>.
//! Left out: a log without times (`print-time no` in a file), the dialect of
//! BIND 8, and every other category, which is skipped.

use clarte_model::{Class, Field, Source};
use jiff::civil::DateTime;

use crate::syslog::line::{Entry, Stamp, is_iso_date};
use crate::syslog::{Draft, Log, Program};
use crate::{About, time, value};

pub(crate) const LOG: Log = Log {
    program: &PROGRAM,
    about: About { what: "BIND's query log", feeds: "look-ups of the campaign's hosts" },
    // 2: responses and failures.
    version: 2,
};

pub(crate) const PROGRAM: Program = Program {
    name: "bind",
    wrote: |entry| {
        entry.program == "named"
            || entry.program.starts_with("named-")
            // A file of its own with ISO times looks like syslog without a host.
            || (entry.host.is_empty() && CATEGORIES.contains(&entry.program))
    },
    split,
    read,
};

/// What stands between the time and the text.
const CATEGORIES: &[&str] = &[
    "client",
    "cname",
    "config",
    "critical",
    "database",
    "default",
    "delegation-only",
    "dispatch",
    "dnssec",
    "dnstap",
    "edns-disabled",
    "error",
    "general",
    "info",
    "lame-servers",
    "network",
    "notice",
    "notify",
    "nsid",
    "queries",
    "query-errors",
    "rate-limit",
    "resolver",
    "responses",
    "rpz",
    "rpz-passthru",
    "security",
    "serve-stale",
    "spill",
    "trust-anchor-telemetry",
    "unmatched",
    "update",
    "update-security",
    "warning",
    "xfer-in",
    "xfer-out",
    "zoneload",
];

/// A line of BIND's own file.
fn split(text: &str) -> Option<Entry<'_>> {
    let (date, rest) = text.split_once(' ')?;
    let entry = |stamp, message| Entry { stamp, host: "", program: "named", message };
    if is_iso_date(date.get(..10)?) {
        // With ISO times and neither category nor severity.
        let fits = date.as_bytes().get(10) == Some(&b'T') && rest.starts_with("client ");
        return fits.then(|| entry(Stamp::Iso(date), rest));
    }
    let (clock, message) = rest.split_once(' ')?;
    Some(entry(Stamp::Local(local(date, clock)?), message))
}

/// `06-Jan-2021` and `03:19:31.123`.
fn local(date: &str, clock: &str) -> Option<DateTime> {
    let mut date = date.splitn(3, '-');
    let (day, month, year) = (date.next()?, date.next()?, date.next()?);
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = whole.splitn(3, ':').map(|part| time::digits(part).filter(|part| *part <= 60));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let nanoseconds = time::digits(fraction)? * 10_i64.checked_pow(9 - fraction.len() as u32)?;
    DateTime::new(
        i16::try_from(time::digits(year)?).ok()?,
        time::month(month)?,
        i8::try_from(time::digits(day)?).ok()?,
        hour as i8,
        minute as i8,
        second.min(59) as i8,
        i32::try_from(nanoseconds).ok()?,
    )
    .ok()
}

/// Reads a query, or one that was refused.
fn read<'a>(entry: &Entry<'a>, draft: &mut Draft<'_, 'a>) -> bool {
    let Some(client) = client(entry.message) else { return false };
    (draft.record.class, draft.record.source) = (Class::Dns, Source::Dns);
    let behind = |mark| client.rest.split_once(mark).map(|(_, rest)| rest);
    let found = if let Some(query) = behind("query: ") {
        asked(query, draft)
    } else if let Some(response) = behind("response: ") {
        draft.unmapped.text("type", "response");
        asked(response, draft)
    } else if let Some(failure) = behind("query failed (") {
        failed(failure, draft)
    } else {
        refused(client.rest, draft)
    };
    if !found {
        return false;
    }
    if let Some(ip) = value::ip(client.ip) {
        draft.record.text(Field::SrcIp, ip);
    }
    if let Some(port @ ..=0xffff) = time::digits(client.port) {
        draft.record.integer(Field::SrcPort, port);
    }
    if let Some((view, _)) = client.rest.strip_prefix("view ").and_then(|v| v.split_once(": ")) {
        draft.unmapped.text("view", view);
    }
    true
}

/// Who asked, and what is said about it.
struct Client<'a> {
    ip: &'a str,
    port: &'a str,
    rest: &'a str,
}

/// `[queries: ][info: ]client [@0x7f53 ]192.0.2.10#53211[/key x][ (name)]: …`.
fn client(message: &str) -> Option<Client<'_>> {
    let mut message = message;
    // Category and severity, where there are any.
    for _ in 0..2 {
        if let Some((word, rest)) = message.split_once(": ")
            && (CATEGORIES.contains(&word) || word.starts_with("debug "))
        {
            message = rest;
        }
    }
    let rest = message.strip_prefix("client ")?;
    let rest = match rest.strip_prefix('@') {
        Some(object) => object.split_once(' ')?.1,
        None => rest,
    };
    let (ip, rest) = rest.split_once('#')?;
    // A link-local address bears its interface.
    let ip = ip.split_once('%').map_or(ip, |(ip, _)| ip);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (port, rest) = rest.split_at(digits);
    // Names hold no raw spaces.
    let (_, rest) = rest.split_once(": ")?;
    value::ip(ip).is_some().then_some(Client { ip, port, rest })
}

/// `www.example IN A +E(0)K (192.0.2.53) [ECS …]`, of a response with its code
/// before the flags; and Infoblox's `www.example IN A response: NOERROR A …;`.
fn asked<'a>(query: &'a str, draft: &mut Draft<'_, 'a>) -> bool {
    let (query, records) = match query.split_once(" response: ") {
        Some((query, response)) => (query, Some(response)),
        None => (query, None),
    };
    let mut words = query.split(' ');
    let (Some(name), Some(_class), Some(kind)) = (words.next(), words.next(), words.next()) else {
        return false;
    };
    draft.record.text(Field::DnsQuery, value::query(name)).text(Field::DnsType, kind);
    for word in words.take(12) {
        let inner = word.strip_prefix('(').and_then(|word| word.strip_suffix(')'));
        if word.starts_with(['+', '-']) {
            let protocol = if word.contains('T') { "tcp" } else { "udp" };
            draft.record.text(Field::Protocol, protocol);
            draft.unmapped.text("flags", word);
        } else if RCODES.contains(&word) {
            draft.record.text(Field::DnsRcode, word);
        } else if let Some(server) = inner.and_then(value::ip) {
            draft.record.text(Field::DstIp, server);
            break;
        }
    }
    if let Some(records) = records {
        answered(records, draft);
    }
    true
}

/// The codes of RFC 1035 and RFC 2136, as BIND writes them.
const RCODES: &[&str] = &[
    "NOERROR",
    "FORMERR",
    "SERVFAIL",
    "NXDOMAIN",
    "NOTIMP",
    "REFUSED",
    "YXDOMAIN",
    "YXRRSET",
    "NXRRSET",
    "NOTAUTH",
    "NOTZONE",
    "BADVERS",
    "BADCOOKIE",
];

/// `NOERROR A www.example 300 IN A 192.0.2.80; …`: code, flags and records.
fn answered<'a>(text: &'a str, draft: &mut Draft<'_, 'a>) {
    let (rcode, records) = value::split_first(text, b' ').unwrap_or((text, ""));
    if RCODES.contains(&rcode) {
        draft.record.text(Field::DnsRcode, rcode);
    }
    let data = records.split(';').filter_map(|record| {
        let (_, record) = record.split_once(" IN ")?;
        let (_type, data) = value::split_first(record, b' ')?;
        Some(value::ip(data).unwrap_or(data.strip_suffix('.').unwrap_or(data).into()))
    });
    draft.record.texts(Field::DnsAnswers, data.take(ANSWERS_CAP));
}

/// Answers kept of one line.
const ANSWERS_CAP: usize = 100;

/// `SERVFAIL) for www.example/IN/A at query.c:7910`.
fn failed<'a>(text: &'a str, draft: &mut Draft<'_, 'a>) -> bool {
    let Some((why, rest)) = text.split_once(") for ") else { return false };
    let what = rest.rsplit_once(" at ").map_or(rest, |(what, _)| what);
    let Some((rest, kind)) = what.rsplit_once('/') else { return false };
    let Some((name, _class)) = rest.rsplit_once('/') else { return false };
    draft.record.text(Field::DnsQuery, value::query(name)).text(Field::DnsType, kind);
    // Most of BIND's own reasons are a failure of the server to whoever asked.
    let rcode = if RCODES.contains(&why) { why } else { "SERVFAIL" };
    draft.record.text(Field::DnsRcode, rcode);
    draft.unmapped.text("failed", why);
    true
}

/// `query[ (cache)] 'www.example/A/IN' denied[ (…)]`.
fn refused<'a>(text: &'a str, draft: &mut Draft<'_, 'a>) -> bool {
    let parts = || {
        let (_, rest) = text.split_once("query ")?;
        let (quoted, rest) =
            rest.strip_prefix("(cache) ").unwrap_or(rest).strip_prefix('\'')?.split_once('\'')?;
        let (rest_of_name, _class) = quoted.rsplit_once('/')?;
        let (name, kind) = rest_of_name.rsplit_once('/')?;
        rest.starts_with(" denied").then_some((name, kind))
    };
    let Some((name, kind)) = parts() else { return false };
    draft.record.text(Field::DnsQuery, value::query(name)).text(Field::DnsType, kind);
    draft.record.text(Field::DnsRcode, "REFUSED");
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_of_all_versions_are_found() {
        for message in [
            "client 192.0.2.10#53211: query: x",
            "client 192.0.2.10#53211 (www.example): query: x",
            "client @0x7f53a4 192.0.2.10#53211 (www.example): query: x",
            "queries: info: client @0x7f53a4 192.0.2.10#53211 (www.example): query: x",
            "info: client 192.0.2.10#53211/key k (www.example): query: x",
        ] {
            let client = client(message).expect(message);
            assert_eq!((client.ip, client.port, client.rest), ("192.0.2.10", "53211", "query: x"));
        }
        for message in ["client x#5: query: x", "zone example/IN: loaded serial 1", "client "] {
            assert!(client(message).is_none(), "{message}");
        }
    }

    #[test]
    fn times_are_read_to_the_digit() {
        let read = |date, clock| local(date, clock).map(|at| at.to_string());
        assert_eq!(read("06-Jan-2021", "03:19:31.123").as_deref(), Some("2021-01-06T03:19:31.123"));
        assert_eq!(read("31-Feb-2021", "03:19:31.123"), None);
        assert_eq!(read("06-Jan-2021", "03:19:31.1234567890"), None);
    }
}
