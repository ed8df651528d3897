//! A small deterministic generator: SplitMix64, keyed.
//!
//! Every choice is drawn from a generator keyed by what the choice is about
//! (a person, an hour), so that evidence can be written hour by hour without
//! carrying state, and adding a choice in one place moves nothing elsewhere.
//! Not fit for secrets.
//!
//! Spec: Steele, Lea, Flood, "Fast splittable pseudorandom number generators".

/// What a generator is keyed for; one number per use.
#[derive(Clone, Copy)]
pub(crate) enum Topic {
    Variety = 1,
    People,
    Addresses,
    Recipients,
    Wave,
    Lure,
    Token,
    Act,
    Phish,
    Letter,
    Web,
    Dns,
    Lease,
    Mail,
    Newsletter,
    Mta,
    Takeover,
    Audit,
    SignIn,
    Cloud,
    Planted,
    Genuine,
}

/// A generator of 64-bit numbers.
pub(crate) struct Rng(u64);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Rng {
    /// The generator for one topic and the things it is about.
    pub(crate) fn keyed(seed: u64, topic: Topic, about: &[u64]) -> Self {
        let start = mix(seed ^ GOLDEN) ^ mix(topic as u64);
        Self(about.iter().fold(mix(start), |state, part| {
            mix(state.wrapping_add(GOLDEN) ^ mix(part.wrapping_add(GOLDEN)))
        }))
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A number below `limit`; zero where `limit` is zero.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    /// A number from `low` up to and without `high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high.saturating_sub(low).max(1) as u64) as i64
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of several; the slice is never empty.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len() as u64) as usize]
    }

    /// Puts the items in a random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }

    /// `digits` hexadecimal digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        self.text(digits, b"0123456789abcdef")
    }

    /// `length` characters of an ASCII alphabet.
    pub(crate) fn text(&mut self, length: usize, alphabet: &[u8]) -> String {
        (0..length).map(|_| char::from(*self.pick(alphabet))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_gives_one_sequence_and_another_key_another() {
        let draw = |seed, about| Rng::keyed(seed, Topic::Mail, &[about]).next();
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }

    #[test]
    fn numbers_stay_below_their_limit() {
        let mut rng = Rng::keyed(7, Topic::Web, &[]);
        assert!((0..1000).all(|_| rng.below(3) < 3));
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.between(5, 5), 5);
    }
}
