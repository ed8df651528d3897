//! What a mail looks like from its first bytes.

use super::header::{Name, field_name, is_blank, line_end};

/// Lines looked at.
const LINES: usize = 200;

/// Whether `head` begins with the header block of a mail: fields only, and
/// enough of those that mails have.
pub(crate) fn begins_like_mail(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let mut at = 0;
    while at < head.len() && is_blank(&head[at..line_end(head, at)]) {
        at = line_end(head, at);
    }
    let (mut score, mut fields, mut strange) = (0, 0usize, 0usize);
    for _ in 0..LINES {
        let line = &head[at..line_end(head, at)];
        if line.is_empty() || is_blank(line) || score >= 6 {
            break;
        }
        match field_name(line) {
            Some(name) => {
                fields += 1;
                score += weight(name, line[name.len()..].trim_ascii());
            }
            None if fields > 0 && matches!(line[0], b' ' | b'\t') => {}
            None if fields == 0 && !is_quoted_separator(line) => return false,
            None => strange += 1,
        }
        if strange > 1 + fields / 4 {
            return false;
        }
        at += line.len();
    }
    score >= 3
}

/// What mbox tools leave on top of a message.
fn is_quoted_separator(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

/// Whether the line may stand in a header: a field with a name such as mails
/// have.
pub(crate) fn is_header_line(line: &[u8]) -> bool {
    field_name(line).is_some_and(|name| {
        name[0].is_ascii_alphabetic()
            && name
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    })
}

/// How much a field speaks for a mail.
fn weight(name: &[u8], value: &[u8]) -> i32 {
    use Name::{Bcc, Cc, ContentType, Date, From, Sender, Subject, To};
    let value = value.strip_prefix(b":").unwrap_or(value).trim_ascii();
    let has = |byte| memchr::memchr(byte, value).is_some();
    match Name::of(name) {
        Some(From | To | Cc | Bcc | Sender) if has(b'@') || has(b'<') => 3,
        Some(From | To | Cc | Subject) => 2,
        Some(ContentType) if value.starts_with(b"multipart/") || value.starts_with(b"message/") => {
            3
        }
        Some(ContentType) if has(b'/') => 2,
        Some(Date) if has(b':') && value.iter().any(u8::is_ascii_alphabetic) => 2,
        Some(name) if is_telling(name) => 3,
        _ => 0,
    }
}

/// Whether hardly anything but a mail begins with the field.
fn is_telling(name: Name) -> bool {
    use Name::*;
    matches!(
        name,
        Received
            | ReturnPath
            | DeliveredTo
            | MessageId
            | MimeVersion
            | DkimSignature
            | XMailer
            | ContentTransferEncoding
            | ContentDisposition
            | XOriginalTo
            | EnvelopeTo
            | DeliveryDate
            | ReplyTo
            | InReplyTo
            | ListId
            | ListUnsubscribe
            | ArcSeal
            | ArcMessageSignature
            | ArcAuthenticationResults
            | AuthenticationResults
            | ReceivedSpf
            | XReceived
            | XGoogleSmtpSource
            | XApparentlyTo
            | XOriginatingIp
            | XSpamStatus
            | XSender
            | XUidl
            | XMozillaStatus
            | XGmailLabels
            | ResentFrom
            | XGmThrid
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_are_known_from_their_header() {
        for head in [
            &b"Received: from x\r\n\tby y\r\nFrom: a@b.example\r\n\r\n"[..],
            b"\xef\xbb\xbf\r\n\r\nFrom: a@b.example\nSubject: x\n",
            b"Content-Type: multipart/mixed; boundary=a\n\n",
            b"From: Whomever\nTo: Someone\n\n",
            b"Return-Path: <a@b.example>\n>From a@b Wed Jan 6 2021\nSubject: x\n",
        ] {
            assert!(begins_like_mail(head), "{}", head.escape_ascii());
        }
    }

    #[test]
    fn what_only_has_colons_is_no_mail() {
        for head in [
            &b""[..],
            b"Subject: alone\n",
            b"time,from,to\n2021,a@b.example,c@d.example\n",
            b"{\"from\": \"a@b.example\",\n\"to\": \"c@d.example\"}\n",
            b"<html>\nFrom: a@b.example\n",
            b"HTTP/1.1 200 OK\nContent-Type: text/html\nDate: Wed, 06 Jan 2021 03:19:31 GMT\n",
            b"title: rule\nid: 1\ndate: 2021/01/06\nreferences:\n    - https://a.example\n",
            b"Jan  6 03:19:31 host postfix/smtp[1]: to=<a@b.example>\n",
            b"int main() {\n  label: from();\n}\n",
        ] {
            assert!(!begins_like_mail(head), "{}", head.escape_ascii());
        }
    }
}
