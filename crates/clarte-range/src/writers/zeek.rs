//! Zeek's conn, dns, http, ssl and dhcp logs, tab-separated or JSON lines.
//! Spec: <https://docs.zeek.org/en/master/log-formats.html>

use std::path::{Path, PathBuf};

use crate::RangeError;
use crate::calendar::{At, DAY};
use crate::writers::{LineFile, Waiting};

/// A log of Zeek's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Log {
    Conn,
    Dns,
    Http,
    Ssl,
    Dhcp,
}

/// A value of a row.
pub(crate) enum Cell<'a> {
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
    folder: PathBuf,
    json: [bool; 5],
    gz: [bool; 5],
    waiting: [Waiting<String>; 5],
    open: [Option<(At, LineFile)>; 5],
}

impl Zeek {
    pub(crate) fn new(folder: &Path, json: [bool; 5], gz: [bool; 5]) -> Self {
        let waiting = [(); 5].map(|()| Waiting::new());
        Self { folder: folder.to_owned(), json, gz, waiting, open: [const { None }; 5] }
    }

    /// Takes a row; its cells follow the log's fields.
    pub(crate) fn log(&mut self, log: Log, at: At, cells: &[Cell<'_>]) {
        debug_assert_eq!(cells.len(), log.fields().len());
        let rank = log as usize;
        let row = if self.json[rank] { json_row(log, cells) } else { tsv_row(cells) };
        self.waiting[rank].push(at, row);
    }

    /// Writes the rows before a moment.
    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        for log in LOGS {
            for (at, row) in self.waiting[log as usize].take_before(moment) {
                self.file_of(log, at)?.line(&row)?;
            }
        }
        Ok(())
    }

    /// Closes the last files.
    pub(crate) fn finish(mut self) -> Result<(), RangeError> {
        LOGS.iter().try_for_each(|log| self.close(*log))
    }

    fn file_of(&mut self, log: Log, at: At) -> Result<&mut LineFile, RangeError> {
        let rank = log as usize;
        let day = at.midnight();
        if self.open[rank].as_ref().is_none_or(|(open, _)| *open != day) {
            self.close(log)?;
        }
        let file = match self.open[rank].take() {
            Some((_, file)) => file,
            None => self.create(log, day)?,
        };
        Ok(&mut self.open[rank].insert((day, file)).1)
    }

    fn create(&self, log: Log, day: At) -> Result<LineFile, RangeError> {
        let path = self.folder.join(day.date()).join(format!("{}.log", log.name()));
        let mut file = LineFile::create(&path, self.gz[log as usize])?;
        if !self.json[log as usize] {
            file.write(header(log, day).as_bytes())?;
        }
        Ok(file)
    }

    fn close(&mut self, log: Log) -> Result<(), RangeError> {
        let Some((day, mut file)) = self.open[log as usize].take() else {
            return Ok(());
        };
        if !self.json[log as usize] {
            let stamp = day.plus(DAY).date();
            file.line(&format!("#close\t{stamp}-00-00-00"))?;
        }
        file.finish()
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

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}
