//! Defanged values made whole again: `hxxp://evil[.]example` is how analysts
//! write a value that nobody shall click by mistake.

/// Undoes the usual ways of defanging, in one pass; nothing else is changed
/// but white space at both ends. What is whole already stays as it is.
///
/// ```
/// use clarte_intel::refang;
/// assert_eq!(refang("hxxps[://]img[.]evil(dot)example/a"), "https://img.evil.example/a");
/// assert_eq!(refang("jan[at]evil{.}example"), "jan@evil.example");
/// assert_eq!(refang("http://[2001:db8::1]/"), "http://[2001:db8::1]/");
/// ```
pub fn refang(text: &str) -> String {
    let mut out = Output { text: String::with_capacity(text.len()), skip_space: false };
    for c in text.trim().chars() {
        out.push(c);
    }
    mend_scheme(out.text.trim())
}

/// What stands between brackets, and what it stands for.
const INSIDE: [(&str, &str); 8] = [
    (".", "."),
    ("dot", "."),
    ("@", "@"),
    ("at", "@"),
    (":", ":"),
    ("://", "://"),
    ("/", "/"),
    (":/", ":/"),
];

/// Schemes as they are written to be harmless.
const SCHEMES: [(&str, &str); 10] = [
    ("hxxp", "http"),
    ("hxxps", "https"),
    ("h**p", "http"),
    ("h**ps", "https"),
    ("hxtp", "http"),
    ("htxp", "http"),
    ("hxtps", "https"),
    ("htxps", "https"),
    ("meow", "http"),
    ("fxp", "ftp"),
];

struct Output {
    text: String,
    /// Just after a bracketed dot or at: spaces belong to the defanging.
    skip_space: bool,
}

impl Output {
    /// Appends a character, then mends what it completes. Whatever is mended is
    /// appended in the same way, so that the output never holds a defanged form.
    fn push(&mut self, c: char) {
        if c == ' ' && self.skip_space {
            return;
        }
        self.skip_space = false;
        match c {
            '.' => {
                // `evil\.example`, out of a regular expression.
                let bare = self.text.trim_end_matches('\\').len();
                self.text.truncate(bare);
                self.text.push('.');
            }
            ']' | ')' | '}' => match self.bracketed(c) {
                Some((start, plain)) => self.mend(start, plain),
                None => self.text.push(c),
            },
            _ => self.text.push(c),
        }
    }

    /// The start of a bracket that `close` completes, and what is meant by it.
    fn bracketed(&self, close: char) -> Option<(usize, &'static str)> {
        let open = match close {
            ']' => '[',
            ')' => '(',
            _ => '{',
        };
        // `[://]` is the longest: four characters are enough to look back at.
        let tail = self.text.char_indices().rev().take(4).find(|(_, c)| *c == open);
        let (start, _) = tail?;
        let inside = &self.text[start + 1..];
        let (_, plain) = INSIDE.iter().find(|(form, _)| inside.eq_ignore_ascii_case(form))?;
        Some((start, plain))
    }

    fn mend(&mut self, start: usize, plain: &'static str) {
        self.text.truncate(start);
        let joins = matches!(plain, "." | "@");
        if joins {
            let bare = self.text.trim_end_matches(' ').len();
            self.text.truncate(bare);
        }
        plain.chars().for_each(|c| self.push(c));
        self.skip_space = joins;
    }
}

fn mend_scheme(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    match SCHEMES.iter().find(|(form, _)| scheme.eq_ignore_ascii_case(form)) {
        Some((_, plain)) => format!("{plain}://{rest}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_usual_ways_of_defanging_are_undone() {
        for (written, meant) in [
            ("hxxp://evil.example/a", "http://evil.example/a"),
            ("hXXps://evil[.]example", "https://evil.example"),
            ("meow://evil.example", "http://evil.example"),
            ("http[:]//evil.example", "http://evil.example"),
            ("hxxp[://]evil[dot]example", "http://evil.example"),
            ("evil(.)example", "evil.example"),
            ("evil{.}example", "evil.example"),
            ("evil [DOT] example", "evil.example"),
            ("evil\\.example", "evil.example"),
            ("192[.]0[.]2[.]7", "192.0.2.7"),
            ("jan[@]evil.example", "jan@evil.example"),
            ("jan (at) evil (dot) example", "jan@evil.example"),
            ("  evil.example ", "evil.example"),
            ("2001:db8[:]:1", "2001:db8::1"),
            ("[[.]]", "."),
        ] {
            assert_eq!(refang(written), meant, "{written}");
        }
    }

    #[test]
    fn whole_values_stay_as_they_are() {
        for text in [
            "http://[2001:db8::1]:8080/a?b[0]=c&d=(e)",
            "https://evil.example/hxxp://x",
            "a dot at b",
            "it is at home (attic)",
            "",
        ] {
            assert_eq!(refang(text), text);
        }
    }

    proptest! {
        #[test]
        fn mending_twice_changes_nothing(text in "([\\[\\](){}.,:/@\\\\ ]|dot|at|hxxp|x|é){0,40}") {
            let once = refang(&text);
            prop_assert_eq!(refang(&once), once);
        }
    }
}
