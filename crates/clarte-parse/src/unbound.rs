//! Unbound's log of queries and replies.
//!
//! `[1609903171] unbound[123:0] info: 192.0.2.10 www.example. A IN`, with
//! `log-replies` followed by `NOERROR 0.012 0 56`; by way of syslog, and with
//! `log-time-ascii`, `log-time-iso` and `log-tag-queryreply` as well. Spec:
//! `unbound.conf(5)`. Left out: what local zones did (`log-local-actions`), and
//! all other lines.
//!
//! A query and its reply are lines of their own and stay records of their own;
//! answers are not logged, only that there were any.

use clarte_model::{Class, Field, Source};

use crate::syslog::line::{Entry, Stamp};
use crate::syslog::{Draft, Log, Program};
use crate::{About, time, value};

pub(crate) const LOG: Log = Log {
    program: &PROGRAM,
    about: About {
        what: "Unbound's query and reply log",
        feeds: "look-ups of the campaign's hosts",
    },
    version: 1,
};

pub(crate) const PROGRAM: Program =
    Program { name: "unbound", wrote: |entry| entry.program == "unbound", split, read };

/// A line of Unbound's own file with Unix times.
fn split(text: &str) -> Option<Entry<'_>> {
    let (seconds, rest) = text.strip_prefix('[')?.split_once("] ")?;
    time::nanoseconds(seconds)?;
    let (_, message) = rest.strip_prefix("unbound[")?.split_once("] ")?;
    Some(Entry { stamp: Stamp::Unix(seconds), host: "", program: "unbound", message })
}

fn read<'a>(entry: &Entry<'a>, draft: &mut Draft<'_, 'a>) -> bool {
    // Syslog names the process a second time, some carriers lose the colon.
    let message = match entry.message.strip_prefix('[') {
        Some(rest) => rest.split_once("] ").map_or(rest, |(_, rest)| rest),
        None => entry.message,
    };
    let Some((tag, text)) = message.split_once(": ") else { return false };
    if !matches!(tag, "info" | "query" | "reply") {
        return false;
    }
    let mut words = text.split_ascii_whitespace();
    let (Some(ip), Some(name), Some(kind), Some(class)) =
        (words.next().and_then(value::ip), words.next(), words.next(), words.next())
    else {
        return false;
    };
    let fits = name.ends_with('.')
        && (matches!(class, "IN" | "CH" | "HS" | "ANY") || class.starts_with("CLASS"));
    if !fits {
        return false;
    }
    (draft.record.class, draft.record.source) = (Class::Dns, Source::Dns);
    draft.record.text(Field::SrcIp, ip).text(Field::DnsQuery, value::query(name));
    draft.record.text(Field::DnsType, kind);
    if let Some(rcode) = words.next() {
        draft.record.text(Field::DnsRcode, rcode);
        let (_, cached) = (words.next(), words.next());
        draft.unmapped.text("type", "reply");
        if cached == Some("1") {
            draft.unmapped.raw("cached", "true");
        }
    }
    true
}
