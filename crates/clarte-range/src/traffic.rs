//! How a request turns into log lines, and the requests of an ordinary hour.

use crate::calendar::{At, HOUR, MINUTE};
use crate::campaign::Campaign;
use crate::outside::{self, HOSTER, SITES};
use crate::rng::{Rng, Topic};
use crate::tokens::Url;
use crate::world::{
    DHCP, FILES, PROXY, Person, RESOLVER, SCANNER, Web, World, hardware_address, machine_name,
};
use crate::writers::squid::{Request, Squid};
use crate::writers::zeek::{Cell, Log, Zeek};

/// The logs that requests end in.
pub(crate) struct Logs {
    pub(crate) squid: Squid,
    pub(crate) zeek: Zeek,
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
            Web::ProxyUser => self.proxied(fetch, address, Some(person.account.clone())),
            Web::ProxyAddress => self.proxied(fetch, address, None),
            Web::Direct => {
                self.query(fetch.at.plus(-40_000), &address, &fetch.url.host, &fetch.server);
                self.connection(fetch, &address);
            }
            Web::DnsOnly => {
                self.query(fetch.at.plus(-40_000), &address, &fetch.url.host, &fetch.server);
            }
        }
    }

    fn proxied(&mut self, fetch: &Fetch, client: String, user: Option<String>) {
        self.serial += 1;
        let size = Rng::keyed(self.serial, Topic::Web, &[fetch.at.0 as u64]).below(60_000);
        let is_pixel = fetch.kind == "image/gif" && !fetch.url.tls;
        self.squid.log(&Request {
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
        self.zeek.log(
            Log::Dns,
            at,
            &[
                Cell::Time(at),
                Cell::Text(&uid),
                Cell::Text(client),
                Cell::Count(port),
                Cell::Text(RESOLVER),
                Cell::Count(53),
                Cell::Text("udp"),
                Cell::Count(port % 50_000),
                Cell::Text(host),
                Cell::Text("C_INTERNET"),
                Cell::Text("A"),
                Cell::Text("NOERROR"),
                Cell::Bool(false),
                Cell::Bool(true),
                Cell::Bool(true),
                Cell::List(&[answer]),
                Cell::Bool(false),
            ],
        );
    }

    /// What the sensor sees of a request that goes straight out.
    fn connection(&mut self, fetch: &Fetch, client: &str) {
        let (uid, port) = self.connection_id(fetch.at);
        let service = if fetch.url.tls { (443, "ssl") } else { (80, "http") };
        self.flow(fetch.at, &uid, (client, port), (&fetch.server, service.0), service.1);
        let ends = [
            Cell::Time(fetch.at),
            Cell::Text(&uid),
            Cell::Text(client),
            Cell::Count(port),
            Cell::Text(&fetch.server),
            Cell::Count(service.0),
        ];
        if fetch.url.tls {
            let rest = [
                Cell::Text("TLSv13"),
                Cell::Text("TLS_AES_128_GCM_SHA256"),
                Cell::Text(&fetch.url.host),
                Cell::Bool(false),
                Cell::Bool(true),
            ];
            self.zeek.log(Log::Ssl, fetch.at, &ends.into_iter().chain(rest).collect::<Vec<_>>());
        } else {
            let rest = [
                Cell::Count(1),
                Cell::Text("GET"),
                Cell::Text(&fetch.url.host),
                Cell::Text(&fetch.url.rest),
                Cell::Unset,
                Cell::Text("1.1"),
                Cell::Text("Mozilla/5.0 (Synthetic; rv:1.0)"),
                Cell::Count(0),
                Cell::Count(43),
                Cell::Count(200),
                Cell::Text("OK"),
            ];
            self.zeek.log(Log::Http, fetch.at, &ends.into_iter().chain(rest).collect::<Vec<_>>());
        }
    }

    fn flow(
        &mut self,
        at: At,
        uid: &str,
        (client, port): (&str, u64),
        (server, service_port): (&str, u64),
        service: &str,
    ) {
        let mut rng = Rng::keyed(self.serial, Topic::Web, &[at.0 as u64, 3]);
        self.zeek.log(
            Log::Conn,
            at,
            &[
                Cell::Time(at),
                Cell::Text(uid),
                Cell::Text(client),
                Cell::Count(port),
                Cell::Text(server),
                Cell::Count(service_port),
                Cell::Text("tcp"),
                Cell::Text(service),
                Cell::Span(20_000 + rng.below(9_000_000)),
                Cell::Count(300 + rng.below(2000)),
                Cell::Count(400 + rng.below(60_000)),
                Cell::Text("SF"),
                Cell::Count(0),
                Cell::Text("ShADadFf"),
                Cell::Count(6 + rng.below(20)),
                Cell::Count(6 + rng.below(50)),
            ],
        );
    }

    /// A lease for a machine.
    pub(crate) fn lease(&mut self, world: &World, machine: usize, day: u64) {
        let at = world.lease_time(machine, day);
        let (uid, _) = self.connection_id(at);
        let address = world.address(machine, day);
        let (mac, name) = (hardware_address(machine), machine_name(machine));
        let full_name = format!("{name}.{}", world.domain);
        self.zeek.log(
            Log::Dhcp,
            at,
            &[
                Cell::Time(at),
                Cell::List(&[&uid]),
                Cell::Unset,
                Cell::Text(DHCP),
                Cell::Text(&mac),
                Cell::Text(&name),
                Cell::Text(&full_name),
                Cell::Text(world.domain),
                Cell::Text(&address),
                Cell::Text(&address),
                Cell::Span(12 * 3600 * 1_000_000),
                Cell::List(&["DISCOVER", "OFFER", "REQUEST", "ACK"]),
                Cell::Span(41_000),
            ],
        );
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
        logs.flow(at, &uid, (&address, port), (FILES, 445), "smb");
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
