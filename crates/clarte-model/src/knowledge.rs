//! What is known of actors. All of it is claims: each has a source, most have
//! a date, and none is a key. Two sources' actors stay two actors; that they
//! are one is a claim too ([`AliasClaim`]), which can be taken back exactly.
//!
//! The words are those of STIX 2.1 (intrusion set, campaign, `uses`,
//! `attributed-to`, `indicates`) and of ATT&CK (group, technique, software).

mod linked;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Indicator;

pub use linked::linked;

/// A base of knowledge, as read from one or more sources.
///
/// Lists are sorted by id, so that the same sources in any order make the same
/// base. Indices into [`Knowledge::reports`] and [`Knowledge::actors`] are `u32`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Knowledge {
    /// Actors and unlinked clusters.
    pub actors: Vec<Actor>,
    /// Malware and tools.
    pub software: Vec<Software>,
    /// Techniques and sub-techniques.
    pub techniques: Vec<Technique>,
    /// The publications that claims cite.
    pub reports: Vec<Report>,
    /// Who is said to be whom, across sources.
    pub aliases: Vec<AliasClaim>,
    /// Which indicators point to which actors.
    pub indicates: Vec<Indicates>,
    /// Where it all comes from, with the notice that its licence asks for.
    pub origins: Vec<Origin>,
}

/// A source of knowledge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Origin {
    /// Its name, such as `MITRE ATT&CK` or a file's name.
    pub name: String,
    /// Its version or date, where it gives one.
    pub version: Option<String>,
    /// The notice that its licence asks to repeat.
    pub notice: Option<String>,
}

/// Whether a name stands for somebody, or only for activity seen together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// A group that a source takes for one actor (STIX `intrusion-set`,
    /// `threat-actor`).
    Actor,
    /// Activity that a source keeps together without saying whose it is: a
    /// campaign attributed to nobody, a closed case of one's own.
    Cluster,
}

/// An actor, as one source knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Actor {
    /// The source's id: `G0128`, else the STIX id or the UUID.
    pub id: String,
    /// Actor or cluster.
    pub kind: ActorKind,
    /// The name under which the source files it.
    pub name: String,
    /// Index of its [`Origin`].
    pub origin: u32,
    /// Other names that the source claims for it.
    pub names: Vec<NameClaim>,
    /// What it is said to have used.
    pub uses: Vec<Use>,
    /// Which states are said to be behind it, contradictions included.
    pub states: Vec<StateClaim>,
    /// Whom it is said to have chosen: ISO 3166-1 alpha-2 codes of countries.
    pub target_countries: Vec<String>,
    /// The same for sectors, in the source's words.
    pub target_sectors: Vec<String>,
    /// When the source first and last saw it.
    pub first_seen: Option<Dated>,
    /// See `first_seen`.
    pub last_seen: Option<Dated>,
}

/// That an actor is also called so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NameClaim {
    /// The name.
    pub name: String,
    /// Indices of the reports that say so; empty if the source says it alone.
    pub reports: Vec<u32>,
}

/// That an actor used a technique or a piece of software.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Use {
    /// The id of what was used, `T1566.002` or `S0154`.
    pub what: String,
    /// Indices of the reports that say so, sorted; empty if the source says it
    /// alone.
    pub reports: Vec<u32>,
}

/// That a state is behind an actor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StateClaim {
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
    /// Who says so.
    pub source: String,
    /// When.
    pub date: Option<Dated>,
    /// How sure the source says it is, 0 to 100; `None` if it does not say.
    pub confidence: Option<u8>,
    /// Indices of the reports that say so.
    pub reports: Vec<u32>,
}

/// Malware or a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Software {
    /// `S0154`, else the STIX id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its other names.
    pub names: Vec<String>,
    /// Whether anybody can have it (STIX `tool`), as against `malware`.
    pub is_tool: bool,
    /// What it is said to do: techniques.
    pub uses: Vec<Use>,
}

/// A technique or sub-technique.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Technique {
    /// `T1566` or `T1566.002`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Tactics, as ATT&CK's short names.
    pub tactics: Vec<String>,
}

/// A publication that claims cite. Two claims with the same report are one
/// voice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Report {
    /// The source's key for it, such as ATT&CK's `source_name`.
    pub key: String,
    /// Where it stands; never fetched.
    pub url: Option<String>,
    /// Who published it, by the host of the URL, such as `securelist.com`.
    pub publisher: Option<String>,
    /// When, by what the key or the address says.
    pub date: Option<Dated>,
}

/// That two sources' actors are the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AliasClaim {
    /// The smaller of the two ids.
    pub left: String,
    /// The greater.
    pub right: String,
    /// How much the claim weighs, from 0 to 1.
    pub weight: f64,
    /// Who says so: a source, or the comparison that found it.
    pub source: String,
    /// Why, in one English sentence without a final dot.
    pub why: String,
}

/// That an indicator points to an actor (STIX `indicates`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Indicates {
    /// What to look for.
    pub indicator: Indicator,
    /// Index of the actor.
    pub actor: u32,
}

/// A date as far as it is known: a year, perhaps a month, perhaps a day. Less
/// precise sorts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Dated {
    year: i16,
    month: Option<u8>,
    day: Option<u8>,
}

impl Dated {
    /// A year, a month of it, or a day; `None` if there is no such date, or
    /// none that anything here could bear (1990 to 2099).
    ///
    /// ```
    /// use clarte_model::knowledge::Dated;
    /// assert_eq!(Dated::new(2021, Some(1), None).map(|d| d.to_string()).as_deref(), Some("2021-01"));
    /// assert_eq!(Dated::new(2021, Some(2), Some(30)), None);
    /// assert_eq!(Dated::new(9999, None, None), None);
    /// ```
    pub fn new(year: i16, month: Option<u8>, day: Option<u8>) -> Option<Self> {
        let first = |n: Option<u8>| i8::try_from(n.unwrap_or(1)).ok();
        let exists = jiff::civil::Date::new(year, first(month)?, first(day)?).is_ok();
        let ordered = month.is_some() || day.is_none();
        (exists && ordered && (1990..2100).contains(&year)).then_some(Self { year, month, day })
    }

    /// The beginning of an RFC 3339 date or date and time: `2021`, `2021-01`,
    /// `2021-01-06`, `2021-01-06T03:19:31Z`.
    pub fn parse(text: &str) -> Option<Self> {
        let date = text.split(['T', ' ']).next()?;
        let mut parts = date.split('-');
        let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
        let mut next = || match parts.next() {
            Some(part) if part.len() == 2 => part.parse().map(Some).map_err(|_| ()),
            Some(_) => Err(()),
            None => Ok(None),
        };
        let (month, day) = (next().ok()?, next().ok()?);
        parts.next().is_none().then(|| Self::new(year, month, day))?
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Years between two dates, to the month (a missing month counts as June).
    pub fn years_from(self, other: Self) -> f64 {
        let months = |at: Self| f64::from(at.year) * 12.0 + f64::from(at.month.unwrap_or(6));
        (months(self) - months(other)) / 12.0
    }
}

impl fmt::Display for Dated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        [self.month, self.day].iter().flatten().try_for_each(|part| write!(f, "-{part:02}"))
    }
}

impl From<Dated> for String {
    fn from(at: Dated) -> Self {
        at.to_string()
    }
}

impl TryFrom<String> for Dated {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is no date from 1990 to 2099"))
    }
}
