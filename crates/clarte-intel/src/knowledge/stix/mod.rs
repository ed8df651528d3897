//! Knowledge in STIX 2.0 and 2.1, ATT&CK's as published.
//! Spec: <https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html>,
//! <https://github.com/mitre/cti/blob/master/USAGE.md>
//!
//! A campaign's claims are those of whom it is attributed to, and cite the
//! campaign where they cite nothing else; one attributed to nobody is a cluster. What is revoked or
//! deprecated is left out; a relation to it holds for its successor.
//!
//! Left out: prose, sightings, opinions, infrastructure and what it hosts,
//! what malware is said to indicate, whom an actor (not a campaign) is
//! attributed to if not a state.

mod claims;
mod graph;
mod object;

use clarte_model::knowledge::Knowledge;
use serde_json::value::RawValue;

use crate::loaded::{Loaded, Places};
use graph::Graph;

/// Takes objects, wherever in the file each of them stands.
pub(super) fn take(
    loaded: &mut Loaded,
    places: &mut Places<'_>,
    file: &str,
    raws: &[&RawValue],
) -> Knowledge {
    let objects = object::objects(loaded, places, raws);
    let graph = Graph::read(loaded, places, &objects);
    claims::knowledge(loaded, places, file, &objects, graph)
}

#[cfg(test)]
mod tests;
