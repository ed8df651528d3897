//! What a mail says in RTF: the HTML inside, else its plain text.
//! Spec: MS-OXRTFCP (compression), MS-OXRTFEX (the HTML inside).
//!
//! Left out: formatting, pictures and objects of RTF that holds no HTML.

use super::charset;
use super::layout::u32_at;

/// What a body in RTF holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    Html(String),
    Text(String),
}

/// Reads a compressed body; up to `cap` bytes come out.
pub(super) fn read(packed: &[u8], cap: usize) -> Option<Body> {
    Some(body(&unpack(packed, cap)?))
}

/// What the dictionary holds at the beginning.
const BEGINNING: &[u8] =
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \
    \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\
    \\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

const WINDOW: usize = 4096;

/// What comes out of compressed RTF; of damaged one, what came before.
fn unpack(packed: &[u8], cap: usize) -> Option<Vec<u8>> {
    let content = packed.get(16..)?;
    match &packed[8..12] {
        b"MELA" => return Some(content[..content.len().min(cap)].to_vec()),
        b"LZFu" => {}
        _ => return None,
    }
    let size = (u32_at(packed, 4) as usize).min(cap);
    let mut window = [b' '; WINDOW];
    window[..BEGINNING.len()].copy_from_slice(BEGINNING);
    let mut at = BEGINNING.len();
    let mut out = Vec::new();
    let mut bytes = content.iter().copied();
    while out.len() < size {
        let Some(control) = bytes.next() else { return Some(out) };
        for bit in 0..8 {
            let Some(first) = bytes.next() else { return Some(out) };
            if control & (1 << bit) == 0 {
                window[at] = first;
                at = (at + 1) % WINDOW;
                out.push(first);
                continue;
            }
            let Some(second) = bytes.next() else { return Some(out) };
            let reference = usize::from(u16::from_be_bytes([first, second]));
            let from = reference >> 4;
            if from == at {
                return Some(out);
            }
            for step in 0..(reference & 15) + 2 {
                let byte = window[(from + step) % WINDOW];
                window[at] = byte;
                at = (at + 1) % WINDOW;
                out.push(byte);
            }
        }
    }
    out.truncate(size);
    Some(out)
}

/// Groups inside one another that are told apart.
const DEPTH: usize = 256;

/// What holds inside a group.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// Its text belongs to no body: fonts, styles, pictures.
    is_hidden: bool,
    /// Its text is there for those who read no HTML.
    is_rtf: bool,
    /// It holds a tag of the HTML.
    is_tag: bool,
    /// Bytes that stand in for a character given by its number.
    stand_ins: usize,
}

/// Turns RTF into the body it holds.
fn body(rtf: &[u8]) -> Body {
    let mut reading = Reading {
        rtf,
        at: 0,
        is_html: false,
        page: 1252,
        out: String::new(),
        bytes: Vec::new(),
        skip: 0,
    };
    reading.read();
    if reading.is_html { Body::Html(reading.out) } else { Body::Text(reading.out) }
}

struct Reading<'r> {
    rtf: &'r [u8],
    at: usize,
    is_html: bool,
    /// The code page of bytes.
    page: u32,
    out: String,
    /// Bytes that are not decoded yet.
    bytes: Vec<u8>,
    /// Bytes that stand in for the character before.
    skip: usize,
}

impl Reading<'_> {
    fn read(&mut self) {
        let mut group = Group { is_hidden: false, is_rtf: false, is_tag: false, stand_ins: 1 };
        let mut around = Vec::new();
        // Groups deeper than we tell apart.
        let mut deeper = 0_usize;
        while let Some(byte) = self.rtf.get(self.at).copied() {
            self.at += 1;
            match byte {
                b'{' if around.len() < DEPTH => {
                    around.push(group);
                    group.is_tag = false;
                }
                b'{' => deeper += 1,
                b'}' if deeper > 0 => deeper -= 1,
                b'}' => group = around.pop().unwrap_or(group),
                b'\\' => self.control(&mut group),
                b'\r' | b'\n' => {}
                other => self.push(other, group),
            }
        }
        self.decode();
    }

    /// Reads what a backslash begins.
    fn control(&mut self, group: &mut Group) {
        let Some(byte) = self.rtf.get(self.at).copied() else { return };
        if !byte.is_ascii_alphabetic() {
            self.at += 1;
            return self.symbol(byte, group);
        }
        let rest = &self.rtf[self.at..];
        let end = rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest[sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let length = if digits > 0 { sign + digits } else { 0 };
        let number = std::str::from_utf8(&rest[..length]).ok().and_then(|text| text.parse().ok());
        let space = usize::from(rest.get(length) == Some(&b' '));
        self.at += end + length + space;
        self.word(word, number, group);
    }

    fn symbol(&mut self, byte: u8, group: &mut Group) {
        match byte {
            b'\'' => {
                let digits = self.rtf.get(self.at..self.at + 2).unwrap_or_default();
                let text = std::str::from_utf8(digits).unwrap_or_default();
                self.at = self.rtf.len().min(self.at + 2);
                if let Ok(byte) = u8::from_str_radix(text, 16) {
                    self.push(byte, *group);
                }
            }
            b'\\' | b'{' | b'}' => self.push(byte, *group),
            b'~' => self.push_text("\u{a0}", *group),
            b'_' => self.push_text("-", *group),
            // Content for those who know it; only tags are wanted.
            b'*' if !self.rtf[self.at..].starts_with(b"\\htmltag") => group.is_hidden = true,
            _ => {}
        }
    }

    fn word(&mut self, word: &[u8], number: Option<i32>, group: &mut Group) {
        let is_on = number != Some(0);
        match word {
            b"fromhtml" => self.is_html |= is_on,
            b"ansicpg" => self.page = number.and_then(|page| page.try_into().ok()).unwrap_or(1252),
            b"fonttbl" | b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object"
            | b"header" | b"footer" => group.is_hidden = true,
            b"htmltag" => group.is_tag = true,
            b"htmlrtf" => group.is_rtf = is_on,
            b"uc" => group.stand_ins = number.and_then(|count| count.try_into().ok()).unwrap_or(1),
            b"u" => {
                let unit = number.unwrap_or_default() as u16;
                let character = char::from_u32(u32::from(unit)).unwrap_or('\u{fffd}');
                self.push_text(character.encode_utf8(&mut [0; 4]), *group);
                self.skip = group.stand_ins.min(16);
            }
            b"par" | b"line" | b"sect" | b"page" => self.push_text("\r\n", *group),
            b"tab" | b"cell" => self.push_text("\t", *group),
            b"row" => self.push_text("\r\n", *group),
            b"lquote" => self.push_text("\u{2018}", *group),
            b"rquote" => self.push_text("\u{2019}", *group),
            b"ldblquote" => self.push_text("\u{201c}", *group),
            b"rdblquote" => self.push_text("\u{201d}", *group),
            b"bullet" => self.push_text("\u{2022}", *group),
            b"endash" => self.push_text("\u{2013}", *group),
            b"emdash" => self.push_text("\u{2014}", *group),
            _ => {}
        }
    }

    fn push(&mut self, byte: u8, group: Group) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.is_shown(group) {
            self.bytes.push(byte);
        }
    }

    fn push_text(&mut self, text: &str, group: Group) {
        if self.is_shown(group) {
            self.decode();
            self.out.push_str(text);
        }
    }

    fn is_shown(&self, group: Group) -> bool {
        !(group.is_hidden || self.is_html && group.is_rtf && !group.is_tag)
    }

    fn decode(&mut self) {
        if !self.bytes.is_empty() {
            self.out.push_str(&charset::decode(&self.bytes, self.page));
            self.bytes.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compressed RTF that holds `rtf` as it is.
    fn stored(rtf: &[u8]) -> Vec<u8> {
        let mut packed = (rtf.len() as u32 + 12).to_le_bytes().to_vec();
        packed.extend((rtf.len() as u32).to_le_bytes());
        packed.extend(b"MELA\0\0\0\0");
        packed.extend(rtf);
        packed
    }

    #[test]
    fn the_examples_of_the_specification_are_read() {
        let simple = b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125\
            B2\x0a\xf3 hel\x09\0 bw\x05\xb0ld}\x0a\x80\x0f\xa0";
        let rtf = unpack(simple, 1000).expect("compressed RTF");
        assert_eq!(rtf, b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        assert_eq!(read(simple, 1000), Some(Body::Text("hello world".to_owned())));
        let crossing = b"\x1a\0\0\0\x1c\0\0\0LZFu\xe2\xd4KQA\0\x04 WXYZ\x0dn}\x01\x0e\xb0";
        let rtf = unpack(crossing, 1000).expect("compressed RTF");
        assert_eq!(rtf, b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
    }

    #[test]
    fn html_is_taken_out_of_the_rtf_around_it() {
        let rtf = b"{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl{\\f0 Arial;}}\r\n\
            {\\*\\htmltag64 <p>}\\htmlrtf \\par\\htmlrtf0 caf\\'e9 \\u8364 ?\\{1\\}\r\n\
            {\\*\\htmltag84 <a href=\"https://a.example/?x=\\'31\">}\\htmlrtf {\\field{\\*\\fldinst x}\
            \\htmlrtf0 here\\htmlrtf }\\htmlrtf0{\\*\\htmltag92 </a>}{\\*\\mhtmltag1 no}}";
        let expected = "<p>café €{1}<a href=\"https://a.example/?x=1\">here</a>";
        assert_eq!(read(&stored(rtf), 10_000), Some(Body::Html(expected.to_owned())));
    }

    #[test]
    fn damage_ends_the_text_and_nothing_else() {
        for packed in [&b""[..], b"short", b"\0\0\0\0\xff\xff\xff\x7fLZFu\0\0\0\0\x01", &[0; 16]] {
            read(packed, 1000);
        }
        let deep = [b"{".repeat(10_000), b"x".to_vec(), b"}".repeat(10_000)].concat();
        assert_eq!(read(&stored(&deep), 1 << 20), Some(Body::Text("x".to_owned())));
    }
}
