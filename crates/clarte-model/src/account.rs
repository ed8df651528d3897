//! The account of a stream: every byte parsed, faulted or skipped.

use std::collections::BTreeMap;

use crate::{Fault, FaultKind, Record, Sink, Skipped};

/// How many faults of one stream are kept with their spans; all are counted.
const FAULTS_KEPT: usize = 1_000;

/// Counts the bytes of one stream while passing everything on to `inner`.
///
/// `parsed` is the union of the record spans, so that a mail inside a mail is
/// not counted twice; a stream is exactly accounted for if
/// `parsed + faulted + skipped` is its length.
pub struct Accounting<S> {
    inner: S,
    account: Account,
    /// End of the furthest byte counted so far.
    reached: u64,
}

/// What became of the bytes of one stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Bytes inside at least one record.
    pub parsed: u64,
    /// Bytes that could not be read.
    pub faulted: u64,
    /// Bytes that carry no record, by reason.
    pub skipped: BTreeMap<Skipped, u64>,
    /// Records read.
    pub records: u64,
    /// Faults, repairs included, by kind.
    pub faults: BTreeMap<FaultKind, u64>,
    /// The first faults by place, with their spans.
    pub first_faults: Vec<Fault>,
}

impl Account {
    /// All skipped bytes, whatever the reason.
    pub fn skipped_bytes(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// All faults, whatever their kind.
    pub fn fault_count(&self) -> u64 {
        self.faults.values().sum()
    }

    /// Whether every one of `bytes` bytes was accounted for, once.
    pub fn is_exact(&self, bytes: u64) -> bool {
        self.parsed + self.faulted + self.skipped_bytes() == bytes
    }

    /// Adds the account of other bytes of the same stream; in which order
    /// makes no difference.
    pub fn add(&mut self, other: Self) {
        self.parsed += other.parsed;
        self.faulted += other.faulted;
        self.records += other.records;
        for (why, bytes) in other.skipped {
            *self.skipped.entry(why).or_default() += bytes;
        }
        for (kind, count) in other.faults {
            *self.faults.entry(kind).or_default() += count;
        }
        self.first_faults.extend(other.first_faults);
        self.keep_first_faults();
    }

    /// Forgets all but the first faults. By place and not by arrival, so that a
    /// stream has the same ones in however many pieces it was read.
    fn keep_first_faults(&mut self) {
        self.first_faults.sort_unstable_by(|a, b| place(a).cmp(&place(b)));
        self.first_faults.truncate(FAULTS_KEPT);
    }
}

/// What orders faults; equal ones cannot be told apart.
fn place(fault: &Fault) -> (u64, u64, FaultKind, bool, &str) {
    (fault.offset, fault.length, fault.kind, fault.lost, &fault.detail)
}

impl<S: Sink> Accounting<S> {
    /// An empty account in front of `inner`.
    pub fn new(inner: S) -> Self {
        Self { inner, account: Account::default(), reached: 0 }
    }

    /// The finished account.
    pub fn finish(mut self) -> Account {
        self.account.keep_first_faults();
        self.account
    }

    /// Bytes of the span not counted before.
    fn fresh(&mut self, offset: u64, length: u64) -> u64 {
        let end = offset.saturating_add(length);
        let fresh = end.saturating_sub(offset.max(self.reached));
        self.reached = self.reached.max(end);
        fresh
    }
}

impl<S: Sink> Sink for Accounting<S> {
    fn record(&mut self, record: &Record<'_>) {
        self.account.parsed += self.fresh(record.offset, record.length);
        self.account.records += 1;
        self.inner.record(record);
    }

    fn fault(&mut self, fault: Fault) {
        if fault.lost {
            self.account.faulted += self.fresh(fault.offset, fault.length);
        }
        *self.account.faults.entry(fault.kind).or_default() += 1;
        self.account.first_faults.push(fault.clone());
        if self.account.first_faults.len() >= 2 * FAULTS_KEPT {
            self.account.keep_first_faults();
        }
        self.inner.fault(fault);
    }

    fn skip(&mut self, offset: u64, length: u64, why: Skipped) {
        *self.account.skipped.entry(why).or_default() += self.fresh(offset, length);
        self.inner.skip(offset, length, why);
    }

    fn message(&mut self, raw: &[u8], offset: u64) -> bool {
        self.inner.message(raw, offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Class, Source};

    struct Nowhere;

    impl Sink for Nowhere {
        fn record(&mut self, _: &Record<'_>) {}
        fn fault(&mut self, _: Fault) {}
        fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
    }

    #[test]
    fn a_mail_inside_a_mail_counts_once_and_a_repair_loses_nothing() {
        let mut sink = Accounting::new(Nowhere);
        sink.skip(0, 10, Skipped::Separator);
        sink.record(&Record::new(Class::Email, Source::Mail, 10, 90));
        sink.record(&Record::new(Class::Email, Source::Mail, 40, 50));
        let fault = |offset, length, lost| Fault {
            offset,
            length,
            lost,
            kind: FaultKind::Boundary,
            detail: String::new(),
        };
        sink.fault(fault(50, 5, false));
        sink.fault(fault(100, 20, true));
        let account = sink.finish();
        assert_eq!((account.parsed, account.faulted, account.skipped_bytes()), (90, 20, 10));
        assert_eq!((account.records, account.fault_count()), (2, 2));
        assert!(account.is_exact(120));
    }

    /// The account of faults at `offsets`.
    fn faults(offsets: impl Iterator<Item = u64>) -> Account {
        let mut sink = Accounting::new(Nowhere);
        for offset in offsets {
            let (kind, detail) = (FaultKind::Header, String::new());
            sink.fault(Fault { offset, length: 1, lost: false, kind, detail });
        }
        sink.finish()
    }

    #[test]
    fn parts_add_up_to_the_whole_in_any_order() {
        let whole = faults(0..5_000);
        let parts = || [faults(0..1_500), faults(1_500..1_600), faults((1_600..5_000).rev())];
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let mut sum = Account::default();
            order.iter().for_each(|at| sum.add(parts()[*at].clone()));
            assert_eq!(sum, whole);
        }
        assert_eq!(whole.first_faults.len(), FAULTS_KEPT);
        assert_eq!(whole.first_faults.last().map(|fault| fault.offset), Some(999));
    }
}
