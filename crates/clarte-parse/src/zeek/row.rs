//! One row becoming one record, whichever way it was written.

use std::borrow::Cow;

use clarte_model::time::SECOND;
use clarte_model::{
    Class, Fault, FaultKind, Field, Moment, Record, Sink, Source, Value, ZoneBasis,
};

use super::columns::Column;
use super::names::{Kind, Log};
use crate::json::Object;
use crate::{time, value};

/// A value as a writer wrote it; never an unset or empty one.
pub(super) trait Cell<'a> {
    /// A number, flag or time.
    fn plain(&self) -> &'a str;
    /// A text, unescaped.
    fn text(&self) -> Cow<'a, str>;
    /// The members of a set or vector.
    fn list(&self) -> Vec<Cow<'a, str>>;
    /// Writes it as JSON.
    fn json(&self, into: &mut String);
}

/// A row while its cells come in.
pub(super) struct Row<'a> {
    record: Record<'a>,
    log: Log,
    host: Option<Cow<'a, str>>,
    target: Option<Cow<'a, str>>,
    second_name: Option<Cow<'a, str>>,
    leased: Option<Cow<'a, str>>,
    /// DHCP: whether the messages leave out that the lease was granted.
    refused: bool,
    unmapped: Object,
    bad_time: Option<FaultKind>,
    bad: Vec<Field>,
}

impl<'a> Row<'a> {
    /// An empty row of `log`.
    pub(super) fn new(log: Log) -> Self {
        let (class, source) = match log.kind {
            Kind::Conn => (Class::Network, Source::Flow),
            Kind::Dns => (Class::Dns, Source::Dns),
            Kind::Http => (Class::Http, Source::Http),
            Kind::Ssl | Kind::Quic => (Class::Tls, Source::Tls),
            Kind::Dhcp => (Class::Dhcp, Source::Dhcp),
            Kind::Other => (Class::Other, Source::Other),
        };
        Self {
            record: Record::new(class, source, 0, 0),
            log,
            host: None,
            target: None,
            second_name: None,
            leased: None,
            refused: false,
            unmapped: Object::default(),
            bad_time: None,
            bad: Vec::new(),
        }
    }

    /// Makes it the row that lies there, with no cell yet.
    pub(super) fn begin(&mut self, offset: u64, length: u64) {
        self.record.renew(offset, length);
        self.record.text(Field::LogName, self.log.name);
        (self.host, self.target) = (None, None);
        (self.second_name, self.leased, self.refused) = (None, None, false);
        self.unmapped = Object::default();
        self.bad_time = None;
        self.bad.clear();
    }

    /// Puts a cell where its column belongs.
    #[inline]
    pub(super) fn take(&mut self, column: Column, name: &str, cell: &impl Cell<'a>) {
        let record = &mut self.record;
        match column {
            Column::Drop => {}
            Column::Text(field) => _ = record.text(field, cell.text()),
            Column::Ip(field) => match value::ip(cell.plain()) {
                Some(ip) => _ = record.text(field, ip),
                None => self.bad.push(field),
            },
            Column::Integer(field) => match cell.plain().parse() {
                Ok(number) if number >= 0 => _ = record.integer(field, number),
                _ => self.bad.push(field),
            },
            Column::Time => self.time(cell.plain()),
            Column::Lower(field) => {
                let text = cell.text();
                let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
                record.text(field, if is_lower { text } else { text.to_ascii_lowercase().into() });
            }
            Column::Texts(field) => _ = record.texts(field, cell.list()),
            Column::Query => {
                let name = cell.text();
                let raw = || name.to_lowercase().into();
                record.text(Field::DnsQuery, value::host(name.clone()).unwrap_or_else(raw));
            }
            Column::Keep => cell.json(self.unmapped.key(name)),
            Column::KeepUnless(usual) if cell.plain() == usual => {}
            Column::KeepUnless(_) => cell.json(self.unmapped.key(name)),
            _ => self.take_rare(column, cell),
        }
    }

    /// The columns of one log only.
    fn take_rare(&mut self, column: Column, cell: &impl Cell<'a>) {
        let record = &mut self.record;
        match column {
            Column::Interval(field) => match time::nanoseconds(cell.plain()) {
                Some(nanoseconds) => _ = record.integer(field, nanoseconds),
                None => self.bad.push(field),
            },
            Column::Seconds(field) => match time::nanoseconds(cell.plain()) {
                Some(lease @ SECOND..) => _ = record.integer(field, lease / SECOND),
                Some(_) => {}
                None => self.bad.push(field),
            },
            Column::Flag(field) => match cell.plain() {
                "T" | "true" => _ = record.integer(field, 1),
                "F" | "false" => _ = record.integer(field, 0),
                _ => self.bad.push(field),
            },
            Column::Host(field) => match value::host(cell.text()) {
                Some(host) => _ = record.text(field, host),
                None => self.bad.push(field),
            },
            Column::Mac => match value::mac(cell.plain()) {
                Some(mac) => _ = record.text(Field::SrcMac, mac),
                None => self.bad.push(Field::SrcMac),
            },
            Column::Leased => match value::ip(cell.plain()) {
                Some(ip) => self.leased = Some(ip),
                None => self.bad.push(Field::LeasedIp),
            },
            Column::First(field) => {
                if let Some(first) = cell.list().into_iter().next() {
                    record.text(field, first);
                }
            }
            Column::HostHeader => self.host = Some(cell.text()),
            Column::Target => self.target = Some(cell.text()),
            Column::SecondName => self.second_name = Some(cell.text()),
            Column::Messages => {
                let messages = cell.list();
                self.refused = !messages.iter().any(|message| message == "ACK");
                record.text(Field::StatusDetail, messages.join(","));
            }
            _ => {}
        }
    }

    /// Keeps a cell under its own name, whatever else becomes of it.
    pub(super) fn keep(&mut self, name: &str, cell: &impl Cell<'a>) {
        cell.json(self.unmapped.key(name));
    }

    /// Keeps the row as the JSON object that it is.
    pub(super) fn keep_whole(&mut self, object: &'a str) {
        self.record.text(Field::Unmapped, object);
    }

    fn time(&mut self, text: &str) {
        let moment = match text.as_bytes().get(4) {
            Some(b'-') => time::iso(text, ZoneBasis::Utc, None),
            _ => time::unix(text).or_else(|| milliseconds(text)),
        };
        match time::plausible(moment) {
            Ok(moment) => self.record.time = Some(moment),
            Err(kind) => self.bad_time = Some(kind),
        }
    }

    /// Hands the record, and what had to be repaired, to `sink`. A bad row that
    /// says neither when nor between whom is lost.
    pub(super) fn finish(&mut self, sink: &mut dyn Sink) {
        match self.log.kind {
            Kind::Http => self.finish_http(),
            Kind::Dhcp => self.finish_dhcp(),
            _ => {}
        }
        let Self { record, unmapped, bad_time, bad, .. } = self;
        record.text(Field::Unmapped, std::mem::take(unmapped).finish());
        let (offset, length) = (record.offset, record.length);
        let anchors = [Field::SrcIp, Field::DstIp, Field::LeasedIp, Field::Unmapped];
        let anchored =
            record.time.is_some() || anchors.iter().any(|field| record.get(*field).is_some());
        let lost = !anchored && (bad_time.is_some() || !bad.is_empty());
        let mut fault = |kind, detail| sink.fault(Fault { offset, length, lost, kind, detail });
        if let Some(kind) = *bad_time {
            fault(kind, "the row's ts cannot be its time".to_owned());
        }
        if !bad.is_empty() {
            let names: Vec<_> = bad.iter().map(|field| field.as_str()).collect();
            fault(FaultKind::BadValue, format!("unreadable {}", names.join(", ")));
        }
        if !lost {
            sink.record(record);
        }
    }

    fn finish_http(&mut self) {
        let record = &mut self.record;
        if record.get(Field::HttpStatus).is_none() {
            record.integer(Field::HttpStatus, 0);
        }
        let target = self.target.take();
        let host = self.host.take().or_else(|| match record.get(Field::DstIp) {
            Some(Value::Text(ip)) => Some(ip.clone()),
            _ => None,
        });
        let connect = record.get_text(Field::HttpMethod) == Some("CONNECT");
        let port = record.get_integer(Field::DstPort);
        let url = match (target, &host) {
            (Some(target), _) if connect || value::authority(&target).is_some() => Some(target),
            (Some(target), Some(host)) => Some(value::absolute(host, port, &target).into()),
            _ => None,
        };
        let asked = match &url {
            Some(url) if connect => Some(value::host_and_port(url).0.to_owned().into()),
            Some(url) => {
                value::authority(url).map(|all| value::host_and_port(all).0.to_owned().into())
            }
            None => host,
        };
        if let Some(asked) = asked.and_then(value::host) {
            record.text(Field::DstHostname, asked.into_owned());
        }
        if let Some(url) = url {
            record.text(Field::HttpUrl, url);
        }
    }

    /// A lease that was asked for but not granted is none.
    fn finish_dhcp(&mut self) {
        match self.leased.take() {
            Some(ip) if self.refused => _ = self.unmapped.text("offered_addr", &ip),
            Some(ip) => _ = self.record.text(Field::LeasedIp, ip),
            None => {}
        }
        if let Some(name) = self.second_name.take() {
            match self.record.get(Field::SrcHostname) {
                None => _ = self.record.text(Field::SrcHostname, name),
                Some(_) => _ = self.unmapped.text("client_fqdn", &name),
            }
        }
    }
}

/// Zeek can write JSON times in whole milliseconds.
fn milliseconds(text: &str) -> Option<Moment> {
    let fits = text.len() >= 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (seconds, thousandths) = fits.then(|| text.split_at(text.len() - 3))?;
    time::unix(&format!("{seconds}.{thousandths}"))
}
