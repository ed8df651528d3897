//! Numbers that are the same in every run (splitmix64).

/// A seeded source of numbers.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that fall as `seed` says.
    pub(crate) fn new(seed: u64) -> Self {
        Self(mixed(seed))
    }

    /// Any number.
    pub(crate) fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // The bias of so short ranges does not matter here.
        self.any() % end
    }

    /// A number from 0 up to, but not, 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.any() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// How long until something that happens every `mean` on average.
    pub(crate) fn wait(&mut self, mean: f64) -> u64 {
        (-(1.0 - self.share()).ln() * mean) as u64
    }

    /// One of them.
    pub(crate) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }

    /// A unique id as Zeek makes them: `C` and 17 letters and digits.
    pub(crate) fn uid(&mut self) -> String {
        let mut uid = String::with_capacity(18);
        uid.push('C');
        append_base62(&mut uid, self.any(), 9);
        append_base62(&mut uid, self.any(), 8);
        uid
    }
}

/// A number whose bits depend on all bits of `number`.
pub(crate) fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// So many digits of a number, in letters and digits.
pub(crate) fn append_base62(text: &mut String, mut number: u64, digits: usize) {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for _ in 0..digits {
        text.push(char::from(DIGITS[(number % 62) as usize]));
        number /= 62;
    }
}

/// Chooses ranks as people choose names: the second half as often as the
/// first, the third a third as often.
#[derive(Debug)]
pub(crate) struct Zipf {
    /// Sums of the weights so far.
    sums: Vec<f64>,
}

impl Zipf {
    /// Ranks below `ranks`.
    pub(crate) fn new(ranks: usize) -> Self {
        let mut sum = 0.0;
        let weights = (1..=ranks).map(|rank| {
            sum += 1.0 / rank as f64;
            sum
        });
        Self { sums: weights.collect() }
    }

    /// A rank.
    pub(crate) fn rank(&self, dice: &mut Dice) -> usize {
        let all = self.sums.last().copied().unwrap_or_default();
        let at = dice.share() * all;
        self.sums.partition_point(|sum| *sum <= at).min(self.sums.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::{Dice, Zipf};

    #[test]
    fn the_first_rank_is_chosen_about_twice_as_often_as_the_second() {
        let (zipf, mut dice) = (Zipf::new(100), Dice::new(7));
        let mut chosen = [0; 100];
        (0..100_000).for_each(|_| chosen[zipf.rank(&mut dice)] += 1);
        let ratio = f64::from(chosen[0]) / f64::from(chosen[1]);
        assert!((1.8..2.2).contains(&ratio), "{ratio}");
        assert!(chosen[99] > 0);
    }

    #[test]
    fn waits_have_their_mean() {
        let mut dice = Dice::new(1);
        let all: u64 = (0..10_000).map(|_| dice.wait(1000.0)).sum();
        assert!((9_500_000..10_500_000).contains(&all), "{all}");
    }
}
