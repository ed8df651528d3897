//! MSG: one message of Outlook, saved as a file.
//!
//! Spec: MS-OXMSG, in a compound file (MS-CFB). The message is a member, whose
//! stream is an mbox of one, made as those of a PST's folders are
//! ([`super::pst`]) and for the same reasons; a message attached to it is
//! attached there. The file is held, up to a cap, since its parts stand in any
//! order.
//!
//! It is known by the names of its parts, which are compound files' way to say
//! what they are; where none stands in the first 64 KiB, it is not. Left out:
//! named properties, what is no mail.

mod compound;

use std::collections::BTreeMap;

use clarte_model::FaultKind;
use jiff::Timestamp;

use super::pst::database::{Damage, Faults};
use super::pst::message::{self, Row, Source};
use super::pst::properties::{is_text, kind, moment, text};
use super::{Archive, Members};
use crate::Input;
use compound::Compound;

pub(super) struct Msg;

/// Attachments and recipients of one message.
const PARTS: usize = 10_000;

/// Bytes of a list of properties.
const PROPERTIES: usize = 1 << 20;

/// Bytes of a text of a recipient.
const CELL: usize = 1 << 16;

impl Archive for Msg {
    fn recognises(&self, head: &[u8]) -> bool {
        head.starts_with(&compound::MARK)
            && memchr::memmem::find(head, &wide("__properties_version1.0")).is_some()
    }

    fn read(&self, input: &mut Input<'_>, members: &mut Members<'_, '_>) {
        let cap = usize::try_from(members.limits().held).unwrap_or(usize::MAX);
        let bytes = input.take(cap);
        if !input.head().is_empty() {
            input.drain();
            let what = "it is larger than what is held of a message";
            return members.lose(0, input.offset(), FaultKind::TooLarge, what);
        }
        let length = input.offset();
        let mut faults = Faults::new(members.limits().members);
        let mut mail = Vec::new();
        let written = Compound::open(&bytes).and_then(|file| {
            let mut saved = Saved { file, faults: &mut faults };
            message::write(&mut saved, Node { storage: 0, header: 32 }, &mut mail)
        });
        match written {
            Err(Damage { kind, detail, .. }) => members.lose(0, length, kind, &detail),
            Ok(()) if mail.is_empty() => {
                members.lose(0, length, FaultKind::Unsupported, "it is no mail");
            }
            Ok(()) => members.read_unpacked("message", &mut mail.as_slice()),
        }
        faults.take().for_each(|fault| members.note(fault));
    }
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A file, and what was wrong in it.
struct Saved<'s> {
    file: Compound<'s>,
    faults: &'s mut Faults,
}

/// A message, attachment or recipient.
#[derive(Clone, Copy)]
struct Node {
    /// Its entry in the directory.
    storage: usize,
    /// Bytes before its list of properties.
    header: usize,
}

/// What a storage holds.
struct Properties {
    /// By id: the type, and the value where it fits in eight bytes.
    values: BTreeMap<u16, (u16, [u8; 8])>,
    /// Entries inside it, by name.
    inside: BTreeMap<String, usize>,
}

impl Properties {
    fn value(&self, id: u16, wanted: &[u16]) -> Option<[u8; 8]> {
        let (kind, value) = self.values.get(&id)?;
        wanted.contains(kind).then_some(*value)
    }

    /// The entry that holds a value which does not fit.
    fn outside(&self, id: u16) -> Option<usize> {
        let (kind, _) = self.values.get(&id)?;
        self.inside.get(&format!("__SUBSTG1.0_{id:04X}{kind:04X}")).copied()
    }

    fn parts(&self, beginning: &str, header: usize) -> Vec<Node> {
        let named = self.inside.range(beginning.to_owned()..);
        let named = named.take_while(|(name, _)| name.starts_with(beginning)).take(PARTS);
        named.map(|(_, storage)| Node { storage: *storage, header }).collect()
    }
}

impl Source for Saved<'_> {
    type Node = Node;
    type Properties = Properties;

    fn read(&mut self, node: Node) -> Result<Properties, Damage> {
        let inside = self.file.inside(node.storage)?;
        let list = inside.get("__PROPERTIES_VERSION1.0");
        let list = *list.ok_or_else(|| Damage::malformed("a list of properties is missing"))?;
        let bytes = self.file.stream(list, PROPERTIES)?;
        let entries = bytes.get(node.header..).unwrap_or_default().chunks_exact(16);
        let values = entries.map(|entry| {
            let two = |at: usize| u16::from_le_bytes([entry[at], entry[at + 1]]);
            let value = entry[8..].try_into().unwrap_or_default();
            (two(2), (two(0), value))
        });
        Ok(Properties { values: values.collect(), inside })
    }

    fn number(&self, of: &Properties, id: u16) -> Option<u32> {
        let [a, b, c, d, ..] = of.value(id, &[kind::LONG, kind::SHORT, kind::BOOLEAN])?;
        let value = u32::from_le_bytes([a, b, c, d]);
        let is_long = of.values.get(&id).is_some_and(|(kind, _)| *kind == kind::LONG);
        Some(if is_long { value } else { value & 0xffff })
    }

    fn time(&self, of: &Properties, id: u16) -> Option<Timestamp> {
        moment(u64::from_le_bytes(of.value(id, &[kind::TIME])?))
    }

    fn is_text(&self, of: &Properties, id: u16) -> bool {
        of.values.get(&id).is_some_and(|(kind, _)| is_text(*kind))
    }

    fn text(&mut self, of: &Properties, id: u16, cap: usize) -> Result<Option<String>, Damage> {
        if !self.is_text(of, id) {
            return Ok(None);
        }
        let kind = of.values.get(&id).map_or(0, |(kind, _)| *kind);
        let bytes = self.bytes(of, id, cap)?;
        Ok(bytes.map(|bytes| text(kind, &bytes, self.page(of))))
    }

    fn bytes(&mut self, of: &Properties, id: u16, cap: usize) -> Result<Option<Vec<u8>>, Damage> {
        match of.outside(id) {
            Some(entry) => self.file.stream(entry, cap).map(Some),
            None => Ok(None),
        }
    }

    fn page(&self, of: &Properties) -> u32 {
        let pages = [0x3ffd, 0x3fde];
        pages.into_iter().find_map(|id| self.number(of, id)).unwrap_or_default()
    }

    fn object(&self, of: &Properties, id: u16) -> Option<Node> {
        of.outside(id).map(|storage| Node { storage, header: 24 })
    }

    fn attachments(&self, of: &Properties) -> Vec<Node> {
        of.parts("__ATTACH_VERSION1.0_#", 8)
    }

    fn recipients(&mut self, of: &Properties, columns: &[u16]) -> Result<Vec<Row>, Damage> {
        let mut rows = Vec::new();
        for node in of.parts("__RECIP_VERSION1.0_#", 8) {
            let properties = self.read(node)?;
            let mut row = Row::new();
            for id in columns {
                let number = self.number(&properties, *id).map(|number| number.to_string());
                row.push(match number {
                    Some(number) => Some(number),
                    None => self.text(&properties, *id, CELL)?,
                });
            }
            rows.push(row);
        }
        Ok(rows)
    }

    fn lose(&mut self, what: &str, damage: Damage) {
        self.faults.lose(what, damage);
    }
}
