//! The cloud: message trace, audit log and sign-ins, and an ordinary day there.

use std::path::Path;

use crate::RangeError;
use crate::calendar::{At, DAY, HOUR, MINUTE, SECOND};
use crate::mail::Draft;
use crate::rng::{Rng, Topic};
use crate::takeover::{self, OFFICE, What, Who};
use crate::variety::Variety;
use crate::world::{Person, World};
use crate::writers::audit::{self, Audit, Audited};
use crate::writers::signin::{SignIn, SignIns};
use crate::writers::trace::{Passage, Trace};

use super::Run;

/// The logs of the tenant.
pub(super) struct Cloud {
    trace: Trace,
    audit: Audit,
    sign_ins: SignIns,
}

impl Cloud {
    pub(super) fn new(world: &World, v: &Variety, folder: &Path) -> Result<Self, RangeError> {
        let style = audit::Style {
            form: v.audit,
            pack: v.audit_pack,
            overlaps: v.audit_overlaps,
            has_hole: v.audit_has_hole,
        };
        let (m365, entra) = (folder.join("m365"), folder.join("entra"));
        Ok(Self {
            trace: Trace::new(&m365, v.trace, v.trace_pack)?,
            audit: Audit::new(&m365, style, world.seed, world.start),
            sign_ins: SignIns::new(&entra, v.sign_ins, v.sign_ins_pack, world.seed)?,
        })
    }

    /// A mail that arrived for somebody whose mailbox is there.
    pub(super) fn received(&mut self, seed: u64, draft: &Draft) {
        let passage = Passage {
            at: draft.at,
            from: &draft.from,
            to: &draft.to,
            subject: &draft.subject,
            message_id: &draft.message_id,
            ip: &draft.client.1,
            leaves: false,
            bytes: None,
        };
        self.trace.passed(seed, &passage);
    }

    pub(super) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        self.trace.flush(moment)?;
        self.audit.flush(moment)?;
        self.sign_ins.flush(moment)
    }

    /// Closes the files, and says whether the audit log has a hole.
    pub(super) fn finish(mut self) -> Result<bool, RangeError> {
        self.trace.finish()?;
        self.audit.finish()?;
        self.sign_ins.finish()?;
        Ok(self.audit.has_hole())
    }
}

/// Records of reading after which Exchange writes none for a day.
/// Spec: <https://learn.microsoft.com/purview/audit-log-investigate-accounts>
const THROTTLE: i64 = 1_000;

impl Run<'_> {
    /// Writes down what was done in an account.
    pub(super) fn account(&mut self, person: usize, at: At, ip: &str, what: &What, who: Who) {
        let person = &self.world.people[person];
        let Some(cloud) = &mut self.cloud else {
            return;
        };
        if matches!(what, What::SignIn | What::FailedSignIn) {
            cloud.sign_ins.log(&SignIn {
                at,
                name: &person.name,
                user: &person.email,
                ip,
                is_interactive: true,
                failed: *what == What::FailedSignIn,
            });
        }
        let is_kept = who != Who::Owner || matches!(what, What::Rule(_));
        cloud.audit.log(&Audited { at, user: &person.email, ip, what, is_kept });
    }

    /// A mail that a rule passes on leaves the cloud.
    pub(super) fn forward(&mut self, index: usize) {
        let forward = &self.takeover.forwards[index];
        let Some(cloud) = &mut self.cloud else {
            return;
        };
        if forward.seen {
            let passage = Passage {
                at: forward.at,
                from: &self.world.people[forward.person].email,
                to: &forward.to,
                subject: "FW: for your information",
                message_id: &forward.message_id,
                ip: "",
                leaves: true,
                bytes: Some(forward.bytes),
            };
            cloud.trace.passed(self.world.seed, &passage);
        }
    }

    /// What people do in the cloud on a day like any other.
    pub(super) fn plan_cloud_day(&mut self, day: u64) {
        let world = self.world;
        for person in world.people.iter().filter(|person| !person.is_local()) {
            if world.works(person.index, day) {
                self.cloud_day(person, day);
            }
        }
        if let Some((person, from)) = self.takeover.throttled
            && world.day_of(from) == day
        {
            self.flood(person, from);
        }
    }

    fn cloud_day(&mut self, person: &Person, day: u64) {
        let world = self.world;
        let mut rng = Rng::keyed(world.seed, Topic::Cloud, &[person.index as u64, day]);
        let begin = world.start.plus(day as i64 * DAY + 7 * HOUR + rng.between(0, 90 * MINUTE));
        let at_home = rng.chance(25);
        let ip = if at_home { takeover::home(world, person.index) } else { OFFICE.to_owned() };
        if rng.chance(8) {
            self.own(person, begin.plus(-30 * SECOND), &ip, &What::FailedSignIn);
        }
        self.own(person, begin, &ip, &What::SignIn);
        for _ in 0..2 {
            let at = begin.plus(rng.between(HOUR, 8 * HOUR));
            let count = 1 + rng.below(3) as usize;
            let read = What::Bind(
                (0..count)
                    .map(|_| {
                        (format!("{}@university.example", rng.hex(18)), 2000 + rng.below(40_000))
                    })
                    .collect(),
            );
            self.own(person, at, &ip, &read);
            let Some(cloud) = &mut self.cloud else {
                return;
            };
            cloud.sign_ins.log(&SignIn {
                at: at.plus(-20 * SECOND),
                name: &person.name,
                user: &person.email,
                ip: &ip,
                is_interactive: false,
                failed: false,
            });
        }
        if rng.chance(20) {
            let at = begin.plus(rng.between(HOUR, 8 * HOUR));
            let file = format!("minutes-{}.docx", rng.below(90));
            self.own(person, at, &ip, &What::Download(file));
        }
    }

    /// An act of the owner, unless the log is throttled then.
    fn own(&mut self, person: &Person, at: At, ip: &str, what: &What) {
        let throttled = self
            .takeover
            .throttled
            .is_some_and(|(who, from)| who == person.index && at >= from && at < from.plus(DAY));
        if !(throttled && matches!(what, What::Bind(_))) {
            self.account(person.index, at, ip, what, Who::Owner);
        }
    }

    /// A new phone fetches the owner's mail one by one, until the log holds no
    /// more.
    fn flood(&mut self, person: usize, from: At) {
        let ip = takeover::home(self.world, person);
        for rank in 0..THROTTLE {
            let item = (format!("{rank:06}.old@university.example"), 4000);
            let at = from.plus(rank * 20 * SECOND);
            self.account(person, at, &ip, &What::Bind(vec![item]), Who::Owner);
        }
    }
}
