//! What differs from seed to seed. Large choices go round by the seed, so
//! that twenty seeds in a row meet every one of them; small ones are drawn.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::calendar::Clock;
use crate::embed::Embed;
use crate::rng::{Rng, Topic};
use crate::tokens::{Place, Shape};

/// What connects a wave to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Connection {
    SendingIp,
    Sender,
    Template,
    TokenShapeAndMailer,
    TokenValues,
}

/// What the partner service tells about the first wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Given {
    SenderDomain,
    SendingIp,
    SenderAddress,
    BeaconUrl,
    BeaconHost,
}

/// In which form it tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IntelForm {
    Stix,
    Csv,
    PlainDefanged,
}

/// How the body is encoded for transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Transfer {
    Plain,
    QuotedPrintable,
    Base64,
    /// Quoted-printable in ISO 8859-1.
    Latin1,
}

/// What else the beacon's host serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Hosting {
    /// Beacons only; the lure page has a host of its own.
    Apart,
    /// Beacon and lure page on one host.
    Together,
    /// A hosting provider that serves innocent pages too.
    Provider,
}

/// The layout of the message trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TraceForm {
    HistoricalSearch,
    HistoricalSearchUtf16,
    GetMessageTrace,
    GetMessageTraceDotted,
    V2Csv,
    V2Json,
}

/// What the proxy writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProxyForm {
    Squid,
    Combined,
}

/// What the network sensor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SensorForm {
    Zeek,
    Eve,
}

/// Who logs look-ups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NameForm {
    /// The sensor, in its own format.
    Sensor,
    Bind,
    Dnsmasq,
    Unbound,
}

/// Who logs leases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LeaseForm {
    /// The sensor, in its own format.
    Sensor,
    /// ISC dhcpd's lines.
    Dhcpd,
    /// ISC dhcpd's `dhcpd.leases`.
    File,
    Dnsmasq,
    Windows,
}

/// Which mail server it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MtaForm {
    Postfix,
    Exim,
    Exchange,
}

/// How the unified audit log is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AuditForm {
    /// `Search-UnifiedAuditLog | Export-Csv`
    Search,
    Purview,
    /// Graph's records as CSV.
    Graph,
    /// The Extractor Suite's JSON.
    Extractor,
}

/// How sign-ins are exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SignInForm {
    Graph,
    Portal,
}

/// Who ships the events of Windows machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HostForm {
    Winlogbeat,
    NxLog,
}

/// What carries a program's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Carrier {
    /// The program's own file.
    Own,
    Rfc3164,
    Rfc5424,
}

/// How a folder is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bundle {
    /// As it is.
    Folder,
    Zip,
    Tar,
    TarGz,
    TarZst,
}

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Pack {
    Plain,
    Gz,
    Zst,
    Bz2,
    Xz,
}

impl Pack {
    /// What is added to a file's name.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Gz => ".gz",
            Self::Zst => ".zst",
            Self::Bz2 => ".bz2",
            Self::Xz => ".xz",
        }
    }
}

/// Everything the seed decides about the formats and the campaign's habits.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Variety {
    pub(crate) connections: Vec<Connection>,
    pub(crate) given: Given,
    pub(crate) intel: IntelForm,
    pub(crate) shapes: [Shape; 3],
    pub(crate) places: [Place; 3],
    pub(crate) embeds: [Embed; 3],
    pub(crate) transfers: [Transfer; 3],
    pub(crate) hostings: [Hosting; 3],
    pub(crate) beacon_tls: [bool; 3],
    pub(crate) numeric_entities: bool,
    pub(crate) links: [bool; 3],
    pub(crate) link_in_query: bool,
    pub(crate) freemail_second: bool,
    pub(crate) forwards_to_assistant: bool,
    pub(crate) strips_query: bool,
    pub(crate) proxy: ProxyForm,
    pub(crate) sensor: SensorForm,
    pub(crate) names: NameForm,
    pub(crate) leases: LeaseForm,
    pub(crate) mta: MtaForm,
    pub(crate) trace: TraceForm,
    pub(crate) long_queue_ids: bool,
    /// What carries the lines of the proxy, the resolver, the DHCP server and
    /// the mail server.
    pub(crate) proxy_carrier: Carrier,
    pub(crate) names_carrier: Carrier,
    pub(crate) leases_carrier: Carrier,
    pub(crate) mta_carrier: Carrier,
    /// The clock of whoever writes times without a zone.
    pub(crate) clock: Clock,
    /// JSON instead of TSV, per Zeek log.
    pub(crate) zeek_json: [bool; 5],
    /// Compression per Zeek log; Suricata takes the first.
    pub(crate) sensor_packs: [Pack; 5],
    pub(crate) proxy_pack: Pack,
    pub(crate) names_pack: Pack,
    pub(crate) leases_pack: Pack,
    pub(crate) mta_pack: Pack,
    pub(crate) trace_pack: Pack,
    pub(crate) audit: AuditForm,
    pub(crate) audit_pack: Pack,
    /// Whether exports of the audit log overlap.
    pub(crate) audit_overlaps: bool,
    /// Whether an export of it lost rows, where the form would show that.
    pub(crate) audit_has_hole: bool,
    pub(crate) sign_ins: SignInForm,
    pub(crate) sign_ins_pack: Pack,
    pub(crate) hosts: HostForm,
    pub(crate) hosts_pack: Pack,
    /// Whether the partner's list names the address of the campaign's
    /// sign-ins; else it is the one that sent the first wave.
    pub(crate) sign_in_is_given: bool,
    /// How each folder below the evidence is handed over.
    pub(crate) bundles: Vec<(&'static str, Bundle)>,
}

impl Variety {
    /// The choices of one seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut rng = Rng::keyed(seed, Topic::Variety, &[]);
        let connection = [
            Connection::SendingIp,
            Connection::Sender,
            Connection::Template,
            Connection::TokenShapeAndMailer,
            Connection::TokenValues,
        ];
        let turn = |wave: u64| around(seed, wave * 2, &connection);
        let connections =
            if seed.is_multiple_of(3) { vec![turn(0), turn(1)] } else { vec![turn(0)] };
        let mut coin = || rng.chance(50);
        Self {
            connections,
            given: given(seed),
            intel: around(
                seed,
                seed / 3,
                &[IntelForm::Stix, IntelForm::Csv, IntelForm::PlainDefanged],
            ),
            shapes: [0, 5, 9].map(|step| around(seed, step, &Shape::ALL)),
            places: [0, 4, 7].map(|step| around(seed, step, &Place::ALL)),
            embeds: [0, 4, 7].map(|step| around(seed, step, &Embed::IN_WAVES)),
            transfers: [0, 1, 2].map(|step| transfer(seed, step)),
            hostings: [0, 1, 2].map(|step| hosting(seed, step)),
            beacon_tls: [coin(), coin(), coin()],
            numeric_entities: coin(),
            links: [true, coin(), coin()],
            link_in_query: coin(),
            freemail_second: coin(),
            forwards_to_assistant: coin(),
            strips_query: coin(),
            proxy: around(
                seed,
                seed / 6,
                &[ProxyForm::Squid, ProxyForm::Combined, ProxyForm::Squid],
            ),
            sensor: around(seed, seed / 3, &[SensorForm::Zeek, SensorForm::Eve, SensorForm::Zeek]),
            names: names(seed),
            leases: leases(seed),
            mta: around(seed, seed / 3 * 2, &[MtaForm::Exim, MtaForm::Postfix, MtaForm::Exchange]),
            trace: trace(seed),
            long_queue_ids: coin(),
            proxy_carrier: carrier(seed, 1),
            names_carrier: carrier(seed, seed / 3 + 2),
            leases_carrier: carrier(seed, seed / 6),
            mta_carrier: carrier(seed, seed / 9),
            clock: around(seed, 0, &[Clock::Utc, Clock::Brussels]),
            zeek_json: [coin(), coin(), coin(), coin(), coin()],
            sensor_packs: [0, 1, 2, 3, 4].map(|step| pack(seed, step + seed / 5)),
            proxy_pack: pack(seed, 2 + seed / 7),
            names_pack: pack(seed, 3),
            leases_pack: pack(seed, 4 + seed / 4),
            mta_pack: pack(seed, 5 + seed / 3),
            trace_pack: pack(seed, 6 + seed / 2),
            audit: audit(seed),
            audit_pack: pack(seed, 1 + seed / 3),
            audit_overlaps: around(seed, seed / 2, &[true, false]),
            audit_has_hole: around(seed, 0, &[false, true, true])
                && matches!(audit(seed), AuditForm::Search | AuditForm::Extractor),
            sign_ins: around(seed, seed / 3, &[SignInForm::Graph, SignInForm::Portal]),
            sign_ins_pack: pack(seed, 2 + seed / 6),
            hosts: around(seed, seed / 4, &[HostForm::NxLog, HostForm::Winlogbeat]),
            hosts_pack: pack(seed, 7 + seed / 5),
            sign_in_is_given: around(seed, seed / 5, &[true, false]),
            bundles: PARTS
                .iter()
                .enumerate()
                .map(|(rank, part)| (*part, bundle(seed, rank as u64 * 2)))
                .collect(),
        }
    }

    /// The formats that wrote local time without saying so, by the names that
    /// `--zone` knows, and the zone.
    pub(crate) fn zones(&self) -> BTreeMap<String, String> {
        if self.clock == Clock::Utc {
            return BTreeMap::new();
        }
        let classic = Carrier::Rfc3164;
        let mut local: Vec<&str> = Vec::new();
        match (self.names, self.names_carrier) {
            (NameForm::Bind, Carrier::Own | Carrier::Rfc3164) => local.push("bind"),
            (NameForm::Dnsmasq, Carrier::Own | Carrier::Rfc3164) => local.push("dnsmasq"),
            (NameForm::Unbound, Carrier::Rfc3164) => local.push("unbound"),
            _ => {}
        }
        match (self.leases, self.leases_carrier) {
            (LeaseForm::Windows, _) => local.push("dhcp"),
            (LeaseForm::Dhcpd, carrier) if carrier == classic => local.push("dhcp"),
            (LeaseForm::Dnsmasq, Carrier::Own | Carrier::Rfc3164) => local.push("dnsmasq"),
            _ => {}
        }
        match (self.mta, self.mta_carrier) {
            (MtaForm::Postfix, carrier) if carrier == classic => local.push("postfix"),
            // Its own time stamp has no zone, whatever carries it.
            (MtaForm::Exim, _) => local.push("exim"),
            _ => {}
        }
        if self.hosts == HostForm::NxLog {
            local.push("windows");
        }
        local.into_iter().map(|name| (name.to_owned(), ZONE.to_owned())).collect()
    }
}

/// The zone of `Clock::Brussels`.
pub(crate) const ZONE: &str = "Europe/Brussels";

fn around<T: Copy>(seed: u64, step: u64, choices: &[T]) -> T {
    let count = choices.len() as u64;
    choices[((seed % count + step % count) % count) as usize]
}

fn given(seed: u64) -> Given {
    let all = [
        Given::SenderDomain,
        Given::SendingIp,
        Given::SenderAddress,
        Given::BeaconUrl,
        Given::BeaconHost,
    ];
    around(seed, seed / 5, &all)
}

fn transfer(seed: u64, step: u64) -> Transfer {
    let all = [Transfer::QuotedPrintable, Transfer::Base64, Transfer::Plain, Transfer::Latin1];
    around(seed, step + seed / 4, &all)
}

fn hosting(seed: u64, step: u64) -> Hosting {
    let all =
        [Hosting::Apart, Hosting::Together, Hosting::Apart, Hosting::Provider, Hosting::Together];
    around(seed, step + seed / 5 * 2, &all)
}

fn trace(seed: u64) -> TraceForm {
    let all = [
        TraceForm::HistoricalSearch,
        TraceForm::HistoricalSearchUtf16,
        TraceForm::GetMessageTrace,
        TraceForm::GetMessageTraceDotted,
        TraceForm::V2Csv,
        TraceForm::V2Json,
    ];
    around(seed, seed / 6, &all)
}

fn names(seed: u64) -> NameForm {
    let all = [NameForm::Sensor, NameForm::Bind, NameForm::Dnsmasq, NameForm::Unbound];
    around(seed, seed / 4, &all)
}

fn leases(seed: u64) -> LeaseForm {
    let all = [
        LeaseForm::Sensor,
        LeaseForm::Dhcpd,
        LeaseForm::Windows,
        LeaseForm::File,
        LeaseForm::Dnsmasq,
    ];
    around(seed, seed / 5, &all)
}

fn audit(seed: u64) -> AuditForm {
    let all = [AuditForm::Extractor, AuditForm::Search, AuditForm::Purview, AuditForm::Graph];
    around(seed, seed / 4, &all)
}

fn carrier(seed: u64, step: u64) -> Carrier {
    around(seed, step, &[Carrier::Own, Carrier::Rfc3164, Carrier::Rfc5424])
}

/// The folders that may come as an archive.
const PARTS: [&str; 9] =
    ["proxy", "zeek", "dns", "mta", "m365", "suricata", "dhcp", "mail/loose", "windows"];

/// Six of nine folders are folders.
fn bundle(seed: u64, step: u64) -> Bundle {
    let all = [
        Bundle::Zip,
        Bundle::Folder,
        Bundle::TarGz,
        Bundle::Folder,
        Bundle::Folder,
        Bundle::Tar,
        Bundle::Folder,
        Bundle::TarZst,
        Bundle::Folder,
        Bundle::Folder,
        Bundle::Folder,
    ];
    around(seed, step + seed / 11, &all)
}

/// Half of the files are as they are.
fn pack(seed: u64, step: u64) -> Pack {
    let all = [
        Pack::Plain,
        Pack::Gz,
        Pack::Plain,
        Pack::Zst,
        Pack::Plain,
        Pack::Bz2,
        Pack::Plain,
        Pack::Xz,
    ];
    around(seed, step, &all)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn twenty_seeds_meet_every_variety() {
        let all: Vec<_> = (1..=20).map(Variety::of).collect();
        let kinds = |name: &str, draw: &dyn Fn(&Variety) -> Vec<String>, expected: usize| {
            let seen: BTreeSet<String> = all.iter().flat_map(draw).collect();
            assert_eq!(seen.len(), expected, "{name}: {seen:?}");
        };
        kinds("connection", &|v| list(&v.connections), 5);
        kinds("given", &|v| list(&[v.given]), 5);
        kinds("intel", &|v| list(&[v.intel]), 3);
        kinds("shape", &|v| list(&v.shapes[..1]), Shape::ALL.len());
        kinds("place", &|v| list(&v.places[..1]), Place::ALL.len());
        kinds("embed", &|v| list(&v.embeds[..1]), Embed::IN_WAVES.len());
        kinds("transfer", &|v| list(&v.transfers[..1]), 4);
        kinds("hosting", &|v| list(&v.hostings[..1]), 3);
        kinds("trace", &|v| list(&[v.trace]), 6);
        kinds("proxy", &|v| list(&[(v.proxy, v.proxy_carrier)]), 6);
        kinds("sensor", &|v| list(&[v.sensor]), 2);
        kinds("names", &|v| list(&[v.names]), 4);
        kinds("leases", &|v| list(&[v.leases]), 5);
        kinds("mta", &|v| list(&[v.mta]), 3);
        kinds("mta's carrier", &|v| list(&[(v.mta, v.mta_carrier)]), 9);
        kinds("names' carrier", &|v| list(&[v.names_carrier]), 3);
        kinds("leases' carrier", &|v| list(&[v.leases_carrier]), 3);
        kinds("clock", &|v| list(&[v.clock]), 2);
        kinds("bundle", &|v| v.bundles.iter().map(|b| format!("{:?}", b.1)).collect(), 5);
        kinds("audit", &|v| list(&[v.audit]), 4);
        kinds("overlap", &|v| list(&[v.audit_overlaps]), 2);
        kinds("hole", &|v| list(&[v.audit_has_hole]), 2);
        kinds("sign-ins", &|v| list(&[v.sign_ins]), 2);
        kinds("hosts", &|v| list(&[(v.hosts, v.clock)]), 4);
        kinds("given sign-in", &|v| list(&[v.sign_in_is_given]), 2);
        let packs = |v: &Variety| {
            let others = [v.proxy_pack, v.names_pack, v.leases_pack, v.mta_pack, v.trace_pack];
            list(&[&v.sensor_packs[..], &others].concat())
        };
        kinds("packs", &packs, 5);
        kinds("waves", &|v| list(&[v.connections.len()]), 2);
        kinds("tls", &|v| list(&v.beacon_tls[..1]), 2);
        kinds("cut", &|v| list(&[v.strips_query]), 2);
        kinds("queue", &|v| list(&[v.long_queue_ids]), 2);
        kinds("freemail", &|v| list(&[v.freemail_second]), 2);
        kinds("forward", &|v| list(&[v.forwards_to_assistant]), 2);
        kinds("zeek", &|v| list(&v.zeek_json[1..2]), 2);
    }

    fn list<T: std::fmt::Debug>(values: &[T]) -> Vec<String> {
        values.iter().map(|value| format!("{value:?}")).collect()
    }
}
