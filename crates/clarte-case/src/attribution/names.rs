//! Whom a name in intelligence may mean. Names are claims: one may mean several
//! actors, and then means each.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::Knowledge;

/// A name that more actors bear says nothing.
const MAX_BEARERS: usize = 16;

/// Ids by ids and names, spelling aside.
pub(super) struct Names {
    actors: BTreeMap<String, BTreeSet<String>>,
    software: BTreeMap<String, String>,
}

impl Names {
    pub(super) fn of(base: &Knowledge) -> Self {
        let mut names = Self { actors: BTreeMap::new(), software: BTreeMap::new() };
        for actor in &base.actors {
            let called = actor.names.iter().map(|claim| &claim.name);
            for name in called.chain([&actor.id, &actor.name]) {
                let key = folded(name);
                if !key.is_empty() {
                    names.actors.entry(key).or_default().insert(actor.id.clone());
                }
            }
        }
        for software in &base.software {
            for name in software.names.iter().chain([&software.id, &software.name]) {
                // Of two with one name the first; the base is sorted by id.
                names.software.entry(folded(name)).or_insert_with(|| software.id.clone());
            }
        }
        names
    }

    /// The actors that a name may mean.
    pub(super) fn actors(&self, name: &str) -> &BTreeSet<String> {
        const NOBODY: &BTreeSet<String> = &BTreeSet::new();
        let found = self.actors.get(&folded(name));
        found.filter(|bearers| bearers.len() <= MAX_BEARERS).unwrap_or(NOBODY)
    }

    /// The software that a name means.
    pub(super) fn software(&self, name: &str) -> Option<&str> {
        self.software.get(&folded(name)).filter(|_| !folded(name).is_empty()).map(String::as_str)
    }
}

/// Letters and digits in small: `APT-31` is `apt31`.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
