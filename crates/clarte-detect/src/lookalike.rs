//! Domains that are made to be taken for another.
//!
//! Compared with domains that are *known*: those of the tables and of the
//! owner's correspondents; that two unknown domains look alike says nothing.
//! Spec: UTS #39 (confusable characters), RFC 3492 (punycode).

use std::collections::{BTreeMap, HashMap};

use clarte_model::host;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

use crate::tables::Tables;

/// By which trick a domain looks like another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trick {
    /// One or two letters are missing, added, changed or swapped.
    Letters,
    /// Characters that look like others.
    Homoglyph,
    /// Letters of another alphabet, as its A-label hides.
    Punycode,
    /// A word more.
    Added,
    /// Another top-level domain.
    Ending,
    /// The known domain is only a label of another's.
    Subdomain,
    /// A hyphen more or less.
    Hyphen,
}

impl Trick {
    /// Its stable name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Letters => "letters",
            Self::Homoglyph => "homoglyph",
            Self::Punycode => "punycode",
            Self::Added => "added",
            Self::Ending => "ending",
            Self::Subdomain => "subdomain",
            Self::Hyphen => "hyphen",
        }
    }
}

/// A domain that looks like a known one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lookalike {
    /// The known domain.
    pub(crate) owner: String,
    pub(crate) trick: Trick,
}

/// Known domains, by how theirs look.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Domains by the label before their public suffix.
    by_label: BTreeMap<String, Vec<String>>,
    /// Labels by the same label without one of its letters.
    by_deletion: HashMap<String, Vec<String>>,
    by_skeleton: HashMap<String, String>,
    /// Domains by their letters alone, where these are many enough.
    by_squashed: HashMap<String, String>,
}

/// Labels shorter than this are too likely to be somebody else's.
const SHORTEST: usize = 5;

/// Labels this long hardly ever differ in two letters alone.
const LONG: usize = 9;

/// Words that a false domain adds to the name that it borrows.
const ADDED: [&str; 56] = [
    "news",
    "newsroom",
    "newsdesk",
    "press",
    "presse",
    "pers",
    "media",
    "mail",
    "email",
    "desk",
    "editor",
    "editors",
    "editorial",
    "redaction",
    "redactie",
    "redaktion",
    "reporter",
    "reporters",
    "journalist",
    "online",
    "info",
    "group",
    "team",
    "office",
    "support",
    "help",
    "service",
    "services",
    "account",
    "accounts",
    "login",
    "secure",
    "security",
    "verify",
    "global",
    "world",
    "international",
    "intl",
    "europe",
    "eu",
    "uk",
    "us",
    "be",
    "fr",
    "de",
    "nl",
    "web",
    "portal",
    "contact",
    "event",
    "events",
    "conference",
    "world",
    "live",
    "daily",
    "the",
];

impl Known {
    /// Makes `domain` known.
    pub(crate) fn add(&mut self, domain: &str) {
        let Some(label) = label(domain) else { return };
        let all = self.by_label.entry(label.to_owned()).or_default();
        if all.iter().any(|known| known == domain) {
            return;
        }
        all.push(domain.to_owned());
        let letters = squashed(domain);
        if letters.len() > SHORTEST {
            self.by_squashed.insert(letters, domain.to_owned());
        }
        if all.len() == 1 {
            self.by_skeleton.entry(look(label)).or_insert_with(|| label.to_owned());
            if label.chars().count() >= SHORTEST {
                for shorter in deletions(label) {
                    self.by_deletion.entry(shorter).or_default().push(label.to_owned());
                }
            }
        }
    }

    /// The known domains of the tables.
    pub(crate) fn of(tables: &Tables) -> Self {
        let mut known = Self::default();
        for organisation in &tables.organisations {
            organisation.domains.iter().for_each(|domain| known.add(host::registrable(domain)));
        }
        known
    }

    /// The known domain that `host` is made to be taken for.
    pub(crate) fn resembled(&self, host_name: &str) -> Option<Lookalike> {
        let domain = host::registrable(host_name);
        let own = label(domain)?;
        if self.by_label.get(own).is_some_and(|all| all.iter().any(|known| known == domain)) {
            return None;
        }
        self.by_subdomain(host_name, domain)
            .or_else(|| self.by_look(own))
            .or_else(|| self.by_letters(own))
            .or_else(|| self.by_words(own))
            .or_else(|| self.by_ending(own))
    }

    fn found(&self, label: &str, trick: Trick) -> Option<Lookalike> {
        let owner = self.by_label.get(label)?.first()?.clone();
        Some(Lookalike { owner, trick })
    }

    /// `nytimes.com.desk.example`, `nytimes-com.example`.
    fn by_subdomain(&self, host_name: &str, domain: &str) -> Option<Lookalike> {
        let below = host_name.strip_suffix(domain)?.trim_end_matches('.');
        let labels: Vec<_> = below.split('.').filter(|label| !label.is_empty()).collect();
        for at in 0..labels.len() {
            if self.by_label.get(labels[at]).is_some_and(|all| {
                let rest = labels[at..].join(".");
                all.iter().any(|known| {
                    rest.strip_prefix(known.as_str())
                        .is_some_and(|more| more.is_empty() || more.starts_with('.'))
                })
            }) {
                return self.found(labels[at], Trick::Subdomain);
            }
        }
        // `paper-com.desk.example`, `papercom.desk.example`.
        if let Some(owner) = labels.iter().find_map(|label| self.by_squashed.get(&squashed(label)))
        {
            return Some(Lookalike { owner: owner.clone(), trick: Trick::Subdomain });
        }
        if let Some(owner) = inner_domain(&labels) {
            return Some(Lookalike { owner, trick: Trick::Subdomain });
        }
        let borrowed = labels.iter().find(|label| label.len() > SHORTEST)?;
        self.found(borrowed, Trick::Added)
    }

    /// The same look in other characters.
    fn by_look(&self, own: &str) -> Option<Lookalike> {
        let unicode = idna::domain_to_unicode(own).0;
        if unicode.is_ascii() {
            // Chance makes short ones alike.
            let known = self.by_skeleton.get(&look(own)).filter(|known| *known != own)?;
            return (own.len() >= SHORTEST).then(|| self.found(known, Trick::Homoglyph)).flatten();
        }
        let look = look(&unicode);
        let parts = look.split('-').filter(|part| part.len() >= 3);
        let mut looks = std::iter::once(look.as_str()).chain(parts);
        let known = looks.find_map(|look| self.by_skeleton.get(look))?;
        self.found(known, Trick::Punycode)
    }

    /// One letter more, less, or another; two neighbours swapped.
    fn by_letters(&self, own: &str) -> Option<Lookalike> {
        if own.chars().count() < SHORTEST {
            return None;
        }
        let shorter = deletions(own);
        let candidates = std::iter::once(own).chain(shorter.iter().map(String::as_str));
        let candidates = candidates.flat_map(|text| {
            let longer = self.by_deletion.get(text).into_iter().flatten();
            longer.chain(self.by_label.get_key_value(text).map(|(label, _)| label))
        });
        let near = candidates.into_iter().find(|known| {
            *known != own && known.len() >= SHORTEST && strsim::osa_distance(known, own) == 1
        });
        let near = near.or_else(|| self.two_letters(own))?;
        let trick = if near.replace('-', "") == own.replace('-', "") {
            Trick::Hyphen
        } else {
            Trick::Letters
        };
        self.found(near, trick)
    }

    /// Two letters, of a name so long that chance does not make another.
    fn two_letters(&self, own: &str) -> Option<&String> {
        if own.len() < LONG {
            return None;
        }
        self.by_label.keys().filter(|known| known.len() >= LONG).find(|known| {
            known.len().abs_diff(own.len()) <= 2
                && known.as_bytes()[..2] == own.as_bytes()[..2]
                && strsim::osa_distance(known, own) == 2
        })
    }

    /// The known name and a word of the trade.
    fn by_words(&self, own: &str) -> Option<Lookalike> {
        let joined = own.replace('-', "");
        if joined != own
            && let Some(found) = self.found(&joined, Trick::Hyphen)
        {
            return Some(found);
        }
        let parts: Vec<_> = own.split('-').collect();
        for from in 0..parts.len() {
            for to in (from + 1..=parts.len()).rev().filter(|to| to - from < parts.len()) {
                let name = parts[from..to].concat();
                let dashed = parts[from..to].join("-");
                let mut rest = parts[..from].iter().chain(&parts[to..]);
                // A short name is borrowed only together with such a word.
                let fits = name.len() > SHORTEST || rest.any(|word| ADDED.contains(word));
                let known =
                    [&name, &dashed].into_iter().find(|name| self.by_label.contains_key(*name));
                if let Some(known) = known.filter(|known| fits && known.len() >= 3) {
                    return self.found(known, Trick::Added);
                }
            }
        }
        ADDED.iter().find_map(|word| {
            let rest = own.strip_prefix(word).or_else(|| own.strip_suffix(word))?;
            let rest = rest.trim_matches('-');
            (rest.len() >= 3).then(|| self.found(rest, Trick::Added)).flatten()
        })
    }

    fn by_ending(&self, own: &str) -> Option<Lookalike> {
        (own.len() >= SHORTEST).then(|| self.found(own, Trick::Ending)).flatten()
    }
}

/// Whether `host` is made to look like a domain of the organisation that it
/// claims to be: what would be chance elsewhere is none beside the claim.
pub(crate) fn of_claimed(host_name: &str, domains: &[String]) -> Option<Lookalike> {
    let words: Vec<_> = host_name.split(['.', '-']).collect();
    let bare = squashed(host_name);
    let own = label(host::registrable(host_name))?;
    domains.iter().find_map(|domain| {
        let theirs = label(host::registrable(domain))?;
        let found = |trick| Some(Lookalike { owner: domain.clone(), trick });
        if words.contains(&theirs) || theirs.len() >= SHORTEST && bare.contains(&squashed(theirs)) {
            return found(Trick::Added);
        }
        let apart = strsim::osa_distance(own, theirs);
        let near = theirs.len() >= SHORTEST && apart <= 2 || theirs.len() >= 4 && apart <= 1;
        if near { found(Trick::Letters) } else { None }
    })
}

/// The label before the public suffix of a registrable domain.
pub(crate) fn label(domain: &str) -> Option<&str> {
    domain.split('.').next().filter(|label| !label.is_empty())
}

/// The text as it looks (UTS #39), where `1`, `l` and `rn`, `m` are one; what
/// decorates a letter is not looked at.
pub(crate) fn look(text: &str) -> String {
    let bare: String = text.nfkd().filter(|c| !is_combining_mark(*c)).map(plain).collect();
    skeleton(&bare).flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c)).collect()
}

/// Letters that stand for Latin ones in disguises, though UTS #39 tells them
/// apart.
fn plain(c: char) -> char {
    match c {
        'ĸ' | 'к' | 'κ' => 'k',
        'м' => 'm',
        'н' | 'ħ' => 'h',
        'т' | 'τ' | 'ŧ' => 't',
        'в' | 'β' | 'ь' => 'b',
        'п' | 'η' | 'ŋ' => 'n',
        'г' => 'r',
        'и' | 'υ' => 'u',
        'ı' | 'ι' => 'i',
        'ł' => 'l',
        'ø' => 'o',
        'đ' => 'd',
        'ω' | 'ѡ' => 'w',
        'ε' | 'э' => 'e',
        'ν' => 'v',
        'χ' => 'x',
        'γ' => 'y',
        _ => c,
    }
}

/// A whole domain that stands below another one, as `paper.com` in
/// `paper.com.desk.example`.
fn inner_domain(labels: &[&str]) -> Option<String> {
    const ENDINGS: [&str; 6] = ["com", "org", "net", "gov", "edu", "info"];
    const OWN: [&str; 16] = [
        "mail",
        "news",
        "newsletter",
        "email",
        "e",
        "m",
        "em",
        "info",
        "www",
        "img",
        "links",
        "click",
        "mailer",
        "smtp",
        "static",
        "go",
    ];
    let [.., name, ending] = labels else { return None };
    let of_country = ending.len() == 2 && name.len() > SHORTEST && host::has_known_suffix(ending);
    let named = name.len() >= 3 && !OWN.contains(name) && (ENDINGS.contains(ending) || of_country);
    named.then(|| format!("{name}.{ending}"))
}

/// Without dots and hyphens.
fn squashed(text: &str) -> String {
    text.replace(['.', '-'], "")
}

/// The label without each of its letters.
fn deletions(label: &str) -> Vec<String> {
    let chars: Vec<_> = label.chars().take(64).collect();
    (0..chars.len())
        .map(|left_out| {
            let kept = chars.iter().enumerate().filter(|(at, _)| *at != left_out);
            kept.map(|(_, c)| c).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trick_is_seen_through() {
        let mut known = Known::default();
        ["theguardian.com", "lemonde.fr", "bbc.co.uk", "nytimes.com", "dailyplanet.example"]
            .iter()
            .for_each(|domain| known.add(domain));
        for (host, trick) in [
            ("theguardlan.com", Some(Trick::Letters)),
            ("teh-guardian.com", None),
            ("theguardain.com", Some(Trick::Letters)),
            ("the-guardian.com", Some(Trick::Hyphen)),
            ("1emonde.fr", Some(Trick::Homoglyph)),
            ("xn--lmonde-3of.fr", Some(Trick::Punycode)),
            ("lemonde.info", Some(Trick::Ending)),
            ("bbc-newsroom.com", Some(Trick::Added)),
            ("bbcnews.net", Some(Trick::Added)),
            ("nytimes.com.press-desk.net", Some(Trick::Subdomain)),
            ("nytimes.desk.org", Some(Trick::Added)),
            ("unknown-paper.nl.desk.org", Some(Trick::Subdomain)),
            ("newsletter.de.shop.org", None),
            ("bbc.community.shop.org", None),
            ("bbc-co-uk.outbox.org", Some(Trick::Subdomain)),
            ("theguardiancom.outbox.org", Some(Trick::Subdomain)),
            ("theguarbiam.com", Some(Trick::Letters)),
            ("dailyplanet-desk.example", Some(Trick::Added)),
            ("lemonde.fr", None),
            ("mail.lemonde.fr", None),
            ("bbc.com", None),
            ("times.com", None),
            ("example.org", None),
            ("b-b.org", None),
        ] {
            assert_eq!(known.resembled(host).map(|found| found.trick), trick, "{host}");
        }
    }
}
