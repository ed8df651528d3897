//! What becomes of each column of each log.

use clarte_model::Field;

use super::names::Kind;

/// What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// The row's time.
    Time,
    /// A text as it stands.
    Text(Field),
    /// A text in lower case.
    Lower(Field),
    /// An IP address.
    Ip(Field),
    /// A count or port.
    Integer(Field),
    /// Decimal seconds, kept in nanoseconds.
    Interval(Field),
    /// Decimal seconds, kept in whole seconds; none is no value.
    Seconds(Field),
    /// T or F, kept as 1 or 0.
    Flag(Field),
    /// A host name.
    Host(Field),
    /// A name looked up, which need not be a host's.
    Query,
    /// A hardware address.
    Mac,
    /// A set or vector of texts.
    Texts(Field),
    /// The first of a set of texts.
    First(Field),
    /// HTTP: the Host header.
    HostHeader,
    /// HTTP: the request target.
    Target,
    /// DHCP: the address offered or leased.
    Leased,
    /// DHCP: the messages of the exchange.
    Messages,
    /// DHCP: a full name, where the short one is missing.
    SecondName,
    /// Goes into `unmapped`.
    Keep,
    /// Goes into `unmapped` unless it says this.
    KeepUnless(&'static str),
    /// Left out: the span leads to it.
    Drop,
}

/// What becomes of column `name` in a log of `kind`.
pub(super) fn column(kind: Kind, name: &str) -> Column {
    match common(name) {
        Column::Drop => match kind {
            Kind::Conn => conn(name),
            Kind::Dns => dns(name),
            Kind::Http => http(name),
            Kind::Ssl => ssl(name),
            Kind::Quic => quic(name),
            Kind::Dhcp => dhcp(name),
            Kind::Other => Column::Drop,
        },
        column => column,
    }
}

/// Columns of most logs, as Zeek names them and as shippers that cannot have
/// dots in names do.
fn common(name: &str) -> Column {
    match name {
        "ts" => Column::Time,
        "uid" => Column::Text(Field::ConnectionUid),
        "id.orig_h" | "id_orig_h" => Column::Ip(Field::SrcIp),
        "id.orig_p" | "id_orig_p" => Column::Integer(Field::SrcPort),
        "id.resp_h" | "id_resp_h" => Column::Ip(Field::DstIp),
        "id.resp_p" | "id_resp_p" => Column::Integer(Field::DstPort),
        _ => Column::Drop,
    }
}

fn conn(name: &str) -> Column {
    match name {
        "proto" => Column::Lower(Field::Protocol),
        "duration" => Column::Interval(Field::Duration),
        "orig_bytes" => Column::Integer(Field::BytesOut),
        "resp_bytes" => Column::Integer(Field::BytesIn),
        "conn_state" => Column::Text(Field::ConnectionState),
        "missed_bytes" => Column::KeepUnless("0"),
        "service" | "tunnel_parents" => Column::Keep,
        _ => Column::Drop,
    }
}

fn dns(name: &str) -> Column {
    match name {
        "proto" => Column::Lower(Field::Protocol),
        "query" => Column::Query,
        "qtype_name" => Column::Text(Field::DnsType),
        "rcode_name" => Column::Text(Field::DnsRcode),
        "answers" => Column::Texts(Field::DnsAnswers),
        _ => Column::Drop,
    }
}

fn http(name: &str) -> Column {
    match name {
        "method" => Column::Text(Field::HttpMethod),
        "host" => Column::HostHeader,
        "uri" => Column::Target,
        "referrer" => Column::Text(Field::HttpReferrer),
        "user_agent" => Column::Text(Field::HttpUserAgent),
        "request_body_len" => Column::Integer(Field::BytesOut),
        "response_body_len" => Column::Integer(Field::BytesIn),
        "status_code" => Column::Integer(Field::HttpStatus),
        "username" => Column::Text(Field::UserName),
        "proxied" | "orig_filenames" | "resp_mime_types" => Column::Keep,
        _ => Column::Drop,
    }
}

fn ssl(name: &str) -> Column {
    match name {
        "version" => Column::Text(Field::TlsVersion),
        "server_name" => Column::Host(Field::DstHostname),
        "established" => Column::Flag(Field::TlsEstablished),
        "validation_status" => Column::KeepUnless("ok"),
        "last_alert" | "ja3" | "ja3s" => Column::Keep,
        _ => Column::Drop,
    }
}

/// TLS inside QUIC (HTTP/3): the host asked for, without what was agreed on.
fn quic(name: &str) -> Column {
    match name {
        "server_name" => Column::Host(Field::DstHostname),
        "version" | "client_protocol" => Column::Keep,
        _ => Column::Drop,
    }
}

/// The layout since Zeek 2.6, and the one before.
fn dhcp(name: &str) -> Column {
    match name {
        "uids" => Column::First(Field::ConnectionUid),
        "client_addr" => Column::Ip(Field::SrcIp),
        "server_addr" => Column::Ip(Field::DstIp),
        "mac" => Column::Mac,
        "host_name" => Column::Text(Field::SrcHostname),
        "client_fqdn" => Column::SecondName,
        "assigned_addr" | "assigned_ip" => Column::Leased,
        "lease_time" => Column::Seconds(Field::LeaseDuration),
        "duration" => Column::Interval(Field::Duration),
        "msg_types" => Column::Messages,
        "requested_addr" | "domain" | "client_message" | "server_message" => Column::Keep,
        _ => Column::Drop,
    }
}
