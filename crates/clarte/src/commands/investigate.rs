//! `clarte investigate`: the main job.

use std::process::ExitCode;

use anyhow::Context;
use clarte_case::{CaseError, Report, Request, Zones};
use clarte_custody::Witness;
use clarte_language::Language;

use crate::arguments::{Investigate, Output};
use crate::progress::Progress;
use crate::{commands, mappings, summary};

pub(crate) fn run(arguments: &Investigate) -> anyhow::Result<ExitCode> {
    let mut zones = Zones::default();
    for zone in &arguments.zone {
        let set = zone.split_once('=').context("it has no `=`");
        let set = set.and_then(|(source, name)| {
            let known = clarte_case::local_formats();
            anyhow::ensure!(
                known.contains(&source),
                "no format named {source} writes local time; these do: {}",
                known.join(", ")
            );
            Ok(zones.set(source, name)?)
        });
        if let Err(cause) = set {
            commands::say(&format!(
                "clarte: --zone {zone}: expected SOURCE=ZONE such as postfix=Europe/Brussels: {cause:#}"
            ));
            return Ok(ExitCode::from(2));
        }
    }
    let mappings = match mappings::read(&arguments.mapping) {
        Ok(mappings) => mappings,
        Err(wrong) => return wrong.say(),
    };
    let request = Request {
        evidence: arguments.evidence.clone(),
        intel: arguments.intel.clone(),
        people: arguments.people.clone(),
        case: arguments.case.clone(),
        zones,
        mappings,
        memory: arguments.memory,
        accept_loss: arguments.accept_loss,
    };
    let report = match investigate(&request, arguments.operator.clone()) {
        Err(cause @ CaseError::Empty(_)) => {
            commands::say(&format!("clarte: {cause}"));
            return Ok(ExitCode::from(2));
        }
        done => done?,
    };
    show(&report, &arguments.output)?;
    Ok(ExitCode::SUCCESS)
}

/// Investigates with a progress bar where there is a terminal.
pub(crate) fn investigate(
    request: &Request,
    operator: Option<String>,
) -> Result<Report, CaseError> {
    let progress = Progress::new();
    let report =
        clarte_case::investigate(request, witness(operator), &|event| progress.show(event));
    progress.finish();
    report
}

/// Prints the answer as asked.
pub(crate) fn show(report: &Report, output: &Output) -> anyhow::Result<()> {
    if output.json {
        commands::print(&format!("{}\n", serde_json::to_string_pretty(&report.extent)?))?;
    } else {
        commands::print(&summary::text(report, &Language::new(output.lang.into())))?;
    }
    if output.verbose {
        for (step, took) in &report.steps {
            commands::say(&format!("{step:<12} {:>9.2} s", took.as_secs_f64()));
        }
    }
    Ok(())
}

/// Who investigates, with what, on which machine: for the custody log.
pub(crate) fn witness(operator: Option<String>) -> Witness {
    let from = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let host = std::fs::read_to_string("/etc/hostname").ok().map(|name| name.trim().to_owned());
    let host = host.or_else(|| from("HOSTNAME")).or_else(|| from("COMPUTERNAME"));
    let user = || from("USER").or_else(|| from("USERNAME")).or_else(|| from("LOGNAME"));
    Witness {
        operator: operator.or_else(user).unwrap_or_else(|| "unknown".to_owned()),
        tool: format!("clarte {}", env!("CARGO_PKG_VERSION")),
        system: format!(
            "{} {}",
            host.unwrap_or_else(|| "unknown".to_owned()),
            std::env::consts::OS
        ),
    }
}
