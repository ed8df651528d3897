//! Who received the lures and what each then did: the script behind the truth.

use crate::calendar::{At, DAY, HOUR, MINUTE};
use crate::campaign::{self, Act, Campaign, Deed, Fate, Letter, Lure};
use crate::rng::{Rng, Topic};
use crate::variety::Variety;
use crate::world::{Person, Store, Web, World};

/// Tells the whole story of a plan.
pub(crate) fn tell(world: &World, variety: &Variety) -> Campaign {
    let waves = campaign::waves(world, variety);
    let proxy_gap = campaign::proxy_gap(world, &waves[0]);
    let assistant = assistant(world);
    let mut campaign = Campaign {
        waves: Vec::new(),
        lures: Vec::new(),
        acts: Vec::new(),
        letters: Vec::new(),
        proxy_gap,
        assistant: None,
    };
    let mut cast = Cast::default();
    for wave in waves {
        let lost = campaign.lures.iter().filter(|lure| lure.fate != Fate::Delivered);
        let lost: Vec<usize> = lost.map(|lure| lure.person).collect();
        let recipients = recipients(world, wave.index, assistant, &lost);
        for (rank, lure) in campaign::lures(world, &wave, &recipients).into_iter().enumerate() {
            let part = cast.part(world, &lure, rank == 0);
            let has_page = wave.page_host.is_some();
            play(world, variety, &mut campaign, lure, part, has_page, assistant);
        }
        campaign.waves.push(wave);
    }
    campaign.acts.sort_by_key(|act| act.at);
    campaign
}

/// What a recipient does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Open,
    Click,
    OpenAtHome,
    OpenInGap,
    Rejected,
    Bounced,
    BossForwards,
    Replies,
    Reports,
    Nothing,
}

const SCRIPT: [Part; 12] = [
    Part::Open,
    Part::OpenInGap,
    Part::BossForwards,
    Part::Click,
    Part::Rejected,
    Part::OpenAtHome,
    Part::Reports,
    Part::Bounced,
    Part::Replies,
    Part::Nothing,
    Part::Open,
    Part::Click,
];

/// Gives out the parts, each kind of recipient in turn over all waves.
#[derive(Default)]
struct Cast {
    special: usize,
    plain: usize,
}

impl Cast {
    /// The part of the next recipient. Those of whom the logs tell less always
    /// act, so that every way of seeing an act occurs.
    fn part(&mut self, world: &World, lure: &Lure, is_first: bool) -> Part {
        if is_special(&world.people[lure.person]) {
            self.special += 1;
            return if self.special.is_multiple_of(2) { Part::Open } else { Part::Click };
        }
        // Each wave's first mail arrives, so that the duration is plain.
        if is_first && lure.wave > 0 {
            return Part::Open;
        }
        let part = SCRIPT[self.plain % SCRIPT.len()];
        self.plain += 1;
        match part {
            Part::OpenInGap if lure.wave > 0 => Part::Open,
            Part::BossForwards if lure.wave > 0 => Part::Nothing,
            part => part,
        }
    }
}

fn is_special(person: &Person) -> bool {
    person.web != Web::ProxyUser || !person.listed || person.store == Store::Cloud
}

/// Someone who is never addressed and opens what the boss passes on.
fn assistant(world: &World) -> Option<usize> {
    let fits = |p: &&Person| p.role == "assistant" && !is_special(p) && p.store == Store::Mbox;
    world.people.iter().find(fits).map(|p| p.index)
}

/// A wave's recipients: mostly one circle, some of them in every wave, and
/// among them those whom the logs show differently. Addresses that failed are
/// not tried again, so that some people were targeted and never reached.
fn recipients(
    world: &World,
    wave: usize,
    assistant: Option<usize>,
    failed: &[usize],
) -> Vec<usize> {
    let count = world.people.len();
    let wanted = (count / 4).clamp(3, 200);
    let it_desk = world.someone("IT").index;
    let mut rng = Rng::keyed(world.seed, Topic::Recipients, &[wave as u64]);
    let mut ranked: Vec<(u64, usize)> = world
        .people
        .iter()
        .filter(|p| Some(p.index) != assistant && (p.index != it_desk || count < 5))
        .filter(|p| !failed.contains(&p.index))
        .map(|p| (interest(world, p, &mut rng), p.index))
        .collect();
    ranked.sort_unstable();
    let mut chosen: Vec<usize> = ranked.into_iter().map(|(_, index)| index).take(wanted).collect();
    rng.shuffle(&mut chosen);
    // Someone whose mailbox and traffic are both plain to see comes first.
    let plain = |i: &usize| !is_special(&world.people[*i]) && world.people[*i].store == Store::Mbox;
    if let Some(first) = chosen.iter().position(plain) {
        chosen.swap(0, first);
    }
    chosen
}

/// Lower is more interesting to the campaign.
fn interest(world: &World, person: &Person, rng: &mut Rng) -> u64 {
    let steady = Rng::keyed(world.seed, Topic::Recipients, &[99, person.index as u64]).below(40);
    let chosen_for = match person.role {
        "member: IPAC" => 0,
        "committee: foreign affairs" => 40,
        _ => 70,
    };
    let special = if is_special(person) { 30 } else { 42 };
    steady + chosen_for + special + rng.below(25)
}

fn play(
    world: &World,
    variety: &Variety,
    campaign: &mut Campaign,
    mut lure: Lure,
    part: Part,
    has_page: bool,
    assistant: Option<usize>,
) {
    let index = campaign.lures.len();
    let (person, at) = (lure.person, lure.at);
    let local = world.people[person].is_local();
    let mut rng = Rng::keyed(world.seed, Topic::Act, &[index as u64]);
    let gap = campaign.proxy_gap;
    let later = working_moment(world, at, gap, &mut rng);
    let mut act = |actor, at, deed, home| {
        campaign.acts.push(Act { lure: index, actor, at, deed, home });
    };
    match part {
        Part::Open => act(person, later, Deed::Open, false),
        Part::Click => {
            act(person, later, Deed::Open, false);
            if has_page {
                act(person, later.plus(rng.between(20_000_000, 90_000_000)), Deed::Click, false);
            }
        }
        Part::OpenAtHome => act(person, later.plus(37 * MINUTE), Deed::Open, true),
        Part::OpenInGap => match gap {
            Some((from, _)) => {
                let hour = from.plus(9 * HOUR + rng.between(0, 6 * HOUR));
                act(person, hour, Deed::Open, false);
            }
            None => act(person, later, Deed::Open, false),
        },
        Part::Rejected if local => lure.fate = Fate::Rejected,
        Part::Bounced if local => lure.fate = Fate::Bounced,
        Part::BossForwards => {
            if let Some(assistant) = assistant {
                let read = later.plus(11 * MINUTE);
                act(assistant, read, Deed::Open, false);
                campaign.assistant = Some(assistant);
                if variety.forwards_to_assistant && local {
                    campaign.letters.push(Letter::Forward {
                        lure: index,
                        to: assistant,
                        at: later,
                    });
                }
            }
        }
        Part::Replies => campaign.letters.push(Letter::Reply { lure: index, at: later }),
        Part::Reports => {
            let to = world.someone("IT").index;
            if to != person && local {
                campaign.letters.push(Letter::Report { lure: index, to, at: later });
            }
        }
        Part::Rejected | Part::Bounced | Part::Nothing => {}
    }
    campaign.lures.push(lure);
}

/// Some minutes or days after `at`, within office hours, outside the gap and
/// before the evidence ends.
fn working_moment(world: &World, at: At, gap: Option<(At, At)>, rng: &mut Rng) -> At {
    let soon = at.plus(rng.between(6 * MINUTE, 50 * MINUTE));
    let delay_days = *rng.pick(&[0, 0, 0, 1, 2, 5]);
    if delay_days == 0 {
        return soon;
    }
    let hours = 8 * HOUR + rng.between(0, 8 * HOUR);
    let later = at.midnight().plus(delay_days * DAY + hours);
    let in_gap = gap.is_some_and(|(from, to)| later >= from && later < to);
    let too_late = later.plus(2 * HOUR) >= world.end();
    if later.is_weekend() || in_gap || too_late { soon } else { later }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Plan;

    #[test]
    fn waves_fit_into_any_number_of_days() {
        for days in 1..60 {
            for seed in [3, 4] {
                let plan = Plan { people: 12, days, seed };
                let world = World::new(&plan);
                let campaign = tell(&world, &Variety::of(seed));
                for lure in &campaign.lures {
                    assert!(lure.at >= world.start && lure.at < world.end(), "{days} days");
                    assert!(!lure.at.is_weekend(), "{days} days");
                }
                assert!(campaign.acts.iter().all(|act| act.at < world.end()), "{days} days");
            }
        }
    }

    #[test]
    fn every_part_is_played_in_the_standard_size() {
        let plan = Plan::default();
        let world = World::new(&plan);
        let campaign = tell(&world, &Variety::of(plan.seed));
        let fates = |fate| campaign.lures.iter().filter(|lure| lure.fate == fate).count();
        assert!(fates(Fate::Rejected) > 0 && fates(Fate::Bounced) > 0);
        assert!(campaign.acts.iter().any(|act| act.home));
        assert!(campaign.acts.iter().any(|act| act.deed == Deed::Click));
        assert!(campaign.assistant.is_some());
        assert!(campaign.letters.iter().any(|l| matches!(l, Letter::Report { .. })));
        assert!(campaign.letters.iter().any(|l| matches!(l, Letter::Reply { .. })));
    }
}
