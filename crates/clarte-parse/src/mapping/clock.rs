//! The times of a mapped log.

use clarte_model::{FaultKind, Moment, Precision, Timestamp, ZoneBasis};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

use super::rules::Cells;
use crate::time;

/// Where the time is and how it is written.
#[derive(Debug)]
pub(super) struct Clock {
    /// Columns whose texts, with a space between, are the time.
    pub(super) columns: Vec<usize>,
    pub(super) form: Form,
    /// The zone of times without one.
    pub(super) zone: Option<TimeZone>,
}

/// How a time is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// RFC 3339, or ISO 8601 without an offset.
    Iso,
    /// Units since 1970, each of so many nanoseconds.
    Unix(i64),
    /// By a pattern of `strptime`.
    Pattern {
        pattern: String,
        precision: Precision,
        /// Whether it tells the offset from UTC.
        is_zoned: bool,
    },
}

impl Clock {
    /// The event's time, and what is wrong with it if it has none that can be
    /// believed.
    pub(super) fn read(&self, cells: &Cells<'_>) -> Result<Moment, (FaultKind, String)> {
        let texts: Vec<&str> =
            self.columns.iter().filter_map(|column| cells.first(*column)).collect();
        let joined;
        let text = match texts.as_slice() {
            [text] => *text,
            texts => {
                joined = texts.join(" ");
                joined.as_str()
            }
        };
        time::plausible(self.form.read(text, self.zone.as_ref())).map_err(|kind| {
            let shown: String = text.chars().take(40).collect();
            (kind, format!("the time {shown:?} cannot be its time"))
        })
    }

    /// How it is read, for people.
    pub(super) fn words(&self, columns: &[String]) -> String {
        let names: Vec<_> = self.columns.iter().map(|column| columns[*column].as_str()).collect();
        let zone = self.zone.as_ref().and_then(TimeZone::iana_name);
        let zone = zone.map(|zone| format!(", local time of {zone}")).unwrap_or_default();
        let form = match &self.form {
            Form::Iso => "rfc3339".to_owned(),
            Form::Unix(unit) => match *unit {
                1_000_000 => "unix-ms".to_owned(),
                1_000 => "unix-us".to_owned(),
                _ => "unix".to_owned(),
            },
            Form::Pattern { pattern, .. } => pattern.clone(),
        };
        format!("{} ({form}{zone})", names.join(" + "))
    }
}

impl Form {
    /// The form of that name, or that pattern; why it cannot be one if it cannot.
    pub(super) fn of(name: &str) -> Result<Self, String> {
        Ok(match name {
            "rfc3339" => Self::Iso,
            "unix" => Self::Unix(1_000_000_000),
            "unix-ms" => Self::Unix(1_000_000),
            "unix-us" => Self::Unix(1_000),
            pattern if pattern.contains('%') => tried(pattern)?,
            _ => return Err("it is neither the name of a form nor a pattern".to_owned()),
        })
    }

    /// Whether the text itself says how far it is from UTC.
    pub(super) fn is_zoned(&self) -> bool {
        match self {
            Self::Iso => false,
            Self::Unix(_) => true,
            Self::Pattern { is_zoned, .. } => *is_zoned,
        }
    }

    fn read(&self, text: &str, zone: Option<&TimeZone>) -> Option<Moment> {
        match self {
            Self::Iso => time::iso(text, ZoneBasis::Offset, zone),
            Self::Unix(1_000_000_000) => time::unix(text),
            Self::Unix(unit) => {
                // Digits behind a point are below what matters.
                let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
                let at = Timestamp(whole.parse::<i64>().ok()?.checked_mul(*unit)?);
                Some(Moment { at, precision: Precision::Subsecond, basis: ZoneBasis::Utc })
            }
            Self::Pattern { pattern, precision, is_zoned } => {
                let broken = BrokenDownTime::parse(pattern, text).ok()?;
                let (at, basis) = if *is_zoned {
                    (broken.to_timestamp().ok()?, ZoneBasis::Offset)
                } else {
                    let local = broken.to_datetime().ok()?;
                    (zone?.to_timestamp(local).ok()?, ZoneBasis::LocalAssumed)
                };
                Some(Moment { at: at.into(), precision: *precision, basis })
            }
        }
    }
}

/// The pattern, if a time that is written by it can be read by it.
fn tried(pattern: &str) -> Result<Form, String> {
    // In the afternoon, and with a day that is no month: what a pattern leaves
    // open shows.
    let local = jiff::civil::date(2021, 1, 26).at(13, 19, 31, 250_000_000);
    let sample = local.to_zoned_datetime(TimeZone::UTC).map_err(|cause| cause.to_string())?;
    let written =
        jiff::fmt::strtime::format(pattern, &sample).map_err(|cause| cause.to_string())?;
    let read = BrokenDownTime::parse(pattern, &written).map_err(|cause| cause.to_string())?;
    let is_zoned = read.offset().is_some() || read.timestamp().is_some();
    let found = match is_zoned {
        true => read.to_timestamp().map(|at| TimeZone::UTC.to_datetime(at)),
        false => read.to_datetime(),
    };
    let found = found.map_err(|cause| cause.to_string())?;
    if found.date() != local.date() {
        return Err("it does not tell the whole date".to_owned());
    }
    let (hour, minute) = (found.hour() == 13, found.minute() == 19);
    if !hour && found.hour() != 0 {
        return Err("it does not tell morning from afternoon (%p)".to_owned());
    }
    let precision = match (hour && minute, found.second() == 31, found.subsec_nanosecond() > 0) {
        (true, true, true) => Precision::Subsecond,
        (true, true, false) => Precision::Second,
        (true, false, _) => Precision::Minute,
        (false, ..) => Precision::Day,
    };
    Ok(Form::Pattern { pattern: pattern.to_owned(), precision, is_zoned })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str, zone: Option<&str>, text: &str) -> Option<(String, Precision, ZoneBasis)> {
        let zone = zone.map(|zone| TimeZone::get(zone).expect("a known zone"));
        let form = Form::of(form).expect("a form");
        form.read(text, zone.as_ref()).map(|m| (m.at.to_string(), m.precision, m.basis))
    }

    #[test]
    fn times_are_read_by_their_form() {
        let at = |text: &str, precision, basis| Some((text.to_owned(), precision, basis));
        let brussels = Some("Europe/Brussels");
        for (form, zone, text, expected) in [
            (
                "%d/%m/%Y %H:%M:%S",
                brussels,
                "06/01/2021 04:19:31",
                at("2021-01-06T03:19:31Z", Precision::Second, ZoneBasis::LocalAssumed),
            ),
            ("%d/%m/%Y %H:%M:%S", brussels, "31/13/2021 04:19:31", None),
            (
                "%b %d, %Y %I:%M %p",
                brussels,
                "Jul 06, 2021 04:19 PM",
                at("2021-07-06T14:19:00Z", Precision::Minute, ZoneBasis::LocalAssumed),
            ),
            (
                "%Y-%m-%d %H:%M:%S%.f %z",
                None,
                "2021-01-06 04:19:31.25 +0100",
                at("2021-01-06T03:19:31.25Z", Precision::Subsecond, ZoneBasis::Offset),
            ),
            (
                "rfc3339",
                brussels,
                "2021-01-06T04:19:31",
                at("2021-01-06T03:19:31Z", Precision::Second, ZoneBasis::LocalAssumed),
            ),
            ("rfc3339", None, "2021-01-06T04:19:31", None),
            (
                "unix-ms",
                None,
                "1609903171250",
                at("2021-01-06T03:19:31.25Z", Precision::Subsecond, ZoneBasis::Utc),
            ),
            (
                "unix",
                None,
                "1609903171",
                at("2021-01-06T03:19:31Z", Precision::Second, ZoneBasis::Utc),
            ),
            ("unix-us", None, "99999999999999999999", None),
        ] {
            assert_eq!(read(form, zone, text), expected, "{form} {text}");
        }
    }

    #[test]
    fn a_pattern_that_gives_no_moment_is_refused() {
        for pattern in ["%H:%M:%S", "%b %d %H:%M:%S", "%d/%m/%Y %I:%M:%S", "%", "%q", "iso", ""] {
            assert!(Form::of(pattern).is_err(), "{pattern}");
        }
        assert!(Form::of("%d/%m/%y").is_ok());
        assert!(Form::of("%d/%m/%y %I:%M:%S %p").is_ok());
    }
}
