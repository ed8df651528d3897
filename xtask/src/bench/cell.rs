//! One value of a report's table.

use std::fmt;

use serde_json::{Value, json};

/// A value with its unit: shown rounded, and whole to programs.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Text(String),
    Count(u64),
    Seconds(f64),
    /// Of bytes.
    MegabytesPerSecond(f64),
    /// In bytes.
    Memory(Option<u64>),
    /// How many times as much, or as fast.
    Times(Option<f64>),
    /// Not measured.
    None,
}

impl Cell {
    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Seconds, where they were measured.
    pub(super) fn seconds(seconds: Option<f64>) -> Self {
        seconds.map_or(Self::None, Self::Seconds)
    }

    /// How fast so many bytes were dealt with.
    pub(super) fn rate(bytes: u64, seconds: Option<f64>) -> Self {
        seconds.map_or(Self::None, |seconds| Self::MegabytesPerSecond(bytes as f64 / 1e6 / seconds))
    }

    /// As programs read it.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Count(count) => json!(count),
            Self::Seconds(number) | Self::MegabytesPerSecond(number) => json!(number),
            Self::Memory(bytes) => json!(bytes),
            Self::Times(times) => json!(times),
            Self::None => Value::Null,
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Count(count) => write!(f, "{count}"),
            Self::Seconds(seconds) => write!(f, "{seconds:.3} s"),
            Self::MegabytesPerSecond(rate) => write!(f, "{rate:.1} MB/s"),
            Self::Memory(Some(bytes)) => write!(f, "{} MB", bytes / 1_000_000),
            Self::Times(Some(times)) => write!(f, "{times:.2}x"),
            Self::Memory(None) | Self::Times(None) | Self::None => f.write_str("-"),
        }
    }
}

/// What a number is to reach.
#[derive(Debug, Clone, Copy)]
pub(super) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    /// The goal, and whether a value reaches it.
    pub(super) fn cell(self, value: Option<f64>) -> Cell {
        let (goal, reached) = match self {
            Self::AtLeast(least) => (format!(">= {least}"), value.map(|value| value >= least)),
            Self::AtMost(most) => (format!("<= {most}"), value.map(|value| value <= most)),
        };
        let word = match reached {
            Some(true) => ": reached",
            Some(false) => ": missed",
            None => "",
        };
        Cell::Text(goal + word)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Goal};

    #[test]
    fn values_carry_their_unit() {
        for (cell, shown) in [
            (Cell::rate(150_000_000, Some(2.0)), "75.0 MB/s"),
            (Cell::rate(150_000_000, None), "-"),
            (Cell::Seconds(0.0124), "0.012 s"),
            (Cell::Memory(Some(299_600_000)), "299 MB"),
            (Cell::Memory(None), "-"),
            (Cell::Times(Some(2.346)), "2.35x"),
        ] {
            assert_eq!(cell.to_string(), shown);
        }
    }

    #[test]
    fn a_goal_says_whether_it_is_reached() {
        for (goal, value, said) in [
            (Goal::AtLeast(2.0), Some(2.0), ">= 2: reached"),
            (Goal::AtLeast(1.5), Some(1.4), ">= 1.5: missed"),
            (Goal::AtMost(11.0), Some(12.0), "<= 11: missed"),
            (Goal::AtMost(1.2), None, "<= 1.2"),
        ] {
            assert_eq!(goal.cell(value), Cell::text(said));
        }
    }
}
