//! The same letter went to several of the mailboxes at hand, to each with a mark
//! of its own.
//!
//! Why: a merge that counts who opens is no personal letter.
//! Reason: says how many recipients.
//! False alarms: unannounced newsletters.

use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let copies = reading.around.acquaintance.as_ref()?.copies(reading.mail);
    let individual = reading.beacons.iter().any(|beacon| beacon.token.is_some());
    (copies >= 3 && individual && !reading.is_bulk())
        .then(|| Observation::new("approach.template").with("count", copies.to_string()))
}
