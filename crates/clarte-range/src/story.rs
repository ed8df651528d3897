//! Who received the lures and what each then did: the script behind the truth.

use crate::calendar::{At, DAY, HOUR, MINUTE, SECOND};
use crate::campaign::{self, Act, Campaign, Deed, Fate, Letter, Lure};
use crate::rng::{Rng, Topic};
use crate::variety::Variety;
use crate::world::{Person, Store, Web, World};

/// Tells the whole story of a plan.
pub(crate) fn tell(world: &World, variety: &Variety) -> Campaign {
    let waves = campaign::waves(world, variety);
    let proxy_gap = campaign::proxy_gap(world, &waves[0]);
    let mut campaign = Campaign {
        waves: Vec::new(),
        lures: Vec::new(),
        acts: Vec::new(),
        letters: Vec::new(),
        proxy_gap,
        assistant: assistant(world),
    };
    let mut cast = Cast::default();
    for wave in waves {
        let recipients = recipients(world, wave.index, campaign.assistant, &cast.done);
        let lures = campaign::lures(world, &wave, &recipients);
        campaign.waves.push(wave);
        for (rank, lure) in lures.into_iter().enumerate() {
            let part = cast.part(world, &lure, rank == 0);
            if part.is_told_once() {
                cast.done.push(lure.person);
            }
            play(world, variety, &mut campaign, lure, part);
        }
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

impl Part {
    /// Whether another wave's lure to the same person would blur what this
    /// part shows, such as an opening that no log has.
    fn is_told_once(self) -> bool {
        matches!(
            self,
            Self::Rejected
                | Self::Bounced
                | Self::OpenAtHome
                | Self::OpenInGap
                | Self::BossForwards
        )
    }
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
    /// Those whom no further wave addresses.
    done: Vec<usize>,
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
/// among them those whom the logs show differently, without those whose story
/// is told.
fn recipients(world: &World, wave: usize, assistant: Option<usize>, done: &[usize]) -> Vec<usize> {
    let count = world.people.len();
    let wanted = (count / 4).clamp(3, 200);
    let it_desk = world.someone("IT").index;
    let mut rng = Rng::keyed(world.seed, Topic::Recipients, &[wave as u64]);
    let mut ranked: Vec<(u64, usize)> = world
        .people
        .iter()
        .filter(|p| Some(p.index) != assistant && (p.index != it_desk || count < 5))
        .filter(|p| !done.contains(&p.index))
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

/// Lets a recipient play their part with one lure.
fn play(world: &World, variety: &Variety, campaign: &mut Campaign, mut lure: Lure, part: Part) {
    let index = campaign.lures.len();
    let person = lure.person;
    let mut rng = Rng::keyed(world.seed, Topic::Act, &[index as u64]);
    let later = working_moment(world, lure.at, campaign.proxy_gap, &mut rng);
    let has_page = campaign.waves[lure.wave].page_host.is_some();
    let open = |at, home| Act { lure: index, actor: person, at, deed: Deed::Open, home };
    match part {
        Part::Open => campaign.acts.push(open(later, false)),
        Part::Click => {
            campaign.acts.push(open(later, false));
            let then = later.plus(rng.between(20 * SECOND, 90 * SECOND));
            let click = Act { deed: Deed::Click, ..open(then, false) };
            campaign.acts.extend(has_page.then_some(click));
        }
        Part::OpenAtHome => campaign.acts.push(open(later.plus(37 * MINUTE), true)),
        Part::OpenInGap => {
            let delay = 9 * HOUR + rng.between(0, 6 * HOUR);
            let at = campaign.proxy_gap.map_or(later, |(from, _)| from.plus(delay));
            campaign.acts.push(open(at, false));
        }
        Part::Rejected => lure.fate = Fate::Rejected,
        Part::Bounced => lure.fate = Fate::Bounced,
        Part::BossForwards => {
            if let Some(to) = campaign.assistant {
                let read = later.plus(11 * MINUTE);
                campaign.acts.push(Act { actor: to, ..open(read, false) });
                let forward = Letter::Forward { lure: index, to, at: later };
                campaign.letters.extend(variety.forwards_to_assistant.then_some(forward));
            }
        }
        Part::Replies => campaign.letters.push(Letter::Reply { lure: index, at: later }),
        Part::Reports => {
            let to = world.someone("IT").index;
            let report = Letter::Report { lure: index, to, at: later };
            campaign.letters.extend((to != person).then_some(report));
        }
        Part::Nothing => {}
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
    use crate::variety::Connection;

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
        assert!(campaign.acts.iter().any(|act| Some(act.actor) == campaign.assistant));
        assert!(campaign.letters.iter().any(|l| matches!(l, Letter::Report { .. })));
        assert!(campaign.letters.iter().any(|l| matches!(l, Letter::Reply { .. })));
    }

    /// Each wave must be reachable from the one before it by what connects
    /// them, in mailboxes that are in evidence.
    #[test]
    fn each_wave_can_be_reached_from_the_one_before() {
        for seed in 1..=60 {
            let plan = Plan { seed, ..Plan::default() };
            let world = World::new(&plan);
            let campaign = tell(&world, &Variety::of(seed));
            let read = |wave: usize| {
                let delivered = campaign.lures.iter().filter(|l| l.fate == Fate::Delivered);
                let own = delivered.filter(move |lure| lure.wave == wave).map(|lure| lure.person);
                own.filter(|&person| world.people[person].is_local())
            };
            for pair in campaign.waves.windows(2) {
                let (before, wave) = (&pair[0], &pair[1]);
                let same_person = read(wave.index).any(|p| read(before.index).any(|q| p == q));
                let same_language = read(wave.index).any(|p| {
                    read(before.index).any(|q| world.people[p].lang == world.people[q].lang)
                });
                let reached = match wave.connected_by {
                    Some(Connection::SendingIp) => wave.ip == before.ip,
                    Some(Connection::Sender) => wave.sender == before.sender,
                    Some(Connection::Template) => wave.template == before.template && same_language,
                    Some(Connection::TokenShapeAndMailer) => {
                        (wave.shape, wave.place, wave.mailer)
                            == (before.shape, before.place, before.mailer)
                    }
                    Some(Connection::TokenValues) => same_person && wave.shape == before.shape,
                    None => false,
                };
                assert!(reached, "seed {seed}: {:?}", wave.connected_by);
            }
        }
    }
}
