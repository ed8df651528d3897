//! Over the seeds, every dialect is written, and each file is what its
//! documentation says: read here by plain means, not by any parser.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

#[allow(dead_code, reason = "the other tests use more of it")]
mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clarte_range::Plan;
use common::made;
use serde_json::Value;

/// A kind of evidence and whether a stream is it.
struct Dialect {
    name: &'static str,
    folder: &'static str,
    is_it: fn(&str) -> bool,
}

const DIALECTS: &[Dialect] = &[
    Dialect { name: "squid", folder: "proxy", is_it: |text| lines(text, is_squid) },
    Dialect { name: "combined", folder: "proxy", is_it: |text| lines(text, is_combined) },
    Dialect {
        name: "squid over RFC 3164",
        folder: "proxy",
        is_it: |text| {
            lines(text, |l| traditional(l).is_some_and(|l| after(l, "squid").is_some_and(is_squid)))
        },
    },
    Dialect {
        name: "squid over RFC 5424",
        folder: "proxy",
        is_it: |text| lines(text, |l| modern(l, "squid").is_some_and(is_squid)),
    },
    Dialect { name: "zeek TSV", folder: "zeek", is_it: is_zeek_tsv },
    Dialect { name: "zeek JSON", folder: "zeek", is_it: |text| json_lines(text, "ts") },
    Dialect { name: "EVE", folder: "suricata", is_it: |text| json_lines(text, "event_type") },
    Dialect {
        name: "BIND",
        folder: "dns",
        is_it: |text| lines(text, |l| l.contains(" queries: info: client @0x") && is_bind(l)),
    },
    Dialect {
        name: "BIND over syslog",
        folder: "dns",
        is_it: |text| lines(text, |l| l.contains(" named") && is_bind(l)),
    },
    Dialect {
        name: "dnsmasq",
        folder: "dns",
        is_it: |text| {
            lines(text, |l| l.contains("query[A] ") && l.contains(" from ") || l.contains("reply "))
        },
    },
    Dialect {
        name: "Unbound",
        folder: "dns",
        is_it: |text| lines(text, |l| l.contains("info: ") && l.ends_with(". A IN")),
    },
    Dialect {
        name: "dhcpd",
        folder: "dhcp",
        is_it: |text| {
            lines(text, |l| l.contains("DHCP") && l.ends_with(" via eth0") && l.contains("dhcpd"))
        },
    },
    Dialect {
        name: "dnsmasq-dhcp",
        folder: "dhcp",
        is_it: |text| lines(text, |l| l.contains("dnsmasq-dhcp") && l.contains("(eth0) ")),
    },
    Dialect { name: "dhcpd.leases", folder: "dhcp", is_it: is_lease_file },
    Dialect { name: "Windows DHCP", folder: "dhcp", is_it: is_windows_dhcp },
    Dialect {
        name: "Postfix",
        folder: "mta",
        is_it: |text| lines(text, |l| l.contains("postfix/")),
    },
    Dialect {
        name: "Exim",
        folder: "mta",
        is_it: |text| text.contains(" <= ") && text.contains(" Completed"),
    },
    Dialect {
        name: "Exchange",
        folder: "mta",
        is_it: |text| {
            text.starts_with("#Software: Microsoft Exchange Server\r\n")
                && table(text.split("#Fields: ").nth(1).unwrap_or_default())
        },
    },
    Dialect {
        name: "trace CSV",
        folder: "m365/message-trace.csv",
        is_it: |text| table(text.trim_start_matches('\u{feff}')),
    },
    Dialect {
        name: "trace JSON",
        folder: "m365/trace.json",
        is_it: |text| arrays(text).is_some_and(|all| all.len() == 1),
    },
    Dialect {
        name: "Search-UnifiedAuditLog",
        folder: "m365/unified-audit-log",
        is_it: |text| {
            let text = if text.starts_with("#TYPE") {
                text.split_once("\r\n").unwrap_or_default().1
            } else {
                text
            };
            table(text) && text.contains("\"ResultIndex\",\"ResultCount\"")
        },
    },
    Dialect { name: "Purview", folder: "m365/AuditLog", is_it: table },
    Dialect { name: "Graph CSV", folder: "m365/UALGraph", is_it: table },
    Dialect {
        name: "Extractor",
        folder: "m365/UAL-",
        is_it: |text| {
            arrays(text).is_some_and(|all| {
                all.iter().flat_map(|array| array.as_array().unwrap()).all(|element| {
                    let data = element["AuditData"].as_str().unwrap_or_default();
                    serde_json::from_str::<Value>(data).is_ok()
                })
            })
        },
    },
    Dialect {
        name: "sign-ins JSON",
        folder: "entra/SignInLogs",
        is_it: |text| arrays(text).is_some_and(|all| all.len() == 1),
    },
    Dialect {
        name: "sign-ins CSV",
        folder: "entra/SignIns",
        is_it: |text| table(text.trim_start_matches('\u{feff}')),
    },
    Dialect { name: "Winlogbeat", folder: "windows", is_it: |text| json_lines(text, "winlog") },
    Dialect {
        name: "NXLog",
        folder: "windows",
        is_it: |text| json_lines(text, "SourceModuleType"),
    },
];

/// Folders whose every file must be one of the dialects.
const FOLDERS: [&str; 8] = ["proxy", "zeek", "suricata", "dns", "dhcp", "mta", "m365", "windows"];

#[test]
fn twenty_seeds_write_every_dialect_as_documented() {
    let mut met: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 1..=20 {
        let folder = made(&Plan { people: 24, days: 12, seed });
        let mut seen: BTreeMap<&str, bool> = BTreeMap::new();
        for (name, text) in streams(folder.path()) {
            let mut fitting = DIALECTS
                .iter()
                .filter(|dialect| {
                    let (top, rest) =
                        dialect.folder.split_once('/').unwrap_or((dialect.folder, ""));
                    name.split('/').next() == Some(top) && name.contains(rest)
                })
                .filter(|dialect| (dialect.is_it)(&text));
            let dialect = fitting.next();
            let must = FOLDERS.iter().any(|folder| name.starts_with(&format!("{folder}/")));
            assert!(dialect.is_some() || !must, "seed {seed}: {name}: {:.300}", text);
            if let Some(dialect) = dialect {
                seen.insert(dialect.name, true);
            }
        }
        for name in seen.into_keys() {
            *met.entry(name).or_default() += 1;
        }
    }
    for dialect in DIALECTS {
        let count = met.get(dialect.name).copied().unwrap_or_default();
        assert!(count >= 2, "{} in {count} of 20 seeds: {met:#?}", dialect.name);
    }
}

/// Every stream below the evidence: a name that begins with its folder, and
/// its text.
fn streams(folder: &Path) -> Vec<(String, String)> {
    let evidence = folder.join("evidence");
    let mut all = Vec::new();
    for path in files(&evidence) {
        let name = path.strip_prefix(&evidence).unwrap().to_str().unwrap().to_owned();
        if name.starts_with("mail") {
            continue;
        }
        for (member, bytes) in clarte_range::streams(&path).unwrap() {
            let narrow = bytes.strip_prefix(b"\xff\xfe").unwrap_or(&bytes);
            let wide = narrow.len() < bytes.len();
            let narrow: Vec<u8> =
                narrow.iter().copied().filter(|&byte| !wide || byte != 0).collect();
            let text = String::from_utf8_lossy(&narrow).into_owned();
            all.push((member.unwrap_or_else(|| name.clone()), text));
        }
    }
    all
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { &mut folders } else { &mut files }.push(path);
        }
    }
    files
}

fn lines(text: &str, is_it: impl Fn(&str) -> bool) -> bool {
    !text.is_empty() && text.ends_with('\n') && text.lines().all(is_it)
}

/// What follows `Jan  6 03:19:31 host `.
fn traditional(line: &str) -> Option<&str> {
    let (month, rest) = line.split_at_checked(3)?;
    let clock = rest.get(4..12)?;
    let is_time = month.bytes().all(|byte| byte.is_ascii_alphabetic())
        && clock.bytes().filter(|&byte| byte == b':').count() == 2;
    if is_time { rest.get(13..)?.split_once(' ').map(|(_, rest)| rest) } else { None }
}

/// What follows `program[pid]: `.
fn after<'a>(line: &'a str, program: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(program)?.strip_prefix('[')?;
    rest.split_once("]: ").map(|(_, rest)| rest)
}

/// What a program says in a line of RFC 5424.
fn modern<'a>(line: &'a str, program: &str) -> Option<&'a str> {
    let fields: Vec<&str> = line.splitn(8, ' ').collect();
    let is_it = fields.len() == 8
        && fields[0].starts_with('<')
        && fields[0].ends_with(">1")
        && fields[1].ends_with('Z')
        && fields[3] == program;
    is_it.then(|| fields[7])
}

fn is_squid(line: &str) -> bool {
    let fields: Vec<&str> = line.split_whitespace().collect();
    fields.len() == 10
        && fields[0].split_once('.').is_some_and(|(_, millis)| millis.len() == 3)
        && fields[3].contains('/')
        && fields[8].starts_with("HIER_DIRECT/")
}

fn is_combined(line: &str) -> bool {
    let parts: Vec<&str> = line.split('"').collect();
    parts.len() == 7
        && parts[0].contains(" - ")
        && parts[0].trim_end().ends_with(']')
        && parts[1].ends_with(" HTTP/1.1")
        && parts[2].split_whitespace().count() == 2
}

fn is_bind(line: &str) -> bool {
    line.contains(": query: ") && line.contains(" IN A ") && line.ends_with(')')
}

fn is_zeek_tsv(text: &str) -> bool {
    let width = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.map_or(0, |line| line.split('\t').count() - 1)
    };
    let (fields, types) = (width("#fields"), width("#types"));
    text.starts_with("#separator \\x09\n")
        && text.contains("\n#close\t")
        && fields == types
        && text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .all(|l| l.split('\t').count() == fields)
}

fn is_lease_file(text: &str) -> bool {
    let count = |what: &str| text.matches(what).count();
    count("\nlease ") > 0
        && count("\nlease ") == count("\n}\n")
        && count("  starts ") == count("  hardware ethernet ")
}

fn is_windows_dhcp(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("\r\nID,Date,Time,Description,IP Address,") else {
        return false;
    };
    rest.lines().skip(1).all(|row| row.split(',').count() == 19)
}

fn json_lines(text: &str, key: &str) -> bool {
    lines(text, |line| {
        serde_json::from_str::<Value>(line).is_ok_and(|value| value.get(key).is_some())
    })
}

fn arrays(text: &str) -> Option<Vec<Value>> {
    let all: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    all.ok().filter(|all| !all.is_empty() && all.iter().all(Value::is_array))
}

/// Whether every row has as many fields as the first (RFC 4180).
fn table(text: &str) -> bool {
    let (mut rows, mut fields, mut quoted) = (Vec::new(), 1, false);
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => fields += 1,
            b'\n' if !quoted => {
                rows.push(fields);
                fields = 1;
            }
            _ => {}
        }
    }
    !quoted && rows.first().is_some_and(|&first| first > 3) && rows.iter().all(|&r| r == rows[0])
}
