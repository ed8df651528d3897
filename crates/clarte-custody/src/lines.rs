//! The lines of a log, one at a time in bounded memory.

use std::io::{BufRead, Read};

use crate::{Logged, Operation, Recovered};

/// The longest line a log may have.
pub(crate) const MAX_LINE: usize = 16 * 1024 * 1024;

/// What stands next in a log.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A whole line, left in the buffer without its end.
    Whole,
    /// The rest of the file, which has no line end or is too long to be ours.
    Torn,
    /// Nothing more.
    End,
}

/// Reads the next line into `buffer`.
pub(crate) fn next(log: &mut impl BufRead, buffer: &mut Vec<u8>) -> std::io::Result<Line> {
    buffer.clear();
    log.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', buffer)?;
    Ok(match buffer.last() {
        None => Line::End,
        Some(b'\n') => {
            buffer.pop();
            Line::Whole
        }
        Some(_) => Line::Torn,
    })
}

/// Why a line is not entry `n`; `None` where it is.
pub(crate) fn objection(line: &[u8], n: u64) -> Option<&'static str> {
    #[derive(serde::Deserialize)]
    struct Numbered {
        n: u64,
    }
    match serde_json::from_slice::<Numbered>(line) {
        Err(_) => Some("it is not a JSON object with a number"),
        Ok(entry) if entry.n != n => Some("it bears another entry's number"),
        Ok(_) => None,
    }
}

/// What a `recovered` entry tells; `None` for any other entry.
pub(crate) fn recovered(line: &[u8]) -> Option<Recovered> {
    let told = serde_json::from_slice::<Logged>(line).ok()?;
    let is_ours = told.what == Operation::Recovered;
    is_ours.then(|| serde_json::from_value(told.result).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_whole_or_torn() {
        let mut log = &b"{\"n\":0}\n\n{\"n\""[..];
        let mut buffer = Vec::new();
        assert_eq!(next(&mut log, &mut buffer).expect("memory"), Line::Whole);
        assert_eq!(objection(&buffer, 0), None);
        assert!(objection(&buffer, 1).is_some());
        assert_eq!(next(&mut log, &mut buffer).expect("memory"), Line::Whole);
        assert!(objection(&buffer, 1).is_some());
        assert_eq!(next(&mut log, &mut buffer).expect("memory"), Line::Torn);
        assert_eq!(next(&mut log, &mut buffer).expect("memory"), Line::End);
    }
}
