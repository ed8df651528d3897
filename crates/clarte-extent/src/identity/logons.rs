//! Who sat at a machine, or worked on it from elsewhere, by its own log.
//!
//! A sign-in speaks until the same account signs off, at most for a day; an
//! unlocked screen is somebody at the machine too. What Windows closes by itself
//! (the sign-in that an unlocking is, accesses over the network) says nothing of
//! who left.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{ReadError, Records};
use clarte_model::{Class, Field, Record, Timestamp};

use super::account;
use crate::cite::RecordRef;
use crate::people::{People, machine_form};

/// How long, in seconds, a sign-in speaks for a machine.
const SPEAKS: i64 = 86_400;

/// Ways to sign in of somebody who sits at the machine, or works on it from
/// elsewhere.
const SEATED: &[&str] = &["interactive", "unlock", "remote-interactive", "cached-interactive"];

/// What Windows writes when somebody signs off or is cut off.
const LEFT: &[&str] = &["4634", "4647", "4779", "24"];

/// The sign-ins of machines, by name and time.
#[derive(Debug, Default)]
pub(super) struct Logons(BTreeMap<String, BTreeMap<(Timestamp, RecordRef), Event>>);

#[derive(Debug)]
struct Event {
    people: BTreeSet<String>,
    session: Option<String>,
    has_left: bool,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(super) struct Seated {
    pub(super) since: Timestamp,
    pub(super) at: RecordRef,
}

const FIELDS: &[Field] = &[
    Field::DeviceHostname,
    Field::LogonType,
    Field::SessionUid,
    Field::EventCode,
    Field::Status,
    Field::UserName,
    Field::TargetUser,
    Field::UserEmail,
];

impl Logons {
    /// Reads the sign-ins of `machines`.
    pub(super) fn read(
        records: &dyn Records,
        people: &People,
        machines: BTreeSet<String>,
    ) -> Result<Self, ReadError> {
        let mut all: BTreeMap<_, _> =
            machines.into_iter().map(|machine| (machine, BTreeMap::new())).collect();
        if all.is_empty() {
            return Ok(Self::default());
        }
        records.scan(Class::Authentication, FIELDS, &[], &mut |stored| {
            let record = stored.record;
            let Some(has_left) = has_left(record) else { return };
            let (Some(machine), Some(user), Some(time)) =
                (record.get_text(Field::DeviceHostname), account(record), record.time)
            else {
                return;
            };
            let Some(events) = all.get_mut(&machine_form(machine)) else { return };
            let people = people.by_account(user);
            if !people.is_empty() {
                let session = record.get_text(Field::SessionUid).map(str::to_owned);
                let event = Event { people, session, has_left };
                events.insert((time.at, RecordRef::of(&stored)), event);
            }
        })?;
        Ok(Self(all))
    }

    /// Who is signed in at a machine, and since when.
    pub(super) fn at(&self, machine: &str, time: Timestamp) -> BTreeMap<&str, Seated> {
        let mut seated: BTreeMap<(&str, Option<&str>), Seated> = BTreeMap::new();
        let Some(events) = self.0.get(&machine_form(machine)) else { return BTreeMap::new() };
        let from = time.plus_seconds(-SPEAKS);
        for ((at, place), event) in events.iter().filter(|((at, _), _)| (from..=time).contains(at))
        {
            let session = event.session.as_deref();
            for person in &event.people {
                if event.has_left {
                    // Without a session's id it is not known which was left.
                    seated.retain(|(who, of), _| {
                        *who != person || session.is_some() && of.is_some() && *of != session
                    });
                } else {
                    let now = Seated { since: *at, at: place.clone() };
                    seated.insert((person.as_str(), session), now);
                }
            }
        }
        let mut people: BTreeMap<&str, Seated> = BTreeMap::new();
        for ((person, _), now) in seated {
            match people.get(person) {
                Some(known) if known.since >= now.since => {}
                _ => drop(people.insert(person, now)),
            }
        }
        people
    }
}

/// Whether the record says that somebody left the machine, or sat down at it;
/// `None` where it says neither.
fn has_left(record: &Record<'_>) -> Option<bool> {
    let kind = record.get_text(Field::LogonType);
    let is_seated = kind.is_some_and(|kind| SEATED.contains(&kind));
    if record.get_text(Field::EventCode).is_some_and(|code| LEFT.contains(&code)) {
        let is_it = kind.is_none() || is_seated && kind != Some("unlock");
        return is_it.then_some(true);
    }
    let failed = record.get_text(Field::Status) == Some("failure");
    (is_seated && !failed).then_some(false)
}
