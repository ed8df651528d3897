//! URLs, made comparable between the mail that carries them and the log that
//! shows them fetched. Follows the WHATWG URL standard, with percent-encoding
//! normalised as in RFC 3986 §6.2.2.

/// The parts of an `http` or `https` URL in the form in which Clarté compares
/// URLs: host normalised, default port and fragment removed, percent-encoded
/// unreserved characters decoded, hexadecimal digits in upper case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpUrl {
    /// `true` for `https`.
    pub secure: bool,
    /// Normalised host.
    pub host: String,
    /// The port, even where it is the default one.
    pub port: u16,
    /// The path, beginning with `/`.
    pub path: String,
    /// What follows `?`; `None` where there is no `?`, empty where nothing
    /// follows it.
    pub query: Option<String>,
}

impl HttpUrl {
    /// Reads an absolute `http` or `https` URL, or one without a scheme that
    /// begins with `//` (taken as `https`). `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let parsed = match text.strip_prefix("//") {
            Some(rest) => url::Url::parse(&format!("https://{rest}")).ok()?,
            None => url::Url::parse(text).ok()?,
        };
        let secure = match parsed.scheme() {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        Some(Self {
            secure,
            host: crate::host::normalise(parsed.host_str()?)?,
            port: parsed.port_or_known_default()?,
            path: normalise_percent(parsed.path()),
            query: parsed.query().map(normalise_percent),
        })
    }

    /// What is equal in two mentions of the same resource: host, port class,
    /// path and query, without the scheme (a proxy may upgrade it).
    pub fn key(&self) -> String {
        let mut key = self.path_key();
        if let Some(query) = self.query.as_deref().filter(|query| !query.is_empty()) {
            key.push('?');
            key.push_str(query);
        }
        key
    }

    /// [`HttpUrl::key`] without the query: all that is left in a log that cuts
    /// URLs at `?`, as Squid does by default.
    pub fn path_key(&self) -> String {
        match self.port {
            80 | 443 => format!("{}{}", self.host, self.path),
            port => format!("{}:{port}{}", self.host, self.path),
        }
    }
}

/// Decodes percent-encoded unreserved characters and writes the remaining
/// escapes with upper-case digits (RFC 3986 §6.2.2.1-2).
fn normalise_percent(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let value = escape.and_then(|digits| {
            let digit = |c: u8| (c as char).to_digit(16);
            Some((digit(digits[0])? * 16 + digit(digits[1])?) as u8)
        });
        match value {
            Some(byte)
                if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') =>
            {
                out.push(byte);
                at += 3;
            }
            Some(byte) => {
                out.extend(format!("%{byte:02X}").bytes());
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Option<String> {
        HttpUrl::parse(text).map(|url| url.key())
    }

    #[test]
    fn mentions_of_one_resource_have_one_key() {
        let expected = key("https://img.example.org/a/b.gif?u=Zm9v");
        assert!(expected.is_some());
        for other in [
            "http://img.example.org:80/a/b.gif?u=Zm9v",
            "HTTPS://IMG.example.ORG./a/b.gif?u=Zm9v#top",
            "https://img.example.org/a/x/../b.gif?u=Zm9v",
            "https://img.example.org/%61/b.gif?u=%5am9v",
            "//img.example.org/a/b.gif?u=Zm9v",
        ] {
            assert_eq!(key(other), expected, "{other}");
        }
        assert_ne!(key("https://img.example.org/a/b.gif?u=zm9v"), expected);
        assert_ne!(key("https://img.example.org:8443/a/b.gif?u=Zm9v"), expected);
    }

    #[test]
    fn what_is_no_web_url_is_none() {
        for text in [
            "mailto:a@b.org",
            "cid:image001",
            "/relative",
            "",
            "http://",
            "data:image/png;base64,AA",
        ] {
            assert_eq!(key(text), None, "{text}");
        }
    }
}
