//! What the receiving host found out about the sender's domain.
//! Spec: RFC 8601 (Authentication-Results), RFC 7489 §3.1 (alignment).
//!
//! Only the receiving host's own word counts: a sender may write such a field
//! as well, and a host further back is the sender's.

use clarte_model::{Mail, host};

/// What the receiving host says of the author's domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// It confirms that the author's domain sent or signed the mail.
    Proved,
    /// It checked and found nothing that confirms it.
    Unproved,
    /// It found that the domain says otherwise, but mildly (SPF softfail).
    Doubtful,
    /// It found that the domain disowns the mail.
    Refuted,
    /// It says nothing.
    Unheard,
}

/// What the receiving host says of the domain of the author of `mail`.
pub(crate) fn proof(mail: &Mail) -> Proof {
    let Some(domain) = mail.author_domain() else { return Proof::Unheard };
    let mut heard = Proof::Unheard;
    for field in &mail.authentication {
        if !is_receivers(mail, field.below_hops, &field.text) {
            continue;
        }
        let found = read(&field.text, domain, mail.envelope_from.as_deref());
        heard = match (heard, found) {
            (Proof::Proved, _) | (_, Proof::Proved) => Proof::Proved,
            (Proof::Unheard, found) => found,
            (Proof::Refuted, _) | (_, Proof::Refuted) => Proof::Refuted,
            (heard, Proof::Unheard) => heard,
            (heard, _) => heard,
        };
    }
    heard
}

/// Whether the host that handed the mail over wrote the field: it bears its
/// name and stands above every field of a foreign host.
fn is_receivers(mail: &Mail, below_hops: usize, text: &str) -> bool {
    let Some(receiver) = mail.hops.iter().find_map(|hop| hop.by.as_deref()) else {
        // Exported mail may have lost its way; the topmost field is left.
        return mail.hops.is_empty() && below_hops == 0;
    };
    let ours = host::registrable(receiver);
    let own = |by: &str| host::registrable(by) == ours || ours_by_another_name(by, ours);
    let foreign = mail.hops.iter().position(|hop| hop.by.as_deref().is_some_and(|by| !own(by)));
    if below_hops > foreign.unwrap_or(mail.hops.len()) {
        return false;
    }
    let first = text.split(';').next().unwrap_or_default().trim();
    let name = first.split_whitespace().next().unwrap_or_default();
    if name.contains('=') {
        // Microsoft's servers leave their name out.
        return ours == "outlook.com" || ours == "office365.com";
    }
    host::normalise(name).is_some_and(|name| own(&name))
}

/// Providers whose servers and results bear different domains.
fn ours_by_another_name(by: &str, ours: &str) -> bool {
    const SAME: [&[&str]; 4] = [
        &["outlook.com", "office365.com"],
        &["google.com", "gmail.com", "googlemail.com"],
        &["yahoo.com", "yahoodns.net"],
        &["gmx.net", "gmx.de", "kundenserver.de", "web.de"],
    ];
    let by = host::registrable(by);
    SAME.iter().any(|same| same.contains(&by) && same.contains(&ours))
}

/// What one field says of `domain`.
fn read(text: &str, domain: &str, envelope: Option<&str>) -> Proof {
    let aligned = |claimed: &str| {
        let claimed = claimed.rsplit('@').next().unwrap_or(claimed).trim_end_matches('>');
        host::normalise(claimed).is_some_and(|claimed| host::registrable(&claimed) == domain)
    };
    let envelope_aligned = || {
        envelope
            .is_some_and(|sender| clarte_model::address::registrable_domain(sender) == Some(domain))
    };
    let mut heard = Proof::Unheard;
    for clause in without_comments(text).split(';') {
        let mut words = clause.split_whitespace();
        let Some((method, result)) = words.find_map(|word| word.split_once('=')) else { continue };
        let properties: Vec<_> = words.filter_map(|word| word.split_once('=')).collect();
        let property = |name: &str| {
            properties
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| *value)
        };
        let result = result.to_ascii_lowercase();
        let found = match (method.to_ascii_lowercase().as_str(), result.as_str()) {
            ("dmarc", "pass" | "bestguesspass") => Proof::Proved,
            ("dmarc", "fail") => Proof::Refuted,
            ("dkim", "pass")
                if property("header.d").or(property("header.i")).is_some_and(aligned) =>
            {
                Proof::Proved
            }
            ("spf", "pass") if property("smtp.mailfrom").map_or_else(envelope_aligned, aligned) => {
                Proof::Proved
            }
            ("spf", "fail") => Proof::Refuted,
            ("spf", "softfail") => Proof::Doubtful,
            ("spf" | "dkim" | "dmarc", _) => Proof::Unproved,
            _ => continue,
        };
        heard = stronger(heard, found);
    }
    heard
}

/// A confirmation outweighs what another method could not say; only DMARC's
/// word is the domain's own, so it is not outweighed by a lesser pass.
fn stronger(heard: Proof, found: Proof) -> Proof {
    let rank = |proof| match proof {
        Proof::Unheard => 0,
        Proof::Unproved => 1,
        Proof::Doubtful => 2,
        Proof::Refuted => 3,
        Proof::Proved => 4,
    };
    if rank(found) > rank(heard) { found } else { heard }
}

/// Without what stands in parentheses.
fn without_comments(text: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use clarte_model::mail::{Authentication, Hop, Mailbox};

    fn mail(results: &str, below_hops: usize) -> Mail {
        let from = Mailbox { name: None, address: Some("x@press.example".to_owned()) };
        let hop = |by: &str| Hop { by: Some(by.to_owned()), from: None };
        Mail {
            from: vec![from],
            hops: vec![hop("mx.parl.example"), hop("out.press.example")],
            authentication: vec![Authentication { text: results.to_owned(), below_hops }],
            ..Mail::default()
        }
    }

    #[test]
    fn only_the_receiving_host_is_heard() {
        let pass = "mx.parl.example; dmarc=pass header.from=press.example";
        assert_eq!(proof(&mail(pass, 0)), Proof::Proved);
        assert_eq!(proof(&mail(pass, 1)), Proof::Proved);
        // Written by the sender, below the receiver's own field.
        assert_eq!(proof(&mail(pass, 2)), Proof::Unheard);
        assert_eq!(proof(&mail(&pass.replace("mx.parl", "mx.press"), 0)), Proof::Unheard);
    }

    #[test]
    fn a_pass_counts_for_the_domain_that_the_reader_sees() {
        for (results, expected) in [
            ("mx.parl.example; spf=pass smtp.mailfrom=a@press.example", Proof::Proved),
            ("mx.parl.example; spf=pass smtp.mailfrom=a@bulk.example", Proof::Unproved),
            ("mx.parl.example; dkim=pass (ok; really) header.d=mail.press.example", Proof::Proved),
            ("mx.parl.example; spf=fail smtp.mailfrom=press.example; dkim=none", Proof::Refuted),
            ("mx.parl.example; spf=softfail; dkim=none", Proof::Doubtful),
            ("mx.parl.example 1; none", Proof::Unheard),
        ] {
            assert_eq!(proof(&mail(results, 0)), expected, "{results}");
        }
    }
}
