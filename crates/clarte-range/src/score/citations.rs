//! Reads cited spans back from disk and looks for what they should hold.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::streams;
use crate::truth::{TrueRung, TrueVictim, Truth};

use super::Citations;
use super::answer::{Extent, Span};
use super::decode;
use super::rungs::Named;

/// A span to read, for which claim.
struct Check<'a> {
    span: &'a Span,
    claim: usize,
}

/// A claimed rung and what would show it.
struct Claim {
    who: String,
    /// Any of these in a cited span shows the rung.
    shown_by: Vec<String>,
    /// Any of these makes a span fit, such as a lease that names the machine.
    fits: Vec<String>,
}

/// Spans longer than this are not read; no mail of a range is near it.
const LONGEST: u64 = 64 << 20;

/// Follows the citations of every true rung that is claimed.
pub(super) fn check(
    truth: &Truth,
    extent: &Extent,
    named: &BTreeMap<usize, Named>,
    parent: &Path,
    score: &mut Citations,
) {
    let spans = extent.spans_by_finding();
    let mut claims = Vec::new();
    let mut checks: BTreeMap<&str, Vec<Check<'_>>> = BTreeMap::new();
    for (&who, named) in named {
        let victim = &truth.victims[who];
        for said in &named.claims {
            let Some(rung) = victim.rungs.iter().find(|rung| rung.rung == said.rung) else {
                continue;
            };
            let claim = claims.len();
            claims.push(claim_of(victim, rung));
            let cited = said.findings.iter().filter_map(|id| spans.get(id.as_str()));
            for span in cited.flat_map(|spans| spans.iter()) {
                checks.entry(&span.path).or_default().push(Check { span, claim });
            }
        }
    }
    let mut shown = vec![false; claims.len()];
    for (path, checks) in checks {
        check_file(path, checks, &claims, &mut shown, parent, score);
    }
    score.rungs = claims.len();
    score.rungs_shown = shown.iter().filter(|shown| **shown).count();
    let unshown = claims.iter().zip(&shown).filter(|(_, shown)| !**shown);
    score.rungs_unshown = unshown.map(|(claim, _)| claim.who.clone()).collect();
}

fn claim_of(victim: &TrueVictim, rung: &TrueRung) -> Claim {
    let mut shown_by = rung.tokens.clone();
    shown_by.extend(rung.hosts.iter().cloned());
    if matches!(rung.rung.as_str(), "targeted" | "delivered") {
        shown_by.extend(victim.message_ids.iter().cloned());
    }
    let mut fits = shown_by.clone();
    fits.push(victim.identity.clone());
    fits.extend(victim.aliases.iter().cloned());
    fits.extend(victim.message_ids.iter().cloned());
    let lower = |list: Vec<String>| list.iter().map(|text| text.to_lowercase()).collect();
    Claim {
        who: format!("{}: {}", victim.identity, rung.rung),
        shown_by: lower(shown_by),
        fits: lower(fits),
    }
}

fn check_file(
    path: &str,
    mut checks: Vec<Check<'_>>,
    claims: &[Claim],
    shown: &mut [bool],
    parent: &Path,
    score: &mut Citations,
) {
    score.spans += checks.len();
    checks.sort_by_key(|check| (&check.span.member, check.span.offset, check.span.length));
    let mut met = 0;
    let read = inside(parent, path).and_then(|file| {
        streams::walk(&file, &mut |member, stream| {
            let of_member = |check: &&Check<'_>| check.span.member.as_deref() == member;
            let mut reader = Reader { stream, at: 0, kept: (0, Vec::new()) };
            for Check { span, claim } in checks.iter().filter(of_member) {
                met += 1;
                match reader.read(span.offset, span.length) {
                    Ok(bytes) => {
                        let hay = decode::readable(&bytes);
                        let holds =
                            |needles: &[String]| needles.iter().any(|n| hay.contains(n.as_str()));
                        shown[*claim] |= holds(&claims[*claim].shown_by);
                        score.spans_holding += usize::from(holds(&claims[*claim].fits));
                    }
                    Err(cause) => {
                        score.unreadable.push(format!("{path} at {}: {cause}", span.offset));
                    }
                }
            }
            Ok(())
        })
    });
    match read {
        Err(cause) => score.unreadable.push(format!("{path}: {cause}")),
        Ok(()) if met < checks.len() => {
            score
                .unreadable
                .push(format!("{path}: {} spans in no member of it", checks.len() - met));
        }
        Ok(()) => {}
    }
}

/// The path below `parent`; an answer may not lead elsewhere.
fn inside(parent: &Path, path: &str) -> io::Result<PathBuf> {
    let relative = Path::new(path);
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    if plain {
        Ok(parent.join(relative))
    } else {
        Err(io::Error::other("the path leads out of the evidence"))
    }
}

/// A stream read at rising offsets.
struct Reader<'s> {
    stream: &'s mut dyn Read,
    at: u64,
    /// The last bytes read, for spans that overlap, and where they begin.
    kept: (u64, Vec<u8>),
}

impl Reader<'_> {
    fn read(&mut self, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        if length > LONGEST {
            return Err(io::Error::other("the span is too long"));
        }
        let Self { stream, at, kept: (start, held) } = self;
        if offset >= *at {
            held.clear();
            *at += io::copy(&mut stream.take(offset - *at), &mut io::sink())?;
            *start = *at;
        }
        let end = offset.saturating_add(length);
        if end > *at {
            *at += stream.take(end - *at).read_to_end(held)? as u64;
        }
        let from = offset.saturating_sub(*start) as usize;
        let bytes: Vec<u8> = held.iter().copied().skip(from).take(length as usize).collect();
        if bytes.len() as u64 == length {
            Ok(bytes)
        } else {
            Err(io::Error::from(io::ErrorKind::UnexpectedEof))
        }
    }
}
