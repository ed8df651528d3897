//! A letter before it is addressed: who writes what, and which beacon it
//! carries. Written for a recipient, it gets their name and their token.

use super::post::{Institution, Recipient};
use super::sender::{Naming, Sender, office};
use super::texts::{self, Text};
use super::{PlantedBeacon, Trick};
use crate::calendar::{At, DAY, HOUR, MINUTE};
use crate::campaign::MAILERS;
use crate::embed::{self, Embed, escape};
use crate::outside::{self, CAMPAIGN_WEB, HOSTER, Kind};
use crate::rng::Rng;
use crate::texts::{ARTICLES, CLOSINGS, READ_MORE};
use crate::tokens::{self, Place, Shape};
use crate::variety::Transfer;

/// Which parts a mail has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Text,
    Html,
    Alternative,
}

/// A beacon before its token.
#[derive(Debug, Clone)]
struct BeaconPlan {
    how: Embed,
    shape: Shape,
    place: Place,
    tls: bool,
    host: String,
    numeric_entities: bool,
}

/// A letter before it is addressed.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    pub(super) seed: u64,
    pub(super) serial: u64,
    lang: usize,
    pub(super) sender: Sender,
    text: Text,
    formal: bool,
    /// The sentence that introduces the writer.
    introduction: Option<&'static str>,
    /// A sentence of an article of the outlet's, and its genuine address.
    quote: Option<(&'static str, String)>,
    beacon: Option<BeaconPlan>,
    /// The host of a page that it links to.
    page: Option<String>,
    pub(super) style: Style,
    pub(super) transfer: Transfer,
    pub(super) mailer: Option<&'static str>,
    /// Whether the receiving host says what it verified.
    pub(super) verified: bool,
    pub(super) at: At,
    /// The sending server.
    pub(super) client: (String, String),
}

/// A letter as one recipient gets it.
pub(super) struct Written {
    pub(super) subject: String,
    pub(super) text: Option<String>,
    pub(super) html: Option<String>,
    pub(super) beacon: Option<PlantedBeacon>,
    pub(super) page: Option<String>,
}

impl Letter {
    /// A lure.
    pub(super) fn lure(
        institution: &Institution,
        rng: &mut Rng,
        key: (u64, u64),
        lang: usize,
        trick: Trick,
        how: Option<Embed>,
    ) -> Self {
        let sender = Sender::fake(trick, lang, rng);
        let beacon = how.map(|how| beacon_plan(how, &sender, rng));
        let has_page = rng.chance(if beacon.is_some() { 30 } else { 50 });
        let page = has_page.then(|| host("read", &sender, rng));
        let server = match trick {
            Trick::Freemail => format!("out1.{}", sender.domain()),
            // The forger's own server, which is none of the outlet's.
            Trick::ReplyTo => format!("mx.{}", rng.pick(&CAMPAIGN_WEB)),
            _ => format!("mx.{}", sender.domain()),
        };
        let mut letter = Self::new(institution, rng, key, lang, sender, server);
        letter.verified = rng.chance(50);
        letter.introduction = (letter.sender.naming == Naming::Introduction)
            .then(|| *rng.pick(&texts::INTRODUCTIONS[lang]));
        (letter.beacon, letter.page) = (beacon, page);
        letter
    }

    /// A letter without a beacon or a page, that a server of the sender's
    /// sends.
    pub(super) fn new(
        institution: &Institution,
        rng: &mut Rng,
        (seed, serial): (u64, u64),
        lang: usize,
        sender: Sender,
        server: String,
    ) -> Self {
        let request = rng.pick(texts::LETTERS[lang]);
        // The last two of each request are for those who print nothing.
        let choice = match sender.outlet.kind {
            Kind::Press => rng.below(6),
            Kind::Ngo | Kind::Parliament => 6 + rng.below(2),
        } as usize;
        let article = rng.below(ARTICLES.len() as u64) as usize;
        let url =
            format!("https://www.{}/world/article-{}.html", sender.outlet.domain, article + 1);
        let ip = outside::address(seed, &server);
        let mailer = *rng.pick(&MAILERS);
        Self {
            seed,
            serial,
            lang,
            sender,
            text: request[choice],
            formal: choice < 3 || choice == 6,
            introduction: None,
            quote: rng.chance(25).then(|| (ARTICLES[article][lang], url)),
            beacon: None,
            page: None,
            style: *rng.pick(&[Style::Alternative, Style::Html, Style::Text]),
            transfer: *rng.pick(&[
                Transfer::QuotedPrintable,
                Transfer::Base64,
                Transfer::Plain,
                Transfer::Latin1,
            ]),
            mailer: rng.chance(50).then_some(mailer),
            verified: true,
            at: sent(institution, serial).plus(rng.between(0, 30 * MINUTE)),
            client: (server, ip),
        }
    }

    /// The letter to someone, in the parts that it is to have; a beacon needs
    /// a page.
    pub(super) fn write(&self, to: &Recipient) -> Written {
        let token = |shape: Shape| {
            // One lure planted into two mails has two tokens.
            let key = to.address.bytes().fold(self.serial, |key, byte| {
                key.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
            });
            shape.token(self.seed, key, self.serial, &to.address)
        };
        let page = self.page.as_ref().map(|host| {
            tokens::page(self.serial.is_multiple_of(3), true, host, &token(Shape::ShortCode)).text()
        });
        let beacon = self.beacon.as_ref().map(|plan| {
            let token = token(plan.shape);
            let url = tokens::beacon(plan.place, plan.tls, &plan.host, &token).text();
            PlantedBeacon { how: plan.how, url, token: tokens::as_written(plan.place, &token) }
        });
        let style = match (self.style, &beacon) {
            (Style::Text, Some(_)) => Style::Alternative,
            (style, _) => style,
        };
        let text = (style != Style::Html).then(|| self.plain(to, page.as_deref()));
        let html = (style != Style::Text).then(|| self.html(to, page.as_deref(), beacon.as_ref()));
        Written { subject: self.text.0.to_owned(), text, html, beacon, page }
    }

    fn paragraphs(&self, to: &Recipient) -> Vec<String> {
        let mut all = vec![texts::greeting(self.lang, self.formal, &to.name)];
        let sender = &self.sender;
        all.extend(self.introduction.map(|sentence| {
            sentence.replace("{name}", sender.person).replace("{outlet}", sender.outlet.name)
        }));
        all.extend(self.text.1.split('|').map(str::to_owned));
        all
    }

    fn signature(&self) -> Vec<&'static str> {
        let mut lines = vec![CLOSINGS[self.lang], self.sender.person];
        if matches!(self.sender.naming, Naming::Signature | Naming::Both) {
            lines.extend([office(self.sender.outlet, self.lang), self.sender.outlet.name]);
        }
        lines
    }

    fn plain(&self, to: &Recipient, page: Option<&str>) -> String {
        let mut parts = self.paragraphs(to);
        parts.extend(self.quote.as_ref().map(|(quote, url)| format!("\"{quote}\"\n{url}")));
        parts.extend(page.map(|url| format!("{}: {url}", READ_MORE[self.lang])));
        parts.push(self.signature().join("\n"));
        parts.join("\n\n") + "\n"
    }

    fn html(&self, to: &Recipient, page: Option<&str>, beacon: Option<&PlantedBeacon>) -> String {
        let mut parts = self.paragraphs(to);
        parts.extend(
            page.map(|url| {
                format!("<a href=\"{}\">{}</a>", escape(url, false), READ_MORE[self.lang])
            }),
        );
        parts.push(self.signature().join("<br>"));
        let content: String = parts.iter().map(|part| format!("<p>{part}</p>\n")).collect();
        match (beacon, &self.beacon) {
            (Some(beacon), Some(plan)) => {
                plan.how.page(&content, &escape(&beacon.url, plan.numeric_entities))
            }
            _ => embed::page("", "<body>", &content),
        }
    }
}

fn beacon_plan(how: Embed, sender: &Sender, rng: &mut Rng) -> BeaconPlan {
    let shape = *rng.pick(&Shape::IN_LETTERS);
    let place = rng.pick(&Place::ALL).fitting(shape);
    let host = match rng.below(10) {
        // These give no names below their own.
        0 if place != Place::Subdomain => outside::documentation_address(400 + rng.below(100)),
        1 if place != Place::Subdomain => HOSTER.to_owned(),
        _ => host("img", sender, rng),
    };
    BeaconPlan { how, shape, place, tls: rng.chance(60), host, numeric_entities: rng.chance(20) }
}

/// Sixteen letters a day, from eight in the morning.
fn sent(institution: &Institution, serial: u64) -> At {
    let (day, rank) = (serial as i64 / 16, serial as i64 % 16);
    institution.start.plus(day * DAY + 7 * HOUR + rank * 37 * MINUTE)
}

/// A host of the sender's, below its own domain or one for the web only.
fn host(name: &str, sender: &Sender, rng: &mut Rng) -> String {
    let web = *rng.pick(&CAMPAIGN_WEB);
    if sender.owns_domain && rng.chance(50) {
        format!("{name}.{}", sender.domain())
    } else {
        format!("{name}.{web}")
    }
}
