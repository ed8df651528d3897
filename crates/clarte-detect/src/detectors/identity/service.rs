//! Bears the name of a company or online service; the sending domain is not known
//! as theirs.
//!
//! Why: the commonest phishing there is; aimed mail uses it to take accounts.
//! Reason: names the claim and the domain.
//! False alarms: resellers, agencies and surveys that write in a brand's name; so
//! it counts only where the mail also frightens, promises or asks.

use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;
use crate::tables::Kind;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let claim = reading.false_claim(Kind::Service)?;
    let pretext = [Category::Account, Category::Urgency, Category::Reward, Category::DeviceCode];
    if !pretext.into_iter().any(|category| reading.says(category)) {
        return None;
    }
    let observation = Observation::new("identity.service").with("claimed", claim.claimed.as_str());
    Some(observation.with("domain", claim.domain.as_str()))
}
