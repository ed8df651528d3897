//! Judges one mail for the person who got it.
//!
//! A mail is judged by the conjunction of separate observations
//! ([`detectors`]): whom it claims to come from and from where it does, how it
//! goes about it, what it fetches on opening, what it carries. [`judge`] adds
//! them up ([`score`]). Pure: a mail and what is known around it in, a
//! judgement out; nothing is fetched, nothing is remembered.

mod authentication;
pub mod beacon;
mod claim;
pub mod detectors;
mod file;
mod lexicon;
mod lookalike;
mod observation;
mod passed_on;
mod qr;
mod reading;
pub mod score;
mod surroundings;
pub mod tables;
mod words;
mod wrapped;

use clarte_model::Mail;

pub use authentication::Proof;
pub use beacon::Beacon;
pub use claim::Claim;
pub use detectors::DETECTORS;
pub use observation::Observation;
pub use score::{Score, Verdict};
pub use surroundings::{Acquaintance, Surroundings};

use reading::Reading;

/// What is said of a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The points and what follows from them.
    pub score: Score,
    /// What was observed, in the order of [`DETECTORS`], of the message itself
    /// and of the attached one that weighs most.
    pub observations: Vec<Observation>,
    /// What reports that it was opened.
    pub beacons: Vec<Beacon>,
    /// Whom it claims to come from.
    pub claims: Vec<Claim>,
    /// What the receiving host found out about the sender.
    pub proof: Proof,
    /// Other hosts that learn that somebody opened it: what is fetched from them
    /// is the same for everybody.
    pub remote: Vec<String>,
    /// Whether anybody may have a mailbox where the author has it.
    pub is_freemail: bool,
    /// What could not be looked at, as stable words with what fills them.
    pub unchecked: Vec<Unchecked>,
}

/// Something that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchecked {
    /// Such as `first-contact`; the text's key behind `unchecked-`.
    pub what: &'static str,
    /// What fills the text, by name.
    pub arguments: Vec<(&'static str, String)>,
}

/// Judges a message: `mails` is it and the messages attached to it, as
/// `clarte_parse::open_mail` gives them. Empty is unreadable. A mail that is
/// passed on in its text is judged as an attached one.
pub fn judge(mails: &[Mail], around: &Surroundings) -> Judgement {
    let Some(first) = mails.first() else { return Judgement::unreadable() };
    let reading = Reading::new(first, around);
    let passed_on = passed_on::passed_on(first, reading.is_forward());
    let outer = one(reading, 0);
    // What somebody hands on to ask about it is what the question is about.
    let inner = mails[1..].iter().chain(&passed_on).enumerate();
    let inner = inner.map(|(at, mail)| one(Reading::new(mail, around), at + 1));
    let worst = inner.max_by_key(|inner| (inner.score.verdict, inner.score.points));
    match worst {
        Some(inner) if inner.score.points > 0 => outer.with_attached(inner),
        _ => outer,
    }
}

fn one(reading: Reading<'_>, number: usize) -> Judgement {
    let observed = DETECTORS.iter().filter_map(|detector| detector.check(&reading));
    let mut observations: Vec<_> = observed.collect();
    observations.iter_mut().for_each(|observation| observation.message = number);
    Judgement {
        score: score::score(&observations, reading.is_bulk() || reading.knows_sender()),
        remote: remote(&reading),
        is_freemail: reading.around.tables.is_freemail(reading.domain()),
        observations,
        unchecked: unchecked(&reading),
        beacons: reading.beacons,
        claims: reading.claims,
        proof: reading.proof,
    }
}

impl Judgement {
    /// Of what could not be read at all.
    pub fn unreadable() -> Self {
        Self {
            score: Score { points: 0, verdict: Verdict::Unreadable, danger: 0.0 },
            observations: Vec::new(),
            beacons: Vec::new(),
            claims: Vec::new(),
            proof: Proof::Unheard,
            remote: Vec::new(),
            is_freemail: false,
            unchecked: Vec::new(),
        }
    }

    /// Joined with what is said of a message attached to it.
    fn with_attached(mut self, inner: Self) -> Self {
        if (inner.score.verdict, inner.score.points) > (self.score.verdict, self.score.points) {
            self.score = inner.score;
            self.claims = inner.claims;
            self.proof = inner.proof;
        }
        self.observations.extend(inner.observations);
        self.remote.extend(inner.remote);
        self.remote.sort_unstable();
        self.remote.dedup();
        let known = |beacon: &Beacon| self.beacons.iter().any(|known| known.url == beacon.url);
        let more: Vec<_> = inner.beacons.into_iter().filter(|beacon| !known(beacon)).collect();
        self.beacons.extend(more);
        for unchecked in inner.unchecked {
            if !self.unchecked.contains(&unchecked) {
                self.unchecked.push(unchecked);
            }
        }
        self
    }
}

/// Hosts from which something is fetched on opening that is no beacon.
fn remote(reading: &Reading<'_>) -> Vec<String> {
    let loading = reading.mail.remote.iter().filter(|remote| remote.how.loads_on_opening());
    let hosts = loading.filter_map(|remote| clarte_model::url::HttpUrl::parse(&remote.url));
    let mut hosts: Vec<_> = hosts.map(|url| url.host).collect();
    hosts.sort_unstable();
    hosts.dedup();
    hosts.retain(|host| !reading.beacons.iter().any(|beacon| beacon.host == *host));
    hosts
}

/// What the detectors could not look at.
fn unchecked(reading: &Reading<'_>) -> Vec<Unchecked> {
    let mail = reading.mail;
    let mut all = Vec::new();
    let mut add = |what, arguments: Vec<(&'static str, String)>| {
        all.push(Unchecked { what, arguments });
    };
    if reading.around.acquaintance.is_none() {
        add("first-contact", Vec::new());
    }
    if reading.proof == Proof::Unheard {
        add("authentication", Vec::new());
    }
    if let Some(signature) = mail.signatures.first() {
        add("signature", vec![("domain", signature.domain.clone())]);
    }
    if !reading.links.is_empty() {
        add("links", Vec::new());
    }
    if !mail.attachments.is_empty() {
        add("attachments", vec![("count", mail.attachments.len().to_string())]);
    }
    if mail.attachments.iter().any(|file| file.mime.starts_with("image/")) {
        add("pictures", Vec::new());
    }
    if !mail.damage.is_empty() {
        add("damaged", Vec::new());
    }
    if reading.words.len() > 8 && reading.said.is_empty() {
        add("language", Vec::new());
    }
    all
}
