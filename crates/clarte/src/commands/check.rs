//! `clarte check`: one strange message, or a mailbox.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clarte_check::{Campaigns, CheckError, Checked, Line, Request};
use clarte_detect::Surroundings;
use clarte_detect::tables::Tables;
use clarte_dossier::page::Page;
use clarte_language::Language;
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::Check;
use crate::message::{self, Extent};
use crate::{commands, offline};

/// Bytes from which on a bar is shown.
const WORTH_A_BAR: u64 = 8 << 20;

pub(crate) fn run(arguments: &Check) -> anyhow::Result<ExitCode> {
    offline::forbid_network();
    let Some(paths) = paths(arguments) else {
        commands::say(
            "clarte: which message? Name a file, such as `clarte check strange.eml`, or hand one \
             over on standard input; see `clarte check --help`",
        );
        return Ok(ExitCode::from(2));
    };
    let around = surroundings(arguments)?;
    let request = Request {
        paths,
        context: arguments.context.clone(),
        owners: arguments.me.iter().map(|address| address.to_lowercase()).collect(),
        resume: arguments.resume.clone(),
        alone: arguments.alone,
        tables: format!("{:?} {}", arguments.outlets, arguments.skip_pictures),
        threads: arguments.threads,
    };
    let language = Language::new(arguments.lang.into());
    let bar = ProgressBar::new(0).with_style(
        ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes}, {msg}, {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let progress = |progress: clarte_check::Progress| {
        // A single message is there before anybody looks.
        if progress.of < WORTH_A_BAR {
            return;
        }
        bar.set_length(progress.of);
        bar.set_position(progress.bytes);
        bar.set_message(format!("{} messages", progress.messages));
    };
    let mut found = Found { only: None, more: false, campaigns: Campaigns::default() };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut each = |line: Line| {
        if arguments.json {
            let text = message::to_json(&line, &language).to_string();
            writeln!(out, "{text}").map_err(CheckError::Write)?;
        }
        found.add(line);
        Ok(())
    };
    let checked = clarte_check::check(&request, around, &progress, &mut each);
    bar.finish_and_clear();
    let checked = match checked {
        // Whoever reads has heard enough.
        Err(CheckError::Write(cause)) if cause.kind() == std::io::ErrorKind::BrokenPipe => {
            return Ok(ExitCode::SUCCESS);
        }
        checked => checked?,
    };
    out.flush().or_else(|cause| match cause.kind() {
        std::io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(cause),
    })?;
    drop(out);
    checked.refused.iter().for_each(|(path, why)| {
        commands::say(&format!("clarte: {path} could not be opened: {why}"));
    });
    anyhow::ensure!(checked.messages > 0, "no message could be read");
    show(arguments, &found, &checked, &language)?;
    Ok(status(&checked))
}

/// What is kept for the answer.
struct Found {
    only: Option<Line>,
    more: bool,
    campaigns: Campaigns,
}

impl Found {
    fn add(&mut self, line: Line) {
        match &self.only {
            None => self.only = Some(line.clone()),
            Some(_) => self.more = true,
        }
        self.campaigns.add(line);
    }
}

/// Prints the answer, and writes the page that was asked for.
fn show(
    arguments: &Check,
    found: &Found,
    checked: &Checked,
    language: &Language,
) -> anyhow::Result<()> {
    let pages = |language: &Language, extent| match &found.only {
        Some(line) if !found.more => message::page(line, language, extent),
        _ => message::mailbox(checked, &found.campaigns.ranked(), language, extent),
    };
    if !arguments.json {
        commands::print(&coloured(&pages(language, Extent::Screen), checked))?;
    }
    if let Some(path) = &arguments.html {
        let page = pages(&Language::for_page(language.lang()), Extent::Page);
        fs::write(path, page.to_html())
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// The text, its headline in colour on a terminal.
fn coloured(page: &Page, checked: &Checked) -> String {
    let text = page.to_screen();
    let plain = !std::io::stdout().is_terminal() || std::env::var_os("NO_COLOR").is_some();
    let colour = match (checked.act_now, checked.be_careful) {
        _ if plain => return text,
        (0, 0) => "1",
        (0, _) => "1;33",
        _ => "1;31",
    };
    match text.split_once('\n') {
        Some((first, rest)) => format!("\u{1b}[{colour}m{first}\u{1b}[0m\n{rest}"),
        None => text,
    }
}

/// 1 where something deserves attention, 3 where nothing could be read.
fn status(checked: &Checked) -> ExitCode {
    if checked.act_now + checked.be_careful > 0 {
        ExitCode::from(1)
    } else if checked.unreadable == checked.messages {
        ExitCode::from(3)
    } else {
        ExitCode::SUCCESS
    }
}

/// What is judged; standard input where nothing is named and it is no
/// terminal.
fn paths(arguments: &Check) -> Option<Vec<PathBuf>> {
    if !arguments.mails.is_empty() {
        return Some(arguments.mails.clone());
    }
    (!std::io::stdin().is_terminal()).then(|| vec![Path::new("-").to_owned()])
}

/// The tables, with what was given.
fn surroundings(arguments: &Check) -> anyhow::Result<Surroundings> {
    let mut tables = Tables::shipped();
    for path in &arguments.outlets {
        let csv =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let left_out = tables.add_organisations(&csv);
        if left_out > 0 {
            commands::say(&format!(
                "clarte: {left_out} rows of {} have no kind that is known",
                path.display()
            ));
        }
    }
    let mut around = Surroundings::new(tables);
    around.look_at_pictures = !arguments.skip_pictures;
    Ok(around)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_tells_what_was_found() {
        let of = |act_now, be_careful, unreadable, messages| {
            let refused = Vec::new();
            status(&Checked { messages, act_now, be_careful, unreadable, refused })
        };
        assert_eq!(of(0, 0, 0, 3), ExitCode::SUCCESS);
        assert_eq!(of(1, 0, 0, 3), ExitCode::from(1));
        assert_eq!(of(0, 1, 2, 3), ExitCode::from(1));
        assert_eq!(of(0, 0, 3, 3), ExitCode::from(3));
    }
}
