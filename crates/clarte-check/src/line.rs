//! What is said of one message: what `clarte check --json` prints, but for the
//! words of each language.

use std::collections::BTreeMap;
use std::sync::Arc;

use clarte_detect::{Beacon, Judgement, Unchecked, Verdict, tables::Kind};
use clarte_model::{Mail, address, host};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is said of one message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The file, relative to the parent of the argument that brought it in.
    pub path: String,
    /// Where the message lies in it.
    pub span: Span,
    /// `act_now`, `be_careful`, `nothing_found` or `unreadable`.
    pub verdict: String,
    /// The points of all reasons.
    pub points: i32,
    /// Social engineering times technique, 0 to 10, as in the Targeted Threat
    /// Index.
    pub danger: f64,
    /// What was observed, with what fills each sentence.
    pub reasons: Vec<Reason>,
    /// What reports that it was opened.
    pub beacons: Vec<BeaconLine>,
    /// Whom it claims to come from.
    pub claims: Vec<ClaimLine>,
    /// What could not be looked at.
    pub unchecked: Vec<Reason>,
    /// The author as shown: name and address.
    pub from: String,
    /// The author's address; empty if it has none.
    pub address: String,
    /// The subject.
    pub subject: String,
    /// When the receiving host took it over.
    pub received: Option<String>,
    /// Whose mailbox it lay in, as far as it tells.
    pub owner: Option<String>,
    /// Hosts from which something is fetched on opening that is no beacon.
    pub remote: Vec<String>,
    /// What it shares with other messages of one campaign.
    pub shared: Vec<String>,
}

/// Where a message lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// `sha256:` of the message's own bytes.
    pub message: String,
    /// The archive's member.
    pub member: Option<String>,
    /// In the innermost decompressed stream.
    pub offset: u64,
    /// In bytes.
    pub length: u64,
}

/// An observation, or something that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The detector, such as `identity.press`; or what was not looked at.
    pub detector: String,
    /// What fills its sentence.
    pub arguments: BTreeMap<String, String>,
    /// Whether it is about a message attached to this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub attached: bool,
    /// Its points.
    pub points: i32,
}

/// Something that reports the opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeaconLine {
    /// As the mail writes it.
    pub url: String,
    /// Who learns of it.
    pub host: String,
    /// How it is fetched.
    pub how: String,
    /// The value that is one recipient's own.
    pub token: Option<String>,
    /// `opened`, `time`, `address`, `device`, `person`, `email`, `forward`.
    pub reveals: Vec<String>,
    /// Whether nobody is meant to see it.
    pub hidden: bool,
    /// The recipient's address, where the token spells it.
    pub spells: Option<String>,
    /// The mass mailer that runs the host.
    pub mailer: Option<String>,
    /// The image proxy in front of it.
    pub proxy: Option<String>,
}

/// A claim against the domain it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimLine {
    /// Who it says it is.
    pub claimed: String,
    /// `press`, `institution`, `ngo`, `university` or `service`.
    pub kind: String,
    /// The sending domain.
    pub domain: String,
    /// Whether that is known as theirs.
    pub owned: bool,
}

/// Where a message was found.
pub(crate) struct Place<'p> {
    pub(crate) path: &'p str,
    pub(crate) member: Option<&'p Arc<str>>,
    pub(crate) offset: u64,
}

impl Line {
    /// What is said of the message `raw`.
    pub(crate) fn new(place: &Place<'_>, raw: &[u8], mails: &[Mail], judged: Judgement) -> Self {
        let empty = Mail::default();
        let mail = mails.first().unwrap_or(&empty);
        let shared = shared(mail, &judged);
        let reasons = judged.observations.iter().map(|one| Reason {
            detector: one.detector.to_owned(),
            arguments: filled(&one.arguments),
            attached: one.message > 0,
            points: clarte_detect::score::points(one.detector),
        });
        let unchecked = |one: Unchecked| Reason {
            detector: one.what.to_owned(),
            arguments: filled(&one.arguments),
            attached: false,
            points: 0,
        };
        let address = mail.author_address().unwrap_or_default();
        Self {
            path: place.path.to_owned(),
            span: Span {
                message: message_hash(raw),
                member: place.member.map(|member| member.to_string()),
                offset: place.offset,
                length: raw.len() as u64,
            },
            verdict: judged.score.verdict.as_str().to_owned(),
            points: judged.score.points,
            danger: judged.score.danger,
            reasons: reasons.collect(),
            beacons: judged.beacons.into_iter().map(beacon).collect(),
            claims: judged
                .claims
                .into_iter()
                .map(|claim| ClaimLine {
                    claimed: claim.claimed,
                    kind: kind(claim.kind).to_owned(),
                    domain: claim.domain,
                    owned: claim.owned,
                })
                .collect(),
            unchecked: judged.unchecked.into_iter().map(unchecked).collect(),
            from: match mail.author_name() {
                "" => address.to_owned(),
                name => format!("{name} <{address}>"),
            },
            address: address.to_owned(),
            subject: mail.subject.clone(),
            received: mail.received.map(|moment| moment.at.to_string()),
            owner: mail.owner.clone(),
            remote: judged.remote,
            shared,
        }
    }

    /// Of a file in which no message could be read.
    pub(crate) fn unreadable(path: &str, bytes: &[u8]) -> Self {
        let place = Place { path, member: None, offset: 0 };
        Self::new(&place, bytes, &[], Judgement::unreadable())
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        let all = [Verdict::ActNow, Verdict::BeCareful, Verdict::NothingFound, Verdict::Unreadable];
        let known = all.into_iter().find(|verdict| verdict.as_str() == self.verdict);
        known.unwrap_or(Verdict::Unreadable)
    }
}

fn message_hash(raw: &[u8]) -> String {
    let digits = Sha256::digest(raw).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("sha256:{digits}")
}

fn filled(arguments: &[(&'static str, String)]) -> BTreeMap<String, String> {
    arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn beacon(beacon: Beacon) -> BeaconLine {
    let how = serde_json::to_value(beacon.how).ok();
    let how = how.as_ref().and_then(|how| how.as_str()).unwrap_or_default().to_owned();
    let reveals = beacon.reveals().into_iter().map(str::to_owned).collect();
    let Beacon { url, host, how: _, hidden, token, spells, mailer, proxy } = beacon;
    BeaconLine { url, host, how, token, reveals, hidden, spells, mailer, proxy }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Press => "press",
        Kind::Institution => "institution",
        Kind::Ngo => "ngo",
        Kind::University => "university",
        Kind::Service => "service",
    }
}

/// What messages of one campaign share: who sends, who counts openings.
fn shared(mail: &Mail, judged: &Judgement) -> Vec<String> {
    let mut shared = Vec::new();
    if let Some(author) = mail.author_address() {
        // A provider's domain is shared by everybody.
        let domain = address::registrable_domain(author).unwrap_or(author);
        shared.push(if judged.is_freemail { author.to_owned() } else { domain.to_owned() });
    }
    let hosts = judged.beacons.iter().filter(|beacon| beacon.mailer.is_none());
    shared.extend(hosts.map(|beacon| host::registrable(&beacon.host).to_owned()));
    shared.sort_unstable();
    shared.dedup();
    shared
}
