//! The dates of intelligence, in the few ways that feeds write them.

use clarte_model::{FaultKind, Timestamp};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Reads a moment. A time without a zone is taken as UTC, a date without a
/// time as its first instant; `end_of_day` takes its last, for an expiry.
pub(crate) fn read(text: &str, end_of_day: bool) -> Result<Timestamp, FaultKind> {
    let text = text.trim();
    let at = instant(text).map_or_else(|| local(text, end_of_day), Ok)?;
    if at.is_plausible() { Ok(at) } else { Err(FaultKind::ImplausibleTime) }
}

fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(at.into());
    }
    let is_unix_time = matches!(text.len(), 9 | 10) && text.bytes().all(|b| b.is_ascii_digit());
    if is_unix_time {
        return Timestamp::from_seconds(text.parse().ok()?);
    }
    let bare = text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT"))?;
    in_utc(bare.trim_end().parse().ok()?)
}

fn local(text: &str, end_of_day: bool) -> Result<Timestamp, FaultKind> {
    if let Some(date) = date(text)? {
        let date = if end_of_day { date.tomorrow().map_err(|_| FaultKind::BadTime)? } else { date };
        return in_utc(date.into()).ok_or(FaultKind::BadTime);
    }
    let at: DateTime = text.parse().map_err(|_| FaultKind::BadTime)?;
    in_utc(at).ok_or(FaultKind::BadTime)
}

/// A date alone: `2021-01-31`, `20210131`, `2021/01/31`, `31.01.2021`. With
/// slashes and the year last, day and month can be told apart only beyond 12.
fn date(text: &str) -> Result<Option<Date>, FaultKind> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits != text.len() && text.len() > 10 {
        return Ok(None);
    }
    let parts: Vec<&str> = match text.len() {
        8 if digits == 8 => vec![&text[..4], &text[4..6], &text[6..]],
        _ => text.split(['-', '/', '.']).collect(),
    };
    let &[a, b, c] = parts.as_slice() else { return Ok(None) };
    let number = |text: &str| text.parse::<i16>().map_err(|_| FaultKind::BadTime);
    let (a_number, b_number, c_number) = (number(a)?, number(b)?, number(c)?);
    let (year, month, day) = match (a.len(), c.len()) {
        (4, _) => (a_number, b_number, c_number),
        (_, 4) if text.contains('.') || a_number > 12 => (c_number, b_number, a_number),
        (_, 4) if b_number > 12 => (c_number, a_number, b_number),
        (_, 4) if a_number != b_number => return Err(FaultKind::AmbiguousTime),
        (_, 4) => (c_number, b_number, a_number),
        _ => return Err(FaultKind::BadTime),
    };
    let small = |n: i16| i8::try_from(n).map_err(|_| FaultKind::BadTime);
    Date::new(year, small(month)?, small(day)?).map(Some).map_err(|_| FaultKind::BadTime)
}

fn in_utc(at: DateTime) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(at).ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(written: &str) -> Result<String, FaultKind> {
        read(written, false).map(|at| at.to_string())
    }

    #[test]
    fn the_dates_of_feeds_are_read() {
        for written in [
            "2021-01-31",
            "20210131",
            "2021/01/31",
            "31.01.2021",
            "31/01/2021",
            "01/31/2021",
            "2021-01-31T00:00:00Z",
            "2021-01-31T01:00:00+01:00",
            "2021-01-31 00:00:00",
            "2021-01-31 00:00:00 UTC",
            "1612051200",
        ] {
            assert_eq!(text(written).as_deref(), Ok("2021-01-31T00:00:00Z"), "{written}");
        }
    }

    #[test]
    fn an_expiry_holds_to_the_end_of_its_day() {
        let until = read("2021-01-31", true).expect("a date");
        assert_eq!(until.to_string(), "2021-02-01T00:00:00Z");
        let until = read("2021-01-31T12:00:00Z", true).expect("an instant");
        assert_eq!(until.to_string(), "2021-01-31T12:00:00Z");
    }

    #[test]
    fn what_is_no_date_is_said() {
        assert_eq!(text("01/02/2021"), Err(FaultKind::AmbiguousTime));
        assert_eq!(text("1970-01-01"), Err(FaultKind::ImplausibleTime));
        for written in ["", "soon", "2021-13-01", "2021-02-30", "--", "99999-1-1", "1/2/3", "é/é/é"]
        {
            assert_eq!(text(written), Err(FaultKind::BadTime), "{written}");
        }
    }
}
