//! Infrastructure: a host counts as named by itself, a name below it, its
//! registrable domain or a URL on it.

use crate::truth::{TrueInfrastructure, Truth};

use super::Infrastructure;
use super::answer::{Extent, Item};

/// Compares what is listed with what is true.
pub(super) fn compare(truth: &Truth, extent: &Extent, score: &mut Infrastructure) {
    for item in truth.infrastructure.iter().filter(|item| !item.optional) {
        if extent.infrastructure.iter().any(|listed| names(listed, item)) {
            score.found += 1;
        } else if !score.missed.contains(&item.value) {
            score.missed.push(item.value.clone());
        }
    }
    for listed in extent.infrastructure.iter().filter(|listed| !listed.third_party) {
        let is_true = truth.infrastructure.iter().any(|item| names(listed, item));
        if !is_true {
            score.invented.push(listed.value.clone());
        }
    }
}

fn names(listed: &Item, item: &TrueInfrastructure) -> bool {
    let value = listed.value.to_lowercase();
    let truly = item.value.to_lowercase();
    let is_name = matches!(item.kind.as_str(), "domain" | "hostname");
    match listed.kind.as_str() {
        "url" => is_name && host_of(&value).is_some_and(|host| is_below(host, &truly)),
        // The last two labels: every name here ends in a single reserved one.
        // A provider's own domain belongs to nobody's campaign.
        "domain" => is_name && (value == truly || (!item.optional && registrable(&truly) == value)),
        "hostname" => is_name && is_below(&value, &truly),
        _ => value == truly,
    }
}

fn is_below(host: &str, name: &str) -> bool {
    host == name || host.strip_suffix(name).is_some_and(|front| front.ends_with('.'))
}

fn registrable(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    dots.nth(1).map_or(host, |at| &host[at + 1..])
}

fn host_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
    Some(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_named_in_four_ways_and_a_provider_only_as_itself() {
        let item = |value: &str, optional| TrueInfrastructure {
            kind: "hostname".to_owned(),
            value: value.to_owned(),
            role: "beacon".to_owned(),
            optional,
        };
        let listed = |kind: &str, value: &str| Item {
            kind: kind.to_owned(),
            value: value.to_owned(),
            third_party: false,
        };
        let own = item("img.evil.example", false);
        assert!(names(&listed("hostname", "img.evil.example"), &own));
        assert!(names(&listed("hostname", "abc.img.evil.example"), &own));
        assert!(names(&listed("domain", "evil.example"), &own));
        assert!(names(&listed("url", "http://img.evil.example/x?y"), &own));
        assert!(!names(&listed("hostname", "notimg.evil.example"), &own));
        assert!(!names(&listed("domain", "other.example"), &own));
        let provider = item("static.hoster.example", true);
        assert!(!names(&listed("domain", "hoster.example"), &provider));
        assert!(names(&listed("hostname", "static.hoster.example"), &provider));
    }
}
