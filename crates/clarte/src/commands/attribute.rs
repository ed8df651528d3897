//! `clarte attribute`: who answers for it.

use std::io::{IsTerminal, Read};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use clarte_attribution::Observed;
use clarte_case::{Asked, Attributed, CaseError, Closed, OBSERVED_CAP, Remark};

use crate::arguments::{Attribute, Lang};
use crate::commands::{self, investigate};
use crate::summary::harmless;
use crate::{attributed, progress};

pub(crate) fn run(arguments: &Attribute) -> anyhow::Result<ExitCode> {
    let done = run_unguarded(arguments);
    // Failures repeat what stands in files.
    done.map_err(|failure| anyhow::anyhow!(harmless(&format!("{failure:#}"))))
}

fn run_unguarded(arguments: &Attribute) -> anyhow::Result<ExitCode> {
    let asked = Asked {
        kb: arguments.kb.clone(),
        kb_add: arguments.kb_add.clone(),
        items: arguments.items.clone(),
        unknown: arguments.unknown,
        without: arguments.without.clone(),
        grades: arguments.grade.clone(),
    };
    if arguments.lang != Lang::En && !arguments.json {
        commands::say("clarte: attribution is told in English so far");
    }
    let witness = || investigate::witness(arguments.operator.clone());
    if let (Some(case), Some(name)) = (&arguments.case, &arguments.close) {
        if name.trim().is_empty() {
            commands::say("clarte: --close: name the campaign, such as \"Spring 2021\"");
            return Ok(ExitCode::from(2));
        }
        let bar = waiting(&asked);
        let closed = clarte_case::close_campaign(case, name.trim(), &asked, witness());
        bar.finish_and_clear();
        return show_closed(&closed?, name.trim());
    }
    let (observed, remarks) = match &arguments.observed {
        None => (None, Vec::new()),
        Some(given) => match observed(given)? {
            Ok((observed, remarks)) => (Some(observed), remarks),
            Err(wrong) => {
                commands::say(&format!("clarte: --observed: {wrong}"));
                return Ok(ExitCode::from(2));
            }
        },
    };
    say_all(&remarks);
    let bar = waiting(&asked);
    let done = answer(arguments.case.as_deref(), observed, &asked, witness());
    bar.finish_and_clear();
    let done = done?;
    say_all(&done.remarks);
    if done.is_stale {
        commands::say(
            "clarte: the case's evidence or intelligence has changed since its answer was drawn: \
             run `clarte investigate --case` first, then this again",
        );
    }
    if arguments.json {
        commands::print(&format!("{}\n", serde_json::to_string_pretty(&done.answer)?))?;
    } else {
        commands::print(&attributed::text(&done, arguments.top))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn answer(
    case: Option<&Path>,
    observed: Option<Observed>,
    asked: &Asked,
    witness: clarte_custody::Witness,
) -> Result<Attributed, CaseError> {
    match (case, observed) {
        (Some(case), _) => clarte_case::attribute_case(case, asked, witness),
        (None, observed) => clarte_case::attribute_observed(observed.unwrap_or_default(), asked),
    }
}

/// What was observed: a text that begins as JSON does, standard input or a file.
/// A text on the command line that is no such JSON is a mistake of usage; a file
/// that is none could not be read.
fn observed(given: &Path) -> anyhow::Result<Result<(Observed, Vec<Remark>), String>> {
    let text = given.to_str().unwrap_or_default();
    if text.trim_start().starts_with('{') {
        let read = clarte_case::read_observed("--observed", text.as_bytes());
        return Ok(read.map_err(|cause| format!("it is no JSON object: {cause}")));
    }
    let (name, mut reader): (_, Box<dyn Read>) = if text == "-" {
        anyhow::ensure!(
            !std::io::stdin().is_terminal(),
            "standard input is a terminal: give it JSON, such as {{\"techniques\": [\"T1566.002\"]}}"
        );
        ("standard input".to_owned(), Box::new(std::io::stdin()))
    } else {
        anyhow::ensure!(given.exists(), "{} does not exist", given.display());
        let file = clarte_custody::open_read_only(given)?;
        (given.display().to_string(), Box::new(file))
    };
    let mut bytes = Vec::new();
    reader
        .by_ref()
        .take(OBSERVED_CAP as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {name}"))?;
    anyhow::ensure!(bytes.len() <= OBSERVED_CAP, "{name} has more than {OBSERVED_CAP} bytes");
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let read = clarte_case::read_observed(&name, bytes);
    Ok(Ok(read.with_context(|| format!("{name} is no JSON object of what was observed"))?))
}

/// From how many bytes of knowledge on a sign of life is shown.
const LARGE: u64 = 8 << 20;

fn waiting(asked: &Asked) -> indicatif::ProgressBar {
    let sizes = asked.kb.iter().chain(&asked.kb_add);
    let sizes = sizes.filter_map(|path| std::fs::metadata(path).ok());
    if sizes.map(|file| file.len()).sum::<u64>() < LARGE {
        return indicatif::ProgressBar::hidden();
    }
    progress::waiting("reading what is known of actors")
}

/// How many remarks are told one by one.
const TOLD: usize = 10;

/// Tells what could not be used, a line each.
fn say_all(remarks: &[Remark]) {
    for remark in remarks.iter().take(TOLD) {
        commands::say(&format!("clarte: {}", harmless(&remark.to_string())));
    }
    if let Some(left) = remarks.len().checked_sub(TOLD).filter(|left| *left > 0) {
        commands::say(&format!("clarte: and {left} more"));
    }
}

fn show_closed(closed: &Closed, name: &str) -> anyhow::Result<ExitCode> {
    say_all(&closed.remarks);
    if closed.is_stale {
        commands::say(
            "clarte: the case has changed since its answer was drawn: run `clarte investigate` \
             and close it again",
        );
    }
    let [techniques, software, indicators] = closed.counts;
    let tlp = closed.tlp.map(|tlp| format!("Marked {}: pass it on no further.\n", tlp.label()));
    commands::print(&format!(
        "{} as a cluster: {techniques} techniques, {software} pieces of software, {indicators} \
         indicators\n{}Give it to other cases: clarte attribute --case DIR --kb-add {}\n",
        harmless(name),
        tlp.unwrap_or_default(),
        closed.path.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
