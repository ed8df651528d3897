//! Content transfer encodings, read as leniently as mail programs do.
//! Spec: RFC 2045 §6.
//!
//! Decodes what can be decoded and says what was wrong, so that a damaged
//! part still shows its references. Leaves out uuencode and BinHex.

use std::borrow::Cow;

/// How a body is encoded for transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// `7bit`, `8bit`, `binary`, none, or one we do not know.
    Identity,
    Base64,
    QuotedPrintable,
}

impl Encoding {
    /// Reads a Content-Transfer-Encoding value; `None` for an unknown one.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        let known = [
            ("base64", Self::Base64),
            ("quoted-printable", Self::QuotedPrintable),
            ("7bit", Self::Identity),
            ("8bit", Self::Identity),
            ("binary", Self::Identity),
            ("7-bit", Self::Identity),
            ("8-bit", Self::Identity),
            ("", Self::Identity),
        ];
        known
            .iter()
            .find(|(known, _)| name.eq_ignore_ascii_case(known))
            .map(|(_, encoding)| *encoding)
    }
}

/// The decoded bytes and what was wrong with the encoded ones.
pub(super) fn decode(encoding: Encoding, bytes: &[u8]) -> (Cow<'_, [u8]>, Option<String>) {
    match encoding {
        Encoding::Identity => (Cow::Borrowed(bytes), None),
        Encoding::Base64 => {
            let (decoded, wrong) = base64(bytes);
            (Cow::Owned(decoded), wrong)
        }
        Encoding::QuotedPrintable => {
            let (decoded, wrong) = quoted_printable(bytes);
            (Cow::Owned(decoded), wrong)
        }
    }
}

const SPACE: u8 = 64;
const PAD: u8 = 65;
const ALIEN: u8 = 66;

const DIGITS: [u8; 256] = {
    let mut table = [ALIEN; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut at = 0;
    while at < 64 {
        table[alphabet[at] as usize] = at as u8;
        at += 1;
    }
    table[b' ' as usize] = SPACE;
    table[b'\t' as usize] = SPACE;
    table[b'\r' as usize] = SPACE;
    table[b'\n' as usize] = SPACE;
    table[b'=' as usize] = PAD;
    table
};

/// Decodes base64; padding in the middle (pieces encoded apart) is accepted
/// with a word.
fn base64(bytes: &[u8]) -> (Vec<u8>, Option<String>) {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3 + 3);
    let (mut group, mut digits) = (0u32, 0u32);
    let (mut aliens, mut padded, mut resumed) = (0usize, false, false);
    let mut at = 0;
    while at < bytes.len() {
        if digits == 0 && !padded {
            at += whole_groups(&bytes[at..], &mut out);
            if at == bytes.len() {
                break;
            }
        }
        match DIGITS[bytes[at] as usize] {
            SPACE => {}
            PAD => {
                flush(&mut out, group, digits);
                aliens += usize::from(digits == 1);
                (group, digits, padded) = (0, 0, true);
            }
            ALIEN => aliens += 1,
            digit => {
                resumed |= padded;
                padded = false;
                group = group << 6 | u32::from(digit);
                digits += 1;
                if digits == 4 {
                    flush(&mut out, group, digits);
                    (group, digits) = (0, 0);
                }
            }
        }
        at += 1;
    }
    flush(&mut out, group, digits);
    let wrong = match (aliens, digits, resumed) {
        (1.., _, _) => Some(format!("base64 with {aliens} characters outside its alphabet")),
        (_, 1.., _) => Some("base64 ends inside a group of four".to_owned()),
        (_, _, true) => Some("base64 goes on after its padding".to_owned()),
        _ => None,
    };
    (out, wrong)
}

/// Decodes undisturbed groups of four; returns how many bytes it took.
fn whole_groups(bytes: &[u8], out: &mut Vec<u8>) -> usize {
    // Piece by piece: how far one is undisturbed shows only behind it.
    let mut decoded = [0; 64 * 3];
    let mut taken = 0;
    for piece in bytes.chunks(64 * 4) {
        let mut groups = 0;
        for (four, three) in piece.chunks_exact(4).zip(decoded.chunks_exact_mut(3)) {
            let [a, b, c, d] =
                [four[0], four[1], four[2], four[3]].map(|byte| DIGITS[byte as usize]);
            if (a | b | c | d) >= 64 {
                break;
            }
            three.copy_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
            groups += 1;
        }
        out.extend_from_slice(&decoded[..groups * 3]);
        taken += groups * 4;
        if groups < 64 {
            break;
        }
    }
    taken
}

/// Writes the whole bytes of a group of `digits` digits.
fn flush(out: &mut Vec<u8>, group: u32, digits: u32) {
    match digits {
        2 => out.push((group >> 4) as u8),
        3 => out.extend_from_slice(&[(group >> 10) as u8, (group >> 2) as u8]),
        4 => out.extend_from_slice(&[(group >> 16) as u8, (group >> 8) as u8, group as u8]),
        _ => {}
    }
}

fn quoted_printable(bytes: &[u8]) -> (Vec<u8>, Option<String>) {
    let mut out = Vec::with_capacity(bytes.len());
    let mut bad = 0usize;
    let mut rest = bytes;
    while let Some(equals) = memchr::memchr(b'=', rest) {
        out.extend_from_slice(&rest[..equals]);
        rest = &rest[equals + 1..];
        let digits = (rest.first().and_then(hex), rest.get(1).and_then(hex));
        if let (Some(high), Some(low)) = digits {
            out.push(high << 4 | low);
            rest = &rest[2..];
            continue;
        }
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        match rest.get(blanks) {
            Some(b'\n') => rest = &rest[blanks + 1..],
            None => rest = &[],
            Some(_) => {
                bad += 1;
                out.push(b'=');
            }
        }
    }
    out.extend_from_slice(rest);
    let wrong = (bad > 0).then(|| {
        format!("quoted-printable with {bad} `=` before neither hexadecimal digits nor a line end")
    });
    (out, wrong)
}

fn hex(byte: &u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(encoding: Encoding, bytes: &[u8], expected: &[u8], damaged: bool) {
        let (decoded, wrong) = decode(encoding, bytes);
        assert_eq!((&*decoded, wrong.is_some()), (expected, damaged), "{}", bytes.escape_ascii());
    }

    #[test]
    fn base64_is_decoded_and_its_damage_told() {
        for (bytes, expected, damaged) in [
            (&b"aGVsbG8="[..], &b"hello"[..], false),
            (b"aGVs\r\nbG8=\r\n", b"hello", false),
            (b"aG\nVsbA==\n", b"hell", false),
            (b"", b"", false),
            (b"aGVs!bG8=", b"hello", true),
            (b"aGVsbG8", b"hello", true),
            (b"aGVsb", b"hel", true),
            (b"aGVsbA==aGVs", b"hellhel", true),
            (b"====", b"", false),
        ] {
            check(Encoding::Base64, bytes, expected, damaged);
        }
    }

    #[test]
    fn quoted_printable_is_decoded_and_its_damage_told() {
        for (bytes, expected, damaged) in [
            (&b"a=3Db"[..], &b"a=b"[..], false),
            (b"a=\r\nb= \nc", b"abc", false),
            (b"a=e9", b"a\xe9", false),
            (b"a=zz", b"a=zz", true),
            (b"a=", b"a", false),
            (b"a=3", b"a=3", true),
        ] {
            check(Encoding::QuotedPrintable, bytes, expected, damaged);
        }
    }
}
