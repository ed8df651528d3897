//! Pretends to continue a conversation that is not there.
//!
//! Why: "Re:" and a quotation make a stranger look like an acquaintance.
//! False alarms: people who type "Re:" by hand, programs that lose the thread,
//! conversations in a mailbox that is not at hand.

use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let subject = reading.mail.subject.trim_start().to_lowercase();
    let answers = ["re:", "re :", "aw:", "antw:", "sv:", "tr:", "rv:", "re["];
    if !answers.iter().any(|mark| subject.starts_with(mark)) || reading.is_bulk() {
        return None;
    }
    let ids = &reading.mail.answers;
    let missing = match &reading.around.acquaintance {
        // The owner's own letters must be at hand for this to say anything.
        Some(known) if known.holds_sent() => !ids.iter().any(|id| known.holds_message(id)),
        _ => ids.is_empty(),
    };
    (missing && !reading.knows_sender()).then(|| Observation::new("approach.thread"))
}
