//! What a file is.
//!
//! Marks: PE/COFF, ELF, Mach-O, MS-SHLLINK §2.1, ECMA-119 §8 (`CD001`), the VHD
//! and VHDX formats, MS-CFB §2.2, MS-ONESTORE §2.3.1, APPNOTE.TXT, PDF 2.0 §7.5.2.

use super::name::extension;
use super::zip::Entry;

/// What a file is, as far as it matters what opening it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Runs, or is run by a script host or installer.
    Program,
    /// Points to what shall be run or opened.
    Shortcut,
    /// Is mounted like a disk.
    DiskImage,
    /// A document of an office program.
    Office,
    Pdf,
    Archive,
    /// A web page.
    Page,
    /// A picture that may hold script.
    Svg,
    /// Any other picture.
    Picture,
    Other,
}

/// Endings that Windows, macOS or Android runs, opens with a script host or
/// installs.
const PROGRAMS: &[&str] = &[
    "exe",
    "scr",
    "pif",
    "cpl",
    "msi",
    "msp",
    "mst",
    "msix",
    "msixbundle",
    "appx",
    "appxbundle",
    "appinstaller",
    "application",
    "appref-ms",
    "jar",
    "jnlp",
    "bat",
    "cmd",
    "ps1",
    "psm1",
    "vbs",
    "vbe",
    "js",
    "jse",
    "ws",
    "wsf",
    "wsh",
    "wsc",
    "sct",
    "hta",
    "chm",
    "reg",
    "xll",
    "wll",
    "msc",
    "gadget",
    "diagcab",
    "settingcontent-ms",
    "dll",
    "ocx",
    "sys",
    "apk",
    "ipa",
    "pkg",
    "mpkg",
    "command",
    "scpt",
    "workflow",
    "action",
];

const SHORTCUTS: &[&str] = &[
    "lnk",
    "url",
    "website",
    "library-ms",
    "search-ms",
    "searchconnector-ms",
    "scf",
    "rdp",
    "webloc",
    "inetloc",
    "fileloc",
    "desktop",
    "theme",
    "themepack",
];

const PAGES: &[&str] = &["html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml"];

/// What the ending alone decides.
pub(super) fn by_name(name: &str) -> Option<Kind> {
    let ending = extension(name);
    let ending = ending.as_str();
    Some(match ending {
        _ if PROGRAMS.contains(&ending) => Kind::Program,
        _ if SHORTCUTS.contains(&ending) => Kind::Shortcut,
        _ if PAGES.contains(&ending) => Kind::Page,
        "iso" | "vhd" | "vhdx" | "dmg" | "udf" => Kind::DiskImage,
        "svg" => Kind::Svg,
        _ => return None,
    })
}

/// What the file is; `entries` are those of a ZIP.
pub(super) fn of(name: &str, mime: &str, bytes: &[u8], entries: &[Entry]) -> Kind {
    if let Some(kind) = by_name(name) {
        return kind;
    }
    if let Some(kind) = by_content(bytes, entries) {
        return kind;
    }
    // Text is opened as what its ending says, else as what the mail calls it.
    let is_bare = extension(name).is_empty();
    match mime {
        "text/html" | "application/xhtml+xml" => Kind::Page,
        "image/svg+xml" => Kind::Svg,
        _ if is_bare || mime.starts_with("image/") => markup(bytes),
        _ => Kind::Other,
    }
}

fn by_content(bytes: &[u8], entries: &[Entry]) -> Option<Kind> {
    let at = |offset: usize, mark: &[u8]| bytes.get(offset..).is_some_and(|b| b.starts_with(mark));
    Some(match bytes {
        // A text may begin with these letters.
        [b'M', b'Z', ..] if bytes.iter().take(64).any(|byte| *byte == 0) => Kind::Program,
        [0x7f, b'E', b'L', b'F', ..] => Kind::Program,
        [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..] | [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..] => Kind::Program,
        // Mach-O for several machines, and Java classes.
        [0xca, 0xfe, 0xba, 0xbe, ..] => Kind::Program,
        [0x4c, 0, 0, 0, 1, 0x14, 2, 0, ..] => Kind::Shortcut,
        _ if at(0, b"[InternetShortcut]") => Kind::Shortcut,
        _ if is_disk_image(bytes) => Kind::DiskImage,
        [b'P', b'K', 3 | 5, ..] => package(entries),
        _ if at(0, &COMPOUND) && is_installer(bytes) => Kind::Program,
        _ if at(0, &COMPOUND) || at(0, b"{\\rt") || at(0, &ONENOTE) => Kind::Office,
        _ if at(0, b"7z\xbc\xaf\x27\x1c") || at(0, b"Rar!\x1a\x07") => Kind::Archive,
        _ if at(0, b"MSCF\0\0\0\0") || at(7, b"**ACE**") || at(0, b"\x1f\x8b") => Kind::Archive,
        _ if memchr::memmem::find(&bytes[..bytes.len().min(1024)], b"%PDF-").is_some() => Kind::Pdf,
        _ if at(0, b"\x89PNG") || at(0, b"\xff\xd8\xff") || at(0, b"GIF8") => Kind::Picture,
        _ => return None,
    })
}

/// Whether a picture of a disk, by the marks of its file system or container.
fn is_disk_image(bytes: &[u8]) -> bool {
    let at = |offset: usize, mark: &[u8]| bytes.get(offset..).is_some_and(|b| b.starts_with(mark));
    let footer = bytes.len().saturating_sub(512);
    [0x8001, 0x8801, 0x9001].iter().any(|offset| at(*offset, b"CD001") || at(*offset, b"BEA01"))
        || at(0, b"vhdxfile")
        || at(footer, b"conectix")
        || at(0, b"conectix")
        || at(footer, b"koly")
}

/// A ZIP by what lies in it.
fn package(entries: &[Entry]) -> Kind {
    let has = |wanted: fn(&str) -> bool| entries.iter().any(|entry| wanted(&entry.name));
    if has(|name| name == "AndroidManifest.xml")
        || has(|name| name == "META-INF/MANIFEST.MF") && has(|name| name.ends_with(".class"))
    {
        return Kind::Program;
    }
    let folders = ["word/", "xl/", "ppt/", "visio/"];
    let is_document = entries.iter().any(|entry| {
        let name = entry.name.trim_start_matches('/').to_ascii_lowercase();
        folders.iter().any(|folder| name.starts_with(folder))
    });
    if is_document { Kind::Office } else { Kind::Archive }
}

/// MS-CFB §2.2.
pub(super) const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// MS-ONESTORE §2.3.1, `guidFileType` of a section.
pub(super) const ONENOTE: [u8; 16] = [
    0xe4, 0x52, 0x5c, 0x7b, 0x8c, 0xd8, 0xa7, 0x4d, 0xae, 0xb1, 0x53, 0x78, 0xd0, 0x29, 0x96, 0xd3,
];

/// Whether a compound file's root is of the class of Windows Installer.
fn is_installer(bytes: &[u8]) -> bool {
    const CLASS: [u8; 16] = [0x84, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];
    let number = |at: usize, length: usize| -> Option<usize> {
        let bytes = bytes.get(at..at + length)?;
        Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
    };
    let class = || {
        let sector = 1_usize.checked_shl(u32::try_from(number(30, 2)?).ok()?)?;
        let root = number(48, 4)?.checked_add(1)?.checked_mul(sector)?;
        bytes.get(root.checked_add(80)?..)?.get(..16)
    };
    class() == Some(&CLASS)
}

/// What a text is that begins like markup.
fn markup(bytes: &[u8]) -> Kind {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if !head.starts_with('<') {
        return Kind::Other;
    }
    let place = |tag: &str| head.find(tag).unwrap_or(usize::MAX);
    let page =
        place("<html").min(place("<!doctype html")).min(place("<script")).min(place("<body"));
    match place("<svg").cmp(&page) {
        std::cmp::Ordering::Less => Kind::Svg,
        std::cmp::Ordering::Greater => Kind::Page,
        std::cmp::Ordering::Equal => Kind::Other,
    }
}
