//! The remote references of a style sheet: `url(…)`, `@import`, `image-set()`.
//! Spec: CSS Syntax Level 3 §4 (comments, strings, escapes, url tokens).

/// Hands every reference in `css` to `each`, escapes resolved.
pub(super) fn references(css: &str, mut each: impl FnMut(&str)) {
    if !may_refer(css) {
        return;
    }
    let mut lexer = Lexer { rest: css };
    let mut importing = false;
    // How deep inside the parentheses of `image-set(` we are.
    let mut set = 0usize;
    while let Some(token) = lexer.next() {
        match token {
            Token::Url(url) => each(&url),
            Token::Text(text) if importing || set > 0 => each(&text),
            Token::Word(word) if word == "@import" => {
                importing = true;
                continue;
            }
            Token::Function(name) if set > 0 || name.ends_with("image-set") => set += 1,
            Token::Close => set = set.saturating_sub(1),
            _ => {}
        }
        importing = false;
    }
}

/// Whether a reference is possible at all: most style sheets have none, and
/// looking is quicker than reading.
pub(super) fn may_refer(css: &str) -> bool {
    let bytes = css.as_bytes();
    let is_function = |at: usize| {
        let name = &bytes[at.saturating_sub(3)..at];
        [&b"url"[..], b"src", b"set"].iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let imports = |at: usize| {
        bytes.get(at + 1..at + 7).is_some_and(|word| word.eq_ignore_ascii_case(b"import"))
    };
    memchr::memchr3_iter(b'\\', b'@', b'(', bytes).any(|at| match bytes[at] {
        // An escape may spell anything.
        b'\\' => true,
        b'@' => imports(at),
        _ => is_function(at),
    })
}

enum Token {
    /// `url(…)`.
    Url(String),
    /// A string.
    Text(String),
    /// An identifier or at-keyword, lower case.
    Word(String),
    /// An identifier and `(`, or a bare `(`.
    Function(String),
    Close,
    Other,
}

struct Lexer<'c> {
    rest: &'c str,
}

impl Lexer<'_> {
    fn next(&mut self) -> Option<Token> {
        self.skip_space();
        let c = self.rest.chars().next()?;
        match c {
            '"' | '\'' => {
                self.bump(c);
                Some(Token::Text(self.until(|end| end == c)))
            }
            ')' => {
                self.bump(c);
                Some(Token::Close)
            }
            '(' => {
                self.bump(c);
                Some(Token::Function(String::new()))
            }
            _ if is_of_name(c) || c == '@' || c == '\\' => Some(self.name()),
            _ => {
                self.bump(c);
                Some(Token::Other)
            }
        }
    }

    fn name(&mut self) -> Token {
        let mut name = String::new();
        while let Some(c) = self.rest.chars().next() {
            if c == '\\' {
                self.escape(&mut name);
            } else if is_of_name(c) || (c == '@' && name.is_empty()) {
                self.bump(c);
                name.push(c);
            } else {
                break;
            }
        }
        name.make_ascii_lowercase();
        if !self.rest.starts_with('(') {
            return Token::Word(name);
        }
        self.bump('(');
        if name != "url" && name != "src" {
            return Token::Function(name);
        }
        let inside = self.rest.trim_start();
        self.rest = inside;
        match inside.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                self.bump(quote);
                Token::Url(self.until(|end| end == quote))
            }
            _ => Token::Url(self.until(|end| end == ')')),
        }
    }

    /// Text up to what `ends` it, which is consumed; escapes resolved.
    fn until(&mut self, ends: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(c) = self.rest.chars().next() {
            if c == '\\' {
                self.escape(&mut text);
                continue;
            }
            self.bump(c);
            if ends(c) {
                break;
            }
            text.push(c);
        }
        text
    }

    /// An escape: up to six hexadecimal digits and one space, a line end that
    /// is left out, or any character itself.
    fn escape(&mut self, into: &mut String) {
        self.bump('\\');
        let digits = self.rest.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        if digits > 0 {
            let code = u32::from_str_radix(&self.rest[..digits], 16).unwrap_or(0);
            into.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            self.rest = &self.rest[digits..];
            if let Some(space) = self.rest.chars().next().filter(char::is_ascii_whitespace) {
                self.bump(space);
            }
        } else if let Some(c) = self.rest.chars().next() {
            self.bump(c);
            if c != '\n' && c != '\r' {
                into.push(c);
            }
        }
    }

    fn skip_space(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            match self.rest.strip_prefix("/*") {
                Some(comment) => {
                    self.rest = comment.find("*/").map_or("", |end| &comment[end + 2..])
                }
                None => return,
            }
        }
    }

    fn bump(&mut self, c: char) {
        self.rest = &self.rest[c.len_utf8()..];
    }
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_' || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    #[test]
    fn references_are_found_in_every_dress() {
        for (css, expected) in [
            ("background:url(http://a/b)", &["http://a/b"][..]),
            ("background:URL( 'http://a/b' )", &["http://a/b"]),
            ("a{b:u\\72l(\"http://a/\\62\")}", &["http://a/b"]),
            ("@import 'http://a';@import/**/url(http://b);", &["http://a", "http://b"]),
            (
                "b:image-set('http://a' 1x, url(http://b) 2x);content:'http://no'",
                &["http://a", "http://b"],
            ),
            ("/* url(http://no) */ font-family:'url(http://no)'", &[]),
            ("src:url(http://a/\\\nb", &["http://a/b"]),
            ("@media print{a{color:red}} @IMPORT 'http://a';", &["http://a"]),
        ] {
            let mut found = Vec::new();
            super::references(css, |url| found.push(url.trim().to_owned()));
            assert_eq!(found, expected, "{css}");
        }
    }
}
