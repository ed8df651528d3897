//! A JSON document as a flat list of its values: checked, but not built.
//! Spec: RFC 8259.
//!
//! For nested objects of which a record takes a few members and keeps the rest
//! as written: values are slices of the text, and the list is used again for the
//! next document. Saying what is wrong with a text is left to `serde_json`.

use std::borrow::Cow;

use clarte_model::FaultKind;

use super::Cursor;

/// Deeper values are not read: whoever reads `unmapped` must be able to.
const DEPTH_CAP: usize = 64;

/// Room for the values of one document after another.
#[derive(Default)]
pub(crate) struct Tape {
    nodes: Vec<Node>,
    /// The containers that are not closed yet.
    open: Vec<u32>,
}

/// A value, or the name of the member that follows.
#[derive(Debug, Clone, Copy)]
struct Node {
    kind: Kind,
    /// Where in the text it begins and ends.
    start: u32,
    end: u32,
    /// The node behind it and all that is in it.
    next: u32,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `null`, `true` or `false`.
    Literal,
    Number,
    /// A string without escapes.
    Bare,
    /// A string with escapes.
    Escaped,
    Array,
    Object,
}

/// A value of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value<'a, 't> {
    text: &'a str,
    nodes: &'t [Node],
    at: usize,
}

impl Tape {
    /// The value that is all of `text`.
    pub(crate) fn read<'a, 't>(
        &'t mut self,
        text: &'a str,
    ) -> Result<Value<'a, 't>, (FaultKind, String)> {
        self.nodes.clear();
        self.open.clear();
        if u32::try_from(text.len()).is_err() {
            return Err((FaultKind::TooLarge, "JSON over 4 GiB".to_owned()));
        }
        match self.fill(text) {
            Some(()) => Ok(Value { text, nodes: &self.nodes, at: 0 }),
            None if self.open.len() > DEPTH_CAP => {
                Err((FaultKind::TooDeep, format!("values nested deeper than {DEPTH_CAP}")))
            }
            None => Err((FaultKind::Malformed, complaint(text))),
        }
    }

    /// Notes every value; `None` where the text is none or is nested too deep.
    fn fill(&mut self, text: &str) -> Option<()> {
        let mut cursor = Cursor::new(text);
        loop {
            cursor.skip_space();
            let start = cursor.at;
            let byte = cursor.peek()?;
            match byte {
                b'{' | b'[' => {
                    self.open.push(self.nodes.len() as u32);
                    if self.open.len() > DEPTH_CAP {
                        return None;
                    }
                    let kind = if byte == b'{' { Kind::Object } else { Kind::Array };
                    self.push(kind, start, start);
                    cursor.at += 1;
                    cursor.skip_space();
                    let end = if byte == b'{' { b'}' } else { b']' };
                    if cursor.peek()? != end {
                        if byte == b'{' {
                            self.name(&mut cursor)?;
                        }
                        continue;
                    }
                }
                _ => {
                    let kind = scalar(&mut cursor, byte)?;
                    self.push(kind, start, cursor.at);
                }
            }
            if self.close(&mut cursor)? {
                return Some(());
            }
        }
    }

    /// Steps over what follows a value, up to the next; whether there is none.
    #[inline]
    fn close(&mut self, cursor: &mut Cursor<'_>) -> Option<bool> {
        while let Some(&container) = self.open.last() {
            cursor.skip_space();
            let count = self.nodes.len() as u32;
            let node = self.nodes.get_mut(container as usize)?;
            match (cursor.peek()?, node.kind) {
                (b',', kind) => {
                    cursor.at += 1;
                    if kind == Kind::Object {
                        cursor.skip_space();
                        self.name(cursor)?;
                    }
                    return Some(false);
                }
                (b'}', Kind::Object) | (b']', Kind::Array) => {
                    cursor.at += 1;
                    (node.end, node.next) = (cursor.at as u32, count);
                    self.open.pop();
                }
                _ => return None,
            }
        }
        cursor.skip_space();
        (cursor.at == cursor.text.len()).then_some(true)
    }

    /// Reads a member's name and the colon.
    #[inline]
    fn name(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        let start = cursor.at;
        let kind = text_kind(cursor.string()?);
        self.push(kind, start, cursor.at);
        cursor.skip_space();
        let colon = cursor.peek()? == b':';
        cursor.at += 1;
        colon.then_some(())
    }

    #[inline]
    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { kind, start: start as u32, end: end as u32, next });
    }
}

/// Steps over a value that holds no others.
#[inline]
fn scalar(cursor: &mut Cursor<'_>, first: u8) -> Option<Kind> {
    match first {
        b'"' => return cursor.string().map(text_kind),
        b't' => cursor.literal("true")?,
        b'f' => cursor.literal("false")?,
        b'n' => cursor.literal("null")?,
        _ => {
            cursor.number()?;
            return Some(Kind::Number);
        }
    }
    Some(Kind::Literal)
}

fn text_kind(is_bare: bool) -> Kind {
    if is_bare { Kind::Bare } else { Kind::Escaped }
}

/// What is wrong with a text.
fn complaint(text: &str) -> String {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Err(cause) => format!("not JSON: {cause}"),
        Ok(_) => "not JSON".to_owned(),
    }
}

impl<'a, 't> Value<'a, 't> {
    #[inline]
    fn node(self) -> Node {
        self.nodes[self.at]
    }

    #[inline]
    pub(crate) fn kind(self) -> Kind {
        self.node().kind
    }

    /// The value as written; valid JSON.
    #[inline]
    pub(crate) fn raw(self) -> &'a str {
        &self.text[self.node().start as usize..self.node().end as usize]
    }

    /// The value as JSON on one line.
    pub(crate) fn json(self) -> Cow<'a, str> {
        let raw = self.raw();
        if !matches!(self.kind(), Kind::Array | Kind::Object) || !raw.contains('\n') {
            return Cow::Borrowed(raw);
        }
        let mut text = String::with_capacity(raw.len());
        self.write(&mut text);
        Cow::Owned(text)
    }

    /// Writes it without space between values; no deeper than the cap.
    fn write(self, into: &mut String) {
        let mut comma = "";
        match self.kind() {
            Kind::Object => {
                into.push('{');
                for (name, value) in self.members() {
                    into.extend([std::mem::replace(&mut comma, ","), name.raw(), ":"]);
                    value.write(into);
                }
                into.push('}');
            }
            Kind::Array => {
                into.push('[');
                for value in self.elements() {
                    into.push_str(std::mem::replace(&mut comma, ","));
                    value.write(into);
                }
                into.push(']');
            }
            _ => into.push_str(self.raw()),
        }
    }

    /// A number, a literal, or a string without its quotes, escapes and all.
    #[inline]
    pub(crate) fn plain(self) -> &'a str {
        match self.kind() {
            Kind::Bare | Kind::Escaped => {
                let raw = self.raw();
                &raw[1..raw.len() - 1]
            }
            _ => self.raw(),
        }
    }

    /// A string's text, anything else as it is written.
    pub(crate) fn text(self) -> Cow<'a, str> {
        match self.kind() {
            Kind::Escaped => {
                serde_json::from_str(self.raw()).map_or(Cow::Borrowed(self.plain()), Cow::Owned)
            }
            _ => Cow::Borrowed(self.plain()),
        }
    }

    pub(crate) fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    pub(crate) fn is_text(self) -> bool {
        matches!(self.kind(), Kind::Bare | Kind::Escaped)
    }

    /// Whether it is `null`, or a string, array or object with nothing in it.
    #[inline]
    pub(crate) fn is_nothing(self) -> bool {
        match self.kind() {
            Kind::Bare => self.plain().is_empty(),
            Kind::Literal => self.raw() == "null",
            Kind::Array | Kind::Object => self.node().next as usize == self.at + 1,
            Kind::Number | Kind::Escaped => false,
        }
    }

    /// The names and values of an object; none of anything else.
    pub(crate) fn members(self) -> impl Iterator<Item = (Value<'a, 't>, Value<'a, 't>)> {
        let mut inside = self.inside(Kind::Object);
        std::iter::from_fn(move || Some((inside.next()?, inside.next()?)))
    }

    /// The values of an array; none of anything else.
    pub(crate) fn elements(self) -> impl Iterator<Item = Value<'a, 't>> {
        self.inside(Kind::Array)
    }

    /// The first member of that name.
    pub(crate) fn get(self, name: &str) -> Option<Value<'a, 't>> {
        self.members().find(|(known, _)| known.plain() == name).map(|(_, value)| value)
    }

    fn inside(self, kind: Kind) -> Inside<'a, 't> {
        let end = if self.kind() == kind { self.node().next as usize } else { 0 };
        Inside { value: Value { at: self.at + 1, ..self }, end }
    }
}

/// Values side by side.
struct Inside<'a, 't> {
    value: Value<'a, 't>,
    end: usize,
}

impl<'a, 't> Iterator for Inside<'a, 't> {
    type Item = Value<'a, 't>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.value.at >= self.end {
            return None;
        }
        let value = self.value;
        self.value.at = value.node().next as usize;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The document as `serde_json` builds it and as it is built from the tape.
    fn compare(text: &str) {
        let expected = serde_json::from_str::<serde_json::Value>(text).ok();
        let mut tape = Tape::default();
        let found = tape.read(text).ok().and_then(build);
        // Escapes of half a character are only told when a text is asked for.
        if !text.contains("\\u") || expected.is_some() {
            assert_eq!(found, expected, "{text}");
        }
    }

    fn build(value: Value<'_, '_>) -> Option<serde_json::Value> {
        Some(match value.kind() {
            Kind::Object => {
                let members = value.members();
                let members =
                    members.map(|(name, value)| Some((name.text().into(), build(value)?)));
                serde_json::Value::Object(members.collect::<Option<_>>()?)
            }
            Kind::Array => value.elements().map(build).collect::<Option<_>>()?,
            Kind::Bare | Kind::Escaped => value.text().into(),
            // A number that fits no float is none to the general reader.
            Kind::Number | Kind::Literal => serde_json::from_str(value.raw()).ok()?,
        })
    }

    #[test]
    fn documents_are_what_json_says_they_are() {
        for text in [
            "",
            " ",
            "1",
            "-",
            "01",
            "1.",
            "1e5",
            "true",
            "tru",
            "null",
            "\"a\"",
            "\"",
            "\"\\x\"",
            "[]",
            "[ ]",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[[[]],{}]",
            "[}",
            "{]",
            "{}",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\":1 \"b\":2}",
            "{\"a\":[{\"b\":null}],\"c\":{}}",
            " { \"a\" : [ 1 , \"]\" ] , \"b\\n\" : false } ",
            "{} x",
            "{1:2}",
            "\"\u{1}\"",
        ] {
            compare(text);
        }
    }

    #[test]
    fn members_are_found_and_kept_as_written() {
        let mut tape = Tape::default();
        let root = tape.read(r#"{"a":{"x":[1, 2]},"b":"p\\q","c":"","d":[]}"#).expect("JSON");
        assert_eq!(root.get("a").and_then(|a| a.get("x")).map(Value::raw), Some("[1, 2]"));
        assert_eq!(root.get("b").map(|b| (b.plain(), b.text())), Some((r"p\\q", r"p\q".into())));
        assert!(root.get("c").is_some_and(Value::is_nothing));
        assert!(root.get("d").is_some_and(Value::is_nothing));
        assert!(root.get("x").is_none());
        let root = tape.read("{\n \"a\" : [ 1,\n{} ] }").expect("JSON");
        assert_eq!(root.json(), r#"{"a":[1,{}]}"#);
    }

    #[test]
    fn nesting_without_end_is_a_fault() {
        let mut tape = Tape::default();
        let found = tape.read(&"[".repeat(1_000_000)).map(|_| ());
        assert_eq!(found.map_err(|(kind, _)| kind), Err(FaultKind::TooDeep));
        assert!(tape.read(&["[".repeat(64), "]".repeat(64)].concat()).is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn arbitrary_text_is_judged_as_by_a_general_reader(
            text in "[\\{\\}\\[\\]:,\"\\\\ 0-9a-fenrtu.+é\t-]{0,60}",
            inside in "[\\{\\}\\[\\]:,\"\\\\ 01ue.é-]{0,24}",
        ) {
            compare(&text);
            compare(&format!("{{\"a\":\"{inside}\",\"b\":[{inside}],\"c\":{inside}}}"));
        }
    }
}
