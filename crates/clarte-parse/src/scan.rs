//! JSON as far as one line of a log needs it: where members and values begin
//! and end, checked but not built. Spec: RFC 8259.
//!
//! Several times quicker than a general reader, because most members of most
//! lines are only stepped over. Values nested deeper than [`NEAR`] are left to
//! `serde_json`, and so is saying what is wrong with a line that does not fit.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::json::Cursor;

/// How deep values are stepped into here.
const NEAR: usize = 8;

/// Deeper values are not kept: whoever reads `unmapped` must be able to.
pub(crate) const DEPTH_CAP: usize = 64;

/// A value as written; valid JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Json<'a> {
    pub(crate) raw: &'a str,
    /// Whether it is a string without escapes.
    is_bare: bool,
}

impl<'a> Json<'a> {
    /// A number, a literal, or a string without its quotes.
    pub(crate) fn plain(self) -> &'a str {
        if self.is_bare { &self.raw[1..self.raw.len() - 1] } else { self.raw }
    }

    /// A string's text, anything else as it is written.
    pub(crate) fn text(self) -> Cow<'a, str> {
        if self.is_bare {
            return Cow::Borrowed(self.plain());
        }
        serde_json::from_str(self.raw).map_or(Cow::Borrowed(self.raw), Cow::Owned)
    }

    /// The member of an object that is called `name`.
    pub(crate) fn member(self, name: &str) -> Option<Json<'a>> {
        let mut found = None;
        Cursor::new(self.raw).object(|known, value| {
            if known == name {
                found = Some(value);
            }
        })?;
        found
    }

    /// The members of an array; of anything else itself.
    pub(crate) fn members(self) -> Vec<Json<'a>> {
        let mut inside = Cursor::new(self.raw);
        if !inside.passes(b'[') {
            return vec![self];
        }
        let mut members = Vec::with_capacity(4);
        while let Some(member) = inside.next() {
            members.push(member);
            inside.passes(b',');
        }
        members
    }
}

impl<'a> Cursor<'a> {
    /// The members of the object that is all of the text, handed to `each`;
    /// `None` where it is no such object.
    pub(crate) fn object(mut self, mut each: impl FnMut(&str, Json<'a>)) -> Option<()> {
        self.required(b'{')?;
        if !self.passes(b'}') {
            loop {
                self.skip_space();
                let start = self.at;
                let is_bare = self.string()?;
                let name = &self.text[start..self.at];
                self.required(b':')?;
                let value = self.next()?;
                if is_bare {
                    each(&name[1..name.len() - 1], value);
                } else {
                    each(&serde_json::from_str::<String>(name).ok()?, value);
                }
                if !self.passes(b',') {
                    break;
                }
            }
            self.required(b'}')?;
        }
        self.skip_space();
        (self.at == self.text.len()).then_some(())
    }

    /// The value that comes next.
    #[inline]
    fn next(&mut self) -> Option<Json<'a>> {
        self.skip_space();
        let start = self.at;
        let is_bare = self.value(NEAR)?;
        Some(Json { raw: &self.text[start..self.at], is_bare })
    }

    /// Steps over a value; whether it is a string without escapes. (A slice of
    /// the text would be handed back through memory, which takes longer.)
    fn value(&mut self, depth: usize) -> Option<bool> {
        match self.peek()? {
            b'"' => return self.string(),
            b'[' | b'{' if depth == 0 => self.far()?,
            b'[' => self.nested_array(depth - 1)?,
            b'{' => self.nested_object(depth - 1)?,
            b't' => self.literal("true")?,
            b'f' => self.literal("false")?,
            b'n' => self.literal("null")?,
            _ => self.number()?,
        }
        Some(false)
    }

    /// Steps over an array whose members may hold `depth` levels more.
    fn nested_array(&mut self, depth: usize) -> Option<()> {
        self.required(b'[')?;
        if self.passes(b']') {
            return Some(());
        }
        loop {
            self.skip_space();
            self.value(depth)?;
            if !self.passes(b',') {
                return self.required(b']');
            }
        }
    }

    /// Steps over an object whose members may hold `depth` levels more.
    fn nested_object(&mut self, depth: usize) -> Option<()> {
        self.required(b'{')?;
        if self.passes(b'}') {
            return Some(());
        }
        loop {
            self.skip_space();
            self.string()?;
            self.required(b':')?;
            self.skip_space();
            self.value(depth)?;
            if !self.passes(b',') {
                return self.required(b'}');
            }
        }
    }

    /// Steps over an array or object however deep it is, without a stack of our
    /// own to overflow.
    #[cold]
    fn far(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        values.next()?.ok()?;
        self.at += values.byte_offset();
        Some(())
    }
}

/// What is wrong with a line that is no object.
pub(crate) fn complaint(text: &str) -> String {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Err(cause) => format!("not a JSON object: {cause}"),
        Ok(_) => "not a JSON object".to_owned(),
    }
}

/// Whether values are nested deeper than the cap.
pub(crate) fn is_too_deep(text: &str) -> bool {
    // Few lines hold enough brackets to be worth a closer look.
    let brackets = memchr::memchr2_iter(b'[', b'{', text.as_bytes());
    brackets.take(DEPTH_CAP + 1).count() > DEPTH_CAP && depth(text) > DEPTH_CAP
}

/// How deep objects and arrays are nested.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// The members as `serde_json` and as we find them.
    fn compare(text: &str) {
        let expected = serde_json::from_str::<BTreeMap<String, &RawValue>>(text).ok();
        let expected = expected.map(|members| {
            members.into_iter().map(|(name, raw)| (name, raw.get().to_owned())).collect()
        });
        let mut found = BTreeMap::new();
        let whole = Cursor::new(text).object(|name, value| {
            found.insert(name.to_owned(), value.raw.to_owned());
        });
        assert_eq!(whole.map(|()| found), expected, "{text}");
    }

    #[test]
    fn objects_are_what_json_says_they_are() {
        for value in [
            "0",
            "-0",
            "01",
            "1.5",
            "1.",
            ".5",
            "1e5",
            "1E+05",
            "1e",
            "-",
            "+1",
            "true",
            "tru",
            "nullx",
            "\"a\"",
            "\"a\\u00e9\"",
            "\"\\u00g0\"",
            "\"\\x\"",
            "\"\\\"",
            "\"\u{1}\"",
            "\"é\"",
            "\"\u{7f}\"",
            "[]",
            "[1,]",
            "[1 2]",
            "[ 1 , \"]\" ]",
            "[[],{}]",
            "[[}",
            "{\"b\":[{}]}",
            "{\"b\":{\"c\":[1,{}]},\"d\":\"\"}",
            "{\"b\" 1}",
            "{\"b\":1,}",
            "[[[[[[[[[[[[{\"a\":[1]}]]]]]]]]]]]]",
            "[[[[[[[[[[[[1,]]]]]]]]]]]]",
            "{",
            "\"1234567\\n\"",
            "\"12345678\"",
            "\"1234567\n\"",
            "\"\\ud800\"",
            "",
        ] {
            compare(&format!("{{\"a\":{value}}}"));
            compare(&format!(" {{ \"a\" : {value} , \"b\" : {value} }} "));
        }
        for text in [
            "{}",
            " { } ",
            "{,}",
            "{\"a\":1,}",
            "{\"a\"}",
            "{a:1}",
            "[]",
            "{} x",
            "",
            "{\"\\ud800\":1}",
            "{\"\\u0061\":1}",
        ] {
            compare(text);
        }
    }

    #[test]
    fn members_of_arrays_are_found_one_by_one() {
        let mut members = Vec::new();
        let text = "{\"a\":[1, \"x,]\" ,[2,3],{\"y\":\"]\"},null]}";
        Cursor::new(text).object(|_, value| members = value.members()).expect("an object");
        let raw: Vec<_> = members.iter().map(|member| member.raw).collect();
        assert_eq!(raw, ["1", "\"x,]\"", "[2,3]", "{\"y\":\"]\"}", "null"]);
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
