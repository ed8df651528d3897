//! Words of estimative probability, as US Intelligence Community Directive 203
//! (2015, kept in 2022) fixes them, and what may be said in public.
//! <https://www.dni.gov/files/documents/ICD/ICD-203.pdf>
//!
//! The directive's table runs from 1 to 99 %. What lies outside belongs to the
//! outermost bands: there is no word for certainty here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A band of probability, ascending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Band {
    /// Below 5 %.
    #[serde(rename = "almost no chance")]
    AlmostNoChance,
    /// 5 to 20 %.
    #[serde(rename = "very unlikely")]
    VeryUnlikely,
    /// 20 to 45 %.
    #[serde(rename = "unlikely")]
    Unlikely,
    /// 45 to 55 %.
    #[serde(rename = "roughly even chance")]
    RoughlyEven,
    /// 55 to 80 %.
    #[serde(rename = "likely")]
    Likely,
    /// 80 to 95 %.
    #[serde(rename = "very likely")]
    VeryLikely,
    /// Above 95 %.
    #[serde(rename = "almost certain")]
    AlmostCertain,
}

/// The band of a probability.
///
/// A value that two bands share goes to the one nearer to even, so that a
/// statement and its contrary are always in opposite bands. What is no number
/// is in the lowest.
///
/// ```
/// use clarte_attribution::band::{Band, band};
/// assert_eq!(band(0.8), Band::Likely);
/// assert_eq!(band(0.81), Band::VeryLikely);
/// assert_eq!(band(0.8).to_string(), "likely");
/// ```
pub fn band(probability: f64) -> Band {
    match probability {
        p if p > 0.95 => Band::AlmostCertain,
        p if p > 0.80 => Band::VeryLikely,
        p if p > 0.55 => Band::Likely,
        p if p >= 0.45 => Band::RoughlyEven,
        p if p >= 0.20 => Band::Unlikely,
        p if p >= 0.05 => Band::VeryUnlikely,
        _ => Band::AlmostNoChance,
    }
}

/// The band that may be published: without a tangible item in support never
/// above *roughly even chance*, however much resembles.
pub fn published(probability: f64, is_tangible: bool) -> Band {
    let band = band(probability);
    if is_tangible { band } else { band.min(Band::RoughlyEven) }
}

impl Band {
    /// Every band, ascending.
    pub const ALL: &[Self] = &[
        Self::AlmostNoChance,
        Self::VeryUnlikely,
        Self::Unlikely,
        Self::RoughlyEven,
        Self::Likely,
        Self::VeryLikely,
        Self::AlmostCertain,
    ];

    /// The directive's words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AlmostNoChance => "almost no chance",
            Self::VeryUnlikely => "very unlikely",
            Self::Unlikely => "unlikely",
            Self::RoughlyEven => "roughly even chance",
            Self::Likely => "likely",
            Self::VeryLikely => "very likely",
            Self::AlmostCertain => "almost certain",
        }
    }

    /// From which to which per cent, as the directive's table has it.
    pub fn percent(self) -> (u8, u8) {
        match self {
            Self::AlmostNoChance => (1, 5),
            Self::VeryUnlikely => (5, 20),
            Self::Unlikely => (20, 45),
            Self::RoughlyEven => (45, 55),
            Self::Likely => (55, 80),
            Self::VeryLikely => (80, 95),
            Self::AlmostCertain => (95, 99),
        }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn follows_the_table_and_its_ends() {
        for (probability, expected) in [
            (0.0, Band::AlmostNoChance),
            (0.005, Band::AlmostNoChance),
            (0.03, Band::AlmostNoChance),
            (0.05, Band::VeryUnlikely),
            (0.2, Band::Unlikely),
            (0.45, Band::RoughlyEven),
            (0.55, Band::RoughlyEven),
            (0.551, Band::Likely),
            (0.95, Band::VeryLikely),
            (0.999, Band::AlmostCertain),
            (1.0, Band::AlmostCertain),
            (f64::NAN, Band::AlmostNoChance),
        ] {
            assert_eq!(band(probability), expected, "{probability}");
        }
    }

    proptest! {
        #[test]
        fn never_falls_as_probability_rises(a in 0.0..=1.0, b in 0.0..=1.0) {
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            prop_assert!(band(low) <= band(high));
        }

        #[test]
        fn resemblance_alone_is_never_likely(p in 0.0..=1.0) {
            prop_assert!(published(p, false) <= Band::RoughlyEven);
            prop_assert_eq!(published(p, true), band(p));
        }

        #[test]
        fn the_middle_of_a_band_is_in_it(index in 0..Band::ALL.len()) {
            let (from, to) = Band::ALL[index].percent();
            prop_assert_eq!(band(f64::from(from + to) / 200.0), Band::ALL[index]);
        }
    }
}
