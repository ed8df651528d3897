//! Messages of one campaign as one entry, the most dangerous first.

use std::collections::BTreeMap;

use clarte_detect::Verdict;

use crate::Line;

/// Messages kept of one campaign.
const KEPT: usize = 3;

/// Messages that deserve attention, by what they share.
#[derive(Debug, Default)]
pub struct Campaigns {
    all: Vec<Campaign>,
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
        let known = line.shared.iter().find_map(|one| self.by_trait.get(one)).copied();
        let at = known.unwrap_or(self.all.len());
        line.shared.iter().for_each(|one| {
            self.by_trait.entry(one.clone()).or_insert(at);
        });
        match self.all.get_mut(at) {
            Some(campaign) => campaign.add(line),
            None => self.all.push(Campaign::of(line)),
        }
    }

    /// The campaigns, the most dangerous first.
    pub fn ranked(&self) -> Vec<Campaign> {
        let mut all = self.all.clone();
        all.sort_by(|a, b| {
            let order = b.verdict.cmp(&a.verdict).then(b.danger.total_cmp(&a.danger));
            order.then(b.messages.cmp(&a.messages))
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
        self.lines.sort_by(|a, b| b.danger.total_cmp(&a.danger));
        self.lines.truncate(KEPT);
    }
}
