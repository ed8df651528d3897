//! Windows' Security log as JSON lines, by Winlogbeat or by NXLog: logons,
//! logoffs, and a log that was cleared. One file a machine.
//! Spec: <https://www.elastic.co/guide/en/beats/winlogbeat/7.17/exported-fields-winlog.html>,
//! <https://docs.nxlog.co/refman/current/im/msvistalog.html>,
//! <https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-4624>

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::RangeError;
use crate::calendar::{At, Clock, SECOND};
use crate::variety::{HostForm, Pack};
use crate::writers::series::{Every, Series};

/// What happened on a machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Happened {
    LoggedOn,
    LoggedOff,
    Cleared,
}

/// An event of a machine's Security log.
pub(crate) struct Event<'a> {
    pub(crate) at: At,
    pub(crate) machine: &'a str,
    pub(crate) domain: &'a str,
    pub(crate) account: &'a str,
    pub(crate) address: &'a str,
    pub(crate) what: Happened,
}

/// The logs of several machines.
pub(crate) struct Hosts {
    folder: PathBuf,
    form: HostForm,
    pack: Pack,
    clock: Clock,
    logs: BTreeMap<String, (u64, Series)>,
}

impl Hosts {
    pub(crate) fn new(folder: &Path, form: HostForm, pack: Pack, clock: Clock) -> Self {
        Self { folder: folder.to_owned(), form, pack, clock, logs: BTreeMap::new() }
    }

    /// Takes an event; a machine's come in order.
    pub(crate) fn log(&mut self, event: &Event<'_>) {
        let path = self.folder.join(format!("{}.json", event.machine));
        let pack = self.pack;
        let (number, series) = self
            .logs
            .entry(event.machine.to_owned())
            .or_insert_with(|| (41_000, Series::new(move |_| path.clone(), Every::Never, pack)));
        *number += 1;
        let line = match self.form {
            HostForm::Winlogbeat => winlogbeat(event, *number),
            HostForm::NxLog => nxlog(event, *number, self.clock),
        };
        series.push(event.at, line.to_string());
    }

    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        self.logs.values_mut().try_for_each(|(_, series)| series.flush(moment))
    }

    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        self.logs.values_mut().try_for_each(|(_, series)| series.finish())
    }
}

struct Kind {
    id: u64,
    provider: &'static str,
    guid: &'static str,
    task: (u64, &'static str),
    action: &'static str,
    message: &'static str,
}

fn kind(what: Happened) -> Kind {
    let auditing = "Microsoft-Windows-Security-Auditing";
    let guid = "{54849625-5478-4994-A5BA-3E3B0328C30D}";
    match what {
        Happened::LoggedOn => Kind {
            id: 4624,
            provider: auditing,
            guid,
            task: (12544, "Logon"),
            action: "logged-in",
            message: "An account was successfully logged on.",
        },
        Happened::LoggedOff => Kind {
            id: 4634,
            provider: auditing,
            guid,
            task: (12545, "Logoff"),
            action: "logged-out",
            message: "An account was logged off.",
        },
        Happened::Cleared => Kind {
            id: 1102,
            provider: "Microsoft-Windows-Eventlog",
            guid: "{fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148}",
            task: (104, "Log clear"),
            action: "audit-log-cleared",
            message: "The audit log was cleared.",
        },
    }
}

/// The fields of the event's own schema.
fn data(event: &Event<'_>) -> Value {
    let domain = event.domain.split('.').next().unwrap_or_default().to_uppercase();
    match event.what {
        Happened::LoggedOn => json!({
            "SubjectUserSid": "S-1-5-18",
            "SubjectUserName": format!("{}$", event.machine.to_uppercase()),
            "SubjectDomainName": domain,
            "SubjectLogonId": "0x3e7",
            "TargetUserSid": "S-1-5-21-1-2-3-1001",
            "TargetUserName": event.account,
            "TargetDomainName": domain,
            "TargetLogonId": "0x5f1d2",
            "LogonType": "2",
            "LogonProcessName": "User32 ",
            "AuthenticationPackageName": "Negotiate",
            "WorkstationName": event.machine.to_uppercase(),
            "IpAddress": event.address,
            "IpPort": "0",
        }),
        Happened::LoggedOff => json!({
            "TargetUserSid": "S-1-5-21-1-2-3-1001",
            "TargetUserName": event.account,
            "TargetDomainName": domain,
            "TargetLogonId": "0x5f1d2",
            "LogonType": "2",
        }),
        Happened::Cleared => json!({
            "SubjectUserSid": "S-1-5-21-1-2-3-1001",
            "SubjectUserName": event.account,
            "SubjectDomainName": domain,
            "SubjectLogonId": "0x5f1d2",
        }),
    }
}

fn winlogbeat(event: &Event<'_>, number: u64) -> Value {
    let kind = kind(event.what);
    let computer = format!("{}.{}", event.machine, event.domain);
    let data = data(event);
    let mut winlog = json!({
        "api": "wineventlog",
        "channel": "Security",
        "computer_name": computer,
        "event_id": kind.id,
        "provider_guid": kind.guid,
        "provider_name": kind.provider,
        "record_id": number,
        "task": kind.task.1,
        "keywords": ["Audit Success"],
        "process": {"pid": 640, "thread": {"id": 712}},
    });
    let place = if event.what == Happened::Cleared { "user_data" } else { "event_data" };
    winlog[place] = data;
    json!({
        "@timestamp": event.at.rfc3339_millis(),
        "@metadata": {"beat": "winlogbeat", "type": "_doc", "version": "7.17.0"},
        "event": {
            "action": kind.action,
            "code": kind.id.to_string(),
            "kind": "event",
            "outcome": "success",
            "provider": kind.provider,
            "created": event.at.plus(SECOND).rfc3339_millis(),
        },
        "host": {"name": computer},
        "log": {"level": "information"},
        "message": kind.message,
        "winlog": winlog,
        "ecs": {"version": "1.12.0"},
        "agent": {"type": "winlogbeat", "version": "7.17.0", "name": event.machine},
    })
}

/// NXLog puts the event's fields among its own and writes local time.
fn nxlog(event: &Event<'_>, number: u64, clock: Clock) -> Value {
    let kind = kind(event.what);
    let mut line = json!({
        "EventTime": clock.show(event.at).spaced(),
        "Hostname": format!("{}.{}", event.machine, event.domain),
        "Keywords": -9_214_364_837_600_034_816_i64,
        "EventType": "AUDIT_SUCCESS",
        "SeverityValue": 2,
        "Severity": "INFO",
        "EventID": kind.id,
        "SourceName": kind.provider,
        "ProviderGuid": kind.guid,
        "Version": 2,
        "Task": kind.task.0,
        "OpcodeValue": 0,
        "RecordNumber": number,
        "ProcessID": 640,
        "ThreadID": 712,
        "Channel": "Security",
        "Message": kind.message,
        "Category": kind.task.1,
        "Opcode": "Info",
    });
    if let (Some(line), Value::Object(data)) = (line.as_object_mut(), data(event)) {
        line.extend(data);
        line.insert(
            "EventReceivedTime".to_owned(),
            clock.show(event.at.plus(SECOND)).spaced().into(),
        );
        line.insert("SourceModuleName".to_owned(), "in".into());
        line.insert("SourceModuleType".to_owned(), "im_msvistalog".into());
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shipper_writes_its_own_fields() {
        let event = Event {
            at: At(1_609_903_171_123_456),
            machine: "pc-00001",
            domain: "office.example",
            account: "u00101",
            address: "10.20.0.10",
            what: Happened::LoggedOn,
        };
        let line = winlogbeat(&event, 7);
        assert_eq!(line["@timestamp"], "2021-01-06T03:19:31.123Z");
        assert_eq!(line["winlog"]["event_data"]["TargetUserName"], "u00101");
        let line = nxlog(&event, 7, Clock::Brussels);
        assert_eq!(line["EventTime"], "2021-01-06 04:19:31");
        assert_eq!(line["EventID"], 4624);
        let cleared = Event { what: Happened::Cleared, ..event };
        assert_eq!(winlogbeat(&cleared, 8)["event"]["code"], "1102");
        assert_eq!(winlogbeat(&cleared, 8)["winlog"]["user_data"]["SubjectUserName"], "u00101");
    }
}
