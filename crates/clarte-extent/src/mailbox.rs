//! Whose mailbox a message lay in.
//!
//! The nearest folder, or the mbox, named by an address; else what the message
//! says itself (topmost Delivered-To, X-Original-To, or a sole To); else
//! unknown. A folder of sent mail delivers to nobody. A mail attached to a mail
//! concerns its own recipient.

use clarte_model::{address, host};

/// What the path says of a message's mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Mailbox {
    /// The owner, by the nearest folder or mbox named by an address.
    pub(crate) owner: Option<String>,
    /// Whether it is a folder of sent mail.
    pub(crate) sent: bool,
}

/// Names of folders that hold sent mail, in lower case, in the languages that
/// mail programs of Belgium and its neighbours create them in.
const SENT: &[&str] = &[
    "sent",
    "sent items",
    "sent mail",
    "sent messages",
    "sent-mail",
    "sent_items",
    "sentmail",
    "outbox",
    "envoyes",
    "envoyés",
    "éléments envoyés",
    "elements envoyes",
    "messages envoyés",
    "verzonden",
    "verzonden items",
    "verzonden berichten",
    "gesendet",
    "gesendete elemente",
    "gesendete objekte",
    "enviados",
    "elementos enviados",
    "posta inviata",
    "drafts",
    "boîte d'envoi",
    "boîte d\u{2019}envoi",
    "postausgang",
    "postvak uit",
    "posta in uscita",
    "bandeja de salida",
    "brouillons",
    "concepten",
    "entwürfe",
];

/// Endings of file names that hold a whole mailbox.
const WHOLE: &[&str] = &[".gz", ".mbox", ".mbx", ".pst", ".ost"];

/// Reads a path. `whole` says that the file itself is a mailbox (an mbox).
pub(crate) fn of_path(path: &str, whole: bool) -> Mailbox {
    let mut names: Vec<&str> = path.split(['/', '\\']).collect();
    let file = names.pop().unwrap_or_default();
    let stem = WHOLE.iter().fold(file, |name, ending| {
        let cut = name.len().saturating_sub(ending.len());
        match name.get(cut..) {
            Some(tail) if tail.eq_ignore_ascii_case(ending) => &name[..cut],
            _ => name,
        }
    });
    let own = whole.then_some(stem);
    let nearest_first = || own.into_iter().chain(names.iter().rev().copied());
    Mailbox {
        owner: nearest_first().find_map(as_address),
        sent: nearest_first().take_while(|name| as_address(name).is_none()).any(is_sent)
            || own.is_some_and(is_sent),
    }
}

/// The address after which a name is made, whatever was appended to it:
/// `.mbox`, `.sbd`, `-2024`, `_Inbox`. An address ends where a top-level domain
/// does.
fn as_address(name: &str) -> Option<String> {
    // Endings that are top-level domains too.
    let mut rest = [".zip", ".zip.d"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    loop {
        if let Some(found) = address::normalise(rest)
            && address::domain(&found).is_some_and(has_known_top)
        {
            return Some(found);
        }
        let (before, _) = rest.rsplit_once(['.', '-', '_', ' ', '('])?;
        rest = before.contains('@').then_some(before)?;
    }
}

/// Top-level domains that the Public Suffix List does not know and that inner
/// networks and examples use (RFC 2606, RFC 6762, ICANN's `internal`).
const INNER: &[&str] = &[
    "example",
    "test",
    "invalid",
    "local",
    "localdomain",
    "lan",
    "internal",
    "intern",
    "intra",
    "corp",
    "home",
];

fn has_known_top(domain: &str) -> bool {
    let Some((_, top)) = domain.rsplit_once('.') else { return false };
    INNER.contains(&top) || host::has_known_suffix(domain)
}

/// Maildir++ folders begin with a dot and nest with dots (`.Archive.Sent`).
fn is_sent(name: &str) -> bool {
    let lower = name.to_lowercase();
    let last = lower.rsplit('.').next().unwrap_or_default();
    SENT.contains(&lower.as_str()) || SENT.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, whole: bool, owner: Option<&str>, sent: bool) {
        let expected = Mailbox { owner: owner.map(str::to_owned), sent };
        assert_eq!(of_path(path, whole), expected, "{path}");
    }

    #[test]
    fn the_nearest_name_that_is_an_address_owns_the_mailbox() {
        check("mail/Jan.P@Parl.example/cur/1.eml", false, Some("jan.p@parl.example"), false);
        check("mail/jan@parl.example.mbox", true, Some("jan@parl.example"), false);
        check("mail/jan@parl.example.mbox.gz", true, Some("jan@parl.example"), false);
        check("a@x.example/b@y.example/inbox.mbox", true, Some("b@y.example"), false);
        for extra in [".sbd", ".mbox.txt", ".old", "-2024", "_Inbox", " (1)", ".zip.d"] {
            check(&format!("mail/jan@parl.be{extra}/1"), false, Some("jan@parl.be"), false);
        }
        check("mail/jan@parl.example.eml", false, None, false);
        check("mail/inbox.mbox", true, None, false);
    }

    #[test]
    fn folders_of_a_mailbox_of_outlook_are_its_owner_s() {
        let path = |folder: &str| format!("mail/jan@example.org.pst/Outlook Data File/{folder}");
        for (folder, sent) in [
            ("Inbox", false),
            ("Inbox/a\u{2215}b", false),
            ("Deleted Items", false),
            ("Sent Items", true),
            ("Sent Items/2020", true),
            ("Gesendete Elemente", true),
            ("Éléments envoyés", true),
            ("Verzonden items", true),
            ("Boîte d\u{2019}envoi", true),
            ("Postausgang", true),
        ] {
            check(&path(folder), true, Some("jan@example.org"), sent);
        }
        for name in
            ["jan@example.org.ost", "jan@example.org - Outlook.pst", "jan@example.org (2).pst"]
        {
            check(&format!("{name}/Top/Inbox"), true, Some("jan@example.org"), false);
        }
        check("a/jan@example.org/archive.pst/Top/Inbox", true, Some("jan@example.org"), false);
        // A folder that is named for another.
        let other = "jan@example.org.pst/Top/eve@example.net";
        check(other, true, Some("eve@example.net"), false);
    }

    #[test]
    fn folders_of_sent_mail_are_known_in_several_languages() {
        check("jan@parl.example/Sent/1.eml", false, Some("jan@parl.example"), true);
        check("jan@parl.example/.Archive.Sent/cur/1", false, Some("jan@parl.example"), true);
        check("jan@parl.example/Éléments envoyés.mbox", true, Some("jan@parl.example"), true);
        check("jan@parl.example/Verzonden items/1.eml", false, Some("jan@parl.example"), true);
        check("sent/jan@parl.example/cur/1.eml", false, Some("jan@parl.example"), false);
    }
}
