//! A plain reader of mail for the tests: header fields, and text parts decoded.

/// A mail taken apart.
pub(crate) struct Mail<'m> {
    pub(crate) head: &'m [u8],
    /// Content type and decoded text of each part without parts of its own.
    pub(crate) parts: Vec<(String, String)>,
}

impl<'m> Mail<'m> {
    pub(crate) fn read(bytes: &'m [u8]) -> Self {
        let (head, body) = halves(bytes);
        let mut parts = Vec::new();
        read_part(head, body, &mut parts);
        Self { head, parts }
    }

    /// The text of the first part of a type.
    pub(crate) fn part(&self, kind: &str) -> Option<String> {
        self.parts.iter().find(|part| part.0 == kind).map(|part| part.1.clone())
    }

    /// The values of the fields of a name, unfolded.
    pub(crate) fn fields(&self, name: &str) -> Vec<String> {
        fields(self.head, name)
    }

    /// The first of them.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        self.fields(name).into_iter().next()
    }

    /// The first of them with its encoded words decoded (base64 and UTF-8).
    pub(crate) fn decoded_field(&self, name: &str) -> String {
        let value = self.field(name).unwrap_or_default().replace("?= =?", "?==?");
        let mut out = String::new();
        let mut rest = value.as_str();
        while let Some((before, after)) = rest.split_once("=?UTF-8?B?") {
            let (word, tail) = after.split_once("?=").expect("an encoded word ends");
            out.push_str(before);
            out.push_str(&String::from_utf8(base64(word.as_bytes())).expect("it is UTF-8"));
            rest = tail;
        }
        out + rest
    }
}

/// The head with its last line end, and the body.
fn halves(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            return (&bytes[..at], &bytes[at + line.len()..]);
        }
        at += line.len();
    }
    (bytes, &[])
}

fn fields(head: &[u8], name: &str) -> Vec<String> {
    let text: String = head.iter().map(|&byte| char::from(byte)).collect();
    let text = String::from_utf8(head.to_vec()).unwrap_or(text).replace("\r\n", "\n");
    let text = text.replace("\n\t", " ").replace("\n ", " ");
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    lines
        .filter(|(field, _)| field.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

fn read_part(head: &[u8], body: &[u8], parts: &mut Vec<(String, String)>) {
    let kind = fields(head, "Content-Type").into_iter().next().unwrap_or("text/plain".to_owned());
    let base = kind.split(';').next().unwrap_or_default().trim().to_lowercase();
    if base.starts_with("multipart/") {
        let Some((_, after)) = kind.split_once("boundary=") else { return };
        let boundary = after.trim_start_matches('"').split(['"', ';']).next().unwrap_or_default();
        for section in sections(body, boundary.trim()) {
            let (head, body) = halves(section);
            read_part(head, body, parts);
        }
        return;
    }
    let encoding = fields(head, "Content-Transfer-Encoding").join("").to_lowercase();
    let bytes = match encoding.as_str() {
        "base64" => base64(body),
        "quoted-printable" => quoted_printable(body),
        _ => body.to_vec(),
    };
    let text = if kind.to_lowercase().contains("iso-8859-1") {
        bytes.iter().map(|&byte| char::from(byte)).collect()
    } else {
        String::from_utf8_lossy(&bytes).into_owned()
    };
    parts.push((base, text.replace("\r\n", "\n")));
}

fn sections<'b>(body: &'b [u8], boundary: &str) -> Vec<&'b [u8]> {
    let (open, close) = (format!("--{boundary}"), format!("--{boundary}--"));
    let mut found = Vec::new();
    let (mut at, mut start) = (0, None);
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        let text = line.trim_ascii_end();
        if text == open.as_bytes() || text == close.as_bytes() {
            found.extend(start.map(|start| &body[start..at]));
            start = (text == open.as_bytes()).then_some(at + line.len());
        }
        at += line.len();
    }
    found
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut out, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for six in bytes.iter().filter_map(|&byte| value(byte)) {
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    out
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let (text, soft) = match line.trim_ascii_end().strip_suffix(b"=") {
            Some(text) => (text, true),
            None => (line, false),
        };
        let mut rest = text;
        while let Some((&byte, after)) = rest.split_first() {
            let digits = std::str::from_utf8(after.get(..2).unwrap_or_default()).unwrap_or("");
            match u8::from_str_radix(digits, 16) {
                Ok(code) if byte == b'=' => {
                    out.push(code);
                    rest = &after[2..];
                }
                _ => {
                    out.push(byte);
                    rest = after;
                }
            }
        }
        debug_assert!(soft || line.ends_with(b"\n") || rest.is_empty());
    }
    out
}
