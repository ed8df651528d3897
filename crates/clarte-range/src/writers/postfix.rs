//! Postfix's mail log: the life of each mail in the queue, line by line.
//! Spec: <https://www.postfix.org/postlogd.8.html> and the daemons' sources.

use std::path::Path;

use crate::RangeError;
use crate::calendar::{At, Clock, SECOND};
use crate::rng::{Rng, Topic};
use crate::variety::{Carrier, Pack};
use crate::world::MAIL_STORE;
use crate::writers::mta::{Delivery, End, Refusal};
use crate::writers::series::{Every, Series};
use crate::writers::syslog::{self, Said};

/// How the log is written.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) carrier: Carrier,
    pub(crate) clock: Clock,
    pub(crate) long_ids: bool,
}

/// The mail log, rotated weekly.
pub(crate) struct Postfix {
    style: Style,
    seed: u64,
    serial: u64,
    series: Series,
}

impl Postfix {
    pub(crate) fn new(folder: &Path, pack: Pack, style: Style, seed: u64) -> Self {
        let folder = folder.to_owned();
        let name = move |at: At| folder.join(format!("mail.log-{}", digits(at)));
        Self { style, seed, serial: 0, series: Series::new(name, Every::Week, pack) }
    }

    /// The next queue id.
    pub(crate) fn queue_id(&mut self) -> String {
        self.serial += 1;
        let mut rng = Rng::keyed(self.seed, Topic::Mta, &[self.serial]);
        if self.style.long_ids {
            const ALPHABET: &[u8] = b"0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxy";
            format!("4{}z{}", rng.text(9, ALPHABET), rng.text(4, ALPHABET))
        } else {
            rng.hex(10).to_uppercase()
        }
    }

    /// Logs a mail from connection to removal.
    pub(crate) fn deliver(&mut self, id: &str, mail: &Delivery<'_>) {
        let mut rng = Rng::keyed(self.seed, Topic::Mta, &[self.serial, 1]);
        let mut pid = || 1000 + rng.below(30_000);
        let (smtpd, cleanup, qmgr, last) = (pid(), pid(), 811, pid());
        let (name, ip) = mail.client;
        let Delivery { at, message_id, from, to, bytes, .. } = mail;
        let daemon = if mail.login.is_some() { "submission/smtpd" } else { "smtpd" };
        let login = mail.login.map_or_else(String::new, |account| {
            format!(", sasl_method=PLAIN, sasl_username={account}")
        });
        self.line(at.plus(-600_000), daemon, smtpd, &format!("connect from {name}[{ip}]"));
        self.line(at.plus(-400_000), daemon, smtpd, &format!("{id}: client={name}[{ip}]{login}"));
        self.say(
            at.plus(-200_000),
            "cleanup",
            cleanup,
            &format!("{id}: message-id=<{message_id}>"),
            mail.cut,
        );
        let queued = format!("{id}: from=<{from}>, size={bytes}, nrcpt=1 (queue active)");
        self.line(*at, "qmgr", qmgr, &queued);
        let (daemon, outcome) = outcome(mail);
        let sent = format!("{id}: to=<{to}>, {outcome}");
        self.line(at.plus(700_000), daemon, last, &sent);
        self.line(at.plus(900_000), "qmgr", qmgr, &format!("{id}: removed"));
        let close = format!("disconnect from {name}[{ip}] ehlo=1 mail=1 rcpt=1 data=1 quit=1");
        self.line(at.plus(SECOND), "smtpd", smtpd, &close);
    }

    /// Logs a mail that is refused at its recipient.
    pub(crate) fn reject(&mut self, refusal: &Refusal<'_>) {
        self.serial += 1;
        let pid = 1000 + Rng::keyed(self.seed, Topic::Mta, &[self.serial]).below(30_000);
        let Refusal { at, client: (name, ip), from, to, .. } = refusal;
        self.line(at.plus(-SECOND), "smtpd", pid, &format!("connect from {name}[{ip}]"));
        let refusal = format!(
            "NOQUEUE: reject: RCPT from {name}[{ip}]: 554 5.7.1 Service unavailable; Client host [{ip}] \
             blocked using block.example; from=<{from}> to=<{to}> proto=ESMTP helo=<{name}>"
        );
        self.line(*at, "smtpd", pid, &refusal);
        let close = format!("disconnect from {name}[{ip}] ehlo=1 mail=1 rcpt=0/1 quit=1");
        self.line(at.plus(SECOND), "smtpd", pid, &close);
    }

    /// Writes the lines before a moment.
    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        self.series.flush(moment)
    }

    /// Closes the last file.
    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        self.series.finish()
    }

    fn line(&mut self, at: At, daemon: &str, pid: u64, text: &str) {
        self.say(at, daemon, pid, text, false);
    }

    fn say(&mut self, at: At, daemon: &str, pid: u64, text: &str, cut: bool) {
        let program = format!("postfix/{daemon}");
        let said = Said { at, priority: 22, host: "mx1", program: &program, pid, text };
        let line = syslog::line(self.style.carrier, self.style.clock, &said);
        if cut {
            self.series.push_last(at, line);
        } else {
            self.series.push(at, line);
        }
    }
}

/// `20210106031931`, a name that no other rotation takes.
pub(crate) fn digits(at: At) -> String {
    let mut name = at.rfc3339();
    name.retain(|c| c.is_ascii_digit());
    name
}

fn outcome(mail: &Delivery<'_>) -> (&'static str, String) {
    let delays = "delay=0.9, delays=0.2/0/0.1/0.6";
    match mail.end {
        End::Delivered => (
            "lmtp",
            format!(
                "relay=store[{MAIL_STORE}]:24, {delays}, dsn=2.0.0, status=sent (250 2.0.0 <{}> Saved)",
                mail.to
            ),
        ),
        End::Relayed => {
            let domain = mail.to.split('@').next_back().unwrap_or("nowhere.example");
            let ip = crate::outside::address(0, domain);
            let relay = format!("mx.{domain}[{ip}]:25");
            ("smtp", format!("relay={relay}, {delays}, dsn=2.0.0, status=sent (250 2.0.0 OK)"))
        }
        End::Bounced => (
            "lmtp",
            format!(
                "relay=store[{MAIL_STORE}]:24, {delays}, dsn=5.2.2, status=bounced \
                 (host store[{MAIL_STORE}] said: 552 5.2.2 <{}> Mailbox full (in reply to RCPT TO command))",
                mail.to
            ),
        ),
    }
}
