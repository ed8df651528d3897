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

mod traits;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use clarte_model::lake::{Only, ReadError, Records, Stored};
use clarte_model::{Class, Field};

use self::traits::{
    Kind, Known, Profile, Profiles, TEXT_WEIGHT, Traits, count_outside, heaviest, is_individual,
    shared, traits_of_campaign,
};
use crate::campaign::{Lure, Office};
use crate::cite::RecordRef;
use crate::mails::{self, Mail};
use crate::narrow;
use crate::sketches::{Glimpse, Sketches};

/// What the shared traits of a mail must weigh for it to join.
const JOINS: f64 = 8.0;

/// Rounds after which the pivot stops; each hop costs confidence anyway.
const ROUNDS: u32 = 8;

/// A mail less certain than this is not joined.
const CONFIDENCE_FLOOR: f64 = 0.4;

/// Values that prove nothing for a mail, by mail.
pub(crate) type Expired = BTreeMap<RecordRef, BTreeSet<String>>;

/// Joins to `lures` every mail that shares enough traits with them.
///
/// `expired` gives, for mails that show an indicator after its validity, the
/// values that therefore prove nothing.
pub(crate) fn expand(
    records: &dyn Records,
    office: &Office<'_>,
    sketches: &mut Sketches,
    lures: &mut BTreeMap<RecordRef, Lure>,
    expired: &Expired,
) -> Result<(), ReadError> {
    for round in 1..=ROUNDS {
        let joined = one_round(records, office, sketches, lures, expired, round)?;
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
    sketches: &mut Sketches,
    lures: &BTreeMap<RecordRef, Lure>,
    expired: &Expired,
    round: u32,
) -> Result<Vec<Lure>, ReadError> {
    let mut known = traits_of_campaign(lures, office);
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let asked = known.in_links();
    let mut profiles = Profiles::new();
    let mut candidates = Candidates::default();
    records.scan(Class::Email, mails::FIELDS, &[], &mut |stored| {
        let glimpse = sketches.read(&stored, &asked);
        let mail = &glimpse.mail;
        // What insiders pass on or quote says nothing about who else uses it.
        if lures.contains_key(&mail.at) || office.is_internal(mail) {
            return;
        }
        let shared = shared(mail, office, &known);
        if heaviest(&shared) >= JOINS {
            candidates.add(mail);
        }
        count_outside(&glimpse, &shared, &mut known, &mut profiles);
    })?;
    let bulk = lures.values().any(|lure| lure.mail.bulk);
    let campaign = Campaign { known, profiles, texts: texts_of_campaign(lures), bulk };
    let mut joined = Vec::new();
    candidates.scan(records, &mut |stored| {
        let glimpse = sketches.read(&stored, &asked);
        if office.is_sent(&glimpse.mail) {
            return;
        }
        let expired = expired.get(&glimpse.mail.at);
        if let Some((confidence, why)) = campaign.judge(&glimpse, office, expired) {
            let (mail, touches) = (Mail::of(&stored), Vec::new());
            joined.push(Lure { mail, confidence, hop: round, touches, why });
        }
    })?;
    Ok(joined)
}

/// The mails that would join if what they share were rare enough, which is
/// known only when all have been counted.
#[derive(Default)]
struct Candidates {
    mails: HashSet<u128>,
    message_ids: BTreeSet<String>,
    /// Whether one has no Message-ID by which to find it.
    nameless: bool,
}

impl Candidates {
    fn add(&mut self, mail: &Mail) {
        self.mails.insert(mail.at.id());
        match &mail.message_id {
            Some(id) if self.message_ids.len() <= narrow::MANY => {
                self.message_ids.insert(id.clone());
            }
            Some(_) => {}
            None => self.nameless = true,
        }
    }

    fn scan(
        &self,
        records: &dyn Records,
        visit: &mut dyn FnMut(Stored<'_>),
    ) -> Result<(), ReadError> {
        let mut visit = |stored: Stored<'_>| {
            if self.mails.contains(&RecordRef::of(&stored).id()) {
                visit(stored);
            }
        };
        if self.nameless {
            return records.scan(Class::Email, mails::FIELDS, &[], &mut visit);
        }
        let only = [Only { field: Field::MailMessageId, values: &self.message_ids }];
        narrow::scan(records, Class::Email, mails::FIELDS, &only, &mut visit)
    }
}

/// The distinct texts of the campaign, each a set of sentences.
fn texts_of_campaign(lures: &BTreeMap<RecordRef, Lure>) -> Vec<HashSet<&str>> {
    let distinct: BTreeSet<&[String]> =
        lures.values().map(|lure| lure.mail.template.as_slice()).collect();
    let texts = distinct.into_iter().filter(|text| !text.is_empty());
    texts.take(256).map(|text| text.iter().map(String::as_str).collect()).collect()
}

/// What a mail is judged by: the campaign as it stands in this round.
struct Campaign<'l> {
    known: Traits,
    profiles: Profiles,
    texts: Vec<HashSet<&'l str>>,
    /// Whether the campaign itself sends mailings.
    bulk: bool,
}

/// The best shared trait of one kind.
struct Shared {
    weight: f64,
    confidence: f64,
    value: String,
}

impl Campaign<'_> {
    /// How certainly a mail is the campaign's, and why; `None` if it is not.
    fn judge(
        &self,
        glimpse: &Glimpse,
        office: &Office<'_>,
        expired: Option<&BTreeSet<String>>,
    ) -> Option<(f64, Vec<String>)> {
        let mail = &glimpse.mail;
        let domain = mail.sender_domain().unwrap_or_default();
        let sender = mail.senders().next().unwrap_or_default();
        let wave = self.profiles.get(sender).is_some_and(Profile::is_wave);
        let alike = !mail.bulk && (wave || is_individual(glimpse));
        // The best trait of each kind counts, so that ten sender addresses of
        // one domain do not weigh ten times.
        let mut best: BTreeMap<Kind, Shared> = BTreeMap::new();
        let mut sentences = 0.0;
        for ((kind, value), full) in shared(mail, office, &self.known) {
            let Some(entry) = self.known.get(kind, &value) else { continue };
            if expired.is_some_and(|values| values.contains(&value)) {
                continue;
            }
            let rarity = entry.rarity(kind, &self.profiles);
            if kind == Kind::Template {
                sentences += rarity;
                note(&mut best, kind, 0.0, entry.confidence, "");
                continue;
            }
            let sent_from = mail.senders().any(|sender| sender == value) || value == domain;
            let weight = full * rarity * self.temper(kind, entry, mail, alike, sent_from);
            note(&mut best, kind, weight, entry.confidence, &value);
        }
        if let Some(template) = best.get_mut(&Kind::Template) {
            let quoted = self.temper(Kind::Template, &Known::default(), mail, alike, false);
            template.weight = template_weight(mail, &self.texts, sentences) * quoted;
        }
        let total: f64 = best.values().map(|shared| shared.weight).sum();
        let telling = best.values().filter(|shared| shared.weight >= 2.0);
        let parent = telling.map(|shared| shared.confidence).fold(0.0, f64::max);
        let confidence = parent * total / (total + 1.0);
        if total < JOINS || confidence < CONFIDENCE_FLOOR {
            return None;
        }
        Some((confidence, self.reasons(&best)))
    }

    /// What lessens a shared trait in this mail, from 0 to 1.
    fn temper(&self, kind: Kind, entry: &Known, mail: &Mail, alike: bool, sent_from: bool) -> f64 {
        let mut factor: f64 = 1.0;
        // A mailing is not made by the hand of a campaign that sends none, even
        // if it quotes the same article or leaves through the same server.
        if mail.bulk && !self.bulk && kind != Kind::Token {
            factor *= 0.3;
        }
        // An answer quotes: what it shares by content is its correspondent's.
        let content = matches!(kind, Kind::Template | Kind::Shape | Kind::Token);
        if mail.reply && (content || kind == Kind::Domain && !sent_from) {
            factor *= 0.2;
        }
        // One correspondent may share a provider's server with the campaign, or
        // the sentences of a footer.
        factor *= match kind {
            Kind::Ip if !alike => 0.4,
            Kind::Template if !alike => 0.6,
            _ => 1.0,
        };
        let claimed = matches!(kind, Kind::Address | Kind::Domain) && sent_from;
        if claimed && entry.is_pretended(mail, alike) {
            factor *= 0.3;
        }
        factor
    }

    fn reasons(&self, best: &BTreeMap<Kind, Shared>) -> Vec<String> {
        let telling = best.iter().filter(|(_, shared)| shared.weight >= 0.5);
        telling
            .map(|(kind, Shared { weight, value, .. })| {
                let known = self.known.get(*kind, value);
                let others = known.map_or(0, Known::outside_domains);
                let value = if value.is_empty() { String::new() } else { format!(" {value}") };
                format!(
                    "shares its {}{value} with mails of the campaign (weight {weight:.1} of \
                     {JOINS:.0}; sender domains outside it that do too: {others})",
                    kind.words(),
                )
            })
            .collect()
    }
}

fn note(best: &mut BTreeMap<Kind, Shared>, kind: Kind, weight: f64, confidence: f64, value: &str) {
    let new = || Shared { weight, confidence, value: value.to_owned() };
    let entry = best.entry(kind).or_insert_with(new);
    let surer = entry.confidence.max(confidence);
    if weight > entry.weight {
        *entry = new();
    }
    entry.confidence = surer;
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
        (x, n) if x >= 0.6 && n >= 3.0 => TEXT_WEIGHT,
        (x, n) if x >= 0.6 && n >= 2.0 => 9.0,
        (x, n) if x >= 0.3 && n >= 3.0 => 6.0,
        (_, n) if n >= 2.0 => 4.0,
        _ => Kind::Template.weight() * sentences.min(1.0),
    }
}
