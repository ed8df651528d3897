//! Who a letter says it is from, and where it is really from.

use super::Trick;
use super::glyphs::{ascii_label, disguised, misspelt};
use crate::outside::{FREEMAILS, JOURNALISTS, Kind, OUTLETS, Outlet};
use crate::rng::Rng;

/// Where a letter names the outlet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    DisplayName,
    Signature,
    Both,
    /// In the display name and in a sentence that introduces the writer.
    Introduction,
    Nowhere,
}

/// What a receiving host can verify of a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// The From line tells a domain that the writer has no right to.
    Forged,
    /// The server may send for the domain, and signs nothing.
    Unsigned,
    /// It may, and signs.
    Signed,
}

/// A sender.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    pub(super) outlet: &'static Outlet,
    pub(super) person: &'static str,
    pub(super) naming: Naming,
    /// The name in the From line.
    pub(super) display: String,
    /// The address in the From line.
    pub(super) address: String,
    pub(super) reply_to: Option<String>,
    /// The address as servers write it: in ASCII.
    pub(super) envelope: String,
    pub(super) proof: Proof,
    /// Whether the domain is the writer's own, with hosts below it.
    pub(super) owns_domain: bool,
}

impl Sender {
    /// The domain as servers write it.
    pub(super) fn domain(&self) -> &str {
        self.envelope.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The fake sender of a lure.
    pub(super) fn fake(trick: Trick, lang: usize, rng: &mut Rng) -> Self {
        let outlet = outlet(lang, rng);
        let person = *rng.pick(&JOURNALISTS);
        let naming = *rng.pick(&[
            Naming::DisplayName,
            Naming::Signature,
            Naming::Both,
            Naming::Introduction,
        ]);
        let label = label(outlet);
        let domain = match trick {
            Trick::Freemail => (*rng.pick(&FREEMAILS)).to_owned(),
            Trick::Lookalike => format!("{}.example", misspelt(label, rng)),
            Trick::Ending => other_ending(outlet, lang, rng),
            Trick::Subdomain => below_another(outlet, rng),
            Trick::Homoglyph => format!("{}.example", disguised(label, rng)),
            Trick::ReplyTo => outlet.domain.to_owned(),
        };
        let local = match trick {
            Trick::Freemail => freemail_local(person, label, naming, lang, rng),
            _ => own_local(person, lang, rng),
        };
        let mut display = display(person, outlet, naming, rng);
        let ascii = ascii_domain(&domain);
        let envelope = format!("{local}@{ascii}");
        // Servers that pass addresses in UTF-8 on are few (RFC 6531).
        let shown = if rng.chance(20) { domain } else { ascii };
        if trick == Trick::Homoglyph && naming != Naming::Signature && rng.chance(25) {
            display = display.replace(outlet.name, &disguised(outlet.name, rng));
        }
        let owns_domain = !matches!(trick, Trick::Freemail | Trick::ReplyTo);
        let proof = match trick {
            Trick::ReplyTo => Proof::Forged,
            // Not everyone who registers a domain sets up keys.
            _ if owns_domain && rng.chance(20) => Proof::Unsigned,
            _ => Proof::Signed,
        };
        Self {
            outlet,
            person,
            naming,
            display,
            address: format!("{local}@{shown}"),
            reply_to: (trick == Trick::ReplyTo).then(|| elsewhere(person, outlet, lang, rng)),
            envelope,
            proof,
            owns_domain,
        }
    }

    /// Someone of the outlet, from its own domain.
    pub(super) fn genuine(lang: usize, rng: &mut Rng) -> Self {
        let outlet = outlet(lang, rng);
        let person = *rng.pick(&JOURNALISTS);
        let naming = *rng.pick(&[Naming::DisplayName, Naming::Signature, Naming::Both]);
        let address = format!("{}@{}", own_local(person, lang, rng), outlet.domain);
        Self {
            outlet,
            person,
            naming,
            display: display(person, outlet, naming, rng),
            envelope: address.clone(),
            address,
            reply_to: None,
            proof: Proof::Signed,
            owns_domain: true,
        }
    }

    /// A free writer with a freemail address, who names an outlet that prints
    /// them, if any, below the letter.
    pub(super) fn freelance(lang: usize, rng: &mut Rng) -> Self {
        let person = *rng.pick(&JOURNALISTS);
        let address = format!("{}@{}", dotted(person), rng.pick(&FREEMAILS));
        Self {
            outlet: outlet(lang, rng),
            person,
            naming: *rng.pick(&[Naming::Signature, Naming::Nowhere]),
            display: person.to_owned(),
            envelope: address.clone(),
            address,
            reply_to: None,
            proof: Proof::Signed,
            owns_domain: false,
        }
    }
}

/// An outlet that writes in this language.
fn outlet(lang: usize, rng: &mut Rng) -> &'static Outlet {
    let those: Vec<&'static Outlet> = OUTLETS.iter().filter(|o| o.lang == lang).collect();
    those[rng.below(those.len() as u64) as usize]
}

/// The first label of its domain.
fn label(outlet: &Outlet) -> &'static str {
    outlet.domain.split('.').next().unwrap_or(outlet.domain)
}

/// Words that a press desk may have in its domain or mailbox.
const WORDS: [[&str; 5]; 4] = [
    ["news", "press", "desk", "editors", "online"],
    ["presse", "redaction", "infos", "journal", "contact"],
    ["redactie", "pers", "nieuws", "contact", "online"],
    ["redaktion", "presse", "aktuell", "kontakt", "online"],
];

fn other_ending(outlet: &Outlet, lang: usize, rng: &mut Rng) -> String {
    let label = label(outlet);
    let word = rng.pick(&WORDS[lang]);
    match rng.below(7) {
        0 | 1 => format!("{label}.test"),
        2 => format!("{label}.example.{}", rng.pick(&["com", "net", "org"])),
        3 => format!("{label}-{word}.example"),
        4 => format!("{word}-{label}.test"),
        5 => format!("{label}{word}.example"),
        _ => outlet.lookalike.to_owned(),
    }
}

fn below_another(outlet: &Outlet, rng: &mut Rng) -> String {
    const ABOVE: [&str; 6] = [
        "newsroom-mail.example",
        "press-office.test",
        "secure-delivery.example",
        "media-contact.example",
        "mailing-desk.example.net",
        "id-7731.test",
    ];
    let above = rng.pick(&ABOVE);
    match rng.below(4) {
        0 => format!("{}.{above}", label(outlet)),
        1 => format!("mail.{}.{above}", outlet.domain),
        2 => format!("{}.{above}", outlet.domain.replace('.', "-")),
        _ => format!("{}.{above}", outlet.domain),
    }
}

fn ascii_domain(domain: &str) -> String {
    domain.split('.').map(ascii_label).collect::<Vec<_>>().join(".")
}

fn dotted(person: &str) -> String {
    person.to_lowercase().replace(' ', ".")
}

fn own_local(person: &str, lang: usize, rng: &mut Rng) -> String {
    let (given, family) = person.split_once(' ').unwrap_or((person, "desk"));
    let (given, family) = (given.to_lowercase(), family.to_lowercase());
    match rng.below(6) {
        0 => format!("{}{family}", &given[..1]),
        1 => format!("{}.{family}", &given[..1]),
        2 => rng.pick(&WORDS[lang]).to_string(),
        3 => given,
        _ => format!("{given}.{family}"),
    }
}

fn freemail_local(person: &str, label: &str, naming: Naming, lang: usize, rng: &mut Rng) -> String {
    let number = rng.below(90) + 10;
    match rng.below(4) {
        // An address that names the outlet would name it twice.
        _ if naming == Naming::Signature => dotted(person),
        0 => format!("{}.{label}", dotted(person)),
        1 => format!("{label}.{}", rng.pick(&WORDS[lang])),
        2 => format!("{}{number}", dotted(person)),
        _ => dotted(person),
    }
}

fn display(person: &str, outlet: &Outlet, naming: Naming, rng: &mut Rng) -> String {
    let name = outlet.name;
    if naming == Naming::Signature {
        return person.to_owned();
    }
    match rng.below(6) {
        0 => format!("{person} | {name}"),
        1 => format!("{name} - {person}"),
        2 => format!("{person}, {name}"),
        3 => name.to_owned(),
        _ => format!("{person} ({name})"),
    }
}

/// Where answers to a forged sender are to go.
fn elsewhere(person: &str, outlet: &Outlet, lang: usize, rng: &mut Rng) -> String {
    match rng.below(3) {
        0 => format!("{}@{}", dotted(person), below_another(outlet, rng)),
        1 => format!("{}@{}", dotted(person), other_ending(outlet, lang, rng)),
        _ => format!("{}@{}", dotted(person), rng.pick(&FREEMAILS)),
    }
}

/// What someone of the outlet does there, below a letter.
pub(super) fn office(outlet: &Outlet, lang: usize) -> &'static str {
    const OFFICES: [[&str; 3]; 4] = [
        ["Correspondent", "Programme officer", "Committee secretariat"],
        ["Correspondante", "Chargée de mission", "Secrétariat des commissions"],
        ["Correspondent", "Projectmedewerker", "Commissiesecretariaat"],
        ["Korrespondentin", "Projektleitung", "Ausschusssekretariat"],
    ];
    OFFICES[lang][match outlet.kind {
        Kind::Press => 0,
        Kind::Ngo => 1,
        Kind::Parliament => 2,
    }]
}
