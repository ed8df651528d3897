//! Presses for time.
//!
//! Why: who hurries does not look.
//! False alarms: everybody in a hurry; so it counts only beside a request.

use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    (reading.asks(Category::Urgency) && reading.approaches())
        .then(|| Observation::new("approach.urgency"))
}
