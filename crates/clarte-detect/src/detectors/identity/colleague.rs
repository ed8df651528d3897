//! Bears the name of someone who is known here and writes from elsewhere.
//!
//! Why: people trust names. Needs the mailbox at hand.
//! Reason: names the person, the usual domain and this one.
//! False alarms: people who write from a private address, or changed jobs.

use crate::observation::Observation;
use crate::reading::Reading;
use clarte_model::address;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let author = reading.mail.author_address()?;
    let usual = reading.around.acquaintance.as_ref()?.usual_address(reading.mail.author_name())?;
    let owner = address::registrable_domain(usual)?;
    if usual == author || owner == reading.domain() || reading.knows_sender() || reading.is_bulk() {
        return None;
    }
    let observation = Observation::new("identity.colleague");
    let observation = observation.with("name", reading.mail.author_name()).with("owner", owner);
    Some(observation.with("domain", reading.domain()))
}
