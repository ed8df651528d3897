//! Mailboxes of Outlook: what is in them is read, whole or damaged, and
//! nothing else.

mod pack;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clarte_model::{Class, Fault, FaultKind, Field, Record, Sink, Skipped, Streams};
use clarte_parse::{Context, Limits, Outcomes, ReadAt, Whole, read};
use pack::pst::{Attachment, Content, Folder, Mailbox, Message, Value, Written, text, write};
use proptest::prelude::*;
use proptest::sample::Index;

/// What was read, by member.
#[derive(Default)]
struct Seen {
    streams: BTreeMap<String, Vec<Mail>>,
    member: String,
    faults: Vec<Fault>,
}

/// What a record says of a mail.
#[derive(Debug, PartialEq, Eq, Clone)]
struct Mail {
    subject: String,
    from: String,
    to: Vec<String>,
    owner: String,
    time: String,
    offset: u64,
    length: u64,
    /// Every field, as text.
    all: String,
}

impl Sink for Seen {
    fn record(&mut self, record: &Record<'_>) {
        assert_eq!(record.class, Class::Email);
        let one = |field| record.get_text(field).unwrap_or_default().to_owned();
        let mail = Mail {
            subject: one(Field::MailSubject),
            from: one(Field::MailFrom),
            to: record.get_texts(Field::MailTo).map(str::to_owned).collect(),
            owner: one(Field::MailOwner),
            time: record.time.map(|moment| moment.at.to_string()).unwrap_or_default(),
            offset: record.offset,
            length: record.length,
            all: record
                .fields()
                .iter()
                .map(|(field, value)| format!("{field:?} {value:?}\n"))
                .collect(),
        };
        self.streams.get_mut(&self.member).expect("a stream has begun").push(mail);
    }
    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }
    fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
}

impl Streams for Seen {
    fn begin(&mut self, member: Option<&Arc<str>>) {
        self.member = member.map(ToString::to_string).unwrap_or_default();
        let before = self.streams.insert(self.member.clone(), Vec::new());
        assert!(before.is_none(), "two streams are called {}", self.member);
    }
}

/// Reads a file that can be searched, or one that cannot, and checks what
/// holds for every one.
fn read_within(bytes: &[u8], limits: Limits, is_searched: bool) -> (Outcomes, Seen) {
    let context = Context { limits, ..Context::default() };
    let mut seen = Seen::default();
    let (mut reader, whole) = (bytes, bytes.to_vec());
    let at: Option<&dyn ReadAt> = is_searched.then_some(&whole);
    let outcomes = read(Whole::new(&mut reader, at), &context, &mut seen);
    assert!(reader.is_empty(), "not read to its end");
    assert_eq!(outcomes.len(), seen.streams.len());
    for outcome in &outcomes {
        assert!(outcome.account.is_exact(outcome.bytes), "{outcome:?}");
        for fault in &outcome.account.first_faults {
            assert!(fault.offset + fault.length <= outcome.bytes, "{outcome:?}");
        }
        if outcome.member.is_none() {
            assert_eq!(outcome.bytes, bytes.len() as u64);
        }
    }
    (outcomes, seen)
}

fn seen(bytes: &[u8]) -> Seen {
    read_within(bytes, Limits::default(), true).1
}

/// A mail that has the header with which it came.
fn received(subject: &str) -> Message {
    let header = format!(
        "Microsoft Mail Internet Headers Version 2.0\r\n\
         Received: from mx.example.net ([192.0.2.7]) by mail.example.org; \
         Wed, 6 Jan 2021 04:19:31 +0100\r\n\
         From: \"Desk\" <desk@example.net>\r\nTo: jan@example.org\r\n\
         Subject: {subject}\r\nMessage-ID: <1@example.net>\r\n\
         Date: Wed, 6 Jan 2021 03:19:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative;\r\n boundary=\"gone\"\r\n\r\n"
    );
    let html = "<p>Caf\u{e9}</p>\r\n<img src=\"https://img.example.net/p.gif?t=4711\">\r\n\
                From here on\r\n";
    Message {
        properties: vec![
            (0x007d, text(&header)),
            (0x0037, text(subject)),
            (0x0e06, Value::Time(1_609_903_175)),
            (0x1000, text("Caf\u{e9}\r\nFrom here on\r\n")),
            (0x1013, Value::Binary(html.chars().map(|character| character as u8).collect())),
            (0x3fde, Value::Long(1252)),
        ],
        ..Message::default()
    }
}

/// A mail that never left the server.
fn internal(subject: &str) -> Message {
    Message {
        properties: vec![
            (0x0037, text(&format!("\u{1}\u{5}{subject}"))),
            (0x0039, Value::Time(1_609_910_000)),
            (0x0042, text("Ada Example")),
            (0x0064, text("EX")),
            (0x0065, text("/o=Example/cn=ada")),
            (0x5d02, text("ada@example.org")),
            (0x0076, text("/o=Example/cn=jan")),
            (0x5d07, text("jan@example.org")),
            (0x0e06, Value::Time(1_609_910_001)),
            (0x1000, text("see https://inside.example.org/a")),
            (0x1035, text("<2@example.org>")),
        ],
        recipients: vec![
            (1, "Jan Example".to_owned(), "jan@example.org".to_owned()),
            (2, "Eve; \"E\"".to_owned(), "eve@example.org".to_owned()),
        ],
        ..Message::default()
    }
}

fn with(mut message: Message, id: u16, value: Value) -> Message {
    message.properties.retain(|(known, _)| *known != id);
    message.properties.push((id, value));
    message
}

fn attached(mut message: Message, name: &str, content: Content) -> Message {
    message.attachments.push(Attachment { name: name.to_owned(), content });
    message
}

fn folder(name: &str, under: Option<usize>, messages: Vec<Message>) -> Folder {
    Folder { name: name.to_owned(), under, messages }
}

/// Compressed RTF that holds `rtf` as it is.
fn rtf(rtf: &str) -> Value {
    let mut packed = (rtf.len() as u32 + 12).to_le_bytes().to_vec();
    packed.extend((rtf.len() as u32).to_le_bytes());
    packed.extend(b"MELA\0\0\0\0");
    packed.extend(rtf.as_bytes());
    Value::Binary(packed)
}

/// Something of everything.
fn office() -> Mailbox {
    let html = "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\*\\htmltag64 <p>}hello \
                {\\*\\htmltag84 <a href=\"https://lure.example.net/x\">}here\
                {\\*\\htmltag92 </a>}\\htmlrtf \\par}\\htmlrtf0}";
    let without_body = with(internal("In RTF"), 0x1000, text(""));
    let outer = attached(received("Both"), "a.txt", Content::Bytes(b"attached\n".to_vec()));
    let outer = attached(outer, "inner", Content::Message(Box::new(received("Inner"))));
    let outer = attached(outer, "cloud.docx", Content::Link);
    let sent = with(internal("Sent from here"), 0x0e06, Value::Time(1_609_910_001));
    let mut sent = sent;
    sent.properties.retain(|(id, _)| !matches!(*id, 0x0076 | 0x5d07));
    let appointment = with(internal("Meeting"), 0x001a, text("IPM.Appointment"));
    Mailbox {
        wide: true,
        cipher: 1,
        folders: vec![
            folder(
                "Inbox",
                None,
                vec![
                    received("One"),
                    internal("Two"),
                    with(without_body, 0x1009, rtf(html)),
                    outer,
                ],
            ),
            folder("a/b", Some(0), vec![received("Below")]),
            folder("Sent Items", None, vec![sent]),
            folder("Calendar", None, vec![appointment]),
            folder("Drafts", None, vec![]),
        ],
    }
}

fn as_ansi(mailbox: Mailbox) -> Mailbox {
    Mailbox { wide: false, ..mailbox }
}

/// The place of the block `id`.
fn place(file: &Written, id: u64) -> (usize, usize) {
    let found = file.blocks.iter().find(|(known, ..)| *known == id);
    let (_, at, length) = found.expect("a block that was written");
    (*at, *length)
}

/// Samples that are files, as this file makes them; `tests/golden.rs` reads them.
#[test]
fn samples_are_those_that_are_written_here() {
    let whole = write(&office()).bytes;
    let ansi = write(&as_ansi(Mailbox { cipher: 2, ..office() })).bytes;
    let written = write(&office());
    let mut damaged = written.bytes.clone();
    // Of the second message nothing can be read, of the third the checksum is
    // wrong, and the file is cut.
    let (at, length) = place(&written, written.messages[1].1);
    damaged[at..at + length].fill(0x55);
    let (at, length) = place(&written, written.messages[2].1);
    damaged[at + length - 9] ^= 0xff;
    damaged.extend(b"cut");
    let told = damaged.len() as u32 + 100;
    damaged[184..188].copy_from_slice(&told.to_le_bytes());
    let mut newer = whole[..1024].to_vec();
    newer[8..12].copy_from_slice(b"SO\x24\0");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/pst");
    for (name, bytes) in
        [("whole", whole), ("ansi", ansi), ("damaged", damaged), ("newer-ost", newer)]
    {
        let path = folder.join(format!("{name}.in"));
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(&folder).expect("the samples' folder is writable");
            fs::write(&path, bytes).expect("the samples' folder is writable");
        } else {
            assert!(fs::read(&path).is_ok_and(|found| found == bytes), "{}", path.display());
        }
    }
}

#[test]
fn each_folder_of_mail_is_a_mailbox_of_its_own() {
    for cipher in 0..3 {
        for wide in [true, false] {
            let file = write(&Mailbox { wide, cipher, ..office() });
            let seen = seen(&file.bytes);
            assert_eq!(seen.faults, [], "{wide} {cipher}");
            let found: Vec<_> = seen
                .streams
                .iter()
                .flat_map(|(member, mails)| {
                    mails.iter().map(move |mail| format!("{member}: {}", mail.subject))
                })
                .collect();
            let expected = [
                "Top/Inbox: One",
                "Top/Inbox: Two",
                "Top/Inbox: In RTF",
                "Top/Inbox: Both",
                "Top/Inbox: Inner",
                "Top/Inbox/a\u{2215}b: Below",
                "Top/Sent Items: Sent from here",
            ];
            assert_eq!(found, expected, "{wide} {cipher}");
            let mails = &seen.streams["Top/Inbox"];
            assert_eq!(mails[0].from, "desk@example.net");
            assert_eq!(mails[0].time, "2021-01-06T03:19:31Z");
            assert!(mails[0].all.contains("img.example.net"), "{}", mails[0].all);
            assert_eq!((&*mails[1].from, &*mails[1].owner), ("ada@example.org", "jan@example.org"));
            assert_eq!(mails[1].time, "2021-01-06T05:13:21Z");
            assert!(mails[1].all.contains("eve@example.org"), "{}", mails[1].all);
            assert!(mails[2].all.contains("lure.example.net"), "{}", mails[2].all);
        }
    }
}

#[test]
fn it_is_the_same_whether_searched_or_held() {
    let bytes = write(&office()).bytes;
    let [searched, held] =
        [true, false].map(|is_searched| read_within(&bytes, Limits::default(), is_searched).1);
    assert_eq!(searched.streams, held.streams);
    let zip = pack::zip(&[pack::Member::deflated("jan@example.org.pst", &bytes)]);
    let inside = seen(&zip);
    let expected: Vec<_> =
        held.streams.keys().map(|path| format!("jan@example.org.pst!/{path}")).collect();
    assert_eq!(inside.streams.keys().cloned().collect::<Vec<_>>(), expected);
    assert!(inside.streams.values().eq(held.streams.values()));
}

#[test]
fn what_is_too_large_to_hold_is_to_be_unpacked_first() {
    let bytes = write(&office()).bytes;
    let limits = Limits { held: bytes.len() as u64 - 1, ..Limits::default() };
    let zip = pack::zip(&[pack::Member::stored("a.pst", &bytes)]);
    let (outcomes, seen) = read_within(&zip, limits, true);
    let refused = outcomes.only().expect("one row");
    assert_eq!((refused.format, refused.account.faulted), ("pst", bytes.len() as u64));
    assert_eq!(seen.faults[0].kind, FaultKind::TooLarge);
    assert!(seen.faults[0].detail.contains("unpack it first"));
    assert_eq!(read_within(&bytes, limits, true).1.faults, []);
}

#[test]
fn many_messages_and_large_ones_are_read() {
    let large = Content::Bytes((0..9_000_000_u32).map(|at| (at % 251) as u8).collect());
    let mut messages: Vec<_> = (0..700).map(|at| internal(&format!("mail {at}"))).collect();
    messages.push(attached(internal("large"), "large.bin", large));
    let many = (0..400).map(|at| (1, format!("P{at}"), format!("p{at}@example.org"))).collect();
    messages.push(Message { recipients: many, ..internal("to many") });
    for wide in [true, false] {
        let folders = vec![folder("Inbox", None, messages.clone())];
        let seen = seen(&write(&Mailbox { wide, cipher: 0, folders }).bytes);
        assert_eq!(seen.faults, []);
        let mails = &seen.streams["Top/Inbox"];
        assert_eq!(mails.len(), 702);
        assert!(mails[700].length > 12_000_000 && mails[700].all.contains("large.bin"));
        assert_eq!(mails[701].to.len(), 400);
    }
}

#[test]
fn a_damaged_message_costs_itself() {
    let file = write(&office());
    let subjects = |seen: &Seen| -> Vec<String> {
        seen.streams["Top/Inbox"].iter().map(|mail| mail.subject.clone()).collect()
    };
    // The block that holds its properties.
    let (at, length) = place(&file, file.messages[1].1);
    let mut bytes = file.bytes.clone();
    bytes[at..at + length].fill(0);
    let damaged = seen(&bytes);
    assert_eq!(subjects(&damaged), ["One", "In RTF", "Both", "Inner"]);
    let [fault] = damaged.faults.as_slice() else { panic!("{:?}", damaged.faults) };
    assert_eq!((fault.offset, fault.length), (at as u64, length as u64));
    assert!(fault.lost && fault.detail.contains("message 0x200044"), "{}", fault.detail);
    // A checksum: nothing is lost, and it is said.
    let mut bytes = file.bytes;
    bytes[at + length - 12] ^= 1;
    let repaired = seen(&bytes);
    assert_eq!(subjects(&repaired).len(), 5);
    assert!(matches!(repaired.faults.as_slice(), [fault] if !fault.lost), "{:?}", repaired.faults);
}

#[test]
fn a_damaged_list_of_nodes_costs_what_it_lists() {
    let file = write(&office());
    for page in &file.node_pages {
        let mut bytes = file.bytes.clone();
        bytes[page + 496] = 0x13;
        let seen = seen(&bytes);
        assert!(seen.faults.iter().any(|fault| fault.offset == *page as u64), "{:?}", seen.faults);
    }
}

#[test]
fn what_leads_back_into_itself_ends() {
    let page = |file: &mut Vec<u8>, at: usize| {
        let sum = pack::pst::crc(&file[at..at + 496]);
        file[at + 500..at + 504].copy_from_slice(&sum.to_le_bytes());
    };
    // The topmost page of the list of nodes names itself, in every entry.
    let written = write(&office());
    let top = *written.node_pages.last().expect("a page");
    let mut bytes = written.bytes;
    for entry in 0..usize::from(bytes[top + 488]) {
        bytes[top + entry * 24 + 16..][..8].copy_from_slice(&(top as u64).to_le_bytes());
    }
    page(&mut bytes, top);
    let cyclic = seen(&bytes);
    assert!(!cyclic.faults.is_empty());
    // A list of blocks that names itself.
    let large = Content::Bytes(vec![7; 100_000]);
    let folders = vec![folder("Inbox", None, vec![attached(internal("a"), "large", large)])];
    let written = write(&Mailbox { wide: true, cipher: 0, folders });
    let mut lists =
        written.blocks.iter().filter(|(id, at, _)| id & 2 != 0 && written.bytes[*at] == 1);
    let (id, at, length) = *lists.next_back().expect("a list of blocks");
    let mut bytes = written.bytes.clone();
    for entry in 0..usize::from(bytes[at + 2]) {
        bytes[at + 8 + entry * 8..][..8].copy_from_slice(&id.to_le_bytes());
    }
    let size = usize::from(bytes[at + length - 16]) | usize::from(bytes[at + length - 15]) << 8;
    let sum = pack::pst::crc(&bytes[at..at + size]);
    bytes[at + length - 12..][..4].copy_from_slice(&sum.to_le_bytes());
    let cyclic = seen(&bytes);
    assert_eq!(cyclic.streams["Top/Inbox"].len(), 1);
    assert!(cyclic.faults[0].detail.contains("an attachment"), "{:?}", cyclic.faults);
}

#[test]
fn messages_inside_messages_end_at_our_cap() {
    let mut message = internal("0");
    for depth in 1..20 {
        let name = format!("{depth}");
        message = attached(internal(&name), "inner", Content::Message(Box::new(message)));
    }
    let folders = vec![folder("Inbox", None, vec![message])];
    let seen = seen(&write(&Mailbox { wide: true, cipher: 0, folders }).bytes);
    assert_eq!(seen.streams["Top/Inbox"].len(), 8);
    assert_eq!(seen.faults[0].kind, FaultKind::TooDeep);
}

#[test]
fn the_same_bytes_over_and_over_end_at_our_cap() {
    // Many messages whose attachment is the same.
    let large = Content::Bytes(vec![7; 4_000_000]);
    let messages = vec![attached(internal("a"), "large", large); 1];
    let folders = vec![folder("Inbox", None, messages)];
    let written = write(&Mailbox { wide: true, cipher: 0, folders });
    let limits = Limits { free: 1 << 20, ratio: 1, ..Limits::default() };
    let (outcomes, seen) = read_within(&written.bytes, limits, true);
    assert!(outcomes.iter().any(|outcome| outcome.account.faulted > 0) || !seen.faults.is_empty());
}

#[test]
fn truncated_anywhere_all_is_accounted_for() {
    let bytes = write(&office()).bytes;
    for length in (0..bytes.len()).step_by(97) {
        read_within(&bytes[..length], Limits::default(), length % 2 == 0);
    }
}

/// Cut, flipped and spliced copies: no panic, no hang, all accounted for.
#[test]
fn two_hundred_damaged_copies_are_accounted_for() {
    let files = [write(&office()).bytes, write(&as_ansi(office())).bytes];
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let (mut records, mut slowest) = (0, Duration::ZERO);
    for copy in 0..200 {
        let mut bytes = files[copy % 2].clone();
        match copy % 5 {
            0 => bytes.truncate(random(bytes.len())),
            // Behind the empty space at the beginning.
            1 | 2 => {
                for _ in 0..=random(40) {
                    let at = 0x4800 + random(bytes.len() - 0x4800);
                    bytes[at] ^= 1 << random(8);
                }
            }
            3 => {
                let (from, to) = (0x4800 + random(8_000), 0x4800 + random(8_000));
                let piece = bytes[from..from + 64 * (1 + random(16))].to_vec();
                bytes[to..to + piece.len()].copy_from_slice(&piece);
            }
            _ => {
                let (from, at) = (random(bytes.len() - 600), random(bytes.len()));
                let piece = bytes[from..from + random(600)].to_vec();
                bytes.splice(at..at, piece);
            }
        }
        let begun = Instant::now();
        let (outcomes, _) = read_within(&bytes, Limits::default(), copy % 3 > 0);
        slowest = slowest.max(begun.elapsed());
        records += outcomes.iter().map(|outcome| outcome.account.records).sum::<u64>();
    }
    assert!(slowest < Duration::from_secs(20), "{slowest:?}");
    assert!(records > 400, "damage costs more than it touches: {records}");
}

/// Text that would be something else, were it not written with care.
fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "From a@b.example Wed Jan  6 03:19:31 2021\n",
        "\n\nFrom - Wed Jan 06 03:19:31 +0000 2021\nFrom: x@y.example\n\n",
        "--=_1\n",
        "--=_1--\n",
        "=_1",
        "Content-Length: 3\n",
        "\r\nBcc: x@y.example\r\n",
        ".\n",
        ">From ",
        "=\n",
        "=?utf-8?Q?x?=",
        "\u{e9}\u{4e2d}\u{1f600}",
        "\0\u{1}",
        "a b c",
        "<img src='https://img.example.net/a.gif'>",
        "   \n",
        "\"\\",
        "\u{202e}",
    ]);
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_same_messages_are_read_whatever_they_hold(
        mails in prop::collection::vec((nasty(), nasty(), nasty(), nasty(), any::<bool>()), 1..5),
    ) {
        let message = |number: usize| {
            let (subject, body, html, header, has_header) = mails[number].clone();
            let mut message = internal(&format!("{number} {subject}"));
            if has_header {
                let own = format!("From: f{number}@example.net\r\nSubject: {number}\r\n{header}");
                message = with(message, 0x007d, text(&own));
            } else {
                message = with(message, 0x5d02, text(&format!("f{number}@example.net")));
            }
            message = with(message, 0x1000, text(&body));
            message = with(message, 0x1013, text(&html));
            let name = format!("n{header}");
            attached(message, &name, Content::Bytes(body.into_bytes()))
        };
        let messages = (0..mails.len()).map(message).collect();
        let folders = vec![folder("Inbox", None, messages)];
        let seen = seen(&write(&Mailbox { wide: true, cipher: 0, folders }).bytes);
        let found = &seen.streams["Top/Inbox"];
        prop_assert_eq!(found.len(), mails.len());
        for (number, mail) in found.iter().enumerate() {
            prop_assert_eq!(&mail.from, &format!("f{number}@example.net"));
            prop_assert!(mail.subject.starts_with(&number.to_string()), "{}", mail.subject);
            prop_assert_eq!(&mail.owner, "jan@example.org");
        }
    }

    #[test]
    fn damaged_files_are_accounted_for(
        flips in prop::collection::vec((any::<Index>(), any::<u8>()), 0..20),
        wide in any::<bool>(),
        is_searched in any::<bool>(),
    ) {
        let mut bytes = write(&Mailbox { wide, ..office() }).bytes;
        for (at, bits) in flips {
            // The header, or what lies behind the maps of free space.
            let at = at.index(bytes.len() - 0x4800 + 600);
            let at = if at < 600 { at } else { at - 600 + 0x4800 };
            bytes[at] ^= bits;
        }
        read_within(&bytes, Limits::default(), is_searched);
    }
}
