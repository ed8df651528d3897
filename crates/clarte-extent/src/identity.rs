//! Who was behind a network client at a moment: by account name, by address
//! lease, by the list of people, by the habits of the address.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{Only, ReadError, Records};
use clarte_model::time::SECOND;
use clarte_model::{Class, Field, Timestamp};

use crate::cite::RecordRef;
use crate::narrow;
use crate::people::People;

/// Seconds that a lease holds where its log does not say how long.
const LEASE_ASSUMED: i64 = 86_400;

/// How far, in hours, account names seen at an address speak for it.
const HABIT_HOURS: i64 = 1;

/// Who may have been behind a client.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Who {
    /// Addresses of people; several where the sources do not tell them apart.
    pub(crate) candidates: BTreeSet<String>,
    /// How we know, in words; empty where we do not.
    pub(crate) how: String,
    /// How far the way of knowing can be trusted, from 0 to 1.
    pub(crate) confidence: f64,
    /// Records that show it.
    pub(crate) shown_by: Vec<RecordRef>,
}

impl Who {
    /// The one person it was, if it was one.
    pub(crate) fn one(&self) -> Option<&str> {
        let mut all = self.candidates.iter();
        all.next().filter(|_| all.next().is_none()).map(String::as_str)
    }
}

#[derive(Debug, Clone)]
struct Lease {
    from: Timestamp,
    until: Timestamp,
    mac: Option<String>,
    machine: Option<String>,
    at: RecordRef,
}

/// The addresses in question, and when each acted.
pub(crate) type Acts = BTreeMap<String, BTreeSet<Timestamp>>;

/// What is known about the clients in question, at the times in question:
/// memory grows with their acts alone.
pub(crate) struct Identity<'p> {
    people: &'p People,
    leases: BTreeMap<String, Leases>,
    /// People seen at an address by account name, by the hours around its
    /// acts.
    habits: BTreeMap<String, BTreeMap<i64, BTreeSet<String>>>,
}

/// The leases of one address that its acts could rest on.
#[derive(Debug, Default)]
struct Leases {
    /// Of those that begin between one act and the next the latest, by the
    /// first act that it precedes.
    latest: BTreeMap<Timestamp, Lease>,
}

/// Seconds by which a lease may begin after the act that it explains: two
/// machines' clocks.
const LEASE_SLACK: i64 = 60;

impl Leases {
    fn add(&mut self, acts: &BTreeSet<Timestamp>, lease: Lease) {
        let from = lease.from.plus_seconds(-LEASE_SLACK);
        let Some(act) = acts.range(from..).next() else { return };
        match self.latest.get_mut(act) {
            Some(known) if (known.from, &known.at) >= (lease.from, &lease.at) => {}
            Some(known) => *known = lease,
            None => drop(self.latest.insert(*act, lease)),
        }
    }

    /// The latest lease that begins before an act, if it still holds then.
    fn at(&self, act: Timestamp) -> Option<&Lease> {
        // What precedes a later act begins later.
        let (_, latest) = self.latest.range(..=act).next_back()?;
        (act <= latest.until).then_some(latest)
    }
}

impl<'p> Identity<'p> {
    /// Reads what the case knows about the addresses in `acts`.
    pub(crate) fn read(
        records: &dyn Records,
        people: &'p People,
        acts: &Acts,
    ) -> Result<Self, ReadError> {
        let ips: BTreeSet<String> = acts.keys().cloned().collect();
        let leases = read_leases(records, acts, &ips)?;
        let mut identity = Self { people, leases, habits: BTreeMap::new() };
        identity.read_habits(records, acts, &ips)?;
        Ok(identity)
    }

    fn read_habits(
        &mut self,
        records: &dyn Records,
        acts: &Acts,
        ips: &BTreeSet<String>,
    ) -> Result<(), ReadError> {
        let people = self.people;
        for (ip, times) in acts {
            let hours = times.iter().flat_map(|time| hours_around(*time));
            let hours = hours.map(|hour| (hour, BTreeSet::new())).collect();
            self.habits.insert(ip.clone(), hours);
        }
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let fields = [Field::SrcIp, Field::UserName];
        let only = [Only { field: Field::SrcIp, values: ips }];
        narrow::scan(records, Class::Http, &fields, &only, &mut |stored| {
            let record = stored.record;
            let (Some(ip), Some(user), Some(time)) =
                (record.get_text(Field::SrcIp), record.get_text(Field::UserName), record.time)
            else {
                return;
            };
            let hours = self.habits.get_mut(ip);
            let Some(seen) = hours.and_then(|hours| hours.get_mut(&hour_of(time.at))) else {
                return;
            };
            if !names.contains_key(user) {
                names.insert(user.to_owned(), people.by_account(user));
            }
            seen.extend(names.get(user).into_iter().flatten().cloned());
        })
    }

    /// Who was behind a client that gave `user` as its account name, or had
    /// the address `ip`, at `time`.
    pub(crate) fn who(&self, user: Option<&str>, ip: Option<&str>, time: Option<Timestamp>) -> Who {
        if let Some(user) = user {
            let candidates = self.people.by_account(user);
            if !candidates.is_empty() {
                let how = format!("account name {user} in the log");
                return Who { candidates, how, confidence: 1.0, shown_by: Vec::new() };
            }
        }
        let Some(ip) = ip else { return Who::default() };
        let lease = time.and_then(|time| self.lease(ip, time));
        if let Some(lease) = lease
            && let Some(machine) = &lease.machine
        {
            let candidates = self.people.by_host(machine);
            if !candidates.is_empty() {
                let how = format!("{ip} was leased to {machine} at that time");
                let shown_by = vec![lease.at.clone()];
                return Who { candidates, how, confidence: 0.97, shown_by };
            }
        }
        // A fixed address in the list of people holds unless leases say that
        // the address wanders.
        let fixed = self.people.by_host(ip);
        if !fixed.is_empty() && !self.leases.contains_key(ip) {
            let how = format!("{ip} in the list of people");
            return Who { candidates: fixed, how, confidence: 0.95, shown_by: Vec::new() };
        }
        self.by_habit(ip, time)
    }

    fn by_habit(&self, ip: &str, time: Option<Timestamp>) -> Who {
        let Some(time) = time else { return Who::default() };
        let hours = self.habits.get(ip);
        let around = hours_around(time).filter_map(|hour| hours?.get(&hour));
        let candidates: BTreeSet<String> = around.flatten().cloned().collect();
        match candidates.len() {
            1 => Who {
                candidates,
                how: format!("the only account name seen at {ip} around that time"),
                confidence: 0.85,
                shown_by: Vec::new(),
            },
            // Several people behind one address: a proxy, gateway or NAT.
            _ => Who::default(),
        }
    }

    fn lease(&self, ip: &str, time: Timestamp) -> Option<&Lease> {
        self.leases.get(ip)?.at(time)
    }
}

fn hour_of(time: Timestamp) -> i64 {
    time.0.div_euclid(3_600 * SECOND)
}

/// The hours in which account names speak for an act.
fn hours_around(time: Timestamp) -> std::ops::RangeInclusive<i64> {
    hour_of(time) - HABIT_HOURS..=hour_of(time) + HABIT_HOURS
}

/// The leases of `ips`; a nameless one takes the name that its hardware
/// address gave elsewhere, if it always gave the same.
fn read_leases(
    records: &dyn Records,
    acts: &Acts,
    ips: &BTreeSet<String>,
) -> Result<BTreeMap<String, Leases>, ReadError> {
    let fields = [Field::LeasedIp, Field::LeaseDuration, Field::SrcMac, Field::SrcHostname];
    let mut leases: BTreeMap<String, Leases> = BTreeMap::new();
    let only = [Only { field: Field::LeasedIp, values: ips }];
    narrow::scan(records, Class::Dhcp, &fields, &only, &mut |stored| {
        let record = stored.record;
        let ip = record.get_text(Field::LeasedIp);
        let (Some(ip), Some(time)) = (ip, record.time) else { return };
        let Some(times) = acts.get(ip) else { return };
        let seconds = record.get_integer(Field::LeaseDuration).filter(|seconds| *seconds > 0);
        let lease = Lease {
            from: time.at,
            until: time.at.plus_seconds(seconds.unwrap_or(LEASE_ASSUMED)),
            mac: record.get_text(Field::SrcMac).map(str::to_owned),
            machine: record.get_text(Field::SrcHostname).map(str::to_owned),
            at: RecordRef::of(&stored),
        };
        // That an address has leases at all says that it wanders.
        leases.entry(ip.to_owned()).or_default().add(times, lease);
    })?;
    let all = |leases: &mut BTreeMap<String, Leases>, each: &mut dyn FnMut(&mut Lease)| {
        let leases = leases.values_mut().flat_map(|leases| leases.latest.values_mut());
        leases.filter(|lease| lease.machine.is_none()).for_each(each);
    };
    let mut nameless = BTreeSet::new();
    all(&mut leases, &mut |lease| nameless.extend(lease.mac.clone()));
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let only = [Only { field: Field::SrcMac, values: &nameless }];
    narrow::scan(records, Class::Dhcp, &fields[2..], &only, &mut |stored| {
        let record = stored.record;
        let mac = record.get_text(Field::SrcMac).filter(|mac| nameless.contains(*mac));
        if let (Some(mac), Some(name)) = (mac, record.get_text(Field::SrcHostname)) {
            names.entry(mac.to_owned()).or_default().insert(name.to_owned());
        }
    })?;
    all(&mut leases, &mut |lease| {
        let given = lease.mac.as_ref().and_then(|mac| names.get(mac));
        lease.machine = given.filter(|all| all.len() == 1).and_then(|all| all.first().cloned());
    });
    Ok(leases)
}
