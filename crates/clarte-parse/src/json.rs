//! JSON objects for what has no column, and the reading of nested ones.

mod cursor;
pub(crate) mod objects;
mod tape;

pub(crate) use cursor::{Cursor, ordinary};
pub(crate) use tape::{Kind, Tape, Value};

/// A flat JSON object under construction. Allocates nothing while empty.
#[derive(Default)]
pub(crate) struct Object(String);

impl Object {
    /// An object with room for so many bytes.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(String::with_capacity(capacity))
    }

    /// Adds a string.
    pub(crate) fn text(&mut self, name: &str, value: &str) -> &mut Self {
        quote(self.key(name), value);
        self
    }

    /// Adds a number.
    pub(crate) fn integer(&mut self, name: &str, value: i64) -> &mut Self {
        self.raw(name, &value.to_string())
    }

    /// Adds a value that is JSON already.
    pub(crate) fn raw(&mut self, name: &str, json: &str) -> &mut Self {
        self.key(name).push_str(json);
        self
    }

    /// Adds a member as it stood in another object.
    pub(crate) fn member(&mut self, name: &str, value: &str) -> &mut Self {
        self.comma();
        self.0.push_str(name);
        self.0.push(':');
        self.0.push_str(value);
        self
    }

    /// The object's text; empty where nothing was added.
    pub(crate) fn finish(self) -> String {
        let mut text = self.0;
        if !text.is_empty() {
            text.push('}');
        }
        text
    }

    /// Writes the name and gives the place where the value goes.
    pub(crate) fn key(&mut self, name: &str) -> &mut String {
        self.comma();
        quote(&mut self.0, name);
        self.0.push(':');
        &mut self.0
    }

    fn comma(&mut self) {
        if self.0.is_empty() {
            // Room for what most records leave over.
            self.0.reserve(64);
            self.0.push('{');
        } else {
            self.0.push(',');
        }
    }
}

/// Writes `text` as a JSON string.
pub(crate) fn quote(into: &mut String, text: &str) {
    if text.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\')) {
        into.push_str(&serde_json::to_string(text).expect("a string always serialises"));
    } else {
        into.push('"');
        into.push_str(text);
        into.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_json_and_an_empty_one_is_nothing() {
        let mut object = Object::default();
        object.text("a\"b", "c\\\n").integer("n", -4).raw("list", "[1]");
        let value: serde_json::Value = serde_json::from_str(&object.finish()).expect("JSON");
        assert_eq!(value, serde_json::json!({"a\"b": "c\\\n", "n": -4, "list": [1]}));
        assert_eq!(Object::default().finish(), "");
    }
}
