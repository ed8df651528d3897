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

/// What is known about the clients in question.
pub(crate) struct Identity<'p> {
    people: &'p People,
    leases: BTreeMap<String, Vec<Lease>>,
    /// People seen at an address by account name, by hour.
    habits: BTreeMap<(String, i64), BTreeSet<String>>,
}

impl<'p> Identity<'p> {
    /// Reads what the case knows about the addresses in `ips`; memory grows
    /// with them alone.
    pub(crate) fn read(
        records: &dyn Records,
        people: &'p People,
        ips: &BTreeSet<String>,
    ) -> Result<Self, ReadError> {
        let mut identity =
            Self { people, leases: read_leases(records, ips)?, habits: BTreeMap::new() };
        identity.read_habits(records, ips)?;
        Ok(identity)
    }

    fn read_habits(
        &mut self,
        records: &dyn Records,
        ips: &BTreeSet<String>,
    ) -> Result<(), ReadError> {
        let people = self.people;
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let fields = [Field::SrcIp, Field::UserName];
        let only = [Only { field: Field::SrcIp, values: ips }];
        narrow::scan(records, Class::Http, &fields, &only, &mut |stored| {
            let record = stored.record;
            let (Some(ip), Some(user)) =
                (record.get_text(Field::SrcIp), record.get_text(Field::UserName))
            else {
                return;
            };
            let Some(time) = record.time.filter(|_| ips.contains(ip)) else { return };
            if !names.contains_key(user) {
                names.insert(user.to_owned(), people.by_account(user));
            }
            let hour = time.at.0.div_euclid(3_600 * SECOND);
            let seen = self.habits.entry((ip.to_owned(), hour)).or_default();
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
        let hour = time.0.div_euclid(3_600 * SECOND);
        let around = hour - HABIT_HOURS..=hour + HABIT_HOURS;
        let seen = around.filter_map(|hour| self.habits.get(&(ip.to_owned(), hour))).flatten();
        let candidates: BTreeSet<String> = seen.cloned().collect();
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
        let leases = self.leases.get(ip)?;
        let before = leases.partition_point(|lease| lease.from <= time.plus_seconds(60));
        let latest = leases[..before].last()?;
        (time <= latest.until).then_some(latest)
    }
}

/// The leases of `ips`, by start; a nameless one takes the name that its
/// hardware address gave elsewhere, if it always gave the same.
fn read_leases(
    records: &dyn Records,
    ips: &BTreeSet<String>,
) -> Result<BTreeMap<String, Vec<Lease>>, ReadError> {
    let fields = [Field::LeasedIp, Field::LeaseDuration, Field::SrcMac, Field::SrcHostname];
    let mut leases: BTreeMap<String, Vec<Lease>> = BTreeMap::new();
    let only = [Only { field: Field::LeasedIp, values: ips }];
    narrow::scan(records, Class::Dhcp, &fields, &only, &mut |stored| {
        let record = stored.record;
        let ip = record.get_text(Field::LeasedIp).filter(|ip| ips.contains(*ip));
        let (Some(ip), Some(time)) = (ip, record.time) else { return };
        let seconds = record.get_integer(Field::LeaseDuration).filter(|seconds| *seconds > 0);
        leases.entry(ip.to_owned()).or_default().push(Lease {
            from: time.at,
            until: time.at.plus_seconds(seconds.unwrap_or(LEASE_ASSUMED)),
            mac: record.get_text(Field::SrcMac).map(str::to_owned),
            machine: record.get_text(Field::SrcHostname).map(str::to_owned),
            at: RecordRef::of(&stored),
        });
    })?;
    let nameless: BTreeSet<String> = leases
        .values()
        .flatten()
        .filter(|lease| lease.machine.is_none())
        .filter_map(|lease| lease.mac.clone())
        .collect();
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let only = [Only { field: Field::SrcMac, values: &nameless }];
    narrow::scan(records, Class::Dhcp, &fields[2..], &only, &mut |stored| {
        let record = stored.record;
        let mac = record.get_text(Field::SrcMac).filter(|mac| nameless.contains(*mac));
        if let (Some(mac), Some(name)) = (mac, record.get_text(Field::SrcHostname)) {
            names.entry(mac.to_owned()).or_default().insert(name.to_owned());
        }
    })?;
    for lease in leases.values_mut().flatten().filter(|lease| lease.machine.is_none()) {
        let given = lease.mac.as_ref().and_then(|mac| names.get(mac));
        lease.machine = given.filter(|all| all.len() == 1).and_then(|all| all.first().cloned());
    }
    leases.values_mut().for_each(|all| all.sort_by(|a, b| (a.from, &a.at).cmp(&(b.from, &b.at))));
    Ok(leases)
}
