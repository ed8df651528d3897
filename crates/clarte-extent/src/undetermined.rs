//! What the evidence neither proves nor excludes, why, and what would settle
//! it.

use clarte_model::Timestamp;

use crate::answer::{Coverage, Undetermined};
use crate::ladder::{Progress, Rung};

/// Sources that can show a fetch.
const WEB: &[&str] = &["proxy", "http", "tls", "dns", "flow"];

/// Every undetermined rung of one victim.
pub(crate) fn of(
    progress: &Progress,
    coverage: &[Coverage],
    end: Option<Timestamp>,
) -> Vec<Undetermined> {
    let mut all = Vec::new();
    let from = progress.time(Rung::Delivered).or(progress.time(Rung::Targeted));
    let mut add = |rung: Rung, reason: String, settled_by: &str| {
        let to = end.filter(|end| from.is_none_or(|from| *end >= from));
        let rung = rung.as_str();
        all.push(Undetermined { rung, reason, from, to, settled_by: settled_by.to_owned() });
    };
    let delivered = progress.proven(Rung::Delivered);
    let read = progress.proven(Rung::Opened) || progress.proven(Rung::Interacted);
    if !delivered && !read {
        if progress.turned_away && !progress.unknown_delivery {
            // Refused before it reached a mailbox: nothing further can follow.
            return all;
        }
        let reason = notes(progress, Rung::Delivered)
            .unwrap_or_else(|| "neither the mailbox nor a mail server's log shows it".to_owned());
        add(Rung::Delivered, reason, "the mailbox, the mail server's log or a message trace");
    }
    if !progress.proven(Rung::Opened) {
        let reason = opened(progress, coverage, from, end);
        add(
            Rung::Opened,
            reason,
            "web proxy and DNS logs of every network where the mail is read, or the mailbox audit log (MailItemsAccessed)",
        );
    }
    if !progress.proven(Rung::Interacted) && progress.has_link {
        let reason = notes(progress, Rung::Interacted)
            .unwrap_or_else(|| web(coverage, from, end, "shows the link followed"));
        add(
            Rung::Interacted,
            reason,
            "web proxy logs with full URLs, and the device's browser history",
        );
    }
    for (rung, reason, settled_by) in BEYOND {
        add(*rung, (*reason).to_owned(), settled_by);
    }
    all
}

/// Rungs that no source read so far can show.
const BEYOND: &[(Rung, &str, &str)] = &[
    (
        Rung::Compromised,
        "no sign-in, audit or host records are in evidence",
        "sign-in and audit logs of the account, event logs of the machine",
    ),
    (
        Rung::Accessed,
        "no audit records of the mailbox or files are in evidence",
        "unified audit log (MailItemsAccessed, FileAccessed)",
    ),
    (
        Rung::Exfiltrated,
        "no transfer records that name the account or machine are in evidence",
        "flow records of the machine, audit log of forwarding and downloads",
    ),
];

fn notes(progress: &Progress, rung: Rung) -> Option<String> {
    let notes = progress.notes.get(&rung)?;
    Some(notes.iter().cloned().collect::<Vec<_>>().join("; "))
}

fn opened(
    progress: &Progress,
    coverage: &[Coverage],
    from: Option<Timestamp>,
    end: Option<Timestamp>,
) -> String {
    if let Some(notes) = notes(progress, Rung::Opened) {
        return notes;
    }
    if !progress.has_beacon {
        return "nothing in the message is known to be fetched when it is opened".to_owned();
    }
    web(coverage, from, end, "shows the beacon fetched")
}

/// What the web sources can and cannot say about the time since `from`.
fn web(
    coverage: &[Coverage],
    from: Option<Timestamp>,
    end: Option<Timestamp>,
    shows: &str,
) -> String {
    let Some(from) = from else {
        return "the time of the message is unknown, so no record can be held against it"
            .to_owned();
    };
    // A source that saw nothing of the time in question might as well be
    // absent.
    let concerns = |entry: &&Coverage| {
        let ends_before = entry.to.is_none_or(|to| to < from);
        let begins_after = end.zip(entry.from).is_some_and(|(end, begin)| begin > end);
        WEB.contains(&entry.source) && entry.state != "absent" && !ends_before && !begins_after
    };
    let present: Vec<&Coverage> = coverage.iter().filter(concerns).collect();
    if present.is_empty() {
        return "no proxy, HTTP, TLS, DNS or flow records of that time are in evidence".to_owned();
    }
    let mut missing = Vec::new();
    for entry in &present {
        for gap in
            entry.gaps.iter().filter(|gap| gap.to > from && end.is_none_or(|end| gap.from < end))
        {
            missing.push(format!(
                "{} records are missing from {} to {}",
                entry.source, gap.from, gap.to
            ));
        }
        if let Some(first) = entry.from.filter(|first| *first > from) {
            missing.push(format!("{} records begin only at {first}", entry.source));
        }
        // The hours in which one source ends and another still writes are no
        // loss worth a word.
        if let Some(last) =
            entry.to.filter(|last| end.is_some_and(|end| last.plus_seconds(86_400) < end))
        {
            missing.push(format!("{} records end at {last}", entry.source));
        }
    }
    let names: Vec<_> = present.iter().map(|entry| entry.source).collect();
    let names = names.join(", ");
    if missing.is_empty() {
        format!(
            "no record of {names} {shows}; they cover the time, but not reading elsewhere \
             (at home, on a phone), nor what a proxy or TLS hides"
        )
    } else {
        format!("no record of {names} {shows}, and {}", missing.join(", "))
    }
}
