//! One audited act becoming one record.

use std::borrow::Cow;

use clarte_model::{Class, Fault, FaultKind, Field, Record, Sink, Source, ZoneBasis, address};
use jiff::tz::TimeZone;

use super::items::{self, Items};
use crate::json::objects::Span;
use crate::json::{Object, Value};
use crate::message_trace::date;
use crate::{time, value};

/// What stands around an event in its export; empty where it does not.
#[derive(Default)]
pub(super) struct Envelope<'a> {
    pub(super) uid: Cow<'a, str>,
    pub(super) time: Cow<'a, str>,
    pub(super) operation: Cow<'a, str>,
    pub(super) user: Cow<'a, str>,
    pub(super) ip: Cow<'a, str>,
    pub(super) kind: Cow<'a, str>,
    pub(super) service: Cow<'a, str>,
    pub(super) object: Cow<'a, str>,
    pub(super) result_index: Option<i64>,
    pub(super) result_count: Option<i64>,
}

impl<'a> Envelope<'a> {
    /// What the object around an event says.
    pub(super) fn of(object: Value<'a, '_>) -> Self {
        let mut envelope = Self::default();
        for (name, value) in object.members() {
            match name.plain() {
                "Identity" | "RecordId" | "id" => envelope.uid = value.text(),
                "CreationDate" | "createdDateTime" => envelope.time = value.text(),
                "Operations" | "Operation" | "operation" => envelope.operation = value.text(),
                "UserIds" | "UserId" | "userPrincipalName" => envelope.user = value.text(),
                "RecordType" | "auditLogRecordType" => envelope.kind = value.text(),
                "clientIp" if !value.is_nothing() => envelope.ip = value.text(),
                "service" if !value.is_nothing() => envelope.service = value.text(),
                "objectId" if !value.is_nothing() => envelope.object = value.text(),
                "ResultIndex" => envelope.result_index = value.plain().parse().ok(),
                "ResultCount" => envelope.result_count = value.plain().parse().ok(),
                _ => {}
            }
        }
        envelope
    }

    /// Whether it could stand for its event.
    pub(super) fn is_full(&self) -> bool {
        !self.time.is_empty() && !self.operation.is_empty()
    }

    /// Whether it says nothing of its event.
    pub(super) fn is_empty(&self) -> bool {
        self.time.is_empty() && self.operation.is_empty()
    }
}

/// Whether the object is an event of the log.
pub(super) fn is_event(object: Value<'_, '_>) -> bool {
    let has = |name| object.get(name).is_some();
    has("CreationTime") && has("Operation") && (has("Workload") || has("RecordType"))
}

/// Makes an event a record and hands it to `sink`.
pub(super) fn read(
    data: Option<Value<'_, '_>>,
    envelope: &Envelope<'_>,
    span: Span,
    sink: &mut dyn Sink,
) {
    let Span { offset, length } = span;
    let mut act = Act::new(offset, length);
    for (name, value) in data.into_iter().flat_map(Value::members) {
        if !value.is_nothing() {
            act.take(name, value);
        }
    }
    if act.record.time.is_none() && !act.has_bad_time && !envelope.time.is_empty() {
        match date::read(&envelope.time) {
            Ok(moment) => act.record.time = Some(moment),
            Err(kind) => act.bad_time(kind, sink),
        }
    } else if act.record.time.is_none() {
        act.bad_time(FaultKind::BadTime, sink);
    }
    act.finish(envelope, sink);
}

/// The words for the two operations that are sign-ins.
const SIGNED_IN: &str = "UserLoggedIn";
const SIGN_IN_FAILED: &str = "UserLoginFailed";

/// An act while its members come in.
struct Act<'a> {
    record: Record<'a>,
    items: Items<'a>,
    unmapped: Object,
    has_bad_time: bool,
    /// Addresses of the client, the best last.
    ips: [Cow<'a, str>; 3],
    agents: [Cow<'a, str>; 2],
    sessions: [Cow<'a, str>; 3],
    apps: [Cow<'a, str>; 3],
    owner: Cow<'a, str>,
    target: Cow<'a, str>,
    error: Cow<'a, str>,
    error_number: Cow<'a, str>,
}

impl<'a> Act<'a> {
    fn new(offset: u64, length: u64) -> Self {
        let mut record = Record::new(Class::Api, Source::Audit, offset, length);
        record.text(Field::LogName, "audit");
        Self {
            record,
            items: Items::default(),
            unmapped: Object::default(),
            has_bad_time: false,
            ips: Default::default(),
            agents: Default::default(),
            sessions: Default::default(),
            apps: Default::default(),
            owner: Cow::default(),
            target: Cow::default(),
            error: Cow::default(),
            error_number: Cow::default(),
        }
    }

    /// Puts a member of the event where it belongs.
    fn take(&mut self, name: Value<'a, '_>, value: Value<'a, '_>) {
        let record = &mut self.record;
        match name.plain() {
            "Id" => _ = record.text(Field::EventUid, value.text()),
            "CreationTime" => self.time(value),
            "Operation" => _ = record.text(Field::ApiOperation, value.text()),
            "Workload" => _ = record.text(Field::ServiceName, value.text()),
            "RecordType" => _ = record.text(Field::EventCode, value.text()),
            "UserId" => self.actor(value.text()),
            "ResultStatus" => _ = record.text(Field::StatusDetail, value.text()),
            "ActorIpAddress" => self.ips[0] = value.text(),
            "ClientIP" => self.ips[1] = value.text(),
            "ClientIPAddress" => self.ips[2] = value.text(),
            "ClientInfoString" => self.agents[0] = value.text(),
            "UserAgent" => self.agents[1] = value.text(),
            "SessionId" => self.sessions[2] = value.text(),
            "AppAccessContext" => self.access_context(value),
            "ClientAppId" => self.apps[1] = value.text(),
            "AppId" | "ApplicationId" => self.apps[2] = value.text(),
            "ApplicationDisplayName" | "ClientAppName" => {
                record.text(Field::AppName, value.text());
            }
            "ObjectId" => self.items.name(value.text()),
            "MailboxOwnerUPN" => self.owner = value.text(),
            "LogonError" => self.error = value.text(),
            "ErrorNumber" => self.error_number = value.text(),
            "Folders" => value.elements().for_each(|folder| self.items.folder(folder)),
            "Folder" | "DestFolder" => self.items.folder(value),
            "AffectedItems" => value.elements().for_each(|item| self.items.item(item)),
            "Item" => self.item(value),
            "OperationProperties" => self.properties(value),
            "ExtendedProperties" => self.extended(name, value),
            "DeviceProperties" => self.device(name, value),
            "Parameters" => items::flat(value, self.unmapped.key("Parameters")),
            "Target" => self.targets(name, value),
            "@odata.type" => {}
            _ => _ = self.unmapped.member(name.raw(), &value.json()),
        }
    }

    fn time(&mut self, value: Value<'a, '_>) {
        let moment = time::iso(value.plain(), ZoneBasis::Utc, Some(&TimeZone::UTC));
        match time::plausible(moment) {
            Ok(moment) => self.record.time = Some(moment),
            Err(_) => self.has_bad_time = true,
        }
    }

    fn bad_time(&mut self, kind: FaultKind, sink: &mut dyn Sink) {
        let (offset, length) = (self.record.offset, self.record.length);
        let detail = "the event's time gives no moment".to_owned();
        sink.fault(Fault { offset, length, lost: false, kind, detail });
    }

    /// Who acted: an address, or the name of a service.
    fn actor(&mut self, user: Cow<'a, str>) {
        match address::normalise(&user) {
            Some(address) => _ = self.record.text(Field::UserEmail, address),
            None => _ = self.record.text(Field::UserName, user),
        }
    }

    fn access_context(&mut self, value: Value<'a, '_>) {
        for (name, value) in value.members().filter(|(_, value)| !value.is_nothing()) {
            match name.plain() {
                "AADSessionId" => self.sessions[1] = value.text(),
                "ClientAppId" => self.apps[0] = value.text(),
                "ClientAppName" => _ = self.record.text(Field::AppName, value.text()),
                _ => _ = self.unmapped.member(name.raw(), &value.json()),
            }
        }
    }

    fn item(&mut self, item: Value<'a, '_>) {
        if let Some(subject) = item.get("Subject").filter(|subject| subject.is_text()) {
            self.record.text(Field::MailSubject, subject.text());
        }
        self.items.item(item);
    }

    /// How mail was accessed, whether that was throttled, what a rule does.
    fn properties(&mut self, properties: Value<'a, '_>) {
        for (name, value) in items::pairs(properties) {
            if name.plain() == "RuleName" {
                self.items.name(value.text());
            }
            self.unmapped.member(name.raw(), value.raw());
        }
    }

    fn extended(&mut self, name: Value<'a, '_>, value: Value<'a, '_>) {
        for (name, value) in items::pairs(value) {
            match &*name.text() {
                "UserAgent" => self.agents[1] = value.text(),
                "additionalDetails" if self.agents[1].is_empty() => {
                    self.agents[1] = items::user_agent(&value.text()).unwrap_or_default().into();
                }
                _ => {}
            }
        }
        items::flat(value, self.unmapped.key(name.plain()));
    }

    fn device(&mut self, name: Value<'a, '_>, value: Value<'a, '_>) {
        for (name, value) in items::pairs(value) {
            match name.plain() {
                "SessionId" => self.sessions[0] = value.text(),
                "DisplayName" => {
                    if let Some(host) = value::host(value.text()) {
                        self.record.text(Field::SrcHostname, host);
                    }
                }
                _ => {}
            }
        }
        items::flat(value, self.unmapped.key(name.plain()));
    }

    /// The names (type 1) and accounts (type 5) acted on in the directory.
    fn targets(&mut self, name: Value<'a, '_>, value: Value<'a, '_>) {
        for target in value.elements() {
            let Some(id) = target.get("ID") else { continue };
            match target.get("Type").map(Value::plain) {
                Some("1") => self.items.name(id.text()),
                Some("5") => self.target = id.text(),
                _ => {}
            }
        }
        self.unmapped.member(name.raw(), &value.json());
    }

    /// Puts in place what several members tell, and hands the record over.
    fn finish(mut self, envelope: &Envelope<'_>, sink: &mut dyn Sink) {
        self.fill_from(envelope);
        self.fill_client();
        self.fill_target();
        let record = &mut self.record;
        let signs_in = match record.get_text(Field::ApiOperation) {
            Some(SIGNED_IN) => Some("success"),
            Some(SIGN_IN_FAILED) => Some("failure"),
            _ => None,
        };
        let status = signs_in.or_else(|| record.get_text(Field::StatusDetail).and_then(status));
        record.text(Field::Status, status.unwrap_or_default());
        if signs_in.is_some() {
            (record.class, record.source) = (Class::Authentication, Source::Signin);
            if !(self.error.is_empty() && self.error_number.is_empty()) {
                let detail = [&*self.error_number, &*self.error].join(" ");
                record.text(Field::StatusDetail, detail.trim().to_owned());
            }
        } else {
            for (name, text) in [("LogonError", self.error), ("ErrorNumber", self.error_number)] {
                if !text.is_empty() {
                    self.unmapped.text(name, &text);
                }
            }
        }
        for (field, number) in
            [(Field::Sequence, envelope.result_index), (Field::SequenceOf, envelope.result_count)]
        {
            if let Some(number) = number {
                record.integer(field, number);
            }
        }
        self.items.finish(record);
        record.text(Field::Unmapped, self.unmapped.finish());
        sink.record(record);
    }

    /// Takes from around the event what it does not say itself.
    fn fill_from(&mut self, envelope: &Envelope<'_>) {
        for (field, text) in [
            (Field::EventUid, &envelope.uid),
            (Field::ApiOperation, &envelope.operation),
            (Field::EventCode, &envelope.kind),
            (Field::ServiceName, &envelope.service),
        ] {
            if self.record.get(field).is_none() {
                self.record.text(field, text.to_string());
            }
        }
        let nobody = [Field::UserEmail, Field::UserName];
        if nobody.iter().all(|field| self.record.get(*field).is_none()) {
            self.actor(envelope.user.to_string().into());
        }
        if self.ips.iter().all(|ip| ip.is_empty()) {
            self.ips[0] = envelope.ip.to_string().into();
        }
        if self.items.is_empty() {
            self.items.name(envelope.object.to_string().into());
        }
    }

    fn fill_client(&mut self) {
        let record = &mut self.record;
        // The better one wins, if it is an address at all.
        for text in self.ips.iter().filter(|text| !text.is_empty()) {
            let (host, port) = value::host_and_port(text.trim());
            let Some(ip) = value::address(host) else { continue };
            record.text(Field::SrcIp, ip.into_owned());
            if let Some(port) = port {
                record.integer(Field::SrcPort, port.into());
            }
        }
        for (field, texts) in [
            (Field::HttpUserAgent, &mut self.agents[..]),
            (Field::SessionUid, &mut self.sessions[..]),
            (Field::AppUid, &mut self.apps[..]),
        ] {
            if let Some(best) = texts.iter_mut().rev().find(|text| !text.is_empty()) {
                record.text(field, std::mem::take(best));
            }
        }
    }

    /// Whose mailbox or account it was, where it is another's.
    fn fill_target(&mut self) {
        let record = &mut self.record;
        let target = if self.owner.is_empty() { &self.target } else { &self.owner };
        let target = address::normalise(target).unwrap_or_else(|| target.to_string());
        if record.get_text(Field::UserEmail) != Some(&target) {
            record.text(Field::TargetUser, target);
        }
    }
}

/// Our word for a result.
fn status(words: &str) -> Option<&'static str> {
    const SUCCESS: &[&str] = &["succeeded", "success", "true", "partiallysucceeded"];
    const FAILURE: &[&str] = &["failed", "failure", "false"];
    let among = |known: &[&str]| known.iter().any(|word| word.eq_ignore_ascii_case(words));
    if among(SUCCESS) { Some("success") } else { among(FAILURE).then_some("failure") }
}
