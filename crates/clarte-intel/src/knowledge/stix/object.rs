//! STIX objects as they are written: first what all have, by which the
//! versions of one object are told, then the properties of its type.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use clarte_model::FaultKind;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::citation::attack_page;
use super::super::documents::{Few, Text};
use super::super::is_attack_id;
use crate::loaded::{Loaded, Places};
use crate::moment;

/// An object of a type that we use.
pub(super) struct Object<'t> {
    pub(super) head: Head<'t>,
    pub(super) raw: &'t RawValue,
}

/// What every object has.
#[derive(Deserialize)]
pub(super) struct Head<'t> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Text<'t>,
    #[serde(borrow)]
    pub(super) id: Text<'t>,
    #[serde(borrow, default)]
    modified: Option<Text<'t>>,
    #[serde(default)]
    revoked: Option<bool>,
    #[serde(default)]
    x_mitre_deprecated: Option<bool>,
}

impl Head<'_> {
    /// Why the object is not to be used, if so.
    pub(super) fn gone(&self) -> Option<&'static str> {
        match (self.revoked, self.x_mitre_deprecated) {
            (Some(true), _) => Some("revoked"),
            (_, Some(true)) => Some("deprecated"),
            _ => None,
        }
    }
}

/// What we use of an object that is no relationship.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Body<'t> {
    #[serde(borrow)]
    pub(super) name: Option<Text<'t>>,
    #[serde(borrow)]
    pub(super) aliases: Few<Text<'t>>,
    #[serde(borrow)]
    pub(super) x_mitre_aliases: Few<Text<'t>>,
    #[serde(borrow)]
    pub(super) external_references: Few<Reference<'t>>,
    #[serde(borrow)]
    pub(super) kill_chain_phases: Few<Phase<'t>>,
    #[serde(borrow)]
    pub(super) first_seen: Option<Text<'t>>,
    #[serde(borrow)]
    pub(super) last_seen: Option<Text<'t>>,
    #[serde(borrow)]
    pub(super) created_by_ref: Option<Text<'t>>,
    #[serde(borrow)]
    pub(super) country: Option<Text<'t>>,
    #[serde(borrow)]
    pub(super) sectors: Few<Text<'t>>,
    #[serde(borrow)]
    pub(super) object_refs: Few<Text<'t>>,
    #[serde(borrow)]
    pub(super) published: Option<Text<'t>>,
    #[serde(borrow)]
    pub(super) x_mitre_version: Option<Text<'t>>,
}

impl Body<'_> {
    /// The object's ATT&CK id, such as `G0128` or `T1566.002`.
    pub(super) fn attack_id(&self) -> Option<&str> {
        let references = self.external_references.kept.iter();
        let mut own = references.filter(|reference| reference.is_attack());
        own.find_map(|reference| reference.external_id.as_deref().filter(|id| is_attack_id(id)))
    }

    /// The ids of ATT&CK's pages that it refers to under whatever name.
    pub(super) fn attack_pages(&self, folder: &str) -> BTreeSet<String> {
        let urls = self.external_references.kept.iter().filter_map(|one| one.url.as_deref());
        urls.filter_map(|url| attack_page(url, folder)).collect()
    }
}

/// An external reference.
#[derive(Deserialize)]
pub(super) struct Reference<'t> {
    #[serde(borrow, default)]
    pub(super) source_name: Option<Text<'t>>,
    #[serde(borrow, default)]
    pub(super) url: Option<Text<'t>>,
    #[serde(borrow, default)]
    pub(super) external_id: Option<Text<'t>>,
    #[serde(borrow, default)]
    pub(super) description: Option<Text<'t>>,
}

impl Reference<'_> {
    pub(super) fn key(&self) -> &str {
        self.source_name.as_deref().unwrap_or_default()
    }

    /// Whether it is ATT&CK's own page of the object, not a source of it.
    pub(super) fn is_attack(&self) -> bool {
        matches!(
            self.key(),
            "mitre-attack" | "mitre-mobile-attack" | "mitre-ics-attack" | "mitre-enterprise-attack"
        )
    }
}

/// A phase of a kill chain: a tactic.
#[derive(Deserialize)]
pub(super) struct Phase<'t> {
    #[serde(borrow)]
    pub(super) phase_name: Text<'t>,
}

/// What we use of a relationship.
#[derive(Deserialize)]
pub(super) struct Link<'t> {
    #[serde(borrow)]
    pub(super) relationship_type: Text<'t>,
    #[serde(borrow)]
    pub(super) source_ref: Text<'t>,
    #[serde(borrow)]
    pub(super) target_ref: Text<'t>,
    #[serde(borrow, default)]
    pub(super) external_references: Few<Reference<'t>>,
    #[serde(borrow, default)]
    pub(super) created: Option<Text<'t>>,
    #[serde(default)]
    pub(super) confidence: Option<u64>,
}

/// The objects of types that we use, each in its latest version, in the order
/// of the file.
pub(super) fn objects<'t>(
    loaded: &mut Loaded,
    places: &mut Places<'_>,
    raws: &[&'t RawValue],
) -> Vec<Object<'t>> {
    let mut objects = Vec::new();
    for &raw in raws {
        match serde_json::from_str::<Head<'t>>(raw.get()) {
            Ok(head) if is_used(&head.kind) => objects.push(Object { head, raw }),
            Ok(head) => loaded.ignore(&head.kind),
            Err(why) => {
                let detail = format!("the object is damaged: {why}");
                loaded.lost(places.of(raw.get().as_bytes()), FaultKind::Malformed, &detail);
            }
        }
    }
    // Rows without a type and id are something else.
    if objects.is_empty() && loaded.ignored.is_empty() {
        loaded.format = "unknown";
    }
    let superseded = superseded(&objects);
    let mut at = 0..superseded.len();
    objects.retain(|_| {
        let stays = at.next().is_none_or(|at| !superseded[at]);
        if !stays {
            loaded.ignore("superseded version");
        }
        stays
    });
    objects
}

/// Which objects another of the same id replaces: the one last modified
/// stays, and of equal ones the first in byte order, wherever they stand.
fn superseded(objects: &[Object<'_>]) -> Vec<bool> {
    let mut superseded = vec![false; objects.len()];
    let mut latest: HashMap<&str, usize> = HashMap::with_capacity(objects.len());
    let rank = |at: usize| {
        let Object { head, raw } = &objects[at];
        let modified = head.modified.as_deref().and_then(|text| moment::read(text, false).ok());
        (modified, Reverse(raw.get()))
    };
    for (at, object) in objects.iter().enumerate() {
        let stays = latest.entry(&object.head.id).or_insert(at);
        if *stays != at {
            let goes = if rank(at) > rank(*stays) { std::mem::replace(stays, at) } else { at };
            superseded[goes] = true;
        }
    }
    superseded
}

fn is_used(kind: &str) -> bool {
    matches!(
        kind,
        "intrusion-set"
            | "threat-actor"
            | "campaign"
            | "malware"
            | "tool"
            | "attack-pattern"
            | "relationship"
            | "report"
            | "indicator"
            | "identity"
            | "location"
            | "marking-definition"
            | "x-mitre-collection"
    )
}
