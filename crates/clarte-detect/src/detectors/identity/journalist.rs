//! Speaks as a journalist and asks for something; nothing shows that the domain
//! belongs to a newsroom.
//!
//! Why: a lure may name no house, or one that no table knows.
//! Reason: names the domain.
//! False alarms: journalists of small houses, freelances. They are asked to be
//! checked by telephone, as any journalist would understand.

use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;
use crate::tables::Kind;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let unknown = !reading.is_of_known_organisation()
        && reading.false_claim(Kind::Press).is_none()
        && !reading.claims.iter().any(|claim| claim.owned)
        && !reading.knows_sender()
        && (reading.mail.answers.is_empty() || !reading.beacons.is_empty());
    // What is passed on, others said.
    let speaks = !reading.is_forward()
        && reading.says(Category::Journalist)
        && reading.approaches()
        && !reading.is_bulk();
    (unknown && speaks)
        .then(|| Observation::new("identity.journalist").with("domain", reading.domain()))
}
