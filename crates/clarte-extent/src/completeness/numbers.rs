//! Numbers that a source counts its events with, and which are missing.

use std::collections::BTreeMap;

use clarte_model::Timestamp;

/// How many stretches of numbers are told apart in one log.
const STRETCHES: usize = 1 << 16;

/// The numbers seen of one log.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// Stretches without a hole: the first number and the one after the last.
    stretches: BTreeMap<i64, i64>,
    pub(super) seen: u64,
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
    /// There were too many stretches, so that some holes were forgotten.
    pub(super) is_floor: bool,
}

impl Numbers {
    /// Adds a number; says whether it is new.
    pub(super) fn add(&mut self, number: i64, time: Option<Timestamp>) -> bool {
        self.seen += 1;
        self.first = crate::cite::earliest(self.first, time);
        self.last = self.last.max(time);
        let Some(after) = number.checked_add(1) else { return true };
        let before = self.stretches.range(..=number).next_back().map(|(from, to)| (*from, *to));
        let from = match before {
            Some((_, to)) if to > number => return false,
            Some((from, to)) if to == number => from,
            _ => number,
        };
        let to = self.stretches.remove(&after).unwrap_or(after);
        self.stretches.insert(from, to);
        if self.stretches.len() > STRETCHES {
            self.is_floor = true;
            // The first hole is forgotten.
            if let (Some((from, _)), Some((_, to))) =
                (self.stretches.pop_first(), self.stretches.pop_first())
            {
                self.stretches.insert(from, to);
            }
        }
        true
    }

    pub(super) fn stretches(&self) -> usize {
        self.stretches.len()
    }

    /// How many are missing between the first and the last that were seen.
    pub(super) fn missing(&self) -> u64 {
        self.holes().map(|(from, to)| to.abs_diff(from)).sum()
    }

    /// The holes: the first number that is missing and the next that is not.
    pub(super) fn holes(&self) -> impl Iterator<Item = (i64, i64)> {
        let ends = self.stretches.values().copied();
        let begins = self.stretches.keys().copied().skip(1);
        ends.zip(begins)
    }

    /// How many of the numbers `first..=last` were not seen.
    pub(super) fn missing_of(&self, first: i64, last: i64) -> u64 {
        let end = last.saturating_add(1);
        let within = |(from, to): (&i64, &i64)| {
            let (from, to) = ((*from).max(first), (*to).min(end));
            if to > from { to.abs_diff(from) } else { 0 }
        };
        let all = if end > first { end.abs_diff(first) } else { 0 };
        all - self.stretches.iter().map(within).sum::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_any_order_and_twice_have_the_same_holes() {
        for order in [[1, 2, 3, 7, 8, 12], [12, 8, 1, 7, 3, 2], [2, 12, 1, 8, 3, 7]] {
            let mut numbers = Numbers::default();
            order.iter().chain(&order).for_each(|number| _ = numbers.add(*number, None));
            assert_eq!((numbers.missing(), numbers.seen), (6, 12));
            assert_eq!(numbers.missing_of(1, 15), 9);
            assert_eq!(numbers.missing_of(8, 7), 0);
            assert_eq!(numbers.holes().collect::<Vec<_>>(), [(4, 7), (9, 12)]);
        }
        let mut whole = Numbers::default();
        (5..500).rev().for_each(|number| _ = whole.add(number, None));
        assert_eq!((whole.missing(), whole.missing_of(1, i64::MAX)), (0, i64::MAX as u64 - 496));
        let mut odd = Numbers::default();
        (0..200_000).for_each(|number| _ = odd.add(2 * number, None));
        odd.add(i64::MAX, None);
        assert!(odd.is_floor && odd.missing() > 0 && odd.stretches.len() <= STRETCHES);
    }
}
