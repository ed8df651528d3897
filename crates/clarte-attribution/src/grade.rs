//! The Admiralty code: how reliable a source is (A to F), and how credible what
//! it says (1 to 6). NATO AJP-2.1, formerly STANAG 2511.
//!
//! Two axes. A reliable source can say what is doubtful, and the output never
//! shows one number made of both. Where the weight of an item needs a number
//! ([`discount`]), the *weaker* axis gives it: those who grade let one axis
//! colour the other (Baker, McKendry & Mace 1968; Samet 1975), so a product
//! would count the same doubt twice.
//!
//! F and 6 are not the middle of the scale. They say that nobody could judge.
//! Common tables write them as 50 of 100, as good as C and 3, which would pay an
//! anonymous post for not being examined.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How reliable a source is, by its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reliability {
    /// Completely reliable.
    A,
    /// Usually reliable.
    B,
    /// Fairly reliable.
    C,
    /// Not usually reliable.
    D,
    /// Unreliable.
    E,
    /// Cannot be judged.
    F,
}

/// How credible a piece of information is, whoever says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Credibility {
    /// 1: confirmed by other, independent sources.
    Confirmed,
    /// 2: probably true.
    Probable,
    /// 3: possibly true.
    Possible,
    /// 4: doubtful.
    Doubtful,
    /// 5: improbable.
    Improbable,
    /// 6: cannot be judged.
    Unknown,
}

/// Both axes, written as `B2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Grade {
    /// Of the source.
    pub reliability: Reliability,
    /// Of what it says.
    pub credibility: Credibility,
}

/// Why a text is no grade.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no grade: write a letter from A to F and a digit from 1 to 6, such as B2")]
pub struct GradeError(String);

/// What an item keeps of its logarithm of a likelihood ratio, from 0 to 1.
///
/// | Graded | A, 1 | B, 2 | C, 3 | D, 4 | E, 5 |
/// |---|---|---|---|---|---|
/// | keeps | 1 | ¾ | ½ | ¼ | 0 |
///
/// are the steps of the MISP taxonomy `admiralty-scale`; of two axes the
/// smaller counts. Where one axis is F or 6 it halves what the other gives: less
/// than any grade that is good, never more than *possibly true*. F6 keeps one
/// eighth: a strength of one, a ratio of 10,000, is then √10, the middle of
/// *weak*. So whatever an ungraded item claims, it weighs at most a weak one.
/// It keeps its place in the list and still ties together what repeats it.
pub fn discount(grade: Grade) -> f64 {
    match (reliability_step(grade.reliability), credibility_step(grade.credibility)) {
        (Some(source), Some(said)) => source.min(said),
        (Some(known), None) | (None, Some(known)) => known / 2.0,
        (None, None) => UNGRADED,
    }
}

/// What is kept where neither axis could be judged; see [`discount`].
const UNGRADED: f64 = 0.125;

fn reliability_step(reliability: Reliability) -> Option<f64> {
    match reliability {
        Reliability::A => Some(1.0),
        Reliability::B => Some(0.75),
        Reliability::C => Some(0.5),
        Reliability::D => Some(0.25),
        Reliability::E => Some(0.0),
        Reliability::F => None,
    }
}

fn credibility_step(credibility: Credibility) -> Option<f64> {
    match credibility {
        Credibility::Confirmed => Some(1.0),
        Credibility::Probable => Some(0.75),
        Credibility::Possible => Some(0.5),
        Credibility::Doubtful => Some(0.25),
        Credibility::Improbable => Some(0.0),
        Credibility::Unknown => None,
    }
}

impl Grade {
    /// Nobody could judge either: what an item has until somebody grades it.
    pub const UNGRADED: Self =
        Self { reliability: Reliability::F, credibility: Credibility::Unknown };

    /// Whether a usually reliable source says what is probably true: A or B,
    /// and 1 or 2.
    pub fn is_good(self) -> bool {
        self.reliability <= Reliability::B && self.credibility <= Credibility::Probable
    }

    /// Whether it is at least C3: fairly reliable, possibly true. F and 6 are
    /// not.
    pub fn is_fair(self) -> bool {
        self.reliability <= Reliability::C && self.credibility <= Credibility::Possible
    }
}

impl Default for Grade {
    fn default() -> Self {
        Self::UNGRADED
    }
}

impl Reliability {
    /// What the letter means.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::A => "completely reliable",
            Self::B => "usually reliable",
            Self::C => "fairly reliable",
            Self::D => "not usually reliable",
            Self::E => "unreliable",
            Self::F => "reliability cannot be judged",
        }
    }
}

impl Credibility {
    /// What the digit means.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed by other sources",
            Self::Probable => "probably true",
            Self::Possible => "possibly true",
            Self::Doubtful => "doubtful",
            Self::Improbable => "improbable",
            Self::Unknown => "truth cannot be judged",
        }
    }
}

impl fmt::Display for Reliability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
            Self::F => "F",
        })
    }
}

impl From<Credibility> for u8 {
    fn from(credibility: Credibility) -> Self {
        match credibility {
            Credibility::Confirmed => 1,
            Credibility::Probable => 2,
            Credibility::Possible => 3,
            Credibility::Doubtful => 4,
            Credibility::Improbable => 5,
            Credibility::Unknown => 6,
        }
    }
}

impl TryFrom<u8> for Credibility {
    type Error = GradeError;

    fn try_from(digit: u8) -> Result<Self, GradeError> {
        Ok(match digit {
            1 => Self::Confirmed,
            2 => Self::Probable,
            3 => Self::Possible,
            4 => Self::Doubtful,
            5 => Self::Improbable,
            6 => Self::Unknown,
            _ => return Err(GradeError(digit.to_string())),
        })
    }
}

impl fmt::Display for Credibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        u8::from(*self).fmt(f)
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.reliability, self.credibility)
    }
}

impl FromStr for Grade {
    type Err = GradeError;

    /// ```
    /// use clarte_attribution::Grade;
    /// let grade: Grade = "b2".parse()?;
    /// assert_eq!(grade.to_string(), "B2");
    /// assert!("B7".parse::<Grade>().is_err());
    /// # Ok::<(), clarte_attribution::GradeError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, GradeError> {
        let wrong = || GradeError(text.chars().take(8).collect());
        let &[letter, digit] = text.trim().as_bytes() else { return Err(wrong()) };
        let reliability = match letter.to_ascii_uppercase() {
            b'A' => Reliability::A,
            b'B' => Reliability::B,
            b'C' => Reliability::C,
            b'D' => Reliability::D,
            b'E' => Reliability::E,
            b'F' => Reliability::F,
            _ => return Err(wrong()),
        };
        let credibility = digit.wrapping_sub(b'0').try_into().map_err(|_| wrong())?;
        Ok(Self { reliability, credibility })
    }
}

impl From<Grade> for String {
    fn from(grade: Grade) -> Self {
        grade.to_string()
    }
}

impl TryFrom<String> for Grade {
    type Error = GradeError;

    fn try_from(text: String) -> Result<Self, GradeError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(grade: &str) -> f64 {
        discount(grade.parse().unwrap())
    }

    #[test]
    fn the_weaker_axis_counts() {
        for (grade, expected) in
            [("A1", 1.0), ("B2", 0.75), ("A3", 0.5), ("D1", 0.25), ("A5", 0.0), ("E1", 0.0)]
        {
            assert_eq!(kept(grade), expected, "{grade}");
        }
    }

    #[test]
    fn not_being_judged_is_not_one_half() {
        assert!(kept("F6") < kept("C3") && kept("F6") < kept("D4"));
        // Nobody gains by leaving an axis open that can be judged as possible.
        for known in ["A", "B", "C", "D", "E"] {
            assert!(kept(&format!("{known}6")) <= kept(&format!("{known}3")), "{known}");
        }
        for known in 1..6 {
            assert!(kept(&format!("F{known}")) <= kept(&format!("C{known}")), "{known}");
        }
        let fair = |grade: &str| grade.parse::<Grade>().unwrap().is_fair();
        assert!(fair("C3") && fair("A1") && !fair("A6") && !fair("F1") && !fair("D1"));
    }

    #[test]
    fn reads_what_it_prints_and_nothing_else() {
        for letter in 'A'..='F' {
            for digit in 1..=6 {
                let text = format!("{letter}{digit}");
                assert_eq!(text.parse::<Grade>().unwrap().to_string(), text);
            }
        }
        for text in ["", "A", "A0", "A7", "G1", "A12", "é", "1A", "A/"] {
            assert!(text.parse::<Grade>().is_err(), "{text}");
        }
    }
}
