//! What the campaign did from people's accounts: sign-ins from its addresses,
//! and everything that audit logs tell of the same addresses and sessions.
//!
//! A sign-in that succeeded, or any act, proves `compromised`; an act that
//! reads mail or files proves `accessed`. A sign-in that failed is an attempt.
//! A rule that forwards mail proves neither: it says where to look.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{Only, ReadError, Records, Stored};
use clarte_model::{Class, Field, Finding, Source, Timestamp, address};

use crate::campaign::Office;
use crate::cite::{Findings, RecordRef};
use crate::ladder::{Rung, Victims};
use crate::narrow;
use crate::origins::{Origin, Origins};
use crate::people::People;

/// An act without an address in a session that the campaign used is probably
/// its own; but sessions are stolen, and then two people act in one.
const SAME_SESSION: f64 = 0.7;

/// What a kind of act does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Act {
    /// Reads messages.
    Mail,
    /// Reads or downloads files.
    File,
    /// Makes or changes a rule, or forwards a mailbox.
    Rule,
    /// Lets an application or another account in.
    Grant,
    /// Sends in somebody's name.
    Send,
    /// Deletes.
    Delete,
    /// Anything else.
    Other,
}

impl Act {
    fn of(operation: &str) -> Self {
        let is = |names: &[&str]| names.iter().any(|name| operation.eq_ignore_ascii_case(name));
        if is(&["MailItemsAccessed", "MessageBind", "FolderBind"]) {
            Self::Mail
        } else if operation.starts_with("FileDownloaded")
            || operation.starts_with("FileAccessed")
            || operation.starts_with("FileSyncDownloaded")
            || is(&["FilePreviewed", "FileCopied", "FolderDownloaded"])
        {
            Self::File
        } else if operation.ends_with("InboxRule")
            || is(&["UpdateInboxRules", "Set-Mailbox", "New-TransportRule", "Set-TransportRule"])
        {
            Self::Rule
        } else if operation.starts_with("Consent to application")
            || operation.starts_with("Add OAuth2PermissionGrant")
            || operation.starts_with("Add app role assignment")
            || is(&["Add-MailboxPermission", "Add-RecipientPermission", "AddFolderPermissions"])
        {
            Self::Grant
        } else if is(&["Send", "SendAs", "SendOnBehalf"]) {
            Self::Send
        } else if is(&["HardDelete", "SoftDelete", "MoveToDeletedItems", "FileDeleted"]) {
            Self::Delete
        } else {
            Self::Other
        }
    }

    fn techniques(self) -> &'static [&'static str] {
        match self {
            Self::Mail => &["T1114.002"],
            Self::File => &["T1213.002"],
            Self::Rule => &["T1564.008"],
            Self::Grant => &["T1098"],
            Self::Send => &["T1534"],
            Self::Delete => &["T1070.008"],
            Self::Other => &["T1078.004"],
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Mail => "read mail",
            Self::File => "read or downloaded files",
            Self::Rule => "set rules or forwarding",
            Self::Grant => "let an application or account in",
            Self::Send => "sent mail",
            Self::Delete => "deleted",
            Self::Other => "acted",
        }
    }
}

/// What was read of one account.
#[derive(Debug, Default)]
pub(crate) struct Items {
    /// Distinct messages and files, by their ids or names.
    pub(crate) seen: BTreeSet<String>,
    /// Records that say that something was read and not what: a whole folder
    /// was synchronised, or the log was throttled.
    pub(crate) unbounded: u64,
}

/// What the campaign did in accounts.
#[derive(Debug, Default)]
pub(crate) struct Takeover {
    /// When it acted.
    pub(crate) times: Vec<Timestamp>,
    /// What it read, by victim.
    pub(crate) items: BTreeMap<String, Items>,
    /// Addresses outside to which it has mail forwarded, with the finding.
    pub(crate) forwards: BTreeMap<String, BTreeSet<String>>,
    /// The addresses it acted from, with the findings.
    pub(crate) ips: BTreeMap<String, From>,
}

/// An address from which the campaign acted.
#[derive(Debug, Default)]
pub(crate) struct From {
    pub(crate) given: bool,
    pub(crate) confidence: f64,
    pub(crate) findings: BTreeSet<String>,
}

/// What the reading of records rests on.
pub(crate) struct Accounts<'a> {
    pub(crate) origins: &'a Origins,
    pub(crate) people: &'a People,
    pub(crate) office: &'a Office<'a>,
}

const SIGN_IN: &[Field] = &[
    Field::SrcIp,
    Field::UserEmail,
    Field::UserName,
    Field::TargetUser,
    Field::DeviceHostname,
    Field::SessionUid,
    Field::ServiceName,
    Field::AppName,
    Field::LogonType,
    Field::Status,
    Field::StatusDetail,
];

const ACT: &[Field] = &[
    Field::SrcIp,
    Field::UserEmail,
    Field::UserName,
    Field::TargetUser,
    Field::SessionUid,
    Field::ServiceName,
    Field::AppName,
    Field::ApiOperation,
    Field::ResourceNames,
    Field::ResourceUids,
    Field::Status,
    Field::Unmapped,
];

/// Finds everything that the campaign did from accounts, and what it proves.
pub(crate) fn read(
    records: &dyn Records,
    accounts: &Accounts<'_>,
    victims: &mut Victims,
    findings: &mut Findings,
) -> Result<Takeover, ReadError> {
    let mut takeover = Takeover::default();
    let ips = accounts.origins.ips();
    let only = [Only { field: Field::SrcIp, values: &ips }];
    let mut sessions: BTreeMap<String, f64> = BTreeMap::new();
    narrow::scan(records, Class::Authentication, SIGN_IN, &only, &mut |stored| {
        let Some(seen) = Seen::of(&stored, accounts) else { return };
        if takeover.sign_in(&stored, &seen, victims, findings) {
            seen.note_session(&stored, &mut sessions);
        }
    })?;
    narrow::scan(records, Class::Api, ACT, &only, &mut |stored| {
        let Some(seen) = Seen::of(&stored, accounts) else { return };
        if takeover.act(&stored, &seen, accounts, victims, findings) {
            seen.note_session(&stored, &mut sessions);
        }
    })?;
    let in_sessions = sessions.keys().cloned().collect();
    let only = [Only { field: Field::SessionUid, values: &in_sessions }];
    narrow::scan(records, Class::Api, ACT, &only, &mut |stored| {
        if stored.record.get_text(Field::SrcIp).is_some() {
            return;
        }
        let session = stored.record.get_text(Field::SessionUid);
        let Some(sure) = session.and_then(|session| sessions.get(session)) else { return };
        let Some(who) = who(&stored, accounts) else { return };
        let origin = Origin {
            confidence: SAME_SESSION * sure,
            why: "the session is one that the campaign used".to_owned(),
            is_over: false,
            indicator: None,
        };
        let seen = Seen { who, ip: None, origin };
        takeover.act(&stored, &seen, accounts, victims, findings);
    })?;
    Ok(takeover)
}

/// One record of an account that the campaign used.
struct Seen<'a> {
    who: String,
    ip: Option<String>,
    origin: Origin<'a>,
}

impl<'a> Seen<'a> {
    fn of(stored: &Stored<'_>, accounts: &Accounts<'a>) -> Option<Self> {
        let record = stored.record;
        let ip = record.get_text(Field::SrcIp)?;
        let origin = accounts.origins.of(ip, record.time.map(|time| time.at))?;
        Some(Self { who: who(stored, accounts)?, ip: Some(ip.to_owned()), origin })
    }

    fn note_session(&self, stored: &Stored<'_>, sessions: &mut BTreeMap<String, f64>) {
        if let Some(session) = stored.record.get_text(Field::SessionUid) {
            let known = sessions.entry(session.to_owned()).or_default();
            *known = known.max(self.origin.confidence);
        }
    }

    fn finding(&self, stored: &Stored<'_>, detector: &str, key: &str, title: String) -> Finding {
        let record = stored.record;
        let mut reasons = vec![self.origin.why.clone()];
        reasons.push(format!("seen by {}", record.source.as_str()));
        Finding {
            id: Finding::id(detector, &self.who, key),
            detector: detector.to_owned(),
            title,
            time: record.time.map(|time| time.at),
            confidence: if self.origin.is_over { 0.2 } else { self.origin.confidence },
            techniques: Vec::new(),
            reasons,
            lead: self.origin.is_over,
            spans: vec![RecordRef::of(stored).span()],
        }
    }
}

/// Whose account it is: by address, else by a name that one person alone has.
fn who(stored: &Stored<'_>, accounts: &Accounts<'_>) -> Option<String> {
    let record = stored.record;
    if let Some(email) = record.get_text(Field::UserEmail) {
        return Some(accounts.people.canonical(email));
    }
    let names = [Field::TargetUser, Field::UserName];
    names.into_iter().filter_map(|field| record.get_text(field)).find_map(|name| {
        let candidates = accounts.people.by_account(name);
        let mut all = candidates.into_iter();
        all.next().filter(|_| all.next().is_none())
    })
}

impl Takeover {
    /// Whether the sign-in let somebody in.
    fn sign_in(
        &mut self,
        stored: &Stored<'_>,
        seen: &Seen<'_>,
        victims: &mut Victims,
        findings: &mut Findings,
    ) -> bool {
        let record = stored.record;
        let (who, ip) = (&seen.who, seen.ip.as_deref().unwrap_or_default());
        let place = [Field::DeviceHostname, Field::ServiceName, Field::AppName];
        let place = place.into_iter().find_map(|field| record.get_text(field));
        let place = place.map(|place| format!(" at {place}")).unwrap_or_default();
        let succeeded = record.get_text(Field::Status) == Some("success");
        let (detector, title) = match succeeded {
            true => ("account.sign-in", format!("{who} was signed in to{place} from {ip}")),
            false => {
                let title = format!("A sign-in to {who}{place} from {ip} did not succeed");
                ("account.attempt", title)
            }
        };
        let mut finding = seen.finding(stored, detector, ip, title);
        let cloud = record.source == Source::Signin || record.source == Source::Audit;
        let technique = match (succeeded, cloud) {
            (true, true) => "T1078.004",
            (true, false) => "T1078",
            (false, _) => "T1110",
        };
        finding.techniques.push(technique.to_owned());
        if let Some(detail) = record.get_text(Field::StatusDetail).filter(|_| !succeeded) {
            finding.reasons.push(format!("the log says: {detail}"));
        }
        let (time, sure) = (finding.time, finding.confidence);
        let id = findings.add(finding, None);
        if seen.origin.is_over {
            return false;
        }
        self.note(seen, time, &id);
        let progress = victims.entry(who.clone()).or_default();
        if succeeded {
            progress.prove(Rung::Compromised, time, sure, &id);
        } else {
            let note = format!("a sign-in from {ip} was attempted and did not succeed");
            progress.note(Rung::Compromised, note);
        }
        succeeded
    }

    /// Whether it is an act of the campaign.
    fn act(
        &mut self,
        stored: &Stored<'_>,
        seen: &Seen<'_>,
        accounts: &Accounts<'_>,
        victims: &mut Victims,
        findings: &mut Findings,
    ) -> bool {
        let record = stored.record;
        let operation = record.get_text(Field::ApiOperation).unwrap_or("an act");
        let act = Act::of(operation);
        let (who, failed) = (&seen.who, record.get_text(Field::Status) == Some("failure"));
        let from = seen.ip.as_deref().map(|ip| format!(" from {ip}")).unwrap_or_default();
        let title = match failed {
            true => format!("{operation} in the account of {who}{from} was refused"),
            false => format!("Somebody {} as {who}{from}: {operation}", act.words()),
        };
        let detector = if failed { "account.refused" } else { "account.act" };
        let mut finding = seen.finding(stored, detector, operation, title);
        finding.techniques.extend(act.techniques().iter().map(|id| (*id).to_owned()));
        let outside = match act {
            Act::Rule => forwards(stored, accounts),
            _ => BTreeSet::new(),
        };
        for address in &outside {
            finding.techniques.push("T1114.003".to_owned());
            finding.reasons.push(format!("it names {address}, outside the organisation"));
        }
        let (time, sure) = (finding.time, finding.confidence);
        let id = findings.add(finding, None);
        if seen.origin.is_over {
            return false;
        }
        self.note(seen, time, &id);
        let progress = victims.entry(who.clone()).or_default();
        if failed {
            progress.note(Rung::Accessed, format!("{operation} was attempted and refused"));
            return false;
        }
        progress.prove(Rung::Compromised, time, sure, &id);
        if matches!(act, Act::Mail | Act::File) {
            // Whoever may read a colleague's mailbox reads the colleague's mail.
            let owner = record.get_text(Field::TargetUser).and_then(address::normalise);
            let owner =
                owner.map_or_else(|| who.clone(), |owner| accounts.people.canonical(&owner));
            victims.entry(owner.clone()).or_default().prove(Rung::Accessed, time, sure, &id);
            self.items.entry(owner).or_default().add(stored, act);
        }
        if !outside.is_empty() {
            let progress = victims.entry(who.clone()).or_default();
            let to: Vec<_> = outside.iter().cloned().collect();
            let note = format!(
                "a rule sends mail on to {}, and no record shows whether any went",
                to.join(", ")
            );
            progress.note(Rung::Exfiltrated, note);
        }
        for address in outside {
            self.forwards.entry(address).or_default().insert(id.clone());
        }
        true
    }

    fn note(&mut self, seen: &Seen<'_>, time: Option<Timestamp>, finding: &str) {
        self.times.extend(time);
        if let Some(ip) = &seen.ip {
            let from = self.ips.entry(ip.clone()).or_default();
            from.given |= seen.origin.indicator.is_some();
            from.confidence = from.confidence.max(seen.origin.confidence);
            from.findings.insert(finding.to_owned());
        }
    }
}

impl Items {
    fn add(&mut self, stored: &Stored<'_>, act: Act) {
        let record = stored.record;
        let field = match act {
            Act::Mail => Field::ResourceUids,
            _ => Field::ResourceNames,
        };
        let before = self.seen.len();
        self.seen.extend(record.get_texts(field).map(str::to_owned));
        let is_known = record.get_texts(field).next().is_some();
        let unmapped = record.get_text(Field::Unmapped).unwrap_or_default();
        let is_throttled = flag(unmapped, "IsThrottled");
        if (self.seen.len() == before && !is_known) || is_throttled {
            self.unbounded += 1;
        }
    }
}

/// Whether a JSON object has a member that says yes.
fn flag(json: &str, name: &str) -> bool {
    let parsed: Option<serde_json::Value> = serde_json::from_str(json).ok();
    let value = parsed.as_ref().and_then(|all| all.get(name));
    match value {
        Some(serde_json::Value::Bool(yes)) => *yes,
        Some(serde_json::Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// The addresses outside the organisation that a rule names.
fn forwards(stored: &Stored<'_>, accounts: &Accounts<'_>) -> BTreeSet<String> {
    let record = stored.record;
    let unmapped = record.get_text(Field::Unmapped).unwrap_or_default();
    let texts = record.get_texts(Field::ResourceNames).chain([unmapped]);
    let is_between = |c: char| c.is_whitespace() || "\"',;:<>[](){}=\\".contains(c);
    let words = texts.flat_map(|text| text.split(is_between)).filter(|word| word.contains('@'));
    let emails = words.filter_map(address::normalise);
    emails.filter(|email| !accounts.office.is_own(email)).collect()
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
            ("New-InboxRule", Act::Rule),
            ("UpdateInboxRules", Act::Rule),
            ("Set-Mailbox", Act::Rule),
            ("Consent to application.", Act::Grant),
            ("Add-MailboxPermission", Act::Grant),
            ("Send", Act::Send),
            ("SendReceipt", Act::Other),
            ("HardDelete", Act::Delete),
        ] {
            assert_eq!(Act::of(operation), act, "{operation}");
        }
    }

    #[test]
    fn a_flag_is_a_flag_however_it_is_written() {
        assert!(flag(r#"{"IsThrottled":true}"#, "IsThrottled"));
        assert!(flag(r#"{"IsThrottled":"True"}"#, "IsThrottled"));
        assert!(!flag(r#"{"IsThrottled":"False"}"#, "IsThrottled"));
        assert!(!flag("not JSON", "IsThrottled"));
    }
}
