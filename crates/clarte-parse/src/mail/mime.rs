//! The parts of a message, found in one pass over its bytes.
//! Spec: RFC 2045, RFC 2046 §5.1 and §5.2.1.
//!
//! Splits without decoding, so that every part keeps its span, damage is seen
//! and the time spent is proportional to the bytes whatever their nesting
//! says. Messages that are themselves transfer-encoded stay leaves here.

use std::ops::Range;

use clarte_model::FaultKind;

use super::Damage;
use super::content::Content;
use super::header::{self, Header, is_blank, line_end};
use super::transfer::Encoding;

/// Messages in messages that are followed.
pub(super) const MESSAGE_DEPTH: usize = 16;

/// Multiparts and messages open at once.
const OPEN_CAP: usize = 48;

/// Parts of one mail.
const PARTS_CAP: usize = 10_000;

/// A message's parts, in order, the message itself first.
#[derive(Debug, Default)]
pub(super) struct Tree<'m> {
    pub(super) parts: Vec<Part<'m>>,
    pub(super) messages: Vec<Message>,
    pub(super) damage: Vec<Damage>,
}

impl Tree<'_> {
    /// The parts of each message, in order.
    pub(super) fn parts_by_message(&self) -> Vec<Vec<usize>> {
        let mut parts = vec![Vec::new(); self.messages.len()];
        for (number, part) in self.parts.iter().enumerate() {
            parts[part.message].push(number);
        }
        parts
    }
}

/// A message of the tree: the one given or one attached as it is.
#[derive(Debug)]
pub(super) struct Message {
    /// The part that holds its header.
    pub(super) root: usize,
    /// 0 for the message given.
    pub(super) depth: usize,
    pub(super) range: Range<usize>,
}

/// One MIME part.
#[derive(Debug)]
pub(super) struct Part<'m> {
    /// The innermost message it belongs to.
    pub(super) message: usize,
    pub(super) header: Header<'m>,
    pub(super) body: Range<usize>,
    pub(super) content: Content,
    pub(super) kind: Kind,
}

/// What a part is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Content.
    Leaf,
    /// Other parts, or a message whose parts follow.
    Container,
    /// Nested deeper than we follow.
    TooDeep,
}

/// Splits `raw` into its parts; `depth` is the message's own.
pub(super) fn split(raw: &[u8], depth: usize) -> Tree<'_> {
    let mut walk = Walk {
        raw,
        tree: Tree::default(),
        open: Vec::new(),
        finder: memchr::memmem::Finder::new(b"\n--"),
    };
    walk.tree.messages.push(Message { root: 0, depth, range: 0..raw.len() });
    let mut next = Some(start_of_header(raw));
    while let Some(start) = next {
        next = walk.entity(start);
    }
    walk.tree
}

/// Behind a byte order mark and leading blank lines.
fn start_of_header(raw: &[u8]) -> usize {
    let mut at = if raw.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    while at < raw.len() && is_blank(&raw[at..line_end(raw, at)]) {
        at = line_end(raw, at);
    }
    if at == raw.len() { 0 } else { at }
}

struct Walk<'m> {
    raw: &'m [u8],
    tree: Tree<'m>,
    open: Vec<Open>,
    finder: memchr::memmem::Finder<'static>,
}

/// A multipart or message whose end has not been seen.
struct Open {
    part: usize,
    /// The message that parts inside belong to.
    message: usize,
    /// Of a multipart.
    boundary: Option<Vec<u8>>,
    in_digest: bool,
    /// Whether a part of it was seen.
    used: bool,
}

/// A boundary line.
struct Delimiter {
    /// Which of the open ones it belongs to.
    open: usize,
    line: Range<usize>,
    closes: bool,
}

impl<'m> Walk<'m> {
    /// Reads the part that begins at `start`; returns where the next begins.
    fn entity(&mut self, start: usize) -> Option<usize> {
        let raw = self.raw;
        let mut damage = Vec::new();
        let header = header::read(raw, start, |at| self.delimiter(at).is_some(), &mut damage);
        self.tree.damage.append(&mut damage);
        let (message, in_digest) =
            self.open.last().map_or((0, false), |open| (open.message, open.in_digest));
        let content = Content::of(&header, in_digest);
        let body = header.range.end;
        let part = self.tree.parts.len();
        let goes_in = self.enter(part, message, &content, header.range.start..body);
        let kind = goes_in.unwrap_or(Kind::Leaf);
        let is_message = content.is_message();
        self.tree.parts.push(Part { message, header, body: body..body, content, kind });
        if self.tree.parts.len() >= PARTS_CAP {
            let detail = format!("more than {PARTS_CAP} parts; the rest is not looked into");
            self.tree.damage.push(Damage {
                range: body..raw.len(),
                kind: FaultKind::TooLarge,
                detail,
            });
            self.finish(raw.len());
            return None;
        }
        if kind == Kind::Container && is_message {
            return Some(body);
        }
        let leaf = (kind != Kind::Container).then_some(part);
        self.seek(body, leaf)
    }

    /// Opens the part if it contains others.
    fn enter(
        &mut self,
        part: usize,
        message: usize,
        content: &Content,
        header: Range<usize>,
    ) -> Option<Kind> {
        let is_message = content.is_message() && content.encoding() == Encoding::Identity;
        let is_multipart = content.mime.starts_with("multipart/");
        if !is_message && !is_multipart {
            return None;
        }
        let depth = self.tree.messages[message].depth;
        if self.open.len() >= OPEN_CAP || (is_message && depth >= MESSAGE_DEPTH) {
            let detail = "parts nested too deep are not looked into".to_owned();
            self.tree.damage.push(Damage { range: header, kind: FaultKind::TooDeep, detail });
            return Some(Kind::TooDeep);
        }
        let mut open = Open { part, message, boundary: None, in_digest: false, used: false };
        if is_message {
            open.message = self.tree.messages.len();
            let range = header.end..header.end;
            self.tree.messages.push(Message { root: part + 1, depth: depth + 1, range });
        } else {
            let Some(boundary) = content.boundary.as_ref().filter(|text| !text.is_empty()) else {
                let detail = "a multipart names no boundary".to_owned();
                self.tree.damage.push(Damage { range: header, kind: FaultKind::Boundary, detail });
                return None;
            };
            open.boundary = Some(boundary.trim_end().as_bytes().to_vec());
            open.in_digest = content.mime == "multipart/digest";
        }
        self.open.push(open);
        Some(Kind::Container)
    }

    /// Finds the next boundary from the line that begins at `from`, closing
    /// what ends there; returns where the next part begins.
    fn seek(&mut self, from: usize, mut leaf: Option<usize>) -> Option<usize> {
        let mut at = from;
        loop {
            let Some(found) = self.next_delimiter(at) else {
                self.end_leaf(leaf, self.raw.len());
                self.finish(self.raw.len());
                return None;
            };
            let end = self.before_line(found.line.start).max(from.min(found.line.start));
            self.end_leaf(leaf.take(), end);
            while self.open.len() > found.open + 1 {
                self.close(end, false);
            }
            if let Some(open) = self.open.last_mut() {
                open.used |= !found.closes;
            }
            if !found.closes {
                return Some(found.line.end);
            }
            self.close(found.line.end, true);
            at = found.line.end;
        }
    }

    fn end_leaf(&mut self, leaf: Option<usize>, end: usize) {
        if let Some(part) = leaf.and_then(|part| self.tree.parts.get_mut(part)) {
            part.body.end = end.max(part.body.start);
        }
    }

    /// Closes everything at the end of the bytes.
    fn finish(&mut self, end: usize) {
        while !self.open.is_empty() {
            self.close(end, false);
        }
    }

    /// Closes the innermost open part, which ends at `end`.
    fn close(&mut self, end: usize, properly: bool) {
        let Some(open) = self.open.pop() else { return };
        let part = &mut self.tree.parts[open.part];
        part.body.end = end.max(part.body.start);
        if open.boundary.is_none() {
            self.tree.messages[open.message].range.end = part.body.end;
            return;
        }
        if properly {
            return;
        }
        let detail = if open.used {
            "a multipart is never closed"
        } else {
            "a multipart's boundary never appears"
        };
        let range = part.header.range.start..part.body.end;
        self.tree.damage.push(Damage {
            range,
            kind: FaultKind::Boundary,
            detail: detail.to_owned(),
        });
        if !open.used {
            // Nothing but text can be made of it.
            part.kind = Kind::Leaf;
        }
    }

    fn next_delimiter(&self, from: usize) -> Option<Delimiter> {
        if self.open.is_empty() || from >= self.raw.len() {
            return None;
        }
        if let Some(found) = self.delimiter(from) {
            return Some(found);
        }
        self.finder.find_iter(&self.raw[from..]).find_map(|at| self.delimiter(from + at + 1))
    }

    /// The boundary line that begins at `at`, the innermost first.
    fn delimiter(&self, at: usize) -> Option<Delimiter> {
        let rest = self.raw.get(at..)?.strip_prefix(b"--")?;
        self.open.iter().enumerate().rev().find_map(|(index, open)| {
            let tail = rest.strip_prefix(open.boundary.as_deref()?)?;
            let tail = &tail[..line_end(tail, 0)];
            let closes = tail.starts_with(b"--");
            let line = at..line_end(self.raw, at);
            (closes || is_blank(tail)).then_some(Delimiter { open: index, line, closes })
        })
    }

    /// The line break before a boundary belongs to the boundary.
    fn before_line(&self, start: usize) -> usize {
        let before = &self.raw[..start];
        let before = before.strip_suffix(b"\n").unwrap_or(before);
        before.strip_suffix(b"\r").unwrap_or(before).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(raw: &str) -> Vec<(String, &str)> {
        let tree = split(raw.as_bytes(), 0);
        let leaf = |part: &&Part<'_>| part.kind == Kind::Leaf;
        let show = |part: &Part<'_>| (part.content.mime.clone(), &raw[part.body.clone()]);
        tree.parts.iter().filter(leaf).map(show).collect()
    }

    fn damage(raw: &str) -> Vec<FaultKind> {
        split(raw.as_bytes(), 0).damage.iter().map(|damage| damage.kind).collect()
    }

    const NESTED: &str = "Content-Type: multipart/mixed; boundary=a\n\npreamble\n--a\n\
        Content-Type: multipart/alternative; boundary=ab\n\n--ab\n\nplain\n--ab\n\
        Content-Type: text/html\n\n<p>\n--ab--\n\n--a\n\nlast\n--a--\nepilogue\n";

    #[test]
    fn parts_are_split_at_their_own_boundaries() {
        let (plain, html) = ("text/plain".to_owned(), "text/html".to_owned());
        assert_eq!(leaves(NESTED), [(plain.clone(), "plain"), (html, "<p>"), (plain, "last")]);
        assert_eq!(damage(NESTED), []);
    }

    #[test]
    fn a_boundary_that_fails_is_told_and_the_text_kept() {
        let unclosed = NESTED.replace("--ab--", "");
        assert_eq!(leaves(&unclosed).len(), 3);
        assert_eq!(damage(&unclosed), [FaultKind::Boundary]);
        let missing = "Content-Type: multipart/mixed; boundary=a\n\nsome text\n";
        assert_eq!(leaves(missing), [("multipart/mixed".to_owned(), "some text\n")]);
        assert_eq!(damage(missing), [FaultKind::Boundary]);
    }

    #[test]
    fn an_attached_message_has_its_own_bytes() {
        let raw = "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: message/rfc822\n\n\
                   Subject: in\n\ntext\n--a--\n";
        let tree = split(raw.as_bytes(), 0);
        assert_eq!(&raw[tree.messages[1].range.clone()], "Subject: in\n\ntext");
        assert_eq!((tree.messages[1].depth, tree.parts[tree.messages[1].root].message), (1, 1));
    }

    #[test]
    fn nesting_is_followed_to_a_cap() {
        let messages = "Content-Type: message/rfc822\n\n".repeat(100_000);
        let tree = split(messages.as_bytes(), 0);
        assert_eq!(tree.messages.len(), MESSAGE_DEPTH + 1);
        assert_eq!(tree.damage[0].kind, FaultKind::TooDeep);
        let multiparts: String = (0..100_000)
            .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
            .collect();
        assert!(
            split(multiparts.as_bytes(), 0)
                .damage
                .iter()
                .any(|damage| damage.kind == FaultKind::TooDeep)
        );
    }
}
