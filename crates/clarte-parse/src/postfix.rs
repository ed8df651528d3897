//! Postfix's lines in a mail server's syslog, each a record of its own; the
//! lines of one message are joined by queue id over the whole case, elsewhere.
//!
//! Spec: `postlog(1)`. Left out: lines that say nothing about a message
//! (connects, warnings, statistics, bounces' own ids), which are skipped.

mod facts;

use clarte_model::{Class, Field, Record, Source};

use crate::json::Object;
use crate::syslog::line::Entry;
use crate::syslog::{self, Draft, Log, Program};
use crate::{About, value};

pub(crate) const LOG: Log = Log {
    program: &PROGRAM,
    about: About { what: "Postfix's log", feeds: "who was sent what, and what became of it" },
    // 2: lines of other programs in the same file are read as well. 3: what was
    // refused for the time being is deferred.
    version: 3,
};

pub(crate) const PROGRAM: Program = Program {
    name: "postfix",
    wrote: |entry| daemon(entry.program).is_some(),
    split: syslog::no_split,
    read,
};

/// The Postfix daemon of that tag, whatever the instance is called
/// (`postfix/smtpd`, `postfix-out/smtp`, `postfix/submission/smtpd`).
fn daemon(program: &str) -> Option<&str> {
    let (instance, daemon) = program.rsplit_once('/')?;
    (instance.starts_with("postfix") || DAEMONS.contains(&daemon)).then_some(daemon)
}

/// Daemons whose names nobody else has in this form.
const DAEMONS: &[&str] = &[
    "smtpd",
    "smtp",
    "lmtp",
    "cleanup",
    "qmgr",
    "local",
    "virtual",
    "pipe",
    "pickup",
    "postscreen",
];

fn read<'a>(entry: &Entry<'a>, draft: &mut Draft<'_, 'a>) -> bool {
    let Some(facts) = daemon(entry.program).and_then(|daemon| facts::read(daemon, entry.message))
    else {
        return false;
    };
    (draft.record.class, draft.record.source) = (Class::Delivery, Source::Mta);
    draft.unmapped = fill(draft.record, facts);
    true
}

/// Sets the columns; returns what has none.
fn fill<'a>(record: &mut Record<'a>, facts: facts::Facts<'a>) -> Object {
    let facts::Facts { fields, recipient, mut unmapped } = facts;
    for (field, text) in fields {
        match field {
            Field::MailEnvelopeFrom => match clarte_model::address::normalise(text) {
                Some(address) => _ = record.text(field, address),
                None => _ = unmapped.text("from", text),
            },
            Field::SrcIp | Field::DstIp => {
                if let Some(ip) = value::ip(text) {
                    record.text(field, ip);
                }
            }
            Field::DstHostname => {
                if let Some(host) = value::host(text.into()) {
                    record.text(field, host);
                }
            }
            _ => _ = record.text(field, text),
        }
    }
    match recipient.map(|text| (text, clarte_model::address::normalise(text))) {
        Some((_, Some(address))) => _ = record.texts(Field::MailTo, [address]),
        Some((text, None)) => _ = unmapped.text("to", text),
        None => {}
    }
    unmapped
}
