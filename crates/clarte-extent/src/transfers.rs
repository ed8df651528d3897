//! What left, and how much of it can be known: bytes sent to the campaign's
//! hosts and addresses, and mail sent on to its mailboxes.
//!
//! A request has headers and a connection a handshake, so that a few kilobytes
//! go out with every page that is read. Only what exceeds them, and exceeds
//! what came back, is content on its way out. A connection that was refused or
//! stayed empty moved nothing: it is an attempt. What two sensors saw, or two
//! exports hold, was sent once.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{ObservableKind, Only, ReadError, Records, Stored};
use clarte_model::time::SECOND;
use clarte_model::{Class, Field, Finding, Source, Timestamp, address};

use crate::answer::{self, Bounds, Coverage, Exfiltration};
use crate::campaign::Office;
use crate::cite::{Findings, RecordRef, earliest};
use crate::hosts::{Hosts, Watch};
use crate::identity::Identity;
use crate::ladder::{Rung, Victims};
use crate::narrow;
use crate::origins::Origins;
use crate::people::People;
use crate::takeover::Takeover;

/// Bytes that may go out with a request that sends nothing: servers refuse
/// header blocks beyond 8 to 16 KiB, and a TLS handshake takes 2.
const OVERHEAD: i64 = 18 << 10;

/// How far a destination and a size make a transfer.
const BY_FLOW: f64 = 0.85;
const BY_UPLOAD: f64 = 0.9;
const BY_MAIL: f64 = 0.9;

/// Nanoseconds by which two sensors may tell the beginning of one connection
/// differently: their clocks. A port is not used anew within it.
const SENSORS_APART: i64 = 5 * SECOND;

/// One connection, upload or message to the campaign.
#[derive(Debug, Clone)]
pub(crate) struct Transfer {
    /// The records that show it, the first first.
    at: Vec<RecordRef>,
    /// The connection's ends, where the record tells both ports.
    ends: Option<[(String, i64); 2]>,
    source: Source,
    pub(crate) time: Option<Timestamp>,
    pub(crate) ip: Option<String>,
    user: Option<String>,
    /// Whose it is, where the record says so itself.
    owner: Option<String>,
    /// Where to.
    to: String,
    /// The host to which that belongs, whichever log tells.
    host: String,
    bytes: u64,
    kind: Kind,
    confidence: f64,
}

/// What became of it, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Content went out.
    Sent,
    /// No more than requests take.
    Small,
    /// It was refused or stayed empty.
    Attempt,
}

/// Where the campaign takes content.
pub(crate) struct Sinks<'a> {
    pub(crate) hosts: &'a Hosts<'a>,
    /// The addresses of its hosts, each with the host.
    pub(crate) addresses: &'a BTreeMap<String, String>,
    pub(crate) origins: &'a Origins,
    pub(crate) takeover: &'a Takeover,
    pub(crate) office: &'a Office<'a>,
    pub(crate) people: &'a People,
}

/// Everything sent to the campaign. Memory follows the campaign's connections.
pub(crate) fn read(records: &dyn Records, sinks: &Sinks<'_>) -> Result<Vec<Transfer>, ReadError> {
    let mut all = Vec::new();
    let mut connections = BTreeSet::new();
    flows(records, sinks, &mut all, &mut connections)?;
    uploads(records, sinks, &mut all, &connections)?;
    forwarded(records, sinks, &mut all)?;
    all.sort_by(|a, b| (a.time, &a.at).cmp(&(b.time, &b.at)));
    Ok(each_once(all))
}

/// Transfers in the order of time, each connection once.
fn each_once(all: Vec<Transfer>) -> Vec<Transfer> {
    let mut kept: Vec<Transfer> = Vec::with_capacity(all.len());
    let mut latest: BTreeMap<[(String, i64); 2], usize> = BTreeMap::new();
    for transfer in all {
        let Some((ends, time)) = transfer.ends.clone().zip(transfer.time) else {
            kept.push(transfer);
            continue;
        };
        let known = latest.get(&ends).and_then(|at| kept.get_mut(*at));
        let is_same = |known: &Transfer| {
            known.time.is_some_and(|first| time.0.saturating_sub(first.0) <= SENSORS_APART)
        };
        match known.filter(|known| is_same(known)) {
            Some(known) => {
                known.at.extend(transfer.at);
                known.bytes = known.bytes.max(transfer.bytes);
                known.kind = known.kind.min(transfer.kind);
                known.user = known.user.take().or(transfer.user);
            }
            None => {
                latest.insert(ends, kept.len());
                kept.push(transfer);
            }
        }
    }
    kept
}

fn transfer(stored: &Stored<'_>, to: &str, kind: Kind, bytes: i64, confidence: f64) -> Transfer {
    let record = stored.record;
    let text = |field| record.get_text(field).map(str::to_owned);
    let end = |ip, port| Some((text(ip)?, record.get_integer(port)?));
    let ends = end(Field::SrcIp, Field::SrcPort).zip(end(Field::DstIp, Field::DstPort));
    Transfer {
        at: vec![RecordRef::of(stored)],
        ends: ends.map(|(from, to)| [from, to]),
        source: record.source,
        time: record.time.map(|time| time.at),
        ip: text(Field::SrcIp),
        user: text(Field::UserName),
        owner: None,
        to: to.to_owned(),
        host: to.to_owned(),
        bytes: u64::try_from(bytes).unwrap_or(0),
        kind,
        confidence,
    }
}

fn flows(
    records: &dyn Records,
    sinks: &Sinks<'_>,
    all: &mut Vec<Transfer>,
    connections: &mut BTreeSet<String>,
) -> Result<(), ReadError> {
    let mut ips: BTreeSet<String> = sinks.addresses.keys().cloned().collect();
    ips.extend(sinks.origins.given_ips());
    let only = [Only { field: Field::DstIp, values: &ips }];
    let fields = [
        Field::SrcIp,
        Field::SrcPort,
        Field::UserName,
        Field::DstIp,
        Field::DstPort,
        Field::ConnectionUid,
        Field::ConnectionState,
        Field::BytesOut,
        Field::BytesIn,
    ];
    narrow::scan(records, Class::Network, &fields, &only, &mut |stored| {
        let record = stored.record;
        let Some(ip) = record.get_text(Field::DstIp).filter(|ip| ips.contains(*ip)) else { return };
        let origin = sinks.origins.of(ip, record.time.map(|time| time.at));
        if origin.as_ref().is_some_and(|origin| origin.is_over) {
            return;
        }
        connections.extend(record.get_text(Field::ConnectionUid).map(str::to_owned));
        let bytes = |field| record.get_integer(field).unwrap_or(0);
        let (out, back) = (bytes(Field::BytesOut), bytes(Field::BytesIn));
        let state = record.get_text(Field::ConnectionState).unwrap_or("SF");
        let is_refused = matches!(state, "S0" | "REJ" | "RSTOS0" | "RSTRH" | "SH" | "SHR");
        let is_of_a_lure = sinks.addresses.contains_key(ip);
        let kind = match () {
            // That a lure's picture did not load is no attempt to send.
            () if (is_refused || out == 0) && is_of_a_lure => return,
            () if is_refused || out == 0 => Kind::Attempt,
            () if out > OVERHEAD && out > back => Kind::Sent,
            () => Kind::Small,
        };
        let sure = origin.map_or(0.9, |origin| origin.confidence);
        let mut made = transfer(&stored, ip, kind, out, BY_FLOW * sure);
        made.host.clone_from(sinks.addresses.get(ip).unwrap_or(&made.to));
        all.push(made);
    })
}

fn uploads(
    records: &dyn Records,
    sinks: &Sinks<'_>,
    all: &mut Vec<Transfer>,
    connections: &BTreeSet<String>,
) -> Result<(), ReadError> {
    let is_sink = |name: &str| matches!(sinks.hosts.watch(name), Watch::Every | Watch::Named);
    let watched =
        narrow::values(records, &[ObservableKind::Hostname, ObservableKind::Ip], &is_sink)?;
    let only = [Only { field: Field::DstHostname, values: &watched }];
    let fields = [
        Field::SrcIp,
        Field::UserName,
        Field::DstHostname,
        Field::ConnectionUid,
        Field::HttpMethod,
        Field::HttpStatus,
        Field::StatusDetail,
        Field::BytesOut,
    ];
    narrow::scan(records, Class::Http, &fields, &only, &mut |stored| {
        let record = stored.record;
        let Some(host) = record.get_text(Field::DstHostname).filter(|host| is_sink(host)) else {
            return;
        };
        let is_known = |uid: &str| connections.contains(uid);
        if !matches!(record.get_text(Field::HttpMethod), Some("POST" | "PUT"))
            || record.get_text(Field::ConnectionUid).is_some_and(is_known)
        {
            return;
        }
        let out = record.get_integer(Field::BytesOut).unwrap_or(0);
        let detail = record.get_text(Field::StatusDetail).unwrap_or_default();
        let is_refused = detail.contains("DENIED")
            || matches!(record.get_integer(Field::HttpStatus), Some(0 | 403 | 407));
        let kind = match () {
            () if is_refused => Kind::Attempt,
            () if out > OVERHEAD => Kind::Sent,
            () => Kind::Small,
        };
        all.push(transfer(&stored, host, kind, out, BY_UPLOAD));
    })
}

/// Mail that went to an address to which the campaign has mail forwarded.
fn forwarded(
    records: &dyn Records,
    sinks: &Sinks<'_>,
    all: &mut Vec<Transfer>,
) -> Result<(), ReadError> {
    let to: BTreeSet<String> = sinks.takeover.forwards.keys().cloned().collect();
    let only = [Only { field: Field::MailTo, values: &to }];
    let fields =
        [Field::MailTo, Field::MailFrom, Field::MailEnvelopeFrom, Field::Status, Field::Unmapped];
    narrow::scan(records, Class::Delivery, &fields, &only, &mut |stored| {
        let record = stored.record;
        let Some(address) = record.get_texts(Field::MailTo).find(|to_| to.contains(*to_)) else {
            return;
        };
        let senders = [Field::MailFrom, Field::MailEnvelopeFrom].into_iter();
        let mut senders = senders.filter_map(|field| record.get_text(field));
        let Some(owner) = senders.find(|sender| sinks.office.is_own(sender)) else { return };
        let kind = match record.get_text(Field::Status) {
            Some("delivered" | "relayed") => Kind::Sent,
            Some("rejected" | "bounced" | "filtered") => Kind::Attempt,
            _ => return,
        };
        let size = record.get_text(Field::Unmapped).and_then(size).unwrap_or(0);
        let mut made = transfer(&stored, address, kind, size, BY_MAIL);
        made.owner = Some(sinks.people.canonical(owner));
        all.push(made);
    })
}

/// The size that a mail server's line keeps beside its columns.
fn size(json: &str) -> Option<i64> {
    let all: serde_json::Value = serde_json::from_str(json).ok()?;
    match all.get("size")? {
        serde_json::Value::Number(number) => number.as_i64(),
        serde_json::Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// What transfers prove, victims apart.
#[derive(Debug, Default)]
pub(crate) struct Proven {
    /// When they were.
    pub(crate) times: Vec<Timestamp>,
    /// The hosts and addresses to which content went.
    pub(crate) sinks: BTreeMap<String, Sink>,
}

/// Where content went.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    pub(crate) confidence: f64,
    pub(crate) findings: BTreeSet<String>,
}

/// Adds what transfers prove: who sent how much where.
pub(crate) fn prove(
    transfers: &[Transfer],
    identity: &Identity<'_>,
    victims: &mut Victims,
    findings: &mut Findings,
) -> Proven {
    let mut proven = Proven::default();
    for transfer in transfers.iter().filter(|transfer| transfer.kind != Kind::Small) {
        proven.times.extend(transfer.time);
        let who = identity.who(transfer.user.as_deref(), transfer.ip.as_deref(), transfer.time);
        let person = transfer.owner.clone().or_else(|| who.one().map(str::to_owned));
        let client = transfer.ip.clone().or_else(|| transfer.user.clone()).unwrap_or_default();
        let subject = person.clone().unwrap_or(client);
        let is_sent = transfer.kind == Kind::Sent;
        let (detector, title) = match is_sent {
            true => ("transfer.sent", format!("{subject} sent content to {}", transfer.to)),
            false => {
                let title = format!("A transfer from {subject} to {} was refused", transfer.to);
                ("transfer.attempt", title)
            }
        };
        let sure = if transfer.owner.is_some() { 1.0 } else { who.confidence };
        let mut reasons = vec![format!("seen by {}", transfer.source.as_str())];
        if is_sent {
            reasons.push(format!("{} bytes went out", transfer.bytes));
        }
        if !who.how.is_empty() && transfer.owner.is_none() {
            reasons.push(format!("the client is known: {}", who.how));
        }
        let technique = if transfer.source == Source::Mta { "T1114.003" } else { "T1041" };
        let spans = transfer.at.iter().chain(&who.shown_by).map(RecordRef::span).collect();
        let confidence = transfer.confidence * if person.is_some() { sure } else { 1.0 };
        let id = findings.add(
            Finding {
                id: Finding::id(detector, &subject, &transfer.to),
                detector: detector.to_owned(),
                title,
                time: transfer.time,
                confidence,
                techniques: vec![technique.to_owned()],
                reasons,
                lead: false,
                spans,
            },
            None,
        );
        if is_sent && address::domain(&transfer.to).is_none() {
            let sink = proven.sinks.entry(transfer.to.clone()).or_default();
            sink.confidence = sink.confidence.max(transfer.confidence);
            sink.findings.insert(id.clone());
        }
        let Some(person) = person else { continue };
        let progress = victims.entry(person).or_default();
        if is_sent {
            progress.attributable = true;
            progress.prove(Rung::Exfiltrated, transfer.time, confidence, &id);
        } else {
            let note = format!("a transfer to {} was attempted and refused", transfer.to);
            progress.note(Rung::Exfiltrated, note);
        }
    }
    proven
}

/// The verdict on what left.
pub(crate) fn verdict(
    transfers: &[Transfer],
    takeover: &Takeover,
    coverage: &[Coverage],
    duration: &answer::Duration,
) -> Exfiltration {
    let sent = || transfers.iter().filter(|transfer| transfer.kind == Kind::Sent);
    let attempts = transfers.iter().filter(|transfer| transfer.kind == Kind::Attempt).count();
    let spans = |entry: &Coverage| {
        entry.state == "covered"
            && entry.from <= duration.first_activity
            && entry.to >= duration.last_activity
    };
    let covers = |source: &str| {
        let mut of = coverage.iter().filter(|entry| entry.source == source).peekable();
        of.peek().is_some() && of.all(spans)
    };
    let (flows, audit) = (covers("flow"), covers("audit"));
    let (verdict, reason) = if sent().next().is_some() {
        ("proved", format!("{} transfers to the campaign are in evidence", sent().count()))
    } else if attempts > 0 {
        (
            "attempted",
            format!("{attempts} transfers were refused or stayed empty, none went through"),
        )
    } else if flows && audit {
        ("not_seen", "flow and audit records cover the time, and show no transfer".to_owned())
    } else {
        let missing: Vec<_> = [("flow", flows), ("audit", audit)]
            .into_iter()
            .filter(|(_, covers)| !covers)
            .map(|(source, _)| source)
            .collect();
        let reason = format!(
            "no transfer is in evidence, but no complete records of {}, which would show one",
            missing.join(" and ")
        );
        ("logs_insufficient", reason)
    };
    // A proxy's log and the wire behind it tell the same bytes.
    let mut by_host: BTreeMap<&str, BTreeMap<Source, u64>> = BTreeMap::new();
    for transfer in sent() {
        let by_source = by_host.entry(&transfer.host).or_default();
        *by_source.entry(transfer.source).or_default() += transfer.bytes;
    }
    let bytes = by_host.values().filter_map(|by_source| by_source.values().max()).sum();
    let all: u64 = transfers.iter().map(|transfer| transfer.bytes).sum();
    let seen = takeover.items.values().map(|items| items.seen.len() as u64).sum();
    let unbounded = takeover.items.values().any(|items| items.unbounded > 0);
    Exfiltration {
        verdict,
        reason,
        bytes: Bounds { floor: bytes, ceiling: flows.then_some(all) },
        items: Bounds { floor: seen, ceiling: (audit && !unbounded).then_some(seen) },
        destinations: destinations(transfers),
    }
}

fn destinations(transfers: &[Transfer]) -> Vec<answer::Destination> {
    let mut all: BTreeMap<&str, answer::Destination> = BTreeMap::new();
    for transfer in transfers.iter().filter(|transfer| transfer.kind == Kind::Sent) {
        let known = all.entry(&transfer.to).or_insert_with(|| answer::Destination {
            value: transfer.to.clone(),
            bytes: 0,
            first: None,
            last: None,
        });
        known.bytes += transfer.bytes;
        known.first = earliest(known.first, transfer.time);
        known.last = known.last.max(transfer.time);
    }
    all.into_values().collect()
}
