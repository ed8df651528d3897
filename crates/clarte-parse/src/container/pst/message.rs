//! A message of Outlook as the mail it was: header, bodies, attachments.
//! Spec: MS-PST §2.4.5 and §2.4.6; MS-OXOMSG, MS-OXCMSG; MS-OXMSG.
//!
//! Outlook takes a mail apart. Its header is kept as it came, and used as it
//! is but for what describes the body; where there is none (mail sent from
//! here, or that never left an Exchange server), one is made of the
//! properties. Bodies are kept in the character set they have. Left out: what
//! is no mail (appointments, contacts, tasks, notes), attachments that are
//! only a link, properties that no mail can hold.

use clarte_model::FaultKind;
use jiff::Timestamp;

use super::charset;
use super::database::Damage;
use super::rtf;
use super::write;
use crate::MESSAGE_CAP;
use crate::container::names::shown;

/// Messages in messages that are followed.
const DEPTH: usize = 8;

/// Bytes of one body.
const BODY: usize = 16 << 20;

/// Bytes of a body beyond which being readable costs too much.
const READABLE: usize = 4 << 20;

/// Bytes of a header as it came, and of a text in one that is made.
const HEADER: usize = 1 << 20;
const TEXT: usize = 1 << 16;

/// Bytes of a mail, less than are read of one.
const MAIL: usize = MESSAGE_CAP - (1 << 20);

/// The year 2100.
const LATEST: i64 = 4_102_444_800;

/// Properties, by the names of MS-OXPROPS less `PidTag`.
mod tag {
    pub(super) const MESSAGE_CLASS: u16 = 0x001a;
    pub(super) const SUBJECT: u16 = 0x0037;
    pub(super) const CLIENT_SUBMIT_TIME: u16 = 0x0039;
    pub(super) const SENT_REPRESENTING_NAME: u16 = 0x0042;
    pub(super) const SENT_REPRESENTING_EMAIL_ADDRESS: u16 = 0x0065;
    pub(super) const RECEIVED_BY_EMAIL_ADDRESS: u16 = 0x0076;
    pub(super) const TRANSPORT_MESSAGE_HEADERS: u16 = 0x007d;
    pub(super) const RECIPIENT_TYPE: u16 = 0x0c15;
    pub(super) const SENDER_NAME: u16 = 0x0c1a;
    pub(super) const SENDER_EMAIL_ADDRESS: u16 = 0x0c1f;
    pub(super) const DISPLAY_BCC: u16 = 0x0e02;
    pub(super) const DISPLAY_CC: u16 = 0x0e03;
    pub(super) const DISPLAY_TO: u16 = 0x0e04;
    pub(super) const MESSAGE_DELIVERY_TIME: u16 = 0x0e06;
    pub(super) const BODY: u16 = 0x1000;
    pub(super) const RTF_COMPRESSED: u16 = 0x1009;
    pub(super) const HTML: u16 = 0x1013;
    pub(super) const INTERNET_MESSAGE_ID: u16 = 0x1035;
    pub(super) const INTERNET_REFERENCES: u16 = 0x1039;
    pub(super) const IN_REPLY_TO_ID: u16 = 0x1042;
    pub(super) const DISPLAY_NAME: u16 = 0x3001;
    pub(super) const EMAIL_ADDRESS: u16 = 0x3003;
    pub(super) const LAST_MODIFICATION_TIME: u16 = 0x3008;
    pub(super) const ATTACH_DATA: u16 = 0x3701;
    pub(super) const ATTACH_FILENAME: u16 = 0x3704;
    pub(super) const ATTACH_METHOD: u16 = 0x3705;
    pub(super) const ATTACH_LONG_FILENAME: u16 = 0x3707;
    pub(super) const ATTACH_MIME_TAG: u16 = 0x370e;
    pub(super) const ATTACH_CONTENT_ID: u16 = 0x3712;
    pub(super) const SMTP_ADDRESS: u16 = 0x39fe;
    pub(super) const INTERNET_CODEPAGE: u16 = 0x3fde;
    pub(super) const SENDER_SMTP_ADDRESS: u16 = 0x5d01;
    pub(super) const SENT_REPRESENTING_SMTP_ADDRESS: u16 = 0x5d02;
    pub(super) const RECEIVED_BY_SMTP_ADDRESS: u16 = 0x5d07;
}

/// How beginnings of a class (in lower case) tell what is no mail.
const NO_MAIL: &[&str] = &[
    "ipm.activity",
    "ipm.appointment",
    "ipm.configuration",
    "ipm.contact",
    "ipm.distlist",
    "ipm.microsoft.",
    "ipm.ole.class.",
    "ipm.stickynote",
    "ipm.task",
];

/// A row of a table: the values that were asked for, as texts.
pub(in crate::container) type Row = Vec<Option<String>>;

/// Where a message, and what is attached to it, is taken from.
pub(in crate::container) trait Source {
    /// Where a message or attachment stands.
    type Node: Copy;
    /// Its properties.
    type Properties;

    fn read(&mut self, node: Self::Node) -> Result<Self::Properties, Damage>;

    /// A number, or a flag as one.
    fn number(&self, of: &Self::Properties, id: u16) -> Option<u32>;

    fn time(&self, of: &Self::Properties, id: u16) -> Option<Timestamp>;

    /// Whether a property is there, and is a text.
    fn is_text(&self, of: &Self::Properties, id: u16) -> bool;

    /// A text, up to `cap` bytes of it.
    fn text(
        &mut self,
        of: &Self::Properties,
        id: u16,
        cap: usize,
    ) -> Result<Option<String>, Damage>;

    /// A value's bytes, up to `cap`.
    fn bytes(
        &mut self,
        of: &Self::Properties,
        id: u16,
        cap: usize,
    ) -> Result<Option<Vec<u8>>, Damage>;

    /// The code page of texts that are not UTF-16.
    fn page(&self, of: &Self::Properties) -> u32;

    /// Where an object that is a property stands.
    fn object(&self, of: &Self::Properties, id: u16) -> Option<Self::Node>;

    fn attachments(&self, of: &Self::Properties) -> Vec<Self::Node>;

    /// Of each recipient, the values of `columns` that are texts or numbers.
    fn recipients(&mut self, of: &Self::Properties, columns: &[u16]) -> Result<Vec<Row>, Damage>;

    /// Notes what is lost of the message: `what`, because of `damage`.
    fn lose(&mut self, what: &str, damage: Damage);
}

/// Writes the message in `node` to the end of `out`, behind the line that
/// separates it in an mbox; writes nothing where it is no mail.
///
/// What it lacks is noted as a fault, and is all that is lost.
pub(in crate::container) fn write<S: Source>(
    source: &mut S,
    node: S::Node,
    out: &mut Vec<u8>,
) -> Result<(), Damage> {
    let properties = source.read(node)?;
    let mut writing = Writing { source, parts: 0 };
    if !writing.is_mail(&properties) {
        return Ok(());
    }
    write::separator(out, writing.arrival(&properties));
    writing.message(&properties, 0, out);
    out.push(b'\n');
    Ok(())
}

struct Writing<'w, S> {
    source: &'w mut S,
    /// Multiparts begun.
    parts: usize,
}

impl<S: Source> Writing<'_, S> {
    /// When a message came in; of one that did not, when it was sent or last
    /// changed.
    fn arrival(&self, properties: &S::Properties) -> Timestamp {
        let times =
            [tag::MESSAGE_DELIVERY_TIME, tag::CLIENT_SUBMIT_TIME, tag::LAST_MODIFICATION_TIME];
        let times = times.iter().filter_map(|id| self.source.time(properties, *id));
        // Others are no times of mail.
        let mut times = times.filter(|at| (0..LATEST).contains(&at.as_second()));
        times.next().unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn is_mail(&mut self, properties: &S::Properties) -> bool {
        let class = self.text(properties, tag::MESSAGE_CLASS).unwrap_or_default();
        let class = class.to_ascii_lowercase();
        // A request to do a task is sent by mail.
        class.starts_with("ipm.taskrequest")
            || !NO_MAIL.iter().any(|beginning| class.starts_with(beginning))
    }

    /// A text of a header.
    fn text(&mut self, properties: &S::Properties, id: u16) -> Option<String> {
        let found = self.source.text(properties, id, TEXT);
        let found = found.map_err(|damage| self.source.lose("a field", damage)).ok().flatten();
        found.filter(|text| !text.is_empty())
    }

    fn message(&mut self, properties: &S::Properties, depth: usize, out: &mut Vec<u8>) {
        self.header(properties, out);
        write::field(out, "MIME-Version", "1.0");
        let attachments = self.source.attachments(properties);
        if attachments.is_empty() {
            return self.bodies(properties, out);
        }
        let boundary = self.begin_parts(out, "mixed");
        begin_part(out, &boundary);
        self.bodies(properties, out);
        for node in attachments {
            let before = out.len();
            if let Err(damage) = self.attachment(node, depth, &boundary, out) {
                out.truncate(before);
                self.source.lose("an attachment", damage);
            } else if out.len() > MAIL {
                out.truncate(before);
                let what = "the mail would be larger than our cap";
                self.source.lose("an attachment", Damage::new(FaultKind::TooLarge, what));
            }
        }
        end_parts(out, &boundary);
    }

    /// Writes the fields up to those that describe the body.
    fn header(&mut self, properties: &S::Properties, out: &mut Vec<u8>) {
        let came = self.source.text(properties, tag::TRANSPORT_MESSAGE_HEADERS, HEADER);
        let came = came.map_err(|damage| self.source.lose("its header", damage)).ok().flatten();
        let kept = kept_fields(&came.unwrap_or_default());
        let has = |name: &str| kept.iter().any(|field| has_name(field, name));
        if !has("Delivered-To")
            && !has("X-Original-To")
            && let Some(owner) = self.first_address(
                properties,
                &[tag::RECEIVED_BY_SMTP_ADDRESS, tag::RECEIVED_BY_EMAIL_ADDRESS],
            )
        {
            write::field(out, "Delivered-To", &owner);
        }
        if !has("From") {
            self.made_header(properties, out);
        }
        for field in kept {
            out.extend_from_slice(field.as_bytes());
            out.push(b'\n');
        }
    }

    /// Writes what a header would have said.
    fn made_header(&mut self, properties: &S::Properties, out: &mut Vec<u8>) {
        let whose = self.person(
            properties,
            tag::SENT_REPRESENTING_NAME,
            &[tag::SENT_REPRESENTING_SMTP_ADDRESS, tag::SENT_REPRESENTING_EMAIL_ADDRESS],
        );
        let sender = self.person(
            properties,
            tag::SENDER_NAME,
            &[tag::SENDER_SMTP_ADDRESS, tag::SENDER_EMAIL_ADDRESS],
        );
        let from = whose.clone().or_else(|| sender.clone());
        write::address_field(out, "From", from.as_slice());
        if whose.is_some() && whose != sender {
            write::address_field(out, "Sender", sender.as_slice());
        }
        self.recipients(properties, out);
        if let Some(at) = self.source.time(properties, tag::CLIENT_SUBMIT_TIME) {
            write::field(out, "Date", &write::date(at));
        }
        if let Some(subject) = self.text(properties, tag::SUBJECT) {
            write::text_field(out, "Subject", without_mark(&subject));
        }
        for (name, id) in [
            ("Message-ID", tag::INTERNET_MESSAGE_ID),
            ("In-Reply-To", tag::IN_REPLY_TO_ID),
            ("References", tag::INTERNET_REFERENCES),
        ] {
            if let Some(value) = self.text(properties, id) {
                write::text_field(out, name, &value);
            }
        }
    }

    fn person(
        &mut self,
        properties: &S::Properties,
        name: u16,
        addresses: &[u16],
    ) -> Option<String> {
        let name = self.text(properties, name).unwrap_or_default();
        let address = self.first_address(properties, addresses);
        write::address(&name, address.as_deref())
    }

    /// The first of some properties that is an address of the internet.
    fn first_address(&mut self, properties: &S::Properties, ids: &[u16]) -> Option<String> {
        ids.iter()
            .find_map(|id| self.text(properties, *id).filter(|text| write::is_address(text.trim())))
            .map(|address| address.trim().to_owned())
    }

    /// Writes to whom a message goes: by the table of its recipients, else by
    /// the names that are shown.
    fn recipients(&mut self, properties: &S::Properties, out: &mut Vec<u8>) {
        let columns =
            [tag::RECIPIENT_TYPE, tag::DISPLAY_NAME, tag::SMTP_ADDRESS, tag::EMAIL_ADDRESS];
        let rows = match self.source.recipients(properties, &columns) {
            Ok(rows) => rows,
            Err(damage) => {
                self.source.lose("its recipients", damage);
                Vec::new()
            }
        };
        for (name, kind, shown) in [
            ("To", "1", tag::DISPLAY_TO),
            ("Cc", "2", tag::DISPLAY_CC),
            ("Bcc", "3", tag::DISPLAY_BCC),
        ] {
            let of_kind = rows.iter().filter(|row| row[0].as_deref() == Some(kind));
            let mut all: Vec<_> = of_kind.filter_map(|row| recipient(row)).collect();
            if rows.is_empty()
                && let Some(names) = self.text(properties, shown)
            {
                all = names.split(';').filter_map(|name| write::address(name, None)).collect();
            }
            write::address_field(out, name, &all);
        }
    }

    /// Writes the bodies, of which there may be one for those who read no HTML.
    fn bodies(&mut self, properties: &S::Properties, out: &mut Vec<u8>) {
        let mut html = self.html(properties);
        let mut plain = self.body(properties, tag::BODY).map(|bytes| {
            let text = self.source.is_text(properties, tag::BODY);
            (if text { "utf-8".to_owned() } else { self.page_name(properties) }, bytes)
        });
        if html.is_none()
            && let Some(packed) = self.body(properties, tag::RTF_COMPRESSED)
        {
            match rtf::read(&packed, BODY) {
                Some(rtf::Body::Html(text)) => html = Some(("utf-8".to_owned(), text.into_bytes())),
                Some(rtf::Body::Text(text)) if plain.is_none() => {
                    plain = Some(("utf-8".to_owned(), text.into_bytes()));
                }
                Some(rtf::Body::Text(_)) => {}
                None => self.source.lose("a body", Damage::malformed("compressed RTF is none")),
            }
        }
        match (plain, html) {
            (Some(plain), Some(html)) => {
                let boundary = self.begin_parts(out, "alternative");
                for (kind, body) in [("plain", plain), ("html", html)] {
                    begin_part(out, &boundary);
                    body_part(out, kind, &body);
                }
                end_parts(out, &boundary);
            }
            (Some(plain), None) => body_part(out, "plain", &plain),
            (None, Some(html)) => body_part(out, "html", &html),
            (None, None) => body_part(out, "plain", &("us-ascii".to_owned(), Vec::new())),
        }
    }

    /// The HTML and its character set.
    fn html(&mut self, properties: &S::Properties) -> Option<(String, Vec<u8>)> {
        let bytes = self.body(properties, tag::HTML)?;
        if self.source.is_text(properties, tag::HTML) {
            return Some(("utf-8".to_owned(), bytes));
        }
        Some((self.page_name(properties), bytes))
    }

    /// A body's bytes; texts as UTF-8.
    fn body(&mut self, properties: &S::Properties, id: u16) -> Option<Vec<u8>> {
        let found = if self.source.is_text(properties, id) {
            let text = self.source.text(properties, id, BODY);
            text.map(|text| text.map(String::into_bytes))
        } else {
            self.source.bytes(properties, id, BODY)
        };
        let found = found.map_err(|damage| self.source.lose("a body", damage)).ok().flatten();
        found.filter(|bytes| !bytes.is_empty())
    }

    fn attachment(
        &mut self,
        node: S::Node,
        depth: usize,
        boundary: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), Damage> {
        let properties = self.source.read(node)?;
        let name = [tag::ATTACH_LONG_FILENAME, tag::ATTACH_FILENAME, tag::DISPLAY_NAME];
        let name = name.iter().find_map(|id| self.text(&properties, *id)).unwrap_or_default();
        let named = |damage: Damage| Damage {
            detail: format!("{}: {}", shown(&name), damage.detail),
            ..damage
        };
        // 1: its bytes; 5: a message; 6: an object of another program. Others
        // are links.
        match self.source.number(&properties, tag::ATTACH_METHOD).unwrap_or(1) {
            5 => {
                let inner = self
                    .source
                    .object(&properties, tag::ATTACH_DATA)
                    .ok_or_else(|| named(Damage::malformed("no message is attached")))?;
                if depth + 1 >= DEPTH {
                    let what = "messages are nested deeper than our cap";
                    return Err(named(Damage::new(FaultKind::TooDeep, what)));
                }
                let inner = self.source.read(inner).map_err(named)?;
                begin_part(out, boundary);
                write::field(out, "Content-Type", "message/rfc822");
                out.push(b'\n');
                self.message(&inner, depth + 1, out);
            }
            1 | 6 => {
                let room = MAIL.saturating_sub(out.len()) / 4 * 3;
                let content = self.source.bytes(&properties, tag::ATTACH_DATA, room);
                let Some(content) = content.map_err(named)? else { return Ok(()) };
                begin_part(out, boundary);
                self.describe(&properties, &name, out);
                write::base64(out, &content);
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes the fields of an attached file.
    fn describe(&mut self, properties: &S::Properties, name: &str, out: &mut Vec<u8>) {
        let kind = self.text(properties, tag::ATTACH_MIME_TAG).filter(|kind| is_media_type(kind));
        let kind = kind.unwrap_or_else(|| "application/octet-stream".to_owned());
        write::field(out, "Content-Type", &kind);
        let named =
            if name.is_empty() { String::new() } else { write::parameter("filename", name) };
        write::field(out, "Content-Disposition", &format!("attachment{named}"));
        if let Some(id) = self.text(properties, tag::ATTACH_CONTENT_ID) {
            write::text_field(out, "Content-ID", &format!("<{}>", id.trim_matches(['<', '>'])));
        }
        write::field(out, "Content-Transfer-Encoding", "base64");
        out.push(b'\n');
    }

    fn page_name(&self, properties: &S::Properties) -> String {
        let page = self.source.number(properties, tag::INTERNET_CODEPAGE);
        charset::name(page.unwrap_or_else(|| self.source.page(properties)))
    }

    /// Begins parts, which end at the boundary that is returned. No content
    /// holds it, being encoded, and no other parts have it.
    fn begin_parts(&mut self, out: &mut Vec<u8>, kind: &str) -> String {
        self.parts += 1;
        let boundary = format!("=_{}", self.parts);
        let value = format!("multipart/{kind}; boundary=\"{boundary}\"");
        write::field(out, "Content-Type", &value);
        out.push(b'\n');
        boundary
    }
}

fn begin_part(out: &mut Vec<u8>, boundary: &str) {
    out.extend_from_slice(format!("\n--{boundary}\n").as_bytes());
}

fn end_parts(out: &mut Vec<u8>, boundary: &str) {
    out.extend_from_slice(format!("\n--{boundary}--\n").as_bytes());
}

fn body_part(out: &mut Vec<u8>, kind: &str, (charset, content): &(String, Vec<u8>)) {
    write::field(out, "Content-Type", &format!("text/{kind}; charset={charset}"));
    let readable = content.len() <= READABLE;
    let encoding = if readable { "quoted-printable" } else { "base64" };
    write::field(out, "Content-Transfer-Encoding", encoding);
    out.push(b'\n');
    if readable {
        write::quoted_printable(out, content);
    } else {
        write::base64(out, content);
    }
}

/// A recipient by a row of the table.
fn recipient(row: &[Option<String>]) -> Option<String> {
    let name = row[1].as_deref().unwrap_or_default();
    let addresses = [row[2].as_deref(), row[3].as_deref()];
    let address = addresses.into_iter().flatten().find(|text| write::is_address(text.trim()));
    write::address(name, address)
}

/// A subject without the mark that says how much of it is a prefix.
fn without_mark(subject: &str) -> &str {
    let mut characters = subject.chars();
    match characters.next() {
        Some('\u{1}') => {
            characters.next();
            characters.as_str()
        }
        _ => subject,
    }
}

/// The fields of a header as it came, each with its further lines, but for
/// those that describe the body: it is written anew.
fn kept_fields(header: &str) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    let mut is_kept = false;
    let lines = header.split('\n').flat_map(|line| line.trim_end_matches('\r').split('\r'));
    for line in lines {
        if line.trim().is_empty() {
            // The end, unless nothing came before it.
            if fields.is_empty() {
                continue;
            }
            break;
        }
        if line.starts_with([' ', '\t']) {
            if is_kept && let Some(field) = fields.last_mut() {
                field.push('\n');
                field.push_str(line);
            }
            continue;
        }
        is_kept = is_field(line) && !describes_body(line);
        if is_kept {
            fields.push(line.to_owned());
        }
    }
    fields
}

/// Whether a line begins a field, and nothing else by any reading.
fn is_field(line: &str) -> bool {
    let Some((name, _)) = line.split_once(':') else { return false };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.bytes().all(is_plain)
}

fn describes_body(field: &str) -> bool {
    let name = field.split(':').next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("content-") || name == "mime-version"
}

fn has_name(field: &str, name: &str) -> bool {
    field.split(':').next().is_some_and(|found| found.eq_ignore_ascii_case(name))
}

fn is_media_type(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
    let parts = text.split_once('/');
    let is_plain = |part: &str| !part.is_empty() && part.bytes().all(is_plain);
    // What holds parts is content here.
    parts.is_some_and(|(kind, name)| is_plain(kind) && is_plain(name))
        && !text.to_ascii_lowercase().starts_with("multipart/")
        && !text.to_ascii_lowercase().starts_with("message/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_kept_but_for_what_describes_the_body() {
        let came = "Microsoft Mail Internet Headers Version 2.0\r\n\
            Received: from a\r\n\tby b\r\nContent-Type: multipart/mixed;\r\n boundary=x\r\n\
            Subject: s\r\n--x: y\r\n z\r\nFrom nobody\r\nMIME-Version: 1.0\r\n\r\nFrom: late\r\n";
        assert_eq!(kept_fields(came), ["Received: from a\n\tby b", "Subject: s"]);
        assert_eq!(kept_fields("\r\n"), [""; 0]);
    }

    #[test]
    fn a_subject_has_no_mark() {
        assert_eq!(without_mark("\u{1}\u{5}Re: x"), "Re: x");
        assert_eq!(without_mark("x"), "x");
        assert_eq!(without_mark("\u{1}"), "");
    }
}
