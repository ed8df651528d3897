//! Who was behind a network client at a moment: by account name, by address
//! lease and who was signed in at the machine, by the list of people, by the
//! accounts used at the address.
//!
//! Several people may come into question. Where the sources name all of them
//! (two accounts are signed in, a list gives a machine to two) it was one of
//! these; where they do not (an address that a whole office shares) it may have
//! been anybody. Each has a weight, and nothing is proven of any but the only
//! one.

mod habits;
mod leases;
mod logons;

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{ReadError, Records};
use clarte_model::time::SECOND;
use clarte_model::{Field, Record, Timestamp};

use self::habits::Habits;
use self::leases::{Lease, Leases};
use self::logons::Logons;
use crate::answer;
use crate::cite::{Places, RecordRef, cite, round, sort_unique};
use crate::people::{People, machine_form};

/// Who may have been behind a client.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Who {
    /// Addresses of people with their weights, which sum to 1; several where
    /// the sources do not tell them apart.
    pub(crate) candidates: BTreeMap<String, f64>,
    /// Others may have been behind it as well.
    pub(crate) is_open: bool,
    /// Several people use the address or the machine at once.
    pub(crate) shared: bool,
    /// How we know, in words; empty where we do not.
    pub(crate) how: String,
    /// How far the way of knowing can be trusted, from 0 to 1.
    pub(crate) confidence: f64,
    /// Records that show it.
    pub(crate) shown_by: Vec<RecordRef>,
    /// The machine that had the address.
    pub(crate) machine: Option<String>,
    /// Its hardware address.
    pub(crate) mac: Option<String>,
}

impl Who {
    /// The one person it was, if it was one.
    pub(crate) fn one(&self) -> Option<&str> {
        let mut all = self.known();
        all.next().filter(|_| all.next().is_none())
    }

    /// Those of whom it was one; nobody where it may have been others.
    pub(crate) fn known(&self) -> impl Iterator<Item = &str> {
        self.candidates.keys().map(String::as_str).filter(|_| !self.is_open)
    }

    /// Whether it was one of these, this person among them.
    pub(crate) fn may_be(&self, person: &str) -> bool {
        self.known().any(|known| known == person)
    }

    /// Who else it may have been, where it was not one person.
    pub(crate) fn doubt(&self) -> Option<String> {
        if self.candidates.is_empty() || self.one().is_some() {
            return None;
        }
        let mut all: Vec<_> = self.candidates.iter().collect();
        all.sort_by(|a, b| b.1.total_cmp(a.1).then(a.0.cmp(b.0)));
        let told: Vec<_> = all
            .iter()
            .take(TOLD)
            .map(|(person, weight)| format!("{person} ({:.2})", round(**weight)))
            .collect();
        let more = if all.len() > TOLD { ", …" } else { "" };
        let others = if self.is_open { " or somebody else" } else { "" };
        Some(format!("it may have been {}{more}{others}: {}", told.join(", "), self.how))
    }
}

/// How many people a sentence names.
const TOLD: usize = 5;

/// The addresses in question, and when each acted.
pub(crate) type Acts = BTreeMap<String, BTreeSet<Timestamp>>;

/// What is known about the clients in question, at the times in question:
/// memory grows with their acts alone.
pub(crate) struct Identity<'p> {
    people: &'p People,
    leases: Leases,
    logons: Logons,
    habits: Habits,
}

impl<'p> Identity<'p> {
    /// Reads what the case knows about the addresses in `acts`.
    pub(crate) fn read(
        records: &dyn Records,
        people: &'p People,
        acts: &Acts,
    ) -> Result<Self, ReadError> {
        let ips: BTreeSet<String> = acts.keys().cloned().collect();
        let leases = Leases::read(records, acts, &ips)?;
        let habits = Habits::read(records, people, acts, &ips)?;
        let machines = leases.machines().map(machine_form).collect();
        let logons = Logons::read(records, people, machines)?;
        Ok(Self { people, leases, logons, habits })
    }

    /// Who was behind a client that gave `user` as its account name, or had
    /// the address `ip`, at `time`.
    pub(crate) fn who(&self, user: Option<&str>, ip: Option<&str>, time: Option<Timestamp>) -> Who {
        if let Some(user) = user {
            let candidates = equally(self.people.by_account(user));
            if !candidates.is_empty() {
                let how = format!("account name {user} in the log");
                return Who { candidates, how, confidence: 1.0, ..Who::default() };
            }
        }
        let Some(ip) = ip else { return Who::default() };
        let lease = time.and_then(|time| Some((time, self.leases.at(ip, time)?)));
        let mut who = match lease {
            Some((time, lease)) => self.by_lease(ip, time, lease),
            // A fixed address in the list of people holds unless leases say
            // that the address wanders.
            None if !self.leases.has(ip) => self.by_list(ip),
            None => Who::default(),
        };
        if who.candidates.is_empty()
            && let Some(time) = time
        {
            who = self.habits.who(ip, time);
        }
        if let Some((_, lease)) = lease {
            who.machine.clone_from(&lease.machine);
            who.mac.clone_from(&lease.mac);
        }
        who
    }

    fn by_lease(&self, ip: &str, time: Timestamp, lease: &Lease) -> Who {
        let machine = lease.machine.as_deref();
        let Some(machine) = machine else { return self.by_other_names(lease) };
        let listed = self.people.by_host(machine);
        let who = self.by_logon(machine, time, lease, &listed);
        if !who.candidates.is_empty() {
            return who;
        }
        if listed.is_empty() {
            return self.by_other_names(lease);
        }
        let how = format!("{ip} was leased to {machine} at that time");
        let mut shown_by = vec![lease.at.clone()];
        shown_by.extend(self.people.listed_at(&listed));
        let shared = listed.len() > 1;
        let candidates = equally(listed);
        Who { candidates, shared, how, confidence: 0.97, shown_by, ..Who::default() }
    }

    /// Who was signed in at the machine, whoever's it is.
    fn by_logon(
        &self,
        machine: &str,
        time: Timestamp,
        lease: &Lease,
        listed: &BTreeSet<String>,
    ) -> Who {
        let seated = self.logons.at(machine, time);
        if seated.is_empty() {
            return Who::default();
        }
        let mut by_recency: Vec<_> = seated.iter().collect();
        by_recency.sort_by(|a, b| b.1.since.cmp(&a.1.since).then(a.0.cmp(b.0)));
        let mut shown_by = vec![lease.at.clone()];
        shown_by.extend(by_recency.iter().map(|(_, seated)| seated.at.clone()));
        shown_by.truncate(1 + TOLD);
        // Who sat down last is the likeliest to sit there.
        let weights = (1..=by_recency.len()).map(|rank| 1.0 / rank as f64);
        let all: f64 = weights.clone().sum();
        let people = by_recency.iter().map(|(person, _)| (**person).to_owned());
        let candidates: BTreeMap<_, _> = people.zip(weights.map(|weight| weight / all)).collect();
        let is_theirs = candidates.keys().all(|person| listed.contains(person));
        let whose: Vec<_> = listed.iter().map(String::as_str).collect();
        let (how, confidence) = match (candidates.len(), is_theirs, listed.is_empty()) {
            (1, true, _) => (format!("signed in at {machine} at that time, which is theirs"), 0.97),
            (1, _, true) => (format!("the only account signed in at {machine} at that time"), 0.9),
            (1, ..) => {
                let whose = whose.join(", ");
                let how = format!("signed in at {machine} at that time, the machine of {whose}");
                (how, 0.8)
            }
            _ => (format!("all were signed in at {machine} at that time"), 0.9),
        };
        let shared = candidates.len() > 1;
        Who { candidates, shared, how, confidence, shown_by, ..Who::default() }
    }

    /// Whose the machine is by the names that its hardware address gave at
    /// other times.
    fn by_other_names(&self, lease: &Lease) -> Who {
        let (mut people, mut names) = (BTreeSet::new(), Vec::new());
        let mut shown_by = vec![lease.at.clone()];
        for (name, at) in self.leases.other_names(lease) {
            let listed = self.people.by_host(name);
            if !listed.is_empty() {
                people.extend(listed);
                names.push(name);
                shown_by.push(at.clone());
            }
        }
        if people.is_empty() {
            return Who::default();
        }
        shown_by.truncate(1 + TOLD);
        names.truncate(TOLD);
        let names = names.join(", ");
        let how = format!("the hardware address of the lease gave the name {names} elsewhere");
        Who { candidates: equally(people), how, confidence: 0.85, shown_by, ..Who::default() }
    }

    fn by_list(&self, ip: &str) -> Who {
        let listed = self.people.by_host(ip);
        if listed.is_empty() {
            return Who::default();
        }
        let shown_by = self.people.listed_at(&listed).collect();
        let how = format!("{ip} in the list of people");
        Who { candidates: equally(listed), how, confidence: 0.95, shown_by, ..Who::default() }
    }

    /// What is known of every address that acted, acts of which the same is
    /// known as one.
    pub(crate) fn told(&self, acts: &Acts, places: &Places) -> Vec<answer::Identity> {
        let mut all = Vec::new();
        for (ip, times) in acts {
            let mut current: Option<(answer::Identity, Vec<RecordRef>)> = None;
            for time in times {
                let who = self.who(None, Some(ip), Some(*time));
                let told = tell(ip, *time, &who);
                match &mut current {
                    Some((known, shown_by)) if is_same(known, &told) => {
                        known.to = told.to;
                        shown_by.extend(who.shown_by);
                    }
                    current => all.extend(current.replace((told, who.shown_by))),
                }
            }
            all.extend(current);
        }
        let is_known = |known: &answer::Identity| {
            !known.people.is_empty()
                || known.machine.is_some()
                || known.mac.is_some()
                || known.shared
        };
        all.retain(|(known, _)| is_known(known));
        let cited = |(mut known, mut shown_by): (answer::Identity, Vec<RecordRef>)| {
            sort_unique(&mut shown_by);
            known.spans = shown_by.iter().take(CITED).map(|at| cite(at.span(), places)).collect();
            known
        };
        all.into_iter().map(cited).collect()
    }
}

/// How many records an interval cites.
const CITED: usize = 8;

fn tell(ip: &str, time: Timestamp, who: &Who) -> answer::Identity {
    let candidate = |(identity, weight): (&String, &f64)| answer::Candidate {
        identity: identity.clone(),
        weight: round(*weight),
    };
    let mut people: Vec<_> = who.candidates.iter().map(candidate).collect();
    people.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.identity.cmp(&b.identity)));
    answer::Identity {
        address: ip.to_owned(),
        machine: who.machine.clone(),
        mac: who.mac.clone(),
        from: Some(time),
        to: Some(time),
        people,
        shared: who.shared,
        how: who.how.clone(),
        confidence: round(who.confidence),
        spans: Vec::new(),
    }
}

fn is_same(a: &answer::Identity, b: &answer::Identity) -> bool {
    (&a.machine, &a.mac, &a.people, a.shared, &a.how)
        == (&b.machine, &b.mac, &b.people, b.shared, &b.how)
}

/// People of whom none is likelier than another.
fn equally(people: BTreeSet<String>) -> BTreeMap<String, f64> {
    let weight = 1.0 / people.len() as f64;
    people.into_iter().map(|person| (person, weight)).collect()
}

/// The account of a record: who signed in, else who asked.
fn account<'r>(record: &'r Record<'_>) -> Option<&'r str> {
    let fields = [Field::UserEmail, Field::TargetUser, Field::UserName];
    fields.into_iter().find_map(|field| record.get_text(field))
}

fn hour_of(time: Timestamp) -> i64 {
    time.0.div_euclid(3_600 * SECOND)
}
