//! How strongly an item speaks for or against an actor: how much better it fits
//! if that actor did it than if another did, before anything is taken off. The
//! words are those of forensic reporting (ENFSI Guideline for Evaluative
//! Reporting, 2015; AFSP Standards, 2009), by decades:
//!
//! | Here | strength | ratio | ENFSI |
//! |---|---|---|---|
//! | weak | 0 to ¼ | 1 to 10 | weak |
//! | moderate | ¼ to ½ | 10 to 100 | moderate |
//! | strong | ½ to ¾ | 100 to 1,000 | moderately strong |
//! | conclusive | ¾ to 1 | 1,000 to 10,000 | strong |
//!
//! A strength from 0 to 1 is thus a quarter of the ratio's decimal logarithm; a
//! word is the middle of its decade. Nothing here reaches further: the ratios of
//! a laboratory rest on populations that nobody has of actors.

use std::fmt;

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::{Deserialize, Serialize};

/// How strongly, from 0 to 1; see the table above. Read from a number or a word,
/// written as a number.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Strength(f64);

impl Strength {
    /// Says nothing.
    pub const NONE: Self = Self(0.0);
    /// A ratio of 10^½.
    pub const WEAK: Self = Self(0.125);
    /// A ratio of 10^1½.
    pub const MODERATE: Self = Self(0.375);
    /// A ratio of 10^2½.
    pub const STRONG: Self = Self(0.625);
    /// A ratio of 10^3½.
    pub const CONCLUSIVE: Self = Self(0.875);

    /// The words that stand for a strength.
    pub const WORDS: &[(&str, Self)] = &[
        ("weak", Self::WEAK),
        ("moderate", Self::MODERATE),
        ("strong", Self::STRONG),
        ("conclusive", Self::CONCLUSIVE),
    ];

    /// A strength from 0 to 1; `None` if it is not one.
    pub fn new(strength: f64) -> Option<Self> {
        (0.0..=1.0).contains(&strength).then_some(Self(strength))
    }

    /// The strength of a word.
    pub fn word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, strength)| *strength)
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self.0 {
            s if s >= 0.75 => "conclusive",
            s if s >= 0.5 => "strong",
            s if s >= 0.25 => "moderate",
            _ => "weak",
        }
    }

    /// As a number from 0 to 1.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The natural logarithm of the ratio that it stands for.
    pub fn ln(self) -> f64 {
        const DECADES: f64 = 4.0;
        DECADES * self.0 * std::f64::consts::LN_10
    }

    /// The larger of two.
    pub(crate) fn larger(self, other: Self) -> Self {
        if other.0 > self.0 { other } else { self }
    }
}

impl<'de> Deserialize<'de> for Strength {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrWord;
        impl Visitor<'_> for NumberOrWord {
            type Value = Strength;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("weak, moderate, strong, conclusive, or a number from 0 to 1")
            }
            fn visit_str<E: Error>(self, word: &str) -> Result<Strength, E> {
                Strength::word(word).ok_or_else(|| E::invalid_value(Unexpected::Str(word), &self))
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Strength, E> {
                Strength::new(number)
                    .ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Strength, E> {
                match number {
                    0 => Ok(Strength::NONE),
                    1 => Ok(Strength(1.0)),
                    _ => Err(E::invalid_value(Unexpected::Signed(number), &self)),
                }
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Strength, E> {
                self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
        deserializer.deserialize_any(NumberOrWord)
    }
}
