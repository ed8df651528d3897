//! Invites to a conference, a panel, a hearing.
//!
//! Why: a reason to open attachments and to register somewhere.
//! False alarms: conferences.

use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    reading.asks(Category::Conference).then(|| Observation::new("approach.conference"))
}
