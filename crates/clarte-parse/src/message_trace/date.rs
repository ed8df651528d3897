//! Dates as spreadsheets and shells of several countries write them.

use clarte_model::{FaultKind, Moment, Precision, Timestamp, ZoneBasis};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::time;

/// What a file's dates have in common.
#[derive(Debug, Clone)]
pub(crate) struct Style {
    /// Where the times are that do not say so.
    zone: TimeZone,
    basis: ZoneBasis,
    order: Option<Order>,
}

/// Which of day and month comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
}

/// Reads a UTC time. Dates with dots are day first; of others whose day and
/// month could change places none is preferred.
pub(crate) fn read(text: &str) -> Result<Moment, FaultKind> {
    Style::utc().read(text)
}

impl Style {
    /// Times in UTC.
    pub(crate) fn utc() -> Self {
        Self { zone: TimeZone::UTC, basis: ZoneBasis::Utc, order: None }
    }

    /// Times of a zone that they do not name.
    pub(crate) fn local(zone: TimeZone) -> Self {
        Self { zone, basis: ZoneBasis::LocalAssumed, order: None }
    }

    /// The same for the file that these dates are of: one that can be read in one
    /// way only tells how all the others are meant.
    pub(crate) fn learn<'d>(mut self, dates: impl IntoIterator<Item = &'d str>) -> Self {
        let (mut day_first, mut month_first) = (false, false);
        for text in dates {
            match parts(text.split_once(' ').map_or(text, |(date, _)| date)) {
                Some((separator, [13..=31, 1..=12, _])) if separator != '.' => day_first = true,
                Some((separator, [1..=12, 13..=31, _])) if separator != '.' => month_first = true,
                _ => {}
            }
        }
        self.order = match (day_first, month_first) {
            (true, false) => Some(Order::DayFirst),
            (false, true) => Some(Order::MonthFirst),
            _ => None,
        };
        self
    }

    /// Reads a time.
    pub(crate) fn read(&self, text: &str) -> Result<Moment, FaultKind> {
        let zoned = if self.basis == ZoneBasis::Utc { self.basis } else { ZoneBasis::Offset };
        if let Some(moment) = time::iso(text, zoned, Some(&self.zone)) {
            return time::plausible(Some(moment));
        }
        let milliseconds = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/"));
        if let Some(milliseconds) = milliseconds {
            return time::plausible(of_milliseconds(milliseconds));
        }
        let (date, clock) = text.split_once(' ').unwrap_or((text, ""));
        let [year, month, day] = self.date(date.trim_end_matches(','))?;
        let (clock, precision) = clock_of(clock).ok_or(FaultKind::BadTime)?;
        let Clock { hour, minute, second, nanosecond } = clock;
        let moment = DateTime::new(year, month as i8, day as i8, hour, minute, second, nanosecond)
            .and_then(|at| self.zone.to_timestamp(at))
            .ok()
            .map(|at| Moment { at: at.into(), precision, basis: self.basis });
        time::plausible(moment)
    }

    /// Year, month and day.
    fn date(&self, text: &str) -> Result<[i16; 3], FaultKind> {
        let (separator, [first, second, third]) = parts(text).ok_or(FaultKind::BadTime)?;
        if text.find(separator) == Some(4) {
            return Ok([first, second, third]);
        }
        let year = if third < 100 { 2000 + third } else { third };
        match (first, second, self.order) {
            _ if separator == '.' => Ok([year, second, first]),
            (13..=31, 1..=12, _) => Ok([year, second, first]),
            (1..=12, 13..=31, _) => Ok([year, first, second]),
            (1..=12, 1..=12, _) if first == second => Ok([year, first, second]),
            (1..=12, 1..=12, Some(Order::DayFirst)) => Ok([year, second, first]),
            (1..=12, 1..=12, Some(Order::MonthFirst)) => Ok([year, first, second]),
            (1..=12, 1..=12, None) => Err(FaultKind::AmbiguousTime),
            _ => Err(FaultKind::BadTime),
        }
    }
}

/// The three numbers of a date, as they stand, and what is between them.
fn parts(text: &str) -> Option<(char, [i16; 3])> {
    let separator = ['/', '.', '-'].into_iter().find(|c| text.contains(*c))?;
    let mut numbers = text.split(separator).map(|part| {
        part.trim_matches([' ', ',']).parse::<i16>().ok().filter(|number| *number >= 0)
    });
    let three = [numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then_some((separator, three))
}

/// What Windows PowerShell makes of a date in JSON.
fn of_milliseconds(text: &str) -> Option<Moment> {
    let nanoseconds = text.parse::<i64>().ok()?.checked_mul(1_000_000)?;
    let (at, precision) = (Timestamp(nanoseconds), Precision::Subsecond);
    Some(Moment { at, precision, basis: ZoneBasis::Utc })
}

#[derive(Debug, Default)]
struct Clock {
    hour: i8,
    minute: i8,
    second: i8,
    nanosecond: i32,
}

/// The time of day of `3:19:31 PM`, `15:19:31.250`, `15:19` or nothing.
fn clock_of(text: &str) -> Option<(Clock, Precision)> {
    let text = text.trim();
    if text.is_empty() {
        return Some((Clock::default(), Precision::Day));
    }
    let lower = text.to_ascii_lowercase();
    let letters: String = lower.chars().filter(char::is_ascii_alphabetic).collect();
    let digits = lower.trim_end_matches(|c: char| !c.is_ascii_digit());
    let mut parts = digits.splitn(3, [':', '.']);
    let mut number = || parts.next()?.parse::<i8>().ok();
    let (hour, minute) = (number()?, number()?);
    let (second, fraction) = match parts.next() {
        Some(rest) => rest.split_once(['.', ',']).unwrap_or((rest, "")),
        None => ("", ""),
    };
    let hour = match (letters.as_str(), hour) {
        ("", hour) => hour,
        ("am", 12) => 0,
        ("pm", 12) => 12,
        ("am", 1..=11) => hour,
        ("pm", 1..=11) => hour + 12,
        _ => return None,
    };
    let precision = match (second, fraction) {
        ("", _) => Precision::Minute,
        (_, "") => Precision::Second,
        _ => Precision::Subsecond,
    };
    let second = if second.is_empty() { 0 } else { second.parse().ok()? };
    let nanosecond = if fraction.is_empty() { 0 } else { nanoseconds(fraction)? };
    Some((Clock { hour, minute, second, nanosecond }, precision))
}

/// Nanoseconds of the digits behind the seconds.
fn nanoseconds(digits: &str) -> Option<i32> {
    let fits = digits.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = fits.then(|| digits.parse::<i32>().ok()).flatten()?;
    Some(number * 10_i32.pow(9 - digits.len() as u32))
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
            ("1/16/2021 3:19:31\u{202f}PM", Ok("2021-01-16T15:19:31Z")),
            ("1/16/2021, 3:19:31.250 PM", Ok("2021-01-16T15:19:31.25Z")),
            ("16/01/2021 03:19", Ok("2021-01-16T03:19:00Z")),
            ("16/01/2021, 03:19:31,250", Ok("2021-01-16T03:19:31.25Z")),
            ("06.01.2021 03:19:31", Ok("2021-01-06T03:19:31Z")),
            ("2021/01/06 03:19:31", Ok("2021-01-06T03:19:31Z")),
            ("1/1/2021 12:00:00 AM", Ok("2021-01-01T00:00:00Z")),
            ("1/6/2021 3:19:31 AM", Err(FaultKind::AmbiguousTime)),
            ("6-1-2021 03:19:31", Err(FaultKind::AmbiguousTime)),
            ("31/31/2021 03:19:31", Err(FaultKind::BadTime)),
            ("1/16/2021 13:19:31 PM", Err(FaultKind::BadTime)),
            ("1/16/2021 03:19:31.1234567890", Err(FaultKind::BadTime)),
            ("16/01/1899 03:19", Err(FaultKind::ImplausibleTime)),
            ("1/2/3/2021", Err(FaultKind::BadTime)),
            ("soon", Err(FaultKind::BadTime)),
            ("", Err(FaultKind::BadTime)),
        ] {
            let found = read(text).map(|moment| moment.at.to_string());
            assert_eq!(found, expected.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn one_plain_date_tells_how_a_file_writes_the_others() {
        for (dates, expected) in [
            (&["1/6/2021 3:19 AM", "1/16/2021 3:19 AM"][..], Ok("2021-01-06T03:19:00Z")),
            (&["1/6/2021 3:19 AM", "16/1/2021"], Ok("2021-06-01T03:19:00Z")),
            (&["1/6/2021 3:19 AM", "6/6/2021"], Err(FaultKind::AmbiguousTime)),
            (&["1/6/2021 3:19 AM", "16/1/2021", "1/16/2021"], Err(FaultKind::AmbiguousTime)),
            (&["1/6/2021 3:19 AM", "16.1.2021"], Err(FaultKind::AmbiguousTime)),
        ] {
            let style = Style::utc().learn(dates.iter().copied());
            let found = style.read(dates[0]).map(|moment| moment.at.to_string());
            assert_eq!(found, expected.map(str::to_owned), "{dates:?}");
        }
    }

    #[test]
    fn local_times_are_read_in_their_zone() {
        let zone = TimeZone::get("Europe/Brussels").expect("a known zone");
        let style = Style::local(zone);
        for (text, expected, basis) in [
            ("16/01/2021 04:19:31", "2021-01-16T03:19:31Z", ZoneBasis::LocalAssumed),
            ("2021-01-16T04:19:31", "2021-01-16T03:19:31Z", ZoneBasis::LocalAssumed),
            ("2021-01-16T04:19:31+01:00", "2021-01-16T03:19:31Z", ZoneBasis::Offset),
            ("/Date(1610767171000)/", "2021-01-16T03:19:31Z", ZoneBasis::Utc),
        ] {
            let found = style.read(text).map(|moment| (moment.at.to_string(), moment.basis));
            assert_eq!(found, Ok((expected.to_owned(), basis)), "{text}");
        }
    }
}
