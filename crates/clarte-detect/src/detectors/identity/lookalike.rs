//! The sending domain is made to be taken for a known one.
//!
//! Why: one letter, a word more, another ending, or letters of another alphabet
//! are read over.
//! Reason: names both domains and the trick.
//! False alarms: small houses with a name like a great one's; so a different
//! ending alone counts only together with a claim to be that house.

use crate::lookalike::Trick;
use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let lookalike = reading.lookalike.as_ref()?;
    let claims_it = || {
        reading.claims.iter().any(|claim| {
            let owner = reading.around.tables.owner(&lookalike.owner);
            owner.is_some_and(|owner| owner.name == claim.claimed)
        })
    };
    if matches!(lookalike.trick, Trick::Ending | Trick::Letters | Trick::Hyphen | Trick::Added)
        && !claims_it()
        && (reading.is_bulk() || !reading.approaches())
    {
        return None;
    }
    let observation = Observation::new("identity.lookalike").with("domain", reading.domain());
    Some(
        observation.with("owner", lookalike.owner.as_str()).with("trick", lookalike.trick.as_str()),
    )
}
