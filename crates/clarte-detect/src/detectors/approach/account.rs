//! Says that something is wrong with an account, a delivery, a payment.
//!
//! Why: fear makes people click; accounts are the way into everything else.
//! False alarms: real notices; these come from the service's own domain, from
//! which it does not count.

use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;
use crate::tables::Kind;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let owned = reading.claims.iter().any(|claim| claim.owned && claim.kind == Kind::Service);
    (reading.says(Category::Account) && !owned && !reading.knows_sender() && !reading.is_bulk())
        .then(|| Observation::new("approach.account"))
}
