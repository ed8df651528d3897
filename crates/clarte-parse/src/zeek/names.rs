//! The logs that Zeek is known to write.

/// One kind of log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Log {
    /// The format's name, as in `intake`.
    pub(super) name: &'static str,
    /// Which columns it has.
    pub(super) kind: Kind,
}

/// The logs whose columns we know, and all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Conn,
    Dns,
    Http,
    Ssl,
    Quic,
    Dhcp,
    Other,
}

impl Log {
    pub(super) const CONN: Self = Self { name: "zeek.conn", kind: Kind::Conn };
    pub(super) const DNS: Self = Self { name: "zeek.dns", kind: Kind::Dns };
    pub(super) const HTTP: Self = Self { name: "zeek.http", kind: Kind::Http };
    pub(super) const SSL: Self = Self { name: "zeek.ssl", kind: Kind::Ssl };
    pub(super) const QUIC: Self = Self { name: "zeek.quic", kind: Kind::Quic };
    pub(super) const DHCP: Self = Self { name: "zeek.dhcp", kind: Kind::Dhcp };
    /// A log that does not say which it is, or one of a package unknown here.
    pub(super) const OTHER: Self = Self { name: "zeek.other", kind: Kind::Other };

    /// The log that calls itself `path`.
    pub(super) fn of(path: &str) -> Self {
        match path {
            "conn" => Self::CONN,
            "dns" => Self::DNS,
            "http" => Self::HTTP,
            "ssl" => Self::SSL,
            "quic" => Self::QUIC,
            "dhcp" => Self::DHCP,
            _ => match OTHERS.iter().find(|name| name.strip_prefix("zeek.") == Some(path)) {
                Some(name) => Self { name, kind: Kind::Other },
                None => Self::OTHER,
            },
        }
    }
}

/// A fixed list, because a name in `intake` is no place for what the evidence
/// chooses to call itself.
const OTHERS: &[&str] = &[
    "zeek.analyzer",
    "zeek.analyzer_debug",
    "zeek.barnyard2",
    "zeek.broker",
    "zeek.capture_loss",
    "zeek.cluster",
    "zeek.communication",
    "zeek.config",
    "zeek.conn_long",
    "zeek.dce_rpc",
    "zeek.dnp3",
    "zeek.dpd",
    "zeek.files",
    "zeek.ftp",
    "zeek.intel",
    "zeek.irc",
    "zeek.kerberos",
    "zeek.known_certs",
    "zeek.known_hosts",
    "zeek.known_modbus",
    "zeek.known_services",
    "zeek.ldap",
    "zeek.ldap_search",
    "zeek.loaded_scripts",
    "zeek.management",
    "zeek.modbus",
    "zeek.modbus_register_change",
    "zeek.mqtt_connect",
    "zeek.mqtt_publish",
    "zeek.mqtt_subscribe",
    "zeek.mysql",
    "zeek.netcontrol",
    "zeek.netcontrol_drop",
    "zeek.netcontrol_shunt",
    "zeek.notice",
    "zeek.notice_alarm",
    "zeek.ntlm",
    "zeek.ntp",
    "zeek.ocsp",
    "zeek.openflow",
    "zeek.packet_filter",
    "zeek.pe",
    "zeek.postgresql",
    "zeek.print",
    "zeek.prof",
    "zeek.radius",
    "zeek.rdp",
    "zeek.redis",
    "zeek.reporter",
    "zeek.rfb",
    "zeek.signatures",
    "zeek.sip",
    "zeek.smb_cmd",
    "zeek.smb_files",
    "zeek.smb_mapping",
    "zeek.smtp",
    "zeek.snmp",
    "zeek.socks",
    "zeek.software",
    "zeek.ssh",
    "zeek.stats",
    "zeek.stderr",
    "zeek.stdout",
    "zeek.syslog",
    "zeek.telemetry",
    "zeek.traceroute",
    "zeek.tunnel",
    "zeek.unknown_protocols",
    "zeek.weird",
    "zeek.weird_stats",
    "zeek.websocket",
    "zeek.x509",
];
