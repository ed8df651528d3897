//! What is known around a mail: the tables, and what the mailbox at hand tells
//! of whom its owner knows.

use std::collections::{HashMap, HashSet};

use clarte_model::{Mail, Timestamp, address};

use crate::authentication::{self, Proof};
use crate::lexicon::Lexicon;
use crate::lookalike::{self, Lookalike};
use crate::tables::Tables;

/// What a mail is judged by besides itself.
#[derive(Debug)]
pub struct Surroundings {
    /// Facts that are shipped or given.
    pub tables: Tables,
    pub(crate) lexicon: Lexicon,
    /// What the mailbox at hand tells; `None` where there is none.
    pub acquaintance: Option<Acquaintance>,
    /// Whether pictures are decoded and searched for codes, which takes more
    /// time than all else; true unless it is set otherwise.
    pub look_at_pictures: bool,
    known: lookalike::Known,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self::new(Tables::shipped())
    }
}

impl Surroundings {
    /// Those of `tables`, without a mailbox at hand.
    pub fn new(tables: Tables) -> Self {
        let known = lookalike::Known::of(&tables);
        Self {
            tables,
            lexicon: Lexicon::shipped(),
            acquaintance: None,
            look_at_pictures: true,
            known,
        }
    }

    /// With what a mailbox tells; its correspondents' domains are known too.
    pub fn with(mut self, acquaintance: Acquaintance) -> Self {
        let mut domains: Vec<_> = acquaintance.domains().collect();
        domains.sort_unstable();
        domains.into_iter().for_each(|domain| self.known.add(domain));
        self.acquaintance = Some(acquaintance);
        self
    }

    /// The known domain that `host` is made to be taken for.
    pub(crate) fn resembled(&self, host: &str) -> Option<Lookalike> {
        self.known.resembled(host)
    }
}

/// Who wrote to and was written to by the owner of the mails at hand.
///
/// Keeps a few bytes for each correspondent, whatever the number of mails.
#[derive(Debug, Default)]
pub struct Acquaintance {
    /// By a hash of the address.
    people: HashMap<u64, Known>,
    /// Domains of people whom the owner answered or who wrote more than once.
    domains: HashMap<String, u32>,
    /// Names of correspondents: the address that uses each, by the folded name.
    names: HashMap<u64, Named>,
    /// Message ids that were seen.
    messages: HashSet<u64>,
    /// Recipients of each template that carries something individual.
    templates: HashMap<u64, Copies>,
    /// How many mails came to each address, until it is known whose they are.
    received: HashMap<String, u64>,
    /// Who wrote to whom, until the same.
    sent: HashMap<(u64, u64), String>,
    holds_sent: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// When they were first seen, and whether the owner wrote to them.
    first: Option<Timestamp>,
    mails: u32,
    written_to: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    address: String,
    mails: u32,
}

#[derive(Debug, Clone, Default)]
struct Copies {
    recipients: HashSet<u64>,
}

/// Recipients of one template that are told apart; more are many.
const COPIES_CAP: usize = 1_000;

/// Templates that are remembered.
const TEMPLATES_CAP: usize = 200_000;

/// Domains and names that are remembered.
const KNOWN_CAP: usize = 1_000_000;

impl Acquaintance {
    /// Learns from a mail of the mailbox; [`Acquaintance::finish`] when all
    /// were seen.
    pub fn learn(&mut self, mail: &Mail) {
        if !mail.message_id.is_empty() {
            self.messages.insert(hash(&mail.message_id));
        }
        if let Some(owner) = mail.owner.as_deref() {
            *self.received.entry(owner.to_owned()).or_default() += 1;
        }
        let Some(author) = mail.author_address() else { return };
        let time = mail.received.map(|moment| moment.at);
        let known = self.people.entry(hash(author)).or_default();
        known.mails += 1;
        known.see(time);
        if known.mails > 1 && !mail.bulk {
            self.meet_domain(author, 1);
        }
        // What came in from outside is nobody's sent mail, whoever it says wrote it.
        let is_own = mail.hops.is_empty() || authentication::proof(mail) == Proof::Proved;
        for recipient in mail.to.iter().chain(&mail.cc).take(50).filter(|_| is_own) {
            let Some(address) = &recipient.address else { continue };
            if self.sent.len() < KNOWN_CAP {
                self.sent.insert((hash(author), hash(address)), address.clone());
            }
        }
        self.learn_name(mail.author_name(), author);
        self.learn_template(mail, author);
    }

    /// Decides whose mailbox it is, where `owners` does not say: whom most of
    /// it came to. Then whom they wrote to is known.
    pub fn finish(&mut self, owners: &[String]) {
        let mut owners: HashSet<u64> = owners.iter().map(|owner| hash(owner)).collect();
        if owners.is_empty() {
            let most = self.received.values().max().copied().unwrap_or(0);
            let often =
                self.received.iter().filter(|(_, mails)| **mails * 5 >= most && **mails > 1);
            owners.extend(often.map(|(owner, _)| hash(owner)));
        }
        for ((author, recipient), address) in std::mem::take(&mut self.sent) {
            if owners.contains(&author) {
                self.holds_sent = true;
                self.people.entry(recipient).or_default().written_to = true;
                self.meet_domain(&address, 2);
            }
        }
        self.received.clear();
    }

    fn meet_domain(&mut self, address: &str, weight: u32) {
        let Some(domain) = address::registrable_domain(address) else { return };
        if let Some(known) = self.domains.get_mut(domain) {
            *known = known.saturating_add(weight);
        } else if self.domains.len() < KNOWN_CAP {
            self.domains.insert(domain.to_owned(), weight);
        }
    }

    fn learn_name(&mut self, name: &str, address: &str) {
        let Some(key) = name_key(name) else { return };
        if self.names.len() >= KNOWN_CAP && !self.names.contains_key(&key) {
            return;
        }
        let named = self
            .names
            .entry(key)
            .or_insert_with(|| Named { address: address.to_owned(), mails: 0 });
        if named.address == address {
            named.mails += 1;
        }
    }

    /// Only letters that carry something which loads can be told apart by it.
    fn learn_template(&mut self, mail: &Mail, author: &str) {
        let loads = mail.remote.iter().any(|remote| remote.how.loads_on_opening());
        let (Some(key), Some(recipient)) =
            (template_key(mail, author), mail.recipients().next().filter(|_| loads))
        else {
            return;
        };
        if self.templates.len() < TEMPLATES_CAP || self.templates.contains_key(&key) {
            let copies = self.templates.entry(key).or_default();
            if copies.recipients.len() < COPIES_CAP {
                copies.recipients.insert(hash(recipient));
            }
        }
    }

    /// Whether nobody wrote from or to the address before `mail`.
    pub(crate) fn is_first_contact(&self, mail: &Mail) -> bool {
        let Some(author) = mail.author_address() else { return true };
        let Some(known) = self.people.get(&hash(author)) else { return true };
        let Some(time) = mail.received.map(|moment| moment.at) else { return known.mails <= 1 };
        known.first.is_none_or(|first| first >= time)
    }

    /// Whether the owner wrote to the address, or got several mails from it.
    pub(crate) fn is_known(&self, address: &str) -> bool {
        self.people.get(&hash(address)).is_some_and(|known| known.written_to)
    }

    /// The address from which someone of that name writes otherwise.
    pub(crate) fn usual_address(&self, name: &str) -> Option<&str> {
        let named = self.names.get(&name_key(name)?)?;
        (named.mails > 1 || self.is_known(&named.address)).then_some(named.address.as_str())
    }

    /// Whether letters that the owner wrote are at hand.
    pub(crate) fn holds_sent(&self) -> bool {
        self.holds_sent
    }

    /// Whether a message that this one answers is at hand.
    pub(crate) fn holds_message(&self, id: &str) -> bool {
        self.messages.contains(&hash(id))
    }

    /// Domains of known correspondents.
    pub(crate) fn domains(&self) -> impl Iterator<Item = &str> {
        self.domains.iter().filter(|(_, weight)| **weight >= 2).map(|(domain, _)| domain.as_str())
    }

    /// How many recipients of the mails at hand got this letter.
    pub(crate) fn copies(&self, mail: &Mail) -> usize {
        let key = mail.author_address().and_then(|author| template_key(mail, author));
        let copies = key.and_then(|key| self.templates.get(&key));
        copies.map_or(0, |copies| copies.recipients.len())
    }
}

impl Known {
    fn see(&mut self, time: Option<Timestamp>) {
        let earlier = match (self.first, time) {
            (Some(first), Some(time)) => Some(first.min(time)),
            (first, time) => first.or(time),
        };
        self.first = earlier;
    }
}

/// What two letters of one merge share: the domain they come from and a
/// sentence.
fn template_key(mail: &Mail, author: &str) -> Option<u64> {
    let sentence = mail.template.first()?;
    Some(hash(&format!("{} {sentence}", address::registrable_domain(author)?)))
}

/// A full name, however its words are ordered; `None` for one word.
fn name_key(name: &str) -> Option<u64> {
    let words = crate::words::Words::of(name);
    let mut all: Vec<_> = (0..words.len()).map(|at| words.get(at)).collect();
    all.retain(|word| word.len() > 1);
    all.sort_unstable();
    (2..=5).contains(&all.len()).then(|| hash(&all.join(" ")))
}

/// FNV-1a: what is hashed is compared nowhere else.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
