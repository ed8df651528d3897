//! Messages as the campaign reasoning sees them.

use clarte_model::lake::Stored;
use clarte_model::url::HttpUrl;
use clarte_model::{Field, Reference, Timestamp, address};

use crate::cite::RecordRef;

/// One message of a mailbox.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) at: RecordRef,
    /// As the receiving host stamped it.
    pub(crate) time: Option<Timestamp>,
    pub(crate) from: Option<String>,
    pub(crate) reply_to: Option<String>,
    pub(crate) envelope_from: Option<String>,
    pub(crate) to: Vec<String>,
    pub(crate) subject: Option<String>,
    pub(crate) message_id: Option<String>,
    /// The owner by the message itself.
    pub(crate) owner: Option<String>,
    pub(crate) ips: Vec<String>,
    pub(crate) mailer: Option<String>,
    pub(crate) bulk: bool,
    /// It answers or forwards another message.
    pub(crate) reply: bool,
    /// How deep it is attached to other messages.
    pub(crate) depth: i64,
    pub(crate) links: Vec<Link>,
    /// Hashes of its sentences, sorted.
    pub(crate) template: Vec<String>,
    pub(crate) attachments: Vec<String>,
}

/// A remote reference with its URL taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) reference: Reference,
    pub(crate) url: HttpUrl,
}

/// The fields from which a [`Mail`] is made.
pub(crate) const FIELDS: &[Field] = &[
    Field::MailFrom,
    Field::MailReplyTo,
    Field::MailEnvelopeFrom,
    Field::MailTo,
    Field::MailSubject,
    Field::MailMessageId,
    Field::MailOwner,
    Field::MailIps,
    Field::MailMailer,
    Field::MailBulk,
    Field::MailReply,
    Field::MailDepth,
    Field::MailReferences,
    Field::MailTemplate,
    Field::MailAttachments,
];

/// Whether a subject begins as answers and forwards do, in the languages that
/// mail programs of Belgium and its neighbours write.
fn is_answer(subject: &str) -> bool {
    const MARKS: &[&str] = &[
        "re", "fw", "fwd", "aw", "wg", "sv", "vs", "tr", "rép", "antw", "doorst", "vl", "rif", "i",
    ];
    let head = subject.trim_start().split_once(':').map(|(head, _)| head.trim().to_lowercase());
    head.is_some_and(|head| MARKS.contains(&head.as_str()))
}

/// The links of a mail, as far as they are of the web.
pub(crate) fn links(stored: &Stored<'_>) -> Vec<Link> {
    let link = |json| {
        let reference = Reference::from_json(json)?;
        let url = HttpUrl::parse(&reference.url)?;
        Some(Link { reference, url })
    };
    stored.record.get_texts(Field::MailReferences).filter_map(link).collect()
}

impl Mail {
    /// The whole mail.
    pub(crate) fn of(stored: &Stored<'_>) -> Self {
        Self { links: links(stored), ..Self::without_links(stored) }
    }

    /// The mail but for its links, which cost most to read.
    pub(crate) fn without_links(stored: &Stored<'_>) -> Self {
        let record = stored.record;
        let text = |field| record.get_text(field).map(str::to_owned);
        let texts = |field| record.get_texts(field).map(str::to_owned).collect();
        let flag = |field| record.get_integer(field) == Some(1);
        Self {
            at: RecordRef::of(stored),
            time: record.time.map(|time| time.at),
            from: text(Field::MailFrom),
            reply_to: text(Field::MailReplyTo),
            envelope_from: text(Field::MailEnvelopeFrom),
            to: texts(Field::MailTo),
            subject: text(Field::MailSubject),
            message_id: text(Field::MailMessageId),
            owner: text(Field::MailOwner),
            ips: texts(Field::MailIps),
            mailer: text(Field::MailMailer),
            bulk: flag(Field::MailBulk),
            reply: flag(Field::MailReply)
                || record.get_text(Field::MailSubject).is_some_and(is_answer),
            depth: record.get_integer(Field::MailDepth).unwrap_or(0),
            links: Vec::new(),
            template: texts(Field::MailTemplate),
            attachments: texts(Field::MailAttachments),
        }
    }

    /// The addresses that claim to have sent it, From first.
    pub(crate) fn senders(&self) -> impl Iterator<Item = &str> {
        [&self.from, &self.envelope_from, &self.reply_to].into_iter().flatten().map(String::as_str)
    }

    /// The registrable domain of the From address, else of another sender.
    pub(crate) fn sender_domain(&self) -> Option<&str> {
        self.senders().find_map(address::registrable_domain)
    }
}
