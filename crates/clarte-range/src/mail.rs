//! A mail as bytes: headers, MIME parts, charsets and transfer encodings.
//! Spec: RFC 5322, RFC 2045 to 2047. Leaves out everything no letter needs.

use std::fmt::Write as _;

use crate::calendar::At;
use crate::rng::{Rng, Topic};
use crate::tokens::base64;
use crate::variety::Transfer;

/// A mail before it is written.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) from_name: String,
    pub(crate) from: String,
    pub(crate) to_name: String,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) at: At,
    pub(crate) message_id: String,
    /// The sending server: its name and address.
    pub(crate) client: (String, String),
    pub(crate) mailer: Option<&'static str>,
    /// Further header lines, without line ends.
    pub(crate) headers: Vec<String>,
    pub(crate) text: String,
    pub(crate) html: Option<String>,
    pub(crate) transfer: Transfer,
    /// A whole mail attached.
    pub(crate) attached: Option<Vec<u8>>,
}

/// Which copy of a mail is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copy {
    /// As received by the mail server of this domain, under this queue id.
    Received { domain: &'static str },
    /// The sender's own.
    Sent,
}

/// The mail as bytes, lines ended by LF.
pub(crate) fn render(draft: &Draft, copy: Copy, queue_id: &str) -> Vec<u8> {
    let mut head = String::new();
    if let Copy::Received { domain } = copy {
        received_lines(&mut head, draft, domain, queue_id);
    }
    let _ = writeln!(head, "From: {} <{}>", word(&draft.from_name), draft.from);
    let _ = writeln!(head, "To: {} <{}>", word(&draft.to_name), draft.to);
    let _ = writeln!(head, "Subject: {}", word(&draft.subject));
    let _ = writeln!(head, "Date: {}", draft.at.plus(-4_000_000).rfc5322(1));
    let _ = writeln!(head, "Message-ID: <{}>", draft.message_id);
    if let Some(mailer) = draft.mailer {
        let _ = writeln!(head, "X-Mailer: {mailer}");
    }
    for line in &draft.headers {
        let _ = writeln!(head, "{line}");
    }
    head.push_str("MIME-Version: 1.0\n");
    let mut bytes = head.into_bytes();
    bytes.extend(body(draft));
    bytes
}

fn received_lines(head: &mut String, draft: &Draft, domain: &str, queue_id: &str) {
    let (name, ip) = &draft.client;
    let date = draft.at.rfc5322(1);
    let _ = writeln!(head, "Return-Path: <{}>", draft.from);
    let _ = writeln!(head, "Delivered-To: {}", draft.to);
    let _ = writeln!(head, "Received: from {name} ({name} [{ip}])");
    let _ = writeln!(head, "\tby mx1.{domain} (Postfix) with ESMTPS id {queue_id}");
    let _ = writeln!(head, "\tfor <{}>; {date}", draft.to);
}

fn body(draft: &Draft) -> Vec<u8> {
    let boundary = |rank: u64| {
        let mut rng = Rng::keyed(rank, Topic::Mail, &[draft.at.0 as u64, draft.to.len() as u64]);
        format!("=_{}", rng.hex(20))
    };
    let inner = content(Some(&draft.text), draft.html.as_deref(), draft.transfer, &boundary(1));
    let Some(attached) = &draft.attached else {
        return inner;
    };
    let mut enclosed =
        b"Content-Type: message/rfc822\nContent-Disposition: attachment; filename=\"mail.eml\"\n\n"
            .to_vec();
    enclosed.extend(attached);
    multipart("mixed", &boundary(2), &[inner, enclosed])
}

/// The header fields and the body of a text, a page, or both.
pub(crate) fn content(
    text: Option<&str>,
    html: Option<&str>,
    transfer: Transfer,
    boundary: &str,
) -> Vec<u8> {
    let text = text.map(|text| part("text/plain", text, transfer));
    let html = html.map(|html| part("text/html", html, transfer));
    match (text, html) {
        (Some(text), Some(html)) => multipart("alternative", boundary, &[text, html]),
        (text, html) => text.or(html).unwrap_or_default(),
    }
}

fn multipart(kind: &str, boundary: &str, parts: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes =
        format!("Content-Type: multipart/{kind};\n\tboundary=\"{boundary}\"\n\n").into_bytes();
    for part in parts {
        bytes.extend(format!("--{boundary}\n").bytes());
        bytes.extend(part);
        bytes.push(b'\n');
    }
    bytes.extend(format!("--{boundary}--\n").bytes());
    bytes
}

fn part(kind: &str, text: &str, transfer: Transfer) -> Vec<u8> {
    let (charset, encoding) = match transfer {
        Transfer::Plain => ("utf-8", "8bit"),
        Transfer::QuotedPrintable => ("utf-8", "quoted-printable"),
        Transfer::Base64 => ("utf-8", "base64"),
        Transfer::Latin1 => ("iso-8859-1", "quoted-printable"),
    };
    let mut bytes = format!(
        "Content-Type: {kind}; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    )
    .into_bytes();
    match transfer {
        Transfer::Plain => bytes.extend(text.bytes()),
        Transfer::QuotedPrintable => bytes.extend(quoted_printable(text.as_bytes()).bytes()),
        Transfer::Base64 => bytes.extend(wrapped_base64(text.as_bytes()).bytes()),
        // The texts hold no character beyond; a question mark is no harm.
        Transfer::Latin1 => {
            let latin: Vec<u8> =
                text.chars().map(|c| u8::try_from(c as u32).unwrap_or(b'?')).collect();
            bytes.extend(quoted_printable(&latin).bytes());
        }
    }
    bytes
}

/// A header word, encoded where it is not ASCII: in pieces, for an encoded
/// word has 75 characters at most (RFC 2047, section 2).
pub(crate) fn word(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut pieces = vec![String::new()];
    for letter in text.chars() {
        if pieces.last().is_none_or(|piece| piece.len() + letter.len_utf8() > 45) {
            pieces.push(String::new());
        }
        pieces.last_mut().expect("one was just put in").push(letter);
    }
    let encoded = pieces.iter().map(|piece| format!("=?UTF-8?B?{}?=", base64(piece.as_bytes())));
    encoded.collect::<Vec<_>>().join("\n ")
}

/// Quoted-printable with soft breaks wherever a line is full, URLs included.
fn quoted_printable(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 5 / 4);
    let mut column = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'\n' {
            out.push('\n');
            column = 0;
            continue;
        }
        let before_end = bytes.get(at + 1).is_none_or(|&next| next == b'\n');
        let literal = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (byte == b' ' && !before_end);
        let width = if literal { 1 } else { 3 };
        if column + width > 75 {
            out.push_str("=\n");
            column = 0;
        }
        if literal {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "={byte:02X}");
        }
        column += width;
    }
    out
}

fn wrapped_base64(bytes: &[u8]) -> String {
    let text = base64(bytes);
    let mut out = String::with_capacity(text.len() * 77 / 76 + 1);
    for line in text.as_bytes().chunks(76) {
        out.extend(line.iter().map(|&byte| char::from(byte)));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_breaks_long_words_and_escapes() {
        let long = "x".repeat(200);
        let text = quoted_printable(format!("é={long} \n").as_bytes());
        assert!(text.starts_with("=C3=A9=3D"));
        assert!(text.lines().all(|line| line.len() <= 76));
        assert!(text.ends_with("=20\n"));
        assert_eq!(text.replace("=\n", "").matches('x').count(), 200);
    }
}
