//! What a comparison found: one table, with what was measured and how.

use std::fmt;

use serde_json::{Map, Value, json};

use super::cell::Cell;

/// A line of a table: every line of one report has the same columns.
pub(super) type Row = Vec<(&'static str, Cell)>;

/// The outcome of one comparison.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) name: &'static str,
    /// What the numbers are, and what they do not say.
    pub(super) measured: String,
    /// The command lines, of one run each.
    pub(super) commands: Vec<String>,
    pub(super) rows: Vec<Row>,
    /// Answers that should be equal and are not.
    pub(super) unequal: Vec<String>,
}

impl Report {
    /// A report without lines.
    pub(super) fn new(name: &'static str, measured: impl Into<String>) -> Self {
        Self {
            name,
            measured: measured.into(),
            commands: Vec::new(),
            rows: Vec::new(),
            unequal: Vec::new(),
        }
    }

    /// As programs read it.
    pub(super) fn json(&self) -> Value {
        let row = |row: &Row| -> Map<String, Value> {
            row.iter().map(|(name, cell)| ((*name).to_owned(), cell.json())).collect()
        };
        json!({
            "name": self.name,
            "measured": self.measured,
            "commands": self.commands,
            "rows": self.rows.iter().map(row).collect::<Vec<_>>(),
            "unequal": self.unequal,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n== {}\n{}\n", self.name, self.measured)?;
        for line in aligned(&self.rows) {
            writeln!(f, "{line}")?;
        }
        writeln!(f)?;
        for command in &self.commands {
            writeln!(f, "  $ {command}")?;
        }
        for problem in &self.unequal {
            writeln!(f, "  NOT EQUAL: {problem}")?;
        }
        Ok(())
    }
}

/// The rows under their headings, each column as wide as its widest value.
fn aligned(rows: &[Row]) -> Vec<String> {
    let Some(first) = rows.first() else { return Vec::new() };
    let headings = first.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut lines: Vec<Vec<String>> = vec![headings];
    lines.extend(rows.iter().map(|row| row.iter().map(|(_, cell)| cell.to_string()).collect()));
    let width = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|text| text.chars().count()).max()
    };
    let widths: Vec<usize> = (0..first.len()).map(|column| width(column).unwrap_or(0)).collect();
    let line = |texts: &Vec<String>| {
        let padded = texts.iter().zip(&widths).map(|(text, width)| format!("{text:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    lines.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::{Cell, Report};

    #[test]
    fn prints_one_aligned_table() {
        let mut report = Report::new("bread", "How much.");
        report.rows = vec![
            vec![("kind", Cell::text("rye")), ("loaves", Cell::Count(1200))],
            vec![("kind", Cell::text("sourdough")), ("loaves", Cell::None)],
        ];
        report.commands = vec!["bake --all".to_owned()];
        let text = "\n== bread\nHow much.\n\nkind       loaves\nrye        1200\nsourdough  -\n\n  $ bake --all\n";
        assert_eq!(report.to_string(), text);
        assert_eq!(report.json()["rows"][0]["loaves"], 1200);
    }
}
