//! Whom a mail claims to come from, and whether the domain is theirs.
//!
//! A name that merely occurs in a text claims nothing: it counts in the shown
//! name, in the signature, and beside words by which the sender introduces
//! himself.

use clarte_model::host;

use crate::lexicon::{Category, Said};
use crate::reading::Reading;
use crate::tables::{Kind, Named, Strength};
use crate::words::Words;

/// What a mail claims to be, against where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who it says it is: an organisation's name.
    pub claimed: String,
    /// What that is.
    pub kind: Kind,
    /// The domain of the address that sends.
    pub domain: String,
    /// Whether that domain is known as theirs.
    pub owned: bool,
    /// Whether the sender's own words say it, not only the shown name.
    pub in_text: bool,
}

/// Words around an introduction in which its organisation is named.
const NEAR: usize = 8;

/// The claims of a mail from `host`, each organisation once.
pub(crate) fn claims(reading: &Reading<'_>) -> Vec<Claim> {
    let Some(sender) = reading.host() else { return Vec::new() };
    let tables = &reading.around.tables;
    let mut found: Vec<(usize, bool)> = Vec::new();
    let mut add = |named: &Named, in_text: bool| match found
        .iter_mut()
        .find(|(number, _)| *number == named.organisation)
    {
        Some((_, told)) => *told |= in_text,
        None => found.push((named.organisation, in_text)),
    };
    for name in reading.shown_names() {
        let words = Words::of(name);
        let in_name = tables.named(&words);
        let told = is_set_apart(name, &words);
        let names = in_name.iter().filter(|one| is_name_of_organisation(one, &words, told));
        names.for_each(|named| add(named, false));
    }
    let in_text = tables.named(&reading.words);
    let forwards = reading.is_forward();
    for named in in_text.iter().filter(|named| !forwards && named.at < reading.quoted_from) {
        let kind = tables.organisations[named.organisation].kind;
        if is_over(reading, named.at) || !is_written_as_name(named, &reading.words) {
            continue;
        }
        let introduced = reading.said.iter().any(|said| {
            speaks_for(said.category, kind, named.strength) && is_near(said, named, reading)
        });
        // Services are named in everybody's text.
        let signed = kind != Kind::Service
            && reading.is_signature(named.at)
            && (named.strength != Strength::Ordinary || reading.says(Category::Journalist));
        if introduced || signed {
            add(named, true);
        }
    }
    let domain = host::registrable(sender).to_owned();
    let claim = |(number, in_text): (usize, bool)| {
        let organisation = &tables.organisations[number];
        Claim {
            claimed: organisation.name.clone(),
            kind: organisation.kind,
            domain: domain.clone(),
            owned: organisation.owns(sender),
            in_text,
        }
    };
    found.into_iter().map(claim).collect()
}

/// Whether the name stands for an organisation in a shown name.
fn is_name_of_organisation(named: &Named, words: &Words, told: bool) -> bool {
    named.strength != Strength::Ordinary || told || named.length == words.len()
}

/// `Anna Example (The Outlet)`, `Anna Example via The Outlet`, `The Outlet
/// Newsroom`.
fn is_set_apart(name: &str, words: &Words) -> bool {
    const BETWEEN: [&str; 18] = [
        "via", "at", "from", "for", "of", "de", "du", "chez", "pour", "van", "bij", "voor", "von",
        "bei", "fur", "with", "the", "le",
    ];
    const OF_TRADE: [&str; 20] = [
        "news",
        "newsroom",
        "newsdesk",
        "desk",
        "editor",
        "editors",
        "editorial",
        "press",
        "presse",
        "pers",
        "redaction",
        "redactie",
        "redaktion",
        "reporter",
        "journalist",
        "journaliste",
        "correspondent",
        "correspondant",
        "korrespondent",
        "media",
    ];
    let marks = ['(', '|', ',', '/', '@', '\u{2013}', '\u{2014}', '\u{b7}', ':'];
    let is_told = |at| BETWEEN.contains(&words.get(at)) || OF_TRADE.contains(&words.get(at));
    name.contains(marks) || name.contains(" - ") || (0..words.len()).any(is_told)
}

/// Whether words of that category introduce someone of such an organisation.
fn speaks_for(category: Category, kind: Kind, strength: Strength) -> bool {
    match category {
        Category::Journalist => kind == Kind::Press,
        // A name that is an ordinary word is not introduced by ordinary words.
        _ if strength == Strength::Ordinary => false,
        Category::Institution => kind == Kind::Institution,
        Category::Ngo => matches!(kind, Kind::Ngo | Kind::University),
        _ => false,
    }
}

/// Whether an ordinary word is written as a name is: `Die Welt`, not `die
/// Welt`, which turns every day.
fn is_written_as_name(named: &Named, words: &Words) -> bool {
    named.strength != Strength::Ordinary
        || (named.at..named.at + named.length).all(|at| words.is_capital(at))
}

/// Whether a word shortly before `at` says that it is over.
fn is_over(reading: &Reading<'_>, at: usize) -> bool {
    const BEGINNINGS: [&str; 9] =
        ["former", "ex", "ancien", "ehemalig", "fruher", "voormalig", "gewezen", "retired", "oud"];
    let line = reading.words.line(at);
    let before = (at.saturating_sub(6)..at).filter(|at| reading.words.line(*at) == line);
    before.map(|at| reading.words.get(at)).any(|word| {
        // `ex` begins many words.
        BEGINNINGS.iter().any(|known| match known.len() {
            ..=3 => word == *known,
            _ => word.starts_with(known),
        })
    })
}

/// Whether the phrase stands beside the name, and is not the name itself.
fn is_near(said: &Said, named: &Named, reading: &Reading<'_>) -> bool {
    let overlap = said.at < named.at + named.length && named.at < said.at + said.length;
    let apart = said.at.abs_diff(named.at);
    let lines = reading.words.line(said.at).abs_diff(reading.words.line(named.at));
    !overlap && apart <= NEAR && lines <= 1
}
