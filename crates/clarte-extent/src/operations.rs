//! Kinds of acts in audit logs: what each does, and to whose mailbox.
//! Spec: <https://learn.microsoft.com/purview/audit-log-activities>

use std::collections::BTreeSet;

use clarte_model::{Field, Record, address};
use serde_json::Value;

/// What a kind of act does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Act {
    /// Reads messages.
    Mail,
    /// Reads or downloads files.
    File,
    /// Makes or changes a rule, or forwards a mailbox.
    Rule,
    /// Lets another account into a mailbox.
    Permission,
    /// Lets an application in.
    Consent,
    /// Registers a second factor or a device.
    Factor,
    /// Deletes messages.
    Delete,
    /// Anything else.
    Other,
}

impl Act {
    pub(crate) fn of(operation: &str) -> Self {
        let is = |names: &[&str]| names.iter().any(|name| operation.eq_ignore_ascii_case(name));
        let begins = |names: &[&str]| names.iter().any(|name| operation.starts_with(name));
        if is(MAIL) {
            Self::Mail
        } else if begins(&["FileDownloaded", "FileAccessed", "FileSyncDownloaded"])
            || is(&["FilePreviewed", "FileCopied", "FolderDownloaded"])
        {
            Self::File
        } else if operation.ends_with("InboxRule") || is(RULES) {
            Self::Rule
        } else if is(&["Add-MailboxPermission", "Add-RecipientPermission", "AddFolderPermissions"])
        {
            Self::Permission
        } else if begins(&["Consent to application", "Add OAuth2PermissionGrant"])
            || begins(&["Add delegated permission grant", "Add app role assignment"])
        {
            Self::Consent
        } else if begins(&["User registered security info", "Add registered owner to device"]) {
            Self::Factor
        } else if is(&["HardDelete", "SoftDelete", "MoveToDeletedItems"]) {
            Self::Delete
        } else {
            Self::Other
        }
    }

    /// Whether it reads content.
    pub(crate) fn reads(self) -> bool {
        matches!(self, Self::Mail | Self::File)
    }

    /// ATT&CK's names for it; of rules, those that their actions make it.
    pub(crate) fn techniques(self, record: &Record<'_>) -> Vec<&'static str> {
        match self {
            Self::Mail => vec!["T1114.002"],
            Self::File if record.get_text(Field::ServiceName) == Some("OneDrive") => {
                vec!["T1530"]
            }
            Self::File => vec!["T1213.002"],
            Self::Rule => {
                let rule = Rule::of(record);
                let forwards = rule.forwards.then_some("T1114.003");
                forwards.into_iter().chain(rule.hides.then_some("T1564.008")).collect()
            }
            Self::Permission => vec!["T1098.002"],
            Self::Consent => vec!["T1671"],
            Self::Factor => vec!["T1098.005"],
            Self::Delete => vec!["T1070.008"],
            Self::Other => vec!["T1078.004"],
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Mail => "read mail",
            Self::File => "read or downloaded files",
            Self::Rule => "set rules or forwarding",
            Self::Permission => "let another account in",
            Self::Consent => "let an application in",
            Self::Factor => "registered a second factor or device",
            Self::Delete => "deleted messages",
            Self::Other => "acted",
        }
    }
}

/// Acts that read messages, previews and exports of a search over mailboxes
/// included.
const MAIL: &[&str] = &[
    "MailItemsAccessed",
    "MessageBind",
    "FolderBind",
    "SearchExportDownloaded",
    "PreviewItemDownloaded",
    "PreviewItemRendered",
];

/// Acts on rules besides those on a single inbox rule.
const RULES: &[&str] =
    &["UpdateInboxRules", "Set-Mailbox", "New-TransportRule", "Set-TransportRule"];

/// The acts that can have mail sent on, as the log names them.
pub(crate) const FORWARDING: &[&str] = &[
    "New-InboxRule",
    "Set-InboxRule",
    "UpdateInboxRules",
    "Set-Mailbox",
    "New-TransportRule",
    "Set-TransportRule",
];

/// Parameters by which mail is sent on.
const TO: &[&str] = &[
    "ForwardTo",
    "RedirectTo",
    "ForwardAsAttachmentTo",
    "ForwardingSmtpAddress",
    "ForwardingAddress",
    "RedirectMessageTo",
    "BlindCopyTo",
    "CopyTo",
];

/// Parameters by which mail is put out of sight.
const AWAY: &[&str] = &["DeleteMessage", "SoftDeleteMessage", "MoveToFolder", "MarkAsRead"];

/// What a rule does with mail.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Rule {
    /// It sends mail on, to whomever.
    pub(crate) forwards: bool,
    /// It keeps mail out of sight.
    pub(crate) hides: bool,
    /// The addresses to which it sends mail on.
    pub(crate) to: BTreeSet<String>,
}

impl Rule {
    pub(crate) fn of(record: &Record<'_>) -> Self {
        let unmapped = record.get_text(Field::Unmapped).unwrap_or_default();
        Self::in_json(&serde_json::from_str(unmapped).unwrap_or_default())
    }

    fn in_json(unmapped: &Value) -> Self {
        let mut rule = Self::default();
        for (name, value) in parameters(unmapped) {
            let text = text(value);
            if is_nothing(&text) {
                continue;
            }
            if TO.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                rule.forwards = true;
                rule.to.extend(addresses(&text));
            }
            rule.hides |= AWAY.iter().any(|known| known.eq_ignore_ascii_case(name));
        }
        // Outlook's own dialect: the actions as a text of JSON.
        let actions = unmapped.get("RuleActions").map(text).unwrap_or_default();
        let actions: Value = serde_json::from_str(&actions).unwrap_or_default();
        for action in actions.as_array().into_iter().flatten() {
            let kind = action.get("ActionType").map(text).unwrap_or_default().to_lowercase();
            if ["forward", "redirect", "delegate"].iter().any(|word| kind.contains(word)) {
                rule.forwards = true;
                rule.to.extend(addresses(&action.to_string()));
            }
            rule.hides |= ["delete", "move", "markasread"].iter().any(|word| kind.contains(word));
        }
        rule
    }
}

/// The parameters of an act: an object, or a list of names and values where
/// not all of it was such.
fn parameters(unmapped: &Value) -> Vec<(&str, &Value)> {
    match unmapped.get("Parameters") {
        Some(Value::Object(all)) => {
            all.iter().map(|(name, value)| (name.as_str(), value)).collect()
        }
        Some(Value::Array(all)) => all
            .iter()
            .filter_map(|one| Some((one.get("Name")?.as_str()?, one.get("Value")?)))
            .collect(),
        _ => Vec::new(),
    }
}

/// A parameter's value in words: lists come as lists or joined.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || ["false", "null", "$null", "[]"].iter().any(|no| text.eq_ignore_ascii_case(no))
}

/// The addresses in a text: `"Name" [SMTP:a@b]`, `smtp:a@b`, `a@b;c@d`.
fn addresses(text: &str) -> impl Iterator<Item = String> {
    let is_between = |c: char| c.is_whitespace() || "\"',;:<>[](){}=\\".contains(c);
    text.split(is_between).filter(|word| word.contains('@')).filter_map(address::normalise)
}

/// The mailbox that a rule, permission or setting concerns, as the log names it,
/// where it says so: an address, an alias, a name.
pub(crate) fn mailbox(record: &Record<'_>) -> Option<String> {
    let unmapped = record.get_text(Field::Unmapped)?;
    let unmapped: Value = serde_json::from_str(unmapped).ok()?;
    // A rule's identity is the rule's, not the mailbox's.
    let is_rule = record.get_text(Field::ApiOperation)?.ends_with("InboxRule");
    let wanted = if is_rule { "Mailbox" } else { "Identity" };
    let mut all = parameters(&unmapped).into_iter();
    all.find(|(name, _)| *name == wanted).map(|(_, value)| text(value))
}

/// Whether a record's further members say yes to `name`.
pub(crate) fn says(record: &Record<'_>, name: &str) -> bool {
    let unmapped = record.get_text(Field::Unmapped).unwrap_or_default();
    let parsed: Option<Value> = serde_json::from_str(unmapped).ok();
    match parsed.as_ref().and_then(|all| all.get(name)) {
        Some(Value::Bool(yes)) => *yes,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_are_told_apart_by_their_operation() {
        for (operation, act) in [
            ("MailItemsAccessed", Act::Mail),
            ("FileDownloaded", Act::File),
            ("FileSyncDownloadedFull", Act::File),
            ("FileAccessedExtended", Act::File),
            ("SearchExportDownloaded", Act::Mail),
            ("New-InboxRule", Act::Rule),
            ("UpdateInboxRules", Act::Rule),
            ("Set-Mailbox", Act::Rule),
            ("Consent to application.", Act::Consent),
            ("Add-MailboxPermission", Act::Permission),
            ("Send", Act::Other),
            ("SearchQueryInitiatedExchange", Act::Other),
            ("HardDelete", Act::Delete),
        ] {
            assert_eq!(Act::of(operation), act, "{operation}");
        }
    }

    fn rule(json: &str) -> (bool, bool, Vec<String>) {
        let rule = Rule::in_json(&serde_json::from_str(json).unwrap());
        (rule.forwards, rule.hides, rule.to.into_iter().collect())
    }

    #[test]
    fn only_where_a_rule_sends_mail_on_is_a_destination() {
        let one = |to: &str| (true, false, vec![to.to_owned()]);
        for (json, expected) in [
            (r#"{"Parameters":{"ForwardTo":"\"A B\" [SMTP:a@b.example]"}}"#, one("a@b.example")),
            (r#"{"Parameters":{"ForwardingSmtpAddress":"smtp:a@b.example"}}"#, one("a@b.example")),
            (r#"{"Parameters":{"RedirectTo":["a@b.example"]}}"#, one("a@b.example")),
            (
                r#"{"RuleActions":"[{\"ActionType\":\"Forward\",\"Recipients\":[\"a@b.example\"]}]"}"#,
                one("a@b.example"),
            ),
            (r#"{"Parameters":{"ForwardingSmtpAddress":""}}"#, (false, false, vec![])),
            // Whose mail is hidden is no destination.
            (
                r#"{"Parameters":{"From":"boss@else.example","DeleteMessage":"True"}}"#,
                (false, true, vec![]),
            ),
            (r#"{"Parameters":{"DeleteMessage":"False"}}"#, (false, false, vec![])),
            // Somebody inside, by name.
            (r#"{"Parameters":{"ForwardTo":"Jan Peeters"}}"#, (true, false, vec![])),
            ("{}", (false, false, vec![])),
        ] {
            assert_eq!(rule(json), expected, "{json}");
        }
    }
}
