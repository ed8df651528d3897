//! The text is not the one that the sender's domain signed.
//!
//! Why: somebody changed it on the way; the signature says so without any key.
//! Reason: names the domain that signed.
//! False alarms: mailing lists that add a footer; so it only informs.

use crate::observation::Observation;
use crate::reading::Reading;
use clarte_model::mail::SignedBody;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let altered = reading.mail.signatures.iter().find(|one| one.body == SignedBody::Altered)?;
    let intact = reading.mail.signatures.iter().any(|one| one.body == SignedBody::Intact);
    (!intact).then(|| Observation::new("identity.altered").with("domain", altered.domain.as_str()))
}
