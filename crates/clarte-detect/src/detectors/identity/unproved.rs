//! The receiving host looked and could not confirm the sender's domain.
//!
//! Why: a forged sender is not confirmed; nor are many honest ones.
//! Reason: names the domain and what was found.
//! False alarms: small servers, forwarding, old domains. What a host says that is
//! not the receiver's is not heard.

use crate::authentication::Proof;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let result = match reading.proof {
        Proof::Unproved => "none",
        Proof::Doubtful => "softfail",
        Proof::Proved | Proof::Refuted | Proof::Unheard => return None,
    };
    let observation = Observation::new("identity.unproved").with("domain", reading.domain());
    Some(observation.with("result", result))
}
