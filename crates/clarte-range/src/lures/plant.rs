//! A lure put into a real innocent mail. What makes that mail real to a filter
//! stays byte for byte: how it travelled, to whom, when, what wrote it; its
//! parts and encodings stay in kind. Sender, subject and content are the
//! lure's. What only makes sense with the old sender goes: list headers, the
//! thread, signatures, other hosts' verdicts.
//! Spec: RFC 5322; the mbox separator is kept where there is one.

use super::letter::{Letter, Style};
use super::post::{Recipient, body, from, message_id, phrase, verdict};
use super::{PlantedBeacon, PlantedLure};
use crate::mail::word;
use crate::variety::Transfer;

/// The lure as if it had come in place of this mail, its token made for the
/// recipient of it. `None` where the mail has no header, no sender, no
/// `Received` line or no recipient to write to.
///
/// ```
/// let ham = b"Delivered-To: a@x.example\nReceived: from b by mx.x.example; now\n\
///             From: B <b@y.example>\nTo: a@x.example\nSubject: Minutes\n\nAttached.\n";
/// let lure = clarte_range::plant(ham, &clarte_range::lures(1, 1)[0]).expect("it has all parts");
/// let text = String::from_utf8_lossy(&lure.bytes);
/// assert!(text.contains("\nReceived: from b by mx.x.example; now\n"));
/// assert_eq!(lure.recipient, "a@x.example");
/// ```
pub fn plant(ham: &[u8], lure: &PlantedLure) -> Option<PlantedLure> {
    let ham = Ham::of(ham)?;
    let to = ham.recipient()?;
    let mut letter = lure.letter.clone();
    (letter.style, letter.transfer) = (ham.style(), ham.transfer());
    let written = letter.write(&to);

    let mut bytes = ham.head(&letter, &to, &written.subject);
    bytes.extend(b"MIME-Version: 1.0\n");
    bytes.extend(body(&letter, &written));
    if ham.crlf {
        bytes = with_crlf(&bytes);
    }
    let beacon: Option<PlantedBeacon> = written.beacon;
    Some(PlantedLure {
        bytes,
        beacon,
        page: written.page,
        recipient: to.address,
        letter,
        ..lure.clone()
    })
}

/// A mail taken apart as far as planting needs it.
struct Ham<'h> {
    /// The mbox separator.
    separator: Option<&'h [u8]>,
    fields: Vec<Field<'h>>,
    body: &'h [u8],
    crlf: bool,
}

/// A header field with its folded lines and line ends.
struct Field<'h> {
    name: String,
    raw: &'h [u8],
}

impl Field<'_> {
    /// The value on one line, as far as it is text.
    fn value(&self) -> String {
        let text = String::from_utf8_lossy(&self.raw[self.name.len()..]);
        let text = text.trim_start().trim_start_matches(':');
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl<'h> Ham<'h> {
    fn of(bytes: &'h [u8]) -> Option<Self> {
        let mut ham = Self { separator: None, fields: Vec::new(), body: &[], crlf: false };
        let mut rest = bytes;
        // The start and the name of the field that is being read.
        let mut open: Option<(&[u8], String)> = None;
        while !rest.is_empty() {
            let length =
                rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |at| at + 1);
            let (line, after) = rest.split_at(length);
            let is_folded = matches!(line, [b' ' | b'\t', ..]) && open.is_some();
            let is_end = matches!(line, b"\n" | b"\r\n");
            if !is_folded && let Some((start, name)) = open.take() {
                let raw = &start[..start.len() - rest.len()];
                ham.fields.push(Field { name, raw });
            }
            if is_end {
                ham.body = after;
                break;
            }
            if !is_folded {
                ham.crlf |= line.ends_with(b"\r\n");
                match field_name(line) {
                    Some(name) => open = Some((rest, name)),
                    None if ham.fields.is_empty() && line.starts_with(b"From ") => {
                        ham.separator = Some(line);
                    }
                    None => return None,
                }
            }
            rest = after;
        }
        let is_whole = ham.has("from") && ham.has("received") && open.is_none();
        is_whole.then_some(ham)
    }

    fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    fn first(&self, name: &str) -> Option<&Field<'h>> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// Whose mailbox it lies in; else the first that it is addressed to.
    fn recipient(&self) -> Option<Recipient> {
        let all = ["delivered-to", "x-original-to", "envelope-to", "to"];
        let fields = all.iter().flat_map(|name| {
            self.fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name))
        });
        let address = fields.filter_map(|field| address_in(&field.value())).next()?;
        Some(Recipient { name: String::new(), address })
    }

    /// Whether it came by a list, so that it is addressed to that list.
    fn is_of_a_list(&self) -> bool {
        self.fields.iter().any(|field| is_list(&field.name.to_ascii_lowercase()))
    }

    fn style(&self) -> Style {
        let kind = self.first("content-type").map_or_else(String::new, Field::value);
        let kind = kind.to_ascii_lowercase();
        if kind.starts_with("text/html") {
            return Style::Html;
        }
        let is_multipart = kind.starts_with("multipart/");
        if is_multipart && holds(self.body, b"text/html") {
            Style::Alternative
        } else {
            Style::Text
        }
    }

    fn transfer(&self) -> Transfer {
        let own = self.first("content-transfer-encoding").map(Field::value);
        let latin = |text: &[u8]| holds(text, b"iso-8859-1") || holds(text, b"windows-1252");
        let kind = self.first("content-type").map_or_else(String::new, Field::value);
        let encoding = match &own {
            Some(encoding) => encoding.as_bytes(),
            // The parts of a multipart say it below their own headers.
            None if kind.to_ascii_lowercase().starts_with("multipart/") => {
                &self.body[..self.body.len().min(4096)]
            }
            None => b"7bit",
        };
        if holds(encoding, b"base64") {
            Transfer::Base64
        } else if !holds(encoding, b"quoted-printable") {
            Transfer::Plain
        } else if latin(kind.as_bytes()) || (own.is_none() && latin(encoding)) {
            Transfer::Latin1
        } else {
            Transfer::QuotedPrintable
        }
    }

    /// The header up to the content's fields, lines ended by LF where they are
    /// new.
    fn head(&self, letter: &Letter, to: &Recipient, subject: &str) -> Vec<u8> {
        let sender = &letter.sender;
        let mut bytes = Vec::new();
        if let Some(separator) = self.separator {
            let date = separator.splitn(3, |&byte| byte == b' ').nth(2).unwrap_or(b"\n");
            bytes.extend(format!("From {} ", sender.envelope).bytes());
            bytes.extend(date);
        }
        let mut verdict = letter
            .verified
            .then(|| self.host())
            .flatten()
            .map(|host| verdict(&host, sender, &sender.envelope));
        let mut new = vec![
            ("from", from(sender)),
            ("subject", format!("Subject: {}", word(subject))),
            ("message-id", format!("Message-ID: <{}>", message_id(letter))),
        ];
        new.extend(sender.reply_to.as_ref().map(|address| {
            ("reply-to", format!("Reply-To: {} <{address}>", phrase(&sender.display)))
        }));
        if self.is_of_a_list() {
            new.push(("to", format!("To: {}", to.address)));
        }
        for field in &self.fields {
            let name = field.name.to_ascii_lowercase();
            if name == "received"
                && let Some(verdict) = verdict.take()
            {
                bytes.extend(format!("{verdict}\n").bytes());
            }
            if name == "return-path" {
                bytes.extend(format!("Return-Path: <{}>\n", sender.envelope).bytes());
            } else if let Some(at) = new.iter().position(|(replaced, _)| *replaced == name) {
                bytes.extend(format!("{}\n", new.remove(at).1).bytes());
            } else if !goes(&name, self.is_of_a_list()) {
                bytes.extend(field.raw);
            }
        }
        for (_, line) in new {
            bytes.extend(format!("{line}\n").bytes());
        }
        bytes
    }

    /// The host that received it last, by its first Received line.
    fn host(&self) -> Option<String> {
        let value = self.first("received")?.value();
        let host = value.split(' ').skip_while(|word| *word != "by").nth(1)?;
        let host = host.trim_end_matches(';');
        let is_plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        (is_plain && !host.is_empty()).then(|| host.to_owned())
    }
}

/// The name before the colon; a name has no blanks (RFC 5322, section 2.2).
fn field_name(line: &[u8]) -> Option<String> {
    let (name, _) = line.split_at(line.iter().position(|&byte| byte == b':')?);
    let name = name.trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic());
    is_name.then(|| String::from_utf8_lossy(name).into_owned())
}

/// The first address of a value: with one `@`, of plain characters only.
fn address_in(value: &str) -> Option<String> {
    let mut words = value.split(|c: char| c.is_whitespace() || "<>,;()\"".contains(c));
    let is_address = |word: &&str| {
        let Some((local, domain)) = word.split_once('@') else { return false };
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-+=".contains(&b);
        let parts = [local, domain];
        word.len() < 200 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(plain))
    };
    words.find(is_address).map(str::to_owned)
}

fn is_list(name: &str) -> bool {
    name.starts_with("list-")
        || matches!(name, "mailing-list" | "x-beenthere" | "x-mailman-version" | "x-mailing-list")
}

/// Whether a header field goes with the old sender or the old content.
fn goes(name: &str, of_a_list: bool) -> bool {
    const PREFIXES: [&str; 8] =
        ["content-", "arc-", "resent-", "thread-", "x-egroups", "x-mailman", "x-campaign", "x-ms-"];
    const NAMES: [&str; 40] = [
        "from",
        "subject",
        "message-id",
        "reply-to",
        "sender",
        "mime-version",
        "in-reply-to",
        "references",
        "precedence",
        "errors-to",
        "dkim-signature",
        "domainkey-signature",
        "domainkey-status",
        "authentication-results",
        "received-spf",
        "x-sender",
        "x-from",
        "x-envelope-from",
        "x-apparently-from",
        "x-originating-email",
        "x-loop",
        "x-reply-to",
        "feedback-id",
        "lines",
        "organization",
        "organisation",
        "x-url",
        "x-pgp-key-fingerprint",
        "disposition-notification-to",
        "return-receipt-to",
        "x-keywords",
        "keywords",
        "comments",
        "mail-followup-to",
        "x-apparently-to",
        "x-yahoo-profile",
        "x-originating-ip",
        "x-image-url",
        "x-face",
        "face",
    ];
    is_list(name)
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || NAMES.contains(&name)
        || (of_a_list && matches!(name, "to" | "cc"))
}

/// Whether the text occurs, in whatever case.
fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text))
}

/// Every line ended by CRLF.
fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 40);
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        out.extend(text.strip_suffix(b"\r").unwrap_or(text));
        if line.ends_with(b"\n") {
            out.extend(b"\r\n");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_mail_is_left_alone() {
        let lure = &crate::lures(1, 1)[0];
        for odd in [
            &b""[..],
            b"\n\nno header\n",
            b"Received: by x\nFrom: a@b.example\n\nno recipient\n",
            b"From: a@b.example\nTo: c@d.example\n\nno Received\n",
            b"Received: by x\nTo: c@d.example\n\nno sender\n",
            b"Received: by x\nFrom: a@b.example\nTo: c@d.example\nno end",
            b"Received: by x\nFrom: a\nTo: c@d.example\nno colon here\n\nbody\n",
            b"\xff\xfe\0\0",
        ] {
            assert!(plant(odd, lure).is_none(), "{}", String::from_utf8_lossy(odd));
        }
    }

    #[test]
    fn the_first_plain_address_is_taken() {
        for (value, address) in [
            ("A B <a.b@x.example>, c@x.example", Some("a.b@x.example")),
            ("mailing list a@x.example", Some("a@x.example")),
            ("undisclosed-recipients:;", None),
            ("\"a b\"@x.example", None),
            ("a@b@c", None),
        ] {
            assert_eq!(address_in(value).as_deref(), address, "{value}");
        }
    }
}
