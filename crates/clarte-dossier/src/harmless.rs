//! Text of the evidence, shown and never obeyed.
//!
//! What would steer a terminal, turn the direction of text, hide letters or
//! have no agreed meaning is shown by its number, as `\u{202e}`
//! (<https://www.unicode.org/reports/tr36/>, <https://www.unicode.org/reports/tr9/>).
//! HTML is escaped where pages are written.
//!
//! Left out: letters that look like others; they are the evidence's own.

/// How many characters of one text are shown.
const SHOWN: usize = 200;

/// A text of the evidence on one line, harmless.
pub fn harmless(text: &str) -> String {
    let mut shown = String::new();
    for (at, c) in text.chars().enumerate() {
        if at == SHOWN {
            shown.push('…');
            break;
        }
        match is_plain(c) {
            true => shown.push(c),
            false => shown.extend(c.escape_unicode()),
        }
    }
    shown
}

/// An address or host that nobody shall follow by mistake.
///
/// ```
/// use clarte_dossier::harmless::defanged;
/// assert_eq!(defanged("http://a.example/x"), "hxxp[:]//a[.]example/x");
/// ```
pub fn defanged(address: &str) -> String {
    let parted = address.replace('.', "[.]").replace("://", "[:]//");
    let parted = match parted.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("http") && parted.contains("[:]//") => {
            format!("hxxp{}", &parted[4..])
        }
        _ => parted,
    };
    harmless(&parted)
}

fn is_plain(c: char) -> bool {
    let is_hidden = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}');
    let is_private = matches!(c,
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}');
    let is_no_character = matches!(c, '\u{fdd0}'..='\u{fdef}') || c as u32 & 0xfffe == 0xfffe;
    !(c.is_control() || is_hidden || is_private || is_no_character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_or_hides_is_shown_by_its_number() {
        for (text, shown) in [
            ("Zoé Łódź ئۇيغۇر བོད་", "Zoé Łódź ئۇيغۇر བོད་"),
            ("a\u{202e}gpj.exe", "a\\u{202e}gpj.exe"),
            ("a\u{2066}b\u{200b}c", "a\\u{2066}b\\u{200b}c"),
            ("a\x1b[31mb\nc\0", "a\\u{1b}[31mb\\u{a}c\\u{0}"),
            ("\u{e000}\u{f8ff}\u{e0041}", "\\u{e000}\\u{f8ff}\\u{e0041}"),
            ("\u{fffe}\u{10ffff}", "\\u{fffe}\\u{10ffff}"),
        ] {
            assert_eq!(harmless(text), shown);
        }
        assert_eq!(harmless(&"x".repeat(10_000)).chars().count(), SHOWN + 1);
    }

    #[test]
    fn nothing_that_is_defanged_can_be_clicked() {
        for (address, shown) in [
            ("claire@fake-press.example", "claire@fake-press[.]example"),
            ("203.0.113.7", "203[.]0[.]113[.]7"),
            ("HTTPS://a.example:8080/é?q=1.2", "hxxpS[:]//a[.]example:8080/é?q=1[.]2"),
            ("httpbin.example", "httpbin[.]example"),
            ("é", "é"),
        ] {
            assert_eq!(defanged(address), shown);
        }
    }
}
