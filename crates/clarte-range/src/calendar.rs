//! Moments and how mails and logs write them. UTC, proleptic Gregorian, no
//! zone rules: where a format carries an offset, a fixed one is written.

use serde::Serialize;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct At(pub i64);

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A moment taken apart.
pub(crate) struct Civil {
    pub(crate) year: i64,
    pub(crate) month: usize,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
    pub(crate) micros: i64,
    /// Monday is 0.
    pub(crate) weekday: usize,
}

impl At {
    /// This moment moved by microseconds.
    pub(crate) fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Whether offices are closed that day.
    pub(crate) fn is_weekend(self) -> bool {
        self.civil().weekday >= 5
    }

    /// Midnight that begins this day.
    pub(crate) fn midnight(self) -> Self {
        Self(self.0.div_euclid(DAY) * DAY)
    }

    /// Year, month, day and so on.
    /// Method: Howard Hinnant, "chrono-compatible low-level date algorithms".
    pub(crate) fn civil(self) -> Civil {
        let days = self.0.div_euclid(DAY);
        let rest = self.0.rem_euclid(DAY);
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        Civil {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: month as usize,
            day: day_of_year - (153 * march_month + 2) / 5 + 1,
            hour: rest / HOUR,
            minute: rest / MINUTE % 60,
            second: rest / SECOND % 60,
            micros: rest % SECOND,
            weekday: (days + 3).rem_euclid(7) as usize,
        }
    }

    /// `2021-01-06T03:19:31Z`
    pub(crate) fn rfc3339(self) -> String {
        format!("{}T{}Z", self.date(), self.clock())
    }

    /// `2021-01-06T03:19:31.123456+00:00`
    pub(crate) fn rfc3339_micros(self) -> String {
        format!("{}T{}.{:06}+00:00", self.date(), self.clock(), self.civil().micros)
    }

    /// `2021-01-06`
    pub(crate) fn date(self) -> String {
        let c = self.civil();
        format!("{:04}-{:02}-{:02}", c.year, c.month, c.day)
    }

    /// `20210106`
    pub(crate) fn compact_date(self) -> String {
        let c = self.civil();
        format!("{:04}{:02}{:02}", c.year, c.month, c.day)
    }

    /// `06.01.2021 03:19:31`
    pub(crate) fn dotted(self) -> String {
        let c = self.civil();
        format!("{:02}.{:02}.{:04} {}", c.day, c.month, c.year, self.clock())
    }

    /// `2021-01-06 03:19:31`
    pub(crate) fn spaced(self) -> String {
        format!("{} {}", self.date(), self.clock())
    }

    /// `2021-01-06T03:19:31`, as Microsoft 365 audit records write UTC.
    pub(crate) fn bare(self) -> String {
        format!("{}T{}", self.date(), self.clock())
    }

    /// `2021-01-06T03:19:31.123Z`
    pub(crate) fn rfc3339_millis(self) -> String {
        format!("{}.{:03}Z", self.bare(), self.civil().micros / 1000)
    }

    /// `2021-01-06T03:19:31.1234560Z`, as .NET writes it.
    pub(crate) fn rfc3339_ticks(self) -> String {
        format!("{}.{:06}0Z", self.bare(), self.civil().micros)
    }

    /// `1/6/2021 3:19:31 AM`
    pub(crate) fn american(self) -> String {
        let c = self.civil();
        let half = if c.hour < 12 { "AM" } else { "PM" };
        let hour = (c.hour + 11) % 12 + 1;
        format!("{}/{}/{} {hour}:{:02}:{:02} {half}", c.month, c.day, c.year, c.minute, c.second)
    }

    /// `01/06/21,03:19:31`, as Windows' DHCP server.
    pub(crate) fn windows_dhcp(self) -> String {
        let c = self.civil();
        format!("{:02}/{:02}/{:02},{}", c.month, c.day, c.year % 100, self.clock())
    }

    /// `3 2021/01/06 03:19:31`, as `dhcpd.leases`; Sunday is 0.
    pub(crate) fn lease(self) -> String {
        let c = self.civil();
        let weekday = (c.weekday + 1) % 7;
        format!("{weekday} {:04}/{:02}/{:02} {}", c.year, c.month, c.day, self.clock())
    }

    /// `06/Jan/2021:03:19:31`, as the Common Log Format.
    pub(crate) fn clf(self) -> String {
        let c = self.civil();
        format!("{:02}/{}/{}:{}", c.day, MONTHS[c.month - 1], c.year, self.clock())
    }

    /// `06-Jan-2021 03:19:31.123`, as BIND.
    pub(crate) fn bind(self) -> String {
        let c = self.civil();
        let millis = c.micros / 1000;
        format!("{:02}-{}-{} {}.{millis:03}", c.day, MONTHS[c.month - 1], c.year, self.clock())
    }

    /// `Mon`
    pub(crate) fn weekday_name(self) -> &'static str {
        WEEKDAYS[self.civil().weekday]
    }

    /// `1609903171`
    pub(crate) fn epoch(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// `Jan  6 03:19:31`, as classic syslog.
    pub(crate) fn syslog(self) -> String {
        let c = self.civil();
        format!("{} {:2} {}", MONTHS[c.month - 1], c.day, self.clock())
    }

    /// `Wed Jan  6 03:19:31 2021`, as an mbox separator.
    pub(crate) fn asctime(self) -> String {
        let c = self.civil();
        format!("{} {} {}", WEEKDAYS[c.weekday], self.syslog(), c.year)
    }

    /// `Wed, 06 Jan 2021 04:19:31 +0100`, the wall clock of an hour east.
    pub(crate) fn rfc5322(self, hours_east: i64) -> String {
        let local = self.plus(hours_east * HOUR);
        let c = local.civil();
        let (weekday, month) = (WEEKDAYS[c.weekday], MONTHS[c.month - 1]);
        let sign = if hours_east < 0 { '-' } else { '+' };
        let clock = local.clock();
        let hours = hours_east.abs();
        format!("{weekday}, {:02} {month} {} {clock} {sign}{hours:02}00", c.day, c.year)
    }

    /// `1609903171.123`, as Squid.
    pub(crate) fn epoch_millis(self) -> String {
        format!("{}.{:03}", self.0.div_euclid(SECOND), self.0.rem_euclid(SECOND) / 1000)
    }

    /// `1609903171.123456`, as Zeek.
    pub(crate) fn epoch_micros(self) -> String {
        format!("{}.{:06}", self.0.div_euclid(SECOND), self.0.rem_euclid(SECOND))
    }

    /// Reads `2021-01-06T03:19:31(.fraction)Z`; `None` for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let body = text.strip_suffix('Z')?;
        let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
        let (date, clock) = whole.split_once('T')?;
        let date: Vec<i64> = date.split('-').map(str::parse).collect::<Result<_, _>>().ok()?;
        let clock: Vec<i64> = clock.split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
        let ([year, month, day], [hour, minute, second]) = (&date[..], &clock[..]) else {
            return None;
        };
        let in_range = (0..=9999).contains(year)
            && (1..=12).contains(month)
            && (1..=31).contains(day)
            && (0..24).contains(hour)
            && (0..60).contains(minute)
            && (0..=60).contains(second);
        if !in_range || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let micros: i64 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
        let seconds = hour * HOUR + minute * MINUTE + second * SECOND;
        Some(Self(days_from_civil(*year, *month, *day) * DAY + seconds + micros))
    }

    pub(crate) fn clock(self) -> String {
        let c = self.civil();
        format!("{:02}:{:02}:{:02}", c.hour, c.minute, c.second)
    }
}

/// The clock on a server's wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Clock {
    Utc,
    /// Brussels: an hour ahead, two between the last Sundays of March and of
    /// October, one o'clock UTC (Directive 2000/84/EC).
    Brussels,
}

impl Clock {
    /// The moment whose UTC writing is what this clock shows.
    pub(crate) fn show(self, at: At) -> At {
        at.plus(self.hours(at) * HOUR)
    }

    /// `+0100`
    pub(crate) fn offset(self, at: At) -> String {
        format!("+{:02}00", self.hours(at))
    }

    fn hours(self, at: At) -> i64 {
        if self == Self::Utc {
            return 0;
        }
        let year = at.civil().year;
        let change = |month: i64| {
            let last = At(days_from_civil(year, month, 31) * DAY);
            last.plus(HOUR - (last.civil().weekday as i64 + 1) % 7 * DAY)
        };
        if at >= change(3) && at < change(10) { 2 } else { 1 }
    }
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_each_format() {
        let at = At(1_609_903_171_123_456);
        assert_eq!(at.rfc3339(), "2021-01-06T03:19:31Z");
        assert_eq!(at.rfc3339_micros(), "2021-01-06T03:19:31.123456+00:00");
        assert_eq!(at.asctime(), "Wed Jan  6 03:19:31 2021");
        assert_eq!(at.rfc5322(1), "Wed, 06 Jan 2021 04:19:31 +0100");
        assert_eq!(at.rfc5322(-5), "Tue, 05 Jan 2021 22:19:31 -0500");
        assert_eq!(at.epoch_millis(), "1609903171.123");
        assert_eq!(at.dotted(), "06.01.2021 03:19:31");
        assert_eq!(at.rfc3339_millis(), "2021-01-06T03:19:31.123Z");
        assert_eq!(at.rfc3339_ticks(), "2021-01-06T03:19:31.1234560Z");
        assert_eq!(at.american(), "1/6/2021 3:19:31 AM");
        assert_eq!(at.plus(9 * HOUR).american(), "1/6/2021 12:19:31 PM");
        assert_eq!(at.windows_dhcp(), "01/06/21,03:19:31");
        assert_eq!(at.lease(), "3 2021/01/06 03:19:31");
        assert_eq!(at.clf(), "06/Jan/2021:03:19:31");
        assert_eq!(at.bind(), "06-Jan-2021 03:19:31.123");
    }

    #[test]
    fn brussels_changes_its_clock_twice_a_year() {
        let at = |text| At::parse(text).unwrap_or(At(0));
        for (utc, local) in [
            ("2021-01-06T03:19:31Z", "2021-01-06 04:19:31"),
            ("2021-03-28T00:59:59Z", "2021-03-28 01:59:59"),
            ("2021-03-28T01:00:00Z", "2021-03-28 03:00:00"),
            ("2021-10-31T00:59:59Z", "2021-10-31 02:59:59"),
            ("2021-10-31T01:00:00Z", "2021-10-31 02:00:00"),
        ] {
            assert_eq!(Clock::Brussels.show(at(utc)).spaced(), local);
        }
        assert_eq!(Clock::Brussels.offset(at("2021-07-01T00:00:00Z")), "+0200");
    }

    #[test]
    fn reads_back_what_it_writes() {
        for at in [0, 951_782_400 * SECOND, 1_609_903_171 * SECOND, 4_102_444_799 * SECOND] {
            assert_eq!(At::parse(&At(at).rfc3339()), Some(At(at)));
        }
        assert_eq!(At::parse("2021-01-06T03:19:31.5Z"), Some(At(1_609_903_171_500_000)));
        assert_eq!(At::parse("yesterday"), None);
        assert_eq!(At::parse("2021-13-06T03:19:31Z"), None);
    }
}
