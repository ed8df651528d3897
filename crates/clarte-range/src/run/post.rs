//! The mail of an ordinary hour: newsletters and letters between people.

use crate::RangeError;
use crate::calendar::{At, HOUR, MINUTE, SECOND};
use crate::letters;
use crate::mail::{self, Copy, Draft};
use crate::outside::{NEWSLETTERS, Newsletter};
use crate::rng::{Rng, Topic};
use crate::tokens::Url;
use crate::traffic::Asker;
use crate::writers::mta::End;

use super::Run;

impl Run<'_> {
    /// Sends the newsletters whose hour it is.
    pub(super) fn send_newsletters(&mut self, day: u64, hour: At) -> Result<(), RangeError> {
        let civil = hour.civil();
        for (rank, sheet) in NEWSLETTERS.iter().enumerate() {
            if sheet.weekday == civil.weekday && sheet.hour == civil.hour {
                self.send_newsletter(rank, sheet, day, hour)?;
            }
        }
        Ok(())
    }

    fn send_newsletter(
        &mut self,
        rank: usize,
        sheet: &Newsletter,
        day: u64,
        hour: At,
    ) -> Result<(), RangeError> {
        let world = self.world;
        // The last one is sent with the very mailer that the lures name.
        let shared = self.campaign.waves[0].mailer;
        let mailer = if rank == NEWSLETTERS.len() - 1 { shared } else { "ListRunner 6.0" };
        for person in world.people.iter().filter(|person| (person.index + rank) % 4 != 1) {
            let about = [rank as u64, person.index as u64, day];
            let mut rng = Rng::keyed(world.seed, Topic::Newsletter, &about);
            let at = hour.plus(rng.between(5 * MINUTE, 45 * MINUTE));
            let draft = letters::newsletter(world, sheet, mailer, person, at);
            let pixel = letters::newsletter_pixel(world, sheet, person.index, world.day_of(at) / 7);
            self.receive(person, &draft, End::Delivered, false)?;
            if person.is_local() {
                self.scan(at, [pixel.clone()]);
            }
            if rng.chance(40) {
                let read = at.plus(rng.between(2 * MINUTE, 6 * HOUR));
                self.plan_fetch(read, Asker::Person(person.index), pixel, "image/gif");
                if rng.chance(30) {
                    let site = Url::new(true, &format!("www.{}", sheet.domain), "/");
                    let later = read.plus(30 * SECOND);
                    self.plan_fetch(later, Asker::Person(person.index), site, "text/html");
                }
            }
        }
        Ok(())
    }

    /// Sends everyday mail: one or two letters per person and working day.
    pub(super) fn send_ordinary(&mut self, day: u64, hour: At) -> Result<(), RangeError> {
        if !(7..17).contains(&hour.civil().hour) {
            return Ok(());
        }
        let world = self.world;
        let percent = if hour.is_weekend() { 1 } else { 13 };
        let mut mails: Vec<(At, usize)> = Vec::new();
        for person in &world.people {
            let about = [person.index as u64, day, hour.0 as u64];
            let mut rng = Rng::keyed(world.seed, Topic::Mail, &about);
            if rng.chance(percent) {
                mails.push((hour.plus(rng.between(0, HOUR)), person.index));
            }
        }
        mails.sort_unstable();
        for (at, index) in mails {
            let mut rng = Rng::keyed(world.seed, Topic::Letter, &[index as u64, at.0 as u64]);
            let draft = letters::ordinary(world, &world.people[index], at, &mut rng);
            self.receive(&world.people[index], &draft, End::Delivered, false)?;
            self.keep_some(&draft)?;
        }
        Ok(())
    }

    /// A few people keep what they send to colleagues.
    fn keep_some(&mut self, draft: &Draft) -> Result<(), RangeError> {
        let keeper = self.world.people.iter().take(30).find(|person| person.email == draft.from);
        let Some(person) = keeper.filter(|person| person.index % 3 == 0) else {
            return Ok(());
        };
        let copy = mail::render(draft, Copy::Sent, "");
        self.mailboxes.keep_sent(person, draft.at, &copy)
    }
}
