//! The mails of the campaign: those that a given indicator touches, and those
//! that the pivot joins to them.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{ReadError, Records};
use clarte_model::{Class, EvidenceId, Field, Indicator, Lookup, Observable, address, host};

use crate::cite::{Places, RecordRef};
use crate::mailbox::{self, Mailbox};
use crate::mails::{self, Mail};
use crate::people::People;
use crate::shared_services::is_mail_provider;

/// A given indicator that a mail shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Touch {
    /// Where in the mail, in words.
    pub(crate) part: &'static str,
    /// What the mail shows.
    pub(crate) value: String,
    pub(crate) indicator: Indicator,
}

/// A mail of the campaign.
#[derive(Debug, Clone)]
pub(crate) struct Lure {
    pub(crate) mail: Mail,
    /// From 0 to 1: each hop of the pivot costs some.
    pub(crate) confidence: f64,
    /// 0 where a given indicator touches it, else the pivot's round.
    pub(crate) hop: u32,
    /// The given indicators that it shows.
    pub(crate) touches: Vec<Touch>,
    /// Why the pivot joined it, each a sentence.
    pub(crate) why: Vec<String>,
}

/// What the case knows about mailboxes, without which no mail can be judged.
pub(crate) struct Office<'c> {
    pub(crate) places: &'c Places,
    /// Evidence that is a whole mailbox in one file.
    pub(crate) whole: &'c BTreeSet<EvidenceId>,
    /// The domains of the people and mailbox owners, shared ones aside.
    pub(crate) domains: BTreeSet<String>,
    /// The addresses of mailbox owners and people.
    pub(crate) addresses: BTreeSet<String>,
}

impl<'c> Office<'c> {
    /// Whom the mailboxes and the lists of people belong to.
    pub(crate) fn new(
        records: &dyn Records,
        places: &'c Places,
        whole: &'c BTreeSet<EvidenceId>,
        people: &People,
    ) -> Result<Self, ReadError> {
        let owners = places.iter().flat_map(|(evidence, paths)| {
            paths.iter().filter_map(|path| mailbox::of_path(path, whole.contains(evidence)).owner)
        });
        let addresses: BTreeSet<String> =
            owners.chain(people.emails().map(str::to_owned)).collect();
        let domains = addresses.iter().filter_map(|email| address::domain(email));
        let mut domains: BTreeSet<String> = domains
            .filter(|domain| !is_mail_provider(domain))
            .map(|domain| host::registrable(domain).to_owned())
            .collect();
        if domains.is_empty() {
            domains = main_recipient_domains(records)?;
        }
        Ok(Self { places, whole, domains, addresses })
    }

    /// The mailboxes in which a message lay, one for each place.
    pub(crate) fn mailboxes(&self, mail: &Mail) -> Vec<Mailbox> {
        let evidence = &mail.at.evidence;
        let whole = self.whole.contains(evidence);
        let paths = self.places.get(evidence).map(Vec::as_slice).unwrap_or_default();
        let inside = mail.at.member.as_deref().unwrap_or_default();
        paths.iter().map(|path| mailbox::of_path(&join(path, inside), whole)).collect()
    }

    /// Whether it lay in folders of sent mail alone. A mail attached to one
    /// was not itself sent from there.
    pub(crate) fn is_sent(&self, mail: &Mail) -> bool {
        let boxes = self.mailboxes(mail);
        mail.depth == 0 && !boxes.is_empty() && boxes.iter().all(|place| place.sent)
    }

    /// Whether it claims to come from inside.
    pub(crate) fn is_internal(&self, mail: &Mail) -> bool {
        mail.from.as_deref().is_some_and(|from| self.is_own(from))
    }

    /// Whether an address is of the office.
    pub(crate) fn is_own(&self, email: &str) -> bool {
        let domain = address::domain(email).map(host::registrable).unwrap_or_default();
        self.addresses.contains(email) || self.domains.contains(domain)
    }
}

/// Where neither a path nor a list of people names anybody: the domains to
/// which most mails were delivered.
fn main_recipient_domains(records: &dyn Records) -> Result<BTreeSet<String>, ReadError> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut all = 0;
    records.scan(Class::Email, &[Field::MailOwner], &mut |stored| {
        let owner = stored.record.get_text(Field::MailOwner).and_then(address::domain);
        if let Some(domain) = owner.map(host::registrable).filter(|name| !is_mail_provider(name)) {
            all += 1;
            *counts.entry(domain.to_owned()).or_default() += 1;
        }
    })?;
    counts.retain(|_, count| *count >= 2 && *count * 3 >= all);
    Ok(counts.into_keys().collect())
}

fn join(path: &str, member: &str) -> String {
    match member {
        "" => path.to_owned(),
        member => format!("{path}/{member}"),
    }
}

/// The mails that given indicators touch, and apart from them the touches that
/// came after the indicator's validity: leads.
#[derive(Debug, Default)]
pub(crate) struct Seeds {
    pub(crate) lures: BTreeMap<RecordRef, Lure>,
    pub(crate) leads: Vec<(Mail, Vec<Touch>)>,
}

/// Finds the mails that given indicators touch.
pub(crate) fn seeds(
    records: &dyn Records,
    lookup: &dyn Lookup,
    office: &Office<'_>,
) -> Result<Seeds, ReadError> {
    let mut seeds = Seeds::default();
    records.scan(Class::Email, mails::FIELDS, &mut |stored| {
        let mail = Mail::of(&stored);
        let touches = touches(&mail, lookup, office.is_internal(&mail));
        if touches.is_empty() || office.is_sent(&mail) {
            return;
        }
        let (late, valid): (Vec<_>, Vec<_>) =
            touches.into_iter().partition(|touch| touch.indicator.validity.is_over(mail.time));
        if valid.is_empty() {
            seeds.leads.push((mail, late));
        } else {
            let confidence = valid.iter().map(touch_confidence).fold(0.0, f64::max);
            let (hop, why) = (0, Vec::new());
            let lure = Lure { confidence, hop, touches: valid, why, mail };
            seeds.lures.insert(lure.mail.at.clone(), lure);
        }
    })?;
    Ok(seeds)
}

/// How far a touch makes the mail the campaign's. STIX confidence tempers it,
/// never below a half: somebody did name the value.
fn touch_confidence(touch: &Touch) -> f64 {
    let given = touch.indicator.confidence.map_or(1.0, |c| f64::from(c.min(100)) / 100.0);
    0.95 * given.max(0.5)
}

/// Every given indicator that a mail shows. What a mail from inside quotes or
/// passes on (`internal`) does not make it the campaign's, so its content is
/// not looked at.
fn touches(mail: &Mail, lookup: &dyn Lookup, internal: bool) -> Vec<Touch> {
    let mut found = Vec::new();
    let mut look = |part, value: &str, what: Observable<'_>| {
        for indicator in lookup.find(what) {
            found.push(Touch { part, value: value.to_owned(), indicator: indicator.clone() });
        }
    };
    let mut observed = Vec::new();
    for sender in mail.senders().filter(|_| !internal) {
        observed.push(("sender address", sender, Observable::Email(sender)));
        if let Some(domain) = address::domain(sender) {
            observed.push(("sender domain", domain, Observable::Host(domain)));
        }
    }
    for ip in &mail.ips {
        if let Ok(parsed) = ip.parse() {
            observed.push(("sending IP", ip, Observable::Ip(parsed)));
        }
    }
    if let Some(id) = &mail.message_id {
        observed.push(("Message-ID", id, Observable::MessageId(id)));
    }
    if !internal {
        if let Some(subject) = &mail.subject {
            observed.push(("subject", subject, Observable::Subject(subject)));
        }
        for hash in &mail.attachments {
            observed.push(("attached file", hash, Observable::FileHash(hash)));
        }
        for link in &mail.links {
            observed.push(("remote URL", &link.reference.url, Observable::Url(&link.url)));
            observed.push(match link.url.host.parse() {
                Ok(ip) => ("remote host", &link.url.host, Observable::Ip(ip)),
                Err(_) => ("remote host", &link.url.host, Observable::Host(&link.url.host)),
            });
        }
    }
    for (part, value, what) in &observed {
        look(part, value, *what);
    }
    let together: Vec<_> = observed.iter().map(|(_, _, what)| *what).collect();
    for indicator in lookup.find_together(&together).into_iter().flatten() {
        let value = indicator.value.clone();
        found.push(Touch { part: "combined pattern", value, indicator: indicator.clone() });
    }
    found.sort_by(|a, b| {
        (a.part, &a.value, &a.indicator.source).cmp(&(b.part, &b.value, &b.indicator.source))
    });
    found.dedup();
    found
}
