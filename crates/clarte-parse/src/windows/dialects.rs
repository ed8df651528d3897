//! The ways in which shippers write an event as JSON.

use std::borrow::Cow;

use clarte_model::time::SECOND;
use clarte_model::{Moment, Precision, Timestamp, ZoneBasis};
use jiff::tz::TimeZone;

use super::event::Event;
use super::kinds;
use crate::json::Value;
use crate::time;

/// The event that an object is; `None` where it is none.
pub(crate) fn event<'a, 't>(object: Value<'a, 't>, zone: &TimeZone) -> Option<Event<'a, 't>> {
    // Exports of Elasticsearch wrap each document.
    let object = object.get("_source").filter(|inner| inner.is_object()).unwrap_or(object);
    if object.get("EventID").is_some() {
        return flat(object, zone);
    }
    if let Some(event) = object.get("Event") {
        return rendered(event);
    }
    match object.get("winlog") {
        Some(winlog) => beat(object, winlog),
        None if object.get("event_id").is_some() => old_beat(object),
        None => shell(object, zone),
    }
}

/// The XML of an event as JSON, as the crate `evtx` and `evtx_dump` write it.
pub(crate) fn rendered<'a, 't>(event: Value<'a, 't>) -> Option<Event<'a, 't>> {
    let mut found = Event::new();
    let mut has_system = false;
    for (name, value) in event.members() {
        match name.plain() {
            "System" => {
                has_system = true;
                system(value, &mut found);
            }
            "EventData" => found.data.extend(data(value)),
            // One element holds the data.
            "UserData" => {
                for (_, inner) in value.members().filter(|(name, _)| is_datum(*name)) {
                    found.data.extend(data(inner));
                }
            }
            "ProcessingErrorData" => found.kept.push(("processing_error", value)),
            _ => {}
        }
    }
    has_system.then_some(found)
}

fn is_datum(name: Value<'_, '_>) -> bool {
    name.plain() != "#attributes"
}

/// The members of an element, named as they are written.
fn data<'a, 't>(element: Value<'a, 't>) -> impl Iterator<Item = (&'a str, Value<'a, 't>)> {
    let members = element.members().filter(|(name, _)| is_datum(*name));
    members.map(|(name, value)| (name.raw(), value))
}

/// The part of an event that all have. Attributes stand in a member of the
/// element or, if told so, beside it.
fn system<'a, 't>(system: Value<'a, 't>, event: &mut Event<'a, 't>) {
    for (name, value) in system.members() {
        let attribute = |name: &str| {
            value.get("#attributes").unwrap_or(value).get(name).filter(|value| !value.is_object())
        };
        match name.plain() {
            "Provider" | "Provider_attributes" => {
                event.provider = attribute("Name").map_or(Cow::Borrowed(""), Value::text);
            }
            "EventID" => event.code = value.get("#text").unwrap_or(value).plain().parse().ok(),
            "TimeCreated" | "TimeCreated_attributes" => {
                event.time = attribute("SystemTime").and_then(|time| zoned(time.plain()));
            }
            "EventRecordID" => event.number = value.plain().parse().ok(),
            "Channel" if value.is_text() => event.channel = value.text(),
            "Computer" if value.is_text() => event.computer = value.text(),
            "Level" => event.kept.push(("level", value)),
            "Security" | "Security_attributes" => {
                event.kept.extend(attribute("UserID").map(|user| ("user_sid", user)));
            }
            "Correlation" | "Correlation_attributes" => {
                event.kept.extend(attribute("ActivityID").map(|id| ("activity_id", id)));
            }
            "Execution" | "Execution_attributes" => {
                event.kept.extend(attribute("ProcessID").map(|id| ("logged_by", id)));
            }
            _ => {}
        }
    }
}

/// Winlogbeat since version 7, and what has its fields.
fn beat<'a, 't>(object: Value<'a, 't>, winlog: Value<'a, 't>) -> Option<Event<'a, 't>> {
    let mut event = Event::new();
    for (name, value) in winlog.members() {
        match name.plain() {
            "event_id" => event.code = value.plain().parse().ok(),
            "record_id" => event.number = value.plain().parse().ok(),
            "channel" => event.channel = value.text(),
            "computer_name" => event.computer = value.text(),
            "provider_name" => event.provider = value.text(),
            "event_data" | "user_data" => event.data.extend(data(value)),
            "user" => {
                event.kept.extend(value.get("identifier").map(|user| ("user_sid", user)));
            }
            "activity_id" => event.kept.push(("activity_id", value)),
            _ => {}
        }
    }
    for (name, value) in object.members() {
        match name.plain() {
            "@timestamp" => event.time = zoned(value.plain()),
            "event" => {
                let code = value.get("code").and_then(|code| code.plain().parse().ok());
                event.code = event.code.or(code);
            }
            "host" if event.computer.is_empty() => {
                event.computer = value.get("name").map_or(Cow::Borrowed(""), Value::text);
            }
            "message" if event.data.is_empty() => event.kept.push(("message", value)),
            _ => {}
        }
    }
    event.code.is_some().then_some(event)
}

/// Winlogbeat before version 7.
fn old_beat<'a, 't>(object: Value<'a, 't>) -> Option<Event<'a, 't>> {
    let mut event = Event::new();
    for (name, value) in object.members() {
        match name.plain() {
            "@timestamp" => event.time = zoned(value.plain()),
            "event_id" => event.code = value.plain().parse().ok(),
            "record_number" => event.number = value.plain().parse().ok(),
            "log_name" => event.channel = value.text(),
            "computer_name" => event.computer = value.text(),
            "source_name" => event.provider = value.text(),
            "event_data" | "user_data" => event.data.extend(data(value)),
            "user" => event.kept.extend(value.get("identifier").map(|user| ("user_sid", user))),
            "activity_id" => event.kept.push(("activity_id", value)),
            _ => {}
        }
    }
    if event.data.is_empty() {
        event.kept.extend(object.get("message").map(|message| ("message", message)));
    }
    (!event.channel.is_empty() || !event.provider.is_empty()).then_some(event)
}

/// The times of a flat event, the best first.
#[derive(Default)]
struct Times<'a> {
    created: &'a str,
    /// Sysmon's own, which is UTC.
    utc: &'a str,
    /// NXLog's, mostly local.
    local: &'a str,
    /// When NXLog had it, by the same clock.
    received: &'a str,
    /// When the next collector had it, in UTC.
    collected: &'a str,
}

impl Times<'_> {
    /// A collector's time counts where there is no better: its clock is off by
    /// seconds, a zone by hours.
    fn best(&self, zone: &TimeZone) -> Option<Moment> {
        zoned(self.created)
            .or_else(|| time::iso(self.utc, ZoneBasis::Utc, Some(&TimeZone::UTC)))
            .or_else(|| zoned(self.local))
            .or_else(|| self.shifted())
            .or_else(|| zoned(self.collected))
            .or_else(|| time::iso(self.created, ZoneBasis::LocalAssumed, Some(zone)))
            .or_else(|| time::iso(self.local, ZoneBasis::LocalAssumed, Some(zone)))
    }

    /// The local time, moved by what lies between the two collectors' clocks if
    /// that can be nothing but a zone: quarters of an hour and a few seconds.
    fn shifted(&self) -> Option<Moment> {
        const QUARTER: i64 = 15 * 60 * SECOND;
        let as_utc = |text| time::iso(text, ZoneBasis::Offset, Some(&TimeZone::UTC));
        let (local, received) = (as_utc(self.local)?, as_utc(self.received)?);
        let between = zoned(self.collected)?.at.0.checked_sub(received.at.0)?;
        let offset = (between + QUARTER / 2).div_euclid(QUARTER) * QUARTER;
        let is_zone = (-14 * 4..=12 * 4).contains(&(offset / QUARTER))
            && (between - offset).abs() <= 60 * SECOND;
        let at = Timestamp(local.at.0.checked_add(offset)?);
        is_zone.then_some(Moment { at, basis: ZoneBasis::Offset, ..local })
    }
}

/// NXLog, and data sets with the data beside what all events have.
fn flat<'a, 't>(object: Value<'a, 't>, zone: &TimeZone) -> Option<Event<'a, 't>> {
    let mut event = Event::new();
    let (mut times, mut message) = (Times::default(), None);
    for (name, value) in object.members() {
        match name.plain() {
            "EventID" => event.code = value.plain().parse().ok(),
            "Channel" if event.channel.is_empty() => event.channel = value.text(),
            "SourceName" => event.provider = value.text(),
            "Hostname" | "Computer" | "ComputerName" if event.computer.is_empty() => {
                event.computer = value.text();
            }
            "RecordNumber" | "EventRecordID" => event.number = value.plain().parse().ok(),
            "TimeCreated" => times.created = value.plain(),
            "EventTime" => times.local = value.plain(),
            "EventReceivedTime" => times.received = value.plain(),
            "@timestamp" => times.collected = value.plain(),
            "UtcTime" => times.utc = value.plain(),
            "UserID" => event.kept.push(("user_sid", value)),
            // Some put the data one level deeper, and those of an element one more.
            "EventData" if value.is_object() => event.data.extend(data(value)),
            "UserData" if value.is_object() => {
                event.data.extend(value.members().flat_map(|(_, inner)| data(inner)));
            }
            "ActivityID" => event.kept.push(("activity_id", value)),
            "ExecutionProcessID" => event.kept.push(("logged_by", value)),
            "Message" => message = Some(value),
            // What the shipper says of itself, or of the kind of event.
            "@version" | "Category" | "EventType" | "EventTypeOrignal" | "ExecutionThreadID"
            | "Keywords" | "Level" | "Opcode" | "OpcodeValue" | "ProviderGuid" | "Severity"
            | "SeverityValue" | "SourceModuleName" | "SourceModuleType" | "Task" | "TaskValue"
            | "ThreadID" | "Version" | "host" | "port" | "tags" | "type" => {}
            _ => event.data.push((name.raw(), value)),
        }
    }
    if event.data.is_empty() {
        event.kept.extend(message.map(|message| ("message", message)));
    }
    event.time = times.best(zone);
    let named = !event.channel.is_empty() || !event.provider.is_empty();
    (named && event.code.is_some()).then_some(event)
}

/// `Get-WinEvent | ConvertTo-Json`: the data has no names, but an order.
fn shell<'a, 't>(object: Value<'a, 't>, zone: &TimeZone) -> Option<Event<'a, 't>> {
    let mut event = Event::new();
    let (mut is_event, mut has_id) = (false, false);
    let (mut properties, mut message) = (None, None);
    for (name, value) in object.members() {
        match name.plain() {
            "Id" => {
                event.code = value.plain().parse().ok();
                has_id = event.code.is_some();
            }
            "LogName" if value.is_text() => {
                is_event = true;
                event.channel = value.text();
            }
            "ProviderName" => event.provider = value.text(),
            "RecordId" => event.number = value.plain().parse().ok(),
            "MachineName" => event.computer = value.text(),
            "TimeCreated" => event.time = shell_time(&value.text(), zone),
            "UserId" => event.kept.push(("user_sid", value)),
            "Properties" => properties = Some(value),
            "Message" => message = Some(value),
            _ => {}
        }
    }
    if let Some(properties) = properties {
        let names = kinds::names(&event.provider, event.code.unwrap_or_default());
        let values = properties.elements().map(|value| value.get("Value").unwrap_or(value));
        let values: Vec<_> = values.filter(is_written_out).collect();
        // Sysmon's data begin otherwise in versions before 8, and what has less data
        // than its manifest is of another version.
        let fits = names.get(1) != Some(&kinds::UTC_TIME)
            || values.get(1).is_some_and(|time| time.plain().contains(':'));
        if fits && values.len() >= names.len() {
            event.data.extend(names.iter().copied().zip(values));
        }
        if event.data.len() < properties.elements().count() {
            event.kept.push(("properties", properties));
        }
    }
    if event.data.is_empty() {
        event.kept.extend(message.map(|message| ("message", message)));
    }
    (is_event && has_id).then_some(event)
}

/// Whether a property is more than the name of its type, which is what the shell
/// writes of what lies too deep.
fn is_written_out(value: &Value<'_, '_>) -> bool {
    value.plain() != "System.Diagnostics.Eventing.Reader.EventProperty"
}

/// `/Date(1609903171250)/`, or as newer shells write it.
fn shell_time(text: &str, zone: &TimeZone) -> Option<Moment> {
    let Some(milliseconds) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/"))
    else {
        return zoned(text).or_else(|| time::iso(text, ZoneBasis::LocalAssumed, Some(zone)));
    };
    let nanoseconds = milliseconds.parse::<i64>().ok()?.checked_mul(1_000_000)?;
    let at = Timestamp(nanoseconds);
    Some(Moment { at, precision: Precision::Subsecond, basis: ZoneBasis::Utc })
}

/// A time that says its zone.
fn zoned(text: &str) -> Option<Moment> {
    let basis = if text.ends_with(['Z', 'z']) { ZoneBasis::Utc } else { ZoneBasis::Offset };
    time::iso(text, basis, None)
}
