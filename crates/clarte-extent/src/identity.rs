//! Who was behind a network client at a moment: by account name, by address
//! lease, by the list of people, by the habits of the address.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{Only, ReadError, Records};
use clarte_model::time::SECOND;
use clarte_model::{Class, Field, Record, Timestamp};

use crate::cite::RecordRef;
use crate::narrow;
use crate::people::{People, machine_form};

/// Seconds that a lease holds where its log does not say how long.
const LEASE_ASSUMED: i64 = 86_400;

/// How far, in hours, account names seen at an address speak for it.
const HABIT_HOURS: i64 = 1;

/// How long, in hours, a sign-in at a machine speaks for it.
const LOGON_HOURS: i64 = 24;

/// Ways to sign in of somebody who sits at the machine, or works on it from
/// elsewhere.
const SEATED: &[&str] = &["interactive", "unlock", "remote-interactive", "cached-interactive"];

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
    /// People who sat down at a machine that no list of people names, by its
    /// name and the hour.
    logons: BTreeMap<String, BTreeMap<i64, BTreeSet<String>>>,
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
        let (habits, logons) = (BTreeMap::new(), BTreeMap::new());
        let mut identity = Self { people, leases, habits, logons };
        identity.read_habits(records, acts, &ips)?;
        identity.read_logons(records)?;
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
        let fields = [Field::SrcIp, Field::UserName, Field::TargetUser, Field::UserEmail];
        let only = [Only { field: Field::SrcIp, values: ips }];
        for class in [Class::Http, Class::Authentication] {
            narrow::scan(records, class, &fields, &only, &mut |stored| {
                let record = stored.record;
                let (Some(ip), Some(user), Some(time)) =
                    (record.get_text(Field::SrcIp), account(record), record.time)
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
            })?;
        }
        Ok(())
    }

    /// Reads who sat down at the machines that leases name and no list does.
    fn read_logons(&mut self, records: &dyn Records) -> Result<(), ReadError> {
        let leases = self.leases.values().flat_map(|leases| leases.latest.values());
        let machines = leases.filter_map(|lease| lease.machine.as_deref());
        let unknown = machines.filter(|machine| self.people.by_host(machine).is_empty());
        self.logons = unknown.map(|machine| (machine_form(machine), BTreeMap::new())).collect();
        if self.logons.is_empty() {
            return Ok(());
        }
        let fields = [
            Field::DeviceHostname,
            Field::LogonType,
            Field::Status,
            Field::UserName,
            Field::TargetUser,
            Field::UserEmail,
        ];
        records.scan(Class::Authentication, &fields, &[], &mut |stored| {
            let record = stored.record;
            let kind = record.get_text(Field::LogonType).unwrap_or_default();
            let failed = record.get_text(Field::Status) == Some("failure");
            if failed || !SEATED.contains(&kind) {
                return;
            }
            let (Some(machine), Some(user), Some(time)) =
                (record.get_text(Field::DeviceHostname), account(record), record.time)
            else {
                return;
            };
            let Some(hours) = self.logons.get_mut(&machine_form(machine)) else { return };
            let people = self.people.by_account(user);
            hours.entry(hour_of(time.at)).or_default().extend(people);
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
            if let Some(time) = time
                && let Some(who) = self.by_logon(machine, time, lease)
            {
                return who;
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

    /// The one person who sat down at a machine in the day before, if it was
    /// one.
    fn by_logon(&self, machine: &str, time: Timestamp, lease: &Lease) -> Option<Who> {
        let hours = self.logons.get(&machine_form(machine))?;
        let day = hours.range(hour_of(time) - LOGON_HOURS..=hour_of(time));
        let candidates: BTreeSet<String> = day.flat_map(|(_, people)| people).cloned().collect();
        (candidates.len() == 1).then(|| Who {
            candidates,
            how: format!("the only account that signed in at {machine} in the day before"),
            confidence: 0.9,
            shown_by: vec![lease.at.clone()],
        })
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

/// The account of a record: who signed in, else who asked.
fn account<'r>(record: &'r Record<'_>) -> Option<&'r str> {
    let fields = [Field::UserEmail, Field::TargetUser, Field::UserName];
    fields.into_iter().find_map(|field| record.get_text(field))
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
