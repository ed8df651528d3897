//! What an act was done to, and lists of names and values.

use std::borrow::Cow;

use clarte_model::{Field, Record};

use crate::json::{self, Value};

/// What an act was done to: folders, files, rules, applications; messages.
#[derive(Default)]
pub(super) struct Items<'a> {
    names: Vec<Cow<'a, str>>,
    /// Message-IDs.
    uids: Vec<Cow<'a, str>>,
}

impl<'a> Items<'a> {
    /// Whether nothing was named so far.
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.uids.is_empty()
    }

    pub(super) fn name(&mut self, name: Cow<'a, str>) {
        // Items of one folder each name it; those of a record are few.
        if !name.is_empty() && !self.names.iter().rev().take(8).any(|known| *known == name) {
            self.names.push(name);
        }
    }

    /// A folder, and the messages in it that were touched.
    pub(super) fn folder(&mut self, folder: Value<'a, '_>) {
        if let Some(path) = folder.get("Path").filter(|path| path.is_text()) {
            self.name(path.text());
        }
        for item in folder.get("FolderItems").into_iter().flat_map(Value::elements) {
            self.item(item);
        }
    }

    /// A message, and the folder it is in.
    pub(super) fn item(&mut self, item: Value<'a, '_>) {
        if let Some(id) = item.get("InternetMessageId").filter(|id| id.is_text()) {
            let id = match id.text() {
                Cow::Borrowed(id) => Cow::Borrowed(bare(id)),
                Cow::Owned(id) => Cow::Owned(bare(&id).to_owned()),
            };
            if !id.is_empty() {
                self.uids.push(id);
            }
        }
        if let Some(folder) = item.get("ParentFolder") {
            self.folder(folder);
        }
    }

    pub(super) fn finish(self, record: &mut Record<'a>) {
        record.texts(Field::ResourceNames, self.names).texts(Field::ResourceUids, self.uids);
    }
}

fn bare(id: &str) -> &str {
    id.trim().trim_matches(['<', '>'])
}

/// The names and values of `[{"Name":…,"Value":…}]`.
pub(super) fn pairs<'a, 't>(
    list: Value<'a, 't>,
) -> impl Iterator<Item = (Value<'a, 't>, Value<'a, 't>)> {
    list.elements().filter_map(|pair| {
        let name = pair.get("Name").filter(|name| name.is_text())?;
        Some((name, pair.get("Value")?))
    })
}

/// Writes such a list as one object; anything else as it is.
pub(super) fn flat(list: Value<'_, '_>, into: &mut String) {
    let count = list.elements().count();
    if count == 0 || pairs(list).count() != count {
        return into.push_str(&list.json());
    }
    for (at, (name, value)) in pairs(list).enumerate() {
        into.extend([if at == 0 { "{" } else { "," }, name.raw(), ":", &value.json()]);
    }
    into.push('}');
}

/// The browser that a text of JSON names (`additionalDetails`).
pub(super) fn user_agent(text: &str) -> Option<String> {
    let mut tape = json::Tape::default();
    let details = tape.read(text).ok()?;
    details.get("User-Agent").map(|agent| agent.text().into_owned())
}
