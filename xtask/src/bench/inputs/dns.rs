//! Look-ups of the office, as dns.log and as JSON lines.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::dice::Dice;
use super::office::{Name, Office};
use super::zeek_header;

pub(super) const HEADER: &str = zeek_header!(
    "dns",
    "ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_id\trtt\tquery\tqclass\tqclass_name\tqtype\tqtype_name\trcode\trcode_name\tAA\tTC\tRD\tRA\tZ\tanswers\tTTLs\trejected",
    "time\tstring\taddr\tport\taddr\tport\tenum\tcount\tinterval\tstring\tcount\tstring\tcount\tstring\tcount\tstring\tbool\tbool\tbool\tbool\tcount\tvector[string]\tvector[interval]\tbool"
);

/// When the logs begin, in microseconds.
pub(super) const BEGIN: u64 = 1_709_510_400_000_000;
/// Microseconds from one look-up to the next, on average.
const EVERY: f64 = 40_000.0;

const RESOLVERS: [&str; 2] = ["10.20.250.53", "10.20.251.53"];

/// An endless log.
pub(super) struct Lookups<'o> {
    office: &'o Office,
    dice: Dice,
    clock: u64,
}

/// One line of it.
pub(super) struct Lookup<'o> {
    /// Microseconds.
    time: u64,
    uid: String,
    client: &'o str,
    port: u64,
    resolver: &'static str,
    transaction: u64,
    /// Microseconds; none where no answer came.
    rtt: Option<u64>,
    query: Cow<'o, str>,
    kind: (u16, &'static str),
    /// None where no answer came.
    rcode: Option<(u8, &'static str)>,
    answers: Vec<(Cow<'o, str>, u64)>,
}

impl<'o> Lookups<'o> {
    pub(super) fn new(office: &'o Office, seed: u64) -> Self {
        Self { office, dice: Dice::new(seed), clock: BEGIN }
    }

    pub(super) fn next(&mut self) -> Lookup<'o> {
        let (office, dice) = (self.office, &mut self.dice);
        self.clock += dice.wait(EVERY);
        let name = office.name(dice);
        let kind = kind(dice);
        let rcode = rcode(dice);
        let rtt = rcode.map(|_| 300 + dice.wait(20_000.0));
        let query = match kind {
            PTR => Cow::Owned(reverse(office.client(dice))),
            _ => Cow::Borrowed(name.host.as_str()),
        };
        let answers = match rcode {
            Some(NOERROR) => answers(name, kind, dice),
            _ => Vec::new(),
        };
        Lookup {
            // A line is written when the answer is there, and bears the time of
            // the question: the log is not quite sorted.
            time: self.clock - rtt.unwrap_or(0),
            uid: dice.uid(),
            client: office.client(dice),
            port: 1024 + dice.below(64_512),
            resolver: dice.one::<&str>(&RESOLVERS),
            transaction: dice.below(65_536),
            rtt,
            query,
            kind,
            rcode,
            answers,
        }
    }
}

const A: (u16, &str) = (1, "A");
const AAAA: (u16, &str) = (28, "AAAA");
const PTR: (u16, &str) = (12, "PTR");
const TXT: (u16, &str) = (16, "TXT");
const HTTPS: (u16, &str) = (65, "HTTPS");
const NOERROR: (u8, &str) = (0, "NOERROR");

fn kind(dice: &mut Dice) -> (u16, &'static str) {
    match dice.below(100) {
        0..=61 => A,
        62..=86 => AAAA,
        87..=92 => HTTPS,
        93..=97 => PTR,
        _ => TXT,
    }
}

fn rcode(dice: &mut Dice) -> Option<(u8, &'static str)> {
    match dice.below(100) {
        0..=87 => Some(NOERROR),
        88..=94 => Some((3, "NXDOMAIN")),
        95 => Some((2, "SERVFAIL")),
        _ => None,
    }
}

fn answers<'o>(name: &'o Name, kind: (u16, &str), dice: &mut Dice) -> Vec<(Cow<'o, str>, u64)> {
    let mut answers: Vec<Cow<'o, str>> = Vec::new();
    if kind == A || kind == AAAA {
        let addresses = if kind == A { &name.addresses } else { &name.addresses6 };
        answers.extend(name.alias_of.iter().chain(addresses).map(|text| text.as_str().into()));
    } else if kind == PTR {
        answers.push(Cow::Owned(format!("pc-{}.office.example", dice.below(500))));
    } else if kind == TXT {
        answers.push(Cow::Borrowed("TXT 33 v=spf1 include:_spf.example -all"));
    }
    answers.into_iter().map(|answer| (answer, 1 + dice.below(3600))).collect()
}

fn reverse(address: &str) -> String {
    let mut parts: Vec<_> = address.split('.').collect();
    parts.reverse();
    format!("{}.in-addr.arpa", parts.join("."))
}

/// Microseconds as Zeek writes times.
pub(super) fn seconds(microseconds: u64) -> String {
    format!("{}.{:06}", microseconds / 1_000_000, microseconds % 1_000_000)
}

impl Lookup<'_> {
    /// Appends a line of dns.log.
    pub(super) fn tsv(&self, line: &mut String) {
        let unset = || "-".to_owned();
        let (rcode, rcode_name) =
            self.rcode.map_or((unset(), "-"), |(code, name)| (code.to_string(), name));
        let joined = |texts: Vec<String>| match texts.is_empty() {
            true => unset(),
            false => texts.join(","),
        };
        let _ = write!(
            line,
            "{}\t{}\t{}\t{}\t{}\t53\tudp\t{}\t{}\t{}\t1\tC_INTERNET\t{}\t{}\t{rcode}\t{rcode_name}\tF\tF\tT\t{}\t0\t{}\t{}\tF",
            seconds(self.time),
            self.uid,
            self.client,
            self.port,
            self.resolver,
            self.transaction,
            self.rtt.map_or_else(unset, seconds),
            self.query,
            self.kind.0,
            self.kind.1,
            if self.rcode.is_some() { "T" } else { "F" },
            joined(self.answers.iter().map(|(answer, _)| answer.to_string()).collect()),
            joined(self.answers.iter().map(|(_, ttl)| format!("{ttl}.000000")).collect()),
        );
    }

    /// Appends an object as Zeek's JSON writer writes it: times as numbers,
    /// nothing that is unset. No value needs escaping.
    pub(super) fn json(&self, line: &mut String) {
        let _ = write!(
            line,
            r#"{{"ts":{},"uid":"{}","id.orig_h":"{}","id.orig_p":{},"id.resp_h":"{}","id.resp_p":53,"proto":"udp","trans_id":{}"#,
            seconds(self.time),
            self.uid,
            self.client,
            self.port,
            self.resolver,
            self.transaction,
        );
        if let Some(rtt) = self.rtt {
            let _ = write!(line, r#","rtt":{}"#, seconds(rtt));
        }
        let _ = write!(
            line,
            r#","query":"{}","qclass":1,"qclass_name":"C_INTERNET","qtype":{},"qtype_name":"{}""#,
            self.query, self.kind.0, self.kind.1,
        );
        if let Some((code, name)) = self.rcode {
            let _ = write!(line, r#","rcode":{code},"rcode_name":"{name}""#);
        }
        let answered = self.rcode.is_some();
        let _ = write!(line, r#","AA":false,"TC":false,"RD":true,"RA":{answered},"Z":0"#);
        if !self.answers.is_empty() {
            let answers: Vec<_> =
                self.answers.iter().map(|(answer, _)| format!("\"{answer}\"")).collect();
            let ttls: Vec<_> = self.answers.iter().map(|(_, ttl)| format!("{ttl}.0")).collect();
            let _ =
                write!(line, r#","answers":[{}],"TTLs":[{}]"#, answers.join(","), ttls.join(","));
        }
        line.push_str(r#","rejected":false}"#);
    }
}
