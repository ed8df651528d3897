//! `clarte formats`: what can be read, and what it is good for.

use std::fmt::Write;
use std::process::ExitCode;

use clarte_case::{Looked, Mapping, Mappings};

use crate::arguments::Formats;
use crate::summary::harmless;
use crate::{commands, mappings};

/// How many records of a stream are shown.
const SHOWN: usize = 3;

pub(crate) fn run(arguments: &Formats) -> anyhow::Result<ExitCode> {
    let given = match mappings::read(&arguments.mapping) {
        Ok(given) => given,
        Err(wrong) => return wrong.say(),
    };
    let mut all = match &arguments.case {
        Some(case) => clarte_case::known_mappings(case)?,
        None => Mappings::default(),
    };
    given.iter().for_each(|mapping| all.insert(mapping.clone()));
    let mut text = String::new();
    if arguments.mapping.is_empty() {
        builtin(arguments.json, &mut text);
    }
    let mut all: Vec<&Mapping> = all.iter().collect();
    all.sort_by_key(|mapping| mapping.name());
    for mapping in &all {
        match arguments.json {
            true => _ = writeln!(text, "{}", json(mapping)),
            false => show(mapping, &mut text),
        }
    }
    if !arguments.json && arguments.mapping.is_empty() {
        text.push_str(
            "\nFormats are recognised by content. gzip, zstd, bzip2, xz, zip and tar are opened in \
             passing, in any nesting; so are Outlook's PST and OST (up to 2010), each folder of \
             which is a mailbox.\nAny other CSV or JSON log is read by a mapping file that says \
             which column is which field:\n`clarte investigate LOG --mapping FILE`; \
             `clarte formats --mapping FILE LOG` tries one out.\n",
        );
    }
    for path in &arguments.evidence {
        let looked = clarte_case::look(path, &given, SHOWN)?;
        looked.iter().for_each(|stream| show_looked(stream, arguments.json, &mut text));
    }
    commands::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The formats that need no mapping.
fn builtin(json: bool, text: &mut String) {
    let mut formats = clarte_case::formats();
    formats.sort_by_key(|format| format.name);
    for format in &formats {
        if json {
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
}

/// What a mapping reads.
fn show(mapping: &Mapping, text: &mut String) {
    let _ = writeln!(text, "{}", mapping.format());
    let _ = writeln!(text, "  reads what has: {}", mapping.needs().join(", "));
    if !mapping.before().is_empty() {
        let _ = writeln!(text, "  before the formats: {}", mapping.before().join(", "));
    }
    if let Some(time) = mapping.time() {
        let _ = writeln!(text, "  time from: {time}");
    }
    for kind in mapping.kinds() {
        let when = kind.when.iter().map(|(column, texts)| format!("{column} is {}", any(texts)));
        let when: Vec<_> = when.collect();
        let when = if when.is_empty() { "else".to_owned() } else { when.join(" and ") };
        let (class, source) = (kind.class.as_str(), kind.source.as_str());
        let _ = writeln!(text, "  {when}: a record of {class}, source {source}");
        for (field, from) in &kind.fields {
            let _ = writeln!(text, "    {:<30} {from}", field.as_str());
        }
    }
    let _ = writeln!(text, "  everything else: kept in unmapped");
}

fn any(texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| format!("{text:?}")).collect();
    texts.join(" or ")
}

fn json(mapping: &Mapping) -> serde_json::Value {
    let kinds = mapping.kinds().into_iter().map(|kind| {
        let fields = kind.fields.iter();
        let fields = fields.map(|(field, from)| (field.as_str().to_owned(), from.clone().into()));
        let when = kind.when.into_iter().map(|(column, texts)| (column, texts.into()));
        serde_json::json!({
            "class": kind.class.as_str(),
            "source": kind.source.as_str(),
            "when": when.collect::<serde_json::Map<_, _>>(),
            "fields": fields.collect::<serde_json::Map<_, _>>(),
        })
    });
    serde_json::json!({
        "name": mapping.format(),
        "needs": mapping.needs(),
        "before": mapping.before(),
        "time": mapping.time(),
        "records": kinds.collect::<Vec<_>>(),
    })
}

/// What became of a file that was looked at.
fn show_looked(looked: &Looked, json: bool, text: &mut String) {
    let Looked { path, format, bytes, parsed, records, faults, .. } = looked;
    let Looked { first_faults, first_records, lacks, .. } = looked;
    if json {
        let row = serde_json::json!({
            "path": path,
            "format": format,
            "bytes": bytes,
            "parsed": parsed,
            "records": records,
            "faults": faults,
            "first_faults": first_faults,
            "first_records": first_records,
            "lacks": lacks.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
        });
        let _ = writeln!(text, "{row}");
        return;
    }
    let _ = writeln!(text, "\n{}: {format}, {records} records, {faults} faults", harmless(path));
    for (mapping, lacks) in lacks {
        let lacks = if lacks.is_empty() { "its shape".to_owned() } else { lacks.join(", ") };
        let _ = writeln!(text, "  not read by {mapping}, for it lacks: {lacks}");
    }
    for fault in first_faults {
        let _ = writeln!(text, "  fault at {}", harmless(fault));
    }
    for record in first_records {
        let _ = writeln!(text, "  {}", harmless(&record.to_string()));
    }
}
