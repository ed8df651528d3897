//! The way from a question to its answer.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::knowledge::{ActorKind, Knowledge, Origin};

use crate::answer::{
    FalseFlag, Hypothesis, HypothesisKind, ItemWeighed, KnowledgeUsed, Linked, OneVoice, SCHEMA,
    StateHypothesis,
};
use crate::band::{band, published};
use crate::prepared::{Prepared, UNKNOWN};
use crate::ranking::{Posterior, posterior};
use crate::resample::intervals;
use crate::states::{alias, entities, states};
use crate::wanted::would_decide;
use crate::without::{Part, matrix, parts, reasons, sensitivity};
use crate::{
    Answer, Band, Channel, Forgery, Item, Observed, Question, circles, confidence,
    log_likelihood_ratio,
};

/// The id of the hypothesis that somebody wants to be taken for another.
pub const FALSE_FLAG: &str = "false-flag";

/// Reasons are given for this many hypotheses, and for *unknown* and *false flag*.
const WITH_REASONS: usize = 10;

/// How many other names a hypothesis shows.
const NAMES: usize = 30;

/// Answers `question` from `knowledge`. Pure: the same question, the same answer,
/// whatever the order of items and observations.
pub fn attribute(knowledge: &Knowledge, question: &Question) -> Answer {
    let case = Prepared::new(knowledge, question);
    let now = posterior(&case, &case.all());
    let looked_at = looked_at(&case, question);
    let parts = parts(&case);
    let ranked = now.ranked(&case);
    let intervals = intervals(&case, &now);
    let known = Known { case: &case, now: &now, parts: &parts, looked_at: &looked_at };
    let mut hypotheses: Vec<Hypothesis> = ranked
        .iter()
        .enumerate()
        .map(|(rank, at)| {
            let has_reasons = rank < WITH_REASONS || *at >= case.candidates.len();
            known.hypothesis(*at, intervals[*at], has_reasons)
        })
        .collect();
    let ids: Vec<(usize, String)> =
        ranked.iter().zip(&hypotheses).map(|(at, it)| (*at, it.id.clone())).collect();
    let false_flag = known.false_flag();
    if let (Some(known), Some(it)) =
        (&false_flag, hypotheses.iter_mut().find(|it| it.kind == HypothesisKind::FalseFlag))
    {
        it.name = format!("False flag: somebody who wants to be taken for {}", known.imitated);
    }
    let name = |at: usize| known.id(at);
    let mut states = states(&case, &now);
    let mut circular = circles(&case.items);
    // Items stand behind what was observed in the answer, and are numbered as there.
    let before = case.techniques.len() + case.software.len();
    states.iter_mut().filter_map(|it| it.chain.as_mut()).for_each(|it| it.renumber(before));
    circular.iter_mut().flat_map(|it| &mut it.items).for_each(|item| *item += before);
    Answer {
        schema: SCHEMA.to_owned(),
        knowledge: used(knowledge),
        entities: entities(&case.items),
        items: weighed(&case, &question.observed),
        dependence: case
            .groups
            .iter()
            .filter(|group| group.items.len() > 1)
            .map(|group| OneVoice {
                items: group.items.iter().map(|item| case.items[*item].id.clone()).collect(),
                why: group.why.clone(),
            })
            .collect(),
        circular,
        matrix: matrix(&parts, &now, &ids),
        sensitivity: sensitivity(&case, &parts, &now, name),
        would_decide: would_decide(&case, &now, &looked_at),
        not_used: case.not_used.clone(),
        limits: known.limits(&hypotheses, &states),
        false_flag,
        states,
        hypotheses,
    }
}

/// Bare probabilities: of actors and clusters by id, of the two hypotheses that
/// are always alive, and of states. What a test of the method asks for many
/// times; the same numbers as [`attribute`]'s.
#[derive(Debug, Clone, PartialEq)]
pub struct Probabilities {
    /// By actor or cluster.
    pub actors: Vec<(String, f64)>,
    /// Of an actor that is not in the base.
    pub unknown: f64,
    /// Of a false flag.
    pub false_flag: f64,
    /// By state, the likeliest first.
    pub states: Vec<(String, f64)>,
}

/// The bare probabilities of [`attribute`]'s answer.
pub fn probabilities(knowledge: &Knowledge, question: &Question) -> Probabilities {
    let case = Prepared::new(knowledge, question);
    let now = posterior(&case, &case.all());
    let listed = (0..case.candidates.len()).filter(|at| case.is_listed(*at));
    Probabilities {
        actors: listed.map(|at| (case.candidates[at].id.clone(), now.of(at))).collect(),
        unknown: now.unknown,
        false_flag: now.false_flag,
        states: states(&case, &now).into_iter().map(|it| (it.state, it.probability)).collect(),
    }
}

/// All that the answer is drawn from.
struct Known<'a> {
    case: &'a Prepared<'a>,
    now: &'a Posterior,
    parts: &'a [Part],
    looked_at: &'a BTreeSet<Channel>,
}

impl Known<'_> {
    fn id(&self, at: usize) -> String {
        match at.checked_sub(self.case.candidates.len()) {
            None => self.case.candidates[at].id.clone(),
            Some(0) => UNKNOWN.to_owned(),
            Some(_) => FALSE_FLAG.to_owned(),
        }
    }

    fn name(&self, at: usize) -> String {
        match at.checked_sub(self.case.candidates.len()) {
            None => self.case.candidates[at].name.clone(),
            Some(0) => "An actor that the base of knowledge does not know".to_owned(),
            Some(_) => "False flag".to_owned(),
        }
    }

    fn kind(&self, at: usize) -> HypothesisKind {
        match at.checked_sub(self.case.candidates.len()) {
            None if self.case.candidates[at].kind == ActorKind::Cluster => HypothesisKind::Cluster,
            None => HypothesisKind::Actor,
            Some(0) => HypothesisKind::Unknown,
            Some(_) => HypothesisKind::FalseFlag,
        }
    }

    fn hypothesis(&self, at: usize, interval: [f64; 2], has_reasons: bool) -> Hypothesis {
        let probability = self.now.of(at);
        let id = self.id(at);
        let is_named = self.case.named.binary_search(&at).is_ok();
        let is_tangible = is_named && self.case.is_tangible(at, &|_| true);
        let (supports, opposes) =
            if has_reasons { reasons(self.parts, self.now, at) } else { Default::default() };
        let coverage = self.looked_at.len() as f64 / Channel::ALL.len() as f64;
        let speaks = |item: &Item| log_likelihood_ratio(item, &id) != 0.0;
        let groups = self.case.groups_about(at);
        let assessed = confidence(&self.case.items, &groups, coverage, speaks);
        Hypothesis {
            name: self.name(at),
            kind: self.kind(at),
            probability,
            interval,
            band: published(probability, is_tangible),
            raw_band: band(probability),
            is_tangible,
            confidence: assessed.confidence,
            confidence_because: if has_reasons { assessed.reasons } else { Vec::new() },
            r#for: supports,
            against: opposes,
            names: self.names(at),
            linked: self.linked(at),
            id,
        }
    }

    /// The actors of the base that the hypothesis is about, itself first.
    fn members(&self, at: usize) -> impl Iterator<Item = usize> {
        let itself = (at < self.case.owners.len()).then_some(at);
        let others = self.case.others.get(&at).map(Vec::as_slice).unwrap_or_default();
        itself.into_iter().chain(others.iter().copied())
    }

    fn names(&self, at: usize) -> Vec<String> {
        let actors = self.members(at).map(|member| &self.case.knowledge.actors[member]);
        let main = self.name(at);
        let names: BTreeSet<&str> = actors
            .flat_map(|actor| {
                actor.names.iter().map(|name| name.name.as_str()).chain([actor.name.as_str()])
            })
            .filter(|name| *name != main)
            .collect();
        names.into_iter().take(NAMES).map(str::to_owned).collect()
    }

    fn linked(&self, at: usize) -> Vec<Linked> {
        let actors = &self.case.knowledge.actors;
        let link = |member: usize| {
            let claims = self.case.said_to_be_one(at, member).iter();
            let why: Vec<String> =
                claims.map(|claim| format!("{}: {}", claim.source, claim.why)).collect();
            Linked {
                id: actors[member].id.clone(),
                name: actors[member].name.clone(),
                weight: alias(self.case, at, member),
                why: why.join("; "),
            }
        };
        self.members(at).skip(1).map(link).collect()
    }

    /// Whom a false flag would point to, and what would be left.
    fn false_flag(&self) -> Option<FalseFlag> {
        let count = self.case.candidates.len();
        let imitated = self.now.imitated?;
        let mut left: Vec<usize> = (0..=count).filter(|at| self.case.is_listed(*at)).collect();
        let forged = &self.now.forged;
        left.sort_by(|one, other| forged[*other].total_cmp(&forged[*one]));
        let remains: Vec<(String, f64)> =
            left.iter().take(3).map(|at| (self.id(*at), forged[*at])).collect();
        let says = format!(
            "what is cheap to forge points most to {}; if it was planted, the probability of {} \
             would be {} instead of {} per cent",
            self.name(imitated),
            self.name(imitated),
            percent(forged[imitated]),
            percent(self.now.of(imitated))
        );
        Some(FalseFlag { imitated: self.name(imitated), remains, says })
    }

    /// What the answer cannot say.
    fn limits(&self, hypotheses: &[Hypothesis], states: &[StateHypothesis]) -> Vec<String> {
        let mut limits = Vec::new();
        if !hypotheses.iter().any(|it| it.is_tangible) {
            limits.push(
                "nothing tangible supports any hypothesis: likeness of techniques and software is a \
                 lead, not proof, and no band above roughly even chance is published"
                    .to_owned(),
            );
        }
        let (techniques, software) =
            (!self.case.techniques.is_empty(), !self.case.software.is_empty());
        if techniques && !software {
            limits.push(TECHNIQUES_ALONE.to_owned());
        } else if software {
            limits.push(WITH_SOFTWARE.to_owned());
        }
        let seen = self.case.techniques.len();
        if techniques && seen < MEASURED_FROM {
            limits.push(format!(
                "techniques known to the base: {seen}; what likeness is worth was measured on reports \
                 with {MEASURED_FROM} or more, and on fewer its probabilities are too sure of themselves"
            ));
        }
        let actors = self.case.candidates.len();
        let without = (0..actors)
            .filter(|at| self.case.is_listed(*at))
            .filter(|at| *at >= self.case.profiles.actors || !self.case.profiles.has_profile(*at))
            .count();
        if without > 0 {
            limits.push(format!(
                "actors of whom the base does not say what they used, so that likeness cannot find \
                 them: {without}"
            ));
        }
        let unasked: Vec<&str> = Channel::ALL
            .iter()
            .filter(|channel| !self.looked_at.contains(channel))
            .map(|channel| channel.as_str())
            .collect();
        if !unasked.is_empty() {
            limits.push(format!("nobody looked at: {}", unasked.join(", ")));
        }
        limits.extend(states.iter().filter_map(|state| about_others(state, hypotheses)));
        let (parts, all) = (self.parts.len(), self.case.parts());
        if parts < all {
            limits.push(format!(
                "of {all} parts of the evidence {parts} were taken away one by one: reasons, matrix \
                 and sensitivity leave out the rest, the probabilities do not"
            ));
        }
        limits
    }
}

/// In per cent: never none, and never all.
fn percent(probability: f64) -> String {
    match probability * 100.0 {
        percent if percent < 0.1 => "less than 0.1".to_owned(),
        percent if percent > 99.9 => "more than 99.9".to_owned(),
        percent => format!("{percent:.1}"),
    }
}

/// The least number of techniques in the reports that the weights of likeness were
/// fitted and measured on.
const MEASURED_FROM: usize = 5;

/// That what is reached of a state is about groups of whom it may not be said that
/// the campaign is theirs.
fn about_others(state: &StateHypothesis, hypotheses: &[Hypothesis]) -> Option<String> {
    let chain = state.chain.as_ref()?;
    let holding = chain.chains.iter().filter(|chain| chain.holds());
    let groups: BTreeSet<&str> = holding.filter_map(|chain| chain.group.as_deref()).collect();
    let may_be_said =
        |it: &Hypothesis| groups.contains(it.id.as_str()) && it.band > Band::RoughlyEven;
    let is_reached = chain.step.is_some() || !chain.links.is_empty();
    if !is_reached || groups.is_empty() || hypotheses.iter().any(may_be_said) {
        return None;
    }
    let groups: Vec<&str> = groups.into_iter().take(5).collect();
    Some(format!(
        "what items reach of {} is about {}, and that this campaign is theirs is at most a roughly \
         even chance: it says nothing of who answers for this campaign until that is shown",
        state.state,
        groups.join(", ")
    ))
}

/// Measured by `cargo xtask evaluate attribution` on ATT&CK 18.1.
const TECHNIQUES_ALONE: &str = "techniques alone: on past reports the first actor was the reported one \
    in 4 of 10, in 2 of 10 where profiles end before the report; four planted techniques put another \
    actor first in 6 of 10; a known actor is hardly told from an unknown one";
const WITH_SOFTWARE: &str = "techniques and software: on past reports the first actor was the reported \
    one in 6 of 10, in 3 of 10 where profiles end before the report; four planted techniques put \
    another actor first in 1 to 2 of 10";

/// The channels in which anybody looked.
fn looked_at(case: &Prepared<'_>, question: &Question) -> BTreeSet<Channel> {
    let mut channels = question.looked_at.clone();
    channels.extend(case.items.iter().map(|item| item.channel));
    if !question.observed.techniques.is_empty() {
        channels.insert(Channel::Techniques);
    }
    if !question.observed.software.is_empty() {
        channels.insert(Channel::Software);
    }
    channels
}

/// Where knowledge comes from, with how much of it.
fn used(knowledge: &Knowledge) -> Vec<KnowledgeUsed> {
    let mut actors: BTreeMap<u32, u64> = BTreeMap::new();
    for actor in &knowledge.actors {
        *actors.entry(actor.origin).or_default() += 1;
    }
    let origin = |(at, origin): (u32, &Origin)| KnowledgeUsed {
        name: origin.name.clone(),
        version: origin.version.clone(),
        actors: actors.get(&at).copied().unwrap_or_default(),
        notice: origin.notice.clone(),
    };
    (0..).zip(&knowledge.origins).map(origin).collect()
}

/// What was weighed: what was observed, then the items.
fn weighed(case: &Prepared<'_>, observed: &Observed) -> Vec<ItemWeighed> {
    let profiled = case.profiles.profiled.max(1) as f64;
    let findings = case.findings(observed);
    let seen = |channel: Channel, at: u32, id: &str| {
        let kind = match channel {
            Channel::Software => &case.profiles.software,
            _ => &case.profiles.techniques,
        };
        ItemWeighed {
            id: id.to_owned(),
            channel,
            says: format!("{id} {} was used", case.names.get(id).copied().unwrap_or_default()),
            source: "observed".to_owned(),
            date: observed.when.map(|when| when.to_string()),
            grade: None,
            forgery: Forgery::Cheap,
            prevalence: Some(kind.actors[at as usize].len() as f64 / profiled),
            citations: Vec::new(),
            findings: findings.get(id).cloned().unwrap_or_default(),
            is_tangible: false,
        }
    };
    let techniques = case.techniques.iter().map(|(at, id)| seen(Channel::Techniques, *at, id));
    let software = case.software.iter().map(|(at, id)| seen(Channel::Software, *at, id));
    techniques.chain(software).chain(case.items.iter().map(ItemWeighed::of)).collect()
}
