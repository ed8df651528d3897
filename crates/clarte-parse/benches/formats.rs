//! How fast each format is read, in bytes a second on one core, into a sink
//! that looks at every field.
//!
//! `mail` reads the same mails with `mail-parser` alone: what our records cost
//! beyond it. The mails are made here; with `CLARTE_DATA`, real ones as well.

#![expect(missing_docs, reason = "criterion's macros write functions without any")]

#[path = "../tests/pack/mod.rs"]
mod pack;

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clarte_model::{Fault, Record, Sink, Skipped, Streams, Value};
use clarte_parse::{Context, read};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Lines of each log.
const LINES: u64 = 20_000;

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(3));
    targets = logs, packed, mails, event_logs
}
criterion_main!(benches);

fn logs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("logs");
    for (name, log) in [
        ("zeek.conn", zeek_conn()),
        ("zeek.dns", zeek_dns()),
        ("zeek.dns as JSON", zeek_dns_json()),
        ("suricata", suricata()),
        ("squid", squid()),
        ("postfix", postfix()),
        ("message_trace", message_trace()),
        ("people", people()),
        ("windows", windows()),
        ("audit as CSV", audit_csv()),
        ("audit as JSON", audit_json()),
        ("signin as JSON", signin()),
        ("mbox", mbox()),
    ] {
        group.throughput(Throughput::Bytes(log.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| whole(black_box(log.as_bytes()))));
    }
}

/// A log as it is and in containers, all in bytes of the log: what unpacking
/// costs beside reading.
fn packed(criterion: &mut Criterion) {
    let log = squid().into_bytes();
    let mut group = criterion.benchmark_group("packed");
    group.throughput(Throughput::Bytes(log.len() as u64));
    let mut all: Vec<_> =
        pack::COMPRESSIONS.iter().map(|(name, pack)| (*name, pack(&log))).collect();
    all.push(("not", log.clone()));
    all.push(("zip", pack::zip(&[pack::Member::deflated("access.log", &log)])));
    all.push(("tar", pack::tar(&[("access.log", &log)])));
    for (name, bytes) in all {
        group.bench_function(name, |bencher| bencher.iter(|| whole(black_box(&bytes))));
    }
}

fn mails(criterion: &mut Criterion) {
    let made = (0..500).map(|at| mail(&mut Dice(at)).into_bytes()).collect();
    let mut all = vec![("mail", made)];
    if let Some(data) = std::env::var_os("CLARTE_DATA") {
        for name in ["ham", "phish"] {
            all.push((name, files(&PathBuf::from(&data).join("mail").join(name))));
        }
    }
    for (name, mails) in all {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(mails.iter().map(|mail| mail.len() as u64).sum()));
        group.bench_function("clarte", |bencher| {
            bencher.iter(|| mails.iter().map(|mail| whole(black_box(mail))).sum::<u64>());
        });
        group.bench_function("mail_parser", |bencher| {
            let parser = mail_parser::MessageParser::default();
            bencher.iter(|| {
                let parsed = mails.iter().map(|mail| parser.parse(black_box(mail.as_slice())));
                parsed.flatten().map(|mail| mail.parts.len()).sum::<usize>()
            });
        });
    }
}

/// Event logs as records, and as JSON by the crate `evtx` alone: what our
/// records cost beyond it.
fn event_logs(criterion: &mut Criterion) {
    let Some(data) = std::env::var_os("CLARTE_DATA") else { return };
    let mut logs = Vec::new();
    for folder in std::fs::read_dir(PathBuf::from(data).join("logs/evtx")).expect("a folder") {
        let folder = folder.expect("an entry").path();
        logs.extend(files(&folder).into_iter().filter(|log| log.starts_with(b"ElfFile")));
    }
    let mut group = criterion.benchmark_group("evtx");
    group.throughput(Throughput::Bytes(logs.iter().map(|log| log.len() as u64).sum()));
    group.bench_function("clarte", |bencher| {
        bencher.iter(|| logs.iter().map(|log| whole(black_box(log))).sum::<u64>());
    });
    group.bench_function("evtx", |bencher| {
        let settings = || evtx::ParserSettings::default().indent(false);
        bencher.iter(|| {
            let parsed = logs.iter().map(|log| {
                let parser = evtx::EvtxParser::from_read_seek(std::io::Cursor::new(log));
                let mut parser = parser.expect("an event log").with_configuration(settings());
                parser.records_json_bytes().flatten().map(|json| json.data.len()).sum::<usize>()
            });
            parsed.sum::<usize>()
        });
    });
}

/// Reads a stream and gives a number that depends on all that came of it.
fn whole(mut bytes: &[u8]) -> u64 {
    let mut touch = Touch::default();
    read(&mut bytes, &Context::default(), &mut touch);
    touch.0
}

/// Looks at every field.
#[derive(Default)]
struct Touch(u64);

impl Sink for Touch {
    fn record(&mut self, record: &Record<'_>) {
        for (field, value) in record.fields() {
            self.0 += *field as u64;
            self.0 += match value {
                Value::Text(text) => text.len() as u64,
                Value::Integer(number) => number.unsigned_abs(),
                Value::Texts(texts) => texts.iter().map(|text| text.len() as u64).sum(),
            };
        }
    }
    fn fault(&mut self, fault: Fault) {
        self.0 += fault.length;
    }
    fn skip(&mut self, _: u64, length: u64, _: Skipped) {
        self.0 += length;
    }
}

impl Streams for Touch {}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder of mails");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a readable mail")).collect()
}

/// The same numbers in every run (splitmix64).
struct Dice(u64);

impl Dice {
    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn word(&mut self) -> &'static str {
        const WORDS: [&str; 12] = [
            "report",
            "minutes",
            "agenda",
            "parliament",
            "committee",
            "delegation",
            "budget",
            "human",
            "rights",
            "friday",
            "library",
            "weather",
        ];
        WORDS[self.below(WORDS.len() as u64) as usize]
    }

    fn host(&mut self) -> String {
        format!("{}.{}.example", self.word(), self.word())
    }
}

/// A log of `LINES` lines, each with its number and dice.
fn lines(head: &str, line: impl Fn(u64, &mut Dice) -> String) -> String {
    let mut dice = Dice(1);
    let mut log = head.to_owned();
    for at in 0..LINES {
        log.push_str(&line(at, &mut dice));
        log.push('\n');
    }
    log
}

fn zeek_conn() -> String {
    let head = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n\
        #fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tmissed_bytes\thistory\n\
        #types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tcount\tstring\n";
    lines(head, |at, dice| {
        let (client, port, bytes) = (dice.below(200), dice.below(60_000), dice.below(90_000));
        format!(
            "{}.{:06}\tC{at:x}Kq3mF3det3eDV9\t10.20.3.{client}\t{port}\t198.51.100.7\t443\ttcp\tssl\t3.582946\t1982\t{bytes}\tSF\t-\t0\tShADadFf",
            1_609_903_171 + at / 10,
            at % 10 * 99_999,
        )
    })
}

fn zeek_dns() -> String {
    let head = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n\
        #fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_id\trtt\tquery\tqclass\tqclass_name\tqtype\tqtype_name\trcode\trcode_name\tAA\tTC\tRD\tRA\tZ\tanswers\tTTLs\trejected\n\
        #types\ttime\tstring\taddr\tport\taddr\tport\tenum\tcount\tinterval\tstring\tcount\tstring\tcount\tstring\tcount\tstring\tbool\tbool\tbool\tbool\tcount\tvector[string]\tvector[interval]\tbool\n";
    lines(head, |at, dice| {
        let (client, port, host) = (dice.below(200), dice.below(60_000), dice.host());
        format!(
            "{}.{:06}\tC{at:x}Kq3mF3det3eDV9\t10.20.3.{client}\t{port}\t10.0.0.100\t53\tudp\t36329\t0.000870\t{host}\t1\tC_INTERNET\t1\tA\t0\tNOERROR\tF\tF\tT\tT\t0\tcdn.{host},198.51.100.16\t2230.000000,41830.000000\tF",
            1_609_903_171 + at / 10,
            at % 10 * 99_999,
        )
    })
}

fn zeek_dns_json() -> String {
    lines("", |at, dice| {
        let (client, port, host) = (dice.below(200), dice.below(60_000), dice.host());
        format!(
            "{{\"_path\":\"dns\",\"ts\":{}.{:06},\"uid\":\"C{at:x}Kq3mF3det3eDV9\",\"id.orig_h\":\"10.20.3.{client}\",\"id.orig_p\":{port},\"id.resp_h\":\"10.0.0.100\",\"id.resp_p\":53,\"proto\":\"udp\",\"trans_id\":36329,\"rtt\":0.00087,\"query\":\"{host}\",\"qclass\":1,\"qclass_name\":\"C_INTERNET\",\"qtype\":1,\"qtype_name\":\"A\",\"rcode\":0,\"rcode_name\":\"NOERROR\",\"AA\":false,\"TC\":false,\"RD\":true,\"RA\":true,\"Z\":0,\"answers\":[\"cdn.{host}\",\"198.51.100.16\"],\"TTLs\":[2230.0,41830.0],\"rejected\":false}}",
            1_609_903_171 + at / 10,
            at % 10 * 99_999,
        )
    })
}

/// A sensor's usual mixture: look-ups, handshakes and flows.
fn suricata() -> String {
    lines("", |at, dice| {
        let (client, port, host) = (dice.below(200), dice.below(60_000), dice.host());
        let stamp = format!("2021-01-06T04:{:02}:{:02}.{:06}+0100", at / 60 % 60, at % 60, at);
        let head = |kind: &str, server: &str, service: u64, transport: &str| {
            format!(
                "{{\"timestamp\":\"{stamp}\",\"flow_id\":13741{at:011},\"in_iface\":\"eth0\",\"event_type\":\"{kind}\",\"src_ip\":\"10.20.3.{client}\",\"src_port\":{port},\"dest_ip\":\"{server}\",\"dest_port\":{service},\"proto\":\"{transport}\","
            )
        };
        match at % 4 {
            0 => {
                head("dns", "10.0.0.100", 53, "UDP")
                    + &format!(
                        "\"dns\":{{\"type\":\"query\",\"id\":{port},\"rrname\":\"{host}\",\"rrtype\":\"A\",\"tx_id\":0,\"opcode\":0}}}}"
                    )
            }
            1 => {
                head("dns", "10.0.0.100", 53, "UDP")
                    + &format!(
                        "\"dns\":{{\"version\":2,\"type\":\"answer\",\"id\":{port},\"flags\":\"8180\",\"qr\":true,\"rd\":true,\"ra\":true,\"rrname\":\"{host}\",\"rrtype\":\"A\",\"rcode\":\"NOERROR\",\"answers\":[{{\"rrname\":\"{host}\",\"rrtype\":\"A\",\"ttl\":91,\"rdata\":\"198.51.100.16\"}}],\"grouped\":{{\"A\":[\"198.51.100.16\"]}}}}}}"
                    )
            }
            2 => {
                head("tls", "198.51.100.16", 443, "TCP")
                    + &format!(
                        "\"tls\":{{\"subject\":\"CN={host}\",\"issuerdn\":\"C=XX, O=Test, CN=Test CA\",\"serial\":\"17:8E:1E:D7\",\"fingerprint\":\"2d:d1:9f:80:99:86:fc:ac:5f:2a\",\"sni\":\"{host}\",\"version\":\"TLS 1.2\",\"notbefore\":\"2020-03-19T09:44:08\",\"notafter\":\"2022-03-20T09:44:08\",\"ja3\":{{\"hash\":\"b7202231ff2db28363c109cedc6d1642\",\"string\":\"770,51-57-69-136-22-53-132-47-65-10-5-4,0,,\"}}}}}}"
                    )
            }
            _ => {
                head("flow", "198.51.100.16", 443, "TCP")
                    + &format!(
                        "\"app_proto\":\"tls\",\"flow\":{{\"pkts_toserver\":12,\"pkts_toclient\":14,\"bytes_toserver\":4056,\"bytes_toclient\":9056,\"start\":\"{stamp}\",\"end\":\"{stamp}\",\"age\":0,\"state\":\"closed\",\"reason\":\"timeout\",\"alerted\":false}},\"tcp\":{{\"tcp_flags\":\"1b\",\"syn\":true,\"fin\":true,\"psh\":true,\"ack\":true,\"state\":\"closed\"}}}}"
                    )
            }
        }
    })
}

fn squid() -> String {
    lines("", |at, dice| {
        let (client, bytes, host) = (dice.below(200), dice.below(90_000), dice.host());
        format!(
            "{}.{:03}    154 10.20.3.{client} TCP_MISS/200 {bytes} GET http://{host}/img/{at:x}.png?u={} u{client:05} HIER_DIRECT/198.51.100.44 image/png",
            1_609_903_171 + at / 10,
            at % 1_000,
            dice.word(),
        )
    })
}

fn postfix() -> String {
    lines("", |at, dice| {
        let (word, host) = (dice.word(), dice.host());
        let minute = at / 60 % 60;
        let second = at % 60;
        format!(
            "Jan  6 03:{minute:02}:{second:02} mx1 postfix/smtp[{}]: 4F9D1A{at:05X}: to=<{word}@{host}>, relay=mail.{host}[198.51.100.9]:25, delay=1.2, delays=0.1/0/0.5/0.6, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 5A{at:05X})",
            dice.below(30_000),
        )
    })
}

fn message_trace() -> String {
    let head = "origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,message_id,network_message_id,original_client_ip,directionality,connector_id,delivery_priority\n";
    lines(head, |at, dice| {
        let (word, host) = (dice.word(), dice.host());
        format!(
            "2021-01-06T03:{:02}:{:02}.1230000Z,{word}@{host},ann@parliament.example##Deliver,\"{word}, {}\",{},<{at}@{host}>,7c1e-{at:x},198.51.100.9,Inbound,,Normal",
            at / 60 % 60,
            at % 60,
            dice.word(),
            dice.below(90_000),
        )
    })
}

fn people() -> String {
    lines("email,name,roles,accounts,host,lang\n", |at, dice| {
        let word = dice.word();
        format!(
            "p{at}@parliament.example,Ann {word},member: {word};staff,u{at:05},pc-{at}.parliament.example,fr"
        )
    })
}

fn windows() -> String {
    lines("", |at, dice| {
        let (client, word) = (dice.below(200), dice.word());
        let (minute, second) = (at / 60 % 60, at % 60);
        format!(
            "{{\"@timestamp\":\"2021-01-06T03:{minute:02}:{second:02}.250Z\",\"agent\":{{\"type\":\"winlogbeat\",\"version\":\"7.10.1\",\"hostname\":\"pc-{client}\"}},\"event\":{{\"code\":4624,\"action\":\"Logon\",\"outcome\":\"success\",\"provider\":\"Microsoft-Windows-Security-Auditing\"}},\"host\":{{\"name\":\"pc-{client}.parliament.example\"}},\"message\":\"An account was successfully logged on.\\n\\nSubject:\\n\\tSecurity ID:\\t\\tS-1-5-18\\n\\tAccount Name:\\t\\tPC-{client}$\",\"winlog\":{{\"channel\":\"Security\",\"computer_name\":\"pc-{client}.parliament.example\",\"event_id\":4624,\"record_id\":{at},\"provider_name\":\"Microsoft-Windows-Security-Auditing\",\"event_data\":{{\"SubjectUserSid\":\"S-1-5-18\",\"SubjectUserName\":\"PC-{client}$\",\"SubjectDomainName\":\"OFFICE\",\"SubjectLogonId\":\"0x3e7\",\"TargetUserSid\":\"S-1-5-21-1-2-3-{client}\",\"TargetUserName\":\"{word}\",\"TargetDomainName\":\"OFFICE\",\"TargetLogonId\":\"0x{at:x}\",\"LogonType\":\"3\",\"LogonProcessName\":\"Kerberos\",\"AuthenticationPackageName\":\"Kerberos\",\"WorkstationName\":\"-\",\"IpAddress\":\"10.20.3.{client}\",\"IpPort\":\"{}\",\"ProcessName\":\"C:\\\\Windows\\\\System32\\\\lsass.exe\"}}}}}}",
            dice.below(60_000),
        )
    })
}

/// A `MailItemsAccessed` event.
fn audit_event(at: u64, dice: &mut Dice) -> String {
    let (client, host, word) = (dice.below(200), dice.host(), dice.word());
    let (minute, second) = (at / 60 % 60, at % 60);
    format!(
        "{{\"CreationTime\":\"2021-01-06T03:{minute:02}:{second:02}\",\"Id\":\"7c1e0000-0000-4000-8000-{at:012x}\",\"Operation\":\"MailItemsAccessed\",\"OrganizationId\":\"0a0a0000-0000-4000-8000-000000000001\",\"RecordType\":50,\"ResultStatus\":\"Succeeded\",\"UserKey\":\"10032000{client:x}\",\"UserType\":0,\"Version\":1,\"Workload\":\"Exchange\",\"UserId\":\"{word}{client}@parliament.example\",\"AppId\":\"00000002-0000-0ff1-ce00-000000000000\",\"ClientIPAddress\":\"198.51.100.{client}\",\"ClientInfoString\":\"Client=OWA;Action=ViaProxy\",\"ExternalAccess\":false,\"InternalLogonType\":0,\"LogonType\":0,\"MailboxGuid\":\"1d00-{client}\",\"MailboxOwnerUPN\":\"{word}{client}@parliament.example\",\"OperationProperties\":[{{\"Name\":\"MailAccessType\",\"Value\":\"Bind\"}},{{\"Name\":\"IsThrottled\",\"Value\":\"False\"}}],\"OrganizationName\":\"parliament.example\",\"Folders\":[{{\"FolderItems\":[{{\"InternetMessageId\":\"<{at:x}@{host}>\",\"SizeInBytes\":{}}}],\"Id\":\"LgAAAAB{at:x}\",\"Path\":\"\\\\Inbox\"}}],\"OperationCount\":1}}",
        dice.below(90_000),
    )
}

fn audit_json() -> String {
    lines("", audit_event)
}

fn audit_csv() -> String {
    let head = "RecordType,CreationDate,UserIds,Operations,AuditData,ResultIndex,ResultCount,Identity,IsValid,ObjectState\n";
    lines(head, |at, dice| {
        let data = audit_event(at, dice).replace('"', "\"\"");
        format!(
            "ExchangeItemAggregated,2021-01-06T03:00:00,ann@parliament.example,MailItemsAccessed,\"{data}\",{},{LINES},7c1e0000-0000-4000-8000-{at:012x},True,Unchanged",
            at + 1,
        )
    })
}

fn signin() -> String {
    lines("", |at, dice| {
        let (client, word) = (dice.below(200), dice.word());
        let (minute, second) = (at / 60 % 60, at % 60);
        format!(
            "{{\"id\":\"7c1e0000-0000-4000-8000-{at:012x}\",\"createdDateTime\":\"2021-01-06T03:{minute:02}:{second:02}Z\",\"userDisplayName\":\"Ann {word}\",\"userPrincipalName\":\"{word}{client}@parliament.example\",\"userId\":\"u-{client}\",\"appId\":\"d3590ed6\",\"appDisplayName\":\"Office\",\"ipAddress\":\"198.51.100.{client}\",\"clientAppUsed\":\"Browser\",\"correlationId\":\"c-{at:x}\",\"conditionalAccessStatus\":\"success\",\"isInteractive\":true,\"riskDetail\":\"none\",\"riskLevelAggregated\":\"none\",\"riskLevelDuringSignIn\":\"none\",\"riskState\":\"none\",\"riskEventTypes\":[],\"resourceDisplayName\":\"Exchange\",\"resourceId\":\"00000002\",\"status\":{{\"errorCode\":0,\"failureReason\":\"Other.\",\"additionalDetails\":null}},\"deviceDetail\":{{\"deviceId\":\"\",\"displayName\":\"pc-{client}\",\"operatingSystem\":\"Windows 10\",\"browser\":\"Edge 87\",\"isCompliant\":false,\"isManaged\":false,\"trustType\":\"\"}},\"location\":{{\"city\":\"Brussels\",\"state\":\"Brussels\",\"countryOrRegion\":\"BE\",\"geoCoordinates\":{{\"latitude\":50.8,\"longitude\":4.3}}}},\"appliedConditionalAccessPolicies\":[]}}",
        )
    })
}

fn mbox() -> String {
    let mut mbox = String::new();
    for at in 0..500 {
        mbox.push_str("From a@b.example Wed Jan  6 03:19:31 2021\n");
        mbox.push_str(&mail(&mut Dice(at)));
        mbox.push('\n');
    }
    mbox
}

/// A newsletter: plain text, and HTML with links and pictures.
fn mail(dice: &mut Dice) -> String {
    let (host, word) = (dice.host(), dice.word());
    let mut plain = String::new();
    let mut html = String::new();
    for _ in 0..10 + dice.below(30) {
        let sentence: Vec<_> = (0..12).map(|_| dice.word()).collect();
        let (sentence, id) = (sentence.join(" "), dice.below(1 << 40));
        let _ = write!(plain, "The {sentence}.\nRead on: http://www.{host}/n/{id:x}\n\n");
        let _ = write!(
            html,
            "<tr><td style=3D\"padding:4px;color:#333333\" class=3D\"text\"><p>The {sentence}. \
             <a href=3D\"http://www.{host}/n/{id:x}\" target=3D\"_blank\">Read on</a></p>=\n\
             <img src=3D\"http://img.{host}/{id:x}.png\" width=3D\"600\" alt=3D\"{word}\"></td></tr>\n"
        );
    }
    let id = dice.below(1 << 40);
    format!(
        "Return-Path: <news@{host}>\nDelivered-To: ann@parliament.example\n\
         Received: from mail.{host} (mail.{host} [198.51.100.9])\n\tby mx1.parliament.example (Postfix) with ESMTPS id {id:x}\n\tfor <ann@parliament.example>; Wed, 6 Jan 2021 03:19:31 +0000 (UTC)\n\
         Received: by mail.{host} (Postfix, from userid 33)\n\tid {id:X}; Wed, 6 Jan 2021 03:19:30 +0000 (UTC)\n\
         From: \"The {word}\" <news@{host}>\nTo: Ann <ann@parliament.example>\nSubject: =?utf-8?q?The_{word}_=E2=80=93_this_week?=\n\
         Message-ID: <{id:x}@{host}>\nDate: Wed, 6 Jan 2021 03:19:30 +0000\nMIME-Version: 1.0\nList-Unsubscribe: <http://www.{host}/u/{id:x}>\n\
         Content-Type: multipart/alternative; boundary=\"b{id:x}\"\n\n\
         --b{id:x}\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n--b{id:x}\nContent-Type: text/html; charset=utf-8\n\
         Content-Transfer-Encoding: quoted-printable\n\n<html><head><title>The {word}</title><style>p{{margin:0}}</style></head><body><table>\n\
         {html}</table><img src=3D\"http://img.{host}/o/{id:x}\" width=3D1 height=3D1></body></html>\n\n--b{id:x}--\n"
    )
}
