//! A closed campaign as knowledge: what other cases can be compared with.

use std::collections::{BTreeMap, BTreeSet};

use clarte_extent::Extent;
use clarte_model::knowledge::{
    Actor, ActorKind, Dated, Indicates, Knowledge, NameClaim, Origin, Software, Technique, Use,
};
use clarte_model::{Indicator, IndicatorKind, Timestamp, Tlp, Validity};

use super::OWN_CASE;
use super::links::dated;

/// The campaign of a case as a cluster that `name` stands for: its techniques,
/// its software, and the infrastructure that was its own. Relays and what belongs
/// to third parties is left out: it would accuse their owners.
pub(super) fn knowledge(
    extent: &Extent,
    name: &str,
    software: &BTreeMap<String, BTreeSet<String>>,
    base: &Knowledge,
) -> Knowledge {
    let techniques = extent.nature.techniques.iter().map(|one| one.id.as_str());
    let used: BTreeSet<&str> = techniques.chain(software.keys().map(String::as_str)).collect();
    let uses = used.iter().map(|what| Use { what: (*what).to_owned(), reports: Vec::new() });
    let duration = &extent.duration;
    let at = |time: Option<Timestamp>| -> Option<Dated> { time.and_then(dated) };
    let cluster = Actor {
        id: id(name),
        kind: ActorKind::Cluster,
        name: name.to_owned(),
        origin: 0,
        names: Vec::<NameClaim>::new(),
        uses: uses.collect(),
        states: Vec::new(),
        target_countries: Vec::new(),
        target_sectors: Vec::new(),
        first_seen: at(duration.first_activity),
        last_seen: at(duration.last_activity),
    };
    let knows = |id: &str| used.contains(id);
    Knowledge {
        actors: vec![cluster],
        software: base.software.iter().filter(|one| knows(&one.id)).map(named).collect(),
        techniques: base.techniques.iter().filter(|one| knows(&one.id)).map(tactics).collect(),
        indicates: indicates(extent, name),
        origins: vec![Origin { name: OWN_CASE.to_owned(), version: None, notice: None }],
        ..Knowledge::default()
    }
}

/// The software's names, without what others say that it does.
fn named(software: &Software) -> Software {
    Software { uses: Vec::new(), ..software.clone() }
}

fn tactics(technique: &Technique) -> Technique {
    technique.clone()
}

/// An id that no source gives: the name behind a word of ours.
fn id(name: &str) -> String {
    let small = name.to_lowercase();
    let words = small.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    format!("case:{}", words.collect::<Vec<_>>().join("-"))
}

/// What points to the campaign: each value once, with when it was seen.
fn indicates(extent: &Extent, name: &str) -> Vec<Indicates> {
    let times: BTreeMap<&str, (Option<Timestamp>, Option<&str>)> = extent
        .findings
        .iter()
        .map(|finding| (finding.id.as_str(), (finding.time, finding.tlp.as_deref())))
        .collect();
    let foreign: BTreeSet<&str> = extent
        .infrastructure
        .iter()
        .filter(|row| row.third_party || row.role == "relay")
        .map(|row| row.value.as_str())
        .collect();
    let mut all: BTreeMap<(IndicatorKind, &str), Indicator> = BTreeMap::new();
    for row in extent.infrastructure.iter().filter(|row| !foreign.contains(row.value.as_str())) {
        let kind = match row.r#type {
            "ip" => IndicatorKind::Ip,
            "url" => IndicatorKind::Url,
            "email" => IndicatorKind::Email,
            _ => IndicatorKind::Domain,
        };
        let shown = row.findings.iter().filter_map(|id| times.get(id.as_str()));
        let known = all.entry((kind, &row.value)).or_insert_with(|| Indicator {
            kind,
            value: row.value.clone(),
            validity: Validity::default(),
            source: OWN_CASE.to_owned(),
            reference: None,
            confidence: None,
            tlp: None,
            names: vec![name.to_owned()],
        });
        let sure = (row.confidence.clamp(0.0, 1.0) * 100.0).round() as u8;
        known.confidence = known.confidence.max(Some(sure));
        for (time, tlp) in shown {
            let Validity { from, until } = known.validity;
            known.validity.from = from.into_iter().chain(*time).min();
            known.validity.until = until.max(*time);
            known.tlp = known.tlp.max(tlp.and_then(crate::told::tlp));
        }
    }
    all.into_values().map(|indicator| Indicates { indicator, actor: 0 }).collect()
}

/// How far the strictest of what a file holds may be passed on.
pub(super) fn marking(knowledge: &Knowledge) -> Option<Tlp> {
    knowledge.indicates.iter().filter_map(|points| points.indicator.tlp).max()
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_are_made_of_words() {
        assert_eq!(super::id(" Spring 2021: the  Parliament "), "case:spring-2021-the-parliament");
    }
}
