//! Writes the evidence hour by hour, so that memory does not grow with days.

mod cloud;
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
use crate::takeover::Takeover;
use crate::tokens::Url;
use crate::traffic::{self, Asker, Fetch, Logs};
use crate::variety::{LeaseForm, NameForm, Variety};
use crate::world::{self, Person, Web, World};
use crate::writers::hosts::{self, Happened, Hosts};
use crate::writers::leases::{self, Leases};
use crate::writers::mailbox::Mailboxes;
use crate::writers::mta::{Delivery, End, Mta, Refusal};
use crate::writers::names::{self, Names};
use crate::writers::postfix::Style;
use crate::writers::proxy::{self, Proxy};
use crate::writers::sensor::Sensor;

use cloud::Cloud;

/// How many machines' Windows logs are in evidence.
const HOSTS: usize = 4;

/// Everything that is needed to write the evidence, and what is being written.
pub(crate) struct Run<'a> {
    world: &'a World,
    variety: &'a Variety,
    campaign: &'a Campaign,
    innocents: &'a Innocents,
    logs: Logs,
    mta: Mta,
    takeover: &'a Takeover,
    cloud: Option<Cloud>,
    hosts: Hosts,
    mailboxes: Mailboxes,
    /// What will happen at a set time.
    agenda: BTreeMap<(At, u64), Event>,
    planned: u64,
}

/// What only the writing decides.
#[derive(Clone, Copy)]
pub(crate) struct Written {
    /// Whether rows of the audit log got lost on their way.
    pub(crate) audit_has_hole: bool,
}

/// Something that happens at a set time.
enum Event {
    Lure(usize),
    Letter(usize),
    Phish(usize),
    Expired(usize),
    Fetch(Box<Fetch>),
    Account(usize),
    Forward(usize),
    Transfer(usize),
    Host(usize, Happened),
}

impl<'a> Run<'a> {
    /// Opens the writers and fills the agenda.
    pub(crate) fn new(
        world: &'a World,
        variety: &'a Variety,
        campaign: &'a Campaign,
        takeover: &'a Takeover,
        innocents: &'a Innocents,
        folder: &Path,
    ) -> Result<Self, RangeError> {
        let v = variety;
        let style = Style { carrier: v.mta_carrier, clock: v.clock, long_ids: v.long_queue_ids };
        let clouds = world.people.iter().any(|person| !person.is_local());
        let mut run = Self {
            world,
            variety,
            campaign,
            innocents,
            logs: logs(v, campaign.proxy_gap, folder),
            mta: Mta::new(&folder.join("mta"), v.mta, v.mta_pack, style, world.seed),
            takeover,
            cloud: if clouds { Some(Cloud::new(world, v, folder)?) } else { None },
            hosts: Hosts::new(&folder.join("windows"), v.hosts, v.hosts_pack, v.clock),
            mailboxes: Mailboxes::new(&folder.join("mail")),
            agenda: BTreeMap::new(),
            planned: 0,
        };
        run.plan_story();
        Ok(run)
    }

    /// Writes everything; `progress` hears of each day.
    pub(crate) fn write(
        mut self,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Written, RangeError> {
        let days = u64::from(self.world.days);
        progress(0, days);
        for day in 0..days {
            let midnight = self.world.start.plus(day as i64 * DAY);
            self.leases(day);
            self.plan_logons(day);
            self.plan_cloud_day(day);
            for hour in 0..24 {
                self.hour(day, midnight.plus(hour * HOUR))?;
            }
            progress(day + 1, days);
        }
        self.logs.finish()?;
        self.mta.finish()?;
        self.hosts.finish()?;
        let audit_has_hole = self.cloud.map_or(Ok(false), Cloud::finish)?;
        Ok(Written { audit_has_hole })
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
        self.plan_takeover();
    }

    fn plan_takeover(&mut self) {
        let takeover = self.takeover;
        for (index, act) in takeover.acts.iter().enumerate() {
            self.plan(act.at, Event::Account(index));
        }
        for (index, forward) in takeover.forwards.iter().enumerate() {
            self.plan(forward.at, Event::Forward(index));
        }
        for (index, transfer) in takeover.transfers.iter().enumerate() {
            self.plan(transfer.at, Event::Transfer(index));
        }
        if let Some((person, at)) = takeover.cleared {
            self.plan(at, Event::Host(person, Happened::Cleared));
        }
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

    /// Logons on the few machines whose Windows log is in evidence.
    fn plan_logons(&mut self, day: u64) {
        let world = self.world;
        let direct = world.people.iter().filter(|person| person.web == Web::Direct);
        for person in direct.take(HOSTS).filter(|person| world.works(person.index, day)) {
            let on = world.lease_time(person.machine, day).plus(4 * MINUTE);
            self.plan(on, Event::Host(person.index, Happened::LoggedOn));
            self.plan(on.plus(9 * HOUR), Event::Host(person.index, Happened::LoggedOff));
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
            let at = entry.key().0;
            let event = entry.remove();
            self.happen(at, event)?;
        }
        self.mailboxes.flush()?;
        // Lines of one mail reach a little into the past and the future.
        let settled = next.plus(-MINUTE);
        if let Some(cloud) = &mut self.cloud {
            cloud.flush(settled)?;
        }
        self.hosts.flush(settled)?;
        self.mta.flush(settled)?;
        self.logs.flush(settled)
    }

    fn happen(&mut self, event_at: At, event: Event) -> Result<(), RangeError> {
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
            Event::Account(index) => {
                let act = &self.takeover.acts[index];
                self.account(act.person, act.at, &act.ip, &act.what, act.who);
                Ok(())
            }
            Event::Forward(index) => {
                self.forward(index);
                Ok(())
            }
            Event::Transfer(index) => {
                self.logs.transfer(world, &self.takeover.transfers[index]);
                Ok(())
            }
            Event::Host(person, what) => {
                self.host(person, event_at, what);
                Ok(())
            }
        }
    }

    fn host(&mut self, person: usize, at: At, what: Happened) {
        let world = self.world;
        let person = &world.people[person];
        self.hosts.log(&hosts::Event {
            at,
            machine: &world::machine_name(person.machine),
            domain: world.domain,
            account: &person.account,
            address: &world.address(person.machine, world.day_of(at)),
            what,
        });
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
                self.mta.reject(&Refusal {
                    at: lure.at,
                    client,
                    from: &wave.sender,
                    to: &person.email,
                    message_id: &lure.message_id,
                });
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
            if let Some(cloud) = &mut self.cloud {
                cloud.received(self.world.seed, draft);
            }
            return Ok(());
        }
        let id = self.mta.queue_id();
        let domain = self.world.domain;
        let bytes = mail::render(draft, Copy::Received { domain }, &id);
        let inside = draft.from.ends_with(&format!("@{domain}"));
        self.mta.deliver(
            &id,
            &Delivery {
                at: draft.at,
                client: (&draft.client.0, &draft.client.1),
                login: inside.then_some(draft.from.as_str()),
                message_id: &draft.message_id,
                from: &draft.from,
                to: &draft.to,
                subject: &draft.subject,
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
        let id = self.mta.queue_id();
        self.mta.deliver(
            &id,
            &Delivery {
                at: draft.at,
                client: (&draft.client.0, &draft.client.1),
                login: Some(&draft.from),
                message_id: &draft.message_id,
                from: &draft.from,
                to: &draft.to,
                subject: &draft.subject,
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

/// The logs of the network, each in its seed's dialect.
fn logs(v: &Variety, proxy_gap: Option<(At, At)>, folder: &Path) -> Logs {
    let style = proxy::Style {
        form: v.proxy,
        carrier: v.proxy_carrier,
        clock: v.clock,
        strips_query: v.strips_query,
    };
    let resolver = names::Style { form: v.names, carrier: v.names_carrier, clock: v.clock };
    let server = leases::Style { form: v.leases, carrier: v.leases_carrier, clock: v.clock };
    Logs {
        proxy: Proxy::new(&folder.join("proxy"), v.proxy_pack, style, proxy_gap),
        sensor: Sensor::new(folder, v.sensor, v.zeek_json, v.sensor_packs),
        names: (v.names != NameForm::Sensor)
            .then(|| Names::new(&folder.join("dns"), v.names_pack, resolver)),
        leases: (v.leases != LeaseForm::Sensor)
            .then(|| Leases::new(&folder.join("dhcp"), v.leases_pack, server)),
        serial: 0,
    }
}
