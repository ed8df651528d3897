//! Which hosts are the campaign's own.
//!
//! A lure links to innocent places too: the article that it quotes, the
//! newspaper's logo. A host is the campaign's if intelligence names it, if the
//! campaign sends from its domain, or if the lures carry individual or hidden
//! references to it and nobody else uses it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use clarte_model::lake::{ReadError, Records};
use clarte_model::url::HttpUrl;
use clarte_model::{Class, Field, Indicator, Lookup, Observable, Timestamp, address, host};

use crate::campaign::{Lure, Office};
use crate::cite::RecordRef;
use crate::individual::{Comparison, Individual};
use crate::shared_services::{is_mail_provider, is_web_service};
use crate::sketches::{Asked, Sketches};

/// What the campaign uses a host for.
#[derive(Debug, Clone, Default)]
pub(crate) struct HostUse {
    /// The indicator that names it.
    pub(crate) given: Option<Indicator>,
    /// Something on it is fetched when a lure is opened.
    pub(crate) beacon: bool,
    /// A lure links to it.
    pub(crate) link: bool,
    /// No mail outside the campaign refers to its domain, and it is no service
    /// that everybody uses.
    pub(crate) dedicated: bool,
    /// When the first lure that refers to it arrived.
    pub(crate) since: Option<Timestamp>,
    /// The lures that refer to it.
    pub(crate) lures: BTreeSet<RecordRef>,
}

/// The campaign's hosts and sending domains.
pub(crate) struct Hosts<'l> {
    pub(crate) uses: BTreeMap<String, HostUse>,
    /// Registrable domains from which the campaign sends or on which its hosts
    /// lie.
    pub(crate) domains: BTreeSet<String>,
    /// The part of `domains` from which it sends.
    pub(crate) sending: BTreeSet<String>,
    /// Servers that sent lures and other people's mails too.
    pub(crate) shared_ips: BTreeSet<String>,
    /// Senders of lures that sent other mails too.
    pub(crate) shared_senders: BTreeSet<String>,
    /// The lures' URLs on these hosts, whole and without query.
    urls: HashSet<String>,
    lookup: &'l dyn Lookup,
    watched: RefCell<HashMap<String, Watch>>,
}

/// Why contacts with a host are worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Watch {
    /// They are not.
    No,
    /// It is, or lies under, the campaign's own: every contact counts.
    Every,
    /// Others use it too: only the lures' own URLs count.
    OwnUrls,
    /// Only an indicator names it; no lure refers to it.
    Named,
}

/// How many answers of [`Hosts::watch`] are remembered.
const REMEMBERED: usize = 200_000;

/// How others use the domains that stand in lures.
#[derive(Debug, Default)]
struct Others {
    /// Mails outside the campaign sent from the domain.
    sent_from: BTreeMap<String, u32>,
    /// Domains to which mails outside the campaign refer.
    referred: BTreeSet<String>,
    /// Servers that sent lures and mails outside the campaign.
    shared_ips: BTreeSet<String>,
    /// Senders of lures that sent mails outside the campaign.
    shared_senders: BTreeSet<String>,
}

/// How far a reference makes its host the campaign's.
#[derive(Debug, Clone, Copy)]
enum Telling {
    /// It is one recipient's own: the campaign put it there, whoever else uses
    /// the host.
    Alone,
    /// It may be, if nobody else uses the host.
    IfUnused,
    /// Anybody may link there.
    Nothing,
}

impl Others {
    /// Whether no mail outside the campaign comes from or refers to a domain.
    fn leave_alone(&self, domain: &str) -> bool {
        !self.sent_from.contains_key(domain) && !self.referred.contains(domain)
    }
}

impl<'l> Hosts<'l> {
    /// Decides for every host that stands in a lure.
    pub(crate) fn find(
        records: &dyn Records,
        lookup: &'l dyn Lookup,
        office: &Office<'_>,
        sketches: &mut Sketches,
        lures: &BTreeMap<RecordRef, Lure>,
        comparison: &Comparison,
    ) -> Result<Self, ReadError> {
        let others = others(records, office, sketches, lures)?;
        let sending = sending_domains(lures, office, lookup, &others);
        let mut hosts = Self {
            uses: BTreeMap::new(),
            domains: sending.clone(),
            sending,
            shared_ips: others.shared_ips.clone(),
            shared_senders: others.shared_senders.clone(),
            urls: HashSet::new(),
            lookup,
            watched: RefCell::default(),
        };
        for lure in lures.values() {
            for link in &lure.mail.links {
                let on_opening = link.reference.how.loads_on_opening();
                let individual = comparison.url(&link.url, on_opening);
                let telling = match individual {
                    Individual::Yes => Telling::Alone,
                    Individual::Presumed => Telling::IfUnused,
                    Individual::No if link.reference.hidden && on_opening => Telling::IfUnused,
                    Individual::No => Telling::Nothing,
                };
                if let Some(given) = hosts.claim(&link.url, lure, telling, &others) {
                    hosts.add(&link.url, lure, on_opening, given, &others);
                }
            }
        }
        Ok(hosts)
    }

    /// Whether a lure's URL lies on a host of the campaign: `None` if not,
    /// else the indicator that names it, if one does.
    fn claim(
        &self,
        url: &HttpUrl,
        lure: &Lure,
        telling: Telling,
        others: &Others,
    ) -> Option<Option<Indicator>> {
        let named =
            self.lookup.find(Observable::Url(url)).into_iter().chain(self.by_name(&url.host));
        let valid = named
            .filter(|indicator| !indicator.validity.is_over(lure.mail.time))
            .min_by(|a, b| (&a.value, &a.source).cmp(&(&b.value, &b.source)));
        if let Some(indicator) = valid {
            return Some(Some(indicator.clone()));
        }
        let domain = host::registrable(&url.host);
        if self.sending.contains(domain) {
            return Some(None);
        }
        let claimed = match telling {
            Telling::Alone => true,
            Telling::IfUnused => others.leave_alone(domain) && !is_web_service(domain),
            Telling::Nothing => false,
        };
        claimed.then_some(None)
    }

    fn add(
        &mut self,
        url: &HttpUrl,
        lure: &Lure,
        on_opening: bool,
        given: Option<Indicator>,
        others: &Others,
    ) {
        let domain = host::registrable(&url.host);
        let dedicated = !is_web_service(domain) && others.leave_alone(domain);
        if dedicated {
            self.domains.insert(domain.to_owned());
        }
        let entry = self.uses.entry(url.host.clone()).or_insert_with(|| HostUse {
            dedicated,
            since: lure.mail.time,
            ..HostUse::default()
        });
        entry.given = entry.given.take().or(given);
        entry.beacon |= on_opening;
        entry.link |= !on_opening;
        entry.since = crate::cite::earliest(entry.since, lure.mail.time);
        entry.lures.insert(lure.mail.at.clone());
        self.urls.insert(url.key());
        self.urls.insert(url.path_key());
    }

    fn by_name(&self, name: &str) -> Vec<&'l Indicator> {
        match name.parse() {
            Ok(ip) => self.lookup.find(Observable::Ip(ip)),
            Err(_) => self.lookup.find(Observable::Host(name)),
        }
    }

    /// Whether a sender's address is the campaign's own: of a domain of its, or
    /// used for nothing else. Any other was only pretended.
    pub(crate) fn owns_sender(&self, sender: &str) -> bool {
        let domain = address::registrable_domain(sender).unwrap_or_default();
        self.sending.contains(domain) || !self.shared_senders.contains(sender)
    }

    /// The indicators that name a host.
    pub(crate) fn given(&self, name: &str) -> Vec<&'l Indicator> {
        self.by_name(name)
    }

    /// Why contacts with `name` are worth a look, if they are.
    pub(crate) fn watch(&self, name: &str) -> Watch {
        if let Some(known) = self.watched.borrow().get(name) {
            return *known;
        }
        let watch = match self.uses.get(name) {
            // A host of a single lure is a token itself.
            Some(usage) if usage.dedicated || usage.lures.len() == 1 => Watch::Every,
            Some(_) => Watch::OwnUrls,
            None if host::parents(name).any(|parent| self.domains.contains(parent)) => Watch::Every,
            None if !self.by_name(name).is_empty() => Watch::Named,
            None => Watch::No,
        };
        let mut memory = self.watched.borrow_mut();
        if memory.len() < REMEMBERED {
            memory.insert(name.to_owned(), watch);
        }
        watch
    }

    /// Whether a lure carries this URL, or carries it with a query.
    pub(crate) fn carries(&self, url: &HttpUrl) -> bool {
        self.urls.contains(&url.key()) || self.urls.contains(&url.path_key())
    }

    /// The hosts that are addresses themselves.
    pub(crate) fn addresses(&self) -> BTreeMap<String, String> {
        let names = self.uses.keys().filter(|name| name.parse::<std::net::IpAddr>().is_ok());
        names.map(|name| (name.clone(), name.clone())).collect()
    }
}

/// What has to be known of a mail to tell whether it is an insider's, who sent
/// it and what it refers to.
const OTHERS: &[Field] = &[
    Field::MailFrom,
    Field::MailReplyTo,
    Field::MailEnvelopeFrom,
    Field::MailSubject,
    Field::MailReply,
    Field::MailIps,
    Field::MailReferences,
];

/// How mails outside the campaign use the domains that stand in lures.
fn others(
    records: &dyn Records,
    office: &Office<'_>,
    sketches: &mut Sketches,
    lures: &BTreeMap<RecordRef, Lure>,
) -> Result<Others, ReadError> {
    let mut asked = BTreeSet::new();
    for lure in lures.values() {
        asked.extend(
            lure.mail.links.iter().map(|link| host::registrable(&link.url.host).to_owned()),
        );
        asked.extend(lure.mail.sender_domain().map(str::to_owned));
    }
    let ips: BTreeSet<&String> = lures.values().flat_map(|lure| &lure.mail.ips).collect();
    let senders: BTreeSet<&str> = lures.values().flat_map(|lure| lure.mail.senders()).collect();
    let in_links: Asked = asked.iter().map(String::as_str).collect();
    let mut others = Others::default();
    records.scan(Class::Email, OTHERS, &[], &mut |stored| {
        let mail = sketches.read(&stored, &in_links).mail;
        if lures.contains_key(&mail.at) || office.is_internal(&mail) {
            return;
        }
        others.shared_ips.extend(mail.ips.iter().filter(|ip| ips.contains(ip)).cloned());
        let known = mail.senders().filter(|sender| senders.contains(sender));
        others.shared_senders.extend(known.map(str::to_owned));
        let Some(sender) = mail.sender_domain() else { return };
        if asked.contains(sender) {
            *others.sent_from.entry(sender.to_owned()).or_default() += 1;
        }
        for link in &mail.links {
            let domain = host::registrable(&link.url.host);
            if asked.contains(domain) {
                others.referred.insert(domain.to_owned());
            }
        }
    })?;
    Ok(others)
}

/// The domains from which the campaign sends: named by an indicator, or no
/// provider's and sending more of the campaign than of anything else.
fn sending_domains(
    lures: &BTreeMap<RecordRef, Lure>,
    office: &Office<'_>,
    lookup: &dyn Lookup,
    others: &Others,
) -> BTreeSet<String> {
    let mut inside: BTreeMap<&str, u32> = BTreeMap::new();
    for lure in lures.values() {
        let domains: BTreeSet<&str> = lure
            .mail
            .senders()
            .filter(|sender| !office.is_own(sender))
            .filter_map(address::registrable_domain)
            .collect();
        domains.into_iter().for_each(|domain| *inside.entry(domain).or_default() += 1);
    }
    let own = inside.into_iter().filter(|(domain, count)| {
        let named = !lookup.find(Observable::Host(domain)).is_empty();
        let elsewhere = others.sent_from.get(*domain).copied().unwrap_or(0);
        named || !is_mail_provider(domain) && !is_web_service(domain) && elsewhere <= *count
    });
    own.map(|(domain, _)| domain.to_owned()).collect()
}
