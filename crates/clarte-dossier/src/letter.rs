//! The letter to one person.
//!
//! It says what is shown, what is likely and what cannot be known, each with its
//! degree; what to do, in three steps; whom to ask. It never says more than the
//! facts: that something was opened is not that anyone got in, and an attempt is
//! no success. It does not know the facts of anybody else.

use std::collections::BTreeSet;

use clarte_language::{Audience, Language, helplines};

use crate::facts::{Doubt, Mail, Mailbox, Person, Rung, Step};
use crate::page::{Block, Line, Page, Run, grade, is_shown, minute, own};

/// The letter to `person`; of `addresses` none is shown but their own.
pub(crate) fn page(person: &Person, addresses: &BTreeSet<String>, language: &Language) -> Page {
    // That a message was meant for them is said only where it is shown.
    let by_mail = [Rung::Targeted, Rung::Delivered];
    let is_mailed = !person.mails.is_empty()
        && person.steps.iter().any(|step| by_mail.contains(&step.rung) && is_shown(step));
    let title = if is_mailed { "letter-title" } else { "letter-title-other" };
    let mut letter = Letter { page: Page::new(language, title), language, person };
    letter.head(is_mailed);
    letter.known();
    letter.messages(addresses);
    letter.reveals();
    letter.unknown();
    letter.steps();
    letter.end();
    letter.page
}

struct Letter<'l> {
    page: Page,
    language: &'l Language,
    person: &'l Person,
}

/// What a person has to do at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Urgency {
    /// Mails or attempts, as far as is known.
    Aimed,
    /// A password may be known.
    Acted,
    /// Somebody was inside, or mail goes out.
    Inside,
}

impl Letter<'_> {
    fn say(&self, key: &str) -> String {
        self.language.text(key, &[])
    }

    fn text(&mut self, key: &str) {
        let text = self.say(key);
        self.page.add(Block::Text(text));
    }

    fn small(&mut self, key: &str) {
        let text = self.say(key);
        self.page.add(Block::Small(text));
    }

    fn heading(&mut self, key: &str) {
        let text = self.say(key);
        self.page.add(Block::Heading(own(text)));
    }

    fn head(&mut self, is_mailed: bool) {
        let person = self.person;
        let mut whom = Vec::new();
        if let Some(name) = &person.name {
            whom.extend([Run::foreign(name), Run::Own(", ".to_owned())]);
        }
        whom.push(Run::foreign(&person.identity));
        self.page.add(Block::Fields(vec![(self.language.text("letter-for", &[]), whom)]));
        self.small("letter-personal");
        self.text(if is_mailed { "letter-intro" } else { "letter-intro-other" });
        self.text("letter-no-blame");
        if person.mailbox() != Mailbox::Undetermined {
            let warning = self.say("letter-mailbox-warning");
            self.page.add(Block::Warning(warning));
        }
        self.text("letter-genuine");
    }

    /// What is proven, highest first, and what is only likely.
    fn known(&mut self) {
        let mut steps = self.person.steps.clone();
        steps.sort_by_key(|step| std::cmp::Reverse(step.rung));
        let (shown, likely): (Vec<_>, Vec<_>) = steps.into_iter().partition(is_shown);
        for (heading, steps) in [("letter-shown", shown), ("letter-likely", likely)] {
            if !steps.is_empty() {
                self.heading(heading);
                let items = steps.iter().map(|step| own(self.step(step))).collect();
                self.page.add(Block::Items(items));
            }
        }
    }

    fn step(&self, step: &Step) -> String {
        let what = self.say(&format!("letter-rung-{}", step.rung.as_str()));
        let when = match step.time {
            Some(time) => self.language.text("letter-first-seen", &[("time", minute(time).into())]),
            None => self.say("letter-time-unknown"),
        };
        format!("{} {what} {when}", grade(self.language, step.confidence))
    }

    fn messages(&mut self, addresses: &BTreeSet<String>) {
        let person = self.person;
        if person.mails.is_empty() {
            return;
        }
        self.heading("letter-mails");
        let mails = person.mails.iter().map(|mail| self.mail(mail, addresses)).collect();
        self.page.add(Block::Items(mails));
        let names_sender = person.mails.iter().any(|mail| mail.sender.is_some());
        if names_sender {
            self.small("letter-sender-note");
        }
        if !person.hosts.is_empty() {
            self.text("letter-hosts");
            let hosts = person.hosts.iter().map(|host| vec![Run::hostile(host)]).collect();
            self.page.add(Block::Items(hosts));
        }
        if names_sender || !person.hosts.is_empty() {
            self.small("letter-brackets");
        }
    }

    fn mail(&self, mail: &Mail, addresses: &BTreeSet<String>) -> Line {
        let time = mail.time.map_or_else(|| self.say("letter-mail-no-time"), minute);
        let say = |key| self.language.text(key, &[("time", time.as_str().into())]);
        match &mail.sender {
            None if mail.is_refused => own(say("letter-mail-refused")),
            None => own(say("letter-mail-unnamed")),
            Some(sender) if *sender != self.person.identity && addresses.contains(sender) => {
                own(say("letter-mail-withheld"))
            }
            Some(sender) => vec![Run::Own(say("letter-mail") + " "), Run::hostile(sender)],
        }
    }

    fn reveals(&mut self) {
        let has = |rung| self.person.has(rung);
        let (opened, followed) = (has(Rung::Opened), has(Rung::Interacted));
        if opened || followed {
            self.heading("letter-reveals");
            self.text("letter-reveals-opened");
        }
        if followed {
            self.text("letter-reveals-link");
        }
    }

    fn unknown(&mut self) {
        let open = &self.person.open;
        self.heading("letter-unknown");
        if !open.is_empty() {
            let items = open.iter().map(|open| {
                let mut sentences = vec![self.say(&format!("letter-open-{}", open.rung.as_str()))];
                sentences.extend(open.doubts.iter().map(|doubt| self.say(doubt.key())));
                own(sentences.join(" "))
            });
            let items = items.collect();
            self.page.add(Block::Items(items));
        }
        self.text("letter-unknown-note");
    }

    fn urgency(&self) -> Urgency {
        let person = self.person;
        if person.mailbox() != Mailbox::Undetermined {
            Urgency::Inside
        } else if person.has(Rung::Interacted) || person.doubts(Doubt::Password) {
            Urgency::Acted
        } else {
            Urgency::Aimed
        }
    }

    fn steps(&mut self) {
        let steps = match self.urgency() {
            Urgency::Inside => {
                ["letter-step-other-device", "letter-step-together", "letter-step-others"]
            }
            Urgency::Acted => ["letter-step-password", "letter-step-sessions", "letter-step-talk"],
            Urgency::Aimed if self.person.mails.is_empty() => {
                ["letter-step-password", "letter-step-settings", "letter-step-talk"]
            }
            Urgency::Aimed => ["letter-step-keep", "letter-step-settings", "letter-step-talk"],
        };
        self.heading("letter-steps");
        let steps = steps.into_iter().map(|key| self.say(key)).collect();
        self.page.add(Block::Steps(steps));
    }

    fn end(&mut self) {
        let lang = self.language.lang();
        self.heading("letter-helplines");
        let help = helplines(lang).into_iter();
        // Those whom one can write to or call: a person who is frightened shall
        // not have to search a page, nor use a browser that may be watched.
        let help = help.filter(|one| {
            one.speaks(lang) && one.audience != Audience::Institution && !one.contacts.is_empty()
        });
        let lines = help.map(|one| {
            let audience = one.audience.as_str().into();
            let audience = self.language.text("letter-helpline-for", &[("audience", audience)]);
            let mut line =
                vec![Run::foreign(&one.name), Run::Own(format!(" ({}), {audience}", one.country))];
            for contact in one.contacts.iter().chain([&one.web]) {
                // A telephone number is read in one piece.
                let whole = contact.replace(' ', "\u{a0}");
                line.extend([Run::Own(" · ".to_owned()), Run::foreign(&whole)]);
            }
            line
        });
        let lines = lines.collect();
        self.page.add(Block::Items(lines));
        self.small("letter-scale");
        self.small("letter-times");
        self.small("letter-basis");
    }
}

#[cfg(test)]
mod tests {
    use clarte_language::Lang;

    use super::*;
    use crate::facts::Open;
    use crate::page::tests::person;
    use crate::text;

    fn letter(person: &Person) -> String {
        let page = page(person, &BTreeSet::new(), &Language::new(Lang::En));
        text::page(&page).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_steps_follow_from_how_far_it_may_have_gone() {
        let mut refused = person("a@o.example", &[Rung::Targeted], &[]);
        let open = |doubt| Open { rung: Rung::Compromised, doubts: BTreeSet::from([doubt]) };
        let with = |doubt| Person { open: vec![open(doubt)], ..refused.clone() };
        let (password, forwards) = (with(Doubt::Password), with(Doubt::Forwarding));
        assert!(letter(&refused).contains("1. From another device, change the password"));
        refused.mails.push(Mail { time: None, sender: None, is_refused: false });
        assert!(letter(&refused).contains("1. If you find one of these messages"));
        assert!(letter(&password).contains("2. In the settings of your account, sign out"));
        for inside in [
            forwards,
            person("a@o.example", &[Rung::Compromised], &[]),
            person("a@o.example", &[Rung::Accessed], &[]),
            person("a@o.example", &[Rung::Exfiltrated], &[]),
        ] {
            let letter = letter(&inside);
            assert!(
                letter.contains("1. For now, use the account and device concerned for nothing")
            );
            assert!(letter.contains("!! Mail to your account may be read"), "{letter}");
        }
    }

    #[test]
    fn what_is_only_likely_is_never_said_as_a_fact() {
        let mut person = person("a@o.example", &[Rung::Targeted, Rung::Delivered], &[]);
        person.mails.push(Mail { time: None, sender: None, is_refused: false });
        let meant = "At least one of its messages was meant for you";
        assert!(letter(&person).contains(meant));
        person.steps.iter_mut().for_each(|step| step.confidence = 0.79);
        let letter = letter(&person);
        assert!(!letter.contains(meant) && !letter.contains("What the records show"), "{letter}");
        assert!(
            letter.contains("- Likely: At least one of its messages was delivered"),
            "{letter}"
        );
    }
}
