//! `clarte formats`: what can be read, and what it is good for.

use std::fmt::Write;
use std::process::ExitCode;

use crate::arguments::Formats;
use crate::commands;

pub(crate) fn run(arguments: &Formats) -> anyhow::Result<ExitCode> {
    let mut formats = clarte_case::formats();
    formats.sort_by_key(|format| format.name);
    let mut text = String::new();
    for format in &formats {
        if arguments.json {
            let row = serde_json::json!({
                "name": format.name,
                "what": format.what,
                "feeds": format.feeds,
                "local": format.is_local,
            });
            let _ = writeln!(text, "{row}");
            continue;
        }
        let _ = writeln!(text, "{:<14} {}", format.name, format.what);
        let _ = writeln!(text, "{:<14}   tells: {}", "", format.feeds);
        if format.is_local {
            let zone = format!("--zone {}=Europe/Brussels", format.name);
            let _ = writeln!(text, "{:<14}   where it writes local time: {zone}", "");
        }
    }
    if !arguments.json {
        text.push_str(
            "\nFormats are recognised by content. gzip, zstd, bzip2, xz, zip and tar are opened in \
             passing, in any nesting.\n",
        );
    }
    commands::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
