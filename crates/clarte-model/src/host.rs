//! Host names and IP addresses, made comparable.

use std::net::IpAddr;

/// A host name in the form in which Clarté compares host names: lower case,
/// A-labels (UTS #46), no final dot, no port. IPv6 brackets are removed.
/// `None` for what cannot be a host.
pub fn normalise(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('.');
    if text.is_empty() || text.len() > 1024 {
        return None;
    }
    if text
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'))
    {
        return (text.len() <= 253 && !text.contains("..") && !text.starts_with('.'))
            .then(|| text.to_owned());
    }
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    if let Ok(ip) = bare.parse::<IpAddr>() {
        return Some(ip.to_string());
    }
    match url::Host::parse(text) {
        Ok(url::Host::Domain(name)) if name.len() <= 253 => {
            Some(name.trim_end_matches('.').to_owned())
        }
        Ok(url::Host::Ipv4(ip)) => Some(ip.to_string()),
        Ok(url::Host::Ipv6(ip)) => Some(ip.to_string()),
        _ => None,
    }
}

/// The registrable domain of a normalised host name by the Public Suffix List,
/// private section included; the host itself where it is an IP address or has
/// no registrable part.
///
/// ```
/// use clarte_model::host::registrable;
/// assert_eq!(registrable("img.news.example.co.uk"), "example.co.uk");
/// assert_eq!(registrable("alice.github.io"), "alice.github.io");
/// assert_eq!(registrable("192.0.2.7"), "192.0.2.7");
/// ```
pub fn registrable(host: &str) -> &str {
    if host.parse::<IpAddr>().is_ok() {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}

/// Whether the host lies under a suffix that the Public Suffix List names.
pub fn has_known_suffix(host: &str) -> bool {
    psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

/// Whether `host` is `domain` or lies below it.
pub fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// `host` and every parent of it down to the registrable domain, longest
/// first: what a domain indicator has to be compared with.
pub fn parents(host: &str) -> impl Iterator<Item = &str> {
    let floor = registrable(host).len();
    let mut next = Some(host);
    std::iter::from_fn(move || {
        let current = next?;
        next = current.split_once('.').map(|(_, rest)| rest).filter(|rest| rest.len() >= floor);
        Some(current)
    })
}

/// Whether an address can be reached across the public internet: not private,
/// loopback, link-local, multicast, documentation-reserved-for-LAN or
/// unspecified. The documentation ranges of RFC 5737 and RFC 3849 count as
/// public, since made evidence uses them so.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let shared = a == 100 && (64..128).contains(&b); // RFC 6598
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || a == 0
                || shared)
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_public(IpAddr::V4(v4)),
            None => {
                let top = v6.segments()[0];
                let unique_local = top & 0xfe00 == 0xfc00;
                let link_local = top & 0xffc0 == 0xfe80;
                !(v6.is_loopback()
                    || v6.is_unspecified()
                    || v6.is_multicast()
                    || unique_local
                    || link_local)
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_compared_in_one_form() {
        assert_eq!(normalise("WWW.Example.ORG.").as_deref(), Some("www.example.org"));
        assert_eq!(normalise("bücher.example").as_deref(), Some("xn--bcher-kva.example"));
        assert_eq!(normalise("[2001:DB8::1]").as_deref(), Some("2001:db8::1"));
        assert_eq!(normalise("a b"), None);
        assert_eq!(normalise(".."), None);
    }

    #[test]
    fn parents_stop_at_the_registrable_domain() {
        let all: Vec<_> = parents("a.b.example.co.uk").collect();
        assert_eq!(all, ["a.b.example.co.uk", "b.example.co.uk", "example.co.uk"]);
        assert_eq!(parents("192.0.2.7").collect::<Vec<_>>(), ["192.0.2.7"]);
    }

    #[test]
    fn a_suffix_is_no_parent_across_a_label() {
        assert!(is_within("img.evil.example", "evil.example"));
        assert!(!is_within("notevil.example", "evil.example"));
    }
}
