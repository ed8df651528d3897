//! Nobody wrote from or to this address before, in the mailbox at hand.
//!
//! Why: lures come from strangers; so do many honest mails.
//! False alarms: every first letter. Says nothing where no mailbox is at hand.

use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let acquaintance = reading.around.acquaintance.as_ref()?;
    (acquaintance.is_first_contact(reading.mail) && !reading.is_bulk())
        .then(|| Observation::new("approach.first-contact"))
}
