//! Which of `n` things belong together, as pairs are joined.

/// Disjoint sets of numbers.
pub(super) struct Union {
    parent: Vec<usize>,
}

impl Union {
    /// `n` sets of one.
    pub(super) fn new(n: usize) -> Self {
        Self { parent: (0..n).collect() }
    }

    /// The smallest number of the set of `at`.
    pub(super) fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            // Halving the way keeps it short, without recursion.
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    /// Makes the sets of both one.
    pub(super) fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        let (low, high) = (left.min(right), left.max(right));
        self.parent[high] = low;
    }
}
