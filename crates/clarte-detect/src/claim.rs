//! Whom a mail claims to come from, and whether the domain is theirs.
//!
//! A name that merely occurs in a text claims nothing: it counts in the shown
//! name, in the signature, and beside words by which the sender introduces
//! himself.

use clarte_model::host;

use crate::lexicon::{Category, Said};
use crate::reading::Reading;
use crate::tables::{Kind, Named, Organisation, Strength};
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
}

/// Words around an introduction in which its organisation is named.
const NEAR: usize = 8;

/// The claims of a mail from `host`, each organisation once.
pub(crate) fn claims(reading: &Reading<'_>) -> Vec<Claim> {
    let Some(sender) = reading.host() else { return Vec::new() };
    let tables = &reading.around.tables;
    let mut found: Vec<usize> = Vec::new();
    let mut add = |named: Named| {
        if !found.contains(&named.organisation) {
            found.push(named.organisation);
        }
    };
    for name in reading.shown_names() {
        let words = Words::of(name);
        let in_name = tables.named(&words);
        let told = reading.says(Category::Journalist) || is_set_apart(name);
        in_name
            .into_iter()
            .filter(|one| is_name_of_organisation(one, &words, told))
            .for_each(&mut add);
    }
    let of_trade = [Category::Journalist, Category::Institution, Category::Ngo];
    let in_text = tables.named(&reading.words);
    for named in in_text
        .iter()
        .filter(|named| is_borrowed(reading, &tables.organisations[named.organisation]))
    {
        let introduced = reading
            .said
            .iter()
            .any(|said| of_trade.contains(&said.category) && is_near(said, named, reading));
        let signed = reading.is_signature(named.at)
            && (named.strength != Strength::Ordinary || reading.says(Category::Journalist));
        if introduced || signed {
            add(*named);
        }
    }
    let domain = host::registrable(sender).to_owned();
    let claim = |number: usize| {
        let organisation = &tables.organisations[number];
        Claim {
            claimed: organisation.name.clone(),
            kind: organisation.kind,
            domain: domain.clone(),
            owned: organisation.owns(sender),
        }
    };
    found.into_iter().map(claim).collect()
}

/// Services are named in everybody's text.
fn is_borrowed(_: &Reading<'_>, organisation: &Organisation) -> bool {
    organisation.kind != Kind::Service
}

/// Whether the name stands for an organisation in a shown name.
fn is_name_of_organisation(named: &Named, words: &Words, told: bool) -> bool {
    named.strength != Strength::Ordinary || told || named.length == words.len()
}

/// `Anna Example (The Outlet)`, `Anna Example | The Outlet`.
fn is_set_apart(name: &str) -> bool {
    name.contains(['(', '|', ',', '/', '@', '\u{2013}', '\u{2014}', '\u{b7}', ':'])
        || name.contains(" - ")
}

fn is_near(said: &Said, named: &Named, reading: &Reading<'_>) -> bool {
    let apart = said.at.abs_diff(named.at);
    apart <= NEAR && reading.words.line(said.at).abs_diff(reading.words.line(named.at)) <= 1
}
