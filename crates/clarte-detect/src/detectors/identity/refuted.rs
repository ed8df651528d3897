//! The domain's own rules say that this mail is not from it.
//!
//! Why: SPF or DMARC failed at the receiving host: the domain's owner disowns the
//! mail.
//! Reason: names the domain.
//! False alarms: mail that was forwarded on its way; lists, which are left out.

use crate::authentication::Proof;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    (reading.proof == Proof::Refuted && !reading.mail.bulk)
        .then(|| Observation::new("identity.refuted").with("domain", reading.domain()))
}
