//! What the evidence neither proves nor excludes, why, and what would settle
//! it.

use std::collections::BTreeSet;

use clarte_model::Timestamp;

use crate::answer::{Coverage, Undetermined};
use crate::ladder::{Progress, Rung};

/// Sources that can show a fetch.
const WEB: &[&str] = &["proxy", "http", "tls", "dns", "flow"];

/// Every undetermined rung of one victim, given by identity and by which machines
/// are theirs.
pub(crate) fn of(
    who: (&str, &dyn Fn(&str) -> bool),
    progress: &Progress,
    coverage: &[Coverage],
    campaign: (Option<Timestamp>, Option<Timestamp>),
    end: Option<Timestamp>,
) -> Vec<Undetermined> {
    let mut all = Vec::new();
    let from = progress.time(Rung::Delivered).or(progress.time(Rung::Targeted));
    let from = from.or(progress.first());
    let mut add = |rung: Rung, reason: String, settled_by: &str| {
        let to = end.filter(|end| from.is_none_or(|from| *end >= from));
        let rung = rung.as_str();
        all.push(Undetermined { rung, reason, from, to, settled_by: settled_by.to_owned() });
    };
    if progress.is_machine {
        beyond(who, progress, coverage, campaign, &mut add);
        return all;
    }
    if !progress.is_mailed() {
        for rung in [Rung::Delivered, Rung::Opened, Rung::Interacted] {
            let reason = notes(progress, rung)
                .unwrap_or_else(|| "no message of the campaign to them is in evidence".to_owned());
            add(rung, reason, "the mailbox, the mail server's log or a message trace");
        }
        beyond(who, progress, coverage, campaign, &mut add);
        return all;
    }
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
    beyond(who, progress, coverage, campaign, &mut add);
    all
}

/// The rungs beyond what mails and fetches can show.
fn beyond(
    who: (&str, &dyn Fn(&str) -> bool),
    progress: &Progress,
    coverage: &[Coverage],
    campaign: (Option<Timestamp>, Option<Timestamp>),
    add: &mut impl FnMut(Rung, String, &str),
) {
    for beyond in BEYOND.iter().filter(|beyond| !progress.proven(beyond.rung)) {
        let reason = match forwarding(progress, beyond.rung) {
            Some(reason) => reason,
            None => notes(progress, beyond.rung)
                .unwrap_or_else(|| beyond.reason(who, coverage, campaign)),
        };
        add(beyond.rung, reason, beyond.settled_by);
    }
}

/// What a rule leaves open, beside what else does.
fn forwarding(progress: &Progress, rung: Rung) -> Option<String> {
    if rung != Rung::Exfiltrated || progress.forwarding.is_empty() {
        return None;
    }
    let to: Vec<_> = progress.forwarding.iter().map(String::as_str).collect();
    let rule =
        format!("a rule forwards mail to {}, and no record shows whether any went", to.join(", "));
    Some([Some(rule), notes(progress, rung)].into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// A rung beyond what mails and fetches can show.
struct Beyond {
    rung: Rung,
    /// The sources that can show it.
    sources: &'static [&'static str],
    /// Why it is open where none of them is in evidence.
    without: &'static str,
    settled_by: &'static str,
}

const BEYOND: &[Beyond] = &[
    Beyond {
        rung: Rung::Compromised,
        sources: &["signin", "audit", "host"],
        without: "no sign-in, audit or host records are in evidence",
        settled_by: "sign-in and audit logs of the account, event logs of the machine",
    },
    Beyond {
        rung: Rung::Accessed,
        sources: &["audit"],
        without: "no audit records of the mailbox or files are in evidence",
        settled_by: "unified audit log (MailItemsAccessed, FileAccessed)",
    },
    Beyond {
        rung: Rung::Exfiltrated,
        sources: &["flow", "audit"],
        without: "no transfer records that name the account or machine are in evidence",
        settled_by: "flow records of the machine, audit log of forwarding and downloads",
    },
];

impl Beyond {
    /// Why the rung is open though nothing shows it.
    fn reason(
        &self,
        (identity, is_theirs): (&str, &dyn Fn(&str) -> bool),
        coverage: &[Coverage],
        (begin, end): (Option<Timestamp>, Option<Timestamp>),
    ) -> String {
        // What is said of another's mailbox or machine concerns nobody else;
        // what is said of an export or a kind of sign-in, everybody.
        let concerns = |entry: &Coverage| match entry.entity.as_str() {
            "*" => true,
            machine if entry.source == "host" => is_theirs(machine),
            part => part == identity || !part.contains('@'),
        };
        let of = |entry: &&Coverage| self.sources.contains(&entry.source) && concerns(entry);
        let present: Vec<_> = coverage.iter().filter(of).filter(|e| e.state != "absent").collect();
        if present.is_empty() {
            return self.without.to_owned();
        }
        let names: BTreeSet<_> = present.iter().map(|entry| entry.source).collect();
        let names: Vec<_> = names.into_iter().collect();
        let of_kind = |entry: &&&Coverage| entry.entity != "*" && entry.entity != identity;
        // What tears a part is said of the whole already.
        let is_said = |entry: &&&Coverage| {
            let whole = |one: &&&Coverage| one.entity == "*" && one.source == entry.source;
            let is_general = of_kind(entry) && entry.source != "host";
            is_general && present.iter().filter(whole).any(|whole| whole.state != "covered")
        };
        let mut torn: Vec<_> = present
            .iter()
            .filter(|entry| entry.state != "covered" && !is_said(entry))
            .map(|entry| match of_kind(&entry) {
                true => format!("{} records ({}) are {}", entry.source, entry.entity, entry.state),
                false => format!("{} records are {}", entry.source, entry.state),
            })
            .collect();
        let missing = coverage.iter().filter(of).filter(|e| e.state == "absent");
        torn.extend(missing.map(|entry| match entry.entity.as_str() {
            "*" => format!("{} records are not in evidence", entry.source),
            kind => format!("{kind} are not in evidence"),
        }));
        for entry in present.iter().filter(|entry| entry.entity == "*") {
            if let Some(first) = entry.from.filter(|first| begin.is_some_and(|at| at < *first)) {
                torn.push(format!("{} records begin only at {first}", entry.source));
            }
            if let Some(last) = entry.to.filter(|last| end.is_some_and(|at| at > *last)) {
                torn.push(format!("{} records end at {last}", entry.source));
            }
        }
        torn.push("the campaign may have used addresses that nobody knows yet".to_owned());
        format!("no record of {} shows it, but {}", names.join(", "), torn.join(", and "))
    }
}

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
    // What a part of a source lacks, the whole of it lacks and says.
    let whole = coverage.iter().filter(|entry| entry.entity == "*");
    let present: Vec<&Coverage> = whole.filter(concerns).collect();
    if present.is_empty() {
        return "no proxy, HTTP, TLS, DNS or flow records of that time are in evidence".to_owned();
    }
    let mut missing = Vec::new();
    for entry in &present {
        for gap in
            entry.gaps.iter().filter(|gap| gap.to > from && end.is_none_or(|end| gap.from < end))
        {
            missing.push(format!(
                "{} records are not whole from {} to {} ({})",
                entry.source, gap.from, gap.to, gap.reason
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
