//! A link shows one address and leads to another.
//!
//! Why: people read what is shown.
//! Reason: gives both.
//! False alarms: newsletters send every link through a counter. Left out are
//! those of bulk mail through a known mass mailer or the sender's own domain,
//! counters that name the shown address in theirs, mail filters that rewrite
//! links, domains of one organisation, and names of sites without any path that
//! lead to the sender's own domain.
//! Technique: T1566.002, T1036.

use clarte_model::url::HttpUrl;
use clarte_model::{address, host};

use crate::observation::Observation;
use crate::reading::{Link, Reading};
use crate::wrapped::percent_decoded;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    reading.links.iter().find_map(|link| {
        let mut labels = link.remote.label.lines();
        let shown = labels.find_map(|label| {
            let shown = host_shown(label, reading)?;
            // A shop's name that happens to be a domain, in a letter about shops.
            let is_name =
                !label.contains('/') && host::registrable(&link.url.host) == reading.domain();
            (!is_name && is_another(&shown, link, reading)).then_some(shown)
        })?;
        let observation = Observation::new("payload.link-mismatch").with("shown", shown);
        Some(observation.with("host", link.url.host.as_str()))
    })
}

/// The host of the address that a label shows; `None` if it shows a text.
fn host_shown(label: &str, reading: &Reading<'_>) -> Option<String> {
    let mut words = label.split_whitespace();
    let (first, more) = (words.next()?, words.next().is_some());
    let first = first.trim_matches(|c: char| "<>()[]{}\"',;:!?*\u{ab}\u{bb}".contains(c));
    let first = first.trim_end_matches(['.', '\u{2026}']);
    let lower = first.to_lowercase();
    let host = if lower.starts_with("http://") || lower.starts_with("https://") {
        HttpUrl::parse(first)?.host
    } else if lower.starts_with("www.") {
        HttpUrl::parse(&format!("https://{first}"))?.host
    } else if more {
        return None;
    } else if let Some(mailbox) = lower.contains('@').then(|| address::normalise(first)).flatten() {
        // The reader's own address is shown to address the reader.
        if reading.mail.recipients().any(|recipient| recipient == mailbox) {
            return None;
        }
        address::domain(&mailbox)?.to_owned()
    } else {
        bare_domain(first)?
    };
    // `file.name` and `Mr.Example` are none.
    (host.contains('.') && host::has_known_suffix(&host)).then_some(host)
}

/// A domain without a scheme, written as domains are.
fn bare_domain(text: &str) -> Option<String> {
    let name = text.split(['/', '?', '#', ':']).next()?;
    let written = name.chars().all(|c| c.is_lowercase() || c.is_numeric() || "-.".contains(c));
    let ending = name.rsplit('.').next()?;
    // Endings of files that are top-level domains as well.
    let is_file = ["zip", "md", "mov", "sh", "py", "pl", "rs", "ps", "app", "cab", "so", "cc"];
    (written && !is_file.contains(&ending)).then(|| host::normalise(name)).flatten()
}

fn is_another(shown: &str, link: &Link<'_>, reading: &Reading<'_>) -> bool {
    let tables = &reading.around.tables;
    let (there, url) = (host::registrable(shown), &link.url);
    let target = host::registrable(&url.host);
    if there == target || tables.is_link_proxy(&url.host) && !tables.is_shortener(url) {
        return false;
    }
    if tables.owner(shown).is_some_and(|owner| owner.owns(&url.host)) {
        return false;
    }
    let is_counter = tables.mailer(&url.host).is_some() || target == reading.domain();
    let names_it = || {
        let query = percent_decoded(url.query.as_deref().unwrap_or_default()).to_lowercase();
        ["http://", "https://"].iter().any(|scheme| query.contains(&format!("{scheme}{shown}")))
    };
    // A sender's own address may be shown for a counter whoever it is sent to.
    let spared =
        reading.is_bulk() && (is_counter || names_it()) || is_counter && there == reading.domain();
    !spared
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};

    fn mail(label: &str, url: &str) -> String {
        format!(
            "From: a@b.example.com\nTo: me@here.org\nContent-Type: text/html\n\n\
             <a href=\"{url}\">{label}</a>\n"
        )
    }

    #[test]
    fn labels_that_show_another_address_are_seen() {
        for (label, url) in [
            ("https://www.shown.org/login", "https://elsewhere.net/"),
            ("www.shown.org", "https://elsewhere.net/"),
            ("shown.org/path\u{2026}", "https://elsewhere.net/"),
            ("info@shown.org", "https://elsewhere.net/"),
            ("<b>https://shown.org</b> (secure)", "https://elsewhere.net/"),
            ("https://shown.org/", "https://www.google.com/amp/s/elsewhere.net/"),
        ] {
            finds("payload.link-mismatch", &mail(label, url));
        }
    }

    #[test]
    fn other_labels_are_spared() {
        for (label, url) in [
            ("www.shown.org", "https://login.shown.org/x"),
            ("click here", "https://elsewhere.net/"),
            ("me@here.org", "https://elsewhere.net/"),
            ("notes.md", "https://elsewhere.net/"),
            ("e.g.", "https://elsewhere.net/"),
            (
                "https://shown.org/",
                "https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshown.org%2F",
            ),
            ("https://shown.org/", "https://url.uk.m.mimecastprotect.com/s/abc"),
            ("abnamro.nl", "https://www.abnamro.com/x"),
            ("www.example.com", "https://u1.ct.sendgrid.net/x"),
            ("www.shown.org", "https://click.example.com/x"),
        ] {
            spares("payload.link-mismatch", &mail(label, url));
        }
        let list = mail("www.shown.org", "https://u1.ct.sendgrid.net/x");
        finds("payload.link-mismatch", &list);
        spares("payload.link-mismatch", &format!("List-Id: <b.example>\n{list}"));
    }
}
