//! Someone who speaks for an organisation writes, or wants the answer, from a
//! mailbox that anybody may have.
//!
//! Why: houses give their people addresses; a false one costs nothing.
//! Reason: names the provider.
//! False alarms: activists, freelances and small NGOs live on free mailboxes. So
//! it needs a claim to be of a known house, or to be a journalist who asks.

use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;
use crate::tables::Kind;
use clarte_model::address;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let tables = &reading.around.tables;
    let answers = reading.mail.reply_to.iter().filter_map(|to| to.address.as_deref());
    let answers = answers.filter_map(address::registrable_domain);
    let free = std::iter::once(reading.domain())
        .chain(answers)
        .find(|domain| tables.is_freemail(domain))?;
    let claims = [Kind::Press, Kind::Institution, Kind::Ngo, Kind::Service];
    let speaks_for = claims.into_iter().any(|kind| reading.false_claim(kind).is_some())
        || reading.says(Category::Journalist) && reading.says(Category::Interview);
    let known = reading.knows_sender() || reading.is_bulk();
    (speaks_for && !known).then(|| Observation::new("identity.freemail").with("domain", free))
}
