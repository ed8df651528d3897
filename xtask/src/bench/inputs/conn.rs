//! Connections of the office, as conn.log.

use std::fmt::Write as _;

use super::dice::Dice;
use super::dns::{BEGIN, seconds};
use super::office::Office;
use super::zeek_header;

pub(super) const HEADER: &str = zeek_header!(
    "conn",
    "ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents",
    "time\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tcount\tstring\tcount\tcount\tcount\tcount\tset[string]"
);

/// Microseconds from one connection's end to the next, on average.
const EVERY: f64 = 30_000.0;

/// Transport, service, port and how often of 100.
const SERVICES: [(&str, &str, u16, u64); 6] = [
    ("tcp", "ssl", 443, 52),
    ("udp", "dns", 53, 25),
    ("udp", "quic", 443, 8),
    ("tcp", "http", 80, 6),
    ("tcp", "-", 8443, 6),
    ("udp", "ntp", 123, 3),
];

/// An endless log.
pub(super) struct Connections<'o> {
    office: &'o Office,
    dice: Dice,
    clock: u64,
}

/// One line of it.
pub(super) struct Connection<'o> {
    /// Microseconds.
    time: u64,
    uid: String,
    client: &'o str,
    client_port: u64,
    server: &'o str,
    service: (&'static str, &'static str, u16),
    /// Microseconds and payload bytes to and from the server; none where it
    /// never answered.
    exchanged: Option<(u64, u64, u64)>,
    state: &'static str,
    history: &'static str,
}

impl<'o> Connections<'o> {
    pub(super) fn new(office: &'o Office, seed: u64) -> Self {
        Self { office, dice: Dice::new(seed), clock: BEGIN }
    }

    pub(super) fn next(&mut self) -> Connection<'o> {
        let (office, dice) = (self.office, &mut self.dice);
        self.clock += dice.wait(EVERY);
        let service = service(dice);
        let (state, history) = ending(service.0, dice);
        let exchanged = (!matches!(state, "S0" | "REJ")).then(|| exchanged(service.1, dice));
        let name = office.name(dice);
        let server = match service.1 {
            "dns" => "10.20.250.53",
            _ => dice.one::<String>(&name.addresses),
        };
        Connection {
            // A line is written when the connection has ended, and bears the
            // time of its beginning: the log is far from sorted.
            time: self.clock - exchanged.map_or(0, |(duration, ..)| duration),
            uid: dice.uid(),
            client: office.client(dice),
            client_port: 1024 + dice.below(64_512),
            server,
            service,
            exchanged,
            state,
            history,
        }
    }
}

fn service(dice: &mut Dice) -> (&'static str, &'static str, u16) {
    let mut at = dice.below(100);
    for (transport, service, port, share) in SERVICES {
        if at < share {
            return (transport, service, port);
        }
        at -= share;
    }
    ("tcp", "-", 8443)
}

/// Microseconds, and payload bytes to and from the server: a datagram each way,
/// or a conversation.
fn exchanged(service: &str, dice: &mut Dice) -> (u64, u64, u64) {
    match service {
        "dns" | "ntp" => (300 + dice.wait(20_000.0), 30 + dice.below(30), 40 + dice.below(200)),
        _ => (1_000 + dice.wait(5_000_000.0), 200 + dice.wait(2_000.0), 200 + dice.wait(30_000.0)),
    }
}

/// How a connection ended, and its history.
fn ending(transport: &str, dice: &mut Dice) -> (&'static str, &'static str) {
    if transport == "udp" {
        return if dice.below(20) == 0 { ("S0", "D") } else { ("SF", "Dd") };
    }
    match dice.below(100) {
        0..=77 => ("SF", "ShADadFf"),
        78..=84 => ("RSTO", "ShADadR"),
        85..=89 => ("S1", "ShADad"),
        90..=95 => ("S0", "S"),
        _ => ("REJ", "Sr"),
    }
}

impl Connection<'_> {
    /// Appends a line of conn.log.
    pub(super) fn tsv(&self, line: &mut String) {
        let (transport, service, port) = self.service;
        let _ = write!(
            line,
            "{}\t{}\t{}\t{}\t{}\t{port}\t{transport}\t",
            seconds(self.time),
            self.uid,
            self.client,
            self.client_port,
            self.server,
        );
        let (out, back) = match self.exchanged {
            Some((duration, out, back)) => {
                let _ = write!(line, "{service}\t{}\t{out}\t{back}", seconds(duration));
                (out, back)
            }
            None => {
                line.push_str("-\t-\t-\t-");
                (0, 0)
            }
        };
        let local = if self.server.starts_with("10.") { "T" } else { "F" };
        let (packets_out, packets_back) = (1 + out / 1400, back.div_ceil(1400));
        let _ = write!(
            line,
            "\t{}\tT\t{local}\t0\t{}\t{packets_out}\t{}\t{packets_back}\t{}\t-",
            self.state,
            self.history,
            out + packets_out * 40,
            back + packets_back * 40,
        );
    }
}
