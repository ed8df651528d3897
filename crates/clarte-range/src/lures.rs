//! Single letters of fake journalists, and of fake staff of organisations and
//! parliaments, with known truth: to measure how many of them are recognised.
//!
//! [`lures`] writes whole mails; [`plant`] puts a lure into a real innocent
//! mail and keeps of it what a filter looks at; [`innocents`] writes what must
//! raise no alarm. All of it borrows the names that [`outlets_csv`] lists.
//! A range ([`crate::make`]) has a campaign of its own and uses none of these.

mod glyphs;
mod innocent;
mod letter;
mod plant;
mod post;
mod sender;
mod texts;

use std::fmt::Write as _;

use serde::Serialize;

pub use innocent::{Innocent, PlantedInnocent, innocents};
pub use plant::plant;

use crate::embed::Embed;
use crate::outside::{FREEMAILS, Kind, OUTLETS};
use crate::rng::{Rng, Topic};
use crate::texts::LANGUAGES;
use letter::Letter;
use post::Institution;

/// How a lure passes for a sender that it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trick {
    /// A mailbox at a freemail provider, under an outlet's name.
    Freemail,
    /// A domain a letter or two away.
    Lookalike,
    /// The known name with another ending, or with a word added.
    Ending,
    /// The known name as a subdomain of another.
    Subdomain,
    /// The known name in characters that look alike.
    Homoglyph,
    /// The outlet's own address, forged, and answers asked for elsewhere.
    ReplyTo,
}

impl Trick {
    /// Every trick.
    pub const ALL: [Self; 6] = [
        Self::Freemail,
        Self::Lookalike,
        Self::Ending,
        Self::Subdomain,
        Self::Homoglyph,
        Self::ReplyTo,
    ];
}

/// The beacon of a lure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlantedBeacon {
    /// How it stands in the mail.
    pub how: Embed,
    /// Its address, individual to the recipient.
    pub url: String,
    /// The token in that address.
    pub token: String,
}

/// A lure and the truth about it.
#[derive(Debug, Clone)]
pub struct PlantedLure {
    /// The mail.
    pub bytes: Vec<u8>,
    /// `en`, `fr`, `nl` or `de`.
    pub language: &'static str,
    /// How it passes for another.
    pub trick: Trick,
    /// Whom it passes for.
    pub outlet: &'static str,
    /// The beacon.
    pub beacon: Option<PlantedBeacon>,
    /// The page that it links to, individual as well; a lure without a beacon
    /// or a page asks for an answer only.
    pub page: Option<String>,
    /// Whom it is addressed to.
    pub recipient: String,
    /// What it was written from.
    letter: Letter,
}

/// `count` lures. The four languages, the six tricks, and with and without a
/// beacon come in turn, so that each 48 lures hold every combination once.
///
/// ```
/// let lures = clarte_range::lures(1, 48);
/// assert_eq!(lures.iter().filter(|lure| lure.beacon.is_some()).count(), 24);
/// assert_eq!(lures.iter().filter(|lure| lure.language == "nl").count(), 12);
/// ```
pub fn lures(seed: u64, count: usize) -> Vec<PlantedLure> {
    let institution = Institution::new(seed);
    (0..count as u64).map(|serial| lure(&institution, seed, serial)).collect()
}

fn lure(institution: &Institution, seed: u64, serial: u64) -> PlantedLure {
    let (languages, tricks) = (LANGUAGES.len() as u64, Trick::ALL.len() as u64);
    let lang = (serial % languages) as usize;
    let trick = Trick::ALL[(serial / languages % tricks) as usize];
    let half = languages * tricks;
    let has_beacon = (serial / half).is_multiple_of(2);
    // Counts the lures with a beacon, so that every form comes round.
    let turn = serial / (2 * half) * half + serial % half + seed % 1000;
    let how = has_beacon.then(|| Embed::ALL[(turn % Embed::ALL.len() as u64) as usize]);

    let mut rng = Rng::keyed(seed, Topic::Planted, &[serial]);
    let letter = Letter::lure(institution, &mut rng, (seed, serial), lang, trick, how);
    let to = institution.someone(lang, &mut rng);
    let written = letter.write(&to);
    PlantedLure {
        bytes: post::received(institution, &letter, &to, &written),
        language: LANGUAGES[lang],
        trick,
        outlet: letter.sender.outlet.name,
        beacon: written.beacon,
        page: written.page,
        recipient: to.address,
        letter,
    }
}

/// The outlets whose names the lures borrow, as a table with the columns
/// `name,kind,aliases,domains,country`. The kind is `press`, `ngo` or
/// `parliament`; a semicolon stands between aliases and between domains; a
/// tilde before an alias says that it is an ordinary word as well.
pub fn outlets_csv() -> String {
    let mut table = "name,kind,aliases,domains,country\n".to_owned();
    for outlet in &OUTLETS {
        let kind = match outlet.kind {
            Kind::Press => "press",
            Kind::Ngo => "ngo",
            Kind::Parliament => "parliament",
        };
        let aliases = outlet.aliases.join(";");
        let domains = [&[outlet.domain], outlet.more_domains].concat().join(";");
        let _ = writeln!(table, "{},{kind},{aliases},{domains},{}", outlet.name, outlet.country);
    }
    for domain in FREEMAILS {
        let _ = writeln!(table, "{domain},freemail,,{domain},");
    }
    table
}
