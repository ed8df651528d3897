//! Messages of Outlook saved as files: what is in them is read, whole or
//! damaged.

mod pack;

use std::sync::Arc;

use clarte_model::{Fault, Mail, Record, Sink, Skipped, Streams};
use clarte_parse::{Context, Whole, open_mail, read};
use jiff::tz::TimeZone;
use pack::msg::write;
use pack::pst::{Attachment, Content, Message, Value, text};
use proptest::prelude::*;

/// The messages that were read, by member, and what was wrong.
#[derive(Default)]
struct Seen {
    members: Vec<String>,
    messages: Vec<Vec<u8>>,
    times: Vec<String>,
    faults: Vec<Fault>,
}

impl Sink for Seen {
    fn record(&mut self, record: &Record<'_>) {
        self.times.extend(record.time.map(|moment| moment.at.to_string()));
    }
    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }
    fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
    fn message(&mut self, raw: &[u8], _: u64) -> bool {
        self.messages.push(raw.to_vec());
        false
    }
}

impl Streams for Seen {
    fn begin(&mut self, member: Option<&Arc<str>>) {
        self.members.extend(member.map(ToString::to_string));
    }
}

/// Reads a file, and checks what holds for every one.
fn seen(bytes: &[u8]) -> Seen {
    let mut seen = Seen::default();
    let mut reader = bytes;
    let outcomes = read(Whole::new(&mut reader, None), &Context::default(), &mut seen);
    assert!(reader.is_empty(), "not read to its end");
    for outcome in &outcomes {
        assert!(outcome.account.is_exact(outcome.bytes), "{outcome:?}");
    }
    seen
}

fn opened(seen: &Seen) -> Vec<Mail> {
    open_mail(&seen.messages[0], &TimeZone::UTC)
}

fn message(subject: &str) -> Message {
    Message {
        properties: vec![
            (0x001a, text("IPM.Note")),
            (0x0037, text(subject)),
            (0x0c1a, text("Ada Example")),
            (0x5d01, text("ada@example.org")),
            (0x0e06, Value::Time(1_609_903_175)),
            (0x1000, text("see https://inside.example.org/a")),
            (
                0x1013,
                Value::Binary(b"<p>Caf\xe9</p><a href=https://inside.example.org/>x".to_vec()),
            ),
            (0x3fde, Value::Long(1252)),
        ],
        recipients: vec![(1, "Jan Example".to_owned(), "jan@example.org".to_owned())],
        attachments: vec![
            Attachment { name: "a.pdf".to_owned(), content: Content::Bytes(vec![b'%'; 9_000]) },
            Attachment { name: "empty.txt".to_owned(), content: Content::Link },
        ],
    }
}

#[test]
fn a_saved_message_is_the_mail_it_was() {
    let mut outer = message("Outer");
    let inner = Content::Message(Box::new(message("Inner")));
    outer.attachments.push(Attachment { name: "inner".to_owned(), content: inner });
    let seen = seen(&write(&outer));
    assert_eq!((seen.members.as_slice(), &*seen.faults), (&["message".to_owned()][..], &[][..]));
    let mails = opened(&seen);
    let subjects: Vec<_> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    assert_eq!(subjects, ["Outer", "Inner"]);
    for mail in &mails {
        assert_eq!(mail.author_address(), Some("ada@example.org"));
        assert_eq!(mail.author_name(), "Ada Example");
        assert_eq!(mail.to[0].address.as_deref(), Some("jan@example.org"));
        assert!(mail.html.contains("Caf\u{e9}"), "{}", mail.html);
        assert_eq!(mail.attachments.len(), 1);
        assert_eq!(mail.attachments[0].name, "a.pdf");
        assert_eq!(mail.attachments[0].bytes.len(), 9_000);
    }
    assert_eq!(seen.times[0], "2021-01-06T03:19:35Z");
}

#[test]
fn the_header_with_which_it_came_is_kept() {
    let header = "Received: from a.example ([192.0.2.7]) by b.example; \
                  Wed, 6 Jan 2021 04:19:31 +0100\r\nFrom: \"Desk\" <desk@example.net>\r\n\
                  Subject: As it came\r\nContent-Type: multipart/mixed; boundary=gone\r\n\r\n";
    let mut message = message("Other");
    message.properties.push((0x007d, text(header)));
    let mails = opened(&seen(&write(&message)));
    assert_eq!(mails[0].subject, "As it came");
    assert_eq!(mails[0].author_address(), Some("desk@example.net"));
    assert_eq!(mails[0].hops.len(), 1);
}

#[test]
fn what_is_no_mail_is_said() {
    let mut message = message("Meeting");
    message.properties[0].1 = text("IPM.Appointment");
    let seen = seen(&write(&message));
    assert!(seen.messages.is_empty());
    assert!(seen.faults.iter().any(|fault| fault.detail == "it is no mail"), "{:?}", seen.faults);
}

#[test]
fn what_leads_back_into_itself_ends() {
    let file = write(&message("x"));
    let directory = u32::from_le_bytes(file[48..52].try_into().expect("four bytes")) as usize;
    let entries = 512 + directory * 512;
    // Every entry is its own neighbour, or holds what the root holds.
    for (at, value) in [(72, 1_u32), (68, 2), (76, 1)] {
        let mut bytes = file.clone();
        let mut entry = entries;
        while entry + 128 <= bytes.len().min(entries + 30 * 128) {
            bytes[entry + at..][..4].copy_from_slice(&value.to_le_bytes());
            entry += 128;
        }
        seen(&bytes);
    }
    // Every sector follows on the first.
    let mut bytes = file;
    let table = bytes.len() - 512;
    bytes[table..].chunks_exact_mut(4).for_each(|next| next.copy_from_slice(&[0; 4]));
    assert!(!seen(&bytes).faults.is_empty());
}

proptest! {
    #[test]
    fn damaged_files_are_accounted_for(
        changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 0..40),
        cut in any::<usize>(),
    ) {
        let mut bytes = write(&message("x"));
        bytes.truncate(bytes.len() - cut % (bytes.len() / 2));
        let length = bytes.len();
        changes.iter().for_each(|(at, byte)| bytes[at % length] = *byte);
        seen(&bytes);
    }
}
