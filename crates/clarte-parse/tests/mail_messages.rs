//! What a message's record says, from crafted mails.

use clarte_model::{
    Fault, FaultKind, Field, How, Record, Reference, Sink, Skipped, Streams, ZoneBasis,
};
use clarte_parse::{Context, read};

#[derive(Default)]
struct Kept {
    records: Vec<Record<'static>>,
    faults: Vec<Fault>,
}

impl Sink for Kept {
    fn record(&mut self, record: &Record<'_>) {
        self.records.push(owned(record));
    }
    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }
    fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
}

impl Streams for Kept {}

fn owned(record: &Record<'_>) -> Record<'static> {
    let mut kept = Record::new(record.class, record.source, record.offset, record.length);
    kept.time = record.time;
    kept.index = record.index;
    for field in Field::ALL {
        if let Some(text) = record.get_text(*field) {
            kept.text(*field, text.to_owned());
        } else if let Some(number) = record.get_integer(*field) {
            kept.integer(*field, number);
        } else if record.get(*field).is_some() {
            kept.texts(*field, record.get_texts(*field).map(str::to_owned).collect::<Vec<_>>());
        }
    }
    kept
}

fn kept(mail: &[u8]) -> Kept {
    let mut kept = Kept::default();
    let outcomes = read(&mut &*mail, &Context::default(), &mut kept);
    let outcome = outcomes.only().expect("one stream");
    assert_eq!(outcome.format, "eml", "{}", mail.escape_ascii());
    assert!(outcome.account.is_exact(mail.len() as u64), "{:?}", outcome.account);
    kept
}

/// The only record of a mail without any fault.
fn clean(mail: &str) -> Record<'static> {
    let mut kept = kept(mail.as_bytes());
    assert_eq!((kept.records.len(), kept.faults.as_slice()), (1, &[][..]), "{mail}");
    kept.records.remove(0)
}

fn kinds(mail: &[u8]) -> Vec<FaultKind> {
    kept(mail).faults.iter().map(|fault| fault.kind).collect()
}

const LURE: &str = "\
Return-Path: <Bounce@Sender.Example>\r
Delivered-To: Jan.Peeters@Example.ORG\r
Received: from mx.sender.example (mx.sender.example [192.0.2.7])\r
\tby mail.example.org (Postfix) with ESMTPS id 4.5.6.7\r
\tfor <jan.peeters@example.org>; Wed, 6 Jan 2021 04:19:31 +0100 (CET)\r
Received: from desk ([10.0.0.9]) by mx.sender.example; Wed, 6 Jan 2021 03:19:30 +0000\r
X-Originating-IP: [198.51.100.23]\r
From: =?utf-8?q?Ana=C3=AFs?= Dupont <Anais@News.example>\r
Reply-To: other@reply.example\r
To: \"Peeters, Jan\" <jan.peeters@example.org>, Undisclosed:;\r
Cc: second@example.org\r
Subject: =?utf-8?b?w4AgcHJvcG9z?= of your work\r
Date: Tue, 5 Jan 2021 01:00:00 +0000\r
Message-ID: <abc.1@sender.example>\r
X-Mailer: Mail 1.2.3.4\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=\"=_b\"\r
\r
--=_b\r
Content-Type: text/plain; charset=utf-8\r
\r
Would you have a look at the draft of our article?\r
See https://read.example/d?u=1.\r
--=_b\r
Content-Type: text/html; charset=utf-8\r
Content-Transfer-Encoding: quoted-printable\r
\r
<p>Would you have a look at the draft of our article?</p><img src=3D\"https://=\r
img.example/p.gif?t=3Dabc&amp;v=3D2\" width=3D1 height=3D1>\r
--=_b--\r
";

#[test]
fn a_lure_is_read_whole() {
    let record = clean(LURE);
    let text = |field| record.get_text(field).unwrap_or_default();
    let time = record.time.expect("it has a stamp");
    assert_eq!(
        (time.at.to_string().as_str(), time.basis),
        ("2021-01-06T03:19:31Z", ZoneBasis::Offset)
    );
    assert_eq!(text(Field::MailReceived), "received");
    assert_eq!(text(Field::MailOwner), "jan.peeters@example.org");
    assert_eq!(text(Field::MailEnvelopeFrom), "bounce@sender.example");
    assert_eq!(text(Field::MailFrom), "anais@news.example");
    assert_eq!(text(Field::MailFromName), "Ana\u{ef}s Dupont");
    assert_eq!(text(Field::MailReplyTo), "other@reply.example");
    assert_eq!(text(Field::MailSubject), "\u{c0} propos of your work");
    assert_eq!(text(Field::MailMessageId), "abc.1@sender.example");
    assert_eq!(text(Field::MailMailer), "Mail 1.2.3.4");
    let texts = |field| record.get_texts(field).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(texts(Field::MailTo), ["jan.peeters@example.org", "second@example.org"]);
    assert_eq!(texts(Field::MailIps), ["192.0.2.7", "198.51.100.23"]);
    assert_eq!(texts(Field::MailTemplate).len(), 1);
    let references: Vec<_> =
        record.get_texts(Field::MailReferences).filter_map(Reference::from_json).collect();
    let expected = [
        Reference { how: How::Link, url: "https://read.example/d?u=1".to_owned(), hidden: false },
        Reference {
            how: How::Image,
            url: "https://img.example/p.gif?t=abc&v=2".to_owned(),
            hidden: true,
        },
    ];
    assert_eq!(references, expected);
    assert!(text(Field::Unmapped).contains("\"date\":\"Tue, 5 Jan 2021 01:00:00 +0000\""));
}

#[test]
fn the_owner_is_named_by_the_receiving_side_first() {
    for (header, owner) in [
        (
            "Delivered-To: a@x.example\nDelivered-To: b@x.example\nTo: c@x.example\n",
            Some("a@x.example"),
        ),
        (
            "Delivered-To: mailing list l@x.example\nX-Original-To: b@x.example\n",
            Some("b@x.example"),
        ),
        ("To: c@x.example\nCc: d@x.example\n", Some("c@x.example")),
        ("To: c@x.example, d@x.example\n", None),
        ("To: undisclosed-recipients:;\n", None),
        ("To: friends: c@x.example, d@x.example;\n", None),
    ] {
        let record = clean(&format!("From: s@y.example\n{header}\nhi\n"));
        assert_eq!(record.get_text(Field::MailOwner), owner, "{header}");
    }
}

#[test]
fn time_is_never_the_senders() {
    let mail = |lines: &str| {
        format!("From: s@y.example\nDate: Wed, 6 Jan 2021 03:19:31 +0000\n{lines}\nhi\n")
    };
    assert_eq!(clean(&mail("")).time, None);
    let delivered = clean(&mail("Delivery-date: Wed, 6 Jan 2021 03:20:00 +0000\n"));
    assert_eq!(delivered.get_text(Field::MailReceived), Some("delivery-date"));
    let unreadable = mail(
        "Received: from x by y; sometime\nReceived: from z by x; Wed, 6 Jan 2021 03:19:00 GMT\n",
    );
    let all = kept(unreadable.as_bytes());
    assert_eq!(
        all.records[0].time.map(|time| time.at.to_string()).as_deref(),
        Some("2021-01-06T03:19:00Z")
    );
    assert_eq!(all.faults[0].kind, FaultKind::BadTime);
    for year in ["1970", "2106"] {
        let all =
            kept(mail(&format!("Received: from x by y; 1 Jan {year} 00:00:00 +0000\n")).as_bytes());
        assert_eq!((all.records[0].time, all.faults[0].kind), (None, FaultKind::ImplausibleTime));
    }
}

#[test]
fn attached_messages_have_records_of_their_own() {
    let inner =
        "From: in@y.example\nTo: someone@z.example\nSubject: inner\n\nhttp://in.example/x\n";
    let mail = format!(
        "From: out@y.example\nSubject: outer\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\n\
         Content-Type: message/rfc822\n\n{inner}--b\n\
         Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogY29kZWQKClgK\n--b--\n"
    );
    let all = kept(mail.as_bytes());
    let shape: Vec<_> = all
        .records
        .iter()
        .map(|record| {
            (
                record.get_text(Field::MailSubject).unwrap_or_default(),
                record.get_integer(Field::MailDepth),
                record.index,
            )
        })
        .collect();
    assert_eq!(shape, [("outer", Some(0), 0), ("inner", Some(1), 1), ("coded", Some(1), 2)]);
    let span = |record: &Record<'_>| {
        &mail[record.offset as usize..(record.offset + record.length) as usize]
    };
    assert_eq!(span(&all.records[1]), inner.trim_end());
    assert!(span(&all.records[2]).starts_with("Content-Type: message/rfc822\nContent-Transfer"));
    assert_eq!(all.records[0].get_texts(Field::MailReferences).count(), 0);
    assert_eq!(all.records[1].get_texts(Field::MailReferences).count(), 1);
    assert!(all.faults.is_empty(), "{:?}", all.faults);
}

#[test]
fn attachments_are_hashed_and_not_shown() {
    let mail = "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
        Content-Type: text/html; name=\"page.html\"\nContent-Disposition: attachment; filename*=utf-8''p%C3%A4ge.html\n\n\
        <img src=http://a.example/x>\n--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--b--\n";
    let record = clean(mail);
    assert_eq!(record.get_texts(Field::MailReferences).count(), 0);
    assert_eq!(
        record.get_texts(Field::MailAttachmentNames).collect::<Vec<_>>(),
        ["p\u{e4}ge.html"]
    );
    let hello = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    assert!(record.get_texts(Field::MailAttachments).any(|hash| hash == hello));
    assert!(
        record
            .get_texts(Field::MailAttachments)
            .any(|hash| hash == "md5:5d41402abc4b2a76b9719d911017c592")
    );
}

#[test]
fn every_repair_is_told() {
    let part =
        |header: &str, body: &str| format!("From: a@b.example\n{header}\n{body}").into_bytes();
    for (mail, kind) in [
        (part("Content-Type: multipart/mixed; boundary=b\n", "--b\n\nhi\n"), FaultKind::Boundary),
        (part("Content-Type: multipart/mixed; boundary=b\n", "hi\n"), FaultKind::Boundary),
        (part("Content-Type: multipart/mixed\n", "--b\n\nhi\n--b--\n"), FaultKind::Boundary),
        (part("Content-Transfer-Encoding: base64\n", "aGVs!bG8=\n"), FaultKind::TransferEncoding),
        (
            part("Content-Transfer-Encoding: quoted-printable\n", "a=zz\n"),
            FaultKind::TransferEncoding,
        ),
        (part("Content-Transfer-Encoding: rot13\n", "a\n"), FaultKind::TransferEncoding),
        (part("Content-Type: text/plain; charset=x-none\n", "a\n"), FaultKind::Charset),
        (
            part("Content-Type: text/plain; charset=utf-8\n", "\u{e9}\n")
                .into_iter()
                .filter(|byte| *byte != 0xa9)
                .collect(),
            FaultKind::Encoding,
        ),
        (part("Subject: a\nno field here\nTo: c@d.example\n", "hi\n"), FaultKind::Header),
        (b"From: a@b.example\nTo: c@d.exam".to_vec(), FaultKind::Truncated),
        (
            [b"From: a@b.example\nSubject: M".to_vec(), vec![0xfc], b"ller\n\nhi\n".to_vec()]
                .concat(),
            FaultKind::Encoding,
        ),
    ] {
        assert_eq!(kinds(&mail), [kind], "{}", mail.escape_ascii());
        assert!(kept(&mail).faults.iter().all(|fault| !fault.lost));
        assert_eq!(kept(&mail).records.len(), 1);
    }
}

#[test]
fn damaged_html_still_shows_its_references() {
    let html = "PGltZyBzcmM9Imh0dHA6Ly9hLmV4YW1wbGUveCI+";
    let mail = format!(
        "From: a@b.example\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n{html}!!A\n"
    );
    let all = kept(mail.as_bytes());
    assert_eq!(all.records[0].get_texts(Field::MailReferences).count(), 1);
}
