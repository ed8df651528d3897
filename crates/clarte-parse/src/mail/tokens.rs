//! HTML cut into tokens, without a tree.
//! Spec: HTML standard §13.2.5, as far as references and text depend on it:
//! what a DOCTYPE says and what breaks the standard is passed over.
//!
//! Where a tree would tell how to read on, the name of the last start tag does.
//! `<noscript>` holds markup, since no mail program runs scripts.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr3, memmem};

use super::element::{Element, Tag};
use super::entities;

/// A piece of HTML.
#[derive(Debug)]
pub(super) enum Token<'h> {
    /// Characters, references resolved.
    Text(Cow<'h, str>),
    /// A start tag; what it says is in the element.
    Start,
    /// An end tag, if its name is one that matters.
    End(Option<Tag>),
    /// A comment, or what counts as one.
    Comment(&'h str),
}

/// The tokens of one text, from the beginning.
pub(super) struct Tokens<'h> {
    html: &'h str,
    at: usize,
    /// The element whose end tag alone ends the text that comes next.
    raw: Option<(&'h str, Raw)>,
}

/// What the text of an element is made of if not of markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Raw {
    /// Text with references (RCDATA).
    Escapable,
    /// Text as it is (RAWTEXT).
    Text,
    /// A script, which may hold end tags in what looks like a comment.
    Script,
    /// Text up to the end, whatever it holds.
    Endless,
}

impl<'h> Tokens<'h> {
    pub(super) fn new(html: &'h str) -> Self {
        Self { html, at: 0, raw: None }
    }

    /// The next token; a start tag is put into `element`.
    pub(super) fn next(&mut self, element: &mut Element<'h>) -> Option<Token<'h>> {
        if let Some((name, raw)) = self.raw.take() {
            let text = self.raw_text(name, raw);
            if !text.is_empty() {
                return Some(Token::Text(text));
            }
        }
        loop {
            let text = self.text();
            if !text.is_empty() {
                return Some(Token::Text(text));
            }
            // Here stands markup, or nothing.
            let bytes = self.html.as_bytes();
            match bytes.get(self.at + 1)? {
                b'/' if bytes.get(self.at + 2)?.is_ascii_alphabetic() => {
                    let name = self.name(self.at + 2);
                    self.attributes(|_, _| {})?;
                    return Some(Token::End(Tag::of(name.as_bytes())));
                }
                b'/' => return Some(self.bogus_comment(self.at + 2)),
                b'!' => match self.declaration() {
                    Some(comment) => return Some(comment),
                    None => continue,
                },
                b'?' => return Some(self.bogus_comment(self.at + 1)),
                _ => return self.start(element),
            }
        }
    }

    /// Characters up to the next markup.
    fn text(&mut self) -> Cow<'h, str> {
        let (start, bytes) = (self.at, self.html.as_bytes());
        let mut plain = true;
        while let Some(found) = memchr(b'<', &bytes[self.at..]) {
            self.at += found;
            match (bytes.get(self.at + 1), bytes.get(self.at + 2)) {
                // A tag without a name is nothing at all.
                (Some(b'/'), Some(b'>')) => {
                    plain = false;
                    self.at += 3;
                }
                (Some(b'/'), Some(_)) | (Some(b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z'), _) => {
                    return characters(&self.html[start..self.at], plain);
                }
                _ => self.at += 1,
            }
        }
        self.at = bytes.len();
        characters(&self.html[start..], plain)
    }

    /// A tag's name, which begins at `start`.
    fn name(&mut self, start: usize) -> &'h str {
        let ends = |byte: &u8| is_space(*byte) || matches!(byte, b'/' | b'>');
        let bytes = &self.html.as_bytes()[start..];
        self.at = start + bytes.iter().position(ends).unwrap_or(bytes.len());
        &self.html[start..self.at]
    }

    /// A start tag; `None` if it never ends, and with it the text.
    fn start(&mut self, element: &mut Element<'h>) -> Option<Token<'h>> {
        let name = self.name(self.at + 1);
        element.open(name);
        let self_closing = self.attributes(|name, value| element.attribute(name, value))?;
        element.self_closing = self_closing;
        self.raw = match element.tag {
            Some(Tag::Title | Tag::Textarea) => Some((name, Raw::Escapable)),
            Some(Tag::Style | Tag::Iframe | Tag::Xmp | Tag::Noembed | Tag::Noframes) => {
                Some((name, Raw::Text))
            }
            Some(Tag::Script) => Some((name, Raw::Script)),
            Some(Tag::Plaintext) => Some((name, Raw::Endless)),
            _ => None,
        };
        Some(Token::Start)
    }

    /// Hands names and values to `each`, up to the tag's end. Tells whether
    /// the tag closes itself; `None` if it never ends.
    fn attributes(&mut self, mut each: impl FnMut(&'h str, &'h str)) -> Option<bool> {
        let bytes = self.html.as_bytes();
        let after = |from: usize, ends: fn(u8) -> bool| {
            bytes[from..].iter().position(|byte| ends(*byte)).map(|length| from + length)
        };
        let mut at = self.at;
        // A tag that never ends reaches to the end of the text.
        self.at = bytes.len();
        loop {
            at = after(at, |byte| !is_space(byte))?;
            match bytes[at] {
                b'>' => {
                    self.at = at + 1;
                    return Some(false);
                }
                b'/' if *bytes.get(at + 1)? == b'>' => {
                    self.at = at + 2;
                    return Some(true);
                }
                b'/' => {
                    at += 1;
                    continue;
                }
                _ => {}
            }
            // Whatever comes first belongs to the name, even a `=`.
            let end = after(at + 1, |byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='))?;
            let name = &self.html[at..end];
            at = after(end, |byte| !is_space(byte))?;
            let mut value = "";
            if bytes[at] == b'=' {
                at = after(at + 1, |byte| !is_space(byte))?;
                let start = at;
                match bytes[at] {
                    quote @ (b'"' | b'\'') => {
                        let length = memchr(quote, &bytes[start + 1..])?;
                        value = &self.html[start + 1..start + 1 + length];
                        at = start + length + 2;
                    }
                    b'>' => {}
                    _ => {
                        at = after(start, |byte| is_space(byte) || byte == b'>')?;
                        value = &self.html[start..at];
                    }
                }
            }
            each(name, value);
        }
    }

    /// What begins with `<!`: a comment, or nothing (a DOCTYPE).
    fn declaration(&mut self) -> Option<Token<'h>> {
        let start = self.at + 2;
        let rest = &self.html[start..];
        let is_doctype =
            rest.as_bytes().get(..7).is_some_and(|word| word.eq_ignore_ascii_case(b"doctype"));
        if is_doctype {
            self.bogus_comment(start);
            return None;
        }
        let Some(inside) = rest.strip_prefix("--") else {
            return Some(self.bogus_comment(start));
        };
        let (comment, length) = comment(inside);
        self.at = start + 2 + length;
        Some(Token::Comment(comment))
    }

    /// Everything from `start` to the next `>`.
    fn bogus_comment(&mut self, start: usize) -> Token<'h> {
        let rest = &self.html[start..];
        let length = memchr(b'>', rest.as_bytes());
        self.at = length.map_or(self.html.len(), |length| start + length + 1);
        Token::Comment(&rest[..length.unwrap_or(rest.len())])
    }

    /// The text of the element `name`, up to its end tag.
    fn raw_text(&mut self, name: &str, raw: Raw) -> Cow<'h, str> {
        let rest = &self.html[self.at..];
        let length = match raw {
            Raw::Endless => rest.len(),
            Raw::Script => script_length(rest.as_bytes()),
            _ => memmem::find_iter(rest.as_bytes(), b"</")
                .find(|at| is_tag(&rest.as_bytes()[at + 2..], name.as_bytes()))
                .unwrap_or(rest.len()),
        };
        self.at += length;
        let text = &rest[..length];
        match raw {
            Raw::Escapable => unescaped(text, true, false),
            _ => unescaped(text, false, false),
        }
    }
}

/// Characters between markup; `plain` tells that no `</>` is among them.
fn characters(text: &str, plain: bool) -> Cow<'_, str> {
    if !plain {
        let pieces: Vec<_> = text.split("</>").map(|piece| characters(piece, true)).collect();
        return Cow::Owned(pieces.concat());
    }
    if memchr2(b'&', b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut into = String::with_capacity(text.len());
    unescape(text, Escapes { references: true, in_attribute: false, nul: false }, &mut into);
    Cow::Owned(into)
}

/// The value of an attribute.
pub(super) fn value(text: &str) -> Cow<'_, str> {
    unescaped(text, true, true)
}

/// Text that holds no markup.
fn unescaped(text: &str, references: bool, in_attribute: bool) -> Cow<'_, str> {
    let reference = if references { b'&' } else { b'\r' };
    if memchr3(reference, b'\r', 0, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut into = String::with_capacity(text.len());
    unescape(text, Escapes { references, in_attribute, nul: true }, &mut into);
    Cow::Owned(into)
}

/// What is not to be taken as it stands, besides line ends.
#[derive(Clone, Copy)]
struct Escapes {
    references: bool,
    in_attribute: bool,
    /// NUL becomes a replacement character.
    nul: bool,
}

fn unescape(text: &str, escapes: Escapes, into: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr3(b'&', b'\r', 0, rest.as_bytes()) {
        into.push_str(&rest[..at]);
        let found = rest.as_bytes()[at];
        rest = &rest[at..];
        let length = match found {
            b'&' if escapes.references => entities::resolve(rest, escapes.in_attribute, into),
            b'\r' => {
                into.push('\n');
                Some(if rest.starts_with("\r\n") { 2 } else { 1 })
            }
            0 if escapes.nul => {
                into.push(char::REPLACEMENT_CHARACTER);
                Some(1)
            }
            _ => None,
        };
        if length.is_none() {
            into.push(char::from(found));
        }
        rest = &rest[length.unwrap_or(1)..];
    }
    into.push_str(rest);
}

/// The comment with which `text` begins, and the length up to behind its end.
fn comment(text: &str) -> (&str, usize) {
    for abrupt in [">", "->"] {
        if text.starts_with(abrupt) {
            return ("", abrupt.len());
        }
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = memmem::find(&bytes[at..], b"--") {
        at += found;
        at += bytes[at..].iter().take_while(|byte| **byte == b'-').count();
        // Of more dashes than two the last two count.
        let (inside, rest) = (&text[..at - 2], &bytes[at..]);
        if rest.starts_with(b">") {
            return (inside, at + 1);
        }
        if rest.starts_with(b"!>") {
            return (inside, at + 2);
        }
    }
    // What began to end it is no part of one that never does.
    let kept = ["--!", "--", "-"].into_iter().find_map(|end| text.strip_suffix(end));
    (kept.unwrap_or(text), text.len())
}

/// The length of the script with which `bytes` begin, up to its end tag.
fn script_length(bytes: &[u8]) -> usize {
    /// Where end tags do not end: in what looks like a comment, or in a script
    /// in it.
    enum Within {
        Nothing,
        Comment,
        Script,
    }
    let mut within = Within::Nothing;
    let mut at = 0;
    while let Some(found) = memchr2(b'<', b'-', &bytes[at..]) {
        at += found;
        let rest = &bytes[at..];
        let opens = is_tag(&rest[1..], b"script");
        let closes = rest.starts_with(b"</") && is_tag(&rest[2..], b"script");
        match within {
            Within::Nothing | Within::Comment if closes => return at,
            Within::Nothing if rest.starts_with(b"<!--") => {
                within = Within::Comment;
                // Its dashes may be those that end it.
                at += 2;
                continue;
            }
            Within::Comment | Within::Script if rest.starts_with(b"-->") => {
                within = Within::Nothing
            }
            Within::Comment if opens && rest[0] == b'<' => within = Within::Script,
            Within::Script if closes => within = Within::Comment,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Whether `bytes`, which follow `<` or `</`, are the tag `name`.
fn is_tag(bytes: &[u8], name: &[u8]) -> bool {
    let ends = |byte: &u8| is_space(*byte) || matches!(byte, b'/' | b'>');
    bytes.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name))
        && bytes.get(name.len()).is_some_and(ends)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}
