//! Exim's main log, as its own file or over syslog.
//! Spec: <https://www.exim.org/exim-html-current/doc/html/spec_html/ch-log_files.html>

use std::path::Path;

use crate::RangeError;
use crate::calendar::{At, SECOND};
use crate::rng::{Rng, Topic};
use crate::variety::{Carrier, Pack};
use crate::world::MAIL_STORE;
use crate::writers::mta::{Delivery, End, Refusal};
use crate::writers::postfix::{Style, digits};
use crate::writers::series::{Every, Series};
use crate::writers::syslog::{self, Said};

/// The main log, rotated weekly.
pub(crate) struct Exim {
    style: Style,
    seed: u64,
    serial: u64,
    series: Series,
}

impl Exim {
    pub(crate) fn new(folder: &Path, pack: Pack, style: Style, seed: u64) -> Self {
        let folder = folder.to_owned();
        let name = move |at: At| folder.join(format!("mainlog-{}", digits(at)));
        Self { style, seed, serial: 0, series: Series::new(name, Every::Week, pack) }
    }

    /// `1kwzbt-0004Fx-2B`: time, process and a counter in base 62.
    pub(crate) fn queue_id(&mut self) -> String {
        const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        self.serial += 1;
        let mut rng = Rng::keyed(self.seed, Topic::Mta, &[self.serial]);
        let (time, process, count) =
            (rng.text(5, ALPHABET), rng.text(6, ALPHABET), rng.text(2, ALPHABET));
        format!("1{time}-{process}-{count}")
    }

    /// Arrival, delivery or failure, and completion.
    pub(crate) fn deliver(&mut self, id: &str, mail: &Delivery<'_>) {
        let Delivery { at, client: (name, ip), message_id, from, to, subject, bytes, .. } = mail;
        let protocol = match mail.login {
            Some(account) => {
                format!("P=esmtpsa X=TLS1.3:TLS_AES_256_GCM_SHA384:256 A=plain_login:{account}")
            }
            None => "P=esmtps X=TLS1.3:TLS_AES_256_GCM_SHA384:256".to_owned(),
        };
        let subject = subject.replace('\\', "\\\\").replace('"', "\\\"");
        let arrival = format!(
            "{id} <= {from} H={name} [{ip}] {protocol} S={bytes} id={message_id} T=\"{subject}\" for {to}"
        );
        let line = self.line(*at, &arrival);
        if mail.cut {
            self.series.push_last(*at, line);
        } else {
            self.series.push(*at, line);
        }
        let outcome = match mail.end {
            End::Delivered => format!(
                "{id} => {to} R=dovecot_lmtp T=lmtp H=store [{MAIL_STORE}] C=\"250 2.0.0 <{to}> Saved\""
            ),
            End::Relayed => {
                let domain = to.split('@').next_back().unwrap_or("nowhere.example");
                let ip = crate::outside::address(0, domain);
                format!(
                    "{id} => {to} R=dnslookup T=remote_smtp S={bytes} H=mx.{domain} [{ip}] C=\"250 OK\""
                )
            }
            End::Bounced => format!(
                "{id} ** {to} R=dovecot_lmtp T=lmtp H=store [{MAIL_STORE}]: SMTP error from remote mail \
                 server after RCPT TO:<{to}>: 552 5.2.2 Mailbox full"
            ),
        };
        self.push(at.plus(700_000), &outcome);
        self.push(at.plus(900_000), &format!("{id} Completed"));
    }

    /// A recipient refused before the content.
    pub(crate) fn reject(&mut self, refusal: &Refusal<'_>) {
        self.serial += 1;
        let Refusal { at, client: (name, ip), from, to, .. } = refusal;
        self.push(
            *at,
            &format!(
                "H={name} [{ip}] F=<{from}> rejected RCPT <{to}>: {ip} is listed at block.example"
            ),
        );
        self.push(
            at.plus(SECOND),
            &format!("H={name} [{ip}] incomplete transaction (QUIT) from <{from}>"),
        );
    }

    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        self.series.flush(moment)
    }

    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        self.series.finish()
    }

    fn push(&mut self, at: At, text: &str) {
        let line = self.line(at, text);
        self.series.push(at, line);
    }

    /// Exim's own time stamp stands in its syslog lines too, unless
    /// `syslog_timestamp` is unset.
    fn line(&self, at: At, text: &str) -> String {
        let Style { carrier, clock, .. } = self.style;
        let stamped = format!("{} {text}", clock.show(at).spaced());
        if carrier == Carrier::Own {
            return stamped;
        }
        let pid = 2000 + self.serial % 30_000;
        let said = Said { at, priority: 22, host: "mx1", program: "exim", pid, text: &stamped };
        syslog::line(carrier, clock, &said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Clock;

    #[test]
    fn writes_the_main_log_as_the_specification_says() {
        let folder = tempfile::tempdir().expect("a temporary folder can be used");
        let style = Style { carrier: Carrier::Own, clock: Clock::Brussels, long_ids: false };
        let mut exim = Exim::new(folder.path(), Pack::Plain, style, 1);
        let at = At(1_609_903_171_123_456);
        exim.deliver(
            "1kwzbt-0004Fx-2B",
            &Delivery {
                at,
                client: ("mx.h.example", "192.0.2.1"),
                login: None,
                message_id: "a@h.example",
                from: "x@h.example",
                to: "y@o.example",
                subject: "Hello",
                bytes: 812,
                end: End::Delivered,
                cut: false,
            },
        );
        exim.finish().expect("a temporary folder can be used");
        let path = folder.path().join("mainlog-20210106031931");
        let text = std::fs::read_to_string(path).expect("it was written");
        let expected = "2021-01-06 04:19:31 1kwzbt-0004Fx-2B <= x@h.example H=mx.h.example [192.0.2.1] P=esmtps X=TLS1.3:TLS_AES_256_GCM_SHA384:256 S=812 id=a@h.example T=\"Hello\" for y@o.example";
        assert_eq!(text.lines().next(), Some(expected));
        assert!(text.ends_with("2021-01-06 04:19:32 1kwzbt-0004Fx-2B Completed\n"), "{text}");
        assert_eq!(exim.queue_id().len(), 16);
    }
}
