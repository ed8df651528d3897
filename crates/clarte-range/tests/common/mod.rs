//! What the tests of making and of scoring share.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::io::Read;
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
    place: Place,
    text: String,
}

/// Where something stands.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "not every test looks at where")]
pub(crate) struct Place {
    pub(crate) path: String,
    pub(crate) offset: usize,
    pub(crate) length: usize,
}

impl Evidence {
    pub(crate) fn read(folder: &Path) -> Self {
        let mut lines = Vec::new();
        for path in files(&folder.join("evidence")) {
            let mut bytes = fs::read(&path).unwrap();
            if path.extension().is_some_and(|end| end == "gz") {
                let mut plain = Vec::new();
                flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain).unwrap();
                bytes = plain;
            }
            let path = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            // The second byte of a wide line end is the next line's first.
            let wide = usize::from(bytes.starts_with(&[0xff, 0xfe]));
            let mut offset = 0;
            for line in bytes.split_inclusive(|&byte| byte == b'\n') {
                let narrow: Vec<u8> = line.iter().copied().filter(|&byte| byte != 0).collect();
                let text = String::from_utf8_lossy(&narrow).into_owned();
                let place = Place { path: path.clone(), offset, length: line.len() + wide };
                lines.push(Line { place, text });
                offset += line.len();
            }
        }
        Self { lines }
    }

    /// The line that shows a rung of a victim: a mail's or trace's message id,
    /// a rejection, or a request with name, token or host, and time.
    pub(crate) fn showing(&self, victim: &TrueVictim, rung: &TrueRung) -> Option<Place> {
        let is_act = matches!(rung.rung.as_str(), "opened" | "interacted");
        let second = epoch(&rung.time).to_string();
        let shows = |line: &&Line| {
            let path = &line.place.path;
            if is_act {
                (path.contains("/proxy/") || path.contains("/zeek/"))
                    && act(victim, rung, &second, &line.text)
            } else {
                !path.contains("/zeek/") && mail(victim, rung, &line.text)
            }
        };
        self.lines.iter().find(shows).map(|line| line.place.clone())
    }
}

fn mail(victim: &TrueVictim, rung: &TrueRung, line: &str) -> bool {
    victim.message_ids.iter().any(|id| line.contains(id.as_str()))
        || (line.contains("reject")
            && line.contains(&victim.identity)
            && rung.hosts.iter().any(|host| line.contains(host.as_str())))
}

fn act(victim: &TrueVictim, rung: &TrueRung, second: &str, line: &str) -> bool {
    let any = |list: &[String]| list.iter().any(|item| line.contains(item.as_str()));
    line.contains(second) && any(&victim.aliases) && (any(&rung.tokens) || any(&rung.hosts))
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
