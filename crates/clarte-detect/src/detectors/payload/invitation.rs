//! A calendar invitation by somebody else than the sender, or from a free mailbox
//! with a link.
//!
//! Why: calendars take invitations in by themselves and remind of them; the link
//! is opened in the minute before the meeting.
//! Reason: names the domain of the organiser, or the host of the link.
//! False alarms: assistants and calendar services invite for others; known
//! services, shared calendars and links to conference rooms are left out.
//! Spec: RFC 5545 §3.8.4.3, RFC 5546 §3.2.2, RFC 7986 §5.11.
//! Technique: T1566.002.

use std::borrow::Cow;

use clarte_model::url::HttpUrl;
use clarte_model::{address, host};

use crate::observation::Observation;
use crate::reading::Reading;

/// Properties that a reader of an invitation sees or follows.
const SEEN: [&str; 6] = ["DESCRIPTION", "LOCATION", "CONFERENCE", "ATTACH", "URL", "X-ALT-DESC"];

/// Who organises for others, or holds the conference rooms.
const SERVICES: [&str; 26] = [
    "google.com",
    "calendar.google.com",
    "goo.gl",
    "outlook.com",
    "office.com",
    "office365.com",
    "microsoft.com",
    "live.com",
    "aka.ms",
    "zoom.us",
    "zoom.com",
    "webex.com",
    "teams.live.com",
    "gotomeeting.com",
    "goto.com",
    "whereby.com",
    "jit.si",
    "bluejeans.com",
    "skype.com",
    "calendly.com",
    "doodle.com",
    "apple.com",
    "icloud.com",
    "yahoo.com",
    "proton.me",
    "eventbrite.com",
];

/// Characters of an invitation that are looked at.
const CAP: usize = 256 << 10;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    if reading.is_bulk() || reading.domain().is_empty() || reading.knows_sender() {
        return None;
    }
    let elsewhere = calendars(reading).find_map(|calendar| foreign(&calendar, reading))?;
    Some(Observation::new("payload.invitation").with("host", elsewhere))
}

/// The calendars that the mail shows, and those that are attached.
fn calendars<'r>(reading: &'r Reading<'_>) -> impl Iterator<Item = Cow<'r, str>> {
    let is_one = |mime: &str, name: &str| {
        matches!(mime, "text/calendar" | "application/ics")
            || name.to_ascii_lowercase().ends_with(".ics")
    };
    let attached =
        reading.mail.attachments.iter().filter(move |file| is_one(&file.mime, &file.name));
    let attached = attached.map(|file| unfolded(&file.bytes[..file.bytes.len().min(CAP)]));
    let shown = reading.mail.calendars.iter().map(|text| &text[..text.floor_char_boundary(CAP)]);
    shown.map(Cow::Borrowed).chain(attached.map(Cow::Owned))
}

/// RFC 5545 §3.1.
fn unfolded(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    text.replace("\n ", "").replace("\n\t", "")
}

/// Where the invitation comes from or leads, if that is not the sender.
fn foreign(calendar: &str, reading: &Reading<'_>) -> Option<String> {
    let properties = || {
        calendar.lines().filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            let name = name.split(';').next().unwrap_or(name);
            Some((name.trim().to_ascii_uppercase(), value))
        })
    };
    properties()
        .find(|(name, value)| name == "METHOD" && value.trim().eq_ignore_ascii_case("REQUEST"))?;
    let organisers = properties().filter(|(name, _)| name == "ORGANIZER");
    let organiser = organisers.filter_map(|(_, value)| organiser(value)).find(|organiser| {
        let domain = address::domain(organiser).unwrap_or_default();
        !is_service(domain) && !is_sender(domain, reading)
    });
    if let Some(organiser) = organiser {
        return address::registrable_domain(&organiser).map(str::to_owned);
    }
    let tables = &reading.around.tables;
    let free = tables.is_freemail(reading.domain());
    let seen = properties().filter(|(name, _)| SEEN.contains(&name.as_str()));
    let mut links = seen.flat_map(|(_, value)| links(value));
    let link = links.find(|url| {
        let hidden = tables.is_shortener(url) || tables.share(url).is_some();
        (free || hidden) && !is_service(&url.host) && !is_sender(&url.host, reading)
    })?;
    Some(link.host)
}

fn organiser(value: &str) -> Option<String> {
    let value = value.trim();
    let at = value.to_ascii_lowercase().rfind("mailto:").map_or(0, |at| at + "mailto:".len());
    address::normalise(&value[at..])
}

fn is_service(host_name: &str) -> bool {
    SERVICES.iter().any(|service| host::is_within(host_name, service))
}

/// Whether the host is of the sender's domain or organisation, or of the
/// reader's, who is an organiser too.
fn is_sender(host_name: &str, reading: &Reading<'_>) -> bool {
    let registrable = host::registrable(host_name);
    let owner = reading.around.tables.owner(host_name);
    let recipients = reading.mail.recipients().filter_map(address::registrable_domain);
    let answers = reading.mail.sender.iter().filter_map(|one| one.address.as_deref());
    registrable == reading.domain()
        || owner.is_some_and(|owner| reading.host().is_some_and(|host| owner.owns(host)))
        || answers.filter_map(address::registrable_domain).any(|domain| domain == registrable)
        || recipients.into_iter().any(|domain| domain == registrable)
            && !reading.around.tables.is_freemail(registrable)
}

fn links(value: &str) -> impl Iterator<Item = HttpUrl> {
    let value = value.replace("\\n", " ").replace("\\,", ",").replace("\\;", ";");
    let words: Vec<_> = value
        .split(|c: char| c.is_whitespace() || "<>\"'".contains(c))
        .filter_map(|word| HttpUrl::parse(&word[word.find("http")?..]))
        .collect();
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};

    fn mail(from: &str, event: &str) -> String {
        format!(
            "From: {from}\nTo: me@reader.example\nContent-Type: text/calendar; method=REQUEST\n\n\
             BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"
        )
    }

    #[test]
    fn foreign_invitations_are_seen() {
        for (from, event) in [
            ("a@sender.org", "ORGANIZER;CN=\"Boss: x\":mailto:boss@elsewhere.net"),
            ("a@gmail.com", "ORGANIZER:mailto:a@gmail.com\nLOCATION:https://elsewhere.net/join"),
            ("a@gmail.com", "DESCRIPTION:Join:\\nhttps://else\n where.net/join\\nThanks"),
            ("a@sender.org", "ORGANIZER:mailto:a@sender.org\nURL:https://bit.ly/x"),
        ] {
            finds("payload.invitation", &mail(from, event));
        }
    }

    #[test]
    fn everyday_invitations_are_spared() {
        for (from, event) in [
            ("a@sender.org", "ORGANIZER:mailto:boss@eu.sender.org\nLOCATION:https://x.net/"),
            ("a@sender.org", "ORGANIZER:mailto:x@group.calendar.google.com"),
            ("a@sender.org", "ORGANIZER:mailto:me@reader.example"),
            ("a@gmail.com", "LOCATION:https://us02web.zoom.us/j/1\nDESCRIPTION:Room 4"),
            ("a@sender.org", "DESCRIPTION:https://elsewhere.net/agenda"),
        ] {
            spares("payload.invitation", &mail(from, event));
        }
        let answer = mail("a@sender.org", "ORGANIZER:mailto:boss@elsewhere.net");
        spares("payload.invitation", &answer.replace("REQUEST", "REPLY"));
    }
}
