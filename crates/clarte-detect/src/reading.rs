//! A mail prepared for the detectors: what several of them look at, found once.

use clarte_model::mail::Remote;
use clarte_model::url::HttpUrl;
use clarte_model::{How, Mail, address, host};

use crate::authentication::{self, Proof};
use crate::beacon::{self, Beacon};
use crate::claim::{self, Claim};
use crate::file::{self, File};
use crate::lexicon::{Category, Said};
use crate::lookalike::{self, Lookalike};
use crate::surroundings::Surroundings;
use crate::tables::Kind;
use crate::words::Words;
use crate::wrapped;

/// Lines at the end of a letter that may be its signature.
const SIGNATURE_LINES: usize = 8;

/// Words of a line of a signature.
const SIGNATURE_WORDS: usize = 8;

/// Links that newsletters have at least.
const LINKS_OF_NEWSLETTERS: usize = 5;

/// Links looked at.
const LINKS_CAP: usize = 500;

/// A link that a reader may follow.
pub(crate) struct Link<'m> {
    /// Where it leads; where a mail filter rewrote it, the original.
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
    /// What is attached, and what lies in attached archives.
    pub(crate) files: Vec<File>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) proof: Proof,
    /// Whom the author's domain is made to be taken for.
    pub(crate) lookalike: Option<Lookalike>,
    /// The line from which on the signature may stand.
    signature: usize,
    /// The word from which on another mail is quoted or passed on.
    pub(crate) quoted_from: usize,
    tells_how_to_leave: bool,
}

impl<'m> Reading<'m> {
    pub(crate) fn new(mail: &'m Mail, around: &'m Surroundings) -> Self {
        let words = Words::of(&format!("{}\n{}", mail.subject, own_text(mail.text(), mail)));
        let mut said = around.lexicon.find(&words);
        if gives_password(mail.text()) {
            said.push(Said { category: Category::Password, at: 0, length: 0 });
        }
        let links = mail.remote.iter().filter(|remote| matches!(remote.how, How::Link | How::Form));
        let links = links.take(LINKS_CAP).filter_map(|remote| {
            let url = wrapped::unwrapped(HttpUrl::parse(&remote.url)?, &around.tables);
            Some(Link { url, remote })
        });
        let mut reading = Self {
            mail,
            around,
            links: links.collect(),
            beacons: beacon::find(mail, &around.tables),
            files: file::carried(mail),
            claims: Vec::new(),
            proof: authentication::proof(mail),
            lookalike: None,
            signature: 0,
            quoted_from: quoted_from(&words, &said),
            tells_how_to_leave: false,
            words,
            said,
        };
        // A letter has few links; the word alone is soon written.
        reading.tells_how_to_leave =
            reading.links.len() >= LINKS_OF_NEWSLETTERS && tells_how_to_leave(&reading.words);
        reading.signature = reading.signature_line();
        reading.claims = claim::claims(&reading);
        // A provider's domain is nobody's disguise.
        let of_its_own = !around.tables.is_freemail(reading.domain())
            && reading.host().is_some_and(|host| around.tables.owner(host).is_none());
        // Nor is the reader's own house.
        let host = reading.host().filter(|_| of_its_own && !reading.is_of_house());
        reading.lookalike = host.and_then(|host| {
            let claimed = reading.claims.iter().filter(|claim| !claim.owned);
            let mut claimed =
                claimed.filter_map(|claim| around.tables.organisation(&claim.claimed));
            let as_claimed = || claimed.find_map(|one| lookalike::of_claimed(host, &one.domains));
            around.resembled(host).or_else(as_claimed)
        });
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

    /// Whether a word stands in what may be the signature: a short line near
    /// the end.
    pub(crate) fn is_signature(&self, at: usize) -> bool {
        let line = self.words.line(at);
        let of_line = |at: &usize| self.words.line(*at) == line;
        let before = (0..at).rev().take_while(of_line).count();
        let behind = (at..self.words.len()).take_while(of_line).count();
        line >= self.signature && before + behind <= SIGNATURE_WORDS
    }

    /// Whether the author writes from a domain that a known organisation owns
    /// and that is nobody else's.
    pub(crate) fn is_of_known_organisation(&self) -> bool {
        let tables = &self.around.tables;
        !tables.is_freemail(self.domain())
            && self.host().is_some_and(|host| tables.owner(host).is_some())
    }

    /// A claim to be someone of `kind` that the sender's domain does not bear
    /// out. Who writes from an organisation's own domain may name others of its
    /// kind, who writes from the reader's own house anybody.
    pub(crate) fn false_claim(&self, kind: Kind) -> Option<&Claim> {
        if self.is_of_house() || self.claims.iter().any(|claim| claim.owned) {
            return None;
        }
        let tables = &self.around.tables;
        let owner = self.host().and_then(|host| tables.owner(host)).map(|owner| owner.kind);
        let owner = owner.filter(|_| !tables.is_freemail(self.domain()));
        let may_name = |claim: &&Claim| match owner {
            None => false,
            Some(Kind::Press | Kind::Institution | Kind::Ngo) => true,
            Some(Kind::University) => matches!(claim.kind, Kind::University | Kind::Ngo),
            // Platforms send for others, whose name they show.
            Some(Kind::Service) => claim.kind == Kind::Service || !claim.in_text,
        };
        self.claims.iter().find(|claim| claim.kind == kind && !may_name(claim))
    }

    /// Whether the author writes from the reader's own house, as far as it says.
    pub(crate) fn is_of_house(&self) -> bool {
        let disowned = matches!(self.proof, Proof::Refuted | Proof::Doubtful);
        let mut houses = self.mail.recipients().filter_map(address::registrable_domain);
        !disowned
            && !self.around.tables.is_freemail(self.domain())
            && houses.any(|house| house == self.domain())
    }

    /// A claim to be someone of these kinds that is no list's or newsletter's:
    /// services send for houses from domains of their own, and lists pass on
    /// what their members say of themselves.
    pub(crate) fn borrowed_name(&self, kinds: &[Kind]) -> Option<&Claim> {
        let claim = kinds.iter().find_map(|kind| self.false_claim(*kind))?;
        let asks = self.approaches() || claim.in_text || self.lookalike.is_some();
        (!self.is_of_discussion() && (asks || !self.is_bulk())).then_some(claim)
    }

    /// Whether the mail says something of that category for itself.
    pub(crate) fn asks(&self, category: Category) -> bool {
        self.says(category) && !self.is_open_bulk()
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

    /// Whether the mail came by a list or newsletter: to many, openly, and it
    /// says how to leave.
    pub(crate) fn is_bulk(&self) -> bool {
        self.mail.bulk || self.tells_how_to_leave
    }

    /// Whether it is a letter to a discussion list, which passes on what its
    /// members say of themselves: it is addressed to the list that it names.
    pub(crate) fn is_of_discussion(&self) -> bool {
        let list = self.mail.list_id.to_lowercase();
        let mut named =
            self.mail.to.iter().chain(&self.mail.cc).filter_map(|to| to.address.as_deref());
        self.mail.bulk
            && !list.is_empty()
            && named.any(|to| {
                let house = address::registrable_domain(to).unwrap_or_default();
                house != self.domain() && !house.is_empty() && list.contains(house)
            })
    }

    /// Whether it passes another mail on: what is said there, others said.
    pub(crate) fn is_forward(&self) -> bool {
        let subject = self.mail.subject.trim_start().to_lowercase();
        let marks = ["fw:", "fwd:", "tr:", "tr :", "wg:", "wtr:", "doorst:", "rv:", "enc:"];
        marks.iter().any(|mark| subject.starts_with(mark))
            && (self.says(Category::Quoting)
                || crate::passed_on::passed_on(self.mail, true).is_some())
    }

    /// Whether what the mail asks may be passed over: newsletters ask everybody
    /// for everything, if they come from whom they say.
    pub(crate) fn is_open_bulk(&self) -> bool {
        let claims = [Kind::Press, Kind::Institution, Kind::Ngo];
        self.is_bulk()
            && self.lookalike.is_none()
            && claims.into_iter().all(|kind| self.false_claim(kind).is_none())
    }

    /// The line at which the closing formula stands, else the last ones.
    fn signature_line(&self) -> usize {
        let last = self.words.len().checked_sub(1).map_or(0, |at| self.words.line(at));
        let closing = self.said.iter().rev().find(|said| said.category == Category::Closing);
        let fallback = last.saturating_sub(SIGNATURE_LINES).max(1);
        closing.map_or(fallback, |said| self.words.line(said.at).max(fallback))
    }
}

/// Where the quotation of another mail begins, if something stands above it.
fn quoted_from(words: &Words, said: &[Said]) -> usize {
    let quotes = said.iter().filter(|said| said.category == Category::Quoting);
    let first = quotes.map(|said| said.at).find(|at| words.line(*at) > 1);
    first.unwrap_or(words.len())
}

/// Whether the text writes a password behind a colon: words alone lose the
/// colon, and without it everybody speaks of passwords.
fn gives_password(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "password",
        "passcode",
        "mot de passe",
        "wachtwoord",
        "passwort",
        "kennwort",
        "contrase\u{f1}a",
        "senha",
        "haslo",
        "\u{5bc6}\u{7801}",
    ];
    let text = text[..text.floor_char_boundary(48 << 10)].to_lowercase();
    WORDS.iter().any(|word| {
        text.match_indices(word).take(50).any(|(at, _)| {
            let rest = text[at + word.len()..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
            let Some(rest) = rest.strip_prefix([':', '\u{ff1a}', '=']) else { return false };
            let token = rest.trim_start().split(char::is_whitespace).next().unwrap_or_default();
            // A link to a page for passwords gives none.
            (3..=64).contains(&token.chars().count()) && !token.contains(['/', ':'])
        })
    })
}

/// Whether newsletters leave by such words.
fn tells_how_to_leave(words: &Words) -> bool {
    const BEGINNINGS: [&str; 11] = [
        "unsubscri",
        "abmeld",
        "abbestell",
        "desabonn",
        "desinscri",
        "uitschrijv",
        "uitgeschreven",
        "afmeld",
        "disiscri",
        "descadastr",
        "desuscri",
    ];
    (0..words.len())
        .any(|at| BEGINNINGS.iter().any(|beginning| words.get(at).starts_with(beginning)))
}

/// The text without lines that quote another mail.
fn own_text<'t>(text: &'t str, mail: &Mail) -> std::borrow::Cow<'t, str> {
    if mail.answers.is_empty() && !text.contains("\n>") {
        return text.into();
    }
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('>'));
    lines.collect::<Vec<_>>().join("\n").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_given_behind_its_colon() {
        for text in ["Password: X1y2", "mot de passe\u{202f}: abc123", "das Passwort: geheim"] {
            assert!(gives_password(text), "{text}");
        }
        for text in ["change your password today", "Password:", "password: a"] {
            assert!(!gives_password(text), "{text}");
        }
    }
}
