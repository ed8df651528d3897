//! What a case has to say, read from its standing answer, its index and its
//! intelligence; nothing of it is changed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clarte_attribution::{Channel, Question};
use clarte_extent::Extent;
use clarte_intel::Matcher;
use clarte_lake::Lake;
use clarte_model::lake::ObservableKind;
use clarte_model::{Indicator, IndicatorKind, Knowledge, Lookup, Observable};

use super::links::{self, Links};
use super::{Asked, Input, Remark, habits, observed, same};
use crate::intelligence::Intelligence;
use crate::{CaseError, answer, gate, intelligence};

/// How many names or sources a remark repeats, and how many letters of each.
const TOLD: usize = 10;
const LONGEST: usize = 60;

/// A case's standing answer and its intelligence.
pub(super) struct Standing {
    pub(super) extent: Extent,
    /// The file it was read from, for the log.
    pub(super) input: Input,
    lake: Lake,
    intelligence: Intelligence,
    /// What of the intelligence names a value of the case.
    matched: Vec<Vec<Indicator>>,
    pub(super) is_stale: bool,
}

impl Standing {
    pub(super) fn of(case: &Path) -> Result<Self, CaseError> {
        if !case.exists() {
            return Err(CaseError::Missing(case.to_owned()));
        }
        let path = case.join("out").join(answer::NAME);
        if !path.exists() {
            return Err(CaseError::NoAnswer(case.to_owned()));
        }
        let lake = Lake::open_read_only(&case.join("lake"))?;
        let written = lake.catalogue().answer(answer::NAME)?;
        let Some((drawn_from, sha256)) = written else {
            return Err(CaseError::NoAnswer(case.to_owned()));
        };
        if !gate::is_unchanged(&path, &sha256).unwrap_or(false) {
            return Err(CaseError::OtherAnswer(path));
        }
        let bytes = fs::read(&path).map_err(CaseError::io(&path))?;
        let extent = serde_json::from_slice(&bytes).map_err(CaseError::json(&path))?;
        let intelligence = intelligence::known(case)?;
        let matched = gate::matched(&lake, &intelligence.matcher)?;
        let is_stale = gate::state(&lake, &matched)? != drawn_from;
        let input = Input { name: answer::NAME.to_owned(), sha256 };
        Ok(Self { extent, input, lake, intelligence, matched, is_stale })
    }

    /// What ties the campaign to actors, and remarks on what does not.
    pub(super) fn links(
        &self,
        base: &Knowledge,
        remarks: &mut Vec<Remark>,
    ) -> Result<Links, CaseError> {
        let indicators = links::indicators(base);
        let matcher = Matcher::new(&indicators);
        let lookup = |what: Observable<'_>| -> Vec<Indicator> {
            let given = self.intelligence.matcher.find(what);
            given.into_iter().chain(matcher.find(what)).cloned().collect()
        };
        let hashes = self.hashes(&indicators)?;
        let links = links::of(&self.extent, &lookup, &hashes, base);
        if !links.unknown.is_empty() {
            let names = links.unknown.iter().take(TOLD);
            let names: Vec<String> =
                names.map(|name| name.chars().take(LONGEST).collect()).collect();
            let more = links.unknown.len() - names.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let what = format!(
                "the base knows no actor or software called {}{more}: what the intelligence says \
                 of them ties the campaign to nobody (--kb-add gives more knowledge)",
                names.join(", ")
            );
            remarks.push(Remark { file: "intelligence".to_owned(), line: None, what });
        }
        Ok(links)
    }

    /// File hashes that the intelligence or the base names and the case has.
    fn hashes(&self, indicators: &[Indicator]) -> Result<Vec<Indicator>, CaseError> {
        let is_hash = |one: &&Indicator| one.kind == IndicatorKind::FileHash;
        let alone = self.matched.iter().filter(|group| group.len() == 1).flatten();
        let mut all: Vec<Indicator> = alone.filter(is_hash).cloned().collect();
        let named: Vec<&Indicator> = indicators.iter().filter(is_hash).collect();
        let wanted: BTreeSet<String> = named.iter().map(|one| one.value.clone()).collect();
        if !wanted.is_empty() {
            let present = self.lake.present(ObservableKind::FileHash, &wanted)?;
            let there = named.into_iter().filter(|one| present.contains(&one.value));
            all.extend(there.cloned());
        }
        Ok(all)
    }

    pub(super) fn question(
        &self,
        base: &Knowledge,
        asked: &Asked,
        remarks: &mut Vec<Remark>,
    ) -> Result<Question, CaseError> {
        let links = self.links(base, remarks)?;
        let mut items = links.items;
        for (source, given) in &asked.grades {
            let mut is_used = false;
            for item in items.iter_mut().filter(|item| same(&item.source, source)) {
                item.grade.reliability = given.reliability;
                item.grade.credibility = given.credibility.unwrap_or(item.grade.credibility);
                is_used = true;
            }
            if !is_used {
                let known: BTreeSet<&str> =
                    items.iter().map(|item| item.source.as_str()).take(TOLD).collect();
                let known: Vec<&str> = known.into_iter().collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join("; ") };
                let what = format!("no item of the case has this source; those there are: {known}");
                let file = format!("--grade {source}");
                remarks.push(Remark { file, line: None, what });
            }
        }
        items.extend(habits::victimology(&self.extent, base));
        items.extend(habits::rhythm(&self.extent, base));
        let observed = observed::of(&self.extent, links.software);
        Ok(Question { items, looked_at: looked_at(&self.extent), ..Question::of(observed) })
    }
}

/// The channels that the case's sources can show anything of, whether they did
/// or not.
fn looked_at(extent: &Extent) -> BTreeSet<Channel> {
    let mut channels = BTreeSet::new();
    for entry in extent.coverage.iter().filter(|entry| entry.state != "absent") {
        match entry.source {
            "mail" | "mta" | "proxy" | "http" | "dns" | "tls" | "flow" => {
                channels.extend([Channel::Infrastructure, Channel::Techniques]);
            }
            "signin" | "audit" => channels.extend([Channel::Accounts, Channel::Techniques]),
            "host" => channels.extend([Channel::Code, Channel::Techniques]),
            _ => {}
        }
    }
    if !extent.targeting.is_empty() {
        channels.insert(Channel::Victimology);
    }
    if extent.rhythm.utc_offset_hours.is_some() {
        channels.insert(Channel::Rhythm);
    }
    channels
}
