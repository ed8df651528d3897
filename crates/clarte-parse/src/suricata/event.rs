//! What all events have in common.

use clarte_model::{Class, FaultKind, Field, Moment, Source, ZoneBasis};

use super::Draft;
use crate::json::Cursor;
use crate::scan::{Json, complaint};
use crate::{time, value};

/// An event's members, as far as they have a column or tell what it is.
#[derive(Default)]
pub(super) struct Event<'a> {
    pub(super) timestamp: Option<Json<'a>>,
    pub(super) kind: Option<Json<'a>>,
    pub(super) flow_id: Option<Json<'a>>,
    pub(super) src_ip: Option<Json<'a>>,
    pub(super) src_port: Option<Json<'a>>,
    pub(super) dest_ip: Option<Json<'a>>,
    pub(super) dest_port: Option<Json<'a>>,
    pub(super) proto: Option<Json<'a>>,
    pub(super) app_proto: Option<Json<'a>>,
    pub(super) tcp: Option<Json<'a>>,
    pub(super) dns: Option<Json<'a>>,
    pub(super) http: Option<Json<'a>>,
    pub(super) tls: Option<Json<'a>>,
    pub(super) quic: Option<Json<'a>>,
    pub(super) flow: Option<Json<'a>>,
    pub(super) dhcp: Option<Json<'a>>,
}

/// One kind of event, and what its log is called in `intake`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Log {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

/// The events that fill columns, and all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Dns,
    Http,
    Tls,
    Quic,
    Flow,
    Dhcp,
    Other,
}

impl Log {
    /// An event that no list knows.
    pub(super) const OTHER: Self = Self { name: "suricata.other", kind: Kind::Other };

    fn of(kind: &str) -> Self {
        let typed = |name, kind| Self { name, kind };
        match kind {
            "dns" => typed("suricata.dns", Kind::Dns),
            "http" => typed("suricata.http", Kind::Http),
            "tls" => typed("suricata.tls", Kind::Tls),
            "quic" => typed("suricata.quic", Kind::Quic),
            "flow" => typed("suricata.flow", Kind::Flow),
            "dhcp" => typed("suricata.dhcp", Kind::Dhcp),
            _ => match OTHERS.iter().find(|name| name.strip_prefix("suricata.") == Some(kind)) {
                Some(name) => Self { name, kind: Kind::Other },
                None => Self::OTHER,
            },
        }
    }

    pub(super) fn class(self) -> (Class, Source) {
        match self.kind {
            Kind::Dns => (Class::Dns, Source::Dns),
            Kind::Http => (Class::Http, Source::Http),
            Kind::Tls | Kind::Quic => (Class::Tls, Source::Tls),
            Kind::Flow => (Class::Network, Source::Flow),
            Kind::Dhcp => (Class::Dhcp, Source::Dhcp),
            Kind::Other => (Class::Other, Source::Other),
        }
    }
}

/// A fixed list, because a name in `intake` is no place for what the evidence
/// chooses to call itself.
const OTHERS: &[&str] = &[
    "suricata.alert",
    "suricata.anomaly",
    "suricata.arp",
    "suricata.bittorrent_dht",
    "suricata.dcerpc",
    "suricata.dnp3",
    "suricata.doh2",
    "suricata.drop",
    "suricata.enip",
    "suricata.fileinfo",
    "suricata.frame",
    "suricata.ftp",
    "suricata.ftp_data",
    "suricata.http2",
    "suricata.ike",
    "suricata.krb5",
    "suricata.ldap",
    "suricata.mdns",
    "suricata.metadata",
    "suricata.modbus",
    "suricata.mqtt",
    "suricata.netflow",
    "suricata.nfs",
    "suricata.packet",
    "suricata.pgsql",
    "suricata.pop3",
    "suricata.rdp",
    "suricata.rfb",
    "suricata.rpc",
    "suricata.sip",
    "suricata.smb",
    "suricata.smtp",
    "suricata.snmp",
    "suricata.ssh",
    "suricata.stats",
    "suricata.telnet",
    "suricata.template",
    "suricata.tftp",
    "suricata.vlan",
    "suricata.websocket",
];

impl<'a> Event<'a> {
    /// The event that is all of `text`; what is wrong with it where it is none.
    pub(super) fn read(text: &'a str) -> Result<Self, String> {
        let mut event = Self::default();
        let whole = Cursor::new(text).object(|name, value| {
            let place = match name {
                "timestamp" => &mut event.timestamp,
                "event_type" => &mut event.kind,
                "flow_id" => &mut event.flow_id,
                "src_ip" => &mut event.src_ip,
                "src_port" => &mut event.src_port,
                "dest_ip" => &mut event.dest_ip,
                "dest_port" => &mut event.dest_port,
                "proto" => &mut event.proto,
                "app_proto" => &mut event.app_proto,
                "tcp" => &mut event.tcp,
                "dns" => &mut event.dns,
                "http" => &mut event.http,
                "tls" => &mut event.tls,
                "quic" => &mut event.quic,
                "flow" => &mut event.flow,
                "dhcp" => &mut event.dhcp,
                _ => return,
            };
            *place = Some(value);
        });
        whole.map(|()| event).ok_or_else(|| complaint(text))
    }

    /// What kind of event it says it is.
    pub(super) fn log(&self) -> Option<Log> {
        self.kind.map(|kind| Log::of(&kind.text()))
    }

    /// When it happened: of a flow its start, since it is told at its end.
    pub(super) fn time(&self, kind: Kind) -> Result<Moment, FaultKind> {
        let start = match kind {
            Kind::Flow => self.flow.and_then(|flow| flow.member("start")),
            _ => None,
        };
        let text = start.or(self.timestamp).map(Json::plain).unwrap_or_default();
        time::plausible(time::iso(text, ZoneBasis::Offset, None))
    }

    fn has_ports(&self, from: &str, to: &str) -> bool {
        let is = |port: Option<Json<'_>>, wanted| port.is_some_and(|port| port.plain() == wanted);
        is(self.src_port, from) && is(self.dest_port, to)
    }

    /// Whether the event is told of the packet that came back, as some versions
    /// do: then its source is who was asked.
    fn is_reversed(&self, kind: Kind) -> bool {
        match kind {
            Kind::Dns => {
                let is_from =
                    |port: Option<Json<'_>>| port.is_some_and(|port| port.plain() == "53");
                is_from(self.src_port) && !is_from(self.dest_port)
            }
            Kind::Dhcp => self.has_ports("67", "68") || self.has_ports("547", "546"),
            _ => false,
        }
    }
}

impl<'a> Draft<'_, 'a> {
    /// Who talked with whom.
    pub(super) fn envelope(&mut self, event: &Event<'a>, kind: Kind) {
        let (mut from, mut to) = ((event.src_ip, event.src_port), (event.dest_ip, event.dest_port));
        if event.is_reversed(kind) {
            std::mem::swap(&mut from, &mut to);
        }
        self.ip(Field::SrcIp, from.0);
        self.ip(Field::DstIp, to.0);
        if kind != Kind::Dhcp {
            self.integer(Field::SrcPort, from.1);
            self.integer(Field::DstPort, to.1);
        }
        if let Some(id) = event.flow_id {
            self.record.text(Field::ConnectionUid, id.plain());
        }
        if matches!(kind, Kind::Dns | Kind::Flow)
            && let Some(protocol) = event.proto
        {
            self.record.text(Field::Protocol, protocol.text().to_ascii_lowercase());
        }
    }

    /// An address; none where it is unspecified, as a client's is that has none
    /// yet.
    pub(super) fn ip(&mut self, field: Field, value: Option<Json<'a>>) {
        match value.map(Json::plain) {
            None | Some("" | "null" | "0.0.0.0" | "::") => {}
            Some(text) => match value::ip(text) {
                Some(ip) => _ = self.record.text(field, ip),
                None => self.bad.push(field),
            },
        }
    }

    pub(super) fn integer(&mut self, field: Field, value: Option<Json<'a>>) {
        match value.map(|value| value.plain().parse()) {
            Some(Ok(number @ 0..)) => _ = self.record.integer(field, number),
            Some(_) => self.bad.push(field),
            None => {}
        }
    }

    /// A text as it stands.
    pub(super) fn text(&mut self, field: Field, value: Option<Json<'a>>) {
        if let Some(value) = value.filter(|value| value.raw != "null") {
            self.record.text(field, value.text());
        }
    }
}
