//! Mail programs read this message differently.
//!
//! Why: what a filter saw is not what the reader is shown.
//! Reason: says what they read differently.
//! False alarms: mails of broken programs.

use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let what = reading.mail.disagreements.first()?;
    Some(Observation::new("form.parsers-disagree").with("what", *what))
}
