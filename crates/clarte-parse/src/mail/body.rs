//! The bodies of one message: remote references, text and attachments.

use std::borrow::Cow;

use clarte_model::mail::{Attachment, Mail, Remote};
use clarte_model::{FaultKind, Field, How, Record, Reference};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::content::Content;
use super::envelope::tidy;
use super::mime::{Kind, Part, Tree};
use super::references::{Note, References};
use super::{Damage, charset, html, template, text, transfer};

/// Attachments hashed of one message.
const ATTACHMENTS_CAP: usize = 1_000;

/// What the bodies of a message hold.
#[derive(Default)]
pub(super) struct Body {
    references: References,
    /// Text of HTML parts, paragraphs separated by an empty line.
    html: String,
    /// Text of plain parts.
    plain: String,
    asks_password: bool,
    calendars: Vec<String>,
    /// Attachments, where they are wanted whole.
    files: Option<Vec<Attachment>>,
    hashes: Vec<String>,
    names: Vec<String>,
    left_out: usize,
    /// Attached messages that came transfer-encoded, by part.
    messages: Vec<(usize, Vec<u8>)>,
}

/// Reads the bodies of the message whose parts are `parts`, as records need it.
pub(super) fn read(raw: &[u8], tree: &Tree<'_>, parts: &[usize], damage: &mut Vec<Damage>) -> Body {
    Body::default().read(raw, tree, parts, damage)
}

/// Reads them with all that a reader of the mail gets: attachments as they
/// are, what is shown for links.
pub(super) fn read_whole(
    raw: &[u8],
    tree: &Tree<'_>,
    parts: &[usize],
    damage: &mut Vec<Damage>,
) -> Body {
    let whole =
        Body { references: References::noted(), files: Some(Vec::new()), ..Body::default() };
    whole.read(raw, tree, parts, damage)
}

impl Body {
    fn read(
        mut self,
        raw: &[u8],
        tree: &Tree<'_>,
        parts: &[usize],
        damage: &mut Vec<Damage>,
    ) -> Self {
        for &number in parts {
            let part = &tree.parts[number];
            if part.kind == Kind::Leaf {
                self.leaf(number, part, &raw[part.body.clone()], damage);
            } else if part.content.is_message() {
                self.names.extend(part.content.name.as_deref().map(tidy));
            }
        }
        let left_out = self.references.left_out() + self.left_out;
        if let (Some(root), true) = (parts.first(), left_out > 0) {
            let detail = format!("{left_out} references or attachments over our caps left out");
            let part = &tree.parts[*root];
            damage.push(Damage {
                range: part.header.range.start..part.body.end,
                kind: FaultKind::TooLarge,
                detail,
            });
        }
        self
    }

    /// Sets the fields of `record`; returns the attached messages that are
    /// still to be read.
    pub(super) fn fill(self, record: &mut Record<'_>) -> Vec<(usize, Vec<u8>)> {
        let (references, _) = self.references.finish();
        let seen = if self.html.trim().is_empty() { &self.plain } else { &self.html };
        record
            .texts(Field::MailReferences, references.iter().map(clarte_model::Reference::to_json))
            .texts(Field::MailTemplate, template::hashes(seen))
            .texts(Field::MailAttachments, self.hashes)
            .texts(Field::MailAttachmentNames, self.names);
        self.messages
    }

    /// Sets what `mail` shows and carries; returns the attached messages that
    /// are still to be read.
    pub(super) fn show_in(self, mail: &mut Mail) -> Vec<(usize, Vec<u8>)> {
        mail.remote = self.references.into_noted().map(remote).collect();
        mail.template =
            template::hashes(if self.html.trim().is_empty() { &self.plain } else { &self.html });
        mail.asks_password = self.asks_password;
        mail.calendars = self.calendars;
        mail.attachments = self.files.unwrap_or_default();
        (mail.plain, mail.html) = (self.plain, self.html);
        self.messages
    }

    fn leaf(&mut self, number: usize, part: &Part<'_>, encoded: &[u8], damage: &mut Vec<Damage>) {
        let content = &part.content;
        let mut note =
            |kind, detail| damage.push(Damage { range: part.body.clone(), kind, detail });
        if content.encoding.is_none() {
            note(
                FaultKind::TransferEncoding,
                format!("unknown transfer encoding `{}`", content.encoding_name),
            );
        }
        let (bytes, wrong) = transfer::decode(content.encoding(), encoded);
        if let Some(detail) = wrong {
            note(FaultKind::TransferEncoding, detail);
        }
        if content.is_message() {
            self.names.extend(content.name.as_deref().map(tidy));
            self.messages.push((number, bytes.into_owned()));
            return;
        }
        if is_shown(part) {
            let is_html = is_html(&content.mime, &bytes);
            let (shown, wrong) = charset::decode(&bytes, content.charset.as_deref(), is_html);
            if let Some((kind, detail)) = wrong {
                note(kind, detail);
            }
            self.show(&content.mime, is_html, &shown);
        }
        let is_silent = is_shown(part) || content.mime.starts_with("message/");
        if content.attached || content.name.is_some() || !is_silent {
            self.attach(content, bytes);
        }
    }

    fn show(&mut self, mime: &str, is_html: bool, shown: &str) {
        if is_html {
            self.asks_password |= html::read(shown, &mut self.references, &mut self.html);
        } else if mime == "text/calendar" {
            self.show_calendar(shown);
        } else {
            text::links(shown, &mut self.references);
            self.plain.push_str(shown);
            self.plain.push_str("\n\n");
        }
    }

    /// What a calendar fetches (RFC 7986 §5.10, `X-ALT-DESC`) and links to.
    fn show_calendar(&mut self, shown: &str) {
        let unfolded = ["\r\n ", "\r\n\t", "\n ", "\n\t"]
            .iter()
            .fold(shown.to_owned(), |text, fold| text.replace(fold, ""));
        for line in unfolded.lines() {
            let Some((property, value)) = line.split_once(':') else { continue };
            let property = property.to_ascii_uppercase();
            if property.starts_with("X-ALT-DESC") && property.contains("HTML") {
                let html = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";");
                html::read(&html, &mut self.references, &mut String::new());
            } else if property.starts_with("IMAGE")
                || property.starts_with("ATTACH") && property.contains("FMTTYPE=IMAGE")
            {
                self.references.add(How::Image, value, false);
            }
        }
        text::links(&unfolded, &mut self.references);
        if self.files.is_some() {
            self.calendars.push(unfolded);
        }
    }

    fn attach(&mut self, content: &Content, bytes: Cow<'_, [u8]>) {
        let held = self.files.as_ref().map_or(self.hashes.len() / 3, Vec::len);
        if held >= ATTACHMENTS_CAP {
            self.left_out += 1;
            return;
        }
        let name = content.name.as_deref().map(tidy).filter(|name| !name.is_empty());
        if let Some(files) = &mut self.files {
            files.push(Attachment {
                name: name.unwrap_or_default(),
                mime: content.mime.clone(),
                attached: content.attached,
                bytes: bytes.into_owned(),
            });
            return;
        }
        let bytes = &*bytes;
        self.names.extend(name);
        self.hashes.push(format!("sha256:{}", hex(&Sha256::digest(bytes))));
        self.hashes.push(format!("sha1:{}", hex(&Sha1::digest(bytes))));
        self.hashes.push(format!("md5:{}", hex(&Md5::digest(bytes))));
    }
}

fn remote((reference, note): (Reference, Note)) -> Remote {
    let Reference { how, url, hidden } = reference;
    Remote { how, url, hidden, label: note.label.trim().to_owned(), times: note.times }
}

/// Whether a mail program shows the part as text of the message.
fn is_shown(part: &Part<'_>) -> bool {
    let mime = part.content.mime.as_str();
    let is_text = mime.starts_with("text/")
        && !matches!(mime, "text/rfc822-headers" | "text/css" | "text/csv" | "text/rtf");
    !part.content.attached
        && (is_text || mime.starts_with("multipart/") || mime == "application/xhtml+xml")
}

/// Whether the part is read as HTML; a multipart that could not be split is
/// if it looks so.
fn is_html(mime: &str, bytes: &[u8]) -> bool {
    match mime {
        "text/html" | "text/x-amp-html" | "application/xhtml+xml" => true,
        _ if mime.starts_with("multipart/") => {
            let finder = memchr::memmem::Finder::new("<");
            finder.find_iter(bytes).take(1_000).any(|at| {
                let tag =
                    bytes[at + 1..].iter().take(4).map(u8::to_ascii_lowercase).collect::<Vec<_>>();
                [&b"html"[..], b"body", b"img ", b"div>", b"div ", b"meta"]
                    .contains(&tag.as_slice())
            })
        }
        _ => false,
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
