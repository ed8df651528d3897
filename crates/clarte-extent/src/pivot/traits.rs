//! What two mails can share, what it weighs, and who else has it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use clarte_model::{Timestamp, address, host};

use crate::campaign::{Lure, Office};
use crate::cite::{RecordRef, earliest};
use crate::mails::Mail;
use crate::shared_services::{is_mail_provider, is_web_service};
use crate::sketches::{Asked, Glimpse, hash};
use crate::token;

/// What kind of trait two mails can share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Address,
    Domain,
    Ip,
    Template,
    Shape,
    Token,
    Subject,
    Mailer,
}

pub(super) type Trait = (Kind, String);

impl Kind {
    /// How much sharing a trait of this kind weighs if nobody else has it.
    pub(super) fn weight(self) -> f64 {
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
            // A mail merge has one subject; so have coincidences.
            Self::Subject => 3.0,
            // Programs are shared by the thousand.
            Self::Mailer => 3.0,
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Address => "sender address",
            Self::Domain => "sending or tracking domain",
            Self::Ip => "sending IP",
            Self::Template => "sentences of the text",
            Self::Shape => "token shape",
            Self::Token => "token",
            Self::Subject => "subject",
            Self::Mailer => "mailer",
        }
    }
}

/// What is known of a trait of the campaign.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The highest confidence of a mail of the campaign that has it.
    pub(super) confidence: f64,
    pub(super) inside: u32,
    /// Servers and first time of the campaign's mails that have it.
    inside_ips: BTreeSet<String>,
    first_inside: Option<Timestamp>,
    /// Whether the campaign sends from the domain, rather than only refers
    /// to it.
    sends: bool,
    /// Who else has it, by sender address: the first [`SENDERS_KEPT`] by name,
    /// so that the order of records is moot.
    outside: BTreeMap<String, Uses>,
    /// When somebody outside the campaign first sent from it.
    first_sent_outside: Option<Timestamp>,
}

/// How often a sender outside the campaign has a trait.
#[derive(Debug, Default, Clone, Copy)]
struct Uses {
    all: u32,
    /// Mails that are no mailings.
    personal: u32,
    /// Mails that are no mailings and carry a token.
    individual: u32,
    /// Sent from the domain that is the trait, without a token.
    plainly_sent: u32,
}

const SENDERS_KEPT: usize = 64;

/// What sharing a whole text weighs, the most that sentences can (see
/// `template_weight`).
pub(super) const TEXT_WEIGHT: f64 = 12.0;

/// What the mails of one sender look like that share any trait with the
/// campaign: how many different things they show, kept as hashes.
#[derive(Debug, Default)]
pub(super) struct Profile {
    recipients: HashSet<u64>,
    subjects: HashSet<u64>,
    /// What is fetched on opening, the first of each mail.
    loaded: HashSet<u64>,
}

pub(super) type Profiles = HashMap<String, Profile>;

impl Profile {
    /// Whether it writes the same to several people, or has each of them fetch
    /// something else: a wave not yet joined looks so, even without tokens that
    /// look like some.
    pub(super) fn is_wave(&self) -> bool {
        let several = self.recipients.len();
        let same = self.subjects.len() * 2 <= several;
        several >= 3 && (same || self.loaded.len() >= several)
    }
}

/// The traits of the campaign, and what is known of each.
#[derive(Debug, Default)]
pub(super) struct Traits(HashMap<Kind, HashMap<String, Known>>);

impl Traits {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, kind: Kind, value: &str) -> Option<&Known> {
        self.0.get(&kind)?.get(value)
    }

    fn get_mut(&mut self, kind: Kind, value: &str) -> Option<&mut Known> {
        self.0.get_mut(&kind)?.get_mut(value)
    }

    fn entry(&mut self, kind: Kind, value: String) -> &mut Known {
        self.0.entry(kind).or_default().entry(value).or_default()
    }

    /// What links are asked for.
    pub(super) fn in_links(&self) -> Asked {
        let kinds = [Kind::Domain, Kind::Shape, Kind::Token];
        let known = kinds.iter().filter_map(|kind| self.0.get(kind)).flat_map(HashMap::keys);
        known.map(String::as_str).collect()
    }
}

impl Known {
    /// From 0 (everybody's) to 1 (nobody else's).
    pub(super) fn rarity(&self, kind: Kind, profiles: &Profiles) -> f64 {
        let spread = match self.outside_domains() {
            0..=2 => 1.0,
            3 => 0.8,
            4 => 0.6,
            5..=8 => 0.3,
            9..=20 => 0.1,
            _ => 0.0,
        };
        if matches!(kind, Kind::Mailer | Kind::Subject) {
            // A program that few use is rare, whatever they send with it.
            return spread;
        }
        let others_send = self.outside.values().any(|uses| uses.plainly_sent > 0);
        if kind == Kind::Domain && !self.sends && others_send {
            // A domain that the campaign only refers to, and others send from.
            return 0.0;
        }
        let alike = self.outside.iter().map(|(sender, uses)| {
            let wave = profiles.get(sender).is_some_and(Profile::is_wave);
            if wave { uses.personal } else { uses.individual }
        });
        let alike = f64::from(self.inside + alike.sum::<u32>());
        let all = self.inside + self.outside.values().map(|uses| uses.all).sum::<u32>();
        let owned = match alike / f64::from(all.max(1)) {
            x if x >= 0.5 => 1.0,
            x if x >= 0.2 => 0.6,
            _ => 0.2,
        };
        spread * owned
    }

    /// How many sender domains outside the campaign have it.
    pub(super) fn outside_domains(&self) -> usize {
        let domains = self
            .outside
            .keys()
            .map(|sender| address::registrable_domain(sender).unwrap_or_default());
        domains.collect::<BTreeSet<_>>().len()
    }

    /// Whether a mail that claims this sender comes from elsewhere than the
    /// campaign's: its genuine owner, whom the campaign pretends to be.
    pub(super) fn is_pretended(&self, mail: &Mail, alike: bool) -> bool {
        const DAY: i64 = 86_400;
        let known = !self.inside_ips.is_empty() && !mail.ips.is_empty();
        let elsewhere = known && !mail.ips.iter().any(|ip| self.inside_ips.contains(ip));
        let established = match (self.first_sent_outside, self.first_inside) {
            (Some(outside), Some(inside)) => outside.plus_seconds(DAY) < inside,
            _ => false,
        };
        elsewhere && (!alike || established)
    }
}

/// Every trait of the campaign's mails.
pub(super) fn traits_of_campaign(lures: &BTreeMap<RecordRef, Lure>, office: &Office<'_>) -> Traits {
    let mut known = Traits::default();
    for lure in lures.values() {
        let mut own: BTreeSet<Trait> = BTreeSet::new();
        each_trait(&lure.mail, office, &mut |kind, value, _| {
            own.insert((kind, value.to_owned()));
        });
        for (kind, value) in own {
            let sends = lure.mail.sender_domain() == Some(value.as_str());
            let entry = known.entry(kind, value);
            entry.confidence = entry.confidence.max(lure.confidence);
            entry.inside += 1;
            entry.inside_ips.extend(lure.mail.ips.iter().cloned());
            entry.first_inside = earliest(entry.first_inside, lure.mail.time);
            entry.sends |= sends;
        }
    }
    for (piece, confidence) in individual_pieces(lures) {
        let entry = known.entry(Kind::Token, piece);
        (entry.confidence, entry.inside) = (confidence, 1);
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
        let mut add = |piece: &str| {
            let new = || (Some(recipient.clone()), lure.confidence);
            let entry = holders.entry(piece.to_owned()).or_insert_with(new);
            entry.1 = entry.1.max(lure.confidence);
            if entry.0.as_ref() != Some(&recipient) {
                entry.0 = None;
            }
        };
        lure.mail.links.iter().for_each(|link| token::each_piece(&link.url, &mut add));
        recipients.insert(recipient);
    }
    // With one recipient there is nothing to compare: only what looks like a
    // token is taken for one.
    let comparable = recipients.len() > 1;
    let own = holders.into_iter().filter(|(piece, (holder, _))| {
        holder.is_some() && (comparable || clarte_model::token::class(piece).is_some())
    });
    own.map(|(piece, (_, confidence))| (piece, confidence)).collect()
}

/// Calls `add` with the traits of one mail, each with what it weighs if nobody
/// else has it; of one that comes twice the last weight holds.
fn each_trait(mail: &Mail, office: &Office<'_>, add: &mut dyn FnMut(Kind, &str, f64)) {
    let mut add = |kind: Kind, value: &str, more: f64| add(kind, value, kind.weight() + more);
    for sender in mail.senders().filter(|sender| !office.is_own(sender)) {
        add(Kind::Address, sender, 0.0);
        let domain = address::registrable_domain(sender).unwrap_or_default();
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
    let subject = mail.subject.as_deref().unwrap_or_default().to_lowercase();
    if subject.split_whitespace().count() >= 3 && !mail.reply {
        add(Kind::Subject, &subject, 0.0);
    }
    for sentence in &mail.template {
        add(Kind::Template, sentence, 0.0);
    }
    for link in &mail.links {
        let domain = host::registrable(&link.url.host);
        if is_web_service(domain) {
            continue;
        }
        if token::in_host(&link.url) {
            add(Kind::Domain, domain, 0.0);
        }
        let Some(shape) = token::shape(&link.url) else { continue };
        // Four choices alike are a coincidence worth a word, a choice of words
        // that nobody else makes is more.
        let unusual = if shape.own_letters >= 3 { 3.0 } else { 0.0 };
        let more = shape.choices.min(5) as f64 + unusual;
        add(Kind::Shape, &shape.exact, more);
        add(Kind::Shape, &shape.loose, more - 2.0);
        add(Kind::Domain, domain, 0.0);
    }
}

/// The campaign's traits that a mail outside it shares, each with what it
/// weighs if nobody else has it. Every piece of its URLs might be one of the
/// campaign's tokens.
pub(super) fn shared(mail: &Mail, office: &Office<'_>, known: &Traits) -> BTreeMap<Trait, f64> {
    let mut all = BTreeMap::new();
    let mut add = |kind: Kind, value: &str, weight: f64| {
        if known.get(kind, value).is_some() {
            all.insert((kind, value.to_owned()), weight);
        }
    };
    each_trait(mail, office, &mut add);
    let mut add = |piece: &str| add(Kind::Token, piece, Kind::Token.weight());
    mail.links.iter().for_each(|link| token::each_piece(&link.url, &mut add));
    all
}

/// What shared traits weigh at most, however rare they are.
pub(super) fn heaviest(shared: &BTreeMap<Trait, f64>) -> f64 {
    let mut best: BTreeMap<Kind, f64> = BTreeMap::new();
    let mut sentences = 0;
    for ((kind, _), weight) in shared {
        let entry = best.entry(*kind).or_default();
        *entry = entry.max(*weight);
        sentences += u32::from(*kind == Kind::Template);
    }
    if sentences > 1 {
        best.insert(Kind::Template, TEXT_WEIGHT);
    }
    best.values().sum()
}

/// Whether a mail is individually addressed and no mailing: it carries a token
/// and none of the marks of a list.
pub(super) fn is_individual(glimpse: &Glimpse) -> bool {
    !glimpse.mail.bulk && glimpse.has_token
}

/// Notes in `known` that a mail outside the campaign has the traits that it
/// shares.
pub(super) fn count_outside(
    glimpse: &Glimpse,
    shared: &BTreeMap<Trait, f64>,
    known: &mut Traits,
    profiles: &mut Profiles,
) {
    let mail = &glimpse.mail;
    let domain = mail.sender_domain().unwrap_or_default();
    let sender = mail.senders().next().unwrap_or_default();
    let individual = is_individual(glimpse);
    for (kind, value) in shared.keys() {
        let Some(entry) = known.get_mut(*kind, value) else { continue };
        let sent_from = mail.senders().any(|sender| sender == value) || value == domain;
        if sent_from {
            entry.first_sent_outside = earliest(entry.first_sent_outside, mail.time);
        }
        let uses = entry.outside.entry(sender.to_owned()).or_default();
        uses.all += 1;
        uses.personal += u32::from(!mail.bulk);
        uses.individual += u32::from(individual);
        uses.plainly_sent += u32::from(sent_from && !individual);
        if entry.outside.len() > SENDERS_KEPT {
            entry.outside.pop_last();
        }
    }
    if !shared.is_empty() && !mail.bulk {
        let profile = profiles.entry(sender.to_owned()).or_default();
        let recipient = mail.owner.as_ref().or(mail.to.first());
        profile.recipients.extend(recipient.map(|text| hash(text)));
        profile.subjects.extend(mail.subject.as_deref().map(hash));
        profile.loaded.extend(glimpse.loaded);
    }
}
