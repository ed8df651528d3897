//! What a part's header says of its content.
//! Spec: RFC 2045 §5 and §6, RFC 2183, RFC 2231.

use mail_parser::parsers::MessageStream;
use mail_parser::{ContentType, HeaderValue};

use super::header::{Header, Name};
use super::transfer::Encoding;

/// What the part's header says of its content.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// `type/subtype`, lower case.
    pub(super) mime: String,
    pub(super) charset: Option<String>,
    pub(super) name: Option<String>,
    /// Whether it is marked as an attachment.
    pub(super) attached: bool,
    pub(super) encoding: Option<Encoding>,
    /// What it claims to be encoded in, where we do not know that.
    pub(super) encoding_name: String,
    pub(super) boundary: Option<String>,
}

impl Content {
    pub(super) fn encoding(&self) -> Encoding {
        self.encoding.unwrap_or(Encoding::Identity)
    }

    pub(super) fn is_message(&self) -> bool {
        matches!(self.mime.as_str(), "message/rfc822" | "message/global")
    }

    /// Reads it from `header`; `in_digest` tells what no type means.
    pub(super) fn of(header: &Header<'_>, in_digest: bool) -> Self {
        let default = if in_digest { "message/rfc822" } else { "text/plain" };
        let mut content = Self { mime: default.to_owned(), ..Self::default() };
        typed(header, Name::ContentType, |kind| {
            if let Some(subtype) = kind.subtype() {
                content.mime = format!("{}/{subtype}", kind.ctype()).to_ascii_lowercase();
            }
            content.charset = kind.attribute("charset").map(str::to_owned);
            content.name = kind.attribute("name").map(str::to_owned);
            content.boundary = kind.attribute("boundary").map(str::to_owned);
        });
        typed(header, Name::ContentDisposition, |disposition| {
            content.attached = disposition.ctype().eq_ignore_ascii_case("attachment");
            if let Some(name) = disposition.attribute("filename") {
                content.name = Some(name.to_owned());
            }
        });
        let name = header.text(Name::ContentTransferEncoding).unwrap_or_default();
        let name = name.split(['(', ';', ' ']).next().unwrap_or_default().trim_matches('"');
        content.encoding = Encoding::from_name(name);
        if content.encoding.is_none() {
            content.encoding_name = name.chars().take(40).collect();
        }
        content
    }
}

/// Hands the field's type and parameters to `each`, if it has any.
fn typed(header: &Header<'_>, name: Name, each: impl FnOnce(&ContentType<'_>)) {
    let Some(field) = header.first(name) else { return };
    if let HeaderValue::ContentType(kind) = MessageStream::new(&field.bytes()).parse_content_type()
    {
        each(&kind);
    }
}
