//! How the view of an attribution is set: headings, wrapped paragraphs, numbers as
//! people read them.

use crate::summary::is_styled;

pub(super) struct Page {
    pub(super) out: String,
    styled: bool,
    pub(super) width: usize,
    /// Why the confidence told last is what it is.
    pub(super) because: String,
}

impl Page {
    pub(super) fn new() -> Self {
        // The width that a shell tells, else that of the help.
        let told = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        let width = told.unwrap_or(100_usize).clamp(60, 160);
        Self { out: String::new(), styled: is_styled(), width, because: String::new() }
    }

    pub(super) fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    pub(super) fn heading(&mut self, text: &str) {
        let text = if self.styled { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
        self.line(&format!("\n{text}"));
    }

    /// A paragraph behind `head`, wrapped, its further lines below the first's
    /// text.
    pub(super) fn paragraph(&mut self, head: &str, text: &str) {
        let indent = head.chars().count();
        let room = self.width.saturating_sub(indent).max(30);
        let (mut line, mut length) = (String::new(), 0);
        let mut head = head.to_owned();
        for word in text.split_whitespace() {
            let letters = word.chars().count();
            if length > 0 && length + 1 + letters > room {
                self.line(&format!("{head}{line}"));
                head = " ".repeat(indent);
                line.clear();
                length = 0;
            }
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += letters;
        }
        if length > 0 {
            self.line(&format!("{head}{line}"));
        }
    }

    pub(super) fn more(&mut self, all: usize, shown: usize) {
        if let Some(left) = all.checked_sub(shown).filter(|left| *left > 0) {
            self.line(&format!("  and {left} more"));
        }
    }
}

/// A text of at most so many letters.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}

pub(super) fn or_none(all: &[String]) -> String {
    if all.is_empty() { "none named".to_owned() } else { all.join(", ") }
}

pub(super) fn percent(probability: f64) -> String {
    match probability * 100.0 {
        share if share > 0.0 && share < 1.0 => "< 1 %".to_owned(),
        share if share > 99.0 && share < 100.0 => "> 99 %".to_owned(),
        share => format!("{share:.0} %"),
    }
}

/// A logarithm as a likelihood ratio: how many times better, or worse, it fits.
pub(super) fn ratio(weight: f64) -> String {
    let times = weight.abs().min(20.0).exp();
    let times = if times < 10.0 { format!("{times:.1}") } else { format!("{times:.0}") };
    if weight < 0.0 { format!("÷{times}") } else { format!("×{times}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_as_people_read_them() {
        for (weight, expected) in [(0.0, "×1.0"), (2.5, "×12"), (-0.7, "÷2.0"), (1e9, "×485165195")]
        {
            assert_eq!(ratio(weight), expected);
        }
        for (share, expected) in [(0.0, "0 %"), (0.002, "< 1 %"), (0.5, "50 %"), (0.999, "> 99 %")]
        {
            assert_eq!(percent(share), expected);
        }
        assert_eq!(cut("Sleepy Otter", 7), "Sleepy…");
    }

    #[test]
    fn lines_keep_to_the_width_and_below_their_head() {
        let mut page =
            Page { out: String::new(), styled: false, width: 60, because: String::new() };
        page.paragraph("  for  ", &"word ".repeat(40));
        assert!(page.out.lines().all(|line| line.chars().count() <= 60));
        assert!(page.out.lines().skip(1).all(|line| line.starts_with("       word")));
    }
}
