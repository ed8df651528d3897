//! The shown name holds an address or domain other than the one that sends.
//!
//! Why: many programs show the name alone; an address in it is believed.
//! Reason: quotes the name and the sending domain.
//! False alarms: lists and ticket systems that put the writer's address into the
//! name of theirs; so mail of lists is left out.

use crate::observation::Observation;
use crate::reading::Reading;
use clarte_model::{address, host};

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    if reading.is_bulk() {
        return None;
    }
    let name = reading.mail.author_name();
    let mut words = name.split(|c: char| c.is_whitespace() || "<>()[]\"',;:|".contains(c));
    let other = words.find_map(|word| {
        let host = match address::normalise(word) {
            Some(address) => address::registrable_domain(&address)?.to_owned(),
            // A word with a dot is a domain if somebody known owns it.
            None if word.contains('.') => {
                host::normalise(word).filter(|host| reading.around.tables.owner(host).is_some())?
            }
            None => return None,
        };
        let known = host.contains('.') && host::has_known_suffix(&host);
        (known && host::registrable(&host) != reading.domain()).then_some(host)
    })?;
    let same_owner = reading
        .around
        .tables
        .owner(&other)
        .is_some_and(|owner| reading.host().is_some_and(|host| owner.owns(host)));
    (!same_owner && !reading.domain().is_empty()).then(|| {
        Observation::new("identity.name-address")
            .with("name", name)
            .with("domain", reading.domain())
    })
}
