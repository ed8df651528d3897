//! Members' names, in one of the three ways in which zips write them.

use flate2::Crc;

use super::{short, word};

/// The extra field that holds a name in UTF-8 (Info-ZIP).
const UNICODE_PATH: u16 = 0x7075;

/// Reads a name: as UTF-8 where the header says so, another field does, or it
/// can be nothing else; otherwise in the characters of the first PC.
pub(super) fn decode(name: &[u8], is_utf8: bool, extra: &[u8]) -> String {
    if is_utf8 {
        return String::from_utf8_lossy(name).into_owned();
    }
    if let Some(path) = unicode_path(name, extra) {
        return path.to_owned();
    }
    // Tools that never set the mark write UTF-8 all the same.
    match std::str::from_utf8(name) {
        Ok(text) => text.to_owned(),
        Err(_) => name.iter().map(|byte| code_page_437(*byte)).collect(),
    }
}

/// The name in UTF-8, if it was made for the one in the header.
fn unicode_path<'e>(name: &[u8], extra: &'e [u8]) -> Option<&'e str> {
    let mut crc = Crc::new();
    crc.update(name);
    fields(extra)
        .filter(|(id, field)| {
            *id == UNICODE_PATH && field.first() == Some(&1) && word(field, 1) == crc.sum()
        })
        .find_map(|(_, field)| std::str::from_utf8(field.get(5..)?).ok())
}

/// The fields of a header's extra data, each with its id.
pub(super) fn fields(mut extra: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (head, rest) = extra.split_at_checked(4)?;
        let (field, rest) = rest.split_at_checked(short(head, 2).into())?;
        extra = rest;
        Some((short(head, 0), field))
    })
}

/// The upper half of code page 437.
const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

fn code_page_437(byte: u8) -> char {
    match byte {
        0..=0x7f => byte.into(),
        _ => UPPER.chars().nth(usize::from(byte) - 128).unwrap_or('\u{fffd}'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_were_meant() {
        assert_eq!(decode("é".as_bytes(), true, b""), "é");
        assert_eq!(decode("é".as_bytes(), false, b""), "é");
        assert_eq!(decode(b"\x82t\x82.eml", false, b""), "été.eml");
        assert_eq!(decode(b"\xff", true, b""), "\u{fffd}");
    }

    #[test]
    fn a_name_of_its_own_in_utf_8_must_be_of_the_same_member() {
        let mut crc = Crc::new();
        crc.update(b"?.eml");
        let mut extra = b"\x01\x00\x02\x00ab\x75\x70\x0c\x00\x01".to_vec();
        extra.extend(crc.sum().to_le_bytes());
        extra.extend("日.eml".as_bytes());
        assert_eq!(decode(b"?.eml", false, &extra), "日.eml");
        assert_eq!(decode(b"!.eml", false, &extra), "!.eml");
        assert_eq!(decode(b"?.eml", false, &extra[..15]), "?.eml");
    }

    #[test]
    fn the_code_page_has_every_byte() {
        assert_eq!(UPPER.chars().count(), 128);
        assert_eq!([0x41, 0x80, 0xe1, 0xff].map(code_page_437), ['A', 'Ç', 'ß', '\u{a0}']);
    }
}
