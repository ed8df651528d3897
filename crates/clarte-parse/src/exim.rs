//! Exim's main log, in a file of its own or by way of syslog; each line a record,
//! joined by message id (our queue id) elsewhere.
//!
//! `2021-01-06 03:19:31 1kx2Ab-0001Xy-Qz <= editor@news.example H=… [ip] id=…`,
//! with milliseconds, zone and process where they are logged, and ids of both
//! lengths. Times are local unless the zone is logged. Spec:
//! <https://www.exim.org/exim-html-current/doc/html/spec_html/ch-log_files.html>.
//! Left out: the reject log, whose lines the main log has as well, the panic log,
//! and lines that say nothing about a message, which are skipped.

use std::borrow::Cow;

use clarte_model::{Class, Field, Source, address};
use jiff::civil::DateTime;
use jiff::tz::Offset;

use crate::syslog::line::{Entry, Stamp, is_iso_date};
use crate::syslog::{Draft, Log, Program};
use crate::{About, time, value};

pub(crate) const LOG: Log = Log {
    program: &PROGRAM,
    about: About { what: "Exim's main log", feeds: "who was sent what, and what became of it" },
    // 2: quoted and intermediate addresses, senders refused, subjects in full.
    version: 2,
};

pub(crate) const PROGRAM: Program =
    Program { name: "exim", wrote: |entry| matches!(entry.program, "exim" | "exim4"), split, read };

/// Recipients kept of one line.
const RECIPIENTS_CAP: usize = 1_000;

/// A line of Exim's own file. Many logs begin with such a time: only what names
/// a message, or refuses one, is surely Exim's.
fn split(text: &str) -> Option<Entry<'_>> {
    let (date, rest) = value::split_first(text, b' ')?;
    let (clock, rest) = value::split_first(rest, b' ')?;
    if !is_iso_date(date) || clock.as_bytes().get(2) != Some(&b':') {
        return None;
    }
    let at: DateTime = text.get(..date.len() + 1 + clock.len())?.parse().ok()?;
    let (stamp, rest) = match offset(rest) {
        Some((offset, rest)) => (Stamp::Offset(at, offset), rest),
        None => (Stamp::Local(at), rest),
    };
    let message = without_process(rest);
    let is_sure = message_id(message).is_some() || refusal(message).is_some();
    let program = if is_sure { "exim" } else { "" };
    Some(Entry { stamp, host: "", program, message })
}

/// `+0100 ` and what follows.
fn offset(text: &str) -> Option<(Offset, &str)> {
    let (word, rest) = value::split_first(text, b' ')?;
    let sign = match word.as_bytes() {
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return None,
    };
    let digits = word.get(1..).filter(|digits| digits.len() == 4).and_then(time::digits)?;
    let seconds = sign * (digits / 100 * 3600 + digits % 100 * 60);
    Some((Offset::from_seconds(seconds as i32).ok()?, rest))
}

/// Without `[1234] `.
fn without_process(text: &str) -> &str {
    let process = text.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    match process {
        Some((digits, rest)) if time::digits(digits).is_some() => rest,
        _ => text,
    }
}

/// The id that a line begins with, and what follows it: `1kx2Ab-0001Xy-Qz`, since
/// version 4.97 `1kx2Ab-00000001XyZ-Qz12`.
fn message_id(text: &str) -> Option<(&str, &str)> {
    let (id, rest) = value::split_first(text, b' ').unwrap_or((text, ""));
    is_id(id).then_some((id, rest))
}

fn is_id(id: &str) -> bool {
    let dashes = match id.len() {
        16 => [6, 13],
        23 => [6, 18],
        _ => return false,
    };
    id.bytes().enumerate().all(|(at, byte)| match dashes.contains(&at) {
        true => byte == b'-',
        false => byte.is_ascii_alphanumeric(),
    })
}

/// `H=… F=<…> [temporarily ]rejected RCPT <…>: …`: what precedes the refusal,
/// and the refusal.
fn refusal(text: &str) -> Option<(&str, &str)> {
    if !text.starts_with("H=") {
        return None;
    }
    let at = text.find("rejected ")?;
    let start = text[..at].strip_suffix("temporarily ").map_or(at, str::len);
    let before = text[..start].strip_suffix(' ')?;
    Some((before, &text[start..]))
}

fn read<'a>(entry: &Entry<'a>, draft: &mut Draft<'_, 'a>) -> bool {
    (draft.record.class, draft.record.source) = (Class::Delivery, Source::Mta);
    let message = without_process(entry.message);
    let message = match message_id(message) {
        Some((id, rest)) => {
            draft.record.text(Field::QueueId, id);
            rest
        }
        None => message,
    };
    if let Some((before, words)) = refusal(message) {
        return refused(before, words, draft);
    }
    let (flag, rest) = value::split_first(message, b' ').unwrap_or((message, ""));
    if draft.record.get(Field::QueueId).is_none() {
        return false;
    }
    match flag {
        "<=" => arrival(rest, draft),
        "=>" | "->" | ">>" => delivery(rest, draft),
        "**" | "==" => failure(flag, rest, draft),
        "Completed" => _ = draft.record.text(Field::Status, "removed"),
        _ => return false,
    }
    true
}

/// `sender H=host (helo) [ip]:port … id=message-id T="subject" for a@b c@d`.
fn arrival<'a>(text: &'a str, draft: &mut Draft<'_, 'a>) {
    let (sender, rest) = text.split_at(address_length(text));
    from(sender, draft);
    draft.record.text(Field::Status, "queued");
    let mut parts = Parts(rest);
    while let Some(part) = parts.next() {
        match part {
            Part::Host(host) => host.fill(Field::SrcHostname, Field::SrcIp, draft),
            Part::Pair("id", id) => _ = draft.record.text(Field::MailMessageId, id),
            Part::Pair("T", subject) => {
                draft.record.text(Field::MailSubject, unescaped(subject));
            }
            Part::Pair("A", account) => {
                let user = value::split_first(account, b':').map_or(account, |(_, user)| user);
                draft.record.text(Field::UserName, user);
            }
            Part::Pair("S", size) => {
                if let Some(size) = time::digits(size) {
                    draft.unmapped.integer("size", size);
                }
            }
            Part::Pair("U", user) => _ = draft.unmapped.text("local_user", user),
            // The message that this one reports on.
            Part::Pair("R", id) => _ = draft.unmapped.text("reports_on", id),
            Part::Word("for") => {
                let known = addresses(parts.0).filter_map(address::normalise);
                draft.record.texts(Field::MailTo, known.take(RECIPIENTS_CAP));
                break;
            }
            _ => {}
        }
    }
}

/// `recipient <original> R=router T=transport H=host [ip] C="250 …"`.
fn delivery<'a>(text: &'a str, draft: &mut Draft<'_, 'a>) {
    let rest = recipient(text, draft);
    let (mut is_remote, mut is_local) = (false, text.starts_with(['/', '|']));
    for part in Parts(rest) {
        match part {
            Part::Host(host) => {
                is_remote = true;
                host.fill(Field::DstHostname, Field::DstIp, draft);
            }
            // By LMTP the next one is the mailbox itself.
            Part::Pair("T", transport) => is_local |= transport.contains("lmtp"),
            Part::Pair("C", answer) => {
                draft.record.text(Field::StatusDetail, answer);
                if let Some(id) = next_id(answer) {
                    draft.record.text(Field::NextQueueId, id);
                }
            }
            Part::Pair("F", sender) => from(sender, draft),
            _ => {}
        }
    }
    let is_discarded = text.contains("blackhole") || text.starts_with("/dev/null ");
    draft.record.text(
        Field::Status,
        match (is_discarded, is_remote && !is_local) {
            (true, _) => "filtered",
            (_, true) => "relayed",
            _ => "delivered",
        },
    );
}

/// `recipient R=… T=… H=… [ip]: SMTP error …`.
fn failure<'a>(flag: &str, text: &'a str, draft: &mut Draft<'_, 'a>) {
    let rest = recipient(text, draft);
    for part in Parts(rest) {
        match part {
            Part::Host(host) => {
                host.fill(Field::DstHostname, Field::DstIp, draft);
                // What follows are the other side's words.
                break;
            }
            Part::Pair("F", sender) => from(sender, draft),
            _ => {}
        }
    }
    let status = if flag == "**" { "bounced" } else { "deferred" };
    draft.record.text(Field::Status, status).text(Field::StatusDetail, rest);
}

/// `H=host [ip] F=<sender>` and `rejected RCPT <recipient>: why`.
fn refused<'a>(before: &'a str, words: &'a str, draft: &mut Draft<'_, 'a>) -> bool {
    for part in Parts(before) {
        match part {
            Part::Host(host) => host.fill(Field::SrcHostname, Field::SrcIp, draft),
            Part::Pair("F", sender) => from(sender, draft),
            _ => {}
        }
    }
    let named = |command| {
        let (_, rest) = words.split_once(command)?;
        rest.trim_start_matches('<').split(['>', ':']).next()
    };
    draft.record.texts(Field::MailTo, named(" RCPT ").and_then(address::normalise));
    if let Some(sender) = named(" MAIL ") {
        from(sender, draft);
    }
    let status = if words.starts_with("temporarily") { "deferred" } else { "rejected" };
    draft.record.text(Field::Status, status).text(Field::StatusDetail, words);
    true
}

fn from<'a>(text: &'a str, draft: &mut Draft<'_, 'a>) {
    match address::normalise(text) {
        Some(sender) => _ = draft.record.text(Field::MailEnvelopeFrom, sender),
        None if matches!(text, "" | "<>") => {}
        None => _ = draft.unmapped.text("from", text),
    }
}

/// Takes `recipient[ (parent)…][ <original>]` off the front. Of a mailbox only
/// the original may be an address.
fn recipient<'a>(text: &'a str, draft: &mut Draft<'_, 'a>) -> &'a str {
    let (names, rest) = text.split_at(recipient_length(text));
    let (first, original) = match names.rsplit_once(" <") {
        Some((first, original)) => (first, Some(original.trim_end_matches([':', '>']))),
        None => (names, None),
    };
    let (first, _parents) = first.split_once(" (").unwrap_or((first, ""));
    let first = first.trim_end_matches(':');
    let known = [Some(first), original].into_iter().flatten().find_map(address::normalise);
    match known {
        Some(to) => {
            let is_to = |text: &str| address::normalise(text).as_ref() == Some(&to);
            // The name of a mailbox that is not the address's own.
            let is_mailbox = !first.contains(['@', '/', '|', ':']) && !to.starts_with(first);
            if is_mailbox {
                draft.unmapped.text("mailbox", first);
            }
            if let Some(original) = original.filter(|text| !is_to(text)) {
                draft.unmapped.text("orig_to", original);
            }
            draft.record.texts(Field::MailTo, [to]);
        }
        None => _ = draft.unmapped.text("to", original.unwrap_or(first)),
    }
    rest.trim_start()
}

/// The length of what names a recipient: up to the router, or up to what went
/// wrong. Pipes, files and mailboxes may hold spaces.
fn recipient_length(text: &str) -> usize {
    // `:blackhole:` is no reason.
    let special = text.strip_prefix(':').and_then(|rest| rest.find(':')).map_or(0, |at| at + 2);
    let mut ends = memchr::memchr2_iter(b' ', b':', text.as_bytes()).filter(|at| {
        let rest = &text[*at..];
        let keys = [" R=", " T=", " F=", " P=", " H=", " C="];
        *at >= special && (rest.starts_with(": ") || keys.iter().any(|key| rest.starts_with(key)))
    });
    // A colon belongs to what it follows.
    ends.next().map_or(text.len(), |at| at + usize::from(text.as_bytes()[at] == b':'))
}

/// The addresses of a list.
fn addresses(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        text = text.trim_start_matches(' ');
        let (address, rest) = text.split_at(address_length(text));
        text = rest;
        (!address.is_empty()).then_some(address)
    })
}

/// The length of an address, which is a word unless it is quoted.
fn address_length(text: &str) -> usize {
    let quoted = text.strip_prefix('"').map_or(0, |inner| closing_quote(inner) + 2);
    let rest = text.get(quoted..).unwrap_or_default();
    memchr::memchr(b' ', rest.as_bytes()).map_or(text.len(), |at| quoted + at)
}

/// Undoes what Exim makes of quotes and, in octal, of bytes beyond ASCII; what
/// does not come out as UTF-8 stays as it was.
fn unescaped(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let octal = |digits: &[u8]| {
            let fits = matches!(digits, [b'0'..=b'3', b'0'..=b'7', b'0'..=b'7']);
            fits.then(|| digits.iter().fold(0, |sum: u8, digit| (sum << 3) | (digit - b'0')))
        };
        let (decoded, width) = match (byte, bytes.get(at + 1)) {
            (b'\\', Some(b'"' | b'\\')) => (bytes[at + 1], 2),
            (b'\\', _) => match bytes.get(at + 1..at + 4).and_then(octal) {
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

/// The id under which the next hop says it took the message over.
fn next_id(answer: &str) -> Option<&str> {
    let after = ["queued as ", " id="].iter().find_map(|words| answer.split_once(words))?.1;
    let is_end = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
    let id = &after[..after.find(is_end).unwrap_or(after.len())];
    (!id.is_empty()).then_some(id)
}

/// `H=host (helo) [ip]:port`.
struct Host<'a> {
    name: &'a str,
    ip: &'a str,
}

impl<'a> Host<'a> {
    fn fill(&self, name: Field, ip: Field, draft: &mut Draft<'_, 'a>) {
        if let Some(host) = value::host(self.name.into()) {
            draft.record.text(name, host);
        }
        if let Some(address) = value::ip(self.ip) {
            draft.record.text(ip, address);
        }
    }
}

/// One thing that a line tells.
enum Part<'a> {
    Host(Host<'a>),
    /// `key=value` or `key="value"`.
    Pair(&'a str, &'a str),
    Word(&'a str),
}

/// The parts of the text, in order.
struct Parts<'a>(&'a str);

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        self.0 = self.0.trim_start_matches(' ');
        if self.0.is_empty() {
            return None;
        }
        if let Some((key, rest)) = quoted(self.0) {
            let end = closing_quote(rest);
            self.0 = rest.get(end + 1..).unwrap_or_default();
            return Some(Part::Pair(key, &rest[..end]));
        }
        let (word, rest) = value::split_first(self.0, b' ').unwrap_or((self.0, ""));
        self.0 = rest;
        match word.split_once('=').filter(|(key, _)| is_key(key)) {
            Some(("H", name)) => Some(Part::Host(self.host(name))),
            Some((key, value)) => Some(Part::Pair(key, value)),
            None => Some(Part::Word(word)),
        }
    }
}

impl<'a> Parts<'a> {
    /// The rest of a host, whose name may be left out or only claimed.
    fn host(&mut self, first: &'a str) -> Host<'a> {
        let (mut name, mut ip, mut word) = (first, "", first);
        if first.starts_with(['(', '[']) {
            name = "";
        }
        loop {
            if let Some(inner) = word.strip_prefix('[') {
                ip = inner.split(']').next().unwrap_or_default();
                break;
            }
            let next = value::split_first(self.0, b' ').unwrap_or((self.0, ""));
            if !next.0.starts_with(['(', '[']) {
                break;
            }
            (word, self.0) = next;
        }
        Host { name, ip }
    }
}

/// Keys are one to four letters, `id` and `DKIM` among them.
fn is_key(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// `key="` at the beginning, and what follows it. Looks no further: a line may be
/// long.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let at = text.bytes().take(5).position(|byte| byte == b'=')?;
    let rest = text[at + 1..].strip_prefix('"')?;
    is_key(&text[..at]).then_some((&text[..at], rest))
}

/// Where the quoted text ends; the text's length if nowhere.
fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_end_where_the_router_or_the_reason_begins() {
        for (text, names) in [
            ("jan@a.example R=x", "jan@a.example"),
            (
                "jan peeters <\"jan peeters\"@a.example> R=x",
                "jan peeters <\"jan peeters\"@a.example>",
            ),
            (
                "a@b.example (c@d.example) <e@f.example> R=x",
                "a@b.example (c@d.example) <e@f.example>",
            ),
            ("a@b.example: Unrouteable address", "a@b.example:"),
            (":blackhole: <a@b.example> R=drop", ":blackhole: <a@b.example>"),
            ("|/bin/x -a <a@b.example> R=x", "|/bin/x -a <a@b.example>"),
            ("a@b.example", "a@b.example"),
        ] {
            assert_eq!(&text[..recipient_length(text)], names, "{text}");
        }
        assert_eq!(address_length("\"a b\"@c.example H=x"), 15);
        assert_eq!(address_length("\"a b"), 4);
        assert_eq!(address_length("<> H=x"), 2);
        let list: Vec<_> = addresses(" a@b \"c d\"@e  f@g").collect();
        assert_eq!(list, ["a@b", "\"c d\"@e", "f@g"]);
    }

    #[test]
    fn subjects_are_read_as_they_were_before_they_were_logged() {
        assert_eq!(unescaped(r#"\"Caf\303\251\" \\ \9"#), "\"Café\" \\ \\9");
        assert_eq!(unescaped(r"Caf\351"), r"Caf\351");
    }

    #[test]
    fn ids_of_both_lengths_are_ids_and_words_are_not() {
        for id in ["1kx2Ab-0001Xy-Qz", "1rBcDe-00000000AbC-1XyZ"] {
            assert_eq!(message_id(&format!("{id} Completed")), Some((id, "Completed")));
        }
        for text in ["1kx2Ab-0001Xy-Q Completed", "1kx2Ab_0001Xy_Qz x", "", "é"] {
            assert!(message_id(text).is_none(), "{text}");
        }
    }

    #[test]
    fn hosts_are_read_however_they_are_named() {
        for (text, name, ip) in [
            ("H=mx.example [192.0.2.1]", "mx.example", "192.0.2.1"),
            ("H=mx.example (helo.example) [192.0.2.1]:4000", "mx.example", "192.0.2.1"),
            ("H=(helo.example) [192.0.2.1]:4000", "", "192.0.2.1"),
            ("H=[192.0.2.1]", "", "192.0.2.1"),
            ("H=mx.example [2001:db8::1]: SMTP error", "mx.example", "2001:db8::1"),
            ("H=mx.example P=esmtp", "mx.example", ""),
        ] {
            match Parts(text).next() {
                Some(Part::Host(host)) => assert_eq!((host.name, host.ip), (name, ip), "{text}"),
                _ => panic!("{text}"),
            }
        }
    }

    #[test]
    fn a_line_is_exims_only_if_it_is_about_a_message() {
        let program = |text| split(text).map(|entry| entry.program);
        assert_eq!(program("2021-01-06 03:19:31 1kx2Ab-0001Xy-Qz Completed"), Some("exim"));
        let line = "2021-01-06 03:19:31.123 +0100 [77] 1kx2Ab-0001Xy-Qz Completed";
        assert_eq!(program(line), Some("exim"));
        assert_eq!(program("2021-01-06 03:19:31 INFO started"), Some(""));
        assert_eq!(program("2021-01-06T03:19:31 x y"), None);
    }
}
