//! Speaks of human rights, exile, persecuted peoples.
//!
//! Why: it is what those at risk are written to about.
//! False alarms: everybody who works on it; counts in company only.

use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    reading.asks(Category::Rights).then(|| Observation::new("approach.rights"))
}
