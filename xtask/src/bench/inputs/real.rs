//! A real dns.log, made longer: its rows again and again, each round later than
//! the one before and with uids of its own.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

use super::dice::{append_base62, mixed};
use super::dns::seconds;
use crate::bench::measure;

/// The log as it is.
#[derive(Debug)]
pub(super) struct Log {
    header: String,
    /// Time in microseconds, uid, and the rest of the line.
    rows: Vec<(u64, String, String)>,
    /// From the first row to after the last.
    span: u64,
}

impl Log {
    /// Reads a compressed log with `gzip`, because only `clarte-parse` may name
    /// a library that could.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let taken = measure::run(Command::new("gzip").arg("-dc").arg(path))?;
        Self::parse(&taken.stdout).with_context(|| format!("cannot use {}", path.display()))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let is_header = |line: &&str| line.starts_with('#') && !line.starts_with("#close");
        let header = text
            .lines()
            .take_while(is_header)
            .fold(String::new(), |header, line| header + line + "\n");
        let rows: Vec<_> =
            text.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect();
        ensure!(!header.is_empty() && !rows.is_empty(), "it is no Zeek log");
        let times = || rows.iter().map(|(time, ..)| *time);
        let span = times().max().unwrap_or(0) - times().min().unwrap_or(0) + 1_000_000;
        Ok(Self { header, rows, span })
    }

    /// The lines before the first row.
    pub(super) fn header(&self) -> &str {
        &self.header
    }

    /// The endless log.
    pub(super) fn rows(&self) -> Rows<'_> {
        Rows { log: self, round: 0, at: 0 }
    }
}

fn row(line: &str) -> Option<(u64, String, String)> {
    let (time, rest) = line.split_once('\t')?;
    let (uid, rest) = rest.split_once('\t')?;
    let (whole, fraction) = time.split_once('.')?;
    let microseconds = whole.parse::<u64>().ok()? * 1_000_000 + fraction.parse::<u64>().ok()?;
    (fraction.len() == 6).then(|| (microseconds, uid.to_owned(), rest.to_owned()))
}

/// Where in the endless log one is.
pub(super) struct Rows<'l> {
    log: &'l Log,
    round: u64,
    at: usize,
}

impl Rows<'_> {
    /// Appends the next line.
    pub(super) fn next(&mut self, line: &mut String) {
        let (time, uid, rest) = &self.log.rows[self.at];
        let _ = write!(line, "{}\t", seconds(time + self.round * self.log.span));
        append_uid(line, uid, self.round);
        line.push('\t');
        line.push_str(rest);
        self.at += 1;
        if self.at == self.log.rows.len() {
            self.at = 0;
            self.round += 1;
        }
    }
}

/// Another uid in every round, the same for rows that shared one.
fn append_uid(line: &mut String, uid: &str, round: u64) {
    let folded = uid.bytes().fold(round, |hash, byte| mixed(hash ^ u64::from(byte)));
    line.push('C');
    append_base62(line, folded, 9);
    append_base62(line, mixed(!folded), 8);
}

#[cfg(test)]
mod tests {
    use super::Log;

    #[test]
    fn a_second_round_is_later_and_has_other_uids() {
        let log = Log::parse(
            "#separator \\x09\n#path\tdns\n5.000001\tCaaa\tx\n4.900000\tCaaa\ty\n#close\t2024\n",
        )
        .unwrap();
        assert_eq!(log.header(), "#separator \\x09\n#path\tdns\n");
        let mut rows = log.rows();
        let lines: Vec<Vec<String>> = (0..4)
            .map(|_| {
                let mut line = String::new();
                rows.next(&mut line);
                line.split('\t').map(str::to_owned).collect()
            })
            .collect();
        let column = |at: usize| lines.iter().map(|line| line[at].as_str()).collect::<Vec<_>>();
        assert_eq!(column(0), ["5.000001", "4.900000", "6.100002", "6.000001"]);
        assert_eq!(column(2), ["x", "y", "x", "y"]);
        let uids = column(1);
        assert!(uids[0] == uids[1] && uids[2] == uids[3] && uids[0] != uids[2]);
    }

    #[test]
    fn what_is_no_log_is_refused() {
        assert!(Log::parse("hello\n").is_err());
    }
}
