//! The opening is reported to a host that no mass mailer runs, and the mail is no
//! openly sent newsletter.
//!
//! Why: newsletters count their readers through the services that send them and
//! say how to leave; who keeps a counter for what looks like a personal letter
//! wants to know of this one reader.
//! Reason: names the host.
//! False alarms: sales letters from programs that count openings unsaid.

use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    // A known house counts its own letters, and says so in its terms.
    if reading.is_bulk() || reading.is_of_known_organisation() {
        return None;
    }
    let mut own = reading.beacons.iter().filter(|beacon| beacon.mailer.is_none());
    let beacon =
        own.find(|beacon| beacon.hidden || beacon.spells.is_some() || beacon.token.is_some())?;
    Some(Observation::new("beacon.self-hosted").with("host", beacon.host.as_str()))
}
