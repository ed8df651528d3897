//! The members that each kind of event has of its own.

use std::borrow::Cow;

use clarte_model::time::SECOND;
use clarte_model::{Field, ZoneBasis};

use super::Draft;
use super::event::{Event, Kind};
use crate::json::Cursor;
use crate::scan::{Json, is_too_deep};
use crate::{time, value};

/// Puts the members of an event of `kind` where they belong.
pub(super) fn fill<'a>(draft: &mut Draft<'_, 'a>, event: &Event<'a>, kind: Kind) {
    match kind {
        Kind::Dns => dns(draft, event.dns),
        Kind::Http => http(draft, event),
        Kind::Tls => tls(draft, event.tls),
        Kind::Quic => quic(draft, event.quic),
        Kind::Flow => flow(draft, event),
        Kind::Dhcp => dhcp(draft, event.dhcp),
        Kind::Other => {}
    }
}

/// Hands the members of `object`, if it is one, to `each`.
fn members<'a>(object: Option<Json<'a>>, each: impl FnMut(&str, Json<'a>)) {
    if let Some(object) = object {
        // Valid already; of what is no object there are no members.
        let _ = Cursor::new(object.raw).object(each);
    }
}

/// Version 1 tells each answer as an event of its own (`rdata`), version 2 all
/// of them (`answers`, or `grouped` by type, or both), version 3 the questions
/// as a list as well (`queries`).
fn dns<'a>(draft: &mut Draft<'_, 'a>, body: Option<Json<'a>>) {
    let mut query = Query::default();
    let (mut answers, mut grouped, mut is_question) = (Vec::new(), Vec::new(), false);
    members(body, |name, value| match name {
        "rrname" => query.name = Some(value),
        "rrtype" => query.kind = Some(value),
        "rcode" => query.rcode = Some(value),
        "rdata" => answers.push(value),
        "type" => {
            is_question = matches!(value.plain(), "query" | "request");
            keep(draft, name, value);
        }
        "answers" => answers.extend(value.members().into_iter().filter_map(|a| a.member("rdata"))),
        "grouped" => members(Some(value), |_, of_type| grouped.extend(of_type.members())),
        "queries" | "query" if value.raw.starts_with('[') => {
            let queries = value.members();
            if let Some(first) = queries.first() {
                query.name = first.member("rrname").or(query.name);
                query.kind = first.member("rrtype").or(query.kind);
            }
            if queries.len() > 1 {
                keep(draft, "queries", value);
            }
        }
        _ => {}
    });
    if let Some(name) = query.name {
        let name = name.text();
        let raw = || name.to_lowercase().into();
        draft.record.text(Field::DnsQuery, value::host(name.clone()).unwrap_or_else(raw));
    }
    draft.text(Field::DnsType, query.kind);
    // Version 3 writes one beside questions too.
    draft.text(Field::DnsRcode, query.rcode.filter(|_| !is_question));
    let answers = if answers.is_empty() { grouped } else { answers };
    let texts = answers.into_iter().filter(|answer| answer.raw.starts_with('"'));
    draft.record.texts(Field::DnsAnswers, texts.map(|answer| address_or_text(answer.text())));
}

/// What a look-up asked for and got.
#[derive(Default)]
struct Query<'a> {
    name: Option<Json<'a>>,
    kind: Option<Json<'a>>,
    rcode: Option<Json<'a>>,
}

fn address_or_text(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => value::ip(text).unwrap_or(Cow::Borrowed(text)),
        owned @ Cow::Owned(_) => owned,
    }
}

/// Where Suricata did not see the request itself.
const UNSEEN: &str = "/libhtp::request_uri_not_seen";

fn http<'a>(draft: &mut Draft<'_, 'a>, event: &Event<'a>) {
    let (mut host, mut target, mut port) = (None, None, None);
    draft.record.integer(Field::HttpStatus, 0);
    members(event.http, |name, value| match name {
        "hostname" => host = Some(value.text()),
        "url" => target = Some(value.text()).filter(|target| target != UNSEEN),
        "http_port" => port = value.plain().parse::<i64>().ok(),
        "http_method" => draft.text(Field::HttpMethod, Some(value)),
        "http_user_agent" => draft.text(Field::HttpUserAgent, Some(value)),
        "http_refer" => draft.text(Field::HttpReferrer, Some(value)),
        "status" => draft.integer(Field::HttpStatus, Some(value)),
        "length" => draft.integer(Field::BytesIn, Some(value)),
        "xff" | "http_content_type" | "redirect" => keep(draft, name, value),
        _ => {}
    });
    let port = port.or_else(|| event.dest_port?.plain().parse().ok());
    let host = host.or_else(|| event.dest_ip.map(Json::text));
    let connect = draft.record.get_text(Field::HttpMethod) == Some("CONNECT");
    let url = match (target, &host) {
        (Some(target), _) if connect || value::authority(&target).is_some() => Some(target),
        (Some(target), Some(host)) => Some(value::absolute(host, port, &target).into()),
        _ => None,
    };
    let asked = match &url {
        Some(url) if connect => Some(url.as_ref()),
        Some(url) => value::authority(url),
        None => host.as_deref(),
    };
    let asked = asked.map(|asked| value::host_and_port(asked).0.to_owned());
    if let Some(asked) = asked.and_then(|asked| value::host(asked.into())) {
        draft.record.text(Field::DstHostname, asked);
    }
    if let Some(url) = url {
        draft.record.text(Field::HttpUrl, url);
    }
}

fn tls<'a>(draft: &mut Draft<'_, 'a>, body: Option<Json<'a>>) {
    members(body, |name, value| match name {
        "sni" => match value::host(value.text()) {
            Some(host) => _ = draft.record.text(Field::DstHostname, host),
            None => draft.bad.push(Field::DstHostname),
        },
        "version" => draft.text(Field::TlsVersion, Some(value)),
        "ja3" | "ja3s" => {
            if let Some(hash) = value.member("hash") {
                keep(draft, name, hash);
            }
        }
        "subject" | "issuerdn" | "fingerprint" | "session_resumed" | "ja4" => {
            keep(draft, name, value);
        }
        _ => {}
    });
}

/// TLS inside QUIC (HTTP/3): the host asked for, without what was agreed on.
fn quic<'a>(draft: &mut Draft<'_, 'a>, body: Option<Json<'a>>) {
    members(body, |name, value| match name {
        "sni" => match value::host(value.text()) {
            Some(host) => _ = draft.record.text(Field::DstHostname, host),
            None => draft.bad.push(Field::DstHostname),
        },
        "ua" | "version" | "ja4" => keep(draft, name, value),
        "ja3" | "ja3s" => {
            if let Some(hash) = value.member("hash") {
                keep(draft, name, hash);
            }
        }
        _ => {}
    });
}

fn flow<'a>(draft: &mut Draft<'_, 'a>, event: &Event<'a>) {
    let mut counts = [None; 4];
    let (mut start, mut end) = (None, None);
    members(event.flow, |name, value| match name {
        "start" => start = Some(value),
        "end" => end = Some(value),
        "state" => draft.text(Field::ConnectionState, Some(value)),
        "reason" => keep(draft, name, value),
        _ => {
            if let Some(at) = COUNTS.iter().position(|count| *count == name) {
                counts[at] = value.plain().parse::<i64>().ok().filter(|count| *count >= 0);
                keep(draft, name, value);
            }
        }
    });
    let headers = longest_headers(event);
    let [packets_out, packets_in, bytes_out, bytes_in] = counts;
    for (field, packets, bytes) in
        [(Field::BytesOut, packets_out, bytes_out), (Field::BytesIn, packets_in, bytes_in)]
    {
        if let (Some(packets), Some(bytes)) = (packets, bytes) {
            let payload = bytes.saturating_sub(packets.saturating_mul(headers)).max(0);
            draft.record.integer(field, payload);
        }
    }
    let moment = |value: Json<'_>| time::iso(value.plain(), ZoneBasis::Offset, None);
    if let (Some(start), Some(end)) = (start.and_then(moment), end.and_then(moment)) {
        let duration = end.at.0.saturating_sub(start.at.0);
        // A flow is at most as long as its log.
        if (0..366 * 86_400 * SECOND).contains(&duration) {
            draft.record.integer(Field::Duration, duration);
        }
    }
    if let Some(protocol) = event.app_proto.filter(|name| name.plain() != "failed") {
        keep(draft, "app_proto", protocol);
    }
    if let Some(state) = event.tcp.and_then(|tcp| tcp.member("state")) {
        keep(draft, "tcp_state", state);
    }
}

/// What is counted of a flow.
const COUNTS: [&str; 4] = ["pkts_toserver", "pkts_toclient", "bytes_toserver", "bytes_toclient"];

/// The most bytes of a packet that are no payload: Ethernet, IP without options,
/// and TCP with all of them.
fn longest_headers(event: &Event<'_>) -> i64 {
    let is_v6 = event.src_ip.is_some_and(|ip| ip.plain().contains(':'));
    let transport = match event.proto.map(Json::plain) {
        Some("TCP") => 60,
        _ => 8,
    };
    14 + if is_v6 { 40 } else { 20 } + transport
}

fn dhcp<'a>(draft: &mut Draft<'_, 'a>, body: Option<Json<'a>>) {
    let (mut message, mut assigned) = (None, None);
    members(body, |name, value| match name {
        "dhcp_type" => message = Some(value),
        "assigned_ip" => assigned = Some(value),
        "client_mac" => match value::mac(value.plain()) {
            Some(mac) => _ = draft.record.text(Field::SrcMac, mac),
            None => draft.bad.push(Field::SrcMac),
        },
        "hostname" => draft.text(Field::SrcHostname, Some(value)),
        "lease_time" => draft.integer(Field::LeaseDuration, Some(value)),
        "requested_ip" | "client_ip" | "relay_ip" if value.plain() != "0.0.0.0" => {
            keep(draft, name, value);
        }
        _ => {}
    });
    if let Some(message) = message {
        draft.record.text(Field::StatusDetail, message.text().to_ascii_uppercase());
    }
    // What was offered is no lease yet.
    match message.map(Json::plain) {
        Some("ack") => draft.ip(Field::LeasedIp, assigned),
        _ => {
            if let Some(assigned) = assigned.filter(|ip| ip.plain() != "0.0.0.0") {
                keep(draft, "assigned_ip", assigned);
            }
        }
    }
}

/// Keeps a member under its own name.
fn keep(draft: &mut Draft<'_, '_>, name: &str, value: Json<'_>) {
    draft.unmapped.raw(name, if is_too_deep(value.raw) { "null" } else { value.raw });
}
