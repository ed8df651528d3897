//! Actors of a MISP galaxy: `threat-actor.json` and others of the category
//! `actor`.
//! Spec: <https://www.misp-standard.org/rfc/misp-standard-galaxy-format.html>
//!
//! A synonym that is an ATT&CK id is no name but a claim that both sources
//! speak of the same actor; so is, for less, a reference to ATT&CK's page.
//!
//! Left out: prose; relations to other clusters (`similar` is not `same`, and
//! they name ids of galaxies that are not here); references that the file ties
//! to no claim, which are all but those of the CFR's.

use std::fmt;

use clarte_model::FaultKind;
use clarte_model::knowledge::{
    Actor, ActorKind, AliasClaim, Knowledge, NameClaim, Origin, Report, StateClaim,
};
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::country::Countries;
use super::documents::{Galaxy, Text};
use super::{PAGE_AMONG_REFERENCES, citation, country_code, is_attack_id, label, merge};
use crate::loaded::{Loaded, Place, Places, quote};

/// The name under which the threat actors are filed.
const NAME: &str = "MISP galaxy";

/// Its licence.
const NOTICE: &str = "MISP galaxy, CC0 1.0. https://github.com/MISP/misp-galaxy";

/// How much it weighs that ATT&CK's id stands among an actor's names. Who put
/// it there had both descriptions before him, but does not answer for ATT&CK;
/// a galaxy's actor is often several of ATT&CK's.
const ID_AMONG_NAMES: f64 = 0.9;

/// How many parts of a list are read.
const MAX_WORDS: usize = 1_000;

/// Takes the actors of a galaxy.
pub(super) fn take(loaded: &mut Loaded, places: &mut Places<'_>, galaxy: &Galaxy<'_>) -> Knowledge {
    let name = match galaxy.kind.as_deref() {
        Some("threat-actor") | None => NAME.to_owned(),
        Some(other) => label(&format!("{NAME}, {other}")),
    };
    let version = galaxy.version.map(|version| label(version.get().trim_matches('"')));
    let mut taken =
        Taken { base: Knowledge::default(), countries: Countries::new(), source: name.clone() };
    taken.base.origins.push(Origin { name, version, notice: Some(NOTICE.to_owned()) });
    for raw in &galaxy.values.kept {
        let place = places.of(raw.get().as_bytes());
        match serde_json::from_str::<Value<'_>>(raw.get()) {
            Ok(value) => taken.value(loaded, place, &value),
            Err(why) => {
                let detail = format!("the value is damaged: {why}");
                loaded.lost(place, FaultKind::Malformed, &detail);
            }
        }
    }
    galaxy.values.warn(loaded, places.at(0, 0));
    merge(vec![taken.base])
}

#[derive(Deserialize)]
struct Value<'t> {
    #[serde(borrow)]
    value: Text<'t>,
    #[serde(borrow)]
    uuid: Text<'t>,
    #[serde(default)]
    meta: Meta,
    #[serde(borrow, default)]
    related: Option<&'t RawValue>,
    #[serde(default)]
    revoked: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Meta {
    synonyms: Words,
    country: Words,
    attribution_confidence: Words,
    cfr_suspected_state_sponsor: Words,
    cfr_suspected_victims: Words,
    cfr_target_category: Words,
    targeted_sector: Words,
    refs: Words,
}

struct Taken {
    base: Knowledge,
    countries: Countries,
    source: String,
}

impl Taken {
    fn value(&mut self, loaded: &mut Loaded, place: Place, value: &Value<'_>) {
        if value.revoked == Some(true) {
            return loaded.ignore("revoked");
        }
        if value.related.is_some() {
            loaded.ignore("relations of a value");
        }
        let (id, name, meta) = (label(&value.uuid), label(&value.value), &value.meta);
        if id.is_empty() || name.is_empty() {
            return loaded.lost(place, FaultKind::Malformed, "a value without a name or uuid");
        }
        self.attack(&id, &name, meta);
        let mut states = self.states(loaded, place, meta);
        states.extend(self.cfr_states(loaded, place, meta));
        let names = meta.synonyms.0.iter().filter(|name| !is_attack_id(name));
        let names = names.map(|name| NameClaim { name: label(name), reports: Vec::new() });
        let sectors = meta.cfr_target_category.0.iter().chain(&meta.targeted_sector.0);
        self.base.actors.push(Actor {
            id,
            kind: ActorKind::Actor,
            name,
            origin: 0,
            names: names.collect(),
            uses: Vec::new(),
            states,
            target_countries: self.victims(loaded, meta),
            target_sectors: sectors.map(|sector| label(sector)).collect(),
            first_seen: None,
            last_seen: None,
        });
    }

    fn states(&self, loaded: &mut Loaded, place: Place, meta: &Meta) -> Vec<StateClaim> {
        let percent = |text: &String| text.trim().parse().ok().filter(|number| *number <= 100);
        let confidence = meta.attribution_confidence.0.first().and_then(percent);
        let mut states = Vec::new();
        for text in &meta.country.0 {
            match country_code(text) {
                Some(code) => states.push(claim(code, self.source.clone(), confidence)),
                None => unknown(loaded, place, text),
            }
        }
        states
    }

    /// The Council on Foreign Relations' claims, which MISP repeats.
    fn cfr_states(&mut self, loaded: &mut Loaded, place: Place, meta: &Meta) -> Vec<StateClaim> {
        let sponsors = meta.cfr_suspected_state_sponsor.0.iter();
        let named: Vec<&String> =
            sponsors.filter(|name| !name.eq_ignore_ascii_case("unknown")).collect();
        if named.is_empty() {
            return Vec::new();
        }
        let reports = self.cfr_reports(meta);
        let mut states = Vec::new();
        for name in named {
            match self.countries.code(name) {
                Some(code) => {
                    let source = format!("CFR, by {}", self.source);
                    states
                        .push(StateClaim { reports: reports.clone(), ..claim(code, source, None) });
                }
                None => unknown(loaded, place, name),
            }
        }
        states
    }

    fn cfr_reports(&mut self, meta: &Meta) -> Vec<u32> {
        let reports = meta.refs.0.iter().map(|url| citation::report(&label(url), Some(url)));
        let is_cfr = |report: &Report| report.publisher.as_deref() == Some("cfr.org");
        let first = self.base.reports.len();
        self.base.reports.extend(reports.filter(is_cfr));
        (first..self.base.reports.len()).filter_map(|at| u32::try_from(at).ok()).collect()
    }

    /// Victims are often companies and regions; only countries are taken.
    fn victims(&self, loaded: &mut Loaded, meta: &Meta) -> Vec<String> {
        let mut codes = Vec::new();
        for name in &meta.cfr_suspected_victims.0 {
            match self.countries.code(name) {
                Some(code) => codes.push(code),
                None => loaded.ignore("victim that is no country"),
            }
        }
        codes
    }

    /// What the value says of ATT&CK's groups.
    fn attack(&mut self, id: &str, name: &str, meta: &Meta) {
        let named: Vec<&str> = meta
            .synonyms
            .0
            .iter()
            .map(|name| name.trim())
            .filter(|name| is_attack_id(name))
            .collect();
        let pages: Vec<String> =
            meta.refs.0.iter().filter_map(|url| citation::attack_page(url, "groups")).collect();
        let mut pages: Vec<&str> =
            pages.iter().map(String::as_str).filter(|page| !named.contains(page)).collect();
        pages.sort_unstable();
        pages.dedup();
        let mut claims = |groups: &[&str], weight: f64, how: &str| {
            for group in groups {
                // Of several at most one is the same.
                let weight = weight / groups.len() as f64;
                self.base.aliases.push(AliasClaim {
                    left: (*group).to_owned(),
                    right: id.to_owned(),
                    weight,
                    source: self.source.clone(),
                    why: format!("{group} is among the {how} of {name}"),
                });
            }
        };
        claims(&named, ID_AMONG_NAMES, "names");
        claims(&pages, PAGE_AMONG_REFERENCES, "references");
    }
}

fn claim(country: String, source: String, confidence: Option<u8>) -> StateClaim {
    StateClaim { country, source, date: None, confidence, reports: Vec::new() }
}

fn unknown(loaded: &mut Loaded, place: Place, text: &str) {
    let why = format!("{} is no country that we know", quote(text));
    loaded.repaired(place, FaultKind::BadValue, &why);
}

/// One text, or several, or a number: the galaxy's hands differ.
#[derive(Default)]
struct Words(Vec<String>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordsVisitor)
    }
}

struct WordsVisitor;

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = Words;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or several")
    }

    fn visit_unit<E>(self) -> Result<Words, E> {
        Ok(Words::default())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Words, E> {
        Ok(Words(vec![number.to_string()]))
    }

    fn visit_str<E>(self, text: &str) -> Result<Words, E> {
        Ok(Words(vec![text.to_owned()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Words, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = parts.next_element::<Text<'de>>()? {
            if words.len() < MAX_WORDS {
                words.push(word.to_string());
            }
        }
        Ok(Words(words))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Read, read};

    fn galaxy(values: &str) -> Read {
        let text = format!(
            r#"{{"authors": [], "category": "actor", "type": "threat-actor", "version": 7, "values": [{values}]}}"#
        );
        read("file", text.as_bytes())
    }

    #[test]
    fn everything_said_of_an_actor_is_a_claim() {
        let read = galaxy(
            r#"{"uuid": "u-1", "value": "Sleepy Otter", "meta": {
                "synonyms": ["Tired Otter", "G0001"], "country": "CN", "attribution-confidence": "50",
                "cfr-suspected-state-sponsor": "Iran (Islamic Republic of)",
                "cfr-suspected-victims": ["Belgium", "Example Bank", "Hong Kong"],
                "cfr-target-category": ["Government"], "targeted-sector": "Media",
                "refs": ["https://www.cfr.org/interactive/2018/03/otter", "https://example.org/",
                         "https://attack.mitre.org/groups/G0002/", "https://attack.mitre.org/groups/G0001"]}}"#,
        );
        assert_eq!((read.format, read.faults_total), ("galaxy", 0));
        let base = &read.knowledge;
        let actor = &base.actors[0];
        assert_eq!((actor.name.as_str(), actor.names.len()), ("Sleepy Otter", 1));
        let states: Vec<_> = actor
            .states
            .iter()
            .map(|claim| (&*claim.country, &*claim.source, claim.confidence, claim.reports.len()))
            .collect();
        assert_eq!(
            states,
            [("CN", "MISP galaxy", Some(50), 0), ("IR", "CFR, by MISP galaxy", None, 1)]
        );
        assert_eq!(actor.target_countries, ["BE", "HK"]);
        assert_eq!(actor.target_sectors, ["Government", "Media"]);
        assert_eq!(base.reports[0].date.map(|at| at.to_string()).as_deref(), Some("2018-03"));
        assert_eq!(read.ignored["victim that is no country"], 1);
        let aliases: Vec<_> =
            base.aliases.iter().map(|claim| (&*claim.left, &*claim.right, claim.weight)).collect();
        assert_eq!(aliases, [("G0001", "u-1", 0.9), ("G0002", "u-1", 0.5)]);
        assert_eq!(base.origins[0].version.as_deref(), Some("7"));
    }

    #[test]
    fn broken_values_cost_only_themselves() {
        let read = galaxy(
            r#"{"uuid": "u-1", "value": "Otter", "meta": {"country": ["Atlantis"], "attribution-confidence": 300,
                "cfr-suspected-state-sponsor": ["Unknown", "Atlantis"]}},
            {"uuid": "u-2"}, 3, {"uuid": "", "value": "x"}, {"uuid": "u-3", "value": "y", "meta": {"refs": {}}},
            {"uuid": "u-4", "value": "z", "revoked": true}, {"uuid": "u-5", "value": "w", "meta": {"country": null}}"#,
        );
        assert_eq!(read.faults_total, 6);
        assert_eq!(read.knowledge.actors.len(), 2);
        assert_eq!(read.knowledge.actors[0].states, []);
        assert_eq!(read.ignored["revoked"], 1);
    }

    #[test]
    fn galaxies_of_other_things_are_no_knowledge() {
        let text = r#"{"authors": [], "category": "tool", "type": "tool", "values": []}"#;
        let read = read("file", text.as_bytes());
        assert_eq!((read.format, read.faults_total), ("unknown", 1));
    }
}
