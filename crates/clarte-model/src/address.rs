//! E-mail addresses (RFC 5322 `addr-spec`), made comparable.

/// An address in the form in which Clarté compares addresses: lower case,
/// without display name, brackets or surrounding space. `None` if there is no
/// `local@domain` in it.
///
/// ```
/// use clarte_model::address::normalise;
/// assert_eq!(normalise(" <Jan.Peeters@Example.ORG>").as_deref(), Some("jan.peeters@example.org"));
/// assert_eq!(normalise("MAILER-DAEMON"), None);
/// ```
pub fn normalise(text: &str) -> Option<String> {
    let text = text.trim();
    let inner = match (text.rfind('<'), text.rfind('>')) {
        (Some(open), Some(close)) if open < close => &text[open + 1..close],
        _ => text,
    };
    let inner = inner.trim().trim_matches(|c| matches!(c, '"' | '\'' | '<' | '>' | ';' | ','));
    let inner = inner.strip_prefix("mailto:").unwrap_or(inner);
    let (local, domain) = inner.rsplit_once('@')?;
    let domain = crate::host::normalise(domain)?;
    let fits = !local.is_empty()
        && local.len() <= 256
        && !local.chars().any(|c| c.is_whitespace() || c.is_control());
    fits.then(|| format!("{}@{domain}", local.to_lowercase()))
}

/// The part after the last `@`.
pub fn domain(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, domain)| domain)
}

/// The part before the last `@`.
pub fn local_part(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(local, _)| local)
}

/// The registrable domain of the part after the last `@`: whose mailboxes an
/// address is among.
///
/// ```
/// use clarte_model::address::registrable_domain;
/// assert_eq!(registrable_domain("jan@mail.example.co.uk"), Some("example.co.uk"));
/// assert_eq!(registrable_domain("MAILER-DAEMON"), None);
/// ```
pub fn registrable_domain(address: &str) -> Option<&str> {
    domain(address).map(crate::host::registrable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_their_dress() {
        for text in ["\"P. J.\" <A@b.ORG>", "a@B.org", "<a@b.org>", "'a@b.org'", "mailto:a@b.org."]
        {
            assert_eq!(normalise(text).as_deref(), Some("a@b.org"), "{text}");
        }
        for text in ["", "a", "@b.org", "a b@c.org", "a@", "a@b c"] {
            assert_eq!(normalise(text), None, "{text}");
        }
    }
}
