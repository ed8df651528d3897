//! A mail as its reader meets it: who it says it is from, what it shows, what
//! it would fetch, what is attached. What detectors judge; records of the same
//! mail ([`crate::Record`]) are what the lake keeps.

use crate::{FaultKind, How, Moment};

/// One message, decoded. Texts are capped by the parser that made it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mail {
    /// 0 for the message itself, more for one attached to it.
    pub depth: usize,
    /// When the receiving host took it over; never the sender's Date.
    pub received: Option<Moment>,
    /// The `From` field.
    pub from: Vec<Mailbox>,
    /// The `Sender` field.
    pub sender: Vec<Mailbox>,
    /// The `Reply-To` field.
    pub reply_to: Vec<Mailbox>,
    /// The `To` field.
    pub to: Vec<Mailbox>,
    /// The `Cc` field.
    pub cc: Vec<Mailbox>,
    /// The envelope sender (`Return-Path`), normalised.
    pub envelope_from: Option<String>,
    /// Whose mailbox the message says it was put into, normalised.
    pub owner: Option<String>,
    /// The `Subject`, decoded.
    pub subject: String,
    /// Without angle brackets; empty if there is none.
    pub message_id: String,
    /// Message ids of `In-Reply-To` and `References`, without angle brackets.
    pub answers: Vec<String>,
    /// `X-Mailer`, `User-Agent` or what a script left.
    pub mailer: String,
    /// The `List-Id`, as it stands.
    pub list_id: String,
    /// The `List-Unsubscribe`, as it stands.
    pub list_unsubscribe: String,
    /// Whether it says that it was sent to many: a list's fields, or its
    /// precedence.
    pub bulk: bool,
    /// The `Received` fields, topmost first.
    pub hops: Vec<Hop>,
    /// The `Authentication-Results` fields, topmost first (RFC 8601).
    pub authentication: Vec<Authentication>,
    /// The `DKIM-Signature` fields (RFC 6376).
    pub signatures: Vec<Signature>,
    /// Text of its plain parts.
    pub plain: String,
    /// Text of its HTML parts as a reader sees it, paragraphs separated by an
    /// empty line.
    pub html: String,
    /// Everything remote that it refers to, each once, in its order.
    pub remote: Vec<Remote>,
    /// Whether an HTML part asks for a password in a form.
    pub asks_password: bool,
    /// Its calendar parts, unfolded (RFC 5545).
    pub calendars: Vec<String>,
    /// What is attached, and the pictures that it brings along.
    pub attachments: Vec<Attachment>,
    /// Hashes of its sentences: equal in mails made from one template.
    pub template: Vec<String>,
    /// What had to be repaired to read it.
    pub damage: Vec<FaultKind>,
    /// What other mail parsers read differently: `sender`, `subject`,
    /// `attachments`, `text`.
    pub disagreements: Vec<&'static str>,
}

impl Mail {
    /// The first mailbox of `From` that has an address.
    pub fn author(&self) -> Option<&Mailbox> {
        self.from.iter().find(|mailbox| mailbox.address.is_some()).or(self.from.first())
    }

    /// The author's address.
    pub fn author_address(&self) -> Option<&str> {
        self.author()?.address.as_deref()
    }

    /// The registrable domain of the author's address.
    pub fn author_domain(&self) -> Option<&str> {
        crate::address::registrable_domain(self.author_address()?)
    }

    /// The display name of the author.
    pub fn author_name(&self) -> &str {
        self.author().and_then(|mailbox| mailbox.name.as_deref()).unwrap_or_default()
    }

    /// The text that its reader sees: of the HTML parts, else of the plain.
    pub fn text(&self) -> &str {
        if self.html.trim().is_empty() { &self.plain } else { &self.html }
    }

    /// Every address that it names as a recipient, and its owner.
    pub fn recipients(&self) -> impl Iterator<Item = &str> {
        let named = self.to.iter().chain(&self.cc).filter_map(|mailbox| mailbox.address.as_deref());
        self.owner.as_deref().into_iter().chain(named)
    }
}

/// A name and an address, either of which may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// The display name, decoded.
    pub name: Option<String>,
    /// Normalised (see [`crate::address::normalise`]).
    pub address: Option<String>,
}

/// One host that handed the message on (RFC 5321 §4.4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hop {
    /// The host that wrote the field, normalised.
    pub by: Option<String>,
    /// The address from which it took the message over.
    pub from: Option<std::net::IpAddr>,
}

/// What a host says of the sender's identity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authentication {
    /// The field's value, unfolded.
    pub text: String,
    /// How many `Received` fields stand above it.
    pub below_hops: usize,
}

/// A signature of the message by a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The domain that signed (`d=`), normalised.
    pub domain: String,
    /// Whether the body is still the one that was signed. The signature itself
    /// cannot be verified without the domain's key, which no mail carries.
    pub body: SignedBody,
}

/// What can be said of a signed body without the signer's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedBody {
    /// Its hash is the one in the signature.
    Intact,
    /// It is not.
    Altered,
    /// The signature's hash or canonicalisation could not be read.
    Unknown,
}

/// Something remote that a mail refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// How.
    pub how: How,
    /// The absolute URL, as the mail writes it.
    pub url: String,
    /// Whether the reader is not meant to see it.
    pub hidden: bool,
    /// Of a link: the text that is shown for it.
    pub label: String,
    /// How often the mail refers to it so.
    pub times: usize,
}

/// A file that the mail carries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, decoded; empty if it has none.
    pub name: String,
    /// The type that the mail says it is, such as `image/png`.
    pub mime: String,
    /// Whether it is offered for saving, rather than shown in the mail.
    pub attached: bool,
    /// Its content, transfer encoding removed.
    pub bytes: Vec<u8>,
}
