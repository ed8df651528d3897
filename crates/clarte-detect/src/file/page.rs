//! Web pages and SVG pictures that are attached: what script in them does, by
//! its words. Nothing is run.
//!
//! A page that hides its content decodes it first; simple encodings (base64,
//! percent) are looked behind once.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Sign;
use super::kind::Kind;
use crate::wrapped::percent_decoded;

/// Bytes looked at of one page.
const PAGE_CAP: usize = 4 << 20;

/// Encoded pieces of a page that are looked behind.
const PIECES_CAP: usize = 32;

/// Characters from which on an encoded piece is one.
const PIECE: usize = 64;

/// Adds what the page shows.
pub(super) fn signs(kind: Kind, bytes: &[u8], signs: &mut Vec<Sign>) {
    let text = text(bytes);
    let lower = text.to_ascii_lowercase();
    signs.extend(builds_file(&lower, &text).then_some(Sign::BuildsFile));
    let asks = asks_password(&lower)
        || pieces(&text).any(|piece| asks_password(&piece.to_ascii_lowercase()));
    signs.extend(asks.then_some(Sign::AsksPassword));
    let active = kind == Kind::Svg && is_active(&lower);
    signs.extend(active.then_some(Sign::Active));
}

/// The page as text; UTF-16 without its zeros.
fn text(bytes: &[u8]) -> String {
    let bytes = &bytes[..bytes.len().min(PAGE_CAP)];
    if memchr::memchr(0, &bytes[..bytes.len().min(1024)]).is_none() {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let kept: Vec<_> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    String::from_utf8_lossy(&kept).into_owned()
}

/// Whether script makes a file or page out of something encoded.
fn builds_file(lower: &str, text: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if offers_inlined_file(lower) {
        return true;
    }
    if !has(&["<script", "javascript:", "onload=", "onerror="]) {
        return false;
    }
    let decodes = has(&[
        "atob(",
        "atob]",
        "\"atob\"",
        "'atob'",
        "fromcharcode",
        "uint8array",
        "unescape(",
        "decodeuricomponent(",
        "charcodeat(",
        "base64,",
    ]);
    let makes_file = has(&[
        "new blob",
        "createobjecturl",
        "mssaveoropenblob",
        "mssaveblob",
        "new file(",
        "webkiturl",
        ".download=",
        ".download =",
        "setattribute('download'",
        "setattribute(\"download\"",
    ]);
    let writes_page =
        has(&["document.write", "document[\"write", "document['write", "eval(", ".srcdoc"])
            && pieces(text).any(|piece| piece.contains('<'));
    decodes && makes_file || writes_page
}

/// `<a download href="data:…">`: the whole file in the address.
fn offers_inlined_file(lower: &str) -> bool {
    lower.split("<a ").skip(1).any(|rest| {
        let tag = rest.split('>').next().unwrap_or_default();
        tag.contains("download") && tag.contains("data:") && tag.len() > 500
    })
}

/// Whether there is a field for a password.
fn asks_password(lower: &str) -> bool {
    lower.split("<input").skip(1).any(|rest| {
        let tag = rest.split('>').next().unwrap_or_default();
        let bare: String =
            tag.chars().filter(|c| !c.is_whitespace() && !"\"'\\".contains(*c)).collect();
        bare.contains("type=password")
    })
}

/// What encoded pieces of the page say, as far as they are text.
fn pieces(text: &str) -> impl Iterator<Item = String> {
    let is_of_piece = |c: char| c.is_ascii_alphanumeric() || "+/=%_.-".contains(c);
    let long = text.split(move |c| !is_of_piece(c)).filter(|piece| piece.len() >= PIECE);
    long.take(PIECES_CAP).filter_map(|piece| {
        if piece.contains("%3") {
            return Some(percent_decoded(piece));
        }
        String::from_utf8(base64(piece)?).ok()
    })
}

fn base64(piece: &str) -> Option<Vec<u8>> {
    let bare = piece.trim_end_matches('=');
    // Whole groups of four, as they would be decoded.
    STANDARD.decode(&bare[..bare.len() - bare.len() % 4]).ok()
}

/// Whether a picture runs script, embeds a page or leads somewhere.
fn is_active(lower: &str) -> bool {
    const MARKS: [&str; 8] = [
        "<script",
        "<foreignobject",
        "javascript:",
        "data:text/html",
        "<iframe",
        "<embed",
        "onload=",
        "onclick=",
    ];
    MARKS.iter().any(|mark| lower.contains(mark))
        || lower.split("<a ").skip(1).any(|rest| {
            let tag = rest.split('>').next().unwrap_or_default();
            tag.contains("href") && tag.contains("http")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(kind: Kind, text: &str) -> Vec<Sign> {
        let mut found = Vec::new();
        signs(kind, text.as_bytes(), &mut found);
        found
    }

    #[test]
    fn what_a_page_does_is_seen() {
        let form = STANDARD.encode("<form action=x><input name=p type='password'></form><p>more");
        let inlined = "A".repeat(600);
        for (text, expected) in [
            (
                "<script>var b=new Blob([Uint8Array.from(atob(x))]);a.href=URL.createObjectURL(b)"
                    .to_owned(),
                vec![Sign::BuildsFile],
            ),
            (
                format!("<script>document.write(atob('{form}'))</script>"),
                vec![Sign::BuildsFile, Sign::AsksPassword],
            ),
            (
                format!(
                    "<script>document.write(unescape('{}'))</script>",
                    "%3Cinput%20type%3D%22password%22%3E".repeat(3)
                ),
                vec![Sign::BuildsFile, Sign::AsksPassword],
            ),
            (
                format!("<a download=r.zip href='data:application/zip;base64,{inlined}'>x</a>"),
                vec![Sign::BuildsFile],
            ),
            ("<input type = \"password\">".to_owned(), vec![Sign::AsksPassword]),
            ("<script>window.x = decodeURIComponent('a')</script>".to_owned(), vec![]),
            ("<p>new Blob(atob(x))</p>".to_owned(), vec![]),
            ("<input type=text><p>password</p>".to_owned(), vec![]),
        ] {
            assert_eq!(seen(Kind::Page, &text), expected, "{text}");
        }
    }

    #[test]
    fn only_pictures_that_do_something_are_active() {
        for (text, expected) in [
            ("<svg><script>x</script></svg>", true),
            ("<svg onload='x()'>", true),
            ("<svg ONLOAD=x()>", true),
            ("<svg><foreignObject><body/></foreignObject></svg>", true),
            ("<svg><a xlink:href='https://a.example/'/></svg>", true),
            ("<svg xmlns='http://www.w3.org/2000/svg'><path d=''/></svg>", false),
            ("<svg><animate/><a href='#top'/></svg>", false),
        ] {
            assert_eq!(seen(Kind::Svg, text).contains(&Sign::Active), expected, "{text}");
        }
        assert_eq!(seen(Kind::Page, "<svg><script>x</script></svg>"), []);
    }
}
