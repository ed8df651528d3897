//! The opening is reported to a host that no mass mailer runs, and the mail is no
//! openly sent newsletter.
//!
//! Why: newsletters count their readers through the services that send them and
//! say how to leave; who keeps a counter for what looks like a personal letter
//! wants to know of this one reader.
//! Reason: names the host.
//! False alarms: sales letters from programs that count openings unsaid.

use crate::authentication::Proof;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    if reading.is_bulk() {
        return None;
    }
    // A known house counts its own letters, and says so in its terms; where
    // nothing proves that a letter is its own, only on its own hosts.
    let owner = reading.host().and_then(|host| reading.around.tables.owner(host));
    let owner = owner.filter(|_| reading.is_of_known_organisation());
    let is_own =
        |host: &str| owner.is_some_and(|owner| reading.proof == Proof::Proved || owner.owns(host));
    let mut others =
        reading.beacons.iter().filter(|beacon| beacon.mailer.is_none() && !is_own(&beacon.host));
    let beacon = others.find(|beacon| beacon.hidden || beacon.token.is_some())?;
    Some(Observation::new("beacon.self-hosted").with("host", beacon.host.as_str()))
}
