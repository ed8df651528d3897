//! A parliament's records, made by hand: a wave of lures, another that only
//! the pivot finds, who opened them, and plenty that has nothing to do with it.

use std::collections::{BTreeMap, BTreeSet};

use clarte_extent::{Extent, Intake, Intelligence, Places, Question, extent};
use clarte_model::lake::Records;
use clarte_model::{
    Class, EvidenceId, Field, How, Moment, Precision, Record, Reference, Source, Timestamp,
    ZoneBasis,
};

use crate::intelligence::Given;
use crate::memory::Memory;

/// The members, each with a mailbox.
const MEMBERS: [&str; 4] = ["an", "bo", "cy", "di"];

/// The Wednesday on which it begins, at 08:00 UTC.
const BEGIN: i64 = 1_609_920_000;

/// What every answer is asked with.
pub(crate) fn answer(records: &dyn Records, given: &Given) -> Extent {
    answer_of(records, given, Vec::new())
}

/// The answer to records of streams that were accounted for like this.
pub(crate) fn answer_of(records: &dyn Records, given: &Given, intake: Vec<Intake>) -> Extent {
    let (places, whole_mailboxes) = (places(), BTreeSet::new());
    let question = Question {
        records,
        lookup: given,
        naming: &|what| given.naming(what),
        places: &places,
        whole_mailboxes: &whole_mailboxes,
        intake,
        unreadable: Vec::new(),
        intelligence: Intelligence::default(),
        progress: &|_| {},
    };
    extent(question).expect("memory can always be read")
}

/// The bytes of the answer, as they are written.
pub(crate) fn bytes(records: &dyn Records, given: &Given) -> String {
    serde_json::to_string_pretty(&answer(records, given)).expect("an answer is plain data")
}

/// Every evidence of [`records`], with its path.
fn places() -> Places {
    let mailboxes = MEMBERS.iter().zip(1..).map(|(member, number)| {
        (evidence(number), vec![format!("mail/{member}@parl.example/cur/all")])
    });
    let logs = (LOGS..LOGS + 16).map(|number| (evidence(number), vec![format!("logs/{number}")]));
    mailboxes.chain(logs).collect::<BTreeMap<_, _>>()
}

/// The number of the first evidence that is no mailbox.
pub(crate) const LOGS: u8 = 100;

pub(crate) fn evidence(number: u8) -> EvidenceId {
    EvidenceId([number; 32])
}

/// A record at a second after the beginning, each at an offset of its own.
pub(crate) struct Made {
    memory: Memory,
    offset: u64,
}

impl Made {
    pub(crate) fn push(
        &mut self,
        number: u8,
        (class, source): (Class, Source),
        second: Option<i64>,
        texts: &[(Field, &str)],
        more: impl FnOnce(&mut Record<'static>),
    ) {
        self.offset += 100;
        let mut record = Record::new(class, source, self.offset, 90);
        let at = second.and_then(|second| Timestamp::from_seconds(BEGIN + second));
        record.time =
            at.map(|at| Moment { at, precision: Precision::Second, basis: ZoneBasis::Utc });
        for (field, text) in texts {
            record.text(*field, (*text).to_owned());
        }
        more(&mut record);
        self.memory.push(evidence(number), record);
    }

    fn mail(&mut self, member: usize, second: i64, mail: &Mail<'_>) {
        let to = format!("{}@parl.example", MEMBERS[member]);
        let id = mail.id.map(str::to_owned).unwrap_or_else(|| format!("{}@mail", self.offset));
        let texts = [
            (Field::MailFrom, mail.from),
            (Field::MailSubject, mail.subject),
            (Field::MailOwner, to.as_str()),
            (Field::MailMessageId, id.as_str()),
        ];
        let kind = (Class::Email, Source::Mail);
        self.push(member as u8 + 1, kind, Some(second), &texts, |record| {
            record.texts(Field::MailTo, [to.clone()]);
            record.texts(Field::MailIps, [mail.ip.to_owned()]);
            record.texts(Field::MailTemplate, mail.text.iter().map(|text| (*text).to_owned()));
            let json = |(how, url): &(How, String)| {
                Reference { how: *how, url: url.clone(), hidden: false }.to_json()
            };
            record.texts(Field::MailReferences, mail.links.iter().map(json));
        });
    }

    fn request(&mut self, second: i64, user: &str, ip: &str, host: &str, path: &str) {
        let url = format!("http://{host}{path}");
        let texts = [
            (Field::SrcIp, ip),
            (Field::UserName, user),
            (Field::DstHostname, host),
            (Field::HttpMethod, "GET"),
            (Field::HttpUrl, &url),
            (Field::StatusDetail, "TCP_MISS/200"),
        ];
        self.push(LOGS, (Class::Http, Source::Proxy), Some(second), &texts, |record| {
            record.integer(Field::HttpStatus, 200);
        });
    }

    /// A line that a proxy sent to a central log.
    pub(crate) fn line_of(&mut self, proxy: &str, second: i64) {
        let texts = [
            (Field::Reporter, proxy),
            (Field::DstHostname, "paper.example"),
            (Field::HttpUrl, "http://paper.example/"),
        ];
        self.push(LOGS + 10, (Class::Http, Source::Proxy), Some(second), &texts, |record| {
            record.integer(Field::HttpStatus, 200);
        });
    }

    fn lookup(&mut self, second: i64, ip: &str, name: &str, answer: &str) {
        let texts = [
            (Field::SrcIp, ip),
            (Field::DnsQuery, name),
            (Field::DnsType, "A"),
            (Field::DnsRcode, "NOERROR"),
        ];
        self.push(LOGS + 1, (Class::Dns, Source::Dns), Some(second), &texts, |record| {
            record.texts(Field::DnsAnswers, [answer.to_owned()]);
        });
    }

    fn flow(&mut self, second: i64, ip: &str, to: &str) {
        let texts = [(Field::SrcIp, ip), (Field::DstIp, to), (Field::ConnectionState, "SF")];
        self.push(LOGS + 2, (Class::Network, Source::Flow), Some(second), &texts, |record| {
            record.integer(Field::DstPort, 443);
            record.integer(Field::BytesOut, 500);
            record.integer(Field::BytesIn, 5_000);
        });
    }

    /// A line of a mail server that writes no year.
    fn line(&mut self, stamp: &str, queue: &str, texts: &[(Field, &str)], to: Option<&str>) {
        let unmapped = format!(r#"{{"yearless":"{stamp}","turn":0}}"#);
        let own = [(Field::QueueId, queue), (Field::Reporter, "mx"), (Field::Unmapped, &unmapped)];
        let texts: Vec<_> = own.iter().chain(texts).copied().collect();
        self.push(LOGS + 4, (Class::Delivery, Source::Mta), None, &texts, |record| {
            record.texts(Field::MailTo, to.map(str::to_owned));
        });
    }
}

/// What one mail shows.
struct Mail<'m> {
    from: &'m str,
    ip: &'m str,
    subject: &'m str,
    id: Option<&'m str>,
    text: &'m [&'m str],
    links: Vec<(How, String)>,
}

/// The records of the case.
pub(crate) fn records() -> Memory {
    records_and(|_| {})
}

/// The records of the case, and more.
pub(crate) fn records_and(more: impl FnOnce(&mut Made)) -> Memory {
    let mut made = Made { memory: Memory::default(), offset: 0 };
    people(&mut made);
    ordinary(&mut made);
    first_wave(&mut made);
    second_wave(&mut made);
    contacts(&mut made);
    deliveries(&mut made);
    more(&mut made);
    made.memory
}

fn people(made: &mut Made) {
    for (number, member) in MEMBERS.iter().enumerate() {
        let email = format!("{member}@parl.example");
        let texts = [(Field::UserEmail, email.as_str())];
        made.push(LOGS + 5, (Class::Person, Source::People), None, &texts, |record| {
            record.texts(Field::UserAccounts, [format!("PARL\\{member}")]);
            record.texts(Field::UserHosts, [format!("ws-{number}")]);
        });
        let (ip, machine) = (format!("10.0.0.{number}"), format!("ws-{number}"));
        let mac = format!("02:00:00:00:00:0{number}");
        let texts = [
            (Field::LeasedIp, ip.as_str()),
            (Field::SrcMac, mac.as_str()),
            (Field::SrcHostname, machine.as_str()),
        ];
        made.push(LOGS + 3, (Class::Dhcp, Source::Dhcp), Some(-3_600), &texts, |record| {
            record.integer(Field::LeaseDuration, 864_000);
        });
        // The lease was renewed without a name.
        let texts = &texts[..2];
        made.push(LOGS + 3, (Class::Dhcp, Source::Dhcp), Some(100), texts, |_| {});
    }
}

/// Newsletters, colleagues, and a day of browsing.
fn ordinary(made: &mut Made) {
    for day in 0..5 {
        for member in 0..MEMBERS.len() {
            let second = day * 86_400 + member as i64;
            made.mail(
                member,
                second,
                &Mail {
                    from: "news@paper.example",
                    ip: "192.0.2.80",
                    subject: "The news of the day",
                    id: None,
                    text: &["headline", "footer"],
                    links: vec![
                        (How::Image, "https://img.paper.example/logo.gif".to_owned()),
                        (How::Link, format!("https://paper.example/story/{day}")),
                    ],
                },
            );
            let colleague = format!("{}@parl.example", MEMBERS[(member + 1) % MEMBERS.len()]);
            made.mail(
                member,
                second + 60,
                &Mail {
                    from: &colleague,
                    ip: "192.0.2.25",
                    subject: "Lunch",
                    id: None,
                    text: &[],
                    links: Vec::new(),
                },
            );
            let ip = format!("10.0.0.{member}");
            for hour in 0..9 {
                let at = second + hour * 3_600;
                made.request(at, MEMBERS[member], &ip, "paper.example", "/story/1");
                made.lookup(at, &ip, "paper.example", "203.0.113.80");
                made.flow(at, &ip, "203.0.113.80");
            }
        }
    }
}

const LURE: &[&str] = &["dear", "report attached", "kind regards"];

/// What intelligence names: a domain, and individual beacons on it.
fn first_wave(made: &mut Made) {
    for (member, token) in ["aa11bb22cc33dd44", "bb22cc33dd44ee55"].iter().enumerate() {
        let id = format!("wave-{member}@evil.example");
        made.mail(
            member,
            90_000 + member as i64,
            &Mail {
                from: "desk@evil.example",
                ip: "198.51.100.7",
                subject: "A report for you",
                id: Some(&id),
                text: LURE,
                links: vec![(How::Image, format!("http://img.track.example/p/{token}.gif"))],
            },
        );
    }
}

/// The same server, text and way to make URLs, and no name that is given; one
/// of them has no Message-ID. And a mail that shares something with these
/// alone.
fn second_wave(made: &mut Made) {
    made.mail(
        0,
        270_000,
        &Mail {
            from: "office@other.example",
            ip: "198.51.100.7",
            subject: "Again",
            id: None,
            text: &[],
            links: Vec::new(),
        },
    );
    for (member, token, id) in [(2, "cc33dd44ee55ff66", None), (3, "dd44ee55ff66aa77", Some(""))] {
        made.mail(
            member,
            180_000 + member as i64,
            &Mail {
                from: "office@other.example",
                ip: "198.51.100.7",
                subject: "A report for you",
                id,
                text: LURE,
                links: vec![(How::Image, format!("http://pix.second.example/p/{token}.gif"))],
            },
        );
    }
}

/// Who asked for the beacons: by proxy, by look-up and flow.
fn contacts(made: &mut Made) {
    made.request(93_000, "an", "10.0.0.0", "img.track.example", "/p/aa11bb22cc33dd44.gif");
    made.lookup(183_990, "10.0.0.2", "pix.second.example", "203.0.113.9");
    made.flow(184_000, "10.0.0.2", "203.0.113.9");
    // An address that serves others too: going there proves nothing.
    made.lookup(190_000, "10.0.0.77", "img.track.example", "203.0.113.10");
    made.lookup(190_001, "10.0.0.3", "shop.example", "203.0.113.10");
    made.flow(190_002, "10.0.0.3", "203.0.113.10");
    made.push(
        LOGS + 6,
        (Class::Tls, Source::Tls),
        Some(94_000),
        &[(Field::SrcIp, "10.0.0.1"), (Field::DstHostname, "img.track.example")],
        |record| {
            record.integer(Field::TlsEstablished, 1);
        },
    );
}

/// What the mail server says of the first wave, and of mail for somebody whose
/// mailbox is missing. Its queue ids are used twice.
fn deliveries(made: &mut Made) {
    let message = |id| [(Field::MailMessageId, id)];
    let from = [(Field::MailEnvelopeFrom, "desk@evil.example")];
    let delivered = [(Field::Status, "delivered")];
    for (minute, queue, id, to, campaign) in [
        (10, "4ABC", "wave-0@evil.example", "an@parl.example", true),
        (11, "4ABD", "missing@evil.example", "eva@parl.example", true),
        (12, "4ABC", "1@paper.example", "bo@parl.example", false),
    ] {
        let stamp = |second: u32| format!("01-07T09:{minute}:{second:02}");
        made.line(&stamp(1), queue, &[(Field::SrcIp, "198.51.100.99")], None);
        made.line(&stamp(2), queue, &message(id), None);
        if campaign {
            made.line(&stamp(3), queue, &from, None);
        }
        made.line(&stamp(4), queue, &delivered, Some(to));
        made.line(&stamp(5), queue, &[(Field::Status, "removed")], None);
    }
}
