//! Writes a message of Outlook as a file of its own (MS-OXMSG, MS-CFB).

use super::pst::{Content, Message, Value};

const FREE: u32 = 0xffff_ffff;
const END: u32 = 0xffff_fffe;
const TABLE: u32 = 0xffff_fffd;
const SECTOR: usize = 512;

/// What a storage holds, by name.
type Items = Vec<(String, Item)>;

enum Item {
    Stream(Vec<u8>),
    Storage(Items),
}

/// The file of a message.
pub(crate) fn write(message: &Message) -> Vec<u8> {
    let mut file = File::default();
    file.add("Root Entry", 5, END, 0);
    file.fill(0, items(message, 32));
    file.finish()
}

fn items(message: &Message, header: usize) -> Items {
    let mut items = with_properties(&message.properties, header);
    for (number, (kind, name, address)) in message.recipients.iter().enumerate() {
        let properties = [
            (0x0c15, Value::Long(*kind)),
            (0x3001, Value::Text(name.clone())),
            (0x39fe, Value::Text(address.clone())),
        ];
        let name = format!("__recip_version1.0_#{number:08X}");
        items.push((name, Item::Storage(with_properties(&properties, 8))));
    }
    for (number, attachment) in message.attachments.iter().enumerate() {
        let (method, object) = match &attachment.content {
            Content::Bytes(_) => (1, Value::Bool(false)),
            Content::Message(_) => (5, Value::Object(0, 0)),
            Content::Link => (2, Value::Bool(false)),
        };
        let mut properties = vec![
            (0x3707, Value::Text(attachment.name.clone())),
            (0x3705, Value::Long(method)),
            (0x3701, object),
        ];
        if let Content::Bytes(bytes) = &attachment.content {
            properties[2].1 = Value::Binary(bytes.clone());
        }
        let mut inside = with_properties(&properties, 8);
        if let Content::Message(message) = &attachment.content {
            let name = "__substg1.0_3701000D".to_owned();
            inside.push((name, Item::Storage(self::items(message, 24))));
        }
        items.push((format!("__attach_version1.0_#{number:08X}"), Item::Storage(inside)));
    }
    items
}

fn with_properties(properties: &[(u16, Value)], header: usize) -> Items {
    let mut list = vec![0; header];
    let mut items = Vec::new();
    for (id, value) in properties {
        let mut outside = |kind: u16, bytes: Vec<u8>| {
            let size = bytes.len() as u64;
            items.push((format!("__substg1.0_{id:04X}{kind:04X}"), Item::Stream(bytes)));
            (kind, size)
        };
        let (kind, value) = match value {
            Value::Text(text) => {
                outside(0x1f, text.encode_utf16().flat_map(u16::to_le_bytes).collect())
            }
            Value::Binary(bytes) => outside(0x102, bytes.clone()),
            Value::Long(number) => (0x03, u64::from(*number)),
            Value::Bool(flag) => (0x0b, u64::from(*flag)),
            Value::Time(seconds) => (0x40, (seconds + 11_644_473_600) * 10_000_000),
            Value::Object(..) => (0x0d, 0xffff_ffff),
        };
        list.extend(kind.to_le_bytes());
        list.extend(id.to_le_bytes());
        list.extend([6, 0, 0, 0]);
        list.extend(value.to_le_bytes());
    }
    items.push(("__properties_version1.0".to_owned(), Item::Stream(list)));
    items
}

#[derive(Default)]
struct File {
    directory: Vec<Vec<u8>>,
    sectors: Vec<u8>,
    table: Vec<u32>,
    small: Vec<u8>,
    small_table: Vec<u32>,
}

impl File {
    fn add(&mut self, name: &str, kind: u8, start: u32, size: usize) -> usize {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = entry.len() as u16 + 2;
        entry.resize(64, 0);
        entry.extend(length.to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([0xff; 12]);
        entry.resize(116, 0);
        entry.extend(start.to_le_bytes());
        entry.extend((size as u64).to_le_bytes());
        self.directory.push(entry);
        self.directory.len() - 1
    }

    fn set(&mut self, entry: usize, at: usize, value: usize) {
        self.directory[entry][at..at + 4].copy_from_slice(&(value as u32).to_le_bytes());
    }

    /// Puts items into a storage, each the right neighbour of the one before.
    fn fill(&mut self, storage: usize, items: Items) {
        let mut before = None;
        for (name, item) in items {
            let entry = match item {
                Item::Stream(bytes) => {
                    let start = self.put_stream(&bytes);
                    self.add(&name, 2, start, bytes.len())
                }
                Item::Storage(items) => {
                    let entry = self.add(&name, 1, 0, 0);
                    self.fill(entry, items);
                    entry
                }
            };
            match before {
                None => self.set(storage, 76, entry),
                Some(before) => self.set(before, 72, entry),
            }
            before = Some(entry);
        }
    }

    fn put_stream(&mut self, bytes: &[u8]) -> u32 {
        if bytes.len() >= 4096 {
            return self.put(bytes);
        }
        if bytes.is_empty() {
            return END;
        }
        let start = self.small_table.len() as u32;
        self.small.extend(bytes);
        self.small.resize(self.small.len().next_multiple_of(64), 0);
        chain(&mut self.small_table, self.small.len() / 64);
        start
    }

    fn put(&mut self, bytes: &[u8]) -> u32 {
        if bytes.is_empty() {
            return END;
        }
        let start = self.table.len() as u32;
        self.sectors.extend(bytes);
        self.sectors.resize(self.sectors.len().next_multiple_of(SECTOR), 0);
        chain(&mut self.table, self.sectors.len() / SECTOR);
        start
    }

    fn finish(mut self) -> Vec<u8> {
        let small = std::mem::take(&mut self.small);
        let small = self.put(&small);
        self.set(0, 116, small as usize);
        let numbers: Vec<u8> = self.small_table.iter().flat_map(|it| it.to_le_bytes()).collect();
        let small_table = self.put(&numbers);
        let directory = self.put(&self.directory.concat());
        let sectors = self.table.len();
        let tables = (sectors + sectors / 127 + 1).div_ceil(128);
        assert!(tables <= 109, "a sample that is too large");
        self.table.resize(sectors + tables, TABLE);
        self.table.resize(tables * 128, FREE);
        let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        bytes.resize(24, 0);
        [0x3e, 3, 0xfffe, 9, 6].iter().for_each(|it: &u16| bytes.extend(it.to_le_bytes()));
        bytes.resize(44, 0);
        let head = [tables as u32, directory, 0, 4096, small_table, 1, END, 0];
        head.iter().for_each(|it| bytes.extend(it.to_le_bytes()));
        (0..tables).for_each(|it| bytes.extend(((sectors + it) as u32).to_le_bytes()));
        bytes.resize(SECTOR, 0xff);
        bytes.extend(&self.sectors);
        self.table.iter().for_each(|it| bytes.extend(it.to_le_bytes()));
        bytes
    }
}

/// Sectors up to `end`, one after the other.
fn chain(table: &mut Vec<u32>, end: usize) {
    let from = table.len();
    table.extend((from..end).map(|at| if at + 1 == end { END } else { at as u32 + 1 }));
}
