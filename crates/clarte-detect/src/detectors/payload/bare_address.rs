//! A link leads to a bare number address, or to a host that is disguised.
//!
//! Why: honest senders have names. A name in front of `@`, a known domain in
//! front of another, or letters of another alphabet show a host that it is not.
//! Reason: names the host.
//! False alarms: devices of one's own network; their addresses are left out.
//! Technique: T1566.002, T1036.

use std::net::IpAddr;

use clarte_model::host;

use crate::detectors::identity::mixed_script;
use crate::lookalike::Trick;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let mut met: Vec<&str> = Vec::new();
    let link = reading.links.iter().find(|link| {
        // Most links of a mail lead to few hosts.
        let host = link.url.host.as_str();
        let is_new = !met.contains(&host);
        met.extend(is_new.then_some(host));
        shows_another_host(&link.remote.url)
            || is_new && (is_number(host) || is_disguised(host, reading))
    })?;
    Some(Observation::new("payload.bare-address").with("host", link.url.host.as_str()))
}

/// Decimal and hexadecimal forms were made one when the URL was read.
fn is_number(name: &str) -> bool {
    name.parse::<IpAddr>().is_ok_and(host::is_public)
}

fn is_disguised(name: &str, reading: &Reading<'_>) -> bool {
    if name.contains("xn--")
        && idna::domain_to_unicode(name).0.split('.').any(mixed_script::is_mixed)
    {
        return true;
    }
    let Some(found) = reading.around.resembled(name) else { return false };
    match found.trick {
        Trick::Homoglyph | Trick::Punycode => true,
        // The whole domain, not a name that services give to their customers.
        Trick::Subdomain => {
            name.starts_with(&format!("{}.", found.owner))
                || name.contains(&format!(".{}.", found.owner))
        }
        _ => false,
    }
}

/// `https://bank.example@elsewhere.example/`.
fn shows_another_host(url: &str) -> bool {
    let rest = url.split_once("//").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    let user = user.split(':').next().unwrap_or(user);
    user.contains('.') && host::has_known_suffix(user)
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};

    #[test]
    fn numbers_and_disguises_are_seen() {
        let mail = |url: &str| {
            format!("From: a@b.example\nContent-Type: text/html\n\n<a href=\"{url}\">here</a>\n")
        };
        for url in [
            "http://192.0.2.7/x",
            "http://3221225991/x",
            "http://0xc0000207/x",
            "http://[2001:db8::1]/",
            "https://www.microsoft.com@a.example/",
            "https://login.microsoft.com.a.example/",
            "https://xn--lmonde-3of.fr/",
        ] {
            finds("payload.bare-address", &mail(url));
        }
        for url in [
            "http://192.168.1.1/",
            "http://127.0.0.1:8080/",
            "https://b.example/a@c.example",
            "https://user@b.example/",
            "https://xn--bcher-kva.example/",
            "https://login.microsoft.com/",
            "https://microsoft.a.example/",
        ] {
            spares("payload.bare-address", &mail(url));
        }
    }
}
