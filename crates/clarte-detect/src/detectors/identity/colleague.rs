//! Bears the name of someone who is known here and writes from elsewhere.
//!
//! Why: people trust names. Needs the mailbox at hand.
//! Reason: names the person, the usual domain and this one.
//! False alarms: people who write from a private address, or changed jobs; two
//! who share a name. A known house's own domain is nobody's disguise.

use crate::observation::Observation;
use crate::reading::Reading;
use clarte_model::address;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let author = reading.mail.author_address()?;
    let usual = reading.around.acquaintance.as_ref()?.usual_address(reading.mail.author_name())?;
    let owner = address::registrable_domain(usual)?;
    let same = usual == author || owner == reading.domain();
    let may = reading.knows_sender() || reading.is_bulk() || reading.is_of_known_organisation();
    if same || may {
        return None;
    }
    let observation = Observation::new("identity.colleague");
    let observation = observation.with("name", reading.mail.author_name()).with("owner", owner);
    Some(observation.with("domain", reading.domain()))
}
