//! The answer: hypotheses with their likelihood, confidence and reasons, states
//! apart from them, and what would change it. What `clarte attribute --json`
//! prints and `out/attribution.json` holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Band, Channel, Circle, Confidence, Forgery, Grade, Item, StateAnswer};

/// The name of this shape.
pub const SCHEMA: &str = "clarte/attribution/1";

/// Who answers for it, as far as it can be known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// [`SCHEMA`].
    pub schema: String,
    /// Where knowledge of actors comes from.
    pub knowledge: Vec<KnowledgeUsed>,
    /// Every hypothesis, the likeliest first; probabilities sum to 1.
    pub hypotheses: Vec<Hypothesis>,
    /// Units and contractors that items name, apart from groups and states.
    pub entities: Vec<EntityHypothesis>,
    /// States, apart from groups: what is claimed, and what carries it.
    pub states: Vec<StateHypothesis>,
    /// What a false flag would leave: see [`FalseFlag`]. Absent where nothing that is
    /// cheap to forge points to anybody.
    pub false_flag: Option<FalseFlag>,
    /// What was weighed.
    pub items: Vec<ItemWeighed>,
    /// Which of them are one voice.
    pub dependence: Vec<OneVoice>,
    /// Where several sources lead back to one; numbers of items are places in
    /// `items`.
    #[schemars(with = "Vec<serde_json::Value>")]
    pub circular: Vec<Circle>,
    /// Analysis of competing hypotheses: an audit of the numbers.
    pub matrix: Matrix,
    /// What changes the order or a band if it falls away, the most first.
    pub sensitivity: Vec<Change>,
    /// What further evidence would decide, the most telling first.
    pub would_decide: Vec<Wanted>,
    /// What could not be used: ids and names that the base does not know.
    pub not_used: Vec<NotUsed>,
    /// What this answer cannot say, each an English sentence.
    pub limits: Vec<String>,
}

/// A source of knowledge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KnowledgeUsed {
    /// Its name.
    pub name: String,
    /// Its version, where it gives one.
    pub version: Option<String>,
    /// How many actors and clusters it knows.
    pub actors: u64,
    /// The notice that its licence asks to repeat.
    pub notice: Option<String>,
}

/// What a hypothesis is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum HypothesisKind {
    /// A known actor did it.
    Actor,
    /// It belongs to activity that is known and not linked to anybody.
    Cluster,
    /// An actor that the base does not know did it.
    Unknown,
    /// Somebody did it who wanted to be taken for another.
    FalseFlag,
}

/// One hypothesis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Hypothesis {
    /// The id in the base of knowledge; `unknown` and `false-flag`.
    pub id: String,
    /// Its name there.
    pub name: String,
    /// What it is about.
    pub kind: HypothesisKind,
    /// The raw posterior, from 0 to 1.
    pub probability: f64,
    /// Its 5th and 95th percentile over resampled evidence: how far it hangs on what
    /// happened to be found. How good weights and priors are is not in it.
    pub interval: [f64; 2],
    /// The band that may be published: never above *roughly even chance* without
    /// a tangible item in support.
    #[schemars(with = "String")]
    pub band: Band,
    /// The band of the raw posterior.
    #[schemars(with = "String")]
    pub raw_band: Band,
    /// Whether a tangible item supports it.
    pub is_tangible: bool,
    /// How far the assessment can be relied on; apart from how likely it is.
    #[schemars(with = "String")]
    pub confidence: Confidence,
    /// Why, each an English sentence.
    pub confidence_because: Vec<String>,
    /// What speaks for it, the strongest first.
    pub r#for: Vec<Reason>,
    /// What speaks against it, the strongest first.
    pub against: Vec<Reason>,
    /// Other names that sources claim for it.
    pub names: Vec<String>,
    /// Actors of other sources that are said to be the same.
    pub linked: Vec<Linked>,
}

/// A reason for or against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// The item's id; a technique's or software's own.
    pub item: String,
    /// In which channel.
    #[schemars(with = "String")]
    pub channel: Channel,
    /// What it says.
    pub says: String,
    /// What it moves, if everything else stays: the natural logarithm of the
    /// likelihood ratio against the other hypotheses. Where it is one of several
    /// that fill their channel to its cap, its share of what the channel says.
    pub weight: f64,
}

/// An actor of another source that is said to be the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Linked {
    /// Its id.
    pub id: String,
    /// Its name there.
    pub name: String,
    /// How much the claim weighs, from 0 to 1.
    pub weight: f64,
    /// Who says so, and why.
    pub why: String,
}

/// A unit or contractor that items name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EntityHypothesis {
    /// Its name.
    pub name: String,
    /// The states it is said to belong to or work for.
    pub states: Vec<String>,
    /// The groups it is said to be or to run.
    pub groups: Vec<String>,
    /// Ids of the items that name it.
    pub items: Vec<String>,
}

/// A state, as an answer of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StateHypothesis {
    /// ISO 3166-1 alpha-2 code.
    pub state: String,
    /// The share of the groups' probability whose claims name this state, weighed
    /// by how sure these are. It says where the likely groups are *said* to belong;
    /// it is no proof of a link. What denies it is in `chain`, not in this number.
    pub probability: f64,
    /// The band that may be published: above *roughly even chance* only as far as
    /// the groups are tangible and a link that makes the act the state's is reached
    /// over them.
    #[schemars(with = "String")]
    pub band: Band,
    /// The band of `probability`.
    #[schemars(with = "String")]
    pub raw_band: Band,
    /// Who says so, of which group.
    pub said: Vec<Said>,
    /// What items carry of the chain to the state, whichever group it starts from;
    /// the weakest link is named. Numbers of items are places in [`Answer::items`].
    #[schemars(with = "serde_json::Value")]
    pub chain: Option<StateAnswer>,
    /// Other states that are claimed for the same groups.
    pub contradicted_by: Vec<String>,
}

/// A claim that a state is behind a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Said {
    /// The group's id.
    pub group: String,
    /// Who says so.
    pub source: String,
    /// How sure the source says it is, 0 to 100.
    pub confidence: Option<u8>,
}

/// If somebody wanted to be taken for the actor to whom what is cheap to forge
/// points most, who need not be the likeliest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FalseFlag {
    /// Who would be imitated.
    pub imitated: String,
    /// The likeliest hypotheses if what is cheap to forge says nothing, with
    /// their probabilities.
    pub remains: Vec<(String, f64)>,
    /// In one English sentence.
    pub says: String,
}

/// An item as it was weighed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ItemWeighed {
    /// Its id.
    pub id: String,
    /// In which channel.
    #[schemars(with = "String")]
    pub channel: Channel,
    /// What it says.
    pub says: String,
    /// Who says so; `observed` for what was observed itself.
    pub source: String,
    /// When it took place.
    pub date: Option<String>,
    /// The source's reliability and the information's credibility, `B2`; absent
    /// for what the comparison of profiles weighs.
    #[schemars(with = "Option<String>")]
    pub grade: Option<Grade>,
    /// What it costs to forge.
    #[schemars(with = "String")]
    pub forgery: Forgery,
    /// The share of actors of whom the same would be seen.
    pub prevalence: Option<f64>,
    /// What it cites.
    pub citations: Vec<String>,
    /// The findings it comes from.
    pub findings: Vec<String>,
    /// Whether it is a tangible link.
    pub is_tangible: bool,
}

/// Items that count as one voice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OneVoice {
    /// Their ids.
    pub items: Vec<String>,
    /// What they share.
    pub why: Vec<String>,
}

/// Items by hypotheses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Matrix {
    /// Ids of the hypotheses, the likeliest first.
    pub hypotheses: Vec<String>,
    /// A row per item.
    pub rows: Vec<MatrixRow>,
    /// By hypothesis: the sum of what is inconsistent with it.
    pub inconsistency: Vec<f64>,
}

/// One item's row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MatrixRow {
    /// The item's id.
    pub item: String,
    /// By hypothesis: `++`, `+`, `0`, `-` or `--`.
    pub cells: Vec<String>,
    /// Whether the row tells the hypotheses apart at all.
    pub tells: bool,
}

/// What changes if something falls away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// What falls away: an item's id, or `source: NAME`.
    pub without: String,
    /// What it says.
    pub says: String,
    /// The likeliest hypothesis then.
    pub first: String,
    /// The probability, then, of the hypothesis that is first now.
    pub probability: f64,
    /// The published band of that hypothesis then.
    #[schemars(with = "String")]
    pub band: Band,
    /// Whether another hypothesis is first then.
    pub changes_order: bool,
    /// Whether the published band is another.
    pub changes_band: bool,
}

/// Evidence that is not there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Wanted {
    /// In which channel.
    #[schemars(with = "String")]
    pub channel: Channel,
    /// What to look for, in one English sentence.
    pub what: String,
    /// How far it would move the first two apart or together, as a natural
    /// logarithm; `None` where nothing can be computed.
    pub moves: Option<f64>,
}

/// Something given that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotUsed {
    /// The id or name.
    pub what: String,
    /// Why, in one English sentence.
    pub why: String,
}

impl ItemWeighed {
    /// An item as the answer shows it.
    pub(crate) fn of(item: &Item) -> Self {
        Self {
            id: item.id.clone(),
            channel: item.channel,
            says: item.says.clone(),
            source: item.source.clone(),
            date: item.date.map(|date| date.to_string()),
            grade: Some(item.grade),
            forgery: item.forgery,
            prevalence: item.prevalence,
            citations: item.citations.clone(),
            findings: item.findings.clone(),
            is_tangible: item.is_tangible(),
        }
    }
}
