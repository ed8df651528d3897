//! What was read from one file of intelligence, and what was not.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::{Fault, FaultKind, Indicator, Timestamp, Tlp, Validity};

use crate::value::Value;

/// How many faults, and how many unevaluated items, are kept with their text;
/// all are counted.
const KEPT: usize = 10_000;

/// How many names one indicator takes from its source.
pub(crate) const MAX_NAMES: usize = 20;

/// How much of a hostile text is repeated in a message.
const QUOTED: usize = 200;

/// What one file of intelligence says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// `stix`, `misp`, `csv`, `json-rows`, `list`, `warninglist`, `galaxy` or
    /// `unknown`.
    pub format: &'static str,
    /// Values that each suffice for a match.
    pub indicators: Vec<Indicator>,
    /// Values that match only together, all of a group.
    pub conjunctions: Vec<Vec<Indicator>>,
    /// What is sound and not used, with the reason.
    pub not_evaluated: Vec<NotEvaluated>,
    /// How many there were; more than `not_evaluated` holds if they were very many.
    pub not_evaluated_total: u64,
    /// What could not be read, or only with a repair.
    pub faults: Vec<Fault>,
    /// How many there were; more than `faults` holds if they were very many.
    pub faults_total: u64,
    /// Names of groups, campaigns and malware that the file speaks of.
    pub names: BTreeSet<String>,
    /// Objects that say nothing to look for, by their type.
    pub ignored: BTreeMap<String, u64>,
}

/// Something to look for that Clarté does not look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotEvaluated {
    /// The source's own id for it.
    pub reference: Option<String>,
    /// The pattern or value, cut where it is very long.
    pub pattern: String,
    /// Why it is not used.
    pub why: String,
    /// The line where it stands, from 1.
    pub line: u64,
    /// The byte where it begins.
    pub offset: u64,
}

impl Loaded {
    /// Nothing yet, of a format.
    pub(crate) fn new(format: &'static str) -> Self {
        Self { format, ..Self::default() }
    }

    /// Adds a fault whose bytes are lost.
    pub(crate) fn lost(&mut self, place: Place, kind: FaultKind, detail: &str) {
        self.fault(place, kind, true, detail);
    }

    /// Adds a fault that something was still read in spite of.
    pub(crate) fn repaired(&mut self, place: Place, kind: FaultKind, detail: &str) {
        self.fault(place, kind, false, detail);
    }

    fn fault(&mut self, place: Place, kind: FaultKind, lost: bool, detail: &str) {
        self.faults_total += 1;
        if self.faults.len() < KEPT {
            let Place { line, offset, length } = place;
            let detail = format!("line {line}: {detail}");
            self.faults.push(Fault { offset, length, lost, kind, detail });
        }
    }

    /// Adds something sound that is not used.
    pub(crate) fn unused(&mut self, place: Place, reference: Option<&str>, text: &str, why: &str) {
        self.not_evaluated_total += 1;
        if self.not_evaluated.len() < KEPT {
            self.not_evaluated.push(NotEvaluated {
                reference: reference.map(str::to_owned),
                pattern: cut(text, 4 * QUOTED).to_owned(),
                why: why.to_owned(),
                line: place.line,
                offset: place.offset,
            });
        }
    }

    /// Takes over what another reading of the same file found damaged.
    pub(crate) fn take_faults(&mut self, other: Self) {
        self.faults_total += other.faults_total;
        let room = KEPT - self.faults.len();
        self.faults.extend(other.faults.into_iter().take(room));
    }

    /// Counts so many objects under a heading of ours.
    pub(crate) fn ignore_many(&mut self, heading: &str, count: u64) {
        if count > 0 {
            *self.ignored.entry(heading.to_owned()).or_default() += count;
        }
    }

    /// Counts an object that says nothing to look for.
    pub(crate) fn ignore(&mut self, kind: &str) {
        // Types come from the file: a hostile one must not fill the memory.
        let kind = if self.ignored.len() < 1_000 { cut(kind, 100) } else { "other" };
        *self.ignored.entry(kind.to_owned()).or_default() += 1;
    }

    /// Adds an indicator of its own, and says what was odd about its value.
    pub(crate) fn indicator(&mut self, place: Place, claim: &Claim, value: Value) {
        if let Some(remark) = &value.remark {
            self.repaired(place, FaultKind::BadValue, &format!("{}: {remark}", quote(&value.text)));
        }
        self.indicators.push(claim.indicator(value));
    }
}

/// Everything that is said of an indicator except its value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Claim {
    pub(crate) validity: Validity,
    pub(crate) source: String,
    pub(crate) reference: Option<String>,
    pub(crate) confidence: Option<u8>,
    pub(crate) tlp: Option<Tlp>,
    pub(crate) names: Vec<String>,
}

impl Claim {
    /// The indicator that makes this claim about a value.
    pub(crate) fn indicator(&self, value: Value) -> Indicator {
        let Self { validity, source, reference, confidence, tlp, names } = self.clone();
        let Value { kind, text, .. } = value;
        Indicator { kind, value: text, validity, source, reference, confidence, tlp, names }
    }

    /// Sets the window, and says where its ends are the wrong way round.
    pub(crate) fn set_window(
        &mut self,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<(), &'static str> {
        let reversed = matches!((from, until), (Some(from), Some(until)) if until <= from);
        self.validity = Validity { from, until: until.filter(|_| !reversed) };
        if reversed { Err("it ends before it begins; its end is not used") } else { Ok(()) }
    }
}

/// Where something stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// From 1.
    pub(crate) line: u64,
    /// First byte.
    pub(crate) offset: u64,
    /// Number of bytes.
    pub(crate) length: u64,
}

/// Finds lines for offsets; the cost is the distance from the one before.
pub(crate) struct Places<'t> {
    text: &'t [u8],
    /// Bytes of the file before `text`: a byte order mark.
    base: u64,
    at: usize,
    line: u64,
}

impl<'t> Places<'t> {
    pub(crate) fn new(text: &'t [u8], base: u64) -> Self {
        Self { text, base, at: 0, line: 1 }
    }

    /// The place of `part`, which must be a part of the text; the start of the
    /// text where it is not.
    pub(crate) fn of(&mut self, part: &[u8]) -> Place {
        let start = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize);
        let start = start.filter(|start| start + part.len() <= self.text.len());
        self.at(start.unwrap_or(0), part.len())
    }

    /// The place of so many bytes from an offset in the text.
    pub(crate) fn at(&mut self, start: usize, length: usize) -> Place {
        let start = start.min(self.text.len());
        let ends = |part: &[u8]| part.iter().filter(|byte| **byte == b'\n').count() as u64;
        if start < self.at {
            self.line -= ends(&self.text[start..self.at]);
        } else {
            self.line += ends(&self.text[self.at..start]);
        }
        self.at = start;
        Place { line: self.line, offset: self.base + start as u64, length: length as u64 }
    }
}

/// A text for a message: cut, and with everything unprintable made visible.
pub(crate) fn quote(text: &str) -> String {
    let shown = cut(text, QUOTED);
    let dots = if shown.len() < text.len() { "…" } else { "" };
    format!("`{}{dots}`", shown.escape_debug())
}

/// A name, source or reference, which is repeated in every indicator it
/// belongs to and therefore must not be very long.
pub(crate) fn label(text: &str) -> String {
    cut(text.trim(), QUOTED).to_owned()
}

/// The start of a text, at most so many bytes.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_any_order() {
        let text = b"ab\ncd\nef";
        let mut places = Places::new(text, 3);
        assert_eq!(places.of(&text[6..]), Place { line: 3, offset: 9, length: 2 });
        assert_eq!(places.of(&text[3..5]), Place { line: 2, offset: 6, length: 2 });
        assert_eq!(places.of(b"elsewhere").line, 1);
    }

    #[test]
    fn hostile_text_is_shown_not_obeyed() {
        assert_eq!(quote("a\u{202e}b\n"), "`a\\u{202e}b\\n`");
        assert!(quote(&"é".repeat(1_000)).len() < 300);
    }
}
