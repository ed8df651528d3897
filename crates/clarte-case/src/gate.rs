//! What an answer was drawn from, in one hash: as long as it stays the same,
//! the answer does.

use std::collections::BTreeSet;
use std::io;

use clarte_custody::HashingReader;
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
    let all = json!([
        env!("CARGO_PKG_VERSION"),
        clarte_extent::VERSION,
        evidence,
        catalogue.unreadable()?,
        matched,
    ]);
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
    let (found, _) = HashingReader::new(std::fs::File::open(path)?).finish()?;
    Ok(found.to_string() == hash)
}
