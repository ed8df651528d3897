//! The answer, as `CASE/out/extent.json` holds it: schema `clarte/extent/1`.
//!
//! The shape is fixed (see the README's "What comes out"); more keys are
//! welcome. Everything is sorted, so that equal cases give equal bytes.

use clarte_model::{EvidenceId, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// A word of the schema's own vocabulary.
///
/// The name keeps `serde` from taking the text for one that is borrowed from
/// what is read: it is always one of a fixed list.
pub type Word = &'static str;

/// What kinds of operation are told apart.
pub const CATEGORIES: &[Word] =
    &["reconnaissance", "credential_theft", "espionage", "sabotage", "extortion", "undetermined"];

/// The rungs, lowest first.
pub const RUNGS: &[Word] =
    &["targeted", "delivered", "opened", "interacted", "compromised", "accessed", "exfiltrated"];

/// The verdicts on what left.
pub const VERDICTS: &[Word] = &["proved", "attempted", "not_seen", "logs_insufficient"];

/// What can be said of a source's coverage.
pub const STATES: &[Word] = &["covered", "partial", "throttled", "truncated", "absent", "cleared"];

/// Every word that an answer can hold, field by field.
const WORDS: &[&[Word]] = &[
    &["clarte/extent/1"],
    CATEGORIES,
    &["person", "mailbox", "machine"],
    RUNGS,
    VERDICTS,
    &["domain", "hostname", "ip", "url", "email"],
    &["sender", "beacon", "lure", "c2", "relay", "mailbox", "sign_in"],
    &["given", "discovered"],
    &["more", "less"],
    &["mail", "mta", "proxy", "http", "dns", "tls", "flow", "dhcp", "signin", "audit", "host"],
    STATES,
    &["utc", "offset", "local-assumed"],
];

/// Reads a word back; one that no version of the schema has is an error.
fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Word, D::Error> {
    let text = String::deserialize(deserializer)?;
    let known = WORDS.iter().copied().flatten().find(|word| **word == text);
    known.copied().ok_or_else(|| serde::de::Error::custom(format!("unknown word `{text}`")))
}

/// Reads a word back that may be missing.
fn some_word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Word>, D::Error> {
    word(deserializer).map(Some)
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Extent {
    /// Always `clarte/extent/1`.
    #[serde(deserialize_with = "word")]
    pub schema: Word,
    /// First and last act of the campaign.
    pub duration: Duration,
    /// What kind of operation.
    pub nature: Nature,
    /// Everyone whom the campaign reached, by identity.
    pub victims: Vec<Victim>,
    /// What left.
    pub exfiltration: Exfiltration,
    /// What the campaign used, as far as the evidence shows it.
    pub infrastructure: Vec<Infrastructure>,
    /// Which roles were chosen more often than chance; not computed yet.
    pub targeting: Vec<Targeting>,
    /// When the campaign works; not computed yet.
    pub rhythm: Rhythm,
    /// Which sources exist, over which time, with which gaps.
    pub coverage: Vec<Coverage>,
    /// By how much the clocks of logs differ, told from events that both saw.
    #[serde(default)]
    #[schemars(!default)]
    pub clock_skew: Vec<ClockSkew>,
    /// Who may have been behind the addresses that contacted the campaign, by
    /// address and time.
    #[serde(default)]
    #[schemars(!default)]
    pub identities: Vec<Identity>,
    /// Every statement with the bytes that show it.
    pub findings: Vec<Finding>,
    /// Every evidence, and what became of its bytes.
    pub intake: Vec<Intake>,
    /// Files and folders that could not be read at all.
    pub unreadable: Vec<Unreadable>,
    /// What the intelligence said and what became of it.
    pub intelligence: Intelligence,
}

/// First and last act of the campaign: mails as received and every request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Duration {
    /// Null where no act has a time.
    #[schemars(with = "Option<String>")]
    pub first_activity: Option<Timestamp>,
    /// Null where no act has a time.
    #[schemars(with = "Option<String>")]
    pub last_activity: Option<Timestamp>,
}

/// What kind of operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Nature {
    /// `reconnaissance`, `credential_theft`, `espionage`, `sabotage`,
    /// `extortion` or `undetermined`.
    #[serde(deserialize_with = "word")]
    pub category: Word,
    /// ATT&CK techniques with the findings that show each.
    pub techniques: Vec<Technique>,
}

/// An ATT&CK technique.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Technique {
    /// Such as `T1598.003`.
    pub id: String,
    /// Ids of findings.
    pub findings: Vec<String>,
}

/// Someone whom the campaign reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Victim {
    /// The e-mail address, in lower case.
    pub identity: String,
    /// The name in the list of people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Account names in the list of people.
    pub aliases: Vec<String>,
    /// `person`, `mailbox` or `machine`.
    #[serde(deserialize_with = "word")]
    pub kind: Word,
    /// The highest rung that is proven.
    #[serde(deserialize_with = "word")]
    pub rung: Word,
    /// Every rung that is proven.
    pub rungs: Vec<Rung>,
    /// Every rung that the evidence neither proves nor excludes.
    pub undetermined: Vec<Undetermined>,
}

/// A proven rung.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rung {
    /// `targeted`, `delivered`, `opened`, `interacted`, …
    #[serde(deserialize_with = "word")]
    pub rung: Word,
    /// The first time; null where no clock that can be believed shows it.
    #[schemars(with = "Option<String>")]
    pub time: Option<Timestamp>,
    /// From 0 to 1.
    pub confidence: f64,
    /// Ids of findings.
    pub findings: Vec<String>,
}

/// A rung that the evidence neither proves nor excludes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Undetermined {
    /// Which.
    #[serde(deserialize_with = "word")]
    pub rung: Word,
    /// Why it cannot be determined.
    pub reason: String,
    /// From when on it could have happened.
    #[schemars(with = "Option<String>")]
    pub from: Option<Timestamp>,
    /// Until when the evidence looks.
    #[schemars(with = "Option<String>")]
    pub to: Option<Timestamp>,
    /// What would settle it.
    pub settled_by: String,
}

/// What left, and how much of it can be known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exfiltration {
    /// `proved`, `attempted`, `not_seen` or `logs_insufficient`.
    #[serde(deserialize_with = "word")]
    pub verdict: Word,
    /// Why.
    pub reason: String,
    /// Bytes sent.
    pub bytes: Bounds,
    /// Items read.
    pub items: Bounds,
    /// Where to.
    pub destinations: Vec<Destination>,
}

/// A floor that is proven and a ceiling that is not exceeded.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bounds {
    /// At least.
    pub floor: u64,
    /// At most; null where no log bounds it.
    pub ceiling: Option<u64>,
}

/// Where data went, the last hop that was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Destination {
    /// An address or host.
    pub value: String,
    /// Bytes sent there.
    pub bytes: u64,
    /// First transfer.
    #[schemars(with = "Option<String>")]
    pub first: Option<Timestamp>,
    /// Last transfer.
    #[schemars(with = "Option<String>")]
    pub last: Option<Timestamp>,
}

/// Something that the campaign used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Infrastructure {
    /// `domain`, `hostname`, `ip`, `url` or `email`.
    #[serde(deserialize_with = "word")]
    pub r#type: Word,
    /// The value.
    pub value: String,
    /// `sender`, `beacon`, `lure`, …
    #[serde(deserialize_with = "word")]
    pub role: Word,
    /// `given` by intelligence or `discovered` in the evidence.
    #[serde(deserialize_with = "word")]
    pub origin: Word,
    /// Whoever owns it is a victim too: intelligence calls it a relay.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub third_party: bool,
    /// From 0 to 1.
    pub confidence: f64,
    /// Ids of findings.
    pub findings: Vec<String>,
}

/// A role and how often it was chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Targeting {
    /// The role, as in the list of people.
    pub role: String,
    /// How many with it were targeted.
    pub targeted: u64,
    /// How many have it.
    pub population: u64,
    /// How many would have been by chance.
    pub expected: f64,
    /// Two-sided.
    pub p_value: f64,
    /// Adjusted for the number of roles.
    pub p_adjusted: f64,
    /// `more` or `less`.
    #[serde(deserialize_with = "word")]
    pub direction: Word,
}

/// When the campaign works.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rhythm {
    /// Null where the acts do not suffice.
    pub utc_offset_hours: Option<f64>,
    /// Null where the acts do not suffice.
    pub interval_hours: Option<[f64; 2]>,
    /// How many acts were looked at.
    pub acts: u64,
    /// Ids of findings.
    pub findings: Vec<String>,
}

/// What a source covers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// `mail`, `mta`, `proxy`, `http`, `dns`, `tls`, `flow`, `dhcp`, …
    #[serde(deserialize_with = "word")]
    pub source: Word,
    /// Whom it concerns; `*` for everyone whom the source sees.
    pub entity: String,
    /// `covered`, `partial`, `throttled`, `truncated`, `absent` or `cleared`.
    #[serde(deserialize_with = "word")]
    pub state: Word,
    /// First record, or the campaign's first act where the source is absent.
    #[schemars(with = "Option<String>")]
    pub from: Option<Timestamp>,
    /// Last record, or the campaign's last act where the source is absent.
    #[schemars(with = "Option<String>")]
    pub to: Option<Timestamp>,
    /// Records, those without a time included.
    pub records: u64,
    /// Times of which records are missing: silences that do not fit the
    /// source's own rhythm, and what the source itself says that it lacks.
    pub gaps: Vec<Gap>,
}

/// By how much the clock of one log is ahead of another's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClockSkew {
    /// The log, by its format's name, as in `intake`.
    pub source: String,
    /// The other one.
    pub against: String,
    /// Seconds by which it is ahead; below zero where it is behind.
    pub seconds: f64,
    /// How many events both saw.
    pub pairs: u64,
    /// Seconds within which half of the differences lie.
    pub spread: f64,
    /// In words, and whether a zone was probably taken wrongly.
    pub reason: String,
}

/// Who may have been behind an address for a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// The address.
    pub address: String,
    /// The machine that had it.
    pub machine: Option<String>,
    /// The machine's hardware address.
    pub mac: Option<String>,
    /// The first act of which this is known.
    #[schemars(with = "Option<String>")]
    pub from: Option<Timestamp>,
    /// The last.
    #[schemars(with = "Option<String>")]
    pub to: Option<Timestamp>,
    /// Who it may have been, the likeliest first.
    pub people: Vec<Candidate>,
    /// Several people use the address or the machine at once, so that it names
    /// nobody.
    pub shared: bool,
    /// How that is known, in words.
    pub how: String,
    /// How far that can be trusted, from 0 to 1.
    pub confidence: f64,
    /// The records that show it: leases, sign-ins, lists of people.
    pub spans: Vec<CitedSpan>,
}

/// Somebody who may have been it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    /// Their address.
    pub identity: String,
    /// How likely beside the others, from 0 to 1.
    pub weight: f64,
}

/// A time of which records are missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// Its beginning: the last record before it, where it is a silence.
    #[schemars(with = "String")]
    pub from: Timestamp,
    /// Its end: the first record after it, where it is a silence.
    #[schemars(with = "String")]
    pub to: Timestamp,
    /// What is missing, and how that is known.
    pub reason: String,
}

/// A statement and the bytes that show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Stable over runs.
    pub id: String,
    /// Who says so.
    pub detector: String,
    /// One sentence.
    pub title: String,
    /// When it happened.
    #[schemars(with = "Option<String>")]
    pub time: Option<Timestamp>,
    /// From 0 to 1.
    pub confidence: f64,
    /// ATT&CK technique ids.
    pub techniques: Vec<String>,
    /// Why, each a short sentence.
    pub reasons: Vec<String>,
    /// Only a lead: makes no victim, rung, pivot or duration.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(!default)]
    pub lead: bool,
    /// How far it may be passed on, where the intelligence said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<String>,
    /// The bytes.
    pub spans: Vec<CitedSpan>,
}

/// Bytes of evidence with a path where to find it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct CitedSpan {
    /// The evidence's hash, `sha256:…`.
    #[schemars(with = "String")]
    pub evidence: EvidenceId,
    /// The smallest path at which it was found.
    pub path: String,
    /// The path inside an archive.
    pub member: Option<String>,
    /// First byte, in the innermost decompressed stream.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
}

/// An evidence, and what became of its bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Intake {
    /// The evidence's hash, `sha256:…`.
    #[schemars(with = "String")]
    pub evidence: EvidenceId,
    /// The smallest path at which it was found.
    pub path: String,
    /// All others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(!default)]
    pub paths: Vec<String>,
    /// The path inside an archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Such as `zeek.dns`, `eml`, `unknown`.
    pub format: String,
    /// Bytes of the stream, after decompression.
    pub bytes: u64,
    /// Bytes inside at least one record.
    pub parsed: u64,
    /// Bytes that could not be read.
    pub faulted: u64,
    /// Bytes that carry no record.
    pub skipped: u64,
    /// The skipped bytes by reason.
    pub skipped_as: std::collections::BTreeMap<String, u64>,
    /// `local-assumed` where its times are written without a zone: they are
    /// taken in the zone given for the format with `--zone`, else as UTC.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "some_word")]
    #[schemars(!default)]
    pub time_basis: Option<Word>,
    /// Records.
    pub records: u64,
    /// Faults, repairs included.
    pub faults: u64,
    /// Faults by kind.
    pub faults_as: std::collections::BTreeMap<String, u64>,
}

/// A file or folder that could not be read at all, so that it has no hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unreadable {
    /// Where.
    pub path: String,
    /// Why, in the system's words.
    pub reason: String,
}

/// What the intelligence said and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Intelligence {
    /// Indicators that were looked for.
    pub indicators: u64,
    /// Indicators that the evidence shows.
    pub matched: u64,
    /// Patterns and lines that were not evaluated, and why.
    pub not_evaluated: Vec<NotEvaluated>,
}

/// Something in the intelligence that was not evaluated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct NotEvaluated {
    /// The intelligence file.
    pub source: String,
    /// The pattern, line or id.
    pub what: String,
    /// Why.
    pub why: String,
}
