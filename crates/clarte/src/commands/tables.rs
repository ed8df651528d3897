//! `clarte tables`: what `clarte query` can be asked about.

use std::fmt::Write;
use std::process::ExitCode;

use clarte_case::{NAMED, Table};

use crate::arguments::Tables;
use crate::commands;

pub(crate) fn run(arguments: &Tables) -> anyhow::Result<ExitCode> {
    let mut tables = clarte_case::tables();
    if let Some(name) = &arguments.table {
        let names: Vec<_> = tables.iter().map(|table| table.name).collect();
        if !names.contains(&name.as_str()) {
            commands::say(&format!("clarte: no table {name}; there are {}", names.join(", ")));
            return Ok(ExitCode::from(2));
        }
        tables.retain(|table| table.name == name);
    }
    if arguments.json {
        commands::print(&format!("{}\n", serde_json::to_string_pretty(&json(&tables))?))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = String::new();
    for table in &tables {
        let _ = writeln!(text, "{}: {}", table.name, table.meaning);
        for column in &table.columns {
            let ocsf = Some(column.ocsf).filter(|ocsf| !ocsf.is_empty());
            let ocsf = ocsf.map(|ocsf| format!(" [{ocsf}]")).unwrap_or_default();
            let (name, kind) = (column.name, column.kind);
            let _ = writeln!(text, "  {name:<30} {kind:<8} {}{ocsf}", column.meaning);
        }
        text.push('\n');
    }
    if arguments.table.is_none() {
        text.push_str("Named queries (clarte query NAME):\n");
        for (name, meaning, _) in NAMED {
            let _ = writeln!(text, "  {name:<30} {meaning}");
        }
    }
    commands::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn json(tables: &[Table]) -> serde_json::Value {
    let tables = tables.iter().map(|table| {
        let columns: Vec<_> = table
            .columns
            .iter()
            .map(|column| {
                serde_json::json!({
                    "name": column.name,
                    "type": column.kind,
                    "ocsf": column.ocsf,
                    "meaning": column.meaning,
                })
            })
            .collect();
        serde_json::json!({ "table": table.name, "meaning": table.meaning, "columns": columns })
    });
    tables.collect()
}
