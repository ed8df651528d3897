//! What was said to have left and to have been read, against what did.

use crate::truth::{TrueAmount, TrueDestination, TrueExfiltration};

use super::answer::{self, Bounds, Destination};
use super::{Amount, Exfiltration};

impl Exfiltration {
    /// Whether nothing was said to have left that did not, and no ceiling
    /// lies too low.
    pub(super) fn is_sound(&self) -> bool {
        let overclaims = self.verdict.as_deref() == Some("proved") && !self.verdict_is_right;
        !overclaims
            && self.bytes.is_bracketed
            && self.items.is_bracketed
            && self.destinations_invented.is_empty()
    }
}

/// Compares what is said with what is true.
pub(super) fn compare(
    truth: &TrueExfiltration,
    said: &answer::Exfiltration,
    score: &mut Exfiltration,
) {
    score.verdict.clone_from(&said.verdict);
    score.verdict_is_right =
        said.verdict.as_ref().is_some_and(|verdict| truth.verdicts.contains(verdict));
    score.right.clone_from(&truth.verdicts);
    score.bytes = amount(&truth.bytes, &said.bytes, said.verdict.is_some());
    score.items = amount(&truth.items, &said.items, said.verdict.is_some());
    for truly in &truth.destinations {
        if said.destinations.iter().any(|told| is_same(told, truly)) {
            score.destinations_found += 1;
        } else {
            score.destinations_missed.extend(truly.values.first().cloned());
        }
    }
    for told in &said.destinations {
        let truly = truth.destinations.iter().find(|truly| is_same(told, truly));
        if truly.is_none_or(|truly| told.bytes > truly.bytes) && told.bytes > 0 {
            score.destinations_invented.push(format!("{} ({} bytes)", told.value, told.bytes));
        }
    }
}

fn is_same(told: &Destination, truly: &TrueDestination) -> bool {
    truly.values.iter().any(|value| value.eq_ignore_ascii_case(&told.value))
}

/// Whoever says nothing is not wrong: no ceiling is no bound.
fn amount(truth: &TrueAmount, said: &Bounds, is_said: bool) -> Amount {
    let ceiling = said.ceiling.filter(|_| is_said);
    let is_bracketed = said.floor <= truth.all && ceiling.is_none_or(|most| most >= truth.tied);
    let TrueAmount { shown, tied, all } = *truth;
    Amount { floor: said.floor, ceiling, shown, tied, all, is_bracketed }
}
