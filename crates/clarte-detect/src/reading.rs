//! A mail prepared for the detectors: what several of them look at, found once.

use clarte_model::mail::Remote;
use clarte_model::url::HttpUrl;
use clarte_model::{How, Mail, address, host};

use crate::authentication::{self, Proof};
use crate::beacon::{self, Beacon};
use crate::claim::{self, Claim};
use crate::lexicon::{Category, Said};
use crate::lookalike::Lookalike;
use crate::surroundings::Surroundings;
use crate::words::Words;

/// Lines at the end of a letter that may be its signature.
const SIGNATURE_LINES: usize = 8;

/// Links looked at.
const LINKS_CAP: usize = 500;

/// A link that a reader may follow.
pub(crate) struct Link<'m> {
    pub(crate) url: HttpUrl,
    pub(crate) remote: &'m Remote,
}

/// A mail, and what was found in it.
pub(crate) struct Reading<'m> {
    pub(crate) mail: &'m Mail,
    pub(crate) around: &'m Surroundings,
    /// Words of the subject and of the sender's own text, quotations left out.
    pub(crate) words: Words,
    /// What they say, by the lexicons.
    pub(crate) said: Vec<Said>,
    pub(crate) links: Vec<Link<'m>>,
    pub(crate) beacons: Vec<Beacon>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) proof: Proof,
    /// Whom the author's domain is made to be taken for.
    pub(crate) lookalike: Option<Lookalike>,
    /// The line from which on the signature may stand.
    signature: usize,
}

impl<'m> Reading<'m> {
    pub(crate) fn new(mail: &'m Mail, around: &'m Surroundings) -> Self {
        let words = Words::of(&format!("{}\n{}", mail.subject, own_text(mail.text(), mail)));
        let said = around.lexicon.find(&words);
        let links = mail.remote.iter().filter(|remote| matches!(remote.how, How::Link | How::Form));
        let links = links
            .take(LINKS_CAP)
            .filter_map(|remote| Some(Link { url: HttpUrl::parse(&remote.url)?, remote }));
        let mut reading = Self {
            mail,
            around,
            links: links.collect(),
            beacons: beacon::find(mail, &around.tables),
            claims: Vec::new(),
            proof: authentication::proof(mail),
            lookalike: None,
            signature: 0,
            words,
            said,
        };
        reading.signature = reading.signature_line();
        reading.claims = claim::claims(&reading);
        reading.lookalike = reading.host().and_then(|host| around.resembled(host));
        reading
    }

    /// The host of the author's address.
    pub(crate) fn host(&self) -> Option<&'m str> {
        address::domain(self.mail.author_address()?)
    }

    /// The registrable domain of the author's address.
    pub(crate) fn domain(&self) -> &'m str {
        self.host().map(host::registrable).unwrap_or_default()
    }

    /// The names shown for who sends.
    pub(crate) fn shown_names(&self) -> impl Iterator<Item = &'m str> {
        let mailboxes = self.mail.from.iter().chain(&self.mail.sender).chain(&self.mail.reply_to);
        mailboxes.filter_map(|mailbox| mailbox.name.as_deref())
    }

    /// Whether the mail says something of that category.
    pub(crate) fn says(&self, category: Category) -> bool {
        self.said.iter().any(|said| said.category == category)
    }

    /// Whether a word stands in what may be the signature.
    pub(crate) fn is_signature(&self, at: usize) -> bool {
        self.words.line(at) >= self.signature
    }

    /// Whether the author writes from a domain that a known organisation owns
    /// and that is nobody else's.
    pub(crate) fn is_of_known_organisation(&self) -> bool {
        let tables = &self.around.tables;
        !tables.is_freemail(self.domain())
            && self.host().is_some_and(|host| tables.owner(host).is_some())
    }

    /// A claim to be someone of `kind` that the sender's domain does not bear
    /// out. Who writes from an organisation's own domain may name others.
    pub(crate) fn false_claim(&self, kind: crate::tables::Kind) -> Option<&Claim> {
        if self.is_of_known_organisation() || self.claims.iter().any(|claim| claim.owned) {
            return None;
        }
        self.claims.iter().find(|claim| claim.kind == kind)
    }

    /// Whether the mail asks, invites or gives something to read.
    pub(crate) fn approaches(&self) -> bool {
        [Category::Interview, Category::Conference, Category::Document]
            .into_iter()
            .any(|category| self.says(category))
    }

    /// Whether the owner of the mailbox at hand wrote to the author before.
    pub(crate) fn knows_sender(&self) -> bool {
        let known = self.around.acquaintance.as_ref().zip(self.mail.author_address());
        known.is_some_and(|(known, author)| known.is_known(author))
    }

    /// Whether the mail came by a list or newsletter: to many, openly.
    pub(crate) fn is_bulk(&self) -> bool {
        self.mail.bulk
    }

    /// The line at which the closing formula stands, else the last ones.
    fn signature_line(&self) -> usize {
        let last = self.words.len().checked_sub(1).map_or(0, |at| self.words.line(at));
        let closing = self.said.iter().rev().find(|said| said.category == Category::Closing);
        let fallback = last.saturating_sub(SIGNATURE_LINES).max(1);
        closing.map_or(fallback, |said| self.words.line(said.at).max(fallback))
    }
}

/// The text without lines that quote another mail.
fn own_text<'t>(text: &'t str, mail: &Mail) -> std::borrow::Cow<'t, str> {
    if mail.answers.is_empty() && !text.contains("\n>") {
        return text.into();
    }
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('>'));
    lines.collect::<Vec<_>>().join("\n").into()
}
