//! What looks like the campaign and is not: a commodity phish, and a mail that
//! matches an indicator after its time.

use crate::calendar::{At, DAY, HOUR, MINUTE, SECOND};
use crate::campaign::Campaign;
use crate::outside::PARCEL;
use crate::rng::{Rng, Topic};
use crate::tokens::Url;
use crate::world::{Store, World};

/// One mail of the commodity phish.
pub(crate) struct Phish {
    pub(crate) person: usize,
    pub(crate) at: At,
    /// When its link was followed.
    pub(crate) clicked: Option<At>,
}

impl Phish {
    /// The link; the phish knows its recipients by address too.
    pub(crate) fn link(&self, world: &World) -> Url {
        let address = world.people[self.person].email.replace('@', "%40");
        Url::new(false, &format!("www.{PARCEL}"), format!("/track/fee.html?to={address}"))
    }
}

/// What an answer must leave out.
pub(crate) struct Innocents {
    pub(crate) phish: Vec<Phish>,
    /// The mail from the domain of the expired indicator.
    pub(crate) expired_mail: Option<(usize, At)>,
}

/// Chooses among those the campaign leaves alone.
pub(crate) fn choose(world: &World, campaign: &Campaign) -> Innocents {
    let mut rng = Rng::keyed(world.seed, Topic::Phish, &[]);
    let mut spared: Vec<usize> = world
        .people
        .iter()
        .filter(|p| p.is_local() && campaign.assistant != Some(p.index))
        .filter(|p| campaign.lures.iter().all(|lure| lure.person != p.index))
        .map(|p| p.index)
        .collect();
    rng.shuffle(&mut spared);
    let day = u64::from(world.days) * 2 / 5;
    let day = if day % 7 >= 5 { day - day % 7 + 4 } else { day };
    let morning = world.start.plus(day as i64 * DAY + 9 * HOUR);
    let expired_mail = spared.pop().map(|person| (person, morning.plus(2 * HOUR)));
    let wanted = (world.people.len() / 8 + 1).min(150);
    let phish = spared
        .into_iter()
        .take(wanted)
        .enumerate()
        .map(|(rank, person)| {
            let at = morning.plus(rank as i64 * 11 * SECOND + 5_000);
            let delay = rng.between(5 * MINUTE, 3 * HOUR);
            Phish { person, at, clicked: rank.is_multiple_of(3).then(|| at.plus(delay)) }
        })
        .collect();
    Innocents {
        phish,
        expired_mail: expired_mail.filter(|(p, _)| world.people[*p].store != Store::Cloud),
    }
}
