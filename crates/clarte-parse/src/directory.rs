//! Entra's audit log of the directory: consents, roles, registered devices and
//! second factors, changed accounts.
//!
//! As Graph answers it (objects, arrays, `{"value":[…]}`, one a line) and as Azure
//! Monitor exports it (`category`, `properties`). Specs:
//! <https://learn.microsoft.com/graph/api/resources/directoryaudit>,
//! <https://learn.microsoft.com/azure/azure-monitor/reference/tables/auditlogs>.
//! Who asked and from where, what for and on whom are columns; the id of an
//! application that was let in is among the resources' names, as in the unified
//! audit log. Left out: tables of the portal and of Log Analytics, which a mapping
//! file reads.

use std::sync::Arc;

use clarte_model::{Class, Fault, FaultKind, Field, Record, Sink, Source, ZoneBasis, address};
use jiff::tz::TimeZone;

use crate::json::objects::{self, ReadObject, Span};
use crate::json::{Object, Value};
use crate::{About, Context, Format, Input, Output, time, value};

pub(crate) struct Directory;

impl Format for Directory {
    fn about(&self) -> About {
        About {
            what: "Entra's audit log of the directory",
            feeds: "applications let in, roles and second factors set, accounts changed",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        objects::recognises(head, &Acts)
    }

    fn read(&self, input: &mut Input<'_>, _: &Context, out: &mut Output<'_>) -> &'static str {
        objects::read(input, &Arc::new(Acts), out);
        "directory"
    }
}

/// Every object stands for itself.
struct Acts;

impl ReadObject for Acts {
    fn is_ours(&self, object: Value<'_, '_>) -> bool {
        let act = inner(object);
        ["activityDateTime", "activityDisplayName"].iter().all(|name| act.get(name).is_some())
    }

    fn read(&self, object: Value<'_, '_>, Span { offset, length }: Span, sink: &mut dyn Sink) {
        let mut fault = |lost, kind, detail: &str| {
            sink.fault(Fault { offset, length, lost, kind, detail: detail.to_owned() });
        };
        if !self.is_ours(object) {
            return fault(true, FaultKind::Malformed, "an object that is no act in a directory");
        }
        let mut act = Act {
            record: Record::new(Class::Api, Source::Audit, offset, length),
            resources: Resources::default(),
            unmapped: Object::default(),
        };
        act.record.text(Field::LogName, "directory");
        for (name, value) in inner(object).members().filter(|(_, value)| !value.is_nothing()) {
            act.take(name, value);
        }
        if act.record.time.is_none() {
            fault(false, FaultKind::BadTime, "the act's time gives no moment");
        }
        sink.record(&act.finish());
    }
}

/// What Azure Monitor puts an act into says nothing that is not in it.
fn inner<'a, 't>(object: Value<'a, 't>) -> Value<'a, 't> {
    object.get("properties").filter(|inner| inner.is_object()).unwrap_or(object)
}

struct Act<'a> {
    record: Record<'a>,
    resources: Resources,
    unmapped: Object,
}

/// What was acted on.
#[derive(Default)]
struct Resources {
    names: Vec<String>,
    uids: Vec<String>,
}

impl<'a> Act<'a> {
    /// Puts a member where it belongs.
    fn take(&mut self, name: Value<'a, '_>, value: Value<'a, '_>) {
        let record = &mut self.record;
        match name.plain() {
            "id" => _ = record.text(Field::EventUid, value.text()),
            "activityDateTime" => {
                let moment = time::iso(value.plain(), ZoneBasis::Utc, Some(&TimeZone::UTC));
                record.time = time::plausible(moment).ok();
            }
            "activityDisplayName" => _ = record.text(Field::ApiOperation, value.text()),
            "loggedByService" => _ = record.text(Field::ServiceName, value.text()),
            "result" => _ = record.text(Field::Status, status(&value.text())),
            "resultReason" => _ = record.text(Field::StatusDetail, value.text()),
            "initiatedBy" => self.initiator(name, value),
            "targetResources" => self.targets(name, value),
            _ => _ = self.unmapped.member(name.raw(), &value.json()),
        }
    }

    /// A person, an application, or one through the other.
    fn initiator(&mut self, name: Value<'a, '_>, value: Value<'a, '_>) {
        let member = |kind, name| {
            let inner: Option<Value<'a, '_>> = value.get(kind);
            inner?.get(name).filter(|value| !value.is_nothing())
        };
        let record = &mut self.record;
        if let Some(user) = member("user", "userPrincipalName") {
            match address::normalise(&user.text()) {
                Some(address) => record.text(Field::UserEmail, address),
                None => record.text(Field::UserName, user.text()),
            };
        }
        let ip = member("user", "ipAddress").map(Value::text);
        if let Some(ip) = ip.as_deref().and_then(value::ip) {
            record.text(Field::SrcIp, ip.into_owned());
        }
        for (field, name) in [(Field::AppName, "displayName"), (Field::AppUid, "appId")] {
            member("app", name).map(|value| record.text(field, value.text()));
        }
        self.unmapped.member(name.raw(), &value.json());
    }

    fn targets(&mut self, name: Value<'a, '_>, value: Value<'a, '_>) {
        for target in value.elements() {
            let text = |name| target.get(name).filter(|value| !value.is_nothing());
            let user = text("userPrincipalName").map(Value::text);
            if let (Some(user), None) = (&user, self.record.get_text(Field::TargetUser)) {
                self.record.text(Field::TargetUser, user.clone());
            }
            self.resources.names.extend(text("displayName").map(|name| name.text().into_owned()));
            self.resources.uids.extend(text("id").map(|id| id.text().into_owned()));
            let changes = target.get("modifiedProperties").into_iter().flat_map(Value::elements);
            self.resources.names.extend(changes.filter_map(application).flatten());
        }
        self.unmapped.member(name.raw(), &value.json());
    }

    fn finish(mut self) -> Record<'a> {
        let Resources { names, uids } = self.resources;
        self.record.texts(Field::ResourceNames, names).texts(Field::ResourceUids, uids);
        self.record.text(Field::Unmapped, self.unmapped.finish());
        self.record
    }
}

/// The ids and addresses of the application that a change names.
fn application(change: Value<'_, '_>) -> Option<Vec<String>> {
    const NAMES: &str = "TargetId.ServicePrincipalNames";
    change.get("displayName").filter(|name| name.plain() == NAMES)?;
    // A JSON text in a JSON text.
    let text = change.get("newValue")?.text();
    let names = text.trim_matches('"').split(';').map(|name| name.trim().to_owned());
    Some(names.filter(|name| !name.is_empty()).collect())
}

fn status(result: &str) -> &'static str {
    match result {
        "success" => "success",
        "failure" | "timeout" => "failure",
        _ => "unknown",
    }
}
