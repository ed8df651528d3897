//! `clarte demo`: evidence with known truth, investigated and scored.

mod lures;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clarte_case::{Request, Zones};
use clarte_range::{Made, Plan};

use crate::arguments::Demo;
use crate::commands::{self, investigate};
use crate::progress;

pub(crate) fn run(arguments: &Demo) -> anyhow::Result<ExitCode> {
    if let Some(count) = arguments.lures {
        return lures::run(arguments, count);
    }
    let plan = Plan { people: arguments.people, days: arguments.days, seed: arguments.seed };
    let case = arguments.case.clone();
    let case = case.unwrap_or_else(|| PathBuf::from(format!("clarte-demo-{}", plan.seed)));
    let folder = case.join("demo");
    anyhow::ensure!(
        folder.exists() || !case.join("lake").exists(),
        "{} holds a case that is no demo: made evidence must not be mixed into it; name another folder with --case",
        case.display()
    );
    let made = make(&plan, &folder)?;
    let mut zones = Zones::default();
    for (source, zone) in &made.zones {
        zones.set(source, zone)?;
    }
    let request = Request {
        zones,
        evidence: vec![made.evidence.clone()],
        intel: vec![made.intel.clone()],
        case,
        ..Request::default()
    };
    let report = investigate::investigate(&request, Some("demo".to_owned()))?;
    investigate::show(&report, &arguments.output)?;
    let score = clarte_range::score(&made.truth, &report.path, &folder)?;
    if arguments.output.json {
        commands::say(&serde_json::to_string_pretty(&score)?);
        return Ok(ExitCode::SUCCESS);
    }
    let text = format!(
        "\nHow this compares with the truth (seed {})\n{}\n\nEvidence: {}\nTruth:    {}\nAnswer:   {}\n",
        plan.seed,
        score.summary(),
        made.evidence.display(),
        made.truth.display(),
        report.path.display(),
    );
    commands::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Makes the evidence, or takes it as it lies there if the same plan made it.
fn make(plan: &Plan, folder: &Path) -> anyhow::Result<Made> {
    let note = folder.join("plan.json");
    let text = serde_json::json!({ "people": plan.people, "days": plan.days, "seed": plan.seed });
    if folder.exists() {
        let before = std::fs::read_to_string(&note).unwrap_or_default();
        let same = serde_json::from_str::<serde_json::Value>(&before).is_ok_and(|old| old == text);
        anyhow::ensure!(
            same,
            "{} holds another or an unfinished demo: remove it or name another folder with --case",
            folder.display()
        );
        let truth = folder.join("truth.json");
        return Ok(Made {
            evidence: folder.join("evidence"),
            intel: folder.join("intel"),
            zones: clarte_range::zones(&truth)?,
            truth,
            files: 0,
            bytes: 0,
        });
    }
    let bar = progress::days();
    let made = clarte_range::make(plan, folder, &mut |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    std::fs::write(&note, format!("{text}\n"))
        .with_context(|| format!("cannot write {}", note.display()))?;
    Ok(made)
}
