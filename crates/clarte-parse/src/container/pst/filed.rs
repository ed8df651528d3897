//! A message in a PST, as what [`message`](super::message) takes it from.

use jiff::Timestamp;

use super::database::{Damage, Database, Node};
use super::message::{Row, Source};
use super::properties::{Properties, rows};

/// Nodes inside a message: its recipients, and the type of its attachments.
const RECIPIENTS: u32 = 0x692;
const ATTACHMENT: u32 = 0x05;

/// A file, and which of its messages is being written.
pub(super) struct Filed<'d, 'f> {
    pub(super) db: &'d mut Database<'f>,
    /// The outermost message.
    pub(super) node: Node,
}

impl Source for Filed<'_, '_> {
    type Node = Node;
    type Properties = Properties;

    fn read(&mut self, node: Node) -> Result<Properties, Damage> {
        Properties::read(self.db, node)
    }

    fn number(&self, of: &Properties, id: u16) -> Option<u32> {
        of.number(id)
    }

    fn time(&self, of: &Properties, id: u16) -> Option<Timestamp> {
        of.time(id)
    }

    fn is_text(&self, of: &Properties, id: u16) -> bool {
        of.is_text(id)
    }

    fn text(&mut self, of: &Properties, id: u16, cap: usize) -> Result<Option<String>, Damage> {
        of.text(self.db, id, cap)
    }

    fn bytes(&mut self, of: &Properties, id: u16, cap: usize) -> Result<Option<Vec<u8>>, Damage> {
        of.bytes(self.db, id, cap)
    }

    fn page(&self, of: &Properties) -> u32 {
        of.page()
    }

    fn object(&self, of: &Properties, id: u16) -> Option<Node> {
        of.object(id)
    }

    fn attachments(&self, of: &Properties) -> Vec<Node> {
        of.inside.values().filter(|node| node.id & 0x1f == ATTACHMENT).copied().collect()
    }

    fn recipients(&mut self, of: &Properties, columns: &[u16]) -> Result<Vec<Row>, Damage> {
        match of.inside.get(&RECIPIENTS) {
            Some(table) => rows(self.db, *table, columns, of.page()),
            None => Ok(Vec::new()),
        }
    }

    fn lose(&mut self, what: &str, damage: Damage) {
        let what = format!("message {:#x}, {what}", self.node.id);
        self.db.faults.lose(&what, damage.at(self.node.offset));
    }
}
