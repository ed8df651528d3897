//! What looks like a lure and is none: the outlets' own people, who ask the
//! same things in the same words; their newsletters, with an individual pixel;
//! colleagues who pass such mail on; free writers in a thread that the
//! recipient began.

use serde::Serialize;

use super::letter::{Letter, Style, Written};
use super::post::{self, Institution, Recipient, phrase, received};
use super::sender::Sender;
use crate::embed::{self, Embed, escape};
use crate::rng::{Rng, Topic};
use crate::texts::{ARTICLES, LANGUAGES, ORDINARY};
use crate::tokens::{self, Place, Shape};
use crate::world::WEBMAIL;

/// What kind of innocent mail it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Innocent {
    /// Someone of an outlet, from its own domain, which signs.
    Journalist,
    /// An outlet's newsletter with an individual pixel, by a mass mailer.
    Newsletter,
    /// A colleague passes on what an outlet sent, pixel included.
    Forward,
    /// A free writer at a freemail provider answers the recipient.
    KnownThread,
}

impl Innocent {
    /// Every kind.
    pub const ALL: [Self; 4] =
        [Self::Journalist, Self::Newsletter, Self::Forward, Self::KnownThread];
}

/// An innocent mail and the truth about it.
#[derive(Debug, Clone)]
pub struct PlantedInnocent {
    /// The mail.
    pub bytes: Vec<u8>,
    /// `en`, `fr`, `nl` or `de`.
    pub language: &'static str,
    /// What it is.
    pub kind: Innocent,
    /// Whom it is addressed to.
    pub recipient: String,
    /// The address of its individual pixel.
    pub pixel: Option<String>,
}

/// `count` innocent mails. The four languages and the four kinds come in
/// turn, so that each sixteen hold every combination once.
///
/// ```
/// let mails = clarte_range::innocents(1, 16);
/// assert_eq!(mails.iter().filter(|mail| mail.language == "de").count(), 4);
/// ```
pub fn innocents(seed: u64, count: usize) -> Vec<PlantedInnocent> {
    let institution = Institution::new(seed);
    (0..count as u64).map(|serial| innocent(&institution, seed, serial)).collect()
}

fn innocent(institution: &Institution, seed: u64, serial: u64) -> PlantedInnocent {
    let lang = (serial % 4) as usize;
    let kind = Innocent::ALL[(serial / 4 % 4) as usize];
    let mut rng = Rng::keyed(seed, Topic::Genuine, &[serial]);
    let to = institution.someone(lang, &mut rng);
    let desk = Desk { institution, key: (seed, serial), lang };
    let (bytes, pixel) = match kind {
        Innocent::Journalist => (desk.journalist(&to, &mut rng), None),
        Innocent::Newsletter => desk.newsletter(&to, &mut rng),
        Innocent::Forward => desk.forward(&to, &mut rng),
        Innocent::KnownThread => (desk.thread(&to, &mut rng), None),
    };
    PlantedInnocent { bytes, language: LANGUAGES[lang], kind, recipient: to.address, pixel }
}

/// Where one mail is written.
struct Desk<'i> {
    institution: &'i Institution,
    key: (u64, u64),
    lang: usize,
}

/// The mass mailers: what they call themselves, and their domain.
const MASS_MAILERS: [(&str, &str); 2] =
    [("PostWagon 6.2", "postwagon.example"), ("Lettercraft Bulk 3", "lettercraft.example")];

/// What a newsletter's link says, and its last line.
const NEWSLETTER_WORDS: [[&str; 2]; 4] = [
    ["Read on", "You receive this letter because you subscribed to it. Unsubscribe here."],
    ["Lire la suite", "Vous recevez cette lettre car vous y êtes abonné. Se désabonner ici."],
    ["Lees verder", "U ontvangt deze brief omdat u erop geabonneerd bent. Hier uitschrijven."],
    ["Weiterlesen", "Sie erhalten diesen Brief, weil Sie ihn abonniert haben. Hier abmelden."],
];

impl Desk<'_> {
    fn letter(&self, rng: &mut Rng, sender: Sender, server: String) -> Letter {
        Letter::new(self.institution, rng, self.key, self.lang, sender, server)
    }

    fn genuine(&self, rng: &mut Rng) -> Letter {
        let sender = Sender::genuine(self.lang, rng);
        let server = format!("mail.{}", sender.outlet.domain);
        self.letter(rng, sender, server)
    }

    fn journalist(&self, to: &Recipient, rng: &mut Rng) -> Vec<u8> {
        let letter = self.genuine(rng);
        let mut written = letter.write(to);
        // A logo, the same for everyone.
        if rng.chance(50) {
            let domain = letter.sender.outlet.domain;
            let logo =
                format!("<img src=\"https://www.{domain}/logo.png\" width=\"120\" alt=\"\">");
            written.html = written.html.map(|html| embed::with_end(&html, &logo));
        }
        received(self.institution, &letter, to, &written)
    }

    fn newsletter(&self, to: &Recipient, rng: &mut Rng) -> (Vec<u8>, Option<String>) {
        let (program, mass_mailer) = *rng.pick(&MASS_MAILERS);
        let mut letter = self.genuine(rng);
        let outlet = letter.sender.outlet;
        let server = format!("out{}.{mass_mailer}", rng.below(9) + 1);
        letter.client = (server.clone(), crate::outside::address(self.key.0, &server));
        letter.mailer = Some(program);
        letter.sender.display = outlet.name.to_owned();
        letter.sender.address = format!("newsletter@{}", outlet.domain);
        letter.sender.envelope.clone_from(&letter.sender.address);

        let (written, pixel) = self.issue(&letter, to, mass_mailer, rng);
        let serial = rng.hex(16);
        let mut headers = post::identity(&letter);
        headers.extend([
            format!("List-Id: <newsletter.{}>", outlet.domain),
            format!("List-Unsubscribe: <https://www.{}/leave/{serial}>", outlet.domain),
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click".to_owned(),
            format!("Feedback-ID: {}:{serial}:{mass_mailer}", self.key.1),
            "Precedence: bulk".to_owned(),
        ]);
        let envelope = format!("bounce-{serial}@{mass_mailer}");
        let bytes = post::post(self.institution, &letter, to, &written, &envelope, &headers);
        (bytes, Some(pixel))
    }

    /// An issue: an article, something else, a link, the pixel.
    fn issue(
        &self,
        letter: &Letter,
        to: &Recipient,
        mass_mailer: &str,
        rng: &mut Rng,
    ) -> (Written, String) {
        let outlet = letter.sender.outlet;
        let (first, second) = (rng.pick(&ARTICLES)[self.lang], rng.pick(&ORDINARY[self.lang]));
        let [read_on, leave] = NEWSLETTER_WORDS[self.lang];
        let shape = *rng.pick(&Shape::IN_LETTERS);
        let place =
            *rng.pick(&[Place::QueryAmongOthers, Place::FileGif, Place::Query, Place::Path]);
        let token = shape.token(self.key.0, 7, self.key.1, &to.address);
        let above = *rng.pick(&[mass_mailer, outlet.domain]);
        let pixel = tokens::beacon(place, true, &format!("track.{above}"), &token).text();
        let site = format!("https://www.{}/issue-{}", outlet.domain, self.key.1);
        let content = format!(
            "<h1>{}</h1>\n<p>{first}</p>\n<p>{second}</p>\n<p><a href=\"{site}\">{read_on}</a></p>\n<p>{leave}</p>\n",
            outlet.name
        );
        let how = *rng.pick(&[Embed::TinyImage, Embed::TwoByTwo, Embed::HiddenImage]);
        let written = Written {
            subject: format!("{} n. {}", outlet.name, self.key.1 + 1),
            text: (letter.style == Style::Alternative)
                .then(|| format!("{}\n\n{first}\n\n{second}\n\n{site}\n\n{leave}\n", outlet.name)),
            html: Some(how.page(&content, &escape(&pixel, false))),
            beacon: None,
            page: None,
        };
        (written, pixel)
    }

    fn forward(&self, to: &Recipient, rng: &mut Rng) -> (Vec<u8>, Option<String>) {
        let (_, mass_mailer) = *rng.pick(&MASS_MAILERS);
        let mut letter = self.genuine(rng);
        let colleague = self.institution.someone(self.lang, rng);
        let (inner, pixel) = if rng.chance(50) {
            let (issue, pixel) = self.issue(&letter, &colleague, mass_mailer, rng);
            (issue, Some(pixel))
        } else {
            letter.style = Style::Alternative;
            (letter.write(&colleague), None)
        };
        let remark = *rng.pick(&ORDINARY[self.lang]);
        let heading = [
            "-------- Forwarded Message --------".to_owned(),
            format!("Subject: {}", inner.subject),
            format!("From: {} <{}>", letter.sender.display, letter.sender.address),
            format!("To: {} <{}>", colleague.name, colleague.address),
        ];
        let shown = heading.join("<br>\n").replace('<', "&lt;").replace("&lt;br>", "<br>");
        let above = format!("<body><p>{remark}</p>\n<p>{shown}</p>\n");
        let written = Written {
            subject: format!("Fwd: {}", inner.subject),
            text: inner.text.map(|text| format!("{remark}\n\n{}\n\n{text}", heading.join("\n"))),
            html: inner.html.map(|html| html.replacen("<body>", &above, 1)),
            beacon: None,
            page: None,
        };
        letter.verified = false;
        letter.mailer = None;
        letter.client = (format!("webmail.{}", self.institution.domain), WEBMAIL.to_owned());
        let headers = [
            format!("From: {} <{}>", phrase(&colleague.name), colleague.address),
            format!("Message-ID: <{}@{}>", rng.hex(20), self.institution.domain),
            "User-Agent: Housemail 5.2".to_owned(),
        ];
        let envelope = &colleague.address;
        let bytes = post::post(self.institution, &letter, to, &written, envelope, &headers);
        (bytes, pixel)
    }

    fn thread(&self, to: &Recipient, rng: &mut Rng) -> Vec<u8> {
        let sender = Sender::freelance(self.lang, rng);
        let server = format!("out1.{}", sender.domain());
        let mut letter = self.letter(rng, sender, server);
        letter.mailer = None;
        let question = *rng.pick(&ORDINARY[self.lang]);
        let theirs = format!("{}@{}", rng.hex(20), self.institution.domain);
        let written = letter.write(to);
        let quoted = format!("> {question}\n> {}\n", to.name);
        let html_quote = format!("<blockquote>{question}<br>{}</blockquote>\n", to.name);
        let written = Written {
            subject: format!("Re: {}", written.subject),
            text: written.text.map(|text| format!("{text}\n{quoted}")),
            html: written.html.map(|html| embed::with_end(&html, &html_quote)),
            beacon: None,
            page: None,
        };
        let mut headers = post::identity(&letter);
        headers.push(format!("In-Reply-To: <{theirs}>"));
        headers.push(format!("References: <{theirs}>"));
        let envelope = letter.sender.envelope.clone();
        post::post(self.institution, &letter, to, &written, &envelope, &headers)
    }
}
