//! Asks for an interview, a statement, an opinion.
//!
//! Why: it flatters, it is what journalists do, and it opens a conversation.
//! False alarms: journalists.

use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    reading.asks(Category::Interview).then(|| Observation::new("approach.interview"))
}
