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
use clarte_model::{Class, Field, Finding, Source, Timestamp, Tlp, address};

use crate::answer::{self, Bounds, Coverage, Exfiltration};
use crate::cite::{Findings, RecordRef, earliest};
use crate::forwarded;
use crate::hosts::{Hosts, Watch};
use crate::identity::Identity;
use crate::ladder::{Rung, Victims};
use crate::narrow;
use crate::origins::Origins;
use crate::takeover::Takeover;

/// Bytes that may go out with a request that sends nothing: servers refuse
/// header blocks beyond 8 to 16 KiB, and a TLS handshake takes 2.
const OVERHEAD: i64 = 18 << 10;

/// How far a destination and a size make a transfer.
const BY_FLOW: f64 = 0.85;
const BY_UPLOAD: f64 = 0.9;

/// How far an address is the campaign's at which its hosts alone lie.
const BY_HOST: f64 = 0.9;

/// Of a connection that the campaign opened: what it took may be what anybody
/// may have.
const TAKEN: f64 = 0.7;

/// Of datagrams that nobody answered: they left, and may not have arrived.
const UNANSWERED: f64 = 0.7;

/// Nanoseconds by which two sensors may tell the beginning of one connection
/// differently: their clocks. A port is not used anew within it.
const SENSORS_APART: i64 = 5 * SECOND;

/// One connection, upload or message to the campaign.
#[derive(Debug, Clone)]
pub(crate) struct Transfer {
    /// The records that show it, the first first.
    pub(crate) at: Vec<RecordRef>,
    /// The connection's ends, where the record tells both ports.
    pub(crate) ends: Option<[(String, i64); 2]>,
    pub(crate) source: Source,
    pub(crate) time: Option<Timestamp>,
    pub(crate) ip: Option<String>,
    pub(crate) user: Option<String>,
    /// Whose it is, where the record says so itself.
    pub(crate) owner: Option<String>,
    /// Where to.
    pub(crate) to: String,
    /// The host to which that belongs, whichever log tells.
    pub(crate) host: String,
    /// At least; `None` where the record does not say how much.
    pub(crate) bytes: Option<u64>,
    /// At most, where the record counts more than content: headers.
    pub(crate) most: Option<u64>,
    pub(crate) kind: Kind,
    /// More went out than came back.
    pub(crate) outweighs: bool,
    /// It was with a host to which lures refer, as opening and clicking are.
    pub(crate) of_lures: bool,
    pub(crate) confidence: f64,
    /// How far what is derived from it may be passed on.
    pub(crate) tlp: Option<Tlp>,
}

/// What became of it, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Content went out.
    Sent,
    /// Content may have gone out: the log does not say how much did, more came
    /// back, or what was taken is there for anybody.
    Open,
    /// No more than requests take.
    Small,
    /// It was refused or stayed empty.
    Attempt,
    /// It came after the end of what named the place: a lead.
    Late,
}

/// Where the campaign takes content.
pub(crate) struct Sinks<'a> {
    pub(crate) hosts: &'a Hosts<'a>,
    /// The addresses of its hosts, each with the host.
    pub(crate) addresses: &'a BTreeMap<String, String>,
    pub(crate) origins: &'a Origins,
    pub(crate) takeover: &'a Takeover,
}

/// Everything sent to the campaign. Memory follows the campaign's connections.
pub(crate) fn read(
    records: &dyn Records,
    sinks: &Sinks<'_>,
    findings: &Findings,
) -> Result<Vec<Transfer>, ReadError> {
    let mut all = Vec::new();
    let is_sink = |name: &str| matches!(sinks.hosts.watch(name), Watch::Every | Watch::Named);
    let names = [ObservableKind::Hostname, ObservableKind::Ip];
    let watched = narrow::values(records, &names, &is_sink)?;
    let mut connections = BTreeSet::new();
    flows(records, sinks, &watched, &mut all, &mut connections)?;
    taken(records, sinks, &mut all)?;
    uploads(records, sinks, &watched, &mut all, &connections)?;
    all.extend(forwarded::read(records, sinks.takeover, findings)?);
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
                known.most = known.most.max(transfer.most);
                known.kind = known.kind.min(transfer.kind);
                known.user = known.user.take().or(transfer.user);
                known.tlp = known.tlp.max(transfer.tlp);
            }
            None => {
                latest.insert(ends, kept.len());
                kept.push(transfer);
            }
        }
    }
    kept
}

pub(crate) fn transfer(
    stored: &Stored<'_>,
    to: &str,
    kind: Kind,
    bytes: Option<i64>,
    confidence: f64,
) -> Transfer {
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
        bytes: bytes.map(|bytes| u64::try_from(bytes).unwrap_or(0)),
        most: None,
        kind,
        outweighs: false,
        of_lures: false,
        confidence,
        tlp: None,
    }
}

const FLOW: &[Field] = &[
    Field::SrcIp,
    Field::SrcPort,
    Field::UserName,
    Field::DstIp,
    Field::DstPort,
    Field::Protocol,
    Field::ConnectionUid,
    Field::ConnectionState,
    Field::BytesOut,
    Field::BytesIn,
    Field::Unmapped,
];

/// How a connection ended, in words of the answer.
struct Ended {
    out: i64,
    back: i64,
    refused: bool,
    unanswered: bool,
}

impl Ended {
    fn of(stored: &Stored<'_>) -> Self {
        let record = stored.record;
        let bytes = |field| record.get_integer(field).unwrap_or(0);
        let (out, back) = (bytes(Field::BytesOut), bytes(Field::BytesIn));
        let state = record.get_text(Field::ConnectionState).unwrap_or("SF");
        let incomplete = matches!(state, "S0" | "REJ" | "RSTOS0" | "RSTRH" | "SH" | "SHR");
        // Only TCP needs an answer before content can go.
        let needs_answer = !matches!(record.get_text(Field::Protocol), Some("udp" | "icmp"));
        let refused = out == 0 || incomplete && needs_answer;
        Self { out, back, refused, unanswered: incomplete && !refused }
    }
}

/// Connections to its addresses, or that named its hosts in their handshake.
fn flows(
    records: &dyn Records,
    sinks: &Sinks<'_>,
    watched: &BTreeSet<String>,
    all: &mut Vec<Transfer>,
    connections: &mut BTreeSet<String>,
) -> Result<(), ReadError> {
    let mut ips: BTreeSet<String> = sinks.addresses.keys().cloned().collect();
    ips.extend(sinks.origins.given_ips());
    let named = handshakes(records, watched)?;
    let uids = named.keys().cloned().collect();
    let only = [
        Only { field: Field::DstIp, values: &ips },
        Only { field: Field::ConnectionUid, values: &uids },
    ];
    narrow::scan(records, Class::Network, FLOW, &only, &mut |stored| {
        let record = stored.record;
        let Some(ip) = record.get_text(Field::DstIp) else { return };
        let uid = record.get_text(Field::ConnectionUid);
        let host = uid.and_then(|uid| named.get(uid)).or(sinks.addresses.get(ip));
        if host.is_none() && !ips.contains(ip) {
            return;
        }
        let time = record.time.map(|time| time.at);
        let origin = sinks.origins.of(ip, time);
        let is_late = match &origin {
            Some(origin) => origin.is_over,
            None => host.is_some_and(|host| is_over(sinks.hosts, host, time)),
        };
        connections.extend(uid.map(str::to_owned));
        let ended = Ended::of(&stored);
        let is_of_a_lure = host.is_some_and(|host| sinks.hosts.watch(host) != Watch::Named);
        let kind = match () {
            () if is_late => Kind::Late,
            // That a lure's picture did not load is no attempt to send.
            () if ended.refused && is_of_a_lure => return,
            () if ended.refused => Kind::Attempt,
            () if ended.out > OVERHEAD && ended.out > ended.back => Kind::Sent,
            () if ended.out > OVERHEAD => Kind::Open,
            () => Kind::Small,
        };
        let by_host = if host.is_some() { BY_HOST } else { 0.0 };
        let sure = origin.as_ref().map_or(by_host, |origin| origin.confidence.max(by_host));
        let sure = if ended.unanswered { UNANSWERED * sure } else { sure };
        let mut made = transfer(&stored, ip, kind, Some(ended.out), BY_FLOW * sure);
        made.most = with_headers(&stored, "bytes_toserver");
        made.outweighs = ended.out > ended.back;
        made.of_lures = is_of_a_lure;
        made.host.clone_from(host.unwrap_or(&made.to));
        made.tlp = origin.and_then(|origin| origin.tlp).max(marking(sinks.hosts, &made.host));
        all.push(made);
    })
}

/// Bytes as a sensor counted them that counts headers too.
fn with_headers(stored: &Stored<'_>, name: &str) -> Option<u64> {
    let unmapped: serde_json::Value =
        serde_json::from_str(stored.record.get_text(Field::Unmapped)?).ok()?;
    unmapped.get(name)?.as_u64()
}

/// The connections whose handshake names a host of the campaign, with it.
fn handshakes(
    records: &dyn Records,
    watched: &BTreeSet<String>,
) -> Result<BTreeMap<String, String>, ReadError> {
    let mut named = BTreeMap::new();
    let only = [Only { field: Field::DstHostname, values: watched }];
    let fields = [Field::DstHostname, Field::ConnectionUid];
    narrow::scan(records, Class::Tls, &fields, &only, &mut |stored| {
        let (host, uid) = (Field::DstHostname, Field::ConnectionUid);
        let [host, uid] = [host, uid].map(|field| stored.record.get_text(field));
        if let (Some(host), Some(uid)) = (host.filter(|host| watched.contains(*host)), uid) {
            let known = named.entry(uid.to_owned()).or_insert_with(|| host.to_owned());
            if host < known.as_str() {
                host.clone_into(known);
            }
        }
    })?;
    Ok(named)
}

/// Whether all that names a host was over by then.
fn is_over(hosts: &Hosts<'_>, host: &str, time: Option<Timestamp>) -> bool {
    let named = hosts.given(host);
    hosts.watch(host) == Watch::Named && named.iter().all(|one| one.validity.is_over(time))
}

/// The strictest marking of what names a host.
fn marking(hosts: &Hosts<'_>, host: &str) -> Option<Tlp> {
    hosts.given(host).iter().filter_map(|one| one.tlp).max()
}

/// What its addresses took in connections that they opened themselves. Of a
/// service that others reach too, that may be what anybody may have.
fn taken(
    records: &dyn Records,
    sinks: &Sinks<'_>,
    all: &mut Vec<Transfer>,
) -> Result<(), ReadError> {
    let ips: BTreeSet<String> = sinks.origins.given_ips().collect();
    let only = [Only { field: Field::SrcIp, values: &ips }];
    let mut found: Vec<Transfer> = Vec::new();
    narrow::scan(records, Class::Network, FLOW, &only, &mut |stored| {
        let record = stored.record;
        let (from, to) = (record.get_text(Field::DstIp), record.get_text(Field::SrcIp));
        let (Some(from), Some(to)) = (from, to.filter(|ip| ips.contains(*ip))) else { return };
        let origin = sinks.origins.of(to, record.time.map(|time| time.at));
        let Some(origin) = origin.filter(|origin| !origin.is_over) else { return };
        let ended = Ended::of(&stored);
        if ended.back <= OVERHEAD || ended.back <= ended.out {
            return;
        }
        let sure = TAKEN * BY_FLOW * origin.confidence;
        let mut made = transfer(&stored, to, Kind::Sent, Some(ended.back), sure);
        (made.ip, made.user) = (Some(from.to_owned()), None);
        made.most = with_headers(&stored, "bytes_toclient");
        made.tlp = origin.tlp;
        found.push(made);
    })?;
    let machines = found.iter().filter_map(|one| one.ip.clone()).collect();
    let only = [Only { field: Field::DstIp, values: &machines }];
    let mut shared: BTreeSet<(String, i64)> = BTreeSet::new();
    let fields = [Field::SrcIp, Field::DstIp, Field::DstPort];
    narrow::scan(records, Class::Network, &fields, &only, &mut |stored| {
        let record = stored.record;
        let (ip, port) = (record.get_text(Field::DstIp), record.get_integer(Field::DstPort));
        let is_other = record.get_text(Field::SrcIp).is_some_and(|ip| !ips.contains(ip));
        if let (Some(ip), Some(port), true) = (ip, port, is_other)
            && machines.contains(ip)
        {
            shared.insert((ip.to_owned(), port));
        }
    })?;
    for made in &mut found {
        if made.ends.as_ref().is_none_or(|[_, service]| shared.contains(service)) {
            made.kind = Kind::Open;
        }
    }
    all.extend(found);
    Ok(())
}

fn uploads(
    records: &dyn Records,
    sinks: &Sinks<'_>,
    watched: &BTreeSet<String>,
    all: &mut Vec<Transfer>,
    connections: &BTreeSet<String>,
) -> Result<(), ReadError> {
    let only = [Only { field: Field::DstHostname, values: watched }];
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
        let host = record.get_text(Field::DstHostname).filter(|host| watched.contains(*host));
        let Some(host) = host else { return };
        let time = record.time.map(|time| time.at);
        let is_known = |uid: &str| connections.contains(uid);
        let method = record.get_text(Field::HttpMethod).unwrap_or_default();
        if !matches!(method, "POST" | "PUT" | "PATCH" | "CONNECT")
            || record.get_text(Field::ConnectionUid).is_some_and(is_known)
            || is_over(sinks.hosts, host, time)
        {
            return;
        }
        let out = record.get_integer(Field::BytesOut);
        let detail = record.get_text(Field::StatusDetail).unwrap_or_default();
        // Refused by the proxy, or never answered by the server behind it.
        let is_refused = detail.contains("DENIED")
            || matches!(record.get_integer(Field::HttpStatus), Some(0 | 403 | 407 | 502..=504));
        let is_tunnel = method == "CONNECT";
        let kind = match out {
            // That a lure's picture did not load is no attempt to send.
            _ if is_refused && is_tunnel && sinks.hosts.watch(host) != Watch::Named => return,
            _ if is_refused => Kind::Attempt,
            None => Kind::Open,
            Some(_) if is_tunnel => Kind::Open,
            Some(out) if out > OVERHEAD => Kind::Sent,
            Some(_) => Kind::Small,
        };
        let mut made = transfer(&stored, host, kind, out, BY_UPLOAD);
        made.of_lures = sinks.hosts.watch(host) != Watch::Named;
        made.tlp = marking(sinks.hosts, host);
        all.push(made);
    })
}

/// What transfers prove, victims apart.
#[derive(Debug, Default)]
pub(crate) struct Proven {
    /// When they were.
    pub(crate) times: Vec<Timestamp>,
    /// The hosts and addresses to which content went, or was about to go.
    pub(crate) sinks: BTreeMap<String, Sink>,
}

/// Where content went.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    pub(crate) confidence: f64,
    pub(crate) findings: BTreeSet<String>,
}

/// All transfers of one kind from one person or client to one place.
#[derive(Debug, Default)]
struct Group {
    person: Option<String>,
    client: Option<String>,
    count: u64,
    bytes: u64,
    is_sized: bool,
    first: Option<Timestamp>,
    confidence: f64,
    /// The same without the doubt of who it was.
    of_sink: f64,
    sources: BTreeSet<&'static str>,
    /// How we know whose it was, or who else it may have been.
    whose: BTreeSet<String>,
    /// Who it may have been, where it was not one person.
    candidates: BTreeSet<String>,
    by_mail: bool,
    spans: Vec<clarte_model::Span>,
    tlp: Option<Tlp>,
}

/// Adds what transfers prove: who sent how much where.
pub(crate) fn prove(
    transfers: &[Transfer],
    identity: &Identity<'_>,
    origins: &Origins,
    victims: &mut Victims,
    findings: &mut Findings,
) -> Proven {
    let mut proven = Proven::default();
    let mut groups: BTreeMap<(Kind, String, &str), Group> = BTreeMap::new();
    for transfer in transfers {
        // Requests to what lures lead to are contacts, and told as such.
        if transfer.of_lures && transfer.kind == Kind::Open && transfer.bytes.is_none() {
            continue;
        }
        let origin = origins.of(&transfer.to, transfer.time);
        let is_given = origin.is_some_and(|origin| origin.is_given);
        if transfer.kind == Kind::Small && (transfer.of_lures || !is_given) {
            continue;
        }
        if transfer.kind != Kind::Late {
            proven.times.extend(transfer.time);
        }
        let who = identity.who(transfer.user.as_deref(), transfer.ip.as_deref(), transfer.time);
        let person = transfer.owner.clone().or_else(|| who.one().map(str::to_owned));
        let client = transfer.ip.clone().or_else(|| transfer.user.clone());
        let subject = person.clone().or(client.clone()).unwrap_or_default();
        let group = groups.entry((transfer.kind, subject, &transfer.to)).or_default();
        let sure = if transfer.owner.is_some() { 1.0 } else { who.confidence };
        let sure = if person.is_some() { sure } else { 1.0 };
        group.confidence = group.confidence.max(sure * transfer.confidence);
        group.of_sink = group.of_sink.max(transfer.confidence);
        (group.person, group.client) = (person, client.max(group.client.take()));
        group.count += 1;
        group.is_sized |= transfer.bytes.is_some();
        group.bytes += transfer.bytes.unwrap_or(0);
        group.first = earliest(group.first, transfer.time);
        group.sources.insert(transfer.source.as_str());
        if transfer.owner.is_none() {
            let is_known = who.one().is_some() && !who.how.is_empty();
            group.whose.extend(is_known.then(|| format!("the client is known: {}", who.how)));
            group.whose.extend(who.doubt());
            if who.one().is_none() {
                group.candidates.extend(who.candidates.into_keys());
            }
        }
        group.by_mail |= transfer.source == Source::Mta;
        group.spans.extend(transfer.at.iter().chain(&who.shown_by).map(RecordRef::span));
        group.tlp = group.tlp.max(transfer.tlp);
    }
    for ((kind, subject, to), group) in groups {
        group.prove((kind, &subject, to), &mut proven, victims, findings);
    }
    proven
}

impl Group {
    fn prove(
        self,
        (kind, subject, to): (Kind, &str, &str),
        proven: &mut Proven,
        victims: &mut Victims,
        findings: &mut Findings,
    ) {
        let is_host = address::domain(to).is_none();
        let whose = if subject.is_empty() { "somebody" } else { subject };
        let (detector, title, share) = match kind {
            Kind::Sent => ("transfer.sent", format!("{whose} sent content to {to}"), 1.0),
            Kind::Attempt => {
                ("transfer.attempt", format!("A transfer from {whose} to {to} was refused"), 1.0)
            }
            Kind::Open => {
                ("transfer.open", format!("Content may have gone from {whose} to {to}"), 0.5)
            }
            Kind::Small => ("transfer.contact", format!("{whose} was connected with {to}"), 0.5),
            Kind::Late => {
                let title = format!("{whose} was connected with {to} when it was no longer named");
                ("transfer.expired", title, 0.2)
            }
        };
        let mut techniques = Vec::new();
        if kind == Kind::Sent {
            techniques.push(if self.by_mail { "T1114.003" } else { "T1041" }.to_owned());
        }
        let seen = self.sources.iter().copied().collect::<Vec<_>>().join(", ");
        let mut reasons = vec![format!("seen by {seen}, {} in all", self.count)];
        reasons.push(match (kind, self.is_sized) {
            (Kind::Attempt, _) => "nothing went out".to_owned(),
            (_, false) => "the log does not say how much went out".to_owned(),
            (Kind::Open, true) => format!(
                "{} bytes went out, and as many or more came back, or others use the service too",
                self.bytes
            ),
            (_, true) => format!("{} bytes went out", self.bytes),
        });
        reasons.extend(self.whose);
        let finding = Finding {
            id: Finding::id(detector, subject, to),
            detector: detector.to_owned(),
            title,
            time: self.first,
            confidence: share * self.confidence,
            techniques,
            reasons,
            lead: kind == Kind::Late,
            spans: self.spans,
        };
        let id = findings.add(finding, self.tlp);
        if is_host && kind != Kind::Late {
            let sink = proven.sinks.entry(to.to_owned()).or_default();
            sink.confidence = sink.confidence.max(share * self.of_sink);
            sink.findings.insert(id.clone());
        }
        if kind == Kind::Sent {
            for candidate in self.candidates {
                let note = format!("content went to {to}, and it may have been them: {whose}");
                victims.entry(candidate).or_default().note(Rung::Exfiltrated, note);
            }
        }
        let (name, is_machine) = match (self.person, self.client) {
            (Some(person), _) => (person, false),
            (None, Some(client)) if kind == Kind::Sent => (client, true),
            _ => return,
        };
        if kind == Kind::Sent {
            let progress = victims.entry(name).or_default();
            progress.is_machine |= is_machine;
            progress.attributable |= !is_machine;
            return progress.prove(Rung::Exfiltrated, self.first, self.confidence, &id);
        }
        let Some(progress) = victims.get_mut(&name) else { return };
        match kind {
            Kind::Attempt => {
                let note = format!("a transfer to {to} was attempted and refused");
                progress.note(Rung::Exfiltrated, note);
            }
            Kind::Open if self.is_sized => {
                let note = format!(
                    "{} bytes went to {to}, and nothing says whether that was content",
                    self.bytes
                );
                progress.note(Rung::Exfiltrated, note);
            }
            Kind::Open => {
                let note =
                    format!("a connection to {to} went through, and the log does not say how much");
                progress.note(Rung::Exfiltrated, note);
            }
            _ => {}
        }
    }
}

/// The verdict on what left.
pub(crate) fn verdict(
    transfers: &[Transfer],
    takeover: &Takeover,
    coverage: &[Coverage],
    duration: &answer::Duration,
) -> Exfiltration {
    let of = |kind: Kind| transfers.iter().filter(move |transfer| transfer.kind == kind);
    let (sent, attempts) = (of(Kind::Sent).count(), of(Kind::Attempt).count());
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
    let doubts = doubts(transfers, takeover);
    let (verdict, reason) = if sent > 0 {
        ("proved", format!("{sent} transfers to the campaign are in evidence"))
    } else if attempts > 0 {
        let but = doubts.iter().map(|doubt| format!("; {doubt}")).collect::<String>();
        let reason =
            format!("{attempts} transfers were refused or stayed empty, none went through{but}");
        ("attempted", reason)
    } else if !doubts.is_empty() {
        ("logs_insufficient", format!("no transfer is in evidence, but {}", doubts.join("; ")))
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
    let destinations = destinations(transfers);
    let theirs = || transfers.iter().filter(|transfer| transfer.kind != Kind::Late);
    let all: u64 = theirs().filter_map(|transfer| transfer.most.or(transfer.bytes)).sum();
    let seen = takeover.items.values().map(|items| items.seen.len() as u64).sum();
    let unbounded = takeover.items.values().any(|items| items.unbounded > 0);
    // What an account holds leaves by the service, where no flow shows it.
    let is_bounded = flows && takeover.items.is_empty() && takeover.forwards.is_empty();
    let is_bounded = is_bounded
        && (audit || !takeover.is_inside)
        && theirs().all(|transfer| transfer.bytes.is_some());
    Exfiltration {
        verdict,
        reason,
        bytes: Bounds { floor: floor(transfers), ceiling: is_bounded.then_some(all) },
        items: Bounds { floor: seen, ceiling: (audit && !unbounded).then_some(seen) },
        destinations,
    }
}

/// What may have left unseen though its source is in evidence, each a phrase.
fn doubts(transfers: &[Transfer], takeover: &Takeover) -> Vec<String> {
    let mut all = Vec::new();
    if !takeover.items.is_empty() {
        all.push("content was read from its addresses, and no log says what it kept".to_owned());
    }
    if !takeover.forwards.is_empty() {
        let to: Vec<_> = takeover.forwards.keys().map(String::as_str).collect();
        all.push(format!("mail is sent on to {}, and no log shows what went", to.join(", ")));
    }
    let open = transfers.iter().filter(|transfer| transfer.kind == Kind::Open).count();
    if open > 0 {
        all.push(format!("of {open} connections to it no log says whether content went out"));
    }
    if let Some(bytes) = drips(transfers) {
        all.push(format!("{bytes} bytes went to it a little at a time, as content or requests"));
    }
    all
}

/// Bytes that went out a little at a time, always more than came back, and to
/// one place more than any one request takes.
fn drips(transfers: &[Transfer]) -> Option<u64> {
    let mut by_place: BTreeMap<(&Option<String>, &str), u64> = BTreeMap::new();
    let small = transfers.iter().filter(|one| one.kind == Kind::Small && one.outweighs);
    for transfer in small {
        let place = (&transfer.ip, transfer.to.as_str());
        *by_place.entry(place).or_default() += transfer.bytes.unwrap_or(0);
    }
    by_place.into_values().filter(|bytes| *bytes > OVERHEAD as u64).max()
}

/// Bytes that certainly went: a proxy's log and the wire behind it tell the
/// same ones.
fn floor(transfers: &[Transfer]) -> u64 {
    let sent = transfers.iter().filter(|transfer| transfer.kind == Kind::Sent);
    once(sent.map(|transfer| (transfer.host.as_str(), transfer))).into_values().sum()
}

/// Bytes by key, of several sources that tell of the same the most.
fn once<'t>(transfers: impl Iterator<Item = (&'t str, &'t Transfer)>) -> BTreeMap<&'t str, u64> {
    let mut all: BTreeMap<&str, BTreeMap<Source, u64>> = BTreeMap::new();
    for (key, transfer) in transfers {
        let by_source = all.entry(key).or_default();
        *by_source.entry(transfer.source).or_default() += transfer.bytes.unwrap_or(0);
    }
    let most = |by_source: BTreeMap<Source, u64>| by_source.into_values().max().unwrap_or(0);
    all.into_iter().map(|(key, by_source)| (key, most(by_source))).collect()
}

fn destinations(transfers: &[Transfer]) -> Vec<answer::Destination> {
    let sent = || transfers.iter().filter(|transfer| transfer.kind == Kind::Sent);
    let bytes = once(sent().map(|transfer| (transfer.to.as_str(), transfer)));
    let mut all: BTreeMap<&str, answer::Destination> = BTreeMap::new();
    for transfer in sent() {
        let known = all.entry(&transfer.to).or_insert_with(|| answer::Destination {
            value: transfer.to.clone(),
            bytes: bytes.get(transfer.to.as_str()).copied().unwrap_or(0),
            first: None,
            last: None,
        });
        known.first = earliest(known.first, transfer.time);
        known.last = known.last.max(transfer.time);
    }
    all.into_values().collect()
}
