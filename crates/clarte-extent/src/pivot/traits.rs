//! What two mails can share, what it weighs, and who else has it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clarte_model::{Timestamp, address, host};

use crate::campaign::{Lure, Office};
use crate::cite::{RecordRef, earliest};
use crate::mails::Mail;
use crate::shared_services::{is_mail_provider, is_web_service};
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
    /// Who else has it, by sender address, up to [`SENDERS_KEPT`].
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

/// What the mails of one sender look like that share any trait with the
/// campaign.
#[derive(Debug, Default)]
pub(super) struct Profile {
    recipients: BTreeSet<String>,
    subjects: BTreeSet<String>,
    /// What is fetched on opening, the first of each mail.
    loaded: BTreeSet<String>,
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
            .map(|sender| host::registrable(address::domain(sender).unwrap_or_default()));
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
pub(super) fn traits_of_campaign(
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
            entry.inside_ips.extend(lure.mail.ips.iter().cloned());
            entry.first_inside = earliest(entry.first_inside, lure.mail.time);
            entry.sends |= lure.mail.sender_domain() == Some(what_value.as_str());
        }
    }
    known
}

/// Pieces of URLs that one recipient's lures carry and no other's: tokens,
/// whatever their look. A recipient is told apart as the message tells.
pub(super) fn individual_pieces(lures: &BTreeMap<RecordRef, Lure>) -> HashMap<String, f64> {
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
    all.into_iter().collect()
}

/// The traits of a mail that is not known to be the campaign's: every piece of
/// its URLs might be one of the campaign's tokens.
pub(super) fn traits_outside(mail: &Mail, office: &Office<'_>) -> Vec<(Trait, f64)> {
    let pieces: BTreeSet<_> = mail.links.iter().flat_map(|link| token::pieces(&link.url)).collect();
    let weight = Kind::Token.weight();
    let tokens = pieces.into_iter().map(|piece| ((Kind::Token, piece), weight));
    traits(mail, office).into_iter().chain(tokens).collect()
}

/// Whether a mail is individually addressed and no mailing: it carries a token
/// and none of the marks of a list.
pub(super) fn is_individual(mail: &Mail) -> bool {
    let token = |url| token::shape(url).is_some() || token::in_host(url);
    !mail.bulk && mail.links.iter().any(|link| token(&link.url))
}

/// Notes in `known` which of the campaign's traits a mail outside it has.
pub(super) fn count_outside(
    mail: &Mail,
    office: &Office<'_>,
    known: &mut HashMap<Trait, Known>,
    profiles: &mut Profiles,
) {
    let domain = mail.sender_domain().unwrap_or_default();
    let sender = mail.senders().next().unwrap_or_default();
    let individual = is_individual(mail);
    let mut any = false;
    for (what, _) in traits_outside(mail, office) {
        let Some(entry) = known.get_mut(&what) else { continue };
        any = true;
        let sent_from = mail.senders().any(|sender| sender == what.1) || what.1 == domain;
        if sent_from {
            entry.first_sent_outside = earliest(entry.first_sent_outside, mail.time);
        }
        if entry.outside.len() < SENDERS_KEPT || entry.outside.contains_key(sender) {
            let uses = entry.outside.entry(sender.to_owned()).or_default();
            uses.all += 1;
            uses.personal += u32::from(!mail.bulk);
            uses.individual += u32::from(individual);
            uses.plainly_sent += u32::from(sent_from && !individual);
        }
    }
    if any && !mail.bulk {
        let profile = profiles.entry(sender.to_owned()).or_default();
        if profile.recipients.len() < SENDERS_KEPT {
            profile.recipients.extend(mail.owner.clone().or(mail.to.first().cloned()));
            profile.subjects.extend(mail.subject.clone());
            let mut loads = mail.links.iter().filter(|link| link.reference.how.loads_on_opening());
            profile.loaded.extend(loads.next().map(|link| link.url.key()));
        }
    }
}
