//! Presents itself as a parliament, government, court, police or international body; the sending domain is not known as
//! theirs.
//!
//! Why: People answer their own institutions without thinking.
//! Reason: names the claim and the domain.
//! False alarms: freelances, staff who write from home, a domain that the table
//! does not know yet (`tables/outlets.csv`). A newsletter counts only if it asks
//! for something: services send for houses from domains of their own.

use crate::observation::Observation;
use crate::reading::Reading;
use crate::tables::Kind;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let claim = reading.borrowed_name(&[Kind::Institution])?;
    let observation =
        Observation::new("identity.institution").with("claimed", claim.claimed.as_str());
    Some(observation.with("domain", claim.domain.as_str()))
}
