//! `clarte query`: SQL over a case, for the curious.

use std::io::{BufWriter, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Context;
use clarte_case::{Form, NAMED};

use crate::arguments::Query;
use crate::commands;

pub(crate) fn run(arguments: &Query) -> anyhow::Result<ExitCode> {
    let form = match (arguments.json, arguments.csv) {
        (true, _) => Form::Json,
        (_, true) => Form::Csv,
        _ => Form::Table,
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let asked =
        clarte_case::query(&arguments.case, &arguments.sql, arguments.memory, form, &mut out);
    let answered = match asked {
        Ok(answered) => answered,
        // Whoever asked has read enough.
        Err(failure) if failure.io_kind() == Some(ErrorKind::BrokenPipe) => {
            return Ok(ExitCode::SUCCESS);
        }
        Err(failure) if failure.is_about_the_query() => {
            commands::say(&format!("clarte: {failure}"));
            if !arguments.sql.contains(char::is_whitespace) {
                let names: Vec<_> = NAMED.iter().map(|(name, ..)| *name).collect();
                commands::say(&format!("named queries: {}", names.join(", ")));
            }
            return Ok(ExitCode::from(2));
        }
        Err(failure) => return Err(failure.into()),
    };
    match out.flush() {
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        flushed => flushed.context("cannot write the rows")?,
    }
    if form == Form::Table && std::io::stderr().is_terminal() {
        commands::say(&format!("{} rows", answered.rows));
    }
    if answered.unread > 0 {
        commands::say(&format!(
            "clarte: the records of {} piece(s) of evidence are gone: the rows lack them until \
             `clarte investigate` has read them again",
            answered.unread
        ));
    }
    if !answered.is_settled {
        commands::say(
            "clarte: a run was interrupted: until the next `clarte investigate`, table observable \
             may name too much or too little",
        );
    }
    Ok(ExitCode::SUCCESS)
}
