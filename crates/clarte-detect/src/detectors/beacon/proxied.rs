//! The host that learns of the opening is named behind an image proxy.
//!
//! Why: the proxy hides the reader's address, not that and when the mail was
//! opened; and a lure may bring a proxy along to look harmless.
//! Reason: names both hosts.
//! False alarms: mail that went through a provider which rewrites pictures.

use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let beacon = reading.beacons.iter().find(|beacon| beacon.proxy.is_some())?;
    let proxy = beacon.proxy.as_deref().unwrap_or_default();
    let observation = Observation::new("beacon.proxied").with("host", beacon.host.as_str());
    Some(observation.with("proxy", proxy))
}
