//! The address of something fetched on opening spells the recipient's own.
//!
//! Why: the sender learns who opened it without keeping a list; hand-made and
//! merged lures do so, large mailers keep numbers.
//! Reason: names the host.
//! False alarms: small newsletters that are sent by home-made programs.

use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let beacon = reading.beacons.iter().find(|beacon| beacon.spells.is_some())?;
    Some(Observation::new("beacon.recipient").with("host", beacon.host.as_str()))
}
