//! Lines of syslog: who wrote when, and what. RFC 3164 as it is in files
//! (`Jan  6 03:19:31 host tag[pid]: …`), the same with an ISO time, and RFC
//! 5424.

use std::fmt;

/// One line.
pub(super) struct Entry<'a> {
    pub(super) stamp: Stamp<'a>,
    /// The machine that wrote it.
    pub(super) host: &'a str,
    /// The program, such as `postfix/smtpd`.
    program: &'a str,
    pub(super) message: &'a str,
}

/// A line's time as written.
pub(super) enum Stamp<'a> {
    /// With a year, and mostly an offset.
    Iso(&'a str),
    /// Without either.
    Yearless(Yearless),
}

/// A local time without its year. Shown as `01-06T03:19:31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Yearless {
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl fmt::Display for Yearless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { month, day, hour, minute, second } = self;
        write!(f, "{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

impl Entry<'_> {
    /// The Postfix daemon that wrote the line, whatever the instance is called
    /// (`postfix/smtpd`, `postfix-out/smtp`, `postfix/submission/smtpd`).
    pub(super) fn daemon(&self) -> Option<&str> {
        let (instance, daemon) = self.program.rsplit_once('/')?;
        (instance.starts_with("postfix") || DAEMONS.contains(&daemon)).then_some(daemon)
    }
}

/// Daemons whose names nobody else has in this form.
const DAEMONS: &[&str] = &[
    "smtpd",
    "smtp",
    "lmtp",
    "cleanup",
    "qmgr",
    "local",
    "virtual",
    "pipe",
    "pickup",
    "postscreen",
];

/// Whether a line that begins so is worth splitting.
pub(super) fn may_begin(line: &[u8]) -> bool {
    // A priority, a number, the name of a month.
    match line.first() {
        Some(b'<' | b'0'..=b'9') => true,
        Some(b'A'..=b'Z') => MONTHS.iter().any(|(month, _)| line.starts_with(month.as_bytes())),
        _ => false,
    }
}

/// Splits a line; `None` if it is not syslog.
pub(super) fn split(text: &str) -> Option<Entry<'_>> {
    let text = without_priority(text);
    if let Some(rest) = text.strip_prefix("1 ") {
        return split_5424(rest);
    }
    let (stamp, rest) = stamp(text)?;
    let (host, rest) = rest.trim_start().split_once(' ')?;
    let (tag, message) = rest.split_once(": ").or_else(|| Some((rest.strip_suffix(':')?, "")))?;
    let program = tag.split_once('[').map_or(tag, |(program, _)| program);
    let fits = !program.is_empty() && !tag.contains(' ') && !host.is_empty();
    fits.then_some(Entry { stamp, host, program, message })
}

/// After the version: time, host, program, process, message id, structured
/// data, message.
fn split_5424(text: &str) -> Option<Entry<'_>> {
    let mut words = text.splitn(6, ' ');
    let (time, host, program) = (words.next()?, words.next()?, words.next()?);
    let rest = words.nth(2)?;
    let message = match rest.strip_prefix('-') {
        Some(message) => message,
        None => &rest[rest.find("] ")? + 1..],
    };
    let message = message.trim_start().trim_start_matches('\u{feff}');
    is_iso(time).then_some(Entry { stamp: Stamp::Iso(time), host, program, message })
}

fn without_priority(text: &str) -> &str {
    let inner = text.strip_prefix('<').and_then(|rest| rest.split_once('>'));
    match inner {
        Some((number, rest)) if number.len() <= 3 && number.parse::<u8>().is_ok() => rest,
        _ => text,
    }
}

fn stamp(text: &str) -> Option<(Stamp<'_>, &str)> {
    let (first, rest) = text.split_once(' ')?;
    if is_iso(first) {
        return Some((Stamp::Iso(first), rest));
    }
    let month = MONTHS.iter().position(|(name, _)| *name == first)?;
    let (day, rest) = rest.trim_start().split_once(' ')?;
    let (clock, rest) = rest.split_once(' ')?;
    let mut parts = clock.splitn(3, ':').map(two_digits);
    let at = Yearless {
        month: month as u8 + 1,
        day: day.parse().ok()?,
        hour: parts.next()??,
        minute: parts.next()??,
        second: parts.next()??,
    };
    let fits = (1..=MONTHS[month].1).contains(&at.day)
        && at.hour < 24
        && at.minute < 60
        && at.second <= 60;
    fits.then_some((Stamp::Yearless(at), rest))
}

fn two_digits(text: &str) -> Option<u8> {
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn is_iso(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 19
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && bytes[10] == b'T'
        && bytes[13] == b':'
        && bytes[..4].iter().all(u8::is_ascii_digit)
}

/// Each month and the most days that it can have.
const MONTHS: [(&str, u8); 12] = [
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

/// Counts how often the year turns in lines that do not write it.
#[derive(Default)]
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_of_a_line_is_split_alike() {
        for line in [
            "Jan  6 03:19:31 mx1 postfix/smtpd[123]: hello",
            "<22>Jan  6 03:19:31 mx1 postfix/smtpd[123]: hello",
            "2021-01-06T03:19:31.123456+01:00 mx1 postfix/smtpd[123]: hello",
            "<22>1 2021-01-06T03:19:31.123Z mx1 postfix/smtpd 123 - - hello",
            "1 2021-01-06T03:19:31.123Z mx1 postfix/smtpd 123 - [a@1 b=\"c\"] hello",
        ] {
            let entry = split(line).expect(line);
            assert_eq!(
                (entry.host, entry.daemon(), entry.message),
                ("mx1", Some("smtpd"), "hello"),
                "{line}"
            );
        }
        for line in [
            "",
            "Jan",
            "Foo  6 03:19:31 mx1 a: b",
            "Feb 30 03:19:31 mx1 a: b",
            "Jan  6 24:19:31 mx1 a: b",
        ] {
            assert!(split(line).is_none(), "{line}");
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
