//! Syslog as a carrier: the traditional file format of RFC 3164's time stamp,
//! which knows neither year nor zone, and RFC 5424.
//! Spec: <https://www.rfc-editor.org/rfc/rfc3164>, <https://www.rfc-editor.org/rfc/rfc5424>

use crate::calendar::{At, Clock};
use crate::variety::Carrier;

/// A program's line in a syslog file.
pub(crate) struct Said<'a> {
    pub(crate) at: At,
    /// Facility times eight plus severity.
    pub(crate) priority: u8,
    pub(crate) host: &'a str,
    pub(crate) program: &'a str,
    pub(crate) pid: u64,
    pub(crate) text: &'a str,
}

/// The line; `Own` is the traditional one with a full time stamp, as rsyslog
/// writes files unless told otherwise.
pub(crate) fn line(carrier: Carrier, clock: Clock, said: &Said<'_>) -> String {
    let Said { at, priority, host, program, pid, text } = said;
    match carrier {
        Carrier::Own => format!("{} {host} {program}[{pid}]: {text}", at.rfc3339_micros()),
        Carrier::Rfc3164 => {
            format!("{} {host} {program}[{pid}]: {text}", clock.show(*at).syslog())
        }
        Carrier::Rfc5424 => {
            let time = at.rfc3339_micros().replace("+00:00", "Z");
            format!("<{priority}>1 {time} {host} {program} {pid} - - {text}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_as_the_documents_say() {
        let said = Said {
            at: At(1_609_903_171_123_456),
            priority: 22,
            host: "mx1",
            program: "postfix/smtpd",
            pid: 812,
            text: "connect from a",
        };
        for (carrier, expected) in [
            (
                Carrier::Own,
                "2021-01-06T03:19:31.123456+00:00 mx1 postfix/smtpd[812]: connect from a",
            ),
            (Carrier::Rfc3164, "Jan  6 04:19:31 mx1 postfix/smtpd[812]: connect from a"),
            (
                Carrier::Rfc5424,
                "<22>1 2021-01-06T03:19:31.123456Z mx1 postfix/smtpd 812 - - connect from a",
            ),
        ] {
            assert_eq!(line(carrier, Clock::Brussels, &said), expected);
        }
    }
}
