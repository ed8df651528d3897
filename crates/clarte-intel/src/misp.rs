//! MISP events: attributes, alone or in objects.
//! Spec: <https://www.misp-standard.org/rfc/misp-standard-core.html>
//!
//! Left out: sightings, proposals, related events, object relations, and the
//! types that are not looked for (said one by one).

use clarte_model::{FaultKind, Tlp};
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::loaded::{Claim, Loaded, MAX_NAMES, Place, Places, label, quote};
use crate::{table, tlp, value};

#[derive(Deserialize)]
struct Event<'t> {
    info: Option<String>,
    #[serde(rename = "Orgc")]
    author: Option<Named>,
    #[serde(rename = "Tag")]
    tags: Option<Vec<Named>>,
    #[serde(rename = "Galaxy")]
    galaxies: Option<Vec<Galaxy>>,
    #[serde(rename = "Attribute", borrow)]
    attributes: Option<Vec<&'t RawValue>>,
    #[serde(rename = "Object", borrow)]
    objects: Option<Vec<&'t RawValue>>,
}

#[derive(Deserialize)]
struct Object<'t> {
    #[serde(rename = "Attribute", borrow)]
    attributes: Option<Vec<&'t RawValue>>,
    #[serde(default)]
    deleted: Json,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Galaxy {
    #[serde(rename = "GalaxyCluster")]
    clusters: Option<Vec<Cluster>>,
}

#[derive(Deserialize)]
struct Cluster {
    value: Option<String>,
}

#[derive(Deserialize)]
struct Attribute {
    #[serde(rename = "type")]
    kind: String,
    value: Json,
    uuid: Option<String>,
    #[serde(default)]
    to_ids: Json,
    #[serde(default)]
    deleted: Json,
    first_seen: Option<String>,
    #[serde(rename = "Tag")]
    tags: Option<Vec<Named>>,
    #[serde(rename = "Galaxy")]
    galaxies: Option<Vec<Galaxy>>,
}

/// Takes one event.
pub(crate) fn take(loaded: &mut Loaded, places: &mut Places<'_>, name: &str, raw: &RawValue) {
    let event: Event<'_> = match serde_json::from_str(raw.get()) {
        Ok(event) => event,
        Err(why) => {
            let place = places.of(raw.get().as_bytes());
            let detail = format!("the event is damaged: {why}");
            return loaded.lost(place, FaultKind::Malformed, &detail);
        }
    };
    let tags = tag_names(event.tags.as_deref());
    let mut names: Vec<String> = event.info.iter().map(|info| label(info)).collect();
    names.extend(galaxy_names(event.galaxies.as_deref(), &tags));
    names.truncate(MAX_NAMES);
    loaded.names.extend(names.iter().cloned());
    let claim = Claim {
        source: label(event.author.and_then(|author| author.name).as_deref().unwrap_or(name)),
        tlp: strictest(&tags),
        confidence: confidence(&tags),
        names,
        ..Claim::default()
    };
    for raw in event.attributes.unwrap_or_default() {
        attribute(loaded, places, &claim, raw);
    }
    for raw in event.objects.unwrap_or_default() {
        object(loaded, places, &claim, raw);
    }
}

fn object(loaded: &mut Loaded, places: &mut Places<'_>, claim: &Claim, raw: &RawValue) {
    match serde_json::from_str::<Object<'_>>(raw.get()) {
        Ok(object) if is_true(&object.deleted) => loaded.ignore("deleted object"),
        Ok(object) => {
            for raw in object.attributes.unwrap_or_default() {
                attribute(loaded, places, claim, raw);
            }
        }
        Err(why) => {
            let place = places.of(raw.get().as_bytes());
            let detail = format!("the object is damaged: {why}");
            loaded.lost(place, FaultKind::Malformed, &detail);
        }
    }
}

fn attribute(loaded: &mut Loaded, places: &mut Places<'_>, claim: &Claim, raw: &RawValue) {
    let place = places.of(raw.get().as_bytes());
    let found: Attribute = match serde_json::from_str(raw.get()) {
        Ok(found) => found,
        Err(why) => {
            let detail = format!("the attribute is damaged: {why}");
            return loaded.lost(place, FaultKind::Malformed, &detail);
        }
    };
    let text = match &found.value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let reference = found.uuid.as_deref();
    if is_true(&found.deleted) {
        return loaded.unused(place, reference, &text, "deleted by its source");
    }
    if !is_true(&found.to_ids) {
        let why = "its source does not use it for detection (to_ids)";
        return loaded.unused(place, reference, &text, why);
    }
    let Some(parts) = value::typed_parts(&found.kind, &text) else {
        let why = format!("type {} is not one that is looked for", quote(&found.kind));
        return loaded.unused(place, reference, &text, &why);
    };
    let claim = own(loaded, place, claim, &found);
    for (hint, part) in parts {
        match value::read(hint, part) {
            Ok(value) => loaded.indicator(place, &claim, value),
            Err(why) => loaded.lost(place, FaultKind::BadValue, &why),
        }
    }
}

/// The event's claim with what its attribute says itself. `last_seen` is when
/// it was seen, not when it ends; MISP knows no expiry.
fn own(loaded: &mut Loaded, place: Place, event: &Claim, found: &Attribute) -> Claim {
    let tags = tag_names(found.tags.as_deref());
    let mut claim = event.clone();
    claim.reference = found.uuid.as_deref().map(label);
    claim.tlp = strictest(&tags).or(event.tlp);
    claim.confidence = confidence(&tags).or(event.confidence);
    claim.names.extend(galaxy_names(found.galaxies.as_deref(), &tags));
    claim.names.truncate(MAX_NAMES);
    let seen = found.first_seen.as_deref();
    claim.validity.from = seen.and_then(|text| table::time(loaded, place, text, false));
    claim
}

fn tag_names(tags: Option<&[Named]>) -> Vec<String> {
    tags.unwrap_or_default().iter().filter_map(|tag| tag.name.clone()).collect()
}

/// Names of clusters, attached whole or as tags (`misp-galaxy:kind="name"`).
fn galaxy_names(galaxies: Option<&[Galaxy]>, tags: &[String]) -> Vec<String> {
    let clusters = galaxies.unwrap_or_default().iter().filter_map(|one| one.clusters.as_deref());
    let mut names: Vec<String> =
        clusters.flatten().filter_map(|one| one.value.as_deref()).map(label).collect();
    names.extend(tags.iter().filter_map(|tag| cluster_tag(tag)));
    names.sort();
    names.dedup();
    names
}

/// The name in a tag such as `misp-galaxy:threat-actor="APT0"`.
pub(crate) fn cluster_tag(tag: &str) -> Option<String> {
    let (_, name) = tag.strip_prefix("misp-galaxy:")?.split_once('=')?;
    Some(label(name.trim_matches('"')))
}

fn strictest(tags: &[String]) -> Option<Tlp> {
    tags.iter().filter_map(|tag| tlp::read_tag(tag)).max()
}

/// MISP's own taxonomy, on its own scale.
fn confidence(tags: &[String]) -> Option<u8> {
    tags.iter().find_map(|tag| {
        match tag.strip_prefix("misp:confidence-level=")?.trim_matches('"') {
            "completely-confident" => Some(100),
            "usually-confident" => Some(75),
            "fairly-confident" => Some(50),
            "rarely-confident" => Some(25),
            "unconfident" => Some(0),
            _ => None,
        }
    })
}

/// MISP writes truth as `true`, `1` or `"1"`, by its age.
fn is_true(field: &Json) -> bool {
    match field {
        Json::Bool(truth) => *truth,
        Json::Number(number) => number.as_i64() == Some(1),
        Json::String(text) => matches!(text.as_str(), "1" | "true"),
        _ => false,
    }
}
