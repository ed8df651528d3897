//! Makes cited bytes readable: quoted-printable, base64, a few entities, wide
//! characters. Small on purpose: it must undo what the range writes, and owe
//! nothing to the parsers it checks.

/// Everything a span may say, lower-case: as it stands, and decoded.
pub(crate) fn readable(bytes: &[u8]) -> String {
    let narrow: Vec<u8> = bytes.iter().copied().filter(|&byte| byte != 0).collect();
    let unquoted = quoted_printable(&narrow);
    let encoded = base64_runs(&narrow);
    let mut text = String::new();
    for version in [&narrow, &unquoted, &encoded] {
        text.push_str(&entities(&String::from_utf8_lossy(version)).to_lowercase());
        text.push('\n');
    }
    text
}

fn entities(text: &str) -> String {
    text.replace("&#46;", ".").replace("&amp;", "&")
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'=' {
            out.push(byte);
        } else if let Some(line) = after.strip_prefix(b"\n").or(after.strip_prefix(b"\r\n")) {
            rest = line;
        } else if let [high, low, tail @ ..] = after
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            out.push(high * 16 + low);
            rest = tail;
        } else {
            out.push(byte);
        }
    }
    out
}

fn digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

/// Decodes every run of lines that hold nothing but base64.
fn base64_runs(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut run = Vec::new();
    for line in bytes.split(|&byte| byte == b'\n') {
        let line = line.trim_ascii();
        if line.len() >= 4 && line.iter().all(|&byte| value(byte).is_some() || byte == b'=') {
            run.extend_from_slice(line);
        } else {
            decode_base64(&std::mem::take(&mut run), &mut out);
        }
    }
    decode_base64(&run, &mut out);
    out
}

fn decode_base64(run: &[u8], out: &mut Vec<u8>) {
    let mut bits = 0_u32;
    let mut count = 0;
    for value in run.iter().filter_map(|&byte| value(byte)) {
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xff) as u8);
        }
    }
    if !run.is_empty() {
        out.push(b'\n');
    }
}

fn value(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_through_each_encoding() {
        let holds = |bytes: &[u8], text: &str| readable(bytes).contains(text);
        assert!(holds(b"http://x.ex=\nample/=41b", "http://x.example/ab"));
        assert!(holds(b"header: a\n\naHR0cDovL3guZXhhbXBsZS9hYg==\n", "http://x.example/ab"));
        assert!(holds(b"a&#46;b?c=1&amp;d=2", "a.b?c=1&d=2"));
        assert!(holds(b"T\0o\0k\0", "tok"));
        assert!(holds(b"ends in =", "ends in ="));
    }
}
