//! Contacts with the campaign's hosts, as proxies, sensors and resolvers saw
//! them.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{ObservableKind, Only, ReadError, Records, Stored};
use clarte_model::url::HttpUrl;
use clarte_model::{Class, Field, Source, Timestamp};

use crate::cite::RecordRef;
use crate::hosts::{Hosts, Watch};
use crate::narrow;

/// How much of a contact its source shows; the less, the weaker the proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Sight {
    /// The name was looked up.
    Lookup,
    /// A connection was made to an address that the name resolved to.
    Flow,
    /// A connection was made to the host by name (CONNECT, TLS SNI).
    Tunnel,
    /// The URL itself.
    Url,
}

/// One contact.
#[derive(Debug, Clone)]
pub(crate) struct Contact {
    pub(crate) at: RecordRef,
    pub(crate) source: Source,
    pub(crate) sight: Sight,
    pub(crate) time: Option<Timestamp>,
    pub(crate) ip: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) host: String,
    pub(crate) url: Option<HttpUrl>,
    pub(crate) method: Option<String>,
    pub(crate) agent: Option<String>,
    /// Whether it was refused, failed or stayed empty: an attempt.
    pub(crate) attempt: bool,
}

impl Contact {
    /// Who asked, as the source names it: the account, else the address.
    pub(crate) fn client(&self) -> String {
        self.user.clone().or_else(|| self.ip.clone()).unwrap_or_default()
    }
}

/// Contacts of one client with one host that only an indicator names: the
/// first, and how many.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) first: Contact,
    pub(crate) count: u64,
}

/// Everything seen of the campaign's hosts. Memory grows with the campaign: of
/// hosts that others use too only the lures' own URLs are kept, and of hosts
/// that only an indicator names the first contact of each client.
#[derive(Debug, Default)]
pub(crate) struct Contacts {
    /// By time and place.
    pub(crate) all: Vec<Contact>,
    /// By host and client.
    pub(crate) named: BTreeMap<(String, String), Named>,
    /// The addresses that the campaign's hosts alone resolved to, with the
    /// host.
    pub(crate) addresses: BTreeMap<String, String>,
}

impl Contacts {
    fn add(&mut self, contact: Contact, hosts: &Hosts<'_>) {
        match hosts.watch(&contact.host) {
            Watch::No => {}
            Watch::Every => self.all.push(contact),
            Watch::OwnUrls if contact.url.as_ref().is_some_and(|url| hosts.carries(url)) => {
                self.all.push(contact);
            }
            Watch::OwnUrls => {}
            Watch::Named => {
                let key = (contact.host.clone(), contact.client());
                match self.named.get_mut(&key) {
                    Some(known) => {
                        known.count += 1;
                        if (contact.time, &contact.at) < (known.first.time, &known.first.at) {
                            known.first = contact;
                        }
                    }
                    None => drop(self.named.insert(key, Named { first: contact, count: 1 })),
                }
            }
        }
    }
}

/// Reads every contact.
pub(crate) fn read(records: &dyn Records, hosts: &Hosts<'_>) -> Result<Contacts, ReadError> {
    // Of all hosts that anything in evidence names, few are worth a look.
    let names = [ObservableKind::Hostname, ObservableKind::Ip];
    let watched = narrow::values(records, &names, &|name| hosts.watch(name) != Watch::No)?;
    let mut contacts = Contacts::default();
    read_http(records, hosts, &watched, &mut contacts)?;
    read_tls(records, hosts, &watched, &mut contacts)?;
    let addresses = read_dns(records, hosts, &watched, &mut contacts)?;
    read_flows(records, &addresses, hosts, &mut contacts)?;
    contacts.addresses = addresses;
    contacts.all.sort_by(|a, b| (a.time, &a.at).cmp(&(b.time, &b.at)));
    Ok(contacts)
}

fn contact(stored: &Stored<'_>, sight: Sight, host: &str) -> Contact {
    let record = stored.record;
    let text = |field| record.get_text(field).map(str::to_owned);
    Contact {
        at: RecordRef::of(stored),
        source: record.source,
        sight,
        time: record.time.map(|time| time.at),
        ip: text(Field::SrcIp),
        user: text(Field::UserName),
        host: host.to_owned(),
        url: None,
        method: text(Field::HttpMethod),
        agent: text(Field::HttpUserAgent),
        attempt: false,
    }
}

fn read_http(
    records: &dyn Records,
    hosts: &Hosts<'_>,
    watched: &BTreeSet<String>,
    contacts: &mut Contacts,
) -> Result<(), ReadError> {
    let fields = [
        Field::SrcIp,
        Field::UserName,
        Field::DstHostname,
        Field::HttpMethod,
        Field::HttpUrl,
        Field::HttpUserAgent,
        Field::HttpStatus,
        Field::StatusDetail,
    ];
    let only = [Only { field: Field::DstHostname, values: watched }];
    narrow::scan(records, Class::Http, &fields, &only, &mut |stored| {
        let record = stored.record;
        let Some(host) =
            record.get_text(Field::DstHostname).filter(|host| hosts.watch(host) != Watch::No)
        else {
            return;
        };
        let mut contact = contact(&stored, Sight::Url, host);
        if contact.method.as_deref() == Some("CONNECT") {
            contact.sight = Sight::Tunnel;
        } else {
            contact.url = record.get_text(Field::HttpUrl).and_then(HttpUrl::parse);
        }
        let status = record.get_integer(Field::HttpStatus).unwrap_or(0);
        let detail = record.get_text(Field::StatusDetail).unwrap_or_default();
        // A refusal that no other server was asked about is the proxy's own.
        let unanswered = status >= 400 && detail.ends_with("NONE");
        contact.attempt = detail.contains("DENIED")
            || status == 407
            || record.source == Source::Proxy && (unanswered || status == 0)
            || contact.sight == Sight::Tunnel && status >= 400;
        contacts.add(contact, hosts);
    })
}

fn read_tls(
    records: &dyn Records,
    hosts: &Hosts<'_>,
    watched: &BTreeSet<String>,
    contacts: &mut Contacts,
) -> Result<(), ReadError> {
    let fields = [Field::SrcIp, Field::DstHostname, Field::TlsEstablished];
    let only = [Only { field: Field::DstHostname, values: watched }];
    narrow::scan(records, Class::Tls, &fields, &only, &mut |stored| {
        let record = stored.record;
        let Some(host) =
            record.get_text(Field::DstHostname).filter(|host| hosts.watch(host) != Watch::No)
        else {
            return;
        };
        let mut contact = contact(&stored, Sight::Tunnel, host);
        contact.attempt = record.get_integer(Field::TlsEstablished) == Some(0);
        contacts.add(contact, hosts);
    })
}

/// Reads look-ups and returns the addresses that the campaign's hosts alone
/// resolved to, with the host.
fn read_dns(
    records: &dyn Records,
    hosts: &Hosts<'_>,
    watched: &BTreeSet<String>,
    contacts: &mut Contacts,
) -> Result<BTreeMap<String, String>, ReadError> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let fields =
        [Field::SrcIp, Field::DnsQuery, Field::DnsType, Field::DnsRcode, Field::DnsAnswers];
    let only = [Only { field: Field::DnsQuery, values: watched }];
    narrow::scan(records, Class::Dns, &fields, &only, &mut |stored| {
        let record = stored.record;
        let Some(host) =
            record.get_text(Field::DnsQuery).filter(|host| hosts.watch(host) != Watch::No)
        else {
            return;
        };
        for answer in record.get_texts(Field::DnsAnswers) {
            if let Ok(ip) = answer.parse::<std::net::IpAddr>() {
                // Of several hosts of the campaign at one address the smaller
                // name, so that the order of records is moot.
                let known = found.entry(ip.to_string()).or_insert_with(|| host.to_owned());
                if host < known.as_str() {
                    host.clone_into(known);
                }
            }
        }
        // Only these types are asked for in order to connect.
        let kind = record.get_text(Field::DnsType).unwrap_or("A");
        if matches!(kind, "A" | "AAAA" | "HTTPS" | "CNAME" | "*") {
            let mut contact = contact(&stored, Sight::Lookup, host);
            contact.attempt =
                record.get_text(Field::DnsRcode).is_some_and(|code| code != "NOERROR")
                    || is_sinkhole(record);
            contacts.add(contact, hosts);
        }
    })?;
    let mut addresses = hosts.addresses();
    for (ip, host) in found {
        addresses.entry(ip).or_insert(host);
    }
    // An address that other names resolve to as well is somebody else's too.
    let mut shared = BTreeSet::new();
    let ips = addresses.keys().cloned().collect();
    let only = [Only { field: Field::DnsAnswers, values: &ips }];
    let fields = [Field::DnsQuery, Field::DnsAnswers];
    narrow::scan(records, Class::Dns, &fields, &only, &mut |stored| {
        let record = stored.record;
        if record.get_text(Field::DnsQuery).is_none_or(|host| hosts.watch(host) != Watch::No) {
            return;
        }
        let answers = record.get_texts(Field::DnsAnswers);
        shared.extend(answers.filter(|answer| ips.contains(*answer)).map(str::to_owned));
    })?;
    addresses.retain(|ip, _| !shared.contains(ip));
    Ok(addresses)
}

/// Whether a look-up was answered with addresses that lead nowhere.
fn is_sinkhole(record: &clarte_model::Record<'_>) -> bool {
    let answers = record.get_texts(Field::DnsAnswers);
    let mut ips = answers.filter_map(|answer| answer.parse::<std::net::IpAddr>().ok()).peekable();
    ips.peek().is_some() && ips.all(|ip| !clarte_model::host::is_public(ip))
}

fn read_flows(
    records: &dyn Records,
    addresses: &BTreeMap<String, String>,
    hosts: &Hosts<'_>,
    contacts: &mut Contacts,
) -> Result<(), ReadError> {
    let ips = addresses.keys().cloned().collect();
    let only = [Only { field: Field::DstIp, values: &ips }];
    let fields = [
        Field::SrcIp,
        Field::DstIp,
        Field::DstPort,
        Field::ConnectionState,
        Field::BytesOut,
        Field::BytesIn,
    ];
    narrow::scan(records, Class::Network, &fields, &only, &mut |stored| {
        let record = stored.record;
        let Some(host) = record.get_text(Field::DstIp).and_then(|ip| addresses.get(ip)) else {
            return;
        };
        if !matches!(record.get_integer(Field::DstPort), Some(80 | 443 | 8000 | 8080 | 8443)) {
            return;
        }
        let mut contact = contact(&stored, Sight::Flow, host);
        let state = record.get_text(Field::ConnectionState).unwrap_or("SF");
        let bytes = |field| record.get_integer(field).unwrap_or(0);
        contact.attempt = matches!(state, "S0" | "REJ" | "RSTOS0" | "RSTRH" | "SH" | "SHR")
            || bytes(Field::BytesOut) == 0
            || bytes(Field::BytesIn) == 0;
        contacts.add(contact, hosts);
    })
}
