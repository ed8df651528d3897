//! The campaign: fake journalists, their waves, whom they wrote to and what
//! then happened.

use crate::calendar::{At, DAY, HOUR, MINUTE, SECOND};
use crate::embed::Embed;
use crate::outside::{self, CAMPAIGN_WEB, FREEMAIL, HOSTER, JOURNALISTS, OUTLETS, Outlet, VISITED};
use crate::rng::{Rng, Topic};
use crate::tokens::{self, Place, Shape, Url};
use crate::variety::{Connection, Hosting, Transfer, Variety};
use crate::world::World;

/// One wave of lures.
pub(crate) struct Wave {
    pub(crate) index: usize,
    pub(crate) day: u64,
    pub(crate) outlet: &'static Outlet,
    pub(crate) sender_name: &'static str,
    pub(crate) sender: String,
    pub(crate) sender_domain: String,
    pub(crate) helo: String,
    pub(crate) ip: String,
    pub(crate) mailer: &'static str,
    /// Index into the lure templates.
    pub(crate) template: usize,
    pub(crate) shape: Shape,
    pub(crate) place: Place,
    pub(crate) embed: Embed,
    pub(crate) transfer: Transfer,
    pub(crate) hosting: Hosting,
    pub(crate) beacon_host: String,
    pub(crate) beacon_ip: String,
    pub(crate) beacon_tls: bool,
    pub(crate) page_host: Option<String>,
    pub(crate) page_ip: String,
    pub(crate) page_in_query: bool,
    pub(crate) connected_by: Option<Connection>,
    /// Waves with one key give a person one token.
    pub(crate) token_key: u64,
}

impl Wave {
    /// Whether the sender's domain and address belong to a provider.
    pub(crate) fn is_freemail(&self) -> bool {
        self.sender_domain == FREEMAIL
    }

    /// One person's token.
    pub(crate) fn token(&self, world: &World, person: usize) -> String {
        let address = &world.people[person].email;
        self.shape.token(world.seed, self.token_key, person as u64, address)
    }

    /// One person's beacon.
    pub(crate) fn beacon(&self, world: &World, person: usize) -> Url {
        let token = self.token(world, person);
        tokens::beacon(self.place, self.beacon_tls, &self.beacon_host, &token)
    }

    /// One person's link to the lure page, where the wave has one.
    pub(crate) fn page(&self, world: &World, person: usize) -> Option<Url> {
        let host = self.page_host.as_ref()?;
        // Beacon and page on one host speak the same protocol.
        let tls = self.beacon_tls || self.hosting != Hosting::Together;
        Some(tokens::page(self.page_in_query, tls, host, &self.token(world, person)))
    }

    /// The genuine article that the lure quotes and links.
    pub(crate) fn article(&self) -> Url {
        let path = format!("/world/article-{}.html", self.index + 1);
        Url::new(true, &format!("www.{}", self.outlet.domain), path)
    }
}

/// What became of a lure on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Delivered,
    /// Refused before its content was seen.
    Rejected,
    /// Accepted, then returned.
    Bounced,
}

/// One mail of the campaign.
pub(crate) struct Lure {
    pub(crate) wave: usize,
    pub(crate) person: usize,
    pub(crate) at: At,
    pub(crate) fate: Fate,
    pub(crate) message_id: String,
}

/// What someone did with a lure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Open,
    Click,
}

/// One request that someone's opening or clicking made.
pub(crate) struct Act {
    pub(crate) lure: usize,
    /// Who did it; not always the recipient.
    pub(crate) actor: usize,
    pub(crate) at: At,
    pub(crate) deed: Deed,
    /// From home: no log here has it.
    pub(crate) home: bool,
}

/// A letter that a recipient wrote because of a lure.
pub(crate) enum Letter {
    /// An answer to the fake journalist.
    Reply { lure: usize, at: At },
    /// To the IT desk, the lure attached.
    Report { lure: usize, to: usize, at: At },
    /// To an assistant, the lure inline.
    Forward { lure: usize, to: usize, at: At },
}

/// The whole campaign.
pub(crate) struct Campaign {
    pub(crate) waves: Vec<Wave>,
    pub(crate) lures: Vec<Lure>,
    pub(crate) acts: Vec<Act>,
    pub(crate) letters: Vec<Letter>,
    /// When the proxy wrote no log.
    pub(crate) proxy_gap: Option<(At, At)>,
    /// Someone who is never addressed and opens what the boss passes on.
    pub(crate) assistant: Option<usize>,
}

/// What programs say they are.
pub(crate) const MAILERS: [&str; 4] =
    ["LetterPress Mailer 2.1", "Quillmail 7.4", "PostPigeon/3.0.2", "Inkwell Merge 1.9"];

/// The waves, weeks apart where the days allow.
pub(crate) fn waves(world: &World, variety: &Variety) -> Vec<Wave> {
    let mut waves: Vec<Wave> = Vec::new();
    for index in 0..=variety.connections.len() {
        let connected_by = index.checked_sub(1).map(|before| variety.connections[before]);
        let mut wave = fresh_wave(world, variety, index);
        if let (Some(connection), Some(before)) = (connected_by, waves.last()) {
            connect(&mut wave, before, connection);
        }
        wave.connected_by = connected_by;
        waves.push(wave);
    }
    waves
}

/// A wave that shares nothing with another.
fn fresh_wave(world: &World, variety: &Variety, index: usize) -> Wave {
    let mut rng = Rng::keyed(world.seed, Topic::Wave, &[]);
    let first = rng.below(1000) as usize + index;
    let outlet = &OUTLETS[first % VISITED];
    let sender_name = JOURNALISTS[first % JOURNALISTS.len()];
    let web = CAMPAIGN_WEB[first % CAMPAIGN_WEB.len()];
    let freemail = index == 1 && variety.freemail_second;
    let sender_domain = if freemail { FREEMAIL } else { outlet.lookalike };
    let helo = if freemail { format!("out1.{FREEMAIL}") } else { format!("mx.{sender_domain}") };
    let ip = if freemail { outside::address(world.seed, &helo) } else { campaign_ip(index, 0) };
    let hosting = variety.hostings[index];
    let web_domain = if index.is_multiple_of(2) && !freemail { sender_domain } else { web };
    let beacon_host = match hosting {
        Hosting::Provider => HOSTER.to_owned(),
        Hosting::Together | Hosting::Apart => format!("img.{web_domain}"),
    };
    let page_host = variety.links[index].then(|| match hosting {
        Hosting::Together => beacon_host.clone(),
        Hosting::Apart | Hosting::Provider => format!("read.{web_domain}"),
    });
    let shape = variety.shapes[index];
    let place = match hosting {
        // A provider gives no names below its own.
        Hosting::Provider if variety.places[index] == Place::Subdomain => Place::Path,
        _ => variety.places[index].fitting(shape),
    };
    Wave {
        index,
        day: wave_day(world, index, variety.connections.len() + 1),
        outlet,
        sender_name,
        sender: format!("{}@{sender_domain}", sender_name.to_lowercase().replace(' ', ".")),
        sender_domain: sender_domain.to_owned(),
        helo,
        ip,
        mailer: MAILERS[first % MAILERS.len()],
        template: index,
        shape,
        place,
        embed: variety.embeds[index],
        transfer: variety.transfers[index],
        hosting,
        beacon_ip: match hosting {
            Hosting::Provider => outside::address(world.seed, HOSTER),
            _ => campaign_ip(index, 1),
        },
        page_ip: if hosting == Hosting::Together {
            campaign_ip(index, 1)
        } else {
            campaign_ip(index, 2)
        },
        beacon_host,
        beacon_tls: variety.beacon_tls[index],
        page_host,
        page_in_query: variety.link_in_query,
        connected_by: None,
        token_key: index as u64,
    }
}

/// Makes a wave share one thing, and only that, with the one before it.
fn connect(wave: &mut Wave, before: &Wave, connection: Connection) {
    match connection {
        Connection::SendingIp => {
            wave.ip.clone_from(&before.ip);
            // A provider's server would say nothing; the sender's own does.
            if wave.is_freemail() || before.is_freemail() {
                copy_sender(wave, before);
            }
        }
        Connection::Sender => {
            // A provider's server sends for no domain that is not its own.
            if wave.is_freemail() && !before.is_freemail() {
                wave.ip = campaign_ip(wave.index, 0);
            }
            copy_sender(wave, before);
        }
        Connection::Template => wave.template = before.template,
        Connection::TokenShapeAndMailer => {
            wave.mailer = before.mailer;
            wave.shape = before.shape;
            wave.place = before.place;
            if wave.place == Place::Subdomain && wave.hosting == Hosting::Provider {
                wave.hosting = Hosting::Apart;
                wave.beacon_host = format!("img.{}", wave.outlet.lookalike);
                wave.beacon_ip = campaign_ip(wave.index, 1);
            }
        }
        Connection::TokenValues => {
            wave.token_key = before.token_key;
            wave.shape = before.shape;
            wave.place = wave.place.fitting(before.shape);
        }
    }
}

fn copy_sender(wave: &mut Wave, before: &Wave) {
    wave.sender_name = before.sender_name;
    wave.sender.clone_from(&before.sender);
    wave.sender_domain.clone_from(&before.sender_domain);
    wave.helo.clone_from(&before.helo);
    if wave.helo == format!("out1.{FREEMAIL}") {
        wave.ip.clone_from(&before.ip);
    }
}

/// A server of the campaign's own.
fn campaign_ip(wave: usize, server: u64) -> String {
    outside::documentation_address(420 + 13 * wave as u64 + 3 * server)
}

/// A working day for each wave, inside however few days there are.
fn wave_day(world: &World, index: usize, waves: usize) -> u64 {
    let days = u64::from(world.days);
    let wanted = match (index, waves) {
        (0, _) => days / 6,
        (1, 2) => days * 2 / 3,
        (1, _) => days / 2,
        _ => days * 4 / 5,
    };
    let last = days.saturating_sub(1);
    // The start is a Monday: days 5 and 6 of a week are its weekend.
    let workday = |day: u64| if day % 7 >= 5 { day - day % 7 + 4 } else { day };
    workday(wanted.min(last))
}

/// When the proxy writes nothing: from the midnight after the first wave, or
/// after the weekend that follows it; a day or two.
pub(crate) fn proxy_gap(world: &World, first: &Wave) -> Option<(At, At)> {
    if world.days < 9 {
        return None;
    }
    let next = first.day + 1;
    let day = if next % 7 >= 5 { next - next % 7 + 7 } else { next };
    let length = if day % 7 < 4 { 1 + world.seed % 2 } else { 1 };
    let from = world.start.plus(day as i64 * DAY);
    Some((from, from.plus(length as i64 * DAY)))
}

/// The lures of one wave, a merge that runs for an hour or two.
pub(crate) fn lures(world: &World, wave: &Wave, recipients: &[usize]) -> Vec<Lure> {
    let mut rng = Rng::keyed(world.seed, Topic::Lure, &[wave.index as u64]);
    let hour = 8 + 2 * wave.index as i64;
    let mut at =
        world.start.plus(wave.day as i64 * DAY + hour * HOUR + rng.between(0, 20 * MINUTE));
    let pause = (90 * MINUTE / recipients.len().max(1) as i64).clamp(SECOND, 3 * MINUTE);
    let mut lures = Vec::with_capacity(recipients.len());
    for &person in recipients {
        lures.push(Lure {
            wave: wave.index,
            person,
            at,
            fate: Fate::Delivered,
            message_id: format!("{}.{}@{}", rng.hex(12), rng.below(1_000_000), wave.sender_domain),
        });
        at = at.plus(rng.between(pause / 2, pause) / 1000 * 1000 + 137_000);
    }
    lures
}
