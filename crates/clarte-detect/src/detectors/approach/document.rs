//! Asks to read, check or download something.
//!
//! Why: it makes people open and follow.
//! False alarms: daily work.

use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    reading.asks(Category::Document).then(|| Observation::new("approach.document"))
}
