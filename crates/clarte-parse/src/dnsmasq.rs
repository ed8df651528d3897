//! dnsmasq's log: look-ups and what came of them, leases.
//!
//! By way of syslog or in a file of its own (`log-facility`), with `log-queries`,
//! with or without `=extra`, and `log-dhcp`; Pi-hole's as well. Spec: `dnsmasq(8)`.
//! Left out: `forwarded` lines, which say nothing that the query did not, what
//! DNSSEC made of an answer, and TFTP.
//!
//! A query and its answers are lines of their own and stay records of their own;
//! only `=extra` tells whose the answer is, so that of other answers no client is
//! known. `unmapped` says where an answer came from (`reply`, `cached`, …).

use clarte_model::{Class, Field, Source};

use crate::syslog::line::Entry;
use crate::syslog::{self, Draft, Log, Program};
use crate::{About, dhcp, value};

pub(crate) const LOG: Log = Log {
    program: &PROGRAM,
    about: About {
        what: "dnsmasq's log",
        feeds: "look-ups of the campaign's hosts; which machine had which address when",
    },
    // 2: answers from files of any name and with ` is ` in them; leases of IPv6.
    version: 2,
};

pub(crate) const PROGRAM: Program = Program {
    name: "dnsmasq",
    wrote: |entry| matches!(entry.program, "dnsmasq" | "dnsmasq-dhcp"),
    split: syslog::no_split,
    read,
};

fn read<'a>(entry: &Entry<'a>, draft: &mut Draft<'_, 'a>) -> bool {
    match entry.program {
        "dnsmasq-dhcp" => lease(entry.message, draft),
        _ => look_up(entry.message, draft),
    }
}

/// `[123 192.0.2.10/53211 ]query[A] www.example from 192.0.2.10` or
/// `[…]reply www.example is 198.51.100.7`.
fn look_up<'a>(message: &'a str, draft: &mut Draft<'_, 'a>) -> bool {
    let (asker, message) =
        extra(message).map_or((None, message), |(ip, port, rest)| (Some((ip, port)), rest));
    if let Some((ip, port)) = asker {
        client(ip, draft);
        if let Ok(port @ 0..=0xffff) = port.parse() {
            draft.record.integer(Field::SrcPort, port);
        }
    }
    (draft.record.class, draft.record.source) = (Class::Dns, Source::Dns);
    if let Some((kind, rest)) = message.strip_prefix("query[").and_then(|m| m.split_once("] ")) {
        let Some((name, ip)) = rest.rsplit_once(" from ") else { return false };
        match kind.strip_prefix("type=") {
            // As RFC 3597 writes types without a name.
            Some(number) => _ = draft.record.text(Field::DnsType, ["TYPE", number].concat()),
            None => _ = draft.record.text(Field::DnsType, kind),
        }
        query(name, draft);
        client(ip, draft);
        return true;
    }
    let Some((how, rest)) = source(message) else { return false };
    let Some((name, answer)) = rest.split_once(" is ") else { return false };
    draft.unmapped.text("said", how);
    // `reply error is SERVFAIL` names nothing.
    if name != "error" {
        query(name, draft);
    }
    outcome(answer, draft);
    true
}

/// How an answer was come by, and what follows; a path is that of a file like
/// `/etc/hosts`.
fn source(message: &str) -> Option<(&str, &str)> {
    if message.starts_with('/') {
        return value::split_first(message, b' ');
    }
    ANSWERS.iter().find_map(|how| Some((*how, message.strip_prefix(how)?.strip_prefix(' ')?)))
}

/// The same where it is no file.
const ANSWERS: &[&str] = &[
    "reply",
    "cached",
    "cached-stale",
    "config",
    "DHCP",
    "gravity blocked",
    "exactly denied",
    "exactly blacklisted",
    "regex denied",
    "regex blacklisted",
    "special domain",
    "blocked upstream with known address",
    "blocked upstream with NULL address",
    "blocked upstream with NXDOMAIN",
    "blocked upstream",
    "Apple iCloud Private Relay domain",
    "Mozilla canary domain",
];

/// The address and port that `log-queries=extra` puts in front.
fn extra(message: &str) -> Option<(&str, &str, &str)> {
    let (serial, rest) = message.split_once(' ')?;
    let (asker, rest) = rest.split_once(' ')?;
    let (ip, port) = asker.rsplit_once('/')?;
    let is_number = serial.trim_end_matches('*').bytes().all(|byte| byte.is_ascii_digit());
    (is_number && value::ip(ip).is_some()).then_some((ip, port, rest))
}

fn client<'a>(ip: &'a str, draft: &mut Draft<'_, 'a>) {
    if let Some(ip) = value::ip(ip.trim_ascii()) {
        draft.record.text(Field::SrcIp, ip);
    }
}

fn query<'a>(name: &'a str, draft: &mut Draft<'_, 'a>) {
    draft.record.text(Field::DnsQuery, value::query(name));
}

/// An answer: data, a code, or what stands for data that is not shown.
fn outcome<'a>(answer: &'a str, draft: &mut Draft<'_, 'a>) {
    match answer {
        "NXDOMAIN" | "SERVFAIL" | "REFUSED" | "FORMERR" | "NOTIMP" => {
            draft.record.text(Field::DnsRcode, answer);
        }
        _ if answer.starts_with("NODATA") => _ = draft.record.text(Field::DnsRcode, "NOERROR"),
        _ if answer.starts_with('<') => _ = draft.unmapped.text("answer", answer),
        _ => match value::ip(answer) {
            Some(ip) => _ = draft.record.texts(Field::DnsAnswers, [ip]),
            None => _ = draft.record.texts(Field::DnsAnswers, [answer]),
        },
    }
}

/// `[123 ]DHCPACK(br0) 192.0.2.10 00:00:5e:00:53:01 lt-0042`.
fn lease<'a>(message: &'a str, draft: &mut Draft<'_, 'a>) -> bool {
    let message = match message.split_once(' ') {
        Some((serial, rest)) if serial.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => message,
    };
    let Some((head, rest)) = message.split_once(") ") else { return false };
    let Some((kind, interface)) = head.split_once('(') else { return false };
    let mut words = rest.split(' ').filter(|word| !word.is_empty()).peekable();
    let ip = words.next_if(|word| value::ip(word).is_some());
    let Some(machine) = words.next() else { return false };
    let mac = value::mac(machine);
    // What grants an address of IPv6 is a reply; clients have an id there.
    let kind = match kind {
        "DHCPREPLY" if mac.is_none() && ip.is_some() && is_duid(machine) => "DHCPACK",
        _ if mac.is_some() => kind,
        _ => return false,
    };
    let name = words.next().unwrap_or_default();
    draft.unmapped.text("interface", interface);
    if mac.is_none() {
        draft.unmapped.text("duid", machine);
    }
    dhcp::Exchange { kind, ip, mac, name: if kind == "DHCPACK" { name } else { "" } }.fill(draft)
}

/// Whether the text is a client's id as DHCPv6 has it: more pairs than a
/// hardware address.
fn is_duid(text: &str) -> bool {
    text.len() > 17
        && text
            .split(':')
            .all(|pair| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit()))
}
