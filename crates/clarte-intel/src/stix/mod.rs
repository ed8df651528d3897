//! STIX 2.0 and 2.1 objects: indicators, and what other objects say of them.
//! Spec: <https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html>
//!
//! Left out: observed data and bare observables (they were seen, nobody says
//! to look for them; they are counted), sightings, granular markings, and
//! reports' contents.

mod lexer;
mod parser;
pub mod pattern;
mod reduce;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clarte_model::{FaultKind, Timestamp, Tlp};
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::loaded::{Claim, Loaded, MAX_NAMES, Place, Places, label, quote};
use crate::{misp, moment, table, tlp};

/// How many `attributed-to` are followed from what an indicator indicates.
const MAX_HOPS: usize = 4;

/// How many objects are followed for one indicator.
const MAX_REACHED: usize = 100;

/// The properties we use, of any object.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Object {
    #[serde(rename = "type")]
    kind: String,
    id: String,
    name: Option<String>,
    modified: Option<String>,
    revoked: Option<bool>,
    pattern: Option<String>,
    pattern_type: Option<String>,
    valid_from: Option<String>,
    valid_until: Option<String>,
    indicator_types: Option<Vec<String>>,
    labels: Option<Vec<String>>,
    confidence: Json,
    created_by_ref: Option<String>,
    object_marking_refs: Option<Vec<String>>,
    relationship_type: Option<String>,
    source_ref: Option<String>,
    target_ref: Option<String>,
    definition: Json,
    extensions: Json,
}

/// Takes objects, wherever in the file each of them stands.
pub(crate) fn take(loaded: &mut Loaded, places: &mut Places<'_>, name: &str, raws: &[&RawValue]) {
    let mut objects = Vec::new();
    for raw in raws {
        let place = places.of(raw.get().as_bytes());
        match serde_json::from_str::<Object>(raw.get()) {
            Ok(object) if is_used(&object.kind) => objects.push((place, object)),
            Ok(object) => loaded.ignore(&object.kind),
            Err(why) => {
                let detail = format!("the object is damaged: {why}");
                loaded.lost(place, FaultKind::Malformed, &detail);
            }
        }
    }
    let current = latest(loaded, objects);
    let context = Context::new(name, &current);
    loaded.names.extend(context.groups.values().map(|name| label(name)));
    for (place, object) in &current {
        if object.kind == "indicator" {
            indicator(loaded, *place, &context, object);
        }
    }
}

/// Takes a pattern: every alternative an indicator, or a group of them.
pub(crate) fn take_pattern(loaded: &mut Loaded, place: Place, claim: &Claim, text: &str) {
    let parsed = match pattern::parse(text) {
        Ok(parsed) => parsed,
        Err(why) => {
            let detail = format!("{} is no pattern: {why}", quote(text));
            return loaded.lost(place, FaultKind::Malformed, &detail);
        }
    };
    let reference = claim.reference.as_deref();
    let Some(alternatives) = reduce::alternatives(&parsed) else {
        return loaded.unused(place, reference, text, "it has too many alternatives");
    };
    let mut reasons = BTreeSet::new();
    for mut one in alternatives {
        if let Some(why) = one.why_not {
            reasons.insert(why);
        } else if let Some(why) = one.bad {
            loaded.lost(place, FaultKind::BadValue, &why);
        } else if one.values.len() == 1 {
            one.values.drain(..).for_each(|value| loaded.indicator(place, claim, value));
        } else {
            let group = one.values.into_iter().map(|value| claim.indicator(value));
            loaded.conjunctions.push(group.collect());
        }
    }
    for why in reasons {
        loaded.unused(place, reference, text, &why);
    }
}

/// The latest version of every object, in the order of the file.
fn latest(loaded: &mut Loaded, mut objects: Vec<(Place, Object)>) -> Vec<(Place, Object)> {
    let mut newest: HashMap<String, (Option<Timestamp>, usize)> = HashMap::new();
    for (at, (_, object)) in objects.iter().enumerate() {
        let modified = object.modified.as_deref().and_then(|text| moment::read(text, false).ok());
        let entry = newest.entry(object.id.clone()).or_insert((modified, at));
        if modified >= entry.0 {
            *entry = (modified, at);
        }
    }
    let mut at = 0;
    objects.retain(|(_, object)| {
        let is_newest = newest.get(&object.id).is_some_and(|(_, newest)| *newest == at);
        at += 1;
        if !is_newest {
            loaded.ignore("superseded version");
        }
        is_newest
    });
    objects
}

fn is_used(kind: &str) -> bool {
    is_group(kind)
        || matches!(kind, "indicator" | "relationship" | "identity" | "marking-definition")
}

fn is_group(kind: &str) -> bool {
    matches!(kind, "threat-actor" | "intrusion-set" | "campaign" | "malware" | "tool")
}

/// What the other objects say of the indicators.
struct Context<'o> {
    file: &'o str,
    identities: HashMap<&'o str, &'o str>,
    groups: BTreeMap<&'o str, &'o str>,
    markings: HashMap<&'o str, Tlp>,
    /// From an indicator to what it indicates.
    indicates: HashMap<&'o str, Vec<&'o str>>,
    /// From a campaign or malware to whom it is attributed.
    attributed: HashMap<&'o str, Vec<&'o str>>,
}

impl<'o> Context<'o> {
    fn new(file: &'o str, objects: &'o [(Place, Object)]) -> Self {
        let mut context = Self {
            file,
            identities: HashMap::new(),
            groups: BTreeMap::new(),
            markings: HashMap::new(),
            indicates: HashMap::new(),
            attributed: HashMap::new(),
        };
        for (_, object) in objects.iter().filter(|(_, object)| object.revoked != Some(true)) {
            context.learn(object);
        }
        context
    }

    fn learn(&mut self, object: &'o Object) {
        match (object.kind.as_str(), object.name.as_deref()) {
            ("identity", Some(name)) => {
                self.identities.insert(&object.id, name);
            }
            ("marking-definition", _) => {
                if let Some(level) = defined(object) {
                    self.markings.insert(&object.id, level);
                }
            }
            ("relationship", _) => self.relate(object),
            (kind, Some(name)) if is_group(kind) => {
                self.groups.insert(&object.id, name);
            }
            _ => {}
        }
    }

    fn relate(&mut self, object: &'o Object) {
        let (Some(from), Some(to)) = (object.source_ref.as_deref(), object.target_ref.as_deref())
        else {
            return;
        };
        let relation = match object.relationship_type.as_deref() {
            Some("indicates") => &mut self.indicates,
            Some("attributed-to") => &mut self.attributed,
            _ => return,
        };
        relation.entry(from).or_default().push(to);
    }

    /// Names of what an indicator indicates, and of whom that is attributed to.
    fn names(&self, id: &str) -> Vec<String> {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut edge: Vec<&str> = self.indicates.get(id).cloned().unwrap_or_default();
        for _ in 0..=MAX_HOPS {
            edge.retain(|id| reached.len() < MAX_REACHED && reached.insert(id));
            let next = edge.iter().filter_map(|id| self.attributed.get(id)).flatten();
            edge = next.copied().collect();
        }
        let names = reached.iter().filter_map(|id| self.groups.get(id));
        names.map(|name| label(name)).take(MAX_NAMES).collect()
    }

    /// The strictest level that markings or labels give.
    fn tlp(&self, object: &Object) -> Option<Tlp> {
        let markings = object.object_marking_refs.iter().flatten();
        let marked = markings
            .filter_map(|id| self.markings.get(id.as_str()).copied().max(tlp::by_marking(id)));
        let labelled = object.labels.iter().flatten().filter_map(|label| tlp::read_tag(label));
        marked.chain(labelled).max()
    }
}

/// The level that a marking definition stands for: TLP 1 by its definition,
/// TLP 2 by its extension, either by its name.
fn defined(object: &Object) -> Option<Tlp> {
    let first = object.definition.get("tlp").and_then(Json::as_str);
    let mut extensions = object.extensions.as_object().into_iter().flat_map(|map| map.values());
    let second = extensions.find_map(|extension| extension.get("tlp_2_0")?.as_str());
    let by_name = object.name.as_deref().and_then(tlp::read_tag);
    first.or(second).and_then(tlp::read).or(by_name)
}

fn indicator(loaded: &mut Loaded, place: Place, context: &Context<'_>, object: &Object) {
    let reference = Some(object.id.as_str());
    let Some(text) = object.pattern.as_deref() else {
        return loaded.lost(place, FaultKind::Malformed, "an indicator without a pattern");
    };
    if let Some(why) = unwanted(object) {
        return loaded.unused(place, reference, text, &why);
    }
    let claim = claim(loaded, place, context, object);
    take_pattern(loaded, place, &claim, text);
}

/// Why an indicator is not to be used at all.
fn unwanted(object: &Object) -> Option<String> {
    if object.revoked == Some(true) {
        return Some("revoked by its source".to_owned());
    }
    if object.indicator_types.iter().chain(&object.labels).flatten().any(|word| word == "benign") {
        return Some("said to be benign".to_owned());
    }
    match object.pattern_type.as_deref() {
        None | Some("stix") => None,
        Some(other) => Some(format!("a pattern of type {}", quote(other))),
    }
}

fn claim(loaded: &mut Loaded, place: Place, context: &Context<'_>, object: &Object) -> Claim {
    let author = object.created_by_ref.as_deref().and_then(|id| context.identities.get(id));
    let mut names = context.names(&object.id);
    names.extend(object.labels.iter().flatten().filter_map(|label| misp::cluster_tag(label)));
    names.sort();
    names.dedup();
    names.truncate(MAX_NAMES);
    let mut claim = Claim {
        source: label(author.copied().unwrap_or(context.file)),
        reference: Some(label(&object.id)),
        confidence: confidence(&object.confidence),
        tlp: context.tlp(object),
        names,
        ..Claim::default()
    };
    let mut time = |text: &Option<String>| {
        text.as_deref().and_then(|text| table::time(loaded, place, text, false))
    };
    let (from, until) = (time(&object.valid_from), time(&object.valid_until));
    if let Err(why) = claim.set_window(from, until) {
        loaded.repaired(place, FaultKind::BadTime, why);
    }
    claim
}

fn confidence(field: &Json) -> Option<u8> {
    let number = field.as_u64().filter(|number| *number <= 100)?;
    u8::try_from(number).ok()
}
