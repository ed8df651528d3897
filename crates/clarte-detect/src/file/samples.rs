//! Tiny files of every kind, made for tests.

use base64::Engine;

use super::kind::{COMPOUND, ONENOTE};

/// How files of each kind begin.
pub(crate) const MARKS: &[&[u8]] = &[
    b"",
    b"MZ\0",
    b"PK\x03\x04",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07\x00",
    b"Rar!\x1a\x07\x01\x00",
    &COMPOUND,
    &ONENOTE,
    b"{\\rtf1",
    b"%PDF-",
    b"<svg ",
    b"<html>",
];

/// One of each, with a name.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let inner = zip(&[("a.docm", &deflated(&[("word/vbaProject.bin", b"x")]))]);
    vec![
        ("a.exe", program()),
        ("a.lnk", shortcut()),
        ("a.iso", disk_image()),
        ("a.zip", zip(&[("b.zip", &inner), ("c.html", b"<input type=password>")])),
        ("a.zip", deflated(&[("c.docx", &inner), ("d.txt", b"hello")])),
        ("a.docx", deflated(&[("word/_rels/settings.xml.rels", b"<Relationship Target=\"a\"/>")])),
        ("a.rar", rar5(b"a.exe", true)),
        ("a.rar", rar4(b"a.exe", 4)),
        ("a.7z", seven_zip(&[1, 4, 6])),
        ("a.doc", compound(&["Root Entry", "_VBA_PROJECT"])),
        ("a.one", notebook(b"MZ\0\0")),
        ("a.rtf", b"{\\rtf1{\\*\\template http://a.example/t}}".to_vec()),
        ("a.pdf", b"%PDF-1.7 /Encrypt /OpenAction /JS /EmbeddedFile ".to_vec()),
        ("a.html", b"<script>document.write(unescape('%3Cinput%20type%3Dpassword%3E'))".repeat(3)),
        ("a.svg", b"<svg onload=x><a href='http://a.example'/></svg>".to_vec()),
    ]
}

/// A mail with one attachment.
pub(crate) fn mail_with(name: &str, mime: &str, bytes: &[u8], text: &str) -> String {
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    format!(
        "From: A <a@sender.example>\nTo: b@reader.example\nSubject: s\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\n{text}\n\
         --x\nContent-Type: {mime}; name=\"{name}\"\nContent-Disposition: attachment\n\
         Content-Transfer-Encoding: base64\n\n{encoded}\n--x--\n"
    )
}

pub(crate) fn program() -> Vec<u8> {
    [&b"MZ\x90\0\x03\0\0\0"[..], &[0; 60], b"PE\0\0"].concat()
}

pub(crate) fn shortcut() -> Vec<u8> {
    let class = [1, 0x14, 2, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];
    [&[0x4c, 0, 0, 0][..], &class, &[0; 56]].concat()
}

pub(crate) fn disk_image() -> Vec<u8> {
    [&[0; 0x8000][..], b"\x01CD001\x01"].concat()
}

/// A compound file's header and one sector of directory entries.
pub(crate) fn compound(names: &[&str]) -> Vec<u8> {
    let mut bytes = COMPOUND.to_vec();
    bytes.resize(512, 0);
    bytes[30] = 9;
    for name in names {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(128, 0);
        bytes.extend(entry);
    }
    bytes
}

/// A section of a notebook that embeds a file.
pub(crate) fn notebook(file: &[u8]) -> Vec<u8> {
    let embedded = [
        0xe7, 0x16, 0xe3, 0xbd, 0x65, 0x26, 0x11, 0x45, 0xa4, 0xc4, 0x8d, 0x4d, 0x0b, 0x7a, 0x9e,
        0xac,
    ];
    [&ONENOTE[..], &[0; 48], &embedded, &[0; 20], file].concat()
}

/// A ZIP of stored files.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    pack(files, 0, 0)
}

/// A ZIP of deflated files.
pub(crate) fn deflated(files: &[(&str, &[u8])]) -> Vec<u8> {
    pack(files, 8, 0)
}

/// A ZIP whose files are said to be encrypted.
pub(crate) fn locked_zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    pack(files, 0, 1)
}

fn pack(files: &[(&str, &[u8])], method: u16, flags: u16) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let packed = match method {
            8 => miniz_oxide::deflate::compress_to_vec(content, 6),
            _ => content.to_vec(),
        };
        let offset = bytes.len() as u32;
        let mut common = Vec::new();
        [20, flags, method, 0, 0].iter().for_each(|two: &u16| common.extend(two.to_le_bytes()));
        [0, packed.len() as u32, content.len() as u32]
            .iter()
            .for_each(|four| common.extend(four.to_le_bytes()));
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        bytes.extend([b"PK\x03\x04", common.as_slice(), name.as_bytes(), &packed].concat());
        let place = [&[0; 10][..], &offset.to_le_bytes()].concat();
        directory
            .extend([b"PK\x01\x02\x14\0", common.as_slice(), &place, name.as_bytes()].concat());
    }
    let (start, size) = (bytes.len() as u32, directory.len() as u32);
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    [files.len() as u16; 2].iter().for_each(|two| bytes.extend(two.to_le_bytes()));
    [size, start].iter().for_each(|four| bytes.extend(four.to_le_bytes()));
    bytes.extend([0, 0]);
    bytes
}

/// A RAR 5 with one empty file.
pub(crate) fn rar5(name: &[u8], locked: bool) -> Vec<u8> {
    let extra: &[u8] = if locked { &[2, 1, 0] } else { &[] };
    let mut header = vec![2, u8::from(locked)];
    header.extend(locked.then_some(extra.len() as u8));
    header.extend([0, 0, 0, 0, 0, name.len() as u8]);
    header.extend([name, extra].concat());
    let size = header.len() as u8;
    [b"Rar!\x1a\x07\x01\x00\0\0\0\0", &[size][..], &header].concat()
}

/// A RAR 4 with one empty file.
pub(crate) fn rar4(name: &[u8], flags: u16) -> Vec<u8> {
    let main = b"Rar!\x1a\x07\x00\0\0\x73\0\0\x0d\0\0\0\0\0\0\0";
    let size = 32 + name.len() as u16;
    let mut header = [&[0, 0, 0x74][..], &flags.to_le_bytes(), &size.to_le_bytes()].concat();
    header.resize(26, 0);
    header.extend((name.len() as u16).to_le_bytes());
    header.resize(32, 0);
    [main, header.as_slice(), name].concat()
}

/// A 7z of nothing but its header.
pub(crate) fn seven_zip(header: &[u8]) -> Vec<u8> {
    let mut bytes = b"7z\xbc\xaf\x27\x1c\0\x04\0\0\0\0".to_vec();
    [0, header.len() as u64].iter().for_each(|eight: &u64| bytes.extend(eight.to_le_bytes()));
    bytes.extend([0; 4]);
    bytes.extend(header);
    bytes
}
