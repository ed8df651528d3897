//! The letters themselves: lures, what their readers wrote because of them,
//! newsletters, everyday mail.

use crate::calendar::At;
use crate::campaign::{Lure, Wave};
use crate::embed::{escape, page as page_html};
use crate::innocents::Phish;
use crate::mail::{self, Copy, Draft};
use crate::outside::{self, CORRESPONDENTS, EXPIRED, Newsletter, PARCEL};
use crate::rng::{Rng, Topic};
use crate::texts::{
    ARTICLES, CLOSINGS, GREETINGS, LANGUAGES, LURES, ORDINARY, PARCELS, READ_MORE, RECEIPTS,
};
use crate::tokens::Url;
use crate::variety::Transfer;
use crate::world::{Person, WEBMAIL, World};

/// The lure as the campaign's merge writes it.
pub(crate) fn lure(world: &World, wave: &Wave, lure: &Lure, numeric_entities: bool) -> Draft {
    let person = &world.people[lure.person];
    let template = &LURES[wave.template][person.lang];
    let quote = ARTICLES[wave.template % ARTICLES.len()][person.lang];
    let mut paragraphs = vec![format!("{} {},", GREETINGS[person.lang], person.given_name())];
    paragraphs.extend(template.sentences.map(str::to_owned));
    paragraphs.push(format!("\"{quote}\""));
    let signature =
        format!("{}\n{}\n{}", CLOSINGS[person.lang], wave.sender_name, wave.outlet.name);
    let page = wave.page(world, lure.person).map(|url| url.text());
    let text = format!("{}\n\n{signature}\n", paragraphs.join("\n\n"));
    let beacon = escape(&wave.beacon(world, lure.person).text(), numeric_entities);
    let html = lure_html(wave, person, &paragraphs, page.as_deref(), &beacon);
    Draft {
        from_name: format!("{} ({})", wave.sender_name, wave.outlet.name),
        from: wave.sender.clone(),
        to_name: person.name.clone(),
        to: person.email.clone(),
        subject: template.subject.to_owned(),
        at: lure.at,
        message_id: lure.message_id.clone(),
        client: (wave.helo.clone(), wave.ip.clone()),
        mailer: Some(wave.mailer),
        headers: Vec::new(),
        text,
        html: Some(html),
        transfer: wave.transfer,
        attached: None,
    }
}

fn lure_html(
    wave: &Wave,
    person: &Person,
    paragraphs: &[String],
    page: Option<&str>,
    beacon: &str,
) -> String {
    let body: String = paragraphs.iter().map(|p| format!("<p>{p}</p>")).collect();
    let link = page.map_or_else(String::new, |url| {
        format!("<p><a href=\"{}\">{}</a></p>", escape(url, false), READ_MORE[person.lang])
    });
    let article = wave.article().text();
    let closing = CLOSINGS[person.lang];
    let rest = format!(
        "{body}{link}<p>{closing}<br>{}<br><a href=\"{article}\">{}</a></p>",
        wave.sender_name, wave.outlet.name
    );
    wave.embed.page(&rest, beacon)
}

/// An answer to the fake journalist, quoting the lure.
pub(crate) fn reply(world: &World, lure: &Draft, person: &Person, at: At) -> Draft {
    let quoted: String = lure.text.lines().map(|line| format!("> {line}\n")).collect();
    let text = format!("{}\n\n{quoted}", ORDINARY[person.lang][3]);
    Draft {
        to_name: lure.from_name.clone(),
        to: lure.from.clone(),
        headers: vec![format!("In-Reply-To: <{}>", lure.message_id)],
        ..from_person(world, person, at, &format!("Re: {}", lure.subject), text)
    }
}

/// A report to the IT desk, the lure attached as received.
pub(crate) fn report(world: &World, lure: Vec<u8>, person: &Person, to: &Person, at: At) -> Draft {
    let text = "This mail looks odd to me, could you have a look at it?\n".to_owned();
    Draft {
        to_name: to.name.clone(),
        to: to.email.clone(),
        attached: Some(lure),
        ..from_person(world, person, at, "Suspicious mail", text)
    }
}

/// A lure passed on inline.
pub(crate) fn forward(world: &World, lure: &Draft, person: &Person, to: &Person, at: At) -> Draft {
    let text = format!("FYI\n\n{}", lure.text);
    Draft {
        to_name: to.name.clone(),
        to: to.email.clone(),
        html: lure.html.as_ref().map(|html| html.replacen("<p>", "<p>FYI</p><p>", 1)),
        transfer: lure.transfer,
        ..from_person(world, person, at, &format!("Fwd: {}", lure.subject), text)
    }
}

/// A letter from someone here.
fn from_person(world: &World, person: &Person, at: At, subject: &str, text: String) -> Draft {
    let mut rng = Rng::keyed(world.seed, Topic::Letter, &[person.index as u64, at.0 as u64]);
    Draft {
        from_name: person.name.clone(),
        from: person.email.clone(),
        to_name: String::new(),
        to: String::new(),
        subject: subject.to_owned(),
        at,
        message_id: format!("{}@{}", rng.hex(20), world.domain),
        client: (format!("webmail.{}", world.domain), WEBMAIL.to_owned()),
        mailer: None,
        headers: vec!["User-Agent: Housemail 5.2".to_owned()],
        text,
        html: None,
        transfer: Transfer::Plain,
        attached: None,
    }
}

/// An issue of a newsletter for one subscriber.
pub(crate) fn newsletter(
    world: &World,
    sheet: &Newsletter,
    mailer: &'static str,
    person: &Person,
    at: At,
) -> Draft {
    let issue = world.day_of(at) / 7;
    let article = ARTICLES[issue as usize % ARTICLES.len()][person.lang];
    let other = ORDINARY[person.lang][issue as usize % 8];
    let pixel = newsletter_pixel(world, sheet, person.index, issue).text();
    let site = format!("https://www.{}/issue-{issue}", sheet.domain);
    let text = format!("{}\n\n{article}\n\n{other}\n\n{site}\n", sheet.name);
    let html = page_html(
        "",
        "<body>",
        &format!(
            "<h1>{}</h1><p>{article}</p><p>{other}</p><p><a href=\"{site}\">{}</a></p>\
             <img src=\"{}\" width=\"1\" height=\"1\" alt=\"\">",
            sheet.name,
            READ_MORE[person.lang],
            escape(&pixel, false)
        ),
    );
    let server = format!("mta.{}", sheet.domain);
    let ip = outside::address(world.seed, &server);
    let mut rng = Rng::keyed(world.seed, Topic::Newsletter, &[at.0 as u64, person.index as u64, 1]);
    Draft {
        from_name: sheet.name.to_owned(),
        from: sheet.from.to_owned(),
        to_name: person.name.clone(),
        to: person.email.clone(),
        subject: format!("{} n. {}", sheet.name, issue + 1),
        at,
        message_id: format!("{}@{}", rng.hex(18), sheet.domain),
        client: (server, ip),
        mailer: Some(mailer),
        headers: vec![
            format!("List-Id: <letter.{}>", sheet.domain),
            format!("List-Unsubscribe: <https://www.{}/leave>", sheet.domain),
            "Precedence: bulk".to_owned(),
        ],
        text,
        html: Some(html),
        transfer: Transfer::QuotedPrintable,
        attached: None,
    }
}

/// A newsletter's pixel, individual as well.
pub(crate) fn newsletter_pixel(
    world: &World,
    sheet: &Newsletter,
    person: usize,
    issue: u64,
) -> Url {
    let mut rng =
        Rng::keyed(world.seed, Topic::Newsletter, &[sheet.name.len() as u64, person as u64, issue]);
    let rest = format!("/w/open.gif?n={issue}&s={}", rng.hex(22));
    Url::new(sheet.tls, sheet.pixel_host, rest)
}

/// One mail of the commodity phish.
pub(crate) fn phish(world: &World, phish: &Phish) -> Draft {
    let person = &world.people[phish.person];
    let [subject, sentence] = PARCELS[person.lang];
    let link = phish.link(world).text();
    let server = format!("bulk.{PARCEL}");
    let mut rng = Rng::keyed(world.seed, Topic::Phish, &[phish.person as u64]);
    Draft {
        from_name: "Parcel Desk".to_owned(),
        from: format!("no-reply@{PARCEL}"),
        message_id: format!("{}@{PARCEL}", rng.hex(16)),
        client: (server.clone(), outside::address(world.seed, &server)),
        mailer: Some("BulkSend 0.9"),
        html: Some(page_html(
            "",
            "<body>",
            &format!("<p>{sentence}</p><p><a href=\"{link}\">OK</a></p>"),
        )),
        ..outside_mail(person, phish.at, subject, format!("{sentence}\n{link}\n"))
    }
}

/// The innocent mail from the domain of the expired indicator.
pub(crate) fn expired(world: &World, person: &Person, at: At) -> Draft {
    let server = format!("mail.{EXPIRED}");
    Draft {
        from_name: "Archive Desk".to_owned(),
        from: format!("desk@{EXPIRED}"),
        message_id: format!("archive.{}@{EXPIRED}", person.index),
        client: (server.clone(), outside::address(world.seed, &server)),
        ..outside_mail(person, at, "Archive", format!("{}\n", ORDINARY[person.lang][4]))
    }
}

/// An everyday mail to someone, from a colleague or from outside.
pub(crate) fn ordinary(world: &World, person: &Person, at: At, rng: &mut Rng) -> Draft {
    let lang = person.lang;
    let (first, second) = (rng.below(8) as usize, rng.below(8) as usize);
    let serial = rng.hex(14);
    if rng.chance(8) {
        return receipt(world, person, at, &serial);
    }
    let text = format!(
        "{} {},\n\n{} {}\n\n{}\n",
        GREETINGS[lang],
        person.given_name(),
        ORDINARY[lang][first],
        ORDINARY[lang][second],
        CLOSINGS[lang]
    );
    let subject = format!("{} {}", LANGUAGES[lang].to_uppercase(), rng.below(10_000));
    if rng.chance(60) {
        let colleague = &world.people[rng.below(world.people.len() as u64) as usize];
        return Draft {
            to_name: person.name.clone(),
            to: person.email.clone(),
            ..from_person(world, colleague, at, &subject, text)
        };
    }
    let domain = *rng.pick(&CORRESPONDENTS);
    let server = format!("out1.{domain}");
    let local = format!("correspondent{}", rng.below(40));
    Draft {
        from_name: format!("Correspondent {}", &local[13..]),
        from: format!("{local}@{domain}"),
        message_id: format!("{serial}@{domain}"),
        client: (server.clone(), outside::address(world.seed, &server)),
        transfer: *rng.pick(&[Transfer::Plain, Transfer::QuotedPrintable, Transfer::Latin1]),
        ..outside_mail(person, at, &subject, text)
    }
}

/// A transactional mail: individual link, no pixel, wanted.
fn receipt(world: &World, person: &Person, at: At, serial: &str) -> Draft {
    let [subject, sentence] = RECEIPTS[person.lang];
    let link = format!("https://www.railways.example/ticket/{serial}");
    let server = "mail.railways.example".to_owned();
    let ip = outside::address(world.seed, &server);
    Draft {
        from_name: "Synthetic Railways".to_owned(),
        from: "tickets@railways.example".to_owned(),
        message_id: format!("{serial}@railways.example"),
        client: (server, ip),
        html: Some(page_html(
            "",
            "<body>",
            &format!(
                "<p>{sentence}</p><a href=\"{link}\">{serial}</a>\
                 <img src=\"https://www.railways.example/logo.png\" width=\"120\" alt=\"\">"
            ),
        )),
        ..outside_mail(person, at, subject, format!("{sentence}\n{link}\n"))
    }
}

fn outside_mail(person: &Person, at: At, subject: &str, text: String) -> Draft {
    Draft {
        from_name: String::new(),
        from: String::new(),
        to_name: person.name.clone(),
        to: person.email.clone(),
        subject: subject.to_owned(),
        at,
        message_id: String::new(),
        client: (String::new(), String::new()),
        mailer: None,
        headers: Vec::new(),
        text,
        html: None,
        transfer: Transfer::Plain,
        attached: None,
    }
}

/// The lure as it lies in its recipient's mailbox.
pub(crate) fn as_received(world: &World, draft: &Draft, queue_id: &str) -> Vec<u8> {
    mail::render(draft, Copy::Received { domain: world.domain }, queue_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Plan;
    use crate::score::readable;
    use crate::story;
    use crate::variety::Variety;

    #[test]
    fn every_lure_holds_its_beacon_however_it_is_encoded() {
        for seed in 1..=20 {
            let plan = Plan { seed, ..Plan::default() };
            let world = World::new(&plan);
            let variety = Variety::of(seed);
            let campaign = story::tell(&world, &variety);
            for sent in &campaign.lures {
                let wave = &campaign.waves[sent.wave];
                let draft = lure(&world, wave, sent, variety.numeric_entities);
                let text = readable(&as_received(&world, &draft, "ID"));
                for url in [Some(wave.beacon(&world, sent.person)), wave.page(&world, sent.person)]
                {
                    let url = url.map(|url| url.text().to_lowercase()).unwrap_or_default();
                    assert!(text.contains(&url), "seed {seed}: {url} in {text}");
                }
            }
        }
    }
}
