//! Lines of syslog: who wrote when, and what. RFC 3164 as it is in files
//! (`Jan  6 03:19:31 host tag[pid]: …`, with and without a year, a host, a
//! priority, a number in front), the same with an ISO time, and RFC 5424.

use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::Offset;

use crate::lines::Piece;
use crate::time::{self, MONTHS};
use crate::value;

/// One line.
pub(crate) struct Entry<'a> {
    pub(crate) stamp: Stamp<'a>,
    /// The machine that wrote it; empty in a program's own log.
    pub(crate) host: &'a str,
    /// The program, such as `postfix/smtpd`.
    pub(crate) program: &'a str,
    pub(crate) message: &'a str,
}

/// A line's time as written.
pub(crate) enum Stamp<'a> {
    /// With a year, and mostly an offset.
    Iso(&'a str),
    /// With a year, in local time.
    Local(DateTime),
    /// With a year and an offset apart from it.
    Offset(DateTime, Offset),
    /// Without either.
    Yearless(Yearless),
    /// Seconds since 1970.
    Unix(&'a str),
    /// RFC 5424: none.
    Unknown,
}

/// A local time without its year. Shown as `01-06T03:19:31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Yearless {
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl fmt::Display for Yearless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { month, day, hour, minute, second } = *self;
        // Every line of a log passes here, and `{:02}` takes its time.
        let mut text = *b"00-00T00:00:00";
        for (at, number) in [(0, month), (3, day), (6, hour), (9, minute), (12, second)] {
            text[at] += number / 10;
            text[at + 1] += number % 10;
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

/// Whether a line that begins so is worth splitting, as syslog or as a program's
/// own log.
pub(super) fn may_begin(line: &[u8]) -> bool {
    // A priority, a number, a bracket, the name of a month.
    match line.first() {
        Some(b'<' | b'[' | b'*' | b'.' | b'0'..=b'9') => true,
        Some(b'A'..=b'Z') => MONTHS.iter().any(|(month, _)| line.starts_with(month.as_bytes())),
        _ => false,
    }
}

/// Without the mark that editors leave on top.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The time of a line that begins with one without a year.
pub(super) fn yearless(text: &str) -> Option<Yearless> {
    let text = without_priority(without_mark(text));
    match stamp(without_number(text))?.0 {
        Stamp::Yearless(at) => Some(at),
        _ => None,
    }
}

/// Splits a line; `None` if it is not syslog.
pub(super) fn split(text: &str) -> Option<Entry<'_>> {
    let text = without_priority(text);
    if let Some(rest) = text.strip_prefix("1 ") {
        return split_5424(rest);
    }
    let (at, rest) = stamp(without_number(text))?;
    let rest = rest.trim_start();
    let (word, after) = value::split_first(rest, b' ').unwrap_or((rest, ""));
    if let Some(inner) = relayed(after) {
        return Some(inner);
    }
    behind_stamp(at, word, after)
}

/// The line that a relay put its own time and name in front of.
fn relayed(text: &str) -> Option<Entry<'_>> {
    if !text.starts_with(|first: char| first.is_ascii_uppercase() || first.is_ascii_digit()) {
        return None;
    }
    let (at, rest) = stamp(text)?;
    let rest = rest.trim_start();
    let (word, after) = value::split_first(rest, b' ')?;
    behind_stamp(at, word, after)
}

/// What follows the time: the word that may be the host, and the rest.
fn behind_stamp<'a>(stamp: Stamp<'a>, word: &'a str, after: &'a str) -> Option<Entry<'a>> {
    if let Some(tag) = word.strip_suffix(':') {
        // A program that writes its own log names no host.
        return entry(stamp, "", tag, after);
    }
    if word.ends_with(']') && word.find('[').is_some_and(|at| at > 0) {
        // So does Unbound, and leaves out the colon.
        return entry(stamp, "", word, after);
    }
    if after.starts_with("last message repeated ") || after.starts_with("message repeated ") {
        return Some(Entry { stamp, host: word, program: "", message: after });
    }
    // AIX names the host that it has a line from; others name it twice.
    let (word, after) = match after.strip_prefix("Message forwarded from ") {
        Some(rest) => {
            value::split_first(rest, b' ').map(|(host, rest)| (host.trim_end_matches(':'), rest))?
        }
        None => (
            word,
            after.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')).unwrap_or(after),
        ),
    };
    // A tag holds no space.
    let (tag, message) = value::split_first(after, b' ').unwrap_or((after, ""));
    let tag = tag.strip_suffix(':')?;
    entry(stamp, word, tag, message)
}

fn entry<'a>(stamp: Stamp<'a>, host: &'a str, tag: &'a str, message: &'a str) -> Option<Entry<'a>> {
    let program = value::split_first(tag, b'[').map_or(tag, |(program, _)| program);
    let fits = !program.is_empty() && (!host.is_empty() || is_name(program));
    let message = without_id(message.trim_start_matches(' '));
    fits.then_some(Entry { stamp, host, program, message })
}

/// Whether a word behind the time can be a program's name rather than text.
fn is_name(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/'))
}

/// After the version: time, host, program, process, message id, structured
/// data, message.
fn split_5424(text: &str) -> Option<Entry<'_>> {
    let mut words = text.splitn(6, ' ');
    let (time, host, program) = (words.next()?, words.next()?, words.next()?);
    let rest = words.nth(2)?;
    let message = match rest.strip_prefix('-') {
        Some(message) => message,
        None => &rest[structured_data(rest)?..],
    };
    let message = message.trim_start().trim_start_matches('\u{feff}');
    let host = if host == "-" { "" } else { host };
    let stamp = match time {
        "-" => Stamp::Unknown,
        _ => is_iso(time).then_some(Stamp::Iso(time))?,
    };
    Some(Entry { stamp, host, program, message })
}

/// The length of `[id name="value" …]…`; brackets inside values are escaped.
fn structured_data(text: &str) -> Option<usize> {
    let (mut open, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'[' if !open => open = true,
            b']' if open => open = false,
            b' ' if !open => return Some(at),
            _ if !open => return None,
            _ => {}
        }
    }
    (!open && !escaped).then_some(text.len())
}

fn without_priority(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('<') else { return text };
    match value::split_first(inner, b'>') {
        Some((number, rest)) if number.len() <= 3 && number.parse::<u8>().is_ok() => rest,
        _ => text,
    }
}

/// Without the number that Cisco and some relays put in front (`000123: `), and
/// the mark of a clock that is not set.
fn without_number(text: &str) -> &str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match text[digits..].strip_prefix(": ") {
        Some(rest) if digits > 0 => rest,
        _ => text,
    };
    rest.strip_prefix(['*', '.']).unwrap_or(rest)
}

/// Without `[ID 197553 mail.info] `, as Solaris has it.
fn without_id(text: &str) -> &str {
    let rest = text.strip_prefix("[ID ").and_then(|rest| rest.split_once("] "));
    rest.map_or(text, |(_, rest)| rest)
}

fn stamp(text: &str) -> Option<(Stamp<'_>, &str)> {
    let (first, rest) = value::split_first(text, b' ')?;
    if is_iso(first) {
        return Some((Stamp::Iso(first), rest));
    }
    if is_iso_date(first) && rest.as_bytes().get(2) == Some(&b':') {
        // Date and time apart, and perhaps a zone.
        let clock = rest.split(' ').next()?;
        let length = first.len() + 1 + clock.len();
        return Some((Stamp::Iso(&text[..length]), text.get(length + 1..)?));
    }
    let (before, text) = match year(first) {
        Some(year) => (Some(year), rest),
        None => (None, text),
    };
    let (at, middle, rest) = civil(text)?;
    let (behind, rest) = match value::split_first(rest, b' ').map(|(word, rest)| (year(word), rest))
    {
        Some((Some(year), rest)) => (Some(year), rest),
        _ => (None, rest),
    };
    let stamp = match before.or(middle).or(behind) {
        Some(year) => Stamp::Local(at.local(year)?),
        None => Stamp::Yearless(at),
    };
    Some((stamp, rest))
}

impl Yearless {
    fn local(self, year: i16) -> Option<DateTime> {
        let Self { month, day, hour, minute, second } = self;
        let second = second.min(59) as i8;
        DateTime::new(year, month as i8, day as i8, hour as i8, minute as i8, second, 0).ok()
    }
}

/// A word that can be a year and no host.
fn year(word: &str) -> Option<i16> {
    let year = if word.len() == 4 { time::digits(word)? } else { return None };
    (1990..2100).contains(&year).then_some(year as i16)
}

/// `Jan  6 03:19:31`, perhaps with a year behind the day, a fraction, and a colon
/// at the end.
fn civil(text: &str) -> Option<(Yearless, Option<i16>, &str)> {
    let (name, rest) = value::split_first(text, b' ')?;
    let month = time::month(name)? as u8;
    let (day, rest) = value::split_first(rest.trim_start(), b' ')?;
    let (word, after) = value::split_first(rest, b' ').unwrap_or((rest, ""));
    let (year, rest) = match year(word) {
        Some(year) => (Some(year), after),
        None => (None, rest),
    };
    let (clock, rest) = value::split_first(rest, b' ')?;
    let clock = clock.strip_suffix(':').unwrap_or(clock);
    let clock = clock.split_once(['.', ',']).map_or(clock, |(whole, _)| whole);
    let mut parts = clock.splitn(3, ':').map(two_digits);
    let at = Yearless {
        month,
        day: day.parse().ok()?,
        hour: parts.next()??,
        minute: parts.next()??,
        second: parts.next()??,
    };
    let fits = (1..=MONTHS[usize::from(month) - 1].1).contains(&at.day)
        && at.hour < 24
        && at.minute < 60
        && at.second <= 60;
    fits.then_some((at, year, rest))
}

fn two_digits(text: &str) -> Option<u8> {
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn is_iso(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_of_times = |(at, byte): (usize, &u8)| match byte {
        b'0'..=b'9' | b'.' | b':' | b'+' | b'-' | b'Z' => true,
        // Of a fraction, not of a row of values.
        b',' => at == 19,
        b'T' => at == 10,
        _ => false,
    };
    (19..=35).contains(&bytes.len())
        && bytes[10] == b'T'
        && bytes[13] == b':'
        && bytes.iter().enumerate().all(is_of_times)
        && is_iso_date(&text[..10])
}

/// Whether the text is `2021-01-06`.
pub(crate) fn is_iso_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// Counts how often the year turns in lines that do not write it.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns {
    turn: i64,
    /// The furthest day of the present turn.
    day: Option<i64>,
}

impl Turns {
    /// The turn of the next line.
    pub(super) fn at(&mut self, at: &Yearless) -> i64 {
        let before: i64 =
            MONTHS[..usize::from(at.month) - 1].iter().map(|(_, days)| i64::from(*days)).sum();
        let day = before + i64::from(at.day);
        let ahead = day - self.day.unwrap_or(day);
        if ahead > 366 - 7 {
            return self.turn - 1;
        }
        if ahead < -7 {
            self.turn += 1;
        }
        if !(-7..0).contains(&ahead) {
            self.day = Some(day);
        }
        self.turn
    }

    /// Goes on to behind `lines`.
    pub(super) fn pass(&mut self, lines: &[u8]) {
        for line in Piece::new(lines, 0).lines() {
            if let Some(at) = yearless(line.text) {
                self.at(&at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_of_a_line_is_split_alike() {
        for line in [
            "Jan  6 03:19:31 mx1 postfix/smtpd[123]: hello",
            "Jan 06 03:19:31.123 mx1 postfix/smtpd[123]: hello",
            "Jan  6 2021 03:19:31 mx1 postfix/smtpd[123]: hello",
            "Jan  6 03:19:31 2021 mx1 postfix/smtpd[123]: hello",
            "2021 Jan  6 03:19:31 mx1 postfix/smtpd[123]: hello",
            "<22>Jan  6 03:19:31 mx1 postfix/smtpd[123]: hello",
            "<22>000123: *Jan  6 03:19:31.123: mx1 postfix/smtpd[123]: hello",
            "Jan  6 03:19:31 mx1 postfix/smtpd[123]: [ID 197553 mail.info] hello",
            "2021-01-06T03:19:31.123456+01:00 mx1 postfix/smtpd[123]: hello",
            "2021-01-06 03:19:31 mx1 postfix/smtpd[123]: hello",
            "<22>1 2021-01-06T03:19:31.123Z mx1 postfix/smtpd 123 - - hello",
            "1 2021-01-06T03:19:31.123Z mx1 postfix/smtpd 123 - [a@1 b=\"c\"] hello",
            "<22>1 2021-01-06T03:19:31.123Z mx1 postfix/smtpd 123 - [a b=\"\\] [\"][c d=\"\"] \u{feff}hello",
        ] {
            let entry = split(line).expect(line);
            assert_eq!(
                (entry.host, entry.program, entry.message),
                ("mx1", "postfix/smtpd", "hello"),
                "{line}"
            );
        }
        for line in [
            "",
            "Jan",
            "Foo  6 03:19:31 mx1 a: b",
            "Feb 30 03:19:31 mx1 a: b",
            "Jan  6 24:19:31 mx1 a: b",
            "Jan  6 03:19:31 and so on: b",
            "1 2021-01-06T03:19:31.123Z mx1 a 123 - [a b=\"c\" hello",
        ] {
            assert!(split(line).is_none(), "{line}");
        }
    }

    #[test]
    fn a_programs_own_log_names_no_host() {
        for line in ["Jan  6 03:19:31 dnsmasq[123]: hello: x", "Jan  6 03:19:31 dnsmasq: hello: x"]
        {
            let entry = split(line).expect(line);
            let found = (entry.host, entry.program, entry.message);
            assert_eq!(found, ("", "dnsmasq", "hello: x"), "{line}");
        }
    }

    #[test]
    fn the_year_turns_once_even_where_lines_overtake() {
        let mut turns = Turns::default();
        let mut turn =
            |month, day| turns.at(&Yearless { month, day, hour: 0, minute: 0, second: 0 });
        let days = [(12, 30), (12, 31), (1, 1), (12, 31), (1, 1), (2, 3), (2, 2), (11, 5), (1, 2)];
        let counted = days.map(|(month, day)| turn(month, day));
        assert_eq!(counted, [0, 0, 1, 0, 1, 1, 1, 1, 2]);
    }
}
