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
    let of_trade = [Category::Journalist, Category::Institution, Category::Ngo];
    let in_text = tables.named(&reading.words);
    // Services are named in everybody's text.
    let is_borrowed =
        |named: &&Named| tables.organisations[named.organisation].kind != Kind::Service;
    let forwards = reading.is_forward();
    let own = |named: &&Named| !forwards && named.at < reading.quoted_from;
    for named in in_text.iter().filter(is_borrowed).filter(own) {
        let introduced = reading
            .said
            .iter()
            .any(|said| of_trade.contains(&said.category) && is_near(said, named, reading));
        let signed = reading.is_signature(named.at)
            && !is_former(reading, reading.start_of_line(named.at) + 2)
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

/// Whether a word just before `at` says that it is over.
fn is_former(reading: &Reading<'_>, at: usize) -> bool {
    const BEGINNINGS: [&str; 9] =
        ["former", "ex", "ancien", "ehemalig", "fruher", "voormalig", "gewezen", "retired", "oud"];
    let before = (at.saturating_sub(3)..=at).map(|at| reading.words.get(at));
    before.into_iter().any(|word| BEGINNINGS.iter().any(|known| word.starts_with(known)))
}

fn is_near(said: &Said, named: &Named, reading: &Reading<'_>) -> bool {
    if is_former(reading, said.at) {
        return false;
    }
    let apart = said.at.abs_diff(named.at);
    apart <= NEAR && reading.words.line(said.at).abs_diff(reading.words.line(named.at)) <= 1
}
