//! A log's checkpoint: how long it was and what its root was when it was last
//! sealed. The body of a signed note; the signatures come later.
//! Spec: <https://c2sp.org/tlog-checkpoint>

use serde::{Deserialize, Serialize};

use crate::{CustodyError, Root};

/// The origin line: which kind of log this is.
const ORIGIN: &str = "clarte/custody";

/// A log's size and root, as last sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Entries sealed.
    pub size: u64,
    /// Root over them, in base64.
    pub root: String,
}

impl Checkpoint {
    /// The note's text: three lines, each ended.
    pub fn to_text(&self) -> String {
        format!("{ORIGIN}\n{}\n{}\n", self.size, self.root)
    }

    /// Reads a note. Extension lines and signatures may follow the three lines
    /// and are left alone.
    pub fn parse(text: &str) -> Result<Self, CustodyError> {
        let bad = |why| CustodyError::BadCheckpoint { why };
        if !text.ends_with('\n') {
            return Err(bad("its last line has no end"));
        }
        let mut lines = text.lines();
        if lines.next() != Some(ORIGIN) {
            return Err(bad("its first line does not name a custody log"));
        }
        let size = lines.next().ok_or(bad("it has no size"))?;
        let root = lines.next().ok_or(bad("it has no root"))?;
        Self::from_parts(size, root)
    }

    /// Reads a size and a root as they stand in a note.
    pub(crate) fn from_parts(size: &str, root: &str) -> Result<Self, CustodyError> {
        let bad = |why| CustodyError::BadCheckpoint { why };
        let number: u64 = size.parse().map_err(|_| bad("its size is no number"))?;
        if number.to_string() != size {
            return Err(bad("its size is not written plainly"));
        }
        if root.len() != 44 || !root.ends_with('=') {
            return Err(bad("its root is no SHA-256 hash in base64"));
        }
        Ok(Self { size: number, root: root.to_owned() })
    }

    /// Whether a log of this size has the root that was sealed.
    pub(crate) fn check(&self, found: &Root) -> Result<(), CustodyError> {
        let found = found.to_string();
        if found == self.root {
            return Ok(());
        }
        Err(CustodyError::Changed { sealed: self.size, found, expected: self.root.clone() })
    }
}

impl From<Root> for Checkpoint {
    fn from(root: Root) -> Self {
        Self { size: root.size, root: root.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_survives_its_own_text() {
        let checkpoint = Checkpoint::from(Root { size: 12, hash: [7; 32] });
        assert_eq!(checkpoint.to_text().lines().count(), 3);
        assert_eq!(Checkpoint::parse(&checkpoint.to_text()).expect("reads"), checkpoint);
        let signed = format!("{}\n— name c2lnbmF0dXJl\n", checkpoint.to_text());
        assert_eq!(Checkpoint::parse(&signed).expect("reads"), checkpoint);
    }

    #[test]
    fn damaged_checkpoints_are_refused() {
        let good = Checkpoint::from(Root { size: 12, hash: [7; 32] }).to_text();
        for bad in [
            "",
            "clarte/custody",
            "clarte/custody\n",
            "clarte/custody\n1\n",
            &good[..good.len() - 1],
            &good.replace("12", "012"),
            &good.replace("12", "-1"),
            &good.replace("12", "99999999999999999999999"),
            &good.replace("clarte", "other"),
            &good.replace("Bw", ""),
        ] {
            assert!(Checkpoint::parse(bad).is_err(), "{bad:?}");
        }
    }
}
