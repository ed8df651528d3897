//! How a request turns into log lines, and the requests of an ordinary hour.

use crate::RangeError;
use crate::calendar::{At, HOUR, MINUTE};
use crate::campaign::Campaign;
use crate::outside::{self, HOSTER, SITES};
use crate::rng::{Rng, Topic};
use crate::takeover::{Fared, Transfer};
use crate::tokens::Url;
use crate::world::{
    FILES, PROXY, Person, RESOLVER, SCANNER, Web as Way, World, hardware_address, machine_name,
};
use crate::writers::leases::Leases;
use crate::writers::names::Names;
use crate::writers::proxy::{Proxy, Request};
use crate::writers::sensor::{Ends, Flow, Lease, Outcome, Query, Sensor, Web};

/// The logs that requests end in.
pub(crate) struct Logs {
    pub(crate) proxy: Proxy,
    pub(crate) sensor: Sensor,
    /// The resolver's own log, where it keeps one.
    pub(crate) names: Option<Names>,
    /// The DHCP server's own, likewise.
    pub(crate) leases: Option<Leases>,
    /// Counts requests, for ports and ids.
    pub(crate) serial: u64,
}

/// Who asks.
#[derive(Clone, Copy)]
pub(crate) enum Asker {
    Person(usize),
    Scanner,
}

/// A request for a web resource.
pub(crate) struct Fetch {
    pub(crate) at: At,
    pub(crate) asker: Asker,
    pub(crate) url: Url,
    pub(crate) server: String,
    pub(crate) kind: &'static str,
}

/// The address that serves a host.
pub(crate) fn server(world: &World, campaign: &Campaign, host: &str) -> String {
    for wave in &campaign.waves {
        let below = |name: &str| host == name || host.ends_with(&format!(".{name}"));
        if host != HOSTER && below(&wave.beacon_host) {
            return wave.beacon_ip.clone();
        }
        if wave.page_host.as_deref().is_some_and(below) {
            return wave.page_ip.clone();
        }
    }
    outside::address(world.seed, host)
}

impl Logs {
    /// Writes down a request the way its asker's connection is seen.
    pub(crate) fn fetch(&mut self, world: &World, fetch: &Fetch) {
        let Asker::Person(index) = fetch.asker else {
            self.proxied(fetch, SCANNER.to_owned(), None);
            return;
        };
        let person = &world.people[index];
        let address = world.address(person.machine, world.day_of(fetch.at));
        match person.web {
            Way::ProxyUser => self.proxied(fetch, address, Some(person.account.clone())),
            Way::ProxyAddress => self.proxied(fetch, address, None),
            Way::Direct => {
                self.query(fetch.at.plus(-40_000), &address, &fetch.url.host, &fetch.server);
                self.connection(fetch, &address);
            }
            Way::DnsOnly => {
                self.query(fetch.at.plus(-40_000), &address, &fetch.url.host, &fetch.server);
            }
        }
    }

    fn proxied(&mut self, fetch: &Fetch, client: String, user: Option<String>) {
        self.serial += 1;
        let size = Rng::keyed(self.serial, Topic::Web, &[fetch.at.0 as u64]).below(60_000);
        let is_pixel = fetch.kind == "image/gif" && !fetch.url.tls;
        self.proxy.log(&Request {
            at: fetch.at,
            client,
            user,
            url: fetch.url.clone(),
            server: fetch.server.clone(),
            bytes: if is_pixel { 312 } else { 900 + size },
            millis: 20 + size % 900,
            kind: fetch.kind,
        });
        // The proxy resolves the name; its cache answers most of the time.
        if self.serial.is_multiple_of(8) {
            self.query(fetch.at.plus(-30_000), PROXY, &fetch.url.host, &fetch.server);
        }
    }

    /// A DNS query and its answer.
    pub(crate) fn query(&mut self, at: At, client: &str, host: &str, answer: &str) {
        let (uid, port) = self.connection_id(at);
        let ends = Ends { at, uid: &uid, client: (client, port), server: (RESOLVER, 53) };
        let query = Query { ends, host, answer };
        match &mut self.names {
            Some(names) => names.query(&query),
            None => self.sensor.query(&query),
        }
    }

    /// What the sensor sees of a request that goes straight out.
    fn connection(&mut self, fetch: &Fetch, client: &str) {
        let (uid, port) = self.connection_id(fetch.at);
        let service = if fetch.url.tls { (443, "ssl") } else { (80, "http") };
        let ends = Ends {
            at: fetch.at,
            uid: &uid,
            client: (client, port),
            server: (&fetch.server, service.0),
        };
        self.exchange(ends, service.1);
        if fetch.url.tls {
            self.sensor.tls(ends, &fetch.url.host);
        } else {
            let (host, rest) = (&fetch.url.host, &fetch.url.rest);
            self.sensor.web(&Web { ends, method: "GET", host, rest, sent: 0 });
        }
    }

    /// A connection of an ordinary size.
    fn exchange(&mut self, ends: Ends<'_>, service: &str) {
        let mut rng = Rng::keyed(self.serial, Topic::Web, &[ends.at.0 as u64, 3]);
        self.sensor.flow(&Flow {
            ends,
            service: Some(service),
            micros: 20_000 + rng.below(9_000_000),
            sent: 300 + rng.below(2000),
            received: 400 + rng.below(60_000),
            outcome: Outcome::Closed,
        });
    }

    /// What the sensor sees of a connection that moves data, or does not.
    pub(crate) fn transfer(&mut self, world: &World, transfer: &Transfer) {
        let machine = world.people[transfer.person].machine;
        let client = world.address(machine, world.day_of(transfer.at));
        if let Some(host) = &transfer.host {
            self.query(transfer.at.plus(-50_000), &client, host, &transfer.ip);
        }
        let (uid, port) = self.connection_id(transfer.at);
        let ends = Ends {
            at: transfer.at,
            uid: &uid,
            client: (&client, port),
            server: (&transfer.ip, 443),
        };
        let sent = transfer.fared == Fared::Sent;
        self.sensor.flow(&Flow {
            ends,
            service: sent.then_some("ssl"),
            micros: if sent { 41_000_000 } else { 3_100 },
            sent: transfer.bytes,
            received: if sent { 5_200 } else { 0 },
            outcome: match transfer.fared {
                Fared::Sent | Fared::Empty => Outcome::Closed,
                Fared::Rejected => Outcome::Rejected,
                Fared::Unanswered => Outcome::Unanswered,
            },
        });
        if let (true, Some(host)) = (sent, &transfer.host) {
            self.sensor.tls(ends, host);
        }
    }

    /// A lease for a machine.
    pub(crate) fn lease(&mut self, world: &World, machine: usize, day: u64) {
        let at = world.lease_time(machine, day);
        let (uid, _) = self.connection_id(at);
        let lease = Lease {
            at,
            uid: &uid,
            mac: &hardware_address(machine),
            name: &machine_name(machine),
            domain: world.domain,
            address: &world.address(machine, day),
        };
        match &mut self.leases {
            Some(leases) => leases.lease(&lease),
            None => self.sensor.lease(&lease),
        }
    }

    /// Writes what came before a moment.
    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        self.proxy.flush(moment)?;
        self.sensor.flush(moment)?;
        self.names.as_mut().map_or(Ok(()), |names| names.flush(moment))?;
        self.leases.as_mut().map_or(Ok(()), |leases| leases.flush(moment))
    }

    /// Closes the last files.
    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        self.proxy.finish()?;
        self.sensor.finish()?;
        self.names.as_mut().map_or(Ok(()), Names::finish)?;
        self.leases.as_mut().map_or(Ok(()), Leases::finish)
    }

    fn connection_id(&mut self, at: At) -> (String, u64) {
        const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        self.serial += 1;
        let mut rng = Rng::keyed(self.serial, Topic::Dns, &[at.0 as u64]);
        let uid = format!("C{}", rng.text(17, ALPHABET));
        (uid, 1024 + rng.below(64_000))
    }
}

/// Requests a working person makes in an hour of the day, of about 40.
const PER_HOUR: [u64; 24] =
    [0, 0, 0, 0, 0, 0, 0, 3, 5, 6, 5, 4, 2, 4, 5, 4, 2, 1, 0, 0, 0, 0, 0, 0];

/// The ordinary traffic of one person in one hour.
pub(crate) fn ordinary_hour(world: &World, logs: &mut Logs, person: &Person, hour: At) {
    let requests = PER_HOUR[hour.civil().hour as usize];
    if requests == 0 {
        return;
    }
    let mut rng = Rng::keyed(world.seed, Topic::Web, &[person.index as u64, hour.0 as u64]);
    let address = world.address(person.machine, world.day_of(hour));
    for _ in 0..rng.below(2 * requests + 1) {
        let (host, tls) = *rng.pick(&SITES);
        let at = hour.plus(rng.between(MINUTE, HOUR - MINUTE));
        let rest = if tls { "/".to_owned() } else { ordinary_path(&mut rng) };
        let url = Url::new(tls, host, rest);
        let server = outside::address(world.seed, host);
        let asker = Asker::Person(person.index);
        logs.fetch(world, &Fetch { at, asker, url, server, kind: "text/html" });
    }
    for _ in 0..rng.below(requests * 3 / 4 + 2) {
        let at = hour.plus(rng.between(0, HOUR));
        let name = ["intranet", "files", "print", "wpad"][rng.below(4) as usize];
        logs.query(at, &address, &format!("{name}.{}", world.domain), FILES);
    }
    if rng.chance(30) {
        let at = hour.plus(rng.between(0, HOUR));
        let (uid, port) = logs.connection_id(at);
        let ends = Ends { at, uid: &uid, client: (&address, port), server: (FILES, 445) };
        logs.exchange(ends, "smb");
    }
}

fn ordinary_path(rng: &mut Rng) -> String {
    match rng.below(4) {
        0 => format!("/page{}.html", rng.below(200)),
        1 => format!("/img/{}.png", rng.hex(8)),
        2 => format!("/search?q=word{}&lang=fr", rng.below(500)),
        _ => "/".to_owned(),
    }
}
