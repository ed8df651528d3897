//! Items that people write: a TOML file of `[[item]]` tables.
//!
//! Format: <https://toml.io/en/v1.0.0>, one table an item; what can stand in it is
//! `written.rs`, and `docs/guides/grade-evidence.md` tells it to those who write.
//! The file is cut at the lines that begin an item, and each is read alone, so
//! that a broken item costs nothing but itself: it is a fault, with its bytes and
//! what to do, and the rest is kept.
//!
//! Left out: items as inline tables (`item = [{…}]`); a line that begins with
//! `[[item]]` inside a text of several lines.

mod written;

use std::collections::BTreeMap;
use std::ops::Range;

use clarte_model::{Fault, FaultKind};

use crate::Item;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 16 << 20;
/// The most items in one file.
pub const MAX_ITEMS: usize = 10_000;
/// The longest text in an item, in bytes.
pub const MAX_TEXT: usize = 4 << 10;
/// The largest item, in bytes.
const MAX_ITEM: usize = 256 << 10;

/// What a file of items holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ItemsFile {
    /// The items, in the file's order; no two have the same id.
    pub items: Vec<Item>,
    /// What could not be read, and what to do about it; those that are not
    /// `lost` are remarks on an item that was read.
    pub faults: Vec<Fault>,
}

/// Reads a file of items.
///
/// ```
/// let file = clarte_attribution::items_file::read(br#"
/// [[item]]
/// channel = "accounts"
/// says = "The account that rented the server signed in from the unit's address"
/// source = "Provider"
/// grade = "B2"
/// for = [{ actor = "Blue Heron", strength = "strong" }]
/// "#);
/// assert_eq!((file.items.len(), file.faults.len()), (1, 0));
/// ```
pub fn read(bytes: &[u8]) -> ItemsFile {
    let mut file = ItemsFile::default();
    if bytes.len() > MAX_BYTES {
        let what = format!("the file is larger than {MAX_BYTES} bytes: split it");
        file.lost(0..bytes.len(), FaultKind::TooLarge, what);
        return file;
    }
    let (text, broken) = readable(bytes);
    let starts = starts(&text);
    let head = 0..starts.first().copied().unwrap_or(text.len());
    file.check_head(head.clone(), text.get(head).unwrap_or_default());
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mut begun = BTreeMap::new();
    for (at, (start, end)) in starts.iter().copied().zip(ends).enumerate() {
        if at == MAX_ITEMS {
            let what = format!("more than {MAX_ITEMS} items: put the rest into another file");
            file.lost(start..text.len(), FaultKind::TooLarge, what);
            break;
        }
        match broken.range(start..end).next() {
            Some((from, length)) => {
                let what = "the item is not in UTF-8: save the file as UTF-8".to_owned();
                file.lost(*from..from + length, FaultKind::Encoding, what);
            }
            None => file.take(start, text.get(start..end).unwrap_or_default(), &mut begun),
        }
    }
    file
}

/// The bytes as text of the same length, and where which bytes were no text.
fn readable(bytes: &[u8]) -> (String, BTreeMap<usize, usize>) {
    let (mut text, mut broken) = (String::with_capacity(bytes.len()), BTreeMap::new());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            broken.insert(text.len(), chunk.invalid().len());
            text.extend(chunk.invalid().iter().map(|_| '?'));
        }
    }
    (text, broken)
}

/// Where items begin, ascending.
fn starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if begins_item(line) {
            starts.push(at);
        }
        at += line.len();
    }
    starts
}

/// Whether a line is the header of an item, well written or not: a broken one
/// must not spoil the item before.
fn begins_item(line: &str) -> bool {
    let name = line.trim_start().strip_prefix("[[");
    let rest = name.and_then(|name| name.trim_start().strip_prefix("item"));
    rest.is_some_and(|rest| !rest.trim_start().starts_with('.'))
}

impl ItemsFile {
    /// Before the first item only comments may stand.
    fn check_head(&mut self, range: Range<usize>, text: &str) {
        let text = text.trim_start_matches('\u{feff}');
        let is_comment = |line: &str| line.trim().is_empty() || line.trim().starts_with('#');
        if !text.lines().all(is_comment) {
            let what = "this belongs to no item: begin each item with a line `[[item]]`";
            self.lost(range, FaultKind::Malformed, what.to_owned());
        }
    }

    /// Reads one item, whose text begins at `start`.
    fn take(&mut self, start: usize, text: &str, begun: &mut BTreeMap<String, usize>) {
        let whole = start..start + text.trim_end().len();
        if text.len() > MAX_ITEM {
            let what = format!("the item is larger than {MAX_ITEM} bytes: shorten it");
            return self.lost(whole, FaultKind::TooLarge, what);
        }
        let item = match written::read(text) {
            Ok(item) => item,
            Err(wrong) => {
                let range = start + wrong.range.start..start + wrong.range.end;
                return self.lost(range, wrong.kind, wrong.what);
            }
        };
        if let Some(first) = begun.get(&item.id) {
            let what = format!(
                "the item has the id of the one at byte {first}, or says the same: remove it, or \
                 give it an `id` of its own"
            );
            return self.lost(whole, FaultKind::BadValue, what);
        }
        if item.supports.is_empty() && item.opposes.is_empty() && item.states.is_empty() {
            let what = "the item is for and against nobody: name whom under `for`, `against` or \
                        `states`";
            self.fault(whole, false, FaultKind::BadValue, what.to_owned());
        }
        begun.insert(item.id.clone(), start);
        self.items.push(item);
    }

    fn lost(&mut self, range: Range<usize>, kind: FaultKind, detail: String) {
        self.fault(range, true, kind, detail);
    }

    fn fault(&mut self, range: Range<usize>, lost: bool, kind: FaultKind, detail: String) {
        let (offset, length) = (range.start as u64, range.len() as u64);
        self.faults.push(Fault { offset, length, lost, kind, detail });
    }
}

#[cfg(test)]
mod tests;
