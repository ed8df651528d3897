//! Dates as spreadsheets and shells of several countries write them.

use clarte_model::{FaultKind, Moment, Precision, Timestamp, ZoneBasis};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::time;

/// Reads a UTC time. Dates with dots are day first; of others whose day and
/// month could change places none is preferred.
pub(crate) fn read(text: &str) -> Result<Moment, FaultKind> {
    if let Some(moment) = time::iso(text, ZoneBasis::Utc, Some(&TimeZone::UTC)) {
        return time::plausible(Some(moment));
    }
    if let Some(milliseconds) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/"))
    {
        return time::plausible(of_milliseconds(milliseconds));
    }
    let (date, clock) = text.split_once(' ').unwrap_or((text, ""));
    let date = date_of(date)?;
    let (clock, precision) = clock_of(clock).ok_or(FaultKind::BadTime)?;
    let [hour, minute, second] = clock;
    let [year, month, day] = date;
    let moment = DateTime::new(year, month as i8, day as i8, hour, minute, second, 0)
        .and_then(|at| TimeZone::UTC.to_timestamp(at))
        .ok()
        .map(|at| Moment { at: at.into(), precision, basis: ZoneBasis::Utc });
    time::plausible(moment)
}

/// What Windows PowerShell makes of a date in JSON.
fn of_milliseconds(text: &str) -> Option<Moment> {
    let nanoseconds = text.parse::<i64>().ok()?.checked_mul(1_000_000)?;
    let (at, precision) = (Timestamp(nanoseconds), Precision::Subsecond);
    Some(Moment { at, precision, basis: ZoneBasis::Utc })
}

/// Year, month and day.
fn date_of(text: &str) -> Result<[i16; 3], FaultKind> {
    let separator =
        ['/', '.', '-'].into_iter().find(|c| text.contains(*c)).ok_or(FaultKind::BadTime)?;
    let parts: Vec<_> = text.split(separator).collect();
    let number = |at: usize| parts[at].trim().parse::<i16>().ok().filter(|number| *number >= 0);
    let [Some(first), Some(second), Some(third)] = (match parts.len() {
        3 => [number(0), number(1), number(2)],
        _ => return Err(FaultKind::BadTime),
    }) else {
        return Err(FaultKind::BadTime);
    };
    if parts[0].len() == 4 {
        return Ok([first, second, third]);
    }
    let year = if third < 100 { 2000 + third } else { third };
    match (first, second) {
        _ if separator == '.' => Ok([year, second, first]),
        (13..=31, 1..=12) => Ok([year, second, first]),
        (1..=12, 13..=31) => Ok([year, first, second]),
        (1..=12, 1..=12) if first == second => Ok([year, first, second]),
        (1..=12, 1..=12) => Err(FaultKind::AmbiguousTime),
        _ => Err(FaultKind::BadTime),
    }
}

/// Hour, minute and second of `3:19:31 PM`, `15:19` or nothing.
fn clock_of(text: &str) -> Option<([i8; 3], Precision)> {
    let text = text.trim();
    if text.is_empty() {
        return Some(([0; 3], Precision::Day));
    }
    let lower = text.to_ascii_lowercase();
    let letters: String = lower.chars().filter(char::is_ascii_alphabetic).collect();
    let digits = lower.trim_end_matches(|c: char| !c.is_ascii_digit());
    let mut parts = digits.splitn(3, [':', '.']).map(|part| part.parse::<i8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next();
    let hour = match (letters.as_str(), hour) {
        ("", hour) => hour,
        ("am", 12) => 0,
        ("pm", 12) => 12,
        ("am", 1..=11) => hour,
        ("pm", 1..=11) => hour + 12,
        _ => return None,
    };
    let precision = if second.is_some() { Precision::Second } else { Precision::Minute };
    Some(([hour, minute, second.unwrap_or(Some(0))?], precision))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_one_way_or_not_at_all() {
        for (text, expected) in [
            ("2021-01-06T03:19:31.0000000Z", Ok("2021-01-06T03:19:31Z")),
            ("2021-01-06 03:19:31", Ok("2021-01-06T03:19:31Z")),
            ("/Date(1609903171000)/", Ok("2021-01-06T03:19:31Z")),
            ("/Date(soon)/", Err(FaultKind::BadTime)),
            ("1/16/2021 3:19:31 PM", Ok("2021-01-16T15:19:31Z")),
            ("16/01/2021 03:19", Ok("2021-01-16T03:19:00Z")),
            ("06.01.2021 03:19:31", Ok("2021-01-06T03:19:31Z")),
            ("1/1/2021 12:00:00 AM", Ok("2021-01-01T00:00:00Z")),
            ("1/6/2021 3:19:31 AM", Err(FaultKind::AmbiguousTime)),
            ("6-1-2021 03:19:31", Err(FaultKind::AmbiguousTime)),
            ("31/31/2021 03:19:31", Err(FaultKind::BadTime)),
            ("1/16/2021 13:19:31 PM", Err(FaultKind::BadTime)),
            ("16/01/1899 03:19", Err(FaultKind::ImplausibleTime)),
            ("soon", Err(FaultKind::BadTime)),
            ("", Err(FaultKind::BadTime)),
        ] {
            let found = read(text).map(|moment| moment.at.to_string());
            assert_eq!(found, expected.map(str::to_owned), "{text}");
        }
    }
}
