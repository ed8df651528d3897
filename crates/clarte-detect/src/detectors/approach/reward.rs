//! Promises money, prizes, company.
//!
//! Why: bulk fraud does; aimed mail hardly ever.
//! False alarms: advertising.

use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    (reading.says(Category::Reward) && !reading.is_bulk())
        .then(|| Observation::new("approach.reward"))
}
