//! Answers a message that bears the mark of the reader's own mail server.
//!
//! Why: who answers was written to; that speaks for an innocent mail.
//! False comfort: such a mark can be made up by whoever knows the server's name.
//! So it takes points off and decides nothing, and the sentence asks the reader.

use clarte_model::{address, host};

use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let mut own = reading.mail.recipients().filter_map(address::registrable_domain);
    let of_reader = own.any(|own| {
        reading.mail.answers.iter().any(|id| {
            let server = id.rsplit('@').next().and_then(host::normalise);
            server.is_some_and(|server| host::registrable(&server) == own)
        })
    });
    let known = reading.around.acquaintance.as_ref().filter(|known| known.holds_sent());
    let missing =
        known.is_some_and(|known| !reading.mail.answers.iter().any(|id| known.holds_message(id)));
    (of_reader && !missing).then(|| Observation::new("approach.answer"))
}
