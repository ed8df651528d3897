//! The header block of a message or MIME part.
//! Spec: RFC 5322 §2.2 and §4.5.
//!
//! Lines that are neither a field nor a continuation are damage. If a field
//! follows such a line it is passed over, otherwise the body begins with it.
//! What values mean is read elsewhere.

use std::borrow::Cow;
use std::ops::Range;

use clarte_model::FaultKind;
use mail_parser::HeaderValue;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::parsers::MessageStream;

use super::Damage;
use super::words::words;

/// Fields kept of one block; the rest is damage.
const FIELDS_KEPT: usize = 4_000;

/// Bytes of a value that are decoded; the rest is damage.
const VALUE_CAP: usize = 1 << 20;

words! {
    /// Fields that are read, or by which a mail is known.
    enum Name {
        ArcAuthenticationResults "ARC-Authentication-Results",
        ArcMessageSignature "ARC-Message-Signature",
        ArcSeal "ARC-Seal",
        AuthenticationResults "Authentication-Results",
        AutoSubmitted "Auto-Submitted",
        Bcc "Bcc",
        Cc "Cc",
        ContentDisposition "Content-Disposition",
        ContentTransferEncoding "Content-Transfer-Encoding",
        ContentType "Content-Type",
        Date "Date",
        DeliveredTo "Delivered-To",
        DeliveryDate "Delivery-date",
        DispositionNotificationTo "Disposition-Notification-To",
        DkimSignature "DKIM-Signature",
        EnvelopeTo "Envelope-To",
        From "From",
        InReplyTo "In-Reply-To",
        ListId "List-Id",
        ListUnsubscribe "List-Unsubscribe",
        MessageId "Message-ID",
        MimeVersion "MIME-Version",
        Precedence "Precedence",
        Received "Received",
        ReceivedSpf "Received-SPF",
        References "References",
        ReplyTo "Reply-To",
        ResentFrom "Resent-From",
        ReturnPath "Return-Path",
        Sender "Sender",
        Subject "Subject",
        ThreadTopic "Thread-Topic",
        To "To",
        UserAgent "User-Agent",
        XApparentlyTo "X-Apparently-To",
        XDeliveredTo "X-Delivered-To",
        XEnvelopeTo "X-Envelope-To",
        XGmThrid "X-GM-THRID",
        XGmailLabels "X-Gmail-Labels",
        XGoogleSmtpSource "X-Google-Smtp-Source",
        XMailer "X-Mailer",
        XMozillaStatus "X-Mozilla-Status",
        XOriginalTo "X-Original-To",
        XOriginatingIp "X-Originating-IP",
        XPhpOriginatingScript "X-PHP-Originating-Script",
        XReceived "X-Received",
        XSender "X-Sender",
        XSpamStatus "X-Spam-Status",
        XUidl "X-UIDL",
    }
}

/// A header block.
#[derive(Debug, Default)]
pub(super) struct Header<'m> {
    pub(super) fields: Vec<Field<'m>>,
    /// Which names occur in it, by their bits.
    has: u64,
    /// From the first byte to the one before the body.
    pub(super) range: Range<usize>,
}

/// A field, still folded and encoded.
#[derive(Debug, Clone)]
pub(super) struct Field<'m> {
    /// If it is one that is read.
    pub(super) name: Option<Name>,
    pub(super) value: &'m [u8],
    pub(super) range: Range<usize>,
}

/// Reads the block that begins at `start`. `stops` tells whether a line that
/// begins at an offset cannot belong to it (a MIME boundary).
pub(super) fn read<'m>(
    raw: &'m [u8],
    start: usize,
    stops: impl Fn(usize) -> bool,
    damage: &mut Vec<Damage>,
) -> Header<'m> {
    let mut block = Block { raw, header: Header::default(), junk: None, left_out: 0 };
    let mut at = start;
    let body = loop {
        let end = line_end(raw, at);
        let line = &raw[at..end];
        if at == raw.len() || (line.starts_with(b"--") && stops(at)) {
            break at;
        }
        if is_blank(line) {
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                // Only white space: part of a folded field if more follows.
                let next = &raw[end..line_end(raw, end)];
                if !block.header.fields.is_empty() && is_line_of_header(next) && !is_blank(next) {
                    block.extend(end);
                    at = end;
                    continue;
                }
            }
            break end;
        }
        if !block.take(at, end) {
            break at;
        }
        at = end;
    };
    block.header.range = start..body;
    block.report(body, damage);
    block.header
}

struct Block<'m> {
    raw: &'m [u8],
    header: Header<'m>,
    /// First damaged line and their number.
    junk: Option<(Range<usize>, usize)>,
    left_out: usize,
}

impl<'m> Block<'m> {
    /// Adds the line; `false` if the body begins with it.
    fn take(&mut self, at: usize, end: usize) -> bool {
        let line = &self.raw[at..end];
        if let Some((name, value)) = split(line) {
            if self.header.fields.len() < FIELDS_KEPT {
                let name = Name::of(name);
                self.header.has |= name.map_or(0, Name::bit);
                self.header.fields.push(Field { name, value, range: at..end });
            } else {
                self.left_out += 1;
            }
            return true;
        }
        if matches!(line[0], b' ' | b'\t') && !self.header.fields.is_empty() {
            if self.left_out == 0 {
                self.extend(end);
            }
            return true;
        }
        let next = &self.raw[end..line_end(self.raw, end)];
        let passes = is_line_of_header(next) && !is_blank(next);
        match &mut self.junk {
            Some((_, count)) => *count += 1,
            None => self.junk = Some((at..end, 1)),
        }
        passes
    }

    /// Makes the last field reach to `end`.
    fn extend(&mut self, end: usize) {
        if let Some(field) = self.header.fields.last_mut() {
            let value = field.range.end - field.value.len();
            field.value = &self.raw[value..end];
            field.range.end = end;
        }
    }

    fn report(&self, body: usize, damage: &mut Vec<Damage>) {
        if let Some((range, count)) = &self.junk {
            let detail = match count {
                1 => "a header line is neither a field nor a continuation".to_owned(),
                _ => format!("{count} header lines are neither fields nor continuations"),
            };
            damage.push(Damage { range: range.clone(), kind: FaultKind::Header, detail });
        }
        if self.left_out > 0 {
            let detail = format!("{} header fields over the cap left out", self.left_out);
            damage.push(Damage {
                range: self.header.range.start..body,
                kind: FaultKind::TooLarge,
                detail,
            });
        }
        if let Some(field) = self.header.fields.iter().find(|field| field.value.len() > VALUE_CAP) {
            let detail =
                format!("a header field over {VALUE_CAP} bytes, of which the rest is not read");
            damage.push(Damage { range: field.range.clone(), kind: FaultKind::TooLarge, detail });
        }
        if self.raw[self.header.range.clone()].is_ascii() {
            return;
        }
        let foreign = |field: &&Field<'_>| std::str::from_utf8(field.value).is_err();
        if let Some(field) = self.header.fields.iter().find(foreign) {
            let detail = "a header holds 8-bit bytes that are not UTF-8".to_owned();
            damage.push(Damage { range: field.range.clone(), kind: FaultKind::Encoding, detail });
        }
    }
}

impl<'m> Header<'m> {
    /// The fields called `name`, topmost first.
    pub(super) fn all(&self, name: Name) -> impl Iterator<Item = &Field<'m>> {
        // Most names occur in no header at all.
        let fields = if self.has & name.bit() == 0 { &[] } else { self.fields.as_slice() };
        fields.iter().filter(move |field| field.name == Some(name))
    }

    /// The topmost field called `name`.
    pub(super) fn first(&self, name: Name) -> Option<&Field<'m>> {
        self.all(name).next()
    }

    /// The topmost field called `name`, unfolded and decoded (RFC 2047).
    pub(super) fn text(&self, name: Name) -> Option<Cow<'m, str>> {
        self.first(name).map(Field::text)
    }
}

impl<'m> Field<'m> {
    /// The value unfolded and decoded (RFC 2047), without surrounding space.
    pub(super) fn text(&self) -> Cow<'m, str> {
        if memchr::memmem::find(self.value, b"=?").is_none() {
            return self.plain();
        }
        match MessageStream::new(&self.bytes()).parse_unstructured() {
            HeaderValue::Text(text) => text.trim().to_owned().into(),
            _ => Cow::default(),
        }
    }

    /// The value unfolded, without decoding of encoded words.
    pub(super) fn plain(&self) -> Cow<'m, str> {
        match self.decoded() {
            Cow::Borrowed(text) => unfolded(text),
            Cow::Owned(text) => unfolded(&text).into_owned().into(),
        }
    }

    /// The value as `mail-parser` wants it: UTF-8, capped, ended by a newline.
    pub(super) fn bytes(&self) -> Cow<'m, [u8]> {
        let mut bytes = match self.decoded() {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        };
        if !bytes.ends_with(b"\n") {
            bytes.to_mut().push(b'\n');
        }
        bytes
    }

    /// The value as it stands, folded and encoded, capped.
    pub(super) fn decoded(&self) -> Cow<'m, str> {
        let value = &self.value[..self.value.len().min(VALUE_CAP)];
        std::str::from_utf8(value).map_or_else(|_| latin(value).into(), Cow::Borrowed)
    }
}

/// Without line ends and surrounding space, a space for a tab.
fn unfolded(text: &str) -> Cow<'_, str> {
    // What is left after ASCII's is hardly ever white space.
    let mut rest = text.trim_ascii().trim();
    if memchr::memchr2(b'\n', b'\t', rest.as_bytes()).is_none() {
        return Cow::Borrowed(rest);
    }
    let mut unfolded = String::with_capacity(rest.len());
    while let Some(at) = memchr::memchr2(b'\n', b'\t', rest.as_bytes()) {
        if rest.as_bytes()[at] == b'\t' {
            unfolded.push_str(&rest[..at]);
            unfolded.push(' ');
        } else {
            unfolded.push_str(rest[..at].trim_end_matches('\r'));
        }
        rest = &rest[at + 1..];
    }
    unfolded.push_str(rest);
    Cow::Owned(unfolded)
}

/// Bytes of no known character set, read as Windows-1252.
pub(super) fn latin(bytes: &[u8]) -> String {
    match charset_decoder(b"windows-1252") {
        Some(decode) => decode(bytes),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The name, if the line begins a field.
pub(super) fn field_name(line: &[u8]) -> Option<&[u8]> {
    split(line).map(|(name, _)| name)
}

/// The name, and what follows the colon, if the line begins a field.
fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', line)?;
    let name = line[..colon].trim_ascii_end();
    let fits = !name.is_empty() && name.len() <= 256 && name.iter().all(u8::is_ascii_graphic);
    fits.then_some((name, &line[colon + 1..]))
}

/// The offset behind the line that begins at `at`.
pub(super) fn line_end(raw: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &raw[at..]).map_or(raw.len(), |newline| at + newline + 1)
}

/// Whether a line holds nothing but white space.
pub(super) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

fn is_line_of_header(line: &[u8]) -> bool {
    field_name(line).is_some() || matches!(line.first(), Some(b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(raw: &[u8]) -> (Vec<(String, String)>, &[u8], Vec<FaultKind>) {
        let mut damage = Vec::new();
        let header = read(raw, 0, |_| false, &mut damage);
        let name = |field: &Field<'_>| {
            let name = field_name(&raw[field.range.clone()]).expect("a field has a name");
            String::from_utf8_lossy(name).into_owned()
        };
        let text = |field: &Field<'_>| (name(field), field.text().into_owned());
        let fields = header.fields.iter().map(text).collect();
        (fields, &raw[header.range.end..], damage.iter().map(|damage| damage.kind).collect())
    }

    fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_value_over_the_cap_is_said_to_be_cut() {
        let raw = [b"To: ".as_slice(), &vec![b'a'; VALUE_CAP], b"\n\n"].concat();
        let (_, _, damage) = parsed(&raw);
        assert_eq!(damage, [FaultKind::TooLarge]);
    }

    #[test]
    fn fields_are_unfolded_and_decoded() {
        let raw = b"Subject: a\r\n b\r\nX :=?utf-8?q?=C3=A9?= =?utf-8?q?t=C3=A9?=\r\n\r\nbody";
        let expected = pairs(&[("Subject", "a b"), ("X", "\u{e9}t\u{e9}")]);
        assert_eq!(parsed(raw), (expected, &b"body"[..], vec![]));
    }

    #[test]
    fn a_stray_line_is_passed_over_and_a_missing_blank_line_is_seen() {
        let (fields, body, damage) = parsed(b"A: 1\nstray line\nB: 2\nbody text\nmore");
        assert_eq!(fields, pairs(&[("A", "1"), ("B", "2")]));
        assert_eq!((body, damage), (&b"body text\nmore"[..], vec![FaultKind::Header]));
    }

    #[test]
    fn latin_1_bytes_are_kept_and_told() {
        let (fields, _, damage) = parsed(b"Subject: M\xfcller\n\n");
        assert_eq!(fields, pairs(&[("Subject", "M\u{fc}ller")]));
        assert_eq!(damage, [FaultKind::Encoding]);
    }
}
