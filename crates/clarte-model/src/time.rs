//! Moments: nanoseconds UTC, with how precisely and on what basis we know them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Nanoseconds since 1970-01-01T00:00:00Z. Reaches from 1677 to 2262.
///
/// Written as RFC 3339 with a `Z`, with as many decimals as it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// Nanoseconds in a second.
pub const SECOND: i64 = 1_000_000_000;

impl Timestamp {
    /// A moment from whole seconds since 1970; `None` outside 1677–2262.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        seconds.checked_mul(SECOND).map(Self)
    }

    /// Whole seconds since 1970, rounded down.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// Whether a record with this time can be believed at all.
    ///
    /// Clocks that were never set write 1970, overflowing ones 2106; nothing
    /// that Clarté reads existed before 1990. Fixed bounds, because the clock
    /// is never asked.
    pub fn is_plausible(self) -> bool {
        const FROM: i64 = 631_152_000 * SECOND; // 1990-01-01
        const TO: i64 = 4_102_444_800 * SECOND; // 2100-01-01
        (FROM..TO).contains(&self.0)
    }

    /// This moment moved by `seconds`, kept inside the representable range.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(SECOND)))
    }
}

impl From<jiff::Timestamp> for Timestamp {
    /// Moments outside 1677–2262 become the nearest representable one.
    fn from(at: jiff::Timestamp) -> Self {
        let nanoseconds = at.as_nanosecond();
        Self(nanoseconds.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_nanosecond(self.0.into()) {
            Ok(at) => fmt::Display::fmt(&at, f),
            Err(_) => write!(f, "{}ns", self.0),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at: jiff::Timestamp = text.parse().map_err(serde::de::Error::custom)?;
        Ok(at.into())
    }
}

/// The finest unit the source wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Nothing below the day.
    Day,
    /// Nothing below the minute.
    Minute,
    /// Whole seconds.
    Second,
    /// Fractions of a second, however many digits.
    Subsecond,
}

/// What the conversion to UTC rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ZoneBasis {
    /// The format is UTC by its specification (or a Unix time).
    Utc,
    /// The source wrote an offset.
    Offset,
    /// The source wrote local time; the zone was given or assumed.
    LocalAssumed,
}

impl ZoneBasis {
    /// The fixed vocabulary of the case: `utc`, `offset`, `local-assumed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utc => "utc",
            Self::Offset => "offset",
            Self::LocalAssumed => "local-assumed",
        }
    }
}

/// When something happened, as far as its source lets us know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The moment in UTC.
    pub at: Timestamp,
    /// The finest unit the source wrote.
    pub precision: Precision,
    /// What the conversion to UTC rests on.
    pub basis: ZoneBasis,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_written_as_rfc_3339_in_utc() {
        let at = Timestamp::from_seconds(1_609_903_171).expect("in range");
        assert_eq!(at.to_string(), "2021-01-06T03:19:31Z");
        assert_eq!(Timestamp(at.0 + 250_000_000).to_string(), "2021-01-06T03:19:31.25Z");
    }

    #[test]
    fn clocks_of_1970_and_2106_are_not_believed() {
        assert!(!Timestamp(0).is_plausible());
        assert!(!Timestamp::from_seconds(4_294_967_295).expect("in range").is_plausible());
        assert!(Timestamp::from_seconds(1_609_903_171).expect("in range").is_plausible());
    }
}
