//! Evidence and the spans that lead back into it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The name of a piece of evidence: the SHA-256 of its bytes as received.
///
/// Written as `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvidenceId(pub [u8; 32]);

impl fmt::Display for EvidenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for EvidenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not `sha256:` followed by 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an evidence id: expected `sha256:` and 64 hexadecimal digits")]
pub struct BadEvidenceId;

impl FromStr for EvidenceId {
    type Err = BadEvidenceId;

    fn from_str(text: &str) -> Result<Self, BadEvidenceId> {
        let digits = text.strip_prefix("sha256:").ok_or(BadEvidenceId)?.as_bytes();
        if digits.len() != 64 {
            return Err(BadEvidenceId);
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |c: u8| (c as char).to_digit(16).ok_or(BadEvidenceId);
            *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
        }
        Ok(Self(hash))
    }
}

impl Serialize for EvidenceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EvidenceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A run of bytes inside one piece of evidence.
///
/// `offset` and `length` count bytes in the innermost decompressed stream:
/// of a gzip file they count what comes out, of an archive what the member
/// holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The evidence, by hash.
    pub evidence: EvidenceId,
    /// The path inside an archive; `None` where the evidence is no archive.
    pub member: Option<String>,
    /// First byte.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_own_text() {
        let id = EvidenceId([0xab; 32]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("sha256:ab".parse::<EvidenceId>(), Err(BadEvidenceId));
        assert_eq!("ab".repeat(32).parse::<EvidenceId>(), Err(BadEvidenceId));
    }
}
