//! Writes a PST, by the specification alone: header, lists of nodes and
//! blocks, property contexts and tables.
//! Spec: <https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-pst>.
//! What it leaves out, readers do not need: free space, search folders, the
//! columns of tables that only a program's window shows.

/// A file of the newer ("Unicode") or older ("ANSI") layout.
#[derive(Clone)]
pub(crate) struct Mailbox {
    pub(crate) wide: bool,
    /// 0: as it is; 1: permuted; 2: cyclic.
    pub(crate) cipher: u8,
    pub(crate) folders: Vec<Folder>,
}

#[derive(Clone)]
pub(crate) struct Folder {
    pub(crate) name: String,
    /// The folder it is in, by number; else the topmost.
    pub(crate) under: Option<usize>,
    pub(crate) messages: Vec<Message>,
}

#[derive(Clone, Default)]
pub(crate) struct Message {
    pub(crate) properties: Vec<(u16, Value)>,
    /// Each with 1 for To, 2 for Cc, a name and an address.
    pub(crate) recipients: Vec<(u32, String, String)>,
    pub(crate) attachments: Vec<Attachment>,
}

#[derive(Clone)]
pub(crate) struct Attachment {
    pub(crate) name: String,
    pub(crate) content: Content,
}

#[derive(Clone)]
pub(crate) enum Content {
    Bytes(Vec<u8>),
    Message(Box<Message>),
    Link,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Long(u32),
    Bool(bool),
    /// Seconds since 1970.
    Time(u64),
    Binary(Vec<u8>),
    /// The node it lies in, and its size.
    Object(u32, u32),
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Where things stand in the file that was written.
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    /// Each block's id, offset and length with its trailer.
    pub(crate) blocks: Vec<(u64, usize, usize)>,
    /// Each page of the list of nodes.
    pub(crate) node_pages: Vec<usize>,
    /// Each message's node and the block of its properties.
    pub(crate) messages: Vec<(u32, u64)>,
}

const STORE: u32 = 0x21;
const NAMES: u32 = 0x61;
const ROOT: u32 = 0x122;
const TOP: u32 = 0x8022;
const RECORD_KEY: [u8; 16] = *b"an-example-store";

pub(crate) fn write(mailbox: &Mailbox) -> Written {
    let mut file = File {
        wide: mailbox.wide,
        cipher: mailbox.cipher,
        bytes: vec![0; 0x4800],
        blocks: Vec::new(),
        nodes: Vec::new(),
        next_block: 4,
        next_page: 1,
        node_pages: Vec::new(),
    };
    let entry = |id: u32| [&[0; 4][..], &RECORD_KEY, &id.to_le_bytes()].concat();
    let store = [
        (0x0ff9, Value::Binary(RECORD_KEY.to_vec())),
        (0x3001, text("Example")),
        (0x35df, Value::Long(0x89)),
        (0x35e0, Value::Binary(entry(TOP))),
        (0x35e3, Value::Binary(entry(TOP))),
        (0x67ff, Value::Long(0)),
    ];
    file.node(STORE, 0, &store, Vec::new());
    let names = [1, 2, 3, 4].map(|id| match id {
        1 => (id, Value::Long(251)),
        _ => (id, Value::Binary(vec![0; 8])),
    });
    file.node(NAMES, 0, &names, Vec::new());
    let id = |number: usize| TOP + 0x20 * (number as u32 + 1);
    let mut children = vec![(ROOT, ROOT, "".to_owned(), 0), (TOP, ROOT, "Top".to_owned(), 0)];
    for (number, folder) in mailbox.folders.iter().enumerate() {
        let parent = folder.under.map_or(TOP, id);
        children.push((id(number), parent, folder.name.clone(), folder.messages.len() as u32));
    }
    for (id, parent, name, count) in &children {
        let inside = children.iter().filter(|(own, above, ..)| above == id && own != id);
        let rows: Vec<_> =
            inside.map(|(id, _, name, _)| (*id, vec![text(name), Value::Bool(true)])).collect();
        let properties = [
            (0x3001, text(name)),
            (0x3602, Value::Long(*count)),
            (0x3603, Value::Long(0)),
            (0x360a, Value::Bool(!rows.is_empty())),
        ];
        file.node(*id, *parent, &properties, Vec::new());
        file.table_node(id - 2 + 0x0d, &[(0x3001, 0x1f), (0x360a, 0x0b)], &rows);
        file.table_node(id - 2 + 0x0f, &[(0x3001, 0x1f)], &[]);
    }
    let mut messages = Vec::new();
    for (number, folder) in mailbox.folders.iter().enumerate() {
        let mut rows = Vec::new();
        for message in &folder.messages {
            let node = 0x0020_0024 + 0x20 * messages.len() as u32;
            let (data, inside) = file.message(message);
            file.nodes.push((node, id(number), data, inside));
            messages.push((node, data));
            rows.push((node, vec![Value::Long(0)]));
        }
        file.table_node(id(number) - 2 + 0x0e, &[(0x0e07, 3)], &rows);
    }
    for id in [ROOT, TOP] {
        file.table_node(id - 2 + 0x0e, &[(0x0e07, 3)], &[]);
    }
    file.finish(messages)
}

struct File {
    wide: bool,
    cipher: u8,
    bytes: Vec<u8>,
    blocks: Vec<(u64, usize, usize)>,
    /// Id, parent, data, nodes inside.
    nodes: Vec<(u32, u32, u64, u64)>,
    next_block: u64,
    next_page: u64,
    node_pages: Vec<usize>,
}

/// A node inside another: id, data, nodes inside it.
type Inside = (u32, u64, u64);

impl File {
    fn node(&mut self, id: u32, parent: u32, properties: &[(u16, Value)], inside: Vec<Inside>) {
        let (data, inside) = self.properties(properties, inside);
        self.nodes.push((id, parent, data, inside));
    }

    fn table_node(&mut self, id: u32, columns: &[(u16, u16)], rows: &[(u32, Vec<Value>)]) {
        let (data, inside) = self.table(columns, rows);
        self.nodes.push((id, 0, data, inside));
    }

    fn message(&mut self, message: &Message) -> (u64, u64) {
        let mut inside = Vec::new();
        let mut list = Vec::new();
        for (number, attachment) in message.attachments.iter().enumerate() {
            let id = 0x8025 + 0x20 * number as u32;
            let (data, within) = self.attachment(attachment);
            inside.push((id, data, within));
            list.push((id, vec![Value::Long(0), text(&attachment.name), Value::Long(0)]));
        }
        if !list.is_empty() {
            let columns = [(0x0e20, 3), (0x3704, 0x1f), (0x3705, 3)];
            let (data, within) = self.table(&columns, &list);
            inside.push((0x671, data, within));
        }
        let recipients = message.recipients.iter().enumerate();
        let recipients: Vec<_> = recipients
            .map(|(number, (kind, name, address))| {
                let way = text("SMTP");
                let row = vec![Value::Long(*kind), text(name), way, text(address), text(address)];
                (number as u32, row)
            })
            .collect();
        let columns = [(0x0c15, 3), (0x3001, 0x1f), (0x3002, 0x1f), (0x3003, 0x1f), (0x39fe, 0x1f)];
        let (data, within) = self.table(&columns, &recipients);
        inside.push((0x692, data, within));
        let mut properties = message.properties.clone();
        if !properties.iter().any(|(id, _)| *id == 0x001a) {
            properties.push((0x001a, text("IPM.Note")));
        }
        properties.push((0x0e1b, Value::Bool(!message.attachments.is_empty())));
        self.properties(&properties, inside)
    }

    fn attachment(&mut self, attachment: &Attachment) -> (u64, u64) {
        let mut properties = vec![(0x3707, text(&attachment.name))];
        let mut inside = Vec::new();
        match &attachment.content {
            Content::Bytes(bytes) => {
                properties.push((0x3705, Value::Long(1)));
                properties.push((0x3701, Value::Binary(bytes.clone())));
                properties.push((0x0e20, Value::Long(bytes.len() as u32)));
            }
            Content::Message(message) => {
                let (data, within) = self.message(message);
                inside.push((0x0020_0044, data, within));
                properties.push((0x3705, Value::Long(5)));
                properties.push((0x3701, Value::Object(0x0020_0044, 1)));
            }
            Content::Link => properties.push((0x3705, Value::Long(7))),
        }
        self.properties(&properties, inside)
    }

    /// A property context; values that are not small get a node inside.
    fn properties(&mut self, properties: &[(u16, Value)], mut inside: Vec<Inside>) -> (u64, u64) {
        let mut heap = Heap::new(0xbc);
        let tree = heap.push(&[]);
        let leaf = heap.push(&[]);
        let mut sorted = properties.to_vec();
        sorted.sort_by_key(|(id, _)| *id);
        let mut entries = Vec::new();
        for (id, value) in &sorted {
            let at = self.value(value, &mut heap, &mut inside);
            entries.extend(id.to_le_bytes());
            entries.extend(self.kind(value).to_le_bytes());
            entries.extend(at.to_le_bytes());
        }
        heap.set(tree, &[&[0xb5, 2, 6, 0][..], &leaf.to_le_bytes()].concat());
        heap.set(leaf, &entries);
        (self.data(&heap.bytes(tree, self.room())), self.inside(inside))
    }

    /// A table context: a row's number, and what it holds.
    fn table(&mut self, columns: &[(u16, u16)], rows: &[(u32, Vec<Value>)]) -> (u64, u64) {
        let mut heap = Heap::new(0x7c);
        let (info, tree) = (heap.push(&[]), heap.push(&[]));
        let mut inside = Vec::new();
        // Four bytes each, then one each, then a bit each.
        let small = |kind: u16| kind == 0x0b;
        let fours = 2 + columns.iter().filter(|(_, kind)| !small(*kind)).count();
        let ones = columns.len() + 2 - fours;
        let (after_fours, after_ones) = (4 * fours, 4 * fours + ones);
        let width = after_ones + (columns.len() + 2).div_ceil(8);
        let mut described = vec![(0x67f2_u16, 3_u16, 0, 4_u8, 0_u8), (0x67f3, 3, 4, 4, 1)];
        let (mut four, mut one) = (8, after_fours);
        for (number, (id, kind)) in columns.iter().enumerate() {
            let kind = if *kind == 0x1f && !self.wide { 0x1e } else { *kind };
            let (at, size) = if small(kind) { (&mut one, 1) } else { (&mut four, 4) };
            described.push((*id, kind, *at, size, number as u8 + 2));
            *at += usize::from(size);
        }
        let (mut matrix, mut index) = (Vec::new(), Vec::new());
        let room = self.room() / width * width;
        for (number, (id, values)) in rows.iter().enumerate() {
            let mut row = vec![0; width];
            row[..4].copy_from_slice(&id.to_le_bytes());
            row[4..8].copy_from_slice(&1_u32.to_le_bytes());
            for (column, value) in described[2..].iter().zip(values) {
                let at = self.value(value, &mut heap, &mut inside).to_le_bytes();
                row[column.2..][..usize::from(column.3)]
                    .copy_from_slice(&at[..usize::from(column.3)]);
            }
            for bit in 0..described.len() {
                row[after_ones + bit / 8] |= 0x80 >> (bit % 8);
            }
            if matrix.len() % self.room() == room {
                matrix.resize(matrix.len().next_multiple_of(self.room()), 0);
            }
            matrix.extend(row);
            index.extend(id.to_le_bytes());
            let number = (number as u32).to_le_bytes();
            index.extend(&number[..if self.wide { 4 } else { 2 }]);
        }
        let rows_at = match matrix.len() {
            0 => 0,
            1..512 => heap.push(&matrix),
            _ => {
                inside.push((0x3f, self.data(&matrix), 0));
                0x3f
            }
        };
        let leaf = if index.is_empty() { 0 } else { heap.push(&index) };
        let size = if self.wide { 4 } else { 2 };
        heap.set(tree, &[&[0xb5, 4, size, 0][..], &leaf.to_le_bytes()].concat());
        let mut header = vec![0x7c, described.len() as u8];
        for end in [after_fours, after_fours, after_ones, width] {
            header.extend((end as u16).to_le_bytes());
        }
        header.extend(tree.to_le_bytes());
        header.extend(rows_at.to_le_bytes());
        header.extend([0; 4]);
        described.sort_by_key(|(id, ..)| *id);
        for (id, kind, at, size, bit) in described {
            header.extend(kind.to_le_bytes());
            header.extend(id.to_le_bytes());
            header.extend((at as u16).to_le_bytes());
            header.extend([size, bit]);
        }
        heap.set(info, &header);
        (self.data(&heap.bytes(info, self.room())), self.inside(inside))
    }

    fn kind(&self, value: &Value) -> u16 {
        match value {
            Value::Text(_) if self.wide => 0x1f,
            Value::Text(_) => 0x1e,
            Value::Long(_) => 3,
            Value::Bool(_) => 0x0b,
            Value::Time(_) => 0x40,
            Value::Binary(_) => 0x102,
            Value::Object(..) => 0x0d,
        }
    }

    /// A value as it stands in a property: itself, or where it is.
    fn value(&mut self, value: &Value, heap: &mut Heap, inside: &mut Vec<Inside>) -> u32 {
        let bytes = match value {
            Value::Long(number) => return *number,
            Value::Bool(flag) => return u32::from(*flag),
            Value::Text(text) if self.wide => {
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            }
            Value::Text(text) => text.chars().map(|character| character as u8).collect(),
            Value::Time(seconds) => {
                ((seconds + 11_644_473_600) * 10_000_000).to_le_bytes().to_vec()
            }
            Value::Binary(bytes) => bytes.clone(),
            Value::Object(node, size) => [node.to_le_bytes(), size.to_le_bytes()].concat(),
        };
        match bytes.len() {
            0 => 0,
            1..=400 => heap.push(&bytes),
            _ => {
                let id = 0x1f + 0x20 * (0x100 + inside.len() as u32);
                inside.push((id, self.data(&bytes), 0));
                id
            }
        }
    }

    /// Bytes that fit into a block.
    fn room(&self) -> usize {
        if self.wide { 8176 } else { 8180 }
    }

    fn id(&self, id: u64) -> Vec<u8> {
        if self.wide { id.to_le_bytes().to_vec() } else { (id as u32).to_le_bytes().to_vec() }
    }

    /// Data of any size, in one block or a list of blocks.
    fn data(&mut self, bytes: &[u8]) -> u64 {
        if bytes.len() <= self.room() {
            return self.block(bytes, false);
        }
        let chunks: Vec<_> = bytes.chunks(self.room()).map(<[u8]>::to_vec).collect();
        let ids: Vec<_> = chunks.iter().map(|chunk| self.block(chunk, false)).collect();
        let list = |level: u8, ids: &[u64]| {
            let mut list = vec![1, level];
            list.extend((ids.len() as u16).to_le_bytes());
            list.extend((bytes.len() as u32).to_le_bytes());
            ids.iter().for_each(|id| list.extend(self.id(*id)));
            list
        };
        let most = (self.room() - 8) / 8;
        let mut lists: Vec<_> = ids.chunks(most).map(|ids| list(1, ids)).collect();
        if lists.len() > 1 {
            let above = std::mem::take(&mut lists);
            let above: Vec<_> = above.iter().map(|list| self.block(list, true)).collect();
            let mut top = vec![1, 2];
            top.extend((above.len() as u16).to_le_bytes());
            top.extend((bytes.len() as u32).to_le_bytes());
            above.iter().for_each(|id| top.extend(self.id(*id)));
            lists.push(top);
        }
        self.block(&lists[0], true)
    }

    /// The list of the nodes inside a node.
    fn inside(&mut self, mut nodes: Vec<Inside>) -> u64 {
        if nodes.is_empty() {
            return 0;
        }
        nodes.sort_unstable();
        let most = (self.room() - 8) / 24;
        let lists: Vec<_> = nodes.chunks(most).map(|nodes| self.node_list(nodes)).collect();
        let ids: Vec<_> = lists.iter().map(|list| self.block(list, true)).collect();
        if let [only] = ids.as_slice() {
            return *only;
        }
        let mut top = self.list_head(1, ids.len());
        for (nodes, id) in nodes.chunks(most).zip(ids) {
            top.extend(self.id(u64::from(nodes[0].0)));
            top.extend(self.id(id));
        }
        self.block(&top, true)
    }

    fn node_list(&self, nodes: &[Inside]) -> Vec<u8> {
        let mut list = self.list_head(0, nodes.len());
        for (id, data, inside) in nodes {
            for id in [u64::from(*id), *data, *inside] {
                list.extend(self.id(id));
            }
        }
        list
    }

    fn list_head(&self, level: u8, count: usize) -> Vec<u8> {
        let mut head = vec![2, level];
        head.extend((count as u16).to_le_bytes());
        head.resize(if self.wide { 8 } else { 4 }, 0);
        head
    }

    /// Writes a block and returns its id.
    fn block(&mut self, bytes: &[u8], is_list: bool) -> u64 {
        let id = self.next_block | if is_list { 2 } else { 0 };
        self.next_block += 4;
        let trailer = if self.wide { 16 } else { 12 };
        let length = (bytes.len() + trailer).next_multiple_of(64);
        let at = self.allocate(length, 64);
        let mut block = bytes.to_vec();
        if !is_list {
            encode(&mut block, self.cipher, id as u32);
        }
        let sum = crc(&block);
        block.resize(length - trailer, 0);
        block.extend((bytes.len() as u16).to_le_bytes());
        block.extend(signature(at as u64, id).to_le_bytes());
        if self.wide {
            block.extend(sum.to_le_bytes());
            block.extend(self.id(id));
        } else {
            block.extend(self.id(id));
            block.extend(sum.to_le_bytes());
        }
        self.bytes[at..at + length].copy_from_slice(&block);
        self.blocks.push((id, at, length));
        id
    }

    /// Room at the end of the file, where no map of free space has its place.
    fn allocate(&mut self, length: usize, align: usize) -> usize {
        let mut at = self.bytes.len().next_multiple_of(align);
        let map = (at - 0x4400).next_multiple_of(0x3e000) + 0x4400;
        if at + length > map {
            at = map + 0x800;
        }
        self.bytes.resize(at + length, 0);
        at
    }

    /// Writes a page of a tree and returns where.
    fn page(&mut self, kind: u8, level: u8, size: usize, entries: &[Vec<u8>]) -> (u64, usize) {
        let id = self.next_page * 4;
        self.next_page += 1;
        let at = self.allocate(512, 512);
        let room = if self.wide { 488 } else { 496 };
        let mut page = entries.concat();
        page.resize(room, 0);
        page.extend([entries.len() as u8, (room / size) as u8, size as u8, level]);
        page.resize(if self.wide { 496 } else { 500 }, 0);
        let sum = crc(&page);
        page.extend([kind, kind]);
        page.extend(signature(at as u64, id).to_le_bytes());
        if self.wide {
            page.extend(sum.to_le_bytes());
            page.extend(self.id(id));
        } else {
            page.extend(self.id(id));
            page.extend(sum.to_le_bytes());
        }
        self.bytes[at..at + 512].copy_from_slice(&page);
        if kind == 0x81 {
            self.node_pages.push(at);
        }
        (id, at)
    }

    /// Writes a tree of pages; returns the topmost one's id and place.
    fn tree(&mut self, kind: u8, mut entries: Vec<Vec<u8>>, size: usize) -> (u64, usize) {
        let (mut level, mut size) = (0, size);
        loop {
            let room = if self.wide { 488 } else { 496 };
            let pages: Vec<_> = entries
                .chunks(room / size)
                .map(|entries| (entries[0].clone(), self.page(kind, level, size, entries)))
                .collect();
            if let [(_, only)] = pages.as_slice() {
                return *only;
            }
            level += 1;
            size = if self.wide { 24 } else { 12 };
            let key = if self.wide { 8 } else { 4 };
            let higher = pages.into_iter().map(|(first, (id, at))| {
                [first[..key].to_vec(), self.id(id), self.id(at as u64)].concat()
            });
            entries = higher.collect();
        }
    }

    fn finish(mut self, messages: Vec<(u32, u64)>) -> Written {
        let (pad_node, pad_block) = if self.wide { (4, 4) } else { (0, 0) };
        self.nodes.sort_unstable();
        let nodes = self.nodes.iter().map(|(id, parent, data, inside)| {
            let ids = [u64::from(*id), *data, *inside].map(|id| self.id(id)).concat();
            [ids, parent.to_le_bytes().to_vec(), vec![0; pad_node]].concat()
        });
        let nodes: Vec<_> = nodes.collect();
        self.blocks.sort_unstable();
        let sizes = |at: usize, length: usize, bytes: &[u8]| {
            let trailer = &bytes[at + length - if self.wide { 16 } else { 12 }..];
            [trailer[0], trailer[1], 2, 0]
        };
        let blocks = self.blocks.iter().map(|(id, at, length)| {
            let ids = [*id, *at as u64].map(|id| self.id(id)).concat();
            [ids, sizes(*at, *length, &self.bytes).to_vec(), vec![0; pad_block]].concat()
        });
        let blocks: Vec<_> = blocks.collect();
        let nodes = self.tree(0x81, nodes, if self.wide { 32 } else { 16 });
        let blocks = self.tree(0x80, blocks, if self.wide { 24 } else { 12 });
        self.map(0x84);
        self.header(nodes, blocks);
        let Self { bytes, blocks, node_pages, .. } = self;
        Written { bytes, blocks, node_pages, messages }
    }

    /// Says that all space is taken.
    fn map(&mut self, kind: u8) {
        for at in (0x4400..self.bytes.len()).step_by(0x3e000) {
            let mut page = vec![0xff; 496];
            if !self.wide {
                page = [vec![0; 4], page].concat();
            }
            let sum = crc(&page);
            page.extend([kind, kind, 0, 0]);
            if self.wide {
                page.extend(sum.to_le_bytes());
                page.extend(self.id(at as u64));
            } else {
                page.extend(self.id(at as u64));
                page.extend(sum.to_le_bytes());
            }
            self.bytes[at..at + 512].copy_from_slice(&page);
        }
    }

    fn header(&mut self, nodes: (u64, usize), blocks: (u64, usize)) {
        let end = self.bytes.len() as u64;
        let mut head = b"SM".to_vec();
        head.extend(if self.wide { [23, 0] } else { [14, 0] });
        head.extend([19, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        if self.wide {
            head.extend([0; 8]);
            head.extend(self.id(self.next_page * 4));
        } else {
            head.extend(self.id(self.next_block));
            head.extend(self.id(self.next_page * 4));
        }
        head.extend(1_u32.to_le_bytes());
        head.extend([0, 4, 0, 0].repeat(32));
        if self.wide {
            head.extend([0; 8]);
        }
        head.extend([0; 4]);
        let last_map = (end - 0x4400) / 0x3e000 * 0x3e000 + 0x4400;
        for id in [end, last_map, 0, 0, nodes.0, nodes.1 as u64, blocks.0, blocks.1 as u64] {
            head.extend(self.id(id));
        }
        head.extend([2, 0, 0, 0]);
        if self.wide {
            head.extend([0; 4]);
        }
        head.extend([0xff; 256]);
        head.extend([0x80, self.cipher, 0, 0]);
        let partial = crc(&head[..471.min(head.len())]);
        if self.wide {
            head.extend(self.id(self.next_block));
            let full = crc(&head[..516]);
            head.extend(full.to_le_bytes());
        }
        self.bytes[..4].copy_from_slice(b"!BDN");
        self.bytes[4..8].copy_from_slice(&partial.to_le_bytes());
        self.bytes[8..8 + head.len()].copy_from_slice(&head);
    }
}

/// A heap: in each block, pieces.
struct Heap {
    kind: u8,
    blocks: Vec<Vec<Vec<u8>>>,
}

impl Heap {
    fn new(kind: u8) -> Self {
        Self { kind, blocks: vec![Vec::new()] }
    }

    fn push(&mut self, bytes: &[u8]) -> u32 {
        let used: usize =
            self.blocks[self.blocks.len() - 1].iter().map(|piece| piece.len() + 2).sum();
        // What is put into the first block later has its room.
        if used + bytes.len() > 6_000 {
            self.blocks.push(Vec::new());
        }
        let last = self.blocks.len() - 1;
        self.blocks[last].push(bytes.to_vec());
        (last as u32) << 16 | (self.blocks[last].len() as u32) << 5
    }

    fn set(&mut self, id: u32, bytes: &[u8]) {
        self.blocks[0][(id >> 5) as usize - 1] = bytes.to_vec();
    }

    /// What stands in a node, blocks being of `room` bytes.
    fn bytes(&self, root: u32, room: usize) -> Vec<u8> {
        let mut all = Vec::new();
        for (number, pieces) in self.blocks.iter().enumerate() {
            let mut bytes = vec![0; 2];
            if number == 0 {
                bytes.extend([0xec, self.kind]);
                bytes.extend(root.to_le_bytes());
                bytes.extend([0; 4]);
            } else if number % 128 == 8 {
                bytes.extend([0; 64]);
            }
            let mut places = Vec::new();
            for piece in pieces {
                places.push(bytes.len() as u16);
                bytes.extend(piece);
            }
            places.push(bytes.len() as u16);
            bytes.resize(bytes.len().next_multiple_of(2), 0);
            let map = bytes.len() as u16;
            bytes[..2].copy_from_slice(&map.to_le_bytes());
            bytes.extend((pieces.len() as u16).to_le_bytes());
            bytes.extend([0; 2]);
            places.iter().for_each(|place| bytes.extend(place.to_le_bytes()));
            assert!(bytes.len() <= room, "more than a block");
            if number + 1 < self.blocks.len() {
                bytes.resize(room, 0);
            }
            all.extend(bytes);
        }
        all
    }
}

fn signature(at: u64, id: u64) -> u16 {
    let both = at ^ id;
    ((both >> 16) ^ both) as u16
}

/// The checksum, bit by bit.
pub(crate) fn crc(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 }
        })
    })
}

fn encode(bytes: &mut [u8], cipher: u8, id: u32) {
    let back = |byte: u8| FORTH.iter().position(|forth| *forth == byte).expect("a table") as u8;
    let mut key = (id ^ (id >> 16)) as u16;
    for byte in bytes {
        match cipher {
            0 => {}
            1 => *byte = FORTH[usize::from(*byte)],
            _ => {
                let [low, high] = key.to_le_bytes();
                let mut next = FORTH[usize::from(byte.wrapping_add(low))].wrapping_add(high);
                next = MIDDLE[usize::from(next)].wrapping_sub(high);
                *byte = back(next).wrapping_sub(low);
                key = key.wrapping_add(1);
            }
        }
    }
}

/// The tables of MS-PST 5.1.
const FORTH: [u8; 256] = [
    65, 54, 19, 98, 168, 33, 110, 187, 244, 22, 204, 4, 127, 100, 232, 93, 30, 242, 203, 42, 116,
    197, 94, 53, 210, 149, 71, 158, 150, 45, 154, 136, 76, 125, 132, 63, 219, 172, 49, 182, 72, 95,
    246, 196, 216, 57, 139, 231, 35, 59, 56, 142, 200, 193, 223, 37, 177, 32, 165, 70, 96, 78, 156,
    251, 170, 211, 86, 81, 69, 124, 85, 0, 7, 201, 43, 157, 133, 155, 9, 160, 143, 173, 179, 15,
    99, 171, 137, 75, 215, 167, 21, 90, 113, 102, 66, 191, 38, 74, 107, 152, 250, 234, 119, 83,
    178, 112, 5, 44, 253, 89, 58, 134, 126, 206, 6, 235, 130, 120, 87, 199, 141, 67, 175, 180, 28,
    212, 91, 205, 226, 233, 39, 79, 195, 8, 114, 128, 207, 176, 239, 245, 40, 109, 190, 48, 77, 52,
    146, 213, 14, 60, 34, 50, 229, 228, 249, 159, 194, 209, 10, 129, 18, 225, 238, 145, 131, 118,
    227, 151, 230, 97, 138, 23, 121, 164, 183, 220, 144, 122, 92, 140, 2, 166, 202, 105, 222, 80,
    26, 17, 147, 185, 82, 135, 88, 252, 237, 29, 55, 73, 27, 106, 224, 41, 51, 153, 189, 108, 217,
    148, 243, 64, 84, 111, 240, 198, 115, 184, 214, 62, 101, 24, 68, 31, 221, 103, 16, 241, 12, 25,
    236, 174, 3, 161, 20, 123, 169, 11, 255, 248, 163, 192, 162, 1, 247, 46, 188, 36, 104, 117, 13,
    254, 186, 47, 181, 208, 218, 61,
];
const MIDDLE: [u8; 256] = [
    20, 83, 15, 86, 179, 200, 122, 156, 235, 101, 72, 23, 22, 21, 159, 2, 204, 84, 124, 131, 0, 13,
    12, 11, 162, 98, 168, 118, 219, 217, 237, 199, 197, 164, 220, 172, 133, 116, 214, 208, 167,
    155, 174, 154, 150, 113, 102, 195, 99, 153, 184, 221, 115, 146, 142, 132, 125, 165, 94, 209,
    93, 147, 177, 87, 81, 80, 128, 137, 82, 148, 79, 78, 10, 107, 188, 141, 127, 110, 71, 70, 65,
    64, 68, 1, 17, 203, 3, 63, 247, 244, 225, 169, 143, 60, 58, 249, 251, 240, 25, 48, 130, 9, 46,
    201, 157, 160, 134, 73, 238, 111, 77, 109, 196, 45, 129, 52, 37, 135, 27, 136, 170, 252, 6,
    161, 18, 56, 253, 76, 66, 114, 100, 19, 55, 36, 106, 117, 119, 67, 255, 230, 180, 75, 54, 92,
    228, 216, 53, 61, 69, 185, 44, 236, 183, 49, 43, 41, 7, 104, 163, 14, 105, 123, 24, 158, 33,
    57, 190, 40, 26, 91, 120, 245, 35, 202, 42, 176, 175, 62, 254, 4, 140, 231, 229, 152, 50, 149,
    211, 246, 74, 232, 166, 234, 233, 243, 213, 47, 112, 32, 242, 31, 5, 103, 173, 85, 16, 206,
    205, 227, 39, 59, 218, 186, 215, 194, 38, 212, 145, 29, 210, 28, 34, 51, 248, 250, 241, 90,
    239, 207, 144, 182, 139, 181, 189, 192, 191, 8, 151, 30, 108, 226, 97, 224, 198, 193, 89, 171,
    187, 88, 222, 95, 223, 96, 121, 126, 178, 138,
];
