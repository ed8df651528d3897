//! Asks to keep it to oneself, or to go on elsewhere.
//!
//! Why: it takes the conversation away from those who would warn.
//! False alarms: sources, and friends.

use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    reading.asks(Category::Secrecy).then(|| Observation::new("approach.secrecy"))
}
