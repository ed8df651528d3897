//! Times and durations as logs write them.
//!
//! Decimal seconds are read digit by digit: a 64-bit float cannot hold today's
//! nanoseconds.

use clarte_model::time::SECOND;
use clarte_model::{FaultKind, Moment, Precision, Timestamp, ZoneBasis};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A Unix time in decimal seconds, such as `1521911720.865716`.
pub(crate) fn unix(text: &str) -> Option<Moment> {
    let nanoseconds = nanoseconds(text)?;
    let precision = if text.bytes().any(|byte| byte == b'.') {
        Precision::Subsecond
    } else {
        Precision::Second
    };
    Some(Moment { at: Timestamp(nanoseconds), precision, basis: ZoneBasis::Utc })
}

/// Decimal seconds as nanoseconds; digits after the ninth decimal are dropped.
pub(crate) fn nanoseconds(text: &str) -> Option<i64> {
    if let Some(nanoseconds) = usual(text.as_bytes()) {
        return Some(nanoseconds);
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return exponent(text);
    }
    let mut part = 0;
    for at in 0..9 {
        let digit = fraction.as_bytes().get(at).map_or(0, |digit| digit - b'0');
        part = part * 10 + i64::from(digit);
    }
    let total = whole.parse::<i64>().ok()?.checked_mul(SECOND)?.checked_add(part)?;
    Some(if negative { -total } else { total })
}

/// The same for what nearly every cell holds: at most ten digits, a point and
/// at most nine more.
fn usual(text: &[u8]) -> Option<i64> {
    const POWERS: [u64; 10] =
        [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
    let (whole, fraction) = text.split_at(text.iter().position(|byte| *byte == b'.')?);
    let fraction = &fraction[1..];
    if whole.is_empty() || whole.len() > 10 {
        return None;
    }
    let power = POWERS.get(fraction.len())?;
    // Nineteen digits fit; what is no digit shows in `wrong`.
    let (mut number, mut wrong) = (0_u64, false);
    for &byte in whole.iter().chain(fraction) {
        let digit = byte.wrapping_sub(b'0');
        wrong |= digit > 9;
        number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    if wrong {
        return None;
    }
    i64::try_from(number.checked_mul(*power)?).ok()
}

/// Seconds with an exponent, as some JSON writers print them; to the
/// microsecond, which is what a float still holds.
fn exponent(text: &str) -> Option<i64> {
    let fits = text.len() < 40 && text.bytes().any(|byte| matches!(byte, b'e' | b'E'));
    let seconds = fits.then(|| text.parse::<f64>().ok()).flatten()?;
    let microseconds = (seconds * 1e6).round();
    (microseconds.abs() < 9e15).then(|| microseconds as i64 * 1_000)
}

/// A time in the manner of ISO 8601 (RFC 3339). What carries `Z` or an offset
/// is `zoned`; local time is read in `zone`.
pub(crate) fn iso(text: &str, zoned: ZoneBasis, zone: Option<&TimeZone>) -> Option<Moment> {
    let local = if zoned == ZoneBasis::Utc { zoned } else { ZoneBasis::LocalAssumed };
    if let Some((at, precision, says_utc)) = plain_iso(text.as_bytes()) {
        if says_utc {
            return Some(Moment { at, precision, basis: zoned });
        }
        if zone? == &TimeZone::UTC {
            return Some(Moment { at, precision, basis: local });
        }
    }
    let precision = iso_precision(text);
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(Moment { at: at.into(), precision, basis: zoned });
    }
    let at = zone?.to_timestamp(text.parse::<DateTime>().ok()?).ok()?;
    Some(Moment { at: at.into(), precision, basis: local })
}

/// The form that nearly all logs write, `2021-01-06T03:19:31.123Z` with or
/// without fraction and `Z`, as if it were UTC, and whether it says so. What is
/// written or meant otherwise is left to the library, which is slower.
fn plain_iso(text: &[u8]) -> Option<(Timestamp, Precision, bool)> {
    let (first, rest) = text.split_first_chunk::<19>()?;
    let number = |at: usize, length: usize| {
        let digits = &first[at..at + length];
        let are_digits = digits.iter().all(u8::is_ascii_digit);
        are_digits.then(|| digits.iter().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0')))
    };
    let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
    // A leap day is left to the library as well.
    let last = match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let has_form = [first[4], first[7], first[13], first[16]] == *b"--::"
        && matches!(first[10], b'T' | b' ')
        && (1900..2200).contains(&year)
        && (1..=12).contains(&month)
        && (1..=last).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !has_form {
        return None;
    }
    let (rest, says_utc) = rest.strip_suffix(b"Z").map_or((rest, false), |rest| (rest, true));
    let (nanoseconds, precision) = match rest {
        [] => (0, Precision::Second),
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => {
            if !digits.iter().all(u8::is_ascii_digit) {
                return None;
            }
            let sum = digits.iter().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
            (sum * 10_i64.pow(9 - digits.len() as u32), Precision::Subsecond)
        }
        _ => return None,
    };
    // Days since 1970, of years that begin in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 719_469;
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    Some((Timestamp(seconds * SECOND + nanoseconds), precision, says_utc))
}

fn iso_precision(text: &str) -> Precision {
    match text.get(10..) {
        None | Some("") => Precision::Day,
        Some(clock) if clock.contains(['.', ',']) => Precision::Subsecond,
        Some(clock) if clock.bytes().filter(|byte| *byte == b':').count() < 2 => Precision::Minute,
        Some(_) => Precision::Second,
    }
}

/// The months as logs in English abbreviate them, each with the most days that
/// it can have.
pub(crate) const MONTHS: [(&str, u8); 12] = [
    ("Jan", 31),
    ("Feb", 29),
    ("Mar", 31),
    ("Apr", 30),
    ("May", 31),
    ("Jun", 30),
    ("Jul", 31),
    ("Aug", 31),
    ("Sep", 30),
    ("Oct", 31),
    ("Nov", 30),
    ("Dec", 31),
];

/// The number of the month of that name.
pub(crate) fn month(name: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|(known, _)| *known == name)?;
    Some(at as i8 + 1)
}

/// A number of a few digits and nothing else.
pub(crate) fn digits(text: &str) -> Option<i64> {
    let fits = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.bytes().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0')))
}

/// The moment if it can be believed, and what is wrong with it if not.
pub(crate) fn plausible(moment: Option<Moment>) -> Result<Moment, FaultKind> {
    match moment {
        Some(moment) if moment.at.is_plausible() => Ok(moment),
        Some(_) => Err(FaultKind::ImplausibleTime),
        None => Err(FaultKind::BadTime),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_seconds_are_read_to_the_digit() {
        for (text, expected) in [
            ("1521911720.865716", Some(1_521_911_720_865_716_000)),
            ("1521911720", Some(1_521_911_720_000_000_000)),
            ("0.1", Some(100_000_000)),
            ("-1.5", Some(-1_500_000_000)),
            ("1.0000000019", Some(1_000_000_001)),
            ("1.521911720865716e9", Some(1_521_911_720_865_716_000)),
            ("9223372037", None),
            ("9223372036.854775", Some(9_223_372_036_854_775_000)),
            ("9999999999.999999", None),
            ("1.52191x", None),
            (".123456", None),
            ("99999999999999999999", None),
            ("1e300", None),
            ("", None),
            (".", None),
            ("1.x", None),
            ("nan", None),
        ] {
            assert_eq!(nanoseconds(text), expected, "{text}");
        }
    }

    #[test]
    fn plain_times_are_those_of_the_library() {
        for year in [1900, 1970, 1999, 2000, 2021, 2024, 2100, 2199] {
            for (month, day) in (1..=12).flat_map(|month| (1..=31).map(move |day| (month, day))) {
                if day > 28 && i64::from(MONTHS[month - 1].1) < day || (month, day) == (2, 29) {
                    continue;
                }
                let text = format!("{year}-{month:02}-{day:02}T23:01:59.0250Z");
                let library = text.parse::<jiff::Timestamp>().expect("a time");
                let found = plain_iso(text.as_bytes());
                assert_eq!(found, Some((library.into(), Precision::Subsecond, true)), "{text}");
            }
        }
        for text in [
            "2020-02-29T03:19:31Z",
            "2021-04-31T03:19:31Z",
            "2021-01-06T03:19:60Z",
            "2021-01-06T24:19:31Z",
            "2021-13-06T03:19:31Z",
            "9999-01-06T03:19:31Z",
            "2021-01-06T03:19:31+01:00",
            "2021-01-06T03:19:31.Z",
            "2021-01-06T03:19:31.1234567890Z",
            "2021-01-06T03:19:31.!Z",
            "2021-01-06T03:19",
            "2021-01-06T03:19:3x",
        ] {
            assert_eq!(plain_iso(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn iso_times_say_what_they_rest_on() {
        let brussels = TimeZone::get("Europe/Brussels").expect("a known zone");
        let read = |text: &str| {
            iso(text, ZoneBasis::Offset, Some(&brussels))
                .map(|m| (m.at.to_string(), m.precision, m.basis))
        };
        let second = Precision::Second;
        let expected = "2021-01-06T03:19:31Z".to_owned();
        assert_eq!(
            read("2021-01-06T04:19:31+01:00"),
            Some((expected.clone(), second, ZoneBasis::Offset))
        );
        assert_eq!(
            read("2021-01-06T03:19:31Z"),
            Some((expected.clone(), second, ZoneBasis::Offset))
        );
        assert_eq!(read("2021-01-06 04:19:31"), Some((expected, second, ZoneBasis::LocalAssumed)));
        assert_eq!(read("2021-13-06T04:19:31Z"), None);
    }
}
