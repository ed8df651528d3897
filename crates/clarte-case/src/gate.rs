//! What an answer was drawn from, in one hash: as long as it stays the same,
//! the answer does.

use std::collections::BTreeSet;
use std::io;

use clarte_custody::{HashingReader, open_read_only};
use clarte_intel::{Matcher, Needles};
use clarte_lake::Lake;
use clarte_model::lake::{Hour, ObservableKind, Only, ReadError, Records, Seen, Stored};
use clarte_model::{Class, EvidenceId, Field, Indicator};
use serde_json::json;

use crate::CaseError;

/// Everything in the intelligence that the case's index has to do with.
pub(crate) fn matched(lake: &Lake, matcher: &Matcher) -> Result<Vec<Vec<Indicator>>, CaseError> {
    let index = Index { lake, matcher };
    Ok(clarte_extent::matched(&index, &|what| matcher.naming(what))?)
}

/// The hash over all that the answer depends on but the records' own bytes,
/// which their evidence stands for.
pub(crate) fn state(lake: &Lake, matched: &[Vec<Indicator>]) -> Result<String, CaseError> {
    let catalogue = lake.catalogue();
    let evidence: Vec<_> = catalogue
        .evidence()?
        .into_iter()
        .map(|(id, row)| {
            let paths: BTreeSet<_> = row.places.into_iter().map(|place| place.path).collect();
            let streams: Vec<_> = row
                .streams
                .into_iter()
                .map(|s| json!([s.member, s.format, s.reading, s.bytes, s.parsed, s.records]))
                .collect();
            json!([id, paths, streams])
        })
        .collect();
    let unreadable = crate::answer::unreadable(lake)?;
    let all =
        json!([env!("CARGO_PKG_VERSION"), clarte_extent::VERSION, evidence, unreadable, matched,]);
    let text = all.to_string();
    let hashed = HashingReader::new(text.as_bytes()).finish();
    // Reading from memory cannot fail.
    Ok(hashed.map(|(id, _)| id.to_string()).unwrap_or_default())
}

/// The index, as far as the intelligence could name anything in it.
struct Index<'i> {
    lake: &'i Lake,
    matcher: &'i Matcher,
}

impl Index<'_> {
    fn has_one(&self, hosts: &BTreeSet<String>) -> Result<bool, ReadError> {
        for kind in [ObservableKind::Hostname, ObservableKind::Ip] {
            if !present(self.lake, kind, hosts)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn present(
    lake: &Lake,
    kind: ObservableKind,
    wanted: &BTreeSet<String>,
) -> Result<BTreeSet<String>, ReadError> {
    lake.present(kind, wanted).map_err(|cause| ReadError(Box::new(cause)))
}

impl Records for Index<'_> {
    fn scan(
        &self,
        class: Class,
        fields: &[Field],
        only: &[Only<'_>],
        visit: &mut dyn FnMut(Stored<'_>),
    ) -> Result<(), ReadError> {
        self.lake.scan(class, fields, only, visit)
    }

    fn values(
        &self,
        kind: ObservableKind,
        visit: &mut dyn FnMut(Seen<'_>),
    ) -> Result<(), ReadError> {
        match self.matcher.needles().get(&kind) {
            None => Ok(()),
            Some(Needles::Any) => self.lake.values(kind, visit),
            Some(Needles::IfHost(hosts)) if !self.has_one(hosts)? => Ok(()),
            Some(Needles::IfHost(_)) => self.lake.values(kind, visit),
            Some(Needles::Exactly(wanted)) => {
                for value in &present(self.lake, kind, wanted)? {
                    visit(Seen { value, first: None, last: None, count: 0 });
                }
                Ok(())
            }
        }
    }

    fn hours(&self) -> Result<Vec<Hour>, ReadError> {
        self.lake.hours()
    }

    fn local_times(&self) -> Result<BTreeSet<EvidenceId>, ReadError> {
        self.lake.local_times()
    }
}

/// Whether a file still has the bytes of which `hash` is the SHA-256.
pub(crate) fn is_unchanged(path: &std::path::Path, hash: &str) -> io::Result<bool> {
    // Not whatever stands there now, such as a pipe that nobody writes to.
    let file = open_read_only(path).map_err(io::Error::other)?;
    let (found, _) = HashingReader::new(file).finish()?;
    Ok(found.to_string() == hash)
}

#[cfg(test)]
mod tests {
    use clarte_lake::{EvidenceRow, Run, RunWriter};
    use clarte_model::{How, Record, Reference, Source};
    use proptest::prelude::*;

    use super::*;

    /// Hosts as records and lists write them.
    const HOSTS: &[&str] = &[
        "a.b.example.org",
        "b.example.org",
        "example.org",
        "news.example.net",
        "192.0.2.7",
        "198.51.100.7",
        "2001:db8::7",
        "::ffff:192.0.2.7",
    ];

    fn bracketed(host: &str) -> String {
        if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
    }

    /// A case with a mail, a request and a look-up for each of `hosts`.
    fn lake(folder: &std::path::Path, hosts: &[&str]) -> Lake {
        let mut lake = Lake::open(folder).expect("a lake");
        let mut writer = RunWriter::new(folder, "000001-0", 0);
        for (at, host) in (0..).zip(hosts) {
            let url = format!("http://{}/x/{at}", bracketed(host));
            let mut mail = Record::new(Class::Email, Source::Mail, at, 1);
            mail.text(Field::MailFrom, format!("jan@{host}"));
            mail.text(Field::MailSubject, format!("About {host}"));
            mail.text(Field::MailMessageId, format!("{at}@{host}"));
            let reference = Reference { how: How::Link, url: url.clone(), hidden: false };
            mail.texts(Field::MailReferences, [reference.to_json()]);
            writer.push(1, None, &mail);
            let mut request = Record::new(Class::Http, Source::Proxy, 1_000 + at, 1);
            request.text(Field::DstHostname, (*host).to_owned()).text(Field::HttpUrl, url);
            request.text(Field::HttpUserAgent, format!("agent {host}"));
            writer.push(1, None, &request);
        }
        let files = writer.finish().expect("a lake");
        let evidence = EvidenceRow {
            id: EvidenceId([1; 32]),
            number: 1,
            file_bytes: 1,
            places: Vec::new(),
            streams: Vec::new(),
        };
        lake.commit(&Run { evidence: vec![evidence], files, ..Run::default() }).expect("a lake");
        lake
    }

    /// A list that names a host in one of the ways there are.
    fn line(host: &str, way: usize) -> String {
        match way {
            0 => host.to_owned(),
            1 => format!("http://{}/x/0", bracketed(host)),
            2 => format!("https://{}/x/1", bracketed(host)),
            3 => format!("jan@{host}"),
            4 if host.contains(':') => format!("{host}/64"),
            4 if host.starts_with(char::is_numeric) => format!("{host}/24"),
            _ => format!("http://{}:8080/x/0", bracketed(host)),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// What is looked up in the index is what a list held against every
        /// value of it would find.
        #[test]
        fn nothing_that_the_intelligence_names_is_passed_over(
            present in prop::sample::subsequence(HOSTS, 1..5),
            named in prop::collection::vec((prop::sample::select(HOSTS), 0_usize..6), 1..4),
        ) {
            let folder = tempfile::tempdir().expect("a folder");
            let lake = lake(folder.path(), &present);
            let lines: Vec<_> = named.iter().map(|(host, way)| line(host, *way)).collect();
            let list = clarte_intel::read("list.txt", lines.join("\n").as_bytes());
            let matcher = Matcher::new(&list.indicators);
            let whole = clarte_extent::matched(&lake, &|what| matcher.naming(what));
            let found = matched(&lake, &matcher).expect("a lake");
            prop_assert_eq!(found, whole.expect("a lake"), "{:?}", lines);
        }
    }
}
