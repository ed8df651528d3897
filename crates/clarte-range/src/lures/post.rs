//! A letter as it lies in its recipient's mailbox.
//! Spec: RFC 5322; RFC 8601 for Authentication-Results.

use std::fmt::Write as _;

use super::letter::{Letter, Written};
use super::sender::{Proof, Sender};
use crate::Plan;
use crate::calendar::At;
use crate::mail::{content, word};
use crate::rng::{Rng, Topic};
use crate::world::World;

/// Someone a letter is addressed to.
#[derive(Debug, Clone)]
pub(super) struct Recipient {
    /// Given name and family name, or nothing where it is not known.
    pub(super) name: String,
    pub(super) address: String,
}

/// The institution whose people are written to.
pub(super) struct Institution {
    pub(super) domain: &'static str,
    pub(super) start: At,
    /// By language.
    people: [Vec<Recipient>; 4],
}

impl Institution {
    pub(super) fn new(seed: u64) -> Self {
        let world = World::new(&Plan { people: 200, days: 1, seed });
        let in_language = |lang: usize| {
            let those = world.people.iter().filter(|person| person.lang == lang);
            those
                .map(|person| Recipient {
                    name: person.name.clone(),
                    address: person.email.clone(),
                })
                .collect()
        };
        Self { domain: world.domain, start: world.start, people: [0, 1, 2, 3].map(in_language) }
    }

    /// Someone who reads this language.
    pub(super) fn someone(&self, lang: usize, rng: &mut Rng) -> Recipient {
        rng.pick(&self.people[lang]).clone()
    }
}

/// The mail as bytes, lines ended by LF.
pub(super) fn received(
    institution: &Institution,
    letter: &Letter,
    to: &Recipient,
    written: &Written,
) -> Vec<u8> {
    let headers = identity(letter);
    post(institution, letter, to, written, &letter.sender.envelope, &headers)
}

/// The same with another envelope sender and further header lines.
pub(super) fn post(
    institution: &Institution,
    letter: &Letter,
    to: &Recipient,
    written: &Written,
    envelope: &str,
    headers: &[String],
) -> Vec<u8> {
    let domain = institution.domain;
    let mut rng = Rng::keyed(letter.seed, Topic::Mail, &[letter.serial, 1]);
    let (server, ip) = &letter.client;
    let mut head = String::new();
    let _ = writeln!(head, "Return-Path: <{envelope}>");
    let _ = writeln!(head, "Delivered-To: {}", to.address);
    if letter.verified {
        let host = format!("mx1.{domain}");
        let _ = writeln!(head, "{}", verdict(&host, &letter.sender, envelope));
    }
    let _ = writeln!(head, "Received: from {server} ({server} [{ip}])");
    let _ = writeln!(head, "\tby mx1.{domain} (Postfix) with ESMTPS id {}", rng.text(11, QUEUE));
    let _ = writeln!(head, "\tfor <{}>; {}", to.address, letter.at.rfc5322(1));
    for line in headers {
        let _ = writeln!(head, "{line}");
    }
    let _ = writeln!(head, "To: {} <{}>", phrase(&to.name), to.address);
    let _ = writeln!(head, "Subject: {}", word(&written.subject));
    let _ = writeln!(head, "Date: {}", letter.at.plus(-4_000_000).rfc5322(1));
    if let Some(mailer) = letter.mailer {
        let _ = writeln!(head, "X-Mailer: {mailer}");
    }
    head.push_str("MIME-Version: 1.0\n");
    let mut bytes = head.into_bytes();
    bytes.extend(body(letter, written));
    bytes
}

const QUEUE: &[u8] = b"0123456789ABCDEF";

/// The header lines that say who writes: From, Reply-To, Message-ID.
pub(super) fn identity(letter: &Letter) -> Vec<String> {
    let sender = &letter.sender;
    let mut lines = vec![from(sender)];
    lines.extend(sender.reply_to.as_ref().map(|address| {
        // Half of them write the name again.
        if letter.serial.is_multiple_of(2) {
            format!("Reply-To: {} <{address}>", phrase(&sender.display))
        } else {
            format!("Reply-To: {address}")
        }
    }));
    lines.push(format!("Message-ID: <{}>", message_id(letter)));
    lines
}

/// The From line.
pub(super) fn from(sender: &Sender) -> String {
    format!("From: {} <{}>", phrase(&sender.display), sender.address)
}

/// A Message-ID under the sender's domain.
pub(super) fn message_id(letter: &Letter) -> String {
    let mut rng = Rng::keyed(letter.seed, Topic::Mail, &[letter.serial, 2]);
    format!("{}.{}@{}", rng.hex(12), rng.below(1_000_000), letter.sender.domain())
}

/// The content's header fields, an empty line, and the body.
pub(super) fn body(letter: &Letter, written: &Written) -> Vec<u8> {
    let mut rng = Rng::keyed(letter.seed, Topic::Mail, &[letter.serial, 3]);
    let boundary = format!("=_{}", rng.hex(20));
    content(written.text.as_deref(), written.html.as_deref(), letter.transfer, &boundary)
}

/// What the receiving host says it verified. Whoever owns a domain, or a
/// mailbox at a provider, passes; a forged sender does not.
pub(super) fn verdict(host: &str, sender: &Sender, envelope: &str) -> String {
    let domain = sender.domain();
    let (spf, dkim, dmarc) = match sender.proof {
        Proof::Forged => ("fail", "none".to_owned(), "fail"),
        Proof::Unsigned => ("pass", "none".to_owned(), "none"),
        Proof::Signed => ("pass", format!("pass header.d={domain}"), "pass"),
    };
    format!(
        "Authentication-Results: {host};\n\tspf={spf} smtp.mailfrom={envelope};\n\tdkim={dkim};\n\tdmarc={dmarc} header.from={domain}"
    )
}

/// A display name, quoted where it must be (RFC 5322, section 3.2.3).
pub(super) fn phrase(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " -'|".contains(c);
    if name.is_ascii() && !name.chars().all(plain) {
        format!("\"{}\"", name.replace(['"', '\\'], ""))
    } else {
        word(name)
    }
}
