//! Something that nobody is meant to see is fetched on opening.
//!
//! Why: it tells whoever runs the host when, where and with what the mail was
//! opened; for a person in hiding that is enough.
//! Reason: names the host that learns of it.
//! False alarms: nearly every newsletter; so it counts in company only.
//! Technique: T1598.003 (the founding case's lures did nothing else).

use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let beacon = reading.beacons.iter().find(|beacon| beacon.hidden)?;
    Some(Observation::new("beacon.hidden").with("host", beacon.host.as_str()))
}
