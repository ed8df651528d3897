//! PDF documents that are locked or run something (ISO 32000-2 §7.6, §12.6.4).
//!
//! Left out: what stands in compressed object streams. Script alone is no sign,
//! forms use it; script together with an embedded file unpacks that file.

use memchr::memmem;

use super::Sign;

/// Adds what the document shows.
pub(super) fn signs(bytes: &[u8], signs: &mut Vec<Sign>) {
    let has = |name: &[u8]| {
        memmem::find_iter(bytes, name).any(|at| {
            // `/JS` is not the beginning of `/JSON`.
            !bytes.get(at + name.len()).is_some_and(u8::is_ascii_alphanumeric)
        })
    };
    signs.extend(has(b"/Encrypt").then_some(Sign::Locked));
    let on_opening = has(b"/OpenAction") || has(b"/AA");
    let script = has(b"/JavaScript") || has(b"/JS");
    let runs = has(b"/Launch") || on_opening && script && has(b"/EmbeddedFile");
    signs.extend(runs.then_some(Sign::Macro));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn launching_and_unpacking_are_seen() {
        for (text, expected) in [
            ("%PDF-1.7 /OpenAction<</S/Launch/F(a)>>", &[Sign::Macro][..]),
            ("%PDF-1.7 /OpenAction<</S/JavaScript/JS(x)>>/EmbeddedFile ", &[Sign::Macro]),
            ("%PDF-1.7 /OpenAction<</S/JavaScript/JS(x)>>", &[]),
            ("%PDF-1.7 /Launchpad /EncryptMetadata true", &[]),
            ("%PDF-1.7 trailer<</Encrypt 5 0 R>>", &[Sign::Locked]),
        ] {
            let mut found = Vec::new();
            signs(text.as_bytes(), &mut found);
            assert_eq!(found, expected, "{text}");
        }
    }
}
