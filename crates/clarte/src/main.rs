//! The command. Reads its arguments, hands them to a command, and turns what
//! comes back into an exit status:
//!
//! 0 done; 1 done with findings (`check`); 2 usage; 3 nothing could be read or a named path is missing;
//! 4 verification failed.

mod arguments;
mod attributed;
mod commands;
mod mappings;
mod message;
mod offline;
mod progress;
mod summary;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Demo(arguments) => commands::demo::run(&arguments),
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Investigate(arguments) => commands::investigate::run(&arguments),
        Command::Attribute(arguments) => commands::attribute::run(&arguments),
        Command::Dossier(arguments) => commands::dossier::run(&arguments),
        Command::Formats(arguments) => commands::formats::run(&arguments),
        Command::Query(arguments) => commands::query::run(&arguments),
        Command::Tables(arguments) => commands::tables::run(&arguments),
        Command::Schema(arguments) => commands::schema::run(&arguments),
        Command::Verify(arguments) => commands::verify::run(&arguments),
    };
    match done {
        Ok(status) => status,
        Err(failure) => {
            commands::say(&format!("clarte: {failure:#}"));
            ExitCode::from(3)
        }
    }
}
