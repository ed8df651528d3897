//! Indicators: what intelligence says to look for.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// What kind of value an indicator names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IndicatorKind {
    /// A host name; what lies below it matches too.
    Domain,
    /// One IP address.
    Ip,
    /// A network in CIDR notation.
    Network,
    /// An absolute URL.
    Url,
    /// An e-mail address.
    Email,
    /// A file hash, `algorithm:hex` (`md5`, `sha1`, `sha256`, `sha512`).
    FileHash,
    /// A mail's subject, compared whole, ignoring case.
    Subject,
    /// A Message-ID.
    MessageId,
    /// A User-Agent, compared whole.
    UserAgent,
}

/// Traffic Light Protocol 2.0 (FIRST), strictest last; `WHITE` of version 1 is
/// `Clear`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Tlp {
    /// May be published.
    Clear,
    /// May circulate in the community.
    Green,
    /// Limited to organisation and clients.
    Amber,
    /// Limited to the organisation.
    #[serde(rename = "AMBER+STRICT")]
    AmberStrict,
    /// For the recipients alone.
    Red,
}

impl Tlp {
    /// As it is written on a document: `TLP:AMBER+STRICT`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Clear => "TLP:CLEAR",
            Self::Green => "TLP:GREEN",
            Self::Amber => "TLP:AMBER",
            Self::AmberStrict => "TLP:AMBER+STRICT",
            Self::Red => "TLP:RED",
        }
    }
}

/// The window in which an indicator is claimed to hold.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Validity {
    /// From when; an act before it is a historical match, and counts.
    pub from: Option<Timestamp>,
    /// Until when; an act at or after it is only a lead.
    pub until: Option<Timestamp>,
}

impl Validity {
    /// Whether an act at `time` came too late to be more than a lead. An act
    /// of unknown time is given the benefit of the doubt.
    pub fn is_over(&self, time: Option<Timestamp>) -> bool {
        matches!((self.until, time), (Some(until), Some(time)) if time >= until)
    }
}

/// One value to look for, and who says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// What kind of value.
    pub kind: IndicatorKind,
    /// The value in comparable form (refanged, normalised).
    pub value: String,
    /// The window in which it is claimed to hold.
    pub validity: Validity,
    /// Who says so: an author, organisation or file name.
    pub source: String,
    /// The source's own id for it, such as `indicator--…`.
    pub reference: Option<String>,
    /// How confident the source is, 0 to 100 (STIX scale).
    pub confidence: Option<u8>,
    /// How far it may be passed on.
    pub tlp: Option<Tlp>,
    /// Names of groups, campaigns or malware it is said to indicate.
    pub names: Vec<String>,
}

/// A value seen in evidence, asked for in the intelligence.
#[derive(Debug, Clone, Copy)]
pub enum Observable<'a> {
    /// A normalised host name (an IP address written as one is an `Ip`).
    Host(&'a str),
    /// An IP address.
    Ip(std::net::IpAddr),
    /// A URL.
    Url(&'a crate::url::HttpUrl),
    /// A normalised e-mail address.
    Email(&'a str),
    /// A file hash, `algorithm:hex`.
    FileHash(&'a str),
    /// A mail's subject.
    Subject(&'a str),
    /// A Message-ID without brackets.
    MessageId(&'a str),
    /// A User-Agent.
    UserAgent(&'a str),
}

/// Answers which indicators name a value. `clarte-intel` implements it; tests
/// use a closure.
pub trait Lookup {
    /// Every indicator that names `what`, whatever its validity.
    fn find(&self, what: Observable<'_>) -> Vec<&Indicator>;

    /// Every group of indicators that only count together (a STIX `AND`) and
    /// all of whose members name one of the values `observed` in one record.
    fn find_together(&self, observed: &[Observable<'_>]) -> Vec<Vec<&Indicator>> {
        let _ = observed;
        Vec::new()
    }
}
