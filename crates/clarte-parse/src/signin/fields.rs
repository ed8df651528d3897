//! What the columns and members of a sign-in are, and the record they make.

use std::borrow::Cow;

use clarte_model::{Class, Fault, FaultKind, Field, Moment, Record, Sink, Source, address};

use crate::json::{Object, Value};
use crate::message_trace::date;
use crate::value;

/// Where a column or member goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Kept under its own name.
    Own,
    /// Kept under ours.
    Keep(&'static str),
    Drop,
    Text(Field),
    /// When it was.
    Time,
    /// When it came into a log; mostly the same.
    Logged,
    Ip,
    /// The person's address.
    Principal,
    /// The name of a service principal.
    Service,
    /// The name and the id of what was signed in to, unless they are those of the
    /// directory, as Azure Monitor has it.
    Resource,
    ResourceId,
    /// The name of the client's machine.
    Device,
    Status,
    Code,
    Reason,
    /// An object whose members have places of their own.
    Inside,
    /// Which of the logs it is in.
    Category,
    EventTypes,
    Interactive,
    ManagedIdentity,
}

impl Place {
    /// The place of a column, or of a member of a sign-in.
    pub(super) fn of(name: &str) -> Self {
        let mut buffer = [0; NAME_CAP];
        match loose(name, &mut buffer) {
            b"id" | b"requestid" => Self::Text(Field::EventUid),
            b"createddatetime" | b"createddatetimeutc" | b"dateutc" | b"date" => Self::Time,
            b"time" | b"timegenerated" | b"timegeneratedutc" => Self::Logged,
            b"ipaddress" | b"calleripaddress" => Self::Ip,
            b"userprincipalname" | b"username" => Self::Principal,
            b"userdisplayname" | b"user" => Self::Text(Field::UserFullName),
            b"serviceprincipalname" => Self::Service,
            b"appdisplayname" | b"application" => Self::Text(Field::AppName),
            b"appid" | b"applicationid" => Self::Text(Field::AppUid),
            b"resourcedisplayname" => Self::Text(Field::ServiceName),
            b"resource" => Self::Resource,
            b"resourceid" => Self::ResourceId,
            b"useragent" => Self::Text(Field::HttpUserAgent),
            b"sessionid" => Self::Text(Field::SessionUid),
            b"status" => Self::Status,
            b"signinerrorcode" | b"errorcode" | b"resulttype" => Self::Code,
            b"failurereason" | b"resultdescription" => Self::Reason,
            b"devicedetail" | b"managedserviceidentity" => Self::Inside,
            b"category" => Self::Category,
            b"signineventtypes" => Self::EventTypes,
            b"isinteractive" => Self::Interactive,
            b"managedidentitytype" => Self::ManagedIdentity,
            other => kept(other).map_or(Self::Own, Self::Keep),
        }
    }

    /// The place of a member of one of a sign-in's objects.
    pub(super) fn of_inner(name: &str) -> Self {
        let mut buffer = [0; NAME_CAP];
        match loose(name, &mut buffer) {
            b"errorcode" => Self::Code,
            b"failurereason" => Self::Reason,
            b"displayname" => Self::Device,
            b"msitype" => Self::ManagedIdentity,
            other => kept(other).map_or(Self::Own, Self::Keep),
        }
    }
}

/// How an authentication went, in Graph's words; the portal spells them out.
const PROTOCOLS: &[&str] = &[
    "authenticationTransfer",
    "deviceCode",
    "deviceCodeFlow",
    "none",
    "oAuth2",
    "ropc",
    "saml20",
    "wsFederation",
];

/// Graph's word for what the portal calls `Device code`.
fn protocol(text: &str) -> &str {
    let mut buffers = ([0; NAME_CAP], [0; NAME_CAP]);
    let name = loose(text, &mut buffers.0);
    let known = PROTOCOLS.iter().find(|known| loose(known, &mut buffers.1) == name);
    known.copied().unwrap_or(text)
}

/// Our names for what joins and readers ask of `unmapped`.
fn kept(name: &[u8]) -> Option<&'static str> {
    Some(match name {
        b"additionaldetails" => "additional_details",
        b"authenticationprotocol" => "authentication_protocol",
        b"authenticationrequirement" => "authentication_requirement",
        b"autonomoussystemnumber" => "asn",
        b"browser" => "browser",
        b"clientapp" | b"clientappused" => "client_app",
        b"clientcredentialtype" => "client_credential_type",
        b"compliant" | b"iscompliant" => "compliant",
        b"conditionalaccess" | b"conditionalaccessstatus" => "conditional_access",
        b"correlationid" => "correlation_id",
        b"crosstenantaccesstype" => "cross_tenant_access",
        b"deviceid" => "device_id",
        b"hometenantid" => "home_tenant_id",
        b"incomingtokentype" => "incoming_token_type",
        b"jointype" | b"trusttype" => "join_type",
        b"location" => "location",
        b"managed" | b"ismanaged" => "managed",
        b"mfadetail" | b"multifactorauthenticationauthmethod" => "mfa_method",
        b"multifactorauthenticationresult" => "mfa_result",
        b"operatingsystem" => "operating_system",
        b"originaltransfermethod" => "original_transfer_method",
        b"resourceidentity" => "resource_id",
        b"resourcetenantid" => "resource_tenant_id",
        b"riskdetail" => "risk_detail",
        b"riskeventtypesv2" => "risk_event_types",
        b"risklevelaggregated" => "risk_level_aggregated",
        b"risklevelduringsignin" => "risk_level",
        b"riskstate" => "risk_state",
        b"serviceprincipalid" => "service_principal_id",
        b"uniquetokenidentifier" => "token_id",
        b"userid" => "user_id",
        b"usertype" => "user_type",
        _ => return None,
    })
}

/// The longest name that is compared.
const NAME_CAP: usize = 64;

/// The letters and digits of a name, in lower case; nothing of a longer one.
fn loose<'b>(name: &str, buffer: &'b mut [u8; NAME_CAP]) -> &'b [u8] {
    let mut length = 0;
    for byte in name.bytes().filter(u8::is_ascii_alphanumeric) {
        let Some(slot) = buffer.get_mut(length) else { return &[] };
        *slot = byte.to_ascii_lowercase();
        length += 1;
    }
    &buffer[..length]
}

/// Which telling columns or members there are.
#[derive(Default)]
pub(super) struct Seen {
    time: bool,
    ip: bool,
    app: bool,
    outcome: bool,
    who: bool,
}

impl Seen {
    pub(super) fn note(&mut self, place: Place) {
        match place {
            Place::Time | Place::Logged => self.time = true,
            Place::Ip => self.ip = true,
            Place::Text(Field::AppName | Field::AppUid) => self.app = true,
            Place::Status | Place::Code => self.outcome = true,
            Place::Principal | Place::Service | Place::Keep("service_principal_id") => {
                self.who = true;
            }
            _ => {}
        }
    }

    /// Whether they are those of a sign-in.
    pub(super) fn is_sign_in(&self) -> bool {
        self.time && self.ip && self.app && self.outcome && self.who
    }
}

/// A sign-in while its columns or members come in.
pub(super) struct SignIn<'a> {
    record: Record<'a>,
    unmapped: Object,
    time: Option<Result<Moment, FaultKind>>,
    logged: Option<Result<Moment, FaultKind>>,
    style: date::Style,
    code: Cow<'a, str>,
    reason: Cow<'a, str>,
    /// The portal's word for the outcome.
    word: Cow<'a, str>,
    service: Cow<'a, str>,
    category: Option<&'static str>,
    event_type: Option<&'static str>,
    interactive: Option<&'static str>,
    is_managed: bool,
}

impl<'a> SignIn<'a> {
    /// A sign-in that lies there, in a file that writes dates so.
    pub(super) fn new(offset: u64, length: u64, style: date::Style) -> Self {
        let mut record = Record::new(Class::Authentication, Source::Signin, offset, length);
        record.text(Field::LogName, "signin");
        Self {
            record,
            unmapped: Object::default(),
            time: None,
            logged: None,
            style,
            code: Cow::default(),
            reason: Cow::default(),
            word: Cow::default(),
            service: Cow::default(),
            category: None,
            event_type: None,
            interactive: None,
            is_managed: false,
        }
    }

    /// Takes a text, which is not empty; `false` where it is to be kept.
    pub(super) fn take(&mut self, place: Place, text: Cow<'a, str>) -> bool {
        match place {
            Place::Own | Place::Keep(_) | Place::Inside => return false,
            Place::Drop => {}
            Place::Text(field) => _ = self.record.text(field, text),
            Place::Time => keep_better(&mut self.time, self.style.read(&text)),
            Place::Logged => keep_better(&mut self.logged, self.style.read(&text)),
            Place::Ip => match value::address(value::host_and_port(text.trim()).0) {
                Some(ip) => _ = self.record.text(Field::SrcIp, ip.into_owned()),
                None => return false,
            },
            Place::Principal => match address::normalise(&text) {
                Some(address) => _ = self.record.text(Field::UserEmail, address),
                None => _ = self.record.text(Field::UserName, text),
            },
            Place::Service => self.service = text,
            Place::Resource if text == DIRECTORY => {}
            Place::Resource => _ = self.record.text(Field::ServiceName, text),
            Place::ResourceId if text.ends_with(DIRECTORY) => {}
            Place::ResourceId => _ = self.unmapped.text("resource_id", &text),
            Place::Device => match value::host(text) {
                Some(host) => _ = self.record.text(Field::SrcHostname, host),
                None => return false,
            },
            Place::Status => self.word = text,
            Place::Code => self.code = text,
            Place::Reason => self.reason = text,
            Place::Category => self.category = category(&text),
            Place::EventTypes => self.event_type = event_type(&text).or(self.event_type),
            Place::Interactive => self.interactive = interactive(&text),
            Place::ManagedIdentity => self.is_managed = !text.eq_ignore_ascii_case("none"),
        }
        true
    }

    pub(super) fn keep_text(&mut self, place: Place, name: &str, text: &str) {
        match place {
            Place::Keep(ours @ ("authentication_protocol" | "original_transfer_method")) => {
                self.unmapped.text(ours, protocol(text));
            }
            Place::Keep(ours) => _ = self.unmapped.text(ours, text),
            _ => _ = self.unmapped.text(name, text),
        }
    }

    pub(super) fn keep_json(&mut self, place: Place, name: Value<'_, '_>, value: Value<'_, '_>) {
        match place {
            Place::Keep(ours) => _ = self.unmapped.raw(ours, &value.json()),
            _ => _ = self.unmapped.member(name.raw(), &value.json()),
        }
    }

    /// Keeps an object or array that stood in a text.
    pub(super) fn keep_raw(&mut self, place: Place, name: &str, value: Value<'_, '_>) {
        let name = if let Place::Keep(ours) = place { ours } else { name };
        self.unmapped.raw(name, &value.json());
    }

    /// Hands over the record, and what is wrong with it.
    pub(super) fn finish(mut self, sink: &mut dyn Sink) {
        let logon_type = self.logon_type();
        let record = &mut self.record;
        let times = [self.time, self.logged].into_iter().flatten();
        let time = times.reduce(|first, other| if first.is_ok() { first } else { other });
        match time.unwrap_or(Err(FaultKind::BadTime)) {
            Ok(moment) => record.time = Some(moment),
            Err(kind) => {
                let (offset, length) = (record.offset, record.length);
                let detail = "the sign-in's time gives no moment".to_owned();
                sink.fault(Fault { offset, length, lost: false, kind, detail });
            }
        }
        record.text(Field::LogonType, logon_type.unwrap_or_default());
        if record.get(Field::UserEmail).is_none() && record.get(Field::UserName).is_none() {
            record.text(Field::UserName, self.service);
        } else if !self.service.is_empty() {
            self.unmapped.text("service_principal_name", &self.service);
        }
        let (code, word) = outcome(&self.code, &self.word);
        let status = status(code, word);
        record.text(Field::Status, status);
        // "Other." is what is written where nothing went wrong.
        let reason = if status == "success" { "" } else { &*self.reason };
        let words = [code, reason, word].join(" ");
        let detail = words.split_whitespace().collect::<Vec<_>>().join(" ");
        record.text(Field::StatusDetail, detail);
        record.text(Field::Unmapped, self.unmapped.finish());
        sink.record(record);
    }

    /// Which of the four logs it belongs to, as far as anything says so.
    fn logon_type(&self) -> Option<&'static str> {
        let named = self.category.or(self.event_type);
        let of_service = !self.service.is_empty()
            && [Field::UserEmail, Field::UserName]
                .iter()
                .all(|field| self.record.get(*field).is_none());
        named.or(match of_service {
            true if self.is_managed => Some("managed-identity"),
            true => Some("service-principal"),
            false => self.interactive,
        })
    }
}

fn category(name: &str) -> Option<&'static str> {
    Some(match name {
        "SignInLogs" => "interactive",
        "NonInteractiveUserSignInLogs" => "non-interactive",
        "ServicePrincipalSignInLogs" => "service-principal",
        "ManagedIdentitySignInLogs" => "managed-identity",
        _ => return None,
    })
}

fn event_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "interactiveUser" => "interactive",
        "nonInteractiveUser" => "non-interactive",
        "servicePrincipal" => "service-principal",
        "managedIdentity" => "managed-identity",
        _ => return None,
    })
}

fn interactive(flag: &str) -> Option<&'static str> {
    match flag {
        "true" | "True" | "TRUE" => Some("interactive"),
        "false" | "False" | "FALSE" => Some("non-interactive"),
        _ => None,
    }
}

/// What Azure Monitor names as the resource of every sign-in.
const DIRECTORY: &str = "Microsoft.aadiam";

/// A better time replaces one that gives no moment.
fn keep_better(time: &mut Option<Result<Moment, FaultKind>>, other: Result<Moment, FaultKind>) {
    if other.is_ok() || time.is_none() {
        *time = Some(other);
    }
}

/// The code and the word for the outcome, whichever column each stood in: tables
/// put `None` where there is no code, or the code alone under `Status`. What is
/// left of an object in a table of PowerShell is its type, which says nothing.
fn outcome<'t>(code: &'t str, word: &'t str) -> (&'t str, &'t str) {
    let is_code = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match (code.trim(), word.trim()) {
        (code, word) if is_code(code) => (code, word),
        (_, word) if is_code(word) => (word, ""),
        (_, word) if word.starts_with("Microsoft.Graph.") => ("", ""),
        (_, word) => ("", word),
    }
}

/// Our word for the outcome: that of the code, else of the portal's word. What
/// was interrupted (a second factor asked for, say) signed nobody in.
fn status(code: &str, word: &str) -> &'static str {
    let among = |known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    match code {
        "0" => "success",
        "" if among(&["success"]) => "success",
        "" if among(&["failure", "interrupted"]) => "failure",
        "" => "unknown",
        _ => "failure",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_whatever_their_dress() {
        for (name, expected) in [
            ("createdDateTime", Place::Time),
            ("Date (UTC)", Place::Time),
            ("IP address", Place::Ip),
            ("IPAddress", Place::Ip),
            ("Application ID ", Place::Text(Field::AppUid)),
            ("Autonomous system  number", Place::Keep("asn")),
            ("TimeGenerated [UTC]", Place::Logged),
            ("CreatedDateTime [UTC]", Place::Time),
            ("IP address (seen by resource)", Place::Own),
            ("", Place::Own),
        ] {
            assert_eq!(Place::of(name), expected, "{name}");
        }
        assert_eq!(Place::of(&"id".repeat(100)), Place::Own);
    }

    #[test]
    fn the_portal_and_graph_name_protocols_alike() {
        for (text, expected) in
            [("Device code", "deviceCode"), ("OAuth 2.0", "OAuth 2.0"), ("SAML 2.0", "saml20")]
        {
            assert_eq!(protocol(text), expected);
        }
    }

    #[test]
    fn only_code_zero_signs_in() {
        for (code, word, expected) in [
            ("0", "", "success"),
            ("50126", "Failure", "failure"),
            ("50074", "Interrupted", "failure"),
            ("", "Success", "success"),
            ("None", "Success", "success"),
            ("", "Interrupted", "failure"),
            ("", "50126", "failure"),
            ("", "0", "success"),
            ("", "", "unknown"),
            ("", "Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInStatus", "unknown"),
        ] {
            let (code, word) = outcome(code, word);
            assert_eq!(status(code, word), expected, "{code} {word}");
        }
    }
}
