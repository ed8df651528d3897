//! A message opened for whoever judges it: as its reader would see it, with
//! what can be said of its way and its signatures.
//! Spec: RFC 5322; RFC 8601 (Authentication-Results); RFC 6376 in
//! [`super::signed`].

use clarte_model::mail::{Authentication, Hop, Mail, Mailbox};
use clarte_model::{FaultKind, address};
use jiff::tz::TimeZone;

use super::envelope::{self, tidy};
use super::header::{Header, Name};
use super::mime::{self, Kind};
use super::{body, received, second, signed};

/// Messages opened of one, itself included.
const MESSAGES_CAP: usize = 64;

/// Fields of one kind that are kept.
const FIELDS_CAP: usize = 20;

/// Opens the message and those attached to it, in its order, itself first.
pub(crate) fn open(raw: &[u8], zone: &TimeZone) -> Vec<Mail> {
    let mut opened = open_quickly(raw, zone);
    if let Some(first) = opened.first_mut() {
        first.disagreements = second::disagreements(raw, first);
    }
    opened
}

/// The same without asking other parsers.
pub(crate) fn open_quickly(raw: &[u8], zone: &TimeZone) -> Vec<Mail> {
    let mut opened = Vec::new();
    message(raw, zone, 0, &mut opened);
    opened
}

fn message(raw: &[u8], zone: &TimeZone, depth: usize, opened: &mut Vec<Mail>) {
    let mut tree = mime::split(raw, depth);
    let mut damage = std::mem::take(&mut tree.damage);
    let mut encoded = Vec::new();
    for (number, parts) in tree.parts_by_message().into_iter().enumerate() {
        let at = &tree.messages[number];
        let root = tree.parts.get(at.root).filter(|root| !root.header.fields.is_empty());
        let Some(root) = root.filter(|_| opened.len() < MESSAGES_CAP) else { continue };
        let mut mail = Mail { depth: at.depth, ..Mail::default() };
        (mail.received, _) = envelope::time(&root.header, None, zone, &mut damage);
        fill(&mut mail, &root.header);
        // The body of the message itself, not of one nested in it.
        let signed_range = root.header.range.end..at.range.end.max(root.header.range.end);
        mail.signatures = signed::signatures(&root.header, &raw[signed_range]);
        let whole = body::read_whole(raw, &tree, &parts, &mut damage);
        let attached = whole.show_in(&mut mail);
        encoded.extend(attached.into_iter().map(|(_, bytes)| (bytes, at.depth + 1)));
        opened.push(mail);
    }
    if let Some(mail) = opened.iter_mut().find(|mail| mail.depth == depth) {
        mail.damage.extend(damage.iter().map(|damage| damage.kind));
        let too_deep = tree.parts.iter().any(|part| part.kind == Kind::TooDeep);
        mail.damage.extend(too_deep.then_some(FaultKind::TooDeep));
    }
    for (bytes, depth) in encoded {
        if depth <= mime::MESSAGE_DEPTH && opened.len() < MESSAGES_CAP {
            message(&bytes, zone, depth, opened);
        }
    }
}

/// Sets what the header says.
fn fill(mail: &mut Mail, header: &Header<'_>) {
    let text = |name| header.text(name).map(|text| tidy(&text)).unwrap_or_default();
    mail.from = envelope::mailboxes(header, Name::From);
    if mail.author_address().is_none() {
        let found = header.text(Name::From).as_deref().and_then(envelope::any_address);
        if let Some(address) = found {
            let name = mail.from.iter().find_map(|mailbox| mailbox.name.clone());
            mail.from = vec![Mailbox { name, address: Some(address) }];
        }
    }
    mail.sender = envelope::mailboxes(header, Name::Sender);
    mail.reply_to = envelope::mailboxes(header, Name::ReplyTo);
    mail.to = envelope::mailboxes(header, Name::To);
    mail.cc = envelope::mailboxes(header, Name::Cc);
    mail.envelope_from = header.text(Name::ReturnPath).and_then(|text| address::normalise(&text));
    mail.owner = envelope::owner(header, &mail.to);
    mail.subject = text(Name::Subject);
    mail.message_id = envelope::message_id(&text(Name::MessageId)).to_owned();
    mail.answers = answers(header);
    mail.mailer = tidy(&envelope::mailer(header));
    mail.list_id = text(Name::ListId);
    mail.list_unsubscribe = text(Name::ListUnsubscribe);
    mail.bulk = envelope::is_bulk(header);
    mail.hops = hops(header);
    mail.authentication = authentication(header);
}

/// The ids of the messages that it says it answers.
fn answers(header: &Header<'_>) -> Vec<String> {
    let fields = [Name::InReplyTo, Name::References].into_iter();
    let texts = fields.filter_map(|name| header.text(name));
    let mut ids = Vec::new();
    for text in texts {
        for part in text.split('<').skip(1).take(FIELDS_CAP) {
            let id = part.split('>').next().unwrap_or_default().trim();
            if !id.is_empty() && !ids.iter().any(|known| known == id) {
                ids.push(tidy(id));
            }
        }
    }
    ids
}

fn hops(header: &Header<'_>) -> Vec<Hop> {
    let fields = header.all(Name::Received).take(envelope::HOPS_CAP);
    let hop = |value: &str| Hop { by: received::by(value), from: received::address(value) };
    fields.map(|field| hop(&field.plain())).collect()
}

fn authentication(header: &Header<'_>) -> Vec<Authentication> {
    let mut below_hops = 0;
    let mut results = Vec::new();
    for field in &header.fields {
        match field.name {
            Some(Name::Received) => below_hops += 1,
            Some(Name::AuthenticationResults) if results.len() < FIELDS_CAP => {
                results.push(Authentication { text: tidy(&field.plain()), below_hops });
            }
            _ => {}
        }
    }
    results
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(raw: &str) -> Mail {
        open(raw.as_bytes(), &TimeZone::UTC).remove(0)
    }

    #[test]
    fn a_mail_is_what_its_reader_meets() {
        let mail = one(
            "Received: from a.example (a.example [192.0.2.9]) by mx.b.example (Postfix); Mon, 2 Jan 2023 10:00:00 +0100\n\
             Authentication-Results: mx.b.example; spf=pass smtp.mailfrom=a.example\n\
             From: =?utf-8?q?Aur=C3=A9lie?= <x@A.example>\nReply-To: y@c.example\nTo: z@b.example\n\
             In-Reply-To: <1@b.example>\nSubject: hello\nContent-Type: text/html\n\n\
             <p>see <a href=http://d.example/x>our <b>draft</b></a></p>\
             <div style='display:none'><img src=http://d.example/p.gif><img src=http://d.example/p.gif></div>",
        );
        assert_eq!(mail.author_name(), "Aur\u{e9}lie");
        assert_eq!(mail.author_domain(), Some("a.example"));
        assert_eq!(mail.owner.as_deref(), Some("z@b.example"));
        assert_eq!(mail.hops[0].by.as_deref(), Some("mx.b.example"));
        assert_eq!(mail.authentication[0].below_hops, 1);
        assert_eq!(mail.answers, ["1@b.example"]);
        let remote: Vec<_> = mail
            .remote
            .iter()
            .map(|remote| (remote.how, remote.label.as_str(), remote.hidden, remote.times))
            .collect();
        use clarte_model::How::{Image, Link};
        assert_eq!(remote, [(Link, "our draft", false, 1), (Image, "", true, 2)]);
    }

    #[test]
    fn attached_messages_are_opened_however_they_are_encoded() {
        let raw = "From: a@a.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\
            Content-Type: message/rfc822\n\nFrom: b@b.example\nSubject: in\n\ntext\n--x\n\
            Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n\
            RnJvbTogY0BjLmV4YW1wbGUKCng=\n--x--\n";
        let opened = open(raw.as_bytes(), &TimeZone::UTC);
        let from: Vec<_> = opened.iter().map(|mail| (mail.author_address(), mail.depth)).collect();
        assert_eq!(
            from,
            [(Some("a@a.example"), 0), (Some("b@b.example"), 1), (Some("c@c.example"), 1)]
        );
    }
}
