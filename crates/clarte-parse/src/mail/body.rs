//! The bodies of one message: remote references, text and attachments.

use clarte_model::{FaultKind, Field, Record};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::envelope::tidy;
use super::mime::{Kind, Part, Tree};
use super::references::References;
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
    hashes: Vec<String>,
    names: Vec<String>,
    left_out: usize,
    /// Attached messages that came transfer-encoded, by part.
    messages: Vec<(usize, Vec<u8>)>,
}

/// Reads the bodies of the message whose parts are `parts`.
pub(super) fn read(raw: &[u8], tree: &Tree<'_>, parts: &[usize], damage: &mut Vec<Damage>) -> Body {
    let mut body = Body::default();
    for &number in parts {
        let part = &tree.parts[number];
        if part.kind == Kind::Leaf {
            body.leaf(number, part, &raw[part.body.clone()], damage);
        } else if part.content.is_message() {
            body.names.extend(part.content.name.as_deref().map(tidy));
        }
    }
    let left_out = body.references.left_out() + body.left_out;
    if let (Some(root), true) = (parts.first(), left_out > 0) {
        let detail = format!("{left_out} references or attachments over our caps left out");
        let part = &tree.parts[*root];
        damage.push(Damage {
            range: part.header.range.start..part.body.end,
            kind: FaultKind::TooLarge,
            detail,
        });
    }
    body
}

impl Body {
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
            self.attach(content.name.as_deref(), &bytes);
        }
    }

    fn show(&mut self, mime: &str, is_html: bool, shown: &str) {
        if is_html {
            html::read(shown, &mut self.references, &mut self.html);
        } else if mime == "text/calendar" {
            let unfolded = shown.replace("\r\n ", "").replace("\n ", "");
            text::links(&unfolded, &mut self.references);
        } else {
            text::links(shown, &mut self.references);
            self.plain.push_str(shown);
            self.plain.push_str("\n\n");
        }
    }

    fn attach(&mut self, name: Option<&str>, bytes: &[u8]) {
        if self.hashes.len() >= 3 * ATTACHMENTS_CAP {
            self.left_out += 1;
            return;
        }
        self.hashes.push(format!("sha256:{}", hex(&Sha256::digest(bytes))));
        self.hashes.push(format!("sha1:{}", hex(&Sha1::digest(bytes))));
        self.hashes.push(format!("md5:{}", hex(&Md5::digest(bytes))));
        self.names.extend(name.map(tidy).filter(|name| !name.is_empty()));
    }
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
