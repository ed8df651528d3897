//! The institution: its people, their machines, and how each reaches the web.

use crate::Plan;
use crate::calendar::{At, DAY, HOUR, MINUTE};
use crate::rng::{Rng, Topic};

/// How a person's machine reaches the web, and so what the logs can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Web {
    /// Through the proxy, with a user name.
    ProxyUser,
    /// Through the proxy, known by address only.
    ProxyAddress,
    /// Straight out, seen by the network sensor.
    Direct,
    /// From a branch office of which only DNS is seen.
    DnsOnly,
}

/// Where a person's mail is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Store {
    /// One mbox named by the address.
    Mbox,
    /// An mbox in a folder named by the address.
    Folder,
    Maildir,
    /// Single `.eml` files, owner known by Delivered-To.
    Loose,
    /// In a cloud whose mailboxes are not in evidence; only its trace is.
    Cloud,
}

/// Someone who works at the institution.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) index: usize,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) account: String,
    /// Index into the tables of `texts`.
    pub(crate) lang: usize,
    pub(crate) role: &'static str,
    pub(crate) machine: usize,
    /// Whether someone else uses that machine too.
    pub(crate) shares_machine: bool,
    pub(crate) web: Web,
    pub(crate) store: Store,
    /// Whether people.csv knows them.
    pub(crate) listed: bool,
}

impl Person {
    /// Whether the web traffic of this person can be told to be theirs.
    pub(crate) fn is_identifiable(&self) -> bool {
        self.listed && (self.web == Web::ProxyUser || !self.shares_machine)
    }

    /// The given name.
    pub(crate) fn given_name(&self) -> &str {
        self.name.split(' ').next().unwrap_or(&self.name)
    }

    /// Whether the mail server here delivers to them.
    pub(crate) fn is_local(&self) -> bool {
        self.store != Store::Cloud
    }
}

/// The institution over the days of the plan.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) days: u32,
    pub(crate) domain: &'static str,
    /// A Monday, midnight.
    pub(crate) start: At,
    pub(crate) people: Vec<Person>,
    machines: usize,
}

/// The proxy's own address.
pub(crate) const PROXY: &str = "10.0.0.8";
/// The mail security scanner.
pub(crate) const SCANNER: &str = "10.0.0.25";
/// The resolver.
pub(crate) const RESOLVER: &str = "10.0.0.53";
/// The mail server's inner address.
pub(crate) const MAIL_STORE: &str = "10.0.0.31";
/// The web mail, from which people send.
pub(crate) const WEBMAIL: &str = "10.0.0.30";
/// The file server everyone uses.
pub(crate) const FILES: &str = "10.0.0.40";
/// The DHCP server.
pub(crate) const DHCP: &str = "10.0.0.67";

const GIVEN: [&str; 20] = [
    "Anna", "Bram", "Carla", "Dirk", "Elena", "Femke", "Gilles", "Hanna", "Ivo", "Jana", "Karel",
    "Lotte", "Marc", "Nora", "Olaf", "Petra", "Quinten", "Rosa", "Simon", "Thea",
];
const FAMILY: [&str; 20] = [
    "Testmann",
    "Sample",
    "Exemple",
    "Voorbeeld",
    "Musterfrau",
    "Specimen",
    "Dummy",
    "Fictif",
    "Verzonnen",
    "Beispiel",
    "Modelle",
    "Placeholder",
    "Imaginaire",
    "Proefstuk",
    "Erfunden",
    "Mockup",
    "Factice",
    "Bedacht",
    "Probe",
    "Pretend",
];
const DOMAINS: [&str; 4] =
    ["parliament.example", "assemblee.example", "senaat.example", "bundeshaus.example"];

impl World {
    /// Everyone and everything, from the plan alone.
    pub(crate) fn new(plan: &Plan) -> Self {
        let count = plan.people as usize;
        let mut rng = Rng::keyed(plan.seed, Topic::People, &[]);
        let mut machines = 0;
        let mut people: Vec<Person> = Vec::with_capacity(count);
        for index in 0..count {
            let shares = index % 20 == 13;
            if !shares {
                machines += 1;
            }
            if shares && let Some(before) = people.last_mut() {
                before.shares_machine = true;
            }
            people.push(person(index, machines - 1, shares, &mut rng, plan));
        }
        Self {
            seed: plan.seed,
            days: plan.days,
            domain: domain(plan.seed),
            start: start(plan.seed),
            people,
            machines,
        }
    }

    /// The moment the evidence ends.
    pub(crate) fn end(&self) -> At {
        self.start.plus(i64::from(self.days) * DAY)
    }

    /// The day a moment falls on, counted from the start.
    pub(crate) fn day_of(&self, at: At) -> u64 {
        (at.0 - self.start.0).div_euclid(DAY).max(0) as u64
    }

    /// Whether the person works that day: weekends are quiet.
    pub(crate) fn works(&self, person: usize, day: u64) -> bool {
        let midnight = self.start.plus(day as i64 * DAY);
        !midnight.is_weekend()
            || Rng::keyed(self.seed, Topic::Lease, &[person as u64, day]).chance(8)
    }

    /// The address a machine holds that day. Leased addresses move every
    /// third day, so that an address alone names nobody.
    pub(crate) fn address(&self, machine: usize, day: u64) -> String {
        if self.has_static_address(machine) {
            return format!("10.9.{}.{}", machine / 200 % 256, 10 + machine % 200);
        }
        let slot = (machine as u64 + day / 3 * 17) % self.machines as u64;
        format!("10.{}.{}.{}", 20 + slot / 51_200 % 200, slot / 200 % 256, 10 + slot % 200)
    }

    /// Whether the machine never asks for a lease.
    pub(crate) fn has_static_address(&self, machine: usize) -> bool {
        machine % 22 == 6
    }

    /// When the machine asks for its lease that day.
    pub(crate) fn lease_time(&self, machine: usize, day: u64) -> At {
        let mut rng = Rng::keyed(self.seed, Topic::Lease, &[u64::MAX, machine as u64, day]);
        self.start.plus(day as i64 * DAY + 6 * HOUR + rng.between(20 * MINUTE, 55 * MINUTE))
    }

    /// Someone with this role, or the first person.
    pub(crate) fn someone(&self, role: &str) -> &Person {
        let fits = |p: &&Person| p.role == role && p.store == Store::Mbox;
        self.people.iter().find(fits).unwrap_or(&self.people[0])
    }
}

/// What a machine calls itself.
pub(crate) fn machine_name(machine: usize) -> String {
    format!("pc-{machine:05}")
}

/// A locally administered hardware address.
pub(crate) fn hardware_address(machine: usize) -> String {
    let m = machine as u32;
    format!("02:00:5e:{:02x}:{:02x}:{:02x}", m >> 16 & 255, m >> 8 & 255, m & 255)
}

fn domain(seed: u64) -> &'static str {
    DOMAINS[(seed % 4) as usize]
}

/// A Monday between November 2020 and the end of 2021.
fn start(seed: u64) -> At {
    const FIRST_MONDAY: i64 = 18_568; // 2020-11-02, in days since 1970
    At((FIRST_MONDAY + 7 * ((seed % 60) as i64 * 7 % 60)) * DAY)
}

fn person(index: usize, machine: usize, shares: bool, rng: &mut Rng, plan: &Plan) -> Person {
    // The first twenty people meet every kind; sizes below that are for tests.
    let web = match index % 22 {
        6 | 17 => Web::Direct,
        3 | 15 => Web::ProxyAddress,
        10 => Web::DnsOnly,
        _ => Web::ProxyUser,
    };
    let store = match index % 20 {
        4 | 11 | 16 => Store::Cloud,
        7 | 18 => Store::Folder,
        8 if index < 100 => Store::Maildir,
        9 if index < 100 => Store::Loose,
        _ => Store::Mbox,
    };
    let given = GIVEN[index % GIVEN.len()];
    let family = FAMILY[(index / GIVEN.len() + index * 7) % FAMILY.len()];
    let number = if index < 400 { String::new() } else { (index / 400 + 1).to_string() };
    let local = format!("{given}.{family}{number}").to_lowercase();
    Person {
        index,
        name: format!("{given} {family}{number}"),
        email: format!("{local}@{}", domain(plan.seed)),
        account: format!("u{:05}", index + 101),
        lang: *rng.pick(&[0, 1, 1, 2, 2, 3]),
        role: role(index),
        machine,
        shares_machine: shares,
        web: if shares { Web::ProxyUser } else { web },
        store,
        listed: index % 15 != 12,
    }
}

fn role(index: usize) -> &'static str {
    match index % 12 {
        0 | 5 => "member",
        1 | 8 => "assistant",
        2 | 6 | 10 => "member: IPAC",
        3 => "press office",
        7 => "IT",
        4 | 9 => "committee: foreign affairs",
        _ => "committee: budget",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn world(people: u32) -> World {
        World::new(&Plan { people, days: 30, seed: 4 })
    }

    #[test]
    fn people_have_addresses_of_their_own() {
        let world = world(2000);
        let addresses: BTreeSet<&str> = world.people.iter().map(|p| p.email.as_str()).collect();
        assert_eq!(addresses.len(), 2000);
    }

    #[test]
    fn no_two_machines_hold_one_address_and_addresses_move() {
        let world = world(1000);
        for day in [0, 1, 3, 29] {
            let all: BTreeSet<String> =
                (0..world.machines).map(|m| world.address(m, day)).collect();
            assert_eq!(all.len(), world.machines);
        }
        assert_ne!(world.address(2, 0), world.address(2, 3));
    }

    #[test]
    fn sixty_people_meet_every_kind() {
        let world = world(60);
        for web in [Web::ProxyUser, Web::ProxyAddress, Web::Direct, Web::DnsOnly] {
            assert!(world.people.iter().any(|p| p.web == web), "{web:?}");
        }
        for store in [Store::Mbox, Store::Folder, Store::Maildir, Store::Loose, Store::Cloud] {
            assert!(world.people.iter().any(|p| p.store == store), "{store:?}");
        }
        assert!(world.people.iter().any(|p| !p.listed));
        assert!(world.people.iter().any(|p| p.shares_machine));
        assert!(world.start.civil().weekday == 0);
    }
}
