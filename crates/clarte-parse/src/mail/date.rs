//! Dates of mail: RFC 5322 §3.3 with its obsolete forms, and the `asctime`
//! dates of mbox separators.
//!
//! Reads by kind of token instead of by position, since mail in the wild
//! leaves out weekdays, seconds and zones and turns the order around.

use std::borrow::Cow;

use clarte_model::{Moment, Precision, ZoneBasis};
use jiff::civil;
use jiff::tz::{Offset, TimeZone};

/// Reads a date; one without a zone is taken to be in `assumed`.
pub(super) fn read(text: &str, assumed: &TimeZone) -> Option<Moment> {
    let text = without_comments(text);
    let mut found = Found::default();
    for token in text.split([' ', '\t', '\r', '\n', ',']).filter(|token| !token.is_empty()) {
        found.token(token)?;
    }
    let date = civil::Date::new(year(found.year?)?, found.month?, found.day?).ok()?;
    let (hour, minute, second) = found.time?;
    let local = date.at(hour, minute, second.unwrap_or(0), 0);
    let (at, basis) = match found.offset {
        Some(seconds) => {
            let offset = Offset::from_seconds(seconds).ok()?;
            (offset.to_timestamp(local).ok()?, ZoneBasis::Offset)
        }
        None => (assumed.to_ambiguous_timestamp(local).compatible().ok()?, ZoneBasis::LocalAssumed),
    };
    let precision = if second.is_some() { Precision::Second } else { Precision::Minute };
    Some(Moment { at: at.into(), precision, basis })
}

/// Reads the date in an mbox separator: an address of any form, then a date.
pub(super) fn of_separator(text: &str, assumed: &TimeZone) -> Option<Moment> {
    // The address may itself hold spaces, so the date is looked for from the
    // first word that can begin one.
    let text = text.get(..text.len().min(400)).unwrap_or_default();
    let mut rest = text;
    for _ in 0..12 {
        rest = rest.trim_start();
        let word = rest.split(' ').next().filter(|word| !word.is_empty())?;
        let begins = is_weekday(word)
            || month(word).is_some()
            || word.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(moment) = begins.then(|| read(rest, assumed)).flatten() {
            return Some(moment);
        }
        rest = &rest[word.len()..];
    }
    None
}

#[derive(Default)]
struct Found {
    day: Option<i8>,
    month: Option<i8>,
    /// The year and its number of digits.
    year: Option<(i16, usize)>,
    time: Option<(i8, i8, Option<i8>)>,
    offset: Option<i32>,
}

impl Found {
    /// Takes one token; `None` if there is no place for it in a date.
    fn token(&mut self, token: &str) -> Option<()> {
        let first = token.chars().next()?;
        if let (true, Some(at)) = (self.time.is_some(), token.find(['+', '-'])) {
            let named = &token[..at];
            if named.is_empty() || named.chars().all(|c| c.is_ascii_alphabetic()) {
                self.offset = Some(numeric_zone(&token[at..])?);
                return Some(());
            }
        }
        if token.contains(':') {
            self.time = Some(time(token)?);
        } else if first.is_ascii_digit() && token.contains('-') {
            token.split('-').try_for_each(|piece| self.token(piece))?;
        } else if first.is_ascii_digit() {
            self.number(token)?;
        } else if let (None, Some(month)) = (self.month, month(token)) {
            self.month = Some(month);
        } else if let Some(offset) = named_zone(token) {
            self.offset = self.offset.or(Some(offset));
        } else if !is_weekday(token) && !token.chars().all(|c| c.is_ascii_alphabetic()) {
            return None;
        }
        Some(())
    }

    fn number(&mut self, token: &str) -> Option<()> {
        let number: i16 = token.parse().ok()?;
        if token.len() <= 2 && self.day.is_none() {
            self.day = Some(i8::try_from(number).ok()?);
        } else if self.year.is_none() {
            self.year = Some((number, token.len()));
        } else {
            return None;
        }
        Some(())
    }
}

/// Two and three digits as RFC 5322 §4.3 says.
fn year((number, digits): (i16, usize)) -> Option<i16> {
    match digits {
        2 if number < 50 => Some(number + 2000),
        2 | 3 => Some(number + 1900),
        4 => Some(number),
        _ => None,
    }
}

fn time(token: &str) -> Option<(i8, i8, Option<i8>)> {
    let mut parts = token.split(':');
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next().filter(|text| text.len() == 2)?.parse().ok()?;
    let second = match parts.next() {
        // A leap second is kept inside its minute; fractions are dropped.
        Some(text) => {
            Some(text.split('.').next()?.parse().ok().map(|s: i8| if s == 60 { 59 } else { s })?)
        }
        None => None,
    };
    let fits = (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && second.is_none_or(|s| (0..60).contains(&s));
    (fits && parts.next().is_none()).then_some((hour, minute, second))
}

fn month(token: &str) -> Option<i8> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = word_start(token)?;
    let at = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(start))?;
    i8::try_from(at + 1).ok()
}

fn is_weekday(token: &str) -> bool {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    word_start(token).is_some_and(|start| DAYS.iter().any(|day| day.eq_ignore_ascii_case(start)))
}

/// The first three letters of a word that may name a day or month.
fn word_start(token: &str) -> Option<&str> {
    let is_word = token.len() <= 9 && token.bytes().all(|byte| byte.is_ascii_alphabetic());
    token.get(..3).filter(|_| is_word)
}

/// `+0200`, `-08:00`, `+1`, in seconds.
fn numeric_zone(token: &str) -> Option<i32> {
    let sign = if token.starts_with('-') { -1 } else { 1 };
    let digits: String = token[1..].chars().filter(|c| *c != ':').collect();
    let number: i32 = digits.parse().ok()?;
    let (hours, minutes) =
        if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    (digits.len() <= 4 && hours < 24 && minutes < 60)
        .then_some(sign * (hours * 3600 + minutes * 60))
}

/// The zones of RFC 5322 §4.3 and a few that mail servers write.
fn named_zone(token: &str) -> Option<i32> {
    const ZONES: [(&str, i32); 21] = [
        ("GMT", 0),
        ("UT", 0),
        ("UTC", 0),
        ("Z", 0),
        ("WET", 0),
        ("EDT", -4),
        ("EST", -5),
        ("CDT", -5),
        ("CST", -6),
        ("MDT", -6),
        ("MST", -7),
        ("PDT", -7),
        ("PST", -8),
        ("CET", 1),
        ("MET", 1),
        ("BST", 1),
        ("CEST", 2),
        ("MEST", 2),
        ("EET", 2),
        ("EEST", 3),
        ("JST", 9),
    ];
    let zone = ZONES.iter().find(|(name, _)| name.eq_ignore_ascii_case(token));
    zone.map(|(_, hours)| hours * 3600)
}

/// Drops RFC 5322 comments, however deep.
fn without_comments(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'(', b')', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut depth = 0usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<(String, ZoneBasis)> {
        read(text, &TimeZone::UTC).map(|moment| (moment.at.to_string(), moment.basis))
    }

    #[test]
    fn dates_are_read_in_every_dress() {
        for text in [
            "Wed, 06 Jan 2021 04:19:31 +0100",
            "6 Jan 2021 03:19:31 GMT",
            "Wed,  6 Jan 21 04:19:31 +0100 (CET (winter))",
            "Tue, 5 Jan 2021 22:19:31 EST",
            "Wed Jan  6 03:19:31 +0000 2021",
            "Wed, 6-Jan-2021 03:19:31 UT",
            "Wed, 06 Jan 2021 04:19:31 GMT+0100",
            "Wed, 06 Jan 2021 04:19:31 +01:00",
        ] {
            assert_eq!(
                at(text),
                Some(("2021-01-06T03:19:31Z".to_owned(), ZoneBasis::Offset)),
                "{text}"
            );
        }
        let local = Some(("2021-01-06T03:19:00Z".to_owned(), ZoneBasis::LocalAssumed));
        assert_eq!(at("Wed Jan  6 03:19 2021"), local);
    }

    #[test]
    fn separators_have_their_date_behind_any_address() {
        for text in [
            "a@b.example Wed Jan  6 03:19:31 2021",
            "- Wed Jan  6 03:19:31 2021",
            "\"a b\"@c.example  Wed Jan 06 03:19:31 2021",
            "1234@xxx Wed Jan 06 04:19:31 +0100 2021",
            "May.Sun@b.example Wed Jan 06 03:19:31 2021",
        ] {
            let at = of_separator(text, &TimeZone::UTC).map(|moment| moment.at.to_string());
            assert_eq!(at.as_deref(), Some("2021-01-06T03:19:31Z"), "{text}");
        }
        assert_eq!(of_separator("now on we meet on Monday", &TimeZone::UTC), None);
    }

    #[test]
    fn nonsense_is_no_date() {
        for text in [
            "",
            "Whenever",
            "31 Feb 2021 00:00:00 +0000",
            "1 Jan 2021",
            "1 Jan 2021 25:00 +0000",
            "1 Jan 2021 03:1",
        ] {
            assert_eq!(at(text), None, "{text}");
        }
        assert_eq!(at("1 Jan 21 00:00:00 +9999"), None);
    }
}
