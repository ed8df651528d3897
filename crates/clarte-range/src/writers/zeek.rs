//! Zeek's conn, dns, http, ssl and dhcp logs, tab-separated or JSON lines.
//! Spec: <https://docs.zeek.org/en/master/log-formats.html>

use std::path::Path;

use crate::RangeError;
use crate::calendar::{At, DAY};
use crate::variety::Pack;
use crate::world::DHCP as DHCP_SERVER;
use crate::writers::quoted;
use crate::writers::sensor::{Ends, Flow, Lease, Outcome, Query, Web};
use crate::writers::series::{Every, Series};

/// A log of Zeek's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Log {
    Conn,
    Dns,
    Http,
    Ssl,
    Dhcp,
}

/// A value of a row.
enum Cell<'a> {
    Unset,
    Time(At),
    Text(&'a str),
    Count(u64),
    Bool(bool),
    /// A duration in microseconds.
    Span(u64),
    List(&'a [&'a str]),
}

const LOGS: [Log; 5] = [Log::Conn, Log::Dns, Log::Http, Log::Ssl, Log::Dhcp];

const CONN: &[(&str, &str)] = &[
    ("ts", "time"),
    ("uid", "string"),
    ("id.orig_h", "addr"),
    ("id.orig_p", "port"),
    ("id.resp_h", "addr"),
    ("id.resp_p", "port"),
    ("proto", "enum"),
    ("service", "string"),
    ("duration", "interval"),
    ("orig_bytes", "count"),
    ("resp_bytes", "count"),
    ("conn_state", "string"),
    ("missed_bytes", "count"),
    ("history", "string"),
    ("orig_pkts", "count"),
    ("resp_pkts", "count"),
];
const DNS: &[(&str, &str)] = &[
    ("ts", "time"),
    ("uid", "string"),
    ("id.orig_h", "addr"),
    ("id.orig_p", "port"),
    ("id.resp_h", "addr"),
    ("id.resp_p", "port"),
    ("proto", "enum"),
    ("trans_id", "count"),
    ("query", "string"),
    ("qclass_name", "string"),
    ("qtype_name", "string"),
    ("rcode_name", "string"),
    ("AA", "bool"),
    ("RD", "bool"),
    ("RA", "bool"),
    ("answers", "vector[string]"),
    ("rejected", "bool"),
];
const HTTP: &[(&str, &str)] = &[
    ("ts", "time"),
    ("uid", "string"),
    ("id.orig_h", "addr"),
    ("id.orig_p", "port"),
    ("id.resp_h", "addr"),
    ("id.resp_p", "port"),
    ("trans_depth", "count"),
    ("method", "string"),
    ("host", "string"),
    ("uri", "string"),
    ("referrer", "string"),
    ("version", "string"),
    ("user_agent", "string"),
    ("request_body_len", "count"),
    ("response_body_len", "count"),
    ("status_code", "count"),
    ("status_msg", "string"),
];
const SSL: &[(&str, &str)] = &[
    ("ts", "time"),
    ("uid", "string"),
    ("id.orig_h", "addr"),
    ("id.orig_p", "port"),
    ("id.resp_h", "addr"),
    ("id.resp_p", "port"),
    ("version", "string"),
    ("cipher", "string"),
    ("server_name", "string"),
    ("resumed", "bool"),
    ("established", "bool"),
];
const DHCP: &[(&str, &str)] = &[
    ("ts", "time"),
    ("uids", "set[string]"),
    ("client_addr", "addr"),
    ("server_addr", "addr"),
    ("mac", "string"),
    ("host_name", "string"),
    ("client_fqdn", "string"),
    ("domain", "string"),
    ("requested_addr", "addr"),
    ("assigned_addr", "addr"),
    ("lease_time", "interval"),
    ("msg_types", "vector[string]"),
    ("duration", "interval"),
];

impl Log {
    fn name(self) -> &'static str {
        match self {
            Self::Conn => "conn",
            Self::Dns => "dns",
            Self::Http => "http",
            Self::Ssl => "ssl",
            Self::Dhcp => "dhcp",
        }
    }

    fn fields(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Conn => CONN,
            Self::Dns => DNS,
            Self::Http => HTTP,
            Self::Ssl => SSL,
            Self::Dhcp => DHCP,
        }
    }
}

/// The sensor's logs: a folder a day.
pub(crate) struct Zeek {
    json: [bool; 5],
    series: [Series; 5],
}

impl Zeek {
    pub(crate) fn new(folder: &Path, json: [bool; 5], packs: [Pack; 5]) -> Self {
        let series = LOGS.map(|log| {
            let folder = folder.to_owned();
            let name = move |at: At| folder.join(at.date()).join(format!("{}.log", log.name()));
            let series = Series::new(name, Every::Day, packs[log as usize]);
            if json[log as usize] {
                return series;
            }
            let close = |at: At| format!("#close\t{}-00-00-00\n", at.midnight().plus(DAY).date());
            series.headed(move |at| header(log, at.midnight())).footed(close)
        });
        Self { json, series }
    }

    pub(crate) fn flow(&mut self, flow: &Flow<'_>) {
        let (state, history) = match flow.outcome {
            Outcome::Closed => ("SF", "ShADadFf"),
            Outcome::Rejected => ("REJ", "Sr"),
            Outcome::Unanswered => ("S0", "S"),
        };
        let answered = flow.outcome != Outcome::Unanswered;
        let count = |bytes| if answered { Cell::Count(bytes) } else { Cell::Unset };
        let packets = |bytes: u64| match flow.outcome {
            Outcome::Closed => 4 + bytes.div_ceil(1400),
            Outcome::Rejected => 1,
            Outcome::Unanswered => 0,
        };
        let rest = [
            Cell::Text("tcp"),
            flow.service.map_or(Cell::Unset, Cell::Text),
            if answered { Cell::Span(flow.micros) } else { Cell::Unset },
            count(flow.sent),
            count(flow.received),
            Cell::Text(state),
            Cell::Count(0),
            Cell::Text(history),
            Cell::Count(packets(flow.sent).max(1)),
            Cell::Count(packets(flow.received)),
        ];
        self.log(Log::Conn, &flow.ends, rest);
    }

    pub(crate) fn web(&mut self, web: &Web<'_>) {
        let rest = [
            Cell::Count(1),
            Cell::Text(web.method),
            Cell::Text(web.host),
            Cell::Text(web.rest),
            Cell::Unset,
            Cell::Text("1.1"),
            Cell::Text("Mozilla/5.0 (Synthetic; rv:1.0)"),
            Cell::Count(web.sent),
            Cell::Count(43),
            Cell::Count(200),
            Cell::Text("OK"),
        ];
        self.log(Log::Http, &web.ends, rest);
    }

    pub(crate) fn tls(&mut self, ends: Ends<'_>, host: &str) {
        let rest = [
            Cell::Text("TLSv13"),
            Cell::Text("TLS_AES_128_GCM_SHA256"),
            Cell::Text(host),
            Cell::Bool(false),
            Cell::Bool(true),
        ];
        self.log(Log::Ssl, &ends, rest);
    }

    pub(crate) fn query(&mut self, query: &Query<'_>) {
        let answers = [query.answer];
        let rest = [
            Cell::Text("udp"),
            Cell::Count(query.ends.client.1 % 50_000),
            Cell::Text(query.host),
            Cell::Text("C_INTERNET"),
            Cell::Text("A"),
            Cell::Text("NOERROR"),
            Cell::Bool(false),
            Cell::Bool(true),
            Cell::Bool(true),
            Cell::List(&answers),
            Cell::Bool(false),
        ];
        self.log(Log::Dns, &query.ends, rest);
    }

    pub(crate) fn lease(&mut self, lease: &Lease<'_>) {
        let full_name = format!("{}.{}", lease.name, lease.domain);
        let cells = [
            Cell::Time(lease.at),
            Cell::List(&[lease.uid]),
            Cell::Unset,
            Cell::Text(DHCP_SERVER),
            Cell::Text(lease.mac),
            Cell::Text(lease.name),
            Cell::Text(&full_name),
            Cell::Text(lease.domain),
            Cell::Text(lease.address),
            Cell::Text(lease.address),
            Cell::Span(12 * 3600 * 1_000_000),
            Cell::List(&["DISCOVER", "OFFER", "REQUEST", "ACK"]),
            Cell::Span(41_000),
        ];
        self.row(Log::Dhcp, lease.at, &cells);
    }

    /// Writes the rows before a moment.
    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        self.series.iter_mut().try_for_each(|series| series.flush(moment))
    }

    /// Closes the last files.
    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        self.series.iter_mut().try_for_each(Series::finish)
    }

    fn log<'a>(&mut self, log: Log, ends: &'a Ends<'a>, rest: impl IntoIterator<Item = Cell<'a>>) {
        let first = [
            Cell::Time(ends.at),
            Cell::Text(ends.uid),
            Cell::Text(ends.client.0),
            Cell::Count(ends.client.1),
            Cell::Text(ends.server.0),
            Cell::Count(ends.server.1),
        ];
        self.row(log, ends.at, &first.into_iter().chain(rest).collect::<Vec<_>>());
    }

    /// Takes a row; its cells follow the log's fields.
    fn row(&mut self, log: Log, at: At, cells: &[Cell<'_>]) {
        debug_assert_eq!(cells.len(), log.fields().len());
        let row = if self.json[log as usize] { json_row(log, cells) } else { tsv_row(cells) };
        self.series[log as usize].push(at, row);
    }
}

fn header(log: Log, day: At) -> String {
    let join = |pick: fn(&(&'static str, &'static str)) -> &'static str| {
        log.fields().iter().map(pick).collect::<Vec<_>>().join("\t")
    };
    let (name, date) = (log.name(), day.date());
    let (fields, types) = (join(|field| field.0), join(|field| field.1));
    format!(
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t{name}\n\
         #open\t{date}-00-00-00\n#fields\t{fields}\n#types\t{types}\n"
    )
}

fn tsv_row(cells: &[Cell<'_>]) -> String {
    let mut row = String::with_capacity(160);
    for (rank, cell) in cells.iter().enumerate() {
        if rank > 0 {
            row.push('\t');
        }
        match cell {
            Cell::Unset => row.push('-'),
            Cell::Time(at) => row.push_str(&at.epoch_micros()),
            Cell::Text("") => row.push_str("(empty)"),
            Cell::Text(text) => row.push_str(text),
            Cell::Count(count) => row.push_str(&count.to_string()),
            Cell::Bool(yes) => row.push(if *yes { 'T' } else { 'F' }),
            Cell::Span(micros) => row.push_str(&seconds(*micros)),
            Cell::List(items) => row.push_str(&items.join(",")),
        }
    }
    row
}

fn json_row(log: Log, cells: &[Cell<'_>]) -> String {
    let mut row = String::with_capacity(240);
    row.push('{');
    for ((name, _), cell) in log.fields().iter().zip(cells) {
        let value = match cell {
            Cell::Unset => continue,
            Cell::Time(at) => at.epoch_micros(),
            Cell::Text(text) => quoted(text),
            Cell::Count(count) => count.to_string(),
            Cell::Bool(yes) => yes.to_string(),
            Cell::Span(micros) => seconds(*micros),
            Cell::List(items) => {
                let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
                format!("[{}]", items.join(","))
            }
        };
        if row.len() > 1 {
            row.push(',');
        }
        row.push_str(&quoted(name));
        row.push(':');
        row.push_str(&value);
    }
    row.push('}');
    row
}

fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}
