//! Messages of one campaign as one entry, the most dangerous first.

use std::collections::BTreeMap;

use clarte_detect::Verdict;

use crate::Line;

/// Messages kept of one campaign.
const KEPT: usize = 3;

/// Messages that deserve attention, by what they share.
#[derive(Debug, Default)]
pub struct Campaigns {
    /// `None` where one became part of another.
    all: Vec<Option<Campaign>>,
    /// What belongs to which campaign.
    by_trait: BTreeMap<String, usize>,
}

/// Messages that share a sender or a host.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    /// The first of the most dangerous ones.
    pub lines: Vec<Line>,
    /// How many there are.
    pub messages: u64,
    /// Mailboxes that got one, as far as they tell.
    pub owners: Vec<String>,
    /// When the first and the last was received.
    pub first: Option<String>,
    /// When the last was received.
    pub last: Option<String>,
    /// The highest of its messages.
    pub verdict: Verdict,
    /// The highest of its messages.
    pub danger: f64,
}

impl Campaigns {
    /// Adds a message, if it deserves attention.
    pub fn add(&mut self, line: Line) {
        if line.verdict() < Verdict::BeCareful {
            return;
        }
        let mut known: Vec<usize> =
            line.shared.iter().filter_map(|one| self.by_trait.get(one).copied()).collect();
        known.sort_unstable();
        known.dedup();
        let at = known.first().copied().unwrap_or(self.all.len());
        let shared = line.shared.clone();
        match self.all.get_mut(at).and_then(Option::as_mut) {
            Some(campaign) => campaign.add(line),
            None => self.all.push(Some(Campaign::of(line))),
        }
        // A message may show that two campaigns are one.
        for other in known.iter().skip(1) {
            if let Some(joined) = self.all[*other].take()
                && let Some(campaign) = &mut self.all[at]
            {
                campaign.join(joined);
            }
            self.by_trait.values_mut().filter(|of| *of == other).for_each(|of| *of = at);
        }
        self.by_trait.extend(shared.into_iter().map(|one| (one, at)));
    }

    /// The campaigns, the most dangerous first.
    pub fn ranked(&self) -> Vec<Campaign> {
        let mut all: Vec<_> = self.all.iter().flatten().cloned().collect();
        all.sort_by(|a, b| {
            let order = b.verdict.cmp(&a.verdict).then(b.danger.total_cmp(&a.danger));
            let order = order.then(b.messages.cmp(&a.messages));
            order.then_with(|| a.first.cmp(&b.first))
        });
        all
    }
}

impl Campaign {
    fn of(line: Line) -> Self {
        let mut campaign = Self {
            lines: Vec::new(),
            messages: 0,
            owners: Vec::new(),
            first: None,
            last: None,
            verdict: line.verdict(),
            danger: line.danger,
        };
        campaign.add(line);
        campaign
    }

    fn add(&mut self, line: Line) {
        self.messages += 1;
        self.verdict = self.verdict.max(line.verdict());
        self.danger = self.danger.max(line.danger);
        if let Some(received) = &line.received {
            let earlier = self.first.as_ref().is_none_or(|first| received < first);
            let later = self.last.as_ref().is_none_or(|last| received > last);
            self.first = earlier.then(|| received.clone()).or(self.first.take());
            self.last = later.then(|| received.clone()).or(self.last.take());
        }
        if let Some(owner) = line.owner.clone().filter(|owner| !self.owners.contains(owner)) {
            self.owners.push(owner);
        }
        self.lines.push(line);
        self.keep_worst();
    }

    /// Makes the messages of `other` its own.
    fn join(&mut self, other: Self) {
        self.messages += other.messages;
        self.verdict = self.verdict.max(other.verdict);
        self.danger = self.danger.max(other.danger);
        self.first = self.first.take().into_iter().chain(other.first).min();
        self.last = self.last.take().into_iter().chain(other.last).max();
        for owner in other.owners {
            if !self.owners.contains(&owner) {
                self.owners.push(owner);
            }
        }
        self.lines.extend(other.lines);
        self.keep_worst();
    }

    fn keep_worst(&mut self) {
        self.lines.sort_by(|a, b| {
            let place = |line: &Line| (line.path.clone(), line.span.offset);
            b.danger.total_cmp(&a.danger).then_with(|| place(a).cmp(&place(b)))
        });
        self.lines.truncate(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(path: &str, shared: &[&str]) -> Line {
        let mut line = Line::unreadable(path, b"");
        line.verdict = Verdict::ActNow.as_str().to_owned();
        line.shared = shared.iter().map(|one| (*one).to_owned()).collect();
        line
    }

    #[test]
    fn campaigns_are_the_same_in_any_order() {
        let lines =
            [line("a", &["x"]), line("b", &["y"]), line("c", &["x", "y"]), line("d", &["z"])];
        for order in [[0, 1, 2, 3], [2, 1, 0, 3], [3, 1, 0, 2], [0, 2, 3, 1]] {
            let mut campaigns = Campaigns::default();
            order.iter().for_each(|at| campaigns.add(lines[*at].clone()));
            let messages: Vec<_> = campaigns.ranked().iter().map(|one| one.messages).collect();
            assert_eq!(messages, [3, 1], "{order:?}");
        }
    }
}
