//! What can be said of a message's signatures without the signers' keys, which
//! lie in the DNS: who signed, and whether the body is still the signed one.
//! Spec: RFC 6376 §3.4 (canonicalisation), §3.5 (tags), §3.7 (body hash).
//!
//! Leaves out the signature itself: nothing here asks the network for a key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use clarte_model::host;
use clarte_model::mail::{Signature, SignedBody};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::header::{Header, Name};

/// Signatures looked at; each hashes the body.
const SIGNATURES_CAP: usize = 4;

/// The signatures in `header` of a message whose body is `body`.
pub(super) fn signatures(header: &Header<'_>, body: &[u8]) -> Vec<Signature> {
    let fields = header.all(Name::DkimSignature).take(SIGNATURES_CAP);
    fields.filter_map(|field| signature(&field.plain(), body)).collect()
}

fn signature(value: &str, body: &[u8]) -> Option<Signature> {
    let tag = |name: &str| {
        value.split(';').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key.trim() == name).then(|| value.split_whitespace().collect::<String>())
        })
    };
    let domain = host::normalise(&tag("d")?)?;
    let told = tag("bh").and_then(|hash| BASE64.decode(hash).ok());
    let canonicalisation = tag("c").unwrap_or_default();
    let way = canonicalisation.split_once('/').map_or("simple", |(_, body)| body);
    let algorithm = tag("a").unwrap_or_default();
    let length = tag("l").map(|length| length.parse::<usize>());
    let canonical = match way {
        "relaxed" => relaxed(body),
        "simple" => simple(body),
        _ => return Some(Signature { domain, body: SignedBody::Unknown }),
    };
    let covered = match length {
        None => canonical.as_slice(),
        Some(Ok(length)) => &canonical[..length.min(canonical.len())],
        Some(Err(_)) => return Some(Signature { domain, body: SignedBody::Unknown }),
    };
    let hash = match algorithm.rsplit_once('-').map(|(_, hash)| hash) {
        Some("sha256") => Sha256::digest(covered).to_vec(),
        Some("sha1") => Sha1::digest(covered).to_vec(),
        _ => return Some(Signature { domain, body: SignedBody::Unknown }),
    };
    let body = match told {
        Some(told) if told == hash => SignedBody::Intact,
        Some(_) => SignedBody::Altered,
        None => SignedBody::Unknown,
    };
    Some(Signature { domain, body })
}

/// The lines of a body, without their ends, those at the end that are empty
/// left out.
fn lines(body: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<_> = body
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines
}

/// RFC 6376 §3.4.3. Line ends are made CRLF, as they were on the wire.
fn simple(body: &[u8]) -> Vec<u8> {
    let lines = lines(body);
    if lines.is_empty() {
        return b"\r\n".to_vec();
    }
    lines.iter().flat_map(|line| line.iter().chain(b"\r\n")).copied().collect()
}

/// RFC 6376 §3.4.4: white space at line ends is left out, other is one space.
fn relaxed(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 64);
    let mut empty = 0;
    for line in lines(body) {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            empty += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty) {
            out.extend(b"\r\n");
        }
        let mut space = false;
        for &byte in line {
            match byte {
                b' ' | b'\t' => space = true,
                _ => {
                    out.extend(std::mem::take(&mut space).then_some(b' '));
                    out.push(byte);
                }
            }
        }
        out.extend(b"\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_canonical_as_the_rfc_shows() {
        // RFC 6376 §3.4.5.
        assert_eq!(relaxed(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
        assert_eq!(simple(b" C \r\nD \t E\r\n\r\n\r\n"), b" C \r\nD \t E\r\n");
        assert_eq!((relaxed(b""), simple(b"")), (vec![], b"\r\n".to_vec()));
    }

    #[test]
    fn a_body_that_was_changed_is_told_from_one_that_was_not() {
        let value = |bh: &str| {
            format!("v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=x;\n bh={bh}; b=AA==")
        };
        let hash = BASE64.encode(Sha256::digest(b"text\r\n"));
        let body_of = |value: &str, body: &[u8]| signature(value, body).map(|found| found.body);
        assert_eq!(body_of(&value(&hash), b"text \n\n"), Some(SignedBody::Intact));
        assert_eq!(body_of(&value(&hash), b"texts\n"), Some(SignedBody::Altered));
        assert_eq!(body_of(&value("?"), b"text\n"), Some(SignedBody::Unknown));
        let counted = value(&hash).replace("b=AA", "l=6; b=AA");
        assert_eq!(body_of(&counted, b"text\nmore\n"), Some(SignedBody::Intact));
    }
}
