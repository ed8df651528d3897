//! Which machine had an address, by address leases.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{Only, ReadError, Records};
use clarte_model::{Class, Field, Timestamp};

use super::Acts;
use crate::cite::RecordRef;
use crate::narrow;

/// Seconds that a lease holds where its log does not say how long.
const LEASE_ASSUMED: i64 = 86_400;

/// Seconds by which a lease may begin after the act that it explains: two
/// machines' clocks.
const LEASE_SLACK: i64 = 60;

#[derive(Debug, Clone)]
pub(super) struct Lease {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) mac: Option<String>,
    pub(super) machine: Option<String>,
    pub(super) at: RecordRef,
}

/// The leases of the addresses in question, and what else their machines are
/// called.
#[derive(Debug, Default)]
pub(super) struct Leases {
    by_ip: BTreeMap<String, OfAddress>,
    /// The names that a hardware address gave, each with a record that shows it.
    names: BTreeMap<String, BTreeMap<String, RecordRef>>,
}

/// The leases of one address that its acts could rest on.
#[derive(Debug, Default)]
struct OfAddress {
    /// Of those that begin between one act and the next the latest, by the
    /// first act that it precedes.
    latest: BTreeMap<Timestamp, Lease>,
}

impl OfAddress {
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

impl Leases {
    /// The leases of `ips`; a nameless one takes the name that its hardware
    /// address gave elsewhere, if it always gave the same.
    pub(super) fn read(
        records: &dyn Records,
        acts: &Acts,
        ips: &BTreeSet<String>,
    ) -> Result<Self, ReadError> {
        let fields = [Field::LeasedIp, Field::LeaseDuration, Field::SrcMac, Field::SrcHostname];
        let mut by_ip: BTreeMap<String, OfAddress> = BTreeMap::new();
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
            by_ip.entry(ip.to_owned()).or_default().add(times, lease);
        })?;
        let mut leases = Self { by_ip, names: BTreeMap::new() };
        leases.read_names(records, &fields[2..])?;
        let names = std::mem::take(&mut leases.names);
        let all = leases.by_ip.values_mut().flat_map(|leases| leases.latest.values_mut());
        for lease in all.filter(|lease| lease.machine.is_none()) {
            let given = lease.mac.as_ref().and_then(|mac| names.get(mac));
            let sole = given.filter(|all| all.len() == 1).and_then(|all| all.keys().next());
            lease.machine = sole.cloned();
        }
        leases.names = names;
        Ok(leases)
    }

    fn read_names(&mut self, records: &dyn Records, fields: &[Field]) -> Result<(), ReadError> {
        let macs: BTreeSet<String> = self.all().filter_map(|lease| lease.mac.clone()).collect();
        let only = [Only { field: Field::SrcMac, values: &macs }];
        let names = &mut self.names;
        narrow::scan(records, Class::Dhcp, fields, &only, &mut |stored| {
            let record = stored.record;
            let mac = record.get_text(Field::SrcMac).filter(|mac| macs.contains(*mac));
            let (Some(mac), Some(name)) = (mac, record.get_text(Field::SrcHostname)) else {
                return;
            };
            let names = names.entry(mac.to_owned()).or_default();
            let at = RecordRef::of(&stored);
            let first = names.entry(name.to_owned()).or_insert_with(|| at.clone());
            if at < *first {
                *first = at;
            }
            // Whoever forges an address forges names; which are left does not
            // depend on the order of records.
            if names.len() > NAMES {
                names.pop_last();
            }
        })
    }

    fn all(&self) -> impl Iterator<Item = &Lease> {
        self.by_ip.values().flat_map(|leases| leases.latest.values())
    }

    /// Every machine that a lease names.
    pub(super) fn machines(&self) -> impl Iterator<Item = &str> {
        self.all().filter_map(|lease| lease.machine.as_deref())
    }

    /// Whether the address is leased at all.
    pub(super) fn has(&self, ip: &str) -> bool {
        self.by_ip.contains_key(ip)
    }

    pub(super) fn at(&self, ip: &str, time: Timestamp) -> Option<&Lease> {
        self.by_ip.get(ip)?.at(time)
    }

    /// What else the machine of a lease was called, and where.
    pub(super) fn other_names(&self, lease: &Lease) -> impl Iterator<Item = (&str, &RecordRef)> {
        let names = lease.mac.as_ref().and_then(|mac| self.names.get(mac)).into_iter().flatten();
        let own = lease.machine.as_deref();
        names.map(|(name, at)| (name.as_str(), at)).filter(move |(name, _)| own != Some(*name))
    }
}

/// How many names of one hardware address are told apart.
const NAMES: usize = 64;
