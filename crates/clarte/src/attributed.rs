//! The terminal view of who answers for it: what may be said first, then why,
//! what speaks against it, what would change it, and what it cannot say.
//!
//! Texts come from evidence, intelligence and items: all are made harmless.
//! English alone so far.

mod layout;

use std::collections::BTreeMap;

use clarte_attribution::StateAnswer;
use clarte_attribution::answer::{
    Answer, Hypothesis, HypothesisKind, ItemWeighed, Reason, StateHypothesis,
};
use clarte_case::Attributed;

use crate::summary::harmless;

use layout::{Page, cut, or_none, percent, ratio};

/// Of how many hypotheses the reasons are shown, and how many reasons each way.
const REASONED: usize = 3;
const REASONS: usize = 5;

/// How many states, changes, wishes and leftovers are shown; the rest is counted.
const LISTED: usize = 5;

/// How many hypotheses of a list in passing are named.
const NAMED: usize = 3;

/// The view, with a table of the `top` likeliest.
pub(crate) fn text(done: &Attributed, top: usize) -> String {
    let answer = &done.answer;
    let mut page = Page::new();
    page.verdict(answer);
    page.table(answer, top.max(1));
    let items: BTreeMap<&str, &ItemWeighed> =
        answer.items.iter().map(|item| (item.id.as_str(), item)).collect();
    for hypothesis in answer.hypotheses.iter().take(REASONED.min(top.max(1))) {
        page.reasons(hypothesis, &items);
    }
    page.one_voice(answer, &items);
    page.false_flag(answer);
    page.entities(answer);
    page.states(answer);
    page.sensitivity(answer);
    page.would_decide(answer);
    page.limits(answer);
    page.sources(done);
    page.out
}

impl Page {
    /// What may be published, in one sentence, and that resemblance is a lead.
    fn verdict(&mut self, answer: &Answer) {
        self.heading(&format!("Who answers for it: {}", sentence(answer)));
        let reminder = "Resemblance of techniques is a lead, not proof. Proof lies in tangible \
                        links: infrastructure, code, accounts, statements of good sources.";
        self.paragraph("  ", reminder);
    }

    fn table(&mut self, answer: &Answer, top: usize) {
        // Unknown and false flag are always in sight.
        let is_other = |one: &Hypothesis| {
            matches!(one.kind, HypothesisKind::Unknown | HypothesisKind::FalseFlag)
        };
        let ranked = answer.hypotheses.iter().enumerate();
        let shown: Vec<&Hypothesis> =
            ranked.filter(|(at, one)| *at < top || is_other(one)).map(|(_, one)| one).collect();
        if shown.is_empty() {
            return;
        }
        let names: Vec<String> = shown.iter().map(|one| cut(&name(one), self.width / 3)).collect();
        let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max(10);
        self.heading(&format!(
            "{:<longest$}  {:<19}  {:>5}  {:<16}  {}",
            "Hypothesis", "may be published as", "raw", "90 % interval", "confidence"
        ));
        for (one, name) in shown.iter().zip(&names) {
            let [low, high] = one.interval.map(percent);
            let interval = format!("{low} to {high}");
            let tangible = if one.is_tangible { "  tangible" } else { "" };
            self.line(&format!(
                "{name:<longest$}  {:<19}  {:>5}  {interval:<16}  {}{tangible}",
                one.band.to_string(),
                percent(one.probability),
                one.confidence
            ));
        }
        let left = answer.hypotheses.len() - shown.len();
        if left > 0 {
            let rest: f64 = 1.0 - shown.iter().map(|one| one.probability).sum::<f64>();
            let rest = rest.max(0.0);
            self.line(&format!("and {left} more, together {}", percent(rest)));
        }
    }

    fn reasons(&mut self, one: &Hypothesis, items: &BTreeMap<&str, &ItemWeighed>) {
        self.heading(&name(one));
        for linked in one.linked.iter().take(NAMED) {
            let said = format!(
                "said to be the same as {} ({}): {}",
                harmless(&linked.name),
                harmless(&linked.id),
                harmless(&linked.why)
            );
            self.paragraph("  ", &said);
        }
        if !one.names.is_empty() {
            const NAMES: usize = 8;
            let names: Vec<_> = one.names.iter().take(NAMES).map(|name| harmless(name)).collect();
            let dots = if one.names.len() > NAMES { ", …" } else { "" };
            self.paragraph("  ", &format!("also called {}{dots}", names.join(", ")));
        }
        self.way("for", &one.r#for, items);
        self.way("against", &one.against, items);
        let because: Vec<_> = one.confidence_because.iter().map(|why| harmless(why)).collect();
        let text = match because.join("; ") {
            because if because.is_empty() => return,
            because if self.because == because => {
                format!("confidence {}: as above", one.confidence)
            }
            because => {
                self.because.clone_from(&because);
                format!("confidence {}: {because}", one.confidence)
            }
        };
        self.paragraph("  ", &text);
    }

    /// The reasons one way, the strongest first.
    fn way(&mut self, way: &str, reasons: &[Reason], items: &BTreeMap<&str, &ItemWeighed>) {
        for (at, reason) in reasons.iter().take(REASONS).enumerate() {
            let item = items.get(reason.item.as_str());
            let grade = item.and_then(|item| item.grade).map(|grade| grade.to_string());
            let word = if at == 0 { way } else { "" };
            let head = format!(
                "  {word:<8}{:>7} {:<2}  ",
                ratio(reason.weight),
                grade.unwrap_or_default()
            );
            let tangible = item.is_some_and(|item| item.is_tangible);
            let source =
                item.map(|item| item.source.as_str()).filter(|source| *source != "observed");
            let source = source.map(|source| format!(", {}", harmless(source)));
            let text = format!(
                "{} ({}{}{})",
                harmless(&reason.says),
                reason.channel.as_str(),
                source.unwrap_or_default(),
                if tangible { ", tangible" } else { "" }
            );
            self.paragraph(&head, &text);
        }
        self.more(reasons.len(), REASONS);
    }

    fn one_voice(&mut self, answer: &Answer, items: &BTreeMap<&str, &ItemWeighed>) {
        let several = answer.dependence.iter().filter(|voice| voice.items.len() > 1);
        let several: Vec<_> = several.collect();
        if several.is_empty() && answer.circular.is_empty() {
            return;
        }
        self.heading("Counted once");
        for voice in several.iter().take(LISTED) {
            let says = voice.items.iter().take(LISTED).map(|id| match items.get(id.as_str()) {
                Some(item) => format!("\"{}\"", cut(&harmless(&item.says), self.width / 2)),
                None => harmless(id),
            });
            let says = says.collect::<Vec<_>>().join(", ");
            let why: Vec<_> = voice.why.iter().take(LISTED).map(|why| harmless(why)).collect();
            let text = format!("{} items ({says}): {}", voice.items.len(), why.join("; "));
            self.paragraph("  ", &text);
        }
        self.more(several.len(), LISTED);
        for circle in answer.circular.iter().take(LISTED) {
            let why: Vec<_> = circle.why.iter().map(|why| harmless(why)).collect();
            self.paragraph("  ", &format!("from {}: {}", harmless(&circle.origin), why.join("; ")));
        }
        self.more(answer.circular.len(), LISTED);
    }

    fn false_flag(&mut self, answer: &Answer) {
        let Some(flag) = &answer.false_flag else { return };
        self.heading("If it were a false flag");
        self.paragraph("  ", &harmless(&flag.says));
        let remains = flag.remains.iter().take(NAMED);
        let remains: Vec<_> = remains
            .map(|(id, probability)| format!("{} {}", called(answer, id), percent(*probability)))
            .collect();
        if !remains.is_empty() {
            let text = format!("without what is cheap to forge: {}", remains.join(", "));
            self.paragraph("  ", &text);
        }
    }

    fn entities(&mut self, answer: &Answer) {
        if answer.entities.is_empty() {
            return;
        }
        self.heading("Units and contractors that items name (a question of its own)");
        for entity in answer.entities.iter().take(LISTED) {
            let groups: Vec<_> = entity.groups.iter().map(|group| harmless(group)).collect();
            let states: Vec<_> = entity.states.iter().map(|state| harmless(state)).collect();
            let text = format!(
                "{}: groups {}; states {}",
                harmless(&entity.name),
                or_none(&groups),
                or_none(&states)
            );
            self.paragraph("  ", &text);
        }
        self.more(answer.entities.len(), LISTED);
    }

    fn states(&mut self, answer: &Answer) {
        if answer.states.is_empty() {
            return;
        }
        self.heading(
            "States (a question of its own; that a group is said to belong proves no link)",
        );
        for state in answer.states.iter().take(LISTED) {
            self.state(answer, state);
        }
        self.more(answer.states.len(), LISTED);
        if !answer.states.iter().any(is_shown) {
            let text = "No item speaks to what ties a group to a state: no step of the spectrum of \
                        responsibility and no link in law (ARSIWA 4, 5, 8, 11, due diligence) is \
                        reached for any of them. The weakest link is the tie in law itself:";
            let closes = answer.states.iter().filter_map(|state| state.chain.as_ref()).next();
            let closes = closes.map(|chain| harmless(&chain.weakest.closes)).unwrap_or_default();
            self.paragraph("  ", &format!("{text} {closes} would close it."));
        }
    }

    fn state(&mut self, answer: &Answer, state: &StateHypothesis) {
        let by: BTreeMap<&str, ()> =
            state.said.iter().map(|said| (said.source.as_str(), ())).collect();
        let by: Vec<_> = by.keys().take(NAMED).map(|source| harmless(source)).collect();
        let mut of: Vec<&str> = Vec::new();
        for said in &state.said {
            if !of.contains(&said.group.as_str()) && of.len() < NAMED {
                of.push(&said.group);
            }
        }
        let of: Vec<_> = of.into_iter().map(|id| called(answer, id)).collect();
        let said = match state.said.is_empty() {
            true => "named by items alone".to_owned(),
            false => format!("said to be behind {} (says {})", of.join(", "), by.join("; ")),
        };
        let contradicted: Vec<_> =
            state.contradicted_by.iter().map(|code| harmless(code)).collect();
        let others = match contradicted.is_empty() {
            true => String::new(),
            false => format!("; others say {}", contradicted.join(", ")),
        };
        let head = format!("  {:<3} {:>5}  ", harmless(&state.state), percent(state.probability));
        self.paragraph(&head, &format!("{}; {said}{others}", state.band));
        let Some(chain) = state.chain.as_ref().filter(|_| is_shown(state)) else { return };
        let indent = " ".repeat(head.chars().count());
        let step = chain.step.map(|step| format!("the items reach: {}", step.meaning()));
        let links = chain.links.iter().map(|link| link.meaning().to_owned());
        for text in step.into_iter().chain(links) {
            self.paragraph(&indent, &text);
        }
        if chain.step.is_none() && chain.links.is_empty() {
            self.paragraph(
                &indent,
                "the items reach no link in law (ARSIWA 4, 5, 8, 11, due diligence)",
            );
        }
        let weakest = &chain.weakest;
        let text = format!(
            "weakest link: {} ({}{}); {} would close it",
            harmless(&weakest.what),
            weakest.support.as_str(),
            if weakest.is_contested { ", contested" } else { "" },
            harmless(&weakest.closes)
        );
        self.paragraph(&indent, &text);
    }

    fn sensitivity(&mut self, answer: &Answer) {
        let telling = answer.sensitivity.iter().filter(|one| one.changes_order || one.changes_band);
        let telling: Vec<_> = telling.collect();
        self.heading("What changes it");
        let now = answer.hypotheses.first().map(|first| called(answer, &first.id));
        let now = now.unwrap_or_default();
        if telling.is_empty() {
            self.line("  no single item or source, left out, changes the order or a band");
        }
        for change in telling.iter().take(LISTED) {
            let first = match change.changes_order {
                true => format!("{} comes first; ", called(answer, &change.first)),
                false => String::new(),
            };
            let what = left_out(&change.without, &change.says);
            let text = format!(
                "without {what}: {first}{now} at {}, {}",
                percent(change.probability),
                change.band
            );
            self.paragraph("  ", &text);
        }
        self.more(telling.len(), LISTED);
    }

    fn would_decide(&mut self, answer: &Answer) {
        if answer.would_decide.is_empty() {
            return;
        }
        self.heading("What would decide");
        for wanted in answer.would_decide.iter().take(LISTED) {
            let moves = wanted.moves.map(|moves| format!(" (up to {})", ratio(moves.abs())));
            let text = format!("{}{}", harmless(&wanted.what), moves.unwrap_or_default());
            self.paragraph(&format!("  {:<15} ", wanted.channel.as_str()), &text);
        }
        self.more(answer.would_decide.len(), LISTED);
    }

    fn limits(&mut self, answer: &Answer) {
        self.heading("What this cannot say");
        for limit in &answer.limits {
            self.paragraph("  - ", &harmless(limit));
        }
        for left in answer.not_used.iter().take(LISTED) {
            let text = format!("{} was not used: {}", harmless(&left.what), harmless(&left.why));
            self.paragraph("  - ", &text);
        }
        self.more(answer.not_used.len(), LISTED);
    }

    /// Where knowledge comes from, with the notices that licences ask for.
    fn sources(&mut self, done: &Attributed) {
        self.heading("From");
        for source in &done.answer.knowledge {
            let version = source.version.as_deref().map(|version| format!(" {version}"));
            let notice = source.notice.as_deref().map(|notice| format!(". {notice}"));
            let actors = match source.actors {
                0 => String::new(),
                actors => format!(": {actors} actors and clusters"),
            };
            let version = version.unwrap_or_default();
            let text = format!("{}{version}{actors}{}", source.name, notice.unwrap_or_default());
            self.paragraph("  ", &harmless(&text));
        }
        match &done.path {
            Some(path) => self.line(&format!("  The whole answer: {}", path.display())),
            None => self.line("  The whole answer: --json"),
        }
    }
}

/// Whether items speak to a state: what sources of knowledge say is told anyway.
fn is_shown(state: &StateHypothesis) -> bool {
    let spoken = |chain: &StateAnswer| {
        let joints = chain.chains.iter().flat_map(|chain| &chain.joints);
        let mut backings = joints.map(|joint| &joint.backing);
        !chain.claims.is_empty()
            || backings.any(|backing| !backing.items.is_empty() || !backing.against.is_empty())
    };
    state.chain.as_ref().is_some_and(spoken)
}

/// What may be published of the likeliest.
fn sentence(answer: &Answer) -> String {
    let Some(first) = answer.hypotheses.first() else {
        return "nothing can be said".to_owned();
    };
    let who = match first.kind {
        HypothesisKind::FalseFlag => "somebody who wants to be taken for another".to_owned(),
        _ => name(first),
    };
    let at_most = if first.raw_band > first.band { "at most " } else { "" };
    let why = match first.is_tangible {
        true => "with a tangible link",
        false => "no tangible link",
    };
    let only = match first.kind {
        HypothesisKind::Actor | HypothesisKind::Cluster if !first.is_tangible => {
            let is_habit = |reason: &Reason| {
                use clarte_attribution::Channel::{Software, Techniques};
                matches!(reason.channel, Software | Techniques)
            };
            if first.r#for.iter().all(is_habit) { "resemblance only, " } else { "" }
        }
        _ => "",
    };
    format!("{who}: {at_most}{}; {only}{why}; confidence {}", first.band, first.confidence)
}

/// What falls away, as people call it: ids that are hashes say nothing to them.
fn left_out(without: &str, says: &str) -> String {
    if let Some(source) = without.strip_prefix("source: ") {
        return format!("all that {} says", harmless(source));
    }
    match (without, says) {
        (without, "") => harmless(without),
        (without, says) if without.starts_with("i-") || says.contains(without) => {
            format!("\"{}\"", harmless(says))
        }
        (without, says) => format!("{} (\"{}\")", harmless(without), harmless(says)),
    }
}

/// A hypothesis by its name and id.
fn name(one: &Hypothesis) -> String {
    match one.kind {
        HypothesisKind::Unknown => "an actor not in the base".to_owned(),
        HypothesisKind::FalseFlag => "a false flag".to_owned(),
        _ if one.name == one.id => harmless(&one.id),
        _ => format!("{} ({})", harmless(&one.name), harmless(&one.id)),
    }
}

/// The name of the hypothesis with an id.
fn called(answer: &Answer, id: &str) -> String {
    let known = answer.hypotheses.iter().find(|one| one.id == id);
    match known.map(|one| one.kind) {
        Some(HypothesisKind::Actor | HypothesisKind::Cluster) | None => {
            known.map_or_else(|| harmless(id), |one| harmless(&one.name))
        }
        Some(_) => known.map(name).unwrap_or_default(),
    }
}
