//! The logs that both sides read: made from a seed, the same bytes each time.
//!
//! They have the columns that Zeek 5 and 6 write by default, and an office's
//! habits (see `office`): few names and clients make most of the lines. Where
//! the public data to test with is there, a real log comes beside them.

mod conn;
mod dice;
mod dns;
mod office;
mod real;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use conn::Connections;
use dns::Lookups;

pub(super) use dice::Dice;
pub(super) use office::{Office, unused_address};

/// A log on disk.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) path: PathBuf,
    /// The table of a case that its rows go to.
    pub(super) table: &'static str,
    pub(super) bytes: u64,
    pub(super) rows: u64,
}

impl Input {
    /// The file's name.
    pub(super) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// A made dns.log.
pub(super) fn dns_tsv(folder: &Path, megabytes: u64) -> anyhow::Result<Input> {
    let office = Office::new();
    let mut lookups = Lookups::new(&office, 1);
    let path = folder.join(format!("dns-{megabytes}.log"));
    written(path, "dns", megabytes, dns::HEADER, |line| lookups.next().tsv(line))
}

/// Made JSON lines of other look-ups of the same office.
pub(super) fn dns_json(folder: &Path, megabytes: u64) -> anyhow::Result<Input> {
    let office = Office::new();
    let mut lookups = Lookups::new(&office, 2);
    let path = folder.join(format!("dns-{megabytes}.json"));
    written(path, "dns", megabytes, "", |line| lookups.next().json(line))
}

/// A made conn.log.
pub(super) fn conn_tsv(folder: &Path, megabytes: u64) -> anyhow::Result<Input> {
    let office = Office::new();
    let mut connections = Connections::new(&office, 3);
    let path = folder.join(format!("conn-{megabytes}.log"));
    written(path, "network", megabytes, conn::HEADER, |line| connections.next().tsv(line))
}

/// The public dns.log repeated, each time later and with other uids; none where
/// the public data is not there.
pub(super) fn real_dns_tsv(
    root: &Path,
    folder: &Path,
    megabytes: u64,
) -> anyhow::Result<Option<Input>> {
    let source = data(root).join("logs").join("zeek-tsv").join("dns.log.gz");
    if !source.is_file() {
        crate::say("bench-peers: no public dns.log (CLARTE_DATA), so only made logs");
        return Ok(None);
    }
    let log = real::Log::read(&source)?;
    let mut rows = log.rows();
    let path = folder.join(format!("dns-real-{megabytes}.log"));
    written(path, "dns", megabytes, log.header(), |line| rows.next(line)).map(Some)
}

/// The public data to test with.
pub(super) fn data(root: &Path) -> PathBuf {
    let named = std::env::var_os("CLARTE_DATA").map(PathBuf::from);
    root.join(named.unwrap_or_else(|| PathBuf::from("../shared/data")))
}

/// A log of so many megabytes, line by line, unless it lies there already.
fn written(
    path: PathBuf,
    table: &'static str,
    megabytes: u64,
    header: &str,
    mut append: impl FnMut(&mut String),
) -> anyhow::Result<Input> {
    let cannot = || format!("cannot write {}", path.display());
    if !path.exists() {
        crate::say(&format!("bench-peers: making {}", path.display()));
        // Under another name until it is whole.
        let partial = path.with_extension("part");
        let mut file = BufWriter::new(File::create(&partial).with_context(cannot)?);
        file.write_all(header.as_bytes())?;
        let mut left = (megabytes * 1_000_000).saturating_sub(header.len() as u64);
        let mut line = String::new();
        while left > 0 {
            line.clear();
            append(&mut line);
            line.push('\n');
            file.write_all(line.as_bytes()).with_context(cannot)?;
            left = left.saturating_sub(line.len() as u64);
        }
        file.into_inner().context("a log lost its end")?.sync_all()?;
        fs::rename(&partial, &path).with_context(cannot)?;
    }
    let rows = rows(&path)?;
    let bytes = fs::metadata(&path)?.len();
    Ok(Input { path, table, bytes, rows })
}

/// Counts lines that are no header, which brings the file into memory too.
fn rows(path: &Path) -> anyhow::Result<u64> {
    let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
    let (mut rows, mut line) = (0, Vec::new());
    while file.read_until(b'\n', &mut line)? > 0 {
        rows += u64::from(!line.starts_with(b"#"));
        line.clear();
    }
    Ok(rows)
}

/// The head of a Zeek TSV log, as its ASCII writer writes it.
macro_rules! zeek_header {
    ($path:literal, $fields:literal, $types:literal) => {
        concat!(
            "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t",
            $path,
            "\n#open\t2024-03-04-00-00-00\n#fields\t",
            $fields,
            "\n#types\t",
            $types,
            "\n"
        )
    };
}
use zeek_header;

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Input, conn_tsv, dns_json, dns_tsv};

    #[test]
    fn a_log_is_as_large_as_asked_for_and_the_same_each_time() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for make in [dns_tsv, dns_json, conn_tsv] {
            let (first, second) = (make(one.path(), 1).unwrap(), make(other.path(), 1).unwrap());
            assert!((1_000_000..1_001_000).contains(&first.bytes), "{first:?}");
            assert_eq!(fs::read(&first.path).unwrap(), fs::read(&second.path).unwrap());
            let kept = make(one.path(), 1).unwrap();
            assert_eq!((kept.bytes, kept.rows), (first.bytes, first.rows));
        }
    }

    #[test]
    fn every_row_has_the_columns_of_its_header() {
        let folder = tempfile::tempdir().unwrap();
        for make in [dns_tsv, conn_tsv] {
            let input = make(folder.path(), 1).unwrap();
            let text = fs::read_to_string(&input.path).unwrap();
            let columns = |line: &str| line.split('\t').count();
            let fields = text.lines().find(|line| line.starts_with("#fields")).unwrap();
            let types = text.lines().find(|line| line.starts_with("#types")).unwrap();
            assert_eq!(columns(fields), columns(types));
            let rows: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
            assert_eq!(rows.len() as u64, input.rows);
            assert!(rows.iter().all(|row| columns(row) + 1 == columns(fields)));
        }
    }

    #[test]
    fn rows_are_nearly_in_order_and_uids_differ() {
        let folder = tempfile::tempdir().unwrap();
        let input: Input = conn_tsv(folder.path(), 1).unwrap();
        let text = fs::read_to_string(&input.path).unwrap();
        let rows = || text.lines().filter(|line| !line.starts_with('#'));
        let times: Vec<f64> =
            rows().map(|row| row.split('\t').next().unwrap().parse().unwrap()).collect();
        let back = times.windows(2).filter(|pair| pair[1] < pair[0]).count();
        assert!((1..times.len() / 2).contains(&back), "{back} of {} steps go back", times.len());
        let mut uids: Vec<_> = rows().map(|row| row.split('\t').nth(1).unwrap()).collect();
        uids.sort_unstable();
        uids.dedup();
        assert_eq!(uids.len(), times.len());
    }

    #[test]
    fn json_lines_leave_out_what_is_unset() {
        let folder = tempfile::tempdir().unwrap();
        let input = dns_json(folder.path(), 1).unwrap();
        let text = fs::read_to_string(&input.path).unwrap();
        let rows: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(rows.iter().any(|row| row.get("answers").is_none()));
        assert!(rows.iter().any(|row| row["answers"].as_array().is_some_and(|all| all.len() > 1)));
        assert!(rows.iter().all(|row| row["ts"].is_f64() && row["query"].is_string()));
    }
}
