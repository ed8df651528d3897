//! What is known of each person, as far as it is told.

use std::collections::BTreeSet;

use clarte_language::Lang;
use clarte_model::{Finding, Timestamp, Tlp};

/// What the list and the letters are drawn from.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Everyone whom the campaign reached.
    pub people: Vec<Person>,
    /// Roles that the campaign chose more often than chance would.
    pub chosen_roles: BTreeSet<String>,
    /// Every address that is somebody's: no letter shows another's.
    pub addresses: BTreeSet<String>,
    /// The strictest marking of what the case rests on.
    pub tlp: Option<Tlp>,
}

/// One person, or a mailbox or machine of which no person is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The e-mail address, or the machine's name.
    pub identity: String,
    /// The name in the list of people.
    pub name: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// Roles in the list of people.
    pub roles: BTreeSet<String>,
    /// The language tag in the list of people.
    pub lang: Option<String>,
    /// Other ways to reach them, from the list of people.
    pub ways: Vec<Way>,
    /// Every rung that is proven.
    pub steps: Vec<Step>,
    /// Every rung that the evidence neither proves nor excludes.
    pub open: Vec<Open>,
    /// The campaign's messages to them.
    pub mails: Vec<Mail>,
    /// Hosts that these messages refer to.
    pub hosts: BTreeSet<String>,
    /// When the last act was that concerns them.
    pub last_act: Option<Timestamp>,
    /// Whether a rule that concerns them sends mail on.
    pub forwards: bool,
    /// What shows the highest rung, in one English sentence: for the list, and
    /// never for a letter, since it may name others.
    pub because: String,
    /// Something of the case that nobody outside of it can guess: it keeps the
    /// letter's name from telling whose it is.
    pub secret: String,
}

/// Of what kind a victim is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person.
    Person,
    /// A mailbox.
    Mailbox,
    /// A machine of which no owner is known.
    Machine,
}

impl Kind {
    /// As the answer writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Mailbox => "mailbox",
            Self::Machine => "machine",
        }
    }
}

/// How far the campaign got, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// Addressed by the campaign.
    Targeted,
    /// A message is in the mailbox.
    Delivered,
    /// A message was opened.
    Opened,
    /// A link was followed, a form sent or a file run.
    Interacted,
    /// The campaign acted from the person's account or machine.
    Compromised,
    /// The campaign read content there.
    Accessed,
    /// Data went to the campaign.
    Exfiltrated,
}

impl Rung {
    /// Every rung, lowest first.
    pub const ALL: &[Self] = &[
        Self::Targeted,
        Self::Delivered,
        Self::Opened,
        Self::Interacted,
        Self::Compromised,
        Self::Accessed,
        Self::Exfiltrated,
    ];

    /// As the answer writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Targeted => "targeted",
            Self::Delivered => "delivered",
            Self::Opened => "opened",
            Self::Interacted => "interacted",
            Self::Compromised => "compromised",
            Self::Accessed => "accessed",
            Self::Exfiltrated => "exfiltrated",
        }
    }

    /// The rung of a word of the answer.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rung| rung.as_str() == word)
    }
}

/// A proven rung.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Which.
    pub rung: Rung,
    /// The first time.
    pub time: Option<Timestamp>,
    /// From 0 to 1.
    pub confidence: f64,
}

/// A rung that the evidence neither proves nor excludes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Which.
    pub rung: Rung,
    /// Why; never empty.
    pub doubts: BTreeSet<Doubt>,
}

/// Why something cannot be known, in kinds that plain words exist for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Somebody knew the password, and no success is seen.
    Password,
    /// A rule sends mail on, and nothing shows whether any went.
    Forwarding,
    /// Content was read, and nothing shows whether it was kept.
    Kept,
    /// Something was fetched or sent, but by whom cannot be told.
    Somebody,
    /// An attempt did not succeed; others are not excluded.
    Attempted,
    /// A connection of which nothing tells what went through it.
    Unmeasured,
    /// A filter kept the message; whether it was released is not known.
    Filtered,
    /// The mail server took the message; what became of it is not known.
    Accepted,
    /// No message to them is in evidence.
    NoMessage,
    /// Nothing in the message reports an opening.
    NothingLoads,
    /// The records see some networks only.
    Elsewhere,
    /// Records are missing, wholly or in part.
    Missing,
    /// The campaign may have used addresses that nobody knows.
    UnknownAddresses,
    /// Whatever else.
    Unsettled,
}

impl Doubt {
    /// The end of its text's key.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Password => "letter-doubt-password",
            Self::Forwarding => "letter-doubt-forwarding",
            Self::Kept => "letter-doubt-kept",
            Self::Somebody => "letter-doubt-somebody",
            Self::Attempted => "letter-doubt-attempted",
            Self::Unmeasured => "letter-doubt-unmeasured",
            Self::Filtered => "letter-doubt-filtered",
            Self::Accepted => "letter-doubt-accepted",
            Self::NoMessage => "letter-doubt-no-message",
            Self::NothingLoads => "letter-doubt-nothing-loads",
            Self::Elsewhere => "letter-doubt-elsewhere",
            Self::Missing => "letter-doubt-missing",
            Self::UnknownAddresses => "letter-doubt-unknown-addresses",
            Self::Unsettled => "letter-doubt-unsettled",
        }
    }
}

/// A message of the campaign to a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mail {
    /// When it was received.
    pub time: Option<Timestamp>,
    /// The address that it bore, if a record names it.
    pub sender: Option<String>,
    /// A mail server turned it away.
    pub is_refused: bool,
}

/// A way to reach a person other than the mailbox in question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// Which.
    pub kind: WayKind,
    /// The number or address.
    pub value: String,
}

/// The ways that a list of people may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WayKind {
    /// A telephone.
    Phone,
    /// Signal.
    Signal,
    /// Another mailbox.
    Mail,
    /// Where to find them.
    Address,
}

impl WayKind {
    /// As JSON writes it; texts have it under `notify-way-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Signal => "signal",
            Self::Mail => "mail",
            Self::Address => "address",
        }
    }
}

/// What is known of whether the campaign reads a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mailbox {
    Accessed,
    Compromised,
    Forwarding,
    Exfiltrated,
    /// That nothing was seen excludes nothing.
    Undetermined,
}

impl Mailbox {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Accessed => "accessed",
            Self::Compromised => "compromised",
            Self::Forwarding => "forwarding",
            Self::Exfiltrated => "exfiltrated",
            Self::Undetermined => "undetermined",
        }
    }
}

impl Person {
    /// The highest rung that is proven.
    pub(crate) fn top(&self) -> Option<&Step> {
        self.steps.iter().max_by_key(|step| step.rung)
    }

    pub(crate) fn has(&self, rung: Rung) -> bool {
        self.steps.iter().any(|step| step.rung == rung)
    }

    pub(crate) fn doubts(&self, doubt: Doubt) -> bool {
        self.open.iter().any(|open| open.doubts.contains(&doubt))
    }

    /// The highest rung above the proven ones that cannot be excluded.
    pub(crate) fn not_excluded(&self) -> Option<Rung> {
        let top = self.top().map(|step| step.rung);
        self.open.iter().map(|open| open.rung).filter(|rung| Some(*rung) > top).max()
    }

    /// Whether the campaign may read what is written to them.
    pub(crate) fn mailbox(&self) -> Mailbox {
        match () {
            () if self.has(Rung::Accessed) => Mailbox::Accessed,
            () if self.forwards || self.doubts(Doubt::Forwarding) => Mailbox::Forwarding,
            () if self.has(Rung::Compromised) => Mailbox::Compromised,
            () if self.has(Rung::Exfiltrated) => Mailbox::Exfiltrated,
            () => Mailbox::Undetermined,
        }
    }

    /// The language in which they are written to.
    pub(crate) fn letter_lang(&self, otherwise: Lang) -> Lang {
        self.lang.as_deref().and_then(Lang::from_tag).unwrap_or(otherwise)
    }

    /// What the letter and its line in the list have in common.
    pub(crate) fn id(&self) -> String {
        let id = Finding::id("dossier.letter", &self.identity, &self.secret);
        id.trim_start_matches("f-").chars().take(16).collect()
    }

    /// The name of the letter's file; a machine gets none.
    pub(crate) fn letter_name(&self) -> Option<String> {
        (self.kind != Kind::Machine).then(|| format!("letter-{}.html", self.id()))
    }
}
