//! The mails of the campaign: those that a given indicator touches, and those
//! that the pivot joins to them.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{ObservableKind, Only, ReadError, Records, Stored};
use clarte_model::{Class, EvidenceId, Field, Indicator, Lookup, Observable, address, host};

use crate::cite::{Places, RecordRef};
use crate::gate::{Naming, ask};
use crate::mailbox::{self, Mailbox};
use crate::mails::{self, Link, Mail};
use crate::narrow;
use crate::people::People;
use crate::shared_services::is_mail_provider;
use crate::sketches::Sketches;

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
    /// Public servers from which mails of several insiders come.
    servers: BTreeSet<String>,
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
        let own = addresses
            .iter()
            .filter(|email| address::domain(email).is_some_and(|domain| !is_mail_provider(domain)));
        let mut domains: BTreeSet<String> =
            own.filter_map(|email| address::registrable_domain(email)).map(str::to_owned).collect();
        if domains.is_empty() {
            domains = main_recipient_domains(records)?;
        }
        let mut office = Self { places, whole, domains, addresses, servers: BTreeSet::new() };
        office.servers = office.read_servers(records)?;
        Ok(office)
    }

    /// The public servers from which mails of at least two insiders come.
    fn read_servers(&self, records: &dyn Records) -> Result<BTreeSet<String>, ReadError> {
        let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let own = |email: &str| self.is_own(email);
        let own = narrow::values(records, &[ObservableKind::Email], &own)?;
        let only = [Only { field: Field::MailFrom, values: &own }];
        let fields = [Field::MailFrom, Field::MailIps];
        narrow::scan(records, Class::Email, &fields, &only, &mut |stored| {
            let record = stored.record;
            let from = record.get_text(Field::MailFrom).filter(|from| self.is_own(from));
            let (Some(from), Some(ip)) = (from, record.get_texts(Field::MailIps).next()) else {
                return;
            };
            let seen = users.entry(ip.to_owned()).or_default();
            if seen.len() < 2 {
                seen.insert(from.to_owned());
            }
        })?;
        Ok(users.into_iter().filter(|(_, seen)| seen.len() >= 2).map(|(ip, _)| ip).collect())
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

    /// Whether it comes from inside: it says so, and neither its envelope nor
    /// the server that sent it contradicts.
    pub(crate) fn is_internal(&self, mail: &Mail) -> bool {
        let claimed = mail.from.as_deref().is_some_and(|from| self.is_own(from));
        let foreign_envelope =
            mail.envelope_from.as_deref().is_some_and(|sender| !self.is_own(sender));
        // An insider who answers or forwards may be anywhere; a new message
        // from a server that no other insider uses is a stranger's.
        let foreign_server =
            !mail.reply && mail.ips.first().is_some_and(|ip| !self.servers.contains(ip));
        claimed && !foreign_envelope && !foreign_server
    }

    /// Whether an address is of the office.
    pub(crate) fn is_own(&self, email: &str) -> bool {
        let domain = address::registrable_domain(email).unwrap_or_default();
        self.addresses.contains(email) || self.domains.contains(domain)
    }
}

/// Where neither a path nor a list of people names anybody: the domains to
/// which most mails were delivered.
fn main_recipient_domains(records: &dyn Records) -> Result<BTreeSet<String>, ReadError> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut all = 0;
    records.scan(Class::Email, &[Field::MailOwner], &[], &mut |stored| {
        let owner = stored.record.get_text(Field::MailOwner);
        let domain = owner.and_then(address::registrable_domain);
        if let Some(domain) = domain.filter(|name| !is_mail_provider(name)) {
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
        // An archive counts as a folder, inside another too.
        member => format!("{path}/{}", member.replace("!/", "/")),
    }
}

/// The mails that given indicators touch, and apart from them the touches that
/// came after the indicator's validity: leads.
#[derive(Debug, Default)]
pub(crate) struct Seeds {
    pub(crate) lures: BTreeMap<RecordRef, Lure>,
    pub(crate) leads: Vec<(Mail, Vec<Touch>)>,
}

impl Touch {
    /// Whether it is a remote reference rather than a sender, file or subject.
    fn is_content(&self) -> bool {
        matches!(self.part, "remote URL" | "remote host")
    }
}

impl Seeds {
    /// Drops mails that only mention or quote what others carry: answers and
    /// forwards with the very URLs of an earlier lure, and warnings that name
    /// the beginning of its URLs.
    fn drop_mentions(&mut self) {
        let mut carried: BTreeSet<String> = BTreeSet::new();
        for lure in self.lures.values().filter(|lure| !lure.mail.reply) {
            carried.extend(lure.mail.links.iter().map(|link| link.url.key()));
        }
        self.lures.retain(|_, lure| {
            let touched: BTreeSet<&str> = lure.touches.iter().map(|t| t.value.as_str()).collect();
            let mut links = lure.mail.links.iter().filter(|link| {
                touched.contains(link.reference.url.as_str())
                    || touched.contains(link.url.host.as_str())
            });
            let only_content = lure.touches.iter().all(Touch::is_content);
            let reply = lure.mail.reply;
            let told = |link: &Link| {
                let key = link.url.key();
                reply && carried.contains(&key)
                    || !link.reference.how.loads_on_opening() && is_beginning(&key, &carried)
            };
            !only_content || !links.all(told)
        });
    }

    /// The values by which a late touch must not join a mail all the same.
    pub(crate) fn expired(&self) -> BTreeMap<RecordRef, BTreeSet<String>> {
        let values = |touches: &[Touch]| -> BTreeSet<String> {
            let plain = touches.iter().map(|touch| touch.value.clone());
            let domains = touches.iter().map(|touch| host::registrable(&touch.value).to_owned());
            let senders =
                touches.iter().filter_map(|touch| address::registrable_domain(&touch.value));
            plain.chain(domains).chain(senders.map(str::to_owned)).collect()
        };
        self.leads.iter().map(|(mail, late)| (mail.at.clone(), values(late))).collect()
    }
}

/// Finds the mails that given indicators touch.
pub(crate) fn seeds(
    records: &dyn Records,
    lookup: &dyn Lookup,
    naming: &Naming<'_>,
    office: &Office<'_>,
    sketches: &mut Sketches,
) -> Result<Seeds, ReadError> {
    let mut seeds = Seeds::default();
    scan_named(records, naming, &mut |stored| {
        let mail = sketches.read_whole(&stored);
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
    seeds.drop_mentions();
    Ok(seeds)
}

/// Scans every mail that shows a value that the intelligence names.
fn scan_named(
    records: &dyn Records,
    naming: &Naming<'_>,
    visit: &mut dyn FnMut(Stored<'_>),
) -> Result<(), ReadError> {
    use ObservableKind as Kind;
    let named = |kind, value: &str| ask(kind, value, naming).is_some_and(|all| !all.is_empty());
    let values = |kind| narrow::values(records, &[kind], &|value| named(kind, value));
    // A mail refers to hosts, addresses and URLs in a form by which no scan can
    // be narrowed.
    for kind in [Kind::Ip, Kind::Hostname, Kind::Url] {
        if !values(kind)?.is_empty() {
            return records.scan(Class::Email, mails::FIELDS, &[], visit);
        }
    }
    let sender = |email: &str| {
        let domain = address::domain(email).unwrap_or_default();
        named(Kind::Email, email) || named(Kind::Domain, domain)
    };
    let senders = narrow::values(records, &[Kind::Email], &sender)?;
    let only = [
        Only { field: Field::MailFrom, values: &senders },
        Only { field: Field::MailEnvelopeFrom, values: &senders },
        Only { field: Field::MailReplyTo, values: &senders },
        Only { field: Field::MailMessageId, values: &values(Kind::MessageId)? },
        Only { field: Field::MailSubject, values: &values(Kind::Subject)? },
        Only { field: Field::MailAttachments, values: &values(Kind::FileHash)? },
    ];
    narrow::scan(records, Class::Email, mails::FIELDS, &only, visit)
}

/// Whether a URL is the beginning of others, up to a slash, and none of them.
fn is_beginning(key: &str, others: &BTreeSet<String>) -> bool {
    let longer = |other: &String| other.len() > key.len() && other.starts_with(key);
    key.ends_with('/') && others.range(key.to_owned()..).take(2).any(longer)
}

/// A link to the bare front page of a host: that is how a warning mentions it,
/// not how a lure uses it.
fn is_mention(link: &Link) -> bool {
    let bare = link.url.path == "/" && link.url.query.as_deref().unwrap_or_default().is_empty();
    bare && !link.reference.how.loads_on_opening()
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
        for link in mail.links.iter().filter(|link| !is_mention(link)) {
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
