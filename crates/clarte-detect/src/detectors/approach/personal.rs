//! A letter to one person: it greets or takes leave, names no other recipient
//! and is no list's.
//!
//! Why: what a false newspaper sends to one person is aimed at that person.
//! False alarms: every honest letter; it counts beside a false claim only.

use crate::detectors::identity::forged;
use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;
use crate::tables::Kind;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let alone = reading.mail.to.len() + reading.mail.cc.len() <= 1;
    let letter = reading.says(Category::Greeting) || reading.says(Category::Closing);
    let claims = [Kind::Press, Kind::Institution, Kind::Ngo];
    let claimed = claims.into_iter().any(|kind| reading.false_claim(kind).is_some())
        || reading.lookalike.is_some()
        || forged::check(reading).is_some();
    (alone && letter && claimed && !reading.mail.bulk)
        .then(|| Observation::new("approach.personal"))
}
