//! The header of one message: when it came, who sent it to whom, how.

use std::borrow::Cow;

use clarte_model::mail::Mailbox;
use clarte_model::{FaultKind, Field, Moment, Record, address, host};
use jiff::tz::TimeZone;
use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;

use super::header::{Header, Name};
use super::{Damage, date, received};

/// The longest text kept of a field.
const TEXT_CAP: usize = 2 << 10;

/// Received fields that are read.
pub(super) const HOPS_CAP: usize = 100;

/// Headers that have no column, by their name in `unmapped`.
const LEFTOVERS: [(Name, &str); 14] = [
    (Name::AuthenticationResults, "authentication_results"),
    (Name::AutoSubmitted, "auto_submitted"),
    (Name::ContentType, "content_type"),
    (Name::Date, "date"),
    (Name::DispositionNotificationTo, "disposition_notification_to"),
    (Name::InReplyTo, "in_reply_to"),
    (Name::ListId, "list_id"),
    (Name::ListUnsubscribe, "list_unsubscribe"),
    (Name::Precedence, "precedence"),
    (Name::ReceivedSpf, "received_spf"),
    (Name::References, "references"),
    (Name::Sender, "sender"),
    (Name::ThreadTopic, "thread_topic"),
    (Name::XOriginatingIp, "x_originating_ip"),
];

/// Sets the record's time and the fields that come from `header`.
pub(super) fn fill<'m>(
    record: &mut Record<'m>,
    header: &Header<'m>,
    separator: Option<Moment>,
    zone: &TimeZone,
    damage: &mut Vec<Damage>,
) {
    let (time, basis) = time(header, separator, zone, damage);
    record.time = time;
    record.text(Field::MailReceived, basis);
    people(record, header);
    let text = |name| header.text(name).map(tidied).unwrap_or_default();
    record
        .text(Field::MailSubject, text(Name::Subject))
        .text(Field::MailMessageId, message_id(&text(Name::MessageId)).to_owned())
        .text(Field::MailMailer, mailer(header))
        .texts(Field::MailIps, addresses_of_hops(header))
        .text(Field::Unmapped, leftovers(header));
    if is_bulk(header) {
        record.integer(Field::MailBulk, 1);
    }
    if !text(Name::InReplyTo).is_empty() || !text(Name::References).is_empty() {
        record.integer(Field::MailReply, 1);
    }
}

/// The program that wrote the message, as it says itself.
pub(super) fn mailer<'m>(header: &Header<'m>) -> Cow<'m, str> {
    let names = [Name::XMailer, Name::UserAgent, Name::XPhpOriginatingScript];
    let mut told = names.into_iter().filter_map(|name| header.text(name).map(tidied));
    told.find(|text| !text.is_empty()).unwrap_or_default()
}

/// A text as records keep it: without NUL, capped.
pub(super) fn tidy(text: &str) -> String {
    tidied(Cow::Borrowed(text)).into_owned()
}

pub(super) fn tidied(text: Cow<'_, str>) -> Cow<'_, str> {
    let end = text.floor_char_boundary(TEXT_CAP);
    let kept = text[..end].trim();
    if memchr::memchr(0, kept.as_bytes()).is_some() {
        return kept.replace('\0', "").into();
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text[..end].trim()),
        Cow::Owned(text) if kept.len() == text.len() => Cow::Owned(text),
        Cow::Owned(_) => Cow::Owned(kept.to_owned()),
    }
}

/// The receiving host's stamp: the topmost Received with a readable date, else
/// Delivery-date, else the mbox separator. Never the sender's Date.
pub(super) fn time(
    header: &Header<'_>,
    separator: Option<Moment>,
    zone: &TimeZone,
    damage: &mut Vec<Damage>,
) -> (Option<Moment>, &'static str) {
    let mut unreadable = None;
    let mut hops = header.all(Name::Received).take(HOPS_CAP);
    let stamped = hops.find_map(|field| {
        // A stamp that the end of the bytes cuts off is not believed.
        let whole = field.value.ends_with(b"\n");
        let moment = received::time(&field.decoded(), zone).filter(|_| whole);
        if moment.is_none() && unreadable.is_none() {
            unreadable = Some((field.range.clone(), "a Received header without a readable date"));
        }
        Some((moment?, "received", field.range.clone()))
    });
    let stamped = stamped.or_else(|| {
        let field = header.first(Name::DeliveryDate)?;
        let moment = date::read(&field.decoded(), zone);
        if moment.is_none() {
            unreadable = unreadable
                .take()
                .or(Some((field.range.clone(), "a Delivery-date that cannot be read")));
        }
        Some((moment?, "delivery-date", field.range.clone()))
    });
    if let Some((range, detail)) = unreadable {
        damage.push(Damage { range, kind: FaultKind::BadTime, detail: detail.to_owned() });
    }
    let stamped = stamped.or_else(|| Some((separator?, "mbox-separator", header.range.clone())));
    match stamped {
        Some((moment, basis, _)) if moment.at.is_plausible() => (Some(moment), basis),
        Some((moment, _, range)) => {
            let detail = format!("received at {}, which no working clock says", moment.at);
            damage.push(Damage { range, kind: FaultKind::ImplausibleTime, detail });
            (None, "none")
        }
        None => (None, "none"),
    }
}

/// Sender, recipients, owner.
fn people(record: &mut Record<'_>, header: &Header<'_>) {
    let from = mailboxes(header, Name::From);
    let first =
        |mailboxes: &[Mailbox]| mailboxes.iter().find_map(|mailbox| mailbox.address.clone());
    if let Some(from) =
        first(&from).or_else(|| header.text(Name::From).as_deref().and_then(any_address))
    {
        record.text(Field::MailFrom, from);
    }
    if let Some(name) = from.into_iter().find_map(|mailbox| mailbox.name) {
        record.text(Field::MailFromName, tidy(&name));
    }
    if let Some(address) = first(&mailboxes(header, Name::ReplyTo)) {
        record.text(Field::MailReplyTo, address);
    }
    if let Some(sender) = header.text(Name::ReturnPath).and_then(|text| address::normalise(&text)) {
        record.text(Field::MailEnvelopeFrom, sender);
    }
    let to = mailboxes(header, Name::To);
    if let Some(owner) = owner(header, &to) {
        record.text(Field::MailOwner, owner);
    }
    let mut recipients: Vec<String> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for mailbox in to.into_iter().chain(mailboxes(header, Name::Cc)) {
        recipients.extend(mailbox.address.filter(|address| known.insert(address.clone())));
    }
    record.texts(Field::MailTo, recipients);
}

/// Whose mailbox the message itself says it was put into.
pub(super) fn owner(header: &Header<'_>, to: &[Mailbox]) -> Option<String> {
    let stamped = [
        Name::DeliveredTo,
        Name::XOriginalTo,
        Name::EnvelopeTo,
        Name::XDeliveredTo,
        Name::XEnvelopeTo,
    ]
    .into_iter()
    .find_map(|name| header.all(name).find_map(|field| address::normalise(&field.text())));
    stamped.or_else(|| match to {
        [sole] => sole.address.clone(),
        _ => None,
    })
}

/// The mailboxes of every field called `name`, those of groups included.
pub(super) fn mailboxes(header: &Header<'_>, name: Name) -> Vec<Mailbox> {
    let mut all = Vec::new();
    for field in header.all(name).take(20) {
        let bytes = field.bytes();
        let HeaderValue::Address(list) = MessageStream::new(&bytes).parse_address() else {
            continue;
        };
        for found in list.iter() {
            let address = found.address().and_then(address::normalise);
            let name = match (found.name(), found.address()) {
                (Some(name), _) => Some(name.to_owned()),
                // A lone word is a name, not an address.
                (None, Some(word)) if address.is_none() => Some(word.to_owned()),
                _ => None,
            };
            all.push(Mailbox { name: name.filter(|name| !name.trim().is_empty()), address });
        }
    }
    all
}

/// The first thing that looks like an address in a header too broken to parse.
pub(super) fn any_address(text: &str) -> Option<String> {
    let words = text
        .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '(' | ')' | '"'));
    words.filter(|word| word.contains('@')).find_map(address::normalise)
}

pub(super) fn message_id(text: &str) -> &str {
    let inner = text.split_once('<').map_or(text, |(_, rest)| rest);
    inner.split('>').next().unwrap_or(inner).trim()
}

/// Public addresses of the hops, topmost first, then X-Originating-IP.
fn addresses_of_hops(header: &Header<'_>) -> Vec<String> {
    let hops = header
        .all(Name::Received)
        .take(HOPS_CAP)
        .filter_map(|field| received::address(&field.plain()));
    let origin =
        header.all(Name::XOriginatingIp).take(1).filter_map(|field| received::ip(&field.plain()));
    let mut all: Vec<String> = Vec::new();
    for ip in hops.chain(origin).filter(|ip| host::is_public(*ip)) {
        let ip = ip.to_string();
        if !all.contains(&ip) {
            all.push(ip);
        }
    }
    all
}

pub(super) fn is_bulk(header: &Header<'_>) -> bool {
    let precedence = header.text(Name::Precedence).unwrap_or_default().to_ascii_lowercase();
    [Name::ListId, Name::ListUnsubscribe].into_iter().any(|name| header.first(name).is_some())
        || matches!(precedence.as_str(), "bulk" | "list" | "junk")
}

/// What has no column, as JSON.
fn leftovers(header: &Header<'_>) -> String {
    let text = |name| header.text(name).map(tidied).filter(|text| !text.is_empty());
    let kept = LEFTOVERS.into_iter().filter_map(|(name, key)| Some((key, text(name)?)));
    let mut kept = kept.peekable();
    if kept.peek().is_none() {
        return String::new();
    }
    let mut json = serde_json::Serializer::new(Vec::new());
    let written = serde::Serializer::collect_map(&mut json, kept);
    debug_assert!(written.is_ok(), "texts become JSON");
    String::from_utf8(json.into_inner()).unwrap_or_default()
}
