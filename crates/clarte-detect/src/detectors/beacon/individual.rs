//! Something that can be seen is fetched from an address made for one recipient.
//!
//! Why: a logo does the work of an invisible picture, and no filter for tiny
//! pictures sees it.
//! Reason: names the host that learns of it.
//! False alarms: pictures that are made for each reader, such as countdowns.

use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let mut visible = reading.beacons.iter().filter(|beacon| !beacon.hidden);
    let beacon = visible.find(|beacon| beacon.token.is_some())?;
    Some(Observation::new("beacon.individual").with("host", beacon.host.as_str()))
}
