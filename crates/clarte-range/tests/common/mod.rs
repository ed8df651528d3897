//! What the tests of making and of scoring share.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

use clarte_range::{Plan, TrueRung, TrueVictim, Truth, make};
use tempfile::TempDir;

/// A range in a folder of its own.
pub(crate) fn made(plan: &Plan) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be used");
    make(plan, folder.path(), &mut |_, _| {}).expect("a temporary folder can be used");
    folder
}

/// Its truth.
pub(crate) fn truth_of(folder: &Path) -> Truth {
    serde_json::from_slice(
        &fs::read(folder.join("truth.json")).expect("a temporary folder can be used"),
    )
    .expect("a temporary folder can be used")
}

/// Every file below a folder and a hash of its bytes.
#[allow(dead_code, reason = "not every test compares bytes")]
pub(crate) fn fingerprints(folder: &Path) -> BTreeMap<PathBuf, u64> {
    let hash = |path: &PathBuf| {
        let mut hasher = DefaultHasher::new();
        hasher.write(&fs::read(path).expect("a temporary folder can be used"));
        hasher.finish()
    };
    let all = files(folder);
    all.iter()
        .map(|path| {
            (
                path.strip_prefix(folder).expect("a temporary folder can be used").to_owned(),
                hash(path),
            )
        })
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a temporary folder can be used") {
            let path = entry.expect("a temporary folder can be used").path();
            if path.is_dir() { &mut folders } else { &mut files }.push(path);
        }
    }
    files.sort();
    files
}

/// The evidence, decompressed, line by line.
pub(crate) struct Evidence {
    lines: Vec<Line>,
}

struct Line {
    /// The folder below the evidence, packed or not.
    folder: String,
    place: Place,
    text: String,
}

/// Where something stands.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "not every test looks at where")]
pub(crate) struct Place {
    pub(crate) path: String,
    pub(crate) member: Option<String>,
    pub(crate) offset: usize,
    pub(crate) length: usize,
}

impl Evidence {
    pub(crate) fn read(folder: &Path) -> Self {
        let mut lines = Vec::new();
        for path in files(&folder.join("evidence")) {
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
            for (member, bytes) in clarte_range::streams(&path).unwrap() {
                add_lines(&mut lines, name, member.as_deref(), &bytes);
            }
        }
        Self { lines }
    }

    /// The line that shows a rung of a victim: a mail's or trace's message id,
    /// a rejection, or a request with name, token or host, and time.
    pub(crate) fn showing(&self, victim: &TrueVictim, rung: &TrueRung) -> Option<Place> {
        let stamps = stamps(&rung.time);
        let shows = |line: &&Line| {
            let is = |folders: &[&str]| folders.contains(&line.folder.as_str());
            match rung.rung.as_str() {
                "opened" | "interacted" => {
                    is(&["proxy", "zeek", "suricata", "dns"])
                        && act(victim, rung, &stamps, &line.text)
                }
                "compromised" | "accessed" | "exfiltrated" => {
                    is(&["m365", "entra", "zeek", "suricata"])
                        && upper(victim, rung, &stamps, &line.text)
                }
                _ => is(&["mail", "mta", "m365"]) && mail(victim, rung, &line.text),
            }
        };
        self.lines.iter().find(shows).map(|line| line.place.clone())
    }
}

fn add_lines(lines: &mut Vec<Line>, path: &str, member: Option<&str>, bytes: &[u8]) {
    // The second byte of a wide line end is the next line's first.
    let wide = usize::from(bytes.starts_with(&[0xff, 0xfe]));
    let mut offset = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let narrow: Vec<u8> = line.iter().copied().filter(|&byte| byte != 0).collect();
        let text = String::from_utf8_lossy(&narrow).into_owned();
        // A last line has no line end to reach into.
        let length = (line.len() + wide).min(bytes.len() - offset);
        let folder = path.split(['/', '.']).nth(1).unwrap_or_default().to_owned();
        let (path, member) = (path.to_owned(), member.map(str::to_owned));
        lines.push(Line { folder, place: Place { path, member, offset, length }, text });
        offset += line.len();
    }
}

/// A second as the logs of a range may write it: since 1970, in UTC, or in
/// the local time of Brussels.
fn stamps(time: &str) -> Vec<String> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut stamps = vec![epoch(time).to_string()];
    let hour: u32 = time[11..13].parse().expect("a time has an hour");
    let (year, month, day) = (&time[..4], &time[5..7], &time[8..10]);
    let name = MONTHS[month.parse::<usize>().expect("a time has a month") - 1];
    for hour in hour..=hour + 2 {
        let clock = format!("{hour:02}{}", &time[13..19]);
        stamps.push(format!("{year}-{month}-{day}T{clock}"));
        stamps.push(format!("{day}/{name}/{year}:{clock}"));
        stamps.push(format!("{day}-{name}-{year} {clock}"));
        stamps.push(format!("{day}.{month}.{year} {clock}"));
        stamps.push(format!("{name} {:>2} {clock}", day.trim_start_matches('0')));
    }
    stamps
}

fn mail(victim: &TrueVictim, rung: &TrueRung, line: &str) -> bool {
    victim.message_ids.iter().any(|id| line.contains(id.as_str()))
        || (line.contains("reject")
            && line.contains(&victim.identity)
            && rung.hosts.iter().any(|host| line.contains(host.as_str())))
}

fn act(victim: &TrueVictim, rung: &TrueRung, stamps: &[String], line: &str) -> bool {
    let any = |list: &[String]| list.iter().any(|item| line.contains(item.as_str()));
    any(&victim.aliases) && (any(&rung.tokens) || any(&rung.hosts)) && any(stamps)
}

/// An act in an account, or what left an account or a machine.
fn upper(victim: &TrueVictim, rung: &TrueRung, stamps: &[String], line: &str) -> bool {
    let any = |list: &[String]| list.iter().any(|item| line.contains(item.as_str()));
    any(&rung.hosts) && (line.contains(&victim.identity) || any(&victim.aliases)) && any(stamps)
}

/// Seconds since 1970 of `2021-01-06T03:19:31Z`, counted plainly.
fn epoch(time: &str) -> i64 {
    let number = |from: usize, to: usize| {
        time[from..to].parse::<i64>().expect("a temporary folder can be used")
    };
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let lengths = [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let years: i64 = (1970..year).map(|year| 365 + i64::from(leap(year))).sum();
    let months: i64 = lengths[..month as usize - 1].iter().sum();
    let clock = number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19);
    (years + months + day - 1) * 86_400 + clock
}
