//! The sending domain is a known one in disguise: in letters of another
//! alphabet, or with a whole known domain written in front of another.
//!
//! Why: nobody gets such a domain by accident.
//! Reason: names both domains and the trick.
//! False alarms: services that write their customers' domain in front of their
//! own; so newsletters that come openly and proved are left out.

use crate::authentication::Proof;
use crate::lookalike::Trick;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let lookalike = reading.lookalike.as_ref().filter(|found| is_disguise(found.trick))?;
    if lookalike.trick == Trick::Subdomain && reading.is_bulk() && reading.proof == Proof::Proved {
        return None;
    }
    let observation = Observation::new("identity.counterfeit").with("domain", reading.domain());
    let observation = observation.with("owner", lookalike.owner.as_str());
    Some(observation.with("trick", lookalike.trick.as_str()))
}

/// Whether the trick cannot be chance.
pub(super) fn is_disguise(trick: Trick) -> bool {
    matches!(trick, Trick::Subdomain | Trick::Punycode)
}
