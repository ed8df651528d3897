//! The sender's address is a known organisation's, nothing confirms that it sent
//! the mail, and the answer would go to somebody else.
//!
//! Why: anybody can write any address into a letter; who forges one must have
//! the answer sent elsewhere.
//! Reason: names both domains.
//! False alarms: houses that have their letters sent and answered by others,
//! from servers that confirm nothing.

use clarte_model::address;

use crate::authentication::Proof;
use crate::observation::Observation;
use crate::reading::Reading;
use crate::tables::Kind;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let tables = &reading.around.tables;
    if reading.proof == Proof::Proved || !reading.is_of_known_organisation() {
        return None;
    }
    let owner = reading.host().and_then(|host| tables.owner(host))?;
    let mut answers = reading.mail.reply_to.iter().filter_map(|to| to.address.as_deref());
    let elsewhere = answers.find_map(|to| {
        let reader = reading.mail.recipients().any(|recipient| recipient == to);
        let host = address::domain(to).filter(|host| !owner.owns(host) && !reader)?;
        Some(clarte_model::host::registrable(host))
    })?;
    // Services have their letters answered anywhere, but not in free mailboxes;
    // students theirs.
    let may = match owner.kind {
        Kind::University => false,
        Kind::Service => tables.is_freemail(elsewhere),
        Kind::Press | Kind::Institution | Kind::Ngo => true,
    };
    if !may {
        return None;
    }
    let observation = Observation::new("identity.forged").with("domain", reading.domain());
    Some(observation.with("domain2", elsewhere))
}
