//! Writes the evidence hour by hour, so that memory does not grow with days.

mod post;

use std::collections::BTreeMap;
use std::path::Path;

use crate::RangeError;
use crate::calendar::{At, DAY, HOUR, MINUTE, SECOND};
use crate::campaign::{Campaign, Fate, Letter, Lure};
use crate::innocents::Innocents;
use crate::letters;
use crate::mail::{self, Copy, Draft};
use crate::proof;
use crate::rng::{Rng, Topic};
use crate::tokens::Url;
use crate::traffic::{self, Asker, Fetch, Logs};
use crate::variety::Variety;
use crate::world::{Person, World};
use crate::writers::mailbox::Mailboxes;
use crate::writers::postfix::{Delivery, End, Postfix, Style};
use crate::writers::squid::Squid;
use crate::writers::trace::Trace;
use crate::writers::zeek::Zeek;

/// Everything that is needed to write the evidence, and what is being written.
pub(crate) struct Run<'a> {
    world: &'a World,
    variety: &'a Variety,
    campaign: &'a Campaign,
    innocents: &'a Innocents,
    logs: Logs,
    postfix: Postfix,
    trace: Option<Trace>,
    mailboxes: Mailboxes,
    /// What will happen at a set time.
    agenda: BTreeMap<(At, u64), Event>,
    planned: u64,
}

/// Something that happens at a set time.
enum Event {
    Lure(usize),
    Letter(usize),
    Phish(usize),
    Expired(usize),
    Fetch(Box<Fetch>),
}

impl<'a> Run<'a> {
    /// Opens the writers and fills the agenda.
    pub(crate) fn new(
        world: &'a World,
        variety: &'a Variety,
        campaign: &'a Campaign,
        innocents: &'a Innocents,
        folder: &Path,
    ) -> Result<Self, RangeError> {
        let v = variety;
        let squid =
            Squid::new(&folder.join("proxy"), v.squid_gz, v.strips_query, campaign.proxy_gap);
        let style = Style { classic: v.classic_syslog, long_ids: v.long_queue_ids };
        let clouds = world.people.iter().any(|person| !person.is_local());
        let mut run = Self {
            world,
            variety,
            campaign,
            innocents,
            logs: Logs {
                squid,
                zeek: Zeek::new(&folder.join("zeek"), v.zeek_json, v.zeek_gz),
                serial: 0,
            },
            postfix: Postfix::new(&folder.join("mta"), style, world.seed),
            trace: if clouds { Some(Trace::new(&folder.join("m365"), v.trace)?) } else { None },
            mailboxes: Mailboxes::new(&folder.join("mail")),
            agenda: BTreeMap::new(),
            planned: 0,
        };
        run.plan_story();
        Ok(run)
    }

    /// Writes everything; `progress` hears of each day.
    pub(crate) fn write(mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<(), RangeError> {
        let days = u64::from(self.world.days);
        progress(0, days);
        for day in 0..days {
            let midnight = self.world.start.plus(day as i64 * DAY);
            self.leases(day);
            for hour in 0..24 {
                self.hour(day, midnight.plus(hour * HOUR))?;
            }
            progress(day + 1, days);
        }
        let end = At(i64::MAX);
        self.postfix.flush(end)?;
        self.logs.squid.flush(end)?;
        self.logs.zeek.flush(end)?;
        self.logs.squid.finish()?;
        self.logs.zeek.finish()?;
        self.postfix.finish()?;
        self.trace.map_or(Ok(()), Trace::finish)
    }

    fn plan_story(&mut self) {
        let (campaign, innocents) = (self.campaign, self.innocents);
        for (index, lure) in campaign.lures.iter().enumerate() {
            self.plan(lure.at, Event::Lure(index));
        }
        for (index, letter) in campaign.letters.iter().enumerate() {
            let (Letter::Reply { at, .. } | Letter::Report { at, .. } | Letter::Forward { at, .. }) =
                letter;
            self.plan(*at, Event::Letter(index));
        }
        for (index, phish) in innocents.phish.iter().enumerate() {
            self.plan(phish.at, Event::Phish(index));
        }
        if let Some((person, at)) = innocents.expired_mail {
            self.plan(at, Event::Expired(person));
        }
        self.plan_acts();
    }

    fn plan_acts(&mut self) {
        let campaign = self.campaign;
        for act in campaign.acts.iter().filter(|act| !act.home) {
            let Some(url) = proof::request(self.world, campaign, act) else {
                continue;
            };
            self.plan_fetch(act.at, Asker::Person(act.actor), url, "image/gif");
            // Some read the genuine article too, which is no harm.
            if act.actor % 3 == 0 {
                let wave = &campaign.waves[campaign.lures[act.lure].wave];
                let later = act.at.plus(40 * SECOND);
                self.plan_fetch(later, Asker::Person(act.actor), wave.article(), "text/html");
            }
        }
    }

    fn plan(&mut self, at: At, event: Event) {
        self.planned += 1;
        self.agenda.insert((at, self.planned), event);
    }

    fn plan_fetch(&mut self, at: At, asker: Asker, url: Url, kind: &'static str) {
        let server = traffic::server(self.world, self.campaign, &url.host);
        self.plan(at, Event::Fetch(Box::new(Fetch { at, asker, url, server, kind })));
    }

    fn leases(&mut self, day: u64) {
        let mut last = None;
        for person in &self.world.people {
            let machine = person.machine;
            let asks = last != Some(machine) && !self.world.has_static_address(machine);
            let works = self.world.works(person.index, day);
            if asks && works {
                self.logs.lease(self.world, machine, day);
                last = Some(machine);
            }
        }
    }

    fn hour(&mut self, day: u64, hour: At) -> Result<(), RangeError> {
        let next = hour.plus(HOUR);
        self.send_newsletters(day, hour)?;
        let world = self.world;
        for person in &world.people {
            if world.works(person.index, day) {
                traffic::ordinary_hour(world, &mut self.logs, person, hour);
            }
        }
        self.send_ordinary(day, hour)?;
        while let Some(entry) = self.agenda.first_entry() {
            if entry.key().0 >= next {
                break;
            }
            let event = entry.remove();
            self.happen(event)?;
        }
        self.mailboxes.flush()?;
        // Lines of one mail reach a little into the past and the future.
        let settled = next.plus(-MINUTE);
        if let Some(trace) = &mut self.trace {
            trace.flush(settled)?;
        }
        self.postfix.flush(settled)?;
        self.logs.squid.flush(settled)?;
        self.logs.zeek.flush(settled)
    }

    fn happen(&mut self, event: Event) -> Result<(), RangeError> {
        let world = self.world;
        match event {
            Event::Lure(index) => self.send_lure(index),
            Event::Letter(index) => self.send_letter(index),
            Event::Phish(index) => {
                let phish = &self.innocents.phish[index];
                let person = &world.people[phish.person];
                let link = phish.link(world);
                self.receive(person, &letters::phish(world, phish), End::Delivered, false)?;
                self.scan(phish.at, [link.clone()]);
                if let Some(at) = phish.clicked {
                    self.plan_fetch(at, Asker::Person(phish.person), link, "text/html");
                }
                Ok(())
            }
            Event::Expired(person) => {
                let (_, at) = self.innocents.expired_mail.unwrap_or((0, world.start));
                let person = &world.people[person];
                let draft = letters::expired(world, person, at);
                self.receive(person, &draft, End::Delivered, false)
            }
            Event::Fetch(fetch) => {
                self.logs.fetch(world, &fetch);
                Ok(())
            }
        }
    }

    fn draft_of(&self, lure: &Lure) -> Draft {
        let wave = &self.campaign.waves[lure.wave];
        letters::lure(self.world, wave, lure, self.variety.numeric_entities)
    }

    fn send_lure(&mut self, index: usize) -> Result<(), RangeError> {
        let lure = &self.campaign.lures[index];
        let wave = &self.campaign.waves[lure.wave];
        let person = &self.world.people[lure.person];
        let draft = self.draft_of(lure);
        match lure.fate {
            Fate::Rejected => {
                let client = (wave.helo.as_str(), wave.ip.as_str());
                self.postfix.reject(lure.at, client, &wave.sender, &person.email);
                Ok(())
            }
            Fate::Bounced => self.receive(person, &draft, End::Bounced, false),
            Fate::Delivered => {
                // The log is rotated in the middle of the very first delivery.
                self.receive(person, &draft, End::Delivered, index == 0)?;
                if person.is_local() {
                    let beacon = wave.beacon(self.world, lure.person);
                    let page = wave.page(self.world, lure.person);
                    self.scan(lure.at, [beacon].into_iter().chain(page));
                }
                Ok(())
            }
        }
    }

    fn send_letter(&mut self, index: usize) -> Result<(), RangeError> {
        let world = self.world;
        let letter = &self.campaign.letters[index];
        let (Letter::Reply { lure, at }
        | Letter::Report { lure, at, .. }
        | Letter::Forward { lure, at, .. }) = letter;
        let lure = &self.campaign.lures[*lure];
        let person = &world.people[lure.person];
        let original = self.draft_of(lure);
        let draft = match letter {
            Letter::Reply { .. } => letters::reply(world, &original, person, *at),
            Letter::Report { to, .. } => {
                let attached = letters::as_received(world, &original, "0ADDED0MAIL");
                letters::report(world, attached, person, &world.people[*to], *at)
            }
            Letter::Forward { to, .. } => {
                letters::forward(world, &original, person, &world.people[*to], *at)
            }
        };
        let copy = mail::render(&draft, Copy::Sent, "");
        self.mailboxes.keep_sent(person, *at, &copy)?;
        match letter {
            Letter::Reply { .. } => self.relay(person, &draft, copy.len()),
            Letter::Report { to, .. } | Letter::Forward { to, .. } => {
                self.receive(&world.people[*to], &draft, End::Delivered, false)?;
            }
        }
        Ok(())
    }

    /// A mail reaches the server, or the cloud, for someone.
    fn receive(
        &mut self,
        person: &Person,
        draft: &Draft,
        end: End,
        cut: bool,
    ) -> Result<(), RangeError> {
        if !person.is_local() {
            if let Some(trace) = &mut self.trace {
                trace.delivered(self.world.seed, draft);
            }
            return Ok(());
        }
        let id = self.postfix.queue_id();
        let domain = self.world.domain;
        let bytes = mail::render(draft, Copy::Received { domain }, &id);
        let inside = draft.from.ends_with(&format!("@{domain}"));
        self.postfix.deliver(
            &id,
            &Delivery {
                at: draft.at,
                client: (&draft.client.0, &draft.client.1),
                login: inside.then_some(draft.from.as_str()),
                message_id: &draft.message_id,
                from: &draft.from,
                to: &draft.to,
                bytes: bytes.len(),
                end,
                cut,
            },
        );
        if end == End::Delivered {
            self.mailboxes.deliver(person, &draft.from, draft.at, &bytes)?;
        }
        Ok(())
    }

    /// A mail leaves the institution.
    fn relay(&mut self, person: &Person, draft: &Draft, bytes: usize) {
        if !person.is_local() {
            return;
        }
        let id = self.postfix.queue_id();
        self.postfix.deliver(
            &id,
            &Delivery {
                at: draft.at,
                client: (&draft.client.0, &draft.client.1),
                login: Some(&draft.from),
                message_id: &draft.message_id,
                from: &draft.from,
                to: &draft.to,
                bytes,
                end: End::Relayed,
                cut: false,
            },
        );
    }

    /// The scanner fetches what a mail refers to, within seconds.
    fn scan(&mut self, at: At, urls: impl IntoIterator<Item = Url>) {
        for (rank, url) in urls.into_iter().enumerate() {
            let mut rng = Rng::keyed(self.world.seed, Topic::Web, &[at.0 as u64, rank as u64, 9]);
            let soon = at.plus(2 * SECOND + rng.between(0, 4 * SECOND) + rank as i64 * SECOND);
            self.plan_fetch(soon, Asker::Scanner, url, "image/gif");
        }
    }
}
