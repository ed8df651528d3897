//! What the campaign did beyond its lures: accounts it signed in to, mail it
//! read and had forwarded, machines that sent data out; and what looks alike
//! and is innocent. Chosen by seed, like everything.

use crate::calendar::{At, DAY, HOUR, MINUTE, SECOND};
use crate::campaign::{Campaign, Deed, Fate, Lure};
use crate::outside::{FREEMAIL, documentation_address};
use crate::rng::{Rng, Topic};
use crate::variety::{Hosting, Variety};
use crate::world::{Web, World};

/// Something done in someone's account.
pub(crate) struct Act {
    pub(crate) person: usize,
    pub(crate) at: At,
    pub(crate) ip: String,
    pub(crate) what: What,
    pub(crate) who: Who,
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// The campaign, from an address that the evidence ties to it.
    Campaign,
    /// The campaign, from an address that nothing ties to it.
    Untied,
    /// The owner.
    Owner,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    SignIn,
    FailedSignIn,
    /// Single mails read: their message ids and sizes.
    Bind(Vec<(String, u64)>),
    /// A whole folder fetched; the log does not say how much.
    Sync(u64),
    /// Mails read of which the throttled log says nothing.
    Unlogged(u64),
    /// A rule that forwards to this mailbox.
    Rule(String),
    /// An application was given rights.
    Consent,
    Download(String),
}

/// A mail that a rule passed on.
pub(crate) struct Forward {
    pub(crate) person: usize,
    pub(crate) at: At,
    pub(crate) to: String,
    pub(crate) message_id: String,
    pub(crate) bytes: u64,
    /// Whether the trace covers what leaves.
    pub(crate) seen: bool,
    pub(crate) who: Who,
}

/// How a connection to a campaign host ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fared {
    Sent,
    Rejected,
    Unanswered,
    /// Set up, and nothing sent.
    Empty,
}

/// A connection from someone's machine.
pub(crate) struct Transfer {
    pub(crate) person: usize,
    pub(crate) at: At,
    pub(crate) host: Option<String>,
    pub(crate) ip: String,
    pub(crate) bytes: u64,
    pub(crate) fared: Fared,
    pub(crate) who: Who,
}

/// The whole of it.
#[derive(Default)]
pub(crate) struct Takeover {
    pub(crate) acts: Vec<Act>,
    pub(crate) forwards: Vec<Forward>,
    pub(crate) transfers: Vec<Transfer>,
    /// The address from which it signs in.
    pub(crate) sign_in_ip: String,
    /// Whether the partner's list names it; else it sent lures.
    pub(crate) sign_in_is_given: bool,
    pub(crate) untied_ip: String,
    /// Where rules forward to.
    pub(crate) mailbox: String,
    /// Where machines connect to: in the partner's list, or a beacon's host.
    pub(crate) c2_ip: String,
    pub(crate) c2_host: Option<String>,
    pub(crate) c2_is_given: bool,
    /// Whether the message trace covers what leaves.
    pub(crate) leaving_is_traced: bool,
    /// Whose mail client reads more than is logged in a day, and from when.
    pub(crate) throttled: Option<(usize, At)>,
    /// Whose machine's log was cleared, and when.
    pub(crate) cleared: Option<(usize, At)>,
}

impl Takeover {
    /// Whether someone's machine sent the campaign anything.
    pub(crate) fn sends(&self, person: usize) -> bool {
        let sent = |t: &Transfer| t.who == Who::Campaign && t.fared == Fared::Sent;
        self.transfers.iter().any(|transfer| transfer.person == person && sent(transfer))
    }

    /// When someone's machine had to do with the campaign's hosts.
    pub(crate) fn moments_of_machine(&self, person: usize) -> impl Iterator<Item = At> {
        let own = move |t: &&Transfer| t.person == person && t.who == Who::Campaign;
        self.transfers.iter().filter(own).map(|transfer| transfer.at)
    }
}

/// What happens in a seed.
struct Plot {
    rule: bool,
    forwards_seen: bool,
    uploads: bool,
    trap: bool,
}

/// Where the office comes from, as the cloud sees it.
pub(crate) const OFFICE: &str = "198.51.100.250";
const HOTEL: &str = "203.0.113.246";
/// A service that anybody uploads to.
const VIDEO: &str = "video.example";

/// Tells what follows the lures.
pub(crate) fn tell(world: &World, variety: &Variety, campaign: &Campaign) -> Takeover {
    let seed = world.seed;
    let plot = plot(seed);
    let wave = &campaign.waves[0];
    let own_host = wave.hosting != Hosting::Provider;
    let c2_is_given = seed % 4 != 1 || !own_host || plot.trap && !plot.uploads;
    let given = variety.sign_in_is_given;
    let mut story = Takeover {
        sign_in_ip: if given { documentation_address(470) } else { wave.ip.clone() },
        sign_in_is_given: given,
        untied_ip: documentation_address(490),
        mailbox: format!("desk.archive{}@{FREEMAIL}", 20 + seed % 70),
        c2_ip: if c2_is_given { documentation_address(480) } else { wave.beacon_ip.clone() },
        c2_host: (!c2_is_given).then(|| wave.beacon_host.clone()),
        c2_is_given,
        leaving_is_traced: !plot.rule || plot.forwards_seen,
        ..Takeover::default()
    };
    accounts(world, campaign, &plot, &mut story);
    machines(world, campaign, &plot, &mut story);
    innocents(world, &mut story);
    story.acts.sort_by_key(|act| act.at);
    story
}

fn plot(seed: u64) -> Plot {
    let (rule, forwards_seen, uploads, trap) = match seed % 10 {
        1 | 6 => (true, true, true, true),
        2 | 7 => (true, false, false, true),
        3 | 8 => (false, false, true, false),
        4 | 9 => (false, false, false, true),
        5 => (true, true, false, false),
        _ => (false, false, false, false),
    };
    Plot { rule, forwards_seen, uploads, trap }
}

/// Someone whose account is in the cloud, from when on, and whether by a lure.
type Candidate = (usize, At, bool);

/// Five of them, and never all: first those who followed a lure's link, then
/// those who got one, last those whose passwords came from elsewhere.
fn candidates(world: &World, campaign: &Campaign) -> Vec<Candidate> {
    let Some(first) = campaign.lures.iter().map(|lure| lure.at).min() else {
        return Vec::new();
    };
    let cloud = || world.people.iter().filter(|person| !person.is_local());
    let mut all: Vec<(u8, At, usize)> = Vec::new();
    for person in cloud() {
        let delivered = |lure: &&Lure| lure.fate == Fate::Delivered && lure.person == person.index;
        let lured = campaign.lures.iter().find(delivered).map(|lure| lure.at);
        let mut acts = campaign.acts.iter().filter(|act| act.actor == person.index);
        let clicked = acts.any(|act| act.deed == Deed::Click);
        let rank = if clicked { 0 } else { 1 + u8::from(lured.is_none()) };
        all.push((rank, lured.unwrap_or(first), person.index));
    }
    all.sort();
    let wanted = cloud().count().saturating_sub(2).min(5);
    all.into_iter().take(wanted).map(|(rank, at, person)| (person, at, rank < 2)).collect()
}

fn accounts(world: &World, campaign: &Campaign, plot: &Plot, story: &mut Takeover) {
    let seed = world.seed;
    for (rank, (person, lured, by_lure)) in candidates(world, campaign).into_iter().enumerate() {
        let mut rng = Rng::keyed(seed, Topic::Takeover, &[person as u64]);
        let later = lured.plus(rng.between(20 * HOUR, 50 * HOUR));
        let soon = lured.plus(rng.between(60 * MINUTE, 110 * MINUTE));
        let at = if later.plus(9 * HOUR) < world.end() { later } else { soon };
        if at.plus(9 * HOUR) >= world.end() {
            continue;
        }
        let untied = rank == 3 && !seed.is_multiple_of(3);
        let who = if untied { Who::Untied } else { Who::Campaign };
        let ip = if untied { story.untied_ip.clone() } else { story.sign_in_ip.clone() };
        let mut acts = Vec::new();
        let mut act = |minutes: i64, what| {
            let at = at.plus(minutes * MINUTE + rng.between(0, 50 * SECOND));
            acts.push(Act { person, at, ip: ip.clone(), what, who });
        };
        match rank {
            0 => {
                act(0, What::SignIn);
                for round in 0..3_u64 {
                    act(4 + 9 * round as i64, What::Bind(items(seed, person, round, 12)));
                }
                // The second round opens some of the first again.
                act(60, What::Bind(items(seed, person, 0, 5)));
                if plot.rule {
                    act(31, What::Rule(story.mailbox.clone()));
                }
                if seed % 4 == 1 {
                    act(430, What::Unlogged(40));
                    story.throttled = Some((person, at.plus(62 * MINUTE)));
                }
                if plot.rule {
                    forwards(world, person, at, story);
                }
            }
            1 if by_lure => (0..4).for_each(|round| act(2 * round, What::FailedSignIn)),
            2 if seed % 2 == 1 => {
                act(0, What::SignIn);
                act(6, What::Sync(180 + seed % 50));
            }
            2 => {
                act(0, What::SignIn);
                act(5, What::Download("delegation-travel.docx".to_owned()));
                act(6, What::Download("contact-list.xlsx".to_owned()));
            }
            3 => {
                act(0, What::SignIn);
                act(7, What::Bind(items(seed, person, 0, 9)));
            }
            4 => {
                act(0, What::SignIn);
                act(3, What::Consent);
            }
            _ => {}
        }
        story.acts.extend(acts);
    }
}

/// The mails of one reading; one round gives one list.
fn items(seed: u64, person: usize, round: u64, count: usize) -> Vec<(String, u64)> {
    let mut rng = Rng::keyed(seed, Topic::Takeover, &[person as u64, 77, round]);
    (0..count)
        .map(|_| {
            (
                format!("{}.{}@ministry.example", rng.hex(14), rng.below(9999)),
                3000 + rng.below(90_000),
            )
        })
        .collect()
}

fn forwards(world: &World, person: usize, at: At, story: &mut Takeover) {
    let mut rng = Rng::keyed(world.seed, Topic::Takeover, &[person as u64, 5]);
    for rank in 0..6 {
        let at = at.plus(2 * HOUR + rank * 50 * MINUTE + rng.between(0, 20 * MINUTE));
        story.forwards.push(Forward {
            person,
            at,
            to: story.mailbox.clone(),
            message_id: format!("{}.fw@{}", rng.hex(16), world.domain),
            bytes: 9_000 + rng.below(160_000),
            seen: story.leaving_is_traced,
            who: Who::Campaign,
        });
    }
}

/// Machines that go straight out, whose connections the sensor sees.
fn machines(world: &World, campaign: &Campaign, plot: &Plot, story: &mut Takeover) {
    let mut direct: Vec<usize> = world
        .people
        .iter()
        .filter(|person| person.web == Web::Direct && person.is_identifiable())
        .map(|person| person.index)
        .collect();
    let lured = |person: &usize| campaign.lures.iter().any(|lure| lure.person == *person);
    direct.sort_by_key(|person| (!lured(person), *person));
    let [first, second, ..] = direct[..] else {
        return;
    };
    let last = campaign.lures.iter().map(|lure| lure.at).max().unwrap_or(world.start);
    let next = last.midnight().plus(DAY + 10 * HOUR);
    let working = if next.is_weekend() { next.plus(2 * DAY) } else { next };
    let begin = if working.plus(6 * HOUR) < world.end() { working } else { last.plus(HOUR) };
    if begin.plus(3 * HOUR) >= world.end() {
        return;
    }
    let mut rng = Rng::keyed(world.seed, Topic::Takeover, &[9]);
    if plot.uploads {
        for rank in 0..4 {
            story.transfers.push(Transfer {
                person: first,
                at: begin.plus(rank * 23 * MINUTE + rng.between(0, 5 * MINUTE)),
                host: story.c2_host.clone(),
                ip: story.c2_ip.clone(),
                bytes: 2_000_000 + rng.below(9_000_000),
                fared: Fared::Sent,
                who: Who::Campaign,
            });
        }
        if world.seed % 3 == 1 {
            story.cleared = Some((first, begin.plus(2 * HOUR + 11 * MINUTE)));
        }
    }
    if plot.trap && story.c2_is_given {
        for (rank, fared) in [
            Fared::Rejected,
            Fared::Rejected,
            Fared::Unanswered,
            Fared::Empty,
            Fared::Rejected,
            Fared::Unanswered,
        ]
        .into_iter()
        .enumerate()
        {
            story.transfers.push(Transfer {
                person: second,
                at: begin.plus(rank as i64 * 10 * MINUTE + rng.between(0, 5 * MINUTE)),
                host: None,
                ip: story.c2_ip.clone(),
                bytes: 0,
                fared,
                who: Who::Campaign,
            });
        }
    }
    story.transfers.push(Transfer {
        person: second,
        at: begin.plus(90 * MINUTE),
        host: Some(VIDEO.to_owned()),
        ip: crate::outside::address(world.seed, VIDEO),
        bytes: 80_000_000 + rng.below(9_000_000),
        fared: Fared::Sent,
        who: Who::Owner,
    });
}

/// A colleague in a hotel, and one who forwards to themselves.
fn innocents(world: &World, story: &mut Takeover) {
    let touched: Vec<usize> = story.acts.iter().map(|act| act.person).collect();
    let mut spared = world
        .people
        .iter()
        .filter(|person| !person.is_local() && !touched.contains(&person.index))
        .map(|person| person.index);
    let middle = world.start.plus(i64::from(world.days / 2) * DAY);
    if let Some(person) = spared.next() {
        let mut act = |minutes: i64, what| {
            let at = middle.plus(19 * HOUR + minutes * MINUTE);
            story.acts.push(Act { person, at, ip: HOTEL.to_owned(), what, who: Who::Owner });
        };
        act(0, What::FailedSignIn);
        act(1, What::SignIn);
        act(3, What::Bind(items(world.seed, person, 0, 4)));
    }
    if let Some(person) = spared.next() {
        let name = world.people[person].given_name().to_lowercase();
        let to = format!("{name}.private@{FREEMAIL}");
        let at = middle.plus(9 * HOUR + 7 * MINUTE);
        let what = What::Rule(to.clone());
        story.acts.push(Act { person, at, ip: OFFICE.to_owned(), what, who: Who::Owner });
        for rank in 0..3_u64 {
            story.forwards.push(Forward {
                person,
                at: at.plus((rank as i64 + 1) * 41 * MINUTE),
                to: to.clone(),
                message_id: format!("private{rank}.fw@{}", world.domain),
                bytes: 8_000 + 700 * rank,
                seen: story.leaving_is_traced,
                who: Who::Owner,
            });
        }
    }
}

/// Where someone's connection comes from, as the cloud sees it.
pub(crate) fn home(world: &World, person: usize) -> String {
    crate::outside::address(world.seed, &format!("home of {person}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{Plan, story};

    #[test]
    fn twenty_seeds_meet_every_turn() {
        let mut turns = BTreeSet::new();
        for seed in 1..=20 {
            let world = World::new(&Plan { seed, ..Plan::default() });
            let variety = Variety::of(seed);
            let campaign = story::tell(&world, &variety);
            let told = tell(&world, &variety, &campaign);
            for act in &told.acts {
                assert!(act.at >= world.start && act.at < world.end(), "seed {seed}");
                let name = format!("{:?}", act.what);
                let name = name.split('(').next().unwrap_or_default().to_owned();
                turns.insert(format!("{name} by {:?}", act.who));
            }
            for transfer in &told.transfers {
                assert!(transfer.at < world.end(), "seed {seed}");
                turns.insert(format!("{:?} by {:?}", transfer.fared, transfer.who));
            }
            for forward in &told.forwards {
                turns.insert(format!("forward by {:?}, seen: {}", forward.who, forward.seen));
            }
            turns.extend(told.throttled.map(|_| "throttled".to_owned()));
            turns.extend(told.cleared.map(|_| "cleared".to_owned()));
            turns.insert(format!("given sign-in: {}", told.sign_in_is_given));
            turns.insert(format!("given c2: {}", told.c2_is_given));
        }
        for turn in [
            "SignIn by Campaign",
            "SignIn by Untied",
            "SignIn by Owner",
            "FailedSignIn by Campaign",
            "Bind by Campaign",
            "Bind by Untied",
            "Sync by Campaign",
            "Rule by Campaign",
            "Rule by Owner",
            "Consent by Campaign",
            "Download by Campaign",
            "Sent by Campaign",
            "Sent by Owner",
            "Rejected by Campaign",
            "Unanswered by Campaign",
            "Empty by Campaign",
            "forward by Campaign, seen: true",
            "forward by Campaign, seen: false",
            "forward by Owner, seen: true",
            "forward by Owner, seen: false",
            "throttled",
            "cleared",
            "given sign-in: true",
            "given sign-in: false",
            "given c2: true",
            "given c2: false",
        ] {
            assert!(turns.contains(turn), "{turn} in {turns:#?}");
        }
    }
}
