//! One Windows event becoming one record, whoever wrote it down.

use std::borrow::Cow;
use std::net::IpAddr;

use clarte_model::{Class, Fault, FaultKind, Field, Moment, Record, Sink, Source, Value as Known};

use super::kinds::{self, Outcome, Place};
use crate::json::{Kind, Object, Value};
use crate::{time, value};

/// Bytes that what an event says besides its data takes in JSON.
const ROOM: usize = 256;

/// How many data most events have at most.
const DATA: usize = 24;

/// An event with its data by name.
#[derive(Default)]
pub(crate) struct Event<'a, 't> {
    pub(crate) provider: Cow<'a, str>,
    pub(crate) channel: Cow<'a, str>,
    pub(crate) computer: Cow<'a, str>,
    pub(crate) code: Option<u32>,
    /// The event's number in its log.
    pub(crate) number: Option<i64>,
    /// What the event says its time is.
    pub(crate) time: Option<Moment>,
    /// What it says besides, under our names.
    pub(crate) kept: Vec<(&'static str, Value<'a, 't>)>,
    /// Its data: names, with their quotes, and values.
    pub(crate) data: Vec<(&'a str, Value<'a, 't>)>,
}

impl<'a> Event<'a, '_> {
    /// An event that says nothing yet.
    pub(super) fn new() -> Self {
        Self { data: Vec::with_capacity(DATA), ..Self::default() }
    }

    /// Makes it the record that lies there, and says what had to be repaired.
    pub(crate) fn record(
        &self,
        log: &'static str,
        offset: u64,
        length: u64,
        sink: &mut dyn Sink,
    ) -> Record<'a> {
        let kind = kinds::kind(&self.channel, &self.provider, self.code.unwrap_or(u32::MAX));
        let mut record = Record::new(kind.class, Source::Host, offset, length);
        record.text(Field::LogName, log);
        match time::plausible(self.time) {
            Ok(moment) => record.time = Some(moment),
            Err(kind) => {
                let detail = "the event's time cannot be its time".to_owned();
                sink.fault(Fault { offset, length, lost: false, kind, detail });
            }
        }
        record.text(Field::DeviceHostname, machine(self.computer.clone()));
        record.text(Field::Channel, self.channel.clone());
        if let Some(code) = self.code {
            record.text(Field::EventCode, code.to_string());
        }
        if let Some(number) = self.number {
            record.integer(Field::Sequence, number);
        }
        record.text(Field::ApiOperation, kind.act);
        // Of most events nearly all data stays.
        let room = self.data.iter().map(|(name, value)| name.len() + value.raw().len() + 2);
        let mut unmapped = Object::with_capacity(ROOM + room.sum::<usize>());
        if !self.provider.is_empty() {
            unmapped.text("provider", &self.provider);
        }
        for (name, value) in self.kept.iter().filter(|(_, value)| !value.is_nothing()) {
            unmapped.raw(name, &value.json());
        }
        for (name, value) in &self.data {
            if value.is_nothing() {
                continue;
            }
            let plain = &name[1..name.len() - 1];
            let place = kind.places.iter().find(|(known, _)| *known == plain);
            let taken = place.is_some_and(|(_, place)| put(&mut record, *place, *value));
            if !taken {
                unmapped.member(name, &value.json());
            }
        }
        finish(&mut record, kind.outcome);
        record.text(Field::Unmapped, unmapped.finish());
        record
    }
}

/// What follows from the data together.
fn finish(record: &mut Record<'_>, outcome: Outcome) {
    let status = match outcome {
        Outcome::Unsaid => "",
        Outcome::Success => "success",
        Outcome::Failure => "failure",
        Outcome::Unknown => "unknown",
        Outcome::Code => match record.get_text(Field::StatusDetail) {
            Some(code) if is_zero(code) => "success",
            Some(_) => "failure",
            None => "unknown",
        },
    };
    record.text(Field::Status, status);
    let from_afar = record.get(Field::SrcIp).is_some();
    let code = record.get_text(Field::EventCode);
    if record.class == Class::EventLog && code == Some("1102") {
        record.texts(Field::ResourceNames, ["Security"]);
    } else if record.class == Class::Authentication
        && from_afar
        && matches!(code, Some("21" | "22" | "24" | "25" | "1149" | "4778" | "4779"))
    {
        record.text(Field::LogonType, "remote-interactive");
    }
}

fn is_zero(code: &str) -> bool {
    let digits = code.strip_prefix("0x").unwrap_or(code);
    !digits.is_empty() && digits.bytes().all(|byte| byte == b'0')
}

/// Puts a value where it belongs; `false` where it does not fit there, so that
/// it is kept under its own name.
fn put<'a>(record: &mut Record<'a>, place: Place, value: Value<'a, '_>) -> bool {
    // What says nothing is taken all the same.
    let plain = value.plain().trim_ascii();
    if plain == "-" || plain.is_empty() {
        return true;
    }
    match place {
        // Shells make numbers of logon ids.
        Place::Text(Field::SessionUid) if value.kind() == Kind::Number => {
            match plain.parse::<u64>() {
                Ok(number) => _ = record.text(Field::SessionUid, format!("{number:#x}")),
                Err(_) => return false,
            }
        }
        Place::Text(field) => _ = record.text(field, value.text()),
        Place::Lower(field) => _ = record.text(field, value.text().to_ascii_lowercase()),
        Place::Machine(field) => _ = record.text(field, machine(value.text())),
        Place::Remote(field) => return remote(plain).is_some_and(|ip| set(record, field, ip)),
        Place::Ip(field) => return address(plain).is_some_and(|ip| set(record, field, ip)),
        Place::Port(field) => match plain.parse::<u16>() {
            Ok(0) => {}
            Ok(port) => _ = record.integer(field, port.into()),
            Err(_) => return false,
        },
        Place::Account(domain, user) => account(record, domain, user, value.text()),
        Place::Principal(field) => {
            let text = value.text();
            let name = value::split_last(&text, b'@').map_or(&*text, |(name, _)| name);
            record.text(field, name.to_owned());
        }
        Place::Member(field) => {
            record.text(field, common_name(&value.text()).to_owned());
            return false;
        }
        Place::MemberSid(field) => {
            if record.get(field).is_none() {
                record.text(field, value.text());
            }
            return false;
        }
        Place::LogonType => match logon_type(plain) {
            Some(word) => _ = record.text(Field::LogonType, word),
            None => return false,
        },
        Place::Status => match (value.kind(), plain.parse::<i64>()) {
            (Kind::Number, Ok(number)) => status(record, &format!("{:#x}", number as u32)),
            _ => status(record, plain),
        },
        Place::Hashes => _ = record.texts(Field::ProcessHashes, hashes(plain)),
        Place::Resource => _ = record.texts(Field::ResourceNames, [value.text()]),
        Place::DnsName => match value::host(value.text()) {
            Some(name) => _ = record.text(Field::DnsQuery, name),
            None => return false,
        },
        Place::DnsStatus => match rcode(plain) {
            Some(code) => _ = record.text(Field::DnsRcode, code),
            None => return false,
        },
        Place::DnsAnswers => _ = record.texts(Field::DnsAnswers, answers(&value.text())),
        Place::HostApplication => {
            if let Some(command) = host_application(value) {
                record.text(Field::ProcessCommandLine, command);
            }
            return false;
        }
        Place::PowerShellContext => {
            context(record, &value.text());
            return false;
        }
    }
    true
}

fn set<'a>(record: &mut Record<'a>, field: Field, text: Cow<'a, str>) -> bool {
    record.text(field, text);
    true
}

/// A machine's name, made comparable where it is one. (`\\NAME` is how some
/// events write it.)
fn machine(name: Cow<'_, str>) -> Cow<'_, str> {
    let name = match name.strip_prefix("\\\\") {
        Some(rest) => Cow::Owned(rest.to_owned()),
        None => name,
    };
    match value::host(name.clone()) {
        Some(host) => host,
        None => name,
    }
}

/// An address, without the zone that a link-local one may have (`fe80::7%12`).
fn address(text: &str) -> Option<Cow<'_, str>> {
    value::address(text.split_once('%').map_or(text, |(ip, _)| ip))
}

/// The address of another machine than this.
fn remote(text: &str) -> Option<Cow<'_, str>> {
    address(text)
        .filter(|ip| ip.parse::<IpAddr>().is_ok_and(|ip| !ip.is_loopback() && !ip.is_unspecified()))
}

/// Splits `DOMAIN\name`; without a backslash all is the name.
fn account<'a>(record: &mut Record<'a>, domain: Field, user: Field, text: Cow<'a, str>) {
    match value::split_first(&text, b'\\') {
        Some((before, name)) => {
            record.text(domain, before.to_owned()).text(user, name.to_owned());
        }
        None => _ = record.text(user, text),
    }
}

/// The name in a distinguished name: `CN=Jan,OU=…`.
fn common_name(text: &str) -> &str {
    let name = text.get(..3).filter(|start| start.eq_ignore_ascii_case("cn=")).map(|_| &text[3..]);
    name.map_or(text, |rest| rest.split_once(',').map_or(rest, |(name, _)| name))
}

/// Who ran a PowerShell command and with what program, as its event's context
/// says in lines such as `User = DOMAIN\name` (in the machine's language).
fn context(record: &mut Record<'_>, text: &str) {
    for (name, value) in text.lines().filter_map(|line| line.split_once(" = ")) {
        match name.trim() {
            "User" => {
                let user = value.trim().to_owned().into();
                account(record, Field::UserDomain, Field::UserName, user);
            }
            "Host Application" => {
                record.text(Field::ProcessCommandLine, value.trim().to_owned());
            }
            _ => {}
        }
    }
}

/// The word for a logon type.
fn logon_type(number: &str) -> Option<&'static str> {
    Some(match number {
        "2" => "interactive",
        "3" => "network",
        "4" => "batch",
        "5" => "service",
        "7" | "13" => "unlock",
        "8" => "network-cleartext",
        "9" => "new-credentials",
        "10" | "12" => "remote-interactive",
        "11" => "cached-interactive",
        _ => return None,
    })
}

/// Adds a status code; the finer one of a failed logon comes second, and zero
/// says nothing there.
fn status(record: &mut Record<'_>, code: &str) {
    let code = code.to_ascii_lowercase();
    let both = match record.get(Field::StatusDetail) {
        Some(Known::Text(_)) if is_zero(&code) => return,
        Some(Known::Text(first)) => [first, " ", &code].concat(),
        _ => code,
    };
    record.text(Field::StatusDetail, both);
}

/// `SHA1=…,MD5=…` as `sha1:…`, `md5:…`.
fn hashes(text: &str) -> impl Iterator<Item = String> {
    text.split(',').filter_map(|hash| {
        let (algorithm, hex) = hash.split_once('=')?;
        let is_hex = !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| [algorithm, ":", hex].concat().to_ascii_lowercase())
    })
}

/// The DNS code that a Windows error stands for.
fn rcode(code: &str) -> Option<&'static str> {
    Some(match code {
        // "No records of the given type" is an answer too.
        "0" | "9501" => "NOERROR",
        "9001" => "FORMERR",
        "9002" => "SERVFAIL",
        "9003" => "NXDOMAIN",
        "9004" => "NOTIMP",
        "9005" => "REFUSED",
        _ => return None,
    })
}

/// `type:  5 cdn.example;::ffff:192.0.2.1;` without the types.
fn answers(text: &str) -> Vec<String> {
    let answers = text.split(';').map(str::trim).filter(|answer| !answer.is_empty());
    answers
        .map(|answer| {
            let data = answer.strip_prefix("type:").map_or(answer, |rest| {
                rest.trim_start().split_once(' ').map_or("", |(_, data)| data.trim())
            });
            value::address(data).map_or_else(|| data.to_owned(), Cow::into_owned)
        })
        .collect()
}

/// The command line that a PowerShell event names among its texts.
fn host_application(data: Value<'_, '_>) -> Option<String> {
    let inner = data.get("#text").unwrap_or(data);
    let of = |text: Value<'_, '_>| {
        let text = text.text();
        let (_, after) = text.split_once("HostApplication=")?;
        after.lines().next().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty())
    };
    if inner.kind() == Kind::Array { inner.elements().find_map(of) } else { of(inner) }
}

/// A fault that costs the event.
pub(crate) fn lost(offset: u64, length: u64, kind: FaultKind, detail: String) -> Fault {
    Fault { offset, length, lost: true, kind, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_other_machines_are_remote() {
        for (text, expected) in [
            ("192.0.2.7", Some("192.0.2.7")),
            ("::ffff:192.0.2.7", Some("192.0.2.7")),
            ("2001:DB8::7", Some("2001:db8::7")),
            ("127.0.0.1", None),
            ("::1", None),
            ("0:0:0:0:0:0:0:1", None),
            ("0.0.0.0", None),
            ("LOCAL", None),
            ("fe80::7%12", Some("fe80::7")),
        ] {
            assert_eq!(remote(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn members_are_told_by_their_names() {
        for (text, expected) in [
            ("CN=Jan Peeters,OU=Staff,DC=example,DC=org", "Jan Peeters"),
            ("cn=jan", "jan"),
            ("jan", "jan"),
            ("cné", "cné"),
        ] {
            assert_eq!(common_name(text), expected);
        }
    }

    #[test]
    fn hashes_and_answers_are_told_in_our_way() {
        assert_eq!(hashes("MD5=AB01,IMPHASH=,x").collect::<Vec<_>>(), ["md5:ab01"]);
        assert_eq!(
            answers("type:  5 cdn.example;::ffff:192.0.2.1;2001:db8::1;"),
            ["cdn.example", "192.0.2.1", "2001:db8::1"]
        );
        assert!(is_zero("0x0") && is_zero("0x00000000") && !is_zero("0xc000006a") && !is_zero(""));
    }
}
