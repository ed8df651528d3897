//! The sending domain is made to be taken for a known one.
//!
//! Why: one letter, a word more, another ending, or letters of another alphabet
//! are read over.
//! Reason: names both domains and the trick.
//! False alarms: small houses with a name like a great one's; so a different
//! ending alone counts only together with a claim to be that house.

use super::counterfeit::is_disguise;
use crate::lookalike::Trick;
use crate::observation::Observation;
use crate::reading::Reading;

/// Letters of a name that hardly ever has a neighbour by chance.
const LONG: usize = 7;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let lookalike = reading.lookalike.as_ref().filter(|found| !is_disguise(found.trick))?;
    let owner = reading.around.tables.owner(&lookalike.owner);
    let claims_it =
        reading.claims.iter().any(|claim| owner.is_some_and(|owner| owner.name == claim.claimed));
    // Chance makes short names alike, and gives one name two endings.
    let letters = lookalike.owner.split('.').next().map_or(0, str::len);
    let long = letters >= LONG && lookalike.trick != Trick::Ending;
    if !claims_it && (!long || reading.is_bulk()) {
        return None;
    }
    let observation = Observation::new("identity.lookalike").with("domain", reading.domain());
    Some(
        observation.with("owner", lookalike.owner.as_str()).with("trick", lookalike.trick.as_str()),
    )
}
