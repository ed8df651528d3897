//! An answer would go to another domain than the one that sends.
//!
//! Why: whoever forges a sender, or borrows one, still wants the answer.
//! Reason: names both domains.
//! False alarms: helpdesks and lists; mail of lists is left out.

use crate::observation::Observation;
use crate::reading::Reading;
use clarte_model::address;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    if reading.is_bulk() || reading.domain().is_empty() {
        return None;
    }
    let mut answers = reading.mail.reply_to.iter().filter_map(|to| to.address.as_deref());
    let elsewhere = answers.find_map(|to| {
        let domain = address::registrable_domain(to)?;
        let tables = &reading.around.tables;
        let same_owner = tables
            .owner(domain)
            .is_some_and(|owner| reading.host().is_some_and(|host| owner.owns(host)));
        // Who answers to oneself does so from a second mailbox.
        let to_reader = reading.mail.recipients().any(|recipient| recipient == to);
        (domain != reading.domain() && !same_owner && !to_reader).then_some(domain)
    })?;
    let observation = Observation::new("identity.reply-elsewhere");
    Some(observation.with("domain", reading.domain()).with("domain2", elsewhere))
}
