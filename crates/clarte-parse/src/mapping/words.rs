//! The words that mappings are held to: which sources go with a class, which
//! outcomes a record can have, and which name somebody may have meant.

use std::collections::BTreeSet;

use clarte_model::{Class, Field, Source};

/// The kinds of source that records of a class can come from, the usual first.
pub(super) fn sources(class: Class) -> &'static [Source] {
    match class {
        Class::Email => &[Source::Mail],
        Class::Delivery => &[Source::Mta],
        Class::Http => &[Source::Proxy, Source::Http],
        Class::Dns => &[Source::Dns],
        Class::Tls => &[Source::Tls],
        Class::Network => &[Source::Flow],
        Class::Dhcp => &[Source::Dhcp],
        Class::Person => &[Source::People],
        Class::Authentication => &[Source::Signin, Source::Host],
        Class::Api => &[Source::Audit, Source::Host],
        Class::Process | Class::Service | Class::Job | Class::EventLog => &[Source::Host],
        Class::Other => &[Source::Other],
    }
}

/// The outcomes that a record of a class can have.
pub(super) fn outcomes(class: Class) -> &'static [&'static str] {
    match class {
        Class::Delivery => &[
            "queued",
            "delivered",
            "relayed",
            "deferred",
            "bounced",
            "rejected",
            "expired",
            "filtered",
            "removed",
            "pending",
            "unknown",
        ],
        _ => &["success", "failure", "unknown"],
    }
}

/// The fields whose names are most like `found`, the likest first.
pub(super) fn nearest(found: &str, fields: &[Field]) -> Vec<&'static str> {
    let wanted = pairs(found);
    let mut ranked: Vec<_> = fields
        .iter()
        .map(|field| {
            let pairs = pairs(field.as_str());
            let shared = pairs.intersection(&wanted).count();
            // Dice's coefficient, in thousandths.
            (shared * 2_000 / (pairs.len() + wanted.len()).max(1), field.as_str())
        })
        .collect();
    ranked.sort_by_key(|(likeness, name)| (std::cmp::Reverse(*likeness), *name));
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
}

fn pairs(text: &str) -> BTreeSet<[char; 2]> {
    let letters: Vec<char> = text.to_lowercase().chars().filter(|c| *c != '_').collect();
    letters.windows(2).map(|pair| [pair[0], pair[1]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_mistypes_is_told_what_was_meant() {
        for (found, meant) in [
            ("src_ip", "src_endpoint_ip"),
            ("src_endpoint_ipp", "src_endpoint_ip"),
            ("user_name", "user_name"),
            ("actor_user", "actor_user_name"),
            ("bytes_out", "traffic_bytes_out"),
        ] {
            assert!(nearest(found, Field::ALL).contains(&meant), "{found}");
        }
        assert_eq!(nearest("", Field::ALL).len(), 3);
    }
}
