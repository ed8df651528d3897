//! Pages as plain text, to be read in a terminal or printed.

use crate::page::{Block, Line, Page};

/// How wide a line is, where a word does not need more.
const WIDTH: usize = 76;

/// The page, ending in a line break.
pub(crate) fn page(page: &Page) -> String {
    let mut out = format!("{}\n{}\n", page.title, "=".repeat(page.title.chars().count()));
    for block in &page.blocks {
        out.push('\n');
        if let Block::Heading(line) = block {
            let text = joined(line);
            out.push_str(&format!("{text}\n{}\n", "-".repeat(text.chars().count().min(WIDTH))));
        } else {
            write(&mut out, block, page.lang);
        }
    }
    out
}

/// The page so that it fits on a screen: no line that only parts others but
/// one above each heading.
pub(crate) fn screen(page: &Page) -> String {
    let mut out = String::new();
    wrap(&mut out, "", &page.title);
    for block in &page.blocks {
        if let Block::Heading(line) = block {
            out.push('\n');
            wrap(&mut out, "", &joined(line));
        } else {
            write(&mut out, block, page.lang);
        }
    }
    out
}

fn write(out: &mut String, block: &Block, lang: &str) {
    match block {
        Block::Heading(line) => wrap(out, "", &joined(line)),
        Block::Text(text) | Block::Small(text) => wrap(out, "", text),
        Block::Warning(text) => wrap(out, "!! ", text),
        Block::Fields(fields) => {
            for (label, line) in fields {
                // French parts its colon from the word.
                let colon = if lang == "fr" { "\u{202f}: " } else { ": " };
                wrap(out, "", &format!("{label}{colon}{}", joined(line)));
            }
        }
        Block::Items(lines) => lines.iter().for_each(|line| wrap(out, "- ", &joined(line))),
        Block::Steps(steps) => {
            for (at, step) in steps.iter().enumerate() {
                wrap(out, &format!("{}. ", at + 1), step);
            }
        }
    }
}

fn joined(line: &Line) -> String {
    line.iter().map(|run| run.text()).collect()
}

/// Breaks a text at spaces; lines after the first stand under its first word.
fn wrap(out: &mut String, mark: &str, text: &str) {
    let indent = mark.chars().count();
    out.push_str(mark);
    let mut column = indent;
    for (at, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if at > 0 && column + 1 + length > WIDTH {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else if at > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_broken_at_spaces_and_no_word_is_lost() {
        let mut out = String::new();
        let text = "word ".repeat(40) + &"x".repeat(100);
        wrap(&mut out, "1. ", &text);
        let lines: Vec<_> = out.lines().collect();
        assert!(lines[0].starts_with("1. word") && lines[1].starts_with("   word"));
        assert!(lines.iter().all(|line| line.len() <= WIDTH || line.trim().len() == 100));
        assert_eq!(out.split_whitespace().count(), 42);
    }
}
