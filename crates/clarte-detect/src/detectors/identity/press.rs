//! Presents itself as a newspaper, broadcaster or agency; the sending domain is not known as
//! theirs.
//!
//! Why: Fake journalists are the founding case: a name that opens doors, from an address
//! that is not the house's.
//! Reason: names the claim and the domain.
//! False alarms: freelances, staff who write from home, a domain that the table
//! does not know yet (`tables/outlets.csv`). A newsletter counts only if it asks
//! for something: services send for houses from domains of their own.

use crate::observation::Observation;
use crate::reading::Reading;
use crate::tables::Kind;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let claim = reading.borrowed_name(&[Kind::Press])?;
    let observation = Observation::new("identity.press").with("claimed", claim.claimed.as_str());
    Some(observation.with("domain", claim.domain.as_str()))
}
