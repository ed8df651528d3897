//! PST and OST: a mailbox of Outlook, as a database in one file.
//!
//! Spec: <https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-pst>.
//! Each folder that holds mail is a member, named for its place among the
//! folders; its stream is an mbox that is made of the folder's messages, the
//! same from the same file, and read as any mbox is.
//!
//! Folders and messages are found by the file's list of nodes, each of which
//! names the folder it is in, and not by the folders' tables: so nothing is
//! lost with a table. Its pages may stand anywhere, so the file is searched,
//! or, where it lies in another container, held in memory up to a cap. Read
//! are the layouts of Outlook 97 ("ANSI") and 2003 ("Unicode"), and every way
//! of encoding that needs no key; a file's password is none.
//!
//! Left out: OST of Outlook 2013 and later (pages of 4 KiB, compressed
//! blocks); deleted messages in the free space; what is no mail.

mod charset;
mod cipher;
pub(super) mod database;
mod filed;
mod layout;
pub(super) mod message;
pub(super) mod properties;
mod rtf;
mod write;

use std::collections::BTreeMap;
use std::io::{self, Read};

use clarte_model::FaultKind;

use super::{Archive, Limits, Members};
use crate::{Input, ReadAt};
use database::{Damage, Database, Node};
use filed::Filed;
use properties::Properties;

pub(super) struct Pst;

/// Types of nodes, by the last bits of their ids.
const FOLDER: u32 = 0x02;
const MESSAGE: u32 = 0x04;

/// Folders inside one another.
const DEPTH: usize = 64;

/// Bytes of a folder's name.
const NAME: usize = 1 << 10;

impl Archive for Pst {
    /// By the file's mark, and that of what wrote it.
    fn recognises(&self, head: &[u8]) -> bool {
        head.starts_with(b"!BDN") && matches!(head.get(8..10), Some(b"SM" | b"SO"))
    }

    fn read(&self, input: &mut Input<'_>, members: &mut Members<'_, '_>) {
        let held;
        let bytes: &dyn ReadAt = match input.at() {
            Some(bytes) => {
                // First the whole file is read, so that all of it is hashed and
                // what comes out can be held against it.
                input.drain();
                bytes
            }
            None => {
                let cap = usize::try_from(members.limits().held).unwrap_or(usize::MAX);
                held = input.take(cap);
                if !input.head().is_empty() {
                    input.drain();
                    let what = "it cannot be searched inside another container: unpack it first";
                    return members.lose(0, input.offset(), FaultKind::TooLarge, what);
                }
                &held
            }
        };
        let length = input.offset();
        match Database::open(bytes, length, members.limits().members) {
            Ok(mut db) => read_folders(&mut db, members),
            Err(Damage { kind, detail, .. }) => members.lose(0, length, kind, &detail),
        }
    }
}

/// Reads every folder's mail, and tells what was wrong.
fn read_folders(db: &mut Database<'_>, members: &mut Members<'_, '_>) {
    let contents = Contents::read(db, members.limits());
    for (path, mut messages) in contents.folders(db) {
        if members.is_full().is_some() || db.is_spent() {
            let what = "mail is left that is not read: the file holds more than our cap";
            db.faults.lose("", Damage::new(FaultKind::TooLarge, what));
            break;
        }
        messages.sort_unstable();
        let mut stream = Stream { db, messages: messages.into_iter(), bytes: Vec::new(), at: 0 };
        if stream.next() {
            members.read_unpacked(&path, &mut stream);
        }
    }
    for fault in db.faults.take() {
        members.note(fault);
    }
}

/// What a file lists.
#[derive(Default)]
struct Contents {
    folders: BTreeMap<u32, Node>,
    /// Each message by its folder and its id.
    messages: Vec<(u32, u32)>,
}

impl Contents {
    fn read(db: &mut Database<'_>, limits: &Limits) -> Self {
        let mut contents = Self::default();
        let mut left_out = None;
        db.for_each_node(&mut |node| match node.id & 0x1f {
            FOLDER if contents.folders.len() < limits.members => {
                contents.folders.insert(node.id, node);
            }
            MESSAGE if contents.messages.len() < limits.messages => {
                contents.messages.push((node.parent, node.id));
            }
            FOLDER | MESSAGE => left_out = left_out.or(Some(node.offset)),
            _ => {}
        });
        if let Some(offset) = left_out {
            let what = "more folders and messages than our cap";
            db.faults.lose("", Damage::new(FaultKind::TooLarge, what).at(offset));
        }
        contents.messages.sort_unstable();
        contents
    }

    /// Every folder that holds messages, by path, with their ids. Messages of
    /// folders that are not listed are of one without a name.
    fn folders(self, db: &mut Database<'_>) -> BTreeMap<String, Vec<u32>> {
        let mut names = BTreeMap::new();
        for (id, node) in &self.folders {
            let name = match folder_name(db, *node) {
                Ok(name) => name,
                Err(damage) => {
                    db.faults.lose(&format!("the name of folder {id:#x}"), damage.at(node.offset));
                    format!("{id:#x}")
                }
            };
            names.insert(*id, name);
        }
        let mut paths = BTreeMap::new();
        for messages in self.messages.chunk_by(|a, b| a.0 == b.0) {
            let path = self.path(messages[0].0, &names);
            let ids = messages.iter().map(|(_, id)| *id);
            paths.entry(path).or_insert_with(Vec::new).extend(ids);
        }
        paths
    }

    fn path(&self, folder: u32, names: &BTreeMap<u32, String>) -> String {
        let mut steps = Vec::new();
        let mut id = folder;
        while let Some(name) = names.get(&id).filter(|_| steps.len() < DEPTH) {
            steps.push(name.as_str());
            let parent = self.folders.get(&id).map(|node| node.parent);
            match parent.filter(|parent| *parent != id) {
                Some(parent) => id = parent,
                None => break,
            }
        }
        steps.reverse();
        steps.join("/")
    }
}

/// A folder's name as one step of a path.
fn folder_name(db: &mut Database<'_>, node: Node) -> Result<String, Damage> {
    const DISPLAY_NAME: u16 = 0x3001;
    let properties = Properties::read(db, node)?;
    let name = properties.text(db, DISPLAY_NAME, NAME)?.unwrap_or_default();
    Ok(name.replace('/', "\u{2215}"))
}

/// A folder's messages as an mbox, of which one is in memory at a time.
struct Stream<'s, 'f> {
    db: &'s mut Database<'f>,
    messages: std::vec::IntoIter<u32>,
    /// The message at hand, and how much of it was read.
    bytes: Vec<u8>,
    at: usize,
}

impl Stream<'_, '_> {
    /// Goes on with the next message that is a mail and can be read.
    fn next(&mut self) -> bool {
        self.bytes.clear();
        self.at = 0;
        while let Some(id) = self.messages.next() {
            if let Err((damage, offset)) = self.write(id) {
                self.bytes.clear();
                self.db.faults.lose(&format!("message {id:#x}"), damage.at(offset));
            }
            if !self.bytes.is_empty() {
                return true;
            }
            if self.db.is_spent() {
                break;
            }
        }
        false
    }

    /// Writes a message, or says what was wrong and where it is listed.
    fn write(&mut self, id: u32) -> Result<(), (Damage, u64)> {
        let node = self.db.node(id).map_err(|damage| (damage, 0))?;
        let Some(node) = node else { return Ok(()) };
        let mut filed = Filed { db: self.db, node };
        message::write(&mut filed, node, &mut self.bytes).map_err(|damage| (damage, node.offset))
    }
}

impl Read for Stream<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.bytes.len() && !self.next() {
            return Ok(0);
        }
        let rest = &self.bytes[self.at..];
        let length = rest.len().min(into.len());
        into[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        Ok(length)
    }
}
