//! `clarte dossier`: what is handed out.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use clap::ValueEnum;
use clarte_dossier::Document;

use crate::arguments::{Dossier, Form, Reader};
use crate::commands;

pub(crate) fn run(arguments: &Dossier) -> anyhow::Result<ExitCode> {
    if let Some(wrong) = refusal(arguments) {
        commands::say(&format!("clarte: {wrong}"));
        return Ok(ExitCode::from(2));
    }
    anyhow::ensure!(arguments.case.is_dir(), "{} does not exist", arguments.case.display());
    let facts = clarte_case::told(&arguments.case)?;
    let lang = arguments.lang.into();
    let text = match (arguments.format, &arguments.out) {
        (Form::Html, Some(folder)) => {
            let documents = clarte_dossier::html(&facts, lang);
            write_all(&documents, folder)?;
            commands::say(&format!("{} pages in {}", documents.len(), folder.display()));
            return Ok(ExitCode::SUCCESS);
        }
        (Form::Json, _) => format!("{:#}\n", clarte_dossier::json(&facts, lang)),
        _ => clarte_dossier::text(&facts, lang),
    };
    match &arguments.out {
        Some(path) => {
            fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        None => commands::print(&text)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Why what is asked for cannot be written.
fn refusal(arguments: &Dossier) -> Option<String> {
    let name = |value: Option<clap::builder::PossibleValue>| {
        value.map(|value| value.get_name().to_owned()).unwrap_or_default()
    };
    if arguments.reader != Reader::Victim {
        let reader = name(arguments.reader.to_possible_value());
        return Some(format!("--for {reader} comes later; this version writes --for victim"));
    }
    match arguments.format {
        Form::Pdf | Form::Stix => {
            let form = name(arguments.format.to_possible_value());
            Some(format!("--format {form} comes later; this version writes text, html and json"))
        }
        Form::Html if arguments.out.is_none() => {
            Some("--format html makes a page for each person: name a folder with --out".to_owned())
        }
        _ => None,
    }
}

/// Writes every page. A letter of an earlier run that nobody gets any more
/// must not be handed out: those are removed first.
fn write_all(documents: &[Document], folder: &Path) -> anyhow::Result<()> {
    let cannot = || format!("cannot write into {}", folder.display());
    fs::create_dir_all(folder).with_context(cannot)?;
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let entry = entry.with_context(cannot)?;
        if entry.file_name().to_str().is_some_and(is_letter) {
            fs::remove_file(entry.path()).with_context(cannot)?;
        }
    }
    for document in documents {
        fs::write(folder.join(&document.name), &document.content).with_context(cannot)?;
    }
    Ok(())
}

/// Whether a file bears the name that letters get.
fn is_letter(name: &str) -> bool {
    let id = name.strip_prefix("letter-").and_then(|name| name.strip_suffix(".html"));
    id.is_some_and(|id| id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
