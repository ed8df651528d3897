//! Postfix's mail log: the life of each mail in the queue, line by line.
//! Spec: <https://www.postfix.org/postlogd.8.html> and the daemons' sources.

use std::path::{Path, PathBuf};

use crate::RangeError;
use crate::calendar::{At, DAY, SECOND};
use crate::rng::{Rng, Topic};
use crate::world::MAIL_STORE;
use crate::writers::{LineFile, Waiting};

/// How the log is written.
pub(crate) struct Style {
    pub(crate) classic: bool,
    pub(crate) long_ids: bool,
}

/// How a mail ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Delivered,
    /// Passed on to a server outside.
    Relayed,
    Bounced,
}

/// One mail as the server saw it.
pub(crate) struct Delivery<'a> {
    pub(crate) at: At,
    pub(crate) client: (&'a str, &'a str),
    /// The account, where the mail was handed in from inside.
    pub(crate) login: Option<&'a str>,
    pub(crate) message_id: &'a str,
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) bytes: usize,
    pub(crate) end: End,
    /// Rotate the log in the middle of this one.
    pub(crate) cut: bool,
}

/// The mail log, rotated weekly.
pub(crate) struct Postfix {
    folder: PathBuf,
    style: Style,
    seed: u64,
    serial: u64,
    /// A line, and whether the log is rotated after it.
    waiting: Waiting<(String, bool)>,
    file: Option<LineFile>,
    next_rotation: At,
}

impl Postfix {
    pub(crate) fn new(folder: &Path, style: Style, seed: u64) -> Self {
        Self {
            folder: folder.to_owned(),
            style,
            seed,
            serial: 0,
            waiting: Waiting::new(),
            file: None,
            next_rotation: At(i64::MIN),
        }
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
    pub(crate) fn reject(&mut self, at: At, client: (&str, &str), from: &str, to: &str) {
        self.serial += 1;
        let pid = 1000 + Rng::keyed(self.seed, Topic::Mta, &[self.serial]).below(30_000);
        let (name, ip) = client;
        self.line(at.plus(-SECOND), "smtpd", pid, &format!("connect from {name}[{ip}]"));
        let refusal = format!(
            "NOQUEUE: reject: RCPT from {name}[{ip}]: 554 5.7.1 Service unavailable; Client host [{ip}] \
             blocked using block.example; from=<{from}> to=<{to}> proto=ESMTP helo=<{name}>"
        );
        self.line(at, "smtpd", pid, &refusal);
        let close = format!("disconnect from {name}[{ip}] ehlo=1 mail=1 rcpt=0/1 quit=1");
        self.line(at.plus(SECOND), "smtpd", pid, &close);
    }

    /// Writes the lines before a moment.
    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        for (at, (line, cut)) in self.waiting.take_before(moment) {
            let file = self.file_at(at)?;
            file.line(&line)?;
            if cut {
                self.next_rotation = at;
            }
        }
        Ok(())
    }

    /// Closes the last file.
    pub(crate) fn finish(mut self) -> Result<(), RangeError> {
        self.file.take().map_or(Ok(()), LineFile::finish)
    }

    fn line(&mut self, at: At, daemon: &str, pid: u64, text: &str) {
        self.say(at, daemon, pid, text, false);
    }

    fn say(&mut self, at: At, daemon: &str, pid: u64, text: &str, cut: bool) {
        let time = if self.style.classic { at.syslog() } else { at.rfc3339_micros() };
        let line = format!("{time} mx1 postfix/{daemon}[{pid}]: {text}");
        self.waiting.push(at, (line, cut));
    }

    fn file_at(&mut self, at: At) -> Result<&mut LineFile, RangeError> {
        let file = match self.file.take() {
            Some(file) if at < self.next_rotation => file,
            before => {
                if let Some(file) = before {
                    file.finish()?;
                }
                // Rotated at the end of each week, and in between when cut.
                let week = at.midnight().plus((7 - at.civil().weekday as i64) * DAY);
                self.next_rotation = week;
                let mut name = at.rfc3339();
                name.retain(|c| c.is_ascii_digit());
                LineFile::create(&self.folder.join(format!("mail.log-{name}")), false)?
            }
        };
        Ok(self.file.insert(file))
    }
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
