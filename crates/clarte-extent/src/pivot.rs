//! From mails that a given indicator touches to the other mails of the same
//! campaign, transitively.
//!
//! Each round asks which traits the campaign's mails have, how rare each trait
//! is in this evidence, and which other mails share enough of them. A trait
//! weighs by its kind and by who else has it: what many unrelated senders
//! share, or what mostly occurs in ordinary mail, weighs little. A mailer or a
//! shared mail domain never suffices alone.
//!
//! Weights are in tenths of "the same hand": [`JOINS`] and more joins. They are
//! judgements, kept in [`Kind::weight`] where they can be argued with.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use clarte_model::lake::{ReadError, Records};
use clarte_model::{Class, address, host};

use crate::campaign::{Lure, Office};
use crate::cite::RecordRef;
use crate::mails::{self, Mail};
use crate::shared_services::{is_mail_provider, is_web_service};
use crate::token;

/// What the shared traits of a mail must weigh for it to join.
const JOINS: f64 = 8.0;

/// Rounds after which the pivot stops; each hop costs confidence anyway.
const ROUNDS: u32 = 8;

/// A mail less certain than this is not joined.
const CONFIDENCE_FLOOR: f64 = 0.4;

/// What kind of trait two mails can share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Address,
    Domain,
    Ip,
    Template,
    Shape,
    Token,
    Mailer,
}

type Trait = (Kind, String);

impl Kind {
    /// How much sharing a trait of this kind weighs if nobody else has it.
    fn weight(self) -> f64 {
        match self {
            // Whoever sends from an address holds it.
            Self::Address => 10.0,
            // Whoever sends from a domain, or has readers tracked by it, holds it.
            Self::Domain => 9.0,
            // A server that sends for few belongs to few.
            Self::Ip => 9.0,
            // One sentence; a text has several (see `template_weight`).
            Self::Template => 2.0,
            // A way to build URLs; more, the more choices it shows (see
            // `traits`).
            Self::Shape => 3.0,
            // The same token for the same reader, on whatever host.
            Self::Token => 9.0,
            // Programs are shared by the thousand.
            Self::Mailer => 3.0,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Address => "sender address",
            Self::Domain => "sending or tracking domain",
            Self::Ip => "sending IP",
            Self::Template => "sentences of the text",
            Self::Shape => "token shape",
            Self::Token => "token",
            Self::Mailer => "mailer",
        }
    }
}

/// What is known of a trait of the campaign.
#[derive(Debug, Default)]
struct Known {
    /// The highest confidence of a mail of the campaign that has it.
    confidence: f64,
    inside: u32,
    /// Mails outside the campaign that have it, and those of them that are
    /// individually addressed and no mailing: a wave not yet joined looks so.
    outside: u32,
    outside_alike: u32,
    /// Sender domains outside the campaign, up to [`DOMAINS_KEPT`].
    domains: BTreeSet<String>,
    /// Whether the campaign sends from the domain, rather than only refers
    /// to it.
    sends: bool,
    /// Whether it is a domain from which others send ordinary mail.
    others_send: bool,
}

const DOMAINS_KEPT: usize = 32;

impl Known {
    /// From 0 (everybody's) to 1 (nobody else's).
    fn rarity(&self, kind: Kind) -> f64 {
        let spread = match self.domains.len() {
            0..=2 => 1.0,
            3 => 0.8,
            4 => 0.6,
            5..=8 => 0.3,
            9..=20 => 0.1,
            _ => 0.0,
        };
        if kind == Kind::Mailer {
            // A program that few use is rare, whatever they send with it.
            return spread;
        }
        let all = f64::from(self.inside + self.outside).max(1.0);
        let alike = f64::from(self.inside + self.outside_alike) / all;
        let owned = match alike {
            x if x >= 0.5 => 1.0,
            x if x >= 0.2 => 0.6,
            _ => 0.2,
        };
        if self.others_send && !self.sends { 0.0 } else { spread * owned }
    }
}

/// Joins to `lures` every mail that shares enough traits with them.
pub(crate) fn expand(
    records: &dyn Records,
    office: &Office<'_>,
    lures: &mut BTreeMap<RecordRef, Lure>,
) -> Result<(), ReadError> {
    for round in 1..=ROUNDS {
        let joined = one_round(records, office, lures, round)?;
        if joined.is_empty() {
            break;
        }
        lures.extend(joined.into_iter().map(|lure| (lure.mail.at.clone(), lure)));
    }
    Ok(())
}

fn one_round(
    records: &dyn Records,
    office: &Office<'_>,
    lures: &BTreeMap<RecordRef, Lure>,
    round: u32,
) -> Result<Vec<Lure>, ReadError> {
    let mut known = traits_of_campaign(lures, office);
    for (piece, confidence) in individual_pieces(lures) {
        let entry = known.entry((Kind::Token, piece)).or_default();
        (entry.confidence, entry.inside) = (confidence, 1);
    }
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let bulk = lures.values().any(|lure| lure.mail.bulk);
    let texts: Vec<HashSet<&str>> = texts_of_campaign(lures);
    records.scan(Class::Email, mails::FIELDS, &mut |stored| {
        let mail = Mail::of(&stored);
        if !lures.contains_key(&mail.at) {
            count_outside(&mail, office, &mut known);
        }
    })?;
    let mut joined = Vec::new();
    records.scan(Class::Email, mails::FIELDS, &mut |stored| {
        let mail = Mail::of(&stored);
        if lures.contains_key(&mail.at) || office.is_internal(&mail) || office.is_sent(&mail) {
            return;
        }
        if let Some((confidence, why)) = judge(&mail, office, &known, &texts, bulk) {
            let touches = Vec::new();
            joined.push(Lure { mail, confidence, hop: round, touches, why });
        }
    })?;
    Ok(joined)
}

/// Every trait of the campaign's mails.
fn traits_of_campaign(
    lures: &BTreeMap<RecordRef, Lure>,
    office: &Office<'_>,
) -> HashMap<Trait, Known> {
    let mut known: HashMap<Trait, Known> = HashMap::new();
    for lure in lures.values() {
        for (what, _) in traits(&lure.mail, office) {
            let what_value = what.1.clone();
            let entry = known.entry(what).or_default();
            entry.confidence = entry.confidence.max(lure.confidence);
            entry.inside += 1;
            entry.sends |= lure.mail.sender_domain() == Some(what_value.as_str());
        }
    }
    known
}

/// Pieces of URLs that one recipient's lures carry and no other's: tokens,
/// whatever their look. A recipient is told apart as the message tells.
fn individual_pieces(lures: &BTreeMap<RecordRef, Lure>) -> HashMap<String, f64> {
    let mut holders: HashMap<String, (Option<String>, f64)> = HashMap::new();
    let mut recipients = BTreeSet::new();
    for lure in lures.values() {
        let to = lure.mail.owner.clone().or(lure.mail.to.first().cloned());
        let recipient = to.unwrap_or_else(|| lure.mail.at.key());
        for piece in lure.mail.links.iter().flat_map(|link| token::pieces(&link.url)) {
            let entry = holders.entry(piece).or_insert((Some(recipient.clone()), lure.confidence));
            entry.1 = entry.1.max(lure.confidence);
            if entry.0.as_ref() != Some(&recipient) {
                entry.0 = None;
            }
        }
        recipients.insert(recipient);
    }
    // With one recipient there is nothing to compare: only what looks like a
    // token is taken for one.
    let comparable = recipients.len() > 1;
    let own = holders.into_iter().filter(|(piece, (holder, _))| {
        holder.is_some() && (comparable || token::class(piece).is_some())
    });
    own.map(|(piece, (_, confidence))| (piece, confidence)).collect()
}

/// The distinct texts of the campaign, each a set of sentences.
fn texts_of_campaign(lures: &BTreeMap<RecordRef, Lure>) -> Vec<HashSet<&str>> {
    let distinct: BTreeSet<&[String]> =
        lures.values().map(|lure| lure.mail.template.as_slice()).collect();
    let texts = distinct.into_iter().filter(|text| !text.is_empty());
    texts.take(256).map(|text| text.iter().map(String::as_str).collect()).collect()
}

/// The traits of one mail, each with what it weighs if nobody else has it.
fn traits(mail: &Mail, office: &Office<'_>) -> Vec<(Trait, f64)> {
    let mut all = BTreeMap::new();
    let mut add = |kind: Kind, value: &str, more: f64| {
        all.insert((kind, value.to_owned()), kind.weight() + more);
    };
    for sender in mail.senders().filter(|sender| !office.is_own(sender)) {
        add(Kind::Address, sender, 0.0);
        let domain = address::domain(sender).map(host::registrable).unwrap_or_default();
        if !is_mail_provider(domain) {
            add(Kind::Domain, domain, 0.0);
        }
    }
    let provider = mail.senders().filter_map(address::domain).all(is_mail_provider);
    for ip in mail.ips.iter().filter(|_| !provider) {
        add(Kind::Ip, ip, 0.0);
    }
    if let Some(mailer) = &mail.mailer {
        add(Kind::Mailer, mailer, 0.0);
    }
    for sentence in &mail.template {
        add(Kind::Template, sentence, 0.0);
    }
    for link in &mail.links {
        let Some(shape) = token::shape(&link.url) else { continue };
        // Four choices alike are a coincidence worth a word, a choice of words
        // that nobody else makes is more.
        let unusual = if shape.own_letters >= 3 { 3.0 } else { 0.0 };
        let more = shape.choices.min(5) as f64 + unusual;
        add(Kind::Shape, &shape.exact, more);
        add(Kind::Shape, &shape.loose, more - 2.0);
        let domain = host::registrable(&link.url.host);
        if !is_web_service(domain) {
            add(Kind::Domain, domain, 0.0);
        }
    }
    all.into_iter().collect()
}

/// The traits of a mail that is not known to be the campaign's: every piece of
/// its URLs might be one of the campaign's tokens.
fn traits_outside(mail: &Mail, office: &Office<'_>) -> Vec<(Trait, f64)> {
    let pieces: BTreeSet<_> = mail.links.iter().flat_map(|link| token::pieces(&link.url)).collect();
    let weight = Kind::Token.weight();
    let tokens = pieces.into_iter().map(|piece| ((Kind::Token, piece), weight));
    traits(mail, office).into_iter().chain(tokens).collect()
}

/// Whether a mail is individually addressed and no mailing: it carries a token
/// and none of the marks of a list.
fn is_individual(mail: &Mail) -> bool {
    !mail.bulk && mail.links.iter().any(|link| token::shape(&link.url).is_some())
}

/// Notes in `known` which of the campaign's traits a mail outside it has.
fn count_outside(mail: &Mail, office: &Office<'_>, known: &mut HashMap<Trait, Known>) {
    // What insiders pass on or quote says nothing about who else uses it.
    if office.is_internal(mail) {
        return;
    }
    let domain = mail.sender_domain().unwrap_or_default();
    for (what, _) in traits_outside(mail, office) {
        let Some(entry) = known.get_mut(&what) else { continue };
        entry.outside += 1;
        entry.outside_alike += u32::from(is_individual(mail));
        entry.others_send |= what.0 == Kind::Domain && what.1 == domain && !is_individual(mail);
        if entry.domains.len() < DOMAINS_KEPT && !entry.domains.contains(domain) {
            entry.domains.insert(domain.to_owned());
        }
    }
}

/// How certainly a mail is the campaign's, and why; `None` if it is not.
fn judge(
    mail: &Mail,
    office: &Office<'_>,
    known: &HashMap<Trait, Known>,
    texts: &[HashSet<&str>],
    campaign_is_bulk: bool,
) -> Option<(f64, Vec<String>)> {
    // The best trait of each kind counts, so that ten sender addresses of one
    // domain do not weigh ten times.
    let mut best: BTreeMap<Kind, (f64, f64, String)> = BTreeMap::new();
    let mut sentences = 0.0;
    for (what, full) in traits_outside(mail, office) {
        let Some(entry) = known.get(&what) else { continue };
        let rarity = entry.rarity(what.0);
        if what.0 == Kind::Template {
            sentences += rarity;
            note(&mut best, Kind::Template, 0.0, entry.confidence, "");
            continue;
        }
        note(&mut best, what.0, full * rarity, entry.confidence, &what.1);
    }
    if let Some(template) = best.get_mut(&Kind::Template) {
        template.0 = template_weight(mail, texts, sentences);
    }
    // A mailing is not made by the hand of a campaign that sends none, even if
    // it quotes the same article or is tracked in the same way.
    let other_kind = mail.bulk && !campaign_is_bulk;
    for (kind, (weight, ..)) in &mut best {
        let content = matches!(kind, Kind::Template | Kind::Shape | Kind::Address | Kind::Domain);
        *weight *= if other_kind && content { 0.3 } else { 1.0 };
    }
    let total: f64 = best.values().map(|(weight, ..)| weight).sum();
    let parent = best
        .values()
        .filter(|(weight, ..)| *weight >= 2.0)
        .map(|(_, confidence, _)| *confidence)
        .fold(0.0, f64::max);
    let confidence = parent * total / (total + 1.0);
    if total < JOINS || confidence < CONFIDENCE_FLOOR {
        return None;
    }
    Some((confidence, reasons(&best, known)))
}

fn note(
    best: &mut BTreeMap<Kind, (f64, f64, String)>,
    kind: Kind,
    weight: f64,
    confidence: f64,
    value: &str,
) {
    let entry = best.entry(kind).or_insert((weight, confidence, value.to_owned()));
    if weight > entry.0 {
        *entry = (weight, confidence, value.to_owned());
    }
    entry.1 = entry.1.max(confidence);
}

/// What sharing sentences weighs: a mail merge shares nearly the whole text,
/// a quotation or a footer only some of it.
fn template_weight(mail: &Mail, texts: &[HashSet<&str>], sentences: f64) -> f64 {
    let own: HashSet<&str> = mail.template.iter().map(String::as_str).collect();
    let overlap = texts.iter().map(|text| {
        let shared = text.intersection(&own).count();
        shared as f64 / (text.len() + own.len() - shared).max(1) as f64
    });
    let overlap = overlap.fold(0.0, f64::max);
    match (overlap, sentences) {
        (x, n) if x >= 0.6 && n >= 3.0 => 12.0,
        (x, n) if x >= 0.6 && n >= 2.0 => 9.0,
        (x, n) if x >= 0.3 && n >= 3.0 => {
            if is_individual(mail) {
                8.0
            } else {
                5.0
            }
        }
        (_, n) if n >= 2.0 => 4.0,
        _ => Kind::Template.weight() * sentences.min(1.0),
    }
}

fn reasons(
    best: &BTreeMap<Kind, (f64, f64, String)>,
    known: &HashMap<Trait, Known>,
) -> Vec<String> {
    let shared = best.iter().filter(|(_, (weight, ..))| *weight >= 0.5);
    shared
        .map(|(kind, (weight, _, value))| {
            let others = known.get(&(*kind, value.clone())).map_or(0, |entry| entry.domains.len());
            let value = if value.is_empty() { String::new() } else { format!(" {value}") };
            format!(
                "shares its {}{value} with mails of the campaign (weight {weight:.1} of {JOINS:.0}; \
                 sender domains outside it that do too: {others})",
                kind.words(),
            )
        })
        .collect()
}
