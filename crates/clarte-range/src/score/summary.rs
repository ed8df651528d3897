//! The score in plain English.

use crate::truth::RUNGS;

use super::{Amount, Exfiltration, RungScore, Score};

/// At most twenty lines.
pub(super) fn of(score: &Score) -> String {
    let mut lines = Vec::new();
    let victims = &score.victims;
    let all = victims.found + victims.missed.len() + victims.missed_beyond_proof.len();
    lines.push(format!(
        "Victims: {} of {all} found{}.",
        victims.found,
        some("missed", &victims.missed)
    ));
    lines.push(format!("Must be right: {}.", none("person invented", &victims.invented)));
    for name in RUNGS {
        lines.extend(score.rungs.get(name).map(|rung| of_rung(name, rung)));
    }
    let over: Vec<String> = score
        .rungs
        .iter()
        .flat_map(|(name, rung)| rung.overclaimed.iter().map(move |who| format!("{who} {name}")))
        .collect();
    lines.push(format!("Must be right: {}.", none("rung overclaimed", &over)));
    let infra = &score.infrastructure;
    lines.push(format!(
        "Infrastructure: {} found, {} missed; {}.",
        infra.found,
        infra.missed.len(),
        none("value invented", &infra.invented)
    ));
    lines.push(format!(
        "Duration: first act {}, last act {}.",
        off(score.first_activity_off),
        off(score.last_activity_off)
    ));
    let gaps = score.gaps_found + score.gaps_missed;
    lines.push(format!("Log gaps: {} of {gaps} reported.", score.gaps_found));
    let said = score.coverage_found + score.coverage_missed.len();
    if said > 0 || !score.coverage_invented.is_empty() {
        lines.push(format!(
            "What the evidence says it lacks: {} of {said} reported; {}.",
            score.coverage_found,
            none("statement invented", &score.coverage_invented)
        ));
    }
    lines.push(of_exfiltration(&score.exfiltration));
    let cited = &score.citations;
    lines.push(format!(
        "Citations: {} of {} claimed rungs shown by the bytes they cite; {} of {} spans hold a \
         token, host, message id or address; {} unreadable.",
        cited.rungs_shown,
        cited.rungs,
        cited.spans_holding,
        cited.spans,
        cited.unreadable.len()
    ));
    lines.join("\n")
}

fn of_exfiltration(told: &Exfiltration) -> String {
    let verdict = told.verdict.as_deref().unwrap_or("not given");
    let right = if told.verdict_is_right {
        "right".to_owned()
    } else {
        format!("should be {}", told.right.join(" or "))
    };
    let amount = |amount: &Amount, what: &str| {
        let ceiling =
            amount.ceiling.map_or_else(|| "unbounded".to_owned(), |most| most.to_string());
        let right = if amount.is_bracketed { "" } else { "NOT " };
        format!("{what} {} to {ceiling}, {right}around the true {}", amount.floor, amount.tied)
    };
    format!(
        "Exfiltration: verdict {verdict} ({right}); {}; {}; {}.",
        amount(&told.bytes, "bytes"),
        amount(&told.items, "items"),
        none("destination invented", &told.destinations_invented)
    )
}

fn of_rung(name: &str, rung: &RungScore) -> String {
    let provable = rung.provable_found + rung.provable_missed.len();
    let mut line = format!("  {name}: {} of {provable} provable found", rung.provable_found);
    let doubtful = rung.undetermined + rung.silent.len();
    if doubtful > 0 {
        line += &format!(", {} of {doubtful} beyond proof told as undetermined", rung.undetermined);
    }
    if !rung.beyond_proof.is_empty() || rung.debatable > 0 {
        line += &format!(
            ", {} claimed beyond proof and {} debatable",
            rung.beyond_proof.len(),
            rung.debatable
        );
    }
    if rung.times.compared > rung.times.within_a_minute {
        line += &format!(", worst time off by {} s", rung.times.worst_seconds);
    }
    line + "."
}

/// `, 2 missed: a, b` or nothing; names at most three.
fn some(what: &str, names: &[String]) -> String {
    match names {
        [] => String::new(),
        _ => format!(", {} {what}: {}", names.len(), listed(names)),
    }
}

/// `no person invented` or `2 × person invented: a, b`.
fn none(what: &str, names: &[String]) -> String {
    match names {
        [] => format!("no {what}"),
        _ => format!("{} × {what}: {}", names.len(), listed(names)),
    }
}

fn listed(names: &[String]) -> String {
    let mut text = names.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > 3 {
        text += ", …";
    }
    text
}

fn off(seconds: Option<i64>) -> String {
    match seconds {
        None => "not given".to_owned(),
        Some(0) => "right".to_owned(),
        Some(seconds) => format!("off by {seconds} s"),
    }
}
